//! To whom it was done: which of the targets that accusers name is meant.
//!
//! A target is judged by the sides that name it, so that neither copies nor links between items can move one. Targets
//! that different sides name stay apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::lexicon::{Class, Lexicon};
use crate::roster::{ActorId, Roster, Sort};
use crate::sides::Sides;
use crate::story::Told;

/// The targets of one accused and one act.
pub(crate) struct Targets<'a> {
    roster: &'a Roster,
    sides: &'a Sides,
    /// The named target for which each stands; the same for most.
    stands_for: BTreeMap<ActorId, ActorId>,
    /// Best supported first.
    everywhere: Vec<ActorId>,
    by_item: BTreeMap<usize, Vec<ActorId>>,
}

/// Which sides name a target.
type Voices = BTreeMap<ActorId, BTreeSet<Option<ActorId>>>;

impl<'a> Targets<'a> {
    /// Reads the accusations put forward in `pile`.
    pub fn of(pile: &[Told], roster: &'a Roster, sides: &'a Sides) -> Self {
        let mut voices = Voices::new();
        let mut some_party: BTreeMap<ActorId, BTreeSet<ActorId>> = BTreeMap::new();
        for one in pile.iter().filter(|one| one.forward()) {
            let Some(target) = one.target.filter(|target| named(*target, roster)) else { continue };
            let voice = voice(one, roster);
            voices.entry(target).or_default().insert(voice.map(|voice| sides.side(voice)));
            if let Some(voice) = voice.filter(|voice| sides.of_some_party(*voice)) {
                some_party.entry(target).or_default().insert(voice);
            }
        }
        let mut targets = Self {
            roster,
            sides,
            stands_for: BTreeMap::new(),
            everywhere: ranked(&voices, sides),
            by_item: BTreeMap::new(),
        };
        let ranks = targets.everywhere.clone();
        for target in &ranks {
            let better = ranks.iter().filter(|other| targets.yields(*target, **other, &voices, &some_party));
            let chosen = better.copied().next().unwrap_or_else(|| targets.principal(*target, &voices));
            targets.stands_for.insert(*target, chosen);
        }
        targets.count_items(pile);
        targets
    }

    /// The body for which a person speaks whom nobody but that body names.
    fn principal(&self, target: ActorId, voices: &Voices) -> ActorId {
        let side = self.sides.side(target);
        let own = voices.get(&target).is_some_and(|voices| voices.iter().all(|voice| *voice == Some(side)));
        if own { side } else { target }
    }

    /// Whether `target` is only a way of naming `other`.
    fn yields(
        &self,
        target: ActorId,
        other: ActorId,
        voices: &Voices,
        some_party: &BTreeMap<ActorId, BTreeSet<ActorId>>,
    ) -> bool {
        let none = BTreeSet::new();
        let (own, better) = (voices.get(&target).unwrap_or(&none), voices.get(&other).unwrap_or(&none));
        let strangers = |target: ActorId, voices: &BTreeSet<Option<ActorId>>| {
            voices.iter().filter(|voice| voice.is_some_and(|voice| voice != self.sides.side(target))).count()
        };
        if target == other || strangers(other, better) == 0 && better.len() <= own.len() {
            return false;
        }
        let sort = |actor: ActorId| self.roster.get(actor).map_or(Sort::Unknown, |known| known.sort);
        let body = sort(other) == Sort::Body;
        let represents = self.sides.side(target) == other;
        let itself_only = strangers(target, own) == 0 && strangers(other, better) > 0;
        let member = sort(target) == Sort::Person && body && self.sides.of_some_party(target);
        let one_side = own.len() == 1 && own.iter().all(|voice| voice.is_some() && better.contains(voice));
        let party = body && some_party.get(&target).is_some_and(|speakers| speakers.len() == own.len());
        let named = |voices: &BTreeSet<Option<ActorId>>| voices.iter().flatten().count();
        let (theirs, ours) = (strangers(other, better), strangers(target, own));
        let outweighed = theirs > ours || (theirs == ours && ours > 0 && named(better) > named(own));
        represents || itself_only || (outweighed && (member || one_side || party))
    }

    fn count_items(&mut self, pile: &[Told]) {
        let mut items: BTreeMap<usize, Voices> = BTreeMap::new();
        for one in pile.iter().filter(|one| one.forward()) {
            if let Some(target) = one.target.and_then(|target| self.stands_for.get(&target)) {
                let voice = voice(one, self.roster).map(|voice| self.sides.side(voice));
                items.entry(one.item).or_default().entry(*target).or_default().insert(voice);
            }
        }
        self.by_item = items.into_iter().map(|(item, voices)| (item, ranked(&voices, self.sides))).collect();
    }

    /// The target that an accusation means.
    pub fn resolve(&self, one: &Told) -> Option<ActorId> {
        if let Some(target) = one.target.filter(|target| named(*target, self.roster)) {
            let denied = || self.everywhere.first().filter(|_| !one.forward()).copied();
            return self.stands_for.get(&target).copied().or_else(denied).or(Some(target));
        }
        let hinted = one.target.and_then(|target| self.by_word(target));
        let near = || self.by_item.get(&one.item).and_then(|ranks| ranks.first());
        let most = || self.everywhere.first().and_then(|target| self.stands_for.get(target));
        hinted.or_else(|| near().copied()).or_else(|| most().copied())
    }

    /// The only named target that has a word in common with a description ("voting machines" and an electoral board).
    fn by_word(&self, described: ActorId) -> Option<ActorId> {
        let lexicon = Lexicon::shared();
        let concepts = |actor: ActorId| -> BTreeSet<&str> {
            let words = self.roster.get(actor).into_iter().flat_map(|known| &known.words);
            words
                .filter(|word| !lexicon.has(Class::Body, word))
                .filter_map(|word| lexicon.concept(word))
                .collect()
        };
        let wanted = concepts(described);
        let mut fitting = self.everywhere.iter().filter(|target| !wanted.is_disjoint(&concepts(**target)));
        fitting.next().filter(|_| fitting.next().is_none()).copied()
    }
}

/// Who speaks, by name.
fn voice(one: &Told, roster: &Roster) -> Option<ActorId> {
    one.speaker.or(one.accuser).filter(|voice| roster.get(*voice).is_some_and(|known| !known.generic))
}

fn named(target: ActorId, roster: &Roster) -> bool {
    roster.get(target).is_some_and(|actor| !actor.generic && actor.sort != Sort::Document)
}

/// Those whom most others name first, then those whom most sides name, then the smaller id.
fn ranked(voices: &Voices, sides: &Sides) -> Vec<ActorId> {
    let mut ranked: Vec<(usize, usize, ActorId)> = voices
        .iter()
        .map(|(target, voices)| {
            let strangers =
                voices.iter().filter(|voice| voice.is_some_and(|voice| voice != sides.side(*target))).count();
            (strangers, voices.len(), *target)
        })
        .collect();
    ranked.sort_by_key(|(strangers, all, target)| (std::cmp::Reverse((*strangers, *all)), *target));
    ranked.into_iter().map(|(_, _, target)| target).collect()
}
