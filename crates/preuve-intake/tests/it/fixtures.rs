//! Every file of `tests/fixtures` reads as the `.expected.json` beside it says.
//!
//! `PREUVE_BLESS=1 cargo test -p preuve-intake fixtures` writes the expectations anew, to be read before they
//! are kept.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::{Kept, read};

fn expected_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.expected.json", file.display()))
}

/// What is expected to be read: items with their texts by lines, and the codes of the diagnostics.
fn describe(kept: &Kept) -> Value {
    let items: Vec<Value> = kept
        .items
        .iter()
        .map(|item| {
            json!({
                "path": item.path,
                "format": item.format,
                "lang": item.lang,
                "meta": item.meta,
                "text": item.text.split('\n').collect::<Vec<_>>(),
                "mapped_chars": item.map.pieces.iter().map(|piece| piece.chars.len()).sum::<usize>(),
            })
        })
        .collect();
    let said: Vec<String> = kept
        .diagnostics
        .iter()
        .map(|said| format!("{} {}: {}", said.code, said.path, said.message))
        .collect();
    json!({ "items": items, "diagnostics": said })
}

#[test]
fn fixtures_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = std::fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| !file.to_string_lossy().ends_with(".expected.json")).collect();
    files.sort();
    assert!(files.len() >= 15);
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).expect("readable");
        let found = describe(&read(&name, &bytes));
        assert_eq!(found, describe(&read(&name, &bytes)), "{name}: read twice, read differently");
        if std::env::var_os("PREUVE_BLESS").is_some() {
            let pretty = serde_json::to_string_pretty(&found).expect("serialisable") + "\n";
            std::fs::write(expected_of(&file), pretty).expect("writable");
        }
        let expected = std::fs::read(expected_of(&file)).unwrap_or_else(|_| panic!("{name}: no expectation"));
        let expected: Value = serde_json::from_slice(&expected).expect("JSON");
        assert_eq!(found, expected, "{name}");
    }
}
