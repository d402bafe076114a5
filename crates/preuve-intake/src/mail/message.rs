//! One mail message: its words as an item, its attachments read as members of an archive are.

use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use preuve_case::{Diagnostic, Format, ItemId, ItemMeta, Severity, TextMap};

use super::nesting::{MOST_HEADER, MOST_NESTED, TooMuch, judge_nesting};
use crate::archive::{Archive, Content, Member};
use crate::contain::contain;
use crate::read::{Draft, FoundMessage, Reading};

/// Parts beyond this are not read.
const MOST_PARTS: usize = 1_000;
/// Messages attached to messages, as parts or as files, are followed so deep.
const MOST_DEEP: usize = 32;

/// Pass the message on as it is, whatever it holds; then read it as `inner`: subject, author, date, the text of its
/// body, and each attachment.
pub(crate) fn take_message(reading: &mut Reading<'_>, inner: &str, found: FoundMessage<'_>) {
    reading.found(found);
    if reading.mails >= MOST_DEEP {
        return reading.say(too_nested(inner, MOST_DEEP));
    }
    let taken_apart = match judge_nesting(found.bytes) {
        Ok(()) => contain(|| MessageParser::default().parse(found.bytes)).flatten(),
        Err(TooMuch::Nested) => {
            reading.say(too_nested(inner, MOST_NESTED));
            read_header(found.bytes)
        }
        Err(TooMuch::Parts) => {
            reading.say(too_many_parts(inner, "so many parts for its length that"));
            read_header(found.bytes)
        }
        Err(TooMuch::Header) => return reading.say(long_header(inner)),
    };
    let Some(message) = taken_apart else {
        let told = "it looks like a mail and cannot be read as one";
        return reading.say(Diagnostic::new(inner, Severity::Error, "intake::mail_unreadable", told));
    };
    let text = if reading.wants_items() {
        body_text(&message, reading.params.max_text_bytes)
    } else {
        String::new()
    };
    if !text.trim().is_empty() {
        let map = place_of_body(&message, found.bytes, &text);
        reading.finish(Draft {
            path: inner.to_owned(),
            format: Format::Mail,
            original: found.bytes,
            text,
            map,
            meta: meta_of(&message),
            diagnostics: Vec::new(),
        });
    }
    with_parent(reading, found.bytes, |reading| read_attachments(reading, inner, &found, &message));
}

/// Read what belongs to the message `bytes`: whatever is found names it as its parent.
pub(super) fn with_parent(reading: &mut Reading<'_>, bytes: &[u8], read: impl FnOnce(&mut Reading<'_>)) {
    let outer = reading.parent.replace(ItemId::of(bytes));
    reading.mails += 1;
    read(reading);
    reading.mails -= 1;
    reading.parent = outer;
}

/// The header alone of a message that is not taken apart.
fn read_header(bytes: &[u8]) -> Option<Message<'_>> {
    contain(|| MessageParser::default().parse_headers(bytes)).flatten()
}

fn long_header(path: &str) -> Diagnostic {
    let message = format!(
        "its header is longer than {MOST_HEADER} bytes; its words and attachments were not read, its signatures were"
    );
    Diagnostic::new(path, Severity::Error, "intake::mail_header_too_long", message)
}

fn too_nested(path: &str, most: usize) -> Diagnostic {
    let message = format!("it holds more than {most} messages within messages; it was not taken apart");
    Diagnostic::new(path, Severity::Error, "intake::mail_too_nested", message)
}

fn too_many_parts(path: &str, how: &str) -> Diagnostic {
    let message = format!("it has {how} not all were read");
    Diagnostic::new(path, Severity::Error, "intake::mail_too_many_parts", message)
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

fn read_attachments(reading: &mut Reading<'_>, path: &str, found: &FoundMessage<'_>, message: &Message<'_>) {
    let mut holder = Archive::uncounted(path);
    for (at, part) in message.attachments().take(MOST_PARTS).enumerate() {
        if let PartType::Message(nested) = &part.body {
            let inner = holder.path_of(&name_of(part, at));
            let bytes = nested_bytes(part, nested, found.bytes);
            let within = FoundMessage { path: &inner, index: 0, bytes, parent: reading.parent, ..*found };
            take_message(reading, &inner, within);
            continue;
        }
        if part.is_encoding_problem {
            let told = format!("the encoding of attachment {} is broken; it was read as it stands", at + 1);
            reading.say(Diagnostic::new(path, Severity::Warning, "intake::mail_encoding", told));
        }
        let mut content = part.contents();
        let member = Member {
            name: name_of(part, at),
            packed: content.len() as u64,
            content: Content::File(&mut content),
        };
        if holder.member(reading, member).is_break() {
            break;
        }
    }
    holder.leave(reading);
    if message.attachment_count() > MOST_PARTS {
        reading.say(too_many_parts(path, &format!("{} attachments;", message.attachment_count())));
    }
}

/// The bytes of a message within a message: as they stand, or decoded where they were encoded against the rules.
fn nested_bytes<'m>(part: &MessagePart<'_>, nested: &'m Message<'_>, bytes: &'m [u8]) -> &'m [u8] {
    match part.encoding {
        Encoding::None => bytes.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default(),
        _ => &nested.raw_message,
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
