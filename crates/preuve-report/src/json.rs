//! `report.json`: everything the report says, with a place for each statement. Schema: `docs/report.schema.json`.
//!
//! Written in a stream, one article in memory at a time, one article or claim a line.

use std::io::Write;

use preuve_case::{
    Accusation, AlignedPassage, CharIndex, Claim, Diagnostic, Entity, Evidence, Interval, Item,
    ItemAttributions, ItemId, LineageFinding, Mention, Part, Reason, Relation, Sign, SourceClass, Span,
    Stance, TimelineEntry, Why,
};
use serde::Serialize;

use crate::input::Article;
use crate::mail::{write_messages, write_threads};
use crate::view::{Quote, Report, load};
use crate::{JsonParams, ReportError};

/// Version of the schema; raised when a field changes its meaning or goes.
const FORMAT_VERSION: u32 = 1;

/// Writes the report as JSON.
///
/// # Errors
/// [`ReportError::Load`] when the case cannot be read, [`ReportError::Write`] when `out` fails.
pub fn write_json(report: &Report<'_>, params: &JsonParams, out: &mut dyn Write) -> Result<(), ReportError> {
    let input = report.input;
    write!(out, "{{\"format\":\"preuve-report\",\n\"format_version\":{FORMAT_VERSION},\n\"title\":")?;
    serde_json::to_writer(&mut *out, &input.title)?;
    field(out, "provenance", input.provenance)?;
    field(out, "figures", &report.figures)?;
    write!(out, ",\n\"claims\":")?;
    match input.claims {
        None => write!(out, "null")?,
        Some(claims) => {
            let claims = claims.iter().zip(&report.quotes);
            list(out, claims, |out, (claim, quotes)| {
                Ok(serde_json::to_writer(out, &claim_json(report, claim, quotes))?)
            })?;
        }
    }
    write!(out, ",\n\"items\":")?;
    list(out, 0..input.articles.count(), |out, number| {
        let article = load(input, number)?;
        Ok(serde_json::to_writer(out, &ItemJson::of(&article, params))?)
    })?;
    if let Some(mail) = &report.mail {
        write!(out, ",\n\"messages\":")?;
        write_messages(mail, out)?;
        write!(out, ",\n\"threads\":")?;
        write_threads(mail, out)?;
    }
    field(out, "links", input.links)?;
    field(out, "diagnostics", input.diagnostics)?;
    writeln!(out, "}}")?;
    Ok(())
}

fn field(out: &mut dyn Write, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), ReportError> {
    write!(out, ",\n\"{name}\":")?;
    Ok(serde_json::to_writer(out, value)?)
}

pub(crate) fn list<T>(
    out: &mut dyn Write,
    values: impl Iterator<Item = T>,
    mut write_one: impl FnMut(&mut dyn Write, T) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    write!(out, "[")?;
    for (number, value) in values.enumerate() {
        write!(out, "{}", if number == 0 { "\n" } else { ",\n" })?;
        write_one(out, value)?;
    }
    write!(out, "]")?;
    Ok(())
}

#[derive(Serialize)]
struct ClaimJson<'a> {
    #[serde(flatten)]
    claim: ClaimFields<'a>,
    independent_sources: Interval,
    timeline: &'a [TimelineEntry],
    why: &'a [Why],
    mentions: Vec<MentionJson<'a>>,
}

#[derive(Serialize)]
struct ClaimFields<'a> {
    id: &'a str,
    accused: &'a str,
    act: preuve_case::Act,
    target: Option<&'a str>,
    gloss: &'a str,
    accusers: &'a [String],
    carried_by: Vec<ItemRef<'a>>,
    rejected_in: Vec<ItemRef<'a>>,
    text_origins: &'a [String],
    firsthand_origins: &'a [String],
    primary_sources: &'a [String],
    copies_collapsed: bool,
    denied_by: &'a [String],
    best_evidence: Evidence,
    status: preuve_case::ClaimStatus,
}

#[derive(Serialize)]
struct ItemRef<'a> {
    item: ItemId,
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct MentionJson<'a> {
    #[serde(flatten)]
    mention: &'a Mention,
    path: Option<&'a str>,
    /// `None` where the attribution pointed at is not in the report.
    place: Option<PlaceJson>,
    quote: Option<&'a str>,
    quote_cut: bool,
}

#[derive(Serialize)]
struct PlaceJson {
    chars: Span,
    bytes: Option<(u64, u64)>,
}

