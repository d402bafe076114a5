//! `cargo bench -p preuve`: tokens a second of the attribution engine, articles a second of the main job.
//!
//! The material is invented and the same every time. A token is a word or a mark of punctuation.

#![allow(clippy::expect_used, reason = "a benchmark stops where it fails")]

#[path = "../tests/common/mod.rs"]
mod common;

use divan::Bencher;
use divan::counter::ItemsCount;
use preuve_case::{Format, Item, ItemId, ItemMeta, Lang, TextMap};
use preuve_examine::attribution::Attributor;

fn main() {
    divan::main();
}

fn item(number: usize) -> Item {
    let text = common::article(number);
    Item {
        id: ItemId::of(text.as_bytes()),
        path: format!("a{number}.txt"),
        format: Format::Text,
        byte_len: text.len() as u64,
        map: TextMap::verbatim(&text, 0),
        text,
        lang: Lang::En,
        meta: ItemMeta::default(),
        parent: None,
    }
}

fn tokens(text: &str) -> usize {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    words + text.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).count()
}

/// Tokens a second on one core.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn attributions(bencher: Bencher) {
    let attributor = Attributor::new().expect("the embedded weights are sound");
    let items: Vec<Item> = (0..200).map(item).collect();
    let count: usize = items.iter().map(|item| tokens(&item.text)).sum();
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| items.iter().map(|item| attributor.detect(item).attributions.len()).sum::<usize>());
}

/// Articles a second of `preuve examine` with a case on disk, on all cores.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn examine(bencher: Bencher) {
    const ARTICLES: usize = 500;
    let place = common::folder();
    common::write_articles(place.path(), ARTICLES);
    bencher
        .counter(ItemsCount::new(ARTICLES))
        .with_inputs(|| {
            let _ = std::fs::remove_dir_all(place.path().join("affair"));
        })
        .bench_values(|()| {
            let args =
                ["examine", "articles", "--metadata", "articles.csv", "--case", "affair", "--out", "out"];
            common::run_to(0, place.path(), &args)
        });
}
