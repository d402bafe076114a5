//! The engines: items in, findings out. One folder a question; pure, so the same items give the same findings.

pub mod attribution;
pub mod authenticity;
pub mod correspondence;
pub mod lineage;
pub mod lures;
