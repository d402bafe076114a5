//! Tagged tokens of a paragraph → keys of features for the labeller. Keys are numbers; no strings are built.
//!
//! Everything looks at one paragraph only, so texts of any length cost the same a token.

use std::collections::HashMap;
use std::ops::Range;

use super::columns::{Columns, EDGE, Shape};
use super::lexicon::{ACCORDING, WEAK};
use super::quote::{Quote, quotes};
use super::table::mix;
use super::{Document, Pos};

/// How often a word is part of a cue, in steps 0 (never seen) to 10, learned from annotated texts.
#[derive(Debug, Clone, Default)]
pub struct CueBins(HashMap<u32, u8>);

impl CueBins {
    /// Upper bounds of the bins 1, 2, …; above the last lies bin 10.
    const BOUNDS: [f32; 9] = [0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85];
    /// Lowest bin of a strong cue.
    pub const STRONG: u8 = 7;

    /// Bins from `(word key, bin)`.
    pub fn new(bins: impl IntoIterator<Item = (u32, u8)>) -> Self {
        Self(bins.into_iter().collect())
    }

    /// The bin of a word that was part of a cue `cues` times of `all`.
    pub fn bin(cues: u32, all: u32) -> u8 {
        let share = (cues as f32 + 0.02) / (all as f32 + 1.0);
        Self::BOUNDS.iter().position(|&bound| share < bound).unwrap_or(9) as u8 + 1
    }

    /// The bin of `word`.
    pub fn get(&self, word: u32) -> u8 {
        self.0.get(&word).copied().unwrap_or(0)
    }

    /// Read what [`CueBins::write`] wrote; `None` where it ends early.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = bytes.split_at_checked(4)?;
        let count = u32::from_le_bytes(count.try_into().ok()?) as usize;
        let entries = rest.get(..count.checked_mul(5)?)?;
        let entry = |five: &[u8]| (u32::from_le_bytes([five[0], five[1], five[2], five[3]]), five[4]);
        Some(Self::new(entries.chunks_exact(5).map(entry)))
    }

    /// Append the number of bins and the bins by rising key.
    pub fn write(&self, out: &mut Vec<u8>) {
        let entries = self.entries();
        out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
        for (key, bin) in entries {
            out.extend_from_slice(&key.to_le_bytes());
            out.push(bin);
        }
    }

    /// All bins by rising key.
    pub fn entries(&self) -> Vec<(u32, u8)> {
        let mut entries: Vec<(u32, u8)> = self.0.iter().map(|(&key, &bin)| (key, bin)).collect();
        entries.sort_unstable();
        entries
    }
}

/// Classes of words that are used alike in several languages; 0 for a word without one.
#[derive(Debug, Clone, Default)]
pub struct Clusters(HashMap<u32, u16>);

impl Clusters {
    /// Classes from `(word key, class)`.
    pub fn new(classes: impl IntoIterator<Item = (u32, u16)>) -> Self {
        Self(classes.into_iter().collect())
    }

    /// Read what [`Clusters::write`] wrote; `None` where it ends early.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = bytes.split_at_checked(4)?;
        let count = u32::from_le_bytes(count.try_into().ok()?) as usize;
        let entries = rest.get(..count.checked_mul(6)?)?;
        let entry = |six: &[u8]| {
            (u32::from_le_bytes([six[0], six[1], six[2], six[3]]), u16::from_le_bytes([six[4], six[5]]))
        };
        Some(Self::new(entries.chunks_exact(6).map(entry)))
    }

    /// Append the number of words and the words with their classes by rising key.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut entries: Vec<(u32, u16)> = self.0.iter().map(|(&key, &class)| (key, class)).collect();
        entries.sort_unstable();
        out.extend_from_slice(&(entries.len() as u32).to_le_bytes());
        for (key, class) in entries {
            out.extend_from_slice(&key.to_le_bytes());
            out.extend_from_slice(&class.to_le_bytes());
        }
    }

    /// The class of `word`.
    pub fn get(&self, word: u32) -> u16 {
        self.0.get(&word).copied().unwrap_or(0)
    }
}

