//! What a verdict rests on and what stands beside it: signatures, every check with its rule and bytes, observations
//! by kind.

use maud::{Markup, html};
use preuve_case::{
    Alignment, Check, CheckOutcome, HalfResult, MessageFinding, Observation, ObservationKind,
    SignatureFinding,
};

use super::super::article::quoted;
use super::super::both::{Line, both, icon};
use super::super::links::Page;
use super::list::capital;
use super::message::sender;
use crate::ReportError;
use crate::input::MailMessage;
use crate::mail::{Facts, Mail, check_phrase, observation_phrase, outcome_name, phrase};
use crate::phrases::{Phrase, counted};
use crate::view::shorten;
use crate::visible::one_line;

const LISTED_SIGNATURES: usize = 8;
const LISTED_CHECKS: usize = 60;
const LISTED_OBSERVATIONS: usize = 40;
const LISTED_PLACES: usize = 6;
const LISTED_OTHERS: usize = 3;

/// A sentence with its full stop, which some tables write and notes leave out.
fn stopped(text: &str) -> String {
    format!("{}.", capital(text).trim_end_matches('.'))
}

/// A sentence of the engine in both languages, its literals set apart; English alone is marked as such.
fn sentence(said: &Phrase) -> Markup {
    let said = Phrase::new(stopped(&said.en), stopped(&said.fr));
    html! {
        @if said.en == said.fr { span lang="en" { (quoted(&said.en)) } } @else {
            span.e lang="en" { (quoted(&said.en)) } span.f lang="fr" { (quoted(&said.fr)) }
        }
    }
}

fn outcome(outcome: CheckOutcome) -> Markup {
    let words = match outcome {
        CheckOutcome::Pass => Phrase::new("holds", "tient"),
        CheckOutcome::Fail => Phrase::new("does not hold", "ne tient pas"),
        CheckOutcome::Note => Phrase::new("worth knowing", "à savoir"),
        CheckOutcome::NotChecked => Phrase::new("not checked", "non vérifié"),
    };
    let symbol = match outcome {
        CheckOutcome::Pass => "intact",
        CheckOutcome::Fail => "broken",
        CheckOutcome::Note => "note",
        CheckOutcome::NotChecked => "unchecked",
    };
    html! { span class={ "out o-" (outcome_name(outcome)) } { (icon(symbol)) span.vh { (words) (both(": ", "\u{a0}: ")) } } }
}

fn bytes(places: &[(u64, u64)]) -> Markup {
    html! {
        @if !places.is_empty() {
            " " code.loc {
                (both("bytes", "octets"))
                @for (number, (start, end)) in places.iter().take(LISTED_PLACES).enumerate() {
                    @if number > 0 { "," } " " span { (start) "–" (end) }
                }
                @if places.len() > LISTED_PLACES { " +" (places.len() - LISTED_PLACES) }
            }
        }
    }
}

pub(super) fn signatures(finding: &MessageFinding) -> Markup {
    html! {
        @if !finding.signatures.is_empty() {
            div.sigs {
                h4 { (both("Signatures", "Signatures")) }
                @for signature in finding.signatures.iter().take(LISTED_SIGNATURES) { (one_signature(signature)) }
                @if finding.signatures.len() > LISTED_SIGNATURES {
                    p.left { (counted(finding.signatures.len() - LISTED_SIGNATURES, ["more", "more"], ["de plus", "de plus"])) }
                }
            }
        }
    }
}

fn half(result: HalfResult) -> Markup {
    let (name, words) = match result {
        HalfResult::Pass => ("intact", Phrase::new("as signed", "conforme")),
        HalfResult::Fail => ("broken", Phrase::new("not as signed", "non conforme")),
        HalfResult::NotChecked => ("unchecked", Phrase::new("not checked", "non vérifié")),
    };
    html! { span class={ "mini m-" (name) } { (icon(name)) (words) } }
}

fn alignment(value: Alignment) -> Phrase {
    match value {
        Alignment::Strict => Phrase::new("the sender’s domain", "le domaine de l’expéditeur"),
        Alignment::Relaxed => {
            Phrase::new("of the sender’s organisation", "de l’organisation de l’expéditeur")
        }
        Alignment::None => Phrase::new("not the sender’s domain", "pas le domaine de l’expéditeur"),
    }
}

