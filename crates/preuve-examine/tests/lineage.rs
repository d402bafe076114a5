//! The lineage engine as a whole: laws, hostile material, and the corpora where they are at hand.

#![allow(clippy::expect_used, clippy::print_stderr, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use preuve_case::{Format, Item, ItemId, ItemMeta, Lang, LineageFinding, Relation, TextMap};
use preuve_examine::lineage::{LineageFindings, LineageParams, detect_damage, detect_lineage};
use preuve_testkit::{CorpusPlan, Edit, planted_corpus};

const PARAMS: LineageParams = LineageParams { threads: 2, as_of: None, sentences_up_to: 5000 };

const EN: &str = "Harbour office shut after theft of ledgers\n\
    The harbour office of Port Selm was shut on Tuesday after 214 ledgers were stolen from its cellar, the clerk said.\n\
    “Whoever took them knew which shelf to empty,” said Orla Dunmere, who has kept the books for 31 years.\n\
    The ledgers record every cargo landed since 1988. A lawyer for the shipping firm Brann Lines had asked to see them \
    the week before.\n\
    Police found no broken lock. A night watchman told investigators that he had heard a cart about three o’clock.\n\
    The provincial council meets on Friday to decide whether the port can reopen without its records.";
const FR: &str = "La capitainerie fermée après le vol de registres\n\
    La capitainerie de Port Selm a été fermée mardi après le vol de 214 registres dans sa cave, a indiqué le greffier.\n\
    « Celui qui les a pris savait quelle étagère vider », a dit Orla Dunmere, qui tient les livres depuis 31 ans.\n\
    Les registres consignent chaque cargaison débarquée depuis 1988. Un avocat de la compagnie maritime Brann Lines avait \
    demandé à les voir la semaine précédente.\n\
    La police n’a trouvé aucune serrure forcée. Un veilleur de nuit a dit aux enquêteurs avoir entendu une charrette vers \
    trois heures.\n\
    Le conseil provincial se réunit vendredi pour décider si le port peut rouvrir sans ses archives.";
const ES: &str = "El mercado de flores cumple cien años\n\
    El mercado de flores de la plaza vieja celebró el domingo su centenario con música y puestos de todo el valle.\n\
    «Mi abuela vendía claveles en esta misma esquina», recordó Tomasa Llerena mientras regaba sus macetas.\n\
    El ayuntamiento quiere ampliar el recinto, pero los vecinos temen perder los plátanos que dan sombra en verano.\n\
    Una votación vecinal decidirá en otoño el futuro de la plaza y de sus árboles.";

fn item(path: &str, lang: Lang, text: &str) -> Item {
    Item {
        id: ItemId::of(format!("{path}\n{text}").as_bytes()),
        path: path.to_owned(),
        format: Format::Text,
        byte_len: text.len() as u64,
        map: TextMap::verbatim(text, 0),
        text: text.to_owned(),
        lang,
        meta: ItemMeta::default(),
        parent: None,
    }
}

fn dated(mut item: Item, date: &str, outlet: &str) -> Item {
    item.meta.published = Some(date.parse().expect("a date"));
    item.meta.outlet = Some(outlet.to_owned());
    item
}

fn lineage(items: &[Item]) -> LineageFindings {
    detect_lineage(&items.iter().collect::<Vec<_>>(), &PARAMS)
}

fn case() -> Vec<Item> {
    let copy =
        format!("Ledgers gone\nFrom our correspondents\n{}", EN.split_once('\n').expect("a headline").1);
    vec![
        dated(item("a.txt", Lang::En, EN), "2031-03-04T08:00:00Z", "selm_gazette"),
        dated(item("b.txt", Lang::Fr, FR), "2031-03-04T15:00:00Z", "le_phare"),
        dated(item("c.txt", Lang::Es, ES), "2031-03-04T09:00:00Z", "la_plaza"),
        dated(item("d.txt", Lang::En, &copy), "2031-03-05T06:00:00Z", "valley_post"),
    ]
}

fn origins(found: &LineageFindings, items: &[Item]) -> BTreeMap<String, String> {
    items
        .iter()
        .zip(&found.findings)
        .map(|(item, finding)| (item.path.clone(), finding.origin.clone()))
        .collect()
}

#[test]
fn a_copy_and_a_translation_go_back_to_one_text() {
    let items = case();
    let found = lineage(&items);
    let told: Vec<(&str, Relation)> =
        found.findings.iter().map(|finding| (finding.origin.as_str(), finding.relation)).collect();
    assert_eq!(
        told,
        [
            ("a.txt", Relation::Original),
            ("a.txt", Relation::Translation),
            ("c.txt", Relation::Original),
            ("a.txt", Relation::Copy),
        ]
    );
    assert!(found.findings[1].passages.len() >= 4 && found.findings[3].passages.len() == 1);
    assert!(found.findings.iter().zip(&items).all(|(finding, item)| finding.item == item.id));
}

