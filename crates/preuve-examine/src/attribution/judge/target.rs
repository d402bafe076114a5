//! To whom an act was done: the object of an active verb, the subject of a passive one, the "of" of a noun.

use std::ops::Range;

use preuve_case::EntityKind;

use super::agent::{Agent, Found, Scene};
use super::gazetteer::Form;
use super::lexicon::Class;
use super::speaker::Speaker;

/// The entity that the act was done to, where the words near it tell.
pub(super) fn find_target(scene: Scene, found: &Found, speaker: &Speaker) -> Option<usize> {
    let sentence = scene.view.sentence(found.trigger.start);
    let after = found.trigger.end..(found.trigger.end + 14).min(sentence.end);
    let before = sentence.start.max(found.trigger.start.saturating_sub(14))..found.trigger.start;
    if found.staged {
        return None;
    }
    in_words(scene, found, speaker, after, false).or_else(|| in_words(scene, found, speaker, before, true))
}

fn in_words(scene: Scene, found: &Found, speaker: &Speaker, range: Range<usize>, backwards: bool) -> Option<usize> {
    let fits = |at: usize| entity_at(scene, found, speaker, at);
    if backwards { range.rev().find_map(fits) } else { range.clone().find_map(fits) }
}

fn entity_at(scene: Scene, found: &Found, speaker: &Speaker, at: usize) -> Option<usize> {
    let (view, names) = (scene.view, scene.names);
    if view.starts(at, Class::We) {
        let kinds = [EntityKind::Organisation, EntityKind::State];
        return speaker.sides.iter().copied().find(|&side| kinds.contains(&names.kind(side)));
    }
    let entity = match names.mention_at(at) {
        Some(mention) if mention.form == Form::House => return None,
        Some(mention) => Some(mention.entity),
        None => names.body_at(view, at),
    }?;
    let outlet = names.kind(entity) == EntityKind::Outlet;
    (Agent::Entity(entity) != found.agent && !outlet).then_some(entity)
}
