//! Passages that two texts share letter by letter, with their places in both.
//!
//! Seeds of [`SEED`] letters are grown as far as the letters agree; near neighbours are joined. Limit: at most
//! [`MAX_LETTERS`] letters of each text are aligned, and a passage shorter than [`MIN_PASSAGE`] is dropped.

use preuve_case::{AlignedPassage, Span};

use super::fingerprint::{Rolling, letters};

const SEED: usize = 14;
const MIN_PASSAGE: usize = 28;
const MAX_LETTERS: usize = 200_000;
/// Passages no further apart than this, in both texts, are one passage with a gap.
const GAP: u32 = 60;
/// Places of one seed that are tried; a seed that stands everywhere tells nothing.
const PLACES: usize = 8;

/// A run of letters in both texts.
#[derive(Clone, Copy)]
struct Run {
    here: u32,
    there: u32,
    length: u32,
}

/// Passages of `here` that stand in `there`, in order of `here`.
pub(super) fn passages(here: &str, there: &str) -> Vec<AlignedPassage> {
    let mine: Vec<(u32, u32)> = letters(here).take(MAX_LETTERS).collect();
    let theirs: Vec<(u32, u32)> = letters(there).take(MAX_LETTERS).collect();
    let runs = runs(&mine, &theirs);
    joined(&runs).into_iter().map(|group| passage(&group, &mine, &theirs)).collect()
}

/// Longest runs from left to right, none overlapping another in `mine`.
fn runs(mine: &[(u32, u32)], theirs: &[(u32, u32)]) -> Vec<Run> {
    let mut seeds: Vec<(u64, u32)> =
        Rolling::new(theirs.iter().copied(), SEED).zip(0u32..).map(|((hash, _), at)| (hash, at)).collect();
    seeds.sort_unstable();
    let hashes: Vec<u64> = Rolling::new(mine.iter().copied(), SEED).map(|(hash, _)| hash).collect();
    let mut found: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < hashes.len() {
        let from = seeds.partition_point(|seed| seed.0 < hashes[at]);
        let expected = found.last().map_or(0, |run| run.there + run.length);
        let best = seeds[from..]
            .iter()
            .take_while(|seed| seed.0 == hashes[at])
            .take(PLACES)
            .map(|seed| (grow(mine, theirs, at, seed.1 as usize), seed.1))
            .max_by_key(|&(length, place)| (length, std::cmp::Reverse(place.abs_diff(expected))));
        match best {
            Some((length, place)) if length >= SEED => {
                found.push(Run { here: at as u32, there: place, length: length as u32 });
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

fn grow(mine: &[(u32, u32)], theirs: &[(u32, u32)], here: usize, there: usize) -> usize {
    mine[here..].iter().zip(&theirs[there..]).take_while(|(one, two)| one.0 == two.0).count()
}

/// Runs that follow one another closely in both texts, taken together; short groups are dropped.
fn joined(runs: &[Run]) -> Vec<Vec<Run>> {
    let mut groups: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        let follows = groups.last().and_then(|group| group.last()).is_some_and(|last| {
            let (end_here, end_there) = (last.here + last.length, last.there + last.length);
            run.here <= end_here + GAP && run.there >= end_there && run.there <= end_there + GAP
        });
        match groups.last_mut() {
            Some(group) if follows => group.push(*run),
            _ => groups.push(vec![*run]),
        }
    }
    groups.retain(|group| group.iter().map(|run| run.length as usize).sum::<usize>() >= MIN_PASSAGE);
    groups
}

fn passage(group: &[Run], mine: &[(u32, u32)], theirs: &[(u32, u32)]) -> AlignedPassage {
    let span = |list: &[(u32, u32)], first: u32, end: u32| {
        let place = |at: u32| list.get(at as usize).map_or(0, |letter| letter.1 as usize);
        Span::new(place(first), place(end - 1) + 1)
    };
    let (first, last) = (group[0], group[group.len() - 1]);
    let same: u32 = group.iter().map(|run| run.length).sum();
    let wide = (last.here + last.length - first.here).max(last.there + last.length - first.there);
    AlignedPassage {
        here: span(mine, first.here, last.here + last.length),
        there: span(theirs, first.there, last.there + last.length),
        likeness: same as f32 / wide.max(1) as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shared<'t>(here: &'t str, there: &'t str) -> Vec<(String, String)> {
        let cut = |text: &str, span: Span| text.chars().skip(span.start).take(span.len()).collect::<String>();
        passages(here, there).iter().map(|found| (cut(here, found.here), cut(there, found.there))).collect()
    }

    #[test]
    fn a_passage_is_found_in_both() {
        let here = "Intro. The harbour office closed the northern quay on Monday. More.";
        let there = "They say “the harbour office\nclosed the northern quay on monday”, all of them";
        assert_eq!(
            shared(here, there),
            [(
                "The harbour office closed the northern quay on Monday".to_owned(),
                "the harbour office\nclosed the northern quay on monday".to_owned()
            )]
        );
    }

    #[test]
    fn a_changed_word_leaves_one_passage_and_a_lower_likeness() {
        let here = "The harbour office closed the northern quay on Monday evening without a word";
        let there = "The harbour office closed the southern quay on Monday evening without a word";
        let found = passages(here, there);
        assert_eq!(found.len(), 1);
        assert!(found[0].likeness > 0.8 && found[0].likeness < 1.0);
    }

    #[test]
    fn nothing_in_common_and_nothing_at_all() {
        assert!(passages("", "abc").is_empty());
        assert!(
            passages("abcdefghijklmnopqrstuvwxyz abcdefghijklm", "zyxwvutsrqponmlkjihgfedcba").is_empty()
        );
        assert!(passages(&"a".repeat(5000), &"a".repeat(5000)).len() <= 1);
    }

    proptest! {
        #[test]
        fn spans_stay_inside_and_in_order(one in "[a-c é]{0,150}", two in "[a-c é]{0,150}") {
            let found = passages(&one, &two);
            prop_assert!(found.iter().all(|p| p.here.end <= one.chars().count() && p.there.end <= two.chars().count()));
            prop_assert!(found.windows(2).all(|pair| pair[0].here.end <= pair[1].here.start));
        }

        #[test]
        fn a_text_is_aligned_with_itself(text in "[a-z ]{60,200}") {
            let wide = text.trim().len();
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            prop_assume!(letters >= MIN_PASSAGE);
            let covered: usize = passages(&text, &text).iter().map(|p| p.here.len()).sum();
            prop_assert!(covered >= wide - 2);
        }
    }
}
