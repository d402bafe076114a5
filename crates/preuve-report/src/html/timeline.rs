//! How a claim went through the days: who spoke of it when, and the number of independent sources, as a small
//! picture with the same in words below.

use maud::{Markup, html};
use preuve_case::{Claim, Stance};

use super::both::{both, date, icon};
use super::claim::{one_or_more, stance_name};
use super::overview::badge;
use crate::summary::interval;
use crate::view::{Axis, Report};
use crate::words;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 12.0;
const RIGHT: f64 = 12.0;
const MARK: f64 = 11.0;
/// Marks that are stacked; of what passes them only the number is given.
const ROWS: usize = 12;

const STANCES: [Stance; 6] = [
    Stance::Asserts,
    Stance::Confirms,
    Stance::Speculates,
    Stance::Questions,
    Stance::Denies,
    Stance::DeclinesToComment,
];

pub(crate) fn timeline(report: &Report<'_>, number: usize) -> Markup {
    let claim = &report.claims()[number];
    let Some(axis) = &report.axis else { return html! {} };
    let marks = marks(report, number, axis);
    html! {
        @if !marks.is_empty() {
            figure.timeline {
                figcaption {
                    h4 { (both("Over the days", "Au fil des jours")) }
                    p.legend {
                        @for stance in STANCES {
                            @if marks.iter().any(|mark| mark.stance == stance) {
                                span { (icon(stance_name(stance))) (words::stance(stance)) }
                            }
                        }
                    }
                }
                div.wide aria-hidden="true" { (picture(axis, &marks)) }
                (steps(claim))
            }
        }
    }
}

struct Mark {
    stance: Stance,
    x: f64,
    row: usize,
}

/// One mark a mention, stacked where they would touch; those that pass the last row have row [`ROWS`].
fn marks(report: &Report<'_>, number: usize, axis: &Axis) -> Vec<Mark> {
    let claim = &report.claims()[number];
    let mut dated: Vec<(f64, Stance)> = claim
        .mentions
        .iter()
        .filter_map(|mention| {
            let head = &report.heads[*report.by_id.get(&mention.item)?];
            let x = LEFT + axis.at(head.meta.published?) * (WIDTH - LEFT - RIGHT);
            Some((x, mention.stance))
        })
        .collect();
    dated.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut free = [f64::MIN; ROWS];
    dated
        .into_iter()
        .map(|(x, stance)| {
            let row = free.iter().position(|end| *end <= x).unwrap_or(ROWS);
            if let Some(end) = free.get_mut(row) {
                *end = x + MARK;
            }
            Mark { stance, x, row }
        })
        .collect()
}

fn picture(axis: &Axis, marks: &[Mark]) -> Markup {
    let rows = marks.iter().map(|mark| mark.row + 1).max().unwrap_or(1);
    let base = rows as f64 * MARK + 8.0;
    let top = base - 8.0 - ROWS as f64 * MARK;
    html! {
        svg.time viewBox={ "0 0 " (WIDTH) " " (base + 20.0) } {
            line.axis x1=(LEFT) x2=(WIDTH - RIGHT) y1=(base) y2=(base) {}
            (ticks(axis, base))
            @for (x, count) in overflow(marks) { text.more x=(round(x + MARK / 2.0)) y=(round(top)) { "+" (count) } }
            @for mark in marks.iter().filter(|mark| mark.row < ROWS) {
                svg.mk x=(round(mark.x)) y=(round(base - 6.0 - (mark.row as f64 + 1.0) * MARK)) width=(MARK) height=(MARK) {
                    use href={ "#s-" (stance_name(mark.stance)) } {}
                }
            }
        }
    }
}

/// How many marks found no room, by the hour they belong to.
fn overflow(marks: &[Mark]) -> Vec<(f64, usize)> {
    let mut found: Vec<(f64, usize)> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.row == ROWS) {
        match found.last_mut() {
            Some((x, count)) if mark.x - *x < 2.0 * MARK => *count += 1,
            _ => found.push((mark.x, 1)),
        }
    }
    found
}

fn ticks(axis: &Axis, base: f64) -> Markup {
    html! {
        @for (number, (day, at)) in axis.ticks(9).into_iter().enumerate() {
            @let x = round(LEFT + at * (WIDTH - LEFT - RIGHT));
            @let words = date(day, number == 0);
            line.axis x1=(x) x2=(x) y1=(base) y2=(base + 4.0) {}
            text.e x=(x) y=(base + 16.0) { (words.en) }
            text.f x=(x) y=(base + 16.0) { (words.fr) }
        }
        @for at in axis.breaks() {
            @let x = round(LEFT + at * (WIDTH - LEFT - RIGHT));
            path.axis d={ "M" (x - 4.0) " " (base + 4.0) "l4 -8m2 8l4 -8" } {}
        }
    }
}

/// Coordinates with one decimal, so that a page does not grow by digits nobody sees.
pub(crate) fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn steps(claim: &Claim) -> Markup {
    html! {
        @if !claim.timeline.is_empty() {
            ol.steps {
                @for entry in &claim.timeline {
                    li {
                        span.when { @match entry.from {
                            Some(day) => { (both("from ", "à partir du ")) (date(day, true)) },
                            None => (both("undated", "sans date")),
                        } }
                        " " (badge(entry.status)) " "
                        (interval(entry.independent_sources)) " "
                        (one_or_more(
                            entry.independent_sources.at_most as usize,
                            ["independent source", "independent sources"],
                            ["source indépendante", "sources indépendantes"],
                        ))
                    }
                }
            }
        }
    }
}
