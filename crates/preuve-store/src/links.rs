//! Links between items that an analyst asserts or rejects: judgements of people, kept apart from what engines find.

use preuve_case::{ItemId, LinkJudgement};
use rusqlite::params;

use crate::{Case, StoreError};

impl Case {
    /// Keep a judgement, in place of what was said of the same two items before. The order of the two means nothing.
    pub fn put_link(&mut self, judgement: &LinkJudgement) -> Result<(), StoreError> {
        let (first, second) = (judgement.a.min(judgement.b), judgement.a.max(judgement.b));
        self.transact(|db, operation| {
            let changed = db
                .prepare_cached(
                    "INSERT INTO links (a, b, linked, why, operation) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO UPDATE SET linked = excluded.linked, why = excluded.why, operation = excluded.operation
                     WHERE linked <> excluded.linked OR why <> excluded.why",
                )?
                .execute(params![first.as_bytes(), second.as_bytes(), judgement.linked, judgement.why, operation])?;
            Ok((changed > 0, ()))
        })
    }

    /// All judgements, by items.
    pub fn links(&self) -> Result<Vec<LinkJudgement>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT a, b, linked, why FROM links ORDER BY a, b")?;
        let rows = query.query_map([], |row| {
            Ok(LinkJudgement {
                a: ItemId::from_digest(row.get(0)?),
                b: ItemId::from_digest(row.get(1)?),
                linked: row.get(2)?,
                why: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
