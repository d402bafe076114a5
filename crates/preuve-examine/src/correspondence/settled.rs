//! What was learned, in order for looking up: the same whatever the order of learning.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{MailThread, MessageDigest, MessageFinding, MessageRef, Observation};

use super::letter::{IdTime, Letter, Prints, Sighting};
use super::mailbox::{CorrespondenceParams, Line, Mailbox, Names, kept};
use super::{corroboration, route, structure, thread, time};

/// The messages of the material, as far as they were learned.
#[derive(Debug)]
pub struct Correspondence {
    pub(super) params: CorrespondenceParams,
    /// Sorted by key, so that their numbers do not depend on the order of learning.
    pub(super) letters: Vec<Letter>,
    pub(super) by_id: Vec<(u64, u32)>,
    by_talk: Vec<(u64, u32)>,
    pub(super) named: Vec<(u64, u32)>,
    own: Vec<Line>,
    quoted: Vec<Line>,
    formulas: Vec<u64>,
    pub(super) id_texts: BTreeMap<u64, String>,
    senders: BTreeMap<u64, Sender>,
    paths: Names,
    domains: Names,
    letter_bits: u32,
    line_bits: u32,
    ids_left_out: bool,
}

/// What the bounds of memory left out, and what was taken for formulas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Different letters that were kept.
    pub letters: usize,
    /// One letter in so many was kept.
    pub letters_one_in: u64,
    /// One sentence in so many was kept.
    pub lines_one_in: u64,
    /// Sentences that stand in too many letters to link any.
    pub formulas: usize,
    /// Whether some ids of missing messages are known by their prints alone.
    pub ids_left_out: bool,
}

/// What the letters of one sender have in common.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) letters: usize,
    /// Zones of Date and how many letters bear each.
    pub(super) zones: BTreeMap<i32, usize>,
    /// Domains of `Message-ID`, as prints.
    pub(super) id_domains: BTreeMap<u64, usize>,
    pub(super) id_times_fit: usize,
    pub(super) id_times_differ: usize,
}

/// Zones or domains of one sender beyond this are no habit.
const MOST_VARIETY: usize = 64;
/// Letters of one id, of one subject, or that quote one sentence: more are not looked at, or ten thousand messages
/// of one id would take ten thousand times ten thousand looks.
const MOST_ALIKE: usize = 256;

impl Sender {
    fn take(&mut self, letter: &Letter) {
        self.letters += 1;
        if let Some(zone) = letter.zone {
            *self.zones.entry(zone).or_default() += 1;
        }
        if letter.id_domain != 0 {
            *self.id_domains.entry(letter.id_domain).or_default() += 1;
        }
        self.id_times_fit += usize::from(letter.id_time == IdTime::Fits);
        self.id_times_differ += usize::from(letter.id_time == IdTime::Differs);
    }

    /// Who writes in ever new ways has no habit, and long lists would cost time.
    fn forget_variety(&mut self) {
        if self.zones.len() > MOST_VARIETY {
            self.zones.clear();
        }
        if self.id_domains.len() > MOST_VARIETY {
            self.id_domains.clear();
        }
    }

    /// The same without `letter`: what the sender's other mail is like.
    fn without(mut self, letter: Option<&Letter>) -> Self {
        let Some(letter) = letter else { return self };
        self.letters = self.letters.saturating_sub(1);
        if let Some(count) = letter.zone.and_then(|zone| self.zones.get_mut(&zone)) {
            *count = count.saturating_sub(1);
        }
        if let Some(count) = self.id_domains.get_mut(&letter.id_domain) {
            *count = count.saturating_sub(1);
        }
        self.zones.retain(|_, count| *count > 0);
        self.id_domains.retain(|_, count| *count > 0);
        self.id_times_fit -= usize::from(letter.id_time == IdTime::Fits).min(self.id_times_fit);
        self.id_times_differ -= usize::from(letter.id_time == IdTime::Differs).min(self.id_times_differ);
        self
    }
}

/// What nearly all of a sender's letters have in common: of counted things the one that most have, where it and
/// those `near` it make up nine in ten.
pub(super) fn habit<K: Copy + Ord>(counts: &BTreeMap<K, usize>, near: impl Fn(K, K) -> bool) -> Option<K> {
    let total: usize = counts.values().sum();
    let (&usual, _) = counts.iter().max_by_key(|&(key, count)| (*count, std::cmp::Reverse(*key)))?;
    let alike: usize = counts.iter().filter(|&(key, _)| near(*key, usual)).map(|(_, count)| count).sum();
    (total >= LEAST_LETTERS && alike * 10 >= total * 9).then_some(usual)
}

