//! Clauses of accusing, denying and declining that the labeller overlooked, found by their verb; and reports inside
//! reports ("A said that B told C that …"), which its English training texts do not mark.
//!
//! The labeller misses a clause now and then, and an accusation or a denial that is missed changes what a case says.
//! So every such verb that is no cue yet, outside quotation marks, is tried: who stands before it, what behind it.
//! Where either is in doubt, nothing is added. The words lie in `lexicons/overlooked.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use preuve_case::Lang;

use super::quote::quotes;
use super::{Document, Pos, Relation};

const WORDS: &str = include_str!("../../lexicons/overlooked.tsv");

/// A subject of more tokens is taken for a misreading.
const LONGEST_SUBJECT: usize = 24;

/// The words of one language by role.
#[derive(Debug, Default)]
pub struct ClauseWords {
    whole: BTreeMap<&'static str, BTreeSet<&'static str>>,
    beginnings: BTreeMap<&'static str, Vec<&'static str>>,
}

impl ClauseWords {
    /// The words for `lang`; none for a language that is not handled.
    pub fn of(lang: Lang) -> Self {
        let mut words = Self::default();
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(code), Some(role), Some(form)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            if code != lang.code() {
                continue;
            }
            match form.strip_suffix('*') {
                Some(beginning) => words.beginnings.entry(role).or_default().push(beginning),
                None => {
                    words.whole.entry(role).or_default().insert(form);
                }
            }
        }
        words
    }

    fn is(&self, role: &str, word: &str) -> bool {
        self.whole.get(role).is_some_and(|forms| forms.contains(word))
            || self.beginnings.get(role).is_some_and(|forms| forms.iter().any(|&form| word.starts_with(form)))
    }
}

/// What the verb of a clause does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Accuse,
    Deny,
    Decline,
    /// Says, inside what somebody else says.
    Report,
}

const KINDS: [(Kind, &str); 4] =
    [(Kind::Accuse, "accuse"), (Kind::Deny, "deny"), (Kind::Decline, "decline"), (Kind::Report, "report")];

/// The relations of such clauses that `known` has not, in order of their cues.
pub fn overlooked(document: &Document<'_>, words: &ClauseWords, known: &[Relation]) -> Vec<Relation> {
    let cues: BTreeSet<usize> =
        known.iter().flat_map(|relation| relation.cue.iter().cloned().flatten()).collect();
    let folded = (0..document.tokens.len()).map(|at| fold(document.word(at))).collect();
    let mut found = Vec::new();
    for paragraph in &document.paragraphs {
        let quoted = quotes(document, paragraph);
        let first = document.sentences.partition_point(|sentence| sentence.end <= paragraph.start);
        for sentence in document.sentences[first..].iter().take_while(|found| found.start < paragraph.end) {
            let clause = Sentence { document, words, folded: &folded, range: sentence.clone(), known };
            let open = |at: &usize| {
                !cues.contains(at)
                    && !quoted.get(at.wrapping_sub(paragraph.start)).is_some_and(|state| state.inside)
            };
            found.extend(sentence.clone().filter(open).filter_map(|at| clause.relation(at)));
        }
    }
    found
}

fn fold(word: &str) -> String {
    word.to_lowercase().replace(['’', 'ʼ'], "'")
}

/// A sentence and what is known of it.
struct Sentence<'s, 't> {
    document: &'s Document<'t>,
    words: &'s ClauseWords,
    /// All words of the document in lower case.
    folded: &'s Vec<String>,
    range: Range<usize>,
    known: &'s [Relation],
}

impl Sentence<'_, '_> {
    fn is(&self, role: &str, at: usize) -> bool {
        self.range.contains(&at) && self.words.is(role, &self.folded[at])
    }

    fn pos(&self, at: usize) -> Pos {
        self.document.tokens[at].pos
    }

    /// The relation whose verb stands at `at`.
    fn relation(&self, at: usize) -> Option<Relation> {
        let &(kind, _) = KINDS.iter().find(|(_, role)| self.is(role, at))?;
        let group = self.verb_group(at);
        if kind == Kind::Report {
            return self.report(group);
        }
        let participle = self.is("participle", at);
        let bare = group.start == at;
        let helped = (group.start..at).find(|&before| self.is("be", before));
        if participle && (helped.is_some() || self.is("by", at + 1)) {
            return self.passive(kind, group);
        }
        let auxiliary = (group.start..at).any(|before| self.is("aux", before));
        let finite = auxiliary || (matches!(self.pos(at), Pos::Verb | Pos::Aux) && self.may_be_finite(at));
        let unsaid = group.start.checked_sub(1).is_some_and(|before| self.is("never", before));
        if !finite || unsaid || (bare && participle && self.document.lang != Lang::En) {
            return None;
        }
        self.active(kind, group)
    }

