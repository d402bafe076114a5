//! A planted mailbox: the invented correspondence of five houses over some months, signed as each house signs,
//! with forgeries of known kinds among it. What is honest and what is not, and what must be noticed, is known.

use std::collections::BTreeMap;

use preuve_case::MailVerdict;

use crate::corpus::{Random, sentence};
use crate::dkim::{DkimSigner, SigningKey};
use crate::mail_render::{Letter, Person, Style, mail_date};

/// What to plant.
#[derive(Debug, Clone, Copy)]
pub struct MailPlan {
    /// Threads; about three and a half messages each, copies not counted.
    pub threads: usize,
    /// One thread in so many holds a forgery.
    pub forged_one_in: usize,
    /// The same seed gives the same mailbox.
    pub seed: u64,
}

/// How a message was forged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Forgery {
    /// A number in the body of a signed message changed.
    BodyChanged,
    /// A number in a message of a house that does not sign changed; it was answered before.
    UnsignedChanged,
    /// Subject of a signed message changed.
    SubjectChanged,
    /// Date of a signed message moved ten days on.
    DateMoved,
    /// Signature of another message put on top.
    SignatureLifted,
    /// Words added behind what `l=` covers.
    AddedBehindLength,
    /// Subject left out of the signature and changed.
    SubjectUncovered,
    /// A message in somebody's name, made elsewhere.
    MadeElsewhere,
    /// A second message of a genuine one's `Message-ID`.
    SameId,
    /// An answer that quotes what was never written.
    HistoryInvented,
    /// An answer that quotes a changed number.
    QuoteChanged,
    /// An answer dated before what it answers.
    AnswersBefore,
    /// Date with the day of the week of another date.
    Weekday,
    /// A `Message-ID` that bears another month.
    IdTime,
    /// `Received` times that go backwards.
    HopsBackwards,
    /// An attachment that is not what it is called.
    TypeLie,
    /// Text and page with different numbers.
    TwoTexts,
}

const FORGERIES: [Forgery; 17] = [
    Forgery::BodyChanged,
    Forgery::UnsignedChanged,
    Forgery::SubjectChanged,
    Forgery::DateMoved,
    Forgery::SignatureLifted,
    Forgery::AddedBehindLength,
    Forgery::SubjectUncovered,
    Forgery::MadeElsewhere,
    Forgery::SameId,
    Forgery::HistoryInvented,
    Forgery::QuoteChanged,
    Forgery::AnswersBefore,
    Forgery::Weekday,
    Forgery::IdTime,
    Forgery::HopsBackwards,
    Forgery::TypeLie,
    Forgery::TwoTexts,
];

/// A message with its truth.
#[derive(Debug, Clone)]
pub struct PlantedMail {
    /// Mailbox it stands in.
    pub path: String,
    /// Its number there.
    pub index: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How it was forged, where it was.
    pub forgery: Option<Forgery>,
    /// The verdict it must get.
    pub verdict: MailVerdict,
    /// Observations that must be made of it.
    pub must: Vec<&'static str>,
    /// Observations that are right where the other mail of the sender allows them.
    pub may: Vec<&'static str>,
}

/// The mailbox and the keys that were published.
#[derive(Debug, Clone)]
pub struct PlantedMailbox {
    /// All messages, mailbox by mailbox.
    pub messages: Vec<PlantedMail>,
    /// Lines of a key archive; one house that signs is missing.
    pub keys: String,
}

const HOUSES: [&str; 5] =
    ["ministry.example", "ferry.example", "bank.example", "daily.example", "port.example"];
