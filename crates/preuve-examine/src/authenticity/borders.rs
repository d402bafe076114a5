//! Places in a body where white space alone decides where a MIME part begins (RFC 2046 §5.1). The relaxed
//! canonicalisation lets a forger change white space: a space on the empty line below a part's header makes
//! programs take the first paragraph for header and hide it, and no hash notices.

use std::collections::BTreeSet;
use std::ops::Range;

use super::message::{RawMessage, line_at};

/// Boundaries looked for; a message with more is no mail that people send.
const MOST_BOUNDARIES: usize = 1_000;
/// Places told of one message.
const MOST_PLACES: usize = 100;

/// Byte ranges of such places, from the top; linear in the message's length.
pub fn movable_borders(message: &RawMessage<'_>) -> Vec<(u64, u64)> {
    let header = message.header();
    let boundaries: BTreeSet<&[u8]> =
        boundaries(header).chain(boundaries(message.body())).take(MOST_BOUNDARIES).collect();
    let types = message.named("content-type");
    let holds_message = types.iter().any(|&index| contains(message.value(index), b"message/"));
    if boundaries.is_empty() && !holds_message {
        return Vec::new();
    }
    let digest = contains(header, b"multipart/digest") || contains(message.body(), b"multipart/digest");
    let mut scan = Scan { body: message.body(), boundaries, digest, places: Vec::new() };
    if scan.boundaries.iter().any(|boundary| boundary.iter().any(|b| matches!(b, b' ' | b'\t'))) {
        scan.places.extend(types.iter().take(1).map(|&index| message.fields[index].whole.clone()));
    }
    scan.walk(message.body.start, usize::from(holds_message));
    scan.places.truncate(MOST_PLACES);
    scan.places.into_iter().map(|range| (range.start as u64, range.end as u64)).collect()
}

struct Scan<'m> {
    body: &'m [u8],
    boundaries: BTreeSet<&'m [u8]>,
    digest: bool,
    places: Vec<Range<usize>>,
}

impl Scan<'_> {
    /// `headers` are those that may come before any border: of the part, and of the message that it holds.
    fn walk(&mut self, offset: usize, mut headers: usize) {
        let mut at = 0;
        let mut nested = false;
        while at < self.body.len() && self.places.len() < MOST_PLACES {
            let (line, next) = line_at(self.body, at);
            let text = &self.body[line.clone()];
            let place = offset + line.start..offset + line.end;
            if let Some(padded) = self.border(text) {
                self.places.extend(padded.then_some(place));
                (headers, nested) = (1, self.digest);
            } else if headers > 0 {
                if text.is_empty() {
                    headers = usize::from(nested);
                    nested = false;
                } else if text.iter().all(u8::is_ascii_whitespace) {
                    self.places.push(place);
                } else {
                    nested |= contains(text, b"message/rfc822") || contains(text, b"message/global");
                }
            }
            at = next;
        }
    }

    /// Whether `line` borders a part, and if so, whether white space is padded to it.
    fn border(&self, line: &[u8]) -> Option<bool> {
        let rest = line.strip_prefix(b"--")?;
        let bare = rest.trim_ascii_end();
        let known = self.boundaries.contains(bare)
            || bare.strip_suffix(b"--").is_some_and(|bare| self.boundaries.contains(bare));
        known.then_some(bare.len() < rest.len())
    }
}

/// The values of all `boundary=` parameters in `text`.
fn boundaries(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    find_each(text, b"boundary").filter_map(|at| {
        let rest = text[at + b"boundary".len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let value = match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted.split(|&b| b == b'"').next()?,
            None => rest.split(|b| b.is_ascii_whitespace() || *b == b';').next()?,
        };
        (1..=200).contains(&value.len()).then_some(value)
    })
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    find_each(text, word).next().is_some()
}

/// Where `word` (lower case) stands in `text`, in any case. Looked for is its rarest byte: a slash, else its last.
fn find_each<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let anchor = memchr::memchr(b'/', word).unwrap_or(word.len().saturating_sub(1));
    let byte = word.get(anchor).copied().unwrap_or_default();
    memchr::memchr2_iter(byte, byte.to_ascii_uppercase(), text)
        .filter_map(move |at| at.checked_sub(anchor))
        .filter(move |&at| {
            text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let text = text.replace('\n', "\r\n");
        let message = RawMessage::parse(text.as_bytes());
        let shown = |(start, end): (u64, u64)| text[start as usize..end as usize].to_owned();
        movable_borders(&message).into_iter().map(shown).collect()
    }

    const TOP: &str = "From: a@b\nContent-Type: multipart/mixed; boundary=\"x y\"\n\n";
    const PLAIN: &str = "From: a@b\nContent-Type: multipart/mixed; boundary=xy\n\n";

    #[test]
    fn a_blank_line_below_a_parts_header_is_told_and_others_are_not() {
        assert_eq!(
            places(&format!("{PLAIN}--xy\nContent-Type: text/plain\n\nwords\n \nmore\n--xy--\n")),
            [""; 0]
        );
        assert_eq!(
            places(&format!("{PLAIN}--xy\nContent-Type: text/plain\n \t\nnot shown\n\nmore\n--xy--\n")),
            [" \t"]
        );
        assert_eq!(places("From: a@b\n\n--xy\n \nwords\n"), [""; 0]);
    }

    #[test]
    fn padding_and_boundaries_with_spaces_are_told() {
        assert_eq!(places(&format!("{PLAIN}--xy \n\nwords\n--xy-- \n")), ["--xy ", "--xy-- "]);
        assert_eq!(places(&format!("{TOP}--x y\n\nwords\n--x y--\n")).len(), 1);
    }

    #[test]
    fn the_header_of_a_message_within_counts_too() {
        let inner = "--xy\nContent-Type: message/rfc822\n\nFrom: c@d\n \nnot shown\n\nshown\n--xy--\n";
        assert_eq!(places(&format!("{PLAIN}{inner}")), [" "]);
    }
}
