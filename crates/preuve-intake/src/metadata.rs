//! Tables about files: outlet, address, date, title, byline, language for files that carry none themselves.
//!
//! A row is joined to an item by the longest agreement of their paths: the same path, then one path ending
//! in the other, then the bare file name where only one row has it. What an item says of itself stays.

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, Item, ItemMeta, Severity};

use crate::columns::{ColumnMapping, Field};
use crate::language::judge_language;
use crate::sniff::{Kind, sniff};
use crate::table::{RowLimits, Shape, meta_of, parse_rows};

/// Rows, and bytes of a cell, that a table of metadata may have.
const LIMITS: RowLimits = RowLimits { rows: 10_000_000, cell_bytes: 64 * 1024, table_bytes: usize::MAX };

/// What a table says about files, by the files' paths as the table writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    rows: Vec<ItemMeta>,
    /// Row by normalised path.
    by_path: BTreeMap<String, usize>,
    /// Paths, as indices of rows, by bare file name.
    by_name: BTreeMap<String, Vec<(String, usize)>>,
}

impl Metadata {
    /// Read a CSV, JSON or JSONL table with a `file` column; `path` is for the diagnostics and the format.
    pub fn parse(path: &str, bytes: &[u8], mapping: &ColumnMapping) -> (Metadata, Vec<Diagnostic>) {
        let shape = match sniff(path, bytes) {
            Kind::Csv | Kind::Text => Shape::Csv,
            Kind::Json => Shape::Json,
            Kind::Jsonl => Shape::Jsonl,
            _ => {
                let message = "metadata must be a CSV, JSON or JSONL table";
                let refusal = Diagnostic::new(path, Severity::Error, "intake::metadata_unreadable", message);
                return (Metadata::default(), vec![refusal]);
            }
        };
        let mut metadata = Metadata::default();
        let mut own = Vec::new();
        let mut diagnostics = parse_rows(path, bytes, shape, mapping, LIMITS, &mut |row| match row
            .cells
            .get(&Field::File)
            .map(|cell| normalise(&cell.text))
        {
            Some(file) => own.extend(metadata.add(path, row.number, file, read_date(meta_of(&row.cells)))),
            None => own.push(row_problem(path, row.number, "names no file", "intake::metadata_without_file")),
        });
        if metadata.rows.is_empty() {
            let message = "no row names a file";
            let diagnostic = Diagnostic::new(path, Severity::Error, "intake::metadata_unreadable", message);
            own = vec![
                diagnostic.hint("give the table a `file` column, or name it with `--columns file=NAME`"),
            ];
        }
        diagnostics.append(&mut own);
        (metadata, diagnostics)
    }

    /// Number of files the table speaks of.
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Whether the table speaks of no file.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// Give `item` what it does not carry itself, its language included; a diagnostic where several rows could
    /// be meant and none was joined.
    pub fn apply(&self, item: &mut Item) -> Option<Diagnostic> {
        let (row, note) = match self.find(&normalise(&item.path)) {
            Match::None => return None,
            Match::Row(row) => (row, None),
            Match::NameOnly(file, row) => {
                let message = format!("joined to the metadata of `{file}` by its file name alone");
                (row, Some(Diagnostic::new(&item.path, Severity::Note, "intake::metadata_by_name", message)))
            }
            Match::Several(count) => {
                let message = format!("{count} rows of the metadata could be meant; none was joined");
                let diagnostic =
                    Diagnostic::new(&item.path, Severity::Warning, "intake::metadata_ambiguous", message);
                return Some(
                    diagnostic.for_item(item.id).hint("write the files' paths in the `file` column"),
                );
            }
        };
        let meta = self.rows.get(row)?;
        join(&mut item.meta, meta);
        let (lang, _) = judge_language(&item.text, item.meta.lang_tag.as_deref());
        item.lang = lang;
        note.map(|note| note.for_item(item.id))
    }