/// Keys of features, token by token.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    keys: Vec<u32>,
    ends: Vec<u32>,
    /// Kind of every token, which the steps between labels hang on.
    pub kinds: Vec<u8>,
}

impl Keys {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The keys of token `at`.
    pub fn of(&self, at: usize) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.keys[start..self.ends[at] as usize]
    }
}

/// What the features of a document rest on.
pub struct Inputs<'a> {
    /// The tagged document.
    pub document: &'a Document<'a>,
    /// Its columns.
    pub columns: &'a Columns,
    /// Lexicon class of every token.
    pub classes: &'a [u8],
    /// Learned strength of cues.
    pub bins: &'a CueBins,
    /// Classes of words.
    pub clusters: &'a Clusters,
}

/// One paragraph under study.
struct View<'a> {
    inputs: &'a Inputs<'a>,
    range: Range<usize>,
    quotes: Vec<Quote>,
    kinds: Vec<u8>,
    bins: Vec<u8>,
    clusters: Vec<u16>,
    strong: Vec<bool>,
    /// Number of the sentence in the paragraph, start and end of the sentence (in the paragraph).
    sentence: Vec<(u16, u32, u32)>,
    /// Nearest strong cue before and behind.
    left: Vec<Option<u32>>,
    right: Vec<Option<u32>>,
    number: usize,
}

const THAT: u8 = 20;
const SENTENCE_END: u8 = 21;
const STRONG_KIND: u8 = 25;

/// The keys of the tokens of `paragraph` (the `number`th of its document).
pub fn keys_of(inputs: &Inputs<'_>, paragraph: &Range<usize>, number: usize) -> Keys {
    let view = View::new(inputs, paragraph, number);
    let mut keys = Keys { kinds: view.kinds.clone(), ..Keys::default() };
    for at in 0..view.len() {
        let mut sink = Sink { keys: &mut keys.keys, template: 0 };
        view.words(at, &mut sink);
        view.tags(at, &mut sink);
        view.cues(at, &mut sink);
        view.layout(at, &mut sink);
        view.classes_of_words(at, &mut sink);
        keys.ends.push(keys.keys.len() as u32);
    }
    keys
}

struct Sink<'k> {
    keys: &'k mut Vec<u32>,
    template: u32,
}

impl Sink<'_> {
    #[inline]
    fn push(&mut self, value: u32) {
        self.template += 1;
        self.keys.push(mix(value, self.template));
    }

    #[inline]
    fn push2(&mut self, a: u32, b: u32) {
        self.push(mix(a, b));
    }

    #[inline]
    fn push3(&mut self, a: u32, b: u32, c: u32) {
        self.push(mix(mix(a, b), c));
    }
}

impl<'a> View<'a> {
    fn new(inputs: &'a Inputs<'a>, paragraph: &Range<usize>, number: usize) -> Self {
        let len = paragraph.len();
        let quotes = quotes(inputs.document, paragraph);
        let bins: Vec<u8> = paragraph.clone().map(|at| inputs.bins.get(inputs.columns.word[at])).collect();
        let strong = paragraph.clone().zip(&bins).map(|(at, &bin)| is_strong(inputs, at, bin)).collect();
        let mut view = Self {
            inputs,
            range: paragraph.clone(),
            kinds: Vec::new(),
            bins,
            clusters: paragraph.clone().map(|at| inputs.clusters.get(inputs.columns.word[at])).collect(),
            strong,
            sentence: sentences_in(inputs.document, paragraph),
            left: vec![None; len],
            right: vec![None; len],
            quotes,
            number,
        };
        view.kinds = (0..len).map(|at| view.kind(at)).collect();
        let mut last = None;
        for at in 0..len {
            view.left[at] = last;
            if view.strong[at] {
                last = Some(at as u32);
            }
        }
        last = None;
        for at in (0..len).rev() {
            view.right[at] = last;
            if view.strong[at] {
                last = Some(at as u32);
            }
        }
        view
    }

