//! `preuve attributions`: who says what, streamed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use clap::Args;
use preuve_case::{Diagnostic, Item, ItemAttributions};
use preuve_examine::attribution::Attributor;

use crate::args::{Format, FormatArgs, Material};
use crate::commands::word;
use crate::error::CommandError;
use crate::lines::AttributionLine;
use crate::parallel::parallel_map;
use crate::pipeline::{intake_params, list_files, metadata_of};
use crate::reading::{KeepNothing, Piece, Pieces, Reading};
use crate::session::{Outcome, Session};
use crate::table::Table;

/// Finds attributions: source, cue and content with their places, the stance of the source, the evidence
/// offered, and the accusation made. English, French and Spanish. Nothing is kept.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct AttributionsArgs {
    #[command(flatten)]
    material: Material,
    #[command(flatten)]
    format: FormatArgs,
}

const HELP: &str = "\
Example:
  preuve attributions articles/ --format jsonl > attributions.jsonl
  One JSON object an attribution, in the order of paths and places. Spans count Unicode code points
  of the item's text, end excluded; for a .txt file that text is exactly the file's.

Cost: about 60,000 tokens a second and processor; memory does not grow with the number of files.";

/// Stream the attributions of all files.
pub fn run(session: &Session, args: AttributionsArgs, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    if args.material.paths.is_empty() {
        return Err(CommandError::user("nothing to read: no PATH was given").hint("give a file or folder"));
    }
    let attributor = Attributor::new()?;
    let params = intake_params(&args.material.reading)?;
    let (metadata, about_metadata, _) = metadata_of(session, &args.material.reading, &params)?;
    let walk = list_files(session, &args.material, &[])?;
    let reading = Reading {
        world: session.world,
        threads: session.threads,
        params: &params,
        metadata: &metadata,
        known: &BTreeSet::new(),
        begun: &BTreeMap::new(),
        mail: None,
        items: true,
        keeper: &KeepNothing,
    };
    let mut diagnostics = walk.diagnostics;
    diagnostics.extend(about_metadata);
    let progress = session.progress("attributing", walk.files.len() as u64);
    let mut writer = Writer::new(args.format.resolve(session), session.world.columns(), out);
    reading.run(&walk.files, &mut |pieces| {
        let files = pieces.files;
        let items = items_of(pieces, &mut diagnostics);
        for (item, found) in
            items.iter().zip(parallel_map(&items, session.threads, |item| attributor.detect(item)))
        {
            writer.write(item, &found)?;
            diagnostics.extend(found.diagnostics);
        }
        progress.advance(files);
        Ok(())
    })?;
    writer.finish()?;
    drop(progress);
    session.show(&diagnostics);
    Ok(Outcome::of(&diagnostics))
}

fn items_of(pieces: Pieces, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mut items = Vec::new();
    for (_, piece) in pieces.pieces {
        match piece {
            Piece::Item(item, _) => items.push(*item),
            Piece::Diagnostic(diagnostic) => diagnostics.push(diagnostic),
            Piece::Message(_) | Piece::Progress(_) | Piece::End(_) => {}
        }
    }
    items
}

/// Writes attributions in the form asked for.
enum Writer<'o> {
    Jsonl(&'o mut dyn Write),
    Table(Table<'o>),
}

impl<'o> Writer<'o> {
    fn new(format: Format, width: usize, out: &'o mut dyn Write) -> Self {
        let titles = ["item", "source", "cue", "stance", "evidence", "accusation", "content"];
        match format {
            Format::Jsonl => Self::Jsonl(out),
            Format::Table => Self::Table(Table::new(out, width, &titles)),
        }
    }

    fn write(&mut self, item: &Item, found: &ItemAttributions) -> Result<(), CommandError> {
        for attribution in &found.attributions {
            match self {
                Self::Jsonl(out) => {
                    serde_json::to_writer(
                        &mut **out,
                        &AttributionLine::new(&item.path, found.lang, attribution),
                    )?;
                    out.write_all(b"\n")?;
                }
                Self::Table(table) => {
                    let part = |part: &Option<preuve_case::Part>| {
                        part.as_ref().map_or_else(|| "–".to_owned(), |part| part.text.clone())
                    };
                    let accusation = attribution.accusation.as_ref();
                    table.row(vec![
                        item.path.clone(),
                        part(&attribution.source),
                        part(&attribution.cue),
                        word(&attribution.stance),
                        word(&attribution.evidence),
                        accusation.map_or_else(String::new, |said| {
                            format!("{}: {}", word(&said.act), said.accused)
                        }),
                        attribution.content.text.clone(),
                    ])?;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), CommandError> {
        if let Self::Table(table) = self {
            table.finish()?;
        }
        Ok(())
    }
}
