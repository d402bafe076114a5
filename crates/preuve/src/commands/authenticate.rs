//! `preuve authenticate`: which messages of a mailbox are authentic, streamed.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use preuve_case::{Diagnostic, Item, ItemId, MailVerdict, MessageFinding, Severity};
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_intake::mail::mailbox::{Mailbox, is_separator};
use preuve_intake::{FoundMessage, IntakeParams, Sink, read_material};
use serde::Serialize;

use crate::args::{Format, FormatArgs, Material};
use crate::commands::word;
use crate::error::CommandError;
use crate::parallel::parallel_map;
use crate::pipeline::{intake_params, list_files};
use crate::session::{Outcome, Session};
use crate::table::Table;
use crate::walk::{SourceFile, WalkParams, unreadable, walk};

/// Judges each mail message by its DKIM signatures and ARC chain, offline, with keys from an archive: header and
/// body apart, as of the message's own date. A verdict other than `valid` says what is missing for it.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct AuthenticateArgs {
    #[command(flatten)]
    material: Material,
    /// Archive of DKIM keys, or a folder of archives: lines of `NAME<TAB>TXT`, JSON objects or zone-file TXT records
    #[arg(long, value_name = "FILE|DIR")]
    keys: Vec<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
}

const HELP: &str = "\
Example:
  preuve authenticate leak.mbox --keys keys.txt | jq -r '[.verdict, .from, .date, .subject] | @tsv'
  where keys.txt holds lines such as  s1._domainkey.example.org<TAB>v=DKIM1; k=rsa; p=MIIB…
  Reads .eml, mbox, Maildir folders, and archives of these. One JSON object a message.

What a verdict proves: docs/methods/authenticity.md. Only `valid` says that all a reader is shown was signed by a
key of the domain in From and is unchanged. No verdict says who sat at the keyboard.

Cost: about 10,000 messages a second and processor with RSA-2048; memory holds a few messages at a time.";

/// Most bytes kept of one message.
const MAX_MESSAGE: usize = 256 << 20;
/// Messages judged at one time.
const WINDOW_MESSAGES: usize = 512;
/// Bytes of messages judged at one time.
const WINDOW_BYTES: usize = 8 << 20;

/// Judge all messages under the paths.
pub fn run(session: &Session, args: AuthenticateArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    if args.material.paths.is_empty() {
        return Err(
            CommandError::user("nothing to read: no PATH was given").hint("give a file or folder of mail")
        );
    }
    let params = intake_params(&args.material.reading)?;
    let mut diagnostics = Vec::new();
    let keys = read_keys(session, &args.keys, &mut diagnostics)?;
    let found = list_files(session, &args.material, &[])?;
    diagnostics.extend(found.diagnostics);
    let progress = session.progress("authenticating", found.files.len() as u64);
    let mut judging = Judging {
        session,
        keys: &keys,
        waiting: Vec::new(),
        waiting_bytes: 0,
        counts: BTreeMap::new(),
        writer: Writer::new(args.format.resolve(session), session.world.columns(), out),
    };
    for file in &found.files {
        read_file(session, file, &params, &mut judging, &mut diagnostics)?;
        progress.advance(1);
    }
    judging.flush()?;
    let counts = std::mem::take(&mut judging.counts);
    judging.writer.finish()?;
    drop(progress);
    session.show(&diagnostics);
    tell_counts(session, &counts, &args.keys);
    Ok(Outcome::of(&diagnostics))
}

fn tell_counts(session: &Session, counts: &BTreeMap<MailVerdict, u64>, keys: &[PathBuf]) {
    let told: Vec<String> =
        counts.iter().map(|(verdict, count)| format!("{count} {}", word(verdict))).collect();
    session.say(&format!("{} messages: {}", counts.values().sum::<u64>(), told.join(", ")));
    if keys.is_empty() {
        session.say("hint: no keys were given, so no signature could be checked; run with `--keys FILE`");
    }
}

