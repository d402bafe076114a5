//! The common words of each language, and a rough test whether a word is a form of one of them.
//!
//! Limit: about 8,000 words a language and a table of endings; it answers "is this surely a word", never
//! "is this no word". Used to see where a space was lost between two words.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use preuve_case::Lang;

/// Common words of one language.
pub(super) struct Words {
    common: BTreeSet<&'static str>,
    endings: &'static [&'static str],
    citation: &'static [&'static str],
}

/// Endings that a form may carry, and those that its stem carries in the list.
const EN: (&[&str], &[&str]) = (&["ed", "ing", "s", "es", "ly"], &["", "e"]);
const FR: (&[&str], &[&str]) = (
    &[
        "ant", "é", "ée", "és", "ées", "er", "ait", "aient", "era", "eront", "erait", "ent", "a", "s", "x",
        "e", "es", "ement",
    ],
    &["", "e", "er", "é", "ent"],
);
const ES: (&[&str], &[&str]) = (
    &[
        "ó", "aron", "ando", "ado", "ada", "ados", "adas", "ar", "a", "an", "aba", "aban", "ará", "ió",
        "ieron", "iendo", "ido", "ida", "s", "es", "o", "os", "as", "amente",
    ],
    &["", "a", "o", "ar", "er", "ir", "e"],
);

impl Words {
    /// The words of `lang`; `None` for a language the engines do not handle.
    pub(super) fn of(lang: Lang) -> Option<&'static Words> {
        static EN_WORDS: OnceLock<Words> = OnceLock::new();
        static FR_WORDS: OnceLock<Words> = OnceLock::new();
        static ES_WORDS: OnceLock<Words> = OnceLock::new();
        match lang {
            Lang::En => {
                Some(EN_WORDS.get_or_init(|| Words::parse(include_str!("../../lexicons/common/en.txt"), EN)))
            }
            Lang::Fr => {
                Some(FR_WORDS.get_or_init(|| Words::parse(include_str!("../../lexicons/common/fr.txt"), FR)))
            }
            Lang::Es => {
                Some(ES_WORDS.get_or_init(|| Words::parse(include_str!("../../lexicons/common/es.txt"), ES)))
            }
            Lang::Other => None,
        }
    }

    fn parse(
        list: &'static str,
        (endings, citation): (&'static [&'static str], &'static [&'static str]),
    ) -> Words {
        Words { common: list.lines().filter(|word| !word.is_empty()).collect(), endings, citation }
    }

    /// Whether `word` (lower case) is in the list.
    pub(super) fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    /// Whether `word` (lower case) is in the list, or is a form of a word that is.
    pub(super) fn is_known(&self, word: &str) -> bool {
        self.is_common(word)
            || self.endings.iter().any(|ending| {
                word.strip_suffix(ending).is_some_and(|stem| {
                    stem.chars().count() >= 3
                        && self
                            .citation
                            .iter()
                            .any(|tail| self.common.contains(format!("{stem}{tail}").as_str()))
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_common_words_are_known() {
        let fr = Words::of(Lang::Fr).unwrap();
        for word in ["était", "désignant", "piraté", "rapports", "informera"] {
            assert!(fr.is_known(word), "{word}");
        }
        let es = Words::of(Lang::Es).unwrap();
        for word in ["supuestamente", "informes", "informó"] {
            assert!(es.is_known(word), "{word}");
        }
    }

    #[test]
    fn what_is_no_word_is_not_known() {
        for lang in Lang::HANDLED {
            let words = Words::of(lang).unwrap();
            for word in ["", "x", "piratédésignant", "qzxv", "méridieninformera"] {
                assert!(!words.is_known(word), "{word} {lang:?}");
            }
        }
    }

    #[test]
    fn no_words_for_other_languages() {
        assert!(Words::of(Lang::Other).is_none());
    }

    #[test]
    fn lists_are_sorted_lower_case_and_without_doubles() {
        for list in [
            include_str!("../../lexicons/common/en.txt"),
            include_str!("../../lexicons/common/fr.txt"),
            include_str!("../../lexicons/common/es.txt"),
        ] {
            let words: Vec<&str> = list.lines().collect();
            assert!(words.len() > 5000);
            assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(words.iter().all(|word| word.to_lowercase() == **word));
        }
    }
}
