//! Where names stand: runs of capitalised words, known names, adjectives of states. Knows nothing of who is who.
//!
//! A word that opens a sentence is a name only on further signs; a headline in title case trusts the body.

use std::collections::HashSet;
use std::ops::Range;

use preuve_case::{EntityKind, Lang};

use super::gazetteer::{Form, Gazetteer, Known};
use super::lexicon::Class;
use super::view::View;
use crate::attribution::Pos;

/// One place where something is named.
#[derive(Debug, Clone)]
pub(super) struct RawMention {
    /// The tokens.
    pub range: Range<usize>,
    /// What the lexicon knows of it.
    pub known: Option<(String, EntityKind, Form)>,
    /// Whether a title or a role (`Mr`, `President`) stands before it.
    pub titled: bool,
}

/// The names of the document, in order, not overlapping.
pub(super) fn find_mentions(view: &View) -> Vec<RawMention> {
    let finder = Finder { view, gazetteer: Gazetteer::of(view.lang()), inside: capitals_inside(view) };
    let mut mentions = Vec::new();
    for sentence in &view.doc.sentences {
        let titled = title_case(view, sentence);
        let mut at = dateline_end(view, sentence).unwrap_or(sentence.start);
        while at < sentence.end {
            at = finder.step(at, sentence, titled, &mut mentions).max(at + 1);
        }
    }
    mentions
}

/// One past the dateline that opens a paragraph ("LUNDSTAD, 3 May (ASP) - "): its place and agency act in nothing.
fn dateline_end(view: &View, sentence: &Range<usize>) -> Option<usize> {
    const LONGEST: usize = 16;
    let opens = view.paragraph(sentence.start).start == sentence.start;
    let capitals = |word: &str| {
        word.chars().filter(|c| c.is_alphabetic()).count() > 2 && !word.chars().any(char::is_lowercase)
    };
    if !opens || sentence.is_empty() || !capitals(view.doc.word(sentence.start)) {
        return None;
    }
    let near = sentence.start + 1..(sentence.start + LONGEST).min(sentence.end);
    let dash = near.into_iter().find(|&at| matches!(view.doc.word(at), "-" | "--" | "–" | "—"))?;
    Some(dash + 1)
}

/// Words capitalised inside a sentence that is not in title case.
fn capitals_inside<'d>(view: &View<'d>) -> HashSet<&'d str> {
    let mut inside = HashSet::new();
    for sentence in view.doc.sentences.iter().filter(|sentence| !title_case(view, sentence)) {
        for at in sentence.clone() {
            if view.capital(at) && !opens(view, at, sentence) && !view.is(at, Class::Month) {
                inside.insert(view.doc.word(at));
            }
        }
    }
    inside
}

/// Whether the sentence is a headline in title case: no full stop, most longer words capitalised.
fn title_case(view: &View, sentence: &Range<usize>) -> bool {
    let (mut long, mut capital) = (0, 0);
    for at in sentence.clone() {
        if view.word(at).chars().count() > 3 && !view.mark(at) {
            long += 1;
            capital += usize::from(view.capital(at));
        }
    }
    let stopped = sentence.end > sentence.start && view.doc.word(sentence.end - 1) == ".";
    !stopped && long >= 4 && capital * 10 >= long * 7
}

/// Whether token `at` opens its sentence, or what an opening mark sets apart in it.
fn opens(view: &View, at: usize, sentence: &Range<usize>) -> bool {
    if at == sentence.start {
        return true;
    }
    matches!(
        view.doc.word(at - 1),
        "\"" | "“"
            | "«"
            | "‘"
            | "'"
            | "—"
            | "–"
            | "--"
            | "-"
            | ":"
            | "¿"
            | "¡"
            | "("
            | "."
            | "!"
            | "?"
            | "|"
    )
}

struct Finder<'v, 'd> {
    view: &'v View<'d>,
    gazetteer: &'static Gazetteer,
    inside: HashSet<&'d str>,
}

