//! `preuve authenticate`: which messages of a mailbox are authentic, and what else is noticed about them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use preuve_case::{Diagnostic, ItemId, MailThread, MailVerdict, MessageFinding, MessageRef, Observation};
use preuve_store::{Case, PackedMessage};
use serde::Serialize;

use crate::args::{Format, FormatArgs, Material};
use crate::commands::{operation, reading_parameters, word};
use crate::error::CommandError;
use crate::mail::{Judge, read_keys};
use crate::parallel::parallel_map;
use crate::pipeline::{Keeping, Plan, Stage, examine, intake_params, list_files, metadata_of};
use crate::reading::{KeepNothing, Piece, Reading};
use crate::session::{Outcome, Session};
use crate::table::Table;

/// Judges each mail message by its DKIM signatures and ARC chain, offline, with keys from an archive: header and
/// body apart, as of the message's own date. A verdict other than `valid` says what is missing for it. Beside the
/// verdict stands what is noticed when the messages are held against one another; it changes no verdict.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct AuthenticateArgs {
    #[command(flatten)]
    material: Material,
    /// Archive of DKIM keys, or a folder of archives: lines of `NAME<TAB>TXT`, JSON objects or zone-file TXT records
    #[arg(long, value_name = "FILE|DIR")]
    keys: Vec<PathBuf>,
    /// Folder of a case, made if it is not there; the mail it holds is judged too, under its keys too
    #[arg(long, value_name = "DIR")]
    case: Option<PathBuf>,
    /// Link to the files given instead of copying them into the case
    #[arg(long, requires = "case")]
    in_place: bool,
    /// Verdicts alone, each as soon as it is there: no observations, no threads, no other places
    #[arg(long, conflicts_with = "case")]
    no_context: bool,
    #[command(flatten)]
    format: FormatArgs,
}

const HELP: &str = "\
Example:
  preuve authenticate leak.mbox --keys keys.txt | jq -r '[.verdict, .from, .date, .subject] | @tsv'
  where keys.txt holds lines such as  s1._domainkey.example.org<TAB>v=DKIM1; k=rsa; p=MIIB…
  Reads .eml, mbox, Maildir folders, Outlook's .msg, .pst and .ost, and archives of these. One JSON object for
  each place a message was seen at: `item` and `index` say where, `seen_at` where else, `signatures`, `arc` and
  `checks` what the verdict rests on, `observations` and `thread` what was noticed beside it.

What a verdict proves: docs/methods/authenticity.md. Only `valid` says that all a reader is shown was signed by a
key of the domain in From and is unchanged. No verdict says who sat at the keyboard. Keys are never fetched.

Cost: about two milliseconds of a processor for a message of 30 KB, three with `--case`, and some kilobytes a message
on the disk for temporary files; memory holds a few messages at a time. With `--no-context` about 4,500 such messages
a second and processor, and no temporary files.";

/// Judge all messages under the paths.
pub fn run(session: &Session, args: AuthenticateArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    if args.material.paths.is_empty() && args.case.is_none() {
        return Err(
            CommandError::user("nothing to read: no PATH was given").hint("give a file or folder of mail")
        );
    }
    let writer = Writer::new(args.format.resolve(session), session.world.columns(), out);
    let (diagnostics, counts) =
        if args.no_context { stream(session, &args, writer)? } else { in_context(session, &args, writer)? };
    session.show(&diagnostics);
    tell_counts(session, &counts, &args);
    Ok(Outcome::of(&diagnostics))
}

type Counts = BTreeMap<MailVerdict, u64>;

fn tell_counts(session: &Session, counts: &Counts, args: &AuthenticateArgs) {
    let told: Vec<String> =
        counts.iter().map(|(verdict, count)| format!("{count} {}", word(verdict))).collect();
    session.say(&format!("{} messages: {}", counts.values().sum::<u64>(), told.join(", ")));
    if args.keys.is_empty() && counts.contains_key(&MailVerdict::KeyUnknown) {
        session.say("hint: no keys were given, so signatures could not be checked; run with `--keys FILE`");
    }
}

