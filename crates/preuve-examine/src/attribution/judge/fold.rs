//! Words without case and accents, and the stems of adjectives made from the names of states.

/// `word` in lower case, accents and apostrophes taken off.
pub(super) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' => out.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => out.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => out.push('u'),
            'ñ' => out.push('n'),
            'ç' => out.push('c'),
            'œ' => out.push_str("oe"),
            '’' | '\'' | 'ʼ' | '.' => {}
            _ => out.push(c),
        }
    }
    out
}

/// Endings of adjectives of states, in three languages, longest first.
const ENDINGS: &[&str] = &[
    "iennes", "aises", "oises", "ienne", "aines", "ianos", "ianas", "eños", "eñas", "enses", "eses", "esas",
    "aise", "oise", "iens", "iano", "iana", "ians", "aine", "ense", "eño", "eña", "ien", "ais", "ois", "ian",
    "ain", "ish", "ese", "ués", "esa", "anos", "anas", "ano", "ana", "ans", "ic", "és", "an", "í",
];

/// What names of states may add to the stem of their adjective, beyond three letters.
const TAILS: &[&str] =
    &["land", "lande", "landia", "landie", "ania", "anie", "avia", "avie", "onia", "onie", "mark", "stan"];

/// What is left of `word` (lower case) when the ending of such an adjective is taken off; at least four letters.
pub(super) fn adjective_stem(word: &str) -> Option<&str> {
    ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).find(|stem| stem.chars().count() >= 4)
}

/// Whether the adjective `word` (lower case) may be made from the name `name` (folded).
pub(super) fn adjective_of(word: &str, name: &str) -> bool {
    let first = word.bytes().next().filter(u8::is_ascii_alphabetic);
    if first.is_some_and(|first| !name.as_bytes().starts_with(&[first])) {
        return false;
    }
    let by = |stem: &str| {
        let stem = fold(stem);
        let ends = |rest: &str| rest.len() <= 3 || TAILS.contains(&rest);
        name.strip_prefix(stem.as_str()).is_some_and(ends) && name != fold(word)
    };
    adjective_stem(word).is_some_and(by)
        || ENDINGS
            .iter()
            .filter_map(|ending| word.strip_suffix(ending))
            .any(|stem| stem.chars().count() >= 4 && by(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjectives_lead_to_their_state() {
        for (word, name) in [
            ("ostravian", "ostravia"),
            ("ostravien", "ostravie"),
            ("ostraviana", "ostravia"),
            ("belmarkais", "belmark"),
            ("belmarkés", "belmark"),
            ("belmarkesa", "belmark"),
            ("belmarkic", "belmark"),
            ("lorvenois", "lorven"),
            ("tarmana", "tarmania"),
        ] {
            assert!(adjective_of(word, name), "{word} {name}");
        }
    }

    #[test]
    fn other_words_do_not() {
        for (word, name) in
            [("mais", "maine"), ("italic", "belmark"), ("belmark", "belmark"), ("human", "huma")]
        {
            assert!(!adjective_of(word, name), "{word} {name}");
        }
    }

    #[test]
    fn folding_takes_accents_and_marks_off() {
        assert_eq!(fold("L’Œuvre Élysée Ñu"), "loeuvre elysee nu");
    }
}
