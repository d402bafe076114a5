//! What a page says about itself: schema.org linked data first, then OpenGraph, `<meta>` and the page's head.

use dom_query::Document;
use preuve_case::ItemMeta;
use serde_json::Value;

/// How deep linked data is followed.
const MAX_DEPTH: usize = 8;
/// Characters kept of any one fact.
const MAX_FACT: usize = 1000;

const TITLES: [&str; 4] = ["og:title", "twitter:title", "dc.title", "parsely-title"];
const OUTLETS: [&str; 5] =
    ["og:site_name", "application-name", "dc.publisher", "publisher", "article:publisher"];
const BYLINES: [&str; 8] = [
    "author",
    "article:author",
    "byl",
    "byline",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "citation_author",
];
const DATES: [&str; 13] = [
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
];

/// Facts about a page, each from the best place that names it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    title: Option<String>,
    outlet: Option<String>,
    byline: Option<String>,
    url: Option<String>,
    date: Option<String>,
    lang: Option<String>,
    /// The article's text, where linked data holds it.
    pub(super) body: Option<String>,
}

impl Facts {
    /// Read the facts of `document`, whose linked data scripts are `linked_data`.
    pub(super) fn parse(document: &Document, linked_data: &[String]) -> Facts {
        let mut facts = linked_data_facts(linked_data);
        let page = Page { metas: metas_of(document), document };
        facts.title = facts.title.or_else(|| page.meta(&TITLES)).or_else(|| page.title());
        facts.outlet = facts.outlet.or_else(|| page.meta(&OUTLETS).filter(|outlet| !is_address(outlet)));
        facts.byline = facts.byline.or_else(|| page.meta(&BYLINES)).filter(|byline| !is_address(byline));
        let canonical = page.attribute("link[rel=canonical]", "href").filter(|url| is_address(url));
        facts.url = canonical.or(facts.url).or_else(|| page.meta(&["og:url"])).filter(|url| is_address(url));
        facts.date = facts.date.or_else(|| page.meta(&DATES)).or_else(|| page.date());
        facts.lang = page.attribute("html", "lang").or(facts.lang).or_else(|| page.meta(&["og:locale"]));
        facts.lang = facts.lang.or_else(|| page.meta(&["content-language", "language", "dc.language"]));
        facts
    }

    /// The facts as an item's, with what readability found for those that are missing.
    pub(super) fn into_meta(self, byline: Option<String>, title: Option<String>) -> ItemMeta {
        let outlet = self.outlet;
        let title = self.title.or_else(|| title.and_then(|title| plain(&title)));
        ItemMeta {
            title: title.map(|title| without_outlet(&title, outlet.as_deref())),
            outlet,
            byline: self
                .byline
                .or_else(|| byline.and_then(|byline| plain(&byline)))
                .map(|byline| without_by(&byline)),
            url: self.url,
            published: None,
            published_raw: self.date,
            lang_tag: self.lang,
        }
    }
}

struct Page<'d> {
    /// Name (or property, or what else names it) in lower case and content of each `<meta>`.
    metas: Vec<(String, String)>,
    document: &'d Document,
}

impl Page<'_> {
    /// The content of the first `<meta>` with any of `names`, the earlier name preferred.
    fn meta(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|wanted| {
            self.metas.iter().filter(|(name, _)| name == wanted).find_map(|(_, content)| plain(content))
        })
    }

    fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.document.select_single(selector).attr(name).and_then(|value| plain(&value))
    }

    /// The headline as shown, else the page's title.
    fn title(&self) -> Option<String> {
        let headings = self.document.select("h1");
        let only = if headings.length() == 1 { plain(&headings.text()) } else { None };
        only.or_else(|| plain(&self.document.select_single("title").text()))
    }

    fn date(&self) -> Option<String> {
        ["time[itemprop=datePublished]", "time[pubdate]", "article time[datetime]", "time[datetime]"]
            .iter()
            .find_map(|selector| self.attribute(selector, "datetime"))
            .or_else(|| self.attribute("[itemprop=datePublished]", "content"))
    }
}

