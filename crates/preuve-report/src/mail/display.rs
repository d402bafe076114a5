//! A message as a mail program shows it: its displayed fields and its text, each with a mark that says whether the
//! deciding signature covers it.

use std::ops::Range;

use preuve_case::{HalfResult, MailVerdict, MessageDigest, SignatureFinding};

use super::decode::{header_value, html_text, in_charset, transfer};
use super::fields::{DISPLAYED, Field, deciding, header_fields, parameter};
use crate::input::MailMessage;
use crate::view::shorten;

/// What is known of a piece of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// Covered by a signature that holds.
    Signed,
    /// Outside the signature.
    Unsigned,
    /// Not what was signed.
    Changed,
    /// No signature holds, so nothing can be told.
    Unknown,
}

/// A displayed header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownField {
    /// Lower case.
    pub name: String,
    pub value: String,
    pub cut: bool,
    pub bytes: Option<(u64, u64)>,
    pub mark: Mark,
}

/// A text part of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownText {
    /// Whether it was HTML; its words are shown without its marks.
    pub html: bool,
    pub bytes: (u64, u64),
    pub pieces: Vec<(String, Mark)>,
    /// Whether more follows that is not shown.
    pub cut: bool,
}

/// The message as it is displayed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Display {
    pub fields: Vec<ShownField>,
    pub texts: Vec<ShownText>,
    /// Displayed fields or texts beyond the limits.
    pub left_out: usize,
}

const VALUE_CHARS: usize = 600;
const MOST_SHOWN_FIELDS: usize = 40;
const MOST_TEXTS: usize = 4;
const MOST_PARTS: usize = 100;
const MOST_DEPTH: usize = 6;
/// Bytes of an encoded part that are decoded at most, for each code point shown.
const BYTES_PER_CHAR: usize = 8;

/// The message as displayed, each text at most `limit` code points.
pub(crate) fn display(message: &MailMessage<'_>, original: Option<&[u8]>, limit: usize) -> Display {
    let Some(bytes) = original else { return from_digest(&message.digest) };
    let signature = deciding(&message.finding);
    let (fields, body) = header_fields(bytes, 0..bytes.len());
    let mut shown = Display::default();
    for name in DISPLAYED {
        for field in fields.iter().filter(|field| field.name == name) {
            let shown_field = show_field(bytes, field, signature);
            // How the body is to be read is technical; it is shown where nobody vouches for it.
            let technical = name.starts_with("content-") && shown_field.mark != Mark::Unsigned;
            if technical {
                continue;
            }
            if shown.fields.len() < MOST_SHOWN_FIELDS {
                shown.fields.push(shown_field);
            } else {
                shown.left_out += 1;
            }
        }
    }
    let mut walk = Walk { bytes, parts: MOST_PARTS, found: Vec::new() };
    walk.part(&fields, body..bytes.len(), MOST_DEPTH);
    shown.left_out += walk.found.len().saturating_sub(MOST_TEXTS);
    let judged = BodyMark::of(signature, message.finding.verdict);
    shown.texts =
        walk.found.into_iter().take(MOST_TEXTS).map(|leaf| leaf.show(bytes, &judged, limit)).collect();
    shown
}

fn show_field(bytes: &[u8], field: &Field, signature: Option<&SignatureFinding>) -> ShownField {
    let start = field.whole.start as u64;
    let mark = match signature {
        None => Mark::Unknown,
        // A field that the finding does not list is told as uncovered, never as covered.
        Some(signature) => match signature.headers.iter().find(|header| header.bytes.0 == start) {
            Some(header) if header.signed && header.name == field.name => Mark::Signed,
            _ => Mark::Unsigned,
        },
    };
    let end = field.value.end.min(field.value.start + VALUE_CHARS * BYTES_PER_CHAR);
    let (value, cut) = shorten(&header_value(&bytes[field.value.start..end]), VALUE_CHARS);
    ShownField {
        name: field.name.clone(),
        value,
        cut: cut || end < field.value.end,
        bytes: Some((start, field.whole.end as u64)),
        mark,
    }
}

fn from_digest(digest: &MessageDigest) -> Display {
    let list = |addresses: &[preuve_case::Address]| {
        let one = |address: &preuve_case::Address| match &address.name {
            Some(name) => format!("{name} <{}>", address.address),
            None => address.address.clone(),
        };
        addresses.iter().take(MOST_SHOWN_FIELDS).map(one).collect::<Vec<_>>().join(", ")
    };
    let date = digest.date.and_then(|date| jiff::Timestamp::from_second(date).ok());
    let values = [
        ("from", list(&digest.from)),
        ("reply-to", list(&digest.reply_to)),
        ("to", list(&digest.to)),
        ("subject", digest.subject.clone().unwrap_or_default()),
        ("date", date.map(|date| date.to_string()).unwrap_or_default()),
        ("message-id", digest.message_id.clone().unwrap_or_default()),
    ];
    let fields = values.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
        let (value, cut) = shorten(&value, VALUE_CHARS);
        ShownField { name: name.to_owned(), value, cut, bytes: None, mark: Mark::Unknown }
    });
    Display { fields: fields.collect(), ..Display::default() }
}

