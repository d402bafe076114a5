//! Training of a linear-chain conditional random field: maximum likelihood by AdaGrad, one paragraph a step.
//!
//! Sequential on purpose: the same data, order and seed give the same weights to the bit.

use std::collections::HashMap;

use preuve_examine::attribution::training::{KINDS, LABELS, may_follow, step_key};

use crate::rng::Rng;

/// Labels rounded up to whole vectors.
const WIDE: usize = 12;

/// How a labeller is trained.
#[derive(Debug, Clone, Copy)]
pub struct LearnParams {
    /// Passes over the data.
    pub epochs: usize,
    /// AdaGrad's rate.
    pub rate: f32,
    /// Strength of the pull to zero, divided by how often a feature occurs.
    pub pull: f32,
    /// Features seen less often are left out.
    pub min_count: u32,
    /// Weights below it are left out of the table.
    pub floor: f32,
    /// Seed of the order.
    pub seed: u64,
}

/// One paragraph: keys of its tokens, kinds and the right labels.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    /// Keys, token by token.
    pub keys: Vec<u32>,
    /// End of each token's keys.
    pub ends: Vec<u32>,
    /// Kind of each token.
    pub kinds: Vec<u8>,
    /// The right label of each token.
    pub labels: Vec<u8>,
    /// How much the paragraph counts.
    pub weight: f32,
}

struct Weights {
    rows: Vec<[f32; WIDE]>,
    squares: Vec<[f32; WIDE]>,
    pull: Vec<f32>,
    steps: Vec<[[f32; WIDE]; LABELS + 1]>,
    step_squares: Vec<[[f32; WIDE]; LABELS + 1]>,
}

/// Learn rows `(key, weight a label)` from `sequences`, steps between labels included.
pub fn learn(mut sequences: Vec<Sequence>, params: &LearnParams) -> Vec<(u32, Vec<f32>)> {
    let (keys, counts) = intern(&mut sequences, params.min_count);
    let mut weights = Weights {
        rows: vec![[0.0; WIDE]; keys.len()],
        squares: vec![[1.0; WIDE]; keys.len()],
        pull: counts.iter().map(|&count| params.pull / count as f32).collect(),
        steps: vec![[[0.0; WIDE]; LABELS + 1]; KINDS],
        step_squares: vec![[[1.0; WIDE]; LABELS + 1]; KINDS],
    };
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    let mut rng = Rng::new(params.seed);
    let mut work = Work::default();
    for _ in 0..params.epochs {
        rng.shuffle(&mut order);
        for &at in &order {
            train_one(&mut weights, &sequences[at], params, &mut work);
        }
    }
    let mut rows: Vec<(u32, Vec<f32>)> =
        keys.into_iter().zip(&weights.rows).map(|(key, row)| (key, row[..LABELS].to_vec())).collect();
    for (kind, table) in weights.steps.iter().enumerate() {
        for (before, row) in table.iter().enumerate() {
            rows.push((step_key(kind, before), row[..LABELS].to_vec()));
        }
    }
    rows
}

/// Replace keys by row numbers, rare ones dropped; gives the keys and counts of the rows.
fn intern(sequences: &mut [Sequence], min_count: u32) -> (Vec<u32>, Vec<u32>) {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for key in sequences.iter().flat_map(|sequence| &sequence.keys) {
        *counts.entry(*key).or_default() += 1;
    }
    let mut kept: Vec<(u32, u32)> = counts.into_iter().filter(|&(_, count)| count >= min_count).collect();
    kept.sort_unstable();
    let rows: HashMap<u32, u32> = kept.iter().enumerate().map(|(row, &(key, _))| (key, row as u32)).collect();
    for sequence in sequences {
        let (mut start, mut keys) = (0, Vec::with_capacity(sequence.keys.len()));
        for end in &mut sequence.ends {
            keys.extend(sequence.keys[start..*end as usize].iter().filter_map(|key| rows.get(key).copied()));
            start = *end as usize;
            *end = keys.len() as u32;
        }
        keys.shrink_to_fit();
        sequence.keys = keys;
    }
    kept.into_iter().unzip()
}

/// Buffers kept between paragraphs.
#[derive(Default)]
struct Work {
    scores: Vec<[f32; WIDE]>,
    forward: Vec<[f32; WIDE]>,
    steps: Vec<[[f32; WIDE]; LABELS + 1]>,
    ready: [bool; KINDS],
}

fn train_one(weights: &mut Weights, sequence: &Sequence, params: &LearnParams, work: &mut Work) {
    let len = sequence.labels.len();
    let keys = |at: usize| {
        let start = if at == 0 { 0 } else { sequence.ends[at - 1] as usize };
        &sequence.keys[start..sequence.ends[at] as usize]
    };
    work.scores.clear();
    for at in 0..len {
        let mut score = [0f32; WIDE];
        for &row in keys(at) {
            for (sum, weight) in score.iter_mut().zip(&weights.rows[row as usize]) {
                *sum += weight;
            }
        }
        work.scores.push(exp_scaled(score));
    }
    prepare_steps(weights, sequence, work);
    forward_pass(sequence, work);
    let mut behind = [1f32; WIDE];
    for at in (0..len).rev() {
        let mut marginal = [0f32; WIDE];
        let mut total = 0.0;
        for label in 0..LABELS {
            marginal[label] = work.forward[at][label] * behind[label];
            total += marginal[label];
        }
        let gold = sequence.labels[at] as usize;
        let mut most = 0f32;
        for (label, slot) in marginal.iter_mut().enumerate().take(LABELS) {
            *slot = (*slot / total.max(1e-30) - f32::from(u8::from(label == gold))) * sequence.weight;
            most = most.max(slot.abs());
        }
        update_steps(weights, sequence, work, (at, &behind, params));
        if most > 2e-3 {
            update_rows(weights, keys(at), &marginal, params.rate);
        }
        behind = backward(work, sequence, at, &behind);
    }
}

