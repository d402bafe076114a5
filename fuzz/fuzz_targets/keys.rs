//! Key archives in all their forms: every line is a key or told of, and every key can be asked for.

#![no_main]

use preuve_examine::authenticity::KeyArchive;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut keys = KeyArchive::default();
    let diagnostics = keys.read("keys", bytes);
    let lines = bytes.split(|&byte| byte == b'\n').count();
    assert!(keys.len() + diagnostics.len() <= lines);
    for key in keys.iter() {
        assert_eq!(key.sighting.name, key.sighting.name.to_lowercase());
        let _ = key.record();
    }
});
