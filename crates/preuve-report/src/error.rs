//! What stops a report: the disk, or a case that cannot be read. Bad material never does.

use crate::input::LoadError;

/// Why a report was not written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// An article could not be loaded from the case.
    #[error("article {index} could not be loaded")]
    Load {
        /// Its place in the list.
        index: usize,
        /// What the store met.
        #[source]
        source: LoadError,
    },
    /// A message could not be loaded from the case.
    #[error("message {index} could not be loaded")]
    LoadMessage {
        /// Its place in the list.
        index: usize,
        /// What the store met.
        #[source]
        source: LoadError,
    },
    /// The report could not be written.
    #[error("the report could not be written")]
    Write(#[from] std::io::Error),
    /// A value could not be put into JSON.
    #[error("the report could not be put into JSON")]
    Json(#[from] serde_json::Error),
}
