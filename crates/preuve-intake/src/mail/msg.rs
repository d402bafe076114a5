//! Outlook messages (`.msg`): a compound file with one stream a property (MS-OXMSG).

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use preuve_case::{Diagnostic, Severity};

use super::rebuilt::{Attachment, Body, Rebuilt, take_rebuilt};
use crate::contain::contain;
use crate::read::{Reading, unsupported};

type File<'m> = cfb::CompoundFile<Cursor<&'m [u8]>>;

/// Messages within messages are followed so deep.
const MOST_DEEP: usize = 8;
/// Attachments read of one message.
const MOST_ATTACHMENTS: usize = 1_000;
/// Stream that every message and attachment has.
const PROPERTIES: &str = "__properties_version1.0";

/// Properties (MS-OXPROPS) by their tag.
mod tag {
    pub(super) const SUBJECT: u16 = 0x0037;
    pub(super) const SUBMIT_TIME: u16 = 0x0039;
    pub(super) const HEADERS: u16 = 0x007D;
    pub(super) const SENDER_NAME: u16 = 0x0C1A;
    pub(super) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(super) const SENDER_SMTP: u16 = 0x5D01;
    pub(super) const CC: u16 = 0x0E03;
    pub(super) const TO: u16 = 0x0E04;
    pub(super) const DELIVERY_TIME: u16 = 0x0E06;
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const RTF: u16 = 0x1009;
    pub(super) const HTML: u16 = 0x1013;
    pub(super) const MESSAGE_ID: u16 = 0x1035;
    pub(super) const REFERENCES: u16 = 0x1039;
    pub(super) const IN_REPLY_TO: u16 = 0x1042;
    pub(super) const DATA: u16 = 0x3701;
    pub(super) const SHORT_NAME: u16 = 0x3704;
    pub(super) const LONG_NAME: u16 = 0x3707;
}

/// Read an Outlook message, or say that the compound file is something else.
pub(crate) fn parse_msg(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let limit = reading.params.max_member_bytes;
    match contain(|| open(bytes, limit)) {
        Some(Some(Some(message))) => take_rebuilt(reading, path, 0, path, message),
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
    // Streams of a broken file may share bytes: what they hold together is limited too.
    let mut room = limit.min((bytes.len() as u64).saturating_mul(2));
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

    fn binary(&mut self, tag: u16) -> Option<Vec<u8>> {
        self.stream(&format!("__substg1.0_{tag:04X}0102"))
    }

    /// A text property: UTF-16, or in an encoding that the file need not name.
    fn text(&mut self, tag: u16) -> Option<String> {
        if let Some(bytes) = self.stream(&format!("__substg1.0_{tag:04X}001F")) {
            return Some(
                encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0.trim_end_matches('\0').to_owned(),
            );
        }
        let bytes = self.stream(&format!("__substg1.0_{tag:04X}001E"))?;
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(),
        };
        Some(text.trim_end_matches('\0').to_owned())
    }

    /// A time property, as a Date field writes it.
    fn date(&mut self, wanted: u16) -> Option<String> {
        let bytes = self.stream(PROPERTIES)?;
        let header = if self.at == Path::new("/") { 32 } else { 24 };
        let entry = bytes.get(header..)?.chunks_exact(16).find(|entry| {
            u16::from_le_bytes([entry[2], entry[3]]) == wanted
                && u16::from_le_bytes([entry[0], entry[1]]) == 0x40
        })?;
        file_time(u64::from_le_bytes(entry[8..16].try_into().ok()?))
    }

    fn message(&mut self, depth: usize) -> Rebuilt {
        let mut message = Rebuilt {
            transport_header: self.text(tag::HEADERS).filter(|header| header.contains(':')),
            ..Rebuilt::default()
        };
        let name = self.text(tag::SENDER_NAME).unwrap_or_default();
        let address =
            self.text(tag::SENDER_SMTP).or_else(|| self.text(tag::SENDER_ADDRESS)).unwrap_or_default();
        let from = format!("\"{}\" <{address}>", name.replace(['"', '\\'], "'"));
        let date = self.date(tag::SUBMIT_TIME).or_else(|| self.date(tag::DELIVERY_TIME));
        let fields = [
            ("From", Some(from)),
            ("To", self.text(tag::TO)),
            ("Cc", self.text(tag::CC)),
            ("Subject", self.text(tag::SUBJECT)),
            ("Date", date),
            ("Message-ID", self.text(tag::MESSAGE_ID)),
            ("In-Reply-To", self.text(tag::IN_REPLY_TO)),
            ("References", self.text(tag::REFERENCES)),
        ];
        message.fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        message.body = self.body(&mut message.lost);
        self.attachments(&mut message, depth);
        message
    }

    fn body(&mut self, lost: &mut Vec<String>) -> Body {
        if let Some(text) = self.text(tag::BODY).filter(|text| !text.trim().is_empty()) {
            return Body::Text(text);
        }
        let page = self.binary(tag::HTML).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        if let Some(page) = page.or_else(|| self.text(tag::HTML)) {
            return Body::Html(page);
        }
        if self.binary(tag::RTF).is_some() {
            lost.push("its words are kept as RTF alone, for which there is no reader".to_owned());
        }
        Body::None
    }

    fn attachments(&mut self, message: &mut Rebuilt, depth: usize) {
        let Ok(entries) = self.file.read_storage(&self.at) else { return };
        let mut places: Vec<PathBuf> = entries
            .filter(|entry| entry.is_storage() && entry.name().starts_with("__attach_version1.0_"))
            .map(|entry| entry.path().to_owned())
            .collect();
        places.sort();
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

/// A count of 100 ns since 1601 as RFC 5322 writes times.
pub(super) fn file_time(ticks: u64) -> Option<String> {
    const SECONDS_BEFORE_1970: i64 = 11_644_473_600;
    let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(SECONDS_BEFORE_1970)?;
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_times_are_dates() {
        assert_eq!(file_time(131_732_613_000_000_000).as_deref(), Some("Tue, 12 Jun 2018 07:15:00 +0000"));
        assert_eq!(file_time(u64::MAX), None);
    }
}
