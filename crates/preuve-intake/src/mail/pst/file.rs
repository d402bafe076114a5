//! The file underneath: its header, the three forms of the format, and reading at a place, under a budget.

use std::io::{Read, Seek, SeekFrom};

use super::tables::{MIDDLE, WRITTEN, inverse};

/// What a mailbox file is read from.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Bytes that may be read beyond [`MOST_REREAD`] times the file's length.
const FREE_BYTES: u64 = 64 << 20;
/// How often the bytes of a file may be read in all: parts that others share are read once for each.
const MOST_REREAD: u64 = 8;
/// What any read costs besides its bytes.
const READ_COST: u64 = 64;

/// Why something could not be read, and the bytes it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What is wrong, in words that follow "it holds".
    pub(super) what: &'static str,
    /// Where.
    pub(super) at: Option<(u64, u64)>,
}

impl Fault {
    pub(super) fn at(what: &'static str, start: u64, length: u64) -> Self {
        Self { what, at: Some((start, start.saturating_add(length))) }
    }

    pub(super) fn nowhere(what: &'static str) -> Self {
        Self { what, at: None }
    }
}

/// The result of reading a part.
pub(super) type Found<T> = Result<T, Fault>;

/// The three forms of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Of Outlook 97 to 2002: offsets of 32 bits, text in a code page.
    Ansi,
    /// Since Outlook 2003.
    Unicode,
    /// Of OST files since Outlook 2013: pages of 4 KiB, blocks that may be deflated. Not in MS-PST.
    Large,
}

impl Form {
    /// Bytes of a page.
    pub(super) fn page(self) -> usize {
        if self == Self::Large { 4096 } else { 512 }
    }

    /// Bytes of what closes a page.
    pub(super) fn page_trailer(self) -> usize {
        match self {
            Self::Ansi => 12,
            Self::Unicode => 16,
            Self::Large => 24,
        }
    }

    /// Bytes of what closes a block.
    pub(super) fn block_trailer(self) -> usize {
        self.page_trailer()
    }

    /// Blocks take a multiple of this.
    pub(super) fn block_step(self) -> usize {
        if self == Self::Large { 512 } else { 64 }
    }

    /// Bytes of an id or an offset.
    pub(super) fn word(self) -> usize {
        if self == Self::Ansi { 4 } else { 8 }
    }
}

/// How the data of messages is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Permuted,
    Cyclic,
}

/// Where a tree of pages starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root {
    pub(super) id: u64,
    pub(super) at: u64,
}

/// A mailbox file that was opened.
pub(super) struct File<'f> {
    reader: Box<dyn ReadSeek + 'f>,
    /// Bytes of the file.
    pub(super) len: u64,
    /// Bytes that its header says it has.
    pub(super) told_len: u64,
    pub(super) form: Form,
    /// Whether it is the copy of a mailbox on a server (OST).
    pub(super) of_server: bool,
    encoding: Encoding,
    pub(super) nodes: Root,
    pub(super) blocks: Root,
    /// Bytes that may still be read.
    allowance: u64,
    /// What was read although a checksum says that it is damaged.
    pub(super) doubts: Vec<Fault>,
}

/// Doubts that are kept of one message.
const MOST_DOUBTS: usize = 8;

impl<'f> File<'f> {
    /// Read the header of `reader`.
    pub(super) fn open(mut reader: Box<dyn ReadSeek + 'f>) -> Found<Self> {
        let gone = |_| Fault::nowhere("nothing that could be read");
        let len = reader.seek(SeekFrom::End(0)).map_err(gone)?;
        let allowance = len.saturating_mul(MOST_REREAD).saturating_add(FREE_BYTES);
        let root = Root { id: 0, at: 0 };
        let mut file = Self {
            reader,
            len,
            told_len: 0,
            form: Form::Unicode,
            of_server: false,
            encoding: Encoding::Plain,
            nodes: root,
            blocks: root,
            allowance,
            doubts: Vec::new(),
        };
        file.read_header()?;
        Ok(file)
    }

