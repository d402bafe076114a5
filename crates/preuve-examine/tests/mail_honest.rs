//! Laws of honest mail: every key, canonicalisation and folding verifies, whatever happens to line ends on the way;
//! and of dishonest mail: what mutation leaves valid was not changed where a reader looks.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops where it fails")]

use preuve_case::{HalfResult, MailVerdict};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_testkit::HonestMail;
use proptest::prelude::*;

fn archive(lines: &str) -> KeyArchive {
    let mut keys = KeyArchive::default();
    assert_eq!(keys.read("keys.txt", lines.as_bytes()), []);
    keys
}

fn verdict(message: &[u8], keys: &KeyArchive) -> MailVerdict {
    verify_message(message, keys, &MailParams { in_mailbox: false, most_signatures: 20 }).verdict
}

/// Bytes with what relaxed and simple leave to anybody taken away: white space.
fn visible(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn honest_mail_is_valid_with_any_line_ends(seed in any::<u64>(), ends in prop::collection::vec(any::<bool>(), 1..9)) {
        let (message, lines) = HonestMail::any(seed % 1_000_000);
        let keys = archive(&lines);
        prop_assert_eq!(verdict(message.as_bytes(), &keys), MailVerdict::Valid);
        prop_assert_eq!(verdict(message.replace("\r\n", "\n").as_bytes(), &keys), MailVerdict::Valid);
        let mixed: String = message
            .split_inclusive("\r\n")
            .enumerate()
            .map(|(at, line)| if ends[at % ends.len()] { line.to_owned() } else { line.replace("\r\n", "\n") })
            .collect();
        prop_assert_eq!(verdict(mixed.as_bytes(), &keys), MailVerdict::Valid);
    }

    #[test]
    fn whatever_stays_valid_reads_the_same(seed in 0u64..5_000, at in any::<prop::sample::Index>(), with in any::<u8>(), kind in 0..4) {
        let (message, lines) = HonestMail::any(seed);
        let mut bytes = message.clone().into_bytes();
        let place = at.index(bytes.len());
        match kind {
            0 => bytes[place] = with,
            1 => bytes.insert(place, with),
            2 => drop(bytes.remove(place)),
            _ => bytes.truncate(place),
        }
        if verdict(&bytes, &archive(&lines)) == MailVerdict::Valid {
            let signed = message.find("From: ").unwrap();
            let kept = bytes.windows(6).position(|window| window == b"From: ").unwrap();
            prop_assert_eq!(visible(&bytes[kept..]).to_ascii_lowercase(), visible(&message.as_bytes()[signed..]).to_ascii_lowercase());
        }
    }

    #[test]
    fn noise_never_verifies_and_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600), seed in 0u64..50) {
        let (message, lines) = HonestMail::any(seed);
        let keys = archive(&lines);
        prop_assert_ne!(verdict(&bytes, &keys), MailVerdict::Valid);
        // Signature fields of noise above an honest message.
        for field in ["DKIM-Signature", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"] {
            let value: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect();
            let whole = [field.as_bytes(), b": ", &value, b"\r\n", message.as_bytes()].concat();
            let finding = verify_message(&whole, &keys, &MailParams { in_mailbox: true, most_signatures: 20 });
            prop_assert!(finding.signatures.iter().any(|signature| signature.header == HalfResult::Pass));
        }
        let mut noisy = KeyArchive::default();
        noisy.read("noise", &bytes);
        verify_message(message.as_bytes(), &noisy, &MailParams { in_mailbox: false, most_signatures: 20 });
    }
}
