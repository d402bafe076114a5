//! The lexicons of cues, one a language: which words and phrases signal that somebody says something.
//!
//! A word may be a verb of one class and a noun of another; the part of speech decides. Phrases win over words,
//! longer ones over shorter.

use std::collections::{BTreeMap, HashMap};

use preuve_case::Lang;

use super::columns::{Columns, word_key};
use super::{Document, Pos};

/// Classes of cues, verbs, then nouns, then phrases; a class's number is its position plus one.
pub const CLASSES: &[&str] = &[
    "say",
    "claim",
    "deny",
    "accuse",
    "confirm",
    "decline",
    "add",
    "announce",
    "ask",
    "believe",
    "know",
    "order",
    "report",
    "show",
    "write",
    "weak",
    "n-accusation",
    "n-belief",
    "n-claim",
    "n-denial",
    "n-document",
    "n-interview",
    "n-letter",
    "n-post",
    "n-source",
    "n-statement",
    "n-testimony",
    "p-according",
    "p-anonymity",
    "p-document",
    "p-interview",
    "p-letter",
    "p-post",
    "p-preposition",
    "p-refusal",
    "p-rumour",
    "p-statement",
];

/// Number of the class of weak cues; classes below it are verbs that mostly signal speech.
pub const WEAK: u8 = 16;
/// Number of the class of `according to`.
pub const ACCORDING: u8 = 28;
/// Number of the first class of phrases.
const PHRASES: u8 = 28;

/// Longest phrase looked for, in tokens.
const LONGEST: usize = 6;

/// Cue words and phrases of one language.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Word key → class as a verb, class as a noun or particle (0: none).
    words: HashMap<u32, (u8, u8)>,
    /// Key of the first word → the keys of the others and the class, longest first.
    phrases: BTreeMap<u32, Vec<(Vec<u32>, u8)>>,
}

impl Lexicon {
    /// Parse lines of `form TAB lemma TAB class`; lines with other classes are passed over.
    pub fn parse(tsv: &str, lang: Lang) -> Self {
        let mut lexicon = Self::default();
        for line in tsv.lines() {
            let mut fields = line.split('\t');
            let (Some(form), Some(_), Some(class)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let Some(class) = CLASSES.iter().position(|known| *known == class) else { continue };
            lexicon.add(form, class as u8 + 1, lang);
        }
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
        }
        lexicon
    }

    fn add(&mut self, form: &str, class: u8, lang: Lang) {
        let document = Document::new(form, lang);
        let keys: Vec<u32> = (0..document.tokens.len()).map(|at| word_key(document.word(at))).collect();
        match keys.as_slice() {
            [] => {}
            [only] => {
                let slot = self.words.entry(*only).or_default();
                let place = if class <= WEAK { &mut slot.0 } else { &mut slot.1 };
                if *place == 0 || *place == WEAK {
                    *place = class;
                }
            }
            [first, rest @ ..] if rest.len() < LONGEST => {
                self.phrases.entry(*first).or_default().push((rest.to_vec(), class));
            }
            _ => {}
        }
    }

    /// Class of every token of a tagged document, 0 for none. A phrase gives its class to all its tokens.
    pub fn classes(&self, document: &Document<'_>, columns: &Columns) -> Vec<u8> {
        let words = &columns.word;
        let mut classes: Vec<u8> = Vec::with_capacity(words.len());
        for sentence in &document.sentences {
            let mut at = sentence.start;
            while at < sentence.end {
                let phrase = self.phrases.get(&words[at]).and_then(|phrases| {
                    phrases.iter().find(|(rest, _)| words[at + 1..sentence.end].starts_with(rest))
                });
                match phrase {
                    Some((rest, class)) if *class >= PHRASES || rest.is_empty() => {
                        classes.resize(at + 1 + rest.len(), *class);
                        at = classes.len();
                    }
                    Some((rest, class)) => {
                        let last = at + rest.len();
                        classes.resize(last, 0);
                        classes.push(*class);
                        at = last + 1;
                    }
                    None => {
                        classes.push(self.word_class(words[at], document.tokens[at].pos));
                        at += 1;
                    }
                }
            }
        }
        classes.resize(words.len(), 0);
        classes
    }

    fn word_class(&self, word: u32, pos: Pos) -> u8 {
        let Some(&(verb, other)) = self.words.get(&word) else { return 0 };
        match pos {
            Pos::Verb | Pos::Aux => verb,
            Pos::Noun | Pos::Propn => other,
            _ if other >= PHRASES => other,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_win_over_words_and_the_tag_decides_the_class() {
        let tsv = "claim\tclaim\tclaim\nclaim\tclaim\tn-claim\naccording to\taccording\tp-according\nx\tx\tunknown\n";
        let lexicon = Lexicon::parse(tsv, Lang::En);
        let mut document = Document::new("They claim, according to the claim", Lang::En);
        document.tokens[1].pos = Pos::Verb;
        document.tokens[6].pos = Pos::Noun;
        let columns = Columns::new(&document);
        let class = |name: &str| CLASSES.iter().position(|known| *known == name).unwrap() as u8 + 1;
        let (claim, noun, according) = (class("claim"), class("n-claim"), class("p-according"));
        assert_eq!(lexicon.classes(&document, &columns), [0, claim, 0, according, according, 0, noun]);
        assert_eq!((class("weak"), class("p-according")), (WEAK, ACCORDING));
    }
}
