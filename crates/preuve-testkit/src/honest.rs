//! Honest mail: what signers send, in every form that the standards allow.

use std::sync::LazyLock;

use crate::{DkimSigner, Random, SigningKey};

const DOMAIN: &str = "harbour.example";
static KEYS: LazyLock<[SigningKey; 3]> =
    LazyLock::new(|| [SigningKey::rsa(1024, 11), SigningKey::rsa(2048, 12), SigningKey::ed25519(13)]);

const WORDS: [&str; 16] = [
    "the", "ferry", "contract", "signed", "minister", "on", "Friday", "with", "piers", "and", "cranes",
    "report", "crane=20", "été", "déjà", ".",
];

/// Mail of one signer.
#[derive(Debug, Clone)]
pub struct HonestMail {
    signer: DkimSigner,
}

impl HonestMail {
    /// As most servers sign: RSA-2048, SHA-256, relaxed twice.
    pub fn usual() -> Self {
        Self { signer: DkimSigner::new(KEYS[1].clone(), "s1", DOMAIN) }
    }

    /// Its key, as a line of a key archive.
    pub fn archive_line(&self) -> String {
        self.signer.archive_line()
    }

    /// Message number `index`, of about `bytes` bytes.
    pub fn message(&self, index: u64, bytes: usize) -> String {
        let random = &mut Random::new(index);
        let mut body = String::with_capacity(bytes + 80);
        while body.len() < bytes.saturating_sub(1_200) {
            body.push_str(&line(random, 12));
            body.push_str("\r\n");
        }
        self.signer.sign(&format!("{}\r\n{body}", header(index, "", "7bit")))
    }

    /// A message of random key, canonicalisation, folding and body, CRLF throughout, and the archive of its key.
    pub fn any(seed: u64) -> (String, String) {
        let random = &mut Random::new(seed);
        let mut signer = DkimSigner::new(KEYS[random.below(KEYS.len())].clone(), "s1", DOMAIN);
        let mut form = || if random.once_in(2) { "simple" } else { "relaxed" }.to_owned();
        signer.forms = (form(), form());
        if random.once_in(3) {
            signer.headers.extend(["from".to_owned(), "subject".to_owned(), "reply-to".to_owned()]);
        }
        if random.once_in(4) {
            signer.more_tags = format!("t={}; i=@{DOMAIN}", 1_528_787_700 + seed);
        }
        let mut header = header(seed, "Cc: Ines <ines@ferry.example>\r\n", "8bit");
        for _ in 0..random.below(6) {
            header = fold(&header, random);
        }
        let mut body = String::new();
        for _ in 0..random.below(30) {
            body.push_str(&line(random, 14));
            body.push_str(["", " ", "\t ", "  "][random.below(4)]);
            body.push_str("\r\n");
        }
        body.push_str(&"\r\n".repeat(random.below(4)));
        (signer.sign(&format!("{header}\r\n{body}")), signer.archive_line())
    }
}

fn header(index: u64, more: &str, encoding: &str) -> String {
    format!(
        "From: Nadia Orlov <nadia@{DOMAIN}>\r\nTo: Piet Haan <piet@ferry.example>\r\n{more}\
         Subject: The ferry contract, part {index}\r\nDate: Tue, 12 Jun 2018 09:15:00 +0200\r\n\
         Message-ID: <{index}.a1@{DOMAIN}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n"
    )
    .replace("Content-Transfer-Encoding: 7bit\r\n", "")
}

fn line(random: &mut Random, words: usize) -> String {
    let gap =
        |random: &mut Random| ["", " ", "  ", "\t"][random.below(4).max(usize::from(random.once_in(3)))];
    (0..random.below(words)).map(|_| format!("{}{}", WORDS[random.below(WORDS.len())], gap(random))).collect()
}

/// Break one field, at a space that stands between two words.
fn fold(header: &str, random: &mut Random) -> String {
    let spaces: Vec<usize> = header
        .match_indices(' ')
        .map(|(at, _)| at)
        .filter(|&at| {
            !header[..at].ends_with([' ', '\t', '\n', ':']) && !header[at + 1..].starts_with([' ', '\r'])
        })
        .collect();
    let Some(&at) = spaces.get(random.below(spaces.len())) else { return header.to_owned() };
    let white = [" ", "\t", "  ", " \t"][random.below(4)];
    format!("{}\r\n{white}{}", &header[..at], &header[at + 1..])
}
