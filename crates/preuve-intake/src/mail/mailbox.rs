//! Cuts a mailbox (mbox in any of its dialects) into messages while it streams by: memory holds one message.
//!
//! A line `From …` opens a message only where it bears a date and stands at the start of the mailbox or behind an
//! empty line; a sentence that begins with "From" does not. Quoting (`>From `) is left as it stands, because a
//! signature may have been made over either form.

use std::io::{self, BufRead};

/// One message of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxMessage {
    /// Byte of the mailbox at which the message's own bytes start (behind its `From ` line).
    pub offset: u64,
    /// The message, without the empty line that ends it in the mailbox; cut where it was longer than the limit.
    pub bytes: Vec<u8>,
    /// Bytes of the message that were not kept.
    pub left_out: u64,
}

/// A stream of messages.
#[derive(Debug)]
pub struct Mailbox<R> {
    reader: R,
    max_message_bytes: usize,
    /// Bytes read so far.
    at: u64,
    /// Where the message being read starts; `None` before the first separator.
    open: Option<u64>,
    line: Vec<u8>,
    after_empty: bool,
    done: bool,
}

/// Lines are read in pieces of this size: a line of gigabytes is no reason to hold it.
const PIECE: usize = 64 * 1024;

impl<R: BufRead> Mailbox<R> {
    /// Messages of `reader`, each kept up to `max_message_bytes`.
    pub fn new(reader: R, max_message_bytes: usize) -> Self {
        Self {
            reader,
            max_message_bytes,
            at: 0,
            open: None,
            line: Vec::new(),
            after_empty: true,
            done: false,
        }
    }

    /// Go on at byte `offset` of the mailbox, where a separator line starts and `reader` stands.
    pub fn resume(reader: R, max_message_bytes: usize, offset: u64) -> Self {
        Self { at: offset, ..Self::new(reader, max_message_bytes) }
    }

    /// Bytes of the mailbox read so far: where the next message's separator ends, or the end.
    pub fn position(&self) -> u64 {
        self.at
    }

    /// Read a line or a piece of one; the line end stays. `false` at the end of the mailbox.
    fn read_piece(&mut self) -> io::Result<bool> {
        self.line.clear();
        let taken = io::Read::take(&mut self.reader, PIECE as u64).read_until(b'\n', &mut self.line)?;
        self.at += taken as u64;
        Ok(taken > 0)
    }

    fn read_message(&mut self) -> io::Result<Option<MailboxMessage>> {
        let mut message = MailboxMessage { offset: self.at, bytes: Vec::new(), left_out: 0 };
        let mut started = self.open.take().inspect(|&offset| message.offset = offset).is_some();
        let mut at_line_start = true;
        loop {
            if !self.read_piece()? {
                self.done = true;
                break;
            }
            if at_line_start && self.after_empty && is_separator(&self.line) {
                self.after_empty = false;
                if started {
                    self.open = Some(self.at);
                    break;
                }
                started = true;
                message.offset = self.at;
                continue;
            }
            self.after_empty = at_line_start && matches!(self.line.as_slice(), b"\n" | b"\r\n");
            at_line_start = self.line.ends_with(b"\n");
            // What stands before the first separator is a message too, unless it is only empty lines.
            started |= !self.after_empty;
            if started {
                let room = self.max_message_bytes.saturating_sub(message.bytes.len()).min(self.line.len());
                message.bytes.extend_from_slice(&self.line[..room]);
                message.left_out += (self.line.len() - room) as u64;
            }
        }
        drop_last_empty_line(&mut message);
        Ok((started && (!message.bytes.is_empty() || !self.done)).then_some(message))
    }
}

impl<R: BufRead> Iterator for Mailbox<R> {
    type Item = io::Result<MailboxMessage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        self.read_message().inspect_err(|_| self.done = true).transpose()
    }
}

fn drop_last_empty_line(message: &mut MailboxMessage) {
    if message.left_out > 0 {
        return;
    }
    for (with_end, end) in [(&b"\r\n\r\n"[..], 2), (b"\n\n", 1)] {
        if message.bytes.ends_with(with_end) {
            message.bytes.truncate(message.bytes.len() - end);
            return;
        }
    }
}

