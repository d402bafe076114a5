//! The way in: what the bytes are, which reader takes them, and what every item has in common.

use preuve_case::{Diagnostic, Format, Item, ItemId, ItemMeta, Severity, TextMap};

use crate::language::judge_language;
use crate::sniff::{Kind, sniff};
use crate::{IntakeParams, archive, html, mail, pdf, plain, table};

/// Takes what a reader finds, in the order of the material.
pub trait Sink {
    /// One item and its original bytes (of a table: the row's), whose SHA-256 is the item's id.
    fn item(&mut self, item: Item, original: &[u8]);
    /// One fact about bad or doubtful material; those about an item follow it.
    fn diagnostic(&mut self, diagnostic: Diagnostic);
    /// One mail message, byte for byte, before its words and attachments follow as items.
    fn message(&mut self, _message: FoundMessage<'_>) {}
    /// Whether items are of use; where only messages are, files that hold none are passed over.
    fn wants_items(&self) -> bool {
        true
    }
}

/// A mail message where it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundMessage<'m> {
    /// Path of the file it is, or of the mailbox it stands in; in a mailbox of Outlook, of the folder.
    pub path: &'m str,
    /// Its number in the mailbox or folder, from 0.
    pub index: u64,
    /// Its bytes.
    pub bytes: &'m [u8],
    /// Whether it was cut from a mailbox, where bodies may bear `>From ` quoting.
    pub in_mailbox: bool,
    /// Whether `bytes` are those that were sent. `.msg` and PST files keep none: theirs were put together from
    /// what the file holds, and no signature can be rechecked on them.
    pub original: bool,
    /// The message that this one was attached to.
    pub parent: Option<ItemId>,
}

/// Read one file: `path` as it is to be shown, `bytes` its content. Archives and tables give many items.
pub fn read_material(path: &str, bytes: &[u8], params: &IntakeParams, sink: &mut dyn Sink) {
    let budget = archive::Budget::new(params, bytes.len());
    Reading::new(params, sink, budget).read(path, bytes);
}

/// Read one message that was cut from a mailbox; `inner` is the path of its words.
pub fn read_mailbox_message(
    inner: &str,
    found: FoundMessage<'_>,
    params: &IntakeParams,
    sink: &mut dyn Sink,
) {
    let budget = archive::Budget::new(params, found.bytes.len());
    mail::take_message(&mut Reading::new(params, sink, budget), inner, found);
}

/// One call of [`read_material`]: its limits and where its findings go.
pub(crate) struct Reading<'a> {
    pub(crate) params: &'a IntakeParams,
    /// What is left for unpacking.
    pub(crate) budget: archive::Budget,
    /// The message that what is read now was attached to.
    pub(crate) parent: Option<ItemId>,
    /// Messages that are open within each other.
    pub(crate) mails: usize,
    sink: &'a mut dyn Sink,
}

/// What a reader knows of an item before it is one.
pub(crate) struct Draft<'a> {
    pub(crate) path: String,
    pub(crate) format: Format,
    pub(crate) original: &'a [u8],
    pub(crate) text: String,
    pub(crate) map: TextMap,
    pub(crate) meta: ItemMeta,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    /// The start of a reading.
    pub(crate) fn new(params: &'a IntakeParams, sink: &'a mut dyn Sink, budget: archive::Budget) -> Self {
        Self { params, budget, parent: None, mails: 0, sink }
    }

    /// Read a file or a member of an archive.
    pub(crate) fn read(&mut self, path: &str, bytes: &[u8]) {
        let kind = sniff(path, bytes);
        if !self.sink.wants_items() && holds_no_mail(&kind) {
            return;
        }
        match kind {
            Kind::Empty => {
                self.say(Diagnostic::new(path, Severity::Note, "intake::empty", "the file is empty"))
            }
            Kind::Text => plain::parse_plain(self, path, bytes, Format::Text),
            Kind::Markdown => plain::parse_plain(self, path, bytes, Format::Markdown),
            Kind::Csv => table::parse_table(self, path, bytes, table::Shape::Csv),
            Kind::Json => table::parse_table(self, path, bytes, table::Shape::Json),
            Kind::Jsonl => table::parse_table(self, path, bytes, table::Shape::Jsonl),
            Kind::Mail => mail::parse_mail(self, path, bytes),
            Kind::Ole => mail::parse_msg(self, path, bytes),
            Kind::Pst => mail::parse_pst(self, path, bytes),
            Kind::Html => html::parse_html(self, path, bytes),
            Kind::Pdf => pdf::parse_pdf(self, path, bytes),
            Kind::Zip => archive::parse_zip(self, path, bytes),
            Kind::Gzip => archive::parse_gzip(self, path, bytes),
            Kind::Tar => archive::parse_tar(self, path, bytes),
            Kind::Unsupported(name) => self.say(unsupported(path, name)),
        }
    }

    /// Pass a diagnostic on.
    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        self.sink.diagnostic(diagnostic);
    }

    /// Whether items are of use.
    pub(crate) fn wants_items(&self) -> bool {
        self.sink.wants_items()
    }

    /// Pass a message on.
    pub(crate) fn found(&mut self, message: FoundMessage<'_>) {
        self.sink.message(message);
    }

    /// Make the item, tell its language, and pass both on; a draft without any text is only said.
    pub(crate) fn finish(&mut self, draft: Draft<'_>) {
        let Draft { path, format, original, text, map, mut meta, diagnostics } = draft;
        if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
            for mut diagnostic in diagnostics {
                diagnostic.path.clone_from(&path);
                self.say(diagnostic);
            }
            return self.say(Diagnostic::new(path, Severity::Warning, "intake::no_text", "it holds no text"));
        }
        let (lang, about_lang) = judge_language(&text, meta.lang_tag.as_deref());
        let date = meta.published.is_none().then(|| meta.published_raw.clone()).flatten();
        if let Some(read) = date.as_deref().and_then(crate::date::parse_date) {
            meta.published = Some(read);
            meta.published_raw = None;
        }
        let about_date = meta.published_raw.as_deref().map(unread_date);
        let id = ItemId::of(original);
        let byte_len = original.len() as u64;
        let parent = self.parent;
        let item = Item { id, path: path.clone(), format, byte_len, text, map, lang, meta, parent };
        self.sink.item(item, original);
        for mut diagnostic in diagnostics.into_iter().chain(about_lang).chain(about_date) {
            diagnostic.path.clone_from(&path);
            self.say(diagnostic.for_item(id));
        }
    }
}

/// Whether no mail message can be in a file of this kind.
fn holds_no_mail(kind: &Kind) -> bool {
    use Kind::{Csv, Html, Json, Jsonl, Markdown, Pdf, Text};
    matches!(kind, Text | Markdown | Csv | Json | Jsonl | Html | Pdf)
}

fn unread_date(raw: &str) -> Diagnostic {
    let shown: String = raw.chars().take(60).collect();
    let message = format!("its date `{shown}` could not be read as a time; it is kept as written");
    Diagnostic::new("", Severity::Note, "intake::date_unread", message)
}

/// What to say of a format without a reader.
pub(crate) fn unsupported(path: &str, name: &str) -> Diagnostic {
    Diagnostic::new(path, Severity::Error, "intake::unsupported_format", format!("no reader for it: {name}"))
}
