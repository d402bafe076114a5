//! Messages to verdicts: those that were not judged under the keys the case holds now. Intake has judged what it
//! has just read; what is left was read before the keys came.

use preuve_case::{Diagnostic, ItemId, MessageFinding, Severity};
use preuve_store::{Case, Form};

use crate::error::CommandError;
use crate::mail::Judge;
use crate::parallel::parallel_map;
use crate::session::Session;

/// Messages judged at one time.
const WINDOW_MESSAGES: usize = 512;
/// Bytes of messages judged at one time.
const WINDOW_BYTES: usize = 8 << 20;

/// Name that diagnostics of this stage are kept under.
const ENGINE: &str = "engine:authenticity";

/// Judge every message that was not judged by `judge`.
pub fn authenticate(session: &Session, case: &mut Case, judge: &Judge) -> Result<(), CommandError> {
    let unjudged = case.messages_unjudged(&judge.key)?;
    if unjudged.is_empty() {
        return Ok(());
    }
    let progress = session.progress("judging", unjudged.len() as u64);
    let mut gone = Vec::new();
    let mut rest = unjudged.into_iter();
    loop {
        let (window, missing) = load_window(case, &mut rest)?;
        if window.is_empty() && missing.is_empty() {
            break;
        }
        let judged: Vec<(ItemId, MessageFinding)> =
            parallel_map(&window, session.threads, |(id, form, bytes)| (*id, judge.judge(bytes, *form)));
        case.put_message_findings(&judge.key, &judged)?;
        progress.advance(window.len() + missing.len());
        gone.extend(missing);
    }
    tell_gone(case, &gone)
}

type Window = Vec<(ItemId, Form, Vec<u8>)>;

/// The next messages with their bytes, and those whose bytes are no longer where they were.
fn load_window(
    case: &Case,
    rest: &mut impl Iterator<Item = (ItemId, Form)>,
) -> Result<(Window, Vec<ItemId>), CommandError> {
    let (mut window, mut missing, mut size) = (Vec::new(), Vec::new(), 0);
    for (id, form) in rest {
        match case.message_bytes(id)? {
            Some(bytes) => {
                size += bytes.len();
                window.push((id, form, bytes));
            }
            None => missing.push(id),
        }
        if window.len() + missing.len() >= WINDOW_MESSAGES || size >= WINDOW_BYTES {
            break;
        }
    }
    Ok((window, missing))
}

/// A message whose bytes are gone keeps the verdict it had under the keys known then, and that is said.
fn tell_gone(case: &mut Case, gone: &[ItemId]) -> Result<(), CommandError> {
    let mut diagnostics = Vec::new();
    for &id in gone {
        let at = case.seen_at(id)?.into_iter().next();
        let (path, index) = at.map_or((id.to_string(), 0), |at| (at.path, at.index));
        let message = format!(
            "message {index} is no longer there byte for byte; its verdict rests on the keys known when it was read"
        );
        diagnostics.push(
            Diagnostic::new(path, Severity::Error, "mail::bytes_gone", message)
                .hint("bring the mailbox back to where it was, then run the command again"),
        );
    }
    case.replace_diagnostics(ENGINE, &diagnostics)?;
    Ok(())
}
