//! Labelled spans → relations: every source and content goes to the nearest cue on the side its label tells.
//!
//! Works within one paragraph. A cue without a source takes the source of a cue before it.

use std::ops::Range;

use super::Relation;
use super::labels::{Role, Side, spans_of};

/// Relations of one paragraph as its labels have them, relations without content included: `labels` are those of
/// the tokens from `offset` on.
pub fn link(labels: &[u8], offset: usize) -> Vec<Relation> {
    let mut spans = spans_of(labels);
    for (.., range) in &mut spans {
        *range = range.start + offset..range.end + offset;
    }
    let cues: Vec<Range<usize>> =
        spans.iter().filter(|(role, ..)| *role == Role::Cue).map(|(.., range)| range.clone()).collect();
    let mut relations: Vec<Relation> =
        cues.iter().map(|cue| Relation { cue: vec![cue.clone()], ..Relation::default() }).collect();
    for (role, side, range) in spans {
        let Some(cue) = nearest(&cues, side, &range) else { continue };
        match role {
            Role::Source => keep_nearer(&mut relations[cue], range),
            Role::Content => relations[cue].content.push(range),
            Role::Cue => {}
        }
    }
    relations
}

/// How far a cue without a source looks back for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the cue before it in its sentence.
    Sentence,
    /// To the last cue with a source in its paragraph: for languages that drop the pronoun.
    Paragraph,
}

/// Give the cues without a source the source of a cue before them.
pub fn inherit_sources(relations: &mut [Relation], sentences: &[Range<usize>], reach: Reach) {
    let start = |relation: &Relation| relation.cue.first().map_or(0, |cue| cue.start);
    let sentence = |at: usize| sentences.partition_point(|sentence| sentence.end <= at);
    for at in 1..relations.len() {
        let near = sentence(start(&relations[at - 1])) == sentence(start(&relations[at]));
        if relations[at].source.is_empty() && (near || reach == Reach::Paragraph) {
            relations[at].source = relations[at - 1].source.clone();
        }
    }
}

/// One source a cue: the nearer one.
fn keep_nearer(relation: &mut Relation, range: Range<usize>) {
    let cue = relation.cue.first().map_or(0, |cue| cue.start);
    let far = |source: &Range<usize>| {
        if source.start > cue { source.start - cue } else { cue - source.end.min(cue) }
    };
    match relation.source.first_mut() {
        Some(source) if far(source) <= far(&range) => {}
        Some(source) => *source = range,
        None => relation.source.push(range),
    }
}

/// The nearest of `cues` on `side` of `range`, else on the other side.
fn nearest(cues: &[Range<usize>], side: Side, range: &Range<usize>) -> Option<usize> {
    let behind = cues.partition_point(|cue| cue.start < range.start);
    let left = behind.checked_sub(1);
    let right = (behind < cues.len()).then_some(behind);
    match side {
        Side::Left => left.or(right),
        Side::Right => right.or(left),
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a relation holds ranges of tokens, often one")]
mod tests {
    use super::*;
    use crate::attribution::labels::labels_of;

    fn relation(source: &[Range<usize>], cue: Range<usize>, content: &[Range<usize>]) -> Relation {
        Relation { source: source.to_vec(), cue: vec![cue], content: content.to_vec() }
    }

    #[test]
    fn flat_relations_survive_labelling_and_linking() {
        let relations = vec![
            relation(&[0..1], 1..2, &[2..6]),
            relation(&[11..12], 12..13, &[7..10, 14..18]),
            relation(&[], 19..20, &[20..24]),
        ];
        let labels = labels_of(&relations, 24);
        assert_eq!(link(&labels, 0), relations);
    }

    #[test]
    fn a_second_cue_in_the_sentence_takes_the_source_before_it() {
        let told = [relation(&[0..1], 1..2, &[2..4]), relation(&[], 5..6, &[6..8])];
        let labels = labels_of(&told, 8);
        let mut linked = link(&labels, 0);
        inherit_sources(&mut linked, &[0..5, 5..8], Reach::Sentence);
        assert!(linked[1].source.is_empty());
        inherit_sources(&mut linked, &[0..8], Reach::Sentence);
        assert_eq!(linked[1].source, [0..1]);
        let mut apart = link(&labels, 0);
        inherit_sources(&mut apart, &[0..5, 5..8], Reach::Paragraph);
        assert_eq!(apart[1].source, [0..1]);
    }

    #[test]
    fn of_two_sources_the_nearer_one_stays() {
        let labels = [3, 0, 3, 9, 5, 0, 1];
        assert_eq!(link(&labels, 0), [relation(&[2..3], 3..4, &[4..5])]);
    }

    #[test]
    fn content_without_a_cue_is_none() {
        assert_eq!(link(&[5, 6, 6, 0], 0), []);
    }
}
