//! Which texts share text: fingerprints in an index, pairs from its lists, containment to judge them.
//!
//! Containment, not resemblance: an excerpt holds a small part of its source but is held by it. What shares
//! little, or what many carry, is aligned: one short passage, or a block at the same end of both, is a
//! quotation or a footer. Limit: texts that share only fingerprints that more than 24 texts carry are linked
//! only when most of the smaller one is shared; what more than 500 texts carry links nothing but
//! near-identical texts.

use preuve_case::AlignedPassage;

use super::align::passages;
use super::index::{Hubs, Prints, candidates};
use super::parallel;

/// Pairs that share less than this part of the smaller text are aligned before they are linked.
const CLEAR: f32 = 0.4;
/// So much of the smaller text is no quotation.
const MUCH: f32 = 0.25;
/// So many separate passages are no quotation.
const PASSAGES: usize = 3;
/// A shorter passage is a stock phrase.
const PHRASE: usize = 64;
/// A passage that begins, or ends, this near to the same end of both texts may be a header or a footer.
const EDGE: usize = 48;

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

/// Find the pairs of `texts` that share text. The order of `texts` decides which pairs stand for a large
/// group (its first text is the centre of the star); give it in a fixed order.
pub fn detect_reuse(texts: &[&str], params: &ReuseParams) -> Reuse {
    let prints = Prints::of(texts, params.threads);
    let (candidates, hubs) = candidates(&prints, params.min_shared.min(4), params.threads);
    let judged = parallel::map(&candidates, params.threads, |&(a, b)| {
        judge(&prints, &hubs, (a, b), params).filter(|pair| {
            pair.clear || is_more_than_a_quotation(texts[a as usize], texts[b as usize], pair.common)
        })
    });
    let pairs = judged.into_iter().flatten().map(|judged| judged.pair).collect();
    let mostly_capped = |text: &u32| {
        let list = prints.get(*text);
        !list.is_empty() && 2 * list.iter().filter(|print| hubs.is_capped(**print)).count() > list.len()
    };
    let capped_texts = if hubs.capped.is_empty() {
        Vec::new()
    } else {
        (0..prints.count() as u32).filter(mostly_capped).collect()
    };
    Reuse { pairs, capped_prints: hubs.capped.len(), capped_texts }
}

/// What two texts share: fingerprints in all, those that few others carry, and those that are not capped.
#[derive(Default)]
struct Shared {
    all: u32,
    uncommon: u32,
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
                shared.uncommon += u32::from(!hubs.is_common(one[i]));
                shared.rare += u32::from(!hubs.is_hub(one[i]));
                shared.uncapped += u32::from(!hubs.is_capped(one[i]));
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    shared
}

/// A pair that may be linked.
struct Judged {
    pair: ReusePair,
    /// Whether it needs no closer look.
    clear: bool,
    /// Whether others carry most of what is shared.
    common: bool,
}

fn judge(prints: &Prints, hubs: &Hubs, (a, b): (u32, u32), params: &ReuseParams) -> Option<Judged> {
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
    let pair = ReusePair { a, b, shared: shared.all, of_a: one.len() as u32, of_b: two.len() as u32 };
    let common = 2 * shared.uncommon < shared.all;
    let clear = near_identical || pair.containment() >= CLEAR && !common;
    (near_identical || most || part).then_some(Judged { pair, clear, common })
}

/// Whether two texts share several passages, or much, inside their bodies. Where most of what they share is
/// `common`, a block at the same end of both is a header or a footer and does not count.
fn is_more_than_a_quotation(one: &str, two: &str, common: bool) -> bool {
    let (long_one, long_two) = (one.chars().count(), two.chars().count());
    let short = long_one.min(long_two) as f32;
    let inner = |found: &&AlignedPassage| {
        if found.here.len() < PHRASE {
            return false;
        }
        let head = found.here.start < EDGE && found.there.start < EDGE;
        let foot = found.here.end + EDGE > long_one && found.there.end + EDGE > long_two;
        !common || !(head || foot) || found.here.len() as f32 > 0.75 * short
    };
    let found = passages(one, two);
    let lengths: Vec<usize> = found.iter().filter(inner).map(|found| found.here.len()).collect();
    lengths.len() >= PASSAGES || lengths.iter().sum::<usize>() as f32 >= MUCH * short
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_footer_and_a_quotation_are_no_copy() {
        let (footer, quotation) = (text(7, 40), text(8, 40));
        let page = |seed: u64| format!("{} {quotation} {} {footer}", text(seed, 90), text(seed + 50, 90));
        assert!(pairs(&[page(1), page(2), page(3), page(4), page(5)]).is_empty());
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
}
