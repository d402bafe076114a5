//! The item as a whole: which claims stand in it, what denials and doubts refer to, which caveat belongs to whom.

use std::collections::BTreeMap;
use std::ops::Range;

use preuve_case::{Act, EntityKind, Evidence, SourceClass, Span, Stance};

use super::agent::{Agent, Found, Scene, find_agent};
use super::lexicon::{Class, Role};
use super::speaker::Speaker;
use super::stance::{self, Told};
use super::take::Learnt;
use super::target::find_target;
use crate::attribution::Relation;

/// An accusation that stands in the item.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// Who is accused.
    pub agent: Agent,
    /// Of what.
    pub act: Act,
    /// To whom it was done.
    pub target: Option<usize>,
    /// Who accuses.
    pub accuser: Option<String>,
    /// Entities on the accuser's side.
    pub sides: Vec<usize>,
    /// Where.
    pub at: usize,
    /// Tokens that tell of it.
    pub trigger: Range<usize>,
    /// Whether only a vague reference makes it ("they came for our plans").
    pub vague: bool,
    /// The rule.
    pub rule: &'static str,
}

/// What the rules settled for one relation.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// Stance.
    pub stance: Told,
    /// Who speaks.
    pub speaker: Speaker,
    /// Evidence, its rule, its words.
    pub evidence: (Evidence, &'static str, Vec<Span>),
    /// The accusation it is about.
    pub claim: Option<Claim>,
    /// The strongest clues of what was learned.
    pub clues: Vec<String>,
    /// Token at which the cue starts, else the content.
    pub at: usize,
    /// Whether it stands in the headline.
    pub headline: bool,
}

impl Case {
    /// Class of the source.
    pub(super) fn class(&self) -> SourceClass {
        self.speaker.class.unwrap_or(SourceClass::Unnamed)
    }
}

/// Settle every relation of the item, by the rules alone or with the learned `verdicts`, one a relation beside the
/// case that the rules made of it.
pub(super) fn settle(
    scene: Scene,
    relations: &[Relation],
    speakers: Vec<Speaker>,
    verdicts: &[Learnt],
) -> Vec<Case> {
    let view = scene.view;
    let cases = relations.iter().zip(speakers).map(|(relation, speaker)| Case {
        stance: stance::by_words(view, relation),
        speaker,
        evidence: (Evidence::NoneStated, "evidence.none", Vec::new()),
        claim: None,
        clues: Vec::new(),
        at: cue_token(relation),
        headline: view.headline(cue_token(relation)),
    });
    let mut table = Table { scene, relations, cases: cases.collect(), spoken: Vec::new() };
    for (i, learnt) in verdicts.iter().enumerate() {
        table.take_verdict(i, &learnt.verdicts, learnt.before);
    }
    table.claims();
    table.agree_on_targets();
    table.spoken = table.asserted();
    table.go_on();
    table.spoken = table.asserted();
    table.narrated();
    if verdicts.is_empty() {
        table.deny_by_role();
    }
    table.inherit();
    if verdicts.is_empty() {
        table.confirm();
    }
    for (i, learnt) in verdicts.iter().enumerate() {
        table.take_claim(i, learnt);
    }
    table.evidence();
    for (i, learnt) in verdicts.iter().enumerate() {
        table.take_evidence(i, &learnt.verdicts);
    }
    table.cases
}

/// The token at which the relation's cue starts, else its content.
pub(super) fn cue_token(relation: &Relation) -> usize {
    let first = |ranges: &[Range<usize>]| ranges.first().map(|range| range.start);
    first(&relation.cue).or_else(|| first(&relation.content)).unwrap_or(0)
}

/// The relations of an item with what is settled so far.
pub(super) struct Table<'s, 'd> {
    pub(super) scene: Scene<'s, 'd>,
    pub(super) relations: &'s [Relation],
    pub(super) cases: Vec<Case>,
    /// Claims that somebody makes in the item, in order.
    pub(super) spoken: Vec<Claim>,
}

