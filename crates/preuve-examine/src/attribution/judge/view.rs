//! A document as the rules read it: lower-cased words, the classes they belong to, quoted stretches, headlines.
//!
//! Built once a document in one pass; every rule then asks for bits.

use std::ops::Range;

use preuve_case::{Act, Lang, Span};

use super::lexicon::{ACTS, Class, Lexicon, Role, Tag};
use super::trie::lower_form;
use crate::attribution::{Document, Pos};

/// A place where a word or phrase of an act stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ActHit {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The act.
    pub act: Act,
    /// How it is told.
    pub role: Role,
}

/// The view; see the module.
#[derive(Debug)]
pub(super) struct View<'d> {
    /// The document seen.
    pub doc: &'d Document<'d>,
    buffer: String,
    offsets: Vec<u32>,
    classes: Vec<u128>,
    starts: Vec<u128>,
    /// Acts in order of their start.
    pub acts: Vec<ActHit>,
    quoted: Vec<bool>,
    sentence_of: Vec<u32>,
    paragraph_of: Vec<u32>,
}

/// A set of word classes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Classes(u128);

impl Classes {
    /// Whether `class` is one of them.
    pub(super) fn has(self, class: Class) -> bool {
        self.0 & bit(class) != 0
    }
}

fn bit(class: Class) -> u128 {
    1 << (class as u32)
}

impl<'d> View<'d> {
    /// The view of `doc`.
    pub(super) fn new(doc: &'d Document<'d>) -> Self {
        let count = doc.tokens.len();
        let mut view = Self {
            doc,
            buffer: String::with_capacity(doc.text.len()),
            offsets: Vec::with_capacity(count + 1),
            classes: vec![0; count],
            starts: vec![0; count],
            acts: Vec::new(),
            quoted: vec![false; count],
            sentence_of: index_of(&doc.sentences, count),
            paragraph_of: index_of(&doc.paragraphs, count),
        };
        for at in 0..count {
            view.offsets.push(view.buffer.len() as u32);
            let word = doc.word(at);
            if word.is_ascii() {
                view.buffer.push_str(word);
                let start = view.buffer.len() - word.len();
                view.buffer[start..].make_ascii_lowercase();
            } else {
                view.buffer.push_str(&lower_form(word));
            }
        }
        view.offsets.push(view.buffer.len() as u32);
        view.classify();
        view.quote();
        view
    }

    fn classify(&mut self) {
        let lexicon = Lexicon::of(self.doc.lang);
        let (mut classes, mut starts) = (std::mem::take(&mut self.classes), std::mem::take(&mut self.starts));
        let mut acts = Vec::new();
        for start in 0..classes.len() {
            let sentence_end = self.sentence(start).end;
            let word = |at: usize| (at < sentence_end).then(|| self.word(at));
            lexicon.matches(start, &word, &mut |end, tag| match tag {
                Tag::Class(class) => {
                    starts[start] |= bit(class);
                    classes[start..end].iter_mut().for_each(|bits| *bits |= bit(class));
                }
                Tag::Act(act, role) => acts.push(ActHit { start, end, act, role }),
            });
        }
        for at in 0..classes.len() {
            let Some(tail) = glued_tail(self.word(at)) else { continue };
            lexicon.matches(at, &|place| (place == at).then_some(tail), &mut |_, tag| {
                if tag == Tag::Class(Class::Accuse) {
                    starts[at] |= bit(Class::Accuse);
                    classes[at] |= bit(Class::Accuse);
                }
            });
        }
        (self.classes, self.starts, self.acts) = (classes, starts, acts);
    }

    /// Mark what stands between quotation marks; a quotation ends with its paragraph at the latest.
    fn quote(&mut self) {
        for paragraph in self.doc.paragraphs.clone() {
            let mut open: Option<(usize, &str)> = None;
            for at in paragraph {
                let mark = self.doc.word(at);
                match open {
                    Some((start, closer)) if mark == closer || (closer == "’" && mark == "'") => {
                        self.quoted[start..=at].iter_mut().for_each(|quoted| *quoted = true);
                        open = None;
                    }
                    None => open = closer_of(mark).map(|closer| (at, closer)),
                    Some(_) => {}
                }
            }
        }
    }

    /// Number of tokens.
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    /// Lower-cased form of token `at`.
    pub(super) fn word(&self, at: usize) -> &str {
        &self.buffer[self.offsets[at] as usize..self.offsets[at + 1] as usize]
    }

    /// The document's language.
    pub(super) fn lang(&self) -> Lang {
        self.doc.lang
    }

    /// Whether an entry of `class` covers token `at`.
    pub(super) fn is(&self, at: usize, class: Class) -> bool {
        self.classes.get(at).is_some_and(|bits| bits & bit(class) != 0)
    }

    /// Whether an entry of `class` starts at token `at`.
    pub(super) fn starts(&self, at: usize, class: Class) -> bool {
        self.starts.get(at).is_some_and(|bits| bits & bit(class) != 0)
    }

    /// First token of `range` at which an entry of `class` starts.
    pub(super) fn find(&self, range: Range<usize>, class: Class) -> Option<usize> {
        range.into_iter().find(|&at| self.starts(at, class))
    }

    /// First token of `ranges` at which an entry of `class` starts.
    pub(super) fn find_in(&self, ranges: &[Range<usize>], class: Class) -> Option<usize> {
        ranges.iter().find_map(|range| self.find(range.clone(), class))
    }

