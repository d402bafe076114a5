//! Whom the words of an attribution accuse, and of what: the agent of an act.
//!
//! Patterns, strongest first: who stands behind an accusing verb, who follows "by", the state whose adjective
//! stands at the act, who is linked to it or behind it, the subject of the verb.

use std::ops::Range;

use preuve_case::{Act, EntityKind};

use super::acts::Told;
use super::entities::{Mention, Names};
use super::gazetteer::Form;
use super::lexicon::{Class, Role};
use super::speaker::Speaker;
use super::stance::cue_window;
use super::view::View;
use crate::attribution::{Pos, Relation};

/// Who is accused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Agent {
    /// An entity of the item.
    Entity(usize),
    /// Words that name nobody known ("hostile foreign sources").
    Phrase(Range<usize>),
}

/// An accusation found in words.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Who.
    pub agent: Agent,
    /// What; `None` where the words name somebody and the act stands elsewhere in the item.
    pub act: Option<Act>,
    /// The tokens that tell of the act, or of the agent where no act is told.
    pub trigger: Range<usize>,
    /// Whether the words say that the victim did it.
    pub staged: bool,
    /// The rule.
    pub rule: &'static str,
    rank: i32,
}

impl Found {
    /// An accusation that no pattern of words told.
    pub(super) fn new(agent: Agent, act: Act, trigger: Range<usize>, rule: &'static str) -> Self {
        Self { agent, act: Some(act), trigger, staged: false, rule, rank: 0 }
    }

    /// An accusation by a pattern of this rank.
    pub(super) fn ranked(
        agent: Agent,
        act: Option<Act>,
        trigger: Range<usize>,
        rule: &'static str,
        rank: i32,
    ) -> Self {
        Self { agent, act, trigger, staged: false, rule, rank }
    }
}

/// What the search reads.
#[derive(Clone, Copy)]
pub(super) struct Scene<'s, 'd> {
    /// The document.
    pub view: &'s View<'d>,
    /// Its entities.
    pub names: &'s Names,
    /// Its acts.
    pub acts: &'s [Told],
}

impl Scene<'_, '_> {
    pub(super) fn acts_in(&self, range: &Range<usize>) -> &[Told] {
        let from = self.acts.partition_point(|told| told.hit.start < range.start);
        let to = self.acts.partition_point(|told| told.hit.start < range.end);
        &self.acts[from..to.max(from)]
    }
}

/// The accusation that the relation's own words make, if any.
pub(super) fn find_agent(scene: Scene, relation: &Relation, speaker: &Speaker) -> Option<Found> {
    let search = Search { scene, relation, speaker };
    let mut found: Vec<Found> = Vec::new();
    found.extend(search.by_cue());
    found.extend(search.owns_up());
    for range in &relation.content {
        search.in_words(range, &mut found);
    }
    found.into_iter().reduce(|best, next| if next.rank > best.rank { next } else { best })
}

pub(super) struct Search<'s, 'd> {
    pub(super) scene: Scene<'s, 'd>,
    pub(super) relation: &'s Relation,
    pub(super) speaker: &'s Speaker,
}

