//! Finds an article's blocks again in the page they were taken from.
//!
//! Both sides are compared without white space and with entities resolved, so a paragraph is found whatever
//! tags stand within it. What is not found stays unmapped; the text is never wrong for it.

use preuve_case::{CharIndex, Span, TextMap};

use super::{map_of, tidy::Tidy};

/// Blocks that may be searched in vain before searching ends; it bounds the cost.
const MAX_MISSES: usize = 64;

/// The words of a page without white space, and where each word stands.
struct Squeezed {
    text: String,
    /// Offset in `text` and byte range in the page of each word.
    words: Vec<(usize, (usize, usize))>,
}

impl Squeezed {
    fn of(page: &str, tidy: &Tidy) -> Squeezed {
        let mut squeezed = Squeezed { text: String::new(), words: Vec::new() };
        for &(start, end) in &tidy.runs {
            let run = &page[start..end];
            for word in run.split_ascii_whitespace() {
                let from = start + (word.as_ptr() as usize - run.as_ptr() as usize);
                squeezed.words.push((squeezed.text.len(), (from, from + word.len())));
                push_squeezed(&mut squeezed.text, &html_escape::decode_html_entities(word));
            }
        }
        squeezed
    }

    /// Byte range in the page of bytes `from..to` of the squeezed text.
    fn page_range(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let word_at = |at: usize| self.words.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let (_, (start, _)) = self.words.get(word_at(from)?)?;
        let (_, (_, end)) = self.words.get(word_at(to.checked_sub(1)?)?)?;
        Some((*start, *end))
    }
}

fn push_squeezed(out: &mut String, text: &str) {
    out.extend(text.chars().filter(|c| !c.is_whitespace()));
}

/// Whether two blocks are the same but for white space.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// The text of an article, blank lines between its blocks, and the way back to the bytes of the page.
pub(super) fn join_blocks(
    blocks: &[String],
    page: &str,
    page_map: &TextMap,
    tidy: &Tidy,
) -> (String, TextMap) {
    let squeezed = Squeezed::of(page, tidy);
    let index = CharIndex::new(page);
    let (mut text, mut pieces) = (String::new(), Vec::new());
    let (mut chars, mut cursor, mut misses) = (0, 0, 0);
    for block in blocks {
        if !text.is_empty() {
            text.push_str("\n\n");
            chars += 2;
        }
        let count = block.chars().count();
        text.push_str(block);
        let mut wanted = String::new();
        push_squeezed(&mut wanted, block);
        let ahead = if misses < MAX_MISSES { find(&squeezed.text, cursor, &wanted) } else { None };
        // Looking behind costs as much as missing: both are counted.
        let found = ahead.or_else(|| {
            misses += 1;
            if misses < MAX_MISSES { find(&squeezed.text, 0, &wanted) } else { None }
        });
        if let Some((at, (start, end))) =
            found.and_then(|at| Some((at, squeezed.page_range(at, at + wanted.len())?)))
        {
            cursor = at + wanted.len();
            let span = Span::new(index.char_of(page, start), index.char_of(page, end));
            let bytes = page_map.bytes_of(page, &index, span);
            pieces.extend(bytes.map(|bytes| (Span::new(chars, chars + count), bytes)));
        }
        chars += count;
    }
    (text, map_of(pieces))
}

/// Where `wanted` stands in `text` from byte `from` on.
fn find(text: &str, from: usize, wanted: &str) -> Option<usize> {
    memchr::memmem::find(&text.as_bytes()[from..], wanted.as_bytes()).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lead_back_to_the_page() {
        let page = "<h1>Head  line</h1><p>One &eacute;t&eacute; <a>link</a>&nbsp;end.</p> <p>Two</p>";
        let tidy = Tidy::parse(page, 8, 100);
        let blocks = ["Head line", "One été link end.", "Two", "not there"].map(str::to_owned);
        let (text, map) = join_blocks(&blocks, page, &TextMap::verbatim(page, 0), &tidy);
        assert_eq!(text, "Head line\n\nOne été link end.\n\nTwo\n\nnot there");
        let index = CharIndex::new(&text);
        let places: Vec<&str> =
            map.pieces.iter().map(|piece| &page[piece.bytes.0 as usize..piece.bytes.1 as usize]).collect();
        assert_eq!(places, ["Head  line", "One &eacute;t&eacute; <a>link</a>&nbsp;end.", "Two"]);
        assert_eq!(index.slice(&text, map.pieces[2].chars), "Two");
    }
}
