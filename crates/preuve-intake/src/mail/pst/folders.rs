//! Which folders the mailbox has and what lies in each, by what every node says of its parent. Tables of contents
//! are not needed for it; so messages that no table lists are found too.

use std::collections::{BTreeMap, BTreeSet};

use super::block::Blocks;
use super::message::one_text;
use super::page::Node;
use crate::mail::properties::tag;

/// Folders that are named; messages of others lie in [`NO_FOLDER`].
const MOST_FOLDERS: usize = 100_000;
/// Messages that are listed of one file.
const MOST_MESSAGES: usize = 5_000_000;
/// Folders within folders.
const MOST_DEEP: usize = 64;
/// Characters of a folder's name.
const MOST_CHARS: usize = 100;
/// Where messages are said to lie that no folder holds.
const NO_FOLDER: &str = "(no folder)";
/// The folder that holds all others.
const ROOT: u32 = 0x122;

/// Kinds of nodes, told by the last bits of their ids.
mod kind {
    pub(super) const FOLDER: u32 = 0x02;
    pub(super) const MESSAGE: u32 = 0x04;
}

/// A node that should be a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) data: u64,
    pub(super) inner: u64,
    /// Place of its folder in the list of folders.
    folder: u32,
    id: u32,
}

/// The messages of a mailbox, folder by folder.
#[derive(Debug, Default)]
pub(super) struct Folders {
    /// Paths of the folders that hold messages, in order.
    paths: Vec<String>,
    /// All messages, those of a folder together.
    pub(super) entries: Vec<Entry>,
    /// What is wrong with the folders, in words.
    pub(super) told: Vec<String>,
}

impl Folders {
    /// Sort `nodes` into folders.
    pub(super) fn list(blocks: &mut Blocks<'_>, nodes: &[Node]) -> Self {
        let of_kind = |wanted: u32| nodes.iter().filter(move |node| node.id & 0x1F == wanted);
        let held: BTreeSet<u32> = of_kind(kind::MESSAGE).map(|node| node.parent).collect();
        let tree: BTreeMap<u32, &Node> =
            of_kind(kind::FOLDER).take(MOST_FOLDERS).map(|node| (node.id, node)).collect();
        let mut named = Naming { blocks, tree: &tree, names: BTreeMap::new(), circles: 0, unnamed: 0 };
        let mut paths: Vec<(String, u32)> = Vec::new();
        for id in held.iter().filter(|id| tree.contains_key(id)) {
            paths.push((named.path(*id), *id));
        }
        let (circles, unnamed) = (named.circles, named.unnamed);
        paths.sort();
        let mut folders = Self::default();
        if circles > 0 {
            folders
                .told
                .push(format!("{circles} of its folders lie within themselves; their place is not known"));
        }
        if unnamed > 0 {
            folders.told.push(format!("the names of {unnamed} of its folders could not be read"));
        }
        let places = folders.number(paths);
        let nowhere = folders.paths.len();
        folders.paths.push(NO_FOLDER.to_owned());
        let place = |node: &Node| places.get(&node.parent).copied().unwrap_or(nowhere);
        let entry = |node: &Node| Entry {
            data: node.data,
            inner: node.inner,
            folder: u32::try_from(place(node)).unwrap_or(u32::MAX),
            id: node.id,
        };
        folders.entries = of_kind(kind::MESSAGE).take(MOST_MESSAGES).map(entry).collect();
        let left_out = of_kind(kind::MESSAGE).count() - folders.entries.len();
        if left_out > 0 {
            folders
                .told
                .push(format!("{left_out} of its messages, behind the first {MOST_MESSAGES}, were not read"));
        }
        folders.entries.sort_unstable_by_key(|entry| (entry.folder, entry.id));
        folders
    }

    /// Take the paths over, those that are the same told apart by a number; returns the place of each folder.
    fn number(&mut self, paths: Vec<(String, u32)>) -> BTreeMap<u32, usize> {
        let mut places = BTreeMap::new();
        let mut before = (String::new(), 1);
        for (path, id) in paths {
            let shown = if path == before.0 { format!("{path}#{}", before.1 + 1) } else { path.clone() };
            before = if path == before.0 { (path, before.1 + 1) } else { (path, 1) };
            places.insert(id, self.paths.len());
            self.paths.push(shown);
        }
        places
    }

    /// The path of the folder that an entry lies in.
    pub(super) fn path(&self, entry: &Entry) -> &str {
        let place = usize::try_from(entry.folder).unwrap_or(usize::MAX);
        self.paths.get(place).map_or(NO_FOLDER, String::as_str)
    }

    /// Whether the entry `at` opens a folder.
    pub(super) fn opens_folder(&self, at: usize) -> bool {
        let folder = |at: usize| self.entries.get(at).map(|entry| entry.folder);
        at == 0 || folder(at) != folder(at - 1)
    }
}

/// Finds out where folders lie.
struct Naming<'n, 'f> {
    blocks: &'n mut Blocks<'f>,
    tree: &'n BTreeMap<u32, &'n Node>,
    names: BTreeMap<u32, String>,
    circles: usize,
    unnamed: usize,
}

impl Naming<'_, '_> {
    /// The path of folder `id`, without the one that holds all.
    fn path(&mut self, id: u32) -> String {
        let (mut parts, mut seen, mut at) = (Vec::new(), BTreeSet::new(), id);
        while let Some(node) = self.tree.get(&at).filter(|_| at != ROOT) {
            if !seen.insert(at) || seen.len() > MOST_DEEP {
                self.circles += 1;
                parts = vec![self.name(id)];
                break;
            }
            parts.push(self.name(at));
            if node.parent == at {
                break;
            }
            at = node.parent;
        }
        parts.reverse();
        if parts.is_empty() { "(top)".to_owned() } else { parts.join("/") }
    }

    fn name(&mut self, id: u32) -> String {
        if let Some(name) = self.names.get(&id) {
            return name.clone();
        }
        let node = self.tree.get(&id).map_or((0, 0), |node| (node.data, node.inner));
        self.blocks.room = u64::MAX;
        let read = one_text(self.blocks, node.0, node.1, tag::NAME);
        self.unnamed += usize::from(read.is_err());
        let name = match read.ok().flatten().map(|name| harmless(&name)).filter(|name| !name.is_empty()) {
            Some(name) => name,
            None => format!("folder-{id:x}"),
        };
        self.names.insert(id, name.clone());
        name
    }
}

/// A name that can be a part of a path.
fn harmless(name: &str) -> String {
    let clean = name.trim().chars().take(MOST_CHARS);
    let clean: String =
        clean.map(|c| if c.is_control() || matches!(c, '/' | '\\') { '_' } else { c }).collect();
    if matches!(clean.as_str(), "." | "..") { "_".to_owned() } else { clean }
}
