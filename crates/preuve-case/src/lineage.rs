//! How one item comes from another, after W3C PROV.

use serde::{Deserialize, Serialize};

use crate::{ItemId, Span};

/// How an item relates to the item it derives from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Derives from nothing in the case.
    Original,
    /// The same text, or nearly.
    Copy,
    /// A later state of the same text by the same outlet.
    Revision,
    /// A part of the text.
    Excerpt,
    /// The text in another language.
    Translation,
    /// The text in another language, with signs that a machine did it.
    MachineTranslation,
    /// The same story retold from the text in other words.
    Rewrite,
    /// Reports that another reported, without its text.
    Relay,
}

/// A passage of one item and its counterpart in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlignedPassage {
    /// Code points in the item the finding is about.
    pub here: Span,
    /// Code points in the item it derives from.
    pub there: Span,
    /// How alike, 0–1.
    pub likeness: f32,
}

/// A sign that speaks for a derivation or for damage: what, and where in the item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sign {
    /// Stable name (`credit`, `glued_words`, `leftover_name`, `later`, `contained`).
    pub name: String,
    /// Where it shows.
    pub spans: Vec<Span>,
    /// In plain words, English.
    pub note: String,
}

/// What the lineage engine finds about one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineageFinding {
    /// The item.
    pub item: ItemId,
    /// Name of its text origin: the path of the oldest item of the cluster.
    pub origin: String,
    /// The item it derives from, where that is in the case.
    pub derived_from: Option<ItemId>,
    /// How.
    pub relation: Relation,
    /// Whether the item says where it has it from.
    pub credited: bool,
    /// Outlets and bodies cited as the source of information, as named in the item.
    pub relays: Vec<String>,
    /// Confidence in the derivation, 0–1; for an original, that it derives from nothing here.
    pub score: f32,
    /// What speaks for it.
    pub signs: Vec<Sign>,
    /// Passages shared with `derived_from`.
    pub passages: Vec<AlignedPassage>,
}

/// An analyst's judgement about two items: an assessment that stands above the engine's finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LinkJudgement {
    /// One item.
    pub a: ItemId,
    /// The other; the order of the two means nothing.
    pub b: ItemId,
    /// `true`: one derives from the other. `false`: neither derives from the other.
    pub linked: bool,
    /// The analyst's reason.
    pub why: String,
}
