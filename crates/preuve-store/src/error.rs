//! What can go wrong with a case on disk.

use std::path::PathBuf;

use preuve_case::InvalidItemId;

/// A fault of the case, the disk or the person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder holds no `case.db`.
    #[error("{}: is no case: it holds no `case.db`", .0.display())]
    NotACase(PathBuf),
    /// There is a case already.
    #[error("{}: is a case already", .0.display())]
    Exists(PathBuf),
    /// The folder holds other things.
    #[error("{}: is not empty, so no case was made in it", .0.display())]
    NotEmpty(PathBuf),
    /// Made by a later version of the program.
    #[error("{}: was made by a newer version of preuve (case format {found}, this one knows up to {known})", folder.display())]
    Newer {
        /// The case.
        folder: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// The database is not one of ours.
    #[error("{}: `case.db` is not a case of preuve", .0.display())]
    Foreign(PathBuf),
    /// Another process writes.
    #[error("{}: another preuve is writing to this case", .0.display())]
    InUse(PathBuf),
    /// No item of the case has this path or id.
    #[error("no item of the case is called `{0}`")]
    UnknownItem(String),
    /// Several items of the case have this path or start of an id.
    #[error("`{0}` is more than one item of the case")]
    AmbiguousItem(String),
    /// A row that the program cannot have written.
    #[error("the case holds a row that makes no sense: {0}")]
    Corrupt(String),
    /// The file system refused.
    #[error("{}: could not be {verb}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried, as a participle.
        verb: &'static str,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The database refused.
    #[error("the case's database refused")]
    Database(#[from] rusqlite::Error),
    /// A value could not be written as, or read from, JSON.
    #[error("a row of the case is no valid JSON")]
    Json(#[from] serde_json::Error),
}

impl StoreError {
    /// What the person can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotACase(folder) => format!("run `preuve case new {}` to make one", folder.display()),
            Self::Exists(folder) => format!("run `preuve case add {} PATH…` to add to it", folder.display()),
            Self::NotEmpty(_) => "give a folder that does not exist yet".to_owned(),
            Self::Newer { .. } => "update preuve; `preuve --version` tells which one runs here".to_owned(),
            Self::InUse(_) => "wait for the other command to end, then run this one again".to_owned(),
            Self::UnknownItem(_) | Self::AmbiguousItem(_) => {
                "run `preuve case status DIR --items` to list paths and ids".to_owned()
            }
            Self::Corrupt(_) | Self::Json(_) => "run `preuve case check DIR`".to_owned(),
            Self::Database(error) => return database_hint(error),
            Self::Foreign(_) | Self::Io { .. } => return None,
        };
        Some(hint)
    }

    pub(crate) fn io(path: impl Into<PathBuf>, verb: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, verb, source }
    }
}

fn database_hint(error: &rusqlite::Error) -> Option<String> {
    use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase, ReadOnly, SystemIoFailure};
    let hint = match error.sqlite_error_code()? {
        DiskFull | SystemIoFailure => {
            "make room on the disk, then run the same command again; it goes on from there"
        }
        ReadOnly => "look at the permissions of the case's folder with `ls -l`",
        DatabaseCorrupt | NotADatabase => {
            "keep the folder as it is and restore `case.db` from a copy; the originals are plain files"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

impl From<InvalidItemId> for StoreError {
    fn from(invalid: InvalidItemId) -> Self {
        Self::Corrupt(invalid.to_string())
    }
}
