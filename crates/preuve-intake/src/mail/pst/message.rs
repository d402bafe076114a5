//! A message of the mailbox: its properties, recipients, attachments, and the messages attached to it.

use super::block::{Blocks, Inner, InnerNodes};
use super::context::{Context, Row, Value, read_table};
use super::file::{Fault, Found, u32_at};
use crate::mail::properties::{Properties, Recipient, decode, decode_wide, rebuild, tag};
use crate::mail::rebuilt::{Attachment, Rebuilt};

/// Bytes that the header and words of one message may take, with what leads to them.
const MOST_WORDS: u64 = 64 << 20;
/// Bytes that one text about a folder, or the class of a message, may take, with what leads to it.
const MOST_OF_ONE: u64 = 8 << 20;
/// Messages within messages are followed so deep.
const MOST_DEEP: usize = 8;
/// Attachments read of one message and of those attached to it.
const MOST_ATTACHMENTS: usize = 1_000;
/// The node within a message that lists its recipients.
const RECIPIENTS: u32 = 0x692;
/// Kinds of nodes are told by the last bits of their ids; attachments by these.
const ATTACHMENT: u32 = 0x05;
/// Type of a property that is a thing of its own.
const OBJECT: u16 = 0x000D;

/// Properties while the file they lie in is at hand.
struct Reader<'r, 'f> {
    context: &'r Context,
    blocks: &'r mut Blocks<'f>,
}

impl Reader<'_, '_> {
    /// The value of a property; a value that cannot be read is noted.
    fn value(&mut self, tag: u16) -> Option<Value> {
        match self.context.value(self.blocks, tag)? {
            Ok(value) => Some(value),
            Err(fault) => {
                self.blocks.file.doubt(fault);
                None
            }
        }
    }
}

impl Properties for Reader<'_, '_> {
    fn text(&mut self, tag: u16) -> Option<String> {
        let code_page = code_page(self);
        text_of(&self.value(tag)?, code_page)
    }

    fn binary(&mut self, tag: u16) -> Option<Vec<u8>> {
        (self.context.kind(tag) == Some(0x0102)).then(|| self.value(tag))?.map(|value| value.bytes)
    }

    fn time(&mut self, tag: u16) -> Option<u64> {
        let value = self.value(tag).filter(|value| value.kind == 0x40)?;
        value.bytes.first_chunk().copied().map(u64::from_le_bytes)
    }

    fn number(&mut self, tag: u16) -> Option<u32> {
        (self.context.kind(tag) == Some(0x03)).then(|| self.value(tag))?.map(|value| u32_at(&value.bytes, 0))
    }
}

fn code_page(properties: &mut dyn Properties) -> Option<u32> {
    properties.number(tag::CODE_PAGE).or_else(|| properties.number(tag::INTERNET_CODE_PAGE))
}

fn text_of(value: &Value, code_page: Option<u32>) -> Option<String> {
    match value.kind {
        0x1F => Some(decode_wide(&value.bytes)),
        0x1E => Some(decode(&value.bytes, code_page).trim_end_matches('\0').to_owned()),
        _ => None,
    }
}

/// A row of a table of recipients.
struct RowReader<'r> {
    row: &'r Row,
    code_page: Option<u32>,
}

impl Properties for RowReader<'_> {
    fn text(&mut self, tag: u16) -> Option<String> {
        text_of(self.row.get(&tag)?, self.code_page)
    }

    fn binary(&mut self, _: u16) -> Option<Vec<u8>> {
        None
    }

    fn time(&mut self, _: u16) -> Option<u64> {
        None
    }

    fn number(&mut self, tag: u16) -> Option<u32> {
        self.row.get(&tag).map(|value| u32_at(&value.bytes, 0))
    }
}

/// One text of the properties that start with block `data`: a folder's name, the class of a message.
pub(super) fn one_text(blocks: &mut Blocks<'_>, data: u64, inner: u64, tag: u16) -> Found<Option<String>> {
    blocks.within(MOST_OF_ONE, |blocks| {
        let context = Context::read(blocks, data, inner)?;
        Ok(Reader { context: &context, blocks }.text(tag))
    })
}

/// One number of the properties that start with block `data`.
pub(super) fn one_number(blocks: &mut Blocks<'_>, data: u64, inner: u64, tag: u16) -> Found<Option<u32>> {
    blocks.within(MOST_OF_ONE, |blocks| {
        let context = Context::read(blocks, data, inner)?;
        Ok(Reader { context: &context, blocks }.number(tag))
    })
}

/// What a node that should be a message turned out to be.
pub(super) enum Taken {
    /// A message.
    Mail(Box<Rebuilt>),
    /// Something else: its class.
    Other(String),
}

/// Read the message whose properties start with block `data`.
pub(super) fn read_message(blocks: &mut Blocks<'_>, data: u64, inner: u64) -> Found<Taken> {
    let context = blocks.within(MOST_WORDS, |blocks| Context::read(blocks, data, inner))?;
    let class = Reader { context: &context, blocks }.text(tag::CLASS).unwrap_or_default();
    if !is_mail(&class) {
        return Ok(Taken::Other(class));
    }
    let mut left = MOST_ATTACHMENTS;
    let message = Nesting { blocks, left: &mut left, open: vec![data] }.message(&context);
    Ok(Taken::Mail(Box::new(message)))
}

