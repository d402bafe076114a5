//! Assessments to bytes: one view of the case, written as an HTML page, as JSON or as a table for the terminal.
//!
//! ```text
//! ReportInput ──► Report (one pass over articles and mail) ──► write_html · write_json · write_summary
//! ```
//! Pure: no clock, no environment, no network; the same input gives the same bytes. Nothing from the material is
//! written unescaped, and every statement leads to the place in the material where it rests.

mod error;
mod glossary;
mod html;
mod input;
mod json;
mod labels;
mod mail;
mod params;
mod phrases;
mod summary;
mod view;
mod visible;
mod words;

pub use error::ReportError;
pub use html::write_html;
pub use input::{Article, Articles, LoadError, MailMessage, Messages, Provenance, ReportInput, ReportLang};
pub use json::write_json;
pub use params::{HtmlParams, JsonParams, SummaryParams};
pub use summary::write_summary;
pub use view::Report;
