//! Verdicts learned from judged texts: log-linear over [clues](super::clues), one table a question, all languages.

use preuve_case::{Act, Evidence, SourceClass, Stance};

use super::candidate::Candidate;
use super::clues::{Clues, List};
use crate::attribution::WeightsError;
use crate::attribution::table::{MAX_LABELS, Table, TableError, key_of};

/// Answers to a question in the order of its table's labels.
pub const STANCES: [Stance; 6] = [
    Stance::Asserts,
    Stance::Confirms,
    Stance::Denies,
    Stance::Questions,
    Stance::Speculates,
    Stance::DeclinesToComment,
];
/// See [`STANCES`].
pub const CLASSES: [SourceClass; 6] = [
    SourceClass::NamedPerson,
    SourceClass::Organisation,
    SourceClass::Outlet,
    SourceClass::Document,
    SourceClass::Anonymous,
    SourceClass::Unnamed,
];
/// See [`STANCES`].
pub const EVIDENCES: [Evidence; 5] =
    [Evidence::NoneStated, Evidence::Withheld, Evidence::PointedTo, Evidence::Shown, Evidence::Unverified];
/// See [`STANCES`].
pub const ACTS: [Option<Act>; 11] = [
    None,
    Some(Act::Hack),
    Some(Act::Phish),
    Some(Act::Leak),
    Some(Act::Forge),
    Some(Act::Disinform),
    Some(Act::Interfere),
    Some(Act::Spy),
    Some(Act::Plot),
    Some(Act::Fund),
    Some(Act::Other),
];

/// Clues named as reasons of a verdict.
const NAMED: usize = 2;

/// An answer with what speaks for it most.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict<T> {
    /// The answer.
    pub answer: T,
    /// How likely it is by the weights, 0 to 1.
    pub share: f32,
    /// How likely the first answer (nothing, nobody) is not.
    pub something: f32,
    /// Names of the strongest clues for it.
    pub clues: Vec<String>,
}

/// Verdicts on one relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdicts {
    /// Stance.
    pub stance: Verdict<Stance>,
    /// Class of the source.
    pub class: Verdict<SourceClass>,
    /// Evidence.
    pub evidence: Verdict<Evidence>,
    /// Act that somebody is accused of, if any.
    pub act: Verdict<Option<Act>>,
}

/// Whom a ranking looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Who is accused.
    Accused,
    /// Who accuses.
    Accuser,
}

/// The weights: stages, each of which judges again what the one before made of the item.
#[derive(Debug, Clone)]
pub struct Learned {
    /// In order.
    pub stages: Vec<Stage>,
}

/// The weights of one stage.
#[derive(Debug, Clone)]
pub struct Stage {
    tables: [Table; 4],
    rankings: [Table; 2],
}

impl Learned {
    /// Read stages one after the other to the end of `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (mut stages, mut rest) = (Vec::new(), bytes);
        while !rest.is_empty() {
            let (stage, behind) = Stage::parse(rest).map_err(WeightsError::Judge)?;
            stages.push(stage);
            rest = behind;
        }
        Ok(Self { stages })
    }
}

impl Stage {
    /// Read six tables: stance, class, evidence, act, and the rankings of accused and accuser.
    fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), TableError> {
        let mut rest = bytes;
        let mut table = |labels: usize| {
            let (table, behind) = Table::parse(rest)?;
            rest = behind;
            if table.labels() == labels { Ok(table) } else { Err(TableError::Foreign) }
        };
        let tables =
            [table(STANCES.len())?, table(CLASSES.len())?, table(EVIDENCES.len())?, table(ACTS.len())?];
        let rankings = [table(1)?, table(1)?];
        Ok((Self { tables, rankings }, rest))
    }

    /// The number of the candidate for whom most speaks, the first of equals.
    pub fn choose(&self, who: Who, candidates: &[&Candidate]) -> Option<usize> {
        let table = &self.rankings[who as usize];
        let worth = |candidate: &Candidate| {
            let mut sum = [0i32; MAX_LABELS];
            candidate.clues.keys().iter().for_each(|&key| table.add(key, &mut sum));
            sum[0]
        };
        (0..candidates.len()).max_by_key(|&at| (worth(candidates[at]), std::cmp::Reverse(at)))
    }

    /// The verdicts for `clues`.
    pub fn verdicts(&self, clues: &Clues) -> Verdicts {
        let [stance, class, evidence, _] = &self.tables;
        Verdicts {
            stance: verdict(stance, &clues.stance, &STANCES),
            class: verdict(class, &clues.class, &CLASSES),
            evidence: verdict(evidence, &clues.evidence, &EVIDENCES),
            act: self.act(clues),
        }
    }

    /// The verdict on the act alone.
    pub fn act(&self, clues: &Clues) -> Verdict<Option<Act>> {
        verdict(&self.tables[3], &clues.act, &ACTS)
    }
}

