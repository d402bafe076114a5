//! Two texts that belong together: what speaks for it, which came first, and by which relation.
//!
//! The rules are those of docs/methods/lineage.md, in its order. Limit: every rule reads a trace; none proves.

use jiff::Timestamp;
use preuve_case::{Item, Relation, Sign};

use super::credit::Credits;
use super::likeness::Likeness;
use super::names::same_name;
use super::reuse::ReusePair;

/// A text with what was read from it.
pub(super) struct Text<'a> {
    pub(super) item: &'a Item,
    pub(super) outlet: Option<String>,
    pub(super) credits: Credits,
    pub(super) damage: Vec<Sign>,
    /// Time of publication where it can be trusted.
    pub(super) published: Option<Timestamp>,
}

impl Text<'_> {
    /// The outlet, where it is known.
    pub(super) fn outlet(&self) -> Option<&str> {
        self.outlet.as_deref()
    }

    /// Whether, and where, the text credits `other`: by the name of its outlet, or, where that is not known,
    /// by a name that the other uses as its own.
    pub(super) fn credits(&self, other: &Text) -> Credit {
        let is_other = |name: &str| match other.outlet() {
            Some(outlet) => same_name(name, outlet),
            None => {
                let agencies = other.credits.agencies.iter().map(|cited| cited.name.as_str());
                agencies.chain(other.credits.own.iter().map(String::as_str)).any(|own| same_name(own, name))
            }
        };
        let citations = self.credits.cited.iter().filter(|cited| is_other(&cited.name));
        let agency = self.credits.agencies.iter().any(|cited| is_other(&cited.name));
        let places: Vec<usize> = citations.map(|cited| cited.span.start).collect();
        match places.first() {
            _ if agency => Credit::Lead(places.len()),
            Some(&first) if first < LEAD => Credit::Lead(places.len()),
            Some(_) => Credit::Late(places.len()),
            None => Credit::None,
        }
    }

    /// Whether words are glued or torn as machine translation leaves them.
    pub(super) fn is_damaged(&self) -> bool {
        self.damage.iter().any(|sign| sign.name == "glued_words") || self.damage.len() >= 3
    }
}

/// Code points of a text in which who retells names whom.
const LEAD: usize = 400;

/// Where a text credits another, and how often in its sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credit {
    /// Nowhere.
    None,
    /// Beyond its first paragraphs.
    Late(usize),
    /// In its first paragraphs, its dateline or its byline.
    Lead(usize),
}

impl Credit {
    /// Whether there is one.
    pub(super) fn is_given(self) -> bool {
        self != Credit::None
    }

    fn count(self) -> usize {
        match self {
            Credit::None => 0,
            Credit::Late(count) | Credit::Lead(count) => count,
        }
    }
}

/// Evidence that two texts are kin; `a` and `b` are places in the list of texts, `a < b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) reuse: Option<ReusePair>,
    pub(super) likeness: Option<Likeness>,
}

/// Net likeness above which two texts are kin without any credit.
const KIN: f32 = 0.15;
/// The same when the later credits the earlier somewhere.
const KIN_CREDITED: f32 = 0.10;
/// The same when it does so once in its first paragraphs.
const KIN_LEAD: f32 = 0.09;
/// The same when it does so there and again.
const KIN_RETOLD: f32 = 0.06;
/// The same when it calls itself a correction or an update and is of the same outlet.
const KIN_REVISED: f32 = 0.04;

/// Share of a text that must be told by the other for it to be its translation.
const TRANSLATED: f32 = 0.60;

impl Evidence {
    /// Whether the pair is worth a closer look.
    pub(super) fn may_be_kin(&self) -> bool {
        self.reuse.is_some() || self.likeness.is_some_and(|likeness| likeness.score() >= KIN_REVISED)
    }

    /// How strongly `child` comes from `parent`: 0 where it does not, else at least 0.3, at most 1.
    pub(super) fn strength(&self, child: &Text, parent: &Text) -> f32 {
        let reused = self.reuse.map_or(0.0, |pair| 0.4 + 0.6 * pair.containment().min(1.0));
        let net = self.likeness.map_or(0.0, |likeness| likeness.score());
        let revises = child.credits.revised.is_some() && same_outlet(child, parent);
        let least = match child.credits(parent) {
            _ if revises => KIN_REVISED,
            Credit::Lead(2..) => KIN_RETOLD,
            Credit::Lead(1) => KIN_LEAD,
            Credit::Lead(_) | Credit::Late(_) => KIN_CREDITED,
            Credit::None => KIN,
        };
        let alike = if net >= least { 0.3 + 0.7 * (net / 0.5).min(1.0) } else { 0.0 };
        reused.max(alike)
    }

