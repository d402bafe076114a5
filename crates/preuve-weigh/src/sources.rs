//! Who knows a story first hand, and how many of them are independent: an interval with its reasons.
//!
//! The rules and their names stand in `docs/methods/weighing.md`. Nothing here depends on the order of items.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use preuve_case::{Evidence, Interval, SourceClass, Stance};

use crate::input::WeighItem;
use crate::lexicon::{Class, GENRES, Lexicon};
use crate::origins::{Origins, Taking};
use crate::roster::{ActorId, Roster, Sort};
use crate::sides::Sides;
use crate::story::{Story, Told};

/// What a source is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A named body, or a person no body is known for.
    Actor(ActorId),
    /// Papers whose author is not told, by their kind.
    Papers(&'static str),
    /// A medium and whoever it does not name.
    Medium(ActorId),
    /// Unnamed sources of a text whose medium is not known.
    Text(usize),
}

/// Why a source counts in the upper bound only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// It does not: it counts in both bounds.
    None,
    /// Unnamed people: they may be on a side that is counted already.
    Unnamed,
    /// A person whose body is not told.
    NoSide,
    /// A medium known by hearsay only: it may rest on a source counted already.
    Medium,
    /// A medium on its own word: it may rest on a source counted already.
    OwnWord,
    /// Papers without an author.
    NoAuthor,
    /// It points to somebody else.
    Points,
    /// It confirms what another found and shows nothing of its own.
    Repeats,
    /// Only a rewrite names it.
    Rewrite,
}

/// One source of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub origin: Origin,
    pub doubt: Doubt,
    /// Day from which it counts at all, and from which without doubt.
    pub since: Option<Date>,
    pub sure_since: Option<Date>,
    /// Places in the story's list.
    pub told: Vec<usize>,
}

/// What one telling contributes.
struct Hearing {
    origin: Origin,
    doubt: Doubt,
}

/// What was found about the sources of a story.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// In order of origin.
    pub list: Vec<Source>,
    /// Tellings by media that are represented by their own item or by the sources they cite.
    pub relayed: Vec<usize>,
    /// Pairs (who points, who is pointed to).
    pub pointed: BTreeSet<(ActorId, ActorId)>,
    /// Tellings in copies and translations, which add nothing.
    pub copied: Vec<usize>,
    /// Tellings of a source that says the opposite itself.
    pub disowned: Vec<usize>,
    /// Denials by those sources.
    pub disowning: BTreeSet<usize>,
    /// Items whose text has it from a source directly.
    pub first_hand: BTreeSet<usize>,
    /// Day of the first telling that puts the story forward, if any does.
    pub asserted: Option<Option<Date>>,
}

/// Everything a story is judged with.
pub(crate) struct Ground<'a> {
    pub items: &'a [&'a WeighItem<'a>],
    pub roster: &'a Roster,
    pub origins: &'a Origins,
    pub sides: &'a Sides,
    /// The medium of each item, where it is known.
    pub media: &'a [Option<ActorId>],
}

impl Sources {
    /// Bounds by what was published until `day`; `None` is before every date.
    pub fn interval(&self, day: Option<Date>) -> Interval {
        let asserted = self.asserted.is_some_and(|first| first <= day);
        let sure = |source: &&Source| source.doubt == Doubt::None && source.sure_since <= day;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let firm = count(self.list.iter().filter(sure).count());
        let all = count(self.list.iter().filter(|source| source.since <= day).count());
        let at_least = firm.max(u32::from(asserted));
        Interval { at_least, at_most: all.max(at_least).max(1) }
    }
}

