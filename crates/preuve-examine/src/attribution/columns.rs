//! What a token looks like, as numbers: computed once a document, read by the tagger and the labellers.

use std::ops::Range;

use super::Document;
use super::table::key_of;

/// Outline of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(pub u8);

impl Shape {
    /// Neither letter nor digit.
    pub const MARK: Shape = Shape(0);
    /// Digits, with what joins them.
    pub const DIGITS: Shape = Shape(1);
    /// All lower case.
    pub const LOWER: Shape = Shape(2);
    /// First letter upper case.
    pub const CAPITAL: Shape = Shape(3);
    /// All upper case, two letters or more.
    pub const UPPER: Shape = Shape(4);
    /// Letters and digits.
    pub const MIXED: Shape = Shape(5);
    /// With a hyphen.
    pub const HYPHEN: Shape = Shape(6);
    /// Capitalised, with a hyphen.
    pub const CAPITAL_HYPHEN: Shape = Shape(7);
    /// Ends with a stop.
    pub const STOP: Shape = Shape(8);
    /// Upper case inside.
    pub const CAMEL: Shape = Shape(9);
    /// Starts with an apostrophe or hyphen: a clitic.
    pub const CLITIC: Shape = Shape(10);

    /// The outline of `word`.
    pub fn of(word: &str) -> Self {
        let mut chars = word.chars();
        let first = chars.next().unwrap_or(' ');
        let (mut upper, mut lower, mut digit, mut hyphen) = (0, 0, 0, false);
        for c in word.chars() {
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
            digit += usize::from(c.is_numeric());
            hyphen |= c == '-';
        }
        let letters = upper + lower;
        match () {
            () if letters == 0 && digit == 0 && !word.chars().any(char::is_alphabetic) => Self::MARK,
            () if letters == 0 && digit > 0 => Self::DIGITS,
            () if !first.is_alphanumeric() => Self::CLITIC,
            () if word.ends_with('.') => Self::STOP,
            () if digit > 0 => Self::MIXED,
            () if hyphen && upper > 0 => Self::CAPITAL_HYPHEN,
            () if hyphen => Self::HYPHEN,
            () if upper == 0 => Self::LOWER,
            () if lower == 0 && upper > 1 => Self::UPPER,
            () if upper == 1 && first.is_uppercase() => Self::CAPITAL,
            () => Self::CAMEL,
        }
    }
}

/// Key of the padding before and behind a text.
pub const EDGE: u32 = 1;

/// Columns over the tokens of one document.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Key of the folded word: lower case, one apostrophe, one double quote, digits as `0`.
    pub word: Vec<u32>,
    /// Key of its last two characters.
    pub suffix2: Vec<u32>,
    /// Key of its last three characters.
    pub suffix3: Vec<u32>,
    /// Key of its last four characters.
    pub suffix4: Vec<u32>,
    /// Key of its first three characters.
    pub prefix3: Vec<u32>,
    /// Its outline.
    pub shape: Vec<Shape>,
}

impl Columns {
    /// The columns of `document`.
    pub fn new(document: &Document<'_>) -> Self {
        let mut columns = Self::default();
        let mut folded: Vec<char> = Vec::with_capacity(32);
        for at in 0..document.tokens.len() {
            let word = document.word(at);
            fold(word, &mut folded);
            let tail = |n: usize| folded[folded.len().saturating_sub(n)..].iter().copied();
            columns.word.push(key_of(folded.iter().copied()));
            columns.suffix2.push(key_of(tail(2)));
            columns.suffix3.push(key_of(tail(3)));
            columns.suffix4.push(key_of(tail(4)));
            columns.prefix3.push(key_of(folded.iter().copied().take(3)));
            columns.shape.push(Shape::of(word));
        }
        columns
    }

    /// The folded word `offset` tokens from `at`, `EDGE` outside `within`.
    pub fn word_near(&self, at: usize, offset: isize, within: &Range<usize>) -> u32 {
        self.near(&self.word, at, offset, within)
    }

    /// The value of `column` `offset` tokens from `at`, `EDGE` outside `within`.
    pub fn near(&self, column: &[u32], at: usize, offset: isize, within: &Range<usize>) -> u32 {
        match at.checked_add_signed(offset) {
            Some(there) if within.contains(&there) => column[there],
            _ => EDGE,
        }
    }
}

/// `word` in lower case, with one kind of apostrophe, double quote and digit, into `folded`.
fn fold(word: &str, folded: &mut Vec<char>) {
    folded.clear();
    for c in word.chars() {
        match c {
            '’' | 'ʼ' | '‘' => folded.push('\''),
            '“' | '”' | '«' | '»' | '„' => folded.push('"'),
            '‐' | '‑' => folded.push('-'),
            '—' => folded.push('–'),
            '0'..='9' => folded.push('0'),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            '\0'..='\x7f' => folded.push(c),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    if folded == &['`', '`'] || folded == &['\'', '\''] {
        folded.clear();
        folded.push('"');
    }
}

/// `word` as its key sees it: words with the same key are the same folded word.
pub fn folded(word: &str) -> String {
    let mut chars = Vec::new();
    fold(word, &mut chars);
    chars.into_iter().collect()
}

/// Key of `word` as [`Columns::word`] holds it.
pub fn word_key(word: &str) -> u32 {
    let mut folded = Vec::new();
    fold(word, &mut folded);
    key_of(folded.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_case::Lang;

    #[test]
    fn words_that_differ_in_dress_share_a_key() {
        assert_eq!(word_key("“"), word_key("\""));
        assert_eq!(word_key("``"), word_key("\""));
        assert_eq!(word_key("Qu’"), word_key("qu'"));
        assert_eq!(word_key("2016"), word_key("1999"));
        assert_ne!(word_key("say"), word_key("says"));
    }

    #[test]
    fn outlines_tell_marks_figures_and_capitals() {
        let expected = [
            ("—", Shape::MARK),
            ("3.5", Shape::DIGITS),
            ("été", Shape::LOWER),
            ("Été", Shape::CAPITAL),
            ("OTAN", Shape::UPPER),
            ("U.S.", Shape::STOP),
            ("-t-il", Shape::CLITIC),
            ("hack-and-leak", Shape::HYPHEN),
            ("OpenVault", Shape::CAMEL),
        ];
        for (word, shape) in expected {
            assert_eq!(Shape::of(word), shape, "{word}");
        }
    }

    #[test]
    fn outside_the_range_lies_the_edge() {
        let document = Document::new("one two", Lang::En);
        let columns = Columns::new(&document);
        assert_eq!(columns.word_near(0, -1, &(0..2)), EDGE);
        assert_eq!(columns.word_near(0, 1, &(0..2)), word_key("two"));
        assert_eq!(columns.word_near(0, 1, &(0..1)), EDGE);
    }
}
