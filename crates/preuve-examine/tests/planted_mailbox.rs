//! A few thousand messages of an invented correspondence with planted forgeries: all must be found, none invented.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use preuve_case::{CheckOutcome, ItemId, MessageDigest, MessageFinding, MessageRef};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_examine::correspondence::{CorrespondenceParams, DigestParams, Mailbox, digest_message};
use preuve_testkit::{Forgery, MailPlan, PlantedMail, planted_mailbox};

fn digest(mail: &PlantedMail) -> MessageDigest {
    let params = DigestParams {
        most_lines: 400,
        most_links: 100,
        most_parts: 100,
        most_hops: 50,
        most_names: 50,
        most_text_bytes: 1 << 19,
    };
    let at = MessageRef { path: mail.path.clone(), index: mail.index, id: ItemId::of(&mail.bytes) };
    digest_message(&mail.bytes, at, &params)
}

fn params() -> CorrespondenceParams {
    CorrespondenceParams {
        most_letters: 100_000,
        most_lines: 1_000_000,
        formula_letters: 4,
        least_letters: 12,
        least_found: 40,
        most_others: 5,
        skew_seconds: 300,
    }
}

#[test]
fn all_planted_forgeries_are_found_and_none_is_invented() {
    let plan = MailPlan { threads: 800, forged_one_in: 3, seed: 4 };
    let planted = planted_mailbox(&plan);
    let mut keys = KeyArchive::default();
    assert_eq!(keys.read("keys.txt", planted.keys.as_bytes()), []);
    let mail = MailParams { in_mailbox: false, most_signatures: 10 };
    let judged: Vec<(&PlantedMail, MessageDigest, MessageFinding)> = planted
        .messages
        .iter()
        .map(|message| (message, digest(message), verify_message(&message.bytes, &keys, &mail)))
        .collect();
    let begin = Instant::now();
    judged.iter().for_each(|(message, ..)| drop(digest(message)));
    let digested = begin.elapsed();
    let mut mailbox = Mailbox::new(params());
    judged.iter().for_each(|(_, digest, finding)| mailbox.learn(digest, finding.verdict));
    let all = mailbox.settle();
    let learned = begin.elapsed() - digested;
    judged.iter().for_each(|(_, digest, finding)| drop(all.observe(digest, finding)));
    println!(
        "digested in {digested:?}, learned in {learned:?}, observed in {:?}",
        begin.elapsed() - digested - learned
    );

    let mut found: BTreeMap<Forgery, usize> = BTreeMap::new();
    let (mut missed, mut invented, mut made) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (message, digest, finding) in &judged {
        let who = format!("{}#{} {:?}", message.path, message.index, message.forgery);
        if finding.verdict != message.verdict {
            missed.push(format!("{who}: {:?}, not {:?}", message.verdict, finding.verdict));
        }
        let observations = all.observe(digest, finding);
        let names: BTreeSet<&str> =
            observations.iter().map(|observation| observation.name.as_str()).collect();
        for name in &names {
            *made.entry((*name).to_owned()).or_insert(0usize) += 1;
        }
        missed.extend(
            message.must.iter().filter(|name| !names.contains(*name)).map(|name| format!("{who}: {name}")),
        );
        let failed = observations.iter().filter(|observation| observation.outcome == CheckOutcome::Fail);
        invented.extend(
            failed
                .filter(|observation| !message.must.contains(&observation.name.as_str()))
                .filter(|observation| !message.may.contains(&observation.name.as_str()))
                .map(|observation| format!("{who}: {} {:?}", observation.name, observation.facts)),
        );
        let lent = observations.iter().find(|observation| {
            observation.name.starts_with("corroboration.") && observation.outcome == CheckOutcome::Pass
        });
        if let (Some(Forgery::MadeElsewhere), Some(lent)) = (message.forgery, lent) {
            invented.push(format!("{who}: {} {:?}", lent.name, lent.facts));
        }
        if let Some(forgery) = message.forgery {
            *found.entry(forgery).or_default() += 1;
        }
    }
    println!(
        "{} messages, {} forgeries of {} kinds",
        judged.len(),
        found.values().sum::<usize>(),
        found.len()
    );
    println!("{found:?}\n{made:#?}\n{:?}, {} threads", all.reach(), all.threads().len());
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed[..missed.len().min(30)].join("\n"));
    assert!(
        invented.is_empty(),
        "{} invented:\n{}",
        invented.len(),
        invented[..invented.len().min(30)].join("\n")
    );
    for name in
        ["time.key_seen_then", "time.key_last_seen_before", "time.key_window_unknown", "time.signed_at_fits"]
    {
        assert!(made.contains_key(name), "{name} was never made");
    }
    assert!(judged.len() > 3_000 && found.len() == 17, "the plan is too small to say anything");
}
