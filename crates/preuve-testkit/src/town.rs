//! The honest mail of an invented newsroom: letters and answers, newsletters behind counting hosts, confirmations with
//! sign-in links, journeys, private addresses, answers from telephones.

use crate::corpus::Random;
use crate::letter::{Letter, Person};
use crate::lures::PlantedLetter;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// 2 January 2023.
pub(crate) const START: i64 = 1_672_617_600;
/// Days of the mailbox.
pub(crate) const DAYS: usize = 540;
/// The newsroom's domain.
pub(crate) const HOME: &str = "harbourdesk.example";

const FIRST: [&str; 16] = [
    "Nadia", "Piet", "Ines", "Tomas", "Leonie", "Arvid", "Mirela", "Joao", "Senna", "Viktor", "Amel", "Runa",
    "Casper", "Dilara", "Ewan", "Farah",
];
const LAST: [&str; 16] = [
    "Orlov", "Haan", "Belloc", "Quarrie", "Stenvik", "Maroun", "Iliescu", "Tavares", "Vandal", "Koskela",
    "Derradji", "Solberg", "Thorne", "Yildiz", "Macrae", "Nasser",
];
const HOUSES: [&str; 10] = [
    "ministry.example",
    "ferryline.example",
    "northquay.example",
    "lawyers-marten.example",
    "saltmarsh.example",
    "portunion.example",
    "cityhall.example",
    "grainboard.example",
    "tidewatch.example",
    "freepost.example",
];
const CLIENTS: [&str; 5] = [
    "Quill Mail 4.2",
    "Heron/17.1 (X11)",
    "Skiff Desktop 3.0.1",
    "Post Office Express 16.0",
    "Marlin (4.90)",
];
const SUBJECTS: [&str; 14] = [
    "The ferry contract",
    "Dredging figures",
    "Lunch on Thursday",
    "Draft of the port story",
    "Photographs",
    "Budget questions",
    "Your call this morning",
    "Minutes",
    "Interview request",
    "Correction",
    "Travel plans",
    "Council vote",
    "Tender documents",
    "Archive access",
];
const WORDS: [&str; 20] = [
    "harbour", "contract", "figures", "Tuesday", "council", "the", "draft", "and", "we", "should", "look",
    "at", "before", "noon", "please", "with", "ferry", "tender", "again", "report",
];

/// The people of the mailbox and what they wrote so far.
pub(crate) struct Town {
    pub(crate) random: Random,
    pub(crate) staff: Vec<Person>,
    pub(crate) outside: Vec<Person>,
    /// Subject, id, who wrote it, who got it.
    talks: Vec<(String, String, Person, Person)>,
    number: usize,
}

fn plain(letter: Letter, what: &'static str) -> PlantedLetter {
    PlantedLetter { bytes: letter.render(), reason: None, quiet: false, what }
}

