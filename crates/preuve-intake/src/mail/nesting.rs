//! How much a message could cost to take apart, told before the library does: its tree of messages within
//! messages is built and dropped level by level, and each part may be searched for in all that follows.

/// Messages nested deeper than this are not taken apart.
pub(super) const MOST_NESTED: usize = 64;
/// Bytes that may be searched for borders of parts, in all.
const MOST_SEARCHED: u64 = 2_000_000_000;

/// Bytes of a header that are taken apart: fields cost the library ten times their length.
pub(super) const MOST_HEADER: usize = 4 << 20;

/// Why a message is not taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooMuch {
    /// More messages within messages than [`MOST_NESTED`].
    Nested,
    /// More parts than can be looked for in a message so long.
    Parts,
    /// A header longer than [`MOST_HEADER`].
    Header,
}

/// Whether `bytes` may be taken apart; linear in their length.
pub(super) fn judge_nesting(bytes: &[u8]) -> Result<(), TooMuch> {
    if !header_ends(&bytes[..bytes.len().min(MOST_HEADER)]) && bytes.len() > MOST_HEADER {
        return Err(TooMuch::Header);
    }
    let (mut messages, mut multiparts) = (0usize, 0u64);
    for at in find_each(bytes, b"content-type") {
        let field = folded_field(&bytes[at..]);
        let says = |word: &[u8]| find_each(field, word).next().is_some();
        messages += usize::from(says(b"rfc822") || says(b"global") || says(b"digest"));
        multiparts += u64::from(says(b"multipart"));
        if messages > MOST_NESTED {
            return Err(TooMuch::Nested);
        }
    }
    if multiparts.saturating_mul(bytes.len() as u64) > MOST_SEARCHED.max(64 * bytes.len() as u64) {
        return Err(TooMuch::Parts);
    }
    Ok(())
}

/// Whether an empty line stands in `bytes`.
fn header_ends(bytes: &[u8]) -> bool {
    let mut ends = memchr::memchr_iter(b'\n', bytes);
    ends.any(|at| matches!(&bytes[at + 1..], [b'\n', ..] | [b'\r', b'\n', ..]))
}

/// The field that starts `bytes`, with its folds; a longer one than any program writes is cut.
fn folded_field(bytes: &[u8]) -> &[u8] {
    let bytes = &bytes[..bytes.len().min(4096)];
    let ends = memchr::memchr_iter(b'\n', bytes);
    let end = ends.into_iter().find(|&at| !matches!(bytes.get(at + 1), Some(b' ' | b'\t')));
    &bytes[..end.unwrap_or(bytes.len())]
}

/// Where `word` (lower case) stands in `text`, in any case.
fn find_each<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let first = word.first().copied().unwrap_or_default();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text).filter(move |&at| {
        text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_is_seen_however_it_is_written() {
        for kind in
            ["message/rfc822", "MESSAGE/\r\n RFC822", "message/global", "multipart/digest; boundary=x"]
        {
            let deep = format!("Content-Type: {kind}\r\n\r\n").repeat(100);
            assert_eq!(judge_nesting(deep.as_bytes()), Err(TooMuch::Nested), "{kind}");
        }
        assert_eq!(judge_nesting("message/rfc822 ".repeat(100).as_bytes()), Ok(()), "words are no types");
    }

    #[test]
    fn a_header_without_end_is_not_taken_apart() {
        let field = |length: usize| format!("Subject: {}\r\n\r\nhello", "x".repeat(length));
        assert_eq!(judge_nesting(field(MOST_HEADER).as_bytes()), Err(TooMuch::Header));
        assert_eq!(judge_nesting(field(MOST_HEADER - 20).as_bytes()), Ok(()));
        assert_eq!(judge_nesting("no header".as_bytes()), Ok(()));
    }

    #[test]
    fn many_parts_in_a_long_message_are_too_much() {
        let long = "Content-Type: multipart/mixed; boundary=x\r\n\r\n".repeat(20_000);
        assert_eq!(judge_nesting(long.as_bytes()), Err(TooMuch::Parts));
        assert_eq!(judge_nesting("Content-Type: text/plain\r\n\r\n".repeat(20_000).as_bytes()), Ok(()));
    }
}
