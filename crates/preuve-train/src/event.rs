//! Invented events with planted truth → articles with relations and judgements, in the events' own format.

use std::collections::BTreeMap;
use std::path::Path;

use preuve_case::{Act, Evidence, Lang, Part, SourceClass, Stance};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::TrainError;
use crate::corpus::{Article, Gold, Judgement, Named, read_text};

/// One of `entities.json`.
#[derive(Deserialize)]
struct Entity {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

/// A line of `articles.jsonl`.
#[derive(Deserialize)]
struct Listed {
    id: String,
    lang: Lang,
}

/// A line of `attributions.jsonl`; entities go by their ids.
#[derive(Deserialize)]
struct Row {
    item: String,
    source: Option<Part>,
    cue: Option<Part>,
    content: Part,
    stance: Stance,
    source_class: SourceClass,
    evidence: Evidence,
    accusation: Option<Accused>,
}

#[derive(Deserialize)]
struct Accused {
    accuser: Option<String>,
    accused: Option<String>,
    act: Act,
}

/// One invented affair.
pub struct Event {
    /// Its annotated articles, with a judgement a relation. An article without a relation counts as not annotated.
    pub articles: Vec<(Article, Vec<Judgement>)>,
}

/// The events of `folder`, a folder each, by name.
pub fn read_events(folder: &Path) -> Result<Vec<Event>, TrainError> {
    let entries =
        std::fs::read_dir(folder).map_err(|source| TrainError::Read { path: folder.to_owned(), source })?;
    let mut events: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    events.retain(|path| path.join("attributions.jsonl").is_file());
    events.sort();
    events.iter().map(|event| read_event(event)).collect()
}

fn read_event(folder: &Path) -> Result<Event, TrainError> {
    let path = folder.join("entities.json");
    let entities: Vec<Entity> =
        serde_json::from_str(&read_text(&path)?).map_err(|_| TrainError::Markup { path })?;
    let names: BTreeMap<String, Vec<String>> = entities
        .into_iter()
        .map(|entity| (entity.id, std::iter::once(entity.name).chain(entity.aliases).collect()))
        .collect();
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in lines::<Row>(&folder.join("attributions.jsonl"))? {
        let item = row.item.trim_end_matches(".txt").to_owned();
        rows.entry(item).or_default().push(row);
    }
    let event = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut articles = Vec::new();
    for listed in lines::<Listed>(&folder.join("articles.jsonl"))? {
        let Some(rows) = rows.remove(&listed.id) else { continue };
        let text = read_text(&folder.join("articles").join(format!("{}.txt", listed.id)))?;
        let spans = |part: &Option<Part>| part.as_ref().map(|part| part.spans.clone()).unwrap_or_default();
        let gold = rows
            .iter()
            .map(|row| Gold {
                source: spans(&row.source),
                cue: spans(&row.cue),
                content: row.content.spans.clone(),
            })
            .collect();
        let judgements = rows.into_iter().map(|row| judgement(row, &names)).collect();
        let name = format!("{event}-{}", listed.id);
        articles.push((Article { name, lang: listed.lang, text, gold, marks_inner: true }, judgements));
    }
    Ok(Event { articles })
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, TrainError> {
    let text = read_text(path)?;
    let parsed: Result<Vec<T>, _> =
        text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
    parsed.map_err(|_| TrainError::Markup { path: path.to_owned() })
}

fn judgement(row: Row, names: &BTreeMap<String, Vec<String>>) -> Judgement {
    let all = |id: &String| names.get(id).cloned().unwrap_or_else(|| vec![id.clone()]);
    let accusation = row.accusation.and_then(|found| {
        Some(Named {
            accuser: found.accuser.as_ref().map(all),
            accused: all(found.accused.as_ref()?),
            act: found.act,
        })
    });
    Judgement {
        stance: Some(row.stance),
        class: Some(row.source_class),
        evidence: Some(row.evidence),
        accusation,
    }
}
