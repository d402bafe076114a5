//! What denials, doubts, refusals and statements without an accusation of their own refer to: one that the item has
//! made before.

use preuve_case::{Act, EntityKind, Stance};

use super::agent::Agent;
use super::lexicon::Class;
use super::settle::{Case, Claim, Table, accuser_of, shares};

impl Table<'_, '_> {
    /// Denials, doubts, refusals and suppositions without an accusation of their own take the one spoken about.
    pub(super) fn inherit(&mut self) {
        for i in 0..self.cases.len() {
            let case = &self.cases[i];
            let inherits = match case.stance.stance {
                Stance::Denies | Stance::Questions | Stance::DeclinesToComment => true,
                Stance::Speculates => case.claim.is_none() && self.speaks_of_accusation(i),
                _ => false,
            };
            if !inherits {
                continue;
            }
            let claim = match case.stance.stance {
                Stance::DeclinesToComment => self.declined(i),
                Stance::Questions => self.questioned(i),
                _ => self.denied(i),
            };
            self.cases[i].claim = claim;
        }
    }

    fn speaks_of_accusation(&self, i: usize) -> bool {
        self.scene.view.find_in(&self.relations[i].content, Class::AccuseNoun).is_some()
    }

    /// Acts told in the relation's content or right beside its cue.
    pub(super) fn acts_of(&self, i: usize) -> Vec<Act> {
        let relation = &self.relations[i];
        let inside =
            |at: usize| relation.content.iter().chain(&relation.cue).any(|range| range.contains(&at));
        let acts = self.scene.acts.iter().filter(|told| inside(told.hit.start));
        acts.map(|told| told.hit.act).collect()
    }

    fn denied(&self, i: usize) -> Option<Claim> {
        let case = &self.cases[i];
        let acts = self.acts_of(i);
        let fits = |claim: &&Claim| acts.is_empty() || acts.contains(&claim.act);
        let against = |claim: &&Claim| self.against(claim, &case.speaker);
        if let Some(own) = &case.claim {
            let same = |claim: &&Claim| claim.agent == own.agent && claim.act == own.act;
            let known = self
                .choose(case.at, true, |claim| same(&claim) && !shares(&claim.sides, &case.speaker.sides));
            let claim = known.unwrap_or_else(|| Claim { accuser: None, ..own.clone() });
            return Some(Claim { at: case.at, rule: "accusation.spoken_about", ..claim });
        }
        if let Some(before) = self.denied_before(i, &acts) {
            return Some(Claim { at: case.at, ..before });
        }
        let pointed = self.pointed_back(i);
        let found = self
            .choose(case.at, pointed, |claim| against(&claim) && fits(&claim))
            .or_else(|| self.choose(case.at, pointed, |claim| against(&claim)))
            .or_else(|| self.withdrawn(case))
            .or_else(|| self.near(case.at, |claim| fits(&claim) && !self.makes(case, claim)));
        if let Some(claim) = found {
            return Some(self.about(case, claim));
        }
        self.implied(i, &acts).or_else(|| {
            // Whoever denies denies something: the last claim before that others made.
            let foreign = |claim: &&Claim| claim.at < case.at && fits(claim) && !self.makes(case, claim);
            let last = self.spoken.iter().rfind(foreign);
            last.map(|claim| self.about(case, claim.clone()))
        })
    }

    /// Whether the speaker's side makes this accusation anywhere in the item.
    fn makes(&self, case: &Case, claim: &Claim) -> bool {
        let same = |other: &&Claim| other.agent == claim.agent && other.act == claim.act;
        self.spoken.iter().filter(same).any(|other| shares(&other.sides, &case.speaker.sides))
    }

