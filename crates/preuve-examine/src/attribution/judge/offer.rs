//! Which caveat, record or report belongs to which attribution of the item, and how far it reaches.
//!
//! A caveat holds for the claim of one side wherever that side makes it; headlines are left out.

use std::collections::BTreeMap;
use std::ops::Range;

use preuve_case::{Evidence, SourceClass, Span, Stance};

use super::agent::Agent;
use super::evidence::{self, find_caveats};
use super::lexicon::Class;
use super::settle::{Table, holds, shares};
use super::view::act_number;

impl Table<'_, '_> {
    /// Settle what is offered for each content.
    pub(super) fn evidence(&mut self) {
        let view = self.scene.view;
        for (case, relation) in self.cases.iter_mut().zip(self.relations) {
            if let Some(found) = evidence::by_words(view, relation, case.class(), case.stance.stance) {
                case.evidence = found;
            }
        }
        self.point_to_nested();
        self.point_to_records();
        for caveat in find_caveats(view) {
            self.give_caveat(&caveat);
        }
        self.asked_for_proof();
        self.spread();
    }

    fn set(&mut self, i: usize, evidence: Evidence, rule: &'static str, range: Range<usize>) {
        let spans = self.scene.view.span(range).into_iter().collect();
        self.cases[i].evidence = (evidence, rule, spans);
    }

    /// Who says that a named body told so points to it.
    fn point_to_nested(&mut self) {
        for i in 0..self.cases.len() {
            let personal =
                matches!(self.cases[i].class(), SourceClass::NamedPerson | SourceClass::Organisation);
            if self.cases[i].evidence.0 != Evidence::NoneStated || self.cases[i].claim.is_none() || !personal
            {
                continue;
            }
            if !matches!(self.cases[i].stance.stance, Stance::Asserts | Stance::Confirms) {
                continue;
            }
            let inner = (0..self.cases.len()).find(|&j| {
                let named = !matches!(self.cases[j].class(), SourceClass::Anonymous | SourceClass::Unnamed);
                let other = self.cases[j].speaker.entity != self.cases[i].speaker.entity;
                j != i && named && other && holds(&self.relations[i], &self.relations[j])
            });
            if let Some(j) = inner {
                let range = self.relations[j].source.first().cloned().unwrap_or(0..0);
                self.set(i, Evidence::PointedTo, "evidence.points_to_another", range);
            }
        }
    }

