//! A planted mailbox: invented people write to one another, their mail is signed with keys made on the spot, some of
//! it is tampered with, some keys are lost. Verdicts, digests and observations are the engines' own.

use std::borrow::Cow;
use std::sync::LazyLock;

use preuve_case::{ItemId, MailThread, MailVerdict, MessageDigest, MessageFinding, MessageRef, Observation};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_examine::correspondence::{self, CorrespondenceParams, DigestParams, digest_message};
use preuve_examine::lures::{Acquaintances, LureParams};
use preuve_report::{LoadError, MailMessage, Messages};
use preuve_testkit::{DkimSigner, SigningKey};

/// One message with all that is known of it.
pub struct Planted {
    pub bytes: Option<Vec<u8>>,
    pub digest: MessageDigest,
    pub finding: MessageFinding,
    pub observations: Vec<Observation>,
    pub thread: Option<usize>,
    pub seen_at: Vec<MessageRef>,
}

/// The mailbox.
#[derive(Default)]
pub struct Mailbox {
    pub messages: Vec<Planted>,
    pub threads: Vec<MailThread>,
}

impl Messages for Mailbox {
    fn count(&self) -> usize {
        self.messages.len()
    }

    fn message(&self, index: usize) -> Result<MailMessage<'_>, LoadError> {
        let planted = self.messages.get(index).ok_or("no such message")?;
        Ok(MailMessage {
            digest: Cow::Borrowed(&planted.digest),
            finding: Cow::Borrowed(&planted.finding),
            observations: Cow::Borrowed(&planted.observations),
            thread: planted.thread.map(|thread| Cow::Borrowed(&self.threads[thread])),
            seen_at: Cow::Borrowed(&planted.seen_at),
        })
    }

    fn original(&self, index: usize) -> Result<Option<Cow<'_, [u8]>>, LoadError> {
        let planted = self.messages.get(index).ok_or("no such message")?;
        Ok(planted.bytes.as_deref().map(Cow::Borrowed))
    }
}

/// How to write a message, before it is signed.
#[derive(Clone)]
pub struct Letter<'l> {
    pub from: (&'l str, &'l str),
    pub to: (&'l str, &'l str),
    pub subject: &'l str,
    /// Year, month, day, hour, minute; the zone is +0200.
    pub date: [i32; 5],
    pub body: &'l str,
    /// Content type, and fields of their own lines.
    pub kind: &'l str,
    pub answers: Option<usize>,
    /// The message whose number it bears, where that is not its own.
    pub same_as: Option<usize>,
    /// A message that it names and that is nowhere.
    pub lost: &'l str,
}

impl Letter<'_> {
    fn raw(&self, number: usize, answers: Option<&str>) -> String {
        let [year, month, day, hour, minute] = self.date;
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months[usize::try_from(month - 1).unwrap()];
        let domain = self.from.1.rsplit('@').next().unwrap_or("nowhere.example");
        let lost = if self.lost.is_empty() { String::new() } else { format!("<{}> ", self.lost) };
        let reply = answers
            .map(|id| format!("In-Reply-To: <{id}>\r\nReferences: {lost}<{id}>\r\n"))
            .unwrap_or_default();
        format!(
            "From: {} <{}>\r\nTo: {} <{}>\r\nSubject: {}\r\nDate: {day} {month} {year} {hour:02}:{minute:02}:00 +0200\r\n\
             Message-ID: <{number}@{domain}>\r\n{reply}MIME-Version: 1.0\r\nContent-Type: {}\r\n\r\n{}",
            self.from.0,
            self.from.1,
            self.to.0,
            self.to.1,
            self.subject,
            self.kind,
            self.body.replace('\n', "\r\n"),
        )
    }
}

/// Keys of the senders, and the archive that holds some of them.
pub struct Keys {
    rsa: SigningKey,
    curve: SigningKey,
    archive: KeyArchive,
}

