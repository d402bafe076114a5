//! ARC chains (RFC 8617 §5.2): each handler's set of three fields, sealed over all sets before it.

use std::collections::BTreeMap;

use preuve_case::{ArcFinding, AuthResult};

use super::archive::KeyArchive;
use super::canonical::{Canonicalization, write_field};
use super::dkim::{LEAST_SAFE_BITS, verify_with};
use super::hashing::{Bodies, Hasher, Recipe, hash_headers, without_signature};
use super::key::{KeyRecord, PublicKey};
use super::message::RawMessage;
use super::rsa::{HashKind, RsaOutcome};
use super::signature::{Algorithm, Signature};
use super::tag_list::TagList;

/// RFC 8617 §4.2.1: instances count from 1 to 50.
const MOST_SETS: u32 = 50;

/// The three fields of one set, as indices into the message's fields.
#[derive(Debug, Clone, Copy, Default)]
struct Set {
    results: Option<usize>,
    signature: Option<usize>,
    seal: Option<usize>,
}

/// A set that is complete.
#[derive(Debug, Clone, Copy)]
struct Whole {
    results: usize,
    signature: usize,
    seal: usize,
}

enum Fault {
    Broken(String),
    KeyUnknown(String),
}

/// Evaluate the ARC chain of `message`.
pub fn verify_arc(message: &RawMessage<'_>, bodies: &mut Bodies<'_>, keys: &KeyArchive) -> ArcFinding {
    let mut finding =
        ArcFinding { result: AuthResult::None, sets: 0, sealers: Vec::new(), reason: "no chain".into() };
    let sets = match collect(message) {
        Ok(sets) if sets.is_empty() => return finding,
        Ok(sets) => sets,
        Err(why) => {
            finding.result = AuthResult::Fail;
            finding.reason = why;
            return finding;
        }
    };
    finding.sets = u32::try_from(sets.len()).unwrap_or(u32::MAX);
    finding.sealers = sets.iter().filter_map(|set| domain_of(message, set.seal)).collect();
    (finding.result, finding.reason) = match verify_sets(message, &sets, bodies, keys) {
        Ok(()) => (AuthResult::Pass, "every seal holds, and so does the newest message signature".to_owned()),
        Err(Fault::Broken(why)) => (AuthResult::Fail, why),
        Err(Fault::KeyUnknown(why)) => (AuthResult::TempError, why),
    };
    finding
}

fn domain_of(message: &RawMessage<'_>, field: usize) -> Option<String> {
    TagList::parse(message.value(field)).ok()?.get("d").map(str::to_lowercase)
}

fn collect(message: &RawMessage<'_>) -> Result<Vec<Whole>, String> {
    let mut sets: BTreeMap<u32, Set> = BTreeMap::new();
    for name in ["arc-authentication-results", "arc-message-signature", "arc-seal"] {
        for &field in message.named(name) {
            let instance = instance(message.value(field), name)
                .ok_or_else(|| format!("a `{name}` field has no usable `i=`"))?;
            let set = sets.entry(instance).or_default();
            let place = match name {
                "arc-authentication-results" => &mut set.results,
                "arc-message-signature" => &mut set.signature,
                _ => &mut set.seal,
            };
            if place.replace(field).is_some() {
                return Err(format!("set {instance} has two `{name}` fields"));
            }
        }
    }
    let mut whole = Vec::with_capacity(sets.len());
    for (expected, (instance, set)) in (1u32..).zip(&sets) {
        let (Some(results), Some(signature), Some(seal)) = (set.results, set.signature, set.seal) else {
            return Err(format!("set {instance} is not complete"));
        };
        if *instance != expected {
            return Err(format!("set {expected} is missing"));
        }
        whole.push(Whole { results, signature, seal });
    }
    Ok(whole)
}

/// `i=` of an ARC field: 1 to 50.
fn instance(value: &[u8], name: &str) -> Option<u32> {
    let text = if name == "arc-authentication-results" {
        // What follows is no tag list: only the first part is looked at.
        let first = value.split(|&b| b == b';').next()?;
        let (tag, number) = std::str::from_utf8(first).ok()?.split_once('=')?;
        if tag.trim() != "i" {
            return None;
        }
        number.trim().to_owned()
    } else {
        TagList::parse(value).ok()?.get("i")?.to_owned()
    };
    text.parse().ok().filter(|instance| (1..=MOST_SETS).contains(instance))
}

