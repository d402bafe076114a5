//! Words of a text with their places: what damage, anchors and credits are read from.
//!
//! Limit: a word is a run of letters and digits; scripts without spaces give one long word a run.

use preuve_case::Span;

/// A run of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// The letters.
    pub(super) text: &'t str,
    /// Byte offset of its start.
    pub(super) byte: usize,
    /// Code points of the text.
    pub(super) span: Span,
}

impl Word<'_> {
    /// Byte offset of its end.
    pub(super) fn byte_end(&self) -> usize {
        self.byte + self.text.len()
    }

    /// Whether it starts with an upper-case letter.
    pub(super) fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it holds a digit.
    pub(super) fn has_digit(&self) -> bool {
        self.text.chars().any(char::is_numeric)
    }
}

/// Every word of `text`, in order; one pass, nothing stored.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut chars = text.char_indices().enumerate().peekable();
    std::iter::from_fn(move || {
        let (first, (byte, _)) = chars.find(|(_, (_, c))| c.is_alphanumeric())?;
        let (mut last, mut end) = (first + 1, byte);
        while let Some(&(at, (offset, c))) = chars.peek() {
            (last, end) = (at, offset);
            if !c.is_alphanumeric() {
                break;
            }
            (last, end) = (at + 1, offset + c.len_utf8());
            chars.next();
        }
        let end =
            if end == byte { byte + text[byte..].chars().next().map_or(0, char::len_utf8) } else { end };
        Some(Word { text: &text[byte..end], byte, span: Span::new(first, last.max(first + 1)) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stand_where_they_say() {
        let text = "« L’Iran, dit-on »\u{a0}: 340 000 é a";
        let found: Vec<&str> = words(text).map(|word| word.text).collect();
        assert_eq!(found, ["L", "Iran", "dit", "on", "340", "000", "é", "a"]);
    }

    proptest! {
        #[test]
        fn spans_and_bytes_agree(text in "[a-zé'. «一\u{1F600}-]{0,60}") {
            let chars: Vec<char> = text.chars().collect();
            for word in words(&text) {
                let from_span: String = chars[word.span.start..word.span.end].iter().collect();
                prop_assert_eq!(from_span.as_str(), word.text);
                prop_assert_eq!(&text[word.byte..word.byte_end()], word.text);
                prop_assert!(word.text.chars().all(char::is_alphanumeric));
            }
        }
    }
}
