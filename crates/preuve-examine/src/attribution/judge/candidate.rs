//! Who may be the accused and the accuser of a relation, each with the clues that speak for him.
//!
//! Accused: entities of the item, noun phrases of the content and its sentence, the source itself. Accuser: nobody,
//! the speaker, earlier speakers and accusers, who is named beside the cue.

use std::ops::Range;

use preuve_case::Stance;

use super::agent::Agent;
use super::clues::{List, Reader, cue_class, name_of};
use super::lexicon::{Class, Role, class_names};
use super::settle::{Case, holds, shares};
use super::stance::cue_window;
use crate::attribution::Pos;

/// Most candidates that are weighed for one relation.
const MOST: usize = 48;

/// One who may be the accused: his name and what speaks for him.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// His name; `None`: nobody.
    pub name: Option<String>,
    /// What speaks for him.
    pub clues: List,
}

impl Reader<'_, '_> {
    fn name(&self, agent: &Agent) -> &str {
        match agent {
            Agent::Entity(entity) => &self.scene.names.who[*entity].name,
            Agent::Phrase(range) => self.scene.view.doc.slice(range),
        }
    }

    /// Those who may be accused in relation `i`.
    pub(super) fn accused(&self, i: usize) -> Vec<(Agent, Candidate)> {
        let mut agents: Vec<(Agent, Option<Range<usize>>)> = Vec::new();
        let mut add = |agent: Agent, place: Option<Range<usize>>| {
            if agents.len() < MOST && !agents.iter().any(|(known, _)| *known == agent) {
                agents.push((agent, place));
            }
        };
        let (view, names, relation) = (self.scene.view, self.scene.names, &self.relations[i]);
        let case = &self.cases[i];
        let mut stretches: Vec<Range<usize>> = relation.content.clone();
        stretches.extend(cue_window(view, relation));
        let sentence = view.sentence(case.at);
        stretches.push(sentence.clone());
        for (number, range) in stretches.iter().enumerate() {
            for mention in names.in_range(range) {
                add(Agent::Entity(mention.entity), Some(mention.range.clone()));
            }
            if number < relation.content.len() {
                for phrase in self.phrases(range) {
                    if let Some(entity) = self.meant(&phrase) {
                        add(Agent::Entity(entity), Some(phrase.clone()));
                    }
                    add(Agent::Phrase(phrase.clone()), Some(phrase));
                }
            }
        }
        if let (None, Some(source)) = (case.speaker.entity, relation.source.first()) {
            let phrases = self.phrases(source);
            phrases.into_iter().take(1).for_each(|phrase| add(Agent::Phrase(phrase.clone()), Some(phrase)));
        }
        for other in self.cases.iter().filter_map(|other| other.claim.as_ref()) {
            add(other.agent.clone(), None);
        }
        case.speaker.sides.iter().for_each(|&side| add(Agent::Entity(side), None));
        (0..names.who.len()).for_each(|entity| add(Agent::Entity(entity), None));
        let mut order: Vec<usize> = (0..agents.len())
            .filter(|&at| agents[at].1.as_ref().is_some_and(|place| self.in_content(i, place)))
            .collect();
        order.sort_by_key(|&at| agents[at].1.as_ref().map_or(0, |place| place.start));
        let means = self.cue_means(i);
        let mut earlier: Vec<&Case> =
            self.cases.iter().filter(|other| other.at < case.at && other.claim.is_some()).collect();
        earlier.sort_by_key(|other| std::cmp::Reverse(other.at));
        (0..agents.len())
            .map(|at| {
                let (agent, place) = &agents[at];
                let nth = order.iter().position(|&other| other == at);
                let clues = self.accused_clues(i, agent, (place.as_ref(), nth), (means, &earlier));
                (agent.clone(), Candidate { name: Some(self.name(agent).to_owned()), clues })
            })
            .collect()
    }

    fn in_content(&self, i: usize, place: &Range<usize>) -> bool {
        self.relations[i].content.iter().any(|range| range.contains(&place.start))
    }

