//! Training of a multinomial log-linear model: likelihood with weighted answers, AdaGrad, one example a step.
//!
//! Sequential on purpose: the same data, order and seed give the same weights to the bit.

use std::collections::BTreeMap;

use crate::rng::Rng;

/// How a model is trained.
#[derive(Debug, Clone, Copy)]
pub struct Params {
    /// Passes over the data.
    pub epochs: usize,
    /// AdaGrad's rate.
    pub rate: f32,
    /// Pull of every weight to zero, a step.
    pub pull: f32,
    /// Clues seen in fewer examples are left out.
    pub min_count: u32,
    /// Rare answers count as (share of the commonest / own share) to this power; 0: all count the same.
    pub balance: f32,
    /// Seed of the order.
    pub seed: u64,
}

/// One example: keys of its clues and the number of the right answer.
#[derive(Debug, Clone)]
pub struct Example {
    /// Keys, each once.
    pub keys: Vec<u32>,
    /// The right answer.
    pub answer: usize,
    /// How many ordinary examples it counts for.
    pub weight: f32,
}

/// Learn rows `(key, weight an answer)` from `examples` with `answers` possible answers.
pub fn learn(examples: &[&Example], answers: usize, params: &Params) -> Vec<(u32, Vec<f32>)> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for key in examples.iter().flat_map(|example| &example.keys) {
        *counts.entry(*key).or_default() += 1;
    }
    counts.retain(|_, count| *count >= params.min_count);
    let rows: BTreeMap<u32, usize> = counts.keys().enumerate().map(|(row, &key)| (key, row)).collect();
    let known: Vec<Vec<usize>> = examples
        .iter()
        .map(|example| example.keys.iter().filter_map(|key| rows.get(key).copied()).collect())
        .collect();
    let worth = worths(examples, answers, params.balance);
    let mut weights = vec![0f32; rows.len() * answers];
    let mut squares = vec![1e-2f32; rows.len() * answers];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut rng = Rng::new(params.seed);
    let mut scores = vec![0f32; answers];
    for _ in 0..params.epochs {
        rng.shuffle(&mut order);
        for &at in &order {
            let right = examples[at].answer;
            shares(&weights, &known[at], &mut scores);
            for (answer, share) in scores.iter_mut().enumerate() {
                *share = (*share - f32::from(u8::from(answer == right))) * worth[right] * examples[at].weight;
            }
            for &row in &known[at] {
                for (answer, slope) in scores.iter().enumerate() {
                    let place = row * answers + answer;
                    let slope = slope + params.pull * weights[place];
                    squares[place] += slope * slope;
                    weights[place] -= params.rate * slope / squares[place].sqrt();
                }
            }
        }
    }
    rows.into_iter().map(|(key, row)| (key, weights[row * answers..(row + 1) * answers].to_vec())).collect()
}

/// A choice among candidates: keys of the clues of each, and whether he is a right one.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Keys of the candidates' clues.
    pub candidates: Vec<Vec<u32>>,
    /// Who is right.
    pub right: Vec<bool>,
    /// How many ordinary choices it counts for.
    pub weight: f32,
}

/// Learn rows `(key, [weight])` so that right candidates outweigh the others.
pub fn learn_choices(choices: &[&Choice], params: &Params) -> Vec<(u32, Vec<f32>)> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for key in choices.iter().flat_map(|choice| &choice.candidates).flatten() {
        *counts.entry(*key).or_default() += 1;
    }
    counts.retain(|_, count| *count >= params.min_count);
    let rows: BTreeMap<u32, usize> = counts.keys().enumerate().map(|(row, &key)| (key, row)).collect();
    let row_of = |keys: &Vec<u32>| keys.iter().filter_map(|key| rows.get(key).copied()).collect();
    let known: Vec<Vec<Vec<usize>>> =
        choices.iter().map(|choice| choice.candidates.iter().map(row_of).collect()).collect();
    let (mut weights, mut squares) = (vec![0f32; rows.len()], vec![1e-2f32; rows.len()]);
    let mut order: Vec<usize> = (0..choices.len()).collect();
    let mut rng = Rng::new(params.seed);
    for _ in 0..params.epochs {
        rng.shuffle(&mut order);
        for &at in &order {
            let scores: Vec<f32> =
                known[at].iter().map(|rows| rows.iter().map(|&row| weights[row]).sum()).collect();
            let most = scores.iter().fold(f32::NEG_INFINITY, |most, &score| most.max(score));
            let shares: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
            let all: f32 = shares.iter().sum();
            let right = &choices[at].right;
            let good: f32 =
                shares.iter().zip(right).map(|(share, &right)| if right { *share } else { 0.0 }).sum();
            for ((share, &right), rows) in shares.iter().zip(right).zip(&known[at]) {
                let slope =
                    (share / all - if right { share / good.max(1e-9) } else { 0.0 }) * choices[at].weight;
                for &row in rows {
                    let slope = slope + params.pull * weights[row];
                    squares[row] += slope * slope;
                    weights[row] -= params.rate * slope / squares[row].sqrt();
                }
            }
        }
    }
    rows.into_iter().map(|(key, row)| (key, vec![weights[row]])).collect()
}

/// How much an example of each answer counts.
fn worths(examples: &[&Example], answers: usize, balance: f32) -> Vec<f32> {
    let mut counts = vec![0f32; answers];
    examples.iter().for_each(|example| counts[example.answer] += 1.0);
    let most = counts.iter().fold(1f32, |most, &count| most.max(count));
    counts.iter().map(|count| (most / count.max(1.0)).powf(balance)).collect()
}

fn shares(weights: &[f32], rows: &[usize], scores: &mut [f32]) {
    scores.fill(0.0);
    for &row in rows {
        let start = row * scores.len();
        let end = start + scores.len();
        scores.iter_mut().zip(&weights[start..end]).for_each(|(score, weight)| *score += weight);
    }
    let most = scores.iter().fold(f32::NEG_INFINITY, |most, &score| most.max(score));
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        total += *score;
    }
    scores.iter_mut().for_each(|score| *score /= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_learns_which_key_means_which_answer_and_repeats_itself() {
        let example = |keys: &[u32], answer| Example { keys: keys.to_vec(), answer, weight: 1.0 };
        let data = [example(&[1, 9], 0), example(&[2, 9], 1), example(&[1], 0), example(&[2], 1)];
        let params = Params { epochs: 20, rate: 0.2, pull: 0.001, min_count: 1, balance: 0.0, seed: 1 };
        let rows = learn(&data.iter().collect::<Vec<_>>(), 2, &params);
        let row = |key| rows.iter().find(|(known, _)| *known == key).map(|(_, row)| row.clone()).unwrap();
        assert!(row(1)[0] > row(1)[1] && row(2)[1] > row(2)[0]);
        assert_eq!(rows, learn(&data.iter().collect::<Vec<_>>(), 2, &params));
    }
}