/// The key of a clue in the tables.
pub fn clue_key(name: &str) -> u32 {
    key_of(name.chars())
}

fn verdict<T: Copy>(table: &Table, clues: &List, answers: &[T]) -> Verdict<T> {
    let mut total = [0i32; MAX_LABELS];
    let rows: Vec<&[i8]> = clues.keys().iter().map(|&key| table.row(key)).collect();
    for row in &rows {
        total.iter_mut().zip(*row).for_each(|(sum, weight)| *sum += i32::from(*weight));
    }
    let best = (0..answers.len()).max_by_key(|&at| (total[at], std::cmp::Reverse(at))).unwrap_or(0);
    let worth = |at: usize| ((total[at] - total[best]) as f32 * table.scale()).exp();
    let share = 1.0 / (0..answers.len()).map(worth).sum::<f32>();
    let something = 1.0 - worth(0) * share;
    let speaks = |at: usize| rows[at].get(best).copied().unwrap_or(0);
    let mut order: Vec<usize> =
        (0..rows.len()).filter(|&at| speaks(at) > 0 && clues.name(at) != "bias").collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(speaks(at)), at));
    let named = order.into_iter().take(NAMED).map(|at| clues.name(at).to_owned()).collect();
    Verdict { answer: answers[best], share, something, clues: named }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::attribution::table::write_table;

    fn list(names: &[&str]) -> List {
        let mut list = List::default();
        names.iter().for_each(|name| list.add(name, ""));
        list
    }

    /// A stage in which only the clue `cue.deny` means something.
    fn stage() -> Vec<u8> {
        let mut bytes = Vec::new();
        for labels in [STANCES.len(), CLASSES.len(), EVIDENCES.len(), ACTS.len(), 1, 1] {
            let weights =
                (0..labels).map(|label| if label == 2 || labels == 1 { 2.0 } else { 0.0 }).collect();
            write_table(labels, &[(clue_key("cue.deny"), weights)], 8.0, 0.0, &mut bytes);
        }
        bytes
    }

    #[test]
    fn a_known_clue_decides_and_is_named() {
        let learned = Learned::parse(&[stage(), stage()].concat()).unwrap();
        assert_eq!(learned.stages.len(), 2);
        let stance = list(&["bias", "cue.deny"]);
        let verdicts = learned.stages[0].verdicts(&Clues { stance, ..Clues::default() });
        assert_eq!(verdicts.stance.answer, Stance::Denies);
        assert_eq!(verdicts.stance.clues, ["cue.deny"]);
        assert!((verdicts.stance.share - 2f32.exp() / (2f32.exp() + 5.0)).abs() < 0.01);
        assert!(verdicts.class.clues.is_empty());
    }

    #[test]
    fn the_candidate_with_most_for_him_is_chosen_and_the_first_of_equals() {
        let learned = Learned::parse(&stage()).unwrap();
        let candidate = |clue: &str| Candidate { name: None, clues: list(&[clue]) };
        let (plain, marked) = (candidate("kind.Person"), candidate("cue.deny"));
        let chosen = |candidates: &[&Candidate]| learned.stages[0].choose(Who::Accused, candidates);
        assert_eq!(chosen(&[&plain, &marked, &marked]), Some(1));
        assert_eq!(chosen(&[&plain, &plain]), Some(0));
        assert_eq!(chosen(&[]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_weights_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Learned::parse(&bytes);
        }
    }
}
