//! One card a claim: who accuses whom of what, how many sources stand behind it and why, in whose words.

use std::collections::BTreeMap;

use maud::{Markup, html};
use preuve_case::{Claim, Evidence, Mention, Stance};

use super::both::{Line, Shown, both, date, icon, lang_code, locus, published};
use super::overview::{badge, heading, left_out, names};
use super::timeline::timeline;
use crate::phrases::{self, counted};
use crate::summary::interval;
use crate::view::{Quote, Report, day, shorten};
use crate::{HtmlParams, words};

/// Places quoted at the head of a card.
const QUOTED: usize = 4;
const LISTED_CHARS: usize = 180;

pub(crate) fn card(report: &Report<'_>, number: usize, params: &HtmlParams) -> Markup {
    let claim = &report.claims()[number];
    let at = number + 1;
    html! {
        article.card id={ "c" (at) } aria-labelledby={ "c" (at) "h" } {
            header {
                p.eyebrow { (both("Accusation", "Accusation")) " " (at) }
                (badge(claim.status))
                h3 id={ "c" (at) "h" } { (heading(claim)) }
                p.meaning { (words::status_meaning(claim.status)) }
            }
            (funnel(claim))
            dl.facts {
                div { dt { (both("Accused by", "Accusation portée par")) } dd { (names(&claim.accusers)) } }
                div { dt { (both("Denied by", "Démentie par")) } dd { (names(&claim.denied_by)) } }
                div { dt { (both("Knows it first hand", "Source de première main")) } dd { (names(&claim.primary_sources)) } }
                div {
                    dt { (both("Best evidence offered", "Meilleure preuve avancée")) }
                    dd { (evidence(claim.best_evidence)) }
                }
            }
            (why(claim, at))
            (timeline(report, number))
            (quotes(report, number))
            (places(report, number, params))
            (carriers(report, claim, at))
        }
    }
}

/// Articles, texts, sources: the number that is left.
fn funnel(claim: &Claim) -> Markup {
    let steps = [
        (claim.carried_by.len(), claim.carried_by.len().to_string(), words::Words::new("articles carry it", "articles la portent")),
        (claim.text_origins.len(), claim.text_origins.len().to_string(), words::Words::new("texts, copies taken together", "textes, copies regroupées")),
        (
            claim.independent_sources.at_most as usize,
            interval(claim.independent_sources),
            words::Words::new("independent sources", "sources indépendantes"),
        ),
    ];
    let most = steps.iter().map(|step| step.0).max().unwrap_or(1).max(1);
    html! {
        ol.funnel {
            @for (count, shown, label) in steps {
                li {
                    strong { (shown) } " " span { (label) }
                    svg.bar viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                        rect.rail width="100" height="4" {}
                        rect.fill width=(count * 100 / most) height="4" {}
                    }
                }
            }
        }
        @if !claim.copies_collapsed {
            p.caution { (icon("alert")) (both(
                "Copies are not collapsed in this count.",
                "Les copies ne sont pas regroupées dans ce compte.",
            )) }
        }
    }
}

fn evidence(value: Evidence) -> Markup {
    html! { span.ev { (icon(evidence_name(value))) (words::evidence(value)) } }
}

pub(crate) fn evidence_name(value: Evidence) -> &'static str {
    match value {
        Evidence::NoneStated => "none_stated",
        Evidence::Withheld => "withheld",
        Evidence::PointedTo => "pointed_to",
        Evidence::Shown => "shown",
        Evidence::Unverified => "unverified",
    }
}

pub(crate) fn stance_name(value: Stance) -> &'static str {
    match value {
        Stance::Asserts => "asserts",
        Stance::Confirms => "confirms",
        Stance::Denies => "denies",
        Stance::Questions => "questions",
        Stance::Speculates => "speculates",
        Stance::DeclinesToComment => "declines_to_comment",
    }
}

