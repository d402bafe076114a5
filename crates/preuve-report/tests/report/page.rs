//! The page: well formed, closed to the outside, true to the texts, whole within its limits.

use std::collections::BTreeSet;

use preuve_case::{Attribution, Diagnostic, LinkJudgement, Part, Severity, Span};
use preuve_report::{HtmlParams, ReportLang};
use proptest::prelude::*;

use super::case::{Case, FIRST, html_params, said, small};
use super::html::{Token, assert_balanced, text_of, tokens, values};

const ELEMENTS: [&str; 60] = [
    "a",
    "article",
    "b",
    "bdi",
    "blockquote",
    "body",
    "circle",
    "code",
    "dd",
    "defs",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "header",
    "html",
    "i",
    "input",
    "label",
    "li",
    "line",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "path",
    "q",
    "rect",
    "script",
    "section",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "symbol",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tspan",
    "ul",
    "use",
    "ins",
    "del",
    "hr",
];

fn hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

fn shown(text: &str) -> String {
    text.chars().filter(|&c| !hidden(c)).collect()
}

/// Nothing on the page can act, load or lead anywhere but within it.
fn assert_closed(found: &[Token]) {
    for token in found {
        let Token::Open(name, attributes) = token else { continue };
        assert!(ELEMENTS.contains(&name.as_str()), "`{name}` has no place on the page");
        for (key, value) in attributes {
            assert!(
                !key.starts_with("on") && !["src", "style", "action"].contains(&key.as_str()),
                "{key}={value}"
            );
            assert!(key != "href" || value.starts_with('#'), "`{value}` leads out of the page");
        }
    }
    let count = |wanted: &str| {
        found.iter().filter(|token| matches!(token, Token::Open(name, _) if name == wanted)).count()
    };
    assert_eq!((count("script"), count("style"), count("svg") > 0), (1, 1, true));
}

/// Every link leads to exactly one element.
fn assert_linked(found: &[Token]) {
    let ids = values(found, "id");
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "an id is there twice");
    for name in ["href", "aria-labelledby", "for"] {
        for target in values(found, name) {
            let target = target.trim_start_matches('#');
            assert!(known.contains(target), "{name} leads to `{target}`, which is not there");
        }
    }
}

fn assert_sound(page: &str) {
    let found = tokens(page);
    assert_balanced(&found);
    assert_closed(&found);
    assert_linked(&found);
}

#[test]
fn a_small_case_is_a_sound_page() {
    let case = small();
    for lang in [ReportLang::En, ReportLang::Fr] {
        assert_sound(&case.html(&HtmlParams { lang, ..html_params() }));
    }
}

#[test]
fn the_language_asked_for_is_shown_first() {
    let page = |lang| small().html(&HtmlParams { lang, ..html_params() });
    assert!(page(ReportLang::En).contains("<html lang=\"en\">"));
    assert!(page(ReportLang::Fr).contains("<html lang=\"fr\">"));
    assert!(page(ReportLang::Fr).contains("id=\"l-fr\" type=\"radio\" name=\"l\" checked"));
}

#[test]
fn an_empty_case_is_a_sound_page() {
    let mut case = small();
    (case.items, case.found, case.lineage, case.claims) = (vec![], vec![], vec![], vec![]);
    assert_sound(&case.html(&html_params()));
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    assert_eq!(small().html(&html_params()), small().html(&html_params()));
}

#[test]
fn the_card_says_who_what_and_on_how_many_sources() {
    let page = small().html(&html_params());
    for words in [
        "Teldor is accused of hacking port authority",
        "Teldor aurait piraté port authority",
        "Both articles quote Ada Quell.",
        "Les deux articles citent Ada Quell.",
        "none given, and the text says so",
        "“We did nothing of the kind,”",
        "aucune preuve fournie, le texte le dit",
    ] {
        assert!(page.contains(words), "`{words}` is on the page");
    }
}

#[test]
fn the_best_evidence_leads_to_who_offers_it() {
    let page = small().html(&html_params());
    let at = page.find("Best evidence offered").unwrap();
    let card = &page[at..at + 900];
    assert!(card.contains("href=\"#c1m1\"") && card.contains("href=\"#c1m3\"") && !card.contains("#c1m2"));
}

#[test]
fn a_statement_leads_to_code_points_and_bytes() {
    let page = small().html(&html_params());
    let at = FIRST.find("“We did").unwrap();
    let chars = FIRST[..at].chars().count();
    assert!(page.contains(&format!("{}–{}", chars, chars + 29)), "code points");
    assert!(page.contains(&format!("{at}–{}", at + "“We did nothing of the kind,”".len())), "bytes");
}

