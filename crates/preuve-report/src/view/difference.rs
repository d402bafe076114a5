//! Which words of two passages in one language are not in the other: what an editor changed.

use std::ops::Range;

/// Cells of the table of common words; larger passages are shown without marks.
const CELLS: usize = 250_000;

/// A run of words and whether it is in one passage only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// Bytes of the passage.
    pub bytes: Range<usize>,
    /// Whether the other passage lacks it.
    pub changed: bool,
}

/// The runs of both passages, which together are the passages; `None` where they are too long to compare.
pub(crate) fn differences(ours: &str, theirs: &str) -> Option<(Vec<Run>, Vec<Run>)> {
    let (a, b) = (words(ours), words(theirs));
    let same = |i: usize, j: usize| ours[a[i].clone()].trim() == theirs[b[j].clone()].trim();
    let shorter = a.len().min(b.len());
    let head = (0..shorter).take_while(|&i| same(i, i)).count();
    let tail = (0..shorter - head).take_while(|&i| same(a.len() - 1 - i, b.len() - 1 - i)).count();
    let (rows, columns) = (a.len() - head - tail, b.len() - head - tail);
    if rows.saturating_mul(columns) > CELLS {
        return None;
    }
    let kept = common(rows, columns, |i, j| same(head + i, head + j));
    let mut in_a = vec![true; a.len()];
    let mut in_b = vec![true; b.len()];
    in_a[head..head + rows].fill(false);
    in_b[head..head + columns].fill(false);
    for (i, j) in kept {
        in_a[head + i] = true;
        in_b[head + j] = true;
    }
    Some((runs(&a, &in_a), runs(&b, &in_b)))
}

/// Words with the blanks that follow them; leading blanks belong to the first.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut blank = true;
    for (at, c) in text.char_indices() {
        if blank && !c.is_whitespace() && at > start && !text[start..at].trim().is_empty() {
            found.push(start..at);
            start = at;
        }
        blank = c.is_whitespace();
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// Pairs of a longest common subsequence.
fn common(rows: usize, columns: usize, same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let wide = columns + 1;
    let mut best = vec![0u32; (rows + 1) * wide];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            best[i * wide + j] = if same(i, j) {
                best[(i + 1) * wide + j + 1] + 1
            } else {
                best[(i + 1) * wide + j].max(best[i * wide + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < rows && j < columns {
        if same(i, j) {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if best[(i + 1) * wide + j] >= best[i * wide + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn runs(words: &[Range<usize>], kept: &[bool]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for (word, kept) in words.iter().zip(kept) {
        match found.last_mut() {
            Some(run) if run.changed != *kept => run.bytes.end = word.end,
            _ => found.push(Run { bytes: word.clone(), changed: !kept }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changed<'t>(text: &'t str, runs: &[Run]) -> Vec<&'t str> {
        runs.iter().filter(|run| run.changed).map(|run| text[run.bytes.clone()].trim()).collect()
    }

    #[test]
    fn a_replaced_word_is_marked_on_both_sides() {
        let (ours, theirs) = ("the minister said no", "the spokesman said no");
        let (a, b) = differences(ours, theirs).unwrap();
        assert_eq!((changed(ours, &a), changed(theirs, &b)), (vec!["minister"], vec!["spokesman"]));
    }

    #[test]
    fn equal_passages_have_no_marks() {
        let (a, b) = differences(" same words ", "same  words").unwrap();
        assert!(a.iter().chain(&b).all(|run| !run.changed));
    }

    #[test]
    fn passages_that_are_too_long_are_left_alone() {
        assert_eq!(differences(&"a ".repeat(1000), &"b ".repeat(1000)), None);
        assert!(differences(&"a ".repeat(9000), &"a ".repeat(9000)).is_some());
    }

    proptest! {
        #[test]
        fn the_runs_are_the_passages(ours in "(?s)[ab é\n]{0,40}", theirs in "(?s)[ab é\n]{0,40}") {
            let (a, b) = differences(&ours, &theirs).unwrap();
            let joined = |text: &str, runs: &[Run]| -> String {
                runs.iter().map(|run| text[run.bytes.clone()].to_owned()).collect()
            };
            prop_assert_eq!(joined(&ours, &a), ours.clone());
            prop_assert_eq!(joined(&theirs, &b), theirs.clone());
            let kept = |runs: &[Run]| runs.iter().filter(|run| !run.changed).count() > 0;
            prop_assert_eq!(ours.trim() == theirs.trim() && !ours.trim().is_empty() && !kept(&a), false);
        }
    }
}
