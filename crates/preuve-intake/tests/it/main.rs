//! The readers from outside: fixtures, corpora, hostile and mutated material.

mod common;
mod corpora;
