//! Mail: mailboxes cut into messages, messages into words and attachments.

pub mod mailbox;
mod message;
mod msg;
mod nesting;
mod properties;
pub mod pst;
mod rebuilt;
mod rtf;

use preuve_case::{Diagnostic, Severity};

use crate::archive::Budget;
use crate::read::{FoundMessage, Reading};

pub(crate) use message::take_message;
pub(crate) use msg::parse_msg;
pub(crate) use pst::parse_pst;

/// Read a message, or each message of a mailbox as `PATH!/message-N.eml`.
pub(crate) fn parse_mail(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let bytes = without_emlx_frame(path, bytes);
    let first_line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    if !mailbox::is_separator(first_line) {
        let found =
            FoundMessage { path, index: 0, bytes, in_mailbox: false, original: true, parent: reading.parent };
        return take_message(reading, path, found);
    }
    let limit = usize::try_from(reading.params.max_member_bytes).unwrap_or(usize::MAX);
    // What is packed in one message is no reason to leave out the next.
    let outer = reading.budget;
    for (index, message) in (0u64..).zip(mailbox::Mailbox::new(bytes, limit)) {
        // Reading from memory cannot fail.
        let Ok(message) = message else { break };
        let inner = format!("{path}!/message-{}.eml", index + 1);
        if message.left_out > 0 {
            let told = format!("it is longer than {limit} bytes; the rest was not read");
            reading.say(Diagnostic::new(&inner, Severity::Error, "intake::mail_too_long", told));
        }
        reading.budget = Budget::new(reading.params, message.bytes.len());
        reading.budget.depth = outer.depth;
        let found = FoundMessage {
            path,
            index,
            bytes: &message.bytes,
            in_mailbox: true,
            original: message.left_out == 0,
            parent: reading.parent,
        };
        take_message(reading, &inner, found);
    }
    reading.budget = outer;
}

/// An `.emlx` file is a line with the message's length, the message, and a property list.
fn without_emlx_frame<'m>(path: &str, bytes: &'m [u8]) -> &'m [u8] {
    let Some(end) = bytes.iter().take(20).position(|&byte| byte == b'\n') else { return bytes };
    let length = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.trim().parse::<usize>().ok());
    match length {
        Some(length) if path.to_ascii_lowercase().ends_with(".emlx") => {
            let message = &bytes[end + 1..];
            &message[..length.min(message.len())]
        }
        _ => bytes,
    }
}
