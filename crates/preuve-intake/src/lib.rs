//! Bytes to items and diagnostics, one reader a format.
//!
//! [`read_material`] tells what a file is by its content, then by its name, and hands every item it finds to
//! a [`Sink`]; archives are unpacked in memory, tables read row by row. Nothing here opens a file, asks the
//! time or talks to a network, and no input makes it panic: what cannot be read becomes a diagnostic.
//!
//! | format | text | way back to the bytes |
//! |---|---|---|
//! | `.txt`, Markdown | exactly the file's, a UTF-8 byte-order mark included | exact; UTF-16 and legacy encodings to 64 bytes |
//! | HTML | headline and paragraphs of the article, blank lines between | paragraphs |
//! | PDF | text layer, paragraphs by layout | none |
//! | DOCX, ODT | paragraphs, blank lines between | none |
//! | CSV, JSON, JSONL | the text cell of a row | exact within the row |
//! | mail | the body of a message, as text | exact where it is plain; none in `.msg`, PST and OST |

mod archive;
mod columns;
mod contain;
mod date;
mod decode;
mod html;
mod language;
pub mod mail;
mod metadata;
mod office;
mod params;
mod pdf;
mod plain;
mod read;
mod sniff;
mod table;

pub use columns::{ColumnMapping, ColumnMappingError, Field};
pub use metadata::Metadata;
pub use params::IntakeParams;
pub use read::{FoundMessage, Sink, read_mailbox_message, read_material};
pub use sniff::{Kind, sniff};
