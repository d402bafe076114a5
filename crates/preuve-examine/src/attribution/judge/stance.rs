//! What the source does with the content: asserts, confirms, denies, questions, speculates, declines.
//!
//! Two looks: at the words alone ([`by_words`]), then, once the item's accusations are known, at who speaks
//! ([`by_role`]): the accused who says "no such payment exists" denies.

use std::ops::Range;

use preuve_case::{Span, Stance};

use super::lexicon::Class;
use super::view::View;
use crate::attribution::Relation;

/// A stance, the rule that gave it and the words it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The stance.
    pub stance: Stance,
    /// The rule.
    pub rule: &'static str,
    /// The words.
    pub spans: Vec<Span>,
}

/// The stance that the words of the relation tell. `asserts` where nothing says otherwise.
pub(super) fn by_words(view: &View, relation: &Relation) -> Told {
    let words = Words::new(view, relation);
    let found = words
        .refusal()
        .or_else(|| words.denial())
        .or_else(|| words.question())
        .or_else(|| words.confirmation())
        .or_else(|| words.speculation());
    match found {
        Some((stance, rule, at)) => Told { stance, rule, spans: view.span(at..at + 1).into_iter().collect() },
        None => Told { stance: Stance::Asserts, rule: "stance.asserts", spans: Vec::new() },
    }
}

/// The stance of one who is accused, or speaks for who is: a negation or a slight is a denial.
pub(super) fn by_role(view: &View, relation: &Relation) -> Option<Told> {
    let words = Words::new(view, relation);
    let signs = [Class::Neg, Class::Nothing, Class::Disparage, Class::AccuseNoun, Class::Without];
    let at = signs
        .iter()
        .find_map(|&class| view.find_in(&relation.content, class))
        .or_else(|| words.cue(Class::Disparage))?;
    let rule = "stance.denied_by_the_accused";
    Some(Told { stance: Stance::Denies, rule, spans: view.span(at..at + 1).into_iter().collect() })
}

/// A slight on what another said ("called it lunacy"), whoever speaks.
pub(super) fn slight(view: &View, relation: &Relation) -> Option<Told> {
    let words = Words::new(view, relation);
    let calls = words.cue(Class::Calls).is_some();
    let about = view.find_in(&relation.content, Class::AccuseNoun).is_some();
    let at = view.find_in(&relation.content, Class::Disparage).or_else(|| words.cue(Class::Disparage))?;
    let told = Told {
        stance: Stance::Denies,
        rule: "stance.slight",
        spans: view.span(at..at + 1).into_iter().collect(),
    };
    (calls || about).then_some(told)
}

