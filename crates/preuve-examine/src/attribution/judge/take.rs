//! Where what was learned wins over the rules: only where it is sure, and never over a sign that the rules know.

use std::ops::Range;

use preuve_case::{Act, Evidence, SourceClass, Stance};

use super::agent::{Agent, Found};
use super::learned::Verdicts;
use super::settle::{Case, Claim, Table};
use super::stance::Told;
use super::target::find_target;

/// What was learned about one relation.
pub(super) struct Learnt<'c> {
    /// The answers.
    pub verdicts: Verdicts,
    /// Who is accused, of what, by whom.
    pub claim: Option<(Agent, Act, Option<String>)>,
    /// What was made of it before.
    pub before: &'c Case,
    /// Whether nothing is learned behind it.
    pub last: bool,
}

/// How likely a learned answer must be to win over what the rules say.
struct Sure {
    /// A stance, where the rules found no sign and say "asserts".
    stance: f32,
    /// A class of source, where the rules found nobody.
    unnamed: f32,
    /// Another class of source.
    class: f32,
    /// Evidence, where the rules found none.
    evidence: f32,
    /// A claim that the rules did not find.
    claim: f32,
    /// That a relation is about some accusation, where the item has made one before.
    about: f32,
}

/// Chosen on the judged texts by cross-validation and on an event: lower bars gain more on the first and lose on the
/// second, where the rules are surer.
const SURE: Sure = Sure { stance: 0.55, unnamed: 0.5, class: 0.6, evidence: 0.55, claim: 0.9, about: 0.6 };

/// What the rules found by its own signs stands.
const NEVER: f32 = f32::INFINITY;

impl Table<'_, '_> {
    /// Take the learned stance and class; where it was said before, its reasons stand.
    pub(super) fn take_verdict(&mut self, i: usize, verdict: &Verdicts, before: &Case) {
        let view = self.scene.view;
        let words =
            |ranges: &[Range<usize>]| ranges.iter().filter_map(|range| view.span(range.clone())).collect();
        let relation = &self.relations[i];
        let case = &mut self.cases[i];
        case.stance = before.stance.clone();
        let earlier = before.clues.iter().filter(|clue| clue.starts_with("stance."));
        case.clues.extend(earlier.cloned());
        let sure = if case.stance.stance == Stance::Asserts { SURE.stance } else { NEVER };
        if case.stance.stance != verdict.stance.answer && verdict.stance.share >= sure {
            case.stance =
                Told { stance: verdict.stance.answer, rule: "stance.learned", spans: words(&relation.cue) };
            case.clues.extend(verdict.stance.clues.iter().map(|clue| format!("stance.clue.{clue}")));
        }
        let sure = if case.class() == SourceClass::Unnamed { SURE.unnamed } else { SURE.class };
        if case.class() != verdict.class.answer && verdict.class.share >= sure {
            case.speaker.class = Some(verdict.class.answer);
            (case.speaker.rule, case.speaker.spans) = ("class.learned", words(&relation.source));
            case.clues.extend(verdict.class.clues.iter().map(|clue| format!("class.clue.{clue}")));
        }
    }

    /// Take the learned claim. In the last stage a claim that the rules found stays, and another comes in only where
    /// it is sure; the stages before follow what was learned, since the next one reads them.
    pub(super) fn take_claim(&mut self, i: usize, learnt: &Learnt) {
        let case = &self.cases[i];
        let act = &learnt.verdicts.act;
        if learnt.last && (case.claim.is_some() || act.share < SURE.claim) {
            if case.claim.is_none() && act.something >= SURE.about {
                self.cases[i].claim = self.recent(i);
            }
            return;
        }
        let Some((agent, act, accuser)) = learnt.claim.clone() else {
            self.cases[i].claim = None;
            return;
        };
        let by_rules = case.claim.clone().filter(|claim| claim.agent == agent && claim.act == act);
        let claim = match by_rules {
            Some(claim) => Claim { accuser, ..claim },
            None => {
                let trigger = self.trigger(i, act);
                let rule = "accusation.learned";
                let found = Found::new(agent.clone(), act, trigger.clone(), rule);
                let target = find_target(self.scene, &found, &case.speaker);
                let (sides, at) = (case.speaker.sides.clone(), case.at);
                Claim { agent, act, target, accuser, sides, at, trigger, vague: false, rule }
            }
        };
        self.cases[i].claim = Some(claim);
        let clues = learnt.verdicts.act.clues.iter().map(|clue| format!("accusation.clue.{clue}"));
        self.cases[i].clues.extend(clues);
    }

    /// Where relation `i` tells of `act`, else its cue.
    fn trigger(&self, i: usize, act: Act) -> Range<usize> {
        let relation = &self.relations[i];
        let inside =
            |at: usize| relation.content.iter().chain(&relation.cue).any(|range| range.contains(&at));
        let told = self.scene.acts.iter().find(|told| told.hit.act == act && inside(told.hit.start));
        let cue = || relation.cue.first().or(relation.content.first()).cloned().unwrap_or(0..0);
        told.map_or_else(cue, |told| told.hit.start..told.hit.end)
    }

    /// Take the learned evidence.
    pub(super) fn take_evidence(&mut self, i: usize, verdict: &Verdicts) {
        let case = &mut self.cases[i];
        let sure = if case.evidence.0 == Evidence::NoneStated { SURE.evidence } else { NEVER };
        if case.evidence.0 != verdict.evidence.answer && verdict.evidence.share >= sure {
            case.evidence = (verdict.evidence.answer, "evidence.learned", Vec::new());
            case.clues.extend(verdict.evidence.clues.iter().map(|clue| format!("evidence.clue.{clue}")));
        }
    }
}
