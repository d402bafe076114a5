//! From a list of files to batches of items, in the order of the list whatever the number of threads.
//!
//! Small files are read many at a time; a large one alone, its items streaming, so that memory stays bounded by
//! [`WINDOW_BYTES`] of small files or one large file. A mailbox, of Outlook too, streams message by message, whatever
//! its size.

pub mod mailbox;
mod outlook;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::mpsc;

use preuve_case::{Diagnostic, Item, ItemId, MessageRef, Severity};
use preuve_intake::mail::mailbox::Mailbox;
use preuve_intake::{FoundMessage, IntakeParams, Kind, Metadata, Sink, read_material, sniff};
use preuve_store::{Bytes, Form, Kept, MailboxProgress, ReadMessage, ReadSource};

use crate::error::CommandError;
use crate::mail::{Judge, MAX_MESSAGE};
use crate::parallel::parallel_map;
use crate::reading::mailbox::{is_mailbox, look_at};
use crate::walk::{SourceFile, unreadable};
use crate::world::World;

/// Files read at one time.
const WINDOW_FILES: usize = 256;
/// Bytes of files read at one time.
const WINDOW_BYTES: u64 = 8 << 20;
/// A file of more bytes is read alone.
const LARGE: u64 = 4 << 20;
/// A file of more bytes is not read, unless it is a mailbox.
const MAX_FILE: u64 = 2 << 30;
/// Bytes that tell a mailbox from other files.
const HEAD: u64 = 16 << 10;
/// Items of a large file that wait for the engines.
const WAITING: usize = 256;

/// How files become items.
pub struct Reading<'r> {
    /// Where files come from.
    pub world: &'r dyn World,
    /// Threads to read with.
    pub threads: usize,
    /// Limits and columns.
    pub params: &'r IntakeParams,
    /// What files do not carry themselves.
    pub metadata: &'r Metadata,
    /// Files that need not be read again.
    pub known: &'r BTreeSet<ReadSource>,
    /// Mailboxes that were read up to a byte, and the number of the next message.
    pub begun: &'r BTreeMap<ReadSource, (u64, u64)>,
    /// Judges the messages; without it, mail gives its words and attachments only.
    pub mail: Option<&'r Judge>,
    /// Whether items are wanted, not messages alone.
    pub items: bool,
    /// Keeps the bytes.
    pub keeper: &'r dyn Keeper,
}

/// Keeps bytes while they are at hand.
pub trait Keeper: Sync {
    /// Keep the bytes of the item `id`, which came from `file`.
    fn item(&self, file: &SourceFile, id: ItemId, original: &Original) -> Result<Kept, CommandError>;
    /// Keep `file`, whose bytes have the id `id`: messages stand in it.
    fn mail_file(&self, file: &SourceFile, id: ItemId) -> Result<(), CommandError>;
}

/// For commands that only look.
pub struct KeepNothing;

impl Keeper for KeepNothing {
    fn item(&self, _: &SourceFile, _: ItemId, _: &Original) -> Result<Kept, CommandError> {
        Ok(Kept::None)
    }

    fn mail_file(&self, _: &SourceFile, _: ItemId) -> Result<(), CommandError> {
        Ok(())
    }
}

/// The bytes of an item while they are at hand.
pub struct Original<'b> {
    /// The bytes.
    pub bytes: &'b [u8],
    /// Whether they are the whole file, not a part of it.
    pub whole_file: bool,
}

/// Something a file gave.
pub enum Piece {
    /// An item, and how its bytes are kept.
    Item(Box<Item>, Kept),
    /// A mail message, judged.
    Message(Box<ReadMessage>),
    /// How far a mailbox is read with the pieces before.
    Progress(MailboxProgress),
    /// What is wrong with the file or an item of it.
    Diagnostic(Diagnostic),
    /// The file was read to its end (or was known already).
    End(ReadSource),
}

