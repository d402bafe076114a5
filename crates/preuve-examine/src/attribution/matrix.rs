//! Weights in whole numbers: sums of products are exact, so they are the same on every machine and in any order, and
//! a processor makes eight or more products at once.
//!
//! Inputs are rounded to 15 bits, weights to 16; scales are chosen so that every sum fits 32 bits.

use fearless_simd::Level;

/// Columns of a block.
pub const LANES: usize = 16;
/// Greatest whole input.
const MOST_INPUT: f32 = 16_383.0;
/// Greatest whole weight.
const MOST_WEIGHT: f32 = 32_767.0;
/// Greatest sum of a column's whole weights without their signs: [`MOST_INPUT`] times as much still fits 32 bits.
const MOST_COLUMN: f32 = 130_000.0;

/// Two weights of each column of a block: whole numbers of 16 bits, the first in the low half.
type Pairs = [i32; LANES];

/// Inputs in whole numbers, two by two, the first in the low half.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<const PAIRS: usize> {
    pairs: [i32; PAIRS],
    /// Worth of a step.
    scale: f32,
}

impl<const PAIRS: usize> Inputs<PAIRS> {
    /// `values`, two a pair, none of them beyond `most` on either side of nought.
    #[inline(always)]
    pub fn new(values: &[f32], most: f32) -> Self {
        /// Numbers of this size have steps of one, which the last bits count.
        const ROUNDING: f32 = 12_582_912.0;
        let steps = if most > 0.0 { MOST_INPUT / most } else { 0.0 };
        let whole = |value: f32| (value * steps + ROUNDING).to_bits() & 0xffff;
        let mut pairs = [0; PAIRS];
        for (pair, values) in pairs.iter_mut().zip(values.as_chunks::<2>().0) {
            *pair = (whole(values[0]) | whole(values[1]) << 16) as i32;
        }
        Self { pairs, scale: most / MOST_INPUT }
    }
}

/// A matrix with an even number of inputs; its columns lie in blocks, the blocks in strips that are worked on together.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// Blocks of a strip.
    strip: usize,
    /// Strip by strip, pair of inputs by pair of inputs, block by block.
    rows: Vec<Pairs>,
    /// Worth of a step, a column.
    scales: Vec<[f32; LANES]>,
}

impl Matrix {
    /// From rows of `width` weights, an input a row; columns of nought fill up the last block.
    pub fn new(weights: &[f32], width: usize) -> Self {
        let (blocks, inputs) = (width.div_ceil(LANES), weights.len() / width);
        let strip = [4, 3].into_iter().find(|strip| blocks.is_multiple_of(*strip)).unwrap_or(1);
        let at = |input: usize, column: usize| match column < width {
            true => weights[input * width + column],
            false => 0.0,
        };
        let scale = |column: usize| {
            let column = (0..inputs).map(|input| at(input, column).abs());
            let (most, sum) =
                column.fold((0f32, 0f32), |(most, sum), weight| (most.max(weight), sum + weight));
            (most / MOST_WEIGHT).max(sum / MOST_COLUMN)
        };
        let scales: Vec<[f32; LANES]> =
            (0..blocks).map(|block| std::array::from_fn(|lane| scale(block * LANES + lane))).collect();
        let whole = |input: usize, block: usize, lane: usize| match scales[block][lane] {
            scale if scale > 0.0 => (at(input, block * LANES + lane) / scale).round() as i16,
            _ => 0,
        };
        let mut rows = Vec::with_capacity(blocks * inputs / 2);
        for first in (0..blocks).step_by(strip) {
            for (pair, block) in
                (0..inputs / 2).flat_map(|pair| (first..first + strip).map(move |b| (pair, b)))
            {
                let both = |lane| (whole(2 * pair, block, lane), whole(2 * pair + 1, block, lane));
                let packed = |(one, two): (i16, i16)| i32::from(one) & 0xffff | i32::from(two) << 16;
                rows.push(std::array::from_fn(|lane| packed(both(lane))));
            }
        }
        Self { strip, rows, scales }
    }

    /// Add the inputs' products to `sums`, a sum a column of the blocks.
    #[inline(always)]
    pub fn add<const PAIRS: usize>(&self, level: Level, inputs: &Inputs<PAIRS>, sums: &mut [f32]) {
        let strips = self.rows.chunks_exact(PAIRS * self.strip).zip(self.scales.chunks_exact(self.strip));
        let sums = sums.as_chunks_mut::<LANES>().0;
        for ((rows, scales), sums) in strips.zip(sums.chunks_exact_mut(self.strip)) {
            let mut whole = [[0; LANES]; 4];
            products(level, &inputs.pairs, rows, &mut whole[..self.strip]);
            // One plain loop over all columns: nested ones are made into gathers.
            let columns = sums.as_flattened_mut().iter_mut().zip(whole.as_flattened());
            for ((sum, &whole), scale) in columns.zip(scales.as_flattened()) {
                *sum += whole as f32 * (scale * inputs.scale);
            }
        }
    }
}

