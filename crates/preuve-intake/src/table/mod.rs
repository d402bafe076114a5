//! Tables of articles: every row with a text is an item of its own, `articles.csv!/row-12`.
//!
//! Rows are counted from 1 without the header. A row's original is the bytes of the row, so the same row in
//! another table is the same item. Row-wise trouble is said once, with a count and the first place.

mod cells;
mod csv;
mod json;

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, Format, ItemMeta, Severity, TextMap};

pub(crate) use cells::{Cell, Row, Source};

use crate::columns::{ColumnMapping, Field};
use crate::decode::{Decoded, Wanted, parse_text};
use crate::read::{Draft, Reading};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Separated values with a header.
    Csv,
    /// An array of objects, or one object.
    Json,
    /// An object a line.
    Jsonl,
}

/// What reading rows may spend.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowLimits {
    pub(crate) rows: usize,
    pub(crate) cell_bytes: usize,
    pub(crate) table_bytes: usize,
}

/// Read a table and hand each row to `take`; what is wrong with the table comes back.
pub(crate) fn parse_rows(
    path: &str,
    bytes: &[u8],
    shape: Shape,
    mapping: &ColumnMapping,
    limits: RowLimits,
    take: &mut dyn FnMut(Row),
) -> Vec<Diagnostic> {
    let wanted = Wanted { path, declared: None, keep_bom: false, limit: limits.table_bytes };
    let Decoded { text, map, mut diagnostics } = match parse_text(bytes, &wanted) {
        Ok(decoded) => decoded,
        Err(refusal) => return vec![*refusal],
    };
    let source = Source::new(&text, &map);
    let mut troubles = Troubles::default();
    match shape {
        Shape::Csv => csv::parse_csv(path, &source, mapping, limits, take, &mut troubles),
        Shape::Json | Shape::Jsonl => {
            json::parse_json(&source, shape == Shape::Jsonl, mapping, limits, take, &mut troubles);
        }
    }
    diagnostics.extend(troubles.into_diagnostics(path));
    diagnostics
}

/// Read a table of articles.
pub(crate) fn parse_table(reading: &mut Reading<'_>, path: &str, bytes: &[u8], shape: Shape) {
    let params = reading.params;
    let limits = RowLimits {
        rows: params.max_rows,
        cell_bytes: params.max_cell_bytes.min(params.max_text_bytes),
        table_bytes: usize::try_from(params.max_member_bytes).unwrap_or(usize::MAX),
    };
    let (mut articles, mut textless, mut files) = (0usize, Vec::new(), 0usize);
    let mut take = |row: Row| {
        files += usize::from(row.cells.contains_key(&Field::File));
        if row.cells.contains_key(&Field::Text) {
            articles += 1;
            emit(reading, path, bytes, row);
        } else {
            textless.push(row.number);
        }
    };
    let diagnostics = parse_rows(path, bytes, shape, &params.columns, limits, &mut take);
    let broken = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    diagnostics.into_iter().for_each(|diagnostic| reading.say(diagnostic));
    if let Some(diagnostic) = about_textless(path, articles, &textless, files, broken) {
        reading.say(diagnostic);
    }
}

fn about_textless(
    path: &str,
    articles: usize,
    textless: &[usize],
    files: usize,
    broken: bool,
) -> Option<Diagnostic> {
    let Some(&first) = textless.first() else {
        let empty = articles == 0 && !broken;
        return empty
            .then(|| Diagnostic::new(path, Severity::Note, "intake::empty_table", "the table has no rows"));
    };
    if articles == 0 && files > 0 {
        let message = "a table about files, without texts; it was not read as articles";
        let diagnostic = Diagnostic::new(path, Severity::Note, "intake::metadata_table", message);
        return Some(
            diagnostic.hint(format!("run again with `--metadata {path}` to join it to those files")),
        );
    }
    if articles == 0 && !broken {
        let message = "no column or key of the table is known to hold the text of an article";
        let diagnostic = Diagnostic::new(path, Severity::Error, "intake::no_text_column", message);
        return Some(diagnostic.hint("name it with `--columns text=NAME`"));
    }
    let message = format!("{} rows hold no text, the first is row {first}", textless.len());
    Some(Diagnostic::new(path, Severity::Warning, "intake::row_without_text", message))
}

fn emit(reading: &mut Reading<'_>, path: &str, bytes: &[u8], mut row: Row) {
    let Some(Cell { text, pieces, .. }) = row.cells.remove(&Field::Text) else { return };
    let original = bytes.get(row.bytes.0 as usize..row.bytes.1 as usize).unwrap_or_default();
    let meta = meta_of(&row.cells);
    reading.finish(Draft {
        path: format!("{path}!/row-{}", row.number),
        format: Format::Row,
        original,
        text,
        map: TextMap { pieces },
        meta,
        diagnostics: row.diagnostics,
    });
}

/// What the cells of a row say about an article; the date stays as written.
pub(crate) fn meta_of(cells: &BTreeMap<Field, Cell>) -> ItemMeta {
    let value = |field: Field| {
        let text = cells.get(&field)?.text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    ItemMeta {
        title: value(Field::Title),
        outlet: value(Field::Outlet),
        byline: value(Field::Byline),
        url: value(Field::Url),
        published: None,
        published_raw: value(Field::Published),
        lang_tag: value(Field::Lang),
    }
}

/// Trouble with rows, by code: how often, where first.
#[derive(Debug, Default)]
pub(crate) struct Troubles(BTreeMap<&'static str, Trouble>);

#[derive(Debug)]
struct Trouble {
    count: usize,
    severity: Severity,
    first: String,
    bytes: (u64, u64),
}

impl Troubles {
    /// Note one more case of `code`; `say` words the first one.
    pub(crate) fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        bytes: (u64, u64),
        say: impl FnOnce() -> String,
    ) {
        let trouble =
            self.0.entry(code).or_insert_with(|| Trouble { count: 0, severity, first: say(), bytes });
        trouble.count += 1;
    }

    fn into_diagnostics(self, path: &str) -> impl Iterator<Item = Diagnostic> {
        self.0.into_iter().map(move |(code, trouble)| {
            let more = match trouble.count {
                1 => String::new(),
                count => format!("; {} more like it", count - 1),
            };
            Diagnostic::new(path, trouble.severity, code, trouble.first + &more)
                .at_bytes(trouble.bytes.0, trouble.bytes.1)
        })
    }
}
