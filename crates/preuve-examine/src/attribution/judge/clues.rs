//! What speaks for a verdict on one relation, by name: what the rules said, and which words stand where.
//!
//! A clue is a short text such as `cue.deny` or `source.kind.person`. The trainer counts on the same names that the
//! engine looks up, and a verdict gives the strongest ones as its reasons.

use std::fmt::{Arguments, Write};
use std::ops::Range;

use preuve_case::Stance;
use serde::{Serialize, Serializer};

use super::agent::{Agent, Scene};
use super::candidate::Candidate;
use super::evidence::{Caveat, find_caveats};
use super::learned::clue_key;
use super::lexicon::{ACTS, Class, Role, class_names};
use super::settle::{Case, holds};
use super::stance::cue_window;
use super::view::act_number;
use crate::attribution::Relation;
use crate::attribution::lexicon::CLASSES as CUE_CLASSES;

/// Names of the clues of one relation, a list a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clues {
    /// Whether it asserts, denies …
    pub stance: List,
    /// What kind of source speaks.
    pub class: List,
    /// What is offered.
    pub evidence: List,
    /// Whether somebody is accused, and of what.
    pub act: List,
    /// Who may be the accused.
    pub accused: Vec<Candidate>,
}

/// What the clues of an item are read from.
pub(super) struct Reader<'s, 'd> {
    pub(super) scene: Scene<'s, 'd>,
    pub(super) cue_classes: &'s [u8],
    pub(super) relations: &'s [Relation],
    pub(super) cases: &'s [Case],
    caveats: Vec<Caveat>,
}

/// Word classes that tell of evidence.
const OFFERS: [Class; 17] = [
    Class::Provide,
    Class::Proof,
    Class::Verify,
    Class::Unverified,
    Class::Document,
    Class::BaseDoc,
    Class::RawDoc,
    Class::Trace,
    Class::ShowVerb,
    Class::Finding,
    Class::Without,
    Class::Neg,
    Class::Nothing,
    Class::Deny,
    Class::Decline,
    Class::Accuse,
    Class::AccuseNoun,
];

impl<'s, 'd> Reader<'s, 'd> {
    /// A reader of the cases that the rules settled; `cue_classes` are those of the lexicon of cues, by token.
    pub(super) fn new(
        scene: Scene<'s, 'd>,
        cue_classes: &'s [u8],
        relations: &'s [Relation],
        cases: &'s [Case],
    ) -> Self {
        Self { scene, cue_classes, relations, cases, caveats: find_caveats(scene.view) }
    }

    /// The clues of relation `i`.
    pub(super) fn clues(&self, i: usize) -> Clues {
        let (mut rules, mut words, mut source, mut around) =
            (List::default(), List::default(), List::default(), List::default());
        self.rules(i, &mut rules);
        self.cue(i, &mut words);
        self.content(i, &mut words);
        self.source(i, &mut source);
        self.around(i, &mut around);
        let plain = |name: &str| !name.contains('=');
        let (mut stance, mut acts) = (List::default(), List::default());
        self.acts_near(i, &mut acts);
        self.crosses(i, &mut stance);
        stance.extend(&source, plain);
        let any = |_: &str| true;
        let mut both = rules.clone();
        both.extend(&words, any);
        let mut clues = Clues { stance: both.clone(), class: rules, evidence: both, ..Clues::default() };
        clues.stance.extend(&stance, any);
        clues.class.extend(&source, any);
        clues.class.extend(&words, |name| name.starts_with("cue"));
        clues.evidence.extend(&around, any);
        clues.evidence.extend(&source, plain);
        clues.act = clues.stance.clone();
        clues.act.extend(&around, any);
        clues.act.extend(&acts, any);
        clues
    }

