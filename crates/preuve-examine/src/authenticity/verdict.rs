//! From signatures to a verdict, with every check that was made, passed ones too.

use preuve_case::{
    Alignment, AuthResult, Check, CheckOutcome, HalfResult, MailVerdict, MessageFinding, SignatureFinding,
};

use super::arc::verify_arc;
use super::archive::KeyArchive;
use super::coverage::{repeated_fields, treacherous_bytes};
use super::dkim::{Context, verify_dkim};
use super::message::RawMessage;

/// Parameters of the authenticity engine.
#[derive(Debug, Clone)]
pub struct MailParams {
    /// Whether messages were cut from a mailbox, where bodies may hold `>From ` quoting.
    pub in_mailbox: bool,
    /// At most so many signatures of one message are evaluated; the rest is said to be left out.
    pub most_signatures: usize,
}

/// Judge one message by its bytes. Never consults a clock: the message's own date is its time.
pub fn verify_message(bytes: &[u8], keys: &KeyArchive, params: &MailParams) -> MessageFinding {
    let message = RawMessage::parse(bytes);
    let shown = Shown::read(bytes, &message);
    let context =
        Context { from_domains: shown.from_domains, date: shown.date, in_mailbox: params.in_mailbox };
    let fields = message.named("dkim-signature");
    let signatures: Vec<SignatureFinding> = fields
        .iter()
        .take(params.most_signatures)
        .map(|&field| verify_dkim(&message, field, keys, &context))
        .collect();
    let arc = verify_arc(&message, keys);
    let mut checks = Vec::new();
    check_signatures(&signatures, &mut checks);
    if fields.len() > signatures.len() {
        let note = format!("{} more signatures were not evaluated", fields.len() - signatures.len());
        checks.push(check("dkim.count", "RFC 6376 §6.1", CheckOutcome::NotChecked, Vec::new(), note));
    }
    let structure = check_structure(&message, &mut checks);
    let (verdict, reasons) = judge(&message, &signatures, structure);
    MessageFinding {
        message_id: shown.message_id,
        from: shown.from,
        date: shown.date_text,
        subject: shown.subject,
        verdict,
        reasons,
        signatures,
        arc,
        checks,
    }
}

/// What a mail program would show of the header.
struct Shown {
    message_id: Option<String>,
    from: Option<String>,
    from_domains: Vec<String>,
    date: Option<i64>,
    date_text: Option<String>,
    subject: Option<String>,
}

/// Headers longer than this are cut before they are decoded for display; the signature sees all of them.
const MOST_DISPLAYED: usize = 256 * 1024;

impl Shown {
    fn read(bytes: &[u8], message: &RawMessage<'_>) -> Self {
        let header = &bytes[..message.body.start.min(MOST_DISPLAYED)];
        let parsed = mail_parser::MessageParser::new()
            .with_address_headers()
            .with_date_headers()
            .with_message_ids()
            .header_text(mail_parser::HeaderName::Subject)
            .parse_headers(header);
        let Some(parsed) = parsed else {
            return Self {
                message_id: None,
                from: None,
                from_domains: Vec::new(),
                date: None,
                date_text: None,
                subject: None,
            };
        };
        let addresses: Vec<&str> = parsed
            .from()
            .into_iter()
            .flat_map(|from| from.iter())
            .filter_map(|addr| addr.address())
            .collect();
        let domain =
            |address: &&str| address.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase());
        Self {
            message_id: parsed.message_id().map(str::to_owned),
            from: addresses.first().map(|&address| address.to_owned()),
            from_domains: addresses.iter().map(|address| domain(address).unwrap_or_default()).collect(),
            date: parsed.date().map(mail_parser::DateTime::to_timestamp),
            date_text: parsed.date().map(mail_parser::DateTime::to_rfc3339),
            subject: parsed.subject().map(str::to_owned),
        }
    }
}

