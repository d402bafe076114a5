//! A mail message as bytes: its header fields and its body, with their places. Nothing is decoded here, for
//! signatures are made over bytes; lines end with LF or CRLF, as a file may have lost the CR.

use std::cmp::Ordering;
use std::ops::Range;

/// One header field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Bytes of the whole field, without its last line end.
    pub whole: Range<usize>,
    /// Bytes of the name, before the colon, without trailing white space.
    pub name: Range<usize>,
    /// Bytes after the colon.
    pub value: Range<usize>,
}

/// Places kept of one kind of oddity; more would say no more.
const MOST_PLACES: usize = 100;

/// A message cut into header fields and body.
#[derive(Debug, Clone)]
pub struct RawMessage<'m> {
    /// All bytes.
    pub bytes: &'m [u8],
    /// Header fields, from the top.
    pub fields: Vec<Field>,
    /// Bytes of the body.
    pub body: Range<usize>,
    /// Byte ranges of header lines that are no field (no colon, or white space in the name).
    pub stray: Vec<Range<usize>>,
    /// Byte ranges of continuation lines that hold only white space: some programs take the header to end there.
    pub blank_folds: Vec<Range<usize>>,
    /// Indices of the fields, by lower-cased name, then from the top.
    order: Vec<usize>,
    /// For each of `order`, how the field's name begins.
    beginnings: Vec<u128>,
}

impl<'m> RawMessage<'m> {
    /// Cut `bytes`; linear in their length. Lines before the empty line that are no field are put in `stray`.
    pub fn parse(bytes: &'m [u8]) -> Self {
        let mut message = Self {
            bytes,
            fields: Vec::new(),
            body: bytes.len()..bytes.len(),
            stray: Vec::new(),
            blank_folds: Vec::new(),
            order: Vec::new(),
            beginnings: Vec::new(),
        };
        let mut at = 0;
        while at < bytes.len() {
            let (line, next) = line_at(bytes, at);
            if line.is_empty() {
                message.body = next..bytes.len();
                break;
            }
            message.take_line(line, at == 0);
            at = next;
        }
        let mut order: Vec<(u128, usize)> =
            (0..message.fields.len()).map(|index| (beginning(message.name_bytes(index)), index)).collect();
        order.sort_by(|&(one, a), &(other, b)| {
            one.cmp(&other).then_with(|| compare_names(message.name_bytes(a), message.name_bytes(b)))
        });
        (message.beginnings, message.order) = order.into_iter().unzip();
        message
    }

    fn take_line(&mut self, line: Range<usize>, first: bool) {
        let text = &self.bytes[line.clone()];
        if matches!(text.first(), Some(b' ' | b'\t')) {
            if text.iter().all(u8::is_ascii_whitespace) && self.blank_folds.len() < MOST_PLACES {
                self.blank_folds.push(line.clone());
            }
            match self.fields.last_mut() {
                Some(field) if self.stray.last().is_none_or(|stray| stray.end <= field.whole.end) => {
                    field.whole.end = line.end;
                    field.value.end = line.end;
                }
                _ => self.stray.push(line),
            }
            return;
        }
        match field_of(text) {
            Some(name_len) => {
                let colon = line.start + text.iter().position(|&b| b == b':').unwrap_or(name_len);
                self.fields.push(Field {
                    whole: line.clone(),
                    name: line.start..line.start + name_len,
                    value: colon + 1..line.end,
                });
            }
            // The separator line of an mbox belongs to the mailbox, not to the message.
            None if first && text.starts_with(b"From ") => {}
            None => self.stray.push(line),
        }
    }

    /// Indices of the fields called `name` (lower case), from the top.
    pub fn named(&self, name: &str) -> &[usize] {
        let wanted = beginning(name.as_bytes());
        let start = self.beginnings.partition_point(|&beginning| beginning < wanted);
        let alike = self.beginnings[start..].partition_point(|&beginning| beginning == wanted);
        let alike = &self.order[start..start + alike];
        if name.len() < BEGINNING {
            return alike;
        }
        let before =
            |&index: &usize| compare_names(self.name_bytes(index), name.as_bytes()) == Ordering::Less;
        let alike = &alike[alike.partition_point(before)..];
        let same = |&index: &usize| self.name_bytes(index).eq_ignore_ascii_case(name.as_bytes());
        &alike[..alike.partition_point(same)]
    }

