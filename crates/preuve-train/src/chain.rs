//! The loss of a paragraph's right row of labels under a chain, and its slopes.

use preuve_examine::attribution::training::network::{STEPS, WIDE};
use preuve_examine::attribution::training::{KINDS, LABELS, may_follow};

type Steps = [[f32; WIDE]; LABELS + 1];

/// Kinds and right labels of a paragraph's tokens, equally many.
pub struct Chain<'a> {
    /// Kinds.
    pub kinds: &'a [u8],
    /// Labels.
    pub labels: &'a [u8],
}

impl Chain<'_> {
    /// Slopes of the loss by the scores of labels. `weights` and `slopes` are the network's whole row; the slopes of
    /// the steps are added to `slopes`.
    pub fn slopes(
        &self,
        mut scores: Vec<[f32; WIDE]>,
        weights: &[f32],
        slopes: &mut [f32],
    ) -> Vec<[f32; WIDE]> {
        let steps = self.steps(weights);
        scores.iter_mut().for_each(|score| *score = exp_scaled(score));
        let forward = self.forward(&scores, &steps);
        let mut by_score = vec![[0f32; WIDE]; scores.len()];
        let mut behind = [1f32; WIDE];
        for at in (0..scores.len()).rev() {
            let table = &steps[self.kinds[at] as usize];
            let ahead: [f32; WIDE] = std::array::from_fn(|label| scores[at][label] * behind[label]);
            let start = [1f32; LABELS];
            let (reach, first) = match at.checked_sub(1) {
                Some(before) => (&forward[before][..LABELS], 0),
                None => (&start[..1], LABELS),
            };
            let joint = |n: usize, label: usize| reach[n] * table[first + n][label] * ahead[label];
            let total: f32 =
                (0..reach.len()).map(|n| (0..LABELS).map(|label| joint(n, label)).sum::<f32>()).sum();
            let right =
                (if at == 0 { LABELS } else { self.labels[at - 1] as usize }, self.labels[at] as usize);
            for n in 0..reach.len() {
                let row = STEPS.row(self.kinds[at] as usize * (LABELS + 1) + first + n);
                for (label, slope) in slopes[row].iter_mut().enumerate().take(LABELS) {
                    let hit = f32::from(u8::from((first + n, label) == right));
                    let change = joint(n, label) / total.max(1e-30) - hit;
                    by_score[at][label] += change;
                    *slope += change;
                }
            }
            behind = scaled(std::array::from_fn(|before| {
                table
                    .get(before)
                    .map_or(0.0, |row| row.iter().zip(&ahead).map(|(step, score)| step * score).sum())
            }));
        }
        by_score
    }

    /// What the steps to the kinds that occur are worth, 0 for those that may not be.
    fn steps(&self, weights: &[f32]) -> Vec<Steps> {
        let mut steps = vec![[[0f32; WIDE]; LABELS + 1]; KINDS];
        let mut ready = [false; KINDS];
        for &kind in self.kinds {
            if std::mem::replace(&mut ready[kind as usize], true) {
                continue;
            }
            for (before, row) in steps[kind as usize].iter_mut().enumerate() {
                let weights = &weights[STEPS.row(kind as usize * (LABELS + 1) + before)];
                let from = if before == LABELS { 255 } else { before as u8 };
                for (label, step) in row.iter_mut().enumerate().take(LABELS) {
                    *step = if may_follow(from, label as u8) { weights[label].exp() } else { 0.0 };
                }
            }
        }
        steps
    }

    fn forward(&self, scores: &[[f32; WIDE]], steps: &[Steps]) -> Vec<[f32; WIDE]> {
        let mut forward: Vec<[f32; WIDE]> = Vec::with_capacity(scores.len());
        for (score, &kind) in scores.iter().zip(self.kinds) {
            let table = &steps[kind as usize];
            let mut row = [0f32; WIDE];
            match forward.last() {
                None => row = table[LABELS],
                Some(before) => {
                    for (reach, steps) in before.iter().zip(&table[..LABELS]) {
                        for (sum, step) in row.iter_mut().zip(steps) {
                            *sum += reach * step;
                        }
                    }
                }
            }
            forward.push(scaled(std::array::from_fn(|label| row[label] * score[label])));
        }
        forward
    }
}

fn exp_scaled(score: &[f32; WIDE]) -> [f32; WIDE] {
    let most = score[..LABELS].iter().fold(f32::NEG_INFINITY, |most, &s| most.max(s));
    std::array::from_fn(|label| if label < LABELS { (score[label] - most).max(-60.0).exp() } else { 0.0 })
}

fn scaled(row: [f32; WIDE]) -> [f32; WIDE] {
    let scale = 1.0 / row.iter().sum::<f32>().max(1e-30);
    row.map(|slot| slot * scale)
}
