//! Tokens → universal parts of speech: a greedy linear tagger, one table of weights a language.
//!
//! Features are keys made of numbers, so tagging builds no strings. One pass, left to right; an error is not
//! taken back, the sentence's later tags have to live with it.

use super::columns::{Columns, Shape};
use super::table::{MAX_LABELS, Table, mix};
use super::{Document, Pos};

/// Tags in the order of the table's labels.
pub const TAGS: [Pos; 17] = [
    Pos::Adj,
    Pos::Adp,
    Pos::Adv,
    Pos::Aux,
    Pos::Cconj,
    Pos::Det,
    Pos::Intj,
    Pos::Noun,
    Pos::Num,
    Pos::Part,
    Pos::Pron,
    Pos::Propn,
    Pos::Punct,
    Pos::Sconj,
    Pos::Sym,
    Pos::Verb,
    Pos::X,
];

/// Features of a token under the tagger.
pub const TAG_FEATURES: usize = 24;

/// Tag of "before the sentence".
const EDGE: u32 = 31;

/// Keys of token `at` of `sentence`, given the two tags before it (numbers of [`TAGS`], 31 before the sentence).
pub fn tag_keys(
    columns: &Columns,
    sentence: &std::ops::Range<usize>,
    at: usize,
    tags: (u32, u32),
) -> [u32; TAG_FEATURES] {
    let word = |offset: isize| columns.word_near(at, offset, sentence);
    let shape = u32::from(columns.shape[at].0);
    let (w, s2, s3) = (columns.word[at], columns.suffix2[at], columns.suffix3[at]);
    let near = |column: &[u32], offset: isize| columns.near(column, at, offset, sentence);
    let first = u32::from(at == sentence.start);
    let values = [
        0,
        w,
        s3,
        s2,
        columns.prefix3[at],
        mix(shape, first),
        mix(tags.0, 1),
        mix(tags.0, tags.1),
        word(-1),
        word(-2),
        word(1),
        word(2),
        mix(tags.0, w),
        mix(near(&columns.suffix3, -1), s3),
        near(&columns.suffix3, 1),
        near(&columns.suffix2, 1),
        near(&columns.suffix3, -1),
        mix(word(1), w),
        mix(tags.0, s3),
        mix(mix(tags.0, tags.1), s2),
        columns.suffix4[at],
        mix(word(-1), word(1)),
        mix(tags.0, word(1)),
        mix(shape, s3),
    ];
    let mut keys = [0; TAG_FEATURES];
    for (slot, value) in values.into_iter().enumerate() {
        keys[slot] = mix(value, slot as u32 + 1);
    }
    keys
}

/// The tag a token has whatever its context: marks and figures.
pub fn fixed_tag(shape: Shape) -> Option<usize> {
    match shape {
        Shape::MARK => TAGS.iter().position(|&tag| tag == Pos::Punct),
        Shape::DIGITS => TAGS.iter().position(|&tag| tag == Pos::Num),
        _ => None,
    }
}

/// Write a part of speech on every token of `document`; `columns` are made from it.
pub(super) fn tag(table: &Table, document: &mut Document<'_>, columns: &Columns) {
    for sentence in &document.sentences {
        let mut tags = (EDGE, EDGE);
        for at in sentence.clone() {
            let best =
                fixed_tag(columns.shape[at]).unwrap_or_else(|| best_tag(table, columns, sentence, at, tags));
            document.tokens[at].pos = TAGS[best.min(TAGS.len() - 1)];
            tags = (best as u32, tags.0);
        }
    }
}

fn best_tag(
    table: &Table,
    columns: &Columns,
    sentence: &std::ops::Range<usize>,
    at: usize,
    tags: (u32, u32),
) -> usize {
    let mut scores = [0; MAX_LABELS];
    for key in tag_keys(columns, sentence, at, tags) {
        table.add(key, &mut scores);
    }
    let mut best = 0;
    for label in 1..TAGS.len() {
        if scores[label] > scores[best] {
            best = label;
        }
    }
    best
}
