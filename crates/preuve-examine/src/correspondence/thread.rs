//! Threads (RFC 5322 §3.6.4): what answers what, what is missing between, and whether the history that an answer
//! quotes stands in the messages it names.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{CheckOutcome, LinePrint, MailThread, MessageRef, Observation};

use super::letter::{Letter, claims_to_answer, print_text};
use super::mailbox::{compared, named_ids, parent_id};
use super::note::{length_text, note};
use super::settled::{Correspondence, Here};

const SECTION: &str = "RFC 5322 §3.6.4";
/// An id that is not at hand and that more letters name than this joins none: some programs write the same id
/// into everything.
const MOST_NAMING: usize = 200;

pub(super) fn observe(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    observe_same_id(all, here, out);
    let ids = named_ids(here.digest);
    if ids.is_empty() {
        return observe_subject(all, here, out);
    }
    observe_parent(all, here, out);
    observe_gaps(all, &ids, out);
    observe_history(all, here, &ids, out);
}

/// Other letters of the same `Message-ID`: an id must stand for one message.
fn observe_same_id(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let others: BTreeSet<u32> =
        all.with_id(here.prints.id).filter(|&other| all.letter(other).key != here.prints.key).collect();
    if others.is_empty() {
        return;
    }
    let mut differs = BTreeSet::new();
    for letter in others.iter().map(|&other| all.letter(other)) {
        differs.extend(differing(letter, here));
    }
    if differs.is_empty() {
        differs.insert("other header fields");
    }
    let differs = differs.into_iter().collect::<Vec<_>>().join(", ");
    out.push(
        note("thread.same_id_other_content", CheckOutcome::Fail)
            .section(SECTION)
            .fact("others", others.len())
            .fact("differs", &differs)
            .others(all.places(&others))
            .say(format!("another message bears the same Message-ID and differs in: {differs}")),
    );
}

