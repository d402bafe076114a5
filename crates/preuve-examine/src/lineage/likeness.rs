//! How much of one story another tells, in any of the handled languages.
//!
//! Every sentence is matched with its nearest in the other story, less its *commonness*: how well it is
//! matched by everybody else in that language. Names, dates and the quotation everybody has thereby count
//! little; which sentences were chosen counts much. Limit: a story of a few sentences is hardly told
//! apart from its topic, so its share counts less.

use std::collections::BTreeSet;

use preuve_case::Lang;

use super::parallel;
use super::vector::{dot, normalise};

/// Texts of the same family are one voice; this many others decide how common a sentence is.
const VOICES: usize = 6;
/// Commonness where too few others are there to tell: the usual likeness of two sentences of one topic.
const PRIOR: f32 = 0.34;
/// Stories whose mean weighs as much as the general mean of their language.
const MEAN_WEIGHT: f32 = 20.0;
/// Sentences more alike than this say the same.
const SAME: f32 = 0.55;
/// Sentences more alike than this are aligned when their neighbours are.
const ALIGNED: f32 = 0.40;

/// Weight of a story that is long enough to be told from its topic: about five sentences.
const WHOLE: f32 = 600.0;

/// A story as its sentences' vectors.
pub(super) struct Story {
    /// Language.
    pub(super) lang: Lang,
    /// Number shared by texts that are copies of one another.
    pub(super) family: u32,
    /// One vector a sentence, of length one.
    pub(super) vectors: Vec<Vec<f32>>,
    /// Weight of each sentence: its letters, within bounds.
    pub(super) weights: Vec<f32>,
}

/// What two stories share; `a < b` are places in the list of stories.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    pub(super) a: u32,
    pub(super) b: u32,
    /// Share of `a` that `b` tells, beyond what everybody tells, 0–1.
    pub(super) of_a: f32,
    /// Share of `b` that `a` tells, beyond what everybody tells, 0–1.
    pub(super) of_b: f32,
    /// Share of the shorter story that the other tells in the same order, beyond what everybody tells, 0–1.
    pub(super) ordered: f32,
}

impl Likeness {
    /// The larger share.
    pub(super) fn score(&self) -> f32 {
        self.of_a.max(self.of_b)
    }
}

/// Take from every vector the mean of its language, so that language itself makes nothing alike.
///
/// `mean` gives the general mean of a language; the stories' own mean is mixed in as they become many.
pub(super) fn centre(stories: &mut [Story], mean: impl Fn(Lang) -> Vec<f32>) {
    for lang in Lang::HANDLED {
        let general = mean(lang);
        let mut families: BTreeSet<u32> = BTreeSet::new();
        let mut total = vec![0.0f32; general.len()];
        for story in stories.iter().filter(|story| story.lang == lang && !story.vectors.is_empty()) {
            if !families.insert(story.family) {
                continue;
            }
            let share = 1.0 / story.vectors.len() as f32;
            for vector in &story.vectors {
                total.iter_mut().zip(vector).for_each(|(sum, value)| *sum += share * value);
            }
        }
        let count = families.len() as f32 + MEAN_WEIGHT;
        let mean: Vec<f32> =
            total.iter().zip(&general).map(|(sum, own)| (sum + MEAN_WEIGHT * own) / count).collect();
        for story in stories.iter_mut().filter(|story| story.lang == lang) {
            for vector in &mut story.vectors {
                vector.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
                normalise(vector);
            }
        }
    }
}

/// Unit of a [`Packed`] value: products of whole numbers are summed several times faster than of fractions.
const UNIT: f32 = 8192.0;

/// The vectors of a story side by side, each value as a multiple of 1/8192.
struct Packed {
    values: Vec<i16>,
    size: usize,
}

impl Packed {
    fn new(story: &Story) -> Self {
        let size = story.vectors.first().map_or(1, Vec::len).max(1);
        let values = story.vectors.iter().flatten().map(|value| (value * UNIT) as i16).collect();
        Packed { values, size }
    }

    fn rows(&self) -> impl Iterator<Item = &[i16]> {
        self.values.chunks_exact(self.size)
    }
}

/// Likeness of two packed vectors, sixteen values at a time so that it is fast.
fn alike(one: &[i16], two: &[i16]) -> f32 {
    fn sum(one: &[i16], two: &[i16]) -> i32 {
        one.iter().zip(two).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
    }
    let (one, one_rest) = one.as_chunks::<16>();
    let (two, two_rest) = two.as_chunks::<16>();
    let sums: i32 = one.iter().zip(two).map(|(one, two)| sum(one, two)).sum();
    (sums + sum(one_rest, two_rest)) as f32 / (UNIT * UNIT)
}