/// The sums of the products of `inputs` with the columns of one strip.
#[inline(always)]
fn products(level: Level, inputs: &[i32], rows: &[Pairs], sums: &mut [[i32; LANES]]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = level.as_avx2() {
        return x86::products(avx2, inputs, rows, sums);
    }
    let _ = level;
    plain(inputs, rows, sums);
}

/// [`products`] on any machine.
fn plain(inputs: &[i32], rows: &[Pairs], sums: &mut [[i32; LANES]]) {
    let strip = sums.len();
    for (block, sums) in sums.iter_mut().enumerate() {
        let mut acc = [0i32; LANES];
        for (&input, weights) in inputs.iter().zip(rows.iter().skip(block).step_by(strip)) {
            let (one, two) = (i32::from(input as i16), input >> 16);
            for lane in 0..LANES {
                acc[lane] += one * i32::from(weights[lane] as i16) + two * (weights[lane] >> 16);
            }
        }
        *sums = acc;
    }
}

/// With the instruction that makes sixteen products and adds them in pairs.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi32, _mm256_madd_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
    };

    use fearless_simd::{i32x8, prelude::*, x86::Avx2};

    use super::{LANES, Pairs};

    fearless_simd::kernel!(
        pub(super) fn products(avx2: Avx2, inputs: &[i32], rows: &[Pairs], sums: &mut [[i32; LANES]]) {
            match sums.len() {
                4 => strip::<4>(avx2, inputs, rows, sums),
                3 => strip::<3>(avx2, inputs, rows, sums),
                _ => strip::<1>(avx2, inputs, rows, sums),
            }
        }
    );

    #[target_feature(enable = "avx2")]
    #[inline]
    fn strip<const BLOCKS: usize>(avx2: Avx2, inputs: &[i32], rows: &[Pairs], sums: &mut [[i32; LANES]]) {
        let mut acc = [[_mm256_setzero_si256(); 2]; BLOCKS];
        for (&input, row) in inputs.iter().zip(rows.as_chunks::<BLOCKS>().0) {
            let input = _mm256_set1_epi32(input);
            for (acc, weights) in acc.as_flattened_mut().iter_mut().zip(row.as_flattened().as_chunks().0) {
                let weights: __m256i = i32x8::simd_from(avx2, *weights).into();
                *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(weights, input));
            }
        }
        for (sums, acc) in sums.as_flattened_mut().as_chunks_mut().0.iter_mut().zip(acc.as_flattened()) {
            let acc: i32x8<_> = (*acc).simd_into(avx2);
            *sums = acc.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|at| (((at + seed) * 7919) % 2003) as f32 / 1000.0 - 1.0).collect()
    }

    /// Sums by floating point.
    fn expected(inputs: &[f32], weights: &[f32], width: usize) -> Vec<f32> {
        (0..width)
            .map(|column| {
                inputs.iter().zip(weights.chunks(width)).map(|(input, row)| input * row[column]).sum()
            })
            .collect()
    }

    proptest! {
        #[test]
        fn sums_are_close_to_those_of_floating_point_and_the_same_on_every_level(
            width in prop_oneof![Just(12usize), Just(48), Just(192)], seed in 0usize..2000, size in 0.01f32..50.0,
        ) {
            let weights = numbers(64 * width, seed);
            let inputs: Vec<f32> = numbers(64, seed + 1).iter().map(|value| value * size).collect();
            let matrix = Matrix::new(&weights, width);
            let whole = Inputs::<32>::new(&inputs, 1.01 * size);
            let mut sums = vec![0.0; width.next_multiple_of(LANES)];
            matrix.add(Level::new(), &whole, &mut sums);
            for (sum, expected) in sums.iter().zip(expected(&inputs, &weights, width)) {
                prop_assert!((sum - expected).abs() < 0.01 * size, "{sum} {expected}");
            }
            let mut plain = vec![0.0; width.next_multiple_of(LANES)];
            matrix.add(Level::baseline(), &whole, &mut plain);
            prop_assert_eq!(sums, plain);
        }
    }

    #[test]
    fn the_greatest_inputs_and_weights_fit() {
        for sign in [1.0, -1.0] {
            let matrix = Matrix::new(&[5.0; 176 * 12], 12);
            let whole = Inputs::<88>::new(&[3.0 * sign; 176], 3.0);
            let mut sums = [0.0; LANES];
            matrix.add(Level::new(), &whole, &mut sums);
            assert!(sums[..12].iter().all(|sum| (sum - sign * 2640.0).abs() < 2.0), "{sums:?}");
        }
    }

    #[test]
    fn nought_gives_nought() {
        let mut sums = [0.0; 48];
        Matrix::new(&[0.0; 4 * 48], 48).add(Level::new(), &Inputs::<2>::new(&[0.0; 4], 0.0), &mut sums);
        assert_eq!(sums, [0.0; 48]);
    }
}
