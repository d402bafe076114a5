//! What a message says of itself, and what is noticed when it is held against the others of the material. All of it
//! stands beside the verdict on its signatures ([`crate::MailVerdict`]) and never changes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CheckOutcome, ItemId};

/// Which message is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageRef {
    /// Path of the file it is, or of the mailbox it stands in.
    pub path: String,
    /// Its number in the mailbox, from 0.
    pub index: u64,
    /// SHA-256 of its bytes.
    pub id: ItemId,
}

/// A name and an address, as a header field gives them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The name shown before the address, decoded.
    pub name: Option<String>,
    /// The address, its domain in lower case.
    pub address: String,
}

/// A `Received` field (RFC 5321 §4.4): one hop on the way, as the receiving host wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Bytes of the field in the message.
    pub bytes: (u64, u64),
    /// Who handed the message over, as written after `from`.
    pub from: Option<String>,
    /// Who took it, as written after `by`.
    pub by: Option<String>,
    /// When, in seconds since 1970.
    pub date: Option<i64>,
    /// Zone of that time, in minutes east of UTC.
    pub zone_minutes: Option<i32>,
}

/// A link in the body: what is shown, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShownLink {
    /// The words a reader sees; `None` in plain text, where the address is shown.
    pub shown: Option<String>,
    /// The address it leads to, as written. Never followed; defanged wherever it is shown.
    pub target: String,
    /// Bytes in the message, where they can be told.
    pub bytes: Option<(u64, u64)>,
}

/// A part of the body (RFC 2045), without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDigest {
    /// Media type as declared, lower case.
    pub declared: Option<String>,
    /// Media type by content, where the content tells.
    pub sniffed: Option<String>,
    /// File name as declared.
    pub name: Option<String>,
    /// Length of the decoded content in bytes.
    pub len: u64,
    /// SHA-256 of the decoded content; of a text that is shown as the message, without what storing does to it
    /// (line ends, `>From `, blank lines at the end).
    pub id: ItemId,
    /// Bytes of the part in the message.
    pub bytes: (u64, u64),
}

/// A line of text by the hash of its words, for finding it again elsewhere. A line is a sentence or a paragraph
/// without an end mark, so that wrapping it anew changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinePrint {
    /// Hash of the line's words, folded.
    pub hash: u64,
    /// Number of letters and digits it was made from.
    pub letters: u32,
    /// Bytes in the message, where they can be told; `(0, 0)` elsewhere.
    pub bytes: (u64, u64),
}

/// Something about how a message is put together, noticed while its bytes were read (`structure.*`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StructureNote {
    /// Stable name (`structure.boundary_not_closed`).
    pub name: String,
    /// Bytes of the message it rests on.
    pub bytes: Vec<(u64, u64)>,
    /// Figures and names, by name.
    pub facts: BTreeMap<String, String>,
}

/// What one message says of itself, read once from its bytes. Its lists are bounded, so that it is small whatever
/// the size of the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageDigest {
    /// Which message.
    pub at: MessageRef,
    /// `Message-ID` without brackets.
    pub message_id: Option<String>,
    /// `Date` in seconds since 1970.
    pub date: Option<i64>,
    /// Zone of `Date` in minutes east of UTC.
    pub zone_minutes: Option<i32>,
    /// `From`.
    pub from: Vec<Address>,
    /// `Reply-To`.
    pub reply_to: Vec<Address>,
    /// `To` and `Cc`.
    pub to: Vec<Address>,
    /// `Subject`, decoded.
    pub subject: Option<String>,
    /// `In-Reply-To`, ids without brackets.
    pub in_reply_to: Vec<String>,
    /// `References`, ids without brackets, oldest first.
    pub references: Vec<String>,
    /// `Received` fields, from the top (the last hop first).
    pub received: Vec<Hop>,
    /// Program that wrote it (`X-Mailer`, `User-Agent`), where it says so.
    pub client: Option<String>,
    /// Links of the body.
    pub links: Vec<ShownLink>,
    /// Parts of the body.
    pub parts: Vec<PartDigest>,
    /// What was noticed about how the parts are put together.
    #[serde(default)]
    pub structure: Vec<StructureNote>,
    /// Lines the author wrote.
    pub own_lines: Vec<LinePrint>,
    /// Lines quoted from somebody else.
    pub quoted_lines: Vec<LinePrint>,
}

/// What an [`Observation`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationKind {
    /// Times: Date, hops, key windows, signature times.
    Time,
    /// The way the message took.
    Route,
    /// Parts and types.
    Structure,
    /// Its place among the messages it answers or is answered by.
    Thread,
    /// The same words or the same message found elsewhere.
    Corroboration,
    /// A trait of mail made to deceive its reader.
    Lure,
}

/// Something noticed about a message beside its signatures. It raises or lowers nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// What it is about.
    pub kind: ObservationKind,
    /// Stable name (`time.date_after_first_hop`); methods list them all.
    pub name: String,
    /// Whether things fit (`pass`), do not (`fail`), are worth knowing (`note`) or could not be told (`not_checked`).
    pub outcome: CheckOutcome,
    /// Bytes of the message it rests on.
    pub bytes: Vec<(u64, u64)>,
    /// Other messages it rests on, at most a few.
    pub others: Vec<MessageRef>,
    /// The figures and names of the sentence, by name; reports put them into words.
    pub facts: BTreeMap<String, String>,
    /// The fact, English, one sentence without a full stop; addresses of links defanged.
    pub note: String,
}

/// Messages that answer one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailThread {
    /// The messages at hand, by date, then by path.
    pub members: Vec<MessageRef>,
    /// `Message-ID`s that the members name and that are not at hand.
    pub missing: Vec<String>,
}
