//! Canonicalisation of headers and bodies (RFC 6376 §3.4). Bodies are handed on in blocks, so that memory stays
//! bounded. Line ends that a file has lost (LF alone) are given back as CRLF.

use super::message::line_at;

/// One of the two canonicalisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canonicalization {
    /// As it stands.
    Simple,
    /// White space folded.
    Relaxed,
}

const CRLF: &[u8] = b"\r\n";

/// Append one header field (given without its last line end) to `out`, without the final CRLF.
pub fn write_field(field: &[u8], form: Canonicalization, out: &mut Vec<u8>) {
    match form {
        Canonicalization::Simple => write_field_simple(field, out),
        Canonicalization::Relaxed => write_field_relaxed(field, out),
    }
}

fn write_field_simple(field: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < field.len() {
        let (line, next) = line_at(field, at);
        if at > 0 {
            out.extend_from_slice(CRLF);
        }
        out.extend_from_slice(&field[line]);
        at = next;
    }
}

fn write_field_relaxed(field: &[u8], out: &mut Vec<u8>) {
    let colon = memchr::memchr(b':', field).unwrap_or(field.len());
    let name = out.len();
    out.extend_from_slice(field[..colon].trim_ascii_end());
    out[name..].make_ascii_lowercase();
    out.push(b':');
    // As if a space stood before the value, so that its own at the start leaves nothing.
    let mut last = b' ';
    squeeze(field.get(colon + 1..).unwrap_or_default(), &FOLDING, &mut last, out);
    if last == b' ' && out.last() == Some(&b' ') {
        out.pop();
    }
}

/// White space inside a line, as a space each; other bytes as they are.
const BLANK: [u8; 256] = spaced(b" \t");
/// The same with line ends, which fold a field.
const FOLDING: [u8; 256] = spaced(b" \t\r\n");

const fn spaced(spaces: &[u8]) -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = byte as u8;
        byte += 1;
    }
    let mut at = 0;
    while at < spaces.len() {
        table[spaces[at] as usize] = b' ';
        at += 1;
    }
    table
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Append `text` to `out` as `table` has it, each run of spaces as one. `last` is the byte before `text`, and then
/// the last of it. Nothing branches on the bytes: where words end is hard to foresee.
fn squeeze(text: &[u8], table: &[u8; 256], last: &mut u8, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + text.len(), 0);
    let squeezed = &mut out[start..];
    let mut kept = 0;
    for &byte in text {
        let byte = table[usize::from(byte)];
        squeezed[kept] = byte;
        kept += usize::from((byte != b' ') | (*last != b' '));
        *last = byte;
    }
    out.truncate(start + kept);
}

/// Feed a body to `sink` in its canonical form, block by block, and say how long that form is. `unquote` undoes
/// one level of the `>From ` quoting that mailboxes add.
pub fn write_body(body: &[u8], form: Canonicalization, unquote: bool, sink: &mut dyn FnMut(&[u8])) -> u64 {
    let block = Vec::with_capacity(BLOCK.min(body.len() + CRLF.len()));
    let mut writer = BodyWriter { sink, block, written: 0, empty_lines: 0 };
    let mut at = 0;
    while at < body.len() {
        let (line, next) = line_at(body, at);
        let mut text = &body[line];
        if unquote && is_quoted_from(text) {
            text = &text[1..];
        }
        match form {
            Canonicalization::Simple => writer.line(text),
            Canonicalization::Relaxed => writer.relaxed_line(text),
        }
        at = next;
    }
    if form == Canonicalization::Simple && writer.written == 0 && writer.block.is_empty() {
        writer.put(CRLF);
    }
    writer.flush();
    writer.written
}

/// Length of one line's canonical form, its line end included; 0 for a line that is empty in that form.
pub fn canonical_line_len(line: &[u8], form: Canonicalization) -> u64 {
    let text = match form {
        Canonicalization::Simple => line,
        Canonicalization::Relaxed => trim_end(line),
    };
    if text.is_empty() {
        return 0;
    }
    let dropped = match form {
        Canonicalization::Simple => 0,
        Canonicalization::Relaxed => {
            text.windows(2).filter(|pair| is_blank(pair[0]) && is_blank(pair[1])).count()
        }
    };
    (text.len() - dropped + CRLF.len()) as u64
}

/// Whether a line is `From ` behind one or more `>`.
pub fn is_quoted_from(line: &[u8]) -> bool {
    let depth = line.iter().take_while(|&&b| b == b'>').count();
    depth > 0 && line[depth..].starts_with(b"From ")
}

fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|&byte| !is_blank(byte)).map_or(0, |at| at + 1);
    &line[..end]
}

/// Bytes handed on at a time.
const BLOCK: usize = 16 * 1024;

struct BodyWriter<'s> {
    sink: &'s mut dyn FnMut(&[u8]),
    /// What waits to be handed on: lines are short, and hashing them one by one costs more than copying them.
    block: Vec<u8>,
    /// Bytes handed on.
    written: u64,
    /// Empty lines held back: those at the end of a body do not count.
    empty_lines: usize,
}

