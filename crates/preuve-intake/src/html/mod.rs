//! HTML pages: the article's headline and paragraphs, with what the page says about itself.
//!
//! The page is first tidied ([`tidy`]) into a balanced, shallow form that no parser can choke on; a port of
//! the readability algorithm then tells the article from the boilerplate. Paragraphs are found again in the
//! page's bytes ([`place`]), so that most of the text leads back to them.

mod blocks;
mod facts;
mod place;
mod tidy;

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use preuve_case::{Diagnostic, Format, ItemMeta, Severity, Span, TextMap, TextMapPiece};

use crate::contain::contain;
use crate::decode::{Decoded, Wanted, parse_text};
use crate::read::{Draft, Reading};
use facts::Facts;
use tidy::Tidy;

/// Bytes at a page's start where its encoding may be declared.
const DECLARATION_WINDOW: usize = 4096;

/// Read a page as one item.
pub(crate) fn parse_html(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let declared = declared_encoding(bytes);
    let limit = reading.params.max_text_bytes;
    let wanted = Wanted { path, declared: declared.as_deref(), keep_bom: false, limit };
    let Decoded { text: page, map: page_map, mut diagnostics } = match parse_text(bytes, &wanted) {
        Ok(decoded) => decoded,
        Err(refusal) => return reading.say(*refusal),
    };
    let tidy = Tidy::parse(&page, reading.params.max_html_depth, reading.params.max_html_tags);
    diagnostics.extend(about_tidying(&tidy));
    let Some(found) = contain(|| find_article(&tidy)) else {
        let message = "the page could not be parsed";
        return reading.say(Diagnostic::new(path, Severity::Error, "intake::html_unreadable", message));
    };
    if !found.by_readability && !found.blocks.is_empty() {
        let message = "no article could be told from the rest of the page; all of its text was kept";
        diagnostics.push(Diagnostic::new(path, Severity::Warning, "intake::no_article_found", message));
    }
    let blocks = found.blocks;
    let (text, map) = place::join_blocks(&blocks, &page, &page_map, &tidy);
    let meta = found.meta;
    reading.finish(Draft {
        path: path.to_owned(),
        format: Format::Html,
        original: bytes,
        text,
        map,
        meta,
        diagnostics,
    });
}

/// The article of a page.
struct Found {
    /// Headline first, then the paragraphs.
    blocks: Vec<String>,
    meta: ItemMeta,
    by_readability: bool,
}

fn find_article(tidy: &Tidy) -> Found {
    let document = Document::from(tidy.html.as_str());
    let facts = Facts::parse(&document, &tidy.linked_data);
    let whole = blocks::blocks_of(&document);
    let config = Config { disable_json_ld: true, ..Config::default() };
    let article =
        Readability::with_document(document, None, Some(config)).and_then(|mut page| page.parse()).ok();
    let mut found: Vec<String> = article
        .as_ref()
        .map(|article| blocks::blocks_of(&Document::fragment(article.content.clone())))
        .unwrap_or_default();
    // Pages drawn by scripts carry their article in the linked data alone.
    let length = |blocks: &[String]| blocks.iter().map(String::len).sum::<usize>();
    if let Some(body) = facts.body.as_ref().filter(|body| body.len() > 2 * length(&found)) {
        found = body.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    }
    let by_readability = !found.is_empty();
    let mut blocks = if by_readability { found } else { whole };
    let byline = article.as_ref().and_then(|article| article.byline.clone());
    let meta = facts.into_meta(byline, article.map(|article| article.title));
    if let Some(title) = meta.title.as_ref().filter(|_| !blocks.is_empty()) {
        blocks.retain(|block| !place::same_words(block, title) && !is_byline(block, meta.byline.as_deref()));
        blocks.insert(0, title.clone());
    }
    Found { blocks, meta, by_readability }
}

/// Whether a block is the author line, or the word left of it where the names were taken out.
fn is_byline(block: &str, byline: Option<&str>) -> bool {
    let lower = block.to_lowercase();
    let names = ["by ", "par ", "por "].iter().find_map(|word| lower.strip_prefix(word)).unwrap_or(&lower);
    matches!(lower.as_str(), "by" | "par" | "por")
        || byline.is_some_and(|byline| byline.to_lowercase() == names)
}

fn about_tidying(tidy: &Tidy) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if tidy.too_deep > 0 {
        let message = format!(
            "{} elements were nested too deeply; their tags were dropped, their text was kept",
            tidy.too_deep
        );
        diagnostics.push(Diagnostic::new("", Severity::Note, "intake::html_too_deep", message));
    }
    if let Some(at) = tidy.cut_at {
        let message =
            format!("the page has too many elements; it was read up to character byte {at} of its text");
        diagnostics.push(Diagnostic::new("", Severity::Error, "intake::html_too_large", message));
    }
    diagnostics
}

/// The encoding that a `<meta>` or an XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(DECLARATION_WINDOW)].to_ascii_lowercase();
    let xml = head.starts_with(b"<?xml").then(|| label_after(&head, b"encoding=")).flatten();
    xml.or_else(|| {
        let meta = memchr::memmem::find(&head, b"<meta")?;
        label_after(&head[meta..], b"charset=").or_else(|| label_after(&head[meta..], b"charset ="))
    })
}

fn label_after(head: &[u8], key: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(head, key)? + key.len();
    let rest = head[at..].iter().skip_while(|byte| matches!(byte, b' ' | b'"' | b'\''));
    let label: Vec<u8> = rest
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte))
        .take(40)
        .copied()
        .collect();
    String::from_utf8(label).ok().filter(|label| !label.is_empty())
}

/// A map with the pieces given, for [`place`].
fn map_of(pieces: Vec<(Span, (u64, u64))>) -> TextMap {
    let piece = |(chars, bytes)| TextMapPiece { chars, bytes, verbatim: false };
    TextMap { pieces: pieces.into_iter().map(piece).collect() }
}
