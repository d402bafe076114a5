//! A message put together from the fields that a mail program's own file keeps of it (`.msg`, PST). Its original
//! bytes are gone; what is made here serves to read it, and no signature can be rechecked on it.

use preuve_case::{Diagnostic, Severity};

use super::message::{take_message, with_parent};
use crate::archive::{Archive, Content, Member};
use crate::read::{FoundMessage, Reading};

/// What such a file keeps of one message.
#[derive(Debug, Default)]
pub(super) struct Rebuilt {
    /// The header as it arrived, where the program kept it.
    pub(super) transport_header: Option<String>,
    /// Header fields by their own properties, in the order they are written: name and value.
    pub(super) fields: Vec<(&'static str, String)>,
    /// The words, as text or as a page.
    pub(super) body: Body,
    /// Attachments that could be read.
    pub(super) attachments: Vec<Attachment>,
    /// Attachments that could not.
    pub(super) unread: usize,
    /// What else was lost, in words.
    pub(super) lost: Vec<String>,
}

/// The words of a message.
#[derive(Debug, Default)]
pub(super) enum Body {
    /// There are none.
    #[default]
    None,
    /// Plain text.
    Text(String),
    /// A page.
    Html(String),
}

/// One attachment.
#[derive(Debug)]
pub(super) enum Attachment {
    /// A file.
    File { name: String, bytes: Vec<u8> },
    /// A message.
    Message { name: String, message: Box<Rebuilt> },
}

impl Rebuilt {
    /// About how many bytes it takes, attachments included.
    pub(super) fn size(&self) -> usize {
        let words = match &self.body {
            Body::None => 0,
            Body::Text(words) | Body::Html(words) => words.len(),
        };
        let attached = self.attachments.iter().map(|attachment| match attachment {
            Attachment::File { bytes, .. } => bytes.len(),
            Attachment::Message { message, .. } => message.size(),
        });
        let header = self.transport_header.as_deref().unwrap_or_default().len();
        1_000 + header + words + attached.sum::<usize>()
    }

    /// The message as RFC 5322 text, without its attachments. Fields of the kept header that say how the body was
    /// encoded are left out, for the body is not encoded so any more.
    fn write(&self) -> Vec<u8> {
        let mut out = String::new();
        match &self.transport_header {
            Some(header) => write_kept(header, &mut out),
            None => {
                for (name, value) in self.fields.iter().filter(|(_, value)| !value.trim().is_empty()) {
                    out.push_str(&format!("{name}: {}\r\n", one_line(value)));
                }
            }
        }
        let (kind, words) = match &self.body {
            Body::None => ("plain", ""),
            Body::Text(words) => ("plain", words.as_str()),
            Body::Html(words) => ("html", words.as_str()),
        };
        out.push_str(&format!(
            "MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        ));
        out.push_str(words);
        out.into_bytes()
    }
}

fn write_kept(header: &str, out: &mut String) {
    let mut keep = true;
    for line in header.lines().filter(|line| !line.trim().is_empty()) {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
            keep = line.contains(':') && !name.starts_with("content-") && name != "mime-version";
        }
        if keep {
            out.push_str(line);
            out.push_str("\r\n");
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is to be said, once a file, of what it keeps.
pub(super) fn note_rebuilt(path: &str) -> Diagnostic {
    let note = "it keeps no original bytes: what was sent cannot be rechecked, only read";
    Diagnostic::new(path, Severity::Note, "intake::mail_rebuilt", note)
}

/// Pass the message on, read its words and attachments, and say what was lost.
pub(super) fn take_rebuilt(
    reading: &mut Reading<'_>,
    path: &str,
    index: u64,
    inner: &str,
    message: &Rebuilt,
) {
    let bytes = message.write();
    let found = FoundMessage {
        path,
        index,
        bytes: &bytes,
        in_mailbox: false,
        original: false,
        parent: reading.parent,
    };
    take_message(reading, inner, found);
    for lost in &message.lost {
        reading.say(Diagnostic::new(inner, Severity::Warning, "intake::mail_part_unread", lost.clone()));
    }
    if message.unread > 0 {
        let told = format!("{} of its attachments could not be read", message.unread);
        reading.say(Diagnostic::new(inner, Severity::Error, "intake::mail_attachments_unread", told));
    }
    with_parent(reading, &bytes, |reading| {
        let mut holder = Archive::uncounted(inner);
        for attachment in &message.attachments {
            match attachment {
                Attachment::File { name, bytes } => {
                    let mut content = bytes.as_slice();
                    let packed = content.len() as u64;
                    let member = Member { name: name.clone(), packed, content: Content::File(&mut content) };
                    if holder.member(reading, member).is_break() {
                        break;
                    }
                }
                Attachment::Message { name, message } => {
                    let within = holder.path_of(name);
                    take_rebuilt(reading, &within, 0, &within, message);
                }
            }
        }
        holder.leave(reading);
    });
}
