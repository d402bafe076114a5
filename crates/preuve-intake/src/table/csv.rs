//! Separated values after RFC 4180, more or less: any of `,` `;` tab `|`, uneven rows, quotes left open.

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder};
use preuve_case::{Diagnostic, Severity};

use super::cells::{Row, Run, Source};
use super::{RowLimits, Troubles};
use crate::columns::{ColumnMapping, Field};
use crate::sniff::extension;

/// Read the rows of a table with a header.
pub(super) fn parse_csv(
    path: &str,
    source: &Source<'_>,
    mapping: &ColumnMapping,
    limits: RowLimits,
    take: &mut dyn FnMut(Row),
    troubles: &mut Troubles,
) {
    let delimiter = delimiter_of(path, source.text);
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(source.text.as_bytes());
    let mut header = ByteRecord::new();
    // Reading from memory does not fail, and records of bytes need no valid text.
    if !reader.read_byte_record(&mut header).unwrap_or(false) {
        return;
    }
    let names: Vec<&str> = header.iter().map(|name| std::str::from_utf8(name).unwrap_or_default()).collect();
    let table = Table {
        source,
        delimiter,
        fields: mapping.resolve(names.iter().copied()),
        width: names.len(),
        limits,
    };
    let mut record = ByteRecord::new();
    let mut start = reader.position().byte() as usize;
    let mut number = 0;
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        let end = (reader.position().byte() as usize).min(source.text.len());
        number += 1;
        if number > limits.rows {
            let bytes = source.bytes_of(start, source.text.len());
            troubles.add("intake::too_many_rows", Severity::Error, bytes, || {
                format!("only the first {} rows were read", limits.rows)
            });
            return;
        }
        take(table.row(number, &record, (start, end), troubles));
        start = end;
    }
}

struct Table<'a> {
    source: &'a Source<'a>,
    delimiter: u8,
    fields: BTreeMap<Field, usize>,
    width: usize,
    limits: RowLimits,
}

impl Table<'_> {
    fn row(
        &self,
        number: usize,
        record: &ByteRecord,
        (start, end): (usize, usize),
        troubles: &mut Troubles,
    ) -> Row {
        let raw = &self.source.text[start..end];
        let body = raw.trim_start_matches(['\r', '\n']);
        let start = end - body.len();
        let body = body.trim_end_matches(['\r', '\n']);
        let end = start + body.len();
        let bytes = self.source.bytes_of(start, end);
        if record.len() != self.width {
            troubles.add("intake::uneven_row", Severity::Warning, bytes, || {
                format!("row {number} has {} cells where the header has {}", record.len(), self.width)
            });
        }
        if body.bytes().filter(|&byte| byte == b'"').count() % 2 == 1 && body.contains('\n') {
            troubles.add("intake::unclosed_quote", Severity::Warning, bytes, || {
                format!("row {number} runs over several lines and leaves a quotation mark open")
            });
        }
        let mut row = Row { number, bytes, cells: BTreeMap::new(), diagnostics: Vec::new() };
        self.fill(&mut row, record, start, body);
        row
    }

    fn fill(&self, row: &mut Row, record: &ByteRecord, start: usize, body: &str) {
        let mut cursor = 0;
        for (index, raw) in record.iter().enumerate() {
            let field = self.fields.iter().find(|(_, held)| **held == index).map(|(field, _)| *field);
            let (runs, next) = align(body.as_bytes(), cursor, raw, self.delimiter, start);
            cursor = next;
            let (Some(field), Ok(text)) = (field, std::str::from_utf8(raw)) else { continue };
            if text.trim().is_empty() {
                continue;
            }
            if text.len() > self.limits.cell_bytes {
                row.diagnostics.push(cell_too_long(text.len(), self.limits.cell_bytes));
            }
            row.cells.insert(field, self.source.cell(text, &runs, row.bytes, self.limits.cell_bytes));
        }
    }
}

/// A cell over the limit.
pub(super) fn cell_too_long(len: usize, limit: usize) -> Diagnostic {
    let message = format!("only the first {limit} of a cell's {len} bytes were read");
    Diagnostic::new("", Severity::Error, "intake::cell_too_long", message)
}

/// Where the bytes of `cell` stand in `row` from `cursor` on, and where the next cell starts. A reader of
/// separated values only ever leaves out quotation marks, so the two run side by side.
fn align(row: &[u8], cursor: usize, cell: &[u8], delimiter: u8, base: usize) -> (Vec<Run>, usize) {
    let quoted = row.get(cursor) == Some(&b'"');
    let (mut at, mut done) = (cursor + usize::from(quoted), 0);
    let mut runs: Vec<Run> = Vec::new();
    while done < cell.len() {
        // Within quotes a doubled mark stands for one.
        if quoted && row.get(at) == Some(&b'"') {
            at += 1;
            if row.get(at) != Some(&b'"') || cell[done] != b'"' {
                continue;
            }
        }
        let stretch = &cell[done..];
        let length = if quoted {
            memchr::memchr(b'"', &stretch[1..]).map_or(stretch.len(), |n| n + 1)
        } else {
            stretch.len()
        };
        if row.get(at..at + length) != Some(&stretch[..length]) {
            return (Vec::new(), next_cell(row, at, delimiter));
        }
        runs.push(Run { cell: (done, done + length), table: (base + at, base + at + length) });
        at += length;
        done += length;
    }
    (runs, next_cell(row, at, delimiter))
}

fn next_cell(row: &[u8], at: usize, delimiter: u8) -> usize {
    let rest = row.get(at..).unwrap_or_default();
    memchr::memchr(delimiter, rest).map_or(row.len(), |n| at + n + 1)
}

