//! Where a text tells of an act: the lexicon's words, and pairs of words that only together tell of one
//! ("passed the files to the press", "bogus news sites", "paid … undeclared fees", "arranged at home").

use std::ops::Range;

use preuve_case::Act;

use super::lexicon::{Class, Role};
use super::view::{ActHit, View};

/// An act told at a place, and whether it is a staged attack on oneself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// Where and how.
    pub hit: ActHit,
    /// Whether the words say that the victim did it.
    pub staged: bool,
}

/// The acts of the document, in order.
pub(super) fn find_acts(view: &View) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for sentence in &view.doc.sentences {
        told.extend(
            view.acts_in(sentence).iter().map(|hit| Told { hit: weigh(view, sentence, *hit), staged: false }),
        );
        for at in sentence.clone() {
            told.extend(pair(view, sentence, at).map(|(end, act)| Told {
                hit: ActHit { start: at, end, act, role: pair_role(act) },
                staged: false,
            }));
            if view.starts(at, Class::Staged) {
                let hit = ActHit { start: at, end: at + 1, act: Act::Disinform, role: Role::Verb };
                told.push(Told { hit, staged: true });
            }
        }
    }
    told.sort_by_key(|told| (told.hit.start, told.hit.end, told.hit.role));
    told
}

fn pair_role(act: Act) -> Role {
    if act == Act::Leak { Role::Verb } else { Role::Noun }
}

/// A participle before its noun ("the stolen account") tells of an act only weakly; a payment tells of one where
/// secrecy or a sum stands beside it.
fn weigh(view: &View, sentence: &Range<usize>, hit: ActHit) -> ActHit {
    let article = hit.start > sentence.start && is_article(view, hit.start - 1);
    let before_noun = hit.end < sentence.end && !view.mark(hit.end) && !view.is(hit.end, Class::Func);
    if hit.role == Role::Verb && article && before_noun {
        return ActHit { role: Role::Weak, ..hit };
    }
    // Passwords are fished for rather than broken into.
    if hit.act == Act::Hack && hit.role != Role::Noun {
        let near = hit.start.saturating_sub(4).max(sentence.start)..(hit.end + 8).min(sentence.end);
        if view.find(near, Class::Credential).is_some() {
            return ActHit { act: Act::Phish, role: Role::Verb, ..hit };
        }
    }
    if hit.act == Act::Fund && hit.role == Role::Weak {
        let near = hit.start.saturating_sub(12).max(sentence.start)..(hit.end + 14).min(sentence.end);
        let marked = view.find(near, Class::FundMark).is_some_and(|mark| mark != hit.start);
        return if marked { ActHit { role: Role::Verb, ..hit } } else { hit };
    }
    hit
}

fn is_article(view: &View, at: usize) -> bool {
    matches!(
        view.word(at),
        "the"
            | "a"
            | "an"
            | "le"
            | "la"
            | "les"
            | "un"
            | "une"
            | "des"
            | "el"
            | "los"
            | "las"
            | "una"
            | "unos"
    ) || view.is(at, Class::Poss)
}

/// Two words that together tell of an act, the first at token `at`: where the second ends, and the act.
fn pair(view: &View, sentence: &Range<usize>, at: usize) -> Option<(usize, Act)> {
    let after = |limit: usize| at + 1..(at + 1 + limit).min(sentence.end);
    if view.starts(at, Class::Handover) {
        let from = at.saturating_sub(12).max(sentence.start);
        let files = view.find(after(10), Class::FileNoun).or_else(|| view.find(from..at, Class::FileNoun))?;
        let press = after(14).any(|place| {
            place != files && view.starts(place, Class::PressNoun) && led_by_to(view, at, place)
        });
        let by = files < at && view.find(after(2), Class::By).is_some();
        return (press || by).then_some((at + 1, Act::Leak));
    }
    if view.starts(at, Class::FakeAdj) {
        let noun = view.find(after(4), Class::MediaNoun)?;
        return Some((noun + 1, Act::Disinform));
    }
    if view.starts(at, Class::MediaNoun) && view.starts(at + 1, Class::FakeAdj) {
        return Some((at + 2, Act::Disinform));
    }
    None
}

/// Whether "to", "à" or "a" stands between the handing over and who receives.
fn led_by_to(view: &View, from: usize, to: usize) -> bool {
    (from + 1..to).any(|at| view.starts(at, Class::To))
}

#[cfg(test)]
mod tests {
    use preuve_case::Lang;

    use super::*;
    use crate::attribution::Document;

    fn strong(text: &str, lang: Lang) -> Vec<Act> {
        let doc = Document::new(text, lang);
        let mut acts: Vec<Act> = find_acts(&View::new(&doc))
            .iter()
            .filter(|told| told.hit.role != Role::Weak)
            .map(|told| told.hit.act)
            .collect();
        acts.dedup();
        acts
    }

    #[test]
    fn words_of_acts_in_three_languages() {
        assert_eq!(strong("Somebody hacked the league.", Lang::En), [Act::Hack]);
        assert_eq!(strong("Le piratage de la ligue.", Lang::Fr), [Act::Hack]);
        assert_eq!(strong("Un complot contra la ministra.", Lang::Es), [Act::Plot]);
        assert_eq!(strong("Des courriels d’hameçonnage.", Lang::Fr), [Act::Phish]);
    }

    #[test]
    fn pairs_tell_together_what_neither_tells_alone() {
        assert_eq!(strong("Belmark then passed the files to the press.", Lang::En), [Act::Leak]);
        assert_eq!(strong("Belmark passed a law.", Lang::En), []);
        assert_eq!(strong("Une douzaine de faux sites.", Lang::Fr), [Act::Disinform]);
        assert_eq!(strong("La firma pagó honorarios no declarados.", Lang::Es), [Act::Fund]);
        assert_eq!(strong("La firma pagó la cena.", Lang::Es), []);
    }

    #[test]
    fn a_participle_before_its_noun_is_weak() {
        assert_eq!(strong("They used the stolen account.", Lang::En), []);
    }
}
