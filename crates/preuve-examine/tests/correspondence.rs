//! Small sets of messages beside what must be noticed about them. Each folder of `tests/correspondence` is one set:
//! messages, the verdicts they are given (`verdicts.tsv`), and `expected.txt`.
//! `UPDATE_EXPECTED=1` writes the expected files anew; read the difference.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use preuve_case::{
    ArcFinding, AuthResult, ItemId, MailVerdict, MessageDigest, MessageFinding, MessageRef, Observation,
};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_examine::correspondence::{
    Correspondence, CorrespondenceParams, DigestParams, Mailbox, digest_message,
};
use preuve_testkit::{DkimSigner, SigningKey};
use proptest::prelude::*;

fn params() -> CorrespondenceParams {
    CorrespondenceParams {
        most_letters: 10_000,
        most_lines: 100_000,
        formula_letters: 4,
        least_letters: 12,
        least_found: 40,
        most_others: 5,
        skew_seconds: 300,
    }
}

fn digest(path: &str, bytes: &[u8]) -> MessageDigest {
    let params = DigestParams {
        most_lines: 400,
        most_links: 100,
        most_parts: 100,
        most_hops: 50,
        most_names: 50,
        most_text_bytes: 1 << 19,
    };
    digest_message(bytes, MessageRef { path: path.into(), index: 0, id: ItemId::of(bytes) }, &params)
}

fn finding(verdict: MailVerdict) -> MessageFinding {
    MessageFinding {
        message_id: None,
        from: None,
        date: None,
        subject: None,
        verdict,
        reasons: Vec::new(),
        signatures: Vec::new(),
        arc: ArcFinding { result: AuthResult::None, sets: 0, sealers: Vec::new(), reason: String::new() },
        checks: Vec::new(),
    }
}

/// A message of a set.
#[derive(Clone)]
struct Member {
    name: String,
    bytes: Vec<u8>,
    digest: MessageDigest,
    verdict: MailVerdict,
}

fn learn(members: &[&Member]) -> Correspondence {
    let mut mailbox = Mailbox::new(params());
    members.iter().for_each(|member| mailbox.learn(&member.digest, member.verdict));
    mailbox.settle()
}

fn observe(all: &Correspondence, member: &Member) -> Vec<Observation> {
    all.observe(&member.digest, &finding(member.verdict))
}

fn read_set(folder: &Path) -> Vec<Member> {
    let verdicts = fs::read_to_string(folder.join("verdicts.tsv")).expect("a set has verdicts");
    verdicts
        .lines()
        .map(|line| {
            let (name, verdict) = line.split_once('\t').expect("name, tab, verdict");
            let bytes = fs::read(folder.join(name)).expect("the message is there");
            let verdict = serde_json::from_value(verdict.into()).expect("a verdict");
            Member { name: name.to_owned(), digest: digest(name, &bytes), bytes, verdict }
        })
        .collect()
}

fn sets() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/correspondence");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).expect("the sets are there").map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// One line an observation, with the words it rests on, then its facts and the other messages.
fn told(member: &Member, observation: &Observation) -> String {
    let outcome = serde_json::to_value(observation.outcome).unwrap();
    let mut line = format!("  {} {}", outcome.as_str().unwrap(), observation.name);
    for (name, value) in observation.facts.iter().filter(|(name, _)| *name != "section") {
        write!(line, " {name}={value}").unwrap();
    }
    for other in &observation.others {
        write!(line, " [{}]", other.path).unwrap();
    }
    for &(start, end) in &observation.bytes {
        let words = String::from_utf8_lossy(&member.bytes[start as usize..end as usize]);
        let words: Vec<&str> = words.split_whitespace().collect();
        let shown = if words.len() > 8 { format!("{} …", words[..8].join(" ")) } else { words.join(" ") };
        write!(line, "\n      \"{shown}\"").unwrap();
    }
    line
}