/// Whether a line opens a message: `From `, somebody, and a date with a weekday, a month, a time and a year.
pub fn is_separator(line: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    if !line.starts_with(b"From ") || line.len() > 1_000 {
        return false;
    }
    let words: Vec<&[u8]> =
        line[5..].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let Some(day) = words.iter().position(|word| DAYS.contains(&word.strip_suffix(b",").unwrap_or(word)))
    else {
        return false;
    };
    let date = &words[day + 1..];
    let is_time = |word: &&&[u8]| {
        let parts: Vec<_> = word.split(|&b| b == b':').collect();
        (2..=3).contains(&parts.len())
            && parts.iter().all(|part| part.len() == 2 && part.iter().all(u8::is_ascii_digit))
    };
    let is_year = |word: &&&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    date.len() <= 8
        && date.iter().any(|word| MONTHS.contains(word))
        && date.iter().any(|word| is_time(&word))
        && date.iter().any(|word| is_year(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = "From a@b.example Tue Jun 12 09:15:00 2018\n";

    fn split(text: &str) -> Vec<(u64, String)> {
        let messages = Mailbox::new(text.as_bytes(), 1 << 20);
        messages
            .map(|message| message.unwrap())
            .map(|m| (m.offset, String::from_utf8(m.bytes).unwrap()))
            .collect()
    }

    #[test]
    fn dated_lines_separate_and_sentences_do_not() {
        let text = format!("{LINE}A: 1\n\nhi\n\nFrom here on it is easy.\n\n{LINE}B: 2\n\nyo\n");
        let start = LINE.len() as u64;
        let second = text.len() as u64 - 9;
        let first = "A: 1\n\nhi\n\nFrom here on it is easy.\n".to_owned();
        assert_eq!(split(&text), [(start, first), (second, "B: 2\n\nyo\n".to_owned())]);
    }

    #[test]
    fn the_separators_of_known_programs_are_seen() {
        for line in [
            "From MAILER-DAEMON Fri Jul  8 12:08:34 2011",
            "From a@b.example  Sat Jan  3 01:05:34 1996 remote from there\n",
            "From 1602@xxx Tue Jun 12 09:15:00 +0000 2018\r\n",
            "From - Tue, 12 Jun 2018 09:15:00\n",
            "From a@b Tue Jun 12 09:15 CEST 2018\n",
        ] {
            assert!(is_separator(line.as_bytes()), "{line}");
        }
        for line in [
            "From Tuesday on\n",
            "From a@b\n",
            ">From a@b Tue Jun 12 09:15:00 2018\n",
            "From Tue Jun 12 to 14 2018\n",
        ] {
            assert!(!is_separator(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_separator_must_follow_an_empty_line() {
        let text = format!("{LINE}A: 1\n\nquote:\n{LINE}end\n");
        assert_eq!(split(&text).len(), 1);
    }

    #[test]
    fn a_long_message_is_cut_and_the_rest_is_counted() {
        let text = format!("{LINE}A: 1\n\n{}\n\n{LINE}B: 2\n\n", "x".repeat(200_000));
        let messages: Vec<_> = Mailbox::new(text.as_bytes(), 100).map(Result::unwrap).collect();
        assert_eq!((messages[0].bytes.len(), messages[0].left_out), (100, 199_908));
        assert_eq!(messages[1].bytes, b"B: 2\n");
    }

    #[test]
    fn nothing_and_text_without_separator() {
        assert_eq!(split(""), []);
        assert_eq!(split("\n\n"), []);
        assert_eq!(split("A: 1\n\nx\n"), [(0, "A: 1\n\nx\n".to_owned())]);
        assert_eq!(split(LINE), []);
    }

    #[test]
    fn reading_goes_on_at_a_separator() {
        let text = format!("{LINE}A: 1\n\nhi\n\n{LINE}B: 2\n\nyo\n");
        let whole = split(&text);
        let offset = whole[1].0 - LINE.len() as u64;
        let rest: Vec<_> = Mailbox::resume(&text.as_bytes()[offset as usize..], 1 << 20, offset)
            .map(Result::unwrap)
            .map(|m| (m.offset, String::from_utf8(m.bytes).unwrap()))
            .collect();
        assert_eq!(rest, whole[1..]);
    }

    proptest! {
        #[test]
        fn what_was_put_together_comes_apart(bodies in prop::collection::vec("([a-z>]{0,5}\n){0,6}", 1..6)) {
            let messages: Vec<String> = bodies.iter().map(|body| format!("A: 1\n\n{body}.\n")).collect();
            let text: String = messages.iter().map(|message| format!("{LINE}{message}\n")).collect();
            let cut: Vec<String> = split(&text).into_iter().map(|(_, message)| message).collect();
            prop_assert_eq!(cut, messages);
        }
    }
}
