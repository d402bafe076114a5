//! Any page → a balanced, shallow page of known tags, for parsers that trust their input too much.
//!
//! A tokeniser of our own reads the page once and writes it anew: start and end tags pair up, scripts, styles
//! and drawings are left out, tags below the depth limit are dropped and their text is kept. What it takes
//! for text is written as text, so a parser behind it cannot see other tags than it did. Formatting tags,
//! which HTML parsers reopen without bound, are dropped.

/// The page anew, and what was met on the way.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    /// The page.
    pub(super) html: String,
    /// Where text stands in the page that was read: byte ranges.
    pub(super) runs: Vec<(usize, usize)>,
    /// Contents of `application/ld+json` scripts.
    pub(super) linked_data: Vec<String>,
    /// Start tags dropped for their depth.
    pub(super) too_deep: usize,
    /// Where reading stopped for the number of tags.
    pub(super) cut_at: Option<usize>,
    open: Vec<String>,
    tags: usize,
}

/// Elements whose content is left out: code, drawings, controls, other documents.
const LEFT_OUT: [&str; 16] = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "noembed", "noframes",
    "xmp", "textarea", "select", "canvas", "audio", "video",
];
/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "param",
];
/// Elements whose end may be left out; HTML closes them by itself, and they cannot nest alone.
const SELF_CLOSING: [&str; 16] = [
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup",
    "caption", "rp", "rt",
];
/// Formatting and relics that no reader of articles needs.
const DROPPED: [&str; 20] = [
    "b",
    "big",
    "code",
    "em",
    "font",
    "i",
    "nobr",
    "s",
    "small",
    "strike",
    "strong",
    "tt",
    "u",
    "frameset",
    "frame",
    "plaintext",
    "keygen",
    "embed",
    "param",
    "applet",
];
/// Attributes that metadata and readability look at.
const KEPT: [&str; 22] = [
    "id",
    "class",
    "href",
    "src",
    "content",
    "property",
    "name",
    "itemprop",
    "itemtype",
    "itemscope",
    "rel",
    "lang",
    "datetime",
    "pubdate",
    "role",
    "charset",
    "http-equiv",
    "style",
    "hidden",
    "aria-hidden",
    "aria-modal",
    "alt",
];
/// Bytes kept of an attribute's value.
const MAX_VALUE: usize = 4096;
/// Attributes read of a tag.
const MAX_ATTRIBUTES: usize = 64;

/// A tag as it stands in the page.
struct Tag<'p> {
    name: String,
    closing: bool,
    attributes: Vec<(String, &'p str)>,
    end: usize,
}

impl Tidy {
    /// Tidy `page`, keeping at most `max_depth` elements open and `max_tags` start tags in all.
    pub(super) fn parse(page: &str, max_depth: usize, max_tags: usize) -> Tidy {
        let mut tidy = Tidy { html: String::with_capacity(page.len()), ..Tidy::default() };
        let mut at = 0;
        while at < page.len() {
            if tidy.tags >= max_tags {
                tidy.cut_at = Some(at);
                break;
            }
            let open = memchr::memchr(b'<', &page.as_bytes()[at..]).map_or(page.len(), |n| at + n);
            tidy.text(page, at, open);
            at = if open < page.len() { tidy.markup(page, open, max_depth) } else { open };
        }
        tidy.close_to(0);
        tidy
    }

    /// What starts with `<` at `at`; the end of it.
    fn markup(&mut self, page: &str, at: usize, max_depth: usize) -> usize {
        let bytes = page.as_bytes();
        let rest = &bytes[at..];
        match (rest.get(1), rest.get(2)) {
            (Some(b'!'), _) if rest.starts_with(b"<!--") => {
                find(bytes, at + 2, b"-->").map_or(page.len(), |n| n + 3)
            }
            (Some(b'!' | b'?'), _) => find(bytes, at, b">").map_or(page.len(), |n| n + 1),
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => self.tag(page, at, max_depth),
            (Some(letter), _) if letter.is_ascii_alphabetic() => self.tag(page, at, max_depth),
            _ => {
                self.html.push_str("&lt;");
                self.runs.push((at, at + 1));
                at + 1
            }
        }
    }

    fn text(&mut self, page: &str, from: usize, to: usize) {
        if from < to {
            self.html.push_str(&page[from..to]);
            self.runs.push((from, to));
        }
    }

