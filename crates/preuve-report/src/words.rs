//! The vocabulary in both languages of the report: label and explanation of every value that an engine can give.
//!
//! French follows its own typography: guillemets and the no-break spaces before `;`, `:`, `!`, `?`.

use preuve_case::{Act, ClaimStatus, Evidence, Lang, Relation, Severity, SourceClass, Stance};

use crate::ReportLang;

/// A text in English and French.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words {
    pub en: &'static str,
    pub fr: &'static str,
}

impl Words {
    pub(crate) const fn new(en: &'static str, fr: &'static str) -> Self {
        Self { en, fr }
    }

    pub(crate) fn get(self, lang: ReportLang) -> &'static str {
        match lang {
            ReportLang::En => self.en,
            ReportLang::Fr => self.fr,
        }
    }
}

pub(crate) fn stance(value: Stance) -> Words {
    match value {
        Stance::Asserts => Words::new("asserts", "affirme"),
        Stance::Confirms => Words::new("confirms", "confirme"),
        Stance::Denies => Words::new("denies", "dément"),
        Stance::Questions => Words::new("questions", "met en doute"),
        Stance::Speculates => Words::new("speculates", "suppose"),
        Stance::DeclinesToComment => Words::new("declines to comment", "refuse de commenter"),
    }
}

pub(crate) fn source_class(value: SourceClass) -> Words {
    match value {
        SourceClass::NamedPerson => Words::new("named person", "personne nommée"),
        SourceClass::Organisation => Words::new("organisation", "organisation"),
        SourceClass::Outlet => Words::new("news outlet", "média"),
        SourceClass::Document => Words::new("document", "document"),
        SourceClass::Anonymous => Words::new("anonymous source", "source anonyme"),
        SourceClass::Unnamed => Words::new("nobody named", "personne n’est nommé"),
    }
}

pub(crate) fn evidence(value: Evidence) -> Words {
    match value {
        Evidence::NoneStated => Words::new("no evidence mentioned", "aucune preuve évoquée"),
        Evidence::Withheld => {
            Words::new("none given, and the text says so", "aucune preuve fournie, le texte le dit")
        }
        Evidence::PointedTo => Words::new("evidence pointed to, not shown", "preuve invoquée, non montrée"),
        Evidence::Shown => Words::new("evidence shown or described", "preuve montrée ou décrite"),
        Evidence::Unverified => Words::new("could not be verified", "n’a pas pu être vérifié"),
    }
}

pub(crate) fn status(value: ClaimStatus) -> Words {
    match value {
        ClaimStatus::Unsupported => Words::new("unsupported", "sans appui"),
        ClaimStatus::PointedTo => Words::new("evidence pointed to", "preuves invoquées"),
        ClaimStatus::Disputed => Words::new("disputed", "contestée"),
        ClaimStatus::Withdrawn => Words::new("withdrawn", "retirée"),
        ClaimStatus::OfficiallyAttributed => Words::new("officially attributed", "attribuée officiellement"),
    }
}

pub(crate) fn status_meaning(value: ClaimStatus) -> Words {
    match value {
        ClaimStatus::Unsupported => Words::new(
            "It is asserted; no evidence is offered for it in this material.",
            "Elle est affirmée\u{a0}; aucune preuve n’est avancée dans ces documents.",
        ),
        ClaimStatus::PointedTo => Words::new(
            "Someone points to evidence for it; these articles do not settle whether it holds.",
            "Quelqu’un invoque des preuves\u{a0}; ces articles ne permettent pas d’en juger.",
        ),
        ClaimStatus::Disputed => Words::new(
            "It is denied or contradicted, and neither side has settled the matter.",
            "Elle est démentie ou contredite, et rien ici ne tranche.",
        ),
        ClaimStatus::Withdrawn => {
            Words::new("Whoever made it has taken it back.", "Son auteur est revenu dessus.")
        }
        ClaimStatus::OfficiallyAttributed => Words::new(
            "A public authority makes the accusation after an examination of its own.",
            "Une autorité publique porte l’accusation après son propre examen.",
        ),
    }
}

/// The act as a noun.
pub(crate) fn act(value: Act) -> Words {
    match value {
        Act::Hack => Words::new("hacking", "piratage"),
        Act::Phish => Words::new("phishing", "hameçonnage"),
        Act::Leak => Words::new("leak", "fuite"),
        Act::Forge => Words::new("forgery", "falsification"),
        Act::Disinform => Words::new("disinformation", "désinformation"),
        Act::Interfere => Words::new("interference", "ingérence"),
        Act::Spy => Words::new("spying", "espionnage"),
        Act::Plot => Words::new("plot", "complot"),
        Act::Fund => Words::new("secret funding", "financement occulte"),
        Act::Other => Words::new("other act", "autre acte"),
    }
}

pub(crate) fn relation(value: Relation) -> Words {
    match value {
        Relation::Original => Words::new("own text", "texte propre"),
        Relation::Copy => Words::new("copy", "copie"),
        Relation::Revision => Words::new("revision", "mise à jour"),
        Relation::Excerpt => Words::new("excerpt", "extrait"),
        Relation::Translation => Words::new("translation", "traduction"),
        Relation::MachineTranslation => Words::new("machine translation", "traduction automatique"),
        Relation::Rewrite => Words::new("rewrite", "réécriture"),
        Relation::Relay => Words::new("relay", "reprise"),
    }
}

pub(crate) fn severity(value: Severity) -> Words {
    match value {
        Severity::Note => Words::new("note", "remarque"),
        Severity::Warning => Words::new("warning", "avertissement"),
        Severity::Error => Words::new("not read", "non lu"),
    }
}

pub(crate) fn language(value: Lang) -> Words {
    match value {
        Lang::En => Words::new("English", "anglais"),
        Lang::Fr => Words::new("French", "français"),
        Lang::Es => Words::new("Spanish", "espagnol"),
        Lang::Other => Words::new("another language", "autre langue"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Words> {
        let stances = [
            Stance::Asserts,
            Stance::Confirms,
            Stance::Denies,
            Stance::Questions,
            Stance::Speculates,
            Stance::DeclinesToComment,
        ];
        let statuses = [
            ClaimStatus::Unsupported,
            ClaimStatus::PointedTo,
            ClaimStatus::Disputed,
            ClaimStatus::Withdrawn,
            ClaimStatus::OfficiallyAttributed,
        ];
        let evidences = [
            Evidence::NoneStated,
            Evidence::Withheld,
            Evidence::PointedTo,
            Evidence::Shown,
            Evidence::Unverified,
        ];
        let mut words: Vec<Words> = stances.map(stance).to_vec();
        words.extend(statuses.map(status));
        words.extend(statuses.map(status_meaning));
        words.extend(evidences.map(evidence));
        words
    }

    #[test]
    fn every_value_has_its_own_words_in_both_languages() {
        let words = all();
        for (at, one) in words.iter().enumerate() {
            assert!(!one.en.is_empty() && !one.fr.is_empty());
            assert!(words[at + 1..].iter().all(|other| other.en != one.en && other.fr != one.fr), "{one:?}");
        }
    }

    #[test]
    fn french_keeps_its_typography() {
        for words in all() {
            assert!(
                !words.fr.contains('\'') && !words.fr.contains(" ;") && !words.fr.contains(" :"),
                "{}",
                words.fr
            );
        }
    }
}
