//! What stands behind the report: what was not read, what the words mean, how it was made, what it does not say.

use maud::{Markup, html};
use preuve_case::{Diagnostic, Severity};

use super::article::message;
use super::both::{Line, both, icon};
use super::links::Page;
use crate::glossary::{ENTRIES, LIMITS, MAIL_ENTRIES, MAIL_LIMITS};
use crate::phrases::counted;
use crate::view::Head;

/// Diagnostics listed one by one.
const LISTED: usize = 400;

pub(crate) fn unread(page: &Page<'_>) -> Markup {
    let mut diagnostics: Vec<&Diagnostic> = page.report.input.diagnostics.iter().collect();
    diagnostics.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.cmp(b)));
    let noticed: Vec<(usize, &Head)> = page
        .report
        .heads
        .iter()
        .enumerate()
        .filter(|(_, head)| head.worst.is_some_and(|worst| worst >= Severity::Warning))
        .collect();
    html! {
        section #unread aria-labelledby="unread-h" {
            h2 #unread-h { (both("Not read, not checked", "Non lu, non vérifié")) }
            @if diagnostics.is_empty() && noticed.is_empty() {
                p { (both("Everything that was given could be read.", "Tout ce qui a été fourni a pu être lu.")) }
            }
            @if !diagnostics.is_empty() {
                ul.notices {
                    @for diagnostic in diagnostics.iter().take(LISTED) {
                        li {
                            (icon(icon_of(diagnostic.severity)))
                            span { code { (Line(&diagnostic.path)) } " " (message(diagnostic)) }
                        }
                    }
                }
                @if diagnostics.len() > LISTED {
                    p.left { (counted(diagnostics.len() - LISTED, ["more", "more"], ["de plus", "de plus"])) }
                }
            }
            @if !noticed.is_empty() {
                h3 { (both("Articles that show damage or were read in part", "Articles abîmés ou lus en partie")) }
                ul.plain { @for (index, head) in noticed.iter().take(LISTED) {
                    li { (page.to_article(*index, html! { (Line(head.name())) })) " " span.when { (Line(&head.path)) } }
                } }
            }
            h3 { (both("What no one has checked here", "Ce que personne n’a vérifié ici")) }
            ul.plain {
                @if page.shows_articles() { @for line in NOT_CHECKED { li { (both(line.0, line.1)) } } }
                @if page.report.mail.is_some() { @for line in MAIL_NOT_CHECKED { li { (both(line.0, line.1)) } } }
            }
        }
    }
}

const NOT_CHECKED: [(&str, &str); 4] = [
    ("Whether an accusation is true.", "Si une accusation est vraie."),
    (
        "Titles, outlets, authors, dates and addresses: they are what the material says of itself.",
        "Les titres, médias, auteurs, dates et adresses\u{a0}: ce sont les indications des documents eux-mêmes.",
    ),
    (
        "Documents that the articles point to; nothing was fetched.",
        "Les documents que citent les articles\u{a0}; rien n’a été téléchargé.",
    ),
    (
        "What was published elsewhere: a source that is not in this material is not counted.",
        "Ce qui a été publié ailleurs\u{a0}: une source absente de ces documents n’est pas comptée.",
    ),
];

const MAIL_NOT_CHECKED: [(&str, &str); 3] = [
    (
        "Links and attachments of messages: no link was followed, nothing was opened or run.",
        "Les liens et les pièces jointes des messages\u{a0}: aucun lien n’a été suivi, rien n’a été ouvert ni exécuté.",
    ),
    (
        "Keys: an archive says that a domain published them; nobody asked the domain.",
        "Les clés\u{a0}: une archive dit qu’un domaine les a publiées\u{a0}; le domaine n’a pas été interrogé.",
    ),
    (
        "Whether the mailbox is complete: what was left out of it leaves no trace, unless another message names it.",
        "Si la boîte est complète\u{a0}: ce qui en a été retiré ne laisse pas de trace, sauf si un autre message le cite.",
    ),
];

fn icon_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "alert",
        Severity::Note => "note",
    }
}

