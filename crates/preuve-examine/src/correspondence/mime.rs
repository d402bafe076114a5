//! The tree of parts (RFC 2045, 2046), by bytes, with what is amiss in it. Messages within messages are leaves.

use std::collections::BTreeMap;
use std::ops::Range;

use mail_parser::{MessageParser, MimeHeaders};
use preuve_case::StructureNote;

use super::text::Encoding;
use crate::authenticity::message::{RawMessage, line_at};

/// A leaf of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Media type as declared, lower case.
    pub(super) declared: Option<String>,
    /// `charset`.
    pub(super) charset: Option<String>,
    /// File name.
    pub(super) name: Option<String>,
    /// Transfer encoding.
    pub(super) encoding: Encoding,
    /// Bytes of header and body.
    pub(super) whole: Range<usize>,
    /// Bytes of the body.
    pub(super) body: Range<usize>,
    /// Number of the `multipart/alternative` it stands in.
    pub(super) alternative: Option<usize>,
    /// Declared as an attachment.
    pub(super) attached: bool,
}

impl Part {
    /// Whether programs show it as the text of the message.
    pub(super) fn is_text(&self, subtype: &str) -> bool {
        let plain = subtype == "plain" && self.declared.is_none();
        !self.attached && (plain || self.declared.as_deref() == Some(&format!("text/{subtype}")))
    }
}

/// The leaves, in their order, and what was noticed.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) parts: Vec<Part>,
    pub(super) notes: Vec<StructureNote>,
}

/// Multiparts nested deeper than this are leaves.
const MOST_DEPTH: usize = 24;
/// Header of a part, at most so many bytes of it.
const MOST_HEADER: usize = 64 * 1024;
/// Boundaries have at most 70 characters (RFC 2046 §5.1.1); longer ones are cut by nobody and sought as they are.
const MOST_BOUNDARY: usize = 1_000;
/// Notes of one message.
const MOST_NOTES: usize = 32;

/// A node that is to be taken apart.
struct Node {
    header: Range<usize>,
    body: Range<usize>,
    depth: usize,
    alternative: Option<usize>,
    /// The multipart it stands in.
    parent: Option<usize>,
}

struct Multipart {
    boundary: Vec<u8>,
    parent: Option<usize>,
}

/// Take a message apart; `header` and `body` are its own. At most `most_parts` leaves.
pub(super) fn walk(bytes: &[u8], header: Range<usize>, body: Range<usize>, most_parts: usize) -> Tree {
    let mut walker = Walker { bytes, tree: Tree::default(), multiparts: Vec::new(), most_parts };
    let mut nodes = vec![Node { header, body, depth: 0, alternative: None, parent: None }];
    while let Some(node) = nodes.pop() {
        if walker.tree.parts.len() >= most_parts {
            walker.note(
                "structure.parts_left_out",
                vec![span(&node.body)],
                &[("kept", most_parts.to_string())],
            );
            break;
        }
        let children = walker.open(node);
        nodes.extend(children.into_iter().rev());
    }
    walker.tree
}

struct Walker<'m> {
    bytes: &'m [u8],
    tree: Tree,
    multiparts: Vec<Multipart>,
    most_parts: usize,
}

/// What the header of a node says of its content.
struct Declared {
    kind: Option<String>,
    boundary: Option<String>,
    charset: Option<String>,
    name: Option<String>,
    encoding: Encoding,
    encoded: bool,
    attached: bool,
}

