//! Findings to assessments: what is claimed across items, who stands behind it independently, and where it stands.
//!
//! The part of Preuve that a court reads. It is given what the engines found and answers with [`Claim`]s; every
//! count and status comes with the name of the rule and a sentence in English and French. The rules are written
//! down in `docs/methods/weighing.md`. It reads no text and keeps no state: same findings, same claims, whatever the order.

mod claim;
mod cognate;
mod fold;
mod input;
mod join;
mod lexicon;
mod origins;
mod roster;
mod sides;
mod sources;
mod standing;
mod story;
mod targets;
mod wording;

use preuve_case::Claim;

pub use input::{WeighInput, WeighItem, WeighParams};

/// Weighs the findings: canonical claims with carriers, sources, status and reasons.
///
/// Most carriers first, then by id. Items may come in any order; an item that comes twice counts once.
pub fn weigh_claims(input: &WeighInput, params: &WeighParams) -> Vec<Claim> {
    let mut items: Vec<&WeighItem> = input.items.iter().collect();
    items.sort_by_key(|item| (item.path, item.id));
    let mut seen = std::collections::BTreeSet::new();
    items.retain(|item| seen.insert(item.id));
    let origins = origins::Origins::build(&items, input.links);
    let roster = roster::Roster::build(&items, &origins, params.max_bucket);
    let sides = sides::Sides::read(&items, &roster, &origins);
    let media: Vec<Option<usize>> = items
        .iter()
        .enumerate()
        .map(|(number, item)| item.meta.outlet.as_deref().and_then(|name| roster.actor(number, name)))
        .collect();
    let ground =
        sources::Ground { items: &items, roster: &roster, origins: &origins, sides: &sides, media: &media };
    let stories = story::group(story::tell(&items, &roster, &media), &roster, &sides);
    let mut claims: Vec<Claim> = stories.iter().map(|story| claim::assemble(story, &ground)).collect();
    claim::order(&mut claims);
    claims
}
