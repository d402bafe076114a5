//! The mail in `report.json`: each message with all that was found, each thread once.

use std::collections::BTreeMap;
use std::io::Write;

use preuve_case::{
    Address, ArcFinding, Check, CheckOutcome, ItemId, MailThread, MailVerdict, MessageFinding, MessageRef,
    Observation, ObservationKind, PartDigest, ShownLink, SignatureFinding,
};
use serde::Serialize;

use super::Mail;
use crate::ReportError;
use crate::input::MailMessage;
use crate::json::list;

#[derive(Serialize)]
struct MessageJson<'a> {
    id: ItemId,
    path: &'a str,
    index: u64,
    seen_at: &'a [MessageRef],
    message_id: Option<&'a str>,
    from: &'a [Address],
    reply_to: &'a [Address],
    to: &'a [Address],
    subject: Option<&'a str>,
    date: Option<&'a str>,
    client: Option<&'a str>,
    verdict: MailVerdict,
    reasons: &'a [String],
    signatures: &'a [SignatureFinding],
    arc: &'a ArcFinding,
    checks: &'a [Check],
    observations: Vec<ObservationJson<'a>>,
    links: &'a [ShownLink],
    parts: &'a [PartDigest],
    /// The first message of its thread.
    thread: Option<ItemId>,
}

#[derive(Serialize)]
struct ObservationJson<'a> {
    kind: ObservationKind,
    name: &'a str,
    outcome: CheckOutcome,
    bytes: &'a [(u64, u64)],
    others: &'a [MessageRef],
    facts: &'a BTreeMap<String, String>,
    note: &'a str,
}

impl<'a> ObservationJson<'a> {
    fn of(observation: &'a Observation) -> Self {
        Self {
            kind: observation.kind,
            name: &observation.name,
            outcome: observation.outcome,
            bytes: &observation.bytes,
            others: &observation.others,
            facts: &observation.facts,
            note: &observation.note,
        }
    }
}

impl<'a> MessageJson<'a> {
    fn of(message: &'a MailMessage<'_>) -> Self {
        let digest = &message.digest;
        let finding: &MessageFinding = &message.finding;
        Self {
            id: digest.at.id,
            path: &digest.at.path,
            index: digest.at.index,
            seen_at: &message.seen_at,
            message_id: digest.message_id.as_deref().or(finding.message_id.as_deref()),
            from: &digest.from,
            reply_to: &digest.reply_to,
            to: &digest.to,
            subject: digest.subject.as_deref().or(finding.subject.as_deref()),
            date: finding.date.as_deref(),
            client: digest.client.as_deref(),
            verdict: finding.verdict,
            reasons: &finding.reasons,
            signatures: &finding.signatures,
            arc: &finding.arc,
            checks: &finding.checks,
            observations: message.observations.iter().map(ObservationJson::of).collect(),
            links: &digest.links,
            parts: &digest.parts,
            thread: message.thread.as_deref().and_then(leader),
        }
    }
}

/// All messages, one a line.
pub(crate) fn write_messages(mail: &Mail<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    list(out, 0..mail.heads.len(), |out, index| {
        let message = mail.load(index)?;
        Ok(serde_json::to_writer(out, &MessageJson::of(&message))?)
    })
}

#[derive(Serialize)]
struct ThreadJson<'a> {
    id: ItemId,
    members: &'a [MessageRef],
    missing: &'a [String],
}

/// All threads of more than one message, or with a message that is missing, one a line: each where its first
/// member stands.
pub(crate) fn write_threads(mail: &Mail<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    list(out, mail.leaders.iter(), |out, &index| {
        let message = mail.load(index as usize)?;
        let thread = message.thread.as_deref();
        let json = ThreadJson {
            id: message.digest.at.id,
            members: thread.map(|thread| thread.members.as_slice()).unwrap_or_default(),
            missing: thread.map(|thread| thread.missing.as_slice()).unwrap_or_default(),
        };
        Ok(serde_json::to_writer(out, &json)?)
    })
}

/// The message that a thread goes by, where there is more to tell of it than that message.
pub(super) fn leader(thread: &MailThread) -> Option<ItemId> {
    let told = thread.members.len() > 1 || !thread.missing.is_empty();
    thread.members.first().filter(|_| told).map(|first| first.id)
}
