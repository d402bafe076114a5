//! PDFs; a header is put before the bytes, so that every input reaches the reader.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let named = bytes.starts_with(b"%PDF-");
    let bytes = if named { bytes.to_vec() } else { [b"%PDF-1.5\n", bytes].concat() };
    shared::read("a.pdf", &bytes);
});
