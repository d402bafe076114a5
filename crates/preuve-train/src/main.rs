//! Trains the weights that `preuve-examine` embeds, and checks them by cross-validation.
//!
//! `cargo run --release -p preuve-train -- VERB …`; without a verb it says what there is.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks")]

mod chain;
mod check;
mod corpus;
mod event;
mod gradient;
mod judge;
mod labeller;
mod loglinear;
mod recurrent;
mod rng;
mod tagger;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use preuve_case::Lang;
use preuve_examine::attribution::WeightsError;
use preuve_examine::attribution::training::{Labeller, Lexicon, Table, TableError};

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
  labeller  train on CORPORA/polnear/train and our own texts, write OUT/label.bin
  cv        four-fold cross-validation: OUT/cv.polnear.jsonl and OUT/cv.own.jsonl, for the scorers
  predict   CORPORA is a folder of texts (language by name: `fr01.txt`, else English), OUT a folder of weights;
            writes OUT/predicted.jsonl and says the speed
  judge     train on the judged texts and events of our own, write OUT/judge.bin and, each event and each fifth of
            the texts judged by weights that have not seen it, OUT/judged.jsonl: gold, rules and learned side by side
  rules     the same judged by the rules alone, for OUT/judged.jsonl
`labeller`, `cv`, `judge` and `rules` want the taggers in OUT.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, corpora, out] = arguments.as_slice() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let (corpora, out) = (Path::new(corpora), Path::new(out));
    let done = match verb.as_str() {
        "taggers" => taggers(corpora, out),
        "labeller" => labeller(corpora, out),
        "cv" => check::cross_validate(corpora, out),
        "judge" => judge::judge(out),
        "rules" => judge::rules(out),
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
}

impl Tools {
    /// Taggers from the folder `out`, lexicons from the project.
    fn read(out: &Path) -> Result<Self, TrainError> {
        let tagger = |lang: &Lang| Ok(Table::parse(&read(&out.join(format!("pos.{}.bin", lang.code())))?)?.0);
        let taggers: Result<Vec<Table>, TrainError> = Lang::HANDLED.iter().map(tagger).collect();
        let lexicons = Lang::HANDLED.iter().map(|&lang| Lexicon::parse(lexicon(lang), lang)).collect();
        Ok(Self { taggers: taggers?, lexicons })
    }

    /// `article` cut, tagged and looked up.
    fn prepare<'t>(&self, article: &'t corpus::Article) -> labeller::Prepared<'t> {
        let at = lang_index(article.lang);
        labeller::prepare(article, &self.taggers[at], &self.lexicons[at])
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

/// Our own marked texts with the articles of our invented events, and PolNeAR's training texts.
fn articles(corpora: &Path) -> Result<(Vec<corpus::Article>, Vec<corpus::Article>), TrainError> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let mut own = corpus::read_marked(folder)?;
    let events = event::read_events(&folder.join("events"))?;
    own.extend(events.into_iter().flat_map(|event| event.articles).map(|(article, _)| article));
    Ok((own, corpus::read_standoff(&corpora.join("polnear/train"))?))
}

fn labeller(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let tools = Tools::read(out)?;
    let (own, polnear) = articles(corpora)?;
    let prepared: Vec<_> = own.iter().chain(&polnear).map(|article| tools.prepare(article)).collect();
    let bytes = labeller::train(&prepared.iter().collect::<Vec<_>>(), &recurrent::PARAMS)?;
    Labeller::parse(&bytes)?;
    println!("{} bytes", bytes.len());
    write(&out.join("label.bin"), &bytes)
}
