//! The two trees of pages (MS-PST §2.2.2.7.7): one says where each block is, the other which nodes there are.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::file::{Fault, File, Form, Found, Root, checksum, u16_at, u32_at, word_at};
use super::salvage::salvage;

/// Pages kept at hand.
const MOST_PAGES: usize = 2_048;
/// Nodes that are listed of one file.
const MOST_NODES: usize = 10_000_000;
/// Damaged pages that are told one by one.
const MOST_FAULTS: usize = 20;
/// Levels of a tree.
const MOST_LEVELS: u8 = 16;

/// Which tree a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tree {
    Blocks,
    Nodes,
}

impl Tree {
    fn kind(self) -> u8 {
        match self {
            Self::Blocks => 0x80,
            Self::Nodes => 0x81,
        }
    }

    fn least_entry(self, level: u8, form: Form) -> usize {
        let word = form.word();
        match (level, self) {
            (1.., _) => 3 * word,
            (0, Self::Blocks) => 2 * word + 4,
            (0, Self::Nodes) => 3 * word + 4,
        }
    }
}

/// One page of a tree.
#[derive(Debug)]
pub(super) struct Page {
    /// Its id: later pages have higher ones.
    pub(super) id: u64,
    /// 0 for a leaf.
    pub(super) level: u8,
    entry: usize,
    entries: Vec<u8>,
}

impl Page {
    /// The page that `bytes` are, if they are one of `tree`; `sound` tells whether its checksum matches.
    pub(super) fn parse(bytes: &[u8], tree: Tree, form: Form) -> Option<(Self, bool)> {
        let trailer = form.page().checked_sub(form.page_trailer())?;
        if *bytes.get(trailer)? != tree.kind() || *bytes.get(trailer + 1)? != tree.kind() {
            return None;
        }
        let (area, count, entry, level) = match form {
            Form::Ansi => (496, usize::from(bytes[496]), bytes[498], bytes[499]),
            Form::Unicode => (488, usize::from(bytes[488]), bytes[490], bytes[491]),
            Form::Large => (4056, usize::from(u16_at(bytes, 4056)), bytes[4060], bytes[4061]),
        };
        let (id, told) = match form {
            Form::Ansi => (word_at(bytes, 504, 4), u32_at(bytes, 508)),
            Form::Unicode | Form::Large => (word_at(bytes, trailer + 8, 8), u32_at(bytes, trailer + 4)),
        };
        let entry = usize::from(entry);
        let fits = level <= MOST_LEVELS && entry >= tree.least_entry(level, form) && count * entry <= area;
        let entries = bytes.get(..count * entry).filter(|_| fits)?.to_vec();
        Some((Self { id, level, entry, entries }, checksum(&bytes[..trailer]) == told))
    }

    fn entries(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.chunks_exact(self.entry)
    }

    /// The last entry whose key is not above `key`.
    fn entry_for(&self, key: u64, word: usize) -> Option<&[u8]> {
        self.entries().take_while(|entry| word_at(entry, 0, word) <= key).last()
    }

    /// What an entry above the leaves leads to, and the level that it must be below.
    fn child(&self, entry: &[u8], form: Form) -> (Root, u8) {
        let word = form.word();
        (Root { id: word_at(entry, word, word), at: word_at(entry, 2 * word, word) }, self.level)
    }

    /// The blocks of a leaf.
    pub(super) fn blocks(&self, form: Form) -> impl Iterator<Item = (u64, BlockAt)> {
        self.entries().map(move |entry| (word_at(entry, 0, form.word()) & !1, BlockAt::parse(entry, form)))
    }

    /// The nodes of a leaf.
    pub(super) fn nodes(&self, form: Form) -> impl Iterator<Item = Node> {
        self.entries().map(move |entry| Node::parse(entry, form))
    }
}

/// Where a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockAt {
    pub(super) at: u64,
    /// Bytes of its data, as it is stored.
    pub(super) stored: u16,
}

impl BlockAt {
    fn parse(entry: &[u8], form: Form) -> Self {
        let word = form.word();
        Self { at: word_at(entry, word, word), stored: u16_at(entry, 2 * word) }
    }
}

/// A node: what a folder, a message or a table is to the layer below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) id: u32,
    /// Id of the block that its data starts with.
    pub(super) data: u64,
    /// Id of the block that its nodes of its own are listed in; 0 where it has none.
    pub(super) inner: u64,
    /// Id of the folder it lies in.
    pub(super) parent: u32,
}

impl Node {
    fn parse(entry: &[u8], form: Form) -> Self {
        let word = form.word();
        Self {
            id: u32_at(entry, 0),
            data: word_at(entry, word, word),
            inner: word_at(entry, 2 * word, word),
            parent: u32_at(entry, 3 * word),
        }
    }
}

