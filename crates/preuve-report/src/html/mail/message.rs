//! One message: the verdict in a sentence, the message as it is displayed with what is signed told apart, and what
//! the verdict rests on.

use maud::{Markup, html};
use preuve_case::{MailVerdict, MessageRef, PartDigest, ShownLink};

use super::super::both::{Line, Shown, both, date, defanged, icon};
use super::super::links::Page;
use super::list::trait_words;
use super::{Class, badge, evidence, thread};
use crate::ReportError;
use crate::input::MailMessage;
use crate::mail::{
    Display, Mail, Mark, ShownField, ShownText, deciding, display, mail_day, reason_phrase, verdict_name,
    verdict_phrase,
};
use crate::phrases::{Phrase, counted};
use crate::view::shorten;
use crate::visible::one_line;

const SUBJECT_CHARS: usize = 160;
const LISTED_LINKS: usize = 12;
const LISTED_PARTS: usize = 20;
const LISTED_PLACES: usize = 8;
const LINK_CHARS: usize = 300;

/// The part of the page about the message at `index`.
pub(super) fn message(
    page: &Page<'_>,
    mail: &Mail<'_>,
    index: usize,
    message: &MailMessage<'_>,
    original: Option<&[u8]>,
) -> Result<Markup, ReportError> {
    let verdict = message.finding.verdict;
    let traits = trait_words(&mail.heads[index]);
    let classes = traits.iter().map(|(name, _)| format!(" t-{name}")).collect::<String>();
    let shown = display(message, original, page.params.max_message_chars);
    let around = thread::figure(page, mail, message)?;
    let observations = evidence::observations(page, mail, message)?;
    Ok(html! {
        details id={ "m" (index + 1) } class={ "article mail v-" (verdict_name(verdict)) (classes) } {
            summary {
                span class={ "mk m-" (Class::of(verdict).name()) } { (icon(Class::of(verdict).name())) }
                span.ti { (subject(message)) }
                span.by {
                    (sender(message)) " · " (when(message))
                }
                span.tags {
                    (badge(verdict))
                    @for (_, words) in &traits { " " span.tag { (words) } }
                }
            }
            div.mbody {
                (verdict_box(page, index, message))
                (shown_message(message, &shown))
                (links(&message.digest.links))
                (attachments(message))
                (observations)
                (around)
                (evidence::signatures(&message.finding))
                (evidence::checks(&message.finding))
                (places(message))
            }
        }
    })
}

fn subject(message: &MailMessage<'_>) -> Markup {
    let subject = message.digest.subject.as_deref().or(message.finding.subject.as_deref());
    html! {
        @match subject.map(one_line).filter(|subject| !subject.is_empty()) {
            Some(subject) => (Line(&shorten(&defanged_text(&subject), SUBJECT_CHARS).0)),
            None => (both("(no subject)", "(sans objet)")),
        }
    }
}

pub(super) fn sender(message: &MailMessage<'_>) -> Markup {
    html! {
        @match message.digest.from.first() {
            Some(from) => {
                @if let Some(name) = &from.name { (Line(&shorten(&defanged_text(&one_line(name)), 60).0)) " " }
                span.addr { "<" (Line(&shorten(&defanged_text(&one_line(&from.address)), 90).0)) ">" }
            },
            None => (both("no sender", "sans expéditeur")),
        }
    }
}

fn when(message: &MailMessage<'_>) -> Markup {
    html! {
        @match mail_day(&message.digest) {
            Some(day) => (date(day, true)),
            None => (both("no date", "sans date")),
        }
    }
}

/// The domain that the verdict speaks of: that of the deciding signature, else of the first.
fn domain_of(message: &MailMessage<'_>) -> Phrase {
    let finding = &message.finding;
    let domain =
        deciding(finding).or(finding.signatures.first()).map(|signature| one_line(&signature.domain));
    match domain.filter(|domain| !domain.is_empty()) {
        Some(domain) => Phrase::new(domain.clone(), domain),
        None => Phrase::new("a domain", "un domaine"),
    }
}

fn verdict_box(page: &Page<'_>, index: usize, message: &MailMessage<'_>) -> Markup {
    let finding = &message.finding;
    let domain = domain_of(message);
    let text = page.report.by_id.get(&message.digest.at.id).copied();
    html! {
        div class={ "verdict m-" (Class::of(finding.verdict).name()) } {
            (icon(Class::of(finding.verdict).name()))
            div {
                p.says { (super::said(finding.verdict, "says", &domain)) }
                @if !finding.reasons.is_empty() {
                    ul.reasons { @for reason in &finding.reasons { li { (reason_words(reason)) } } }
                }
                p.not { (verdict_phrase(finding.verdict, "not", "")) }
                p.not { a href={ "#m" (index + 1) } { (both("Link to this message", "Lien vers ce message")) }
                    @if let Some(article) = text {
                        " · " (page.to_article(article, both("its words, with attributions", "ses propos, avec les attributions")))
                    }
                }
            }
        }
    }
}

