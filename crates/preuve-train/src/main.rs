//! Trains the weights that `preuve-examine` embeds, and checks them by cross-validation.
//!
//! `cargo run --release -p preuve-train -- VERB …`; without a verb it says what there is.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks")]

mod check;
mod corpus;
mod labeller;
mod learner;
mod rng;
mod tagger;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use preuve_case::Lang;
use preuve_examine::attribution::WeightsError;
use preuve_examine::attribution::training::{Clusters, Lexicon, Table, TableError, word_key};

/// What keeps a training run from its end.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A file or folder cannot be read.
    #[error("{path}: cannot be read")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("{path}: cannot be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A marked text breaks the rules of the markup.
    #[error("{path}: tags do not close, or lack role or number")]
    Markup {
        /// The file.
        path: PathBuf,
    },
    /// Weights that were just made cannot be read.
    #[error("weights cannot be read back")]
    Table(#[from] TableError),
    /// The weights of a folder cannot be read.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

const USAGE: &str = "usage: preuve-train VERB CORPORA OUT
  taggers   train the taggers on CORPORA/pos, print their accuracy, write OUT/pos.{en,fr,es}.bin
  labellers train on CORPORA/polnear/train and our own texts, write OUT/label.{en,fr,es}.bin and OUT/clusters.bin
  cv        four-fold cross-validation: OUT/cv.polnear.jsonl and OUT/cv.own.jsonl, for the scorers
  predict   CORPORA is a folder of texts (language by name: `fr01.txt`, else English), OUT a folder of weights;
            writes OUT/predicted.jsonl and says the speed
`labellers` and `cv` want the taggers in OUT.";

/// One English article in so many teaches French and Spanish.
const ENGLISH_STEP: usize = 3;

/// How much an English article counts for French and Spanish.
const ENGLISH_WEIGHT: f32 = 0.3;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, corpora, out] = arguments.as_slice() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let (corpora, out) = (Path::new(corpora), Path::new(out));
    let done = match verb.as_str() {
        "taggers" => taggers(corpora, out),
        "labellers" => labellers(corpora, out),
        "cv" => check::cross_validate(corpora, out),
        "predict" => check::predict(corpora, out),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    std::fs::write(path, bytes).map_err(|source| TrainError::Write { path: path.to_owned(), source })
}

fn read(path: &Path) -> Result<Vec<u8>, TrainError> {
    std::fs::read(path).map_err(|source| TrainError::Read { path: path.to_owned(), source })
}

fn taggers(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    for lang in Lang::HANDLED {
        let sentences = tagger::read_tagged(&corpora.join("pos"), lang.code())?;
        let part = |held: bool| {
            let chosen = sentences.iter().enumerate().filter(|(at, _)| (at % 10 == 3) == held);
            chosen.map(|(_, sentence)| sentence.clone()).collect::<Vec<_>>()
        };
        let (table, _) = Table::parse(&tagger::train_tagger(&part(false), lang))?;
        let accuracy = tagger::accuracy(&table, &part(true), lang);
        let bytes = tagger::train_tagger(&sentences, lang);
        println!("{}: {:.2} % of held-out tokens, {} bytes", lang.code(), 100.0 * accuracy, bytes.len());
        write(&out.join(format!("pos.{}.bin", lang.code())), &bytes)?;
    }
    Ok(())
}

/// What articles are prepared with.
struct Tools {
    taggers: Vec<Table>,
    lexicons: Vec<Lexicon>,
    clusters: Clusters,
    none: Clusters,
}

impl Tools {
    /// Taggers from the folder `out`, lexicons and classes of words from the project.
    fn read(out: &Path) -> Result<Self, TrainError> {
        let tagger = |lang: &Lang| Ok(Table::parse(&read(&out.join(format!("pos.{}.bin", lang.code())))?)?.0);
        let taggers: Result<Vec<Table>, TrainError> = Lang::HANDLED.iter().map(tagger).collect();
        let lexicons = Lang::HANDLED.iter().map(|&lang| Lexicon::parse(lexicon(lang), lang)).collect();
        Ok(Self { taggers: taggers?, lexicons, clusters: clusters(), none: Clusters::default() })
    }

    /// `article` cut, tagged and looked up; with classes of words or without.
    fn prepare<'t>(&'t self, article: &'t corpus::Article, classes: bool) -> labeller::Prepared<'t> {
        let at = lang_index(article.lang);
        let clusters = if classes { &self.clusters } else { &self.none };
        labeller::prepare(article, &self.taggers[at], &self.lexicons[at], clusters)
    }
}

fn lang_index(lang: Lang) -> usize {
    Lang::HANDLED.iter().position(|&handled| handled == lang).unwrap_or(0)
}

fn lexicon(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => include_str!("../../preuve-examine/lexicons/cues.fr.tsv"),
        Lang::Es => include_str!("../../preuve-examine/lexicons/cues.es.tsv"),
        _ => include_str!("../../preuve-examine/lexicons/cues.en.tsv"),
    }
}

fn clusters() -> Clusters {
    let class = |line: &'static str| {
        let (word, class) = line.split_once('\t')?;
        Some((word_key(word), class.parse().ok()?))
    };
    Clusters::new(include_str!("../data/clusters.tsv").lines().filter_map(class))
}

/// Our own marked texts, and PolNeAR's training texts.
fn articles(corpora: &Path) -> Result<(Vec<corpus::Article>, Vec<corpus::Article>), TrainError> {
    let own = corpus::read_marked(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")))?;
    Ok((own, corpus::read_standoff(&corpora.join("polnear/train"))?))
}

/// English, with many texts, bears a strong pull; French and Spanish do not.
fn params(lang: Lang) -> learner::LearnParams {
    let (epochs, pull, floor) = if lang == Lang::En { (10, 4.0, 0.02) } else { (7, 1.0, 0.035) };
    learner::LearnParams { epochs, rate: 0.03, pull, min_count: 5, floor, seed: 17 }
}

fn labellers(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let tools = Tools::read(out)?;
    let (own, polnear) = articles(corpora)?;
    let english = polnear.iter().chain(own.iter().filter(|article| article.lang == Lang::En));
    let english: Vec<_> = english.map(|article| tools.prepare(article, false)).collect();
    let mixed = own.iter().chain(polnear.iter().step_by(ENGLISH_STEP));
    let mixed: Vec<_> = mixed.map(|article| tools.prepare(article, true)).collect();
    let (english, mixed): (Vec<_>, Vec<_>) = (english.iter().collect(), mixed.iter().collect());
    let langs = [Lang::Fr, Lang::Es];
    let mut trained = vec![labeller::train(&english, &params(Lang::En))];
    trained.extend(labeller::train_joint(&mixed, &langs, ENGLISH_WEIGHT, &params(Lang::Fr)));
    for (lang, labeller) in Lang::HANDLED.into_iter().zip(trained) {
        let mut bytes = labeller.weights;
        labeller.bins.write(&mut bytes);
        println!("{}: {} bytes", lang.code(), bytes.len());
        write(&out.join(format!("label.{}.bin", lang.code())), &bytes)?;
    }
    let mut bytes = Vec::new();
    tools.clusters.write(&mut bytes);
    write(&out.join("clusters.bin"), &bytes)
}
