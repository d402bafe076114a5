//! Copies, translations, rewrites, relays: how items come from one another, and which texts are left as origins.
//!
//! Items are put in a fixed order, exact copies taken together, texts that share text found by fingerprints,
//! texts that tell the same story in any language by sentence vectors; then each gets at most one parent.
//! Limit: what was retold from memory, without credit and without the source's choice of facts, is not found.

mod align;
mod anchors;
mod credit;
mod damage;
mod find;
mod fingerprint;
mod index;
mod kin;
mod likeness;
mod names;
mod parallel;
mod pieces;
mod rare;
mod residue;
mod reuse;
mod seam;
mod sentence;
mod tell;
mod token;
mod tree;
mod vector;
mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use preuve_case::{Diagnostic, Item, LineageFinding, Severity};

pub use damage::detect_damage;
pub use reuse::{Reuse, ReusePair, ReuseParams, detect_reuse};
pub use vector::{VectorError, encode_sentences};

use credit::credits;
use kin::Text;
use names::{Outlets, outlet_of};

/// How the lineage engine works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineageParams {
    /// Threads to use; the findings are the same for any number.
    pub threads: usize,
    /// Time of the examination: a publication date after it is not trusted. `None` trusts every date.
    pub as_of: Option<Timestamp>,
    /// Compare sentences, across languages too, when there are at most this many different texts; beyond, only
    /// shared text within a language is found, and a diagnostic says so.
    pub sentences_up_to: usize,
}

/// What the lineage engine finds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineageFindings {
    /// One finding an item, in the order of the items given.
    pub findings: Vec<LineageFinding>,
    /// Limits that were reached.
    pub diagnostics: Vec<Diagnostic>,
}

/// How every one of `items` comes from another, or from none.
pub fn detect_lineage(items: &[&Item], params: &LineageParams) -> LineageFindings {
    let trusted = |item: &Item| item.meta.published.filter(|at| params.as_of.is_none_or(|now| *at <= now));
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&one, &two| {
        let key =
            |at: usize| (trusted(items[at]).is_none(), trusted(items[at]), &items[at].path, items[at].id);
        key(one).cmp(&key(two)).then(one.cmp(&two))
    });
    let groups = same_text(items, &order, params.threads);
    let known = Outlets::of(items.iter().filter_map(|item| outlet_of(&item.meta)));
    let read = |&at: &usize| {
        let item = items[at];
        let meta = &item.meta;
        let outlet = outlet_of(meta);
        Text {
            item,
            credits: credits(
                &item.text,
                meta.title.as_deref(),
                meta.byline.as_deref(),
                &known,
                outlet.as_deref(),
            ),
            damage: detect_damage(&item.text, item.lang),
            published: trusted(item),
            outlet,
        }
    };
    let leaders: Vec<usize> = groups.iter().map(|group| group[0]).collect();
    let mut texts = parallel::map(&leaders, params.threads, read);
    forget_bywords(&mut texts);
    let mut diagnostics = late_dates(items, params);
    let found = find::find(&texts, params, &mut diagnostics);
    let leader_findings = tell::tell(&texts, &found, params.threads);
    let mut findings: BTreeMap<usize, LineageFinding> = BTreeMap::new();
    let copies: Vec<(usize, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group[1..].iter().map(move |&copy| (at, copy)))
        .collect();
    let told = parallel::map(&copies, params.threads, |&(at, copy)| {
        tell::tell_copy(&read(&copy), items[groups[at][0]], &leader_findings[at])
    });
    findings.extend(copies.iter().map(|&(_, copy)| copy).zip(told));
    findings.extend(leaders.into_iter().zip(leader_findings));
    LineageFindings { findings: findings.into_values().collect(), diagnostics }
}

/// Drop mentions of outlets that many texts name: a company that has pages of its own, or the subject itself.
fn forget_bywords(texts: &mut [Text]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in texts.iter().flat_map(|text| &text.credits.mentioned) {
        *counts.entry(name.clone()).or_default() += 1;
    }
    let many = (texts.len() / 5).max(3);
    for text in texts {
        text.credits.mentioned.retain(|name| counts.get(name).is_none_or(|&count| count <= many));
    }
}

/// Items with the same letters, taken together, each group and the groups in order. A text without letters is
/// nobody's copy.
fn same_text(items: &[&Item], order: &[usize], threads: usize) -> Vec<Vec<usize>> {
    let keys = parallel::map(order, threads, |&at| {
        let (mut one, mut two, mut count) = (1u64, 2u64, 0u64);
        for (letter, _) in fingerprint::letters(&items[at].text) {
            one = fingerprint::mix(one ^ u64::from(letter)).wrapping_add(count);
            two = fingerprint::mix(two.rotate_left(7) ^ u64::from(letter).wrapping_mul(0x9E37_79B9));
            count += 1;
        }
        (one, two, count)
    });
    let mut places: BTreeMap<(u64, u64, u64), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (&at, key) in order.iter().zip(keys) {
        let place = if key.2 == 0 { groups.len() } else { *places.entry(key).or_insert(groups.len()) };
        match groups.get_mut(place) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

fn late_dates(items: &[&Item], params: &LineageParams) -> Vec<Diagnostic> {
    let Some(now) = params.as_of else { return Vec::new() };
    let late = items.iter().filter(|item| item.meta.published.is_some_and(|at| at > now));
    let tell = |item: &&Item| {
        let message = "the date of publication lies in the future and is not used to tell who came first";
        Diagnostic::new(&item.path, Severity::Warning, "lineage::future_date", message).for_item(item.id)
    };
    let mut found: Vec<Diagnostic> = late.map(tell).collect();
    found.sort();
    found
}