#[test]
fn the_text_is_on_the_page_as_it_is() {
    let page = small().html(&html_params());
    assert_eq!(text_of(&tokens(&page), "text"), FIRST);
}

#[test]
fn what_limits_leave_out_is_said_and_never_linked() {
    let limits: [fn(&mut HtmlParams); 7] = [
        |params| params.max_embedded_articles = 1,
        |params| params.max_embedded_bytes = 0,
        |params| params.max_listed_articles = 1,
        |params| params.max_claims = 0,
        |params| params.max_places = 1,
        |params| params.max_comparisons = 0,
        |params| params.max_comparison_bytes = 10,
    ];
    for (number, limit) in limits.iter().enumerate() {
        let mut params = html_params();
        limit(&mut params);
        let page = small().html(&params);
        assert_sound(&page);
        assert!(page.contains("report.json"), "limit {number} points to the rest");
    }
    assert!(!small().html(&html_params()).contains("report.json"));
}

#[test]
fn a_judgement_of_the_analyst_stands_apart() {
    let mut case = small();
    let (a, b) = (case.items[0].id, case.items[1].id);
    case.links =
        vec![LinkJudgement { a, b, linked: false, why: "both were at the <press> conference".into() }];
    let page = case.html(&html_params());
    assert_sound(&page);
    assert!(page.contains("Judgements of the analyst") && page.contains("&lt;press&gt;"));
}

const ATTACKS: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style></title></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "\u{202e}gnp.exe\u{202c} \u{200b}\u{0}\u{1b}[31m",
    "<!-- --><![CDATA[ ]]>&lt;script&gt;&#x3c;",
    "`code` <a href=\"https://evil.example\">here</a>",
];

fn attacked(attack: &str) -> Case {
    let mut case = small();
    case.title = Some(attack.into());
    for item in &mut case.items {
        item.path = format!("dir/{attack}.txt");
        item.meta.title = Some(attack.into());
        item.meta.outlet = Some(attack.into());
        item.meta.byline = Some(attack.into());
        item.meta.url = Some(attack.into());
        item.meta.published_raw = Some(attack.into());
    }
    for attribution in case.found.iter_mut().flat_map(|found| &mut found.attributions) {
        attribution.source_name = Some(attack.into());
        for reason in &mut attribution.reasons {
            reason.rule = attack.into();
        }
        if let Some(accusation) = &mut attribution.accusation {
            accusation.accuser = Some(attack.into());
            accusation.accused = attack.into();
            accusation.target = Some(attack.into());
        }
    }
    for claim in &mut case.claims {
        claim.accused = attack.into();
        claim.target = Some(attack.into());
        claim.accusers = vec![attack.into()];
        claim.denied_by = vec![attack.into()];
        claim.primary_sources = vec![attack.into()];
        claim.why[0].en = attack.into();
        claim.why[0].fr = attack.into();
        claim.mentions.iter_mut().for_each(|mention| mention.speaker = Some(attack.into()));
    }
    for finding in &mut case.lineage {
        finding.relays = vec![attack.into()];
        finding.signs.iter_mut().for_each(|sign| (sign.name, sign.note) = (attack.into(), attack.into()));
    }
    case.diagnostics = vec![Diagnostic::new(attack, Severity::Warning, attack, attack).hint(attack)];
    case
}

#[test]
fn hostile_words_stay_words() {
    for attack in ATTACKS {
        let page = attacked(attack).html(&html_params());
        assert_sound(&page);
        assert!(!page.contains("<img") && !page.contains("evil.example\""), "{attack}");
        assert!(!page.chars().any(hidden), "hidden characters of {attack:?} are named, not written");
    }
}

#[test]
fn hostile_texts_stay_texts() {
    for attack in ATTACKS {
        let text = format!("Ada said {attack} twice.\n{attack}\n\n\n{attack}");
        let page = Case::of(&text, vec![said(&text, "Ada", "said", attack)]).html(&html_params());
        assert_sound(&page);
        assert_eq!(text_of(&tokens(&page), "text"), shown(&text), "{attack}");
    }
}

#[test]
fn addresses_of_the_material_cannot_be_clicked() {
    let page = small().html(&html_params());
    assert!(page.contains("hxxps://herald[.]example/2031/05/12/a-story"));
    assert!(!page.contains("https://herald"));
}

