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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Link;
    use preuve_case::{Format, ItemId, ItemMeta, Lang, Relation};
    use proptest::prelude::*;

    fn head(number: usize, origin: &str, parent: Option<usize>, hour: Option<i64>) -> Head {
        let published = hour.map(|hour| jiff::Timestamp::from_second(hour * 3600).unwrap());
        Head {
            id: ItemId::of(&[number as u8]),
            path: format!("{number}.txt"),
            format: Format::Text,
            lang: Lang::En,
            byte_len: 0,
            text_len: 0,
            meta: ItemMeta { published, ..ItemMeta::default() },
            examined: true,
            attributions: 0,
            accusations: 0,
            worst: None,
            damaged: false,
            link: Some(Link {
                origin: origin.to_owned(),
                parent_id: parent.map(|parent| ItemId::of(&[parent as u8])),
                parent,
                relation: Relation::Copy,
                credited: false,
                relays: Vec::new(),
                score: 1.0,
                signs: Vec::new(),
                aligned: 0,
            }),
        }
    }

    fn shape(lane: &Lane) -> Vec<(usize, usize)> {
        lane.rows.iter().map(|row| (row.article, row.depth)).collect()
    }

    #[test]
    fn an_article_stands_below_the_one_it_derives_from() {
        let heads = [
            head(0, "a", Some(2), Some(3)),
            head(1, "a", Some(2), Some(2)),
            head(2, "a", None, Some(1)),
            head(3, "a", Some(1), Some(9)),
        ];
        assert_eq!(shape(&lanes(&heads)[0]), [(2, 0), (1, 1), (3, 2), (0, 1)]);
    }

    #[test]
    fn the_oldest_text_comes_first_and_the_undated_last() {
        let heads = [head(0, "a", None, None), head(1, "b", None, Some(5)), head(2, "c", None, Some(4))];
        let origins: Vec<_> = lanes(&heads).into_iter().map(|lane| lane.origin).collect();
        assert_eq!(origins, ["c", "b", "a"]);
    }

    #[test]
    fn a_circle_of_derivations_loses_nobody() {
        let heads = [head(0, "a", Some(1), Some(1)), head(1, "a", Some(0), Some(2))];
        assert_eq!(shape(&lanes(&heads)[0]), [(0, 0), (1, 0)]);
    }

    proptest! {
        #[test]
        fn every_article_is_in_its_lane_once(
            links in proptest::collection::vec((0usize..3, proptest::option::of(0usize..12), 0i64..5), 1..12),
        ) {
            let count = links.len();
            let heads: Vec<Head> = links
                .iter()
                .enumerate()
                .map(|(at, (origin, parent, hour))| {
                    head(at, ["a", "b", "c"][*origin], parent.map(|parent| parent % count), Some(*hour))
                })
                .collect();
            let found = lanes(&heads);
            let mut listed: Vec<usize> = found.iter().flat_map(|lane| lane.rows.iter().map(|row| row.article)).collect();
            listed.sort_unstable();
            prop_assert_eq!(listed, (0..count).collect::<Vec<_>>());
        }
    }
}
