//! The same words or the same message found elsewhere. The one that weighs: a message's own words, quoted in a
//! message that another domain signed and whose signature holds. It shows that those words were there when that
//! message was signed, and nothing of the words that were not quoted.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{CheckOutcome, LinePrint, MailVerdict, Observation};

use super::letter::from_domain;
use super::letter::print_text;
use super::mailbox::{Line, compared, parent_id};
use super::note::{length_text, note};
use super::settled::{Correspondence, Here};

pub(super) fn observe(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    observe_copies(all, here, out);
    observe_valid_variant(all, here, out);
    observe_being_quoted(all, here, out);
    observe_quoting(all, here, out);
}

/// The same bytes elsewhere, and the same letter as another side keeps it.
fn observe_copies(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let elsewhere = all.seen_at(here.digest);
    if !elsewhere.is_empty() {
        let full =
            here.letter.is_some_and(|letter| all.letter(letter).sightings.len() > all.params.most_others);
        let places = format!("{}{}", elsewhere.len(), if full { "+" } else { "" });
        let others = elsewhere.into_iter().take(all.params.most_others).collect();
        let told = "the very same bytes stand elsewhere in the material";
        out.push(
            note("corroboration.seen_elsewhere", CheckOutcome::Note)
                .fact("places", places)
                .others(others)
                .say(told),
        );
    }
    let Some(letter) = here.letter.map(|letter| all.letter(letter)) else { return };
    let other: Vec<_> = letter
        .sightings
        .iter()
        .filter(|sighting| sighting.id != here.digest.at.id && sighting.route != here.prints.route)
        .collect();
    if other.is_empty() {
        return;
    }
    let mut seen = BTreeSet::new();
    let places = other.iter().filter(|sighting| seen.insert(sighting.id)).map(|sighting| all.place(sighting));
    let sent = here.prints.route == 0 || other.iter().any(|sighting| sighting.route == 0);
    let (kind, told) = if sent {
        ("sent", "the copy that its sender kept and the one that was delivered say the same")
    } else {
        ("delivered", "copies that were delivered on different ways say the same")
    };
    out.push(
        note("corroboration.other_side", CheckOutcome::Pass)
            .at(here.digest.received.iter().map(|hop| hop.bytes))
            .fact("copies", seen_count(&other))
            .fact("kind", kind)
            .others(places.take(all.params.most_others).collect())
            .say(told),
    );
}

fn seen_count(others: &[&super::letter::Sighting]) -> usize {
    others.iter().map(|sighting| sighting.id).collect::<BTreeSet<_>>().len()
}

/// Another message of the same `Message-ID` whose signature holds, while this one's does not.
fn observe_valid_variant(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    if here.finding.verdict == MailVerdict::Valid {
        return;
    }
    let valid: BTreeSet<u32> = all
        .with_id(here.prints.id)
        .filter(|&other| all.letter(other).key != here.prints.key)
        .filter(|&other| all.letter(other).verdict == MailVerdict::Valid)
        .collect();
    if valid.is_empty() {
        return;
    }
    out.push(
        note("corroboration.valid_copy_differs", CheckOutcome::Fail)
            .section("RFC 5322 §3.6.4")
            .others(all.places(&valid))
            .say("a message of the same Message-ID, whose signature holds, says something else"),
    );
}

/// How a message's sentences and those of one other letter pair up.
#[derive(Default)]
struct Pairing {
    /// Places here and there.
    pairs: Vec<(usize, usize)>,
    /// Places here of sentences that no other letter has.
    sure: BTreeSet<usize>,
}

/// Pair the sentences `lines` of this message with where `places` finds them in other letters.
fn pair<'c>(
    all: &'c Correspondence,
    here: &Here<'_>,
    lines: &[&LinePrint],
    places: impl Fn(u64) -> &'c [Line],
) -> BTreeMap<u32, Pairing> {
    let mut pairings: BTreeMap<u32, Pairing> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| all.tells(line.hash)) {
        let owners: BTreeSet<u32> = all.own(line.hash).iter().map(|place| place.letter).collect();
        for place in places(line.hash) {
            let other = all.letter(place.letter);
            if Some(place.letter) == here.letter || (other.id != 0 && other.id == here.prints.id) {
                continue;
            }
            let pairing = pairings.entry(place.letter).or_default();
            pairing.pairs.push((at, usize::from(place.at)));
            if owners.len() <= 1 {
                pairing.sure.insert(at);
            }
        }
    }
    pairings
}

/// Who quotes, and how much that weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Quoter {
    OtherDomain,
    SameDomain,
    NotValid,
}

