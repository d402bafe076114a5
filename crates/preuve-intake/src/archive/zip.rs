//! Zip archives by their central directory; where that is missing or cut off, by the headers of the members.

use std::io::Cursor;
use std::ops::ControlFlow;

use preuve_case::{Diagnostic, Severity};
use zip::ZipArchive;
use zip::read::read_zipfile_from_stream;

use super::names::ZipKind;
use super::{Archive, Content, Member, zip_kind};
use crate::contain::contain;
use crate::read::Reading;
use crate::{office, read};

/// Read a zip container: a document, or an archive of files.
pub(crate) fn parse_zip(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let names = member_names(bytes).unwrap_or_default();
    match zip_kind(path, names.iter().map(String::as_str)) {
        ZipKind::Docx => office::parse_office(reading, path, bytes, office::Kind::Docx),
        ZipKind::Odt => office::parse_office(reading, path, bytes, office::Kind::Odt),
        ZipKind::Unsupported(name) => reading.say(read::unsupported(path, name)),
        ZipKind::Archive => parse_archive(reading, path, bytes),
    }
}

fn parse_archive(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let Some(mut archive) = Archive::enter(reading, path) else { return };
    let whole = each_member(bytes, &mut |member| archive.member(reading, member));
    if let Some(diagnostic) = about_directory(path, whole) {
        reading.say(diagnostic);
    }
    archive.leave(reading);
}

/// What to say of a container without a readable directory.
pub(crate) fn about_directory(path: &str, whole: bool) -> Option<Diagnostic> {
    (!whole).then(|| {
        let message = "its directory is missing or broken, it may have been cut off; members were read as far as they are there";
        Diagnostic::new(path, Severity::Error, "intake::archive_truncated", message)
    })
}

fn member_names(bytes: &[u8]) -> Option<Vec<String>> {
    let archive = contain(|| ZipArchive::new(Cursor::new(bytes)))?.ok()?;
    let name = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
    Some(archive.file_names_raw().map(name).collect())
}

/// Hand each member to `visit`, in the archive's order; whether the directory could be read.
pub(crate) fn each_member(bytes: &[u8], visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>) -> bool {
    match contain(|| ZipArchive::new(Cursor::new(bytes))) {
        Some(Ok(mut archive)) => {
            for index in 0..archive.len() {
                if visit_indexed(&mut archive, index, visit).is_break() {
                    break;
                }
            }
            true
        }
        _ => {
            each_streamed(bytes, visit);
            false
        }
    }
}

type InMemory<'b> = ZipArchive<Cursor<&'b [u8]>>;

fn visit_indexed(
    archive: &mut InMemory<'_>,
    index: usize,
    visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let facts = contain(|| {
        archive.by_index_raw(index).map(|file| {
            let name = file
                .name()
                .map_or_else(|_| String::from_utf8_lossy(file.name_raw()).into_owned(), Into::into);
            (name, file.compressed_size(), file.is_dir(), file.is_symlink(), file.encrypted())
        })
    });
    let (name, packed, is_folder, is_link, encrypted) = match facts {
        Some(Ok(facts)) => facts,
        Some(Err(error)) => return visit(unreadable(index, error.to_string())),
        None => return visit(unreadable(index, "the archive library failed".to_owned())),
    };
    // A member cannot take more than all that stands before the directory.
    let packed = packed.min(archive.central_directory_start());
    let content = match () {
        () if is_folder => Content::Folder,
        () if is_link => Content::Link,
        () if encrypted => Content::Encrypted,
        () => match contain(|| archive.by_index(index)) {
            Some(Ok(mut file)) => return visit(Member { name, packed, content: Content::File(&mut file) }),
            Some(Err(error)) => Content::Unreadable(error.to_string()),
            None => Content::Unreadable("the archive library failed".to_owned()),
        },
    };
    visit(Member { name, packed, content })
}

fn unreadable(index: usize, reason: String) -> Member<'static> {
    Member { name: format!("member {}", index + 1), packed: 0, content: Content::Unreadable(reason) }
}

fn each_streamed(bytes: &[u8], visit: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>) {
    let mut rest = Cursor::new(bytes);
    loop {
        let start = rest.position();
        let Some(Ok(Some(mut file))) = contain(|| read_zipfile_from_stream(&mut rest)) else { return };
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let packed = file.compressed_size().min(bytes.len() as u64);
        let content = match () {
            () if file.is_dir() => Content::Folder,
            () if file.encrypted() => Content::Encrypted,
            () => Content::File(&mut file),
        };
        let flow = visit(Member { name, packed, content });
        drop(file);
        if flow.is_break() || rest.position() <= start {
            return;
        }
    }
}
