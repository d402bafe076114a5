//! A letter: one content, however many copies of it are at hand. What is kept of it is a few prints.

use preuve_case::{ItemId, LinePrint, MailVerdict, MessageDigest};
use sha2::{Digest as _, Sha256};

use super::time::id_time;
use crate::authenticity::domain::organisational;

/// The first 64 bits of the SHA-256 of `pieces`: nobody can make a second text of the same print at will.
pub(super) fn print_of<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> u64 {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update((piece.len() as u64).to_le_bytes());
        hasher.update(piece);
    }
    hasher.finalize().iter().take(8).fold(0, |print, &byte| (print << 8) | u64::from(byte))
}

/// The print of a text; 0 is kept for nothing.
pub(super) fn print_text(text: &str) -> u64 {
    print_of([text.as_bytes()]).max(1)
}

/// Where a copy stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    pub(super) id: ItemId,
    pub(super) path: u32,
    pub(super) index: u64,
    /// Print of its `Received` fields, 0 without any.
    pub(super) route: u64,
}

/// Whether the time in a `Message-ID` fits Date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdTime {
    None,
    Fits,
    Differs,
}

/// What is kept of a letter.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// Print of its content: letters of one key are alike in all that is kept.
    pub(super) key: u64,
    /// Print of its `Message-ID`; 0 without one.
    pub(super) id: u64,
    pub(super) date: Option<i64>,
    pub(super) zone: Option<i32>,
    /// Print of the first address in From; 0 without one.
    pub(super) from: u64,
    pub(super) subject: u64,
    pub(super) body: u64,
    /// Print of subject and the pair that writes.
    pub(super) talk: u64,
    /// Print of the domain of its `Message-ID`.
    pub(super) id_domain: u64,
    pub(super) id_time: IdTime,
    /// Print of the id of the message it answers.
    pub(super) parent: u64,
    /// Sentences of its own that are long enough to be compared.
    pub(super) own: u16,
    /// Organisational domain of From, interned.
    pub(super) domain: u32,
    /// Best verdict of its copies.
    pub(super) verdict: MailVerdict,
    /// Copies, sorted, a few.
    pub(super) sightings: Vec<Sighting>,
}

/// The parts of a letter that are compared, as prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prints {
    pub(super) key: u64,
    pub(super) id: u64,
    pub(super) from: u64,
    pub(super) subject: u64,
    pub(super) body: u64,
    pub(super) talk: u64,
    pub(super) id_domain: u64,
    pub(super) id_time: IdTime,
    pub(super) route: u64,
}

impl Prints {
    pub(super) fn of(digest: &MessageDigest) -> Self {
        let optional = |text: Option<&str>| text.map_or(0, print_text);
        let id = optional(digest.message_id.as_deref());
        let from = optional(first_from(digest).map(str::to_lowercase).as_deref());
        let subject = optional(digest.subject.as_deref());
        let body = body(digest);
        let talk = talk(digest);
        let date = digest.date.unwrap_or(i64::MIN).to_le_bytes();
        let zone = digest.zone_minutes.unwrap_or(i32::MIN).to_le_bytes();
        let numbers = [id, from, subject, body, talk].map(u64::to_le_bytes);
        let names = digest.in_reply_to.iter().chain(&digest.references).map(String::as_bytes);
        let key = print_of(numbers.iter().map(|bytes| &bytes[..]).chain([&date[..], &zone[..]]).chain(names));
        let id_domain = optional(id_domain(digest).as_deref());
        let id_time = digest.date.map_or(IdTime::None, |date| id_time(digest, date));
        let hops = digest.received.iter().flat_map(|hop| [&hop.from, &hop.by]);
        let route = if digest.received.is_empty() {
            0
        } else {
            print_of(hops.map(|host| host.as_deref().unwrap_or_default().as_bytes())).max(1)
        };
        Self { key, id, from, subject, body, talk, id_domain, id_time, route }
    }

    /// What decides whether a letter is kept where there are too many: letters of one id go together.
    pub(super) fn lot(&self) -> u64 {
        if self.id == 0 { self.key } else { self.id }
    }
}

/// Print of what the parts hold and of how it is read.
fn body(digest: &MessageDigest) -> u64 {
    let mut hasher = Sha256::new();
    for part in &digest.parts {
        hasher.update(part.declared.as_deref().unwrap_or_default());
        hasher.update([0]);
        hasher.update(part.id.as_bytes());
    }
    for line in digest
        .own_lines
        .iter()
        .chain([&LinePrint { hash: 0, letters: 0, bytes: (0, 0) }])
        .chain(&digest.quoted_lines)
    {
        hasher.update(line.hash.to_le_bytes());
    }
    print_of([&hasher.finalize()[..]])
}

pub(super) fn first_from(digest: &MessageDigest) -> Option<&str> {
    digest.from.first().map(|address| address.address.as_str())
}

/// The organisational domain of the first address in From.
pub(super) fn from_domain(digest: &MessageDigest) -> Option<String> {
    let domain = first_from(digest)?.rsplit_once('@')?.1.trim_end_matches('.').to_lowercase();
    Some(organisational(&domain).unwrap_or(&domain).to_owned())
}

/// The organisational domain of the `Message-ID`.
pub(super) fn id_domain(digest: &MessageDigest) -> Option<String> {
    let domain = digest.message_id.as_deref()?.rsplit_once('@')?.1.trim_end_matches('.').to_lowercase();
    let domain = organisational(&domain).unwrap_or(&domain);
    (!domain.is_empty()).then(|| domain.to_owned())
}

/// Print of who writes to whom about what: weak, for the same pair may use a subject twice.
fn talk(digest: &MessageDigest) -> u64 {
    let subject = digest.subject.as_deref().map(bare_subject).unwrap_or_default();
    let (Some(from), Some(to)) = (first_from(digest), digest.to.first()) else { return 0 };
    if subject.is_empty() {
        return 0;
    }
    let mut pair = [from.to_lowercase(), to.address.to_lowercase()];
    pair.sort();
    print_of([subject.as_bytes(), pair[0].as_bytes(), pair[1].as_bytes()]).max(1)
}

/// Marks of answering and forwarding before a subject.
const MARKS: [&str; 12] = ["re", "fw", "fwd", "tr", "rv", "aw", "wg", "sv", "r", "rif", "res", "ref"];

/// A subject without its marks of answering, folded.
pub(super) fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((mark, after)) = rest.split_once(':') {
        let mark = mark.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c == '[' || c == ']');
        if !MARKS.contains(&mark.to_lowercase().as_str()) {
            break;
        }
        rest = after.trim();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether a subject claims to answer.
pub(super) fn claims_to_answer(subject: &str) -> bool {
    bare_subject(subject) != subject.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_answering_are_taken_off_in_three_languages() {
        for subject in ["Re: Ferry", "RE : Fwd: ferry", "TR: RV:  Ferry", "Re[2]: ferry", "ferry"] {
            assert_eq!(bare_subject(subject), "ferry", "{subject}");
        }
        assert_eq!(bare_subject("Note: ferry"), "note: ferry");
        assert!(claims_to_answer("Re: Ferry") && !claims_to_answer("Ferry  contract"));
    }

    #[test]
    fn prints_keep_pieces_apart() {
        assert_ne!(print_of([&b"ab"[..], b"c"]), print_of([&b"a"[..], b"bc"]));
    }
}
