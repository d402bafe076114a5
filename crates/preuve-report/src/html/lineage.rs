//! Where the texts come from: the picture, and the same as a list with the signs of every link.

use maud::{Markup, html};
use preuve_case::{LinkJudgement, Sign};

use super::article::named;
use super::both::{Line, Shown, both, published};
use super::links::Page;
use super::overview::left_out;
use super::picture::picture;
use crate::phrases::counted;
use crate::view::{Head, Lane, Link};
use crate::words::{self, Words};

/// Articles in the picture; a larger one is no picture any more.
const DRAWN: usize = 160;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    if !page.shows_lineage() {
        return html! {};
    }
    let (drawing, drawn) = picture(page, DRAWN);
    html! {
        section #lineage aria-labelledby="lineage-h" {
            h2 #lineage-h { (both("Where the texts come from", "D’où viennent les textes")) }
            p.intro { (both(
                "A row is an article, a band is one text: everything in it was copied, translated or rewritten from its first article. The number of bands is the number of texts that are left.",
                "Une ligne est un article, une bande est un texte\u{a0}: tout ce qu’elle contient a été copié, traduit ou réécrit à partir de son premier article. Le nombre de bandes est le nombre de textes qui restent.",
            )) }
            figure.picture {
                div.wide role="group" aria-labelledby="lineage-h" tabindex="0" { (drawing) }
                figcaption { (legend()) }
            }
            @if drawn < page.report.lanes.len() {
                p.left { (both("The picture shows the oldest texts only; the list below has more.", "L’image ne montre que les textes les plus anciens\u{a0}; la liste ci-dessous va plus loin.")) }
            }
            (judgements(page))
            details.origins {
                summary { (both("The same as a list, with the signs of each link", "La même chose en liste, avec les signes de chaque lien")) }
                ol.lanes {
                    @for (number, lane) in page.report.lanes.iter().enumerate().take(page.lanes()) {
                        li id={ "t" (number + 1) } { (origin(page, number, lane)) }
                    }
                }
                @if page.report.lanes.len() > page.lanes() {
                    p.left { (left_out(page, page.report.lanes.len() - page.lanes())) }
                }
            }
        }
    }
}

fn legend() -> Markup {
    let lines = [
        ("copy", Words::new("copy, revision, excerpt", "copie, mise à jour, extrait")),
        ("translation", Words::new("translation", "traduction")),
        ("machine", Words::new("machine translation", "traduction automatique")),
        ("rewrite", Words::new("rewrite", "réécriture")),
        ("relay", Words::new("relay", "reprise")),
    ];
    html! {
        p.legend {
            span { svg.key viewBox="0 0 20 20" aria-hidden="true" { circle.dot.r-original cx="10" cy="10" r="7" {} } (both("own text", "texte propre")) }
            @for (name, words) in lines {
                span {
                    svg.key.long viewBox="0 0 40 20" aria-hidden="true" { path class={ "edge r-" (name) } d="M1 10h24" {} circle class={ "dot r-" (name) } cx="32" cy="10" r="6.5" {} }
                    (words)
                }
            }
        }
    }
}

fn origin(page: &Page<'_>, number: usize, lane: &Lane) -> Markup {
    let first = lane.rows.first().map(|row| &page.report.heads[row.article]);
    html! {
        h3 {
            span.lane { (both("Text", "Texte")) " " (number + 1) } " "
            @if let Some(first) = first { (Line(first.name())) }
            " " span.when { (counted(lane.rows.len(), ["article", "articles"], ["article", "articles"])) }
        }
        ul.tree {
            @for row in lane.rows.iter().filter(|row| row.article < page.listed()) {
                li class={ "d" (row.depth.min(6)) } { (entry(page, row.article)) }
            }
        }
    }
}

fn entry(page: &Page<'_>, article: usize) -> Markup {
    let head = &page.report.heads[article];
    let Some(link) = &head.link else { return html! {} };
    html! {
        p.line {
            (page.to_outlet(article))
            " " span.when { (published(head)) " · " (words::language(head.lang)) }
            @if link.parent_id.is_some() { " " span.tag { (words::relation(link.relation)) } }
        }
        @if link.parent_id.is_some() { (derivation(page, article, head, link)) } @else { (signs(&link.signs)) }
        @if !link.relays.is_empty() {
            p.judged { (both("cites as its source of information: ", "cite comme source d’information\u{a0}: ")) (super::overview::names(&link.relays)) }
        }
    }
}

fn derivation(page: &Page<'_>, article: usize, head: &Head, link: &Link) -> Markup {
    let judged = page.report.input.links.iter().find(|judged| {
        link.parent_id.is_some_and(|parent| {
            (judged.a, judged.b) == (head.id, parent) || (judged.b, judged.a) == (head.id, parent)
        })
    });
    html! {
        p.judged {
            @if let Some(parent) = link.parent {
                (both("from ", "d’après ")) (page.to_outlet(parent)) " · "
            }
            (likelihood(link.score))
            @if link.credited { " · " (both("credited", "crédité")) } @else { " · " (both("not credited", "non crédité")) }
            @if page.pairs.shown(article) { " · " a href={ "#x" (article + 1) } { (both("compare side by side", "comparer côte à côte")) } }
        }
        (signs(&link.signs))
        @if let Some(judged) = judged { (judgement(page, judged)) }
    }
}

/// A score in words, with the figure.
fn likelihood(score: f32) -> Markup {
    let words = match score {
        score if score >= 0.95 => Words::new("almost certain", "quasi certain"),
        score if score >= 0.8 => Words::new("very likely", "très probable"),
        score if score >= 0.6 => Words::new("likely", "probable"),
        _ => Words::new("possible", "possible"),
    };
    html! { (words) " (" (format!("{:.0}", score * 100.0)) "/100)" }
}

fn signs(signs: &[Sign]) -> Markup {
    html! {
        @if !signs.is_empty() {
            ul.reasons {
                @for sign in signs.iter().take(12) {
                    li {
                        (named(&sign.name)) (both(": ", "\u{a0}: ")) span lang="en" { (Shown(&sign.note)) }
                        @if let Some(span) = sign.spans.first() {
                            " " code.loc { (both("chars", "car.")) " " (span.start) "–" (span.end)
                            @if sign.spans.len() > 1 { " +" (sign.spans.len() - 1) } }
                        }
                    }
                }
            }
        }
    }
}

fn judgements(page: &Page<'_>) -> Markup {
    html! {
        @if !page.report.input.links.is_empty() {
            div.assessment {
                h3 { (both("Judgements of the analyst", "Jugements de l’analyste")) }
                p.judged { (both(
                    "A person’s assessment, which stands above what the program found. The counts follow it.",
                    "L’avis d’une personne, qui prime sur ce que le programme a trouvé. Les comptes en tiennent compte.",
                )) }
                ul { @for judged in page.report.input.links { li { (judgement(page, judged)) } } }
            }
        }
    }
}

fn judgement(page: &Page<'_>, judged: &LinkJudgement) -> Markup {
    let name = |id| match page.report.by_id.get(&id) {
        Some(&index) => page.to_outlet(index),
        None => html! { code { (id.short()) } },
    };
    html! {
        p.judged {
            b { (both("Analyst", "Analyste")) } ": " (name(judged.a)) " "
            @if judged.linked { (both("and", "et")) } @else { (both("and, separately,", "et, séparément,")) }
            " " (name(judged.b)) ": "
            @if judged.linked { (both("one derives from the other", "l’un dérive de l’autre")) }
            @else { (both("neither derives from the other", "aucun ne dérive de l’autre")) }
            ". " (Line(&judged.why))
        }
    }
}
