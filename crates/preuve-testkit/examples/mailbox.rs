//! Writes signed invented mail for benchmarks:
//!
//! ```text
//! cargo run --release -p preuve-testkit --example mailbox -- FOLDER COUNT KILOBYTES rsa|ed25519 maildir|mbox
//! ```
//! `FOLDER/keys.txt` gets the keys; `FOLDER/Maildir` or `FOLDER/mail.mbox` the messages, the same every time.
//! Every fourth message answers the one before it and quotes a part of it; one in fifty is altered.

#![allow(clippy::expect_used, clippy::panic, reason = "a tool for benchmarks stops where it cannot go on")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use preuve_testkit::{DkimSigner, Random, SigningKey};

const WORDS: [&str; 48] = [
    "harbour", "council", "pilot", "ferry", "berth", "lamp", "pier", "salt", "tide", "vote", "spring",
    "ledger", "crane", "anchor", "quay", "storm", "letter", "budget", "minister", "signal", "rope", "cargo",
    "customs", "watch", "the", "of", "and", "to", "in", "that", "was", "for", "with", "from", "before",
    "after", "not", "has", "repaired", "closed", "opened", "decided", "asked", "answered", "moved",
    "counted", "paid", "seen",
];

fn sentence(random: &mut Random) -> String {
    let words: Vec<&str> = (0..12).map(|_| WORDS[random.below(WORDS.len())]).collect();
    format!("{}.", words.join(" "))
}

fn letter(number: usize, bytes: usize, before: &mut String, random: &mut Random) -> String {
    let (sender, domain) = (number % 97, number % 11);
    let mut body = String::new();
    let answers = number % 4 == 3;
    if answers {
        for line in before.lines().take(20) {
            body.push_str(&format!("> {line}\r\n"));
        }
    }
    let mut own = String::new();
    while body.len() + own.len() < bytes {
        own.push_str(&sentence(random));
        own.push_str("\r\n");
    }
    body.push_str(&own);
    *before = own;
    let answered =
        if answers { format!("In-Reply-To: <{}@mail.example>\r\n", number - 1) } else { String::new() };
    format!(
        "Received: from a{sender}.d{domain}.example by mx.harbour.example; Tue, 2 Mar 2027 09:{:02}:{:02} +0000\r\n\
         From: Person {sender} <p{sender}@d{domain}.example>\r\nTo: desk@harbour.example\r\n\
         Subject: {}lamp {}\r\nDate: Tue, 2 Mar 2027 09:{:02}:{:02} +0000\r\nMessage-ID: <{number}@mail.example>\r\n\
         {answered}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}",
        number / 60 % 60,
        number % 60,
        if answers { "Re: " } else { "" },
        number / 4,
        number / 60 % 60,
        number % 60,
    )
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, count, kilobytes, algorithm, shape] = args.as_slice() else {
        panic!("FOLDER COUNT KILOBYTES rsa|ed25519 maildir|mbox")
    };
    let (count, bytes) =
        (count.parse::<usize>().expect("a count"), kilobytes.parse::<usize>().expect("a size") * 1024);
    let folder = Path::new(folder);
    fs::create_dir_all(folder.join("Maildir/cur")).expect("a folder");
    let signers: Vec<DkimSigner> = (0..11u8)
        .map(|domain| {
            let key = match algorithm.as_str() {
                "rsa" => SigningKey::rsa(2048, u64::from(domain)),
                _ => SigningKey::ed25519(domain),
            };
            DkimSigner::new(key, "s1", &format!("d{domain}.example"))
        })
        .collect();
    let keys: String = signers.iter().map(DkimSigner::archive_line).collect();
    fs::write(folder.join("keys.txt"), keys).expect("the keys are written");
    let mut mailbox =
        (shape == "mbox").then(|| BufWriter::new(File::create(folder.join("mail.mbox")).expect("a mailbox")));
    let (mut random, mut before) = (Random::new(7), String::new());
    for number in 0..count {
        let mut signed = signers[number % 11].sign(&letter(number, bytes, &mut before, &mut random));
        if number % 50 == 49 {
            signed = signed.replacen("the", "one", 3);
        }
        match &mut mailbox {
            Some(out) => {
                write!(out, "From x@y.example Tue Mar 02 09:15:00 2027\r\n{signed}\r\n").expect("a message");
            }
            None => {
                fs::write(folder.join(format!("Maildir/cur/{number:07}.eml")), signed).expect("a message")
            }
        }
    }
}
