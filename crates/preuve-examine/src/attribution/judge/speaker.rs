//! Who speaks in a relation: the entity behind its source words, its class, and the bodies it speaks for.
//!
//! A pronoun takes the class of what it stands for; where nothing safe is found, nobody is named.

use std::ops::Range;

use preuve_case::{EntityKind, SourceClass, Span};

use super::Hints;
use super::entities::{Mention, Names};
use super::gazetteer::Form;
use super::lexicon::Class;
use super::view::View;
use crate::attribution::Relation;

/// The source of one relation, as the rules need it.
#[derive(Debug, Clone, Default)]
pub(super) struct Speaker {
    /// The entity that speaks.
    pub entity: Option<usize>,
    /// Its class.
    pub class: Option<SourceClass>,
    /// By its fullest mention; the publishing outlet for "we".
    pub name: Option<String>,
    /// Entities it speaks for, itself included.
    pub sides: Vec<usize>,
    /// The rule that told the class, and the words it rests on.
    pub rule: &'static str,
    /// The words the rule rests on.
    pub spans: Vec<Span>,
    /// First token of the source.
    at: usize,
    /// The noun that heads the source, for later definite mentions.
    head: Option<String>,
}

/// Words that count people out of a body rather than speak of its staff.
const COUNTS: &[&str] = &[
    "a",
    "an",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "some",
    "several",
    "many",
    "few",
    "certain",
    "various",
    "un",
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "des",
    "plusieurs",
    "certains",
    "quelques",
    "d'",
    "de",
    "una",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "unos",
    "unas",
    "varios",
    "varias",
    "algunos",
    "algunas",
];

impl Speaker {
    /// Whether the noun that heads the source is a plural.
    pub(super) fn several(&self) -> bool {
        self.head.as_deref().is_some_and(|head| head.ends_with('s'))
    }
}

/// Resolve the source of every relation, in order of the text.
pub(super) fn speakers(view: &View, names: &Names, relations: &[Relation], hints: &Hints) -> Vec<Speaker> {
    let mut order: Vec<usize> = (0..relations.len()).collect();
    order.sort_by_key(|&i| first_token(&relations[i]));
    let mut speakers = vec![Speaker::default(); relations.len()];
    let mut earlier: Vec<usize> = Vec::new();
    for i in order {
        let past: Vec<Speaker> = earlier.iter().rev().take(6).map(|&j| speakers[j].clone()).collect();
        let resolver = Resolver { view, names, hints, past: &past };
        speakers[i] = resolver.resolve(&relations[i]);
        earlier.push(i);
    }
    speakers
}

/// The first token of the relation's source, else cue, else content.
pub(super) fn first_token(relation: &Relation) -> usize {
    let first = |ranges: &[Range<usize>]| ranges.first().map(|range| range.start);
    first(&relation.source).or_else(|| first(&relation.cue)).or_else(|| first(&relation.content)).unwrap_or(0)
}

fn names_nothing(names: &Names, at: usize) -> bool {
    names.mention_at(at).is_none()
}

/// The words of `range` without a leading article, at most ten.
fn bare_phrase(view: &View, range: &Range<usize>) -> String {
    let article = matches!(
        view.word(range.start),
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
            | "one"
            | "its"
    );
    let start = if article && range.len() > 1 { range.start + 1 } else { range.start };
    view.doc.slice(&(start..range.end.min(start + 10))).to_owned()
}

/// The stretch of the source that stands nearest to the cue; stretches parted by a word or a mark count as one.
fn spoken_source(relation: &Relation) -> Option<Range<usize>> {
    let cue = relation.cue.first().map_or_else(|| first_token(relation), |range| range.start);
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for range in &relation.source {
        match stretches.last_mut() {
            Some(last) if range.start <= last.end + 2 => last.end = last.end.max(range.end),
            _ => stretches.push(range.clone()),
        }
    }
    stretches.into_iter().min_by_key(|range| range.start.abs_diff(cue).min(range.end.abs_diff(cue)))
}

