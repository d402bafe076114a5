//! The engines' parameters as this command line gives them, and the names that findings are kept under.

use jiff::Timestamp;
use preuve_examine::lineage::LineageParams;
use sha2::{Digest, Sha256};

/// Raise it whenever an engine may find something else in the same item: findings kept under another revision are
/// made again.
const REVISION: u32 = 2;

/// Different texts up to which sentences are compared across languages: beyond, minutes become hours.
const SENTENCES_UP_TO: usize = 5_000;

/// The key of findings of the engine called `name`, with these parameters.
pub fn key(name: &str, parameters: &str) -> [u8; 32] {
    Sha256::digest(key_text(name, parameters)).into()
}

/// What [`key`] is the digest of.
pub fn key_text(name: &str, parameters: &str) -> String {
    format!("{name} {} revision {REVISION} ({parameters})", env!("CARGO_PKG_VERSION"))
}

/// Parameters of the lineage engine.
pub fn lineage_params(threads: usize, as_of: Option<Timestamp>) -> LineageParams {
    LineageParams { threads, as_of, sentences_up_to: SENTENCES_UP_TO }
}

/// The same as they enter the key: what changes the findings, not how quickly they are made.
pub fn lineage_key_text(params: &LineageParams) -> String {
    key_text("lineage", &format!("as_of {:?}, sentences_up_to {}", params.as_of, params.sentences_up_to))
}
