//! Tar archives, plain or behind gzip.

use std::ops::ControlFlow;

use preuve_case::{Diagnostic, Severity};

use super::{Archive, Content, Member};
use crate::contain::contain;
use crate::read::Reading;

/// Read the members of a tar archive.
pub(crate) fn parse_tar(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let Some(mut archive) = Archive::enter(reading, path) else { return };
    let mut tar = ::tar::Archive::new(bytes);
    let mut entries = match contain(|| tar.entries()) {
        Some(Ok(entries)) => entries,
        _ => return archive.leave(reading),
    };
    loop {
        let mut entry = match contain(|| entries.next()) {
            Some(None) => break,
            Some(Some(Ok(entry))) => entry,
            Some(Some(Err(_))) | None => {
                let message = "the archive breaks off or is damaged; what follows was not read";
                reading.say(Diagnostic::new(path, Severity::Error, "intake::archive_truncated", message));
                break;
            }
        };
        let name = contain(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned()).unwrap_or_default();
        let kind = entry.header().entry_type();
        let packed = entry.header().entry_size().unwrap_or(0).min(bytes.len() as u64);
        let content = match () {
            () if kind.is_dir() => Content::Folder,
            () if kind.is_file() || kind.is_contiguous() => Content::File(&mut entry),
            () if kind.is_symlink() || kind.is_hard_link() => Content::Link,
            () => continue,
        };
        if let ControlFlow::Break(()) = archive.member(reading, Member { name, packed, content }) {
            break;
        }
    }
    archive.leave(reading);
}
