//! The table for the terminal: a claim a row where the terminal is wide enough, else a claim a block of lines.

use std::io::Write;

use preuve_case::{Claim, Interval};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::mail::write_mail;
use crate::phrases;
use crate::view::Report;
use crate::visible::one_line;
use crate::words::{self, Words};
use crate::{ReportError, ReportLang, SummaryParams};

/// Narrower terminals get blocks of lines instead of a table.
const TABLE_FROM: usize = 100;
pub(crate) const NARROWEST: usize = 60;

/// Writes the summary for the terminal.
///
/// # Errors
/// [`ReportError::Write`] when `out` fails.
pub fn write_summary(
    report: &Report<'_>,
    params: &SummaryParams,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let pen = Pen { colour: params.colour, lang: params.lang };
    writeln!(out, "{}", pen.strong(phrases::headline(&report.figures).get(params.lang)))?;
    let claims = report.claims();
    let shown = &claims[..claims.len().min(params.max_claims)];
    if !shown.is_empty() {
        writeln!(out)?;
        if params.width >= TABLE_FROM {
            write_table(shown, params.width, pen, out)?;
        } else {
            write_blocks(shown, params.width.max(NARROWEST), pen, out)?;
        }
        if shown.len() < claims.len() {
            let rest = claims.len() - shown.len();
            let words = Words::new("more, in the report", "de plus, dans le rapport");
            writeln!(out, "… {rest} {}", words.get(params.lang))?;
        }
    }
    if let Some(mail) = &report.mail {
        write_mail(mail, params, pen, out)?;
    }
    for (note, _) in phrases::caveats(&report.figures) {
        writeln!(out, "! {}", note.get(params.lang))?;
    }
    Ok(())
}

/// Writes weight and colour only where they are wanted.
#[derive(Clone, Copy)]
pub(crate) struct Pen {
    colour: bool,
    pub(crate) lang: ReportLang,
}

