//! The articles: each with what it says of itself, its damage, and its text with the attributions marked in place.
//!
//! Source, cue and content differ by the line beneath them and by brackets, not by colour alone; every mark leads
//! to a note that says what was judged, on which words, and where.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, Render, html};
use preuve_case::{Attribution, CharIndex, Diagnostic, Item, ItemAttributions, Reason, Severity, Span};

use super::both::{Line, Shown, both, defanged, icon, lang_code, locus, published};
use super::claim::{evidence_name, stance_name};
use super::links::Page;
use crate::input::Article;
use crate::labels::label;
use crate::phrases::{self, counted};
use crate::view::{Head, Segment, segments, shorten};
use crate::visible::one_line;
use crate::words;

/// A case of no more articles shows them open.
const FEW: usize = 2;
/// Reasons shown on a note, and words quoted for each.
const REASONS: usize = 8;
const REASON_CHARS: usize = 60;
/// Code points of a source on a note.
const SOURCE_CHARS: usize = 120;

/// One article, open to the eye when its summary is clicked or a link leads into it.
pub(crate) fn article(page: &Page<'_>, index: usize, found: &Article<'_>) -> String {
    let head = &page.report.heads[index];
    let item = &found.item;
    let none = ItemAttributions::default();
    let attributions = found.attributions.as_deref().unwrap_or(&none);
    let chars = CharIndex::new(&item.text);
    html! {
        details.article id={ "a" (index + 1) } open[page.report.heads.len() <= FEW] {
            summary { (summary(page, index)) }
            (meta(page, index))
            (damage(head, item, &chars, found.diagnostics.iter().chain(&attributions.diagnostics)))
            div.reading {
                div.text lang=[lang_code(item.lang)] dir="auto" { (text(item, index, &attributions.attributions, &found.damaged())) }
                (notes(page, index, item, &chars, &attributions.attributions))
            }
        }
    }
    .into_string()
}

/// The line an article is listed by.
pub(crate) fn summary(page: &Page<'_>, index: usize) -> Markup {
    let head = &page.report.heads[index];
    html! {
        span.no { (index + 1) }
        span.ti lang=[lang_code(head.lang)] { (Line(head.name())) }
        span.by {
            @if let Some(outlet) = &head.meta.outlet { (Line(outlet)) " · " }
            (published(head)) " · " (words::language(head.lang))
            @if let Some(relation) = derived(head) { " · " (relation) }
            " · " (counted(head.attributions, ["attribution", "attributions"], ["attribution", "attributions"]))
            @if head.worst.is_some_and(|worst| worst >= Severity::Warning) {
                " · " span.warn { (icon("alert")) (both("see notices", "voir avis")) }
            }
        }
    }
}

fn derived(head: &Head) -> Option<words::Words> {
    let link = head.link.as_ref()?;
    link.parent_id.map(|_| words::relation(link.relation))
}

fn meta(page: &Page<'_>, index: usize) -> Markup {
    let head = &page.report.heads[index];
    let lane = page.report.lane_of.get(&index);
    html! {
        dl.meta {
            @if let Some(byline) = &head.meta.byline { div { dt { (both("By", "Par")) } dd { (Line(byline)) } } }
            @if let Some(url) = &head.meta.url {
                div.long { dt { (both("Address, not checked", "Adresse, non vérifiée")) } dd { code { (Line(&defanged(url))) } } }
            }
            @if let Some(lane) = lane.filter(|_| page.shows_lineage()) {
                div { dt { (both("Text origin", "Texte d’origine")) } dd { (page.to_lane(*lane)) } }
            }
            div { dt { (both("File", "Fichier")) } dd { code { (Line(&head.path)) } } }
            div.long { dt { (both("Item", "Élément")) } dd { code.id { (head.id) } " · " (head.byte_len) " " (both("bytes", "octets")) } }
        }
    }
}

