//! Who is who within one item: mentions joined to entities (surname to full name, acronym, adjective to state),
//! what they are called by ("the firm"), their kind, and the bodies that persons speak for.
//!
//! Joins within an item only; a definite noun leads to an entity only where the item itself ties the two.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use preuve_case::{Entity, EntityKind, Lang};

use super::Hints;
use super::fold::{adjective_of, fold};
use super::gazetteer::{Form, Gazetteer};
use super::lexicon::Class;
use super::mention::{RawMention, acronym, find_mentions};
use super::phrase::{
    articled, body_shape, left_phrase, right_phrase, role_after, role_before, state_shape, titled_document,
};
use super::view::View;

/// A place where an entity is named.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// The tokens.
    pub range: Range<usize>,
    /// Index of the entity.
    pub entity: usize,
    /// How it is written.
    pub form: Form,
}

/// What is known of an entity from the item and the lexicon.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    /// The fullest mention.
    pub name: String,
    /// Its kind, where it could be told.
    pub kind: Option<EntityKind>,
    /// Key that holds in every language.
    pub key: Option<String>,
    /// Entities that this one (a person) speaks for.
    pub bodies: Vec<usize>,
    /// Whether a title or role says that it is a person.
    titled: bool,
    /// Whether it is a hidden individual's pen name.
    pub pseudonym: bool,
    /// Whether an adjective of a state was made from it.
    adjectival: bool,
    tokens: Vec<String>,
}

/// The entities of one item.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Mentions in order.
    pub mentions: Vec<Mention>,
    /// Entities in order of their first mention.
    pub who: Vec<Who>,
    /// Common nouns (lower case) by which entities are called: where, and which.
    called: BTreeMap<String, Vec<(usize, usize)>>,
    /// Nouns of roles: where a person of that role is named, and who.
    roles: BTreeMap<String, Vec<(usize, usize)>>,
    at: Vec<u32>,
    /// The outlet that publishes the item.
    pub outlet: Option<usize>,
}

impl Names {
    /// The entities of the document seen by `view`.
    pub(super) fn new(view: &View, hints: &Hints) -> Self {
        let raw = find_mentions(view);
        let mut names = Names { at: vec![0; view.len()], ..Names::default() };
        names.join(view, &raw);
        names.find_adjectives(view);
        names.mentions.sort_by_key(|mention| mention.range.start);
        names.index();
        names.describe(view);
        names.tell_kinds(view);
        names.find_bodies(view);
        names.find_pseudonyms(view);
        names.set_outlet(hints);
        names
    }

    /// The mention that covers token `at`.
    pub(super) fn mention_at(&self, at: usize) -> Option<&Mention> {
        let number = *self.at.get(at)?;
        self.mentions.get((number as usize).checked_sub(1)?)
    }

    /// The mentions that start in `range`.
    pub(super) fn in_range(&self, range: &Range<usize>) -> &[Mention] {
        let from = self.mentions.partition_point(|mention| mention.range.start < range.start);
        let to = self.mentions.partition_point(|mention| mention.range.start < range.end);
        &self.mentions[from..to.max(from)]
    }

    /// The kind of `entity`.
    pub(super) fn kind(&self, entity: usize) -> EntityKind {
        self.who.get(entity).and_then(|who| who.kind).unwrap_or(EntityKind::Unknown)
    }

    /// The nearest mention before token `at`, in its paragraph or the one before, that `fits`.
    pub(super) fn before(
        &self,
        view: &View,
        at: usize,
        fits: impl Fn(usize, &Mention) -> bool,
    ) -> Option<usize> {
        let paragraph = view.paragraph_index(at);
        let to = self.mentions.partition_point(|mention| mention.range.start < at);
        self.mentions[..to]
            .iter()
            .rev()
            .take_while(|mention| view.paragraph_index(mention.range.start) + 1 >= paragraph)
            .find(|mention| fits(mention.entity, mention))
            .map(|mention| mention.entity)
    }