impl Pen {
    pub(crate) fn strong(self, text: &str) -> String {
        if self.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn faint(self, text: &str) -> String {
        if self.colour { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

struct Column {
    title: Words,
    /// Smallest width; columns of words share what is left over.
    width: usize,
    right: bool,
    grows: usize,
}

const fn words_column(en: &'static str, fr: &'static str, width: usize, grows: usize) -> Column {
    Column { title: Words::new(en, fr), width, right: false, grows }
}

const fn count_column(en: &'static str, fr: &'static str, width: usize) -> Column {
    Column { title: Words::new(en, fr), width, right: true, grows: 0 }
}

const COLUMNS: [Column; 8] = [
    words_column("ACCUSED", "MIS EN CAUSE", 12, 3),
    words_column("ACT", "ACTE", 14, 0),
    words_column("TARGET", "CIBLE", 10, 3),
    count_column("CARRIED", "PORTÉE", 7),
    count_column("TEXTS", "TEXTES", 6),
    count_column("INDEP.", "INDÉP.", 6),
    words_column("DENIED BY", "DÉMENTIE PAR", 10, 2),
    words_column("STATUS", "STATUT", 21, 0),
];
const GAP: usize = 2;

fn write_table(claims: &[Claim], width: usize, pen: Pen, out: &mut dyn Write) -> Result<(), ReportError> {
    let widths = column_widths(width);
    let titles: Vec<String> = COLUMNS.iter().map(|column| column.title.get(pen.lang).to_owned()).collect();
    writeln!(out, "{}", pen.faint(&row(&titles, &widths)))?;
    for claim in claims {
        let cells = [
            one_line(&claim.accused),
            words::act(claim.act).get(pen.lang).to_owned(),
            claim.target.as_deref().map_or_else(|| "–".to_owned(), one_line),
            claim.carried_by.len().to_string(),
            claim.text_origins.len().to_string(),
            interval(claim.independent_sources),
            names(&claim.denied_by),
            words::status(claim.status).get(pen.lang).to_owned(),
        ];
        writeln!(out, "{}", row(&cells, &widths))?;
    }
    Ok(())
}

fn column_widths(width: usize) -> Vec<usize> {
    let fixed: usize = COLUMNS.iter().map(|column| column.width).sum::<usize>() + GAP * (COLUMNS.len() - 1);
    let spare = width.saturating_sub(fixed).min(80);
    let shares: usize = COLUMNS.iter().map(|column| column.grows).sum();
    COLUMNS.iter().map(|column| column.width + spare * column.grows / shares).collect()
}

/// A row of the table; cells that are too long go on in a second line.
fn row(cells: &[String], widths: &[usize]) -> String {
    let folded: Vec<[String; 2]> =
        cells.iter().zip(widths).map(|(cell, &width)| folded(cell, width)).collect();
    let first = line(folded.iter().map(|cell| cell[0].as_str()), widths);
    let second = line(folded.iter().map(|cell| cell[1].as_str()), widths);
    if second.is_empty() { first } else { format!("{first}\n{second}") }
}

fn line<'c>(cells: impl Iterator<Item = &'c str>, widths: &[usize]) -> String {
    let mut line = String::new();
    for (number, ((cell, column), &width)) in cells.zip(&COLUMNS).zip(widths).enumerate() {
        if number > 0 {
            line.push_str(&" ".repeat(GAP));
        }
        let blank = " ".repeat(width.saturating_sub(cell.width()));
        let (before, after) = if column.right { (blank.as_str(), "") } else { ("", blank.as_str()) };
        line.extend([before, cell, after]);
    }
    line.trim_end().to_owned()
}

/// `cell` in two lines of at most `width` columns, broken at a blank; what does not fit ends in `…`.
fn folded(cell: &str, width: usize) -> [String; 2] {
    if cell.width() <= width {
        return [cell.to_owned(), String::new()];
    }
    let blanks = cell.match_indices(' ').map(|(at, _)| at);
    let Some(at) = blanks.take_while(|&at| cell[..at].width() <= width).last() else {
        return [fit(cell, width), String::new()];
    };
    [cell[..at].to_owned(), fit(cell[at..].trim_start(), width)]
}

fn write_blocks(claims: &[Claim], width: usize, pen: Pen, out: &mut dyn Write) -> Result<(), ReportError> {
    for claim in claims {
        let status = words::status(claim.status).get(pen.lang);
        let target = claim.target.as_deref().map(one_line);
        let accusation = phrases::accusation(&one_line(&claim.accused), claim.act, target.as_deref());
        let first = fit(accusation.get(pen.lang), width);
        writeln!(out, "{}", pen.strong(&first))?;
        let gap = Words::new("; ", "\u{a0}; ").get(pen.lang);
        let second = format!("  {status}{gap}{}", phrases::counts(claim).get(pen.lang));
        writeln!(out, "{}", fit(&second, width))?;
        if !claim.denied_by.is_empty() {
            let denied = Words::new("denied by", "démentie par").get(pen.lang);
            writeln!(out, "{}", fit(&format!("  {denied} {}", names(&claim.denied_by)), width))?;
        }
    }
    Ok(())
}

/// `2` or `1–3`.
pub(crate) fn interval(count: Interval) -> String {
    if count.at_least == count.at_most {
        count.at_least.to_string()
    } else {
        format!("{}–{}", count.at_least, count.at_most)
    }
}

fn names(names: &[String]) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    names.iter().map(|name| one_line(name)).collect::<Vec<_>>().join(", ")
}

/// `text` cut to `width` columns, the last one `…` where something was cut.
pub(crate) fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_bounds_are_one_figure() {
        assert_eq!(interval(Interval { at_least: 2, at_most: 2 }), "2");
        assert_eq!(interval(Interval { at_least: 0, at_most: 3 }), "0–3");
    }

    proptest! {
        #[test]
        fn a_cell_never_passes_its_width(text in "\\PC{0,40}", width in 1usize..30) {
            prop_assert!(fit(&text, width).width() <= width.max(1));
        }

        #[test]
        fn a_folded_cell_never_passes_its_width(text in "[a-zé漢 ]{0,40}", width in 1usize..30) {
            let [first, second] = folded(&text, width);
            prop_assert!(first.width() <= width && second.width() <= width);
        }

        #[test]
        fn the_columns_fill_the_width_and_no_more(width in 100usize..400) {
            let total: usize = column_widths(width).iter().sum::<usize>() + GAP * (COLUMNS.len() - 1);
            prop_assert!(total <= width);
        }
    }
}