struct Resolver<'r, 'd> {
    view: &'r View<'d>,
    names: &'r Names,
    hints: &'r Hints<'r>,
    past: &'r [Speaker],
}

impl Resolver<'_, '_> {
    fn resolve(&self, relation: &Relation) -> Speaker {
        let Some(range) = spoken_source(relation).filter(|range| !range.is_empty()) else {
            return self.told(None, SourceClass::Unnamed, "class.no_source", first_token(relation), 0..0);
        };
        let at = range.start;
        let mut speaker = self.pronoun(&range).unwrap_or_else(|| self.phrase(&range));
        speaker.at = at;
        self.add_sides(&range, &mut speaker);
        speaker
    }

    fn told(
        &self,
        entity: Option<usize>,
        class: SourceClass,
        rule: &'static str,
        at: usize,
        range: Range<usize>,
    ) -> Speaker {
        let name = entity.map(|entity| self.names.who[entity].name.clone());
        let spans = self.view.span(range).into_iter().collect();
        let sides = entity.into_iter().collect();
        Speaker { entity, class: Some(class), name, sides, rule, spans, at, head: None }
    }

    fn of_entity(&self, entity: usize, rule: &'static str, range: &Range<usize>) -> Speaker {
        let who = &self.names.who[entity];
        let class = match self.names.kind(entity) {
            _ if who.pseudonym => SourceClass::Anonymous,
            EntityKind::Outlet => SourceClass::Outlet,
            EntityKind::Document => SourceClass::Document,
            EntityKind::State | EntityKind::Organisation => SourceClass::Organisation,
            EntityKind::Person | EntityKind::Unknown => SourceClass::NamedPerson,
        };
        self.told(Some(entity), class, rule, range.start, range.clone())
    }

    /// A source that is a pronoun, or "we": what it stands for.
    fn pronoun(&self, range: &Range<usize>) -> Option<Speaker> {
        let view = self.view;
        let at = range.start;
        const PRONOUNS: [Class; 9] = [
            Class::Guest,
            Class::We,
            Class::I,
            Class::He,
            Class::She,
            Class::They,
            Class::It,
            Class::RelPron,
            Class::Demonst,
        ];
        let covered = |at: usize| PRONOUNS.iter().any(|&class| view.is(at, class));
        if range.len() > 3 || !range.clone().all(covered) || !self.names.in_range(range).is_empty() {
            return None;
        }
        if view.starts(at, Class::We)
            || (range.clone().any(|at| view.starts(at, Class::We)) && range.len() <= 3)
        {
            return Some(self.publisher(range));
        }
        if view.starts(at, Class::I) && range.len() == 1 {
            let mut speaker =
                self.told(None, SourceClass::NamedPerson, "class.first_person", at, range.clone());
            speaker.name = self.hints.byline.map(str::to_owned);
            return Some(speaker);
        }
        if range.len() > 2 {
            return None;
        }
        let person = [Class::He, Class::She, Class::Guest].iter().any(|&class| view.starts(at, class));
        let plural = view.starts(at, Class::They);
        let thing = view.starts(at, Class::It) || view.starts(at, Class::RelPron);
        if !(person || plural || thing) {
            return None;
        }
        self.antecedent(range, person, plural)
    }

    fn publisher(&self, range: &Range<usize>) -> Speaker {
        let body =
            self.names.outlet.is_some_and(|entity| self.names.kind(entity) == EntityKind::Organisation);
        let class = if body { SourceClass::Organisation } else { SourceClass::Outlet };
        let mut speaker = self.told(self.names.outlet, class, "class.publisher", range.start, range.clone());
        // Tables of articles often name an outlet by a word with underscores; readers and joins want words.
        speaker.name = speaker.name.or_else(|| self.hints.outlet.map(|outlet| outlet.replace('_', " ")));
        speaker
    }