/// Finds the sources of `story`.
pub(crate) fn find_sources(story: &Story, ground: &Ground) -> Sources {
    let finder = Finder::new(story, ground);
    let mut sources = Sources { asserted: finder.first_asserted(), ..Sources::default() };
    let mut found: BTreeMap<Origin, Source> = BTreeMap::new();
    for (place, told) in story.told.iter().enumerate().filter(|(_, told)| told.forward()) {
        if finder.copied(told) {
            sources.copied.push(place);
            continue;
        }
        let Some(hearing) = finder.hear(told, &mut sources, place) else { continue };
        let doubt =
            if hearing.doubt == Doubt::None && finder.retold(told) { Doubt::Rewrite } else { hearing.doubt };
        if !matches!(hearing.doubt, Doubt::Medium | Doubt::Points | Doubt::Repeats) && !finder.retold(told) {
            sources.first_hand.insert(told.item);
        }
        let source = found.entry(hearing.origin.clone()).or_insert_with(|| Source {
            origin: hearing.origin,
            doubt,
            since: told.day,
            sure_since: told.day,
            told: Vec::new(),
        });
        if doubt == Doubt::None && source.doubt != Doubt::None {
            source.sure_since = told.day;
        }
        source.doubt = source.doubt.min(doubt);
        source.told.push(place);
    }
    let disowns = |(_, told): &(usize, &Told)| finder.disowner(told).is_some();
    sources.disowning = story.told.iter().enumerate().filter(disowns).map(|(place, _)| place).collect();
    drop_stated_guesses(story, &mut found);
    sources.list = found.into_values().collect();
    sources
}

/// Guesses are no sources where anybody states the story.
fn drop_stated_guesses(story: &Story, found: &mut BTreeMap<Origin, Source>) {
    if story.told.iter().any(Told::states) {
        found.retain(|_, source| source.told.iter().any(|place| story.told[*place].states()));
    }
}

/// Sides that deny the story anywhere; retractions are another matter.
fn doubters(story: &Story, ground: &Ground) -> BTreeSet<ActorId> {
    let denials = story.told.iter().filter(|told| told.stance == Stance::Denies && !retracts(told, ground));
    let sides = denials.filter_map(|told| Some((told.item, ground.sides.side(told.speaker?))));
    sides.filter(|(item, side)| ground.media[*item] != Some(*side)).map(|(_, side)| side).collect()
}

struct Finder<'a> {
    story: &'a Story,
    ground: &'a Ground<'a>,
    /// Of each text group, the item whose tellings count.
    speaks: BTreeMap<usize, usize>,
    /// Tellings by item and attribution.
    at: BTreeMap<(usize, usize), usize>,
    /// Media with an own item that puts the story forward.
    own_items: BTreeSet<ActorId>,
    /// Bodies and papers that deny what is put in their mouth.
    disowners: BTreeSet<Origin>,
    /// Bodies and papers in whose name the story is put forward.
    mouths: BTreeSet<Origin>,
    /// Bodies that state the story, with their folded names between spaces.
    body_names: BTreeMap<ActorId, String>,
    /// Sides that deny the story.
    doubters: BTreeSet<ActorId>,
    /// Bodies and states that state the story, by item.
    bodies: BTreeMap<usize, BTreeSet<ActorId>>,
    /// Whether a source is told that is neither a medium nor unnamed.
    any_named: bool,
}

impl<'a> Finder<'a> {
    fn new(story: &'a Story, ground: &'a Ground<'a>) -> Self {
        let mut finder = Self {
            story,
            ground,
            speaks: BTreeMap::new(),
            at: BTreeMap::new(),
            own_items: BTreeSet::new(),
            disowners: BTreeSet::new(),
            mouths: BTreeSet::new(),
            body_names: BTreeMap::new(),
            doubters: doubters(story, ground),
            bodies: BTreeMap::new(),
            any_named: false,
        };
        for (place, told) in story.told.iter().enumerate() {
            finder.at.insert((told.item, told.attribution), place);
            if told.forward() {
                finder.note(told);
            }
        }
        let forward = story.told.iter().filter(|told| told.forward());
        finder.mouths = forward.filter_map(|told| finder.mouth(told)).collect();
        let named = finder.bodies.values().flatten().collect::<BTreeSet<_>>().into_iter();
        let folded = |body: &ActorId| crate::fold::fold(ground.roster.name(*body), Lexicon::shared());
        finder.body_names = named.map(|body| (*body, format!(" {} ", folded(body)))).collect();
        finder.disowners = story.told.iter().filter_map(|told| finder.disowner(told)).collect();
        finder
    }

