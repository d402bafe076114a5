//! The case on disk: a folder with a database, the originals and a journal. The only crate that knows SQL.
//!
//! ```text
//! my-case/
//!   case.db        SQLite in WAL mode: items and messages, where they were seen, findings, claims, keys, journal
//!   originals/     the bytes of every item, `ab/cdef…` by SHA-256, read-only
//!   lock           held while a command writes
//! ```
//!
//! Promises: an original is on the disk before the row that names it; a batch is there whole or not at all;
//! adding what is there already changes nothing, the journal included; a case made by a newer version is
//! refused. No clock: times come from the caller.

mod case;
mod check;
mod claims;
mod error;
mod findings;
mod items;
mod journal;
mod lines;
mod links;
mod mail_keys;
mod messages;
mod originals;
mod schema;
mod status;

pub use case::{Access, Case};
pub use check::CheckOutcome;
pub use error::StoreError;
pub use findings::Engine;
pub use items::{Added, Batch, MailTexts, ReadItem, ReadSource, Sighting};
pub use journal::{JournalEntry, Operation};
pub use mail_keys::MailKey;
pub use messages::{Bytes, Form, MailboxProgress, MessageRow, Observed, PackedMessage, ReadMessage};
pub use originals::{Kept, Originals};
pub use status::Status;
