//! Which texts share text: fingerprints in an index, pairs from its lists, containment to judge them.
//!
//! Containment, not resemblance: an excerpt holds a small part of its source but is held by it. Lists longer
//! than [`ALL_PAIRS`] give a star and a chain instead of all pairs, so the work stays linear in the prints.
//! Limit: texts that share only fingerprints that more than [`HUB`] texts carry are linked only when most of
//! the smaller one is shared; what more than [`CAP`] texts carry links nothing but near-identical texts.

use super::fingerprint::fingerprints;
use super::parallel;

/// A list up to this long gives all its pairs.
const ALL_PAIRS: usize = 6;
/// A fingerprint in more texts than this is a hub: a formula, a quotation everybody has, a footer.
const HUB: usize = 24;
/// A fingerprint in more texts than this is boilerplate beyond doubt.
const CAP: usize = 500;
/// Entries of the index held at once: about 256 MB.
const PASS: usize = 1 << 25;

/// How much two texts share; `a < b` are places in the list of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReusePair {
    /// The first text.
    pub a: u32,
    /// The second text.
    pub b: u32,
    /// Fingerprints shared.
    pub shared: u32,
    /// Fingerprints of the first text.
    pub of_a: u32,
    /// Fingerprints of the second text.
    pub of_b: u32,
}

impl ReusePair {
    /// Share of the smaller text that the other holds, 0–1.
    pub fn containment(&self) -> f32 {
        self.shared as f32 / self.of_a.min(self.of_b).max(1) as f32
    }
}

/// Pairs of texts that share text, sorted, and how many fingerprints were capped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reuse {
    /// Linked pairs in order of `(a, b)`.
    pub pairs: Vec<ReusePair>,
    /// Fingerprints carried by more than 500 texts.
    pub capped_prints: usize,
    /// Texts most of whose fingerprints were capped, so that they are linked to near-identical ones only.
    pub capped_texts: Vec<u32>,
}

/// What a pair of texts must share to be linked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReuseParams {
    /// Threads to use, at least 1.
    pub threads: usize,
    /// Fewest fingerprints shared that are no hubs (about five letters each).
    pub min_shared: u32,
    /// Least containment over fingerprints that are no hubs.
    pub min_containment: f32,
}

/// Fingerprints of every text in one block.
struct Prints {
    all: Vec<u32>,
    starts: Vec<usize>,
}

impl Prints {
    fn of(texts: &[&str], threads: usize) -> Self {
        let mut prints = Prints { all: Vec::new(), starts: vec![0] };
        for block in texts.chunks(8192) {
            for list in parallel::map(block, threads, |text| fingerprints(text)) {
                prints.all.extend_from_slice(&list);
                prints.starts.push(prints.all.len());
            }
        }
        prints
    }

    fn get(&self, text: u32) -> &[u32] {
        let text = text as usize;
        &self.all[self.starts[text]..self.starts[text + 1]]
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }
}

/// Fingerprints that many texts carry, sorted.
#[derive(Default)]
struct Hubs {
    hubs: Vec<u32>,
    capped: Vec<u32>,
}

/// Find the pairs of `texts` that share text. The order of `texts` decides which pairs stand for a large
/// group (its first text is the centre of the star); give it in a fixed order.
pub fn detect_reuse(texts: &[&str], params: &ReuseParams) -> Reuse {
    let prints = Prints::of(texts, params.threads);
    let (candidates, hubs) = candidates(&prints, params);
    let mut pairs = parallel::map(&candidates, params.threads, |&pair| judge(&prints, &hubs, pair, params));
    pairs.retain(Option::is_some);
    let mostly_capped = |text: &u32| {
        let list = prints.get(*text);
        !list.is_empty() && 2 * list.iter().filter(|print| hubs.is_capped(**print)).count() > list.len()
    };
    let capped_texts = if hubs.capped.is_empty() {
        Vec::new()
    } else {
        (0..prints.count() as u32).filter(mostly_capped).collect()
    };
    Reuse { pairs: pairs.into_iter().flatten().collect(), capped_prints: hubs.capped.len(), capped_texts }
}

/// Pairs that share enough entries of the index, and the hubs met on the way.
fn candidates(prints: &Prints, params: &ReuseParams) -> (Vec<(u32, u32)>, Hubs) {
    let passes = prints.all.len().div_ceil(PASS).max(1) as u64;
    let mut hubs = Hubs::default();
    let mut counted: Vec<(u64, u32)> = Vec::new();
    for pass in 0..passes {
        let parts = params.threads.clamp(1, 16) as u64;
        let ranges: Vec<u64> = (0..parts).map(|part| pass * parts + part).collect();
        let found = parallel::map(&ranges, params.threads, |&range| scan(prints, range, passes * parts));
        for (pairs, part) in found {
            hubs.hubs.extend(part.hubs);
            hubs.capped.extend(part.capped);
            counted = merge(counted, pairs);
        }
        if passes > 1 && pass + 1 < passes {
            counted.retain(|&(_, count)| count > 1);
        }
    }
    hubs.hubs.sort_unstable();
    hubs.capped.sort_unstable();
    let least = params.min_shared.min(4);
    let pairs = counted.into_iter().filter(|&(_, count)| count >= least);
    (pairs.map(|(pair, _)| ((pair >> 32) as u32, pair as u32)).collect(), hubs)
}

