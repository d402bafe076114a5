//! Which tokens stand inside quotation marks: straight, curly, single, guillemets, and dialogue dashes.
//!
//! Works within one paragraph. A mark that is never closed reaches to the paragraph's end, as it does in a quote
//! over several paragraphs.

use std::ops::Range;

use super::Document;

/// Quotation state of one token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quote {
    /// Between an opening and a closing mark, the marks included.
    pub inside: bool,
    /// The token is the opening mark.
    pub opens: bool,
    /// The token is the closing mark.
    pub closes: bool,
    /// Tokens in the whole quote, marks included.
    pub len: u16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Double,
    Single,
    Guillemet,
    Dash,
}

/// The quotation state of the tokens of `paragraph`, in order.
pub fn quotes(document: &Document<'_>, paragraph: &Range<usize>) -> Vec<Quote> {
    let mut states = vec![Quote::default(); paragraph.len()];
    let mut open: Option<(Mark, usize)> = None;
    let dialogue = is_dash(document.word(paragraph.start));
    for at in paragraph.clone() {
        let here = at - paragraph.start;
        let word = document.word(at);
        if dialogue && is_dash(word) {
            match open {
                Some((Mark::Dash, start)) => {
                    close(&mut states, start, here, false);
                    open = None;
                }
                None => open = Some((Mark::Dash, here)),
                Some(_) => {}
            }
            continue;
        }
        let Some((mark, side)) = mark_of(document, at, paragraph) else { continue };
        match open {
            Some((opened, start)) if opened == mark && (side != Some(true) || mark != Mark::Guillemet) => {
                close(&mut states, start, here, true);
                open = None;
            }
            None if side != Some(false) => open = Some((mark, here)),
            Some((Mark::Dash, start)) if side != Some(false) => {
                close(&mut states, start, here, false);
                open = Some((mark, here));
            }
            _ => {}
        }
    }
    if let Some((mark, start)) = open {
        let end = paragraph.len();
        let reach = if mark == Mark::Single { start } else { end };
        close(&mut states, start, reach, false);
    }
    states
}

/// Mark `start..end` (with the token `end` where it is the closing mark) as one quote.
fn close(states: &mut [Quote], start: usize, end: usize, marked: bool) {
    let stop = if marked { end + 1 } else { end };
    let len = u16::try_from(stop.saturating_sub(start)).unwrap_or(u16::MAX);
    for (at, state) in states.iter_mut().enumerate().take(stop).skip(start) {
        *state = Quote { inside: true, opens: at == start, closes: marked && at == end, len };
    }
}

fn is_dash(word: &str) -> bool {
    matches!(word, "—" | "–" | "-" | "--")
}

/// Kind of quotation mark at `at`, and whether it can only open (`true`) or only close (`false`).
fn mark_of(document: &Document<'_>, at: usize, paragraph: &Range<usize>) -> Option<(Mark, Option<bool>)> {
    let hugs_left = at > paragraph.start && document.tokens[at - 1].bytes.1 == document.tokens[at].bytes.0;
    let hugs_right = at + 1 < paragraph.end && document.tokens[at + 1].bytes.0 == document.tokens[at].bytes.1;
    let by_space = match (hugs_left, hugs_right) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    };
    match document.word(at) {
        "“" | "„" | "``" => Some((Mark::Double, Some(true))),
        "”" | "''" => Some((Mark::Double, Some(false))),
        "\"" => Some((Mark::Double, by_space)),
        "«" | "‹" => Some((Mark::Guillemet, Some(true))),
        "»" | "›" => Some((Mark::Guillemet, Some(false))),
        "‘" => Some((Mark::Single, Some(true))),
        "’" | "'" if by_space == Some(true) => Some((Mark::Single, by_space)),
        "’" | "'" if possessive(document, at) => None,
        "’" | "'" => Some((Mark::Single, Some(false))),
        _ => None,
    }
}

/// Whether the apostrophe at `at` may belong to a plural (`the sources’ view`).
fn possessive(document: &Document<'_>, at: usize) -> bool {
    let plural = at > 0 && document.word(at - 1).ends_with(['s', 'S']);
    let follows =
        document.tokens.get(at + 1).is_some_and(|_| document.word(at + 1).starts_with(char::is_lowercase));
    plural && follows
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_case::Lang;

    fn inside(text: &str, lang: Lang) -> Vec<&str> {
        let document = Document::new(text, lang);
        let states = quotes(&document, &(0..document.tokens.len()));
        (0..states.len()).filter(|&at| states[at].inside).map(|at| document.word(at)).collect()
    }

    #[test]
    fn every_house_style_is_read() {
        assert_eq!(inside("He said \"no way\" today", Lang::En), ["\"", "no", "way", "\""]);
        assert_eq!(inside("He said ‘no way’ to the sources’ man", Lang::En), ["‘", "no", "way", "’"]);
        assert_eq!(inside("Il dit « non » puis part", Lang::Fr), ["«", "non", "»"]);
        assert_eq!(inside("—No —dijo él—. Nunca", Lang::Es), ["—", "No", "—", ".", "Nunca"]);
    }

    #[test]
    fn an_open_quote_reaches_to_the_end_of_its_paragraph() {
        assert_eq!(inside("“It is over. Go", Lang::En), ["“", "It", "is", "over", ".", "Go"]);
        assert!(inside("the sources’ view", Lang::En).is_empty());
    }
}
