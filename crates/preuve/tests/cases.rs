//! Whole small cases: each folder under `cases/` holds material and the report it must give.
//!
//! `UPDATE_EXPECTED=1` writes the reports anew; read the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{folder, preuve};

#[test]
fn every_case_gives_the_report_beside_it() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut names: Vec<_> = fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 3);
    for case in names {
        let place = folder();
        let out = place.path().join("out");
        let mut command = preuve(&case);
        command.args(["examine", "material", "--quiet", "--out"]).arg(&out);
        if case.join("metadata.csv").exists() {
            command.args(["--metadata", "metadata.csv"]);
        }
        if case.join("keys.txt").exists() {
            command.args(["--keys", "keys.txt"]);
        }
        let output = command.output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{case:?}: {output:?}");
        let report = fs::read_to_string(out.join("report.json")).unwrap();
        let found: serde_json::Value = serde_json::from_str(&report).unwrap();
        let found = serde_json::to_string_pretty(&found).unwrap() + "\n";
        let expected = case.join("report.json");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        let differs = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
        assert!(
            found == expected,
            "{}: the report differs from the one beside it, first at {differs:?}; run with UPDATE_EXPECTED=1",
            case.display()
        );
    }
}
