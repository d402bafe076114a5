//! The rules by which two names are taken for one actor, strongest first.
//!
//! A join is refused where kinds or keys conflict, or where a short name fits two fuller ones: an alias never
//! turns two actors into one.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::Accusation;

use crate::cognate::{likeness, place_stem, spelling, stem};
use crate::input::WeighItem;
use crate::lexicon::{Class, Lexicon};
use crate::roster::{ActorId, Form, Roster, Sort};

/// Disjoint sets of forms; each set knows its kind and key and refuses what conflicts.
pub(crate) struct Union {
    parent: Vec<usize>,
    sort: Vec<Sort>,
    key: Vec<Option<String>>,
}

impl Union {
    pub fn new(forms: &[Form]) -> Self {
        Self {
            parent: (0..forms.len()).collect(),
            sort: forms.iter().map(|form| form.sort).collect(),
            key: forms.iter().map(|form| form.key.clone()).collect(),
        }
    }

    pub fn find(&mut self, form: usize) -> usize {
        let mut root = form;
        while self.parent[root] != root {
            root = self.parent[root];
        }
        let mut at = form;
        while self.parent[at] != root {
            at = std::mem::replace(&mut self.parent[at], root);
        }
        root
    }

    /// The representative of every form.
    pub fn roots(&mut self) -> Vec<ActorId> {
        (0..self.parent.len()).map(|form| self.find(form)).collect()
    }

    /// Joins two forms unless their keys differ or, with `strict`, their kinds.
    fn join(&mut self, a: usize, b: usize, strict: bool) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return true;
        }
        let keys_conflict = matches!((&self.key[a], &self.key[b]), (Some(x), Some(y)) if x != y);
        let (x, y) = (self.sort[a], self.sort[b]);
        let sorts_conflict = x != y && x != Sort::Unknown && y != Sort::Unknown;
        if keys_conflict || (strict && sorts_conflict) {
            return false;
        }
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high] = low;
        if self.sort[low] == Sort::Unknown {
            self.sort[low] = self.sort[high];
        }
        if self.key[low].is_none() {
            self.key[low] = self.key[high].take();
        }
        true
    }
}

/// Runs every rule that needs names alone.
pub(crate) fn join_forms(forms: &[Form], union: &mut Union, lexicon: &Lexicon, max_bucket: usize) {
    join_keys(forms, union);
    join_cores(forms, union);
    join_signatures(forms, union, lexicon);
    join_near(forms, union, lexicon, max_bucket);
    join_places(forms, union, lexicon);
    join_aliases(forms, union, lexicon);
    join_short(forms, union, lexicon);
}

/// One key, one actor.
fn join_keys(forms: &[Form], union: &mut Union) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate() {
        if let Some(key) = &form.key {
            let known = *first.entry(key).or_insert(number);
            union.join(known, number, false);
        }
    }
}

/// The same words: kinds may differ, an engine's slip, unless the one word is somebody's surname.
fn join_cores(forms: &[Form], union: &mut Union) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate().filter(|(_, form)| !form.generic()) {
        groups.entry(form.core.concat()).or_default().push(number);
    }
    let persons = forms.iter().filter(|form| form.sort == Sort::Person && form.core.len() >= 2);
    let surnames: BTreeSet<&String> = persons.filter_map(|form| form.core.last()).collect();
    for (name, group) in &groups {
        for number in &group[1..] {
            union.join(group[0], *number, surnames.contains(name));
        }
        join_only(group, union);
    }
}

/// A name of unknown kind joins the one set of its group that has a kind, and none where there are two.
fn join_only(group: &[usize], union: &mut Union) {
    let roots: BTreeSet<usize> = group.iter().map(|number| union.find(*number)).collect();
    let (unknown, known): (Vec<usize>, Vec<usize>) =
        roots.into_iter().partition(|root| union.sort[*root] == Sort::Unknown);
    if let [only] = known[..] {
        for number in unknown {
            union.join(only, number, true);
        }
    }
}

/// The words of a body's name as concepts or stems, in any order; of a person's as stems, in order.
fn signature(form: &Form, lexicon: &Lexicon) -> Option<String> {
    let mut words: Vec<String> = form
        .core
        .iter()
        .map(|word| match (form.sort, lexicon.concept(word)) {
            (Sort::Person, _) => spelling(word),
            (_, None) => stem(word),
            (_, Some(concept)) => format!("={concept}"),
        })
        .collect();
    let single = words.len() == 1;
    if words.is_empty() || (single && (words[0].chars().count() < 5 || form.sort == Sort::Person)) {
        return None;
    }
    if form.sort == Sort::Person {
        return Some(format!("person {}", words.join(" ")));
    }
    words.sort();
    words.dedup();
    Some(words.join(" "))
}

/// Names of which every word translates or is spelt alike in another language.
fn join_signatures(forms: &[Form], union: &mut Union, lexicon: &Lexicon) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate() {
        if let Some(signature) = signature(form, lexicon) {
            groups.entry(signature).or_default().push(number);
        }
    }
    for group in groups.values() {
        for number in &group[1..] {
            union.join(group[0], *number, true);
        }
    }
}

