//! One DKIM signature, evaluated (RFC 6376 §6): header and body are judged apart, every archived key is tried,
//! and time is the message's own, never today's.

use preuve_case::{Alignment, AuthResult, Check, HalfResult, SignatureFinding};

use super::archive::{ArchivedKey, KeyArchive};
use super::author::Author;
use super::canonical::Canonicalization;
use super::coverage::{header_coverage, unsigned_absences};
use super::domain::alignment;
use super::hashing::{Bodies, Recipe, hash_headers, uncovered_from};
use super::key::{KeyRecord, KeyRecordError, PublicKey};
use super::message::RawMessage;
use super::rsa::RsaOutcome;
use super::signature::{Algorithm, Signature, SignatureError};
use super::window::{check_key, compare};

/// What a message says of itself that its signatures are judged against.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Who wrote it, as From says.
    pub author: Author,
    /// Date of the message, seconds since 1970.
    pub date: Option<i64>,
    /// Whether the body may hold `>From ` quoting of a mailbox.
    pub in_mailbox: bool,
}

/// RFC 8301 §3.2: shorter keys must not be relied on.
pub const LEAST_SAFE_BITS: u32 = 1024;

/// A signature, evaluated, and what of it the verdict alone needs.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// For the report.
    pub finding: SignatureFinding,
    /// Expected fields that are not there and whose absence is not signed.
    pub absent: Vec<&'static str>,
    /// Whether the body's canonicalisation leaves white space to anybody.
    pub loose_space: bool,
    /// Whether the key that verified was computed from messages, and nobody saw it published.
    pub recovered: bool,
    /// What the archive knows of the key that verified.
    pub key_checks: Vec<Check>,
}

/// Evaluate the `DKIM-Signature` field `field` of `message`.
pub fn verify_dkim(
    message: &RawMessage<'_>,
    field: usize,
    bodies: &mut Bodies<'_>,
    keys: &KeyArchive,
    context: &Context,
) -> Evaluated {
    let whole = &message.fields[field].whole;
    let mut evaluated = Evaluated {
        finding: blank((whole.start as u64, whole.end as u64)),
        absent: Vec::new(),
        loose_space: false,
        recovered: false,
        key_checks: Vec::new(),
    };
    let finding = &mut evaluated.finding;
    let signature = match Signature::parse_dkim(message.value(field)) {
        Ok(signature) => signature,
        Err(error) => {
            finding.result = AuthResult::PermError;
            finding.reason = permanent(&error);
            return evaluated;
        }
    };
    finding.domain.clone_from(&signature.domain);
    finding.selector.clone_from(&signature.selector);
    signature.algorithm.name().clone_into(&mut finding.algorithm);
    finding.body_length = signature.length;
    finding.signed_at = signature.signed_at;
    finding.expires_at = signature.expires_at;
    finding.alignment = alignment(&signature.domain, &context.author.domains);
    judge_body(message, &signature, bodies, context, finding);
    let digest = hash_headers(message, field, &signature);
    let keys = keys.keys(&signature.selector, &signature.domain);
    if let Some(used) = judge_header(&signature, &digest, keys, context.date, finding) {
        finding.headers = header_coverage(message, field, &signature.headers);
        evaluated.absent = unsigned_absences(message, &signature.headers);
        evaluated.key_checks = check_key(&used.sighting, &used.txt, keys, context.date);
        evaluated.recovered = used.recovered;
    }
    evaluated.loose_space = signature.body_form == Canonicalization::Relaxed;
    weigh_strength(&signature, context, &mut evaluated.finding);
    conclude(&mut evaluated);
    evaluated
}

fn blank(bytes: (u64, u64)) -> SignatureFinding {
    SignatureFinding {
        bytes,
        domain: String::new(),
        selector: String::new(),
        algorithm: String::new(),
        key_bits: None,
        result: AuthResult::None,
        header: HalfResult::NotChecked,
        body: HalfResult::NotChecked,
        body_form: None,
        body_length: None,
        body_uncovered: None,
        headers: Vec::new(),
        signed_at: None,
        expires_at: None,
        alignment: Alignment::None,
        key: None,
        weak: Vec::new(),
        reason: String::new(),
    }
}

