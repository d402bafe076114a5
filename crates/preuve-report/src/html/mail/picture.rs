//! Verdicts by sender domain and time as a picture: a row a domain, a column a month or a year, a bar for the
//! messages, its parts told apart by pattern as well as by colour; and the same figures as a table.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::both::{Line, both, icon, month};
use super::super::timeline::round;
use super::Class;
use crate::mail::{Counts, DomainRow, Grid, Mail, Period};
use crate::phrases::{Phrase, counted};
use crate::view::shorten;
use crate::visible::one_line;

/// Domains with a row of their own.
const ROWS: usize = 9;
const WIDTH: f64 = 900.0;
const LEFT: f64 = 196.0;
const RIGHT: f64 = 64.0;
const TOP: f64 = 30.0;
const ROW: f64 = 46.0;
const BAR: f64 = 34.0;
const WIDEST: f64 = 58.0;
/// A bar of one message can still be seen.
const LEAST: f64 = 3.5;
/// Least room of a label under the columns.
const LABEL: f64 = 57.0;

pub(super) fn figure(mail: &Mail<'_>) -> Markup {
    let grid = Grid::of(mail, ROWS);
    html! {
        figure.picture.mailbox aria-labelledby="mailbox-h" {
            h3 #mailbox-h { (both("The mailbox by sender and time", "La boîte par expéditeur et par date")) }
            div.wide role="group" aria-labelledby="mailbox-h" tabindex="0" { (drawing(&grid)) }
            figcaption.legend {
                @for class in Class::ALL {
                    span { (swatch(class)) (class.words()) }
                }
            }
            details.same {
                summary { (both("The same as a table", "Les mêmes chiffres en tableau")) }
                div.wide tabindex="0" role="group" aria-labelledby="mailbox-h" { (table(&grid)) }
            }
        }
    }
}

fn swatch(class: Class) -> Markup {
    html! {
        svg.key viewBox="0 0 14 14" aria-hidden="true" { (block(class, 1.0, 1.0, 12.0, 12.0)) }
    }
}

/// A rectangle in the pattern of a class.
fn block(class: Class, x: f64, y: f64, width: f64, height: f64) -> Markup {
    let pattern = match class {
        Class::Partly => Some("url(#pt-partly)"),
        Class::NotAsSigned => Some("url(#pt-broken)"),
        Class::Unchecked => Some("url(#pt-unchecked)"),
        _ => None,
    };
    html! {
        rect class={ "g-" (class.name()) } fill=[pattern] x=(round(x)) y=(round(y)) width=(round(width)) height=(round(height)) {}
    }
}

fn drawing(grid: &Grid) -> Markup {
    let step = ((WIDTH - LEFT - RIGHT) / grid.columns.len().max(1) as f64).min(WIDEST);
    let height = TOP + grid.rows.len() as f64 * ROW + 6.0;
    html! {
        svg.grid-mail viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="mailbox-h" {
            defs {
                pattern #pt-partly width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.p-ground width="5" height="5" {}
                    rect.p-line width="2.4" height="5" {}
                }
                pattern #pt-broken width="4" height="4" patternUnits="userSpaceOnUse" {
                    rect.b-ground width="4" height="4" {}
                    rect.b-line width="4" height="2.8" {}
                }
                pattern #pt-unchecked width="4" height="4" patternUnits="userSpaceOnUse" {
                    rect.u-ground width="4" height="4" {}
                    circle.u-dot cx="2" cy="2" r="1" {}
                }
            }
            (labels(grid, step))
            @for (number, row) in grid.rows.iter().enumerate() {
                (draw_row(grid, row, TOP + number as f64 * ROW, step))
            }
        }
    }
}

