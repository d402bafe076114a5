//! Lures: one message for each reason and a near miss beside it (`lures/*.eml`), laws, and a planted mailbox whose
//! truth is known.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use preuve_case::{ItemId, MailVerdict, MessageDigest, MessageRef, Observation};
use preuve_examine::correspondence::{DigestParams, digest_message};
use preuve_examine::lures::{Acquaintances, Circle, LureKind, LureParams, Reason, triage};
use preuve_testkit::{LurePlan, planted_lures};
use proptest::prelude::*;

fn params() -> LureParams {
    LureParams {
        most_keys: 250_000,
        most_people: 20_000,
        most_domains: 50_000,
        most_links: 100,
        known_messages: 5,
        known_days: 30,
        fresh_days: 7,
        habit_messages: 10,
        mailbox_messages: 50,
    }
}

fn digest(bytes: &[u8], path: &str) -> MessageDigest {
    let params = DigestParams {
        most_lines: 200,
        most_links: 100,
        most_parts: 50,
        most_hops: 20,
        most_names: 50,
        most_text_bytes: 1 << 18,
    };
    digest_message(bytes, MessageRef { path: path.into(), index: 0, id: ItemId::of(bytes) }, &params)
}

fn settle(digests: &[MessageDigest], params: LureParams) -> Circle {
    let mut acquaintances = Acquaintances::new(params);
    digests.iter().for_each(|digest| acquaintances.learn(digest, MailVerdict::Unsigned));
    acquaintances.settle()
}

/// The past of the messages in `lures/`: who wrote so far, as `history.tsv` tells it.
fn history(folder: &Path) -> Vec<MessageDigest> {
    let table = fs::read_to_string(folder.join("history.tsv")).unwrap();
    let mut digests = Vec::new();
    for row in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [count, from, to, client, zone, route, link] = cells[..] else { panic!("{row}") };
        for number in 0..count.parse::<u32>().unwrap() {
            let (month, day) = (1 + number % 8, 1 + number / 8 * 7 % 28);
            let text = format!(
                "Received: from a.example by {route}; {day} {month_name} 2023 10:00:05 +0000\r\nFrom: {from}\r\nTo: {to}\r\n\
                 Subject: Matter {number}\r\nDate: {day} {month_name} 2023 10:00:00 {zone}\r\n\
                 Message-ID: <h{number}.{from_hash}@past.example>\r\nX-Mailer: {client}\r\n\
                 Content-Type: text/html\r\n\r\n<p>So far. <a href=\"{link}\">more</a></p>\r\n",
                month_name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"][month as usize - 1],
                from_hash = digests.len(),
            );
            digests.push(digest(text.as_bytes(), &format!("past-{}.eml", digests.len())));
        }
    }
    digests
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lures")
}

/// The messages of the folder: file name, and bytes with the line ends of mail.
fn fixtures() -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mails = entries.filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
    mails
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
            (path.file_name().unwrap().to_str().unwrap().to_owned(), text.into_bytes())
        })
        .collect()
}

/// Names of the reasons that `bytes`, come last into the mailbox, gives.
fn reasons(
    past: &[MessageDigest],
    bytes: &[u8],
    verdict: MailVerdict,
    params: LureParams,
) -> Vec<Observation> {
    let own = digest(bytes, "last.eml");
    let mut acquaintances = Acquaintances::new(params);
    past.iter().for_each(|digest| acquaintances.learn(digest, MailVerdict::Unsigned));
    acquaintances.learn(&own, verdict);
    acquaintances.settle().observe(&own, verdict)
}