impl Table<'_, '_> {
    /// Accusations made by the relations' own words.
    fn claims(&mut self) {
        let found: Vec<Option<Found>> = (self.relations.iter().zip(&self.cases))
            .map(|(relation, case)| find_agent(self.scene, relation, &case.speaker))
            .collect();
        let main = main_claim(self.scene, &found);
        let staged: Vec<(usize, Found)> = found
            .iter()
            .enumerate()
            .filter_map(|(i, found)| Some((i, found.clone().filter(|found| found.staged)?)))
            .collect();
        for (i, found) in found.into_iter().enumerate() {
            let claim =
                found.filter(|found| !found.staged).and_then(|found| self.claim_of(i, &found, main, None));
            self.cases[i].claim = claim;
        }
        let victim = self.common_victim();
        for (i, found) in staged {
            let claim = self.claim_of(i, &found, main, victim);
            self.cases[i].claim = claim;
        }
        self.doctored();
        self.resembles(main);
        self.bare_accusation(main);
        self.take_up();
    }

    /// One article tells of one victim of an act by one accused: the target named most often stands for those named
    /// less, and for none.
    fn agree_on_targets(&mut self) {
        let told: Vec<(Agent, Act, usize)> = self
            .cases
            .iter()
            .filter_map(|case| case.claim.as_ref())
            .filter_map(|claim| Some((claim.agent.clone(), claim.act, claim.target?)))
            .collect();
        let times = |agent: &Agent, act: Act, target: usize| {
            told.iter().filter(|(a, b, c)| a == agent && *b == act && *c == target).count()
        };
        for claim in self.cases.iter_mut().filter_map(|case| case.claim.as_mut()) {
            let same = told.iter().filter(|(agent, act, _)| *agent == claim.agent && *act == claim.act);
            // The first of those named equally often, so the order of the text decides.
            let most = same.rev().max_by_key(|(agent, act, target)| times(agent, *act, *target));
            let own = claim.target.map_or(0, |target| times(&claim.agent, claim.act, target));
            if let Some((agent, act, target)) = most
                && times(agent, *act, *target) > own
            {
                claim.target = Some(*target);
            }
        }
    }

