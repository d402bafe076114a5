//! Two linked texts side by side: aligned passages in a numbered row, the rest in rows without a number.

use std::collections::BTreeSet;

use maud::{Markup, Render, html};
use preuve_case::{AlignedPassage, CharIndex, Item, Span};

use super::both::{Line, Shown, both, lang_code, published};
use super::links::Page;
use super::overview::left_out;
use crate::view::{Report, Run, differences};
use crate::{HtmlParams, ReportError, words};

/// The pairs that the limits let onto the page.
pub(crate) struct Pairs {
    /// Articles shown beside the one they derive from.
    articles: BTreeSet<usize>,
    /// How many were left out.
    pub left: usize,
}

impl Pairs {
    pub(crate) fn choose(report: &Report<'_>, params: &HtmlParams) -> Self {
        let mut articles = BTreeSet::new();
        let mut left = 0;
        let mut bytes = 0;
        for (index, head) in report.heads.iter().enumerate() {
            let Some(link) = head.link.as_ref().filter(|link| link.aligned > 0) else { continue };
            let Some(parent) = link.parent else { continue };
            let more = head.text_len + report.heads[parent].text_len;
            if articles.len() < params.max_comparisons && bytes + more <= params.max_comparison_bytes {
                articles.insert(index);
                bytes += more;
            } else {
                left += 1;
            }
        }
        Self { articles, left }
    }

    pub(crate) fn shown(&self, article: usize) -> bool {
        self.articles.contains(&article)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.articles.is_empty() && self.left == 0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.articles.iter().copied()
    }
}

/// Heading and remarks around the pairs.
pub(crate) fn heading() -> Markup {
    html! {
        h3 #compare { (both("Side by side", "Côte à côte")) }
        p.intro { (both(
            "The derived article is on the left, the one it derives from on the right. A row with a number is a passage that both have; text in a row without one has no counterpart. Where both are in one language, added words are underlined and dropped ones struck out.",
            "L’article dérivé est à gauche, celui dont il dérive à droite. Une ligne numérotée est un passage commun\u{a0}; le texte d’une ligne sans numéro n’a pas d’équivalent dans l’autre. Quand les deux sont dans la même langue, les mots ajoutés sont soulignés et les mots retirés barrés.",
        )) }
    }
}

pub(crate) fn remainder(page: &Page<'_>) -> Markup {
    html! { @if page.pairs.left > 0 { p.left { (left_out(page, page.pairs.left)) } } }
}

/// One pair.
///
/// # Errors
/// [`ReportError::Load`] when either article cannot be loaded.
pub(crate) fn pair(page: &Page<'_>, article: usize) -> Result<String, ReportError> {
    let Some((parent, relation)) =
        page.report.heads[article].link.as_ref().and_then(|link| Some((link.parent?, link.relation)))
    else {
        return Ok(String::new());
    };
    let (ours, theirs) = (page.report.load(article)?, page.report.load(parent)?);
    let passages = ours.lineage.as_deref().map(|finding| finding.passages.as_slice()).unwrap_or_default();
    let rows = rows(passages, ours.item.text.chars().count(), theirs.item.text.chars().count());
    let (head, other) = (&page.report.heads[article], &page.report.heads[parent]);
    let (left, right) = (Side::of(&ours.item), Side::of(&theirs.item));
    let title = |index: usize| {
        let head = &page.report.heads[index];
        html! {
            (page.to_outlet(index))
            span.when { (published(head)) " · " (words::language(head.lang)) }
        }
    };
    Ok(html! {
        details.pair id={ "x" (article + 1) } {
            summary {
                (Line(head.meta.outlet.as_deref().unwrap_or(head.name())))
                " ← " (Line(other.meta.outlet.as_deref().unwrap_or(other.name())))
                " " span.tag { (words::relation(relation)) }
                " " span.when { (covered(passages, left.len)) }
            }
            div.wide tabindex="0" role="group" {
                table.two {
                    thead { tr { th.no scope="col" { span.vh { (both("Passage", "Passage")) } } th scope="col" { (title(article)) } th scope="col" { (title(parent)) } } }
                    tbody { @for row in &rows { (line(row, &left, &right)) } }
                }
            }
        }
    }
    .into_string())
}

struct Side<'t> {
    item: &'t Item,
    chars: CharIndex,
    len: usize,
}

impl<'t> Side<'t> {
    fn of(item: &'t Item) -> Self {
        let chars = CharIndex::new(&item.text);
        let len = chars.char_count();
        Self { item, chars, len }
    }

    fn words(&self, span: Option<Span>) -> &'t str {
        span.map(|span| self.chars.slice(&self.item.text, span).trim()).unwrap_or_default()
    }
}

/// A row of the comparison: the number of the passage, where both have it.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    number: Option<usize>,
    here: Option<Span>,
    there: Option<Span>,
    likeness: f32,
}