    fn rules(&self, i: usize, out: &mut List) {
        let case = &self.cases[i];
        out.add("bias", "");
        out.add("rule.", case.stance.rule);
        out.add("rule.", case.speaker.rule);
        out.add("rule.", case.evidence.1);
        out.add("rule.class.", format_args!("{:?}", case.class()));
        out.add("rule.stance.", format_args!("{:?}", case.stance.stance));
        out.add("lang.", self.scene.view.lang().code());
        match &case.claim {
            Some(claim) => {
                out.add("claim", "");
                out.add("claim.act.", format_args!("{:?}", claim.act));
                out.add("rule.", claim.rule);
            }
            None => out.add("claim.none", ""),
        }
        if case.headline {
            out.add("headline", "");
        }
        let others = self.cases.iter().filter(|other| other.at < case.at).filter(|other| {
            matches!(&other.claim, Some(claim) if matches!(&claim.agent, Agent::Entity(entity) if case.speaker.sides.contains(entity)))
        });
        if others.count() > 0 {
            out.add("speaker.accused_before", "");
        }
        if self.cases.iter().any(|other| other.at < case.at && other.claim.is_some()) {
            out.add("claim.before", "");
        }
        if self.relations.iter().any(|outer| outer != &self.relations[i] && holds(outer, &self.relations[i]))
        {
            out.add("inside_another", "");
        }
        if self.relations.iter().any(|inner| inner != &self.relations[i] && holds(&self.relations[i], inner))
        {
            out.add("holds_another", "");
        }
    }

    fn words_of(&self, prefix: &str, ranges: &[Range<usize>], limit: usize, out: &mut List) {
        let view = self.scene.view;
        for at in ranges.iter().flat_map(Clone::clone).filter(|&at| !view.mark(at)).take(limit) {
            let word = view.word(at);
            out.add(prefix, format_args!("={word}"));
            if let Some((end, _)) = word.char_indices().nth(5) {
                out.add(prefix, format_args!("={}-", &word[..end]));
            }
        }
    }

    fn classes_of(&self, prefix: &str, ranges: &[Range<usize>], out: &mut List) {
        let found = self.scene.view.classes_in(ranges);
        for (_, name) in class_names().iter().filter(|(class, _)| found.has(*class)) {
            out.add(prefix, name);
        }
    }

    fn cue(&self, i: usize, out: &mut List) {
        let (view, relation) = (self.scene.view, &self.relations[i]);
        let window = cue_window(view, relation);
        self.classes_of("cue.", &window, out);
        self.words_of("cue", &relation.cue, 6, out);
        for at in relation.cue.iter().flat_map(Clone::clone) {
            if let Some(name) = self.cue_class(at) {
                out.add("cue.means.", name);
                out.add("cue.means.", format_args!("{name}.{:?}", view.pos(at)));
                if view.find_in(&window, Class::Neg).is_some() {
                    out.add("cue.negated.", name);
                }
            }
        }
        if relation.cue.is_empty() {
            out.add("cue.none", "");
        }
        for act in window.iter().flat_map(|range| view.acts_in(range)) {
            out.add("cue.act.", format_args!("{:?}", act.act));
        }
    }

