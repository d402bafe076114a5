//! RSA signatures as DKIM uses them: RSASSA-PKCS1-v1_5 verification (RFC 8017 §8.2.2) over public data only.
//!
//! Powers are `montgomery.rs`'s for the lengths that keys have, `dashu-int`'s for others; here is the comparison, which looks at the whole padded block, so that
//! low exponents gain a forger nothing, and which can tell "another digest was signed" from "another key signed".

use dashu_int::UBig;
use dashu_int::monty::MontgomeryRepr;
use pkcs1::der::Decode;

use super::montgomery::Montgomery;

/// The hash a signature is made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashKind {
    /// SHA-1; RFC 8301 forbids it, old mail has it.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl HashKind {
    /// The DigestInfo header of RFC 8017 §9.2, note 1.
    fn digest_info(self) -> &'static [u8] {
        match self {
            HashKind::Sha1 => {
                &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14]
            }
            HashKind::Sha256 => &[
                0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
                0x05, 0x00, 0x04, 0x20,
            ],
        }
    }
}

/// What the arithmetic says of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsaOutcome {
    /// This key signed this digest.
    Holds,
    /// This key signed another digest: what was signed has changed.
    OtherDigest,
    /// This key did not make these signature bytes.
    NotThisKey,
}

/// Why bytes are no RSA key that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RsaKeyError {
    /// Neither a SubjectPublicKeyInfo nor an RSAPublicKey.
    #[error("the key is no RSA public key")]
    Syntax,
    /// Even modulus, or longer than 16,384 bits, or shorter than 256.
    #[error("the key's modulus cannot be used")]
    Modulus,
    /// Exponent 1, even, or longer than 33 bits, which no software makes: with 1, anybody can sign.
    #[error("the key's exponent proves nothing")]
    Exponent,
}

/// An RSA public key, prepared for many verifications.
#[derive(Debug, Clone)]
pub struct RsaKey {
    field: Field,
    exponent: u64,
    bits: u32,
}

/// The numbers modulo a modulus, by its length.
#[derive(Debug, Clone)]
enum Field {
    /// Up to 1,024 bits.
    Short(Box<Montgomery<20>>),
    /// Up to 2,048.
    Usual(Box<Montgomery<35>>),
    /// Up to 4,096.
    Long(Box<Montgomery<70>>),
    /// Any length.
    Any(Box<MontgomeryRepr>),
}

const MOST_BITS: u32 = 16_384;
const LEAST_BITS: u32 = 256;

impl RsaKey {
    /// Read a key in DER: SubjectPublicKeyInfo, or the bare RSAPublicKey that some domains publish.
    ///
    /// # Errors
    /// [`RsaKeyError`] where the bytes are no key, or one that proves nothing.
    pub fn parse(der: &[u8]) -> Result<Self, RsaKeyError> {
        let bare = match pkcs1::der::asn1::AnyRef::from_der(der) {
            Ok(_) => spki_body(der).unwrap_or(der),
            Err(_) => return Err(RsaKeyError::Syntax),
        };
        let key = pkcs1::RsaPublicKey::from_der(bare).map_err(|_| RsaKeyError::Syntax)?;
        Self::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())
    }

    /// A key from its modulus and exponent, big-endian.
    ///
    /// # Errors
    /// [`RsaKeyError::Modulus`] or [`RsaKeyError::Exponent`].
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, RsaKeyError> {
        let modulus = strip_zeros(modulus);
        let exponent = strip_zeros(exponent);
        if exponent.len() > 8 {
            return Err(RsaKeyError::Exponent);
        }
        let exponent = exponent.iter().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
        if exponent < 3 || exponent.is_multiple_of(2) || exponent >> 33 != 0 {
            return Err(RsaKeyError::Exponent);
        }
        let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
        let bits = u32::try_from(modulus.len() * 8).unwrap_or(u32::MAX).saturating_sub(leading);
        if !(LEAST_BITS..=MOST_BITS).contains(&bits)
            || modulus.last().is_none_or(|byte| byte.is_multiple_of(2))
        {
            return Err(RsaKeyError::Modulus);
        }
        let field = Field::new(modulus, bits).ok_or(RsaKeyError::Modulus)?;
        Ok(Self { field, exponent, bits })
    }

    /// Bits of the modulus.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The public exponent.
    pub fn exponent(&self) -> u64 {
        self.exponent
    }

    /// Check `signature` against `digest`.
    pub fn verify(&self, hash: HashKind, digest: &[u8], signature: &[u8]) -> RsaOutcome {
        let length = self.bits.div_ceil(8) as usize;
        if signature.len() != length {
            return RsaOutcome::NotThisKey;
        }
        let Some(block) = self.field.power(signature, self.exponent) else {
            return RsaOutcome::NotThisKey;
        };
        let Some(expected) = padded_digest(hash, digest, length) else { return RsaOutcome::NotThisKey };
        let before_digest = length - digest.len();
        match (block.get(..before_digest) == expected.get(..before_digest), block == expected) {
            (true, true) => RsaOutcome::Holds,
            (true, false) => RsaOutcome::OtherDigest,
            (false, _) => RsaOutcome::NotThisKey,
        }
    }
}

