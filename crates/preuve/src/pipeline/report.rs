//! The case to its reports: one article in memory at a time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use preuve_case::{Diagnostic, ItemId, MailThread, MessageRef};
use preuve_report::{
    Article, Articles, HtmlParams, JsonParams, LoadError, MailMessage, Messages, Provenance, Report,
    ReportInput, ReportLang, SummaryParams, write_html, write_json, write_summary,
};
use preuve_store::{Case, Engine};

use crate::error::CommandError;
use crate::pipeline::Examined;
use crate::session::Session;

/// What the reports are to be.
pub struct ReportPlan<'p> {
    /// Folder for `report.html` and `report.json`.
    pub out: &'p Path,
    /// Title of the case.
    pub title: Option<&'p str>,
    /// Language of the summary and of the page at first.
    pub lang: ReportLang,
    /// Command and parameters, the same on every machine.
    pub provenance: &'p Provenance,
}

/// Name of the machine-readable report.
const JSON_NAME: &str = "report.json";
/// Name of the report for people.
const HTML_NAME: &str = "report.html";

/// Write `report.html` and `report.json`, and the summary to `summary`.
pub fn write_reports(
    session: &Session,
    examined: &Examined,
    plan: &ReportPlan,
    summary: &mut dyn Write,
) -> Result<(), CommandError> {
    let claims = examined.case.claims()?;
    let (about_items, about_case) = split(&examined.diagnostics);
    let articles = CaseArticles { case: &examined.case, ids: ids_of(&examined.case)?, about_items };
    let messages = CaseMessages {
        case: &examined.case,
        ids: examined.case.message_list()?,
        threads: examined.case.threads()?,
    };
    let links = examined.case.links()?;
    let input = ReportInput {
        title: plan.title,
        provenance: plan.provenance,
        articles: &articles,
        messages: Some(&messages),
        claims: Some(&claims),
        diagnostics: &about_case,
        links: &links,
    };
    let progress = session.progress("reporting", 3);
    let report = Report::build(&input)?;
    progress.advance(1);
    session.world.make_folder(plan.out).map_err(|error| CommandError::from(error).at(plan.out))?;
    write_file(session, &plan.out.join(HTML_NAME), &mut |out| {
        write_html(&report, &html_params(plan.lang), out)
    })?;
    progress.advance(1);
    let json = JsonParams { with_text: true };
    write_file(session, &plan.out.join(JSON_NAME), &mut |out| write_json(&report, &json, out))?;
    drop(progress);
    let params = SummaryParams {
        lang: plan.lang,
        width: session.world.columns(),
        colour: session.world.stdout_is_terminal() && !session.world.no_colour(),
        max_claims: 25,
        max_messages: 8,
    };
    write_summary(&report, &params, summary)?;
    Ok(())
}

type Writing<'w> = dyn FnMut(&mut dyn Write) -> Result<(), preuve_report::ReportError> + 'w;

fn write_file(session: &Session, path: &Path, fill: &mut Writing) -> Result<(), CommandError> {
    let mut refused = None;
    let written = session.world.write(path, &mut |out| {
        fill(out).map_err(|error| {
            refused = Some(error);
            std::io::Error::other("the report was not finished")
        })
    });
    match refused {
        Some(error) => Err(CommandError::from(error).at(path)),
        None => written.map_err(|error| CommandError::from(error).at(path)),
    }
}

fn html_params(lang: ReportLang) -> HtmlParams {
    HtmlParams {
        lang,
        max_embedded_articles: 200,
        max_embedded_bytes: 2 << 20,
        max_listed_articles: 5_000,
        max_claims: 200,
        max_places: 40,
        max_comparisons: 60,
        max_comparison_bytes: 1 << 20,
        max_messages: 100,
        max_message_chars: 6_000,
        json_name: JSON_NAME.to_owned(),
    }
}

fn ids_of(case: &Case) -> Result<Vec<ItemId>, CommandError> {
    Ok(case.item_list()?.into_iter().map(|(id, _)| id).collect())
}

/// Diagnostics by the item they are about, and those about none.
fn split(diagnostics: &[Diagnostic]) -> (BTreeMap<ItemId, Vec<Diagnostic>>, Vec<Diagnostic>) {
    let mut about_items: BTreeMap<ItemId, Vec<Diagnostic>> = BTreeMap::new();
    let mut about_case = Vec::new();
    for diagnostic in diagnostics {
        match diagnostic.item {
            Some(item) => about_items.entry(item).or_default().push(diagnostic.clone()),
            None => about_case.push(diagnostic.clone()),
        }
    }
    (about_items, about_case)
}

/// The articles of the case, loaded when asked for.
struct CaseArticles<'c> {
    case: &'c Case,
    ids: Vec<ItemId>,
    about_items: BTreeMap<ItemId, Vec<Diagnostic>>,
}

impl Articles for CaseArticles<'_> {
    fn count(&self) -> usize {
        self.ids.len()
    }

    fn article(&self, index: usize) -> Result<Article<'_>, LoadError> {
        let id = *self.ids.get(index).ok_or_else(|| format!("no article at index {index}"))?;
        let item = self.case.items(&[id])?.pop().ok_or_else(|| format!("item {id} is gone"))?;
        let about = self.about_items.get(&id).map_or(&[] as &[Diagnostic], Vec::as_slice);
        Ok(Article {
            item: Cow::Owned(item),
            attributions: self.case.finding(Engine::Attribution, id)?.map(Cow::Owned),
            lineage: self.case.finding(Engine::Lineage, id)?.map(Cow::Owned),
            diagnostics: Cow::Borrowed(about),
        })
    }
}

/// The mail of the case, loaded when asked for; threads are kept, being no more than lists of references.
struct CaseMessages<'c> {
    case: &'c Case,
    ids: Vec<ItemId>,
    threads: Vec<MailThread>,
}

impl CaseMessages<'_> {
    fn id(&self, index: usize) -> Result<ItemId, LoadError> {
        Ok(*self.ids.get(index).ok_or_else(|| format!("no message at index {index}"))?)
    }
}

impl Messages for CaseMessages<'_> {
    fn count(&self) -> usize {
        self.ids.len()
    }

    fn message(&self, index: usize) -> Result<MailMessage<'_>, LoadError> {
        let id = self.id(index)?;
        let packed = self.case.packed_message(id)?.ok_or_else(|| format!("message {id} is gone"))?;
        let row = packed.unpack()?;
        let (observations, thread) = self.case.observed(id)?;
        let seen_at: Vec<MessageRef> = self.case.seen_at(id)?.into_iter().skip(1).collect();
        Ok(MailMessage {
            digest: Cow::Owned(row.digest),
            finding: Cow::Owned(row.finding),
            observations: Cow::Owned(observations),
            thread: thread.and_then(|number| self.threads.get(number)).map(Cow::Borrowed),
            seen_at: Cow::Owned(seen_at),
        })
    }

    fn original(&self, index: usize) -> Result<Option<Cow<'_, [u8]>>, LoadError> {
        Ok(self.case.message_bytes(self.id(index)?)?.map(Cow::Owned))
    }
}