/// The house whose key nobody kept, and the house that does not sign.
const KEY_LOST: usize = 3;
const UNSIGNED: usize = 4;
const ZONES: [i32; 5] = [120, 60, -300, 0, 120];
const PEOPLE: [(&str, &str, usize); 12] = [
    ("Nadia Orlov", "nadia.orlov@ministry.example", 0),
    ("Ruben Castel", "ruben.castel@ministry.example", 0),
    ("Ilse Brandt", "ilse.brandt@ministry.example", 0),
    ("Piet Haan", "piet.haan@ferry.example", 1),
    ("Mara Quint", "mara.quint@ferry.example", 1),
    ("Jonas Vell", "jonas.vell@bank.example", 2),
    ("Lucia Ferro", "lucia.ferro@bank.example", 2),
    ("Henri Sauvage", "henri.sauvage@daily.example", 3),
    ("Olga Temko", "olga.temko@daily.example", 3),
    ("Tomas Rey", "tomas.rey@port.example", 4),
    ("Anna Lund", "anna.lund@port.example", 4),
    ("Boris Weg", "boris.weg@port.example", 4),
];
/// First moment of the correspondence: 5 March 2018, 08:00 UTC.
const BEGIN: i64 = 1_520_236_800;
const DAY: i64 = 86_400;

fn person(at: usize) -> Person {
    let (name, address, house) = PEOPLE[at];
    Person { name, address, house }
}

/// A letter on its way into the mailbox.
struct Post {
    letter: Letter,
    /// Place in the thread of the letter it answers.
    answers: Option<usize>,
}

struct Maker {
    random: Random,
    signers: Vec<DkimSigner>,
    boxes: BTreeMap<String, Vec<PlantedMail>>,
    number: usize,
    planted: BTreeMap<Forgery, usize>,
}

/// Plant a mailbox.
pub fn planted_mailbox(plan: &MailPlan) -> PlantedMailbox {
    let keys = [
        SigningKey::rsa(2048, 11),
        SigningKey::ed25519(12),
        SigningKey::rsa(1024, 13),
        SigningKey::ed25519(14),
    ];
    let signers: Vec<DkimSigner> =
        keys.into_iter().zip(HOUSES).map(|(key, house)| DkimSigner::new(key, "s1", house)).collect();
    let published = signers
        .iter()
        .enumerate()
        .filter(|(house, _)| *house != KEY_LOST)
        .map(|(house, s)| published(house, s))
        .collect();
    let mut maker = Maker {
        random: Random::new(plan.seed),
        signers,
        boxes: BTreeMap::new(),
        number: 10_000,
        planted: BTreeMap::new(),
    };
    for at in 0..plan.threads {
        let thread = maker.thread(at);
        let forged = (at + 1).is_multiple_of(plan.forged_one_in);
        maker.post(&thread, forged);
    }
    let mut messages: Vec<PlantedMail> = maker.boxes.into_values().flatten().collect();
    messages.iter_mut().for_each(|mail| mail.must.sort_unstable());
    PlantedMailbox { messages, keys: published }
}

/// A line of the key archive. One house's key was seen all year, one house's only at first; the rest does not say.
fn published(house: usize, signer: &DkimSigner) -> String {
    let window = match house {
        0 => "\"first_seen\": \"2018-01-02\", \"last_seen\": \"2018-12-30\"",
        1 => "\"first_seen\": \"2018-01-02\", \"last_seen\": \"2018-03-20\"",
        _ => return signer.archive_line(),
    };
    let (name, txt) = (format!("{}._domainkey.{}", signer.selector, signer.domain), signer.key.record());
    format!("{{\"name\": \"{name}\", \"txt\": \"{txt}\", \"origin\": \"a crawl\", {window}}}\n")
}

/// What became of a letter of a thread.
#[derive(Clone)]
struct Fate {
    forgery: Option<Forgery>,
    verdict: MailVerdict,
    must: Vec<&'static str>,
    /// The message as it is delivered, without the way it took.
    text: String,
    /// `Received` fields.
    way: String,
    /// Whether the sender keeps a copy.
    kept: bool,
}

impl Maker {
    fn sentences(&mut self) -> Vec<String> {
        let count = 3 + self.random.below(4);
        (0..count)
            .map(|_| {
                self.number += 1;
                let words = sentence(&mut self.random);
                format!("{} for {} crowns.", words.trim_end_matches('.'), self.number)
            })
            .collect()
    }

    fn id(&mut self, house: usize, date: i64) -> String {
        let token = self.random.number();
        match house {
            // Two houses write the time into their ids, the others do not.
            0 => format!("{}.{:08x}@{}", stamp(date), token as u32, HOUSES[house]),
            2 => format!("{}.{}.{}000@{}", token % 9_000, token % 77, date, HOUSES[house]),
            _ => format!("{token:016x}@{}", HOUSES[house]),
        }
    }

