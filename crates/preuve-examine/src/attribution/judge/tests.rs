//! The rules over whole texts: gold spans of an invented event, held-out fixtures, and laws.

use std::ops::Range;

use preuve_case::{Attribution, Lang};
use proptest::prelude::*;
use serde_json::Value;

use super::{Hints, Judged, judge};
use crate::attribution::{Document, Relation};

/// A text with one relation marked in it: `[source]`, `<cue>`, `{content}`; the text without marks, the relation.
pub(super) fn relation(marked: &str, lang: Lang) -> (String, Relation) {
    let mut text = String::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut found: Vec<(char, Range<usize>)> = Vec::new();
    for c in marked.chars() {
        match c {
            '[' | '<' | '{' => open.push((c, text.len())),
            ']' | '>' | '}' => {
                let (mark, start) = open.pop().expect("an opening mark");
                found.push((mark, start..text.len()));
            }
            _ => text.push(c),
        }
    }
    let document = Document::new(&text, lang);
    let mut relation = Relation::default();
    for (mark, bytes) in found {
        let list = match mark {
            '[' => &mut relation.source,
            '<' => &mut relation.cue,
            _ => &mut relation.content,
        };
        list.push(tokens_of(&document, |(start, end)| start < bytes.end && end > bytes.start));
    }
    for list in [&mut relation.source, &mut relation.cue, &mut relation.content] {
        list.sort_by_key(|range| range.start);
    }
    (text, relation)
}

fn tokens_of(document: &Document, overlaps: impl Fn((usize, usize)) -> bool) -> Range<usize> {
    let inside = |at: &usize| {
        let (start, end) = document.tokens[*at].bytes;
        overlaps((start as usize, end as usize))
    };
    let first = (0..document.tokens.len()).find(inside);
    let last = (0..document.tokens.len()).rev().find(inside);
    first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
}

fn gold_relation(document: &Document, gold: &Value) -> Relation {
    let ranges = |part: &Value| -> Vec<Range<usize>> {
        let spans = part["spans"].as_array().cloned().unwrap_or_default();
        let range = |span: &Value| {
            let (start, end) = (span[0].as_u64().unwrap_or(0) as usize, span[1].as_u64().unwrap_or(0) as usize);
            let inside = |at: &usize| document.tokens[*at].chars.start < end && document.tokens[*at].chars.end > start;
            let first = (0..document.tokens.len()).find(inside);
            let last = (0..document.tokens.len()).rev().find(inside);
            first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
        };
        spans.iter().map(range).filter(|range| !range.is_empty()).collect()
    };
    Relation { source: ranges(&gold["source"]), cue: ranges(&gold["cue"]), content: ranges(&gold["content"]) }
}

fn corpora() -> std::path::PathBuf {
    std::env::var_os("PREUVE_CORPORA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        std::path::PathBuf::from,
    )
}

fn lines(path: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Judge every annotated article of the event under `folder` on its gold spans.
fn judge_event(folder: &std::path::Path) -> Vec<(Value, Vec<Value>, Judged)> {
    let golds = lines(&folder.join("attributions.jsonl"));
    let mut out = Vec::new();
    for article in lines(&folder.join("articles.jsonl")) {
        let item = format!("{}.txt", article["id"].as_str().unwrap_or_default());
        let golds: Vec<Value> = golds.iter().filter(|gold| gold["item"] == item.as_str()).cloned().collect();
        if golds.is_empty() {
            continue;
        }
        let text = std::fs::read_to_string(folder.join("articles").join(&item)).expect("an article");
        let lang = Lang::from_tag(article["lang"].as_str().unwrap_or_default());
        let document = Document::new(&text, lang);
        let relations: Vec<Relation> = golds.iter().map(|gold| gold_relation(&document, gold)).collect();
        let outlet = article["outlet"].as_str().map(|outlet| outlet.replace('_', " "));
        let hints = Hints {
            title: article["title"].as_str(),
            outlet: outlet.as_deref(),
            byline: article["byline"].as_str(),
        };
        out.push((article.clone(), golds, judge(&document, &relations, &hints)));
    }
    out
}

fn contract_line(item: &Value, attribution: &Attribution) -> String {
    let mut line = serde_json::to_value(attribution).expect("plain data");
    line["item"] = format!("{}.txt", item["id"].as_str().unwrap_or_default()).into();
    line["lang"] = item["lang"].clone();
    line.to_string()
}

#[test]
fn gold_spans_of_the_invented_event() {
    let folder = corpora().join("event-dev");
    let judged = judge_event(&folder);
    if judged.is_empty() {
        println!("skipped: no corpus at {}", folder.display());
        return;
    }
    if let Some(path) = std::env::var_os("PREUVE_JUDGE_OUT") {
        let lines: Vec<String> = judged
            .iter()
            .flat_map(|(item, _, judged)| judged.attributions.iter().map(|attribution| contract_line(item, attribution)))
            .collect();
        std::fs::write(path, lines.join("\n") + "\n").expect("a file to write");
    }
}

proptest! {
    #[test]
    fn any_text_and_any_relations_are_judged(
        text in "[a-cA-C .,!?«»\"'’—\n]{0,160}|(Belmark|denied|accused|of|hacking|without|proof|it|said|She|the firm|par|sin|pruebas|\\. |, |\n| ){0,60}",
        ranges in proptest::collection::vec((0usize..60, 0usize..60, 0usize..60), 0..6),
        lang in 0usize..3,
    ) {
        let document = Document::new(&text, Lang::HANDLED[lang]);
        let relation = |&(a, b, c): &(usize, usize, usize)| Relation {
            source: vec![a..a + 3],
            cue: vec![b..b + 2],
            content: vec![c..c + 8, a..b.max(a)],
        };
        let relations: Vec<Relation> = ranges.iter().map(relation).collect();
        let once = judge(&document, &relations, &Hints::default());
        let again = judge(&document, &relations, &Hints::default());
        prop_assert_eq!(&once.attributions, &again.attributions);
        let count = document.text.chars().count();
        for attribution in &once.attributions {
            prop_assert!(!attribution.content.spans.is_empty());
            let spans = attribution.reasons.iter().flat_map(|reason| &reason.spans);
            prop_assert!(spans.chain(&attribution.content.spans).all(|span| span.end <= count));
        }
    }
}