/// Other letters that a sender must have before a habit is one.
pub(super) const LEAST_LETTERS: usize = 5;

/// A message under observation.
pub(super) struct Here<'d> {
    pub(super) digest: &'d MessageDigest,
    pub(super) finding: &'d MessageFinding,
    pub(super) prints: Prints,
    /// Its letter, where it was learned and kept.
    pub(super) letter: Option<u32>,
}

impl Correspondence {
    pub(super) fn of(mut mailbox: Mailbox) -> Self {
        number_by_key(&mut mailbox);
        let numbered = || (0u32..).zip(&mailbox.letters);
        let index = |print: fn(&Letter) -> u64| {
            let mut index: Vec<(u64, u32)> =
                numbered().map(|(number, letter)| (print(letter), number)).collect();
            index.retain(|&(print, _)| print != 0);
            index.sort_unstable();
            index
        };
        let (by_id, by_talk) = (index(|letter| letter.id), index(|letter| letter.talk));
        let mut senders: BTreeMap<u64, Sender> = BTreeMap::new();
        for letter in mailbox.letters.iter().filter(|letter| letter.from != 0) {
            senders.entry(letter.from).or_default().take(letter);
        }
        senders.values_mut().for_each(Sender::forget_variety);
        // The text of an id is wanted only where its message is missing.
        mailbox.id_texts.retain(|&id, _| run(&by_id, id).is_empty());
        let mut named = mailbox.named;
        named.sort_unstable();
        named.dedup();
        let (own, quoted, formulas) = pair_lines(mailbox.lines, mailbox.params.formula_letters);
        Self {
            params: mailbox.params,
            letters: mailbox.letters,
            by_id,
            by_talk,
            named,
            own,
            quoted,
            formulas,
            id_texts: mailbox.id_texts,
            senders,
            paths: mailbox.paths,
            domains: mailbox.domains,
            letter_bits: mailbox.letter_bits,
            line_bits: mailbox.line_bits,
            ids_left_out: mailbox.ids_left_out,
        }
    }

    /// All that is noticed about a message, passed checks too, in a fixed order.
    pub fn observe(&self, digest: &MessageDigest, finding: &MessageFinding) -> Vec<Observation> {
        let prints = Prints::of(digest);
        let here = Here { digest, finding, prints, letter: self.letter_of(prints.key) };
        let mut observations = Vec::new();
        time::observe(self, &here, &mut observations);
        route::observe(self, &here, &mut observations);
        structure::observe(&here, &mut observations);
        thread::observe(self, &here, &mut observations);
        corroboration::observe(self, &here, &mut observations);
        observations
    }

    /// The messages that answer one another, each thread sorted by date, then by path.
    pub fn threads(&self) -> Vec<MailThread> {
        thread::threads(self)
    }

    /// Where else the very bytes of this message stand, a few places.
    pub fn seen_at(&self, digest: &MessageDigest) -> Vec<MessageRef> {
        let Some(letter) = self.letter_of(Prints::of(digest).key) else { return Vec::new() };
        let mut places: Vec<MessageRef> = self.letters[letter as usize]
            .sightings
            .iter()
            .filter(|sighting| sighting.id == digest.at.id)
            .map(|sighting| self.place(sighting))
            .filter(|place| *place != digest.at)
            .collect();
        places.sort();
        places
    }

    /// What the bounds left out.
    pub fn reach(&self) -> Reach {
        Reach {
            letters: self.letters.len(),
            letters_one_in: 1 << self.letter_bits,
            lines_one_in: 1 << self.line_bits,
            formulas: self.formulas.len(),
            ids_left_out: self.ids_left_out,
        }
    }

    fn letter_of(&self, key: u64) -> Option<u32> {
        let at = self.letters.binary_search_by_key(&key, |letter| letter.key).ok()?;
        u32::try_from(at).ok()
    }

    /// Letters whose `Message-ID` has this print.
    pub(super) fn with_id(&self, id: u64) -> impl Iterator<Item = u32> {
        run(&self.by_id, id).iter().take(MOST_ALIKE).map(|&(_, letter)| letter)
    }

    /// Letters of the same pair and subject.
    pub(super) fn with_talk(&self, talk: u64) -> impl Iterator<Item = u32> {
        let found = if talk == 0 { &[][..] } else { run(&self.by_talk, talk) };
        found.iter().take(MOST_ALIKE).map(|&(_, letter)| letter)
    }

    /// Where a sentence stands as the author's own.
    pub(super) fn own(&self, hash: u64) -> &[Line] {
        run_of_lines(&self.own, hash)
    }

    /// Where a sentence is quoted.
    pub(super) fn quoted(&self, hash: u64) -> &[Line] {
        let places = run_of_lines(&self.quoted, hash);
        &places[..places.len().min(MOST_ALIKE)]
    }