/// Whether a diagnostic is about mail, not about the words and attachments that `examine` reads.
fn about_mail(diagnostic: &Diagnostic) -> bool {
    ["intake::mail", "intake::archive", "walk::", "keys::", "mail::"]
        .iter()
        .any(|start| diagnostic.code.starts_with(start))
}

/// Into a case, which lasts as long as the command unless it is to be kept; then out of it, one line a sighting.
fn in_context(
    session: &Session,
    args: &AuthenticateArgs,
    mut writer: Writer<'_>,
) -> Result<(Vec<Diagnostic>, Counts), CommandError> {
    let mut parameters = reading_parameters(&args.material.reading);
    parameters.push(("in_place", args.in_place.into()));
    let keeping = match (&args.case, args.in_place) {
        (None, _) => Keeping::MailAlone,
        (Some(_), true) => Keeping::InPlace,
        (Some(_), false) => Keeping::Copies,
    };
    let plan = Plan {
        operation: operation(session, "authenticate", &args.material.paths, &parameters),
        material: &args.material,
        case: args.case.as_deref(),
        keeping,
        keys: &args.keys,
        as_of: None,
        except: args.case.iter().chain(&args.keys).cloned().collect(),
    };
    let examined = examine(session, plan, Stage::Correspond)?;
    let counts = write_case(session, &examined.case, &mut writer)?;
    writer.finish()?;
    let diagnostics = examined.diagnostics.into_iter().filter(about_mail).collect();
    Ok((diagnostics, counts))
}

/// Lines made at one time.
const WINDOW: usize = 256;

fn write_case(session: &Session, case: &Case, writer: &mut Writer<'_>) -> Result<Counts, CommandError> {
    let sightings = case.message_sightings()?;
    let threads = case.threads()?;
    let progress = session.progress("writing", sightings.len() as u64);
    let (mut counts, mut counted) = (Counts::new(), BTreeSet::new());
    for window in sightings.chunks(WINDOW) {
        let mut loaded = Vec::with_capacity(window.len());
        for at in window {
            let message = case
                .packed_message(at.id)?
                .ok_or_else(|| CommandError::internal(format!("message {} was not judged", at.id)))?;
            let seen_at = case.seen_at(at.id)?.into_iter().filter(|other| other != at).collect();
            let (observations, thread) = case.observed(at.id)?;
            let thread = thread.and_then(|number| threads.get(number));
            loaded.push(Sighted { at, message, observations, thread, seen_at });
        }
        let findings = parallel_map(&loaded, session.threads, |sighted| sighted.message.finding());
        for (sighted, finding) in loaded.iter().zip(findings) {
            let finding = finding?;
            if counted.insert(sighted.at.id) {
                *counts.entry(finding.verdict).or_default() += 1;
            }
            writer.write(&MessageLine {
                item: &sighted.at.path,
                index: sighted.at.index,
                id: sighted.at.id,
                finding: &finding,
                context: Some(Context {
                    observations: &sighted.observations,
                    thread: sighted.thread.map(ThreadLine::of),
                    seen_at: &sighted.seen_at,
                }),
            })?;
        }
        progress.advance(window.len());
    }
    Ok(counts)
}

/// A message of the case at one of its places.
struct Sighted<'c> {
    at: &'c MessageRef,
    message: PackedMessage,
    observations: Vec<Observation>,
    thread: Option<&'c MailThread>,
    seen_at: Vec<MessageRef>,
}

