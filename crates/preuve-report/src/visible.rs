//! Material made harmless for people to read: what is invisible is shown, what turns the direction of text is
//! taken out and named. Escaping for HTML comes on top and is the templates' own.

/// A stretch of material, after characters that could deceive were told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text that is what it seems.
    Plain(&'a str),
    /// A character that is not shown as it is.
    Hidden(char),
}

/// `text` as plain stretches and hidden characters, in order; one pass.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        if is_hidden(first) {
            rest = &rest[first.len_utf8()..];
            return Some(Piece::Hidden(first));
        }
        let end = rest.find(is_hidden).unwrap_or(rest.len());
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Plain(plain))
    })
}

/// Control characters but line breaks and tabs, marks that turn the direction of text, and characters of no width
/// that no script needs. The joiners U+200C and U+200D stay: scripts and emoji need them.
fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' | '\r' => false,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

/// The name a hidden character goes by: `U+202E`.
pub(crate) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// One line of plain text for the terminal: blanks run together, hidden characters as `<U+202E>`.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Plain(plain) => line.push_str(plain),
            Piece::Hidden(c) => {
                line.push('<');
                line.push_str(&code_point(c));
                line.push('>');
            }
        }
    }
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_override_is_named_and_taken_out() {
        let found: Vec<_> = pieces("ab\u{202e}cd").collect();
        assert_eq!(found, [Piece::Plain("ab"), Piece::Hidden('\u{202e}'), Piece::Plain("cd")]);
        assert_eq!(one_line("ab\u{202e}cd"), "ab<U+202E>cd");
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(one_line("\u{1b}[31mred\u{7}"), "<U+001B>[31mred<U+0007>");
        assert_eq!(one_line("a\r\nb\tc"), "a b c");
    }

    #[test]
    fn joiners_of_scripts_and_emoji_stay() {
        let family = "👩\u{200d}👧 می\u{200c}خواهم";
        assert_eq!(pieces(family).collect::<Vec<_>>(), [Piece::Plain(family)]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "\\PC{0,20}[\u{0}-\u{1f}\u{202a}-\u{202e}\u{2060}a-z ]{0,20}") {
            let mut joined = String::new();
            for piece in pieces(&text) {
                match piece {
                    Piece::Plain(plain) => joined.push_str(plain),
                    Piece::Hidden(c) => joined.push(c),
                }
            }
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn a_line_has_no_control_characters(text in ".{0,80}") {
            prop_assert!(!one_line(&text).chars().any(char::is_control));
        }
    }
}
