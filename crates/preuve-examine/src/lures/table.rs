//! Tables of bounded size whose content does not depend on the order in which they were filled.
//!
//! A full table keeps the entries with the smallest keys. A key that is kept now was among the smallest when it came
//! first and ever since, so what is counted for it is exact; of a key that is not kept, the table knows whether it
//! was ever seen. Keys are hashes, so the entries that stay are a sample without regard to what they stand for.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// What a table knows of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known<T> {
    /// Seen.
    Seen(T),
    /// Never seen.
    Never,
    /// The table is full, and its answer would be a guess.
    Untold,
}

impl<T> Known<T> {
    pub(super) fn seen(self) -> Option<T> {
        match self {
            Known::Seen(value) => Some(value),
            Known::Never | Known::Untold => None,
        }
    }
}

/// At most `most` values by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table<V> {
    most: usize,
    entries: BTreeMap<u64, V>,
    full: bool,
}

impl<V> Table<V> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, entries: BTreeMap::new(), full: false }
    }

    /// Change the value of `key`, made by `fresh` when it is new; `None` where the table has no room for the key.
    pub(super) fn entry(&mut self, key: u64, fresh: impl FnOnce() -> V) -> Option<&mut V> {
        if !self.entries.contains_key(&key) && self.entries.len() >= self.most {
            self.full = true;
            if self.entries.last_key_value().is_none_or(|(&last, _)| last < key) {
                return None;
            }
            self.entries.pop_last();
        }
        Some(self.entries.entry(key).or_insert_with(fresh))
    }

    pub(super) fn get(&self, key: u64) -> Known<&V> {
        match self.entries.get(&key) {
            Some(value) => Known::Seen(value),
            None if !self.full || self.entries.last_key_value().is_some_and(|(&last, _)| key < last) => {
                Known::Never
            }
            None => Known::Untold,
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values()
    }
}

/// The key of a thing: the first eight bytes of the SHA-256 of its kind and its parts.
pub(super) fn key(kind: &str, parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    for part in parts {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).fold(0, |key, &byte| key << 8 | u64::from(byte))
}

/// How often something was seen, and between when and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Messages.
    pub(super) count: u32,
    /// First and last time, in seconds since 1970; the other way round while no dated message was seen.
    pub(super) first: i64,
    pub(super) last: i64,
}

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

impl Seen {
    pub(super) const NONE: Self = Self { count: 0, first: i64::MAX, last: i64::MIN };

    pub(super) fn add(&mut self, when: Option<i64>) {
        self.count = self.count.saturating_add(1);
        if let Some(when) = when {
            self.first = self.first.min(when);
            self.last = self.last.max(when);
        }
    }

    /// At least `messages` over at least `days`.
    pub(super) fn lasts(&self, messages: u32, days: u32) -> bool {
        self.count >= messages && self.last.saturating_sub(self.first) >= i64::from(days) * DAY
    }

    /// Was it seen more than `days` before `when`? Without a time: was it seen besides this message?
    pub(super) fn before(&self, when: Option<i64>, days: u32, counted: bool) -> bool {
        match when {
            Some(when) => self.first < when.saturating_sub(i64::from(days) * DAY),
            None => self.count > u32::from(counted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_table_says_what_it_does_not_know() {
        let mut table = Table::new(2);
        for key in [30, 10, 20] {
            table.entry(key, || 0u32);
        }
        assert_eq!(table.get(10), Known::Seen(&0));
        assert_eq!(table.get(15), Known::Never);
        assert_eq!(table.get(30), Known::Untold);
    }

    proptest! {
        #[test]
        fn the_order_of_filling_changes_nothing(keys in prop::collection::vec(0u64..40, 0..80), most in 1usize..20) {
            let fill = |keys: &[u64]| {
                let mut table = Table::new(most);
                for &key in keys {
                    if let Some(count) = table.entry(key, || 0u32) {
                        *count += 1;
                    }
                }
                table
            };
            let mut other = keys.clone();
            other.sort_unstable_by_key(|key| key.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let table = fill(&keys);
            prop_assert_eq!(&table, &fill(&other));
            for key in 0..40 {
                let count = keys.iter().filter(|&&seen| seen == key).count() as u32;
                match table.get(key) {
                    Known::Seen(&kept) => prop_assert_eq!(kept, count),
                    Known::Never => prop_assert_eq!(count, 0),
                    Known::Untold => {}
                }
            }
        }
    }
}
