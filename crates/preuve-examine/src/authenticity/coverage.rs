//! Which of the header fields that readers are shown, or that decide how the body is shown, a signature covers.

use std::collections::BTreeSet;

use preuve_case::HeaderCoverage;

use super::hashing::signed_fields;
use super::message::RawMessage;

/// Fields that mail programs display, and those that decide how a body is displayed.
pub const DISPLAYED: [&str; 15] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-location",
    "content-base",
];

/// Fields that hardly any message lacks: where one is not there and `h=` does not name it, it may have been
/// taken out. One of the names of a group is enough.
const EXPECTED: [&[&str]; 3] = [&["date"], &["subject"], &["to", "cc"]];

/// Every instance of a displayed field, from the top, and whether `names` (`h=`) selects it. Of a name that
/// stands very often only some instances are told, one that is not selected among them if there is any.
pub fn header_coverage(
    message: &RawMessage<'_>,
    signature_field: usize,
    names: &[String],
) -> Vec<HeaderCoverage> {
    let signed: BTreeSet<usize> = signed_fields(message, signature_field, names).into_iter().collect();
    let mut shown: Vec<usize> = Vec::new();
    for name in DISPLAYED {
        let named = message.named(name);
        let instances = || named.iter().copied().filter(|&index| !is_without_effect(message, index));
        shown.extend(instances().filter(|index| signed.contains(index)).take(MOST_PLACES));
        shown.extend(instances().filter(|index| !signed.contains(index)).take(MOST_PLACES));
    }
    shown.sort_unstable();
    shown
        .into_iter()
        .map(|index| {
            let whole = &message.fields[index].whole;
            HeaderCoverage {
                name: message.name(index),
                bytes: (whole.start as u64, whole.end as u64),
                signed: signed.contains(&index),
            }
        })
        .collect()
}

/// `Content-Disposition: inline` says what holds without it.
fn is_without_effect(message: &RawMessage<'_>, index: usize) -> bool {
    message.name(index) == "content-disposition"
        && message.value(index).trim_ascii().eq_ignore_ascii_case(b"inline")
}

/// Names of the expected fields that are not there and whose absence `names` (`h=`) does not sign.
pub fn unsigned_absences(message: &RawMessage<'_>, names: &[String]) -> Vec<&'static str> {
    let there = |name: &&str| !message.named(name).is_empty();
    let signed = |name: &&str| names.iter().any(|signed| signed == name);
    let missing = |group: &&[&'static str]| !group.iter().any(|name| there(name) || signed(name));
    EXPECTED.into_iter().filter(missing).filter_map(|group| group.first().copied()).collect()
}

/// Fields that RFC 5322 §3.6 allows once and that stand more often, with the places of all instances.
pub fn repeated_fields(message: &RawMessage<'_>) -> Vec<(&'static str, Vec<(u64, u64)>)> {
    let places = |name: &str| -> Vec<(u64, u64)> {
        let whole = |&index: &usize| {
            (message.fields[index].whole.start as u64, message.fields[index].whole.end as u64)
        };
        message.named(name).iter().take(MOST_PLACES).map(whole).collect()
    };
    DISPLAYED.iter().map(|&name| (name, places(name))).filter(|(_, places)| places.len() > 1).collect()
}

/// Places in the header block where a bare CR or a NUL stands: programs differ on whether a line ends there, so
/// they may show fields that the signer never saw.
pub fn treacherous_bytes(message: &RawMessage<'_>) -> Vec<(u64, u64)> {
    let header = message.header();
    memchr::memchr2_iter(b'\r', 0, header)
        .filter(|&at| header[at] == 0 || header.get(at + 1) != Some(&b'\n'))
        .take(MOST_PLACES)
        .map(|at| (at as u64, at as u64 + 1))
        .collect()
}

const MOST_PLACES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instance_above_the_signed_one_is_uncovered() {
        let message = RawMessage::parse(b"Subject: evil\nFrom: a@b\nSubject: good\nX-A: 1\n\n");
        let coverage = header_coverage(&message, usize::MAX, &["from".into(), "subject".into()]);
        let told: Vec<_> = coverage.iter().map(|field| (field.name.as_str(), field.signed)).collect();
        assert_eq!(told, [("subject", false), ("from", true), ("subject", true)]);
        assert_eq!(repeated_fields(&message), [("subject", vec![(0, 13), (24, 37)])]);
    }

    #[test]
    fn what_may_have_been_taken_out_is_told() {
        let message = RawMessage::parse(b"From: a@b\nCc: c@d\n\n");
        assert_eq!(unsigned_absences(&message, &["from".into()]), ["date", "subject"]);
        assert_eq!(unsigned_absences(&message, &["from".into(), "subject".into()]), ["date"]);
    }

    #[test]
    fn a_flood_of_fields_keeps_an_unsigned_one() {
        let flood = "To: x@y\n".repeat(5_000);
        let message = RawMessage::parse(flood.as_bytes());
        let names = vec!["to".to_owned(); 1_000];
        let coverage = header_coverage(&message, usize::MAX, &names);
        assert_eq!(coverage.len(), 200);
        assert_eq!(coverage.iter().filter(|field| field.signed).count(), 100);
    }

    #[test]
    fn bare_carriage_returns_and_nuls_are_found() {
        let message = RawMessage::parse(b"A: 1\rSubject: x\r\nB: \x002\r\n\r\nbody\r");
        assert_eq!(treacherous_bytes(&message), [(4, 5), (20, 21)]);
    }
}
