//! Tells what a file is: by its first bytes, and by its name where the bytes leave it open.
//!
//! A name can only choose among readings of text. It never makes a binary file text, nor a page out of a
//! `.txt`, whose text is exactly the file's.

/// What a file is to be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// No bytes at all.
    Empty,
    /// Plain text, in an encoding yet to be told.
    Text,
    /// Markdown.
    Markdown,
    /// HTML or XHTML page.
    Html,
    /// PDF.
    Pdf,
    /// Zip container: an archive, a DOCX, an ODT.
    Zip,
    /// Gzip stream: one file or a tar.
    Gzip,
    /// Tar archive.
    Tar,
    /// Comma, semicolon or tab separated table.
    Csv,
    /// JSON document: an array of articles, or one.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Mail message or mbox.
    Mail,
    /// Compound file (OLE): an Outlook message, or a document without a reader.
    Ole,
    /// Mailbox of Outlook (PST, OST).
    Pst,
    /// Known, and no reader for it: its name in words.
    Unsupported(&'static str),
}

/// First bytes of formats known by sight.
const MAGIC: [(&[u8], Kind); 24] = [
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\x1f\x8b\x08", Kind::Gzip),
    (b"\x89PNG\r\n", Kind::Unsupported("PNG image")),
    (b"\xff\xd8\xff", Kind::Unsupported("JPEG image")),
    (b"GIF8", Kind::Unsupported("GIF image")),
    (b"II*\0", Kind::Unsupported("TIFF image")),
    (b"MM\0*", Kind::Unsupported("TIFF image")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Ole),
    (b"{\\rtf", Kind::Unsupported("RTF document")),
    (b"\x7fELF", Kind::Unsupported("program (ELF)")),
    (b"SQLite format 3\0", Kind::Unsupported("SQLite database")),
    (b"PAR1", Kind::Unsupported("Parquet table")),
    (b"7z\xbc\xaf\x27\x1c", Kind::Unsupported("7-Zip archive")),
    (b"Rar!\x1a\x07", Kind::Unsupported("RAR archive")),
    (b"\xfd7zXZ\0", Kind::Unsupported("xz archive")),
    (b"BZh", Kind::Unsupported("bzip2 archive")),
    (b"\x28\xb5\x2f\xfd", Kind::Unsupported("zstd archive")),
    (b"ID3", Kind::Unsupported("MP3 sound")),
    (b"OggS", Kind::Unsupported("Ogg media")),
    (b"RIFF", Kind::Unsupported("RIFF media")),
    (b"\x1aE\xdf\xa3", Kind::Unsupported("Matroska video")),
    (b"!BDN", Kind::Pst),
    (b"%!PS", Kind::Unsupported("PostScript document")),
];

/// How far into a file a PDF header may stand, as readers allow.
const PDF_HEADER_WINDOW: usize = 1024;

/// What `bytes`, named `path`, is to be read as.
pub fn sniff(path: &str, bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| is_magic(magic, bytes)) {
        return *kind;
    }
    if memchr::memmem::find(&bytes[..bytes.len().min(PDF_HEADER_WINDOW)], b"%PDF-")
        .is_some_and(|at| at == 0 || has_extension(path, &["pdf"]))
    {
        return Kind::Pdf;
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Kind::Tar;
    }
    sniff_text(path, bytes)
}

/// Short magics made of letters could open a text too; they count only before a byte that text has not.
fn is_magic(magic: &[u8], bytes: &[u8]) -> bool {
    let wordy = magic.iter().all(|byte| byte.is_ascii_alphanumeric());
    bytes.starts_with(magic) && (!wordy || bytes.iter().take(64).any(|&byte| byte == 0 || byte >= 0xF8))
}

fn sniff_text(path: &str, bytes: &[u8]) -> Kind {
    let by_name = kind_of_name(path);
    if matches!(by_name, Some(Kind::Text | Kind::Markdown)) {
        return by_name.unwrap_or(Kind::Text);
    }
    let head = visible_head(bytes);
    if looks_like_html(&head) {
        return Kind::Html;
    }
    match (by_name, head.first()) {
        (Some(Kind::Json | Kind::Jsonl), _) => by_name.unwrap_or(Kind::Json),
        (None, Some(b'{')) if opens_json(&head) => Kind::Jsonl,
        (None, Some(b'[')) if opens_json(&head) => Kind::Json,
        (None, _) if looks_like_mail(&head) => Kind::Mail,
        (None, _) => Kind::Text,
        (Some(kind), _) => kind,
    }
}

/// The first kilobytes without byte-order mark, NUL bytes (UTF-16) and leading white space.
fn visible_head(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let skip = |byte: &u8| byte.is_ascii_whitespace() || *byte >= 0xfe;
    let head = bytes.iter().copied().filter(|&byte| byte != 0).skip_while(skip);
    head.take(4096).collect()
}

fn looks_like_html(head: &[u8]) -> bool {
    let lower = head.to_ascii_lowercase();
    let starts = [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<article"];
    let after_prolog = lower.starts_with(b"<?xml") || lower.starts_with(b"<!--");
    starts.iter().any(|start| lower.starts_with(start))
        || after_prolog && starts[..2].iter().any(|start| memchr::memmem::find(&lower, start).is_some())
}

fn opens_json(head: &[u8]) -> bool {
    let next = head.iter().skip(1).find(|byte| !byte.is_ascii_whitespace());
    matches!((head.first(), next), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']')))
}

