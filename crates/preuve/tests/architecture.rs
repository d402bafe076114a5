//! The star: every stage depends on the vocabulary alone among our crates; only the binary sees them all.

#![allow(clippy::expect_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Our crates that each crate of ours may use. Crates that are tools or test kits may use more.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "preuve-case" => Some(&[]),
        "preuve-intake" | "preuve-examine" | "preuve-weigh" | "preuve-report" | "preuve-store" => {
            Some(&["preuve-case"])
        }
        "preuve" | "preuve-train" | "preuve-testkit" => None,
        _ => Some(&["preuve-case"]),
    }
}

fn our_dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let normal = |dependency: &&Value| dependency["kind"].as_str() != Some("dev");
    let ours = |package: &Value| {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let names = dependencies.iter().filter(normal).filter_map(|dependency| dependency["name"].as_str());
        names.filter(|name| name.starts_with("preuve")).map(str::to_owned).collect::<Vec<_>>()
    };
    packages
        .iter()
        .map(|package| (package["name"].as_str().unwrap_or_default().to_owned(), ours(package)))
        .collect()
}

#[test]
fn every_stage_depends_on_the_vocabulary_alone() {
    let crates = our_dependencies();
    assert!(crates.len() >= 7, "{crates:?}");
    for (name, dependencies) in &crates {
        if let Some(allowed) = allowed(name) {
            for dependency in dependencies {
                assert!(
                    allowed.contains(&dependency.as_str()),
                    "{name} uses {dependency}; a star, not a web"
                );
            }
        }
    }
}

#[test]
fn nothing_depends_on_the_binary_or_the_test_kit() {
    for (name, dependencies) in our_dependencies() {
        for end in ["preuve", "preuve-testkit", "preuve-train"] {
            assert!(!dependencies.iter().any(|dependency| dependency == end), "{name} uses {end}");
        }
    }
}

#[test]
fn only_the_store_knows_sql() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    for package in metadata["packages"].as_array().expect("packages") {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        let sql = dependencies.iter().any(|dependency| dependency["name"] == "rusqlite");
        assert!(!sql || package["name"] == "preuve-store", "{} knows SQL", package["name"]);
    }
}
