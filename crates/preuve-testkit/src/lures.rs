//! A planted mailbox: the letters of an invented newsroom over eighteen months, and lures among them whose reason is
//! known. Honest mail is made as awkward as honest mail is: newsletters behind tracking hosts, confirmations with
//! sign-in links, journeys, private addresses, answers from telephones. Limit: it is as varied as its author was.

use base64::Engine;

use crate::letter::{Letter, Person};
use crate::town::{DAY, DAYS, HOME, START, Town};

/// What to plant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LurePlan {
    /// Honest messages.
    pub honest: usize,
    /// The same seed gives the same mailbox.
    pub seed: u64,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlantedLetter {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Of a lure, the reason that must be among those given (`lure.*`).
    pub reason: Option<&'static str>,
    /// A lure that departs from nothing: the limit of what can be told from outside.
    pub quiet: bool,
    /// What it is, for a person who reads the list of those missed.
    pub what: &'static str,
}

/// The mailbox, in the order of time.
pub fn planted_lures(plan: &LurePlan) -> Vec<PlantedLetter> {
    let mut town = Town::new(plan.seed);
    let mut letters: Vec<(i64, PlantedLetter)> = Vec::new();
    for number in 0..plan.honest {
        let day = number * DAYS / plan.honest.max(1);
        let when = START + day as i64 * DAY + 25_200 + town.random.below(36_000) as i64;
        letters.push((when, town.honest(when)));
    }
    for number in 0..LURES.len() + QUIET.len() {
        // After the first third, so that there is a past to depart from.
        let day = DAYS / 3 + town.random.below(DAYS * 2 / 3);
        let when = START + day as i64 * DAY + 25_200 + town.random.below(36_000) as i64;
        let letter = match number.checked_sub(LURES.len()) {
            Some(quiet) => town.quiet(quiet, when),
            None => town.lure(number, when),
        };
        letters.push((when, letter));
    }
    letters.sort_by(|a, b| (a.0, &a.1.bytes).cmp(&(b.0, &b.1.bytes)));
    letters.into_iter().map(|(_, letter)| letter).collect()
}

/// What is planted: the reason that must be given, and what it is. [`Town::lure`] says how each is made.
const LURES: [(&str, &str); 44] = [
    ("lure.new_client", "stolen account: other program and zone, link to a fresh sign-in page"),
    ("lure.new_client", "stolen account: other program, fresh link"),
    ("lure.new_zone", "stolen account: other zone, fresh link"),
    ("lure.new_route", "stolen account: other way in, fresh link"),
    ("lure.shown_address_differs", "stolen account: shows the newsroom's wiki"),
    ("lure.shown_address_differs", "stolen account in a real conversation: shows a known service"),
    ("lure.shown_address_differs", "stranger: shows the newsroom's address"),
    ("lure.shown_address_differs", "mailto that goes elsewhere"),
    ("lure.open_redirector", "public redirector"),
    ("lure.open_redirector", "public redirector with a coded address"),
    ("lure.address_in_address", "tracking host of a newsletter, abused"),
    ("lure.address_in_address", "address in Base64"),
    ("lure.shortener", "stolen account: short link from another program"),
    ("lure.number_host", "bare number"),
    ("lure.number_host", "bare number in hexadecimal"),
    ("lure.sign_before_host", "known address before an at sign"),
    ("lure.hidden_in_address", "host in codes"),
    ("lure.script_target", "a page in the link itself"),
    ("lure.script_target", "a share of another machine"),
    ("lure.known_name_other_address", "colleague's name, other address"),
    ("lure.known_name_other_address", "contact's name, words turned round"),
    ("lure.known_name_other_address", "colleague's name in another script"),
    ("lure.address_in_name", "known address in the name"),
    ("lure.domain_confusable", "letter of another script, Punycode"),
    ("lure.domain_confusable", "rn for m"),
    ("lure.domain_digits", "digit for letter"),
    ("lure.domain_one_letter", "letters swapped, in From"),
    ("lure.domain_one_letter", "letter doubled, in a link"),
    ("lure.domain_hyphen", "hyphen added"),
    ("lure.domain_other_ending", "other ending, answer to nothing"),
    ("lure.known_domain_in_host", "known domain in front of another"),
    ("lure.known_word_and_login", "known name and a word of sign-in pages"),
    ("lure.reply_to_new_for_sender", "known sender, answers go elsewhere"),
    ("lure.reply_to_new_for_sender", "known sender, answers go to a look-alike"),
    ("lure.reply_without_history", "answer to nothing with a fresh link"),
    ("lure.reply_without_history", "forward of nothing with a fresh link"),
    ("lure.shown_name_differs", "names a service, leads elsewhere, answer to nothing"),
    ("lure.program_attached", "program"),
    ("lure.program_attached", "shortcut in an unnamed type"),
    ("lure.program_attached", "disk image"),
    ("lure.page_attached", "page that asks for a password"),
    ("lure.two_endings", "document that is a program"),
    ("lure.file_name_hides_ending", "name written from right to left"),
    ("lure.macros_attached", "macros from another program"),
];

