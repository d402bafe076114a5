//! The table of the terminal.

use preuve_report::ReportLang;
use unicode_width::UnicodeWidthStr;

use super::case::{assert_file, small};

#[test]
fn a_wide_terminal_gets_a_table() {
    assert_file("summary.en.txt", &small().summary(ReportLang::En, 120, false));
}

#[test]
fn a_narrow_terminal_gets_blocks() {
    assert_file("summary.fr.narrow.txt", &small().summary(ReportLang::Fr, 70, false));
}

#[test]
fn no_line_passes_the_width_it_is_given() {
    for width in [60, 80, 99, 100, 140, 300] {
        for line in
            small().summary(ReportLang::Fr, width, false).lines().filter(|line| !line.starts_with('!'))
        {
            assert!(line.width() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn colour_is_written_only_where_it_is_wanted() {
    assert!(!small().summary(ReportLang::En, 120, false).contains('\u{1b}'));
    assert!(small().summary(ReportLang::En, 120, true).contains("\u{1b}[1m"));
}

#[test]
fn the_material_cannot_drive_the_terminal() {
    let mut case = small();
    case.claims[0].accused = "Tel\u{1b}[2J\u{7}dor\nx".into();
    let summary = case.summary(ReportLang::En, 200, false);
    assert!(!summary.chars().any(|c| c.is_control() && c != '\n'));
}
