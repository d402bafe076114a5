//! Finding the pairs of texts that belong together, and each text's parent.
//!
//! Limit: sentences are compared for at most [`MAX_SENTENCES`] sentences a text; above [`ALL_TEXTS`] texts only
//! those are compared that share rare names and numbers or text.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{Diagnostic, Lang, Severity};

use super::anchors::{anchors, neighbours};
use super::kin::{Evidence, First, Text, can_be_kin, first, same_outlet};
use super::likeness::{Likeness, Story, centre, compare};
use super::rare::{Rare, Voice, rare};
use super::reuse::{Reuse, ReuseParams, detect_reuse};
use super::sentence::{Sentence, sentences};
use super::tree::{Link, parents, roots};
use super::vector::Encoder;
use super::{LineageParams, parallel};

/// Sentences of one text that are compared.
const MAX_SENTENCES: usize = 300;
/// Up to this many texts, all are compared with all.
const ALL_TEXTS: usize = 400;
/// Above, each is compared with this many that share most names and numbers.
const NEIGHBOURS: usize = 48;
/// Copies that hold this much of one another are one voice.
const ONE_VOICE: f32 = 0.5;

/// What was found among the texts.
pub(super) struct Found {
    /// Evidence of every pair that may be kin.
    pub(super) evidence: Vec<Evidence>,
    /// Links that may be taken.
    pub(super) links: Vec<Link>,
    /// The link each text takes.
    pub(super) parents: Vec<Option<usize>>,
    /// The origin of each text.
    pub(super) roots: Vec<u32>,
    /// The stories compared; empty where sentences were not.
    pub(super) stories: Vec<Story>,
    /// Their sentences.
    pub(super) sentences: Vec<Vec<Sentence>>,
}

/// Compare `texts` (in their fixed order) and give each at most one parent.
pub(super) fn find(texts: &[Text], params: &LineageParams, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let bodies: Vec<&str> = texts.iter().map(|text| text.item.text.as_str()).collect();
    let reuse_params = ReuseParams { threads: params.threads, min_shared: 8, min_containment: 0.12 };
    let reuse = detect_reuse(&bodies, &reuse_params);
    tell_caps(texts, &reuse, diagnostics);
    let families = families(texts.len(), &reuse);
    let (stories, sentences) = if texts.len() <= params.sentences_up_to {
        stories(texts, &families, params, diagnostics)
    } else {
        let message = format!(
            "{} different texts: sentences were not compared, so translations and rewrites are not found",
            texts.len()
        );
        diagnostics.push(Diagnostic::new("", Severity::Warning, "lineage::too_many_texts", message));
        (Vec::new(), Vec::new())
    };
    let (likeness, rare) = if stories.is_empty() {
        (Vec::new(), BTreeMap::new())
    } else {
        let anchors = parallel::map(texts, params.threads, |text| anchors(&text.item.text));
        let mut voices: Vec<Voice> = Vec::new();
        for ((text, &family), anchors) in texts.iter().zip(&families).zip(&anchors) {
            voices.push(Voice { lang: text.item.lang, family, text: &text.item.text, anchors });
        }
        let others = others(&anchors, &reuse);
        let rare = rare(&voices, params.threads);
        let reused: BTreeSet<(u32, u32)> = reuse.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        let worth = |a: u32, b: u32, ordered: f32| {
            let rare = rare.get(&(a, b)).copied().unwrap_or_default();
            reused.contains(&(a, b)) || can_be_kin(&texts[a as usize], &texts[b as usize], ordered, rare)
        };
        (compare(&stories, &others, worth, params.threads), rare)
    };
    let evidence = join(&reuse, likeness, &rare);
    let links = links(texts, &evidence);
    let parents = parents(&links, texts.len());
    let roots = roots(&links, &parents);
    Found { evidence, links, parents, roots, stories, sentences }
}

fn tell_caps(texts: &[Text], reuse: &Reuse, diagnostics: &mut Vec<Diagnostic>) {
    for &at in &reuse.capped_texts {
        let item = texts[at as usize].item;
        let message =
            "most of the text stands in more than 500 others; it is linked to near-identical texts only";
        let told = Diagnostic::new(&item.path, Severity::Note, "lineage::boilerplate_capped", message);
        diagnostics.push(told.for_item(item.id));
    }
}

