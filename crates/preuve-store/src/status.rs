//! What a case holds, in numbers.

use serde::Serialize;

use crate::{Case, Engine, JournalEntry, StoreError};

/// What a case holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Items: different bytes.
    pub items: usize,
    /// Paths they were seen under.
    pub sightings: usize,
    /// Files read.
    pub sources: usize,
    /// Bytes of all items.
    pub bytes: u64,
    /// What could not be read or may be misread.
    pub diagnostics: usize,
    /// Items with attributions.
    pub attributed: usize,
    /// Items with a lineage.
    pub traced: usize,
    /// Mail messages: different bytes.
    pub messages: usize,
    /// Places they were seen at.
    pub message_sightings: usize,
    /// Messages by verdict, in the order of the verdicts' names.
    pub verdicts: Vec<(String, usize)>,
    /// Keys of mail, as sighted.
    pub keys: usize,
    /// Claims as last weighed.
    pub claims: usize,
    /// Links judged by an analyst.
    pub links: usize,
    /// Operations in the journal.
    pub operations: usize,
    /// The last of them.
    pub last: Option<JournalEntry>,
}

impl Case {
    /// What the case holds.
    pub fn status(&self) -> Result<Status, StoreError> {
        let count = |query: &str| -> Result<u64, StoreError> {
            let count: i64 = self.db.query_row(query, [], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or(0))
        };
        let rows = |query: &str| count(query).map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let found = |engine: Engine| {
            rows(&format!("SELECT count(*) FROM findings WHERE engine = '{}'", engine.code()))
        };
        Ok(Status {
            items: rows("SELECT count(*) FROM items")?,
            sightings: rows("SELECT count(*) FROM sightings")?,
            sources: rows("SELECT count(*) FROM sources")?,
            bytes: count("SELECT coalesce(sum(byte_len), 0) FROM items")?,
            diagnostics: rows("SELECT count(*) FROM diagnostics")?,
            attributed: found(Engine::Attribution)?,
            traced: found(Engine::Lineage)?,
            messages: rows("SELECT count(*) FROM messages")?,
            message_sightings: rows("SELECT count(*) FROM message_sightings")?,
            verdicts: self.verdicts()?,
            keys: rows("SELECT count(*) FROM mail_keys")?,
            claims: rows("SELECT count(*) FROM claims")?,
            links: rows("SELECT count(*) FROM links")?,
            operations: rows("SELECT count(*) FROM journal")?,
            last: self.journal()?.pop(),
        })
    }
}
