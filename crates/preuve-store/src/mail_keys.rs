//! The keys that the case's mail is judged under: sightings that stand side by side, none dropped for another.

use preuve_case::KeySighting;
use rusqlite::params;
use sha2::{Digest, Sha256};

use crate::{Case, StoreError};

/// A key record as it was seen somewhere, or as it was recovered from messages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailKey {
    /// Where and when it was seen.
    pub sighting: KeySighting,
    /// The TXT record.
    pub txt: String,
    /// Whether it was computed from messages: nobody attests that the domain published it.
    pub recovered: bool,
}

impl Case {
    /// Add sightings; how many the case did not have. The same sighting twice is one.
    pub fn add_keys(&mut self, keys: &[MailKey]) -> Result<usize, StoreError> {
        if keys.is_empty() {
            return Ok(0);
        }
        self.transact(|db, operation| {
            let mut insert = db.prepare_cached(
                "INSERT OR IGNORE INTO mail_keys (name, txt, origin, first_seen, last_seen, recovered, operation)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            let mut added = 0;
            for key in keys {
                let KeySighting { name, origin, first_seen, last_seen } = &key.sighting;
                // An empty text stands for none, so that the whole row can be the key.
                let (first, last) = (first_seen.as_deref().unwrap_or(""), last_seen.as_deref().unwrap_or(""));
                added +=
                    insert.execute(params![name, key.txt, origin, first, last, key.recovered, operation])?;
            }
            Ok((added > 0, added))
        })
    }

    /// All sightings to `take`, by name, record, origin and time: the order in which they were added never shows.
    pub fn for_each_key(&self, take: &mut dyn FnMut(MailKey)) -> Result<(), StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT name, txt, origin, first_seen, last_seen, recovered FROM mail_keys
             ORDER BY name, txt, origin, first_seen, last_seen, recovered",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let time =
                |column| row.get::<_, String>(column).map(|time| Some(time).filter(|it| !it.is_empty()));
            let sighting = KeySighting {
                name: row.get(0)?,
                origin: row.get(2)?,
                first_seen: time(3)?,
                last_seen: time(4)?,
            };
            take(MailKey { sighting, txt: row.get(1)?, recovered: row.get(5)? });
        }
        Ok(())
    }

    /// A digest of all keys and of `engine` (the judging engine's name, version and parameters): what a verdict
    /// rests on besides the message.
    pub fn keys_digest(&self, engine: &str) -> Result<[u8; 32], StoreError> {
        let mut hasher = Sha256::new();
        let mut take = |field: &str| {
            hasher.update((field.len() as u64).to_le_bytes());
            hasher.update(field);
        };
        take(engine);
        self.for_each_key(&mut |key| {
            let KeySighting { name, origin, first_seen, last_seen } = &key.sighting;
            let times = [first_seen, last_seen].map(|time| time.as_deref().unwrap_or(""));
            let recovered = if key.recovered { "recovered" } else { "seen" };
            [name, &key.txt, origin, times[0], times[1], recovered].into_iter().for_each(&mut take);
        })?;
        Ok(hasher.finalize().into())
    }
}
