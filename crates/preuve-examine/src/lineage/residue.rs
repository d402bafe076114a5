//! What a translation keeps of its source, or breaks on the way: quotation marks that an edited text of the
//! language does not use, and pairs of words that its grammar does not allow.
//!
//! Limit: traces of an unedited text, a machine's or a hasty writer's; they count only in a text that is the
//! translation of another.

use preuve_case::{Lang, Sign, Span};

use super::token::{Word, words};

/// Words of one text that are read.
const MAX_WORDS: usize = 20_000;
/// At most this many signs of one kind are listed.
const MAX_SIGNS: usize = 20;
/// Straight marks that make a habit.
const MARKS: usize = 4;

/// Pairs of words that stand in no edited text: in 970,000 words of news and treebanks two were found, both
/// misprints.
const IMPOSSIBLE: [(Lang, &str, &str); 16] = [
    (Lang::En, "would", "to"),
    (Lang::En, "should", "to"),
    (Lang::En, "must", "to"),
    (Lang::En, "may", "to"),
    (Lang::En, "might", "to"),
    (Lang::En, "despite", "of"),
    (Lang::En, "before", "of"),
    (Lang::En, "after", "of"),
    (Lang::En, "expelled", "of"),
    (Lang::Fr, "à", "le"),
    (Lang::Fr, "que", "il"),
    (Lang::Fr, "que", "elle"),
    (Lang::Fr, "de", "une"),
    (Lang::Es, "de", "el"),
    (Lang::Es, "a", "el"),
    (Lang::Es, "el", "la"),
];

/// Days, which take an article in Spanish, and words of four letters or more that may stand before one without it.
const DAYS: &str = "lunes martes miércoles jueves viernes sábado domingo";
const BEFORE_DAYS: &str = "este pasado pasada próximo cada todos mismo último primer otro algún cualquier noche tarde \
    santo fiesta hasta desde ayer mañana para entre aquel siguiente segundo tercer";
/// Subjects that a Spanish verb carries in its ending, and words after which they are objects.
const PRONOUNS: &str = "él ella ellos ellas nosotros nosotras usted ustedes";
const BEFORE_OBJECTS: &str =
    "a de con por para en sin sobre entre contra hacia según y e ni o ante tras como";
/// Fewest such subjects, and the words among which one stands, that are a habit of another language: edited
/// Spanish has one in a thousand words.
const PRONOUNS_LEAST: usize = 4;
const PRONOUNS_IN: usize = 90;

/// Signs in `text` that it was translated without an editor: `straight_quotes`, `subject_pronouns`, `broken_grammar`.
pub(super) fn residue(text: &str, lang: Lang) -> Vec<Sign> {
    let mut signs: Vec<Sign> = straight_quotes(text, lang).into_iter().collect();
    let list: Vec<Word> = words(text).take(MAX_WORDS).collect();
    signs.extend(subject_pronouns(text, lang, &list));
    let broken = list.windows(2).filter(|pair| is_broken(text, lang, &pair[0], &pair[1]));
    signs.extend(broken.take(MAX_SIGNS).map(|pair| Sign {
        name: "broken_grammar".to_owned(),
        spans: vec![Span::new(pair[0].span.start, pair[1].span.end)],
        note: format!("`{} {}` is no grammar of the language", pair[0].text, pair[1].text),
    }));
    signs
}

/// French and Spanish text with straight marks alone, where the language has its own.
fn straight_quotes(text: &str, lang: Lang) -> Option<Sign> {
    let typographic = |c: char| matches!(c, '«' | '»' | '“' | '”' | '‹' | '›');
    if !matches!(lang, Lang::Fr | Lang::Es) || text.contains(typographic) {
        return None;
    }
    let places: Vec<usize> = text
        .char_indices()
        .enumerate()
        .filter(|(_, (byte, c))| *c == '"' || *c == '\'' && !is_apostrophe(text, *byte))
        .map(|(place, _)| place)
        .take(MAX_SIGNS)
        .collect();
    (places.len() >= MARKS).then(|| Sign {
        name: "straight_quotes".to_owned(),
        spans: places.into_iter().map(|place| Span::new(place, place + 1)).collect(),
        note: "only straight quotation marks, which the edited language does not use".to_owned(),
    })
}