#[test]
fn each_reason_is_given_for_its_message_and_not_for_the_near_miss() {
    let past = history(&folder());
    let fixtures = fixtures();
    let mut missing: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.entry().name).collect();
    let mut wrong = Vec::new();
    for (file, bytes) in &fixtures {
        let near = file.ends_with(".near.eml");
        let name = file.trim_end_matches(".eml").trim_end_matches(".near");
        let verdict =
            if name == "lure.genuine_account" && !near { MailVerdict::Valid } else { MailVerdict::Unsigned };
        let full = if name == "lure.history_not_kept" && !near { 1 } else { params().most_keys };
        let told = reasons(&past, bytes, verdict, LureParams { most_keys: full, ..params() });
        let names: BTreeSet<&str> = told.iter().map(|observation| observation.name.as_str()).collect();
        if names.contains(name) == near {
            wrong.push(format!("{file}: {names:?}"));
        }
        if !near && fixtures.contains_key(&format!("{name}.near.eml")) {
            missing.remove(name);
        }
        for observation in &told {
            assert!(!observation.note.contains('{'), "{}", observation.note);
            assert!(!observation.note.contains("http"), "{}", observation.note);
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn every_reason_has_its_sentence_in_both_languages_with_the_same_facts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../preuve-report/src/mail/phrases/lures.tsv");
    let table = fs::read_to_string(path).unwrap();
    let rows: BTreeMap<&str, Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, rest)| (name, rest.split('\t').collect()))
        .collect();
    for reason in Reason::ALL {
        let entry = reason.entry();
        let phrases = rows.get(entry.name).unwrap_or_else(|| panic!("no phrase for {}", entry.name));
        assert_eq!(phrases.len(), 2, "{}", entry.name);
        for phrase in phrases {
            assert_eq!(placeholders(phrase), placeholders(entry.note), "{phrase}");
        }
    }
    assert_eq!(rows.keys().filter(|name| name.starts_with("lure.")).count(), Reason::ALL.len());
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[derive(Default)]
struct Score {
    found: usize,
    missed: Vec<String>,
    unlisted: Vec<String>,
    invented: BTreeMap<&'static str, usize>,
    honest: usize,
    quiet: usize,
    quiet_listed: usize,
    invented_by: BTreeMap<String, usize>,
}

fn score(seed: u64, honest: usize) -> Score {
    let letters = planted_lures(&LurePlan { honest, seed });
    let digests: Vec<MessageDigest> = letters
        .iter()
        .enumerate()
        .map(|(number, letter)| digest(&letter.bytes, &format!("{number}.eml")))
        .collect();
    let circle = settle(&digests, params());
    let mut score = Score::default();
    for (letter, digest) in letters.iter().zip(&digests) {
        let told = circle.observe(digest, MailVerdict::Unsigned);
        let listed = triage(&told).is_listed();
        let Some(reason) = letter.reason else {
            if letter.quiet {
                score.quiet += 1;
                score.quiet_listed += usize::from(listed);
                continue;
            }
            score.honest += 1;
            if listed {
                *score.invented.entry(letter.what).or_default() += 1;
                for observation in &told {
                    *score.invented_by.entry(observation.name.clone()).or_default() += 1;
                }
            }
            continue;
        };
        let names: Vec<&str> = told.iter().map(|observation| observation.name.as_str()).collect();
        let what = format!("{reason} ({}): {names:?}", letter.what);
        if !names.contains(&reason) {
            score.missed.push(what);
        } else if !listed {
            score.unlisted.push(what);
        } else {
            score.found += 1;
        }
    }
    score
}

#[test]
fn a_planted_mailbox_gives_up_its_lures() {
    let score = score(1, 1_500);
    let invented: usize = score.invented.values().sum();
    println!(
        "planted lures: {} found with their reason, {} missed, {} given their reason but not listed; of {} honest messages {invented} listed",
        score.found,
        score.missed.len(),
        score.unlisted.len(),
        score.honest,
    );
    for line in score.missed.iter().chain(&score.unlisted) {
        println!("  missed: {line}");
    }
    println!("  of {} lures made to give no reason away, {} listed", score.quiet, score.quiet_listed);
    println!("  invented, by what it is: {:?}", score.invented);
    println!("  invented, by reason: {:?}", score.invented_by);
    let planted = score.found + score.missed.len() + score.unlisted.len();
    assert!(score.found * 100 >= planted * 90, "{} of {planted}", score.found);
    assert!(invented * 100 <= score.honest * 5, "{invented} of {}", score.honest);
}

/// Other mailboxes than the one that was looked at while writing.
#[test]
fn other_mailboxes_give_up_theirs_too() {
    for seed in 2..6 {
        let score = score(seed, 1_500);
        let invented: usize = score.invented.values().sum();
        let planted = score.found + score.missed.len() + score.unlisted.len();
        println!("seed {seed}: {} of {planted} found, {invented} of {} invented", score.found, score.honest);
        for line in score.missed.iter().chain(&score.unlisted) {
            println!("  missed: {line}");
        }
        assert!(score.found * 100 >= planted * 90, "seed {seed}: {} of {planted}", score.found);
        assert!(invented * 100 <= score.honest * 5, "seed {seed}: {invented}");
    }
}

