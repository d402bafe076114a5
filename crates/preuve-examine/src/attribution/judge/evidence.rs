//! What is offered for a content: nothing said, withheld, pointed to, shown, or "could not be verified".
//!
//! Caveats are found sentence by sentence and given to the attribution they speak of: in their own sentence the one
//! whose cue stands nearest before, else the last accusation before them.

use std::ops::Range;

use preuve_case::{Evidence, SourceClass, Span, Stance};

use super::lexicon::Class;
use super::view::View;
use crate::attribution::Relation;

/// A caveat of the text about somebody's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caveat {
    /// The words.
    pub range: Range<usize>,
    /// [`Evidence::Withheld`] or [`Evidence::Unverified`].
    pub evidence: Evidence,
}

/// The caveats of the document, in order.
pub(super) fn find_caveats(view: &View) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    for sentence in &view.doc.sentences {
        let mut at = sentence.start;
        while at < sentence.end {
            let found = caveat_at(view, at, sentence.end);
            at = found.as_ref().map_or(at, |caveat| caveat.range.end.max(at + 1) - 1) + 1;
            caveats.extend(found);
        }
    }
    caveats
}

fn caveat_at(view: &View, at: usize, end: usize) -> Option<Caveat> {
    let first = |from: usize, limit: usize, class: Class| view.find(from..(from + limit).min(end), class);
    let withheld = |to: usize| Some(Caveat { range: at..to + 1, evidence: Evidence::Withheld });
    if view.starts(at, Class::Unverified) {
        return Some(Caveat { range: at..at + 1, evidence: Evidence::Unverified });
    }
    if view.starts(at, Class::Without) {
        let provide = first(at + 1, 6, Class::Provide);
        let reach = provide.map_or(4, |place| place + 5 - at);
        let thing = first(at + 1, reach, Class::Proof)
            .or_else(|| provide.and_then(|place| first(place.saturating_sub(2), 5, Class::Nothing)));
        return withheld(thing?);
    }
    let negative = view.starts(at, Class::Neg) || view.starts(at, Class::Nothing);
    if negative {
        if let Some(place) = first(at + 1, 9, Class::Verify).filter(|&place| verifying(view, at, place)) {
            return Some(Caveat { range: at..place + 1, evidence: Evidence::Unverified });
        }
        if let Some(say) = first(at + 1, 4, Class::Say)
            && first(say + 1, 2, Class::How).is_some()
        {
            return withheld(say + 1);
        }
        if let Some(provide) = first(at + 1, 5, Class::Provide)
            && let Some(thing) = first(provide + 1, 6, Class::Proof)
        {
            return withheld(thing);
        }
        let thing = first(at, 4, Class::Proof)?;
        return withheld(first(thing + 1, 7, Class::Provide)?);
    }
    if view.starts(at, Class::Provide) {
        let no = (at + 1..(at + 3).min(end)).find(|&place| {
            view.starts(place, Class::Neg)
                || view.starts(place, Class::Nothing)
                || view.starts(place, Class::Without)
        })?;
        return withheld(first(no, 5, Class::Proof)?);
    }
    None
}

/// "Could not verify" is a caveat, "did not confirm" said of a body is not.
fn verifying(view: &View, from: usize, verify: usize) -> bool {
    !(from..verify).any(|at| view.starts(at, Class::Decline) || view.mark(at))
}

/// The evidence that the relation's own words offer, with the rule and the words.
pub(super) fn by_words(
    view: &View,
    relation: &Relation,
    class: SourceClass,
    stance: Stance,
) -> Option<(Evidence, &'static str, Vec<Span>)> {
    if matches!(stance, Stance::DeclinesToComment) {
        return None;
    }
    let source: &[Range<usize>] = &relation.source;
    let span = |at: usize| view.span(at..at + 1).into_iter().collect();
    let detailed =
        view.find_in(&relation.content, Class::Trace).is_some() || holds_number(view, &relation.content);
    let raw = view.find_in(source, Class::RawDoc).or_else(|| {
        let inside = view.find_in(&relation.content, Class::RawDoc)?;
        let shows =
            relation.content.iter().any(|range| view.find(inside..range.end, Class::ShowVerb).is_some());
        shows.then_some(inside)
    });
    if let Some(at) = raw.filter(|_| detailed) {
        return Some((Evidence::Shown, "evidence.raw_record_shown", span(at)));
    }
    let finds = view.find_in(&relation.cue, Class::Finding);
    if class == SourceClass::Outlet {
        let rawdoc = view.find_in(&relation.content, Class::RawDoc);
        return finds.and(rawdoc).map(|at| (Evidence::Shown, "evidence.own_finding", span(at)));
    }
    if class == SourceClass::Document {
        let at = source.first().map_or(0, |range| range.start);
        return Some((Evidence::PointedTo, "evidence.document_speaks", span(at)));
    }
    if let Some(at) = in_a_report(view, relation) {
        return Some((Evidence::PointedTo, "evidence.in_a_report", span(at)));
    }
    if class == SourceClass::Organisation {
        let staff = view.find_in(source, Class::BodyPlural).or_else(|| view.find_in(source, Class::Vague));
        if let Some(at) = finds.or(staff) {
            return Some((Evidence::PointedTo, "evidence.finding_reported", span(at)));
        }
    }
    None
}

