//! What is wrong with the material, as data with a position.

use serde::{Deserialize, Serialize};

use crate::{ItemId, Span};

/// For fields that are left out where they are 0.
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// How much of the material a [`Diagnostic`] costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing was lost; the reader should know.
    Note,
    /// Part of the material may be misread.
    Warning,
    /// Part of the material, or all of the item, could not be read.
    Error,
}

/// A fact about bad or doubtful material. Reading goes on; report and command line show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Path of the material as given, members of archives behind `!/` (`leak.zip!/a/b.txt`).
    pub path: String,
    /// The item, where bytes were read far enough to have one.
    pub item: Option<ItemId>,
    /// Byte range of the original.
    pub bytes: Option<(u64, u64)>,
    /// Code points of the item's text.
    pub chars: Option<Span>,
    /// How much is lost.
    pub severity: Severity,
    /// Stable code, `stage::fact` (`intake::zip_bomb`, `text::glued_words`).
    pub code: String,
    /// One sentence: lower case, no full stop, back-ticks round literals.
    pub message: String,
    /// What the person can do, each starting with a verb.
    pub hints: Vec<String>,
    /// Others of the same code in the same file that it stands for: those are not told one by one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub like: u64,
}

impl Diagnostic {
    /// A diagnostic about the whole of `path`.
    pub fn new(
        path: impl Into<String>,
        severity: Severity,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            path: path.into(),
            item: None,
            bytes: None,
            chars: None,
            severity,
            code: code.into(),
            message: message.into(),
            hints: Vec::new(),
            like: 0,
        }
    }

    /// The same, about bytes `start..end` of the original.
    pub fn at_bytes(mut self, start: u64, end: u64) -> Self {
        self.bytes = Some((start, end));
        self
    }

    /// The same, about a span of the item's text.
    pub fn at_chars(mut self, span: Span) -> Self {
        self.chars = Some(span);
        self
    }

    /// The same, for an item that has an id.
    pub fn for_item(mut self, item: ItemId) -> Self {
        self.item = Some(item);
        self
    }

    /// The same with one more hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}
