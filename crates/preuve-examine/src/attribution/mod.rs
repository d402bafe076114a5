//! Who says what: attribution relations (source, cue, content), and what the source does with the content.

mod codes;
mod columns;
mod crf;
mod decode;
mod document;
mod engine;
mod judge;
mod labels;
mod lexicon;
mod link;
mod matrix;
mod model;
mod network;
mod overlooked;
mod pos;
mod quote;
mod sentence;
mod strength;
mod table;
mod token;
pub mod training;
mod words;

pub use document::{Document, Pos, Relation, Token};
pub use engine::Attributor;
pub use model::WeightsError;
