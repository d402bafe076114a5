//! A small invented case, and what is needed to change it.

use preuve_case::{
    Accusation, Act, AlignedPassage, Attribution, Claim, ClaimStatus, Diagnostic, Evidence, Format, Interval,
    Item, ItemAttributions, ItemId, ItemMeta, Lang, LineageFinding, LinkJudgement, Mention, Part, Reason,
    Relation, Severity, Sign, SourceClass, Span, Stance, TextMap, TimelineEntry, Why,
};
use preuve_report::{
    Article, HtmlParams, JsonParams, Messages, Provenance, Report, ReportInput, ReportLang, SummaryParams,
    write_html, write_json, write_summary,
};

use crate::planted::Mailbox;

pub const FIRST: &str = "Orvane accuses Teldor\n\nMinister Ada Quell said on Monday that Teldor had hacked the \
    port authority, without providing evidence.\nTeldor denied it. “We did nothing of the kind,” its embassy said.\n";
pub const SECOND: &str = "L’Orvane accuse le Teldor\n\nLa ministre Ada Quell a déclaré lundi que le Teldor avait \
    piraté l’autorité portuaire, sans fournir de preuve.\n";

pub struct Case {
    pub title: Option<String>,
    pub items: Vec<Item>,
    pub found: Vec<ItemAttributions>,
    pub lineage: Vec<LineageFinding>,
    pub claims: Vec<Claim>,
    pub diagnostics: Vec<Diagnostic>,
    pub links: Vec<LinkJudgement>,
    pub mail: Option<Mailbox>,
}

pub fn html_params() -> HtmlParams {
    HtmlParams {
        lang: ReportLang::En,
        max_embedded_articles: 100,
        max_embedded_bytes: 1_000_000,
        max_listed_articles: 100,
        max_claims: 100,
        max_places: 100,
        max_comparisons: 100,
        max_comparison_bytes: 1_000_000,
        max_messages: 100,
        max_message_chars: 6_000,
        json_name: "report.json".into(),
    }
}

pub fn item(path: &str, text: &str, lang: Lang, published: &str) -> Item {
    Item {
        id: ItemId::of(text.as_bytes()),
        path: path.into(),
        format: Format::Text,
        byte_len: text.len() as u64,
        text: text.into(),
        map: TextMap::verbatim(text, 0),
        lang,
        meta: ItemMeta {
            title: text.lines().next().map(str::to_owned),
            outlet: Some(format!("The {} Herald", path.trim_end_matches(".txt"))),
            byline: Some("Jo Marrow".into()),
            url: Some("https://herald.example/2031/05/12/a-story".into()),
            published: Some(published.parse().unwrap()),
            published_raw: None,
            lang_tag: None,
        },
        parent: None,
    }
}

pub fn part(text: &str, words: &str) -> Part {
    let at = text.find(words).unwrap_or_else(|| panic!("`{words}` is in the text"));
    let start = text[..at].chars().count();
    Part { text: words.into(), spans: vec![Span::new(start, start + words.chars().count())] }
}

pub fn said(text: &str, source: &str, cue: &str, content: &str) -> Attribution {
    Attribution {
        source: Some(part(text, source)),
        cue: Some(part(text, cue)),
        content: part(text, content),
        stance: Stance::Asserts,
        source_class: SourceClass::NamedPerson,
        evidence: Evidence::NoneStated,
        accusation: None,
        source_name: Some(source.into()),
        reasons: Vec::new(),
        within: None,
    }
}

fn accusation() -> Accusation {
    Accusation {
        accuser: Some("Ada Quell".into()),
        accused: "Teldor".into(),
        act: Act::Hack,
        target: Some("port authority".into()),
        hedged: false,
    }
}

/// Two articles, one the translation of the other, and one claim.
pub fn small() -> Case {
    let items = vec![
        item("one.txt", FIRST, Lang::En, "2031-05-12T06:00:00Z"),
        item("two.txt", SECOND, Lang::Fr, "2031-05-12T09:30:00Z"),
    ];
    let mut accuses = said(FIRST, "Minister Ada Quell", "said", "that Teldor had hacked the port authority");
    accuses.evidence = Evidence::Withheld;
    accuses.accusation = Some(accusation());
    accuses.reasons = vec![Reason {
        rule: "evidence.no_proof_given".into(),
        spans: part(FIRST, "without providing evidence").spans,
    }];
    let mut denies = said(FIRST, "its embassy", "said.", "“We did nothing of the kind,”");
    denies.stance = Stance::Denies;
    denies.source_class = SourceClass::Organisation;
    denies.accusation = Some(accusation());
    let mut translated =
        said(SECOND, "La ministre Ada Quell", "a déclaré", "que le Teldor avait piraté l’autorité portuaire");
    translated.evidence = Evidence::Withheld;
    translated.accusation = Some(accusation());
    let glued =
        Diagnostic::new("two.txt", Severity::Warning, "text::glued_words", "words are glued: `LundiQue`")
            .for_item(items[1].id)
            .at_chars(Span::new(0, 8))
            .hint("look at the original");
    let found = vec![
        ItemAttributions { lang: Lang::En, attributions: vec![accuses, denies], ..Default::default() },
        ItemAttributions {
            lang: Lang::Fr,
            attributions: vec![translated],
            diagnostics: vec![glued],
            ..Default::default()
        },
    ];
    Case {
        title: Some("The port of Orvane".into()),
        lineage: lineage(&items),
        claims: vec![claim(&items)],
        found,
        items,
        diagnostics: vec![
            Diagnostic::new("scan.pdf", Severity::Error, "intake::no_text", "the PDF holds no text")
                .hint("run an OCR program over it"),
        ],
        links: Vec::new(),
        mail: None,
    }
}

