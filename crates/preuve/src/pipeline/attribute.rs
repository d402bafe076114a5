//! Items to attributions: each item that has none from this version of the engine, many at a time.

use preuve_case::ItemId;
use preuve_store::{Case, Engine};
use sha2::{Digest, Sha256};

use crate::engines::{ATTRIBUTION_VERSION, Attributor};
use crate::error::CommandError;
use crate::parallel::parallel_map;
use crate::session::Session;

/// Items in memory at one time, and bytes of their texts.
const WINDOW_ITEMS: usize = 256;
const WINDOW_BYTES: u64 = 8 << 20;

/// Run the attribution engine on every item that lacks its findings.
pub fn attribute(session: &Session, case: &mut Case) -> Result<(), CommandError> {
    let attributor = Attributor::new()?;
    let key: [u8; 32] = Sha256::digest(ATTRIBUTION_VERSION).into();
    let pending = case.pending(Engine::Attribution, &key)?;
    let progress = session.progress("attributing", pending.len() as u64);
    let mut rest = pending.as_slice();
    while !rest.is_empty() {
        let (window, after) = rest.split_at(window_len(rest));
        let ids: Vec<ItemId> = window.iter().map(|(id, _)| *id).collect();
        let items = case.items(&ids)?;
        let findings = parallel_map(&items, session.threads, |item| (item.id, attributor.detect(item)));
        case.put_findings(Engine::Attribution, &key, &findings)?;
        progress.advance(window.len());
        rest = after;
    }
    Ok(())
}

fn window_len(items: &[(ItemId, u64)]) -> usize {
    let mut bytes = 0;
    let fits = items.iter().take(WINDOW_ITEMS).take_while(|(_, len)| {
        bytes += len;
        bytes <= WINDOW_BYTES
    });
    fits.count().max(1)
}
