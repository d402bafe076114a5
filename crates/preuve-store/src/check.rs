//! Whether a case is whole: the database, every reference, the hash of every original and text, the journal's chain.

use preuve_case::{Diagnostic, ItemId, Severity};

use crate::items::text_hash;
use crate::originals::OriginalState;
use crate::{Case, StoreError, journal};

/// What a check looked at, and what it found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// Originals hashed.
    pub originals: usize,
    /// Texts hashed.
    pub texts: usize,
    /// Journal entries whose chain was followed.
    pub operations: usize,
    /// What is wrong; empty when nothing is.
    pub problems: Vec<Diagnostic>,
}

impl Case {
    /// Check everything there is to check. `progress` is told how many originals are done.
    pub fn check(&self, progress: &mut dyn FnMut(usize)) -> Result<CheckOutcome, StoreError> {
        let mut problems = self.check_database()?;
        problems.extend(journal::check(&self.db)?);
        let originals = self.check_originals(&mut problems, progress)?;
        self.check_message_bytes(&mut problems)?;
        let texts = self.check_texts(&mut problems)?;
        let operations = self.journal()?.len();
        Ok(CheckOutcome { originals, texts, operations, problems })
    }

    fn check_database(&self) -> Result<Vec<Diagnostic>, StoreError> {
        let mut problems = Vec::new();
        let mut query = self.db.prepare("PRAGMA integrity_check")?;
        let findings = query.query_map([], |row| row.get::<_, String>(0))?;
        for finding in findings {
            let finding = finding?;
            if finding != "ok" {
                problems.push(problem(
                    "case.db",
                    "check::database",
                    format!("the database is damaged: {finding}"),
                ));
            }
        }
        let mut query = self.db.prepare("PRAGMA foreign_key_check")?;
        let broken = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?)))?;
        for reference in broken {
            let (table, parent) = reference?;
            let message = format!("a row of `{table}` refers to a row of `{parent}` that is not there");
            problems.push(problem("case.db", "check::reference", message));
        }
        Ok(problems)
    }

    fn check_originals(
        &self,
        problems: &mut Vec<Diagnostic>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<usize, StoreError> {
        let originals = self.originals();
        let mut query = self.db.prepare(
            "SELECT id FROM items WHERE kept <> 'none'
             UNION SELECT source FROM message_sightings WHERE source IS NOT NULL ORDER BY 1",
        )?;
        let ids = query.query_map([], |row| Ok(ItemId::from_digest(row.get(0)?)))?;
        let mut known = Vec::new();
        for id in ids {
            let id = id?;
            match originals.state(id) {
                OriginalState::Sound => {}
                OriginalState::Changed => {
                    let message = "the original's bytes are not those that were added".to_owned();
                    problems.push(problem(&place(id), "check::original_changed", message).for_item(id));
                }
                OriginalState::Missing => {
                    let message = "the original is missing or cannot be read".to_owned();
                    problems.push(problem(&place(id), "check::original_missing", message).for_item(id));
                }
            }
            known.push(id);
            progress(known.len());
        }
        let stray = originals.list().map_err(StoreError::io("originals", "listed"))?;
        for file in stray {
            let name = match file {
                Ok(id) if known.binary_search(&id).is_ok() => continue,
                Ok(id) => place(id),
                Err(name) => format!("originals/{name}"),
            };
            let message = "belongs to no item: an interrupted command left it";
            problems.push(
                Diagnostic::new(name, Severity::Note, "check::stray_file", message)
                    .hint("run the interrupted command again, or leave it: it does no harm"),
            );
        }
        Ok(known.len())
    }

    /// The messages kept in the database itself; those in files stand in originals.
    fn check_message_bytes(&self, problems: &mut Vec<Diagnostic>) -> Result<(), StoreError> {
        let mut query = self.db.prepare("SELECT message, bytes FROM message_bytes")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let id = ItemId::from_digest(row.get(0)?);
            if row.get_ref(1)?.as_blob().map(ItemId::of).ok() != Some(id) {
                let message = "a mail message is not the one that was read".to_owned();
                problems.push(problem("case.db", "check::message_changed", message).for_item(id));
            }
        }
        Ok(())
    }

    fn check_texts(&self, problems: &mut Vec<Diagnostic>) -> Result<usize, StoreError> {
        let mut query = self.db.prepare("SELECT hash, text FROM texts")?;
        let mut rows = query.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let hash: [u8; 32] = row.get(0)?;
            if row.get_ref(1)?.as_str().map(text_hash).ok() != Some(hash) {
                let message = "a text is not the one that was read".to_owned();
                problems.push(problem("case.db", "check::text_changed", message));
            }
            count += 1;
        }
        Ok(count)
    }
}

fn place(id: ItemId) -> String {
    let hex = id.to_string();
    let (shelf, name) = hex.split_at(2);
    format!("originals/{shelf}/{name}")
}

fn problem(path: &str, code: &str, message: String) -> Diagnostic {
    Diagnostic::new(path, Severity::Error, code, message)
        .hint("restore the file from a copy of the case, or add the material again")
}
