//! A small recurrent network: one gated recurrent unit a direction over a paragraph.
//!
//! A token enters as the sum of the vectors of its codes and of its word; both directions and the token itself
//! then score the labels. All weights lie in one row of numbers, part behind part.

use std::ops::Range;

use fearless_simd::{Level, dispatch};

use super::codes::{CODES, SLOTS};
use super::crf::KINDS;
use super::labels::LABELS;
use super::matrix::{Inputs, LANES, Matrix};

/// Width of a token's input.
pub const IN: usize = 48;
/// Width of the memory of one direction.
pub const HIDDEN: usize = 64;
/// Width of the vectors of words.
pub const WORD: usize = 192;
/// Labels rounded up to whole vectors.
pub const WIDE: usize = 12;
/// Reset, update and new memory of one direction.
pub const GATES: usize = 3 * HIDDEN;
/// What is left of an input below nought.
pub const LEAK: f32 = 0.1;

/// Where the parts lie in the row of weights.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// First number.
    pub start: usize,
    /// Rows.
    pub rows: usize,
    /// Numbers a row.
    pub width: usize,
}

impl Part {
    const fn behind(before: Part, rows: usize, width: usize) -> Self {
        Self { start: before.start + before.rows * before.width, rows, width }
    }

    /// All its numbers.
    pub const fn range(self) -> Range<usize> {
        self.start..self.start + self.rows * self.width
    }

    /// The numbers of one row.
    pub const fn row(self, row: usize) -> Range<usize> {
        self.start + row * self.width..self.start + (row + 1) * self.width
    }
}

const fn pair(before: Part, rows: usize) -> [Part; 2] {
    let forward = Part::behind(before, rows, GATES);
    [forward, Part::behind(forward, rows, GATES)]
}

/// Vectors of codes.
pub const EMBED: Part = Part { start: 0, rows: CODES, width: IN };
/// From a word's vector to the input.
pub const PROJECT: Part = Part::behind(EMBED, WORD, IN);
/// From the input to the gates, forward then backward.
pub const INPUT: [Part; 2] = pair(PROJECT, IN);
/// What the gates start from, a direction a row.
pub const BIAS: Part = Part::behind(INPUT[1], 2, GATES);
/// From the memory to the gates, forward then backward.
pub const MEMORY: [Part; 2] = pair(BIAS, HIDDEN);
/// From both memories and the input to the labels.
pub const OUTPUT: Part = Part::behind(MEMORY[1], 2 * HIDDEN + IN, WIDE);
/// Scores of steps between labels, a kind of token and a label before it a row.
pub const STEPS: Part = Part::behind(OUTPUT, KINDS * (LABELS + 1), WIDE);
/// Parts in order.
pub const PARTS: [Part; 9] = [EMBED, PROJECT, INPUT[0], INPUT[1], BIAS, MEMORY[0], MEMORY[1], OUTPUT, STEPS];
/// Numbers in all.
pub const SIZE: usize = STEPS.start + STEPS.rows * STEPS.width;

/// Close to the hyperbolic tangent (Padé), the same on every machine.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let x = x.clamp(-4.9, 4.9);
    let s = x * x;
    let top = x * (135_135.0 + s * (17_325.0 + s * (378.0 + s)));
    let bottom = 135_135.0 + s * (62_370.0 + s * (3_150.0 + s * 28.0));
    (top / bottom).clamp(-1.0, 1.0)
}

/// Close to the logistic function.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    0.5 + 0.5 * tanh(0.5 * x)
}

/// `sums[k] += Σ_j inputs[j] * rows[j][k]`: rows of `stride` numbers, worked on `BLOCK` columns at a time (a divisor
/// of the number of sums), each sum in the order of the inputs.
#[inline]
pub fn multiply<const BLOCK: usize>(inputs: &[f32], rows: &[f32], stride: usize, sums: &mut [f32]) {
    for (number, block) in sums.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let mut acc = *block;
        for (&input, row) in inputs.iter().zip(rows.chunks_exact(stride)) {
            if let Some(weights) = row[number * BLOCK..].first_chunk::<BLOCK>() {
                for k in 0..BLOCK {
                    acc[k] += input * weights[k];
                }
            }
        }
        *block = acc;
    }
}

/// What one step of a direction leaves behind.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// How much of the memory the new one sees.
    pub reset: [f32; HIDDEN],
    /// How much of the memory stays.
    pub keep: [f32; HIDDEN],
    /// What would replace it.
    pub new: [f32; HIDDEN],
    /// The memory's part of the new one before the reset.
    pub inner: [f32; HIDDEN],
    /// The memory afterwards.
    pub memory: [f32; HIDDEN],
}