fn metas_of(document: &Document) -> Vec<(String, String)> {
    let metas = document.select("meta");
    let pairs = metas.nodes().iter().flat_map(|node| {
        let content = node.attr("content").unwrap_or_default().to_string();
        let names =
            ["property", "name", "itemprop", "http-equiv"].into_iter().filter_map(|key| node.attr(key));
        names.map(move |name| (name.trim().to_lowercase(), content.clone())).collect::<Vec<_>>()
    });
    pairs.collect()
}

fn linked_data_facts(scripts: &[String]) -> Facts {
    let documents: Vec<Value> = scripts.iter().filter_map(|script| parse_linked_data(script)).collect();
    let mut nodes = Vec::new();
    documents.iter().for_each(|document| collect_nodes(document, &mut nodes, 0));
    let Some(article) = nodes.iter().copied().find(|node| is_article(node)) else { return Facts::default() };
    let text = |key: &str| article.get(key).and_then(|value| name_of(value, &nodes, 0));
    let page = article.get("mainEntityOfPage");
    let page = page.and_then(|page| page.as_str().or_else(|| page.get("@id")?.as_str())).map(str::to_owned);
    Facts {
        title: text("headline").or_else(|| text("name")),
        outlet: text("publisher").or_else(|| text("sourceOrganization")),
        byline: text("author").or_else(|| text("creator")),
        url: text("url").filter(|url| is_address(url)).or(page).filter(|url| is_address(url)),
        date: text("datePublished").or_else(|| text("dateCreated")),
        lang: text("inLanguage"),
        body: article.get("articleBody").and_then(Value::as_str).map(|body| decode(body).into_owned()),
    }
}

/// Linked data is often written with raw line breaks in its strings; those are forgiven.
fn parse_linked_data(script: &str) -> Option<Value> {
    serde_json::from_str(script.trim()).ok().or_else(|| {
        let mended: String = script.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(mended.trim().trim_end_matches(';')).ok()
    })
}

fn collect_nodes<'v>(value: &'v Value, nodes: &mut Vec<&'v Value>, depth: usize) {
    match value {
        Value::Array(values) if depth < MAX_DEPTH => {
            values.iter().for_each(|value| collect_nodes(value, nodes, depth + 1));
        }
        Value::Object(object) if depth < MAX_DEPTH => {
            nodes.push(value);
            object.get("@graph").into_iter().for_each(|graph| collect_nodes(graph, nodes, depth + 1));
            object.get("mainEntity").into_iter().for_each(|entity| collect_nodes(entity, nodes, depth + 1));
        }
        _ => (),
    }
}

fn is_article(node: &Value) -> bool {
    let named = |kind: &Value| {
        let kind = kind.as_str().unwrap_or_default();
        ["Article", "BlogPosting", "Report", "LiveBlogPosting"].iter().any(|wanted| kind.ends_with(wanted))
    };
    match node.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(named),
        Some(kind) => named(kind),
        None => false,
    }
}

/// The name a value stands for: a string, the `name` of an object or of the node it refers to, several joined.
fn name_of(value: &Value, nodes: &[&Value], depth: usize) -> Option<String> {
    if depth >= 4 {
        return None;
    }
    match value {
        Value::String(text) => plain(text),
        Value::Array(values) => {
            let names: Vec<String> =
                values.iter().take(32).filter_map(|value| name_of(value, nodes, depth + 1)).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        Value::Object(object) => {
            let named = ["name", "@value"].iter().find_map(|key| object.get(*key));
            named.and_then(|name| name_of(name, nodes, depth + 1)).or_else(|| {
                let id = object.get("@id")?;
                let node =
                    nodes.iter().find(|node| node.get("@id") == Some(id) && node.get("name").is_some())?;
                name_of(node.get("name")?, nodes, depth + 1)
            })
        }
        _ => None,
    }
}

fn decode(text: &str) -> std::borrow::Cow<'_, str> {
    html_escape::decode_html_entities(text)
}

