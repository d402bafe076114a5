//! Laws of a case: what is added twice, in which order, under which names; what a damaged journal looks like.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

use preuve_case::{
    Diagnostic, Format, Item, ItemAttributions, ItemId, ItemMeta, KeySighting, Lang, LinkJudgement,
    MessageRef, Severity, TextMap,
};
use preuve_store::{
    Access, Batch, Bytes, Case, Engine, Form, Kept, MailKey, MailTexts, MailboxProgress, Operation, ReadItem,
    ReadMessage, ReadSource, StoreError,
};
use proptest::prelude::*;

const READER: [u8; 32] = [7; 32];

fn operation(command: &str) -> Operation {
    Operation {
        command: command.to_owned(),
        parameters: serde_json::json!({"hidden": false}),
        inputs: vec!["articles".to_owned()],
        version: "0.1.0".to_owned(),
        time: "2027-03-01T06:00:00Z".parse().unwrap(),
    }
}

fn item(path: &str, text: &str, published: Option<&str>) -> Item {
    let published = published.map(|time| time.parse().unwrap());
    Item {
        id: ItemId::of(text.as_bytes()),
        path: path.to_owned(),
        format: Format::Text,
        byte_len: text.len() as u64,
        text: text.to_owned(),
        map: TextMap::verbatim(text, 0),
        lang: Lang::En,
        meta: ItemMeta { published, ..ItemMeta::default() },
        parent: None,
    }
}

fn batch(items: &[Item]) -> Batch {
    Batch {
        items: items.iter().map(|item| ReadItem { item: item.clone(), kept: Kept::None }).collect(),
        sources: items.iter().map(|item| ReadSource { path: item.path.clone(), digest: item.id }).collect(),
        ..Batch::default()
    }
}

fn temporary() -> Case {
    let mut case = Case::temporary().unwrap();
    case.begin(operation("case add"));
    case
}

fn contents(case: &Case) -> (Vec<Item>, Vec<String>) {
    let ids: Vec<ItemId> = case.item_list().unwrap().into_iter().map(|(id, _)| id).collect();
    let others = case.other_sightings().unwrap().into_iter().map(|sighting| sighting.path).collect();
    (case.items(&ids).unwrap(), others)
}

#[test]
fn an_item_comes_back_as_it_went_in() {
    let mut case = temporary();
    let mut given = item("a/é.txt", "Текст — text", Some("2027-01-02T03:04:05Z"));
    given.meta.title = Some("A title".to_owned());
    given.meta.lang_tag = Some("fr-CA".to_owned());
    given.lang = Lang::Fr;
    given.parent = Some(ItemId::of(b"parent"));
    case.add(&READER, &batch(std::slice::from_ref(&given))).unwrap();
    assert_eq!(case.items(&[given.id, ItemId::of(b"unknown")]).unwrap(), [given]);
}

#[test]
fn adding_again_changes_nothing() {
    let mut case = temporary();
    let items = [item("a.txt", "one", None), item("b.txt", "two", None)];
    assert_eq!(case.add(&READER, &batch(&items)).unwrap().items, 2);
    let before = case.status().unwrap();
    case.begin(operation("case add"));
    assert_eq!(case.add(&READER, &batch(&items)).unwrap(), preuve_store::Added::default());
    assert!(!case.changed());
    assert_eq!(case.status().unwrap(), before);
}

#[test]
fn the_engines_get_the_sighting_published_first() {
    let mut case = temporary();
    let late = item("a.txt", "same", Some("2027-02-02T00:00:00Z"));
    let early = item("z.txt", "same", Some("2027-01-01T00:00:00Z"));
    let undated = item("0.txt", "same", None);
    case.add(&READER, &batch(&[late, undated, early.clone()])).unwrap();
    let (items, others) = contents(&case);
    assert_eq!(items, [early]);
    assert_eq!(others, ["0.txt", "a.txt"]);
}

#[test]
fn a_new_sighting_drops_what_was_found() {
    let mut case = temporary();
    let first = item("b.txt", "same", None);
    case.add(&READER, &batch(std::slice::from_ref(&first))).unwrap();
    let key = [1; 32];
    case.put_findings(Engine::Attribution, &key, &[(first.id, ItemAttributions::default())]).unwrap();
    assert!(case.pending(Engine::Attribution, &key).unwrap().is_empty());
    assert_eq!(case.pending(Engine::Attribution, &[2; 32]).unwrap(), [(first.id, 4)]);
    case.add(&READER, &batch(&[item("a.txt", "same", None)])).unwrap();
    assert_eq!(case.pending(Engine::Attribution, &key).unwrap().len(), 1);
}

