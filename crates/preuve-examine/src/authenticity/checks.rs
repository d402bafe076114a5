//! The checks in words: what was looked at, by which rule, with what outcome.

use preuve_case::{Alignment, AuthResult, Check, CheckOutcome, HalfResult, SignatureFinding};

use super::coverage::{repeated_fields, treacherous_bytes};
use super::dkim::Evaluated;
use super::message::RawMessage;

/// A check by its parts.
pub fn check(
    name: &str,
    section: &str,
    outcome: CheckOutcome,
    bytes: Vec<(u64, u64)>,
    note: impl Into<String>,
) -> Check {
    Check { name: name.to_owned(), section: section.to_owned(), outcome, bytes, note: note.into() }
}

fn half(result: HalfResult) -> CheckOutcome {
    match result {
        HalfResult::Pass => CheckOutcome::Pass,
        HalfResult::Fail => CheckOutcome::Fail,
        HalfResult::NotChecked => CheckOutcome::NotChecked,
    }
}

/// Checks of every signature; `borders` are the places where white space alone decides where a part begins.
pub fn check_signatures(signatures: &[Evaluated], borders: &[(u64, u64)], checks: &mut Vec<Check>) {
    if signatures.is_empty() {
        let note = "the message bears no DKIM signature; that says nothing of whether it is genuine";
        checks.push(check("dkim.present", "RFC 6376 §6.1", CheckOutcome::NotChecked, Vec::new(), note));
    }
    for evaluated in signatures {
        let signature = &evaluated.finding;
        let at = vec![signature.bytes];
        if signature.result == AuthResult::PermError {
            let reason = signature.reason.clone();
            checks.push(check("dkim.syntax", "RFC 6376 §6.1.1", CheckOutcome::Fail, at, reason));
            continue;
        }
        let who = format!("`{}` at `{}`", signature.selector, signature.domain);
        let header_note = match signature.header {
            HalfResult::Pass => format!("the signed headers are as {who} signed them"),
            _ => signature.reason.clone(),
        };
        checks.push(check(
            "dkim.header_signature",
            "RFC 6376 §3.7",
            half(signature.header),
            at.clone(),
            header_note,
        ));
        let body_note = match signature.body {
            HalfResult::Pass => format!("the body has the hash that the signature of {who} names"),
            _ => format!("the body has not the hash that the signature of {who} names"),
        };
        checks.push(check("dkim.body_hash", "RFC 6376 §3.7", half(signature.body), at.clone(), body_note));
        check_coverage(evaluated, borders, checks);
        check_alignment(signature, checks);
        checks.extend(evaluated.key_checks.iter().cloned());
        for weak in &signature.weak {
            checks.push(check(
                &format!("dkim.{weak}"),
                weak_section(weak),
                CheckOutcome::Note,
                at.clone(),
                weak_note(weak),
            ));
        }
    }
}

fn check_alignment(signature: &SignatureFinding, checks: &mut Vec<Check>) {
    let (outcome, note) = match signature.alignment {
        Alignment::Strict => (CheckOutcome::Pass, format!("`{}` is the domain in From", signature.domain)),
        Alignment::Relaxed => (
            CheckOutcome::Pass,
            format!("`{}` belongs to the organisation of the domain in From", signature.domain),
        ),
        Alignment::None => (
            CheckOutcome::Note,
            format!(
                "`{}` is not the domain in From: it can say that it handled the message, not who wrote it",
                signature.domain
            ),
        ),
    };
    checks.push(check("dkim.alignment", "RFC 7489 §3.1", outcome, vec![signature.bytes], note));
}

