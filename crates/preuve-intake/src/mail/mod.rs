//! Mail: mailboxes cut into messages, messages into words and attachments.

pub mod mailbox;
mod message;

use preuve_case::{Diagnostic, Severity};

pub(crate) use self::message::parse_message;
use crate::read::{FoundMessage, Reading};

/// Read a message, or each message of a mailbox as `PATH!/message-N.eml`.
pub(crate) fn parse_mail(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let first_line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    if !mailbox::is_separator(first_line) {
        reading.found(FoundMessage { path, index: 0, bytes, in_mailbox: false });
        return parse_message(reading, path, bytes);
    }
    let limit = usize::try_from(reading.params.max_member_bytes).unwrap_or(usize::MAX);
    for (index, message) in (0u64..).zip(mailbox::Mailbox::new(bytes, limit)) {
        // Reading from memory cannot fail.
        let Ok(message) = message else { break };
        let inner = format!("{path}!/message-{}.eml", index + 1);
        if message.left_out > 0 {
            let told = format!("it is longer than {limit} bytes; the rest was not read");
            reading.say(Diagnostic::new(&inner, Severity::Error, "intake::mail_too_long", told));
        }
        reading.found(FoundMessage { path, index, bytes: &message.bytes, in_mailbox: true });
        parse_message(reading, &inner, &message.bytes);
    }
}