/// Straight from the files to standard output.
fn stream(
    session: &Session,
    args: &AuthenticateArgs,
    mut writer: Writer<'_>,
) -> Result<(Vec<Diagnostic>, Counts), CommandError> {
    let params = intake_params(&args.material.reading)?;
    let (metadata, mut diagnostics, _) = metadata_of(session, &args.material.reading, &params)?;
    let judge = Judge::of_keys(&read_keys(session, &args.keys, &mut diagnostics)?);
    let walk = list_files(session, &args.material, &args.keys)?;
    diagnostics.extend(walk.diagnostics);
    let reading = Reading {
        world: session.world,
        threads: session.threads,
        params: &params,
        metadata: &metadata,
        known: &BTreeSet::new(),
        begun: &BTreeMap::new(),
        mail: Some(&judge),
        items: false,
        keeper: &KeepNothing,
    };
    let progress = session.progress("authenticating", walk.files.len() as u64);
    let mut counts = Counts::new();
    reading.run(&walk.files, &mut |pieces| {
        progress.advance(pieces.files);
        for (_, piece) in pieces.pieces {
            match piece {
                Piece::Message(message) => {
                    *counts.entry(message.finding.verdict).or_default() += 1;
                    writer.write(&MessageLine {
                        item: &message.at.path,
                        index: message.at.index,
                        id: message.at.id,
                        finding: &message.finding,
                        context: None,
                    })?;
                }
                Piece::Diagnostic(diagnostic) => diagnostics.extend(Some(diagnostic).filter(about_mail)),
                Piece::Item(..) | Piece::Progress(_) | Piece::End(_) => {}
            }
        }
        Ok(())
    })?;
    writer.finish()?;
    Ok((diagnostics, counts))
}

/// One line of the output.
#[derive(Serialize)]
struct MessageLine<'l> {
    item: &'l str,
    index: u64,
    /// SHA-256 of the message: the same message in two mailboxes has one id.
    id: ItemId,
    #[serde(flatten)]
    finding: &'l MessageFinding,
    #[serde(flatten)]
    context: Option<Context<'l>>,
}

/// What stands beside the verdict.
#[derive(Serialize)]
struct Context<'l> {
    observations: &'l [Observation],
    /// The messages it stands among; `null` where it stands alone.
    thread: Option<ThreadLine<'l>>,
    /// The other places the same message was seen at.
    seen_at: &'l [MessageRef],
}

/// Members of a thread, and ids that are missing, that a line names.
const NAMED: usize = 100;

/// A thread, the first of its members and of the ids that are missing.
#[derive(Serialize)]
struct ThreadLine<'l> {
    size: usize,
    members: &'l [MessageRef],
    missing: &'l [String],
}

impl<'l> ThreadLine<'l> {
    fn of(thread: &'l MailThread) -> Self {
        Self {
            size: thread.members.len(),
            members: &thread.members[..thread.members.len().min(NAMED)],
            missing: &thread.missing[..thread.missing.len().min(NAMED)],
        }
    }
}

enum Writer<'o> {
    Jsonl(&'o mut dyn Write),
    Table(Table<'o>),
}

impl<'o> Writer<'o> {
    fn new(format: Format, width: usize, out: &'o mut dyn Write) -> Self {
        let titles = ["item", "message", "verdict", "why", "noticed", "from", "date", "subject"];
        match format {
            Format::Jsonl => Self::Jsonl(out),
            Format::Table => Self::Table(Table::new(out, width, &titles)),
        }
    }

    fn write(&mut self, line: &MessageLine<'_>) -> Result<(), CommandError> {
        match self {
            Self::Jsonl(out) => {
                serde_json::to_writer(&mut **out, line)?;
                out.write_all(b"\n")?;
            }
            Self::Table(table) => {
                let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
                table.row(vec![
                    line.item.to_owned(),
                    line.index.to_string(),
                    word(&line.finding.verdict),
                    line.finding.reasons.join(", "),
                    line.context.as_ref().map_or_else(String::new, noticed),
                    shown(&line.finding.from),
                    shown(&line.finding.date),
                    shown(&line.finding.subject),
                ])?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), CommandError> {
        if let Self::Table(table) = self {
            table.finish()?;
        }
        Ok(())
    }
}

/// Names of what does not fit or has the traits of a lure.
fn noticed(context: &Context<'_>) -> String {
    let fails = |seen: &&Observation| {
        seen.outcome == preuve_case::CheckOutcome::Fail || seen.kind == preuve_case::ObservationKind::Lure
    };
    let names: Vec<&str> = context.observations.iter().filter(fails).map(|seen| seen.name.as_str()).collect();
    names.join(", ")
}
