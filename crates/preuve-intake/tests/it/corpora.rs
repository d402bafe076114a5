//! Real and invented articles, where they are at hand: texts exact, languages right, metadata joined.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use preuve_case::Lang;
use preuve_intake::{ColumnMapping, Metadata};

use crate::common::read;

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("PREUVE_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no corpus at {}", folder.display());
    None
}

fn texts_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let texts = files.filter(|file| file.extension().is_some_and(|extension| extension == "txt"));
    texts
        .map(|file| {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&file).expect("readable"))
        })
        .collect()
}

#[test]
fn the_invented_event_is_read_exactly_and_joined() {
    let Some(corpora) = corpora() else { return };
    let event = corpora.join("event-dev");
    let table = std::fs::read(event.join("articles.jsonl")).expect("readable");
    let (metadata, diagnostics) = Metadata::parse("articles.jsonl", &table, &ColumnMapping::default());
    assert_eq!(diagnostics, []);
    let texts = texts_in(&event.join("articles"));
    assert_eq!(metadata.len(), texts.len());
    for (name, bytes) in texts {
        let mut kept = read(&name, &bytes);
        assert_eq!(kept.codes(), [""; 0], "{name}");
        let mut item = kept.items.pop().expect("an item");
        assert_eq!(item.text.as_bytes(), bytes, "{name}");
        assert_eq!(item.lang.code(), &name[..2], "{name}");
        assert_eq!(metadata.apply(&mut item), None, "{name}");
        assert_eq!(item.lang.code(), &name[..2], "{name}");
        assert!(
            item.meta.outlet.is_some() && item.meta.published.is_some() && item.meta.title.is_some(),
            "{name}"
        );
    }
}

#[test]
fn american_news_reads_as_english() {
    let Some(corpora) = corpora() else { return };
    for (name, bytes) in texts_in(&corpora.join("polnear/dev/text")) {
        let kept = read(&name, &bytes);
        assert_eq!(kept.items[0].lang, Lang::En, "{name}");
        assert_eq!(kept.items[0].text.as_bytes(), bytes, "{name}");
    }
}

#[test]
fn the_founding_article_reads_as_french() {
    let Some(corpora) = corpora() else { return };
    for (name, bytes) in texts_in(&corpora.join("founding")) {
        assert_eq!(read(&name, &bytes).items[0].lang, Lang::Fr, "{name}");
    }
}
