//! The attribution engine from outside: laws on any text, and a floor on annotated articles where they are at hand.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use preuve_case::{Attribution, Format, Item, ItemId, ItemMeta, Lang, Span, TextMap};
use preuve_examine::attribution::Attributor;
use proptest::prelude::*;

fn engine() -> &'static Attributor {
    static ENGINE: OnceLock<Attributor> = OnceLock::new();
    ENGINE.get_or_init(|| Attributor::new().expect("embedded weights"))
}

fn item(text: &str, lang: Lang) -> Item {
    Item {
        id: ItemId::of(text.as_bytes()),
        path: "a.txt".to_owned(),
        format: Format::Text,
        byte_len: text.len() as u64,
        text: text.to_owned(),
        map: TextMap::verbatim(text, 0),
        lang,
        meta: ItemMeta::default(),
        parent: None,
    }
}

fn spans(attribution: &Attribution) -> impl Iterator<Item = &Span> {
    let parts = [attribution.source.as_ref(), attribution.cue.as_ref(), Some(&attribution.content)];
    parts.into_iter().flatten().flat_map(|part| &part.spans)
}

#[test]
fn a_plain_report_is_found_in_english_and_french() {
    let texts = [
        (
            Lang::En,
            "The minister said on Monday that the files were forged.",
            "minister",
            "files were forged",
        ),
        (
            Lang::Fr,
            "« Ces documents sont faux », a déclaré la ministre lundi.",
            "ministre",
            "documents sont faux",
        ),
    ];
    for (lang, text, source, content) in texts {
        let found = engine().detect(&item(text, lang)).attributions;
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].content.text.contains(content), "{found:?}");
        assert!(found[0].source.as_ref().is_some_and(|part| part.text.contains(source)), "{found:?}");
    }
}

#[test]
fn a_report_inside_a_report_is_found_with_the_one_around_it() {
    let texts = [
        (
            Lang::En,
            "The minister said on Monday that the police believe the attack came from abroad.",
            ["minister", "police"],
        ),
        (
            Lang::Fr,
            "La ministre a affirmé vendredi que le groupe Halden avait annoncé que ses serveurs avaient été piratés.",
            ["ministre", "Halden"],
        ),
        (
            Lang::Es,
            "El portavoz dijo el viernes que la empresa Halden había asegurado que los correos eran falsos.",
            ["portavoz", "Halden"],
        ),
    ];
    for (lang, text, sources) in texts {
        let found = engine().detect(&item(text, lang)).attributions;
        assert_eq!(found.len(), 2, "{found:?}");
        for (attribution, source) in found.iter().zip(sources) {
            assert!(attribution.source.as_ref().is_some_and(|part| part.text.contains(source)), "{found:?}");
        }
        assert_eq!((found[0].within, found[1].within), (None, Some(0)), "{text}");
    }
}

#[test]
fn a_language_that_is_not_handled_is_said() {
    let found = engine().detect(&item("Der Minister sagte, dass es regnet.", Lang::Other));
    assert!(found.attributions.is_empty());
    assert_eq!(found.diagnostics[0].code, "attribution::language_not_handled");
}

#[test]
fn nothing_is_found_in_nothing() {
    for text in ["", "\n\n", " ", "…", "\u{feff}"] {
        let found = engine().detect(&item(text, Lang::En));
        assert!(found.attributions.is_empty(), "{text:?}");
    }
}