fn permanent(error: &SignatureError) -> String {
    format!("the signature cannot be evaluated: {error}")
}

/// Compare the body with `bh=`, as it stands and, in a mailbox, with `>From ` undone.
fn judge_body(
    message: &RawMessage<'_>,
    signature: &Signature,
    bodies: &mut Bodies<'_>,
    context: &Context,
    finding: &mut SignatureFinding,
) {
    let body = message.body();
    let forms: &[(&str, bool)] = if context.in_mailbox && memchr::memmem::find(body, b">From ").is_some() {
        &[("raw", false), ("unquoted", true)]
    } else {
        &[("raw", false)]
    };
    finding.body = HalfResult::Fail;
    for &(name, unquote) in forms {
        let hash = bodies.hash(Recipe {
            form: signature.body_form,
            kind: signature.algorithm.hash(),
            limit: signature.length,
            unquote,
        });
        let too_short = signature.length.is_some_and(|length| length > hash.canonical_len);
        if hash.digest == signature.body_hash && !too_short {
            finding.body = HalfResult::Pass;
            finding.body_form = Some(name.to_owned());
            finding.body_uncovered = signature.length.and_then(|length| {
                let from = uncovered_from(body, signature.body_form, unquote, length)?;
                Some(((message.body.start + from) as u64, message.body.end as u64))
            });
            return;
        }
    }
}

/// Try every archived key, attested ones first; the best outcome stands. The key that verified, in the sighting
/// that fits the message's date best.
fn judge_header<'k>(
    signature: &Signature,
    digest: &[u8],
    keys: &'k [ArchivedKey],
    date: Option<i64>,
    finding: &mut SignatureFinding,
) -> Option<&'k ArchivedKey> {
    if keys.is_empty() {
        finding.reason = format!(
            "no archived key for selector `{}` at `{}`; signature not checked",
            signature.selector, signature.domain
        );
        return None;
    }
    let mut unusable: Option<String> = None;
    let mut tried: Vec<&str> = Vec::new();
    let attested = keys.iter().filter(|key| !key.recovered);
    for key in attested.chain(keys.iter().filter(|key| key.recovered)) {
        if tried.contains(&key.txt.as_str()) {
            continue;
        }
        let record = match usable(signature, key) {
            Ok(record) => record,
            Err(why) => {
                unusable.get_or_insert(why);
                continue;
            }
        };
        let outcome = verify_with(&record.key, signature, digest);
        if outcome != RsaOutcome::Holds && key.recovered {
            // A key that nobody attests says nothing against a message.
            unusable.get_or_insert("the recovered key did not make this signature".to_owned());
            continue;
        }
        tried.push(&key.txt);
        finding.key_bits = Some(record.key.bits());
        match outcome {
            RsaOutcome::Holds => {
                finding.header = HalfResult::Pass;
                let same =
                    keys.iter().filter(|other| other.txt == key.txt && other.recovered == key.recovered);
                let best = same.min_by_key(|other| compare(&other.sighting, date)).unwrap_or(key);
                finding.key = Some(best.sighting.clone());
                note_key(record, signature, finding);
                return Some(best);
            }
            RsaOutcome::OtherDigest => {
                finding.header = HalfResult::Fail;
                finding.key = Some(key.sighting.clone());
                "a signed header was changed: the domain's key signed another header"
                    .clone_into(&mut finding.reason);
                return None;
            }
            RsaOutcome::NotThisKey => finding.header = HalfResult::Fail,
        }
    }
    finding.reason = match (tried.len(), unusable) {
        (0, Some(why)) => format!("no archived key can be used: {why}"),
        (1, _) => "the archived key did not make this signature for this header".to_owned(),
        (tried, _) => format!("none of the {tried} archived keys made this signature for this header"),
    };
    None
}

