//! DOCX and ODT: containers as they come, and the bytes as the main part of a sound one.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::read("a.docx", bytes);
    shared::read("a.docx", &stored("word/document.xml", bytes));
    shared::read("a.odt", &stored("content.xml", bytes));
});

/// A zip without a directory that stores `content` under `name`; readers recover it by its header.
fn stored(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    out.extend((content.len() as u32).to_le_bytes());
    out.extend((content.len() as u32).to_le_bytes());
    out.extend((name.len() as u16).to_le_bytes());
    out.extend(0u16.to_le_bytes());
    out.extend(name.as_bytes());
    out.extend(content);
    out
}