/// Pieces of one or several files, in order; the number says how many files end in it.
#[derive(Default)]
pub struct Pieces {
    /// Path of the file, and what it gave.
    pub pieces: Vec<(String, Piece)>,
    /// Files finished.
    pub files: usize,
}

impl Reading<'_> {
    /// Read `files` and hand on what they give.
    pub fn run(
        &self,
        files: &[SourceFile],
        consume: &mut dyn FnMut(Pieces) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let mut rest = files;
        while let Some(first) = rest.first() {
            if first.len > LARGE {
                // A file that cannot be opened is said by whoever reads it.
                let head = self.world.read(&first.location, HEAD).unwrap_or_default();
                if is_mailbox(&first.path, &head) {
                    self.read_mailbox(first, consume)?;
                } else if sniff(&first.path, &head) == Kind::Pst {
                    self.read_outlook(first, consume)?;
                } else {
                    self.read_large(first, consume)?;
                }
                rest = &rest[1..];
                continue;
            }
            let (window, after) = rest.split_at(window_len(rest));
            let mut pieces = Pieces { pieces: Vec::new(), files: window.len() };
            for read in parallel_map(window, self.threads, |file| self.read_small(file)) {
                pieces.pieces.extend(read?);
            }
            consume(pieces)?;
            rest = after;
        }
        Ok(())
    }

    fn read_small(&self, file: &SourceFile) -> Result<Vec<(String, Piece)>, CommandError> {
        let mut pieces = Vec::new();
        self.read(file, &mut |piece| {
            pieces.push((file.path.clone(), piece));
            true
        })?;
        Ok(pieces)
    }

    /// A large file on a thread of its own; its pieces wait in a short queue until they are taken.
    fn read_large(
        &self,
        file: &SourceFile,
        consume: &mut dyn FnMut(Pieces) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel(WAITING);
            let reader = scope.spawn(move || self.read(file, &mut |piece| sender.send(piece).is_ok()));
            while let Ok(first) = receiver.recv() {
                let mut pieces = Pieces::default();
                let waiting = std::iter::once(first).chain(receiver.try_iter().take(WAITING));
                for piece in waiting {
                    pieces.files += usize::from(matches!(piece, Piece::End(_)));
                    pieces.pieces.push((file.path.clone(), piece));
                }
                consume(pieces)?;
            }
            reader
                .join()
                .unwrap_or_else(|_| Err(CommandError::internal(format!("{}: the reader stopped", file.path))))
        })
    }

    /// Read one file; `give` returns whether anybody still wants pieces.
    fn read(&self, file: &SourceFile, give: &mut dyn FnMut(Piece) -> bool) -> Result<(), CommandError> {
        if file.len > MAX_FILE {
            let message = format!("is larger than {} GiB; not read", MAX_FILE >> 30);
            let diagnostic = Diagnostic::new(&file.path, Severity::Error, "walk::too_large", message)
                .hint("split it, then read the parts");
            give(Piece::Diagnostic(diagnostic));
            return Ok(());
        }
        let bytes = match self.world.read(&file.location, MAX_FILE) {
            Ok(bytes) => bytes,
            Err(error) => {
                give(Piece::Diagnostic(unreadable(&file.path, &error)));
                return Ok(());
            }
        };
        let end = ReadSource { path: file.path.clone(), digest: ItemId::of(&bytes) };
        if !self.known.contains(&end) {
            self.read_bytes(file, &bytes, end.digest, give)?;
        }
        give(Piece::End(end));
        Ok(())
    }

    fn read_bytes(
        &self,
        file: &SourceFile,
        bytes: &[u8],
        id: ItemId,
        give: &mut dyn FnMut(Piece) -> bool,
    ) -> Result<(), CommandError> {
        if is_mailbox(&file.path, &bytes[..bytes.len().min(HEAD as usize)]) {
            self.keeper.mail_file(file, id)?;
            for (number, message) in (0u64..).zip(Mailbox::new(bytes, MAX_MESSAGE)) {
                // Reading from memory cannot fail.
                let Ok(message) = message else { break };
                self.read_numbered(file, id, &(number, message), give)?;
            }
            return Ok(());
        }
        let mut taker = Taker::new(self, file, bytes, give);
        read_material(&file.path, bytes, self.params, &mut taker);
        taker.failed.map_or(Ok(()), Err)
    }
}

