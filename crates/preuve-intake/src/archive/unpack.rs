//! Unpacks one member within the budget of the whole: size, expansion, and what all members may take together.

use std::io::{ErrorKind, Read};

use preuve_case::{Diagnostic, Severity};

use crate::IntakeParams;
use crate::contain::contain;

/// Bytes a member may unpack to, whatever its packed size: small files of one letter are no bombs.
const FREE_BYTES: u64 = 1 << 20;

/// What is left to spend on one file given to the reader and all that is packed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Archives that may still be entered.
    pub(crate) depth: usize,
    /// Members that may still be read.
    pub(crate) members: usize,
    /// Bytes that may still be unpacked.
    unpacked: u64,
}

/// The outcome for one member.
pub(crate) enum Unpacked {
    /// Every byte.
    Whole(Vec<u8>),
    /// The bytes before the data broke off or proved damaged.
    Part(Vec<u8>, Diagnostic),
    /// Too large or too tightly packed to be read.
    Refused(Diagnostic),
    /// The budget of the whole is spent.
    Exhausted(Diagnostic),
}

impl Budget {
    /// The budget for a file of `len` bytes.
    pub(crate) fn new(params: &IntakeParams, len: usize) -> Self {
        let by_ratio = (len as u64).saturating_mul(params.max_expansion).saturating_add(FREE_BYTES);
        Self {
            depth: params.max_archive_depth,
            members: params.max_members,
            unpacked: params.max_unpacked_bytes.min(by_ratio),
        }
    }

    /// Read `reader` to its end, `packed` being the bytes its member takes.
    pub(crate) fn unpack(
        &mut self,
        params: &IntakeParams,
        path: &str,
        reader: &mut dyn Read,
        packed: u64,
    ) -> Unpacked {
        let by_ratio = packed.saturating_mul(params.max_expansion).saturating_add(FREE_BYTES);
        let allowed = params.max_member_bytes.min(by_ratio).min(self.unpacked);
        let mut bytes = Vec::new();
        let read = contain(|| reader.take(allowed.saturating_add(1)).read_to_end(&mut bytes));
        let len = bytes.len() as u64;
        self.unpacked -= len.min(self.unpacked);
        let say = |code: &str, message: String| Diagnostic::new(path, Severity::Error, code, message);
        match read {
            _ if len > allowed && allowed == by_ratio => {
                let message = format!(
                    "{packed} packed bytes unpack to more than {allowed}, over {} times as many; not read",
                    params.max_expansion
                );
                Unpacked::Refused(say("intake::zip_bomb", message))
            }
            _ if len > allowed && allowed == params.max_member_bytes => Unpacked::Refused(say(
                "intake::archive_member_too_large",
                format!("it unpacks to more than {allowed} bytes; not read"),
            )),
            _ if len > allowed => {
                let message = "the archive unpacks to more than is allowed for its size; this and what follows was not read";
                Unpacked::Exhausted(say("intake::archive_too_large", message.to_owned()))
            }
            Some(Ok(_)) => Unpacked::Whole(bytes),
            Some(Err(error))
                if error.kind() != ErrorKind::UnexpectedEof && error.to_string().contains("checksum") =>
            {
                let message = "its checksum does not match; it may be damaged, and was read as it is";
                Unpacked::Part(bytes, say("intake::archive_checksum", message.to_owned()))
            }
            Some(Err(_)) | None => Unpacked::Part(
                bytes,
                say("intake::archive_broken", format!("its packed data breaks off after {len} bytes")),
            ),
        }
    }
}