    fn len(&self) -> usize {
        self.range.len()
    }

    fn kind(&self, at: usize) -> u8 {
        let token = self.range.start + at;
        let quote = self.quotes[at];
        if quote.opens {
            return 22;
        }
        if quote.closes {
            return 23;
        }
        if self.strong[at] {
            return STRONG_KIND;
        }
        match self.inputs.document.word(token) {
            "," => 17,
            "." | "!" | "?" | "…" | "..." => SENTENCE_END,
            ":" => 18,
            ";" => 19,
            "-" | "–" | "—" | "--" => 24,
            "(" | ")" | "[" | "]" => 26,
            "that" | "que" | "qu'" | "qu’" => THAT,
            "to" => 27,
            "\"" | "”" | "“" | "'" | "’" | "‘" => 28,
            _ => self.inputs.document.tokens[token].pos as u8,
        }
    }

    fn word(&self, at: usize, offset: isize) -> u32 {
        self.inputs.columns.word_near(self.range.start + at, offset, &self.range)
    }

    fn local<T: Copy>(&self, column: &[T], at: usize, offset: isize, edge: T) -> T {
        at.checked_add_signed(offset).and_then(|there| column.get(there).copied()).unwrap_or(edge)
    }

    fn pos(&self, at: usize, offset: isize) -> u32 {
        match at.checked_add_signed(offset) {
            Some(there) if there < self.len() => {
                self.inputs.document.tokens[self.range.start + there].pos as u32
            }
            _ => 30,
        }
    }

    fn class(&self, at: usize, offset: isize) -> u32 {
        match at.checked_add_signed(offset) {
            Some(there) if there < self.len() => u32::from(self.inputs.classes[self.range.start + there]),
            _ => 99,
        }
    }

    fn words(&self, at: usize, sink: &mut Sink<'_>) {
        let token = self.range.start + at;
        let columns = self.inputs.columns;
        sink.push(0);
        for offset in -4..=4 {
            sink.push(self.word(at, offset));
        }
        let w = self.word(at, 0);
        sink.push2(self.word(at, -1), w);
        sink.push2(w, self.word(at, 1));
        sink.push2(self.word(at, -2), self.word(at, -1));
        sink.push2(self.word(at, 1), self.word(at, 2));
        let shape = |offset| u32::from(self.shape(at, offset).0);
        sink.push(shape(0));
        sink.push2(shape(-1), shape(0));
        sink.push2(shape(0), shape(1));
        sink.push3(shape(-1), shape(0), shape(1));
        sink.push(columns.suffix3[token]);
        sink.push(columns.suffix2[token]);
        sink.push(columns.prefix3[token]);
        sink.push(columns.near(&columns.suffix3, token, -1, &self.range));
        sink.push(columns.near(&columns.suffix3, token, 1, &self.range));
    }

    fn shape(&self, at: usize, offset: isize) -> Shape {
        self.local(&self.inputs.columns.shape[self.range.clone()], at, offset, Shape(15))
    }

    fn tags(&self, at: usize, sink: &mut Sink<'_>) {
        let p = |offset| self.pos(at, offset);
        for offset in -3..=3 {
            sink.push(p(offset));
        }
        sink.push2(p(-2), p(-1));
        sink.push2(p(-1), p(0));
        sink.push2(p(0), p(1));
        sink.push2(p(1), p(2));
        sink.push3(p(-2), p(-1), p(0));
        sink.push3(p(-1), p(0), p(1));
        sink.push3(p(0), p(1), p(2));
        sink.push3(p(1), p(2), p(3));
        let k = |offset| u32::from(self.local(&self.kinds, at, offset, 31));
        sink.push3(k(-1), k(0), k(1));
        sink.push2(k(-2), k(-1));
        sink.push2(k(1), k(2));
        sink.push2(k(-1), self.word(at, 0));
        sink.push2(self.word(at, 0), k(1));
    }

