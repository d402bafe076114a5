//! The program killed at any moment: the case opens, what was acknowledged is there, the next run goes on, and the
//! report is that of a run nobody interrupted. The same for a disk that is full.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use common::{folder, preuve, run, run_to, write_articles};

const ARGS: [&str; 8] =
    ["examine", "articles", "--metadata", "articles.csv", "--case", "affair", "--out", "out"];

fn items_in(place: &Path) -> usize {
    if !place.join("affair/case.db").exists() {
        return 0;
    }
    let status = run_to(0, place, &["case", "status", "affair"]);
    status.lines().next().unwrap().split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// How long an uninterrupted run takes, and its report.
fn uninterrupted(count: usize) -> (Duration, Vec<u8>) {
    let place = folder();
    write_articles(place.path(), count);
    let start = Instant::now();
    run_to(0, place.path(), &ARGS);
    (start.elapsed(), fs::read(place.path().join("out/report.json")).unwrap())
}

#[test]
fn a_killed_run_loses_nothing_and_goes_on() {
    let (whole, expected) = uninterrupted(600);
    let place = folder();
    write_articles(place.path(), 600);
    // Moments that differ from run to run: the law holds at all of them, and a failure names its moment.
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    let mut acknowledged = 0;
    for round in 0..8u32 {
        let moment = whole.mul_f64(f64::from(seed.rotate_left(round * 5) % 1000) / 1000.0 * 0.6);
        let mut child = preuve(place.path()).args(ARGS).arg("--quiet").spawn().unwrap();
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        if place.path().join("affair/case.db").exists() {
            let check = run(place.path(), &["case", "check", "affair"]);
            let said = String::from_utf8_lossy(&check.stderr).into_owned();
            assert_eq!(check.status.code(), Some(0), "killed after {moment:?}: {said}");
        }
        let now = items_in(place.path());
        assert!(now >= acknowledged, "killed after {moment:?}: {acknowledged} items became {now}");
        acknowledged = now;
    }
    run_to(0, place.path(), &ARGS);
    assert!(expected == fs::read(place.path().join("out/report.json")).unwrap());
    let check = run_to(0, place.path(), &["case", "check", "affair"]);
    assert!(check.contains("600 originals"), "{check}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_the_next_run_goes_on() {
    let (_, expected) = uninterrupted(120);
    let place = folder();
    write_articles(place.path(), 120);
    // A limit on the size of files stands in for a full disk: the database cannot grow past it.
    let limited = |kilobytes: u32| {
        let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        let mut command = std::process::Command::new("bash");
        command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_preuve")).args(ARGS).current_dir(place.path());
        command.output()
    };
    let Ok(output) = limited(160) else {
        println!("skipped: no bash to set a limit with");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("hint: "), "{said}");
    assert!(!place.path().join("out/report.json").exists());
    let status = run(place.path(), &["case", "status", "affair"]);
    assert_eq!(status.status.code(), Some(0), "{}", String::from_utf8_lossy(&status.stderr));
    run_to(0, place.path(), &ARGS);
    assert!(expected == fs::read(place.path().join("out/report.json")).unwrap());
}

#[test]
fn two_commands_do_not_write_at_once() {
    let place = folder();
    write_articles(place.path(), 600);
    run_to(0, place.path(), &["case", "new", "affair"]);
    let mut child = preuve(place.path()).args(ARGS).arg("--quiet").stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    let mut refused = false;
    while child.try_wait().unwrap().is_none() && start.elapsed() < Duration::from_secs(60) {
        let second = run(place.path(), &["case", "add", "affair", "articles/a00000.txt"]);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        if second.status.code() == Some(2) {
            assert!(said.contains("another preuve is writing to this case"), "{said}");
            refused = true;
            break;
        }
    }
    let first = child.wait_with_output().unwrap();
    // The second may have come first to the lock; then the other is refused.
    let outrun = first.status.code() == Some(2)
        && String::from_utf8_lossy(&first.stderr).contains("another preuve is writing to this case");
    assert!(refused || outrun);
    assert!(outrun || first.status.code() == Some(0));
}
