//! Limits small enough for a fuzzer, and a sink that checks what it is given.

use preuve_case::{CharIndex, Diagnostic, Item, ItemId, Span};
use preuve_intake::{ColumnMapping, IntakeParams, Sink, read_material};

struct Checking;

impl Sink for Checking {
    fn item(&mut self, item: Item, original: &[u8]) {
        assert_eq!(item.id, ItemId::of(original));
        let index = CharIndex::new(&item.text);
        let whole = Span::new(0, index.char_count());
        if let Some((start, end)) = item.map.bytes_of(&item.text, &index, whole) {
            assert!(start <= end && end <= item.byte_len, "{start}..{end} of {}", item.byte_len);
        }
        assert!(item.text.len() <= 4 << 20);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        assert!(!diagnostic.message.is_empty());
    }
}

/// Read `bytes` as a file called `path`.
pub fn read(path: &str, bytes: &[u8]) {
    let params = IntakeParams {
        columns: ColumnMapping::default(),
        max_text_bytes: 1 << 20,
        max_archive_depth: 3,
        max_members: 100,
        max_member_bytes: 1 << 20,
        max_unpacked_bytes: 4 << 20,
        max_expansion: 100,
        max_html_depth: 64,
        max_html_tags: 5_000,
        max_pdf_pages: 20,
        max_pdf_stream_bytes: 1 << 20,
        max_pdf_operations: 20_000,
        max_rows: 200,
        max_cell_bytes: 50_000,
    };
    read_material(path, bytes, &params, &mut Checking);
}
