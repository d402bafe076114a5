//! Learning to judge: judged texts → weights of stance, source class, evidence and act, and five-fold checks.

use std::path::Path;

use preuve_case::Attribution;
use preuve_examine::attribution::Relation;
use preuve_examine::attribution::training::judging::{
    ACTS, CLASSES, Candidate, ClueList, Clues, EVIDENCES, Learned, STANCES, accusers, clues, judged,
};
use preuve_examine::attribution::training::{folded, write_table};
use serde_json::{Value, json};

use crate::corpus::{Judgement, Named, read_judged};
use crate::labeller::Prepared;
use crate::loglinear::{Choice, Example, Params, learn, learn_choices};
use crate::{Tools, TrainError};

const FOLDS: usize = 5;
/// Parts of the data by which the first stage is held back from what the second learns from.
const PARTS: usize = 4;

/// Greatest weight in the tables, and what counts as nothing.
const CAP: f32 = 6.0;
const FLOOR: f32 = 0.06;

/// Possible answers a question.
const ANSWERS: [usize; 4] = [STANCES.len(), CLASSES.len(), EVIDENCES.len(), ACTS.len()];

/// What cross-validation chose, a question.
const PARAMS: [Params; 4] = {
    let base = Params { epochs: 12, rate: 0.06, pull: 0.003, min_count: 3, balance: 0.0, seed: 17 };
    [base, base, base, Params { balance: 0.1, ..base }]
};

/// The same for the rankings of accused and accuser.
const RANKING: Params = Params { epochs: 8, rate: 0.05, pull: 0.002, min_count: 3, balance: 0.0, seed: 17 };

/// A text with its judgements, relations in the order of the judge.
struct Text<'t> {
    prepared: Prepared<'t>,
    relations: Vec<Relation>,
    judgements: Vec<Judgement>,
    fold: usize,
}

/// What a stage learns from one text.
struct Lesson {
    /// An example a relation and question, `None` where the answer is not known.
    examples: Vec<[Option<Example>; 4]>,
    /// Who is accused, who accuses: a choice a relation with an accusation.
    choices: [Vec<Choice>; 2],
}

/// Train on the judged texts, check by cross-validation, write `OUT/judge.bin` and `OUT/judged.jsonl`.
pub fn judge(out: &Path) -> Result<(), TrainError> {
    let tools = Tools::read(out)?;
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let articles = read_judged(corpus)?;
    let texts: Vec<Text> =
        articles.iter().map(|(article, judgements)| sort_text(tools.prepare(article), judgements)).collect();
    let rules = Learned { stages: Vec::new() };
    let mut lines = String::new();
    for fold in 0..FOLDS {
        let seen: Vec<&Text> = texts.iter().filter(|text| text.fold != fold).collect();
        let learned = Learned::parse(&train(&seen)?)?;
        for text in texts.iter().filter(|text| text.fold == fold) {
            let rows = text.judged(&rules).into_iter().zip(text.judged(&learned));
            for ((rules, learned), gold) in rows.zip(&text.judgements) {
                lines += &line(&text.prepared, gold, &rules, &learned).to_string();
                lines.push('\n');
            }
        }
    }
    crate::write(&out.join("judged.jsonl"), lines.as_bytes())?;
    let bytes = train(&texts.iter().collect::<Vec<_>>())?;
    println!("{} texts, {} bytes", texts.len(), bytes.len());
    crate::write(&out.join("judge.bin"), &bytes)
}

fn sort_text<'t>(prepared: Prepared<'t>, judgements: &[Judgement]) -> Text<'t> {
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
    let number: String = prepared.article.name.chars().filter(char::is_ascii_digit).collect();
    let fold = number.parse::<usize>().unwrap_or(0) % FOLDS;
    Text { prepared, relations, judgements, fold }
}

