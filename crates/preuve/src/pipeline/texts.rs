//! Which items are compared with one another and weighed into claims: all of them, unless mail would drown the rest.
//!
//! Lineage holds all texts in memory, and a claim that a thousand letters repeat among themselves is not one that a
//! thousand articles carry. So beyond a bound the words of mail are attributed and shown, no more; that is said.

use std::collections::BTreeSet;

use preuve_case::{Diagnostic, ItemId, Severity};
use preuve_store::Case;

use crate::error::CommandError;

/// Bytes of mail up to which its words are compared and weighed.
const MAIL_BYTES: u64 = 32 << 20;

/// Name that the note is kept under.
const SOURCE: &str = "stage:texts";

/// Items left out of lineage and claims; what is left out is noted in the case.
pub fn left_out(case: &mut Case) -> Result<BTreeSet<ItemId>, CommandError> {
    let (mail, bytes) = case.mail_texts()?;
    let left = if bytes > MAIL_BYTES { mail } else { BTreeSet::new() };
    let note = |left: &BTreeSet<ItemId>| {
        let message = format!(
            "the words of {} messages are too much to be compared with the articles and weighed into claims",
            left.len()
        );
        Diagnostic::new("mail", Severity::Note, "mail::words_not_weighed", message)
            .hint("examine the messages that matter by themselves, beside the articles")
    };
    let told: Vec<Diagnostic> = Some(&left).filter(|left| !left.is_empty()).map(note).into_iter().collect();
    case.replace_diagnostics(SOURCE, &told)?;
    Ok(left)
}
