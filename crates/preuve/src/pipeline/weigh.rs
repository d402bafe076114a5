//! Attributions and lineage to claims.

use preuve_case::{Item, ItemAttributions, LineageFinding};
use preuve_store::{Case, Engine};

use crate::engines;
use crate::error::CommandError;
use crate::session::Session;

/// Weigh the claims of the whole case, and keep them.
pub fn weigh(session: &Session, case: &mut Case) -> Result<(), CommandError> {
    let list = case.item_list()?;
    let progress = session.progress("weighing", list.len() as u64);
    let mut items: Vec<(Item, ItemAttributions, Option<LineageFinding>)> = Vec::with_capacity(list.len());
    for (id, _) in list {
        let Some(mut item) = case.items(&[id])?.pop() else { continue };
        item.text = String::new();
        let attributions = case.finding(Engine::Attribution, id)?.unwrap_or_default();
        items.push((item, attributions, case.finding(Engine::Lineage, id)?));
        progress.advance(1);
    }
    case.put_claims(&engines::weigh(&items))?;
    Ok(())
}
