//! Two texts that belong together: what speaks for it, which came first, and by which relation.
//!
//! The rules are those of docs/methods/lineage.md, in its order. Limit: every rule reads a trace; none proves.

use jiff::Timestamp;
use preuve_case::{Item, Lang, Relation, Sign};

use super::credit::{Credits, same_name};
use super::likeness::Likeness;
use super::reuse::ReusePair;

/// A text with what was read from it.
pub(super) struct Text<'a> {
    pub(super) item: &'a Item,
    pub(super) credits: Credits,
    pub(super) damage: Vec<Sign>,
    /// Time of publication where it can be trusted.
    pub(super) published: Option<Timestamp>,
}

impl Text<'_> {
    fn outlet(&self) -> Option<&str> {
        self.item.meta.outlet.as_deref().filter(|outlet| !outlet.is_empty())
    }

    /// Whether the text credits `other`: by the name of its outlet, or, where that is not known, by a name
    /// that the other calls its own.
    pub(super) fn credits(&self, other: &Text) -> bool {
        let mut cited = self.credits.cited.iter().chain(&self.credits.agencies);
        match other.outlet() {
            Some(outlet) => cited.any(|cited| same_name(&cited.name, outlet)),
            None => cited.any(|cited| {
                other.credits.agencies.iter().any(|own| same_name(&own.name, &cited.name))
                    || other.credits.cited.iter().any(|own| same_name(&own.name, &cited.name))
            }),
        }
    }

    /// How often the text cites the outlet of `other` in its sentences.
    fn citations(&self, other: &Text) -> usize {
        let own = other.outlet();
        let names = |name: &str| match own {
            Some(outlet) => same_name(name, outlet),
            None => other.credits.cited.iter().any(|cited| same_name(&cited.name, name)),
        };
        self.credits.cited.iter().filter(|cited| names(&cited.name)).count()
    }

    /// Whether words are glued or torn as machine translation leaves them.
    pub(super) fn is_damaged(&self) -> bool {
        self.damage.iter().any(|sign| sign.name == "glued_words") || self.damage.len() >= 3
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
const KIN: f32 = 0.080;
/// Net likeness above which two texts are kin when the later credits the earlier.
const KIN_CREDITED: f32 = 0.036;
/// Share of a text that must be told by the other for it to be its translation.
const TRANSLATED: f32 = 0.60;

impl Evidence {
    /// How strongly the two belong together: 0 where they do not, else at least 0.3, at most 1.
    pub(super) fn strength(&self, credited: bool) -> f32 {
        let reused = self.reuse.map_or(0.0, |pair| 0.4 + 0.6 * pair.containment().min(1.0));
        let net = self.likeness.map_or(0.0, |likeness| likeness.score());
        let least = if credited { KIN_CREDITED } else { KIN };
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
        points += if mine.credits(other) { 2.0 } else { 0.0 };
        points +=
            if mine.credits.translated.is_some() && mine.item.lang != other.item.lang { 3.0 } else { 0.0 };
        points += if mine.is_damaged() { 2.0 } else { 0.0 };
        points + if mine.credits.revised.is_some() { 1.5 } else { 0.0 }
    };
    let shares = (held_b - held_a) + 2.0 * (told_b - told_a);
    let derived_b = points(b, a) - points(a, b) + shares.clamp(-1.0, 1.0);
    if derived_b < 0.0 { First::B } else { First::A }
}

/// How `child` comes from `parent`.
pub(super) fn relation(evidence: &Evidence, child: &Text, parent: &Text, child_is_b: bool) -> Relation {
    let (held_a, held_b) = evidence.held();
    let (held, held_parent) = if child_is_b { (held_b, held_a) } else { (held_a, held_b) };
    let same_outlet = child.outlet().zip(parent.outlet()).is_some_and(|(one, two)| one == two);
    if child.item.lang != parent.item.lang || child.item.lang == Lang::Other {
        if let Some(relation) = translation(evidence, child, child_is_b) {
            return relation;
        }
    } else if same_outlet || child.credits.revised.is_some() && !child.credits(parent) {
        return Relation::Revision;
    } else if held >= 0.6 && held_parent < 0.6 {
        return Relation::Excerpt;
    } else if held >= 0.45 {
        return Relation::Copy;
    }
    // One mention is a courtesy; who says it again and again relays.
    let relays = child.citations(parent) >= 2 && !parent.credits.release;
    if relays { Relation::Relay } else { Relation::Rewrite }
}

fn translation(evidence: &Evidence, child: &Text, child_is_b: bool) -> Option<Relation> {
    let likeness = evidence.likeness?;
    let (same, same_parent) =
        if child_is_b { (likeness.same_b, likeness.same_a) } else { (likeness.same_a, likeness.same_b) };
    let whole = same >= TRANSLATED && likeness.chain >= TRANSLATED && same_parent >= 0.4;
    if !whole && child.credits.translated.is_none() {
        return None;
    }
    let by_machine = child.is_damaged() && child.credits.translated.is_none();
    Some(if by_machine { Relation::MachineTranslation } else { Relation::Translation })
}
