//! Properties of one thing, and tables of many (MS-PST §2.3.3, §2.3.4).

use std::collections::BTreeMap;

use super::block::{Blocks, InnerNodes};
use super::file::{Fault, Found, u16_at, u32_at};
use super::heap::Heap;

/// Rows of one table that are read.
const MOST_ROWS: usize = 5_000;

/// The type of a property, and what stands for its value.
#[derive(Debug, Clone, Copy)]
struct Held {
    kind: u16,
    value: u32,
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// Its type (MS-OXCDATA §2.11.1).
    pub(super) kind: u16,
    pub(super) bytes: Vec<u8>,
}

/// The properties of a message, folder, attachment or store.
pub(super) struct Context {
    heap: Heap,
    held: BTreeMap<u16, Held>,
    /// The nodes that large values lie in.
    pub(super) inner: InnerNodes,
}

impl Context {
    /// Read the properties whose data starts with block `data`; their large values lie in the nodes of `inner`.
    pub(super) fn read(blocks: &mut Blocks<'_>, data: u64, inner: u64) -> Found<Self> {
        let heap = Heap::read(blocks, data, 0xBC)?;
        let entry =
            |record: &[u8]| (u16_at(record, 0), Held { kind: u16_at(record, 2), value: u32_at(record, 4) });
        let held = heap.records(heap.root(), 2, 6)?.into_iter().map(entry).collect();
        // A list of inner nodes that is damaged takes the large values with it, not the small ones.
        let inner = blocks.inner_nodes(inner).unwrap_or_else(|fault| {
            blocks.file.doubt(fault);
            InnerNodes::new()
        });
        Ok(Self { heap, held, inner })
    }

    /// The type of a property, if there is one.
    pub(super) fn kind(&self, tag: u16) -> Option<u16> {
        self.held.get(&tag).map(|held| held.kind)
    }

    /// The value of a property; `None` where there is none.
    pub(super) fn value(&self, blocks: &mut Blocks<'_>, tag: u16) -> Option<Found<Value>> {
        let held = self.held.get(&tag)?;
        let bytes = match width(held.kind) {
            Width::Inline => Ok(held.value.to_le_bytes().to_vec()),
            Width::Elsewhere => elsewhere(blocks, &self.heap, &self.inner, held.value),
        };
        Some(bytes.map(|bytes| Value { kind: held.kind, bytes }))
    }
}

/// Whether values of a type stand where they are named.
enum Width {
    Inline,
    Elsewhere,
}

fn width(kind: u16) -> Width {
    match kind {
        // Numbers of up to 32 bits, truth values, error codes.
        0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => Width::Inline,
        _ => Width::Elsewhere,
    }
}

/// A value that lies in the heap, or in a node of its own.
fn elsewhere(blocks: &mut Blocks<'_>, heap: &Heap, inner: &InnerNodes, id: u32) -> Found<Vec<u8>> {
    if id == 0 {
        return Ok(Vec::new());
    }
    if id & 0x1F == 0 {
        let bytes = heap.get(id).ok_or(Fault::nowhere("a property that is not where it should be"))?;
        blocks.spend(bytes.len())?;
        return Ok(bytes.to_vec());
    }
    let node = inner.get(&id).ok_or(Fault::nowhere("a property whose part is missing"))?;
    blocks.data(node.data)
}

/// A row of a table: the values that it has, by tag.
pub(super) type Row = BTreeMap<u16, Value>;

/// A column of a table.
struct Column {
    tag: u16,
    kind: u16,
    offset: usize,
    width: usize,
    bit: usize,
}

/// The rows of the table whose data starts with block `data`, with the columns `wanted`.
pub(super) fn read_table(blocks: &mut Blocks<'_>, data: u64, inner: u64, wanted: &[u16]) -> Found<Vec<Row>> {
    const DAMAGED: Fault = Fault { what: "a table that is damaged", at: None };
    let heap = Heap::read(blocks, data, 0x7C)?;
    let inner = blocks.inner_nodes(inner)?;
    let head = heap.get(heap.root()).filter(|head| head.len() >= 22 && head[0] == 0x7C).ok_or(DAMAGED)?;
    let columns: Vec<Column> = head[22..]
        .chunks_exact(8)
        .take(usize::from(head[1]))
        .map(|column| Column {
            kind: u16_at(column, 0),
            tag: u16_at(column, 2),
            offset: usize::from(u16_at(column, 4)),
            width: usize::from(column[6]),
            bit: usize::from(column[7]),
        })
        .filter(|column| wanted.contains(&column.tag))
        .collect();
    let (bits, length) = (usize::from(u16_at(head, 6)), usize::from(u16_at(head, 8)));
    if length == 0 || bits > length {
        return Err(DAMAGED);
    }
    let mut rows = Vec::new();
    // Rows never cross from one block to the next.
    for piece in row_pieces(blocks, &heap, &inner, u32_at(head, 14))? {
        for bytes in piece.chunks_exact(length) {
            if rows.len() >= MOST_ROWS {
                return Ok(rows);
            }
            rows.push(read_row(blocks, &heap, &inner, &columns, bytes, bits));
        }
    }
    Ok(rows)
}

fn row_pieces(blocks: &mut Blocks<'_>, heap: &Heap, inner: &InnerNodes, id: u32) -> Found<Vec<Vec<u8>>> {
    if id & 0x1F == 0 {
        return Ok(vec![elsewhere(blocks, heap, inner, id)?]);
    }
    let node = inner.get(&id).ok_or(Fault::nowhere("a table whose rows are missing"))?;
    let mut pieces = Vec::new();
    blocks.pieces(node.data, &mut |piece| pieces.push(piece))?;
    Ok(pieces)
}

fn read_row(
    blocks: &mut Blocks<'_>,
    heap: &Heap,
    inner: &InnerNodes,
    columns: &[Column],
    bytes: &[u8],
    bits: usize,
) -> Row {
    let mut row = Row::new();
    for column in columns {
        let there =
            bytes.get(bits + column.bit / 8).is_some_and(|byte| byte & (0x80 >> (column.bit % 8)) != 0);
        let Some(cell) = bytes.get(column.offset..column.offset + column.width).filter(|_| there) else {
            continue;
        };
        let bytes = match (width(column.kind), column.width) {
            (Width::Elsewhere, 4) => elsewhere(blocks, heap, inner, u32_at(cell, 0)),
            _ => Ok(cell.to_vec()),
        };
        match bytes {
            Ok(bytes) => drop(row.insert(column.tag, Value { kind: column.kind, bytes })),
            Err(fault) => blocks.file.doubt(fault),
        }
    }
    row
}
