//! What the person reads on standard error, in the house's form.

use std::io;

use preuve_case::{Diagnostic, Severity};

use crate::table::one_line;

/// Why the system refused, in lower case and without its error number.
pub fn io_reason(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the disk".to_owned(),
        _ => error.to_string(),
    };
    let mut text = text.split(" (os error").next().unwrap_or_default().to_owned();
    if let Some(first) = text.get(..1) {
        let lower = first.to_ascii_lowercase();
        text.replace_range(..1, &lower);
    }
    text
}

/// A diagnostic as one line and its hints.
pub fn diagnostic_lines(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    // Paths and quoted words come from the material, which must not steer the terminal.
    let (path, message) = (one_line(&diagnostic.path), one_line(&diagnostic.message));
    let mut text = format!("{severity}: {path}: {message} [{}]", diagnostic.code);
    for hint in &diagnostic.hints {
        text.push_str("\nhint: ");
        text.push_str(&one_line(hint));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_is_one_line_and_its_hints() {
        let diagnostic =
            Diagnostic::new("a\u{1b}b.txt", Severity::Warning, "walk::link", "is a\nlink").hint("run it");
        assert_eq!(diagnostic_lines(&diagnostic), "warning: a b.txt: is a link [walk::link]\nhint: run it");
    }

    #[test]
    fn reasons_are_short_and_in_lower_case() {
        assert_eq!(io_reason(&io::Error::from_raw_os_error(13)), "permission denied");
        assert_eq!(io_reason(&io::Error::from_raw_os_error(21)), "is a directory");
        assert_eq!(io_reason(&io::Error::other("Émeute")), "Émeute");
    }
}
