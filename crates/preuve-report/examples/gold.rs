//! Reports made from the planted truth of an invented event, to look at pages without running any engine.
//!
//! `cargo run -p preuve-report --example gold -- EVENT_DIR OUT_DIR [en|fr]`

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::BufWriter;
use std::path::Path;

use preuve_case::{
    Accusation, Act, AlignedPassage, Attribution, CharIndex, Claim, ClaimStatus, Diagnostic, Evidence,
    Format, Interval, Item, ItemAttributions, ItemId, ItemMeta, Lang, LineageFinding, Mention, Part, Reason,
    Relation, Severity, Sign, SourceClass, Span, Stance, TextMap, TimelineEntry, Why,
};
use preuve_report::{
    Article, HtmlParams, JsonParams, Provenance, Report, ReportInput, ReportLang, SummaryParams, write_html,
    write_json, write_summary,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [event, out, rest @ ..] = words.as_slice() else {
        return Err("gold EVENT_DIR OUT_DIR [en|fr]".into());
    };
    let lang = if rest.first().is_some_and(|word| word == "fr") { ReportLang::Fr } else { ReportLang::En };
    let gold = Gold::load(Path::new(event))?;
    gold.write(Path::new(out), lang)
}

struct Gold {
    items: Vec<Item>,
    found: Vec<ItemAttributions>,
    lineage: Vec<LineageFinding>,
    claims: Vec<Claim>,
    diagnostics: Vec<Diagnostic>,
}

impl Gold {
    fn load(event: &Path) -> Result<Self> {
        let names: BTreeMap<String, String> =
            serde_json::from_str::<Vec<Value>>(&read(event, "entities.json")?)?
                .iter()
                .map(|entity| (text(entity, "id"), text(entity, "name")))
                .collect();
        let items: Vec<Item> = lines(event, "articles.jsonl")?
            .iter()
            .map(|row| item(event, row, &names))
            .collect::<Result<_>>()?;
        let by_name: BTreeMap<String, usize> =
            items.iter().enumerate().map(|(index, item)| (short(&item.path), index)).collect();
        let mut found = vec![ItemAttributions::default(); items.len()];
        for row in lines(event, "attributions.jsonl")? {
            let index = by_name[&short(&text(&row, "item"))];
            found[index].attributions.push(attribution(&row, &names)?);
        }
        for (item, found) in items.iter().zip(&mut found) {
            found.lang = item.lang;
            nest(&mut found.attributions);
        }
        let lineage = lines(event, "lineage.jsonl")?
            .iter()
            .map(|row| lineage(row, &items, &by_name, &names))
            .collect::<Result<_>>()?;
        let claims = serde_json::from_str::<Vec<Value>>(&read(event, "claims.json")?)?
            .iter()
            .map(|row| claim(row, &items, &found, &by_name, &names))
            .collect::<Result<_>>()?;
        damage(&items, &mut found);
        let diagnostics = vec![
            Diagnostic::new(
                "scans/letter.pdf",
                Severity::Error,
                "intake::no_text_layer",
                "the PDF holds pictures of pages and no text",
            )
            .hint("run an OCR program over it and add the result"),
            Diagnostic::new(
                "boxes/post.zip!/../../x",
                Severity::Warning,
                "intake::path_outside",
                "the archive member `../../x` names a place outside the archive; it was read under a safe name",
            ),
        ];
        Ok(Self { items, found, lineage, claims, diagnostics })
    }

