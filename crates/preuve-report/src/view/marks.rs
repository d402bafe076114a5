//! A text cut into segments, each covered by the same attributions throughout: what nests and overlaps in the
//! findings becomes a flat row that any exporter can write.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use preuve_case::{Attribution, CharIndex, Part, Span};

/// Attributions named on one segment; more are counted in its depth only.
const NAMED: usize = 12;

/// A stretch of text between two boundaries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Bytes of the text.
    pub bytes: Range<usize>,
    /// Whether it belongs to a source.
    pub source: bool,
    /// Whether it belongs to a cue.
    pub cue: bool,
    /// How many contents cover it.
    pub depth: usize,
    /// Whether a content begins, or resumes, here.
    pub opens: bool,
    /// Whether a content ends, or breaks off, here.
    pub closes: bool,
    /// Attributions that cover it, ascending.
    pub of: Vec<usize>,
    /// Attributions that begin with it.
    pub begins: Vec<usize>,
    /// Attributions whose content ends with it for good.
    pub ends: Vec<usize>,
    /// Whether the words show damage.
    pub damaged: bool,
    /// Whether it is a line break and nothing else.
    pub is_break: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Source,
    Cue,
    Content,
    Damage,
}

#[derive(Default)]
struct Boundary {
    open: Vec<(Role, usize)>,
    close: Vec<(Role, usize)>,
    begins: Vec<usize>,
    ends: Vec<usize>,
}

/// The segments of `text`, which together are the text; `damage` is marked beside the attributions. Spans beyond
/// the end of the text are clamped, empty ones dropped.
pub(crate) fn segments(text: &str, attributions: &[Attribution], damage: &[Span]) -> Vec<Segment> {
    let boundaries = boundaries(text, attributions, damage);
    let mut positions: BTreeSet<usize> = boundaries.keys().copied().collect();
    positions.extend([0, text.len()]);
    for (at, _) in text.match_indices('\n') {
        positions.extend([at, at + 1]);
    }
    let mut active: BTreeMap<(Role, usize), usize> = BTreeMap::new();
    let mut found = Vec::new();
    let positions: Vec<usize> = positions.into_iter().collect();
    for pair in positions.windows(2) {
        let [start, end] = *pair else { continue };
        if let Some(boundary) = boundaries.get(&start) {
            apply(&mut active, boundary);
        }
        let closing = boundaries.get(&end);
        let opening = boundaries.get(&start);
        let covers = |role| active.keys().filter(|key| key.0 == role).count();
        let attributed = active.keys().filter(|key| key.0 != Role::Damage);
        let of: BTreeSet<usize> = attributed.map(|key| key.1).collect();
        found.push(Segment {
            bytes: start..end,
            source: covers(Role::Source) > 0,
            cue: covers(Role::Cue) > 0,
            depth: covers(Role::Content),
            opens: opening.is_some_and(|at| at.open.iter().any(|part| part.0 == Role::Content)),
            closes: closing.is_some_and(|at| at.close.iter().any(|part| part.0 == Role::Content)),
            of: of.into_iter().take(NAMED).collect(),
            begins: opening.map(|at| at.begins.clone()).unwrap_or_default(),
            ends: closing.map(|at| at.ends.clone()).unwrap_or_default(),
            damaged: covers(Role::Damage) > 0,
            is_break: &text[start..end] == "\n",
        });
    }
    found
}

fn apply(active: &mut BTreeMap<(Role, usize), usize>, boundary: &Boundary) {
    for part in &boundary.close {
        if let Some(count) = active.get_mut(part) {
            *count -= 1;
            if *count == 0 {
                active.remove(part);
            }
        }
    }
    for part in &boundary.open {
        *active.entry(*part).or_insert(0) += 1;
    }
}