    fn note(&mut self, told: &Told) {
        let text = self.ground.origins.texts[told.item];
        let rank = |item: usize| {
            (
                self.ground.origins.depth(item),
                self.ground.items[item].meta.published,
                self.ground.items[item].path,
            )
        };
        let speaks = self.speaks.get(&text).copied().filter(|speaks| rank(*speaks) <= rank(told.item));
        self.speaks.insert(text, speaks.unwrap_or(told.item));
        self.own_items.extend(self.ground.media[told.item]);
        let Some(speaker) = told.speaker.or(told.accuser) else { return };
        if !self.proper(speaker) || !told.states() {
            return;
        }
        if matches!(told.class, SourceClass::Organisation | SourceClass::NamedPerson) {
            self.any_named = true;
            let side = self.ground.sides.side(speaker);
            if matches!(self.sort(side), Sort::Body | Sort::State) {
                self.bodies.entry(told.item).or_default().insert(side);
            }
        }
    }

    /// The source that says the opposite of what others put in its mouth, where it is no retraction of its own words.
    fn disowner(&self, told: &Told) -> Option<Origin> {
        let origin = self.mouth(told).filter(|_| told.stance == Stance::Denies)?;
        let accused = Origin::Actor(self.ground.sides.side(self.story.accused));
        let medium = self.ground.media[told.item].map(Origin::Actor);
        if origin == accused || medium.as_ref() == Some(&origin) || retracts(told, self.ground) {
            return None;
        }
        self.mouths.contains(&origin).then_some(origin)
    }

    /// The body or paper in whose name a telling stands; persons and media answer for themselves.
    fn mouth(&self, told: &Told) -> Option<Origin> {
        match told.class {
            SourceClass::Document => Some(self.hear_papers(told).origin),
            SourceClass::Organisation => self.author(told).map(Origin::Actor),
            _ => None,
        }
    }

    fn first_asserted(&self) -> Option<Option<Date>> {
        self.story.told.iter().filter(|told| told.forward()).map(|told| told.day).min()
    }

    /// Whether the telling stands in a copy of a text whose own telling counts.
    fn copied(&self, told: &Told) -> bool {
        self.speaks.get(&self.ground.origins.texts[told.item]).is_some_and(|speaks| *speaks != told.item)
    }

    /// Whether the item retells a text that tells the story itself.
    fn retold(&self, told: &Told) -> bool {
        let origins = self.ground.origins;
        let text = origins.texts[told.item];
        let tells =
            |item: usize| self.speaks.contains_key(&origins.texts[item]) && origins.texts[item] != text;
        origins.takings[text] == Taking::Story && origins.any_ancestor(text, tells)
    }

    fn sort(&self, actor: ActorId) -> Sort {
        self.ground.roster.get(actor).map_or(Sort::Unknown, |known| known.sort)
    }

    fn proper(&self, actor: ActorId) -> bool {
        self.ground.roster.get(actor).is_some_and(|known| !known.generic)
    }

    /// Who stands behind a telling: the side of its speaker, a document's author.
    fn author(&self, told: &Told) -> Option<ActorId> {
        let speaker = told.speaker.filter(|speaker| self.proper(*speaker));
        let accuser = told.accuser.filter(|accuser| told.forward() && self.proper(*accuser));
        let actor = match told.class {
            SourceClass::Document => {
                accuser.filter(|accuser| self.sort(*accuser) != Sort::Document).or(speaker)
            }
            SourceClass::Anonymous | SourceClass::Unnamed => None,
            _ => speaker.or(accuser),
        };
        actor.map(|actor| self.ground.sides.side(actor))
    }

