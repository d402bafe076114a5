//! Places in texts: spans of code points, their byte offsets, and the way back to the original bytes.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ItemId;

/// Half-open range of Unicode code points of an item's text: `start` included, `end` excluded.
///
/// Serialised as `[start, end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Span {
    /// The span `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Number of code points.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether the span covers nothing.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether the two spans share a code point.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (start, end) = <(usize, usize)>::deserialize(deserializer)?;
        Ok(Self::new(start, end))
    }
}

/// Where a statement rests: the item, the code points of its text and, where the format keeps them, the
/// bytes of the original.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Locus {
    /// The item.
    pub item: ItemId,
    /// Code points of the item's text.
    pub chars: Span,
    /// Bytes of the original, `None` where the format does not lead back to them (a compressed PDF stream).
    pub bytes: Option<(u64, u64)>,
}

/// Checkpoints between code points and UTF-8 byte offsets of one text; 8 bytes for every 256 code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharIndex {
    /// Byte offset of code points 0, 256, 512, …
    checkpoints: Vec<usize>,
    chars: usize,
    bytes: usize,
}

const STRIDE: usize = 256;

impl CharIndex {
    /// Index `text`; one pass.
    pub fn new(text: &str) -> Self {
        let mut checkpoints = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut chars = 0;
        for (offset, _) in text.char_indices() {
            if chars % STRIDE == 0 {
                checkpoints.push(offset);
            }
            chars += 1;
        }
        Self { checkpoints, chars, bytes: text.len() }
    }

    /// Number of code points of the text.
    pub fn char_count(&self) -> usize {
        self.chars
    }

    /// Byte offset of code point `at` in `text` (the text given to [`CharIndex::new`]); clamped to its end.
    pub fn byte_of(&self, text: &str, at: usize) -> usize {
        if at >= self.chars {
            return self.bytes;
        }
        let start = self.checkpoints[at / STRIDE];
        let rest = &text[start..];
        rest.char_indices().nth(at % STRIDE).map_or(self.bytes, |(offset, _)| start + offset)
    }

    /// Code point at, or holding, byte `at` of `text`; clamped to the text's end.
    pub fn char_of(&self, text: &str, at: usize) -> usize {
        if at >= self.bytes {
            return self.chars;
        }
        let block = self.checkpoints.partition_point(|&offset| offset <= at).saturating_sub(1);
        let start = self.checkpoints[block];
        let within = text[start..].char_indices().take_while(|(offset, _)| start + offset <= at).count();
        block * STRIDE + within.saturating_sub(1)
    }

    /// The text under `span`, clamped to the text's end.
    pub fn slice<'t>(&self, text: &'t str, span: Span) -> &'t str {
        let start = self.byte_of(text, span.start);
        let end = self.byte_of(text, span.end).max(start);
        &text[start..end]
    }
}

/// A stretch of an item's text and the bytes of the original it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextMapPiece {
    /// Code points of the text.
    pub chars: Span,
    /// Bytes of the original.
    pub bytes: (u64, u64),
    /// Whether byte *n* of the piece is byte *n* of the piece's UTF-8 text; otherwise the piece maps as a whole.
    pub verbatim: bool,
}

/// The way from an item's text back to its original bytes: pieces in order of the text, gaps allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextMap {
    /// Pieces, sorted by `chars.start`, not overlapping.
    pub pieces: Vec<TextMapPiece>,
}

impl TextMap {
    /// The map of a UTF-8 text that starts at byte `offset` of its original and is there byte for byte.
    pub fn verbatim(text: &str, offset: u64) -> Self {
        let chars = Span::new(0, text.chars().count());
        let bytes = (offset, offset + text.len() as u64);
        Self { pieces: vec![TextMapPiece { chars, bytes, verbatim: true }] }
    }

    /// Bytes of the original under `span` of `text` (the item's text, indexed by `index`): exact where the
    /// pieces are verbatim, the whole pieces touched where not, `None` where nothing leads back.
    pub fn bytes_of(&self, text: &str, index: &CharIndex, span: Span) -> Option<(u64, u64)> {
        let first = self.pieces.partition_point(|piece| piece.chars.end <= span.start);
        let mut found: Option<(u64, u64)> = None;
        for piece in &self.pieces[first..] {
            if piece.chars.start >= span.end {
                break;
            }
            let range = if piece.verbatim { exact_bytes(piece, text, index, span) } else { piece.bytes };
            found = Some(found.map_or(range, |(start, end)| (start.min(range.0), end.max(range.1))));
        }
        found
    }
}

fn exact_bytes(piece: &TextMapPiece, text: &str, index: &CharIndex, span: Span) -> (u64, u64) {
    let base = index.byte_of(text, piece.chars.start);
    let offset = |at: usize| piece.bytes.0 + (index.byte_of(text, at) - base) as u64;
    (offset(span.start.max(piece.chars.start)), offset(span.end.min(piece.chars.end)))
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn offsets_go_there_and_back(text in ".{0,700}", at in 0usize..800) {
            let index = CharIndex::new(&text);
            let chars = text.chars().count();
            prop_assert_eq!(index.char_count(), chars);
            let byte = index.byte_of(&text, at);
            prop_assert!(text.is_char_boundary(byte));
            prop_assert_eq!(index.char_of(&text, byte), at.min(chars));
        }

        #[test]
        fn a_slice_is_the_code_points_of_its_span(text in ".{0,600}", a in 0usize..700, n in 0usize..50) {
            let index = CharIndex::new(&text);
            let expected: String = text.chars().skip(a).take(n).collect();
            prop_assert_eq!(index.slice(&text, Span::new(a, a + n)), expected);
        }

        #[test]
        fn a_verbatim_map_leads_to_the_same_bytes(text in ".{1,300}", a in 0usize..300, n in 1usize..50) {
            let index = CharIndex::new(&text);
            let span = Span::new(a, a + n);
            let bytes = TextMap::verbatim(&text, 7).bytes_of(&text, &index, span);
            if a < index.char_count() {
                let (start, end) = bytes.expect("inside the text");
                prop_assert_eq!(&text[start as usize - 7..end as usize - 7], index.slice(&text, span));
            } else {
                prop_assert_eq!(bytes, None);
            }
        }
    }
}
