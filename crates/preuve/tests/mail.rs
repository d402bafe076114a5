//! Mail as part of a case: read once, judged again when keys come, the same whatever the order, threads and moments.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;
#[path = "common/mail.rs"]
mod mail;

use std::fs;
use std::path::Path;
use std::time::Instant;

use common::{folder, kill_while_reading, run_to, told, tree};
use serde_json::Value;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn verdicts(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["verdict"].as_str().unwrap()).collect()
}

#[test]
fn the_case_with_mail_is_what_the_test_kit_makes() {
    let place = folder();
    mail::lay_out(place.path());
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mail");
    for name in ["material/leak.mbox", "keys.txt"] {
        let made = fs::read(place.path().join(name)).unwrap();
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::create_dir_all(case.join("material")).unwrap();
            fs::write(case.join(name), &made).unwrap();
        }
        assert!(made == fs::read(case.join(name)).unwrap(), "{name}: run with UPDATE_EXPECTED=1");
    }
}

#[test]
fn every_message_gets_its_verdict_and_the_lines_keep_the_contract() {
    let place = folder();
    mail::lay_out(place.path());
    let args = ["authenticate", "material", "--keys", "keys.txt", "--format", "jsonl"];
    let found = lines(&run_to(0, place.path(), &args));
    let expected: Vec<&str> = mail::letters().iter().map(|letter| letter.1).collect();
    assert_eq!(verdicts(&found), expected);
    for (index, line) in found.iter().enumerate() {
        assert_eq!((line["item"].as_str(), line["index"].as_u64()), (Some("leak.mbox"), Some(index as u64)));
        for name in ["signatures", "checks", "observations", "seen_at"] {
            assert!(line[name].is_array(), "{name} of {line}");
        }
        for name in ["message_id", "from", "date", "thread"] {
            assert!(line.get(name).is_some(), "{name} of {line}");
        }
    }
    let alone = lines(&run_to(0, place.path(), &[&args[..], &["--no-context"]].concat()));
    assert_eq!(verdicts(&alone), expected);
    assert!(alone.iter().all(|line| line.get("observations").is_none()));
}

#[test]
fn threads_and_order_do_not_show() {
    let place = folder();
    mail::lay_out(place.path());
    mail::write_large(&place.path().join("material/other.mbox"), 300, 20);
    let args = ["authenticate", "material", "--keys", "keys.txt", "--format", "jsonl", "--threads"];
    let all: Vec<String> = ["1", "2", "5"]
        .iter()
        .map(|threads| run_to(0, place.path(), &[&args[..], &[threads]].concat()))
        .collect();
    assert!(all[0] == all[1] && all[1] == all[2]);
    for (case, order) in [("forth", ["leak", "other"]), ("back", ["other", "leak"])] {
        for name in order {
            let file = format!("material/{name}.mbox");
            run_to(0, place.path(), &["authenticate", &file, "--keys", "keys.txt", "--case", case, "-q"]);
        }
        let found = run_to(0, place.path(), &["authenticate", "--case", case, "--format", "jsonl"]);
        assert!(found == all[0], "added {case}");
        assert!(run_to(0, place.path(), &["case", "check", case]).contains("all sound"));
    }
}

#[test]
fn a_message_in_two_mailboxes_is_one_message_seen_twice() {
    let place = folder();
    let letter = mail::letters().remove(0).2;
    fs::create_dir(place.path().join("material")).unwrap();
    fs::write(place.path().join("material/a.mbox"), mail::mailbox([letter.as_str()])).unwrap();
    fs::write(
        place.path().join("material/b.mbox"),
        mail::mailbox(["X: 1\r\n\r\nother\r\n", letter.as_str()]),
    )
    .unwrap();
    fs::write(place.path().join("material/c.eml"), &letter).unwrap();
    fs::write(place.path().join("keys.txt"), mail::keys()).unwrap();
    let args = ["authenticate", "material", "--keys", "keys.txt", "--case", "affair", "--format", "jsonl"];
    let found = lines(&run_to(0, place.path(), &args));
    let places: Vec<(&str, u64)> =
        found.iter().map(|line| (line["item"].as_str().unwrap(), line["index"].as_u64().unwrap())).collect();
    assert_eq!(places, [("a.mbox", 0), ("b.mbox", 0), ("b.mbox", 1), ("c.eml", 0)]);
    assert_eq!(found[0]["id"], found[3]["id"]);
    assert_eq!(found[0]["seen_at"].as_array().unwrap().len(), 2);
    assert_eq!(found[0]["seen_at"][1]["path"], "c.eml");
    let status = run_to(0, place.path(), &["case", "status", "affair"]);
    assert!(status.contains("2 messages, seen at 4 places"), "{status}");
    let before = tree(&place.path().join("affair/originals"));
    run_to(0, place.path(), &args);
    assert!(before == tree(&place.path().join("affair/originals")));
}

