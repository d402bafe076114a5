//! Learning to judge: judged texts → weights of stance, source class, evidence and act, and five-fold checks.

use std::path::Path;

use preuve_case::Attribution;
use preuve_examine::attribution::Relation;
use preuve_examine::attribution::training::judging::{
    ACTS, CLASSES, Candidate, ClueList, Clues, EVIDENCES, Learned, STANCES, accusers, clues, judged,
};
use preuve_examine::attribution::training::{folded, write_table};
use serde_json::{Value, json};

use crate::corpus::{Article, Judgement, Named, read_judged};
use crate::event::{Event, read_events};
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

/// What a judgement of an event counts for: events were annotated by the conventions of the contract in full, the other
/// texts by several hands.
const OF_AN_EVENT: f32 = 4.0;

/// A text with its judgements, relations in the order of the judge.
struct Text<'t> {
    prepared: Prepared<'t>,
    relations: Vec<Relation>,
    judgements: Vec<Judgement>,
    fold: usize,
    weight: f32,
}

/// What a stage learns from one text.
struct Lesson {
    /// An example a relation and question, `None` where the answer is not known.
    examples: Vec<[Option<Example>; 4]>,
    /// Who is accused, who accuses: a choice a relation with an accusation.
    choices: [Vec<Choice>; 2],
}

/// Train on the judged texts and events, check by cross-validation, write `OUT/judge.bin` and `OUT/judged.jsonl`.
pub fn judge(out: &Path) -> Result<(), TrainError> {
    let (tools, sources) = (Tools::read(out)?, Sources::read()?);
    let texts = sources.texts(&tools);
    let mut lines = String::new();
    for fold in 0..FOLDS {
        let seen: Vec<&Text> = texts.iter().filter(|text| text.fold != fold).collect();
        let learned = Learned::parse(&train(&seen)?)?;
        texts.iter().filter(|text| text.fold == fold).for_each(|text| text.write(&learned, &mut lines));
    }
    crate::write(&out.join("judged.jsonl"), lines.as_bytes())?;
    let bytes = train(&texts.iter().collect::<Vec<_>>())?;
    println!("{} texts, {} bytes", texts.len(), bytes.len());
    crate::write(&out.join("judge.bin"), &bytes)
}

/// Judge the same by the rules alone, write `OUT/judged.jsonl`.
pub fn rules(out: &Path) -> Result<(), TrainError> {
    let (tools, sources) = (Tools::read(out)?, Sources::read()?);
    let mut lines = String::new();
    let nothing = Learned { stages: Vec::new() };
    sources.texts(&tools).iter().for_each(|text| text.write(&nothing, &mut lines));
    crate::write(&out.join("judged.jsonl"), lines.as_bytes())
}

/// What is learned from.
struct Sources {
    articles: Vec<(Article, Vec<Judgement>)>,
    events: Vec<Event>,
}

impl Sources {
    fn read() -> Result<Self, TrainError> {
        let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
        Ok(Self { articles: read_judged(corpus)?, events: read_events(&corpus.join("events"))? })
    }

    fn texts<'t>(&'t self, tools: &Tools) -> Vec<Text<'t>> {
        let mut texts: Vec<Text> = Vec::new();
        for (article, judgements) in &self.articles {
            texts.push(sort_text(tools.prepare(article), judgements, fold_of(article), 1.0));
        }
        // An event is held back whole, so that its names and words are not known from its other articles.
        for (number, event) in self.events.iter().enumerate() {
            for (article, judgements) in &event.articles {
                texts.push(sort_text(tools.prepare(article), judgements, number % FOLDS, OF_AN_EVENT));
            }
        }
        texts
    }
}

fn fold_of(article: &Article) -> usize {
    let number: String = article.name.chars().filter(char::is_ascii_digit).collect();
    number.parse::<usize>().unwrap_or(0) % FOLDS
}

fn sort_text<'t>(prepared: Prepared<'t>, judgements: &[Judgement], fold: usize, weight: f32) -> Text<'t> {
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
    Text { prepared, relations, judgements, fold, weight }
}

impl Text<'_> {
    /// A line a relation: gold, by the rules, by `learned`.
    fn write(&self, learned: &Learned, lines: &mut String) {
        let by_rules = self.judged(&Learned { stages: Vec::new() });
        for ((rules, learned), gold) in by_rules.iter().zip(self.judged(learned)).zip(&self.judgements) {
            lines.push_str(&line(&self.prepared, gold, rules, &learned).to_string());
            lines.push('\n');
        }
    }

    fn judged(&self, weights: &Learned) -> Vec<Attribution> {
        judged(&self.prepared.document, &self.relations, &self.prepared.classes, weights)
    }

    /// What the stage behind those of `weights` can learn here.
    fn lesson(&self, weights: &Learned) -> Lesson {
        let (document, classes) = (&self.prepared.document, &self.prepared.classes);
        let clues = clues(document, &self.relations, classes, weights);
        let names = chosen_names(&clues, &self.judgements);
        let who = accusers(document, &self.relations, classes, weights, &names);
        let examples = clues
            .iter()
            .zip(&self.judgements)
            .map(|(clues, gold)| examples(clues, gold, self.weight))
            .collect();
        let mut choices = [Vec::new(), Vec::new()];
        for ((clues, who), gold) in clues.iter().zip(&who).zip(&self.judgements) {
            let Some(gold) = &gold.accusation else { continue };
            choices[0].extend(choice(&clues.accused, Some(&gold.accused), self.weight));
            choices[1].extend(choice(who, gold.accuser.as_ref(), self.weight));
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
fn choice(candidates: &[Candidate], gold: Option<&Vec<String>>, weight: f32) -> Option<Choice> {
    let right: Vec<bool> =
        candidates.iter().map(|candidate| one_of(candidate.name.as_deref(), gold)).collect();
    let mixed = right.contains(&true) && right.contains(&false);
    let keys = |candidate: &Candidate| candidate.clues.keys().to_vec();
    mixed.then(|| Choice { candidates: candidates.iter().map(keys).collect(), right, weight })
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

fn examples(clues: &Clues, gold: &Judgement, weight: f32) -> [Option<Example>; 4] {
    let example = |clues: &ClueList, answer: Option<usize>| {
        Some(Example { keys: clues.keys().to_vec(), answer: answer?, weight })
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
    json!({
        "item": prepared.article.name, "lang": prepared.article.lang.code(),
        "gold": {
            "stance": gold.stance, "source_class": gold.class, "evidence": gold.evidence,
            "accusation": gold.accusation.as_ref().map(known),
        },
        "by_rules": rules, "learned": learned,
    })
}

fn known(accusation: &Named) -> Value {
    json!({"accuser": accusation.accuser, "accused": accusation.accused, "act": accusation.act})
}