/// Passages in the order of the derived text, with what lies between them on either side. Everything of either
/// text is in some row; a passage that moved is shown where the derived text has it.
fn rows(passages: &[AlignedPassage], here_len: usize, there_len: usize) -> Vec<Row> {
    let mut order: Vec<&AlignedPassage> = passages.iter().collect();
    order.sort_by_key(|passage| (passage.here.start, passage.there.start));
    let mut taken: Vec<Span> = order.iter().map(|passage| passage.there).collect();
    taken.sort();
    let gaps = complement(&taken, there_len);
    let mut gap = gaps.iter().peekable();
    let mut rows = Vec::new();
    let mut at = 0;
    for (number, passage) in order.into_iter().enumerate() {
        let before = (passage.here.start > at).then(|| Span::new(at, passage.here.start));
        let mut skipped = Vec::new();
        while let Some(span) = gap.next_if(|span| span.end <= passage.there.start) {
            skipped.push(*span);
        }
        unmatched(&mut rows, before, skipped);
        rows.push(Row {
            number: Some(number + 1),
            here: Some(Span::new(passage.here.start.max(at), passage.here.end)),
            there: Some(passage.there),
            likeness: passage.likeness,
        });
        at = at.max(passage.here.end);
    }
    let after = (at < here_len).then(|| Span::new(at, here_len));
    unmatched(&mut rows, after, gap.copied().collect());
    rows
}

/// Rows of what has no counterpart, the two sides beside each other to save room.
fn unmatched(rows: &mut Vec<Row>, here: Option<Span>, there: Vec<Span>) {
    let mut there = there.into_iter();
    let first = there.next();
    if here.is_some() || first.is_some() {
        rows.push(Row { number: None, here, there: first, likeness: 0.0 });
    }
    rows.extend(there.map(|span| Row { number: None, here: None, there: Some(span), likeness: 0.0 }));
}

/// What the sorted spans leave of `0..len`.
fn complement(spans: &[Span], len: usize) -> Vec<Span> {
    let mut at = 0;
    let mut left = Vec::new();
    for span in spans {
        if span.start > at {
            left.push(Span::new(at, span.start.min(len)));
        }
        at = at.max(span.end);
    }
    if at < len {
        left.push(Span::new(at, len));
    }
    left
}

fn covered(passages: &[AlignedPassage], len: usize) -> Markup {
    let shared: usize = passages.iter().map(|passage| passage.here.len()).sum();
    let share = (shared * 100).checked_div(len).unwrap_or(0).min(100);
    html! { (share) (both("% of its text", "\u{a0}% de son texte")) }
}

fn line(row: &Row, left: &Side<'_>, right: &Side<'_>) -> Markup {
    let (ours, theirs) = (left.words(row.here), right.words(row.there));
    html! {
        @if !(ours.is_empty() && theirs.is_empty()) {
            tr.only[row.number.is_none()] {
                @match row.number {
                    Some(number) => th.no scope="row" { (number) span.when { (format!("{:.0}", row.likeness * 100.0)) } },
                    None => td.no {},
                }
                @match edited(row, left, right) {
                    Some((added, dropped)) => {
                        td lang=[lang_code(left.item.lang)] dir="auto" { (Edited { text: ours, runs: &added, derived: true }) }
                        td lang=[lang_code(right.item.lang)] dir="auto" { (Edited { text: theirs, runs: &dropped, derived: false }) }
                    }
                    None => {
                        td lang=[lang_code(left.item.lang)] dir="auto" { (Shown(ours)) }
                        td lang=[lang_code(right.item.lang)] dir="auto" { (Shown(theirs)) }
                    }
                }
            }
        }
    }
}

/// What was changed in a passage that both have in one language.
fn edited(row: &Row, left: &Side<'_>, right: &Side<'_>) -> Option<(Vec<Run>, Vec<Run>)> {
    if row.number.is_none() || left.item.lang != right.item.lang {
        return None;
    }
    differences(left.words(row.here), right.words(row.there))
}

/// A passage with the words that the other lacks: underlined where they were added, struck where they were
/// dropped.
struct Edited<'t> {
    text: &'t str,
    runs: &'t [Run],
    derived: bool,
}

impl Render for Edited<'_> {
    fn render(&self) -> Markup {
        html! {
            @for run in self.runs {
                @let words = Shown(&self.text[run.bytes.clone()]);
                @match (run.changed, self.derived) {
                    (true, true) => ins { (words) },
                    (true, false) => del { (words) },
                    (false, _) => (words),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passage(here: (usize, usize), there: (usize, usize)) -> AlignedPassage {
        AlignedPassage { here: Span::new(here.0, here.1), there: Span::new(there.0, there.1), likeness: 1.0 }
    }

    #[test]
    fn what_only_one_text_has_gets_its_own_row() {
        let found = rows(&[passage((5, 10), (0, 5))], 12, 9);
        let shape: Vec<_> = found.iter().map(|row| (row.number, row.here, row.there)).collect();
        assert_eq!(
            shape,
            [
                (None, Some(Span::new(0, 5)), None),
                (Some(1), Some(Span::new(5, 10)), Some(Span::new(0, 5))),
                (None, Some(Span::new(10, 12)), Some(Span::new(5, 9))),
            ]
        );
    }

    proptest! {
        #[test]
        fn every_code_point_of_both_texts_is_in_a_row(
            spans in proptest::collection::vec((0usize..40, 0usize..15, 0usize..40, 0usize..15), 0..6),
        ) {
            let passages: Vec<_> = spans.iter().map(|&(a, n, b, m)| passage((a, a + n), (b, b + m))).collect();
            let found = rows(&passages, 60, 60);
            for at in 0..60 {
                let holds = |span: Option<Span>| span.is_some_and(|span| span.start <= at && at < span.end);
                prop_assert!(found.iter().any(|row| holds(row.here)));
                prop_assert!(found.iter().any(|row| holds(row.there)));
            }
        }
    }
}