impl Keys {
    pub fn new() -> Self {
        let rsa = SigningKey::rsa(1024, 11);
        let curve = SigningKey::ed25519(7);
        let mut archive = KeyArchive::default();
        for (selector, domain) in
            [("s2015", "civicunion.example"), ("k1", "harbour-post.example"), ("list", "lists.example")]
        {
            let line = DkimSigner::new(rsa.clone(), selector, domain).archive_line();
            assert!(archive.read("keys/registrar-dump-2016.txt", line.as_bytes()).is_empty());
        }
        let line = DkimSigner::new(curve.clone(), "ed", "ministry.example").archive_line();
        assert!(archive.read("keys/registrar-dump-2016.txt", line.as_bytes()).is_empty());
        Self { rsa, curve, archive }
    }

    /// The signer of a sender's domain; the keys of `ferry.example` and `palisade.example` are lost.
    pub fn signer(&self, address: &str) -> DkimSigner {
        let domain = address.rsplit('@').next().unwrap_or_default();
        match domain {
            "ministry.example" => DkimSigner::new(self.curve.clone(), "ed", domain),
            "civicunion.example" => DkimSigner::new(self.rsa.clone(), "s2015", domain),
            "ferry.example" => DkimSigner::new(self.rsa.clone(), "fer2014", domain),
            _ => DkimSigner::new(self.rsa.clone(), "k1", domain),
        }
    }
}

/// How a message comes into the mailbox.
pub enum Fate {
    Signed,
    With(fn(&mut DkimSigner)),
    Unsigned,
    /// Signed, then changed: from, to.
    Changed(&'static str, &'static str),
    /// Signed with a signer made so, then changed.
    Both(fn(&mut DkimSigner), &'static str, &'static str),
    /// The bytes are gone.
    NoBytes,
}

impl Mailbox {
    pub fn add(&mut self, keys: &Keys, letter: &Letter<'_>, fate: &Fate) -> usize {
        let number = self.messages.len();
        let answers = letter.answers.and_then(|at| self.messages[at].digest.message_id.clone());
        let raw = letter.raw(letter.same_as.unwrap_or(number), answers.as_deref());
        let mut signer = keys.signer(letter.from.1);
        let sign = |signer: &DkimSigner| signer.sign(&raw);
        let changed = |signed: String, from: &str, to: &str| {
            assert!(signed.contains(from), "{from}");
            signed.replacen(from, to, 1)
        };
        let text = match fate {
            Fate::Signed => sign(&signer),
            Fate::With(make) => {
                make(&mut signer);
                sign(&signer)
            }
            Fate::Unsigned | Fate::NoBytes => raw.clone(),
            Fate::Changed(from, to) => changed(sign(&signer), from, to),
            Fate::Both(make, from, to) => {
                make(&mut signer);
                changed(sign(&signer), from, to)
            }
        };
        let bytes = text.into_bytes();
        let params = MailParams { in_mailbox: true, most_signatures: 20 };
        let mut finding = verify_message(&bytes, &keys.archive, &params);
        let gone = matches!(fate, Fate::NoBytes);
        if gone {
            finding.verdict = MailVerdict::UnverifiableFormat;
            finding.checks.clear();
        }
        let path = if gone { "leak/archive.pst" } else { "leak/inbox.mbox" };
        let at = MessageRef { path: path.into(), index: number as u64, id: ItemId::of(&bytes) };
        let digest = digest_message(&bytes, at, &DIGEST);
        let bytes = (!gone).then_some(bytes);
        self.messages.push(Planted {
            bytes,
            digest,
            finding,
            observations: Vec::new(),
            thread: None,
            seen_at: Vec::new(),
        });
        number
    }