/// "In a report, …": a record or study named beside the cue as the place where it is said.
fn in_a_report(view: &View, relation: &Relation) -> Option<usize> {
    let cue = relation.cue.first()?.start;
    let sentence = view.sentence(cue);
    let outside =
        |at: &usize| !relation.content.iter().chain(&relation.source).any(|range| range.contains(at));
    sentence.clone().filter(outside).find(|&at| {
        let from = at.saturating_sub(3).max(sentence.start);
        view.starts(at, Class::BaseDoc)
            && (from..at).any(|place| matches!(view.word(place), "in" | "dans" | "en"))
    })
}

fn holds_number(view: &View, ranges: &[Range<usize>]) -> bool {
    ranges.iter().flat_map(Clone::clone).any(|at| view.word(at).starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether the sentence `range` tells of a record or report that backs what stands before it.
pub(super) fn backs(view: &View, range: &Range<usize>) -> Option<usize> {
    let at = view.find(range.clone(), Class::BaseDoc)?;
    let shows =
        [Class::ShowVerb, Class::Finding].iter().any(|&class| view.find(range.clone(), class).is_some());
    let negated = view.find(range.clone(), Class::Neg).is_some();
    (shows && !negated).then_some(at)
}

#[cfg(test)]
mod tests {
    use preuve_case::Lang;

    use super::*;
    use crate::attribution::Document;

    fn caveats(text: &str, lang: Lang) -> Vec<Evidence> {
        let doc = Document::new(text, lang);
        find_caveats(&View::new(&doc)).iter().map(|caveat| caveat.evidence).collect()
    }

    #[test]
    fn evidence_withheld() {
        for (text, lang) in [
            ("It accused Belmark without providing evidence.", Lang::En),
            ("The league offered no proof.", Lang::En),
            ("She did not say how it knew.", Lang::En),
            ("He gave nothing to prove it.", Lang::En),
            ("Elle n’a fourni aucune preuve.", Lang::Fr),
            ("Il accuse le Belmark sans fournir de preuves.", Lang::Fr),
            ("Une accusation lancée sans preuve.", Lang::Fr),
            ("Elle l’affirme sans rien produire.", Lang::Fr),
            ("Acusó a Belmark sin aportar pruebas.", Lang::Es),
            ("El portavoz no presentó ningún indicio.", Lang::Es),
            ("No explicó cómo lo sabe.", Lang::Es),
            ("No evidence was offered.", Lang::En),
            ("Aucune preuve n’a été fournie.", Lang::Fr),
            ("Ninguna prueba fue aportada.", Lang::Es),
        ] {
            assert_eq!(caveats(text, lang), [Evidence::Withheld], "{text}");
        }
    }

    #[test]
    fn what_could_not_be_verified() {
        for (text, lang) in [
            ("The paper could not independently verify the account.", Lang::En),
            ("The Post has not been able to verify that passage.", Lang::En),
            ("Le journal n’a pas été en mesure de vérifier ce passage.", Lang::Fr),
            ("La agencia no pudo verificar el relato.", Lang::Es),
        ] {
            assert_eq!(caveats(text, lang), [Evidence::Unverified], "{text}");
        }
    }

    #[test]
    fn plain_sentences_have_no_caveat() {
        for (text, lang) in [
            ("She provided evidence to the court.", Lang::En),
            ("Il a fourni des preuves.", Lang::Fr),
            ("El informe aporta pruebas.", Lang::Es),
        ] {
            assert_eq!(caveats(text, lang), [], "{text}");
        }
    }
}
