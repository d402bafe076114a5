//! Accusations told by a plain predicate: somebody is a spy, owns up to what he did, plans harm, "did this".

use std::ops::Range;

use preuve_case::{Act, EntityKind};

use super::agent::{Agent, Found, Search};
use super::entities::Mention;
use super::gazetteer::Form;
use super::lexicon::{Class, Role};
use super::stance::cue_window;
use crate::attribution::Pos;

/// Whether `word` is a form of "to be" that can single somebody out.
fn is_copula(word: &str) -> bool {
    matches!(
        word,
        "is" | "was" | "'s" | "est" | "était" | "sont" | "serait" | "es" | "fue" | "era" | "fueron" | "sería"
    )
}

/// Tokens between a subject and the noun that is said of it.
const REACH: usize = 10;

impl Search<'_, '_> {
    /// "X is a paid agent of Y", "called him a spy", « a présenté X comme un agent »: X spied.
    pub(super) fn called_a_spy(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        range.clone().filter(|&at| view.starts(at, Class::SpyNoun)).find_map(|noun| {
            // An agent, unlike a spy, is one only where it is told whose.
            let open = matches!(
                view.word(noun),
                "agent" | "agents" | "agente" | "agentes" | "asset" | "operative" | "plant" | "stooge"
            );
            let subject = self.described(noun, range)?;
            (!open || self.serves(noun, range)).then(|| {
                Found::ranked(
                    Agent::Entity(subject),
                    Some(Act::Spy),
                    noun..noun + 1,
                    "accusation.called_a_spy",
                    58,
                )
            })
        })
    }

    /// Whether the agent named at `noun` is one by his work: "secret agent", "agent of Karsland".
    fn serves(&self, noun: usize, range: &Range<usize>) -> bool {
        let view = self.view();
        let secret = (noun.saturating_sub(3).max(range.start)..noun).any(|at| view.starts(at, Class::Secret));
        let names = self.scene.names;
        let state = |mention: &Mention| {
            names.kind(mention.entity) == EntityKind::State || mention.form == Form::Adjective
        };
        let before = names.in_range(&(noun.saturating_sub(2).max(range.start)..noun)).iter().any(state);
        let near = noun + 1..(noun + 7).min(range.end);
        let led = view.is(noun + 1, Class::Of);
        let body = |mention: &Mention| names.kind(mention.entity) != EntityKind::Person;
        let after = names.in_range(&near).iter().any(|mention| state(mention) || led && body(mention));
        secret || before || after || near.clone().any(|at| view.starts(at, Class::Secret))
    }

    /// Of whom the noun at `noun` is said: the subject of a copula before it, or the object of a calling cue.
    fn described(&self, noun: usize, range: &Range<usize>) -> Option<usize> {
        let view = self.view();
        let sentence = view.sentence(noun);
        let from = noun.saturating_sub(REACH).max(sentence.start);
        let link = (from..noun).rev().find(|&at| {
            view.is(at, Class::Be) && !matches!(view.word(at), "has" | "have" | "had")
                || matches!(
                    view.word(at),
                    "as" | "comme" | "como" | "est" | "es" | "era" | "fue" | "était" | "sería" | "serait"
                )
        });
        let called = || {
            let calls = view.find_in(&cue_window(view, self.relation), Class::Calls)?;
            let opens = calls < noun && noun - range.start <= 5;
            opens.then_some(noun)
        };
        let link = link.or_else(called)?;
        let subject = link.saturating_sub(REACH).max(sentence.start)..link;
        subject.rev().find_map(|at| self.person_at(at))
    }

    /// The entity named or meant by a pronoun at token `at`, no state and not the speaker.
    fn person_at(&self, at: usize) -> Option<usize> {
        let (view, names) = (self.view(), self.scene.names);
        if let Some(mention) = names.mention_at(at) {
            let acts = self.can_act(mention) && mention.form == Form::Name;
            return acts.then_some(mention.entity).filter(|&entity| names.kind(entity) != EntityKind::State);
        }
        let pronoun = view.starts(at, Class::He) || view.starts(at, Class::She);
        pronoun.then(|| {
            names.before(view, at, |entity, _| names.kind(entity) == EntityKind::Person && !self.own(entity))
        })?
    }