type Found = Option<(Stance, &'static str, usize)>;

struct Words<'v, 'd> {
    view: &'v View<'d>,
    cue: Vec<Range<usize>>,
    content: &'v [Range<usize>],
}

impl<'v, 'd> Words<'v, 'd> {
    fn new(view: &'v View<'d>, relation: &'v Relation) -> Self {
        Self { view, cue: cue_window(view, relation), content: &relation.content }
    }

    fn cue(&self, class: Class) -> Option<usize> {
        self.view.find_in(&self.cue, class)
    }

    fn content(&self, class: Class) -> Option<usize> {
        self.view.find_in(self.content, class)
    }

    /// A cue of denial that is no part of a refusal ("se negó a confirmar").
    fn denies(&self) -> Option<usize> {
        let view = self.view;
        self.cue
            .iter()
            .flat_map(Clone::clone)
            .find(|&at| view.starts(at, Class::Deny) && !view.is(at, Class::Decline))
    }

    fn refusal(&self) -> Found {
        if let Some(at) = self.neither_nor() {
            return Some((Stance::DeclinesToComment, "stance.neither_confirms_nor_denies", at));
        }
        let declines = self.cue(Class::Decline);
        let negated = self.cue(Class::Neg).and_then(|neg| {
            let said = [Class::Say, Class::Confirm].iter().any(|&class| self.cue(class).is_some());
            said.then_some(neg)
        });
        if let Some(at) = declines.or(negated).filter(|_| self.denies().is_none()) {
            return Some((Stance::DeclinesToComment, "stance.refusal", at));
        }
        let bare = self.cue.iter().flat_map(Clone::clone).all(|at| self.view.is(at, Class::Be));
        let opening =
            self.content.first().map_or(0..0, |range| range.start..(range.start + 3).min(range.end));
        if let Some(at) = self.view.find(opening, Class::Decline).filter(|_| bare && !self.cue.is_empty()) {
            return Some((Stance::DeclinesToComment, "stance.refusal", at));
        }
        let at = self.cue(Class::NotSpeak).or_else(|| self.content(Class::NotSpeak))?;
        Some((Stance::DeclinesToComment, "stance.no_comment", at))
    }

    /// "Neither confirms nor denies", « n’a voulu ni le confirmer ni le démentir ».
    fn neither_nor(&self) -> Option<usize> {
        let all = || self.cue.iter().chain(self.content).flat_map(Clone::clone);
        let word = |wanted: &[&str]| all().find(|&at| wanted.contains(&self.view.word(at)));
        let at = word(&["neither", "nor", "ni"])?;
        let near = at.saturating_sub(8)..at + 9;
        let both =
            [Class::Confirm, Class::Deny].iter().all(|&class| self.view.find(near.clone(), class).is_some());
        both.then_some(at)
    }

    /// "We did not hack anybody", « Je n’ai rien volé »: who speaks says of himself that he did not.
    fn own_act_denied(&self) -> Found {
        let view = self.view;
        let acts = self.content.iter().flat_map(|range| view.acts_in(range));
        acts.filter(|act| act.role == super::lexicon::Role::Verb).find_map(|act| {
            let sentence = view.sentence(act.start);
            let near = act.start.saturating_sub(6).max(sentence.start)..act.start;
            let oneself = [Class::We, Class::I].iter().any(|&class| view.find(near.clone(), class).is_some());
            let negated = view.find(near.clone(), Class::Neg)?;
            (oneself && view.quoted(act.start)).then_some((Stance::Denies, "stance.denies_own_act", negated))
        })
    }

    /// "Swears that not one crown was paid", « jure n’avoir rien su »: insisted on, and negative from the start.
    fn insistence(&self) -> Found {
        let insists = self.cue(Class::Insist)?;
        let first = self.content.first()?;
        let opening = first.start..(first.start + 7).min(first.end);
        let negative =
            [Class::Neg, Class::Nothing].iter().find_map(|&class| self.view.find(opening.clone(), class))?;
        let about = self.content.iter().any(|range| !self.view.acts_in(range).is_empty());
        let own = self.view.lang() != preuve_case::Lang::En
            && matches!(self.view.word(first.start), "n'" | "ne" | "no");
        (about || own).then_some((
            Stance::Denies,
            "stance.insists_on_the_opposite",
            negative.max(insists.min(negative)),
        ))
    }

    fn denial(&self) -> Found {
        if let Some(at) = self.denies() {
            let negated = self.cue.iter().any(|range| {
                range.clone().any(|place| {
                    place < at
                        && at - place <= 3
                        && self.view.starts(place, Class::Neg)
                        && !self.view.is(place, Class::Deny)
                })
            });
            return (!negated).then_some((Stance::Denies, "stance.denial", at));
        }
        let words: usize = self.content.iter().map(ExactSizeIterator::len).sum();
        if let Some(at) = self.content(Class::Deny).filter(|_| words <= 4) {
            return Some((Stance::Denies, "stance.denial", at));
        }
        if let Some(at) = self.cue(Class::Retract) {
            return Some((Stance::Denies, "stance.retraction", at));
        }
        let untrue = self
            .content
            .iter()
            .flat_map(Clone::clone)
            .find(|&at| self.view.starts(at, Class::Disparage) && self.view.starts(at, Class::Neg));
        let opposite = self
            .content(Class::Opposite)
            .or_else(|| self.cue(Class::Opposite))
            .or_else(|| self.before(Class::Opposite));
        untrue
            .or(opposite)
            .map(|at| (Stance::Denies, "stance.opposite", at))
            .or_else(|| self.insistence())
            .or_else(|| self.own_act_denied())
    }

    /// An entry of `class` in the words between the cue and the content.
    fn before(&self, class: Class) -> Option<usize> {
        let start = self.content.first()?.start;
        self.view.find(start.saturating_sub(5).max(self.view.sentence(start).start)..start, class)
    }

    fn question(&self) -> Found {
        if let Some(at) = self.cue(Class::DemandProof).or_else(|| self.content(Class::DemandProof)) {
            let negated = self.cue(Class::Deny).is_some();
            return (!negated).then_some((Stance::Questions, "stance.demands_proof", at));
        }
        if let Some(at) = self.cue(Class::Doubt) {
            return Some((Stance::Questions, "stance.doubt", at));
        }
        let asks = self.cue(Class::Ask);
        let first = self.content.first().map(|range| range.start);
        let indirect = first.is_some_and(|at| self.view.starts(at, Class::Whether));
        if let Some(at) = asks.filter(|_| indirect || self.question_mark()) {
            let rule = if indirect { "stance.asks_whether" } else { "stance.asks" };
            return Some((Stance::Questions, rule, at));
        }
        if let Some(at) = first.filter(|_| self.ends_asking()) {
            return Some((Stance::Questions, "stance.question_mark", at));
        }
        let doubt = self.content(Class::Doubt).filter(|_| self.content(Class::Modal).is_none())?;
        let certain = (doubt.saturating_sub(4)..doubt)
            .any(|at| self.view.starts(at, Class::Neg) || self.view.starts(at, Class::Without));
        if certain {
            return None;
        }
        Some((Stance::Questions, "stance.doubt", doubt))
    }

    fn question_mark(&self) -> bool {
        self.content.iter().flat_map(Clone::clone).any(|at| self.view.doc.word(at) == "?")
    }

    /// Whether the content's last words are a question.
    fn ends_asking(&self) -> bool {
        let Some(last) = self.content.last() else { return false };
        (last.start..last.end)
            .rev()
            .take(3)
            .find(|&at| {
                !matches!(self.view.doc.word(at), "\"" | "”" | "»" | "’" | "'" | "." | "''" | "›" | ",")
            })
            .is_some_and(|at| self.view.doc.word(at) == "?")
    }

    fn confirmation(&self) -> Found {
        if let Some(at) = self.cue(Class::Confirm) {
            return Some((Stance::Confirms, "stance.confirmation", at));
        }
        let at = self.content(Class::Authentic)?;
        let negated = (at.saturating_sub(3)..at).any(|place| self.view.starts(place, Class::Neg));
        let said = (at.saturating_sub(3)..at).any(|place| self.view.is(place, Class::Be))
            || self.view.is(at, Class::Be);
        let phrase = self.view.is(at + 1, Class::Authentic);
        (!negated && (said || phrase)).then_some((Stance::Confirms, "stance.called_authentic", at))
    }

    fn speculation(&self) -> Found {
        if let Some(at) = self.cue(Class::Speculate) {
            return Some((Stance::Speculates, "stance.speculation", at));
        }
        if let Some(at) = self.content(Class::Modal).or_else(|| self.cue(Class::Modal)) {
            return Some((Stance::Speculates, "stance.held_possible", at));
        }
        let may = self.content(Class::May)?;
        let acts = self.content.iter().any(|range| !self.view.acts_in(range).is_empty());
        acts.then_some((Stance::Speculates, "stance.held_possible", may))
    }
}

/// The cue with the few words before it that may negate it, outside source and content.
pub(super) fn cue_window(view: &View, relation: &Relation) -> Vec<Range<usize>> {
    let mut window = Vec::with_capacity(relation.cue.len());
    let taken = |at: usize| relation.source.iter().chain(&relation.content).any(|range| range.contains(&at));
    for range in &relation.cue {
        if range.is_empty() || range.end > view.len() {
            continue;
        }
        let sentence = view.sentence(range.start);
        let mut start = range.start;
        while start > sentence.start
            && range.start - start < 3
            && !taken(start - 1)
            && !view.mark(start - 1)
            && !joins_clauses(view, start - 1)
        {
            start -= 1;
        }
        let mut end = range.end;
        while end < sentence.end && end - range.end < 2 && !taken(end) && !view.mark(end) {
            end += 1;
        }
        window.push(start..end);
    }
    window
}

fn joins_clauses(view: &View, at: usize) -> bool {
    matches!(
        view.word(at),
        "and" | "but" | "or" | "that" | "et" | "mais" | "ou" | "que" | "qu'" | "y" | "e" | "pero" | "o"
    )
}

#[cfg(test)]
mod tests {
    use preuve_case::Lang;

    use super::super::tests::relation;
    use super::*;
    use crate::attribution::Document;

    fn stance(text: &str, lang: Lang) -> Stance {
        let (text, relation) = relation(text, lang);
        let doc = Document::new(&text, lang);
        by_words(&View::new(&doc), &relation).stance
    }

    #[test]
    fn refusals_are_no_statements() {
        assert_eq!(stance("[The league] <did not say> {how it knew}.", Lang::En), Stance::DeclinesToComment);
        assert_eq!(
            stance("[The firm] <said> {it does not comment on clients}.", Lang::En),
            Stance::DeclinesToComment
        );
        assert_eq!(
            stance("[Le ministère] n’a pas <souhaité> {commenter}.", Lang::Fr),
            Stance::DeclinesToComment
        );
        assert_eq!(
            stance("[La policía] <se negó a confirmar> {si hay denuncia}.", Lang::Es),
            Stance::DeclinesToComment
        );
    }

    #[test]
    fn denials_and_what_negates_them() {
        assert_eq!(stance("[Belmark] <denied> {hacking anyone}.", Lang::En), Stance::Denies);
        assert_eq!(stance("[Belmark] did not <deny> {it}.", Lang::En), Stance::Asserts);
        assert_eq!(stance("[Le Belmark] <dément> {toute ingérence}.", Lang::Fr), Stance::Denies);
        assert_eq!(stance("[Belmark] {lo} <desmintió>.", Lang::Es), Stance::Denies);
    }

    #[test]
    fn questions_and_doubts() {
        assert_eq!(stance("[The party] <asked> {whether there was a hack}.", Lang::En), Stance::Questions);
        assert_eq!(stance("[We] <asked> {other papers to take it down}.", Lang::En), Stance::Asserts);
        assert_eq!(
            stance("[Elle] <met au défi> {ses rivaux de montrer une preuve}.", Lang::Fr),
            Stance::Questions
        );
        assert_eq!(stance("«{¿Quién lo vio?}», <dijo> [Luna].", Lang::Es), Stance::Questions);
    }

    #[test]
    fn confirmations_and_suppositions() {
        assert_eq!(stance("[Two aides] <said> {that it was authentic}.", Lang::En), Stance::Confirms);
        assert_eq!(stance("[La police] <confirme> {qu’une plainte existe}.", Lang::Fr), Stance::Confirms);
        assert_eq!(stance("[Luna] <insinuó> {que fue un montaje}.", Lang::Es), Stance::Speculates);
        assert_eq!(stance("[He] <said> {Belmark might have hacked them}.", Lang::En), Stance::Speculates);
        assert_eq!(stance("[He] <said> {it was raining}.", Lang::En), Stance::Asserts);
    }
}
