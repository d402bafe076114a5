//! Properties of one thing and tables of many, in heaps.

use super::PstForm;
use super::layout::Layout;

/// Most bytes of one allocation in a heap.
const MOST: usize = 3_580;

/// The value of a property.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Bytes(Vec<u8>),
    Number(u32),
    Truth(bool),
    Time(u64),
    /// A thing of its own: the node that it is.
    Object(u32),
}

impl Value {
    fn kind(&self, form: PstForm) -> u16 {
        match self {
            Self::Text(_) if form == PstForm::Ansi => 0x1E,
            Self::Text(_) => 0x1F,
            Self::Bytes(_) => 0x0102,
            Self::Number(_) => 0x03,
            Self::Truth(_) => 0x0B,
            Self::Time(_) => 0x40,
            Self::Object(_) => 0x0D,
        }
    }

    /// What stands where the property is named, or what lies elsewhere.
    fn bytes(&self, form: PstForm) -> Result<u32, Vec<u8>> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Truth(truth) => Ok(u32::from(*truth)),
            Self::Text(text) if form == PstForm::Ansi => {
                Err(text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect())
            }
            Self::Text(text) => Err(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Bytes(bytes) => Err(bytes.clone()),
            Self::Time(ticks) => Err(ticks.to_le_bytes().to_vec()),
            Self::Object(node) => Err([node.to_le_bytes(), [0; 4]].concat()),
        }
    }
}

/// A heap under way.
struct Heap {
    kind: u8,
    form: PstForm,
    most: usize,
    blocks: Vec<Vec<Vec<u8>>>,
}

impl Heap {
    fn new(layout: &Layout, kind: u8) -> Self {
        Self { kind, form: layout.form, most: layout.most().min(8_176), blocks: vec![Vec::new()] }
    }

    fn header(block: usize) -> usize {
        match block {
            0 => 12,
            at if at % 128 == 8 => 66,
            _ => 2,
        }
    }

    /// Put an allocation; returns its id.
    fn put(&mut self, bytes: Vec<u8>) -> u32 {
        let last = self.blocks.len() - 1;
        let used: usize = self.blocks[last].iter().map(Vec::len).sum();
        let map = 4 + 2 * (self.blocks[last].len() + 2);
        if Self::header(last) + used + bytes.len() + map + 2 > self.most {
            self.blocks.push(Vec::new());
        }
        let block = self.blocks.len() - 1;
        self.blocks[block].push(bytes);
        let bits = if self.form == PstForm::Large { 19 } else { 16 };
        let number = u32::try_from(self.blocks[block].len()).expect("few");
        u32::try_from(block).expect("few") << bits | number << 5
    }

    /// Change an allocation into one of the same length.
    fn set(&mut self, id: u32, bytes: Vec<u8>) {
        let bits = if self.form == PstForm::Large { 19 } else { 16 };
        let number = ((id & ((1 << bits) - 1)) >> 5) as usize - 1;
        let allocation = &mut self.blocks[(id >> bits) as usize][number];
        assert_eq!(allocation.len(), bytes.len(), "an allocation keeps its length");
        *allocation = bytes;
    }

    /// A tree of records of `key + value` bytes, whose header is the allocation `header`.
    fn tree(&mut self, header: u32, key: usize, value: usize, records: &[Vec<u8>]) {
        let (mut level, mut records) = (0, records.to_vec());
        let mut root = 0;
        while !records.is_empty() {
            let fit = MOST / records[0].len();
            let mut upper = Vec::new();
            for chunk in records.chunks(fit) {
                root = self.put(chunk.concat());
                upper.push([&chunk[0][..key], &root.to_le_bytes()].concat());
            }
            if upper.len() == 1 {
                break;
            }
            records = upper;
            level += 1;
        }
        let mut head =
            vec![0xB5, u8::try_from(key).expect("small"), u8::try_from(value).expect("small"), level];
        head.extend(root.to_le_bytes());
        self.set(header, head);
    }

    /// The blocks of the heap.
    fn finish(self, root: u32) -> Vec<Vec<u8>> {
        let count = self.blocks.len();
        let mut out = Vec::new();
        for (at, allocations) in self.blocks.iter().enumerate() {
            let mut block = vec![0; Self::header(at)];
            if at == 0 {
                block[2..4].copy_from_slice(&[0xEC, self.kind]);
                block[4..8].copy_from_slice(&root.to_le_bytes());
            }
            let mut bounds = vec![u16::try_from(block.len()).expect("small")];
            for allocation in allocations {
                block.extend(allocation);
                bounds.push(u16::try_from(block.len()).expect("small"));
            }
            block.resize(block.len().next_multiple_of(2), 0);
            if at + 1 < count {
                block.resize(self.most - 4 - 2 * bounds.len(), 0);
            }
            let map = u16::try_from(block.len()).expect("small");
            block[..2].copy_from_slice(&map.to_le_bytes());
            block.extend(u16::try_from(allocations.len()).expect("few").to_le_bytes());
            block.extend([0; 2]);
            bounds.iter().for_each(|bound| block.extend(bound.to_le_bytes()));
            out.push(block);
        }
        out
    }
}

