//! Training of the recurrent network: likelihood of the right rows of labels by Adam, some paragraphs a step.
//!
//! Sequential on purpose: the same data, order and seed give the same weights to the bit.

use std::ops::Range;

use preuve_examine::attribution::training::network::{
    BIAS, EMBED, GATES, HIDDEN, IN, INPUT, MEMORY, OUTPUT, PARTS, PROJECT, SIZE, WORD,
};
use preuve_examine::attribution::training::{SLOTS, STARTS};

use crate::gradient::add_slopes;
use crate::rng::Rng;

/// One paragraph.
#[derive(Debug, Clone, Default)]
pub struct Passage {
    /// Codes of its tokens.
    pub codes: Vec<[u16; SLOTS]>,
    /// Number of each token's word among the vectors.
    pub words: Vec<u32>,
    /// Kinds of its tokens.
    pub kinds: Vec<u8>,
    /// The right labels.
    pub labels: Vec<u8>,
}

/// How the network is trained.
#[derive(Debug, Clone, Copy)]
pub struct Params {
    /// Passes over the data.
    pub epochs: usize,
    /// Adam's rate at the start; it falls to a fiftieth.
    pub rate: f32,
    /// Tokens between two steps.
    pub batch: usize,
    /// Share of numbers left out at the input.
    pub drop_in: f32,
    /// Share of numbers left out behind the memories.
    pub drop_out: f32,
    /// Share of tokens that hide which word they are.
    pub drop_word: f32,
    /// Decay of weights, as a share of the rate.
    pub decay: f32,
}

/// What cross-validation chose.
pub const PARAMS: Params =
    Params { epochs: 8, rate: 0.003, batch: 400, drop_in: 0.2, drop_out: 0.3, drop_word: 0.2, decay: 0.01 };

/// Learn the row of weights from `passages` and the vectors of words; `seed` decides everything that is drawn.
pub fn learn(passages: &[Passage], vectors: &[[f32; WORD]], params: &Params, seed: u64) -> Vec<f32> {
    let mut rng = Rng::new(seed);
    let mut learner = Learner::new(&mut rng);
    let mut order: Vec<usize> = (0..passages.len()).collect();
    let total = passages.iter().map(|passage| passage.labels.len()).sum::<usize>() * params.epochs;
    let (mut seen, mut pending) = (0, 0);
    for _ in 0..params.epochs {
        rng.shuffle(&mut order);
        for &at in &order {
            let passage = &passages[at];
            add_slopes(&learner.weights, &mut learner.slopes, passage, vectors, (params, &mut rng));
            for &code in passage.codes.iter().flatten() {
                learner.touched[code as usize] = true;
            }
            pending += passage.labels.len();
            seen += passage.labels.len();
            if pending >= params.batch {
                let left = 1.0 - seen as f32 / total as f32;
                learner.adam(params.rate * left.max(0.02), params.decay);
                pending = 0;
            }
        }
    }
    learner.weights
}

struct Learner {
    weights: Vec<f32>,
    slopes: Vec<f32>,
    means: Vec<f32>,
    squares: Vec<f32>,
    /// Codes seen since the last step.
    touched: Vec<bool>,
    steps: i32,
}

impl Learner {
    fn new(rng: &mut Rng) -> Self {
        let mut weights = vec![0f32; SIZE];
        let mut draw = |range: Range<usize>, reach: f32| {
            for weight in &mut weights[range] {
                *weight = (rng.share() * 2.0 - 1.0) * reach;
            }
        };
        // Suffixes and words start at nought: one that training never shows must say nothing.
        draw(EMBED.start..EMBED.row(STARTS[SLOTS - 3]).start, 0.1);
        draw(PROJECT.range(), 0.3);
        for direction in 0..2 {
            draw(INPUT[direction].range(), 1.2 / (IN as f32).sqrt());
            draw(MEMORY[direction].range(), 1.2 / (HIDDEN as f32).sqrt());
        }
        draw(OUTPUT.range(), 0.1);
        for direction in 0..2 {
            let start = BIAS.start + direction * GATES + HIDDEN;
            weights[start..start + HIDDEN].fill(1.0);
        }
        let nought = vec![0f32; SIZE];
        let touched = vec![false; EMBED.rows];
        Self { weights, slopes: nought.clone(), means: nought.clone(), squares: nought, touched, steps: 0 }
    }

    /// One step of Adam; vectors of codes that were not seen stay as they are.
    fn adam(&mut self, rate: f32, decay: f32) {
        const FIRST: f32 = 0.9;
        const SECOND: f32 = 0.999;
        self.steps += 1;
        let rate = rate * (1.0 - SECOND.powi(self.steps)).sqrt() / (1.0 - FIRST.powi(self.steps));
        let length = self.slopes.iter().map(|slope| slope * slope).sum::<f32>().sqrt();
        let clip = (50.0 / length.max(1e-6)).min(1.0);
        let mut update = |range: Range<usize>| {
            let slopes = &mut self.slopes[range.clone()];
            let moments = self.means[range.clone()].iter_mut().zip(&mut self.squares[range.clone()]);
            for ((weight, slope), (mean, square)) in self.weights[range].iter_mut().zip(slopes).zip(moments) {
                let clipped = *slope * clip;
                *mean += (1.0 - FIRST) * (clipped - *mean);
                *square += (1.0 - SECOND) * (clipped * clipped - *square);
                *weight -= rate * (*mean / (square.sqrt() + 1e-6) + decay * *weight);
                *slope = 0.0;
            }
        };
        for part in PARTS.iter().skip(1) {
            update(part.range());
        }
        for (code, touched) in self.touched.iter_mut().enumerate() {
            if std::mem::take(touched) {
                update(EMBED.row(code));
            }
        }
    }
}