/// All keys of the archives named; a folder gives every file in it.
fn read_keys(
    session: &Session,
    paths: &[PathBuf],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<KeyArchive, CommandError> {
    let mut keys = KeyArchive::default();
    let params = WalkParams { hidden: false, follow_links: false, except: std::collections::BTreeSet::new() };
    let found = walk(session.world, paths, &params).map_err(|(path, error)| {
        CommandError::user(format!("{}: the key archive cannot be read: {error}", path.display()))
    })?;
    diagnostics.extend(found.diagnostics);
    for file in found.files {
        match session.world.read(&file.location, u64::MAX) {
            Ok(bytes) => diagnostics.extend(keys.read(&file.path, &bytes)),
            Err(error) => diagnostics.push(unreadable(&file.path, &error)),
        }
    }
    Ok(keys)
}

/// Bytes that tell a mailbox from other files.
const HEAD: u64 = 1_024;

fn read_file(
    session: &Session,
    file: &SourceFile,
    params: &IntakeParams,
    judging: &mut Judging<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), CommandError> {
    let head = match session.world.read(&file.location, HEAD) {
        Ok(head) => head,
        Err(error) => {
            diagnostics.push(unreadable(&file.path, &error));
            return Ok(());
        }
    };
    if is_separator(head.split(|&byte| byte == b'\n').next().unwrap_or_default()) {
        return read_mailbox(session, &file.path, &file.location, judging, diagnostics);
    }
    match session.world.read(&file.location, MAX_MESSAGE as u64) {
        Ok(bytes) => {
            let mut sink = Messages { judging, diagnostics, fault: None };
            read_material(&file.path, &bytes, params, &mut sink);
            sink.fault.map_or(Ok(()), Err)
        }
        Err(error) => {
            diagnostics.push(unreadable(&file.path, &error));
            Ok(())
        }
    }
}

fn read_mailbox(
    session: &Session,
    path: &str,
    location: &Path,
    judging: &mut Judging<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), CommandError> {
    let reader = match session.world.open(location) {
        Ok(reader) => reader,
        Err(error) => {
            diagnostics.push(unreadable(path, &error));
            return Ok(());
        }
    };
    for (index, message) in (0u64..).zip(Mailbox::new(reader, MAX_MESSAGE)) {
        match message {
            Err(error) => {
                diagnostics.push(unreadable(path, &error));
                break;
            }
            Ok(message) => {
                if message.left_out > 0 {
                    let told =
                        format!("message {index} is longer than {MAX_MESSAGE} bytes; its end was not read");
                    let end = message.offset + message.bytes.len() as u64 + message.left_out;
                    let diagnostic = Diagnostic::new(path, Severity::Error, "intake::mail_too_long", told);
                    diagnostics.push(diagnostic.at_bytes(message.offset, end));
                }
                judging.take(path, index, message.bytes, true)?;
            }
        }
    }
    Ok(())
}

/// Takes the messages that the readers find in archives, folders and attachments.
struct Messages<'m, 'j, 'o> {
    judging: &'m mut Judging<'j, 'o>,
    diagnostics: &'m mut Vec<Diagnostic>,
    fault: Option<CommandError>,
}

impl Sink for Messages<'_, '_, '_> {
    fn item(&mut self, _: Item, _: &[u8]) {}

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        // Words and attachments are the business of `examine`; here only what keeps a message from being judged.
        if diagnostic.code.starts_with("intake::mail") || diagnostic.code.starts_with("intake::archive") {
            self.diagnostics.push(diagnostic);
        }
    }

    fn message(&mut self, message: FoundMessage<'_>) {
        if self.fault.is_none() {
            let taken =
                self.judging.take(message.path, message.index, message.bytes.to_vec(), message.in_mailbox);
            self.fault = taken.err();
        }
    }
}

/// A message that waits to be judged.
struct Waiting {
    item: String,
    index: u64,
    bytes: Vec<u8>,
    in_mailbox: bool,
}

struct Judging<'j, 'o> {
    session: &'j Session<'j>,
    keys: &'j KeyArchive,
    waiting: Vec<Waiting>,
    waiting_bytes: usize,
    counts: BTreeMap<MailVerdict, u64>,
    writer: Writer<'o>,
}

impl Judging<'_, '_> {
    fn take(&mut self, item: &str, index: u64, bytes: Vec<u8>, in_mailbox: bool) -> Result<(), CommandError> {
        self.waiting_bytes += bytes.len();
        self.waiting.push(Waiting { item: item.to_owned(), index, bytes, in_mailbox });
        let full = self.waiting.len() >= WINDOW_MESSAGES || self.waiting_bytes >= WINDOW_BYTES;
        if full { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), CommandError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let judged = parallel_map(&waiting, self.session.threads, |message| {
            let params = MailParams { in_mailbox: message.in_mailbox, most_signatures: 50 };
            (ItemId::of(&message.bytes), verify_message(&message.bytes, self.keys, &params))
        });
        for (message, (id, finding)) in waiting.iter().zip(judged) {
            *self.counts.entry(finding.verdict).or_default() += 1;
            self.writer.write(&MessageLine {
                item: &message.item,
                index: message.index,
                id,
                finding: &finding,
            })?;
        }
        Ok(())
    }
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
}

enum Writer<'o> {
    Jsonl(&'o mut dyn Write),
    Table(Table<'o>),
}

impl<'o> Writer<'o> {
    fn new(format: Format, width: usize, out: &'o mut dyn Write) -> Self {
        let titles = ["item", "message", "verdict", "why", "from", "date", "subject"];
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