    /// "She admitted leaking the memo", "the group claimed responsibility for the attack": the speaker did it.
    pub(super) fn owns_up(&self) -> Option<Found> {
        let view = self.view();
        let window = cue_window(view, self.relation);
        let first = self.relation.content.first()?;
        let opening = first.start..(first.start + 3).min(first.end);
        let confesses = view
            .find_in(&window, Class::Confess)
            .or_else(|| view.find(opening.clone(), Class::Responsibility).filter(|_| !window.is_empty()));
        let said_of_oneself = view
            .find(opening.clone(), Class::I)
            .filter(|&at| at <= first.start + 1 || view.mark(first.start));
        // "It was me", « je l’ai fait »: what was done is told elsewhere.
        if let Some(at) = view.find_in(&self.relation.content, Class::ItWasMe) {
            let plain = (at.saturating_sub(4)..at).all(|before| !view.starts(before, Class::Neg));
            let rule = "accusation.owned_up";
            return self
                .speaker
                .entity
                .filter(|_| plain)
                .map(|entity| Found::ranked(Agent::Entity(entity), None, at..at + 1, rule, 62));
        }
        // "Claimed responsibility for the attack": whatever the attack is.
        if let Some(at) = view.find_in(&window, Class::Responsibility) {
            let told = self.relation.content.iter().flat_map(|range| self.scene.acts_in(range)).next();
            let attack = view.find_in(&self.relation.content, Class::AttackWord);
            let trigger = told.map(|told| told.hit.start).or(attack).unwrap_or(at);
            let act = told.map(|told| told.hit.act);
            return self.speaker.entity.map(|entity| {
                Found::ranked(Agent::Entity(entity), act, trigger..trigger + 1, "accusation.owned_up", 62)
            });
        }
        confesses.or(said_of_oneself)?;
        let told = self
            .relation
            .content
            .iter()
            .flat_map(|range| self.scene.acts_in(range))
            .find(|told| told.hit.role != Role::Weak && !told.staged)?;
        let before = first.start..told.hit.start;
        let others = before.clone().any(|at| {
            let named = self.scene.names.mention_at(at);
            named.is_some_and(|mention| !self.own(mention.entity)) || view.starts(at, Class::They)
        });
        let verb =
            told.hit.role == Role::Verb || confesses.is_some_and(|at| view.starts(at, Class::Responsibility));
        let close = before.len() <= if said_of_oneself.is_some() { 4 } else { 6 };
        let negated = before.clone().any(|at| view.starts(at, Class::Neg));
        let by =
            view.find(told.hit.end..(told.hit.end + 8).min(view.sentence(told.hit.start).end), Class::By);
        let entity = self.speaker.entity?;
        (!others && verb && close && !negated && by.is_none()).then(|| {
            let trigger = told.hit.start..told.hit.end;
            Found::ranked(Agent::Entity(entity), Some(told.hit.act), trigger, "accusation.owned_up", 62)
        })
    }

    /// "X plans to poison the bay", « X s’apprête à couper l’électricité »: who plans harm plots.
    pub(super) fn plans_harm(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        range.clone().filter(|&at| view.starts(at, Class::Plan)).find_map(|plan| {
            let end = view.sentence(plan).end.min(range.end);
            let harm = view.find(plan + 1..(plan + 12).min(end), Class::Harm)?;
            let agent = self.subject_before(plan, range, |mention| mention.form != Form::Adjective)?;
            Some(Found::ranked(agent, Some(Act::Plot), plan..harm + 1, "accusation.plans_harm", 48))
        })
    }

    /// Who stands nearest before the verb at `verb`, in its sentence and in `range`, and `fits`.
    fn subject_before(
        &self,
        verb: usize,
        range: &Range<usize>,
        fits: impl Fn(&Mention) -> bool,
    ) -> Option<Agent> {
        let from = verb.saturating_sub(8).max(self.view().sentence(verb).start).max(range.start);
        let mentions = self.scene.names.in_range(&(from..verb));
        let subject = mentions.iter().rfind(|mention| self.can_act(mention) && fits(mention))?;
        Some(Agent::Entity(subject.entity))
    }

    /// "It was X who passed it on", « c’est X qui a fourni le site », "fue X quien": X, and nobody else, did it.
    pub(super) fn singled_out(&self, range: &Range<usize>) -> Option<Found> {
        let (view, names) = (self.view(), self.scene.names);
        range.clone().filter(|&at| is_copula(view.word(at))).find_map(|copula| {
            let near = copula + 1..(copula + 6).min(range.end);
            let mention = names.in_range(&near).iter().find(|mention| self.can_act(mention))?;
            let who = (mention.range.end..(mention.range.end + 3).min(range.end)).find(|&at| {
                matches!(view.word(at), "who" | "that" | "which" | "qui" | "quien" | "quienes" | "que")
            })?;
            let dummy = copula == range.start
                || matches!(
                    view.word(copula - 1),
                    "it" | "c'" | "ce" | "that" | "no" | "n'" | "«" | "\"" | "“" | "que" | "qu'"
                );
            let clause = who + 1..(who + 12).min(view.sentence(who).end).min(range.end);
            let act = self.scene.acts_in(&clause).first().map(|told| told.hit.act);
            let supplies = || view.find(clause.clone(), Class::Handover).map(|_| Act::Leak);
            let act = act.or_else(supplies)?;
            dummy.then(|| {
                let trigger = copula..who + 1;
                Found::ranked(Agent::Entity(mention.entity), Some(act), trigger, "accusation.singled_out", 52)
            })
        })
    }