    fn thread(&mut self, at: usize) -> Vec<Post> {
        let first = self.random.below(PEOPLE.len());
        let mut second = self.random.below(PEOPLE.len());
        while person(second).house == person(first).house {
            second = (second + 1) % PEOPLE.len();
        }
        let mut date =
            BEGIN + (at as i64 * 5 + self.random.below(4) as i64) * 3_600 + self.random.below(3_000) as i64;
        let subject = {
            let words = sentence(&mut self.random);
            words.split(' ').take(5).collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
        };
        let mut thread: Vec<Post> = Vec::new();
        for step in 0..1 + self.random.below(6) {
            let (from, to) = if step % 2 == 0 { (first, second) } else { (second, first) };
            let style =
                [Style::Marks, Style::Marks, Style::Rest, Style::Both, Style::Page][self.random.below(5)];
            let own = self.sentences();
            let house = person(from).house;
            let id = self.id(house, date);
            let before = thread.last().map(|post| &post.letter);
            let quoted = before.map(|before| {
                let older = before.quoted.iter().flat_map(|(_, _, sentences)| sentences.clone());
                (before.from, before.date, before.own.iter().cloned().chain(older).take(14).collect())
            });
            let references = before.map_or(Vec::new(), |before| {
                before.references.iter().cloned().chain([before.id.clone()]).collect()
            });
            let letter = Letter {
                from: person(from),
                to: person(to),
                subject: if step == 0 { subject.clone() } else { format!("Re: {subject}") },
                date,
                zone: ZONES[house],
                id,
                answers: before.map(|before| before.id.clone()),
                references,
                own,
                quoted,
                style,
                attachment: None,
                page_says: None,
            };
            thread.push(Post { letter, answers: step.checked_sub(1) });
            date += 1_200 + self.random.below(30 * 3_600) as i64;
        }
        thread
    }

    /// Sign as the house does.
    fn signed(&self, letter: &Letter) -> (String, MailVerdict) {
        let text = letter.render();
        match letter.from.house {
            UNSIGNED => (text, MailVerdict::Unsigned),
            house => {
                let mut signer = self.signers[house].clone();
                signer.more_tags = format!("t={}", letter.date + 2);
                let verdict = if house == KEY_LOST { MailVerdict::KeyUnknown } else { MailVerdict::Valid };
                (signer.sign(&text), verdict)
            }
        }
    }

    fn way(&mut self, letter: &Letter) -> String {
        let (out, into) = (HOUSES[letter.from.house], HOUSES[letter.to.house]);
        let taken = letter.date + 3 + self.random.below(5) as i64;
        let handed = taken + 2 + self.random.below(40) as i64;
        format!(
            "Received: from mail.{out} (mail.{out} [192.0.2.{}])\r\n\tby mx.{into} with ESMTPS; {}\r\n\
             Received: from [10.0.0.{}] by mail.{out}; {}\r\n",
            letter.from.house + 1,
            mail_date(handed, ZONES[letter.to.house]),
            self.random.below(200) + 1,
            mail_date(taken, 0),
        )
    }

    /// Put a thread into the mailboxes of both sides, with a forgery where one fits.
    fn post(&mut self, thread: &[Post], forged: bool) {
        let mut fates: Vec<Fate> = Vec::new();
        for post in thread {
            let (text, verdict) = self.signed(&post.letter);
            let way = self.way(&post.letter);
            let kept = self.random.once_in(3);
            fates.push(Fate { forgery: None, verdict, must: Vec::new(), text, way, kept });
        }
        let mut extra = None;
        if forged {
            // The kind that was planted least of those that fit.
            let mut kinds = FORGERIES;
            kinds.sort_by_key(|kind| self.planted.get(kind).copied().unwrap_or(0));
            let fitting = kinds.into_iter().find_map(|kind| Some((kind, Self::place(thread, &fates, kind)?)));
            if let Some((kind, at)) = fitting {
                *self.planted.entry(kind).or_default() += 1;
                extra = self.forge(thread, &mut fates, kind, at);
            }
        }
        for (post, fate) in thread.iter().zip(fates) {
            self.deliver(&post.letter, fate);
        }
        if let Some((letter, fate)) = extra {
            self.deliver(&letter, fate);
        }
    }