fn differing(letter: &Letter, here: &Here<'_>) -> Vec<&'static str> {
    [
        ("From", letter.from != here.prints.from),
        ("Subject", letter.subject != here.prints.subject),
        ("Date", letter.date != here.digest.date),
        ("body", letter.body != here.prints.body),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

/// A message that claims to answer and names nothing: others of the pair under that subject are a weak hint.
fn observe_subject(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    if !here.digest.subject.as_deref().is_some_and(claims_to_answer) {
        return;
    }
    let before = |letter: &Letter| letter.date < here.digest.date;
    let others: BTreeSet<u32> = all
        .with_talk(here.prints.talk)
        .filter(|&other| all.letter(other).key != here.prints.key && before(all.letter(other)))
        .collect();
    if others.is_empty() {
        return;
    }
    out.push(
        note("thread.same_subject", CheckOutcome::Note)
            .section(SECTION)
            .fact("others", others.len())
            .others(all.places(&others))
            .say("it names no message that it answers; the same two people wrote earlier under this subject"),
    );
}

fn observe_parent(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let parents: BTreeSet<u32> = parent_id(here.digest)
        .map(print_text)
        .into_iter()
        .flat_map(|id| all.with_id(id))
        .filter(|&parent| all.letter(parent).key != here.prints.key)
        .collect();
    let Some(date) = here.digest.date else { return };
    // Of letters that share the id, the earliest is the most favourable to this message.
    let Some(written) = parents.iter().filter_map(|&parent| all.letter(parent).date).min() else { return };
    let gap = length_text(written - date);
    let observation = if written - date > all.params.skew_seconds {
        note("thread.answers_before", CheckOutcome::Fail)
            .say(format!("its Date is {gap} before that of the message it answers"))
    } else {
        note("thread.answers_earlier", CheckOutcome::Pass)
            .say(format!("its Date is {gap} after that of the message it answers"))
    };
    let mut observation = observation;
    observation.facts = [("section".to_owned(), SECTION.to_owned()), ("gap".to_owned(), gap)].into();
    observation.others = all.places(&parents);
    out.push(observation);
}

fn observe_gaps(all: &Correspondence, ids: &[&str], out: &mut Vec<Observation>) {
    let known: Vec<&&str> = ids.iter().filter(|id| all.would_know(print_text(id))).collect();
    let missing: Vec<&str> =
        known.iter().filter(|id| all.with_id(print_text(id)).next().is_none()).map(|id| **id).collect();
    if known.is_empty() {
        return;
    }
    let observation = if missing.is_empty() {
        note("thread.complete", CheckOutcome::Pass)
            .section(SECTION)
            .fact("named", known.len())
            .say("every message it names is at hand")
    } else {
        note("thread.gap", CheckOutcome::Note)
            .section(SECTION)
            .fact("named", known.len())
            .fact("missing", missing.len())
            .fact("ids", missing.iter().take(3).copied().collect::<Vec<_>>().join(", "))
            .say(format!("of {} messages it names, {} are not at hand", known.len(), missing.len()))
    };
    out.push(observation);
}

/// Does what it quotes stand in the messages it names?
fn observe_history(all: &Correspondence, here: &Here<'_>, ids: &[&str], out: &mut Vec<Observation>) {
    let quoted: Vec<&LinePrint> =
        compared(&here.digest.quoted_lines, &all.params).filter(|line| all.tells(line.hash)).collect();
    let letters: u32 = quoted.iter().map(|line| line.letters).sum();
    if quoted.len() < 2 || letters < all.params.least_found {
        return;
    }
    let named: BTreeSet<u32> = ids.iter().flat_map(|id| all.with_id(print_text(id))).collect();
    let missing = ids.iter().any(|id| all.with_id(print_text(id)).next().is_none());
    let parent = parent_id(here.digest).map_or(0, print_text);
    let speaks = |letter: u32| all.letter(letter).own > 0;
    if named.is_empty() || !all.with_id(parent).any(speaks) {
        return;
    }
    let stands = |line: &&LinePrint| named.iter().any(|&letter| all.stands_in(line.hash, letter));
    let (found, absent): (Vec<&LinePrint>, Vec<&LinePrint>) =
        quoted.iter().copied().partition(|line| stands(line));
    let draft = match (found.is_empty(), absent.is_empty()) {
        (true, _) => note("thread.history_absent", CheckOutcome::Fail)
            .at(absent.iter().map(|line| line.bytes))
            .fact("quoted", quoted.len())
            .fact("found", 0)
            .others(all.places(&named))
            .say("nothing of what it quotes stands in the messages it names, though the one it answers is at hand"),
        (false, true) => note("thread.history_found", CheckOutcome::Pass)
            .at(found.iter().map(|line| line.bytes))
            .fact("quoted", quoted.len())
            .fact("found", found.len())
            .others(all.places(&named))
            .say("all that it quotes stands in the messages it names"),
        // What is absent may stand in the message that is missing.
        (false, false) if missing => return,
        (false, false) => note("thread.history_partly", CheckOutcome::Note)
            .at(absent.iter().map(|line| line.bytes))
            .fact("quoted", quoted.len())
            .fact("found", found.len())
            .others(all.places(&named))
            .say("a part of what it quotes stands in none of the messages it names, which are all at hand"),
    };
    out.push(draft);
}

/// Joins letters that name one another.
struct Groups(Vec<u32>);

impl Groups {
    fn root(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            let above = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

pub(super) fn threads(all: &Correspondence) -> Vec<MailThread> {
    let count = u32::try_from(all.letters.len()).unwrap_or(u32::MAX);
    let mut groups = Groups((0..count).collect());
    for pair in all.by_id.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        groups.join(pair[0].1, pair[1].1);
    }
    let mut missing: Vec<(u32, u64)> = Vec::new();
    for naming in all.named.chunk_by(|a, b| a.0 == b.0) {
        let id = naming[0].0;
        let at_hand = all.with_id(id).next();
        if at_hand.is_none() && (naming.len() > MOST_NAMING || !all.would_know(id)) {
            continue;
        }
        let anchor = at_hand.unwrap_or(naming[0].1);
        naming.iter().for_each(|&(_, letter)| groups.join(anchor, letter));
        if at_hand.is_none() {
            missing.push((anchor, id));
        }
    }
    let mut gathered: BTreeMap<u32, (Vec<u32>, Vec<String>)> = BTreeMap::new();
    for letter in 0..count {
        gathered.entry(groups.root(letter)).or_default().0.push(letter);
    }
    for (letter, id) in missing {
        let text = all.id_texts.get(&id).cloned();
        gathered.entry(groups.root(letter)).or_default().1.extend(text);
    }
    let mut threads: Vec<_> = gathered
        .into_values()
        .filter(|(letters, missing)| letters.len() > 1 || !missing.is_empty())
        .map(|(letters, missing)| in_order(all, &letters, missing))
        .collect();
    threads.sort();
    threads.into_iter().map(|(_, members, missing)| MailThread { members, missing }).collect()
}

type Ordered = (Option<i64>, Vec<MessageRef>, Vec<String>);

fn in_order(all: &Correspondence, letters: &[u32], mut missing: Vec<String>) -> Ordered {
    let mut members: Vec<(Option<i64>, MessageRef)> = letters
        .iter()
        .filter_map(|&letter| {
            let letter = all.letter(letter);
            // The copy with the first path stands for the letter.
            let place = letter.sightings.iter().map(|sighting| all.place(sighting)).min()?;
            Some((letter.date, place))
        })
        .collect();
    members.sort();
    missing.sort();
    let first = members.first().and_then(|(date, _)| *date);
    (first, members.into_iter().map(|(_, place)| place).collect(), missing)
}