    fn name_bytes(&self, index: usize) -> &'m [u8] {
        &self.bytes[self.fields[index].name.clone()]
    }

    /// The bytes of the header, its closing empty line included.
    pub fn header(&self) -> &'m [u8] {
        &self.bytes[..self.body.start]
    }

    /// The value of a field, unfolded bytes as they stand.
    pub fn value(&self, index: usize) -> &'m [u8] {
        &self.bytes[self.fields[index].value.clone()]
    }

    /// The lower-cased name of a field.
    pub fn name(&self, index: usize) -> String {
        String::from_utf8_lossy(self.name_bytes(index)).to_ascii_lowercase()
    }

    /// The bytes of a whole field.
    pub fn field(&self, index: usize) -> &'m [u8] {
        &self.bytes[self.fields[index].whole.clone()]
    }

    /// The bytes of the body.
    pub fn body(&self) -> &'m [u8] {
        &self.bytes[self.body.clone()]
    }
}

/// The line that starts at `at`, without its end, and where the next one starts.
pub fn line_at(bytes: &[u8], at: usize) -> (Range<usize>, usize) {
    let Some(length) = memchr::memchr(b'\n', &bytes[at..]) else {
        return (at..bytes.len(), bytes.len());
    };
    let newline = at + length;
    let end = if newline > at && bytes[newline - 1] == b'\r' { newline - 1 } else { newline };
    (at..end, newline + 1)
}

/// Length of the field name in `line`, where it is a field (RFC 5322 §2.2; white space before the colon is
/// the obsolete syntax of §4.5).
fn field_of(line: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let printable = |b: &u8| (33..=126).contains(b);
    (!name.is_empty() && name.iter().all(printable)).then_some(name.len())
}

/// Bytes by which names are sorted and looked up first. No name holds a zero, so one that is shorter is told by them.
const BEGINNING: usize = size_of::<u128>();

/// The first bytes of a name, lower-cased, with zeros behind a shorter one.
fn beginning(name: &[u8]) -> u128 {
    let mut first = [0; BEGINNING];
    for (to, from) in first.iter_mut().zip(name) {
        *to = from.to_ascii_lowercase();
    }
    u128::from_be_bytes(first)
}

fn compare_names(a: &[u8], b: &[u8]) -> Ordering {
    a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_fold_and_the_body_follows_the_empty_line() {
        let raw = b"From: a@b.example\r\nSubject: one\r\n two\r\n\r\nbody\r\n";
        let message = RawMessage::parse(raw);
        assert_eq!(message.fields.len(), 2);
        assert_eq!(message.field(1), b"Subject: one\r\n two");
        assert_eq!(message.value(1), b" one\r\n two");
        assert_eq!(message.body(), b"body\r\n");
        assert_eq!(message.named("subject"), [1]);
    }

    #[test]
    fn fields_are_found_by_name_in_any_case_from_the_top() {
        let text =
            b"To: 1\nDate: 2\nTO: 3\nTo-Do: 4\nT: 5\n to: 6\nContent-Location-B: 7\nContent-Location-A: 8\ncontent-location-b: 9\n\n";
        let message = RawMessage::parse(text);
        assert_eq!(message.named("content-location-a"), [6]);
        assert_eq!(message.named("content-location-b"), [5, 7]);
        assert_eq!(message.named("content-location-c"), [0usize; 0]);
        assert_eq!(message.named("to"), [0, 2]);
        assert_eq!(message.named("t"), [4]);
        assert_eq!(message.named("cc"), [0usize; 0]);
        assert_eq!(message.named("date"), [1]);
    }

    #[test]
    fn a_fold_of_white_space_alone_is_told() {
        let message = RawMessage::parse(b"A: 1\r\n \t\r\n x\r\n\r\nbody");
        assert_eq!((message.blank_folds.len(), message.blank_folds[0].clone()), (1, 6..8));
        assert_eq!(message.body(), b"body");
    }

    #[test]
    fn bare_line_feeds_end_lines_too() {
        let message = RawMessage::parse(b"A: 1\nB: 2\n\nx\n");
        assert_eq!((message.fields.len(), message.body()), (2, &b"x\n"[..]));
    }

    #[test]
    fn a_line_that_is_no_field_is_kept_as_stray_with_its_folds() {
        let message = RawMessage::parse(b"A: 1\nnonsense here\n folded\nB: 2\n\n");
        assert_eq!(message.fields.len(), 2);
        assert_eq!(message.stray, [5..18, 19..26]);
        assert_eq!(message.field(0), b"A: 1");
    }

    #[test]
    fn no_body_and_no_header_are_read() {
        assert_eq!(RawMessage::parse(b"A: 1").body(), b"");
        assert_eq!(RawMessage::parse(b"\r\nhello").body(), b"hello");
        assert!(RawMessage::parse(b"").fields.is_empty());
    }

    #[test]
    fn the_separator_of_a_mailbox_is_no_stray_line() {
        let message = RawMessage::parse(b"From a@b.example Thu Jan  1 00:00:00 2015\nA: 1\n\n");
        assert!(message.stray.is_empty());
        assert_eq!(message.fields.len(), 1);
    }
}
