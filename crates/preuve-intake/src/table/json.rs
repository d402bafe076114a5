//! JSON after RFC 8259: an array of articles, one article, an object around an array, or an object a line.
//!
//! Strings are unescaped here, since the way back to the bytes and lone surrogates (replaced and said) need
//! the escapes themselves. A document that breaks off gives the rows before the break.

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, Severity};
use serde_json::value::RawValue;

use super::cells::{Cell, Row, Run, Source};
use super::csv::cell_too_long;
use super::{RowLimits, Troubles};
use crate::columns::{ColumnMapping, Field};

/// Keys under which services wrap an array of articles.
const WRAPPERS: [&str; 12] = [
    "articles",
    "items",
    "data",
    "documents",
    "docs",
    "results",
    "records",
    "entries",
    "stories",
    "hits",
    "rows",
    "posts",
];

type Object<'t> = BTreeMap<String, &'t RawValue>;

/// Read the rows of a JSON document or of JSON lines.
pub(super) fn parse_json(
    source: &Source<'_>,
    named_lines: bool,
    mapping: &ColumnMapping,
    limits: RowLimits,
    take: &mut dyn FnMut(Row),
    troubles: &mut Troubles,
) {
    let mut rows = Rows { source, mapping, limits, take, troubles, number: 0 };
    let first_line = source.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first_is_whole = serde_json::from_str::<&RawValue>(first_line.trim());
    let opens_object = first_line.trim_start().starts_with('{');
    if opens_object
        && (first_is_whole.is_ok() && rows.has_more_lines(first_line)
            || named_lines && first_is_whole.is_ok())
    {
        return rows.lines();
    }
    let start = source.text.len() - source.text.trim_start().len();
    match source.text.as_bytes().get(start) {
        Some(b'[') => rows.array(start, source.text.len()),
        Some(b'{') if !named_lines || serde_json::from_str::<&RawValue>(source.text).is_ok() => {
            rows.document(start)
        }
        _ => rows.lines(),
    }
}

struct Rows<'a, 't> {
    source: &'a Source<'t>,
    mapping: &'a ColumnMapping,
    limits: RowLimits,
    take: &'a mut dyn FnMut(Row),
    troubles: &'a mut Troubles,
    number: usize,
}

