//! A lost RSA key from the signatures it made. Of two messages with signatures s₁, s₂ and padded digests m₁, m₂ the
//! modulus divides both s₁ᵉ − m₁ and s₂ᵉ − m₂, and hardly anything else does. What it proves is that one key signed
//! both; that the domain published it, nobody attests, so such a key leads to a verdict of its own.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dashu_int::UBig;
use dashu_int::ops::BitTest;
use pkcs1::der::Encode;

use super::gcd::gcd;
use super::hashing::hash_headers;
use super::message::RawMessage;
use super::rsa::{HashKind, RsaKey, RsaOutcome, padded_digest};
use super::signature::{Algorithm, Signature};

/// Exponents that keys of mail have, the quick one first.
const EXPONENTS: [u64; 2] = [3, 65_537];
/// Pairs of messages tried for one exponent: any message may have been altered, and then its pair gives nothing.
const MOST_PAIRS: usize = 3;
/// Messages used; more would prove no more.
const MOST_MESSAGES: usize = 1_000;
/// Longer keys would take the better part of an hour and gigabytes.
const MOST_BYTES: usize = 256;

/// How far a recovery is, which may take minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryStep {
    /// Two messages are held against each other: so many bits are to be gone through.
    Begun {
        /// Bits of the longer of two numbers.
        bits: usize,
    },
    /// So many more bits are done.
    Done {
        /// Since the last time.
        bits: usize,
    },
}

/// An RSA key computed from messages, which nobody saw published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveredKey {
    /// `d=` of the signatures.
    pub domain: String,
    /// `s=` of the signatures.
    pub selector: String,
    /// The modulus, big-endian.
    pub modulus: Vec<u8>,
    /// The public exponent.
    pub exponent: u64,
    /// How many of the messages the key signed.
    pub messages: usize,
    /// How many bear a signature of this selector that it did not make, or were altered.
    pub others: usize,
}

impl RecoveredKey {
    /// The name such a key would be published under.
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The TXT record that would publish it.
    pub fn record(&self) -> String {
        let exponent = self.exponent.to_be_bytes();
        let integer = |bytes| pkcs1::UintRef::new(bytes);
        let mut buffer = vec![0; self.modulus.len() + 64];
        let der = match (integer(&self.modulus), integer(&exponent)) {
            (Ok(modulus), Ok(public_exponent)) => pkcs1::RsaPublicKey { modulus, public_exponent }
                .encode_to_slice(&mut buffer)
                .unwrap_or_default(),
            _ => &[],
        };
        format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(der))
    }

    /// The line of a key archive that keeps it apart from attested keys; `origin` says from what it was computed.
    pub fn archive_line(&self, origin: &str) -> String {
        let line = serde_json::json!({
            "name": self.name(), "txt": self.record(), "origin": origin, "recovered": true,
        });
        format!("{line}\n")
    }
}

/// A signature and what was signed.
struct Sample {
    hash: HashKind,
    digest: Vec<u8>,
    signature: Vec<u8>,
}

/// The key that signed most of `messages`, two at least: of the selector with most signatures, RSA up to 2,048 bits.
/// Every signature counted in [`RecoveredKey::messages`] was verified with it. Takes moments for the exponent 3;
/// `docs/methods/signatures.md` says what 65,537 takes.
pub fn recover_modulus(messages: &[&[u8]], step: &mut dyn FnMut(RecoveryStep)) -> Option<RecoveredKey> {
    let mut samples: BTreeMap<(String, String, usize), Vec<Sample>> = BTreeMap::new();
    for bytes in messages.iter().take(MOST_MESSAGES) {
        let message = RawMessage::parse(bytes);
        for &field in message.named("dkim-signature").iter().take(10) {
            let Ok(signature) = Signature::parse_dkim(message.value(field)) else { continue };
            let Algorithm::Rsa(hash) = signature.algorithm else { continue };
            let digest = hash_headers(&message, field, &signature);
            let key = (signature.domain, signature.selector, signature.signature.len());
            let known = samples.entry(key).or_default();
            if known.iter().all(|sample| sample.signature != signature.signature) {
                known.push(Sample { hash, digest, signature: signature.signature });
            }
        }
    }
    let usable =
        samples.into_iter().filter(|((.., length), samples)| *length <= MOST_BYTES && samples.len() >= 2);
    // The first name of those with most signatures, so that the order of messages does not matter.
    let ((domain, selector, length), samples) =
        usable.reduce(|best, next| if next.1.len() > best.1.len() { next } else { best })?;
    let (modulus, exponent) =
        EXPONENTS.into_iter().find_map(|e| Some((recover(&samples, length, e, step)?, e)))?;
    let signed = signed_by(&samples, &modulus, exponent);
    Some(RecoveredKey {
        domain,
        selector,
        modulus,
        exponent,
        messages: signed,
        others: samples.len() - signed,
    })
}

