//! Blocks, pages and the header.

use std::io::Write;

use super::tables::{MIDDLE, WRITTEN, inverse};
use super::{PstEncoding, PstFlaw, PstForm};

/// Where data starts, behind the header and the first places of maps.
const FIRST: usize = 0x6000;
/// Bit of an id that marks a block of the format's own.
const INTERNAL: u64 = 2;

/// Puts blocks and nodes one behind the other.
pub(super) struct Layout {
    pub(super) form: PstForm,
    encoding: PstEncoding,
    flaw: Option<PstFlaw>,
    bytes: Vec<u8>,
    next_block: u64,
    next_page: u64,
    /// Id, place, stored bytes and whole bytes of each block.
    blocks: Vec<(u64, usize, usize, usize)>,
    /// Id, data, inner nodes and parent of each node.
    nodes: Vec<(u32, u64, u64, u32)>,
}

impl Layout {
    pub(super) fn new(form: PstForm, encoding: PstEncoding, flaw: Option<PstFlaw>) -> Self {
        let (blocks, nodes) = (Vec::new(), Vec::new());
        Self { form, encoding, flaw, bytes: vec![0; FIRST], next_block: 4, next_page: 1, blocks, nodes }
    }

    fn word(&self) -> usize {
        if self.form == PstForm::Ansi { 4 } else { 8 }
    }

    fn put_word(&self, out: &mut Vec<u8>, value: u64) {
        out.extend(&value.to_le_bytes()[..self.word()]);
    }

    fn trailer(&self) -> usize {
        match self.form {
            PstForm::Ansi => 12,
            PstForm::Unicode => 16,
            PstForm::Large => 24,
        }
    }

    /// Most bytes of one block.
    pub(super) fn most(&self) -> usize {
        if self.form == PstForm::Large { 65_536 - 24 } else { 8_192 - self.trailer() }
    }

    /// The id that the next block gets.
    pub(super) fn coming(&self) -> u64 {
        self.next_block
    }

