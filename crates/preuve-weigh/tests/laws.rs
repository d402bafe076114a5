//! Laws of the weighing: what must never change a count, and in which direction what may.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod common;

use std::collections::BTreeMap;

use common::{OwnedItem, attribution, item, weigh};
use preuve_case::{Claim, Interval, ItemId, Lang, LinkJudgement, Relation};
use proptest::prelude::*;
use serde_json::{Value, json};

const ACCUSED: [&str; 3] = ["Gorm", "Clara Moreau", "Denis Moreau"];
const TARGETS: [Option<&str>; 3] = [Some("Lake Party"), Some("Port Hospital"), None];
const SOURCES: [(&str, &str); 9] = [
    ("Lake Party", "organisation"),
    ("Hill Society", "organisation"),
    ("Iven Bank", "organisation"),
    ("Mina Rook, head of the Hill Society", "named_person"),
    ("Otto Kern", "named_person"),
    ("Ember Post", "outlet"),
    ("two officials", "anonymous"),
    ("the leaked dossier", "document"),
    ("Gorm", "organisation"),
];
const STANCES: [&str; 6] = ["asserts", "asserts", "confirms", "speculates", "denies", "questions"];
const EVIDENCE: [&str; 4] = ["none_stated", "withheld", "pointed_to", "shown"];
const OUTLETS: [&str; 3] = ["Ember Post", "Gale Post", "Le Soir d’Arden"];
const RELATIONS: [&str; 5] = ["original", "copy", "translation", "rewrite", "relay"];
const LANGS: [&str; 3] = ["en", "fr", "es"];

fn entities() -> Value {
    let kinds = [
        ("Gorm", "state"),
        ("Clara Moreau", "person"),
        ("Denis Moreau", "person"),
        ("Lake Party", "organisation"),
        ("Port Hospital", "organisation"),
        ("Hill Society", "organisation"),
        ("Iven Bank", "organisation"),
        ("Mina Rook", "person"),
        ("Otto Kern", "person"),
        ("Ember Post", "outlet"),
    ];
    kinds.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect()
}

prop_compose! {
    fn telling(targets: usize)(accused in 0..ACCUSED.len(), act in 0..2usize, target in 0..targets, source in 0..SOURCES.len(),
        stance in 0..STANCES.len(), evidence in 0..EVIDENCE.len(), hedged: bool, within in prop::option::of(0..3u64)) -> Value {
        let (text, class) = SOURCES[source];
        let name = text.split(", ").next().unwrap();
        let accuser = matches!(class, "organisation" | "named_person").then_some(name);
        json!({"source": text, "name": name, "class": class, "stance": (STANCES[stance]), "evidence": (EVIDENCE[evidence]),
            "accuser": accuser, "accused": (ACCUSED[accused]), "act": (["hack", "leak"][act]), "target": (TARGETS[target]),
            "hedged": hedged, "within": within})
    }
}

/// Items that print in few words.
#[derive(Clone)]
struct Case(Vec<OwnedItem>);

impl std::ops::Deref for Case {
    type Target = Vec<OwnedItem>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for item in &self.0 {
            let finding = item.lineage.as_ref().unwrap();
            let from =
                self.0.iter().find(|other| Some(other.id) == finding.derived_from).map(|other| &other.path);
            let day = item.meta.published.map(|at| at.to_string());
            writeln!(
                f,
                "{} {:?} {day:?} {:?} from {from:?} {:?}",
                item.path, item.lang, item.meta.outlet, finding.relation
            )?;
            for said in &item.attributions.attributions {
                let accused =
                    said.accusation.as_ref().map(|a| (&a.accuser, &a.accused, a.act, &a.target, a.hedged));
                writeln!(
                    f,
                    "    {:?} {:?} {:?} {:?} {accused:?} in {:?}",
                    said.source_name, said.source_class, said.stance, said.evidence, said.within
                )?;
            }
        }
        Ok(())
    }
}

