//! Puts an observation together.

use std::collections::BTreeMap;

use jiff::Timestamp;
use preuve_case::{CheckOutcome, MessageRef, Observation, ObservationKind};

/// An observation in the making.
pub(super) struct Note(Observation);

/// Bytes, messages and facts in one observation, at most so many.
const MOST: usize = 20;

/// Begin an observation; its kind is the first word of its name.
pub(super) fn note(name: &str, outcome: CheckOutcome) -> Note {
    let kind = match name.split_once('.').map(|(kind, _)| kind) {
        Some("time") => ObservationKind::Time,
        Some("route") => ObservationKind::Route,
        Some("thread") => ObservationKind::Thread,
        Some("corroboration") => ObservationKind::Corroboration,
        _ => ObservationKind::Structure,
    };
    Note(Observation {
        kind,
        name: name.to_owned(),
        outcome,
        bytes: Vec::new(),
        others: Vec::new(),
        facts: BTreeMap::new(),
        note: String::new(),
    })
}

impl Note {
    /// Where the rule stands.
    pub(super) fn section(self, section: &str) -> Self {
        self.fact("section", section)
    }

    pub(super) fn at(mut self, bytes: impl IntoIterator<Item = (u64, u64)>) -> Self {
        self.0.bytes.extend(bytes.into_iter().filter(|range| *range != (0, 0)).take(MOST));
        self
    }

    pub(super) fn fact(mut self, name: &str, value: impl ToString) -> Self {
        self.0.facts.insert(name.to_owned(), value.to_string());
        self
    }

    pub(super) fn others(mut self, others: Vec<MessageRef>) -> Self {
        self.0.others = others;
        self
    }

    /// End it with its sentence.
    pub(super) fn say(mut self, sentence: impl Into<String>) -> Observation {
        self.0.note = sentence.into();
        self.0
    }
}

/// A time as RFC 3339 in UTC.
pub(super) fn time_text(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

/// A length of time in hours and minutes, as both languages write it.
pub(super) fn length_text(seconds: i64) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{} s", seconds.unsigned_abs()),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Minutes east of UTC as mail writes them.
pub(super) fn zone_text(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lengths_and_zones_read_well() {
        assert_eq!(time_text(1_528_787_700), "2018-06-12T07:15:00Z");
        assert_eq!(
            ["7 s", "2 min", "3 h", "3 h 5 min"],
            [7, 125, 10_800, 11_110].map(length_text).each_ref().map(String::as_str)
        );
        assert_eq!((zone_text(-270), zone_text(120)), ("-0430".to_owned(), "+0200".to_owned()));
    }
}
