//! The seams that the trainer needs: the same tokens, features and labels that the engine works with.

pub use super::columns::{Columns, Shape, word_key};
pub use super::crf::{Crf, KINDS, step_key};
pub use super::decode::{DecodeParams, decode};
pub use super::document::Document;
pub use super::features::{Clusters, CueBins, Inputs, Keys, keys_of};
pub use super::labels::{LABELS, labels_of, may_follow};
pub use super::lexicon::Lexicon;
pub use super::link::{Reach, link};
pub use super::model::{Model, params_of};
pub use super::pos::{TAGS, fixed_tag, tag_keys};
pub use super::table::{MAX_LABELS, Table, TableError, mix, write_table};

/// Tag the tokens of `document` with the tagger's `table`.
pub fn tag_document(table: &Table, document: &mut Document<'_>) {
    let columns = Columns::new(document);
    super::pos::tag(table, document, &columns);
}