#[test]
fn the_order_of_intake_and_the_threads_change_nothing() {
    let items = case();
    let expected: BTreeMap<ItemId, LineageFinding> =
        lineage(&items).findings.into_iter().map(|finding| (finding.item, finding)).collect();
    for turn in 0..items.len() {
        let mut turned: Vec<&Item> = items.iter().collect();
        turned.rotate_left(turn);
        turned.swap(0, 1);
        for threads in [1, 3] {
            let found = detect_lineage(&turned, &LineageParams { threads, ..PARAMS });
            assert!(found.findings.iter().all(|finding| expected[&finding.item] == *finding));
        }
    }
}

#[test]
fn adding_a_copy_raises_no_count_and_moves_nobody() {
    let mut items = case();
    let before = origins(&lineage(&items), &items);
    for (at, lang, text) in [(0, Lang::En, EN), (1, Lang::Fr, FR), (2, Lang::Es, ES)] {
        items.push(dated(item(&format!("z{at}.txt"), lang, text), "2031-03-06T00:00:00Z", "mirror"));
    }
    let after = origins(&lineage(&items), &items);
    assert!(before.iter().all(|(path, origin)| after[path] == *origin));
    assert_eq!(after["z0.txt"], "a.txt");
    assert_eq!(after["z1.txt"], "a.txt");
    assert_eq!(after["z2.txt"], "c.txt");
}

#[test]
fn without_dates_the_same_texts_are_joined() {
    let items: Vec<Item> = case()
        .into_iter()
        .map(|mut item| {
            item.meta = ItemMeta::default();
            item
        })
        .collect();
    let found = origins(&lineage(&items), &items);
    assert!(
        found["a.txt"] == found["b.txt"] && found["a.txt"] == found["d.txt"] && found["c.txt"] == "c.txt"
    );
}

#[test]
fn a_future_date_is_told_and_not_trusted() {
    let mut items = case();
    items[0].meta.published = Some("2199-01-01T00:00:00Z".parse().expect("a date"));
    let now = "2031-04-01T00:00:00Z".parse().expect("a date");
    let params = LineageParams { as_of: Some(now), ..PARAMS };
    let found = detect_lineage(&items.iter().collect::<Vec<_>>(), &params);
    assert!(found.diagnostics.iter().any(|told| told.code == "lineage::future_date" && told.path == "a.txt"));
    let origins = origins(&found, &items);
    assert_eq!(origins["a.txt"], origins["b.txt"]);
}

#[test]
fn the_same_item_twice_is_one_item() {
    let mut items = case();
    items.push(Item { path: "again.txt".to_owned(), ..items[1].clone() });
    let found = lineage(&items);
    assert_eq!(found.findings[1], found.findings[4]);
}

#[test]
fn empty_texts_are_nobody_s_copies() {
    let items: Vec<Item> = ["", "", " \n", "…"]
        .iter()
        .enumerate()
        .map(|(at, text)| item(&format!("{at}.txt"), Lang::En, text))
        .collect();
    let found = lineage(&items);
    assert!(found.findings.iter().all(|finding| finding.derived_from.is_none()));
    assert!(lineage(&[]).findings.is_empty());
}

#[test]
fn ten_thousand_copies_have_one_origin() {
    let items: Vec<Item> = (0..10_000).map(|at| item(&format!("{at:05}.txt"), Lang::En, EN)).collect();
    let found = lineage(&items);
    assert!(found.findings.iter().all(|finding| finding.origin == "00000.txt"));
    let originals = found.findings.iter().filter(|finding| finding.relation == Relation::Original).count();
    assert_eq!(originals, 1);
}

#[test]
fn a_text_of_fifty_megabytes_is_read() {
    let items =
        [item("big.txt", Lang::En, &EN.repeat(50_000_000 / EN.len())), item("small.txt", Lang::En, EN)];
    let found = lineage(&items);
    assert!(found.diagnostics.iter().any(|told| told.code == "lineage::long_text" && told.path == "big.txt"));
    assert_eq!(found.findings[0].origin, found.findings[1].origin);
}

#[test]
fn scripts_without_spaces_are_compared() {
    let text = "港務局星期二宣布關閉北碼頭因為地下室的二百一十四本帳簿被盜書記說警方沒有發現被破壞的鎖";
    let items = [item("a.txt", Lang::Other, text), item("b.txt", Lang::Other, &format!("轉載：{text}。完"))];
    let found = lineage(&items);
    assert_eq!(found.findings[0].origin, found.findings[1].origin);
}

#[test]
fn mutual_credits_make_no_circle() {
    let one = EN.replace("the clerk said", "according to the daily Valley Post");
    let two = EN.replace("the clerk said", "according to the daily Selm Gazette");
    let mut items = [item("a.txt", Lang::En, &one), item("b.txt", Lang::En, &two)];
    items[0].meta.outlet = Some("Selm Gazette".to_owned());
    items[1].meta.outlet = Some("Valley Post".to_owned());
    let found = lineage(&items);
    assert_eq!(found.findings.iter().filter(|finding| finding.derived_from.is_none()).count(), 1);
}