    /// The entity that the common noun at token `at` ("the firm", "l’Office") stands for in this item.
    pub(super) fn called(&self, view: &View, at: usize) -> Option<usize> {
        let word = view.word(at);
        let direct = self.called.get(word).and_then(|places| nearest(places, at));
        direct.or_else(|| {
            let number = GROUPS.iter().position(|group| group.contains(&word))?;
            let called = GROUPS[number].iter().filter_map(|noun| self.called.get(*noun));
            let places: Vec<_> = called.flatten().copied().collect();
            nearest(&places, at).or_else(|| {
                let heads = HEADS.get(number)?;
                self.before(view, at, |entity, _| {
                    self.who[entity].tokens.iter().any(|token| heads.contains(&token.as_str()))
                })
            })
        })
    }

    /// The one person of the item in the role that the noun at token `at` names; `None` where there are several.
    pub(super) fn only_in_role(&self, view: &View, at: usize) -> Option<usize> {
        let places = self.roles.get(view.word(at))?;
        let &(_, first) = places.first()?;
        places.iter().all(|&(_, entity)| entity == first).then_some(first)
    }

    /// The person whose role is named by the noun at token `at`.
    pub(super) fn in_role(&self, view: &View, at: usize) -> Option<usize> {
        nearest(self.roles.get(view.word(at))?, at)
    }