impl Search<'_, '_> {
    pub(super) fn view(&self) -> &View<'_> {
        self.scene.view
    }

    /// The cue accuses ("accused", "blamed", "attributes"): whom, in the content or right behind the cue.
    fn by_cue(&self) -> Option<Found> {
        let view = self.view();
        let cue = cue_window(view, self.relation);
        let at = [Class::AttribTo, Class::Accuse, Class::LinkTo]
            .into_iter()
            .find_map(|class| view.find_in(&cue, class).map(|at| (at, class)));
        let (at, class) = at?;
        let sentence = view.sentence(at);
        if let (Class::Accuse, Some(entity), true) = (class, self.speaker.entity, self.passive(at, &sentence))
        {
            return Some(self.passive_accusation(entity, at));
        }
        if class == Class::Accuse && self.relation.source.is_empty() && self.passive(at, &sentence) {
            return self.accused_before(at, &sentence);
        }
        let behind = at + 1..(at + 9).min(sentence.end);
        let precedes = self.relation.content.first().is_some_and(|range| range.start < at);
        let mut agent = if precedes && class == Class::Accuse { self.object_behind(&behind) } else { None };
        for range in &self.relation.content {
            let led = (class != Class::Accuse).then(|| self.mention_after_to(range)).flatten();
            agent = agent.or(led).or_else(|| self.named(range, class == Class::Accuse));
        }
        let agent = agent
            .or_else(|| self.relative_object(at))
            .or_else(|| self.named(&behind, true))
            .map(Agent::Entity)
            .or_else(|| self.common_noun(class))
            .or_else(|| self.pronoun_object(&cue, at).map(Agent::Entity))?;
        // "… without having shown any proof" is a remark on the accusation, no charge.
        let names = self.scene.names;
        let unnamed = self.relation.content.iter().all(|range| names.in_range(range).is_empty());
        if unnamed && view.find_in(&self.relation.content, Class::Proof).is_some() {
            return None;
        }
        let inside = self.relation.content.iter().find_map(|range| self.best_act(range, at));
        let around = || self.best_act(&sentence, at);
        let act = inside.or_else(|| if self.charged() { None } else { around() });
        let denounces =
            matches!(view.word(at), word if word.starts_with("dénon") || word.starts_with("denun"));
        if denounces || class == Class::LinkTo && act.is_none() {
            return None;
        }
        if act.is_none() && self.charged() && class == Class::Accuse {
            return Some(Found::ranked(agent, Some(Act::Other), at..at + 1, "accusation.accusing_verb", 60));
        }
        Some(Found {
            agent,
            act: act.map(|told| told.hit.act),
            trigger: act.map_or(at..at + 1, |told| told.hit.start..told.hit.end),
            staged: false,
            rule: "accusation.accusing_verb",
            rank: 60,
        })
    }

    /// Whether the content says more than whom and when: a charge of its own ("X of hiding behind a flag").
    fn charged(&self) -> bool {
        let view = self.view();
        let link = |at: &usize| {
            matches!(view.word(*at), "of" | "for" | "d'" | "de" | "pour" | "por") && {
                let next = at + 1;
                let said = matches!(view.pos(next), Pos::Verb | Pos::Aux | Pos::Noun | Pos::Adj)
                    || view.quoted(next)
                    || matches!(view.word(next), "having" | "a" | "the" | "not" | "ne" | "n'" | "no");
                said && self.scene.names.mention_at(next).is_none() && !view.is(next, Class::Month)
            }
        };
        self.relation.content.iter().flat_map(Clone::clone).any(|at| link(&at))
    }

    /// The name right behind an accusing verb, before any other noun ("acusara a X").
    fn object_behind(&self, behind: &Range<usize>) -> Option<usize> {
        let opening = behind.start..(behind.start + 4).min(behind.end);
        self.named(&opening, true)
    }

    /// "X was accused of …": the source of the relation is the accused, and nobody is named who accuses.
    fn passive_accusation(&self, entity: usize, at: usize) -> Found {
        let act = self.relation.content.iter().find_map(|range| self.best_act(range, at));
        Found {
            agent: Agent::Entity(entity),
            act: act.map(|told| told.hit.act),
            trigger: act.map_or(at..at + 1, hit_range_of),
            staged: false,
            rule: "accusation.accusing_verb",
            rank: 60,
        }
    }

    /// "X has been blamed for stealing Y’s notes", said by nobody in particular: X, never Y.
    fn accused_before(&self, at: usize, sentence: &Range<usize>) -> Option<Found> {
        let names = self.scene.names;
        let before = at.saturating_sub(14).max(sentence.start)..at;
        let mention = names
            .in_range(&before)
            .iter()
            .rev()
            .find(|mention| self.can_act(mention) && mention.form != Form::Adjective)?;
        Some(self.passive_accusation(mention.entity, at))
    }

    /// "X, whom they blame", "X, à qui il reproche": the name before the relative pronoun.
    fn relative_object(&self, at: usize) -> Option<usize> {
        let view = self.view();
        let sentence = view.sentence(at);
        let from = at.saturating_sub(7).max(sentence.start);
        let pronoun = (from..at).rev().find(|&place| {
            matches!(view.word(place), "whom" | "qui" | "que" | "qu'" | "quien" | "quienes" | "which")
        })?;
        let before = pronoun.saturating_sub(4).max(sentence.start)..pronoun;
        let mention = self.scene.names.in_range(&before).last()?;
        self.can_act(mention).then_some(mention.entity)
    }

    /// A body or office without a name right behind an accusing verb ("accuse la mairie d’avoir …").
    fn common_noun(&self, class: Class) -> Option<Agent> {
        let view = self.view();
        let first = self.relation.content.first().filter(|_| class == Class::Accuse)?;
        let opening = first.start..(first.start + 4).min(first.end);
        let noun = opening
            .into_iter()
            .find(|&at| view.starts(at, Class::OrgNoun) || view.starts(at, Class::RolePerson))?;
        Some(Agent::Phrase(noun..noun + 1))
    }

    /// "… accused it": the nearest body named before that is not the accuser.
    fn pronoun_object(&self, cue: &[Range<usize>], at: usize) -> Option<usize> {
        let view = self.view();
        let near = cue.iter().flat_map(Clone::clone).chain(at..(at + 3).min(view.len()));
        let content = self.relation.content.iter().flat_map(Clone::clone);
        let object = |&place: &usize| {
            view.starts(place, Class::It)
                || place > at && view.starts(place, Class::He)
                || view.word(place) == "lui"
        };
        let pronoun = near.chain(content).find(object)?;
        self.scene.names.before(view, pronoun, |entity, mention| {
            !self.own(entity)
                && mention.form == Form::Name
                && !self.relation.source.iter().any(|range| range.contains(&mention.range.start))
                && mention.range.start == self.clause_subject(mention)
        })
    }

    /// Where the first mention of the mention's sentence starts.
    fn clause_subject(&self, mention: &Mention) -> usize {
        let sentence = self.view().sentence(mention.range.start);
        self.scene.names.in_range(&sentence).first().map_or(mention.range.start, |first| first.range.start)
    }

    pub(super) fn own(&self, entity: usize) -> bool {
        self.speaker.sides.contains(&entity)
    }

    pub(super) fn can_act(&self, mention: &Mention) -> bool {
        !self.own(mention.entity) && self.scene.names.kind(mention.entity) != EntityKind::Document
    }

    /// The first entity named in `range` that may be accused.
    fn named(&self, range: &Range<usize>, names_only: bool) -> Option<usize> {
        let mentions = self.scene.names.in_range(range);
        if let Some(holder) = self.office_holder(mentions) {
            return Some(holder);
        }
        mentions
            .iter()
            .find(|mention| {
                self.can_act(mention)
                    && !self.suffers(mention)
                    && (!names_only || mention.form != Form::Adjective)
            })
            .or_else(|| mentions.iter().find(|mention| self.can_act(mention) && !self.suffers(mention)))
            .map(|mention| mention.entity)
    }

    /// "the president of the Board, Tom Vale": the person, not the board.
    fn office_holder(&self, mentions: &[Mention]) -> Option<usize> {
        let view = self.view();
        let [body, person, ..] = mentions else { return None };
        let from = body.range.start.saturating_sub(5);
        let role = (from..body.range.start).any(|at| view.is(at, Class::RolePerson));
        let beside = person.range.start == body.range.end + 1 && view.doc.word(body.range.end) == ",";
        let personal = self.scene.names.kind(person.entity) == EntityKind::Person;
        (role && beside && personal && self.can_act(person)).then_some(person.entity)
    }

    /// Whether something is said to be done against the mention.
    fn suffers(&self, mention: &Mention) -> bool {
        let view = self.view();
        let from = mention.range.start.saturating_sub(3);
        (from..mention.range.start).any(|at| view.starts(at, Class::Against) && view.word(at) != "on")
    }

    /// The entity behind "to" ("attribute … to X", "al grupo X").
    fn mention_after_to(&self, range: &Range<usize>) -> Option<usize> {
        let view = self.view();
        range.clone().filter(|&at| view.starts(at, Class::To)).find_map(|at| {
            let near = at + 1..(at + 7).min(range.end);
            self.scene
                .names
                .in_range(&near)
                .iter()
                .find(|mention| self.can_act(mention))
                .map(|mention| mention.entity)
        })
    }

    fn best_act(&self, range: &Range<usize>, near: usize) -> Option<Told> {
        let acts = self.scene.acts_in(range);
        let distance = |told: &&Told| told.hit.start.abs_diff(near);
        let strong =
            acts.iter().filter(|told| told.hit.role != Role::Weak && !told.staged).min_by_key(distance);
        strong.or_else(|| acts.iter().filter(|told| !told.staged).min_by_key(distance)).copied()
    }

    /// Accusations in the words of one stretch of content.
    fn in_words(&self, range: &Range<usize>, out: &mut Vec<Found>) {
        for told in self.scene.acts_in(range) {
            if told.staged {
                out.extend(self.staged(told));
                continue;
            }
            out.extend(self.agent_of(told, range));
        }
        out.extend(self.accusing_verb_inside(range));
        out.extend(self.accusation_against(range));
        out.extend(self.intruders_of(range));
        out.extend(self.named_alone(range));
        out.extend(self.called_a_spy(range));
        out.extend(self.plans_harm(range));
        out.extend(self.did_this(range));
        out.extend(self.traced_to(range));
        out.extend(self.singled_out(range));
        out.extend(self.supplied(range));
        out.extend(self.puppets_of(range));
    }

    /// "the suspicions against X", « les soupçons qui visent X »: an accusation named by its noun, the act understood.
    fn accusation_against(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let noun =
            range.clone().find(|&at| view.is(at, Class::AccuseNoun) || view.is(at, Class::Speculate))?;
        let against = view.find(noun + 1..(noun + 5).min(range.end), Class::Against)?;
        let near = against + 1..(against + 5).min(range.end);
        let mention = self.scene.names.in_range(&near).iter().find(|mention| self.can_act(mention))?;
        Some(Found {
            agent: Agent::Entity(mention.entity),
            act: self.best_act(range, noun).map(|told| told.hit.act),
            trigger: noun..noun + 1,
            staged: false,
            rule: "accusation.accusing_verb_inside",
            rank: 38,
        })
    }

    /// "the intruders worked for X": who sent those who did it, the act understood.
    fn intruders_of(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let intruders = range.clone().find(|&at| view.starts(at, Class::AgentNoun))?;
        let link = view.find(intruders + 1..(intruders + 8).min(range.end), Class::LinkTo)?;
        let near = link + 1..(link + 8).min(range.end);
        let mention = self.scene.names.in_range(&near).iter().find(|mention| self.can_act(mention))?;
        Some(Found {
            agent: Agent::Entity(mention.entity),
            act: self.best_act(range, link).map(|told| told.hit.act),
            trigger: intruders..link + 1,
            staged: false,
            rule: "accusation.hackers_of",
            rank: 42,
        })
    }

    /// The victim of an attack is said to have done it: the body that says it was attacked.
    fn staged(&self, told: &Told) -> Option<Found> {
        let near = told.hit.start.saturating_sub(7)..told.hit.start;
        let victim = self.scene.names.in_range(&near).iter().find(|mention| {
            self.can_act(mention)
                && mention.form == Form::Name
                && self.scene.names.kind(mention.entity) == EntityKind::Organisation
        });
        Some(Found {
            agent: victim
                .map_or(Agent::Phrase(told.hit.start..told.hit.end), |mention| Agent::Entity(mention.entity)),
            act: Some(Act::Disinform),
            trigger: told.hit.start..told.hit.end,
            staged: true,
            rule: "accusation.staged",
            rank: 70,
        })
    }

    fn agent_of(&self, told: &Told, range: &Range<usize>) -> Option<Found> {
        let hit = told.hit;
        let sentence = self.view().sentence(hit.start);
        let window = sentence.start.max(range.start)..sentence.end.min(range.end);
        let explicit = self
            .by_agent(hit.end, &window)
            .or_else(|| self.adjective_at(&hit_range(told), &window))
            .or_else(|| self.linked(&window));
        let (agent, rule, rank) = match explicit {
            Some(found) => found,
            None if hit.role == Role::Weak => return None,
            None => self.subject(told, &window)?,
        };
        let strength = match hit.role {
            Role::Verb => 6,
            Role::Noun => 5,
            Role::Weak => 0,
        };
        let rank = rank + strength;
        Some(Found { agent, act: Some(hit.act), trigger: hit_range(told), staged: false, rule, rank })
    }

    /// "by X", "par X", "de la part de X" behind the act.
    fn by_agent(&self, from: usize, window: &Range<usize>) -> Option<(Agent, &'static str, i32)> {
        let view = self.view();
        let near = (from..(from + 10).min(window.end)).find(|&at| view.starts(at, Class::By));
        let far = || {
            let rest = (from + 10).min(window.end)..(from + 18).min(window.end);
            rest.into_iter().find(|&at| view.starts(at, Class::By) && view.pos(at - 1) == Pos::Verb)
        };
        let by = near.or_else(far)?;
        let near = by + 1..(by + 7).min(window.end);
        let agent = self.agent_in(&near)?;
        Some((agent, "accusation.by", 50))
    }

    /// An entity or generic agent in `near`.
    fn agent_in(&self, near: &Range<usize>) -> Option<Agent> {
        if let Some(mention) = self.scene.names.in_range(near).iter().find(|mention| self.can_act(mention)) {
            return Some(Agent::Entity(mention.entity));
        }
        self.generic_in(near)
    }

    fn generic_in(&self, near: &Range<usize>) -> Option<Agent> {
        let view = self.view();
        let at = view.find(near.clone(), Class::GenericAgent)?;
        let mut end = at;
        while end < near.end && view.is(end, Class::GenericAgent) {
            end += 1;
        }
        Some(Agent::Phrase(at..end))
    }

    /// A state's adjective at the act ("a Belmarkic plot"), or hackers of a state in the same clause.
    fn adjective_at(&self, hit: &Range<usize>, window: &Range<usize>) -> Option<(Agent, &'static str, i32)> {
        let near = hit.start.saturating_sub(2).max(window.start)..(hit.end + 2).min(window.end);
        let names = self.scene.names;
        let adjective = names
            .in_range(&near)
            .iter()
            .find(|mention| mention.form == Form::Adjective && self.can_act(mention));
        if let Some(mention) = adjective {
            return Some((Agent::Entity(mention.entity), "accusation.adjective_of_state", 45));
        }
        let view = self.view();
        let hackers = window.clone().find(|&at| view.starts(at, Class::AgentNoun))?;
        let beside = hackers.saturating_sub(2).max(window.start)..(hackers + 7).min(window.end);
        let state = names.in_range(&beside).iter().find(|mention| {
            let gap_ok = mention.range.start < hackers
                || (hackers + 1..mention.range.start).all(|at| !view.is(at, Class::Be) && !view.mark(at));
            gap_ok && self.can_act(mention)
        })?;
        Some((Agent::Entity(state.entity), "accusation.hackers_of", 44))
    }

    /// "linked to X", "in the service of X", "X was behind".
    fn linked(&self, window: &Range<usize>) -> Option<(Agent, &'static str, i32)> {
        let view = self.view();
        if let Some(at) =
            view.find(window.clone(), Class::LinkTo).or_else(|| view.find(window.clone(), Class::AttribTo))
        {
            let near = at + 1..(at + 12).min(window.end);
            if let Some(agent) = self.agent_in(&near) {
                return Some((agent, "accusation.linked_to", 46));
            }
        }
        let at = view.find(window.clone(), Class::Behind)?;
        // "The work of X", « l’œuvre de X »: X stands behind it; "X is behind it": before.
        let last = (at..window.end).take_while(|&on| view.is(on, Class::Behind)).last().unwrap_or(at);
        if matches!(view.word(last), "of" | "by" | "de" | "du" | "des" | "d'" | "par" | "por" | "del")
            && !view.word(at).starts_with("respons")
        {
            let after = last + 1..(last + 9).min(window.end);
            if let Some(agent) = self.agent_in(&after) {
                return Some((agent, "accusation.behind", 46));
            }
        }
        let before = window.start..at;
        let subject = self
            .scene
            .names
            .in_range(&before)
            .iter()
            .rev()
            .find(|mention| self.can_act(mention) && mention.form != Form::Adjective);
        if let Some(mention) = subject {
            return Some((Agent::Entity(mention.entity), "accusation.behind", 46));
        }
        let after = at + 1..(at + 7).min(window.end);
        self.agent_in(&after).map(|agent| (agent, "accusation.behind", 44))
    }

    /// The subject of the act's verb: the nearest name before it in its sentence.
    fn subject(&self, told: &Told, window: &Range<usize>) -> Option<(Agent, &'static str, i32)> {
        let _view = self.view();
        let start = told.hit.start;
        if told.hit.role == Role::Verb && self.passive(start, window) {
            return None;
        }
        let before = window.start.max(start.saturating_sub(22))..start;
        let mentions = self.scene.names.in_range(&before);
        let candidate = mentions.iter().rev().find(|mention| {
            mention.form != Form::Adjective
                && self.can_act(mention)
                && !self.located(mention)
                && !self.owned(mention)
                && !self.apposed(mention, mentions)
                && !self.struck(mention, told)
        });
        if let Some(mention) = candidate {
            let gap = start - mention.range.end.min(start);
            let base = if told.hit.role == Role::Verb { 30 } else { 20 };
            return Some((
                Agent::Entity(mention.entity),
                "accusation.subject",
                base - gap.min(12) as i32 / 2,
            ));
        }
        let generic = self.generic_in(&before)?;
        Some((generic, "accusation.subject", 22))
    }

    /// "The Civic Union break-in": the body or person right before the noun of an act suffered it.
    fn struck(&self, mention: &Mention, told: &Told) -> bool {
        let kind = self.scene.names.kind(mention.entity);
        told.hit.role == Role::Noun
            && mention.range.end == told.hit.start
            && matches!(kind, EntityKind::Organisation | EntityKind::Person)
    }

    /// Whether a form of "to be" makes the participle at `at` passive.
    fn passive(&self, at: usize, window: &Range<usize>) -> bool {
        let view = self.view();
        let from = at.saturating_sub(3).max(window.start);
        // "… had been hacked and accused Karsland": the form of "to be" belongs to another verb.
        let own = |place: usize| {
            (place + 1..at).all(|between| {
                !view.mark(between)
                    && !matches!(view.word(between), "and" | "et" | "y")
                    && !matches!(
                        view.doc.tokens[between].pos,
                        Pos::Verb | Pos::Cconj | Pos::Noun | Pos::Propn
                    )
            })
        };
        (from..at).filter(|&place| own(place)).any(|place| {
            matches!(
                view.word(place),
                "was"
                    | "were"
                    | "been"
                    | "being"
                    | "be"
                    | "is"
                    | "are"
                    | "été"
                    | "étaient"
                    | "était"
                    | "sont"
                    | "fut"
                    | "furent"
                    | "fue"
                    | "fueron"
                    | "sido"
                    | "ser"
                    | "être"
                    | "son"
                    | "siendo"
            )
        })
    }

    /// Whether the mention stands in an apposition to another one ("Vale, adviser to Brook, …").
    fn apposed(&self, mention: &Mention, all: &[Mention]) -> bool {
        let view = self.view();
        let closed = mention.range.end < view.len() && view.doc.word(mention.range.end) == ",";
        closed
            && all.iter().any(|other| {
                let comma = other.range.end;
                comma < mention.range.start && view.doc.word(comma) == "," && mention.range.start - comma < 9
            })
    }

    /// Whether the mention tells of a place ("in X", "à X").
    fn located(&self, mention: &Mention) -> bool {
        let view = self.view();
        let start = mention.range.start;
        start > 0 && view.starts(start - 1, Class::Locative) && !view.starts(start - 1, Class::By)
    }

    /// Whether the mention only tells whose something is ("of X").
    fn owned(&self, mention: &Mention) -> bool {
        let view = self.view();
        let mut before = mention.range.start;
        while before > 0 && matches!(view.word(before - 1), "the" | "l'" | "la" | "le" | "el" | "les" | "los")
        {
            before -= 1;
        }
        before > 0
            && view.is(before - 1, Class::Of)
            && !view.is(before.saturating_sub(2), Class::GroupNoun)
            && !view.is(before.saturating_sub(2), Class::OrgNoun)
    }

    /// An accusing verb inside the content ("We attribute this operation to the state of X", "désignant X").
    fn accusing_verb_inside(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let attributes = view.find(range.clone(), Class::AttribTo);
        let inverted = |at: usize| {
            at > 0
                && matches!(
                    view.word(at - 1),
                    "lui" | "leur" | "que" | "qu'" | "le" | "la" | "les" | "l'" | "lo" | "los"
                )
        };
        let accuses = view.find(range.clone(), Class::Accuse).filter(|&at| !inverted(at));
        let at = attributes.or(accuses)?;
        let rest = at + 1..range.end;
        let near = at + 1..(at + 6).min(range.end);
        let agent = match attributes {
            Some(_) => self.mention_after_to(&rest)?,
            None => self.named(&near, true)?,
        };
        let act = self.best_act(range, at);
        Some(Found {
            agent: Agent::Entity(agent),
            act: act.map(|told| told.hit.act),
            trigger: act.map_or(at..at + 1, hit_range_of),
            staged: false,
            rule: "accusation.accusing_verb_inside",
            rank: 40,
        })
    }

    /// "It is X", "fue X", "X was behind it": a name alone, the act understood.
    fn named_alone(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let behind = view.find(range.clone(), Class::Behind).is_some();
        let words = range.clone().filter(|&at| !view.mark(at)).count();
        let is_copula = |at: usize| {
            matches!(view.word(at), "is" | "was" | "est" | "était" | "es" | "fue" | "era" | "sont")
        };
        let copula = range.clone().any(is_copula);
        let sentence_end = range.end;
        let last = self.scene.names.in_range(range).last()?;
        let closes = sentence_end - last.range.end.min(sentence_end) <= 3;
        let state = matches!(self.scene.names.kind(last.entity), EntityKind::State);
        // "It is X" names who did it, "X is dull" does not.
        let led = (range.start..last.range.start).any(is_copula);
        let opening = led && last.range.start - range.start <= 4;
        let fits = behind
            || (copula && state && opening)
            || (copula && closes && state && words <= 6)
            || (copula && closes && state && self.generic_in(range).is_some());
        (fits
            && self.can_act(last)
            && self.scene.acts_in(range).iter().all(|told| told.hit.role == Role::Weak))
        .then(|| Found {
            agent: Agent::Entity(last.entity),
            act: None,
            trigger: last.range.clone(),
            staged: false,
            rule: "accusation.named_alone",
            rank: 15,
        })
    }
}

