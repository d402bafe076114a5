//! The word classes that the rules speak of, and the lexicons that fill them, per language. Data only; no rule.

use std::sync::OnceLock;

use preuve_case::{Act, Lang};

use super::trie::Trie;

const WORDS_EN: &str = include_str!("../../../lexicons/judge/words.en.tsv");
const WORDS_FR: &str = include_str!("../../../lexicons/judge/words.fr.tsv");
const WORDS_ES: &str = include_str!("../../../lexicons/judge/words.es.tsv");
const ACTS_EN: &str = include_str!("../../../lexicons/judge/acts.en.tsv");
const ACTS_FR: &str = include_str!("../../../lexicons/judge/acts.fr.tsv");
const ACTS_ES: &str = include_str!("../../../lexicons/judge/acts.es.tsv");

/// Makes the enum of word classes and its names in the lexicon files.
macro_rules! classes {
    ($($class:ident $name:literal,)*) => {
        /// A class of words; what its members have in common is the name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Class { $($class,)* }

        const CLASSES: &[(Class, &str)] = &[$((Class::$class, $name),)*];
    };
}

classes! {
    Neg "neg", Nothing "nothing", Without "without", Say "say", Decline "decline", NotSpeak "notspeak",
    Deny "deny", Disparage "disparage", Retract "retract", Opposite "opposite", Confirm "confirm",
    Authentic "authentic", Ask "ask", Doubt "doubt", DemandProof "demandproof", Speculate "speculate",
    Modal "modal", Hedge "hedge", CondAux "condaux", Provide "provide", Proof "evidence", How "how",
    Verify "verify", Unverified "unverified", Document "document", BaseDoc "basedoc", RawDoc "rawdoc",
    Trace "trace", ShowVerb "showverb", Finding "finding", Accuse "accuse", AttribTo "attribto",
    LinkTo "linkto", Behind "behind", AccuseNoun "accusenoun", AnonWho "anonwho", SourceNoun "sourcenoun",
    Vague "vague", RolePerson "roleperson", Spokes "spokes", BodyPlural "bodyplural", OrgNoun "orgnoun",
    RepNoun "repnoun", OutletNoun "outletnoun", OutletName "outletname", OrgName "orgname",
    GeoName "geoname", GenericAgent "genericagent", AgentNoun "agentnoun", GroupNoun "groupnoun",
    Staged "staged", AttackWord "attackword", We "we", I "i", He "he", She "she", They "they", It "it",
    RelPron "relpron", Demonst "demonst", Poss "poss", By "by", Of "of", To "to", Be "be",
    Handover "handover", PressNoun "pressnoun", FileNoun "filenoun", FakeAdj "fakeadj",
    MediaNoun "medianoun", FundMark "fundmark", Func "func", Month "month", Honorific "honorific",
    Official "official", PriorClaim "priorclaim", WeakTake "weaktake", Relay "relay", Locative "locative", May "may", Calls "calls", Whether "whether", Opener "opener", Titled "titled", Against "against", StateWord "stateword",
    SpyNoun "spynoun", Secret "secret", Confess "confess", Responsibility "responsibility", Plan "plan", Harm "harm",
    DidThis "didthis", Credential "credential",
    Insist "insist", ItWasMe "itwasme", Publish "publish", Authority "authority", Guest "guest", OutletPlural "outletplural",
}

/// The classes with their names.
pub(super) fn class_names() -> &'static [(Class, &'static str)] {
    CLASSES
}

/// How a word tells of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A verb or participle: its subject, or who follows "by", did it.
    Verb,
    /// A noun: who follows "by", or the adjective beside it, did it.
    Noun,
    /// A word that tells of the act only beside other signs.
    Weak,
}

/// The acts in the order of their numbers.
pub(super) const ACTS: [(Act, &str); 9] = [
    (Act::Hack, "hack"),
    (Act::Phish, "phish"),
    (Act::Leak, "leak"),
    (Act::Forge, "forge"),
    (Act::Disinform, "disinform"),
    (Act::Interfere, "interfere"),
    (Act::Spy, "spy"),
    (Act::Plot, "plot"),
    (Act::Fund, "fund"),
];
const ROLES: [(Role, &str); 3] = [(Role::Verb, "verb"), (Role::Noun, "noun"), (Role::Weak, "weak")];

