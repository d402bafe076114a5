//! The messages around one: those before and after it in its thread, and those that are named and not at hand.

use std::collections::BTreeSet;

use jiff::civil::Date;
use preuve_case::{MailThread, MailVerdict, MessageDigest, MessageRef};

use super::{Mail, mail_day};
use crate::ReportError;
use crate::input::MailMessage;

/// A line of the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    /// A message at hand.
    Here {
        /// Its place in the report; `None` where the report does not hold it.
        index: Option<usize>,
        /// Whether it is the one the thread is shown for.
        current: bool,
        date: Option<Date>,
        sender: Option<String>,
        verdict: Option<MailVerdict>,
        at: MessageRef,
    },
    /// A message that others name by its `Message-ID` and that is not at hand.
    Missing(String),
}

/// The part of a thread that is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Thread {
    pub rows: Vec<Row>,
    pub members: usize,
    pub missing: usize,
    /// Members before the first row and after the last.
    pub before: usize,
    pub after: usize,
}

/// Members shown.
const SHOWN: usize = 12;
/// Missing messages shown.
const GAPS: usize = 8;

/// The thread of `message`, as much of it as is shown.
pub(crate) fn thread(mail: &Mail<'_>, message: &MailMessage<'_>) -> Result<Option<Thread>, ReportError> {
    let Some(thread) = message.thread.as_deref() else { return Ok(None) };
    if thread.members.len() < 2 && thread.missing.is_empty() {
        return Ok(None);
    }
    let here = thread.members.iter().position(|member| member.id == message.digest.at.id).unwrap_or(0);
    let start = here.saturating_sub(SHOWN / 2).min(thread.members.len().saturating_sub(SHOWN));
    let mut gaps = Gaps::of(thread);
    let mut rows = Vec::new();
    for member in thread.members.iter().skip(start).take(SHOWN) {
        let found = mail.find(member)?;
        if let Some((_, found)) = &found {
            rows.extend(gaps.before(&found.digest));
        }
        rows.push(Row::Here {
            index: found.as_ref().map(|(index, _)| *index),
            current: member.id == message.digest.at.id,
            date: found.as_ref().and_then(|(_, found)| mail_day(&found.digest)),
            sender: found.as_ref().and_then(|(_, found)| sender(&found.digest)),
            verdict: found.as_ref().map(|(_, found)| found.finding.verdict),
            at: member.clone(),
        });
    }
    let shown = thread.members.len().min(SHOWN);
    Ok(Some(Thread {
        rows,
        members: thread.members.len(),
        missing: thread.missing.len(),
        before: start,
        after: thread.members.len() - start - shown,
    }))
}

fn sender(digest: &MessageDigest) -> Option<String> {
    let from = digest.from.first()?;
    Some(from.name.clone().unwrap_or_else(|| from.address.clone()))
}

/// The missing messages that have not been placed.
struct Gaps<'t> {
    left: BTreeSet<&'t str>,
    placed: usize,
}

impl<'t> Gaps<'t> {
    fn of(thread: &'t MailThread) -> Self {
        Self { left: thread.missing.iter().map(String::as_str).collect(), placed: 0 }
    }

    /// Those that `digest` is the first to name: they came before it.
    fn before(&mut self, digest: &MessageDigest) -> Vec<Row> {
        let mut rows = Vec::new();
        for id in digest.references.iter().chain(&digest.in_reply_to) {
            if self.placed < GAPS && self.left.remove(id.as_str()) {
                self.placed += 1;
                rows.push(Row::Missing(id.clone()));
            }
        }
        rows
    }
}
