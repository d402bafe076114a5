//! What only two voices of a case have: turns of phrase within a language, names and figures in any.
//!
//! Who rewrites keeps words of the source that nobody else chose. Copies of one another are one voice. Limit:
//! it says nothing in a case of two or three voices, where everything shared is shared by two only, and
//! little of a source that many rewrote.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::Lang;

use super::anchors::fold;
use super::fingerprint::mix;
use super::parallel;
use super::token::words;

/// Words of one text that are read.
const MAX_WORDS: usize = 20_000;
/// Letters of the longer of two words that make a turn of phrase.
const MIN_WORD: usize = 4;
/// Voices needed to tell that what two have is rare, beyond the two themselves.
const OTHERS: f32 = 6.0;
/// Texts of two voices that are all paired; of more, only the first of each voice.
const ALL_PAIRS: usize = 16;
/// A text with fewer turns of phrase, or details, counts as if it had so many.
const LEAST_PHRASES: usize = 60;
const LEAST_DETAILS: usize = 5;

/// What two texts and nobody else have, each as a share of the shorter list, 0–1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rare {
    /// Turns of phrase: two neighbouring words.
    pub(super) phrases: f32,
    /// Names and figures.
    pub(super) details: f32,
}

/// A text to be read: its language, the number shared by its copies, its letters, its names and figures.
pub(super) struct Voice<'t> {
    pub(super) lang: Lang,
    pub(super) family: u32,
    pub(super) text: &'t str,
    pub(super) anchors: &'t [String],
}

/// The pairs `(a, b)`, `a < b`, of `voices` that share what is rare.
pub(super) fn rare(voices: &[Voice], threads: usize) -> BTreeMap<(u32, u32), Rare> {
    let phrases = parallel::map(voices, threads, |voice| phrases(voice.text));
    let details = parallel::map(voices, threads, |voice| details(voice.anchors));
    let mut found: BTreeMap<(u32, u32), Rare> = BTreeMap::new();
    for lang in Lang::HANDLED {
        let group: Vec<u32> =
            (0..voices.len() as u32).filter(|at| voices[*at as usize].lang == lang).collect();
        for ((a, b), share) in shares(voices, &group, &phrases, LEAST_PHRASES) {
            found.entry((a, b)).or_default().phrases = share;
        }
    }
    let all: Vec<u32> = (0..voices.len() as u32).collect();
    for ((a, b), share) in shares(voices, &all, &details, LEAST_DETAILS) {
        found.entry((a, b)).or_default().details = share;
    }
    found
}

/// Hashes of every two neighbouring words of which one is no short word, sorted, each once.
fn phrases(text: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut before: Option<(u64, bool)> = None;
    for word in words(text).take(MAX_WORDS) {
        let folded = fold(word.text);
        let long = folded.chars().nth(MIN_WORD - 1).is_some();
        let hash = hash(&folded);
        if let Some((last, was_long)) = before
            && (long || was_long)
        {
            found.push((mix(last.rotate_left(17) ^ hash) >> 32) as u32);
        }
        before = Some((hash, long));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn details(anchors: &[String]) -> Vec<u32> {
    let mut found: Vec<u32> = anchors.iter().map(|anchor| (hash(anchor) >> 32) as u32).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn hash(word: &str) -> u64 {
    word.bytes().fold(0x9E37_79B9, |hash, byte| mix(hash ^ u64::from(byte)))
}

/// For every two texts of `group`, what they and no third voice of it have, as a share of the shorter list.
fn shares(voices: &[Voice], group: &[u32], lists: &[Vec<u32>], least: usize) -> BTreeMap<(u32, u32), f32> {
    let families: BTreeSet<u32> = group.iter().map(|at| voices[*at as usize].family).collect();
    let certainty = ((families.len() as f32 - 2.0) / OTHERS).clamp(0.0, 1.0);
    let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    if certainty == 0.0 {
        return BTreeMap::new();
    }
    let mut entries: Vec<u64> = Vec::new();
    for &at in group {
        entries.extend(lists[at as usize].iter().map(|&hash| u64::from(hash) << 32 | u64::from(at)));
    }
    entries.sort_unstable();
    for run in entries.chunk_by(|one, two| one >> 32 == two >> 32) {
        for pair in pairs_of_two(voices, run) {
            *counts.entry(pair).or_default() += 1;
        }
    }
    let share = |((a, b), count): ((u32, u32), u32)| {
        let shorter = lists[a as usize].len().min(lists[b as usize].len()).max(least);
        ((a, b), certainty * (count as f32 / shorter as f32).min(1.0))
    };
    counts.into_iter().map(share).collect()
}

/// The pairs of texts across the two voices that have one thing; none where one voice or a third has it.
fn pairs_of_two(voices: &[Voice], run: &[u64]) -> Vec<(u32, u32)> {
    let family = |entry: &u64| voices[*entry as u32 as usize].family;
    let one = family(&run[0]);
    let Some(two) = run.iter().map(family).find(|family| *family != one) else { return Vec::new() };
    if run.iter().map(family).any(|family| family != one && family != two) {
        return Vec::new();
    }
    let of = |wanted: u32| run.iter().filter(move |entry| family(entry) == wanted).map(|entry| *entry as u32);
    let limit = if run.len() > ALL_PAIRS { 1 } else { ALL_PAIRS };
    let pair = |a: u32, b: u32| (a.min(b), a.max(b));
    of(one).take(limit).flat_map(|a| of(two).take(limit).map(move |b| pair(a, b))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::anchors::anchors;
    use super::*;

    fn found(texts: &[(&str, u32)]) -> BTreeMap<(u32, u32), Rare> {
        let lists: Vec<Vec<String>> = texts.iter().map(|(text, _)| anchors(text)).collect();
        let mut voices: Vec<Voice> = Vec::new();
        for (&(text, family), anchors) in texts.iter().zip(&lists) {
            voices.push(Voice { lang: Lang::En, family, text, anchors });
        }
        rare(&voices, 2)
    }

    const OTHERS: [(&str, u32); 6] = [
        ("The council sat late.", 10),
        ("Rain fell on the quay.", 11),
        ("The ferry left at noon.", 12),
        ("Nobody saw the clerk.", 13),
        ("A lamp burned all night.", 14),
        ("The books were sold.", 15),
    ];

    #[test]
    fn what_two_voices_have_speaks_for_both_and_for_their_copies() {
        let mut texts = vec![
            ("The council paid Orla Dunmere 2140 crowns in brown envelopes.", 0),
            ("Brown envelopes with 2140 crowns, and Dunmere: the council is silent.", 1),
            ("The council paid Orla Dunmere 2140 crowns in brown envelopes. Ed.", 0),
        ];
        texts.extend(OTHERS);
        let found = found(&texts);
        assert!(found[&(0, 1)].phrases > 0.0 && found[&(0, 1)].details > 0.0);
        assert_eq!(found[&(0, 1)], found[&(1, 2)]);
        assert!(!found.contains_key(&(0, 2)));
    }

    #[test]
    fn what_a_third_has_is_not_rare() {
        let mut texts = vec![("brown envelopes", 0), ("brown envelopes", 1), ("brown envelopes", 2)];
        texts.extend(OTHERS);
        assert!(found(&texts).keys().all(|pair| pair.1 > 2));
    }

    #[test]
    fn a_case_of_two_voices_tells_nothing() {
        assert!(found(&[("brown envelopes", 0), ("brown envelopes", 1)]).is_empty());
        assert!(found(&[]).is_empty());
    }
}
