//! Bytes of a message to the text that a mail program shows: encoded words (RFC 2047), transfer encodings
//! (RFC 2045 §6), character sets, HTML without its marks. What cannot be decoded is shown as it stands.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes in the named character set; UTF-8, else Windows-1252, where none is named or the name is unknown.
pub(super) fn in_charset(bytes: &[u8], label: Option<&str>) -> String {
    let named = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let encoding = match named {
        Some(encoding) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Undo the transfer encoding `name`; an unknown one leaves the bytes as they are.
pub(super) fn transfer(bytes: &[u8], name: &str) -> Vec<u8> {
    match name.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => quoted_printable(bytes, false),
        "base64" => base64(bytes),
        _ => bytes.to_vec(),
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let mut digits: Vec<u8> = bytes.iter().copied().take_while(|&b| b != b'=').filter(is_digit).collect();
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    LENIENT.decode(digits).unwrap_or_default()
}

/// `underscores` stand for blanks in encoded words.
fn quoted_printable(bytes: &[u8], underscores: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest {
            [b'=', b'\r', b'\n', ..] => at += 3,
            [b'=', b'\n', ..] => at += 2,
            [b'=', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(hex(*high) << 4 | hex(*low));
                at += 3;
            }
            [b'_', ..] if underscores => {
                decoded.push(b' ');
                at += 1;
            }
            [byte, ..] => {
                decoded.push(*byte);
                at += 1;
            }
            [] => break,
        }
    }
    decoded
}

fn hex(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
}

/// The value of a header field, unfolded, its encoded words decoded.
pub(super) fn header_value(bytes: &[u8]) -> String {
    let text = in_charset(bytes, None);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, tail) = rest.split_at(at);
        match encoded_word(tail) {
            Some((word, length)) => {
                // White space between two encoded words is not shown (RFC 2047 §6.2).
                if !(after_word && before.trim().is_empty()) {
                    out.push_str(before);
                }
                out.push_str(&word);
                rest = &tail[length..];
                after_word = true;
            }
            None => {
                out.push_str(before);
                out.push_str("=?");
                rest = &tail[2..];
                after_word = false;
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The encoded word that `text` begins with, decoded, and its length in bytes.
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("=?")?;
    let (charset, inner_rest) = inner.split_once('?')?;
    let (method, inner_rest) = inner_rest.split_once('?')?;
    let (data, _) = inner_rest.split_once("?=")?;
    if charset.len() > 60 || method.len() != 1 || data.contains(['\n', ' ']) {
        return None;
    }
    let bytes = match method {
        "B" | "b" => base64(data.as_bytes()),
        "Q" | "q" => quoted_printable(data.as_bytes(), true),
        _ => return None,
    };
    let charset = charset.split('*').next();
    let length = 2 + charset_len(text)? + 1 + method.len() + 1 + data.len() + 2;
    Some((in_charset(&bytes, charset), length))
}

fn charset_len(text: &str) -> Option<usize> {
    text.get(2..)?.find('?')
}

/// Elements after which a line ends.
const BLOCKS: [&str; 14] =
    ["p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "blockquote", "hr"];

/// The words of an HTML part in order, without its marks, scripts and styles. Hidden text is kept: better too much
/// than too little.
pub(super) fn html_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_words(&mut out, &rest[..at]);
        let tag = &rest[at + 1..];
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = &tag[end..];
        if matches!(name.as_str(), "script" | "style" | "title") && !tag.starts_with('/') {
            rest = skip_to_close(rest, &name);
        }
        if BLOCKS.contains(&name.as_str()) && !out.ends_with('\n') && !out.is_empty() {
            out.push('\n');
        }
    }
    push_words(&mut out, rest);
    out.trim_end().to_owned()
}

fn skip_to_close<'t>(text: &'t str, name: &str) -> &'t str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let after = from + at + 2;
        let named = text.get(after..after + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if named {
            return text[after..].find('>').map_or("", |end| &text[after + end + 1..]);
        }
        from = after;
    }
    ""
}

/// Text between marks: white space run together, character references resolved.
fn push_words(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
            rest = &rest[c.len_utf8()..];
        } else if let Some((named, length)) = (c == '&').then(|| reference(rest)).flatten() {
            out.push(named);
            rest = &rest[length..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// The character reference that `text` begins with, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let found = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((found, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encoded_words_are_decoded_and_the_blank_between_them_goes() {
        assert_eq!(
            header_value(b" =?utf-8?Q?caf=C3=A9_?= =?utf-8?B?bm9pcg==?= <a@b>"),
            "caf\u{e9} noir <a@b>"
        );
        assert_eq!(header_value(b"=?iso-8859-1*fr?q?d=E9j=E0?="), "d\u{e9}j\u{e0}");
        assert_eq!(header_value(b"=?x?z?y?= =? two\r\n\tlines"), "=?x?z?y?= =? two lines");
    }

    #[test]
    fn transfer_encodings_are_undone() {
        assert_eq!(transfer(b"a=3D=\r\nb=C3=A9 =zz", "Quoted-Printable"), "a=b\u{e9} =zz".as_bytes());
        assert_eq!(transfer(b"aGVs\r\nbG8=\r\n--", "base64"), b"hello");
        assert_eq!(transfer(b"aGVsb", "base64"), b"hel");
        assert_eq!(transfer(b"x", "8bit"), b"x");
    }

    #[test]
    fn html_leaves_its_words() {
        let html = "<p>one <b>two</b></p><style>p{}</style><div>a &amp; b&#233;&bogus;</div><!-- no --><SCRIPT>x</script>end";
        assert_eq!(html_text(html), "one two\na & b\u{e9}&bogus;\nend");
        assert_eq!(html_text("<script>never closed"), "");
        assert_eq!(html_text("a < b"), "a");
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            header_value(&bytes);
            transfer(&bytes, "base64");
            transfer(&bytes, "quoted-printable");
            html_text(&in_charset(&bytes, None));
        }

        #[test]
        fn html_of_any_shape_ends(text in "[<>/&;#a-z!\\- é\n]{0,200}") {
            prop_assert!(html_text(&text).len() <= text.len());
        }

        #[test]
        fn words_of_any_shape_end(text in "[=?qQbB_A-Fa-f0-9 é\r\n]{0,200}") {
            header_value(text.as_bytes());
        }
    }
}
