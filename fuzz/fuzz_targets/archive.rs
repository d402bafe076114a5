//! Whatever the content says: zip, tar, gzip and all within them.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shared::read("a.bin", bytes));