#[test]
fn what_a_later_reading_does_not_say_is_kept() {
    let mut case = temporary();
    let mut given = item("a.txt", "text", Some("2027-01-02T00:00:00Z"));
    given.meta.outlet = Some("The Post".to_owned());
    case.add(&READER, &batch(std::slice::from_ref(&given))).unwrap();
    let mut bare = item("a.txt", "text", None);
    bare.meta.title = Some("Title".to_owned());
    case.add(&[8; 32], &batch(std::slice::from_ref(&bare))).unwrap();
    let meta = case.items(&[given.id]).unwrap().remove(0).meta;
    assert_eq!((meta.outlet, meta.title), (given.meta.outlet, bare.meta.title));
    assert_eq!(meta.published, given.meta.published);
}

#[test]
fn complaints_about_a_file_go_when_it_is_read() {
    let mut case = temporary();
    let complaint = Diagnostic::new("a.txt", Severity::Error, "walk::unreadable", "could not be read");
    let unread = Batch { diagnostics: vec![("a.txt".to_owned(), complaint.clone())], ..Batch::default() };
    case.add(&READER, &unread).unwrap();
    assert_eq!(case.diagnostics().unwrap(), [complaint]);
    case.add(&READER, &batch(&[item("a.txt", "text", None)])).unwrap();
    assert!(case.diagnostics().unwrap().is_empty());
}

#[test]
fn sources_are_known_by_path_bytes_and_reader() {
    let mut case = temporary();
    let given = item("a.txt", "text", None);
    case.add(&READER, &batch(std::slice::from_ref(&given))).unwrap();
    let known = case.sources_read(&READER).unwrap();
    assert!(known.contains(&ReadSource { path: "a.txt".to_owned(), digest: given.id }));
    assert!(case.sources_read(&[8; 32]).unwrap().is_empty());
}

#[test]
fn a_judgement_has_no_direction_and_can_be_changed() {
    let mut case = temporary();
    let (one, two) = (item("a.txt", "one", None), item("b.txt", "two", None));
    case.add(&READER, &batch(&[one.clone(), two.clone()])).unwrap();
    let judge =
        |a: &Item, b: &Item, linked| LinkJudgement { a: a.id, b: b.id, linked, why: "because".to_owned() };
    case.put_link(&judge(&one, &two, true)).unwrap();
    case.put_link(&judge(&two, &one, false)).unwrap();
    let links = case.links().unwrap();
    assert_eq!(links.len(), 1);
    assert!(!links[0].linked);
    let stranger = LinkJudgement { a: one.id, b: ItemId::of(b"?"), linked: true, why: String::new() };
    assert!(matches!(case.put_link(&stranger), Err(StoreError::Database(_))));
}

#[test]
fn an_item_is_found_by_path_or_start_of_its_id() {
    let mut case = temporary();
    let given = item("a.txt", "text", None);
    case.add(&READER, &batch(&[given.clone(), item("b.txt", "other", None), item("b.txt", "later", None)]))
        .unwrap();
    for name in ["a.txt", &given.id.to_string(), &given.id.short(), &given.id.short().to_uppercase()] {
        assert_eq!(case.find_item(name).unwrap(), given.id, "{name}");
    }
    assert!(matches!(case.find_item("nothing"), Err(StoreError::UnknownItem(_))));
    assert!(matches!(case.find_item(&given.id.to_string()[..7]), Err(StoreError::UnknownItem(_))));
    assert!(matches!(case.find_item("b.txt"), Err(StoreError::AmbiguousItem(_))));
}

#[test]
fn the_journal_is_a_chain() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("affair");
    let mut case = Case::create(&folder, operation("case new")).unwrap();
    for (number, text) in ["one", "two", "three"].into_iter().enumerate() {
        case.begin(operation(&format!("case add {number}")));
        case.add(&READER, &batch(&[item(text, text, None)])).unwrap();
    }
    let journal = case.journal().unwrap();
    assert_eq!(journal.len(), 4);
    assert!(journal.windows(2).all(|pair| pair[1].previous == pair[0].hash));
    assert_eq!(journal[0].previous, [0; 32]);
    assert!(case.check(&mut |_| ()).unwrap().problems.is_empty());
    drop(case);
    let altered = "UPDATE journal SET command = 'case forget' WHERE seq = 2";
    let dropped =
        "DELETE FROM sightings; DELETE FROM sources; DELETE FROM items; DELETE FROM journal WHERE seq = 3";
    for (change, code) in [(altered, "check::journal_entry"), (dropped, "check::journal_chain")] {
        rusqlite::Connection::open(folder.join("case.db")).unwrap().execute_batch(change).unwrap();
        let problems = Case::open(&folder, Access::Read).unwrap().check(&mut |_| ()).unwrap().problems;
        assert!(problems.iter().any(|problem| problem.code == code), "{problems:?}");
    }
}

