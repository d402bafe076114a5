//! Bytes to text, with the way back: byte-order mark, then what the bytes prove, then what is declared,
//! then detection.
//!
//! A UTF-8 text is kept to the code point, its byte-order mark included where the caller keeps it (a `.txt`),
//! so that spans count what any other reader of the file counts. Whatever cannot be text is refused.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use preuve_case::{Diagnostic, Severity, Span, TextMap, TextMapPiece};

/// Bytes of the original behind one piece of the map, where the encoding is not UTF-8.
const PIECE_BYTES: usize = 64;
/// Bytes of ASCII in a row that make a piece of their own, one that leads back exactly.
const WORTH_A_PIECE: usize = 16;
/// Bytes looked at to tell an encoding.
const SAMPLE_BYTES: usize = 256 * 1024;
/// Letters and signs beyond ASCII that English, French and Spanish prose uses and Windows-1252 has.
const WESTERN: &str =
    "àâäæáãçéèêëíîïñóôöœúùûüÿÀÂÄÆÁÇÉÈÊËÍÎÏÑÓÔÖŒÚÙÛÜŸ¿¡«»‹›‘’“”„–—…€£§°ºª·•™©®\u{a0}\u{ad}×²³½";

/// A text and how it stands in its original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text.
    pub(crate) text: String,
    /// The way back to the bytes.
    pub(crate) map: TextMap,
    /// What was guessed, cut or replaced on the way.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// How a caller wants its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Path for the diagnostics.
    pub(crate) path: &'a str,
    /// Encoding label the material declares.
    pub(crate) declared: Option<&'a str>,
    /// Whether a UTF-8 byte-order mark stays in the text.
    pub(crate) keep_bom: bool,
    /// Bytes read at most.
    pub(crate) limit: usize,
}

/// Decode `bytes`; `Err` is the diagnostic of material that is no text.
pub(crate) fn parse_text(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Decoded, Box<Diagnostic>> {
    let (head, mut diagnostics) = cut(bytes, wanted);
    let choice = choose_encoding(head, wanted.declared);
    let mut decoded = if choice.encoding == UTF_8 {
        decode_utf8(head, choice.bom, wanted.keep_bom)
    } else {
        decode_legacy(choice.encoding, head, choice.bom)
    };
    if let Some(diagnostic) = refuse_binary(&decoded.text, wanted.path) {
        return Err(Box::new(diagnostic));
    }
    diagnostics.append(&mut decoded.diagnostics);
    diagnostics.extend(choice_diagnostic(&choice, wanted));
    diagnostics.extend(nul_diagnostic(&decoded));
    for diagnostic in &mut diagnostics {
        diagnostic.path = wanted.path.to_owned();
    }
    Ok(Decoded { diagnostics, ..decoded })
}

/// The bytes within the limit, not cutting a UTF-8 sequence, and word of the rest.
fn cut<'b>(bytes: &'b [u8], wanted: &Wanted<'_>) -> (&'b [u8], Vec<Diagnostic>) {
    if bytes.len() <= wanted.limit {
        return (bytes, Vec::new());
    }
    let mut end = wanted.limit & !1;
    for _ in 0..2 {
        let in_sequence = bytes[end] & 0xC0 == 0x80 && end >= 2 && bytes[end - 1] >= 0x80;
        end -= if in_sequence { 2 } else { 0 };
    }
    let message = format!("only the first {end} of {} bytes were read: the text is too long", bytes.len());
    let diagnostic = Diagnostic::new(wanted.path, Severity::Error, "intake::text_too_long", message)
        .at_bytes(end as u64, bytes.len() as u64)
        .hint("split the file, or raise the limit on the length of a text");
    (&bytes[..end], vec![diagnostic])
}

/// Why an encoding was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// The bytes prove it: a mark, or valid UTF-8.
    Proven,
    /// The material declares it, and the bytes do not speak against it.
    Declared,
    /// Neither; it was guessed.
    Guessed,
}

#[derive(Debug, Clone, Copy)]
struct Choice {
    encoding: &'static Encoding,
    ground: Ground,
    /// Length of the byte-order mark.
    bom: usize,
    /// Whether the declaration names another encoding and the bytes prove it wrong.
    misdeclared: bool,
}

