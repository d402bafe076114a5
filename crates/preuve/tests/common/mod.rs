//! What the tests of the program share: running it, and invented material of any size.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

/// The program, quiet surroundings, in `folder`.
pub fn preuve(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preuve"));
    command.current_dir(folder).stdin(Stdio::null()).env_remove("NO_COLOR");
    command
}

/// Run the program to its end.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    preuve(folder).args(args).output().unwrap()
}

/// Run the program and hold it to an exit code; its standard output.
pub fn run_to(code: i32, folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "preuve {}\n{told}", args.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// What the program says on standard error when it ends with `code`.
pub fn told(code: i32, folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "preuve {}\n{told}", args.join(" "));
    told
}

/// An empty folder that goes away with the test.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The demo's articles, laid out as the README has them.
pub fn lay_out_demo(folder: &Path) {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    copy_folder(&demo.join("articles"), &folder.join("articles"));
    fs::copy(demo.join("articles.jsonl"), folder.join("articles.jsonl")).unwrap();
    let mail = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mail");
    copy_folder(&mail.join("material"), &folder.join("mail"));
    fs::copy(mail.join("keys.txt"), folder.join("keys.txt")).unwrap();
}

/// Copy the files of a folder.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// `count` invented articles of some 1.2 KB under `folder/articles`, with a metadata table beside.
pub fn write_articles(folder: &Path, count: usize) {
    let articles = folder.join("articles");
    fs::create_dir_all(&articles).unwrap();
    let mut table = String::from("file,outlet,published\n");
    for number in 0..count {
        fs::write(articles.join(format!("a{number:05}.txt")), article(number)).unwrap();
        let day = number % 28 + 1;
        table.push_str(&format!("a{number:05}.txt,Outlet {},2027-03-{day:02}T06:00:00Z\n", number % 17));
    }
    fs::write(folder.join("articles.csv"), table).unwrap();
}

const PEOPLE: [&str; 5] = ["Mirla Osten", "Taddeo Brunn", "Ines Calvora", "Joren Haskell", "Lidia Verrane"];
const BODIES: [&str; 5] =
    ["the Harbour League", "Ostmark", "the Delta Bank", "the Ministry of Tides", "Redfern Group"];
const ACTS: [&str; 4] =
    ["hacked the mail servers of", "leaked the files of", "spread false stories about", "paid officials of"];

/// Article `number`: the same text every time.
pub fn article(number: usize) -> String {
    let pick = |list: &[&'static str], by: usize| list[(number / by + number) % list.len()];
    let (who, accused, target) = (pick(&PEOPLE, 3), pick(&BODIES, 2), pick(&BODIES, 7));
    let act = pick(&ACTS, 5);
    let mut text = format!("{who} accuses {accused} in affair {number}\n\n");
    text.push_str(&format!(
        "{who} said on Monday that {accused} had {act} {target}, without giving any evidence. \
         \"We know who did this,\" {who} told reporters in case {number}.\n\n"
    ));
    text.push_str(&format!(
        "A spokesman for {accused} denied it. \"These claims have no basis,\" he said. According to a report \
         seen by the Tidewater Post, {} logins came from abroad.\n\n",
        number * 7 % 1000
    ));
    for paragraph in 0..4 {
        let other = PEOPLE[(number + paragraph) % PEOPLE.len()];
        text.push_str(&format!(
            "The council met {} times that year, {other} noted, and the matter of the ferry at pier {} came up again \
             between the price of salt and the repair of lamp {}.\n\n",
            number % 9 + paragraph,
            number * 3 + paragraph,
            number * 11 + paragraph
        ));
    }
    text
}

/// All files under `folder` with their contents, by path.
pub fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path)
            } else {
                files.push((path.clone(), fs::read(&path).unwrap()))
            }
        }
    }
    files.sort();
    files
}

/// Kill a run that reads `messages` messages of a mailbox into the case `affair` at random moments, `rounds` times: the
/// case stays sound, nothing acknowledged is lost, and the next run says, as `goes_on`, that it starts inside.
pub fn kill_while_reading(
    place: &Path,
    args: &[&str],
    (rounds, whole): (u32, Duration),
    messages: usize,
    goes_on: &str,
) {
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    let (mut acknowledged, mut went_on) = (0, false);
    for round in 0..rounds {
        let moment = whole.mul_f64(f64::from(seed.rotate_left(round * 5) % 1000) / 1000.0 * 0.4);
        let mut child =
            preuve(place).args(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(moment.max(Duration::from_millis(1)));
        child.kill().unwrap();
        let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        went_on |= said.contains(goes_on);
        if !place.join("affair/case.db").exists() {
            continue;
        }
        let check = run(place, &["case", "check", "affair"]);
        let problems = String::from_utf8_lossy(&check.stderr).into_owned();
        assert_eq!(check.status.code(), Some(0), "killed after {moment:?}: {problems}");
        let status = run_to(0, place, &["case", "status", "affair"]);
        let mail = status.lines().find(|line| line.starts_with("mail ")).unwrap();
        let now: usize = mail.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!(now >= acknowledged, "killed after {moment:?}: {acknowledged} messages became {now}");
        if acknowledged > 0 && acknowledged < messages {
            assert!(went_on, "killed after {moment:?} with {acknowledged} messages");
        }
        acknowledged = now;
    }
}
