//! Do the text and the HTML of a `multipart/alternative` (RFC 2046 §5.1.4) say the same? Programs show one of
//! them, so that two readers may have read two messages.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::StructureNote;

use super::lines::{Row, fold};

/// The text of one alternative.
pub(super) struct Alternative<'r> {
    pub(super) group: usize,
    pub(super) html: bool,
    pub(super) rows: &'r [Row],
    pub(super) bytes: (u64, u64),
}

/// Fewer words than this are a hint to use another program, not a version of the letter.
const LEAST_WORDS: usize = 8;
/// Share of words, in per cent, that must be missing on the other side for two versions to say different things.
const DIFFERENT: usize = 25;

/// Compare the two sides of every alternative that has both.
pub(super) fn compare(texts: &[Alternative<'_>], notes: &mut Vec<StructureNote>) {
    let groups: BTreeSet<usize> = texts.iter().map(|text| text.group).collect();
    for group in groups {
        let (plain, html) = (Side::of(texts, group, false), Side::of(texts, group, true));
        if plain.words.len() < LEAST_WORDS || html.words.len() < LEAST_WORDS {
            continue;
        }
        notes.push(plain.against(&html));
    }
}

struct Side {
    words: BTreeSet<String>,
    bytes: Vec<(u64, u64)>,
}

impl Side {
    fn of(texts: &[Alternative<'_>], group: usize, html: bool) -> Self {
        let mut side = Self { words: BTreeSet::new(), bytes: Vec::new() };
        for text in texts.iter().filter(|text| text.group == group && text.html == html) {
            side.bytes.push(text.bytes);
            let words = text.rows.iter().flat_map(|row| row.text.split_whitespace());
            side.words.extend(words.map(fold).filter(|word| !word.is_empty()));
        }
        side
    }

    fn against(&self, html: &Self) -> StructureNote {
        let missing = |from: &Self, other: &Self| from.words.difference(&other.words).count();
        let (only_plain, only_html) = (missing(self, html), missing(html, self));
        let share = |count: usize, side: &Self| count * 100 / side.words.len().max(1);
        let differ = share(only_plain, self) >= DIFFERENT || share(only_html, html) >= DIFFERENT;
        let numbers = |side: &Self| -> BTreeSet<String> {
            side.words.iter().filter(|word| word.chars().all(|c| c.is_ascii_digit())).cloned().collect()
        };
        let odd: Vec<String> = numbers(self).symmetric_difference(&numbers(html)).take(5).cloned().collect();
        let mut facts = BTreeMap::from([
            ("only_text".to_owned(), only_plain.to_string()),
            ("only_html".to_owned(), only_html.to_string()),
        ]);
        let name = if differ {
            "structure.alternatives_differ"
        } else if odd.is_empty() {
            "structure.alternatives_agree"
        } else {
            facts.insert("numbers".to_owned(), odd.join(", "));
            "structure.alternatives_numbers_differ"
        };
        let bytes = self.bytes.iter().chain(&html.bytes).copied().collect();
        StructureNote { name: name.to_owned(), bytes, facts }
    }
}
