//! The key archive: for every name, the keys that were seen there, by whom and when. Sightings may conflict and
//! stand side by side; none is dropped for another.
//!
//! Three forms are read, mixed at will: lines `NAME<TAB>TXT`, lines of JSON objects
//! (`{"name", "txt", "origin"?, "first_seen"?, "last_seen"?, "recovered"?}`), and TXT records of zone files, on one
//! line or more. `"recovered": true` marks a key that was computed from messages and that nobody saw published.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use preuve_case::{Diagnostic, KeySighting, Severity};
use serde::Deserialize;

use super::key::{KeyRecord, KeyRecordError};
use super::zone::{Entry, Zone};

/// A key record as seen somewhere.
#[derive(Debug)]
pub struct ArchivedKey {
    /// Where and when.
    pub sighting: KeySighting,
    /// The TXT record.
    pub txt: String,
    /// Whether nobody saw it published: it was computed from messages (see [`super::recover`]).
    pub recovered: bool,
    /// Boxed: most keys of a large archive are never asked for.
    parsed: OnceLock<Box<Result<KeyRecord, KeyRecordError>>>,
}

impl ArchivedKey {
    /// The record, read once.
    pub fn record(&self) -> &Result<KeyRecord, KeyRecordError> {
        self.parsed.get_or_init(|| Box::new(KeyRecord::parse(&self.txt)))
    }
}

/// Keys by name.
#[derive(Debug, Default)]
pub struct KeyArchive {
    keys: BTreeMap<String, Vec<ArchivedKey>>,
}

#[derive(Deserialize)]
struct JsonKey {
    name: String,
    txt: String,
    origin: Option<String>,
    first_seen: Option<String>,
    last_seen: Option<String>,
    #[serde(default)]
    recovered: bool,
}

/// More sightings of one name than this are not kept: every signature would try them all.
const MOST_PER_NAME: usize = 64;

impl KeyArchive {
    /// Add the keys of archive file `path`; what cannot be read becomes a diagnostic and the rest is read.
    pub fn read(&mut self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        let mut zone = Zone::default();
        // Bytes that are no UTF-8 become a mark of the same length, so that places stay true.
        let text = valid_text(bytes);
        let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        while start < text.len() {
            let (outcome, end) = next_entry(&text, start, &mut zone, path);
            let at = (start as u64, end as u64);
            start = end + 1;
            match outcome {
                Ok(Some(key)) => {
                    if !self.take(key) {
                        let message =
                            format!("more than {MOST_PER_NAME} keys for one name; this one is left out");
                        diagnostics.push(
                            Diagnostic::new(path, Severity::Warning, "keys::too_many", message)
                                .at_bytes(at.0, at.1),
                        );
                    }
                }
                Ok(None) => {}
                Err(message) => diagnostics.push(
                    Diagnostic::new(path, Severity::Warning, "keys::unreadable_line", message)
                        .at_bytes(at.0, at.1),
                ),
            }
        }
        diagnostics
    }

    /// Add one key; `false` where the name is full. The same sighting twice is one.
    pub fn insert(&mut self, sighting: KeySighting, txt: String) -> bool {
        self.take(ArchivedKey { sighting, txt, recovered: false, parsed: OnceLock::new() })
    }

    /// Add a key that was computed from messages; `false` where the name is full.
    pub fn insert_recovered(&mut self, sighting: KeySighting, txt: String) -> bool {
        self.take(ArchivedKey { sighting, txt, recovered: true, parsed: OnceLock::new() })
    }

    fn take(&mut self, mut key: ArchivedKey) -> bool {
        key.sighting.name = fold_name(&key.sighting.name);
        let keys = self.keys.entry(key.sighting.name.clone()).or_default();
        let known = |other: &ArchivedKey| {
            other.txt == key.txt && other.sighting == key.sighting && other.recovered == key.recovered
        };
        if keys.iter().any(known) {
            return true;
        }
        if keys.len() >= MOST_PER_NAME {
            return false;
        }
        keys.push(key);
        true
    }

    /// The keys seen at `selector._domainkey.domain`.
    pub fn keys(&self, selector: &str, domain: &str) -> &[ArchivedKey] {
        let name = fold_name(&format!("{selector}._domainkey.{domain}"));
        self.keys.get(&name).map_or(&[], Vec::as_slice)
    }

