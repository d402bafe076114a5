//! Accusations of all items grouped into stories: one accused, one act, one target.
//!
//! An accusation that names no target joins the target most told beside it; named targets stay apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use preuve_case::{Act, Attribution, EntityKind, Evidence, SourceClass, Stance};

use crate::fold::fold;
use crate::input::WeighItem;
use crate::lexicon::Lexicon;
use crate::roster::{ActorId, Roster, Sort};
use crate::sides::Sides;
use crate::targets::Targets;

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
pub(crate) fn tell(items: &[&WeighItem], roster: &Roster, media: &[Option<ActorId>]) -> Vec<Told> {
    let mut told = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let day = item.meta.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
        for (place, said) in item.attributions.attributions.iter().enumerate() {
            let mut one = resolve(number, place, said, roster, day, &item.attributions.attributions);
            if let Some(one) = &mut one {
                settle_speaker(one, said, item, roster, media[number]);
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

/// A medium that speaks of itself is the medium of the item; a body beside whose name its state stands ("Valdia's Civic
/// Front") is the body.
fn settle_speaker(
    one: &mut Told,
    said: &Attribution,
    item: &WeighItem,
    roster: &Roster,
    medium: Option<ActorId>,
) {
    let known = |actor: ActorId| roster.get(actor);
    if one.class == SourceClass::Outlet {
        one.speaker =
            one.speaker.filter(|speaker| known(*speaker).is_some_and(|known| !known.generic)).or(medium);
    }
    let (Some(speaker), Some(source)) = (one.speaker, &said.source) else { return };
    if known(speaker).is_none_or(|known| known.sort != Sort::State) {
        return;
    }
    let lexicon = Lexicon::shared();
    let words = format!(" {} ", fold(&source.text, lexicon));
    let bodies = item.attributions.entities.iter().filter(|entity| entity.kind == EntityKind::Organisation);
    let inside = bodies.filter(|entity| words.contains(&format!(" {} ", fold(&entity.name, lexicon))));
    let body =
        inside.max_by_key(|entity| entity.name.len()).and_then(|entity| roster.actor(one.item, &entity.name));
    let proper =
        |body: &ActorId| known(*body).is_some_and(|known| !known.generic && known.sort == Sort::Body);
    if let Some(body) = body.filter(proper) {
        one.accuser = one.accuser.map(|accuser| if accuser == speaker { body } else { accuser });
        one.speaker = Some(body);
    }
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
pub(crate) fn group(told: Vec<Told>, roster: &Roster, sides: &Sides) -> Vec<Story> {
    let mut piles: BTreeMap<(ActorId, Act), Vec<Told>> = BTreeMap::new();
    for one in name_the_accused(told, roster, sides) {
        piles.entry((one.accused, one.act)).or_default().push(one);
    }
    let mut stories = Vec::new();
    for ((accused, act), pile) in piles {
        let mut split: BTreeMap<Option<ActorId>, Vec<Told>> = BTreeMap::new();
        let targets = Targets::of(&pile, roster, sides);
        for one in pile {
            split.entry(targets.resolve(&one)).or_default().push(one);
        }
        for (target, mut told) in split {
            told.sort_by_key(|one| (one.day, one.item, one.attribution));
            stories.push(Story { accused, act, target, told });
        }
    }
    stories
}

/// Whom a side leaves nameless ("a foreign power") is whom the same side names for the same act in the same item,
/// where it names one only.
fn name_the_accused(mut told: Vec<Told>, roster: &Roster, sides: &Sides) -> Vec<Told> {
    let nameless = |one: &Told| roster.get(one.accused).is_none_or(|known| known.generic);
    let voice = |one: &Told| one.accuser.or(one.speaker).map(|actor| sides.side(actor));
    let mut named: BTreeMap<(usize, Act, Option<ActorId>), BTreeSet<ActorId>> = BTreeMap::new();
    for one in told.iter().filter(|one| !nameless(one)) {
        named.entry((one.item, one.act, voice(one))).or_default().insert(one.accused);
    }
    for one in &mut told {
        let state =
            one.target.filter(|target| roster.get(*target).is_some_and(|known| known.sort == Sort::State));
        if let Some(state) = state.filter(|_| nameless(one) && is_state(one.accused, roster)) {
            (one.accused, one.target) = (state, None);
            continue;
        }
        let candidates = named.get(&(one.item, one.act, voice(one))).filter(|_| nameless(one));
        if let Some(only) = candidates.filter(|all| all.len() == 1).and_then(BTreeSet::first) {
            one.accused = *only;
            one.target = one.target.filter(|target| target != only);
        }
    }
    told
}

/// Whether a description is "the state": of the state named beside it.
fn is_state(described: ActorId, roster: &Roster) -> bool {
    let words = roster.get(described).map(|known| known.words.as_slice());
    words.is_some_and(|words| words.iter().all(|word| Lexicon::shared().concept(word) == Some("state")))
}
