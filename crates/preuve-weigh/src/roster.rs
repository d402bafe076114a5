//! Who is who across items: every name of the case joined to an actor, or kept apart.
//!
//! Names are interned as forms (core, kind, key), so the cost follows the number of different names, not of
//! items squared. The rules that join forms are in `join`; when in doubt two forms stay two actors.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{EntityKind, Lang};

use crate::fold::{Name, fold};
use crate::input::WeighItem;
use crate::join::{Union, join_forms, join_translated};
use crate::lexicon::{Class, Lexicon};
use crate::origins::Origins;

/// An actor of the case: the representative of its forms.
pub(crate) type ActorId = usize;

/// What a form or an actor is, as far as joining cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Person,
    State,
    Body,
    Document,
    Unknown,
}

impl Sort {
    fn of(kind: EntityKind) -> Self {
        match kind {
            EntityKind::Person => Self::Person,
            EntityKind::State => Self::State,
            EntityKind::Organisation | EntityKind::Outlet => Self::Body,
            EntityKind::Document => Self::Document,
            EntityKind::Unknown => Self::Unknown,
        }
    }
}

/// One way of naming, as found in any number of items.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// Words that identify; empty for a description without a proper name.
    pub core: Vec<String>,
    /// Every word but articles.
    pub all: Vec<String>,
    pub sort: Sort,
    pub key: Option<String>,
    /// Proper aliases that items give it, by their core.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Times used, by display and whether the item is English.
    displays: BTreeMap<(String, bool), u32>,
    /// Languages of the items that vote.
    pub langs: [bool; 4],
    /// Times that entity lists call it a medium, another body, and that metadata calls it a medium.
    media_votes: [u32; 3],
}

impl Form {
    /// Whether it names nobody in particular.
    pub fn generic(&self) -> bool {
        self.core.is_empty()
    }

    /// Whether the two were never used in one language.
    pub fn apart_in_language(&self, other: &Self) -> bool {
        self.langs.iter().zip(other.langs).all(|(a, b)| !(*a && b))
    }
}

/// What is known of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    /// Name for people to read: the commonest, English before others.
    pub name: String,
    pub sort: Sort,
    pub key: Option<String>,
    /// Whether it is a description without a proper name.
    pub generic: bool,
    /// Whether it is a medium: by the entity lists, else by the metadata.
    pub outlet: bool,
    /// Every word of every form, for the lexicons.
    pub words: Vec<String>,
}

type FormKey = (String, Sort, Option<String>);

/// Names of all items and the actors they stand for.
pub(crate) struct Roster {
    local: Vec<BTreeMap<String, usize>>,
    actors: BTreeMap<ActorId, Actor>,
    of_form: Vec<ActorId>,
}

/// The forms while they are collected.
struct Collector<'a> {
    lexicon: &'a Lexicon,
    forms: BTreeMap<FormKey, Form>,
    local: Vec<BTreeMap<String, FormKey>>,
    /// Media of copies, by item, folded name and key: they join a name that is there and make none.
    media_of_copies: Vec<(usize, String, FormKey)>,
}

impl Roster {
    /// Joins the names of `items`. Copies and translations have no vote in what an actor is or is called.
    pub fn build(items: &[&WeighItem], origins: &Origins, max_bucket: usize) -> Self {
        let mut collector = Collector {
            lexicon: Lexicon::shared(),
            forms: BTreeMap::new(),
            local: Vec::with_capacity(items.len()),
            media_of_copies: Vec::new(),
        };
        for (number, item) in items.iter().enumerate() {
            collector.take_item(item, origins.texts[number] == number);
        }
        collector.take_media_of_copies();
        let numbers: BTreeMap<FormKey, usize> =
            collector.forms.keys().enumerate().map(|(number, key)| (key.clone(), number)).collect();
        let local: Vec<BTreeMap<String, usize>> = collector
            .local
            .into_iter()
            .map(|names| {
                names.into_iter().filter_map(|(name, key)| Some((name, *numbers.get(&key)?))).collect()
            })
            .collect();
        let forms: Vec<Form> = collector.forms.into_values().collect();
        let mut union = Union::new(&forms);
        join_forms(&forms, &mut union, collector.lexicon, max_bucket);
        let mut roster = Self { local, actors: BTreeMap::new(), of_form: union.roots() };
        join_translated(items, &origins.parents, &roster, &mut union);
        roster.of_form = union.roots();
        roster.actors = describe(&forms, &roster.of_form);
        roster
    }

