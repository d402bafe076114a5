//! Two texts that belong together: what speaks for it, which came first, and by which relation.
//!
//! The rules are those of docs/methods/lineage.md, in its order. Limit: every rule reads a trace; none proves.

use jiff::Timestamp;
use preuve_case::{Item, Relation, Sign};

use super::credit::Credits;
use super::likeness::Likeness;
use super::names::same_name;
use super::rare::Rare;
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
                // Two dispatches of one agency do not credit one another.
                let both = self.credits.agencies.iter().any(|cited| same_name(&cited.name, name));
                let agencies =
                    other.credits.agencies.iter().filter(|_| !both).map(|cited| cited.name.as_str());
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
            None if self.credits.mentioned.iter().any(|name| is_other(name)) => Credit::Late(0),
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
    /// Beyond its first paragraphs; with no sentence where it only names its outlet.
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
    pub(super) rare: Rare,
}

/// Kinship above which two texts are kin without any credit.
const KIN: f32 = 0.12;
/// The same when both are of one outlet.
const KIN_OUTLET: f32 = 0.10;
/// The same when the later credits the earlier, or names its outlet.
const KIN_CREDITED: f32 = 0.09;
/// The same when it is of the same outlet and calls itself a correction or an update.
const KIN_REVISED: f32 = 0.06;
/// The same when it credits the earlier in its first paragraphs and again.
const KIN_RETOLD: f32 = 0.04;
/// What the share of rare names and figures weighs beside the stories' likeness.
const DETAILS: f32 = 0.2;

/// Share of a text that must stand in the other, in the same order, for it to be its translation.
const TRANSLATED: f32 = 0.65;
/// The same for one that cites its source again and again: a translator seldom does.
const TRANSLATED_RETOLD: f32 = 0.90;
/// The same for one damaged as machines damage, which may have been cut and changed afterwards.
const TRANSLATED_DAMAGED: f32 = 0.30;

impl Evidence {
    /// Whether the pair is worth a closer look.
    pub(super) fn may_be_kin(&self) -> bool {
        self.reuse.is_some() || self.kinship() >= KIN_RETOLD
    }

    fn kinship(&self) -> f32 {
        kinship(self.likeness.map_or(0.0, |likeness| likeness.ordered), self.rare)
    }

    /// How strongly `child` comes from `parent`: 0 where it does not, else at least 0.3, at most 1.
    pub(super) fn strength(&self, child: &Text, parent: &Text) -> f32 {
        let reused = self.reuse.map_or(0.0, |pair| 0.4 + 0.6 * pair.containment().min(1.0));
        let net = self.likeness.map_or(0.0, |likeness| likeness.score());
        let alike =
            if self.kinship() >= least(child, parent) { 0.3 + 0.7 * (net / 0.5).min(1.0) } else { 0.0 };
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

/// What both tell in the same order beyond what everybody tells, with the turns of phrase, names and figures that
/// nobody else has.
fn kinship(ordered: f32, rare: Rare) -> f32 {
    ordered + rare.phrases + DETAILS * rare.details
}

/// The kinship that makes `child` kin of `parent`.
fn least(child: &Text, parent: &Text) -> f32 {
    let revises = child.credits.revised.is_some() && same_outlet(child, parent);
    match child.credits(parent) {
        Credit::Lead(2..) if parent.outlet().is_some() => KIN_RETOLD,
        _ if revises => KIN_REVISED,
        Credit::Lead(_) | Credit::Late(_) => KIN_CREDITED,
        Credit::None if same_outlet(child, parent) => KIN_OUTLET,
        Credit::None => KIN,
    }
}

/// Whether two texts can be kin when they share at most `ordered` and what is `rare`.
pub(super) fn can_be_kin(one: &Text, two: &Text, ordered: f32, rare: Rare) -> bool {
    let most = kinship(ordered, rare);
    most >= KIN_RETOLD && (most >= KIN || most >= least(one, two).min(least(two, one)))
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

/// What tells a translation: how much of the child stands in the parent in the same order, and points that a
/// machine made it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Translated {
    pub(super) coverage: f32,
    pub(super) machine: u32,
}

/// Points from which a machine translated: one clear sign, or two weak ones.
const BY_MACHINE: u32 = 2;

/// How `child` comes from `parent`; `translated` is asked only where their languages differ.
pub(super) fn relation(
    evidence: &Evidence,
    child: &Text,
    parent: &Text,
    child_is_b: bool,
    translated: impl FnOnce() -> Translated,
) -> Relation {
    let (held_a, held_b) = evidence.held();
    let (held, held_parent) = if child_is_b { (held_b, held_a) } else { (held_a, held_b) };
    let revises = child.credits.revised.is_some() && parent.credits.revised.is_none();
    if child.item.lang != parent.item.lang {
        if let Some(relation) = translation(child, parent, translated()) {
            return relation;
        }
    } else if same_outlet(child, parent) || revises {
        return Relation::Revision;
    } else if held_parent < 0.5 && held >= 0.6 || held_parent < 0.6 && held >= 0.9 {
        return Relation::Excerpt;
    } else if held >= 0.45 {
        return Relation::Copy;
    }
    // A release is made to be rewritten: who names it does not relay an outlet's report.
    let relays = child.credits(parent).is_given() && !parent.credits.release;
    if relays { Relation::Relay } else { Relation::Rewrite }
}

fn translation(child: &Text, parent: &Text, translated: Translated) -> Option<Relation> {
    let Translated { coverage, machine } = translated;
    if child.credits.translated.is_some() {
        return Some(Relation::Translation);
    }
    let credit = child.credits(parent);
    let by_machine = machine + u32::from(!credit.is_given()) >= BY_MACHINE;
    let least = match credit {
        Credit::None if machine >= BY_MACHINE => TRANSLATED_DAMAGED,
        credit if credit.count() >= 2 => TRANSLATED_RETOLD,
        _ => TRANSLATED,
    };
    let kind = if by_machine { Relation::MachineTranslation } else { Relation::Translation };
    (coverage >= least).then_some(kind)
}
