//! Arguments that several commands share.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::session::Session;

/// Arguments of every command.
#[derive(Debug, Args)]
pub struct Globals {
    /// Threads to work with; all processors unless told. Never changes an output
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Say nothing on standard error but why a command was not done
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say everything on standard error, notes included
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// What to read, and how.
#[derive(Debug, Clone, Default, Args)]
pub struct Material {
    /// Files and folders to read: text, Markdown, HTML, PDF, DOCX, ODT, CSV, JSON, JSONL, and archives of these
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How to read.
#[derive(Debug, Clone, Default, Args)]
pub struct ReadingArgs {
    /// Table (CSV, JSON or JSONL) with a column `file` and any of lang, outlet, url, published, title, byline
    #[arg(long, value_name = "FILE")]
    pub metadata: Option<PathBuf>,
    /// Which column of a table holds what, where its name does not tell (`text=corps`); may be given again
    #[arg(long = "column", value_name = "FIELD=COLUMN")]
    pub columns: Vec<String>,
    /// Read hidden files and folders too
    #[arg(long)]
    pub hidden: bool,
    /// Follow links inside folders
    #[arg(long)]
    pub follow_links: bool,
}

/// Arguments of the engines that look at all articles together.
#[derive(Debug, Clone, Default, Args)]
pub struct Together {
    /// Folder of a case, made if it is not there; what it holds is examined too. Without it nothing is kept
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// Do not trust dates of publication after this (`2027-09-30`); all are trusted unless told
    #[arg(long, value_name = "DATE", value_parser = parse_as_of)]
    pub as_of: Option<Timestamp>,
}

/// The end of a day, or a time.
fn parse_as_of(text: &str) -> Result<Timestamp, String> {
    let day = text.parse::<jiff::civil::Date>().and_then(|day| day.at(23, 59, 59, 0).to_zoned(TimeZone::UTC));
    let moment = if text.contains('T') { text.parse() } else { day.map(|zoned| zoned.timestamp()) };
    moment.map_err(|_| format!("`{text}` is no date; write `2027-09-30` or `2027-09-30T12:00:00Z`"))
}

/// How a command that streams writes its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table for people.
    Table,
}

/// Choice of the format.
#[derive(Debug, Clone, Default, Args)]
pub struct FormatArgs {
    /// One JSON object a line, or a table; a table only when a person watches, unless told
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

impl FormatArgs {
    /// The format asked for, else the one that suits standard output.
    pub fn resolve(&self, session: &Session) -> Format {
        let suits = if session.world.stdout_is_terminal() { Format::Table } else { Format::Jsonl };
        self.format.unwrap_or(suits)
    }
}
