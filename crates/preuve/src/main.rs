//! `preuve`: from a folder of articles to accusations with their evidence.
//!
//! This file is the table of contents: arguments in, one command run, an exit code out. A command lives in one
//! file under [`commands`]; the main job is [`pipeline`].

mod args;
mod commands;
mod engines;
mod error;
mod lines;
mod mail;
mod messages;
mod parallel;
mod pipeline;
mod progress;
mod reading;
mod session;
mod table;
mod walk;
mod world;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::commands::Verb;
use crate::error::CommandError;
use crate::session::{Outcome, Session};
use crate::world::RealWorld;

/// Shows, for each accusation in a folder of articles, who makes it, on what evidence, who denies it, and how
/// many independent sources stand behind it. Works offline; nothing leaves the machine.
#[derive(Debug, Parser)]
#[command(name = "preuve", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    globals: args::Globals,
    #[command(subcommand)]
    verb: Verb,
}

const AFTER_HELP: &str = "\
Try it:         preuve examine --demo
The main job:   preuve examine FOLDER --metadata articles.csv
More on a verb: preuve help VERB, with a worked example and what it costs
Exit codes:     0 done · 1 done, but part of the material was not read · 2 not done · 255 a bug";

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|refused| refused.exit());
    let done = std::panic::catch_unwind(|| run(cli))
        .unwrap_or_else(|_| Err(CommandError::internal("stopped at a fault of its own")));
    match done {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(1),
        Err(error) => {
            if error.exit_code() != 0 {
                // Standard error may be closed too; there is nobody left to tell.
                let _ = writeln!(io::stderr(), "{error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(cli: Cli) -> Result<Outcome, CommandError> {
    let session = Session::new(&RealWorld, &cli.globals);
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = cli.verb.run(&session, &mut out)?;
    out.flush()?;
    Ok(outcome)
}
