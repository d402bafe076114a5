//! Which items are one text, after the lineage findings and what an analyst judged about them.
//!
//! Every item gets a parent (what it derives from), a root (its text origin) and a text group (itself and the
//! copies and translations of it). It judges no likeness; that is the lineage engine's.

use std::collections::BTreeMap;

use preuve_case::{ItemId, LinkJudgement, Relation};

use crate::input::WeighItem;

/// How an item takes over from its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taking {
    /// It derives from nothing here, or is a later state by the same outlet.
    Own,
    /// The parent's text, whole or in part, in any language.
    Text,
    /// The parent's story in other words.
    Story,
}

/// Parents, origins and text groups of the items, by index.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    /// What each item derives from.
    pub parents: Vec<Option<usize>>,
    /// How.
    pub takings: Vec<Taking>,
    /// The item at the start of the chain.
    pub roots: Vec<usize>,
    /// The item of which each is a copy or translation, itself for others.
    pub texts: Vec<usize>,
    /// Whether lineage was examined for every item.
    pub known: bool,
    /// Judgements of an analyst that changed something, with the two items.
    pub judged: Vec<(usize, usize, LinkJudgement)>,
}

impl Origins {
    /// Reads the findings of `items` (sorted by path) and applies `links`.
    pub fn build(items: &[&WeighItem], links: &[LinkJudgement]) -> Self {
        let by_id: BTreeMap<ItemId, usize> =
            items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
        let mut parents: Vec<Option<usize>> = vec![None; items.len()];
        let mut takings = vec![Taking::Own; items.len()];
        for (at, item) in items.iter().enumerate() {
            let Some(finding) = item.lineage else { continue };
            parents[at] =
                finding.derived_from.and_then(|id| by_id.get(&id).copied()).filter(|parent| *parent != at);
            takings[at] = taking(finding.relation);
        }
        break_cycles(&mut parents);
        join_orphans(items, &mut parents, &takings);
        let mut origins = Self {
            texts: Vec::new(),
            roots: Vec::new(),
            known: items.iter().all(|item| item.lineage.is_some()),
            judged: Vec::new(),
            parents,
            takings,
        };
        for (a, b, link) in last_judgements(links, &by_id) {
            if origins.apply(items, a, b, link.linked) {
                origins.judged.push((a, b, link.clone()));
            }
        }
        for at in 0..items.len() {
            if origins.parents[at].is_none() {
                origins.takings[at] = Taking::Own;
            }
        }
        origins.roots = (0..items.len()).map(|at| origins.climb(at, |_| true)).collect();
        origins.texts = (0..items.len())
            .map(|at| origins.climb(at, |step| origins.takings[step] == Taking::Text))
            .collect();
        origins
    }

    /// The last item of the chain upwards from `at` for which `goes_on` holds at every step.
    fn climb(&self, at: usize, goes_on: impl Fn(usize) -> bool) -> usize {
        let mut here = at;
        while let Some(parent) = self.parents[here].filter(|_| goes_on(here)) {
            here = parent;
        }
        here
    }

    fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parents[at], |step| self.parents[*step])
    }

    /// Steps up to the start of the chain.
    pub fn depth(&self, at: usize) -> usize {
        self.ancestors(at).count()
    }

    /// Whether any item that `at` derives from, step by step, satisfies `is`.
    pub fn any_ancestor(&self, at: usize, is: impl FnMut(usize) -> bool) -> bool {
        self.ancestors(at).any(is)
    }

    fn apply(&mut self, items: &[&WeighItem], a: usize, b: usize, linked: bool) -> bool {
        let (earlier, later) = if order_key(items[a]) <= order_key(items[b]) { (a, b) } else { (b, a) };
        let (root_a, root_b) = (self.climb(earlier, |_| true), self.climb(later, |_| true));
        if linked == (root_a == root_b) {
            return false;
        }
        if linked {
            self.parents[root_b] = Some(earlier);
            self.takings[root_b] = Taking::Text;
        } else {
            let cut = if self.ancestors(earlier).any(|step| step == later) { earlier } else { later };
            let cut = if self.parents[cut].is_some() { cut } else { earlier };
            self.parents[cut] = None;
        }
        true
    }
}

fn taking(relation: Relation) -> Taking {
    match relation {
        Relation::Original | Relation::Revision => Taking::Own,
        Relation::Copy | Relation::Excerpt | Relation::Translation | Relation::MachineTranslation => {
            Taking::Text
        }
        Relation::Rewrite | Relation::Relay => Taking::Story,
    }
}

/// Oldest first; items without a date stand last, then by path.
fn order_key<'a>(item: &WeighItem<'a>) -> (bool, Option<jiff::Timestamp>, &'a str) {
    (item.meta.published.is_none(), item.meta.published, item.path)
}

/// Cuts the upward edge of the first item, in order, that closes a circle.
fn break_cycles(parents: &mut [Option<usize>]) {
    let mut state = vec![0u8; parents.len()];
    for start in 0..parents.len() {
        let mut chain = Vec::new();
        let mut at = start;
        while state[at] == 0 {
            state[at] = 1;
            chain.push(at);
            match parents[at] {
                Some(parent) => at = parent,
                None => break,
            }
        }
        if let Some(last) = chain.last()
            && parents[*last].is_some_and(|parent| state[parent] == 1)
        {
            parents[*last] = None;
        }
        for step in chain {
            state[step] = 2;
        }
    }
}

/// Items without a parent that lineage puts in one origin hang on the oldest of them.
fn join_orphans(items: &[&WeighItem], parents: &mut [Option<usize>], takings: &[Taking]) {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let (Some(finding), None) = (item.lineage, parents[at]) {
            groups.entry(&finding.origin).or_default().push(at);
        }
    }
    for group in groups.values().filter(|group| group.len() > 1) {
        let rank = |at: &usize| (takings[*at] != Taking::Own, order_key(items[*at]));
        let Some(oldest) = group.iter().copied().min_by_key(rank) else { continue };
        for at in group.iter().filter(|at| **at != oldest) {
            parents[*at] = Some(oldest);
        }
    }
}

/// The last judgement about each pair of items that are here, in a fixed order.
fn last_judgements<'a>(
    links: &'a [LinkJudgement],
    by_id: &BTreeMap<ItemId, usize>,
) -> Vec<(usize, usize, &'a LinkJudgement)> {
    let mut last = BTreeMap::new();
    for link in links {
        if let (Some(a), Some(b)) = (by_id.get(&link.a), by_id.get(&link.b))
            && a != b
        {
            last.insert((*a.min(b), *a.max(b)), link);
        }
    }
    let (mut asserted, rejected): (Vec<_>, Vec<_>) =
        last.into_iter().map(|((a, b), link)| (a, b, link)).partition(|(_, _, link)| link.linked);
    asserted.extend(rejected);
    asserted
}
