//! Powers modulo an odd number of a fixed length, by Montgomery's method, for public numbers alone: nothing here hides
//! what it computes with.
//!
//! Numbers are limbs of 60 bits, the lowest first. So the products that make up a column add up in 128 bits without
//! a carry, and a column is written once for [`ROWS`] rows of a multiplication: these additions are half of what
//! verifying a signature takes.

use dashu_int::UBig;

const BITS: usize = 60;
const MASK: u64 = (1 << BITS) - 1;
/// Rows of a multiplication taken together; a number's limbs are a multiple of it.
const ROWS: usize = 5;

/// A modulus `m` of at most 60 `N` − 2 bits, so that what is below 2 `m` need not be reduced. `N` is 70 at most: no
/// more than 2 `N` products fit into a column.
#[derive(Debug, Clone)]
pub struct Montgomery<const N: usize> {
    modulus: [u64; N],
    /// −1 / m modulo 2⁶⁰.
    inverse: u64,
    /// R² modulo m, where R is 2 to the 60 `N`.
    square: [u64; N],
}

impl<const N: usize> Montgomery<N> {
    /// For a modulus in big-endian bytes; `None` for one that is even, below 3, or too long.
    pub fn new(modulus: &[u8]) -> Option<Self> {
        const { assert!(N.is_multiple_of(ROWS) && N >= 2 * ROWS && N <= 70) };
        let number = UBig::from_be_bytes(modulus);
        let modulus: [u64; N] = limbs(modulus)?;
        if number <= UBig::ONE || modulus[0].is_multiple_of(2) || modulus[N - 1] >> (BITS - 2) != 0 {
            return None;
        }
        let square = limbs(&((UBig::ONE << (2 * BITS * N)) % number).to_be_bytes())?;
        // An odd number is its own inverse in three bits, and each step of Newton's doubles how many are right.
        let inverse = (0..5).fold(modulus[0], |inverse, _| {
            inverse.wrapping_mul(2u64.wrapping_sub(modulus[0].wrapping_mul(inverse)))
        });
        Some(Self { modulus, inverse: inverse.wrapping_neg() & MASK, square })
    }

    /// `base` to the power `exponent`, which is odd and above 1, in as many big-endian bytes as `base`; `None` where
    /// `base` is not below the modulus.
    pub fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        let plain = limbs(base).filter(|base| is_below(base, &self.modulus))?;
        let mut columns = [[0; N]; 2];
        let columns = columns.as_flattened_mut();
        let lifted = self.multiply(&plain, &self.square, columns);
        let mut power = lifted;
        for bit in (1..exponent.ilog2()).rev() {
            power = self.square(&power, columns);
            if exponent >> bit & 1 == 1 {
                power = self.multiply(&power, &lifted, columns);
            }
        }
        power = self.square(&power, columns);
        // The last factor is not lifted, and so takes R out of the product.
        power = self.multiply(&power, &plain, columns);
        if !is_below(&power, &self.modulus) {
            subtract(&mut power, &self.modulus);
        }
        Some(bytes(&power, base.len()))
    }

    /// `a` `b` / R, below 2 m as its factors are.
    #[inline(never)]
    fn multiply(&self, a: &[u64; N], b: &[u64; N], columns: &mut [u128]) -> [u64; N] {
        columns.fill(0);
        let (blocks, _) = a.as_chunks::<ROWS>();
        for (block, rows) in blocks.iter().enumerate() {
            add_products(&mut columns[block * ROWS..], rows, b);
        }
        self.reduce(columns)
    }

    /// `a`² / R, of about half as many products.
    #[inline(never)]
    fn square(&self, a: &[u64; N], columns: &mut [u128]) -> [u64; N] {
        columns.fill(0);
        let (blocks, _) = a.as_chunks::<ROWS>();
        for (block, rows) in blocks.iter().enumerate() {
            let twice = rows.map(|limb| 2 * limb);
            let at = block * ROWS;
            for (column, sum) in columns[2 * at..][..2 * ROWS - 1].iter_mut().enumerate() {
                for row in (column + 1).saturating_sub(ROWS)..column.div_ceil(2) {
                    *sum += product(twice[row], rows[column - row]);
                }
                if column % 2 == 0 {
                    *sum += product(rows[column / 2], rows[column / 2]);
                }
            }
            add_products(&mut columns[2 * at + ROWS..], &twice, &a[at + ROWS..]);
        }
        self.reduce(columns)
    }

    /// What stands in 2 `N` columns, divided by R: multiples of the modulus clear the lower half.
    #[inline(always)]
    fn reduce(&self, columns: &mut [u128]) -> [u64; N] {
        let mut carry = 0;
        for at in (0..N).step_by(ROWS) {
            let mut factors = [0; ROWS];
            for row in 0..ROWS {
                let mut sum = columns[at + row];
                for (earlier, &factor) in factors[..row].iter().enumerate() {
                    sum += product(factor, self.modulus[row - earlier]);
                }
                sum += carry;
                factors[row] = (sum as u64).wrapping_mul(self.inverse) & MASK;
                carry = (sum + product(factors[row], self.modulus[0])) >> BITS;
            }
            add_products_behind(&mut columns[at + ROWS..], &factors, &self.modulus[1..]);
        }
        std::array::from_fn(|at| {
            let sum = columns[N + at] + carry;
            carry = sum >> BITS;
            sum as u64 & MASK
        })
    }
}

