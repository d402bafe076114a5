//! The words of a message that Outlook keeps as RTF alone: unpacked (MS-OXRTFCP), then as text, or as the page that
//! was packed into the RTF (MS-OXRTFEX). Layout, pictures and fonts are passed over.

use super::properties::decode;
use super::rebuilt::Body;

/// Bytes that the words may unpack to.
const MOST_BYTES: usize = 32 << 20;
/// Groups open within each other; deeper ones are read as if they were not groups.
const MOST_DEEP: usize = 500;
/// What every packed text may refer to before its own first byte.
const BEFORE: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\
\\b\\i\\u\\tab\\tx";

/// The words in `packed`; `None` where they cannot be unpacked.
pub(super) fn read_rtf(packed: &[u8]) -> Option<Body> {
    let rtf = unpack(packed)?;
    let mut reader = Reader::new(&rtf);
    reader.run();
    Some(match (reader.out.trim().is_empty(), reader.from_page) {
        (true, _) => Body::None,
        (false, true) => Body::Html(reader.out),
        (false, false) => Body::Text(reader.out),
    })
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let content = packed.get(16..)?;
    match &packed[8..12] {
        b"MELA" => return Some(content.to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut out = BEFORE.to_vec();
    // The window of 4,096 bytes starts with what stands before; places in it count round and round.
    let mut bytes = content.iter().copied();
    'runs: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(literal) = bytes.next() else { break 'runs };
                out.push(literal);
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { break 'runs };
            let place = usize::from(high) << 4 | usize::from(low) >> 4;
            let back = (out.len() + 4_096 - place) % 4_096;
            if back == 0 || out.len() > MOST_BYTES {
                break 'runs;
            }
            for _ in 0..usize::from(low & 0xF) + 2 {
                let from = out.len().checked_sub(back);
                out.push(from.and_then(|from| out.get(from)).copied().unwrap_or_default());
            }
        }
    }
    Some(out.split_off(BEFORE.len()))
}

/// What holds within one group.
#[derive(Clone, Copy)]
struct Group {
    /// Nothing in it is shown: fonts, colours, pictures, what only some programs know.
    hidden: bool,
    /// It is a piece of the page, to be taken as it stands.
    of_page: bool,
    /// It stands for a part of the page and is left out.
    in_place_of_page: bool,
    /// Characters that follow each `\u` for programs that do not know it.
    skip: usize,
}

/// One pass over the text.
struct Reader<'r> {
    rtf: &'r [u8],
    at: usize,
    groups: Vec<Group>,
    code_page: u32,
    /// Bytes in the code page that wait for the rest of their character.
    bytes: Vec<u8>,
    /// Half of a character beyond the first plane.
    half: Option<u16>,
    /// Characters still to be passed over.
    skipping: usize,
    from_page: bool,
    out: String,
}

