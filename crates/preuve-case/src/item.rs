//! An item: one piece of material, its text and what is known of it.

use serde::{Deserialize, Serialize};

use crate::{ItemId, TextMap};

/// A language by its ISO 639-1 code, or [`Lang::Other`] for one the engines do not handle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Another language, or none that could be told.
    #[default]
    #[serde(rename = "und", other)]
    Other,
}

impl Lang {
    /// The languages the engines handle.
    pub const HANDLED: [Lang; 3] = [Lang::En, Lang::Fr, Lang::Es];

    /// The ISO 639-1 code, `und` for [`Lang::Other`].
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
            Lang::Es => "es",
            Lang::Other => "und",
        }
    }

    /// The language a tag such as `fr`, `fr-CA` or `es_MX` names.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" | "eng" => Lang::En,
            "fr" | "fra" | "fre" => Lang::Fr,
            "es" | "spa" => Lang::Es,
            _ => Lang::Other,
        }
    }
}

/// What kind of bytes the item's text was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text; the item's text is exactly the file's.
    Text,
    /// Markdown, kept as plain text.
    Markdown,
    /// HTML page; the item's text is the article.
    Html,
    /// PDF text layer.
    Pdf,
    /// Office Open XML document.
    Docx,
    /// OpenDocument text.
    Odt,
    /// A row of a table or a line of JSONL.
    Row,
    /// A mail message.
    Mail,
}

/// What the material says, or `--metadata` adds, about itself. Nothing here is verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemMeta {
    /// Headline.
    pub title: Option<String>,
    /// Who publishes.
    pub outlet: Option<String>,
    /// Author line.
    pub byline: Option<String>,
    /// Canonical address.
    pub url: Option<String>,
    /// Time of publication, UTC.
    pub published: Option<jiff::Timestamp>,
    /// The date as the material writes it, where it could not be read as a time.
    pub published_raw: Option<String>,
    /// Language tag as declared.
    pub lang_tag: Option<String>,
}

/// One piece of material that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// SHA-256 of the original bytes (of a table: of the row's bytes).
    pub id: ItemId,
    /// Path relative to the path given, `/` between folders, members of archives behind `!/`.
    pub path: String,
    /// Format it was read as.
    pub format: Format,
    /// Length of the original in bytes.
    pub byte_len: u64,
    /// The text the engines work on.
    pub text: String,
    /// The way back from the text to the original bytes.
    pub map: TextMap,
    /// Language of the text: declared where it is believable, else detected.
    pub lang: Lang,
    /// What the material says of itself.
    pub meta: ItemMeta,
    /// The item this one was attached to or packed in.
    pub parent: Option<ItemId>,
}