#[test]
fn a_text_or_reference_that_was_tampered_with_is_found() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("affair");
    let mut case = Case::create(&folder, operation("case new")).unwrap();
    case.begin(operation("case add"));
    case.add(&READER, &batch(&[item("a.txt", "text", None)])).unwrap();
    drop(case);
    let database = rusqlite::Connection::open(folder.join("case.db")).unwrap();
    database
        .execute_batch("PRAGMA foreign_keys = 0; UPDATE texts SET text = 'test'; DELETE FROM items")
        .unwrap();
    drop(database);
    let problems = Case::open(&folder, Access::Read).unwrap().check(&mut |_| ()).unwrap().problems;
    for code in ["check::text_changed", "check::reference"] {
        assert!(problems.iter().any(|problem| problem.code == code), "{code}: {problems:?}");
    }
}

#[test]
fn one_command_writes_and_others_look() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("affair");
    let writing = Case::create(&folder, operation("case new")).unwrap();
    assert!(matches!(Case::open(&folder, Access::Write), Err(StoreError::InUse(_))));
    assert!(Case::open(&folder, Access::Read).is_ok());
    drop(writing);
    assert!(Case::open(&folder, Access::Write).is_ok());
}

#[test]
fn what_a_crash_while_making_a_case_leaves_is_no_hindrance() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("affair");
    std::fs::create_dir_all(folder.join("originals")).unwrap();
    std::fs::write(folder.join("lock"), "").unwrap();
    std::fs::write(folder.join(".draft-case.db"), "half a database").unwrap();
    std::fs::write(folder.join(".draft-case.db-journal"), "half a journal").unwrap();
    assert!(matches!(Case::open(&folder, Access::Write), Err(StoreError::NotACase(_))));
    assert!(Case::create(&folder, operation("case new")).is_ok());
}

#[test]
fn texts_of_mail_are_told_from_what_was_attached_and_from_articles() {
    let mut case = temporary();
    let letter = Item { format: Format::Mail, ..item("a.mbox!/message-1.eml", "A letter.", None) };
    let attached =
        Item { parent: Some(letter.id), ..item("a.mbox!/message-1.eml!/note.txt", "A note.", None) };
    let article = item("b.txt", "An article.", None);
    case.add(&READER, &batch(&[letter.clone(), attached.clone(), article])).unwrap();
    assert_eq!(case.mail_texts(MailTexts::Words).unwrap(), ([letter.id].into(), 9));
    assert_eq!(case.mail_texts(MailTexts::Attachments).unwrap(), ([attached.id].into(), 7));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn order_and_grouping_of_adding_do_not_show(
        picks in proptest::collection::vec((0usize..6, 0usize..6, proptest::option::of(1u8..28)), 1..14),
        cuts in proptest::collection::vec(1usize..5, 1..14),
    ) {
        // A path that is read twice with other bytes is two items; with other dates the later reading holds, so a
        // pair of path and text keeps the date it has first.
        let mut seen = std::collections::BTreeMap::new();
        for (path, text, day) in picks {
            seen.entry((path, text)).or_insert(day);
        }
        let items: Vec<Item> = seen
            .into_iter()
            .map(|((path, text), day)| {
                let date = day.map(|day| format!("2027-01-{day:02}T00:00:00Z"));
                item(&format!("{path}.txt"), &format!("text {text}"), date.as_deref())
            })
            .collect();
        let mut forth = temporary();
        forth.add(&READER, &batch(&items)).unwrap();
        let mut back = temporary();
        let mut rest: Vec<Item> = items.into_iter().rev().collect();
        for cut in cuts {
            let part: Vec<Item> = rest.drain(..cut.min(rest.len())).collect();
            back.add(&READER, &batch(&part)).unwrap();
            back.add(&READER, &batch(&part)).unwrap();
        }
        back.add(&READER, &batch(&rest)).unwrap();
        prop_assert_eq!(contents(&forth), contents(&back));
        prop_assert_eq!(forth.fingerprint("x").unwrap(), back.fingerprint("x").unwrap());
    }
}

