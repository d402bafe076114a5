//! Speed of the attribution engine on one core: CPU time an article, words and marks a second.
//!
//! `attributions FOLDER [ROUNDS] [LANG]` reads the `.txt` files of a folder; the best round counts, since others may
//! use the machine too.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "an example prints, and stops where it fails")]

use std::sync::OnceLock;
use std::time::Instant;

use preuve_case::{Format, Item, ItemId, ItemMeta, Lang, TextMap};
use preuve_examine::attribution::Attributor;

fn item(text: String, lang: Lang) -> Item {
    Item {
        id: ItemId::of(text.as_bytes()),
        path: String::new(),
        format: Format::Text,
        byte_len: text.len() as u64,
        map: TextMap::verbatim(&text, 0),
        text,
        lang,
        meta: ItemMeta::default(),
        parent: None,
    }
}

fn tokens(text: &str) -> usize {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    words + text.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).count()
}

/// CPU time of this thread where the system tells it, else the time that has passed.
fn cpu_seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().expect("a folder of texts");
    let rounds = arguments.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    let lang = match arguments.get(2).map(String::as_str) {
        Some("fr") => Lang::Fr,
        Some("es") => Lang::Es,
        _ => Lang::En,
    };
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    let read = |path| item(std::fs::read_to_string(path).expect("a text in UTF-8"), lang);
    let items: Vec<Item> = paths.iter().map(read).collect();
    let count: usize = items.iter().map(|item| tokens(&item.text)).sum();
    let attributor = Attributor::new().expect("the embedded weights are sound");
    let mut best = f64::INFINITY;
    let mut found = Vec::new();
    for _ in 0..rounds {
        let start = cpu_seconds();
        found = items.iter().map(|item| attributor.detect(item)).collect();
        best = best.min(cpu_seconds() - start);
    }
    let attributions: usize = found.iter().map(|found| found.attributions.len()).sum();
    let digest = ItemId::of(format!("{found:?}").as_bytes());
    println!("{} texts, {count} words and marks, {attributions} attributions, digest {digest}", items.len());
    println!(
        "{:.2} ms a text, {:.0} words and marks a second",
        best * 1e3 / items.len() as f64,
        count as f64 / best
    );
}