    /// "Some of the published pages had been doctored": whoever published them is accused, where nobody else is.
    fn doctored(&mut self) {
        let Some(publisher) = self.publisher_of_files() else { return };
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            let own = case.speaker.sides.contains(&publisher);
            if case.claim.is_some() || own || case.stance.stance != Stance::Asserts {
                continue;
            }
            let told = self.relations[i].content.iter().flat_map(|range| self.scene.acts_in(range));
            let Some(told) = told
                .into_iter()
                .find(|told| told.hit.act == Act::Forge && told.hit.role != Role::Weak && !told.staged)
            else {
                continue;
            };
            let hit = told.hit;
            let found = Found::ranked(
                Agent::Entity(publisher),
                Some(Act::Forge),
                hit.start..hit.end,
                "accusation.doctored",
                0,
            );
            self.cases[i].claim = self.claim_of(i, &found, None, None);
        }
    }

    /// Who put the files of the item before the public: the site or body of which that is told first.
    fn publisher_of_files(&self) -> Option<usize> {
        let (view, names) = (self.scene.view, self.scene.names);
        (0..view.len()).filter(|&at| view.starts(at, Class::Publish)).find_map(|at| {
            let sentence = view.sentence(at);
            let near = at.saturating_sub(12).max(sentence.start)..(at + 10).min(sentence.end);
            view.find(near, Class::FileNoun)?;
            let before = at.saturating_sub(12).max(sentence.start)..at;
            let mention = names.in_range(&before).iter().next_back()?;
            let able = matches!(
                names.kind(mention.entity),
                EntityKind::Outlet | EntityKind::Organisation | EntityKind::Unknown
            );
            (able && names.outlet != Some(mention.entity)).then_some(mention.entity)
        })
    }

    /// A supposition that names the main suspect without telling of an act is about the main claim.
    fn resembles(&mut self, main: Option<(usize, Act)>) {
        let Some((suspect, act)) = main else { return };
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            if case.claim.is_some() || case.stance.rule != "stance.held_possible" {
                continue;
            }
            let content = &self.relations[i].content;
            let named = content
                .iter()
                .flat_map(|range| self.scene.names.in_range(range))
                .find(|m| m.entity == suspect);
            let Some(mention) = named else { continue };
            self.cases[i].claim = Some(Claim {
                agent: Agent::Entity(suspect),
                act,
                target: None,
                accuser: accuser_of(&case.speaker),
                sides: case.speaker.sides.clone(),
                at: case.at,
                trigger: mention.range.clone(),
                vague: true,
                rule: "accusation.resemblance",
            });
        }
    }

    /// "… had made the accusation": the item's main claim, made by this speaker.
    fn bare_accusation(&mut self, main: Option<(usize, Act)>) {
        let view = self.scene.view;
        let Some((suspect, act)) = main else { return };
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            let content = &self.relations[i].content;
            let words: usize = content.iter().map(ExactSizeIterator::len).sum();
            let noun = view.find_in(content, Class::AccuseNoun).filter(|_| words <= 3);
            let Some(at) = noun.filter(|_| case.claim.is_none() && case.stance.stance == Stance::Asserts)
            else {
                continue;
            };
            if case.speaker.sides.contains(&suspect) {
                continue;
            }
            self.cases[i].claim = Some(Claim {
                agent: Agent::Entity(suspect),
                act,
                target: None,
                accuser: accuser_of(&case.speaker),
                sides: case.speaker.sides.clone(),
                at: case.at,
                trigger: at..at + 1,
                vague: false,
                rule: "accusation.told_in_passing",
            });
        }
    }

    /// "They came for our plans", said right after an accusation by the same side, takes it up.
    fn take_up(&mut self) {
        let view = self.scene.view;
        for i in 0..self.cases.len() {
            if self.cases[i].claim.is_some() {
                continue;
            }
            let Some(at) = view.find_in(&self.relations[i].content, Class::WeakTake) else { continue };
            let here = view.paragraph_index(self.cases[i].at);
            let earlier = self.cases.iter().filter(|case| case.at < self.cases[i].at).filter_map(|case| {
                let claim = case.claim.as_ref()?;
                let same = case.speaker.sides.iter().any(|side| self.cases[i].speaker.sides.contains(side));
                (same && view.paragraph_index(case.at) == here && claim.act == Act::Hack).then_some(claim)
            });
            let Some(claim) = earlier.max_by_key(|claim| claim.at).cloned() else { continue };
            let speaker = &self.cases[i].speaker;
            let (accuser, sides) = (accuser_of(speaker), speaker.sides.clone());
            let taken = Claim {
                accuser,
                sides,
                at: self.cases[i].at,
                trigger: at..at + 1,
                vague: true,
                rule: "accusation.taken_up",
                ..claim
            };
            self.cases[i].claim = Some(taken);
        }
    }

    /// The body most often said to be the victim of the attacks of the item.
    fn common_victim(&self) -> Option<usize> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for claim in
            self.cases.iter().filter_map(|case| case.claim.as_ref()).filter(|claim| claim.act == Act::Hack)
        {
            if let Some(target) =
                claim.target.filter(|&t| self.scene.names.kind(t) == EntityKind::Organisation)
            {
                *counts.entry(target).or_insert(0) += 1;
            }
        }
        counts
            .into_iter()
            .max_by_key(|&(target, count)| (count, std::cmp::Reverse(target)))
            .map(|(target, _)| target)
    }

    fn claim_of(
        &self,
        i: usize,
        found: &Found,
        main: Option<(usize, Act)>,
        victim: Option<usize>,
    ) -> Option<Claim> {
        let case = &self.cases[i];
        let agent = match (&found.agent, main) {
            (Agent::Phrase(_), _) if found.staged => Agent::Entity(victim.or_else(|| self.victim())?),
            (Agent::Phrase(_), Some((entity, _))) if !case.speaker.sides.contains(&entity) => {
                Agent::Entity(entity)
            }
            (agent, _) => agent.clone(),
        };
        let act = found
            .act
            .or_else(|| self.act_understood(i, &agent, main))
            .or_else(|| (found.rule == "accusation.accusing_verb").then_some(Act::Other))?;
        let own = matches!(agent, Agent::Entity(entity) if case.speaker.sides.contains(&entity));
        Some(Claim {
            target: find_target(self.scene, found, &case.speaker),
            agent,
            act,
            // Who owns up accuses himself; else nobody does.
            accuser: accuser_of(&case.speaker).filter(|_| !own || found.rule == "accusation.owned_up"),
            sides: case.speaker.sides.clone(),
            at: case.at,
            trigger: found.trigger.clone(),
            vague: false,
            rule: found.rule,
        })
    }

    /// The body that the item's first attack was done to: the first organisation that speaks or is named by one.
    fn victim(&self) -> Option<usize> {
        let names = self.scene.names;
        let acts = self.scene.acts.iter().filter(|told| told.hit.act == Act::Hack);
        acts.flat_map(|told| names.in_range(&self.scene.view.sentence(told.hit.start)))
            .find(|mention| names.kind(mention.entity) == EntityKind::Organisation)
            .map(|mention| mention.entity)
    }

    /// The act meant where somebody is named alone: that of the item's main claim, else of the words around.
    fn act_understood(&self, i: usize, agent: &Agent, main: Option<(usize, Act)>) -> Option<Act> {
        if let Some((entity, act)) = main
            && *agent == Agent::Entity(entity)
        {
            return Some(act);
        }
        // Nearest in the paragraph, before rather than behind, then what the item tells of most.
        let view = self.scene.view;
        let at = self.cases[i].at;
        let paragraph = view.paragraph(at);
        let strong = || self.scene.acts.iter().filter(|told| told.hit.role != Role::Weak && !told.staged);
        let near = strong()
            .filter(|told| paragraph.contains(&told.hit.start))
            .min_by_key(|told| (told.hit.start > at, told.hit.start.abs_diff(at)));
        near.map(|told| told.hit.act).or(main.map(|(_, act)| act)).or_else(|| {
            let mut counts: BTreeMap<usize, (usize, Act)> = BTreeMap::new();
            for told in strong() {
                counts.entry(super::view::act_number(told.hit.act)).or_insert((0, told.hit.act)).0 += 1;
            }
            let most =
                counts.into_iter().max_by_key(|&(number, (count, _))| (count, std::cmp::Reverse(number)));
            most.map(|(_, (_, act))| act)
        })
    }

    /// Who goes on about the act that the same side has just accused somebody of, names nobody else and does not
    /// keep a distance, makes the same accusation ("they came in through the mail server").
    fn go_on(&mut self) {
        let view = self.scene.view;
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            if case.claim.is_some() || !matches!(case.stance.stance, Stance::Asserts | Stance::Confirms) {
                continue;
            }
            let here = view.paragraph_index(case.at);
            let acts = self.acts_of(i);
            let before = self.spoken.iter().rev().find(|claim| {
                claim.at < case.at
                    && view.paragraph_index(claim.at) + 2 >= here
                    && acts.contains(&claim.act)
                    && shares(&claim.sides, &case.speaker.sides)
            });
            let Some(claim) = before.filter(|claim| !self.names_another(i, claim)).cloned() else { continue };
            self.cases[i].claim = Some(Claim {
                accuser: accuser_of(&case.speaker),
                sides: case.speaker.sides.clone(),
                at: case.at,
                trigger: case.at..case.at + 1,
                vague: true,
                rule: "accusation.taken_up",
                ..claim
            });
        }
    }

    /// Whether the content names somebody who is neither the accused nor on the speaker's side nor the victim.
    fn names_another(&self, i: usize, claim: &Claim) -> bool {
        let known = |entity: usize| {
            claim.agent == Agent::Entity(entity)
                || claim.target == Some(entity)
                || self.cases[i].speaker.sides.contains(&entity)
        };
        let named = self.relations[i].content.iter().flat_map(|range| self.scene.names.in_range(range));
        named.into_iter().any(|mention| {
            !known(mention.entity) && self.scene.names.kind(mention.entity) == EntityKind::State
        })
    }

    /// Claims that somebody asserts in the item.
    fn asserted(&self) -> Vec<Claim> {
        let speaks = |case: &&Case| {
            matches!(case.stance.stance, Stance::Asserts | Stance::Confirms | Stance::Speculates)
        };
        let mut claims: Vec<Claim> =
            self.cases.iter().filter(speaks).filter_map(|case| case.claim.clone()).collect();
        claims.sort_by_key(|claim| claim.at);
        claims
    }

    /// Claims the text tells of in passing: "a hacking claim by X", "accusations lancées par X".
    fn narrated(&mut self) {
        let (view, names) = (self.scene.view, self.scene.names);
        let mut narrated = Vec::new();
        let main = self.spoken.first().cloned();
        for at in (0..view.len()).filter(|&at| view.starts(at, Class::AccuseNoun)) {
            let sentence = view.sentence(at);
            let Some(by) = view.find(at + 1..(at + 8).min(sentence.end), Class::By) else { continue };
            let near = by + 1..(by + 7).min(sentence.end);
            let Some(mention) = names.in_range(&near).last() else { continue };
            let act = self
                .scene
                .acts
                .iter()
                .find(|told| sentence.contains(&told.hit.start))
                .map(|told| told.hit.act);
            let accused = main.as_ref().map(|claim| claim.agent.clone()).or_else(|| {
                let first = names.in_range(&sentence).first()?;
                Some(Agent::Entity(first.entity))
            });
            let Some(agent) = accused.filter(|agent| *agent != Agent::Entity(mention.entity)) else {
                continue;
            };
            let Some(act) = act.or(main.as_ref().map(|claim| claim.act)) else { continue };
            narrated.push(Claim {
                agent,
                act,
                target: None,
                accuser: Some(names.who[mention.entity].name.clone()),
                sides: vec![mention.entity],
                at,
                trigger: at..at + 1,
                vague: false,
                rule: "accusation.told_in_passing",
            });
        }
        self.spoken.extend(narrated);
        self.spoken.sort_by_key(|claim| claim.at);
    }

    /// Whether the claim is made against the speaker's side; for payments the payee too has to answer.
    pub(super) fn against(&self, claim: &Claim, speaker: &Speaker) -> bool {
        let accused = matches!(&claim.agent, Agent::Entity(entity) if speaker.sides.contains(entity));
        let payee =
            claim.act == Act::Fund && claim.target.is_some_and(|target| speaker.sides.contains(&target));
        let own = claim.sides.iter().any(|side| speaker.sides.contains(side));
        (accused || payee) && !own
    }

    fn deny_by_role(&mut self) {
        let view = self.scene.view;
        for case in &mut self.cases {
            let staged = case.claim.as_ref().is_some_and(|claim| claim.rule == "accusation.staged");
            if staged && case.stance.rule == "stance.asks" {
                case.stance.stance = Stance::Speculates;
            }
        }
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            let proof = case.stance.rule == "stance.demands_proof"
                && view.find_in(&self.relations[i].cue, Class::DemandProof).is_none()
                && view.find_in(&self.relations[i].content, Class::Neg).is_some();
            if !(case.stance.stance == Stance::Asserts && case.claim.is_none() || proof) {
                continue;
            }
            let accused = self.spoken.iter().any(|claim| self.against(claim, &case.speaker));
            let told = if accused { stance::by_role(view, &self.relations[i]) } else { None };
            let told = told.or_else(|| {
                let near = self.spoken.iter().any(|claim| claim.at < case.at);
                near.then(|| stance::slight(view, &self.relations[i])).flatten()
            });
            if let Some(told) = told {
                self.cases[i].stance = told;
            }
        }
    }

    /// An official body that bears out an earlier accusation confirms it, wherever it says so.
    fn confirm(&mut self) {
        let view = self.scene.view;
        let mut official: Vec<(Vec<usize>, Agent, Act, Span)> = Vec::new();
        for case in &self.cases {
            let sentence = view.sentence(case.at);
            let Some(claim) = &case.claim else { continue };
            if case.stance.stance == Stance::Asserts {
                if let Some(at) = view.find(sentence.clone(), Class::PriorClaim) {
                    let spans = view.span(at..at + 1);
                    official.extend(
                        spans.map(|span| (case.speaker.sides.clone(), claim.agent.clone(), claim.act, span)),
                    );
                } else if let Some(at) = view.find(sentence, Class::Official) {
                    let spans = view.span(at..at + 1);
                    official.extend(
                        spans.map(|span| (case.speaker.sides.clone(), claim.agent.clone(), claim.act, span)),
                    );
                }
            }
        }
        let names = self.scene.names;
        let authority = |case: &Case| {
            case.speaker.sides.iter().any(|&side| {
                names.kind(side) == EntityKind::Organisation
                    && names
                        .mentions
                        .iter()
                        .filter(|mention| mention.entity == side)
                        .any(|mention| mention.range.clone().any(|at| view.is(at, Class::Authority)))
            })
        };
        for at in 0..self.cases.len() {
            let case = &self.cases[at];
            let Some(claim) = case.claim.as_ref().filter(|claim| !claim.vague) else { continue };
            let own = claim.accuser.is_some() && claim.rule != "accusation.told_in_passing";
            let spoken = !matches!(case.class(), SourceClass::Outlet | SourceClass::Anonymous);
            if case.stance.stance == Stance::Asserts && own && spoken && authority(case) {
                let spans = view.span(claim.trigger.clone()).into_iter().collect();
                self.cases[at].stance =
                    Told { stance: Stance::Confirms, rule: "stance.found_by_an_authority", spans };
            }
        }
        for case in &mut self.cases {
            let Some(claim) = &case.claim else { continue };
            let found = official.iter().find(|(sides, agent, act, _)| {
                shares(sides, &case.speaker.sides) && *agent == claim.agent && *act == claim.act
            });
            if let (Stance::Asserts, Some((.., span))) = (case.stance.stance, found) {
                case.stance = Told {
                    stance: Stance::Confirms,
                    rule: "stance.bears_out_earlier_claim",
                    spans: vec![*span],
                };
            }
        }
    }
}

