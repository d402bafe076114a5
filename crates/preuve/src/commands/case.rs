//! `preuve case`: a case that is kept.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use preuve_case::LinkJudgement;
use preuve_store::{Access, Case, Status};

use crate::args::Material;
use crate::commands::{operation, reading_parameters};
use crate::error::CommandError;
use crate::mail::Judge;
use crate::pipeline::{Keeping, take_in, unread};
use crate::session::{Outcome, Session};
use crate::table::one_line;

/// A case is a folder: a database, the originals of all that was added, and a journal of what was done.
#[derive(Debug, Args)]
pub struct CaseArgs {
    #[command(subcommand)]
    verb: CaseVerb,
}

#[derive(Debug, Subcommand)]
enum CaseVerb {
    /// Make an empty case
    #[command(after_help = "Example:\n  preuve case new affair/\n\nCost: none.")]
    New {
        /// Folder of the case; must be empty or not exist
        dir: PathBuf,
    },
    /// Add material; what the case has already is not added again
    #[command(
        after_help = "Example:\n  preuve case add affair/ articles/ --metadata articles.csv\n\nCost: reading and \
copying; about 1,000 articles a second. May be interrupted at any moment and run again."
    )]
    Add {
        /// Folder of the case
        dir: PathBuf,
        #[command(flatten)]
        material: Material,
        /// Link to the files given instead of copying them
        #[arg(long)]
        in_place: bool,
    },
    /// What the case holds
    #[command(after_help = "Example:\n  preuve case status affair/ --items\n\nCost: none.")]
    Status {
        /// Folder of the case
        dir: PathBuf,
        /// List every item with its id
        #[arg(long)]
        items: bool,
        /// List every operation of the journal
        #[arg(long)]
        journal: bool,
    },
    /// Check every hash, every reference and the journal's chain
    #[command(after_help = "Example:\n  preuve case check affair/\n\nCost: reads every original once.")]
    Check {
        /// Folder of the case
        dir: PathBuf,
    },
    /// Say that one item derives from the other; stands above what the engine finds
    #[command(
        after_help = "Example:\n  preuve case link affair/ en03.txt es01.txt --why 'the desk told us so'\n\n\
Cost: none; `preuve examine --case affair/` counts again."
    )]
    Link(LinkArgs),
    /// Say that neither of two items derives from the other; stands above what the engine finds
    #[command(
        after_help = "Example:\n  preuve case unlink affair/ en03.txt fr02.txt --why 'two reporters, two texts'\n\n\
Cost: none; `preuve examine --case affair/` counts again."
    )]
    Unlink(LinkArgs),
}

#[derive(Debug, Args)]
struct LinkArgs {
    /// Folder of the case
    dir: PathBuf,
    /// Path, id or start of the id of an item
    a: String,
    /// The same of another
    b: String,
    /// The reason; it is kept in the journal and shown in the report
    #[arg(long)]
    why: String,
}

/// Run one of the verbs.
pub fn run(session: &Session, args: CaseArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    match args.verb {
        CaseVerb::New { dir } => {
            Case::create(&dir, operation(session, "case new", &[], &[]))?;
            session.say(&format!("made an empty case in {}", dir.display()));
            Ok(Outcome::Done)
        }
        CaseVerb::Add { dir, material, in_place } => add(session, &dir, &material, in_place),
        CaseVerb::Status { dir, items, journal } => {
            status(&Case::open(&dir, Access::Read)?, items, journal, out)
        }
        CaseVerb::Check { dir } => check(session, &Case::open(&dir, Access::Read)?, out),
        CaseVerb::Link(args) => judge(session, &args, true),
        CaseVerb::Unlink(args) => judge(session, &args, false),
    }
}