    fn add(&mut self, table: &str, number: usize, file: String, meta: ItemMeta) -> Option<Diagnostic> {
        if let Some(&row) = self.by_path.get(&file) {
            let differs = self.rows.get(row).is_some_and(|held| *held != meta);
            let message = format!("repeats `{file}` with other values, which were left out");
            return differs.then(|| row_problem(table, number, &message, "intake::metadata_repeated"));
        }
        let row = self.rows.len();
        self.rows.push(meta);
        self.by_name.entry(name_of(&file).to_owned()).or_default().push((file.clone(), row));
        self.by_path.insert(file, row);
        None
    }

    /// The row for the item at `path`.
    fn find<'m>(&'m self, path: &str) -> Match<'m> {
        if let Some(&row) = self.by_path.get(path) {
            return Match::Row(row);
        }
        let candidates = self.by_name.get(name_of(path)).map_or(&[][..], Vec::as_slice);
        let agreement = |file: &str| common_suffix(file, path);
        let best = candidates.iter().map(|(file, _)| agreement(file)).max().unwrap_or(0);
        let meant: Vec<&(String, usize)> =
            candidates.iter().filter(|(file, _)| agreement(file) == best).collect();
        match meant[..] {
            [] => Match::None,
            [(file, row)] if is_whole(file, path, best) => Match::Row(*row),
            [(file, row)] if best > 1 || candidates.len() == 1 => Match::NameOnly(file, *row),
            _ => Match::Several(candidates.len()),
        }
    }
}

/// What [`Metadata::find`] finds.
enum Match<'m> {
    None,
    /// One path is the other, or ends in it.
    Row(usize),
    /// The folders differ.
    NameOnly(&'m str, usize),
    Several(usize),
}

/// Whether the `parts` last parts are all that one of the two paths has.
fn is_whole(a: &str, b: &str, parts: usize) -> bool {
    a.split('/').count() == parts || b.split('/').count() == parts
}

/// How many of their last parts two paths have in common.
fn common_suffix(a: &str, b: &str) -> usize {
    a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b).count()
}