#[inline(always)]
fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// Add the product of `rows` and `other` to the columns.
#[inline(always)]
fn add_products(columns: &mut [u128], rows: &[u64; ROWS], other: &[u64]) {
    let Some(first) = other.first_chunk::<ROWS>() else { return };
    for column in 0..ROWS - 1 {
        let mut sum = columns[column];
        for row in 0..=column {
            sum += product(rows[row], first[column - row]);
        }
        columns[column] = sum;
    }
    add_products_behind(&mut columns[ROWS - 1..], rows, other);
}

/// The same for the columns to which all rows add; these are the columns given, and those that follow.
#[inline(always)]
fn add_products_behind(columns: &mut [u128], rows: &[u64; ROWS], other: &[u64]) {
    let windows = other.array_windows::<ROWS>();
    let (whole, rest) = columns.split_at_mut(windows.len());
    for (column, window) in whole.iter_mut().zip(windows) {
        let mut sum = *column;
        for row in 0..ROWS {
            sum += product(rows[row], window[ROWS - 1 - row]);
        }
        *column = sum;
    }
    let Some(last) = other.last_chunk::<ROWS>() else { return };
    for (column, sum) in rest.iter_mut().take(ROWS - 1).enumerate() {
        for row in column + 1..ROWS {
            *sum += product(rows[row], last[ROWS + column - row]);
        }
    }
}

/// Bytes that hold two limbs.
const PAIR: usize = 2 * BITS / 8;

/// Limbs of a number in big-endian bytes; `None` where it has more.
fn limbs<const N: usize>(bytes: &[u8]) -> Option<[u64; N]> {
    let mut limbs = [0; N];
    let mut pairs = limbs.chunks_mut(2);
    for chunk in bytes.rchunks(PAIR) {
        let mut padded = [0; 16];
        padded[16 - chunk.len()..].copy_from_slice(chunk);
        let mut rest = u128::from_be_bytes(padded);
        for limb in pairs.next().into_iter().flatten() {
            *limb = rest as u64 & MASK;
            rest >>= BITS;
        }
        if rest != 0 {
            return None;
        }
    }
    Some(limbs)
}

/// The lowest `length` bytes of a number, big-endian.
fn bytes(limbs: &[u64], length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    for (chunk, pair) in bytes.rchunks_mut(PAIR).zip(limbs.chunks(2)) {
        let pair = pair.iter().rev().fold(0u128, |pair, &limb| pair << BITS | u128::from(limb));
        chunk.copy_from_slice(&pair.to_be_bytes()[16 - chunk.len()..]);
    }
    bytes
}

fn is_below<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

