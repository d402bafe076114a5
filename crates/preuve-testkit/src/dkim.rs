//! Signs invented mail with keys made on the spot, so that tests know the truth about every message. Written
//! apart from the engine, as plainly as the standard allows: what both agree on is not one mistake made twice.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::pkcs8::EncodePublicKey;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::Digest;

/// A signing key.
#[derive(Debug, Clone)]
pub enum SigningKey {
    /// RSA.
    Rsa(Box<RsaPrivateKey>),
    /// Ed25519.
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl SigningKey {
    /// An RSA key of `bits` bits made from `seed`.
    pub fn rsa(bits: usize, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Self::Rsa(Box::new(RsaPrivateKey::new(&mut rng, bits).expect("a key of this size can be made")))
    }

    /// The same with another public exponent than 65,537.
    pub fn rsa_with_exponent(bits: usize, seed: u64, exponent: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let key = RsaPrivateKey::new_with_exp(&mut rng, bits, &rsa::BigUint::from(exponent));
        Self::Rsa(Box::new(key.expect("a key of this size can be made")))
    }

    /// An Ed25519 key made from `seed`.
    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&[seed; 32])))
    }

    /// The TXT record that publishes the key.
    pub fn record(&self) -> String {
        match self {
            Self::Rsa(key) => {
                let der = key.to_public_key().to_public_key_der().expect("a public key has a DER form");
                format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(der.as_bytes()))
            }
            Self::Ed25519(key) => {
                format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.verifying_key().as_bytes()))
            }
        }
    }

    fn sign(&self, algorithm: &str, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) if algorithm == "rsa-sha1" => key
                .sign(Pkcs1v15Sign::new::<sha1::Sha1>(), &sha1::Sha1::digest(data))
                .expect("the key can sign"),
            Self::Rsa(key) => key
                .sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &sha2::Sha256::digest(data))
                .expect("the key can sign"),
            Self::Ed25519(key) => key.sign(&sha2::Sha256::digest(data)).to_bytes().to_vec(),
        }
    }
}

/// How to sign.
#[derive(Debug, Clone)]
pub struct DkimSigner {
    /// The key.
    pub key: SigningKey,
    /// `d=`.
    pub domain: String,
    /// `s=`.
    pub selector: String,
    /// `a=`.
    pub algorithm: String,
    /// `c=`, both halves.
    pub forms: (String, String),
    /// `h=`.
    pub headers: Vec<String>,
    /// `l=`.
    pub length: Option<usize>,
    /// More tags, written as they stand behind the others (`t=1; x=2`).
    pub more_tags: String,
}

impl DkimSigner {
    /// A signer of relaxed/relaxed signatures over the usual headers.
    pub fn new(key: SigningKey, selector: &str, domain: &str) -> Self {
        let algorithm = if matches!(key, SigningKey::Rsa(_)) { "rsa-sha256" } else { "ed25519-sha256" };
        let headers = [
            "from",
            "to",
            "cc",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
        ];
        Self {
            key,
            domain: domain.into(),
            selector: selector.into(),
            algorithm: algorithm.into(),
            forms: ("relaxed".into(), "relaxed".into()),
            headers: headers.map(String::from).to_vec(),
            length: None,
            more_tags: String::new(),
        }
    }

    /// A line of a key archive: name, tab, record.
    pub fn archive_line(&self) -> String {
        format!("{}._domainkey.{}\t{}\n", self.selector, self.domain, self.key.record())
    }

    /// `message` (lines ending in CRLF) with a signature on top.
    pub fn sign(&self, message: &str) -> String {
        let (header, body) = message.split_once("\r\n\r\n").unwrap_or((message.trim_end_matches("\r\n"), ""));
        let body = canonical_body(body, &self.forms.1);
        let signed_body = &body[..self.length.unwrap_or(body.len()).min(body.len())];
        let body_hash = if self.algorithm == "rsa-sha1" {
            sha1::Sha1::digest(signed_body).to_vec()
        } else {
            sha2::Sha256::digest(signed_body).to_vec()
        };
        let length = self.length.map_or(String::new(), |length| format!(" l={length};"));
        let more = if self.more_tags.is_empty() { String::new() } else { format!(" {};", self.more_tags) };
        let field = format!(
            "DKIM-Signature: v=1; a={}; c={}/{}; d={}; s={};{length}{more}\r\n\th={};\r\n\tbh={};\r\n\tb=",
            self.algorithm,
            self.forms.0,
            self.forms.1,
            self.domain,
            self.selector,
            self.headers.join(":"),
            STANDARD.encode(body_hash),
        );
        let mut data = String::new();
        for chosen in choose(header, &self.headers) {
            data.push_str(&canonical_field(&chosen, &self.forms.0));
            data.push_str("\r\n");
        }
        data.push_str(&canonical_field(&field, &self.forms.0));
        let signature = STANDARD.encode(self.key.sign(&self.algorithm, data.as_bytes()));
        format!("{field}{signature}\r\n{message}")
    }
}

/// Fields with their folds.
fn fields(header: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in header.split("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => {
                field.push_str("\r\n");
                field.push_str(line);
            }
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

fn choose(header: &str, names: &[String]) -> Vec<String> {
    let mut left = fields(header);
    let name_of = |field: &String| field.split(':').next().unwrap_or_default().trim().to_lowercase();
    names
        .iter()
        .filter_map(|name| {
            left.iter().rposition(|field| name_of(field) == name.to_lowercase()).map(|at| left.remove(at))
        })
        .collect()
}

fn canonical_field(field: &str, form: &str) -> String {
    if form == "simple" {
        return field.to_owned();
    }
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    let words: Vec<&str> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}", name.trim().to_lowercase(), words.join(" "))
}

fn canonical_body(body: &str, form: &str) -> Vec<u8> {
    let mut lines: Vec<String> = body.split("\r\n").map(str::to_owned).collect();
    if form == "relaxed" {
        for line in &mut lines {
            let mut out = String::new();
            for c in line.trim_end_matches([' ', '\t']).chars() {
                let space = c == ' ' || c == '\t';
                if !(space && out.ends_with(' ')) {
                    out.push(if space { ' ' } else { c });
                }
            }
            *line = out;
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let mut text: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    if text.is_empty() && form == "simple" {
        text.push_str("\r\n");
    }
    text.into_bytes()
}