fn check(
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

fn check_signatures(signatures: &[SignatureFinding], checks: &mut Vec<Check>) {
    if signatures.is_empty() {
        let note = "the message bears no DKIM signature; that says nothing of whether it is genuine";
        checks.push(check("dkim.present", "RFC 6376 §6.1", CheckOutcome::NotChecked, Vec::new(), note));
    }
    for signature in signatures {
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
        check_coverage(signature, checks);
        let (outcome, note) = match signature.alignment {
            Alignment::Strict => {
                (CheckOutcome::Pass, format!("`{}` is the domain in From", signature.domain))
            }
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
        checks.push(check("dkim.alignment", "RFC 7489 §3.1", outcome, at.clone(), note));
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

fn check_coverage(signature: &SignatureFinding, checks: &mut Vec<Check>) {
    if signature.header == HalfResult::Pass {
        let uncovered: Vec<_> = signature.headers.iter().filter(|header| !header.signed).collect();
        let (outcome, note) = if uncovered.is_empty() {
            (CheckOutcome::Pass, "every displayed header field is signed".to_owned())
        } else {
            let names: Vec<&str> = uncovered.iter().map(|header| header.name.as_str()).collect();
            (
                CheckOutcome::Fail,
                format!("not signed, so anybody may have written them: {}", names.join(", ")),
            )
        };
        let bytes = uncovered.iter().map(|header| header.bytes).collect();
        checks.push(check("dkim.displayed_headers", "RFC 6376 §5.4, §8.15", outcome, bytes, note));
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
        "not_the_authors_domain" => "RFC 7489 §3.1",
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
        "expired_at_its_own_date" => "the signature had expired at the date that the message bears",
        "expires_before_signed" => "the signature expires before it was made",
        _ => "the signature is weak",
    }
}

/// Whether the header's build lets programs show different things: reasons that no signature mends.
fn check_structure(message: &RawMessage<'_>, checks: &mut Vec<Check>) -> Vec<String> {
    let mut reasons = Vec::new();
    let repeated = repeated_fields(message);
    for (name, places) in &repeated {
        let note = format!("`{name}` stands {} times; programs differ on which one they show", places.len());
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
    reasons
}

/// The verdict of the best signature, and its reasons.
fn judge(
    message: &RawMessage<'_>,
    signatures: &[SignatureFinding],
    structure: Vec<String>,
) -> (MailVerdict, Vec<String>) {
    if message.fields.is_empty() {
        return (MailVerdict::Malformed, vec!["no_header".to_owned()]);
    }
    if message.named("from").is_empty() {
        return (MailVerdict::Malformed, vec!["no_from".to_owned()]);
    }
    let graded: Vec<_> =
        signatures.iter().map(|signature| (signature, grade(signature, &structure))).collect();
    // Where the author's own domain signed and its key is known, only its signatures decide: another domain's
    // pass must not hide that the author's does not hold.
    let decides = |signature: &SignatureFinding| {
        signature.alignment != Alignment::None
            && matches!(signature.result, AuthResult::Pass | AuthResult::Fail)
    };
    let own = graded.iter().any(|(signature, _)| decides(signature));
    graded
        .into_iter()
        .filter(|(signature, _)| !own || decides(signature))
        .map(|(_, graded)| graded)
        .min_by_key(|(verdict, reasons)| (rank(*verdict), reasons.len()))
        .unwrap_or((MailVerdict::Unsigned, Vec::new()))
}

fn grade(signature: &SignatureFinding, structure: &[String]) -> (MailVerdict, Vec<String>) {
    use HalfResult::{Fail, NotChecked, Pass};
    match (signature.result, signature.header, signature.body) {
        (AuthResult::PermError, ..) => (MailVerdict::Malformed, vec!["signature_malformed".to_owned()]),
        (_, Pass, Pass) => grade_passing(signature, structure),
        (_, Pass, _) => (MailVerdict::HeadersIntactBodyChanged, vec!["body_hash_differs".to_owned()]),
        (_, Fail, body) => {
            let mut reasons = vec!["header_signature_fails".to_owned()];
            reasons.extend((body == Fail).then(|| "body_hash_differs".to_owned()));
            (MailVerdict::Altered, reasons)
        }
        (_, NotChecked, body) => {
            let mut reasons = vec!["no_usable_key".to_owned()];
            reasons.extend((body == Fail).then(|| "body_hash_differs".to_owned()));
            (MailVerdict::KeyUnknown, reasons)
        }
    }
}

fn grade_passing(signature: &SignatureFinding, structure: &[String]) -> (MailVerdict, Vec<String>) {
    let mut partial: Vec<String> = signature
        .headers
        .iter()
        .filter(|header| !header.signed)
        .map(|header| format!("unsigned_{}", header.name.replace('-', "_")))
        .collect();
    partial.dedup();
    if signature.body_uncovered.is_some() {
        partial.push("body_beyond_length".to_owned());
    }
    partial.extend(structure.iter().cloned());
    let weak = signature.weak.iter().cloned();
    if partial.is_empty() && signature.weak.is_empty() {
        (MailVerdict::Valid, Vec::new())
    } else if partial.is_empty() {
        (MailVerdict::ValidWeak, weak.collect())
    } else {
        partial.extend(weak);
        (MailVerdict::ValidPartial, partial)
    }
}

/// Order in which signatures of one message are preferred: what proves most first.
fn rank(verdict: MailVerdict) -> u8 {
    match verdict {
        MailVerdict::Valid => 0,
        MailVerdict::ValidPartial => 1,
        MailVerdict::ValidWeak => 2,
        MailVerdict::HeadersIntactBodyChanged => 3,
        MailVerdict::Altered => 4,
        MailVerdict::KeyRecoveredUnattested => 5,
        MailVerdict::KeyUnknown => 6,
        MailVerdict::UnverifiableFormat => 7,
        MailVerdict::Malformed => 8,
        MailVerdict::Unsigned => 9,
    }
}
