//! From a list of files to batches of items, in the order of the list whatever the number of threads.
//!
//! Small files are read many at a time; a large one alone, its items streaming, so that memory stays bounded by
//! [`WINDOW_BYTES`] of small files or one large file.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc;

use preuve_case::{Diagnostic, Item, ItemId, Severity};
use preuve_intake::{IntakeParams, Metadata, Sink, read_material};
use preuve_store::ReadSource;

use crate::error::CommandError;
use crate::parallel::parallel_map;
use crate::walk::{SourceFile, unreadable};
use crate::world::World;

/// Files read at one time.
const WINDOW_FILES: usize = 256;
/// Bytes of files read at one time.
const WINDOW_BYTES: u64 = 8 << 20;
/// A file of more bytes is read alone.
const LARGE: u64 = 4 << 20;
/// A file of more bytes is not read.
const MAX_FILE: u64 = 2 << 30;
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
    /// Called with each item and its bytes while they are at hand; what it returns stands beside the item.
    pub keep: &'r (dyn Fn(&SourceFile, &Item, &Original) -> Result<preuve_store::Kept, CommandError> + Sync),
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
    Item(Box<Item>, preuve_store::Kept),
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
                self.read_large(first, consume)?;
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
            let mut sink = Taker { reading: self, file, whole: &bytes, give, failed: None, wanted: true };
            read_material(&file.path, &bytes, self.params, &mut sink);
            if let Some(error) = sink.failed {
                return Err(error);
            }
        }
        give(Piece::End(end));
        Ok(())
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

/// Takes items from a reader, gives them their metadata and has their bytes kept.
struct Taker<'t, 'r> {
    reading: &'t Reading<'r>,
    file: &'t SourceFile,
    whole: &'t [u8],
    give: &'t mut dyn FnMut(Piece) -> bool,
    failed: Option<CommandError>,
    wanted: bool,
}

impl Sink for Taker<'_, '_> {
    fn item(&mut self, mut item: Item, original: &[u8]) {
        if self.failed.is_some() || !self.wanted {
            return;
        }
        self.reading.metadata.apply(&mut item);
        let original = Original { bytes: original, whole_file: original.len() == self.whole.len() };
        match (self.reading.keep)(self.file, &item, &original) {
            Ok(kept) => self.wanted = (self.give)(Piece::Item(Box::new(item), kept)),
            Err(error) => self.failed = Some(error),
        }
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        if self.wanted {
            self.wanted = (self.give)(Piece::Diagnostic(diagnostic));
        }
    }
}

/// Keeps nothing: for commands that only look.
pub fn keep_nothing(_: &SourceFile, _: &Item, _: &Original) -> Result<preuve_store::Kept, CommandError> {
    Ok(preuve_store::Kept::None)
}

/// Where the metadata table lies, so that it is not read as material.
pub fn canonical_set(world: &dyn World, paths: &[&PathBuf]) -> BTreeSet<PathBuf> {
    paths.iter().filter_map(|path| world.canonical(path).ok()).collect()
}