/// Whether the two lists share an entity.
pub(super) fn shares(left: &[usize], right: &[usize]) -> bool {
    left.iter().any(|entity| right.contains(entity))
}

/// Whether the whole of `inner` lies in the content of `outer`.
pub(super) fn holds(outer: &Relation, inner: &Relation) -> bool {
    let (Some(first), Some(last)) = (outer.content.first(), outer.content.last()) else { return false };
    let hull = first.start..last.end;
    let inside = |range: &Range<usize>| hull.start <= range.start && range.end <= hull.end;
    let anchored = inner.source.iter().chain(&inner.cue).next().is_some();
    anchored && inner.source.iter().chain(&inner.cue).chain(&inner.content).all(inside)
}

/// The name under which the speaker accuses; nobody for hidden and vague sources.
pub(super) fn accuser_of(speaker: &Speaker) -> Option<String> {
    match speaker.class {
        Some(SourceClass::Anonymous | SourceClass::Unnamed) | None => None,
        // "Documents", "papers": nobody; one dossier goes by its name.
        Some(SourceClass::Document) if speaker.entity.is_none() && speaker.several() => None,
        Some(_) => speaker.name.clone(),
    }
}

/// The suspect and act of the item's main accusation: the suspect most often accused, the act first told of him.
fn main_claim(scene: Scene, found: &[Option<Found>]) -> Option<(usize, Act)> {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (order, found) in found.iter().enumerate() {
        let Some(found) = found else { continue };
        if let (Agent::Entity(entity), Some(_)) = (&found.agent, found.act) {
            let state = scene.names.kind(*entity) == EntityKind::State;
            let entry = counts.entry(*entity).or_insert((0, order));
            entry.0 += if state { 3 } else { 1 };
        }
    }
    let (&suspect, _) =
        counts.iter().max_by_key(|(_, (count, order))| (*count, std::cmp::Reverse(*order)))?;
    let act = found
        .iter()
        .flatten()
        .find_map(|found| found.act.filter(|_| found.agent == Agent::Entity(suspect)))?;
    Some((suspect, act))
}