#[test]
fn kinds_are_counted_and_context_is_not() {
    let past = history(&folder());
    let fixtures = fixtures();
    let told = reasons(&past, &fixtures["lure.first_message_to_recipient.eml"], MailVerdict::Valid, params());
    let place = triage(&told);
    let context = [Reason::FirstMessage, Reason::GenuineAccount].map(|reason| reason.entry().name);
    let counted: Vec<_> =
        told.iter().filter(|observation| !context.contains(&observation.name.as_str())).collect();
    assert_eq!(place.reasons, counted.len());
    assert!(told.len() > counted.len());
    assert!(Reason::ALL.iter().any(|reason| reason.entry().kind == LureKind::Context));
}

fn planted(count: usize, seed: u64) -> Vec<MessageDigest> {
    planted_lures(&LurePlan { honest: count, seed })
        .iter()
        .enumerate()
        .map(|(number, letter)| digest(&letter.bytes, &format!("{number}.eml")))
        .collect()
}

/// `cargo test --release -p preuve-examine --test lures speed -- --ignored --nocapture`
#[test]
#[ignore = "prints a speed"]
fn speed() {
    for count in [2_000, 20_000] {
        let digests = planted(count, 7);
        let start = std::time::Instant::now();
        let circle = settle(&digests, params());
        let learnt = start.elapsed();
        let told: usize =
            digests.iter().map(|digest| circle.observe(digest, MailVerdict::Unsigned).len()).sum();
        let all = start.elapsed();
        println!(
            "{} messages: learnt in {learnt:?}, observed in {:?}, {told} observations",
            digests.len(),
            all - learnt
        );
    }
}

fn small(most: usize) -> LureParams {
    LureParams { most_keys: most, most_people: most / 4 + 1, most_domains: most / 4 + 1, ..params() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The order of learning changes nothing, with room for all and with room for few.
    #[test]
    fn the_order_of_learning_changes_nothing(seed in 0u64..1000, most in prop::sample::select(vec![3usize, 40, 100_000])) {
        let digests = planted(160, seed);
        let mut turned = digests.clone();
        turned.sort_by_key(|digest| digest.at.id);
        prop_assert_eq!(settle(&digests, small(most)), settle(&turned, small(most)));
    }

    /// A message that is not as it was signed teaches nothing.
    #[test]
    fn forged_messages_teach_nothing(seed in 0u64..1000) {
        let digests = planted(120, seed);
        let mut taught = Acquaintances::new(params());
        digests.iter().for_each(|digest| taught.learn(digest, MailVerdict::Altered));
        prop_assert_eq!(taught, Acquaintances::new(params()));
    }

    /// Whatever a link is, nothing that is told of it can be clicked.
    #[test]
    fn what_is_told_is_defanged(shown in "[a-z:/@.%]{0,30}", host in "[a-z0-9.@\\-%]{1,30}", rest in "[/?a-z.:=%&]{0,40}") {
        let text = format!(
            "From: a@quietpost.example\r\nTo: piet@harbourdesk.example\r\nContent-Type: text/html\r\n\r\n\
             <a href=\"http://{host}{rest}\">{shown}</a>"
        );
        let own = digest(text.as_bytes(), "last.eml");
        let told = settle(std::slice::from_ref(&own), params()).observe(&own, MailVerdict::Unsigned);
        for observation in told {
            prop_assert!(!observation.note.to_lowercase().contains("http"), "{}", observation.note);
        }
    }

    /// More of the same honest mail never makes a reason of kind link out of a familiar domain.
    #[test]
    fn a_familiar_domain_stays_familiar(more in 0usize..40) {
        let past = history(&folder());
        let fixture = &fixtures()["lure.link_domain_new.near.eml"];
        let mut longer = past.clone();
        longer.extend(past.iter().cycle().take(more).cloned());
        let told = reasons(&longer, fixture, MailVerdict::Unsigned, params());
        prop_assert!(told.iter().all(|observation| observation.name != "lure.link_domain_new"));
    }
}