    /// Join raw mentions to entities, the longest names first.
    fn join(&mut self, view: &View, raw: &[RawMention]) {
        let mut order: Vec<usize> = (0..raw.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(raw[i].range.len()), raw[i].range.start));
        let mut by_tokens: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for i in order {
            let mention = &raw[i];
            let tokens = key_tokens(view, &mention.range);
            if tokens.is_empty() {
                continue;
            }
            let known = mention.known.as_ref();
            let entity = match known {
                Some((key, ..)) => self.who.iter().position(|who| who.key.as_deref() == Some(key)),
                None => by_tokens.get(&tokens).copied().or_else(|| self.shorter_form(view, mention, &tokens)),
            };
            let entity = entity.or_else(|| self.adopts_known(known, &tokens)).unwrap_or_else(|| {
                self.who.push(Who { tokens: tokens.clone(), ..Who::default() });
                self.who.len() - 1
            });
            by_tokens.entry(tokens).or_insert(entity);
            let who = &mut self.who[entity];
            who.titled |= mention.titled;
            let form = known.map_or(Form::Name, |&(.., form)| form);
            if let Some((key, kind, form)) = known {
                who.key = Some(key.clone());
                who.kind = Some(*kind);
                who.adjectival |= *form == Form::Adjective;
            }
            self.mentions.push(Mention { range: mention.range.clone(), entity, form });
        }
    }

    /// The entity of which `tokens` is a shorter form: surname, head, acronym.
    fn shorter_form(&self, view: &View, mention: &RawMention, tokens: &[String]) -> Option<usize> {
        let word = view.doc.word(mention.range.start);
        if tokens.len() == 1 && acronym(word) {
            return self.who.iter().position(|who| initials(&who.tokens, &tokens[0]));
        }
        let single_common = tokens.len() == 1 && mention.range.len() <= 2 && {
            let at = mention.range.end - 1;
            view.is(at, Class::OrgName) || view.is(at, Class::OutletName)
        };
        let fits = |who: &Who, test: &dyn Fn(&[String]) -> bool| {
            who.tokens.len() > tokens.len() && test(&who.tokens)
        };
        let suffix = self.who.iter().position(|who| fits(who, &|full| full.ends_with(tokens)));
        let prefix = || {
            self.who.iter().position(|who| {
                fits(who, &|full| {
                    full.starts_with(tokens) && (mention.titled || !who.titled || tokens.len() == 1)
                })
            })
        };
        let inside =
            || self.who.iter().position(|who| single_common && fits(who, &|full| full.contains(&tokens[0])));
        suffix.or_else(prefix).or_else(inside)
    }

    /// A known name adopts an entity that the item writes more fully (`Vladimir Putin` known, `Putin` here).
    fn adopts_known(&self, known: Option<&(String, EntityKind, Form)>, tokens: &[String]) -> Option<usize> {
        let (_, kind, _) = known?;
        (*kind == EntityKind::Person)
            .then(|| self.who.iter().position(|who| who.key.is_none() && who.tokens.ends_with(tokens)))?
    }

    /// Adjectives made from names of the item: in lower case in French and Spanish, in capitals in English.
    fn find_adjectives(&mut self, view: &View) {
        let mut taken = vec![false; view.len()];
        for mention in &self.mentions {
            taken[mention.range.clone()].iter_mut().for_each(|taken| *taken = true);
        }
        let names: Vec<(usize, String)> = self
            .who
            .iter()
            .enumerate()
            .filter(|(_, who)| who.tokens.len() == 1 && !who.titled && who.key.is_none())
            .map(|(entity, who)| (entity, who.tokens[0].clone()))
            .filter(|(_, name)| name.len() >= 4)
            .collect();
        if view.lang() == Lang::En {
            for mention in &mut self.mentions {
                let word = view.word(mention.range.start).to_owned();
                let state = names
                    .iter()
                    .find(|(entity, name)| *entity != mention.entity && adjective_of(&word, name));
                if let (1, Some((state, _))) = (mention.range.len(), state) {
                    (mention.entity, mention.form) = (*state, Form::Adjective);
                    self.who[*state].adjectival = true;
                }
            }
            return;
        }
        for at in (0..view.len()).filter(|&at| !taken[at] && view.word(at).len() >= 6) {
            let word = view.word(at);
            if let Some((state, _)) = names.iter().find(|(_, name)| adjective_of(word, name)) {
                self.mentions.push(Mention { range: at..at + 1, entity: *state, form: Form::Adjective });
                self.who[*state].adjectival = true;
            }
        }
    }

    /// Number mentions by token, choose names, drop entities that lost their mentions.
    fn index(&mut self) {
        let mut renumber = BTreeMap::new();
        let mut kept = Vec::new();
        for mention in &mut self.mentions {
            let next = kept.len();
            let number = *renumber.entry(mention.entity).or_insert(next);
            if number == next {
                kept.push(std::mem::take(&mut self.who[mention.entity]));
            }
            mention.entity = number;
        }
        self.who = kept;
        for (number, mention) in self.mentions.iter().enumerate() {
            self.at[mention.range.clone()].iter_mut().for_each(|at| *at = number as u32 + 1);
        }
    }

    /// Collect the nouns by which entities are called, from the words beside their names.
    fn describe(&mut self, view: &View) {
        for mention in self.mentions.clone() {
            if mention.form == Form::Adjective {
                continue;
            }
            let personal = |range: &Range<usize>| range.clone().any(|at| view.is(at, Class::RolePerson));
            let phrases = [left_phrase(view, &mention.range), right_phrase(view, &mention.range)];
            for at in phrases.into_iter().filter(|phrase| !personal(phrase)).flatten() {
                let noun = [Class::OrgNoun, Class::OutletNoun, Class::GroupNoun, Class::RepNoun];
                if noun.iter().any(|&class| view.is(at, class)) && self.mention_at(at).is_none() {
                    self.called.entry(view.word(at).to_owned()).or_default().push((at, mention.entity));
                }
            }
        }
    }

    fn tell_kinds(&mut self, view: &View) {
        let nouns: Vec<BTreeSet<Class>> = self.nouns_of(view);
        for (entity, nouns) in nouns.iter().enumerate() {
            let mentions: Vec<Mention> =
                self.mentions.iter().filter(|mention| mention.entity == entity).cloned().collect();
            self.choose_name(view, entity, &mentions);
            if self.who[entity].kind.is_none() {
                let kind = self.guess_kind(view, entity, &mentions, nouns);
                self.who[entity].kind = Some(kind);
            }
        }
    }

    fn nouns_of(&self, view: &View) -> Vec<BTreeSet<Class>> {
        let mut nouns = vec![BTreeSet::new(); self.who.len()];
        for places in self.called.values() {
            for &(at, entity) in places {
                for class in [Class::OrgNoun, Class::OutletNoun, Class::GroupNoun, Class::RepNoun] {
                    if view.is(at, class) {
                        nouns[entity].insert(class);
                    }
                }
            }
        }
        nouns
    }

    fn choose_name(&mut self, view: &View, entity: usize, mentions: &[Mention]) {
        let rank = |mention: &Mention| {
            let plain = match mention.form {
                Form::Name => 2,
                Form::House => 1,
                Form::Adjective => 0,
            };
            (plain, mention.range.len(), std::cmp::Reverse(mention.range.start))
        };
        if let Some(best) = mentions.iter().max_by_key(|mention| rank(mention)) {
            let known = self.who[entity].key.as_deref().filter(|_| best.form != Form::Name);
            let name = known.and_then(|key| Gazetteer::of(view.lang()).name_of(key));
            self.who[entity].name = name.unwrap_or_else(|| view.doc.slice(&best.range)).to_owned();
            self.who[entity].tokens = key_tokens(view, &best.range);
        }
    }

    fn guess_kind(
        &self,
        view: &View,
        entity: usize,
        mentions: &[Mention],
        nouns: &BTreeSet<Class>,
    ) -> EntityKind {
        let who = &self.who[entity];
        let any =
            |test: &dyn Fn(usize) -> bool| mentions.iter().any(|mention| mention.range.clone().any(test));
        if who.titled {
            return EntityKind::Person;
        }
        if who.adjectival {
            return EntityKind::State;
        }
        if mentions.iter().any(|mention| titled_document(view, &mention.range)) {
            return EntityKind::Document;
        }
        let body_words =
            any(&|at| view.capital(at) && (view.is(at, Class::OutletName) || view.is(at, Class::OrgName)));
        let in_role = |mention: &Mention| {
            !role_before(view, &mention.range).is_empty() || !role_after(view, &mention.range).is_empty()
        };
        if !body_words && !body_shape(&who.name) && mentions.iter().any(in_role) {
            return EntityKind::Person;
        }
        let outlet_word = any(&|at| view.capital(at) && view.is(at, Class::OutletName));
        let body_word = any(&|at| view.capital(at) && view.is(at, Class::OrgName));
        if outlet_word && body_word && !called_outlet(view, mentions) {
            // "Press Council", « Agence nationale de sûreté »: the head decides.
            return EntityKind::Organisation;
        }
        if nouns.contains(&Class::OutletNoun) || outlet_word {
            return EntityKind::Outlet;
        }
        if body_word {
            return EntityKind::Organisation;
        }
        let word = who.name.as_str();
        let single = who.tokens.len() == 1;
        if single && nouns.contains(&Class::RepNoun) && !acronym(word) {
            return EntityKind::State;
        }
        let plain = who.tokens.iter().all(|token| token.chars().all(|c| c.is_alphabetic() || c == '-'));
        let only_rep = nouns.iter().all(|class| matches!(class, Class::RepNoun | Class::OrgNoun))
            && nouns.contains(&Class::RepNoun);
        if only_rep && plain && (2..=3).contains(&who.tokens.len()) {
            return EntityKind::Person;
        }
        if !nouns.is_empty() || (single && body_shape(word)) {
            return EntityKind::Organisation;
        }
        let article = |mention: &Mention| {
            mention.range.start > 0
                && matches!(view.word(mention.range.start - 1), "le" | "la" | "l'" | "les")
        };
        if view.lang() == Lang::Fr && mentions.iter().any(article) {
            return if single { EntityKind::State } else { EntityKind::Organisation };
        }
        let hackers = |mention: &Mention| {
            view.is(mention.range.end, Class::AgentNoun)
                || (mention.range.start.saturating_sub(2)..mention.range.start)
                    .any(|at| view.is(at, Class::AgentNoun))
        };
        if single && (state_shape(&who.tokens[0]) || mentions.iter().any(hackers)) {
            return EntityKind::State;
        }
        let placed = |mention: &Mention| {
            mention.range.start > 0 && view.starts(mention.range.start - 1, Class::Locative)
        };
        if single && plain && !mentions.iter().all(placed) {
            // Persons are named in full somewhere in an article; a lone name is a firm's, a platform's or a movement's.
            return EntityKind::Organisation;
        }
        if !plain || !(2..=4).contains(&who.tokens.len()) {
            return EntityKind::Unknown;
        }
        if mentions.iter().any(|mention| articled(view, &mention.range)) {
            return EntityKind::Outlet;
        }
        EntityKind::Person
    }

    /// The bodies that persons speak for, from the words beside their names.
    fn find_bodies(&mut self, view: &View) {
        for mention in self.mentions.clone() {
            if matches!(self.kind(mention.entity), EntityKind::State | EntityKind::Outlet) {
                continue;
            }
            for region in [role_before(view, &mention.range), role_after(view, &mention.range)] {
                self.take_role(view, &mention, region);
            }
        }
    }

    fn take_role(&mut self, view: &View, mention: &Mention, region: Range<usize>) {
        let Some(role) = region.clone().find(|&at| view.is(at, Class::RolePerson)) else { return };
        let entity = mention.entity;
        self.roles.entry(view.word(role).to_owned()).or_default().push((role, entity));
        if self.who[entity].kind == Some(EntityKind::Unknown) {
            self.who[entity].kind = Some(EntityKind::Person);
        }
        let mut bodies = Vec::new();
        for at in region {
            bodies.extend(self.body_at(view, at));
        }
        for body in bodies {
            if body != entity && !self.who[entity].bodies.contains(&body) {
                self.who[entity].bodies.push(body);
            }
        }
    }

    /// The body named or meant at token `at`.
    pub(super) fn body_at(&self, view: &View, at: usize) -> Option<usize> {
        if let Some(mention) = self.mention_at(at) {
            return Some(mention.entity);
        }
        if view.starts(at, Class::OrgNoun)
            || view.starts(at, Class::OutletNoun)
            || view.starts(at, Class::RepNoun)
        {
            return self.called(view, at);
        }
        let own = view.starts(at, Class::Poss) && !view.starts(at, Class::She) && !view.starts(at, Class::He);
        own.then(|| {
            let bodies = [EntityKind::State, EntityKind::Organisation];
            let fits = |entity: usize| bodies.contains(&self.kind(entity));
            // "Karsland shot back at the Union. Its ambassador …": whose the sentence before is.
            let sentence = view.sentence(at);
            let opens = at < sentence.start + 2 && sentence.start > view.paragraph(at).start;
            let subject = || {
                let before = view.sentence(sentence.start - 1);
                let first = self.in_range(&before).first().filter(|_| opens)?;
                (first.range.start < before.start + 4 && fits(first.entity)).then_some(first.entity)
            };
            opens.then(subject).flatten().or_else(|| self.before(view, at, |entity, _| fits(entity)))
        })?
    }

    /// Names set beside words of hiding ("someone who signs as Zed") are pen names.
    fn find_pseudonyms(&mut self, view: &View) {
        for mention in self.mentions.clone() {
            let who = &self.who[mention.entity];
            if who.tokens.len() > 1 || who.key.is_some() || who.titled || who.adjectival {
                continue;
            }
            let sentence = view.sentence(mention.range.start);
            let from = mention.range.start.saturating_sub(7).max(sentence.start);
            let before = from..mention.range.start;
            let hides =
                before.clone().any(|at| view.is(at, Class::AnonWho) && !view.is(at, Class::RolePerson))
                    && !before.clone().any(|at| self.mention_at(at).is_some())
                    && !before.clone().any(|at| view.is(at, Class::GroupNoun));
            // "under the name of Zed"
            let borrowed = (mention.range.start.saturating_sub(3).max(sentence.start)..mention.range.start)
                .any(|at| {
                    matches!(
                        view.word(at),
                        "name" | "nom" | "nombre" | "alias" | "pseudonym" | "pseudonyme" | "seudónimo"
                    )
                });
            if (hides || borrowed) && !matches!(who.kind, Some(EntityKind::Outlet | EntityKind::State)) {
                self.who[mention.entity].pseudonym = true;
                self.who[mention.entity].kind = Some(EntityKind::Person);
            }
        }
    }

    fn set_outlet(&mut self, hints: &Hints) {
        let Some(outlet) = hints.outlet else { return };
        let folded: Vec<String> = words_of(outlet);
        let found = self
            .who
            .iter()
            .position(|who| !folded.is_empty() && (who.tokens == folded || folded.ends_with(&who.tokens)));
        // A body that publishes its own release stays a body.
        if let Some(entity) = found.filter(|&entity| self.who[entity].kind != Some(EntityKind::Organisation))
        {
            self.who[entity].kind = Some(EntityKind::Outlet);
        }
        self.outlet = found;
    }

    /// The entities as the vocabulary has them.
    pub(super) fn entities(&self, view: &View) -> Vec<Entity> {
        let mut out: Vec<Entity> = self
            .who
            .iter()
            .map(|who| Entity {
                name: who.name.clone(),
                kind: who.kind.unwrap_or(EntityKind::Unknown),
                key: who.key.clone(),
                aliases: Vec::new(),
                spans: Vec::new(),
            })
            .collect();
        let mut aliases: Vec<BTreeSet<String>> = vec![BTreeSet::new(); out.len()];
        for mention in &self.mentions {
            aliases[mention.entity].insert(view.doc.slice(&mention.range).to_owned());
            out[mention.entity].spans.extend(view.span(mention.range.clone()));
        }
        for (entity, aliases) in out.iter_mut().zip(aliases) {
            entity.aliases = aliases.into_iter().collect();
        }
        out
    }
}