    /// The claim that the same side denies right before, in the same paragraph.
    fn denied_before(&self, i: usize, acts: &[Act]) -> Option<Claim> {
        let view = self.scene.view;
        let case = &self.cases[i];
        let earlier = self.cases.iter().filter(|other| {
            other.at < case.at
                && view.paragraph_index(other.at) == view.paragraph_index(case.at)
                && other.stance.stance == Stance::Denies
                && shares(&other.speaker.sides, &case.speaker.sides)
        });
        let claim = earlier.max_by_key(|other| other.at)?.claim.clone()?;
        let newer = self
            .spoken
            .iter()
            .any(|other| other.at > claim.at && other.at < case.at && self.against(other, &case.speaker));
        (!newer && (acts.is_empty() || acts.contains(&claim.act))).then_some(claim)
    }

    /// Whether the content only points back ("it", "the remark", "lo").
    fn pointed_back(&self, i: usize) -> bool {
        let view = self.scene.view;
        let words: usize = self.relations[i].content.iter().map(ExactSizeIterator::len).sum();
        words <= 3 && self.relations[i].content.iter().flat_map(Clone::clone).any(|at| view.is(at, Class::It))
    }

    /// A body takes back what it said itself.
    fn withdrawn(&self, case: &Case) -> Option<Claim> {
        let own = matches!(case.stance.rule, "stance.retraction" | "stance.opposite");
        own.then(|| {
            self.choose(case.at, true, |claim| {
                shares(&claim.sides, &case.speaker.sides) || claim.accuser == case.speaker.name
            })
        })?
    }

    /// The accused denies an act of which nobody in the item accuses him in words the rules know.
    fn implied(&self, i: usize, acts: &[Act]) -> Option<Claim> {
        let case = &self.cases[i];
        let entity = case.speaker.entity?;
        let act = *acts.first()?;
        let capable = !matches!(self.scene.names.kind(entity), EntityKind::Outlet | EntityKind::Document);
        (capable
            && case.stance.stance == Stance::Denies
            && matches!(case.stance.rule, "stance.denial" | "stance.denies_own_act"))
        .then(|| Claim {
            agent: Agent::Entity(entity),
            act,
            target: None,
            accuser: None,
            sides: Vec::new(),
            at: case.at,
            trigger: case.at..case.at + 1,
            vague: true,
            rule: "accusation.denied_by_the_accused",
        })
    }

    fn questioned(&self, i: usize) -> Option<Claim> {
        let case = &self.cases[i];
        if let Some(own) = case.claim.clone() {
            let same = |claim: &Claim| claim.agent == own.agent && claim.act == own.act;
            let known =
                self.choose(case.at, true, |claim| same(claim) && !shares(&claim.sides, &case.speaker.sides));
            return Some(known.map_or(own, |claim| self.about(case, claim)));
        }
        let acts = self.acts_of(i);
        let relevant = !acts.is_empty()
            || matches!(case.stance.rule, "stance.demands_proof" | "stance.doubt")
            || self.speaks_of_accusation(i);
        if !relevant {
            return None;
        }
        let claim = self
            .choose(case.at, true, |claim| {
                acts.contains(&claim.act) && !shares(&claim.sides, &case.speaker.sides)
            })
            .or_else(|| self.choose(case.at, true, |claim| self.against(claim, &case.speaker)))
            .or_else(|| self.near(case.at, |claim| !shares(&claim.sides, &case.speaker.sides)))
            .or_else(|| self.proof_doubted(i))?;
        Some(self.about(case, claim))
    }

    /// The accusation that the item has come to when relation `i` speaks: for who denies, one against his side; for who
    /// asserts, one that his side makes; else the last one made.
    pub(super) fn recent(&self, i: usize) -> Option<Claim> {
        let case = &self.cases[i];
        let before = || self.spoken.iter().filter(|claim| claim.at < case.at).rev();
        let ours = |claim: &&Claim| shares(&claim.sides, &case.speaker.sides);
        let found = match case.stance.stance {
            Stance::Asserts | Stance::Confirms | Stance::Speculates => {
                let own = before().find(ours)?;
                let (accuser, sides) = (accuser_of(&case.speaker), case.speaker.sides.clone());
                return Some(Claim {
                    accuser,
                    sides,
                    at: case.at,
                    vague: true,
                    rule: "accusation.gone_on_about",
                    ..own.clone()
                });
            }
            Stance::Denies => before()
                .find(|claim| self.against(claim, &case.speaker))
                .or_else(|| before().find(|claim| !ours(claim))),
            Stance::Questions | Stance::DeclinesToComment => {
                before().find(|claim| !ours(claim)).or_else(|| before().next())
            }
        };
        found.map(|claim| Claim { rule: "accusation.gone_on_about", ..self.about(case, claim.clone()) })
    }

