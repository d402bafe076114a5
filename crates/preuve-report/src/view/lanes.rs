//! Text origins as lanes: the articles of each, those that derive below what they derive from.

use std::collections::BTreeMap;

use super::Head;

/// An article in its lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Index of the article.
    pub article: usize,
    /// How many derivations lie between it and the head of its tree.
    pub depth: usize,
}

/// One text origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lane {
    /// Its name in the findings.
    pub origin: String,
    /// Its articles, each below the one it derives from.
    pub rows: Vec<Row>,
}

/// The lanes, oldest first; empty where lineage was not examined.
pub(crate) fn lanes(heads: &[Head]) -> Vec<Lane> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, head) in heads.iter().enumerate() {
        if let Some(link) = &head.link {
            members.entry(&link.origin).or_default().push(index);
        }
    }
    let mut lanes: Vec<Lane> = members
        .into_iter()
        .map(|(origin, articles)| Lane { origin: origin.to_owned(), rows: rows(heads, &articles) })
        .collect();
    lanes.sort_by_cached_key(|lane| {
        let oldest = lane.rows.iter().map(|row| age(heads, row.article)).min();
        (oldest, lane.origin.clone())
    });
    lanes
}

/// Undated articles come last, the path decides between equals.
fn age(heads: &[Head], article: usize) -> (bool, Option<jiff::Timestamp>, &str) {
    let published = heads[article].meta.published;
    (published.is_none(), published, &heads[article].path)
}

fn rows(heads: &[Head], articles: &[usize]) -> Vec<Row> {
    let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut roots = Vec::new();
    for &article in articles {
        let parent = heads[article].link.as_ref().and_then(|link| link.parent);
        match parent.filter(|parent| articles.binary_search(parent).is_ok()) {
            Some(parent) => children.entry(parent).or_default().push(article),
            None => roots.push(article),
        }
    }
    let youngest_first = |list: &mut Vec<usize>| {
        list.sort_by(|&a, &b| age(heads, b).cmp(&age(heads, a)));
    };
    youngest_first(&mut roots);
    let mut found = walk(roots, &mut children, youngest_first);
    // What is left hangs on a circle of derivations: listed flat, so that nothing is lost.
    let mut left: Vec<usize> = children.into_values().flatten().collect();
    left.sort_by(|&a, &b| age(heads, a).cmp(&age(heads, b)));
    found.extend(left.into_iter().map(|article| Row { article, depth: 0 }));
    found
}

fn walk(
    roots: Vec<usize>,
    children: &mut BTreeMap<usize, Vec<usize>>,
    sort: impl Fn(&mut Vec<usize>),
) -> Vec<Row> {
    let mut stack: Vec<Row> = roots.into_iter().map(|article| Row { article, depth: 0 }).collect();
    let mut found = Vec::new();
    while let Some(row) = stack.pop() {
        if let Some(mut below) = children.remove(&row.article) {
            sort(&mut below);
            stack.extend(below.into_iter().map(|article| Row { article, depth: row.depth + 1 }));
        }
        found.push(row);
    }
    found
}
