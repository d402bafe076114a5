//! TXT records of keys in zone-file dumps (RFC 1035 §5.1): several strings, parentheses over several lines,
//! comments, `$ORIGIN`, names left out or relative. Records of other types are passed over.

use std::ops::Range;

/// A line, or the lines a record stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A key's TXT record.
    Key {
        /// Whole name, without the dot at its end.
        name: String,
        /// Its strings joined.
        txt: String,
    },
    /// Part of a zone, and no key.
    Other,
}

/// Bytes a record may stand on.
const MOST_BYTES: usize = 64 * 1024;

/// What carries over from line to line of a zone file.
#[derive(Debug, Default)]
pub(super) struct Zone {
    origin: String,
    owner: String,
}

/// Types of records, besides TXT, that a zone holds.
const OTHER_TYPES: [&str; 24] = [
    "A",
    "AAAA",
    "NS",
    "SOA",
    "MX",
    "CNAME",
    "SRV",
    "PTR",
    "CAA",
    "DS",
    "DNSKEY",
    "RRSIG",
    "NSEC",
    "NSEC3",
    "NSEC3PARAM",
    "TLSA",
    "SSHFP",
    "NAPTR",
    "DNAME",
    "SPF",
    "HINFO",
    "HTTPS",
    "SVCB",
    "LOC",
];

impl Zone {
    /// The entry that starts at byte `start` of `text`, and where it ends; `None` where a line is none of a zone.
    pub(super) fn entry(&mut self, text: &str, start: usize) -> Option<(Entry, usize)> {
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = &text[start..line_end];
        if let Some(origin) = directive(line, "$ORIGIN") {
            self.origin = self.absolute(origin);
            return Some((Entry::Other, line_end));
        }
        if ["$TTL", "$INCLUDE", "$GENERATE"].iter().any(|name| directive(line, name).is_some()) {
            return Some((Entry::Other, line_end));
        }
        let (owner, kind, data) = record_start(line)?;
        if !owner.is_empty() {
            self.owner = self.absolute(owner);
        }
        let (strings, end) = strings_of(text, start + data.start)?;
        let is_key = kind.eq_ignore_ascii_case("TXT") && self.owner.to_lowercase().contains("._domainkey");
        let entry = match strings {
            Some(txt) if is_key => Entry::Key { name: self.owner.clone(), txt },
            // Text without quotes may be anything; what is no zone record is left to the other forms.
            None if kind.eq_ignore_ascii_case("TXT") => return None,
            _ => Entry::Other,
        };
        Some((entry, end))
    }

    /// A name with the origin behind it, unless it ends in a dot or there is no origin.
    fn absolute(&self, name: &str) -> String {
        match name.strip_suffix('.') {
            Some(whole) => whole.to_owned(),
            None if name == "@" => self.origin.clone(),
            None if self.origin.is_empty() => name.to_owned(),
            None => format!("{name}.{}", self.origin),
        }
    }
}

fn directive<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (first, rest) = line.split_once([' ', '\t'])?;
    first.eq_ignore_ascii_case(name).then(|| rest.split_ascii_whitespace().next().unwrap_or_default())
}

/// Owner, type and place of the data of a record's first line; the owner is empty where it is left out.
fn record_start(line: &str) -> Option<(&str, &str, Range<usize>)> {
    let place = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    let mut words = line.split_ascii_whitespace().take(5);
    let owner = if line.starts_with([' ', '\t']) { "" } else { words.next()? };
    let is_class =
        |word: &str| ["IN", "CH", "HS", "ANY"].iter().any(|class| word.eq_ignore_ascii_case(class));
    let is_ttl = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_alphanumeric())
    };
    for word in words.take(3) {
        let known = |kind: &&str| word.eq_ignore_ascii_case(kind);
        if word.eq_ignore_ascii_case("TXT") || OTHER_TYPES.iter().any(known) {
            return Some((owner, word, place(word) + word.len()..line.len()));
        }
        if !is_class(word) && !is_ttl(word) {
            return None;
        }
    }
    None
}

