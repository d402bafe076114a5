//! Prints the lineage of a folder of texts as JSON lines: `lineage FOLDER [METADATA.jsonl]`.
//!
//! Files are told apart by name; the first two letters of a file's name give its language unless the
//! metadata does.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::collections::BTreeMap;

use preuve_case::{Format, Item, ItemId, ItemMeta, Lang, TextMap};
use preuve_examine::lineage::{LineageParams, detect_lineage};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_default();
    let metadata = arguments.next().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let rows: BTreeMap<String, serde_json::Value> = metadata
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|row| Some((row["file"].as_str()?.rsplit('/').next()?.to_owned(), row)))
        .collect();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    names.sort();
    let items: Vec<Item> = names.iter().map(|name| item(&folder, name, rows.get(name))).collect();
    let borrowed: Vec<&Item> = items.iter().collect();
    let params = LineageParams { threads: 2, as_of: None, sentences_up_to: 20_000 };
    let found = detect_lineage(&borrowed, &params);
    let paths: BTreeMap<ItemId, &str> = items.iter().map(|item| (item.id, item.path.as_str())).collect();
    for (item, finding) in items.iter().zip(&found.findings) {
        println!(
            "{}",
            serde_json::json!({
                "item": item.path, "origin": finding.origin,
                "derived_from": finding.derived_from.and_then(|id| paths.get(&id)),
                "relation": finding.relation, "credited": finding.credited, "relays": finding.relays,
                "score": finding.score, "signs": finding.signs, "passages": finding.passages,
            })
        );
    }
    for diagnostic in &found.diagnostics {
        eprintln!("{}: {}: {}", diagnostic.path, diagnostic.code, diagnostic.message);
    }
}

fn item(folder: &str, name: &str, row: Option<&serde_json::Value>) -> Item {
    let bytes = std::fs::read(format!("{folder}/{name}")).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let field = |key: &str| row.and_then(|row| row[key].as_str()).map(str::to_owned);
    let meta = ItemMeta {
        title: field("title"),
        outlet: field("outlet"),
        byline: field("byline"),
        url: field("url"),
        published: field("published").and_then(|date| date.parse().ok()),
        ..ItemMeta::default()
    };
    Item {
        id: ItemId::of(&bytes),
        path: name.to_owned(),
        format: Format::Text,
        byte_len: bytes.len() as u64,
        map: TextMap::verbatim(&text, 0),
        lang: Lang::from_tag(&field("lang").unwrap_or_else(|| name.chars().take(2).collect())),
        text,
        meta,
        parent: None,
    }
}
