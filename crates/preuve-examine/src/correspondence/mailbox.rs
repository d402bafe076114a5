//! Learning: each message leaves prints in bounded tables. Where a table is full, a share of it is kept that the
//! prints decide and not the order, and [`super::Reach`] says which share.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use preuve_case::{LinePrint, MailVerdict, MessageDigest};

use super::letter::{Letter, Prints, Sighting, from_domain, print_text};
use super::settled::Correspondence;

/// Parameters of the correspondence engine.
#[derive(Debug, Clone)]
pub struct CorrespondenceParams {
    /// Letters kept; about 400 bytes each with the ids they name.
    pub most_letters: usize,
    /// Sentences kept, own and quoted together; 16 bytes each.
    pub most_lines: usize,
    /// A sentence that stands in more letters than this is a formula (a signature, a disclaimer) and links nothing.
    pub formula_letters: usize,
    /// Letters and digits that a sentence must have to be compared.
    pub least_letters: u32,
    /// Letters and digits that found sentences must have together to be told.
    pub least_found: u32,
    /// Messages named in one observation.
    pub most_others: usize,
    /// Seconds by which clocks may differ.
    pub skew_seconds: i64,
}

/// A sentence of a letter: print, letter, place among the letter's sentences of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) hash: u64,
    pub(super) letter: u32,
    pub(super) at: u16,
    pub(super) quoted: bool,
}

/// Strings by number.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<Arc<str>, u32>,
    pub(super) texts: Vec<Arc<str>>,
}

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.numbers.insert(text.clone(), number);
        self.texts.push(text);
        number
    }
}

/// Ids that one message names, kept of its References from the newest.
const MOST_NAMED: usize = 8;

/// What was learned so far.
#[derive(Debug)]
pub struct Mailbox {
    pub(super) params: CorrespondenceParams,
    pub(super) letters: Vec<Letter>,
    by_key: HashMap<u64, u32>,
    pub(super) lines: Vec<Line>,
    /// Ids named by letters.
    pub(super) named: Vec<(u64, u32)>,
    /// Their texts, those of the smallest prints where they are too many.
    pub(super) id_texts: BTreeMap<u64, String>,
    pub(super) paths: Names,
    pub(super) domains: Names,
    /// Letters whose lot has more leading zero bits than this many are kept.
    pub(super) letter_bits: u32,
    pub(super) line_bits: u32,
    pub(super) ids_left_out: bool,
}

/// Whether a print falls into the share of 1 in 2^`bits`.
pub(super) fn kept(print: u64, bits: u32) -> bool {
    bits == 0 || print.checked_shr(64 - bits.min(63)).unwrap_or(0) == 0
}

impl Mailbox {
    /// An engine that has learned nothing.
    pub fn new(params: CorrespondenceParams) -> Self {
        Self {
            params,
            letters: Vec::new(),
            by_key: HashMap::new(),
            lines: Vec::new(),
            named: Vec::new(),
            id_texts: BTreeMap::new(),
            paths: Names::default(),
            domains: Names::default(),
            letter_bits: 0,
            line_bits: 0,
            ids_left_out: false,
        }
    }

    /// Take in a message and its verdict.
    pub fn learn(&mut self, digest: &MessageDigest, verdict: MailVerdict) {
        let prints = Prints::of(digest);
        if !kept(prints.lot(), self.letter_bits) {
            return;
        }
        let sighting = Sighting {
            id: digest.at.id,
            path: self.paths.number(&digest.at.path),
            index: digest.at.index,
            route: prints.route,
        };
        if let Some(&known) = self.by_key.get(&prints.key) {
            let most = self.params.most_others + 1;
            let letter = &mut self.letters[known as usize];
            letter.verdict = letter.verdict.min(verdict);
            if !letter.sightings.contains(&sighting) {
                letter.sightings.push(sighting);
                sort_sightings(&mut letter.sightings, &self.paths.texts, most);
            }
            return;
        }
        let number = u32::try_from(self.letters.len()).unwrap_or(u32::MAX);
        let domain = self.domains.number(&from_domain(digest).unwrap_or_default());
        self.by_key.insert(prints.key, number);
        self.letters.push(Letter {
            key: prints.key,
            id: prints.id,
            date: digest.date,
            zone: digest.zone_minutes,
            from: prints.from,
            subject: prints.subject,
            body: prints.body,
            talk: prints.talk,
            id_domain: prints.id_domain,
            id_time: prints.id_time,
            parent: parent_id(digest).map_or(0, print_text),
            own: u16::try_from(compared(&digest.own_lines, &self.params).count()).unwrap_or(u16::MAX),
            domain,
            verdict,
            sightings: vec![sighting],
        });
        self.learn_lines(&digest.own_lines, number, false);
        self.learn_lines(&digest.quoted_lines, number, true);
        self.learn_named(digest, number);
        self.shrink();
    }