    fn deliver(&mut self, letter: &Letter, mut fate: Fate) {
        let inbox = |person: Person| format!("people/{}.mbox", person.name.to_lowercase().replace(' ', "-"));
        if fate.kept && fate.forgery.is_none() {
            fate.must.push("corroboration.other_side");
            let sent = letter.render().replace("\r\n", "\n");
            let verdict = MailVerdict::Unsigned;
            let path = inbox(letter.from);
            // What befell the thread befalls both copies, what rests on the way befalls none here.
            self.put(path, sent, None, verdict, fate.must.clone());
        }
        let bytes = fate.way.clone() + &fate.text;
        let again = self.random.once_in(30) && fate.forgery.is_none();
        if again {
            fate.must.push("corroboration.seen_elsewhere");
            self.put("archive/all.mbox".to_owned(), bytes.clone(), None, fate.verdict, fate.must.clone());
        }
        self.put(inbox(letter.to), bytes, fate.forgery, fate.verdict, fate.must);
    }

    fn put(
        &mut self,
        path: String,
        text: String,
        forgery: Option<Forgery>,
        verdict: MailVerdict,
        must: Vec<&'static str>,
    ) {
        let messages = self.boxes.entry(path.clone()).or_default();
        let index = messages.len() as u64;
        let may =
            if forgery == Some(Forgery::DateMoved) { vec!["time.message_id_differs"] } else { Vec::new() };
        messages.push(PlantedMail { path, index, bytes: text.into_bytes(), forgery, verdict, must, may });
    }

    /// The first letter of the thread that a forgery fits.
    fn place(thread: &[Post], fates: &[Fate], forgery: Forgery) -> Option<usize> {
        use Forgery as F;
        let valid = |at: usize| fates[at].verdict == MailVerdict::Valid;
        let unsigned = |at: usize| fates[at].verdict == MailVerdict::Unsigned;
        let answer = |at: usize| (0..thread.len()).find(|&next| thread[next].answers == Some(at));
        let fits = |at: usize| match forgery {
            F::BodyChanged
            | F::SubjectChanged
            | F::DateMoved
            | F::AddedBehindLength
            | F::SubjectUncovered => valid(at),
            F::UnsignedChanged => unsigned(at) && answer(at).is_some_and(valid),
            F::SignatureLifted | F::SameId | F::MadeElsewhere => valid(at) && answer(at).is_none(),
            F::HistoryInvented | F::AnswersBefore => unsigned(at) && thread[at].answers.is_some(),
            F::QuoteChanged => unsigned(at) && thread[at].answers.is_some_and(valid),
            F::Weekday | F::HopsBackwards => unsigned(at),
            F::IdTime => thread[at].letter.from.house == 0 && answer(at).is_none(),
            F::TypeLie => true,
            F::TwoTexts => thread[at].letter.style == Style::Both && answer(at).is_none(),
        };
        (0..thread.len()).find(|&at| fits(at))
    }