    fn tag(&mut self, page: &str, at: usize, max_depth: usize) -> usize {
        let tag = read_tag(page, at);
        if tag.closing {
            self.end_tag(&tag.name);
            return tag.end;
        }
        self.tags += 1;
        let name = tag.name.as_str();
        if LEFT_OUT.contains(&name) {
            return self.leave_out(page, &tag);
        }
        if DROPPED.contains(&name) {
            return tag.end;
        }
        if name == "title" {
            return self.title(page, &tag);
        }
        let counted = !VOID.contains(&name) && !SELF_CLOSING.contains(&name);
        if counted && self.open.len() >= max_depth {
            self.too_deep += 1;
            return tag.end;
        }
        self.write_start(&tag);
        if counted {
            self.open.push(tag.name);
        }
        tag.end
    }

    fn write_start(&mut self, tag: &Tag<'_>) {
        self.html.push('<');
        self.html.push_str(&tag.name);
        for (name, value) in &tag.attributes {
            self.html.push(' ');
            self.html.push_str(name);
            self.html.push_str("=\"");
            self.html.push_str(&value.replace('"', "&quot;"));
            self.html.push('"');
        }
        self.html.push('>');
    }

    /// Close the innermost element called `name` and all that is open within it; nothing where none is open.
    fn end_tag(&mut self, name: &str) {
        if let Some(depth) = self.open.iter().rposition(|open| open == name) {
            self.close_to(depth);
        } else if SELF_CLOSING.contains(&name) {
            self.write_end(name);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                self.write_end(&name);
            }
        }
    }

    fn write_end(&mut self, name: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Skip an element's content; linked data is set aside.
    fn leave_out(&mut self, page: &str, tag: &Tag<'_>) -> usize {
        let (content_end, end) = find_end(page, tag.end, &tag.name);
        let is_linked_data = |(name, value): &(String, &str)| {
            name == "type" && value.trim().to_ascii_lowercase().starts_with("application/ld+json")
        };
        if tag.name == "script" && tag.attributes.iter().any(is_linked_data) {
            self.linked_data.push(page[tag.end..content_end].to_owned());
        }
        end
    }

    fn title(&mut self, page: &str, tag: &Tag<'_>) -> usize {
        let (content_end, end) = find_end(page, tag.end, "title");
        self.html.push_str("<title>");
        self.html.push_str(&page[tag.end..content_end].replace('<', "&lt;"));
        self.html.push_str("</title>");
        end
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes.get(from..)?, what).map(|n| from + n)
}

/// Where the content of a raw element ends, and where the page goes on after its end tag.
fn find_end(page: &str, from: usize, name: &str) -> (usize, usize) {
    let bytes = page.as_bytes();
    let mut at = from;
    while let Some(open) = find(bytes, at, b"</") {
        let after = open + 2 + name.len();
        let named =
            bytes.get(open + 2..after).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        if named && bytes.get(after).is_none_or(|byte| !byte.is_ascii_alphanumeric()) {
            return (open, find(bytes, after, b">").map_or(page.len(), |n| n + 1));
        }
        at = open + 2;
    }
    (page.len(), page.len())
}

/// The tag at `at`, where `<` or `</` and a letter stand.
fn read_tag(page: &str, at: usize) -> Tag<'_> {
    let bytes = page.as_bytes();
    let closing = bytes.get(at + 1) == Some(&b'/');
    let start = at + 1 + usize::from(closing);
    let ends_name = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let mut cursor = bytes[start..].iter().position(ends_name).map_or(page.len(), |n| start + n);
    // What is no tag name of HTML is some other vocabulary's; it nests as a `span` does.
    let plain = |name: &str| {
        name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let name = Some(page[start..cursor].to_ascii_lowercase()).filter(|name| plain(name));
    let mut attributes = Vec::new();
    let mut count = 0;
    while cursor < page.len() && bytes[cursor] != b'>' {
        let (attribute, next) = read_attribute(page, cursor);
        cursor = next.max(cursor + 1);
        count += 1;
        let wanted = |name: &str| KEPT.contains(&name) || name == "type";
        if let Some((name, value)) = attribute
            .filter(|(name, value)| count <= MAX_ATTRIBUTES && wanted(name) && value.len() <= MAX_VALUE)
        {
            attributes.push((name, value));
        }
    }
    Tag {
        name: name.unwrap_or_else(|| "span".to_owned()),
        closing,
        attributes,
        end: (cursor + 1).min(page.len()),
    }
}

