//! Text reuse on a planted corpus: recall by kind of edit, precision, time and memory; or the corpus itself.
//!
//! `reuse DOCUMENTS [SEED] [THREADS]` measures the search for shared text alone; `reuse lineage DOCUMENTS SEED
//! [SENTENCES_UP_TO]` the whole engine; `reuse write DOCUMENTS SEED` writes the corpus as JSON lines for
//! the peers (`bench/compare_lineage.py`).

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeSet;
use std::time::Instant;

use preuve_case::{Format, Item, ItemId, ItemMeta, Lang, TextMap};
use preuve_examine::lineage::{LineageParams, ReuseParams, detect_lineage, detect_reuse};
use preuve_testkit::{CorpusPlan, Edit, Planted, planted_corpus};

fn plan(documents: usize, seed: u64) -> CorpusPlan {
    CorpusPlan { documents, copies_per_mille: 20, natural_per_mille: 20, outlets: 200, seed }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, default: usize| arguments.get(at).and_then(|n| n.parse().ok()).unwrap_or(default);
    if arguments.first().is_some_and(|first| first == "write") {
        for planted in planted_corpus(&plan(number(1, 1000), number(2, 1) as u64)) {
            let edit = format!("{:?}", planted.edit);
            println!("{}", serde_json::json!({"text": planted.text, "edit": edit, "source": planted.source}));
        }
        return;
    }
    if arguments.first().is_some_and(|first| first == "lineage") {
        return whole_engine(number(1, 1000), number(2, 1) as u64, number(3, 0));
    }
    let corpus = planted_corpus(&plan(number(0, 10_000), number(1, 1) as u64));
    let texts: Vec<&str> = corpus.iter().map(|planted| planted.text.as_str()).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    println!("{} documents, {} bytes each, memory before {} MB", texts.len(), bytes / texts.len(), memory());
    let start = Instant::now();
    let params = ReuseParams { threads: number(2, 2), min_shared: 8, min_containment: 0.12 };
    let found = detect_reuse(&texts, &params);
    println!(
        "{:.2} s, peak memory {} MB, {} pairs",
        start.elapsed().as_secs_f64(),
        memory(),
        found.pairs.len()
    );
    let pairs: BTreeSet<(usize, usize)> =
        found.pairs.iter().map(|pair| (pair.a as usize, pair.b as usize)).collect();
    for edit in [Edit::Verbatim, Edit::Light, Edit::Excerpt, Edit::Heavy, Edit::Natural] {
        let planted = corpus.iter().enumerate().filter(|(_, planted)| planted.edit == edit);
        let hits: Vec<bool> = planted
            .map(|(at, planted)| planted.source.is_some_and(|source| pairs.contains(&(source, at))))
            .collect();
        let found = hits.iter().filter(|hit| **hit).count();
        println!("{edit:?}: recall {:.4} of {}", found as f64 / hits.len().max(1) as f64, hits.len());
    }
    let kin = |&&(a, b): &&(usize, usize)| family(&corpus, a) == family(&corpus, b);
    let natural = |&&(a, b): &&(usize, usize)| [a, b].iter().any(|at| corpus[*at].edit == Edit::Natural);
    let right = pairs.iter().filter(kin).count();
    let wrong = pairs.iter().filter(|pair| !kin(pair) && !natural(pair)).count();
    println!(
        "precision outside natural duplicates {:.4} ({wrong} wrong)",
        right as f64 / (right + wrong).max(1) as f64
    );
}

fn whole_engine(documents: usize, seed: u64, sentences_up_to: usize) {
    let corpus = planted_corpus(&plan(documents, seed));
    let item = |(at, planted): (usize, Planted)| Item {
        id: ItemId::of(format!("{at}").as_bytes()),
        path: format!("{at:08}.txt"),
        format: Format::Text,
        byte_len: planted.text.len() as u64,
        map: TextMap::default(),
        text: planted.text,
        lang: Lang::En,
        meta: ItemMeta::default(),
        parent: None,
    };
    let items: Vec<Item> = corpus.into_iter().enumerate().map(item).collect();
    let borrowed: Vec<&Item> = items.iter().collect();
    println!("{documents} items, memory before {} MB", memory());
    let start = Instant::now();
    let params = LineageParams { threads: 2, as_of: None, sentences_up_to };
    let found = detect_lineage(&borrowed, &params);
    let derived = found.findings.iter().filter(|finding| finding.derived_from.is_some()).count();
    let seconds = start.elapsed().as_secs_f64();
    println!("{seconds:.2} s, peak memory {} MB, {derived} derived", memory());
}

/// The original a document goes back to; one that only shares a passage is its own.
fn family(corpus: &[Planted], at: usize) -> usize {
    match corpus[at].edit {
        Edit::Natural => at,
        _ => corpus[at].source.unwrap_or(at),
    }
}

/// Peak resident memory in megabytes, where the system tells.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<usize>().ok()).unwrap_or(0) / 1024
}
