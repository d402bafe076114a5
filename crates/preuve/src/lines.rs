//! The lines that the engines' own commands write: the contract with whoever reads them by program.

use preuve_case::{
    Accusation, Act, Attribution, Claim, ClaimStatus, Evidence, Interval, Lang, LineageFinding, Part,
    Relation, SourceClass, Stance,
};
use serde::Serialize;

/// A line of `preuve attributions`.
#[derive(Debug, Serialize)]
pub struct AttributionLine<'a> {
    item: &'a str,
    lang: Lang,
    source: Option<&'a Part>,
    cue: Option<&'a Part>,
    content: &'a Part,
    stance: Stance,
    source_class: SourceClass,
    evidence: Evidence,
    accusation: Option<&'a Accusation>,
}

impl<'a> AttributionLine<'a> {
    /// The line of one attribution of the item at `path`.
    pub fn new(path: &'a str, lang: Lang, attribution: &'a Attribution) -> Self {
        Self {
            item: path,
            lang,
            source: attribution.source.as_ref(),
            cue: attribution.cue.as_ref(),
            content: &attribution.content,
            stance: attribution.stance,
            source_class: attribution.source_class,
            evidence: attribution.evidence,
            accusation: attribution.accusation.as_ref(),
        }
    }
}

/// A line of `preuve lineage`.
#[derive(Debug, Serialize)]
pub struct LineageLine<'a> {
    item: &'a str,
    origin: &'a str,
    derived_from: Option<&'a str>,
    /// How it derives.
    pub relation: Relation,
    credited: bool,
    relays: &'a [String],
    score: f32,
}

impl<'a> LineageLine<'a> {
    /// The line of the item at `path`; `derived_from` is the path of the item it derives from.
    pub fn new(path: &'a str, derived_from: Option<&'a str>, finding: &'a LineageFinding) -> Self {
        Self {
            item: path,
            origin: &finding.origin,
            derived_from,
            relation: finding.relation,
            credited: finding.credited,
            relays: &finding.relays,
            score: finding.score,
        }
    }

    /// The line for people, with the word for its relation.
    pub fn cells(&self, relation: String) -> Vec<String> {
        vec![
            self.item.to_owned(),
            relation,
            self.derived_from.unwrap_or("–").to_owned(),
            format!("{:.2}", self.score),
            self.relays.join(", "),
            self.origin.to_owned(),
        ]
    }

    /// The line of a path whose bytes are those of the item at `first`.
    pub fn same_bytes(path: &'a str, first: &'a str, finding: &'a LineageFinding) -> Self {
        Self {
            relation: Relation::Copy,
            credited: false,
            score: 1.0,
            ..Self::new(path, Some(first), finding)
        }
    }
}

/// A line of `preuve claims`.
#[derive(Debug, Serialize)]
pub struct ClaimLine<'a> {
    accused: &'a str,
    /// Of what.
    pub act: Act,
    target: Option<&'a str>,
    gloss: &'a str,
    carried_by: Vec<&'a str>,
    text_origins: &'a [String],
    primary_sources: &'a [String],
    independent_sources: Interval,
    denied_by: &'a [String],
    /// Where the claim stands.
    pub status: ClaimStatus,
    why: String,
}

impl<'a> ClaimLine<'a> {
    /// The line of a claim carried by the items at `carried_by`.
    pub fn new(claim: &'a Claim, carried_by: Vec<&'a str>) -> Self {
        let why: Vec<&str> = claim.why.iter().map(|why| why.en.as_str()).collect();
        Self {
            accused: &claim.accused,
            act: claim.act,
            target: claim.target.as_deref(),
            gloss: &claim.gloss,
            carried_by,
            text_origins: &claim.text_origins,
            primary_sources: &claim.primary_sources,
            independent_sources: claim.independent_sources,
            denied_by: &claim.denied_by,
            status: claim.status,
            why: why.join(" "),
        }
    }
    /// The line for people, with the words for its act and status.
    pub fn cells(&self, act: String, status: String) -> Vec<String> {
        let Interval { at_least, at_most } = self.independent_sources;
        vec![
            self.accused.to_owned(),
            act,
            self.target.unwrap_or("–").to_owned(),
            self.carried_by.len().to_string(),
            if at_least == at_most { at_least.to_string() } else { format!("{at_least}–{at_most}") },
            status,
            self.denied_by.join(", "),
        ]
    }
}