    /// The actor that `name` stands for in item number `item`.
    pub fn actor(&self, item: usize, name: &str) -> Option<ActorId> {
        let folded = fold(name, Lexicon::shared());
        let form = self.local.get(item)?.get(&folded)?;
        self.of_form.get(*form).copied()
    }

    /// Every actor that item number `item` names.
    pub fn names(&self, item: usize) -> BTreeSet<ActorId> {
        let forms = self.local.get(item).into_iter().flat_map(BTreeMap::values);
        forms.filter_map(|form| self.of_form.get(*form).copied()).collect()
    }

    /// What is known of `actor`.
    pub fn get(&self, actor: ActorId) -> Option<&Actor> {
        self.actors.get(&actor)
    }

    /// The actor's name, empty for an unknown one.
    pub fn name(&self, actor: ActorId) -> &str {
        self.actors.get(&actor).map_or("", |known| known.name.as_str())
    }
}

impl Collector<'_> {
    fn take_item(&mut self, item: &WeighItem, votes: bool) {
        let mut names = BTreeMap::new();
        let mut weaker = Vec::new();
        for entity in &item.attributions.entities {
            let lang = Some(item.lang).filter(|_| votes);
            let parsed = Name::parse(&entity.name, self.lexicon);
            let sort = Sort::of(entity.kind);
            let key = self.referred(&entity.name, item);
            let Some(key) = key.or_else(|| self.take(parsed, sort, entity.key.clone(), lang)) else {
                continue;
            };
            if let Some(form) = self.forms.get_mut(&key) {
                form.media_votes[0] += u32::from(votes && entity.kind == EntityKind::Outlet);
                form.media_votes[1] += u32::from(votes && entity.kind == EntityKind::Organisation);
                for alias in entity.aliases.iter().filter(|alias| **alias != entity.name) {
                    let parsed = Name::parse(alias, self.lexicon);
                    form.aliases.entry(parsed.key()).or_insert(parsed.core);
                }
            }
            names.entry(fold(&entity.name, self.lexicon)).or_insert_with(|| key.clone());
            weaker.extend(entity.aliases.iter().map(|alias| (fold(alias, self.lexicon), key.clone())));
        }
        for (alias, key) in weaker {
            names.entry(alias).or_insert(key);
        }
        for (name, kind) in loose_names(item) {
            let folded = fold(name, self.lexicon);
            let known = names.get(&folded).cloned();
            let sort = Sort::of(kind);
            if known.is_none() && kind == EntityKind::Outlet && !votes {
                let key = Name::parse_given(name, self.lexicon).key();
                self.media_of_copies.push((self.local.len(), folded, (key, sort, None)));
                continue;
            }
            let lang = Some(item.lang).filter(|_| votes);
            let known = known.or_else(|| self.referred(name, item));
            let given = matches!(kind, EntityKind::Outlet | EntityKind::Organisation);
            let parsed =
                if given { Name::parse_given(name, self.lexicon) } else { Name::parse(name, self.lexicon) };
            let written = lang.filter(|_| !given || name.chars().any(char::is_uppercase));
            let Some(key) = known.or_else(|| self.take(parsed, sort, None, written)) else { continue };
            if let (Some(form), EntityKind::Outlet, true) = (self.forms.get_mut(&key), kind, votes) {
                form.media_votes[2] += 1;
            }
            names.insert(folded, key);
        }
        names.remove("");
        self.local.push(names);
    }

    /// The only fuller name of the item that a lone word ("the Office") refers back to.
    fn referred(&self, name: &str, item: &WeighItem) -> Option<FormKey> {
        let all = Name::parse(name, self.lexicon).all;
        let [word] = &all[..] else { return None };
        if !self.lexicon.has(Class::Refers, word) {
            return None;
        }
        let fuller = item.attributions.entities.iter().filter_map(|entity| {
            let core = Name::parse(&entity.name, self.lexicon);
            let key = (core.key(), Sort::of(entity.kind), entity.key.clone());
            (core.core.len() >= 2 && core.core.contains(word)).then_some(key)
        });
        let fuller: BTreeSet<FormKey> = fuller.collect();
        fuller.first().filter(|_| fuller.len() == 1).cloned()
    }

    fn take_media_of_copies(&mut self) {
        for (item, name, key) in std::mem::take(&mut self.media_of_copies) {
            if let (true, Some(names)) = (self.forms.contains_key(&key), self.local.get_mut(item)) {
                names.insert(name, key);
            }
        }
    }

    /// Interns a name; `lang` is the language of an item that votes.
    fn take(&mut self, name: Name, sort: Sort, key: Option<String>, lang: Option<Lang>) -> Option<FormKey> {
        let text = if name.core.is_empty() { name.all.join(" ") } else { name.key() };
        if text.is_empty() {
            return None;
        }
        let identity = (text, sort, key);
        let form = self.forms.entry(identity.clone()).or_insert_with(|| Form {
            core: name.core,
            all: name.all,
            sort,
            key: identity.2.clone(),
            aliases: BTreeMap::new(),
            displays: BTreeMap::new(),
            langs: [false; 4],
            media_votes: [0; 3],
        });
        *form.displays.entry((name.display, lang == Some(Lang::En))).or_insert(0) +=
            u32::from(lang.is_some());
        if let Some(lang) = lang {
            form.langs[lang as usize] = true;
        }
        Some(identity)
    }
}

