//! What a reader sees of an HTML part: its lines, what is quoted, and its links. A careful reader of tags, not a
//! browser: no style sheets, no scripts, no trees. Offsets lead back into the part.

use std::ops::Range;

use super::lines::Row;

/// Lines and links of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    pub(super) links: Vec<Anchor>,
}

/// A link and the words shown for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) shown: String,
    pub(super) target: String,
    /// Place of the start tag in the part.
    pub(super) at: Range<usize>,
}

/// Characters kept of a link's words and of its target.
const MOST_SHOWN: usize = 300;
const MOST_TARGET: usize = 2_000;
/// A tag longer than this is text.
const MOST_TAG: usize = 64 * 1024;

/// Read a page; at most `most_links` links.
pub(super) fn read_page(html: &str, most_links: usize) -> Page {
    let mut reader = Reader {
        html,
        page: Page::default(),
        row: Row::default(),
        quotes: 0,
        open: None,
        most_links,
        steps: html.len().saturating_mul(4),
    };
    let mut at = 0;
    while at < html.len() {
        let text_end = memchr::memchr(b'<', &html.as_bytes()[at..]).map_or(html.len(), |found| at + found);
        reader.text(at..text_end);
        if text_end == html.len() {
            break;
        }
        at = reader.markup(text_end);
    }
    reader.close_link();
    reader.end_row();
    reader.page
}

struct Reader<'h> {
    html: &'h str,
    page: Page,
    row: Row,
    quotes: usize,
    open: Option<Anchor>,
    most_links: usize,
    /// Looks at bytes of tags left, so that hostile quotes cost linear time.
    steps: usize,
}

impl Reader<'_> {
    /// Take text up to the next tag, entities undone, white space collapsed.
    fn text(&mut self, range: Range<usize>) {
        let mut at = range.start;
        for word in self.html[range].split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let shown = html_escape::decode_html_entities(word);
            self.push(&shown, at);
            at += word.len();
        }
    }

    fn push(&mut self, shown: &str, at: usize) {
        let bare = shown.trim_ascii_end();
        if !bare.is_empty() {
            self.row.at.push((self.row.text.len(), at));
            self.row.text.push_str(bare);
        }
        if bare.len() < shown.len() && !self.row.text.is_empty() && !self.row.text.ends_with(' ') {
            self.row.text.push(' ');
        }
        if let Some(anchor) = &mut self.open
            && anchor.shown.len() < MOST_SHOWN * 4
        {
            anchor.shown.push_str(shown);
        }
    }

    fn end_row(&mut self) {
        let mut row = std::mem::take(&mut self.row);
        row.quoted = self.quotes > 0;
        if !row.text.trim().is_empty() {
            self.page.rows.push(row);
        }
    }

    fn end_paragraph(&mut self) {
        self.end_row();
        self.page.rows.push(Row { quoted: self.quotes > 0, ..Row::default() });
    }

    fn close_link(&mut self) {
        if let Some(mut anchor) = self.open.take() {
            anchor.shown = anchor.shown.split_whitespace().collect::<Vec<_>>().join(" ");
            anchor.shown = anchor.shown.chars().take(MOST_SHOWN).collect();
            self.page.links.push(anchor);
        }
    }

    /// Read the markup that starts at `at`; returns where it ends.
    fn markup(&mut self, at: usize) -> usize {
        let rest = &self.html[at..];
        if rest.starts_with("<!--") {
            return rest.find("-->").map_or(self.html.len(), |end| at + end + 3);
        }
        let named = rest[1..].trim_start_matches('/');
        if !named.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
            self.push("<", at);
            return at + 1;
        }
        let Some(end) = self.tag_end(rest) else {
            self.push("<", at);
            return at + 1;
        };
        let tag = &rest[1..end];
        let closing = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(20)
            .collect::<String>()
            .to_ascii_lowercase();
        let after = at + end + 1;
        if !closing && matches!(name.as_str(), "script" | "style" | "title" | "template" | "noscript") {
            return self.skip_to_end_of(&name, after);
        }
        self.tag(&name, tag, closing, at..after);
        after
    }

    fn tag(&mut self, name: &str, tag: &str, closing: bool, at: Range<usize>) {
        match name {
            "a" | "area" => {
                self.close_link();
                let target = if closing { None } else { attribute(tag, "href") };
                if let Some(target) = target.filter(|_| self.page.links.len() < self.most_links) {
                    let target = target.trim().chars().take(MOST_TARGET).collect();
                    self.open = Some(Anchor { shown: String::new(), target, at });
                }
            }
            "blockquote" => {
                self.end_paragraph();
                self.quotes = if closing { self.quotes.saturating_sub(1) } else { self.quotes + 1 };
            }
            "br" | "div" | "tr" | "li" => self.end_row(),
            "td" | "th" => self.push(" ", at.start),
            "p" | "table" | "ul" | "ol" | "hr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "dl" => {
                self.end_paragraph();
            }
            _ => {}
        }
    }

    fn tag_end(&mut self, rest: &str) -> Option<usize> {
        if self.steps == 0 {
            return None;
        }
        let (end, looked_at) = tag_end(rest);
        self.steps = self.steps.saturating_sub(looked_at);
        end
    }

    /// Where the element `name`, whose start tag ends at `from`, ends.
    fn skip_to_end_of(&self, name: &str, from: usize) -> usize {
        let mut at = from;
        while let Some(found) = self.html[at..].find("</") {
            at += found + 2;
            let ends = self.html.as_bytes()[at..]
                .get(..name.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()));
            if ends {
                return self.html[at..].find('>').map_or(self.html.len(), |end| at + end + 1);
            }
        }
        self.html.len()
    }
}

