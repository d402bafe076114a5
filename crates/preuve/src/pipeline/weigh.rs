//! Attributions and lineage to claims.

use std::collections::BTreeSet;

use preuve_case::{Diagnostic, Item, ItemAttributions, ItemId, ItemMeta, Lang, LineageFinding};
use preuve_store::{Case, Engine};
use preuve_weigh::{WeighInput, WeighItem, WeighParams, weigh_claims};

use crate::error::CommandError;
use crate::session::Session;

/// Items loaded at one time.
const WINDOW: usize = 256;

/// What the weighing is allowed to spend.
const PARAMS: WeighParams = WeighParams { max_bucket: 256 };

/// Weigh the claims of the whole case but the items left out, and keep them; what the attribution engine had to say
/// of the items.
pub fn weigh(
    session: &Session,
    case: &mut Case,
    left_out: &BTreeSet<ItemId>,
) -> Result<Vec<Diagnostic>, CommandError> {
    let list = case.item_list()?;
    let ids: Vec<ItemId> = list.into_iter().map(|(id, _)| id).filter(|id| !left_out.contains(id)).collect();
    let progress = session.progress("weighing", ids.len() as u64);
    let mut loaded = Vec::with_capacity(ids.len());
    let mut diagnostics = Vec::new();
    for window in ids.chunks(WINDOW) {
        load(case, window, &mut loaded, &mut diagnostics)?;
        progress.advance(window.len());
    }
    let items: Vec<WeighItem> = loaded.iter().map(Loaded::borrow).collect();
    let links = case.links()?;
    let claims = weigh_claims(&WeighInput { items: &items, links: &links }, &PARAMS);
    case.put_claims(&claims)?;
    Ok(diagnostics)
}

/// One item as the weighing sees it, without what it never looks at: the whole case is in memory here.
struct Loaded {
    id: ItemId,
    path: String,
    meta: ItemMeta,
    lang: Lang,
    attributions: ItemAttributions,
    lineage: Option<LineageFinding>,
}

impl Loaded {
    fn borrow(&self) -> WeighItem<'_> {
        WeighItem {
            id: self.id,
            path: &self.path,
            meta: &self.meta,
            lang: self.lang,
            attributions: &self.attributions,
            lineage: self.lineage.as_ref(),
        }
    }
}

fn load(
    case: &Case,
    ids: &[ItemId],
    into: &mut Vec<Loaded>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), CommandError> {
    for item in case.items(ids)? {
        let mut attributions: ItemAttributions =
            case.finding(Engine::Attribution, item.id)?.unwrap_or_default();
        diagnostics.append(&mut attributions.diagnostics);
        slim(&mut attributions);
        let lineage = case.finding(Engine::Lineage, item.id)?.map(thin);
        let Item { id, path, meta, lang, .. } = item;
        into.push(Loaded { id, path, meta, lang, attributions, lineage });
    }
    Ok(())
}

/// Let go of what the weighing never looks at, and of the room that reading left over. Reasons and places of names
/// are for the report, which loads them again.
fn slim(found: &mut ItemAttributions) {
    for attribution in &mut found.attributions {
        attribution.reasons = Vec::new();
        attribution.content.spans.shrink_to_fit();
        for part in attribution.source.iter_mut().chain(&mut attribution.cue) {
            part.spans.shrink_to_fit();
        }
    }
    for entity in &mut found.entities {
        entity.spans = Vec::new();
        entity.aliases.shrink_to_fit();
    }
    found.attributions.shrink_to_fit();
    found.entities.shrink_to_fit();
}

fn thin(finding: LineageFinding) -> LineageFinding {
    LineageFinding { passages: Vec::new(), ..finding }
}