impl Field {
    fn new(modulus: &[u8], bits: u32) -> Option<Self> {
        Some(match bits {
            ..=1024 => Field::Short(Box::new(Montgomery::new(modulus)?)),
            1025..=2048 => Field::Usual(Box::new(Montgomery::new(modulus)?)),
            2049..=4096 => Field::Long(Box::new(Montgomery::new(modulus)?)),
            _ => Field::Any(Box::new(MontgomeryRepr::new(UBig::from_be_bytes(modulus)))),
        })
    }

    /// `base` to the power `exponent`, in as many big-endian bytes; `None` for a base that is not below the modulus.
    fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        match self {
            Field::Short(field) => field.power(base, exponent),
            Field::Usual(field) => field.power(base, exponent),
            Field::Long(field) => field.power(base, exponent),
            Field::Any(field) => {
                let number = UBig::from_be_bytes(base);
                let lifted = field.reduce(number.clone());
                if lifted.modulus() <= number {
                    return None;
                }
                let power = lifted.pow(&UBig::from(exponent)).residue().to_be_bytes();
                let mut bytes = vec![0; base.len().saturating_sub(power.len())];
                bytes.extend_from_slice(&power);
                Some(bytes)
            }
        }
    }
}

/// The block of `length` bytes that is signed for `digest` (EMSA-PKCS1-v1_5, RFC 8017 §9.2); `None` where it does
/// not fit.
pub fn padded_digest(hash: HashKind, digest: &[u8], length: usize) -> Option<Vec<u8>> {
    let tail = hash.digest_info().len() + digest.len();
    if length < tail + 11 {
        return None;
    }
    let mut block = vec![0xff; length - tail - 1];
    block.splice(..2, [0, 1]);
    block.push(0);
    block.extend_from_slice(hash.digest_info());
    block.extend_from_slice(digest);
    Some(block)
}

fn spki_body(der: &[u8]) -> Option<&[u8]> {
    spki::SubjectPublicKeyInfoRef::from_der(der).ok()?.subject_public_key.as_bytes()
}

fn strip_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    &bytes[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::BigUint;

    fn modulus(bytes: usize) -> Vec<u8> {
        let mut modulus = vec![0xa7; bytes];
        modulus[bytes - 1] |= 1;
        modulus
    }

    #[test]
    fn keys_that_prove_nothing_are_refused() {
        let good = modulus(128);
        assert!(RsaKey::new(&good, &[1, 0, 1]).is_ok());
        assert!(RsaKey::new(&good, &[3]).is_ok());
        for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[1; 9]] {
            assert_eq!(RsaKey::new(&good, exponent).err(), Some(RsaKeyError::Exponent), "{exponent:?}");
        }
        for bad in [modulus(31), modulus(2049), vec![], vec![0xa6; 128]] {
            assert_eq!(RsaKey::new(&bad, &[3]).err(), Some(RsaKeyError::Modulus), "{} bytes", bad.len());
        }
        assert_eq!(RsaKey::parse(b"no key").err(), Some(RsaKeyError::Syntax));
        assert_eq!(RsaKey::parse(b"").err(), Some(RsaKeyError::Syntax));
    }

    #[test]
    fn sizes_are_counted_in_bits() {
        assert_eq!(RsaKey::new(&[&[0, 0, 1][..], &modulus(127)].concat(), &[3]).unwrap().bits(), 1017);
        assert_eq!(RsaKey::new(&modulus(2048), &[3]).unwrap().bits(), 16_384);
    }

    #[test]
    fn every_length_computes_what_another_library_does() {
        for bytes in [32, 127, 128, 129, 255, 256, 257, 384, 511, 512, 513, 1024, 2048] {
            let key = RsaKey::new(&modulus(bytes), &[1, 0, 1]).unwrap();
            let number = BigUint::from_bytes_be(&modulus(bytes));
            for base in [&number - 1u8, BigUint::from(2u8), &number / 3u8] {
                let mut given = vec![0; bytes];
                let digits = base.to_bytes_be();
                given[bytes - digits.len()..].copy_from_slice(&digits);
                let power = key.field.power(&given, 65_537).unwrap();
                assert_eq!(power.len(), bytes);
                let expected = base.modpow(&BigUint::from(65_537u32), &number);
                assert_eq!(BigUint::from_bytes_be(&power), expected, "{bytes} bytes");
            }
            assert_eq!(key.field.power(&modulus(bytes), 65_537), None);
        }
    }

    #[test]
    fn a_signature_not_below_the_modulus_is_none() {
        let key = RsaKey::new(&modulus(128), &[3]).unwrap();
        assert_eq!(key.verify(HashKind::Sha256, &[0; 32], &[0xff; 128]), RsaOutcome::NotThisKey);
        assert_eq!(key.verify(HashKind::Sha256, &[0; 32], &[1; 127]), RsaOutcome::NotThisKey);
        assert_eq!(key.verify(HashKind::Sha256, &[0; 32], &[]), RsaOutcome::NotThisKey);
    }
}
