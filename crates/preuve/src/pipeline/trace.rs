//! Items to lineage: all of them at once, since any may come from any.

use preuve_case::{Diagnostic, Item, ItemId, TextMap};
use preuve_store::{Case, Engine};

use crate::engines;
use crate::error::CommandError;
use crate::session::Session;

/// Items loaded at one time.
const WINDOW: usize = 512;

/// Run the lineage engine, unless nothing it rests on has changed.
pub fn trace(session: &Session, case: &mut Case) -> Result<Vec<Diagnostic>, CommandError> {
    let links = case.links()?;
    let key = case.fingerprint("lineage 0")?;
    let items = load_items(case)?;
    let progress = session.progress("tracing", items.len() as u64);
    let refs: Vec<&Item> = items.iter().collect();
    let (findings, diagnostics) = engines::trace(&refs, &links);
    let findings: Vec<(ItemId, _)> = findings.into_iter().map(|finding| (finding.item, finding)).collect();
    if !case.pending(Engine::Lineage, &key)?.is_empty() {
        case.put_findings(Engine::Lineage, &key, &findings)?;
    }
    progress.advance(items.len());
    Ok(diagnostics)
}

/// Every item with its text, without the way back to its bytes: texts are what fills the memory here.
fn load_items(case: &Case) -> Result<Vec<Item>, CommandError> {
    let ids: Vec<ItemId> = case.item_list()?.into_iter().map(|(id, _)| id).collect();
    let mut items = Vec::with_capacity(ids.len());
    for window in ids.chunks(WINDOW) {
        let loaded = case.items(window)?.into_iter();
        items.extend(loaded.map(|item| Item { map: TextMap::default(), ..item }));
    }
    Ok(items)
}