    fn hear(&self, told: &Told, sources: &mut Sources, place: usize) -> Option<Hearing> {
        if self.mouth(told).is_some_and(|mouth| self.disowners.contains(&mouth)) {
            sources.disowned.push(place);
            return None;
        }
        let outer = told
            .outer
            .and_then(|outer| self.at.get(&(told.item, outer)))
            .map(|place| &self.story.told[*place]);
        if let Some(outer) = outer.filter(|outer| outer.forward())
            && let (Some(points), Some(to)) = (self.pointer(outer), self.author(told))
            && points != to
        {
            sources.pointed.insert((points, to));
            return None;
        }
        match told.class {
            SourceClass::Document => Some(self.hear_papers(told)),
            SourceClass::NamedPerson | SourceClass::Organisation | SourceClass::Outlet => {
                let side = told.speaker.or(told.accuser).map(|speaker| self.ground.sides.side(speaker));
                if side.is_some_and(|side| self.doubters.contains(&side)) {
                    None
                } else if told
                    .speaker
                    .map_or(told.class == SourceClass::Outlet, |speaker| self.is_medium(speaker))
                {
                    self.hear_medium(told, sources, place)
                } else {
                    Some(self.hear_actor(told, place, outer))
                }
            }
            SourceClass::Anonymous => Some(self.unnamed(told, outer)),
            SourceClass::Unnamed => None,
        }
    }

    /// The side of a person or body that reports another's words; media and documents only pass them on.
    fn pointer(&self, outer: &Told) -> Option<ActorId> {
        let speaks = matches!(outer.class, SourceClass::NamedPerson | SourceClass::Organisation);
        self.author(outer).filter(|author| speaks && !self.is_medium(*author))
    }

    fn is_medium(&self, actor: ActorId) -> bool {
        self.ground.roster.get(actor).is_some_and(|known| known.outlet)
    }

    fn hear_actor(&self, told: &Told, place: usize, outer: Option<&Told>) -> Hearing {
        let Some(author) = self.author(told) else { return self.unnamed(told, outer) };
        let sides = self.ground.sides;
        let speaker = told.speaker.or(told.accuser).unwrap_or(author);
        let injured = self.story.target.filter(|target| {
            author == speaker && sides.of_some_party(speaker) && self.sort(*target) == Sort::Body
        });
        let author = self.state_office(told, injured.unwrap_or(author));
        let shows = matches!(told.evidence, Evidence::Shown | Evidence::PointedTo);
        let points = self.points(told, place, author);
        let doubt = if points {
            Doubt::Points
        } else if told.stance == Stance::Confirms && !shows && self.repeats(told, author) {
            Doubt::Repeats
        } else if self.sort(author) == Sort::Person && !sides.known(speaker) && !shows && self.any_body() {
            Doubt::NoSide
        } else {
            Doubt::None
        };
        Hearing { origin: Origin::Actor(author), doubt }
    }

    fn any_body(&self) -> bool {
        !self.bodies.is_empty()
    }

    /// A state that blames through one of its offices named in the same item is that office.
    fn state_office(&self, told: &Told, author: ActorId) -> ActorId {
        if self.sort(author) != Sort::State {
            return author;
        }
        let lexicon = Lexicon::shared();
        let office =
            |actor: &&ActorId| {
                self.sort(**actor) == Sort::Body
                    && self.ground.roster.get(**actor).is_some_and(|known| {
                        known.words.iter().any(|word| lexicon.has(Class::Authority, word))
                    })
            };
        let bodies = self.bodies.get(&told.item);
        bodies.and_then(|bodies| bodies.iter().find(office)).copied().unwrap_or(author)
    }

    /// Whether the speaker reports in this very telling what another told.
    fn points(&self, told: &Told, place: usize, author: ActorId) -> bool {
        let next = self.story.told.iter().enumerate().skip(place.saturating_sub(6)).take(13);
        next.filter(|(_, inner)| inner.item == told.item && inner.outer == Some(told.attribution))
            .any(|(_, inner)| self.author(inner).is_some_and(|other| other != author))
    }

    /// Whether the words of a confirmation name another source of the story.
    fn repeats(&self, told: &Told, author: ActorId) -> bool {
        let said = &self.ground.items[told.item].attributions.attributions[told.attribution];
        let words = crate::fold::fold(&said.content.text, Lexicon::shared());
        let padded = format!(" {words} ");
        self.body_names.iter().any(|(body, name)| *body != author && name.len() > 2 && padded.contains(name))
    }

