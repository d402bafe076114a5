//! Linear-chain conditional random field over a paragraph: the best row of labels (Viterbi).
//!
//! The weight of a step between labels hangs on the kind of the later token. Labels that may not follow each
//! other are never chosen.

use super::labels::{LABELS, may_follow};
use super::table::{MAX_LABELS, Table, mix};

/// Kinds of token that the weights of steps tell apart.
pub const KINDS: usize = 32;

const STEP: u32 = 0x57e9;
const NEVER: f32 = -1e9;

/// Key of the row of weights of the steps from `before` (or [`LABELS`] at the start) to a token of `kind`.
pub fn step_key(kind: usize, before: usize) -> u32 {
    mix(mix(STEP, kind as u32), before as u32)
}

/// A trained labeller.
#[derive(Debug, Clone)]
pub struct Crf {
    table: Table,
    /// `[kind][before][label]`, before = [`LABELS`] at the start.
    steps: Vec<[[f32; LABELS]; LABELS + 1]>,
}

impl Crf {
    /// The labeller whose weights `table` holds.
    pub fn new(table: Table) -> Self {
        let mut steps = vec![[[NEVER; LABELS]; LABELS + 1]; KINDS];
        for (kind, rows) in steps.iter_mut().enumerate() {
            for (before, row) in rows.iter_mut().enumerate() {
                let mut scores = [0; MAX_LABELS];
                table.add(step_key(kind, before), &mut scores);
                for (label, step) in row.iter_mut().enumerate() {
                    let row_start = if before == LABELS { 255 } else { before as u8 };
                    if may_follow(row_start, label as u8) {
                        *step = scores[label] as f32 * table.scale();
                    }
                }
            }
        }
        Self { table, steps }
    }

    /// Scores of every label of a token with the features `keys`.
    pub fn emission(&self, keys: &[u32]) -> [f32; LABELS] {
        let mut scores = [0; MAX_LABELS];
        for &key in keys {
            self.table.add(key, &mut scores);
        }
        std::array::from_fn(|label| scores[label] as f32 * self.table.scale())
    }

    /// The best row of labels under `emissions`, where `kinds` are the tokens' kinds.
    pub fn best(&self, emissions: &[[f32; LABELS]], kinds: &[u8]) -> Vec<u8> {
        let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(emissions.len());
        let mut scores = [0f32; LABELS];
        for (at, (emission, &kind)) in emissions.iter().zip(kinds).enumerate() {
            let steps = &self.steps[kind as usize % KINDS];
            let mut next = [NEVER; LABELS];
            let mut from = [0u8; LABELS];
            for label in 0..LABELS {
                if at == 0 {
                    next[label] = steps[LABELS][label] + emission[label];
                    continue;
                }
                for before in 0..LABELS {
                    let score = scores[before] + steps[before][label];
                    if score > next[label] {
                        next[label] = score;
                        from[label] = before as u8;
                    }
                }
                next[label] += emission[label];
            }
            back.push(from);
            scores = next;
        }
        let mut label =
            (1..LABELS).fold(0, |best, label| if scores[label] > scores[best] { label } else { best });
        let mut labels = vec![0; back.len()];
        for at in (0..back.len()).rev() {
            labels[at] = label as u8;
            label = back[at][label] as usize;
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::table::write_table;

    fn crf(rows: &[(u32, Vec<f32>)]) -> Crf {
        let mut bytes = Vec::new();
        write_table(LABELS, rows, 9.0, 0.0, &mut bytes);
        Crf::new(Table::parse(&bytes).unwrap().0)
    }

    fn row(label: usize, weight: f32) -> Vec<f32> {
        (0..LABELS).map(|at| if at == label { weight } else { 0.0 }).collect()
    }

    #[test]
    fn the_inside_of_a_span_never_stands_without_its_beginning() {
        let crf = crf(&[(7, row(6, 4.0))]);
        let emissions = [crf.emission(&[7]), crf.emission(&[7]), crf.emission(&[])];
        let labels = crf.best(&emissions, &[0, 0, 0]);
        assert_eq!(labels[1], 6);
        assert_eq!(labels[0], 5);
    }

    #[test]
    fn steps_hang_on_the_kind_of_the_later_token() {
        let crf = crf(&[(step_key(3, 0), row(9, 5.0)), (8, row(0, 1.0))]);
        let emissions = [crf.emission(&[8]), crf.emission(&[])];
        assert_eq!(crf.best(&emissions, &[0, 3]), [0, 9]);
        assert_eq!(crf.best(&emissions, &[0, 4])[1], 0);
    }

    #[test]
    fn nothing_has_no_labels() {
        assert!(crf(&[]).best(&[], &[]).is_empty());
    }
}
