//! Mail messages, where they were seen, what is found about them, and the way back to their bytes.
//!
//! Bytes that are the same are one message; the mailboxes it stands in are its sightings. A message is called by
//! the first of them, by path and number, so that the order of adding never shows.

use std::collections::BTreeMap;

use preuve_case::{ItemId, MailThread, MailVerdict, MessageDigest, MessageFinding, MessageRef, Observation};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};

use crate::items::{tag, untag};
use crate::lines::{put_lines, take_lines};
use crate::{Added, Case, ReadSource, StoreError};

/// Where the bytes of a message are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bytes {
    /// In an original, from a byte on: the file it is, or the mailbox it stands in.
    Original {
        /// Id of the original.
        source: ItemId,
        /// First byte.
        start: u64,
        /// Number of bytes.
        length: u64,
    },
    /// Packed in something else; they are kept in the database.
    Kept(Vec<u8>),
}

/// How the bytes of a message were come by; what a verdict may rest on depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Whether it was cut from a mailbox, where bodies may bear `>From ` quoting.
    pub in_mailbox: bool,
    /// Whether the bytes that were sent are gone and these were put together from what a file held.
    pub rebuilt: bool,
}

/// A message as a reader gave it, judged already.
#[derive(Debug, Clone)]
pub struct ReadMessage {
    /// Where it was seen.
    pub at: MessageRef,
    /// What it says of itself. The path and index of its own `at` are left empty: bytes that are the same give the
    /// same digest wherever they stand.
    pub digest: MessageDigest,
    /// How its bytes were come by.
    pub form: Form,
    /// Its bytes.
    pub bytes: Bytes,
    /// What its signatures amount to.
    pub finding: MessageFinding,
    /// Digest of the keys and the engine it was judged under (see [`Case::keys_digest`]).
    pub judged_under: [u8; 32],
}

/// How far a mailbox was read: an interrupted reading goes on there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxProgress {
    /// The mailbox.
    pub source: ReadSource,
    /// Byte of the mailbox behind the last message that was read; 0 in a mailbox of Outlook, whose messages are no
    /// ranges of bytes.
    pub start: u64,
    /// Number of the next message, or of what stands in its place.
    pub number: u64,
}

/// A message of the case, loaded.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// What it says of itself, under its first sighting.
    pub digest: MessageDigest,
    /// What its signatures amount to.
    pub finding: MessageFinding,
}

/// A message as it lies in the database.
#[derive(Debug, Clone)]
pub struct PackedMessage {
    at: MessageRef,
    digest: String,
    lines: Vec<u8>,
    finding: String,
}

impl PackedMessage {
    /// What its signatures amount to.
    pub fn finding(&self) -> Result<MessageFinding, StoreError> {
        Ok(serde_json::from_str(&self.finding)?)
    }

    /// The message.
    pub fn unpack(&self) -> Result<MessageRow, StoreError> {
        let mut digest: MessageDigest = serde_json::from_str(&self.digest)?;
        put_lines(&mut digest, &self.lines)?;
        digest.at = self.at.clone();
        Ok(MessageRow { digest, finding: self.finding()? })
    }
}

/// What is noticed about one message beside its signatures.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The message.
    pub message: ItemId,
    /// What was noticed.
    pub observations: Vec<Observation>,
    /// Place of its thread in the list of threads.
    pub thread: Option<usize>,
}