fn labels(grid: &Grid, step: f64) -> Markup {
    let every = (LABEL / step).ceil().max(1.0) as usize;
    html! {
        @for (number, &period) in grid.columns.iter().enumerate() {
            @let x = round(LEFT + (number as f64 + 0.5) * step);
            @if number % every == 0 {
                @let words = period_words(period);
                text.e.col x=(x) y="14" { (words.en) }
                text.f.col x=(x) y="14" { (words.fr) }
                line.grid x1=(x) x2=(x) y1="19" y2="23" {}
            }
            @if number + 1 < grid.columns.len() && !period.touches(grid.columns[number + 1]) {
                @let x = round(LEFT + (number + 1) as f64 * step);
                line.break x1=(x) x2=(x) y1="22" y2=(TOP + grid.rows.len() as f64 * ROW) {}
            }
        }
    }
}

fn draw_row(grid: &Grid, row: &DomainRow, top: f64, step: f64) -> Markup {
    let base = round(top + ROW - 8.0);
    let width = (step * 0.72).min(30.0);
    let name = row_words(row);
    html! {
        text.dom.e x="0" y=(base - 8.0) { (name.en) }
        text.dom.f x="0" y=(base - 8.0) { (name.fr) }
        line.base x1=(LEFT) x2=(WIDTH - RIGHT) y1=(base) y2=(base) {}
        @for (number, cell) in row.cells.iter().enumerate() {
            @let x = LEFT + (number as f64 + 0.5) * step - width / 2.0;
            (bar(grid, cell, x, base, width))
        }
        text.tot x=(WIDTH) y=(base - 2.0) { (row.total) }
    }
}

/// One bar: its height grows with the square root of the messages, so that few can be seen beside many.
fn bar(grid: &Grid, cell: &Counts, x: f64, base: f64, width: f64) -> Markup {
    let total: usize = cell.values().sum();
    if total == 0 {
        return html! {};
    }
    let height = (BAR * (total as f64 / grid.most.max(1) as f64).sqrt()).max(LEAST);
    let classes = by_class(cell);
    let mut at = base;
    let blocks: Vec<Markup> = classes
        .iter()
        .map(|(&class, &count)| {
            let part = height * count as f64 / total as f64;
            at -= part;
            block(class, x, at, width, part)
        })
        .collect();
    html! { g { @for block in blocks { (block) } } }
}

fn by_class(cell: &Counts) -> BTreeMap<Class, usize> {
    let mut found = BTreeMap::new();
    for (&verdict, &count) in cell {
        *found.entry(Class::of(verdict)).or_insert(0) += count;
    }
    found
}

fn period_words(period: Period) -> Phrase {
    match period {
        Period::Month(year, at) => month(year, at),
        Period::Year(year) => Phrase::new(year.to_string(), year.to_string()),
        Period::OtherYears => Phrase::new("other", "autres"),
        Period::Undated => Phrase::new("no date", "sans date"),
    }
}

fn row_words(row: &DomainRow) -> Phrase {
    match &row.domain {
        Some(domain) => {
            let name = shorten(&one_line(domain), 28).0;
            Phrase::new(name.clone(), name)
        }
        None if row.domains == 0 => Phrase::new("no sender domain", "sans domaine d’expéditeur"),
        None => counted(row.domains, ["other domain", "other domains"], ["autre domaine", "autres domaines"]),
    }
}

fn table(grid: &Grid) -> Markup {
    html! {
        table.claims.plainly {
            thead { tr {
                th scope="col" { (both("Sender domain", "Domaine de l’expéditeur")) }
                @for class in Class::ALL { th.num scope="col" { (icon(class.name())) " " (class.words()) } }
                th.num scope="col" { (both("Messages", "Messages")) }
            } }
            tbody {
                @for row in &grid.rows {
                    @let classes = by_class(&row.verdicts);
                    tr {
                        th scope="row" { @match &row.domain {
                            Some(domain) => (Line(domain)),
                            None => (row_words(row)),
                        } }
                        @for class in Class::ALL {
                            td.num {
                                (classes.get(&class).copied().unwrap_or(0))
                                span.unit { " " (class.words()) }
                            }
                        }
                        td.num { strong { (row.total) } span.unit { " " (both("in all", "en tout")) } }
                    }
                }
            }
        }
    }
}
