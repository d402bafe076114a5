//! From the paths given to the list of files to read, in a fixed order.
//!
//! Files are listed, never opened. Left out, and said so: hidden names, links and what Preuve itself wrote
//! inside a folder, pipes and devices. A path given by name is always taken, whatever it is called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use preuve_case::{Diagnostic, Severity};

use crate::world::{Entry, EntryKind, World};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Path relative to the path given, `/` between folders; the file name when a file was given.
    pub path: String,
    /// Where it lies.
    pub location: PathBuf,
    /// Length in bytes when it was listed.
    pub len: u64,
}

/// What the walk takes and leaves.
#[derive(Debug, Clone)]
pub struct WalkParams {
    /// Whether names that start with a dot are taken.
    pub hidden: bool,
    /// Whether links inside folders are followed.
    pub follow_links: bool,
    /// Files and folders that are never taken (the metadata table, the folder written to), canonical.
    pub except: BTreeSet<PathBuf>,
}

/// What the walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files, sorted by path.
    pub files: Vec<SourceFile>,
    /// What was left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Folders deeper than this are not entered.
const MAX_DEPTH: usize = 256;

/// List the files under `paths`. A path that does not exist is the person's mistake, and an error.
pub fn walk(
    world: &dyn World,
    paths: &[PathBuf],
    params: &WalkParams,
) -> Result<Walk, (PathBuf, std::io::Error)> {
    let mut walker = Walker { world, params, seen: BTreeSet::new(), walk: Walk::default() };
    let mut roots: Vec<(PathBuf, usize)> = Vec::new();
    for path in paths {
        let before = walker.walk.files.len();
        walker.root(path).map_err(|error| (path.clone(), error))?;
        roots.push((path.clone(), walker.walk.files.len() - before));
    }
    let mut walk = walker.walk;
    tell_apart(&mut walk.files, &roots);
    walk.files.sort();
    walk.files.dedup_by(|a, b| a.path == b.path && a.location == b.location);
    walk.diagnostics.sort();
    Ok(walk)
}

/// Two paths given may hold files of the same relative path; those, and only those, get the path given in front.
fn tell_apart(files: &mut [SourceFile], roots: &[(PathBuf, usize)]) {
    if roots.len() < 2 {
        return;
    }
    let mut owners: BTreeMap<&str, BTreeSet<&Path>> = BTreeMap::new();
    for file in files.iter() {
        owners.entry(&file.path).or_default().insert(&file.location);
    }
    let shared: BTreeSet<String> =
        owners.iter().filter(|(_, places)| places.len() > 1).map(|(path, _)| (*path).to_owned()).collect();
    let mut files = files.iter_mut();
    for (root, count) in roots {
        for file in files.by_ref().take(*count).filter(|file| shared.contains(&file.path)) {
            file.path = slashed(root.join(&file.path).as_path());
            if file.location == *root {
                file.path = slashed(root);
            }
        }
    }
}

struct Walker<'w> {
    world: &'w dyn World,
    params: &'w WalkParams,
    /// Folders entered, canonical; kept when links are followed, to enter each once.
    seen: BTreeSet<PathBuf>,
    walk: Walk,
}