/// The separator that the header uses most.
fn delimiter_of(path: &str, text: &str) -> u8 {
    if extension(path).is_some_and(|extension| extension == "tsv" || extension == "tab") {
        return b'\t';
    }
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    // The last of equals wins: the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::*;
    use preuve_case::{CharIndex, Span, TextMap};

    const LIMITS: RowLimits = RowLimits { rows: 100, cell_bytes: 1000, table_bytes: 1 << 20 };

    fn rows_of(path: &str, bytes: &[u8], limits: RowLimits) -> (Vec<Row>, Vec<Diagnostic>) {
        let mut rows = Vec::new();
        let mapping = ColumnMapping::default();
        let diagnostics =
            super::super::parse_rows(path, bytes, Shape::Csv, &mapping, limits, &mut |row| rows.push(row));
        (rows, diagnostics)
    }

    /// Every code point of the text cell leads to bytes of the row that hold it.
    fn assert_traced(bytes: &[u8], row: &Row) {
        let cell = &row.cells[&Field::Text];
        let map = TextMap { pieces: cell.pieces.clone() };
        let index = CharIndex::new(&cell.text);
        for (at, c) in cell.text.chars().enumerate() {
            let (start, end) = map.bytes_of(&cell.text, &index, Span::new(at, at + 1)).expect("mapped");
            let (start, end) = (row.bytes.0 + start, row.bytes.0 + end);
            assert_eq!(&bytes[start as usize..end as usize], c.to_string().as_bytes(), "{c} at {at}");
        }
    }

    #[test]
    fn quoted_cells_lead_back_to_their_bytes() {
        let table = "title,text,url\r\nA,\"He said: \"\"no, é\"\".\nNew line\",u1\r\n\r\nB,plain « é »,u2";
        let (rows, diagnostics) = rows_of("a.csv", table.as_bytes(), LIMITS);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].cells[&Field::Text].text, "He said: \"no, é\".\nNew line");
        assert_eq!(rows[1].cells[&Field::Url].text, "u2");
        assert_eq!(rows[1].number, 2);
        for row in &rows {
            assert_traced(table.as_bytes(), row);
        }
        let second = &table.as_bytes()[rows[1].bytes.0 as usize..rows[1].bytes.1 as usize];
        assert_eq!(second, "B,plain « é »,u2".as_bytes());
    }

    #[test]
    fn separators_are_told_by_the_header() {
        for (path, table) in
            [("a.csv", "titre;texte\nx;y"), ("a.tsv", "titre\ttexte\nx\ty"), ("a.csv", "titre|texte\nx|y")]
        {
            let (rows, _) = rows_of(path, table.as_bytes(), LIMITS);
            assert_eq!(rows[0].cells[&Field::Text].text, "y");
        }
    }

    #[test]
    fn uneven_rows_are_read_and_said() {
        let (rows, diagnostics) =
            rows_of("a.csv", b"title,text,url\nA,one\nB,two,u,extra\nC,three,u\n", LIMITS);
        assert_eq!(rows.len(), 3);
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].code, "intake::uneven_row");
        assert_eq!(diagnostics[0].message, "row 1 has 2 cells where the header has 3; 1 more like it");
    }

    #[test]
    fn a_cell_over_the_limit_is_cut_and_said() {
        let table = format!("text,title\n{},T\nshort,U\n", "é".repeat(5_000_000));
        let (rows, _) = rows_of("a.csv", table.as_bytes(), RowLimits { table_bytes: 1 << 26, ..LIMITS });
        assert_eq!(rows[0].cells[&Field::Text].text, "é".repeat(500));
        assert_eq!(rows[0].diagnostics[0].code, "intake::cell_too_long");
        assert_eq!(rows[0].cells[&Field::Title].text, "T");
        assert_eq!(rows[1].cells[&Field::Text].text, "short");
    }

    #[test]
    fn an_open_quote_is_said() {
        let (rows, diagnostics) = rows_of("a.csv", b"title,text\nA,\"never closed\nB,two\nC,three\n", LIMITS);
        assert_eq!(rows.len(), 1);
        assert_eq!(diagnostics[0].code, "intake::unclosed_quote");
    }

    #[test]
    fn rows_over_the_limit_are_said() {
        let (rows, diagnostics) = rows_of("a.csv", &b"text\na\nb\nc\n"[..], RowLimits { rows: 2, ..LIMITS });
        assert_eq!(rows.len(), 2);
        assert_eq!(diagnostics[0].code, "intake::too_many_rows");
    }

    #[test]
    fn legacy_encodings_keep_the_way_back() {
        let text = "title;text\nA;\"l’élue « déçue », le maire \"\"absent\"\"\"\nB;deuxième\n";
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
        let (rows, _) = rows_of("a.csv", &bytes, LIMITS);
        assert_eq!(rows[0].cells[&Field::Text].text, "l’élue « déçue », le maire \"absent\"");
        assert_eq!(rows[1].cells[&Field::Text].text, "deuxième");
        let second = &bytes[rows[1].bytes.0 as usize..rows[1].bytes.1 as usize];
        assert_eq!(encoding_rs::WINDOWS_1252.decode(second).0, "B;deuxième");
    }

    #[test]
    fn words_after_a_closing_quote_do_not_derail() {
        let table = b"title,text\nA,\"one\"two,\nB,\"x\"\"\"\n";
        let (rows, _) = rows_of("a.csv", table, LIMITS);
        assert_eq!(rows[0].cells[&Field::Text].text, "onetwo");
        assert_eq!(rows[1].cells[&Field::Text].text, "x\"");
        assert_traced(table, &rows[1]);
    }
}
