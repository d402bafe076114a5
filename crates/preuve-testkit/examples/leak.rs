//! Writes an invented mailbox of any size, the same every time, message by message:
//!
//! ```text
//! cargo run --release -p preuve-testkit --example leak -- FOLDER MEGABYTES mixed|hub|viral|sender|small
//! ```
//! `FOLDER/leak.mbox` gets the mail, `FOLDER/keys.txt` the keys. Messages are of 5 to 200 KB (small ones as likely as
//! large ones in the logarithm); what is not text is base64 in attachments: pictures, texts, a table. Two in three
//! are signed. Every second message answers one of the last three hundred and quotes it; one in a hundred was
//! altered. The other shapes keep to messages of about 1 KB: `hub`, all in one thread; `viral`, all quote one paragraph;
//! `sender`, all from one person; `small`, none of these.

#![allow(clippy::expect_used, clippy::panic, reason = "a tool for benchmarks stops where it cannot go on")]
#![allow(clippy::print_stdout, reason = "a command line speaks")]

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use preuve_testkit::{DkimSigner, Random, SigningKey};

const WORDS: [&str; 64] = [
    "harbour",
    "council",
    "pilot",
    "ferry",
    "berth",
    "lamp",
    "pier",
    "salt",
    "tide",
    "vote",
    "spring",
    "ledger",
    "crane",
    "anchor",
    "quay",
    "storm",
    "letter",
    "budget",
    "minister",
    "signal",
    "rope",
    "cargo",
    "customs",
    "watch",
    "the",
    "of",
    "and",
    "to",
    "in",
    "that",
    "was",
    "for",
    "with",
    "from",
    "before",
    "after",
    "not",
    "has",
    "repaired",
    "closed",
    "opened",
    "decided",
    "asked",
    "answered",
    "moved",
    "counted",
    "paid",
    "seen",
    "said",
    "according",
    "report",
    "we",
    "they",
    "on",
    "Monday",
    "a",
    "is",
    "by",
    "will",
    "meeting",
    "contract",
    "north",
    "early",
    "late",
];
const VIRAL: &str = "Whoever forwards this paragraph to nine colleagues before the tide turns will find the ledger \
                     of the north pier balanced, and whoever breaks the chain will count the ropes alone.";
/// Signing domains; two in three messages come from one of them.
const SIGNERS: u8 = 12;
/// Messages that may still be answered.
const RECENT: usize = 300;
/// 1 March 2027, 00:00 UTC.
const BEGIN: i64 = 1_803_859_200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Mixed,
    Hub,
    Viral,
    Sender,
    Small,
}

/// What an answer needs of the message it answers.
struct Earlier {
    id: String,
    subject: String,
    references: String,
    own: String,
}

struct Maker {
    random: Random,
    shape: Shape,
    recent: VecDeque<Earlier>,
}

impl Maker {
    /// Paragraphs of about `bytes` bytes; every sentence has a number that no other has.
    fn words(&mut self, bytes: usize, number: usize) -> String {
        let mut text = String::with_capacity(bytes + 200);
        let mut sentence = 0;
        while text.len() < bytes {
            for place in 0..10 {
                text.push_str(if place == 0 { "" } else { " " });
                text.push_str(WORDS[self.random.below(WORDS.len())]);
            }
            text.push_str(&format!(" {number}.{sentence}.\r\n"));
            sentence += 1;
            if sentence % 5 == 0 {
                text.push_str("\r\n");
            }
        }
        text
    }

    /// Bytes of the whole message, small as likely as large.
    fn size(&mut self) -> usize {
        if self.shape != Shape::Mixed {
            return 600;
        }
        let power = self.random.below(1_000) as f64 / 1_000.0;
        (5_000.0 * 40f64.powf(power)) as usize
    }

    fn attachment(&mut self, bytes: usize, number: usize) -> String {
        let (kind, name, content) = match self.random.below(10) {
            0 | 1 => ("text/plain", "minutes.txt", self.words(bytes.min(20_000), number + 1).into_bytes()),
            2 => ("text/csv", "cargo.csv", self.table(bytes.min(60_000), number)),
            _ => ("image/jpeg", "scan.jpg", self.picture(bytes)),
        };
        let encoded = STANDARD.encode(content);
        let mut part = String::with_capacity(encoded.len() / 76 * 78 + 300);
        part.push_str(&format!(
            "--edge{number}\r\nContent-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; \
             filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        ));
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(76));
            part.push_str(line);
            part.push_str("\r\n");
            rest = after;
        }
        part
    }

    fn picture(&mut self, bytes: usize) -> Vec<u8> {
        let mut content = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
        while content.len() < bytes {
            content.extend_from_slice(&self.random.number().to_le_bytes());
        }
        content
    }

    fn table(&mut self, bytes: usize, number: usize) -> Vec<u8> {
        let mut content = b"berth,tons,paid\n".to_vec();
        while content.len() < bytes {
            content.extend_from_slice(
                format!("{number},{},{}\n", self.random.below(900), self.random.below(90_000)).as_bytes(),
            );
        }
        content
    }

