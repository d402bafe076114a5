//! `preuve keys recover`: a lost key out of the messages it signed.

use std::path::PathBuf;

use clap::Args;
use preuve_case::KeySighting;
use preuve_examine::authenticity::{RecoveredKey, RecoveryStep, recover_modulus};
use preuve_store::{Case, MailKey};

use super::{Place, keep};
use crate::args::Material;
use crate::commands::{operation, reading_parameters};
use crate::error::CommandError;
use crate::mail::Judge;
use crate::pipeline::{Keeping, open_case, take_in};
use crate::session::{Outcome, Session};
use crate::table::one_line;

#[derive(Debug, Args)]
pub(super) struct RecoverArgs {
    /// Name the key would be published under: `SELECTOR._domainkey.DOMAIN`
    name: String,
    #[command(flatten)]
    material: Material,
    #[command(flatten)]
    place: Place,
}

/// Messages looked at: more would prove no more.
const MOST_MESSAGES: usize = 1_000;
/// Bytes of messages held at one time.
const MOST_BYTES: usize = 64 << 20;

pub(super) fn recover(session: &Session, args: &RecoverArgs) -> Result<Outcome, CommandError> {
    let name = args.name.trim_end_matches('.').to_lowercase();
    let kept = args.place.case.as_deref();
    if args.material.paths.is_empty() && kept.is_none() {
        return Err(CommandError::user("nothing to recover a key from: no PATH was given")
            .hint("give mail that was signed with the key, or a case that holds such mail"));
    }
    let messages = messages_of(session, args, &name)?;
    let found = messages.len();
    session.say(&format!("{found} messages bear a signature of `{}`", one_line(&name)));
    let Some(key) = compute(session, &messages).filter(|key| key.name() == name) else {
        session.say(
            "no key was recovered: it takes two unaltered messages or more, and an RSA key of 2,048 bits at most",
        );
        return Ok(Outcome::Done);
    };
    session.say(&format!(
        "one key signed {} of them; that `{}` published it, nobody attests",
        key.messages,
        one_line(&key.domain)
    ));
    let sighting = KeySighting {
        name,
        origin: format!("recovered from {} messages", key.messages),
        first_seen: None,
        last_seen: None,
    };
    let key = MailKey { sighting, txt: key.record(), recovered: true };
    let mut inputs = vec![PathBuf::from(&args.name)];
    inputs.extend(args.material.paths.iter().cloned());
    keep(session, "keys recover", &inputs, &[key], &args.place)?;
    Ok(Outcome::Done)
}

/// Numbers of so many bits are held against each other for more than some seconds.
const TAKES_A_WHILE: usize = 10_000_000;

/// Compute the key, with a bar for each two messages that are held against each other.
fn compute(session: &Session, messages: &[Vec<u8>]) -> Option<RecoveredKey> {
    let bytes: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let mut progress = None;
    recover_modulus(&bytes, &mut |step| match step {
        RecoveryStep::Begun { bits } => {
            if bits > TAKES_A_WHILE {
                let millions = bits / 1_000_000;
                session.say(&format!(
                    "with the exponent 65,537: two numbers of {millions} million bits, which takes minutes"
                ));
            }
            progress = None;
            progress = Some(session.progress("recovering", bits as u64));
        }
        RecoveryStep::Done { bits } => progress.iter().for_each(|progress| progress.advance(bits)),
    })
}

/// The messages under the paths, or of the case where no path is given, that bear a signature of `name`.
fn messages_of(session: &Session, args: &RecoverArgs, name: &str) -> Result<Vec<Vec<u8>>, CommandError> {
    let from_case = args.place.case.as_deref().filter(|_| args.material.paths.is_empty());
    let operation =
        operation(session, "keys recover", &args.material.paths, &reading_parameters(&args.material.reading));
    let mut case = open_case(from_case, &operation)?;
    if from_case.is_none() {
        case.begin(operation);
        let judge = Judge::of_case(&case)?;
        take_in(session, &mut case, &args.material, Keeping::MailAlone, &judge, &[])?;
    }
    signed_by(&case, name)
}

fn signed_by(case: &Case, name: &str) -> Result<Vec<Vec<u8>>, CommandError> {
    let (mut messages, mut size) = (Vec::new(), 0);
    for id in case.message_list()? {
        if messages.len() >= MOST_MESSAGES || size >= MOST_BYTES {
            break;
        }
        let Some(packed) = case.packed_message(id)? else { continue };
        let bears = packed.finding()?.signatures.iter().any(|signature| {
            format!("{}._domainkey.{}", signature.selector, signature.domain).to_lowercase() == name
        });
        if let Some(bytes) = bears.then(|| case.message_bytes(id)).transpose()?.flatten() {
            size += bytes.len();
            messages.push(bytes);
        }
    }
    Ok(messages)
}
