//! What engines found, an entry an item, with the key it was computed under: nothing is computed twice.

use preuve_case::ItemId;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

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
    /// Items that have no finding of `engine` under `key` (a digest of the engine's version and parameters), and
    /// the bytes of their longest text.
    pub fn pending(&self, engine: Engine, key: &[u8; 32]) -> Result<Vec<(ItemId, u64)>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT s.item, max(octet_length(t.text)) FROM sightings s JOIN texts t ON t.hash = s.text
             WHERE NOT EXISTS
             (SELECT 1 FROM findings f WHERE f.engine = ?1 AND f.item = s.item AND f.key = ?2)
             GROUP BY s.item ORDER BY s.item",
        )?;
        let rows = query.query_map(params![engine.code(), key], |row| {
            let length = row.get::<_, i64>(1)?;
            Ok((ItemId::from_digest(row.get(0)?), u64::try_from(length).unwrap_or(0)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A digest of all that an engine which looks at the whole case rests on: `engine` (its name, version and
    /// parameters), the items with what is said of them, and the analyst's links.
    pub fn fingerprint(&self, engine: &str) -> Result<[u8; 32], StoreError> {
        let mut hasher = Sha256::new();
        let mut take = |field: &[u8]| {
            hasher.update((field.len() as u64).to_le_bytes());
            hasher.update(field);
        };
        take(engine.as_bytes());
        let mut query = self
            .db
            .prepare_cached("SELECT item, path, meta, lang, text FROM sightings ORDER BY item, path")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            take(&row.get::<_, [u8; 32]>(0)?);
            take(row.get::<_, String>(1)?.as_bytes());
            take(row.get::<_, String>(2)?.as_bytes());
            take(row.get::<_, String>(3)?.as_bytes());
            take(&row.get::<_, [u8; 32]>(4)?);
        }
        for link in self.links()? {
            take(serde_json::to_string(&link)?.as_bytes());
        }
        Ok(hasher.finalize().into())
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
    pub fn finding<T: DeserializeOwned>(
        &self,
        engine: Engine,
        item: ItemId,
    ) -> Result<Option<T>, StoreError> {
        let body: Option<String> = self
            .db
            .prepare_cached("SELECT body FROM findings WHERE engine = ?1 AND item = ?2")?
            .query_row(params![engine.code(), item.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }
}
