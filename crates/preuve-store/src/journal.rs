//! The journal of operations: which command, with which parameters, on what, by which version, when.
//!
//! Each entry holds the hash of the one before, so that an entry changed, dropped or slipped in later shows.
//! No account or machine name is recorded. An operation enters the journal with the first thing it changes;
//! one that changes nothing leaves no trace.

use preuve_case::{Diagnostic, Severity};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::StoreError;

/// What is about to be done to a case.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// The command (`case add`).
    pub command: String,
    /// Its parameters, in a fixed order.
    pub parameters: serde_json::Value,
    /// What it was given to read.
    pub inputs: Vec<String>,
    /// Version of the program.
    pub version: String,
    /// When it was started, UTC.
    pub time: jiff::Timestamp,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    /// Place in the journal, from 1.
    pub seq: i64,
    /// When, RFC 3339.
    pub time: String,
    /// Version of the program.
    pub version: String,
    /// The command.
    pub command: String,
    /// Parameters as JSON.
    pub parameters: String,
    /// Inputs as a JSON list.
    pub inputs: String,
    /// Hash of the entry before; zeros for the first.
    pub previous: [u8; 32],
    /// SHA-256 over all of the above, each preceded by its length.
    pub hash: [u8; 32],
}

impl JournalEntry {
    fn chained(seq: i64, previous: [u8; 32], operation: &Operation) -> Result<Self, StoreError> {
        let mut entry = Self {
            seq,
            time: operation.time.to_string(),
            version: operation.version.clone(),
            command: operation.command.clone(),
            parameters: operation.parameters.to_string(),
            inputs: serde_json::to_string(&operation.inputs)?,
            previous,
            hash: [0; 32],
        };
        entry.hash = entry.expected_hash();
        Ok(entry)
    }

    fn expected_hash(&self) -> [u8; 32] {
        let seq = self.seq.to_le_bytes();
        let fields: [&[u8]; 7] = [
            &seq,
            self.time.as_bytes(),
            self.version.as_bytes(),
            self.command.as_bytes(),
            self.parameters.as_bytes(),
            self.inputs.as_bytes(),
            &self.previous,
        ];
        let mut hasher = Sha256::new();
        for field in fields {
            hasher.update((field.len() as u64).to_le_bytes());
            hasher.update(field);
        }
        hasher.finalize().into()
    }
}

/// Append `operation`; its number.
pub(crate) fn append(transaction: &Transaction, operation: &Operation) -> Result<i64, StoreError> {
    let last = transaction
        .prepare_cached("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, [0; 32]), |(seq, hash)| (seq + 1, hash));
    let entry = JournalEntry::chained(seq, previous, operation)?;
    transaction
        .prepare_cached(
            "INSERT INTO journal (seq, time, version, command, parameters, inputs, previous, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            entry.seq,
            entry.time,
            entry.version,
            entry.command,
            entry.parameters,
            entry.inputs,
            entry.previous,
            entry.hash
        ])?;
    Ok(entry.seq)
}

/// The whole journal, oldest first.
pub(crate) fn entries(db: &Connection) -> Result<Vec<JournalEntry>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT seq, time, version, command, parameters, inputs, previous, hash FROM journal ORDER BY seq",
    )?;
    let rows = query.query_map([], |row| {
        Ok(JournalEntry {
            seq: row.get(0)?,
            time: row.get(1)?,
            version: row.get(2)?,
            command: row.get(3)?,
            parameters: row.get(4)?,
            inputs: row.get(5)?,
            previous: row.get(6)?,
            hash: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where the chain is broken.
pub(crate) fn check(db: &Connection) -> Result<Vec<Diagnostic>, StoreError> {
    let mut problems = Vec::new();
    let mut previous = [0; 32];
    for (at, entry) in entries(db)?.iter().enumerate() {
        let broken = |code: &str, message: String| {
            Diagnostic::new("case.db", Severity::Error, code, message)
                .hint("compare the journal with a copy of the case made earlier")
        };
        if entry.hash != entry.expected_hash() {
            let message = format!("journal entry {} was changed after it was written", entry.seq);
            problems.push(broken("check::journal_entry", message));
        }
        if entry.previous != previous || entry.seq != at as i64 + 1 {
            let message = format!("journal entry {} does not follow the entry before it", entry.seq);
            problems.push(broken("check::journal_chain", message));
        }
        previous = entry.hash;
    }
    Ok(problems)
}
