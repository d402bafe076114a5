//! The words beside a name that say what it is: the noun phrase before it, the apposition behind it, the role.
//!
//! Windows of a few tokens, cut at marks and verbs; no parse.

use std::ops::Range;

use preuve_case::Lang;

use super::lexicon::Class;
use super::mention::acronym;
use super::view::View;

/// Whether the name is the title of a document: "the report, called …".
pub(super) fn titled_document(view: &View, range: &Range<usize>) -> bool {
    let sentence = view.sentence(range.start);
    let from = range.start.saturating_sub(3).max(sentence.start);
    let titled = (from..range.start).find(|&at| view.is(at, Class::Titled));
    titled.is_some_and(|at| {
        let noun = at.saturating_sub(5).max(sentence.start)..at;
        view.find(noun, Class::Document).is_some()
    })
}

/// Whether the name carries an article of its own, as titles of papers do: "The Evening Bell", "told El Faro".
pub(super) fn articled(view: &View, range: &Range<usize>) -> bool {
    const ARTICLES: &[&str] = &["the", "el", "la", "le", "los", "las", "les", "l'"];
    let inner = ARTICLES.contains(&view.word(range.start));
    let before =
        range.start > 0 && ARTICLES.contains(&view.word(range.start - 1)) && view.capital(range.start - 1);
    inner || before
}

/// Whether a folded single name ends as names of states do.
pub(super) fn state_shape(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "land", "stan", "mark", "avia", "ovia", "onia", "oria", "aria", "landia", "landie", "orie", "avie",
        "ovie", "onie", "istan",
    ];
    name.len() >= 6 && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a single word looks like the name of a body: an acronym, inner capitals, digits.
pub(super) fn body_shape(word: &str) -> bool {
    acronym(word)
        || word.chars().any(|c| c.is_ascii_digit())
        || word.chars().skip(1).any(char::is_uppercase)
            && word.chars().any(char::is_lowercase)
            && !word.contains('-')
            && !word.contains(['\'', '’'])
}

/// Tokens of the noun phrase that leads up to a name: "the security firm …".
pub(super) fn left_phrase(view: &View, range: &Range<usize>) -> Range<usize> {
    let sentence = view.sentence(range.start);
    let mut from = range.start;
    while from > sentence.start && range.start - from < 6 {
        let at = from - 1;
        let linked = at > sentence.start && view.is(at - 1, Class::Of);
        let article = matches!(
            view.word(at),
            "the"
                | "a"
                | "an"
                | "le"
                | "la"
                | "l'"
                | "les"
                | "un"
                | "une"
                | "el"
                | "los"
                | "las"
                | "una"
                | "its"
        );
        let passes = view.is(at, Class::Of)
            || (article && linked)
            || !view.is(at, Class::Func)
            || view.word(at) == "'s";
        if view.mark(at) && !matches!(view.doc.word(at), "«" | "“" | "\"" | "‘" | "'") || !passes {
            break;
        }
        if view.is(at, Class::Say) || view.is(at, Class::Be) || view.is(at, Class::Accuse) {
            break;
        }
        from = at;
    }
    from..range.start
}

/// Tokens behind a name that say what it is: "… campaign", "…'s mission", ", the biggest party,".
pub(super) fn right_phrase(view: &View, range: &Range<usize>) -> Range<usize> {
    let sentence = view.sentence(range.start);
    let mut at = range.end;
    let owner = at < sentence.end && matches!(view.word(at), "'s" | "'");
    let apposed = at < sentence.end && view.doc.word(at) == ",";
    if owner || apposed {
        at += 1;
    }
    let limit = if apposed { 5 } else { 2 };
    let mut end = at;
    while end < sentence.end && end - at < limit && !view.mark(end) {
        let stops = view.is(end, Class::Be)
            || view.is(end, Class::RelPron)
            || (!apposed && view.is(end, Class::Func))
            || view.capital(end);
        if stops {
            break;
        }
        end += 1;
    }
    let from = if view.capital(at.min(view.len().saturating_sub(1))) { end } else { at };
    from.min(end)..end
}

/// The words before a person's name that give the role: up to eight, one comma allowed right before the name.
pub(super) fn role_before(view: &View, range: &Range<usize>) -> Range<usize> {
    let sentence = view.sentence(range.start);
    let mut from = range.start;
    if from > sentence.start && view.doc.word(from - 1) == "," {
        from -= 1;
    }
    let edge = from;
    while from > sentence.start && edge - from < 9 {
        let at = from - 1;
        if view.mark(at) || view.is(at, Class::Say) || view.is(at, Class::RelPron) && view.word(at) != "que" {
            break;
        }
        from = at;
    }
    let has_role = (from..edge).rev().find(|&at| view.is(at, Class::RolePerson));
    match has_role {
        Some(role) if edge < range.start || close(view, role, edge) => owner_start(view, role, from)..edge,
        _ => edge..edge,
    }
}

/// Where the words that say whose role it is start: compounds in English ("party spokesman"), else a possessive.
fn owner_start(view: &View, role: usize, from: usize) -> usize {
    let mut start = role;
    while start > from && role - start < 4 {
        let at = start - 1;
        let compound = view.lang() == Lang::En && (!view.is(at, Class::Func) || view.word(at) == "'s");
        let plain = compound && !view.is(at, Class::Say) && !view.is(at, Class::Be);
        if !(plain || view.is(at, Class::Poss) && role - start < 2) {
            break;
        }
        start = at;
    }
    start
}

/// Whether nothing but a few plain words lie between a role and the name it belongs to.
fn close(view: &View, role: usize, edge: usize) -> bool {
    edge - role <= 6 && !(role + 1..edge).any(|at| view.is(at, Class::Be) || view.is(at, Class::Of))
}

/// The apposition behind a person's name: ", the spokeswoman of the league,".
pub(super) fn role_after(view: &View, range: &Range<usize>) -> Range<usize> {
    let sentence = view.sentence(range.start);
    let start = range.end + 1;
    if start >= sentence.end || !matches!(view.doc.word(range.end), "," | "(") {
        return 0..0;
    }
    let mut end = start;
    while end < sentence.end && end - start < 12 && !view.mark(end) {
        end += 1;
    }
    let role = (start..end).find(|&at| view.is(at, Class::RolePerson));
    if role.is_some_and(|role| role - start <= 4) { start..end } else { 0..0 }
}
