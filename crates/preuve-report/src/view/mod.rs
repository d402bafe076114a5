//! The one view of the case that every exporter writes from, built in one pass over the articles.
//!
//! Keeps what is small (heads, links, the quoted places of claims); the texts stay in the case and are loaded
//! again, one at a time, when they are written.

mod figures;
mod head;
mod place;

use std::collections::BTreeMap;

use preuve_case::{CharIndex, Claim, ItemId};

use crate::input::Article;
use crate::{ReportError, ReportInput};

pub(crate) use figures::Figures;
pub(crate) use head::{Head, Link};
pub(crate) use place::{Place, Quote, quote};

/// A case seen once through: what the exporters write from.
pub struct Report<'a> {
    pub(crate) input: &'a ReportInput<'a>,
    pub(crate) heads: Vec<Head>,
    pub(crate) by_id: BTreeMap<ItemId, usize>,
    /// For every claim and every mention of it, the words and their place.
    pub(crate) quotes: Vec<Vec<Option<Quote>>>,
    pub(crate) figures: Figures,
}

impl<'a> Report<'a> {
    /// Goes through the articles once.
    ///
    /// # Errors
    /// [`ReportError::Load`] when an article cannot be loaded.
    pub fn build(input: &'a ReportInput<'a>) -> Result<Self, ReportError> {
        let claims = input.claims.unwrap_or_default();
        let wanted = mentions_by_item(claims);
        let mut quotes: Vec<Vec<Option<Quote>>> =
            claims.iter().map(|claim| claim.mentions.iter().map(|_| None).collect()).collect();
        let mut heads = Vec::with_capacity(input.articles.count());
        let mut by_id = BTreeMap::new();
        for index in 0..input.articles.count() {
            let article = load(input, index)?;
            let id = article.item.id;
            by_id.entry(id).or_insert(index);
            heads.push(Head::of(&article));
            let Some(places) = wanted.get(&id) else { continue };
            let chars = CharIndex::new(&article.item.text);
            for &(claim, mention, attribution) in places {
                quotes[claim][mention] = quote(&article, &chars, index, attribution);
            }
        }
        head::resolve_parents(&mut heads, &by_id);
        let figures = Figures::of(input, &heads);
        Ok(Self { input, heads, by_id, quotes, figures })
    }

    pub(crate) fn claims(&self) -> &'a [Claim] {
        self.input.claims.unwrap_or_default()
    }

    pub(crate) fn load(&self, index: usize) -> Result<Article<'a>, ReportError> {
        load(self.input, index)
    }
}

fn load<'a>(input: &ReportInput<'a>, index: usize) -> Result<Article<'a>, ReportError> {
    input.articles.article(index).map_err(|source| ReportError::Load { index, source })
}

type MentionsByItem = BTreeMap<ItemId, Vec<(usize, usize, usize)>>;

/// For each item, the claim, the mention in it and the attribution that it points at.
fn mentions_by_item(claims: &[Claim]) -> MentionsByItem {
    let mut wanted = MentionsByItem::new();
    for (number, claim) in claims.iter().enumerate() {
        for (position, mention) in claim.mentions.iter().enumerate() {
            wanted.entry(mention.item).or_default().push((number, position, mention.attribution));
        }
    }
    wanted
}