fn one_signature(signature: &SignatureFinding) -> Markup {
    let short = |text: &str| shorten(&one_line(text), 100).0;
    html! {
        dl.sig {
            div { dt { (both("Signed by", "Signé par")) } dd { code { (Line(&short(&signature.domain))) } " " span.when { "(" (alignment(signature.alignment)) ")" } } }
            div { dt { (both("Header", "En-tête")) } dd { (half(signature.header)) } }
            div { dt { (both("Body", "Corps")) } dd {
                (half(signature.body))
                @if signature.body_form.as_deref() == Some("unquoted") {
                    " " span.when { (both("once the mailbox’s “>From” is undone", "une fois défait le «\u{a0}>From\u{a0}» de la boîte")) }
                }
            } }
            div { dt { (both("Selector, algorithm", "Sélecteur, algorithme")) } dd {
                code { (Line(&short(&signature.selector))) } " " code { (Line(&short(&signature.algorithm))) }
                @if let Some(bits) = signature.key_bits { " " span.when { (bits) " bits" } }
            } }
            @if let Some(key) = &signature.key {
                div { dt { (both("Key seen", "Clé vue")) } dd {
                    (Line(&short(&key.origin)))
                    @if let Some(first) = &key.first_seen { ", " (both("from ", "du ")) (Line(&short(first))) }
                    @if let Some(last) = &key.last_seen { " " (both("to ", "au ")) (Line(&short(last))) }
                } }
            }
            @if let Some(time) = signature.signed_at.and_then(|at| jiff::Timestamp::from_second(i64::try_from(at).ok()?).ok()) {
                div { dt { (both("Signed on, it says", "Signé le, dit-elle")) } dd { (time) } }
            }
            div { dt { (both("Place", "Place")) } dd { (bytes(&[signature.bytes])) } }
        }
    }
}

/// Every check; those that hold are folded away.
pub(super) fn checks(finding: &MessageFinding) -> Markup {
    let told = facts_of_checks(finding);
    let (held, open): (Vec<_>, Vec<_>) =
        told.iter().partition(|(check, _)| check.outcome == CheckOutcome::Pass);
    html! {
        div.checks {
            h4 { (both("Checks", "Vérifications")) }
            @if !open.is_empty() {
                ul.tests { @for (check, facts) in open.iter().take(LISTED_CHECKS) { li { (one_check(check, facts)) } } }
            }
            (arc(finding))
            @if !held.is_empty() {
                details.held {
                    summary { (counted(held.len(), ["check holds", "checks hold"], ["vérification tient", "vérifications tiennent"])) }
                    ul.tests { @for (check, facts) in held.iter().take(LISTED_CHECKS) { li { (one_check(check, facts)) } } }
                }
            }
            @if held.len().max(open.len()) > LISTED_CHECKS {
                p.left { (both("More checks are in the JSON report.", "D’autres vérifications sont dans le rapport JSON.")) }
            }
        }
    }
}

fn one_check(check: &Check, facts: &Facts) -> Markup {
    html! {
        (outcome(check.outcome))
        span {
            (sentence(&check_phrase(check, facts)))
            " " span.rule { (Line(&check.section)) }
            " " code.code { (Line(&check.name)) }
            (bytes(&check.bytes))
        }
    }
}

fn arc(finding: &MessageFinding) -> Markup {
    let chain = &finding.arc;
    let name = match chain.result {
        preuve_case::AuthResult::None => return html! {},
        preuve_case::AuthResult::Pass => ("arc.pass", CheckOutcome::Pass),
        preuve_case::AuthResult::TempError => ("arc.temperror", CheckOutcome::NotChecked),
        preuve_case::AuthResult::PermError => ("arc.permerror", CheckOutcome::Fail),
        _ => ("arc.fail", CheckOutcome::Fail),
    };
    let facts = Facts::from([
        ("sets".to_owned(), chain.sets.to_string()),
        ("sealers".to_owned(), chain.sealers.join(", ")),
    ]);
    let said = phrase(name.0, &facts)
        .unwrap_or_else(|| Phrase::new(one_line(&chain.reason), one_line(&chain.reason)));
    html! {
        ul.tests { li { (outcome(name.1)) span { (sentence(&said)) " " span.rule { "RFC 8617 §5.2" } " " code.code { "arc" } } } }
    }
}

/// The checks, each with the facts of its sentence: those of the signature that it belongs to.
fn facts_of_checks(finding: &MessageFinding) -> Vec<(&Check, Facts)> {
    let mut current: Option<&SignatureFinding> = None;
    let mut told = Vec::with_capacity(finding.checks.len());
    for check in &finding.checks {
        // Checks of one signature stand together, and the first of them names its place.
        let named = finding.signatures.iter().find(|signature| check.bytes == [signature.bytes]);
        current = named.or(current);
        told.push((check, facts(check, current)));
    }
    told
}

fn facts(check: &Check, signature: Option<&SignatureFinding>) -> Facts {
    let mut facts = Facts::new();
    let mut add = |name: &str, value: String| facts.insert(name.to_owned(), value);
    if check.name.starts_with("header.") || check.name == "dkim.absent_headers" {
        // The engine's note has the field between back-ticks.
        if let Some(field) = check.note.split('`').nth(1) {
            add("fields", field.to_owned());
        }
        return facts;
    }
    let Some(signature) = signature else { return facts };
    add("domain", signature.domain.clone());
    add("selector", signature.selector.clone());
    if let Some(key) = &signature.key {
        add("origin", key.origin.clone());
        if check.name == "dkim.header_signature" && check.outcome == CheckOutcome::Fail {
            // A key stands beside a header that does not hold only where it made the signature for another one.
            add("changed", String::new());
        }
    }
    if let Some(length) = signature.body_length {
        add("length", length.to_string());
    }
    let mut unsigned: Vec<&str> =
        signature.headers.iter().filter(|header| !header.signed).map(|header| header.name.as_str()).collect();
    unsigned.dedup();
    if !unsigned.is_empty() {
        add("fields", unsigned.join(", "));
    }
    facts
}

