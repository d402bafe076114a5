//! Learning to judge: judged texts → weights of stance, source class, evidence and act, and five-fold checks.

use std::path::Path;

use preuve_case::{Accusation, Attribution};
use preuve_examine::attribution::Relation;
use preuve_examine::attribution::training::judging::{
    ACTS, CLASSES, Clues, EVIDENCES, Learned, STANCES, clue_key, clues, judged,
};
use preuve_examine::attribution::training::write_table;
use serde_json::{Value, json};

use crate::corpus::{Judgement, read_judged};
use crate::labeller::Prepared;
use crate::loglinear::{Example, Params, learn};
use crate::{Tools, TrainError};

const FOLDS: usize = 5;

/// Greatest weight in the tables, and what counts as nothing.
const CAP: f32 = 6.0;
const FLOOR: f32 = 0.04;

/// Possible answers a question.
const ANSWERS: [usize; 4] = [STANCES.len(), CLASSES.len(), EVIDENCES.len(), ACTS.len()];

/// What cross-validation chose, a question.
const PARAMS: [Params; 4] = {
    let base = Params { epochs: 12, rate: 0.06, pull: 0.002, min_count: 2, balance: 0.3, seed: 17 };
    [base, base, Params { balance: 0.4, ..base }, Params { balance: 0.2, ..base }]
};

/// A text with its judgements, relations in the order of the judge.
struct Text<'t> {
    prepared: Prepared<'t>,
    relations: Vec<Relation>,
    judgements: Vec<Judgement>,
    /// An example a relation and question, `None` where the answer is not known.
    examples: Vec<[Option<Example>; 4]>,
    fold: usize,
}

/// Train on the judged texts, check by cross-validation, write `OUT/judge.bin` and `OUT/judged.jsonl`.
pub fn judge(out: &Path) -> Result<(), TrainError> {
    let tools = Tools::read(out)?;
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let articles = read_judged(corpus)?;
    let texts: Vec<Text> =
        articles.iter().map(|(article, judgements)| read_text(tools.prepare(article), judgements)).collect();
    let mut lines = String::new();
    for fold in 0..FOLDS {
        let seen: Vec<&Text> = texts.iter().filter(|text| text.fold != fold).collect();
        let learned = Learned::parse(&train(&seen))?;
        for text in texts.iter().filter(|text| text.fold == fold) {
            let by =
                |weights| judged(&text.prepared.document, &text.relations, &text.prepared.classes, weights);
            let rows = by(None).into_iter().zip(by(Some(&learned)));
            for ((rules, learned), gold) in rows.zip(&text.judgements) {
                lines += &line(&text.prepared, gold, &rules, &learned).to_string();
                lines.push('\n');
            }
        }
    }
    crate::write(&out.join("judged.jsonl"), lines.as_bytes())?;
    let bytes = train(&texts.iter().collect::<Vec<_>>());
    println!("{} texts, {} bytes", texts.len(), bytes.len());
    crate::write(&out.join("judge.bin"), &bytes)
}

fn read_text<'t>(prepared: Prepared<'t>, judgements: &[Judgement]) -> Text<'t> {
    let mut pairs: Vec<(Relation, Judgement)> = prepared
        .relations
        .iter()
        .cloned()
        .zip(judgements.iter().cloned())
        .filter(|(relation, _)| !relation.content.is_empty())
        .collect();
    let first = |relation: &Relation| {
        let parts = [&relation.source, &relation.cue, &relation.content];
        parts.into_iter().flatten().map(|range| range.start).min()
    };
    pairs.sort_by_key(|(relation, _)| first(relation));
    let (relations, judgements): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let clues = clues(&prepared.document, &relations, &prepared.classes);
    let examples = clues.iter().zip(&judgements).map(|(clues, gold)| examples(clues, gold)).collect();
    let number: String = prepared.article.name.chars().filter(char::is_ascii_digit).collect();
    let fold = number.parse::<usize>().unwrap_or(0) % FOLDS;
    Text { prepared, relations, judgements, examples, fold }
}

fn examples(clues: &Clues, gold: &Judgement) -> [Option<Example>; 4] {
    let example = |names: &[String], answer: Option<usize>| {
        Some(Example { keys: names.iter().map(|name| clue_key(name)).collect(), answer: answer? })
    };
    [
        example(&clues.stance, STANCES.iter().position(|answer| Some(*answer) == gold.stance)),
        example(&clues.class, CLASSES.iter().position(|answer| Some(*answer) == gold.class)),
        example(&clues.evidence, EVIDENCES.iter().position(|answer| Some(*answer) == gold.evidence)),
        example(
            &clues.act,
            ACTS.iter().position(|answer| *answer == gold.accusation.as_ref().map(|a| a.act)),
        ),
    ]
}

fn train(texts: &[&Text]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (question, params) in PARAMS.iter().enumerate() {
        let examples: Vec<&Example> =
            texts.iter().flat_map(|text| &text.examples).filter_map(|all| all[question].as_ref()).collect();
        let rows = learn(&examples, ANSWERS[question], params);
        write_table(ANSWERS[question], &rows, CAP, FLOOR, &mut bytes);
    }
    bytes
}

fn line(prepared: &Prepared, gold: &Judgement, rules: &Attribution, learned: &Attribution) -> Value {
    let answers = |a: &Attribution| {
        json!({
            "stance": a.stance, "source_class": a.source_class, "evidence": a.evidence, "accusation": a.accusation,
            "rules": a.reasons.iter().map(|reason| &reason.rule).collect::<Vec<_>>(),
        })
    };
    let words = |part: &Option<preuve_case::Part>| part.as_ref().map(|part| part.text.clone());
    json!({
        "item": prepared.article.name, "lang": prepared.article.lang.code(),
        "source": words(&rules.source), "cue": words(&rules.cue), "content": rules.content.text,
        "gold": {
            "stance": gold.stance, "source_class": gold.class, "evidence": gold.evidence,
            "accusation": gold.accusation.as_ref().map(known),
        },
        "by_rules": answers(rules), "learned": answers(learned),
    })
}

fn known(accusation: &Accusation) -> Value {
    serde_json::to_value(accusation).unwrap_or(Value::Null)
}