impl Walker<'_> {
    fn note(&mut self, name: &str, bytes: Vec<(u64, u64)>, facts: &[(&str, String)]) {
        if self.tree.notes.len() < MOST_NOTES {
            let facts: BTreeMap<String, String> =
                facts.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
            self.tree.notes.push(StructureNote { name: name.to_owned(), bytes, facts });
        }
    }

    /// The children of a multipart, or the node itself as a leaf.
    fn open(&mut self, node: Node) -> Vec<Node> {
        let declared = declared(&self.bytes[node.header.clone()]);
        let multipart = declared.kind.as_deref().is_some_and(|kind| kind.starts_with("multipart/"));
        if multipart {
            if declared.encoded {
                self.note("structure.multipart_encoded", vec![span(&node.header)], &[]);
            }
            match &declared.boundary {
                _ if node.depth >= MOST_DEPTH => {
                    let depth = MOST_DEPTH.to_string();
                    self.note("structure.nested_too_deep", vec![span(&node.body)], &[("depth", depth)]);
                }
                None => self.note("structure.boundary_missing", vec![span(&node.header)], &[]),
                Some(boundary) => {
                    if let Some(children) = self.split(&node, &declared, boundary) {
                        return children;
                    }
                }
            }
        }
        self.tree.parts.push(Part {
            declared: declared.kind,
            charset: declared.charset,
            name: declared.name,
            encoding: declared.encoding,
            whole: node.header.start..node.body.end,
            body: node.body,
            alternative: node.alternative,
            attached: declared.attached,
        });
        Vec::new()
    }

    /// Cut the body of a multipart at its boundary (RFC 2046 §5.1.1).
    fn split(&mut self, node: &Node, declared: &Declared, boundary: &str) -> Option<Vec<Node>> {
        let boundary = boundary.as_bytes()[..boundary.len().min(MOST_BOUNDARY)].to_vec();
        if self.ancestor_has(node.parent, &boundary) {
            self.note("structure.boundary_repeated", vec![span(&node.header)], &[]);
            return None;
        }
        let cut = cut(self.bytes, node.body.clone(), &boundary, self.most_parts + 1);
        if cut.pieces.is_empty() {
            self.note("structure.boundary_not_found", vec![span(&node.header)], &[]);
            return None;
        }
        if !cut.closed && cut.pieces.len() <= self.most_parts {
            self.note("structure.boundary_not_closed", vec![span(&node.header)], &[]);
        }
        for outside in
            [cut.before, cut.after].into_iter().filter(|range| says_something(&self.bytes[range.clone()]))
        {
            self.note("structure.text_outside_parts", vec![span(&outside)], &[]);
        }
        let id = self.multiparts.len();
        self.multiparts.push(Multipart { boundary, parent: node.parent });
        let alternative = if declared.kind.as_deref() == Some("multipart/alternative") {
            Some(id)
        } else {
            node.alternative
        };
        let child = |piece: Range<usize>| {
            let (header, body) = split_part(self.bytes, piece);
            Node { header, body, depth: node.depth + 1, alternative, parent: Some(id) }
        };
        Some(cut.pieces.into_iter().map(child).collect())
    }

    fn ancestor_has(&self, mut parent: Option<usize>, boundary: &[u8]) -> bool {
        while let Some(multipart) = parent.and_then(|id| self.multiparts.get(id)) {
            if multipart.boundary == boundary {
                return true;
            }
            parent = multipart.parent;
        }
        false
    }
}

fn span(range: &Range<usize>) -> (u64, u64) {
    (range.start as u64, range.end as u64)
}

/// Whether what stands outside the parts is more than the usual line for old programs.
fn says_something(outside: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&outside[..outside.len().min(4096)]).to_lowercase();
    let usual = ["multi-part message", "multipart message", "mime format", "format mime", "formato mime"];
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 8 && !usual.iter().any(|words| text.contains(words))
}

struct Cut {
    pieces: Vec<Range<usize>>,
    before: Range<usize>,
    after: Range<usize>,
    closed: bool,
}

/// Find the delimiter lines; the line end before a delimiter belongs to it.
fn cut(bytes: &[u8], body: Range<usize>, boundary: &[u8], most: usize) -> Cut {
    let delimiter = [b"--", boundary].concat();
    let mut cut = Cut { pieces: Vec::new(), before: body.clone(), after: body.end..body.end, closed: false };
    let mut open: Option<usize> = None;
    let finder = memchr::memmem::Finder::new(&delimiter);
    let mut from = body.start;
    while let Some(found) = finder.find(&bytes[from..body.end]) {
        let at = from + found;
        from = at + delimiter.len();
        let line_start = at == body.start || bytes[at - 1] == b'\n';
        let (line, next) = line_at(&bytes[..body.end], at);
        let rest = bytes[line].get(delimiter.len()..).unwrap_or_default().trim_ascii_end();
        if !line_start || !(rest.is_empty() || rest == b"--") {
            continue;
        }
        let end = before_line_end(bytes, body.start, at);
        match open {
            Some(start) => cut.pieces.push(start.min(end)..end),
            None => cut.before = body.start..end,
        }
        open = Some(next);
        from = next;
        if rest == b"--" || cut.pieces.len() >= most {
            cut.closed = rest == b"--";
            cut.after = if cut.closed { next..body.end } else { cut.after };
            return cut;
        }
    }
    if let Some(start) = open {
        cut.pieces.push(start..body.end);
    }
    cut
}

fn before_line_end(bytes: &[u8], floor: usize, at: usize) -> usize {
    let end = if at > floor && bytes[at - 1] == b'\n' { at - 1 } else { at };
    if end > floor && end < at && bytes[end - 1] == b'\r' { end - 1 } else { end }
}

/// Header and body of a part, by the first empty line.
fn split_part(bytes: &[u8], piece: Range<usize>) -> (Range<usize>, Range<usize>) {
    let limit = piece.end.min(piece.start + MOST_HEADER);
    let mut at = piece.start;
    while at < limit {
        let (line, next) = line_at(&bytes[..piece.end], at);
        if line.is_empty() {
            return (piece.start..at, next..piece.end);
        }
        at = next;
    }
    let at = at.min(piece.end);
    (piece.start..at, at..piece.end)
}