fn hit_range(told: &Told) -> Range<usize> {
    told.hit.start..told.hit.end
}

fn hit_range_of(told: Told) -> Range<usize> {
    hit_range(&told)
}

#[cfg(test)]
mod tests {
    use preuve_case::Lang;

    use super::super::Hints;
    use super::super::acts::find_acts;
    use super::super::speaker::speakers;
    use super::super::tests::relation;
    use super::*;
    use crate::attribution::Document;

    fn accused(text: &str, lang: Lang) -> Option<(String, Option<Act>)> {
        let (text, relation) = relation(text, lang);
        let doc = Document::new(&text, lang);
        let view = View::new(&doc);
        let hints = Hints::default();
        let names = Names::new(&view, &hints);
        let acts = find_acts(&view);
        let speakers = speakers(&view, &names, std::slice::from_ref(&relation), &hints);
        let found = find_agent(Scene { view: &view, names: &names, acts: &acts }, &relation, &speakers[0])?;
        let name = match found.agent {
            Agent::Entity(entity) => names.who[entity].name.clone(),
            Agent::Phrase(range) => doc.slice(&range).to_owned(),
        };
        Some((name, found.act))
    }

    fn some(name: &str, act: Act) -> Option<(String, Option<Act>)> {
        Some((name.to_owned(), Some(act)))
    }

