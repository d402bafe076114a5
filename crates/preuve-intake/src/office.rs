//! DOCX and ODT: paragraphs of the main text, blank lines between, and the document's properties.
//!
//! Deleted text of tracked changes, comments and drawings' fallbacks are left out. A document that is cut
//! off gives what its readable part holds.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use preuve_case::{Diagnostic, Format, ItemMeta, Severity, TextMap};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::archive::zip::{about_directory, each_member};
use crate::archive::{Content, Unpacked};
use crate::decode::{Wanted, parse_text};
use crate::read::{Draft, Reading};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Office Open XML.
    Docx,
    /// OpenDocument.
    Odt,
}

/// Names of a format's parts and elements; elements without their prefix.
struct Vocabulary {
    format: Format,
    main: &'static str,
    properties: &'static str,
    paragraphs: &'static [&'static str],
    /// Elements whose text counts.
    text: &'static [&'static str],
    left_out: &'static [&'static str],
}

const DOCX: Vocabulary = Vocabulary {
    format: Format::Docx,
    main: "word/document.xml",
    properties: "docProps/core.xml",
    paragraphs: &["p"],
    text: &["t"],
    left_out: &["Fallback", "del", "moveFrom"],
};

const ODT: Vocabulary = Vocabulary {
    format: Format::Odt,
    main: "content.xml",
    properties: "meta.xml",
    paragraphs: &["p", "h"],
    text: &["p", "h"],
    left_out: &[
        "annotation",
        "tracked-changes",
        "automatic-styles",
        "scripts",
        "font-face-decls",
        "forms",
        "desc",
    ],
};

/// Read a document as one item.
pub(crate) fn parse_office(reading: &mut Reading<'_>, path: &str, bytes: &[u8], kind: Kind) {
    let words = if kind == Kind::Docx { &DOCX } else { &ODT };
    let (parts, mut diagnostics) = read_parts(reading, path, bytes, words);
    let Some(main) = parts.get(words.main) else {
        diagnostics.into_iter().for_each(|diagnostic| reading.say(diagnostic));
        let message = format!("its main part `{}` could not be read", words.main);
        return reading.say(Diagnostic::new(path, Severity::Error, "intake::document_unreadable", message));
    };
    let limit = reading.params.max_text_bytes;
    let (blocks, whole) = match xml_text(path, main, limit, &mut diagnostics) {
        Some(xml) => blocks_of(&xml, words),
        None => (Vec::new(), false),
    };
    if !whole {
        let message = "its main part is cut off or damaged; the text before that place was read";
        diagnostics.push(Diagnostic::new(path, Severity::Error, "intake::document_damaged", message));
    }
    let properties =
        parts.get(words.properties).and_then(|part| xml_text(path, part, limit, &mut Vec::new()));
    let meta = properties.map(|xml| meta_of(&xml)).unwrap_or_default();
    reading.finish(Draft {
        path: path.to_owned(),
        format: words.format,
        original: bytes,
        text: blocks.join("\n\n"),
        map: TextMap::default(),
        meta,
        diagnostics,
    });
}

type Parts = BTreeMap<String, Vec<u8>>;

/// The main part and the properties.
fn read_parts(
    reading: &mut Reading<'_>,
    path: &str,
    bytes: &[u8],
    words: &Vocabulary,
) -> (Parts, Vec<Diagnostic>) {
    let (mut parts, mut diagnostics) = (Parts::new(), Vec::new());
    let (params, budget) = (reading.params, &mut reading.budget);
    let whole = each_member(bytes, &mut |member| {
        if member.name != words.main && member.name != words.properties {
            return ControlFlow::Continue(());
        }
        match member.content {
            Content::File(reader) => match budget.unpack(params, path, reader, member.packed) {
                Unpacked::Whole(part) => drop(parts.insert(member.name, part)),
                Unpacked::Part(part, diagnostic) => {
                    diagnostics.push(diagnostic);
                    parts.insert(member.name, part);
                }
                Unpacked::Refused(diagnostic) | Unpacked::Exhausted(diagnostic) => {
                    diagnostics.push(diagnostic)
                }
            },
            Content::Encrypted => diagnostics.push(encrypted(path)),
            Content::Unreadable(_) | Content::Folder | Content::Link => (),
        }
        ControlFlow::Continue(())
    });
    diagnostics.extend(about_directory(path, whole));
    (parts, diagnostics)
}

fn encrypted(path: &str) -> Diagnostic {
    Diagnostic::new(path, Severity::Error, "intake::document_encrypted", "it is encrypted and was not read")
        .hint("save it without a password and add that file")
}

fn xml_text(path: &str, part: &[u8], limit: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    match parse_text(part, &Wanted { path, declared: None, keep_bom: false, limit }) {
        Ok(decoded) => {
            diagnostics.extend(decoded.diagnostics);
            Some(decoded.text)
        }
        Err(refusal) => {
            diagnostics.push(*refusal);
            None
        }
    }
}

/// The paragraphs of a main part, and whether its XML is whole.
fn blocks_of(xml: &str, words: &Vocabulary) -> (Vec<String>, bool) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut state =
        Blocks { words, done: Vec::new(), current: String::new(), left_out: 0, in_text: 0, open: 0 };
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => state.event(&event),
            Err(_) => {
                state.end_block();
                return (state.done, false);
            }
        }
    }
    state.end_block();
    (state.done, state.open == 0)
}