    /// Whom a third-person pronoun stands for: an earlier speaker of the same kind, else the nearest name.
    fn antecedent(&self, range: &Range<usize>, person: bool, plural: bool) -> Option<Speaker> {
        let view = self.view;
        let at = range.start;
        if view.starts(at, Class::RelPron) {
            let entity = self.names.before(view, at, |_, mention| mention.range.end + 6 > at)?;
            return Some(self.of_entity(entity, "class.relative_pronoun", range));
        }
        if !person
            && !plural
            && let Some(document) = self.document_subject(at)
        {
            return Some(document);
        }
        let near = |speaker: &&Speaker| view.paragraph_index(speaker.at) + 1 >= view.paragraph_index(at);
        let fits = |speaker: &&Speaker| {
            let personal = matches!(speaker.class, Some(SourceClass::NamedPerson | SourceClass::Anonymous));
            let body = matches!(
                speaker.class,
                Some(SourceClass::Organisation | SourceClass::Document | SourceClass::Outlet)
            );
            if person && self.gendered() {
                personal
            } else if plural {
                true
            } else {
                personal && person || body
            }
        };
        let personal = |speaker: &&Speaker| {
            person
                && matches!(speaker.class, Some(SourceClass::NamedPerson | SourceClass::Anonymous))
                && view.paragraph_index(speaker.at) == view.paragraph_index(at)
        };
        let past = || self.past.iter().filter(near);
        if let Some(found) = past().find(personal).or_else(|| past().find(fits)) {
            let subject = self.subject_before(at);
            let newer = subject.filter(|&(place, entity)| {
                let kind = self.names.kind(entity);
                place > found.at && !plural && (kind == EntityKind::Person) == person
            });
            if let Some((_, entity)) = newer {
                return Some(self.of_entity(entity, "class.pronoun", range));
            }
            let mut speaker = found.clone();
            (speaker.rule, speaker.at) = ("class.pronoun", at);
            speaker.spans = view.span(range.clone()).into_iter().collect();
            return Some(speaker);
        }
        let entity = self.names.before(view, at, |entity, mention| {
            let kind = self.names.kind(entity);
            let personal = matches!(kind, EntityKind::Person);
            mention.range.start < at && if person { personal || !self.gendered() } else { !personal }
        });
        match entity {
            Some(entity) => Some(self.of_entity(entity, "class.pronoun", range)),
            None => self.document_before(at).or_else(|| {
                Some(self.told(None, SourceClass::Unnamed, "class.pronoun_unresolved", at, range.clone()))
            }),
        }
    }

    /// In English "he" and "she" are persons; in French and Spanish "il", "elle" may be a body or a paper.
    fn gendered(&self) -> bool {
        !matches!(self.view.lang(), preuve_case::Lang::Fr)
    }

    /// The name that opens the sentence of token `at`, or the one before.
    fn subject_before(&self, at: usize) -> Option<(usize, usize)> {
        let sentence = self.view.sentence(at);
        let subject = |range: Range<usize>| {
            self.names.in_range(&range).iter().find(|mention| {
                let start = mention.range.start;
                let led =
                    start > 0 && (self.view.is(start - 1, Class::Of) || self.view.is(start - 1, Class::By));
                !self.view.quoted(start) && !led && self.names.kind(mention.entity) == EntityKind::Person
            })
        };
        let mention = subject(sentence.start..at).or_else(|| {
            let before = self.view.sentence(sentence.start.checked_sub(1)?);
            let same = self.view.paragraph_index(before.start) == self.view.paragraph_index(at);
            subject(before).filter(|_| same)
        })?;
        Some((mention.range.start, mention.entity))
    }

    /// The document that is the subject of the sentence before ("One passage goes further. It says …").
    fn document_subject(&self, at: usize) -> Option<Speaker> {
        let sentence = self.view.sentence(at);
        let before = self.view.sentence(sentence.start.checked_sub(1)?);
        let same = self.view.paragraph_index(before.start) == self.view.paragraph_index(at);
        let opening = before.start..(before.start + 4).min(before.end);
        let noun = opening.clone().find(|&at| self.view.starts(at, Class::Document)).filter(|_| same)?;
        let named = self.names.in_range(&opening).is_empty();
        named.then(|| self.document(&(noun..noun + 1), noun))
    }

