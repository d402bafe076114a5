//! The mail of the case seen once through: what every exporter says of it. A few bytes of each message stay in
//! memory; the messages that are shown are loaded again.

mod decode;
mod display;
mod fields;
mod grid;
mod interest;
mod json;
mod keys;
mod phrases;
mod summary;
mod thread;

use std::borrow::Cow;
use std::collections::BTreeMap;

use preuve_case::{ItemId, MailVerdict, MessageDigest, MessageRef};
use serde::Serialize;

use crate::input::{MailMessage, Messages};
use crate::{ReportError, ReportInput};

pub(crate) use display::{Display, Mark, ShownField, ShownText, display};
pub(crate) use fields::deciding;
pub(crate) use grid::{Counts, DomainRow, Grid, Period};
pub(crate) use interest::{Interest, Traits, choose};
pub(crate) use json::{write_messages, write_threads};
pub(crate) use keys::{KeyGap, KeyGaps};
pub(crate) use phrases::{
    Facts, check_phrase, observation_phrase, outcome_name, phrase, reason_phrase, verdict_name,
    verdict_phrase, verdict_words,
};
pub(crate) use summary::write_mail;
pub(crate) use thread::{Row, Thread, thread};

/// Sender domains told apart; messages of those that come later are counted together.
const MOST_DOMAINS: usize = 50_000;
/// The domain of messages without a sender, and of those beyond [`MOST_DOMAINS`].
pub(crate) const NO_DOMAIN: u32 = u32::MAX;

/// What is kept of one message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MailHead {
    /// Place in [`Mail::domains`], or [`NO_DOMAIN`].
    pub domain: u32,
    /// Months since the year 0; `None` without a date.
    pub month: Option<i32>,
    pub verdict: MailVerdict,
    pub traits: Traits,
}

/// Counts over the mail of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MailFigures {
    /// Messages.
    pub messages: usize,
    /// Messages by verdict.
    pub verdicts: BTreeMap<MailVerdict, usize>,
    /// Sender domains told apart.
    pub sender_domains: usize,
    /// Messages without a date that can be read.
    pub undated: usize,
    /// Messages with traits of mail made to deceive.
    pub lures: usize,
    /// Messages in which something does not fit.
    pub inconsistent: usize,
    /// Messages that others bear out.
    pub corroborated: usize,
    /// Messages seen in more than one place.
    pub seen_again: usize,
    /// Names of keys that are missing.
    pub missing_keys: usize,
}

/// The mail of the case.
pub(crate) struct Mail<'a> {
    source: &'a dyn Messages,
    pub heads: Vec<MailHead>,
    /// Sender domains in the order of their first message.
    pub domains: Vec<String>,
    pub gaps: KeyGaps,
    pub figures: MailFigures,
    /// Messages that their threads go by.
    leaders: Vec<u32>,
    /// The beginning of each id and the message it belongs to, sorted.
    places: Vec<(u64, u32)>,
}

impl<'a> Mail<'a> {
    /// Goes through the messages once; `None` where the case holds no mail.
    pub(crate) fn build(input: &ReportInput<'a>) -> Result<Option<Self>, ReportError> {
        let Some(source) = input.messages.filter(|source| source.count() > 0) else { return Ok(None) };
        let mut pass = Pass::default();
        for index in 0..source.count() {
            pass.take(index, &load(source, index)?);
        }
        Ok(Some(pass.finish(source)))
    }

    pub(crate) fn load(&self, index: usize) -> Result<MailMessage<'a>, ReportError> {
        load(self.source, index)
    }

    pub(crate) fn original(&self, index: usize) -> Result<Option<Cow<'a, [u8]>>, ReportError> {
        self.source.original(index).map_err(|source| ReportError::LoadMessage { index, source })
    }

    /// The messages that `at` may be, by the beginning of its id.
    fn candidates(&self, at: &MessageRef) -> impl Iterator<Item = usize> {
        let key = beginning(&at.id);
        let start = self.places.partition_point(|place| place.0 < key);
        self.places[start..].iter().take_while(move |place| place.0 == key).map(|place| place.1 as usize)
    }

    /// The message `at` where it is among those at hand.
    pub(crate) fn find(&self, at: &MessageRef) -> Result<Option<(usize, MailMessage<'a>)>, ReportError> {
        for index in self.candidates(at) {
            let message = self.load(index)?;
            if message.digest.at.id == at.id {
                return Ok(Some((index, message)));
            }
        }
        Ok(None)
    }

    /// The name of a message's sender domain.
    pub(crate) fn domain(&self, domain: u32) -> Option<&str> {
        self.domains.get(domain as usize).map(String::as_str)
    }
}