fn check_coverage(evaluated: &Evaluated, borders: &[(u64, u64)], checks: &mut Vec<Check>) {
    let signature = &evaluated.finding;
    if signature.header == HalfResult::Pass {
        let uncovered: Vec<_> = signature.headers.iter().filter(|header| !header.signed).collect();
        let (outcome, note) = if uncovered.is_empty() {
            (CheckOutcome::Pass, "every displayed header field is signed".to_owned())
        } else {
            let mut names: Vec<&str> = uncovered.iter().map(|header| header.name.as_str()).collect();
            names.dedup();
            (
                CheckOutcome::Fail,
                format!("not signed, so anybody may have written them: {}", names.join(", ")),
            )
        };
        let bytes = uncovered.iter().map(|header| header.bytes).collect();
        checks.push(check("dkim.displayed_headers", "RFC 6376 §5.4, §8.15", outcome, bytes, note));
        for name in &evaluated.absent {
            let note =
                format!("`{name}` is not there and its absence is not signed: it may have been taken out");
            checks.push(check(
                "dkim.absent_headers",
                "RFC 6376 §5.4.2",
                CheckOutcome::Fail,
                Vec::new(),
                note,
            ));
        }
    }
    if evaluated.loose_space && !borders.is_empty() {
        let note = "white space, which the signature leaves to anybody, decides here where a part of the body begins";
        checks.push(check(
            "dkim.part_borders",
            "RFC 6376 §3.4.4",
            CheckOutcome::Fail,
            borders.to_vec(),
            note,
        ));
    }
    if let Some(length) = signature.body_length {
        let (outcome, bytes, note) = match signature.body_uncovered {
            Some(range) => {
                (CheckOutcome::Fail, vec![range], format!("`l={length}` leaves the end of the body unsigned"))
            }
            None => (CheckOutcome::Pass, Vec::new(), format!("`l={length}` covers the whole body")),
        };
        checks.push(check("dkim.body_length", "RFC 6376 §8.2", outcome, bytes, note));
    }
}

fn weak_section(name: &str) -> &'static str {
    match name {
        "rsa_sha1" => "RFC 8301 §3.1",
        "key_too_short" => "RFC 8301 §3.2",
        "key_in_test_mode" => "RFC 6376 §3.6.1",
        "not_the_authors_domain" | "from_shows_another_address" => "RFC 7489 §3.1",
        "from_hides_characters" => "RFC 2047 §5",
        "key_for_other_addresses" => "RFC 4871 §3.6.1",
        _ => "RFC 6376 §3.5",
    }
}

fn weak_note(name: &str) -> &'static str {
    match name {
        "rsa_sha1" => {
            "SHA-1 signatures can be forged by a rich attacker since 2017 and must not be relied on"
        }
        "key_too_short" => {
            "a key under 1,024 bits can be broken with rented machines: others may have signed"
        }
        "key_in_test_mode" => "the domain says that it only tests signing",
        "not_the_authors_domain" => "the signer is not the domain in From",
        "from_shows_another_address" => {
            "From holds an address of another domain, in a name or a comment, that programs may show as the author"
        }
        "from_hides_characters" => "From holds characters that hide or reorder what is shown",
        "key_for_other_addresses" => "the key was published for other addresses of the domain (`g=`)",
        "expiry_without_a_date" => "the signature expires, and the message bears no date to hold against it",
        "expired_at_its_own_date" => "the signature had expired at the date that the message bears",
        "expires_before_signed" => "the signature expires before it was made",
        _ => "the signature is weak",
    }
}

/// Whether the header's build lets programs show different things: reasons that no signature mends.
pub fn check_structure(message: &RawMessage<'_>, checks: &mut Vec<Check>) -> Vec<String> {
    let mut reasons = Vec::new();
    let repeated = repeated_fields(message);
    for (name, places) in &repeated {
        let times = message.named(name).len();
        let note = format!("`{name}` stands {times} times; programs differ on which one they show");
        checks.push(check("header.repeated", "RFC 5322 §3.6", CheckOutcome::Fail, places.clone(), note));
        reasons.push(format!("repeated_{}", name.replace('-', "_")));
    }
    if repeated.is_empty() {
        let note = "every displayed header field stands once at most";
        checks.push(check("header.repeated", "RFC 5322 §3.6", CheckOutcome::Pass, Vec::new(), note));
    }
    let treacherous = treacherous_bytes(message);
    if !treacherous.is_empty() {
        let note =
            "a bare CR or a NUL stands in the header; some programs end a line there and show other fields";
        checks.push(check("header.bytes", "RFC 5322 §2.2", CheckOutcome::Fail, treacherous, note));
        reasons.push("treacherous_header_bytes".to_owned());
    }
    if !message.stray.is_empty() {
        let places =
            message.stray.iter().take(100).map(|line| (line.start as u64, line.end as u64)).collect();
        let note = "lines in the header are no fields; some programs take the body to begin there";
        checks.push(check("header.lines", "RFC 5322 §2.2", CheckOutcome::Fail, places, note));
        reasons.push("stray_header_lines".to_owned());
    }
    if !message.blank_folds.is_empty() {
        let places = message.blank_folds.iter().map(|line| (line.start as u64, line.end as u64)).collect();
        let note = "a line of the header holds only white space; some programs take the header to end there";
        checks.push(check("header.blank_folds", "RFC 5322 §3.2.2", CheckOutcome::Fail, places, note));
        reasons.push("blank_looking_header_lines".to_owned());
    }
    reasons
}