    /// A document spoken of in the sentence before, or earlier in this one.
    fn document_before(&self, at: usize) -> Option<Speaker> {
        let paragraph = self.view.paragraph(at);
        let found = (paragraph.start..at).rev().find(|&place| self.view.starts(place, Class::Document))?;
        Some(self.told(None, SourceClass::Document, "class.pronoun", at, found..found + 1))
    }

    /// A source that is a noun phrase.
    fn phrase(&self, range: &Range<usize>) -> Speaker {
        if let Some(one) = self.one_of_them(range) {
            return one;
        }
        let head = self.head(range);
        let mut speaker = self.by_head(range, head).unwrap_or_else(|| self.by_name(range));
        speaker.head = head.map(|at| self.view.word(at).to_owned());
        speaker
    }

    /// "one of them", "l’un d’eux", "uno de ellos": who was last spoken of as several.
    fn one_of_them(&self, range: &Range<usize>) -> Option<Speaker> {
        let view = self.view;
        let last = range.end.checked_sub(1)?;
        let one =
            matches!(view.word(range.start), "one" | "un" | "une" | "l'" | "uno" | "una" | "another" | "two");
        if range.len() > 4 || !one || !view.is(last, Class::They) {
            return None;
        }
        if let Some(papers) = self.papers_before(range.start) {
            return Some(papers);
        }
        let mut speaker = self.past.iter().find(|past| past.class == Some(SourceClass::Anonymous))?.clone();
        (speaker.rule, speaker.at) = ("class.one_of_them", range.start);
        speaker.spans = view.span(range.clone()).into_iter().collect();
        Some(speaker)
    }

    /// The papers that "one of them" is one of: the nearest plural before, where it names papers and no people.
    fn papers_before(&self, at: usize) -> Option<Speaker> {
        let view = self.view;
        let paragraph = view.paragraph(at);
        let from = at.saturating_sub(30).max(paragraph.start);
        let plural = |place: usize| view.word(place).ends_with('s') && view.word(place).len() > 3;
        let nearest = (from..at).rev().filter(|&place| plural(place)).find_map(|place| {
            let papers = view.starts(place, Class::FileNoun) || view.starts(place, Class::Document);
            let people = [Class::SourceNoun, Class::Vague, Class::RolePerson, Class::BodyPlural]
                .iter()
                .any(|&class| view.starts(place, class));
            (papers || people).then_some((place, papers))
        })?;
        let (place, papers) = nearest;
        papers
            .then(|| self.told(None, SourceClass::Document, "class.one_of_the_papers", at, place..place + 1))
    }

    /// The noun that heads the phrase: its first noun of a class the rules know.
    fn head(&self, range: &Range<usize>) -> Option<usize> {
        let view = self.view;
        const HEADS: [Class; 10] = [
            Class::OutletPlural,
            Class::Spokes,
            Class::RolePerson,
            Class::Document,
            Class::SourceNoun,
            Class::Vague,
            Class::OutletNoun,
            Class::OrgNoun,
            Class::AgentNoun,
            Class::GroupNoun,
        ];
        let known = |at: usize| HEADS.iter().any(|&class| view.starts(at, class));
        let first = range.clone().find(|&at| known(at) && self.names.mention_at(at).is_none())?;
        let compound = |at: usize| {
            at + 1 < range.end
                && known(at + 1)
                && self.names.mention_at(at + 1).is_none()
                && view.lang() == preuve_case::Lang::En
        };
        let mut head = first;
        while compound(head) {
            head += 1;
        }
        Some(head)
    }

