//! The header fields that a mail program shows, and which signature says whether they are covered.

use std::ops::Range;

use preuve_case::{Alignment, AuthResult, HalfResult, MessageFinding, SignatureFinding};

/// Fields that are shown, in this order; the last two decide how the body is shown.
pub(crate) const DISPLAYED: [&str; 10] = [
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "content-type",
    "content-transfer-encoding",
];

/// One field of the header, by its places in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    /// The whole field without its last line end.
    pub whole: Range<usize>,
    pub value: Range<usize>,
}

/// Most bytes of a header that are looked through, and most fields kept.
const MOST_HEADER: usize = 1 << 20;
const MOST_FIELDS: usize = 5_000;

/// The fields of the header at the start of `bytes[from..]`, and where the body begins.
pub(super) fn header_fields(bytes: &[u8], part: Range<usize>) -> (Vec<Field>, usize) {
    let mut fields: Vec<Field> = Vec::new();
    let mut at = part.start;
    let end = part.end.min(part.start + MOST_HEADER);
    while at < end {
        let newline = bytes[at..end].iter().position(|&b| b == b'\n').map(|length| at + length);
        let next = newline.map_or(end, |newline| newline + 1);
        let stop = newline.unwrap_or(end);
        let stop = if stop > at && bytes[stop - 1] == b'\r' { stop - 1 } else { stop };
        if stop == at {
            return (fields, next);
        }
        take_line(bytes, at..stop, &mut fields);
        at = next;
        if fields.len() >= MOST_FIELDS {
            break;
        }
    }
    (fields, part.end)
}

fn take_line(bytes: &[u8], line: Range<usize>, fields: &mut Vec<Field>) {
    let text = &bytes[line.clone()];
    if text.starts_with(b" ") || text.starts_with(b"\t") {
        if let Some(field) = fields.last_mut() {
            field.whole.end = line.end;
            field.value.end = line.end;
        }
        return;
    }
    let Some(colon) = text.iter().position(|&b| b == b':') else { return };
    let name = text[..colon].trim_ascii_end();
    if !name.is_empty() && name.iter().all(|b| (33..=126).contains(b)) {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        fields.push(Field { name, value: line.start + colon + 1..line.end, whole: line });
    }
}

/// The signature whose coverage is shown: of those that decide the verdict, the one that holds and leaves least
/// uncovered. `None` where none holds for the header.
pub(crate) fn deciding(finding: &MessageFinding) -> Option<&SignatureFinding> {
    let own = |signature: &SignatureFinding| {
        signature.alignment != Alignment::None
            && matches!(signature.result, AuthResult::Pass | AuthResult::Fail)
    };
    let any_own = finding.signatures.iter().any(own);
    let holds =
        |signature: &&SignatureFinding| signature.header == HalfResult::Pass && (!any_own || own(signature));
    finding.signatures.iter().filter(holds).min_by_key(|signature| {
        let uncovered = signature.headers.iter().filter(|header| !header.signed).count();
        (
            signature.body != HalfResult::Pass,
            uncovered + usize::from(signature.body_uncovered.is_some()),
            signature.weak.len(),
        )
    })
}

/// A parameter of a structured value (`charset` in `text/plain; charset="x"`).
pub(super) fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value;
    while let Some(at) = rest.find(';') {
        rest = rest[at + 1..].trim_start();
        let Some((found, after)) = rest.split_once('=') else { break };
        if found.trim().eq_ignore_ascii_case(name) {
            let after = after.trim_start();
            return Some(match after.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
                None => after.split([';', ' ', '\t']).next().unwrap_or_default().trim().to_owned(),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_their_places_and_folds() {
        let raw = b"From: a@b\r\nSubject: one\r\n two\r\nnonsense\r\n\r\nbody";
        let (fields, body) = header_fields(raw, 0..raw.len());
        assert_eq!(&raw[body..], b"body");
        let named: Vec<_> =
            fields.iter().map(|field| (field.name.as_str(), &raw[field.value.clone()])).collect();
        assert_eq!(named, [("from", &b" a@b"[..]), ("subject", &b" one\r\n two"[..])]);
    }

    #[test]
    fn parameters_are_found_quoted_or_not() {
        let value = "multipart/mixed; boundary=\"a;b c\"; Charset=utf-8 ; x";
        assert_eq!(parameter(value, "boundary").as_deref(), Some("a;b c"));
        assert_eq!(parameter("text/plain; charset=utf-8 ; x", "CHARSET").as_deref(), Some("utf-8"));
        assert_eq!(parameter("text/plain", "charset"), None);
    }
}