impl<'t> Rows<'_, 't> {
    fn has_more_lines(&self, first: &str) -> bool {
        self.source.text.trim().len() > first.trim().len()
    }

    /// Byte offset in the table's text of a slice of it.
    fn offset(&self, slice: &str) -> usize {
        (slice.as_ptr() as usize).saturating_sub(self.source.text.as_ptr() as usize)
    }

    fn lines(&mut self) {
        let text = self.source.text;
        for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
            if self.over_limit(self.offset(line)) {
                return;
            }
            match serde_json::from_str::<&RawValue>(line) {
                Ok(value) => self.value(value.get()),
                Err(error) => self.broken(line, &error),
            }
        }
    }

    /// One object: an article, or what a service wraps around its articles.
    fn document(&mut self, start: usize) {
        let text = &self.source.text[start..];
        match serde_json::from_str::<Object<'t>>(text.trim_end()) {
            Ok(object) => {
                let array =
                    WRAPPERS.iter().find_map(|key| object.get(*key).filter(|raw| raw.get().starts_with('[')));
                match array {
                    Some(array) => {
                        let start = self.offset(array.get());
                        self.array(start, start + array.get().len());
                    }
                    None => self.value(text.trim_end()),
                }
            }
            Err(error) => self.broken(text, &error),
        }
    }

    /// The elements of the array at `start..end`, one by one, so that a break loses only what follows it.
    fn array(&mut self, start: usize, end: usize) {
        let text: &'t str = self.source.text;
        let mut at = start + 1;
        loop {
            let rest = &text[at..end];
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
            if rest.is_empty() {
                let bytes = self.source.bytes_of(start, end);
                return self.troubles.add("intake::broken_json", Severity::Error, bytes, || {
                    "the array is not closed; the file may have been cut off".to_owned()
                });
            }
            if rest.starts_with(']') || self.over_limit(self.offset(rest)) {
                return;
            }
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&'t RawValue>();
            match values.next() {
                Some(Ok(value)) => {
                    self.value(value.get());
                    at = end - rest.len() + values.byte_offset().max(1);
                }
                Some(Err(error)) => return self.broken(rest, &error),
                None => return,
            }
        }
    }

    fn over_limit(&mut self, at: usize) -> bool {
        let over = self.number >= self.limits.rows;
        if over {
            let bytes = self.source.bytes_of(at, self.source.text.len());
            let limit = self.limits.rows;
            self.troubles.add("intake::too_many_rows", Severity::Error, bytes, || {
                format!("only the first {limit} rows were read")
            });
        }
        over
    }

    fn broken(&mut self, text: &str, error: &serde_json::Error) {
        self.number += 1;
        let (number, start) = (self.number, self.offset(text));
        let bytes = self.source.bytes_of(start, start + text.len());
        self.troubles.add("intake::broken_json", Severity::Error, bytes, || {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            format!("row {number} is not valid JSON ({reason})")
        });
    }

    fn value(&mut self, raw: &'t str) {
        self.number += 1;
        let number = self.number;
        let start = self.offset(raw);
        let bytes = self.source.bytes_of(start, start + raw.len());
        let Ok(object) = serde_json::from_str::<Object<'t>>(raw) else {
            return self.troubles.add("intake::row_not_object", Severity::Error, bytes, || {
                format!("row {number} is no JSON object with named values")
            });
        };
        let mut row = Row { number, bytes, cells: BTreeMap::new(), diagnostics: Vec::new() };
        for (field, value) in self.fields(&object) {
            self.fill(&mut row, field, value);
        }
        (self.take)(row);
    }

    /// The values of `object` by what they hold, nested ones (`content.body`) as the mapping names them.
    fn fields(&self, object: &Object<'t>) -> Vec<(Field, &'t RawValue)> {
        let names: Vec<&String> = object.keys().collect();
        let resolved = self.mapping.resolve(names.iter().map(|name| name.as_str()));
        let mut found: BTreeMap<Field, &'t RawValue> =
            resolved.into_iter().map(|(field, index)| (field, object[names[index]])).collect();
        for (field, column) in self.mapping.named() {
            if !object.contains_key(column)
                && let Some(value) = nested(object, column)
            {
                found.insert(field, value);
            }
        }
        found.into_iter().collect()
    }

    fn fill(&mut self, row: &mut Row, field: Field, value: &'t RawValue) {
        let mut parts = Vec::new();
        collect_strings(value, &mut parts, 0);
        let cell = match parts[..] {
            [] => return,
            [only] => self.string_cell(row, only),
            _ => {
                let texts: Vec<String> = parts.iter().map(|raw| unescape(raw, 0).text).collect();
                let joined = texts.join(if field == Field::Text { "\n\n" } else { ", " });
                self.source.cell(&joined, &[], row.bytes, self.limits.cell_bytes)
            }
        };
        if !cell.text.trim().is_empty() {
            row.cells.insert(field, cell);
        }
    }

    fn string_cell(&mut self, row: &mut Row, raw: &str) -> Cell {
        let Unescaped { text, runs, lone } = unescape(raw, self.offset(raw));
        if text.len() > self.limits.cell_bytes {
            row.diagnostics.push(cell_too_long(text.len(), self.limits.cell_bytes));
        }
        if lone > 0 {
            let message = format!("{lone} lone surrogates in its strings were replaced by `\u{fffd}`");
            row.diagnostics.push(Diagnostic::new("", Severity::Warning, "intake::lone_surrogate", message));
        }
        self.source.cell(&text, &runs, row.bytes, self.limits.cell_bytes)
    }
}

/// The value at `path` (`a.b.c`) in `object`.
fn nested<'t>(object: &Object<'t>, path: &str) -> Option<&'t RawValue> {
    let (first, rest) = path.split_once('.')?;
    let mut value = *object.get(first)?;
    for key in rest.split('.') {
        value = serde_json::from_str::<Object<'t>>(value.get()).ok()?.remove(key)?;
    }
    Some(value)
}

/// The strings, as written, that a value stands for: itself, the elements of an array, the `name` of an object.
fn collect_strings<'t>(value: &'t RawValue, parts: &mut Vec<&'t str>, depth: usize) {
    let raw = value.get();
    match raw.as_bytes().first() {
        Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f') => parts.push(raw),
        Some(b'[') if depth < 2 => {
            let elements: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
            elements.into_iter().for_each(|element| collect_strings(element, parts, depth + 1));
        }
        Some(b'{') if depth < 3 => {
            let object: Object<'_> = serde_json::from_str(raw).unwrap_or_default();
            if let Some(name) = ["name", "title", "value", "text"].iter().find_map(|key| object.get(*key)) {
                collect_strings(name, parts, depth + 1);
            }
        }
        _ => (),
    }
}

