//! How much of one story another tells, in any of the handled languages.
//!
//! Every sentence is matched with its nearest in the other story, less its *commonness*: how well it is
//! matched by everybody else in that language. Names, dates and the quotation everybody has thereby count
//! little; which sentences were chosen counts much. Limit: a story of a few sentences is hardly told
//! apart from its topic, so its share counts less.

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
        let mut families: Vec<u32> = Vec::new();
        let mut total = vec![0.0f32; general.len()];
        for story in stories.iter().filter(|story| story.lang == lang && !story.vectors.is_empty()) {
            if families.contains(&story.family) {
                continue;
            }
            families.push(story.family);
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

/// Compare every story with its `others` (sorted places in the list; the relation is symmetric).
pub(super) fn compare(stories: &[Story], others: &[Vec<u32>], threads: usize) -> Vec<Likeness> {
    let places: Vec<u32> = (0..stories.len() as u32).collect();
    let common = parallel::map(&places, threads, |&at| commonness(stories, at, &others[at as usize]));
    let found = parallel::map(&places, threads, |&a| {
        let later = others[a as usize].iter().filter(|&&b| b > a);
        later.filter_map(|&b| pair(stories, &common, a, b)).collect::<Vec<Likeness>>()
    });
    found.into_iter().flatten().collect()
}

/// For every sentence of a story, how well everybody else matches it, by language.
fn commonness(stories: &[Story], at: u32, others: &[u32]) -> Vec<[f32; 3]> {
    let story = &stories[at as usize];
    let mut best: Vec<Vec<(usize, u32, f32)>> = vec![Vec::new(); story.vectors.len()];
    for &other in others {
        let other = &stories[other as usize];
        let Some(lang) = Lang::HANDLED.iter().position(|lang| *lang == other.lang) else { continue };
        if other.family == story.family {
            continue;
        }
        for (list, vector) in best.iter_mut().zip(&story.vectors) {
            let nearest = other.vectors.iter().map(|theirs| dot(vector, theirs)).fold(0.0, f32::max);
            list.push((lang, other.family, nearest));
        }
    }
    best.into_iter().map(by_language).collect()
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

fn pair(stories: &[Story], common: &[Vec<[f32; 3]>], a: u32, b: u32) -> Option<Likeness> {
    let (one, two) = (&stories[a as usize], &stories[b as usize]);
    if one.vectors.is_empty() || two.vectors.is_empty() {
        return None;
    }
    let lang_one = Lang::HANDLED.iter().position(|lang| *lang == one.lang)?;
    let lang_two = Lang::HANDLED.iter().position(|lang| *lang == two.lang)?;
    let width = two.vectors.len();
    let mut net = Vec::with_capacity(one.vectors.len() * width);
    for (i, mine) in one.vectors.iter().enumerate() {
        for (j, theirs) in two.vectors.iter().enumerate() {
            let common = 0.5 * (common[a as usize][i][lang_two] + common[b as usize][j][lang_one]);
            net.push((dot(mine, theirs) - common).clamp(0.0, 1.0));
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

    const X: [f32; 3] = [1.0, 0.0, 0.0];
    const Y: [f32; 3] = [0.0, 1.0, 0.0];
    const Z: [f32; 3] = [0.0, 0.0, 1.0];

    #[test]
    fn a_translation_is_told_in_the_same_order() {
        let stories =
            [story(Lang::En, 0, &[X, Y, Z]), story(Lang::Fr, 1, &[X, Y, Z]), story(Lang::Fr, 2, &[Z, Y, X])];
        let found = compare(&stories, &all(&stories), 1);
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
        let found = compare(&stories, &all(&stories), 2);
        let score = |a: u32, b: u32| found.iter().find(|pair| (pair.a, pair.b) == (a, b)).unwrap().of_b;
        assert!(score(9, 10) > 2.0 * score(0, 9));
    }

    #[test]
    fn empty_stories_are_like_nothing() {
        let stories = [story(Lang::En, 0, &[]), story(Lang::Fr, 1, &[X]), story(Lang::Other, 2, &[X])];
        assert!(compare(&stories, &all(&stories), 1).is_empty());
    }

    proptest! {
        #[test]
        fn evidence_is_symmetric(one in prop::collection::vec(prop::array::uniform3(0.1f32..1.0), 1..5),
                                 two in prop::collection::vec(prop::array::uniform3(0.1f32..1.0), 1..5)) {
            let forth = [story(Lang::En, 0, &one), story(Lang::Fr, 1, &two)];
            let back = [story(Lang::Fr, 1, &two), story(Lang::En, 0, &one)];
            let (forth, back) = (compare(&forth, &all(&forth), 1)[0], compare(&back, &all(&back), 1)[0]);
            prop_assert!((forth.of_a - back.of_b).abs() < 1e-5 && (forth.of_b - back.of_a).abs() < 1e-5);
            prop_assert!((forth.ordered - back.ordered).abs() < 1e-5);
        }
    }
}
