//! A planted mailbox: invented people write to one another, their mail is signed with keys made on the spot, some of
//! it is tampered with, some keys are lost. The verdicts are the engine's own; the observations are written down as
//! the engines would give them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use preuve_case::{
    Address, CheckOutcome, ItemId, MailThread, MailVerdict, MessageDigest, MessageFinding, MessageRef,
    Observation, ObservationKind, PartDigest, ShownLink,
};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
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
}

impl Letter<'_> {
    fn raw(&self, number: usize, answers: Option<&str>) -> String {
        let [year, month, day, hour, minute] = self.date;
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months[usize::try_from(month - 1).unwrap()];
        let domain = self.from.1.rsplit('@').next().unwrap_or("nowhere.example");
        let reply =
            answers.map(|id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n")).unwrap_or_default();
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

    fn seconds(&self) -> i64 {
        let [year, month, day, hour, minute] = self.date.map(|part| i8::try_from(part).unwrap_or(0));
        let _ = year;
        let date = jiff::civil::date(i16::try_from(self.date[0]).unwrap(), month, day);
        date.at(hour, minute, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second() - 7_200
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
        let raw = letter.raw(number, answers.as_deref());
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
        let digest = digest(letter, at, &finding, answers);
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

    /// Make the thread of `members`, where messages called `missing` are not at hand.
    pub fn thread(&mut self, members: &[usize], missing: &[&str]) {
        let thread = MailThread {
            members: members.iter().map(|&at| self.messages[at].digest.at.clone()).collect(),
            missing: missing.iter().map(|&id| id.to_owned()).collect(),
        };
        for &at in members {
            self.messages[at].thread = Some(self.threads.len());
        }
        self.threads.push(thread);
    }

    pub fn observe(
        &mut self,
        at: usize,
        kind: ObservationKind,
        (name, outcome): (&str, CheckOutcome),
        note: &str,
        others: &[usize],
    ) {
        let others = others.iter().map(|&other| self.messages[other].digest.at.clone()).collect();
        self.messages[at].observations.push(Observation {
            kind,
            name: name.into(),
            outcome,
            bytes: vec![(0, 40)],
            others,
            facts: BTreeMap::new(),
            note: note.into(),
        });
    }
}

fn digest(
    letter: &Letter<'_>,
    at: MessageRef,
    finding: &MessageFinding,
    answers: Option<String>,
) -> MessageDigest {
    let address = |(name, address): (&str, &str)| {
        vec![Address { name: (!name.is_empty()).then(|| name.to_owned()), address: address.to_owned() }]
    };
    MessageDigest {
        message_id: finding.message_id.clone(),
        date: Some(letter.seconds()),
        zone_minutes: Some(120),
        from: address(letter.from),
        reply_to: Vec::new(),
        to: address(letter.to),
        subject: finding.subject.clone(),
        in_reply_to: answers.clone().into_iter().collect(),
        references: answers.into_iter().collect(),
        received: Vec::new(),
        client: None,
        links: Vec::new(),
        parts: Vec::new(),
        structure: Vec::new(),
        own_lines: Vec::new(),
        quoted_lines: Vec::new(),
        at,
    }
}

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
    observations(&mut mailbox, first);
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
    };
    let contract = letter(nadia, piet, "The ferry contract", 12, CONTRACT);
    let first = mailbox.add(keys, &contract, &Fate::Signed);
    let answer = Letter {
        answers: Some(first),
        ..letter(
            piet,
            nadia,
            "Re: The ferry contract",
            13,
            "Agreed.\n\n> The figure is 4.2 million, as agreed.\n",
        )
    };
    mailbox.add(keys, &answer, &Fate::Signed);
    mailbox.add(keys, &contract, &Fate::Changed("4.2 million", "9.8 million"));
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
        kind: "text/html; charset=utf-8",
        ..letter(
            ("Tom Weller (t.weller@civicunion.example)", "security@civicunlon.example"),
            nadia,
            "=?utf-8?Q?Re=3A_Votre_mot_de_passe_expire_aujourd=E2=80=99hui?=",
            21,
            "<html><body><p>Your password expires <b>today</b>.</p><p><a href=\"https://civicunlon.example/login?u=nadia\">https://civicunion.example/account</a></p></body></html>\n",
        )
    };
    let at = mailbox.add(keys, &lure, &Fate::Unsigned);
    let digest = &mut mailbox.messages[at].digest;
    digest.links = vec![ShownLink {
        shown: Some("https://civicunion.example/account".into()),
        target: "https://civicunlon.example/login?u=nadia".into(),
        bytes: None,
    }];
    digest.parts = vec![PartDigest {
        declared: Some("application/pdf".into()),
        sniffed: Some("application/zip".into()),
        name: Some("Invoice.pdf".into()),
        len: 48_213,
        id: ItemId::of(b"invoice"),
        bytes: (900, 1_200),
    }];
}

/// What the engines would notice; `first` is the first remarkable message.
fn observations(mailbox: &mut Mailbox, first: usize) {
    use CheckOutcome::{Fail, Note, Pass};
    use ObservationKind::{Corroboration, Lure, Route, Structure, Thread, Time};
    let (original, answer, forged, lure) = (first, first + 1, first + 2, first + 10);
    let told = "the line `The figure is 4.2 million, as agreed.` stands quoted in another message";
    mailbox.observe(original, Corroboration, ("corroboration.quoted_by", Pass), told, &[answer]);
    let told =
        "the words quoted in `Re: The ferry contract` say 4.2 million where this message says 9.8 million";
    mailbox.observe(forged, Corroboration, ("corroboration.quote_differs", Fail), told, &[answer, original]);
    mailbox.observe(
        forged,
        Time,
        ("time.date_after_first_hop", Fail),
        "`Date` lies 3 h 12 min after the first server took the message",
        &[],
    );
    mailbox.observe(forged, Route, ("route.zones", Note), "the hops name zones +0200 and +0800", &[]);
    mailbox.observe(
        lure,
        Lure,
        ("lure.domain_confusable", Fail),
        "`civicunlon[.]example` looks like `civicunion[.]example`, which occurs in 46 messages",
        &[],
    );
    mailbox.observe(
        lure,
        Lure,
        ("lure.link_shows_other", Fail),
        "a link shows `civicunion[.]example` and leads to `civicunlon[.]example`",
        &[],
    );
    mailbox.observe(
        lure,
        Thread,
        ("thread.reply_to_nothing", Note),
        "the subject says `Re:` and nothing in the mailbox is answered by it",
        &[],
    );
    mailbox.observe(
        lure,
        Structure,
        ("structure.declared_type", Fail),
        "`Invoice.pdf` is declared `application/pdf` and is a ZIP archive",
        &[],
    );
    mailbox.messages[answer].digest.references.insert(0, "lost-0911@ferry.example".into());
    mailbox.thread(&[original, forged, answer], &["lost-0911@ferry.example"]);
    mailbox.messages[original].seen_at = vec![MessageRef {
        path: "second-leak/sent.zip!/sent.mbox".into(),
        index: 311,
        id: mailbox.messages[original].digest.at.id,
    }];
}