/// One step: `gates` is the input's part, `memory` the memory before, `sums` what the weights make of it.
#[inline(always)]
pub fn step(gates: &[f32; GATES], memory: &[f32; HIDDEN], sums: &[f32; GATES]) -> Step {
    let mut out = Step {
        reset: [0.0; HIDDEN],
        keep: [0.0; HIDDEN],
        new: [0.0; HIDDEN],
        inner: [0.0; HIDDEN],
        memory: [0.0; HIDDEN],
    };
    for k in 0..HIDDEN {
        out.reset[k] = sigmoid(gates[k] + sums[k]);
        out.keep[k] = sigmoid(gates[HIDDEN + k] + sums[HIDDEN + k]);
        out.inner[k] = sums[2 * HIDDEN + k];
        out.new[k] = tanh(gates[2 * HIDDEN + k] + out.reset[k] * out.inner[k]);
        out.memory[k] = out.keep[k] * memory[k] + (1.0 - out.keep[k]) * out.new[k];
    }
    out
}

/// A trained network.
#[derive(Debug, Clone)]
pub struct Network {
    level: Level,
    weights: Vec<f32>,
    project: Matrix,
    input: [Matrix; 2],
    memory: [Matrix; 2],
    /// From the memories and the input.
    output: [Matrix; 3],
}

const MAGIC: &[u8; 4] = b"PVN1";
/// Steps of a weight on either side of nought.
const FINE: f32 = 32_767.0;
/// Tokens whose gates are made together.
const CHUNK: usize = 32;

impl Network {
    /// Read what [`write_network`] wrote from the front of `bytes`; also gives what lies behind it.
    pub fn parse(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut weights = Vec::with_capacity(SIZE);
        for part in PARTS {
            for _ in 0..part.rows {
                let (scale, behind) = rest.split_first_chunk::<4>()?;
                let (row, behind) = behind.split_at_checked(2 * part.width)?;
                let scale = f32::from_le_bytes(*scale);
                let fine = row.as_chunks::<2>().0.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)));
                weights.extend(fine.map(|step| step * scale));
                rest = behind;
            }
        }
        Some((Self::new(weights), rest))
    }

    fn new(weights: Vec<f32>) -> Self {
        let matrix = |part: Part| Matrix::new(&weights[part.range()], part.width);
        let output = |rows: Range<usize>| {
            Matrix::new(&weights[OUTPUT.start + rows.start * WIDE..OUTPUT.start + rows.end * WIDE], WIDE)
        };
        Self {
            level: Level::new(),
            project: matrix(PROJECT),
            input: INPUT.map(matrix),
            memory: MEMORY.map(matrix),
            output: [output(0..HIDDEN), output(HIDDEN..2 * HIDDEN), output(2 * HIDDEN..2 * HIDDEN + IN)],
            weights,
        }
    }

    /// What the step to a token of `kind` is worth, from the label `before` it ([`LABELS`] at the start) to `label`.
    pub fn step_worth(&self, kind: usize, before: usize, label: usize) -> f32 {
        self.weights[STEPS.row(kind * (LABELS + 1) + before)][label]
    }

    /// A word's vector as the input sees it.
    pub fn project(&self, vector: &[f32; WORD]) -> [f32; IN] {
        let mut x = [0f32; IN];
        dispatch!(self.level, _simd => {
            let vector = Inputs::<{ WORD / 2 }>::new(vector, greatest(vector));
            self.project.add(self.level, &vector, &mut x);
        });
        x
    }

    /// Scores of the labels of tokens that have `codes` and the projected words `words`.
    pub fn emissions<'w>(
        &self,
        codes: &[[u16; SLOTS]],
        words: impl Iterator<Item = &'w [f32; IN]>,
    ) -> Vec<[f32; LABELS]> {
        let mut scores = vec![[0f32; LANES]; codes.len()];
        dispatch!(self.level, _simd => {
            let input = |(codes, word): (&[u16; SLOTS], &[f32; IN])| self.input(codes, word);
            let inputs: Vec<Inputs<{ IN / 2 }>> = codes.iter().zip(words).map(input).collect();
            for (score, x) in scores.iter_mut().zip(&inputs) {
                self.output[2].add(self.level, x, score);
            }
            self.pass(0, &inputs, &mut scores);
            self.pass(1, &inputs, &mut scores);
        });
        scores.iter().map(|wide| std::array::from_fn(|label| wide[label])).collect()
    }

    #[inline(always)]
    fn input(&self, codes: &[u16; SLOTS], word: &[f32; IN]) -> Inputs<{ IN / 2 }> {
        let mut x = *word;
        for &code in codes {
            for (sum, weight) in x.iter_mut().zip(&self.weights[EMBED.row(code as usize)]) {
                *sum += weight;
            }
        }
        let x = x.map(|value| if value > 0.0 { value } else { LEAK * value });
        Inputs::new(&x, greatest(&x))
    }

    /// Run one direction over the tokens, a chunk at a time: the chunk's gates, then its steps.
    #[inline(always)]
    fn pass(&self, direction: usize, inputs: &[Inputs<{ IN / 2 }>], scores: &mut [[f32; LANES]]) {
        let mut memory = [0f32; HIDDEN];
        let mut whole = Inputs::<{ HIDDEN / 2 }>::new(&memory, 1.0);
        let mut gates = [[0f32; GATES]; CHUNK];
        for first in (0..inputs.len()).step_by(CHUNK) {
            let count = CHUNK.min(inputs.len() - first);
            let place = |n: usize| if direction == 0 { first + n } else { inputs.len() - 1 - first - n };
            for (n, gates) in gates[..count].iter_mut().enumerate() {
                gates.copy_from_slice(&self.weights[BIAS.row(direction)]);
                self.input[direction].add(self.level, &inputs[place(n)], gates);
            }
            for (n, gates) in gates[..count].iter().enumerate() {
                let mut sums = [0f32; GATES];
                self.memory[direction].add(self.level, &whole, &mut sums);
                memory = step(gates, &memory, &sums).memory;
                whole = Inputs::new(&memory, 1.0);
                self.output[direction].add(self.level, &whole, &mut scores[place(n)]);
            }
        }
    }
}

