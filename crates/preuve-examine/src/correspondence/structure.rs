//! How the parts are put together (RFC 2045, 2046), and whether each is what it says.

use preuve_case::{CheckOutcome, Observation, PartDigest, StructureNote};

use super::note::note;
use super::settled::Here;
use super::sniff::content_fits;

/// What was noticed while reading: outcome, rule, sentence.
const NOTICED: [(&str, CheckOutcome, &str, &str); 15] = [
    (
        "structure.boundary_missing",
        CheckOutcome::Fail,
        "RFC 2046 §5.1.1",
        "a multipart names no boundary; programs show it in different ways",
    ),
    (
        "structure.boundary_not_found",
        CheckOutcome::Fail,
        "RFC 2046 §5.1.1",
        "the boundary that a multipart names does not occur",
    ),
    (
        "structure.boundary_not_closed",
        CheckOutcome::Note,
        "RFC 2046 §5.1.1",
        "a multipart does not end with its boundary: it may have been cut off",
    ),
    (
        "structure.boundary_repeated",
        CheckOutcome::Fail,
        "RFC 2046 §5.1.2",
        "a multipart uses the boundary of the one it stands in; programs cut it in different ways",
    ),
    (
        "structure.text_outside_parts",
        CheckOutcome::Note,
        "RFC 2046 §5.1.1",
        "words stand outside all parts, where mail programs do not show them",
    ),
    (
        "structure.nested_too_deep",
        CheckOutcome::NotChecked,
        "RFC 2046 §5.1",
        "parts are nested too deep; the inner ones were not looked at",
    ),
    (
        "structure.parts_left_out",
        CheckOutcome::NotChecked,
        "RFC 2046 §5.1",
        "there are more parts than were looked at",
    ),
    (
        "structure.multipart_encoded",
        CheckOutcome::Fail,
        "RFC 2045 §6.4",
        "a multipart is declared as encoded, which the standard forbids",
    ),
    (
        "structure.encoding_broken",
        CheckOutcome::Note,
        "RFC 2045 §6",
        "a part holds characters that its transfer encoding does not have",
    ),
    (
        "structure.header_too_long",
        CheckOutcome::NotChecked,
        "RFC 5322 §2.1.1",
        "the header is longer than what was looked at",
    ),
    (
        "structure.archive_locked",
        CheckOutcome::Note,
        "APPNOTE §4.4.4",
        "an attached archive asks for a password, so that nobody could look into it on the way",
    ),
    (
        "structure.alternatives_agree",
        CheckOutcome::Pass,
        "RFC 2046 §5.1.4",
        "the plain text and the page say the same",
    ),
    (
        "structure.alternatives_differ",
        CheckOutcome::Note,
        "RFC 2046 §5.1.4",
        "the plain text and the page say different things; which one was read depends on the program",
    ),
    (
        "structure.alternatives_numbers_differ",
        CheckOutcome::Fail,
        "RFC 2046 §5.1.4",
        "the plain text and the page give different numbers",
    ),
    (
        "time.weekday_differs",
        CheckOutcome::Fail,
        "RFC 5322 §3.3",
        "the day of the week in Date is not the day of that date",
    ),
];

pub(super) fn observe(here: &Here<'_>, out: &mut Vec<Observation>) {
    let before = out.len();
    out.extend(here.digest.structure.iter().filter_map(noticed));
    for part in &here.digest.parts {
        observe_type(part, out);
        observe_name(part, out);
    }
    let sound = out[before..].iter().all(|observation| {
        observation.outcome == CheckOutcome::Pass || !observation.name.starts_with("structure.")
    });
    if sound && !here.digest.parts.is_empty() {
        let parts = here.digest.parts.len();
        let told =
            "the parts are put together as the standard says, and none is of another type than declared";
        out.push(
            note("structure.sound", CheckOutcome::Pass)
                .section("RFC 2045, RFC 2046")
                .fact("parts", parts)
                .say(told),
        );
    }
}

fn noticed(seen: &StructureNote) -> Option<Observation> {
    let (name, outcome, section, told) = NOTICED.iter().find(|(name, ..)| *name == seen.name)?;
    let mut observation = note(name, *outcome).section(section).at(seen.bytes.iter().copied()).say(*told);
    observation.facts.extend(seen.facts.clone());
    Some(observation)
}

fn observe_type(part: &PartDigest, out: &mut Vec<Observation>) {
    let (Some(declared), Some(sniffed)) = (&part.declared, &part.sniffed) else { return };
    if content_fits(declared, sniffed) {
        return;
    }
    out.push(
        note("structure.type_differs", CheckOutcome::Fail)
            .section("RFC 2045 §5")
            .at([part.bytes])
            .fact("declared", declared)
            .fact("content", sniffed)
            .fact("name", part.name.as_deref().unwrap_or("–"))
            .say(format!("a part is declared as `{declared}` and holds `{sniffed}`")),
    );
}

/// Endings that open as documents or pictures.
const HARMLESS: [&str; 17] = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "rtf", "txt", "csv", "jpg", "jpeg", "png",
    "gif", "mp3", "mp4",
];
/// Endings that run, or open what runs.
const RUNS: [&str; 26] = [
    "exe", "scr", "com", "pif", "bat", "cmd", "js", "jse", "vbs", "vbe", "wsf", "wsh", "hta", "lnk", "ps1",
    "msi", "jar", "cpl", "iso", "img", "chm", "html", "htm", "svg", "url", "app",
];

fn observe_name(part: &PartDigest, out: &mut Vec<Observation>) {
    let Some(name) = part.name.as_deref() else { return };
    let lower = name.to_lowercase();
    let mut endings = lower.rsplit('.').map(str::trim);
    let (Some(last), Some(before), Some(_)) = (endings.next(), endings.next(), endings.next()) else {
        return;
    };
    if !(RUNS.contains(&last) && HARMLESS.contains(&before)) {
        return;
    }
    out.push(
        note("structure.double_extension", CheckOutcome::Fail)
            .at([part.bytes])
            .fact("name", name)
            .fact("ending", last)
            .say(format!("the attachment `{name}` looks like a document and ends in `.{last}`")),
    );
}
