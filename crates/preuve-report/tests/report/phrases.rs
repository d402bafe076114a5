//! Every name that the authenticity engine gives has its sentence in both languages: the names are read from the
//! engine's own text, so that a new one without a sentence is found.

use std::collections::BTreeSet;
use std::path::Path;

const ENGINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../preuve-examine/src/authenticity");
const VERDICTS: &str = include_str!("../../src/mail/phrases/verdicts.tsv");
const CHECKS: &str = include_str!("../../src/mail/phrases/checks.tsv");

fn names(table: &str) -> BTreeSet<&str> {
    table.lines().filter_map(|line| line.split('\t').next()).collect()
}

/// String literals of the engine's files that `wanted` takes by name, tests left out.
fn literals(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(Path::new(ENGINE)).unwrap() {
        let path = entry.unwrap().path();
        if !wanted(path.file_name().unwrap().to_str().unwrap()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        found.extend(lines.flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned));
    }
    found
}

#[test]
fn every_check_of_the_engine_has_a_sentence() {
    let known = names(CHECKS);
    let kinds = ["dkim.", "header.", "key.", "format."];
    let checks =
        literals(|_| true).into_iter().filter(|name| kinds.iter().any(|kind| name.starts_with(kind)));
    let mut found = 0;
    for name in checks.filter(|name| !name.contains(['{', ' '])) {
        found += 1;
        assert!(known.iter().any(|known| known.starts_with(&format!("{name}."))), "{name} has no sentence");
    }
    assert!(found >= 10, "only {found} names were found in the engine");
}

#[test]
fn every_reason_of_the_engine_has_a_sentence() {
    let known = names(VERDICTS);
    let is_name = |name: &String| {
        name.contains('_')
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    };
    // Names with an underscore that stand for something else than a reason.
    let others = ["dkim_signature"];
    let judges = |file: &str| ["verdict.rs", "checks.rs", "dkim.rs"].contains(&file);
    let mut found = 0;
    for name in literals(judges).into_iter().filter(is_name).filter(|name| !others.contains(&name.as_str())) {
        let name = ["unsigned_", "repeated_"]
            .into_iter()
            .find(|prefix| name == *prefix)
            .map_or_else(|| name.clone(), |prefix| format!("{prefix}*"));
        found += 1;
        assert!(known.contains(format!("reason.{name}").as_str()), "`{name}` has no sentence");
    }
    assert!(found >= 10, "only {found} names were found in the engine");
}