/// Whether the word that heads one of the names (the last in English, else the first) is an outlet's and no body's, or
/// an agency's that deals in news.
fn called_outlet(view: &View, mentions: &[Mention]) -> bool {
    const NEWS: &[&str] =
        &["presse", "prensa", "noticias", "nouvelles", "news", "press", "efe", "informations"];
    mentions.iter().any(|mention| {
        let head = if view.lang() == Lang::En { mention.range.end - 1 } else { mention.range.start };
        let news = mention.range.clone().any(|at| at != mention.range.start && NEWS.contains(&view.word(at)));
        let only = view.is(head, Class::OutletName) && !view.is(head, Class::OrgName);
        only || view.is(head, Class::OutletName) && news
    })
}

/// Common nouns that stand for the same kind of body.
const GROUPS: &[&[&str]] = &[
    &[
        "company",
        "firm",
        "carrier",
        "shipper",
        "operator",
        "provider",
        "society",
        "société",
        "entreprise",
        "compagnie",
        "firme",
        "armateur",
        "fournisseur",
        "empresa",
        "firma",
        "compañía",
        "naviera",
        "proveedor",
    ],
    &["party", "campaign", "camp", "parti", "campagne", "partido", "campaña", "organisation", "organización"],
    &[
        "newspaper",
        "paper",
        "daily",
        "tabloid",
        "magazine",
        "journal",
        "quotidien",
        "tabloïd",
        "hebdomadaire",
        "diario",
        "periódico",
        "tabloide",
        "revista",
        "rotativo",
        "outlet",
        "semanario",
    ],
    &[
        "broadcaster",
        "channel",
        "station",
        "chaîne",
        "cadena",
        "emisora",
        "canal",
        "television",
        "télévision",
    ],
    &["mission", "embassy", "ambassade", "misión", "embajada", "consulate", "consulat", "consulado"],
    &["group", "gang", "crew", "collective", "groupe", "collectif", "grupo", "colectivo", "banda"],
    &["agency", "office", "agence", "office", "oficina", "agencia", "organismo", "bureau", "service"],
];