    fn cue_class(&self, at: usize) -> Option<&'static str> {
        cue_class(self.cue_classes, at)
    }

    fn content(&self, i: usize, out: &mut List) {
        let (view, relation) = (self.scene.view, &self.relations[i]);
        let Some(first) = relation.content.first() else { return };
        let opening = first.start..(first.start + 5).min(first.end);
        self.classes_of("content.", &relation.content, out);
        self.classes_of("opening.", std::slice::from_ref(&opening), out);
        self.words_of("opening", std::slice::from_ref(&opening), 3, out);
        let words: usize = relation.content.iter().map(ExactSizeIterator::len).sum();
        out.add("content.length.", words.ilog2() as usize);
        if words <= 12 {
            self.words_of("content", &relation.content, 12, out);
        }
        for at in relation.content.iter().flat_map(Clone::clone) {
            if let Some(name) = self.cue_class(at) {
                out.add("content.means.", name);
            }
            if view.word(at) == "?" {
                out.add("content.question_mark", "");
            }
        }
        for act in relation.content.iter().flat_map(|range| view.acts_in(range)) {
            out.add("content.act.", format_args!("{:?}", act.act));
        }
        if relation.content.iter().flat_map(Clone::clone).all(|at| view.quoted(at)) {
            out.add("content.quoted", "");
        }
        if relation
            .content
            .iter()
            .flat_map(Clone::clone)
            .any(|at| view.word(at).starts_with(|c: char| c.is_ascii_digit()))
        {
            out.add("content.number", "");
        }
        if relation.cue.first().is_some_and(|cue| cue.start > first.start) {
            out.add("content.first", "");
        }
    }

    fn source(&self, i: usize, out: &mut List) {
        let (view, names, relation) = (self.scene.view, self.scene.names, &self.relations[i]);
        let Some(first) = relation.source.first() else { return out.add("source.none", "") };
        self.classes_of("source.", &relation.source, out);
        self.words_of("source", &relation.source, 8, out);
        out.add("source.first=", view.word(first.start));
        let length: usize = relation.source.iter().map(ExactSizeIterator::len).sum();
        out.add("source.length.", length.min(8));
        out.add("source.shape.", format_args!("{:?}", view.pos(first.start)));
        let last = relation.source.last().map_or(first.start, |range| range.end - 1);
        out.add("source.end.", format_args!("{:?}", view.pos(last)));
        if let Some(noun) = first.clone().find(|&at| {
            matches!(view.pos(at), crate::attribution::Pos::Noun) && names.mention_at(at).is_none()
        }) {
            out.add("source.noun=", view.word(noun));
            for (class, name) in class_names().iter().filter(|(class, _)| view.is(noun, *class)) {
                let _ = class;
                out.add("source.noun.", name);
            }
        }
        let mentions: Vec<_> = relation.source.iter().flat_map(|range| names.in_range(range)).collect();
        for mention in &mentions {
            out.add("source.kind.", format_args!("{:?}", names.kind(mention.entity)));
        }
        if let Some(mention) = mentions.first() {
            out.add("source.first_kind.", format_args!("{:?}", names.kind(mention.entity)));
            if mention.range.start == first.start {
                out.add("source.opens_with_name.", format_args!("{:?}", names.kind(mention.entity)));
            }
        } else {
            out.add("source.no_name", "");
            if (first.start..last + 1).any(|at| view.capital(at)) {
                out.add("source.capitals", "");
            }
        }
        let after = last + 1..(last + 13).min(view.sentence(last).end);
        if view.find(after, Class::AnonWho).is_some() {
            out.add("source.then_hidden", "");
        }
        if let Some(entity) = self.cases[i].speaker.entity {
            out.add("source.stands_for.", format_args!("{:?}", names.kind(entity)));
        }
    }

    fn around(&self, i: usize, out: &mut List) {
        let view = self.scene.view;
        let at = self.cases[i].at;
        let here = view.sentence(at);
        let last = self.relations[i].content.last().map_or(at, |range| range.end - 1);
        let end = view.sentence(last);
        let next = view.sentence(end.end.min(view.len().saturating_sub(1)));
        let next = if next.start == end.end { next } else { 0..0 };
        let before = if here.start > 0 { view.sentence(here.start - 1) } else { 0..0 };
        for (prefix, range) in [("here.", here.start..end.end), ("next.", next.clone()), ("before.", before)]
        {
            let found = view.classes_in(std::slice::from_ref(&range));
            for class in OFFERS.into_iter().filter(|&class| found.has(class)) {
                out.add(prefix, name_of(class));
            }
            for caveat in self.caveats.iter().filter(|caveat| range.contains(&caveat.range.start)) {
                out.add(prefix, format_args!("caveat.{:?}", caveat.evidence));
            }
        }
        let own = |at: usize| {
            let relation = &self.relations[i];
            relation
                .content
                .iter()
                .chain(&relation.cue)
                .chain(&relation.source)
                .any(|range| range.contains(&at))
        };
        for place in (here.start..end.end).filter(|&place| !own(place)) {
            for class in OFFERS.into_iter().filter(|&class| view.starts(place, class)) {
                out.add("beside.", name_of(class));
            }
        }
        let others = self.cases.iter().enumerate().filter(|&(j, other)| j != i && next.contains(&other.at));
        for (_, other) in others {
            out.add("next.stance.", format_args!("{:?}", other.stance.stance));
        }
    }

    /// Which acts the item tells of, and where.
    fn acts_near(&self, i: usize, out: &mut List) {
        let (view, case) = (self.scene.view, &self.cases[i]);
        let spoken = if case.stance.stance == Stance::Asserts { "told." } else { "about." };
        let mut counts = [0usize; 10];
        let sentence = view.sentence(case.at);
        let paragraph = view.paragraph_index(case.at);
        let mut last = None;
        for told in self.scene.acts.iter().filter(|told| told.hit.role != Role::Weak) {
            let number = act_number(told.hit.act);
            counts[number.min(9)] += 1;
            let start = told.hit.start;
            if sentence.contains(&start) {
                out.add("near.sentence.", format_args!("{spoken}{:?}", told.hit.act));
            } else if view.paragraph_index(start) == paragraph {
                out.add("near.paragraph.", format_args!("{spoken}{:?}", told.hit.act));
            }
            if view.headline(start) {
                out.add("near.headline.", format_args!("{spoken}{:?}", told.hit.act));
            }
            if start < case.at {
                last = Some(told.hit.act);
            }
        }
        if let Some(act) = last {
            out.add("near.before.", format_args!("{spoken}{act:?}"));
        }
        let most =
            (0..9).max_by_key(|&act| (counts[act], std::cmp::Reverse(act))).filter(|&act| counts[act] > 0);
        match most.and_then(|most| ACTS.get(most)) {
            Some((act, _)) => out.add("near.most.", format_args!("{spoken}{act:?}")),
            None => out.add("near.none.", spoken),
        }
        let mut votes = [0usize; 10];
        let mut earlier: Option<(usize, usize)> = None;
        for other in self.cases.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, other)| other) {
            let Some(claim) = &other.claim else { continue };
            let number = act_number(claim.act).min(9);
            votes[number] += 1;
            if other.at < case.at && earlier.is_none_or(|(at, _)| other.at > at) {
                earlier = Some((other.at, number));
            }
            let same = super::settle::shares(&other.speaker.sides, &case.speaker.sides);
            if same {
                out.add("votes.same_side.", format_args!("{spoken}{number}"));
            }
            if matches!(&claim.agent, Agent::Entity(entity) if case.speaker.sides.contains(entity)) {
                out.add("votes.against_speaker.", format_args!("{spoken}{number}"));
            }
        }
        if let Some((at, number)) = earlier {
            out.add("votes.before.", format_args!("{spoken}{number}"));
            if view.paragraph_index(at) == paragraph {
                out.add("votes.before_here.", format_args!("{spoken}{number}"));
            }
        }
        let most =
            (0..10).max_by_key(|&act| (votes[act], std::cmp::Reverse(act))).filter(|&act| votes[act] > 0);
        match most {
            Some(most) => {
                out.add("votes.most.", format_args!("{spoken}{most}"));
                out.add("votes.count.", format_args!("{spoken}{}", votes[most].min(5)));
            }
            None => out.add("votes.none.", spoken),
        }
    }

    /// Pairs of clues that tell more together.
    fn crosses(&self, i: usize, out: &mut List) {
        let (view, relation, case) = (self.scene.view, &self.relations[i], &self.cases[i]);
        let window = cue_window(view, relation);
        let negative = view.find_in(&window, Class::Neg).is_some();
        let inner = view.find_in(&relation.content, Class::Neg).is_some();
        let accused = self.cases.iter().any(|other| {
            matches!(&other.claim, Some(claim) if matches!(&claim.agent, Agent::Entity(entity) if case.speaker.sides.contains(entity)))
        });
        if accused {
            out.add("speaker.accused", "");
            if inner {
                out.add("speaker.accused+content.neg", "");
            }
        }
        let before = self.cases.iter().filter(|other| other.at < case.at).max_by_key(|other| other.at);
        if let Some(before) = before {
            out.add("last.stance.", format_args!("{:?}", before.stance.stance));
            let same = super::settle::shares(&before.speaker.sides, &case.speaker.sides);
            if same {
                out.add("last.same.stance.", format_args!("{:?}", before.stance.stance));
            }
        }
        for name in relation.cue.iter().flat_map(Clone::clone).filter_map(|at| self.cue_class(at)) {
            if inner {
                out.add("content.neg+cue.means.", name);
            }
            if case.stance.stance != Stance::Asserts {
                out.add("rule.stance+cue.means.", format_args!("{:?}.{name}", case.stance.stance));
            }
        }
        if negative {
            self.classes_of("cue.neg+cue.", &window, out);
        }
    }
}

