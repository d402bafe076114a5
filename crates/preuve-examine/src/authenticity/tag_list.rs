//! Tag lists (`a=1; b=2`) of signatures and keys (RFC 6376 §3.2).

use std::ops::Range;

/// Tags with the places of their values in the text they were read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagList<'t> {
    text: &'t [u8],
    tags: Vec<(&'t str, Range<usize>)>,
}

/// Why a tag list is no tag list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagListError {
    /// The same tag twice; the standard makes the whole list invalid.
    #[error("tag `{0}=` stands twice")]
    Repeated(String),
    /// A part between semicolons is no `name=value`.
    #[error("no tag at byte {0} of the list")]
    NotATag(usize),
    /// More tags than any standard defines.
    #[error("more than {MOST_TAGS} tags")]
    TooMany,
}

/// Standards define about twenty; a list with more is not worth the memory.
const MOST_TAGS: usize = 100;

impl<'t> TagList<'t> {
    /// Read a tag list; linear in its length.
    ///
    /// # Errors
    /// [`TagListError`] for a repeated tag, a part without `=`, or too many tags.
    pub fn parse(text: &'t [u8]) -> Result<Self, TagListError> {
        let mut tags: Vec<(&str, Range<usize>)> = Vec::new();
        let mut start = 0;
        for part in text.split(|&b| b == b';') {
            let at = start;
            start += part.len() + 1;
            // Only the last part may be empty, behind a closing semicolon.
            if part.trim_ascii().is_empty() && start > text.len() {
                continue;
            }
            let equals = part.iter().position(|&b| b == b'=').ok_or(TagListError::NotATag(at))?;
            let name =
                std::str::from_utf8(part[..equals].trim_ascii()).map_err(|_| TagListError::NotATag(at))?;
            let valid = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !valid {
                return Err(TagListError::NotATag(at));
            }
            if tags.iter().any(|(known, _)| *known == name) {
                return Err(TagListError::Repeated(name.to_owned()));
            }
            if tags.len() == MOST_TAGS {
                return Err(TagListError::TooMany);
            }
            tags.push((name, at + equals + 1..at + part.len()));
        }
        Ok(Self { text, tags })
    }

    /// Place of the value of tag `name` in the list's text, white space included.
    pub fn range(&self, name: &str) -> Option<Range<usize>> {
        self.tags.iter().find(|(known, _)| *known == name).map(|(_, range)| range.clone())
    }

    /// The value of tag `name`, trimmed; `None` also where it is no UTF-8.
    pub fn get(&self, name: &str) -> Option<&'t str> {
        std::str::from_utf8(&self.text[self.range(name)?]).ok().map(str::trim)
    }

    /// The value of tag `name` without any white space: folding may stand inside base64 and lists.
    pub fn get_unfolded(&self, name: &str) -> Option<String> {
        let value = self.text.get(self.range(name)?)?;
        let kept = value.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
        String::from_utf8(kept).ok()
    }

    /// The bytes that base64 tag `name` stands for.
    pub fn get_base64(&self, name: &str) -> Option<Vec<u8>> {
        use base64::Engine;
        let text = self.get_unfolded(name)?;
        base64::engine::general_purpose::GeneralPurpose::new(
            &base64::alphabet::STANDARD,
            base64::engine::GeneralPurposeConfig::new()
                .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true),
        )
        .decode(text)
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let text = b" v=1; b=ab\r\n cd ;bh= xx==;";
        let tags = TagList::parse(text).unwrap();
        assert_eq!(tags.get("v"), Some("1"));
        assert_eq!(tags.get_unfolded("b").as_deref(), Some("abcd"));
        assert_eq!(&text[tags.range("b").unwrap()], b"ab\r\n cd ");
        assert_eq!(tags.get("bh"), Some("xx=="));
        assert_eq!(tags.get("x"), None);
    }

    #[test]
    fn a_repeated_tag_spoils_the_list() {
        assert_eq!(TagList::parse(b"a=1;b=2;a=3"), Err(TagListError::Repeated("a".into())));
    }

    #[test]
    fn parts_without_a_name_are_refused() {
        assert_eq!(TagList::parse(b"a=1; nonsense"), Err(TagListError::NotATag(4)));
        assert!(TagList::parse(b"a=1;; b=2").is_err());
        assert!(TagList::parse(b"a=1;\r\n ").is_ok());
        assert!(TagList::parse(b"=1").is_err());
        assert!(TagList::parse("é=1".as_bytes()).is_err());
        let many: Vec<String> = (0..200).map(|i| format!("a{i}=1")).collect();
        assert_eq!(TagList::parse(many.join(";").as_bytes()), Err(TagListError::TooMany));
    }
}