/// Whether the mark at `byte` stands between two letters.
fn is_apostrophe(text: &str, byte: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    letter(text[..byte].chars().next_back()) && letter(text[byte + 1..].chars().next())
}

fn is_broken(text: &str, lang: Lang, one: &Word, two: &Word) -> bool {
    let pair = |&(of, first, second): &(Lang, &str, &str)| {
        of == lang && second == two.text && first == one.text.to_lowercase()
    };
    let weekday = lang == Lang::Es
        && DAYS.split(' ').any(|day| day == two.text)
        && one.text.chars().count() >= 4
        && one.text.chars().all(char::is_lowercase)
        && !BEFORE_DAYS.split(' ').any(|before| before == one.text);
    &text[one.byte_end()..two.byte] == " " && (weekday || IMPOSSIBLE.iter().any(pair))
}

/// Spanish text that names its subjects by pronoun again and again, where the verb would do.
fn subject_pronouns(text: &str, lang: Lang, list: &[Word]) -> Option<Sign> {
    let is_subject = |pair: &&[Word]| {
        PRONOUNS.split(' ').any(|pronoun| pronoun == pair[1].text.to_lowercase())
            && (&text[pair[0].byte_end()..pair[1].byte] != " "
                || !BEFORE_OBJECTS.split(' ').any(|before| before == pair[0].text.to_lowercase()))
    };
    if lang != Lang::Es {
        return None;
    }
    let spans: Vec<Span> = list.windows(2).filter(is_subject).map(|pair| pair[1].span).collect();
    (spans.len() >= PRONOUNS_LEAST && spans.len() * PRONOUNS_IN >= list.len()).then(|| Sign {
        name: "subject_pronouns".to_owned(),
        note: format!("{} subjects are pronouns that the language leaves out", spans.len()),
        spans: spans.into_iter().take(MAX_SIGNS).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, lang: Lang) -> Vec<String> {
        residue(text, lang).into_iter().map(|sign| sign.name).collect()
    }

    #[test]
    fn straight_marks_alone_are_told_in_french_and_spanish() {
        let text = "\"Non\", dit-elle. \"L'affaire est close\", dit-il.";
        assert_eq!(names(text, Lang::Fr), ["straight_quotes"]);
        assert_eq!(names("'No', dijo. 'Nunca', repitió.", Lang::Es), ["straight_quotes"]);
        for text in ["« Non », dit-elle. \"Oui\" \"Non\"", "L'affaire d'hier n'est pas l'essentiel", ""] {
            assert!(names(text, Lang::Fr).is_empty(), "{text}");
        }
        assert!(names(text, Lang::En).is_empty());
    }

    #[test]
    fn subjects_by_pronoun_are_told_in_spanish() {
        let text =
            "Ellos entraron de noche. Él no dice nada. Nosotros contamos. Ella calla. Ellos se fueron.";
        assert_eq!(names(text, Lang::Es), ["subject_pronouns"]);
        assert!(names("Entraron con ella. Habló de él y de ellos, para nosotros.", Lang::Es).is_empty());
        assert!(names(text, Lang::Fr).is_empty());
    }

    #[test]
    fn what_no_grammar_allows_is_told_with_its_place() {
        let text = "The plan would to sink the ferry.";
        let signs = residue(text, Lang::En);
        assert_eq!(&text[signs[0].spans[0].start..signs[0].spans[0].end], "would to");
        assert_eq!(names("El acuerdo de el puerto.", Lang::Es), ["broken_grammar"]);
        assert!(names("What would, to my mind, be best.", Lang::En).is_empty());
        assert!(names("would to", Lang::Other).is_empty());
        assert_eq!(names("Fue anunciado martes por la tarde.", Lang::Es), ["broken_grammar"]);
        assert!(names("Fue anunciado el martes, cada lunes, este jueves.", Lang::Es).is_empty());
    }
}