/// Words in the names of bodies that a noun of the group of the same number may stand for.
const HEADS: &[&[&str]] = &[
    &[
        "labs",
        "inc",
        "ltd",
        "analytics",
        "lines",
        "group",
        "systems",
        "security",
        "technologies",
        "consulting",
        "solutions",
        "software",
        "networks",
        "bank",
        "corp",
        "holdings",
        "lineas",
        "laboratoires",
        "laboratorios",
    ],
    &[
        "union",
        "unite",
        "unidad",
        "party",
        "parti",
        "partido",
        "league",
        "ligue",
        "liga",
        "front",
        "frente",
        "movement",
        "mouvement",
        "movimiento",
        "alliance",
        "alianza",
        "coalition",
        "coalicion",
        "concord",
        "concorde",
        "concordia",
        "rassemblement",
        "sindicato",
    ],
];

fn nearest(places: &[(usize, usize)], at: usize) -> Option<usize> {
    let before = places.iter().filter(|(place, _)| *place <= at).max_by_key(|(place, _)| *place);
    before.or_else(|| places.iter().min_by_key(|(place, _)| *place)).map(|&(_, entity)| entity)
}

fn key_tokens(view: &View, range: &Range<usize>) -> Vec<String> {
    let mut tokens: Vec<String> = range
        .clone()
        .filter(|&at| !view.mark(at) && (range.len() == 1 || !is_joiner(view.word(at))))
        .map(|at| fold(view.doc.word(at)))
        .collect();
    tokens.retain(|token| !token.is_empty());
    tokens
}