impl Text<'_> {
    fn judged(&self, weights: &Learned) -> Vec<Attribution> {
        judged(&self.prepared.document, &self.relations, &self.prepared.classes, weights)
    }

    /// What the stage behind those of `weights` can learn here.
    fn lesson(&self, weights: &Learned) -> Lesson {
        let (document, classes) = (&self.prepared.document, &self.prepared.classes);
        let clues = clues(document, &self.relations, classes, weights);
        let names = chosen_names(&clues, &self.judgements);
        let who = accusers(document, &self.relations, classes, weights, &names);
        let examples =
            clues.iter().zip(&self.judgements).map(|(clues, gold)| examples(clues, gold)).collect();
        let mut choices = [Vec::new(), Vec::new()];
        for ((clues, who), gold) in clues.iter().zip(&who).zip(&self.judgements) {
            let Some(gold) = &gold.accusation else { continue };
            choices[0].extend(choice(&clues.accused, Some(&gold.accused)));
            choices[1].extend(choice(who, gold.accuser.as_ref()));
        }
        Lesson { examples, choices }
    }
}

/// Two stages: the second learns from what the first makes of texts that it has not seen.
fn train(texts: &[&Text]) -> Result<Vec<u8>, TrainError> {
    let rules = Learned { stages: Vec::new() };
    let lessons: Vec<Lesson> = texts.iter().map(|text| text.lesson(&rules)).collect();
    let mut later: Vec<Lesson> = Vec::new();
    for part in 0..PARTS {
        let seen: Vec<&Lesson> = lessons
            .iter()
            .enumerate()
            .filter(|(at, _)| at % PARTS != part)
            .map(|(_, lesson)| lesson)
            .collect();
        let first = Learned::parse(&train_stage(&seen, true))?;
        later.extend(texts.iter().skip(part).step_by(PARTS).map(|text| text.lesson(&first)));
    }
    let mut bytes = train_stage(&lessons.iter().collect::<Vec<_>>(), true);
    bytes.extend(train_stage(&later.iter().collect::<Vec<_>>(), false));
    Ok(bytes)
}

/// The accused by the name that the candidates have for him.
fn chosen_names(clues: &[Clues], gold: &[Judgement]) -> Vec<Option<String>> {
    let name = |(clues, gold): (&Clues, &Judgement)| {
        let gold = &gold.accusation.as_ref()?.accused;
        let found = clues.accused.iter().find(|candidate| one_of(candidate.name.as_deref(), Some(gold)));
        found.and_then(|candidate| candidate.name.clone()).or_else(|| gold.first().cloned())
    };
    clues.iter().zip(gold).map(name).collect()
}

/// `None` where no candidate is right or all are.
fn choice(candidates: &[Candidate], gold: Option<&Vec<String>>) -> Option<Choice> {
    let right: Vec<bool> =
        candidates.iter().map(|candidate| one_of(candidate.name.as_deref(), gold)).collect();
    let mixed = right.contains(&true) && right.contains(&false);
    let keys = |candidate: &Candidate| candidate.clues.keys().to_vec();
    mixed.then(|| Choice { candidates: candidates.iter().map(keys).collect(), right })
}

/// Whether `name` is one of `names`; nobody is one of none.
fn one_of(name: Option<&str>, names: Option<&Vec<String>>) -> bool {
    match (name, names) {
        (Some(name), Some(names)) => names.iter().any(|known| same(name, known)),
        (name, names) => name.is_none() && names.is_none(),
    }
}

/// Whether two names are the same, or one holds the other as whole words.
fn same(left: &str, right: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded).collect()
    };
    let (left, right) = (words(left), words(right));
    let holds = |outer: &[String], inner: &[String]| {
        !inner.is_empty() && outer.windows(inner.len()).any(|window| window == inner)
    };
    holds(&left, &right) || holds(&right, &left)
}