    /// Apply a forgery to letter `at` of the thread; a message that comes on top is returned.
    #[allow(clippy::too_many_lines, reason = "a table of forgeries")]
    fn forge(
        &mut self,
        thread: &[Post],
        fates: &mut [Fate],
        forgery: Forgery,
        at: usize,
    ) -> Option<(Letter, Fate)> {
        use Forgery as F;
        let answered_by = |at: usize| (0..thread.len()).find(|&next| thread[next].answers == Some(at));
        let mut letter = thread[at].letter.clone();
        let middle = number_in(&letter.own[1]);
        let other = (middle + 50_000).to_string();
        let middle = middle.to_string();
        let fate = &mut fates[at];
        fate.forgery = Some(forgery);
        fate.kept = false;
        match forgery {
            F::BodyChanged => {
                // In a letter of two versions both are changed, as a forger would.
                fate.text = fate.text.replace(&middle, &other);
                fate.verdict = MailVerdict::HeadersIntactBodyChanged;
                self.answered_otherwise(thread, fates, at);
            }
            F::UnsignedChanged => {
                fate.text = fate.text.replace(&middle, &other);
                self.answered_otherwise(thread, fates, at);
            }
            F::SubjectChanged => {
                fate.text = fate.text.replacen("\r\nSubject: ", "\r\nSubject: Urgent: ", 1);
                fate.verdict = MailVerdict::Altered;
            }
            F::DateMoved => {
                let (old, new) =
                    (mail_date(letter.date, letter.zone), mail_date(letter.date + 10 * DAY, letter.zone));
                fate.text = fate.text.replacen(&format!("Date: {old}"), &format!("Date: {new}"), 1);
                fate.verdict = MailVerdict::Altered;
                fate.must.push("time.date_after_all_hops");
                if letter.from.house == 0 {
                    fate.must.push("time.message_id_differs");
                }
                if let Some(next) = answered_by(at) {
                    fate.must.push("corroboration.quoted_before_date");
                    push_once(&mut fates[next].must, "thread.answers_before");
                }
            }
            F::SignatureLifted => {
                let mut donor = letter.clone();
                donor.own[0] = "Quite another letter was signed here for nothing at all.".to_owned();
                donor.date -= 60;
                let (signed, _) = self.signed(&donor);
                let end = signed.find("From: ").unwrap_or(0);
                fate.text = format!("{}{}", &signed[..end], letter.render());
                fate.verdict = MailVerdict::Altered;
            }
            F::AddedBehindLength => {
                letter.style = Style::Marks;
                let text = letter.render();
                let mut signer = self.signers[letter.from.house].clone();
                // The length counts the body as it is signed, so it must be signed as it stands.
                signer.forms.1 = "simple".to_owned();
                signer.length = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
                fate.text = signer.sign(&text) + "\r\nPay the rest to the other account.\r\n";
                fate.verdict = MailVerdict::ValidPartial;
            }
            F::SubjectUncovered => {
                let mut signer = self.signers[letter.from.house].clone();
                signer.headers.retain(|name| name != "subject");
                let signed = signer.sign(&letter.render());
                fate.text = signed.replacen("\r\nSubject: ", "\r\nSubject: Urgent: ", 1);
                fate.verdict = MailVerdict::ValidPartial;
            }
            F::MadeElsewhere => {
                fate.forgery = None;
                letter.id = format!("{:016x}@elsewhere.example", self.random.number());
                letter.own = self.sentences();
                letter.zone = 480;
                letter.date += 7_200;
                letter.answers = None;
                letter.references = Vec::new();
                letter.quoted = None;
                letter.subject = format!("About {}", self.number);
                let must = vec!["time.zone_differs", "route.message_id_domain_new"];
                return Some(self.on_top(letter, forgery, MailVerdict::Unsigned, must));
            }
            F::SameId => {
                fate.forgery = None;
                fate.must.push("thread.same_id_other_content");
                letter.own[1] = letter.own[1].replace(&middle, &other);
                let must = vec!["thread.same_id_other_content", "corroboration.valid_copy_differs"];
                return Some(self.on_top(letter, forgery, MailVerdict::Unsigned, must));
            }
            F::HistoryInvented => {
                let invented = self.sentences();
                if let Some((_, _, sentences)) = &mut letter.quoted {
                    *sentences = invented;
                }
                fates[at].text = letter.render();
                fates[at].must.push("thread.history_absent");
                // Who answers quotes the answer and what it quoted.
            }
            F::QuoteChanged => {
                let before = thread[at].answers?;
                let old = number_in(&thread[before].letter.own[1]);
                if let Some((_, _, sentences)) = &mut letter.quoted {
                    for sentence in sentences {
                        *sentence = sentence.replace(&old.to_string(), &(old + 50_000).to_string());
                    }
                }
                fate.text = letter.render();
                fate.must.push("corroboration.quote_differs");
                push_once(&mut fates[before].must, "corroboration.quoted_otherwise");
            }
            F::AnswersBefore => {
                let before = thread[at].answers?;
                letter.date = thread[before].letter.date - 3 * DAY;
                fate.text = letter.render();
                fate.must.push("thread.answers_before");
                fate.way = self.way(&letter);
                // All that it quotes is quoted before it was written.
                for (older, fate) in fates.iter_mut().enumerate().take(at) {
                    let quoted = letter.quoted.as_ref().map_or(0, |(_, _, sentences)| {
                        sentences.iter().filter(|text| thread[older].letter.own.contains(text)).count()
                    });
                    if quoted > 0 && thread[older].letter.date > letter.date + 300 {
                        push_once(&mut fate.must, "corroboration.quoted_before_date");
                    }
                }
            }
            F::Weekday => {
                let date = mail_date(letter.date, letter.zone);
                let wrong = if date.starts_with("Mon") { "Thu" } else { "Mon" };
                fate.text =
                    fate.text.replacen(&format!("Date: {}", &date[..3]), &format!("Date: {wrong}"), 1);
                fate.must.push("time.weekday_differs");
            }
            F::IdTime => {
                letter.id = format!("{}.77@{}", stamp(letter.date - 40 * DAY), HOUSES[0]);
                fate.text = letter.render();
                fate.verdict = MailVerdict::Unsigned;
                fate.must.push("time.message_id_differs");
            }
            F::HopsBackwards => {
                let late = Letter { date: letter.date + 9 * 3_600, ..letter.clone() };
                let (now, then) = (self.way(&letter), self.way(&late));
                let upper = now.split("Received: from [").next().unwrap_or_default();
                let lower = then.split("Received: from [").nth(1).unwrap_or_default();
                fates[at].way = format!("{upper}Received: from [{lower}");
                fates[at].must.push("time.hops_out_of_order");
            }
            F::TypeLie => {
                letter.attachment = Some(
                    "Content-Type: image/jpeg; name=\"plan.pdf.exe\"\r\n\
                     Content-Disposition: attachment; filename=\"plan.pdf.exe\"\r\n\
                     Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcKJeLjz9MK"
                        .to_owned(),
                );
                (fates[at].text, fates[at].verdict) = self.signed(&letter);
                fates[at].must.extend(["structure.type_differs", "structure.double_extension"]);
            }
            F::TwoTexts => {
                letter.page_says = Some((middle, other));
                (fates[at].text, fates[at].verdict) = self.signed(&letter);
                fates[at].must.push("structure.alternatives_numbers_differ");
            }
        }
        None
    }

