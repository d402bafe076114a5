//! `preuve examine`: the main job.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use preuve_report::{Provenance, ReportLang};

use crate::args::{Material, Together};
use crate::commands::{demo, operation, reading_parameters};
use crate::error::CommandError;
use crate::pipeline::{Examined, Keeping, Plan, ReportPlan, Stage, examine, write_reports};
use crate::session::{Outcome, Session};

/// Reads everything under the paths, finds who accuses whom of what on which evidence, collapses copies and
/// translations, and writes `report.html` (one file, opens offline) and `report.json`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct ExamineArgs {
    #[command(flatten)]
    material: Material,
    #[command(flatten)]
    together: Together,
    /// Archive of DKIM keys that mail is judged under, or a folder of archives; a case keeps them (`preuve help keys`)
    #[arg(long, value_name = "FILE|DIR")]
    keys: Vec<PathBuf>,
    /// Folder the report is written into
    #[arg(long, value_name = "DIR", default_value = "preuve-report")]
    out: PathBuf,
    /// Title of the report
    #[arg(long)]
    title: Option<String>,
    /// Language of the report; the page can be switched
    #[arg(long, value_enum, default_value = "en")]
    lang: Language,
    /// Link to the files given instead of copying them into the case
    #[arg(long, requires = "case")]
    in_place: bool,
    /// Examine an invented case that comes with the program, to see what a report is
    #[arg(long, conflicts_with = "paths")]
    demo: bool,
}

/// A language of the report.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    En,
    Fr,
}

const HELP: &str = "\
Example:
  preuve examine articles/ --metadata articles.csv --case affair/ --out report/
  Reads `articles/`, keeps copies, findings and a journal in `affair/`, and writes
  `report/report.html`. Run it again after more articles have come: only what is new is read.

Mail (.eml, mbox, Maildir, .msg, .pst, .ost, archives of these) is judged by its signatures as
`preuve authenticate` does.

Cost: about 23 ms of a processor for an article of 4 KB; memory of about 500 MB for 10,000 of
them. A mailbox streams and is never held in memory as a whole: 62,000 messages of 1.6 KB took
three minutes of a processor, most of it for who says what in them, 120 MB of memory, and 650 MB
for the case. Killed, it goes on where it stopped: at most 8 MB of reading, or the comparing of
the messages (an eighth of the time), is done again.";

/// Do the main job.
pub fn run(session: &Session, args: ExamineArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    let demo = if args.demo { Some(demo::unpack()?) } else { None };
    let material = demo.as_ref().map_or(&args.material, |demo| &demo.material);
    if material.paths.is_empty() && args.together.case.is_none() {
        return Err(CommandError::user("nothing to examine: no PATH was given")
            .hint("give a file or folder, or run `preuve examine --demo` to see an example"));
    }
    let mut parameters = reading_parameters(&material.reading);
    parameters.push(("in_place", args.in_place.into()));
    parameters
        .push(("as_of", args.together.as_of.map_or(serde_json::Value::Null, |at| at.to_string().into())));
    let plan = Plan {
        operation: operation(session, "examine", &material.paths, &parameters),
        material,
        case: args.together.case.as_deref(),
        keeping: if args.in_place { Keeping::InPlace } else { Keeping::Copies },
        keys: &args.keys,
        as_of: args.together.as_of,
        except: std::iter::once(&args.out).chain(&args.together.case).chain(&args.keys).cloned().collect(),
    };
    let examined = examine(session, plan, Stage::Weigh)?;
    if examined.case.item_count()? == 0 && examined.case.message_count()? == 0 {
        session.say("warning: no article was found in the material");
    }
    report(session, &args, demo.is_some(), &examined, out)?;
    let outcome = examined.conclude(session);
    writeln!(out, "\nThe report lies in {}", args.out.join("report.html").display())?;
    Ok(outcome)
}

fn report(
    session: &Session,
    args: &ExamineArgs,
    demo: bool,
    examined: &Examined,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let provenance = Provenance {
        program: "preuve".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: vec!["preuve".to_owned(), "examine".to_owned()],
        parameters: args.together.as_of.iter().map(|at| ("as_of".to_owned(), at.to_string())).collect(),
        generated: None,
    };
    let title = args.title.as_deref().or(demo.then_some(demo::TITLE));
    let lang = match args.lang {
        Language::En => ReportLang::En,
        Language::Fr => ReportLang::Fr,
    };
    write_reports(
        session,
        examined,
        &ReportPlan { out: &args.out, title, lang, provenance: &provenance },
        out,
    )?;
    out.flush()?;
    Ok(())
}