fn examples(clues: &Clues, gold: &Judgement) -> [Option<Example>; 4] {
    let example = |clues: &ClueList, answer: Option<usize>| {
        Some(Example { keys: clues.keys().to_vec(), answer: answer? })
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

/// The tables of a stage; those of stance, class and evidence are empty but in the `first`.
fn train_stage(lessons: &[&Lesson], first: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (question, params) in PARAMS.iter().enumerate() {
        let examples: Vec<&Example> = lessons
            .iter()
            .flat_map(|lesson| &lesson.examples)
            .filter_map(|all| all[question].as_ref())
            .collect();
        let taught = first || question == 3;
        let rows = if taught { learn(&examples, ANSWERS[question], params) } else { Vec::new() };
        write_table(ANSWERS[question], &rows, CAP, FLOOR, &mut bytes);
    }
    for who in 0..2 {
        let choices: Vec<&Choice> = lessons.iter().flat_map(|lesson| &lesson.choices[who]).collect();
        write_table(1, &learn_choices(&choices, &RANKING), CAP, FLOOR, &mut bytes);
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

fn known(accusation: &Named) -> Value {
    json!({"accuser": accusation.accuser, "accused": accusation.accused, "act": accusation.act})
}

/// Temporary: clues of every judged relation.
pub fn dump(events: &Path, out: &Path) -> Result<(), TrainError> {
    use std::io::Write;
    let tools = Tools::read(out)?;
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let mut articles = read_judged(corpus)?;
    articles.extend(crate::event::read_events(events)?);
    let rules = Learned { stages: Vec::new() };
    let mut file = std::io::BufWriter::new(std::fs::File::create(out.join("dump.jsonl")).unwrap());
    for (article, judgements) in &articles {
        let text = sort_text(tools.prepare(article), judgements);
        let (document, classes) = (&text.prepared.document, &text.prepared.classes);
        let clues = clues(document, &text.relations, classes, &rules);
        let names = chosen_names(&clues, &text.judgements);
        let who = accusers(document, &text.relations, classes, &rules, &names);
        let mean = |ranges: &[std::ops::Range<usize>]| {
            let words: Vec<String> =
                ranges.iter().flat_map(Clone::clone).take(40).map(|at| folded(document.word(at))).collect();
            let vectors = preuve_examine::attribution::training::vectors_of(&words).unwrap();
            let mut sum = vec![0f32; 192];
            for v in &vectors {
                for (s, x) in sum.iter_mut().zip(v) {
                    *s += x;
                }
            }
            let n = vectors.len().max(1) as f32;
            sum.iter().map(|s| (s / n * 1000.0).round() as i32).collect::<Vec<_>>()
        };
        for (i, (((clues, gold), relation), attribution)) in
            clues.iter().zip(&text.judgements).zip(&text.relations).zip(text.judged(&rules)).enumerate()
        {
            let candidates = |all: &[Candidate], gold: Option<&Vec<String>>| {
                all.iter()
                    .map(|c| json!([c.name, c.clues, one_of(c.name.as_deref(), gold)]))
                    .collect::<Vec<_>>()
            };
            let slice = |r: &[std::ops::Range<usize>]| r.iter().map(|r| document.slice(r)).collect::<Vec<_>>().join(" ");
            let accused = gold.accusation.as_ref().map(|a| &a.accused);
            let row = json!({"text": article.name, "lang": article.lang.code(), "i": i,
                "stance": gold.stance, "class": gold.class, "evidence": gold.evidence,
                "accusation": gold.accusation.as_ref().map(known),
                "clues": {"stance": clues.stance, "class": clues.class, "evidence": clues.evidence, "act": clues.act},
                "accused": gold.accusation.as_ref().map(|_| candidates(&clues.accused, accused)),
                "accuser": gold.accusation.as_ref().map(|a| candidates(&who[i], a.accuser.as_ref())),
                "rules": {"stance": attribution.stance, "class": attribution.source_class, "evidence": attribution.evidence, "accusation": attribution.accusation},
                "vec": [mean(&relation.source), mean(&relation.cue), mean(&relation.content)],
                "attribution": attribution,
                "words": [slice(&relation.source), slice(&relation.cue), slice(&relation.content)],
            });
            writeln!(file, "{row}").unwrap();
        }
    }
    Ok(())
}