    fn by_head(&self, range: &Range<usize>, head: Option<usize>) -> Option<Speaker> {
        let (view, names) = (self.view, self.names);
        let person = self.person_in(range);
        let hidden = self.hidden(range);
        if let Some(person) = person {
            let pseudonym = names.who[person].pseudonym;
            return Some(self.of_entity(
                person,
                if pseudonym { "class.pen_name" } else { "class.person" },
                range,
            ));
        }
        let head = head?;
        let word = head..head + 1;
        if view.starts(head, Class::OutletPlural) && !self.named_before(range, head) {
            return Some(self.told(None, SourceClass::Outlet, "class.outlets", head, word));
        }
        if view.starts(head, Class::Document) && !self.named_before(range, head) {
            return Some(self.document(range, head));
        }
        if view.starts(head, Class::RolePerson) || view.starts(head, Class::Spokes) {
            return self.role(range, head, hidden);
        }
        if view.starts(head, Class::OutletNoun) && !view.starts(head, Class::SourceNoun) {
            let outlet = || names.before(view, head, |entity, _| names.kind(entity) == EntityKind::Outlet);
            let inside = names.in_range(range).first().map(|mention| mention.entity);
            let entity = inside.or_else(|| names.called(view, head)).or_else(outlet);
            return Some(match entity.filter(|&entity| names.kind(entity) != EntityKind::Person) {
                Some(entity) => {
                    let mut speaker = self.of_entity(entity, "class.outlet", range);
                    if names.kind(entity) != EntityKind::State {
                        speaker.class = Some(SourceClass::Outlet);
                    }
                    speaker
                }
                None => self.told(None, SourceClass::Outlet, "class.outlet", head, word),
            });
        }
        if view.starts(head, Class::SourceNoun) || view.starts(head, Class::Vague) {
            return Some(self.people(range, head, hidden));
        }
        if view.starts(head, Class::OrgNoun) || view.starts(head, Class::GroupNoun) {
            let bodies = || {
                names.in_range(range).iter().filter(|mention| {
                    let adjective = mention.form == Form::Adjective && !view.is(head, Class::RepNoun);
                    names.kind(mention.entity) != EntityKind::Person && !adjective
                })
            };
            // "The campaign of Ostland's opposition Reform Union" speaks for the union, not for the country.
            let beside = |mention: &&Mention| {
                let end = mention.range.end;
                let owner = end < range.end && matches!(view.word(end), "'s" | "'");
                let place =
                    mention.range.start.checked_sub(1).is_some_and(|at| view.starts(at, Class::Locative));
                !owner && !place
            };
            let inside = bodies().find(beside).or_else(|| bodies().next());
            let entity = inside.map(|mention| mention.entity).or_else(|| names.called(view, head));
            let campaign = inside.is_none()
                && names.in_range(range).iter().any(|m| names.kind(m.entity) == EntityKind::Person);
            let mut speaker = match entity.filter(|_| !campaign) {
                Some(entity) => self.of_entity(entity, "class.body", range),
                None => self.told(None, SourceClass::Organisation, "class.body", head, word),
            };
            if !matches!(speaker.class, Some(SourceClass::Outlet)) {
                speaker.class = Some(SourceClass::Organisation);
            }
            if speaker.name.is_none() {
                speaker.name = Some(bare_phrase(view, range));
            }
            return Some(speaker);
        }
        None
    }

    /// A person named in the phrase who is its head and not just mentioned in it ("a lawyer for Mr Vale").
    fn person_in(&self, range: &Range<usize>) -> Option<usize> {
        let view = self.view;
        let belongs = |mention: &&Mention| {
            let start = mention.range.start;
            let mut before = start;
            while before > range.start && view.is(before - 1, Class::Honorific) {
                before -= 1;
            }
            let owned = before > range.start
                && (view.is(before - 1, Class::Of) || matches!(view.word(before - 1), "by" | "par" | "por"));
            let owner = mention.range.end < range.end && matches!(view.word(mention.range.end), "'s" | "'");
            let beside = |at: usize| {
                view.is(at, Class::OrgNoun)
                    && !view.is(at, Class::RolePerson)
                    && names_nothing(self.names, at)
            };
            let compound = mention.range.end < range.end && beside(mention.range.end)
                || start > range.start && beside(start - 1);
            owned || owner || compound || self.inside_of(range, start)
        };
        self.names
            .in_range(range)
            .iter()
            .filter(|mention| self.names.kind(mention.entity) == EntityKind::Person)
            .find(|mention| !belongs(mention))
            .map(|mention| mention.entity)
    }