/// The quoted strings from `start` to the end of the record, joined (`None` where there is none), and that end.
fn strings_of(text: &str, start: usize) -> Option<(Option<String>, usize)> {
    let (mut joined, mut quoted, mut found, mut depth) = (Vec::new(), false, false, 0u32);
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        if at - start > MOST_BYTES {
            return None;
        }
        let byte = bytes[at];
        match byte {
            b'\\' if quoted => {
                let (value, taken) = unescape(&bytes[at + 1..]);
                joined.extend(value);
                at += taken;
            }
            b'"' => {
                quoted = !quoted;
                found = true;
            }
            b'\n' if depth == 0 => break,
            _ if quoted => joined.push(byte),
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' => {
                at = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |line| at + line) - 1
            }
            _ => {}
        }
        at += 1;
    }
    let strings = found.then(|| String::from_utf8_lossy(&joined).into_owned());
    Some((strings, at.min(bytes.len())))
}

/// What stands behind a backslash: `\DDD` is a byte, anything else itself; and the bytes it takes.
fn unescape(rest: &[u8]) -> (Option<u8>, usize) {
    match rest {
        [a, b, c, ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()) => {
            let value = [a, b, c].iter().fold(0u32, |sum, digit| sum * 10 + u32::from(**digit - b'0'));
            (u8::try_from(value).ok(), 3)
        }
        [byte, ..] => (Some(*byte), 1),
        [] => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<(String, String)> {
        let (mut zone, mut at, mut found) = (Zone::default(), 0, Vec::new());
        while at < text.len() {
            let next = match zone.entry(text, at) {
                Some((Entry::Key { name, txt }, end)) => {
                    found.push((name, txt));
                    end
                }
                Some((Entry::Other, end)) => end,
                None => text[at..].find('\n').map_or(text.len(), |line| at + line),
            };
            at = next + 1;
        }
        found
    }

    #[test]
    fn a_whole_zone_gives_its_keys() {
        let zone = concat!(
            "$TTL 3600\n$ORIGIN ferry.example.\n",
            "@ IN SOA ns.ferry.example. root.ferry.example. (\n 1 ; serial\n 2 3 4 5 )\n",
            "  IN MX 10 mx\n",
            "@ IN TXT \"v=spf1 -all\"\n",
            "s1._domainkey 300 IN TXT ( \"v=DKIM1; k=rsa; \" ; first half\n\t\"p=AB\" \n \"CD\" )\n",
            "s2._domainkey.other.example. TXT \"p=\\\"x\\059\"\n",
            "$ORIGIN _domainkey.ferry.example.\ns3\tIN\tTXT\t\"p=EF\"\n\tTXT\t\"p=GH\"\n",
        );
        let expected = [
            ("s1._domainkey.ferry.example", "v=DKIM1; k=rsa; p=ABCD"),
            ("s2._domainkey.other.example", "p=\"x;"),
            ("s3._domainkey.ferry.example", "p=EF"),
            ("s3._domainkey.ferry.example", "p=GH"),
        ];
        assert_eq!(keys(zone), expected.map(|(name, txt)| (name.to_owned(), txt.to_owned())));
    }

    #[test]
    fn what_is_no_record_is_none() {
        for text in
            ["", "a b c", "s._domainkey.a\tv=DKIM1; p=A", "x TXT p=AA", "(((", "a TXT (\"", "a TXT \"\\"]
        {
            let _ = keys(text);
        }
        assert_eq!(Zone::default().entry("s._domainkey.a\tv=DKIM1; p=A", 0), None);
        assert_eq!(Zone::default().entry("x TXT p=AA", 0), None);
    }

    #[test]
    fn a_record_that_never_ends_is_given_up() {
        let text = format!("s._domainkey.a TXT ( \"{}", "x".repeat(100_000));
        assert_eq!(Zone::default().entry(&text, 0), None);
    }
}
