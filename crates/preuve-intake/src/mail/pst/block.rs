//! Blocks (MS-PST §2.2.2.8): data of any length as a tree of blocks, and the nodes within a node.

use std::collections::BTreeMap;
use std::io::Read;

use super::file::{Fault, File, Form, Found, checksum, u16_at, u32_at, word_at};
use super::page::Trees;

/// Nodes within one node that are listed.
const MOST_INNER: usize = 100_000;
/// Bit of an id that tells a block of the format's own from one of data.
const INTERNAL: u64 = 2;

/// A node within a node: the block its data starts with, and that in which its own nodes are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inner {
    pub(super) data: u64,
    pub(super) inner: u64,
}

/// The nodes within a node, by id.
pub(super) type InnerNodes = BTreeMap<u32, Inner>;

/// Blocks of a file.
pub(super) struct Blocks<'f> {
    pub(super) file: File<'f>,
    pub(super) trees: Trees,
    /// Bytes that may still be read for the message at hand.
    pub(super) room: u64,
}

impl Blocks<'_> {
    /// The data of one block, decoded.
    fn block(&mut self, id: u64) -> Found<Vec<u8>> {
        let place = self.trees.block(&mut self.file, id)?;
        let (form, stored) = (self.file.form, usize::from(place.stored));
        let trailer = form.block_trailer();
        let length = (stored + trailer).next_multiple_of(form.block_step());
        let mut bytes = self.file.bytes(place.at, length)?;
        let end = bytes.split_off(length - trailer);
        let (told_id, told) = match form {
            Form::Ansi => (word_at(&end, 4, 4), u32_at(&end, 8)),
            Form::Unicode | Form::Large => (word_at(&end, 8, 8), u32_at(&end, 4)),
        };
        let fault = |what| Fault::at(what, place.at, length as u64);
        if told_id & !1 != id & !1 || usize::from(u16_at(&end, 0)) != stored {
            return Err(fault("a block that is not the one its index says"));
        }
        bytes.truncate(stored);
        if checksum(&bytes) != told {
            self.file.doubt(fault("a block whose checksum does not match"));
        }
        let whole = usize::from(u16_at(&end, 18));
        if form == Form::Large && whole != 0 && whole != stored {
            bytes = inflate(&bytes, whole).ok_or(fault("a block that does not unpack"))?;
        }
        if id & INTERNAL == 0 {
            self.file.decode(&mut bytes, id);
        }
        Ok(bytes)
    }

    /// Read something that may take `most` bytes at most of what may be read for the message at hand.
    pub(super) fn within<T>(&mut self, most: u64, read: impl FnOnce(&mut Self) -> T) -> T {
        let set_aside = self.room.saturating_sub(most);
        self.room -= set_aside;
        let found = read(self);
        self.room += set_aside;
        found
    }

    /// Take `length` bytes from what may be read for the message at hand.
    pub(super) fn spend(&mut self, length: usize) -> Found<()> {
        let room = self.room.checked_sub(length as u64);
        self.room = room.ok_or(Fault::nowhere("more in one message than is read"))?;
        Ok(())
    }

    /// Hand on the blocks of the data that starts with block `id`, in order.
    pub(super) fn pieces(&mut self, id: u64, each: &mut dyn FnMut(Vec<u8>)) -> Found<()> {
        self.pieces_below(id, 3, each)
    }

    fn pieces_below(&mut self, id: u64, below: u8, each: &mut dyn FnMut(Vec<u8>)) -> Found<()> {
        if id & !1 == 0 {
            return Ok(());
        }
        let bytes = self.block(id)?;
        self.spend(bytes.len())?;
        if id & INTERNAL == 0 {
            each(bytes);
            return Ok(());
        }
        let (kind, level) = (bytes.first(), bytes.get(1).copied().unwrap_or_default());
        if kind != Some(&1) || !(1..below).contains(&level) {
            return Err(Fault::nowhere("a list of blocks that is damaged"));
        }
        for child in self.listed(&bytes, 8, self.file.form.word(), "a list of blocks that is damaged")? {
            let child = word_at(child, 0, self.file.form.word());
            if level == 1 && child & INTERNAL != 0 {
                return Err(Fault::nowhere("a list of blocks that is damaged"));
            }
            self.pieces_below(child, level, each)?;
        }
        Ok(())
    }

    /// The entries of a list of `entry` bytes each, as many as it says.
    fn listed<'b>(
        &self,
        bytes: &'b [u8],
        header: usize,
        entry: usize,
        fault: &'static str,
    ) -> Found<std::slice::ChunksExact<'b, u8>> {
        let count = usize::from(u16_at(bytes, 2));
        let entries = bytes.get(header..header + count * entry).ok_or(Fault::nowhere(fault))?;
        Ok(entries.chunks_exact(entry))
    }

    /// The data that starts with block `id`.
    pub(super) fn data(&mut self, id: u64) -> Found<Vec<u8>> {
        let mut data = Vec::new();
        self.pieces(id, &mut |piece| data.extend_from_slice(&piece))?;
        Ok(data)
    }

    /// The nodes listed in block `id`.
    pub(super) fn inner_nodes(&mut self, id: u64) -> Found<InnerNodes> {
        let mut nodes = InnerNodes::new();
        if id & !1 != 0 {
            self.list_inner(id, true, &mut nodes)?;
        }
        Ok(nodes)
    }

    fn list_inner(&mut self, id: u64, may_branch: bool, nodes: &mut InnerNodes) -> Found<()> {
        const DAMAGED: &str = "a list of parts that is damaged";
        if id & INTERNAL == 0 {
            return Err(Fault::nowhere(DAMAGED));
        }
        let bytes = self.block(id)?;
        self.spend(bytes.len())?;
        let word = self.file.form.word();
        match (bytes.first(), bytes.get(1)) {
            (Some(2), Some(0)) => {
                for entry in self.listed(&bytes, word, 3 * word, DAMAGED)? {
                    let inner =
                        Inner { data: word_at(entry, word, word), inner: word_at(entry, 2 * word, word) };
                    nodes.insert(u32_at(entry, 0), inner);
                }
            }
            (Some(2), Some(1)) if may_branch => {
                for entry in self.listed(&bytes, word, 2 * word, DAMAGED)? {
                    self.list_inner(word_at(entry, word, word), false, nodes)?;
                    if nodes.len() > MOST_INNER {
                        return Err(Fault::nowhere("more parts in one message than are read"));
                    }
                }
            }
            _ => return Err(Fault::nowhere(DAMAGED)),
        }
        Ok(())
    }
}

fn inflate(packed: &[u8], whole: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(whole);
    flate2::read::ZlibDecoder::new(packed).take(whole as u64).read_to_end(&mut bytes).ok()?;
    (bytes.len() == whole).then_some(bytes)
}
