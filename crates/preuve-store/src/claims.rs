//! The claims as last weighed.

use preuve_case::Claim;
use rusqlite::params;

use crate::{Case, StoreError};

impl Case {
    /// The claims as last weighed, in their order.
    pub fn claims(&self) -> Result<Vec<Claim>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT body FROM claims ORDER BY position")?;
        let mut claims = Vec::new();
        for body in query.query_map([], |row| row.get::<_, String>(0))? {
            claims.push(serde_json::from_str(&body?)?);
        }
        Ok(claims)
    }

    /// Keep `claims` in place of those kept before.
    pub fn put_claims(&mut self, claims: &[Claim]) -> Result<(), StoreError> {
        if self.claims()? == claims {
            return Ok(());
        }
        self.transact(|db, operation| {
            db.prepare_cached("DELETE FROM claims")?.execute([])?;
            let mut insert =
                db.prepare_cached("INSERT INTO claims (position, body, operation) VALUES (?1, ?2, ?3)")?;
            for (position, claim) in claims.iter().enumerate() {
                let position = i64::try_from(position).unwrap_or(i64::MAX);
                insert.execute(params![position, serde_json::to_string(claim)?, operation])?;
            }
            Ok((true, ()))
        })
    }
}
