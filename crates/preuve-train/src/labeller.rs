//! From articles to a labeller: tagged documents, cross-fitted strengths of cues, sequences, weights.

use std::collections::BTreeMap;

use preuve_case::{CharIndex, Lang, Span};
use preuve_examine::attribution::Relation;
use preuve_examine::attribution::training::{
    Clusters, Columns, Crf, CueBins, Document, Inputs, LABELS, Lexicon, Table, decode, keys_of, labels_of,
    mix, params_of, tag_document, write_table,
};

use crate::corpus::{Article, Gold};
use crate::learner::{LearnParams, Sequence, learn};

/// Parts in which strengths of cues are cross-fitted.
const CROSS: usize = 10;

/// An article ready for training: its document, columns, classes and relations by token.
pub struct Prepared<'t> {
    /// The article.
    pub article: &'t Article,
    /// Tagged document.
    pub document: Document<'t>,
    /// Columns of the document.
    pub columns: Columns,
    /// Lexicon classes of its tokens.
    pub classes: Vec<u8>,
    /// Relations by token.
    pub relations: Vec<Relation>,
    /// Classes of words.
    pub clusters: &'t Clusters,
}

/// Cut, tag and look up `article`.
pub fn prepare<'t>(
    article: &'t Article,
    tagger: &Table,
    lexicon: &Lexicon,
    clusters: &'t Clusters,
) -> Prepared<'t> {
    let mut document = Document::new(&article.text, article.lang);
    tag_document(tagger, &mut document);
    let columns = Columns::new(&document);
    let classes = lexicon.classes(&document, &columns);
    let relations = article.gold.iter().map(|gold| by_token(&document, gold)).collect();
    Prepared { article, document, columns, classes, relations, clusters }
}

fn by_token(document: &Document<'_>, gold: &Gold) -> Relation {
    let ranges = |spans: &[Span]| {
        let range = |span: &Span| {
            let start = document.tokens.partition_point(|token| token.chars.end <= span.start);
            let end = document.tokens.partition_point(|token| token.chars.start < span.end);
            start..end.max(start)
        };
        spans.iter().map(range).filter(|range| !range.is_empty()).collect()
    };
    Relation { source: ranges(&gold.source), cue: ranges(&gold.cue), content: ranges(&gold.content) }
}

/// Strengths of cues as counted in `articles`.
pub fn count_bins<'a>(articles: impl Iterator<Item = &'a Prepared<'a>>) -> CueBins {
    let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for prepared in articles {
        for &word in &prepared.columns.word {
            counts.entry(word).or_default().1 += 1;
        }
        for at in prepared.relations.iter().flat_map(|relation| &relation.cue).flat_map(Clone::clone) {
            counts.entry(prepared.columns.word[at]).or_default().0 += 1;
        }
    }
    let bin = |(key, (cues, all)): (u32, (u32, u32))| {
        let often = cues > 0 || all >= 5;
        often.then(|| (key, CueBins::bin(cues, all)))
    };
    CueBins::new(counts.into_iter().filter_map(bin).filter(|&(_, bin)| bin > 1))
}

fn sequences_of(prepared: &Prepared<'_>, bins: &CueBins, copies: Option<f32>, out: &mut Vec<Sequence>) {
    let labels = labels_of(&prepared.relations, prepared.document.tokens.len());
    let inputs = inputs(prepared, bins);
    for (number, paragraph) in prepared.document.paragraphs.iter().enumerate() {
        let keys = keys_of(&inputs, paragraph, number);
        let mut sequence =
            Sequence { weight: copies.unwrap_or(1.0), kinds: keys.kinds.clone(), ..Sequence::default() };
        for at in 0..keys.len() {
            sequence.keys.extend_from_slice(keys.of(at));
            if copies.is_some() {
                sequence.keys.extend(keys.of(at).iter().map(|&key| copy_key(key, prepared.article.lang)));
            }
            sequence.ends.push(sequence.keys.len() as u32);
        }
        sequence.labels = labels[paragraph.clone()].to_vec();
        lawful_start(&mut sequence.labels);
        out.push(sequence);
    }
}

/// Language copy of a key: what a feature is worth in one language beyond what it is worth in all.
fn copy_key(key: u32, lang: Lang) -> u32 {
    mix(key, 0x1a40 + lang as u32)
}

/// A span that reaches into the paragraph begins anew there.
fn lawful_start(labels: &mut [u8]) {
    if let Some(first) = labels.first_mut()
        && *first != 0
        && first.is_multiple_of(2)
    {
        *first -= 1;
    }
}

