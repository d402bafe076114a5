//! Writes mailboxes of Outlook (MS-PST) whose contents are known, in the three forms of the format.
//!
//! What it writes is what a reader needs: header, both indexes, nodes, blocks with their checksums, properties and
//! tables. It writes no allocation maps and says so in the header (`fAMapValid` is 0): a program that would write
//! into the file makes them first. `readpst` (pst-utils) and libpff read its files; the test `pst` of
//! `preuve-intake` holds its files against `readpst` where that is installed.

mod layout;
mod properties;
#[path = "../../../preuve-intake/src/mail/pst/tables.rs"]
mod tables;
mod things;

pub use things::planted_pst;

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PstForm {
    /// Of Outlook 97 to 2002.
    Ansi,
    /// Since Outlook 2003.
    Unicode,
    /// Of OST files since Outlook 2013: large pages, deflated blocks.
    Large,
}

/// How the data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PstEncoding {
    /// As it is.
    Plain,
    /// Byte by byte; Outlook's usual choice.
    Permuted,
    /// Depending on the place.
    Cyclic,
}

/// What is wrong with the file on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PstFlaw {
    /// The first folder lies within its own first folder.
    CircularFolders,
    /// The first attached message has itself attached.
    SelfAttached,
    /// The lists of blocks say 4 GB.
    HugeLists,
    /// The lists of blocks list themselves.
    EndlessLists,
    /// The messages of the first folder lie in one that is not there.
    LostFolder,
}

/// A mailbox to be written.
#[derive(Debug, Clone)]
pub struct PstPlan {
    /// The form of the file.
    pub form: PstForm,
    /// How its data is written.
    pub encoding: PstEncoding,
    /// Checksum of a password; 0 for none.
    pub password: u32,
    /// The folders below the one that Outlook shows at the top.
    pub folders: Vec<PstFolder>,
    /// What is wrong with it.
    pub flaw: Option<PstFlaw>,
}

/// A folder.
#[derive(Debug, Clone, Default)]
pub struct PstFolder {
    /// Its name.
    pub name: String,
    /// Folders in it.
    pub folders: Vec<PstFolder>,
    /// Messages in it.
    pub messages: Vec<PstMessage>,
}

/// A message, or something else that a folder may hold.
#[derive(Debug, Clone, Default)]
pub struct PstMessage {
    /// Its class, `IPM.Note` for a message.
    pub class: String,
    /// Subject.
    pub subject: String,
    /// Name and address of who sent it.
    pub sender: (String, String),
    /// When, in steps of 100 ns since 1601.
    pub sent: u64,
    /// Message-ID.
    pub message_id: String,
    /// The header as it arrived.
    pub headers: Option<String>,
    /// The words as text.
    pub text: Option<String>,
    /// The words as a page: bytes and their code page.
    pub page: Option<(Vec<u8>, u32)>,
    /// Kind (1 To, 2 Cc, 3 Bcc), name and address.
    pub recipients: Vec<(u32, String, String)>,
    /// What is attached.
    pub attachments: Vec<PstAttachment>,
}

/// An attachment.
#[derive(Debug, Clone)]
pub enum PstAttachment {
    /// A file: name and bytes.
    File(String, Vec<u8>),
    /// A message, by its name.
    Message(String, Box<PstMessage>),
    /// A file that the mailbox only names.
    Elsewhere(String),
}
