//! What engines found, an entry an item, with the key it was computed under: nothing is computed twice.

use preuve_case::ItemId;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Case, StoreError};

/// An engine whose findings are kept item by item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Attributions; body `ItemAttributions`.
    Attribution,
    /// Lineage; body `LineageFinding`.
    Lineage,
}

impl Engine {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Attribution => "attribution",
            Self::Lineage => "lineage",
        }
    }
}

impl Case {
    /// Items that have no finding of `engine` under `key` (a digest of the engine's version and parameters), by path.
    pub fn pending(&self, engine: Engine, key: &[u8; 32]) -> Result<Vec<ItemId>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT i.id FROM items i WHERE NOT EXISTS
             (SELECT 1 FROM findings f WHERE f.engine = ?1 AND f.item = i.id AND f.key = ?2)",
        )?;
        let rows = query.query_map(params![engine.code(), key], |row| Ok(ItemId::from_digest(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keep findings; one transaction.
    pub fn put_findings<T: Serialize>(
        &mut self,
        engine: Engine,
        key: &[u8; 32],
        findings: &[(ItemId, T)],
    ) -> Result<(), StoreError> {
        if findings.is_empty() {
            return Ok(());
        }
        self.transact(|db, operation| {
            let mut insert = db.prepare_cached(
                "INSERT OR REPLACE INTO findings (engine, item, key, body, operation) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for (item, finding) in findings {
                let body = serde_json::to_string(finding)?;
                insert.execute(params![engine.code(), item.as_bytes(), key, body, operation])?;
            }
            Ok((true, ()))
        })
    }

    /// The finding about one item, whatever key it was computed under.
    pub fn finding<T: DeserializeOwned>(&self, engine: Engine, item: ItemId) -> Result<Option<T>, StoreError> {
        let body: Option<String> = self
            .db
            .prepare_cached("SELECT body FROM findings WHERE engine = ?1 AND item = ?2")?
            .query_row(params![engine.code(), item.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }
}
