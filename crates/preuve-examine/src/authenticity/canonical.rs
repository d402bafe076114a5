//! Canonicalisation of headers and bodies (RFC 6376 §3.4), streamed into a sink so that nothing is copied
//! that need not be. Line ends that a file has lost (LF alone) are given back as CRLF.

use super::message::line_at;

/// One of the two canonicalisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canonicalization {
    /// As it stands.
    Simple,
    /// White space folded.
    Relaxed,
}

/// Where canonical bytes go.
pub type Sink<'s> = &'s mut dyn FnMut(&[u8]);

const CRLF: &[u8] = b"\r\n";

/// Feed one header field (without its last line end) to `sink`, without the final CRLF.
pub fn write_field(field: &[u8], form: Canonicalization, sink: Sink<'_>) {
    match form {
        Canonicalization::Simple => write_field_simple(field, sink),
        Canonicalization::Relaxed => write_field_relaxed(field, sink),
    }
}

fn write_field_simple(field: &[u8], sink: Sink<'_>) {
    let mut at = 0;
    while at < field.len() {
        let (line, next) = line_at(field, at);
        if at > 0 {
            sink(CRLF);
        }
        sink(&field[line]);
        at = next;
    }
}

fn write_field_relaxed(field: &[u8], sink: Sink<'_>) {
    let colon = memchr::memchr(b':', field).unwrap_or(field.len());
    sink(&field[..colon].trim_ascii_end().to_ascii_lowercase());
    sink(b":");
    let value = field.get(colon + 1..).unwrap_or_default();
    let mut out = Vec::with_capacity(value.len());
    for &byte in value {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                if out.last().is_some_and(|&last| last != b' ') {
                    out.push(b' ');
                }
            }
            _ => out.push(byte),
        }
    }
    if out.last() == Some(&b' ') {
        out.pop();
    }
    sink(&out);
}

/// Feed a body to `sink` in its canonical form, and say how long that form is. `unquote` undoes one level of
/// the `>From ` quoting that mailboxes add.
pub fn write_body(body: &[u8], form: Canonicalization, unquote: bool, sink: Sink<'_>) -> u64 {
    let mut writer = BodyWriter { sink, written: 0, empty_lines: 0 };
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
    if form == Canonicalization::Simple && writer.written == 0 {
        writer.put(CRLF);
    }
    writer.written
}

/// Whether a line is `From ` behind one or more `>`.
pub fn is_quoted_from(line: &[u8]) -> bool {
    let depth = line.iter().take_while(|&&b| b == b'>').count();
    depth > 0 && line[depth..].starts_with(b"From ")
}

struct BodyWriter<'s> {
    sink: Sink<'s>,
    written: u64,
    /// Empty lines held back: those at the end of a body do not count.
    empty_lines: usize,
}

impl BodyWriter<'_> {
    fn put(&mut self, bytes: &[u8]) {
        (self.sink)(bytes);
        self.written += bytes.len() as u64;
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
        let end = text.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |at| at + 1);
        let text = &text[..end];
        if text.is_empty() {
            self.empty_lines += 1;
            return;
        }
        self.start_line();
        let mut from = 0;
        let mut at = 0;
        while let Some(step) = memchr::memchr2(b' ', b'\t', &text[at..]) {
            let space = at + step;
            let run = text[space..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            at = space + run;
            if run > 1 || text[space] == b'\t' {
                self.put(&text[from..space]);
                self.put(b" ");
                from = at;
            }
        }
        self.put(&text[from..]);
        self.put(CRLF);
    }
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
        write_field(text.as_bytes(), form, &mut |bytes| out.extend_from_slice(bytes));
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
        fn relaxed_twice_is_relaxed_once(text in "[ \ta-c\n]{0,60}") {
            let once = body(&text, Canonicalization::Relaxed);
            prop_assert_eq!(body(&once, Canonicalization::Relaxed), once);
        }
    }
}
