//! Items to attributions: each item that has none from this version of the engine, many at a time.

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, Item, ItemAttributions, ItemId, Severity, Sign};
use preuve_examine::attribution::Attributor;
use preuve_examine::lineage::detect_damage;
use preuve_store::{Case, Engine};

use crate::engines::key;
use crate::error::CommandError;
use crate::parallel::parallel_map;
use crate::session::Session;

/// Items in memory at one time, and bytes of their texts.
const WINDOW_ITEMS: usize = 256;
const WINDOW_BYTES: u64 = 8 << 20;

/// Run the attribution engine on every item that lacks its findings.
pub fn attribute(session: &Session, case: &mut Case) -> Result<(), CommandError> {
    let attributor = Attributor::new()?;
    let key = key("attribution", "");
    let pending = case.pending(Engine::Attribution, &key)?;
    let progress = session.progress("attributing", pending.len() as u64);
    let mut rest = pending.as_slice();
    while !rest.is_empty() {
        let (window, after) = rest.split_at(window_len(rest));
        let ids: Vec<ItemId> = window.iter().map(|(id, _)| *id).collect();
        let items = case.items(&ids)?;
        let findings = parallel_map(&items, session.threads, |item| (item.id, look_at(&attributor, item)));
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

/// Attributions of an item, and the damage of its text.
fn look_at(attributor: &Attributor, item: &Item) -> ItemAttributions {
    let mut found = attributor.detect(item);
    found.diagnostics.extend(damage(item, detect_damage(&item.text, item.lang)));
    found
}

/// Signs of damage as diagnostics: one a kind, at its first place, with some examples.
fn damage(item: &Item, signs: Vec<Sign>) -> Vec<Diagnostic> {
    let mut kinds: BTreeMap<String, Vec<Sign>> = BTreeMap::new();
    for sign in signs {
        kinds.entry(sign.name.clone()).or_default().push(sign);
    }
    let tell = |(name, signs): (String, Vec<Sign>)| {
        let notes: Vec<&str> = signs.iter().take(EXAMPLES).map(|sign| sign.note.as_str()).collect();
        let more = if signs.len() > EXAMPLES { ", …" } else { "" };
        let places = if signs.len() == 1 { "1 place".to_owned() } else { format!("{} places", signs.len()) };
        let message = format!("the text is damaged in {places}: {}{more}", notes.join(", "));
        let code = format!("text::{name}");
        let diagnostic = Diagnostic::new(&item.path, Severity::Warning, code, message).for_item(item.id);
        let place = signs.first().and_then(|sign| sign.spans.first());
        place.map_or(diagnostic.clone(), |span| diagnostic.clone().at_chars(*span))
    };
    kinds.into_iter().map(tell).collect()
}

/// Examples in the message of a diagnostic.
const EXAMPLES: usize = 3;