    fn block(&mut self, mut data: Vec<u8>, internal: bool) -> u64 {
        let id = self.next_block | if internal { INTERNAL } else { 0 };
        self.next_block += 4;
        if !internal {
            self.encode(&mut data, id);
        }
        let whole = data.len();
        if self.form == PstForm::Large && !internal {
            let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&data).expect("in memory");
            let packed = packed.finish().expect("in memory");
            data = if packed.len() < data.len() { packed } else { data };
        }
        let step = if self.form == PstForm::Large { 512 } else { 64 };
        let (at, stored, trailer) = (self.bytes.len(), data.len(), self.trailer());
        let (sign, check) = (signature(at as u64, id), checksum(&data));
        data.resize((stored + trailer).next_multiple_of(step) - trailer, 0);
        self.bytes.extend(data);
        self.bytes.extend(u16::try_from(stored).expect("a block").to_le_bytes());
        self.bytes.extend(sign.to_le_bytes());
        self.close(check, id);
        if self.form == PstForm::Large {
            self.bytes.extend([0; 2]);
            self.bytes.extend(u16::try_from(whole).expect("a block").to_le_bytes());
            self.bytes.extend([0; 4]);
        }
        self.blocks.push((id, at, stored, whole));
        id
    }

    /// Checksum and id, in the order of the form.
    fn close(&mut self, check: u32, id: u64) {
        if self.form == PstForm::Ansi {
            self.bytes.extend(&id.to_le_bytes()[..4]);
            self.bytes.extend(check.to_le_bytes());
        } else {
            self.bytes.extend(check.to_le_bytes());
            self.bytes.extend(id.to_le_bytes());
        }
    }

    fn encode(&self, data: &mut [u8], id: u64) {
        const READ: [u8; 256] = inverse(&WRITTEN);
        match self.encoding {
            PstEncoding::Plain => {}
            PstEncoding::Permuted => data.iter_mut().for_each(|byte| *byte = WRITTEN[usize::from(*byte)]),
            PstEncoding::Cyclic => {
                let id = u32::try_from(id).expect("small files");
                let mut key = u16::try_from((id ^ (id >> 16)) & 0xFFFF).expect("two bytes");
                for byte in data {
                    let [low, high] = key.to_le_bytes();
                    *byte = WRITTEN[usize::from(byte.wrapping_add(low))];
                    *byte = MIDDLE[usize::from(byte.wrapping_add(high))];
                    *byte = READ[usize::from(byte.wrapping_sub(high))].wrapping_sub(low);
                    key = key.wrapping_add(1);
                }
            }
        }
    }

    /// Data of any length; returns the id of the block it starts with.
    pub(super) fn data(&mut self, data: &[u8]) -> u64 {
        let most = self.most();
        self.pieces(data.chunks(most).map(<[u8]>::to_vec).collect())
    }

    /// Data that is cut into blocks already.
    pub(super) fn pieces(&mut self, mut pieces: Vec<Vec<u8>>) -> u64 {
        if pieces.len() < 2 {
            return self.block(pieces.pop().unwrap_or_default(), false);
        }
        let total: usize = pieces.iter().map(Vec::len).sum();
        let ids: Vec<u64> = pieces.into_iter().map(|piece| self.block(piece, false)).collect();
        self.list(&ids, 1, total)
    }

    fn list(&mut self, ids: &[u64], level: u8, total: usize) -> u64 {
        let fit = (self.most().min(8_176) - 8) / self.word();
        if ids.len() > fit {
            let upper: Vec<u64> = ids.chunks(fit).map(|ids| self.list(ids, level, total)).collect();
            return self.list(&upper, level + 1, total);
        }
        let mut list = vec![1, level];
        list.extend(u16::try_from(ids.len()).expect("they fit").to_le_bytes());
        let told = if self.flaw == Some(PstFlaw::HugeLists) {
            u32::MAX
        } else {
            u32::try_from(total).expect("small")
        };
        list.extend(told.to_le_bytes());
        let own = self.next_block | INTERNAL;
        let endless = self.flaw == Some(PstFlaw::EndlessLists);
        ids.iter().for_each(|id| self.put_word(&mut list, if endless { own } else { *id }));
        self.block(list, true)
    }

    /// The list of the nodes within a node; 0 where there are none.
    pub(super) fn inner(&mut self, mut nodes: Vec<(u32, u64, u64)>) -> u64 {
        nodes.sort_unstable();
        let fit = (self.most().min(8_176) - 8) / (3 * self.word());
        let leaves: Vec<(u32, u64)> =
            nodes.chunks(fit).map(|chunk| (chunk[0].0, self.inner_leaf(chunk))).collect();
        match leaves.as_slice() {
            [] => 0,
            [(_, only)] => *only,
            many => {
                let mut list = self.inner_head(1, many.len());
                for (id, block) in many {
                    self.put_word(&mut list, u64::from(*id));
                    self.put_word(&mut list, *block);
                }
                self.block(list, true)
            }
        }
    }

    fn inner_head(&self, level: u8, count: usize) -> Vec<u8> {
        let mut list = vec![2, level];
        list.extend(u16::try_from(count).expect("they fit").to_le_bytes());
        list.resize(self.word(), 0);
        list
    }

    fn inner_leaf(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        let mut list = self.inner_head(0, nodes.len());
        for (id, data, inner) in nodes {
            self.put_word(&mut list, u64::from(*id));
            self.put_word(&mut list, *data);
            self.put_word(&mut list, *inner);
        }
        self.block(list, true)
    }

    /// A node of the file.
    pub(super) fn node(&mut self, id: u32, data: u64, inner: u64, parent: u32) {
        self.nodes.push((id, data, inner, parent));
    }

    fn node_entries(&mut self) -> Vec<(u64, Vec<u8>)> {
        let mut nodes = std::mem::take(&mut self.nodes);
        nodes.sort_unstable();
        let entry = |(id, data, inner, parent): (u32, u64, u64, u32)| {
            let mut entry = Vec::new();
            [u64::from(id), data, inner].into_iter().for_each(|value| self.put_word(&mut entry, value));
            entry.extend(parent.to_le_bytes());
            entry.resize(4 * self.word(), 0);
            (u64::from(id), entry)
        };
        nodes.into_iter().map(entry).collect()
    }

    fn block_entries(&mut self) -> Vec<(u64, Vec<u8>)> {
        let mut blocks = std::mem::take(&mut self.blocks);
        blocks.sort_unstable();
        let entry = |(id, at, stored, whole): (u64, usize, usize, usize)| {
            let mut entry = Vec::new();
            self.put_word(&mut entry, id);
            self.put_word(&mut entry, at as u64);
            entry.extend(u16::try_from(stored).expect("a block").to_le_bytes());
            if self.form == PstForm::Large {
                entry.extend(u16::try_from(whole).expect("a block").to_le_bytes());
            }
            entry.extend([2, 0]);
            entry.resize(if self.form == PstForm::Ansi { 12 } else { 24 }, 0);
            (id, entry)
        };
        blocks.into_iter().map(entry).collect()
    }

    /// A tree of pages of `kind` over `entries`; returns id and place of its root.
    fn tree(&mut self, kind: u8, mut entries: Vec<(u64, Vec<u8>)>) -> (u64, usize) {
        let mut level = 0;
        loop {
            let size = entries.first().map_or(3 * self.word(), |(_, entry)| entry.len());
            let area = match self.form {
                PstForm::Ansi => 496,
                PstForm::Unicode => 488,
                PstForm::Large => 4_056,
            };
            let fit = area / size;
            let mut upper = Vec::new();
            let chunks: Vec<&[(u64, Vec<u8>)]> =
                if entries.is_empty() { vec![&[]] } else { entries.chunks(fit).collect() };
            let mut last = (0, 0);
            for chunk in chunks {
                last = self.page(kind, level, area, size, fit, chunk);
                let mut entry = Vec::new();
                let key = chunk.first().map_or(0, |(key, _)| *key);
                [key, last.0, last.1 as u64].into_iter().for_each(|value| self.put_word(&mut entry, value));
                upper.push((key, entry));
            }
            if upper.len() == 1 {
                return last;
            }
            entries = upper;
            level += 1;
        }
    }

    fn page(
        &mut self,
        kind: u8,
        level: u8,
        area: usize,
        size: usize,
        fit: usize,
        chunk: &[(u64, Vec<u8>)],
    ) -> (u64, usize) {
        let length = if self.form == PstForm::Large { 4_096 } else { 512 };
        self.bytes.resize(self.bytes.len().next_multiple_of(length), 0);
        let (at, id) = (self.bytes.len(), self.next_page);
        self.next_page += 1;
        let mut page: Vec<u8> = chunk.iter().flat_map(|(_, entry)| entry.iter().copied()).collect();
        page.resize(area, 0);
        let (count, fit) = (u16::try_from(chunk.len()).expect("few"), u16::try_from(fit).expect("few"));
        let (count, fit, size) = (count.to_le_bytes(), fit.to_le_bytes(), u8::try_from(size).expect("small"));
        match self.form {
            PstForm::Large => page.extend([count[0], count[1], fit[0], fit[1], size, level]),
            _ => page.extend([count[0], fit[0], size, level]),
        }
        page.resize(length - self.trailer(), 0);
        let check = checksum(&page);
        self.bytes.extend(page);
        self.bytes.extend([kind, kind]);
        self.bytes.extend(signature(at as u64, id).to_le_bytes());
        self.close(check, id);
        if self.form == PstForm::Large {
            self.bytes.extend([0; 8]);
        }
        (id, at)
    }

    /// The file: the indexes behind the data, and the header.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let (nodes, blocks) = (self.node_entries(), self.block_entries());
        let blocks = self.tree(0x80, blocks);
        let nodes = self.tree(0x81, nodes);
        let header = self.header(nodes, blocks);
        self.bytes[..header.len()].copy_from_slice(&header);
        self.bytes
    }

    fn header(&self, nodes: (u64, usize), blocks: (u64, usize)) -> Vec<u8> {
        let mut head = vec![0; if self.form == PstForm::Ansi { 512 } else { 564 }];
        let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
        let word = self.word();
        let value = |value: u64| value.to_le_bytes()[..word].to_vec();
        put(0, b"!BDN");
        put(8, if self.form == PstForm::Large { b"SO" } else { b"SM" });
        let version = match self.form {
            PstForm::Ansi => 14,
            PstForm::Unicode => 23,
            PstForm::Large => 36,
        };
        put(10, &[version, 0, 19, 0, 1, 1]);
        let (names, root, sentinel) =
            if self.form == PstForm::Ansi { (36, 164, 460) } else { (44, 180, 512) };
        put(if word == 4 { 24 } else { 516 }, &value(self.next_block));
        put(if word == 4 { 28 } else { 32 }, &value(self.next_page));
        // The next number of each kind of node; high enough for all that were given.
        (0..32).for_each(|kind| put(names + 4 * kind, &0x0010_0000u32.to_le_bytes()));
        put(root + 4, &value(self.bytes.len() as u64));
        let trees = [nodes.0, nodes.1 as u64, blocks.0, blocks.1 as u64];
        for (place, tree) in trees.into_iter().enumerate() {
            put(root + 4 + (4 + place) * word, &value(tree));
        }
        let encoding = match self.encoding {
            PstEncoding::Plain => 0,
            PstEncoding::Permuted => 1,
            PstEncoding::Cyclic => 2,
        };
        put(sentinel, &[0x80, encoding]);
        let partial = checksum(&head[8..479]);
        head[4..8].copy_from_slice(&partial.to_le_bytes());
        if word == 8 {
            let full = checksum(&head[8..524]);
            head[524..528].copy_from_slice(&full.to_le_bytes());
        }
        head
    }
}

/// MS-PST §5.5.
fn signature(at: u64, id: u64) -> u16 {
    let mixed = at ^ id;
    u16::try_from((mixed >> 16 ^ mixed) & 0xFFFF).expect("two bytes")
}

/// MS-PST §5.3, bit by bit: the reader under test has a quicker one.
fn checksum(bytes: &[u8]) -> u32 {
    let mut table = [0u32; 256];
    for (byte, entry) in (0u32..).zip(&mut table) {
        *entry =
            (0..8).fold(byte, |value, _| if value & 1 == 1 { value >> 1 ^ 0xEDB8_8320 } else { value >> 1 });
    }
    bytes.iter().fold(0, |check, byte| table[(check as u8 ^ byte) as usize] ^ check >> 8)
}