impl<'r> Reader<'r> {
    fn new(rtf: &'r [u8]) -> Self {
        let group = Group { hidden: false, of_page: false, in_place_of_page: false, skip: 1 };
        let (bytes, out) = (Vec::new(), String::new());
        let (groups, code_page) = (vec![group], 1252);
        Self { rtf, at: 0, groups, code_page, bytes, half: None, skipping: 0, from_page: false, out }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.rtf.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn group(&mut self) -> &mut Group {
        // One group is open from the start and never closed.
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn run(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => {
                    self.flush();
                    let group = *self.group();
                    if self.groups.len() < MOST_DEEP {
                        self.groups.push(group);
                    }
                }
                b'}' => {
                    self.flush();
                    if self.groups.len() > 1 {
                        self.groups.pop();
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.show_byte(byte),
            }
        }
        self.flush();
    }

    fn control(&mut self) {
        let Some(first) = self.next() else { return };
        match first {
            b'\'' => {
                let digits = [self.next().unwrap_or_default(), self.next().unwrap_or_default()];
                let digits = std::str::from_utf8(&digits).unwrap_or_default();
                if let Ok(byte) = u8::from_str_radix(digits, 16) {
                    self.show_byte(byte);
                }
            }
            b'*' => self.unknown_group(),
            b'~' => self.show("\u{a0}"),
            b'\\' | b'{' | b'}' => self.show_byte(first),
            b'\r' | b'\n' => self.show("\n"),
            letter if letter.is_ascii_alphabetic() => {
                self.at -= 1;
                let (word, number) = self.word();
                self.obey(word, number);
            }
            _ => {}
        }
    }

    /// The word of a control and its number; the space behind it belongs to it.
    fn word(&mut self) -> (&'r [u8], Option<i32>) {
        let rest = self.rtf.get(self.at..).unwrap_or_default();
        let letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = rest.split_at(letters);
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[..sign + digits]).ok().and_then(|number| number.parse().ok());
        let length = if digits == 0 { 0 } else { sign + digits };
        self.at += letters + length + usize::from(rest.get(length) == Some(&b' '));
        (word, number)
    }

    /// A group that programs may pass over where they do not know it: here, all but pieces of the page.
    fn unknown_group(&mut self) {
        let known = self.rtf.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\htmltag"));
        let group = self.group();
        group.hidden |= !known;
        group.of_page |= known;
    }

    fn obey(&mut self, word: &[u8], number: Option<i32>) {
        match word {
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header"
            | b"footer" | b"headerl" | b"headerr" | b"footerl" | b"footerr" | b"listtable" | b"generator" => {
                self.group().hidden = true;
            }
            b"fromhtml" => self.from_page = number != Some(0),
            b"htmlrtf" => self.group().in_place_of_page = number != Some(0),
            b"ansicpg" => self.code_page = number.and_then(|page| u32::try_from(page).ok()).unwrap_or(1252),
            b"uc" => {
                self.group().skip = number.and_then(|skip| usize::try_from(skip).ok()).unwrap_or(1).min(16);
            }
            b"u" => self.show_unit(number.unwrap_or_default()),
            b"par" | b"line" | b"sect" | b"page" | b"row" => self.show("\n"),
            b"tab" | b"cell" => self.show("\t"),
            b"bullet" => self.show("•"),
            b"lquote" => self.show("‘"),
            b"rquote" => self.show("’"),
            b"ldblquote" => self.show("“"),
            b"rdblquote" => self.show("”"),
            b"endash" => self.show("–"),
            b"emdash" => self.show("—"),
            _ => {}
        }
    }

    fn is_shown(&mut self) -> bool {
        let from_page = self.from_page;
        let group = self.group();
        !(group.hidden || from_page && group.in_place_of_page && !group.of_page)
    }

    fn show(&mut self, text: &str) {
        self.flush();
        if self.is_shown() && self.out.len() < MOST_BYTES {
            self.out.push_str(text);
        }
    }

    fn show_byte(&mut self, byte: u8) {
        if self.skipping > 0 {
            self.skipping -= 1;
        } else if self.is_shown() {
            self.half = None;
            self.bytes.push(byte);
        }
    }

    /// A character by its number in UTF-16, and what follows for other programs.
    fn show_unit(&mut self, number: i32) {
        self.flush();
        let low = number.to_le_bytes();
        let unit = u16::from_le_bytes([low[0], low[1]]);
        let units: Vec<u16> = self.half.take().into_iter().chain([unit]).collect();
        if units.len() == 1 && (0xD800..0xDC00).contains(&unit) {
            self.half = Some(unit);
        } else {
            let text = String::from_utf16_lossy(&units);
            self.show(&text);
        }
        self.skipping = self.group().skip;
    }

    fn flush(&mut self) {
        self.skipping = 0;
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            self.out.push_str(&decode(&bytes, Some(self.code_page)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rtf: &[u8]) -> Body {
        let head = [&[0; 8][..], b"MELA", &[0; 4]].concat();
        read_rtf(&[&head, rtf].concat()).expect("it is not packed")
    }

    fn text(rtf: &[u8]) -> String {
        match read(rtf) {
            Body::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    #[test]
    fn the_example_of_the_standard_unpacks() {
        // MS-OXRTFCP §4.1.1.
        let packed =
            b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0\x20bw\
                       \x05\xb0ld}\x0a\x80\x0f\xa0";
        let unpacked = unpack(packed).expect("it unpacks");
        assert_eq!(String::from_utf8_lossy(&unpacked), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    }

    #[test]
    fn words_are_read_and_layout_is_not() {
        let rtf = br"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}\pard The pier\par \'cf\'f0\'e8\'f7\'e0\'eb\tab x\{y\}\par}";
        assert_eq!(text(rtf), "The pier\nПричал\tx{y}\n");
        assert_eq!(text(br"{\rtf1\uc1 caf\u233?, \u-10179?\u-8704? end}"), "caf\u{e9}, \u{1f600} end");
        assert_eq!(text(br"{\rtf1{\*\unknown hidden}shown}"), "shown");
    }

    #[test]
    fn a_page_within_is_taken_out() {
        let rtf = br"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 The pier{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0}";
        match read(rtf) {
            Body::Html(page) => assert_eq!(page, "<p>The pier</p>"),
            other => panic!("no page: {other:?}"),
        }
    }

    #[test]
    fn damage_ends() {
        assert!(read_rtf(b"").is_none() && read_rtf(&[0; 20]).is_none());
        let deep = "{".repeat(100_000) + "deep" + &"}".repeat(200_000) + "after";
        assert_eq!(text(deep.as_bytes()), "deepafter");
        for cut in 0..20 {
            let rest = &br"\'4\u12\u-9\'zz{\*\htmlt"[..cut];
            drop(read(rest));
        }
        let packed = [b"\0\0\0\0\0\0\0\0LZFu\0\0\0\0".as_slice(), &[0xFF; 3_000]].concat();
        assert!(read_rtf(&packed).is_some());
    }
}
