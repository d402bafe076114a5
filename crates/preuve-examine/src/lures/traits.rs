//! What one message shows of who wrote it, to whom, when, with what and about what.

use std::collections::BTreeSet;

use preuve_case::{Address, MessageDigest};
use unicode_normalization::UnicodeNormalization;

use super::address::{Target, WebAddress, parse_target};
use super::host::{is_invisible, mail_domain, registered};
use super::services::Services;
use super::table::DAY;

/// Recipients of one message that are looked at.
pub(super) const MOST_RECIPIENTS: usize = 50;

/// When a message came: by the clock of the host that took it last, or else by its own `Date`.
pub(super) fn when(digest: &MessageDigest) -> Option<i64> {
    digest.received.first().and_then(|hop| hop.date).or(digest.date)
}

/// Months of 30 days since 1970, for a hundred and fifty years.
pub(super) fn month_of(when: i64) -> Option<i64> {
    let month = when.div_euclid(30 * DAY);
    (0..1_826).contains(&month).then_some(month)
}

/// The first address in From.
pub(super) fn sender(digest: &MessageDigest) -> Option<&Address> {
    digest.from.first().filter(|from| !from.address.is_empty())
}

pub(super) fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Addresses in To and Cc, the sender left out.
pub(super) fn recipients(digest: &MessageDigest) -> Vec<String> {
    let own = sender(digest).map(|from| folded(&from.address));
    let all: BTreeSet<String> =
        digest.to.iter().take(MOST_RECIPIENTS).map(|to| folded(&to.address)).collect();
    all.into_iter().filter(|to| Some(to) != own.as_ref() && to.contains('@')).collect()
}

/// The places that the links of a message lead to, wrappers of mail gateways taken off, each with the number of its
/// link.
pub(super) fn web_targets(
    digest: &MessageDigest,
    services: &Services,
    most: usize,
) -> Vec<(usize, WebAddress)> {
    let links = digest.links.iter().take(most).enumerate();
    links
        .filter_map(|(number, link)| match parse_target(&link.target) {
            Target::Web(web) => Some((number, web.unwrap_gateway(services).unwrap_or(web))),
            _ => None,
        })
        .collect()
}

/// The program, without versions and comments: `Quill Mail` for `Quill Mail/4.2 (X11)`.
pub(super) fn client(digest: &MessageDigest) -> Option<String> {
    let text = digest.client.as_deref()?;
    let mut depth = 0u32;
    let outside: String = text
        .chars()
        .filter(|&c| {
            depth = match c {
                '(' | '[' => depth + 1,
                ')' | ']' => depth.saturating_sub(1),
                _ => return depth == 0,
            };
            false
        })
        .collect();
    let words = outside.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | ';' | '_'));
    let named: Vec<&str> = words
        .filter(|word| word.chars().next().is_some_and(char::is_alphabetic) && word.chars().count() > 1)
        .take(4)
        .collect();
    (!named.is_empty()).then(|| named.join(" "))
}

/// The zone of `Date`, as mail writes it.
pub(super) fn zone(digest: &MessageDigest) -> Option<String> {
    digest.zone_minutes.map(zone_text)
}

pub(super) fn zone_text(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// The domain of the host that took the message first.
pub(super) fn route(digest: &MessageDigest) -> Option<String> {
    let by = digest.received.last()?.by.as_deref()?.trim_end_matches('.').to_lowercase();
    (by.contains('.') && by.contains(|c: char| c.is_alphabetic())).then(|| registered(&by).to_owned())
}

/// The domain answers go to, where it is not the sender's.
pub(super) fn reply_domain(digest: &MessageDigest) -> Option<String> {
    let own = mail_domain(&sender(digest)?.address)?;
    let reply = mail_domain(&digest.reply_to.first()?.address)?;
    (reply != own).then_some(reply)
}

/// Words of a person's name, folded, in the order of letters; `None` for what is no name of at least two words.
pub(super) fn person_name(name: &str) -> Option<String> {
    let visible: String = name.chars().filter(|c| !is_invisible(*c)).nfkc().collect();
    if visible.contains('@') {
        return None;
    }
    let looks: String = unicode_security::skeleton(&visible.to_lowercase()).collect();
    let looks = looks.to_lowercase();
    let mut words: Vec<&str> =
        looks.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    (words.len() >= 2 && words.len() <= 6 && letters >= 6).then(|| words.join(" "))
}

/// A subject without its marks of answering and forwarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) bare: String,
    pub(super) marks: usize,
}

/// What mail programs put before subjects, in the languages around.
const MARKS: &[&str] = &[
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "sv",
    "vs",
    "rv",
    "tr",
    "ref",
    "réf",
    "rép",
    "res",
    "enc",
    "r",
    "i",
    "ynt",
    "odp",
    "pd",
    "antw",
    "doorst",
    "回复",
    "转发",
    "ответ",
    "на",
];

impl Subject {
    pub(super) fn of(subject: &str) -> Self {
        let folded = subject.to_lowercase();
        let mut rest = folded.trim();
        let mut marks = 0;
        while let Some((mark, after)) = rest.split_once([':', '：']) {
            let word = mark
                .trim()
                .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')'));
            if !MARKS.contains(&word.trim()) {
                break;
            }
            marks += 1;
            rest = after.trim();
        }
        Self { bare: rest.split_whitespace().collect::<Vec<_>>().join(" "), marks }
    }
}

/// Does the message bring what it answers: an id, quoted lines, a message inside?
pub(super) fn is_founded(digest: &MessageDigest) -> bool {
    let inside = |kind: &Option<String>| kind.as_deref().is_some_and(|kind| kind.starts_with("message/"));
    !digest.in_reply_to.is_empty()
        || !digest.references.is_empty()
        || !digest.quoted_lines.is_empty()
        || digest.parts.iter().any(|part| inside(&part.declared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_answering_are_taken_off() {
        let told = |subject: &str| {
            let subject = Subject::of(subject);
            (subject.bare, subject.marks)
        };
        assert_eq!(told("RE: Fwd: The  ferry"), ("the ferry".into(), 2));
        assert_eq!(told("Re[2]: The ferry"), ("the ferry".into(), 1));
        assert_eq!(told("TR : Le bac"), ("le bac".into(), 1));
        assert_eq!(told("Ferry: the plan"), ("ferry: the plan".into(), 0));
    }

    #[test]
    fn names_are_the_same_whatever_the_order_of_words() {
        assert_eq!(person_name("Haan, Piet"), person_name("Piet HAAN"));
        assert_eq!(person_name("Рiet Haan"), person_name("Piet Haan"));
        assert_eq!(person_name("Desk"), None);
        assert_eq!(person_name("piet haan@ferry.example"), None);
    }
}