fn inputs<'a>(prepared: &'a Prepared<'a>, bins: &'a CueBins) -> Inputs<'a> {
    Inputs {
        document: &prepared.document,
        columns: &prepared.columns,
        classes: &prepared.classes,
        bins,
        clusters: prepared.clusters,
    }
}

/// A labeller and the strengths of cues it was trained with.
pub struct Labeller {
    /// Table of weights.
    pub weights: Vec<u8>,
    /// Strengths of cues, counted on all training articles.
    pub bins: CueBins,
}

/// Train on `articles`.
pub fn train(articles: &[&Prepared<'_>], params: &LearnParams) -> Labeller {
    let mut sequences = Vec::new();
    for part in 0..CROSS {
        let others = articles.iter().enumerate().filter(|(at, _)| at % CROSS != part).map(|(_, a)| *a);
        let bins = count_bins(others);
        for prepared in articles.iter().skip(part).step_by(CROSS) {
            sequences_of(prepared, &bins, None, &mut sequences);
        }
    }
    let rows = learn(sequences, params);
    let mut weights = Vec::new();
    write_table(LABELS, &rows, 3.0, params.floor, &mut weights);
    Labeller { weights, bins: count_bins(articles.iter().copied()) }
}

/// Train one labeller for several languages, every feature once for all and once for its language, and give the
/// sum of both for each of `langs`. No strengths of cues: lexicon classes take their place. Articles in English
/// count `english` times.
pub fn train_joint(
    articles: &[&Prepared<'_>],
    langs: &[Lang],
    english: f32,
    params: &LearnParams,
) -> Vec<Labeller> {
    let mut sequences = Vec::new();
    for prepared in articles {
        let weight = if prepared.article.lang == Lang::En { english } else { 1.0 };
        sequences_of(prepared, &CueBins::default(), Some(weight), &mut sequences);
    }
    let rows: BTreeMap<u32, Vec<f32>> = learn(sequences, params).into_iter().collect();
    let mut labellers = Vec::new();
    for &lang in langs {
        let mut sums: BTreeMap<u32, Vec<f32>> = BTreeMap::new();
        let mut seen: std::collections::BTreeSet<u32> = std::collections::BTreeSet::new();
        for prepared in articles.iter().filter(|prepared| prepared.article.lang == lang) {
            let mut own = Vec::new();
            sequences_of(prepared, &CueBins::default(), None, &mut own);
            seen.extend(own.iter().flat_map(|sequence| &sequence.keys));
        }
        for (&key, row) in &rows {
            sums.insert(key, row.clone());
        }
        for key in seen {
            if let Some(row) = rows.get(&copy_key(key, lang)) {
                let sum = sums.entry(key).or_insert_with(|| vec![0.0; LABELS]);
                for (sum, weight) in sum.iter_mut().zip(row) {
                    *sum += weight;
                }
            }
        }
        let rows: Vec<(u32, Vec<f32>)> = sums.into_iter().collect();
        let mut weights = Vec::new();
        write_table(LABELS, &rows, 3.0, params.floor, &mut weights);
        labellers.push(Labeller { weights, bins: CueBins::default() });
    }
    labellers
}

/// Relations that `labeller` finds in a prepared article.
pub fn predict(prepared: &Prepared<'_>, crf: &Crf, bins: &CueBins) -> Vec<Relation> {
    let inputs = inputs(prepared, bins);
    let mut relations = Vec::new();
    for (number, paragraph) in prepared.document.paragraphs.iter().enumerate() {
        let keys = keys_of(&inputs, paragraph, number);
        relations.extend(decode(
            crf,
            &keys,
            paragraph.start,
            &prepared.document.sentences,
            &params_of(prepared.article.lang),
        ));
    }
    relations
}

/// One line of JSON a relation, as the command line's contract has it (spans only).
pub fn json_lines(item: &str, document: &Document<'_>, relations: &[Relation]) -> String {
    let index = CharIndex::new(document.text);
    let part = |ranges: &[std::ops::Range<usize>]| {
        let spans: Vec<Span> = ranges.iter().filter_map(|range| document.span(range)).collect();
        let text: Vec<&str> = spans.iter().map(|&span| index.slice(document.text, span)).collect();
        if spans.is_empty() {
            serde_json::Value::Null
        } else {
            serde_json::json!({ "text": text.join(" "), "spans": spans })
        }
    };
    let line = |relation: &Relation| {
        serde_json::json!({
            "item": item, "lang": document.lang,
            "source": part(&relation.source), "cue": part(&relation.cue), "content": part(&relation.content),
        })
        .to_string()
    };
    relations.iter().map(|relation| line(relation) + "\n").collect()
}
