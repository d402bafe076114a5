//! The lineage as a picture: a row an article, time from left to right, texts of one origin together, a line from
//! each article to the one it derives from.

use std::collections::BTreeMap;

use maud::{Markup, html};
use preuve_case::Relation;

use super::both::date;
use super::links::Page;
use super::timeline::round;
use crate::view::{Axis, Head, Lane, Report, shorten};
use crate::visible::one_line;
use crate::words;

const WIDTH: f64 = 900.0;
const ROW: f64 = 26.0;
const GAP: f64 = 14.0;
const TOP: f64 = 30.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 210.0;
/// Where articles without a date stand.
const UNDATED: f64 = 46.0;
/// An article stands at least this far right of the one it derives from, so that the line between them shows.
const STEP: f64 = 20.0;

struct Node {
    article: usize,
    x: f64,
    y: f64,
}

struct Band {
    lane: usize,
    y: f64,
    height: f64,
}

struct Layout {
    nodes: Vec<Node>,
    bands: Vec<Band>,
    height: f64,
}

/// The picture of the first lanes that have no more than `rows` articles together, and how many lanes that is.
pub(crate) fn picture(page: &Page<'_>, rows: usize) -> (Markup, usize) {
    let report = page.report;
    let lanes = fitting(&report.lanes, rows);
    let layout = layout(report, lanes);
    let at: BTreeMap<usize, usize> =
        layout.nodes.iter().enumerate().map(|(number, node)| (node.article, number)).collect();
    let markup = html! {
        svg.lineage viewBox={ "0 0 " (WIDTH) " " (round(layout.height)) } role="group" aria-labelledby="lineage-h" {
            @for (number, band) in layout.bands.iter().enumerate() {
                rect.band.odd[number % 2 == 1] x="0" y=(round(band.y)) width=(WIDTH) height=(round(band.height)) {}
                text.tno x="8" y=(round(band.y + band.height / 2.0 + 4.0)) { (band.lane + 1) }
            }
            text.e.day x="8" y="14" { "Text" }
            text.f.day x="8" y="14" { "Texte" }
            @if let Some(axis) = &report.axis { (scale(axis, layout.height)) }
            @for node in &layout.nodes {
                @if let Some((parent, relation)) = parent_of(&report.heads[node.article], &at) {
                    path class={ "edge r-" (relation_name(relation)) } d=(edge(&layout.nodes[parent], node)) {}
                }
            }
            @for node in &layout.nodes { (draw(page, node)) }
        }
    };
    (markup, lanes.len())
}

fn fitting(lanes: &[Lane], rows: usize) -> &[Lane] {
    let mut left = rows;
    let fits = lanes.iter().take_while(|lane| {
        let fit = lane.rows.len() <= left;
        left = left.saturating_sub(lane.rows.len());
        fit
    });
    &lanes[..fits.count()]
}

fn layout(report: &Report<'_>, lanes: &[Lane]) -> Layout {
    let mut y = TOP;
    let mut nodes: Vec<Node> = Vec::new();
    let mut at: BTreeMap<usize, f64> = BTreeMap::new();
    let mut bands = Vec::new();
    for (lane, origin) in lanes.iter().enumerate() {
        let height = origin.rows.len() as f64 * ROW + GAP;
        bands.push(Band { lane, y, height });
        for (number, row) in origin.rows.iter().enumerate() {
            let published = report.heads[row.article].meta.published;
            let x = match (&report.axis, published) {
                (Some(axis), Some(time)) => LEFT + axis.at(time) * (WIDTH - LEFT - RIGHT),
                _ => UNDATED,
            };
            let parent = report.heads[row.article].link.as_ref().and_then(|link| at.get(&link.parent?));
            let x = parent.map_or(x, |parent| x.max(parent + STEP));
            at.insert(row.article, x);
            nodes.push(Node { article: row.article, x, y: y + GAP / 2.0 + (number as f64 + 0.5) * ROW });
        }
        y += height;
    }
    Layout { nodes, bands, height: y + 8.0 }
}

fn scale(axis: &Axis, height: f64) -> Markup {
    html! {
        @for (number, (day, at)) in axis.ticks(9).into_iter().enumerate() {
            @let x = round(LEFT + at * (WIDTH - LEFT - RIGHT));
            @let words = date(day, number == 0);
            line.grid x1=(x) x2=(x) y1="22" y2=(round(height - 8.0)) {}
            text.e.day x=(x) y="14" { (words.en) }
            text.f.day x=(x) y="14" { (words.fr) }
        }
        @for at in axis.breaks() {
            @let x = round(LEFT + at * (WIDTH - LEFT - RIGHT));
            path.grid.cut d={ "M" (x - 4.0) " 24l4 -8m2 8l4 -8" } {}
        }
    }
}

fn parent_of(head: &Head, at: &BTreeMap<usize, usize>) -> Option<(usize, Relation)> {
    let link = head.link.as_ref()?;
    Some((*at.get(&link.parent?)?, link.relation))
}

/// Down from the parent, round a corner, across to the child.
fn edge(parent: &Node, child: &Node) -> String {
    let (px, cx, cy) = (round(parent.x), round(child.x), round(child.y));
    format!("M{px} {}V{}Q{px} {cy} {} {cy}H{}", round(parent.y + 9.0), cy - 6.0, px + 6.0, round(cx - 9.0))
}

fn draw(page: &Page<'_>, node: &Node) -> Markup {
    let head = &page.report.heads[node.article];
    let link = (node.article < page.listed()).then(|| format!("#a{}", node.article + 1));
    let relation = head.link.as_ref().map_or(Relation::Original, |link| link.relation);
    let (x, y) = (round(node.x), round(node.y));
    let name = one_line(head.meta.outlet.as_deref().unwrap_or(head.name()));
    let name = shorten(&name, 26).0;
    html! {
        a.node href=[link] {
            circle class={ "dot r-" (relation_name(relation)) } cx=(x) cy=(y) r="9" {}
            text.lg x=(x) y=(round(y + 3.0)) { (head.lang.code().to_uppercase()) }
            text.lb x=(round(x + 14.0)) y=(round(y + 4.0)) {
                (name)
                @if relation != Relation::Original {
                    @let words = words::relation(relation);
                    tspan.e.rel dx="5" { (words.en) }
                    tspan.f.rel dx="5" { (words.fr) }
                }
            }
        }
    }
}

pub(crate) fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Original => "original",
        Relation::Copy => "copy",
        Relation::Revision => "revision",
        Relation::Excerpt => "excerpt",
        Relation::Translation => "translation",
        Relation::MachineTranslation => "machine",
        Relation::Rewrite => "rewrite",
        Relation::Relay => "relay",
    }
}