/// Lures that depart from nothing.
const QUIET: [&str; 6] = [
    "stolen account, usual program, fresh link and nothing else",
    "stolen account, link to a service that the mailbox uses daily",
    "stolen account, a document with the link inside",
    "stolen account, a real conversation, a question only",
    "stranger, fresh sign-in page on a domain of its own",
    "stolen account of somebody who seldom writes, other program",
];

impl Town {
    fn quiet(&mut self, number: usize, when: i64) -> PlantedLetter {
        let known = self.outside[number].clone();
        let to = self.staff[number].clone();
        let mut letter = self.letter(&known, &to, when);
        match number {
            0 => {
                let page = self.fresh_page();
                letter.link("the draft", &page);
            }
            1 => letter.link("the draft", "https://www.cloudshelf.example/s/666"),
            2 => letter.attach("draft.pdf", "application/pdf", b"%PDF-1.7 link"),
            3 => {
                if let Some((subject, id, ..)) = self.recent_talk() {
                    (letter.subject, letter.answers) = (subject, Some(id));
                }
            }
            4 => {
                let stranger = Person::new("Registration", "office", "summit-registration.example", "Marlin");
                letter = self.letter(&stranger, &to, when);
                letter.link("Register", "https://summit-registration.example/account");
            }
            _ => {
                let mut seldom = Person::new("Greta Lindqvist", "greta", "pensioners.example", "Marlin");
                seldom.client = "Webpost 2".into();
                letter = self.letter(&seldom, &to, when);
                let page = self.fresh_page();
                letter.link("the draft", &page);
            }
        }
        PlantedLetter { bytes: letter.render(), reason: None, quiet: true, what: QUIET[number] }
    }

    fn lure(&mut self, number: usize, when: i64) -> PlantedLetter {
        let (reason, what) = LURES[number];
        let known = self.outside[number % 8].clone();
        let to = self.staff[number % 8].clone();
        let letter = match number {
            0..=5 | 12 => self.stolen(number, known, &to, when),
            6..=18 | 36 => self.bad_link(number, &known, &to, when),
            19..=22 => self.false_name(number, known, &to, when),
            23..=31 => self.look_alike(number, &to, when),
            32..=35 => self.turned_away(number, &known, &to, when),
            _ => self.bad_file(number, known, &to, when),
        };
        PlantedLetter { bytes: letter.render(), reason: Some(reason), quiet: false, what }
    }

    fn fresh_page(&mut self) -> String {
        format!("https://docs{}.driftshare.example/view", 100 + self.random.below(900))
            .replace("driftshare", &format!("driftshare{}", self.random.below(90_000)))
    }

    fn stolen(&mut self, number: usize, mut from: Person, to: &Person, when: i64) -> Letter {
        match number {
            0 => (from.client, from.zone_shift) = ("Webpost 2".into(), 150),
            1 | 12 => from.client = "Webpost 2".into(),
            2 => from.zone_shift = 210,
            3 => from.route = Some("relay.farhost.example".into()),
            _ => {}
        }
        let mut letter = self.letter(&from, to, when);
        let page = self.fresh_page();
        match number {
            0 => letter.link("the draft", &format!("{page}/signin")),
            4 => letter.link(&format!("https://wiki.{HOME}/page/8"), &page),
            5 => {
                if let Some((subject, id, ..)) = self.recent_talk() {
                    letter.subject = subject;
                    letter.answers = Some(id);
                }
                letter.link("www.cloudshelf.example/s/99", &page);
            }
            12 => letter.link("here", "https://is.gd/zyxwvu"),
            _ => letter.link("the draft", &page),
        }
        letter
    }