    /// Whether an "of" binds the name at `start` to a noun before it ("the campaign of the candidate Vale").
    fn inside_of(&self, range: &Range<usize>, start: usize) -> bool {
        let view = self.view;
        let clause =
            (range.start..start).rev().find(|&at| view.doc.word(at) == ",").map_or(range.start, |at| at + 1);
        let nouns =
            [Class::OrgNoun, Class::Document, Class::OutletNoun, Class::RolePerson, Class::SourceNoun];
        let head = (clause..start).find(|&at| nouns.iter().any(|&class| view.starts(at, class)));
        head.is_some_and(|head| (head + 1..start).any(|at| view.starts(at, Class::Of)))
    }

    fn named_before(&self, range: &Range<usize>, head: usize) -> bool {
        let mention = self.names.in_range(&(range.start..head)).first();
        mention.is_some_and(|mention| {
            mention.range.end < head && !matches!(self.view.word(mention.range.end), "'s" | "'")
        })
    }

    /// Whether the phrase, or the clause behind it, says that the source hides.
    fn hidden(&self, range: &Range<usize>) -> bool {
        let view = self.view;
        let sentence = view.sentence(range.start);
        let clause = range.end..(range.end + 14).min(sentence.end);
        let relative = view.doc.tokens.get(range.end).is_some()
            && (view.mark(range.end) || view.is(range.end, Class::RelPron));
        view.find(range.clone(), Class::AnonWho).is_some()
            || (relative && view.find(clause, Class::AnonWho).is_some())
    }

    fn document(&self, range: &Range<usize>, head: usize) -> Speaker {
        let mut speaker = self.told(None, SourceClass::Document, "class.document", head, head..head + 1);
        let author = self.names.in_range(range).first().map(|mention| mention.entity);
        let author =
            author.filter(|&entity| self.names.kind(entity) != EntityKind::Person || range.len() < 6);
        speaker.entity = author.or_else(|| self.author_of(head));
        speaker.sides = speaker.entity.into_iter().collect();
        speaker.name = Some(match speaker.entity {
            Some(entity) => self.names.who[entity].name.clone(),
            None => self.title_of(head).unwrap_or_else(|| self.whole_document(range, head)),
        });
        speaker
    }

    /// The title given to the document that the noun at `head` names, anywhere in the item.
    fn title_of(&self, head: usize) -> Option<String> {
        let (view, word) = (self.view, self.view.word(head));
        let places = (0..view.len()).filter(|&at| view.word(at) == word);
        let titled =
            places.filter_map(|at| view.find(at + 1..(at + 4).min(view.sentence(at).end), Class::Titled));
        titled.into_iter().find_map(|at| {
            let near = at + 1..(at + 5).min(view.sentence(at).end);
            let titles =
                |entity: usize| !matches!(self.names.kind(entity), EntityKind::State | EntityKind::Person);
            let title = self.names.in_range(&near).first().filter(|mention| titles(mention.entity))?;
            Some(self.names.who[title.entity].name.clone())
        })
    }

    /// A part of a document ("passage", "page") is named by the document that the item speaks of most.
    fn whole_document(&self, range: &Range<usize>, head: usize) -> String {
        let view = self.view;
        const PARTS: &[&str] = &[
            "passage",
            "page",
            "pages",
            "section",
            "chapter",
            "paragraph",
            "cover page",
            "pasaje",
            "párrafo",
            "página",
            "apartado",
            "paragraphe",
            "chapitre",
            "folio",
        ];
        if !PARTS.contains(&view.word(head)) {
            return bare_phrase(view, range);
        }
        let mut counts: Vec<(usize, usize, &str)> = Vec::new();
        for at in (0..view.len()).filter(|&at| view.starts(at, Class::Document)) {
            let word = view.word(at);
            if PARTS.contains(&word) {
                continue;
            }
            match counts.iter_mut().find(|(.., known)| *known == word) {
                Some((count, ..)) => *count += 1,
                None => counts.push((1, usize::MAX - at, word)),
            }
        }
        counts.iter().max().map_or_else(|| bare_phrase(view, range), |(.., word)| (*word).to_owned())
    }