impl Walker<'_> {
    fn root(&mut self, path: &Path) -> std::io::Result<()> {
        match self.world.kind(path, true)? {
            EntryKind::File(len) => {
                let name = path.file_name().map_or_else(|| slashed(path), |name| slashed(Path::new(name)));
                self.walk.files.push(SourceFile { path: name, location: path.to_owned(), len });
            }
            EntryKind::Folder => {
                self.world.entries(path)?;
                self.folder(path);
            }
            EntryKind::Link | EntryKind::Special => self.note(
                &slashed(path),
                Severity::Error,
                "walk::special_file",
                "is a pipe, socket or device; not read",
            ),
        }
        Ok(())
    }

    /// All files under `root`, without recursion: the depth of a hostile tree costs memory, not stack.
    fn folder(&mut self, root: &Path) {
        let mut pending = vec![(root.to_owned(), String::new(), 0)];
        while let Some((location, path, depth)) = pending.pop() {
            if !self.enter(&location, &path, depth) {
                continue;
            }
            match self.world.entries(&location) {
                Ok(entries) if is_own_output(&entries) && depth > 0 => {
                    self.note(&path, Severity::Note, "walk::own_output", "was written by preuve; left out");
                }
                Ok(entries) => {
                    for entry in entries {
                        self.entry(&location, &path, depth, &entry, &mut pending);
                    }
                }
                Err(error) => self.refused(&path, &error),
            }
        }
    }

    /// Whether a folder is to be listed: not too deep, not excepted and, when links are followed, not seen.
    fn enter(&mut self, location: &Path, path: &str, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            self.note(
                path,
                Severity::Error,
                "walk::too_deep",
                &format!("lies more than {MAX_DEPTH} folders deep; not read"),
            );
            return false;
        }
        if self.params.except.is_empty() && !self.params.follow_links {
            return true;
        }
        let Ok(canonical) = self.world.canonical(location) else { return true };
        if self.params.except.contains(&canonical) {
            return false;
        }
        if self.params.follow_links && !self.seen.insert(canonical) {
            self.note(
                path,
                Severity::Note,
                "walk::seen_before",
                "leads to a folder already read; not read twice",
            );
            return false;
        }
        true
    }

    fn entry(
        &mut self,
        folder: &Path,
        folder_path: &str,
        depth: usize,
        entry: &Entry,
        pending: &mut Vec<(PathBuf, String, usize)>,
    ) {
        let location = folder.join(&entry.name);
        let name = entry.name.to_string_lossy();
        let path = if folder_path.is_empty() { name.to_string() } else { format!("{folder_path}/{name}") };
        if name.starts_with('.') && !self.params.hidden {
            let message = "is hidden; left out";
            return self.note_with(
                &path,
                Severity::Note,
                "walk::hidden",
                message,
                "run with `--hidden` to read it",
            );
        }
        let mut kind = entry.kind;
        if kind == EntryKind::Link {
            if !self.params.follow_links {
                let hint = "run with `--follow-links`, or give the place it leads to as a path";
                return self.note_with(
                    &path,
                    Severity::Warning,
                    "walk::link",
                    "is a link; not followed",
                    hint,
                );
            }
            match self.world.kind(&location, true) {
                Ok(target) => kind = target,
                Err(error) => return self.refused(&path, &error),
            }
        }
        match kind {
            EntryKind::File(_) if self.is_excepted(&location) => {}
            EntryKind::File(len) => self.walk.files.push(SourceFile { path, location, len }),
            EntryKind::Folder => pending.push((location, path, depth + 1)),
            EntryKind::Link | EntryKind::Special => {
                let message = "is a pipe, socket or device; not read";
                self.note(&path, Severity::Warning, "walk::special_file", message);
            }
        }
    }

    fn is_excepted(&self, location: &Path) -> bool {
        !self.params.except.is_empty()
            && self.world.canonical(location).is_ok_and(|path| self.params.except.contains(&path))
    }

    fn refused(&mut self, path: &str, error: &std::io::Error) {
        self.walk.diagnostics.push(unreadable(path, error));
    }

    fn note(&mut self, path: &str, severity: Severity, code: &str, message: &str) {
        self.walk.diagnostics.push(Diagnostic::new(path, severity, code, message));
    }

    fn note_with(&mut self, path: &str, severity: Severity, code: &str, message: &str, hint: &str) {
        self.walk.diagnostics.push(Diagnostic::new(path, severity, code, message).hint(hint));
    }
}

/// A file or folder that the system does not give out.
pub fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    let message = format!("could not be read: {}", crate::messages::io_reason(error));
    Diagnostic::new(path, Severity::Error, "walk::unreadable", message)
        .hint("look at the permissions with `ls -l`")
}

