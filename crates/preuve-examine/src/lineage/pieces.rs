//! Cutting a sentence into the pieces that the sentence vectors know (unigram model: Kudo, 2018).
//!
//! The text is brought to compatibility form, spaces become `▁`, and the most probable cut is searched. Limit:
//! pieces of English, French and Spanish; what none covers is passed over letter by letter.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The mark that stands for a space.
const SPACE: char = '\u{2581}';
/// Added to the least score for a letter that no piece covers.
const UNKNOWN: f32 = -10.0;

/// The pieces as a tree over their bytes.
pub(super) struct Pieces {
    nodes: Vec<Node>,
    labels: Vec<u8>,
    scores: Vec<f32>,
    unknown: f32,
    /// The node of each first byte, 0 where no piece begins with it.
    starts: Vec<u32>,
}

/// Children stand side by side: `first..first + count`, sorted by label.
struct Node {
    first: u32,
    count: u16,
    piece: Option<u32>,
}

impl Pieces {
    /// Read lines of `piece TAB score`, sorted by the bytes of the piece. `None` when a line is no such line
    /// or the order is broken.
    pub(super) fn parse(table: &str) -> Option<Pieces> {
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut scores = Vec::new();
        for line in table.lines() {
            let (piece, score) = line.rsplit_once('\t')?;
            if piece.is_empty() || pieces.last().is_some_and(|last| *last >= piece.as_bytes()) {
                return None;
            }
            pieces.push(piece.as_bytes());
            scores.push(score.parse::<f32>().ok()?);
        }
        let unknown = scores.iter().copied().fold(0.0, f32::min) + UNKNOWN;
        let (nodes, labels) = tree(&pieces);
        let mut starts = vec![0; 256];
        let first = nodes[0].first as usize;
        for (at, label) in labels.iter().enumerate().skip(first).take(nodes[0].count.into()) {
            starts[usize::from(*label)] = at as u32;
        }
        Some(Pieces { nodes, labels, scores, unknown, starts })
    }

    /// Number of pieces.
    pub(super) fn len(&self) -> usize {
        self.scores.len()
    }

    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        if node == 0 {
            return Some(self.starts[usize::from(byte)] as usize).filter(|at| *at > 0);
        }
        let Node { first, count, .. } = self.nodes[node];
        let first = first as usize;
        let labels = &self.labels[first..first + count as usize];
        labels.binary_search(&byte).ok().map(|at| first + at)
    }

    /// The most probable pieces of `sentence`, in order.
    pub(super) fn cut(&self, sentence: &str) -> Vec<u32> {
        let text = normalise(sentence);
        let bytes = text.as_bytes();
        let mut best = vec![(f32::NEG_INFINITY, 0u32, None::<u32>); bytes.len() + 1];
        best[0].0 = 0.0;
        for (start, c) in text.char_indices() {
            let base = best[start].0;
            let next = start + c.len_utf8();
            let mut node = 0;
            let mut covered = false;
            for (end, &byte) in bytes.iter().enumerate().skip(start) {
                let Some(child) = self.child(node, byte) else { break };
                node = child;
                if let Some(piece) = self.nodes[node].piece {
                    covered |= end + 1 == next;
                    offer(&mut best[end + 1], base + self.scores[piece as usize], start, Some(piece));
                }
            }
            if !covered {
                offer(&mut best[next], base + self.unknown, start, None);
            }
        }
        let mut cut = Vec::new();
        let mut at = bytes.len();
        while at > 0 {
            cut.extend(best[at].2);
            at = best[at].1 as usize;
        }
        cut.reverse();
        cut
    }
}

fn offer(slot: &mut (f32, u32, Option<u32>), score: f32, start: usize, piece: Option<u32>) {
    if score > slot.0 {
        *slot = (score, start as u32, piece);
    }
}

/// Compatibility form, runs of spaces as one mark, one mark before the first word.
fn normalise(sentence: &str) -> String {
    match is_nfkc_quick(sentence.chars()) {
        IsNormalized::Yes => mark_spaces(sentence.chars(), sentence.len()),
        _ => mark_spaces(sentence.nfkc(), sentence.len()),
    }
}

fn mark_spaces(chars: impl Iterator<Item = char>, length: usize) -> String {
    let mut text = String::with_capacity(length + length / 2);
    let mut space = true;
    for c in chars {
        if c.is_whitespace() || c.is_control() {
            space = true;
            continue;
        }
        if space {
            text.push(SPACE);
            space = false;
        }
        text.push(c);
    }
    text
}

fn tree(pieces: &[&[u8]]) -> (Vec<Node>, Vec<u8>) {
    let mut nodes = vec![Node { first: 0, count: 0, piece: None }];
    let mut labels = vec![0u8];
    let mut work = std::collections::VecDeque::from([(0usize, 0usize, pieces.len(), 0usize)]);
    while let Some((node, mut from, to, depth)) = work.pop_front() {
        if from < to && pieces[from].len() == depth {
            nodes[node].piece = Some(from as u32);
            from += 1;
        }
        nodes[node].first = nodes.len() as u32;
        while from < to {
            let label = pieces[from][depth];
            let run = pieces[from..to].iter().take_while(|piece| piece[depth] == label).count();
            work.push_back((nodes.len(), from, from + run, depth + 1));
            nodes.push(Node { first: 0, count: 0, piece: None });
            labels.push(label);
            nodes[node].count += 1;
            from += run;
        }
    }
    (nodes, labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "a\t-3\nb\t-3\nport\t-5\n\u{2581}\t-2\n\u{2581}a\t-4\n\u{2581}port\t-6\n\u{2581}sea\t-6\n";

    fn cut(text: &str) -> Vec<String> {
        let pieces = Pieces::parse(TABLE).unwrap();
        let names: Vec<&str> = TABLE.lines().map(|line| line.split('\t').next().unwrap()).collect();
        pieces.cut(text).into_iter().map(|piece| names[piece as usize].to_owned()).collect()
    }

    #[test]
    fn the_most_probable_cut_wins() {
        assert_eq!(cut("seaport"), ["▁sea", "port"]);
        assert_eq!(cut("  port \u{a0}a"), ["▁port", "▁a"]);
        assert_eq!(cut("ab"), ["▁a", "b"]);
    }

    #[test]
    fn what_no_piece_covers_is_passed_over() {
        assert_eq!(cut("éa"), ["▁", "a"]);
        assert!(cut("").is_empty() && cut(" \n").is_empty());
        assert_eq!(cut("港a"), ["▁", "a"]);
    }

    #[test]
    fn broken_tables_are_refused() {
        for table in ["a", "a\tx", "b\t-1\na\t-1", "\t-1", "a\t-1\na\t-1"] {
            assert!(Pieces::parse(table).is_none(), "{table}");
        }
    }
}
