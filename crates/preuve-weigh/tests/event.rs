//! The invented event of the corpora, weighed from its gold attributions and gold lineage.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{OwnedItem, finding, read, text, weigh};
use preuve_case::{
    Accusation, Attribution, Claim, Entity, EntityKind, ItemAttributions, ItemId, ItemMeta, Lang, Part, Span,
};
use serde_json::{Value, json};

fn corpus() -> PathBuf {
    let root = std::env::var_os("PREUVE_CORPORA").map(PathBuf::from);
    root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"))
        .join("event-dev")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn has(article: &str, name: &str) -> bool {
    article.to_lowercase().contains(&name.to_lowercase())
}

/// Names that an article uses for each entity of the case, the fullest first.
fn names_in(article: &str, entities: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for entity in entities {
        let all = std::iter::once(&entity["name"]).chain(entity["aliases"].as_array().into_iter().flatten());
        let mut used: Vec<String> = all.filter_map(text).filter(|name| has(article, name)).collect();
        used.sort_by_key(|name| (std::cmp::Reverse(name.chars().count()), name.clone()));
        if used.is_empty() {
            used.extend(text(&entity["name"]));
        }
        found.insert(text(&entity["id"]).unwrap(), used);
    }
    found
}

fn part(value: &Value) -> Option<Part> {
    let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let spans = value["spans"].as_array()?.iter().map(|span| Span::new(at(&span[0]), at(&span[1])));
    Some(Part { text: text(&value["text"]).unwrap(), spans: spans.collect() })
}

fn attribution(gold: &Value, names: &BTreeMap<String, Vec<String>>) -> Attribution {
    let name = |value: &Value| value.as_str().map(|id| names[id][0].clone());
    let accused = &gold["accusation"];
    let accusation = accused["accused"].as_str().map(|_| Accusation {
        accuser: name(&accused["accuser"]),
        accused: name(&accused["accused"]).unwrap(),
        act: read(&accused["act"], "other"),
        target: name(&accused["target"]),
        hedged: accused["hedged"].as_bool().unwrap(),
    });
    let source = part(&gold["source"]);
    let forward = ["asserts", "confirms", "speculates"].contains(&gold["stance"].as_str().unwrap());
    let known = source.as_ref().and_then(|source| named_in(&source.text, names));
    Attribution {
        source_name: known.or_else(|| name(&accused["accuser"]).filter(|_| forward)),
        cue: part(&gold["cue"]),
        content: part(&gold["content"]).unwrap(),
        stance: read(&gold["stance"], "asserts"),
        source_class: read(&gold["source_class"], "unnamed"),
        evidence: read(&gold["evidence"], "none_stated"),
        accusation,
        reasons: Vec::new(),
        within: None,
        source,
    }
}

fn named_in(source: &str, names: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let source = source.split(" in ").next()?.split(" à ").next()?;
    let hit = |used: &&Vec<String>| {
        used.iter().any(|name| name.chars().count() > 3 && source.contains(name.as_str()))
    };
    names
        .values()
        .filter(hit)
        .max_by_key(|used| (person(used), used[0].chars().count()))
        .map(|used| used[0].clone())
}

fn person(used: &[String]) -> bool {
    used[0].split(' ').count() == 2 && used.iter().any(|name| !name.contains(' '))
}

fn set_within(all: &mut [Attribution]) {
    let range = |said: &Attribution| {
        (said.content.spans[0].start, said.content.spans[said.content.spans.len() - 1].end)
    };
    for at in 0..all.len() {
        let (start, end) = range(&all[at]);
        let holds = |other: &usize| {
            let (s, e) = range(&all[*other]);
            *other != at && s <= start && end <= e && e - s > end - start
        };
        all[at].within =
            (0..all.len()).filter(holds).min_by_key(|other| range(&all[*other]).1 - range(&all[*other]).0);
    }
}

fn load(folder: &Path) -> Vec<OwnedItem> {
    let entities: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("entities.json")).unwrap()).unwrap();
    let gold = lines(&folder.join("attributions.jsonl"));
    let lineage: BTreeMap<String, Value> = lines(&folder.join("lineage.jsonl"))
        .into_iter()
        .map(|row| (text(&row["id"]).unwrap(), row))
        .collect();
    let name_of: BTreeMap<String, String> = entities
        .iter()
        .map(|entity| (text(&entity["id"]).unwrap(), text(&entity["name"]).unwrap()))
        .collect();
    let path = |id: &str| format!("{id}.txt");
    let mut items = Vec::new();
    for article in lines(&folder.join("articles.jsonl")) {
        let id = text(&article["id"]).unwrap();
        let body = std::fs::read_to_string(folder.join("articles").join(path(&id))).unwrap();
        let names = names_in(&body, &entities);
        let lang: Lang = read(&article["lang"], "en");
        let mut attributions: Vec<Attribution> =
            gold.iter().filter(|row| row["item"] == path(&id)).map(|row| attribution(row, &names)).collect();
        set_within(&mut attributions);
        let from = &lineage[&id];
        let relays: Vec<String> =
            common::texts(&from["relays"]).into_iter().map(|relay| name_of[&relay].clone()).collect();
        let compact = json!({"origin": from["origin"], "relation": from["relation"], "relays": relays,
            "from": from["derived_from"].as_str().map(path)});
        let item_id = ItemId::of(path(&id).as_bytes());
        items.push(OwnedItem {
            id: item_id,
            path: path(&id),
            meta: ItemMeta {
                outlet: article["outlet"].as_str().map(|outlet| name_of[outlet].clone()),
                published: text(&article["published"]).map(|at| at.parse().unwrap()),
                ..ItemMeta::default()
            },
            lang,
            attributions: ItemAttributions {
                lang,
                attributions,
                entities: entities.iter().filter_map(|entity| as_entity(entity, &names, &body)).collect(),
                diagnostics: Vec::new(),
            },
            lineage: Some(finding(&compact, item_id, &path(&id))),
        });
    }
    items
}

fn as_entity(entity: &Value, names: &BTreeMap<String, Vec<String>>, body: &str) -> Option<Entity> {
    let used = &names[entity["id"].as_str()?];
    let kind = match entity["kind"].as_str()? {
        "person" => EntityKind::Person,
        "state" => EntityKind::State,
        "outlet" => EntityKind::Outlet,
        _ => EntityKind::Organisation,
    };
    let mut aliases = used.clone();
    aliases.sort();
    let here = has(body, &used[0]);
    here.then(|| Entity { name: used[0].clone(), kind, key: None, aliases, spans: Vec::new() })
}

fn row(claim: &Claim, items: &[OwnedItem]) -> Value {
    let path = |id: &ItemId| items.iter().find(|item| item.id == *id).unwrap().path.clone();
    let mut row = serde_json::to_value(claim).unwrap();
    row["carried_by"] = claim.carried_by.iter().map(path).collect();
    row["rejected_in"] = claim.rejected_in.iter().map(path).collect();
    row.as_object_mut().unwrap().remove("mentions");
    row
}

#[test]
fn the_gold_event_gives_its_claims() {
    let folder = corpus();
    if !folder.is_dir() {
        println!("skipped: no corpus at {}", folder.display());
        return;
    }
    let items = load(&folder);
    let claims = weigh(&items, &[]);
    let text: String = claims.iter().map(|claim| format!("{}\n", row(claim, &items))).collect();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("event-claims.jsonl"), text).unwrap();
}
