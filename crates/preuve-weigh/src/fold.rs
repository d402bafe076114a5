//! Names made comparable: letters without case and accents, words cut, articles and titles left out.
//!
//! Folding is the same for every language; what it cannot do is translate (see `cognate`).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::lexicon::{Class, Lexicon};

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Folded letters.
    pub text: String,
    /// Whether it starts like a proper name: an upper-case letter, or a letter of a script without case.
    pub proper: bool,
    /// Byte range in the original.
    pub range: (usize, usize),
}

/// A name cut to what identifies its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// All words but articles.
    pub all: Vec<String>,
    /// The words from the first proper one on, without articles, titles and words of class.
    pub core: Vec<String>,
    /// The same with the words of class kept, as they stand in the text.
    pub display: String,
}

impl Name {
    /// Cuts `text`; a name without a proper word has an empty core.
    pub fn parse(text: &str, lexicon: &Lexicon) -> Self {
        Self::of_words(text, cut_words(text), lexicon)
    }

    /// Cuts what is known to be a name, however it is written (`daily_mirror`).
    pub fn parse_given(text: &str, lexicon: &Lexicon) -> Self {
        let mut every = cut_words(text);
        every.iter_mut().for_each(|word| word.proper = true);
        Self::of_words(text, every, lexicon)
    }

    fn of_words(text: &str, mut every: Vec<Word>, lexicon: &Lexicon) -> Self {
        let located = |word: &Word| {
            !word.proper
                && (lexicon.has(Class::Place, &word.text) || &text[word.range.0..word.range.1] == "à")
        };
        let before_name = |at: &usize| {
            let next = every[at + 1..].iter().find(|word| !lexicon.has(Class::Article, &word.text));
            located(&every[*at]) && next.is_some_and(|word| word.proper)
        };
        if let Some(place) = (1..every.len()).find(before_name).filter(|_| !every[0].proper) {
            every.truncate(place);
        }
        let words = named_part(&every, lexicon);
        let small = |word: &Word| lexicon.has(Class::Article, &word.text);
        let title = |word: &Word| lexicon.has(Class::Honorific, &word.text);
        let all = every.iter().filter(|word| !small(word)).map(|word| word.text.clone()).collect();
        let plain = |word: &Word| lexicon.has(Class::Kind, &word.text) || title(word);
        let Some(first) = words.iter().position(|word| !small(word) && !title(word)) else {
            return Self { all, core: Vec::new(), display: text.trim().to_owned() };
        };
        let named = &words[first..];
        let kept = |keep: &dyn Fn(&Word) -> bool| -> Vec<String> {
            named.iter().filter(|word| !small(word) && keep(word)).map(|word| word.text.clone()).collect()
        };
        let mut core = kept(&|word| !plain(word));
        if core.is_empty() {
            core = kept(&|_| true);
        }
        let refers = |word: &String| lexicon.has(Class::Refers, word);
        if core.iter().all(|word| lexicon.has(Class::Nobody, word))
            || (core.len() == 1 && core.iter().all(refers))
        {
            core.clear();
        }
        let (start, end) = (named[0].range.0, named[named.len() - 1].range.1);
        Self { all, core, display: text.get(start..end).unwrap_or(text).trim().to_owned() }
    }

    /// The core as one string.
    pub fn key(&self) -> String {
        self.core.join(" ")
    }
}

/// The words that name: from the first proper word on, or from the office before it ("ministère de la Défense"); none
/// where the proper word only says whose or where a nameless thing is ("a friend of Milo", "its mission in Hallen").
fn named_part<'w>(words: &'w [Word], lexicon: &Lexicon) -> &'w [Word] {
    let small = |word: &&Word| lexicon.has(Class::Article, &word.text);
    let Some(first) = words.iter().position(|word| word.proper && !small(&word)) else { return &[] };
    let linked = words[..first].iter().rev().take_while(small).any(|word| lexicon.has(Class::Of, &word.text));
    let Some(head) = words[..first].iter().rposition(|word| !small(&word)) else { return &words[first..] };
    let has = |class| lexicon.has(class, &words[head].text);
    if !linked || has(Class::Kind) || has(Class::Role) {
        &words[first..]
    } else if has(Class::Authority) || has(Class::Organ) {
        &words[head..]
    } else {
        &[]
    }
}

/// Words of `text` with their folded letters; elided articles and possessive `'s` stand alone.
pub(crate) fn cut_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() || is_combining_mark(c) {
            start.get_or_insert(at);
        } else if let Some(begin) = start.take() {
            words.push(fold_word(&text[begin..at], (begin, at)));
        }
    }
    words
}

fn fold_word(word: &str, range: (usize, usize)) -> Word {
    let first = word.chars().next().unwrap_or(' ');
    let proper = first.is_uppercase()
        || (first.is_alphabetic() && !first.is_lowercase())
        || word.chars().any(char::is_uppercase);
    Word { text: fold_letters(word), proper, range }
}

/// Lower case without accents, ligatures opened.
pub(crate) fn fold_letters(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            _ => folded.push(c),
        }
    }
    folded
}

/// The folded words of `text`, articles left out, joined by spaces: the form under which a name is looked up.
pub(crate) fn fold(text: &str, lexicon: &Lexicon) -> String {
    let words: Vec<String> = cut_words(text)
        .into_iter()
        .map(|word| word.text)
        .filter(|word| !lexicon.has(Class::Article, word))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core(text: &str) -> String {
        Name::parse(text, Lexicon::shared()).key()
    }

    #[test]
    fn articles_case_accents_and_apostrophes_fall_away() {
        let lexicon = Lexicon::shared();
        for text in ["l’Union civique", "L'UNION CIVIQUE", "Union  civique", "l\u{2019}union civique"] {
            assert_eq!(fold(text, lexicon), "union civique", "{text}");
        }
        assert_eq!(fold("Inés Søren-Łuk", lexicon), "ines soren luk");
    }

    #[test]
    fn the_core_starts_at_the_first_proper_word() {
        assert_eq!(core("la naviera Halvard Lines"), "halvard lines");
        assert_eq!(core("le site OpenVault"), "openvault");
        assert_eq!(core("l’Office fédéral de cybersécurité"), "office federal cybersecurite");
        assert_eq!(core("Chancellor Arnulf Teck"), "arnulf teck");
        assert_eq!(core("the Civic Union campaign"), "civic union");
        assert_eq!(core("la campagne de l’Union civique"), "union civique");
        assert_eq!(core("a spokesman for Halvard Lines"), "halvard lines");
        assert_eq!(core("le ministère de la Défense"), "ministere defense");
        assert_eq!(core("the ministry of Defence in Hallen"), "ministry defence");
        assert_eq!(core("la porte-parole de la campagne, Ilse Dorn"), "ilse dorn");
    }

    #[test]
    fn a_name_without_proper_words_has_no_core() {
        for text in [
            "its mission in Hallen",
            "un ami de Milo Brandt",
            "hackers",
            "des pirates",
            "unknown sender",
            "Hackers",
            "",
        ] {
            assert_eq!(core(text), "", "{text}");
        }
    }

    #[test]
    fn scripts_without_case_are_proper() {
        assert_eq!(core("新华社"), "新华社");
        assert!(!core("وكالة").is_empty());
    }

    #[test]
    fn the_display_keeps_the_words_as_written() {
        let name = Name::parse("la naviera Halvard Lines", Lexicon::shared());
        assert_eq!(name.display, "Halvard Lines");
        let name = Name::parse("l’Office fédéral de cybersécurité", Lexicon::shared());
        assert_eq!(name.display, "Office fédéral de cybersécurité");
    }
}
