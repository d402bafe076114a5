//! Plain words for the stable names of rules, signs and diagnostics, in both languages; a name without words is
//! shown as it is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::words::Words;

static LABELS: LazyLock<BTreeMap<&'static str, Words>> =
    LazyLock::new(|| rows(include_str!("labels.tsv")).collect());

/// The words for `name`, where there are any.
pub(crate) fn label(name: &str) -> Option<Words> {
    LABELS.get(name).copied()
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Words)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, Words::new(cells.next()?, cells.next()?)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_and_both_languages_once() {
        let table = include_str!("labels.tsv");
        let lines = table.lines().filter(|line| !line.starts_with('#')).count();
        assert!(table.lines().all(|line| line.split('\t').count() == 3));
        assert_eq!(lines, LABELS.len(), "no name is there twice");
    }

    #[test]
    fn french_uses_its_own_typography() {
        for (name, words) in LABELS.iter() {
            assert!(!words.fr.contains(" :") && !words.fr.contains('\''), "{name}: {}", words.fr);
        }
    }

    #[test]
    fn an_unknown_name_has_no_words() {
        assert_eq!(label("nobody.knows"), None);
        assert!(label("evidence.no_proof_given").is_some());
    }
}
