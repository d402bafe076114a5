//! Cases in a compact JSON form, for tests: items with what the engines would find in them.

#![allow(dead_code, reason = "each test uses its part")]

use preuve_case::{
    Accusation, Act, Attribution, Claim, Entity, EntityKind, Evidence, ItemAttributions, ItemId, ItemMeta,
    Lang, LineageFinding, LinkJudgement, Part, Relation, SourceClass, Span, Stance,
};
use preuve_weigh::{WeighInput, WeighItem, WeighParams, weigh_claims};
use serde_json::Value;

/// Parameters of every test.
pub const PARAMS: WeighParams = WeighParams { max_bucket: 64 };

/// An item that owns what [`WeighItem`] borrows.
#[derive(Debug, Clone)]
pub struct OwnedItem {
    pub id: ItemId,
    pub path: String,
    pub meta: ItemMeta,
    pub lang: Lang,
    pub attributions: ItemAttributions,
    pub lineage: Option<LineageFinding>,
}

/// Weighs `items` in the order given.
pub fn weigh(items: &[OwnedItem], links: &[LinkJudgement]) -> Vec<Claim> {
    let borrowed: Vec<WeighItem> = items
        .iter()
        .map(|item| WeighItem {
            id: item.id,
            path: &item.path,
            meta: &item.meta,
            lang: item.lang,
            attributions: &item.attributions,
            lineage: item.lineage.as_ref(),
        })
        .collect();
    weigh_claims(&WeighInput { items: &borrowed, links }, &PARAMS)
}

/// A field read as one of our types, or the type's reading of `default`.
pub fn read<T: serde::de::DeserializeOwned>(value: &Value, default: &str) -> T {
    let value = if value.is_null() { Value::from(default) } else { value.clone() };
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}

fn part(value: &Value, at: usize) -> Option<Part> {
    let text = text(value)?;
    let end = at + text.chars().count();
    Some(Part { text, spans: vec![Span::new(at, end)] })
}

/// One telling of the compact form.
pub fn attribution(told: &Value, place: usize) -> Attribution {
    let at = place * 1000;
    let content = told["content"].as_str().unwrap_or("what is said");
    let source = part(&told["source"], at);
    let accusation = told["accused"].as_str().map(|accused| Accusation {
        accuser: text(&told["accuser"]),
        accused: accused.to_owned(),
        act: read::<Act>(&told["act"], "hack"),
        target: text(&told["target"]),
        hedged: told["hedged"].as_bool().unwrap_or(false),
    });
    Attribution {
        source_name: text(&told["name"]).or_else(|| text(&told["source"])),
        source,
        cue: part(&told["cue"], at + 300),
        content: part(&Value::from(content), at + 400).unwrap(),
        stance: read::<Stance>(&told["stance"], "asserts"),
        source_class: read::<SourceClass>(&told["class"], "organisation"),
        evidence: read::<Evidence>(&told["evidence"], "none_stated"),
        accusation,
        reasons: Vec::new(),
        within: told["within"].as_u64().map(|within| usize::try_from(within).unwrap()),
    }
}

fn entity(value: &Value) -> Entity {
    let name = text(&value["name"]).unwrap();
    let mut aliases = texts(&value["aliases"]);
    aliases.push(name.clone());
    aliases.sort();
    Entity {
        name,
        kind: read::<EntityKind>(&value["kind"], "unknown"),
        key: text(&value["key"]),
        aliases,
        spans: Vec::new(),
    }
}

/// One item of the compact form.
pub fn item(value: &Value) -> OwnedItem {
    let path = text(&value["path"]).unwrap();
    let id = ItemId::of(path.as_bytes());
    let lang = read::<Lang>(&value["lang"], "en");
    let told = value["told"].as_array().cloned().unwrap_or_default();
    let lineage = value["lineage"].as_object().map(|_| finding(&value["lineage"], id, &path));
    OwnedItem {
        id,
        meta: ItemMeta {
            outlet: text(&value["outlet"]),
            published: text(&value["published"]).map(|at| at.parse().unwrap()),
            ..ItemMeta::default()
        },
        lang,
        attributions: ItemAttributions {
            lang,
            attributions: told.iter().enumerate().map(|(place, told)| attribution(told, place)).collect(),
            entities: value["entities"].as_array().into_iter().flatten().map(entity).collect(),
            diagnostics: Vec::new(),
        },
        lineage,
        path,
    }
}

/// A lineage finding of the compact form.
pub fn finding(value: &Value, item: ItemId, path: &str) -> LineageFinding {
    LineageFinding {
        item,
        origin: text(&value["origin"]).unwrap_or_else(|| path.to_owned()),
        derived_from: value["from"].as_str().map(|from| ItemId::of(from.as_bytes())),
        relation: read::<Relation>(&value["relation"], "original"),
        credited: false,
        relays: texts(&value["relays"]),
        score: 1.0,
        signs: Vec::new(),
        passages: Vec::new(),
    }
}

/// Links of the compact form, by path.
pub fn links(value: &Value) -> Vec<LinkJudgement> {
    let link = |value: &Value| LinkJudgement {
        a: ItemId::of(value["a"].as_str().unwrap().as_bytes()),
        b: ItemId::of(value["b"].as_str().unwrap().as_bytes()),
        linked: value["linked"].as_bool().unwrap(),
        why: text(&value["why"]).unwrap_or_default(),
    };
    value.as_array().into_iter().flatten().map(link).collect()
}