    /// "That is no proof": the item's first claim that others make.
    fn proof_doubted(&self, i: usize) -> Option<Claim> {
        let case = &self.cases[i];
        self.scene.view.find_in(&self.relations[i].content, Class::Proof)?;
        self.spoken.iter().find(|claim| !shares(&claim.sides, &case.speaker.sides)).cloned()
    }

    /// A refusal is about an accusation where its sentence names the act and who is accused or accuses.
    fn declined(&self, i: usize) -> Option<Claim> {
        let case = &self.cases[i];
        let sentence = self.scene.view.sentence(case.at);
        let acts: Vec<Act> = self
            .scene
            .acts
            .iter()
            .filter(|told| sentence.contains(&told.hit.start))
            .map(|told| told.hit.act)
            .collect();
        let inside = |entity: usize| {
            self.relations[i]
                .content
                .iter()
                .any(|range| self.scene.names.in_range(range).iter().any(|m| m.entity == entity))
        };
        let about = |claim: &Claim| {
            let accused = matches!(claim.agent, Agent::Entity(entity) if inside(entity));
            acts.contains(&claim.act) && (accused || claim.sides.iter().any(|&side| inside(side)))
        };
        let claim = self.choose(case.at, true, about)?;
        Some(self.about(case, claim))
    }

    /// The claim as spoken about by `case`: where it stands and by which rule it was found.
    fn about(&self, case: &Case, claim: Claim) -> Claim {
        let accuser = self.first_accuser(&claim);
        Claim { at: case.at, rule: "accusation.spoken_about", accuser: accuser.or(claim.accuser), ..claim }
    }

    /// Who first made the claim in the item; where a body and one who speaks for it both did, the body.
    fn first_accuser(&self, claim: &Claim) -> Option<String> {
        let same =
            |other: &&Claim| other.agent == claim.agent && other.act == claim.act && other.accuser.is_some();
        let below = self.spoken.iter().filter(same).find(|other| !self.scene.view.headline(other.at));
        let first = below.or_else(|| self.spoken.iter().find(same))?;
        let names = self.scene.names;
        let body = first.sides.iter().find(|&&side| {
            let name = Some(&names.who[side].name);
            names.kind(side) == EntityKind::Organisation
                && self.spoken.iter().filter(same).any(|other| other.accuser.as_ref() == name)
        });
        body.map(|&side| names.who[side].name.clone()).or_else(|| first.accuser.clone())
    }

    /// The claim nearest before `at` that fits (in the paragraph first), else the item's first that fits.
    fn choose(&self, at: usize, nearest: bool, fits: impl Fn(&Claim) -> bool) -> Option<Claim> {
        let view = self.scene.view;
        let here = view.paragraph_index(at);
        let fitting = || self.spoken.iter().filter(|claim| fits(claim));
        let before = fitting().filter(|claim| claim.at < at).max_by_key(|claim| claim.at);
        let close = before.filter(|claim| nearest || view.paragraph_index(claim.at) == here);
        let body = || fitting().find(|claim| !view.headline(claim.at));
        close.or_else(body).or_else(|| fitting().next()).cloned()
    }

    /// The nearest claim before `at`, in its paragraph or the one before, that fits.
    fn near(&self, at: usize, fits: impl Fn(&Claim) -> bool) -> Option<Claim> {
        let view = self.scene.view;
        let here = view.paragraph_index(at);
        let mut before = self
            .spoken
            .iter()
            .rev()
            .filter(|claim| claim.at < at && view.paragraph_index(claim.at) + 1 >= here);
        before.find(|claim| fits(claim)).cloned()
    }
}