pub(super) fn name_of(class: Class) -> &'static str {
    class_names().iter().find(|(known, _)| *known == class).map_or("", |(_, name)| name)
}

/// Name of the class that the lexicon of cues gives token `at`.
pub(super) fn cue_class(classes: &[u8], at: usize) -> Option<&'static str> {
    let number = usize::from(*classes.get(at)?);
    number.checked_sub(1).and_then(|number| CUE_CLASSES.get(number)).copied()
}

/// What stands behind the prefix in the name of a clue.
pub(super) trait Rest {
    /// Write it to the end of `text`.
    fn push_to(self, text: &mut String);
}

impl Rest for &str {
    fn push_to(self, text: &mut String) {
        text.push_str(self);
    }
}

impl Rest for &&str {
    fn push_to(self, text: &mut String) {
        text.push_str(self);
    }
}

impl Rest for &String {
    fn push_to(self, text: &mut String) {
        text.push_str(self);
    }
}

impl Rest for usize {
    fn push_to(self, text: &mut String) {
        format_args!("{self}").push_to(text);
    }
}

impl Rest for Arguments<'_> {
    fn push_to(self, text: &mut String) {
        // Writing to a text never fails.
        let _ = text.write_fmt(self);
    }
}

/// Names of clues in order, with their keys in the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    text: String,
    /// Where each name ends in the text.
    ends: Vec<u32>,
    keys: Vec<u32>,
}