pub(crate) fn glossary(page: &Page<'_>) -> Markup {
    let mail = page.report.mail.iter().flat_map(|_| &MAIL_ENTRIES);
    let articles = page.shows_articles().then_some(&ENTRIES);
    html! {
        section #words aria-labelledby="words-h" {
            h2 #words-h { (both("What the words mean", "Le sens des mots")) }
            dl.words {
                @for entry in articles.into_iter().flatten().chain(mail) {
                    div { dt { (entry.0) } dd { (entry.1) } }
                }
            }
        }
    }
}

pub(crate) fn method(page: &Page<'_>) -> Markup {
    let made = page.report.input.provenance;
    html! {
        section #method aria-labelledby="method-h" {
            h2 #method-h { (both("Method", "Méthode")) }
            @if page.report.mail.is_some() { (mail_method()) }
            @if page.shows_articles() { p { (both(
                "The texts were read on one machine, without any connection. The program looked for who says what (source, cue, content), judged stance, kind of source and evidence by written rules, joined accusations that name the same act by the same accused, and took copies, translations and rewrites together before counting. The same material gives the same report, byte for byte.",
                "Les textes ont été lus sur une seule machine, sans aucune connexion. Le programme a cherché qui dit quoi (source, marqueur, propos), a jugé la position, le type de source et la preuve selon des règles écrites, a réuni les accusations qui prêtent le même acte au même mis en cause, puis a regroupé copies, traductions et réécritures avant de compter. Les mêmes documents donnent le même rapport, à l’octet près.",
            )) } }
            dl.meta {
                div { dt { (both("Program", "Programme")) } dd { (Line(&made.program)) " " (Line(&made.version)) } }
                @if !made.command.is_empty() {
                    div { dt { (both("Command", "Commande")) } dd { code { (Line(&made.command.join(" "))) } } }
                }
                @if let Some(time) = made.generated { div { dt { (both("Made on", "Établi le")) } dd { (time) } } }
                @for (name, value) in &made.parameters { div { dt { code { (Line(name)) } } dd { code { (Line(value)) } } } }
            }
            p { (both(
                "How to follow a place: the code is the beginning of the item’s SHA-256; “chars” counts Unicode code points of its text, “bytes” bytes of the original file, both from zero, the end not included.",
                "Pour suivre un renvoi\u{a0}: le code est le début de l’empreinte SHA-256 de l’élément\u{a0}; «\u{a0}car.\u{a0}» compte les points de code Unicode de son texte, «\u{a0}octets\u{a0}» les octets du fichier d’origine, à partir de zéro, fin non comprise.",
            )) @if page.report.mail.is_some() { " " (both(
                "Bytes of a message are counted within the message, wherever it stands in its mailbox.",
                "Les octets d’un message se comptent dans le message, où qu’il se trouve dans sa boîte.",
            )) } }
        }
    }
}

fn mail_method() -> Markup {
    html! {
        p { (both(
            "The messages were checked on one machine, without any connection. Every DKIM signature (RFC 6376) was evaluated on the bytes of the message with keys from an archive, header and body apart; then it was looked up which displayed fields and which part of the body the signature covers. Time is that of the message, never today’s. Times, routes, threads, quoted words and traits of lures were compared across the messages; they stand beside the verdict.",
            "Les messages ont été vérifiés sur une seule machine, sans aucune connexion. Chaque signature DKIM (RFC 6376) a été évaluée sur les octets du message avec des clés d’archive, en-tête et corps séparément\u{a0}; puis on a regardé quels champs affichés et quelle partie du corps elle couvre. La date qui compte est celle du message, jamais celle du jour. Heures, trajets, fils, mots cités et traits de leurres ont été comparés entre messages\u{a0}; ils s’ajoutent au verdict.",
        )) }
    }
}

pub(crate) fn limits(page: &Page<'_>) -> Markup {
    let mail = page.report.mail.iter().flat_map(|_| &MAIL_LIMITS);
    let articles = page.shows_articles().then_some(&LIMITS);
    html! {
        section #limits aria-labelledby="limits-h" {
            h2 #limits-h { (both("What this report does not say", "Ce que ce rapport ne dit pas")) }
            ul.plain { @for limit in articles.into_iter().flatten().chain(mail) { li { (limit) } } }
        }
    }
}
