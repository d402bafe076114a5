//! Sentences for editors, in both languages, for every verdict, reason, check and observation, by its stable name.
//! Placeholders such as `{domain}` are filled from facts; a name without a sentence, or a sentence that lacks a
//! fact, falls back on the English note of the engine.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use preuve_case::{Check, CheckOutcome, MailVerdict, Observation};

use crate::phrases::Phrase;
use crate::view::shorten;
use crate::visible::one_line;

/// Facts by name.
pub(crate) type Facts = BTreeMap<String, String>;

/// Longest fact put into a sentence, in code points.
const FACT_CHARS: usize = 160;

const TABLES: [&str; 4] = [
    include_str!("phrases/verdicts.tsv"),
    include_str!("phrases/checks.tsv"),
    include_str!("phrases/correspondence.tsv"),
    include_str!("phrases/lures.tsv"),
];

static PHRASES: LazyLock<BTreeMap<&'static str, Phrase>> =
    LazyLock::new(|| TABLES.into_iter().flat_map(rows).collect());

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Phrase)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, Phrase::new(cells.next()?, spaced(cells.next()?))))
    })
}

/// French with the no-break spaces of its typography, which the tables write as plain ones.
fn spaced(french: &str) -> String {
    let mut text = french.replace("« ", "«\u{a0}");
    for sign in [":", ";", "?", "!", "»"] {
        text = text.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    text
}

/// The stable name of a verdict.
pub(crate) fn verdict_name(verdict: MailVerdict) -> &'static str {
    match verdict {
        MailVerdict::Valid => "valid",
        MailVerdict::ValidWeak => "valid_weak",
        MailVerdict::ValidPartial => "valid_partial",
        MailVerdict::HeadersIntactBodyChanged => "headers_intact_body_changed",
        MailVerdict::Altered => "altered",
        MailVerdict::KeyUnknown => "key_unknown",
        MailVerdict::KeyRecoveredUnattested => "key_recovered_unattested",
        MailVerdict::Unsigned => "unsigned",
        MailVerdict::UnverifiableFormat => "unverifiable_format",
        MailVerdict::Malformed => "malformed",
    }
}

/// The verdict in two or three words.
pub(crate) fn verdict_words(verdict: MailVerdict) -> Phrase {
    let name = verdict_name(verdict);
    PHRASES.get(format!("verdict.{name}").as_str()).cloned().unwrap_or_else(|| same(name))
}

/// What the verdict says (`says`) and what it does not (`not`), as sentences.
pub(crate) fn verdict_phrase(verdict: MailVerdict, part: &str, domain: &str) -> Phrase {
    let facts = Facts::from([("domain".to_owned(), domain.to_owned())]);
    let name = format!("verdict.{}.{part}", verdict_name(verdict));
    phrase(&name, &facts).unwrap_or_else(|| same(verdict_name(verdict)))
}

/// A reason of a verdict as a sentence; `None` where it has none.
pub(crate) fn reason_phrase(reason: &str) -> Option<Phrase> {
    let of_field = ["unsigned_absence_of_", "unsigned_", "repeated_"].into_iter().find_map(|prefix| {
        let field = reason.strip_prefix(prefix)?.replace('_', "-");
        phrase(&format!("reason.{prefix}*"), &Facts::from([("field".to_owned(), field)]))
    });
    phrase(&format!("reason.{reason}"), &Facts::new()).or(of_field)
}

/// A check as a sentence; where it is known that the domain's own key signed something else (the fact `changed`),
/// that is said.
pub(crate) fn check_phrase(check: &Check, facts: &Facts) -> Phrase {
    let changed = facts.get("changed").and_then(|_| phrase(&format!("{}.changed", check.name), facts));
    if let Some(changed) = changed {
        return changed;
    }
    with_outcome(&check.name, check.outcome, facts).unwrap_or_else(|| same(&check.note))
}

/// An observation as a sentence.
pub(crate) fn observation_phrase(observation: &Observation) -> Phrase {
    with_outcome(&observation.name, observation.outcome, &observation.facts)
        .unwrap_or_else(|| same(&observation.note))
}

/// Something by its name, with the outcome or without.
pub(crate) fn with_outcome(name: &str, outcome: CheckOutcome, facts: &Facts) -> Option<Phrase> {
    phrase(&format!("{name}.{}", outcome_name(outcome)), facts).or_else(|| phrase(name, facts))
}