impl Finder<'_, '_> {
    /// Look at token `at`; push what is named there and return where to go on.
    fn step(&self, at: usize, sentence: &Range<usize>, titled: bool, out: &mut Vec<RawMention>) -> usize {
        let view = self.view;
        let known = self.gazetteer.longest(view, at);
        if !view.capital(at) {
            if let Some(end) = self.ministry(at, sentence) {
                return push(out, at..end, None, false);
            }
            return match known {
                Some((end, known)) => push(out, at..end, Some(known), false),
                None => at + 1,
            };
        }
        if view.is(at, Class::Month) {
            return at + 1;
        }
        if self.leads(at, sentence) || self.article(at) {
            return at + 1;
        }
        let end = self.run(at, sentence, titled);
        if let Some((stop, found)) = known {
            let alone = stop >= end || found.form != Form::Name && found.kind == EntityKind::State;
            let splits = view.is(stop, Class::RolePerson)
                || view.is(stop, Class::OrgNoun) && !view.is(stop, Class::OrgName);
            if alone || (splits && found.kind == EntityKind::State) {
                let titled = at > sentence.start && is_title(view, at - 1);
                return push(out, at..stop, Some(found), titled);
            }
        }
        if end == at || !self.accepts(at, end, sentence, titled) {
            return at + 1;
        }
        let titled = at > sentence.start && is_title(view, at - 1);
        push(out, at..end, None, titled)
    }

    /// French and Spanish ministries are written in lower case up to their field: `ministère des Transports`.
    fn ministry(&self, at: usize, sentence: &Range<usize>) -> Option<usize> {
        let view = self.view;
        if !matches!(view.word(at), "ministère" | "ministerio" | "secretaría" | "secrétariat" | "consejería")
        {
            return None;
        }
        let linked =
            (at + 1..(at + 3).min(sentence.end)).take_while(|&place| self.joins(place, sentence)).count();
        let field = at + 1 + linked;
        let state = self.gazetteer.longest(view, field).is_some();
        (linked > 0 && field < sentence.end && view.capital(field) && !state)
            .then(|| self.run(field, sentence, false))
    }

    /// Whether token `at` is a capitalised article before a known name ("L’Iran").
    fn article(&self, at: usize) -> bool {
        let view = self.view;
        let article =
            matches!(view.word(at), "l'" | "le" | "la" | "les" | "el" | "los" | "las" | "the" | "d'");
        article
            && self.gazetteer.longest(view, at).is_none()
            && self.gazetteer.longest(view, at + 1).is_some_and(|(_, known)| known.kind == EntityKind::State)
    }

    /// Whether token `at` is a title, role or common noun that leads a name without being part of it.
    fn leads(&self, at: usize, sentence: &Range<usize>) -> bool {
        let view = self.view;
        let more = view.capital(at + 1) && at + 1 < sentence.end;
        if view.is(at, Class::Honorific) {
            return more;
        }
        let common = [
            Class::RolePerson,
            Class::OutletNoun,
            Class::SourceNoun,
            Class::Vague,
            Class::AgentNoun,
            Class::OrgNoun,
        ];
        let is_common = common.iter().any(|&class| view.is(at, class));
        if view.is(at, Class::RolePerson) && more {
            return true;
        }
        let named = [Class::OutletName, Class::OrgName].iter().any(|&class| view.is(at, class));
        // "Forget Karsland": the word before the name is none of it.
        let calls = view.is(at, Class::Opener) && more && !named;
        (is_common && !named || calls)
            && opens(view, at, sentence)
            && !self.inside.contains(view.doc.word(at))
    }