fn subtract<const N: usize>(a: &mut [u64; N], b: &[u64; N]) {
    let mut borrow = 0;
    for (limb, other) in a.iter_mut().zip(b) {
        let difference = limb.wrapping_sub(*other).wrapping_sub(borrow);
        *limb = difference & MASK;
        borrow = difference >> 63;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rsa::BigUint;

    /// Every base asked for, against another library.
    fn agrees<const N: usize>(modulus: &[u8], bases: &[BigUint], exponent: u64) {
        let field = Montgomery::<N>::new(modulus).unwrap();
        let number = BigUint::from_bytes_be(modulus);
        for base in bases {
            let expected = base.modpow(&BigUint::from(exponent), &number).to_bytes_be();
            let mut bytes = vec![0; modulus.len()];
            let base = base.to_bytes_be();
            let start = bytes.len() - base.len();
            bytes[start..].copy_from_slice(&base);
            let power = field.power(&bytes, exponent).unwrap();
            assert_eq!(BigUint::from_bytes_be(&power), BigUint::from_bytes_be(&expected), "{modulus:?}");
            assert_eq!(power.len(), modulus.len());
        }
        assert_eq!(field.power(modulus, exponent), None);
        assert_eq!(field.power(&[&[1], modulus].concat(), exponent), None);
    }

    /// Bytes of extreme values in runs, with and without noise between them: where carries go wrong.
    fn number(most: usize) -> impl Strategy<Value = Vec<u8>> {
        let extreme = prop::sample::select(vec![0, 1, 0x7f, 0x80, 0xfe, 0xff]);
        let run = (prop_oneof![extreme, any::<u8>()], 1usize..40).prop_map(|(byte, times)| vec![byte; times]);
        let noise = prop::collection::vec(any::<u8>(), 1..40);
        prop::collection::vec(prop_oneof![run, noise], 1..40).prop_map(move |runs| {
            let mut bytes = runs.concat();
            bytes.truncate(most);
            *bytes.last_mut().unwrap() |= 1;
            bytes
        })
    }

    fn bases(modulus: &[u8], noise: &[u8]) -> Vec<BigUint> {
        let modulus = BigUint::from_bytes_be(modulus);
        let noise = BigUint::from_bytes_be(noise) % &modulus;
        let one = BigUint::from(1u8);
        vec![BigUint::default(), one.clone(), &modulus - &one, &modulus - &noise - &one, &modulus >> 1, noise]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn powers_are_those_of_another_library(
            modulus in number(512), noise in number(512),
            exponent in prop::sample::select(vec![3u64, 5, 17, 257, 65_537, (1 << 33) - 1]),
        ) {
            let bits = BigUint::from_bytes_be(&modulus).bits();
            prop_assume!(bits > 1);
            let bases = bases(&modulus, &noise);
            if bits <= 598 { agrees::<10>(&modulus, &bases, exponent) }
            if bits <= 1_198 { agrees::<20>(&modulus, &bases, exponent) }
            if bits <= 2_098 { agrees::<35>(&modulus, &bases, exponent) }
            agrees::<70>(&modulus, &bases, exponent);
        }
    }

    #[test]
    fn the_longest_moduli_and_those_of_ones() {
        let ones = |bits: usize| ((BigUint::from(1u8) << bits) - 1u8).to_bytes_be();
        let sparse = |bits: usize| ((BigUint::from(1u8) << (bits - 1)) + 1u8).to_bytes_be();
        for modulus in [ones(2_098), sparse(2_098), ones(2_048), sparse(2_048), ones(61), sparse(60), vec![3]]
        {
            agrees::<35>(&modulus, &bases(&modulus, &[0x5a; 256]), 65_537);
        }
        agrees::<70>(&ones(4_198), &bases(&ones(4_198), &[0xa5; 500]), 65_537);
        agrees::<20>(&ones(1_198), &bases(&ones(1_198), &[0xa5; 100]), 3);
    }

    #[test]
    fn what_is_no_modulus_is_none() {
        let ones = |bits: usize| ((BigUint::from(1u8) << bits) - 1u8).to_bytes_be();
        for bad in [
            vec![],
            vec![0],
            vec![1],
            vec![4],
            vec![7, 0],
            ones(2_099),
            ones(2_100),
            ones(2_101),
            ones(9_000),
        ] {
            assert!(Montgomery::<35>::new(&bad).is_none(), "{} bytes", bad.len());
        }
    }
}
