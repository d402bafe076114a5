//! A text cut into paragraphs, sentences and tagged tokens: what the layers of the attribution engine share.

use std::ops::Range;

use preuve_case::{Lang, Span};

use super::sentence::{split_paragraphs, split_sentences};
use super::token::tokenize;

/// Universal part of speech (Universal Dependencies v2). A contracted word takes its first tag (`du` is `Adp`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own")]
pub enum Pos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    X,
}

/// One token: a word, a number, a clitic or a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text.
    pub bytes: (u32, u32),
    /// Code points of the text.
    pub chars: Span,
    /// Part of speech.
    pub pos: Pos,
}

/// A text with its structure. Ranges of `sentences` and `paragraphs` count tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'t> {
    /// The item's text.
    pub text: &'t str,
    /// Its language.
    pub lang: Lang,
    /// Tokens in order.
    pub tokens: Vec<Token>,
    /// Sentences, in order, covering all tokens.
    pub sentences: Vec<Range<usize>>,
    /// Paragraphs, in order, covering all tokens.
    pub paragraphs: Vec<Range<usize>>,
}

impl<'t> Document<'t> {
    /// `text` cut into tokens, sentences and paragraphs; every token is [`Pos::X`] until it is tagged. Offsets are
    /// 32-bit: what lies beyond 4 GiB is left out.
    pub fn new(text: &'t str, lang: Lang) -> Self {
        let tokens = tokenize(text, lang);
        let paragraphs = split_paragraphs(text, &tokens);
        let sentences = split_sentences(text, &tokens, &paragraphs);
        Self { text, lang, tokens, sentences, paragraphs }
    }

    /// The text from the first to the last token of `range`, nothing for an empty or unknown range.
    pub fn slice(&self, range: &Range<usize>) -> &'t str {
        match self.tokens.get(range.clone()) {
            Some([first, .., last]) => &self.text[first.bytes.0 as usize..last.bytes.1 as usize],
            Some([only]) => &self.text[only.bytes.0 as usize..only.bytes.1 as usize],
            _ => "",
        }
    }

    /// The code points from the first to the last token of `range`; `None` for an empty or unknown range.
    pub fn span(&self, range: &Range<usize>) -> Option<Span> {
        match self.tokens.get(range.clone()) {
            Some([first, .., last]) => Some(Span::new(first.chars.start, last.chars.end)),
            Some([only]) => Some(only.chars),
            _ => None,
        }
    }

    /// The words of token `at`.
    pub fn word(&self, at: usize) -> &'t str {
        let (start, end) = self.tokens[at].bytes;
        &self.text[start as usize..end as usize]
    }
}

/// An attribution relation before it is judged: ranges of tokens, in order, not overlapping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Relation {
    /// Who speaks; empty when nobody is named.
    pub source: Vec<Range<usize>>,
    /// The words that signal it; may be empty (a bare quotation).
    pub cue: Vec<Range<usize>>,
    /// What is said.
    pub content: Vec<Range<usize>>,
}
