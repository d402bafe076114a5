//! The originals: one read-only file for the bytes of each item, named by their SHA-256.
//!
//! A file appears under its name only when all its bytes are on the disk: written beside, synchronised, renamed.
//! A crash leaves at worst a draft (`.draft-…`), which the next command that writes takes away.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use preuve_case::ItemId;
use sha2::{Digest, Sha256};

use crate::StoreError;

const DRAFT: &str = ".draft-";

/// How the bytes of an item are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A copy of ours.
    Copy,
    /// A link to the file given.
    Link,
    /// Not by itself: it is a message, and those are kept where they stand (see [`crate::Bytes`]).
    Within,
    /// Not at all: a case that lasts one command.
    None,
}

impl Kept {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Link => "link",
            Self::Within | Self::None => "none",
        }
    }
}

/// The folder of originals. Cheap to clone; several threads may put files at once.
#[derive(Debug, Clone)]
pub struct Originals {
    /// `None`: nothing is kept; the case lasts one command.
    folder: Option<PathBuf>,
    /// Where the files lie that messages were read from, for a case that keeps nothing.
    elsewhere: Elsewhere,
}

type Elsewhere = Arc<Mutex<BTreeMap<ItemId, PathBuf>>>;

/// What the bytes of an original turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OriginalState {
    Sound,
    Changed,
    Missing,
}

impl Originals {
    pub(crate) fn under(case: &Path) -> Self {
        Self { folder: Some(case.join("originals")), elsewhere: Elsewhere::default() }
    }

    pub(crate) fn nowhere() -> Self {
        Self { folder: None, elsewhere: Elsewhere::default() }
    }

    pub(crate) fn create(&self) -> Result<(), StoreError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        fs::create_dir_all(folder).map_err(StoreError::io(folder, "made"))
    }

    /// Keep `bytes`, whose id is `id`. Afterwards they are on the disk, or an error says why not.
    pub fn put(&self, id: ItemId, bytes: &[u8]) -> Result<Kept, StoreError> {
        let Some(folder) = &self.folder else { return Ok(Kept::None) };
        let place = place_of(folder, id);
        if fs::symlink_metadata(&place)
            .is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64)
        {
            return Ok(Kept::Copy);
        }
        write_whole(&place, |draft| draft.write_all(bytes)).map_err(StoreError::io(&place, "written"))?;
        Ok(Kept::Copy)
    }

    /// Keep a link to the file at `target`, whose bytes have the id `id`. A copy that is there already stays.
    pub fn link(&self, id: ItemId, target: &Path) -> Result<Kept, StoreError> {
        let Some(folder) = &self.folder else { return Ok(Kept::None) };
        let place = place_of(folder, id);
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_file() => return Ok(Kept::Copy),
            Ok(_) => return Ok(Kept::Link),
            Err(_) => {}
        }
        let target = fs::canonicalize(target).map_err(StoreError::io(target, "found"))?;
        make_parent(&place)
            .and_then(|()| symlink(&target, &place))
            .map_err(StoreError::io(&place, "linked"))?;
        Ok(Kept::Link)
    }

    /// Keep a copy of the file at `source`, whose bytes have the id `id`, without holding it in memory.
    pub fn copy(&self, id: ItemId, source: &Path) -> Result<Kept, StoreError> {
        let Some(folder) = &self.folder else { return Ok(Kept::None) };
        let place = place_of(folder, id);
        let len = fs::metadata(source).map_err(StoreError::io(source, "read"))?.len();
        if fs::symlink_metadata(&place).is_ok_and(|found| found.is_file() && found.len() == len) {
            return Ok(Kept::Copy);
        }
        let fill = |draft: &mut File| io::copy(&mut File::open(source)?, draft).map(|_| ());
        write_whole(&place, fill).map_err(StoreError::io(&place, "written"))?;
        Ok(Kept::Copy)
    }

    /// Remember, for as long as the case is open, that the bytes with the id `id` lie at `place`.
    pub fn remember(&self, id: ItemId, place: &Path) {
        let mut elsewhere = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        elsewhere.insert(id, place.to_owned());
    }

    /// Where the bytes with the id `id` lie, if they are kept or remembered.
    fn place(&self, id: ItemId) -> Option<PathBuf> {
        let kept = self.folder.as_deref().map(|folder| place_of(folder, id));
        let elsewhere = || self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        kept.filter(|place| place.exists()).or_else(elsewhere)
    }

    /// `length` bytes of an original from `start`; `None` where it is not kept or shorter.
    pub fn read_range(&self, id: ItemId, start: u64, length: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(place) = self.place(id) else { return Ok(None) };
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&place)?;
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            file.take(length).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(StoreError::io(&place, "read"))?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 == length))
    }

    /// The bytes of an original.
    pub fn read(&self, id: ItemId) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let place = place_of(folder, id);
        match fs::read(&place) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io(&place, "read")(error)),
        }
    }

    /// Whether the bytes still have the id they are named by; read in pieces.
    pub(crate) fn state(&self, id: ItemId) -> OriginalState {
        let Some(folder) = &self.folder else { return OriginalState::Missing };
        match digest_of(&place_of(folder, id)) {
            Ok(digest) if digest == id => OriginalState::Sound,
            Ok(_) => OriginalState::Changed,
            Err(_) => OriginalState::Missing,
        }
    }

    /// Take away what an interrupted command left half-written.
    pub(crate) fn remove_drafts(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        for shelf in fs::read_dir(folder)? {
            let shelf = shelf?.path();
            if !shelf.is_dir() {
                continue;
            }
            for file in fs::read_dir(&shelf)? {
                let file = file?;
                if file.file_name().to_string_lossy().starts_with(DRAFT) {
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(())
    }

    /// Ids of all files there, sorted; other names are given as they are.
    pub(crate) fn list(&self) -> io::Result<Vec<Result<ItemId, String>>> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for shelf in fs::read_dir(folder)? {
            let shelf = shelf?;
            let prefix = shelf.file_name().to_string_lossy().into_owned();
            if !shelf.path().is_dir() {
                found.push(Err(prefix));
                continue;
            }
            for file in fs::read_dir(shelf.path())? {
                let name = file?.file_name().to_string_lossy().into_owned();
                found.push(format!("{prefix}{name}").parse().map_err(|_| format!("{prefix}/{name}")));
            }
        }
        found.sort();
        Ok(found)
    }
}

fn place_of(folder: &Path, id: ItemId) -> PathBuf {
    let hex = id.to_string();
    let (shelf, name) = hex.split_at(2);
    folder.join(shelf).join(name)
}

fn make_parent(place: &Path) -> io::Result<()> {
    place.parent().map_or(Ok(()), fs::create_dir_all)
}

fn write_whole(place: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    make_parent(place)?;
    let folder = place.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder)?;
    fill(draft.as_file_mut())?;
    let mut permissions = draft.as_file().metadata()?.permissions();
    permissions.set_readonly(true);
    draft.as_file().set_permissions(permissions)?;
    draft.as_file().sync_all()?;
    draft.persist(place).map_err(|refused| refused.error)?;
    sync_folder(folder)
}

