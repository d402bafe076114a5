//! `preuve claims`: each accusation with what stands behind it.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use preuve_case::ItemId;

use crate::args::{Format, FormatArgs, Material, Together};
use crate::commands::{operation, reading_parameters, word};
use crate::error::CommandError;
use crate::lines::ClaimLine;
use crate::pipeline::{Examined, Keeping, Plan, Stage, examine};
use crate::session::{Outcome, Session};
use crate::table::Table;

/// Brings the accusations of all articles together: who is accused of what, who carries it, who denies it, how
/// many independent sources stand behind it at least and at most, and why.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct ClaimsArgs {
    #[command(flatten)]
    material: Material,
    #[command(flatten)]
    together: Together,
    #[command(flatten)]
    format: FormatArgs,
}

const HELP: &str = "\
Example:
  preuve claims articles/ --metadata articles.csv --format jsonl
  One JSON object a claim. The count of sources is an interval, at least and at most; `why` gives
  its reasons.

Cost: that of `examine` without the report.";

/// Print every claim.
pub fn run(session: &Session, args: ClaimsArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    if args.material.paths.is_empty() && args.together.case.is_none() {
        return Err(CommandError::user("nothing to read: no PATH was given").hint("give a file or folder"));
    }
    let plan = Plan {
        operation: operation(
            session,
            "claims",
            &args.material.paths,
            &reading_parameters(&args.material.reading),
        ),
        material: &args.material,
        case: args.together.case.as_deref(),
        keeping: Keeping::Copies,
        keys: &[],
        as_of: args.together.as_of,
        except: args.together.case.iter().cloned().collect(),
    };
    let examined = examine(session, plan, Stage::Weigh)?;
    print(session, &examined, args.format.resolve(session), out)?;
    Ok(examined.conclude(session))
}

fn print(
    session: &Session,
    examined: &Examined,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let mut paths: BTreeMap<ItemId, Vec<String>> = BTreeMap::new();
    for (id, path) in examined.case.item_list()? {
        paths.entry(id).or_default().push(path);
    }
    for sighting in examined.case.other_sightings()? {
        paths.entry(sighting.item).or_default().push(sighting.path);
    }
    let claims = examined.case.claims()?;
    let lines = claims.iter().map(|claim| {
        let carriers = claim.carried_by.iter().filter_map(|id| paths.get(id)).flatten();
        let mut carried_by: Vec<&str> = carriers.map(String::as_str).collect();
        carried_by.sort_unstable();
        ClaimLine::new(claim, carried_by)
    });
    match format {
        Format::Jsonl => {
            for line in lines {
                serde_json::to_writer(&mut *out, &line)?;
                out.write_all(b"\n")?;
            }
        }
        Format::Table => {
            let titles = ["accused", "act", "target", "items", "sources", "status", "denied by"];
            let mut table = Table::new(out, session.world.columns(), &titles);
            for line in lines {
                table.row(line.cells(word(&line.act), word(&line.status)))?;
            }
            table.finish()?;
        }
    }
    Ok(())
}
