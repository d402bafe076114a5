//! Hosts: names and numbers, the domain somebody registered, the word in it that people read.

use std::net::{Ipv4Addr, Ipv6Addr};

use unicode_normalization::UnicodeNormalization;

/// Longest name looked at (RFC 1035 §2.3.4 allows 253).
const MOST_NAME: usize = 255;

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// A name, in lower case, without the last dot; labels in Unicode where they were in Punycode.
    Name(String),
    /// A number: the address, and whether it was written to be taken for something else.
    Number { address: String, disguised: bool, private: bool },
}

/// Read a host as browsers do: codes undone, letters folded, numbers in every form. The flag says whether it held
/// codes or characters that cannot be seen.
pub(super) fn parse_host(written: &str) -> Option<(Host, bool)> {
    let plain = percent_decode(written);
    let folded: String = plain.chars().filter(|c| !is_invisible(*c)).nfkc().collect();
    let folded = folded.to_lowercase().replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    let name = folded.trim_end_matches('.');
    let hidden = plain != written || plain.chars().any(is_invisible);
    if name.is_empty() || name.len() > MOST_NAME || name.contains(|c: char| c.is_whitespace() || c == '/') {
        return None;
    }
    if let Some(inner) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = inner.parse().ok()?;
        let private = address.is_loopback() || (address.segments()[0] & 0xfe00) == 0xfc00;
        return Some((Host::Number { address: address.to_string(), disguised: false, private }, hidden));
    }
    if let Some(address) = parse_v4(name) {
        let disguised = address.to_string() != name;
        let private = address.is_private() || address.is_loopback() || address.is_link_local();
        return Some((Host::Number { address: address.to_string(), disguised, private }, hidden));
    }
    let labels: Vec<String> = name.split('.').map(unicode_label).collect();
    Some((Host::Name(labels.join(".")), hidden))
}

/// The forms of an IPv4 address that browsers take: one to four numbers, decimal, octal or hexadecimal.
fn parse_v4(name: &str) -> Option<Ipv4Addr> {
    let numbers: Vec<u64> = name.split('.').map(parse_number).collect::<Option<_>>()?;
    let (last, front) = numbers.split_last()?;
    if front.len() > 3 || front.iter().any(|&number| number > 255) {
        return None;
    }
    let room = 8 * (4 - front.len() as u32);
    if *last >= 1u64 << room {
        return None;
    }
    let high = front.iter().fold(0u64, |sum, &number| sum << 8 | number);
    u32::try_from(high << room | last).ok().map(Ipv4Addr::from)
}

fn parse_number(text: &str) -> Option<u64> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok();
    }
    match text.strip_prefix('0') {
        Some(digits) if !digits.is_empty() => u64::from_str_radix(digits, 8).ok(),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// Bytes for `%XX`; what is no UTF-8 afterwards stays as a replacement character.
pub(super) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| (byte as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Characters that take no room on the screen, or change the direction of writing.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// A label with Punycode undone, where it is any.
fn unicode_label(label: &str) -> String {
    label
        .strip_prefix("xn--")
        .and_then(punycode_decode)
        .map_or_else(|| label.to_owned(), |decoded| decoded.to_lowercase())
}

/// Decode Punycode (RFC 3492 §6.2).
fn punycode_decode(code: &str) -> Option<String> {
    let (basic, extended) = code.rsplit_once('-').unwrap_or(("", code));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128u32, 0u32, 72u32);
    let mut digits = extended.bytes();
    let mut first = true;
    while digits.len() > 0 {
        let old = i;
        let (mut weight, mut k) = (1u32, 36u32);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        bias = adapt(i - old, length, first);
        first = false;
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(i as usize, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

/// RFC 3492 §6.1.
fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// The domain somebody registered: one label below the public suffix; the name itself where there is none.
pub(super) fn registered(name: &str) -> &str {
    psl::domain_str(name).unwrap_or(name)
}

/// The label somebody chose: the registered domain without its public suffix.
pub(super) fn chosen_label(domain: &str) -> &str {
    let name = domain.trim_matches('.');
    let front = psl::suffix_str(name).and_then(|suffix| name.strip_suffix(suffix)).unwrap_or_default();
    match front.trim_end_matches('.') {
        "" => name,
        label => label,
    }
}

/// The registered domain of a mail address, in lower case.
pub(super) fn mail_domain(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    match parse_host(domain)? {
        (Host::Name(name), _) => Some(registered(&name).to_owned()),
        (Host::Number { .. }, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(written: &str) -> String {
        match parse_host(written) {
            Some((Host::Name(name), _)) => name,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn names_are_folded_and_punycode_is_undone() {
        assert_eq!(name("WWW.Harbour.Example."), "www.harbour.example");
        assert_eq!(name("xn--bcher-kva.example"), "bücher.example");
        assert_eq!(name("xn--e1afmkfd.example"), "пример.example");
        assert_eq!(name("ｈarbour。example"), "harbour.example");
        assert_eq!(name("xn--\u{7f}.example"), "xn--\u{7f}.example");
        assert_eq!(parse_host("har%62our.ex\u{ad}ample").map(|host| host.1), Some(true));
        assert_eq!(parse_host(""), None);
    }

    #[test]
    fn numbers_are_told_in_every_form() {
        let number = |written: &str| match parse_host(written) {
            Some((Host::Number { address, disguised, private }, _)) => Some((address, disguised, private)),
            _ => None,
        };
        assert_eq!(number("192.0.2.7"), Some(("192.0.2.7".into(), false, false)));
        for written in ["3221225991", "0xc0000207", "0xc0.0.2.7", "0300.0.02.07", "192.519"] {
            assert_eq!(number(written), Some(("192.0.2.7".into(), true, false)), "{written}");
        }
        assert_eq!(number("10.0.0.1"), Some(("10.0.0.1".into(), false, true)));
        assert_eq!(number("[2001:db8::1]"), Some(("2001:db8::1".into(), false, false)));
        assert_eq!(number("300.1.2.3"), None);
        assert_eq!(number("4294967296"), None);
    }

    #[test]
    fn the_registered_domain_is_one_label_below_the_public_suffix() {
        assert_eq!(registered("a.b.harbour.co.uk"), "harbour.co.uk");
        assert_eq!(chosen_label("harbour.co.uk"), "harbour");
        assert_eq!(chosen_label("harbour.example"), "harbour");
        assert_eq!(chosen_label("localhost"), "localhost");
        assert_eq!(mail_domain("x@mail.Harbour.example").as_deref(), Some("harbour.example"));
        assert_eq!(mail_domain("nobody"), None);
    }

    proptest! {
        #[test]
        fn any_host_is_read(written in "\\PC{0,40}", code in "xn--[a-z0-9-]{0,30}") {
            parse_host(&written);
            parse_host(&code);
        }
    }
}