#[test]
fn every_set_is_observed_as_expected() {
    let mut wrong = Vec::new();
    for folder in sets() {
        let members = read_set(&folder);
        let all = learn(&members.iter().collect::<Vec<_>>());
        let mut text = String::new();
        for member in &members {
            writeln!(text, "{}", member.name).unwrap();
            for observation in observe(&all, member) {
                writeln!(text, "{}", told(member, &observation)).unwrap();
            }
        }
        for thread in all.threads() {
            let names: Vec<&str> = thread.members.iter().map(|member| member.path.as_str()).collect();
            writeln!(text, "thread: {}", names.join(", ")).unwrap();
            thread.missing.iter().for_each(|id| writeln!(text, "  missing: {id}").unwrap());
        }
        let expected = folder.join("expected.txt");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&expected, &text).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The sentences that reports show, by name, as they stand beside the report.
fn phrases() -> BTreeMap<String, String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../preuve-report/src/mail/phrases/correspondence.tsv");
    let text = fs::read_to_string(path).expect("the phrases are there");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, english)| (name.to_owned(), english.split('\t').next().unwrap_or_default().to_owned()))
        .collect()
}

/// Signed now, with tags and a key window: which observations on time follow.
#[test]
fn times_of_signatures_and_keys_are_held_against_date() {
    const MESSAGE: &str = concat!(
        "From: Nadia <nadia@ministry.example>\r\n",
        "Date: Tue, 12 Jun 2018 09:15:00 +0200\r\n",
        "Message-ID: <a1@ministry.example>\r\n",
        "\r\nThe contract is signed.\r\n",
    );
    const WAY: &str =
        "Received: from a.ministry.example by mx.ferry.example; Tue, 12 Jun 2018 09:15:09 +0200\r\n";
    const DATE: i64 = 1_528_787_700;
    let seen = |window: &str| format!(", \"origin\": \"a crawl\"{window}");
    let cases = [
        (format!("t={}", DATE + 2), seen(""), vec!["time.signed_at_fits", "time.key_window_unknown"]),
        (format!("t={}", DATE - 4_000), seen(""), vec!["time.signed_before_date"]),
        (format!("t={}", DATE + 4_000), seen(""), vec!["time.signed_after_delivery"]),
        (format!("t={}; x={}", DATE - 90, DATE - 60), seen(""), vec!["time.expired_at_date"]),
        (
            String::new(),
            seen(", \"first_seen\": \"2018-06-01\", \"last_seen\": \"2018-07-01\""),
            vec!["time.key_seen_then"],
        ),
        (String::new(), seen(", \"first_seen\": \"2019-06-01\""), vec!["time.key_seen_only_later"]),
        (String::new(), seen(", \"last_seen\": \"2018-06-01\""), vec!["time.key_last_seen_before"]),
        (String::new(), seen(", \"last_seen\": \"2018-06-12\""), vec!["time.key_window_open"]),
    ];
    for (tags, seen, wanted) in cases {
        let mut signer = DkimSigner::new(SigningKey::ed25519(3), "s1", "ministry.example");
        signer.more_tags = tags.clone();
        let bytes = format!("{WAY}{}", signer.sign(MESSAGE)).into_bytes();
        let record = signer.key.record();
        let line = format!("{{\"name\": \"s1._domainkey.ministry.example\", \"txt\": \"{record}\"{seen}}}");
        let mut keys = KeyArchive::default();
        assert_eq!(keys.read("keys", line.as_bytes()), []);
        let finding = verify_message(&bytes, &keys, &MailParams { in_mailbox: false, most_signatures: 5 });
        let observations = learn(&[]).observe(&digest("a.eml", &bytes), &finding);
        let names: Vec<&str> = observations.iter().map(|observation| observation.name.as_str()).collect();
        assert!(wanted.iter().all(|name| names.contains(name)), "{tags} {seen}: {names:?}");
    }
}

#[test]
fn every_observation_has_a_phrase_whose_places_its_facts_fill() {
    let phrases = phrases();
    for folder in sets() {
        let members = read_set(&folder);
        let all = learn(&members.iter().collect::<Vec<_>>());
        for observation in members.iter().flat_map(|member| observe(&all, member)) {
            let phrase =
                phrases.get(&observation.name).unwrap_or_else(|| panic!("no phrase: {}", observation.name));
            for place in phrase.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
                assert!(observation.facts.contains_key(place.0), "{}: {{{}}}", observation.name, place.0);
            }
        }
    }
}