impl Town {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut person = |number: usize, house: &str| {
            let (first, last) = (FIRST[number % 16], LAST[(number * 5 + number / 16) % 16]);
            let client = CLIENTS[random.below(CLIENTS.len())].to_owned();
            Person::new(&format!("{first} {last}"), first, house, &client)
        };
        let staff = (0..8).map(|number| person(number, HOME)).collect();
        let outside = (8..40).map(|number| person(number, HOUSES[number % HOUSES.len()])).collect();
        Self { random, staff, outside, talks: Vec::new(), number: 0 }
    }

    fn pick<'t>(random: &mut Random, people: &'t [Person]) -> &'t Person {
        &people[random.below(people.len())]
    }

    fn sentence(&mut self) -> String {
        let count = 6 + self.random.below(10);
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.random.below(WORDS.len())]).collect();
        format!("{}.", words.join(" "))
    }

    /// A letter between two people, not yet about anything.
    pub(crate) fn letter(&mut self, from: &Person, to: &Person, when: i64) -> Letter {
        self.number += 1;
        let mut letter = Letter::new(from, to, when, self.number);
        letter.subject =
            format!("{} {}", SUBJECTS[self.random.below(SUBJECTS.len())], self.random.below(400));
        letter.text = format!("{}\r\n\r\n{}\r\n", self.sentence(), self.sentence());
        letter
    }

    pub(crate) fn honest(&mut self, when: i64) -> PlantedLetter {
        match self.random.below(100) {
            0..=24 => self.fresh_letter(when),
            25..=51 => self.answer(when),
            52..=75 => self.newsletter(when),
            76..=85 => self.notice(when),
            86..=90 => self.stranger(when),
            91..=93 => self.traveller(when),
            94..=96 => self.phone_answer(when),
            97..=98 => self.form(when),
            _ => self.awkward(when),
        }
    }

    fn two(&mut self) -> (Person, Person) {
        let staff = Self::pick(&mut self.random, &self.staff).clone();
        let other = match self.random.below(3) {
            0 => Self::pick(&mut self.random, &self.staff).clone(),
            // A few write often.
            1 => Self::pick(&mut self.random, &self.outside[..8]).clone(),
            _ => Self::pick(&mut self.random, &self.outside).clone(),
        };
        let other = if other == staff { self.outside[0].clone() } else { other };
        if self.random.once_in(2) { (staff, other) } else { (other, staff) }
    }

    fn fresh_letter(&mut self, when: i64) -> PlantedLetter {
        let (from, to) = self.two();
        let mut letter = self.letter(&from, &to, when);
        match self.random.below(8) {
            0 => {
                let paper = format!("https://www.paper{}.example/2023/story", self.random.below(250));
                letter.text.push_str(&format!("See {paper}\r\n"));
            }
            1 => letter.link("the wiki", &format!("https://wiki.{HOME}/page/{}", self.random.below(90))),
            2 => letter.link(
                "cloudshelf.example/s",
                &format!("https://www.cloudshelf.example/s/{}", self.random.below(9_000)),
            ),
            3 => letter.attach("minutes.pdf", "application/pdf", b"%PDF-1.7 minutes"),
            4 => letter.attach("figures.v2.xlsx", "application/octet-stream", b"PK\x03\x04 figures"),
            5 => letter.attach("pictures.zip", "application/zip", b"PK\x03\x04 pictures"),
            _ => {}
        }
        self.talks.push((letter.subject.clone(), letter.id(), from, to));
        plain(letter, "a letter")
    }

    fn answer(&mut self, when: i64) -> PlantedLetter {
        let Some((subject, id, from, to)) = self.recent_talk() else { return self.fresh_letter(when) };
        let mut letter = self.letter(&to, &from, when);
        letter.subject = if subject.starts_with("Re: ") { subject } else { format!("Re: {subject}") };
        letter.answers = Some(id);
        letter.text.push_str(&format!("\r\n> {}\r\n", self.sentence()));
        self.talks.push((letter.subject.clone(), letter.id(), to, from));
        plain(letter, "an answer")
    }

    pub(crate) fn recent_talk(&mut self) -> Option<(String, String, Person, Person)> {
        let recent = self.talks.len().min(60);
        let at = self.talks.len().checked_sub(1 + self.random.below(recent))?;
        self.talks.get(at).cloned()
    }

    /// Ten links, all through the host that counts readers.
    fn newsletter(&mut self, when: i64) -> PlantedLetter {
        let number = self.random.below(9);
        let house = format!("gazette{number}.example");
        let editor = Person::new(&format!("Gazette {number} Daily"), "news", &house, "Mailwave 7");
        let to = Self::pick(&mut self.random, &self.staff).clone();
        let mut letter = self.letter(&editor, &to, when);
        letter.subject = format!("This week in the gazette, no {}", self.random.below(900));
        for story in 0..10 {
            let own = format!("https://www.{house}/story/{}{story}", self.random.below(900));
            let target = match number % 3 {
                0 => format!("https://click.mailwave{number}.example/c/{:x}", self.random.number()),
                1 => format!("https://track.mailwave{number}.example/r?u={own}&r={}", to.address),
                _ => own.clone(),
            };
            let shown = if story % 2 == 0 { own } else { "Read on".to_owned() };
            letter.link(&shown, &target);
        }
        letter.link("Unsubscribe", &format!("https://click.mailwave{number}.example/account/{}", to.address));
        if number.is_multiple_of(4) {
            letter.reply_to = Some(format!("reply@mailwave{number}.example"));
        }
        plain(letter, "a newsletter")
    }

    /// A service tells its customer something and asks to sign in.
    fn notice(&mut self, when: i64) -> PlantedLetter {
        let service = match self.random.below(4) {
            0 => format!("shop{}.example", self.random.below(60)),
            _ => format!("ledger{}.example", self.random.below(5)),
        };
        let sender = Person::new("Customer service", "no-reply", &service, "Notifier");
        let to = Self::pick(&mut self.random, &self.staff).clone();
        let mut letter = self.letter(&sender, &to, when);
        letter.subject = "Please confirm your address".into();
        let token = self.random.number();
        letter.link("Confirm", &format!("https://account.{service}/verify?mail={}&t={token:x}", to.address));
        plain(letter, "a service's notice")
    }

    fn stranger(&mut self, when: i64) -> PlantedLetter {
        let house = format!("agency{}.example", self.random.below(400));
        let from = Person::new("Press Office", "press", &house, "Post Office Express 16.0");
        let to = Self::pick(&mut self.random, &self.staff).clone();
        let mut letter = self.letter(&from, &to, when);
        letter.link(&format!("www.{house}"), &format!("https://www.{house}/release"));
        letter.attach("release.pdf", "application/pdf", b"%PDF-1.4 release");
        plain(letter, "a stranger's release")
    }

    /// A member of staff abroad, writing from a telephone.
    fn traveller(&mut self, when: i64) -> PlantedLetter {
        let mut from = self.staff[self.random.below(3)].clone();
        let to = Self::pick(&mut self.random, &self.outside).clone();
        from.zone_shift = [-360, 330, 420][self.random.below(3)];
        from.client = "Pocket Mail (16E148)".into();
        let mut letter = self.letter(&from, &to, when);
        if self.random.once_in(3) {
            letter.text.push_str(&format!("https://paper{}.example/abroad\r\n", self.random.below(250)));
        }
        plain(letter, "a letter from a journey")
    }

    /// No references, no quotation: but the subject is known.
    fn phone_answer(&mut self, when: i64) -> PlantedLetter {
        let Some((subject, _, from, to)) = self.recent_talk() else { return self.fresh_letter(when) };
        let mut letter = self.letter(&to, &from, when);
        letter.subject = format!("Re: {}", subject.trim_start_matches("Re: "));
        plain(letter, "an answer from a telephone")
    }

    /// A form on the newsroom's site that sets Reply-To to the reader.
    fn form(&mut self, when: i64) -> PlantedLetter {
        let from = Person::new("Reader form", "form", HOME, "Webform");
        let to = self.staff[0].clone();
        let mut letter = self.letter(&from, &to, when);
        letter.reply_to = Some(format!("reader{}@freepost.example", self.random.below(900)));
        plain(letter, "a reader's form")
    }

    fn awkward(&mut self, when: i64) -> PlantedLetter {
        let to = Self::pick(&mut self.random, &self.staff).clone();
        match self.random.below(4) {
            0 => {
                let mut from = self.staff[4].clone();
                from.address = format!("{}@homepost.example", from.local());
                from.house = "homepost.example".into();
                plain(self.letter(&from, &to, when), "a colleague's private address")
            }
            1 => {
                let from = Person::new("Order desk", "orders", "gazette.example", "Marlin");
                plain(self.letter(&from, &to, when), "a house whose name is close to another's")
            }
            2 => {
                let from = Self::pick(&mut self.random, &self.outside).clone();
                let mut letter = self.letter(&from, &to, when);
                letter.text.push_str("https://is.gd/abcdef\r\n");
                plain(letter, "a short link")
            }
            _ => {
                let from = Self::pick(&mut self.random, &self.outside).clone();
                let mut letter = self.letter(&from, &to, when);
                letter.attach("invitation.html", "text/html", b"<html>invitation</html>");
                plain(letter, "an honest page")
            }
        }
    }
}
