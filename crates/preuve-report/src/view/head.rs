//! What the report keeps of every article: who published what when, and where its text comes from.

use std::collections::BTreeMap;

use preuve_case::{Format, ItemId, ItemMeta, Lang, Relation, Severity, Sign};

use crate::input::Article;

/// The link of an article to the one its text comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    pub origin: String,
    pub parent_id: Option<ItemId>,
    /// Index of the article it derives from, where that one is in the report.
    pub parent: Option<usize>,
    pub relation: Relation,
    pub credited: bool,
    pub relays: Vec<String>,
    pub score: f32,
    pub signs: Vec<Sign>,
    /// Whether passages were aligned with the parent.
    pub aligned: usize,
}

/// An article without its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub id: ItemId,
    pub path: String,
    pub format: Format,
    pub lang: Lang,
    pub byte_len: u64,
    pub text_len: usize,
    pub meta: ItemMeta,
    pub examined: bool,
    pub attributions: usize,
    pub accusations: usize,
    pub worst: Option<Severity>,
    /// Whether its text shows damage.
    pub damaged: bool,
    pub link: Option<Link>,
}

impl Head {
    pub(crate) fn of(article: &Article<'_>) -> Self {
        let item = &article.item;
        let found = article.attributions.as_deref();
        let from_engine = found.map(|found| found.diagnostics.as_slice()).unwrap_or_default();
        Self {
            id: item.id,
            path: item.path.clone(),
            format: item.format,
            lang: item.lang,
            byte_len: item.byte_len,
            text_len: item.text.len(),
            meta: item.meta.clone(),
            examined: found.is_some(),
            attributions: found.map_or(0, |found| found.attributions.len()),
            accusations: found.map_or(0, |found| {
                found.attributions.iter().filter(|attribution| attribution.accusation.is_some()).count()
            }),
            worst: article.diagnostics.iter().chain(from_engine).map(|diagnostic| diagnostic.severity).max(),
            damaged: !article.damaged().is_empty(),
            link: article.lineage.as_deref().map(|finding| Link {
                origin: finding.origin.clone(),
                parent_id: finding.derived_from,
                parent: None,
                relation: finding.relation,
                credited: finding.credited,
                relays: finding.relays.clone(),
                score: finding.score,
                signs: finding.signs.clone(),
                aligned: finding.passages.len(),
            }),
        }
    }

    /// The headline, or the path where there is none.
    pub(crate) fn name(&self) -> &str {
        match &self.meta.title {
            Some(title) if !title.trim().is_empty() => title,
            _ => &self.path,
        }
    }
}

/// Turns the ids of parents into indices, once all the articles are known.
pub(crate) fn resolve_parents(heads: &mut [Head], by_id: &BTreeMap<ItemId, usize>) {
    for head in heads {
        let own = head.id;
        if let Some(link) = &mut head.link {
            link.parent = link.parent_id.filter(|id| *id != own).and_then(|id| by_id.get(&id).copied());
        }
    }
}