    /// Whether the form is no infinitive or gerund.
    fn may_be_finite(&self, at: usize) -> bool {
        let word = self.folded[at].as_str();
        match self.document.lang {
            Lang::Fr => !["er", "ir", "re", "ant"].iter().any(|ending| word.ends_with(ending)),
            Lang::Es => !["ar", "er", "ir", "ndo"].iter().any(|ending| word.ends_with(ending)),
            _ => true,
        }
    }

    /// The verb with its auxiliaries, negation and the adverbs between.
    fn verb_group(&self, at: usize) -> Range<usize> {
        let belongs = |before: usize| {
            ["aux", "be", "between", "clitic"].iter().any(|role| self.is(role, before))
                && !(self.is("clitic", before) && self.is("never", before.wrapping_sub(1)))
        };
        let mut start = at;
        while start > self.range.start && belongs(start - 1) {
            start -= 1;
        }
        // « venait d’informer », "acaba de informar"
        if let Some(from) = start.checked_sub(2)
            && self.is("just", from)
            && matches!(self.folded[from + 1].as_str(), "de" | "d'")
        {
            start = from;
        }
        start..at + 1
    }

    /// Subject, verb, object.
    fn active(&self, kind: Kind, group: Range<usize>) -> Option<Relation> {
        let source = self.subject(group.start)?;
        let behind = group.end;
        let clitic = group.clone().find(|&at| self.is("clitic", at));
        let mut content = self.object(kind, behind);
        let mut cue = group;
        match (kind, &content, clitic) {
            (Kind::Decline, ..) if !self.is("of", behind) => return None,
            (Kind::Accuse, _, Some(_)) => return None,
            (Kind::Deny, None, Some(clitic)) => {
                content = Some(clitic..clitic + 1);
                cue.start = clitic + 1;
            }
            _ => {}
        }
        let content = content?;
        Some(Relation { source: vec![source], cue: vec![cue], content: vec![content] })
    }

    /// A report inside the content of a known one: its subject, and what follows "that", the words spoken to or the
    /// verb.
    fn report(&self, group: Range<usize>) -> Option<Relation> {
        let outer = self
            .known
            .iter()
            .flat_map(|relation| &relation.content)
            .find(|content| content.start < group.start && group.end < content.end)?;
        if group.start.checked_sub(1).is_some_and(|before| self.is("never", before)) {
            return None;
        }
        let source = self.subject(group.start).filter(|source| outer.start <= source.start)?;
        let rest = group.end..outer.end.min(self.range.end);
        let that = rest.clone().take(8).find(|&at| self.is("that", at));
        let spoken_to = rest.clone().next().filter(|&at| self.is("hearer", at)).map(|at| at + 1);
        let direct = || {
            let next = rest.clone().next()?;
            let begins = matches!(self.pos(next), Pos::Det | Pos::Propn | Pos::Pron | Pos::Noun);
            let clause = rest.clone().skip(1).take(12).any(|at| matches!(self.pos(at), Pos::Verb | Pos::Aux));
            (begins && clause && self.is("direct", group.end - 1)).then_some(next)
        };
        let start = that.or(spoken_to).or_else(direct)?;
        let content = start..rest.end;
        (!content.is_empty()).then(|| Relation {
            source: vec![source],
            cue: vec![group],
            content: vec![content],
        })
    }

    /// `accusations … denied by the embassy`, `he was accused by the minister of spying`.
    fn passive(&self, kind: Kind, group: Range<usize>) -> Option<Relation> {
        let by = (group.end..self.range.end.min(group.end + 4)).find(|&at| self.is("by", at))?;
        let agent_end =
            (by + 1..self.range.end).find(|&at| self.is_mark(at) || self.is("of", at) || self.is("and", at));
        let agent = by + 1..agent_end.unwrap_or(self.range.end);
        let source = self.speaker(agent)?;
        let mut content = vec![self.subject(group.start)?];
        if kind == Kind::Accuse {
            let charge = self.is("of", source.end).then(|| self.object(kind, source.end)).flatten();
            content.push(charge?);
        }
        (kind != Kind::Decline).then(|| Relation { source: vec![source], cue: vec![group], content })
    }

