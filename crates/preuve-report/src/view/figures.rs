//! The figures of the first lines: how much was read, how many texts and accusations it comes to, what was not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
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
    /// The first and the last time that an article bears.
    #[serde(skip)]
    pub published: Option<(Timestamp, Timestamp)>,
}

/// Counts while the articles go by.
#[derive(Default)]
pub(crate) struct Tally {
    items: usize,
    mail: usize,
    languages: BTreeMap<&'static str, usize>,
    outlets: BTreeSet<String>,
    origins: BTreeSet<String>,
    derived: usize,
    damaged: usize,
    machine_translated: usize,
    attributions: usize,
    unhandled_language: usize,
    unexamined: usize,
    /// Notes, warnings, errors.
    severities: [usize; 3],
    published: Option<(Timestamp, Timestamp)>,
}

impl Tally {
    pub(crate) fn take(&mut self, head: &Head) {
        self.items += 1;
        self.mail += usize::from(head.format == Format::Mail);
        *self.languages.entry(head.lang.code()).or_insert(0) += 1;
        if let Some(outlet) = head.meta.outlet.as_deref().filter(|outlet| !self.outlets.contains(*outlet)) {
            self.outlets.insert(outlet.to_owned());
        }
        if let Some(link) = &head.link {
            self.origins.insert(link.origin.clone());
            self.derived += usize::from(link.parent_id.is_some());
            self.machine_translated += usize::from(link.relation == Relation::MachineTranslation);
        }
        self.damaged += usize::from(head.damaged);
        self.attributions += head.attributions;
        self.unhandled_language += usize::from(head.lang == Lang::Other);
        self.unexamined += usize::from(!head.examined);
        if let Some(worst) = head.worst {
            self.count(worst, 1);
        }
        if let Some(time) = head.meta.published {
            let (first, last) = self.published.unwrap_or((time, time));
            self.published = Some((first.min(time), last.max(time)));
        }
    }

    fn count(&mut self, severity: Severity, times: usize) {
        let [notes, warnings, errors] = &mut self.severities;
        *match severity {
            Severity::Note => notes,
            Severity::Warning => warnings,
            Severity::Error => errors,
        } += times;
    }

    pub(crate) fn finish(mut self, input: &ReportInput<'_>, mail: Option<&Mail<'_>>) -> Figures {
        let claims = input.claims.unwrap_or_default();
        for diagnostic in input.diagnostics {
            self.count(diagnostic.severity, usize::try_from(1 + diagnostic.like).unwrap_or(usize::MAX));
        }
        let [notes, warnings, errors] = self.severities;
        Figures {
            articles: if mail.is_some() { self.items - self.mail } else { self.items },
            languages: self.languages,
            outlets: self.outlets.len(),
            text_origins: (!self.origins.is_empty()).then_some(self.origins.len()),
            derived: self.derived,
            damaged: self.damaged,
            machine_translated: self.machine_translated,
            attributions: self.attributions,
            claims: input.claims.map(<[Claim]>::len),
            claims_collapsed: claims.iter().filter(|claim| claim.copies_collapsed).count(),
            denied: claims.iter().filter(|claim| !claim.denied_by.is_empty()).count(),
            single_source: claims.iter().filter(|claim| is_single_source(claim)).count(),
            status: by_status(claims),
            unhandled_language: self.unhandled_language,
            unexamined: self.unexamined,
            errors,
            warnings,
            notes,
            mail: mail.map(|mail| mail.figures.clone()),
            published: self.published,
        }
    }
}

/// Whether several articles carry the claim and at most one source stands behind them.
fn is_single_source(claim: &Claim) -> bool {
    claim.copies_collapsed && claim.independent_sources.at_most <= 1 && claim.carried_by.len() > 1
}

fn by_status(claims: &[Claim]) -> BTreeMap<ClaimStatus, usize> {
    let mut found = BTreeMap::new();
    for claim in claims {
        *found.entry(claim.status).or_insert(0) += 1;
    }
    found
}
