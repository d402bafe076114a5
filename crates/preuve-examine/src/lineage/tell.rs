//! Findings from links: relation, credit, relays, signs and aligned passages, each with its place.
//!
//! Limit: at most [`MAX_PASSAGES`] passages are listed for a finding.

use std::collections::BTreeSet;

use preuve_case::{AlignedPassage, Item, LineageFinding, Relation, Sign, Span};

use super::align::passages;
use super::anchors::{anchors, fold};
use super::find::Found;
use super::kin::{Text, Translated, relation};
use super::likeness::{coverage, matches};
use super::names::{outlet_of, same_name};
use super::parallel;
use super::residue::residue;
use super::sentence::Sentence;
use super::token::words;

const MAX_PASSAGES: usize = 200;
/// Words of a text in which names are looked for.
const MAX_WORDS: usize = 50_000;
/// Shared names and numbers listed in a sign.
const MAX_DETAILS: usize = 12;

/// One finding a text.
pub(super) fn tell(texts: &[Text], found: &Found, threads: usize) -> Vec<LineageFinding> {
    let places: Vec<usize> = (0..texts.len()).collect();
    parallel::map(&places, threads, |&at| tell_one(texts, found, at))
}

fn tell_one(texts: &[Text], found: &Found, at: usize) -> LineageFinding {
    let text = &texts[at];
    let origin = texts[found.roots[at] as usize].item.path.clone();
    let mut signs = text.damage.clone();
    signs.extend(notes(text));
    let Some(link) = found.parents[at].map(|link| &found.links[link]) else {
        let doubt = found.links.iter().filter(|link| link.child as usize == at).map(|link| link.strength);
        return LineageFinding {
            item: text.item.id,
            origin,
            derived_from: None,
            relation: Relation::Original,
            credited: false,
            relays: relays(text),
            score: 1.0 - doubt.fold(0.0, f32::max).min(1.0),
            signs,
            passages: Vec::new(),
        };
    };
    let parent = &texts[link.parent as usize];
    let evidence = &found.evidence[link.evidence];
    let (lost, named) = lost_names(texts, found, at, link.parent as usize);
    let unedited = residue(&text.item.text, text.item.lang);
    let kind = relation(evidence, text, parent, evidence.b as usize == at, || {
        let broken = unedited.iter().any(|sign| sign.name == "broken_grammar");
        let clear = [text.is_damaged(), 2 * lost.len() > named, broken].map(|sign| 2 * u32::from(sign));
        let weak = unedited.iter().filter(|sign| sign.name != "broken_grammar").count();
        let stories = found.stories.get(at).zip(found.stories.get(link.parent as usize));
        Translated {
            coverage: stories.map_or(0.0, |(here, there)| coverage(here, there).0),
            machine: clear.iter().sum::<u32>() + weak as u32,
        }
    });
    let credited = text.credits(parent).is_given()
        || link.same_outlet
        || text.credits.translated.is_some()
        || text.credits.revised.is_some();
    if matches!(kind, Relation::Translation | Relation::MachineTranslation) {
        signs.extend(lost);
    }
    if kind == Relation::MachineTranslation {
        signs.extend(unedited);
    }
    signs.extend(link_signs(text, parent));
    LineageFinding {
        item: text.item.id,
        origin,
        derived_from: Some(parent.item.id),
        relation: kind,
        credited,
        relays: relays(text),
        score: link.strength.min(1.0),
        signs,
        passages: aligned(texts, found, at, link.parent as usize),
    }
}

/// The finding of an item with exactly the text of `leader`, whose finding is `told`.
pub(super) fn tell_copy(text: &Text, leader: &Item, told: &LineageFinding) -> LineageFinding {
    if text.item.id == leader.id {
        // The same bytes under another path are the same item, not its copy.
        return told.clone();
    }
    let whole = Span::new(0, text.item.text.chars().count());
    let there = Span::new(0, leader.text.chars().count());
    let mut signs = text.damage.clone();
    signs.extend(notes(text));
    let same_outlet = text.outlet().is_some() && text.outlet() == outlet_of(&leader.meta).as_deref();
    LineageFinding {
        item: text.item.id,
        origin: told.origin.clone(),
        derived_from: Some(leader.id),
        relation: Relation::Copy,
        credited: same_outlet || !text.credits.agencies.is_empty(),
        relays: relays(text),
        score: 1.0,
        signs,
        passages: vec![AlignedPassage { here: whole, there, likeness: 1.0 }],
    }
}