impl BodyWriter<'_> {
    fn flush(&mut self) {
        (self.sink)(&self.block);
        self.written += self.block.len() as u64;
        self.block.clear();
    }

    /// Room for `length` bytes in the block, [`BLOCK`] at most.
    fn make_room(&mut self, length: usize) {
        if self.block.len() + length > BLOCK {
            self.flush();
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(BLOCK) {
            self.make_room(piece.len());
            self.block.extend_from_slice(piece);
        }
    }

    fn start_line(&mut self) {
        for _ in 0..std::mem::take(&mut self.empty_lines) {
            self.put(CRLF);
        }
    }

    fn line(&mut self, text: &[u8]) {
        if text.is_empty() {
            self.empty_lines += 1;
            return;
        }
        self.start_line();
        self.put(text);
        self.put(CRLF);
    }

    fn relaxed_line(&mut self, text: &[u8]) {
        let text = trim_end(text);
        if text.is_empty() || !has_loose_space(text) {
            return self.line(text);
        }
        self.start_line();
        let mut last = b'\n';
        for piece in text.chunks(BLOCK) {
            self.make_room(piece.len());
            squeeze(piece, &BLANK, &mut last, &mut self.block);
        }
        self.put(CRLF);
    }
}

/// Whether a line without white space at its end is another in *relaxed*: most are not, and seeing so is quick.
fn has_loose_space(text: &[u8]) -> bool {
    let behind = text.get(1..).unwrap_or_default();
    text.iter()
        .zip(behind)
        .fold(false, |found, (&byte, &next)| found | (byte == b'\t') | (is_blank(byte) & is_blank(next)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(text: &str, form: Canonicalization) -> String {
        let mut out = Vec::new();
        let written = write_body(text.as_bytes(), form, false, &mut |bytes| out.extend_from_slice(bytes));
        assert_eq!(written as usize, out.len());
        String::from_utf8(out).unwrap()
    }

    fn field(text: &str, form: Canonicalization) -> String {
        let mut out = Vec::new();
        write_field(text.as_bytes(), form, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The worked example of RFC 6376 §3.4.5.
    #[test]
    fn the_example_of_the_standard() {
        let text = " C \r\nD \t E\r\n\r\n\r\n";
        assert_eq!(body(text, Canonicalization::Relaxed), " C\r\nD E\r\n");
        assert_eq!(body(text, Canonicalization::Simple), " C \r\nD \t E\r\n");
        assert_eq!(field("A: X", Canonicalization::Relaxed), "a:X");
        assert_eq!(field("B : Y\t\r\n\tZ  ", Canonicalization::Relaxed), "b:Y Z");
        assert_eq!(field("B : Y\t\r\n\tZ  ", Canonicalization::Simple), "B : Y\t\r\n\tZ  ");
    }

    #[test]
    fn an_empty_body_is_a_line_end_or_nothing() {
        for text in ["", "\r\n", "\n\n\n"] {
            assert_eq!(body(text, Canonicalization::Simple), "\r\n");
            assert_eq!(body(text, Canonicalization::Relaxed), "");
        }
        assert_eq!(body(" \t\r\n\r\n", Canonicalization::Relaxed), "");
    }

    #[test]
    fn one_level_of_mailbox_quoting_is_undone() {
        let mut out = Vec::new();
        let text = b">From me\n>>From you\n> From them\n";
        write_body(text, Canonicalization::Simple, true, &mut |bytes| out.extend_from_slice(bytes));
        assert_eq!(out, b"From me\r\n>From you\r\n> From them\r\n");
    }

    proptest! {
        #[test]
        fn lost_carriage_returns_change_nothing(lines in prop::collection::vec("[ \ta-c>]{0,6}", 0..12)) {
            for form in [Canonicalization::Simple, Canonicalization::Relaxed] {
                prop_assert_eq!(body(&lines.join("\n"), form), body(&lines.join("\r\n"), form));
            }
        }

        #[test]
        fn a_line_is_as_long_as_it_is_written(text in "[ \ta-c]{0,12}") {
            for form in [Canonicalization::Simple, Canonicalization::Relaxed] {
                let written = body(&format!("{text}\n"), form);
                let blank = written.trim_end_matches("\r\n").is_empty();
                let length = if blank { 0 } else { written.len() as u64 };
                prop_assert_eq!(canonical_line_len(text.as_bytes(), form), length);
            }
        }

        /// Run by run, as the standard puts it (§3.4.2, §3.4.4).
        #[test]
        fn relaxed_is_what_the_standard_says(
            lines in prop::collection::vec("[ \ta-c\r]{0,9}[a-c]?", 0..8), long in 0usize..40_000
        ) {
            let text = lines.join("\r\n") + " \t" + &"x \t".repeat(long);
            let by_run = |text: &str, is: fn(char) -> bool| {
                let words: Vec<&str> = text.split(is).filter(|word| !word.is_empty()).collect();
                words.join(" ")
            };
            let blank = |c: char| c == ' ' || c == '\t';
            let mut expected: Vec<String> = text.split("\r\n").map(|line| {
                let indent = if line.starts_with(blank) { " " } else { "" };
                format!("{indent}{}", by_run(line, blank)).trim_end_matches(' ').to_owned() + "\r\n"
            }).collect();
            while expected.last().is_some_and(|line| line == "\r\n") {
                expected.pop();
            }
            prop_assert_eq!(body(&text, Canonicalization::Relaxed), expected.concat());
            let value = by_run(&text, |c| matches!(c, ' ' | '\t' | '\r' | '\n'));
            prop_assert_eq!(field(&format!("A-b \t:{text}"), Canonicalization::Relaxed), format!("a-b:{value}"));
        }

        #[test]
        fn relaxed_twice_is_relaxed_once(text in "[ \ta-c\n]{0,60}") {
            let once = body(&text, Canonicalization::Relaxed);
            prop_assert_eq!(body(&once, Canonicalization::Relaxed), once);
        }
    }
}
