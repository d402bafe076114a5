//! RSA signatures as DKIM uses them: RSASSA-PKCS1-v1_5 verification (RFC 8017 §8.2.2) over public data only.
//!
//! The arithmetic is `crypto-bigint`'s; here is the comparison, which looks at the whole padded block, so that
//! low exponents gain a forger nothing, and which can tell "another digest was signed" from "another key signed".

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams, FixedMontyForm, FixedMontyParams};
use crypto_bigint::{BoxedUint, Odd, Uint};
use pkcs1::der::Decode;

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

/// Montgomery parameters by size: fixed widths are several times faster than boxed ones.
#[derive(Debug, Clone)]
enum Field {
    W16(Box<FixedMontyParams<16>>),
    W32(Box<FixedMontyParams<32>>),
    W64(Box<FixedMontyParams<64>>),
    Wide(Box<BoxedMontyParams>),
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
        let block = &block[block.len().saturating_sub(length)..];
        let Some(expected) = padded_digest(hash, digest, length) else { return RsaOutcome::NotThisKey };
        let before_digest = length - digest.len();
        match (block.get(..before_digest) == expected.get(..before_digest), block == expected) {
            (true, true) => RsaOutcome::Holds,
            (true, false) => RsaOutcome::OtherDigest,
            (false, _) => RsaOutcome::NotThisKey,
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

fn fixed<const LIMBS: usize>(bytes: &[u8]) -> Option<Uint<LIMBS>> {
    let mut padded = vec![0u8; LIMBS * 8];
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(Uint::from_be_slice(&padded))
}

fn fixed_params<const LIMBS: usize>(modulus: &[u8]) -> Option<Box<FixedMontyParams<LIMBS>>> {
    let odd = Option::from(Odd::new(fixed::<LIMBS>(modulus)?))?;
    Some(Box::new(FixedMontyParams::new_vartime(odd)))
}

fn fixed_power<const LIMBS: usize>(
    params: &FixedMontyParams<LIMBS>,
    base: &[u8],
    exponent: u64,
) -> Option<Vec<u8>> {
    let base = fixed::<LIMBS>(base)?;
    if base >= *params.modulus().as_ref() {
        return None;
    }
    let base = FixedMontyForm::new(&base, params);
    let mut power = base;
    for bit in (0..exponent.ilog2()).rev() {
        power = power.square();
        if exponent >> bit & 1 == 1 {
            power = power.mul(&base);
        }
    }
    Some(power.retrieve().to_words().iter().rev().flat_map(|word| word.to_be_bytes()).collect())
}

impl Field {
    fn new(modulus: &[u8], bits: u32) -> Option<Self> {
        Some(match bits {
            ..=1024 => Field::W16(fixed_params(modulus)?),
            1025..=2048 => Field::W32(fixed_params(modulus)?),
            2049..=4096 => Field::W64(fixed_params(modulus)?),
            _ => {
                let value = BoxedUint::from_be_slice(modulus, bits).ok()?;
                Field::Wide(Box::new(BoxedMontyParams::new_vartime(Option::from(Odd::new(value))?)))
            }
        })
    }

    /// `base` to the power `exponent`, big-endian and at least as long as the modulus; `None` for a base that
    /// is not below the modulus.
    fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        match self {
            Field::W16(params) => fixed_power(params, base, exponent),
            Field::W32(params) => fixed_power(params, base, exponent),
            Field::W64(params) => fixed_power(params, base, exponent),
            Field::Wide(params) => {
                let value = BoxedUint::from_be_slice(base, params.modulus().bits_precision()).ok()?;
                if value >= *params.modulus().as_ref() {
                    return None;
                }
                let base = BoxedMontyForm::new(value, params);
                let mut power = base.clone();
                for bit in (0..exponent.ilog2()).rev() {
                    power = power.square();
                    if exponent >> bit & 1 == 1 {
                        power = power.mul(&base);
                    }
                }
                Some(power.retrieve().to_be_bytes().to_vec())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn every_width_computes_the_same_power() {
        let modulus = modulus(128);
        let base = [0x5a; 128];
        let wide = BoxedUint::from_be_slice(&modulus, 1024).unwrap();
        let params = BoxedMontyParams::new_vartime(Option::from(Odd::new(wide)).unwrap());
        let expected = Field::Wide(Box::new(params)).power(&base, 65_537).unwrap();
        let fields = [
            Field::W16(fixed_params(&modulus).unwrap()),
            Field::W32(fixed_params(&modulus).unwrap()),
            Field::W64(fixed_params(&modulus).unwrap()),
        ];
        for field in fields {
            let power = field.power(&base, 65_537).unwrap();
            assert_eq!(strip_zeros(&power), strip_zeros(&expected));
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
