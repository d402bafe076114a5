//! What the tests of deceitful mail share: a message, its signer, and cases with the verdict they must get.

// Each test binary uses a part of it.
#![allow(dead_code)]

use std::sync::LazyLock;

use preuve_case::{MailVerdict, MessageFinding};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_testkit::{DkimSigner, SigningKey};

pub const DOMAIN: &str = "ministry.example";
pub const MESSAGE: &str = concat!(
    "From: Nadia Orlov <nadia@ministry.example>\r\n",
    "To: Piet Haan <piet@ferry.example>\r\n",
    "Subject: The ferry contract\r\n",
    "Date: Tue, 12 Jun 2018 09:15:00 +0200\r\n",
    "Message-ID: <a1@ministry.example>\r\n",
    "MIME-Version: 1.0\r\n",
    "Content-Type: text/plain; charset=utf-8\r\n",
    "\r\n",
    "Piet,\r\n",
    "\r\n",
    "the  contract is signed on Friday.\t\r\n",
    "From then on it is yours.\r\n",
    "\r\n",
    "Nadia\r\n",
);

pub static RSA_2048: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::rsa(2048, 1));
pub static RSA_1024: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::rsa(1024, 2));
pub static RSA_512: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::rsa(512, 3));
pub static OTHER_1024: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::rsa(1024, 4));

pub fn signer() -> DkimSigner {
    DkimSigner::new(RSA_1024.clone(), "s1", DOMAIN)
}

pub fn judge_with(message: &str, archive: &str, in_mailbox: bool) -> MessageFinding {
    let mut keys = KeyArchive::default();
    assert_eq!(keys.read("keys.txt", archive.as_bytes()), []);
    verify_message(message.as_bytes(), &keys, &MailParams { in_mailbox, most_signatures: 20 })
}

/// A message, and the verdict with the reasons that must be among those given.
pub struct Case {
    pub name: &'static str,
    pub message: String,
    pub archive: String,
    pub verdict: MailVerdict,
    pub reasons: &'static [&'static str],
}

impl Case {
    pub fn new(
        name: &'static str,
        message: impl Into<String>,
        verdict: MailVerdict,
        reasons: &'static [&'static str],
    ) -> Self {
        Self { name, message: message.into(), archive: signer().archive_line(), verdict, reasons }
    }

    pub fn keys(mut self, archive: impl Into<String>) -> Self {
        self.archive = archive.into();
        self
    }
}

pub fn check(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in &cases {
        let finding = judge_with(&case.message, &case.archive, false);
        let reasons_told =
            case.reasons.iter().all(|reason| finding.reasons.iter().any(|given| given == reason));
        if finding.verdict != case.verdict || !reasons_told {
            wrong.push(format!(
                "{}: wanted {:?} {:?}, got {:?} {:?}",
                case.name, case.verdict, case.reasons, finding.verdict, finding.reasons
            ));
        }
    }
    println!("{} messages", cases.len());
    assert_eq!(wrong, Vec::<String>::new());
}

pub fn signed() -> String {
    signer().sign(MESSAGE)
}

pub fn with(change: impl FnOnce(&mut DkimSigner)) -> DkimSigner {
    let mut signer = signer();
    change(&mut signer);
    signer
}

pub fn without_header(signer: &mut DkimSigner, name: &str) {
    signer.headers.retain(|header| header != name);
}

pub fn form(header: &str, body: &str) -> DkimSigner {
    with(|signer| signer.forms = (header.into(), body.into()))
}
