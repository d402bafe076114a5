//! What a source does with what it says, who it is, what it offers, and whom it accuses: rules over attributions.
//!
//! Relations come in as token ranges, judgements go out with the rule and the words they rest on. Rules over the
//! lexicons of `lexicons/judge` judge first; weights learned from judged texts then weigh what the rules said with
//! the words themselves. Names are joined within the item only.

mod acts;
mod agent;
mod candidate;
mod clues;
mod entities;
mod evidence;
mod fold;
mod gazetteer;
mod learned;
mod lexicon;
mod mention;
mod offer;
mod phrase;
mod predicate;
mod refer;
mod settle;
mod speaker;
mod stance;
mod take;
mod target;
mod trie;
mod view;

use std::ops::Range;

use preuve_case::{Accusation, Attribution, Diagnostic, Entity, Part, Reason, Span, Stance};

use self::acts::find_acts;
pub use self::candidate::Candidate;
pub use self::clues::{Clues, List as ClueList};
pub use self::learned::{ACTS, CLASSES, EVIDENCES, Learned, STANCES, clue_key};

use self::agent::{Agent, Scene};
use self::clues::Reader;
use self::entities::Names;
use self::learned::{Stage, Verdicts, Who};
use self::lexicon::Class;
use self::settle::{Case, holds, settle};
use self::speaker::speakers;
use self::stance::cue_window;
use self::take::Learnt;
use self::view::View;
use super::{Document, Relation};

/// What is known of the item beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hints<'h> {
    /// Who publishes.
    pub outlet: Option<&'h str>,
    /// Author line.
    pub byline: Option<&'h str>,
}

/// What the rules found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judged {
    /// Attributions in order of their first span.
    pub attributions: Vec<Attribution>,
    /// Entities in order of their first span.
    pub entities: Vec<Entity>,
    /// What could not be done.
    pub diagnostics: Vec<Diagnostic>,
}

/// Learned weights, and the cue lexicon's classes of the document's tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Learning<'l> {
    /// The weights.
    pub weights: &'l Learned,
    /// Class of each token in the lexicon of cues, 0 for none.
    pub cue_classes: &'l [u8],
}

/// Judge the relations of a document, by the rules alone where nothing learned is given. Ranges beyond its tokens are
/// cut; a relation without content is dropped.
pub(crate) fn judge(
    document: &Document,
    relations: &[Relation],
    hints: &Hints,
    learning: Option<Learning>,
) -> Judged {
    with_cases(document, relations, hints, learning, |reader, relations| {
        let scene = reader.scene;
        let attributions = relations
            .iter()
            .zip(reader.cases)
            .map(|(relation, case)| write_up(scene, relations, relation, case))
            .collect();
        Judged { attributions, entities: scene.names.entities(scene.view), diagnostics: Vec::new() }
    })
}

/// Settle the relations by the rules, then by every learned stage, and read the cases.
fn with_cases<T>(
    document: &Document,
    relations: &[Relation],
    hints: &Hints,
    learning: Option<Learning>,
    read: impl FnOnce(&Reader, &[Relation]) -> T,
) -> T {
    let relations = sound_relations(document, relations);
    let view = View::new(document);
    let names = Names::new(&view, hints);
    let acts = find_acts(&view);
    let scene = Scene { view: &view, names: &names, acts: &acts };
    let speakers = speakers(&view, &names, &relations, hints);
    let mut cases = settle(scene, &relations, speakers.clone(), &[]);
    let cue_classes = learning.map_or(&[][..], |learning| learning.cue_classes);
    let mut known: Vec<Verdicts> = Vec::new();
    let stages = learning.map_or(&[][..], |learning| &learning.weights.stages[..]);
    for (number, stage) in stages.iter().enumerate() {
        let reader = Reader::new(scene, cue_classes, &relations, &cases);
        let last = number > 0 && number + 1 == stages.len();
        let verdicts: Vec<Learnt> =
            (0..cases.len()).map(|i| Learnt { last, ..learnt(&reader, stage, i, known.get(i)) }).collect();
        let settled = settle(scene, &relations, speakers.clone(), &verdicts);
        if known.is_empty() {
            known = verdicts.into_iter().map(|learnt| learnt.verdicts).collect();
        }
        cases = settled;
    }
    read(&Reader::new(scene, cue_classes, &relations, &cases), &relations)
}

/// What a stage says of relation `i`, and the claim that follows from it; a later stage says nothing new of stance,
/// class and evidence, which the first has `known`.
fn learnt<'c>(reader: &Reader<'c, '_>, stage: &Stage, i: usize, known: Option<&Verdicts>) -> Learnt<'c> {
    let clues = reader.clues(i);
    let verdicts = match known {
        Some(known) => Verdicts { act: stage.act(&clues), ..known.clone() },
        None => stage.verdicts(&clues),
    };
    let candidates = if verdicts.act.answer.is_some() { reader.accused(i) } else { Vec::new() };
    let accused = stage.choose(Who::Accused, &candidates.iter().map(|(_, c)| c).collect::<Vec<_>>());
    let claim = verdicts.act.answer.zip(accused).map(|(act, at)| {
        let (agent, candidate) = &candidates[at];
        let who = reader.accusers(i, candidate.name.as_deref().unwrap_or_default());
        let accuser =
            stage.choose(Who::Accuser, &who.iter().collect::<Vec<_>>()).and_then(|at| who[at].name.clone());
        (agent.clone(), act, accuser)
    });
    Learnt { verdicts, claim, before: &reader.cases[i], last: false }
}