    /// An accusation backed by a record that the same or the next sentence tells of.
    fn point_to_records(&mut self) {
        let view = self.scene.view;
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            let speaks = matches!(case.stance.stance, Stance::Asserts | Stance::Confirms);
            if case.evidence.0 != Evidence::NoneStated || case.claim.is_none() || !speaks || case.headline {
                continue;
            }
            let sentence = view.sentence(case.at);
            let paragraph = view.paragraph(case.at);
            let next = view.sentence(sentence.end.min(view.len().saturating_sub(1)));
            let follows = next.start == sentence.end && next.end <= paragraph.end;
            if let Some(at) = if follows { evidence::backs(view, &next) } else { None } {
                self.set(i, Evidence::PointedTo, "evidence.record_told_of", at..at + 1);
            }
        }
    }

    /// Who is asked for proof and puts it off withholds it.
    fn asked_for_proof(&mut self) {
        let view = self.scene.view;
        for i in 0..self.cases.len() {
            let sentence = view.sentence(self.cases[i].at);
            if self.cases[i].stance.rule != "stance.no_comment" {
                continue;
            }
            if let Some(at) = view.find(sentence, Class::Proof) {
                self.set(i, Evidence::Withheld, "evidence.asked_and_not_given", at..at + 1);
            }
        }
    }

    fn give_caveat(&mut self, caveat: &evidence::Caveat) {
        let view = self.scene.view;
        let at = caveat.range.start;
        let covering = (0..self.cases.len()).find(|&i| {
            self.cases[i].stance.stance == Stance::DeclinesToComment
                && self.relations[i]
                    .cue
                    .iter()
                    .chain(&self.relations[i].content)
                    .any(|range| range.contains(&at) || caveat.range.contains(&range.start))
        });
        if let Some(i) = covering
            && (caveat.evidence == Evidence::Withheld || self.cases[i].claim.is_some())
        {
            self.set(i, caveat.evidence, rule_of(caveat.evidence), caveat.range.clone());
        }
        let Some(i) = self.spoken_of(caveat) else { return };
        if self.cases[i].headline && view.sentence_index(self.cases[i].at) != view.sentence_index(at) {
            return;
        }
        self.set(i, caveat.evidence, rule_of(caveat.evidence), caveat.range.clone());
    }

    /// The attribution that a caveat speaks of.
    fn spoken_of(&self, caveat: &evidence::Caveat) -> Option<usize> {
        let view = self.scene.view;
        let at = caveat.range.start;
        let sentence = view.sentence_index(at);
        let offers = |i: &usize| {
            matches!(self.cases[*i].stance.stance, Stance::Asserts | Stance::Speculates | Stance::Confirms)
        };
        let covered = |i: &usize| self.relations[*i].content.iter().any(|range| range.contains(&at));
        let inner = |i: &usize| caveat.evidence == Evidence::Unverified && covered(i);
        let here = (0..self.cases.len())
            .filter(offers)
            .filter(|i| !inner(i))
            .filter(|&i| self.cases[i].at < at && view.sentence_index(self.cases[i].at) == sentence);
        if let Some(i) = here.max_by_key(|&i| self.cases[i].at) {
            return Some(i);
        }
        let behind = (0..self.cases.len()).filter(offers).filter(|&i| {
            self.cases[i].at > at
                && view.sentence_index(self.cases[i].at) == sentence
                && self.cases[i].claim.is_some()
        });
        if let Some(i) =
            behind.min_by_key(|&i| self.cases[i].at).filter(|_| caveat.evidence == Evidence::Withheld)
        {
            return Some(i);
        }
        let paragraph = view.paragraph_index(at);
        let named: Vec<usize> = self.named_in(caveat);
        let near = (0..self.cases.len()).filter(offers).filter(|&i| {
            let claim = self.cases[i].claim.as_ref();
            let place = self.cases[i].at;
            let side = named.is_empty() || shares(&named, &self.cases[i].speaker.sides);
            let solid = claim.is_some_and(|claim| !claim.vague);
            place < at && solid && side && view.paragraph_index(place) + 2 >= paragraph
        });
        near.max_by_key(|&i| self.cases[i].at).filter(|&i| {
            caveat.evidence == Evidence::Withheld
                || matches!(self.cases[i].evidence.0, Evidence::NoneStated | Evidence::PointedTo)
                    && self.cases[i].evidence.1 != "evidence.points_to_another"
        })
    }

    /// Entities named in the caveat's sentence as those whose account it is.
    fn named_in(&self, caveat: &evidence::Caveat) -> Vec<usize> {
        let (view, names) = (self.scene.view, self.scene.names);
        let sentence = view.sentence(caveat.range.start);
        let range = match caveat.evidence {
            Evidence::Unverified => caveat.range.end..sentence.end,
            _ => sentence.start..caveat.range.start,
        };
        let mut named: Vec<usize> =
            range.filter_map(|at| names.body_at(view, at).or_else(|| names.in_role(view, at))).collect();
        let bodies: Vec<usize> = named.iter().flat_map(|&entity| names.who[entity].bodies.clone()).collect();
        named.extend(bodies);
        named
    }

    /// A caveat about a side's claim holds for the claim wherever that side makes it, headlines apart.
    fn spread(&mut self) {
        let mut known: BTreeMap<(usize, usize, usize), (Evidence, Vec<Span>)> = BTreeMap::new();
        for case in &self.cases {
            let (Some(claim), Evidence::Withheld | Evidence::PointedTo) = (&case.claim, case.evidence.0)
            else {
                continue;
            };
            if case.evidence.1 == "evidence.points_to_another" || case.headline {
                continue;
            }
            if !matches!(case.stance.stance, Stance::Asserts | Stance::Confirms) {
                continue;
            }
            let Agent::Entity(agent) = claim.agent else { continue };
            for &side in &case.speaker.sides {
                let value = (case.evidence.0, case.evidence.2.clone());
                known.entry((side, agent, act_number(claim.act))).or_insert(value);
            }
        }
        for case in &mut self.cases {
            let speaks = matches!(case.stance.stance, Stance::Asserts | Stance::Confirms);
            let (Some(claim), true) = (&case.claim, speaks && case.evidence.0 == Evidence::NoneStated) else {
                continue;
            };
            let Agent::Entity(agent) = claim.agent else { continue };
            if case.headline || claim.vague {
                continue;
            }
            let key = |&side: &usize| known.get(&(side, agent, act_number(claim.act)));
            if let Some((evidence, spans)) = case.speaker.sides.iter().find_map(key) {
                case.evidence = (*evidence, "evidence.same_claim_same_side", spans.clone());
            }
        }
    }
}

fn rule_of(evidence: Evidence) -> &'static str {
    if evidence == Evidence::Withheld { "evidence.no_proof_given" } else { "evidence.could_not_verify" }
}