/// The rename itself is durable only when the folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn symlink(target: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn symlink(target: &Path, place: &Path) -> io::Result<()> {
    fs::copy(target, place).map(|_| ())
}

fn digest_of(place: &Path) -> io::Result<ItemId> {
    let mut file = File::open(place)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(ItemId::from_digest(hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_are_read_only() {
        let folder = tempfile::tempdir().unwrap();
        let originals = Originals::under(folder.path());
        originals.create().unwrap();
        let id = ItemId::of(b"abc");
        assert_eq!(originals.put(id, b"abc").unwrap(), Kept::Copy);
        assert_eq!(originals.put(id, b"abc").unwrap(), Kept::Copy);
        assert_eq!(originals.read(id).unwrap().as_deref(), Some(&b"abc"[..]));
        assert_eq!(originals.state(id), OriginalState::Sound);
        let place = place_of(&folder.path().join("originals"), id);
        assert!(fs::metadata(&place).unwrap().permissions().readonly());
        assert_eq!(originals.list().unwrap(), [Ok(id)]);
    }

    #[test]
    fn a_changed_link_target_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        fs::write(&file, "abc").unwrap();
        let originals = Originals::under(folder.path());
        originals.create().unwrap();
        let id = ItemId::of(b"abc");
        assert_eq!(originals.link(id, &file).unwrap(), Kept::Link);
        assert_eq!(originals.state(id), OriginalState::Sound);
        fs::write(&file, "abd").unwrap();
        assert_eq!(originals.state(id), OriginalState::Changed);
        fs::remove_file(&file).unwrap();
        assert_eq!(originals.state(id), OriginalState::Missing);
    }

    #[test]
    fn drafts_are_taken_away_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let originals = Originals::under(folder.path());
        originals.put(ItemId::of(b"abc"), b"abc").unwrap();
        let shelf = folder.path().join("originals").join("ba");
        fs::write(shelf.join(".draft-x"), "half").unwrap();
        assert_eq!(originals.list().unwrap().len(), 2);
        originals.remove_drafts().unwrap();
        assert_eq!(originals.list().unwrap(), [Ok(ItemId::of(b"abc"))]);
    }
}