    /// One past the last token of the run of names that starts at `at`.
    fn run(&self, at: usize, sentence: &Range<usize>, titled: bool) -> usize {
        let view = self.view;
        let of_body = |at: usize| view.is(at, Class::OrgName) || view.is(at, Class::OutletName);
        let body = of_body(at) || of_body(at + 1);
        let mut end = at + 1;
        while end < sentence.end {
            let step = if self.name_like(end, titled) {
                1
            } else if body && self.joins(end, sentence) {
                let mut length = 1;
                while length < 3 && self.joins(end + length, sentence) && !view.capital(end + length) {
                    length += 1;
                }
                if end + length < sentence.end && self.name_like(end + length, titled) {
                    length + 1
                } else {
                    0
                }
            } else {
                0
            };
            if step == 0 || end - at > 8 {
                break;
            }
            end += step;
        }
        if view.lang() == Lang::Fr && body { self.french_tail(at, end, sentence) } else { end }
    }

    fn name_like(&self, at: usize, titled: bool) -> bool {
        let view = self.view;
        view.capital(at)
            && !view.mark(at)
            && !view.is(at, Class::Month)
            && (!titled || self.inside.contains(view.doc.word(at)) || acronym(view.doc.word(at)))
    }

    fn joins(&self, at: usize, sentence: &Range<usize>) -> bool {
        at < sentence.end
            && matches!(
                self.view.word(at),
                "of" | "for"
                    | "de"
                    | "du"
                    | "des"
                    | "d'"
                    | "la"
                    | "le"
                    | "les"
                    | "l'"
                    | "del"
                    | "los"
                    | "las"
                    | "y"
                    | "&"
                    | "et"
            )
    }

    /// French bodies go on in lower case: `Union civique`, `Office fédéral de cybersécurité`.
    fn french_tail(&self, at: usize, end: usize, sentence: &Range<usize>) -> usize {
        let view = self.view;
        if !view.is(at, Class::OrgName) {
            return end;
        }
        let mut end = end;
        while end < sentence.end && end - at < 4 && french_adjective(view, end) {
            end += 1;
        }
        let linked = matches!(view.word(end.min(view.len() - 1)), "de" | "d'" | "des" | "du");
        if !linked || end + 1 >= sentence.end {
            return end;
        }
        let noun = end + 1;
        let plain = !view.mark(noun)
            && !view.is(noun, Class::Func)
            && !view.is(noun, Class::OrgNoun)
            && !view.capital(noun);
        if plain { noun + 1 } else { end }
    }

    /// Whether the run `at..end` is a name where it stands.
    fn accepts(&self, at: usize, end: usize, sentence: &Range<usize>, titled: bool) -> bool {
        let view = self.view;
        let word = view.doc.word(at);
        if end == at + 1
            && (view.is(at, Class::Opener) || view.is(at, Class::StateWord))
            && !self.inside.contains(word)
        {
            return false;
        }
        if end == at + 1 && view.is(at, Class::StateWord) {
            return false;
        }
        if view.is(at, Class::Func)
            && (end == at + 1 || opens(view, at, sentence) && !self.inside.contains(word))
        {
            return false;
        }
        if acronym(word) && !shouts(view, sentence)
            || word.chars().skip(1).any(char::is_uppercase) && !acronym(word) && !shouts(view, sentence)
        {
            return true;
        }
        if titled {
            return self.inside.contains(word);
        }
        if !opens(view, at, sentence) {
            return !shouts(view, sentence);
        }
        if self.inside.contains(word) || view.pos(at) == Pos::Propn {
            return true;
        }
        let next = view.word(end.min(view.len() - 1));
        let acts = [Class::Deny, Class::Say, Class::Accuse, Class::Confirm, Class::Be, Class::Decline];
        let clitic = view.is(end, Class::It) || view.is(end, Class::Neg);
        end > at + 1
            || matches!(next, "'s" | "'")
            || view.pos(at) == Pos::X
                && acts.iter().any(|&class| view.is(end, class) || clitic && view.is(end + 1, class))
                && word.chars().count() > 2
    }
}

