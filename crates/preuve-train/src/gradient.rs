//! Through the network forward and back: what every weight adds to the loss of one paragraph.

use preuve_examine::attribution::training::SLOTS;
use preuve_examine::attribution::training::network::{
    BIAS, EMBED, GATES, HIDDEN, IN, INPUT, LEAK, MEMORY, OUTPUT, PROJECT, Step, WIDE, WORD, multiply, step,
};

use crate::chain::Chain;
use crate::recurrent::{Params, Passage};
use crate::rng::Rng;

/// Longest stretch trained on at once, in tokens; what lies behind is passed over.
const LONGEST: usize = 400;
/// Width of what scores the labels.
const OUT: usize = 2 * HIDDEN + IN;

/// One token on the way forward.
struct Seen {
    /// How many of its codes count.
    codes: usize,
    input: [f32; IN],
    /// Slope of the input by the sum before it.
    input_mask: [f32; IN],
    out: [f32; OUT],
    out_mask: [f32; 2 * HIDDEN],
}

/// Add the slopes of the loss of `passage` to `slopes`.
pub fn add_slopes(
    weights: &[f32],
    slopes: &mut [f32],
    passage: &Passage,
    vectors: &[[f32; WORD]],
    (params, rng): (&Params, &mut Rng),
) {
    let len = passage.labels.len().min(LONGEST);
    let mut seen: Vec<Seen> =
        (0..len).map(|at| enter(weights, passage, vectors, at, (params, rng))).collect();
    let steps = [0, 1].map(|direction| run(weights, &seen, direction));
    let scores = seen.iter_mut().enumerate().map(|(at, token)| {
        let memories = [&steps[0][at].memory, &steps[1][len - 1 - at].memory];
        leave(weights, token, memories, (params, rng))
    });
    let scores: Vec<[f32; WIDE]> = scores.collect();
    let chain = Chain { kinds: &passage.kinds[..len], labels: &passage.labels[..len] };
    let by_score = chain.slopes(scores, weights, slopes);
    let by_out: Vec<[f32; OUT]> = seen
        .iter()
        .zip(&by_score)
        .map(|(token, by_score)| {
            let mut by_out = [0f32; OUT];
            back::<WIDE>(
                &weights[OUTPUT.range()],
                &mut slopes[OUTPUT.range()],
                &token.out,
                by_score,
                &mut by_out,
            );
            by_out
        })
        .collect();
    let mut by_input: Vec<[f32; IN]> =
        by_out.iter().map(|out| std::array::from_fn(|k| out[2 * HIDDEN + k])).collect();
    for (direction, steps) in steps.iter().enumerate() {
        run_back(weights, slopes, direction, (&seen, steps), (&by_out, &mut by_input));
    }
    for (at, (token, by_input)) in seen.iter().zip(&mut by_input).enumerate() {
        by_input.iter_mut().zip(&token.input_mask).for_each(|(slope, mask)| *slope *= mask);
        for &code in &passage.codes[at][..token.codes] {
            add(&mut slopes[EMBED.row(code as usize)], by_input, 1.0);
        }
        let vector = &vectors[passage.words[at] as usize];
        for (value, row) in vector.iter().zip(slopes[PROJECT.range()].chunks_exact_mut(IN)) {
            add(row, by_input, *value);
        }
    }
}

fn enter(
    weights: &[f32],
    passage: &Passage,
    vectors: &[[f32; WORD]],
    at: usize,
    (params, rng): (&Params, &mut Rng),
) -> Seen {
    let codes = SLOTS - usize::from(rng.share() < params.drop_word);
    let mut input = [0f32; IN];
    for &code in &passage.codes[at][..codes] {
        add(&mut input, &weights[EMBED.row(code as usize)], 1.0);
    }
    multiply::<16>(&vectors[passage.words[at] as usize], &weights[PROJECT.range()], IN, &mut input);
    let mut input_mask = [0f32; IN];
    for (value, mask) in input.iter_mut().zip(&mut input_mask) {
        *mask = keep(rng, params.drop_in) * if *value > 0.0 { 1.0 } else { LEAK };
        *value *= *mask;
    }
    Seen { codes, input, input_mask, out: [0.0; OUT], out_mask: [0.0; 2 * HIDDEN] }
}