fn claim_json<'a>(report: &'a Report<'_>, claim: &'a Claim, quotes: &'a [Option<Quote>]) -> ClaimJson<'a> {
    let path = |id| report.by_id.get(&id).map(|&index: &usize| report.heads[index].path.as_str());
    let items = |ids: &[ItemId]| ids.iter().map(|&item| ItemRef { item, path: path(item) }).collect();
    let mention = |(mention, quote): (&'a Mention, &'a Option<Quote>)| MentionJson {
        mention,
        path: path(mention.item),
        place: quote.as_ref().map(|quote| PlaceJson { chars: quote.place.chars, bytes: quote.place.bytes }),
        quote: quote.as_ref().map(|quote| quote.text.as_str()),
        quote_cut: quote.as_ref().is_some_and(|quote| quote.cut),
    };
    ClaimJson {
        claim: ClaimFields {
            id: &claim.id,
            accused: &claim.accused,
            act: claim.act,
            target: claim.target.as_deref(),
            gloss: &claim.gloss,
            accusers: &claim.accusers,
            carried_by: items(&claim.carried_by),
            rejected_in: items(&claim.rejected_in),
            text_origins: &claim.text_origins,
            firsthand_origins: &claim.firsthand_origins,
            primary_sources: &claim.primary_sources,
            copies_collapsed: claim.copies_collapsed,
            denied_by: &claim.denied_by,
            best_evidence: claim.best_evidence,
            status: claim.status,
        },
        independent_sources: claim.independent_sources,
        timeline: &claim.timeline,
        why: &claim.why,
        mentions: claim.mentions.iter().zip(quotes).map(mention).collect(),
    }
}

#[derive(Serialize)]
struct ItemJson<'a> {
    id: ItemId,
    path: &'a str,
    format: preuve_case::Format,
    lang: preuve_case::Lang,
    byte_len: u64,
    meta: &'a preuve_case::ItemMeta,
    parent: Option<ItemId>,
    text: Option<&'a str>,
    attributions: Option<Vec<AttributionJson<'a>>>,
    entities: Option<&'a [Entity]>,
    lineage: Option<LineageJson<'a>>,
    diagnostics: Vec<&'a Diagnostic>,
}

#[derive(Serialize)]
struct AttributionJson<'a> {
    source: Option<PartJson<'a>>,
    source_name: Option<&'a str>,
    cue: Option<PartJson<'a>>,
    content: PartJson<'a>,
    stance: Stance,
    source_class: SourceClass,
    evidence: Evidence,
    accusation: Option<&'a Accusation>,
    within: Option<usize>,
    reasons: &'a [Reason],
}

#[derive(Serialize)]
struct PartJson<'a> {
    text: &'a str,
    places: Vec<PlaceJson>,
}

#[derive(Serialize)]
struct LineageJson<'a> {
    origin: &'a str,
    derived_from: Option<ItemId>,
    relation: Relation,
    credited: bool,
    relays: &'a [String],
    score: f32,
    signs: &'a [Sign],
    passages: &'a [AlignedPassage],
}

impl<'a> ItemJson<'a> {
    fn of(article: &'a Article<'_>, params: &JsonParams) -> Self {
        let item: &Item = &article.item;
        let found: Option<&ItemAttributions> = article.attributions.as_deref();
        let from_engine = found.map(|found| found.diagnostics.as_slice()).unwrap_or_default();
        Self {
            id: item.id,
            path: &item.path,
            format: item.format,
            lang: item.lang,
            byte_len: item.byte_len,
            meta: &item.meta,
            parent: item.parent,
            text: params.with_text.then_some(item.text.as_str()),
            attributions: found.map(|found| attributions_json(item, found)),
            entities: found.map(|found| found.entities.as_slice()),
            lineage: article.lineage.as_deref().map(lineage_json),
            diagnostics: article.diagnostics.iter().chain(from_engine).collect(),
        }
    }
}

fn attributions_json<'a>(item: &'a Item, found: &'a ItemAttributions) -> Vec<AttributionJson<'a>> {
    let chars = CharIndex::new(&item.text);
    let part = |part: &'a Part| PartJson {
        text: &part.text,
        places: part
            .spans
            .iter()
            .map(|&span| PlaceJson { chars: span, bytes: item.map.bytes_of(&item.text, &chars, span) })
            .collect(),
    };
    found
        .attributions
        .iter()
        .map(|attribution| AttributionJson {
            source: attribution.source.as_ref().map(part),
            source_name: attribution.source_name.as_deref(),
            cue: attribution.cue.as_ref().map(part),
            content: part(&attribution.content),
            stance: attribution.stance,
            source_class: attribution.source_class,
            evidence: attribution.evidence,
            accusation: attribution.accusation.as_ref(),
            within: attribution.within,
            reasons: &attribution.reasons,
        })
        .collect()
}

fn lineage_json(finding: &LineageFinding) -> LineageJson<'_> {
    LineageJson {
        origin: &finding.origin,
        derived_from: finding.derived_from,
        relation: finding.relation,
        credited: finding.credited,
        relays: &finding.relays,
        score: finding.score,
        signs: &finding.signs,
        passages: &finding.passages,
    }
}
