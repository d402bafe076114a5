//! One DKIM signature, evaluated (RFC 6376 §6): header and body are judged apart, every archived key is tried,
//! and time is the message's own, never today's.

use preuve_case::{Alignment, AuthResult, HalfResult, KeySighting, SignatureFinding};

use super::archive::{ArchivedKey, KeyArchive};
use super::coverage::header_coverage;
use super::domain::alignment;
use super::hashing::{hash_body, hash_headers, uncovered_from};
use super::key::{KeyRecord, KeyRecordError, PublicKey};
use super::message::RawMessage;
use super::rsa::RsaOutcome;
use super::signature::{Algorithm, Signature, SignatureError};

/// What a message says of itself that its signatures are judged against.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Domains of all addresses in From, lower case.
    pub from_domains: Vec<String>,
    /// Date of the message, seconds since 1970.
    pub date: Option<i64>,
    /// Whether the body may hold `>From ` quoting of a mailbox.
    pub in_mailbox: bool,
}

/// RFC 8301 §3.2: shorter keys must not be relied on.
pub const LEAST_SAFE_BITS: u32 = 1024;

/// Evaluate the `DKIM-Signature` field `field` of `message`.
pub fn verify_dkim(
    message: &RawMessage<'_>,
    field: usize,
    keys: &KeyArchive,
    context: &Context,
) -> SignatureFinding {
    let whole = &message.fields[field].whole;
    let mut finding = blank((whole.start as u64, whole.end as u64));
    let signature = match Signature::parse_dkim(message.value(field)) {
        Ok(signature) => signature,
        Err(error) => {
            finding.result = AuthResult::PermError;
            finding.reason = permanent(&error);
            return finding;
        }
    };
    finding.domain.clone_from(&signature.domain);
    finding.selector.clone_from(&signature.selector);
    signature.algorithm.name().clone_into(&mut finding.algorithm);
    finding.body_length = signature.length;
    finding.signed_at = signature.signed_at;
    finding.expires_at = signature.expires_at;
    finding.alignment = alignment(&signature.domain, &context.from_domains);
    judge_body(message, &signature, context, &mut finding);
    let digest = hash_headers(message, field, &signature);
    judge_header(&signature, &digest, keys.keys(&signature.selector, &signature.domain), &mut finding);
    if finding.header == HalfResult::Pass {
        finding.headers = header_coverage(message, field, &signature.headers);
    }
    weigh_strength(&signature, context, &mut finding);
    conclude(&mut finding);
    finding
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
        let hash =
            hash_body(body, signature.body_form, signature.algorithm.hash(), signature.length, unquote);
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

/// Try every archived key; the best outcome stands.
fn judge_header(signature: &Signature, digest: &[u8], keys: &[ArchivedKey], finding: &mut SignatureFinding) {
    if keys.is_empty() {
        finding.reason = format!(
            "no archived key for selector `{}` at `{}`; signature not checked",
            signature.selector, signature.domain
        );
        return;
    }
    let mut unusable: Option<String> = None;
    let mut tried = 0;
    for key in keys {
        let record = match usable(signature, key) {
            Ok(record) => record,
            Err(why) => {
                unusable.get_or_insert(why);
                continue;
            }
        };
        tried += 1;
        finding.key_bits = Some(record.key.bits());
        match verify_with(&record.key, signature, digest) {
            RsaOutcome::Holds => {
                finding.header = HalfResult::Pass;
                note_key(record, &key.sighting, finding);
                return;
            }
            RsaOutcome::OtherDigest => {
                finding.header = HalfResult::Fail;
                finding.key = Some(key.sighting.clone());
                "a signed header was changed: the domain's key signed another header"
                    .clone_into(&mut finding.reason);
                return;
            }
            RsaOutcome::NotThisKey => finding.header = HalfResult::Fail,
        }
    }
    finding.reason = match (tried, unusable) {
        (0, Some(why)) => format!("no archived key can be used: {why}"),
        (1, _) => "the archived key did not make this signature for this header".to_owned(),
        _ => format!("none of the {tried} archived keys made this signature for this header"),
    };
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

fn note_key(record: &KeyRecord, sighting: &KeySighting, finding: &mut SignatureFinding) {
    finding.key = Some(sighting.clone());
    finding.key_bits = Some(record.key.bits());
    if record.testing {
        finding.weak.push("key_in_test_mode".to_owned());
    }
    if matches!(record.key, PublicKey::Rsa(_)) && record.key.bits() < LEAST_SAFE_BITS {
        finding.weak.push("key_too_short".to_owned());
    }
}

fn weigh_strength(signature: &Signature, context: &Context, finding: &mut SignatureFinding) {
    let mut weak = |name: &str| finding.weak.push(name.to_owned());
    if signature.algorithm == Algorithm::Rsa(super::rsa::HashKind::Sha1) {
        weak("rsa_sha1");
    }
    if finding.alignment == Alignment::None {
        weak("not_the_authors_domain");
    }
    if let Some(expires) = signature.expires_at {
        let expired = context.date.is_some_and(|date| u64::try_from(date).is_ok_and(|date| date > expires));
        if expired {
            weak("expired_at_its_own_date");
        }
        if signature.signed_at.is_some_and(|signed| signed >= expires) {
            weak("expires_before_signed");
        }
    }
}

fn conclude(finding: &mut SignatureFinding) {
    use HalfResult::{Fail, NotChecked, Pass};
    (finding.result, finding.reason) = match (finding.header, finding.body) {
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
