//! The word lists of `lexicons/`: classes of words that decide, and concepts that names are made of.
//!
//! Data, folded, in three languages; no entity of any case is named there.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Classes of words in `lexicons/words.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Articles and small words between the parts of a name.
    Article,
    /// Prepositions after which the owner or the body stands.
    Of,
    /// Prepositions of place.
    Place,
    /// Titles before a person's name.
    Honorific,
    /// What a body is (campaign, firm, site), said beside its name.
    Kind,
    /// The arms by which a state acts.
    Organ,
    /// Words for people or things of no name.
    Nobody,
    /// Words that alone refer back to a body named before.
    Refers,
    /// Offices that make a person speak for a body.
    Role,
    /// Words that stand for a party or campaign without naming it.
    Body,
    /// Words in the names of public authorities.
    Authority,
    /// Words in the names of parties, which are no authorities.
    Party,
    /// Words of prosecutors and charges.
    Prosecutor,
    /// Verbs of formal attribution.
    Formal,
    /// Words of an examination.
    Examined,
    /// Words of a retraction.
    Retract,
    /// Negations.
    Not,
    /// Documents: leaked papers.
    Dossier,
    /// Documents: studies.
    Report,
    /// Documents: court papers.
    Filing,
    /// Documents: registers and accounts.
    Register,
    /// Documents: technical records.
    Log,
    /// Documents: statements and posts.
    Post,
    /// Words of who repeats what another found.
    Reuse,
}

const CLASSES: [(&str, Class); 24] = [
    ("article", Class::Article),
    ("of", Class::Of),
    ("place", Class::Place),
    ("honorific", Class::Honorific),
    ("class", Class::Kind),
    ("organ", Class::Organ),
    ("nobody", Class::Nobody),
    ("refers", Class::Refers),
    ("role", Class::Role),
    ("body", Class::Body),
    ("authority", Class::Authority),
    ("party", Class::Party),
    ("prosecutor", Class::Prosecutor),
    ("formal", Class::Formal),
    ("examined", Class::Examined),
    ("retract", Class::Retract),
    ("not", Class::Not),
    ("dossier", Class::Dossier),
    ("report", Class::Report),
    ("filing", Class::Filing),
    ("register", Class::Register),
    ("log", Class::Log),
    ("post", Class::Post),
    ("reuse", Class::Reuse),
];

/// Kinds of documents, in the order in which a name is tried.
pub(crate) const GENRES: [(Class, &str); 6] = [
    (Class::Register, "accounts or register"),
    (Class::Filing, "court filing"),
    (Class::Log, "technical log"),
    (Class::Report, "report"),
    (Class::Dossier, "leaked papers"),
    (Class::Post, "statement or post"),
];

/// The loaded lists.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Classes of a word, one bit each.
    words: BTreeMap<String, u32>,
    stems: BTreeMap<Class, Vec<String>>,
    concepts: BTreeMap<String, String>,
}

impl Lexicon {
    /// The lists built into the program.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Lexicon> = OnceLock::new();
        SHARED.get_or_init(|| {
            Self::parse(include_str!("../lexicons/words.tsv"), include_str!("../lexicons/concepts.tsv"))
        })
    }

    fn parse(words: &str, concepts: &str) -> Self {
        let mut lexicon = Self { words: BTreeMap::new(), stems: BTreeMap::new(), concepts: BTreeMap::new() };
        for line in data_lines(words) {
            let mut fields = line.split('\t');
            let name = fields.next().unwrap_or_default();
            let Some((_, class)) = CLASSES.iter().find(|(known, _)| *known == name) else { continue };
            for word in fields.flat_map(str::split_whitespace) {
                match word.strip_suffix('*') {
                    Some(stem) => lexicon.stems.entry(*class).or_default().push(stem.to_owned()),
                    None => *lexicon.words.entry(word.to_owned()).or_insert(0) |= 1 << *class as u32,
                }
            }
        }
        for line in data_lines(concepts) {
            let mut fields = line.split('\t');
            let concept = fields.next().unwrap_or_default();
            for word in fields.flat_map(str::split_whitespace) {
                lexicon.concepts.entry(word.to_owned()).or_insert_with(|| concept.to_owned());
            }
        }
        lexicon
    }

    /// Whether the folded `word` belongs to `class`.
    pub fn has(&self, class: Class, word: &str) -> bool {
        self.words.get(word).is_some_and(|classes| classes & (1 << class as u32) != 0)
            || self
                .stems
                .get(&class)
                .is_some_and(|stems| stems.iter().any(|stem| word.starts_with(stem.as_str())))
    }

    /// Whether any word of the folded `text` belongs to `class`.
    pub fn any(&self, class: Class, text: &str) -> bool {
        text.split(' ').any(|word| self.has(class, word))
    }

    /// The concept a folded word of a body's name stands for.
    pub fn concept(&self, word: &str) -> Option<&str> {
        self.concepts.get(word).map(String::as_str)
    }
}

fn data_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_class_has_words_and_every_line_a_known_class() {
        let lexicon = Lexicon::shared();
        for (name, class) in CLASSES {
            let any = lexicon.words.values().any(|classes| classes & (1 << class as u32) != 0)
                || lexicon.stems.contains_key(&class);
            assert!(any, "{name}");
        }
        for line in data_lines(include_str!("../lexicons/words.tsv")) {
            let name = line.split('\t').next().unwrap_or_default();
            assert!(CLASSES.iter().any(|(known, _)| *known == name), "{line}");
        }
    }

    #[test]
    fn concepts_meet_across_languages() {
        let lexicon = Lexicon::shared();
        for row in [["union", "union", "sindicato"], ["cyber", "cybersecurite", "ciberseguridad"]] {
            let concepts: BTreeSet<_> = row.iter().map(|word| lexicon.concept(word)).collect();
            assert_eq!(concepts.len(), 1, "{row:?}");
        }
    }

    #[test]
    fn lists_are_folded() {
        for text in [include_str!("../lexicons/words.tsv"), include_str!("../lexicons/concepts.tsv")] {
            for line in data_lines(text) {
                assert_eq!(crate::fold::fold_letters(line), line);
            }
        }
    }

    #[test]
    fn stems_match_the_start_of_words() {
        assert!(Lexicon::shared().any(Class::Retract, "la redaccion rectifica"));
        assert!(!Lexicon::shared().any(Class::Retract, "la redaccion"));
    }
}