    fn cues(&self, at: usize, sink: &mut Sink<'_>) {
        let bin = |offset| u32::from(self.local(&self.bins, at, offset, 99));
        for offset in -2..=2 {
            sink.push(bin(offset));
            sink.push(self.class(at, offset));
        }
        sink.push3(bin(-1), bin(0), bin(1));
        sink.push2(bin(0), self.pos(at, 0));
        sink.push3(bin(0), self.pos(at, -1), self.pos(at, 1));
        sink.push2(self.class(at, 0), self.pos(at, 0));
        let quote = self.quotes[at];
        let q = u32::from(quote.inside);
        let p = self.pos(at, 0);
        let (left, right) = (self.left[at], self.right[at]);
        let (dl, dr) = (self.reach(at, left), self.reach(at, right));
        let (pl, pr) = (self.pattern(left), self.pattern(right));
        let (wl, wr) = (self.cue_word(left), self.cue_word(right));
        sink.push2(dl, q);
        sink.push2(dr, q);
        sink.push3(dl, wl, q);
        sink.push3(dr, wr, q);
        sink.push3(dl, pl, q);
        sink.push3(dr, pr, q);
        sink.push3(dl, p, pl);
        sink.push3(dr, p, pr);
        sink.push3(dl, dr, q);
        sink.push3(mix(self.side(at, left), pl), mix(self.side(at, right), pr), q);
        let (commas_l, that_l, quotes_l) = self.between(left.map(|cue| (cue as usize + 1, at)));
        let (commas_r, that_r, quotes_r) = self.between(right.map(|cue| (at, cue as usize)));
        sink.push3(self.side(at, left), commas_l.min(3), q);
        sink.push3(self.side(at, right), commas_r.min(3), q);
        sink.push3(self.side(at, left) << 1 | u32::from(that_l), commas_l.min(2), wl);
        sink.push3(self.side(at, right) << 1 | u32::from(that_r), commas_r.min(2), wr);
        sink.push3(self.side(at, left) << 1 | u32::from(that_l), quotes_l.min(3), pl);
        sink.push3(self.side(at, right), quotes_r.min(3), pr);
    }

    fn classes_of_words(&self, at: usize, sink: &mut Sink<'_>) {
        let class = |offset| u32::from(self.local(&self.clusters, at, offset, u16::MAX));
        for offset in -2..=2 {
            sink.push(class(offset));
        }
        sink.push2(class(-1), class(0));
        sink.push2(class(0), class(1));
        sink.push2(class(0), self.pos(at, 0));
        let k = |offset| u32::from(self.local(&self.kinds, at, offset, 31));
        sink.push3(k(-1), class(0), k(1));
        let cue = |cue: Option<u32>| cue.map_or(0, |cue| u32::from(self.clusters[cue as usize]));
        sink.push2(self.reach(at, self.left[at]), cue(self.left[at]));
        sink.push2(self.reach(at, self.right[at]), cue(self.right[at]));
    }

    fn layout(&self, at: usize, sink: &mut Sink<'_>) {
        let (number, start, end) = self.sentence[at];
        let (start, end) = (start as usize, end as usize);
        let quote = self.quotes[at];
        let q = u32::from(quote.inside);
        let near = |offset: isize| {
            let quote = self.local(&self.quotes, at, offset, Quote::default());
            u32::from(quote.inside) | u32::from(quote.opens) << 1 | u32::from(quote.closes) << 2
        };
        sink.push3(near(-1), near(0), near(1));
        sink.push2(q, length_bin(usize::from(quote.len)));
        let from_start = length_bin(at - start);
        let to_end = length_bin(end - at);
        sink.push2(from_start, q);
        sink.push2(to_end, q);
        let strong = self.strong[start..end].iter().filter(|&&strong| strong).count().min(3) as u32;
        let quoted = u32::from(self.quotes[start..end].iter().any(|quote| quote.inside));
        let opening = u32::from(self.quotes[start].inside);
        sink.push3(strong, quoted << 1 | opening, q);
        sink.push3(strong, mix(from_start, to_end), q);
        sink.push2(self.word(start, 0), q);
        sink.push3(self.pos(start, 0), self.pos(start, 1), q);
        sink.push3(u32::from(number.min(3)), strong, q);
        let first = self.number.min(2) as u32;
        sink.push3(first, length_bin(self.len()), q);
        let before = self.local(&self.strong_sentences(at), 0, 0, 0);
        sink.push3(before, strong, q);
        sink.push2(u32::from(at == start), near(0));
        sink.push2(u32::from(at + 1 == end), near(0));
    }