struct Blocks<'w> {
    words: &'w Vocabulary,
    done: Vec<String>,
    current: String,
    /// How many elements that are left out are open.
    left_out: usize,
    in_text: usize,
    open: usize,
}

impl Blocks<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(start) => {
                self.open += 1;
                self.start(start, false);
            }
            Event::Empty(start) => self.start(start, true),
            Event::End(end) => {
                self.open = self.open.saturating_sub(1);
                self.end(end.local_name().into_inner());
            }
            Event::Text(text) if self.takes_text() => self.push(&text.xml10_content()),
            Event::CData(text) if self.takes_text() => self.push(&text.xml10_content()),
            Event::GeneralRef(reference) if self.takes_text() => self.current.extend(character(reference)),
            _ => (),
        }
    }

    fn takes_text(&self) -> bool {
        self.left_out == 0 && self.in_text > 0
    }

    /// White space in the XML is one space; breaks have elements of their own.
    fn push(&mut self, text: &str) {
        self.current.extend(text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
    }

    fn start(&mut self, start: &BytesStart<'_>, empty: bool) {
        let name = start.local_name().into_inner();
        let step = usize::from(!empty);
        if self.words.left_out.contains(&name) {
            self.left_out += step;
        }
        if self.left_out > 0 {
            return;
        }
        if self.words.paragraphs.contains(&name) {
            self.end_block();
        }
        if self.words.text.contains(&name) {
            self.in_text += step;
        }
        match name {
            "tab" if empty => self.current.push('\t'),
            "br" | "cr" | "line-break" => self.current.push('\n'),
            "s" if empty => self.current.push(' '),
            "noBreakHyphen" => self.current.push('\u{2011}'),
            _ => (),
        }
    }

    fn end(&mut self, name: &str) {
        if self.words.left_out.contains(&name) {
            self.left_out = self.left_out.saturating_sub(1);
        } else if self.left_out == 0 {
            if self.words.paragraphs.contains(&name) {
                self.end_block();
            }
            if self.words.text.contains(&name) {
                self.in_text = self.in_text.saturating_sub(1);
            }
        }
    }

    fn end_block(&mut self) {
        let block = std::mem::take(&mut self.current);
        let lines = block.split('\n').map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
        let block = lines.collect::<Vec<_>>().join("\n");
        let block = block.trim();
        if !block.is_empty() {
            self.done.push(block.to_owned());
        }
    }
}

/// The character that a reference stands for; documents declare no entities of their own.
fn character(reference: &BytesRef<'_>) -> Option<char> {
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

/// Title, author, date and language of a properties part; Dublin Core names are common to both formats.
fn meta_of(xml: &str) -> ItemMeta {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut open = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => open = start.local_name().into_inner().to_owned(),
            Ok(Event::End(_)) => open.clear(),
            Ok(Event::Text(text)) if !open.is_empty() => {
                found.entry(open.clone()).or_default().push_str(&text.xml10_content());
            }
            Ok(Event::GeneralRef(reference)) if !open.is_empty() => {
                found.entry(open.clone()).or_default().extend(character(&reference));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => (),
        }
    }
    let value = |names: &[&str]| {
        let text = names.iter().find_map(|name| found.get(*name))?;
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    };
    ItemMeta {
        title: value(&["title"]),
        byline: value(&["initial-creator", "creator"]),
        published_raw: value(&["created", "creation-date", "date"]),
        lang_tag: value(&["language"]),
        ..ItemMeta::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_breaks_and_references_are_read() {
        let xml = "<w:document><w:body><w:p><w:r><w:t>One &amp; </w:t><w:tab/><w:t>t&#233;</w:t></w:r></w:p>\
            <w:p><w:r><w:t>Two</w:t><w:br/><w:t xml:space='preserve'>lines </w:t></w:r></w:p>\
            <w:p><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del></w:p></w:body></w:document>";
        assert_eq!(blocks_of(xml, &DOCX), (vec!["One & té".to_owned(), "Two\nlines".to_owned()], true));
    }

    #[test]
    fn open_document_text_is_read() {
        let xml = "<office:text><text:h>Head</text:h>\n <text:p>One<text:s/>\n two<text:line-break/>three\
            <office:annotation><text:p>note</text:p></office:annotation></text:p></office:text>";
        assert_eq!(blocks_of(xml, &ODT), (vec!["Head".to_owned(), "One two\nthree".to_owned()], true));
    }

    #[test]
    fn a_cut_document_gives_what_is_there() {
        let (blocks, whole) = blocks_of("<w:p><w:t>One</w:t></w:p><w:p><w:t>Tw", &DOCX);
        assert_eq!((blocks.len(), whole), (2, false));
        assert_eq!(blocks_of("<w:p><w:t>One</w:t></w:p><", &DOCX).0, ["One"]);
    }

    #[test]
    fn depth_costs_nothing() {
        let xml = "<w:p>".repeat(100_000) + "<w:t>deep</w:t>";
        assert_eq!(blocks_of(&xml, &DOCX).0, ["deep"]);
    }

    #[test]
    fn properties_are_read() {
        let meta = meta_of(
            "<cp:coreProperties><dc:title>A &amp; B</dc:title><dc:creator>C</dc:creator>\
             <dcterms:created>2027-09-18T05:30:00Z</dcterms:created></cp:coreProperties>",
        );
        assert_eq!(meta.title.as_deref(), Some("A & B"));
        assert_eq!(meta.byline.as_deref(), Some("C"));
        assert_eq!(meta.published_raw.as_deref(), Some("2027-09-18T05:30:00Z"));
    }
}
