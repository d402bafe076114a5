//! Web pages.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shared::read("a.html", bytes));
