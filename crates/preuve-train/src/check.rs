//! Checks of what was trained: cross-validation, and the relations of a folder of texts. The scorers read both.

use std::path::Path;
use std::time::Instant;

use preuve_case::Lang;
use preuve_examine::attribution::training::{Labeller, Model};

use crate::labeller::{Prepared, json_lines, predict as relations_of, train};
use crate::recurrent::PARAMS;
use crate::{Tools, TrainError, articles, corpus, lang_index, lexicon, read};

const FOLDS: usize = 4;

/// Label every training article with a labeller that has not seen it; write `OUT/cv.polnear.jsonl` and
/// `OUT/cv.own.jsonl` (our own texts, three languages).
pub fn cross_validate(corpora: &Path, out: &Path) -> Result<(), TrainError> {
    let tools = Tools::read(out)?;
    let (own, polnear) = articles(corpora)?;
    let own: Vec<_> = own.iter().map(|article| tools.prepare(article)).collect();
    let polnear: Vec<_> = polnear.iter().map(|article| tools.prepare(article)).collect();
    let mut lines = [String::new(), String::new()];
    for fold in 0..FOLDS {
        let seen: Vec<_> = rest_of(&own, fold).chain(rest_of(&polnear, fold)).collect();
        let labeller = Labeller::parse(&train(&seen, &PARAMS)?)?;
        for (lines, articles) in lines.iter_mut().zip([&own, &polnear]) {
            for held in articles.iter().skip(fold).step_by(FOLDS) {
                *lines += &json_lines(&held.article.name, &held.document, &relations_of(held, &labeller));
            }
        }
    }
    crate::write(&out.join("cv.own.jsonl"), lines[0].as_bytes())?;
    crate::write(&out.join("cv.polnear.jsonl"), lines[1].as_bytes())
}

fn rest_of<'p, 't>(articles: &'p [Prepared<'t>], fold: usize) -> impl Iterator<Item = &'p Prepared<'t>> {
    articles.iter().enumerate().filter(move |(at, _)| at % FOLDS != fold).map(|(_, article)| article)
}

/// Find the relations of the texts of `folder` with the weights of `weights`; write `predicted.jsonl` there.
pub fn predict(folder: &Path, weights: &Path) -> Result<(), TrainError> {
    let labeller = Labeller::parse(&read(&weights.join("label.bin"))?)?;
    let mut models = Vec::new();
    for lang in Lang::HANDLED {
        let tagger = read(&weights.join(format!("pos.{}.bin", lang.code())))?;
        models.push(Model::parse(lang, &tagger, lexicon(lang))?);
    }
    let (mut lines, mut tokens) = (String::new(), 0);
    let start = Instant::now();
    for path in corpus::files_in(folder, "txt")? {
        let text = corpus::read_text(&path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let model = &models[lang_index(lang_of(&name))];
        let (document, columns) = model.read(&text);
        tokens += document.tokens.len();
        let classes = model.classes(&document, &columns);
        let relations = model.relations(&labeller, &document, &columns, &classes);
        lines.push_str(&json_lines(&name, &document, &relations));
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
