//! DKIM key records (RFC 6376 §3.6.1, RFC 8463) as domains publish them.

use super::rsa::{RsaKey, RsaKeyError};
use super::tag_list::{TagList, TagListError};

/// A public key that can verify.
#[derive(Debug, Clone)]
pub enum PublicKey {
    /// RSA.
    Rsa(RsaKey),
    /// Ed25519.
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
}

impl PublicKey {
    /// Bits: of the modulus, or 256 for Ed25519.
    pub fn bits(&self) -> u32 {
        match self {
            PublicKey::Rsa(key) => key.bits(),
            PublicKey::Ed25519(_) => 256,
        }
    }
}

/// A key record that was read.
#[derive(Debug, Clone)]
pub struct KeyRecord {
    /// The key.
    pub key: PublicKey,
    /// `h=`: the hashes the domain allows, where it says so.
    pub hashes: Option<Vec<String>>,
    /// `t=y`: the domain only tests.
    pub testing: bool,
    /// `t=s`: `i=` must be exactly in `d=`.
    pub strict_identity: bool,
    /// `g=` (RFC 4871, dropped since): the local parts of `i=` that the key may sign for, one `*` allowed.
    pub granularity: Option<String>,
}

/// Why a TXT record is no key that mail can be checked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRecordError {
    /// `p=` is empty.
    #[error("the key was revoked (`p=` is empty)")]
    Revoked,
    /// Not a tag list.
    #[error("the key record is no tag list: {0}")]
    Tags(#[from] TagListError),
    /// `v=` is something else than `DKIM1`.
    #[error("the record is no DKIM key (`v={0}`)")]
    Version(String),
    /// `k=` is not known.
    #[error("the key type `{0}` is not known")]
    Type(String),
    /// No `p=`, or no base64, or of the wrong length.
    #[error("the key record holds no key")]
    NoKey,
    /// The RSA key cannot be used.
    #[error(transparent)]
    Rsa(#[from] RsaKeyError),
    /// `s=` excludes mail.
    #[error("the key is not for mail (`s={0}`)")]
    Service(String),
}

impl KeyRecord {
    /// Read a TXT record.
    ///
    /// # Errors
    /// [`KeyRecordError`] says why mail cannot be checked with it.
    pub fn parse(txt: &str) -> Result<Self, KeyRecordError> {
        let tags = TagList::parse(txt.as_bytes())?;
        if let Some(version) = tags.get("v").filter(|&version| version != "DKIM1") {
            return Err(KeyRecordError::Version(version.to_owned()));
        }
        if let Some(services) = tags.get_unfolded("s")
            && !services.split(':').any(|service| service == "*" || service.eq_ignore_ascii_case("email"))
        {
            return Err(KeyRecordError::Service(services));
        }
        let bytes = match tags.get_unfolded("p") {
            None => return Err(KeyRecordError::NoKey),
            Some(text) if text.is_empty() => return Err(KeyRecordError::Revoked),
            Some(_) => tags.get_base64("p").ok_or(KeyRecordError::NoKey)?,
        };
        let kind = tags.get("k").unwrap_or("rsa").to_ascii_lowercase();
        let key = match kind.as_str() {
            "rsa" => PublicKey::Rsa(RsaKey::parse(&bytes)?),
            "ed25519" => PublicKey::Ed25519(Box::new(parse_ed25519(&bytes)?)),
            _ => return Err(KeyRecordError::Type(kind)),
        };
        let lists = |name: &str| tags.get_unfolded(name).map(|list| list.to_ascii_lowercase());
        let flags = lists("t").unwrap_or_default();
        Ok(Self {
            key,
            hashes: lists("h").map(|list| list.split(':').map(str::to_owned).collect()),
            testing: flags.split(':').any(|flag| flag == "y"),
            strict_identity: flags.split(':').any(|flag| flag == "s"),
            granularity: tags.get("g").map(str::to_owned),
        })
    }

    /// Whether `g=` lets the key sign for the local part `local` of `i=`.
    pub fn allows(&self, local: &str) -> bool {
        match self.granularity.as_deref().map(|pattern| pattern.split_once('*').ok_or(pattern)) {
            None => true,
            Some(Err(exact)) => !exact.is_empty() && exact == local,
            Some(Ok((start, end))) => {
                local.len() >= start.len() + end.len() && local.starts_with(start) && local.ends_with(end)
            }
        }
    }
}

fn parse_ed25519(bytes: &[u8]) -> Result<ed25519_dalek::VerifyingKey, KeyRecordError> {
    let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyRecordError::NoKey)?;
    ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyRecordError::NoKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    fn parse(tags: &str) -> Result<KeyRecord, KeyRecordError> {
        KeyRecord::parse(&format!("{tags}{ED25519}"))
    }

    #[test]
    fn restrictions_are_read() {
        let record = parse("v=DKIM1; h=sha1 : SHA256; t=y:s; s=email; ").unwrap();
        assert_eq!(record.hashes.as_deref(), Some(&["sha1".to_owned(), "sha256".to_owned()][..]));
        assert!(record.testing && record.strict_identity);
        assert_eq!(parse("s=tlsrpt; ").map(|_| ()), Err(KeyRecordError::Service("tlsrpt".into())));
        assert_eq!(parse("v=DKIM2; ").map(|_| ()), Err(KeyRecordError::Version("DKIM2".into())));
        assert_eq!(KeyRecord::parse("v=DKIM1; p=").map(|_| ()), Err(KeyRecordError::Revoked));
        assert_eq!(KeyRecord::parse("k=ed25519; p=AAAA").map(|_| ()), Err(KeyRecordError::NoKey));
    }

    #[test]
    fn granularity_allows_what_its_star_does() {
        let allows = |pattern: &str, local: &str| parse(&format!("g={pattern}; ")).unwrap().allows(local);
        assert!(allows("*", "") && allows("news*", "newsletter") && allows("n*r", "nr") && allows("a", "a"));
        assert!(!allows("", "") && !allows("news*", "nadia") && !allows("n*n", "n") && !allows("a", ""));
        assert!(parse("").unwrap().allows("anybody"));
    }
}
