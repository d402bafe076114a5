//! Lost keys from the messages they signed, and what a message is worth that only such a key verifies.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails and says what it did"
)]

mod mail_common;

use mail_common::*;
use preuve_case::MailVerdict;
use preuve_examine::authenticity::{RecoveredKey, recover_modulus};
use preuve_testkit::{DkimSigner, SigningKey};

fn messages(signer: &DkimSigner, count: usize) -> Vec<String> {
    (0..count)
        .map(|n| signer.sign(&MESSAGE.replace("ferry contract", &format!("ferry contract, {n}"))))
        .collect()
}

fn recover(messages: &[String]) -> Option<RecoveredKey> {
    let bytes: Vec<&[u8]> = messages.iter().map(String::as_bytes).collect();
    recover_modulus(&bytes, &mut |_| ())
}

fn exponent_3(bits: usize, seed: u64) -> DkimSigner {
    DkimSigner::new(SigningKey::rsa_with_exponent(bits, seed, 3), "s1", DOMAIN)
}

#[test]
fn a_key_of_exponent_3_comes_back_and_leads_to_its_own_verdict() {
    for bits in [1024, 2048] {
        let signer = exponent_3(bits, 5);
        let mail = messages(&signer, 3);
        let key = recover(&mail).unwrap();
        assert_eq!((key.exponent, key.messages, key.others), (3, 3, 0));
        assert_eq!(key.modulus.len() * 8, bits);
        let line = key.archive_line("recovered from three messages");
        let finding = judge_with(&mail[0], &line, false);
        assert_eq!(finding.verdict, MailVerdict::KeyRecoveredUnattested);
        assert_eq!(finding.reasons, ["key_recovered"]);
        let changed = mail[0].replace("Friday", "Monday");
        let finding = judge_with(&changed, &line, false);
        assert_eq!(finding.verdict, MailVerdict::KeyRecoveredUnattested);
        assert_eq!(finding.reasons, ["key_recovered", "body_hash_differs"]);
        // A key that nobody attests says nothing against a message.
        let finding = judge_with(&mail[0].replace("The ferry", "A ferry"), &line, false);
        assert_eq!(finding.verdict, MailVerdict::KeyUnknown);
        // The same key, published, says more than the recovered one.
        let finding = judge_with(&mail[0], &(line + &signer.archive_line()), false);
        assert_eq!(finding.verdict, MailVerdict::Valid);
    }
}

#[test]
fn an_altered_message_costs_itself_and_two_keys_are_told_apart() {
    let signer = exponent_3(1024, 5);
    let mut mail = messages(&signer, 5);
    mail[0] = mail[0].replace("The ferry", "A ferry");
    let key = recover(&mail).unwrap();
    assert_eq!((key.messages, key.others), (4, 1));
    let stranger = DkimSigner::new(SigningKey::rsa_with_exponent(1024, 6, 3), "s1", "other.example");
    mail.extend(messages(&stranger, 2));
    assert_eq!(recover(&mail).unwrap().domain, DOMAIN);
    mail.reverse();
    assert_eq!(recover(&mail).unwrap().modulus, key.modulus);
}

#[test]
fn nothing_comes_of_too_little() {
    let signer = exponent_3(1024, 5);
    let one = messages(&signer, 1);
    assert_eq!(recover(&[]), None);
    assert_eq!(recover(&one), None);
    assert_eq!(recover(&[one[0].clone(), one[0].clone()]), None);
    assert_eq!(recover(&[MESSAGE.to_owned(), MESSAGE.to_owned()]), None);
    let curve = DkimSigner::new(SigningKey::ed25519(3), "s1", DOMAIN);
    assert_eq!(recover(&messages(&curve, 2)), None);
    let nothing_alike = [&one[0], &messages(&exponent_3(1024, 9), 2)[1]].map(|m| m.clone());
    assert_eq!(recover(&nothing_alike[..1]), None);
}
