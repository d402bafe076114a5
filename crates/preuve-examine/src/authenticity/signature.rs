//! The signature header fields: `DKIM-Signature` (RFC 6376 §3.5), `ARC-Message-Signature` and `ARC-Seal`
//! (RFC 8617 §4.1), read into one form.

use std::ops::Range;

use super::canonical::Canonicalization;
use super::rsa::HashKind;
use super::tag_list::{TagList, TagListError};

/// The algorithm of `a=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA over a hash.
    Rsa(HashKind),
    /// Ed25519 over SHA-256 (RFC 8463).
    Ed25519,
}

impl Algorithm {
    /// The hash that body and header go through.
    pub fn hash(self) -> HashKind {
        match self {
            Algorithm::Rsa(hash) => hash,
            Algorithm::Ed25519 => HashKind::Sha256,
        }
    }

    /// The name in `a=`.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Rsa(HashKind::Sha1) => "rsa-sha1",
            Algorithm::Rsa(HashKind::Sha256) => "rsa-sha256",
            Algorithm::Ed25519 => "ed25519-sha256",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Algorithm::Rsa(HashKind::Sha256), Algorithm::Rsa(HashKind::Sha1), Algorithm::Ed25519]
            .into_iter()
            .find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }
}

/// A signature field that was read.
#[derive(Debug, Clone)]
pub struct Signature {
    /// `a=`.
    pub algorithm: Algorithm,
    /// `b=`, decoded.
    pub signature: Vec<u8>,
    /// Where the value of `b=` stands in the field's value.
    pub signature_at: Range<usize>,
    /// `bh=`, decoded; empty for a seal.
    pub body_hash: Vec<u8>,
    /// Canonicalisation of headers.
    pub header_form: Canonicalization,
    /// Canonicalisation of the body.
    pub body_form: Canonicalization,
    /// `d=`, lower case.
    pub domain: String,
    /// `s=`, lower case.
    pub selector: String,
    /// `h=`, lower case, in order.
    pub headers: Vec<String>,
    /// The domain of `i=` where it names one.
    pub identity_domain: Option<String>,
    /// What stands before the `@` of `i=`; empty where nothing does.
    pub identity_local: String,
    /// `l=`.
    pub length: Option<u64>,
    /// `t=`.
    pub signed_at: Option<u64>,
    /// `x=`.
    pub expires_at: Option<u64>,
}

/// Why a signature field cannot be evaluated: permanent faults of RFC 6376 §6.1.1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not a tag list.
    #[error("the signature is no tag list: {0}")]
    Tags(#[from] TagListError),
    /// A tag that must be there is not, or is empty.
    #[error("tag `{0}=` is missing")]
    Missing(&'static str),
    /// A tag whose value is none of those allowed.
    #[error("tag `{0}=` has no usable value")]
    Value(&'static str),
    /// `h=` does not name From.
    #[error("From is not signed")]
    FromNotSigned,
    /// `i=` lies outside `d=`.
    #[error("identity `i=` lies outside domain `d=`")]
    IdentityOutside,
    /// A seal must not name headers.
    #[error("a seal must not hold `h=`")]
    SealWithHeaders,
}

/// A signature names header fields; more than this many cost more than they can say.
const MOST_HEADERS: usize = 1_000;

impl Signature {
    /// Read the value of a `DKIM-Signature` field.
    ///
    /// # Errors
    /// [`SignatureError`] says what is wrong.
    pub fn parse_dkim(value: &[u8]) -> Result<Self, SignatureError> {
        let tags = TagList::parse(value)?;
        match tags.get("v") {
            None => return Err(SignatureError::Missing("v")),
            Some("1") => {}
            Some(_) => return Err(SignatureError::Value("v")),
        }
        if tags.get("q").is_some_and(|queries| !queries.split(':').any(|q| q.trim() == "dns/txt")) {
            return Err(SignatureError::Value("q"));
        }
        let mut signature = Self::parse_message_signature(&tags, Canonicalization::Simple)?;
        if !signature.headers.iter().any(|name| name == "from") {
            return Err(SignatureError::FromNotSigned);
        }
        if let Some(identity) = tags.get("i") {
            let (local, domain) = identity.rsplit_once('@').ok_or(SignatureError::Value("i"))?;
            let domain = domain.trim().to_lowercase();
            let inside = domain == signature.domain || domain.ends_with(&format!(".{}", signature.domain));
            if !inside {
                return Err(SignatureError::IdentityOutside);
            }
            signature.identity_domain = Some(domain);
            local.clone_into(&mut signature.identity_local);
        }
        Ok(signature)
    }

    /// Read the value of an `ARC-Message-Signature` field, whose `i=` counts sets. Where `c=` is left out the
    /// suite of the standard's authors takes relaxed, unlike DKIM.
    ///
    /// # Errors
    /// [`SignatureError`] says what is wrong.
    pub fn parse_arc(value: &[u8]) -> Result<Self, SignatureError> {
        Self::parse_message_signature(&TagList::parse(value)?, Canonicalization::Relaxed)
    }

    /// `unsaid` is the canonicalisation where `c=` is left out.
    fn parse_message_signature(tags: &TagList<'_>, unsaid: Canonicalization) -> Result<Self, SignatureError> {
        let mut signature = Self::parse_common(tags)?;
        let body_hash = tags.get_unfolded("bh").ok_or(SignatureError::Missing("bh"))?;
        signature.body_hash = tags.get_base64("bh").ok_or(SignatureError::Value("bh"))?;
        if body_hash.is_empty() {
            return Err(SignatureError::Missing("bh"));
        }
        let headers = tags.get_unfolded("h").ok_or(SignatureError::Missing("h"))?;
        signature.headers = headers.split(':').map(str::to_ascii_lowercase).collect();
        if signature.headers.len() > MOST_HEADERS {
            return Err(SignatureError::Value("h"));
        }
        let number = |name: &'static str| match tags.get(name) {
            None => Ok(None),
            // `parse` alone would take a sign.
            Some(text) if text.starts_with('+') => Err(SignatureError::Value(name)),
            Some(text) => text.parse::<u64>().map(Some).map_err(|_| SignatureError::Value(name)),
        };
        signature.length = number("l")?;
        signature.signed_at = number("t")?;
        signature.expires_at = number("x")?;
        (signature.header_form, signature.body_form) = parse_forms(tags.get("c"), unsaid)?;
        Ok(signature)
    }

    /// Read the value of an `ARC-Seal` field: always relaxed, over the ARC fields only.
    ///
    /// # Errors
    /// [`SignatureError`] says what is wrong.
    pub fn parse_seal(value: &[u8]) -> Result<Self, SignatureError> {
        let tags = TagList::parse(value)?;
        if tags.get("h").is_some() {
            return Err(SignatureError::SealWithHeaders);
        }
        Self::parse_common(&tags)
    }

    fn parse_common(tags: &TagList<'_>) -> Result<Self, SignatureError> {
        let present = |name: &'static str| {
            tags.get(name).filter(|value| !value.is_empty()).ok_or(SignatureError::Missing(name))
        };
        let algorithm = Algorithm::parse(present("a")?).ok_or(SignatureError::Value("a"))?;
        present("b")?;
        let signature = tags.get_base64("b").ok_or(SignatureError::Value("b"))?;
        let name = |tag: &'static str| -> Result<String, SignatureError> {
            let value = present(tag)?;
            let broken = value.chars().any(char::is_whitespace);
            if broken {
                Err(SignatureError::Value(tag))
            } else {
                Ok(value.trim_end_matches('.').to_lowercase())
            }
        };
        Ok(Self {
            algorithm,
            signature,
            signature_at: tags.range("b").ok_or(SignatureError::Missing("b"))?,
            body_hash: Vec::new(),
            header_form: Canonicalization::Relaxed,
            body_form: Canonicalization::Relaxed,
            domain: name("d")?,
            selector: name("s")?,
            headers: Vec::new(),
            identity_domain: None,
            identity_local: String::new(),
            length: None,
            signed_at: None,
            expires_at: None,
        })
    }
}