fn choose_encoding(bytes: &[u8], declared: Option<&str>) -> Choice {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return Choice { encoding, ground: Ground::Proven, bom, misdeclared: false };
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = detect_utf16(bytes) {
        let misdeclared = declared.is_some_and(|declared| declared != encoding);
        return Choice { encoding, ground: Ground::Guessed, bom: 0, misdeclared };
    }
    // A page cannot declare UTF-16 in ASCII bytes; browsers read such a page as UTF-8.
    let declared = declared.filter(|encoding| encoding.is_ascii_compatible());
    if is_mostly_utf8(bytes) {
        let misdeclared = declared.is_some_and(|declared| declared != UTF_8) && !bytes.is_ascii();
        return Choice { encoding: UTF_8, ground: Ground::Proven, bom: 0, misdeclared };
    }
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8)
        && encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    {
        return Choice { encoding, ground: Ground::Declared, bom: 0, misdeclared: false };
    }
    Choice { encoding: guess(bytes), ground: Ground::Guessed, bom: 0, misdeclared: declared.is_some() }
}

/// UTF-16 without a mark: Latin text leaves every second byte NUL.
fn detect_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let pairs = sample.len() / 2;
    let nuls = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    match () {
        () if pairs < 2 => None,
        () if odd * 10 >= pairs * 7 && even * 20 <= pairs => Some(UTF_16LE),
        () if even * 10 >= pairs * 7 && odd * 20 <= pairs => Some(UTF_16BE),
        () => None,
    }
}

/// Whether the bytes are UTF-8, or UTF-8 with a few broken places: ten good sequences for each bad one.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|&byte| byte >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 10
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(64);
    let sample = &bytes[start..bytes.len().min(start + SAMPLE_BYTES)];
    let (western, _) = WINDOWS_1252.decode_without_bom_handling(sample);
    if western.chars().filter(|c| !c.is_ascii()).all(|c| WESTERN.contains(c)) {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn decode_utf8(bytes: &[u8], bom: usize, keep_bom: bool) -> Decoded {
    let skip = if keep_bom { 0 } else { bom };
    let bytes = &bytes[skip..];
    if let Ok(text) = std::str::from_utf8(bytes) {
        let map = TextMap::verbatim(text, skip as u64);
        return Decoded { text: text.to_owned(), map, diagnostics: Vec::new() };
    }
    let mut builder = Builder { at: skip, ..Builder::default() };
    let mut first_bad = None;
    for chunk in bytes.utf8_chunks() {
        builder.push(chunk.valid(), chunk.valid().len(), true);
        if !chunk.invalid().is_empty() {
            first_bad.get_or_insert(builder.at);
            builder.replaced += 1;
            builder.push("\u{fffd}", chunk.invalid().len(), false);
        }
    }
    builder.finish("UTF-8", first_bad)
}

/// Decode what is not UTF-8 in pieces: exact for single-byte encodings and UTF-16, and at most four bytes
/// generous at a piece's start for the others.
fn decode_legacy(encoding: &'static Encoding, bytes: &[u8], bom: usize) -> Decoded {
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let slack = if wide || encoding.is_single_byte() { 0 } else { 4 };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut builder = Builder { at: bom, ..Builder::default() };
    let mut first_bad = None;
    let mut piece = String::new();
    while builder.at < bytes.len() {
        let end = piece_end(bytes, builder.at, encoding);
        let chunk = &bytes[builder.at..end];
        piece.clear();
        piece.reserve(decoder.max_utf8_buffer_length(chunk.len()).unwrap_or(chunk.len() * 4));
        let (_, _, bad) = decoder.decode_to_string(chunk, &mut piece, end == bytes.len());
        if bad {
            first_bad.get_or_insert(builder.at);
            builder.replaced += piece.matches('\u{fffd}').count();
        }
        builder.push_slack(&piece, chunk.len(), slack == 0 && !wide && chunk.is_ascii(), slack);
    }
    builder.finish(encoding.name(), first_bad)
}

/// Where the piece that starts at `at` ends: line ends are pieces of their own, so that lines lead back
/// exactly; a stretch of ASCII long enough is one too; the rest is cut every [`PIECE_BYTES`].
fn piece_end(bytes: &[u8], at: usize, encoding: &'static Encoding) -> usize {
    let full = bytes.len().min(at + PIECE_BYTES);
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return wide_piece_end(bytes, at, full, usize::from(encoding == UTF_16LE));
    }
    let ascii = bytes[at..].iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len() - at);
    if ascii >= WORTH_A_PIECE || is_line_end(bytes[at]) {
        return at + if ascii >= WORTH_A_PIECE { ascii } else { 1 };
    }
    let mut ascii = 0;
    for (offset, &byte) in bytes[at..full].iter().enumerate() {
        ascii = if byte.is_ascii() { ascii + 1 } else { 0 };
        if is_line_end(byte) {
            return at + offset;
        }
        if ascii == WORTH_A_PIECE {
            return at + offset + 1 - WORTH_A_PIECE;
        }
    }
    full
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// The same for UTF-16: never in a surrogate pair.
fn wide_piece_end(bytes: &[u8], at: usize, full: usize, high_byte: usize) -> usize {
    let unit = |pair: &[u8]| (pair[high_byte], pair[1 - high_byte]);
    let line =
        bytes[at..full].chunks_exact(2).position(|pair| unit(pair).0 == 0 && is_line_end(unit(pair).1));
    let end = match line {
        Some(0) => at + 2,
        Some(units) => at + units * 2,
        None => full,
    };
    let splits = end - at >= 2 && end < bytes.len() && unit(&bytes[end - 2..end]).0 & 0xFC == 0xD8;
    if splits { bytes.len().min(end + 2) } else { end }
}

