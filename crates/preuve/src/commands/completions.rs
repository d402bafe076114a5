//! `preuve completions`: completions for a shell, made from the arguments themselves.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Cli;
use crate::error::CommandError;
use crate::session::Outcome;

/// Writes the completions of a shell to standard output.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  preuve completions bash > ~/.local/share/bash-completion/completions/preuve\n\nCost: none."
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the completions.
pub fn run(args: CompletionsArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "preuve", &mut script);
    out.write_all(&script)?;
    Ok(Outcome::Done)
}
