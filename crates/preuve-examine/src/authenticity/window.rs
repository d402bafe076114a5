//! When a key was seen, against when a message says it was written. Facts beside the verdict: archives look
//! now and then, so a key may have been published before it was first seen and after it was last.

use preuve_case::{Check, CheckOutcome, KeySighting};

use super::archive::ArchivedKey;
use super::checks::check;
use super::key::KeyRecordError;

const SECTION: &str = "RFC 6376 §3.6.2.1";

/// How the time `date` (seconds since 1970) lies to a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// Between the first and the last time it was seen.
    Inside,
    /// The archive says not when it was seen, or the message bears no date.
    Unknown,
    /// Before it was first seen.
    Before,
    /// After it was last seen.
    After,
}

/// Compare `date` with the window of `sighting`.
pub fn compare(sighting: &KeySighting, date: Option<i64>) -> Window {
    let first = sighting.first_seen.as_deref().and_then(|text| parse_time(text, false));
    let last = sighting.last_seen.as_deref().and_then(|text| parse_time(text, true));
    match (date, first, last) {
        (None, ..) | (_, None, None) => Window::Unknown,
        (Some(date), Some(first), _) if date < first => Window::Before,
        (Some(date), _, Some(last)) if date > last => Window::After,
        (_, Some(_), Some(_)) => Window::Inside,
        _ => Window::Unknown,
    }
}

/// A time as archives write it: RFC 3339, a day, or seconds since 1970; of a day its start or its end.
fn parse_time(text: &str, end: bool) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_second());
    }
    if let Ok(day) = text.parse::<jiff::civil::Date>() {
        let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
        return Some(if end { start + 86_399 } else { start });
    }
    text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))
}

/// What the archive knows of the key that verified, and of the name it was seen under.
pub fn check_key(used: &KeySighting, txt: &str, keys: &[ArchivedKey], date: Option<i64>) -> Vec<Check> {
    let mut checks = vec![check_window(used, date)];
    let mut note = |name: &str, note: String| {
        checks.push(check(name, SECTION, CheckOutcome::Note, Vec::new(), note));
    };
    let others: std::collections::BTreeSet<&str> = keys
        .iter()
        .filter(|key| key.record().is_ok() && key.txt != txt)
        .map(|key| key.txt.as_str())
        .collect();
    if !others.is_empty() {
        note("key.others", format!("the archive holds {} other keys for `{}`", others.len(), used.name));
    }
    if let Some(revoked) = keys.iter().find(|key| matches!(key.record(), Err(KeyRecordError::Revoked))) {
        let sighting = &revoked.sighting;
        let when =
            sighting.first_seen.as_deref().map_or(String::new(), |first| format!(", first at {first}"));
        note("key.revoked", format!("`{}` saw the key of `{}` revoked{when}", sighting.origin, used.name));
    }
    checks
}

fn check_window(used: &KeySighting, date: Option<i64>) -> Check {
    let seen = |time: &Option<String>| time.as_deref().unwrap_or("an unknown time").to_owned();
    let span = format!("from {} to {}", seen(&used.first_seen), seen(&used.last_seen));
    let (outcome, note) = match compare(used, date) {
        Window::Inside => (
            CheckOutcome::Pass,
            format!("`{}` saw the key {span}, which takes in the message's date", used.origin),
        ),
        Window::Unknown => (
            CheckOutcome::NotChecked,
            format!(
                "`{}` saw the key {span}; whether it was published at the message's date is not known",
                used.origin
            ),
        ),
        Window::Before => (
            CheckOutcome::Note,
            format!("the message's date lies before `{}` first saw the key ({span})", used.origin),
        ),
        Window::After => (
            CheckOutcome::Note,
            format!("the message's date lies after `{}` last saw the key ({span})", used.origin),
        ),
    };
    check("key.window", SECTION, outcome, Vec::new(), note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(first: Option<&str>, last: Option<&str>) -> KeySighting {
        let text = |time: Option<&str>| time.map(str::to_owned);
        KeySighting {
            name: "s._domainkey.a.example".into(),
            origin: "dump".into(),
            first_seen: text(first),
            last_seen: text(last),
        }
    }

    #[test]
    fn windows_take_days_times_and_seconds() {
        let date = Some(1_528_787_700);
        for (first, last, expected) in [
            (Some("2018-06-12"), Some("2018-06-12"), Window::Inside),
            (Some("2018-06-12T07:15:00Z"), Some("1528787700"), Window::Inside),
            (Some("2018-06-13"), Some("2019-01-01"), Window::Before),
            (Some("2016-01-01"), Some("2018-06-11"), Window::After),
            (None, Some("2018-06-11"), Window::After),
            (Some("2018-06-13"), None, Window::Before),
            (Some("2016-01-01"), None, Window::Unknown),
            (Some("once"), Some("later"), Window::Unknown),
            (None, None, Window::Unknown),
        ] {
            assert_eq!(compare(&sighting(first, last), date), expected, "{first:?} {last:?}");
        }
        assert_eq!(compare(&sighting(Some("2018-06-12"), None), None), Window::Unknown);
    }
}