/// What is put into a heap, or into a node of its own where it is large.
fn put_elsewhere(
    layout: &mut Layout,
    heap: &mut Heap,
    inner: &mut Vec<(u32, u64, u64)>,
    bytes: Vec<u8>,
) -> u32 {
    if bytes.is_empty() {
        return 0;
    }
    if bytes.len() <= MOST {
        return heap.put(bytes);
    }
    let node = (0x400 + u32::try_from(inner.len()).expect("few")) << 5 | 0x1F;
    let data = layout.data(&bytes);
    inner.push((node, data, 0));
    node
}

/// Write the properties of one thing, which has the nodes of `inner` besides; returns its data and its inner nodes.
pub(super) fn write_properties(
    layout: &mut Layout,
    mut properties: Vec<(u16, Value)>,
    mut inner: Vec<(u32, u64, u64)>,
) -> (u64, u64) {
    properties.sort_by_key(|(tag, _)| *tag);
    let form = layout.form;
    let mut heap = Heap::new(layout, 0xBC);
    let root = heap.put(vec![0; 8]);
    let mut records = Vec::new();
    for (tag, value) in properties {
        let held = match value.bytes(form) {
            Ok(number) => number,
            Err(bytes) => put_elsewhere(layout, &mut heap, &mut inner, bytes),
        };
        records.push([&tag.to_le_bytes()[..], &value.kind(form).to_le_bytes(), &held.to_le_bytes()].concat());
    }
    heap.tree(root, 2, 6, &records);
    let data = layout.pieces(heap.finish(root));
    (data, layout.inner(inner))
}

/// The columns that every table has: the id of a row, and its version.
const OF_ROWS: [u16; 2] = [0x67F2, 0x67F3];

/// Write a table with the columns `columns` (texts and numbers) and `rows`, each with its id; returns its data and
/// its inner nodes.
pub(super) fn write_table(
    layout: &mut Layout,
    columns: &[(u16, Value)],
    rows: &[(u32, Vec<Value>)],
) -> (u64, u64) {
    let form = layout.form;
    let mut heap = Heap::new(layout, 0x7C);
    let count = columns.len() + OF_ROWS.len();
    let root = heap.put(vec![0; 22 + 8 * count]);
    let index = heap.put(vec![0; 8]);
    let (mut inner, mut lines, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let length = 4 * count + count.div_ceil(8);
    for (place, (id, values)) in (0u32..).zip(rows) {
        let mut line = [id.to_le_bytes(), 1u32.to_le_bytes()].concat();
        for value in values {
            let held = match value.bytes(form) {
                Ok(number) => number,
                Err(bytes) => put_elsewhere(layout, &mut heap, &mut inner, bytes),
            };
            line.extend(held.to_le_bytes());
        }
        line.resize(length, 0xFF);
        lines.push(line);
        let width = if form == PstForm::Ansi { 2 } else { 4 };
        records.push([&id.to_le_bytes()[..], &place.to_le_bytes()[..width]].concat());
    }
    records.sort();
    heap.tree(index, 4, if form == PstForm::Ansi { 2 } else { 4 }, &records);
    let held = put_lines(layout, &mut heap, &mut inner, &lines, length);
    let mut head = vec![0x7C, u8::try_from(count).expect("few")];
    let ends = [4 * count, 4 * count, 4 * count, length];
    ends.into_iter().for_each(|end| head.extend(u16::try_from(end).expect("small").to_le_bytes()));
    [index, held, 0].into_iter().for_each(|id| head.extend(id.to_le_bytes()));
    let kinds =
        OF_ROWS.into_iter().map(|tag| (tag, 0x03)).chain(columns.iter().map(|(tag, v)| (*tag, v.kind(form))));
    let mut described: Vec<(u16, Vec<u8>)> = (0u8..)
        .zip(kinds)
        .map(|(at, (tag, kind))| {
            let place = u16::from(at) * 4;
            (tag, [&kind.to_le_bytes()[..], &tag.to_le_bytes(), &place.to_le_bytes(), &[4, at]].concat())
        })
        .collect();
    described.sort();
    described.into_iter().for_each(|(_, column)| head.extend(column));
    heap.set(root, head);
    let data = layout.pieces(heap.finish(root));
    (data, layout.inner(inner))
}

/// The rows of a table: in the heap, or where they are many in a node whose blocks hold whole rows.
fn put_lines(
    layout: &mut Layout,
    heap: &mut Heap,
    inner: &mut Vec<(u32, u64, u64)>,
    lines: &[Vec<u8>],
    length: usize,
) -> u32 {
    if lines.is_empty() {
        return 0;
    }
    if lines.len() * length <= MOST {
        return heap.put(lines.concat());
    }
    let most = layout.most();
    let piece = |lines: &[Vec<u8>]| {
        let mut piece = lines.concat();
        piece.resize(most, 0);
        piece
    };
    let mut pieces: Vec<Vec<u8>> = lines.chunks(most / length).map(piece).collect();
    let left = (lines.len() - 1) % (most / length) + 1;
    if let Some(last) = pieces.last_mut() {
        last.truncate(left * length);
    }
    let node = (0x400 + u32::try_from(inner.len()).expect("few")) << 5 | 0x1F;
    let data = layout.pieces(pieces);
    inner.push((node, data, 0));
    node
}
