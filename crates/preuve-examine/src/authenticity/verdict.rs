//! From signatures to a verdict, with every check that was made, passed ones too.

use preuve_case::{
    Alignment, ArcFinding, AuthResult, CheckOutcome, HalfResult, MailVerdict, MessageFinding,
    SignatureFinding,
};

use super::arc::verify_arc;
use super::archive::KeyArchive;
use super::author::read_author;
use super::borders::movable_borders;
use super::checks::{check, check_signatures, check_structure};
use super::dkim::{Context, Evaluated, verify_dkim};
use super::hashing::Bodies;
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
    let shown = Shown::read(&message);
    let author = read_author(&message);
    let from = author.address.clone();
    let context = Context { author, date: shown.date, in_mailbox: params.in_mailbox };
    let fields = message.named("dkim-signature");
    let mut bodies = Bodies::new(message.body());
    let signatures: Vec<Evaluated> = fields
        .iter()
        .take(params.most_signatures)
        .map(|&field| verify_dkim(&message, field, &mut bodies, keys, &context))
        .collect();
    let arc = verify_arc(&message, &mut bodies, keys);
    let loose = signatures.iter().any(|signature| signature.loose_space && passes(&signature.finding));
    let borders = if loose { movable_borders(&message) } else { Vec::new() };
    let mut checks = Vec::new();
    check_signatures(&signatures, &borders, &mut checks);
    if fields.len() > signatures.len() {
        let note = format!("{} more signatures were not evaluated", fields.len() - signatures.len());
        checks.push(check("dkim.count", "RFC 6376 §6.1", CheckOutcome::NotChecked, Vec::new(), note));
    }
    let structure = check_structure(&message, &mut checks);
    let (verdict, reasons) = judge(&message, &signatures, !borders.is_empty(), &structure);
    MessageFinding {
        message_id: shown.message_id,
        from,
        date: shown.date_text,
        subject: shown.subject,
        verdict,
        reasons,
        signatures: signatures.into_iter().map(|signature| signature.finding).collect(),
        arc,
        checks,
    }
}

/// What can be said of a message whose format keeps none of the bytes that were sent (`.msg`, PST): `bytes` were
/// put together from what it holds. No signature is evaluated, since none could hold.
pub fn judge_rebuilt(bytes: &[u8]) -> MessageFinding {
    let message = RawMessage::parse(bytes);
    let shown = Shown::read(&message);
    let note = "the format keeps no original bytes, so signatures cannot be rechecked";
    MessageFinding {
        message_id: shown.message_id,
        from: read_author(&message).address,
        date: shown.date_text,
        subject: shown.subject,
        verdict: MailVerdict::UnverifiableFormat,
        reasons: vec!["no_original_bytes".to_owned()],
        signatures: Vec::new(),
        arc: ArcFinding {
            result: AuthResult::None,
            sets: 0,
            sealers: Vec::new(),
            reason: "not evaluated: the original bytes are gone".to_owned(),
        },
        checks: vec![check(
            "format.original_bytes",
            "RFC 6376 §3.4",
            CheckOutcome::NotChecked,
            Vec::new(),
            note,
        )],
    }
}

/// What a mail program would show of the header, the author apart.
#[derive(Default)]
struct Shown {
    message_id: Option<String>,
    date: Option<i64>,
    date_text: Option<String>,
    subject: Option<String>,
}

/// Fields longer than this are cut before they are decoded for display; the signature sees all of them.
const MOST_DISPLAYED: usize = 64 * 1024;

impl Shown {
    fn read(message: &RawMessage<'_>) -> Self {
        let mut header = Vec::new();
        for name in ["message-id", "date", "subject"] {
            if let Some(&index) = message.named(name).first() {
                let value = message.value(index);
                header.extend_from_slice(name.as_bytes());
                header.push(b':');
                header.extend_from_slice(&value[..value.len().min(MOST_DISPLAYED)]);
                header.extend_from_slice(b"\r\n");
            }
        }
        header.extend_from_slice(b"\r\n");
        let parsed = mail_parser::MessageParser::new()
            .with_date_headers()
            .with_message_ids()
            .header_text(mail_parser::HeaderName::Subject)
            .parse_headers(&header);
        parsed.map_or_else(Self::default, |parsed| Self {
            message_id: parsed.message_id().map(str::to_owned),
            date: parsed.date().map(mail_parser::DateTime::to_timestamp),
            date_text: parsed.date().map(mail_parser::DateTime::to_rfc3339),
            subject: parsed.subject().map(str::to_owned),
        })
    }
}

