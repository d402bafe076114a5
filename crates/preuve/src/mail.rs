//! Mail while its bytes are at hand: judged under the keys of the case, and read into a digest.

use std::path::PathBuf;

use preuve_case::{Diagnostic, ItemId, MessageDigest, MessageFinding, MessageRef};
use preuve_examine::authenticity::archive::ArchivedKey;
use preuve_examine::authenticity::{KeyArchive, MailParams, judge_rebuilt, verify_message};
use preuve_examine::correspondence::{DigestParams, digest_message};
use preuve_store::{Case, Form, MailKey};

use crate::engines;
use crate::error::CommandError;
use crate::session::Session;
use crate::walk::{WalkParams, unreadable, walk};

/// Most bytes kept of one message; a longer one is not judged, and that is said. Taking a message apart needs three
/// times its length, and mail services pass on a third of this at most.
pub const MAX_MESSAGE: usize = 96 << 20;

/// Bounds of what is kept of one message, so that a digest is some kilobytes whatever the message.
const DIGEST: DigestParams = DigestParams {
    most_lines: 400,
    most_links: 100,
    most_parts: 200,
    most_hops: 50,
    most_names: 100,
    most_text_bytes: 1 << 20,
};

/// Signatures of one message that are evaluated.
const MOST_SIGNATURES: usize = 50;

/// Judges messages under the keys of a case.
pub struct Judge {
    keys: KeyArchive,
    /// What its findings rest on besides the messages: the engine and the keys.
    pub key: [u8; 32],
    /// Whether messages are held against one another afterwards, so that their digests are of use.
    context: bool,
}

impl Judge {
    /// The judge under the keys that `case` holds.
    pub fn of_case(case: &Case) -> Result<Self, CommandError> {
        let mut keys = KeyArchive::default();
        case.for_each_key(&mut |key| insert(&mut keys, key))?;
        let key = case.keys_digest(&engines::key_text("authenticity", &format!("{MOST_SIGNATURES}")))?;
        Ok(Self { keys, key, context: true })
    }

    /// The judge under `keys` alone, for verdicts that are not kept.
    pub fn of_keys(keys: &[MailKey]) -> Self {
        let mut archive = KeyArchive::default();
        keys.iter().cloned().for_each(|key| insert(&mut archive, key));
        Self { keys: archive, key: [0; 32], context: false }
    }

    /// What a message says of itself.
    pub fn digest(&self, bytes: &[u8], id: ItemId) -> MessageDigest {
        let at = MessageRef { path: String::new(), index: 0, id };
        digest_message(if self.context { bytes } else { b"" }, at, &DIGEST)
    }

    /// What the signatures of a message amount to.
    pub fn judge(&self, bytes: &[u8], form: Form) -> MessageFinding {
        if form.rebuilt {
            return judge_rebuilt(bytes);
        }
        let params = MailParams { in_mailbox: form.in_mailbox, most_signatures: MOST_SIGNATURES };
        verify_message(bytes, &self.keys, &params)
    }
}

fn insert(archive: &mut KeyArchive, MailKey { sighting, txt, recovered }: MailKey) {
    if recovered {
        archive.insert_recovered(sighting, txt);
    } else {
        archive.insert(sighting, txt);
    }
}

/// What digests depend on besides the bytes.
pub fn digest_key() -> String {
    engines::key_text("digest", &format!("{DIGEST:?}"))
}

/// All keys of the archives named, a folder giving every file in it; what could not be read is said.
pub fn read_keys(
    session: &Session,
    paths: &[PathBuf],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<MailKey>, CommandError> {
    let mut keys = KeyArchive::default();
    let params = WalkParams { hidden: false, follow_links: false, except: std::collections::BTreeSet::new() };
    let found = walk(session.world, paths, &params).map_err(|(path, error)| {
        let reason = crate::messages::io_reason(&error);
        CommandError::user(format!("{}: the key archive cannot be read: {reason}", path.display()))
            .hint("give a file or folder that exists")
    })?;
    diagnostics.extend(found.diagnostics);
    for file in found.files {
        match session.world.read(&file.location, u64::MAX) {
            Ok(bytes) => diagnostics.extend(keys.read(&file.path, &bytes)),
            Err(error) => diagnostics.push(unreadable(&file.path, &error)),
        }
    }
    Ok(keys_of(&keys))
}

/// The keys of an archive, as a case keeps them.
pub fn keys_of(archive: &KeyArchive) -> Vec<MailKey> {
    let key = |key: &ArchivedKey| MailKey {
        sighting: key.sighting.clone(),
        txt: key.txt.clone(),
        recovered: key.recovered,
    };
    archive.iter().map(key).collect()
}