    fn write(&self, out: &Path, lang: ReportLang) -> Result<()> {
        let articles: Vec<Article<'_>> = (0..self.items.len())
            .map(|at| Article::borrowed(&self.items[at], Some(&self.found[at]), Some(&self.lineage[at])))
            .collect();
        let provenance = Provenance {
            program: "preuve".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            command: ["preuve", "examine", "articles", "--metadata", "articles.jsonl"]
                .map(str::to_owned)
                .into(),
            parameters: vec![("made from".into(), "the planted truth of the event".into())],
            generated: None,
        };
        let input = ReportInput {
            title: Some("The Valdoria messages"),
            provenance: &provenance,
            articles: &articles,
            messages: None,
            claims: Some(&self.claims),
            diagnostics: &self.diagnostics,
            links: &[],
        };
        let report = Report::build(&input)?;
        fs::create_dir_all(out)?;
        let html = HtmlParams {
            lang,
            max_embedded_articles: 200,
            max_embedded_bytes: 2_000_000,
            max_listed_articles: 5_000,
            max_claims: 200,
            max_places: 40,
            max_comparisons: 60,
            max_comparison_bytes: 1_000_000,
            max_messages: 100,
            max_message_chars: 6_000,
            json_name: "report.json".into(),
        };
        write_html(&report, &html, &mut BufWriter::new(fs::File::create(out.join("report.html"))?))?;
        let json = JsonParams { with_text: true };
        write_json(&report, &json, &mut BufWriter::new(fs::File::create(out.join("report.json"))?))?;
        let summary = SummaryParams { lang, width: 140, colour: false, max_claims: 50, max_messages: 8 };
        Ok(write_summary(&report, &summary, &mut std::io::stdout().lock())?)
    }
}

fn read(event: &Path, name: &str) -> Result<String> {
    Ok(fs::read_to_string(event.join(name))?)
}

fn lines(event: &Path, name: &str) -> Result<Vec<Value>> {
    read(event, name)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}

fn list(row: &Value, field: &str) -> Vec<String> {
    let values = row[field].as_array().map(Vec::as_slice).unwrap_or_default();
    values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn value<T: DeserializeOwned>(row: &Value, field: &str) -> Result<T> {
    Ok(serde_json::from_value(row[field].clone())?)
}

fn short(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".txt").to_owned()
}

fn named(names: &BTreeMap<String, String>, id: &str) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_owned())
}

fn item(event: &Path, row: &Value, names: &BTreeMap<String, String>) -> Result<Item> {
    let path = text(row, "file");
    let text_of = read(event, &path)?;
    Ok(Item {
        id: ItemId::of(text_of.as_bytes()),
        path,
        format: Format::Text,
        byte_len: text_of.len() as u64,
        map: TextMap::verbatim(&text_of, 0),
        lang: Lang::from_tag(&text(row, "lang")),
        meta: ItemMeta {
            title: row["title"].as_str().map(str::to_owned),
            outlet: Some(named(names, &text(row, "outlet"))),
            byline: row["byline"].as_str().map(str::to_owned),
            url: row["url"].as_str().map(str::to_owned),
            published: Some(text(row, "published").parse()?),
            published_raw: None,
            lang_tag: Some(text(row, "lang")),
        },
        text: text_of,
        parent: None,
    })
}

fn attribution(row: &Value, names: &BTreeMap<String, String>) -> Result<Attribution> {
    let part = |field: &str| -> Result<Option<Part>> { value(row, field) };
    let content: Part = value(row, "content")?;
    let reasons = match row["evidence"].as_str() {
        Some("withheld") => {
            vec![Reason { rule: "evidence.no_proof_given".into(), spans: content.spans.clone() }]
        }
        _ => Vec::new(),
    };
    let accusation =
        row["accusation"].as_object().map(|_| &row["accusation"]).map(|row| -> Result<Accusation> {
            Ok(Accusation {
                accuser: row["accuser"].as_str().map(|id| named(names, id)),
                accused: named(names, &text(row, "accused")),
                act: value(row, "act")?,
                target: row["target"].as_str().map(|id| named(names, id)),
                hedged: row["hedged"].as_bool().unwrap_or(false),
            })
        });
    let source = part("source")?;
    Ok(Attribution {
        source_name: source.as_ref().map(|source| source.text.clone()),
        source,
        cue: part("cue")?,
        content,
        stance: value::<Stance>(row, "stance")?,
        source_class: value::<SourceClass>(row, "source_class")?,
        evidence: value::<Evidence>(row, "evidence")?,
        accusation: accusation.transpose()?,
        reasons,
        within: None,
    })
}