/// The steps of one direction, in its own order.
fn run(weights: &[f32], seen: &[Seen], direction: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(seen.len());
    let mut memory = [0f32; HIDDEN];
    for n in 0..seen.len() {
        let mut gates = [0f32; GATES];
        gates.copy_from_slice(&weights[BIAS.row(direction)]);
        let input = &seen[place(n, seen.len(), direction)].input;
        multiply::<32>(input, &weights[INPUT[direction].range()], GATES, &mut gates);
        let mut sums = [0f32; GATES];
        multiply::<32>(&memory, &weights[MEMORY[direction].range()], GATES, &mut sums);
        let done = step(&gates, &memory, &sums);
        memory = done.memory;
        steps.push(done);
    }
    steps
}

/// Which token the `n`th step of a direction is about.
fn place(n: usize, len: usize, direction: usize) -> usize {
    if direction == 0 { n } else { len - 1 - n }
}

/// The scores of a token's labels.
fn leave(
    weights: &[f32],
    token: &mut Seen,
    memories: [&[f32; HIDDEN]; 2],
    (params, rng): (&Params, &mut Rng),
) -> [f32; WIDE] {
    for (k, value) in memories.into_iter().flatten().enumerate() {
        token.out_mask[k] = keep(rng, params.drop_out);
        token.out[k] = value * token.out_mask[k];
    }
    token.out[2 * HIDDEN..].copy_from_slice(&token.input);
    let mut scores = [0f32; WIDE];
    multiply::<WIDE>(&token.out, &weights[OUTPUT.range()], WIDE, &mut scores);
    scores
}

fn run_back(
    weights: &[f32],
    slopes: &mut [f32],
    direction: usize,
    (seen, steps): (&[Seen], &[Step]),
    (by_out, by_input): (&[[f32; OUT]], &mut [[f32; IN]]),
) {
    let nothing = [0f32; HIDDEN];
    let mut by_memory = [0f32; HIDDEN];
    for n in (0..steps.len()).rev() {
        let at = place(n, steps.len(), direction);
        let before = if n == 0 { &nothing } else { &steps[n - 1].memory };
        let half = direction * HIDDEN..(direction + 1) * HIDDEN;
        let masked = by_out[at][half.clone()].iter().zip(&seen[at].out_mask[half]);
        for (by_memory, (by_out, mask)) in by_memory.iter_mut().zip(masked) {
            *by_memory += by_out * mask;
        }
        let (by_gates, by_sums, mut by_before) = step_back(&steps[n], before, &by_memory);
        let rows = MEMORY[direction].range();
        back::<16>(&weights[rows.clone()], &mut slopes[rows], before, &by_sums, &mut by_before);
        by_memory = by_before;
        add(&mut slopes[BIAS.row(direction)], &by_gates, 1.0);
        let rows = INPUT[direction].range();
        back::<16>(&weights[rows.clone()], &mut slopes[rows], &seen[at].input, &by_gates, &mut by_input[at]);
    }
}