/// Whether things of a class are messages: sent, received or posted, invitations and reports of delivery too.
pub(super) fn is_mail(class: &str) -> bool {
    const OF_MAIL: [&str; 6] =
        ["ipm.note", "ipm.post", "ipm.schedule.meeting", "ipm.recall", "ipm.outlook.recall", "report"];
    let class = class.trim().to_ascii_lowercase();
    let within =
        |start: &str| class.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    class.is_empty() || class == "ipm" || OF_MAIL.into_iter().any(within)
}

/// The messages that are open within one another.
struct Nesting<'n, 'f> {
    blocks: &'n mut Blocks<'f>,
    /// Attachments that may still be read.
    left: &'n mut usize,
    /// The blocks that the open messages start with: none may be attached to itself.
    open: Vec<u64>,
}

impl Nesting<'_, '_> {
    fn message(&mut self, context: &Context) -> Rebuilt {
        let mut message = self.blocks.within(MOST_WORDS, |blocks| {
            let recipients = recipients(blocks, context);
            rebuild(&mut Reader { context, blocks }, &recipients)
        });
        for (_, node) in attachments(&context.inner) {
            if *self.left == 0 {
                message.unread += 1;
                continue;
            }
            *self.left -= 1;
            match self.attachment(node) {
                Ok(attachment) => message.attachments.push(attachment),
                Err(fault) => {
                    self.blocks.file.doubt(fault);
                    message.unread += 1;
                }
            }
        }
        message
    }

    fn attachment(&mut self, node: Inner) -> Found<Attachment> {
        let context = Context::read(self.blocks, node.data, node.inner)?;
        let mut reader = Reader { context: &context, blocks: self.blocks };
        let name = [tag::LONG_NAME, tag::SHORT_NAME, tag::NAME].into_iter().find_map(|tag| {
            reader.text(tag).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
        });
        if context.kind(tag::DATA) == Some(OBJECT) {
            return self.attached_message(&context, name);
        }
        let value = context.value(self.blocks, tag::DATA);
        let bytes = value.ok_or(Fault::nowhere("an attachment that is kept elsewhere"))??.bytes;
        Ok(Attachment::File { name: name.unwrap_or_else(|| "attachment.bin".to_owned()), bytes })
    }

    fn attached_message(&mut self, holder: &Context, name: Option<String>) -> Found<Attachment> {
        let missing = Fault::nowhere("an attached message that is missing");
        let value = holder.value(self.blocks, tag::DATA).ok_or(missing.clone())??;
        let node = *holder.inner.get(&u32_at(&value.bytes, 0)).ok_or(missing)?;
        if self.open.len() > MOST_DEEP || self.open.contains(&node.data) {
            return Err(Fault::nowhere("messages within messages that are nested too deep"));
        }
        let context = Context::read(self.blocks, node.data, node.inner)?;
        self.open.push(node.data);
        let message = self.message(&context);
        self.open.pop();
        let name = name.map_or_else(|| "message.msg".to_owned(), |name| with_extension(&name));
        Ok(Attachment::Message { name, message: Box::new(message) })
    }
}

fn recipients(blocks: &mut Blocks<'_>, context: &Context) -> Vec<Recipient> {
    const WANTED: [u16; 4] = [tag::RECIPIENT_KIND, tag::NAME, tag::ADDRESS, tag::SMTP];
    let Some(node) = context.inner.get(&RECIPIENTS) else { return Vec::new() };
    let code_page = code_page(&mut Reader { context, blocks });
    match read_table(blocks, node.data, node.inner, &WANTED) {
        Ok(rows) => {
            rows.iter().filter_map(|row| Recipient::read(&mut RowReader { row, code_page })).collect()
        }
        Err(fault) => {
            blocks.file.doubt(fault);
            Vec::new()
        }
    }
}

/// The name of an attached message is its subject; a path wants to show that it is one.
fn with_extension(name: &str) -> String {
    let short: String =
        name.chars().take(100).map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    if short.to_ascii_lowercase().ends_with(".msg") { short } else { format!("{short}.msg") }
}

fn attachments(inner: &InnerNodes) -> Vec<(u32, Inner)> {
    let attached = inner.iter().filter(|(id, _)| **id & 0x1F == ATTACHMENT);
    attached.map(|(id, node)| (*id, *node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_mail_are_told_from_others() {
        for class in ["IPM.Note", "ipm.note.SMIME", "", "REPORT.IPM.Note.NDR", "IPM.Schedule.Meeting.Request"]
        {
            assert!(is_mail(class), "{class}");
        }
        for class in ["IPM.Appointment", "IPM.Contact", "IPM.Notes", "IPM.Task", "Reporter"] {
            assert!(!is_mail(class), "{class}");
        }
    }
}