#[test]
fn a_line_of_megabytes_is_worked_on_in_pieces_with_places_that_hold() {
    let sentence = "Élan: the mayor said that the bridge is closed. ";
    let text = sentence.repeat(30_000);
    let found = engine().detect(&item(&text, Lang::En));
    assert!(found.attributions.len() > 25_000, "{}", found.attributions.len());
    let last = found.attributions.last().expect("attributions");
    let chars: Vec<char> = text.chars().collect();
    let span = last.content.spans[0];
    assert!(span.start > 1_000_000);
    let words: String = chars[span.start..span.end].iter().collect();
    assert!(last.content.text.starts_with(&words));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_gives_spans_inside_it_and_the_same_again(text in "\\PC{0,300}", lang in 0usize..3) {
        let item = item(&text, Lang::HANDLED[lang]);
        let found = engine().detect(&item);
        let chars = text.chars().count();
        for attribution in &found.attributions {
            prop_assert!(spans(attribution).all(|span| span.start < span.end && span.end <= chars));
        }
        prop_assert_eq!(engine().detect(&item), found);
    }

    #[test]
    fn news_like_noise_gives_spans_inside_it(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "said", "\"", "“", "”", "«", "»", "—", ",", ".", "that", "que", "selon", "dijo", "a", "-t-il", "The",
                "minister", "Marsk", "\n", "n't", "’", "it", "accused", "according", "to", "?", "é", "2016",
            ]),
            0..80,
        ),
        lang in 0usize..3,
    ) {
        let text = words.join(" ");
        let found = engine().detect(&item(&text, Lang::HANDLED[lang]));
        let chars = text.chars().count();
        for attribution in &found.attributions {
            prop_assert!(!attribution.content.spans.is_empty());
            prop_assert!(spans(attribution).all(|span| span.start < span.end && span.end <= chars));
        }
    }
}

fn corpora() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
    std::env::var_os("PREUVE_CORPORA").map_or_else(|| PathBuf::from(beside), PathBuf::from)
}

/// Content spans of the relations of a standoff file.
fn gold_contents(path: &Path) -> Vec<Vec<Span>> {
    let text = std::fs::read_to_string(path).expect("annotations");
    let mut parts: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    let mut contents = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields.as_slice() {
            [id, body, ..] if id.starts_with('T') => {
                let pair = |pair: &str| {
                    let (start, end) = pair.split_once(' ')?;
                    Some(Span::new(start.parse().ok()?, end.parse().ok()?))
                };
                let offsets = body.split_once(' ').map_or("", |(_, offsets)| offsets);
                parts.insert(id, offsets.split(';').filter_map(pair).collect());
            }
            [id, body] if id.starts_with('E') => {
                let named = body.split(' ').filter_map(|argument| argument.strip_prefix("Content"));
                let targets = named.filter_map(|argument| argument.split_once(':').map(|(_, target)| target));
                contents.push(targets.flat_map(|target| parts[target].clone()).collect());
            }
            _ => {}
        }
    }
    contents
}

fn overlap(a: &[Span], b: &[Span]) -> f64 {
    let count = |spans: &[Span]| spans.iter().map(Span::len).sum::<usize>();
    let shared: usize = a
        .iter()
        .flat_map(|x| b.iter().map(move |y| x.end.min(y.end).saturating_sub(x.start.max(y.start))))
        .sum();
    shared as f64 / (count(a) + count(b) - shared).max(1) as f64
}

#[test]
fn annotated_articles_keep_their_floor() {
    let folder = corpora().join("polnear/dev");
    if !folder.is_dir() {
        println!("skipped: no corpus at {}", folder.display());
        return;
    }
    let mut texts: Vec<PathBuf> = std::fs::read_dir(folder.join("text"))
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    let mut annotations: Vec<PathBuf> = std::fs::read_dir(folder.join("attributions"))
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    texts.sort();
    annotations.sort();
    let (mut hit, mut predicted, mut gold) = (0usize, 0usize, 0usize);
    for path in texts.iter().step_by(4) {
        let name = path.file_stem().expect("name").to_string_lossy().into_owned() + "_";
        let first = annotations
            .iter()
            .find(|path| path.file_name().expect("name").to_string_lossy().starts_with(&name));
        let contents = gold_contents(first.expect("annotations"));
        let text = std::fs::read_to_string(path).expect("text");
        let found = engine().detect(&item(&text, Lang::En)).attributions;
        let matched =
            |content: &Vec<Span>| found.iter().any(|other| overlap(content, &other.content.spans) >= 0.5);
        hit += contents.iter().filter(|content| matched(content)).count();
        gold += contents.len();
        predicted += found.len();
    }
    let (precision, recall) = (hit as f64 / predicted as f64, hit as f64 / gold as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    assert!(f1 > 0.65, "content F1 {f1:.3} of {gold} attributions");
}