fn verify_sets(
    message: &RawMessage<'_>,
    sets: &[Whole],
    bodies: &mut Bodies<'_>,
    keys: &KeyArchive,
) -> Result<(), Fault> {
    for (at, set) in sets.iter().enumerate() {
        let tags =
            TagList::parse(message.value(set.seal)).map_err(|error| Fault::Broken(error.to_string()))?;
        let wanted = if at == 0 { "none" } else { "pass" };
        let said = tags.get("cv").unwrap_or_default();
        if !said.eq_ignore_ascii_case(wanted) {
            return Err(Fault::Broken(format!("seal {} says `cv={said}`, not `{wanted}`", at + 1)));
        }
    }
    // An unknown key is told only where nothing is plainly broken.
    let mut unknown = None;
    let mut checks = Vec::with_capacity(sets.len() + 1);
    if let Some(newest) = sets.last() {
        checks.push(verify_message_signature(message, newest.signature, bodies, keys));
    }
    checks.extend(verify_seals(message, sets, keys).into_iter().rev());
    for check in checks {
        match check {
            Ok(()) => {}
            Err(Fault::Broken(why)) => return Err(Fault::Broken(why)),
            Err(Fault::KeyUnknown(why)) => unknown = unknown.or(Some(why)),
        }
    }
    unknown.map_or(Ok(()), |why| Err(Fault::KeyUnknown(why)))
}

fn verify_message_signature(
    message: &RawMessage<'_>,
    field: usize,
    bodies: &mut Bodies<'_>,
    keys: &KeyArchive,
) -> Result<(), Fault> {
    let broken = |why: String| Fault::Broken(format!("the newest message signature: {why}"));
    let signature = Signature::parse_arc(message.value(field)).map_err(|error| broken(error.to_string()))?;
    if signature.headers.iter().any(|name| name == "arc-seal") {
        return Err(broken("it names a seal in `h=`".to_owned()));
    }
    let body = bodies.hash(Recipe {
        form: signature.body_form,
        kind: signature.algorithm.hash(),
        limit: signature.length,
        unquote: false,
    });
    if body.digest != signature.body_hash
        || signature.length.is_some_and(|length| length > body.canonical_len)
    {
        return Err(broken("the body has not the hash named".to_owned()));
    }
    let digest = hash_headers(message, field, &signature);
    verify_digest(&signature, &digest, keys).map_err(|fault| match fault {
        Fault::Broken(why) => broken(why),
        unknown @ Fault::KeyUnknown(_) => unknown,
    })
}

/// Check every seal, the oldest first. A seal signs all fields of all sets up to its own, in order, so the hash
/// of what comes before it is carried along; only SHA-256 is allowed in a chain.
fn verify_seals(message: &RawMessage<'_>, sets: &[Whole], keys: &KeyArchive) -> Vec<Result<(), Fault>> {
    let mut before = Hasher::new(HashKind::Sha256);
    let mut outcomes = Vec::with_capacity(sets.len());
    for (at, set) in sets.iter().enumerate() {
        feed(&mut before, message.field(set.results));
        feed(&mut before, message.field(set.signature));
        let outcome = verify_seal(message, set.seal, before.clone(), keys);
        outcomes.push(outcome.map_err(|fault| match fault {
            Fault::Broken(why) => Fault::Broken(format!("seal {}: {why}", at + 1)),
            unknown @ Fault::KeyUnknown(_) => unknown,
        }));
        feed(&mut before, message.field(set.seal));
    }
    outcomes
}

fn feed(hasher: &mut Hasher, field: &[u8]) {
    let mut line = Vec::with_capacity(field.len() + 2);
    write_field(field, Canonicalization::Relaxed, &mut line);
    line.extend_from_slice(b"\r\n");
    hasher.update(&line);
}

fn verify_seal(
    message: &RawMessage<'_>,
    field: usize,
    before: Hasher,
    keys: &KeyArchive,
) -> Result<(), Fault> {
    let seal =
        Signature::parse_seal(message.value(field)).map_err(|error| Fault::Broken(error.to_string()))?;
    let mut hasher = before;
    let own = without_signature(message, field, &seal);
    let mut line = Vec::with_capacity(own.len());
    write_field(&own, Canonicalization::Relaxed, &mut line);
    hasher.update(&line);
    verify_digest(&seal, &hasher.finish(), keys)
}

fn verify_digest(signature: &Signature, digest: &[u8], keys: &KeyArchive) -> Result<(), Fault> {
    if signature.algorithm == Algorithm::Rsa(HashKind::Sha1) {
        return Err(Fault::Broken("`rsa-sha1` is not allowed in a chain".to_owned()));
    }
    let archived = keys.keys(&signature.selector, &signature.domain);
    // A key that nobody saw published attests no handler.
    let attested = archived.iter().filter(|key| !key.recovered);
    let records: Vec<_> = attested.filter_map(|key| key.record().as_ref().ok()).collect();
    if archived.iter().all(|key| key.recovered) {
        return Err(Fault::KeyUnknown(format!(
            "no archived key for selector `{}` at `{}`; chain not checked",
            signature.selector, signature.domain
        )));
    }
    let holds = |record: &&&KeyRecord| verify_with(&record.key, signature, digest) == RsaOutcome::Holds;
    match records.iter().find(holds) {
        None => Err(Fault::Broken("it does not hold under any archived key".to_owned())),
        Some(KeyRecord { key: PublicKey::Rsa(key), .. }) if key.bits() < LEAST_SAFE_BITS => {
            Err(Fault::Broken(format!("its key has only {} bits", key.bits())))
        }
        Some(_) => Ok(()),
    }
}
