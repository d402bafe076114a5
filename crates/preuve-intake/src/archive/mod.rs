//! Archives: zip, tar and gzip, within each other to a depth, unpacked in memory and under a budget.
//!
//! A member's path is made of the archive's and the member's own, `leak.zip!/a/b.txt`; it is a name for
//! people and never opened. Nothing is written anywhere.

mod gzip;
mod names;
mod tar;
mod unpack;
pub(crate) mod zip;

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;

use preuve_case::{Diagnostic, Severity};

pub(crate) use gzip::parse_gzip;
pub(crate) use names::zip_kind;
pub(crate) use tar::parse_tar;
pub(crate) use unpack::{Budget, Unpacked};
pub(crate) use zip::parse_zip;

use crate::read::Reading;

/// One member of an archive, before it is unpacked.
pub(crate) struct Member<'m> {
    /// As the archive writes it.
    pub(crate) name: String,
    /// Bytes it takes in the archive.
    pub(crate) packed: u64,
    /// What it is.
    pub(crate) content: Content<'m>,
}

/// What a member holds.
pub(crate) enum Content<'m> {
    /// A file's bytes.
    File(&'m mut dyn Read),
    /// A folder; its files are members of their own.
    Folder,
    /// A link to another path; never followed.
    Link,
    /// A file that cannot be opened without a password.
    Encrypted,
    /// A file that cannot be opened: the library's reason.
    Unreadable(String),
}

/// One archive while its members are read.
pub(crate) struct Archive<'a> {
    path: &'a str,
    taken: BTreeMap<String, usize>,
    extras: usize,
    /// Whether it took a step of the depth that archives may be nested.
    counted: bool,
}

impl<'a> Archive<'a> {
    /// Enter the archive at `path`; `None`, with a diagnostic, where archives are nested too deeply.
    pub(crate) fn enter(reading: &mut Reading<'_>, path: &'a str) -> Option<Archive<'a>> {
        if reading.budget.depth == 0 {
            let message = format!(
                "archives are nested more than {} deep; this one was not opened",
                reading.params.max_archive_depth
            );
            reading.say(Diagnostic::new(path, Severity::Error, "intake::archive_too_deep", message));
            return None;
        }
        reading.budget.depth -= 1;
        Some(Archive { counted: true, ..Self::uncounted(path) })
    }

    /// A thing that holds others and is no archive: a message.
    pub(crate) fn uncounted(path: &'a str) -> Archive<'a> {
        Archive { path, taken: BTreeMap::new(), extras: 0, counted: false }
    }

    /// Leave the archive.
    pub(crate) fn leave(self, reading: &mut Reading<'_>) {
        reading.budget.depth += usize::from(self.counted);
        if self.extras > 0 {
            let message = format!(
                "{} members are folder settings or resource forks; they were passed over",
                self.extras
            );
            reading.say(Diagnostic::new(self.path, Severity::Note, "intake::archive_extras", message));
        }
    }

    /// The path of a member called `name`, told apart from its namesakes.
    pub(crate) fn path_of(&mut self, name: &str) -> String {
        let (inner, _) = names::neutralise(name);
        format!("{}!/{}", self.path, names::make_unique(inner, &mut self.taken))
    }

    /// Read one member; `Break` where the budget of the whole archive is spent.
    pub(crate) fn member(&mut self, reading: &mut Reading<'_>, member: Member<'_>) -> ControlFlow<()> {
        let (inner, changed) = names::neutralise(&member.name);
        if names::is_extra(&inner) {
            self.extras += 1;
            return ControlFlow::Continue(());
        }
        let inner = names::make_unique(inner, &mut self.taken);
        let path = format!("{}!/{inner}", self.path);
        let say = |reading: &mut Reading<'_>, severity, code, message: String| {
            reading.say(Diagnostic::new(&path, severity, code, message));
        };
        if changed && !matches!(member.content, Content::Folder) {
            let shown: String = member.name.chars().filter(|c| !c.is_control()).take(120).collect();
            let message =
                format!("its name in the archive, `{shown}`, points elsewhere; it was read as `{inner}`");
            say(reading, Severity::Warning, "intake::archive_path", message);
        }
        match member.content {
            Content::Folder => ControlFlow::Continue(()),
            Content::Link => {
                say(
                    reading,
                    Severity::Note,
                    "intake::archive_link",
                    "a link in an archive is not followed".to_owned(),
                );
                ControlFlow::Continue(())
            }
            Content::Encrypted => {
                let message = "it is encrypted and was not read".to_owned();
                let diagnostic =
                    Diagnostic::new(&path, Severity::Error, "intake::archive_encrypted", message);
                reading.say(diagnostic.hint("unpack the archive with its password and add the files"));
                ControlFlow::Continue(())
            }
            Content::Unreadable(reason) => {
                say(
                    reading,
                    Severity::Error,
                    "intake::archive_member_unreadable",
                    format!("it could not be unpacked: {reason}"),
                );
                ControlFlow::Continue(())
            }
            Content::File(reader) => read_file(reading, &path, reader, member.packed),
        }
    }
}

fn read_file(reading: &mut Reading<'_>, path: &str, reader: &mut dyn Read, packed: u64) -> ControlFlow<()> {
    if reading.budget.members == 0 {
        let message =
            format!("more than {} members; this and what follows was not read", reading.params.max_members);
        reading.say(Diagnostic::new(path, Severity::Error, "intake::archive_too_many", message));
        return ControlFlow::Break(());
    }
    reading.budget.members -= 1;
    match reading.budget.unpack(reading.params, path, reader, packed) {
        Unpacked::Whole(bytes) => reading.read(path, &bytes),
        Unpacked::Part(bytes, diagnostic) => {
            reading.say(diagnostic);
            if !bytes.is_empty() {
                reading.read(path, &bytes);
            }
        }
        Unpacked::Refused(diagnostic) => reading.say(diagnostic),
        Unpacked::Exhausted(diagnostic) => {
            reading.say(diagnostic);
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}
