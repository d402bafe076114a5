//! Rows for people: columns as wide as they need, the last one cut where the terminal ends.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Rows shown aligned with each other; longer tables are aligned block by block, so that they stream.
const BLOCK: usize = 200;
/// No column but the last is wider.
const WIDEST: usize = 32;

/// A table that is written as it grows.
pub struct Table<'o> {
    out: &'o mut dyn Write,
    width: usize,
    titles: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl<'o> Table<'o> {
    /// A table with these columns on a terminal `width` columns wide.
    pub fn new(out: &'o mut dyn Write, width: usize, titles: &[&'static str]) -> Self {
        Self { out, width, titles: titles.to_vec(), rows: Vec::new() }
    }

    /// One more row, a cell a column.
    pub fn row(&mut self, cells: Vec<String>) -> io::Result<()> {
        self.rows.push(cells.iter().map(|cell| one_line(cell)).collect());
        if self.rows.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    /// Write what is left.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        let last = self.titles.len().saturating_sub(1);
        let widths: Vec<usize> = (0..last)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width());
                cells.chain([self.titles[column].len()]).max().unwrap_or(0).min(WIDEST)
            })
            .collect();
        let room = self.width.saturating_sub(widths.iter().map(|width| width + 2).sum()).max(20);
        let titles: Vec<String> = self.titles.iter().map(|title| (*title).to_owned()).collect();
        for row in std::iter::once(&titles).filter(|_| !self.rows.is_empty()).chain(&self.rows) {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let wide = widths.get(column).copied().unwrap_or(room);
                let cell = cut(cell, wide);
                line.push_str(&cell);
                line.extend(std::iter::repeat_n(' ', wide.saturating_sub(cell.width()) + 2));
            }
            writeln!(self.out, "{}", line.trim_end())?;
        }
        self.rows.clear();
        Ok(())
    }
}

/// Text as one line: no control characters, so that hostile material cannot steer the terminal.
pub fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() || is_steering(c) { ' ' } else { c });
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks that turn the direction of writing.
fn is_steering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= width
    });
    let mut cut: String = fits.collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: usize, rows: &[[&str; 2]]) -> String {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, width, &["who", "what"]);
        for row in rows {
            table.row(row.iter().map(|cell| (*cell).to_owned()).collect()).unwrap();
        }
        table.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_stand_under_each_other() {
        assert_eq!(drawn(80, &[["Éva", "b"], ["a", "c"]]), "who  what\nÉva  b\na    c\n");
    }

    #[test]
    fn an_empty_table_is_nothing() {
        assert_eq!(drawn(80, &[]), "");
    }

    #[test]
    fn long_cells_are_cut_at_the_edge() {
        let text = drawn(40, &[["a", &"x".repeat(300)]]);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
    }

    #[test]
    fn material_cannot_steer_the_terminal() {
        assert_eq!(one_line("a\u{1b}[2J\u{202e}b\r\nc\t d"), "a [2J b c d");
    }
}
