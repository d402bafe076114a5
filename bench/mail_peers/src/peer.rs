//! `mail-auth` with the keys at hand instead of a name server.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::error::Error;
use std::hash::Hash;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::{
    AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt,
};

struct Keys(HashMap<Box<str>, Txt>);

impl ResolverCache<Box<str>, Txt> for Keys {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// The other verifier.
pub struct Peer {
    authenticator: MessageAuthenticator,
    keys: Keys,
}

impl Peer {
    /// With the keys of an archive's `NAME<TAB>TXT` lines.
    pub fn new(lines: &str) -> Result<Self, Box<dyn Error>> {
        let mut keys = HashMap::new();
        for (name, txt) in lines.lines().filter_map(|line| line.split_once('\t')) {
            let key = DomainKey::parse(txt.as_bytes()).map_err(|error| error.to_string())?;
            keys.insert(format!("{name}.").into_boxed_str(), Txt::DomainKey(Arc::new(key)));
        }
        let authenticator = MessageAuthenticator::new_cloudflare().map_err(|error| error.to_string())?;
        Ok(Self { authenticator, keys: Keys(keys) })
    }

    /// Whether there is a signature and all hold.
    pub fn verify(&self, message: &[u8]) -> bool {
        let Some(message) = AuthenticatedMessage::parse(message) else { return false };
        let parameters = Parameters::new(&message).with_txt_cache(&self.keys);
        let verifying = pin!(self.authenticator.verify_dkim(parameters));
        // Every key is at hand, so nothing is ever waited for.
        match verifying.poll_once() {
            Poll::Ready(outcomes) => {
                !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome.result() == DkimResult::Pass)
            }
            Poll::Pending => false,
        }
    }
}

trait PollOnce: Future {
    fn poll_once(self: std::pin::Pin<&mut Self>) -> Poll<Self::Output> {
        self.poll(&mut Context::from_waker(Waker::noop()))
    }
}

impl<F: Future> PollOnce for F {}