/// `/` between folders, no `.` and no empty parts, `..` resolved within the path.
fn normalise(path: &str) -> String {
    let path = path.trim().replace('\\', "/").replace("!/", "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => (),
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn read_date(mut meta: ItemMeta) -> ItemMeta {
    meta.published = meta.published_raw.as_deref().and_then(crate::date::parse_date);
    meta.published_raw = meta.published_raw.filter(|_| meta.published.is_none());
    meta
}

fn join(held: &mut ItemMeta, from: &ItemMeta) {
    let fill = |held: &mut Option<String>, from: &Option<String>| {
        if held.is_none() {
            held.clone_from(from);
        }
    };
    fill(&mut held.title, &from.title);
    fill(&mut held.outlet, &from.outlet);
    fill(&mut held.byline, &from.byline);
    fill(&mut held.url, &from.url);
    fill(&mut held.lang_tag, &from.lang_tag);
    if held.published.is_none() {
        held.published = from.published;
        match from.published {
            Some(_) => held.published_raw = None,
            None => fill(&mut held.published_raw, &from.published_raw),
        }
    }
}

fn row_problem(path: &str, number: usize, what: &str, code: &str) -> Diagnostic {
    Diagnostic::new(path, Severity::Warning, code, format!("row {number} {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_case::{Format, ItemId, Lang, TextMap};

    fn item(path: &str) -> Item {
        let text = "A short text".to_owned();
        Item {
            id: ItemId::of(text.as_bytes()),
            path: path.to_owned(),
            format: Format::Text,
            byte_len: 12,
            map: TextMap::verbatim(&text, 0),
            text,
            lang: Lang::Other,
            meta: ItemMeta::default(),
            parent: None,
        }
    }

    fn parse(path: &str, table: &str) -> Metadata {
        let (metadata, diagnostics) = Metadata::parse(path, table.as_bytes(), &ColumnMapping::default());
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        metadata
    }

    fn outlet(metadata: &Metadata, path: &str) -> (Option<String>, Option<String>) {
        let mut item = item(path);
        let diagnostic = metadata.apply(&mut item);
        (item.meta.outlet, diagnostic.map(|diagnostic| diagnostic.code))
    }

    #[test]
    fn all_three_formats_join() {
        let csv = "file,lang,outlet,url,published,title,byline\narticles/a.txt,es,O,u,2027-09-18,T,B\n";
        let object = "{\"file\": \"articles/a.txt\", \"lang\": \"es\", \"outlet\": \"O\", \"url\": \"u\", \
            \"published\": \"2027-09-18T00:00:00Z\", \"title\": \"T\", \"byline\": \"B\"}";
        for (path, table) in [("m.csv", csv), ("m.jsonl", object), ("m.json", &format!("[{object}]"))] {
            let metadata = parse(path, table);
            assert_eq!(metadata.len(), 1);
            let mut item = item("a.txt");
            assert_eq!(metadata.apply(&mut item), None);
            assert_eq!(item.lang, Lang::Es);
            assert_eq!(item.meta.title.as_deref(), Some("T"));
            assert_eq!(item.meta.byline.as_deref(), Some("B"));
            assert_eq!(item.meta.url.as_deref(), Some("u"));
            assert_eq!(item.meta.outlet.as_deref(), Some("O"));
            assert_eq!(item.meta.published.map(|at| at.to_string()).as_deref(), Some("2027-09-18T00:00:00Z"));
        }
    }

    #[test]
    fn paths_agree_wholly_by_their_ends_or_by_name() {
        let metadata = parse("m.csv", "file,outlet\nx/a.txt,XA\ny/a.txt,YA\nb.txt,B\n./z/../x/c.txt,C\n");
        let own = |path| outlet(&metadata, path);
        assert_eq!(own("x/a.txt"), (Some("XA".to_owned()), None));
        assert_eq!(own("deep/y/a.txt"), (Some("YA".to_owned()), None));
        assert_eq!(own("a.txt"), (None, Some("intake::metadata_ambiguous".to_owned())));
        assert_eq!(own("q/a.txt"), (None, Some("intake::metadata_ambiguous".to_owned())));
        assert_eq!(own("any/b.txt"), (Some("B".to_owned()), None));
        assert_eq!(own("leak.zip!/x/c.txt"), (Some("C".to_owned()), None));
        assert_eq!(own("q/c.txt"), (Some("C".to_owned()), Some("intake::metadata_by_name".to_owned())));
        assert_eq!(own("nothing.txt"), (None, None));
    }

    #[test]
    fn what_an_item_says_of_itself_stays() {
        let metadata = parse("m.csv", "file,outlet,title\na.txt,O,T\n");
        let mut item = item("a.txt");
        item.meta.outlet = Some("Own".to_owned());
        assert_eq!(metadata.apply(&mut item), None);
        assert_eq!((item.meta.outlet.as_deref(), item.meta.title.as_deref()), (Some("Own"), Some("T")));
    }

    #[test]
    fn an_unreadable_date_is_kept_as_written() {
        let metadata = parse("m.csv", "file,date\na.txt,last Tuesday\n");
        let mut item = item("a.txt");
        metadata.apply(&mut item);
        assert_eq!(item.meta.published_raw.as_deref(), Some("last Tuesday"));
    }

    #[test]
    fn trouble_is_said() {
        let codes = |path: &str, table: &str| {
            let (_, diagnostics) = Metadata::parse(path, table.as_bytes(), &ColumnMapping::default());
            diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("m.csv", "title,outlet\na,b\n"), ["intake::metadata_unreadable"]);
        assert_eq!(codes("m.csv", "%PDF-1.4"), ["intake::metadata_unreadable"]);
        assert_eq!(
            codes("m.csv", "file,outlet\na,b\n,c\na,d\na,b\n"),
            ["intake::metadata_without_file", "intake::metadata_repeated"]
        );
    }
}
