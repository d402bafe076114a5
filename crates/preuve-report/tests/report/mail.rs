//! The mail part of the report, on a planted mailbox and on hostile ones.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{
    Address, ArcFinding, AuthResult, CheckOutcome, Format, ItemAttributions, ItemId, Lang, MailVerdict,
    MessageDigest, MessageFinding, MessageRef, Observation, ObservationKind, ShownLink,
};
use preuve_report::{
    Article, Articles, HtmlParams, JsonParams, LoadError, MailMessage, Messages, Provenance, Report,
    ReportInput, ReportLang, SummaryParams, write_html, write_json, write_summary,
};
use serde_json::Value;

use crate::case::{html_params as params, item, small};
use crate::html::{Token, tokens};
use crate::planted::{Mailbox, mailbox};
use crate::schema::violations;

/// The three reports of a case that holds nothing but `messages`.
struct Written {
    html: String,
    json: String,
    summary: String,
}

fn write(messages: &dyn Messages, html: &HtmlParams, lang: ReportLang) -> Written {
    let none: Vec<Article<'_>> = Vec::new();
    write_with(&none, messages, html, lang)
}

fn write_with(
    articles: &dyn Articles,
    messages: &dyn Messages,
    html: &HtmlParams,
    lang: ReportLang,
) -> Written {
    let provenance =
        Provenance { program: "preuve".into(), version: "0.0.0".into(), ..Provenance::default() };
    let input = ReportInput {
        title: None,
        provenance: &provenance,
        articles,
        messages: Some(messages),
        claims: Some(&[]),
        diagnostics: &[],
        links: &[],
    };
    let report = Report::build(&input).unwrap();
    let mut written = [Vec::new(), Vec::new(), Vec::new()];
    write_html(&report, html, &mut written[0]).unwrap();
    write_json(&report, &JsonParams { with_text: true }, &mut written[1]).unwrap();
    let summary = SummaryParams { lang, width: 110, colour: false, max_claims: 10, max_messages: 8 };
    write_summary(&report, &summary, &mut written[2]).unwrap();
    let [html, json, summary] = written.map(|bytes| String::from_utf8(bytes).unwrap());
    Written { html, json, summary }
}

fn english(messages: &dyn Messages) -> Written {
    write(messages, &params(), ReportLang::En)
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/report.schema.json")).unwrap()
}

/// What a reader of one language sees, without marks.
fn text_of(page: &str, other: &str) -> String {
    let mut hidden: Vec<String> = Vec::new();
    let mut text = String::new();
    for token in tokens(page) {
        match token {
            Token::Open(name, attributes) if !["meta", "input"].contains(&name.as_str()) => {
                let off =
                    attributes.get("class").is_some_and(|class| class.split(' ').any(|one| one == other));
                if off || !hidden.is_empty() {
                    hidden.push(name);
                }
            }
            Token::Close(_) => {
                hidden.pop();
            }
            Token::Text(words) if hidden.is_empty() => text.push_str(&words),
            _ => {}
        }
    }
    text
}

#[test]
fn a_case_of_mail_alone_speaks_of_mail() {
    let written = english(&mailbox());
    let seen = text_of(&written.html, "f");
    assert!(seen.contains("mail messages."));
    assert!(!seen.contains("0 articles") && !seen.contains("Who accuses whom"));
    assert!(!written.html.contains("id=\"articles\"") && !written.html.contains("id=\"claims\""));
    assert!(seen.contains("Mail: what is authentic"));
    assert!(seen.contains("fer2014._domainkey.ferry.example"));
    assert!(seen.contains("2 keys to look for"));
}

#[test]
fn every_verdict_is_told_with_its_limit() {
    let seen = text_of(&english(&mailbox()).html, "f");
    for told in [
        "The signed headers are as ministry.example signed them; the body is not the one that was signed.",
        "The signature in the name of civicunion.example does not hold for this message",
        "A signature of civicunion.example holds, but not over all that a reader is shown",
        "All that a reader is shown was signed with a key that the archive lists for ministry.example",
        "The message bears a signature in the name of ferry.example, and no archived key could be used",
        "It does not say who sat at the keyboard",
    ] {
        assert!(seen.contains(told), "{told}");
    }
    let french = text_of(&english(&mailbox()).html, "e");
    assert!(french.contains("Les en-têtes signés sont conformes à la signature de ministry.example"));
    assert!(french.contains("signature du domaine signataire") && !french.contains("de le domaine"));
}