/// The stable name of an outcome.
pub(crate) fn outcome_name(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "pass",
        CheckOutcome::Fail => "fail",
        CheckOutcome::Note => "note",
        CheckOutcome::NotChecked => "not_checked",
    }
}

fn same(text: &str) -> Phrase {
    let line = one_line(text);
    Phrase::new(line.clone(), line)
}

/// The sentence called `name` with its facts; `None` where there is none or a fact is missing.
pub(crate) fn phrase(name: &str, facts: &Facts) -> Option<Phrase> {
    let words = PHRASES.get(name)?;
    Some(Phrase::new(filled(&words.en, facts)?, filled(&words.fr, facts)?))
}

fn filled(template: &str, facts: &Facts) -> Option<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        text.push_str(before);
        text.push_str(&shorten(&one_line(facts.get(name)?), FACT_CHARS).0);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(template: &str) -> BTreeSet<&str> {
        template.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_row_has_a_name_and_both_languages_once() {
        let lines: Vec<&str> =
            TABLES.iter().flat_map(|table| table.lines()).filter(|line| !line.starts_with('#')).collect();
        for line in &lines {
            assert_eq!(line.split('\t').count(), 3, "{line}");
            assert!(line.split('\t').all(|cell| !cell.trim().is_empty()), "{line}");
        }
        assert_eq!(lines.len(), PHRASES.len(), "no name is there twice");
    }

    #[test]
    fn both_languages_have_the_same_placeholders() {
        for (name, words) in PHRASES.iter() {
            assert_eq!(placeholders(&words.en), placeholders(&words.fr), "{name}");
            assert_eq!(words.en.matches('{').count(), words.en.matches('}').count(), "{name}");
        }
    }

    #[test]
    fn french_uses_its_own_typography() {
        for (name, words) in PHRASES.iter() {
            for wrong in ["'", " ;", " :", " ?", " !", "« ", " »"] {
                assert!(!words.fr.contains(wrong), "{name}: `{wrong}` in {}", words.fr);
            }
        }
    }

    #[test]
    fn every_verdict_has_its_sentences() {
        use MailVerdict as V;
        for verdict in [
            V::Valid,
            V::ValidWeak,
            V::ValidPartial,
            V::HeadersIntactBodyChanged,
            V::Altered,
            V::KeyUnknown,
            V::KeyRecoveredUnattested,
            V::Unsigned,
            V::UnverifiableFormat,
            V::Malformed,
        ] {
            assert_ne!(verdict_words(verdict).en, verdict_name(verdict));
            for part in ["says", "not"] {
                let said = verdict_phrase(verdict, part, "ministry.example");
                assert!(said.en.ends_with('.') && said.fr.ends_with('.'), "{}", said.en);
                assert_ne!(said.en, said.fr);
            }
        }
    }

    #[test]
    fn a_missing_fact_or_name_falls_back_on_the_note() {
        let facts = Facts::from([("domain".to_owned(), "a.example".to_owned())]);
        let mut check = Check {
            name: "dkim.header_signature".into(),
            section: "RFC 6376 §3.7".into(),
            outcome: CheckOutcome::Pass,
            bytes: Vec::new(),
            note: "as signed".into(),
        };
        assert_eq!(check_phrase(&check, &facts), same("as signed"), "`selector` is missing");
        check.name = "dkim.alignment".into();
        assert!(check_phrase(&check, &facts).fr.starts_with("a.example est le domaine"));
        check.name = "nobody.knows".into();
        assert_eq!(check_phrase(&check, &facts).fr, "as signed");
        assert_eq!(reason_phrase("nobody_knows"), None);
        assert!(reason_phrase("unsigned_reply_to").unwrap().fr.contains("reply-to"));
    }

    #[test]
    fn a_fact_cannot_bring_placeholders_or_controls_of_its_own() {
        let facts = Facts::from([("domain".to_owned(), "{field}\u{1b}[1m".to_owned())]);
        let said = phrase("dkim.alignment.pass", &facts).unwrap();
        assert!(said.en.starts_with("{field}<U+001B>[1m is"), "{}", said.en);
    }
}
