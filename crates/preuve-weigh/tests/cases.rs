//! Planted cases: every file of `tests/cases` holds items and the claims that must come out, no more and no fewer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod common;

use std::path::Path;

use common::{OwnedItem, item, links, text, texts, weigh};
use preuve_case::{Claim, ItemId};
use serde_json::{Value, json};

fn word(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn paths(ids: &[ItemId], items: &[OwnedItem]) -> Vec<String> {
    ids.iter().map(|id| items.iter().find(|item| item.id == *id).unwrap().path.clone()).collect()
}

/// What was found, for the fields that the expectation states.
fn found(claim: &Claim, expected: &Value, items: &[OwnedItem]) -> Value {
    let timeline: Vec<Value> = claim
        .timeline
        .iter()
        .map(|entry| {
            let counts = entry.independent_sources;
            json!([entry.from, counts.at_least, counts.at_most, entry.status])
        })
        .collect();
    let rules: Vec<&str> = claim.why.iter().map(|why| why.rule.as_str()).collect();
    let mut all = json!({
        "accused": claim.accused, "act": claim.act, "target": claim.target,
        "carried_by": paths(&claim.carried_by, items), "rejected_in": paths(&claim.rejected_in, items),
        "independent": [claim.independent_sources.at_least, claim.independent_sources.at_most],
        "status": claim.status, "primary_sources": claim.primary_sources, "denied_by": claim.denied_by,
        "text_origins": claim.text_origins, "copies_collapsed": claim.copies_collapsed, "timeline": timeline,
    });
    let wanted = texts(&expected["rules"]);
    all["rules"] = wanted.iter().filter(|rule| rules.contains(&rule.as_str())).cloned().collect();
    let stated = expected.as_object().unwrap().keys().map(|key| (key.clone(), all[key].clone()));
    Value::Object(stated.collect())
}

#[test]
fn every_planted_case_gives_its_claims() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 12);
    let mut wrong = Vec::new();
    for file in files {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let items: Vec<OwnedItem> = case["items"].as_array().unwrap().iter().map(item).collect();
        let claims = weigh(&items, &links(&case["links"]));
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let expected = case["claims"].as_array().unwrap();
        if claims.len() != expected.len() {
            let ids: Vec<&str> = claims.iter().map(|claim| claim.id.as_str()).collect();
            wrong.push(format!("{name}: {} claims wanted, found {ids:?}", expected.len()));
        }
        for wanted in expected {
            let (accused, target) = (text(&wanted["accused"]), text(&wanted["target"]));
            let claim = claims.iter().find(|claim| {
                Some(&claim.accused) == accused.as_ref()
                    && claim.target == target
                    && word(claim.act) == wanted["act"]
            });
            match claim {
                None => wrong.push(format!("{name}: no claim {accused:?} {} {target:?}", wanted["act"])),
                Some(claim) => {
                    let got = found(claim, wanted, &items);
                    if got != *wanted {
                        wrong.push(format!("{name}:\n  wanted {wanted}\n  found  {got}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
