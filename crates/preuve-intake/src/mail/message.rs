//! One mail message: its words as an item, its attachments read as members of an archive are.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use preuve_case::{Diagnostic, Format, ItemMeta, Severity, TextMap};

use crate::archive::{Archive, Content, Member};
use crate::contain::contain;
use crate::read::{Draft, Reading};

/// Messages nested deeper than this are not taken apart: the library's tree would be too deep to drop.
const MOST_NESTED: usize = 64;
/// Parts beyond this are not read.
const MOST_PARTS: usize = 1_000;

/// Read a message: subject, author, date, the text of its body, and each attachment.
pub(crate) fn parse_message(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let nested = memchr::memmem::find_iter(&bytes.to_ascii_lowercase(), b"message/rfc822")
        .take(MOST_NESTED + 1)
        .count();
    if nested > MOST_NESTED {
        let message =
            format!("it holds more than {MOST_NESTED} messages within messages; it was not taken apart");
        return reading.say(Diagnostic::new(path, Severity::Error, "intake::mail_too_nested", message));
    }
    let Some(message) = contain(|| MessageParser::default().parse(bytes)).flatten() else {
        let told = "it looks like a mail and cannot be read as one";
        return reading.say(Diagnostic::new(path, Severity::Error, "intake::mail_unreadable", told));
    };
    if !reading.wants_items() {
        return read_attachments(reading, path, bytes, &message);
    }
    let text = body_text(&message, reading.params.max_text_bytes);
    if !text.trim().is_empty() {
        let map = place_of_body(&message, bytes, &text);
        reading.finish(Draft {
            path: path.to_owned(),
            format: Format::Mail,
            original: bytes,
            text,
            map,
            meta: meta_of(&message),
            diagnostics: Vec::new(),
        });
    }
    read_attachments(reading, path, bytes, &message);
}

fn meta_of(message: &Message<'_>) -> ItemMeta {
    let from = message.from().and_then(|from| from.first());
    ItemMeta {
        title: message.subject().map(str::to_owned),
        byline: from.and_then(|from| from.name().or(from.address())).map(str::to_owned),
        published_raw: message.date().map(mail_parser::DateTime::to_rfc3339),
        ..ItemMeta::default()
    }
}

/// The parts that a mail program shows as the message, as text, blank lines between.
fn body_text(message: &Message<'_>, limit: usize) -> String {
    let mut text = String::new();
    for at in 0..message.text_body_count().min(MOST_PARTS) {
        let Some(part) = contain(|| message.body_text(at)).flatten() else { continue };
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let room = part.floor_char_boundary(limit.saturating_sub(text.len()));
        text.push_str(&part[..room]);
    }
    text
}

/// A body of one part that stands in the message as it is leads back to its bytes.
fn place_of_body(message: &Message<'_>, bytes: &[u8], text: &str) -> TextMap {
    let only = (message.text_body_count() == 1).then(|| message.text_part(0)).flatten();
    let Some(part) = only else { return TextMap::default() };
    let start = part.raw_body_offset() as usize;
    match bytes.get(start..start + text.len()) {
        Some(stored) if stored == text.as_bytes() => TextMap::verbatim(text, start as u64),
        _ => TextMap::default(),
    }
}

fn read_attachments(reading: &mut Reading<'_>, path: &str, bytes: &[u8], message: &Message<'_>) {
    if message.attachment_count() == 0 {
        return;
    }
    let Some(mut archive) = Archive::enter(reading, path) else { return };
    for (at, part) in message.attachments().take(MOST_PARTS).enumerate() {
        let mut content = contents(part, bytes);
        let member = Member {
            name: name_of(part, at),
            packed: content.len() as u64,
            content: Content::File(&mut content),
        };
        if archive.member(reading, member).is_break() {
            break;
        }
    }
    archive.leave(reading);
    if message.attachment_count() > MOST_PARTS {
        let told = format!("it has more than {MOST_PARTS} attachments; the others were not read");
        reading.say(Diagnostic::new(path, Severity::Error, "intake::mail_too_many_parts", told));
    }
}

fn contents<'m>(part: &'m MessagePart<'_>, bytes: &'m [u8]) -> &'m [u8] {
    match &part.body {
        PartType::Message(_) => {
            bytes.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
        }
        _ => part.contents(),
    }
}

fn name_of(part: &MessagePart<'_>, at: usize) -> String {
    let kind = match &part.body {
        PartType::Message(_) => "eml",
        PartType::Html(_) => "html",
        PartType::Text(_) => "txt",
        _ => "bin",
    };
    match part.attachment_name() {
        Some(name) if !name.trim().is_empty() => name.to_owned(),
        _ => format!("part-{}.{kind}", at + 1),
    }
}