fn add(
    session: &Session,
    dir: &std::path::Path,
    material: &Material,
    in_place: bool,
) -> Result<Outcome, CommandError> {
    if material.paths.is_empty() {
        return Err(CommandError::user("nothing to add: no PATH was given").hint("give a file or folder"));
    }
    let mut case = Case::open(dir, Access::Write)?;
    let mut parameters = reading_parameters(&material.reading);
    parameters.push(("in_place", in_place.into()));
    case.begin(operation(session, "case add", &material.paths, &parameters));
    let keeping = if in_place { Keeping::InPlace } else { Keeping::Copies };
    let judge = Judge::of_case(&case)?;
    let taken = take_in(session, &mut case, material, keeping, &judge, &[dir.to_owned()])?;
    let diagnostics = unread(&case)?;
    session.show(&diagnostics);
    let known = if case.changed() { "" } else { "; the case had it all already" };
    let mail = match taken.new_messages {
        0 => String::new(),
        count => format!(", {count} new mail messages"),
    };
    session.say(&format!("{} files, {} new items{mail}{known}", taken.files, taken.new_items));
    Ok(Outcome::of(&diagnostics))
}

fn status(case: &Case, items: bool, journal: bool, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    write_status(&case.status()?, out)?;
    if items {
        writeln!(out)?;
        for (id, path) in case.item_list()? {
            writeln!(out, "{}  {}", id.short(), one_line(&path))?;
        }
    }
    if journal {
        writeln!(out)?;
        for entry in case.journal()? {
            writeln!(
                out,
                "{}  {}  {} {}  {} {}",
                entry.seq,
                entry.time,
                entry.command,
                entry.version,
                one_line(&entry.inputs),
                one_line(&entry.parameters)
            )?;
        }
    }
    Ok(Outcome::Done)
}

fn write_status(status: &Status, out: &mut dyn Write) -> std::io::Result<()> {
    let verdicts: Vec<String> =
        status.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    let mut mail = format!("{} messages, seen at {} places", status.messages, status.message_sightings);
    if !verdicts.is_empty() {
        mail = format!("{mail}: {}", verdicts.join(", "));
    }
    let rows: [(&str, String); 11] = [
        (
            "items",
            format!("{} ({} bytes), seen under {} paths", status.items, status.bytes, status.sightings),
        ),
        ("files read", status.sources.to_string()),
        ("diagnostics", status.diagnostics.to_string()),
        ("attributed", format!("{} items", status.attributed)),
        ("traced", format!("{} items", status.traced)),
        ("mail", mail),
        ("mail keys", format!("{} sightings", status.keys)),
        ("claims", status.claims.to_string()),
        ("links judged", status.links.to_string()),
        ("operations", status.operations.to_string()),
        (
            "last",
            status
                .last
                .as_ref()
                .map_or_else(String::new, |last| format!("{} at {}", last.command, last.time)),
        ),
    ];
    rows.iter().try_for_each(|(name, value)| writeln!(out, "{name:<13}{value}"))
}

fn check(session: &Session, case: &Case, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    let progress = session.progress("checking", case.item_count()? as u64);
    let outcome = case.check(&mut |_| progress.advance(1))?;
    drop(progress);
    session.show(&outcome.problems);
    let problems =
        outcome.problems.iter().filter(|problem| problem.severity > preuve_case::Severity::Note).count();
    writeln!(
        out,
        "{} originals, {} texts, {} journal entries checked: {}",
        outcome.originals,
        outcome.texts,
        outcome.operations,
        if problems == 0 { "all sound".to_owned() } else { format!("{problems} problems") }
    )?;
    Ok(Outcome::of(&outcome.problems))
}

fn judge(session: &Session, args: &LinkArgs, linked: bool) -> Result<Outcome, CommandError> {
    let mut case = Case::open(&args.dir, Access::Write)?;
    let (a, b) = (case.find_item(&args.a)?, case.find_item(&args.b)?);
    if a == b {
        return Err(CommandError::user(format!("`{}` and `{}` are the same item", args.a, args.b))
            .hint("give two different items"));
    }
    let command = if linked { "case link" } else { "case unlink" };
    let parameters =
        [("a", a.to_string().into()), ("b", b.to_string().into()), ("why", args.why.clone().into())];
    case.begin(operation(session, command, &[], &parameters));
    case.put_link(&LinkJudgement { a, b, linked, why: args.why.clone() })?;
    let done = if case.changed() { "kept" } else { "was kept already" };
    session.say(&format!(
        "judgement {done}\nhint: run `preuve examine --case {}` to count again",
        args.dir.display()
    ));
    Ok(Outcome::Done)
}
