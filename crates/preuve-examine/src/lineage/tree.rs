//! From pairs that are kin to one parent a text, and from parents to origins.
//!
//! The strongest links are taken first; a text has one parent; a link that would close a circle is left out.
//! Limit: a text made from two others shows the stronger.

/// A text and the text it derives from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    /// The text that derives.
    pub(super) child: u32,
    /// The text it derives from.
    pub(super) parent: u32,
    /// 0–1.
    pub(super) strength: f32,
    /// Whether both are of one outlet.
    pub(super) same_outlet: bool,
    /// Place of the evidence in its list.
    pub(super) evidence: usize,
}

/// Strengths no further apart than this are equal; then one outlet, then the earlier parent decides.
const NEAR: f32 = 0.04;

/// The parent of every text, as a place in `links`.
pub(super) fn parents(links: &[Link], texts: usize) -> Vec<Option<usize>> {
    let mut best: Vec<f32> = vec![0.0; texts];
    for link in links {
        let slot = &mut best[link.child as usize];
        *slot = slot.max(link.strength);
    }
    let mut order: Vec<usize> = (0..links.len()).collect();
    let near = |link: &Link| link.strength >= best[link.child as usize] - NEAR;
    order.sort_by(|&one, &two| {
        let (one, two) = (&links[one], &links[two]);
        let near_first = near(two).cmp(&near(one));
        let best_first = best[two.child as usize].total_cmp(&best[one.child as usize]);
        near_first
            .then(best_first)
            .then(one.child.cmp(&two.child))
            .then(if near(one) { two.same_outlet.cmp(&one.same_outlet) } else { std::cmp::Ordering::Equal })
            .then(if near(one) { one.parent.cmp(&two.parent) } else { two.strength.total_cmp(&one.strength) })
            .then(one.parent.cmp(&two.parent))
    });
    let mut parents: Vec<Option<usize>> = vec![None; texts];
    for at in order {
        let link = &links[at];
        if parents[link.child as usize].is_none() && !is_ancestor(links, &parents, link.child, link.parent) {
            parents[link.child as usize] = Some(at);
        }
    }
    parents
}

/// Whether `text` is an ancestor of `of`, or the same.
fn is_ancestor(links: &[Link], parents: &[Option<usize>], text: u32, of: u32) -> bool {
    let mut at = of;
    loop {
        if at == text {
            return true;
        }
        match parents[at as usize] {
            Some(link) => at = links[link].parent,
            None => return false,
        }
    }
}

/// The root that every text goes back to.
pub(super) fn roots(links: &[Link], parents: &[Option<usize>]) -> Vec<u32> {
    let mut roots: Vec<Option<u32>> = vec![None; parents.len()];
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut at = start;
        let root = loop {
            if let Some(root) = roots[at] {
                break root;
            }
            path.push(at);
            match parents[at] {
                Some(link) => at = links[link].parent as usize,
                None => break at as u32,
            }
        };
        path.into_iter().for_each(|text| roots[text] = Some(root));
    }
    roots.into_iter().zip(0u32..).map(|(root, text)| root.unwrap_or(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link(child: u32, parent: u32, strength: f32) -> Link {
        Link { child, parent, strength, same_outlet: false, evidence: 0 }
    }

    #[test]
    fn the_strongest_parent_wins_and_of_equals_the_earliest() {
        let links = [link(2, 1, 0.80), link(2, 0, 0.82), link(3, 0, 0.4), link(3, 1, 0.7)];
        let parents = parents(&links, 4);
        assert_eq!(parents, [None, None, Some(1), Some(3)]);
        assert_eq!(roots(&links, &parents), [0, 1, 0, 1]);
    }

    #[test]
    fn of_equals_the_same_outlet_wins() {
        let links = [link(2, 0, 0.80), Link { same_outlet: true, ..link(2, 1, 0.79) }];
        assert_eq!(parents(&links, 3)[2], Some(1));
    }

    #[test]
    fn mutual_credit_makes_no_circle() {
        let links = [link(0, 1, 0.9), link(1, 2, 0.8), link(2, 0, 0.7)];
        let parents = parents(&links, 3);
        assert_eq!(parents, [Some(0), Some(1), None]);
        assert_eq!(roots(&links, &parents), [2, 2, 2]);
    }

    proptest! {
        #[test]
        fn every_text_reaches_a_root(pairs in prop::collection::vec((0u32..12, 0u32..12, 0.1f32..1.0), 0..60)) {
            let links: Vec<Link> =
                pairs.into_iter().filter(|(a, b, _)| a != b).map(|(a, b, s)| link(a, b, s)).collect();
            let parents = parents(&links, 12);
            let roots = roots(&links, &parents);
            for (text, root) in roots.iter().enumerate() {
                prop_assert!(parents[*root as usize].is_none());
                let parent = parents[text].map(|link| links[link].parent as usize);
                prop_assert!(parent.is_none_or(|parent| roots[parent] == *root));
            }
        }
    }
}
