//! Features of a paragraph → its relations: label, link, and look again for the sources of cues that have none.

use std::ops::Range;

use super::Relation;
use super::crf::Crf;
use super::features::Keys;
use super::labels::{LABELS, Role, meaning};
use super::link::{Reach, inherit_sources, link};

/// How a labeller's scores become relations; found by cross-validation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecodeParams {
    /// Added to the score of every beginning of a cue.
    pub cue: f32,
    /// Added to the score of every beginning of a source, when a cue without a source looks for one.
    pub source: f32,
    /// How far a cue without a source looks back for one.
    pub reach: Reach,
}

/// The relations of the paragraph whose tokens start at `offset`.
pub fn decode(
    crf: &Crf,
    keys: &Keys,
    offset: usize,
    sentences: &[Range<usize>],
    params: &DecodeParams,
) -> Vec<Relation> {
    let mut emissions: Vec<[f32; LABELS]> = (0..keys.len()).map(|at| crf.emission(keys.of(at))).collect();
    for emission in &mut emissions {
        emission[9] += params.cue;
    }
    let labels = crf.best(&emissions, &keys.kinds);
    let mut relations = link(&labels, offset);
    if params.source > 0.0 && relations.iter().any(|relation| relation.source.is_empty()) {
        find_sources(crf, keys, offset, (&mut emissions, &labels), &mut relations, params);
    }
    inherit_sources(&mut relations, sentences, params.reach);
    relations.retain(|relation| !relation.content.is_empty());
    relations
}

/// Label again with sources made likelier, cues and contents kept, and give the cues without a source what is
/// found for them.
fn find_sources(
    crf: &Crf,
    keys: &Keys,
    offset: usize,
    (emissions, labels): (&mut [[f32; LABELS]], &[u8]),
    relations: &mut [Relation],
    params: &DecodeParams,
) {
    for (emission, &label) in emissions.iter_mut().zip(labels) {
        if matches!(meaning(label), Some((Role::Cue | Role::Content, ..))) {
            emission[label as usize] += 1e4;
        } else {
            emission[1] += params.source;
            emission[3] += params.source;
        }
    }
    let again = link(&crf.best(emissions, &keys.kinds), offset);
    for relation in relations.iter_mut().filter(|relation| relation.source.is_empty()) {
        if let Some(found) = again.iter().find(|other| other.cue == relation.cue) {
            relation.source.clone_from(&found.source);
        }
    }
}
