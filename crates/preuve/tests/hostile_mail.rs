//! Mail that is broken, enormous or malicious, through the program as a person runs it: each message gets a verdict
//! that is not `valid`, what was left out is said, and the mail beside it is read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{folder, run, run_to, told};
use serde_json::Value;

const HEAD: &str = "From: Ann Lund <ann@port.example>\r\nTo: Bo Weg <bo@ferry.example>\r\n\
                    Date: Tue, 6 Mar 2018 09:00:00 +0000\r\nMIME-Version: 1.0\r\n";
const SEPARATOR: &str = "From x@y.example Tue Mar 06 09:00:00 2018\r\n";
const WORDS: &str = "The ministry said on Monday that Ostmark had hacked the Delta Bank.";

/// A name, the bytes, and the codes that must be said of it.
type Bad = (&'static str, Vec<u8>, &'static [&'static str]);

fn signed(tags: &str) -> Vec<u8> {
    format!("DKIM-Signature: {tags}\r\n{HEAD}Subject: s\r\n\r\n{WORDS}\r\n").into_bytes()
}

fn headers() -> Vec<Bad> {
    let long = format!("{HEAD}Subject: {}\r\n\r\n{WORDS}\r\n", "x".repeat(20 << 20));
    let folded = format!("{HEAD}Subject: {}\r\n\r\n{WORDS}\r\n", "word\r\n ".repeat(1 << 20));
    let many: String = (0..300_000).map(|number| format!("X-{number}: {number}\r\n")).collect();
    let authors = "From: a@b.example\r\n".repeat(100_000);
    let words =
        "=?utf-8?B?Zm9v?= =?utf-8?Q?=00=1b[2J?= =?x?B?!!!?= =?=?= =?utf-8?Q?=0d=0aBcc:_x?=".repeat(2_000);
    vec![
        ("long.eml", long.into_bytes(), &["intake::mail_header_too_long"]),
        ("folded.eml", folded.into_bytes(), &["intake::mail_header_too_long"]),
        ("many.eml", format!("{HEAD}{many}\r\n{WORDS}\r\n").into_bytes(), &[]),
        ("authors.eml", format!("{authors}{HEAD}\r\n{WORDS}\r\n").into_bytes(), &[]),
        ("words.eml", format!("{HEAD}Subject: {words}\r\n\r\n{WORDS}\r\n").into_bytes(), &[]),
        (
            "raw.eml",
            [HEAD.as_bytes(), b"Subject: caf\xe9 \0\xff\r\n\r\n\0\xfe", WORDS.as_bytes()].concat(),
            &[],
        ),
        ("ends.eml", format!("{HEAD}Subject: a\rb\nX: c\r\r\n d\n\r\n\n\r{WORDS}\r").into_bytes(), &[]),
    ]
}

fn bodies() -> Vec<Bad> {
    let mixed = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    let part =
        "--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nNote.\r\n";
    let deep: String = (0..1_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    let letters = "Content-Type: message/rfc822\r\n\r\n".repeat(1_000);
    let circle = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    let broken = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0x!!!\r\n=\r\n==Q";
    vec![
        (
            "parts.eml",
            format!("{mixed}{}--b--\r\n", part.repeat(10_000)).into_bytes(),
            &["intake::mail_too_many_parts"],
        ),
        ("deep.eml", format!("{HEAD}{deep}\r\n{WORDS}\r\n").into_bytes(), &[]),
        ("letters.eml", format!("{HEAD}{letters}{WORDS}\r\n").into_bytes(), &["intake::mail_too_nested"]),
        ("circle.eml", format!("{mixed}{}", circle.repeat(2_000)).into_bytes(), &[]),
        ("base64.eml", format!("{HEAD}{broken}").into_bytes(), &["intake::mail_encoding"]),
    ]
}

fn signatures() -> Vec<Bad> {
    let tags = "v=1; a=rsa-sha256; d=port.example; s=s1; h=from; bh=AA==; b=";
    let names = vec!["from"; 300_000].join(":");
    let more: String = (0..100_000).map(|number| format!("x{number}=1; ")).collect();
    let seal = |n: usize| format!("ARC-Seal: i={n}; a=rsa-sha256; cv=none; d=port.example; s=s1; b=AA==\r\n");
    let chain: String = (0..5_000).map(seal).collect();
    vec![
        ("repeated.eml", signed(&format!("a=rsa-sha1; {tags}AA==")), &[]),
        ("folds.eml", signed(&format!("{tags}{}", "AA\r\n\t".repeat(100_000))), &[]),
        ("huge.eml", signed(&format!("{tags}{}", "A".repeat(5 << 20))), &[]),
        ("names.eml", signed(&tags.replace("h=from", &format!("h={names}"))), &[]),
        ("more.eml", signed(&format!("{more}{tags}AA==")), &[]),
        ("numbers.eml", signed(&format!("{tags}AA==; l=99999999999999999999999; t=-1; x=1e9")), &[]),
        ("signers.eml", signed(&format!("{tags}AA==\r\nDKIM-Signature: ").repeat(5_000)), &[]),
        ("chain.eml", format!("{chain}{HEAD}\r\n{WORDS}\r\n").into_bytes(), &[]),
    ]
}

fn mailboxes() -> Vec<Bad> {
    let letter = |number: usize| {
        format!(
            "{SEPARATOR}{HEAD}Message-ID: <1@port.example>\r\n\r\nNumber {number}.\r\n\r\nFrom here on.\r\n\r\n"
        )
    };
    let same: String = (0..3_000).map(letter).collect();
    let cut = format!("{}{SEPARATOR}{}", letter(1), &HEAD[..40]);
    vec![("same.mbox", same.into_bytes(), &[]), ("cut.mbox", cut.into_bytes(), &[])]
}

fn lay_out(place: &Path) -> Vec<Bad> {
    let all: Vec<Bad> = [headers(), bodies(), signatures(), mailboxes()].into_iter().flatten().collect();
    fs::create_dir(place.join("material")).unwrap();
    for (name, bytes, _) in &all {
        fs::write(place.join("material").join(name), bytes).unwrap();
    }
    all
}

#[test]
fn bad_mail_gets_a_verdict_and_a_sentence_and_never_passes() {
    let place = folder();
    let all = lay_out(place.path());
    let args = ["authenticate", "material", "--case", "affair", "--format", "jsonl", "--verbose"];
    let output = run(place.path(), &args);
    assert_eq!(output.status.code(), Some(1), "part of it cannot be read: {output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    let mut verdicts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let verdict = line["verdict"].as_str().unwrap().to_owned();
        verdicts.entry(line["item"].as_str().unwrap().to_owned()).or_default().push(verdict);
    }
    for (name, _, codes) in &all {
        let found = verdicts.get(*name).unwrap_or_else(|| panic!("{name} has no verdict"));
        assert!(found.iter().all(|verdict| !verdict.starts_with("valid")), "{name}: {found:?}");
        for code in *codes {
            let told = said.lines().any(|line| line.contains(name) && line.contains(code));
            assert!(told, "{name} {code}: {said}");
        }
    }
    assert_eq!((verdicts["same.mbox"].len(), verdicts["cut.mbox"].len()), (3_000, 2));
    assert!(!said.contains('\u{1b}') && !said.contains('\0'));
}

#[test]
fn bad_mail_is_reported_and_its_words_steer_nothing() {
    let place = folder();
    lay_out(place.path());
    let said = told(1, place.path(), &["examine", "material", "--out", "out", "--case", "affair"]);
    assert!(said.contains("hint: run with `--verbose`") || said.contains("intake::"), "{said}");
    let page = fs::read(place.path().join("out/report.html")).unwrap();
    assert!(page.len() < 30 << 20, "{} bytes", page.len());
    assert!(!page.contains(&0x1b) && !page.contains(&0));
    assert!(run_to(0, place.path(), &["case", "check", "affair"]).contains("all sound"));
}