fn recover(
    samples: &[Sample],
    length: usize,
    exponent: u64,
    step: &mut dyn FnMut(RecoveryStep),
) -> Option<Vec<u8>> {
    let pairs = samples.chunks_exact(2).filter_map(|pair| Some((pair.first()?, pair.last()?)));
    let crossed = samples.first().zip(samples.get(2));
    pairs.chain(crossed).take(MOST_PAIRS).find_map(|(one, other)| {
        let (one, other) = (multiple(one, length, exponent)?, multiple(other, length, exponent)?);
        step(RecoveryStep::Begun { bits: one.bit_len().max(other.bit_len()) });
        let mut divisor = gcd(one, other, &mut |bits| step(RecoveryStep::Done { bits }));
        // A divisor common by chance goes with each further message; the modulus stays.
        for third in samples.iter().take(20) {
            if divisor.bit_len() <= length * 8 {
                break;
            }
            let rest = remainder(third, length, exponent, &divisor)?;
            let smaller = gcd(divisor.clone(), rest, &mut |_| ());
            if smaller.bit_len() > (length - 1) * 8 {
                divisor = smaller;
            }
        }
        strip(divisor, length)
            .map(|modulus| modulus.to_be_bytes().to_vec())
            .find(|modulus| signed_by(samples, modulus, exponent) >= 2)
    })
}

/// s^e − m, which the modulus divides.
fn multiple(sample: &Sample, length: usize, exponent: u64) -> Option<UBig> {
    let signed = UBig::from_be_bytes(&padded_digest(sample.hash, &sample.digest, length)?);
    let power = UBig::from_be_bytes(&sample.signature).pow(usize::try_from(exponent).ok()?);
    (power > signed).then(|| power - signed)
}

/// The same modulo `divisor`, without the long power.
fn remainder(sample: &Sample, length: usize, exponent: u64, divisor: &UBig) -> Option<UBig> {
    let signed = UBig::from_be_bytes(&padded_digest(sample.hash, &sample.digest, length)?);
    let base = UBig::from_be_bytes(&sample.signature) % divisor;
    let mut power = base.clone();
    for bit in (0..exponent.ilog2()).rev() {
        power = power.sqr() % divisor;
        if exponent >> bit & 1 == 1 {
            power = &power * &base % divisor;
        }
    }
    Some((power + divisor - signed % divisor) % divisor)
}

/// `divisor` without the small factors that two random numbers share by chance, as far as it has the right length.
fn strip(divisor: UBig, length: usize) -> impl Iterator<Item = UBig> {
    let fits = move |number: &UBig| ((length - 1) * 8 + 1..=length * 8).contains(&number.bit_len());
    let mut number = divisor;
    let mut candidates = Vec::new();
    for factor in 1u32..1 << 16 {
        if number.bit_len() <= (length - 1) * 8 {
            break;
        }
        let factor = UBig::from(factor);
        while factor > UBig::ONE && (&number % &factor).is_zero() {
            number /= &factor;
            candidates.extend(fits(&number).then(|| number.clone()));
        }
        if factor.is_one() {
            candidates.extend(fits(&number).then(|| number.clone()));
        }
    }
    candidates.into_iter()
}

fn signed_by(samples: &[Sample], modulus: &[u8], exponent: u64) -> usize {
    let Ok(key) = RsaKey::new(modulus, &exponent.to_be_bytes()) else { return 0 };
    let holds =
        |sample: &&Sample| key.verify(sample.hash, &sample.digest, &sample.signature) == RsaOutcome::Holds;
    samples.iter().filter(holds).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use preuve_testkit::{DkimSigner, SigningKey};

    /// The way of long exponents, with one that takes moments.
    #[test]
    fn a_longer_exponent_takes_the_same_way() {
        let signer = DkimSigner::new(SigningKey::rsa_with_exponent(512, 4, 257), "s1", "a.example");
        let sample = |n: usize| {
            let mail = signer.sign(&format!("From: x@a.example\r\nSubject: {n}\r\n\r\nhello\r\n"));
            let message = RawMessage::parse(mail.as_bytes());
            let signature = Signature::parse_dkim(message.value(0)).unwrap();
            let digest = hash_headers(&message, 0, &signature);
            Sample { hash: HashKind::Sha256, digest, signature: signature.signature }
        };
        let samples: Vec<Sample> = (0..3).map(sample).collect();
        let (mut begun, mut done) = (0, 0);
        let mut step = |step| match step {
            RecoveryStep::Begun { bits } => begun += bits,
            RecoveryStep::Done { bits } => done += bits,
        };
        let modulus = recover(&samples, 64, 257, &mut step).unwrap();
        assert_eq!(signed_by(&samples, &modulus, 257), 3);
        assert!(
            (130_000..=131_584).contains(&begun) && done > begun / 2 && done <= begun,
            "{done} of {begun}"
        );
        assert_eq!(recover(&samples, 64, 3, &mut |_| ()), None);
    }
}