    fn read_header(&mut self) -> Found<()> {
        const LEN: usize = 564;
        let head = self.bytes(0, LEN)?;
        let version = u16_at(&head, 10);
        self.of_server = &head[8..10] == b"SO";
        self.form = match version {
            14 | 15 => Form::Ansi,
            // 37 is what Outlook writes where the data may be encrypted, which its own byte tells.
            20..=35 | 37 => Form::Unicode,
            36 => Form::Large,
            _ => return Err(Fault::at("a version of the format that there is no reader for", 10, 2)),
        };
        let (told, roots, encoding) = match self.form {
            Form::Ansi => (168, 184, 461),
            Form::Unicode | Form::Large => (184, 216, 513),
        };
        let word = self.form.word();
        let field = |at: usize| word_at(&head, at, word);
        self.told_len = field(told);
        self.nodes = Root { id: field(roots), at: field(roots + word) };
        self.blocks = Root { id: field(roots + 2 * word), at: field(roots + 3 * word) };
        self.encoding = match head[encoding] {
            0 => Encoding::Plain,
            1 => Encoding::Permuted,
            2 => Encoding::Cyclic,
            0x10 => {
                return Err(Fault::at(
                    "data that is encrypted with keys it does not hold",
                    encoding as u64,
                    1,
                ));
            }
            _ => {
                return Err(Fault::at("data in an encoding that there is no reader for", encoding as u64, 1));
            }
        };
        if checksum(&head[8..8 + 471]) != u32_at(&head, 4) {
            self.doubt(Fault::at("a header whose checksum does not match", 0, LEN as u64));
        }
        Ok(())
    }

    /// `length` bytes from `at` on, all of them.
    pub(super) fn bytes(&mut self, at: u64, length: usize) -> Found<Vec<u8>> {
        let end = at.checked_add(length as u64);
        if end.is_none_or(|end| end > self.len) {
            return Err(Fault::at("a reference to a part behind its end", at, length as u64));
        }
        let cost = READ_COST + length as u64;
        if self.is_spent() || self.allowance < cost {
            self.allowance = 0;
            return Err(Fault::nowhere("parts that are used over and over; it was not read to its end"));
        }
        self.allowance -= cost;
        let mut bytes = vec![0; length];
        let read = self.reader.seek(SeekFrom::Start(at)).and_then(|_| self.reader.read_exact(&mut bytes));
        read.map_err(|_| Fault::at("parts that the disk did not give", at, length as u64))?;
        Ok(bytes)
    }

    /// Whether its parts were read so often that reading ends.
    pub(super) fn is_spent(&self) -> bool {
        self.allowance == 0
    }

    /// Note what was used although it seems damaged.
    pub(super) fn doubt(&mut self, fault: Fault) {
        if self.doubts.len() < MOST_DOUBTS && !self.doubts.contains(&fault) {
            self.doubts.push(fault);
        }
    }

    /// Undo the encoding of a block's data; `id` is the block's.
    pub(super) fn decode(&self, data: &mut [u8], id: u64) {
        const READ: [u8; 256] = inverse(&WRITTEN);
        match self.encoding {
            Encoding::Plain => {}
            Encoding::Permuted => data.iter_mut().for_each(|byte| *byte = READ[usize::from(*byte)]),
            Encoding::Cyclic => {
                let [low, high, third, fourth, ..] = id.to_le_bytes();
                let mut key = u16::from_le_bytes([low ^ third, high ^ fourth]);
                for byte in data {
                    let [low, high] = key.to_le_bytes();
                    let first = WRITTEN[usize::from(byte.wrapping_add(low))].wrapping_add(high);
                    let second = MIDDLE[usize::from(first)].wrapping_sub(high);
                    *byte = READ[usize::from(second)].wrapping_sub(low);
                    key = key.wrapping_add(1);
                }
            }
        }
    }
}

/// The checksum of MS-PST §5.3: a CRC-32 that starts from 0 and is not inverted.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(u32::MAX);
    hasher.update(bytes);
    !hasher.finalize()
}

/// Two bytes; 0 where there are none.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

/// Four bytes; 0 where there are none.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Four or eight bytes; 0 where there are none.
pub(super) fn word_at(bytes: &[u8], at: usize, word: usize) -> u64 {
    if word == 4 {
        return u64::from(u32_at(bytes, at));
    }
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