fn why(claim: &Claim, at: usize) -> Markup {
    html! {
        @if !claim.why.is_empty() {
            div.why {
                h4 { (both("Why this count and this status", "Pourquoi ce compte et ce statut")) }
                ul {
                    @for reason in &claim.why {
                        li {
                            span.e lang="en" { (Shown(&reason.en)) }
                            span.f lang="fr" { (Shown(&reason.fr)) }
                            @if !reason.mentions.is_empty() {
                                " " span.refs {
                                    @for mention in reason.mentions.iter().take(8) {
                                        a href={ "#c" (at) "m" (mention + 1) } { (mention + 1) } " "
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The places that tell most: the best evidence first, the first to say it, and who denies it.
fn telling(claim: &Claim, quotes: &[Option<Quote>]) -> Vec<usize> {
    let speaks_for = |mention: &Mention| matches!(mention.stance, Stance::Asserts | Stance::Confirms);
    let mut ranked: Vec<usize> = (0..claim.mentions.len()).filter(|&at| quotes[at].is_some()).collect();
    ranked.sort_by_key(|&at| {
        let mention = &claim.mentions[at];
        let place = match mention.stance {
            Stance::Denies => 1,
            _ if speaks_for(mention) => 0,
            _ => 2,
        };
        (place, std::cmp::Reverse(weight(mention.evidence)), at)
    });
    let mut seen: BTreeMap<(Option<&str>, bool), usize> = BTreeMap::new();
    let mut picked: Vec<usize> = Vec::new();
    for at in ranked {
        let mention = &claim.mentions[at];
        let side = speaks_for(mention);
        let times = seen.entry((mention.speaker.as_deref(), side)).or_insert(0);
        *times += 1;
        let of_side = picked.iter().filter(|&&other| speaks_for(&claim.mentions[other]) == side).count();
        if *times == 1 && of_side * 2 < QUOTED {
            picked.push(at);
        }
    }
    picked.sort_unstable();
    picked
}

fn weight(evidence: Evidence) -> u8 {
    match evidence {
        Evidence::Shown => 4,
        Evidence::PointedTo => 3,
        Evidence::Withheld => 2,
        Evidence::Unverified => 1,
        Evidence::NoneStated => 0,
    }
}

fn quotes(report: &Report<'_>, number: usize) -> Markup {
    let claim = &report.claims()[number];
    let quotes = &report.quotes[number];
    let telling = telling(claim, quotes);
    html! {
        @if !telling.is_empty() {
            div.quotes {
                h4 { (both("In their words", "Dans leurs mots")) }
                @for at in telling {
                    @if let Some(quote) = &quotes[at] { (figure(report, &claim.mentions[at], quote)) }
                }
            }
        }
    }
}

fn figure(report: &Report<'_>, mention: &Mention, quote: &Quote) -> Markup {
    let head = &report.heads[quote.place.article];
    html! {
        figure class={ "quote q-" (stance_name(mention.stance)) } {
            figcaption {
                span.who { @match &mention.speaker {
                    Some(name) => (Line(name)),
                    None => (both("Nobody named", "Personne de nommé")),
                } }
                " " span.st { (icon(stance_name(mention.stance))) (words::stance(mention.stance)) }
                " " (evidence(mention.evidence))
            }
            blockquote lang=[lang_code(head.lang)] dir="auto" { p { (Shown(&quote.text)) @if quote.cut { " […]" } } }
            p.from {
                a href={ "#p" (quote.place.article + 1) "-" (quote.attribution + 1) } {
                    @match &head.meta.outlet { Some(outlet) => (Line(outlet)), None => (Line(&head.path)) }
                    ", " (published(head))
                }
                " " (locus(head, quote.place.chars, quote.place.bytes))
            }
        }
    }
}

fn places(report: &Report<'_>, number: usize, params: &HtmlParams) -> Markup {
    let claim = &report.claims()[number];
    let count = claim.mentions.len();
    html! {
        @if count > 0 {
            details.places {
                summary { (counted(count, ["place speaks of it", "places speak of it"], ["passage en parle", "passages en parlent"])) }
                ol {
                    @for (at, (mention, quote)) in claim.mentions.iter().zip(&report.quotes[number]).enumerate().take(params.max_places) {
                        li id={ "c" (number + 1) "m" (at + 1) } { (place(report, mention, quote.as_ref())) }
                    }
                }
                @if count > params.max_places { p.left { (left_out(count - params.max_places, params)) } }
            }
        }
    }
}

fn place(report: &Report<'_>, mention: &Mention, quote: Option<&Quote>) -> Markup {
    let Some(quote) = quote else {
        return html! { (mention.item.short()) " " (both("is not in this report", "n’est pas dans ce rapport")) };
    };
    let head = &report.heads[quote.place.article];
    let (text, cut) = shorten(&quote.text, LISTED_CHARS);
    html! {
        p.line {
            span.who { @match &mention.speaker {
                Some(name) => (Line(name)),
                None => (both("nobody named", "personne de nommé")),
            } }
            " " span.st { (icon(stance_name(mention.stance))) (words::stance(mention.stance)) }
            " " (evidence(mention.evidence))
            @if mention.hedged { " " span.tag { (both("at a distance", "avec distance")) } }
        }
        p.said lang=[lang_code(head.lang)] dir="auto" { (Shown(&text)) @if cut || quote.cut { " […]" } }
        p.from {
            a href={ "#p" (quote.place.article + 1) "-" (quote.attribution + 1) } {
                @match &head.meta.outlet { Some(outlet) => (Line(outlet)), None => (Line(&head.path)) }
                ", " (published(head))
            }
            " " (locus(head, quote.place.chars, quote.place.bytes))
        }
    }
}

/// The articles that carry the claim, by the text they come from.
fn carriers(report: &Report<'_>, claim: &Claim, at: usize) -> Markup {
    let mut by_lane: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for id in &claim.carried_by {
        if let Some(&article) = report.by_id.get(id) {
            by_lane.entry(report.lane_of.get(&article).copied()).or_default().push(article);
        }
    }
    html! {
        @if !by_lane.is_empty() {
            details.carriers id={ "c" (at) "by" } {
                summary { (phrases::counts(claim)) }
                ul {
                    @for (lane, articles) in &by_lane {
                        li {
                            @if let Some(lane) = lane {
                                a.lane href={ "#t" (lane + 1) } { (both("Text", "Texte")) " " (lane + 1) } " "
                            }
                            (article_links(report, articles))
                        }
                    }
                }
                @if !claim.rejected_in.is_empty() {
                    p { (both("Declared false in: ", "Déclarée fausse dans : ")) (article_links(report, &indices(report, claim))) }
                }
            }
        }
    }
}

fn indices(report: &Report<'_>, claim: &Claim) -> Vec<usize> {
    claim.rejected_in.iter().filter_map(|id| report.by_id.get(id).copied()).collect()
}

fn article_links(report: &Report<'_>, articles: &[usize]) -> Markup {
    html! {
        @for (number, &article) in articles.iter().enumerate() {
            @let head = &report.heads[article];
            @if number > 0 { ", " }
            a href={ "#a" (article + 1) } {
                @match &head.meta.outlet { Some(outlet) => (Line(outlet)), None => (Line(head.name())) }
                @if let Some(time) = head.meta.published { " " span.when { "(" (date(day(time), false)) ")" } }
            }
        }
    }
}