    /// The body that made the document named at `head`: beside the same noun elsewhere in the item.
    fn author_of(&self, head: usize) -> Option<usize> {
        let (view, word) = (self.view, self.view.word(head));
        (0..view.len()).filter(|&at| view.word(at) == word).find_map(|at| self.author_beside(at))
    }

    fn author_beside(&self, at: usize) -> Option<usize> {
        let view = self.view;
        let sentence = view.sentence(at);
        let after = at + 1..(at + 9).min(sentence.end);
        let makes = |place: &usize| {
            matches!(
                view.word(*place),
                "by" | "of" | "from" | "par" | "de" | "du" | "d'" | "des" | "por" | "del"
            )
        };
        let by = after.clone().take(4).find(makes);
        let body =
            |entity: usize| matches!(self.names.kind(entity), EntityKind::Organisation | EntityKind::State);
        let maker = by.and_then(|by| {
            let near = by + 1..(by + 7).min(sentence.end);
            self.names.in_range(&near).iter().map(|mention| mention.entity).find(|&entity| body(entity))
        });
        let speaker = || {
            let led = (at.saturating_sub(3).max(sentence.start)..at)
                .any(|place| matches!(self.view.word(place), "in" | "dans" | "en"));
            let rest = at + 1..sentence.end;
            let mention = self.names.in_range(&rest).iter().find(|mention| {
                self.names.kind(mention.entity) == EntityKind::Organisation
                    && !self.view.quoted(mention.range.start)
            });
            mention.filter(|_| led).map(|mention| mention.entity)
        };
        maker.or_else(speaker).or_else(|| {
            let before = self.names.in_range(&(at.saturating_sub(3).max(sentence.start)..at)).last()?;
            let owner = matches!(view.word(before.range.end.min(view.len() - 1)), "'s" | "'");
            (owner && body(before.entity)).then_some(before.entity)
        })
    }

    /// A role without a name: who holds it in the item, else the body it speaks for.
    fn role(&self, range: &Range<usize>, head: usize, hidden: bool) -> Option<Speaker> {
        let (view, names) = (self.view, self.names);
        let definite = self.definite(range, head);
        let inside = names.in_range(range);
        if definite
            && let Some(person) = names.in_role(view, head)
            && inside.iter().all(|mention| names.who[person].bodies.contains(&mention.entity))
        {
            return Some(self.of_entity(person, "class.role", range));
        }
        // "A deputy accuses …" at the top, named further on.
        let opening = view.paragraph_index(head) < 2 && !hidden;
        if opening
            && inside.iter().all(|mention| names.kind(mention.entity) != EntityKind::Person)
            && let Some(person) = names.only_in_role(view, head)
        {
            return Some(self.of_entity(person, "class.role_named_below", range));
        }
        let spokes = view.starts(head, Class::Spokes);
        if hidden || (!definite && !spokes) {
            return Some(self.told(None, SourceClass::Anonymous, "class.hidden", head, range.clone()));
        }
        let body = range.clone().find_map(|at| names.body_at(view, at));
        Some(match body {
            Some(body) => {
                let mut speaker = self.of_entity(body, "class.spokesperson", range);
                speaker.class = Some(if spokes { SourceClass::Organisation } else { SourceClass::Unnamed });
                speaker
            }
            None => self.told(
                None,
                if spokes { SourceClass::Organisation } else { SourceClass::Unnamed },
                "class.spokesperson",
                head,
                head..head + 1,
            ),
        })
    }

