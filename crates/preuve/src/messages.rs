//! What the person reads on standard error, in the house's form.

use std::io;

use preuve_case::{Diagnostic, Severity};

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
    let mut text = format!("{severity}: {}: {} [{}]", diagnostic.path, diagnostic.message, diagnostic.code);
    for hint in &diagnostic.hints {
        text.push_str("\nhint: ");
        text.push_str(hint);
    }
    text
}
