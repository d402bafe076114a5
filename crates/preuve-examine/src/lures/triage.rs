//! An order in which to look at messages. No score: kinds of reasons are counted, because reasons of one kind rest
//! on the same thing.

use std::collections::BTreeSet;

use preuve_case::{CheckOutcome, Observation};

use super::reason::{LureKind, Reason};

/// Where a message stands in the order: the greater, the earlier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Triage {
    /// Kinds with a reason that is worth a look by itself.
    pub strong_kinds: usize,
    /// Kinds with any reason, context left out.
    pub kinds: usize,
    /// Reasons of any kind, context left out.
    pub reasons: usize,
}

impl Triage {
    /// Is the message worth a look: one strong reason, or reasons of two kinds?
    pub fn is_listed(&self) -> bool {
        self.strong_kinds > 0 || self.kinds > 1
    }
}

/// The place in the order that the `lure.*` among the observations of one message give it.
pub fn triage(observations: &[Observation]) -> Triage {
    let reasons: Vec<(LureKind, CheckOutcome)> = observations
        .iter()
        .filter_map(|observation| {
            let entry = Reason::ALL
                .iter()
                .map(|reason| reason.entry())
                .find(|entry| entry.name == observation.name)?;
            (entry.kind != LureKind::Context).then_some((entry.kind, observation.outcome))
        })
        .collect();
    let strong: BTreeSet<LureKind> =
        reasons.iter().filter(|(_, outcome)| *outcome == CheckOutcome::Fail).map(|(kind, _)| *kind).collect();
    let kinds: BTreeSet<LureKind> = reasons.iter().map(|(kind, _)| *kind).collect();
    Triage { strong_kinds: strong.len(), kinds: kinds.len(), reasons: reasons.len() }
}
