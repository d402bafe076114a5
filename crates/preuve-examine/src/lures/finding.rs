//! Puts the observations of one message together: the same fact found twice is one observation with two places.

use std::collections::BTreeMap;

use preuve_case::{MessageRef, Observation, ObservationKind};

use super::address::clip;
use super::reason::Reason;

/// Observations of one message; more of one reason than this say nothing new.
const MOST_OF_REASON: usize = 5;
/// Places and messages in one observation.
const MOST_PLACES: usize = 10;
/// Bytes of a fact.
const MOST_FACT: usize = 400;

/// Observations in the making, by reason, then by facts.
#[derive(Debug, Default)]
pub(super) struct Findings {
    by_reason: BTreeMap<Reason, BTreeMap<BTreeMap<String, String>, Observation>>,
}

impl Findings {
    /// Note `reason` with its facts, resting on `bytes` and on `other`.
    pub(super) fn add(
        &mut self,
        reason: Reason,
        facts: &[(&str, &str)],
        bytes: Option<(u64, u64)>,
        other: Option<&MessageRef>,
    ) {
        let facts: BTreeMap<String, String> =
            facts.iter().map(|&(name, value)| (name.to_owned(), clip(value, MOST_FACT).to_owned())).collect();
        let of_reason = self.by_reason.entry(reason).or_default();
        if of_reason.len() >= MOST_OF_REASON && !of_reason.contains_key(&facts) {
            return;
        }
        let observation = of_reason.entry(facts.clone()).or_insert_with(|| observation(reason, facts));
        if let Some(bytes) = bytes.filter(|bytes| !observation.bytes.contains(bytes))
            && observation.bytes.len() < MOST_PLACES
        {
            observation.bytes.push(bytes);
        }
        if let Some(other) = other.filter(|other| !observation.others.contains(other))
            && observation.others.len() < MOST_PLACES
        {
            observation.others.push(other.clone());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_reason.is_empty()
    }

    pub(super) fn into_observations(self) -> Vec<Observation> {
        self.by_reason.into_values().flat_map(BTreeMap::into_values).collect()
    }
}

fn observation(reason: Reason, facts: BTreeMap<String, String>) -> Observation {
    let entry = reason.entry();
    Observation {
        kind: ObservationKind::Lure,
        name: entry.name.to_owned(),
        outcome: entry.outcome,
        bytes: Vec::new(),
        others: Vec::new(),
        note: fill(entry.note, &facts),
        facts,
    }
}

/// A sentence with its facts in place; a placeholder without a fact stays.
fn fill(sentence: &str, facts: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        match facts.get(name) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_found_twice_is_told_once() {
        let mut findings = Findings::default();
        for bytes in [(1, 2), (5, 6), (1, 2)] {
            findings.add(Reason::Shortener, &[("domain", "a[.]example")], Some(bytes), None);
        }
        let told = findings.into_observations();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].bytes, [(1, 2), (5, 6)]);
        assert!(told[0].note.contains("by a[.]example, so"));
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_left_alone() {
        let facts = BTreeMap::from([("a".to_owned(), "{b}".to_owned()), ("b".to_owned(), "x".to_owned())]);
        assert_eq!(fill("{a} {b} {c}", &facts), "{b} x {c}");
    }
}