fn damage<'d>(
    head: &Head,
    item: &Item,
    chars: &CharIndex,
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
) -> Markup {
    let shown: Vec<&Diagnostic> = diagnostics.collect();
    html! {
        @if !shown.is_empty() {
            ul.notices {
                @for diagnostic in shown {
                    li {
                        (icon(if diagnostic.severity == Severity::Note { "note" } else { "alert" }))
                        span { (message(diagnostic)) " "
                        @if let Some(span) = diagnostic.chars {
                            q { (Line(&shorten(chars.slice(&item.text, span), REASON_CHARS).0)) } " "
                            (locus(head, span, item.map.bytes_of(&item.text, chars, span)))
                        } }
                    }
                }
            }
        }
    }
}

/// What a diagnostic says: the word for its weight, its sentence, what can be done.
pub(crate) fn message(diagnostic: &Diagnostic) -> Markup {
    html! {
        b { (words::severity(diagnostic.severity)) } (both(": ", "\u{a0}: "))
        @if let Some(label) = label(&diagnostic.code) { (label) (both(" – ", " – ")) }
        span lang="en" { (quoted(&diagnostic.message)) "." }
        @for hint in &diagnostic.hints { " " span.hint lang="en" { "→ " (quoted(hint)) "." } }
        " " code.code { (Line(&diagnostic.code)) }
    }
}

/// The name of a rule or sign in words, where there are any.
pub(crate) fn named(name: &str) -> Markup {
    html! { @match label(name) { Some(words) => span.rule { (words) }, None => code { (Line(name)) } } }
}

/// A sentence with back-ticks round its literals.
pub(crate) fn quoted(sentence: &str) -> Markup {
    let line = one_line(sentence);
    html! {
        @for (number, part) in line.split('`').enumerate() {
            @if number % 2 == 1 { code { (Line(part)) } } @else { (Shown(part)) }
        }
    }
}

/// The text in paragraphs, marked.
fn text(item: &Item, index: usize, attributions: &[Attribution], damage: &[Span]) -> Markup {
    let marked = segments(&item.text, attributions, damage);
    let mut out = String::with_capacity(item.text.len() * 2);
    let mut open = false;
    for segment in &marked {
        let words = &item.text[segment.bytes.clone()];
        if segment.is_break {
            anchors(index, &segment.begins).render_to(&mut out);
            numbers(index, &segment.ends).render_to(&mut out);
            out.push_str(if open { "</p>\n" } else { "\n" });
            open = false;
            continue;
        }
        if !open {
            out.push_str("<p dir=\"auto\">");
            open = true;
        }
        Marked { segment, words, article: index }.render_to(&mut out);
    }
    if open {
        out.push_str("</p>");
    }
    // Those that stand nowhere in the text still have a place that links can lead to.
    let begun: BTreeSet<usize> = marked.iter().flat_map(|segment| &segment.begins).copied().collect();
    let nowhere: Vec<usize> = (0..attributions.len()).filter(|number| !begun.contains(number)).collect();
    anchors(index, &nowhere).render_to(&mut out);
    PreEscaped(out)
}

/// Where links to attributions lead.
fn anchors(article: usize, attributions: &[usize]) -> Markup {
    html! { @for begun in attributions { i.at id={ "p" (article + 1) "-" (begun + 1) } {} } }
}

/// The numbers that lead to the notes.
fn numbers(article: usize, attributions: &[usize]) -> Markup {
    html! {
        @for ended in attributions {
            a.n href={ "#n" (article + 1) "-" (ended + 1) } data-n=(ended + 1) aria-label={ "(" (ended + 1) ")" } {}
        }
    }
}

struct Marked<'s> {
    segment: &'s Segment,
    words: &'s str,
    article: usize,
}

impl Marked<'_> {
    fn classes(&self) -> String {
        let depth = self.segment.depth.min(3);
        let mut classes: Vec<String> = Vec::new();
        if depth > 0 {
            classes.push(format!("c c{depth}"));
        }
        let flags = [
            (self.segment.source, "s"),
            (self.segment.cue, "q"),
            (self.segment.damaged, "g"),
            (self.segment.opens, "o"),
            (self.segment.closes, "z"),
        ];
        classes.extend(flags.iter().filter(|flag| flag.0).map(|flag| flag.1.to_owned()));
        classes.join(" ")
    }
}

