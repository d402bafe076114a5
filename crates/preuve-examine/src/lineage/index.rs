//! The index of fingerprints: which texts carry each, and the pairs its lists give.
//!
//! Lists longer than [`ALL_PAIRS`] give a star and a chain instead of all pairs, so the work stays linear in
//! the fingerprints. The index is never held whole: it is gone through twice in passes of bounded size, once to
//! count pairs roughly in little memory, once to count exactly those that may share enough. Limit: of a large
//! group only pairs with its first text and with the neighbour are counted.

use std::sync::atomic::{AtomicU8, Ordering};

use super::fingerprint::{fingerprints, mix};
use super::parallel;

/// A list up to this long gives all its pairs.
const ALL_PAIRS: usize = 6;
/// A fingerprint in more texts than this is common.
const COMMON: usize = 3;
/// A fingerprint in more texts than this is a hub: a formula, a quotation everybody has, a footer.
const HUB: usize = 24;
/// A fingerprint in more texts than this is boilerplate beyond doubt.
const CAP: usize = 500;
/// Entries of the index held at once: about 64 MB.
const PASS: usize = 1 << 23;
/// Cells of the rough count, four a byte: at most 128 MB.
const CELLS: usize = 1 << 29;
/// Of the fingerprints that are hubs, one in so many gives pairs: texts that share only hubs share many.
const HUB_SAMPLE: u32 = 8;
/// Texts whose fingerprints are kept in one block.
const BLOCK: usize = 4096;

/// Fingerprints of every text, in blocks so that growing copies nothing.
pub(super) struct Prints {
    blocks: Vec<Block>,
    texts: usize,
}

struct Block {
    prints: Box<[u32]>,
    /// Where each text's prints begin, and the end.
    starts: Vec<usize>,
}

impl Prints {
    /// The fingerprints of `texts`.
    pub(super) fn of(texts: &[&str], threads: usize) -> Self {
        let block = |part: &[&str]| {
            let lists = parallel::map(part, threads, |text| fingerprints(text));
            let mut starts = vec![0];
            starts.extend(lists.iter().scan(0, |sum, list| {
                *sum += list.len();
                Some(*sum)
            }));
            Block { prints: lists.concat().into_boxed_slice(), starts }
        };
        Prints { blocks: texts.chunks(BLOCK).map(block).collect(), texts: texts.len() }
    }

    /// The fingerprints of one text, sorted.
    pub(super) fn get(&self, text: u32) -> &[u32] {
        let Block { prints, starts } = &self.blocks[text as usize / BLOCK];
        let at = text as usize % BLOCK;
        &prints[starts[at]..starts[at + 1]]
    }

    /// Number of texts.
    pub(super) fn count(&self) -> usize {
        self.texts
    }

    fn total(&self) -> usize {
        self.blocks.iter().map(|block| block.prints.len()).sum()
    }
}

/// Fingerprints that several texts carry, each list sorted.
#[derive(Default)]
pub(super) struct Hubs {
    common: Vec<u32>,
    hubs: Vec<u32>,
    /// Those that more than 500 texts carry.
    pub(super) capped: Vec<u32>,
}

impl Hubs {
    /// Whether more than 3 texts carry it.
    pub(super) fn is_common(&self, print: u32) -> bool {
        self.common.binary_search(&print).is_ok()
    }

    /// Whether more than 24 texts carry it.
    pub(super) fn is_hub(&self, print: u32) -> bool {
        self.hubs.binary_search(&print).is_ok()
    }

    /// Whether more than 500 texts carry it.
    pub(super) fn is_capped(&self, print: u32) -> bool {
        !self.capped.is_empty() && self.capped.binary_search(&print).is_ok()
    }

    fn add(&mut self, print: u32, texts: usize) {
        for (limit, list) in [(COMMON, &mut self.common), (HUB, &mut self.hubs), (CAP, &mut self.capped)] {
            if texts > limit {
                list.push(print);
            }
        }
    }
}

/// A rough count of pairs, up to 3: a cell a hash of the pair, so never too low.
struct Rough(Vec<AtomicU8>);

impl Rough {
    /// Room for the pairs of an index with so many `entries`.
    fn new(entries: usize) -> Self {
        let cells = entries.saturating_mul(4).next_power_of_two().clamp(1 << 16, CELLS);
        Rough((0..cells / 4).map(|_| AtomicU8::new(0)).collect())
    }

    fn cell(&self, pair: u64) -> (&AtomicU8, u32) {
        let hash = mix(pair) as usize;
        (&self.0[(hash >> 2) & (self.0.len() - 1)], 2 * (hash & 3) as u32)
    }