fn declared(header: &[u8]) -> Declared {
    let raw = RawMessage::parse(&header[..header.len().min(MOST_HEADER)]);
    let mut fields = Vec::new();
    for name in ["content-type", "content-disposition", "content-transfer-encoding"] {
        if let Some(&index) = raw.named(name).first() {
            fields.extend_from_slice(raw.field(index));
            fields.extend_from_slice(b"\r\n");
        }
    }
    fields.extend_from_slice(b"\r\n");
    let parsed = MessageParser::new().with_mime_headers().parse_headers(&fields);
    let parsed = parsed.as_ref();
    let kind = parsed.and_then(|message| message.content_type());
    let encoding = parsed.and_then(|message| message.content_transfer_encoding()).unwrap_or_default();
    let encoding = match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" => Encoding::Base64,
        "quoted-printable" => Encoding::QuotedPrintable,
        _ => Encoding::Identity,
    };
    let clip = |text: &str| text.chars().take(255).collect::<String>();
    Declared {
        kind: kind.map(|kind| {
            let subtype = kind.subtype().unwrap_or_default();
            clip(&format!("{}/{subtype}", kind.ctype())).trim_end_matches('/').to_ascii_lowercase()
        }),
        boundary: kind
            .and_then(|kind| kind.attribute("boundary"))
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        charset: kind.and_then(|kind| kind.attribute("charset")).map(clip),
        name: parsed.and_then(|message| message.attachment_name()).map(clip),
        encoding,
        encoded: encoding != Encoding::Identity,
        attached: parsed
            .and_then(|message| message.content_disposition())
            .is_some_and(mail_parser::ContentType::is_attachment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tree(text: &str) -> Tree {
        let raw = RawMessage::parse(text.as_bytes());
        walk(text.as_bytes(), 0..raw.body.start, raw.body.clone(), 50)
    }

    fn names(tree: &Tree) -> Vec<&str> {
        tree.notes.iter().map(|note| note.name.as_str()).collect()
    }

    const SOUND: &str = concat!(
        "Content-Type: multipart/mixed; boundary=\"out\"\r\n\r\n",
        "--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n",
        "--in\r\n\r\nHello\r\n--in\r\nContent-Type: text/html\r\n\r\n<p>Hello\r\n--in--\r\n",
        "--out\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n",
        "Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--out--\r\n",
    );

    #[test]
    fn parts_are_found_with_their_bytes() {
        let tree = tree(SOUND);
        assert_eq!(names(&tree), [""; 0]);
        let told: Vec<_> =
            tree.parts.iter().map(|part| (part.declared.as_deref(), &SOUND[part.body.clone()])).collect();
        assert_eq!(
            told,
            [(None, "Hello"), (Some("text/html"), "<p>Hello"), (Some("application/pdf"), "JVBERg==")]
        );
        assert_eq!(tree.parts[2].name.as_deref(), Some("a.pdf"));
        assert_eq!(
            tree.parts.iter().map(|part| part.alternative).collect::<Vec<_>>(),
            [Some(1), Some(1), None]
        );
    }

    #[test]
    fn boundary_trouble_is_named() {
        let missing = tree("Content-Type: multipart/mixed\r\n\r\nx\r\n");
        assert_eq!(names(&missing), ["structure.boundary_missing"]);
        let absent = tree("Content-Type: multipart/mixed; boundary=q\r\n\r\nx\r\n");
        assert_eq!(names(&absent), ["structure.boundary_not_found"]);
        let open = tree("Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nx\r\n");
        assert_eq!(names(&open), ["structure.boundary_not_closed"]);
        let outside = tree(&format!("{SOUND}\r\nRead this instead of the letter\r\n"));
        assert_eq!(names(&outside), ["structure.text_outside_parts"]);
        let cyclic = tree(&SOUND.replace("boundary=in", "boundary=out"));
        assert_eq!(names(&cyclic), ["structure.boundary_repeated"]);
    }

    #[test]
    fn a_thousand_levels_and_ten_thousand_parts_are_cut_off() {
        let mut deep = String::from("Content-Type: multipart/mixed; boundary=b0\r\n\r\n");
        for level in 0..1000 {
            deep += &format!("--b{level}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", level + 1);
        }
        assert!(names(&tree(&deep)).contains(&"structure.nested_too_deep"));
        let many =
            format!("Content-Type: multipart/mixed; boundary=q\r\n\r\n{}", "--q\r\n\r\nx\r\n".repeat(10_000));
        let tree = tree(&many);
        assert_eq!(tree.parts.len(), 50);
        assert_eq!(names(&tree), ["structure.parts_left_out"]);
    }

    proptest! {
        #[test]
        fn leaves_never_overlap_nor_leave_the_message(
            lines in prop::collection::vec("(--q|--q--|--r|--r--|Content-Type: multipart/mixed; boundary=[qr]|x|)(\r\n|\n)", 0..40)
        ) {
            let text = format!("Content-Type: multipart/mixed; boundary=q\r\n\r\n{}", lines.concat());
            let tree = tree(&text);
            let mut end = 0;
            for part in &tree.parts {
                prop_assert!(part.whole.start >= end && part.body.end <= text.len());
                end = part.body.end;
            }
        }
    }
}
