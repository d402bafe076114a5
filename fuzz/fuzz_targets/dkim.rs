//! Signature fields and messages before the judge: nothing made of noise is `valid`, and every place that a finding
//! names lies within the message.

#![no_main]

use preuve_case::MailVerdict;
use preuve_examine::authenticity::signature::Signature;
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};

const KEY: &str = "s._domainkey.a.example\tv=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n";
const FIELD: &[u8] = b"DKIM-Signature: v=1; a=ed25519-sha256; d=a.example; s=s; h=from; bh=";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Signature::parse_dkim(bytes);
    let mut keys = KeyArchive::default();
    keys.read("keys", KEY.as_bytes());
    for message in [bytes.to_vec(), [FIELD, bytes].concat()] {
        let params = MailParams { in_mailbox: true, most_signatures: 10 };
        let finding = verify_message(&message, &keys, &params);
        assert_ne!(finding.verdict, MailVerdict::Valid);
        let places = finding.checks.iter().flat_map(|check| &check.bytes);
        assert!(places.into_iter().all(|(start, end)| start <= end && *end <= message.len() as u64));
    }
});
