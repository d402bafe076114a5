//! Small numbers that say what a token looks like and where it stands: what the network reads.
//!
//! Everything looks at one paragraph only, so texts of any length cost the same a token.

use std::ops::Range;

use super::columns::{Columns, Shape};
use super::lexicon::{ACCORDING, WEAK};
use super::quote::{Quote, quotes};
use super::strength::CueBins;
use super::{Document, Pos};

/// Kinds of code and how many values each has; a code is its kind's first number plus the value.
pub const SIZES: [usize; 29] = [
    32, 32, 32, // part of speech here, before, behind
    32, 32, 32, // kind here, before, behind
    16, 16, 16, // shape
    12, 12, 12, // cue strength
    40, 40, 40,  // lexicon class
    512, // quotation state of three tokens
    32,  // quotation and its length
    128, 128, // nearest strong cue left, right: how far, in which sentence, quoted or not
    64, 64, // commas and `that` on the way there, left, right
    16, // strong cues and quotation in the sentence
    16, 16,   // place in the sentence from its start, from its end
    32,   // sentence number, first paragraphs, strong cues around
    16,   // language, and whether the tokens are the content of another report
    1024, // last three letters
    512,  // last two letters
    8192, // word
];

/// Number of codes a token has.
pub const SLOTS: usize = SIZES.len();

/// First number of every kind of code.
pub const STARTS: [usize; SLOTS] = {
    let mut starts = [0; SLOTS];
    let mut at = 1;
    while at < SLOTS {
        starts[at] = starts[at - 1] + SIZES[at - 1];
        at += 1;
    }
    starts
};

/// Number of all codes.
pub const CODES: usize = STARTS[SLOTS - 1] + SIZES[SLOTS - 1];

/// What the codes of a document rest on.
pub struct Inputs<'a> {
    /// The tagged document.
    pub document: &'a Document<'a>,
    /// Its columns.
    pub columns: &'a Columns,
    /// Lexicon class of every token.
    pub classes: &'a [u8],
    /// Learned strength of cues.
    pub bins: &'a CueBins,
}

/// Where a stretch of tokens stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first paragraph of the text.
    First,
    /// A later one.
    Later,
    /// The content of a report: reports inside it are looked for.
    Inside,
}

/// One stretch under study.
struct View<'a> {
    inputs: &'a Inputs<'a>,
    range: Range<usize>,
    quotes: Vec<Quote>,
    kinds: Vec<u8>,
    bins: Vec<u8>,
    strong: Vec<bool>,
    /// Number of the sentence in the paragraph, start and end of the sentence (in the paragraph).
    sentence: Vec<(u16, u32, u32)>,
    /// Nearest strong cue before and behind.
    left: Vec<Option<u32>>,
    right: Vec<Option<u32>>,
    place: Place,
}

const THAT: u8 = 20;
const SENTENCE_END: u8 = 21;
const STRONG_KIND: u8 = 25;

/// The codes of the tokens of a stretch, and their kinds.
pub fn codes_of(inputs: &Inputs<'_>, tokens: &Range<usize>, place: Place) -> (Vec<[u16; SLOTS]>, Vec<u8>) {
    let view = View::new(inputs, tokens, place);
    let codes = (0..view.len()).map(|at| view.codes(at)).collect();
    (codes, view.kinds)
}

impl<'a> View<'a> {
    fn new(inputs: &'a Inputs<'a>, paragraph: &Range<usize>, place: Place) -> Self {
        let len = paragraph.len();
        let quotes = quotes(inputs.document, paragraph);
        let bins: Vec<u8> = paragraph.clone().map(|at| inputs.bins.get(inputs.columns.word[at])).collect();
        let strong = paragraph.clone().zip(&bins).map(|(at, &bin)| is_strong(inputs, at, bin)).collect();
        let mut view = Self {
            inputs,
            range: paragraph.clone(),
            kinds: Vec::new(),
            bins,
            strong,
            sentence: sentences_in(inputs.document, paragraph),
            left: vec![None; len],
            right: vec![None; len],
            quotes,
            place,
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

    fn codes(&self, at: usize) -> [u16; SLOTS] {
        let columns = self.inputs.columns;
        let token = self.range.start + at;
        let (sentence, start, end) = self.sentence[at];
        let (start, end) = (start as usize, end as usize);
        let q = u32::from(self.quotes[at].inside);
        let near = |offset: isize| {
            let quote = self.local(&self.quotes, at, offset, Quote::default());
            u32::from(quote.inside) | u32::from(quote.opens) << 1 | u32::from(quote.closes) << 2
        };
        let kind = |offset| u32::from(self.local(&self.kinds, at, offset, 31));
        let shape = |offset| u32::from(self.shape(at, offset).0);
        let bin = |offset| u32::from(self.local(&self.bins, at, offset, 11));
        let class = |offset| self.class(at, offset).min(39);
        let (left, right) = (self.left[at], self.right[at]);
        let reach = |cue: Option<u32>| self.reach(at, cue).min(63) * 2 + q;
        let way = |cue: Option<u32>, range: Option<(usize, usize)>| {
            let (commas, that, _) = self.between(range);
            (self.side(at, cue) << 1 | u32::from(that)) << 2 | commas.min(3)
        };
        let strong = self.strong[start..end].iter().filter(|&&strong| strong).count().min(3) as u32;
        let quoted = u32::from(self.quotes[start..end].iter().any(|quote| quote.inside));
        let opening = u32::from(self.quotes[start].inside);
        let values = [
            self.pos(at, 0),
            self.pos(at, -1),
            self.pos(at, 1),
            kind(0),
            kind(-1),
            kind(1),
            shape(0),
            shape(-1),
            shape(1),
            bin(0),
            bin(-1),
            bin(1),
            class(0),
            class(-1),
            class(1),
            (near(-1) << 3 | near(0)) << 3 | near(1),
            length_bin(usize::from(self.quotes[at].len)) << 1 | q,
            reach(left),
            reach(right),
            way(left, left.map(|cue| (cue as usize + 1, at))) << 1 | q,
            way(right, right.map(|cue| (at, cue as usize))) << 1 | q,
            strong << 2 | quoted << 1 | opening,
            length_bin(at - start),
            length_bin(end - at),
            u32::from(self.place != Place::First)
                | u32::from(sentence.min(3)) << 1
                | self.strong_sentences(at)[0] << 3,
            (self.inputs.document.lang as u32 & 3) << 1 | u32::from(self.place == Place::Inside),
            columns.suffix3[token] % SIZES[26] as u32,
            columns.suffix2[token] % SIZES[27] as u32,
            columns.word[token] % SIZES[28] as u32,
        ];
        std::array::from_fn(|slot| (STARTS[slot] + (values[slot] as usize).min(SIZES[slot] - 1)) as u16)
    }

    fn shape(&self, at: usize, offset: isize) -> Shape {
        self.local(&self.inputs.columns.shape[self.range.clone()], at, offset, Shape(15))
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
    bin >= CueBins::STRONG || inputs.classes[at] == ACCORDING || (bin == 0 && is_verb_of_saying(inputs, at))
}

fn is_verb_of_saying(inputs: &Inputs<'_>, at: usize) -> bool {
    let class = inputs.classes[at];
    class > 0 && class < WEAK && inputs.document.tokens[at].pos == Pos::Verb
}

/// Whether token `at` is a strong cue or a verb of saying.
pub fn signals(inputs: &Inputs<'_>, at: usize) -> bool {
    is_strong(inputs, at, inputs.bins.get(inputs.columns.word[at])) || is_verb_of_saying(inputs, at)
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
