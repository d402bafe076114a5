//! How strongly a word signals a report, counted in annotated texts.

use std::collections::HashMap;

/// How often a word is part of a cue, in steps 0 (never seen) to 10, learned from annotated texts.
#[derive(Debug, Clone, Default)]
pub struct CueBins(HashMap<u32, u8>);

impl CueBins {
    /// Upper bounds of the bins 1, 2, …; above the last lies bin 10.
    const BOUNDS: [f32; 9] = [0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85];
    /// Lowest bin of a strong cue.
    pub const STRONG: u8 = 7;

    /// Bins from `(word key, bin)`.
    pub fn new(bins: impl IntoIterator<Item = (u32, u8)>) -> Self {
        Self(bins.into_iter().collect())
    }

    /// The bin of a word that was part of a cue `cues` times of `all`.
    pub fn bin(cues: u32, all: u32) -> u8 {
        let share = (cues as f32 + 0.02) / (all as f32 + 1.0);
        Self::BOUNDS.iter().position(|&bound| share < bound).unwrap_or(9) as u8 + 1
    }

    /// The bin of `word`.
    pub fn get(&self, word: u32) -> u8 {
        self.0.get(&word).copied().unwrap_or(0)
    }

    /// Read what [`CueBins::write`] wrote; `None` where it ends early.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = bytes.split_at_checked(4)?;
        let count = u32::from_le_bytes(count.try_into().ok()?) as usize;
        let entries = rest.get(..count.checked_mul(5)?)?;
        let entry = |five: &[u8]| (u32::from_le_bytes([five[0], five[1], five[2], five[3]]), five[4]);
        Some(Self::new(entries.chunks_exact(5).map(entry)))
    }

    /// Append the number of bins and the bins by rising key.
    pub fn write(&self, out: &mut Vec<u8>) {
        let entries = self.entries();
        out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
        for (key, bin) in entries {
            out.extend_from_slice(&key.to_le_bytes());
            out.push(bin);
        }
    }

    /// All bins by rising key.
    pub fn entries(&self) -> Vec<(u32, u8)> {
        let mut entries: Vec<(u32, u8)> = self.0.iter().map(|(&key, &bin)| (key, bin)).collect();
        entries.sort_unstable();
        entries
    }
}