    /// Noun phrases that stand in `range` and are no names: the noun with its adjectives and one "of".
    fn phrases(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let (view, names) = (self.scene.view, self.scene.names);
        let noun = |at: usize| matches!(view.pos(at), Pos::Noun | Pos::Propn) && !view.mark(at);
        let plain = |at: usize| matches!(view.pos(at), Pos::Adj | Pos::Noun | Pos::Propn) && !view.mark(at);
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end && found.len() < 16 {
            if !noun(at) || names.mention_at(at).is_some() {
                at += 1;
                continue;
            }
            let mut start = at;
            while start > range.start && view.pos(start - 1) == Pos::Adj && !view.mark(start - 1) {
                start -= 1;
            }
            let mut end = at + 1;
            while end < range.end && plain(end) {
                end += 1;
            }
            if end + 1 < range.end && view.is(end, Class::Of) {
                let mut inner = end + 1;
                while inner < range.end && view.pos(inner) == Pos::Det && inner < end + 3 {
                    inner += 1;
                }
                if inner < range.end && (noun(inner) || names.mention_at(inner).is_some()) {
                    end =
                        names.mention_at(inner).map_or(inner + 1, |mention| mention.range.end.min(range.end));
                }
            }
            found.push(start..end);
            at = end;
        }
        found
    }

    /// The entity that a definite noun stands for in this item ("the firm", "the minister").
    fn meant(&self, phrase: &Range<usize>) -> Option<usize> {
        const DEFINITE: &[&str] = &[
            "the", "le", "la", "l'", "les", "el", "los", "las", "al", "del", "au", "aux", "du", "des", "su",
            "son", "sa",
        ];
        let (view, names) = (self.scene.view, self.scene.names);
        let definite = phrase.start > 0 && DEFINITE.contains(&view.word(phrase.start - 1));
        if !definite || phrase.len() > 2 {
            return None;
        }
        let head = phrase.clone().find(|&at| view.pos(at) == Pos::Noun)?;
        names.in_role(view, head).or_else(|| names.called(view, head))
    }

