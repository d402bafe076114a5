//! A node's data as a heap of small allocations, and the trees of records in it (MS-PST §2.3.1, §2.3.2).

use super::block::Blocks;
use super::file::{Fault, Form, Found, u16_at, u32_at};

/// Records of one tree that are read.
const MOST_RECORDS: usize = 200_000;
/// Levels of a tree of records.
const MOST_LEVELS: u8 = 8;

/// The data of a node that starts with a heap.
pub(super) struct Heap {
    blocks: Vec<Vec<u8>>,
    form: Form,
}

impl Heap {
    /// Read the heap whose data starts with block `id`; `kind` says what it must hold.
    pub(super) fn read(blocks: &mut Blocks<'_>, id: u64, kind: u8) -> Found<Self> {
        let mut pieces = Vec::new();
        blocks.pieces(id, &mut |piece| pieces.push(piece))?;
        let heap = Self { blocks: pieces, form: blocks.file.form };
        let head = heap.blocks.first().map(Vec::as_slice).unwrap_or_default();
        if head.get(2) != Some(&0xEC) || head.get(3) != Some(&kind) {
            return Err(Fault::nowhere("a list of properties that is damaged"));
        }
        Ok(heap)
    }

    /// The allocation that all others are found from.
    pub(super) fn root(&self) -> u32 {
        self.blocks.first().map_or(0, |head| u32_at(head, 4))
    }

    /// An allocation; `None` where `id` leads nowhere.
    pub(super) fn get(&self, id: u32) -> Option<&[u8]> {
        // A block of the large form holds more allocations, so more bits tell them apart.
        let bits = if self.form == Form::Large { 19 } else { 16 };
        let block = self.blocks.get(usize::try_from(id >> bits).ok()?)?;
        let number = usize::try_from((id & ((1 << bits) - 1)) >> 5).ok()?.checked_sub(1)?;
        let map = usize::from(u16_at(block, 0));
        if id & 0x1F != 0 || number >= usize::from(u16_at(block, map)) {
            return None;
        }
        let bounds = block.get(map + 4 + 2 * number..map + 8 + 2 * number)?;
        block.get(usize::from(u16_at(bounds, 0))..usize::from(u16_at(bounds, 2)))
    }

    /// The records of the tree whose header is the allocation `id`: keys of `key` bytes, values of `value` bytes.
    pub(super) fn records(&self, id: u32, key: usize, value: usize) -> Found<Vec<&[u8]>> {
        const DAMAGED: Fault = Fault { what: "a list of properties that is damaged", at: None };
        let head = self.get(id).ok_or(DAMAGED)?;
        let shape = [0xB5, u8::try_from(key).unwrap_or(0), u8::try_from(value).unwrap_or(0)];
        let levels = head.get(3).copied().filter(|levels| *levels <= MOST_LEVELS).ok_or(DAMAGED)?;
        if !head.starts_with(&shape) {
            return Err(DAMAGED);
        }
        let (mut records, mut open) = (Vec::new(), vec![(u32_at(head, 4), levels)]);
        let mut visited = 0;
        while let Some((id, level)) = open.pop() {
            visited += 1;
            if records.len() > MOST_RECORDS || visited > MOST_RECORDS {
                return Err(Fault::nowhere("more properties than are read"));
            }
            if id == 0 {
                continue;
            }
            let entries = self.get(id).ok_or(DAMAGED)?;
            if level == 0 {
                records.extend(entries.chunks_exact(key + value));
            } else {
                let children = entries.chunks_exact(key + 4).rev();
                open.extend(children.map(|entry| (u32_at(entry, key), level - 1)));
            }
        }
        Ok(records)
    }
}