fn describe(forms: &[Form], of_form: &[ActorId]) -> BTreeMap<ActorId, Actor> {
    let mut grouped: BTreeMap<ActorId, Vec<&Form>> = BTreeMap::new();
    for (form, actor) in forms.iter().zip(of_form) {
        grouped.entry(*actor).or_default().push(form);
    }
    grouped.into_iter().map(|(actor, forms)| (actor, describe_one(&forms))).collect()
}

fn describe_one(forms: &[&Form]) -> Actor {
    let mut displays: BTreeMap<(bool, bool, &str), u32> = BTreeMap::new();
    let mut sorts: BTreeMap<Sort, u32> = BTreeMap::new();
    for form in forms {
        for ((display, english), times) in &form.displays {
            *displays.entry((!form.generic(), *english, display)).or_insert(0) += times;
            *sorts.entry(form.sort).or_insert(0) += if form.sort == Sort::Unknown { 0 } else { *times };
        }
    }
    let best = displays
        .iter()
        .max_by(|a, b| (a.0.0, a.0.1, a.1).cmp(&(b.0.0, b.0.1, b.1)).then_with(|| b.0.2.cmp(a.0.2)));
    let votes = |which: usize| forms.iter().map(|form| form.media_votes[which]).sum::<u32>();
    let sort = sorts.iter().max_by_key(|(sort, times)| (**times, std::cmp::Reverse(**sort)));
    let mut words: Vec<String> = forms.iter().flat_map(|form| form.all.iter().cloned()).collect();
    words.sort();
    words.dedup();
    Actor {
        name: best.map_or_else(String::new, |(key, _)| key.2.to_owned()),
        sort: sort.map_or(Sort::Unknown, |(sort, _)| *sort),
        key: forms.iter().find_map(|form| form.key.clone()),
        generic: forms.iter().all(|form| form.generic()),
        outlet: if votes(0) + votes(1) == 0 { votes(2) > 0 } else { votes(0) > votes(1) },
        words,
    }
}

/// Names that stand in attributions, metadata and lineage without being listed as entities.
fn loose_names<'a>(item: &WeighItem<'a>) -> Vec<(&'a str, EntityKind)> {
    let mut names = Vec::new();
    for attribution in &item.attributions.attributions {
        if let Some(accusation) = &attribution.accusation {
            names.push((accusation.accused.as_str(), EntityKind::Unknown));
            names.extend(accusation.accuser.iter().map(|name| (name.as_str(), EntityKind::Unknown)));
            names.extend(accusation.target.iter().map(|name| (name.as_str(), EntityKind::Unknown)));
            names.extend(attribution.source_name.iter().map(|name| (name.as_str(), EntityKind::Unknown)));
            if attribution.source_name.is_none() {
                names.extend(attribution.source.iter().map(|part| (part.text.as_str(), EntityKind::Unknown)));
            }
        }
    }
    names.extend(item.meta.outlet.iter().map(|name| (name.as_str(), EntityKind::Outlet)));
    names.extend(
        item.lineage
            .iter()
            .flat_map(|finding| &finding.relays)
            .map(|name| (name.as_str(), EntityKind::Organisation)),
    );
    names
}