    /// Hold the messages against one another; `again` was seen in a second place, too.
    fn examine(&mut self, again: usize) {
        let mut mailbox = correspondence::Mailbox::new(CORRESPONDENCE);
        let mut acquaintances = Acquaintances::new(LURES);
        for planted in &self.messages {
            mailbox.learn(&planted.digest, planted.finding.verdict);
            acquaintances.learn(&planted.digest, planted.finding.verdict);
        }
        let mut copy = self.messages[again].digest.clone();
        copy.at = MessageRef { path: "second-leak/sent.zip!/sent.mbox".into(), index: 311, id: copy.at.id };
        mailbox.learn(&copy, self.messages[again].finding.verdict);
        let (settled, circle) = (mailbox.settle(), acquaintances.settle());
        for planted in &mut self.messages {
            planted.observations = settled.observe(&planted.digest, &planted.finding);
            planted.observations.extend(circle.observe(&planted.digest, planted.finding.verdict));
            planted.seen_at = settled.seen_at(&planted.digest);
            planted.seen_at.retain(|at| *at != planted.digest.at);
        }
        self.threads = settled.threads();
        for (number, thread) in self.threads.iter().enumerate() {
            for planted in &mut self.messages {
                if thread.members.iter().any(|member| member.id == planted.digest.at.id) {
                    planted.thread = Some(number);
                }
            }
        }
    }
}

const DIGEST: DigestParams = DigestParams {
    most_lines: 400,
    most_links: 100,
    most_parts: 200,
    most_hops: 50,
    most_names: 100,
    most_text_bytes: 1 << 20,
};
const CORRESPONDENCE: CorrespondenceParams = CorrespondenceParams {
    most_letters: 200_000,
    most_lines: 100_000,
    formula_letters: 4,
    least_letters: 12,
    least_found: 40,
    most_others: 5,
    skew_seconds: 300,
};
const LURES: LureParams = LureParams {
    most_keys: 50_000,
    most_people: 5_000,
    most_domains: 5_000,
    most_links: 100,
    known_messages: 3,
    known_days: 14,
    fresh_days: 7,
    habit_messages: 4,
    mailbox_messages: 30,
};

/// A page whose link shows one address and leads to another, and a file that is not what it is called.
const LURE: &str = "--cut\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>Your password expires <b>today</b>.</p><p><a href=\"https://civicunlon.example/login?u=nadia\">https://civicunion.example/account</a></p></body></html>\n--cut\nContent-Type: application/pdf; name=\"Invoice.pdf\"\nContent-Disposition: attachment; filename=\"Invoice.pdf\"\nContent-Transfer-Encoding: base64\n\nUEsDBBQAAAAIAAAAIQCsKjDYDAAAAAoAAAAFAAAAYS50eHQ=\n--cut--\n";
const PLAIN: &str = "text/plain; charset=utf-8";
const CONTRACT: &str = "Piet,\n\nthe contract for the ferry is signed on Friday. The figure is 4.2 million, as agreed.\nPlease keep this between us until the council has met.\n\nNadia\n";

/// The mailbox of the example: one of every verdict and much ordinary mail.
pub fn mailbox() -> Mailbox {
    static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);
    let keys = &*KEYS;
    let mut mailbox = Mailbox::default();
    ordinary(&mut mailbox, keys);
    let first = mailbox.messages.len();
    remarkable(&mut mailbox, keys);
    mailbox.examine(first);
    mailbox
}

/// Ordinary mail over ten months.
fn ordinary(mailbox: &mut Mailbox, keys: &Keys) {
    let senders = [
        ("Nadia Orlov", "nadia@ministry.example", 3),
        ("Tom Weller", "t.weller@civicunion.example", 4),
        ("Harbour Post", "news@harbour-post.example", 3),
        ("Piet Haan", "piet@ferry.example", 2),
        ("Palisade Security", "alerts@palisade.example", 1),
        ("Ida Brandt", "ida@brandt.example", 1),
    ];
    for month in 1..=10 {
        for (at, (name, address, many)) in senders.iter().enumerate() {
            let many = (many + (month as usize * 7 + at * 3) % 4) * usize::from(!(month == 5 && at > 2));
            for number in 0..many {
                let letter = Letter {
                    from: (name, address),
                    to: ("Desk", "desk@civicunion.example"),
                    subject: [
                        "Notes from the meeting",
                        "Re: schedule",
                        "Weekly figures",
                        "Lunch on Thursday?",
                    ][number % 4],
                    date: [2016, month, 1 + (number as i32 * 5 + at as i32) % 28, 8 + number as i32 % 9, 15],
                    body: "Dear all,\n\nthe notes are below. Tell me what is missing.\n\nBest,\n",
                    kind: PLAIN,
                    answers: None,
                    same_as: None,
                    lost: "",
                };
                let fate = if *address == "ida@brandt.example" { Fate::Unsigned } else { Fate::Signed };
                mailbox.add(keys, &letter, &fate);
            }
        }
    }
}

