//! The label alphabet: who speaks (S), what is said (C), the cue (Q), and on which side of a span its cue lies.
//!
//! With the side in the label, linking is nearly done once a paragraph is labelled. A flat row of labels cannot
//! hold a relation inside another's content: only the outer one is labelled.

use std::ops::Range;

use super::Relation;

/// Number of labels.
pub const LABELS: usize = 11;

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Who speaks.
    Source,
    /// What is said.
    Content,
    /// The words that signal it.
    Cue,
}

/// Where the cue of a span lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Before the span.
    Left,
    /// Behind it.
    Right,
}

/// Label of a token outside every span.
pub const OUTSIDE: u8 = 0;

/// The label of the first token of a span; the others have the next number. Cues have no side.
pub fn begin(role: Role, side: Side) -> u8 {
    match (role, side) {
        (Role::Source, Side::Left) => 1,
        (Role::Source, Side::Right) => 3,
        (Role::Content, Side::Left) => 5,
        (Role::Content, Side::Right) => 7,
        (Role::Cue, _) => 9,
    }
}

/// Role and side of a label, and whether it begins a span; `None` outside.
pub fn meaning(label: u8) -> Option<(Role, Side, bool)> {
    let (role, side) = match label.checked_sub(1)? / 2 {
        0 => (Role::Source, Side::Left),
        1 => (Role::Source, Side::Right),
        2 => (Role::Content, Side::Left),
        3 => (Role::Content, Side::Right),
        _ => (Role::Cue, Side::Left),
    };
    Some((role, side, label % 2 == 1))
}

/// Whether `next` may follow `before` (255 at the start of a paragraph).
pub fn may_follow(before: u8, next: u8) -> bool {
    let inside = next != OUTSIDE && next.is_multiple_of(2);
    !inside || before == next || before == next - 1
}

/// Labels of `len` tokens that say the `relations`. Where spans overlap the shorter content, then source, then
/// cue wins.
pub fn labels_of(relations: &[Relation], len: usize) -> Vec<u8> {
    let mut labels = vec![OUTSIDE; len];
    let size = |relation: &Relation| relation.content.iter().map(Range::len).sum::<usize>();
    let mut order: Vec<&Relation> =
        relations.iter().filter(|relation| !is_inner(relation, relations)).collect();
    order.sort_by_key(|relation| std::cmp::Reverse(size(relation)));
    for role in [Role::Content, Role::Source, Role::Cue] {
        for relation in &order {
            let ranges = match role {
                Role::Content => &relation.content,
                Role::Source => &relation.source,
                Role::Cue => &relation.cue,
            };
            for range in ranges {
                paint(&mut labels, range, begin(role, side_of(range, &relation.cue)));
            }
        }
    }
    repair(&mut labels);
    labels
}

/// Whether the cue of `relation` stands in the content of another one.
pub fn is_inner(relation: &Relation, relations: &[Relation]) -> bool {
    let holds = |other: &Relation| {
        let within =
            |cue: &Range<usize>| other.content.iter().any(|c| c.start <= cue.start && cue.end <= c.end);
        other.cue != relation.cue && relation.cue.iter().all(within)
    };
    !relation.cue.is_empty() && relations.iter().any(holds)
}

fn paint(labels: &mut [u8], range: &Range<usize>, first: u8) {
    for at in range.clone() {
        if let Some(label) = labels.get_mut(at) {
            *label = if at == range.start { first } else { first + 1 };
        }
    }
}

/// A span cut by another goes on with a beginning.
fn repair(labels: &mut [u8]) {
    let mut before = 255;
    for label in labels {
        if !may_follow(before, *label) {
            *label -= 1;
        }
        before = *label;
    }
}

fn side_of(range: &Range<usize>, cues: &[Range<usize>]) -> Side {
    let distance = |cue: &&Range<usize>| {
        if cue.start >= range.end { cue.start - range.end } else { range.start.saturating_sub(cue.end) }
    };
    match cues.iter().min_by_key(distance) {
        Some(cue) if cue.start >= range.end => Side::Right,
        _ => Side::Left,
    }
}

/// The spans that `labels` hold, in order.
pub fn spans_of(labels: &[u8]) -> Vec<(Role, Side, Range<usize>)> {
    let mut spans: Vec<(Role, Side, Range<usize>)> = Vec::new();
    let mut before = OUTSIDE;
    for (at, &label) in labels.iter().enumerate() {
        if let Some((role, side, begins)) = meaning(label) {
            match spans.last_mut() {
                Some((.., range)) if !begins && may_follow(before, label) => range.end = at + 1,
                _ => spans.push((role, side, at..at + 1)),
            }
        }
        before = label;
    }
    spans
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a relation holds ranges of tokens, often one")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_relation_goes_into_labels_and_comes_out_as_spans() {
        let relation = Relation { source: vec![5..7], cue: vec![7..8], content: vec![0..4, 9..12] };
        let labels = labels_of(&[relation], 12);
        assert_eq!(labels, [7, 8, 8, 8, 0, 3, 4, 9, 0, 5, 6, 6]);
        assert_eq!(
            spans_of(&labels),
            [
                (Role::Content, Side::Right, 0..4),
                (Role::Source, Side::Right, 5..7),
                (Role::Cue, Side::Left, 7..8),
                (Role::Content, Side::Left, 9..12),
            ]
        );
    }

    #[test]
    fn an_inner_relation_leaves_the_outer_one_whole() {
        let outer = Relation { source: vec![0..1], cue: vec![1..2], content: vec![2..8] };
        let inner = Relation { source: vec![3..4], cue: vec![4..5], content: vec![5..8] };
        assert_eq!(labels_of(&[outer, inner], 8), [3, 9, 5, 6, 6, 6, 6, 6]);
    }

    proptest! {
        #[test]
        fn any_labels_give_spans_in_order(labels in proptest::collection::vec(0u8..11, 0..40)) {
            let mut end = 0;
            for (_, _, range) in spans_of(&labels) {
                prop_assert!(range.start >= end && range.end > range.start && range.end <= labels.len());
                end = range.end;
            }
        }

        #[test]
        fn any_relations_give_a_lawful_row(starts in proptest::collection::vec((0usize..30, 0usize..12), 0..12)) {
            let relation = |chunk: &[(usize, usize)]| Relation {
                content: chunk.iter().take(1).map(|&(s, n)| s..s + n).collect(),
                cue: chunk.iter().skip(1).take(1).map(|&(s, n)| s..s + n).collect(),
                source: chunk.iter().skip(2).map(|&(s, n)| s..s + n).collect(),
            };
            let relations: Vec<Relation> = starts.chunks(3).map(relation).collect();
            let labels = labels_of(&relations, 32);
            let mut before = 255;
            for label in labels {
                prop_assert!(may_follow(before, label));
                before = label;
            }
        }
    }
}