    fn definite(&self, range: &Range<usize>, head: usize) -> bool {
        let first = self.view.word(range.start);
        range.start == head
            || matches!(
                first,
                "the"
                    | "le"
                    | "la"
                    | "l'"
                    | "les"
                    | "el"
                    | "los"
                    | "las"
                    | "his"
                    | "her"
                    | "its"
                    | "son"
                    | "sa"
                    | "su"
                    | "their"
            )
            || self.view.is(range.start, Class::Poss)
            || self.names.mention_at(range.start).is_some()
    }

    /// People described and not named: hidden individuals, staff of a body, or a vague plural.
    fn people(&self, range: &Range<usize>, head: usize, hidden: bool) -> Speaker {
        let (view, names) = (self.view, self.names);
        let body =
            names.in_range(range).iter().find(|mention| names.kind(mention.entity) != EntityKind::Person);
        let several = view.word(head).ends_with('s')
            && !COUNTS.contains(&view.word(range.start))
            && !view.word(range.start).starts_with(|c: char| c.is_ascii_digit());
        let named_body = body.is_some() && (several || view.find(range.clone(), Class::BodyPlural).is_some());
        if named_body && !hidden {
            let mut speaker = self.of_entity(body.map_or(0, |mention| mention.entity), "class.staff", range);
            speaker.class = Some(SourceClass::Organisation);
            return speaker;
        }
        if range.len() == 1 && view.word(head).ends_with('s') && !hidden {
            return self.told(None, SourceClass::Unnamed, "class.vague", head, range.clone());
        }
        let bare = range.len() <= 2 && view.starts(head, Class::Vague);
        if bare && !hidden {
            let same = self.past.iter().find(|past| past.head.as_deref() == Some(view.word(head)));
            if let Some(same) = same.filter(|_| range.len() == 2) {
                let mut speaker = same.clone();
                speaker.rule = "class.same_noun";
                return speaker;
            }
            return self.told(None, SourceClass::Unnamed, "class.vague", head, range.clone());
        }
        if view.starts(head, Class::SourceNoun) || hidden {
            return self.told(None, SourceClass::Anonymous, "class.hidden", head, range.clone());
        }
        self.told(None, SourceClass::Unnamed, "class.vague", head, range.clone())
    }

    fn by_name(&self, range: &Range<usize>) -> Speaker {
        let mentions = self.names.in_range(range);
        // "Karsland's Civic Union": the union speaks.
        let owner = |mention: &&Mention| {
            mention.range.end < range.end && matches!(self.view.word(mention.range.end), "'s" | "'")
        };
        if let Some(mention) = mentions.iter().find(|mention| !owner(mention)).or(mentions.first()) {
            return self.of_entity(mention.entity, "class.name", range);
        }
        let person = self.view.find(range.clone(), Class::He).or(self.view.find(range.clone(), Class::She));
        if let Some(found) = person.and_then(|_| self.antecedent(range, true, false)) {
            return found;
        }
        self.told(None, SourceClass::Unnamed, "class.unknown", range.start, range.clone())
    }

    /// The bodies that the source speaks for: named in its words, or beside the person's name elsewhere.
    fn add_sides(&self, range: &Range<usize>, speaker: &mut Speaker) {
        let mut sides = std::mem::take(&mut speaker.sides);
        if let Some(entity) = speaker.entity {
            sides.push(entity);
            sides.extend(&self.names.who[entity].bodies);
        }
        for at in range.clone() {
            let own = self.view.starts(at, Class::Poss) || self.names.mention_at(at).is_some();
            if own || self.view.starts(at, Class::OrgNoun) || self.view.starts(at, Class::RepNoun) {
                sides.extend(self.names.body_at(self.view, at));
            }
        }
        let more: Vec<usize> = sides.iter().flat_map(|&side| self.names.who[side].bodies.clone()).collect();
        sides.extend(more);
        sides.sort_unstable();
        sides.dedup();
        speaker.sides = sides;
    }
}
