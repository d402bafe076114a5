//! Undoes a part's transfer encoding (RFC 2045 §6) and keeps track of where each byte stood in the message.

use std::ops::Range;

/// Transfer encoding of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `7bit`, `8bit`, `binary`, or something unknown.
    Identity,
    /// `quoted-printable`.
    QuotedPrintable,
    /// `base64`.
    Base64,
}

/// The content of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The bytes as they were before encoding.
    pub(super) bytes: Vec<u8>,
    /// Where they stand in the message; `None` for base64, where bytes share places.
    pub(super) places: Option<Places>,
    /// Characters that the encoding does not have.
    pub(super) strange: usize,
}

/// A map from offsets in decoded text to offsets in the message: runs that move together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places(Vec<(usize, usize)>);

impl Places {
    /// Where the byte at `offset` stood.
    pub(super) fn at(&self, offset: usize) -> usize {
        let run = self.0.partition_point(|&(from, _)| from <= offset).saturating_sub(1);
        self.0.get(run).map_or(offset, |&(from, to)| to + offset.saturating_sub(from))
    }

    /// Where a stretch stood.
    pub(super) fn range(&self, range: &Range<usize>) -> (u64, u64) {
        (self.at(range.start) as u64, self.at(range.end) as u64)
    }
}

/// Decode `bytes[range]`; `track` its places only where they are wanted, for they take room.
pub(super) fn decode(bytes: &[u8], range: Range<usize>, encoding: Encoding, track: bool) -> Decoded {
    let raw = &bytes[range.clone()];
    match encoding {
        Encoding::Identity => {
            Decoded { bytes: raw.to_vec(), places: Some(Places(vec![(0, range.start)])), strange: 0 }
        }
        Encoding::QuotedPrintable => decode_quoted_printable(raw, range.start, track),
        Encoding::Base64 => decode_base64(raw),
    }
}

fn decode_quoted_printable(raw: &[u8], start: usize, track: bool) -> Decoded {
    let mut out = Vec::with_capacity(raw.len());
    let mut runs = vec![(0, start)];
    let mut strange = 0;
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        if byte != b'=' {
            out.push(byte);
            at += 1;
            continue;
        }
        let rest = &raw[at + 1..];
        if let Some(value) = hex_pair(rest) {
            out.push(value);
            at += 3;
        } else if let Some(skipped) = soft_break(rest) {
            at += 1 + skipped;
        } else {
            strange += 1;
            out.push(byte);
            at += 1;
        }
        if track {
            runs.push((out.len(), start + at));
        }
    }
    Decoded { bytes: out, places: track.then_some(Places(runs)), strange }
}

fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*bytes.first()?)? * 16 + digit(*bytes.get(1)?)?)
}

/// Length of the white space and line end of a soft break, or of what is left at the end of the part.
fn soft_break(bytes: &[u8]) -> Option<usize> {
    let blank = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &bytes[blank..] {
        [] => Some(blank),
        [b'\n', ..] => Some(blank + 1),
        [b'\r', b'\n', ..] => Some(blank + 2),
        _ => None,
    }
}

fn decode_base64(raw: &[u8]) -> Decoded {
    let mut out = Vec::with_capacity(raw.len() / 4 * 3 + 3);
    let (mut bits, mut count, mut strange) = (0u32, 0u32, 0usize);
    for &byte in raw {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' | b'\r' | b'\n' | b' ' | b'\t' => continue,
            _ => {
                strange += 1;
                continue;
            }
        };
        bits = (bits << 6) | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, count) = (0, 0);
        }
    }
    match count {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&(bits >> 2).to_be_bytes()[2..]),
        _ => {}
    }
    Decoded { bytes: out, places: None, strange }
}

/// Decoded bytes as text, and whether offsets in it are offsets in the bytes.
pub(super) fn to_text(bytes: Vec<u8>, charset: Option<&str>) -> (String, bool) {
    let utf8 = charset.is_none_or(|name| {
        ["utf-8", "utf8", "us-ascii", "ascii"].contains(&name.to_ascii_lowercase().as_str())
    });
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if utf8 || text.is_ascii() && !stateful(charset) => return (text, true),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let decoder =
        charset.and_then(|name| mail_parser::decoders::charsets::map::charset_decoder(name.as_bytes()));
    let text = match decoder {
        Some(decode) if !utf8 => decode(&bytes),
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    };
    (text, false)
}

/// Charsets whose text may look like ASCII and is not.
fn stateful(charset: Option<&str>) -> bool {
    charset.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("2022") || name.contains("utf-7") || name.contains("utf-16") || name.contains("hz")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use proptest::prelude::*;

    fn text(decoded: &Decoded) -> &str {
        std::str::from_utf8(&decoded.bytes).unwrap()
    }

    #[test]
    fn quoted_printable_is_undone_and_places_lead_back() {
        let raw = b"--caf=C3=A9 au=\r\n lait =ZZ";
        let decoded = decode(raw, 2..raw.len(), Encoding::QuotedPrintable, true);
        assert_eq!(text(&decoded), "café au lait =ZZ");
        assert_eq!(decoded.strange, 1);
        let places = decoded.places.unwrap();
        let lait = "café au ".len()..;
        assert_eq!(&raw[places.at(lait.start)..][..4], b"lait");
        assert_eq!(places.at(3), 5);
    }

    #[test]
    fn charsets_are_read_and_only_utf8_keeps_places() {
        assert_eq!(to_text(b"caf\xe9".to_vec(), Some("iso-8859-1")), ("café".to_owned(), false));
        assert_eq!(to_text("café".into(), Some("UTF-8")), ("café".to_owned(), true));
        assert_eq!(to_text(b"plain".to_vec(), Some("windows-1252")), ("plain".to_owned(), true));
        assert!(!to_text(b"caf\xe9".to_vec(), None).1);
    }

    proptest! {
        #[test]
        fn base64_agrees_with_the_library(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let raw = base64::engine::general_purpose::STANDARD.encode(&bytes);
            prop_assert_eq!(decode(raw.as_bytes(), 0..raw.len(), Encoding::Base64, true).bytes, bytes);
        }

        #[test]
        fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            for encoding in [Encoding::Identity, Encoding::QuotedPrintable, Encoding::Base64] {
                let decoded = decode(&bytes, 0..bytes.len(), encoding, true);
                prop_assert!(decoded.bytes.len() <= bytes.len());
                if let Some(places) = decoded.places {
                    prop_assert!(places.at(decoded.bytes.len()) <= bytes.len());
                }
            }
        }
    }
}