fn boundaries(text: &str, attributions: &[Attribution], damage: &[Span]) -> BTreeMap<usize, Boundary> {
    let chars = CharIndex::new(text);
    let mut found: BTreeMap<usize, Boundary> = BTreeMap::new();
    for (index, attribution) in attributions.iter().enumerate() {
        let mut first = None;
        let mut last = None;
        for (role, part) in parts(attribution) {
            for span in &part.spans {
                let (start, end) = (chars.byte_of(text, span.start), chars.byte_of(text, span.end));
                if start >= end {
                    continue;
                }
                found.entry(start).or_default().open.push((role, index));
                found.entry(end).or_default().close.push((role, index));
                first = Some(first.map_or(start, |first: usize| first.min(start)));
                if role == Role::Content {
                    last = Some(last.map_or(end, |last: usize| last.max(end)));
                }
            }
        }
        if let Some(first) = first {
            found.entry(first).or_default().begins.push(index);
            found.entry(last.unwrap_or(first)).or_default().ends.push(index);
        }
    }
    for (index, span) in damage.iter().enumerate() {
        let (start, end) = (chars.byte_of(text, span.start), chars.byte_of(text, span.end));
        if start < end {
            found.entry(start).or_default().open.push((Role::Damage, index));
            found.entry(end).or_default().close.push((Role::Damage, index));
        }
    }
    found
}

fn parts(attribution: &Attribution) -> impl Iterator<Item = (Role, &Part)> {
    let source = attribution.source.iter().map(|part| (Role::Source, part));
    let cue = attribution.cue.iter().map(|part| (Role::Cue, part));
    source.chain(cue).chain(std::iter::once((Role::Content, &attribution.content)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_case::{Evidence, SourceClass, Stance};
    use proptest::prelude::*;

    fn said(source: Option<Span>, content: &[Span]) -> Attribution {
        let part = |spans: &[Span]| Part { text: String::new(), spans: spans.to_vec() };
        Attribution {
            source: source.map(|span| part(&[span])),
            cue: None,
            content: part(content),
            stance: Stance::Asserts,
            source_class: SourceClass::Unnamed,
            evidence: Evidence::NoneStated,
            accusation: None,
            source_name: None,
            reasons: Vec::new(),
            within: None,
        }
    }

    #[test]
    fn a_nested_content_is_deeper() {
        let inner = said(Some(Span::new(2, 4)), &[Span::new(5, 8)]);
        let outer = said(None, &[Span::new(2, 10)]);
        let found = segments("0123456789", &[outer, inner], &[]);
        let depths: Vec<_> = found.iter().map(|s| (s.bytes.clone(), s.depth, s.source)).collect();
        assert_eq!(
            depths,
            [(0..2, 0, false), (2..4, 1, true), (4..5, 1, false), (5..8, 2, false), (8..10, 1, false)]
        );
        assert_eq!(found[3].ends, [1]);
        assert_eq!(found[1].begins, [0, 1]);
    }

    #[test]
    fn a_content_in_two_spans_ends_once() {
        let found = segments("abcdef", &[said(None, &[Span::new(0, 2), Span::new(4, 6)])], &[]);
        assert_eq!(found.iter().map(|s| s.ends.len()).sum::<usize>(), 1);
        assert_eq!(found.iter().filter(|s| s.opens).count(), 2);
    }

    #[test]
    fn line_breaks_stand_alone() {
        let found = segments("ab\ncd", &[said(None, &[Span::new(0, 5)])], &[]);
        assert_eq!(found.iter().map(|s| s.is_break).collect::<Vec<_>>(), [false, true, false]);
        assert!(found.iter().all(|s| s.depth == 1));
    }

    #[test]
    fn damage_is_marked_and_belongs_to_no_attribution() {
        let found =
            segments("abcdef", &[said(None, &[Span::new(0, 3)])], &[Span::new(2, 5), Span::new(9, 12)]);
        let shape: Vec<_> = found.iter().map(|s| (s.bytes.clone(), s.damaged, s.of.len())).collect();
        assert_eq!(shape, [(0..2, false, 1), (2..3, true, 1), (3..5, true, 0), (5..6, false, 0)]);
    }

    proptest! {
        #[test]
        fn the_segments_are_the_text(
            text in "(?s).{0,60}",
            spans in proptest::collection::vec((0usize..70, 0usize..30, 0usize..70, 0usize..30), 0..12),
        ) {
            let attributions: Vec<_> = spans
                .iter()
                .map(|&(a, n, b, m)| said(Some(Span::new(a, a + n)), &[Span::new(b, b + m)]))
                .collect();
            let found = segments(&text, &attributions, &[]);
            let joined: String = found.iter().map(|segment| &text[segment.bytes.clone()]).collect();
            prop_assert_eq!(joined, text);
            let begun: usize = found.iter().map(|segment| segment.begins.len()).sum();
            let ended: usize = found.iter().map(|segment| segment.ends.len()).sum();
            prop_assert!(ended <= begun);
        }
    }
}
