//! The program from outside: exit codes, messages, formats, help.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{article, folder, preuve, run, run_to, told, write_articles};

#[test]
fn help_is_as_it_was_approved() {
    let place = folder();
    let mut help = String::new();
    let verbs = ["", "examine", "attributions", "lineage", "claims", "case", "completions", "man"];
    for verb in verbs {
        let args: Vec<&str> = ["help", verb].into_iter().filter(|word| !word.is_empty()).collect();
        help.push_str(&format!("$ preuve {}\n{}\n", args.join(" "), run_to(0, place.path(), &args)));
    }
    let expected = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/help.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(expected, &help).unwrap();
    }
    let expected = fs::read_to_string(expected).unwrap();
    assert_eq!(help, expected, "run with UPDATE_EXPECTED=1 and read the difference");
}

#[test]
fn every_verb_has_an_example_and_says_what_it_costs() {
    let place = folder();
    let verbs = [
        "examine",
        "attributions",
        "lineage",
        "claims",
        "completions",
        "man",
        "case new",
        "case add",
        "case status",
        "case check",
        "case link",
        "case unlink",
    ];
    for verb in verbs {
        let args: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        let help = run_to(0, place.path(), &args);
        assert!(help.contains("Example:\n  preuve "), "{verb}: {help}");
        assert!(help.contains("Cost: "), "{verb}: {help}");
    }
}

