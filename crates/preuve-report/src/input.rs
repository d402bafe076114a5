//! What a report is made from, as the binary hands it over. Everything is borrowed or loaded one article at a
//! time, so that a case of any size can be reported in bounded memory. No clock: a time appears in a report
//! only where [`Provenance::generated`] gives one.

use std::borrow::Cow;

use preuve_case::{
    Claim, Diagnostic, Item, ItemAttributions, LineageFinding, LinkJudgement, MailThread, MessageDigest,
    MessageFinding, MessageRef, Observation, Span,
};
use serde::Serialize;

/// Language of the words around the material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportLang {
    /// English.
    En,
    /// French.
    Fr,
}

/// How the report came about, for the person who must show every step.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Provenance {
    /// Name of the program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// The command, one word an entry; without machine paths, where the report is to be the same everywhere.
    pub command: Vec<String>,
    /// Parameters of the engines as name and value, in a fixed order.
    pub parameters: Vec<(String, String)>,
    /// When, if that is to be said; with it two reports of one case are no longer byte-identical.
    pub generated: Option<jiff::Timestamp>,
}

/// One article with everything the engines found in it.
#[derive(Debug, Clone)]
pub struct Article<'a> {
    /// The item with its text.
    pub item: Cow<'a, Item>,
    /// Who says what in it; `None` where the engine did not run.
    pub attributions: Option<Cow<'a, ItemAttributions>>,
    /// Where its text comes from; `None` where the engine did not run.
    pub lineage: Option<Cow<'a, LineageFinding>>,
    /// What intake and the other engines had to say about this item.
    pub diagnostics: Cow<'a, [Diagnostic]>,
}

impl<'a> Article<'a> {
    /// An article whose parts the caller keeps in memory.
    pub fn borrowed(
        item: &'a Item,
        attributions: Option<&'a ItemAttributions>,
        lineage: Option<&'a LineageFinding>,
    ) -> Self {
        Self {
            item: Cow::Borrowed(item),
            attributions: attributions.map(Cow::Borrowed),
            lineage: lineage.map(Cow::Borrowed),
            diagnostics: Cow::Borrowed(&[]),
        }
    }
}

/// Signs of lineage that are damage of the text, with places of their own.
const DAMAGE: [&str; 5] = ["glued_words", "stray_stop", "stripped_link", "capital_article", "pronoun_slip"];

impl Article<'_> {
    /// Where the text shows damage, as lineage and diagnostics tell it.
    pub(crate) fn damaged(&self) -> Vec<Span> {
        let signs = self.lineage.iter().flat_map(|finding| &finding.signs);
        let signs = signs.filter(|sign| DAMAGE.contains(&sign.name.as_str())).flat_map(|sign| &sign.spans);
        let engine = self.attributions.iter().flat_map(|found| &found.diagnostics);
        let told = self.diagnostics.iter().chain(engine).filter(|told| told.code.starts_with("text::"));
        signs.copied().chain(told.filter_map(|told| told.chars)).collect()
    }
}

/// Why an article could not be loaded from the case.
pub type LoadError = Box<dyn std::error::Error + Send + Sync>;

/// The articles of the case in the order the report lists them. A store loads each when asked; a slice of
/// [`Article`] serves where everything is in memory.
pub trait Articles {
    /// How many there are.
    fn count(&self) -> usize;

    /// The article at `index`, below [`Articles::count`]. Called once or a few times for each.
    ///
    /// # Errors
    /// Whatever the store meets; the report stops with it.
    fn article(&self, index: usize) -> Result<Article<'_>, LoadError>;
}

impl Articles for [Article<'_>] {
    fn count(&self) -> usize {
        self.len()
    }

    fn article(&self, index: usize) -> Result<Article<'_>, LoadError> {
        self.get(index).cloned().ok_or_else(|| format!("no article at index {index}").into())
    }
}

impl Articles for Vec<Article<'_>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn article(&self, index: usize) -> Result<Article<'_>, LoadError> {
        self.as_slice().article(index)
    }
}

/// One mail message with everything the engines found about it.
#[derive(Debug, Clone)]
pub struct MailMessage<'a> {
    /// What it says of itself.
    pub digest: Cow<'a, MessageDigest>,
    /// What its signatures amount to.
    pub finding: Cow<'a, MessageFinding>,
    /// What was noticed beside its signatures.
    pub observations: Cow<'a, [Observation]>,
    /// The thread it stands in; `None` where it stands alone.
    pub thread: Option<Cow<'a, MailThread>>,
    /// Where else the same message was seen.
    pub seen_at: Cow<'a, [MessageRef]>,
}

/// The mail of the case in the order the report reads it. The report keeps a line of each in memory and loads those
/// it shows again, with their bytes.
pub trait Messages {
    /// How many there are.
    fn count(&self) -> usize;

    /// The message at `index`, below [`Messages::count`]. Called once or a few times for each.
    ///
    /// # Errors
    /// Whatever the store meets; the report stops with it.
    fn message(&self, index: usize) -> Result<MailMessage<'_>, LoadError>;

    /// The bytes of the message at `index`, those the places of its finding count in; `None` where the format
    /// keeps none. Called for the messages that the report shows in full.
    ///
    /// # Errors
    /// Whatever the store meets; the report stops with it.
    fn original(&self, index: usize) -> Result<Option<Cow<'_, [u8]>>, LoadError>;
}

/// Everything a report is made from.
pub struct ReportInput<'a> {
    /// Name of the case; `None`: the report calls itself by what it holds.
    pub title: Option<&'a str>,
    /// How it came about.
    pub provenance: &'a Provenance,
    /// The articles.
    pub articles: &'a dyn Articles,
    /// The mail; `None` where the case holds none.
    pub messages: Option<&'a dyn Messages>,
    /// The claims; `None` where they were not weighed.
    pub claims: Option<&'a [Claim]>,
    /// Diagnostics that belong to no article: files that could not be read, limits that were met.
    pub diagnostics: &'a [Diagnostic],
    /// Judgements of the analyst about links, in a fixed order.
    pub links: &'a [LinkJudgement],
}