fn stories(
    texts: &[Text],
    families: &[u32],
    params: &LineageParams,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Story>, Vec<Vec<Sentence>>) {
    let encoder = match Encoder::get() {
        Ok(encoder) => encoder,
        Err(error) => {
            let message = format!("sentences were not compared: {error}");
            diagnostics.push(Diagnostic::new("", Severity::Error, "lineage::no_vectors", message));
            return (Vec::new(), Vec::new());
        }
    };
    let places: Vec<usize> = (0..texts.len()).collect();
    let read = parallel::map(&places, params.threads, |&at| {
        let item = texts[at].item;
        let limit = if Lang::HANDLED.contains(&item.lang) { MAX_SENTENCES } else { 0 };
        let mut sentences = sentences(&item.text, limit + 1);
        let cut = sentences.len() > limit && limit > 0;
        sentences.truncate(limit);
        let vectors =
            sentences.iter().map(|sentence| encoder.encode(&item.text[sentence.bytes.clone()])).collect();
        let weights = sentences.iter().map(|sentence| sentence.span.len().clamp(20, 160) as f32).collect();
        (Story { lang: item.lang, family: families[at], vectors, weights }, sentences, cut)
    });
    let (mut stories, mut all) = (Vec::new(), Vec::new());
    for (at, (story, sentences, cut)) in read.into_iter().enumerate() {
        if cut {
            let message = format!("only the first {MAX_SENTENCES} sentences were compared with other texts");
            let told = Diagnostic::new(&texts[at].item.path, Severity::Note, "lineage::long_text", message);
            diagnostics.push(told.for_item(texts[at].item.id));
        }
        stories.push(story);
        all.push(sentences);
    }
    centre(&mut stories, |lang| encoder.mean(lang));
    (stories, all)
}

/// A number for every text that copies of one another share: the place of the first.
fn families(texts: usize, reuse: &Reuse) -> Vec<u32> {
    let mut family: Vec<u32> = (0..texts as u32).collect();
    for pair in reuse.pairs.iter().filter(|pair| pair.containment() >= ONE_VOICE) {
        let (one, two) = (leader(&mut family, pair.a), leader(&mut family, pair.b));
        let (first, later) = (one.min(two), one.max(two));
        family[later as usize] = first;
    }
    (0..texts as u32).map(|text| leader(&mut family, text)).collect()
}

fn leader(family: &mut [u32], text: u32) -> u32 {
    let mut at = text;
    while family[at as usize] != at {
        family[at as usize] = family[family[at as usize] as usize];
        at = family[at as usize];
    }
    at
}

/// Which texts each is compared with.
fn others(anchors: &[Vec<String>], reuse: &Reuse) -> Vec<Vec<u32>> {
    let count = anchors.len() as u32;
    if anchors.len() <= ALL_TEXTS {
        return (0..count).map(|at| (0..count).filter(|other| *other != at).collect()).collect();
    }
    let mut others = neighbours(anchors, NEIGHBOURS);
    for pair in &reuse.pairs {
        others[pair.a as usize].push(pair.b);
        others[pair.b as usize].push(pair.a);
    }
    for list in &mut others {
        list.sort_unstable();
        list.dedup();
    }
    others
}

/// Everything that speaks for each pair of texts; what is rare speaks only with likeness.
fn join(reuse: &Reuse, likeness: Vec<Likeness>, rare: &BTreeMap<(u32, u32), Rare>) -> Vec<Evidence> {
    let mut pairs: BTreeMap<(u32, u32), Evidence> = BTreeMap::new();
    for alike in likeness {
        let key = (alike.a, alike.b);
        let rare = rare.get(&key).copied().unwrap_or_default();
        pairs.insert(key, Evidence { a: alike.a, b: alike.b, reuse: None, likeness: Some(alike), rare });
    }
    for pair in &reuse.pairs {
        let empty = Evidence { a: pair.a, b: pair.b, reuse: None, likeness: None, rare: Rare::default() };
        pairs.entry((pair.a, pair.b)).or_insert(empty).reuse = Some(*pair);
    }
    pairs.into_values().collect()
}

fn links(texts: &[Text], evidence: &[Evidence]) -> Vec<Link> {
    let mut links = Vec::new();
    for (at, pair) in evidence.iter().enumerate() {
        if !pair.may_be_kin() {
            continue;
        }
        let (a, b) = (&texts[pair.a as usize], &texts[pair.b as usize]);
        let (child, parent) = match first(pair, a, b) {
            First::A => (pair.b, pair.a),
            First::B => (pair.a, pair.b),
        };
        let (child_text, parent_text) = (&texts[child as usize], &texts[parent as usize]);
        let strength = pair.strength(child_text, parent_text);
        if strength > 0.0 {
            let same_outlet = same_outlet(child_text, parent_text);
            links.push(Link { child, parent, strength, same_outlet, evidence: at });
        }
    }
    links
}
