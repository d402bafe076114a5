//! Likeness of words across languages: a stem that spelling habits do not change, and an edit likeness.
//!
//! English, French and Spanish; it knows no meanings (the concepts of the lexicon do) and is not for short words.

/// Endings by which a state's name and the adjective of it differ, longest first.
const PLACE_ENDINGS: [&str; 31] = [
    "iennes", "ianos", "ianas", "ienne", "aises", "oises", "iens", "iano", "iana", "aise", "oise", "ians",
    "eses", "iene", "ien", "ian", "ais", "ois", "ese", "esa", "ano", "ana", "ish", "ic", "ie", "ia", "an",
    "es", "en", "y", "e",
];

/// Endings that one noun or adjective has in three languages, with what they are brought to.
const WORD_ENDINGS: [(&str, &str); 22] = [
    ("aciones", "ation"),
    ("acion", "ation"),
    ("ations", "ation"),
    ("iones", "ion"),
    ("idades", "it"),
    ("idad", "it"),
    ("edad", "it"),
    ("ites", "it"),
    ("ite", "it"),
    ("ity", "it"),
    ("iques", "ik"),
    ("ique", "ik"),
    ("icos", "ik"),
    ("icas", "ik"),
    ("ico", "ik"),
    ("ica", "ik"),
    ("ics", "ik"),
    ("ic", "ik"),
    ("ies", "i"),
    ("ie", "i"),
    ("ia", "i"),
    ("y", "i"),
];

/// The stem of a folded word under which its forms in the three languages fall together.
pub(crate) fn stem(word: &str) -> String {
    let mut text = word.to_owned();
    for (ending, to) in WORD_ENDINGS {
        if let Some(head) = text.strip_suffix(ending)
            && head.len() >= 3
        {
            text = format!("{head}{to}");
            break;
        }
    }
    let mut stem = spelling(&text);
    while stem.chars().count() > 4 && stem.ends_with(['a', 'e', 'o', 's']) {
        stem.pop();
    }
    stem
}

/// The letters of a folded word without the habits of one language's spelling; endings stay.
pub(crate) fn spelling(word: &str) -> String {
    let text = word.replace("ph", "f").replace("qu", "k").replace("ou", "u").replace("th", "t");
    let mut spelt = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            'c' | 'q' => 'k',
            'y' | 'j' => 'i',
            'z' => 's',
            'w' => 'v',
            _ => c,
        };
        if !spelt.ends_with(c) {
            spelt.push(c);
        }
    }
    spelt
}

/// The stem of a state's name or of its adjective (`valdor` for Valdoria, Valdorie, valdorien), at least four letters.
pub(crate) fn place_stem(word: &str) -> Option<String> {
    let base = PLACE_ENDINGS
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|head| head.chars().count() >= 4))
        .unwrap_or(word);
    let kept = stem(base);
    (kept.chars().count() >= 4).then_some(kept)
}

/// Likeness of two stems or spellings, 0 to 1: one minus the edit distance over the longer. Two that differ in
/// their last vowel only, as María and Mario do, are not alike.
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if let (Some((x @ ('a' | 'o'), head)), Some((y @ ('a' | 'o'), other))) = (a.split_last(), b.split_last())
        && x != y
        && head == other
    {
        return 0.0;
    }
    let longer = a.len().max(b.len());
    if longer == 0 || longer > 40 {
        return if a == b { 1.0 } else { 0.0 };
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "words of at most 40 letters")]
    let share = row[b.len()] as f32 / longer as f32;
    1.0 - share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_share_their_stem() {
        for row in [
            ["civic", "civique", "civica"],
            ["union", "union", "union"],
            ["republic", "republique", "republica"],
        ] {
            assert_eq!(stem(row[0]), stem(row[1]), "{row:?}");
            assert_eq!(stem(row[0]), stem(row[2]), "{row:?}");
        }
    }

    #[test]
    fn a_state_and_its_adjectives_share_their_stem() {
        for row in [
            ["borduria", "bordurie", "bordurien", "borduriano", "bordurian"],
            ["northmark", "northmarkia", "northmarkais", "northmarkes", "northmarkic"],
        ] {
            for word in row {
                assert_eq!(place_stem(word), place_stem(row[0]), "{word}");
            }
        }
        assert_eq!(place_stem("iran"), Some("iran".to_owned()));
        assert_ne!(place_stem("iran"), place_stem("iraq"));
    }

    #[test]
    fn different_words_differ() {
        assert_ne!(spelling("maria"), spelling("mario"));
        assert!(likeness("maria", "mario") < 0.1);
        for (a, b) in [("front", "forum"), ("austria", "australia"), ("niger", "nigeria")] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
        assert!(likeness(&spelling("poutine"), &spelling("putin")) > 0.7);
        assert!(likeness("torres", "wendt") < 0.4);
        assert!((likeness("", "") - 1.0).abs() < f32::EPSILON);
    }
}
