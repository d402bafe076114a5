//! Mailboxes of Outlook (PST, OST): any size, a window of messages in memory, and a number to go on from behind each
//! window. As with archives, what is kept of them is what they held, and the digest of the whole file.

use preuve_case::Diagnostic;
use preuve_intake::mail::pst::{OutlookMailbox, OutlookMessage, outlook_note, read_outlook_message};
use preuve_store::{MailboxProgress, ReadSource};

use super::mailbox::{WINDOW_BYTES, WINDOW_MESSAGES, digest_of};
use super::{Piece, Pieces, Reading, Taker};
use crate::error::CommandError;
use crate::parallel::parallel_map;
use crate::walk::{SourceFile, unreadable};

impl Reading<'_> {
    /// Read a mailbox of Outlook of any size, from where an earlier reading stopped.
    pub(super) fn read_outlook(
        &self,
        file: &SourceFile,
        consume: &mut dyn FnMut(Pieces) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let told = |said: Diagnostic| (file.path.clone(), Piece::Diagnostic(said));
        let last = |piece| Pieces { pieces: vec![piece], files: 1 };
        let digest = match self.world.open(&file.location, 0).and_then(digest_of) {
            Ok(digest) => digest,
            Err(error) => return consume(last(told(unreadable(&file.path, &error)))),
        };
        let source = ReadSource { path: file.path.clone(), digest };
        let end = (file.path.clone(), Piece::End(source.clone()));
        if self.known.contains(&source) {
            return consume(last(end));
        }
        let reader = match self.world.open_anywhere(&file.location) {
            Ok(reader) => reader,
            Err(error) => return consume(last(told(unreadable(&file.path, &error)))),
        };
        let mut mailbox = match OutlookMailbox::open(&file.path, reader, self.params.max_member_bytes) {
            Ok(mailbox) => mailbox,
            Err(said) => return consume(Pieces { pieces: vec![told(*said), end], files: 1 }),
        };
        mailbox.skip(self.begun.get(&source).map_or(0, |(_, number)| *number));
        // What an interrupted reading told already is told once all the same.
        consume(Pieces { pieces: vec![told(outlook_note(&file.path))], files: 0 })?;
        loop {
            let window = next_window(&mut mailbox);
            let said = mailbox.diagnostics();
            if window.is_empty() {
                let mut pieces: Vec<_> = said.into_iter().chain(mailbox.finish()).map(told).collect();
                pieces.push(end);
                return consume(Pieces { pieces, files: 1 });
            }
            let mut pieces = self.read_letters(file, &window)?;
            pieces.pieces.extend(said.into_iter().map(told));
            let progress = MailboxProgress { source: source.clone(), start: 0, number: mailbox.position() };
            pieces.pieces.push((file.path.clone(), Piece::Progress(progress)));
            consume(pieces)?;
        }
    }

    fn read_letters(&self, file: &SourceFile, window: &[OutlookMessage]) -> Result<Pieces, CommandError> {
        let read = parallel_map(window, self.threads, |message| {
            let mut pieces = Vec::new();
            let mut give = |piece| {
                pieces.push((file.path.clone(), piece));
                true
            };
            let mut taker = Taker::new(self, file, &[], &mut give);
            read_outlook_message(message, self.params, &mut taker);
            taker.failed.map_or(Ok(pieces), Err)
        });
        let mut pieces = Pieces::default();
        for read in read {
            pieces.pieces.extend(read?);
        }
        Ok(pieces)
    }
}

/// The next messages, as many as are read at one time.
fn next_window(mailbox: &mut OutlookMailbox<'_>) -> Vec<OutlookMessage> {
    let (mut window, mut bytes) = (Vec::new(), 0);
    while window.len() < WINDOW_MESSAGES && bytes < WINDOW_BYTES {
        let Some(message) = mailbox.next_message() else { break };
        bytes += message.size();
        window.push(message);
    }
    window
}