fn passes(signature: &SignatureFinding) -> bool {
    signature.header == HalfResult::Pass && signature.body == HalfResult::Pass
}

/// The verdict of the best signature, and its reasons.
fn judge(
    message: &RawMessage<'_>,
    signatures: &[Evaluated],
    borders: bool,
    structure: &[String],
) -> (MailVerdict, Vec<String>) {
    if message.fields.is_empty() {
        return (MailVerdict::Malformed, vec!["no_header".to_owned()]);
    }
    if message.named("from").is_empty() {
        return (MailVerdict::Malformed, vec!["no_from".to_owned()]);
    }
    // Where the author's own domain signed and its key is known, only its signatures decide: another domain's
    // pass must not hide that the author's does not hold.
    let decides = |signature: &&Evaluated| {
        signature.finding.alignment != Alignment::None
            && matches!(signature.finding.result, AuthResult::Pass | AuthResult::Fail)
    };
    let own = signatures.iter().any(|signature| decides(&signature));
    signatures
        .iter()
        .filter(|signature| !own || decides(signature))
        .map(|signature| grade(signature, borders, structure))
        .min_by_key(|(verdict, reasons)| (rank(*verdict), reasons.len()))
        .unwrap_or((MailVerdict::Unsigned, Vec::new()))
}

fn grade(signature: &Evaluated, borders: bool, structure: &[String]) -> (MailVerdict, Vec<String>) {
    use HalfResult::{Fail, NotChecked, Pass};
    let finding = &signature.finding;
    let body_differs = || (finding.body == Fail).then(|| "body_hash_differs".to_owned());
    let with_body = |reason: &str| std::iter::once(reason.to_owned()).chain(body_differs()).collect();
    if finding.result == AuthResult::PermError {
        return (MailVerdict::Malformed, vec!["signature_malformed".to_owned()]);
    }
    match (finding.header, finding.body) {
        (Pass, _) if signature.recovered => {
            let mut reasons: Vec<String> = with_body("key_recovered");
            if finding.body == Pass {
                reasons.extend(uncovered(signature, borders, structure));
                reasons.extend(finding.weak.iter().cloned());
            }
            (MailVerdict::KeyRecoveredUnattested, reasons)
        }
        (Pass, Pass) => grade_passing(signature, borders, structure),
        (Pass, _) => (MailVerdict::HeadersIntactBodyChanged, vec!["body_hash_differs".to_owned()]),
        (Fail, _) => (MailVerdict::Altered, with_body("header_signature_fails")),
        (NotChecked, _) => (MailVerdict::KeyUnknown, with_body("no_usable_key")),
    }
}

fn grade_passing(signature: &Evaluated, borders: bool, structure: &[String]) -> (MailVerdict, Vec<String>) {
    let mut reasons = uncovered(signature, borders, structure);
    let verdict = match (reasons.is_empty(), signature.finding.weak.is_empty()) {
        (true, true) => MailVerdict::Valid,
        (true, false) => MailVerdict::ValidWeak,
        (false, _) => MailVerdict::ValidPartial,
    };
    reasons.extend(signature.finding.weak.iter().cloned());
    (verdict, reasons)
}

/// What of the message as it is shown lies outside the signature, as stable names.
fn uncovered(signature: &Evaluated, borders: bool, structure: &[String]) -> Vec<String> {
    let unsigned = signature.finding.headers.iter().filter(|header| !header.signed);
    let mut reasons: Vec<String> = Vec::new();
    for name in unsigned.map(|header| format!("unsigned_{}", header.name.replace('-', "_"))) {
        if !reasons.contains(&name) {
            reasons.push(name);
        }
    }
    reasons.extend(signature.absent.iter().map(|name| format!("unsigned_absence_of_{name}")));
    if signature.finding.body_uncovered.is_some() {
        reasons.push("body_beyond_length".to_owned());
    }
    if borders && signature.loose_space {
        reasons.push("part_borders_of_white_space".to_owned());
    }
    reasons.extend(structure.iter().cloned());
    reasons
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