/// Names of two words or more in different languages that differ a little in one word.
fn join_near(forms: &[Form], union: &mut Union, lexicon: &Lexicon, max_bucket: usize) {
    let mut buckets: BTreeMap<(usize, String), BTreeSet<usize>> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate().filter(|(_, form)| form.core.len() >= 2) {
        for word in form.core.iter().filter(|word| word.chars().count() >= 4) {
            let part =
                lexicon.concept(word).map_or_else(|| stem(word).chars().take(4).collect(), str::to_owned);
            buckets.entry((form.core.len(), part)).or_default().insert(number);
        }
    }
    for bucket in buckets.values().filter(|bucket| bucket.len() <= max_bucket) {
        let members: Vec<usize> = bucket.iter().copied().collect();
        for (at, a) in members.iter().enumerate() {
            for b in &members[at + 1..] {
                if forms[*a].apart_in_language(&forms[*b]) && near(&forms[*a], &forms[*b], lexicon) {
                    union.join(*a, *b, true);
                }
            }
        }
    }
}

/// Whether all words match but one at most, and that one nearly; of persons in order, of bodies in any.
fn near(a: &Form, b: &Form, lexicon: &Lexicon) -> bool {
    let person = a.sort == Sort::Person || b.sort == Sort::Person;
    let bare = |word: &str| if person { spelling(word) } else { stem(word) };
    let equal = |x: &str, y: &str| {
        bare(x) == bare(y)
            || (!person && lexicon.concept(x).is_some_and(|concept| lexicon.concept(y) == Some(concept)))
    };
    let close = |x: &str, y: &str| x.chars().count() >= 5 && likeness(&bare(x), &bare(y)) >= 0.7;
    let mut left: Vec<&str> = b.core.iter().map(String::as_str).collect();
    let mut loose = 0;
    for word in &a.core {
        let reach = if person { 1.min(left.len()) } else { left.len() };
        let at = left[..reach].iter().position(|other| equal(word, other)).or_else(|| {
            loose += 1;
            left[..reach].iter().position(|other| close(word, other))
        });
        match at {
            Some(at) => left.remove(at),
            None => return false,
        };
    }
    loose <= 1
}

/// States under their adjectives, and the arms of a state (its mission, its government) under the state.
fn join_places(forms: &[Form], union: &mut Union, lexicon: &Lexicon) {
    let mut places: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate().filter(|(_, form)| form.sort == Sort::State) {
        let words = form.aliases.values().filter(|core| core.len() == 1).map(|core| &core[0]);
        for place in words
            .chain(form.core.iter().take(usize::from(form.core.len() == 1)))
            .filter_map(|w| place_stem(w))
        {
            places.entry(place).or_default().insert(number);
        }
    }
    for group in places.values() {
        let members: Vec<usize> = group.iter().copied().collect();
        for number in &members[1..] {
            union.join(members[0], *number, true);
        }
    }
    for (number, form) in forms.iter().enumerate().filter(|(_, form)| form.sort != Sort::Person) {
        let (organs, rest): (Vec<&String>, Vec<&String>) = form
            .all
            .iter()
            .partition(|word| lexicon.has(Class::Organ, word) || lexicon.has(Class::Role, word));
        let alone = form.all.len() == 1 && form.sort == Sort::Unknown;
        let ([place], true) = (&rest[..], alone || !organs.is_empty()) else { continue };
        let Some(states) = place_stem(place).and_then(|place| places.get(&place)) else { continue };
        let states: BTreeSet<usize> = states.iter().map(|state| union.find(*state)).collect();
        if let (Some(state), 1) = (states.first(), states.len()) {
            union.join(*state, number, false);
        }
    }
}

/// A name that one item gives as another form of a fuller name, where only one actor is so called.
fn join_aliases(forms: &[Form], union: &mut Union, lexicon: &Lexicon) {
    let mut called: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate() {
        for (alias, core) in form.aliases.iter().filter(|(_, core)| telling(core, lexicon)) {
            if *core != form.core {
                called.entry(alias).or_default().insert(number);
            }
        }
        if !form.generic() {
            named.entry(form.core.join(" ")).or_default().push(number);
        }
    }
    for (alias, owners) in called {
        let owners: Vec<usize> = owners.into_iter().collect();
        for pair in owners.windows(2) {
            let (a, b) = (&forms[pair[0]], &forms[pair[1]]);
            if a.apart_in_language(b) && a.sort == b.sort && a.sort != Sort::Person {
                union.join(pair[0], pair[1], true);
            }
        }
        let actors: BTreeSet<usize> = owners.iter().map(|owner| union.find(*owner)).collect();
        if let (Some(actor), 1) = (actors.first(), actors.len()) {
            for number in named.get(alias).into_iter().flatten() {
                union.join(*actor, *number, true);
            }
        }
    }
}