    /// Share of `a` and of `b` that the other holds letter by letter.
    fn held(&self) -> (f32, f32) {
        self.reuse.map_or((0.0, 0.0), |pair| {
            let share = |of: u32| pair.shared as f32 / of.max(1) as f32;
            (share(pair.of_a), share(pair.of_b))
        })
    }
}

/// Whether both are of one outlet, and it is known.
pub(super) fn same_outlet(one: &Text, two: &Text) -> bool {
    one.outlet().is_some() && one.outlet() == two.outlet()
}

/// Which of two texts came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    A,
    B,
}

/// Which text came first: by their dates where both can be trusted, else by the traces they bear.
pub(super) fn first(evidence: &Evidence, a: &Text, b: &Text) -> First {
    if let (Some(one), Some(two)) = (a.published, b.published)
        && one != two
    {
        return if one < two { First::A } else { First::B };
    }
    let (held_a, held_b) = evidence.held();
    let (told_a, told_b) = evidence.likeness.map_or((0.0, 0.0), |likeness| (likeness.of_a, likeness.of_b));
    // Points that the text derives from the other.
    let points = |mine: &Text, other: &Text| {
        let mut points = 0.0f32;
        points += if mine.credits(other).is_given() { 2.0 } else { 0.0 };
        points +=
            if mine.credits.translated.is_some() && mine.item.lang != other.item.lang { 3.0 } else { 0.0 };
        points += if mine.is_damaged() { 2.0 } else { 0.0 };
        points + if mine.credits.revised.is_some() { 1.5 } else { 0.0 }
    };
    // Of two nearly whole copies the longer may be the one with the added footer: no hint.
    let whole = held_a.min(held_b) > 0.75;
    let shares = if whole { 0.0 } else { (held_b - held_a) + 2.0 * (told_b - told_a) };
    let derived_b = points(b, a) - points(a, b) + shares.clamp(-1.0, 1.0);
    if derived_b < 0.0 { First::B } else { First::A }
}

/// How `child` comes from `parent`; `misnames`: most bodies cited there are not named here, as when a machine
/// translates names.
pub(super) fn relation(
    evidence: &Evidence,
    child: &Text,
    parent: &Text,
    child_is_b: bool,
    misnames: bool,
) -> Relation {
    let (held_a, held_b) = evidence.held();
    let (held, held_parent) = if child_is_b { (held_b, held_a) } else { (held_a, held_b) };
    let revises = child.credits.revised.is_some() && parent.credits.revised.is_none();
    if child.item.lang != parent.item.lang {
        if let Some(relation) = translation(evidence, child, parent, child_is_b, misnames) {
            return relation;
        }
    } else if same_outlet(child, parent) || revises {
        return Relation::Revision;
    } else if held >= 0.6 && held_parent < 0.6 {
        return Relation::Excerpt;
    } else if held >= 0.45 {
        return Relation::Copy;
    }
    // One mention is a courtesy; who says it again and again relays.
    let relays = child.credits(parent).count() >= 2 && !parent.credits.release;
    if relays { Relation::Relay } else { Relation::Rewrite }
}

fn translation(
    evidence: &Evidence,
    child: &Text,
    parent: &Text,
    child_is_b: bool,
    misnames: bool,
) -> Option<Relation> {
    let likeness = evidence.likeness?;
    let (same, same_parent) =
        if child_is_b { (likeness.same_b, likeness.same_a) } else { (likeness.same_a, likeness.same_b) };
    let whole = same >= TRANSLATED && likeness.chain >= TRANSLATED && same_parent >= 0.4;
    // A translation seldom cites its source again and again; who does retells.
    let retells = child.credits(parent).count() >= 2 && same < 0.8;
    if (!whole || retells) && child.credits.translated.is_none() {
        return None;
    }
    let by_machine = (child.is_damaged() || misnames) && child.credits.translated.is_none();
    Some(if by_machine { Relation::MachineTranslation } else { Relation::Translation })
}
