//! Training of the part-of-speech tagger: an averaged perceptron over the keys that the tagger itself makes.

use std::collections::BTreeMap;
use std::path::Path;

use preuve_case::Lang;
use preuve_examine::attribution::training::{
    Columns, Document, TAGS, Table, fixed_tag, tag_document, tag_keys, write_table,
};

use crate::TrainError;
use crate::rng::Rng;

const EPOCHS: usize = 8;
const SEED: u64 = 17;

/// A sentence as the tagger sees it, with the right tags.
struct Sample {
    columns: Columns,
    tags: Vec<u8>,
}

/// Words and tags of one sentence of a corpus.
type Tagged = Vec<(String, String)>;

/// The sentences of `folder/PREFIX*.tsv`.
pub fn read_tagged(folder: &Path, prefix: &str) -> Result<Vec<Tagged>, TrainError> {
    let mut sentences = Vec::new();
    for path in crate::corpus::files_in(folder, "tsv")? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.starts_with(prefix) {
            continue;
        }
        let mut sentence = Vec::new();
        for line in crate::corpus::read_text(&path)?.lines() {
            match line.split_once('\t') {
                Some((word, tag)) => sentence.push((word.to_owned(), tag.to_owned())),
                None if !sentence.is_empty() => sentences.push(std::mem::take(&mut sentence)),
                None => {}
            }
        }
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
    }
    Ok(sentences)
}

/// English treebanks cut `hack - and - leak`; texts do not: join such words again.
fn join_hyphens(sentence: &Tagged) -> Tagged {
    let mut joined: Tagged = Vec::new();
    let mut glue = false;
    for (at, (word, tag)) in sentence.iter().enumerate() {
        let inner = at > 0 && at + 1 < sentence.len();
        let letters = |i: usize| sentence[i].0.ends_with(char::is_alphabetic);
        let hyphen =
            word == "-" && inner && letters(at - 1) && sentence[at + 1].0.starts_with(char::is_alphabetic);
        if let Some(last) = joined.last_mut().filter(|_| hyphen) {
            last.0.push('-');
            glue = true;
            continue;
        }
        match joined.last_mut() {
            Some(last) if glue => {
                last.0.push_str(word);
                last.1.clone_from(tag);
            }
            _ => joined.push((word.clone(), tag.clone())),
        }
        glue = false;
    }
    joined
}

/// Text of a tagged sentence, and the tag of each of our tokens of it.
fn align(sentence: &Tagged, lang: Lang) -> (String, Vec<u8>) {
    let mut text = String::new();
    let mut ends = Vec::new();
    for (at, (word, _)) in sentence.iter().enumerate() {
        text.push_str(word);
        ends.push(text.len());
        let next = sentence.get(at + 1).map_or("", |(word, _)| word);
        let hugged = word.len() > 1 && word.ends_with(['\'', '’']);
        if lang != Lang::Fr || !(hugged || (next.len() > 2 && next.starts_with('-'))) {
            text.push(' ');
        }
    }
    let document = Document::new(&text, lang);
    let mut tags = Vec::new();
    let mut at = 0;
    for (index, (_, joined)) in sentence.iter().enumerate() {
        let start = at;
        while at < document.tokens.len() && (document.tokens[at].bytes.1 as usize) <= ends[index] {
            at += 1;
        }
        let parts: Vec<u8> = joined.split('+').map(tag_number).collect();
        for piece in 0..at - start {
            tags.push(if parts.len() == at - start { parts[piece] } else { parts[0] });
        }
    }
    tags.resize(document.tokens.len(), 16);
    (text, tags)
}

fn tag_number(name: &str) -> u8 {
    let same = |tag: &&preuve_examine::attribution::Pos| format!("{tag:?}").eq_ignore_ascii_case(name);
    TAGS.iter().position(|tag| same(&tag)).unwrap_or(16) as u8
}