    #[test]
    fn accusing_verbs_name_the_accused() {
        assert_eq!(
            accused("[The Reed League] <accused> {Belmark of hacking its mail}.", Lang::En),
            some("Belmark", Act::Hack)
        );
        assert_eq!(
            accused("[La Ligue rouge] <accuse> {le Belmark d’avoir piraté sa messagerie}.", Lang::Fr),
            some("Belmark", Act::Hack)
        );
        assert_eq!(
            accused("[La Liga Roja] <culpa> {a Belmark del pirateo de sus correos}.", Lang::Es),
            some("Belmark", Act::Hack)
        );
        assert_eq!(
            accused("[La Oficina] <atribuye> {al grupo Red Owl los correos trampa}.", Lang::Es),
            some("Red Owl", Act::Phish)
        );
    }

    #[test]
    fn agents_follow_by_or_stand_as_adjective() {
        assert_eq!(
            accused("[She] <said> {the files were stolen by Belmark}.", Lang::En),
            some("Belmark", Act::Hack)
        );
        assert_eq!(
            accused("Le Belmark rit. [Une députée] <parle> d’{un complot belmarkais}.", Lang::Fr),
            some("Belmark", Act::Plot)
        );
        assert_eq!(
            accused("[Ella] <dijo> {que fueron robados por una potencia extranjera}.", Lang::Es),
            some("potencia extranjera", Act::Hack)
        );
    }

    #[test]
    fn subjects_of_active_verbs_are_agents_and_of_passive_ones_not() {
        assert_eq!(
            accused("[She] <said> {that Belmark had got into one of its mailboxes}.", Lang::En),
            some("Belmark", Act::Hack)
        );
        assert_eq!(
            accused("[Elle] <affirme> {que le Belmark est entré dans ses serveurs}.", Lang::Fr),
            some("Belmark", Act::Hack)
        );
        assert_eq!(accused("[The Reed League] <said> {its messages had been hacked}.", Lang::En), None);
    }

    #[test]
    fn a_passive_before_an_and_does_not_turn_the_accusation_round() {
        assert_eq!(
            accused(
                "[The Reed League] said its mail had been hacked and <accused> {Belmark of hacking it}.",
                Lang::En
            ),
            some("Belmark", Act::Hack)
        );
    }

    #[test]
    fn the_speaker_does_not_accuse_himself() {
        assert_eq!(accused("[Belmark] <said> {that Belmark had hacked nobody}.", Lang::En), None);
    }
}
