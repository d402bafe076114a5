//! Material that is broken, enormous or malicious: said, never fatal. The readers' own tests hold many more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;

use common::{article, folder, run, run_to, told};

fn examine(place: &Path, code: i32) -> String {
    told(code, place, &["examine", "material", "--out", "out", "--verbose"])
}

fn material(place: &Path, name: &str, bytes: &[u8]) {
    fs::create_dir_all(place.join("material")).unwrap();
    fs::write(place.join("material").join(name), bytes).unwrap();
}

#[test]
fn nothing_at_all_is_a_report_that_says_so() {
    let place = folder();
    fs::create_dir(place.path().join("material")).unwrap();
    assert!(examine(place.path(), 0).contains("no article was found"));
    material(place.path(), "empty.txt", b"");
    assert!(examine(place.path(), 0).contains("empty.txt"));
    assert!(place.path().join("out/report.html").is_file());
}

#[test]
fn three_hundred_megabytes_of_one_line_are_cut_and_said() {
    let place = folder();
    material(place.path(), "a.txt", article(1).as_bytes());
    let mut file = fs::File::create(place.path().join("material/line.txt")).unwrap();
    let block = vec![b'x'; 1 << 20];
    for _ in 0..300 {
        file.write_all(&block).unwrap();
    }
    drop(file);
    let output = run(place.path(), &["attributions", "material", "--format", "jsonl"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("line.txt"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("a.txt"), "the rest is read");
}

#[test]
fn a_hundred_thousand_small_files_are_read() {
    // In memory where there is such a folder: making the files on a disk takes longer than reading them.
    let place = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| folder());
    let articles = place.path().join("material");
    fs::create_dir(&articles).unwrap();
    for number in 0..100_000 {
        fs::write(articles.join(format!("{number}.txt")), format!("Note {number}.")).unwrap();
    }
    fs::write(articles.join("real.txt"), article(1)).unwrap();
    let lines = run_to(0, place.path(), &["attributions", "material", "--quiet"]);
    assert!(lines.lines().all(|line| line.contains("real.txt")) && !lines.is_empty());
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_said_and_the_rest_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = folder();
    material(place.path(), "a.txt", article(1).as_bytes());
    material(place.path(), "locked.txt", article(2).as_bytes());
    let locked = place.path().join("material/locked.txt");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&locked).is_ok() {
        println!("skipped: this account may read everything");
        return;
    }
    assert!(examine(place.path(), 1).contains("locked.txt: could not be read: permission denied"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_opened() {
    let place = folder();
    material(place.path(), "a.txt", article(1).as_bytes());
    let pipe = place.path().join("material/pipe");
    if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|made| made.success()) {
        println!("skipped: no mkfifo");
        return;
    }
    assert!(examine(place.path(), 0).contains("pipe: is a pipe, socket or device; not read"));
}

#[test]
fn deep_folders_are_walked_without_recursion() {
    let place = folder();
    let mut deep = place.path().join("material");
    for _ in 0..300 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("a.txt"), article(1)).unwrap();
    assert!(examine(place.path(), 1).contains("folders deep; not read"));
}

#[test]
fn titles_and_texts_cannot_steer_page_or_terminal() {
    let place = folder();
    let evil = "<script>alert(1)</script>\u{1b}[2J\u{202e} said on Monday that <img src=x onerror=alert(2)> \
                Ostmark had hacked the Delta Bank.\n\nMirla Osten said on Monday that Ostmark had hacked the \
                </style><script>alert(3)</script> Delta Bank, without giving any evidence.\n";
    material(place.path(), "a\u{1b}[31m.txt", evil.as_bytes());
    let output = run(place.path(), &["examine", "material", "--out", "out", "--verbose"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = fs::read_to_string(place.path().join("out/report.html")).unwrap();
    for forbidden in ["<script>alert", "<img src=x", "\u{1b}"] {
        assert!(!page.contains(forbidden), "{forbidden:?}");
    }
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[test]
fn a_metadata_table_that_is_none_is_said() {
    let place = folder();
    material(place.path(), "a.txt", article(1).as_bytes());
    for (number, table) in ["", "{\"file\":", "no,such\ncolumns,here\n", "\u{0}\u{1}"].iter().enumerate() {
        let name = format!("table{number}.csv");
        fs::write(place.path().join(&name), table).unwrap();
        let output = run(place.path(), &["examine", "material", "--metadata", &name, "--out", "out"]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{table:?}: {output:?}");
    }
}
