//! A linear model as a table: feature hash → one small weight a label. Shared by the tagger and the labellers.
//!
//! Layout of the bytes, little-endian: magic `PVW2`, label count, scale (weights are `i8 * scale`), entry count,
//! then the entries by rising key: what the key grew by (LEB128), mask of the labels that have a weight (one bit a
//! label, whole bytes), those weights.
//! A feature that was never seen shares a key with a known one about once in 2³² / entries.

use thiserror::Error;

/// Labels a table can hold.
pub const MAX_LABELS: usize = 32;

/// The bytes are no table of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TableError {
    /// Too short for what it announces.
    #[error("weights end early")]
    Short,
    /// Another magic number, or more labels than [`MAX_LABELS`].
    #[error("no table of weights")]
    Foreign,
}

/// Weights by feature key, read-only.
#[derive(Debug, Clone)]
pub struct Table {
    labels: usize,
    scale: f32,
    /// Open addressing: key and row number plus one, 0 for a free slot.
    slots: Vec<(u32, u32)>,
    rows: Vec<i8>,
    stride: usize,
}

impl Table {
    /// Read a table from the front of `bytes`; also gives what lies behind it.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), TableError> {
        let (head, mut rest) = bytes.split_at_checked(16).ok_or(TableError::Short)?;
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (labels, entries) = (word(4) as usize, word(12) as usize);
        if &head[..4] != b"PVW2" || labels == 0 || labels > MAX_LABELS {
            return Err(TableError::Foreign);
        }
        if entries > rest.len() / 2 {
            return Err(TableError::Short);
        }
        let stride = labels.next_multiple_of(4);
        let mut table = Self {
            labels,
            scale: f32::from_bits(word(8)),
            slots: vec![(0, 0); (entries * 2).next_power_of_two().max(8)],
            rows: Vec::with_capacity(entries * stride),
            stride,
        };
        let mut key = 0u32;
        for row in 0..entries {
            let (grown, behind) = take_number(rest).ok_or(TableError::Short)?;
            key = key.wrapping_add(grown);
            let (mask, behind) = behind.split_at_checked(labels.div_ceil(8)).ok_or(TableError::Short)?;
            let present = |label: usize| mask.get(label / 8).is_some_and(|byte| byte >> (label % 8) & 1 == 1);
            let count = (0..labels).filter(|&label| present(label)).count();
            let (weights, behind) = behind.split_at_checked(count).ok_or(TableError::Short)?;
            let mut weights = weights.iter();
            for label in 0..stride {
                let filled = label < labels && present(label);
                table.rows.push(if filled { weights.next().map_or(0, |&b| b as i8) } else { 0 });
            }
            table.insert(key, row as u32 + 1);
            rest = behind;
        }
        Ok((table, rest))
    }

    fn insert(&mut self, key: u32, row: u32) {
        let mask = self.slots.len() - 1;
        let mut at = spread(key) & mask;
        while self.slots[at].1 != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = (key, row);
    }

    /// Number of labels.
    pub fn labels(&self) -> usize {
        self.labels
    }

    /// What one step of a weight is worth.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// Add the weights of `key`, in steps, to `scores`.
    #[inline]
    pub fn add(&self, key: u32, scores: &mut [i32; MAX_LABELS]) {
        for (score, &weight) in scores.iter_mut().zip(self.row(key)) {
            *score += i32::from(weight);
        }
    }

    /// The weights of `key` in steps; none where it is not known.
    #[inline]
    pub fn row(&self, key: u32) -> &[i8] {
        let mask = self.slots.len() - 1;
        let mut at = spread(key) & mask;
        loop {
            let (found, row) = self.slots[at];
            if row == 0 {
                return &[];
            }
            if found == key {
                let start = (row as usize - 1) * self.stride;
                return &self.rows[start..start + self.stride];
            }
            at = (at + 1) & mask;
        }
    }
}

fn spread(key: u32) -> usize {
    (u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24) as usize
}

/// The LEB128 number at the front of `bytes`, and what lies behind it.
fn take_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0u32;
    for (at, &byte) in bytes.iter().take(5).enumerate() {
        number |= u32::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

fn put_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Write the rows `(key, weights)`, each key once, as a table that [`Table::parse`] reads. Weights below `floor`
/// count as nothing, and rows of nothing are left out; the step is the greatest weight, at most `cap`, by 127.
pub fn write_table(labels: usize, rows: &[(u32, Vec<f32>)], cap: f32, floor: f32, out: &mut Vec<u8>) {
    let greatest = rows.iter().flat_map(|(_, row)| row).fold(0f32, |most, w| most.max(w.abs()));
    let scale = greatest.min(cap).max(1e-6) / 127.0;
    let step = |w: f32| if w.abs() < floor { 0 } else { (w / scale).round().clamp(-127.0, 127.0) as i8 };
    let mut order: Vec<usize> =
        (0..rows.len()).filter(|&i| rows[i].1.iter().any(|&w| step(w) != 0)).collect();
    order.sort_by_key(|&i| rows[i].0);
    out.extend_from_slice(b"PVW2");
    out.extend_from_slice(&(labels as u32).to_le_bytes());
    out.extend_from_slice(&scale.to_bits().to_le_bytes());
    out.extend_from_slice(&(order.len() as u32).to_le_bytes());
    let mut last = 0;
    for i in order {
        let (key, row) = &rows[i];
        put_number(key - last, out);
        last = *key;
        let steps: Vec<i8> = row.iter().take(labels).map(|&w| step(w)).collect();
        for eight in steps.chunks(8) {
            out.push(eight.iter().enumerate().fold(0, |mask, (at, &s)| mask | u8::from(s != 0) << at));
        }
        out.extend(steps.iter().filter(|&&s| s != 0).map(|&s| s as u8));
    }
}

/// Combine two numbers into a well-mixed key.
#[inline]
pub fn mix(a: u32, b: u32) -> u32 {
    let x = (u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x >> 32) as u32
}

/// Key of a run of characters (FNV-1a over the code points, then mixed).
pub fn key_of(chars: impl Iterator<Item = char>) -> u32 {
    let hash = chars.fold(0x811c_9dc5u32, |hash, c| (hash ^ c as u32).wrapping_mul(0x0100_0193));
    mix(hash, 0x5bd1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_read_back_within_half_a_step() {
        let rows = vec![(7, vec![1.0, -0.5, 0.0]), (3, vec![0.0, 0.0, 0.25]), (9, vec![0.0; 3])];
        let mut bytes = Vec::new();
        write_table(3, &rows, 8.0, 0.0, &mut bytes);
        bytes.extend_from_slice(b"rest");
        let (table, rest) = Table::parse(&bytes).unwrap();
        assert_eq!((rest, table.labels()), (b"rest".as_slice(), 3));
        for (key, row) in rows {
            let mut scores = [0; MAX_LABELS];
            table.add(key, &mut scores);
            for (label, weight) in row.iter().enumerate() {
                assert!((scores[label] as f32 * table.scale() - weight).abs() <= table.scale() / 2.0);
            }
        }
        let mut scores = [0; MAX_LABELS];
        table.add(12345, &mut scores);
        assert_eq!(scores, [0; MAX_LABELS]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200), magic: bool) {
            let mut bytes = bytes;
            if magic && bytes.len() > 16 {
                bytes[..8].copy_from_slice(b"PVW2\x05\0\0\0");
                let entries = bytes[12] % 9;
                bytes[12..16].copy_from_slice(&[entries, 0, 0, 0]);
            }
            let _ = Table::parse(&bytes);
        }
    }
}