/// `c=`; the body's part may be left out, and is then simple.
fn parse_forms(
    text: Option<&str>,
    unsaid: Canonicalization,
) -> Result<(Canonicalization, Canonicalization), SignatureError> {
    let form = |name: &str| match name.trim().to_ascii_lowercase().as_str() {
        "simple" => Ok(Canonicalization::Simple),
        "relaxed" => Ok(Canonicalization::Relaxed),
        _ => Err(SignatureError::Value("c")),
    };
    let Some(text) = text else { return Ok((unsaid, unsaid)) };
    match text.split_once('/') {
        Some((header, body)) => Ok((form(header)?, form(body)?)),
        None => Ok((form(text)?, Canonicalization::Simple)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "v=1; a=rsa-sha256; c=relaxed; d=A.example; s=S1; h=From : to; bh=AAAA; b=QUJD; t=1; i=@mail.a.example";

    #[test]
    fn a_signature_is_read() {
        let signature = Signature::parse_dkim(GOOD.as_bytes()).unwrap();
        assert_eq!(signature.domain, "a.example");
        assert_eq!(signature.selector, "s1");
        assert_eq!(signature.headers, ["from", "to"]);
        assert_eq!(signature.signature, b"ABC");
        assert_eq!(
            (signature.header_form, signature.body_form),
            (Canonicalization::Relaxed, Canonicalization::Simple)
        );
        assert_eq!(signature.identity_domain.as_deref(), Some("mail.a.example"));
    }

    #[test]
    fn each_fault_has_its_name() {
        let with = |from: &str, to: &str| {
            Signature::parse_dkim(GOOD.replace(from, to).as_bytes()).map(|_| ()).unwrap_err()
        };
        assert_eq!(with("v=1", "v=2"), SignatureError::Value("v"));
        assert_eq!(with("v=1; ", ""), SignatureError::Missing("v"));
        assert_eq!(with("From : to", "to"), SignatureError::FromNotSigned);
        assert_eq!(with("@mail.a.example", "@b.example"), SignatureError::IdentityOutside);
        assert_eq!(with("@mail.a.example", "@evila.example"), SignatureError::IdentityOutside);
        assert_eq!(with("rsa-sha256", "rsa-md5"), SignatureError::Value("a"));
        assert_eq!(with("c=relaxed", "c=loose"), SignatureError::Value("c"));
        assert_eq!(with("bh=AAAA; ", ""), SignatureError::Missing("bh"));
        assert_eq!(with("t=1", "d=b.example"), SignatureError::Tags(TagListError::Repeated("d".into())));
        assert_eq!(with("t=1", "l=-5"), SignatureError::Value("l"));
        assert_eq!(with("t=1", "q=http/txt"), SignatureError::Value("q"));
    }

    #[test]
    fn a_seal_names_no_headers() {
        let seal = b"i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=QUJD";
        assert!(Signature::parse_seal(seal).is_ok());
        let bad = b"i=1; a=rsa-sha256; h=from; d=a.example; s=s; b=QUJD";
        assert_eq!(Signature::parse_seal(bad).map(|_| ()), Err(SignatureError::SealWithHeaders));
    }
}
