//! A mailbox of Outlook from the file to the verdicts and the report, small and large, interrupted too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod common;

use std::fs;
use std::time::Instant;

use common::{folder, kill_while_reading, run, run_to, told};
use preuve_testkit::{PstAttachment, PstEncoding, PstFolder, PstForm, PstMessage, PstPlan, planted_pst};
use serde_json::Value;

const WORDS: &str = "Mirla Osten said on Monday that Ostmark had hacked the mail servers of the Delta Bank. \
                     The council of the harbour will repair the pier before the winter storms, she wrote.";

fn letter(number: usize, bytes: usize) -> PstMessage {
    let note = format!("A note to letter {number}. {WORDS}");
    let header = format!(
        "Received: from a.example by b.example; Tue, 12 Jun 2018 09:15:00 +0200\r\n\
         From: Mirla Osten <mirla@league.example>\r\nTo: Piet <piet@ferry.example>\r\n\
         Date: Tue, 12 Jun 2018 09:15:00 +0200\r\nMessage-ID: <l{number}@league.example>\r\nSubject: Letter {number}\r\n"
    );
    let mut text = format!("Letter {number}. {WORDS}\r\n");
    while text.len() < bytes {
        text.push_str("The tide was high and the lamp of the pier was lit again.\r\n");
    }
    PstMessage {
        class: "IPM.Note".to_owned(),
        subject: format!("Letter {number}"),
        sender: ("Mirla Osten".to_owned(), "mirla@league.example".to_owned()),
        sent: 131_732_613_000_000_000,
        message_id: format!("<l{number}@league.example>"),
        headers: Some(header),
        text: Some(text),
        page: None,
        recipients: vec![(1, "Piet".to_owned(), "piet@ferry.example".to_owned())],
        attachments: vec![PstAttachment::File("note.txt".to_owned(), note.into_bytes())],
    }
}

fn mailbox(count: usize, bytes: usize) -> Vec<u8> {
    let mut messages: Vec<PstMessage> = (0..count).map(|number| letter(number, bytes)).collect();
    messages.push(PstMessage { class: "IPM.Contact".to_owned(), ..letter(count, 0) });
    let folder = PstFolder { name: "Inbox".to_owned(), folders: Vec::new(), messages };
    let (form, encoding) = (PstForm::Unicode, PstEncoding::Permuted);
    planted_pst(&PstPlan { form, encoding, password: 0, folders: vec![folder], flaw: None })
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn its_messages_cannot_be_rechecked_and_are_read() {
    let place = folder();
    fs::write(place.path().join("leak.pst"), mailbox(3, 0)).unwrap();
    let args = ["authenticate", "leak.pst", "--format", "jsonl"];
    let found = lines(&run_to(0, place.path(), &args));
    assert_eq!(found.len(), 3);
    for (index, line) in found.iter().enumerate() {
        assert_eq!(line["verdict"], "unverifiable_format", "{line}");
        assert_eq!(line["item"], "leak.pst!/Top of Outlook data file/Inbox", "{line}");
        assert_eq!(
            (&line["index"], &line["from"]),
            (&index.into(), &"mirla@league.example".into()),
            "{line}"
        );
    }
    assert!(told(0, place.path(), &args).contains("1 `IPM.Contact`"), "what is no message is told");
    let alone = lines(&run_to(0, place.path(), &[&args[..], &["--no-context"]].concat()));
    assert_eq!(alone.len(), 3);
}

#[test]
fn it_is_examined_kept_and_read_once() {
    let place = folder();
    fs::write(place.path().join("leak.pst"), mailbox(3, 0)).unwrap();
    let examine = ["examine", "leak.pst", "--case", "affair", "--out", "out"];
    run_to(0, place.path(), &examine);
    let report = fs::read_to_string(place.path().join("out/report.json")).unwrap();
    let inner = "leak.pst!/Top of Outlook data file/Inbox/message-2.eml";
    assert!(report.contains(&format!("\"{inner}\"")), "the message");
    assert!(report.contains(&format!("\"{inner}!/note.txt\"")), "its attachment");
    assert!(report.contains("unverifiable_format"));
    assert!(run_to(0, place.path(), &["case", "check", "affair"]).contains("all sound"));
    let status = run_to(0, place.path(), &["case", "status", "affair"]);
    run_to(0, place.path(), &examine);
    assert_eq!(run_to(0, place.path(), &["case", "status", "affair"]), status);
    assert_eq!(fs::read_to_string(place.path().join("out/report.json")).unwrap(), report);
}

#[test]
fn half_a_mailbox_is_told_and_the_rest_is_read() {
    let place = folder();
    let whole = mailbox(3_000, 2_000);
    assert!(whole.len() > 4 << 20, "large enough to stream");
    fs::write(place.path().join("leak.pst"), &whole[..whole.len() - whole.len() / 400]).unwrap();
    let args = ["authenticate", "leak.pst", "--format", "jsonl"];
    let output = run(place.path(), &args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("it was cut off"), "{said}");
    let read = lines(&String::from_utf8(output.stdout).unwrap()).len();
    assert!((1_000..3_000).contains(&read), "{read}");
    fs::write(place.path().join("leak.pst"), &whole[..whole.len() / 2]).unwrap();
    assert!(told(1, place.path(), &args).contains("it was cut off"));
}

#[test]
fn threads_do_not_show_and_a_killed_reading_goes_on() {
    let reference = folder();
    fs::write(reference.path().join("leak.pst"), mailbox(2_000, 3_000)).unwrap();
    let args = ["authenticate", "leak.pst", "--case", "affair", "--format", "jsonl"];
    let start = Instant::now();
    let expected = run_to(0, reference.path(), &args);
    let whole = start.elapsed();
    assert_eq!(expected.lines().count(), 2_000);
    let one =
        run_to(0, reference.path(), &["authenticate", "leak.pst", "--format", "jsonl", "--threads", "1"]);
    assert!(expected == one);
    let place = folder();
    fs::copy(reference.path().join("leak.pst"), place.path().join("leak.pst")).unwrap();
    kill_while_reading(place.path(), &args, (5, whole), 2_000, "leak.pst: goes on at message ");
    assert!(expected == run_to(0, place.path(), &args));
    assert!(run_to(0, place.path(), &["case", "check", "affair"]).contains("all sound"));
}