/// The trees of a file, read as far as they are asked for.
#[derive(Default)]
pub(super) struct Trees {
    pages: BTreeMap<u64, Rc<Page>>,
    /// Blocks found by looking through the whole file, where its own tree is damaged.
    pub(super) salvaged: BTreeMap<u64, BlockAt>,
    /// Whether that was done.
    pub(super) searched: bool,
    /// Damaged pages, as far as they were met.
    pub(super) faults: Vec<Fault>,
}

impl Trees {
    fn page(&mut self, file: &mut File<'_>, tree: Tree, place: Root, below: u8) -> Found<Rc<Page>> {
        if let Some(page) = self.pages.get(&place.at).filter(|page| page.level < below) {
            return Ok(Rc::clone(page));
        }
        let length = file.form.page();
        let bytes = file.bytes(place.at, length)?;
        let broken = Fault::at("a page of its index that is damaged", place.at, length as u64);
        let (page, sound) = Page::parse(&bytes, tree, file.form).ok_or(broken.clone())?;
        if page.id != place.id || page.level >= below {
            return Err(broken);
        }
        if !sound {
            file.doubt(Fault::at(
                "a page of its index whose checksum does not match",
                place.at,
                length as u64,
            ));
        }
        if self.pages.len() >= MOST_PAGES {
            self.pages.clear();
        }
        let page = Rc::new(page);
        self.pages.insert(place.at, Rc::clone(&page));
        Ok(page)
    }

    /// Where the block `id` is. The first time that a page on the way is damaged, the whole file is looked through.
    pub(super) fn block(&mut self, file: &mut File<'_>, id: u64) -> Found<BlockAt> {
        let id = id & !1;
        let missing = Fault::nowhere("a reference to a block that its index does not list");
        match self.find(file, id) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => self.salvaged.get(&id).copied().ok_or(missing),
            Err(fault) => {
                if !self.searched {
                    self.faults.push(fault.clone());
                    salvage(file, self);
                }
                self.salvaged.get(&id).copied().ok_or(fault)
            }
        }
    }

    fn find(&mut self, file: &mut File<'_>, id: u64) -> Found<Option<BlockAt>> {
        let (form, mut place, mut below) = (file.form, file.blocks, MOST_LEVELS + 1);
        loop {
            let page = self.page(file, Tree::Blocks, place, below)?;
            let word = form.word();
            // Keys of blocks bear a bit that is to be left out.
            let Some(entry) = page.entry_for(id | 1, word) else { return Ok(None) };
            if page.level == 0 {
                let same = word_at(entry, 0, word) & !1 == id;
                return Ok(same.then(|| BlockAt::parse(entry, form)));
            }
            (place, below) = page.child(entry, form);
        }
    }

    /// All nodes of the file, by id. Where a page is damaged, those that are found elsewhere in the file are added.
    pub(super) fn list_nodes(&mut self, file: &mut File<'_>) -> Vec<Node> {
        let (mut nodes, mut faults) = (Vec::new(), Vec::new());
        self.walk(file, &mut faults, &mut |page, form| {
            nodes.extend(page.nodes(form));
            nodes.len() < MOST_NODES
        });
        if !faults.is_empty() {
            self.faults.extend(faults.into_iter().take(MOST_FAULTS));
            nodes.extend(salvage(file, self));
        }
        // What the tree itself says stands first and is kept.
        nodes.sort_by_key(|node| node.id);
        nodes.dedup_by_key(|node| node.id);
        nodes
    }

    /// Visit the leaves of the tree of nodes in order, each page once, until `leaf` has enough.
    fn walk(
        &mut self,
        file: &mut File<'_>,
        faults: &mut Vec<Fault>,
        leaf: &mut dyn FnMut(&Page, Form) -> bool,
    ) {
        let (mut seen, mut open) = (BTreeSet::new(), vec![(file.nodes, MOST_LEVELS + 1)]);
        while let Some((place, below)) = open.pop() {
            if file.is_spent() {
                return;
            }
            if !seen.insert(place.at) {
                let length = file.form.page() as u64;
                faults.push(Fault::at("a page of its index that stands in it twice", place.at, length));
                continue;
            }
            match self.page(file, Tree::Nodes, place, below) {
                Ok(page) if page.level == 0 => {
                    if !leaf(&page, file.form) {
                        return faults.push(Fault::nowhere("more entries than are read of one file"));
                    }
                }
                Ok(page) => {
                    let children: Vec<_> = page.entries().map(|entry| page.child(entry, file.form)).collect();
                    open.extend(children.into_iter().rev());
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
}
