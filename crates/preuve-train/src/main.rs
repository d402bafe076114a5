//! Trains the weights that `preuve-examine` embeds, and checks them by cross-validation.
//!
//! `cargo run --release -p preuve-train -- VERB …`; without a verb it says what there is.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks")]

mod corpus;
mod labeller;
mod learner;
mod rng;
mod tagger;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use preuve_case::Lang;
use preuve_examine::attribution::WeightsError;
use preuve_examine::attribution::training::{Clusters, Crf, Lexicon, Model, Table, TableError, word_key};

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
  cv        cross-validate the English labeller on CORPORA/polnear/train, write OUT/cv.jsonl
  all       train on everything and write OUT/{pos,label}.{en,fr,es}.bin
  predict   here CORPORA is a folder of texts (`en…`, `fr…`, `es…` by name, else English), OUT holds the weights,
            a third argument names the file to write relations to
  dev       train on CORPORA/polnear/train, write the relations of CORPORA/polnear/dev to OUT/dev.jsonl";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, corpora, out, ..] = arguments.as_slice() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let (corpora, out) = (Path::new(corpora), Path::new(out));
    let done = match verb.as_str() {
        "taggers" => taggers(corpora, out),
        "cv" => cross_validate(corpora, out),
        "all" => all(corpora, out),
        "predict" => predict(corpora, out, arguments.get(3)),
        "own" => own(corpora, out),
        "dev" => dev(corpora, out),
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

fn taggers(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    for lang in Lang::HANDLED {
        let sentences = tagger::read_tagged(&corpora.join("pos"), lang.code())?;
        let (held, rest): (Vec<_>, Vec<_>) =
            sentences.iter().cloned().enumerate().partition(|(at, _)| at % 10 == 3);
        let strip =
            |part: Vec<(usize, Vec<(String, String)>)>| part.into_iter().map(|(_, s)| s).collect::<Vec<_>>();
        let (held, rest) = (strip(held), strip(rest));
        let bytes = tagger::train_tagger(&rest, lang);
        let (table, _) = Table::parse(&bytes)?;
        let accuracy = tagger::accuracy(&table, &held, lang);
        let bytes = tagger::train_tagger(&sentences, lang);
        println!("{}: {:.2} % of held-out tokens, {} bytes", lang.code(), 100.0 * accuracy, bytes.len());
        write(&out.join(format!("pos.{}.bin", lang.code())), &bytes)?;
    }
    Ok(())
}

fn read_tagger(out: &Path, lang: Lang) -> Result<Table, TrainError> {
    let path = out.join(format!("pos.{}.bin", lang.code()));
    let bytes = std::fs::read(&path).map_err(|source| TrainError::Read { path, source })?;
    Ok(Table::parse(&bytes)?.0)
}

fn params() -> learner::LearnParams {
    let number = |name: &str, or: f32| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    learner::LearnParams {
        epochs: number("EPOCHS", 10.0) as usize,
        rate: number("RATE", 0.03),
        pull: number("PULL", 1.0),
        min_count: number("MIN", 5.0) as u32,
        floor: number("FLOOR", 0.04),
        seed: 17,
    }
}

fn clusters() -> Clusters {
    let class = |line: &'static str| {
        let (word, class) = line.split_once('\t')?;
        Some((word_key(word), class.parse().ok()?))
    };
    Clusters::new(include_str!("../data/clusters.tsv").lines().filter_map(class))
}