    fn learn_lines(&mut self, lines: &[LinePrint], letter: u32, quoted: bool) {
        for (at, line) in (0u16..).zip(compared(lines, &self.params)) {
            if kept(line.hash, self.line_bits) {
                self.lines.push(Line { hash: line.hash, letter, at, quoted });
            }
        }
    }

    fn learn_named(&mut self, digest: &MessageDigest, letter: u32) {
        for id in named_ids(digest) {
            let print = print_text(id);
            self.named.push((print, letter));
            self.id_texts.entry(print).or_insert_with(|| id.to_owned());
        }
        while self.id_texts.len() > self.params.most_letters {
            self.id_texts.pop_last();
            self.ids_left_out = true;
        }
    }

    /// Halve the share that is kept until the tables fit.
    fn shrink(&mut self) {
        while self.letters.len() > self.params.most_letters && self.letter_bits < 63 {
            self.letter_bits += 1;
            self.drop_letters();
        }
        while self.lines.len() > self.params.most_lines && self.line_bits < 63 {
            self.line_bits += 1;
            let bits = self.line_bits;
            self.lines.retain(|line| kept(line.hash, bits));
        }
    }

    fn drop_letters(&mut self) {
        let bits = self.letter_bits;
        let lot = |letter: &Letter| if letter.id == 0 { letter.key } else { letter.id };
        let mut next = 0u32;
        let numbers: Vec<Option<u32>> = self
            .letters
            .iter()
            .map(|letter| {
                kept(lot(letter), bits).then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        self.letters.retain(|letter| kept(lot(letter), bits));
        self.by_key = (0u32..).zip(&self.letters).map(|(number, letter)| (letter.key, number)).collect();
        let paths = std::mem::take(&mut self.paths);
        for sighting in self.letters.iter_mut().flat_map(|letter| &mut letter.sightings) {
            let path = paths.texts.get(sighting.path as usize).map_or("", |path| &**path);
            sighting.path = self.paths.number(path);
        }
        let moved = |letter: u32| numbers.get(letter as usize).copied().flatten();
        self.lines.retain_mut(|line| moved(line.letter).map(|letter| line.letter = letter).is_some());
        self.named.retain_mut(|named| moved(named.1).map(|letter| named.1 = letter).is_some());
    }

    /// Put what was learned in order for looking up.
    pub fn settle(self) -> Correspondence {
        Correspondence::of(self)
    }
}

/// Sort by bytes, then by path, and keep a few.
fn sort_sightings(sightings: &mut Vec<Sighting>, paths: &[Arc<str>], most: usize) {
    let path = |sighting: &Sighting| paths.get(sighting.path as usize).map(|path| &**path);
    sightings.sort_by(|a, b| (a.id, path(a), a.index).cmp(&(b.id, path(b), b.index)));
    if sightings.len() <= most {
        return;
    }
    // The last of the largest group goes, so that each of the different copies stays known.
    let (mut end, mut largest, mut from) = (sightings.len(), 0, 0);
    for group in sightings.chunk_by(|a, b| a.id == b.id) {
        from += group.len();
        if group.len() >= largest {
            (largest, end) = (group.len(), from);
        }
    }
    sightings.remove(end - 1);
}

/// The sentences that are long enough to be compared.
pub(super) fn compared<'l>(
    lines: &'l [LinePrint],
    params: &CorrespondenceParams,
) -> impl Iterator<Item = &'l LinePrint> + use<'l> {
    let least = params.least_letters;
    lines.iter().filter(move |line| line.letters >= least).take(usize::from(u16::MAX))
}

/// The id of the message that is answered.
pub(super) fn parent_id(digest: &MessageDigest) -> Option<&str> {
    named_ids(digest).first().copied()
}

/// The ids a message names: what it answers, then its references from the newest.
pub(super) fn named_ids(digest: &MessageDigest) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for id in digest.in_reply_to.iter().chain(digest.references.iter().rev()) {
        if ids.len() < MOST_NAMED && !ids.contains(&id.as_str()) && Some(id) != digest.message_id.as_ref() {
            ids.push(id);
        }
    }
    ids
}
