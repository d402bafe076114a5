//! Measures how far the packed streams of a PDF unpack, without keeping what they hold.
//!
//! Every place that reads `stream` is tried as a zlib stream, twice packed ones too, and as LZW where the
//! file speaks of it; run lengths multiply by 64 at most. A file under a password that is empty is measured
//! after decryption.

use std::io::{Read, sink};

use flate2::read::ZlibDecoder;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::Object;

/// How many times the limit of one stream all streams together may take to measure.
const MEASURES: u64 = 16;

/// Where a stream stands that unpacks to more than `limit` bytes, or where measuring took too long.
pub(super) fn find_bomb(bytes: &[u8], limit: u64) -> Option<usize> {
    let speaks_of = |what: &[u8]| memchr::memmem::find(bytes, what).is_some();
    let lzw = speaks_of(b"/LZW");
    let run_lengths = speaks_of(b"/RunLengthDecode") || speaks_of(b"/RL");
    let mut left = limit.saturating_mul(MEASURES).saturating_add(bytes.len() as u64);
    let (mut at, mut end) = (0, 0);
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"stream") {
        let start = at + found + b"stream".len();
        at = start;
        if bytes[..start].ends_with(b"endstream") {
            continue;
        }
        if end < start {
            end = memchr::memmem::find(&bytes[start..], b"endstream").map_or(bytes.len(), |end| start + end);
        }
        let body = &bytes[start..end];
        let Some(body) = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")) else { continue };
        if is_bomb(body, limit, lzw, run_lengths, &mut left) {
            return Some(start);
        }
    }
    None
}

/// The same for streams that are encrypted under an empty password, once the file is open.
pub(super) fn has_hidden_bomb(bytes: &[u8], pdf: &Pdf, limit: u64) -> bool {
    let mut left = limit.saturating_mul(MEASURES).saturating_add(bytes.len() as u64);
    let encrypted = memchr::memmem::find(bytes, b"/Encrypt").is_some();
    encrypted
        && pdf.objects().into_iter().any(|object| match object {
            Object::Stream(stream) => is_bomb(&stream.raw_data(), limit, true, true, &mut left),
            _ => false,
        })
}

/// Whether `body` unpacks to more than `limit` bytes, or more than what is `left` for measuring.
fn is_bomb(body: &[u8], limit: u64, lzw: bool, run_lengths: bool, left: &mut u64) -> bool {
    let limit = limit.min(*left);
    let mut spent = 0;
    if body.first().is_some_and(|byte| byte & 0x0F == 8) {
        spent += measure(ZlibDecoder::new(body), limit);
        if spent <= limit {
            spent = spent.max(measure(ZlibDecoder::new(ZlibDecoder::new(body)), limit));
        }
    }
    if lzw && spent <= limit {
        let (unpacked, read) = lzw_length(body, limit);
        spent = spent.max(unpacked);
        *left = left.saturating_sub(read);
    }
    *left = left.saturating_sub(spent);
    spent > limit || run_lengths && (body.len() as u64).saturating_mul(64) > limit.saturating_mul(8)
}

/// Bytes that `reader` gives before it ends or fails, counted up to just over `limit`.
fn measure(reader: impl Read, limit: u64) -> u64 {
    let mut counted = Counted { reader: reader.take(limit.saturating_add(1)), read: 0 };
    // An error ends the measuring; what was read until then counts.
    let _ended = std::io::copy(&mut counted, &mut sink());
    counted.read
}

struct Counted<R> {
    reader: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// Bytes that LZW data unpacks to, counted up to just over `limit`, and bytes read for it. Only lengths are
/// followed: an entry is one byte longer than the code before it.
fn lzw_length(data: &[u8], limit: u64) -> (u64, u64) {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut lengths: Vec<u64> = vec![1; 258];
    let (mut total, mut previous) = (0u64, None::<u64>);
    let (mut held, mut bits, mut width) = (0u32, 0u32, 9u32);
    let mut read = 0;
    for &byte in data {
        read += 1;
        held = held << 8 | u32::from(byte);
        bits += 8;
        if bits < width {
            continue;
        }
        bits -= width;
        let code = (held >> bits & ((1 << width) - 1)) as usize;
        match code {
            CLEAR => {
                lengths.truncate(258);
                (previous, width) = (None, 9);
                continue;
            }
            END => break,
            _ => (),
        }
        let length = lengths.get(code).copied().or(previous.map(|length| length + 1));
        let Some(length) = length else { break };
        if let Some(before) = previous.filter(|_| lengths.len() < 4096) {
            lengths.push(before + 1);
        }
        total += length;
        previous = Some(length);
        width = match lengths.len() + 1 {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
        if total > limit {
            break;
        }
    }
    (total, read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn file(body: &[u8]) -> Vec<u8> {
        [b"%PDF-1.4\n1 0 obj<</Length 9>>stream\r\n", body, b"\nendstream endobj"].concat()
    }

    #[test]
    fn bombs_are_found_packed_once_and_twice() {
        let large = vec![b'a'; 1_000_000];
        assert_eq!(find_bomb(&file(&pack(&large)), 100_000), Some(35));
        assert!(find_bomb(&file(&pack(&pack(&large))), 100_000).is_some());
        assert_eq!(find_bomb(&file(&pack(&large)), 2_000_000), None);
        assert_eq!(find_bomb(&file(b"plain text"), 5), None);
    }

    #[test]
    fn a_stream_that_breaks_off_is_measured_as_far_as_it_goes() {
        let packed = pack(&vec![b'a'; 1_000_000]);
        assert!(find_bomb(&file(&packed[..packed.len() - 10]), 100_000).is_some());
    }

    #[test]
    fn lengths_of_lzw_data_are_followed() {
        // 9-bit codes 256 (clear), 65, 258, 259, 260, 257 (end): runs of 1, 2, 3 and 4 letters.
        let codes = [256u32, 65, 258, 259, 260, 257];
        let bits: String = codes.iter().map(|code| format!("{code:09b}")).collect::<String>() + "00";
        let data: Vec<u8> = bits
            .as_bytes()
            .chunks_exact(8)
            .map(|byte| byte.iter().fold(0, |n, bit| n << 1 | (bit - b'0')))
            .collect();
        assert_eq!(lzw_length(&data, 1000).0, 10);
        assert!(lzw_length(&data, 3).0 > 3);
    }
}