fn load<'a>(source: &'a dyn Messages, index: usize) -> Result<MailMessage<'a>, ReportError> {
    source.message(index).map_err(|source| ReportError::LoadMessage { index, source })
}

fn beginning(id: &ItemId) -> u64 {
    let bytes = id.as_bytes();
    bytes.iter().take(8).fold(0, |key, &byte| key << 8 | u64::from(byte))
}

/// The domain of the first address in From, lower case.
pub(crate) fn sender_domain(digest: &MessageDigest) -> Option<String> {
    let address = &digest.from.first()?.address;
    let (_, domain) = address.rsplit_once('@')?;
    let domain = domain.trim().to_lowercase();
    (!domain.is_empty()).then_some(domain)
}

/// The day that the message bears, in its own zone.
pub(crate) fn mail_day(digest: &MessageDigest) -> Option<jiff::civil::Date> {
    let zone = i64::from(digest.zone_minutes.unwrap_or(0)) * 60;
    let time = jiff::Timestamp::from_second(digest.date?.checked_add(zone)?).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).date())
}

#[derive(Default)]
struct Pass {
    heads: Vec<MailHead>,
    domains: Vec<String>,
    numbers: BTreeMap<String, u32>,
    gaps: KeyGaps,
    leaders: Vec<u32>,
    places: Vec<(u64, u32)>,
    seen_again: usize,
}

impl Pass {
    fn take(&mut self, index: usize, message: &MailMessage<'_>) {
        let month =
            mail_day(&message.digest).map(|day| i32::from(day.year()) * 12 + i32::from(day.month()) - 1);
        self.gaps.take(&message.finding, month);
        self.seen_again += usize::from(!message.seen_at.is_empty());
        if let Ok(number) = u32::try_from(index) {
            let id = message.digest.at.id;
            self.places.push((beginning(&id), number));
            if message.thread.as_deref().and_then(json::leader) == Some(id) {
                self.leaders.push(number);
            }
        }
        let domain = sender_domain(&message.digest).map_or(NO_DOMAIN, |domain| self.number(domain));
        let traits = Traits::of(&message.observations);
        self.heads.push(MailHead { domain, month, verdict: message.finding.verdict, traits });
    }

    fn number(&mut self, domain: String) -> u32 {
        if let Some(&number) = self.numbers.get(&domain) {
            return number;
        }
        if self.domains.len() >= MOST_DOMAINS {
            return NO_DOMAIN;
        }
        let number = u32::try_from(self.domains.len()).unwrap_or(NO_DOMAIN);
        self.domains.push(domain.clone());
        self.numbers.insert(domain, number);
        number
    }

    fn finish(mut self, source: &dyn Messages) -> Mail<'_> {
        self.places.sort_unstable();
        let mut verdicts = BTreeMap::new();
        for head in &self.heads {
            *verdicts.entry(head.verdict).or_insert(0) += 1;
        }
        let count = |wanted: fn(&MailHead) -> bool| self.heads.iter().filter(|head| wanted(head)).count();
        let figures = MailFigures {
            messages: self.heads.len(),
            verdicts,
            sender_domains: self.domains.len(),
            undated: count(|head| head.month.is_none()),
            lures: count(|head| head.traits.lure()),
            inconsistent: count(|head| head.traits.inconsistent()),
            corroborated: count(|head| head.traits.corroborated()),
            seen_again: self.seen_again,
            missing_keys: self.gaps.len(),
        };
        Mail {
            source,
            heads: self.heads,
            domains: self.domains,
            gaps: self.gaps,
            figures,
            leaders: self.leaders,
            places: self.places,
        }
    }
}
