//! Names of outlets: when two are one's, and which the case knows.
//!
//! Limit: an acronym and what it stands for are two names.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::ItemMeta;

use super::anchors::fold;
use super::token::words;

/// The outlet of an item: as told, else by the host of its address.
pub(super) fn outlet_of(meta: &ItemMeta) -> Option<String> {
    let told = meta.outlet.as_deref().map(str::trim).filter(|outlet| !outlet.is_empty());
    let host = || {
        let rest = meta.url.as_deref()?.split_once("://")?.1;
        rest.split(['/', '?', '#', ':']).next().filter(|host| host.contains('.'))
    };
    told.or_else(host).map(str::to_owned)
}

/// Whether two names are one outlet's: the words that tell them apart from an article are the same, or one has
/// at least half of the other's, or they are spelt alike without spaces (`lemonde.fr`, Le Monde).
pub(super) fn same_name(one: &str, two: &str) -> bool {
    same_words(&name_words(one), &name_words(two)) || squash(one).is_some_and(|one| squash(two) == Some(one))
}

fn same_words(one: &[String], two: &[String]) -> bool {
    let (small, large) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    !small.is_empty() && small.len() * 2 >= large.len() && small.iter().all(|word| large.contains(word))
}

/// The words of a name, folded, without articles and the like.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let spaced = name.replace('_', " ");
    let small = |word: &String| {
        "the le la les el los las l d de du des del of and et y".split(' ').any(|small| small == word)
    };
    words(&spaced).map(|word| fold(word.text)).filter(|word| !small(word)).collect()
}

/// The letters of a name in one run, of an address its longest part before the last; `None` when too short to
/// tell.
fn squash(name: &str) -> Option<String> {
    let host = if name.contains(' ') { None } else { name.rsplit_once('.') };
    let part = host.map_or(Some(name), |(host, _)| host.split('.').max_by_key(|part| part.len()))?;
    let letters: String = fold(part).chars().filter(|c| c.is_alphanumeric()).collect();
    (letters.chars().count() >= 4).then_some(letters)
}

/// The outlets of a case.
#[derive(Debug, Clone, Default)]
pub(super) struct Outlets {
    squashed: BTreeSet<String>,
    by_word: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl Outlets {
    /// The outlets called `names`.
    pub(super) fn of(names: impl Iterator<Item = String>) -> Self {
        let mut outlets = Outlets::default();
        for name in names.collect::<BTreeSet<String>>() {
            outlets.squashed.extend(squash(&name));
            let words = name_words(&name);
            for word in &words {
                outlets.by_word.entry(word.clone()).or_default().insert(words.clone());
            }
        }
        outlets
    }

    /// Whether `name` is one of them.
    pub(super) fn holds(&self, name: &str) -> bool {
        let words = name_words(name);
        squash(name).is_some_and(|name| self.squashed.contains(&name))
            || words
                .iter()
                .filter_map(|word| self.by_word.get(word))
                .flatten()
                .any(|other| same_words(&words, other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_outlet_are_the_same() {
        for (one, two) in [
            ("harbour_gazette", "The Harbour Gazette"),
            ("diario_marea", "El Diario de Marea"),
            ("tvq", "TVQ"),
        ] {
            assert!(same_name(one, two), "{one} {two}");
        }
        for (one, two) in [("harbour_gazette", "Harbour Office Review Board"), ("", "x"), ("le", "la")] {
            assert!(!same_name(one, two), "{one} {two}");
        }
    }

    #[test]
    fn an_address_is_the_name_it_spells() {
        assert!(
            same_name("baycourier.example", "Bay Courier") && same_name("www.le-phare.example", "Le Phare")
        );
        assert!(
            !same_name("bay.example", "vbc.example")
                && !same_name("bay.example", "Bayou Times")
                && !same_name("a.b", "c.d")
        );
    }

    #[test]
    fn the_outlets_of_a_case_are_known_in_every_spelling() {
        let outlets = Outlets::of(["bay_courier", "tivol.example", "El Faro"].into_iter().map(str::to_owned));
        for name in ["The Bay Courier", "Courier", "Tivol", "Faro"] {
            assert!(outlets.holds(name), "{name}");
        }
        assert!(!outlets.holds("Anna Berg") && !outlets.holds("") && !Outlets::default().holds("x"));
    }

    #[test]
    fn an_address_stands_for_a_missing_outlet() {
        let meta = |outlet: Option<&str>, url: &str| ItemMeta {
            outlet: outlet.map(str::to_owned),
            url: Some(url.to_owned()),
            ..ItemMeta::default()
        };
        assert_eq!(outlet_of(&meta(None, "https://bay.example/a?b")).as_deref(), Some("bay.example"));
        assert_eq!(outlet_of(&meta(Some("Bay"), "https://x.example")).as_deref(), Some("Bay"));
        assert_eq!(outlet_of(&meta(Some(" "), "nonsense")), None);
    }
}