/// What a lexicon entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A word class.
    Class(Class),
    /// An act, and how it is told.
    Act(Act, Role),
}

/// The lexicons of one language.
#[derive(Debug)]
pub(super) struct Lexicon {
    trie: Trie,
    tags: Vec<Tag>,
}

impl Lexicon {
    /// The lexicons of `lang`; English for a language that has none.
    pub(super) fn of(lang: Lang) -> &'static Lexicon {
        static EN: OnceLock<Lexicon> = OnceLock::new();
        static FR: OnceLock<Lexicon> = OnceLock::new();
        static ES: OnceLock<Lexicon> = OnceLock::new();
        match lang {
            Lang::Fr => FR.get_or_init(|| Lexicon::parse(WORDS_FR, ACTS_FR, Lang::Fr)),
            Lang::Es => ES.get_or_init(|| Lexicon::parse(WORDS_ES, ACTS_ES, Lang::Es)),
            Lang::En | Lang::Other => EN.get_or_init(|| Lexicon::parse(WORDS_EN, ACTS_EN, Lang::En)),
        }
    }

    fn parse(words: &str, acts: &str, lang: Lang) -> Lexicon {
        let mut lexicon = Lexicon { trie: Trie::default(), tags: Vec::new() };
        for (name, entries) in rows(words) {
            if let Some(&(class, _)) = CLASSES.iter().find(|(_, known)| *known == name) {
                lexicon.add(Tag::Class(class), entries, lang);
            }
        }
        for (name, entries) in rows(acts) {
            if let Some(tag) = act_tag(name) {
                lexicon.add(tag, entries, lang);
            }
        }
        lexicon
    }

    fn add(&mut self, tag: Tag, entries: &str, lang: Lang) {
        let number = self.tags.len() as u16;
        self.tags.push(tag);
        for entry in entries.split('|').filter(|entry| !entry.trim().is_empty()) {
            self.trie.insert(entry, number, lang);
        }
    }

    /// Call `found(end, tag)` for every entry that matches from token `start` on.
    pub(super) fn matches<'w>(
        &self,
        start: usize,
        word: &impl Fn(usize) -> Option<&'w str>,
        found: &mut impl FnMut(usize, Tag),
    ) {
        self.trie.matches(start, word, &mut |end, number| found(end, self.tags[usize::from(number)]));
    }
}

/// The rows of a lexicon file: name, entries. Lines that start with `#` are comments.
pub(super) fn rows(file: &str) -> impl Iterator<Item = (&str, &str)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

fn act_tag(name: &str) -> Option<Tag> {
    let (act, role) = name.split_once('.')?;
    let act = ACTS.iter().find(|(_, known)| *known == act)?.0;
    let role = ROLES.iter().find(|(_, known)| *known == role)?.0;
    Some(Tag::Act(act, role))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 3] = [(WORDS_EN, ACTS_EN), (WORDS_FR, ACTS_FR), (WORDS_ES, ACTS_ES)];

    #[test]
    fn every_row_names_a_known_class_or_act_and_every_class_has_words_in_every_language() {
        for (words, acts) in FILES {
            for (name, _) in rows(words) {
                assert!(CLASSES.iter().any(|(_, known)| *known == name), "unknown class `{name}`");
            }
            for (_, name) in CLASSES {
                assert!(rows(words).any(|(row, _)| row == *name), "no words for `{name}`");
            }
            for (name, _) in rows(acts) {
                assert!(act_tag(name).is_some(), "unknown act `{name}`");
            }
        }
    }

    #[test]
    fn no_entry_is_empty_or_upper_case() {
        for (words, acts) in FILES {
            for (name, entries) in rows(words).chain(rows(acts)) {
                for entry in entries.split('|') {
                    assert!(!entry.trim().is_empty(), "{name}: empty entry");
                    assert!(!entry.starts_with('*'), "{name}: `{entry}` matches everything");
                }
            }
        }
    }
}
