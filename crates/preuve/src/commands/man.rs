//! `preuve man`: the manual page, made from the arguments themselves.

use std::io::Write;

use clap::{Args, CommandFactory};

use crate::Cli;
use crate::error::CommandError;
use crate::session::Outcome;

/// Writes the manual page of the program, or of one verb, to standard output.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  preuve man examine | man -l -\n\nCost: none.")]
pub struct ManArgs {
    /// The verb; the program itself unless told
    verb: Option<String>,
}

/// Print the page.
pub fn run(args: ManArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    let mut program = Cli::command();
    program.build();
    let command = match &args.verb {
        None => program,
        Some(verb) => program
            .find_subcommand(verb)
            .ok_or_else(|| CommandError::user(format!("`{verb}` is no verb")).hint("run `preuve help`"))?
            .clone(),
    };
    clap_mangen::Man::new(command).render(&mut &mut *out)?;
    Ok(Outcome::Done)
}
