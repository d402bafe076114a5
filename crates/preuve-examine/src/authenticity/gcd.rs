//! The greatest common divisor of two very long numbers, in subquadratic time: the quotients of Euclid's algorithm
//! depend on leading digits, so they are found on the leading halves, recursively, and applied to the whole at once.
//!
//! Only unimodular steps are applied, and these never change a divisor. So a quotient that the leading digits got
//! wrong costs time and nothing else.

use dashu_int::ops::{Abs, BitTest, DivRem, Gcd, UnsignedAbs};
use dashu_int::{IBig, UBig};

/// Below this many bits Euclid's algorithm is as quick.
const SMALL: usize = 2_000;
/// Below this many bits the library's own is as quick.
const MEDIUM: usize = 30_000;

/// Is told, now and then, by how many bits more the numbers have become shorter; all bits of the longer in the end.
pub type Shortened<'f> = &'f mut dyn FnMut(usize);

/// The greatest common divisor of `a` and `b`.
pub fn gcd(a: UBig, b: UBig, shortened: Shortened<'_>) -> UBig {
    let mut pair = Pair::ordered(a, b);
    while !pair.small.is_zero() && pair.large.bit_len() > MEDIUM {
        // Numbers of unlike length become alike by a division.
        if pair.small.bit_len() + MEDIUM < pair.large.bit_len() {
            pair.divide();
            continue;
        }
        let steps = halve(&pair, shortened);
        let before = pair.large.bit_len();
        pair = steps.apply(&pair).0;
        if pair.large.bit_len() >= before && !pair.small.is_zero() {
            pair.divide();
        }
    }
    if pair.small.is_zero() { pair.large } else { pair.large.gcd(pair.small) }
}

/// Two numbers, the larger first.
#[derive(Debug, Clone)]
struct Pair {
    large: UBig,
    small: UBig,
}

impl Pair {
    fn ordered(a: UBig, b: UBig) -> Self {
        if a >= b { Self { large: a, small: b } } else { Self { large: b, small: a } }
    }

    /// One division; its quotient.
    fn divide(&mut self) -> UBig {
        let (quotient, rest) = (&self.large).div_rem(&self.small);
        self.large = std::mem::replace(&mut self.small, rest);
        quotient
    }

    fn leading(&self, drop: usize) -> Self {
        Self { large: &self.large >> drop, small: &self.small >> drop }
    }
}

/// Steps taken together: the rows of a matrix of determinant 1 or -1 that turns one pair into the next.
#[derive(Debug, Clone)]
struct Steps([[IBig; 2]; 2]);

impl Steps {
    fn none() -> Self {
        Self([[IBig::ONE, IBig::ZERO], [IBig::ZERO, IBig::ONE]])
    }

    /// One division by `quotient` after these.
    fn then_divide(&mut self, quotient: &UBig) {
        let quotient = IBig::from(quotient.clone());
        let [large, small] = &mut self.0;
        for (large, small) in large.iter_mut().zip(small) {
            let rest = &*large - &quotient * &*small;
            *large = std::mem::replace(small, rest);
        }
    }

    /// These, then `next`.
    fn then(&self, next: &Steps) -> Self {
        let [a, b] = &self.0;
        let row = |[x, y]: &[IBig; 2]| [x * &a[0] + y * &b[0], x * &a[1] + y * &b[1]];
        Self([row(&next.0[0]), row(&next.0[1])])
    }

    /// The pair they lead to, and the steps with the signs and the order that make it one.
    fn apply(self, pair: &Pair) -> (Pair, Self) {
        let [mut large_row, mut small_row] = self.0;
        let of = |row: &[IBig; 2]| &row[0] * &pair.large + &row[1] * &pair.small;
        let (mut large, mut small) = (of(&large_row), of(&small_row));
        if large.clone().abs() < small.clone().abs() {
            std::mem::swap(&mut large, &mut small);
            std::mem::swap(&mut large_row, &mut small_row);
        }
        for (value, row) in [(&large, &mut large_row), (&small, &mut small_row)] {
            if *value < IBig::ZERO {
                for entry in row {
                    *entry = -std::mem::take(entry);
                }
            }
        }
        (Pair { large: large.unsigned_abs(), small: small.unsigned_abs() }, Self([large_row, small_row]))
    }
}

/// Steps that bring `pair` to about half its length.
fn halve(pair: &Pair, shortened: Shortened<'_>) -> Steps {
    let bits = pair.large.bit_len();
    let goal = bits / 2 + 1;
    if bits <= SMALL {
        shortened(bits - goal);
        return euclid(pair.clone(), Steps::none(), goal);
    }
    if pair.small.bit_len() <= goal {
        return Steps::none();
    }
    // The leading half gives the steps for a quarter of the way.
    let (mut rest, mut steps) = halve(&pair.leading(bits / 2), shortened).apply(pair);
    if rest.small.bit_len() <= goal {
        return steps;
    }
    steps.then_divide(&rest.divide());
    let left = rest.large.bit_len().saturating_sub(goal);
    if left < 8 || rest.small.bit_len() <= goal {
        return steps;
    }
    let drop = rest.large.bit_len().saturating_sub(2 * left);
    let (_, more) = halve(&rest.leading(drop), shortened).apply(&rest);
    steps.then(&more)
}

/// Division after division until the smaller number has at most `goal` bits.
fn euclid(mut pair: Pair, mut steps: Steps, goal: usize) -> Steps {
    while pair.small.bit_len() > goal {
        let quotient = pair.divide();
        steps.then_divide(&quotient);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(words: &[u64], length: usize) -> UBig {
        let bytes: Vec<u8> = (0..length as u64)
            .flat_map(|at| {
                let word = words[at as usize % words.len()];
                (word ^ at)
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    .rotate_left(29)
                    .wrapping_mul(word | 1)
                    .to_le_bytes()
            })
            .collect();
        UBig::from_le_bytes(&bytes) + UBig::ONE
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn it_is_the_librarys(
            words in prop::collection::vec(1u64.., 3..6), long in 1usize..3_000, other in 1usize..3_000, common in 1usize..200
        ) {
            let shared = number(&words, common);
            let a = number(&words[1..], long) * &shared;
            let b = number(&words[2..], other) * &shared;
            let mut shortened = 0;
            let found = gcd(a.clone(), b.clone(), &mut |bits| shortened += bits);
            let longer = a.bit_len().max(b.bit_len());
            prop_assert!(shortened <= longer + longer / 10, "{shortened} of {longer} bits");
            prop_assert_eq!(found, a.gcd(b));
        }
    }

    #[test]
    fn the_edges() {
        let gcd = |a, b| gcd(a, b, &mut |_| ());
        let big = number(&[7, 9, 11], 2_000);
        assert_eq!(gcd(UBig::ZERO, UBig::ZERO), UBig::ZERO);
        assert_eq!(gcd(big.clone(), UBig::ZERO), big);
        assert_eq!(gcd(big.clone(), big.clone()), big);
        assert_eq!(gcd(&big * &big, big.clone()), big);
        assert_eq!(gcd(&big + UBig::ONE, big), UBig::ONE);
    }
}