    fn is_mark(&self, at: usize) -> bool {
        matches!(self.pos(at), Pos::Punct | Pos::Sym)
            || self.folded[at].chars().all(|c| !c.is_alphanumeric() && c != '\'')
    }

    fn is_comma(&self, at: usize) -> bool {
        self.range.contains(&at) && self.folded[at] == ","
    }

    /// Who stands before the verb group that starts at `verb`: the noun phrase with its apposition, the noun before
    /// a relative pronoun, or the source of the verb that an `and` joins this one to.
    fn subject(&self, verb: usize) -> Option<Range<usize>> {
        let last = verb.checked_sub(1).filter(|&at| at >= self.range.start)?;
        if self.is("who", last) {
            let end = if self.is_comma(last.wrapping_sub(1)) { last - 1 } else { last };
            return self.speaker(self.phrase_start(end)?..end);
        }
        if self.is("and", last) {
            return self.source_before(last);
        }
        if self.is_comma(last) {
            let apposition = self.phrase_start(last)?;
            let comma = apposition.checked_sub(1).filter(|&at| self.is_comma(at))?;
            return self.speaker(self.phrase_start(comma)?..last);
        }
        self.speaker(self.phrase_start(verb)?..verb)
    }

    /// Where the run of words that ends at `end` starts: behind a mark or a word that begins a clause.
    fn phrase_start(&self, end: usize) -> Option<usize> {
        let mut start = end;
        while start > self.range.start && !self.is_mark(start - 1) && !self.is("joint", start - 1) {
            start -= 1;
        }
        (start < end && end - start <= LONGEST_SUBJECT).then_some(start)
    }

    fn source_before(&self, at: usize) -> Option<Range<usize>> {
        let mut sources = self.known.iter().flat_map(|relation| relation.source.first());
        sources.rfind(|source| self.range.start <= source.start && source.end <= at).cloned()
    }

    /// `range` without adverbs in front, where it names somebody: it begins as a noun phrase does and holds a noun,
    /// name or pronoun that is no time.
    fn speaker(&self, mut range: Range<usize>) -> Option<Range<usize>> {
        while !range.is_empty() && matches!(self.pos(range.start), Pos::Adv | Pos::Cconj | Pos::Intj) {
            range.start += 1;
        }
        if range.is_empty() {
            return None;
        }
        let begins = matches!(self.pos(range.start), Pos::Det | Pos::Noun | Pos::Propn | Pos::Pron);
        let names =
            |at: usize| matches!(self.pos(at), Pos::Noun | Pos::Propn | Pos::Pron) && !self.is("time", at);
        let other_verb = range.clone().any(|at| self.is("aux", at));
        let head = range.clone().find(|&at| matches!(self.pos(at), Pos::Noun | Pos::Propn | Pos::Pron))?;
        let spoken_for = self
            .known
            .iter()
            .any(|relation| relation.cue.iter().any(|cue| cue.start < range.end && range.start < cue.end));
        (begins && names(head) && !other_verb && !spoken_for && range.len() <= LONGEST_SUBJECT)
            .then_some(range)
    }

