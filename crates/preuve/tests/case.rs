//! A case on disk from outside: adding twice, checking, versions, judgements, two commands at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{article, folder, lay_out_demo, run, run_to, told, tree, write_articles};

fn new_case(place: &Path, count: usize) {
    write_articles(place, count);
    run_to(0, place, &["case", "new", "affair"]);
    run_to(0, place, &["case", "add", "affair", "articles", "--metadata", "articles.csv"]);
}

fn status_of(place: &Path, what: &str) -> String {
    let status = run_to(0, place, &["case", "status", "affair"]);
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line[what.len()..].trim().to_owned()
}

fn originals(place: &Path) -> Vec<PathBuf> {
    tree(&place.join("affair/originals")).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn the_same_material_twice_changes_nothing() {
    let place = folder();
    new_case(place.path(), 5);
    let before = run_to(0, place.path(), &["case", "status", "affair", "--items", "--journal"]);
    let database = fs::read(place.path().join("affair/case.db")).unwrap();
    let said = told(0, place.path(), &["case", "add", "affair", "articles", "--metadata", "articles.csv"]);
    assert!(said.contains("5 files, 0 new items; the case had it all already"), "{said}");
    assert_eq!(before, run_to(0, place.path(), &["case", "status", "affair", "--items", "--journal"]));
    assert!(database == fs::read(place.path().join("affair/case.db")).unwrap());
}

#[test]
fn a_renamed_copy_is_the_same_item() {
    let place = folder();
    new_case(place.path(), 2);
    fs::write(place.path().join("other.txt"), article(0)).unwrap();
    run_to(0, place.path(), &["case", "add", "affair", "other.txt"]);
    assert!(status_of(place.path(), "items").starts_with("2 ("));
    assert!(status_of(place.path(), "items").ends_with("seen under 3 paths"));
}

#[test]
fn a_sound_case_passes_its_check() {
    let place = folder();
    new_case(place.path(), 3);
    run_to(0, place.path(), &["examine", "--case", "affair", "--out", "out"]);
    let said = run_to(0, place.path(), &["case", "check", "affair"]);
    assert!(said.contains("3 originals, 3 texts, 3 journal entries checked: all sound"), "{said}");
}

#[test]
fn a_changed_or_lost_original_is_found() {
    let place = folder();
    new_case(place.path(), 3);
    let files = originals(place.path());
    assert_eq!(files.len(), 3);
    fs::remove_file(&files[0]).unwrap();
    fs::remove_file(&files[1]).unwrap();
    fs::write(&files[1], "something else").unwrap();
    let said = told(1, place.path(), &["case", "check", "affair"]);
    assert!(said.contains("check::original_missing") && said.contains("check::original_changed"), "{said}");
}

#[test]
fn a_case_of_a_newer_version_is_refused() {
    let place = folder();
    new_case(place.path(), 1);
    // The format is the big-endian number at byte 60 of the database, as SQLite documents it.
    let path = place.path().join("affair/case.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    for args in [&["case", "status", "affair"][..], &["examine", "--case", "affair"]] {
        let said = told(2, place.path(), args);
        assert!(
            said.contains("was made by a newer version of preuve (case format 99, this one knows up to 2)"),
            "{said}"
        );
        assert!(said.contains("hint: update preuve"), "{said}");
    }
}

#[test]
fn other_databases_and_full_folders_are_refused() {
    let place = folder();
    let other = place.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("case.db"), "not a database at all, but long enough to look like a file").unwrap();
    assert_eq!(run(place.path(), &["case", "status", "other"]).status.code(), Some(2));
    fs::create_dir(place.path().join("full")).unwrap();
    fs::write(place.path().join("full/x"), "x").unwrap();
    assert!(told(2, place.path(), &["case", "new", "full"]).contains("is not empty"));
    run_to(0, place.path(), &["case", "new", "fresh"]);
    assert!(told(2, place.path(), &["case", "new", "fresh"]).contains("is a case already"));
}

#[test]
fn originals_are_copies_or_links() {
    let place = folder();
    write_articles(place.path(), 2);
    run_to(0, place.path(), &["case", "new", "affair"]);
    run_to(0, place.path(), &["case", "add", "affair", "articles/a00000.txt"]);
    run_to(0, place.path(), &["case", "add", "affair", "articles", "--in-place"]);
    let links = originals(place.path()).iter().filter(|path| path.is_symlink()).count();
    assert_eq!((originals(place.path()).len(), links), (2, 1));
    run_to(0, place.path(), &["case", "check", "affair"]);
    fs::write(place.path().join("articles/a00001.txt"), "changed later").unwrap();
    assert!(told(1, place.path(), &["case", "check", "affair"]).contains("check::original_changed"));
}

#[test]
fn judgements_are_journaled_and_name_items_by_path_or_id() {
    let place = folder();
    new_case(place.path(), 3);
    let list = run_to(0, place.path(), &["case", "status", "affair", "--items"]);
    let id =
        list.lines().find(|line| line.ends_with("a00001.txt")).unwrap().split(' ').next().unwrap().to_owned();
    let link = ["case", "unlink", "affair", "a00000.txt", &id, "--why", "two reporters"];
    run_to(0, place.path(), &link);
    run_to(0, place.path(), &link);
    assert_eq!(status_of(place.path(), "links judged"), "1");
    assert_eq!(status_of(place.path(), "operations"), "3");
    let journal = run_to(0, place.path(), &["case", "status", "affair", "--journal"]);
    assert!(journal.contains("case unlink") && journal.contains("two reporters"), "{journal}");
    assert_eq!(
        run(place.path(), &["case", "link", "affair", "a00000.txt", "nothing", "--why", "x"]).status.code(),
        Some(2)
    );
    assert_eq!(
        run(place.path(), &["case", "link", "affair", "a00000.txt", "a00000.txt", "--why", "x"])
            .status
            .code(),
        Some(2)
    );
    run_to(0, place.path(), &["case", "check", "affair"]);
}

#[test]
fn metadata_given_later_is_taken_and_not_lost_again() {
    let place = folder();
    lay_out_demo(place.path());
    run_to(0, place.path(), &["examine", "articles", "--case", "affair", "--out", "bare"]);
    run_to(
        0,
        place.path(),
        &["examine", "articles", "--case", "affair", "--metadata", "articles.jsonl", "--out", "with"],
    );
    run_to(0, place.path(), &["examine", "articles", "--case", "affair", "--out", "again"]);
    run_to(0, place.path(), &["examine", "articles", "--metadata", "articles.jsonl", "--out", "fresh"]);
    let json = |out: &str| fs::read(place.path().join(out).join("report.json")).unwrap();
    assert!(json("bare") != json("with"));
    assert!(json("with") == json("again"));
    assert!(json("with") == json("fresh"));
}

#[test]
fn a_file_that_became_readable_is_no_longer_complained_of() {
    let place = folder();
    new_case(place.path(), 1);
    let broken = place.path().join("broken.txt");
    fs::write(&broken, [0u8, 159, 146, 150, 0, 1, 2, 3, 255, 254, 0, 0, 7]).unwrap();
    assert_eq!(run(place.path(), &["case", "add", "affair", "broken.txt"]).status.code(), Some(1));
    fs::write(&broken, article(5)).unwrap();
    run_to(0, place.path(), &["case", "add", "affair", "broken.txt"]);
}
