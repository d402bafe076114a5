//! Mailboxes of Outlook (`.pst`, `.ost`; MS-PST), read message by message from wherever they lie: memory holds the
//! list of messages (24 bytes each), some pages of the file's index, and one message.
//!
//! What is damaged is told with its place, and the rest is read: where a page of the index is broken or cut off, the
//! whole file is looked through for pages that are not.

mod block;
mod context;
mod file;
mod folders;
mod heap;
mod message;
mod page;
mod salvage;
mod tables;

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, Severity};

pub use file::ReadSeek;

use self::block::Blocks;
use self::file::{Fault, File};
use self::folders::Folders;
use self::message::{Taken, one_number, one_text, read_message};
use self::page::Trees;
use super::properties::tag;
use super::rebuilt::{Rebuilt, note_rebuilt, take_rebuilt};
use crate::archive::Budget;
use crate::read::Reading;
use crate::{IntakeParams, Sink};

/// The node that holds what is said of the whole file.
const STORE: u32 = 0x21;
/// Messages that could not be read, told one by one; the others are counted.
const MOST_TOLD: u64 = 100;
/// Classes of things that are told by name.
const MOST_CLASSES: usize = 40;

/// A mailbox of Outlook, message by message.
pub struct OutlookMailbox<'f> {
    path: String,
    blocks: Blocks<'f>,
    folders: Folders,
    most_bytes: u64,
    /// Number of the next entry, and its number in its folder.
    next: usize,
    in_folder: u64,
    unread: u64,
    others: BTreeMap<String, u64>,
    other_classes: u64,
    diagnostics: Vec<Diagnostic>,
}

/// A message of an Outlook mailbox, put together from what the file holds of it.
#[derive(Debug)]
pub struct OutlookMessage {
    /// Path of the mailbox and of the folder in it.
    folder: String,
    /// Its number in the folder, from 0.
    index: u64,
    message: Box<Rebuilt>,
}

impl OutlookMessage {
    /// About how many bytes it and its attachments take.
    pub fn size(&self) -> usize {
        self.message.size()
    }
}

impl<'f> OutlookMailbox<'f> {
    /// Open the mailbox at `path`, which `reader` gives. Of one message `most_bytes` are read.
    ///
    /// # Errors
    /// A diagnostic where it is no mailbox, or of a kind that there is no reader for.
    pub fn open(
        path: &str,
        reader: Box<dyn ReadSeek + 'f>,
        most_bytes: u64,
    ) -> Result<Self, Box<Diagnostic>> {
        let unreadable =
            |fault: Fault| Box::new(tell(path, "intake::mail_unreadable", Severity::Error, &fault));
        let file = File::open(reader).map_err(unreadable)?;
        let mut blocks = Blocks { file, trees: Trees::default(), room: most_bytes };
        let nodes = blocks.trees.list_nodes(&mut blocks.file);
        let store = nodes.iter().find(|node| node.id == STORE).copied();
        let folders = Folders::list(&mut blocks, &nodes);
        let mut mailbox = Self {
            path: path.to_owned(),
            blocks,
            folders,
            most_bytes,
            next: 0,
            in_folder: 0,
            unread: 0,
            others: BTreeMap::new(),
            other_classes: 0,
            diagnostics: Vec::new(),
        };
        mailbox.tell_opened();
        if let Some(store) = store {
            mailbox.tell_password(store.data, store.inner);
        }
        Ok(mailbox)
    }

    /// What is to be told of the file so far; each is given once.
    pub fn diagnostics(&mut self) -> Vec<Diagnostic> {
        let faults = std::mem::take(&mut self.blocks.trees.faults);
        if !faults.is_empty() {
            self.diagnostics.extend(
                faults.iter().map(|fault| tell(&self.path, "intake::mail_index", Severity::Error, fault)),
            );
            let told = "its index is damaged or cut off; the messages that the rest of the file leads to were read, \
                        and some of them may have been deleted before";
            self.say("intake::mail_salvaged", Severity::Warning, told.to_owned());
        }
        std::mem::take(&mut self.diagnostics)
    }

    /// Pass over so many entries, which an earlier reading took.
    pub fn skip(&mut self, entries: u64) {
        for _ in 0..entries {
            let Some(entry) = self.folders.entries.get(self.next).copied() else { return };
            self.advance();
            self.blocks.room = self.most_bytes;
            if let Ok(class) = one_text(&mut self.blocks, entry.data, entry.inner, tag::CLASS) {
                let class = class.unwrap_or_default();
                if !message::is_mail(&class) {
                    self.count_other(class);
                }
            }
            self.blocks.file.doubts.clear();
        }
    }

    /// How many entries were read or passed over: messages, things that are none, and what could not be read.
    pub fn position(&self) -> u64 {
        self.next as u64
    }

    /// The next message that can be read; things that are none and messages that cannot are counted.
    pub fn next_message(&mut self) -> Option<OutlookMessage> {
        loop {
            let entry = self.folders.entries.get(self.next).copied()?;
            self.advance();
            if self.blocks.file.is_spent() {
                let left = self.folders.entries.len() - self.next + 1;
                self.next = self.folders.entries.len();
                let told = format!("its parts are used over and over; {left} of its messages were not read");
                self.say("intake::mail_too_long", Severity::Error, told);
                return None;
            }
            self.blocks.room = self.most_bytes;
            let read = read_message(&mut self.blocks, entry.data, entry.inner);
            let doubts = std::mem::take(&mut self.blocks.file.doubts);
            let folder = format!("{}!/{}", self.path, self.folders.path(&entry));
            match read {
                Ok(Taken::Mail(mut message)) => {
                    message.lost.extend(doubts.iter().map(in_words));
                    return Some(OutlookMessage { folder, index: self.in_folder - 1, message });
                }
                Ok(Taken::Other(class)) => self.count_other(class),
                Err(fault) => self.tell_unread(&inner_path(&folder, self.in_folder - 1), &fault),
            }
        }
    }

