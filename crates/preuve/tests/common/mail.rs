//! Invented mail whose truth is known: signed with keys made from seeds, then left alone or tampered with.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

use std::fs;
use std::io::Write;
use std::path::Path;

use preuve_testkit::{DkimSigner, SigningKey};

/// Signs for the ministry.
pub fn ministry() -> DkimSigner {
    DkimSigner::new(SigningKey::ed25519(7), "s1", "ministry.example")
}

/// Signs for the harbour.
pub fn harbour() -> DkimSigner {
    DkimSigner::new(SigningKey::ed25519(8), "mail", "harbour.example")
}

/// The key archive that goes with the mailbox; the ferry's key is not in it.
pub fn keys() -> String {
    ministry().archive_line() + &harbour().archive_line()
}

const LETTER: &str = "From: Ilse Maran <ilse@ministry.example>\r\nTo: desk@harbour.example\r\n\
Subject: Berths in the spring\r\nDate: Tue, 02 Mar 2027 09:15:00 +0100\r\nMessage-ID: <1@ministry.example>\r\n\
MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
The council has decided to close berths four to nine from the first of April.\r\n\
Nobody outside the ministry is to be told before the vote.\r\n";

const ANSWER: &str = "From: Desk <desk@harbour.example>\r\nTo: ilse@ministry.example\r\n\
Subject: Re: Berths in the spring\r\nDate: Tue, 02 Mar 2027 11:40:00 +0100\r\nMessage-ID: <2@harbour.example>\r\n\
In-Reply-To: <1@ministry.example>\r\nReferences: <1@ministry.example>\r\nMIME-Version: 1.0\r\n\
Content-Type: text/plain; charset=utf-8\r\n\r\nUnderstood, the pilots will not be told.\r\n\r\n\
> The council has decided to close berths four to nine from the first of April.\r\n\
> Nobody outside the ministry is to be told before the vote.\r\n";

const LURE: &str = "From: Ilse Maran <ilse@minlstry.example>\r\nTo: desk@harbour.example\r\n\
Subject: Re: Berths in the spring\r\nDate: Wed, 03 Mar 2027 08:01:00 +0000\r\nMessage-ID: <9@minlstry.example>\r\n\
MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
<p>Please sign in: <a href=\"https://login.tidewater.example/berths\">https://ministry.example/berths</a></p>\r\n";

/// What each message is, in the order of the mailbox: a name, its verdict, its bytes.
pub fn letters() -> Vec<(&'static str, &'static str, String)> {
    let letter = ministry().sign(LETTER);
    let ferry = DkimSigner::new(SigningKey::ed25519(9), "k", "ferry.example");
    vec![
        ("left alone", "valid", letter.clone()),
        ("left alone, an answer", "valid", harbour().sign(ANSWER)),
        ("one word of the body changed", "headers_intact_body_changed", letter.replace("to nine", "to six")),
        ("subject changed", "altered", letter.replace("in the spring", "in the autumn")),
        ("never signed", "unsigned", LURE.to_owned()),
        (
            "signed with a key nobody kept",
            "key_unknown",
            ferry.sign(&LETTER.replace("ministry.example", "ferry.example")),
        ),
    ]
}

/// A mailbox of `letters`.
pub fn mailbox<'l>(letters: impl IntoIterator<Item = &'l str>) -> String {
    letters
        .into_iter()
        .map(|letter| format!("From x@y.example Tue Mar 02 09:15:00 2027\r\n{letter}\r\n"))
        .collect()
}

/// Lay the mailbox and its keys out in `folder`.
pub fn lay_out(folder: &Path) {
    fs::create_dir_all(folder.join("material")).unwrap();
    let letters = letters();
    fs::write(folder.join("material/leak.mbox"), mailbox(letters.iter().map(|letter| letter.2.as_str())))
        .unwrap();
    fs::write(folder.join("keys.txt"), keys()).unwrap();
}

/// A mailbox of `count` signed messages of some `kilobytes`, at `path`.
pub fn write_large(path: &Path, count: usize, kilobytes: usize) {
    let signer = ministry();
    let mut out = std::io::BufWriter::new(fs::File::create(path).unwrap());
    for number in 0..count {
        let line =
            format!("The lamp at pier {number} was repaired on the day of the {number}th complaint.\r\n");
        let mut body = String::new();
        while body.len() < kilobytes * 1024 {
            body.push_str(&format!("{} {line}", body.len()));
        }
        let answered = number
            .checked_sub(1)
            .map_or(String::new(), |before| format!("In-Reply-To: <{before}@ministry.example>\r\n"));
        let letter = format!(
            "From: Ilse Maran <ilse@ministry.example>\r\nTo: desk@harbour.example\r\nSubject: Lamp {}\r\n\
             Date: Tue, 02 Mar 2027 09:{:02}:00 +0100\r\nMessage-ID: <{number}@ministry.example>\r\n{answered}\
             MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{body}",
            number / 10,
            number % 60
        );
        out.write_all(mailbox([signer.sign(&letter).as_str()]).as_bytes()).unwrap();
    }
    out.flush().unwrap();
}

/// Signs for the ferry with a key that nobody kept.
pub fn lost() -> DkimSigner {
    DkimSigner::new(SigningKey::rsa_with_exponent(1024, 5, 3), "old", "ferry.example")
}

/// Messages for that key to sign.
pub fn lost_letters() -> Vec<String> {
    (0..3)
        .map(|number| {
            LETTER
                .replace("ministry.example", "ferry.example")
                .replace("berths four", &format!("berths {number}"))
                .replace("<1@", &format!("<{number}@"))
        })
        .collect()
}
