//! Where a claim stands: the status, what it rests on, and how it changed.
//!
//! Each fact that matters has the day on which it was published first; status and timeline are read off the facts.

use std::collections::BTreeSet;

use jiff::civil::Date;
use preuve_case::{ClaimStatus, Evidence, Interval, SourceClass, Stance, TimelineEntry};

use crate::fold::fold;
use crate::lexicon::{Class, Lexicon};
use crate::roster::{ActorId, Sort};
use crate::sources::{Doubt, Ground, Sources, retracts};
use crate::story::{Story, Told};

/// First day of a fact; `None` inside for items without a date.
type Since = Option<Option<Date>>;

/// The facts of a story that decide its status.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Somebody states it without keeping a distance.
    pub stated: Since,
    /// Somebody holds it possible or asks.
    pub guessed: Since,
    /// The accused or another denies it.
    pub denied: Since,
    /// Evidence is pointed to or shown by who states it.
    pub evidence: Since,
    /// A public authority attributes it after its own examination.
    pub official: Since,
    /// Who made it takes it back.
    pub withdrawn: Since,
    /// Who is said to have found it says the opposite.
    pub disowned: Since,
    /// Tellings behind each fact, in the order above.
    pub behind: [Vec<usize>; 7],
    /// Items that mention the story to declare it false.
    pub rejected_in: BTreeSet<usize>,
    /// Best evidence of who states it.
    pub best: Option<Evidence>,
}

/// Facts by their place in [`Facts::behind`].
const STATED: usize = 0;
const GUESSED: usize = 1;
const DENIED: usize = 2;
const EVIDENCE: usize = 3;
const OFFICIAL: usize = 4;
const WITHDRAWN: usize = 5;
const DISOWNED: usize = 6;

impl Facts {
    /// Reads the facts off the tellings.
    pub fn read(story: &Story, sources: &Sources, ground: &Ground) -> Self {
        let mut facts = Self::default();
        let pointing: BTreeSet<usize> = sources
            .list
            .iter()
            .filter(|source| source.doubt == Doubt::Points)
            .flat_map(|source| source.told.iter().copied())
            .chain(pointers(story))
            .collect();
        let disowned: BTreeSet<usize> = sources.disowned.iter().copied().collect();
        for (place, told) in story.told.iter().enumerate() {
            match told.stance {
                Stance::Denies => facts.take_denial(story, place, ground, sources.disowning.contains(&place)),
                _ if told.states() && disowned.contains(&place) => {}
                _ if told.states() => facts.take_statement(told, place, ground, pointing.contains(&place)),
                Stance::Speculates | Stance::Questions => facts.mark(GUESSED, place, told),
                _ => {}
            }
        }
        facts
    }

    fn mark(&mut self, fact: usize, place: usize, told: &Told) {
        let since = match fact {
            STATED => &mut self.stated,
            GUESSED => &mut self.guessed,
            DENIED => &mut self.denied,
            EVIDENCE => &mut self.evidence,
            OFFICIAL => &mut self.official,
            WITHDRAWN => &mut self.withdrawn,
            _ => &mut self.disowned,
        };
        *since = Some(since.map_or(told.day, |first| first.min(told.day)));
        self.behind[fact].push(place);
    }

    fn take_statement(&mut self, told: &Told, place: usize, ground: &Ground, pointing: bool) {
        if !told.hedged && told.class != SourceClass::Unnamed {
            self.mark(STATED, place, told);
        }
        let evidence = if pointing { Evidence::NoneStated } else { told.evidence };
        if matches!(evidence, Evidence::PointedTo | Evidence::Shown) {
            self.mark(EVIDENCE, place, told);
        }
        if self.best.is_none_or(|best| rank(evidence) > rank(best)) {
            self.best = Some(evidence);
        }
        if !pointing && attributes_officially(told, ground) {
            self.mark(OFFICIAL, place, told);
        }
    }

    fn take_denial(&mut self, story: &Story, place: usize, ground: &Ground, disowning: bool) {
        let told = &story.told[place];
        let speaker = told.speaker.map(|speaker| ground.sides.side(speaker));
        let accused = ground.sides.side(story.accused);
        let own = match speaker {
            Some(side) => ground.media[told.item] == Some(side),
            None => told.class == SourceClass::Outlet,
        };
        let makes_it = |other: &Told| {
            let side = other.speaker.or(other.accuser).map(|side| ground.sides.side(side));
            other.forward()
                && (side == speaker || (own && ground.media[other.item] == ground.media[told.item]))
        };
        let accuser = told.accuser.map(|accuser| ground.sides.side(accuser));
        let takes_back = speaker != Some(accused)
            && (retracts(told, ground) || own)
            && (own || accuser == speaker)
            && (accuser == speaker || story.told.iter().any(makes_it));
        if takes_back {
            self.mark(WITHDRAWN, place, told);
            self.rejected_in.insert(told.item);
        } else if disowning {
            self.mark(DISOWNED, place, told);
            self.rejected_in.insert(told.item);
        } else {
            self.mark(DENIED, place, told);
            let third = speaker != Some(accused) && told.class == SourceClass::Document;
            if third && matches!(told.evidence, Evidence::Shown | Evidence::PointedTo) {
                self.rejected_in.insert(told.item);
            }
        }
    }

    /// The status by what was published until `day`.
    pub fn status(&self, day: Option<Date>) -> (ClaimStatus, &'static str) {
        let by = |since: Since| since.is_some_and(|first| first <= day);
        if by(self.withdrawn) {
            (ClaimStatus::Withdrawn, "status.withdrawn")
        } else if by(self.official) {
            (ClaimStatus::OfficiallyAttributed, "status.official")
        } else if by(self.disowned) {
            (ClaimStatus::Unsupported, "status.disowned")
        } else if by(self.guessed) && !by(self.stated) {
            (ClaimStatus::Unsupported, "status.insinuation")
        } else if by(self.denied) {
            (ClaimStatus::Disputed, "status.disputed")
        } else if by(self.evidence) {
            (ClaimStatus::PointedTo, "status.evidence")
        } else {
            (ClaimStatus::Unsupported, "status.unsupported")
        }
    }