fn lineage(items: &[Item]) -> Vec<LineageFinding> {
    let alone = LineageFinding {
        item: items[0].id,
        origin: "one.txt".into(),
        derived_from: None,
        relation: Relation::Original,
        credited: false,
        relays: Vec::new(),
        score: 0.9,
        signs: Vec::new(),
        passages: Vec::new(),
    };
    let here = Span::new(27, SECOND.chars().count() - 1);
    let translation = LineageFinding {
        item: items[1].id,
        derived_from: Some(items[0].id),
        relation: Relation::Translation,
        signs: vec![Sign {
            name: "later".into(),
            spans: vec![Span::new(0, 5)],
            note: "published 3 hours later".into(),
        }],
        relays: vec!["The one Herald".into()],
        passages: vec![AlignedPassage { here, there: Span::new(23, 120), likeness: 0.81 }],
        ..alone.clone()
    };
    vec![alone, translation]
}

fn claim(items: &[Item]) -> Claim {
    let mention = |item: usize, attribution, stance, evidence, speaker: &str| Mention {
        item: items[item].id,
        attribution,
        speaker: Some(speaker.into()),
        stance,
        evidence,
        hedged: false,
    };
    let one = Interval { at_least: 1, at_most: 1 };
    Claim {
        id: "teldor-hack-port-authority".into(),
        accused: "Teldor".into(),
        act: Act::Hack,
        target: Some("port authority".into()),
        gloss: "Teldor hacked the port authority.".into(),
        carried_by: vec![items[0].id, items[1].id],
        rejected_in: Vec::new(),
        text_origins: vec!["one.txt".into()],
        firsthand_origins: vec!["one.txt".into()],
        primary_sources: vec!["Ada Quell".into()],
        independent_sources: one,
        copies_collapsed: true,
        accusers: vec!["Ada Quell".into()],
        denied_by: vec!["Teldor".into()],
        best_evidence: Evidence::Withheld,
        status: ClaimStatus::Disputed,
        timeline: vec![TimelineEntry {
            from: Some(jiff::civil::date(2031, 5, 12)),
            independent_sources: one,
            status: ClaimStatus::Disputed,
        }],
        why: vec![Why {
            rule: "count.one_speaker".into(),
            en: "Both articles quote Ada Quell.".into(),
            fr: "Les deux articles citent Ada Quell.".into(),
            mentions: vec![0, 2],
        }],
        mentions: vec![
            mention(0, 0, Stance::Asserts, Evidence::Withheld, "Ada Quell"),
            mention(0, 1, Stance::Denies, Evidence::NoneStated, "Teldor"),
            mention(1, 0, Stance::Asserts, Evidence::Withheld, "Ada Quell"),
        ],
    }
}

impl Case {
    /// A case of one article whose text and findings are given.
    pub fn of(text: &str, attributions: Vec<Attribution>) -> Self {
        let item = item("one.txt", text, Lang::En, "2031-05-12T06:00:00Z");
        Self {
            title: None,
            items: vec![item],
            found: vec![ItemAttributions { lang: Lang::En, attributions, ..Default::default() }],
            lineage: Vec::new(),
            claims: Vec::new(),
            diagnostics: Vec::new(),
            links: Vec::new(),
            mail: None,
        }
    }

    fn with<T>(&self, look: impl FnOnce(&Report<'_>) -> T) -> T {
        let articles: Vec<Article<'_>> = (0..self.items.len())
            .map(|at| Article::borrowed(&self.items[at], self.found.get(at), self.lineage.get(at)))
            .collect();
        let provenance = Provenance {
            program: "preuve".into(),
            version: "0.0.0".into(),
            command: vec!["preuve".into(), "examine".into(), "port".into()],
            parameters: vec![("window".into(), "20".into())],
            generated: None,
        };
        let input = ReportInput {
            title: self.title.as_deref(),
            provenance: &provenance,
            articles: &articles,
            messages: self.mail.as_ref().map(|mail| mail as &dyn Messages),
            claims: Some(&self.claims),
            diagnostics: &self.diagnostics,
            links: &self.links,
        };
        look(&Report::build(&input).unwrap())
    }

    pub fn html(&self, params: &HtmlParams) -> String {
        let mut out = Vec::new();
        self.with(|report| write_html(report, params, &mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    pub fn json(&self, with_text: bool) -> String {
        let mut out = Vec::new();
        self.with(|report| write_json(report, &JsonParams { with_text }, &mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    pub fn summary(&self, lang: ReportLang, width: usize, colour: bool) -> String {
        let mut out = Vec::new();
        let params = SummaryParams { lang, width, colour, max_claims: 50, max_messages: 8 };
        self.with(|report| write_summary(report, &params, &mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }
}

/// Compares with the file beside the tests; `PREUVE_BLESS=1` writes it anew.
pub fn assert_file(name: &str, actual: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small").join(name);
    if std::env::var_os("PREUVE_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    assert_eq!(actual, std::fs::read_to_string(&path).unwrap(), "{name}");
}
