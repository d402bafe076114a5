//! Parameters of the exporters. No defaults here: they live with the command's arguments.

use crate::ReportLang;

/// Parameters of [`crate::write_html`]. What a limit leaves out is named in the page, with a pointer to the JSON.
#[derive(Debug, Clone)]
pub struct HtmlParams {
    /// Language shown first; the page holds both.
    pub lang: ReportLang,
    /// Articles shown with their full, marked text (200 serves).
    pub max_embedded_articles: usize,
    /// Bytes of text of all the articles so shown (2 MB serves).
    pub max_embedded_bytes: usize,
    /// Articles listed (5,000 serves).
    pub max_listed_articles: usize,
    /// Claims with a card (200 serves).
    pub max_claims: usize,
    /// Places quoted on a claim's card (40 serves).
    pub max_places: usize,
    /// Pairs of texts shown side by side (60 serves).
    pub max_comparisons: usize,
    /// Bytes of text of all the pairs so shown (1 MB serves).
    pub max_comparison_bytes: usize,
    /// Messages shown with their text and checks (100 serves).
    pub max_messages: usize,
    /// Code points of each text of a message that are shown (6,000 serves).
    pub max_message_chars: usize,
    /// Name of the JSON report that lies beside the page.
    pub json_name: String,
}

/// Parameters of [`crate::write_json`].
#[derive(Debug, Clone)]
pub struct JsonParams {
    /// Whether each item carries its text, so that the loci can be followed without the case.
    pub with_text: bool,
}

/// Parameters of [`crate::write_summary`].
#[derive(Debug, Clone)]
pub struct SummaryParams {
    /// Language of the words.
    pub lang: ReportLang,
    /// Columns of the terminal; less than 60 is taken as 60.
    pub width: usize,
    /// Whether escape sequences for colour and weight may be written.
    pub colour: bool,
    /// Rows of the table of claims.
    pub max_claims: usize,
    /// Messages listed.
    pub max_messages: usize,
}