    /// "X supplied The Cloakroom": handing something to an outlet leaks it.
    pub(super) fn supplied(&self, range: &Range<usize>) -> Option<Found> {
        let (view, names) = (self.view(), self.scene.names);
        range.clone().filter(|&at| view.starts(at, Class::Handover)).find_map(|verb| {
            let behind = verb + 1..(verb + 9).min(view.sentence(verb).end).min(range.end);
            let outlet = |mention: &Mention| names.kind(mention.entity) == EntityKind::Outlet;
            names.in_range(&behind).iter().find(|mention| outlet(mention))?;
            let fits = |mention: &Mention| mention.form == Form::Name && !outlet(mention);
            let agent = self.subject_before(verb, range, fits)?;
            Some(Found::ranked(agent, Some(Act::Leak), verb..verb + 1, "accusation.supplied", 34))
        })
    }

    /// "The accounts were run from a building of X": whose puppets they are.
    pub(super) fn puppets_of(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let puppet = |&at: &usize| {
            view.starts(at, Class::FakeAdj)
                || matches!(
                    view.word(at),
                    "accounts"
                        | "profiles"
                        | "network"
                        | "bots"
                        | "sites"
                        | "comptes"
                        | "profils"
                        | "réseau"
                        | "cuentas"
                        | "perfiles"
                        | "red"
                )
        };
        range.clone().filter(puppet).find_map(|noun| {
            let link = view.find(noun + 1..(noun + 10).min(range.end), Class::LinkTo)?;
            let near = link + 1..(link + 10).min(range.end);
            let mention = self.scene.names.in_range(&near).iter().find(|mention| self.can_act(mention))?;
            let trigger = noun..link + 1;
            let agent = Agent::Entity(mention.entity);
            Some(Found::ranked(agent, Some(Act::Disinform), trigger, "accusation.puppets_of", 43))
        })
    }

    /// "They trace back to X", "the team worked on behalf of X": whose work it is, the act told elsewhere.
    pub(super) fn traced_to(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let links = |&at: &usize| view.starts(at, Class::LinkTo) || view.starts(at, Class::AttribTo);
        range.clone().filter(links).find_map(|link| {
            let sentence = view.sentence(link);
            let before = link.saturating_sub(7).max(sentence.start).max(range.start)..link;
            let subject = before.clone().any(|at| {
                const DEEDS: [Class; 5] =
                    [Class::They, Class::It, Class::AttackWord, Class::AgentNoun, Class::GroupNoun];
                DEEDS.iter().any(|&class| view.starts(at, class))
            });
            let near = link + 1..(link + 12).min(sentence.end).min(range.end);
            let mention = self.scene.names.in_range(&near).iter().find(|mention| self.can_act(mention))?;
            let negated = before.clone().any(|at| view.starts(at, Class::Neg));
            let agent = Agent::Entity(mention.entity);
            (subject && !negated)
                .then(|| Found::ranked(agent, None, link..link + 1, "accusation.traced_to", 26))
        })
    }

    /// "A state did this, and that state is X", "X did it": who did what the item tells of.
    pub(super) fn did_this(&self, range: &Range<usize>) -> Option<Found> {
        let view = self.view();
        let did = view.find(range.clone(), Class::DidThis)?;
        let before = did.saturating_sub(6).max(range.start)..did;
        let names = self.scene.names;
        let able = |mention: &&Mention| self.can_act(mention) && mention.form == Form::Name;
        let subject = names.in_range(&before).iter().rev().find(able);
        let later = || names.in_range(&(did..range.end)).iter().rfind(able);
        let mention = subject.or_else(later)?;
        let verb = matches!(view.pos(did), Pos::Verb | Pos::Aux | Pos::X | Pos::Noun);
        verb.then(|| {
            Found::ranked(Agent::Entity(mention.entity), None, did..did + 1, "accusation.did_this", 36)
        })
    }
}