fn observe_being_quoted(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let own: Vec<&LinePrint> = compared(&here.digest.own_lines, &all.params).collect();
    let mine = from_domain(here.digest).unwrap_or_default();
    let mut found: BTreeMap<Quoter, (BTreeSet<usize>, BTreeSet<u32>)> = BTreeMap::new();
    let mut early: BTreeSet<u32> = BTreeSet::new();
    let mut otherwise: Vec<Observation> = Vec::new();
    for (letter, pairing) in pair(all, here, &own, |hash| all.quoted(hash)) {
        let other = all.letter(letter);
        let answers = other.parent != 0 && other.parent == here.prints.id;
        let quoted: BTreeSet<usize> =
            if answers { pairing.pairs.iter().map(|&(at, _)| at).collect() } else { pairing.sure.clone() };
        let letters: u32 = quoted.iter().map(|&at| own[at].letters).sum();
        if letters < all.params.least_found {
            continue;
        }
        let quoter = match (other.verdict, all.domain(letter)) {
            (MailVerdict::Valid, domain) if !mine.is_empty() && domain != mine => Quoter::OtherDomain,
            (MailVerdict::Valid, _) => Quoter::SameDomain,
            _ => Quoter::NotValid,
        };
        let entry = found.entry(quoter).or_default();
        entry.0.extend(&quoted);
        entry.1.insert(letter);
        if let (Some(written), Some(date)) = (here.digest.date, other.date)
            && written - date > all.params.skew_seconds
        {
            early.insert(letter);
        }
        if answers {
            otherwise.extend(quoted_otherwise(all, &own, letter, quoter, &pairing));
        }
    }
    for (quoter, (sentences, letters)) in found {
        out.push(being_quoted(all, &own, quoter, &sentences, &letters));
    }
    otherwise.sort_by(|a, b| (&a.name, &a.others).cmp(&(&b.name, &b.others)));
    out.extend(otherwise);
    push_early(all, here, &early, out);
}

fn being_quoted(
    all: &Correspondence,
    own: &[&LinePrint],
    quoter: Quoter,
    sentences: &BTreeSet<usize>,
    letters: &BTreeSet<u32>,
) -> Observation {
    let domains: BTreeSet<&str> = letters.iter().map(|&letter| all.domain(letter)).collect();
    let domains = domains.into_iter().take(5).collect::<Vec<_>>().join(", ");
    let (count, total) = (sentences.len(), own.len());
    let (name, outcome, told) = match quoter {
        Quoter::OtherDomain => (
            "corroboration.quoted_in_valid",
            CheckOutcome::Pass,
            format!(
                "{count} of its {total} sentences are quoted in mail of another domain whose signature holds: {domains}"
            ),
        ),
        Quoter::SameDomain => (
            "corroboration.quoted_in_valid_same_domain",
            CheckOutcome::Note,
            format!(
                "{count} of its {total} sentences are quoted in mail of its own domain whose signature holds"
            ),
        ),
        Quoter::NotValid => (
            "corroboration.quoted_elsewhere",
            CheckOutcome::Note,
            format!(
                "{count} of its {total} sentences are quoted in mail that no signature fully covers: {domains}"
            ),
        ),
    };
    note(name, outcome)
        .at(sentences.iter().map(|&at| own[at].bytes))
        .fact("sentences", count)
        .fact("total", total)
        .fact("domains", domains)
        .fact("messages", letters.len())
        .others(all.places(letters))
        .say(told)
}

fn push_early(all: &Correspondence, here: &Here<'_>, early: &BTreeSet<u32>, out: &mut Vec<Observation>) {
    let first = early.iter().filter_map(|&letter| all.letter(letter).date).min();
    let (Some(first), Some(date)) = (first, here.digest.date) else { return };
    let gap = length_text(date - first);
    out.push(
        note("corroboration.quoted_before_date", CheckOutcome::Fail)
            .fact("gap", &gap)
            .others(all.places(early))
            .say(format!("its words are quoted in a message dated {gap} before its own Date")),
    );
}

/// Longest run of sentences between two that pair up, on either side.
const MOST_BETWEEN: usize = 3;

/// Where two sentences pair up and what stands between them does not.
struct Between {
    /// Places here.
    here: std::ops::Range<usize>,
    /// Number of sentences there.
    there: usize,
}

/// The stretches between paired sentences, in their order on both sides.
fn between(pairing: &Pairing) -> Vec<Between> {
    let mut pairs = pairing.pairs.clone();
    pairs.sort_unstable();
    // A sentence that stands twice pairs with the next place that keeps the order.
    let mut ordered: Vec<(usize, usize)> = Vec::new();
    for (here, there) in pairs {
        if ordered.last().is_none_or(|&(last_here, last_there)| here > last_here && there > last_there) {
            ordered.push((here, there));
        }
    }
    ordered
        .windows(2)
        .map(|pair| Between { here: pair[0].0 + 1..pair[1].0, there: pair[1].1 - pair[0].1 - 1 })
        .filter(|gap| gap.here.len() <= MOST_BETWEEN && gap.there <= MOST_BETWEEN)
        .collect()
}

