//! `report.json`: what the schema promises, and a place for each statement.

use serde_json::Value;

use super::case::{FIRST, assert_file, small};
use super::schema::violations;

fn report(with_text: bool) -> Value {
    serde_json::from_str(&small().json(with_text)).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/report.schema.json")).unwrap()
}

#[test]
fn a_small_case_holds_to_the_schema() {
    assert_eq!(violations(&schema(), &report(true)), Vec::<String>::new());
    assert_eq!(violations(&schema(), &report(false)), Vec::<String>::new());
}

#[test]
fn an_empty_case_holds_to_the_schema() {
    let mut case = small();
    (case.items, case.found, case.lineage, case.claims) = (vec![], vec![], vec![], vec![]);
    let value: Value = serde_json::from_str(&case.json(true)).unwrap();
    assert_eq!(violations(&schema(), &value), Vec::<String>::new());
}

#[test]
fn the_schema_is_no_rubber_stamp() {
    for (pointer, wrong) in [
        ("/claims/0/status", Value::from("true")),
        ("/items/0/id", Value::from("abc")),
        ("/items/0/attributions/0/content/places/0/chars", Value::from(vec![1])),
        ("/claims/0/mentions/0/place", Value::from(3)),
        ("/format_version", Value::from("1")),
    ] {
        let mut value = report(true);
        *value.pointer_mut(pointer).unwrap() = wrong;
        assert!(!violations(&schema(), &value).is_empty(), "{pointer} is checked");
    }
    let mut value = report(true);
    value.as_object_mut().unwrap().insert("extra".into(), Value::Null);
    assert!(!violations(&schema(), &value).is_empty(), "an unknown field is seen");
}

#[test]
fn places_lead_to_the_words() {
    let value = report(true);
    let bytes = |place: &Value| {
        place["bytes"][0].as_u64().unwrap() as usize..place["bytes"][1].as_u64().unwrap() as usize
    };
    for attribution in value["items"][0]["attributions"].as_array().unwrap() {
        for part in ["source", "cue", "content"] {
            let place = &attribution[part]["places"][0];
            assert_eq!(&FIRST[bytes(place)], attribution[part]["text"].as_str().unwrap());
        }
    }
    let mention = &value["claims"][0]["mentions"][1];
    assert_eq!(&FIRST[bytes(&mention["place"])], mention["quote"].as_str().unwrap());
}

#[test]
fn the_text_is_left_out_where_it_is_not_wanted() {
    assert_eq!(report(true)["items"][0]["text"], Value::from(FIRST));
    assert_eq!(report(false)["items"][0]["text"], Value::Null);
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    assert_eq!(small().json(true), small().json(true));
    assert_file("report.json", &small().json(false));
}

#[test]
fn a_mention_that_leads_nowhere_has_no_place() {
    let mut case = small();
    case.claims[0].mentions[0].attribution = 99;
    let value: Value = serde_json::from_str(&case.json(true)).unwrap();
    assert_eq!(value["claims"][0]["mentions"][0]["place"], Value::Null);
    assert_eq!(violations(&schema(), &value), Vec::<String>::new());
}

#[test]
fn an_item_is_named_by_digest_and_path() {
    let value = report(false);
    let carrier = &value["claims"][0]["carried_by"][0];
    assert_eq!(carrier["item"], value["items"][0]["id"]);
    assert_eq!(carrier["path"], Value::from("one.txt"));
}

#[test]
fn every_line_is_a_whole_record() {
    let text = small().json(true);
    let records = text.lines().filter(|line| line.starts_with("{\"id\""));
    assert_eq!(
        records.map(|line| line.trim_end_matches([',', ']'])).filter(|line| line.ends_with('}')).count(),
        3
    );
}
