//! What is said of the material, in bounded memory: a mailbox may hold a hundred thousand pictures that no reader
//! takes. Of one file and one code the first are told one by one; one diagnostic stands for the rest. The case keeps
//! them all.

use std::collections::BTreeMap;

use preuve_case::{Diagnostic, Severity};
use preuve_store::Case;

use crate::error::CommandError;

/// Diagnostics of one code told one by one for each file of the material.
const TOLD: usize = 100;

/// What could not be read or may be misread, and which paths hold the bytes of another, sorted.
pub fn noted(case: &Case) -> Result<Vec<Diagnostic>, CommandError> {
    let mut told = case_notes(case)?;
    // A path whose bytes are those of another is said, not hidden: it is one item.
    case.each_other_sighting(|sighting, first| {
        let message = format!("holds the same bytes as `{first}`; they are one item");
        told.take(
            Diagnostic::new(sighting.path, Severity::Note, "case::same_bytes", message)
                .for_item(sighting.item),
        );
    })?;
    Ok(told.sorted())
}

/// What could not be read or may be misread, sorted.
pub fn unread(case: &Case) -> Result<Vec<Diagnostic>, CommandError> {
    Ok(case_notes(case)?.sorted())
}

fn case_notes(case: &Case) -> Result<Gathered, CommandError> {
    let mut told = Gathered::default();
    case.each_diagnostic(|diagnostic| told.take(diagnostic))?;
    Ok(told)
}

/// Diagnostics by file and code.
#[derive(Default)]
struct Gathered {
    kinds: BTreeMap<(String, String), Kind>,
}

#[derive(Default)]
struct Kind {
    told: Vec<Diagnostic>,
    more: u64,
    worst: Option<Severity>,
}

impl Gathered {
    fn take(&mut self, diagnostic: Diagnostic) {
        let file = diagnostic.path.split("!/").next().unwrap_or_default();
        let kind = self.kinds.entry((file.to_owned(), diagnostic.code.clone())).or_default();
        if kind.told.len() < TOLD {
            kind.told.push(diagnostic);
            return;
        }
        kind.more += 1 + diagnostic.like;
        kind.worst = kind.worst.max(Some(diagnostic.severity));
    }

    fn sorted(self) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        for ((file, code), kind) in self.kinds {
            all.extend(kind.worst.map(|worst| the_rest(&file, &code, &kind, worst)));
            all.extend(kind.told);
        }
        all.sort();
        all
    }
}

/// One diagnostic that stands for those not told one by one.
fn the_rest(file: &str, code: &str, kind: &Kind, worst: Severity) -> Diagnostic {
    let like = kind.told.first().map_or("", |first| first.message.as_str());
    let message =
        format!("the same of {} more parts of it, not told one by one (the first: {like})", kind.more);
    Diagnostic { like: kind.more - 1, ..Diagnostic::new(file, worst, code, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(path: &str, code: &str) -> Diagnostic {
        Diagnostic::new(path, Severity::Error, code, "no reader for it")
    }

    #[test]
    fn the_first_of_a_kind_are_told_and_the_rest_is_counted() {
        let mut told = Gathered::default();
        for number in 0..TOLD + 7 {
            told.take(diagnostic(&format!("a.mbox!/message-{number}.eml"), "intake::x"));
            told.take(diagnostic(&format!("{number}.txt"), "intake::x"));
        }
        told.take(diagnostic("a.mbox!/message-1.eml", "intake::y"));
        let all = told.sorted();
        assert_eq!(all.len(), TOLD + 1 + TOLD + 7 + 1);
        let rest: Vec<_> = all.iter().filter(|told| told.like > 0).collect();
        assert_eq!((rest.len(), rest[0].path.as_str(), rest[0].like), (1, "a.mbox", 6));
        assert_eq!(all.iter().map(|told| 1 + told.like).sum::<u64>(), 2 * (TOLD as u64 + 7) + 1);
    }
}
