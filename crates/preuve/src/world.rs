//! The outside world: clock, files, terminal, processors. Whatever the program takes from around itself, it
//! takes through [`World`], so that a test can put another world in its place.
//!
//! The case on disk is the one exception: `preuve-store` opens its own files, under the folder it is given.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use preuve_intake::mail::pst::ReadSeek;

/// What stands behind a name in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file and its length in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, socket or device: never opened.
    Special,
}

/// One name in a folder.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name, without the folder.
    pub name: std::ffi::OsString,
    /// What it stands for.
    pub kind: EntryKind,
}

/// Everything that is not the program.
pub trait World: Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
    /// What `path` stands for; links are followed when `follow` says so.
    fn kind(&self, path: &Path, follow: bool) -> io::Result<EntryKind>;
    /// The names in a folder, in no particular order.
    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// The path without links and dots.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;
    /// The first `limit` bytes of a file.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// A file to be read as it streams by, from byte `start` on.
    fn open(&self, path: &Path, start: u64) -> io::Result<Box<dyn io::BufRead>>;
    /// A file to be read here and there.
    fn open_anywhere(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>>;
    /// A new file at `path`, which appears there only when `fill` has written all of it.
    fn write(&self, path: &Path, fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()>;
    /// The folder at `path`, made with those it lies in where they are not there yet.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Columns of the terminal; 100 where there is none.
    fn columns(&self) -> usize;
    /// Whether the person asked programs for no colour (`NO_COLOR`, after no-color.org).
    fn no_colour(&self) -> bool;
    /// Whether a person watches standard output.
    fn stdout_is_terminal(&self) -> bool;
    /// Whether a person watches standard error.
    fn stderr_is_terminal(&self) -> bool;
    /// How many threads serve this machine well.
    fn threads(&self) -> usize;
}

/// The world as it is.
pub struct RealWorld;

fn kind_of(metadata: &fs::Metadata) -> EntryKind {
    let file_type = metadata.file_type();
    if file_type.is_symlink() {
        EntryKind::Link
    } else if file_type.is_dir() {
        EntryKind::Folder
    } else if file_type.is_file() {
        EntryKind::File(metadata.len())
    } else {
        EntryKind::Special
    }
}

impl World for RealWorld {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn kind(&self, path: &Path, follow: bool) -> io::Result<EntryKind> {
        let metadata = if follow { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
        Ok(kind_of(&metadata))
    }

    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let entry = |found: io::Result<fs::DirEntry>| {
            let found = found?;
            let kind = found.metadata().map_or(EntryKind::Special, |metadata| kind_of(&metadata));
            Ok(Entry { name: found.file_name(), kind })
        };
        fs::read_dir(folder)?.map(entry).collect()
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Path, start: u64) -> io::Result<Box<dyn io::BufRead>> {
        let mut file = File::open(path)?;
        file.seek(io::SeekFrom::Start(start))?;
        Ok(Box::new(io::BufReader::with_capacity(1 << 20, file)))
    }

    fn open_anywhere(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(File::open(path)?))
    }

    fn write(&self, path: &Path, fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut draft = tempfile::Builder::new().prefix(".preuve-").tempfile_in(folder)?;
        {
            let mut buffered = io::BufWriter::new(draft.as_file_mut());
            fill(&mut buffered)?;
            buffered.flush()?;
        }
        draft.as_file().sync_all()?;
        make_readable(draft.as_file())?;
        draft.persist(path).map_err(|refused| refused.error)?;
        Ok(())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn columns(&self) -> usize {
        terminal_size::terminal_size().map_or(100, |(terminal_size::Width(columns), _)| usize::from(columns))
    }

    fn no_colour(&self) -> bool {
        std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
    }

    fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn stderr_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    fn threads(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
}

/// Temporary files are made for their owner alone; a report is for others to read as well.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}
