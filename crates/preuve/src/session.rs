//! What every command has at hand: the world, how many threads, and how to speak to the person.

use std::io::{self, Write};

use preuve_case::{Diagnostic, Severity};

use crate::args::Globals;
use crate::messages::diagnostic_lines;
use crate::progress::Progress;
use crate::world::World;

/// How a command that was done ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All of it. Exit code 0.
    Done,
    /// Part of the material could not be read. Exit code 1.
    Partly,
}

impl Outcome {
    /// What the worst of `diagnostics` makes of it.
    pub fn of<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Self {
        let lost = diagnostics.into_iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        if lost { Self::Partly } else { Self::Done }
    }
}

/// One run of the program.
pub struct Session<'w> {
    /// Everything that is not the program.
    pub world: &'w dyn World,
    /// Threads to work with, at least one.
    pub threads: usize,
    quiet: bool,
    verbose: bool,
}

/// Diagnostics shown one by one unless `--verbose` asks for all.
const SHOWN: usize = 20;

impl<'w> Session<'w> {
    /// The session that the global arguments ask for.
    pub fn new(world: &'w dyn World, globals: &Globals) -> Self {
        let threads = globals.threads.map_or_else(|| world.threads(), usize::from);
        Self { world, threads, quiet: globals.quiet, verbose: globals.verbose }
    }

    /// A bar on standard error, if somebody watches it.
    pub fn progress(&self, what: &'static str, total: u64) -> Progress {
        let shown = !self.quiet && self.world.stderr_is_terminal();
        if shown { Progress::shown(what, total) } else { Progress::hidden() }
    }

    /// One line for the person, unless `--quiet`.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            // Progress and notices never stop the work, not even when standard error is closed.
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Show what is wrong with the material: errors and warnings first to last, notes when `--verbose`.
    pub fn show(&self, diagnostics: &[Diagnostic]) {
        let mut told: Vec<&Diagnostic> = diagnostics
            .iter()
            .filter(|diagnostic| self.verbose || diagnostic.severity > Severity::Note)
            .collect();
        told.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        let limit = if self.verbose { usize::MAX } else { SHOWN };
        for diagnostic in told.iter().take(limit) {
            self.say(&diagnostic_lines(diagnostic));
        }
        if told.len() > limit {
            self.say(&format!(
                "… and {} more\nhint: run with `--verbose` to see them all",
                told.len() - limit
            ));
        }
    }
}
