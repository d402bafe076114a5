//! Messages held against one another: two passes over the mail of the case, of which the engines keep bounded
//! tables and not the messages. What they notice stands beside the verdicts.

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, ItemId, MessageDigest, MessageRef, Severity};
use preuve_examine::correspondence::{Correspondence, CorrespondenceParams, Mailbox, Reach};
use preuve_examine::lures::{Acquaintances, Circle, LureParams};
use preuve_store::{Case, MessageRow, Observed, PackedMessage, StoreError};

use crate::engines;
use crate::error::CommandError;
use crate::parallel::parallel_map;
use crate::session::Session;

/// Bounds of what is kept of all messages: about 150 MB together when all are met.
const CORRESPONDENCE: CorrespondenceParams = CorrespondenceParams {
    most_letters: 200_000,
    most_lines: 3_000_000,
    formula_letters: 4,
    least_letters: 12,
    least_found: 40,
    most_others: 5,
    skew_seconds: 300,
};
const LURES: LureParams = LureParams {
    most_keys: 500_000,
    most_people: 5_000,
    most_domains: 50_000,
    most_links: 100,
    known_messages: 3,
    known_days: 14,
    fresh_days: 7,
    habit_messages: 4,
    mailbox_messages: 30,
};

/// Messages in memory at one time.
const WINDOW: usize = 256;

/// Name that diagnostics of this stage are kept under.
const ENGINE: &str = "engine:correspondence";

/// Observe every message, unless nothing that the observations rest on has changed.
pub fn correspond(session: &Session, case: &mut Case) -> Result<(), CommandError> {
    let engines = engines::key_text("correspondence", &format!("{CORRESPONDENCE:?} {LURES:?}"));
    let key = case.correspondence_digest(&engines)?;
    if case.correspondence_is(&key)? {
        return Ok(());
    }
    let ids = case.message_list()?;
    let progress = session.progress("comparing", 2 * ids.len() as u64);
    let mut mailbox = Mailbox::new(CORRESPONDENCE);
    let mut acquaintances = Acquaintances::new(LURES);
    for window in ids.chunks(WINDOW) {
        for (row, places) in load(session, case, window)? {
            acquaintances.learn(&row.digest, row.finding.verdict);
            for at in places {
                mailbox.learn(&MessageDigest { at, ..row.digest.clone() }, row.finding.verdict);
            }
        }
        progress.advance(window.len());
    }
    let (correspondence, circle) = (mailbox.settle(), acquaintances.settle());
    let threads = correspondence.threads();
    let mut thread_of: BTreeMap<ItemId, usize> = BTreeMap::new();
    for (number, thread) in threads.iter().enumerate() {
        thread_of.extend(thread.members.iter().map(|member| (member.id, number)));
    }
    case.put_threads(&threads)?;
    drop(threads);
    for window in ids.chunks(WINDOW) {
        let packed = pack(case, window)?;
        let observed = parallel_map(&packed, session.threads, |(packed, _)| {
            observe(packed, &correspondence, &circle, &thread_of)
        });
        case.put_observations(&key, &observed.into_iter().collect::<Result<Vec<_>, _>>()?)?;
        progress.advance(window.len());
    }
    case.replace_diagnostics(ENGINE, &about_reach(&correspondence.reach()))?;
    Ok(())
}

type Placed<T> = Vec<(T, Vec<MessageRef>)>;

fn pack(case: &Case, ids: &[ItemId]) -> Result<Placed<PackedMessage>, CommandError> {
    let mut packed = Vec::with_capacity(ids.len());
    for &id in ids {
        if let Some(message) = case.packed_message(id)? {
            packed.push((message, case.seen_at(id)?));
        }
    }
    Ok(packed)
}

fn load(session: &Session, case: &Case, ids: &[ItemId]) -> Result<Placed<MessageRow>, CommandError> {
    let packed = pack(case, ids)?;
    let rows = parallel_map(&packed, session.threads, |(packed, _)| packed.unpack());
    let placed = rows.into_iter().zip(packed).map(|(row, (_, places))| Ok((row?, places)));
    placed.collect()
}

fn observe(
    packed: &PackedMessage,
    correspondence: &Correspondence,
    circle: &Circle,
    thread_of: &BTreeMap<ItemId, usize>,
) -> Result<Observed, StoreError> {
    let MessageRow { digest, finding } = packed.unpack()?;
    let mut observations = correspondence.observe(&digest, &finding);
    observations.extend(circle.observe(&digest, finding.verdict));
    let message = digest.at.id;
    Ok(Observed { message, observations, thread: thread_of.get(&message).copied() })
}

/// What the bounds of memory left out is said, never silently passed.
fn about_reach(reach: &Reach) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    let mut note = |code: &str, message: String| {
        told.push(Diagnostic::new("mail", Severity::Note, code, message));
    };
    if reach.letters_one_in > 1 {
        let share = reach.letters_one_in;
        note(
            "mail::letters_left_out",
            format!("one message in {share} was held against the others: there are too many"),
        );
    }
    if reach.lines_one_in > 1 {
        let share = reach.lines_one_in;
        note(
            "mail::lines_left_out",
            format!("one sentence in {share} was looked for in other messages: there are too many"),
        );
    }
    if reach.ids_left_out {
        let message =
            "not every missing message that is answered or referred to is named: there are too many";
        note("mail::ids_left_out", message.to_owned());
    }
    told
}
