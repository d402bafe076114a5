//! `report.html`: one self-contained page in two languages.

use std::io::Write;

use maud::{DOCTYPE, html};

use crate::{HtmlParams, Report, ReportError};

/// Writes the report as one HTML page that needs nothing but itself.
///
/// # Errors
/// [`ReportError::Load`] when the case cannot be read, [`ReportError::Write`] when `out` fails.
pub fn write_html(report: &Report<'_>, _params: &HtmlParams, out: &mut dyn Write) -> Result<(), ReportError> {
    let page = html! {
        (DOCTYPE)
        title { (report.input.title.unwrap_or("Preuve")) }
        p { (report.figures.articles) }
    };
    out.write_all(page.into_string().as_bytes())?;
    Ok(())
}