    /// Strong cues in the sentences before and behind: bits.
    fn strong_sentences(&self, at: usize) -> [u32; 1] {
        let (_, start, end) = self.sentence[at];
        let (start, end) = (start as usize, end as usize);
        let before = start > 0 && {
            let (_, s, e) = self.sentence[start - 1];
            self.strong[s as usize..e as usize].contains(&true)
        };
        let behind = end < self.len() && {
            let (_, s, e) = self.sentence[end];
            self.strong[s as usize..e as usize].contains(&true)
        };
        [u32::from(before) | u32::from(behind) << 1]
    }

    /// Distance to a cue and whether it stands in another sentence.
    fn reach(&self, at: usize, cue: Option<u32>) -> u32 {
        let Some(cue) = cue else { return 99 };
        length_bin((cue as usize).abs_diff(at)) + 16 * self.side(at, Some(cue))
    }

    /// 0: no cue; 1: in this sentence; 2: in the next one; 3: farther.
    fn side(&self, at: usize, cue: Option<u32>) -> u32 {
        let Some(cue) = cue else { return 0 };
        u32::from(self.sentence[cue as usize].0.abs_diff(self.sentence[at].0).min(2)) + 1
    }

    /// What stands on both sides of a cue.
    fn pattern(&self, cue: Option<u32>) -> u32 {
        let Some(cue) = cue else { return EDGE };
        let cue = cue as usize;
        let kind = |offset| u32::from(self.local(&self.kinds, cue, offset, 31));
        kind(-1) << 8 | kind(1)
    }

    fn cue_word(&self, cue: Option<u32>) -> u32 {
        cue.map_or(EDGE, |cue| self.word(cue as usize, 0))
    }

    /// Commas, `that` and quotation marks in a range, which is cut at 60 tokens.
    fn between(&self, range: Option<(usize, usize)>) -> (u32, bool, u32) {
        let (mut commas, mut that, mut marks) = (0, false, 0);
        let (start, end) = range.unwrap_or((0, 0));
        for at in start..end.min(start + 60) {
            match self.kinds[at] {
                17 => commas += 1,
                THAT => that = true,
                22 | 23 => marks += 1,
                _ => {}
            }
        }
        (commas, that, marks)
    }
}

fn is_strong(inputs: &Inputs<'_>, at: usize, bin: u8) -> bool {
    let class = inputs.classes[at];
    let verb = matches!(inputs.document.tokens[at].pos, Pos::Verb);
    bin >= CueBins::STRONG || class == ACCORDING || (verb && class > 0 && class < WEAK && bin == 0)
}

fn sentences_in(document: &Document<'_>, paragraph: &Range<usize>) -> Vec<(u16, u32, u32)> {
    let first = document.sentences.partition_point(|sentence| sentence.end <= paragraph.start);
    let mut rows = Vec::with_capacity(paragraph.len());
    for (number, sentence) in document.sentences[first..].iter().enumerate() {
        if sentence.start >= paragraph.end {
            break;
        }
        let start = sentence.start.max(paragraph.start) - paragraph.start;
        let end = sentence.end.min(paragraph.end) - paragraph.start;
        rows.resize(end, (number.min(usize::from(u16::MAX)) as u16, start as u32, end as u32));
    }
    rows.resize(paragraph.len(), (0, 0, paragraph.len() as u32));
    rows
}

/// Ten bins of length, wider as it grows.
fn length_bin(len: usize) -> u32 {
    match len {
        0..=4 => len as u32,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        25..=39 => 9,
        _ => 10,
    }
}
