//! What the weighing is given: findings of the engines and links that an analyst judged.

use preuve_case::{ItemAttributions, ItemId, ItemMeta, Lang, LineageFinding, LinkJudgement};

/// One item with what the engines found in it.
#[derive(Debug, Clone)]
pub struct WeighItem<'a> {
    /// Its id.
    pub id: ItemId,
    /// Its path, which names it and orders the output.
    pub path: &'a str,
    /// What the material says of itself; outlet and time of publication are used.
    pub meta: &'a ItemMeta,
    /// Language of the text.
    pub lang: Lang,
    /// Who says what in it.
    pub attributions: &'a ItemAttributions,
    /// Where its text comes from; without it copies are not collapsed.
    pub lineage: Option<&'a LineageFinding>,
}

/// The material to weigh.
#[derive(Debug, Clone)]
pub struct WeighInput<'a> {
    /// Items in any order; an id that comes twice counts once.
    pub items: &'a [WeighItem<'a>],
    /// An analyst's judgements, which stand above the lineage findings; of two about one pair the later holds.
    pub links: &'a [LinkJudgement],
}

/// How the weighing works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeighParams {
    /// Names that share a word and are compared with one another at most; a word shared by more joins none.
    pub max_bucket: usize,
}
