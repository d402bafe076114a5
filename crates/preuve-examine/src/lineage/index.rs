//! The index of fingerprints: which texts carry each, and the pairs its lists give.
//!
//! Lists longer than [`ALL_PAIRS`] give a star and a chain instead of all pairs, so the work stays linear in
//! the fingerprints; the index is built in passes of bounded size. Limit: of a large group only pairs with its
//! first text and with the neighbour are counted.

use super::fingerprint::fingerprints;
use super::parallel;

/// A list up to this long gives all its pairs.
const ALL_PAIRS: usize = 6;
/// A fingerprint in more texts than this is common.
const COMMON: usize = 3;
/// A fingerprint in more texts than this is a hub: a formula, a quotation everybody has, a footer.
const HUB: usize = 24;
/// A fingerprint in more texts than this is boilerplate beyond doubt.
const CAP: usize = 500;
/// Entries of the index held at once: about 256 MB.
const PASS: usize = 1 << 25;

/// Pairs counted at once; above, those met once are forgotten.
const PAIRS: usize = 1 << 24;
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

/// Pairs that share enough entries of the index, and the hubs met on the way.
pub(super) fn candidates(prints: &Prints, least: u32, threads: usize) -> (Vec<(u32, u32)>, Hubs) {
    let passes = prints.total().div_ceil(PASS).max(1) as u64;
    let mut hubs = Hubs::default();
    let mut counted: Vec<(u64, u32)> = Vec::new();
    for pass in 0..passes {
        let parts = threads.clamp(1, 16) as u64;
        let ranges: Vec<u64> = (0..parts).map(|part| pass * parts + part).collect();
        let found = parallel::map(&ranges, threads, |&range| scan(prints, range, passes * parts));
        for (pairs, part) in found {
            hubs.common.extend(part.common);
            hubs.hubs.extend(part.hubs);
            hubs.capped.extend(part.capped);
            counted = merge(counted, pairs);
        }
        if counted.len() > PAIRS {
            counted.retain(|&(_, count)| count > 1);
        }
    }
    hubs.common.sort_unstable();
    hubs.hubs.sort_unstable();
    hubs.capped.sort_unstable();
    let pairs = counted.into_iter().filter(|&(_, count)| count >= least);
    (pairs.map(|(pair, _)| ((pair >> 32) as u32, pair as u32)).collect(), hubs)
}

/// Pairs and hubs of the fingerprints in one of `ranges` equal ranges.
fn scan(prints: &Prints, range: u64, ranges: u64) -> (Vec<(u64, u32)>, Hubs) {
    let low = ((range << 32) / ranges) as u32;
    let high = (((range + 1) << 32) / ranges - 1) as u32;
    let share = prints.total() / ranges as usize;
    let mut entries: Vec<u64> = Vec::with_capacity(share + share / 8);
    for text in 0..prints.count() as u32 {
        let list = prints.get(text);
        let from = list.partition_point(|&print| print < low);
        let within = list[from..].iter().take_while(|&&print| print <= high);
        entries.extend(within.map(|&print| u64::from(print) << 32 | u64::from(text)));
    }
    entries.sort_unstable();
    let mut hubs = Hubs::default();
    let mut pairs: Vec<u64> = Vec::new();
    for group in entries.chunk_by(|one, two| one >> 32 == two >> 32) {
        hubs.add((group[0] >> 32) as u32, group.len());
        push_pairs(group, &mut pairs);
    }
    drop(entries);
    pairs.sort_unstable();
    let counted = pairs.chunk_by(|one, two| one == two).map(|run| (run[0], run.len() as u32)).collect();
    (counted, hubs)
}

fn push_pairs(group: &[u64], pairs: &mut Vec<u64>) {
    if group.len() > HUB && !((group[0] >> 32) as u32).is_multiple_of(HUB_SAMPLE) {
        return;
    }
    let pair = |one: u64, two: u64| (one & 0xFFFF_FFFF) << 32 | (two & 0xFFFF_FFFF);
    if group.len() <= ALL_PAIRS {
        for (at, &one) in group.iter().enumerate() {
            pairs.extend(group[at + 1..].iter().map(|&two| pair(one, two)));
        }
        return;
    }
    for at in 1..group.len() {
        pairs.push(pair(group[0], group[at]));
        if at > 1 {
            pairs.push(pair(group[at - 1], group[at]));
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

    proptest! {
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
