//! The ARC suite, where the corpus is at hand: every validation case as its authors expect, and every chain of
//! the signing cases put together and verified.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

use std::path::PathBuf;

use preuve_case::AuthResult;
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use serde_yaml_ng::Value;

/// Pairs of a mapping, repeated names kept: the suite names one case twice.
struct Pairs(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Pairs;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a mapping")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[derive(serde::Deserialize)]
struct Scenario {
    tests: Pairs,
    #[serde(rename = "txt-records")]
    records: std::collections::BTreeMap<String, String>,
}

const PARAMS: MailParams = MailParams { in_mailbox: false, most_signatures: 10 };

fn suite(name: &str) -> Option<Vec<Scenario>> {
    let corpora = std::env::var_os("PREUVE_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let path = corpora.join("arc").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no corpus at {}", path.display());
        return None;
    };
    let read = |document| -> Scenario { serde::Deserialize::deserialize(document).unwrap() };
    Some(serde_yaml_ng::Deserializer::from_str(&text).map(read).collect())
}

fn archive(scenario: &Scenario) -> KeyArchive {
    let mut archive = KeyArchive::default();
    for (name, txt) in &scenario.records {
        let line = serde_json::json!({"name": name, "txt": txt}).to_string();
        assert_eq!(archive.read("suite", line.as_bytes()), []);
    }
    archive
}

#[test]
fn every_validation_case_is_judged_as_expected() {
    let Some(scenarios) = suite("arc-draft-validation-tests.yml") else { return };
    let (mut cases, mut wrong) = (0, Vec::new());
    for scenario in scenarios {
        let keys = archive(&scenario);
        for (name, case) in &scenario.tests.0 {
            let message = case["message"].as_str().unwrap_or_default();
            let finding = verify_message(message.as_bytes(), &keys, &PARAMS).arc;
            let said = match finding.result {
                AuthResult::None => "none",
                AuthResult::Pass => "pass",
                _ => "fail",
            };
            let wanted = case["cv"].as_str().unwrap_or_default().trim().to_lowercase();
            // Three cases leave cv empty: a chain that arrives with `cv=fail`, to which a handler adds nothing.
            // RFC 8617 §5.2 step 2 calls such a chain failed.
            let wanted = if wanted.is_empty() { "fail".to_owned() } else { wanted };
            cases += 1;
            if said != wanted {
                wrong.push(format!("{name}: wanted {wanted:?}, got {said:?}: {}", finding.reason));
            }
        }
    }
    println!("ARC validation: {cases} cases, {} judged otherwise than expected", wrong.len());
    assert!(cases >= 171);
    assert_eq!(wrong, Vec::<String>::new());
}

/// A field of the suite on one line. The suite folds `b=` for print; it was sealed without those folds.
fn field(name: &str, value: &Value) -> String {
    let words: Vec<&str> = value.as_str().unwrap_or_default().split_whitespace().collect();
    let line = words.join(" ");
    let tags =
        line.split("; ").map(|tag| if tag.starts_with("b=") { tag.replace(' ', "") } else { tag.to_owned() });
    format!("{name}: {}\r\n", tags.collect::<Vec<_>>().join("; "))
}

#[test]
fn every_chain_that_the_signing_cases_make_is_judged_as_its_seal_says() {
    let Some(scenarios) = suite("arc-draft-sign-tests.yml") else { return };
    let (mut cases, mut wrong) = (0, Vec::new());
    for scenario in scenarios {
        let keys = archive(&scenario);
        for (name, case) in &scenario.tests.0 {
            let added =
                ["AS", "AMS", "AAR"].map(|part| !case[part].as_str().unwrap_or_default().trim().is_empty());
            let mut message = String::new();
            if added == [true; 3] {
                message.push_str(&field("ARC-Seal", &case["AS"]));
                message.push_str(&field("ARC-Message-Signature", &case["AMS"]));
                message.push_str(&field("ARC-Authentication-Results", &case["AAR"]));
            }
            message.push_str(&case["message"].as_str().unwrap_or_default().replace('\n', "\r\n"));
            let finding = verify_message(message.as_bytes(), &keys, &PARAMS).arc;
            // A handler that finds a chain broken seals it with `cv=fail`, or adds nothing to one that was so sealed.
            let broken = added != [true; 3] || case["AS"].as_str().unwrap_or_default().contains("cv=fail");
            let wanted = if broken { AuthResult::Fail } else { AuthResult::Pass };
            cases += 1;
            if finding.result != wanted {
                wrong
                    .push(format!("{name}: wanted {wanted:?}, got {:?}: {}", finding.result, finding.reason));
            }
        }
    }
    println!("ARC signing vectors as input: {cases} cases, {} judged otherwise than expected", wrong.len());
    assert!(cases >= 17);
    assert_eq!(wrong, Vec::<String>::new());
}