    /// The classes of which an entry starts in `ranges`.
    pub(super) fn classes_in(&self, ranges: &[Range<usize>]) -> Classes {
        let starts = |range: &Range<usize>| self.starts.get(range.start..range.end.min(self.starts.len()));
        Classes(ranges.iter().filter_map(starts).flatten().fold(0, |all, bits| all | bits))
    }

    /// Whether token `at` stands between quotation marks.
    pub(super) fn quoted(&self, at: usize) -> bool {
        self.quoted.get(at).copied().unwrap_or(false)
    }

    /// Whether token `at` starts with an upper-case letter.
    pub(super) fn capital(&self, at: usize) -> bool {
        at < self.len() && self.doc.word(at).starts_with(char::is_uppercase)
    }

    /// Whether token `at` is a mark and no word.
    pub(super) fn mark(&self, at: usize) -> bool {
        at < self.len() && !self.doc.word(at).chars().any(char::is_alphanumeric)
    }

    /// Part of speech of token `at`, [`Pos::X`] where it was not tagged.
    pub(super) fn pos(&self, at: usize) -> Pos {
        self.doc.tokens.get(at).map_or(Pos::X, |token| token.pos)
    }

    /// Index of the sentence that holds token `at`.
    pub(super) fn sentence_index(&self, at: usize) -> usize {
        self.sentence_of.get(at).or(self.sentence_of.last()).map_or(0, |&i| i as usize)
    }

    /// The sentence that holds token `at`.
    pub(super) fn sentence(&self, at: usize) -> Range<usize> {
        self.doc.sentences.get(self.sentence_index(at)).cloned().unwrap_or(0..0)
    }

    /// Index of the paragraph that holds token `at`.
    pub(super) fn paragraph_index(&self, at: usize) -> usize {
        self.paragraph_of.get(at).or(self.paragraph_of.last()).map_or(0, |&i| i as usize)
    }

    /// The paragraph that holds token `at`.
    pub(super) fn paragraph(&self, at: usize) -> Range<usize> {
        self.doc.paragraphs.get(self.paragraph_index(at)).cloned().unwrap_or(0..0)
    }

    /// Whether token `at` belongs to the headline: the first paragraph, of one sentence that no full stop ends.
    pub(super) fn headline(&self, at: usize) -> bool {
        let Some(first) = self.doc.paragraphs.first() else { return false };
        self.doc.paragraphs.len() > 1
            && first.contains(&at)
            && first.len() <= 40
            && !matches!(self.doc.word(first.end - 1), "." | "...")
    }

    /// Code points of tokens `range`.
    pub(super) fn span(&self, range: Range<usize>) -> Option<Span> {
        self.doc.span(&range)
    }

    /// The acts that start in `range`.
    pub(super) fn acts_in(&self, range: &Range<usize>) -> &[ActHit] {
        let from = self.acts.partition_point(|hit| hit.start < range.start);
        let to = self.acts.partition_point(|hit| hit.start < range.end);
        &self.acts[from..to.max(from)]
    }
}

/// The stable number of an act, for tables.
pub(super) fn act_number(act: Act) -> usize {
    ACTS.iter().position(|(known, _)| *known == act).unwrap_or(ACTS.len())
}

fn index_of(ranges: &[Range<usize>], count: usize) -> Vec<u32> {
    let mut index = vec![0; count];
    for (number, range) in ranges.iter().enumerate() {
        let end = range.end.min(count);
        index[range.start.min(end)..end].iter_mut().for_each(|at| *at = number as u32);
    }
    index
}

/// The accusing participle glued to the end of a long word, as machine translation leaves it.
fn glued_tail(word: &str) -> Option<&str> {
    const TAILS: &[&str] =
        &["désignant", "accusant", "pointant", "acusando", "señalando", "culpando", "accusing", "blaming"];
    let tail = TAILS.iter().find(|tail| word.len() >= tail.len() + 4 && word.ends_with(**tail))?;
    Some(&word[word.len() - tail.len()..])
}

fn closer_of(mark: &str) -> Option<&'static str> {
    match mark {
        "\"" => Some("\""),
        "“" | "„" => Some("”"),
        "«" => Some("»"),
        "‹" => Some("›"),
        "‘" => Some("’"),
        "``" => Some("''"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_cover_phrases_and_acts_are_found() {
        let doc = Document::new("The Office took note of the hacking.", Lang::En);
        let view = View::new(&doc);
        assert!(
            view.starts(2, Class::Decline) && view.is(3, Class::Decline) && !view.starts(3, Class::Decline)
        );
        let at: Vec<_> = view.acts.iter().map(|hit| (hit.start, hit.act, hit.role)).collect();
        assert_eq!(at, [(2, Act::Hack, Role::Weak), (6, Act::Hack, Role::Noun)]);
    }

    #[test]
    fn glued_words_keep_their_accusing_tail() {
        let doc = Document::new("des messages piratésdésignant le Belmark", Lang::Fr);
        let view = View::new(&doc);
        assert!(view.starts(2, Class::Accuse) && !view.starts(1, Class::Accuse));
    }

    #[test]
    fn quotations_are_marked_and_end_with_their_paragraph() {
        let doc = Document::new("« Oui », dit-il. “Non", Lang::Fr);
        let view = View::new(&doc);
        assert_eq!((0..view.len()).filter(|&at| view.quoted(at)).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_headline_is_a_first_paragraph_without_a_stop() {
        let doc = Document::new("A blames B\n\nC said so. D did not.", Lang::En);
        let view = View::new(&doc);
        assert!(view.headline(1) && !view.headline(4));
        assert_eq!(view.paragraph(4), 3..11);
        assert_eq!(view.sentence_index(8), 2);
    }
}