/// The attribute at `at`, if one is there, and where it ends.
fn read_attribute(page: &str, at: usize) -> (Option<(String, &str)>, usize) {
    let bytes = page.as_bytes();
    let skip_space = |from: usize| {
        bytes[from..].iter().position(|byte| !byte.is_ascii_whitespace()).map_or(page.len(), |n| from + n)
    };
    let start = skip_space(at);
    let ends_name = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'=');
    let name_end = bytes[start..].iter().position(ends_name).map_or(page.len(), |n| start + n);
    if name_end == start {
        let stops = bytes.get(start) == Some(&b'>') || start >= page.len();
        return (None, if stops { start } else { start + 1 });
    }
    let name =
        if name_end - start <= 32 { page[start..name_end].to_ascii_lowercase() } else { String::new() };
    let equals = skip_space(name_end);
    if bytes.get(equals) != Some(&b'=') {
        return (Some((name, "")), name_end);
    }
    let value = skip_space(equals + 1);
    match bytes.get(value) {
        Some(quote @ (b'"' | b'\'')) => {
            let end = memchr::memchr(*quote, &bytes[value + 1..]).map_or(page.len(), |n| value + 1 + n);
            (Some((name, &page[value + 1..end])), (end + 1).min(page.len()))
        }
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
            let end = bytes[value..].iter().position(ends).map_or(page.len(), |n| value + n);
            (Some((name, &page[value..end])), end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tidy(page: &str) -> String {
        Tidy::parse(page, 8, 100).html
    }

    #[test]
    fn tags_pair_up() {
        assert_eq!(tidy("<div><a href=x>t</div></span>u"), "<div><a href=\"x\">t</a></div>u");
        assert_eq!(tidy("<DIV ID='a\"b' onclick=evil()>x"), "<div id=\"a&quot;b\">x</div>");
        assert_eq!(tidy("<p>one<p>two</p>"), "<p>one<p>two</p>");
        assert_eq!(tidy("<p>a <b>bold<i>"), "<p>a bold");
    }

    #[test]
    fn code_and_comments_are_left_out() {
        assert_eq!(tidy("a<script>if (a<b) '</p>'</SCRIPT >b<!-- <p> -->c<!doctype x>d<style>e"), "abcd");
        assert_eq!(tidy("<title>A <b> & c</title>"), "<title>A &lt;b> & c</title>");
    }

    #[test]
    fn stray_signs_are_text() {
        assert_eq!(tidy("1 < 2 <3 <"), "1 &lt; 2 &lt;3 &lt;");
        assert_eq!(tidy("<p"), "<p>");
        assert_eq!(tidy("<p a='x"), "<p>");
        assert_eq!(tidy("<é>"), "&lt;é>");
        assert_eq!(tidy("<x:y é=1 =2>t</x:y>"), "<span>t</span>");
    }

    #[test]
    fn linked_data_is_set_aside() {
        let page = "<script type=\"application/ld+json\">{\"a\": \"<p>\"}</script>";
        assert_eq!(Tidy::parse(page, 8, 8).linked_data, ["{\"a\": \"<p>\"}"]);
    }

    #[test]
    fn depth_and_number_are_limited() {
        let deep = Tidy::parse(&format!("{}x", "<div>".repeat(20)), 8, 100);
        assert_eq!(deep.html, format!("{}x{}", "<div>".repeat(8), "</div>".repeat(8)));
        assert_eq!(deep.too_deep, 12);
        let many = Tidy::parse(&"<p>x".repeat(20), 8, 5);
        assert_eq!(many.html, "<p>x".repeat(4) + "<p>");
        assert_eq!(many.cut_at, Some(19));
    }

    proptest! {
        #[test]
        fn any_page_is_tidied(page in "(<[a-z/!?]{0,3}[ a-z='\"]{0,6}>?|[a-zé<>&;]{0,4}|<!--|-->|<script>|</script>){0,40}") {
            let once = Tidy::parse(&page, 8, 1000);
            prop_assert!(once.runs.iter().all(|&(start, end)| page.get(start..end).is_some()));
            let twice = Tidy::parse(&once.html, 8, 1000);
            prop_assert_eq!(&twice.html, &once.html);
        }
    }
}
