//! Plain text and Markdown: the item's text is the file's, to the code point.

use preuve_case::{Format, ItemMeta};

use crate::decode::{Wanted, parse_text};
use crate::read::{Draft, Reading};

/// Read `bytes` as one item whose text is kept as it stands.
pub(crate) fn parse_plain(reading: &mut Reading<'_>, path: &str, bytes: &[u8], format: Format) {
    let wanted = Wanted { path, declared: None, keep_bom: true, limit: reading.params.max_text_bytes };
    match parse_text(bytes, &wanted) {
        Err(refusal) => reading.say(*refusal),
        Ok(decoded) => {
            let title = if format == Format::Markdown { markdown_title(&decoded.text) } else { None };
            reading.finish(Draft {
                path: path.to_owned(),
                format,
                original: bytes,
                text: decoded.text,
                map: decoded.map,
                meta: ItemMeta { title, ..ItemMeta::default() },
                diagnostics: decoded.diagnostics,
            });
        }
    }
}

/// The first line that says something, where it is a first-level heading.
fn markdown_title(text: &str) -> Option<String> {
    let line = text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty())?;
    let title = line.trim().strip_prefix("# ")?.trim_end_matches('#').trim();
    (!title.is_empty()).then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_a_title_only_where_it_comes_first() {
        assert_eq!(markdown_title("\u{feff}\n# The title #\n\ntext"), Some("The title".to_owned()));
        assert_eq!(markdown_title("words\n# Later"), None);
        assert_eq!(markdown_title("#tag"), None);
    }
}
