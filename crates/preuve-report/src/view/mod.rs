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
use figures::Tally;
pub(crate) use head::{Head, Link};
pub(crate) use lanes::{Lane, lanes};
pub(crate) use marks::{Segment, segments};
pub(crate) use place::{Quote, quote, shorten};

/// A case seen once through: what the exporters write from.
pub struct Report<'a> {
    pub(crate) input: &'a ReportInput<'a>,
    pub(crate) heads: Vec<Head>,
    /// For each head, the number of its article in the input.
    numbers: Vec<usize>,
    /// Texts of mail that are counted and have no head: there are too many of them.
    pub(crate) unlisted: usize,
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
        let (mut heads, mut numbers, mut by_id) = (Vec::new(), Vec::new(), BTreeMap::new());
        let (mut tally, mut room, mut unlisted) = (Tally::default(), Room::default(), 0);
        for number in 0..input.articles.count() {
            let article = load(input, number)?;
            let head = Head::of(&article);
            tally.take(&head);
            if !room.takes(&article, &head) {
                unlisted += 1;
                continue;
            }
            let (id, index) = (head.id, heads.len());
            by_id.entry(id).or_insert(index);
            heads.push(head);
            numbers.push(number);
            let Some(places) = wanted.get(&id) else { continue };
            let chars = CharIndex::new(&article.item.text);
            for &(claim, mention, attribution) in places {
                quotes[claim][mention] = quote(&article, &chars, index, attribution);
            }
        }
        head::resolve_parents(&mut heads, &by_id);
        let mail = Mail::build(input)?;
        let figures = tally.finish(input, mail.as_ref());
        let lanes = lanes(&heads);
        let lane_of = lanes
            .iter()
            .enumerate()
            .flat_map(|(number, lane)| lane.rows.iter().map(move |row| (row.article, number)))
            .collect();
        let axis = Axis::of(heads.iter().filter_map(|head| head.meta.published));
        let claims_of = claims_of(&quotes);
        Ok(Self {
            input,
            heads,
            numbers,
            unlisted,
            by_id,
            quotes,
            claims_of,
            lanes,
            lane_of,
            axis,
            figures,
            mail,
        })
    }

    pub(crate) fn claims(&self) -> &'a [Claim] {
        self.input.claims.unwrap_or_default()
    }

    /// Whether the text at `index` is that of a message, shown among the messages, that accuses nobody.
    pub(crate) fn is_quiet_mail(&self, index: usize) -> bool {
        let quiet = |head: &Head| head.format == Format::Mail && head.accusations == 0;
        self.mail.is_some() && self.heads.get(index).is_some_and(quiet)
    }

    /// The article of the head at `index`.
    pub(crate) fn load(&self, index: usize) -> Result<Article<'a>, ReportError> {
        load(self.input, self.numbers.get(index).copied().unwrap_or(usize::MAX))
    }
}

/// Texts of mail, compared with nothing, that keep a head though they accuse nobody, and those that accuse.
const QUIET: usize = 500;
const ACCUSING: usize = 2_000;

/// How many texts of mail that nothing else in the report leads to still get a head: a mailbox may hold a million.
#[derive(Default)]
struct Room {
    quiet: usize,
    accusing: usize,
}

impl Room {
    fn takes(&mut self, article: &Article<'_>, head: &Head) -> bool {
        let of_mail = head.format == Format::Mail || article.item.parent.is_some();
        if !of_mail || head.link.is_some() {
            return true;
        }
        let (count, most) =
            if head.accusations == 0 { (&mut self.quiet, QUIET) } else { (&mut self.accusing, ACCUSING) };
        *count += 1;
        *count <= most
    }
}

pub(crate) fn load<'a>(input: &ReportInput<'a>, index: usize) -> Result<Article<'a>, ReportError> {
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