/// The innermost other content that covers each attribution's content.
fn nest(attributions: &mut [Attribution]) {
    let bounds: Vec<Span> = attributions
        .iter()
        .map(|found| {
            Span::new(found.content.spans[0].start, found.content.spans[found.content.spans.len() - 1].end)
        })
        .collect();
    for (index, attribution) in attributions.iter_mut().enumerate() {
        let own = bounds[index];
        attribution.within = (0..bounds.len())
            .filter(|&other| {
                bounds[other].start <= own.start
                    && own.end <= bounds[other].end
                    && bounds[other].len() > own.len()
            })
            .min_by_key(|&other| bounds[other].len());
    }
}

fn lineage(
    row: &Value,
    items: &[Item],
    by_name: &BTreeMap<String, usize>,
    names: &BTreeMap<String, String>,
) -> Result<LineageFinding> {
    let here = by_name[&text(row, "id")];
    let parent = row["derived_from"].as_str().map(|name| by_name[name]);
    let relation: Relation = value(row, "relation")?;
    let credited = row["credited"].as_bool().unwrap_or(false);
    let mut signs = Vec::new();
    if parent.is_some() {
        signs.push(Sign {
            name: "later".into(),
            spans: vec![],
            note: "published after the text it derives from".into(),
        });
        signs.push(Sign {
            name: "chain".into(),
            spans: vec![],
            note: "the same sentences in the same order".into(),
        });
    }
    if credited {
        signs.push(Sign {
            name: "credit".into(),
            spans: vec![Span::new(0, 40)],
            note: "says where it has it from".into(),
        });
    }
    let passages = match parent {
        Some(parent) if relation != Relation::Relay => aligned(&items[here], &items[parent]),
        _ => Vec::new(),
    };
    Ok(LineageFinding {
        item: items[here].id,
        origin: text(row, "origin"),
        derived_from: parent.map(|parent| items[parent].id),
        relation,
        credited,
        relays: list(row, "relays").iter().map(|id| named(names, id)).collect(),
        score: if parent.is_some() { 0.93 } else { 0.8 },
        signs,
        passages,
    })
}

/// Lines paired in order: a stand-in for the engine's alignment that is good enough to look at.
fn aligned(here: &Item, there: &Item) -> Vec<AlignedPassage> {
    let (ours, theirs) = (line_spans(&here.text), line_spans(&there.text));
    let mut next = 0;
    let mut passages = Vec::new();
    for (at, &span) in ours.iter().enumerate() {
        let wanted = at * theirs.len() / ours.len();
        let best = (next..theirs.len())
            .map(|other| {
                (likeness(here, span, there, theirs[other]) - other.abs_diff(wanted) as f32 * 0.02, other)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((score, other)) = best else { break };
        if score > if here.lang == there.lang { 0.3 } else { 0.02 } {
            passages.push(AlignedPassage {
                here: span,
                there: theirs[other],
                likeness: score.clamp(0.5, 1.0),
            });
            next = other + 1;
        }
    }
    passages
}

fn line_spans(text: &str) -> Vec<Span> {
    let mut at = 0;
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        let len = line.chars().count();
        if !line.trim().is_empty() {
            spans.push(Span::new(at, at + line.trim_end().chars().count()));
        }
        at += len;
    }
    spans
}

fn likeness(here: &Item, a: Span, there: &Item, b: Span) -> f32 {
    let words = |item: &Item, span| -> std::collections::BTreeSet<String> {
        let index = CharIndex::new(&item.text);
        index
            .slice(&item.text, span)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 3)
            .map(str::to_lowercase)
            .collect()
    };
    let (a, b) = (words(here, a), words(there, b));
    a.intersection(&b).count() as f32 / a.union(&b).count().max(1) as f32
}

