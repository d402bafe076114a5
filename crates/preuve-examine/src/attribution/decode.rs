//! Scores of labels → relations: label, link, and look again for the sources of cues that have none.

use std::ops::Range;

use super::Relation;
use super::crf::Crf;
use super::labels::{LABELS, Role, meaning};
use super::link::{Reach, inherit_sources, link};

/// How a labeller's scores become relations; found by cross-validation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecodeParams {
    /// Added to the score of every beginning of a cue.
    pub cue: f32,
    /// The same inside the content of another report.
    pub inner: f32,
    /// Added to the score of every beginning of a source, when a cue without a source looks for one.
    pub source: f32,
    /// How far a cue without a source looks back for one.
    pub reach: Reach,
}

/// The relations of the stretch whose tokens start at `offset`; `cue` is added to the beginnings of cues.
pub fn decode(
    crf: &Crf,
    (mut emissions, kinds): (Vec<[f32; LABELS]>, &[u8]),
    offset: usize,
    sentences: &[Range<usize>],
    (cue, params): (f32, &DecodeParams),
) -> Vec<Relation> {
    for emission in &mut emissions {
        emission[9] += cue;
    }
    let labels = crf.best(&emissions, kinds);
    let mut relations = link(&labels, offset);
    if params.source > 0.0 && relations.iter().any(|relation| relation.source.is_empty()) {
        lean_to_sources(&mut emissions, &labels, params.source);
        find_sources(&mut relations, &link(&crf.best(&emissions, kinds), offset));
    }
    inherit_sources(&mut relations, sentences, params.reach);
    relations.retain(|relation| !relation.content.is_empty());
    relations
}

/// Make beginnings of sources likelier by `lean`, cues and contents certain.
fn lean_to_sources(emissions: &mut [[f32; LABELS]], labels: &[u8], lean: f32) {
    for (emission, &label) in emissions.iter_mut().zip(labels) {
        if matches!(meaning(label), Some((Role::Cue | Role::Content, ..))) {
            emission[label as usize] += 1e4;
        } else {
            emission[1] += lean;
            emission[3] += lean;
        }
    }
}

/// Give the cues without a source what was found for them when looking again.
fn find_sources(relations: &mut [Relation], again: &[Relation]) {
    for relation in relations.iter_mut().filter(|relation| relation.source.is_empty()) {
        if let Some(found) = again.iter().find(|other| other.cue == relation.cue) {
            relation.source.clone_from(&found.source);
        }
    }
}