#[test]
fn a_verdict_follows_the_keys_as_long_as_the_bytes_are_there() {
    for in_place in [false, true] {
        let place = folder();
        mail::lay_out(place.path());
        let link = if in_place { &["--in-place"][..] } else { &[] };
        let add = [&["authenticate", "material", "--case", "affair", "--format", "jsonl"][..], link].concat();
        let before = lines(&run_to(0, place.path(), &add));
        assert!(verdicts(&before).iter().all(|verdict| ["key_unknown", "unsigned"].contains(verdict)));
        run_to(0, place.path(), &["keys", "import", "keys.txt", "--case", "affair"]);
        let again = ["authenticate", "--case", "affair", "--format", "jsonl"];
        let after = lines(&run_to(0, place.path(), &again));
        let expected: Vec<&str> = mail::letters().iter().map(|letter| letter.1).collect();
        assert_eq!(verdicts(&after), expected);
        // The mailbox goes away, then another key comes.
        fs::remove_file(place.path().join("material/leak.mbox")).unwrap();
        run_to(
            0,
            place.path(),
            &[
                "keys",
                "add",
                "s9._domainkey.ferry.example",
                "v=DKIM1; k=ed25519; p=",
                "--seen-by",
                "a test",
                "--case",
                "affair",
            ],
        );
        let said = told(i32::from(in_place), place.path(), &again);
        assert_eq!(said.contains("no longer there byte for byte"), in_place, "{said}");
    }
}

#[test]
fn an_archive_of_mail_gives_its_messages_and_keeps_their_bytes() {
    let place = folder();
    let letters = mail::letters();
    let mut tar = tar_of(&[("box/a.eml", letters[0].2.as_bytes()), ("box/b.eml", letters[1].2.as_bytes())]);
    fs::create_dir(place.path().join("material")).unwrap();
    fs::write(place.path().join("material/mail.tar"), &tar).unwrap();
    let add = ["authenticate", "material", "--case", "affair", "--format", "jsonl"];
    assert_eq!(verdicts(&lines(&run_to(0, place.path(), &add))), ["key_unknown", "key_unknown"]);
    fs::write(place.path().join("keys.txt"), mail::keys()).unwrap();
    run_to(0, place.path(), &["keys", "import", "keys.txt", "--case", "affair"]);
    let after = run_to(0, place.path(), &["authenticate", "--case", "affair", "--format", "jsonl"]);
    assert_eq!(verdicts(&lines(&after)), ["valid", "valid"]);
    tar.clear();
}

