//! One card a claim: who accuses whom of what, how many sources stand behind it and why, in whose words.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use preuve_case::{Claim, Evidence, Mention, Stance};

use super::both::{Line, Shown, both, date, icon, lang_code, locus};
use super::links::Page;
use super::overview::{badge, heading, left_out, names};
use super::timeline::timeline;
use crate::phrases::{self, counted};
use crate::summary::interval;
use crate::view::{Quote, day, shorten};
use crate::words::{self, Words};

/// Places quoted at the head of a card.
const QUOTED: usize = 4;
const LISTED_CHARS: usize = 180;
/// Places that a reason refers to.
const REFERENCES: usize = 8;

pub(crate) fn card(page: &Page<'_>, number: usize) -> Markup {
    let claim = &page.report.claims()[number];
    let at = number + 1;
    html! {
        article.card id={ "c" (at) } aria-labelledby={ "c" (at) "h" } {
            header {
                p.eyebrow { (both("Accusation", "Accusation")) " " (at) }
                (badge(claim.status))
                h3 id={ "c" (at) "h" } { (heading(claim)) }
                p.meaning { (words::status_meaning(claim.status)) }
            }
            (funnel(page, claim))
            dl.facts {
                div { dt { (both("Accused by", "Accusation portée par")) } dd { (names(&claim.accusers)) } }
                div { dt { (both("Denied by", "Démentie par")) } dd { (names(&claim.denied_by)) } }
                div { dt { (both("Knows it first hand", "Source de première main")) } dd { (names(&claim.primary_sources)) } }
                div {
                    dt { (both("Best evidence offered", "Meilleure preuve avancée")) }
                    dd { (evidence(claim.best_evidence)) (references(page, claim, at, &offers(claim))) }
                }
            }
            (why(page, claim, at))
            (timeline(page.report, number))
            (quotes(page, number))
            (places(page, number))
            (carriers(page, claim, at))
        }
    }
}