/// Whether the text opens as RFC 5322 headers do: nothing but fields, two of them of a mail, one of which no other
/// text has; or behind the separator of a mailbox.
fn looks_like_mail(head: &[u8]) -> bool {
    const OF_MAIL: [&[u8]; 6] = [b"from", b"to", b"subject", b"date", b"cc", b"reply-to"];
    const OF_NOTHING_ELSE: [&[u8]; 12] = [
        b"received",
        b"return-path",
        b"delivered-to",
        b"x-original-to",
        b"message-id",
        b"mime-version",
        b"dkim-signature",
        b"authentication-results",
        b"received-spf",
        b"x-gm-thrid",
        b"x-received",
        b"arc-seal",
    ];
    let lower = head.to_ascii_lowercase();
    let mut lines = lower.split(|&byte| byte == b'\n').peekable();
    let envelope = lines.next_if(|line| line.starts_with(b"from ")).is_some_and(|first| {
        first.contains(&b'@') || first.starts_with(b"from mailer-daemon") || first.starts_with(b"from - ")
    });
    let (mut common, mut certain) = (0, usize::from(envelope));
    for line in lines.take(50) {
        if line.trim_ascii().is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            // The head may break off within a line.
            return (common + certain > 1 && certain > 0) && line.len() < 100;
        };
        let name = line[..colon].trim_ascii_end();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        let address = name == b"from" && line.contains(&b'@');
        certain += usize::from(OF_NOTHING_ELSE.contains(&name) || address);
        common += usize::from(OF_MAIL.contains(&name) && !address);
        if common + certain > 1 && certain > 0 {
            return true;
        }
    }
    false
}

/// The extension of the last part of `path`, in lower case.
pub(crate) fn extension(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

fn has_extension(path: &str, wanted: &[&str]) -> bool {
    extension(path).is_some_and(|extension| wanted.contains(&extension.as_str()))
}

fn kind_of_name(path: &str) -> Option<Kind> {
    Some(match extension(path)?.as_str() {
        "txt" | "text" => Kind::Text,
        "md" | "markdown" => Kind::Markdown,
        "html" | "htm" | "xhtml" | "shtml" => Kind::Html,
        "csv" | "tsv" | "tab" => Kind::Csv,
        "json" => Kind::Json,
        "jsonl" | "ndjson" => Kind::Jsonl,
        "eml" | "mbox" | "mbx" | "emlx" => Kind::Mail,
        "pdf" => Kind::Unsupported("file named `.pdf` that holds no PDF"),
        "zip" | "docx" | "odt" => Kind::Unsupported("file named as a zip container that is none"),
        "xml" | "rss" | "atom" => Kind::Unsupported("XML document"),
        "exe" | "dll" => Kind::Unsupported("program"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(sniff("a.txt", b"%PDF-1.4\n"), Kind::Pdf);
        assert_eq!(sniff("a.pdf", b"PK\x03\x04rest"), Kind::Zip);
        assert_eq!(sniff("a.json", b"<!DOCTYPE html><p>x"), Kind::Html);
        assert_eq!(sniff("noname", b"\xef\xbb\xbf \n<HTML lang=fr>"), Kind::Html);
    }

    #[test]
    fn a_txt_stays_text_whatever_its_words() {
        for text in
            [&b"<!doctype html><p>x"[..], b"[{\"a\":1}]", b"From: a@b\nSubject: x\n\n", b"BZh is a format"]
        {
            assert_eq!(sniff("a.txt", text), Kind::Text);
        }
    }

    #[test]
    fn names_choose_among_texts() {
        assert_eq!(sniff("dir.d/a.CSV", b"title;text\n"), Kind::Csv);
        assert_eq!(sniff("a.tsv", b"x\ty\n"), Kind::Csv);
        assert_eq!(sniff("a.md", b"# Title"), Kind::Markdown);
        assert_eq!(sniff("a.jsonl", b""), Kind::Empty);
        assert_eq!(sniff(".jsonl", b"plain"), Kind::Text);
        assert_eq!(sniff("README", b"plain words"), Kind::Text);
    }

    #[test]
    fn json_and_mail_are_seen_without_a_name() {
        assert_eq!(sniff("x", b"[ {\"text\": \"a\"} ]"), Kind::Json);
        assert_eq!(sniff("x", b"{\"text\": \"a\"}\n"), Kind::Jsonl);
        assert_eq!(sniff("x", b"[citation needed]"), Kind::Text);
        assert_eq!(
            sniff("x", b"Received: from a by b\r\n id 7\r\nFrom: c@d.example\r\n\r\nbody"),
            Kind::Mail
        );
        assert_eq!(
            sniff("cur/15.M1.host:2,S", b"X-Spam: no\nSubject: a\n b\nDelivered-To: c@d\n\nbody"),
            Kind::Mail
        );
        assert_eq!(sniff("x", b"Subject: a\nFrom: b@c.example\n\nbody"), Kind::Mail);
        assert_eq!(sniff("x", b"From 1@xxx Tue Jun 12 09:15:00 +0000 2018\r\nX-GM-THRID: 1\r\n"), Kind::Mail);
        assert_eq!(sniff("x", b"Subject: the ferry\nDate: Friday\n\nMinutes"), Kind::Text);
        assert_eq!(sniff("x", b"From: here on it is easy\n\nWe go."), Kind::Text);
    }

    #[test]
    fn known_binaries_are_named() {
        assert_eq!(sniff("a.txt", b"\x89PNG\r\n\x1a\n"), Kind::Unsupported("PNG image"));
        assert_eq!(sniff("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Kind::Ole);
        assert!(matches!(sniff("a.pdf", b"not at all"), Kind::Unsupported(_)));
    }

    #[test]
    fn utf16_pages_are_pages() {
        let page: Vec<u8> = "\u{feff}<html><p>é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff("x", &page), Kind::Html);
    }
}