impl List {
    /// Clues that a list often has.
    const OFTEN: usize = 40;

    fn make_room(&mut self, clues: usize) {
        /// Bytes of a name that is rather long.
        const NAME: usize = 24;
        self.text.reserve(NAME * clues);
        self.ends.reserve(clues);
        self.keys.reserve(clues);
    }

    /// Add the clue `prefix` + `rest`, unless it is there.
    pub(super) fn add(&mut self, prefix: &str, rest: impl Rest) {
        if self.keys.is_empty() {
            self.make_room(Self::OFTEN);
        }
        let start = self.text.len();
        self.text.push_str(prefix);
        rest.push_to(&mut self.text);
        let key = clue_key(&self.text[start..]);
        if self.keys.contains(&key) {
            return self.text.truncate(start);
        }
        self.keys.push(key);
        self.ends.push(self.text.len() as u32);
    }

    /// Add those of `others` that are `wanted`, whether they are there or not.
    fn extend(&mut self, others: &List, wanted: impl Fn(&str) -> bool) {
        self.make_room(others.keys.len());
        for (at, &key) in others.keys.iter().enumerate() {
            let name = others.name(at);
            if wanted(name) {
                self.text.push_str(name);
                self.keys.push(key);
                self.ends.push(self.text.len() as u32);
            }
        }
    }

    /// Name of clue `at`, nothing behind the last.
    pub fn name(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.ends.get(at).map_or("", |&end| &self.text[start..end as usize])
    }

    /// Keys of the clues in the tables, in order.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.keys.len()).map(|at| self.name(at)))
    }
}
