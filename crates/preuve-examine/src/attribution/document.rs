//! A text cut into paragraphs, sentences and tagged tokens: what the layers of the attribution engine share.

use std::ops::Range;

use preuve_case::{Lang, Span};

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
