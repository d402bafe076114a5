//! Same material, same report: whatever the threads, the order, the way it came into the case.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{article, folder, lay_out_demo, run_to, write_articles};

fn reports(folder: &Path) -> (Vec<u8>, Vec<u8>) {
    (fs::read(folder.join("report.html")).unwrap(), fs::read(folder.join("report.json")).unwrap())
}

#[test]
fn threads_do_not_show() {
    let place = folder();
    lay_out_demo(place.path());
    let mut all = Vec::new();
    for threads in ["1", "2", "5"] {
        run_to(
            0,
            place.path(),
            &["examine", "articles", "--metadata", "articles.jsonl", "--threads", threads, "--out", threads],
        );
        all.push(reports(&place.path().join(threads)));
    }
    assert!(all[0] == all[1] && all[1] == all[2]);
    let streams: Vec<String> = ["1", "4"]
        .iter()
        .map(|threads| run_to(0, place.path(), &["attributions", "articles", "--threads", threads]))
        .collect();
    assert_eq!(streams[0], streams[1]);
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let place = folder();
    lay_out_demo(place.path());
    let args = ["examine", "articles", "--metadata", "articles.jsonl", "--case", "affair", "--out", "out"];
    run_to(0, place.path(), &args);
    let first = reports(&place.path().join("out"));
    run_to(0, place.path(), &args);
    assert!(first == reports(&place.path().join("out")));
    run_to(0, place.path(), &["examine", "--case", "affair", "--out", "out"]);
    assert!(first == reports(&place.path().join("out")), "from the case alone");
    run_to(0, place.path(), &["examine", "articles", "--metadata", "articles.jsonl", "--out", "loose"]);
    assert!(first == reports(&place.path().join("loose")), "without a case");
}

#[test]
fn the_order_of_intake_does_not_show() {
    let place = folder();
    write_articles(place.path(), 12);
    let names: Vec<String> = (0..12).map(|number| format!("articles/a{number:05}.txt")).collect();
    for (case, step) in [("forth", 1), ("back", 11)] {
        run_to(0, place.path(), &["case", "new", case]);
        for turn in 0..12 {
            let name = &names[turn * step % 12];
            run_to(0, place.path(), &["case", "add", case, name, "--metadata", "articles.csv"]);
        }
        run_to(0, place.path(), &["examine", "--case", case, "--out", &format!("{case}-out")]);
    }
    assert!(reports(&place.path().join("forth-out")) == reports(&place.path().join("back-out")));
}

#[test]
fn a_copy_of_an_item_never_raises_an_independent_count() {
    let place = folder();
    lay_out_demo(place.path());
    let args = ["claims", "articles", "--metadata", "articles.jsonl"];
    let counts = |lines: &str| -> Vec<(String, serde_json::Value)> {
        let line = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            (line["gloss"].to_string(), line["independent_sources"].clone())
        };
        lines.lines().map(line).collect()
    };
    let before = counts(&run_to(0, place.path(), &args));
    for name in ["en03", "fr05", "es07"] {
        let copy = place.path().join(format!("articles/copy-of-{name}.txt"));
        fs::copy(place.path().join(format!("articles/{name}.txt")), copy).unwrap();
    }
    assert_eq!(before, counts(&run_to(0, place.path(), &args)));
}

#[test]
fn large_and_small_files_keep_their_order() {
    let place = folder();
    let articles = place.path().join("articles");
    fs::create_dir(&articles).unwrap();
    // Large enough to be read alone, with few words, so that the test is quick.
    let large = format!("{}{}\n\n{}", article(3), "x".repeat(5 << 20), article(4));
    for (name, text) in [("a.txt", article(1)), ("b.txt", large), ("c.txt", article(2))] {
        fs::write(articles.join(name), text).unwrap();
    }
    let lines = run_to(0, place.path(), &["attributions", "articles", "--threads", "3"]);
    let items: Vec<&str> = lines.lines().filter_map(|line| line.get(9..10)).collect();
    assert!(items.is_sorted(), "{items:?}");
    assert!(items.contains(&"a") && items.contains(&"b") && items.contains(&"c"));
}