/// What is observed, without the paths of other messages, which copies may lend.
fn essence(observations: &[Observation]) -> Vec<(Observation, Vec<ItemId>)> {
    observations
        .iter()
        .filter(|observation| observation.name != "corroboration.seen_elsewhere")
        .map(|observation| {
            let ids = observation.others.iter().map(|other| other.id).collect();
            (Observation { others: Vec::new(), ..observation.clone() }, ids)
        })
        .collect()
}

fn everything() -> Vec<Member> {
    sets()
        .iter()
        .flat_map(|folder| {
            let set = folder.file_name().unwrap().to_string_lossy().into_owned();
            read_set(folder).into_iter().map(move |mut member| {
                member.digest.at.path = format!("{set}/{}", member.name);
                member
            })
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_learning_changes_nothing(
        order in Just((0..everything().len()).collect::<Vec<_>>()).prop_shuffle(),
        bounds in prop::sample::select(vec![(3usize, 5usize), (10, 1000), (1000, 20), (1000, 100_000)]),
    ) {
        let members = everything();
        let learn = |members: Vec<&Member>| {
            let mut mailbox =
                Mailbox::new(CorrespondenceParams { most_letters: bounds.0, most_lines: bounds.1, ..params() });
            members.iter().for_each(|member| mailbox.learn(&member.digest, member.verdict));
            mailbox.settle()
        };
        let straight = learn(members.iter().collect());
        let shuffled = learn(order.iter().map(|&at| &members[at]).collect());
        prop_assert_eq!(straight.threads(), shuffled.threads());
        prop_assert_eq!(straight.reach(), shuffled.reach());
        for member in &members {
            prop_assert_eq!(observe(&straight, member), observe(&shuffled, member));
        }
    }

    #[test]
    fn a_copy_changes_nothing_but_that_it_is_seen(at in any::<prop::sample::Index>(), name in "[a-z]{1,3}") {
        let members = everything();
        let mut copy = at.get(&members).clone();
        copy.digest.at.path = name;
        let alone = learn(&members.iter().collect::<Vec<_>>());
        let with_copy = learn(&members.iter().chain([&copy]).collect::<Vec<_>>());
        for member in &members {
            prop_assert_eq!(essence(&observe(&alone, member)), essence(&observe(&with_copy, member)));
        }
        let twice = learn(&members.iter().chain(&members).collect::<Vec<_>>());
        for member in &members {
            prop_assert_eq!(observe(&alone, member), observe(&twice, member));
        }
        let seen = observe(&with_copy, &copy);
        let told = seen.iter().any(|observation| observation.name == "corroboration.seen_elsewhere");
        prop_assert!(told, "{}: {:?}", at.get(&members).digest.at.path, with_copy.seen_at(&copy.digest));
    }

    #[test]
    fn hostile_messages_are_observed(
        messages in prop::collection::vec(prop::collection::vec(
            prop::sample::select(vec![
                "From: a@b.example\n", "Message-ID: <x@y.example>\n", "In-Reply-To: <x@y.example>\n",
                "References: <x@y.example> <z@y.example>\n", "Date: Tue, 12 Jun 2018 09:15:00 +0200\n",
                "Date: Mon, 99 Jun 99999 09:15:00 +9999\n", "Received: from a by b; Tue, 12 Jun 2018 09:15:00 -9999\n",
                "Subject: Re: Re: \n", "\n", "> It was said and it was written down. \n", "It was said and it was written down.\n",
                "Content-Type: multipart/mixed; boundary=q\n", "--q\n", "--q--\n", "\0\r", "é\u{feff}\n",
            ]), 0..12), 0..6),
    ) {
        let members: Vec<Member> = messages
            .iter()
            .enumerate()
            .map(|(at, lines)| {
                let bytes = lines.concat().into_bytes();
                let name = at.to_string();
                Member { digest: digest(&name, &bytes), name, bytes, verdict: MailVerdict::Valid }
            })
            .collect();
        let all = learn(&members.iter().collect::<Vec<_>>());
        for member in &members {
            for observation in observe(&all, member) {
                prop_assert!(!observation.note.is_empty() && !observation.note.ends_with('.'));
                for (start, end) in observation.bytes {
                    prop_assert!(start <= end && end <= member.bytes.len() as u64);
                }
            }
        }
        all.threads();
    }
}