fn reason_words(reason: &str) -> Markup {
    html! { @match reason_phrase(reason) { Some(words) => (words), None => code { (Line(reason)) } } }
}

/// What a mark means, as icon and words.
fn mark_words(mark: Mark) -> Markup {
    let (name, words) = match mark {
        Mark::Signed => ("signed", Phrase::new("signed", "signé")),
        Mark::Unsigned => ("open", Phrase::new("not signed", "non signé")),
        Mark::Changed => ("broken", Phrase::new("not as signed", "non conforme")),
        Mark::Unknown => ("unchecked", Phrase::new("not confirmed", "non confirmé")),
    };
    html! { span.mark { (icon(name)) (words) } }
}

fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Signed => "k-signed",
        Mark::Unsigned => "k-open",
        Mark::Changed => "k-broken",
        Mark::Unknown => "k-unknown",
    }
}

fn shown_message(message: &MailMessage<'_>, shown: &Display) -> Markup {
    let confirmed = deciding(&message.finding).is_some();
    html! {
        div.shown {
            h4 { (both("The message as displayed", "Le message tel qu’il s’affiche")) }
            @if !confirmed {
                p.soft { @if message.finding.verdict == MailVerdict::Unsigned {
                    (both("Nothing here is signed.", "Rien ici n’est signé."))
                } @else {
                    (both("No signature holds, so nothing here is confirmed.", "Aucune signature ne vaut\u{a0}: rien ici n’est confirmé."))
                } }
            }
            @if confirmed {
                @let domain = domain_of(message);
                p.soft {
                    (both("Signed or not: by the signature of ", "Signé ou non\u{a0}: d’après la signature de ")) code { (domain) }
                    @if message.finding.verdict == MailVerdict::KeyRecoveredUnattested {
                        (both(", under a key that nobody attests", ", avec une clé que personne n’atteste"))
                    } "."
                }
            }
            div.letter {
                dl.fields {
                    @for field in &shown.fields { (field_row(field, confirmed)) }
                }
                @for text in &shown.texts { (text_part(text, shown.texts.len() > 1, confirmed)) }
                @if shown.texts.is_empty() {
                    p.soft.nobody { (both("No text to show.", "Aucun texte à afficher.")) }
                }
            }
            @if shown.left_out > 0 { p.left { (counted(
                shown.left_out,
                ["more field or text is not shown.", "more fields or texts are not shown."],
                ["autre champ ou texte n’est pas affiché.", "autres champs ou textes ne sont pas affichés."],
            )) } }
        }
    }
}

fn field_row(field: &ShownField, confirmed: bool) -> Markup {
    html! {
        div class={ "row " (mark_name(field.mark)) } {
            dt { (field_words(&field.name)) }
            dd { (Line(&defanged_text(&field.value))) @if field.cut { " […]" } }
            @if confirmed { dd { (mark_words(field.mark)) } }
        }
    }
}

/// The name of a field as mail programs write it.
fn field_words(name: &str) -> Phrase {
    let (en, fr) = match name {
        "from" => ("From", "De"),
        "sender" => ("Sender", "Expéditeur"),
        "reply-to" => ("Reply to", "Répondre à"),
        "to" => ("To", "À"),
        "cc" => ("Cc", "Cc"),
        "subject" => ("Subject", "Objet"),
        "date" => ("Date", "Date"),
        "message-id" => ("Message-ID", "Message-ID"),
        "content-type" => ("Content-Type", "Content-Type"),
        "content-transfer-encoding" => ("Transfer encoding", "Encodage"),
        other => (other, other),
    };
    Phrase::new(en, fr)
}

fn text_part(text: &ShownText, several: bool, confirmed: bool) -> Markup {
    html! {
        div.words-of {
            @if several || text.html {
                p.part-kind { @if text.html {
                    (both("Text of the HTML part, without its layout", "Texte de la partie HTML, sans mise en page"))
                } @else { (both("Plain text part", "Partie en texte brut")) } }
            }
            @for (words, mark) in &text.pieces {
                div class={ "piece " (mark_name(*mark)) } {
                    @if confirmed { (mark_words(*mark)) }
                    div.body-text dir="auto" { (Shown(&defanged_text(words))) }
                }
            }
            @if text.pieces.is_empty() { p.soft { (both("Empty.", "Vide.")) } }
            @if text.cut { p.left { (both("The text goes on; its bytes are ", "Le texte continue\u{a0}; ses octets sont ")) (text.bytes.0) "–" (text.bytes.1) "." } }
        }
    }
}

