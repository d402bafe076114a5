//! Places of statements: item, code points, bytes of the original; and the words that stand there.

use preuve_case::{CharIndex, Item, Part, Span};

use crate::input::Article;

/// Code points of a quotation that are kept for a claim's card.
const QUOTE_CHARS: usize = 420;

/// Where a statement rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index of the article.
    pub article: usize,
    /// Code points of its text.
    pub chars: Span,
    /// Bytes of the original, where the format leads back to them.
    pub bytes: Option<(u64, u64)>,
}

impl Place {
    pub(crate) fn of(item: &Item, chars: &CharIndex, article: usize, spans: &[Span]) -> Option<Self> {
        let first = spans.first()?;
        let end = spans.iter().map(|span| span.end).max()?;
        let span = Span::new(first.start, end);
        Some(Self { article, chars: span, bytes: item.map.bytes_of(&item.text, chars, span) })
    }
}

/// The words of an attribution that speaks of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quote {
    /// Index of the attribution in its article.
    pub attribution: usize,
    /// Where the content stands.
    pub place: Place,
    /// The source as written.
    pub source: Option<String>,
    /// The cue as written.
    pub cue: Option<String>,
    /// The content, shortened.
    pub text: String,
    /// Whether the content was shortened.
    pub cut: bool,
}

/// The words and place of `attribution` in `article`; `None` where the index leads nowhere.
pub(crate) fn quote(
    article: &Article<'_>,
    chars: &CharIndex,
    index: usize,
    attribution: usize,
) -> Option<Quote> {
    let found = article.attributions.as_ref()?.attributions.get(attribution)?;
    let place = Place::of(&article.item, chars, index, &found.content.spans)?;
    let (text, cut) = shorten(&found.content.text, QUOTE_CHARS);
    let words = |part: &Part| shorten(&part.text, QUOTE_CHARS / 2).0;
    Some(Quote {
        attribution,
        place,
        source: found.source.as_ref().map(words),
        cue: found.cue.as_ref().map(words),
        text,
        cut,
    })
}

/// The first `limit` code points of `text`, cut at a blank where there is one in the last fifth.
pub(crate) fn shorten(text: &str, limit: usize) -> (String, bool) {
    let Some((end, _)) = text.char_indices().nth(limit) else { return (text.to_owned(), false) };
    let head = &text[..end];
    let kept = match head.rfind(char::is_whitespace) {
        Some(blank) if blank * 5 >= end * 4 => &head[..blank],
        _ => head,
    };
    (kept.to_owned(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_kept_whole() {
        assert_eq!(shorten("two words", 20), ("two words".to_owned(), false));
    }

    #[test]
    fn long_text_is_cut_at_a_blank() {
        assert_eq!(shorten("aaaaaaaa bbb ccc", 10), ("aaaaaaaa".to_owned(), true));
        assert_eq!(shorten("éééééééééééé", 3), ("ééé".to_owned(), true));
    }
}