    fn on_top(
        &mut self,
        letter: Letter,
        forgery: Forgery,
        verdict: MailVerdict,
        must: Vec<&'static str>,
    ) -> (Letter, Fate) {
        let (text, way) = (letter.render(), self.way(&letter));
        (letter, Fate { forgery: Some(forgery), verdict, must, text, way, kept: false })
    }

    /// A changed letter was answered before it was changed: the answer quotes the true words.
    fn answered_otherwise(&self, thread: &[Post], fates: &mut [Fate], at: usize) {
        for next in (0..thread.len()).filter(|&next| thread[next].answers == Some(at)) {
            let name = if fates[next].verdict == MailVerdict::Valid {
                "corroboration.quoted_otherwise_in_valid"
            } else {
                "corroboration.quoted_otherwise"
            };
            push_once(&mut fates[at].must, name);
            push_once(&mut fates[next].must, "corroboration.quote_differs");
        }
    }
}

fn push_once(must: &mut Vec<&'static str>, name: &'static str) {
    if !must.contains(&name) {
        must.push(name);
    }
}

/// The number in a sentence: each has one of its own.
fn number_in(sentence: &str) -> usize {
    let words = sentence.split(' ').filter_map(|word| word.parse::<usize>().ok());
    words.filter(|&number| number > 10_000).max().unwrap_or(10_000)
}

/// Date and time as some programs write them into ids.
fn stamp(date: i64) -> String {
    jiff::Timestamp::from_second(date).expect("a time of this world").strftime("%Y%m%d%H%M%S").to_string()
}
