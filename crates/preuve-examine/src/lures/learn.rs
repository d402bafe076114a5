//! Learning: who writes to whom, from where, and which domains the mailbox has to do with. Only hashes and bounded
//! tables stay; the order of learning changes nothing (see [`super::table`]).

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{MailVerdict, MessageDigest, MessageRef};

use super::circle::Circle;
use super::habit::Habit;
use super::host::mail_domain;
use super::params::LureParams;
use super::services::Services;
use super::table::{Seen, Table, key};
use super::traits::{
    MOST_RECIPIENTS, Subject, client, folded, is_founded, month_of, person_name, recipients, reply_domain,
    route, sender, web_targets, when, zone,
};

/// A domain by its use in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DomainUse {
    pub(super) name: Box<str>,
    pub(super) seen: Seen,
    /// The earliest message that uses it.
    pub(super) example: Example,
}

/// A sender by its habits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) seen: Seen,
    pub(super) clients: Habit,
    pub(super) zones: Habit,
    pub(super) routes: Habit,
    pub(super) reply_domains: Habit,
}

/// Addresses that a name stands before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameUse {
    pub(super) addresses: BTreeMap<Box<str>, (Seen, Example)>,
    pub(super) too_many: bool,
}

/// Addresses kept of a name; a name with more is nobody's.
const MOST_ADDRESSES: usize = 4;

/// The earliest message of its kind, by date, then by path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Example {
    when: i64,
    pub(super) at: MessageRef,
}

impl Example {
    fn new(digest: &MessageDigest) -> Self {
        Self { when: when(digest).unwrap_or(i64::MAX), at: digest.at.clone() }
    }

    fn take_earlier(&mut self, digest: &MessageDigest) {
        let time = when(digest).unwrap_or(i64::MAX);
        if (time, &digest.at) < (self.when, &self.at) {
            *self = Self::new(digest);
        }
    }
}

/// What the mailbox has taught so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquaintances {
    pub(super) params: LureParams,
    pub(super) services: Services,
    pub(super) domains: Table<DomainUse>,
    pub(super) people: Table<Person>,
    pub(super) names: Table<NameUse>,
    /// Sender and recipient.
    pub(super) pairs: Table<Seen>,
    /// Sender's domain and domain of a link.
    pub(super) links: Table<Seen>,
    /// Subjects without their marks of answering, of messages that are no unfounded answers.
    pub(super) subjects: Table<Seen>,
    /// Messages by month since 1970, those before and after a century left out.
    pub(super) months: BTreeMap<i64, u64>,
}

impl Acquaintances {
    /// Nothing learnt yet.
    pub fn new(params: LureParams) -> Self {
        Self {
            services: Services::new(),
            domains: Table::new(params.most_domains),
            people: Table::new(params.most_people),
            names: Table::new(params.most_people),
            pairs: Table::new(params.most_keys),
            links: Table::new(params.most_keys),
            subjects: Table::new(params.most_keys),
            months: BTreeMap::new(),
            params,
        }
    }

    /// Learn from a message. Each message once: a copy would count as one more. A message that is not as it was
    /// signed teaches nothing, since nobody knows who wrote it.
    pub fn learn(&mut self, digest: &MessageDigest, verdict: MailVerdict) {
        if !teaches(verdict) {
            return;
        }
        let when = when(digest);
        if let Some(month) = when.and_then(month_of) {
            *self.months.entry(month).or_default() += 1;
        }
        if let Some(subject) = digest.subject.as_deref().map(Subject::of)
            && (subject.marks == 0 || is_founded(digest))
        {
            count(&mut self.subjects, key("subject", &[&subject.bare]), when);
        }
        self.learn_domains(digest, when);
        self.learn_sender(digest, when);
    }

    fn learn_domains(&mut self, digest: &MessageDigest, when: Option<i64>) {
        let linked = link_domains(digest, &self.services, self.params.most_links);
        let sender = sender(digest).and_then(|from| mail_domain(&from.address));
        if let Some(sender) = &sender {
            for domain in &linked {
                count(&mut self.links, key("link", &[sender, domain]), when);
            }
        }
        let recipients = digest.to.iter().take(MOST_RECIPIENTS).filter_map(|to| mail_domain(&to.address));
        let all: BTreeSet<String> = linked.into_iter().chain(sender).chain(recipients).collect();
        for domain in all {
            let fresh = || DomainUse {
                name: domain.as_str().into(),
                seen: Seen::NONE,
                example: Example::new(digest),
            };
            if let Some(known) = self.domains.entry(key("domain", &[&domain]), fresh) {
                known.seen.add(when);
                known.example.take_earlier(digest);
            }
        }
    }