    fn add(&self, pair: u64) {
        let (cell, shift) = self.cell(pair);
        let more = |byte: u8| (byte >> shift & 3 < 3).then(|| byte + (1 << shift));
        // A full cell stays as it is, which `fetch_update` reports as an error.
        let _full = cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    fn reaches(&self, pair: u64, least: u32) -> bool {
        let (cell, shift) = self.cell(pair);
        u32::from(cell.load(Ordering::Relaxed) >> shift & 3) >= least.min(3)
    }
}

/// Pairs that share at least `least` entries of the index, and the hubs met on the way.
pub(super) fn candidates(prints: &Prints, least: u32, threads: usize) -> (Vec<(u32, u32)>, Hubs) {
    let parts = threads.clamp(1, 16) as u64;
    let ranges = prints.total().div_ceil(PASS).max(1) as u64 * parts;
    let rough = Rough::new(prints.total());
    let mut hubs = Hubs::default();
    let mut counted: Vec<(u64, u32)> = Vec::new();
    for pass in (0..ranges).step_by(parts as usize) {
        let some: Vec<u64> = (pass..pass + parts).collect();
        for part in parallel::map(&some, threads, |&range| {
            let mut hubs = Hubs::default();
            scan(prints, (range, ranges), |group| {
                hubs.add((group[0] >> 32) as u32, group.len());
                each_pair(group, |pair| rough.add(pair));
            });
            hubs
        }) {
            hubs.common.extend(part.common);
            hubs.hubs.extend(part.hubs);
            hubs.capped.extend(part.capped);
        }
    }
    [&mut hubs.common, &mut hubs.hubs, &mut hubs.capped].into_iter().for_each(Vec::shrink_to_fit);
    for pass in (0..ranges).step_by(parts as usize) {
        let some: Vec<u64> = (pass..pass + parts).collect();
        for part in parallel::map(&some, threads, |&range| {
            let mut pairs: Vec<u64> = Vec::new();
            scan(prints, (range, ranges), |group| {
                each_pair(group, |pair| pairs.extend(rough.reaches(pair, least).then_some(pair)));
            });
            pairs.sort_unstable();
            pairs.chunk_by(|one, two| one == two).map(|run| (run[0], run.len() as u32)).collect()
        }) {
            counted = merge(counted, part);
        }
    }
    let pairs = counted.into_iter().filter(|&(_, count)| count >= least);
    (pairs.map(|(pair, _)| ((pair >> 32) as u32, pair as u32)).collect(), hubs)
}

/// Every list of the index whose fingerprint lies in one of so many equal ranges, in order: entries of a
/// fingerprint and a text.
fn scan(prints: &Prints, (range, ranges): (u64, u64), mut list: impl FnMut(&[u64])) {
    let low = ((range << 32) / ranges) as u32;
    let high = (((range + 1) << 32) / ranges - 1) as u32;
    let share = prints.total() / ranges as usize;
    let mut entries: Vec<u64> = Vec::with_capacity(share + share / 8);
    for text in 0..prints.count() as u32 {
        let list = prints.get(text);
        let from = first_from(list, low);
        let within = list[from..].iter().take_while(|&&print| print <= high);
        entries.extend(within.map(|&print| u64::from(print) << 32 | u64::from(text)));
    }
    entries.sort_unstable();
    entries.chunk_by(|one, two| one >> 32 == two >> 32).for_each(&mut list);
}

/// Place of the first of the sorted, evenly spread `list` that is not below `low`: guessed, then walked to.
fn first_from(list: &[u32], low: u32) -> usize {
    let mut at = ((list.len() as u64 * u64::from(low)) >> 32) as usize;
    while at > 0 && list[at - 1] >= low {
        at -= 1;
    }
    while at < list.len() && list[at] < low {
        at += 1;
    }
    at
}

/// The pairs that one list gives.
fn each_pair(group: &[u64], mut give: impl FnMut(u64)) {
    if group.len() > HUB && !((group[0] >> 32) as u32).is_multiple_of(HUB_SAMPLE) {
        return;
    }
    let pair = |one: u64, two: u64| (one & 0xFFFF_FFFF) << 32 | (two & 0xFFFF_FFFF);
    if group.len() <= ALL_PAIRS {
        for (at, &one) in group.iter().enumerate() {
            group[at + 1..].iter().for_each(|&two| give(pair(one, two)));
        }
        return;
    }
    for at in 1..group.len() {
        give(pair(group[0], group[at]));
        if at > 1 {
            give(pair(group[at - 1], group[at]));
        }
    }
}

/// Two sorted lists of counted pairs as one.
fn merge(one: Vec<(u64, u32)>, two: Vec<(u64, u32)>) -> Vec<(u64, u32)> {
    if one.is_empty() {
        return two;
    }
    let mut merged = Vec::with_capacity(one.len() + two.len());
    let (mut left, mut right) = (one.into_iter().peekable(), two.into_iter().peekable());
    while let (Some(&(a, count_a)), Some(&(b, count_b))) = (left.peek(), right.peek()) {
        merged.push(if a <= b { (a, count_a) } else { (b, count_b) });
        if a == b {
            merged.pop();
            merged.push((a, count_a + count_b));
        }
        if a <= b {
            left.next();
        }
        if b <= a {
            right.next();
        }
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_rough_count_is_never_too_low() {
        let rough = Rough::new(1);
        for pair in 0..200_000u64 {
            (0..pair % 5).for_each(|_| rough.add(pair));
        }
        assert!((0..200_000u64).all(|pair| (1..=pair as u32 % 5).all(|least| rough.reaches(pair, least))));
        assert!(!Rough::new(100).reaches(7, 1));
    }

    proptest! {
        #[test]
        fn the_guessed_place_is_the_place(mut list in prop::collection::vec(any::<u32>(), 0..60), low: u32) {
            list.sort_unstable();
            prop_assert_eq!(first_from(&list, low), list.partition_point(|&print| print < low));
        }

        #[test]
        fn merging_counts_is_addition(one in prop::collection::btree_map(0u64..50, 1u32..9, 0..30),
                                      two in prop::collection::btree_map(0u64..50, 1u32..9, 0..30)) {
            let merged = merge(one.clone().into_iter().collect(), two.clone().into_iter().collect());
            let mut expected = one;
            for (pair, count) in two { *expected.entry(pair).or_default() += count; }
            prop_assert_eq!(merged, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
