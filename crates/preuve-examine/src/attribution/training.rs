//! The seams that the trainer needs: the same tokens, codes, labels and network that the engine works with.

pub use super::codes::{Inputs, Place, SLOTS, STARTS, codes_of};
pub use super::columns::{Columns, Shape, folded, word_key};
pub use super::crf::KINDS;
pub use super::decode::DecodeParams;
pub use super::document::Document;
pub use super::labels::{LABELS, is_inner, labels_of, may_follow};
pub use super::lexicon::Lexicon;
pub use super::link::link;
pub use super::model::{Labeller, Model, params_of};
pub use super::pos::{TAGS, fixed_tag, tag_keys};
pub use super::strength::CueBins;
pub use super::table::{MAX_LABELS, Table, TableError, mix, write_table};
pub use super::words::vectors_of;

/// Tag the tokens of `document` with the tagger's `table`.
pub fn tag_document(table: &Table, document: &mut Document<'_>) {
    let columns = Columns::new(document);
    super::pos::tag(table, document, &columns);
}

/// What judging is learned from: clues, the answers in the order of the tables, and the judge itself.
pub mod judging {
    use preuve_case::Attribution;

    pub use crate::attribution::judge::{
        ACTS, CLASSES, Candidate, ClueList, Clues, EVIDENCES, Learned, STANCES, clue_key,
    };
    use crate::attribution::judge::{Hints, Learning, accusers_of, clues_of, judge};
    use crate::attribution::{Document, Relation};

    /// What the stage behind those of `weights` reads of every relation of a tagged document, whose tokens have the
    /// cue lexicon's `classes`. Relations stand in order of their first token; all have content.
    pub fn clues(
        document: &Document<'_>,
        relations: &[Relation],
        classes: &[u8],
        weights: &Learned,
    ) -> Vec<Clues> {
        clues_of(document, relations, Learning { weights, cue_classes: classes })
    }

    /// Those who may accuse in every relation, given the accused (`None`: no accusation, no candidates).
    pub fn accusers(
        document: &Document<'_>,
        relations: &[Relation],
        classes: &[u8],
        weights: &Learned,
        accused: &[Option<String>],
    ) -> Vec<Vec<Candidate>> {
        accusers_of(document, relations, Learning { weights, cue_classes: classes }, accused)
    }

    /// The relations judged by the rules and the stages of `weights`, in the order of [`clues`].
    pub fn judged(
        document: &Document<'_>,
        relations: &[Relation],
        classes: &[u8],
        weights: &Learned,
    ) -> Vec<Attribution> {
        let learning = Learning { weights, cue_classes: classes };
        judge(document, relations, &Hints::default(), Some(learning)).attributions
    }
}

/// The network's parts and arithmetic.
pub mod network {
    pub use crate::attribution::network::*;
}