    fn letter(&mut self, number: usize, signer: Option<u8>) -> String {
        let size = self.size();
        let own =
            self.words(if self.shape == Shape::Mixed { size.min(800 + size / 40) } else { size }, number);
        let answered = match self.shape {
            Shape::Hub if number > 0 => Some(self.recent.len() - 1),
            Shape::Mixed | Shape::Sender | Shape::Small if number % 2 == 1 => {
                Some(self.random.below(self.recent.len()))
            }
            _ => None,
        };
        let mut text = own.clone();
        if self.shape == Shape::Viral {
            text.push_str(&format!("\r\n{VIRAL}\r\n"));
        }
        let (mut subject, mut head, mut references) =
            (format!("lamp {number}"), String::new(), String::new());
        if let Some(earlier) = answered.map(|at| &self.recent[at]) {
            text.push_str("\r\nOn Monday, Person wrote:\r\n");
            earlier.own.lines().take(12).for_each(|line| text.push_str(&format!("> {line}\r\n")));
            subject = earlier.subject.clone();
            references = format!("{} <{}>", earlier.references, earlier.id).trim().to_owned();
            if references.len() > 900 {
                references = references.split_off(references.len() - 800);
                references = references.split_once(' ').map_or(String::new(), |(_, rest)| rest.to_owned());
            }
            head = format!(
                "In-Reply-To: <{}>\r\nReferences: {references}\r\nSubject: Re: {subject}\r\n",
                earlier.id
            );
        } else {
            head.push_str(&format!("Subject: {subject}\r\n"));
        }
        let person = if self.shape == Shape::Sender { 7 } else { number % 1_999 };
        let domain =
            signer.map_or(format!("u{}.example", person % 251), |signer| format!("d{signer}.example"));
        let id = format!("{number}.{}@mail.example", self.random.below(1 << 30));
        let time = jiff::Timestamp::from_second(BEGIN + number as i64 * 97).expect("a time of this world");
        let date = time.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let body = if size > text.len() + 2_000 {
            let attachment = self.attachment((size - text.len()) / 4 * 3, number);
            format!(
                "Content-Type: multipart/mixed; boundary=\"edge{number}\"\r\n\r\n--edge{number}\r\nContent-Type: \
                 text/plain; charset=utf-8\r\n\r\n{text}\r\n{attachment}--edge{number}--\r\n"
            )
        } else {
            format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}")
        };
        self.recent.push_back(Earlier { id: id.clone(), subject, references, own });
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        format!(
            "Received: from mta.{domain} by mx.harbour.example; {date}\r\nFrom: Person {person} \
             <p{person}@{domain}>\r\nTo: desk{}@harbour.example\r\n{head}Date: {date}\r\nMessage-ID: <{id}>\r\n\
             MIME-Version: 1.0\r\n{body}",
            number % 7
        )
    }
}

fn shape(name: &str) -> Shape {
    match name {
        "mixed" => Shape::Mixed,
        "hub" => Shape::Hub,
        "viral" => Shape::Viral,
        "sender" => Shape::Sender,
        "small" => Shape::Small,
        _ => panic!("mixed|hub|viral|sender|small"),
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, megabytes, name] = args.as_slice() else { panic!("FOLDER MEGABYTES SHAPE") };
    let bytes = megabytes.parse::<usize>().expect("a size") * 1_000_000;
    let folder = Path::new(folder);
    fs::create_dir_all(folder).expect("a folder");
    let signers: Vec<DkimSigner> = (0..SIGNERS)
        .map(|domain| {
            let rsa = domain % 3 == 0;
            let key = if rsa { SigningKey::rsa(2048, domain.into()) } else { SigningKey::ed25519(domain) };
            let signer = DkimSigner::new(key, "s1", &format!("d{domain}.example"));
            DkimSigner { forms: ("relaxed".to_owned(), "simple".to_owned()), ..signer }
        })
        .collect();
    let keys: String = signers.iter().map(DkimSigner::archive_line).collect();
    fs::write(folder.join("keys.txt"), keys).expect("the keys are written");
    let mut out = BufWriter::new(File::create(folder.join("leak.mbox")).expect("a mailbox"));
    let mut maker = Maker { random: Random::new(7), shape: shape(name), recent: VecDeque::new() };
    let (mut written, mut number) = (0, 0);
    while written < bytes {
        let signer = (number % 3 != 2).then_some((number / 3 % usize::from(SIGNERS)) as u8);
        let letter = maker.letter(number, signer);
        let mut message = signer.map_or(letter.clone(), |signer| signers[usize::from(signer)].sign(&letter));
        if number % 100 == 99 {
            message = message.replacen(" the ", " one ", 2);
        }
        write!(out, "From x@y.example Mon Mar 01 09:15:00 2027\r\n{message}\r\n").expect("a message");
        written += message.len();
        number += 1;
    }
    out.flush().expect("the end");
    println!("{number} messages, {written} bytes");
}