/// Slopes by the input's gates, by the memory's sums, and by the memory before so far as it stays.
fn step_back(
    step: &Step,
    before: &[f32; HIDDEN],
    by_memory: &[f32; HIDDEN],
) -> ([f32; GATES], [f32; GATES], [f32; HIDDEN]) {
    let (mut by_gates, mut by_sums, mut by_before) = ([0f32; GATES], [0f32; GATES], [0f32; HIDDEN]);
    for k in 0..HIDDEN {
        let slope = by_memory[k];
        let by_new = slope * (1.0 - step.keep[k]) * (1.0 - step.new[k] * step.new[k]);
        let by_keep = slope * (before[k] - step.new[k]) * step.keep[k] * (1.0 - step.keep[k]);
        let by_reset = by_new * step.inner[k] * step.reset[k] * (1.0 - step.reset[k]);
        by_before[k] = slope * step.keep[k];
        by_gates[k] = by_reset;
        by_gates[HIDDEN + k] = by_keep;
        by_gates[2 * HIDDEN + k] = by_new;
        by_sums[k] = by_reset;
        by_sums[HIDDEN + k] = by_keep;
        by_sums[2 * HIDDEN + k] = by_new * step.reset[k];
    }
    (by_gates, by_sums, by_before)
}

/// Through `sums = inputs · rows`: adds to the slopes of the rows and of the inputs, `LANES` columns at a time.
fn back<const LANES: usize>(
    rows: &[f32],
    slopes: &mut [f32],
    inputs: &[f32],
    by_sums: &[f32],
    by_inputs: &mut [f32],
) {
    let width = by_sums.len();
    let pairs = rows.chunks_exact(width).zip(slopes.chunks_exact_mut(width));
    for ((row, slope), (input, by_input)) in pairs.zip(inputs.iter().zip(by_inputs)) {
        let mut lanes = [0f32; LANES];
        let parts = row.as_chunks::<LANES>().0.iter().zip(slope.as_chunks_mut::<LANES>().0);
        for ((weights, slopes), by_sums) in parts.zip(by_sums.as_chunks::<LANES>().0) {
            for k in 0..LANES {
                lanes[k] += weights[k] * by_sums[k];
                slopes[k] += input * by_sums[k];
            }
        }
        *by_input += lanes.iter().sum::<f32>();
    }
}

/// `sums += values * by`.
fn add(sums: &mut [f32], values: &[f32], by: f32) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value * by;
    }
}

/// Nought with chance `share`, else what keeps the mean.
fn keep(rng: &mut Rng, share: f32) -> f32 {
    if rng.share() < share { 0.0 } else { 1.0 / (1.0 - share) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_examine::attribution::training::STARTS;
    use preuve_examine::attribution::training::network::{PARTS, SIZE};

    fn passage() -> Passage {
        let token = |at: usize| std::array::from_fn(|slot| (STARTS[slot] + (at * 3 + slot) % 2) as u16);
        Passage {
            codes: (0..5).map(token).collect(),
            words: vec![0, 1, 0, 1, 1],
            kinds: vec![3, 25, 3, 17, 3],
            labels: vec![3, 9, 5, 6, 0],
        }
    }

    /// The loss is not needed for training; here it is found from the scores and the slopes' own definition.
    fn slopes(weights: &[f32]) -> Vec<f32> {
        let vectors = [[0.2; WORD], [-0.1; WORD]];
        let params = Params { drop_in: 0.0, drop_out: 0.0, drop_word: 0.0, ..crate::recurrent::PARAMS };
        let mut slopes = vec![0f32; SIZE];
        add_slopes(weights, &mut slopes, &passage(), &vectors, (&params, &mut Rng::new(1)));
        slopes
    }

    #[test]
    fn a_small_step_against_the_slopes_makes_them_smaller_in_every_part() {
        let mut rng = Rng::new(7);
        let mut weights: Vec<f32> = (0..SIZE).map(|_| (rng.share() - 0.5) * 0.4).collect();
        let length = |slopes: &[f32]| slopes.iter().map(|slope| slope * slope).sum::<f32>();
        let first = slopes(&weights);
        for part in PARTS {
            assert!(length(&first[part.range()]) > 0.0, "{part:?}");
        }
        for _ in 0..200 {
            let found = slopes(&weights);
            weights.iter_mut().zip(&found).for_each(|(weight, slope)| *weight -= 0.05 * slope);
        }
        assert!(length(&slopes(&weights)) < 1e-2 * length(&first));
    }
}