#[test]
fn a_count_with_copies_in_it_says_so() {
    let mut case = small();
    case.claims[0].copies_collapsed = false;
    let page = case.html(&html_params());
    assert!(page.contains("Copies are not collapsed in this count."));
    assert!(page.contains("Copies and translations are not collapsed"));
    assert!(!small().html(&html_params()).contains("not collapsed"));
}

#[test]
fn a_mention_that_leads_nowhere_is_named_not_linked() {
    let mut case = small();
    case.claims[0].mentions[2].item = preuve_case::ItemId::of(b"elsewhere");
    case.claims[0].mentions[1].attribution = 99;
    let page = case.html(&html_params());
    assert_sound(&page);
    assert!(page.contains("is not in this report"));
}

#[test]
fn articles_without_date_title_and_outlet_have_their_place() {
    let mut case = small();
    for item in &mut case.items {
        item.meta = preuve_case::ItemMeta::default();
    }
    let page = case.html(&html_params());
    assert_sound(&page);
    assert!(page.contains("no date") && page.contains("sans date") && page.contains("two.txt"));
}

#[test]
fn one_article_alone_is_open_and_has_no_picture_of_lineage() {
    let mut case = small();
    case.items.truncate(1);
    case.found.truncate(1);
    case.lineage.truncate(1);
    let page = case.html(&html_params());
    assert_sound(&page);
    assert!(
        page.contains("<details class=\"article\" id=\"a1\" open>") && !page.contains("class=\"lineage\"")
    );
}

#[test]
fn what_an_editor_changed_is_marked() {
    let mut case = small();
    let text = FIRST.replace("on Monday", "on Tuesday");
    case.items[1] = super::case::item("two.txt", &text, preuve_case::Lang::En, "2031-05-13T06:00:00Z");
    case.found.truncate(1);
    let whole = Span::new(0, FIRST.chars().count());
    let finding = &mut case.lineage[1];
    finding.item = case.items[1].id;
    finding.relation = preuve_case::Relation::Revision;
    finding.passages[0].here = whole;
    finding.passages[0].there = whole;
    let page = case.html(&html_params());
    assert_sound(&page);
    assert!(page.contains("<ins>Tuesday </ins>") && page.contains("<del>Monday </del>"));
}

#[test]
fn damage_is_said_first_and_marked_in_the_text() {
    let page = small().html(&html_params());
    assert!(page.contains("1 article shows the damage"));
    assert!(page.contains("class=\"g\""));
    assert!(page.contains("Mots collés"));
}

#[test]
fn the_picture_draws_every_article_and_every_derivation() {
    let page = small().html(&html_params());
    let picture = &page[page.find("<svg class=\"lineage\"").unwrap()..];
    let picture = &picture[..picture.find("</svg>").unwrap()];
    assert_eq!(picture.matches("class=\"node\"").count(), 2);
    assert_eq!(picture.matches("class=\"edge r-translation\"").count(), 1);
}

fn anywhere(text: &str, spans: &[(usize, usize)]) -> Vec<Attribution> {
    spans
        .iter()
        .map(|&(start, len)| {
            let mut found = said("a b c", "a", "b", "c");
            found.source =
                Some(Part { text: "s".into(), spans: vec![Span::new(start / 2, start / 2 + len)] });
            found.cue = None;
            found.content =
                Part { text: text.chars().take(3).collect(), spans: vec![Span::new(start, start + len)] };
            found
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_with_any_spans_is_a_sound_page_that_holds_the_text(
        text in "(?s)[a-z<>&\"' \n\r\u{0}-\u{1f}\u{202a}-\u{202e}é漢👩]{0,60}|(?s).{0,60}",
        spans in proptest::collection::vec((0usize..70, 0usize..30), 0..8),
    ) {
        let page = Case::of(&text, anywhere(&text, &spans)).html(&html_params());
        assert_sound(&page);
        prop_assert_eq!(text_of(&tokens(&page), "text"), shown(&text));
    }

    #[test]
    fn any_limits_leave_a_sound_page(
        embedded in 0usize..3, bytes in 0usize..600, listed in 0usize..3, claims in 0usize..2, places in 0usize..4,
    ) {
        let params = HtmlParams {
            max_embedded_articles: embedded,
            max_embedded_bytes: bytes,
            max_listed_articles: listed,
            max_claims: claims,
            max_places: places,
            ..html_params()
        };
        assert_sound(&small().html(&params));
    }
}