struct Unescaped {
    text: String,
    runs: Vec<Run>,
    /// Lone surrogates replaced.
    lone: usize,
}

/// The text of a JSON string (or number) `raw` that starts at byte `base` of the table's text.
fn unescape(raw: &str, base: usize) -> Unescaped {
    let Some(inner) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
        return Unescaped { text: raw.to_owned(), runs: Vec::new(), lone: 0 };
    };
    let base = base + 1;
    let mut out = Unescaped { text: String::with_capacity(inner.len()), runs: Vec::new(), lone: 0 };
    let mut at = 0;
    while at < inner.len() {
        let plain = memchr::memchr(b'\\', &inner.as_bytes()[at..]).map_or(inner.len(), |n| at + n);
        push_run(&mut out, &inner[at..plain], (base + at, base + plain));
        if plain == inner.len() {
            break;
        }
        let (c, length) = escape(&inner.as_bytes()[plain..]);
        out.lone += usize::from(c.is_none());
        let mut buffer = [0; 4];
        let written = c.unwrap_or('\u{fffd}').encode_utf8(&mut buffer);
        push_run(&mut out, written, (base + plain, base + plain + length));
        at = plain + length;
    }
    out
}

fn push_run(out: &mut Unescaped, text: &str, table: (usize, usize)) {
    if !text.is_empty() {
        let start = out.text.len();
        out.text.push_str(text);
        out.runs.push(Run { cell: (start, out.text.len()), table });
    }
}

/// The character of the escape that `raw` starts with, `None` for a lone surrogate, and the escape's length.
/// The escape is known to be well formed: the value was read whole before.
fn escape(raw: &[u8]) -> (Option<char>, usize) {
    let simple = |c| (Some(c), 2);
    match raw.get(1) {
        Some(b'n') => simple('\n'),
        Some(b't') => simple('\t'),
        Some(b'r') => simple('\r'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'u') => match (unit(raw), raw.get(6..).and_then(unit_of_slice)) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), 12)
            }
            (Some(code), _) => (char::from_u32(code), 6),
            (None, _) => (None, raw.len().min(2)),
        },
        Some(&other) if other.is_ascii() => simple(char::from(other)),
        _ => (None, 1),
    }
}

fn unit_of_slice(raw: &[u8]) -> Option<u32> {
    unit(raw)
}

