//! Checks of what was trained: cross-validation, and the relations of a folder of texts. The scorers read both.

use std::path::Path;
use std::time::Instant;

use preuve_case::Lang;
use preuve_examine::attribution::training::{Crf, CueBins, Model, Table};

use crate::labeller::{Prepared, json_lines, predict as relations_of, train, train_joint};
use crate::{
    ENGLISH_STEP, ENGLISH_WEIGHT, Tools, TrainError, articles, corpus, lang_index, lexicon, params, read,
};

const FOLDS: usize = 4;

/// Label every training article with a labeller that has not seen it; write `OUT/cv.polnear.jsonl` (English) and
/// `OUT/cv.own.jsonl` (our own texts, three languages).
pub fn cross_validate(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let tools = Tools::read(out)?;
    let (own, polnear) = articles(corpora)?;
    let english: Vec<_> = polnear.iter().map(|article| tools.prepare(article, false)).collect();
    let lines = in_folds(|fold| english_fold(&english, fold))?;
    crate::write(&out.join("cv.polnear.jsonl"), lines.as_bytes())?;
    drop(english);
    let own: Vec<_> = own.iter().map(|article| tools.prepare(article, true)).collect();
    let others: Vec<_> =
        polnear.iter().step_by(ENGLISH_STEP).map(|article| tools.prepare(article, true)).collect();
    let lines = in_folds(|fold| own_fold(&own, &others, fold))?;
    crate::write(&out.join("cv.own.jsonl"), lines.as_bytes())
}

fn in_folds(run: impl Fn(usize) -> Result<String, TrainError>) -> Result<String, TrainError> {
    (0..FOLDS).map(run).collect()
}

fn rest_of<'p, 't>(articles: &'p [Prepared<'t>], fold: usize) -> Vec<&'p Prepared<'t>> {
    articles.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, article)| article).collect()
}

fn english_fold(articles: &[Prepared<'_>], fold: usize) -> Result<String, TrainError> {
    let trained = train(&rest_of(articles, fold), &params(Lang::En));
    let crf = Crf::new(Table::parse(&trained.weights)?.0);
    let lines = |held: &Prepared<'_>| {
        json_lines(&held.article.name, &held.document, &relations_of(held, &crf, &trained.bins))
    };
    Ok(articles.iter().skip(fold).step_by(FOLDS).map(lines).collect())
}

fn own_fold(own: &[Prepared<'_>], others: &[Prepared<'_>], fold: usize) -> Result<String, TrainError> {
    let mut rest = rest_of(own, fold);
    rest.extend(others);
    let trained = train_joint(&rest, &Lang::HANDLED, ENGLISH_WEIGHT, &params(Lang::Fr));
    let crfs: Result<Vec<Crf>, TrainError> =
        trained.iter().map(|labeller| Ok(Crf::new(Table::parse(&labeller.weights)?.0))).collect();
    let crfs = crfs?;
    let lines = |held: &Prepared<'_>| {
        let crf = &crfs[lang_index(held.article.lang)];
        json_lines(&held.article.name, &held.document, &relations_of(held, crf, &CueBins::default()))
    };
    Ok(own.iter().skip(fold).step_by(FOLDS).map(lines).collect())
}

/// Find the relations of the texts of `folder` with the weights of `weights`; write `predicted.jsonl` there.
pub fn predict(folder: &Path, weights: &Path) -> Result<(), TrainError> {
    let mut models = Vec::new();
    for lang in Lang::HANDLED {
        let bytes = |name: &str| read(&weights.join(format!("{name}.{}.bin", lang.code())));
        let clusters = if lang == Lang::En { vec![0; 4] } else { read(&weights.join("clusters.bin"))? };
        models.push(Model::parse(lang, &bytes("pos")?, &bytes("label")?, &clusters, lexicon(lang))?);
    }
    let (mut lines, mut tokens) = (String::new(), 0);
    let start = Instant::now();
    for path in corpus::files_in(folder, "txt")? {
        let text = corpus::read_text(&path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let model = &models[lang_index(lang_of(&name))];
        let (document, columns) = model.read(&text);
        tokens += document.tokens.len();
        lines.push_str(&json_lines(&name, &document, &model.relations(&document, &columns)));
    }
    println!("{tokens} tokens, {:.0} a second", tokens as f64 / start.elapsed().as_secs_f64());
    crate::write(&weights.join("predicted.jsonl"), lines.as_bytes())
}

/// `fr01.txt` is French, `es…` Spanish, anything else English.
fn lang_of(name: &str) -> Lang {
    let named = |lang: &Lang| {
        name.strip_prefix(lang.code()).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    Lang::HANDLED.into_iter().find(named).unwrap_or(Lang::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_language() {
        assert_eq!(lang_of("fr01.txt"), Lang::Fr);
        assert_eq!(lang_of("es12.txt"), Lang::Es);
        assert_eq!(lang_of("essay.txt"), Lang::En);
    }
}