/// A text and its map while they grow.
#[derive(Default)]
struct Builder {
    text: String,
    chars: usize,
    pieces: Vec<TextMapPiece>,
    /// Bytes of the original consumed.
    at: usize,
    replaced: usize,
}

impl Builder {
    fn push(&mut self, text: &str, consumed: usize, verbatim: bool) {
        self.push_slack(text, consumed, verbatim, 0);
    }

    fn push_slack(&mut self, text: &str, consumed: usize, verbatim: bool, slack: usize) {
        let count = text.chars().count();
        let (start, end) = (self.at.saturating_sub(slack) as u64, (self.at + consumed) as u64);
        self.at += consumed;
        if count == 0 {
            return;
        }
        let chars = Span::new(self.chars, self.chars + count);
        self.text.push_str(text);
        self.chars += count;
        match self.pieces.last_mut() {
            Some(last) if verbatim && last.verbatim && last.bytes.1 == start => {
                last.chars.end = chars.end;
                last.bytes.1 = end;
            }
            _ => self.pieces.push(TextMapPiece { chars, bytes: (start, end), verbatim }),
        }
    }

    fn finish(self, encoding: &str, first_bad: Option<usize>) -> Decoded {
        let diagnostics = first_bad.map(|at| {
            let message = format!(
                "{} places are not valid {encoding} and were replaced by `\u{fffd}`, the first at byte {at}",
                self.replaced.max(1)
            );
            Diagnostic::new("", Severity::Warning, "intake::invalid_encoding", message)
                .at_bytes(at as u64, at as u64 + 1)
        });
        let diagnostics = diagnostics.into_iter().collect();
        Decoded { text: self.text, map: TextMap { pieces: self.pieces }, diagnostics }
    }
}

/// Binary data decoded as text shows as control characters and replacements: one in twenty-five is too many.
fn refuse_binary(text: &str, path: &str) -> Option<Diagnostic> {
    let is_odd =
        |c: char| c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}');
    let (mut chars, mut odd) = (0usize, 0usize);
    for c in text.chars() {
        chars += 1;
        odd += usize::from(is_odd(c));
    }
    (odd >= 2 && odd * 25 > chars).then(|| {
        let message =
            format!("no text: {odd} of {chars} characters are control or broken ones; it is binary data");
        Diagnostic::new(path, Severity::Error, "intake::binary", message)
    })
}

fn choice_diagnostic(choice: &Choice, wanted: &Wanted<'_>) -> Option<Diagnostic> {
    let name = choice.encoding.name();
    let (code, message) = match (choice.misdeclared, wanted.declared, choice.ground) {
        (true, Some(declared), _) => (
            "intake::encoding_misdeclared",
            format!("declares `{declared}`, but its bytes are {name}; read as {name}"),
        ),
        (_, _, Ground::Guessed) => {
            ("intake::encoding_guessed", format!("does not say its encoding; read as {name}"))
        }
        _ => return None,
    };
    Some(Diagnostic::new("", Severity::Note, code, message))
}