/// The part of the page about the message whose summary holds `subject`.
fn part<'p>(page: &'p str, subject: &str) -> &'p str {
    let mut parts = page.split("<details id=\"m").skip(1);
    parts.find(|part| part.split("</summary>").next().unwrap().contains(subject)).unwrap()
}

#[test]
fn what_is_signed_and_what_is_not_is_told_apart_in_the_message() {
    let page = english(&mailbox()).html;
    let minutes = part(&page, ">Minutes<");
    let (signed, unsigned) = minutes.split_once("secret payment").unwrap();
    let piece = signed.rsplit("<div class=\"piece ").next().unwrap();
    assert!(piece.starts_with("k-open\"") && piece.contains("not signed"), "{piece}");
    assert!(signed.contains("class=\"piece k-signed\""));
    assert!(unsigned.contains("leaves the end of the body unsigned"));
    let subject = part(&page, "About the bribe");
    let row =
        subject.split("<div class=\"row ").skip(1).find(|row| row.contains("About the bribe</bdi>")).unwrap();
    assert!(row.starts_with("k-open\""), "{row}");
}

#[test]
fn where_the_own_key_signed_another_header_that_is_said() {
    let page = english(&mailbox()).html;
    assert!(part(&page, ">Cash for the visit<").contains("made this signature, for other headers"));
}

#[test]
fn nothing_is_marked_signed_where_no_signature_holds() {
    let mailbox = mailbox();
    let page = english(&mailbox).html;
    let mut looked_at = 0;
    for part in page.split("<details id=\"m").skip(1) {
        let class = part.split("class=\"article mail ").nth(1).unwrap().split('"').next().unwrap();
        if ["v-altered", "v-key_unknown", "v-unsigned", "v-malformed", "v-unverifiable_format"]
            .iter()
            .any(|verdict| class.contains(verdict))
        {
            looked_at += 1;
            assert!(!part.contains("k-signed"), "{class}");
        }
        if class.contains("v-headers_intact_body_changed") {
            assert!(!part.contains("piece k-signed") && part.contains("piece k-broken"));
        }
    }
    assert!(looked_at >= 5);
}

#[test]
fn messages_of_interest_come_first_and_can_be_filtered() {
    let page = english(&mailbox()).html;
    let order: Vec<&str> = page
        .split("class=\"article mail v-")
        .skip(1)
        .map(|part| part.split(['"', ' ']).next().unwrap())
        .take(4)
        .collect();
    assert_eq!(order, ["headers_intact_body_changed", "altered", "valid_partial", "valid_partial"]);
    for verdict in ["altered", "valid", "key_unknown", "unsigned"] {
        assert!(
            page.contains(&format!("<input class=\"mf\" id=\"mf-{verdict}\" type=\"radio\"")),
            "{verdict}"
        );
        assert!(page.contains(&format!("<label for=\"mf-{verdict}\"")));
        assert!(
            page.contains(&format!("#mf-{verdict}:checked~.mlist>:not(.v-{verdict})")),
            "the style hides"
        );
    }
}

#[test]
fn the_thread_shows_its_gap_and_where_else_a_message_stands() {
    let page = english(&mailbox()).html;
    let strand = page.split("<ol class=\"strand\">").nth(1).unwrap().split("</ol>").next().unwrap();
    assert!(strand.contains("Not in this material: ") && strand.contains("lost-0911@ferry.example"));
    assert!(strand.contains("aria-current=\"true\"") && strand.contains("Piet Haan"));
    assert!(page.contains("1 named and not in this material"));
    assert!(page.contains("second-leak/sent.zip!/sent.mbox"));
}

#[test]
fn what_was_noticed_is_told_by_kind_and_what_fits_is_folded() {
    let page = english(&mailbox()).html;
    let lure = part(&page, "mot de passe");
    let (open, folded) = lure.split_once("<details class=\"held\">").unwrap();
    assert!(open.contains("Traits of mail made to deceive") && open.contains("lure.domain_one_letter"));
    assert!(open.contains("Parts and types") && open.contains("structure.type_differs"));
    assert!(!open.contains("route.message_id_domain") && folded.contains("route.message_id_domain"));
}

#[test]
fn links_are_never_live_and_never_whole() {
    let page = english(&mailbox()).html;
    assert!(page.contains("hxxps://civicunlon[.]example/login?u=nadia"));
    assert!(!page.contains("https://civicun"));
    for token in tokens(&page) {
        if let Token::Open(_, attributes) = token {
            assert!(attributes.get("href").is_none_or(|target| target.starts_with('#')));
        }
    }
}