/// Whether an alias is a name of its own: not a description, not a lone everyday word.
fn telling(core: &[String], lexicon: &Lexicon) -> bool {
    match core {
        [] => false,
        [word] => {
            word.chars().count() >= 3
                && lexicon.concept(word).is_none()
                && ![Class::Role, Class::Body, Class::Organ, Class::Kind, Class::Party]
                    .iter()
                    .any(|class| lexicon.has(*class, word))
        }
        _ => true,
    }
}

/// A surname, or the first word of a body's name, where only one fuller name has it.
fn join_short(forms: &[Form], union: &mut Union, lexicon: &Lexicon) {
    let mut by_end: BTreeMap<(bool, &str), BTreeSet<usize>> = BTreeMap::new();
    for (number, form) in forms.iter().enumerate().filter(|(_, form)| form.core.len() >= 2) {
        let person = form.sort == Sort::Person;
        let word = if person { form.core.last() } else { form.core.first() };
        if let Some(word) = word {
            by_end.entry((person, word)).or_default().insert(number);
        }
    }
    let none = BTreeSet::new();
    for (number, form) in forms.iter().enumerate() {
        let [word] = &form.core[..] else { continue };
        if form.sort == Sort::State || !telling(&form.core, lexicon) {
            continue;
        }
        let persons = by_end.get(&(true, word.as_str())).unwrap_or(&none);
        let bodies = by_end.get(&(false, word.as_str())).unwrap_or(&none);
        let fuller: BTreeSet<usize> = match form.sort {
            Sort::Person => persons.iter().map(|fuller| union.find(*fuller)).collect(),
            Sort::Unknown => persons.iter().chain(bodies).map(|fuller| union.find(*fuller)).collect(),
            _ => bodies.iter().map(|fuller| union.find(*fuller)).collect(),
        };
        if let (Some(only), 1) = (fuller.first(), fuller.len()) {
            union.join(*only, number, true);
        }
    }
}

/// In an item that derives from another, a name that the other has not, in the same place of the same accusation.
///
/// Machine translation turns names into words; the accusation around them stays. Parents come before children.
pub(crate) fn join_translated(
    items: &[&WeighItem],
    parents: &[Option<usize>],
    roster: &Roster,
    union: &mut Union,
) {
    let known: Vec<Vec<[Option<ActorId>; 4]>> =
        items.iter().enumerate().map(|(number, item)| roles(number, item, roster)).collect();
    for (child, parent) in by_depth(parents) {
        if items[child].lang == items[parent].lang {
            continue;
        }
        let (here, there) = (roster.names(child), roster.names(parent));
        for place in 1..4 {
            let mut pairs: BTreeMap<ActorId, BTreeSet<ActorId>> = BTreeMap::new();
            for row in &known[child] {
                let Some(name) = row[place].filter(|name| !there.contains(name)) else { continue };
                for other in known[parent].iter().filter(|other| fits(row, other, place, union)) {
                    if let Some(counterpart) = other[place].filter(|name| !here.contains(name)) {
                        pairs.entry(name).or_default().insert(counterpart);
                    }
                }
            }
            for (name, counterparts) in pairs {
                let roots: BTreeSet<usize> = counterparts.iter().map(|other| union.find(*other)).collect();
                if let (Some(only), 1) = (roots.first(), roots.len()) {
                    union.join(*only, name, false);
                }
            }
        }
    }
}

/// Act, accused, target and accuser of each accusation; the act as a number.
fn roles(number: usize, item: &WeighItem, roster: &Roster) -> Vec<[Option<ActorId>; 4]> {
    let row = |accusation: &Accusation| {
        [
            Some(accusation.act as usize),
            roster.actor(number, &accusation.accused),
            accusation.target.as_deref().and_then(|name| roster.actor(number, name)),
            accusation.accuser.as_deref().and_then(|name| roster.actor(number, name)),
        ]
    };
    let accusations = item.attributions.attributions.iter().filter_map(|said| said.accusation.as_ref());
    accusations.map(row).collect()
}

/// Whether two accusations agree in act and in at least one further place, leaving `place` out.
fn fits(a: &[Option<ActorId>; 4], b: &[Option<ActorId>; 4], place: usize, union: &mut Union) -> bool {
    let mut same = |other: usize| match (a[other], b[other]) {
        (Some(x), Some(y)) => union.find(x) == union.find(y),
        _ => false,
    };
    a[0] == b[0] && (1..4).any(|other| other != place && same(other))
}

/// Pairs of child and parent, nearest to the root first; cycles are left out.
fn by_depth(parents: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (child, parent) in parents.iter().enumerate() {
        let Some(parent) = *parent else { continue };
        let mut depth = 0;
        let mut at = parent;
        while let Some(up) = parents[at] {
            depth += 1;
            at = up;
            if depth > 64 {
                break;
            }
        }
        pairs.push((depth, child, parent));
    }
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, child, parent)| (child, parent)).collect()
}