    /// All keys in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &ArchivedKey> {
        self.keys.values().flatten()
    }

    /// Number of sightings.
    pub fn len(&self) -> usize {
        self.keys.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

fn fold_name(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

type Line = Result<Option<ArchivedKey>, String>;

fn attested(sighting: KeySighting, txt: String) -> ArchivedKey {
    ArchivedKey { sighting, txt, recovered: false, parsed: OnceLock::new() }
}

/// What stands in the archive from byte `start` on: a record of a zone, however many lines, else one line.
fn next_entry(text: &str, start: usize, zone: &mut Zone, path: &str) -> (Line, usize) {
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line = &text[start..line_end];
    if line.contains(NOT_UTF8) {
        return (Err("the line is not UTF-8".to_owned()), line_end);
    }
    if line.starts_with(['{', '#', ';']) {
        return (parse_line(line, path), line_end);
    }
    match zone.entry(text, start) {
        Some((Entry::Key { name, txt }, end)) => (Ok(Some(attested(sighting(&name, path), txt))), end),
        Some((Entry::Other, end)) => (Ok(None), end),
        None => (parse_line(line, path), line_end),
    }
}

/// Stands for a byte that is no UTF-8.
const NOT_UTF8: char = '\u{1a}';

fn valid_text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| NOT_UTF8));
    }
    text.into()
}

fn sighting(name: &str, path: &str) -> KeySighting {
    KeySighting { name: fold_name(name), origin: path.to_owned(), first_seen: None, last_seen: None }
}

fn parse_line(line: &str, path: &str) -> Line {
    let line = line.trim_end();
    if line.trim_start().is_empty() || line.starts_with(['#', ';']) {
        return Ok(None);
    }
    if line.starts_with('{') {
        return parse_json(line, path);
    }
    match line.split_once('\t') {
        Some((name, txt)) if !name.trim().is_empty() => {
            Ok(Some(attested(sighting(name, path), unquote(txt.trim()))))
        }
        _ => Err("the line is neither `NAME<TAB>TXT`, a JSON object nor a TXT record".to_owned()),
    }
}

fn parse_json(line: &str, path: &str) -> Line {
    let key: JsonKey =
        serde_json::from_str(line).map_err(|error| format!("the JSON cannot be read: {error}"))?;
    let origin = key.origin.unwrap_or_else(|| path.to_owned());
    let sighting = KeySighting {
        name: fold_name(&key.name),
        origin,
        first_seen: key.first_seen,
        last_seen: key.last_seen,
    };
    Ok(Some(ArchivedKey { recovered: key.recovered, ..attested(sighting, key.txt) }))
}

/// The strings of a TXT record joined; text without quotes is taken as it is.
fn unquote(text: &str) -> String {
    if !text.starts_with('"') {
        return text.to_owned();
    }
    let (mut out, mut inside, mut escaped) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        match c {
            _ if escaped => {
                out.push(c);
                escaped = false;
            }
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ if inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(text: &str) -> (KeyArchive, Vec<Diagnostic>) {
        let mut archive = KeyArchive::default();
        let diagnostics = archive.read("keys.txt", text.as_bytes());
        (archive, diagnostics)
    }

    #[test]
    fn three_forms_are_read() {
        let (archive, diagnostics) = archive(concat!(
            "# comment\n",
            "S1._domainkey.A.example.\tv=DKIM1; p=AA\n",
            "{\"name\":\"s2._domainkey.a.example\",\"txt\":\"p=BB\",\"first_seen\":\"2015-01-01\",\"origin\":\"dump\"}\n",
            "s3._domainkey.a.example. 3600 IN TXT ( \"v=DKIM1; \" \"p=C\\\"C\" )\n",
        ));
        assert_eq!(diagnostics, []);
        assert_eq!(archive.keys("s1", "a.EXAMPLE")[0].txt, "v=DKIM1; p=AA");
        assert_eq!(archive.keys("s2", "a.example")[0].sighting.first_seen.as_deref(), Some("2015-01-01"));
        assert_eq!(archive.keys("s3", "a.example.")[0].txt, "v=DKIM1; p=C\"C");
    }

    #[test]
    fn several_keys_of_one_name_stand_side_by_side_and_repeats_are_one() {
        let (archive, _) = archive("a._domainkey.b\tp=1\na._domainkey.b\tp=2\na._domainkey.b\tp=1\n");
        assert_eq!(archive.keys("a", "b").len(), 2);
    }

    #[test]
    fn a_bad_line_is_told_with_its_place_and_the_rest_is_read() {
        let (archive, diagnostics) = archive("nonsense\n{\"name\":1}\nx\tp=1\n\u{0}\t");
        assert_eq!(archive.len(), 1);
        assert_eq!(diagnostics[0].bytes, Some((0, 8)));
        assert_eq!(diagnostics[1].bytes, Some((9, 19)));
    }

    #[test]
    fn a_name_with_a_flood_of_keys_is_capped_and_told() {
        let lines: String = (0..80).map(|i| format!("a\tp={i}\n")).collect();
        let (archive, diagnostics) = archive(&lines);
        assert_eq!((archive.len(), diagnostics.len()), (64, 16));
    }
}
