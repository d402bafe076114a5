//! Names the lexicons know: states with their adjectives and the houses that stand for a government, and bodies,
//! media and persons that are often named. Gives the key that holds in every language.

use std::sync::OnceLock;

use preuve_case::{EntityKind, Lang};

use super::lexicon::rows;
use super::trie::Trie;
use super::view::View;

const STATES: &str = include_str!("../../../lexicons/judge/states.tsv");
const BODIES: &str = include_str!("../../../lexicons/judge/bodies.tsv");

/// How a known name is written at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// The name.
    Name,
    /// The adjective, or the word for its people.
    Adjective,
    /// A capital or a house that may stand for the government.
    House,
}

/// A known name.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Its key: `state:IR`, `org:microsoft`.
    pub key: String,
    /// Its kind.
    pub kind: EntityKind,
    /// How it is written.
    pub form: Form,
    written: String,
    upper: bool,
    capital: bool,
}

/// The known names of one language.
#[derive(Debug, Default)]
pub(super) struct Gazetteer {
    trie: Trie,
    known: Vec<Known>,
}

impl Gazetteer {
    /// The names as `lang` writes them.
    pub(super) fn of(lang: Lang) -> &'static Gazetteer {
        static EN: OnceLock<Gazetteer> = OnceLock::new();
        static FR: OnceLock<Gazetteer> = OnceLock::new();
        static ES: OnceLock<Gazetteer> = OnceLock::new();
        match lang {
            Lang::Fr => FR.get_or_init(|| Gazetteer::parse(Lang::Fr)),
            Lang::Es => ES.get_or_init(|| Gazetteer::parse(Lang::Es)),
            Lang::En | Lang::Other => EN.get_or_init(|| Gazetteer::parse(Lang::En)),
        }
    }

    fn parse(lang: Lang) -> Gazetteer {
        let mut gazetteer = Gazetteer::default();
        let column = match lang {
            Lang::Fr => 2,
            Lang::Es => 4,
            Lang::En | Lang::Other => 0,
        };
        for (code, rest) in rows(STATES) {
            let columns: Vec<&str> = rest.split('\t').collect();
            let key = format!("state:{code}");
            let mut add = |at: usize, form| {
                gazetteer.add(&key, EntityKind::State, form, columns.get(at).copied().unwrap_or(""), lang);
            };
            add(column, Form::Name);
            add(column + 1, Form::Adjective);
            add(6, Form::House);
        }
        for (slug, rest) in rows(BODIES) {
            let Some((kind, names)) = rest.split_once('\t') else { continue };
            let (kind, prefix) = match kind {
                "outlet" => (EntityKind::Outlet, "outlet"),
                "person" => (EntityKind::Person, "person"),
                "document" => (EntityKind::Document, "service"),
                _ => (EntityKind::Organisation, "org"),
            };
            gazetteer.add(&format!("{prefix}:{slug}"), kind, Form::Name, names, lang);
        }
        gazetteer
    }

    fn add(&mut self, key: &str, kind: EntityKind, form: Form, names: &str, lang: Lang) {
        for name in names.split('|').filter(|name| !name.is_empty()) {
            let letters = || name.chars().filter(|c| c.is_alphabetic());
            let upper = letters().count() <= 6 && letters().all(char::is_uppercase);
            let capital = name.starts_with(char::is_uppercase);
            let number = self.known.len() as u16;
            let written = name.to_owned();
            self.known.push(Known { key: key.to_owned(), kind, form, written, upper, capital });
            self.trie.insert(name, number, lang);
        }
    }

    /// The name of the state with `key` in this language, for one that is told of by its adjective alone.
    pub(super) fn name_of(&self, key: &str) -> Option<&str> {
        let known = self.known.iter().find(|known| known.key == key && known.form == Form::Name)?;
        Some(known.written.as_str())
    }

    /// The longest known name from token `start` on: one past its last token, and what it is.
    pub(super) fn longest(&self, view: &View, start: usize) -> Option<(usize, &Known)> {
        let sentence_end = view.sentence(start).end;
        let word = |at: usize| (at < sentence_end).then(|| view.word(at));
        let mut best: Option<(usize, &Known)> = None;
        self.trie.matches(start, &word, &mut |end, number| {
            let known = &self.known[usize::from(number)];
            let first = view.doc.word(start);
            let fits = (!known.capital || first.starts_with(char::is_uppercase))
                && (!known.upper
                    || (start..end).all(|at| !view.doc.word(at).chars().any(char::is_lowercase)));
            if fits && best.as_ref().is_none_or(|(longest, held)| (end, held.form) > (*longest, known.form)) {
                best = Some((end, known));
            }
        });
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::Document;

    fn keys(text: &str, lang: Lang) -> Vec<(String, Form)> {
        let doc = Document::new(text, lang);
        let view = View::new(&doc);
        (0..view.len())
            .filter_map(|at| Gazetteer::of(lang).longest(&view, at))
            .map(|(_, known)| (known.key.clone(), known.form))
            .collect()
    }

    #[test]
    fn a_state_its_adjective_and_its_capital_have_one_key_in_each_language() {
        let ir = |form| ("state:IR".to_owned(), form);
        assert_eq!(
            keys("Iran, the Iranian plot, Tehran", Lang::En),
            [ir(Form::Name), ir(Form::Adjective), ir(Form::House)]
        );
        assert_eq!(
            keys("L’Iran, un complot iranien, Téhéran", Lang::Fr),
            [ir(Form::Name), ir(Form::Adjective), ir(Form::House)]
        );
        assert_eq!(
            keys("Irán, hackers iraníes, Teherán", Lang::Es),
            [ir(Form::Name), ir(Form::Adjective), ir(Form::House)]
        );
    }

    #[test]
    fn capitals_and_acronyms_must_be_written_as_such() {
        assert_eq!(keys("turkey for us, is it? the mali", Lang::En), []);
        assert_eq!(keys("Us and them", Lang::En), []);
        assert_eq!(keys("the US and CNN", Lang::En).len(), 2);
    }

    #[test]
    fn no_two_states_share_a_code_or_a_name() {
        let mut names = Vec::new();
        for (code, rest) in rows(STATES) {
            assert_eq!(rest.split('\t').count(), 7, "{code}: seven columns are wanted");
            names.extend(rest.split('\t').next().unwrap_or("").split('|').map(str::to_owned));
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
