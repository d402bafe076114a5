//! PDF: the text layer, put back into lines and paragraphs by where its glyphs stand.
//!
//! No optical recognition: a scanned page has no text, and that is said. Nothing leads back to bytes, since
//! text stands in packed streams as drawing instructions. The file is checked for packing bombs first
//! ([`streams`]), since the library that interprets it unpacks without bound.

mod glyphs;
mod layout;
mod streams;

use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use preuve_case::{Diagnostic, Format, ItemMeta, Severity, TextMap};

use crate::contain::contain;
use crate::read::{Draft, Reading};
use glyphs::Collector;

/// Read a PDF as one item.
pub(crate) fn parse_pdf(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let limit = reading.params.max_pdf_stream_bytes;
    let refuse = |code: &str, message: String| Diagnostic::new(path, Severity::Error, code, message);
    if let Some(at) = streams::find_bomb(bytes, limit) {
        let message =
            format!("the stream at byte {at} unpacks to more than {limit} bytes; the file was not read");
        return reading.say(refuse("intake::pdf_bomb", message).at_bytes(at as u64, bytes.len() as u64));
    }
    let pdf = match contain(|| Pdf::new(bytes.to_vec())) {
        Some(Ok(pdf)) => pdf,
        Some(Err(LoadPdfError::Decryption(reason))) => return reading.say(about_encryption(path, reason)),
        Some(Err(LoadPdfError::Invalid)) | None => {
            let message = "it is no readable PDF: its structure is damaged beyond repair".to_owned();
            return reading.say(refuse("intake::pdf_unreadable", message));
        }
    };
    if contain(|| streams::has_hidden_bomb(bytes, &pdf, limit)) != Some(false) {
        let message =
            format!("an encrypted stream unpacks to more than {limit} bytes; the file was not read");
        return reading.say(refuse("intake::pdf_bomb", message));
    }
    let (pages, mut diagnostics) = read_pages(reading, path, &pdf);
    let (text, dropped) = layout::join_pages(&pages.iter().map(|page| &page.glyphs[..]).collect::<Vec<_>>());
    let unreadable: usize = pages.iter().map(|page| page.unreadable).sum();
    let images: usize = pages.iter().map(|page| page.images).sum();
    diagnostics.extend(about_text(path, &text, pages.len(), images, unreadable, dropped));
    if text.is_empty() {
        return diagnostics.into_iter().for_each(|diagnostic| reading.say(diagnostic));
    }
    let meta = meta_of(&pdf);
    let (path, map) = (path.to_owned(), TextMap::default());
    reading.finish(Draft { path, format: Format::Pdf, original: bytes, text, map, meta, diagnostics });
}

/// What every page draws.
fn read_pages(reading: &Reading<'_>, path: &str, pdf: &Pdf) -> (Vec<Collector>, Vec<Diagnostic>) {
    let (mut pages, mut diagnostics) = (Vec::new(), Vec::new());
    let mut operations = reading.params.max_pdf_operations;
    let mut say = |code: &str, message: String| {
        diagnostics.push(Diagnostic::new(path, Severity::Error, code, message));
    };
    let cache = InterpreterCache::new();
    let count = contain(|| pdf.pages().len()).unwrap_or(0);
    for number in 0..count {
        if number == reading.params.max_pdf_pages {
            say("intake::pdf_too_long", format!("only the first {number} of {count} pages were read"));
            break;
        }
        let mut page = Collector::new(operations);
        let whole = contain(|| interpret(pdf, &cache, number, &mut page)).is_some();
        operations = page.operations_left();
        pages.push(page);
        if operations == 0 {
            let message =
                format!("page {} draws more than is allowed; what follows was not read", number + 1);
            say("intake::pdf_too_complex", message);
            break;
        }
        if !whole {
            say("intake::pdf_page_unreadable", format!("page {} could not be read to its end", number + 1));
        }
    }
    (pages, diagnostics)
}

fn interpret<'p>(pdf: &'p Pdf, cache: &InterpreterCache<'p>, number: usize, collector: &mut Collector) {
    let Some(page) = pdf.pages().get(number) else { return };
    let transform = page.initial_transform(true).as_coeffs();
    let bounds = Rect::new(0.0, 0.0, 1.0, 1.0);
    let settings = InterpreterSettings::default();
    let mut context = Context::new(Affine::new(transform), bounds, cache, pdf.xref(), settings);
    interpret_page(page, &mut context, collector);
}

fn about_encryption(path: &str, reason: DecryptionError) -> Diagnostic {
    let message = match reason {
        DecryptionError::PasswordProtected => {
            "it is encrypted and opens with a password only; it was not read"
        }
        DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption => {
            "it is encrypted, and its encryption is damaged; it was not read"
        }
        DecryptionError::UnsupportedAlgorithm => {
            "it is encrypted in a way that is not known; it was not read"
        }
    };
    Diagnostic::new(path, Severity::Error, "intake::pdf_encrypted", message)
        .hint("save it without a password and add that file")
}

fn about_text(
    path: &str,
    text: &str,
    pages: usize,
    images: usize,
    unreadable: usize,
    dropped: usize,
) -> Option<Diagnostic> {
    let say = |severity, code: &str, message: String| Some(Diagnostic::new(path, severity, code, message));
    match () {
        () if text.is_empty() && unreadable > 0 => say(
            Severity::Error,
            "intake::pdf_without_text",
            "its fonts do not say which letters they draw; no text could be read".to_owned(),
        ),
        () if text.is_empty() => {
            let what = if images > 0 { "it seems to be a scan: images" } else { "nothing that can be read" };
            let message = format!("its {pages} pages hold no text, but {what}");
            let diagnostic = Diagnostic::new(path, Severity::Error, "intake::pdf_without_text", message);
            Some(diagnostic.hint("run a text recognition over it and add the result"))
        }
        () if unreadable * 20 > text.chars().count() => {
            let message = format!(
                "{unreadable} of its letters are drawn by fonts that do not name them; they are missing"
            );
            say(Severity::Warning, "intake::pdf_letters_missing", message)
        }
        () if dropped > 0 => {
            let message = format!("{dropped} lines repeated at the edges of its pages were left out");
            say(Severity::Note, "intake::pdf_running_lines", message)
        }
        () => None,
    }
}

fn meta_of(pdf: &Pdf) -> ItemMeta {
    let Some(facts) = contain(|| pdf.metadata().clone()) else { return ItemMeta::default() };
    let text = |raw: Option<Box<[u8]>>| raw.map(|raw| pdf_string(&raw)).filter(|text| !text.is_empty());
    let published_raw = facts.creation_date.map(|at| {
        let sign = if at.utc_offset_hour < 0 { '-' } else { '+' };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            at.year,
            at.month,
            at.day,
            at.hour,
            at.minute,
            at.second,
            at.utc_offset_hour.unsigned_abs(),
            at.utc_offset_minute
        )
    });
    ItemMeta { title: text(facts.title), byline: text(facts.author), published_raw, ..ItemMeta::default() }
}

/// A text string of PDF: UTF-16 or UTF-8 with its mark, else Latin-1, near enough.
fn pdf_string(raw: &[u8]) -> String {
    let text = match encoding_rs::Encoding::for_bom(raw) {
        Some((encoding, bom)) => encoding.decode_without_bom_handling(&raw[bom..]).0,
        None => encoding_rs::WINDOWS_1252.decode_without_bom_handling(raw).0,
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