    /// What is said: from `start` to the comma, mark or word that ends it. A charge may stand behind a comma.
    fn object(&self, kind: Kind, start: usize) -> Option<Range<usize>> {
        let ends = |at: usize| {
            let word = self.folded[at].as_str();
            let charged_later = kind == Kind::Accuse
                && self.is_comma(at)
                && (at + 1..self.range.end.min(at + 12)).any(|on| self.is_comma(on) && self.is("of", on + 1));
            (self.is_comma(at) && !charged_later)
                || matches!(word, "." | ";" | ":" | "!" | "?" | "(" | ")" | "–" | "—")
                || (at > start && self.is("stop", at))
                || self.known.iter().any(|relation| relation.cue.iter().any(|cue| cue.start == at))
        };
        let end = (start..self.range.end).find(|&at| ends(at)).unwrap_or(self.range.end);
        let said =
            (start..end).any(|at| matches!(self.pos(at), Pos::Noun | Pos::Propn | Pos::Pron | Pos::Verb));
        (start < end && said).then_some(start..end)
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a relation holds ranges of tokens, often one")]
mod tests {
    use super::*;
    use crate::attribution::Attributor;
    use preuve_case::Lang::{En, Es, Fr};

    /// Source, cue and content of every relation that is found when none is known.
    fn found(text: &str, lang: Lang) -> Vec<(String, String, String)> {
        let attributor = Attributor::new().unwrap();
        let document = attributor.read(text, lang).unwrap();
        overlooked(&document, &ClauseWords::of(lang), &[])
            .iter()
            .map(|relation| parts(&document, relation))
            .collect()
    }

    fn parts(document: &Document<'_>, relation: &Relation) -> (String, String, String) {
        let words = |ranges: &[Range<usize>]| {
            ranges.iter().map(|range| document.slice(range)).collect::<Vec<_>>().join(" … ")
        };
        (words(&relation.source), words(&relation.cue), words(&relation.content))
    }

    /// The one relation inside what the first two tokens say, by a cue that ends where the content starts.
    fn inner(text: &str, lang: Lang, cue: Range<usize>) -> (String, String, String) {
        let attributor = Attributor::new().unwrap();
        let document = attributor.read(text, lang).unwrap();
        let content = cue.end..document.tokens.len() - 1;
        let known = Relation { source: vec![0..2], cue: vec![cue], content: vec![content] };
        let found = overlooked(&document, &ClauseWords::of(lang), &[known]);
        let [inner] = found.as_slice() else { panic!("{found:?}") };
        parts(&document, inner)
    }

    fn relation(source: &str, cue: &str, content: &str) -> (String, String, String) {
        (source.to_owned(), cue.to_owned(), content.to_owned())
    }

    #[test]
    fn who_accuses_whom_of_what() {
        assert_eq!(
            found("The campaign has repeatedly accused Ostland of stealing its mail, without proof.", En),
            [relation("The campaign", "has repeatedly accused", "Ostland of stealing its mail")]
        );
        assert_eq!(
            found("La campagne Vasseur a accusé l’Ostland de ce piratage, en référence à la guerre.", Fr),
            [relation("La campagne Vasseur", "a accusé", "l’Ostland de ce piratage")]
        );
        assert_eq!(
            found("El partido, segunda fuerza de la isla, acusó a Ostland de robar los correos.", Es),
            [relation("El partido, segunda fuerza de la isla", "acusó", "a Ostland de robar los correos")]
        );
    }

    #[test]
    fn who_denies_what() {
        assert_eq!(
            found("Ostland denied any part in the theft.", En),
            [relation("Ostland", "denied", "any part in the theft")]
        );
        assert_eq!(
            found("Des accusations qui ont été démenties par Tarsk.", Fr),
            [relation("Tarsk", "ont été démenties", "Des accusations")]
        );
        assert_eq!(found("L’ambassade l’a démenti.", Fr), [relation("L’ambassade", "a démenti", "l’")]);
        assert_eq!(
            found("La embajada negó cualquier relación con el robo.", Es),
            [relation("La embajada", "negó", "cualquier relación con el robo")]
        );
    }

    #[test]
    fn a_report_inside_what_is_said() {
        assert_eq!(
            inner(
                "The minister said that the police had told him that the attack came from abroad.",
                En,
                2..3
            ),
            relation("the police", "had told", "that the attack came from abroad")
        );
        assert_eq!(
            inner("The minister said that the police believe the attack came from abroad.", En, 2..3),
            relation("the police", "believe", "the attack came from abroad")
        );
    }

    #[test]
    fn what_somebody_has_just_told_is_a_report_too() {
        let text = "Le candidat a publié que Telmar venait d’informer la campagne que l’Ostland avait piraté un site.";
        assert_eq!(
            inner(text, Fr, 2..4),
            relation("Telmar", "venait d’informer", "que l’Ostland avait piraté un site")
        );
    }

    #[test]
    fn what_is_no_clause_of_that_kind_gives_nothing() {
        for text in [
            "The accused left.",
            "He hoped to deny it.",
            "“We deny it,” the embassy said.",
            "On Monday denied.",
        ] {
            assert_eq!(found(text, En), [], "{text}");
        }
        assert_eq!(found("Pour accuser l’Ostland, il faut des preuves.", Fr), []);
        assert_eq!(found("Sin acusar a nadie, la policía siguió.", Es), []);
    }

    #[test]
    fn a_cue_that_is_known_is_left_alone() {
        let attributor = Attributor::new().unwrap();
        let document = attributor.read("Ostland denied the theft.", En).unwrap();
        let known = Relation { cue: std::iter::once(1..2).collect(), ..Relation::default() };
        assert_eq!(overlooked(&document, &ClauseWords::of(En), &[known]), []);
    }
}
