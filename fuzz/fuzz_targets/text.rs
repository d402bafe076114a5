//! Plain text and its encodings.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shared::read("a.txt", bytes));
