//! One command, one file: its arguments, its help with a worked example and what it costs, its run.

mod attributions;
mod authenticate;
mod case;
mod claims;
mod completions;
mod demo;
mod examine;
mod keys;
mod lineage;
mod man;

use std::io::Write;

use clap::Subcommand;
use serde_json::Value;

use crate::error::CommandError;
use crate::session::{Outcome, Session};

/// What can be done. A new verb is a line here, a line in [`Verb::run`] and a file beside this one.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The main job: read everything, run every engine, write report.html and report.json
    Examine(examine::ExamineArgs),
    /// Who says what, with which cue, on what evidence: one line an attribution
    Attributions(attributions::AttributionsArgs),
    /// Which article comes from which: one line an article
    Lineage(lineage::LineageArgs),
    /// Each accusation with who carries it, who denies it and what stands behind it: one line a claim
    Claims(claims::ClaimsArgs),
    /// Which mail messages are authentic, altered or cannot be checked: one line a message
    Authenticate(authenticate::AuthenticateArgs),
    /// Keys that mail is judged under: add, list, import, recover
    Keys(keys::KeysArgs),
    /// Make, fill, look at and check a case that is kept
    Case(case::CaseArgs),
    /// The completions of a shell, to standard output
    Completions(completions::CompletionsArgs),
    /// The manual page, to standard output
    Man(man::ManArgs),
}

impl Verb {
    /// Run the command.
    pub fn run(self, session: &Session, out: &mut dyn Write) -> Result<Outcome, CommandError> {
        match self {
            Self::Examine(args) => examine::run(session, args, out),
            Self::Attributions(args) => attributions::run(session, args, out),
            Self::Lineage(args) => lineage::run(session, args, out),
            Self::Claims(args) => claims::run(session, args, out),
            Self::Authenticate(args) => authenticate::run(session, args, out),
            Self::Keys(args) => keys::run(session, args, out),
            Self::Case(args) => case::run(session, args, out),
            Self::Completions(args) => completions::run(args, out),
            Self::Man(args) => man::run(args, out),
        }
    }
}

/// What a command is about to do, for the journal of a case.
fn operation(
    session: &Session,
    command: &str,
    inputs: &[std::path::PathBuf],
    parameters: &[(&str, Value)],
) -> preuve_store::Operation {
    preuve_store::Operation {
        command: command.to_owned(),
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        inputs: inputs.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: session.world.now(),
    }
}

/// The parameters of reading, for the journal.
fn reading_parameters(args: &crate::args::ReadingArgs) -> Vec<(&'static str, Value)> {
    vec![
        ("metadata", args.metadata.as_ref().map_or(Value::Null, |path| path.to_string_lossy().into())),
        ("column", args.columns.clone().into()),
        ("hidden", args.hidden.into()),
        ("follow_links", args.follow_links.into()),
    ]
}

/// A word of the vocabulary as the contract writes it (`named_person`).
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}
