//! `preuve keys`: the archive of DKIM keys, with where and when each was seen.

mod recover;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use preuve_case::{Diagnostic, KeySighting};
use preuve_examine::authenticity::KeyArchive;
use preuve_examine::authenticity::key::{KeyRecord, PublicKey};
use preuve_store::{Access, Case, MailKey};
use serde::Serialize;

use crate::commands::operation;
use crate::error::CommandError;
use crate::mail::{keys_of, read_keys};
use crate::pipeline::open_case;
use crate::session::{Outcome, Session};
use crate::table::one_line;

/// Keys that mail is judged under, each with where and when it was seen. Several keys of one name stand side by
/// side. Keys are never fetched: they come from archives, from people who saw them, or out of messages.
#[derive(Debug, Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    verb: KeysVerb,
}

#[derive(Debug, Subcommand)]
enum KeysVerb {
    /// Add one key as somebody saw it published
    #[command(
        after_help = "Example:\n  preuve keys add s1._domainkey.example.org 'v=DKIM1; k=rsa; p=MIIB…' --case affair/ \
\\\n    --seen-by 'zone copy of the registry' --first-seen 2019-04-01 --last-seen 2019-06-30\n\nCost: none. \
`preuve examine --case affair/` judges again what the new key may decide."
    )]
    Add {
        /// Name the key was published under: `SELECTOR._domainkey.DOMAIN`
        name: String,
        /// The TXT record, its strings joined
        txt: String,
        /// Who saw it, or where it is written down
        #[arg(long, value_name = "WHO")]
        seen_by: String,
        /// First time it was seen (`2019-04-01`)
        #[arg(long, value_name = "DATE", value_parser = parse_time)]
        first_seen: Option<String>,
        /// Last time it was seen
        #[arg(long, value_name = "DATE", value_parser = parse_time)]
        last_seen: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// List the keys, with where and when they were seen: one JSON object a line, which `import` reads again
    #[command(
        after_help = "Example:\n  preuve keys list --case affair/ | jq -r '[.name, .bits, .origin] | @tsv'\n\n\
Cost: none."
    )]
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Add the keys of archives: lines of `NAME<TAB>TXT`, JSON objects, zone files
    #[command(
        after_help = "Example:\n  preuve keys import zone-dump.txt keys.jsonl --case affair/\n  A JSON object has \
`name` and `txt`, and may have `origin`, `first_seen`, `last_seen`, `recovered`. Of zone files the TXT\n  records with \
`_domainkey` in their name are taken; `$ORIGIN`, parentheses and several strings are understood.\n\nCost: six \
seconds of a processor and 1.5 GB of memory for a million keys; judging mail under them takes 1.1 GB."
    )]
    Import {
        /// Archives, or folders of archives
        #[arg(value_name = "FILE|DIR", required = true)]
        archives: Vec<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Compute a lost key from messages that it signed; it proves that one key signed them, not whose it was
    #[command(
        after_help = "Example:\n  preuve keys recover s1._domainkey.example.org leak.mbox --case affair/\n  Without PATH, \
the messages of the case are used. The key is kept as recovered: what it verifies gets\n  `key_recovered_unattested`, \
never `valid`.\n\nCost: moments for the exponent 3. With 65,537, which most keys have, minutes of one processor: about two for 1,024 \
bits,\n  four and 660 MB of memory for 2,048; three times as long where messages were altered and no key comes out."
    )]
    Recover(recover::RecoverArgs),
}

/// Where the keys are kept.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// Folder of a case, made if it is not there
    #[arg(long, value_name = "DIR")]
    case: Option<PathBuf>,
    /// File of JSON lines, made if it is not there; `--keys` takes it
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
}

