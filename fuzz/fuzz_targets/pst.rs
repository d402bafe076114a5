//! Mailboxes of Outlook. Where the bytes name no form and no encoding, the first of them chooses, so that all readers
//! are reached. Files to start from are written by
//! `cargo run -p preuve-testkit --example pst -- FILE unicode permuted 20 1`.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let mut file = rest.to_vec();
    file.resize(file.len().max(600), 0);
    file[..4].copy_from_slice(b"!BDN");
    // Files of the corpus that have a version keep it.
    if !matches!(file[10], 14 | 15 | 23 | 36) {
        file[10..12].copy_from_slice(&[[14, 0], [23, 0], [36, 0]][usize::from(choice % 3)]);
        let encoding = if file[10] == 14 { 461 } else { 513 };
        file[encoding] = choice / 3 % 3;
    }
    shared::read("a.pst", &file);
});
