//! The lines of a digest as bytes: they are most of it, and numbers take a third of the room they take in JSON.

use preuve_case::{LinePrint, MessageDigest};

use crate::StoreError;

/// Bytes of one line: hash, letters, start, end, little-endian.
const WIDTH: usize = 8 + 4 + 4 + 4;

/// Take the lines out of `digest`: the number of its own lines, those lines, those it quotes.
pub(crate) fn take_lines(digest: &mut MessageDigest) -> Vec<u8> {
    let (own, quoted) = (std::mem::take(&mut digest.own_lines), std::mem::take(&mut digest.quoted_lines));
    let mut bytes = Vec::with_capacity(4 + WIDTH * (own.len() + quoted.len()));
    bytes.extend_from_slice(&u32::try_from(own.len()).unwrap_or(u32::MAX).to_le_bytes());
    for line in own.iter().chain(&quoted) {
        // A place beyond 4 GiB is one that cannot be told.
        let place = (u32::try_from(line.bytes.0), u32::try_from(line.bytes.1));
        let (start, end) = if let (Ok(start), Ok(end)) = place { (start, end) } else { (0, 0) };
        bytes.extend_from_slice(&line.hash.to_le_bytes());
        for number in [line.letters, start, end] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    bytes
}

/// Put lines back into the digest they were taken out of.
pub(crate) fn put_lines(digest: &mut MessageDigest, bytes: &[u8]) -> Result<(), StoreError> {
    let corrupt = || StoreError::Corrupt("the lines of a message".to_owned());
    let (count, lines) = bytes.split_first_chunk::<4>().ok_or_else(corrupt)?;
    let (lines, []) = lines.as_chunks::<WIDTH>() else { return Err(corrupt()) };
    let mut lines = lines.iter().map(line_of);
    let own = usize::try_from(u32::from_le_bytes(*count)).unwrap_or(usize::MAX);
    digest.own_lines = lines.by_ref().take(own).collect();
    digest.quoted_lines = lines.collect();
    Ok(())
}

fn line_of(bytes: &[u8; WIDTH]) -> LinePrint {
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().rev().fold(0u64, |number, &byte| number << 8 | u64::from(byte))
    };
    let letters = u32::try_from(number(8..12)).unwrap_or(u32::MAX);
    LinePrint { hash: number(0..8), letters, bytes: (number(12..16), number(16..20)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_case::{ItemId, MessageRef};

    fn digest(own_lines: Vec<LinePrint>, quoted_lines: Vec<LinePrint>) -> MessageDigest {
        MessageDigest {
            at: MessageRef { path: String::new(), index: 0, id: ItemId::of(b"") },
            message_id: None,
            date: None,
            zone_minutes: None,
            from: Vec::new(),
            reply_to: Vec::new(),
            to: Vec::new(),
            subject: None,
            in_reply_to: Vec::new(),
            references: Vec::new(),
            received: Vec::new(),
            client: None,
            links: Vec::new(),
            parts: Vec::new(),
            structure: Vec::new(),
            own_lines,
            quoted_lines,
        }
    }

    #[test]
    fn lines_come_back_as_they_went() {
        let line = |hash, start| LinePrint { hash, letters: 77, bytes: (start, start + 9) };
        let given = digest(vec![line(u64::MAX, 3), line(1, 70_000)], vec![line(0, 0)]);
        let mut stored = given.clone();
        let bytes = take_lines(&mut stored);
        assert!(stored.own_lines.is_empty() && bytes.len() == 4 + 3 * WIDTH);
        put_lines(&mut stored, &bytes).unwrap();
        assert_eq!(stored, given);
        assert!(put_lines(&mut stored, &bytes[1..]).is_err());
    }
}
