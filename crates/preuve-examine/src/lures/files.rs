//! Reasons in what is attached: endings, types by content, names that hide what they end in. Nothing is opened.

use preuve_case::{MessageDigest, PartDigest};

use super::address::defang;
use super::finding::Findings;
use super::host::is_invisible;
use super::reason::Reason;

/// Endings of files that run, or that start something that runs, when they are opened.
const PROGRAMS: &[&str] = &[
    "exe",
    "scr",
    "com",
    "bat",
    "cmd",
    "pif",
    "cpl",
    "dll",
    "msi",
    "msix",
    "msp",
    "appx",
    "appinstaller",
    "jar",
    "jnlp",
    "ps1",
    "psm1",
    "vbs",
    "vbe",
    "js",
    "jse",
    "wsf",
    "wsh",
    "hta",
    "lnk",
    "url",
    "website",
    "reg",
    "inf",
    "scf",
    "chm",
    "hlp",
    "application",
    "gadget",
    "iso",
    "img",
    "vhd",
    "vhdx",
    "xll",
    "wll",
    "ppam",
    "sct",
    "library-ms",
    "search-ms",
    "settingcontent-ms",
    "rdp",
    "one",
    "apk",
    "dmg",
    "pkg",
    "app",
    "command",
    "workflow",
    "desktop",
    "sh",
    "run",
    "elf",
];
/// Endings of pages.
const PAGES: &[&str] = &["html", "htm", "shtml", "xhtml", "xht", "mht", "mhtml", "svg", "svgz"];
/// Endings of documents made to hold programs.
const MACROS: &[&str] = &["docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm", "sldm"];
/// Endings that readers take for documents, pictures or sound.
const HARMLESS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf", "txt", "csv", "jpg",
    "jpeg", "png", "gif", "tif", "tiff", "mp3", "mp4", "mov", "wav", "m4a", "eml", "zip",
];
/// Types by content that are programs, or start one.
const PROGRAM_TYPES: &[&str] = &[
    "application/x-msdownload",
    "application/x-elf",
    "application/x-ms-shortcut",
    "application/vnd.ms-htmlhelp",
];
/// Name of the note that a reader of messages leaves on archives that ask for a password.
const LOCKED: &str = "structure.archive_locked";

/// Note what is to be said of the attachments.
pub(super) fn file_reasons(digest: &MessageDigest, findings: &mut Findings) {
    for part in &digest.parts {
        let Some(name) = part.name.as_deref().filter(|name| !name.trim().is_empty()) else {
            let program = part.sniffed.as_deref().filter(|kind| PROGRAM_TYPES.contains(kind));
            if let Some(kind) = program {
                add(findings, Reason::Program, "(…)", &[("what", kind)], part);
            }
            continue;
        };
        file_reason(part, name, findings);
    }
    for note in digest.structure.iter().filter(|note| note.name == LOCKED) {
        let file = note.facts.get("name").map_or("(…)", String::as_str);
        findings.add(Reason::LockedArchive, &[("file", &show(file))], note.bytes.first().copied(), None);
    }
}

fn file_reason(part: &PartDigest, name: &str, findings: &mut Findings) {
    let visible: String = name.chars().filter(|c| !is_invisible(*c)).collect();
    let visible = visible.trim().trim_end_matches('.').to_lowercase();
    let mut pieces = visible.rsplit('.').map(str::trim);
    let ending = pieces.next().filter(|ending| ending.len() < visible.len()).unwrap_or_default();
    let before = pieces.next().filter(|_| pieces.next().is_some()).unwrap_or_default();
    let sniffed = part.sniffed.as_deref().unwrap_or_default();
    let dotted = format!(".{ending}");
    let opens = if PROGRAMS.contains(&ending) {
        add(findings, Reason::Program, name, &[("what", &dotted)], part);
        true
    } else if PROGRAM_TYPES.contains(&sniffed) {
        add(findings, Reason::Program, name, &[("what", sniffed)], part);
        true
    } else if PAGES.contains(&ending) {
        add(findings, Reason::Page, name, &[("what", &dotted)], part);
        true
    } else if sniffed == "text/html" && part.declared.as_deref() != Some("text/html") {
        add(findings, Reason::Page, name, &[("what", sniffed)], part);
        true
    } else if MACROS.contains(&ending) {
        add(findings, Reason::Macros, name, &[("what", &dotted)], part);
        false
    } else {
        false
    };
    if opens && HARMLESS.contains(&before) {
        let facts = [("shown", &*format!(".{before}")), ("ending", &dotted)];
        add(findings, Reason::TwoEndings, name, &facts, part);
    }
    let run_of_spaces = name.contains("      ");
    let turned = name.chars().any(|c| is_invisible(c) && c != '\u{ad}');
    if !ending.is_empty() && (turned || run_of_spaces) {
        add(findings, Reason::NameTricks, name, &[("ending", &dotted)], part);
    }
}

fn add(findings: &mut Findings, reason: Reason, name: &str, facts: &[(&str, &str)], part: &PartDigest) {
    let file = show(name);
    let mut all = vec![("file", file.as_str())];
    all.extend_from_slice(facts);
    findings.add(reason, &all, Some(part.bytes), None);
}

/// A file name as it is, invisible characters named.
fn show(name: &str) -> String {
    defang(name).replace("[.]", ".")
}
