//! A parsed page → its blocks of text: paragraphs, headings, list items, rows of tables.

use dom_query::{Document, NodeRef};

/// Elements that stand within a line of text; everything else starts a block of its own.
const INLINE: [&str; 26] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "q", "s", "span", "strong", "sub", "sup", "time",
];
/// Elements whose text is no part of an article.
const SILENT: [&str; 6] = ["head", "button", "script", "style", "template", "noscript"];

/// The blocks of `document`, in order, white space made plain; a `<br>` keeps its line break.
pub(super) fn blocks_of(document: &Document) -> Vec<String> {
    let root = document.root();
    let mut blocks = Blocks::default();
    let mut next = root.first_child();
    while let Some(node) = next {
        let silent = blocks.enter(&node);
        next = match node.first_child() {
            Some(child) if !silent => Some(child),
            _ => blocks.leave_to_next(node, &root),
        };
    }
    blocks.end_block();
    blocks.done
}

#[derive(Default)]
struct Blocks {
    done: Vec<String>,
    current: String,
}

impl Blocks {
    /// Take a node in; whether its content is to be passed over.
    fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        if node.is_text() {
            self.current.push_str(&node.text());
            return true;
        }
        let Some(name) = node.node_name() else { return false };
        let name: &str = &name;
        match name {
            "br" => self.current.push('\u{2028}'),
            "td" | "th" => self.current.push(' '),
            "wbr" => (),
            _ if INLINE.contains(&name) => (),
            _ => self.end_block(),
        }
        SILENT.contains(&name)
    }

    /// The node after `node` and all within it, ending the blocks that are left on the way.
    fn leave_to_next<'d>(&mut self, node: NodeRef<'d>, root: &NodeRef<'d>) -> Option<NodeRef<'d>> {
        let mut node = node;
        loop {
            if node.node_name().is_some_and(|name| !INLINE.contains(&&*name) && !is_break(&name)) {
                self.end_block();
            }
            if let Some(sibling) = node.next_sibling() {
                return Some(sibling);
            }
            node = node.parent().filter(|parent| parent.id != root.id)?;
        }
    }

    fn end_block(&mut self) {
        // Two breaks in a row are how old pages part paragraphs.
        let lines = self
            .current
            .split('\u{2028}')
            .map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
        let mut block = String::new();
        for line in lines {
            if line.trim().is_empty() {
                push_block(&mut self.done, &mut block);
            } else {
                block.push_str(if block.is_empty() { "" } else { "\n" });
                block.push_str(&line);
            }
        }
        push_block(&mut self.done, &mut block);
        self.current.clear();
    }
}

fn is_break(name: &str) -> bool {
    matches!(name, "br" | "wbr" | "td" | "th")
}

fn push_block(done: &mut Vec<String>, block: &mut String) {
    if !block.is_empty() {
        done.push(std::mem::take(block));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(html: &str) -> Vec<String> {
        blocks_of(&Document::from(html))
    }

    #[test]
    fn paragraphs_stand_alone_and_inline_text_stays_together() {
        let html =
            "<div>lead <p>One <a href=x>link</a>,\n two.<p>Three<h2>Head</h2>tail</div><ul><li>a<li>b</ul>";
        assert_eq!(blocks(html), ["lead", "One link, two.", "Three", "Head", "tail", "a", "b"]);
    }

    #[test]
    fn breaks_keep_lines_and_part_paragraphs() {
        assert_eq!(blocks("<p>a<br>b<br><br>c</p>"), ["a\nb", "c"]);
        assert_eq!(blocks("<table><tr><td>a<td>b<tr><td>c</table>"), ["a b", "c"]);
    }

    #[test]
    fn silent_elements_are_passed_over() {
        assert_eq!(blocks("<head><title>T</title></head><body>a<button>Share</button>b</body>"), ["a", "b"]);
        assert!(blocks("").is_empty());
    }
}