/// A folder of ours: reading a report back as material would make it its own source.
fn is_own_output(entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    (has("report.html") && has("report.json")) || (has("case.db") && has("originals"))
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use jiff::Timestamp;
    use preuve_intake::mail::pst::ReadSeek;

    use super::*;

    /// A world of names alone: folders by path, with what stands in them.
    struct Names(BTreeMap<&'static str, Vec<(&'static str, EntryKind)>>);

    impl World for Names {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
        fn kind(&self, path: &Path, _: bool) -> io::Result<EntryKind> {
            let known = path.to_str().and_then(|path| self.0.get_key_value(path));
            known.map(|_| EntryKind::Folder).ok_or_else(|| io::ErrorKind::NotFound.into())
        }
        fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
            let found = folder.to_str().and_then(|path| self.0.get(path));
            let found = found.ok_or_else(|| io::Error::from(io::ErrorKind::PermissionDenied))?;
            Ok(found.iter().map(|(name, kind)| Entry { name: (*name).into(), kind: *kind }).collect())
        }
        fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
            Ok(path.to_owned())
        }
        fn read(&self, _: &Path, _: u64) -> io::Result<Vec<u8>> {
            panic!("the walk opens no file")
        }
        fn open(&self, _: &Path, _: u64) -> io::Result<Box<dyn io::BufRead>> {
            panic!("the walk opens no file")
        }
        fn open_anywhere(&self, _: &Path) -> io::Result<Box<dyn ReadSeek>> {
            panic!("the walk opens no file")
        }
        fn write(&self, _: &Path, _: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
            panic!("the walk writes nothing")
        }
        fn make_folder(&self, _: &Path) -> io::Result<()> {
            panic!("the walk makes nothing")
        }
        fn columns(&self) -> usize {
            80
        }
        fn no_colour(&self) -> bool {
            true
        }
        fn stdout_is_terminal(&self) -> bool {
            false
        }
        fn stderr_is_terminal(&self) -> bool {
            false
        }
        fn threads(&self) -> usize {
            1
        }
    }

    fn params(hidden: bool) -> WalkParams {
        WalkParams { hidden, follow_links: false, except: BTreeSet::new() }
    }

    fn walked(names: &Names, paths: &[&str], hidden: bool) -> (Vec<String>, Vec<String>) {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let walk = walk(names, &paths, &params(hidden)).unwrap();
        let codes = walk.diagnostics.iter().map(|said| format!("{} {}", said.code, said.path)).collect();
        (walk.files.into_iter().map(|file| file.path).collect(), codes)
    }

    fn small() -> Names {
        let file = EntryKind::File(3);
        Names(BTreeMap::from([
            (
                "m",
                vec![
                    ("z.txt", file),
                    (".git", EntryKind::Folder),
                    ("a", EntryKind::Folder),
                    ("l", EntryKind::Link),
                ],
            ),
            ("m/a", vec![("b.txt", file), ("locked", EntryKind::Folder), ("pipe", EntryKind::Special)]),
            ("m/.git", vec![("c.txt", file)]),
            ("n", vec![("z.txt", file), ("own", EntryKind::Folder)]),
            ("n/own", vec![("case.db", file), ("originals", EntryKind::Folder)]),
        ]))
    }

    #[test]
    fn files_come_sorted_and_what_is_left_out_is_said() {
        let (files, said) = walked(&small(), &["m"], false);
        assert_eq!(files, ["a/b.txt", "z.txt"]);
        let wanted =
            ["walk::unreadable a/locked", "walk::special_file a/pipe", "walk::link l", "walk::hidden .git"];
        assert_eq!(said.len(), wanted.len());
        assert!(wanted.iter().all(|code| said.iter().any(|said| said == code)), "{said:?}");
        assert_eq!(walked(&small(), &["m"], true).0, [".git/c.txt", "a/b.txt", "z.txt"]);
    }

    #[test]
    fn only_names_that_clash_get_the_path_given_in_front() {
        assert_eq!(walked(&small(), &["m", "n"], false).0, ["a/b.txt", "m/z.txt", "n/z.txt"]);
        assert_eq!(walked(&small(), &["n", "m"], false).0, ["a/b.txt", "m/z.txt", "n/z.txt"]);
        assert_eq!(walked(&small(), &["n", "n"], false).0, ["z.txt"]);
    }

    #[test]
    fn a_path_that_is_not_there_is_the_persons_mistake() {
        let refused = walk(&small(), &[PathBuf::from("nowhere")], &params(false));
        assert_eq!(refused.map_err(|(path, _)| path).err(), Some(PathBuf::from("nowhere")));
    }
}
