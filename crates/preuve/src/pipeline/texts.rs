//! Which items are compared with one another and weighed into claims: all of them, unless mail would drown the rest.
//!
//! Lineage holds all texts in memory, and a claim that a thousand letters repeat among themselves is not one that a
//! thousand articles carry. So beyond a bound the words of mail are attributed and shown, no more; beyond it again
//! what was attached to mail, too. That is said.

use std::collections::BTreeSet;

use preuve_case::{Diagnostic, ItemId, Severity};
use preuve_store::{Case, MailTexts};

use crate::error::CommandError;

/// Bytes of texts that came with mail up to which they are compared and weighed.
const MAIL_BYTES: u64 = 32 << 20;

/// Name that the note is kept under.
const SOURCE: &str = "stage:texts";

/// Items left out of lineage and claims; what is left out is noted in the case.
pub fn left_out(case: &mut Case) -> Result<BTreeSet<ItemId>, CommandError> {
    let (words, bytes_of_words) = case.mail_texts(MailTexts::Words)?;
    let (attached, bytes_attached) = case.mail_texts(MailTexts::Attachments)?;
    let (mut left, mut told) = (BTreeSet::new(), Vec::new());
    if bytes_of_words + bytes_attached > MAIL_BYTES && !words.is_empty() {
        let message = format!(
            "the words of {} messages are too much to be compared with the articles and weighed into claims",
            words.len()
        );
        told.push(note("mail::words_not_weighed", message));
        left.extend(words);
    }
    if bytes_attached > MAIL_BYTES {
        let message = format!(
            "{} texts attached to messages are too much to be compared with the articles and weighed into claims",
            attached.len()
        );
        told.push(note("mail::attachments_not_weighed", message));
        left.extend(attached);
    }
    case.replace_diagnostics(SOURCE, &told)?;
    Ok(left)
}

fn note(code: &str, message: String) -> Diagnostic {
    Diagnostic::new("mail", Severity::Note, code, message)
        .hint("examine the messages that matter by themselves, beside the articles")
}