fn nul_diagnostic(decoded: &Decoded) -> Option<Diagnostic> {
    let at = decoded.text.find('\0')?;
    let count = decoded.text.matches('\0').count();
    let char_at = decoded.text[..at].chars().count();
    let message = format!("the text holds {count} NUL characters, which were kept");
    let diagnostic = Diagnostic::new("", Severity::Warning, "intake::nul_characters", message);
    Some(diagnostic.at_chars(Span::new(char_at, char_at + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_case::CharIndex;
    use proptest::prelude::*;

    const FRENCH: &str = "« Où est passée la preuve ? » demande l’élue, déçue ;\nle maire n’a pas répondu.\n";

    fn wanted<'a>(declared: Option<&'a str>) -> Wanted<'a> {
        Wanted { path: "a.txt", declared, keep_bom: true, limit: 1 << 20 }
    }

    fn decode(bytes: &[u8]) -> Decoded {
        parse_text(bytes, &wanted(None)).expect("text")
    }

    fn codes(decoded: &Decoded) -> Vec<&str> {
        decoded.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    /// Every piece of the map, decoded alone, is its stretch of the text.
    fn assert_exact(decoded: &Decoded, bytes: &[u8], encoding: &'static Encoding) {
        let index = CharIndex::new(&decoded.text);
        let mut next = 0;
        for piece in &decoded.map.pieces {
            assert_eq!(piece.chars.start, next);
            next = piece.chars.end;
            let (text, _) =
                encoding.decode_without_bom_handling(&bytes[piece.bytes.0 as usize..piece.bytes.1 as usize]);
            assert_eq!(text, index.slice(&decoded.text, piece.chars));
        }
        assert_eq!(next, index.char_count());
    }

    #[test]
    fn utf8_is_kept_with_its_mark() {
        let with_mark = format!("\u{feff}{FRENCH}");
        let decoded = decode(with_mark.as_bytes());
        assert_eq!(decoded.text, with_mark);
        assert!(decoded.diagnostics.is_empty());
        let without = Wanted { keep_bom: false, ..wanted(None) };
        let decoded = parse_text(with_mark.as_bytes(), &without).expect("text");
        assert_eq!(decoded.text, FRENCH);
        assert_eq!(decoded.map.pieces[0].bytes.0, 3);
    }

    #[test]
    fn line_ends_are_kept() {
        let text = "a\r\nb\rc\n\u{85}\u{2028}d";
        assert_eq!(decode(text.as_bytes()).text, text);
    }

    #[test]
    fn utf16_is_read_with_and_without_mark() {
        for big in [false, true] {
            let encoding = if big { UTF_16BE } else { UTF_16LE };
            let long = format!("{FRENCH}🗳️ {FRENCH}").repeat(9);
            let bare = utf16(&long, big);
            let decoded = decode(&bare);
            assert_eq!(decoded.text, long);
            assert_eq!(codes(&decoded), ["intake::encoding_guessed"]);
            assert_exact(&decoded, &bare, encoding);
            let marked = utf16(&format!("\u{feff}{long}"), big);
            let decoded = decode(&marked);
            assert_eq!(decoded.text, long);
            assert!(decoded.diagnostics.is_empty());
            assert_exact(&decoded, &marked, encoding);
        }
    }

    #[test]
    fn windows_1252_is_guessed_and_said() {
        let text = FRENCH.repeat(7);
        let (bytes, _, _) = WINDOWS_1252.encode(&text);
        let decoded = decode(&bytes);
        assert_eq!(decoded.text, text);
        assert_eq!(codes(&decoded), ["intake::encoding_guessed"]);
        assert_exact(&decoded, &bytes, WINDOWS_1252);
        assert!(decoded.map.pieces.iter().any(|piece| piece.verbatim));
    }

    #[test]
    fn other_alphabets_are_detected() {
        let text = "Представитель кампании не представил никаких доказательств. ".repeat(5);
        let encoding = Encoding::for_label(b"windows-1251").expect("known");
        let (bytes, _, _) = encoding.encode(&text);
        assert_eq!(decode(&bytes).text, text);
    }

    #[test]
    fn a_declaration_is_followed_unless_the_bytes_disprove_it() {
        let polish = "Rzecznik zaprzeczył: \"żadnych dowodów\". Źródło się myli.".repeat(3);
        let encoding = Encoding::for_label(b"iso-8859-2").expect("known");
        let (bytes, _, _) = encoding.encode(&polish);
        let decoded = parse_text(&bytes, &wanted(Some("ISO-8859-2"))).expect("text");
        assert_eq!(decoded.text, polish);
        assert!(decoded.diagnostics.is_empty());

        let decoded = parse_text(FRENCH.as_bytes(), &wanted(Some("windows-1252"))).expect("text");
        assert_eq!(decoded.text, FRENCH);
        assert_eq!(codes(&decoded), ["intake::encoding_misdeclared"]);

        let (bytes, _, _) = WINDOWS_1252.encode(FRENCH);
        let decoded = parse_text(&bytes, &wanted(Some("utf-8"))).expect("text");
        assert_eq!(decoded.text, FRENCH);
        assert_eq!(codes(&decoded), ["intake::encoding_misdeclared"]);
    }

    #[test]
    fn a_declared_utf16_in_ascii_is_not_believed() {
        let decoded = parse_text(b"plain words", &wanted(Some("utf-16"))).expect("text");
        assert_eq!(decoded.text, "plain words");
    }

    #[test]
    fn a_few_broken_sequences_stay_utf8() {
        let mut bytes = FRENCH.repeat(3).into_bytes();
        bytes.insert(FRENCH.len(), 0xE9);
        let decoded = decode(&bytes);
        assert_eq!(decoded.text, format!("{FRENCH}\u{fffd}{FRENCH}{FRENCH}"));
        assert_eq!(codes(&decoded), ["intake::invalid_encoding"]);
        assert_eq!(decoded.diagnostics[0].bytes, Some((FRENCH.len() as u64, FRENCH.len() as u64 + 1)));
        let index = CharIndex::new(&decoded.text);
        let second = Span::new(FRENCH.chars().count() + 1, FRENCH.chars().count() + 2);
        let at = FRENCH.len() as u64 + 1;
        assert_eq!(decoded.map.bytes_of(&decoded.text, &index, second), Some((at, at + "«".len() as u64)));
    }

    #[test]
    fn binary_is_refused() {
        let noise: Vec<u8> = (0u32..4096).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bytes in [&noise[..], b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", &[0; 64]] {
            assert_eq!(
                parse_text(bytes, &wanted(None)).map_err(|d| d.code),
                Err("intake::binary".to_owned())
            );
        }
    }

    #[test]
    fn a_nul_in_a_text_is_kept_and_said() {
        let text = format!("{FRENCH}\0{FRENCH}");
        let decoded = decode(text.as_bytes());
        assert_eq!(decoded.text, text);
        assert_eq!(codes(&decoded), ["intake::nul_characters"]);
        assert_eq!(decoded.diagnostics[0].chars, Some(Span::from(80..81)));
    }

    #[test]
    fn what_is_over_the_limit_is_said() {
        let text = "é".repeat(100);
        let limited = Wanted { limit: 51, ..wanted(None) };
        let decoded = parse_text(text.as_bytes(), &limited).expect("text");
        assert_eq!(decoded.text, "é".repeat(25));
        assert_eq!(codes(&decoded), ["intake::text_too_long"]);
        assert_eq!(decoded.diagnostics[0].bytes, Some((50, 200)));
    }

    proptest! {
        #[test]
        fn valid_utf8_is_never_changed(text in "[^\\p{Cc}\u{fffd}\u{feff}]{0,200}") {
            prop_assert_eq!(decode(text.as_bytes()).text, text);
        }

        #[test]
        fn any_bytes_decode_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600), limit in 0usize..700) {
            let limited = Wanted { limit, ..wanted(Some("shift_jis")) };
            if let Ok(decoded) = parse_text(&bytes, &limited) {
                let index = CharIndex::new(&decoded.text);
                let all = Span::new(0, index.char_count());
                if let Some((start, end)) = decoded.map.bytes_of(&decoded.text, &index, all) {
                    prop_assert!(start <= end && end <= bytes.len() as u64);
                }
            }
        }
    }
}
