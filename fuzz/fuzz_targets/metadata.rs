//! Tables about files, in all three formats.

#![no_main]

use preuve_intake::{ColumnMapping, Metadata};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for path in ["m.csv", "m.json", "m.jsonl"] {
        let (metadata, diagnostics) = Metadata::parse(path, bytes, &ColumnMapping::default());
        assert!(!metadata.is_empty() || !diagnostics.is_empty() || bytes.is_empty());
    }
});
