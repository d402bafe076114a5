//! To whom an act was done: the object of an active verb, the subject of a passive one, the "of" of a noun.

use std::ops::Range;

use preuve_case::{Act, EntityKind};

use super::agent::{Agent, Found, Scene};
use super::gazetteer::Form;
use super::lexicon::Class;
use super::speaker::Speaker;
use crate::attribution::Pos;

/// The entity that the act was done to, where the words near it tell.
pub(super) fn find_target(scene: Scene, found: &Found, speaker: &Speaker) -> Option<usize> {
    let sentence = scene.view.sentence(found.trigger.start);
    let after = found.trigger.end..(found.trigger.end + 14).min(sentence.end);
    let before = sentence.start.max(found.trigger.start.saturating_sub(14))..found.trigger.start;
    if found.staged {
        return None;
    }
    // "The Civic Union hack"
    let joined =
        found.trigger.start.checked_sub(1).and_then(|at| scene.names.mention_at(at)).filter(|mention| {
            matches!(scene.names.kind(mention.entity), EntityKind::Organisation | EntityKind::Person)
                && scene.view.pos(found.trigger.start) == Pos::Noun
                && Agent::Entity(mention.entity) != found.agent
        });
    if let Some(mention) = joined {
        return Some(mention.entity);
    }
    in_words(scene, found, speaker, after, false).or_else(|| in_words(scene, found, speaker, before, true))
}

fn in_words(
    scene: Scene,
    found: &Found,
    speaker: &Speaker,
    range: Range<usize>,
    backwards: bool,
) -> Option<usize> {
    let fits = |at: usize| entity_at(scene, found, speaker, at);
    if backwards { range.rev().find_map(fits) } else { range.clone().find_map(fits) }
}

fn entity_at(scene: Scene, found: &Found, speaker: &Speaker, at: usize) -> Option<usize> {
    let (view, names) = (scene.view, scene.names);
    let own =
        view.starts(at, Class::Poss) && !speaker.sides.iter().any(|&side| found.agent == Agent::Entity(side));
    // "We attribute this to …": who speaks, not who suffered.
    let subject = view.doc.tokens.get(at + 1).is_some_and(|next| matches!(next.pos, Pos::Verb | Pos::Aux));
    if view.starts(at, Class::We) && !subject || own {
        let body = speaker.sides.iter().copied().find(|&side| match names.kind(side) {
            EntityKind::Organisation => true,
            EntityKind::State => done_to_states(found.act),
            _ => false,
        });
        return body.filter(|&body| Agent::Entity(body) != found.agent);
    }
    let entity = match names.mention_at(at) {
        Some(mention) if mention.form == Form::House => return None,
        Some(mention) => Some(mention.entity),
        None => names.body_at(view, at),
    }?;
    let suffers = match names.kind(entity) {
        EntityKind::Outlet | EntityKind::Document => false,
        EntityKind::State => done_to_states(found.act),
        EntityKind::Person | EntityKind::Organisation | EntityKind::Unknown => true,
    };
    let speaks = speaker.entity == Some(entity) && names.kind(entity) != EntityKind::Organisation;
    // "passed the files on under the name of Zed": a pen name hides somebody, nothing is done to it.
    let hidden = names.who[entity].pseudonym;
    (Agent::Entity(entity) != found.agent && suffers && !speaks && !hidden).then_some(entity)
}

/// Whether the act is one that is done to a state as such.
fn done_to_states(act: Option<Act>) -> bool {
    matches!(act, Some(Act::Interfere | Act::Disinform | Act::Spy | Act::Plot))
}
