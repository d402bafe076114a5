//! Names of members: made harmless, told apart, and what they say about the container.

use std::collections::{BTreeMap, BTreeSet};

/// Characters kept of a member's name.
const MAX_NAME: usize = 1000;

/// What a zip container is, by the names of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZipKind {
    /// An archive of files.
    Archive,
    /// Office Open XML text document.
    Docx,
    /// OpenDocument text.
    Odt,
    /// Another document kept in a zip container.
    Unsupported(&'static str),
}

/// What the container at `path` with members `names` is; the name alone where there are none.
pub(crate) fn zip_kind<'n>(path: &str, names: impl Iterator<Item = &'n str>) -> ZipKind {
    let names: BTreeSet<&str> = names.collect();
    let has = |name: &str| names.contains(name);
    let named = |extension: &str| crate::sniff::extension(path).is_some_and(|found| found == extension);
    let has_under = |folder: &str| names.range(folder..).next().is_some_and(|name| name.starts_with(folder));
    match () {
        () if has("word/document.xml") => ZipKind::Docx,
        () if has("[Content_Types].xml") && has_under("xl/") => ZipKind::Unsupported("spreadsheet (.xlsx)"),
        () if has("[Content_Types].xml") && has_under("ppt/") => ZipKind::Unsupported("presentation (.pptx)"),
        () if has("META-INF/container.xml") && has("mimetype") => {
            ZipKind::Unsupported("electronic book (.epub)")
        }
        () if has("content.xml") && has("META-INF/manifest.xml") && (named("ods") || named("odp")) => {
            ZipKind::Unsupported("OpenDocument that is no text")
        }
        () if has("content.xml") && has("META-INF/manifest.xml") => ZipKind::Odt,
        () if named("docx") => ZipKind::Docx,
        () if named("odt") => ZipKind::Odt,
        () => ZipKind::Archive,
    }
}

/// The name without anything that could lead out of the archive, and whether anything was taken away.
pub(super) fn neutralise(name: &str) -> (String, bool) {
    let cut: String = name.chars().take(MAX_NAME).collect();
    let spelled = cut.replace('\\', "/");
    let mut changed = cut.len() < name.len() || spelled.starts_with('/');
    let mut parts: Vec<String> = Vec::new();
    for part in spelled.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let drive = part.len() == 2 && part.ends_with(':');
        if part == ".." || drive {
            changed = true;
            continue;
        }
        let clean: String = part.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        changed |= clean != part;
        parts.push(clean);
    }
    if parts.is_empty() {
        parts.push("unnamed".to_owned());
    }
    (parts.join("/"), changed)
}

/// Whether a member is what a file manager leaves behind rather than material.
pub(super) fn is_extra(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// The name, with a number behind it where other members of the archive have it already.
pub(super) fn make_unique(name: String, taken: &mut BTreeMap<String, usize>) -> String {
    let count = taken.entry(name.clone()).or_insert(0);
    *count += 1;
    if *count == 1 {
        return name;
    }
    let numbered = format!("{name}#{count}");
    // A member may bear that very name; it is numbered in its turn.
    make_unique(numbered, taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stay_within_the_archive() {
        let of = |name: &str| neutralise(name);
        assert_eq!(of("a/b.txt"), ("a/b.txt".to_owned(), false));
        assert_eq!(of("./a//b.txt"), ("a/b.txt".to_owned(), false));
        assert_eq!(of("../../etc/passwd"), ("etc/passwd".to_owned(), true));
        assert_eq!(of("/etc/passwd"), ("etc/passwd".to_owned(), true));
        assert_eq!(of("C:\\x\\..\\y.txt"), ("x/y.txt".to_owned(), true));
        assert_eq!(of("a\u{1b}[2Jb"), ("a\u{fffd}[2Jb".to_owned(), true));
        assert_eq!(of(".."), ("unnamed".to_owned(), true));
    }

    #[test]
    fn equal_names_are_told_apart() {
        let mut taken = BTreeMap::new();
        let names = ["a", "a", "a#2", "a"].map(|name| make_unique(name.to_owned(), &mut taken));
        assert_eq!(names, ["a", "a#2", "a#2#2", "a#3"]);
    }

    #[test]
    fn containers_are_told_by_their_members() {
        let kind = |path: &str, names: &[&str]| zip_kind(path, names.iter().copied());
        assert_eq!(kind("x", &["[Content_Types].xml", "word/document.xml"]), ZipKind::Docx);
        assert_eq!(kind("x", &["mimetype", "content.xml", "META-INF/manifest.xml"]), ZipKind::Odt);
        assert!(matches!(
            kind("x.docx", &["[Content_Types].xml", "xl/workbook.xml"]),
            ZipKind::Unsupported(_)
        ));
        assert_eq!(kind("leak.zip", &["a.txt"]), ZipKind::Archive);
        assert_eq!(kind("cut.docx", &[]), ZipKind::Docx);
    }

    proptest! {
        #[test]
        fn no_name_leads_out(name in "[./\\\\a:\u{0}]{0,20}") {
            let (safe, _) = neutralise(&name);
            prop_assert!(safe.split('/').all(|part| !part.is_empty() && part != ".." && part != "."));
            prop_assert!(!safe.contains(['\\', '\0']));
        }
    }
}
