//! A canonical claim: one accusation, all the items that carry it, and what stands behind it.

use serde::{Deserialize, Serialize};

use crate::{Act, Evidence, ItemId, Stance};

/// Closed interval of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// Lower bound.
    pub at_least: u32,
    /// Upper bound.
    pub at_most: u32,
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimStatus {
    /// Asserted, without evidence.
    Unsupported,
    /// Evidence is pointed to.
    PointedTo,
    /// Denied, or contradicted, with weight on both sides.
    Disputed,
    /// Taken back by who made it.
    Withdrawn,
    /// A public authority attributes it after its own examination.
    OfficiallyAttributed,
}

/// One attribution that speaks of a claim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mention {
    /// The item.
    pub item: ItemId,
    /// Index of the attribution in the item's list.
    pub attribution: usize,
    /// Who speaks, by the item's fullest mention.
    pub speaker: Option<String>,
    /// What the speaker does with the claim.
    pub stance: Stance,
    /// What is offered.
    pub evidence: Evidence,
    /// Whether distance is kept.
    pub hedged: bool,
}

/// A reason of a claim's status or count, in words for both languages of the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Why {
    /// Stable name of the rule.
    pub rule: String,
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
    /// Mentions it rests on, as indices into [`Claim::mentions`].
    pub mentions: Vec<usize>,
}

/// How a claim stood from a day on, judged by what had been published until then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Day (UTC) of the publication that changed it; `None` for items without a date, which stand first.
    pub from: Option<jiff::civil::Date>,
    /// Independent sources from then on; 0 to 0 once withdrawn.
    pub independent_sources: Interval,
    /// Status from then on.
    pub status: ClaimStatus,
}

/// A canonical claim across items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Stable within a case: made from accused, act and target.
    pub id: String,
    /// Who is accused.
    pub accused: String,
    /// Of what.
    pub act: Act,
    /// To whom it was done.
    pub target: Option<String>,
    /// One sentence in English, made from the fields.
    pub gloss: String,
    /// Items that state the claim, whoever they attribute it to, sorted by path.
    pub carried_by: Vec<ItemId>,
    /// Items that mention the claim only to declare it false, sorted by path.
    #[serde(default)]
    pub rejected_in: Vec<ItemId>,
    /// Text origins after copies are collapsed.
    pub text_origins: Vec<String>,
    /// Those of the text origins that had it from a primary source themselves.
    #[serde(default)]
    pub firsthand_origins: Vec<String>,
    /// Who knows it first hand, as named.
    pub primary_sources: Vec<String>,
    /// Independent sources after relays are collapsed too.
    pub independent_sources: Interval,
    /// Whether copies and translations were collapsed in that count.
    pub copies_collapsed: bool,
    /// Who accuses, as named; disputed attributions stand side by side.
    pub accusers: Vec<String>,
    /// Who denies.
    pub denied_by: Vec<String>,
    /// Best evidence offered by anyone who asserts it.
    pub best_evidence: Evidence,
    /// Where it stands.
    pub status: ClaimStatus,
    /// How count and status changed, oldest first; the last entry is today's.
    #[serde(default)]
    pub timeline: Vec<TimelineEntry>,
    /// Reasons of status and count.
    pub why: Vec<Why>,
    /// Every attribution that speaks of it, in order of publication where known.
    pub mentions: Vec<Mention>,
}
