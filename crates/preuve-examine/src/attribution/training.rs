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

/// The network's parts and arithmetic.
pub mod network {
    pub use crate::attribution::network::*;
}
