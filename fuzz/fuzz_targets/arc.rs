//! ARC chains: no chain of noise passes.

#![no_main]

use preuve_case::AuthResult;
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};

const KEY: &str = "s._domainkey.a.example\tv=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut keys = KeyArchive::default();
    keys.read("keys", KEY.as_bytes());
    let mut parts = bytes.splitn(3, |&byte| byte == 0xff);
    let mut message = Vec::new();
    for name in ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"] {
        message.extend(format!("{name}: i=1; d=a.example; s=s; ").bytes());
        message.extend(parts.next().unwrap_or_default());
        message.extend(b"\r\n");
    }
    message.extend(b"From: x@a.example\r\n\r\nhello\r\n");
    for message in [message.as_slice(), bytes] {
        let params = MailParams { in_mailbox: false, most_signatures: 10 };
        assert_ne!(verify_message(message, &keys, &params).arc.result, AuthResult::Pass);
    }
});