/// Text whose addresses of pages cannot be followed by mistake: `see:https://a.example/b` becomes
/// `see:hxxps://a[.]example/b`, wherever it stands.
fn defanged_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((at, mark)) = next_address(rest) {
        let (before, tail) = rest.split_at(at);
        let scheme = before.len() - before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        out.push_str(&before[..scheme]);
        let lower = before[scheme..].to_ascii_lowercase();
        out.push_str(&lower.replace("http", "hxxp"));
        let host = mark.len() - usize::from(mark == "www.");
        let (mark, tail) = tail.split_at(host);
        out.push_str(mark);
        let end = tail.find(|c: char| !(c.is_alphanumeric() || "-._:@[]".contains(c))).unwrap_or(tail.len());
        out.push_str(&tail[..end].replace('.', "[.]"));
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

/// Where the next address begins to be one, and by what.
fn next_address(text: &str) -> Option<(usize, &'static str)> {
    let found = |mark: &'static str| Some((text.find(mark)?, mark));
    [found("://"), found("www.")].into_iter().flatten().min()
}

/// Where a link leads, as text that nobody can follow by mistake.
fn defanged_target(target: &str) -> String {
    if target.contains("://") { defanged_text(target) } else { defanged(target) }
}

fn links(links: &[ShownLink]) -> Markup {
    html! {
        @if !links.is_empty() {
            div.mlinks {
                h4 { (both("Links, none of them followed", "Liens, aucun n’a été suivi")) }
                ul.plain {
                    @for link in links.iter().take(LISTED_LINKS) {
                        li {
                            @if let Some(shown) = &link.shown {
                                (both("shown as ", "affiché ")) q { (Line(&shorten(&one_line(&defanged_text(shown)), LINK_CHARS).0)) }
                                (both(", leads to ", ", mène à "))
                            }
                            code { (Line(&shorten(&one_line(&defanged_target(&link.target)), LINK_CHARS).0)) }
                        }
                    }
                }
                @if links.len() > LISTED_LINKS {
                    p.left { (counted(links.len() - LISTED_LINKS, ["more", "more"], ["de plus", "de plus"])) }
                }
            }
        }
    }
}

fn attachments(message: &MailMessage<'_>) -> Markup {
    let is_file = |part: &&PartDigest| {
        let kind = part.declared.as_deref().unwrap_or_default();
        part.name.is_some()
            || !(kind.is_empty() || kind.starts_with("text/") || kind.starts_with("multipart/"))
    };
    let files: Vec<&PartDigest> = message.digest.parts.iter().filter(is_file).collect();
    html! {
        @if !files.is_empty() {
            div.files {
                h4 { (both("Attachments", "Pièces jointes")) }
                ul.plain {
                    @for part in files.iter().take(LISTED_PARTS) {
                        li {
                            @match &part.name {
                                Some(name) => b { (Line(&shorten(&one_line(name), 120).0)) },
                                None => (both("without a name", "sans nom")),
                            }
                            " " span.when {
                                (Line(part.declared.as_deref().unwrap_or("?")))
                                @if let Some(kind) = part.sniffed.as_deref().filter(|kind| Some(*kind) != part.declared.as_deref()) {
                                    " (" (both("by its content ", "d’après son contenu ")) (Line(kind)) ")"
                                }
                                ", " (part.len) " " (both("bytes", "octets"))
                            }
                            " " code.loc { (part.id.short()) }
                        }
                    }
                }
                @if files.len() > LISTED_PARTS {
                    p.left { (counted(files.len() - LISTED_PARTS, ["more", "more"], ["de plus", "de plus"])) }
                }
            }
        }
    }
}

/// Where the message stands, and where else it was seen.
fn places(message: &MailMessage<'_>) -> Markup {
    let others = &message.seen_at;
    html! {
        div.places-of {
            h4 { (both("Where it stands", "Où il se trouve")) }
            ul.plain {
                li { (place(&message.digest.at)) " " code.loc { "SHA-256 " (message.digest.at.id.short()) } }
                @for other in others.iter().take(LISTED_PLACES) {
                    li { (both("the same message also in ", "le même message aussi dans ")) (place(other)) }
                }
            }
            @if others.len() > LISTED_PLACES {
                p.left { (counted(others.len() - LISTED_PLACES, ["more place", "more places"], ["autre endroit", "autres endroits"])) }
            }
        }
    }
}

pub(super) fn place(at: &MessageRef) -> Markup {
    html! {
        code { (Line(&shorten(&one_line(&at.path), 200).0)) }
        (both(", message ", ", message ")) (at.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_running_text_lose_their_teeth() {
        let text = "See (https://login.example/a?b) or www.bank.example now.\nhttp://x.example";
        assert_eq!(
            defanged_text(text),
            "See (hxxps://login[.]example/a?b) or www[.]bank[.]example now.\nhxxp://x[.]example"
        );
        assert_eq!(defanged_text("é://é www."), "é://é www[.]");
        assert_eq!(
            defanged_target("HTTPS://a.example/?to=http://b.example/c.d"),
            "hxxps://a[.]example/?to=hxxp://b[.]example/c.d"
        );
        assert_eq!(defanged_target("a.example/b"), "a[.]example/b");
    }
}