/// Articles, texts, sources: the number that is left.
fn funnel(page: &Page<'_>, claim: &Claim) -> Markup {
    let steps = [
        (
            claim.carried_by.len(),
            claim.carried_by.len().to_string(),
            one_or_more(
                claim.carried_by.len(),
                ["article carries it", "articles carry it"],
                ["article la porte", "articles la portent"],
            ),
        ),
        (
            claim.text_origins.len(),
            claim.text_origins.len().to_string(),
            one_or_more(
                claim.text_origins.len(),
                ["text, copies taken together", "texts, copies taken together"],
                ["texte, copies regroupées", "textes, copies regroupées"],
            ),
        ),
        (
            claim.independent_sources.at_most as usize,
            interval(claim.independent_sources),
            one_or_more(
                claim.independent_sources.at_most as usize,
                ["independent source", "independent sources"],
                ["source indépendante", "sources indépendantes"],
            ),
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
        @if page.shows_lineage() && claim.carried_by.len() > 1 {
            p.see { a href="#lineage" { (both("See where these texts come from", "Voir d’où viennent ces textes")) } }
        }
        @if !claim.copies_collapsed {
            p.caution { (icon("alert")) (both(
                "Copies are not collapsed in this count.",
                "Les copies ne sont pas regroupées dans ce compte.",
            )) }
        }
    }
}

/// The noun for a figure that stands apart from it; French counts none as one.
pub(crate) fn one_or_more(count: usize, en: [&'static str; 2], fr: [&'static str; 2]) -> Words {
    Words::new(en[usize::from(count != 1)], fr[usize::from(count > 1)])
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

fn why(page: &Page<'_>, claim: &Claim, at: usize) -> Markup {
    html! {
        @if !claim.why.is_empty() {
            div.why {
                h4 { (both("Why this count and this status", "Pourquoi ce compte et ce statut")) }
                ul {
                    @for reason in &claim.why {
                        li {
                            span.e lang="en" { (Shown(&reason.en)) }
                            span.f lang="fr" { (Shown(&reason.fr)) }
                            (references(page, claim, at, &reason.mentions))
                        }
                    }
                }
            }
        }
    }
}

/// Where the best evidence is offered by someone who stands by the claim.
fn offers(claim: &Claim) -> Vec<usize> {
    let stands = |mention: &Mention| {
        mention.evidence == claim.best_evidence
            && matches!(mention.stance, Stance::Asserts | Stance::Confirms)
    };
    let places = claim.mentions.iter().enumerate().filter(|(_, mention)| stands(mention));
    places.map(|(at, _)| at).take(3).collect()
}

/// Numbers of places, leading to them in the list on the card.
fn references(page: &Page<'_>, claim: &Claim, at: usize, mentions: &[usize]) -> Markup {
    let listed = claim.mentions.len().min(page.params.max_places);
    let shown: BTreeSet<usize> = mentions.iter().copied().filter(|mention| *mention < listed).collect();
    html! {
        @for mention in shown.into_iter().take(REFERENCES) {
            " " a.ref href={ "#c" (at) "m" (mention + 1) } { (mention + 1) }
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

fn quotes(page: &Page<'_>, number: usize) -> Markup {
    let claim = &page.report.claims()[number];
    let quotes = &page.report.quotes[number];
    let telling = telling(claim, quotes);
    html! {
        @if !telling.is_empty() {
            div.quotes {
                h4 { (both("In their words", "Dans leurs mots")) }
                @for at in telling {
                    @if let Some(quote) = &quotes[at] { (figure(page, &claim.mentions[at], quote)) }
                }
            }
        }
    }
}

fn figure(page: &Page<'_>, mention: &Mention, quote: &Quote) -> Markup {
    let head = &page.report.heads[quote.place.article];
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
                (page.to_place(quote.place.article, quote.attribution))
                " " (locus(head, quote.place.chars, quote.place.bytes))
            }
        }
    }
}

fn places(page: &Page<'_>, number: usize) -> Markup {
    let claim = &page.report.claims()[number];
    let count = claim.mentions.len();
    html! {
        @if count > 0 {
            details.places {
                summary { (counted(count, ["place speaks of it", "places speak of it"], ["passage en parle", "passages en parlent"])) }
                ol {
                    @for (at, (mention, quote)) in claim.mentions.iter().zip(&page.report.quotes[number]).enumerate().take(page.params.max_places) {
                        li id={ "c" (number + 1) "m" (at + 1) } { (place(page, mention, quote.as_ref())) }
                    }
                }
                @if count > page.params.max_places { p.left { (left_out(page, count - page.params.max_places)) } }
            }
        }
    }
}

fn place(page: &Page<'_>, mention: &Mention, quote: Option<&Quote>) -> Markup {
    let Some(quote) = quote else {
        return html! { (mention.item.short()) " " (both("is not in this report", "n’est pas dans ce rapport")) };
    };
    let head = &page.report.heads[quote.place.article];
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
            (page.to_place(quote.place.article, quote.attribution))
            " " (locus(head, quote.place.chars, quote.place.bytes))
        }
    }
}

/// The articles that carry the claim, by the text they come from.
fn carriers(page: &Page<'_>, claim: &Claim, at: usize) -> Markup {
    let mut by_lane: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for id in &claim.carried_by {
        if let Some(&article) = page.report.by_id.get(id) {
            by_lane.entry(page.report.lane_of.get(&article).copied()).or_default().push(article);
        }
    }
    html! {
        @if !by_lane.is_empty() {
            details.carriers id={ "c" (at) "by" } {
                summary { (phrases::counts(claim)) }
                ul {
                    @for (lane, articles) in by_lane.iter().take(page.params.max_places) {
                        li {
                            @if let Some(lane) = lane {
                                (page.to_lane(*lane)) " "
                            }
                            (article_links(page, articles))
                        }
                    }
                }
                @if by_lane.len() > page.params.max_places {
                    p.left { (left_out(page, by_lane.len() - page.params.max_places)) }
                }
                @if !claim.rejected_in.is_empty() {
                    p { (both("Declared false in: ", "Déclarée fausse dans\u{a0}: ")) (article_links(page, &indices(page, claim))) }
                }
            }
        }
    }
}

fn indices(page: &Page<'_>, claim: &Claim) -> Vec<usize> {
    claim.rejected_in.iter().filter_map(|id| page.report.by_id.get(id).copied()).collect()
}

fn article_links(page: &Page<'_>, articles: &[usize]) -> Markup {
    html! {
        @for (number, &article) in articles.iter().enumerate().take(page.params.max_places) {
            @if number > 0 { ", " }
            (page.to_outlet(article))
            @if let Some(time) = page.report.heads[article].meta.published {
                " " span.when { "(" (date(day(time), false)) ")" }
            }
        }
        @if articles.len() > page.params.max_places { " +" (articles.len() - page.params.max_places) }
    }
}