fn parse_time(text: &str) -> Result<String, String> {
    let is_day = text.parse::<jiff::civil::Date>().is_ok();
    if is_day || text.parse::<jiff::Timestamp>().is_ok() {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no date; write `2019-04-01` or `2019-04-01T12:00:00Z`"))
}

/// Run one of the verbs.
pub fn run(session: &Session, args: KeysArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    match args.verb {
        KeysVerb::Add { name, txt, seen_by, first_seen, last_seen, place } => {
            let sighting = KeySighting { name, origin: seen_by, first_seen, last_seen };
            add(session, sighting, &txt, &place)
        }
        KeysVerb::List { place } => list(session, &place, out),
        KeysVerb::Import { archives, place } => import(session, &archives, &place),
        KeysVerb::Recover(args) => recover::recover(session, &args),
    }
}

fn add(session: &Session, sighting: KeySighting, txt: &str, place: &Place) -> Result<Outcome, CommandError> {
    if !sighting.name.to_lowercase().contains("._domainkey.") {
        return Err(CommandError::user(format!("`{}` is no name of a key", one_line(&sighting.name)))
            .hint("write it as `SELECTOR._domainkey.DOMAIN`"));
    }
    if let Err(error) = KeyRecord::parse(txt) {
        session.say(&format!(
            "warning: no mail can be checked with this record: {error}; it is kept all the same"
        ));
    }
    let mut one = KeyArchive::default();
    one.insert(sighting, txt.to_owned());
    let inputs = [PathBuf::from(keys_of(&one).first().map_or("", |key| key.sighting.name.as_str()))];
    keep(session, "keys add", &inputs, &keys_of(&one), place)?;
    Ok(Outcome::Done)
}

fn import(session: &Session, archives: &[PathBuf], place: &Place) -> Result<Outcome, CommandError> {
    let mut diagnostics = Vec::new();
    let keys = read_keys(session, archives, &mut diagnostics)?;
    keep(session, "keys import", archives, &keys, place)?;
    session.show(&diagnostics);
    Ok(Outcome::of(&diagnostics))
}

/// Add keys to the case or the archive, and say how many were new.
fn keep(
    session: &Session,
    command: &str,
    inputs: &[PathBuf],
    keys: &[MailKey],
    place: &Place,
) -> Result<(), CommandError> {
    let added = match (&place.case, &place.archive) {
        (Some(dir), _) => {
            let operation = operation(session, command, inputs, &[]);
            let mut case = open_case(Some(dir), &operation)?;
            case.begin(operation);
            case.add_keys(keys)?
        }
        (None, Some(file)) => add_to_archive(session, file, keys)?,
        (None, None) => 0,
    };
    session.say(&format!("{} keys read, {added} new", keys.len()));
    Ok(())
}

/// Write the archive anew with `keys` behind what it holds; how many it did not hold.
fn add_to_archive(session: &Session, file: &Path, keys: &[MailKey]) -> Result<usize, CommandError> {
    let held = if session.world.kind(file, true).is_ok() {
        session.world.read(file, u64::MAX).map_err(|error| CommandError::from(error).at(file))?
    } else {
        Vec::new()
    };
    let mut diagnostics = Vec::new();
    let known: std::collections::BTreeSet<MailKey> =
        archived(session, file, &held, &mut diagnostics).into_iter().collect();
    let new: Vec<&MailKey> = keys.iter().filter(|key| !known.contains(key)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    session
        .world
        .write(file, &mut |out| {
            out.write_all(&held)?;
            if !held.is_empty() && !held.ends_with(b"\n") {
                out.write_all(b"\n")?;
            }
            new.iter().try_for_each(|key| write_line(out, &KeyLine::bare(key)))
        })
        .map_err(|error| CommandError::from(error).at(file))?;
    Ok(new.len())
}

fn archived(session: &Session, file: &Path, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Vec<MailKey> {
    let mut archive = KeyArchive::default();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    diagnostics.extend(archive.read(&name, bytes));
    session.show(diagnostics);
    keys_of(&archive)
}

fn list(session: &Session, place: &Place, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    let mut diagnostics = Vec::new();
    let mut refused = None;
    let mut write = |key: MailKey| {
        if refused.is_none() {
            refused = write_line(out, &KeyLine::whole(&key)).err();
        }
    };
    match (&place.case, &place.archive) {
        (Some(dir), _) => Case::open(dir, Access::Read)?.for_each_key(&mut write)?,
        (None, Some(file)) => {
            let bytes =
                session.world.read(file, u64::MAX).map_err(|error| CommandError::from(error).at(file))?;
            archived(session, file, &bytes, &mut diagnostics).into_iter().for_each(&mut write);
        }
        (None, None) => {}
    }
    refused.map_or_else(|| Ok(Outcome::of(&diagnostics)), |error| Err(error.into()))
}

fn write_line(out: &mut dyn Write, line: &KeyLine<'_>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// A line of an archive, and of `preuve keys list`, which says more.
#[derive(Serialize)]
struct KeyLine<'k> {
    name: &'k str,
    txt: &'k str,
    origin: &'k str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen: Option<&'k str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<&'k str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    recovered: bool,
    /// `rsa` or `ed25519`.
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<u32>,
    /// Why no mail can be checked with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    unusable: Option<String>,
}

impl<'k> KeyLine<'k> {
    fn bare(key: &'k MailKey) -> Self {
        Self {
            name: &key.sighting.name,
            txt: &key.txt,
            origin: &key.sighting.origin,
            first_seen: key.sighting.first_seen.as_deref(),
            last_seen: key.sighting.last_seen.as_deref(),
            recovered: key.recovered,
            algorithm: None,
            bits: None,
            unusable: None,
        }
    }

    fn whole(key: &'k MailKey) -> Self {
        let bare = Self::bare(key);
        match KeyRecord::parse(&key.txt) {
            Ok(record) => {
                let algorithm = match record.key {
                    PublicKey::Rsa(_) => "rsa",
                    PublicKey::Ed25519(_) => "ed25519",
                };
                Self { algorithm: Some(algorithm), bits: Some(record.key.bits()), ..bare }
            }
            Err(error) => Self { unusable: Some(error.to_string()), ..bare },
        }
    }
}