    /// What the whole mailbox held besides messages; to be called when there are no more.
    pub fn finish(&mut self) -> Vec<Diagnostic> {
        if self.unread > MOST_TOLD {
            let told = format!("{} more of its messages could not be read", self.unread - MOST_TOLD);
            self.say("intake::mail_unreadable", Severity::Error, told);
        }
        let mut others: Vec<String> =
            self.others.iter().map(|(class, count)| format!("{count} `{class}`")).collect();
        if self.other_classes > 0 {
            others.push(format!("{} of other classes", self.other_classes));
        }
        if !others.is_empty() {
            let told = format!("these of its items are no messages and were not read: {}", others.join(", "));
            self.say("intake::mail_other_items", Severity::Warning, told);
        }
        self.others.clear();
        self.diagnostics()
    }

    fn advance(&mut self) {
        self.in_folder = if self.folders.opens_folder(self.next) { 1 } else { self.in_folder + 1 };
        self.next += 1;
    }

    fn say(&mut self, code: &str, severity: Severity, told: String) {
        self.diagnostics.push(Diagnostic::new(&self.path, severity, code, told));
    }

    fn tell_opened(&mut self) {
        let (len, told_len) = (self.blocks.file.len, self.blocks.file.told_len);
        if len < told_len {
            let told = format!("it was cut off: its header says {told_len} bytes, there are {len}");
            let diagnostic = Diagnostic::new(&self.path, Severity::Error, "intake::mail_cut", told);
            self.diagnostics.push(diagnostic.at_bytes(len, told_len));
        }
        for told in std::mem::take(&mut self.folders.told) {
            self.say("intake::mail_folders", Severity::Warning, told);
        }
        for fault in std::mem::take(&mut self.blocks.file.doubts) {
            self.diagnostics.push(tell(&self.path, "intake::mail_checksum", Severity::Warning, &fault));
        }
    }

    fn tell_password(&mut self, data: u64, inner: u64) {
        // Copies of a server's mailbox keep another number in that place.
        if self.blocks.file.of_server {
            return;
        }
        if one_number(&mut self.blocks, data, inner, tag::PASSWORD).ok().flatten().is_some_and(|sum| sum != 0)
        {
            let told = "Outlook asks for a password before it opens this file; the file keeps a checksum of the \
                        password and encrypts nothing with it, so it was read without";
            self.say("intake::mail_password", Severity::Note, told.to_owned());
        }
        self.blocks.file.doubts.clear();
    }

    fn count_other(&mut self, class: String) {
        let class: String = class.chars().filter(|c| !c.is_control() && *c != '`').take(60).collect();
        if self.others.len() < MOST_CLASSES || self.others.contains_key(&class) {
            *self.others.entry(class).or_default() += 1;
        } else {
            self.other_classes += 1;
        }
    }

    fn tell_unread(&mut self, inner: &str, fault: &Fault) {
        self.unread += 1;
        if self.unread <= MOST_TOLD {
            self.diagnostics.push(tell(inner, "intake::mail_unreadable", Severity::Error, fault));
        }
    }
}

fn in_words(fault: &Fault) -> String {
    match fault.at {
        Some((start, _)) => format!("it holds {} (byte {start} of the mailbox)", fault.what),
        None => format!("it holds {}", fault.what),
    }
}

fn tell(path: &str, code: &str, severity: Severity, fault: &Fault) -> Diagnostic {
    let diagnostic = Diagnostic::new(path, severity, code, format!("it holds {}", fault.what));
    match fault.at {
        Some((start, end)) => diagnostic.at_bytes(start, end),
        None => diagnostic,
    }
}

fn inner_path(folder: &str, index: u64) -> String {
    format!("{folder}/message-{}.eml", index + 1)
}

/// Read a mailbox that is in memory.
pub(crate) fn parse_pst(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let most = reading.params.max_member_bytes;
    let mut mailbox = match OutlookMailbox::open(path, Box::new(std::io::Cursor::new(bytes)), most) {
        Ok(mailbox) => mailbox,
        Err(diagnostic) => return reading.say(*diagnostic),
    };
    reading.say(note_rebuilt(path));
    mailbox.diagnostics().into_iter().for_each(|diagnostic| reading.say(diagnostic));
    // What is packed in one message is no reason to leave out the next.
    let outer = reading.budget;
    while let Some(message) = mailbox.next_message() {
        reading.budget = Budget::new(reading.params, message.size());
        reading.budget.depth = outer.depth;
        take(reading, &message);
        mailbox.diagnostics().into_iter().for_each(|diagnostic| reading.say(diagnostic));
    }
    reading.budget = outer;
    mailbox.finish().into_iter().for_each(|diagnostic| reading.say(diagnostic));
}

fn take(reading: &mut Reading<'_>, message: &OutlookMessage) {
    let inner = inner_path(&message.folder, message.index);
    take_rebuilt(reading, &message.folder, message.index, &inner, &message.message);
}

/// Read the words and attachments of one message of a mailbox.
pub fn read_outlook_message(message: &OutlookMessage, params: &IntakeParams, sink: &mut dyn Sink) {
    let budget = Budget::new(params, message.size());
    take(&mut Reading::new(params, sink, budget), message);
}

/// What is to be said, once, of every mailbox of Outlook.
pub fn outlook_note(path: &str) -> Diagnostic {
    note_rebuilt(path)
}
