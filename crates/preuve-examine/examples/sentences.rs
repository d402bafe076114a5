//! How fast sentences become vectors: `sentences FILE [SECONDS]`, a sentence a line, on one thread.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::time::Instant;

use preuve_examine::lineage::encode_sentences;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let text = arguments.next().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let seconds: f64 = arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(3.0);
    let sentences: Vec<&str> = text.lines().collect();
    let loading = Instant::now();
    let loaded = encode_sentences(&["one"], 1).is_ok();
    println!("loaded {loaded} in {:.0} ms", loading.elapsed().as_secs_f64() * 1000.0);
    let start = Instant::now();
    let mut done = 0;
    while start.elapsed().as_secs_f64() < seconds && !sentences.is_empty() {
        done += encode_sentences(&sentences, 1).map_or(0, |vectors| vectors.len());
    }
    println!("{done} sentences, {:.0} a second", done as f64 / start.elapsed().as_secs_f64());
}