    /// Tellings behind the rule that [`Facts::status`] names.
    pub fn behind(&self, rule: &str) -> &[usize] {
        match rule {
            "status.withdrawn" => &self.behind[WITHDRAWN],
            "status.official" => &self.behind[OFFICIAL],
            "status.disowned" => &self.behind[DISOWNED],
            "status.insinuation" => &self.behind[GUESSED],
            "status.disputed" => &self.behind[DENIED],
            "status.evidence" => &self.behind[EVIDENCE],
            _ => &self.behind[STATED],
        }
    }

    /// How count and status changed, by the days on which a fact or a source came up.
    pub fn timeline(
        &self,
        sources: &Sources,
        count: impl Fn(Option<Date>) -> Interval,
    ) -> Vec<TimelineEntry> {
        let facts = [
            self.stated,
            self.guessed,
            self.denied,
            self.evidence,
            self.official,
            self.withdrawn,
            self.disowned,
        ];
        let mut days: BTreeSet<Option<Date>> = facts.into_iter().flatten().collect();
        days.extend(sources.asserted);
        days.extend(sources.list.iter().flat_map(|source| [source.since, source.sure_since]));
        let mut entries: Vec<TimelineEntry> = Vec::new();
        for day in days {
            let (status, _) = self.status(day);
            let nobody = Interval { at_least: 0, at_most: 0 };
            let independent_sources = if status == ClaimStatus::Withdrawn { nobody } else { count(day) };
            let same = |last: &TimelineEntry| {
                last.status == status && last.independent_sources == independent_sources
            };
            if !entries.last().is_some_and(same) {
                entries.push(TimelineEntry { from: day, independent_sources, status });
            }
        }
        entries
    }
}

/// Tellings of who reports another's words as ground for the same story.
fn pointers(story: &Story) -> impl Iterator<Item = usize> {
    let inner: BTreeSet<(usize, usize)> =
        story.told.iter().filter_map(|told| Some((told.item, told.outer?))).collect();
    let speaks = |told: &Told| matches!(told.class, SourceClass::NamedPerson | SourceClass::Organisation);
    story
        .told
        .iter()
        .enumerate()
        .filter(move |(_, told)| speaks(told) && inner.contains(&(told.item, told.attribution)))
        .map(|(place, _)| place)
}

/// Order of evidence by weight.
fn rank(evidence: Evidence) -> u8 {
    match evidence {
        Evidence::NoneStated => 0,
        Evidence::Withheld => 1,
        Evidence::Unverified => 2,
        Evidence::PointedTo => 3,
        Evidence::Shown => 4,
    }
}

/// Whether a public authority attributes the act on its own examination: it is one by name, it is neither a party
/// nor a prosecutor nor a medium, and it confirms, or attributes formally, or points to what it examined.
fn attributes_officially(told: &Told, ground: &Ground) -> bool {
    let Some(authority) = authority(told, ground) else { return false };
    let side = ground.sides.side(authority);
    if told.hedged || side == told.accused || Some(side) == told.target {
        return false;
    }
    let lexicon = Lexicon::shared();
    let said = &ground.items[told.item].attributions.attributions[told.attribution];
    let cue = said.cue.as_ref().map(|cue| fold(&cue.text, lexicon)).unwrap_or_default();
    let content = fold(&said.content.text, lexicon);
    let formal = lexicon.any(Class::Formal, &cue) || lexicon.any(Class::Formal, &content);
    let examined = lexicon.any(Class::Examined, &content)
        || matches!(told.evidence, Evidence::PointedTo | Evidence::Shown);
    (told.stance == Stance::Confirms && (formal || examined)) || (formal && examined)
}

/// The public authority that speaks in a telling, by the words of its name.
fn authority(told: &Told, ground: &Ground) -> Option<ActorId> {
    if matches!(told.class, SourceClass::Anonymous | SourceClass::Unnamed | SourceClass::Outlet) {
        return None;
    }
    let lexicon = Lexicon::shared();
    let is = |actor: &ActorId| {
        let Some(known) = ground.roster.get(*actor).filter(|known| !known.outlet && !known.generic) else {
            return false;
        };
        let any = |class| known.words.iter().any(|word| lexicon.has(class, word));
        known.sort == Sort::State
            || (any(Class::Authority)
                && !any(Class::Party)
                && !any(Class::Prosecutor)
                && known.sort != Sort::Person)
    };
    [told.speaker, told.accuser].into_iter().flatten().map(|actor| ground.sides.side(actor)).find(is)
}

/// The sides that deny, by actor; who makes the accusation itself does not also stand among them.
pub(crate) fn deniers(story: &Story, facts: &Facts, ground: &Ground) -> BTreeSet<ActorId> {
    let accusers: BTreeSet<ActorId> = story
        .told
        .iter()
        .filter(|told| told.states())
        .filter_map(|told| told.speaker.map(|speaker| ground.sides.side(speaker)))
        .filter(|side| *side != ground.sides.side(story.accused))
        .collect();
    facts.behind[DENIED]
        .iter()
        .filter_map(|place| story.told[*place].speaker)
        .map(|speaker| ground.sides.side(speaker))
        .filter(|side| !accusers.contains(side))
        .filter(|side| ground.roster.get(*side).is_some_and(|known| !known.generic))
        .collect()
}
