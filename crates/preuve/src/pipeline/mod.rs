//! The main job, one stage after the other, each in its file:
//!
//! ```text
//! walk ─► intake ─► case ─► authenticate ─► correspond ─► trace ─► attribute ─► weigh ─► report
//! ```
//! Every stage reads from the case and writes to it, a batch at a time; so memory stays bounded, an interrupted
//! run goes on where it stopped, and what was done before is not done again.

mod attribute;
mod authenticate;
mod correspond;
mod intake;
mod noted;
mod report;
mod texts;
mod trace;
mod weigh;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use preuve_case::Diagnostic;
use preuve_store::{Access, Case, Operation};

pub use attribute::attribute;
pub use authenticate::authenticate;
pub use correspond::correspond;
pub use intake::{Keeping, intake_params, list_files, metadata_of, take_in};
pub use noted::unread;
pub use report::{ReportPlan, write_reports};
pub use trace::trace;
pub use weigh::weigh;

use crate::args::Material;
use crate::error::CommandError;
use crate::mail::{Judge, read_keys};
use crate::session::{Outcome, Session};

/// What the main job was asked.
pub struct Plan<'p> {
    /// The command and its parameters, for the journal.
    pub operation: Operation,
    /// What to read; nothing, for a case that holds it all.
    pub material: &'p Material,
    /// The case, if it is to be kept.
    pub case: Option<&'p Path>,
    /// How originals are kept.
    pub keeping: Keeping,
    /// Archives of keys that mail is judged under, besides the keys of the case.
    pub keys: &'p [PathBuf],
    /// Dates of publication after this are not trusted.
    pub as_of: Option<Timestamp>,
    /// Folders of ours that are not read back.
    pub except: Vec<PathBuf>,
}

/// The case after the stages, and what is wrong with the material.
pub struct Examined {
    /// The case.
    pub case: Case,
    /// What could not be read, or was met on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// What the attribution engine had to say; the report has it from the findings themselves.
    pub about_texts: Vec<Diagnostic>,
}

/// Read the material into a case and run every stage up to `last` on it.
pub fn examine(session: &Session, plan: Plan, last: Stage) -> Result<Examined, CommandError> {
    let mut case = open_case(plan.case, &plan.operation)?;
    case.begin(plan.operation);
    let about_keys = add_keys(session, &mut case, plan.keys)?;
    let judge = Judge::of_case(&case)?;
    take_in(session, &mut case, plan.material, plan.keeping, &judge, &plan.except)?;
    authenticate(session, &mut case, &judge)?;
    correspond(session, &mut case)?;
    if last == Stage::Correspond {
        return conclude(case, about_keys, Vec::new());
    }
    let left_out = texts::left_out(&mut case)?;
    trace(session, &mut case, plan.as_of, &left_out)?;
    let mut about_texts = Vec::new();
    if last == Stage::Weigh {
        attribute(session, &mut case)?;
        about_texts = weigh(session, &mut case, &left_out)?;
    }
    conclude(case, about_keys, about_texts)
}

fn conclude(
    case: Case,
    about_keys: Vec<Diagnostic>,
    about_texts: Vec<Diagnostic>,
) -> Result<Examined, CommandError> {
    let mut diagnostics = noted::noted(&case)?;
    diagnostics.extend(about_keys);
    diagnostics.sort();
    Ok(Examined { case, diagnostics, about_texts })
}

/// Bring the keys of the archives into the case; what could not be read of them.
pub fn add_keys(
    session: &Session,
    case: &mut Case,
    archives: &[PathBuf],
) -> Result<Vec<Diagnostic>, CommandError> {
    let mut diagnostics = Vec::new();
    let keys = read_keys(session, archives, &mut diagnostics)?;
    case.add_keys(&keys)?;
    Ok(diagnostics)
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// What mail says when its messages are held against one another.
    Correspond,
    /// What comes from what.
    Trace,
    /// What stands behind each accusation.
    Weigh,
}

impl Examined {
    /// Tell the person what could not be read or may be misread; how the command ends.
    pub fn conclude(&self, session: &Session) -> Outcome {
        let mut all: Vec<Diagnostic> = self.diagnostics.iter().chain(&self.about_texts).cloned().collect();
        all.sort();
        session.show(&all);
        Outcome::of(&all)
    }
}

/// The case in `folder`, made if it is not there; one that lasts as long as the command where there is no folder.
pub fn open_case(folder: Option<&Path>, operation: &Operation) -> Result<Case, CommandError> {
    let Some(folder) = folder else { return Ok(Case::temporary()?) };
    if folder.join("case.db").exists() {
        return Ok(Case::open(folder, Access::Write)?);
    }
    let made = Operation { command: "case new".to_owned(), inputs: Vec::new(), ..operation.clone() };
    Ok(Case::create(folder, made)?)
}
