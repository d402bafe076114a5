//! What every table reader makes: rows of cells, each cell with the way back to the bytes of its row.

use std::collections::BTreeMap;

use preuve_case::{CharIndex, Diagnostic, Span, TextMap, TextMapPiece};

use crate::columns::Field;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Way from `text` back to the row's bytes.
    pub(crate) pieces: Vec<TextMapPiece>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Counted from 1, the header not counted.
    pub(crate) number: usize,
    /// Where the row stands in the file.
    pub(crate) bytes: (u64, u64),
    pub(crate) cells: BTreeMap<Field, Cell>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The decoded text of a table and the way back to the bytes of its file.
pub(crate) struct Source<'t> {
    pub(crate) text: &'t str,
    map: &'t TextMap,
    index: CharIndex,
}

/// A stretch of a cell that stands in the table's text as it is, or stands for an escape there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// Bytes of the cell's text.
    pub(crate) cell: (usize, usize),
    /// Bytes of the table's text.
    pub(crate) table: (usize, usize),
}

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str, map: &'t TextMap) -> Self {
        Self { text, map, index: CharIndex::new(text) }
    }

    /// Bytes of the file under bytes `start..end` of the table's text.
    pub(crate) fn bytes_of(&self, start: usize, end: usize) -> (u64, u64) {
        if let [only] = &self.map.pieces[..]
            && only.verbatim
        {
            return (only.bytes.0 + start as u64, only.bytes.0 + end as u64);
        }
        let span = Span::new(self.index.char_of(self.text, start), self.index.char_of(self.text, end));
        self.map.bytes_of(self.text, &self.index, span).unwrap_or((0, 0))
    }

    /// The cell `text`, whose stretches are `runs`, with its way back to the bytes of the row at `row`; cut to
    /// `limit` bytes.
    pub(crate) fn cell(&self, text: &str, runs: &[Run], row: (u64, u64), limit: usize) -> Cell {
        let text = &text[..text.floor_char_boundary(limit)];
        let mut pieces: Vec<TextMapPiece> = Vec::new();
        let (mut chars, mut at) = (0, 0);
        for run in runs.iter().filter(|run| run.cell.0 < text.len()) {
            chars += text[at..run.cell.0].chars().count();
            at = run.cell.1.min(text.len());
            let as_is = run.cell.1 - run.cell.0 == run.table.1 - run.table.0;
            let table_end = if as_is { run.table.0 + (at - run.cell.0) } else { run.table.1 };
            let count = text[run.cell.0..at].chars().count();
            self.trace(chars, count, (run.table.0, table_end), as_is, row, &mut pieces);
            chars += count;
        }
        Cell { text: text.to_owned(), pieces }
    }

    /// Append the pieces of one run: `count` code points of the cell from `chars` on.
    fn trace(
        &self,
        chars: usize,
        count: usize,
        table: (usize, usize),
        as_is: bool,
        row: (u64, u64),
        pieces: &mut Vec<TextMapPiece>,
    ) {
        let within = |bytes: (u64, u64)| {
            let clamp = |at: u64| at.clamp(row.0, row.1) - row.0;
            (clamp(bytes.0), clamp(bytes.1))
        };
        let start = self.index.char_of(self.text, table.0);
        let touched = self.map.pieces.partition_point(|piece| piece.chars.end <= start);
        let verbatim_here =
            self.map.pieces.get(touched).is_some_and(|piece| {
                piece.verbatim && piece.chars.end >= self.index.char_of(self.text, table.1)
            });
        if !as_is || verbatim_here {
            let bytes = within(self.bytes_of(table.0, table.1));
            let verbatim = as_is && verbatim_here;
            let chars = Span::new(chars, chars + count);
            return pieces.push(TextMapPiece { chars, bytes, verbatim });
        }
        for piece in &self.map.pieces[touched..] {
            let (from, to) = (piece.chars.start.max(start), piece.chars.end.min(start + count));
            if from >= to {
                break;
            }
            let bytes = match piece.verbatim {
                true => self.map.bytes_of(self.text, &self.index, Span::new(from, to)).unwrap_or(piece.bytes),
                false => piece.bytes,
            };
            let chars = Span::new(chars + from - start, chars + to - start);
            pieces.push(TextMapPiece { chars, bytes: within(bytes), verbatim: piece.verbatim });
        }
    }
}
