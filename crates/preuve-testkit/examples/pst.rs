//! Writes a mailbox of Outlook with invented mail, for benchmarks and for holding other readers against it:
//!
//! ```text
//! cargo run --release -p preuve-testkit --example pst -- FILE ansi|unicode|large plain|permuted|cyclic COUNT KILOBYTES
//! ```
//! COUNT messages in two folders; every tenth has a text of KILOBYTES attached, every hundredth a message.

#![allow(clippy::expect_used, clippy::panic, reason = "a tool for benchmarks stops where it cannot go on")]

use preuve_testkit::{
    PstAttachment, PstEncoding, PstFolder, PstForm, PstMessage, PstPlan, Random, planted_pst,
};

const WORDS: [&str; 24] = [
    "harbour", "council", "pilot", "ferry", "berth", "lamp", "pier", "salt", "tide", "vote", "spring",
    "ledger", "crane", "anchor", "quay", "storm", "letter", "budget", "the", "of", "and", "to", "in", "that",
];

fn words(random: &mut Random, bytes: usize) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(WORDS[random.below(WORDS.len())]);
        text.push_str(if random.below(12) == 0 { ".\r\n" } else { " " });
    }
    text
}

fn message(number: usize, bytes: usize, random: &mut Random) -> PstMessage {
    let address = format!("clerk{}@harbour.example", number % 97);
    let id = format!("<m{number}@harbour.example>");
    let subject = format!("Berth {number}");
    let header = format!(
        "Received: from a by b; Tue, 12 Jun 2018 09:15:00 +0200\r\nFrom: Clerk <{address}>\r\nSubject: {subject}\r\n\
         To: Piet <piet@ferry.example>\r\nDate: Tue, 12 Jun 2018 09:15:00 +0200\r\nMessage-ID: {id}\r\n"
    );
    let mut attachments = Vec::new();
    if number.is_multiple_of(10) {
        attachments.push(PstAttachment::File("note.txt".to_owned(), words(random, bytes).into_bytes()));
    }
    if number.is_multiple_of(100) {
        let inner = PstMessage { attachments: Vec::new(), ..message(number + 1, bytes, random) };
        attachments.push(PstAttachment::Message("An older letter".to_owned(), Box::new(inner)));
    }
    PstMessage {
        class: "IPM.Note".to_owned(),
        subject,
        sender: ("Clerk".to_owned(), address),
        sent: 131_732_613_000_000_000 + number as u64 * 600_000_000,
        message_id: id,
        headers: (!number.is_multiple_of(3)).then_some(header),
        text: Some(words(random, bytes)),
        page: None,
        recipients: vec![
            (1, "Piet Haan".to_owned(), "piet@ferry.example".to_owned()),
            (2, "Ada".to_owned(), "ada@ferry.example".to_owned()),
        ],
        attachments,
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, form, encoding, count, kilobytes] = arguments.as_slice() else {
        panic!("FILE ansi|unicode|large plain|permuted|cyclic COUNT KILOBYTES")
    };
    let form = match form.as_str() {
        "ansi" => PstForm::Ansi,
        "unicode" => PstForm::Unicode,
        _ => PstForm::Large,
    };
    let encoding = match encoding.as_str() {
        "plain" => PstEncoding::Plain,
        "permuted" => PstEncoding::Permuted,
        _ => PstEncoding::Cyclic,
    };
    let count: usize = count.parse().expect("a number of messages");
    let bytes = 1024 * kilobytes.parse::<usize>().expect("a number of kilobytes");
    let mut random = Random::new(7);
    let mut messages: Vec<PstMessage> =
        (0..count).map(|number| message(number, bytes, &mut random)).collect();
    let sent = messages.split_off(count / 2);
    let folder = |name: &str, messages| PstFolder { name: name.to_owned(), folders: Vec::new(), messages };
    let folders = vec![folder("Inbox", messages), folder("Sent Items", sent)];
    let plan = PstPlan { form, encoding, password: 0, folders, flaw: None };
    std::fs::write(file, planted_pst(&plan)).expect("the file can be written");
}
