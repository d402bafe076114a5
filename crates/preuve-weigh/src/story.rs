//! Accusations of all items grouped into stories: one accused, one act, one target.
//!
//! An accusation that names no target joins the target most told beside it; named targets stay apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use preuve_case::{Act, Attribution, Evidence, SourceClass, Stance};

use crate::input::WeighItem;
use crate::lexicon::{Class, Lexicon};
use crate::origins::Origins;
use crate::roster::{ActorId, Roster, Sort};

/// One attribution that speaks of a story, with its names resolved.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub item: usize,
    pub attribution: usize,
    pub accused: ActorId,
    pub act: Act,
    pub target: Option<ActorId>,
    pub accuser: Option<ActorId>,
    pub speaker: Option<ActorId>,
    pub stance: Stance,
    pub class: SourceClass,
    pub evidence: Evidence,
    pub hedged: bool,
    /// Attribution of the same item in whose words this one stands.
    pub outer: Option<usize>,
    /// Day of publication.
    pub day: Option<Date>,
}

impl Told {
    /// Whether the speaker puts the accusation forward, be it as a guess.
    pub fn forward(&self) -> bool {
        matches!(self.stance, Stance::Asserts | Stance::Confirms | Stance::Speculates)
    }

    /// Whether the speaker states it.
    pub fn states(&self) -> bool {
        matches!(self.stance, Stance::Asserts | Stance::Confirms)
    }
}

/// All that is told of one accused, one act and one target.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub accused: ActorId,
    pub act: Act,
    pub target: Option<ActorId>,
    /// In order of publication, then path, then place.
    pub told: Vec<Told>,
}

/// Every accusation of the items, resolved, in order of item and place.
///
/// A medium that speaks of itself ("we") is the medium of the item.
pub(crate) fn tell(items: &[&WeighItem], roster: &Roster, media: &[Option<ActorId>]) -> Vec<Told> {
    let mut told = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let day = item.meta.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
        for (place, said) in item.attributions.attributions.iter().enumerate() {
            let mut one = resolve(number, place, said, roster, day, &item.attributions.attributions);
            if let Some(one) = one.as_mut().filter(|one| one.class == SourceClass::Outlet) {
                let named = |actor: &ActorId| roster.get(*actor).is_some_and(|known| !known.generic);
                one.speaker = one.speaker.filter(named).or(media[number]);
            }
            told.extend(one);
        }
    }
    told
}

fn resolve(
    item: usize,
    place: usize,
    said: &Attribution,
    roster: &Roster,
    day: Option<Date>,
    all: &[Attribution],
) -> Option<Told> {
    let accusation = said.accusation.as_ref()?;
    let actor = |name: &str| roster.actor(item, name);
    let accused = actor(&accusation.accused)?;
    let speaker = said.source_name.as_deref().or(said.source.as_ref().map(|part| part.text.as_str()));
    Some(Told {
        item,
        attribution: place,
        accused,
        act: accusation.act,
        target: accusation.target.as_deref().and_then(actor).filter(|target| *target != accused),
        accuser: accusation.accuser.as_deref().and_then(actor),
        speaker: speaker.and_then(actor),
        stance: said.stance,
        class: said.source_class,
        evidence: said.evidence,
        hedged: accusation.hedged,
        outer: outer(place, all),
        day,
    })
}

/// The attribution that reports this one: the one it lies within, or a medium's about the same words.
fn outer(place: usize, all: &[Attribution]) -> Option<usize> {
    let said = &all[place];
    if let Some(within) = said.within.filter(|within| *within != place && *within < all.len()) {
        return Some(within);
    }
    let relays = |class| matches!(class, SourceClass::Outlet | SourceClass::Document);
    if relays(said.source_class) {
        return None;
    }
    let near = place.saturating_sub(4)..all.len().min(place + 5);
    near.filter(|other| *other != place).find(|other| {
        let other = &all[*other];
        relays(other.source_class) && other.content.spans == said.content.spans && other.source != said.source
    })
}