#[test]
fn links_inside_the_page_lead_somewhere() {
    let page = english(&mailbox()).html;
    let mut ids = BTreeSet::new();
    let mut targets = BTreeSet::new();
    for token in tokens(&page) {
        if let Token::Open(name, attributes) = token {
            if let Some(id) = attributes.get("id") {
                assert!(ids.insert(id.clone()), "{id} is there twice");
            }
            for key in ["href", "for", "aria-labelledby"] {
                if let Some(target) = attributes.get(key) {
                    targets.insert((name.clone(), target.trim_start_matches('#').to_owned()));
                }
            }
        }
    }
    let lost: Vec<_> = targets.iter().filter(|(_, target)| !ids.contains(target)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn the_json_follows_the_schema_and_names_threads_once() {
    let written = english(&mailbox());
    let value: Value = serde_json::from_str(&written.json).unwrap();
    assert_eq!(violations(&schema(), &value), Vec::<String>::new());
    let messages = value["messages"].as_array().unwrap();
    assert_eq!(messages.len(), mailbox().messages.len());
    let threads = value["threads"].as_array().unwrap();
    assert_eq!(threads.len(), 1);
    let of_thread = messages.iter().filter(|message| message["thread"] == threads[0]["id"]).count();
    assert_eq!(of_thread, threads[0]["members"].as_array().unwrap().len());
    assert_eq!(value["figures"]["mail"]["verdicts"]["altered"], 1);
    assert_eq!(value["figures"]["articles"], 0);
    assert_eq!(written.json.lines().filter(|line| line.starts_with("{\"id\"")).count(), messages.len() + 1);
}

#[test]
fn the_same_mail_gives_the_same_bytes() {
    let (one, other) = (english(&mailbox()), english(&mailbox()));
    assert!(one.html == other.html && one.json == other.json && one.summary == other.summary);
}

#[test]
fn the_summary_tells_verdicts_first_messages_and_keys_in_both_languages() {
    let english = english(&mailbox()).summary;
    assert!(english.contains("       1  Not as signed\n"), "{english}");
    assert!(english.contains("fer2014._domainkey.ferry.example"));
    assert!(english.contains("2016-09-12  nadia@ministry.example"));
    let french = write(&mailbox(), &params(), ReportLang::Fr).summary;
    assert!(french.contains("COURRIER") && french.contains("CLÉS À RETROUVER"), "{french}");
    assert!(french.contains("Non conforme à la signature   2016-09-14"), "{french}");
}

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&<b>\u{202e}\u{1b}[31m https://evil.example/x";

/// A message that is hostile wherever a message can be.
fn hostile() -> Mailbox {
    let mut mailbox = mailbox();
    let reference = MessageRef { path: HOSTILE.into(), index: u64::MAX, id: ItemId::of(b"elsewhere") };
    for planted in &mut mailbox.messages {
        let digest: &mut MessageDigest = &mut planted.digest;
        digest.subject = Some(HOSTILE.repeat(40));
        digest.message_id = Some(HOSTILE.into());
        digest.at.path = HOSTILE.into();
        digest.from = vec![Address { name: Some(HOSTILE.into()), address: format!("a@{HOSTILE}") }];
        digest.date = Some(i64::MAX);
        digest.zone_minutes = Some(i32::MIN);
        digest.references = vec![HOSTILE.into(); 30];
        digest.links = vec![
            ShownLink { shown: Some(HOSTILE.into()), target: HOSTILE.into(), bytes: None },
            ShownLink { shown: None, target: "javascript:alert(1)".into(), bytes: Some((0, 1)) },
        ];
        planted.finding.reasons.push(HOSTILE.into());
        for signature in &mut planted.finding.signatures {
            signature.domain = HOSTILE.into();
            signature.selector = HOSTILE.into();
            signature.body_uncovered = signature.body_uncovered.map(|_| (u64::MAX - 1, 0));
        }
        for check in &mut planted.finding.checks {
            check.note = HOSTILE.into();
            check.section = HOSTILE.into();
            check.bytes = vec![(u64::MAX, 0); 200];
        }
        planted.finding.arc = ArcFinding {
            result: AuthResult::Pass,
            sets: u32::MAX,
            sealers: vec![HOSTILE.into(); 50],
            reason: HOSTILE.into(),
        };
        planted.observations.push(Observation {
            kind: ObservationKind::Lure,
            name: HOSTILE.into(),
            outcome: CheckOutcome::Fail,
            bytes: vec![(9, 1)],
            others: vec![reference.clone(); 10],
            facts: BTreeMap::from([(HOSTILE.to_owned(), HOSTILE.to_owned())]),
            note: HOSTILE.into(),
        });
        planted.seen_at = vec![reference.clone(); 100];
        if let Some(bytes) = &mut planted.bytes {
            let body = format!("\r\nSubject: {HOSTILE}\r\nX: \r\n\r\n{HOSTILE}\r\n--\r\n");
            bytes.extend_from_slice(body.as_bytes());
        }
    }
    for thread in &mut mailbox.threads {
        thread.missing = vec![HOSTILE.into(); 100];
    }
    mailbox
}

#[test]
fn hostile_mail_stays_text() {
    let written = english(&hostile());
    let scripts = tokens(&written.html)
        .iter()
        .filter(|token| matches!(token, Token::Open(name, _) if name == "script"))
        .count();
    assert_eq!(scripts, 1, "the page's own");
    for token in tokens(&written.html) {
        if let Token::Open(name, attributes) = token {
            assert!(!["img", "iframe", "object", "form", "base", "link"].contains(&name.as_str()));
            assert!(attributes.keys().all(|key| !key.starts_with("on") && key != "style" && key != "src"));
            assert!(attributes.values().all(|value| !value.contains("alert(") && !value.contains("evil")));
        }
    }
    assert!(!written.html.contains(['\u{202e}', '\u{1b}']));
    assert!(!written.summary.contains(['\u{202e}', '\u{1b}']));
    for (open, close) in [
        ("class=\"body-text\"", "</div>"),
        ("class=\"mlinks\"", "</div>"),
        ("<dl class=\"fields\">", "</dl>"),
        ("class=\"ti\"", "</summary>"),
    ] {
        for part in written.html.split(open).skip(1) {
            let part = part.split(close).next().unwrap();
            assert!(!part.contains("://evil.example"), "{part}");
        }
    }
    assert!(written.html.contains("hxxps://evil[.]example/x"));
    serde_json::from_str::<Value>(&written.json).unwrap();
}

#[test]
fn a_message_of_any_bytes_is_shown_without_panic() {
    let mut mailbox = mailbox();
    let bytes: Vec<u8> = (0..60_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let boundaries = format!(
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n{}",
        "--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n".repeat(20_000)
    );
    let shapes: [&[u8]; 6] = [&bytes, boundaries.as_bytes(), b"", b"\n\n", b"From:", b"Subject: =?utf-8?B?"];
    for (planted, shape) in mailbox.messages.iter_mut().rev().zip(shapes.iter().cycle()) {
        planted.bytes = Some(shape.to_vec());
    }
    tokens(&english(&mailbox).html);
}

/// Very many messages, made when asked for.
struct Many(usize);

impl Messages for Many {
    fn count(&self) -> usize {
        self.0
    }

    fn message(&self, index: usize) -> Result<MailMessage<'_>, LoadError> {
        let verdict = match index % 10 {
            0 => MailVerdict::Altered,
            1 => MailVerdict::ValidPartial,
            2 => MailVerdict::KeyUnknown,
            _ => MailVerdict::Valid,
        };
        let id = ItemId::of(&index.to_le_bytes());
        let at = MessageRef { path: "big.mbox".into(), index: index as u64, id };
        let signature = (verdict == MailVerdict::KeyUnknown).then(|| crate::mail::unchecked(index));
        let digest = MessageDigest {
            at,
            message_id: None,
            date: Some(index as i64 * 40_000),
            zone_minutes: None,
            from: vec![Address { name: None, address: format!("a@d{}.example", index % 70_000) }],
            reply_to: Vec::new(),
            to: Vec::new(),
            subject: Some(format!("Message {index}")),
            in_reply_to: Vec::new(),
            references: Vec::new(),
            received: Vec::new(),
            client: None,
            links: Vec::new(),
            parts: Vec::new(),
            structure: Vec::new(),
            own_lines: Vec::new(),
            quoted_lines: Vec::new(),
        };
        let finding = MessageFinding {
            message_id: None,
            from: None,
            date: None,
            subject: None,
            verdict,
            reasons: Vec::new(),
            signatures: signature.into_iter().collect(),
            arc: ArcFinding { result: AuthResult::None, sets: 0, sealers: Vec::new(), reason: String::new() },
            checks: Vec::new(),
        };
        Ok(MailMessage {
            digest: Cow::Owned(digest),
            finding: Cow::Owned(finding),
            observations: Cow::Borrowed(&[]),
            thread: None,
            seen_at: Cow::Borrowed(&[]),
        })
    }

    fn original(&self, index: usize) -> Result<Option<Cow<'_, [u8]>>, LoadError> {
        Ok(Some(Cow::Owned(
            format!("Subject: Message {index}\r\n\r\n{}", "word ".repeat(100_000)).into_bytes(),
        )))
    }
}

/// A signature whose key nobody has.
fn unchecked(index: usize) -> preuve_case::SignatureFinding {
    preuve_case::SignatureFinding {
        bytes: (0, 10),
        domain: format!("d{index}.example"),
        selector: "s".into(),
        algorithm: "rsa-sha256".into(),
        key_bits: None,
        result: AuthResult::TempError,
        header: preuve_case::HalfResult::NotChecked,
        body: preuve_case::HalfResult::Pass,
        body_form: None,
        body_length: None,
        body_uncovered: None,
        headers: Vec::new(),
        signed_at: None,
        expires_at: None,
        alignment: preuve_case::Alignment::Strict,
        key: None,
        weak: Vec::new(),
        reason: "no archived key".into(),
    }
}

#[test]
fn a_hundred_thousand_messages_make_a_bounded_page_that_says_what_it_left_out() {
    let many = Many(100_000);
    let written = english(&many);
    assert!(written.html.len() < 3_000_000, "{} bytes", written.html.len());
    assert_eq!(written.html.matches("class=\"article mail").count(), params().max_messages);
    let seen = text_of(&written.html, "f");
    assert!(seen.contains(&format!("{} more are left out of this page", 100_000 - params().max_messages)));
    assert!(seen.contains("10000 keys to look for"));
    assert!(seen.contains("other domains"));
    assert!(seen.contains("The text goes on; its bytes are"));
    assert!(written.html.contains("v-altered") && written.html.contains("v-valid_partial"));
    assert_eq!(written.json.lines().filter(|line| line.starts_with("{\"id\"")).count(), 100_000);
}

/// The words of very many messages, which accuse nobody, and one article behind them.
struct ManyWords(usize);

impl Articles for ManyWords {
    fn count(&self) -> usize {
        self.0 + 1
    }

    fn article(&self, index: usize) -> Result<Article<'_>, LoadError> {
        let (path, text) = (format!("a.mbox!/message-{index}.eml"), format!("Note {index}."));
        let mut item = item(&path, &text, Lang::En, "2018-03-06T09:00:00Z");
        if index < self.0 {
            item.format = Format::Mail;
        } else {
            item.path = "z.txt".to_owned();
        }
        Ok(Article {
            item: Cow::Owned(item),
            attributions: Some(Cow::Owned(ItemAttributions::default())),
            lineage: None,
            diagnostics: Cow::Borrowed(&[]),
        })
    }
}

#[test]
fn the_words_of_a_hundred_thousand_messages_do_not_crowd_out_the_one_article() {
    let limits = HtmlParams { max_listed_articles: 5_000, ..params() };
    let written = write_with(&ManyWords(100_000), &Many(100), &limits, ReportLang::En);
    assert!(written.html.len() < 4_000_000, "{} bytes", written.html.len());
    let seen = text_of(&written.html, "f");
    assert!(seen.contains("1 article, 100 mail messages"), "the words of mail are no articles");
    assert!(seen.contains("z.txt") && written.html.contains("Note 100000."));
    assert!(seen.contains("99500 more are left out of this page"));
    assert_eq!(written.json.lines().filter(|line| line.starts_with("{\"id\"")).count(), 100_101);
}

#[test]
fn a_folder_without_mail_is_as_before() {
    let written = english(&Many(0));
    assert!(!written.html.contains("id=\"mail\"") && !written.json.contains("\"messages\""));
    assert!(written.html.contains("id=\"articles\""));
}

#[test]
fn articles_and_mail_stand_side_by_side() {
    let mut case = small();
    let alone = case.html(&params());
    case.mail = Some(mailbox());
    let page = case.html(&params());
    let seen = text_of(&page, "f");
    assert!(seen.contains("2 articles, 1 text origin, 234 mail messages, 1 accusation."));
    assert!(seen.contains("Who accuses whom, on what evidence"));
    for section in ["claims", "mail", "messages", "articles"] {
        assert!(page.contains(&format!("<section id=\"{section}\"")), "{section}");
    }
    // What is said of the accusation does not change.
    let card = |page: &str| {
        page.split("<article class=\"card\"").nth(1).unwrap().split("</article>").next().unwrap().to_owned()
    };
    assert_eq!(card(&alone), card(&page));
    assert!(!alone.contains("id=\"mail") && !alone.contains("class=\"article mail"));
    tokens(&page);
}