/// Sentences of this message where the answer that quotes it has others.
fn quoted_otherwise(
    all: &Correspondence,
    own: &[&LinePrint],
    letter: u32,
    quoter: Quoter,
    pairing: &Pairing,
) -> Option<Observation> {
    let paired: BTreeSet<usize> = pairing.pairs.iter().map(|&(at, _)| at).collect();
    let other: Vec<usize> = between(pairing)
        .into_iter()
        .filter(|gap| gap.there > 0)
        .flat_map(|gap| gap.here)
        .filter(|at| !paired.contains(at) && all.tells(own[*at].hash))
        .collect();
    if other.is_empty() {
        return None;
    }
    let (name, outcome, told) = match quoter {
        Quoter::OtherDomain => (
            "corroboration.quoted_otherwise_in_valid",
            CheckOutcome::Fail,
            "an answer of another domain, whose signature holds, quotes other words where these stand",
        ),
        _ => (
            "corroboration.quoted_otherwise",
            CheckOutcome::Note,
            "an answer quotes other words where these stand",
        ),
    };
    Some(
        note(name, outcome)
            .at(other.iter().map(|&at| own[at].bytes))
            .fact("sentences", other.len())
            .fact("domains", all.domain(letter))
            .others(all.places(&BTreeSet::from([letter])))
            .say(told),
    )
}

/// What this message quotes of the one it answers, against that one's own words.
fn observe_quoting(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let Some(parent) = parent_id(here.digest).map(print_text) else { return };
    let quoted: Vec<&LinePrint> = compared(&here.digest.quoted_lines, &all.params).collect();
    let pairings = pair(all, here, &quoted, |hash| all.own(hash));
    // Of letters that share the id, the one that pairs best was answered.
    let answered = pairings
        .iter()
        .filter(|(letter, _)| all.letter(**letter).id == parent)
        .max_by_key(|(letter, pairing)| (pairing.pairs.len(), all.letter(**letter).key));
    let Some((&letter, pairing)) = answered else { return };
    let paired: BTreeSet<usize> = pairing.pairs.iter().map(|&(at, _)| at).collect();
    let (mut differ, mut added, mut left_out) = (Vec::new(), Vec::new(), 0);
    for gap in between(pairing) {
        // Formulas and what a third person wrote between are no change of the quoted words.
        let strange = |at: &usize| {
            !paired.contains(at) && all.tells(quoted[*at].hash) && all.own(quoted[*at].hash).is_empty()
        };
        let here: Vec<usize> = gap.here.clone().filter(strange).collect();
        match (here.is_empty(), gap.there) {
            (true, there) if gap.here.is_empty() => left_out += there,
            (true, _) => {}
            (false, 0) => added.extend(here),
            (false, _) => differ.extend(here),
        }
    }
    let others = all.places(&BTreeSet::from([letter]));
    let places = |list: &[usize]| list.iter().map(|&at| quoted[at].bytes).collect::<Vec<_>>();
    if !differ.is_empty() {
        out.push(
            note("corroboration.quote_differs", CheckOutcome::Fail)
                .at(places(&differ))
                .fact("sentences", differ.len())
                .others(others.clone())
                .say("it quotes other words than stand in the message it answers"),
        );
    }
    if !added.is_empty() {
        out.push(
            note("corroboration.quote_adds", CheckOutcome::Note)
                .at(places(&added))
                .fact("sentences", added.len())
                .others(others.clone())
                .say("its quote holds sentences that the message it answers does not have there"),
        );
    }
    if left_out > 0 {
        out.push(
            note("corroboration.quote_leaves_out", CheckOutcome::Note)
                .fact("sentences", left_out)
                .others(others.clone())
                .say("its quote leaves out sentences from the middle of the message it answers"),
        );
    }
    let letters: u32 = paired.iter().map(|&at| quoted[at].letters).sum();
    if differ.is_empty() && added.is_empty() && left_out == 0 && letters >= all.params.least_found {
        let places: Vec<usize> = paired.into_iter().collect();
        out.push(
            note("corroboration.quote_matches", CheckOutcome::Pass)
                .at(places.iter().map(|&at| quoted[at].bytes))
                .fact("sentences", places.len())
                .others(others)
                .say("what it quotes of the message it answers stands there word for word"),
        );
    }
}