fn push(out: &mut Vec<RawMention>, range: Range<usize>, known: Option<&Known>, titled: bool) -> usize {
    let end = range.end;
    let known = known.map(|known| (known.key.clone(), known.kind, known.form));
    out.push(RawMention { range, known, titled });
    end
}

fn is_title(view: &View, at: usize) -> bool {
    view.is(at, Class::Honorific) || view.is(at, Class::RolePerson)
}

/// Whether `word` is written in capitals throughout, two to six letters long.
pub(super) fn acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    (2..=6).contains(&letters) && !word.chars().any(char::is_lowercase)
}

/// Whether most of the sentence is in capitals.
fn shouts(view: &View, sentence: &Range<usize>) -> bool {
    let (mut words, mut upper) = (0, 0);
    for at in sentence.clone() {
        let word = view.doc.word(at);
        if word.chars().any(char::is_alphabetic) {
            words += 1;
            upper += usize::from(!word.chars().any(char::is_lowercase));
        }
    }
    upper * 2 > words
}

fn french_adjective(view: &View, at: usize) -> bool {
    const ENDINGS: &[&str] = &[
        "ique", "iques", "al", "ale", "aux", "ales", "el", "elle", "elles", "ain", "aine", "ois", "oise",
        "ais", "aise", "ien", "ienne", "aire", "aires", "if", "ive", "iste", "able", "ible", "eur", "ente",
        "ants",
    ];
    let word = view.word(at);
    match view.pos(at) {
        _ if view.capital(at) || view.mark(at) || view.is(at, Class::Func) => false,
        Pos::Adj => true,
        Pos::Noun | Pos::Verb | Pos::Aux | Pos::Adp | Pos::Det => false,
        _ => word.len() > 4 && ENDINGS.iter().any(|ending| word.ends_with(ending)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::Document;

    fn names(text: &str, lang: Lang) -> Vec<String> {
        let doc = Document::new(text, lang);
        let view = View::new(&doc);
        find_mentions(&view).iter().map(|mention| doc.slice(&mention.range).to_owned()).collect()
    }

    #[test]
    fn names_are_runs_of_capitals_without_titles() {
        assert_eq!(
            names("On Friday Mr Tomas Vale of the Harbour Ministry met President Ada Brook.", Lang::En),
            ["Tomas Vale", "Harbour Ministry", "Ada Brook"]
        );
        assert_eq!(
            names("El portavoz de la Liga del Norte, Pedro Luna, habló.", Lang::Es),
            ["Liga del Norte", "Pedro Luna"]
        );
    }

    #[test]
    fn a_dateline_names_nobody() {
        assert_eq!(
            names("LUNDSTAD, May 3 (ASP) - Vostria denied it. Vostria is near.", Lang::En),
            ["Vostria", "Vostria"]
        );
        assert_eq!(
            names("LUNDSTAD (ASP) — Le Belmark nie. Le Belmark rit.", Lang::Fr),
            ["Belmark", "Belmark"]
        );
    }

    #[test]
    fn french_bodies_go_on_in_lower_case() {
        assert_eq!(
            names(
                "Contactée, la Ligue démocratique accuse l’Office national de statistique (ONS).",
                Lang::Fr
            ),
            ["Ligue démocratique", "Office national de statistique", "ONS"]
        );
    }

    #[test]
    fn a_sentence_opener_needs_a_further_sign() {
        assert_eq!(names("Hotels closed. Relations are poor. Vostria denied it.", Lang::En), ["Vostria"]);
        assert_eq!(names("Broadcaster KTV said so. Officials agreed.", Lang::En), ["KTV"]);
    }

    #[test]
    fn a_headline_in_title_case_trusts_the_body() {
        let text = "Shock Report Says Vostria Hackers Hit Systems\n\nThe report blames Vostria.";
        assert_eq!(names(text, Lang::En), ["Vostria", "Vostria"]);
    }
}