impl Case {
    /// How far mailboxes were read that were not read to their end, with the same reader and parameters.
    pub fn mailboxes_begun(&self, reader: &[u8; 32]) -> Result<BTreeMap<ReadSource, (u64, u64)>, StoreError> {
        let mut query = self
            .db
            .prepare_cached("SELECT path, digest, start, number FROM mailbox_progress WHERE reader = ?1")?;
        let rows = query.query_map([reader], |row| {
            let source = ReadSource { path: row.get(0)?, digest: ItemId::from_digest(row.get(1)?) };
            Ok((source, (unsigned(row.get(2)?), unsigned(row.get(3)?))))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Number of messages.
    pub fn message_count(&self) -> Result<usize, StoreError> {
        let count: i64 = self.db.query_row("SELECT count(*) FROM messages", [], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Every place a message was seen at, by path and number.
    pub fn message_sightings(&self) -> Result<Vec<MessageRef>, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT path, number, message FROM message_sightings ORDER BY 1, 2, 3")?;
        let rows = query.query_map([], reference)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Ids of the messages in the order of their first sightings.
    pub fn message_list(&self) -> Result<Vec<ItemId>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT s.message FROM message_sightings s WHERE NOT EXISTS
             (SELECT 1 FROM message_sightings t WHERE t.message = s.message
              AND (t.path, t.number) < (s.path, s.number)) ORDER BY s.path, s.number, s.message",
        )?;
        let rows = query.query_map([], |row| Ok(ItemId::from_digest(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All places one message was seen at, the first in front.
    pub fn seen_at(&self, message: ItemId) -> Result<Vec<MessageRef>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT path, number, message FROM message_sightings WHERE message = ?1 ORDER BY path, number",
        )?;
        let rows = query.query_map([message.as_bytes()], reference)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One message as it lies in the database: reading it is left to the caller, who may have several threads.
    pub fn packed_message(&self, id: ItemId) -> Result<Option<PackedMessage>, StoreError> {
        let row: Option<(String, Vec<u8>, String)> = self
            .db
            .prepare_cached(
                "SELECT m.digest, m.lines, f.body FROM messages m JOIN message_findings f ON f.message = m.id
                 WHERE m.id = ?1",
            )?
            .query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((digest, lines, finding)) = row else { return Ok(None) };
        let at = self.seen_at(id)?.into_iter().next();
        let at = at.ok_or_else(|| StoreError::Corrupt(format!("message {id} was seen nowhere")))?;
        Ok(Some(PackedMessage { at, digest, lines, finding }))
    }

    /// Messages whose finding was made under other keys, or another engine, than `judged_under`, and how the bytes
    /// of each were come by; by id.
    pub fn messages_unjudged(&self, judged_under: &[u8; 32]) -> Result<Vec<(ItemId, Form)>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT m.id, m.in_mailbox, m.rebuilt FROM messages m WHERE NOT EXISTS
             (SELECT 1 FROM message_findings f WHERE f.message = m.id AND f.key = ?1) ORDER BY m.id",
        )?;
        let rows = query.query_map([judged_under], |row| {
            Ok((ItemId::from_digest(row.get(0)?), Form { in_mailbox: row.get(1)?, rebuilt: row.get(2)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of a message from wherever they still are and still have its id; `None` where nowhere.
    pub fn message_bytes(&self, id: ItemId) -> Result<Option<Vec<u8>>, StoreError> {
        let kept: Option<Vec<u8>> = self
            .db
            .prepare_cached("SELECT bytes FROM message_bytes WHERE message = ?1")?
            .query_row([id.as_bytes()], |row| row.get(0))
            .optional()?;
        if kept.is_some() {
            return Ok(kept);
        }
        let mut query = self.db.prepare_cached(
            "SELECT source, start, length FROM message_sightings
             WHERE message = ?1 AND source IS NOT NULL ORDER BY path, number",
        )?;
        let mut rows = query.query([id.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let source = ItemId::from_digest(row.get(0)?);
            let (start, length) = (unsigned(row.get(1)?), unsigned(row.get(2)?));
            let bytes = self.originals().read_range(source, start, length)?;
            if let Some(bytes) = bytes.filter(|bytes| ItemId::of(bytes) == id) {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// Keep what signatures amount to under the keys and engine of `judged_under`; one transaction.
    pub fn put_message_findings(
        &mut self,
        judged_under: &[u8; 32],
        findings: &[(ItemId, MessageFinding)],
    ) -> Result<(), StoreError> {
        if findings.is_empty() {
            return Ok(());
        }
        self.transact(|db, operation| {
            for (message, finding) in findings {
                put_finding(db, operation, *message, judged_under, finding)?;
            }
            Ok((true, ()))
        })
    }

    /// A digest of all that looking at the whole correspondence rests on: `engines` (their names, versions and
    /// parameters), the messages, where they were seen, and under what each was judged.
    pub fn correspondence_digest(&self, engines: &str) -> Result<[u8; 32], StoreError> {
        let mut hasher = Sha256::new();
        let mut take = |field: &[u8]| {
            hasher.update((field.len() as u64).to_le_bytes());
            hasher.update(field);
        };
        take(engines.as_bytes());
        let mut query = self.db.prepare_cached(
            "SELECT s.path, s.number, s.message, f.key FROM message_sightings s
             JOIN message_findings f ON f.message = s.message ORDER BY 1, 2, 3",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            take(row.get::<_, String>(0)?.as_bytes());
            take(&row.get::<_, i64>(1)?.to_le_bytes());
            take(&row.get::<_, [u8; 32]>(2)?);
            take(&row.get::<_, [u8; 32]>(3)?);
        }
        Ok(hasher.finalize().into())
    }

    /// Whether every message was looked at under `key` (see [`Case::correspondence_digest`]).
    pub fn correspondence_is(&self, key: &[u8; 32]) -> Result<bool, StoreError> {
        let missing: i64 = self
            .db
            .prepare_cached(
                "SELECT count(*) FROM messages m WHERE NOT EXISTS
                 (SELECT 1 FROM message_observations o WHERE o.message = m.id AND o.key = ?1)",
            )?
            .query_row([key], |row| row.get(0))?;
        Ok(missing == 0)
    }

    /// Keep what was noticed beside the signatures; one transaction.
    pub fn put_observations(&mut self, key: &[u8; 32], observed: &[Observed]) -> Result<(), StoreError> {
        if observed.is_empty() {
            return Ok(());
        }
        self.transact(|db, operation| {
            let mut insert = db.prepare_cached(
                "INSERT OR REPLACE INTO message_observations (message, key, body, thread, operation)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for about in observed {
                let body = serde_json::to_string(&about.observations)?;
                let thread = about.thread.map(|thread| signed(thread as u64));
                insert.execute(params![about.message.as_bytes(), key, body, thread, operation])?;
            }
            Ok((true, ()))
        })
    }

    /// Keep the threads in place of those kept before.
    pub fn put_threads(&mut self, threads: &[MailThread]) -> Result<(), StoreError> {
        self.transact(|db, operation| {
            let gone = db.prepare_cached("DELETE FROM mail_threads")?.execute([])?;
            let mut insert =
                db.prepare_cached("INSERT INTO mail_threads (number, body, operation) VALUES (?1, ?2, ?3)")?;
            for (number, thread) in threads.iter().enumerate() {
                insert.execute(params![signed(number as u64), serde_json::to_string(thread)?, operation])?;
            }
            Ok((gone > 0 || !threads.is_empty(), ()))
        })
    }

    /// What was noticed about one message beside its signatures, and the place of its thread in
    /// [`Case::threads`].
    pub fn observed(&self, message: ItemId) -> Result<(Vec<Observation>, Option<usize>), StoreError> {
        let row: Option<(String, Option<i64>)> = self
            .db
            .prepare_cached("SELECT body, thread FROM message_observations WHERE message = ?1")?
            .query_row([message.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((observations, thread)) = row else { return Ok((Vec::new(), None)) };
        let thread = thread.map(|thread| usize::try_from(thread).unwrap_or(usize::MAX));
        Ok((serde_json::from_str(&observations)?, thread))
    }

    /// The threads, in their order.
    pub fn threads(&self) -> Result<Vec<MailThread>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT body FROM mail_threads ORDER BY number")?;
        let mut threads = Vec::new();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            threads.push(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(threads)
    }

    /// Messages by verdict, in the order of the verdicts.
    pub(crate) fn verdicts(&self) -> Result<Vec<(String, usize)>, StoreError> {
        let mut query =
            self.db.prepare_cached("SELECT verdict, count(*) FROM message_findings GROUP BY verdict")?;
        let mut counts: Vec<(MailVerdict, usize)> = Vec::new();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let verdict = untag(&row.get::<_, String>(0)?)?;
            counts.push((verdict, usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0)));
        }
        counts.sort();
        counts.into_iter().map(|(verdict, count)| Ok((tag(&verdict)?, count))).collect()
    }
}

fn reference(row: &Row) -> rusqlite::Result<MessageRef> {
    let id = ItemId::from_digest(row.get(2)?);
    Ok(MessageRef { path: row.get(0)?, index: unsigned(row.get(1)?), id })
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Add a message and where it was seen; whether that changed anything.
pub(crate) fn add_message(
    db: &Transaction,
    operation: i64,
    read: &ReadMessage,
    added: &mut Added,
) -> Result<bool, StoreError> {
    let at = &read.at;
    let id = at.id.as_bytes();
    let known: Option<bool> = db
        .prepare_cached("SELECT in_mailbox FROM messages WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    added.messages += usize::from(known.is_none());
    // Cut from a mailbox, a message is judged with more forms of its body; that wins, whichever came first.
    let in_mailbox = read.form.in_mailbox || known == Some(true);
    let mut digest = read.digest.clone();
    let lines = take_lines(&mut digest);
    let written = db
        .prepare_cached(
            "INSERT INTO messages (id, in_mailbox, rebuilt, digest, lines, operation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET in_mailbox = excluded.in_mailbox, digest = excluded.digest,
             lines = excluded.lines, operation = excluded.operation
             WHERE in_mailbox <> excluded.in_mailbox OR digest <> excluded.digest OR lines <> excluded.lines",
        )?
        .execute(params![
            id,
            in_mailbox,
            read.form.rebuilt,
            serde_json::to_string(&digest)?,
            lines,
            operation
        ])?;
    let changed = written > 0;
    if changed {
        forget(db, at.id)?;
        if in_mailbox == read.form.in_mailbox {
            put_finding(db, operation, at.id, &read.judged_under, &read.finding)?;
        }
    }
    let (source, start, length) = match &read.bytes {
        Bytes::Original { source, start, length } => (Some(source.as_bytes()), *start, *length),
        Bytes::Kept(bytes) => {
            db.prepare_cached("INSERT OR IGNORE INTO message_bytes (message, bytes) VALUES (?1, ?2)")?
                .execute(params![id, bytes])?;
            (None, 0, bytes.len() as u64)
        }
    };
    let new = db
        .prepare_cached(
            "INSERT OR IGNORE INTO message_sightings (path, number, message, source, start, length, operation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![at.path, signed(at.index), id, source, signed(start), signed(length), operation])?;
    Ok(changed || new > 0)
}

/// What was found about a message as it was before.
fn forget(db: &Transaction, message: ItemId) -> Result<(), StoreError> {
    for table in ["message_findings", "message_observations"] {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE message = ?1"))?
            .execute([message.as_bytes()])?;
    }
    Ok(())
}

fn put_finding(
    db: &Transaction,
    operation: i64,
    message: ItemId,
    judged_under: &[u8; 32],
    finding: &MessageFinding,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO message_findings (message, key, verdict, body, operation)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        message.as_bytes(),
        judged_under,
        tag(&finding.verdict)?,
        serde_json::to_string(finding)?,
        operation
    ])?;
    Ok(())
}

/// Note how far a mailbox was read; what was said of the file as it was before is forgotten at the beginning.
pub(crate) fn add_progress(
    db: &Transaction,
    operation: i64,
    reader: &[u8; 32],
    progress: &MailboxProgress,
) -> Result<bool, StoreError> {
    let ReadSource { path, digest } = &progress.source;
    let known: Option<([u8; 32], i64)> = db
        .prepare_cached("SELECT reader, start FROM mailbox_progress WHERE path = ?1 AND digest = ?2")?
        .query_row(params![path, digest.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if known == Some((*reader, signed(progress.start))) {
        return Ok(false);
    }
    if known.is_none_or(|(known, _)| known != *reader) {
        db.prepare_cached("DELETE FROM diagnostics WHERE source = ?1")?.execute([path])?;
    }
    db.prepare_cached(
        "INSERT OR REPLACE INTO mailbox_progress (path, digest, reader, start, number, operation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        path,
        digest.as_bytes(),
        reader,
        signed(progress.start),
        signed(progress.number),
        operation
    ])?;
    Ok(true)
}