    fn bad_link(&mut self, number: usize, known: &Person, to: &Person, when: i64) -> Letter {
        let stranger = Person::new("Document Desk", "desk", &format!("quietpost{number}.example"), "Marlin");
        let from = if number == 6 || number == 36 { &stranger } else { known };
        let mut letter = self.letter(from, to, when);
        let page = self.fresh_page();
        let coded = page.replace(':', "%3A").replace('/', "%2F");
        let in_base64 = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&page);
        let target = match number {
            7 => "mailto:piet@quietpost.example".to_owned(),
            8 => format!("https://www.google.com/url?q={page}"),
            9 => format!("https://www.google.com/url?sa=t&url={coded}"),
            10 => format!("https://track.mailwave1.example/r?u={page}"),
            11 => format!("https://track.mailwave1.example/go/{in_base64}"),
            13 => "http://203.0.113.9/share".to_owned(),
            14 => "http://0xcb007109/share".to_owned(),
            15 => format!("https://wiki.{HOME}@quietpost.example/page"),
            16 => "https://quietp%6fst.exam%70le/page".to_owned(),
            17 => "data:text/html;base64,PGgxPng8L2gxPg==".to_owned(),
            18 => r"\\203.0.113.9\share\draft".to_owned(),
            _ => page,
        };
        let shown = match number {
            6 => format!("https://{HOME}/desk"),
            7 => format!("piet@{HOME}"),
            36 => {
                letter.subject = "Re: shared with you".into();
                "Open in OneDrive".into()
            }
            _ => "Open".into(),
        };
        letter.link(&shown, &target);
        letter
    }

    fn false_name(&mut self, number: usize, known: Person, to: &Person, when: i64) -> Letter {
        let mut from = Person::new("", "desk", &format!("quietpost{number}.example"), "Marlin");
        let colleague = self.staff[(number + 1) % 8].clone();
        from.name = match number {
            19 => colleague.name,
            20 => known.name.split(' ').rev().collect::<Vec<_>>().join(", "),
            21 => colleague.name.replace('a', "а").replace('o', "о"),
            _ => colleague.address,
        };
        self.letter(&from, to, when)
    }

    fn look_alike(&mut self, number: usize, to: &Person, when: i64) -> Letter {
        let own = format!("quietpost{number}.example");
        let house = match number {
            23 => "xn--hrbourdesk-zqi.example",
            24 => "rninistry.example",
            25 => "f3rryline.example",
            26 => "harbuordesk.example",
            28 => "harbour-desk.example",
            29 => "harbourdesk.test",
            _ => &own,
        };
        let from = Person::new("Service desk", "service", house, "Marlin");
        let mut letter = self.letter(&from, to, when);
        match number {
            27 => letter.link("the page", "https://www.ferrylline.example/a"),
            29 => letter.subject = "Re: your question".into(),
            30 => letter.link("the page", &format!("https://wiki.{HOME}.quietpost.example/a")),
            31 => letter.link("the page", "https://harbourdesk-login.quietpost.example/a"),
            _ => {}
        }
        letter
    }

    fn turned_away(&mut self, number: usize, known: &Person, to: &Person, when: i64) -> Letter {
        // A sender with enough of a past for it to be known.
        let from = if number < 34 { self.staff[number % 8 + 1].clone() } else { known.clone() };
        let mut letter = self.letter(&from, to, when);
        match number {
            32 => letter.reply_to = Some("piet@quietpost.example".into()),
            33 => letter.reply_to = Some("desk@northquai.example".into()),
            _ => {
                letter.subject = ["Re: what we agreed", "Fwd: the list"][number % 2].into();
                let page = self.fresh_page();
                letter.link("the list", &page);
            }
        }
        letter
    }

    fn bad_file(&mut self, number: usize, mut from: Person, to: &Person, when: i64) -> Letter {
        if number == 43 {
            from.client = "Webpost 2".into();
        }
        let mut letter = self.letter(&from, to, when);
        let octets = "application/octet-stream";
        match number {
            37 => letter.attach("setup.exe", octets, b"MZ program"),
            38 => letter.attach("notes", octets, b"L\0\0\0\x01\x14\x02\0 shortcut"),
            39 => letter.attach("archive.iso", octets, b"image"),
            40 => letter.attach("sign-in.html", "text/html", b"<html>password</html>"),
            41 => letter.attach("contract.pdf.scr", octets, b"MZ program"),
            42 => letter.attach("contract\u{202e}fdp.exe", octets, b"MZ program"),
            _ => letter.attach("figures.xlsm", octets, b"PK\x03\x04 macros"),
        }
        letter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_mailbox() {
        let plan = LurePlan { honest: 60, seed: 5 };
        let letters = planted_lures(&plan);
        assert_eq!(letters, planted_lures(&plan));
        assert_eq!(letters.len(), 60 + LURES.len() + QUIET.len());
        assert_eq!(letters.iter().filter(|letter| letter.reason.is_some()).count(), LURES.len());
    }
}
