//! Limits for tests, and a sink that keeps what it is given.

use preuve_case::{Diagnostic, Item, ItemId};
use preuve_intake::{ColumnMapping, FoundMessage, IntakeParams, Sink, read_material};

/// Limits small enough to be met by tests.
pub fn params() -> IntakeParams {
    IntakeParams {
        columns: ColumnMapping::default(),
        max_text_bytes: 1 << 20,
        max_archive_depth: 3,
        max_members: 200,
        max_member_bytes: 8 << 20,
        max_unpacked_bytes: 16 << 20,
        max_expansion: 100,
        max_html_depth: 128,
        max_html_tags: 20_000,
        max_pdf_pages: 50,
        max_pdf_stream_bytes: 8 << 20,
        max_pdf_operations: 200_000,
        max_rows: 1000,
        max_cell_bytes: 100_000,
    }
}

/// Everything that was read, in order.
#[derive(Default)]
pub struct Kept {
    pub items: Vec<Item>,
    pub diagnostics: Vec<Diagnostic>,
    pub messages: Vec<Seen>,
}

/// A message as it was found.
pub struct Seen {
    pub path: String,
    pub index: u64,
    pub id: ItemId,
    pub bytes: Vec<u8>,
    pub in_mailbox: bool,
    pub original: bool,
    pub parent: Option<ItemId>,
}

impl Sink for Kept {
    fn item(&mut self, item: Item, original: &[u8]) {
        assert_eq!(item.id, ItemId::of(original), "{}: the id is of other bytes", item.path);
        assert_eq!(item.byte_len, original.len() as u64);
        let chars = item.text.chars().count();
        let mut at = 0;
        for piece in &item.map.pieces {
            assert!(
                piece.chars.start >= at && piece.chars.end <= chars,
                "{}: {piece:?} of {chars}",
                item.path
            );
            assert!(
                piece.bytes.0 <= piece.bytes.1 && piece.bytes.1 <= item.byte_len,
                "{}: {piece:?}",
                item.path
            );
            at = piece.chars.end;
        }
        self.items.push(item);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        assert!(diagnostic.code.starts_with("intake::"), "{diagnostic:?}");
        assert!(!diagnostic.path.is_empty(), "{diagnostic:?}");
        self.diagnostics.push(diagnostic);
    }

    fn message(&mut self, message: FoundMessage<'_>) {
        self.messages.push(Seen {
            path: message.path.to_owned(),
            index: message.index,
            id: ItemId::of(message.bytes),
            bytes: message.bytes.to_vec(),
            in_mailbox: message.in_mailbox,
            original: message.original,
            parent: message.parent,
        });
    }
}

impl Kept {
    pub fn codes(&self) -> Vec<&str> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
    }

    pub fn texts(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.text.as_str()).collect()
    }

    pub fn paths(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.path.as_str()).collect()
    }
}

/// Read with `params`.
pub fn read_with(path: &str, bytes: &[u8], params: &IntakeParams) -> Kept {
    let mut kept = Kept::default();
    read_material(path, bytes, params, &mut kept);
    kept
}

/// Read with the limits of [`params`].
pub fn read(path: &str, bytes: &[u8]) -> Kept {
    read_with(path, bytes, &params())
}