fn samples(sentences: &[Tagged], lang: Lang) -> Vec<Sample> {
    let sample = |sentence: &Tagged| {
        let sentence = if lang == Lang::En { join_hyphens(sentence) } else { sentence.clone() };
        let (text, tags) = align(&sentence, lang);
        Sample { columns: Columns::new(&Document::new(&text, lang)), tags }
    };
    sentences.iter().map(sample).filter(|sample| !sample.tags.is_empty()).collect()
}

/// Weights with their running sums for averaging.
#[derive(Default)]
struct Perceptron {
    index: BTreeMap<u32, usize>,
    now: Vec<[f32; TAGS.len()]>,
    sum: Vec<[f32; TAGS.len()]>,
    seen: Vec<u32>,
    step: f32,
}

impl Perceptron {
    fn best(&self, keys: &[u32]) -> usize {
        let mut scores = [0f32; TAGS.len()];
        for row in keys.iter().filter_map(|key| self.index.get(key)) {
            for (score, weight) in scores.iter_mut().zip(&self.now[*row]) {
                *score += weight;
            }
        }
        (1..TAGS.len()).fold(0, |best, tag| if scores[tag] > scores[best] { tag } else { best })
    }

    fn update(&mut self, keys: &[u32], right: usize, wrong: usize) {
        for &key in keys {
            let next = self.now.len();
            let row = *self.index.entry(key).or_insert(next);
            if row == next {
                self.now.push([0.0; TAGS.len()]);
                self.sum.push([0.0; TAGS.len()]);
                self.seen.push(0);
            }
            self.seen[row] += 1;
            for (tag, by) in [(right, 1.0), (wrong, -1.0)] {
                self.now[row][tag] += by;
                self.sum[row][tag] += by * self.step;
            }
        }
    }

    fn rows(&self) -> Vec<(u32, Vec<f32>)> {
        let averaged = |row: usize| {
            let pairs = self.now[row].iter().zip(&self.sum[row]);
            pairs.map(|(now, sum)| now - sum / self.step.max(1.0)).collect::<Vec<f32>>()
        };
        let kept = |row: &usize| self.seen[*row] > 2;
        self.index.iter().filter(|(_, row)| kept(row)).map(|(&key, &row)| (key, averaged(row))).collect()
    }
}

fn learn(samples: &[Sample]) -> Vec<(u32, Vec<f32>)> {
    let mut model = Perceptron::default();
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut rng = Rng::new(SEED);
    for _ in 0..EPOCHS {
        rng.shuffle(&mut order);
        for sample in order.iter().map(|&i| &samples[i]) {
            let mut tags = (31, 31);
            let within = 0..sample.tags.len();
            for at in within.clone() {
                let right = sample.tags[at] as usize;
                let mut chosen = fixed_tag(sample.columns.shape[at]);
                if chosen.is_none() {
                    let keys = tag_keys(&sample.columns, &within, at, tags);
                    let best = model.best(&keys);
                    model.step += 1.0;
                    if best != right {
                        model.update(&keys, right, best);
                    }
                    chosen = Some(best);
                }
                tags = (chosen.unwrap_or(right) as u32, tags.0);
            }
        }
    }
    model.rows()
}

/// A table of tagger weights for `lang`, trained on `sentences`.
pub fn train_tagger(sentences: &[Tagged], lang: Lang) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_table(TAGS.len(), &learn(&samples(sentences, lang)), 1e9, 0.0, &mut bytes);
    bytes
}

/// Share of tokens of `sentences` that `table` tags as the corpus does.
pub fn accuracy(table: &Table, sentences: &[Tagged], lang: Lang) -> f64 {
    let (mut right, mut all) = (0usize, 0usize);
    for sentence in sentences {
        let sentence = if lang == Lang::En { join_hyphens(sentence) } else { sentence.clone() };
        let (text, tags) = align(&sentence, lang);
        let mut document = Document::new(&text, lang);
        document.sentences = std::iter::once(0..document.tokens.len()).collect();
        tag_document(table, &mut document);
        all += tags.len();
        right += document
            .tokens
            .iter()
            .zip(&tags)
            .filter(|(token, tag)| token.pos == TAGS[**tag as usize])
            .count();
    }
    right as f64 / all.max(1) as f64
}
