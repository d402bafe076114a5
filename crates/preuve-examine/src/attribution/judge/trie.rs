//! Words and phrases → numbers, matched over lower-cased tokens in one walk of bytes. A `*` at the end of an
//! entry's word stands for any ending, so one entry covers the inflections (and the words glued to it). A `*` alone
//! stands for one to three words.

use preuve_case::Lang;

use crate::attribution::Document;

/// Stands for "any ending of this token" among the bytes of an entry.
const STAR: u8 = 1;
/// Stands between the tokens of an entry.
const GAP: u8 = b' ';
/// Words that a `*` alone may stand for.
const MOST_SKIPPED: usize = 3;

#[derive(Debug, Default)]
struct Node {
    next: Vec<(u8, u32)>,
    ends: Vec<u16>,
}

/// A set of phrases, each with numbers of the caller's.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    root: Vec<u32>,
}

impl Default for Trie {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], root: vec![0; 256] }
    }
}

impl Trie {
    /// Add `entry` (lower case or not) under `number`; it is cut into tokens as a text of `lang` would be.
    pub(super) fn insert(&mut self, entry: &str, number: u16, lang: Lang) {
        let mut at = 0;
        for (position, piece) in pieces(entry, lang).iter().enumerate() {
            if position > 0 {
                at = self.child_or_new(at, GAP);
            }
            let (word, star) = piece.strip_suffix('*').map_or((piece.as_str(), false), |word| (word, true));
            for byte in word.bytes() {
                at = self.child_or_new(at, byte);
            }
            if star {
                at = self.child_or_new(at, STAR);
            }
        }
        if at != 0 && !self.nodes[at].ends.contains(&number) {
            self.nodes[at].ends.push(number);
        }
    }

    fn child_or_new(&mut self, at: usize, byte: u8) -> usize {
        if let Some(child) = self.child(at, byte) {
            return child;
        }
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes[at].next.push((byte, child as u32));
        if at == 0 {
            self.root[usize::from(byte)] = child as u32;
        }
        child
    }

    fn child(&self, at: usize, byte: u8) -> Option<usize> {
        if at == 0 {
            return Some(self.root[usize::from(byte)] as usize).filter(|&child| child != 0);
        }
        self.nodes[at].next.iter().find(|(b, _)| *b == byte).map(|&(_, child)| child as usize)
    }

    /// Call `found(end, number)` for every entry that matches from token `start` on; `word` gives a token's
    /// lower-cased form, `None` past the last.
    pub(super) fn matches<'w>(
        &self,
        start: usize,
        word: &impl Fn(usize) -> Option<&'w str>,
        found: &mut impl FnMut(usize, u16),
    ) {
        self.walk(0, start, word, found);
    }

    fn walk<'w>(
        &self,
        node: usize,
        token: usize,
        word: &impl Fn(usize) -> Option<&'w str>,
        found: &mut impl FnMut(usize, u16),
    ) {
        let Some(form) = word(token) else { return };
        if node != 0
            && let Some(skip) = self.child(node, STAR)
        {
            let skipped = (token..token + MOST_SKIPPED).take_while(|&at| word(at).is_some_and(is_word));
            skipped.for_each(|last| self.close(skip, last, word, found));
        }
        let mut at = node;
        let mut whole = true;
        for byte in form.bytes() {
            match self.child(at, byte) {
                Some(child) => at = child,
                None => {
                    whole = false;
                    break;
                }
            }
            if let Some(star) = self.child(at, STAR) {
                self.close(star, token, word, found);
            }
        }
        if whole && at != node {
            self.close(at, token, word, found);
        }
    }

    fn close<'w>(
        &self,
        node: usize,
        token: usize,
        word: &impl Fn(usize) -> Option<&'w str>,
        found: &mut impl FnMut(usize, u16),
    ) {
        self.nodes[node].ends.iter().for_each(|&number| found(token + 1, number));
        if let Some(gap) = self.child(node, GAP) {
            self.walk(gap, token + 1, word, found);
        }
    }
}

/// The tokens of an entry, each with its `*` where it has one.
fn pieces(entry: &str, lang: Lang) -> Vec<String> {
    let mut pieces = Vec::new();
    for part in entry.split_whitespace() {
        let lower = lower_form(part);
        if !lower.contains('\'') {
            pieces.push(lower);
            continue;
        }
        let (bare, star) = lower.strip_suffix('*').map_or((lower.as_str(), false), |bare| (bare, true));
        let cut = Document::new(bare, lang);
        pieces.extend((0..cut.tokens.len()).map(|at| cut.word(at).to_owned()));
        if let (true, Some(last)) = (star, pieces.last_mut()) {
            last.push('*');
        }
    }
    pieces
}

/// Whether the token is no mark.
fn is_word(form: &str) -> bool {
    form.chars().any(char::is_alphanumeric)
}

/// Lower case, with one kind of apostrophe.
pub(super) fn lower_form(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '’' | 'ʼ') { '\'' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(entries: &[&str], text: &str, lang: Lang) -> Vec<(usize, usize, u16)> {
        let mut trie = Trie::default();
        for (number, entry) in entries.iter().enumerate() {
            trie.insert(entry, number as u16, lang);
        }
        let words: Vec<String> = {
            let document = Document::new(text, lang);
            (0..document.tokens.len()).map(|at| lower_form(document.word(at))).collect()
        };
        let mut out = Vec::new();
        for at in 0..words.len() {
            trie.matches(at, &|i| words.get(i).map(String::as_str), &mut |end, number| {
                out.push((at, end, number));
            });
        }
        out
    }

    #[test]
    fn words_phrases_and_endings_match() {
        let entries = ["hack*", "took note", "note"];
        assert_eq!(found(&entries, "It took note: hackers", Lang::En), [(1, 3, 1), (2, 3, 2), (4, 5, 0)]);
        assert_eq!(found(&entries, "notes took", Lang::En), []);
    }

    #[test]
    fn elided_words_are_cut_as_the_text_is() {
        let entries = ["n'a pas voulu", "d'après", "l'œuvre d*"];
        assert_eq!(found(&entries, "Il n’a pas voulu", Lang::Fr), [(1, 5, 0)]);
        assert_eq!(found(&entries, "c'est l'œuvre de Zed", Lang::Fr), [(2, 5, 2)]);
    }

    #[test]
    fn a_star_alone_stands_for_a_few_words_and_no_mark() {
        let entries = ["stole * passwords"];
        assert_eq!(found(&entries, "They stole all of our passwords", Lang::En), [(1, 6, 0)]);
        assert_eq!(found(&entries, "They stole passwords", Lang::En), []);
        assert_eq!(found(&entries, "They stole it, passwords", Lang::En), []);
    }

    #[test]
    fn an_ending_may_be_glued_text() {
        assert_eq!(found(&["pirat*"], "étaient piratésdésignant", Lang::Fr), [(1, 2, 0)]);
    }
}
