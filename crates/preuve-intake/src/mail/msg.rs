//! Outlook messages (`.msg`): a compound file with one stream a property (MS-OXMSG).

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use preuve_case::{Diagnostic, Severity};

use super::properties::{Properties, Recipient, decode, decode_wide, rebuild, tag};
use super::rebuilt::{Attachment, Rebuilt, note_rebuilt, take_rebuilt};
use crate::contain::contain;
use crate::read::{Reading, unsupported};

type File<'m> = cfb::CompoundFile<Cursor<&'m [u8]>>;

/// Messages within messages are followed so deep.
const MOST_DEEP: usize = 8;
/// Attachments read of one message.
const MOST_ATTACHMENTS: usize = 1_000;
/// Recipients read of one message.
const MOST_RECIPIENTS: usize = 5_000;
/// Stream that every message and attachment has.
const PROPERTIES: &str = "__properties_version1.0";

/// Read an Outlook message, or say that the compound file is something else.
pub(crate) fn parse_msg(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let limit = reading.params.max_member_bytes;
    match contain(|| open(bytes, limit)) {
        Some(Some(Some(message))) => {
            reading.say(note_rebuilt(path));
            take_rebuilt(reading, path, 0, path, &message);
        }
        Some(Some(None)) => reading.say(unsupported(path, "OLE document (.doc, .xls, .ppt)")),
        Some(None) | None => {
            let told = "its compound file is damaged or cut off, and cannot be read";
            reading.say(Diagnostic::new(path, Severity::Error, "intake::mail_unreadable", told));
        }
    }
}

/// The message; `Some(None)` for a sound file that holds none, `None` for a broken one.
fn open(bytes: &[u8], limit: u64) -> Option<Option<Rebuilt>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    if !file.exists(Path::new("/").join(PROPERTIES)) {
        return Some(None);
    }
    // Streams of a broken file may share bytes, and some are read more than once: together they are limited too.
    let mut room = limit.min((bytes.len() as u64).saturating_mul(4));
    Some(Some(Storage { file: &mut file, at: PathBuf::from("/"), room: &mut room }.message(0)))
}

/// One storage of the file: the message, an attachment, or a message attached.
struct Storage<'s, 'm> {
    file: &'s mut File<'m>,
    at: PathBuf,
    /// Bytes that may still be read of the whole file.
    room: &'s mut u64,
}

impl Storage<'_, '_> {
    fn stream(&mut self, name: &str) -> Option<Vec<u8>> {
        let stream = self.file.open_stream(self.at.join(name)).ok()?;
        let mut bytes = Vec::new();
        stream.take(*self.room).read_to_end(&mut bytes).ok()?;
        *self.room -= (bytes.len() as u64).min(*self.room);
        Some(bytes)
    }

    /// The eight bytes that stand for a property of fixed length.
    fn fixed(&mut self, kind: u16, tag: u16) -> Option<[u8; 8]> {
        let bytes = self.stream(PROPERTIES)?;
        let header = match self.at.file_name().and_then(|name| name.to_str()) {
            None => 32,
            Some(name) if name.starts_with("__substg") => 24,
            Some(_) => 8,
        };
        let wanted = u32::from(tag) << 16 | u32::from(kind);
        let mut entries = bytes.get(header..)?.chunks_exact(16);
        entries.find(|entry| entry.starts_with(&wanted.to_le_bytes()))?[8..].try_into().ok()
    }

    fn message(&mut self, depth: usize) -> Rebuilt {
        let recipients = self.recipients();
        let mut message = rebuild(self, &recipients);
        self.attachments(&mut message, depth);
        message
    }

    /// The storages within this one whose names start so, in order.
    fn within(&self, start: &str) -> Vec<PathBuf> {
        let Ok(entries) = self.file.read_storage(&self.at) else { return Vec::new() };
        let mut places: Vec<PathBuf> = entries
            .filter(|entry| entry.is_storage() && entry.name().starts_with(start))
            .map(|entry| entry.path().to_owned())
            .collect();
        places.sort();
        places
    }

    fn recipients(&mut self) -> Vec<Recipient> {
        let places = self.within("__recip_version1.0_");
        let read = |at| Recipient::read(&mut Storage { file: &mut *self.file, at, room: &mut *self.room });
        places.into_iter().take(MOST_RECIPIENTS).filter_map(read).collect()
    }

    fn attachments(&mut self, message: &mut Rebuilt, depth: usize) {
        let places = self.within("__attach_version1.0_");
        message.unread += places.len().saturating_sub(MOST_ATTACHMENTS);
        for place in places.into_iter().take(MOST_ATTACHMENTS) {
            let mut storage = Storage { file: self.file, at: place, room: self.room };
            match storage.attachment(depth) {
                Some(attachment) => message.attachments.push(attachment),
                None => message.unread += 1,
            }
        }
    }

    fn attachment(&mut self, depth: usize) -> Option<Attachment> {
        let name =
            self.text(tag::LONG_NAME).or_else(|| self.text(tag::SHORT_NAME)).filter(|name| !name.is_empty());
        let inner = self.at.join(format!("__substg1.0_{:04X}000D", tag::DATA));
        if self.file.is_storage(&inner) {
            if depth >= MOST_DEEP || !self.file.exists(inner.join(PROPERTIES)) {
                return None;
            }
            let message = Storage { file: self.file, at: inner, room: self.room }.message(depth + 1);
            let name = name.unwrap_or_else(|| "message.msg".to_owned());
            return Some(Attachment::Message { name, message: Box::new(message) });
        }
        let bytes = self.binary(tag::DATA)?;
        Some(Attachment::File { name: name.unwrap_or_else(|| "attachment.bin".to_owned()), bytes })
    }
}

impl Properties for Storage<'_, '_> {
    fn text(&mut self, tag: u16) -> Option<String> {
        if let Some(bytes) = self.stream(&format!("__substg1.0_{tag:04X}001F")) {
            return Some(decode_wide(&bytes));
        }
        let bytes = self.stream(&format!("__substg1.0_{tag:04X}001E"))?;
        let code_page = self.number(tag::CODE_PAGE).or_else(|| self.number(tag::INTERNET_CODE_PAGE));
        Some(decode(&bytes, code_page).trim_end_matches('\0').to_owned())
    }

    fn binary(&mut self, tag: u16) -> Option<Vec<u8>> {
        self.stream(&format!("__substg1.0_{tag:04X}0102"))
    }

    fn time(&mut self, tag: u16) -> Option<u64> {
        self.fixed(0x40, tag).map(u64::from_le_bytes)
    }

    fn number(&mut self, tag: u16) -> Option<u32> {
        let [first, second, third, fourth, ..] = self.fixed(0x03, tag)?;
        Some(u32::from_le_bytes([first, second, third, fourth]))
    }
}
