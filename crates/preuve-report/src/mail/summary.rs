//! The mail in the terminal: verdicts with their counts, the first messages to look at, the keys to look for.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::{Interest, Mail, choose, mail_day, verdict_words};
use crate::summary::{NARROWEST, Pen, fit};
use crate::visible::one_line;
use crate::words::Words;
use crate::{ReportError, ReportLang, SummaryParams};

/// Names of keys written out.
const LISTED_KEYS: usize = 3;
const SENDER: usize = 30;

/// Writes the part about mail.
pub(crate) fn write_mail(
    mail: &Mail<'_>,
    params: &SummaryParams,
    pen: Pen,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let width = params.width.max(NARROWEST);
    writeln!(out)?;
    writeln!(out, "{}", pen.faint(Words::new("MAIL", "COURRIER").get(pen.lang)))?;
    for (verdict, count) in &mail.figures.verdicts {
        writeln!(out, "{count:>8}  {}", verdict_words(*verdict).get(pen.lang))?;
    }
    write_first(mail, params, width, pen, out)?;
    write_keys(mail, width, pen, out)
}

/// The messages to look at first.
fn write_first(
    mail: &Mail<'_>,
    params: &SummaryParams,
    width: usize,
    pen: Pen,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let wanted =
        |index: &usize| !matches!(Interest::of(&mail.heads[*index]), Interest::Rest | Interest::Corroborated);
    let chosen: Vec<usize> = choose(&mail.heads, params.max_messages).into_iter().filter(wanted).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{}", pen.faint(Words::new("TO LOOK AT FIRST", "À REGARDER D’ABORD").get(pen.lang)))?;
    for index in chosen {
        writeln!(out, "{}", fit(&line(mail, index, pen.lang)?, width))?;
    }
    Ok(())
}

fn line(mail: &Mail<'_>, index: usize, lang: ReportLang) -> Result<String, ReportError> {
    let message = mail.load(index)?;
    let verdict = padded(verdict_words(message.finding.verdict).get(lang), verdict_width(lang));
    let day = mail_day(&message.digest).map_or_else(|| "–".to_owned(), |day| day.to_string());
    let from = message.digest.from.first().map_or("–", |from| from.address.as_str());
    let sender = padded(&fit(&one_line(from), SENDER), SENDER);
    let subject = one_line(message.digest.subject.as_deref().unwrap_or_default());
    Ok(format!("{verdict}  {day:<10}  {sender}  {subject}").trim_end().to_owned())
}

fn verdict_width(lang: ReportLang) -> usize {
    match lang {
        ReportLang::En => 25,
        ReportLang::Fr => 28,
    }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn write_keys(mail: &Mail<'_>, width: usize, pen: Pen, out: &mut dyn Write) -> Result<(), ReportError> {
    let gaps = mail.gaps.ranked();
    if gaps.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{}", pen.faint(Words::new("KEYS TO LOOK FOR", "CLÉS À RETROUVER").get(pen.lang)))?;
    for gap in gaps.iter().take(LISTED_KEYS) {
        writeln!(out, "{}", fit(&format!("{:>8}  {}", gap.messages, one_line(&gap.name)), width))?;
    }
    if gaps.len() > LISTED_KEYS {
        let words = Words::new("more, in the report", "de plus, dans le rapport");
        writeln!(out, "… {} {}", gaps.len() - LISTED_KEYS, words.get(pen.lang))?;
    }
    Ok(())
}