/// Pairs and hubs of the fingerprints in one of `ranges` equal ranges.
fn scan(prints: &Prints, range: u64, ranges: u64) -> (Vec<(u64, u32)>, Hubs) {
    let low = ((range << 32) / ranges) as u32;
    let high = (((range + 1) << 32) / ranges - 1) as u32;
    let mut entries: Vec<u64> = Vec::new();
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
        let print = (group[0] >> 32) as u32;
        if group.len() > HUB {
            hubs.hubs.push(print);
        }
        if group.len() > CAP {
            hubs.capped.push(print);
        }
        push_pairs(group, &mut pairs);
    }
    drop(entries);
    pairs.sort_unstable();
    let counted = pairs.chunk_by(|one, two| one == two).map(|run| (run[0], run.len() as u32)).collect();
    (counted, hubs)
}

fn push_pairs(group: &[u64], pairs: &mut Vec<u64>) {
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

impl Hubs {
    fn is_hub(&self, print: u32) -> bool {
        self.hubs.binary_search(&print).is_ok()
    }

    fn is_capped(&self, print: u32) -> bool {
        !self.capped.is_empty() && self.capped.binary_search(&print).is_ok()
    }
}

/// What two texts share: fingerprints in all, and those that are no hubs and are not capped.
#[derive(Default)]
struct Shared {
    all: u32,
    rare: u32,
    uncapped: u32,
}

fn shared(hubs: &Hubs, one: &[u32], two: &[u32]) -> Shared {
    let mut shared = Shared::default();
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < two.len() {
        match one[i].cmp(&two[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared.all += 1;
                shared.rare += u32::from(!hubs.is_hub(one[i]));
                shared.uncapped += u32::from(!hubs.is_capped(one[i]));
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    shared
}

fn judge(prints: &Prints, hubs: &Hubs, (a, b): (u32, u32), params: &ReuseParams) -> Option<ReusePair> {
    let (one, two) = (prints.get(a), prints.get(b));
    let shared = shared(hubs, one, two);
    let count =
        |list: &[u32], keep: &dyn Fn(u32) -> bool| list.iter().filter(|&&print| keep(print)).count() as f32;
    let (small, large) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    let near_identical = shared.all as f32 >= 0.8 * large.len() as f32;
    let uncapped = count(small, &|print| !hubs.is_capped(print));
    let most = shared.uncapped as f32 >= 0.5 * uncapped && shared.uncapped >= params.min_shared;
    let rare = count(small, &|print| !hubs.is_hub(print));
    let part = shared.rare >= params.min_shared && shared.rare as f32 >= params.min_containment * rare;
    (near_identical || most || part).then_some(ReusePair {
        a,
        b,
        shared: shared.all,
        of_a: one.len() as u32,
        of_b: two.len() as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARAMS: ReuseParams = ReuseParams { threads: 2, min_shared: 8, min_containment: 0.12 };

    /// A text of `words` words that depends on `seed` alone.
    fn text(seed: u64, words: u64) -> String {
        let word = |n: u64| format!("{:x}", super::super::fingerprint::mix(seed * 100_003 + n) % 0xFFFFF);
        (0..words).map(word).collect::<Vec<_>>().join(" ")
    }

    fn pairs(texts: &[String]) -> Vec<(u32, u32)> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        detect_reuse(&texts, &PARAMS).pairs.iter().map(|pair| (pair.a, pair.b)).collect()
    }

    #[test]
    fn copies_and_excerpts_are_linked_and_others_are_not() {
        let whole = text(1, 300);
        let excerpt = whole[whole.len() / 2..whole.len() * 3 / 4].to_owned();
        let texts = [whole.clone(), text(2, 300), format!("Header. {whole} Footer."), excerpt, text(3, 200)];
        assert_eq!(pairs(&texts), [(0, 2), (0, 3), (2, 3)]);
    }

    #[test]
    fn empty_and_short_texts_link_nothing() {
        assert!(pairs(&[String::new(), String::new(), "a".into(), "a".into()]).is_empty());
        assert!(detect_reuse(&[], &PARAMS).pairs.is_empty());
    }

    #[test]
    fn boilerplate_of_many_texts_links_nothing() {
        let footer = text(9, 60);
        let texts: Vec<String> = (0..600).map(|n| format!("{} {footer}", text(1000 + n, 100))).collect();
        assert!(pairs(&texts).is_empty());
    }

    #[test]
    fn boilerplate_that_fills_most_of_a_text_is_capped_and_told() {
        let footer = text(9, 200);
        let texts: Vec<String> = (0..600).map(|n| format!("{} {footer}", text(1000 + n, 80))).collect();
        let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
        let reuse = detect_reuse(&borrowed, &PARAMS);
        assert!(reuse.pairs.is_empty());
        assert!(reuse.capped_prints > 50 && reuse.capped_texts.len() == 600);
    }

    #[test]
    fn many_near_copies_stay_linked_in_linear_work() {
        let whole = text(1, 200);
        let texts: Vec<String> = (0..2000).map(|n| format!("{whole} {n}")).collect();
        let found = pairs(&texts);
        assert!(found.len() < 3 * texts.len());
        assert!((1..2000).all(|n| found.contains(&(0, n))));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let texts: Vec<String> = (0..60).map(|n| text(n / 3, 120 + n)).collect();
        let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
        let one = detect_reuse(&borrowed, &ReuseParams { threads: 1, ..PARAMS });
        for threads in [2, 5] {
            assert_eq!(detect_reuse(&borrowed, &ReuseParams { threads, ..PARAMS }), one);
        }
    }

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
