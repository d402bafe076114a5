//! Renders the report of a planted mailbox: `cargo run -p preuve-report --example mailbox -- OUT [fr]`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "an example stops where it fails"
)]

use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use preuve_case::Diagnostic;
use preuve_report::{
    Article, HtmlParams, JsonParams, Provenance, Report, ReportInput, ReportLang, SummaryParams, write_html,
    write_json, write_summary,
};

#[path = "../tests/report/planted.rs"]
mod planted;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let out = PathBuf::from(words.next().ok_or("name a folder to write to")?);
    let lang = if words.next().as_deref() == Some("fr") { ReportLang::Fr } else { ReportLang::En };
    let mailbox = planted::mailbox();
    let provenance = Provenance {
        program: "preuve".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        command: ["preuve", "examine", "leak", "--keys", "keys"].map(str::to_owned).into(),
        parameters: Vec::new(),
        generated: None,
    };
    let articles: Vec<Article<'_>> = Vec::new();
    let input = ReportInput {
        title: Some("The Orvane mailbox"),
        provenance: &provenance,
        articles: &articles,
        messages: Some(&mailbox),
        claims: Some(&[]),
        diagnostics: &[Diagnostic::new(
            "leak/archive.pst",
            preuve_case::Severity::Warning,
            "intake::mail_bytes_gone",
            "the format keeps no original bytes; its messages cannot be checked again",
        )
        .hint("look for the mailbox that it was exported from")],
        links: &[],
    };
    let report = Report::build(&input)?;
    fs::create_dir_all(&out)?;
    let html = HtmlParams {
        lang,
        max_embedded_articles: 200,
        max_embedded_bytes: 2_000_000,
        max_listed_articles: 5_000,
        max_claims: 200,
        max_places: 40,
        max_comparisons: 60,
        max_comparison_bytes: 1_000_000,
        max_messages: 40,
        max_message_chars: 6_000,
        json_name: "report.json".into(),
    };
    write_html(&report, &html, &mut BufWriter::new(fs::File::create(out.join("report.html"))?))?;
    let mut json = BufWriter::new(fs::File::create(out.join("report.json"))?);
    write_json(&report, &JsonParams { with_text: true }, &mut json)?;
    json.flush()?;
    let summary = SummaryParams { lang, width: 110, colour: false, max_claims: 25, max_messages: 8 };
    Ok(write_summary(&report, &summary, &mut std::io::stdout().lock())?)
}