fn usable<'k>(signature: &Signature, key: &'k ArchivedKey) -> Result<&'k KeyRecord, String> {
    let record = key.record().as_ref().map_err(KeyRecordError::to_string)?;
    let hash = match signature.algorithm.hash() {
        super::rsa::HashKind::Sha1 => "sha1",
        super::rsa::HashKind::Sha256 => "sha256",
    };
    if record.hashes.as_ref().is_some_and(|allowed| !allowed.iter().any(|name| name == hash)) {
        return Err(format!("the key does not allow `{hash}`"));
    }
    let same_kind = matches!(
        (&record.key, signature.algorithm),
        (PublicKey::Rsa(_), Algorithm::Rsa(_)) | (PublicKey::Ed25519(_), Algorithm::Ed25519)
    );
    if !same_kind {
        return Err(format!("the key is of another type than `{}`", signature.algorithm.name()));
    }
    if record.strict_identity
        && signature.identity_domain.as_ref().is_some_and(|domain| *domain != signature.domain)
    {
        return Err("the key wants `i=` in exactly the signing domain".to_owned());
    }
    Ok(record)
}

/// Check `digest` with `key`.
pub fn verify_with(key: &PublicKey, signature: &Signature, digest: &[u8]) -> RsaOutcome {
    match (key, signature.algorithm) {
        (PublicKey::Rsa(key), Algorithm::Rsa(hash)) => key.verify(hash, digest, &signature.signature),
        (PublicKey::Ed25519(key), Algorithm::Ed25519) => {
            let holds = ed25519_dalek::Signature::from_slice(&signature.signature)
                .is_ok_and(|signature| key.verify_strict(digest, &signature).is_ok());
            if holds { RsaOutcome::Holds } else { RsaOutcome::NotThisKey }
        }
        _ => RsaOutcome::NotThisKey,
    }
}

fn note_key(record: &KeyRecord, signature: &Signature, finding: &mut SignatureFinding) {
    if record.testing {
        finding.weak.push("key_in_test_mode".to_owned());
    }
    if matches!(record.key, PublicKey::Rsa(_)) && record.key.bits() < LEAST_SAFE_BITS {
        finding.weak.push("key_too_short".to_owned());
    }
    if !record.allows(&signature.identity_local) {
        finding.weak.push("key_for_other_addresses".to_owned());
    }
}

fn weigh_strength(signature: &Signature, context: &Context, finding: &mut SignatureFinding) {
    let mut weak = |name: &str| finding.weak.push(name.to_owned());
    if signature.algorithm == Algorithm::Rsa(super::rsa::HashKind::Sha1) {
        weak("rsa_sha1");
    }
    let author = &context.author;
    let stranger =
        |shown: &String| alignment(&signature.domain, std::slice::from_ref(shown)) == Alignment::None;
    if finding.alignment == Alignment::None {
        weak("not_the_authors_domain");
    } else if author.shown_domains.iter().any(stranger) {
        weak("from_shows_another_address");
    }
    if author.hides_characters {
        weak("from_hides_characters");
    }
    if let Some(expires) = signature.expires_at {
        match context.date {
            Some(date) if u64::try_from(date).is_ok_and(|date| date > expires) => {
                weak("expired_at_its_own_date")
            }
            Some(_) => {}
            None => weak("expiry_without_a_date"),
        }
        if signature.signed_at.is_some_and(|signed| signed >= expires) {
            weak("expires_before_signed");
        }
    }
}

fn conclude(evaluated: &mut Evaluated) {
    use HalfResult::{Fail, NotChecked, Pass};
    let recovered = evaluated.recovered;
    let finding = &mut evaluated.finding;
    (finding.result, finding.reason) = match (finding.header, finding.body) {
        (Pass, body) if recovered => {
            let body = if body == Pass { "header and body are" } else { "the header is, the body is not" };
            (AuthResult::Neutral, format!("{body} as signed by a key that was recovered from messages"))
        }
        (Pass, Pass) => (AuthResult::Pass, "header and body are as signed".to_owned()),
        (Pass, _) => (AuthResult::Fail, "the header is as signed, the body is not".to_owned()),
        (Fail, Pass) => {
            (AuthResult::Fail, std::mem::take(&mut finding.reason) + "; the body has the hash named")
        }
        (Fail, _) => {
            (AuthResult::Fail, std::mem::take(&mut finding.reason) + "; nor has the body the hash named")
        }
        (NotChecked, Fail) => {
            (AuthResult::TempError, std::mem::take(&mut finding.reason) + "; the body has not the hash named")
        }
        (NotChecked, _) => (AuthResult::TempError, std::mem::take(&mut finding.reason)),
    };
}