/// The code unit of `\uXXXX`.
fn unit(raw: &[u8]) -> Option<u32> {
    let digits = raw.strip_prefix(b"\\u")?.get(..4)?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{Shape, parse_rows};
    use super::*;
    use preuve_case::{CharIndex, Span, TextMap};
    use proptest::prelude::*;

    const LIMITS: RowLimits = RowLimits { rows: 100, cell_bytes: 1000, table_bytes: 1 << 20 };

    fn rows_of(text: &str, shape: Shape, mapping: &str) -> (Vec<Row>, Vec<Diagnostic>) {
        let mut rows = Vec::new();
        let mapping = mapping.parse().expect("a mapping");
        let diagnostics =
            parse_rows("a.json", text.as_bytes(), shape, &mapping, LIMITS, &mut |row| rows.push(row));
        (rows, diagnostics)
    }

    fn texts(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(|row| row.cells[&Field::Text].text.as_str()).collect()
    }

    #[test]
    fn arrays_objects_wrappers_and_lines_give_the_same_rows() {
        for (text, shape) in [
            ("[{\"text\": \"one\"}, {\"text\": \"two\"}]", Shape::Json),
            ("[\n  {\n  \"text\": \"one\"\n},\n  {\"text\": \"two\"}\n]\n", Shape::Jsonl),
            ("{\"status\": \"ok\", \"articles\": [{\"text\": \"one\"}, {\"text\": \"two\"}]}", Shape::Json),
            ("{\"text\": \"one\"}\n\n{\"text\": \"two\"}\r\n", Shape::Jsonl),
            ("{\"text\": \"one\"}\n{\"text\": \"two\"}\n", Shape::Json),
        ] {
            let (rows, diagnostics) = rows_of(text, shape, "");
            assert_eq!(texts(&rows), ["one", "two"], "{text}");
            assert!(diagnostics.is_empty(), "{diagnostics:?}");
            assert_eq!(rows[1].number, 2);
            assert_eq!(&text[rows[1].bytes.0 as usize..rows[1].bytes.1 as usize], "{\"text\": \"two\"}");
        }
    }

    #[test]
    fn one_article_over_several_lines_is_one_row() {
        let (rows, _) = rows_of("{\n \"headline\": \"H\",\n \"articleBody\": \"B\"\n}\n", Shape::Jsonl, "");
        assert_eq!(texts(&rows), ["B"]);
        assert_eq!(rows[0].cells[&Field::Title].text, "H");
    }

    #[test]
    fn escapes_lead_back_to_their_bytes() {
        let table = r#"{"text": "« \u00e9t\u00e9 \ud83d\uddf3 »\n\"no\" \/ é"}"#;
        let (rows, diagnostics) = rows_of(table, Shape::Jsonl, "");
        assert!(diagnostics.is_empty());
        let cell = &rows[0].cells[&Field::Text];
        assert_eq!(cell.text, "« été 🗳 »\n\"no\" / é");
        let map = TextMap { pieces: cell.pieces.clone() };
        let index = CharIndex::new(&cell.text);
        let at = |from, to| {
            let (start, end) = map.bytes_of(&cell.text, &index, Span::new(from, to)).expect("mapped");
            &table[start as usize..end as usize]
        };
        assert_eq!(at(2, 5), r"\u00e9t\u00e9");
        assert_eq!(at(6, 7), r"\ud83d\uddf3");
        assert_eq!(at(3, 4), "t");
        assert_eq!(at(17, 18), "é");
    }

    #[test]
    fn lone_surrogates_are_replaced_and_said() {
        let (rows, _) = rows_of(r#"[{"text": "a\ud800b\udc00\ud800"}]"#, Shape::Json, "");
        assert_eq!(texts(&rows), ["a\u{fffd}b\u{fffd}\u{fffd}"]);
        assert_eq!(rows[0].diagnostics[0].code, "intake::lone_surrogate");
    }

    #[test]
    fn a_break_loses_only_what_follows() {
        for text in
            ["[{\"text\": \"one\"}, {\"text\": \"tw", "[{\"text\": \"one\"}, ", "[{\"text\": \"one\"}"]
        {
            let (rows, diagnostics) = rows_of(text, Shape::Json, "");
            assert_eq!(texts(&rows), ["one"], "{text}");
            assert_eq!(diagnostics[0].code, "intake::broken_json");
        }
    }

    #[test]
    fn a_broken_line_loses_only_itself() {
        let (rows, diagnostics) =
            rows_of("{\"text\": \"one\"}\n{\"text\": \n[1]\n{\"text\": \"two\"}", Shape::Jsonl, "");
        assert_eq!(texts(&rows), ["one", "two"]);
        assert_eq!(rows[1].number, 4);
        let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        assert_eq!(codes, ["intake::broken_json", "intake::row_not_object"]);
    }

    #[test]
    fn names_within_objects_and_lists_are_taken() {
        let text = r#"{"source": {"id": null, "name": "The Quay"}, "author": ["A B", {"name": "C D"}], "text": "t",
            "lang": null, "timestamp": 1821245400, "content": {"raw": "deep"}}"#;
        let (rows, _) = rows_of(text, Shape::Json, "");
        let value = |field: Field| rows[0].cells.get(&field).map(|cell| cell.text.as_str());
        assert_eq!(value(Field::Outlet), Some("The Quay"));
        assert_eq!(value(Field::Byline), Some("A B, C D"));
        assert_eq!(value(Field::Published), Some("1821245400"));
        assert_eq!(value(Field::Lang), None);
        let (rows, _) = rows_of(text, Shape::Json, "text=content.raw");
        assert_eq!(texts(&rows), ["deep"]);
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let (rows, diagnostics) =
            rows_of(&format!("[{{\"text\": \"one\", \"x\": {deep}}}, 5]"), Shape::Json, "");
        assert!(rows.len() <= 1);
        assert!(!diagnostics.is_empty());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "\\PC{1,60}|[a-z\"\\\\\u{7}\n\u{1f5f3}é]{1,40}") {
            prop_assume!(!text.trim().is_empty() && !text.contains('\u{fffd}'));
            let line = serde_json::json!({ "text": text }).to_string();
            let (rows, _) = rows_of(&line, Shape::Jsonl, "");
            prop_assert_eq!(texts(&rows), [text.as_str()]);
        }
    }
}