#[test]
fn mistakes_of_the_person_end_with_two_and_a_hint() {
    let place = folder();
    let mistakes: [&[&str]; 7] = [
        &["attributions"],
        &["attributions", "nowhere"],
        &["examine"],
        &["claims", "--case", "nowhere.case-that-is-a-file/x", "nowhere"],
        &["case", "status", "nowhere"],
        &["case", "add", "nowhere", "."],
        &["examine", ".", "--metadata", "nowhere.csv"],
    ];
    for args in mistakes {
        let output = run(place.path(), args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.starts_with("preuve: "), "{args:?}: {told}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    assert!(told(2, place.path(), &["attributions", "nowhere"]).contains("nowhere: no such file"));
    assert!(
        told(2, place.path(), &["case", "status", "nowhere"]).contains("hint: run `preuve case new nowhere`")
    );
    assert_eq!(run(place.path(), &["no-such-verb"]).status.code(), Some(2));
    assert_eq!(run(place.path(), &["attributions", "--threads", "0", "."]).status.code(), Some(2));
}

#[test]
fn a_broken_pipe_is_success() {
    let place = folder();
    write_articles(place.path(), 400);
    let mut child = preuve(place.path())
        .args(["attributions", "articles", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("{\"item\":\"a00000.txt\""), "{first}");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn attributions_keep_the_contract() {
    let place = folder();
    fs::write(place.path().join("é.txt"), article(3)).unwrap();
    let lines = run_to(0, place.path(), &["attributions", "é.txt"]);
    assert!(!lines.is_empty());
    let text: Vec<char> = article(3).chars().collect();
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
        let wanted =
            ["accusation", "content", "cue", "evidence", "item", "lang", "source", "source_class", "stance"];
        assert_eq!(keys, wanted);
        assert_eq!(line["item"], "é.txt");
        for role in ["source", "cue", "content"] {
            let Some(spans) = line[role]["spans"].as_array() else { continue };
            let words: Vec<String> = spans
                .iter()
                .map(|span| {
                    let (start, end) =
                        (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
                    text[start..end].iter().collect()
                })
                .collect();
            assert_eq!(line[role]["text"], words.join(" "), "{role}");
        }
    }
}

#[test]
fn a_table_fits_and_a_line_is_one_object() {
    let place = folder();
    write_articles(place.path(), 3);
    for verb in ["attributions", "lineage", "claims"] {
        let table = run_to(0, place.path(), &[verb, "articles", "--format", "table"]);
        assert!(table.lines().all(|line| line.chars().count() <= 200), "{table}");
        for line in run_to(0, place.path(), &[verb, "articles"]).lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object(), "{verb}");
        }
    }
}

#[test]
fn lineage_has_a_line_for_every_path_copies_too() {
    let place = folder();
    write_articles(place.path(), 2);
    fs::copy(place.path().join("articles/a00000.txt"), place.path().join("articles/z.txt")).unwrap();
    let lines = run_to(0, place.path(), &["lineage", "articles"]);
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    let copy = lines.iter().find(|line| line["item"] == "z.txt").unwrap();
    assert_eq!(copy["derived_from"], "a00000.txt");
    assert_eq!(copy["relation"], "copy");
    assert_eq!(copy["origin"], lines[0]["origin"]);
}

#[test]
fn what_cannot_be_read_is_said_and_ends_with_one() {
    let place = folder();
    write_articles(place.path(), 2);
    fs::write(place.path().join("articles/b.txt"), [0u8, 159, 146, 150, 0, 1, 2, 3, 255, 254, 0, 0, 7])
        .unwrap();
    let said = told(1, place.path(), &["examine", "articles", "--out", "out"]);
    assert!(said.contains("b.txt"), "{said}");
    assert!(place.path().join("out/report.html").is_file());
    assert!(told(1, place.path(), &["examine", "articles", "--out", "out", "--quiet"]).is_empty());
}

#[test]
fn hidden_files_links_and_our_own_output_are_left_out() {
    let place = folder();
    write_articles(place.path(), 2);
    fs::write(place.path().join("articles/.hidden.txt"), article(9)).unwrap();
    run_to(0, place.path(), &["examine", ".", "--case", "affair"]);
    let again = run_to(0, place.path(), &["lineage", ".", "--format", "jsonl"]);
    let items: Vec<&str> = again.lines().filter_map(|line| line.split('"').nth(3)).collect();
    assert!(items.iter().all(|item| item.starts_with("articles")), "{items:?}");
    let with_hidden = run_to(0, place.path(), &["lineage", "articles", "--hidden"]);
    assert_eq!(with_hidden.lines().count(), 3);
}

#[cfg(unix)]
#[test]
fn a_link_loop_ends() {
    let place = folder();
    write_articles(place.path(), 2);
    std::os::unix::fs::symlink("..", place.path().join("articles/loop")).unwrap();
    let plain = run_to(0, place.path(), &["lineage", "articles"]);
    assert_eq!(plain.lines().count(), 2);
    let followed = run_to(0, place.path(), &["lineage", "articles", "--follow-links"]);
    assert!(followed.lines().count() >= 2);
}

#[test]
fn two_folders_with_the_same_names_are_told_apart() {
    let place = folder();
    for (name, number) in [("one", 1), ("two", 2)] {
        fs::create_dir(place.path().join(name)).unwrap();
        fs::write(place.path().join(name).join("a.txt"), article(number)).unwrap();
    }
    let lines = run_to(0, place.path(), &["lineage", "one", "two"]);
    assert!(lines.contains("\"item\":\"one/a.txt\"") && lines.contains("\"item\":\"two/a.txt\""), "{lines}");
    let swapped = run_to(0, place.path(), &["lineage", "two", "one"]);
    assert_eq!(lines, swapped);
}

#[test]
fn completions_and_manual_pages_are_written() {
    let place = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(run_to(0, place.path(), &["completions", shell]).contains("attributions"), "{shell}");
    }
    assert!(run_to(0, place.path(), &["man"]).contains(".TH preuve"));
    assert!(run_to(0, place.path(), &["man", "examine"]).contains("metadata"));
    assert_eq!(run(place.path(), &["man", "nothing"]).status.code(), Some(2));
}

#[test]
fn the_demo_ends_by_telling_where_the_report_lies() {
    let place = folder();
    let said = run_to(0, place.path(), &["examine", "--demo"]);
    assert!(said.trim_end().ends_with("preuve-report/report.html"), "{said}");
    let page = fs::read_to_string(place.path().join("preuve-report/report.html")).unwrap();
    assert!(page.contains("Karsland"));
    let left: Vec<_> = fs::read_dir(place.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