prop_compose! {
    fn case(targets: usize)(rows in prop::collection::vec(
        (prop::collection::vec(telling(targets), 1..5), 0..OUTLETS.len(), 0..28u8, 0..RELATIONS.len(), 0..LANGS.len(), any::<prop::sample::Index>()), 1..7)
    ) -> Case {
        let mut items: Vec<OwnedItem> = Vec::new();
        for (number, (told, outlet, day, relation, lang, parent)) in rows.into_iter().enumerate() {
            let path = format!("i{number}.txt");
            let from = (number > 0 && relation > 0).then(|| items[parent.index(number)].path.clone());
            let origin = from.as_ref().map_or_else(|| path.clone(), |from| root(&items, from));
            let relation = if from.is_some() { RELATIONS[relation] } else { "original" };
            items.push(item(&json!({"path": path, "lang": (LANGS[lang]), "outlet": (OUTLETS[outlet]), "entities": entities(), "told": told,
                "published": format!("2031-01-{:02}T06:00:00Z", day + 1),
                "lineage": {"origin": origin, "from": from, "relation": relation, "relays": []}})));
        }
        Case(items)
    }
}

fn root(items: &[OwnedItem], path: &str) -> String {
    let found = items.iter().find(|item| item.path == path).unwrap();
    found.lineage.as_ref().unwrap().origin.clone()
}

type Key = (String, String, Option<String>);

fn counts(claims: &[Claim]) -> BTreeMap<Key, Interval> {
    let key = |claim: &Claim| (claim.accused.clone(), format!("{:?}", claim.act), claim.target.clone());
    claims.iter().map(|claim| (key(claim), claim.independent_sources)).collect()
}

fn assert_none_higher(before: &[Claim], after: &[Claim]) -> Result<(), TestCaseError> {
    let after = counts(after);
    for (key, old) in counts(before) {
        let new = after.get(&key).copied();
        prop_assert!(new.is_some(), "{key:?} is gone");
        let new = new.unwrap();
        prop_assert!(
            new.at_least <= old.at_least && new.at_most <= old.at_most,
            "{key:?}: {old:?} became {new:?}"
        );
    }
    Ok(())
}

fn copy_of(source: &OwnedItem, relation: Relation, lang: Lang, outlet: &str, day: u8) -> OwnedItem {
    let mut copy = source.clone();
    copy.path = format!("copy-of-{}", source.path);
    copy.id = ItemId::of(copy.path.as_bytes());
    copy.lang = lang;
    copy.meta.outlet = Some(outlet.to_owned());
    copy.meta.published = Some(format!("2031-01-{:02}T07:00:00Z", day + 1).parse().unwrap());
    let finding = copy.lineage.as_mut().unwrap();
    finding.item = copy.id;
    finding.derived_from = Some(source.id);
    finding.relation = relation;
    copy
}