    fn cue_means(&self, i: usize) -> &'static str {
        let mut means = self.relations[i]
            .cue
            .iter()
            .flat_map(Clone::clone)
            .filter_map(|at| cue_class(self.cue_classes, at));
        let view = self.scene.view;
        let window = cue_window(view, &self.relations[i]);
        let accuses = [(Class::AttribTo, "attribute"), (Class::Accuse, "accuse"), (Class::LinkTo, "link")];
        let found = accuses.iter().find(|(class, _)| view.find_in(&window, *class).is_some());
        found.map(|(_, name)| *name).or_else(|| means.next()).unwrap_or("other")
    }

    fn accused_clues(
        &self,
        i: usize,
        agent: &Agent,
        (place, nth): (Option<&Range<usize>>, Option<usize>),
        (means, earlier): (&str, &[&Case]),
    ) -> List {
        let mut out = List::default();
        let (names, case) = (self.scene.names, &self.cases[i]);
        let stance = format!("{:?}", case.stance.stance);
        let spoken_about =
            matches!(case.stance.stance, Stance::Denies | Stance::Questions | Stance::DeclinesToComment);
        let kind = match agent {
            Agent::Entity(entity) => format!("{:?}", names.kind(*entity)),
            Agent::Phrase(_) => "phrase".to_owned(),
        };
        out.add("kind.", &kind);
        let named = place.is_some_and(|place| self.scene.names.mention_at(place.start).is_some());
        if let (Agent::Entity(_), Some(_), false) = (agent, place, named) {
            out.add("by_noun", "");
            out.add("by_noun+cue.", means);
        }
        if let (Agent::Phrase(_), Some(place)) = (agent, place)
            && self.meant(place).is_some()
        {
            out.add("stands_for_a_name", "");
        }
        if let Agent::Entity(entity) = agent {
            let own = case.speaker.sides.contains(entity);
            if own {
                out.add("own", "");
                out.add("own+", &stance);
                out.add("own+cue.", means);
                out.add("own+rule.", case.stance.rule);
            }
            if case.speaker.entity == Some(*entity) {
                out.add("speaker", "");
                out.add("speaker+", &stance);
                out.add("speaker+cue.", means);
            }
            let count = names.mentions.iter().filter(|mention| mention.entity == *entity).count();
            out.add("count.", (count + 1).ilog2() as usize);
            let headline =
                names.mentions.iter().any(|m| m.entity == *entity && self.scene.view.headline(m.range.start));
            if headline {
                out.add("headline", "");
                out.add("headline+", &stance);
            }
        }
        self.claims_about(i, agent, (spoken_about, earlier), &mut out);
        match place {
            Some(place) => self.place_clues(i, place, nth, (means, &kind, &stance), &mut out),
            None => out.add("elsewhere+", &stance),
        }
        out
    }

    /// Clues from the other claims of the item, of which the `earlier` ones are given, nearest first.
    fn claims_about(
        &self,
        i: usize,
        agent: &Agent,
        (spoken_about, earlier): (bool, &[&Case]),
        out: &mut List,
    ) {
        let case = &self.cases[i];
        let about = if spoken_about { "about." } else { "told." };
        if let Some(claim) = case.claim.as_ref() {
            if claim.agent == *agent {
                out.add("rule.agent+", claim.rule);
                out.add("rule.agent.", about);
            } else {
                out.add("rule.other+", claim.rule);
            }
        }
        for (order, other) in earlier.iter().enumerate() {
            let Some(claim) = &other.claim else { continue };
            if claim.agent == *agent {
                out.add("earlier.", about);
                out.add("earlier.", format_args!("{about}{}", order.min(3)));
                if shares(&other.speaker.sides, &case.speaker.sides) {
                    out.add("earlier.same_side.", about);
                }
            }
            if claim.accuser.as_deref() == Some(self.name(agent)) {
                out.add("earlier.accuser.", about);
            }
        }
        let later =
            self.cases.iter().filter(|other| other.at > case.at).filter_map(|other| other.claim.as_ref());
        if later.into_iter().any(|claim| claim.agent == *agent) {
            out.add("later.", about);
        }
        let own = self.votes(i, agent);
        out.add("votes.", format_args!("{about}{}", own.min(4)));
        if own > 0
            && !self
                .cases
                .iter()
                .filter_map(|other| other.claim.as_ref())
                .any(|claim| self.votes(i, &claim.agent) > own)
        {
            out.add("votes.most.", about);
        }
        let before = self.cases.iter().filter(|other| other.at < case.at).max_by_key(|other| other.at);
        if let (Some(before), Agent::Entity(entity)) = (before, agent)
            && before.speaker.sides.contains(entity)
        {
            out.add("last_speaker.", about);
        }
    }

    /// Claims against `agent` in relations other than `i`.
    fn votes(&self, i: usize, agent: &Agent) -> usize {
        let others = self.cases.iter().enumerate().filter(|&(j, _)| j != i);
        others.filter(|(_, other)| other.claim.as_ref().is_some_and(|claim| claim.agent == *agent)).count()
    }

    fn place_clues(
        &self,
        i: usize,
        place: &Range<usize>,
        nth: Option<usize>,
        (means, kind, stance): (&str, &str, &str),
        out: &mut List,
    ) {
        let (view, relation) = (self.scene.view, &self.relations[i]);
        let where_ = if nth.is_some() {
            "content"
        } else if relation.source.iter().any(|range| range.contains(&place.start)) {
            "source"
        } else {
            "beside"
        };
        out.add("in.", where_);
        out.add("in.", format_args!("{where_}+{kind}"));
        out.add("in.", format_args!("{where_}+{stance}"));
        out.add("in.", format_args!("{where_}+cue.{means}"));
        if let Some(nth) = nth {
            let nth = nth.min(4);
            out.add("nth.", nth);
            out.add("nth.", format_args!("{nth}+cue.{means}"));
            out.add("nth.", format_args!("{nth}+{kind}"));
            out.add("nth.", format_args!("{nth}+{stance}"));
            let start = relation
                .content
                .iter()
                .find(|range| range.contains(&place.start))
                .map_or(0, |range| range.start);
            let opening = place.start - start;
            out.add("opens.", format_args!("{}+cue.{means}", opening.min(4)));
        }
        if view.quoted(place.start) {
            out.add("quoted", "");
        }
        let mut before = place.start;
        while before > 0 && (view.pos(before - 1) == Pos::Det || view.word(before - 1) == "the") {
            before -= 1;
        }
        if before < place.start {
            out.add("article=", view.word(before));
            out.add("article=", format_args!("{}+{kind}", view.word(before)));
        }
        if before > 0 {
            let word = view.word(before - 1);
            if view.is(before - 1, Class::Func) || view.mark(before - 1) {
                out.add("before=", word);
                out.add("before=", format_args!("{word}+cue.{means}"));
            }
            out.add("before.", format_args!("{:?}", view.pos(before - 1)));
            for class in [Class::By, Class::Of, Class::To, Class::Against, Class::Locative, Class::Accuse] {
                if view.starts(before - 1, class) {
                    out.add("before.", name_of(class));
                }
            }
        }
        if place.end < view.len() {
            out.add("after.", format_args!("{:?}", view.pos(place.end)));
            out.add("after.", format_args!("{:?}.{kind}", view.pos(place.end)));
            if view.is(place.end, Class::Func) || view.mark(place.end) {
                out.add("after=", view.word(place.end));
            }
        }
        if kind == "phrase" {
            let head = place.clone().find(|&at| view.pos(at) == Pos::Noun).unwrap_or(place.start);
            out.add("head=", view.word(head));
            if let Some((end, _)) = view.word(head).char_indices().nth(5) {
                out.add("head=", format_args!("{}-", &view.word(head)[..end]));
            }
            for (class, name) in class_names() {
                if view.is(head, *class) {
                    out.add("head.", name);
                }
            }
        }
        self.act_clues(i, place, out);
    }

    /// On which side of an act the candidate stands, and how far.
    fn act_clues(&self, i: usize, place: &Range<usize>, out: &mut List) {
        let view = self.scene.view;
        let here = view.sentence(place.start);
        let acts = self.scene.acts.iter().filter(|told| here.contains(&told.hit.start));
        let nearest = acts.min_by_key(|told| (told.hit.role, told.hit.start.abs_diff(place.start)));
        if let Some(told) = nearest {
            let side = if place.start < told.hit.start { "before" } else { "behind" };
            let role = match told.hit.role {
                Role::Verb => "verb",
                Role::Noun => "noun",
                Role::Weak => "weak",
            };
            let far = (told.hit.start.abs_diff(place.start) / 3).min(4);
            out.add("act.", format_args!("{side}.{role}.{far}"));
        }
        let verb = (place.end..(place.end + 3).min(here.end))
            .find(|&at| matches!(view.pos(at), Pos::Verb | Pos::Aux));
        if verb.is_some() && self.in_content(i, place) {
            out.add("then_verb", "");
        }
    }

    /// Those who may be the accuser in relation `i`, given who is accused.
    pub(super) fn accusers(&self, i: usize, accused: &str) -> Vec<Candidate> {
        let (names, case) = (self.scene.names, &self.cases[i]);
        let mut found: Vec<Candidate> = vec![Candidate::default()];
        let add = |found: &mut Vec<Candidate>, name: &str| {
            if found.len() < MOST
                && !name.is_empty()
                && !found.iter().any(|known| known.name.as_deref() == Some(name))
            {
                found.push(Candidate { name: Some(name.to_owned()), clues: List::default() });
            }
        };
        case.speaker.name.iter().for_each(|name| add(&mut found, name));
        let mut near: Vec<&Case> = self.cases.iter().filter(|other| other.at < case.at).collect();
        near.sort_by_key(|other| std::cmp::Reverse(other.at));
        let accusers = near.iter().filter_map(|other| other.claim.as_ref()?.accuser.as_ref());
        accusers.take(12).for_each(|name| add(&mut found, name));
        near.iter()
            .take(12)
            .filter_map(|other| other.speaker.name.as_ref())
            .for_each(|name| add(&mut found, name));
        let later = self.cases.iter().filter_map(|other| other.claim.as_ref()?.accuser.as_ref());
        later.take(12).for_each(|name| add(&mut found, name));
        let sentence = self.scene.view.sentence(case.at);
        for mention in names.in_range(&sentence).iter().take(12) {
            add(&mut found, &names.who[mention.entity].name);
        }
        for candidate in &mut found {
            candidate.clues = self.accuser_clues(i, candidate.name.as_deref(), accused, &near);
        }
        found
    }

    fn accuser_clues(&self, i: usize, name: Option<&str>, accused: &str, near: &[&Case]) -> List {
        let mut out = List::default();
        let case = &self.cases[i];
        let relation = &self.relations[i];
        let class = format!("{:?}", case.class());
        let stance = format!("{:?}", case.stance.stance);
        let means = self.cue_means(i);
        let own = case.speaker.sides.iter().any(|&side| self.scene.names.who[side].name == accused);
        let state = format!("{stance}.{}", if own { "own" } else { "other" });
        let role = match name {
            None => "nobody",
            Some(name) if case.speaker.name.as_deref() == Some(name) => "speaker",
            Some(_) => "other",
        };
        let pair = |role: &str, out: &mut List| {
            for what in [&class, &stance, &state] {
                out.add(role, format_args!("+{what}"));
            }
            out.add(role, format_args!("+cue.{means}"));
            out.add(role, format_args!("+{class}.{stance}"));
            out.add(role, "");
        };
        pair(role, &mut out);
        let outer = self
            .relations
            .iter()
            .zip(self.cases)
            .find(|(outer, _)| *outer != relation && holds(outer, relation));
        if outer.is_some() {
            pair(&format!("nested.{role}"), &mut out);
        }
        let Some(name) = name else { return out };
        if outer.is_some_and(|(_, outer)| outer.speaker.name.as_deref() == Some(name)) {
            pair("outer_speaker", &mut out);
        }
        if name == accused {
            pair("accused", &mut out);
        }
        if let Some(order) = near.iter().position(|other| {
            other.claim.as_ref().is_some_and(|claim| claim.accuser.as_deref() == Some(name))
        }) {
            pair("earlier_accuser", &mut out);
            pair(&format!("earlier_accuser.{}", order.min(3)), &mut out);
        }
        let same = |other: &Case| {
            other.claim.as_ref().is_some_and(|claim| {
                claim.accuser.as_deref() == Some(name) && self.name(&claim.agent) == accused
            })
        };
        if self.cases.iter().any(|other| other.at != case.at && same(other)) {
            pair("accuses_him_elsewhere", &mut out);
        }
        if near.first().is_some_and(|other| other.speaker.name.as_deref() == Some(name)) {
            pair("last_speaker", &mut out);
        }
        if case.claim.as_ref().is_some_and(|claim| claim.accuser.as_deref() == Some(name)) {
            pair("rule.accuser", &mut out);
        }
        if let Some(entity) = self.scene.names.who.iter().position(|who| who.name == name) {
            out.add("kind.", format_args!("{:?}.{role}", self.scene.names.kind(entity)));
            let inside = relation
                .content
                .iter()
                .any(|range| self.scene.names.in_range(range).iter().any(|m| m.entity == entity));
            if inside {
                pair("in_content", &mut out);
            }
            if case.speaker.sides.contains(&entity) && role != "speaker" {
                pair("speaker_side", &mut out);
            }
        }
        out
    }
}
