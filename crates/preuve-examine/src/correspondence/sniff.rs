//! Media types by content, where the first bytes tell. Where they do not, nothing is claimed.

/// First bytes of formats that attachments bear, with their media type.
const MAGIC: [(&[u8], &str); 22] = [
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"\x7fELF", "application/x-elf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"ITSF", "application/vnd.ms-htmlhelp"),
    (b"#!/", "text/x-script"),
];

/// The media type of `content` by its first bytes.
pub(super) fn sniff(content: &[u8]) -> Option<&'static str> {
    let head = content.get(..content.len().min(64)).unwrap_or_default();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if is_program(content) {
        return Some("application/x-msdownload");
    }
    let page = head.trim_ascii_start().to_ascii_lowercase();
    MAGIC
        .iter()
        .find(
            |(magic, kind)| {
                if *kind == "text/html" { page.starts_with(magic) } else { head.starts_with(magic) }
            },
        )
        .map(|(_, kind)| *kind)
}

/// A Windows program: `MZ`, and the place it names holds `PE`.
fn is_program(content: &[u8]) -> bool {
    let Some(place) = content.get(60..64).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()) else {
        return false;
    };
    let at = u32::from_le_bytes(place) as usize;
    content.starts_with(b"MZ") && at.checked_add(4).and_then(|end| content.get(at..end)) == Some(b"PE\0\0")
}

/// Whether a declared type can hold content sniffed as `sniffed`.
pub fn content_fits(declared: &str, sniffed: &str) -> bool {
    let opaque = ["application/octet-stream", "application/x-unknown", "binary/octet-stream"];
    if declared == sniffed || opaque.contains(&declared) {
        return true;
    }
    match sniffed {
        "application/zip" => {
            let container =
                ["zip", "openxml", "opendocument", "epub", "java-archive", "android", "kmz", "pages"];
            container.iter().any(|word| declared.contains(word))
        }
        "application/x-ole-storage" => {
            let office = ["msword", "ms-excel", "ms-powerpoint", "ms-outlook", "visio", "ms-project", "ole"];
            office.iter().any(|word| declared.contains(word))
        }
        "application/rtf" => declared == "text/rtf" || declared == "application/msword",
        "application/gzip" => {
            declared.contains("gzip") || declared.contains("tar") || declared.contains("tgz")
        }
        "application/x-msdownload" => {
            ["exe", "dosexec", "msdos", "msdownload"].iter().any(|word| declared.contains(word))
        }
        "image/jpeg" => declared == "image/jpg" || declared == "image/pjpeg",
        "image/png" => declared == "image/x-png",
        "text/html" => {
            declared == "application/xhtml+xml" || declared == "text/plain" || declared.contains("ms-excel")
        }
        "text/x-script" => {
            declared.starts_with("text/") || declared.contains("x-sh") || declared.contains("script")
        }
        "application/vnd.rar" => declared.contains("rar"),
        "application/x-7z-compressed" => declared.contains("7z"),
        "application/vnd.ms-cab-compressed" => declared.contains("cab"),
        "application/x-xz" => declared.contains("xz"),
        "application/pdf" => declared == "application/x-pdf",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_its_type_or_nothing() {
        let mut program = vec![0u8; 80];
        program[..2].copy_from_slice(b"MZ");
        program[60] = 64;
        program[64..68].copy_from_slice(b"PE\0\0");
        assert_eq!(sniff(&program), Some("application/x-msdownload"));
        assert_eq!(sniff(b"MZ is short for many things"), None);
        assert_eq!(sniff(b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(sniff(b"  \n<!DOCTYPE HTML>"), Some("text/html"));
        assert_eq!(sniff(b"Dear all"), None);
        assert_eq!(sniff(b""), None);
    }

    #[test]
    fn containers_fit_the_documents_they_hold() {
        assert!(content_fits(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/zip"
        ));
        assert!(content_fits("application/octet-stream", "application/x-msdownload"));
        assert!(!content_fits("application/pdf", "application/zip"));
        assert!(!content_fits("image/jpeg", "application/x-msdownload"));
    }
}