/// The clues of relations that all have content, in order of their first token: those that the stage behind the
/// given ones reads.
pub(crate) fn clues_of(document: &Document, relations: &[Relation], learning: Learning) -> Vec<Clues> {
    with_cases(document, relations, &Hints::default(), Some(learning), |reader, relations| {
        let accused = |i: usize| reader.accused(i).into_iter().map(|(_, candidate)| candidate).collect();
        (0..relations.len()).map(|i| Clues { accused: accused(i), ..reader.clues(i) }).collect()
    })
}

/// Those who may accuse in every relation, given who is accused; clues as in [`clues_of`].
pub(crate) fn accusers_of(
    document: &Document,
    relations: &[Relation],
    learning: Learning,
    accused: &[Option<String>],
) -> Vec<Vec<Candidate>> {
    with_cases(document, relations, &Hints::default(), Some(learning), |reader, _| {
        let of = |(i, accused): (usize, &Option<String>)| {
            accused.as_ref().map(|name| reader.accusers(i, name)).unwrap_or_default()
        };
        accused.iter().enumerate().map(of).collect()
    })
}

/// The relations with ranges inside the document, in order of their first token.
fn sound_relations(document: &Document, relations: &[Relation]) -> Vec<Relation> {
    let count = document.tokens.len();
    let sound = |ranges: &[Range<usize>]| -> Vec<Range<usize>> {
        let mut ranges: Vec<_> =
            ranges.iter().map(|range| range.start.min(count)..range.end.min(count)).collect();
        ranges.retain(|range| !range.is_empty());
        ranges.sort_by_key(|range| (range.start, range.end));
        ranges
    };
    let mut relations: Vec<Relation> = relations
        .iter()
        .map(|relation| Relation {
            source: sound(&relation.source),
            cue: sound(&relation.cue),
            content: sound(&relation.content),
        })
        .filter(|relation| !relation.content.is_empty())
        .collect();
    let first = |relation: &Relation| {
        let starts = [&relation.source, &relation.cue, &relation.content];
        starts.into_iter().flatten().map(|range| range.start).min().unwrap_or(0)
    };
    relations.sort_by_key(first);
    relations
}

fn write_up(scene: Scene, relations: &[Relation], relation: &Relation, case: &Case) -> Attribution {
    let view = scene.view;
    let stance = case.stance.stance;
    let accusation = case.claim.as_ref().map(|claim| Accusation {
        accuser: claim.accuser.clone(),
        accused: match &claim.agent {
            Agent::Entity(entity) => scene.names.who[*entity].name.clone(),
            Agent::Phrase(range) => view.doc.slice(range).to_owned(),
        },
        act: claim.act,
        target: claim.target.map(|target| scene.names.who[target].name.clone()),
        hedged: hedged(scene, relation, case),
    });
    let mut reasons = vec![
        reason(case.stance.rule, case.stance.spans.clone()),
        reason(case.speaker.rule, case.speaker.spans.clone()),
        reason(case.evidence.1, case.evidence.2.clone()),
    ];
    reasons.extend(
        case.claim
            .as_ref()
            .map(|claim| reason(claim.rule, view.span(claim.trigger.clone()).into_iter().collect())),
    );
    reasons.extend(case.clues.iter().map(|clue| reason(clue, Vec::new())));
    Attribution {
        source: part(view, &relation.source),
        cue: part(view, &relation.cue),
        content: part(view, &relation.content).unwrap_or(Part { text: String::new(), spans: Vec::new() }),
        stance,
        source_class: case.class(),
        evidence: case.evidence.0,
        accusation,
        source_name: case.speaker.name.clone(),
        reasons,
        within: within(relations, relation),
    }
}

fn reason(rule: &str, spans: Vec<Span>) -> Reason {
    Reason { rule: rule.to_owned(), spans }
}

/// Whether the words around the accusation keep their distance.
fn hedged(scene: Scene, relation: &Relation, case: &Case) -> bool {
    let view = scene.view;
    let own = matches!(case.stance.stance, Stance::Asserts | Stance::Speculates | Stance::Confirms);
    let words = || cue_window(view, relation).into_iter().chain(relation.content.iter().cloned());
    let marked = [Class::Hedge, Class::CondAux]
        .iter()
        .any(|&class| words().any(|range| view.find(range, class).is_some()));
    own && (case.stance.stance == Stance::Speculates || marked)
}

fn part(view: &View, ranges: &[Range<usize>]) -> Option<Part> {
    let spans: Vec<Span> = ranges.iter().filter_map(|range| view.span(range.clone())).collect();
    let text = ranges.iter().map(|range| view.doc.slice(range)).collect::<Vec<_>>().join(" ");
    (!spans.is_empty()).then_some(Part { text, spans })
}

/// The relation with the shortest content that holds the whole of this one.
fn within(relations: &[Relation], inner: &Relation) -> Option<usize> {
    let holders = relations.iter().enumerate().filter(|(_, outer)| *outer != inner && holds(outer, inner));
    let length =
        |outer: &Relation| outer.content.last().map_or(0, |range| range.end) - outer.content[0].start;
    holders.min_by_key(|(number, outer)| (length(outer), *number)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests;