fn claim(
    row: &Value,
    items: &[Item],
    found: &[ItemAttributions],
    by_name: &BTreeMap<String, usize>,
    names: &BTreeMap<String, String>,
) -> Result<Claim> {
    let entities =
        |field: &str| -> Vec<String> { list(row, field).iter().map(|id| named(names, id)).collect() };
    let accused = named(names, &text(row, "accused"));
    let act: Act = value(row, "act")?;
    let ids = |field: &str| -> Vec<ItemId> {
        list(row, field).iter().map(|name| items[by_name[name]].id).collect()
    };
    let mentions = mentions(items, found, &accused, act);
    let mut accusers: Vec<String> =
        mentions.iter().filter_map(|mention| mention.1.as_ref()?.accuser.clone()).collect();
    accusers.sort();
    accusers.dedup();
    let count = row["independent_sources"].as_u64().unwrap_or(0) as u32;
    let timeline = row["timeline"].as_array().map(Vec::as_slice).unwrap_or_default();
    let why = text(row, "why");
    Ok(Claim {
        id: text(row, "id"),
        accused,
        act,
        target: row["target"].as_str().map(|id| named(names, id)),
        gloss: text(row, "gloss"),
        carried_by: ids("carried_by"),
        rejected_in: ids("rejected_in"),
        text_origins: list(row, "text_origins"),
        firsthand_origins: list(row, "firsthand_origins"),
        primary_sources: entities("primary_sources"),
        independent_sources: Interval { at_least: count, at_most: count },
        copies_collapsed: true,
        accusers,
        denied_by: entities("denied_by"),
        best_evidence: mentions
            .iter()
            .map(|mention| mention.0.evidence)
            .max_by_key(|evidence| match evidence {
                Evidence::Shown => 3,
                Evidence::PointedTo => 2,
                Evidence::Withheld => 1,
                _ => 0,
            })
            .unwrap_or(Evidence::NoneStated),
        status: value::<ClaimStatus>(row, "status")?,
        timeline: timeline.iter().map(|row| timeline_entry(row)).collect::<Result<_>>()?,
        why: vec![Why { rule: "gold".into(), en: why.clone(), fr: why, mentions: vec![0] }],
        mentions: mentions.into_iter().map(|mention| mention.0).collect(),
    })
}

fn timeline_entry(row: &Value) -> Result<TimelineEntry> {
    let count = row["independent_sources"].as_u64().unwrap_or(0) as u32;
    Ok(TimelineEntry {
        from: text(row, "from").parse().ok(),
        independent_sources: Interval { at_least: count, at_most: count },
        status: value(row, "status")?,
    })
}

fn mentions(
    items: &[Item],
    found: &[ItemAttributions],
    accused: &str,
    act: Act,
) -> Vec<(Mention, Option<Accusation>)> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&at| items[at].meta.published);
    let mut mentions = Vec::new();
    for at in order {
        for (index, attribution) in found[at].attributions.iter().enumerate() {
            let Some(accusation) = &attribution.accusation else { continue };
            if accusation.accused == accused && accusation.act == act {
                let mention = Mention {
                    item: items[at].id,
                    attribution: index,
                    speaker: attribution.source_name.clone(),
                    stance: attribution.stance,
                    evidence: attribution.evidence,
                    hedged: accusation.hedged,
                };
                mentions.push((mention, Some(accusation.clone())));
            }
        }
    }
    mentions
}

/// Glued words of the machine translations, found by a capital in the middle of a word.
fn damage(items: &[Item], found: &mut [ItemAttributions]) {
    for (item, found) in items.iter().zip(found) {
        let chars: Vec<char> = item.text.chars().collect();
        let glued = chars.windows(2).position(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
        if let Some(at) = glued {
            found.diagnostics.push(
                Diagnostic::new(
                    &item.path,
                    Severity::Warning,
                    "text::glued_words",
                    "words are glued together: `likeThis`",
                )
                .for_item(item.id)
                .at_chars(Span::new(at.saturating_sub(5), at + 6)),
            );
        }
    }
}
