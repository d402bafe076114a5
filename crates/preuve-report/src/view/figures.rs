//! The figures of the first lines: how much was read, how many texts and accusations it comes to, what was not.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{Claim, ClaimStatus, Format, Lang, Relation, Severity};
use serde::Serialize;

use super::Head;
use crate::ReportInput;
use crate::mail::{Mail, MailFigures};

/// Counts over the whole case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Figures {
    /// Articles that were read. Where the mail is reported, its messages are counted there.
    pub articles: usize,
    /// Articles by language.
    pub languages: BTreeMap<&'static str, usize>,
    /// Distinct outlets that are named.
    pub outlets: usize,
    /// Texts left after copies are collapsed; `None` where lineage was not examined.
    pub text_origins: Option<usize>,
    /// Articles that derive from another of the case.
    pub derived: usize,
    /// Articles whose text shows damage.
    pub damaged: usize,
    /// Articles that a machine translated.
    pub machine_translated: usize,
    /// Attributions found.
    pub attributions: usize,
    /// Claims; `None` where they were not weighed.
    pub claims: Option<usize>,
    /// Claims whose count has copies collapsed.
    pub claims_collapsed: usize,
    /// Claims that somebody denies.
    pub denied: usize,
    /// Claims on at most one independent source, carried by several articles.
    pub single_source: usize,
    /// Claims by status.
    pub status: BTreeMap<ClaimStatus, usize>,
    /// Articles in a language that the engines do not handle.
    pub unhandled_language: usize,
    /// Articles in which nobody looked for attributions.
    pub unexamined: usize,
    /// Diagnostics of the whole case by severity, those of articles by their worst.
    pub errors: usize,
    /// The same for warnings.
    pub warnings: usize,
    /// The same for notes.
    pub notes: usize,
    /// The mail; `None` where the case holds none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailFigures>,
}

impl Figures {
    pub(crate) fn of(input: &ReportInput<'_>, heads: &[Head], mail: Option<&Mail<'_>>) -> Self {
        let claims = input.claims.unwrap_or_default();
        let severities: Vec<Severity> = heads
            .iter()
            .filter_map(|head| head.worst)
            .chain(input.diagnostics.iter().map(|diagnostic| diagnostic.severity))
            .collect();
        let count = |severity| severities.iter().filter(|found| **found == severity).count();
        let links = || heads.iter().filter_map(|head| head.link.as_ref());
        Self {
            articles: heads.iter().filter(|head| mail.is_none() || head.format != Format::Mail).count(),
            languages: by_language(heads),
            outlets: heads
                .iter()
                .filter_map(|head| head.meta.outlet.as_deref())
                .collect::<BTreeSet<_>>()
                .len(),
            text_origins: links()
                .next()
                .is_some()
                .then(|| links().map(|link| link.origin.as_str()).collect::<BTreeSet<_>>().len()),
            derived: links().filter(|link| link.parent_id.is_some()).count(),
            damaged: heads.iter().filter(|head| head.damaged).count(),
            machine_translated: links().filter(|link| link.relation == Relation::MachineTranslation).count(),
            attributions: heads.iter().map(|head| head.attributions).sum(),
            claims: input.claims.map(<[Claim]>::len),
            claims_collapsed: claims.iter().filter(|claim| claim.copies_collapsed).count(),
            denied: claims.iter().filter(|claim| !claim.denied_by.is_empty()).count(),
            single_source: claims.iter().filter(|claim| is_single_source(claim)).count(),
            status: by_status(claims),
            unhandled_language: heads.iter().filter(|head| head.lang == Lang::Other).count(),
            unexamined: heads.iter().filter(|head| !head.examined).count(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            mail: mail.map(|mail| mail.figures.clone()),
        }
    }
}

/// Whether several articles carry the claim and at most one source stands behind them.
fn is_single_source(claim: &Claim) -> bool {
    claim.copies_collapsed && claim.independent_sources.at_most <= 1 && claim.carried_by.len() > 1
}

fn by_language(heads: &[Head]) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for head in heads {
        *found.entry(head.lang.code()).or_insert(0) += 1;
    }
    found
}

fn by_status(claims: &[Claim]) -> BTreeMap<ClaimStatus, usize> {
    let mut found = BTreeMap::new();
    for claim in claims {
        *found.entry(claim.status).or_insert(0) += 1;
    }
    found
}
