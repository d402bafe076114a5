//! From articles to a labeller: tagged documents, cross-fitted strengths of cues, sequences, weights.

use std::collections::BTreeMap;
use std::ops::Range;

use preuve_case::{CharIndex, Span};
use preuve_examine::attribution::Relation;
use preuve_examine::attribution::training::network::{WORD, write_network};
use preuve_examine::attribution::training::{
    Columns, CueBins, Document, Inputs, Labeller, Lexicon, Place, Table, codes_of, folded, is_inner,
    labels_of, params_of, tag_document, vectors_of,
};

use crate::TrainError;
use crate::corpus::{Article, Gold};
use crate::recurrent::{Params, Passage, learn};

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
}

/// Cut, tag and look up `article`.
pub fn prepare<'t>(article: &'t Article, tagger: &Table, lexicon: &Lexicon) -> Prepared<'t> {
    let mut document = Document::new(&article.text, article.lang);
    tag_document(tagger, &mut document);
    let columns = Columns::new(&document);
    let classes = lexicon.classes(&document, &columns);
    let relations = article.gold.iter().map(|gold| by_token(&document, gold)).collect();
    Prepared { article, document, columns, classes, relations }
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

/// Vectors of the words of many articles, each folded word once.
struct Words {
    numbers: BTreeMap<u32, u32>,
    vectors: Vec<[f32; WORD]>,
}

impl Words {
    fn of(articles: &[&Prepared<'_>]) -> Result<Self, TrainError> {
        let mut numbers = BTreeMap::new();
        let mut words = Vec::new();
        for prepared in articles {
            for (at, &key) in prepared.columns.word.iter().enumerate() {
                numbers.entry(key).or_insert_with(|| {
                    words.push(folded(prepared.document.word(at)));
                    words.len() as u32 - 1
                });
            }
        }
        let vectors = vectors_of(&words).map_err(preuve_examine::attribution::WeightsError::from)?;
        Ok(Self { numbers, vectors })
    }
}

/// The paragraphs of an article; of our own texts also the contents, which are paragraphs of the reports in them.
fn passages_of(prepared: &Prepared<'_>, bins: &CueBins, words: &Words, out: &mut Vec<Passage>) {
    let document = &prepared.document;
    let labels = labels_of(&prepared.relations, document.tokens.len());
    let mut push = |tokens: &Range<usize>, place: Place, labels: &[u8]| {
        let (codes, kinds) = codes_of(&inputs(prepared, bins), tokens, place);
        let mut labels = labels[tokens.clone()].to_vec();
        lawful_start(&mut labels);
        let words = tokens.clone().map(|at| words.numbers[&prepared.columns.word[at]]).collect();
        out.push(Passage { codes, words, kinds, labels });
    };
    for (number, paragraph) in document.paragraphs.iter().enumerate() {
        push(paragraph, if number == 0 { Place::First } else { Place::Later }, &labels);
    }
    if prepared.article.marks_inner {
        let inner: Vec<Relation> =
            prepared.relations.iter().filter(|r| is_inner(r, &prepared.relations)).cloned().collect();
        let outer = prepared.relations.iter().filter(|r| !is_inner(r, &prepared.relations));
        let labels = labels_of(&inner, document.tokens.len());
        for content in outer.flat_map(|relation| &relation.content).filter(|content| content.len() > 3) {
            push(content, Place::Inside, &labels);
        }
    }
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
    Inputs { document: &prepared.document, columns: &prepared.columns, classes: &prepared.classes, bins }
}

/// Seeds of the networks whose scores are averaged.
const SEEDS: [u64; 3] = [5, 6, 7];

/// Train on `articles`: the bytes of a labeller, with strengths of cues counted on all of them. While training an
/// article sees strengths counted on others.
pub fn train(articles: &[&Prepared<'_>], params: &Params) -> Result<Vec<u8>, TrainError> {
    let words = Words::of(articles)?;
    let mut passages = Vec::new();
    for part in 0..CROSS {
        let others = articles.iter().enumerate().filter(|(at, _)| at % CROSS != part).map(|(_, a)| *a);
        let bins = count_bins(others);
        for prepared in articles.iter().skip(part).step_by(CROSS) {
            passages_of(prepared, &bins, &words, &mut passages);
        }
    }
    let mut bytes = vec![SEEDS.len() as u8];
    // Each network is learned by itself in a fixed order, so threads change nothing but the time.
    let networks: Vec<Vec<f32>> = std::thread::scope(|scope| {
        let learn = |seed| learn(&passages, &words.vectors, params, seed);
        let threads: Vec<_> = SEEDS.iter().map(|&seed| scope.spawn(move || learn(seed))).collect();
        threads.into_iter().map_while(|thread| thread.join().ok()).collect()
    });
    networks.iter().for_each(|network| write_network(network, &mut bytes));
    count_bins(articles.iter().copied()).write(&mut bytes);
    Ok(bytes)
}

/// Relations that `labeller` finds in a prepared article.
pub fn predict(prepared: &Prepared<'_>, labeller: &Labeller) -> Vec<Relation> {
    let params = params_of(prepared.article.lang);
    labeller.relations(&prepared.document, &prepared.columns, &prepared.classes, &params)
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