/// For every sentence of two stories, how alike the nearest of the other is.
struct Nearest {
    of_a: Vec<f32>,
    of_b: Vec<f32>,
}

impl Nearest {
    fn new(one: &Packed, two: &Packed) -> Self {
        let (mut of_a, mut of_b) = (Vec::new(), vec![0.0f32; two.rows().count()]);
        for mine in one.rows() {
            let mut nearest = 0.0f32;
            for (theirs, slot) in two.rows().zip(&mut of_b) {
                let alike = alike(mine, theirs);
                nearest = nearest.max(alike);
                *slot = slot.max(alike);
            }
            of_a.push(nearest);
        }
        Nearest { of_a, of_b }
    }
}

/// Compare every story with its `others` (sorted places in the list; the relation is symmetric). Of a pair, the
/// most that its `ordered` can be is known first; only those `worth` it are compared in full.
pub(super) fn compare(
    stories: &[Story],
    others: &[Vec<u32>],
    worth: impl Fn(u32, u32, f32) -> bool + Sync,
    threads: usize,
) -> Vec<Likeness> {
    let packed = parallel::map(stories, threads, Packed::new);
    let told =
        |at: u32| !stories[at as usize].vectors.is_empty() && place(stories[at as usize].lang).is_some();
    let pairs: Vec<(u32, u32)> = (0..stories.len() as u32)
        .zip(others)
        .flat_map(|(a, others)| others.iter().filter(move |&&b| b > a).map(move |&b| (a, b)))
        .filter(|&(a, b)| told(a) && told(b))
        .collect();
    let nearest =
        parallel::map(&pairs, threads, |&(a, b)| Nearest::new(&packed[a as usize], &packed[b as usize]));
    let common = commonness(stories, &pairs, &nearest, threads);
    let places: Vec<usize> = (0..pairs.len()).collect();
    let found = parallel::map(&places, threads, |&at| {
        let (a, b) = pairs[at];
        let most = most_ordered(stories, &common, pairs[at], &nearest[at]);
        worth(a, b, most).then(|| pair(stories, &packed, &common, a, b))?
    });
    found.into_iter().flatten().collect()
}

fn place(lang: Lang) -> Option<usize> {
    Lang::HANDLED.iter().position(|handled| *handled == lang)
}

/// For every sentence of every story, how well everybody else matches it, by language.
fn commonness(
    stories: &[Story],
    pairs: &[(u32, u32)],
    nearest: &[Nearest],
    threads: usize,
) -> Vec<Vec<[f32; 3]>> {
    let mut told: Vec<Vec<(u32, &[f32])>> = vec![Vec::new(); stories.len()];
    for (&(a, b), nearest) in pairs.iter().zip(nearest) {
        if stories[a as usize].family != stories[b as usize].family {
            told[a as usize].push((b, &nearest.of_a));
            told[b as usize].push((a, &nearest.of_b));
        }
    }
    let places: Vec<usize> = (0..stories.len()).collect();
    parallel::map(&places, threads, |&at| {
        let sentence = |i: usize| {
            let voice = |&(other, list): &(u32, &[f32])| {
                let other = &stories[other as usize];
                Some((place(other.lang)?, other.family, list[i]))
            };
            by_language(told[at].iter().filter_map(voice).collect())
        };
        (0..stories[at].vectors.len()).map(sentence).collect()
    })
}

/// The most that [`Likeness::ordered`] of a pair can be: as if every sentence met its nearest in order.
fn most_ordered(stories: &[Story], common: &[Vec<[f32; 3]>], (a, b): (u32, u32), nearest: &Nearest) -> f32 {
    let most = |mine: u32, theirs: u32, nearest: &[f32]| {
        let (story, other) = (&stories[mine as usize], &stories[theirs as usize]);
        let (Some(lang), Some(lang_other)) = (place(story.lang), place(other.lang)) else { return 0.0 };
        let least = common[theirs as usize].iter().map(|common| common[lang]).fold(1.0, f32::min);
        let terms = nearest.iter().zip(&common[mine as usize]).zip(&story.weights);
        terms
            .map(|((near, common), weight)| {
                weight * (near - 0.5 * (common[lang_other] + least)).clamp(0.0, 1.0)
            })
            .sum::<f32>()
    };
    let (one, two) = (&stories[a as usize], &stories[b as usize]);
    let shorter = one.weights.iter().sum::<f32>().min(two.weights.iter().sum()).max(1.0);
    let told = most(a, b, &nearest.of_a).min(most(b, a, &nearest.of_b));
    // A little more than computed, for rounding.
    certainty(one).min(certainty(two)) * told / shorter + 1e-4
}

