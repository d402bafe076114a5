//! Items to lineage: all of them at once, since any may come from any.

use std::collections::BTreeSet;

use jiff::Timestamp;
use preuve_case::{Item, ItemId, TextMap};
use preuve_examine::lineage::detect_lineage;
use preuve_store::{Case, Engine};

use crate::engines::{lineage_key_text, lineage_params};
use crate::error::CommandError;
use crate::session::Session;

/// Items loaded, and findings kept, at one time.
const WINDOW: usize = 512;

/// Run the lineage engine on all items but those left out, unless nothing it rests on has changed. Dates after
/// `as_of` are not trusted.
pub fn trace(
    session: &Session,
    case: &mut Case,
    as_of: Option<Timestamp>,
    left_out: &BTreeSet<ItemId>,
) -> Result<(), CommandError> {
    let params = lineage_params(session.threads, as_of);
    let key = case.fingerprint(&lineage_key_text(&params))?;
    if case.pending(Engine::Lineage, &key)?.iter().all(|(id, _)| left_out.contains(id)) {
        return Ok(());
    }
    let items = load_items(case, left_out)?;
    let progress = session.progress("tracing", items.len() as u64);
    let refs: Vec<&Item> = items.iter().collect();
    let found = detect_lineage(&refs, &params);
    case.replace_diagnostics("engine:lineage", &found.diagnostics)?;
    let findings: Vec<(ItemId, _)> =
        found.findings.into_iter().map(|finding| (finding.item, finding)).collect();
    for window in findings.chunks(WINDOW) {
        case.put_findings(Engine::Lineage, &key, window)?;
        progress.advance(window.len());
    }
    Ok(())
}

/// Every item with its text, without the way back to its bytes: texts are what fills the memory here.
fn load_items(case: &Case, left_out: &BTreeSet<ItemId>) -> Result<Vec<Item>, CommandError> {
    let ids: Vec<ItemId> =
        case.item_list()?.into_iter().map(|(id, _)| id).filter(|id| !left_out.contains(id)).collect();
    let mut items = Vec::with_capacity(ids.len());
    for window in ids.chunks(WINDOW) {
        let loaded = case.items(window)?.into_iter();
        items.extend(loaded.map(|item| Item { map: TextMap::default(), ..item }));
    }
    Ok(items)
}