    fn learn_sender(&mut self, digest: &MessageDigest, when: Option<i64>) {
        let Some(from) = sender(digest) else { return };
        let address = folded(&from.address);
        for to in recipients(digest) {
            count(&mut self.pairs, key("pair", &[&address, &to]), when);
        }
        let fresh = || Person {
            seen: Seen::NONE,
            clients: Habit::default(),
            zones: Habit::default(),
            routes: Habit::default(),
            reply_domains: Habit::default(),
        };
        if let Some(person) = self.people.entry(key("person", &[&address]), fresh) {
            person.seen.add(when);
            let traits = [
                (&mut person.clients, client(digest)),
                (&mut person.zones, zone(digest)),
                (&mut person.routes, route(digest)),
                (&mut person.reply_domains, reply_domain(digest)),
            ];
            for (habit, value) in traits {
                value.inspect(|value| habit.add(value));
            }
        }
        if let Some(name) = from.name.as_deref().and_then(person_name) {
            self.learn_name(&name, &address, digest, when);
        }
    }

    fn learn_name(&mut self, name: &str, address: &str, digest: &MessageDigest, when: Option<i64>) {
        let fresh = || NameUse { addresses: BTreeMap::new(), too_many: false };
        let Some(known) = self.names.entry(key("name", &[name]), fresh) else { return };
        let (seen, example) =
            known.addresses.entry(address.into()).or_insert_with(|| (Seen::NONE, Example::new(digest)));
        seen.add(when);
        example.take_earlier(digest);
        if known.addresses.len() > MOST_ADDRESSES {
            known.addresses.pop_last();
            known.too_many = true;
        }
    }

    /// Put what was learnt in order, so that it can be asked.
    pub fn settle(self) -> Circle {
        Circle::new(self)
    }
}

fn link_domains(digest: &MessageDigest, services: &Services, most: usize) -> BTreeSet<String> {
    let targets = web_targets(digest, services, most);
    targets.into_iter().map(|(_, web)| web.domain().to_owned()).collect()
}

fn count(table: &mut Table<Seen>, key: u64, when: Option<i64>) {
    if let Some(seen) = table.entry(key, || Seen::NONE) {
        seen.add(when);
    }
}

/// Does a message with this verdict teach anything?
pub(super) fn teaches(verdict: MailVerdict) -> bool {
    !matches!(verdict, MailVerdict::Altered | MailVerdict::HeadersIntactBodyChanged | MailVerdict::Malformed)
}

#[cfg(test)]
mod tests {
    use preuve_case::{Address, ItemId, ShownLink};

    use super::*;

    /// A message whose every name is its own.
    fn stranger(number: usize) -> MessageDigest {
        let address = |who: &str| Address {
            name: Some(format!("{who} Number{number}")),
            address: format!("{who}@house{number}.example"),
        };
        let link = ShownLink { shown: None, target: format!("https://page{number}.example/"), bytes: None };
        MessageDigest {
            at: MessageRef {
                path: "a.mbox".into(),
                index: number as u64,
                id: ItemId::of(&number.to_le_bytes()),
            },
            message_id: None,
            date: Some(number as i64 * 1_000),
            zone_minutes: Some(number as i32 % 700),
            from: vec![address("writer")],
            reply_to: Vec::new(),
            to: vec![address("reader")],
            subject: Some(format!("Matter {number}")),
            in_reply_to: Vec::new(),
            references: Vec::new(),
            received: Vec::new(),
            client: Some(format!("Client{number}")),
            links: vec![link],
            parts: Vec::new(),
            structure: Vec::new(),
            own_lines: Vec::new(),
            quoted_lines: Vec::new(),
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let params = LureParams {
            most_keys: 50,
            most_people: 20,
            most_domains: 30,
            most_links: 10,
            known_messages: 5,
            known_days: 30,
            fresh_days: 7,
            habit_messages: 10,
            mailbox_messages: 50,
        };
        let mut learnt = Acquaintances::new(params);
        for number in 0..2_000 {
            learnt.learn(&stranger(number), MailVerdict::Unsigned);
        }
        let sizes = [learnt.pairs.len(), learnt.links.len(), learnt.subjects.len()];
        assert_eq!(sizes, [50; 3]);
        assert_eq!([learnt.people.len(), learnt.names.len(), learnt.domains.len()], [20, 20, 30]);
        assert!(learnt.months.len() < 10);
    }
}