/// Cross-validate the joint labeller on our own texts.
fn own(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let own = corpus::read_marked(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")))?;
    let polnear = corpus::read_standoff(&corpora.join("polnear/train"))?;
    let number = |name: &str, or: f32| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    let (every, weight) = (number("EVERY", 3.0) as usize, number("WEIGHT", 0.3));
    let clusters = clusters();
    let tagger: Vec<Table> =
        Lang::HANDLED.iter().map(|&lang| read_tagger(out, lang)).collect::<Result<_, _>>()?;
    let lexicons: Vec<Lexicon> = Lang::HANDLED.iter().map(|&lang| lexicon(lang)).collect();
    let at = |lang: Lang| Lang::HANDLED.iter().position(|&l| l == lang).unwrap_or(0);
    let prepared: Vec<_> = own
        .iter()
        .chain(polnear.iter().step_by(every))
        .map(|a| labeller::prepare(a, &tagger[at(a.lang)], &lexicons[at(a.lang)], &clusters))
        .collect();
    let count = own.len();
    let langs = [Lang::En, Lang::Fr, Lang::Es];
    let run = |fold: usize| -> Result<String, TrainError> {
        let rest: Vec<_> = prepared
            .iter()
            .enumerate()
            .filter(|(at, _)| *at >= count || at % 4 != fold)
            .map(|(_, p)| p)
            .collect();
        let file = |at: usize| out.join(format!("own.{fold}.{at}.bin"));
        if !file(0).exists() {
            for (at, t) in labeller::train_joint(&rest, &langs, weight, &params()).iter().enumerate() {
                write(&file(at), &t.weights)?;
            }
        }
        let crfs: Vec<Crf> = (0..3)
            .map(|t| {
                Ok(Crf::new(
                    Table::parse(
                        &std::fs::read(file(t))
                            .map_err(|source| TrainError::Read { path: file(t), source })?,
                    )?
                    .0,
                ))
            })
            .collect::<Result<_, TrainError>>()?;
        let held = prepared[..count].iter().skip(fold).step_by(4);
        Ok(held
            .map(|p| {
                labeller::json_lines(
                    &p.article.name,
                    &p.document,
                    &labeller::predict(p, &crfs[at(p.article.lang)], &Default::default()),
                )
            })
            .collect())
    };
    let mut lines = String::new();
    for pair in [[0, 1], [2, 3]] {
        let done: Result<Vec<String>, TrainError> = std::thread::scope(|scope| {
            let threads: Vec<_> = pair
                .iter()
                .map(|&fold| {
                    scope.spawn({
                        let run = &run;
                        move || run(fold)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Ok(String::new()))).collect()
        });
        lines += &done?.concat();
    }
    write(&out.join("own.jsonl"), lines.as_bytes())
}

fn lexicon(lang: Lang) -> Lexicon {
    Lexicon::parse(tsv(lang), lang)
}

fn tsv(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => include_str!("../../preuve-examine/lexicons/cues.fr.tsv"),
        Lang::Es => include_str!("../../preuve-examine/lexicons/cues.es.tsv"),
        _ => include_str!("../../preuve-examine/lexicons/cues.en.tsv"),
    }
}

fn all(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let classes = clusters();
    let own = corpus::read_marked(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")))?;
    let polnear = corpus::read_standoff(&corpora.join("polnear/train"))?;
    let tagger: Vec<Table> =
        Lang::HANDLED.iter().map(|&lang| read_tagger(out, lang)).collect::<Result<_, _>>()?;
    let lexicons: Vec<Lexicon> = Lang::HANDLED.iter().map(|&lang| lexicon(lang)).collect();
    let at = |lang: Lang| Lang::HANDLED.iter().position(|&l| l == lang).unwrap_or(0);
    let (none, prepare) = (Clusters::default(), |a, classes| {
        let a: &corpus::Article = a;
        labeller::prepare(a, &tagger[at(a.lang)], &lexicons[at(a.lang)], classes)
    });
    let number = |name: &str, or: f32| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    let english = polnear.iter().chain(own.iter().filter(|article| article.lang == Lang::En));
    let english: Vec<_> = english.map(|article| prepare(article, &none)).collect();
    let mixed = own.iter().chain(polnear.iter().step_by(number("EVERY", 3.0) as usize));
    let mixed: Vec<_> = mixed.map(|article| prepare(article, &classes)).collect();
    let (english, mixed): (Vec<_>, Vec<_>) = (english.iter().collect(), mixed.iter().collect());
    let (mut labellers, joint) = std::thread::scope(|scope| {
        let joint = scope
            .spawn(|| labeller::train_joint(&mixed, &[Lang::Fr, Lang::Es], number("WEIGHT", 0.3), &params()));
        (vec![labeller::train(&english, &params())], joint.join().unwrap_or_default())
    });
    labellers.extend(joint);
    for (lang, trained) in Lang::HANDLED.into_iter().zip(labellers) {
        let mut bytes = trained.weights;
        trained.bins.write(&mut bytes);
        println!("{}: {} bytes", lang.code(), bytes.len());
        write(&out.join(format!("label.{}.bin", lang.code())), &bytes)?;
    }
    let mut bytes = Vec::new();
    classes.write(&mut bytes);
    write(&out.join("clusters.bin"), &bytes)
}

fn predict(folder: &Path, weights: &Path, out: Option<&String>) -> Result<(), TrainError> {
    let mut models = Vec::new();
    let mut classes = Vec::new();
    clusters().write(&mut classes);
    for lang in Lang::HANDLED {
        let bytes = |name: &str| {
            let path = weights.join(format!("{name}.{}.bin", lang.code()));
            std::fs::read(&path).map_err(|source| TrainError::Read { path, source })
        };
        models.push(Model::parse(
            lang,
            &bytes("pos")?,
            &bytes("label")?,
            if lang == Lang::En { &[0; 4] } else { &classes },
            tsv(lang),
        )?);
    }
    let (mut lines, mut tokens) = (String::new(), 0);
    let start = std::time::Instant::now();
    for path in corpus::files_in(folder, "txt")? {
        let text = corpus::read_text(&path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let lang = Lang::HANDLED.into_iter().position(|lang| {
            name.strip_prefix(lang.code()).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        let model = &models[lang.unwrap_or(0)];
        let (document, columns) = model.read(&text);
        tokens += document.tokens.len();
        lines.push_str(&labeller::json_lines(&name, &document, &model.relations(&document, &columns)));
    }
    eprintln!("{tokens} tokens, {:.0} a second", tokens as f64 / start.elapsed().as_secs_f64());
    out.map_or(Ok(()), |out| write(Path::new(out), lines.as_bytes()))
}

fn cross_validate(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    const FOLDS: usize = 4;
    let clusters = Clusters::default();
    let articles = corpus::read_standoff(&corpora.join("polnear/train"))?;
    let (tagger, lexicon) = (read_tagger(out, Lang::En)?, lexicon(Lang::En));
    let prepared: Vec<_> =
        articles.iter().map(|article| labeller::prepare(article, &tagger, &lexicon, &clusters)).collect();
    let folds: usize = std::env::var("FOLDS").ok().and_then(|v| v.parse().ok()).unwrap_or(FOLDS);
    let run = |fold: usize| -> Result<String, TrainError> {
        let rest: Vec<_> =
            prepared.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, p)| p).collect();
        let file = out.join(format!("cv.{fold}.bin"));
        let bins = labeller::count_bins(rest.iter().copied());
        if !file.exists() {
            write(&file, &labeller::train(&rest, &params()).weights)?;
        }
        let crf = Crf::new(
            Table::parse(&std::fs::read(&file).map_err(|source| TrainError::Read { path: file, source })?)?.0,
        );
        let held = prepared.iter().skip(fold).step_by(FOLDS);
        Ok(held
            .map(|p| labeller::json_lines(&p.article.name, &p.document, &labeller::predict(p, &crf, &bins)))
            .collect())
    };
    let lines: Result<Vec<String>, TrainError> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..folds)
            .map(|fold| {
                scope.spawn({
                    let run = &run;
                    move || run(fold)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Ok(String::new()))).collect()
    });
    write(&out.join("cv.jsonl"), lines?.concat().as_bytes())
}

fn dev(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let (tagger, lexicon, clusters) = (read_tagger(out, Lang::En)?, lexicon(Lang::En), Clusters::default());
    let articles = corpus::read_standoff(&corpora.join("polnear/train"))?;
    let prepared: Vec<_> =
        articles.iter().map(|article| labeller::prepare(article, &tagger, &lexicon, &clusters)).collect();
    let trained = labeller::train(&prepared.iter().collect::<Vec<_>>(), &params());
    println!("weights: {} bytes", trained.weights.len());
    let crf = Crf::new(Table::parse(&trained.weights)?.0);
    let articles = corpus::read_standoff(&corpora.join("polnear/dev"))?;
    let lines: String = articles
        .iter()
        .map(|article| {
            let prepared = labeller::prepare(article, &tagger, &lexicon, &clusters);
            labeller::json_lines(
                &article.name,
                &prepared.document,
                &labeller::predict(&prepared, &crf, &trained.bins),
            )
        })
        .collect();
    write(&out.join("dev.jsonl"), lines.as_bytes())
}