const KINDS: [(ObservationKind, &str, &str); 6] = [
    (ObservationKind::Lure, "Traits of mail made to deceive", "Traits d’un courriel fait pour tromper"),
    (ObservationKind::Time, "Times", "Dates et heures"),
    (ObservationKind::Route, "The way it took", "Le chemin suivi"),
    (ObservationKind::Structure, "Parts and types", "Parties et types"),
    (ObservationKind::Thread, "Its place in the exchange", "Sa place dans l’échange"),
    (ObservationKind::Corroboration, "Found elsewhere", "Retrouvé ailleurs"),
];

/// Whether an observation is worth its place at first sight: what does not fit, what is worth knowing, and what
/// others bear out.
fn stands_out(observation: &Observation) -> bool {
    match observation.outcome {
        CheckOutcome::Fail | CheckOutcome::Note => true,
        CheckOutcome::Pass => observation.kind == ObservationKind::Corroboration,
        CheckOutcome::NotChecked => false,
    }
}

/// What was noticed beside the signatures, by kind; what fits or could not be told is folded away.
pub(super) fn observations(
    page: &Page<'_>,
    mail: &Mail<'_>,
    message: &MailMessage<'_>,
) -> Result<Markup, ReportError> {
    let (open, rest): (Vec<&Observation>, Vec<&Observation>) =
        message.observations.iter().partition(|observation| stands_out(observation));
    let groups = by_kind(page, mail, &open)?;
    let folded = lines(page, mail, rest)?;
    Ok(html! {
        @if !message.observations.is_empty() {
            div.noticed {
                h4 { (both("Noticed beside the signatures", "Relevé en dehors des signatures")) }
                p.soft { (both(
                    "These stand beside the verdict and change nothing in it.",
                    "Ces relevés s’ajoutent au verdict et n’y changent rien.",
                )) }
                @if !groups.is_empty() {
                    div.kinds { @for (words, lines) in &groups { div { h5 { (words) } (lines) } } }
                }
                @if let Some((lines, count)) = &folded {
                    details.held {
                        summary { (counted(
                            *count,
                            ["more, where things fit or could not be told", "more, where things fit or could not be told"],
                            ["autre relevé, concordant ou impossible à établir", "autres relevés, concordants ou impossibles à établir"],
                        )) }
                        (lines)
                    }
                }
            }
        }
    })
}

fn by_kind(
    page: &Page<'_>,
    mail: &Mail<'_>,
    observations: &[&Observation],
) -> Result<Vec<(Phrase, Markup)>, ReportError> {
    let mut groups = Vec::new();
    for (kind, en, fr) in KINDS {
        let of_kind = observations.iter().copied().filter(|observation| observation.kind == kind).collect();
        if let Some((lines, _)) = lines(page, mail, of_kind)? {
            groups.push((Phrase::new(en, fr), lines));
        }
    }
    Ok(groups)
}

/// Observations as a list, those that do not fit first, and how many there are; `None` where there are none.
fn lines(
    page: &Page<'_>,
    mail: &Mail<'_>,
    mut observations: Vec<&Observation>,
) -> Result<Option<(Markup, usize)>, ReportError> {
    observations.sort_by_key(|observation| weight(observation.outcome));
    let mut lines = Vec::new();
    for observation in observations.iter().take(LISTED_OBSERVATIONS) {
        lines.push(html! { li { (one_observation(observation)) (others(page, mail, observation)?) } });
    }
    let left = observations.len() - lines.len();
    let list = html! {
        ul.tests { @for line in &lines { (line) } }
        @if left > 0 { p.left { (counted(left, ["more", "more"], ["de plus", "de plus"])) } }
    };
    Ok((!lines.is_empty()).then_some((list, observations.len())))
}

fn weight(outcome: CheckOutcome) -> u8 {
    match outcome {
        CheckOutcome::Fail => 0,
        CheckOutcome::Note => 1,
        CheckOutcome::NotChecked => 2,
        CheckOutcome::Pass => 3,
    }
}

fn one_observation(observation: &Observation) -> Markup {
    html! {
        (outcome(observation.outcome))
        span {
            (sentence(&observation_phrase(observation)))
            " " code.code { (Line(&observation.name)) }
            (bytes(&observation.bytes))
        }
    }
}

/// The other messages that an observation rests on.
fn others(page: &Page<'_>, mail: &Mail<'_>, observation: &Observation) -> Result<Markup, ReportError> {
    let mut links = Vec::new();
    for other in observation.others.iter().take(LISTED_OTHERS) {
        links.push(match mail.find(other)? {
            Some((index, found)) => page.to_message(index, html! { (sender(&found)) }),
            None => super::message::place(other),
        });
    }
    Ok(html! {
        @if !links.is_empty() {
            span.others {
                (both("Rests on: ", "S’appuie sur\u{a0}: "))
                @for (number, link) in links.iter().enumerate() { @if number > 0 { "; " } (link) }
                @if observation.others.len() > LISTED_OTHERS { " +" (observation.others.len() - LISTED_OTHERS) }
            }
        }
    })
}