impl Render for Marked<'_> {
    fn render(&self) -> Markup {
        let (segment, article) = (self.segment, self.article);
        html! {
            (anchors(article, &segment.begins))
            @if segment.of.is_empty() && !segment.damaged { (Shown(self.words)) } @else {
                span class=(self.classes()) data-a=[joined(&segment.of)] { (Shown(self.words)) }
            }
            (numbers(article, &segment.ends))
        }
    }
}

fn joined(indices: &[usize]) -> Option<String> {
    let numbers: Vec<String> = indices.iter().map(|index| (index + 1).to_string()).collect();
    (!numbers.is_empty()).then(|| numbers.join(" "))
}

fn notes(
    page: &Page<'_>,
    index: usize,
    item: &Item,
    chars: &CharIndex,
    attributions: &[Attribution],
) -> Markup {
    html! {
        @if attributions.is_empty() {
            p.notes.none { (both("No attribution was found in this text.", "Aucune attribution n’a été trouvée dans ce texte.")) }
        } @else {
            ol.notes {
                @for (number, attribution) in attributions.iter().enumerate() {
                    li id={ "n" (index + 1) "-" (number + 1) } {
                        (note(page, index, number, attribution))
                        (reasons(item, chars, &attribution.reasons))
                        (place(page, index, item, chars, attribution))
                    }
                }
            }
        }
    }
}

fn note(page: &Page<'_>, index: usize, number: usize, attribution: &Attribution) -> Markup {
    let claims = page.report.claims_of.get(&(index, number));
    let written = attribution.source.as_ref().map(|part| part.text.as_str());
    let name = attribution.source_name.as_deref().filter(|name| Some(*name) != written);
    html! {
        p.line {
            a.back href={ "#p" (index + 1) "-" (number + 1) } { (number + 1) }
            " " span.who { @match written.or(name) {
                Some(words) => (Line(&shorten(words, SOURCE_CHARS).0)),
                None => (both("Nobody named", "Personne de nommé")),
            } }
            @if let (Some(name), Some(_)) = (name, written) { " " span { "= " (Line(&shorten(name, SOURCE_CHARS).0)) } }
            " " span.st { (icon(stance_name(attribution.stance))) (words::stance(attribution.stance)) }
        }
        p.judged {
            (words::source_class(attribution.source_class)) " · "
            span.ev { (icon(evidence_name(attribution.evidence))) (words::evidence(attribution.evidence)) }
        }
        @if let Some(accusation) = &attribution.accusation {
            p.acc {
                (phrases::accusation(&one_line(&accusation.accused), accusation.act, accusation.target.as_deref().map(one_line).as_deref()))
                @if let Some(accuser) = &accusation.accuser { (both(" – accuser: ", " – accusateur\u{a0}: ")) (Line(accuser)) }
                @if accusation.hedged { " " span.tag { (both("at a distance", "avec distance")) } }
                @for claim in claims.into_iter().flatten() {
                    " " (page.to_claim(*claim))
                }
            }
        }
        @if let Some(outer) = attribution.within {
            p.judged { (both("inside ", "dans ")) a href={ "#n" (index + 1) "-" (outer + 1) } { (outer + 1) } }
        }
    }
}

fn reasons(item: &Item, chars: &CharIndex, reasons: &[Reason]) -> Markup {
    html! {
        @let telling = || reasons.iter().filter(|reason| !reason.spans.is_empty());
        @if telling().next().is_some() {
            ul.reasons {
                @for reason in telling().take(REASONS) {
                    li {
                        (named(&reason.rule))
                        @for span in reason.spans.iter().take(3) {
                            " " q lang=[lang_code(item.lang)] { (Line(&shorten(chars.slice(&item.text, *span), REASON_CHARS).0)) }
                        }
                    }
                }
            }
        }
    }
}

fn place(page: &Page<'_>, index: usize, item: &Item, chars: &CharIndex, attribution: &Attribution) -> Markup {
    let spans = &attribution.content.spans;
    let whole = spans.first().zip(spans.last()).map(|(first, last)| Span::new(first.start, last.end));
    html! {
        @if let Some(span) = whole {
            p.from { (locus(&page.report.heads[index], span, item.map.bytes_of(&item.text, chars, span))) }
        }
    }
}
