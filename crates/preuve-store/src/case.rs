//! Opening and making a case, and the operation that changes go under.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::{Operation, Originals, StoreError, journal, schema};

/// What a command wants of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To look.
    Read,
    /// To change it; one command at a time.
    Write,
}

/// The database while it is being made.
const DRAFT: &str = ".draft-case.db";

/// A case, open.
pub struct Case {
    pub(crate) db: Connection,
    folder: Option<PathBuf>,
    originals: Originals,
    /// Held until the case is closed; the system lets go of it when the process dies.
    _lock: Option<File>,
    operation: Option<Operation>,
    /// Number of `operation` in the journal, once it has changed something.
    entered: Option<i64>,
}

impl Case {
    /// Make a case in `folder`, which must be empty or not exist. `operation` becomes its first journal entry.
    pub fn create(folder: &Path, operation: Operation) -> Result<Self, StoreError> {
        if folder.join("case.db").exists() {
            return Err(StoreError::Exists(folder.to_owned()));
        }
        fs::create_dir_all(folder).map_err(StoreError::io(folder, "made"))?;
        if !is_free(folder).map_err(StoreError::io(folder, "read"))? {
            return Err(StoreError::NotEmpty(folder.to_owned()));
        }
        let lock = take_lock(folder)?;
        Originals::under(folder).create()?;
        // Under another name until it is whole, so that a crash here leaves no half-made case.
        let draft = folder.join(DRAFT);
        for left in [draft.clone(), folder.join(format!("{DRAFT}-journal"))] {
            if left.exists() {
                fs::remove_file(&left).map_err(StoreError::io(&left, "removed"))?;
            }
        }
        let mut db = Connection::open(&draft)?;
        schema::migrate(&mut db, folder)?;
        let transaction = db.transaction()?;
        journal::append(&transaction, &operation)?;
        transaction.commit()?;
        db.close().map_err(|(_, error)| error)?;
        let file = folder.join("case.db");
        fs::rename(&draft, &file).map_err(StoreError::io(&file, "made"))?;
        Self::connect(folder, Some(lock), OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Open the case in `folder`.
    pub fn open(folder: &Path, access: Access) -> Result<Self, StoreError> {
        if !folder.join("case.db").is_file() {
            return Err(StoreError::NotACase(folder.to_owned()));
        }
        let lock = if access == Access::Write { Some(take_lock(folder)?) } else { None };
        let case = Self::connect(folder, lock, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if access == Access::Write {
            case.originals().remove_drafts().map_err(StoreError::io(folder.join("originals"), "tidied"))?;
        }
        Ok(case)
    }

    fn connect(folder: &Path, lock: Option<File>, flags: OpenFlags) -> Result<Self, StoreError> {
        let mut db = Connection::open_with_flags(folder.join("case.db"), flags)?;
        schema::migrate(&mut db, folder)?;
        schema::configure(&db)?;
        let originals = Originals::under(folder);
        let folder = Some(folder.to_owned());
        Ok(Self { db, folder, originals, _lock: lock, operation: None, entered: None })
    }

    /// A case that lasts as long as the value: no originals are kept, and what does not fit a small cache goes to
    /// a temporary file that the system removes.
    pub fn temporary() -> Result<Self, StoreError> {
        let mut db = Connection::open("")?;
        schema::migrate(&mut db, Path::new("temporary case"))?;
        schema::configure(&db)?;
        db.pragma_update(None, "synchronous", "off")?;
        let originals = Originals::nowhere();
        Ok(Self { db, folder: None, originals, _lock: None, operation: None, entered: None })
    }

    /// The folder, unless the case is temporary.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Where the bytes of items are kept.
    pub fn originals(&self) -> Originals {
        self.originals.clone()
    }

    /// What follows is done under `operation`. It enters the journal with the first change.
    pub fn begin(&mut self, operation: Operation) {
        self.operation = Some(operation);
        self.entered = None;
    }

    /// Whether the operation under way has changed anything.
    pub fn changed(&self) -> bool {
        self.entered.is_some()
    }

    /// One transaction under the operation under way: `change` is given its number in the journal, which is
    /// entered only if `change` returns that it did change something; else all is rolled back.
    pub(crate) fn transact<R>(
        &mut self,
        change: impl FnOnce(&Transaction, i64) -> Result<(bool, R), StoreError>,
    ) -> Result<R, StoreError> {
        let operation =
            self.operation.as_ref().ok_or_else(|| StoreError::Corrupt("no operation was begun".into()))?;
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let number = match self.entered {
            Some(number) => number,
            None => journal::append(&transaction, operation)?,
        };
        let (changed, answer) = change(&transaction, number)?;
        if changed {
            transaction.commit()?;
            self.entered = Some(number);
        } else {
            transaction.rollback()?;
        }
        Ok(answer)
    }

    /// The journal, oldest entry first.
    pub fn journal(&self) -> Result<Vec<crate::JournalEntry>, StoreError> {
        journal::entries(&self.db)
    }
}

/// Whether a folder holds nothing, or no more than a crash while making a case leaves.
fn is_free(folder: &Path) -> std::io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let ours = ["originals", "lock"].iter().any(|known| name == *known);
        if !ours && !name.to_string_lossy().starts_with(DRAFT) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn take_lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(StoreError::io(&path, "opened"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(StoreError::io(&path, "locked")(error)),
    }
}
