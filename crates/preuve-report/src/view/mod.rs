//! The one view of the case that every exporter writes from, built in one pass over the articles.
//!
//! Keeps what is small (heads, links, the quoted places of claims); the texts stay in the case and are loaded
//! again, one at a time, when they are written.

mod axis;
mod difference;
mod figures;
mod head;
mod lanes;
mod marks;
mod place;

use std::collections::BTreeMap;

use preuve_case::{CharIndex, Claim, Format, ItemId};

use crate::input::Article;
use crate::mail::Mail;
use crate::{ReportError, ReportInput};

pub(crate) use axis::{Axis, day};
pub(crate) use difference::{Run, differences};
pub(crate) use figures::Figures;
pub(crate) use head::{Head, Link};
pub(crate) use lanes::{Lane, lanes};
pub(crate) use marks::{Segment, segments};
pub(crate) use place::{Quote, quote, shorten};

/// A case seen once through: what the exporters write from.
pub struct Report<'a> {
    pub(crate) input: &'a ReportInput<'a>,
    pub(crate) heads: Vec<Head>,
    pub(crate) by_id: BTreeMap<ItemId, usize>,
    /// For every claim and every mention of it, the words and their place.
    pub(crate) quotes: Vec<Vec<Option<Quote>>>,
    /// The claims that each attribution of each article speaks of.
    pub(crate) claims_of: BTreeMap<(usize, usize), Vec<usize>>,
    pub(crate) lanes: Vec<Lane>,
    /// The lane of each article.
    pub(crate) lane_of: BTreeMap<usize, usize>,
    /// Time over the whole case; `None` where nothing is dated.
    pub(crate) axis: Option<Axis>,
    pub(crate) figures: Figures,
    /// The mail; `None` where the case holds none.
    pub(crate) mail: Option<Mail<'a>>,
}

impl<'a> Report<'a> {
    /// Goes through the articles and the mail once.
    ///
    /// # Errors
    /// [`ReportError::Load`] when an article cannot be loaded, [`ReportError::LoadMessage`] when a message cannot.
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
        let mail = Mail::build(input)?;
        let figures = Figures::of(input, &heads, mail.as_ref());
        let lanes = lanes(&heads);
        let lane_of = lanes
            .iter()
            .enumerate()
            .flat_map(|(number, lane)| lane.rows.iter().map(move |row| (row.article, number)))
            .collect();
        let axis = Axis::of(heads.iter().filter_map(|head| head.meta.published));
        let claims_of = claims_of(&quotes);
        Ok(Self { input, heads, by_id, quotes, claims_of, lanes, lane_of, axis, figures, mail })
    }

    pub(crate) fn claims(&self) -> &'a [Claim] {
        self.input.claims.unwrap_or_default()
    }

    /// Whether the text at `index` is that of a message, shown among the messages, that accuses nobody.
    pub(crate) fn is_quiet_mail(&self, index: usize) -> bool {
        let quiet = |head: &Head| head.format == Format::Mail && head.accusations == 0;
        self.mail.is_some() && self.heads.get(index).is_some_and(quiet)
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

fn claims_of(quotes: &[Vec<Option<Quote>>]) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut found: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (claim, quotes) in quotes.iter().enumerate() {
        for quote in quotes.iter().flatten() {
            let claims = found.entry((quote.place.article, quote.attribution)).or_default();
            if claims.last() != Some(&claim) {
                claims.push(claim);
            }
        }
    }
    found
}