fn copying() -> impl Strategy<Value = Relation> {
    prop_oneof![
        Just(Relation::Copy),
        Just(Relation::Excerpt),
        Just(Relation::Translation),
        Just(Relation::MachineTranslation)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_copy_or_a_translation_of_a_copy_never_raises_a_count(
        items in case(3), pick in any::<prop::sample::Index>(), first in copying(), second in copying(),
        lang in 0..2usize, outlet in 0..4usize, day in 0..28u8,
    ) {
        let before = weigh(&items, &[]);
        let outlet = ["Ember Post", "Gale Post", "Hill Gazette", "Moreau News"][outlet];
        let copy = copy_of(&items[pick.index(items.len())], first, [Lang::En, Lang::Es][lang], outlet, day);
        let again = copy_of(&copy, second, Lang::Fr, "Copie Conforme", day);
        let mut more = items.0.clone();
        more.push(copy);
        let with_copy = weigh(&more, &[]);
        assert_none_higher(&before, &with_copy)?;
        more.insert(0, again);
        assert_none_higher(&with_copy, &weigh(&more, &[]))?;
    }

    #[test]
    fn the_order_of_intake_changes_nothing(items in case(3), turn in any::<prop::sample::Index>()) {
        let mut turned = items.0.clone();
        turned.rotate_left(turn.index(items.len()));
        turned.reverse();
        prop_assert_eq!(weigh(&items, &[]), weigh(&turned, &[]));
    }

    #[test]
    fn the_same_item_again_changes_nothing(items in case(3), pick in any::<prop::sample::Index>()) {
        let mut twice = items.0.clone();
        twice.push(items[pick.index(items.len())].clone());
        prop_assert_eq!(weigh(&items, &[]), weigh(&twice, &[]));
    }

    #[test]
    fn removing_a_link_never_lowers_a_count(items in case(2), pick in any::<prop::sample::Index>()) {
        let before = weigh(&items, &[]);
        let at = pick.index(items.len());
        if let Some(parent) = items[at].lineage.as_ref().and_then(|finding| finding.derived_from) {
            let link = LinkJudgement { a: parent, b: items[at].id, linked: false, why: "checked by hand".to_owned() };
            assert_none_higher(&weigh(&items, &[link]), &before)?;
        }
    }

    #[test]
    fn asserting_a_link_never_raises_a_count(items in case(2), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let (a, b) = (items[one.index(items.len())].id, items[other.index(items.len())].id);
        let link = LinkJudgement { a, b, linked: true, why: "the same desk".to_owned() };
        let turned = LinkJudgement { a: b, b: a, ..link.clone() };
        let linked = weigh(&items, &[link]);
        assert_none_higher(&weigh(&items, &[]), &linked)?;
        prop_assert_eq!(counts(&linked), counts(&weigh(&items, &[turned])));
    }

    #[test]
    fn a_denial_never_raises_a_count(items in case(3), pick in any::<prop::sample::Index>(), accused in 0..ACCUSED.len(), source in 0..5usize) {
        let before = weigh(&items, &[]);
        let mut denied = items.0.clone();
        let said = &mut denied[pick.index(items.len())].attributions.attributions;
        let (text, class) = SOURCES[source];
        let name = text.split(", ").next().unwrap();
        said.push(attribution(&json!({"source": text, "name": name, "class": class, "stance": "denies", "accused": (ACCUSED[accused]),
            "accuser": "Lake Party", "target": "Lake Party"}), said.len()));
        assert_none_higher(&before, &weigh(&denied, &[]))?;
    }

    #[test]
    fn bounds_are_bounds_and_places_exist(items in case(3)) {
        for claim in weigh(&items, &[]) {
            let Interval { at_least, at_most } = claim.independent_sources;
            prop_assert!(at_least <= at_most && at_most >= 1);
            prop_assert!(claim.why.iter().flat_map(|why| &why.mentions).all(|place| *place < claim.mentions.len()));
            prop_assert!(!claim.why.is_empty() && !claim.timeline.is_empty());
            prop_assert_eq!(claim.timeline[claim.timeline.len() - 1].status, claim.status);
            prop_assert!(claim.carried_by.iter().all(|id| !claim.rejected_in.contains(id)));
            prop_assert!(claim.firsthand_origins.iter().all(|origin| claim.text_origins.contains(origin)));
        }
    }

    #[test]
    fn any_names_are_survived(names in prop::collection::vec(".{0,24}", 4), parent in prop::option::of(0..3usize)) {
        let told = json!([{"source": (names[0]), "accuser": (names[1]), "accused": (names[2]), "target": (names[3]), "within": 0},
            {"source": (names[3]), "class": "document", "accused": (names[0]), "stance": "denies", "within": 1}]);
        let from = parent.map(|_| "y.txt");
        let items = [
            item(&json!({"path": "x.txt", "told": told, "outlet": (names[1]), "lineage": {"origin": "x.txt", "from": from, "relation": "copy"}})),
            item(&json!({"path": "y.txt", "told": told, "lang": "fr", "lineage": {"origin": "x.txt", "from": "x.txt", "relation": "translation"}})),
        ];
        let claims = weigh(&items, &[]);
        prop_assert!(claims.len() <= 4);
    }
}
