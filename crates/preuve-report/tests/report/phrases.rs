//! Every name that the authenticity engine gives has its sentence in both languages: the names are read from the
//! engine's own text, so that a new one without a sentence is found.

use std::collections::BTreeSet;

const SOURCES: [&str; 3] = [
    include_str!("../../../preuve-examine/src/authenticity/verdict.rs"),
    include_str!("../../../preuve-examine/src/authenticity/dkim.rs"),
    include_str!("../../../preuve-examine/src/authenticity/arc.rs"),
];
const VERDICTS: &str = include_str!("../../src/mail/phrases/verdicts.tsv");
const CHECKS: &str = include_str!("../../src/mail/phrases/checks.tsv");

fn names(table: &str) -> BTreeSet<&str> {
    table.lines().filter_map(|line| line.split('\t').next()).collect()
}

/// String literals of the engine's code, its tests left out.
fn literals() -> BTreeSet<&'static str> {
    let code = SOURCES.iter().map(|source| source.split("#[cfg(test)]").next().unwrap_or_default());
    code.flat_map(str::lines)
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect()
}

#[test]
fn every_check_of_the_engine_has_a_sentence() {
    let known = names(CHECKS);
    let checks =
        literals().into_iter().filter(|name| name.starts_with("dkim.") || name.starts_with("header."));
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
    let is_name = |name: &&str| {
        name.contains('_')
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    };
    // Names with an underscore that stand for something else than a reason.
    let others = ["dkim_signature"];
    let mut found = 0;
    for name in literals().into_iter().filter(is_name).filter(|name| !others.contains(name)) {
        let name = ["unsigned_", "repeated_"]
            .into_iter()
            .find(|prefix| name == *prefix)
            .map_or_else(|| name.to_owned(), |prefix| format!("{prefix}*"));
        found += 1;
        assert!(known.contains(format!("reason.{name}").as_str()), "`{name}` has no sentence");
    }
    assert!(found >= 10, "only {found} names were found in the engine");
}