fn by_language(mut list: Vec<(usize, u32, f32)>) -> [f32; 3] {
    list.sort_by(|one, two| (one.0, one.1).cmp(&(two.0, two.1)).then(two.2.total_cmp(&one.2)));
    list.dedup_by_key(|entry| (entry.0, entry.1));
    let mut common = [PRIOR; 3];
    for (lang, slot) in common.iter_mut().enumerate() {
        let mut voices: Vec<f32> = list.iter().filter(|entry| entry.0 == lang).map(|entry| entry.2).collect();
        voices.sort_by(|one, two| two.total_cmp(one));
        // The best match may be the very text it comes from: it says nothing about the rest.
        let rest: Vec<f32> = voices.into_iter().skip(1).take(VOICES).collect();
        let missing = (VOICES - rest.len()) as f32;
        *slot = (rest.iter().sum::<f32>() + missing * PRIOR) / VOICES as f32;
    }
    common
}

fn pair(stories: &[Story], packed: &[Packed], common: &[Vec<[f32; 3]>], a: u32, b: u32) -> Option<Likeness> {
    let (one, two) = (&stories[a as usize], &stories[b as usize]);
    let (lang_one, lang_two) = (place(one.lang)?, place(two.lang)?);
    let width = two.vectors.len();
    let mut net = Vec::with_capacity(one.vectors.len() * width);
    for (mine, common_a) in packed[a as usize].rows().zip(&common[a as usize]) {
        for (theirs, common_b) in packed[b as usize].rows().zip(&common[b as usize]) {
            let common = 0.5 * (common_a[lang_two] + common_b[lang_one]);
            net.push((alike(mine, theirs) - common).clamp(0.0, 1.0));
        }
    }
    let rows = |i: usize| net[i * width..(i + 1) * width].iter().copied().fold(0.0, f32::max);
    let columns = |j: usize| net.iter().skip(j).step_by(width).copied().fold(0.0, f32::max);
    let certainty = [certainty(one), certainty(two)];
    Some(Likeness {
        a,
        b,
        of_a: certainty[0] * share(&one.weights, rows),
        of_b: certainty[1] * share(&two.weights, columns),
        ordered: certainty[0].min(certainty[1]) * ordered(&net, &one.weights, &two.weights),
    })
}

/// What a story's own share is worth: a short one tells what everybody tells.
fn certainty(story: &Story) -> f32 {
    (story.weights.iter().sum::<f32>() / WHOLE).min(1.0)
}

fn share(weights: &[f32], value: impl Fn(usize) -> f32) -> f32 {
    let total: f32 = weights.iter().sum();
    let sum: f32 = weights.iter().enumerate().map(|(at, weight)| weight * value(at)).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}

/// The heaviest run of matches that goes forward in both stories, as a share of the shorter one.
fn ordered(net: &[f32], one: &[f32], two: &[f32]) -> f32 {
    let mut row = vec![0.0f32; two.len() + 1];
    for (likeness, weight) in net.chunks_exact(two.len()).zip(one) {
        let mut diagonal = 0.0;
        for (j, alike) in likeness.iter().enumerate() {
            let here = (diagonal + alike * weight.min(two[j])).max(row[j]).max(row[j + 1]);
            diagonal = row[j + 1];
            row[j + 1] = here;
        }
    }
    let shorter = one.iter().sum::<f32>().min(two.iter().sum());
    if shorter > 0.0 { row[two.len()] / shorter } else { 0.0 }
}

/// How much of `here`, and of `there`, stands in the other in the same order, sentence against sentence, 0–1.
pub(super) fn coverage(here: &Story, there: &Story) -> (f32, f32) {
    let (rows, columns) = (here.vectors.len(), there.vectors.len());
    let mut best = vec![vec![0.0f32; columns + 1]; rows + 1];
    for (i, mine) in here.vectors.iter().enumerate() {
        for (j, theirs) in there.vectors.iter().enumerate() {
            let alike = (dot(mine, theirs) - ALIGNED).max(0.0);
            let matched = best[i][j] + alike * (here.weights[i] * there.weights[j]).sqrt();
            best[i + 1][j + 1] = matched.max(best[i][j + 1]).max(best[i + 1][j]);
        }
    }
    let (mut i, mut j) = (rows, columns);
    let (mut covered, mut covered_there) = (0.0, 0.0);
    while i > 0 && j > 0 {
        if best[i][j] == best[i - 1][j] {
            i -= 1;
        } else if best[i][j] == best[i][j - 1] {
            j -= 1;
        } else {
            (i, j) = (i - 1, j - 1);
            covered += here.weights[i];
            covered_there += there.weights[j];
        }
    }
    let whole = |story: &Story| story.weights.iter().sum::<f32>().max(1.0);
    (covered / whole(here), covered_there / whole(there))
}

