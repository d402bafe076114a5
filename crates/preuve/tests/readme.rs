//! The README's commands, run as they stand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::process::Command;

use common::{folder, lay_out_demo};

const README: &str = include_str!("../../../README.md");

/// The fenced block that follows the line `<!-- name -->`.
fn block(name: &str) -> Vec<&'static str> {
    let mark = format!("<!-- {name} -->");
    let after = README.lines().skip_while(|line| *line != mark).skip(2);
    after.take_while(|line| !line.starts_with("```")).collect()
}

#[test]
fn the_examples_run() {
    let place = folder();
    lay_out_demo(place.path());
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_preuve")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let commands: Vec<&str> =
        block("examples").into_iter().filter(|line| line.starts_with("preuve ")).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        let output =
            Command::new("sh").arg("-c").arg(command).current_dir(place.path()).env("PATH", &path).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{command}\n{said}");
        let silent = command.contains("link") || command.contains("keys import");
        assert!(!output.stdout.is_empty() || silent, "{command}");
    }
    assert!(place.path().join("report/report.html").is_file());
}

#[test]
fn the_commands_for_the_gate_are_there() {
    assert_eq!(block("test command").len(), 1);
    let main = block("main command");
    assert!(main.len() == 1 && main[0].ends_with("examine --demo"), "{main:?}");
}

#[test]
fn files_the_documents_point_to_are_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                assert!(root.join(target).exists(), "{document} points to {target}");
            }
        }
    }
}
