//! Linear-chain conditional random field over a paragraph: the best row of labels (Viterbi).
//!
//! The weight of a step between labels hangs on the kind of the later token. Labels that may not follow each
//! other are never chosen.

use super::labels::{LABELS, may_follow};

/// Kinds of token that the weights of steps tell apart.
pub const KINDS: usize = 32;

const NEVER: f32 = -1e9;

/// What the steps between labels are worth.
#[derive(Debug, Clone)]
pub struct Crf {
    /// `[kind][before][label]`, before = [`LABELS`] at the start.
    steps: Vec<[[f32; LABELS]; LABELS + 1]>,
}

impl Crf {
    /// From the worth of the step to a token of a kind, from a label before it ([`LABELS`] at the start), to a label.
    pub fn new(worth: impl Fn(usize, usize, usize) -> f32) -> Self {
        let mut steps = vec![[[NEVER; LABELS]; LABELS + 1]; KINDS];
        for (kind, rows) in steps.iter_mut().enumerate() {
            for (before, row) in rows.iter_mut().enumerate() {
                let row_start = if before == LABELS { 255 } else { before as u8 };
                for (label, step) in row.iter_mut().enumerate() {
                    if may_follow(row_start, label as u8) {
                        *step = worth(kind, before, label);
                    }
                }
            }
        }
        Self { steps }
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

    fn row(label: usize, weight: f32) -> [f32; LABELS] {
        std::array::from_fn(|at| if at == label { weight } else { 0.0 })
    }

    #[test]
    fn the_inside_of_a_span_never_stands_without_its_beginning() {
        let crf = Crf::new(|_, _, _| 0.0);
        let labels = crf.best(&[row(6, 4.0), row(6, 4.0), row(0, 0.0)], &[0, 0, 0]);
        assert_eq!(labels[..2], [5, 6]);
    }

    #[test]
    fn steps_hang_on_the_kind_of_the_later_token() {
        let crf = Crf::new(|kind, before, label| if (kind, before, label) == (3, 0, 9) { 5.0 } else { 0.0 });
        let emissions = [row(0, 1.0), row(0, 0.5)];
        assert_eq!(crf.best(&emissions, &[0, 3]), [0, 9]);
        assert_eq!(crf.best(&emissions, &[0, 4]), [0, 0]);
    }

    #[test]
    fn nothing_has_no_labels() {
        assert!(Crf::new(|_, _, _| 0.0).best(&[], &[]).is_empty());
    }
}
