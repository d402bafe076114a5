//! Files to items in the case.

use std::path::PathBuf;

use preuve_case::{Diagnostic, Item};
use preuve_intake::{ColumnMapping, IntakeParams, Metadata};
use preuve_store::{Batch, Case, Kept, Originals, ReadItem};
use sha2::{Digest, Sha256};

use crate::args::{Material, ReadingArgs};
use crate::error::CommandError;
use crate::reading::{Original, Piece, Pieces, Reading, canonical_set};
use crate::session::Session;
use crate::walk::{SourceFile, Walk, WalkParams, walk};

/// How the bytes of items are kept in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// As copies of ours.
    Copies,
    /// As links to the files given; parts of a file (rows, members of archives) as copies.
    InPlace,
}

/// What came of reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct TakenIn {
    /// Files listed.
    pub files: usize,
    /// Items the case did not have before.
    pub new_items: usize,
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

/// Read all of `material` into `case`, batch by batch; what the case knows already is not read again.
pub fn take_in(
    session: &Session,
    case: &mut Case,
    material: &Material,
    keeping: Keeping,
    except: &[PathBuf],
) -> Result<TakenIn, CommandError> {
    let params = intake_params(&material.reading)?;
    let (metadata, about_metadata, table) = metadata_of(session, &material.reading, &params)?;
    let walk = list_files(session, material, except)?;
    let reader = reader_key(&params, &table);
    let known = case.sources_read(&reader)?;
    let originals = case.originals();
    let keep =
        |file: &SourceFile, item: &Item, bytes: &Original| keep(&originals, keeping, file, item, bytes);
    let reading = Reading {
        world: session.world,
        threads: session.threads,
        params: &params,
        metadata: &metadata,
        known: &known,
        keep: &keep,
    };
    let progress = session.progress("reading", walk.files.len() as u64);
    let mut taken = TakenIn { files: walk.files.len(), new_items: 0 };
    reading.run(&walk.files, &mut |pieces| {
        let files = pieces.files;
        taken.new_items += case.add(&reader, &batch_of(pieces))?.items;
        progress.advance(files);
        Ok(())
    })?;
    let about = walk.diagnostics.into_iter().chain(about_metadata);
    let notes =
        Batch { diagnostics: about.map(|said| (said.path.clone(), said)).collect(), ..Batch::default() };
    case.add(&reader, &notes)?;
    Ok(taken)
}

fn keep(
    originals: &Originals,
    keeping: Keeping,
    file: &SourceFile,
    item: &Item,
    original: &Original,
) -> Result<Kept, CommandError> {
    if keeping == Keeping::InPlace && original.whole_file {
        Ok(originals.link(item.id, &file.location)?)
    } else {
        Ok(originals.put(item.id, original.bytes)?)
    }
}

fn batch_of(pieces: Pieces) -> Batch {
    let mut batch = Batch::default();
    for (path, piece) in pieces.pieces {
        match piece {
            Piece::Item(item, kept) => batch.items.push(ReadItem { item: *item, kept }),
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
    hasher.update(table);
    hasher.finalize().into()
}