fn window_len(files: &[SourceFile]) -> usize {
    let mut bytes = 0;
    let fits = files.iter().take(WINDOW_FILES).take_while(|file| {
        bytes += file.len;
        file.len <= LARGE && bytes <= WINDOW_BYTES
    });
    fits.count().max(1)
}

/// Takes items and messages from a reader, gives them their metadata and has their bytes kept.
struct Taker<'t, 'r> {
    reading: &'t Reading<'r>,
    file: &'t SourceFile,
    /// What the reader was given.
    whole: &'t [u8],
    /// Where that begins, if it is a message of a mailbox and not the file: the mailbox and the byte.
    within: Option<(ItemId, u64)>,
    give: &'t mut dyn FnMut(Piece) -> bool,
    failed: Option<CommandError>,
    wanted: bool,
}

impl<'t, 'r> Taker<'t, 'r> {
    fn new(
        reading: &'t Reading<'r>,
        file: &'t SourceFile,
        whole: &'t [u8],
        give: &'t mut dyn FnMut(Piece) -> bool,
    ) -> Self {
        Self { reading, file, whole, within: None, give, failed: None, wanted: true }
    }

    fn keep(&self, item: &Item, original: &[u8]) -> Result<Kept, CommandError> {
        let whole = original.len() == self.whole.len();
        if whole && self.within.is_some() && self.reading.mail.is_some() {
            return Ok(Kept::Within);
        }
        let original = Original { bytes: original, whole_file: whole && self.within.is_none() };
        self.reading.keeper.item(self.file, item.id, &original)
    }

    fn judge(&self, judge: &Judge, found: FoundMessage<'_>) -> Result<ReadMessage, CommandError> {
        let id = ItemId::of(found.bytes);
        let at = MessageRef { path: found.path.to_owned(), index: found.index, id };
        let length = found.bytes.len() as u64;
        let bytes = match self.within {
            None if !found.original => Bytes::Kept(found.bytes.to_vec()),
            _ if found.path != self.file.path || found.bytes.len() != self.whole.len() => {
                Bytes::Kept(found.bytes.to_vec())
            }
            Some((source, start)) => Bytes::Original { source, start, length },
            None => {
                self.reading.keeper.mail_file(self.file, id)?;
                Bytes::Original { source: id, start: 0, length }
            }
        };
        let form = Form { in_mailbox: found.in_mailbox, rebuilt: !found.original };
        Ok(look_at(judge, at, found.bytes, form, bytes))
    }
}

impl Sink for Taker<'_, '_> {
    fn item(&mut self, mut item: Item, original: &[u8]) {
        if self.failed.is_some() || !self.wanted || !self.reading.items {
            return;
        }
        self.reading.metadata.apply(&mut item);
        match self.keep(&item, original) {
            Ok(kept) => self.wanted = (self.give)(Piece::Item(Box::new(item), kept)),
            Err(error) => self.failed = Some(error),
        }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        if self.wanted {
            self.wanted = (self.give)(Piece::Diagnostic(diagnostic));
        }
    }

    fn message(&mut self, message: FoundMessage<'_>) {
        let Some(judge) = self.reading.mail.filter(|_| self.failed.is_none() && self.wanted) else { return };
        match self.judge(judge, message) {
            Ok(message) => self.wanted = (self.give)(Piece::Message(Box::new(message))),
            Err(error) => self.failed = Some(error),
        }
    }

    fn wants_items(&self) -> bool {
        self.reading.items
    }
}

/// Where the metadata table lies, so that it is not read as material.
pub fn canonical_set(world: &dyn World, paths: &[&PathBuf]) -> BTreeSet<PathBuf> {
    paths.iter().filter_map(|path| world.canonical(path).ok()).collect()
}
