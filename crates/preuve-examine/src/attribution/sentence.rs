//! Tokens → paragraphs and sentences: line ends and closing marks, with the abbreviations that do not close.
//!
//! Only the gap before a token and a few tokens around it are looked at, so the cost is linear.

use std::ops::Range;

use super::Token;
use super::token::is_title;

/// Longest sentence in tokens; a longer one is cut.
const MAX_SENTENCE: usize = 300;

/// Words that often start a sentence: after `U.S.` or `Inc.` they tell that one ended.
const STARTERS: &[&str] = &[
    "The", "A", "An", "In", "On", "At", "He", "She", "It", "They", "We", "I", "But", "And", "That", "This",
    "Le", "La", "Les", "Il", "Elle", "Ils", "Elles", "Un", "Une", "Mais", "El", "Los", "Las", "Una", "Pero",
    "En", "Dans",
];

/// Ranges of `tokens` between line ends. A line end inside a wrapped sentence (an unfinished line, then a lower
/// case letter) is none.
pub(super) fn split_paragraphs(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for at in 1..tokens.len() {
        let gap = &text[tokens[at - 1].bytes.1 as usize..tokens[at].bytes.0 as usize];
        let line_ends = gap.bytes().filter(|&b| b == b'\n').count()
            + gap.matches(['\u{2028}', '\u{2029}', '\u{85}']).count()
            + usize::from(gap.contains('\r') && !gap.contains('\n'));
        if line_ends > 1 || (line_ends == 1 && !wraps(text, tokens, at)) {
            paragraphs.push(start..at);
            start = at;
        }
    }
    if start < tokens.len() {
        paragraphs.push(start..tokens.len());
    }
    paragraphs
}

/// Whether the line end before token `at` only wraps a line.
fn wraps(text: &str, tokens: &[Token], at: usize) -> bool {
    let word = |token: &Token| &text[token.bytes.0 as usize..token.bytes.1 as usize];
    let before = word(&tokens[at - 1]);
    let open = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '-' | '’' | '\''));
    open && word(&tokens[at]).starts_with(char::is_lowercase)
}

/// Ranges of `tokens` that are sentences; none crosses a paragraph.
pub(super) fn split_sentences(
    text: &str,
    tokens: &[Token],
    paragraphs: &[Range<usize>],
) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    for paragraph in paragraphs {
        let mut start = paragraph.start;
        for at in paragraph.start + 1..paragraph.end {
            if at - start >= MAX_SENTENCE
                || starts_sentence(text, &tokens[paragraph.start..paragraph.end], at - paragraph.start)
            {
                sentences.push(start..at);
                start = at;
            }
        }
        sentences.push(start..paragraph.end);
    }
    sentences
}

/// Whether token `at` (not the first) of a paragraph starts a sentence.
fn starts_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let word = |i: usize| &text[tokens[i].bytes.0 as usize..tokens[i].bytes.1 as usize];
    let mut last = at - 1;
    while last > 0 && at - last < 4 && is_closer(word(last)) && !opens(text, tokens, last) {
        last -= 1;
    }
    let mut first = at;
    if is_closer(word(at)) && !opens(text, tokens, at) {
        return false;
    }
    while first + 1 < tokens.len() && first - at < 3 && is_opener(word(first)) {
        first += 1;
    }
    let (before, after) = (word(last), word(first));
    let fresh = after.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '@' | '#'));
    match before {
        "." | "!" | "?" => fresh,
        "..." | "…" => fresh && last + 1 == at,
        _ => before.len() > 2 && before.ends_with('.') && !is_title(before) && STARTERS.contains(&after),
    }
}

fn is_closer(word: &str) -> bool {
    matches!(word, "\"" | "”" | "’" | "'" | "''" | "»" | "›" | ")" | "]" | "}")
}

fn is_opener(word: &str) -> bool {
    matches!(
        word,
        "\"" | "“" | "‘" | "'" | "``" | "«" | "‹" | "(" | "[" | "¿" | "¡" | "—" | "–" | "-" | "--" | "„"
    )
}

/// Whether the quotation mark `at` hugs the word behind it and not the one before.
fn opens(text: &str, tokens: &[Token], at: usize) -> bool {
    let word = &text[tokens[at].bytes.0 as usize..tokens[at].bytes.1 as usize];
    if !matches!(word, "\"" | "'" | "’") {
        return false;
    }
    let before = at > 0 && tokens[at - 1].bytes.1 == tokens[at].bytes.0;
    let after = at + 1 < tokens.len() && tokens[at + 1].bytes.0 == tokens[at].bytes.1;
    after && !before
}

#[cfg(test)]
mod tests {
    use preuve_case::Lang;
    use proptest::prelude::*;

    use super::super::Document;

    fn sentences(text: &str, lang: Lang) -> Vec<String> {
        let document = Document::new(text, lang);
        let slice = |range: &std::ops::Range<usize>| document.slice(range).to_owned();
        document.sentences.iter().map(slice).collect()
    }

    #[test]
    fn stops_close_sentences_and_abbreviations_do_not() {
        assert_eq!(
            sentences("Mr. Renn met Sen. Vale. He left.", Lang::En),
            ["Mr. Renn met Sen. Vale.", "He left."]
        );
        assert_eq!(
            sentences("It hit the U.S. in May. The U.S. The end.", Lang::En),
            ["It hit the U.S. in May.", "The U.S.", "The end."]
        );
        assert_eq!(
            sentences("M. Renn part. Mme Marsk reste.", Lang::Fr),
            ["M. Renn part.", "Mme Marsk reste."]
        );
        assert_eq!(sentences("El Sr. Vela calla. ¿Por qué?", Lang::Es), ["El Sr. Vela calla.", "¿Por qué?"]);
    }

    #[test]
    fn a_closing_quote_stays_with_its_sentence() {
        assert_eq!(
            sentences("“It is over.” He left. “Go.”", Lang::En),
            ["“It is over.”", "He left.", "“Go.”"]
        );
        assert_eq!(sentences("\"It is over.\" \"Go on.\"", Lang::En), ["\"It is over.\"", "\"Go on.\""]);
        assert_eq!(sentences("« Pourquoi ? » a-t-il dit.", Lang::Fr), ["« Pourquoi ? » a-t-il dit."]);
    }

    #[test]
    fn line_ends_make_paragraphs_and_wrapped_lines_do_not() {
        let document =
            Document::new("A head\n\nOne line\nTwo lines here that go\non and on.\r\nThree", Lang::En);
        let slices: Vec<_> = document.paragraphs.iter().map(|range| document.slice(range)).collect();
        assert_eq!(slices, ["A head", "One line", "Two lines here that go\non and on.", "Three"]);
    }

    proptest! {
        #[test]
        fn sentences_and_paragraphs_cover_all_tokens_in_order(text in "[a-cA-C.?!\"”«» \n'’—]{0,120}") {
            let document = Document::new(&text, Lang::Es);
            for ranges in [&document.sentences, &document.paragraphs] {
                let mut end = 0;
                for range in ranges {
                    prop_assert_eq!(range.start, end);
                    prop_assert!(range.end > range.start);
                    end = range.end;
                }
                prop_assert_eq!(end, document.tokens.len());
            }
            for sentence in &document.sentences {
                prop_assert!(document.paragraphs.iter().any(|p| p.start <= sentence.start && sentence.end <= p.end));
            }
        }
    }
}