/// The greatest of `values` without their signs.
#[inline(always)]
fn greatest(values: &[f32]) -> f32 {
    values.iter().fold(0f32, |most, value| most.max(value.abs()))
}

/// Append a row of [`SIZE`] weights to `out`: a scale (`f32`) and steps (`i16`) a row of every part, little-endian.
pub fn write_network(weights: &[f32], out: &mut Vec<u8>) {
    out.extend_from_slice(MAGIC);
    for part in PARTS {
        for row in 0..part.rows {
            let row = &weights[part.row(row)];
            let scale = row.iter().fold(0f32, |most, w| most.max(w.abs())) / FINE;
            out.extend_from_slice(&scale.to_le_bytes());
            for weight in row {
                let step = if scale > 0.0 { (weight / scale).round().clamp(-FINE, FINE) } else { 0.0 };
                out.extend_from_slice(&(step as i16).to_le_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weights() -> Vec<f32> {
        (0..SIZE).map(|at| ((at * 7919) % 201) as f32 / 1000.0 - 0.1).collect()
    }

    #[test]
    fn what_is_written_is_read_back_within_a_step() {
        let weights = weights();
        let mut bytes = Vec::new();
        write_network(&weights, &mut bytes);
        bytes.extend_from_slice(b"rest");
        let (network, rest) = Network::parse(&bytes).unwrap();
        assert_eq!(rest, b"rest");
        assert!(network.weights.iter().zip(&weights).all(|(a, b)| (a - b).abs() < 1e-5));
        assert!(Network::parse(&bytes[..bytes.len() / 2]).is_none());
    }

    #[test]
    fn a_token_far_away_is_seen_on_both_sides() {
        let network = Network::new(weights());
        let word = [0.1; IN];
        let scores = |first: u16| {
            let mut codes = [[0u16; SLOTS]; 9];
            codes[4] = [first; SLOTS];
            network.emissions(&codes, std::iter::repeat_n(&word, 9))
        };
        let (one, other) = (scores(0), scores(3));
        assert!(one[0] != other[0] && one[8] != other[8]);
        assert_eq!(scores(3), other);
    }

    #[test]
    fn the_curves_are_close_to_their_names() {
        for at in -120..120 {
            let x = at as f32 / 10.0;
            assert!((tanh(x) - x.tanh()).abs() < 2e-3, "{x}");
            assert!((sigmoid(x) - 1.0 / (1.0 + (-x).exp())).abs() < 2e-3, "{x}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_network_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Network::parse(&[MAGIC.as_slice(), &bytes].concat()).is_none());
        }
    }
}
