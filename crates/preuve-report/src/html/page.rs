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

const STYLE: &str = include_str!("style.css");
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
                                @for (number, claim) in claims.iter().enumerate().take(page.cards().min(40)) {
                                    li { a href={ "#c" (number + 1) } {
                                        (phrases::accusation(&one_line(&claim.accused), claim.act, claim.target.as_deref().map(one_line).as_deref()))
                                    } }
                                }
                            }
                        }
                    }
                    @if !page.report.lanes.is_empty() {
                        li { a href="#lineage" { (both("Where the texts come from", "D’où viennent les textes")) } }
                    }
                    li { a href="#articles" { (both("Articles", "Articles")) } }
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
}
