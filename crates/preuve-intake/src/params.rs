//! The limits and choices of one reading. Values live with the command; none are implied here.

use crate::ColumnMapping;

/// What [`read_material`](crate::read_material) is allowed to spend, and how tables are to be understood.
///
/// A limit that is met is never silent: it makes a diagnostic that says what was not read. In brackets, what
/// suits a laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeParams {
    /// Which column of a table holds what, beyond the usual names.
    pub columns: ColumnMapping,
    /// Bytes of UTF-8 text kept of one item (16 MiB).
    pub max_text_bytes: usize,
    /// Archives within archives (4).
    pub max_archive_depth: usize,
    /// Files read from one archive and the archives within it, together (100,000).
    pub max_members: usize,
    /// Bytes one member of an archive may unpack to (512 MiB).
    pub max_member_bytes: u64,
    /// Bytes everything in one archive, nested archives included, may unpack to (4 GiB).
    pub max_unpacked_bytes: u64,
    /// How many times larger than its packed form a member may become (200); its first MiB is free.
    pub max_expansion: u64,
    /// Elements of a page open within each other; deeper tags are dropped, their text is kept (128).
    pub max_html_depth: usize,
    /// Start tags of one page; the page is cut there (200,000).
    pub max_html_tags: usize,
    /// Pages read of one PDF (5,000).
    pub max_pdf_pages: usize,
    /// Bytes one packed stream of a PDF may unpack to (256 MiB).
    pub max_pdf_stream_bytes: u64,
    /// Drawing operations followed in one PDF (50,000,000).
    pub max_pdf_operations: u64,
    /// Rows read of one table (1,000,000).
    pub max_rows: usize,
    /// Bytes kept of one cell of a table (4 MiB).
    pub max_cell_bytes: usize,
}