/// One line without entities, `None` where nothing is left.
fn plain(text: &str) -> Option<String> {
    let text = decode(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(MAX_FACT).collect();
    (!line.is_empty()).then_some(line)
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The title without ` | Outlet` or ` - Outlet` at its end.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    let trimmed = outlet.and_then(|outlet| title.strip_suffix(outlet)).and_then(|title| {
        let title = title.trim_end();
        [" |", " -", " –", " —", " ·", " :"].iter().find_map(|mark| title.strip_suffix(mark))
    });
    trimmed.map_or(title, str::trim_end).to_owned()
}

/// The author line without the word that introduces it.
fn without_by(byline: &str) -> String {
    let rest = ["By ", "BY ", "by ", "Par ", "PAR ", "par ", "Por ", "POR ", "por "]
        .iter()
        .find_map(|word| byline.strip_prefix(word));
    rest.unwrap_or(byline).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(head: &str, linked_data: &[&str]) -> ItemMeta {
        let document =
            Document::from(format!("<html lang=\"fr-FR\"><head>{head}</head><body></body></html>"));
        let linked_data: Vec<String> = linked_data.iter().map(|&script| script.to_owned()).collect();
        Facts::parse(&document, &linked_data).into_meta(None, None)
    }

    #[test]
    fn linked_data_comes_first() {
        let graph = r##"{"@context": "https://schema.org", "@graph": [
            {"@type": "Organization", "@id": "#org", "name": "Radio Haute-Rive"},
            {"@type": ["NewsArticle"], "headline": "L&#39;aveu", "author": [{"name": "A. B"}, {"name": "C. D"}],
             "publisher": {"@id": "#org"}, "datePublished": "2027-09-18", "inLanguage": "fr",
             "mainEntityOfPage": {"@id": "https://rhr.example/a"}}]}"##;
        let meta = meta("<meta property='og:title' content='Other'>", &["broken {", graph]);
        assert_eq!(meta.title.as_deref(), Some("L'aveu"));
        assert_eq!(meta.outlet.as_deref(), Some("Radio Haute-Rive"));
        assert_eq!(meta.byline.as_deref(), Some("A. B, C. D"));
        assert_eq!(meta.published_raw.as_deref(), Some("2027-09-18"));
        assert_eq!(meta.url.as_deref(), Some("https://rhr.example/a"));
        assert_eq!(meta.lang_tag.as_deref(), Some("fr-FR"));
    }

    #[test]
    fn metas_fill_what_is_missing() {
        let head = "<title>The piece | Quay</title><meta property=og:site_name content=Quay>\
            <meta name=author content='By Ruth Pellam'><meta property=article:author content='https://x.example/r'>\
            <meta property='article:published_time' content='2027-09-18T05:30:00Z'>\
            <link rel=canonical href='https://quay.example/p'>";
        let meta = meta(head, &[]);
        assert_eq!(meta.title.as_deref(), Some("The piece"));
        assert_eq!(meta.outlet.as_deref(), Some("Quay"));
        assert_eq!(meta.byline.as_deref(), Some("Ruth Pellam"));
        assert_eq!(meta.published_raw.as_deref(), Some("2027-09-18T05:30:00Z"));
        assert_eq!(meta.url.as_deref(), Some("https://quay.example/p"));
    }

    #[test]
    fn addresses_are_no_names_and_paths_no_addresses() {
        let head = "<meta name=author content='https://quay.example/r'><link rel=canonical href='/p'>";
        let meta = meta(head, &[]);
        assert_eq!((meta.byline, meta.url), (None, None));
    }

    #[test]
    fn linked_data_with_raw_breaks_is_read() {
        let meta = meta("", &["{\"@type\": \"NewsArticle\", \"headline\": \"A\nB\"};"]);
        assert_eq!(meta.title.as_deref(), Some("A B"));
    }
}