/// For every sentence of `here`, the sentence of `there` that says the same, with their likeness.
pub(super) fn matches(here: &Story, there: &Story) -> Vec<(usize, usize, f32)> {
    let mut found = Vec::new();
    for (i, mine) in here.vectors.iter().enumerate() {
        let best = there.vectors.iter().map(|theirs| dot(mine, theirs)).enumerate();
        let best = best.max_by(|one, two| one.1.total_cmp(&two.1).then(two.0.cmp(&one.0)));
        found.extend(best.filter(|(_, alike)| *alike >= SAME).map(|(j, alike)| (i, j, alike.min(1.0))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn story(lang: Lang, family: u32, vectors: &[[f32; 3]]) -> Story {
        let unit = |vector: &[f32; 3]| {
            let mut vector = vector.to_vec();
            normalise(&mut vector);
            vector
        };
        Story {
            lang,
            family,
            vectors: vectors.iter().map(unit).collect(),
            weights: vec![150.0; vectors.len()],
        }
    }

    fn all(stories: &[Story]) -> Vec<Vec<u32>> {
        let count = stories.len() as u32;
        (0..count).map(|at| (0..count).filter(|other| *other != at).collect()).collect()
    }

    fn full(stories: &[Story]) -> Vec<Likeness> {
        compare(stories, &all(stories), |_, _, _| true, 1)
    }

    const X: [f32; 3] = [1.0, 0.0, 0.0];
    const Y: [f32; 3] = [0.0, 1.0, 0.0];
    const Z: [f32; 3] = [0.0, 0.0, 1.0];

    #[test]
    fn a_translation_is_told_in_the_same_order() {
        let stories =
            [story(Lang::En, 0, &[X, Y, Z]), story(Lang::Fr, 1, &[X, Y, Z]), story(Lang::Fr, 2, &[Z, Y, X])];
        let found = full(&stories);
        assert_eq!((found[0].a, found[0].b), (0, 1));
        assert_eq!(coverage(&stories[0], &stories[1]), (1.0, 1.0));
        assert!(coverage(&stories[0], &stories[2]).0 < 0.5);
        assert!(found[0].ordered > 2.0 * found[1].ordered && found[0].of_a <= found[1].of_a + 0.2);
    }

    #[test]
    fn a_sentence_everybody_has_counts_little() {
        let mut stories: Vec<Story> = (0..9).map(|family| story(Lang::Fr, family, &[X])).collect();
        stories.push(story(Lang::En, 9, &[X, Y]));
        stories.push(story(Lang::Fr, 10, &[Y]));
        let found = compare(&stories, &all(&stories), |_, _, _| true, 2);
        let score = |a: u32, b: u32| found.iter().find(|pair| (pair.a, pair.b) == (a, b)).unwrap().of_b;
        assert!(score(9, 10) > 2.0 * score(0, 9));
    }

    #[test]
    fn empty_stories_are_like_nothing() {
        let stories = [story(Lang::En, 0, &[]), story(Lang::Fr, 1, &[X]), story(Lang::Other, 2, &[X])];
        assert!(full(&stories).is_empty());
    }

    proptest! {
        #[test]
        fn evidence_is_symmetric(one in prop::collection::vec(prop::array::uniform3(0.1f32..1.0), 1..5),
                                 two in prop::collection::vec(prop::array::uniform3(0.1f32..1.0), 1..5)) {
            let forth = [story(Lang::En, 0, &one), story(Lang::Fr, 1, &two)];
            let back = [story(Lang::Fr, 1, &two), story(Lang::En, 0, &one)];
            let (forth, back) = (full(&forth)[0], full(&back)[0]);
            prop_assert!((forth.of_a - back.of_b).abs() < 1e-5 && (forth.of_b - back.of_a).abs() < 1e-5);
            let most = |stories: &[Story]| {
                let most = std::sync::Mutex::new(0.0);
                let keep = |_, _, bound| { most.lock().map(|mut most| *most = bound).is_ok() };
                compare(stories, &all(stories), keep, 1);
                most.into_inner().unwrap_or(0.0)
            };
            let stories = [story(Lang::En, 0, &one), story(Lang::Fr, 1, &two)];
            prop_assert!(most(&stories) >= forth.ordered);
            prop_assert!((forth.ordered - back.ordered).abs() < 1e-5);
        }
    }
}