#[test]
fn boilerplate_that_fills_texts_links_none_and_is_told() {
    let plan = CorpusPlan { documents: 620, copies_per_mille: 0, natural_per_mille: 0, outlets: 0, seed: 5 };
    let corpus = planted_corpus(&plan);
    let footer = corpus[0].text.repeat(2);
    let items: Vec<Item> = corpus[1..]
        .iter()
        .enumerate()
        .map(|(at, planted)| {
            item(&format!("{at:04}.txt"), Lang::Other, &format!("{}\n{footer}", planted.text))
        })
        .collect();
    let found = lineage(&items);
    assert!(found.findings.iter().all(|finding| finding.derived_from.is_none()));
    assert!(found.diagnostics.iter().any(|told| told.code == "lineage::boilerplate_capped"));
}

#[test]
fn too_many_texts_are_told() {
    let found =
        detect_lineage(&case().iter().collect::<Vec<_>>(), &LineageParams { sentences_up_to: 3, ..PARAMS });
    assert!(found.diagnostics.iter().any(|told| told.code == "lineage::too_many_texts"));
    assert_eq!(found.findings[3].relation, Relation::Copy);
}

#[test]
fn planted_copies_are_found_and_their_source_named() {
    let plan =
        CorpusPlan { documents: 500, copies_per_mille: 40, natural_per_mille: 40, outlets: 10, seed: 3 };
    let corpus = planted_corpus(&plan);
    let items: Vec<Item> = corpus
        .iter()
        .enumerate()
        .map(|(at, planted)| item(&format!("{at:05}.txt"), Lang::Other, &planted.text))
        .collect();
    let found = lineage(&items);
    let linked = |edit: Edit| {
        let planted = corpus.iter().zip(&found.findings).filter(|(planted, _)| planted.edit == edit);
        let hits: Vec<bool> = planted
            .map(|(planted, finding)| {
                let source = planted.source.expect("a copy has a source");
                found.findings[source].origin == finding.origin
            })
            .collect();
        hits.iter().filter(|hit| **hit).count() as f64 / hits.len() as f64
    };
    assert_eq!(linked(Edit::Verbatim), 1.0);
    assert!(linked(Edit::Light) >= 0.95 && linked(Edit::Excerpt) >= 0.95 && linked(Edit::Heavy) >= 0.75);
    assert!(linked(Edit::Natural) <= 0.05);
}

fn corpora() -> Option<PathBuf> {
    let place = std::env::var_os("PREUVE_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    if place.is_dir() {
        return Some(place);
    }
    eprintln!("skipped: no corpus at {}", place.display());
    None
}

#[test]
fn the_founding_article_bears_the_signs_of_a_machine() {
    let Some(corpora) = corpora() else { return };
    let text = std::fs::read_to_string(corpora.join("founding/article.fr.txt")).expect("the article");
    let chars: Vec<char> = text.chars().collect();
    let glued: Vec<String> = detect_damage(&text, Lang::Fr)
        .into_iter()
        .filter(|sign| sign.name == "glued_words")
        .map(|sign| chars[sign.spans[0].start..sign.spans[0].end].iter().collect())
        .collect();
    assert_eq!(glued, ["piratédésignant", "Soleimanje", "Crooksétait"]);
    assert!(detect_damage(&text, Lang::Fr).iter().any(|sign| sign.name == "stripped_link"));
}

#[test]
fn the_invented_event_is_told_right() {
    let Some(corpora) = corpora() else { return };
    is_told_right(&corpora.join("event-dev"));
}

#[test]
fn the_event_of_the_power_company_is_told_right() {
    let events = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../preuve-train/corpus/events");
    is_told_right(&events.join("power-company"));
}

/// The targets for one event: derived or not, derived from, relation.
fn is_told_right(folder: &Path) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file of the corpus");
    let rows = |name: &str| -> Vec<serde_json::Value> {
        read(name).lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    };
    let items: Vec<Item> = rows("articles.jsonl")
        .iter()
        .map(|row| {
            let field = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let lang = Lang::from_tag(&field("lang"));
            let item = item(&field("id"), lang, &read(&field("file")));
            dated(item, &field("published"), &field("outlet"))
        })
        .collect();
    let ids: BTreeMap<ItemId, &str> = items.iter().map(|item| (item.id, item.path.as_str())).collect();
    let found = lineage(&items);
    let told: BTreeMap<&str, &LineageFinding> =
        items.iter().zip(&found.findings).map(|(item, finding)| (item.path.as_str(), finding)).collect();
    let gold = rows("lineage.jsonl");
    let (mut derived, mut parents, mut relations, mut flags) = (0, 0, 0, 0);
    for row in &gold {
        let finding = told[row["id"].as_str().expect("an id")];
        flags += usize::from(row["derived_from"].is_string() == finding.derived_from.is_some());
        if let Some(parent) = row["derived_from"].as_str() {
            derived += 1;
            parents += usize::from(finding.derived_from.is_some_and(|id| ids[&id] == parent));
            relations += usize::from(serde_json::json!(finding.relation) == row["relation"]);
        }
    }
    assert!(flags * 100 >= 92 * gold.len(), "derived or not: {flags} of {}", gold.len());
    assert!(parents * 100 >= 80 * derived, "derived from: {parents} of {derived}");
    assert!(relations * 100 >= 75 * derived, "relation: {relations} of {derived}");
}