/// What the signature says of the body.
struct BodyMark {
    whole: Mark,
    /// Where the uncovered end begins.
    uncovered_from: Option<usize>,
}

impl BodyMark {
    fn of(signature: Option<&SignatureFinding>, verdict: MailVerdict) -> Self {
        let whole = match signature.map(|signature| signature.body) {
            Some(HalfResult::Pass) => Mark::Signed,
            Some(HalfResult::Fail) => Mark::Changed,
            _ if verdict == MailVerdict::HeadersIntactBodyChanged => Mark::Changed,
            _ => Mark::Unknown,
        };
        let uncovered = signature.and_then(|signature| signature.body_uncovered);
        let uncovered_from = uncovered.map(|(from, _)| usize::try_from(from).unwrap_or(usize::MAX));
        Self { whole, uncovered_from: uncovered_from.filter(|_| whole == Mark::Signed) }
    }
}

/// A text part found in the body.
struct Leaf {
    place: Range<usize>,
    html: bool,
    transfer: String,
    charset: Option<String>,
}

impl Leaf {
    fn decode(&self, raw: &[u8]) -> String {
        let text = in_charset(&transfer(raw, &self.transfer), self.charset.as_deref());
        let text = if self.html { html_text(&text) } else { text };
        text.replace("\r\n", "\n")
    }

    fn show(&self, bytes: &[u8], judged: &BodyMark, limit: usize) -> ShownText {
        let end = self.place.end.min(self.place.start + limit.saturating_mul(BYTES_PER_CHAR));
        let raw = &bytes[self.place.start..end];
        let whole = self.decode(raw);
        let (text, cut) = shorten(whole.trim_end(), limit);
        let covered = match judged.uncovered_from {
            Some(from) if from <= self.place.start => 0,
            Some(from) if from < end => {
                // What the covered bytes alone decode to, as far as the whole agrees with it.
                let alone = self.decode(&raw[..from - self.place.start]);
                common(&text, &alone)
            }
            _ => text.len(),
        };
        let (first, rest) = text.split_at(covered);
        let pieces = [(first, judged.whole), (rest, Mark::Unsigned)];
        let pieces = pieces.into_iter().filter(|(text, _)| !text.trim().is_empty());
        ShownText {
            html: self.html,
            bytes: (self.place.start as u64, self.place.end as u64),
            pieces: pieces.map(|(text, mark)| (text.to_owned(), mark)).collect(),
            cut: cut || end < self.place.end,
        }
    }
}

/// Bytes that both texts begin with, at a character of both.
fn common(a: &str, b: &str) -> usize {
    a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b).map_or(a.len().min(b.len()), |((at, _), _)| at)
}

/// Goes through the parts of a body.
struct Walk<'m> {
    bytes: &'m [u8],
    /// Parts that may still be looked at.
    parts: usize,
    found: Vec<Leaf>,
}

impl Walk<'_> {
    fn part(&mut self, fields: &[Field], place: Range<usize>, depth: usize) {
        let Some(left) = self.parts.checked_sub(1) else { return };
        self.parts = left;
        let value = |name: &str| {
            let field = fields.iter().find(|field| field.name == name)?;
            let end = field.value.end.min(field.value.start + 4_096);
            Some(header_value(&self.bytes[field.value.start..end]))
        };
        let kind = value("content-type").unwrap_or_else(|| "text/plain".to_owned());
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence.starts_with("multipart/") {
            if let (Some(boundary), Some(depth)) = (parameter(&kind, "boundary"), depth.checked_sub(1)) {
                self.multipart(&boundary, place, depth);
            }
            return;
        }
        let attached = value("content-disposition")
            .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("attachment"));
        if attached || !(essence.is_empty() || essence.starts_with("text/")) {
            return;
        }
        self.found.push(Leaf {
            place,
            html: essence == "text/html",
            transfer: value("content-transfer-encoding").unwrap_or_default(),
            charset: parameter(&kind, "charset"),
        });
    }

    fn multipart(&mut self, boundary: &str, place: Range<usize>, depth: usize) {
        if boundary.is_empty() {
            return;
        }
        let mark = format!("--{boundary}");
        let mut open: Option<usize> = None;
        let mut at = place.start;
        while at < place.end {
            let length = self.bytes[at..place.end].iter().position(|&b| b == b'\n');
            let next = length.map_or(place.end, |length| at + length + 1);
            let line = self.bytes[at..next].trim_ascii_end();
            if let Some(rest) = line.strip_prefix(mark.as_bytes())
                && (rest.is_empty() || rest == b"--")
            {
                if let Some(start) = open.take() {
                    self.enter(start..before_line_end(self.bytes, start, at), depth);
                }
                if rest == b"--" || self.parts == 0 {
                    return;
                }
                open = Some(next);
            }
            at = next;
        }
        if let Some(start) = open {
            self.enter(start.min(place.end)..place.end, depth);
        }
    }

    fn enter(&mut self, place: Range<usize>, depth: usize) {
        let (fields, body) = header_fields(self.bytes, place.clone());
        self.part(&fields, body.min(place.end)..place.end, depth);
    }
}

/// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
fn before_line_end(bytes: &[u8], start: usize, at: usize) -> usize {
    let text = &bytes[start..at.max(start)];
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    start + text.strip_suffix(b"\r").unwrap_or(text).len()
}
