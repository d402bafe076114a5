//! What can be said of a mail message's authenticity, in the words of RFC 6376, 8601 and 8617 plus our verdict.

use serde::{Deserialize, Serialize};

/// What the cryptography of one message amounts to. Only [`MailVerdict::Valid`] means that all a reader is
/// shown was signed, by a key published for the domain in From, and is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailVerdict {
    /// A signature by the author's domain holds and covers everything displayed.
    Valid,
    /// A signature holds, but rests on something weak; the reasons say what.
    ValidWeak,
    /// A signature holds, but a displayed header or a part of the body lies outside it.
    ValidPartial,
    /// The signed headers are unchanged, the body is not the one that was signed.
    HeadersIntactBodyChanged,
    /// The signature does not hold for this message.
    Altered,
    /// There is a signature, and no archived key to check it with.
    KeyUnknown,
    /// The signature holds under a key recovered from other messages, which nobody attests.
    KeyRecoveredUnattested,
    /// There is no signature.
    Unsigned,
    /// The format keeps no original bytes (PST, `.msg`): nothing can be rechecked.
    UnverifiableFormat,
    /// The message, or every signature on it, cannot be parsed.
    Malformed,
}

/// Result of evaluating one signature or chain (RFC 8601 §2.7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthResult {
    /// Nothing to evaluate.
    None,
    /// The signature holds.
    Pass,
    /// The signature does not hold.
    Fail,
    /// The signature has a fault that keeps it from being evaluated as signed.
    Neutral,
    /// No key at hand; another archive may have one.
    TempError,
    /// The signature or its key is broken for good.
    PermError,
}

/// Result for one half of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HalfResult {
    /// As signed.
    Pass,
    /// Not as signed.
    Fail,
    /// Could not be checked.
    NotChecked,
}

/// How a signing domain relates to the domain in From (RFC 7489 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// The same domain.
    Strict,
    /// The same organisational domain.
    Relaxed,
    /// Another organisation.
    None,
}

/// Where and when a key was seen published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeySighting {
    /// `selector._domainkey.domain`, lower case, no trailing dot.
    pub name: String,
    /// Who saw it: the archive's file or the source it names.
    pub origin: String,
    /// First time seen, as the archive writes it.
    pub first_seen: Option<String>,
    /// Last time seen, as the archive writes it.
    pub last_seen: Option<String>,
}

/// A header field shown to readers and whether a signature covers it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeaderCoverage {
    /// Field name, lower case.
    pub name: String,
    /// Bytes of the field in the message.
    pub bytes: (u64, u64),
    /// Whether the signature covers this instance.
    pub signed: bool,
}

/// One signature (`DKIM-Signature`), evaluated; header and body are judged by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureFinding {
    /// Place of the signature header in the message.
    pub bytes: (u64, u64),
    /// `d=`.
    pub domain: String,
    /// `s=`.
    pub selector: String,
    /// `a=`.
    pub algorithm: String,
    /// Bits of the key that verified, or of the last one tried.
    pub key_bits: Option<u32>,
    /// Overall result.
    pub result: AuthResult,
    /// Header signature.
    pub header: HalfResult,
    /// Body hash.
    pub body: HalfResult,
    /// Which form of the body has the hash: `raw`, `unquoted` (mbox `>From ` undone).
    pub body_form: Option<String>,
    /// `l=` where present.
    pub body_length: Option<u64>,
    /// Bytes of the body outside the signature, in the message.
    pub body_uncovered: Option<(u64, u64)>,
    /// Headers shown to readers, each instance.
    pub headers: Vec<HeaderCoverage>,
    /// `t=`, seconds since 1970.
    pub signed_at: Option<u64>,
    /// `x=`, seconds since 1970.
    pub expires_at: Option<u64>,
    /// How `d=` relates to From.
    pub alignment: Alignment,
    /// The key that verified, where seen.
    pub key: Option<KeySighting>,
    /// What makes the signature weak, as stable names.
    pub weak: Vec<String>,
    /// Why the result is what it is, one sentence.
    pub reason: String,
}

/// Outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Holds.
    Pass,
    /// Does not hold.
    Fail,
    /// A fact worth knowing.
    Note,
    /// Could not be checked.
    NotChecked,
}

/// One check, passed ones too, with what it looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Check {
    /// Stable name (`dkim.body_hash`).
    pub name: String,
    /// Where the rule stands (`RFC 6376 §3.7`).
    pub section: String,
    /// Outcome.
    pub outcome: CheckOutcome,
    /// Bytes of the message it looked at.
    pub bytes: Vec<(u64, u64)>,
    /// The fact, English.
    pub note: String,
}

/// An ARC chain (RFC 8617).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArcFinding {
    /// `none`, `pass` or `fail`, as cv= would say; `temperror` where a key is missing.
    pub result: AuthResult,
    /// Number of sets.
    pub sets: u32,
    /// Sealing domains, from the first set to the last.
    pub sealers: Vec<String>,
    /// Why.
    pub reason: String,
}

/// What the authenticity engine finds about one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageFinding {
    /// `Message-ID`, without brackets.
    pub message_id: Option<String>,
    /// Address in From.
    pub from: Option<String>,
    /// `Date`, as RFC 3339 where it parses.
    pub date: Option<String>,
    /// `Subject`, decoded.
    pub subject: Option<String>,
    /// The verdict.
    pub verdict: MailVerdict,
    /// Stable names of the verdict's reasons.
    pub reasons: Vec<String>,
    /// All signatures, from the top of the message.
    pub signatures: Vec<SignatureFinding>,
    /// The ARC chain.
    pub arc: ArcFinding,
    /// All checks made.
    pub checks: Vec<Check>,
}
