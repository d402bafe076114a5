//! The claims as last weighed, with the key they were weighed under.

use preuve_case::Claim;
use rusqlite::params;

use crate::{Case, StoreError};

impl Case {
    /// The claims, if they were weighed under `key` (a digest of all they rest on).
    pub fn claims(&self, key: &[u8; 32]) -> Result<Option<Vec<Claim>>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT key, body FROM claims ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            if row.get::<_, [u8; 32]>(0)? != *key {
                return Ok(None);
            }
            let body: String = row.get(1)?;
            claims.push(serde_json::from_str(&body)?);
        }
        Ok(if claims.is_empty() { None } else { Some(claims) })
    }

    /// Keep `claims` in place of those kept before.
    pub fn put_claims(&mut self, key: &[u8; 32], claims: &[Claim]) -> Result<(), StoreError> {
        if self.claims(key)?.is_some_and(|kept| kept == claims) {
            return Ok(());
        }
        self.transact(|db, operation| {
            let gone = db.prepare_cached("DELETE FROM claims")?.execute([])?;
            let mut insert = db.prepare_cached("INSERT INTO claims (position, key, body, operation) VALUES (?1, ?2, ?3, ?4)")?;
            for (position, claim) in claims.iter().enumerate() {
                let position = i64::try_from(position).unwrap_or(i64::MAX);
                insert.execute(params![position, key, serde_json::to_string(claim)?, operation])?;
            }
            Ok((gone > 0 || !claims.is_empty(), ()))
        })
    }
}
