//! Files to items in the case.

use std::path::PathBuf;

use preuve_case::{Diagnostic, ItemId};
use preuve_intake::{ColumnMapping, IntakeParams, Metadata};
use preuve_store::{Batch, Case, Kept, Originals, ReadItem};
use sha2::{Digest, Sha256};

use crate::args::{Material, ReadingArgs};
use crate::error::CommandError;
use crate::mail::{self, Judge};
use crate::reading::{Keeper, Original, Piece, Pieces, Reading, canonical_set};
use crate::session::Session;
use crate::table::one_line;
use crate::walk::{SourceFile, Walk, WalkParams, walk};

/// How the bytes of items are kept in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// As copies of ours.
    Copies,
    /// As links to the files given; parts of a file (rows, members of archives) as copies.
    InPlace,
    /// Not at all, and of the material only the mail is read: for a case that lasts one command.
    MailAlone,
}

/// What came of reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct TakenIn {
    /// Files listed.
    pub files: usize,
    /// Items the case did not have before.
    pub new_items: usize,
    /// Mail messages the case did not have before.
    pub new_messages: usize,
}

/// The files under the paths given, without the metadata table and `except`.
pub fn list_files(session: &Session, material: &Material, except: &[PathBuf]) -> Result<Walk, CommandError> {
    let ours: Vec<&PathBuf> = material.reading.metadata.iter().chain(except).collect();
    let params = WalkParams {
        hidden: material.reading.hidden,
        follow_links: material.reading.follow_links,
        except: canonical_set(session.world, &ours),
    };
    walk(session.world, &material.paths, &params).map_err(|(path, error)| {
        let reason = crate::messages::io_reason(&error);
        CommandError::user(format!("{}: {reason}", path.display())).hint("give a file or folder that exists")
    })
}

/// Limits that suit a laptop.
pub fn intake_params(args: &ReadingArgs) -> Result<IntakeParams, CommandError> {
    let columns: ColumnMapping = args.columns.join(",").parse()?;
    Ok(IntakeParams {
        columns,
        max_text_bytes: 16 << 20,
        max_archive_depth: 4,
        max_members: 100_000,
        max_member_bytes: 512 << 20,
        max_unpacked_bytes: 4 << 30,
        max_expansion: 200,
        max_html_depth: 128,
        max_html_tags: 200_000,
        max_pdf_pages: 5_000,
        max_pdf_stream_bytes: 256 << 20,
        max_pdf_operations: 50_000_000,
        max_rows: 1_000_000,
        max_cell_bytes: 4 << 20,
    })
}

/// The metadata table, if one was given, what is wrong with it, and its bytes.
pub fn metadata_of(
    session: &Session,
    args: &ReadingArgs,
    params: &IntakeParams,
) -> Result<(Metadata, Vec<Diagnostic>, Vec<u8>), CommandError> {
    let Some(path) = &args.metadata else {
        let (none, _) = Metadata::parse("", b"", &params.columns);
        return Ok((none, Vec::new(), Vec::new()));
    };
    let bytes = session.world.read(path, u64::MAX).map_err(|error| CommandError::from(error).at(path))?;
    let shown = path.file_name().unwrap_or_default().to_string_lossy();
    let (metadata, diagnostics) = Metadata::parse(&shown, &bytes, &params.columns);
    Ok((metadata, diagnostics, bytes))
}

/// Read all of `material` into `case`, batch by batch, mail under the keys of `judge`; what the case knows already
/// is not read again.
pub fn take_in(
    session: &Session,
    case: &mut Case,
    material: &Material,
    keeping: Keeping,
    judge: &Judge,
    except: &[PathBuf],
) -> Result<TakenIn, CommandError> {
    let params = intake_params(&material.reading)?;
    let (metadata, about_metadata, table) = metadata_of(session, &material.reading, &params)?;
    let walk = list_files(session, material, except)?;
    let reader = reader_key(&params, &table);
    let known = case.sources_read(&reader)?;
    let begun = case.mailboxes_begun(&reader)?;
    for (source, (start, number)) in &begun {
        // Mailboxes of Outlook are no sequence of bytes.
        let place = if *start > 0 { format!("byte {start}") } else { format!("message {}", number + 1) };
        session.say(&format!("{}: goes on at {place}, where it was interrupted", one_line(&source.path)));
    }
    let keeper = CaseKeeper { originals: case.originals(), keeping };
    let reading = Reading {
        world: session.world,
        threads: session.threads,
        params: &params,
        metadata: &metadata,
        known: &known,
        begun: &begun,
        mail: Some(judge),
        items: keeping != Keeping::MailAlone,
        keeper: &keeper,
    };
    let progress = session.progress("reading", walk.files.len() as u64);
    let mut taken = TakenIn { files: walk.files.len(), ..TakenIn::default() };
    reading.run(&walk.files, &mut |pieces| {
        let files = pieces.files;
        let added = case.add(&reader, &batch_of(pieces))?;
        taken.new_items += added.items;
        taken.new_messages += added.messages;
        progress.advance(files);
        Ok(())
    })?;
    let about = walk.diagnostics.into_iter().chain(about_metadata);
    let notes =
        Batch { diagnostics: about.map(|said| (said.path.clone(), said)).collect(), ..Batch::default() };
    case.add(&reader, &notes)?;
    Ok(taken)
}

/// Keeps bytes among the originals of a case.
struct CaseKeeper {
    originals: Originals,
    keeping: Keeping,
}

impl Keeper for CaseKeeper {
    fn item(&self, file: &SourceFile, id: ItemId, original: &Original) -> Result<Kept, CommandError> {
        if self.keeping == Keeping::InPlace && original.whole_file {
            Ok(self.originals.link(id, &file.location)?)
        } else {
            Ok(self.originals.put(id, original.bytes)?)
        }
    }

    fn mail_file(&self, file: &SourceFile, id: ItemId) -> Result<(), CommandError> {
        let kept = match self.keeping {
            Keeping::InPlace => self.originals.link(id, &file.location)?,
            Keeping::Copies | Keeping::MailAlone => self.originals.copy(id, &file.location)?,
        };
        if kept == Kept::None {
            self.originals.remember(id, &file.location);
        }
        Ok(())
    }
}

fn batch_of(pieces: Pieces) -> Batch {
    let mut batch = Batch::default();
    for (path, piece) in pieces.pieces {
        match piece {
            Piece::Item(item, kept) => batch.items.push(ReadItem { item: *item, kept }),
            Piece::Message(message) => batch.messages.push(*message),
            Piece::Progress(progress) => batch.progress.push(progress),
            Piece::Diagnostic(diagnostic) => batch.diagnostics.push((path, diagnostic)),
            Piece::End(source) => batch.sources.push(source),
        }
    }
    batch
}

/// What a file's items depend on besides its bytes: the readers' version, their limits and the metadata table.
fn reader_key(params: &IntakeParams, table: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(env!("CARGO_PKG_VERSION"));
    hasher.update(format!("{params:?}"));
    hasher.update(mail::digest_key());
    hasher.update(table);
    hasher.finalize().into()
}
