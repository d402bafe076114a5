//! What was learnt, put in order: the questions that the reasons ask of the mailbox.

use preuve_case::MessageRef;

use super::host::mail_domain;
use super::learn::{Acquaintances, DomainUse, Person};
use super::lookalike::{KnownDomains, Likeness};
use super::reason::Reason;
use super::services::Service;
use super::table::{Known, Seen, key};
use super::traits::month_of;

/// The acquaintances of a mailbox, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    pub(super) learnt: Acquaintances,
    known: KnownDomains,
}

/// A domain looks like another only if the other occurs so many times as often.
const MORE_OFTEN: u32 = 20;
/// Messages of a sender's domain that link to a domain, from which on this is its way.
const USUAL_LINKS: u32 = 3;

impl Circle {
    pub(super) fn new(learnt: Acquaintances) -> Self {
        let mut names: Vec<Box<str>> = learnt
            .domains
            .values()
            .filter(|domain| learnt.lasts(&domain.seen) && domain.name.contains('.'))
            .map(|domain| domain.name.clone())
            .collect();
        names.sort_unstable();
        Self { known: KnownDomains::new(names), learnt }
    }

    /// Did enough messages come before `when` for anything to be called new?
    pub(super) fn has_past(&self, when: Option<i64>) -> bool {
        let Some(month) = when.and_then(month_of) else { return false };
        self.learnt.months.range(..month).map(|(_, count)| count).sum::<u64>()
            >= self.learnt.params.mailbox_messages
    }

    pub(super) fn domain(&self, domain: &str) -> Known<&DomainUse> {
        self.learnt.domains.get(key("domain", &[domain]))
    }

    pub(super) fn person(&self, address: &str) -> Known<&Person> {
        self.learnt.people.get(key("person", &[address]))
    }

    /// Is a domain known to the mailbox, and was it before `when`; or does this sender's domain usually link there?
    pub(super) fn is_familiar(&self, domain: &str, sender: Option<&str>, when: Option<i64>) -> bool {
        let fresh = self.learnt.params.fresh_days;
        let long = |seen: &Seen| seen.before(when, fresh, true);
        let known = self
            .domain(domain)
            .seen()
            .is_some_and(|known| self.learnt.lasts(&known.seen) && long(&known.seen));
        known
            || sender.is_some_and(|sender| {
                let usual = self.learnt.links.get(key("link", &[sender, domain])).seen();
                usual.is_some_and(|usual| usual.count >= USUAL_LINKS && long(usual))
            })
    }

    /// The known domain that `host` was made to be taken for.
    pub(super) fn likeness(&self, host: &str) -> Option<(Likeness<'_>, &DomainUse)> {
        let like = self.known.likeness(host)?;
        let model = self.domain(like.known).seen()?;
        let own = self.domain(super::host::registered(host)).seen().map_or(Seen::NONE, |own| own.seen);
        let rare = own.count.saturating_mul(MORE_OFTEN) <= model.seen.count;
        let placed = like.reason == Reason::DomainInHost;
        (placed || rare || !self.learnt.lasts(&own)).then_some((like, model))
    }

    /// The known domain whose name `word` is.
    pub(super) fn of_word(&self, word: &str) -> Option<&str> {
        self.known.of_word(word)
    }

    /// The known address that stands behind a name, where it is another than `address` and not of one house with it.
    pub(super) fn known_address(&self, name: &str, address: &str) -> Option<(&str, &MessageRef)> {
        let known = self.learnt.names.get(key("name", &[name])).seen().filter(|name| !name.too_many)?;
        let lasts = |seen: &Seen| self.learnt.lasts(seen);
        if known.addresses.get(address).is_some_and(|(seen, _)| lasts(seen)) {
            return None;
        }
        let house = |address: &str| {
            mail_domain(address).filter(|domain| !self.learnt.services.is(Service::Freemail, domain, ""))
        };
        let own = house(address);
        let same_house = |other: &str| own.is_some() && house(other) == own;
        let lasting: Vec<_> = known.addresses.iter().filter(|(_, (seen, _))| lasts(seen)).collect();
        if lasting.iter().any(|(other, _)| same_house(other)) {
            return None;
        }
        lasting.first().map(|(other, (_, example))| (&***other, &example.at))
    }

    /// Did anything go between two addresses before `when`?
    pub(super) fn wrote_before(&self, from: &str, to: &str, when: Option<i64>) -> Known<bool> {
        let there = self.learnt.pairs.get(key("pair", &[from, to]));
        let back = self.learnt.pairs.get(key("pair", &[to, from]));
        let before = |seen: &Seen, counted| seen.before(when, 0, counted);
        match (there, back) {
            (Known::Seen(seen), _) if before(seen, true) => Known::Seen(true),
            (_, Known::Seen(seen)) if before(seen, false) => Known::Seen(true),
            (Known::Untold, _) | (_, Known::Untold) => Known::Untold,
            _ => Known::Seen(false),
        }
    }
}

impl Acquaintances {
    /// Is something seen like this known to the mailbox?
    pub(super) fn lasts(&self, seen: &Seen) -> bool {
        seen.lasts(self.params.known_messages, self.params.known_days)
    }
}
