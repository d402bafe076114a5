//! What a damaged or cut file still holds: every page of its indexes that is sound, wherever it lies.
//!
//! Pages that were given up stay in a file until they are written over. So what is found may include messages
//! that had been deleted, and of an entry with several versions the latest is taken.

use std::collections::BTreeMap;

use super::file::{Fault, File, Form};
use super::page::{Node, Page, Tree, Trees};

/// Bytes looked through at a time; a multiple of every size of page.
const PIECE: usize = 1 << 20;
/// Entries that are kept.
const MOST_ENTRIES: usize = 4_000_000;

/// Look through the whole file: its blocks, and what went wrong, go into `trees`; its nodes are returned by id.
pub(super) fn salvage(file: &mut File<'_>, trees: &mut Trees) -> Vec<Node> {
    trees.searched = true;
    let (form, step) = (file.form, file.form.page());
    let (mut nodes, mut blocks) = (BTreeMap::new(), BTreeMap::new());
    let mut at = 0;
    while at < file.len {
        let length = usize::try_from(file.len - at).unwrap_or(PIECE).min(PIECE);
        let piece = match file.bytes(at, length) {
            Ok(piece) => piece,
            Err(fault) => {
                trees.faults.push(fault);
                break;
            }
        };
        for bytes in piece.chunks_exact(step) {
            if let Some(page) = sound_leaf(bytes, Tree::Nodes, form) {
                page.nodes(form).for_each(|node| keep_latest(&mut nodes, node.id, page.id, node));
            } else if let Some(page) = sound_leaf(bytes, Tree::Blocks, form) {
                page.blocks(form).for_each(|(id, place)| keep_latest(&mut blocks, id, page.id, place));
            }
        }
        at += length as u64;
        if nodes.len() + blocks.len() > MOST_ENTRIES {
            let left = file.len - at;
            trees.faults.push(Fault::at("more entries than are kept of a damaged file", at, left));
            break;
        }
    }
    trees.salvaged = blocks.into_iter().map(|(id, (_, place))| (id, place)).collect();
    nodes.into_values().map(|(_, node)| node).collect()
}

fn sound_leaf(bytes: &[u8], tree: Tree, form: Form) -> Option<Page> {
    Page::parse(bytes, tree, form).filter(|(page, sound)| *sound && page.level == 0).map(|(page, _)| page)
}

fn keep_latest<K: Ord, V>(known: &mut BTreeMap<K, (u64, V)>, key: K, version: u64, value: V) {
    match known.get(&key) {
        Some((kept, _)) if *kept > version => {}
        _ => drop(known.insert(key, (version, value))),
    }
}