    fn hear_papers(&self, told: &Told) -> Hearing {
        let author = self.author(told).filter(|author| self.sort(*author) != Sort::Document);
        if let Some(author) = author {
            let doubt = if self.is_medium(author) && told.evidence != Evidence::Shown {
                Doubt::Medium
            } else {
                Doubt::None
            };
            return Hearing { origin: self.by_actor(author, doubt), doubt };
        }
        if let Some(bodies) = self.bodies.get(&told.item)
            && let (Some(only), 1) = (bodies.first(), bodies.len())
        {
            return Hearing { origin: Origin::Actor(*only), doubt: Doubt::None };
        }
        let said = &self.ground.items[told.item].attributions.attributions[told.attribution];
        let words: Vec<String> =
            [said.source_name.as_deref(), said.source.as_ref().map(|part| part.text.as_str())]
                .into_iter()
                .flatten()
                .map(|text| crate::fold::fold(text, Lexicon::shared()))
                .collect();
        let lexicon = Lexicon::shared();
        let genre = GENRES.iter().find(|(class, _)| words.iter().any(|text| lexicon.any(*class, text)));
        let firm = genre.is_some_and(|(class, _)| {
            matches!(class, Class::Dossier | Class::Register | Class::Filing | Class::Log)
        });
        let doubt = if firm || !self.any_named { Doubt::None } else { Doubt::NoAuthor };
        Hearing { origin: Origin::Papers(genre.map_or("document", |(_, name)| name)), doubt }
    }

    /// A medium with a finding of its own is an actor; one that is only cited stands with its unnamed sources.
    fn by_actor(&self, actor: ActorId, doubt: Doubt) -> Origin {
        if doubt == Doubt::Medium { Origin::Medium(actor) } else { Origin::Actor(actor) }
    }

    fn hear_medium(&self, told: &Told, sources: &mut Sources, place: usize) -> Option<Hearing> {
        let medium = told.speaker.filter(|speaker| self.proper(*speaker)).or(self.ground.media[told.item])?;
        let own = self.ground.media[told.item] == Some(medium);
        let near = self.story.told.iter().skip(place.saturating_sub(6)).take(13);
        let cites = near.filter(|inner| inner.item == told.item && inner.outer == Some(told.attribution));
        let cites = cites.into_iter().any(|inner| inner.class != SourceClass::Unnamed);
        if cites || (!own && self.own_items.contains(&medium)) {
            sources.relayed.push(place);
            return None;
        }
        if own && told.evidence == Evidence::Shown {
            return Some(Hearing { origin: Origin::Actor(medium), doubt: Doubt::None });
        }
        let doubt = if own { Doubt::OwnWord } else { Doubt::Medium };
        Some(Hearing { origin: Origin::Medium(medium), doubt })
    }

    /// Unnamed people stand with the medium that cites them: the one in whose words they are, the only one the item
    /// relays, or the item's own.
    fn unnamed(&self, told: &Told, outer: Option<&Told>) -> Hearing {
        let item = self.ground.items[told.item];
        let cited = outer.filter(|outer| outer.class == SourceClass::Outlet).and_then(|outer| outer.speaker);
        let relayed = item
            .lineage
            .filter(|finding| finding.relays.len() == 1)
            .and_then(|finding| self.ground.roster.actor(told.item, &finding.relays[0]));
        let text = self.ground.origins.texts[told.item];
        // Where the first to carry the text does not tell the story, the item that does vouches for its own people.
        let teller = self.speaks.get(&text).copied().unwrap_or(told.item);
        let medium = cited.or(relayed.filter(|medium| self.is_medium(*medium))).or(self.ground.media[teller]);
        Hearing { origin: medium.map_or(Origin::Text(text), Origin::Medium), doubt: Doubt::Unnamed }
    }
}

/// Whether a denial takes the speaker's own words back.
pub(crate) fn retracts(told: &Told, ground: &Ground) -> bool {
    let said = &ground.items[told.item].attributions.attributions[told.attribution];
    let lexicon = Lexicon::shared();
    let cue = said.cue.as_ref().map(|cue| crate::fold::fold(&cue.text, lexicon)).unwrap_or_default();
    let content = crate::fold::fold(&said.content.text, lexicon);
    (lexicon.any(Class::Retract, &cue) && !lexicon.any(Class::Not, &cue))
        || lexicon.any(Class::Retract, &content)
}