/// One message of each other verdict.
fn remarkable(mailbox: &mut Mailbox, keys: &Keys) {
    let nadia = ("Nadia Orlov", "nadia@ministry.example");
    let tom = ("Tom Weller", "t.weller@civicunion.example");
    let piet = ("Piet Haan", "piet@ferry.example");
    let letter = |from, to, subject, day: i32, body| Letter {
        from,
        to,
        subject,
        date: [2016, 9, day, 9, 15],
        body,
        kind: PLAIN,
        answers: None,
        same_as: None,
        lost: "",
    };
    let contract = letter(nadia, piet, "The ferry contract", 12, CONTRACT);
    let first = mailbox.add(keys, &contract, &Fate::Signed);
    let answer = Letter {
        answers: Some(first),
        lost: "lost-0911@ferry.example",
        ..letter(
            piet,
            nadia,
            "Re: The ferry contract",
            13,
            "Agreed.\n\n> The figure is 4.2 million, as agreed.\n",
        )
    };
    mailbox.add(keys, &answer, &Fate::Signed);
    let copy = Letter { same_as: Some(first), ..contract.clone() };
    mailbox.add(keys, &copy, &Fate::Changed("4.2 million", "9.8 million"));
    mailbox.add(
        keys,
        &letter(tom, piet, "Schedule of the visit", 14, CONTRACT),
        &Fate::Changed("Schedule of the visit", "Cash for the visit"),
    );
    mailbox.add(
        keys,
        &letter(tom, nadia, "Minutes", 15, "The council approved the plan.\n"),
        &Fate::Both(
            |signer| signer.length = Some(32),
            "approved the plan.\r\n",
            "approved the plan.\r\nIt also approved the secret payment of 2 million.\r\n",
        ),
    );
    mailbox.add(
        keys,
        &letter(tom, nadia, "Harmless", 16, "See you tomorrow.\n"),
        &Fate::Both(
            |signer| signer.headers.retain(|name| name != "subject"),
            "Subject: Harmless",
            "Subject: About the bribe",
        ),
    );
    mailbox.add(
        keys,
        &letter(("Port list", "port@members.example"), nadia, "[port] Tides", 17, "High water at nine.\n"),
        &Fate::With(|signer| {
            signer.domain = "lists.example".into();
            signer.selector = "list".into();
        }),
    );
    mailbox.add(
        keys,
        &letter(tom, piet, "Old gateway", 18, "Sent through the old gateway.\n"),
        &Fate::With(|signer| signer.algorithm = "rsa-sha1".into()),
    );
    mailbox.add(
        keys,
        &letter(tom, piet, "Broken seal", 19, "The gateway wrote this.\n"),
        &Fate::Changed("v=1;", "v=9;"),
    );
    mailbox.add(
        keys,
        &letter(piet, nadia, "From the old archive", 20, "Kept in the office archive.\n"),
        &Fate::NoBytes,
    );
    let lure = Letter {
        kind: "multipart/mixed; boundary=\"cut\"",
        ..letter(
            ("Tom Weller (t.weller@civicunion.example)", "security@civicunlon.example"),
            nadia,
            "=?utf-8?Q?Re=3A_Votre_mot_de_passe_expire_aujourd=E2=80=99hui?=",
            21,
            LURE,
        )
    };
    mailbox.add(keys, &lure, &Fate::Unsigned);
}