/// Offset of the `>` that ends a tag, quoted values skipped where their quotes close; and how many bytes were looked at.
fn tag_end(rest: &str) -> (Option<usize>, usize) {
    let bytes = &rest.as_bytes()[..rest.len().min(MOST_TAG)];
    let mut quote = None;
    let mut value = false;
    let mut plain_end = None;
    for (at, &byte) in bytes.iter().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) if byte == b'>' => {
                plain_end.get_or_insert(at);
            }
            Some(_) => {}
            None if byte == b'>' => return (Some(at), at + 1),
            None if value && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => {}
        }
        value = byte == b'=' || value && byte.is_ascii_whitespace();
    }
    (plain_end, bytes.len())
}

/// The value of an attribute, entities undone.
fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let name_end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let after = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = after.strip_prefix('=') else {
            rest = if name.is_empty() { after.get(1..).unwrap_or_default() } else { after };
            continue;
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &value[1..];
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(html_escape::decode_html_entities(value).into_owned());
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(html: &str) -> Vec<(String, bool)> {
        read_page(html, 10)
            .rows
            .into_iter()
            .filter(|row| !row.text.is_empty())
            .map(|row| (row.text.trim().to_owned(), row.quoted))
            .collect()
    }

    #[test]
    fn visible_lines_and_quotes_are_told_apart() {
        let html = "<html><head><title>no</title><style>p{}</style></head><body><p>Dear&nbsp;Piet,<br>the <b>con</b>tract\n\
                    is&#32;signed.<!-- not this --><blockquote type=cite><div>old words</div></blockquote>after";
        let told = rows(html);
        assert_eq!(
            told,
            [
                ("Dear\u{a0}Piet,".to_owned(), false),
                ("the contract is signed.".to_owned(), false),
                ("old words".to_owned(), true),
                ("after".to_owned(), false),
            ]
        );
    }

    #[test]
    fn links_give_the_words_shown_and_the_target() {
        let html = "<a class=x href = 'https://evil.example/?a=1&amp;b=2'>https://<b>bank.example</b></a> <A HREF=//c.example/>x";
        let links = read_page(html, 10).links;
        let told: Vec<_> = links.iter().map(|link| (link.shown.as_str(), link.target.as_str())).collect();
        assert_eq!(told, [("https://bank.example", "https://evil.example/?a=1&b=2"), ("x", "//c.example/")]);
        assert!(html[links[0].at.clone()].starts_with("<a class"));
    }

    #[test]
    fn many_links_are_all_read() {
        let html = "<p><a href=\"https://a.example/\">a</a></p>\n".repeat(200);
        assert_eq!(read_page(&html, 1_000).links.len(), 200);
    }

    #[test]
    fn what_is_no_tag_is_text() {
        assert_eq!(rows("1 < 2 and <unclosed"), [("1 < 2 and <unclosed".to_owned(), false)]);
        assert_eq!(rows("a<b title=\"x>y\">c"), [("ac".to_owned(), false)]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(html in "[<>/a!\\-=\"' &;#xé]{0,80}") {
            let page = read_page(&html, 3);
            for row in &page.rows {
                prop_assert!(row.at.iter().all(|&(_, at)| at < html.len()));
            }
        }
    }
}
