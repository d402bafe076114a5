//! Fingerprints of a text: winnowed hashes of runs of letters (Schleimer, Wilkerson and Aiken, 2003).
//!
//! Letters and digits only, in lower case, so that line breaks, quotation marks and markup do not matter.
//! Limit: a shared stretch shorter than [`GRAM`] letters leaves no trace, one of `GRAM + WINDOW - 1` always does.

/// Letters in a hashed run: about three words, short enough to survive a heavy edit between two others.
pub(super) const GRAM: usize = 16;
/// One hash is kept of every so many neighbours.
pub(super) const WINDOW: usize = 8;

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// Letters and digits of `text` in lower case, as code points with their place in the text.
pub(super) fn letters(text: &str) -> impl Iterator<Item = (u32, u32)> + '_ {
    text.chars().zip(0u32..).filter_map(|(c, at)| {
        if c.is_ascii() {
            return c.is_ascii_alphanumeric().then(|| (c.to_ascii_lowercase() as u32, at));
        }
        c.is_alphanumeric().then(|| (c.to_lowercase().next().unwrap_or(c) as u32, at))
    })
}

/// Hashes of every run of `gram` letters of `text`, each with the place of its first letter.
pub(super) struct Rolling<I> {
    letters: I,
    ring: Vec<(u32, u32)>,
    filled: usize,
    hash: u64,
    out_factor: u64,
}

impl<I: Iterator<Item = (u32, u32)>> Rolling<I> {
    /// Runs of `gram` of the `letters`; `gram` at least 1.
    pub(super) fn new(letters: I, gram: usize) -> Self {
        let out_factor = (1..gram).fold(1u64, |factor, _| factor.wrapping_mul(BASE));
        Self { letters, ring: vec![(0, 0); gram.max(1)], filled: 0, hash: 0, out_factor }
    }
}

impl<I: Iterator<Item = (u32, u32)>> Iterator for Rolling<I> {
    type Item = (u64, u32);

    fn next(&mut self) -> Option<(u64, u32)> {
        let gram = self.ring.len();
        loop {
            let letter = self.letters.next()?;
            let slot = self.filled % gram;
            if self.filled >= gram {
                let out = mix(u64::from(self.ring[slot].0));
                self.hash = self.hash.wrapping_sub(out.wrapping_mul(self.out_factor));
            }
            self.hash = self.hash.wrapping_mul(BASE).wrapping_add(mix(u64::from(letter.0)));
            self.ring[slot] = letter;
            self.filled += 1;
            if self.filled >= gram {
                return Some((mix(self.hash), self.ring[self.filled % gram].1));
            }
        }
    }
}

/// Scatter the bits of `value` (the finaliser of SplitMix64).
pub(super) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// The fingerprints of `text`, sorted, each once. A text of fewer than [`GRAM`] letters has none.
pub(super) fn fingerprints(text: &str) -> Vec<u32> {
    let mut prints = Vec::with_capacity(text.len() / 4);
    let mut window: std::collections::VecDeque<(u64, usize)> = std::collections::VecDeque::new();
    let mut last = usize::MAX;
    let mut seen = 0;
    for (at, (hash, _)) in Rolling::new(letters(text), GRAM).enumerate() {
        while window.back().is_some_and(|&(kept, _)| kept >= hash) {
            window.pop_back();
        }
        window.push_back((hash, at));
        if window.front().is_some_and(|&(_, place)| place + WINDOW <= at) {
            window.pop_front();
        }
        seen = at + 1;
        if seen >= WINDOW
            && let Some(&(least, place)) = window.front()
            && place != last
        {
            last = place;
            prints.push((least >> 32) as u32);
        }
    }
    if seen < WINDOW
        && let Some(&(least, _)) = window.front()
    {
        prints.push((least >> 32) as u32);
    }
    prints.sort_unstable();
    prints.dedup();
    prints
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn layout_does_not_matter() {
        let plain = "The harbour office closed the northern quay on Monday, the clerk said.";
        let set = "“The Harbour Office\nclosed the northern quay”   on MONDAY — the clerk said";
        assert_eq!(fingerprints(plain), fingerprints(set));
    }

    #[test]
    fn short_and_odd_texts() {
        for text in ["", "abc", "!!! ???", "..."] {
            assert!(fingerprints(text).is_empty());
        }
        assert_eq!(fingerprints("exactlysixteenab").len(), 1);
        assert!(!fingerprints(&"港務局星期一關閉了北碼頭書記說".repeat(3)).is_empty());
        assert!(fingerprints(&"a".repeat(100_000)).len() <= 2);
    }

    proptest! {
        #[test]
        fn a_long_shared_stretch_always_leaves_a_print(
            before in "[a-z]{0,60}", shared in "[a-z]{23,60}", after in "[a-z]{0,60}", other in "[a-z]{0,60}",
        ) {
            let one = fingerprints(&format!("{before}{shared}{after}"));
            let two = fingerprints(&format!("{other}{shared}"));
            prop_assert!(one.iter().any(|print| two.binary_search(print).is_ok()));
        }

        #[test]
        fn rolling_equals_direct(text in "[a-z]{20,60}") {
            let all: Vec<(u64, u32)> = Rolling::new(letters(&text), GRAM).collect();
            for (at, (hash, place)) in all.iter().enumerate() {
                let alone: Vec<(u64, u32)> = Rolling::new(letters(&text[at..at + GRAM]), GRAM).collect();
                prop_assert_eq!(alone[0].0, *hash);
                prop_assert_eq!(*place as usize, at);
            }
        }
    }
}