/// Groups what is told into stories, by accused, act and target.
pub(crate) fn group(told: Vec<Told>, roster: &Roster, origins: &Origins) -> Vec<Story> {
    let mut piles: BTreeMap<(ActorId, Act), Vec<Told>> = BTreeMap::new();
    for one in told {
        piles.entry((one.accused, one.act)).or_default().push(one);
    }
    let mut stories = Vec::new();
    for ((accused, act), pile) in piles {
        let mut split: BTreeMap<Option<ActorId>, Vec<Told>> = BTreeMap::new();
        let targets = Targets::of(&pile, roster, origins);
        for one in pile {
            split.entry(targets.resolve(&one, roster, origins)).or_default().push(one);
        }
        for (target, mut told) in split {
            told.sort_by_key(|one| (one.day, one.item, one.attribution));
            stories.push(Story { accused, act, target, told });
        }
    }
    stories
}

/// The named targets of one accused and act, those most voices name first: in all, by text and by item.
///
/// Voices are accusers by name, so that neither copies nor links between items move a target.
struct Targets {
    everywhere: Vec<ActorId>,
    by_text: BTreeMap<usize, Vec<ActorId>>,
    by_item: BTreeMap<usize, Vec<ActorId>>,
}

type Voices = BTreeMap<ActorId, BTreeSet<Option<ActorId>>>;

impl Targets {
    fn of(pile: &[Told], roster: &Roster, origins: &Origins) -> Self {
        let mut everywhere = Voices::new();
        let mut texts: BTreeMap<usize, Voices> = BTreeMap::new();
        let mut items: BTreeMap<usize, Voices> = BTreeMap::new();
        for one in pile.iter().filter(|one| one.forward()) {
            let Some(target) = one.target.filter(|target| named(*target, roster)) else { continue };
            let voice = one.speaker.or(one.accuser);
            everywhere.entry(target).or_default().insert(voice);
            texts.entry(origins.texts[one.item]).or_default().entry(target).or_default().insert(voice);
            items.entry(one.item).or_default().entry(target).or_default().insert(voice);
        }
        let each =
            |map: BTreeMap<usize, Voices>| map.into_iter().map(|(at, voices)| (at, ranked(voices))).collect();
        Self { everywhere: ranked(everywhere), by_text: each(texts), by_item: each(items) }
    }

    fn resolve(&self, one: &Told, roster: &Roster, origins: &Origins) -> Option<ActorId> {
        if let Some(target) = one.target.filter(|target| named(*target, roster)) {
            return Some(target);
        }
        let hinted = one.target.and_then(|target| self.by_word(target, roster));
        if hinted.is_some() {
            return hinted;
        }
        let near = self.by_item.get(&one.item).or_else(|| self.by_text.get(&origins.texts[one.item]));
        near.unwrap_or(&self.everywhere).first().copied()
    }
}

impl Targets {
    /// The named target that has a word in common with a description ("voting machines" and an electoral board).
    fn by_word(&self, described: ActorId, roster: &Roster) -> Option<ActorId> {
        let lexicon = Lexicon::shared();
        let concepts = |actor: ActorId| -> BTreeSet<&str> {
            let words = roster.get(actor).into_iter().flat_map(|known| &known.words);
            words
                .filter(|word| !lexicon.has(Class::Body, word))
                .filter_map(|word| lexicon.concept(word))
                .collect()
        };
        let wanted = concepts(described);
        let fits = |target: &&ActorId| !wanted.is_disjoint(&concepts(**target));
        let mut fitting = self.everywhere.iter().filter(fits);
        fitting.next().filter(|_| fitting.next().is_none()).copied()
    }
}

fn named(target: ActorId, roster: &Roster) -> bool {
    roster.get(target).is_some_and(|actor| !actor.generic && actor.sort != Sort::Document)
}

/// Most voices first, then the smaller id.
fn ranked(voices: Voices) -> Vec<ActorId> {
    let mut ranked: Vec<(usize, ActorId)> =
        voices.into_iter().map(|(actor, voices)| (voices.len(), actor)).collect();
    ranked.sort_by_key(|(voices, actor)| (std::cmp::Reverse(*voices), *actor));
    ranked.into_iter().map(|(_, actor)| actor).collect()
}
