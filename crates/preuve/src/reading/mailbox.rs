//! Mailboxes: any size, a window of messages in memory, and a place to go on from behind each window.

use std::io::{self, BufRead};

use preuve_case::{Diagnostic, ItemId, MessageRef, Severity};
use preuve_intake::mail::mailbox::{Mailbox, MailboxMessage, is_separator};
use preuve_intake::{FoundMessage, Kind, read_mailbox_message, sniff};
use preuve_store::{Bytes, Form, MailboxProgress, ReadMessage, ReadSource};
use sha2::{Digest, Sha256};

use super::{Piece, Pieces, Reading, Taker};
use crate::error::CommandError;
use crate::mail::{Judge, MAX_MESSAGE};
use crate::parallel::parallel_map;
use crate::walk::{SourceFile, unreadable};

/// Messages read at one time.
pub(super) const WINDOW_MESSAGES: usize = 512;
/// Bytes of messages read at one time.
pub(super) const WINDOW_BYTES: usize = 8 << 20;

/// Whether the bytes at the head of a file are those of a mailbox.
pub fn is_mailbox(path: &str, head: &[u8]) -> bool {
    let first_line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    is_separator(first_line) && sniff(path, head) == Kind::Mail
}

/// The id of a stream of bytes, which are not kept.
pub fn digest_of(mut reader: Box<dyn BufRead>) -> io::Result<ItemId> {
    let mut hasher = Sha256::new();
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(ItemId::from_digest(hasher.finalize().into()));
        }
        hasher.update(bytes);
        let taken = bytes.len();
        reader.consume(taken);
    }
}

/// A message of a mailbox and its number.
pub type Numbered = (u64, MailboxMessage);

/// The next messages of a mailbox, as many as are read at one time.
pub fn next_window(
    mailbox: &mut Mailbox<impl BufRead>,
    number: &mut u64,
) -> Result<Vec<Numbered>, (Vec<Numbered>, io::Error)> {
    let (mut window, mut bytes) = (Vec::new(), 0);
    while window.len() < WINDOW_MESSAGES && bytes < WINDOW_BYTES {
        match mailbox.next() {
            None => break,
            Some(Err(error)) => return Err((window, error)),
            Some(Ok(message)) => {
                bytes += message.bytes.len();
                window.push((*number, message));
                *number += 1;
            }
        }
    }
    Ok(window)
}

/// What to say of a message that is too long to be held.
pub fn too_long(path: &str, number: u64, message: &MailboxMessage) -> Diagnostic {
    let told = format!(
        "message {number} is longer than {MAX_MESSAGE} bytes; its end was not read, so its signatures cannot be checked"
    );
    let end = message.offset + message.bytes.len() as u64 + message.left_out;
    Diagnostic::new(path, Severity::Error, "intake::mail_too_long", told).at_bytes(message.offset, end)
}

/// A message judged and digested; `bytes` says where they are kept.
pub fn look_at(judge: &Judge, at: MessageRef, content: &[u8], form: Form, bytes: Bytes) -> ReadMessage {
    ReadMessage {
        finding: judge.judge(content, form),
        digest: judge.digest(content, at.id),
        at,
        form,
        bytes,
        judged_under: judge.key,
    }
}

impl Reading<'_> {
    /// Read a mailbox of any size, from where an earlier reading stopped.
    pub(super) fn read_mailbox(
        &self,
        file: &SourceFile,
        consume: &mut dyn FnMut(Pieces) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let unread =
            |error: &io::Error| (file.path.clone(), Piece::Diagnostic(unreadable(&file.path, error)));
        let digest = match self.world.open(&file.location, 0).and_then(digest_of) {
            Ok(digest) => digest,
            Err(error) => return consume(Pieces { pieces: vec![unread(&error)], files: 1 }),
        };
        let source = ReadSource { path: file.path.clone(), digest };
        let end = Pieces { pieces: vec![(file.path.clone(), Piece::End(source.clone()))], files: 1 };
        if self.known.contains(&source) {
            return consume(end);
        }
        self.keeper.mail_file(file, digest)?;
        let (start, mut number) = self.begun.get(&source).copied().unwrap_or_default();
        let reader = match self.world.open(&file.location, start) {
            Ok(reader) => reader,
            Err(error) => return consume(Pieces { pieces: vec![unread(&error)], files: 1 }),
        };
        let mut mailbox = Mailbox::resume(reader, MAX_MESSAGE, start);
        loop {
            let (window, broken) = match next_window(&mut mailbox, &mut number) {
                Ok(window) => (window, None),
                Err((window, error)) => (window, Some(error)),
            };
            let mut pieces = self.read_window(file, digest, &window)?;
            if let Some(error) = &broken {
                pieces.pieces.push(unread(error));
            } else if let Some((number, last)) = window.last() {
                let start = last.offset + last.bytes.len() as u64 + last.left_out;
                let progress = MailboxProgress { source: source.clone(), start, number: number + 1 };
                pieces.pieces.push((file.path.clone(), Piece::Progress(progress)));
            }
            consume(pieces)?;
            if broken.is_some() {
                return consume(Pieces { pieces: Vec::new(), files: 1 });
            }
            if window.is_empty() {
                return consume(end);
            }
        }
    }

    fn read_window(
        &self,
        file: &SourceFile,
        mailbox: ItemId,
        window: &[Numbered],
    ) -> Result<Pieces, CommandError> {
        let read = parallel_map(window, self.threads, |message| {
            let mut pieces = Vec::new();
            self.read_numbered(file, mailbox, message, &mut |piece| {
                pieces.push((file.path.clone(), piece));
                true
            })?;
            Ok::<_, CommandError>(pieces)
        });
        let mut pieces = Pieces::default();
        for read in read {
            pieces.pieces.extend(read?);
        }
        Ok(pieces)
    }

    /// One message of the mailbox `file`, whose id is `mailbox`: the message itself, its words, its attachments.
    pub(super) fn read_numbered(
        &self,
        file: &SourceFile,
        mailbox: ItemId,
        (number, message): &Numbered,
        give: &mut dyn FnMut(Piece) -> bool,
    ) -> Result<(), CommandError> {
        let bytes = message.bytes.as_slice();
        if message.left_out > 0 {
            give(Piece::Diagnostic(too_long(&file.path, *number, message)));
        }
        let found = FoundMessage {
            path: &file.path,
            index: *number,
            bytes,
            in_mailbox: true,
            original: message.left_out == 0,
            parent: None,
        };
        let inner = format!("{}!/message-{}.eml", file.path, number + 1);
        let mut taker = Taker::new(self, file, bytes, give);
        taker.within = Some((mailbox, message.offset));
        read_mailbox_message(&inner, found, self.params, &mut taker);
        taker.failed.map_or(Ok(()), Err)
    }
}
