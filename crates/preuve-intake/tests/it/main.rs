//! The readers from outside: fixtures, corpora, hostile and mutated material.

// Helpers of tests fail as tests do.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;
mod corpora;
mod fixtures;
mod hostile;
mod mail;
mod mail_hostile;
mod make;
mod mutate;
mod pst;
mod pst_hostile;