    /// Whether a sentence stands in a letter, as its own or quoted.
    pub(super) fn stands_in(&self, hash: u64, letter: u32) -> bool {
        let has = |lines: &[Line]| {
            lines.binary_search_by_key(&(hash, letter), |line| (line.hash, line.letter)).is_ok()
        };
        has(&self.own) || has(&self.quoted)
    }

    /// Whether a sentence tells anything: no formula, and in the share that was kept.
    pub(super) fn tells(&self, hash: u64) -> bool {
        kept(hash, self.line_bits) && self.formulas.binary_search(&hash).is_err()
    }

    /// Whether a message of this id would be known if it were at hand.
    pub(super) fn would_know(&self, id: u64) -> bool {
        kept(id, self.letter_bits)
    }

    pub(super) fn letter(&self, number: u32) -> &Letter {
        &self.letters[number as usize]
    }

    /// The other letters of a sender.
    pub(super) fn other_mail(&self, here: &Here<'_>) -> Sender {
        let sender = self.senders.get(&here.prints.from).cloned().unwrap_or_default();
        sender.without(here.letter.map(|letter| self.letter(letter)))
    }

    /// The organisational domain of a letter's From.
    pub(super) fn domain(&self, letter: u32) -> &str {
        self.domains.texts.get(self.letter(letter).domain as usize).map_or("", |domain| &**domain)
    }

    pub(super) fn place(&self, sighting: &Sighting) -> MessageRef {
        let path = self.paths.texts.get(sighting.path as usize).map_or("", |path| &**path);
        MessageRef { path: path.to_owned(), index: sighting.index, id: sighting.id }
    }

    /// One copy of each letter, a few, by date, then by bytes, so that a copy under another path changes no order.
    pub(super) fn places(&self, letters: &BTreeSet<u32>) -> Vec<MessageRef> {
        let copies = letters.iter().map(|&letter| self.letter(letter));
        let mut dated: Vec<(Option<i64>, &Sighting)> =
            copies.filter_map(|letter| Some((letter.date, letter.sightings.first()?))).collect();
        dated.sort_by_key(|(date, sighting)| (*date, sighting.id));
        dated.into_iter().take(self.params.most_others).map(|(_, sighting)| self.place(sighting)).collect()
    }
}

/// Sort the letters by their keys and let everything that names them follow.
fn number_by_key(mailbox: &mut Mailbox) {
    let mut order: Vec<u32> = (0..u32::try_from(mailbox.letters.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|&letter| mailbox.letters[letter as usize].key);
    let mut numbers = vec![0u32; order.len()];
    for (number, &letter) in (0u32..).zip(&order) {
        numbers[letter as usize] = number;
    }
    mailbox.letters.sort_unstable_by_key(|letter| letter.key);
    mailbox.lines.iter_mut().for_each(|line| line.letter = numbers[line.letter as usize]);
    mailbox.named.iter_mut().for_each(|named| named.1 = numbers[named.1 as usize]);
}

/// The entries of a sorted index with this print.
fn run(index: &[(u64, u32)], print: u64) -> &[(u64, u32)] {
    let start = index.partition_point(|&(entry, _)| entry < print);
    let end = start + index[start..].partition_point(|&(entry, _)| entry == print);
    &index[start..end]
}

fn run_of_lines(lines: &[Line], hash: u64) -> &[Line] {
    let start = lines.partition_point(|line| line.hash < hash);
    let end = start + lines[start..].partition_point(|line| line.hash == hash);
    &lines[start..end]
}

/// Own lines that are quoted somewhere, quoted lines that stand somewhere else, and the formulas, dropped.
fn pair_lines(mut lines: Vec<Line>, formula_letters: usize) -> (Vec<Line>, Vec<Line>, Vec<u64>) {
    lines.sort_unstable();
    lines.dedup();
    let (mut own, mut quoted, mut formulas) = (Vec::new(), Vec::new(), Vec::new());
    for group in lines.chunk_by(|a, b| a.hash == b.hash) {
        let letters_of = |quoted: bool| {
            let mut letters: Vec<u32> =
                group.iter().filter(|line| line.quoted == quoted).map(|line| line.letter).collect();
            letters.dedup();
            letters.len()
        };
        let (owners, quoters) = (letters_of(false), letters_of(true));
        if owners > formula_letters {
            formulas.push(group[0].hash);
        } else if quoters > 1 || owners > 0 && quoters > 0 {
            own.extend(group.iter().filter(|line| !line.quoted));
            quoted.extend(group.iter().filter(|line| line.quoted));
        }
    }
    (own, quoted, formulas)
}
