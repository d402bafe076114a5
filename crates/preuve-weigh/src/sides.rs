//! For whom a person speaks, by the office that the texts give beside the name.
//!
//! Only what stands in the words of the source counts ("the Office's director, Ada Brun"); nothing is known beforehand.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{EntityKind, SourceClass};

use crate::fold::fold;
use crate::input::WeighItem;
use crate::lexicon::{Class, Lexicon};
use crate::origins::Origins;
use crate::roster::{ActorId, Roster, Sort};

/// For whom persons speak.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sides {
    /// The body most texts name.
    speaks_for: BTreeMap<ActorId, ActorId>,
    /// Persons with the office of a party or campaign that is not named beside them.
    of_some_party: BTreeSet<ActorId>,
}

impl Sides {
    /// Reads the sources of every attribution.
    pub fn read(items: &[&WeighItem], roster: &Roster, origins: &Origins) -> Self {
        let mut votes: BTreeMap<ActorId, BTreeMap<ActorId, BTreeSet<usize>>> = BTreeMap::new();
        let mut sides = Self::default();
        let lexicon = Lexicon::shared();
        for (number, item) in items.iter().enumerate() {
            let bodies = bodies(number, item, roster);
            for (person, words) in persons(number, item, roster) {
                let words = format!(" {} ", fold(words, lexicon));
                if !words.split(' ').any(|word| lexicon.has(Class::Role, word)) {
                    continue;
                }
                let concepts = || {
                    words
                        .split(' ')
                        .filter(|w| lexicon.has(Class::Role, w))
                        .filter_map(|w| lexicon.concept(w))
                };
                let office = concepts().find_map(|concept| only_body_of(concept, &bodies, roster, lexicon));
                let named = bodies.iter().filter(|(name, body)| *body != person && words.contains(name));
                match named.max_by_key(|(name, _)| name.len()).map(|(_, body)| *body).or(office) {
                    Some(body) => {
                        votes
                            .entry(person)
                            .or_default()
                            .entry(body)
                            .or_default()
                            .insert(origins.texts[number]);
                    }
                    None if words.split(' ').any(|word| lexicon.has(Class::Body, word)) => {
                        sides.of_some_party.insert(person);
                    }
                    None => {}
                }
            }
        }
        for (person, bodies) in votes {
            let most = bodies.into_iter().max_by_key(|(body, texts)| (texts.len(), std::cmp::Reverse(*body)));
            sides.speaks_for.extend(most.map(|(body, _)| (person, body)));
        }
        sides
    }

    /// The body that `actor` speaks for, itself where none is known.
    pub fn side(&self, actor: ActorId) -> ActorId {
        let first = self.speaks_for.get(&actor).copied().unwrap_or(actor);
        self.speaks_for.get(&first).copied().filter(|second| *second != actor).unwrap_or(first)
    }

    /// Whether the texts say for whom `actor` speaks.
    pub fn known(&self, actor: ActorId) -> bool {
        self.speaks_for.contains_key(&actor)
    }

    /// Whether `actor` holds an office in a party or campaign that is not named beside it.
    pub fn of_some_party(&self, actor: ActorId) -> bool {
        self.of_some_party.contains(&actor)
    }
}

/// The only body of the item whose name has the concept of an office: a prosecutor's is the prosecution.
fn only_body_of(
    concept: &str,
    bodies: &[(String, ActorId)],
    roster: &Roster,
    lexicon: &Lexicon,
) -> Option<ActorId> {
    let has = |name: &str| name.split(' ').any(|word| lexicon.concept(word) == Some(concept));
    let body = |actor: ActorId| roster.get(actor).is_some_and(|known| known.sort == Sort::Body);
    let fitting: BTreeSet<ActorId> =
        bodies.iter().filter(|(name, actor)| has(name) && body(*actor)).map(|(_, body)| *body).collect();
    fitting.first().copied().filter(|_| fitting.len() == 1)
}

/// Names of bodies, states and persons of an item, padded with spaces, with their actors.
fn bodies(number: usize, item: &WeighItem, roster: &Roster) -> Vec<(String, ActorId)> {
    let lexicon = Lexicon::shared();
    let kinds = [EntityKind::Organisation, EntityKind::State, EntityKind::Outlet, EntityKind::Person];
    let mut names = BTreeSet::new();
    for entity in item.attributions.entities.iter().filter(|entity| kinds.contains(&entity.kind)) {
        let Some(actor) = roster.actor(number, &entity.name) else { continue };
        for name in entity.aliases.iter().chain([&entity.name]) {
            let folded = fold(name, lexicon);
            if folded.chars().count() >= 3 && !lexicon.has(Class::Nobody, &folded) {
                names.insert((format!(" {folded} "), actor));
            }
        }
    }
    names.into_iter().collect()
}

/// Persons who speak in an item, with the words of the source.
fn persons<'a>(number: usize, item: &WeighItem<'a>, roster: &Roster) -> Vec<(ActorId, &'a str)> {
    let mut persons = Vec::new();
    for said in &item.attributions.attributions {
        let (Some(source), SourceClass::NamedPerson) = (&said.source, said.source_class) else { continue };
        let name = said.source_name.as_deref().unwrap_or(&source.text);
        let actor = roster.actor(number, name);
        let person = |actor: &ActorId| {
            roster.get(*actor).is_some_and(|known| matches!(known.sort, Sort::Person | Sort::Unknown))
        };
        persons.extend(actor.filter(person).map(|actor| (actor, source.text.as_str())));
    }
    for entity in item.attributions.entities.iter().filter(|entity| entity.kind == EntityKind::Person) {
        let Some(actor) = roster.actor(number, &entity.name) else { continue };
        persons.extend(entity.aliases.iter().map(|alias| (actor, alias.as_str())));
    }
    persons
}