/// A tar archive, made by hand: a header block of names, sizes and a sum, then the bytes.
fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, bytes) in files {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[148..156].copy_from_slice(b"        ");
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar.extend_from_slice(&header);
        tar.extend_from_slice(bytes);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

#[test]
fn a_killed_reading_of_a_mailbox_goes_on_near_where_it_stopped() {
    let reference = folder();
    let args = ["authenticate", "leak.mbox", "--keys", "keys.txt", "--case", "affair", "--format", "jsonl"];
    mail::write_large(&reference.path().join("leak.mbox"), 3_000, 12);
    fs::write(reference.path().join("keys.txt"), mail::keys()).unwrap();
    let start = Instant::now();
    let expected = run_to(0, reference.path(), &args);
    let whole = start.elapsed();
    let place = folder();
    for name in ["leak.mbox", "keys.txt"] {
        fs::copy(reference.path().join(name), place.path().join(name)).unwrap();
    }
    kill_while_reading(place.path(), &args, (6, whole), 3_000, "leak.mbox: goes on at byte");
    assert!(expected == run_to(0, place.path(), &args));
}

#[test]
fn keys_are_added_listed_and_imported_into_a_case_and_an_archive() {
    let place = folder();
    let zone = "$ORIGIN harbour.example.\n@ IN SOA ns root (\n 1 2 3 4 5 )\nmail._domainkey IN TXT ( \"v=DKIM1; k=ed25519; \"\n \"p=";
    let record = mail::harbour().key.record();
    let zone = format!("{zone}{}\" )\n", record.split("p=").nth(1).unwrap());
    fs::write(place.path().join("zone.txt"), zone).unwrap();
    for keeper in [["--case", "affair"], ["--archive", "keys.jsonl"]] {
        let with = |args: &[&str]| -> Vec<String> {
            args.iter().chain(&keeper).map(|arg| (*arg).to_owned()).collect()
        };
        let go = |args: &[&str]| {
            let args = with(args);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            run_to(0, place.path(), &args)
        };
        let name = "S1._domainkey.Ministry.example.";
        let add = [
            "keys",
            "add",
            name,
            &mail::ministry().key.record(),
            "--seen-by",
            "registry",
            "--first-seen",
            "2027-01-01",
        ];
        go(&add);
        go(&add);
        go(&["keys", "import", "zone.txt"]);
        let found = lines(&go(&["keys", "list"]));
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0]["name"], "mail._domainkey.harbour.example");
        assert_eq!((&found[0]["origin"], &found[0]["bits"]), (&"zone.txt".into(), &256.into()));
        assert_eq!(
            (&found[1]["origin"], &found[1]["first_seen"]),
            (&"registry".into(), &"2027-01-01".into())
        );
    }
    // What `list` writes, `import` reads.
    fs::write(
        place.path().join("list.jsonl"),
        run_to(0, place.path(), &["keys", "list", "--case", "affair"]),
    )
    .unwrap();
    run_to(0, place.path(), &["keys", "import", "list.jsonl", "--case", "second"]);
    let list = |case: &str| run_to(0, place.path(), &["keys", "list", "--case", case]);
    assert_eq!(list("affair"), list("second"));
    mail::lay_out(place.path());
    let args = ["authenticate", "material", "--keys", "keys.jsonl", "--no-context", "--format", "jsonl"];
    assert_eq!(verdicts(&lines(&run_to(0, place.path(), &args)))[..2], ["valid", "valid"]);
    let said =
        told(2, place.path(), &["keys", "add", "nonsense", "p=", "--seen-by", "x", "--case", "affair"]);
    assert!(said.contains("SELECTOR._domainkey.DOMAIN"), "{said}");
}

#[test]
fn a_recovered_key_gives_a_verdict_of_its_own() {
    let place = folder();
    let signer = mail::lost();
    let letters: Vec<String> = mail::lost_letters().iter().map(|letter| signer.sign(letter)).collect();
    fs::write(place.path().join("leak.mbox"), mail::mailbox(letters.iter().map(String::as_str))).unwrap();
    let judge = ["authenticate", "leak.mbox", "--case", "affair", "--format", "jsonl"];
    assert_eq!(verdicts(&lines(&run_to(0, place.path(), &judge))), ["key_unknown"; 3]);
    run_to(0, place.path(), &["keys", "recover", "old._domainkey.ferry.example", "--case", "affair"]);
    let listed = lines(&run_to(0, place.path(), &["keys", "list", "--case", "affair"]));
    assert_eq!((listed.len(), &listed[0]["recovered"], &listed[0]["bits"]), (1, &true.into(), &1024.into()));
    assert_eq!(verdicts(&lines(&run_to(0, place.path(), &judge))), ["key_recovered_unattested"; 3]);
    let none = ["keys", "recover", "other._domainkey.ferry.example", "leak.mbox", "--archive", "keys.jsonl"];
    assert!(told(0, place.path(), &none).contains("no key was recovered"));
    assert!(!place.path().join("keys.jsonl").exists());
}