fn message(path: &str, number: u64, content: &str, bytes: Bytes) -> ReadMessage {
    let id = ItemId::of(content.as_bytes());
    let digest = serde_json::json!({
        "at": {"path": "", "index": 0, "id": id}, "message_id": null, "date": null, "zone_minutes": null,
        "from": [], "reply_to": [], "to": [], "subject": content, "in_reply_to": [], "references": [],
        "received": [], "client": null, "links": [], "parts": [], "own_lines": [], "quoted_lines": []
    });
    let finding = serde_json::json!({
        "message_id": null, "from": null, "date": null, "subject": null, "verdict": "unsigned", "reasons": [],
        "signatures": [], "arc": {"result": "none", "sets": 0, "sealers": [], "reason": ""}, "checks": []
    });
    ReadMessage {
        at: MessageRef { path: path.to_owned(), index: number, id },
        digest: serde_json::from_value(digest).unwrap(),
        form: Form { in_mailbox: true, rebuilt: false },
        bytes,
        finding: serde_json::from_value(finding).unwrap(),
        judged_under: [1; 32],
    }
}

#[test]
fn a_message_seen_twice_is_one_and_its_bytes_are_found_where_they_still_are() {
    let place = tempfile::tempdir().unwrap();
    let mut case = Case::create(&place.path().join("affair"), operation("case new")).unwrap();
    let mailbox = place.path().join("a.mbox");
    std::fs::write(&mailbox, "From x\none\n\nFrom x\ntwo\n").unwrap();
    let source = ItemId::of(&std::fs::read(&mailbox).unwrap());
    case.originals().copy(source, &mailbox).unwrap();
    case.begin(operation("case add"));
    let range = |start| Bytes::Original { source, start, length: 4 };
    let messages = vec![
        message("b.zip!/x.eml", 0, "two\n", Bytes::Kept(b"two\n".to_vec())),
        message("a.mbox", 0, "one\n", range(7)),
        message("a.mbox", 1, "two\n", range(19)),
    ];
    let ids = [messages[1].at.id, messages[2].at.id];
    let read = ReadSource { path: "a.mbox".to_owned(), digest: source };
    let progress = vec![MailboxProgress { source: read.clone(), start: 11, number: 1 }];
    let batch = Batch { messages: messages.clone(), progress, ..Batch::default() };
    assert_eq!(case.add(&READER, &batch).unwrap().messages, 2);
    assert_eq!(case.add(&READER, &batch).unwrap().messages, 0);
    assert_eq!(case.mailboxes_begun(&READER).unwrap().get(&read), Some(&(11, 1)));
    assert_eq!(case.message_list().unwrap(), ids);
    assert_eq!(case.seen_at(ids[1]).unwrap(), [messages[2].at.clone(), messages[0].at.clone()]);
    assert_eq!(case.packed_message(ids[1]).unwrap().unwrap().unpack().unwrap().digest.at, messages[2].at);
    assert_eq!(case.message_bytes(ids[0]).unwrap().as_deref(), Some(&b"one\n"[..]));
    assert_eq!(case.message_bytes(ids[1]).unwrap().as_deref(), Some(&b"two\n"[..]));
    case.add(&READER, &Batch { sources: vec![read], ..Batch::default() }).unwrap();
    assert!(case.mailboxes_begun(&READER).unwrap().is_empty());
    assert!(case.messages_unjudged(&[1; 32]).unwrap().is_empty());
    assert_eq!(case.messages_unjudged(&[2; 32]).unwrap().len(), 2);
    assert!(case.check(&mut |_| ()).unwrap().problems.is_empty());
}

#[test]
fn keys_stand_side_by_side_and_what_verdicts_rest_on_follows_them() {
    let mut case = temporary();
    let key = |txt: &str, first_seen: Option<&str>, recovered| MailKey {
        sighting: KeySighting {
            name: "s._domainkey.a.example".to_owned(),
            origin: "dump".to_owned(),
            first_seen: first_seen.map(str::to_owned),
            last_seen: None,
        },
        txt: txt.to_owned(),
        recovered,
    };
    let keys = [key("p=1", None, false), key("p=1", Some("2027-01-01"), false), key("p=2", None, true)];
    let empty = case.keys_digest("engine").unwrap();
    assert_eq!(case.add_keys(&keys).unwrap(), 3);
    assert_eq!(case.add_keys(&keys).unwrap(), 0);
    let mut kept = Vec::new();
    case.for_each_key(&mut |key| kept.push(key)).unwrap();
    assert_eq!(kept, keys);
    assert_ne!(case.keys_digest("engine").unwrap(), empty);
    assert_ne!(case.keys_digest("engine").unwrap(), case.keys_digest("another").unwrap());
}
