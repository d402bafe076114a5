//! What messages say of themselves, and what is noticed when they are held against one another: every place named
//! lies within the message, every list keeps its bound.

#![no_main]

use preuve_case::{ItemId, MessageRef};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_examine::correspondence::{CorrespondenceParams, DigestParams, Mailbox, digest_message};
use preuve_examine::lures::{Acquaintances, LureParams};

const DIGEST: DigestParams = DigestParams {
    most_lines: 40,
    most_links: 10,
    most_parts: 20,
    most_hops: 5,
    most_names: 10,
    most_text_bytes: 1 << 18,
};
const CORRESPONDENCE: CorrespondenceParams = CorrespondenceParams {
    most_letters: 3,
    most_lines: 50,
    formula_letters: 2,
    least_letters: 4,
    least_found: 4,
    most_others: 2,
    skew_seconds: 300,
};
const LURES: LureParams = LureParams {
    most_keys: 20,
    most_people: 3,
    most_domains: 3,
    most_links: 5,
    known_messages: 2,
    known_days: 1,
    fresh_days: 1,
    habit_messages: 2,
    mailbox_messages: 2,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let params = MailParams { in_mailbox: true, most_signatures: 10 };
    let (mut mailbox, mut acquaintances) = (Mailbox::new(CORRESPONDENCE), Acquaintances::new(LURES));
    let mut members = Vec::new();
    // A NUL parts the messages.
    for (index, message) in (0..).zip(bytes.split(|&byte| byte == 0).take(8)) {
        let at = MessageRef { path: "a".to_owned(), index, id: ItemId::of(message) };
        let digest = digest_message(message, at, &DIGEST);
        let length = message.len() as u64;
        let whole = |&(start, end): &(u64, u64)| start <= end && end <= length;
        assert!(digest.received.iter().all(|hop| whole(&hop.bytes)));
        assert!(digest.parts.iter().all(|part| whole(&part.bytes)));
        assert!(digest.structure.iter().flat_map(|note| &note.bytes).all(whole));
        assert!(digest.links.len() <= 10 && digest.parts.len() <= 20 && digest.own_lines.len() <= 40);
        let finding = verify_message(message, &KeyArchive::default(), &params);
        mailbox.learn(&digest, finding.verdict);
        acquaintances.learn(&digest, finding.verdict);
        members.push((digest, finding));
    }
    let (correspondence, circle) = (mailbox.settle(), acquaintances.settle());
    let _ = correspondence.threads();
    for (digest, finding) in &members {
        let _ = correspondence.observe(digest, finding);
        let _ = circle.observe(digest, finding.verdict);
    }
});