fn words_of(name: &str) -> Vec<String> {
    name.split(|c: char| c.is_whitespace() || matches!(c, '_'))
        .filter(|word| !is_joiner(&word.to_lowercase()))
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_joiner(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "of"
            | "for"
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
            | "el"
    )
}

fn initials(tokens: &[String], acronym: &str) -> bool {
    tokens.len() >= 2 && tokens.iter().filter_map(|token| token.chars().next()).eq(acronym.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::Document;

    fn with<R>(text: &str, lang: Lang, test: impl Fn(&View, &Names) -> R) -> R {
        let doc = Document::new(text, lang);
        let view = View::new(&doc);
        let names = Names::new(&view, &Hints::default());
        test(&view, &names)
    }

    fn entity<'n>(names: &'n Names, name: &str) -> &'n Who {
        names.who.iter().find(|who| who.name == name).unwrap_or_else(|| panic!("{name} in {:?}", names.who))
    }

    #[test]
    fn surnames_and_acronyms_join_their_full_names() {
        let text = "The Harbour Safety Board (HSB) met Tomas Vale. Vale left; HSB stayed, the Board said.";
        with(text, Lang::En, |view, names| {
            let entities = names.entities(view);
            let of =
                |name: &str| entities.iter().find(|entity| entity.name == name).map(|e| e.aliases.clone());
            assert_eq!(of("Tomas Vale"), Some(vec!["Tomas Vale".into(), "Vale".into()]));
            assert_eq!(
                of("Harbour Safety Board"),
                Some(vec!["Board".into(), "HSB".into(), "Harbour Safety Board".into()])
            );
        });
    }

    #[test]
    fn adjectives_join_their_invented_state() {
        with("Le Belmark nie. Les pirates belmarkais rient.", Lang::Fr, |_, names| {
            assert_eq!(entity(names, "Belmark").kind, Some(EntityKind::State));
        });
        with("Belmark denied it. A Belmarkic plot was found.", Lang::En, |view, names| {
            assert_eq!(names.entities(view)[0].aliases, ["Belmark", "Belmarkic"]);
        });
        with("Belmark lo niega. La misión belmarkesa calla.", Lang::Es, |_, names| {
            assert_eq!(entity(names, "Belmark").kind, Some(EntityKind::State));
        });
    }

    #[test]
    fn persons_speak_for_the_bodies_beside_their_names() {
        for (text, lang) in [
            ("Anna Brook, the spokeswoman of the Harbour League, spoke.", Lang::En),
            ("La porte-parole de la Harbour League, Anna Brook, parle.", Lang::Fr),
            ("Habló la portavoz de la Harbour League, Anna Brook.", Lang::Es),
        ] {
            with(text, lang, |_, names| {
                let league = names.who.iter().position(|who| who.name == "Harbour League").unwrap();
                assert_eq!(entity(names, "Anna Brook").bodies, [league], "{text}");
            });
        }
    }

    #[test]
    fn common_nouns_lead_to_the_entity_the_item_ties_them_to() {
        with("The security firm Redwell warned us. The company said more.", Lang::En, |view, names| {
            let at = (0..view.len()).find(|&at| view.word(at) == "company").unwrap();
            assert_eq!(names.called(view, at).map(|entity| names.who[entity].name.as_str()), Some("Redwell"));
        });
    }

    #[test]
    fn pen_names_are_told() {
        with("Mails came from someone who signs as Corvo. Corvo wrote again.", Lang::En, |_, names| {
            assert!(entity(names, "Corvo").pseudonym);
        });
    }
}
