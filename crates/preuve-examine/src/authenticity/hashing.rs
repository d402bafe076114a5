//! The hashes signatures are made over: the body's (RFC 6376 §3.7 step 1) and the header's (step 2).

use sha2::Digest;

use super::canonical::{Canonicalization, canonical_line_len, is_quoted_from, write_body, write_field};
use super::message::{RawMessage, line_at};
use super::rsa::HashKind;
use super::signature::Signature;

/// A running hash of either kind.
#[derive(Clone)]
pub enum Hasher {
    /// SHA-1.
    Sha1(sha1::Sha1),
    /// SHA-256.
    Sha256(sha2::Sha256),
}

impl Hasher {
    /// A fresh hash.
    pub fn new(kind: HashKind) -> Self {
        match kind {
            HashKind::Sha1 => Hasher::Sha1(sha1::Sha1::new()),
            HashKind::Sha256 => Hasher::Sha256(sha2::Sha256::new()),
        }
    }

    /// Take in bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha1(hash) => hash.update(bytes),
            Hasher::Sha256(hash) => hash.update(bytes),
        }
    }

    /// The digest.
    pub fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Sha1(hash) => hash.finalize().to_vec(),
            Hasher::Sha256(hash) => hash.finalize().to_vec(),
        }
    }
}

/// A body hash and how much of the canonical body it left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyHash {
    /// The digest.
    pub digest: Vec<u8>,
    /// Length of the canonical body in bytes.
    pub canonical_len: u64,
}

/// The hashes of one message's body, each made once: signatures and seals of a message mostly agree on how.
#[derive(Debug)]
pub struct Bodies<'m> {
    body: &'m [u8],
    known: Vec<(Recipe, BodyHash)>,
}

/// How a body is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// Canonicalisation.
    pub form: Canonicalization,
    /// Hash.
    pub kind: HashKind,
    /// `l=`.
    pub limit: Option<u64>,
    /// Whether one level of `>From ` quoting is undone first.
    pub unquote: bool,
}

impl<'m> Bodies<'m> {
    /// Nothing is hashed yet.
    pub fn new(body: &'m [u8]) -> Self {
        Self { body, known: Vec::new() }
    }

    /// The hash made by `recipe`.
    pub fn hash(&mut self, recipe: Recipe) -> BodyHash {
        if let Some((_, hash)) = self.known.iter().find(|(known, _)| *known == recipe) {
            return hash.clone();
        }
        let hash = hash_body(self.body, recipe.form, recipe.kind, recipe.limit, recipe.unquote);
        self.known.push((recipe, hash.clone()));
        hash
    }
}

/// Hash a body, its first `limit` canonical bytes where `l=` says so.
pub fn hash_body(
    body: &[u8],
    form: Canonicalization,
    kind: HashKind,
    limit: Option<u64>,
    unquote: bool,
) -> BodyHash {
    let mut hasher = Hasher::new(kind);
    let mut left = limit.unwrap_or(u64::MAX);
    let canonical_len = write_body(body, form, unquote, &mut |bytes| {
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        hasher.update(&bytes[..take]);
        left -= take as u64;
    });
    BodyHash { digest: hasher.finish(), canonical_len }
}

/// Bytes of `body` that lie outside the first `limit` canonical bytes, as an offset in `body`: where the first
/// uncovered byte stands, or `None` when nothing visible is left out.
pub fn uncovered_from(body: &[u8], form: Canonicalization, unquote: bool, limit: u64) -> Option<usize> {
    let mut at = 0;
    let mut written = 0u64;
    let mut waiting = 0u64;
    while at < body.len() {
        let (line, next) = line_at(body, at);
        let quoted = unquote && is_quoted_from(&body[line.clone()]);
        let text = &body[line.start + usize::from(quoted)..line.end];
        let length = canonical_line_len(text, form);
        if length == 0 {
            waiting += 2;
        } else {
            let start = written + waiting;
            waiting = 0;
            written = start + length;
            // The line's own end does not show: a limit that cuts only it leaves nothing visible out.
            if written.saturating_sub(2) > limit {
                let inside =
                    usize::try_from(limit.saturating_sub(start)).unwrap_or(usize::MAX).min(line.len());
                return Some(line.start + inside);
            }
        }
        at = next;
    }
    None
}

/// The digest that the header signature is made over: the fields of `h=` picked from the bottom up, then the
/// signature field itself with an empty `b=`.
pub fn hash_headers(message: &RawMessage<'_>, signature_field: usize, signature: &Signature) -> Vec<u8> {
    let mut signed = Vec::with_capacity(4 * 1024);
    for index in signed_fields(message, signature_field, &signature.headers) {
        write_field(message.field(index), signature.header_form, &mut signed);
        signed.extend_from_slice(b"\r\n");
    }
    let own = without_signature(message, signature_field, signature);
    write_field(&own, signature.header_form, &mut signed);
    let mut hasher = Hasher::new(signature.algorithm.hash());
    hasher.update(&signed);
    hasher.finish()
}

/// Indices of the fields that `names` select (RFC 6376 §5.4.2): for each name the lowest instance not yet taken.
/// A name with no instance left selects nothing; the signature field is never part of its own list.
pub fn signed_fields(message: &RawMessage<'_>, signature_field: usize, names: &[String]) -> Vec<usize> {
    let mut taken: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let mut selected = Vec::with_capacity(names.len());
    for name in names {
        let count = taken.entry(name).or_default();
        let mut from_bottom = message.named(name).iter().rev().filter(|&&index| index != signature_field);
        if let Some(&index) = from_bottom.nth(*count) {
            selected.push(index);
        }
        *count += 1;
    }
    selected
}

/// The bytes of a signature field with the value of `b=` taken out.
pub fn without_signature(message: &RawMessage<'_>, field: usize, signature: &Signature) -> Vec<u8> {
    let whole = message.field(field);
    let value_start = message.fields[field].value.start - message.fields[field].whole.start;
    let mut bytes = whole[..value_start + signature.signature_at.start].to_vec();
    bytes.extend_from_slice(&whole[value_start + signature.signature_at.end..]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn headers_are_taken_from_the_bottom_and_absent_ones_select_nothing() {
        let message = RawMessage::parse(b"Subject: new\nDKIM-Signature: x\nSubject: old\nFrom: a\n\n");
        let picked = signed_fields(
            &message,
            1,
            &names(&["subject", "from", "from", "subject", "subject", "dkim-signature"]),
        );
        assert_eq!(picked, [2, 3, 0]);
    }

    #[test]
    fn a_hash_with_a_limit_covers_the_first_bytes_only() {
        let whole = hash_body(b"ab\r\ncd\r\n", Canonicalization::Simple, HashKind::Sha256, Some(4), false);
        let first = hash_body(b"ab\r\n", Canonicalization::Simple, HashKind::Sha256, None, false);
        assert_eq!(whole.digest, first.digest);
        assert_eq!(whole.canonical_len, 8);
    }

    #[test]
    fn what_lies_outside_the_limit_has_a_place() {
        let body = b"ab\r\n\r\ncd\r\n\r\n";
        for form in [Canonicalization::Simple, Canonicalization::Relaxed] {
            assert_eq!(uncovered_from(body, form, false, 4), Some(6));
            assert_eq!(uncovered_from(body, form, false, 10), None);
            assert_eq!(uncovered_from(body, form, false, 8), None);
            assert_eq!(uncovered_from(body, form, false, 7), Some(7));
            assert_eq!(uncovered_from(body, form, false, 0), Some(0));
            assert_eq!(uncovered_from(b"", form, false, 0), None);
        }
    }
}