fn exp_scaled(score: [f32; WIDE]) -> [f32; WIDE] {
    let most = score[..LABELS].iter().fold(f32::NEG_INFINITY, |most, &s| most.max(s));
    let mut scaled = [0f32; WIDE];
    for label in 0..LABELS {
        scaled[label] = (score[label] - most).max(-60.0).exp();
    }
    scaled
}

fn prepare_steps(weights: &Weights, sequence: &Sequence, work: &mut Work) {
    work.steps.resize(KINDS, [[0.0; WIDE]; LABELS + 1]);
    work.ready = [false; KINDS];
    for &kind in &sequence.kinds {
        let kind = kind as usize;
        if std::mem::replace(&mut work.ready[kind], true) {
            continue;
        }
        for before in 0..=LABELS {
            for label in 0..LABELS {
                let lawful = may_follow(if before == LABELS { 255 } else { before as u8 }, label as u8);
                work.steps[kind][before][label] =
                    if lawful { weights.steps[kind][before][label].exp() } else { 0.0 };
            }
        }
    }
}

fn forward_pass(sequence: &Sequence, work: &mut Work) {
    work.forward.clear();
    for at in 0..sequence.labels.len() {
        let steps = &work.steps[sequence.kinds[at] as usize];
        let mut row = [0f32; WIDE];
        match work.forward.last() {
            None => row = steps[LABELS],
            Some(before) => {
                for (reach, step) in before.iter().zip(steps) {
                    for (sum, weight) in row.iter_mut().zip(step) {
                        *sum += reach * weight;
                    }
                }
            }
        }
        let mut total = 0.0;
        for (slot, score) in row.iter_mut().zip(&work.scores[at]) {
            *slot *= score;
            total += *slot;
        }
        let scale = 1.0 / total.max(1e-30);
        work.forward.push(row.map(|slot| slot * scale));
    }
}

fn backward(work: &Work, sequence: &Sequence, at: usize, behind: &[f32; WIDE]) -> [f32; WIDE] {
    let steps = &work.steps[sequence.kinds[at] as usize];
    let mut next = [0f32; WIDE];
    let mut total = 0.0;
    for before in 0..LABELS {
        let sum: f32 = (0..WIDE).map(|l| steps[before][l] * work.scores[at][l] * behind[l]).sum();
        next[before] = sum;
        total += sum;
    }
    let scale = 1.0 / total.max(1e-30);
    next.map(|slot| slot * scale)
}

fn update_rows(weights: &mut Weights, keys: &[u32], gradient: &[f32; WIDE], rate: f32) {
    for &row in keys {
        let row = row as usize;
        let pull = weights.pull[row];
        let (values, squares) = (&mut weights.rows[row], &mut weights.squares[row]);
        for label in 0..WIDE {
            let slope = gradient[label] + pull * values[label];
            squares[label] += slope * slope;
            values[label] -= rate * slope / squares[label].sqrt();
        }
    }
}

fn update_steps(
    weights: &mut Weights,
    sequence: &Sequence,
    work: &Work,
    (at, behind, params): (usize, &[f32; WIDE], &LearnParams),
) {
    let kind = sequence.kinds[at] as usize;
    let gold = sequence.labels[at] as usize;
    let gold_before = if at == 0 { LABELS } else { sequence.labels[at - 1] as usize };
    let mut expected = [[0f32; WIDE]; LABELS + 1];
    let mut total = 0.0;
    let lawful = if at == 0 { LABELS..LABELS + 1 } else { 0..LABELS };
    for (before, row) in expected.iter_mut().enumerate().filter(|(before, _)| lawful.contains(before)) {
        let reach = if at == 0 { 1.0 } else { work.forward[at - 1][before] };
        for (label, slot) in row.iter_mut().enumerate().take(LABELS) {
            *slot = reach * work.steps[kind][before][label] * work.scores[at][label] * behind[label];
            total += *slot;
        }
    }
    let scale = 1.0 / total.max(1e-30);
    for (before, row) in expected.iter().enumerate().filter(|(before, _)| lawful.contains(before)) {
        for (label, joint) in row.iter().enumerate().take(LABELS) {
            let right = f32::from(u8::from(label == gold && before == gold_before));
            let slope = (joint * scale - right) * sequence.weight;
            if slope.abs() > 1e-4 {
                let square = &mut weights.step_squares[kind][before][label];
                *square += slope * slope;
                weights.steps[kind][before][label] -= params.rate * slope / square.sqrt();
            }
        }
    }
}
