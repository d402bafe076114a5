//! Gzip: one packed file, or a tar behind it.

use std::io::Read;
use std::ops::ControlFlow;

use flate2::read::MultiGzDecoder;

use super::{Archive, Content, Member, Unpacked};
use crate::read::Reading;
use crate::sniff::{Kind, sniff};

/// Bytes of a tar's first header.
const TAR_BLOCK: u64 = 512;

/// Read what a gzip stream holds.
pub(crate) fn parse_gzip(reading: &mut Reading<'_>, path: &str, bytes: &[u8]) {
    let mut decoder = MultiGzDecoder::new(bytes);
    let inner = inner_name(path);
    // The first block tells whether a tar is packed; it is then read as one archive, not as two.
    let mut head = Vec::new();
    let block = MultiGzDecoder::new(bytes).take(TAR_BLOCK).read_to_end(&mut head);
    if block.is_ok() && sniff("", &head) == Kind::Tar {
        return match reading.budget.unpack(reading.params, path, &mut decoder, bytes.len() as u64) {
            Unpacked::Whole(tar) => super::parse_tar(reading, path, &tar),
            Unpacked::Part(tar, diagnostic) => {
                reading.say(diagnostic);
                super::parse_tar(reading, path, &tar);
            }
            Unpacked::Refused(diagnostic) | Unpacked::Exhausted(diagnostic) => reading.say(diagnostic),
        };
    }
    let Some(mut archive) = Archive::enter(reading, path) else { return };
    let member = Member { name: inner, packed: bytes.len() as u64, content: Content::File(&mut decoder) };
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = archive.member(reading, member);
    archive.leave(reading);
}

/// The name of the packed file: the archive's without its last extension.
fn inner_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".GZ")).unwrap_or("unpacked");
    if stem.is_empty() { "unpacked".to_owned() } else { stem.to_owned() }
}
