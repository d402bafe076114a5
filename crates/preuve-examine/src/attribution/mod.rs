//! Who says what: attribution relations (source, cue, content), and what the source does with the content.

mod document;
mod sentence;
mod token;

pub use document::{Document, Pos, Relation, Token};
