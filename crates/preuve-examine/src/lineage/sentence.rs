//! The sentences of a text that carry its story: no footers, "read also" lines, licences, subscriptions.
//!
//! Limit: cuts at line ends and after closing marks before a capital; an abbreviation before a name cuts too
//! early, which costs little where sentences are only compared.

use std::ops::Range;

use preuve_case::Span;

/// One sentence and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
    /// Code points of the text.
    pub(super) span: Span,
}

/// Letters a sentence needs to be compared.
const MIN_LETTERS: usize = 20;

/// Beginnings of lines (lower case) that belong to the page and not to the story.
const PAGE_LINES: [&str; 38] = [
    "read also",
    "read more",
    "also read",
    "related:",
    "see also",
    "more from",
    "more:",
    "subscribe",
    "sign up",
    "follow us",
    "share this",
    "share your",
    "tap here",
    "click here",
    "stay with",
    "copyright",
    "©",
    "all rights reserved",
    "advertisement",
    "à lire aussi",
    "lire aussi",
    "lire l’article",
    "lire l'article",
    "voir aussi",
    "abonnez-vous",
    "suivez-nous",
    "partagez",
    "tous droits réservés",
    "publicité",
    "lea también",
    "lee también",
    "leer más",
    "te puede interesar",
    "suscríbete",
    "síguenos",
    "todos los derechos reservados",
    "publicidad",
    "licence ",
];

/// Whether `line` belongs to the page and not to the story.
pub(super) fn is_page_line(line: &str) -> bool {
    let line = line.trim_start();
    let head: String = line.chars().take(32).flat_map(char::to_lowercase).collect();
    PAGE_LINES.iter().any(|start| head.starts_with(start)) || line.matches(" | ").count() >= 2
}

/// The first `limit` sentences of `text`, in order.
pub(super) fn sentences(text: &str, limit: usize) -> Vec<Sentence> {
    let mut found = Vec::new();
    let (mut byte, mut char) = (0, 0);
    for line in text.split_inclusive('\n') {
        if found.len() >= limit {
            break;
        }
        if !is_page_line(line) {
            push_sentences(line, byte, char, &mut found);
        }
        byte += line.len();
        char += line.chars().count();
    }
    found.truncate(limit);
    found
}

fn push_sentences(line: &str, byte: usize, char: usize, found: &mut Vec<Sentence>) {
    let mut start = (0, 0);
    let mut chars = line.char_indices().enumerate().peekable();
    let mut ended = false;
    let mut push = |from: (usize, usize), to: (usize, usize)| {
        let letters = line[from.0..to.0].chars().filter(|c| c.is_alphanumeric()).take(MIN_LETTERS).count();
        if letters >= MIN_LETTERS {
            found.push(Sentence {
                bytes: byte + from.0..byte + to.0,
                span: Span::new(char + from.1, char + to.1),
            });
        }
    };
    while let Some((at, (offset, c))) = chars.next() {
        if matches!(c, '.' | '!' | '?' | '…' | '。') {
            ended = true;
        } else if c.is_whitespace() {
            let opens = chars.peek().is_some_and(|(_, (_, next))| {
                next.is_uppercase()
                    || next.is_numeric()
                    || matches!(next, '«' | '“' | '"' | '¿' | '¡' | '—' | '‘' | '\'')
            });
            if ended && opens {
                push(start, (offset, at));
                start = (offset + c.len_utf8(), at + 1);
                ended = false;
            }
        } else if !matches!(c, '»' | '”' | '"' | '’' | '\'' | ')') {
            ended = false;
        }
    }
    let trimmed = line.trim_end();
    push(start, (trimmed.len().max(start.0), trimmed.chars().count().max(start.1)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<&str> {
        sentences(text, 100).into_iter().map(|sentence| &text[sentence.bytes]).collect()
    }

    #[test]
    fn lines_and_closing_marks_cut() {
        let text = "Headline of the harbour story\nThe clerk closed the quay. “It was very late in the day.” She left early.\nShort.";
        assert_eq!(
            texts(text),
            ["Headline of the harbour story", "The clerk closed the quay.", "“It was very late in the day.”"]
        );
        assert_eq!(texts("« Ce n’est pas possible du tout » dit-il. ¿Quién lo ha dicho entonces?").len(), 2);
    }

    #[test]
    fn page_lines_are_no_sentences() {
        for line in [
            "À lire aussi : le calendrier complet du scrutin | Peut-on encore s’inscrire ?",
            "Read more about the harbour in our special section today",
            "Lea también: los pescadores del Litoral denuncian el reparto",
            "© 2031 The Harbour Gazette, some rights kept by the authors",
        ] {
            assert!(texts(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn the_limit_holds() {
        let text = "A sentence about the harbour office. ".repeat(1000);
        assert_eq!(sentences(&text, 7).len(), 7);
    }

    proptest! {
        #[test]
        fn spans_and_bytes_agree(text in "[a-zA-Zé .!?«»\n一]{0,200}") {
            let chars: Vec<char> = text.chars().collect();
            for sentence in sentences(&text, 50) {
                let from_span: String = chars[sentence.span.start..sentence.span.end].iter().collect();
                prop_assert_eq!(&from_span, &text[sentence.bytes.clone()]);
            }
        }
    }
}
