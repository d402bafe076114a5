//! The frame of the page: head with its security policy, language switch, navigation, foot.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::both::{Line, both};
use super::links::Page;
use crate::phrases;

use crate::ReportLang;
use crate::visible::one_line;

/// Claims named in the contents.
const LISTED: usize = 12;
const STYLE: &str = concat!(include_str!("style.css"), include_str!("mail/mail.css"));
const SCRIPT: &str = include_str!("script.js");
const SYMBOLS: &str = include_str!("symbols.svg");

/// Nothing may be loaded or sent; only the page's own style and script, by their digests, may act.
fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT),
    )
}

/// Everything up to the sections.
pub(crate) fn opening(page: &Page<'_>) -> String {
    let french = page.params.lang == ReportLang::Fr;
    let title = page
        .report
        .input
        .title
        .map(one_line)
        .unwrap_or_else(|| phrases::headline(&page.report.figures).get(page.params.lang).to_owned());
    let head = html! {
        (DOCTYPE)
        html lang=(if french { "fr" } else { "en" }) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex, nofollow";
                title { (title) " · Preuve" }
                style { (PreEscaped(STYLE)) }
            }
        }
    };
    let mut text = head.into_string();
    // The sections are written in a stream, so the elements that hold them stay open.
    text.truncate(text.len() - "</html>".len());
    text.push_str("<body>");
    text.push_str(&body_start(page, french).into_string());
    text.push_str("<div class=\"page\">");
    text.push_str(&navigation(page).into_string());
    text.push_str("<main id=\"main\" tabindex=\"-1\">");
    text
}

fn body_start(page: &Page<'_>, french: bool) -> Markup {
    html! {
        input.sw #l-en type="radio" name="l" checked[!french] aria-label="English";
        input.sw #l-fr type="radio" name="l" checked[french] aria-label="Français";
        a.skip href="#main" { (both("Skip to the report", "Aller au rapport")) }
        (PreEscaped(SYMBOLS))
        header.top {
            a.brand href="#main" { "Preuve" }
            @if let Some(title) = page.report.input.title { span.case { (Line(title)) } }
            div.lang aria-hidden="true" {
                label for="l-en" lang="en" { "English" }
                label for="l-fr" lang="fr" { "Français" }
            }
        }
    }
}

fn navigation(page: &Page<'_>) -> Markup {
    let claims = page.report.claims();
    html! {
        nav.toc aria-labelledby="toc" {
            details.menu open {
                summary #toc { (both("Contents", "Sommaire")) }
                ul {
                    li { a href="#first" { (both("Know this first", "À savoir d’abord")) } }
                    @if !claims.is_empty() {
                        li {
                            a href="#claims" { (both("Accusations", "Accusations")) }
                            ol {
                                @for (number, claim) in claims.iter().enumerate().take(page.cards().min(LISTED)) {
                                    li { a href={ "#c" (number + 1) } {
                                        (phrases::accusation(&one_line(&claim.accused), claim.act, claim.target.as_deref().map(one_line).as_deref()))
                                    } }
                                }
                                @if page.cards() > LISTED {
                                    li.rest { a href="#claims" { (both("all of them", "toutes")) } }
                                }
                            }
                        }
                    }
                    @if page.report.mail.is_some() {
                        li { a href="#mail" { (both("Mail: what is authentic", "Courrier\u{a0}: ce qui est authentique")) } }
                        @if !page.messages().is_empty() {
                            li { a href="#messages" { (both("Messages to look at first", "Messages à regarder d’abord")) } }
                        }
                    }
                    @if page.shows_lineage() {
                        li { a href="#lineage" { (both("Where the texts come from", "D’où viennent les textes")) } }
                    }
                    @if page.shows_articles() { li { a href="#articles" { (super::articles_title(page)) } } }
                    li { a href="#unread" { (both("Not read, not checked", "Non lu, non vérifié")) } }
                    li { a href="#words" { (both("What the words mean", "Le sens des mots")) } }
                    li { a href="#method" { (both("Method", "Méthode")) } }
                    li { a href="#limits" { (both("What this report does not say", "Ce que ce rapport ne dit pas")) } }
                }
            }
        }
    }
}

/// Everything after the sections.
pub(crate) fn closing(page: &Page<'_>) -> String {
    let made = &page.report.input.provenance;
    let foot = html! {
        footer.foot {
            p {
                (both("Made with", "Établi avec")) " " (Line(&made.program)) " " (Line(&made.version)) ". "
                (both(
                    "This page is one file. It loads nothing and sends nothing.",
                    "Cette page tient en un fichier. Elle ne charge rien et n’envoie rien.",
                ))
            }
        }
        script { (PreEscaped(SCRIPT)) }
    };
    format!("</main></div>{}</body></html>\n", foot.into_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_policy_allows_nothing_but_what_is_in_the_page() {
        let policy = policy();
        assert!(policy.starts_with("default-src 'none'"));
        assert!(!policy.contains("unsafe"));
    }

    #[test]
    fn style_and_script_cannot_end_their_element_early() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }

    #[test]
    fn nothing_is_fetched() {
        for text in [STYLE, SCRIPT, SYMBOLS] {
            assert!(!text.contains("http") && !text.contains("url(") && !text.contains("@import"));
        }
    }

    /// Colours of `:root` in the style sheet: the light ones first, then those of the dark scheme.
    fn palettes() -> Vec<BTreeMap<String, [f64; 3]>> {
        let roots = STYLE.split(":root{").skip(1).take(2);
        roots
            .map(|rules| {
                let rules = &rules[..rules.find('}').unwrap()];
                let pairs =
                    rules.split(';').filter_map(|rule| rule.trim().strip_prefix("--")?.split_once(":#"));
                pairs.filter_map(|(name, hex)| Some((name.to_owned(), colour(hex)?))).collect()
            })
            .collect()
    }

    /// `fff` or `ffffff`; `None` for colours with a transparency.
    fn colour(hex: &str) -> Option<[f64; 3]> {
        let wide: String =
            if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
        if wide.len() != 6 {
            return None;
        }
        let part = |at: usize| Some(f64::from(u8::from_str_radix(wide.get(at..at + 2)?, 16).ok()?) / 255.0);
        Some([part(0)?, part(2)?, part(4)?])
    }

    /// Contrast as the WCAG defines it.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let luminance = |colour: [f64; 3]| {
            let linear =
                colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_has_the_contrast_of_wcag_aa() {
        let on_ground =
            ["ink", "soft", "accent", "source", "cue", "warn"].map(|text| (text, ["paper", "card"]));
        for palette in palettes() {
            for (text, grounds) in on_ground {
                for ground in grounds {
                    let found = contrast(palette[text], palette[ground]);
                    assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
                }
            }
            for tone in ["grey", "amber", "plum", "teal", "red"] {
                let found = contrast(palette[&format!("b-{tone}")], palette[&format!("b-{tone}-bg")]);
                assert!(found >= 4.5, "{tone}: {found:.2}");
            }
            assert!(contrast(palette["ink"], palette["warn-bg"]) >= 4.5);
        }
        assert_eq!(palettes().len(), 2);
    }
}