/// Outlets and bodies cited, as named in the item, each once, in order.
fn relays(text: &Text) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for cited in text.credits.agencies.iter().chain(&text.credits.cited) {
        if !names.iter().any(|name| same_name(name, &cited.name)) {
            names.push(cited.name.clone());
        }
    }
    names
}

fn notes(text: &Text) -> Vec<Sign> {
    let sign = |name: &str, span: Span, note: &str| Sign {
        name: name.to_owned(),
        spans: if span.is_empty() { Vec::new() } else { vec![span] },
        note: note.to_owned(),
    };
    let mut signs = Vec::new();
    signs.extend(
        text.credits.translated.map(|span| sign("translation_note", span, "says that it is a translation")),
    );
    signs.extend(
        text.credits.revised.map(|span| sign("revision_note", span, "says that it revises an earlier text")),
    );
    signs
}

/// Bodies cited in the parent, in a sentence that this text has too, that this text never names; and how many
/// bodies were looked for.
fn lost_names(texts: &[Text], found: &Found, at: usize, parent: usize) -> (Vec<Sign>, usize) {
    let (text, other) = (&texts[at], &texts[parent]);
    if found.stories.is_empty() || text.item.lang == other.item.lang {
        return (Vec::new(), 0);
    }
    let here: BTreeSet<String> = words(&text.item.text).take(MAX_WORDS).map(|word| fold(word.text)).collect();
    let told = matches(&found.stories[parent], &found.stories[at]);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let (mut lost, mut named) = (Vec::new(), 0);
    for cited in
        other.credits.cited.iter().chain(&other.credits.agencies).filter(|cited| !cited.span.is_empty())
    {
        let holds = |sentence: &Sentence| sentence.span.overlaps(&cited.span);
        // Initials follow the language: a translator renames them too.
        if cited.name.chars().all(char::is_uppercase) {
            continue;
        }
        let place = found.sentences[parent].iter().position(holds);
        let Some((_, mine, _)) = told.iter().find(|(theirs, _, _)| Some(*theirs) == place) else { continue };
        if !seen.insert(&cited.name) {
            continue;
        }
        named += 1;
        let kept = words(&cited.name).filter(|word| word.text.chars().count() >= 3);
        if !kept.map(|word| fold(word.text)).any(|word| here.contains(&word) && word != "the") {
            lost.push(Sign {
                name: "lost_name".to_owned(),
                spans: vec![found.sentences[at][*mine].span],
                note: format!("`{}` of the source is not named so here", cited.name),
            });
        }
    }
    (lost, named)
}

fn link_signs(text: &Text, parent: &Text) -> Vec<Sign> {
    let mut signs = Vec::new();
    let outlet = parent.outlet();
    let cited = text.credits.cited.iter().chain(&text.credits.agencies).filter(|cited| {
        outlet.is_some_and(|outlet| same_name(outlet, &cited.name)) && !cited.span.is_empty()
    });
    let spans: Vec<Span> = cited.map(|cited| cited.span).collect();
    if !spans.is_empty() {
        let note = format!("cites `{}`", outlet.unwrap_or_default());
        signs.push(Sign { name: "credit".to_owned(), spans, note });
    }
    if let (Some(mine), Some(theirs)) = (text.published, parent.published) {
        let note = format!("published {mine}, the other {theirs}");
        signs.push(Sign { name: "later".to_owned(), spans: Vec::new(), note });
    }
    let theirs = anchors(&parent.item.text);
    let shared: Vec<String> = anchors(&text.item.text)
        .into_iter()
        .filter(|anchor| anchor.chars().all(|c| c.is_ascii_digit()) && theirs.binary_search(anchor).is_ok())
        .take(MAX_DETAILS)
        .collect();
    if !shared.is_empty() {
        let note = format!("the same figures: {}", shared.join(", "));
        signs.push(Sign { name: "shared_details".to_owned(), spans: Vec::new(), note });
    }
    signs
}

/// Shared passages letter by letter within a language, sentence by sentence across.
fn aligned(texts: &[Text], found: &Found, at: usize, parent: usize) -> Vec<AlignedPassage> {
    let (text, other) = (texts[at].item, texts[parent].item);
    let mut list = if text.lang == other.lang { passages(&text.text, &other.text) } else { Vec::new() };
    if list.is_empty() && !found.stories.is_empty() {
        let pairs = matches(&found.stories[at], &found.stories[parent]);
        list = pairs
            .into_iter()
            .map(|(here, there, likeness)| AlignedPassage {
                here: found.sentences[at][here].span,
                there: found.sentences[parent][there].span,
                likeness,
            })
            .collect();
    }
    list.truncate(MAX_PASSAGES);
    list
}
