//! The first screen: the case in one sentence, what must be known first, the accusations in a table.

use maud::{Markup, html};
use preuve_case::{Claim, ClaimStatus, Lang};

use super::both::{Line, both, date, icon};
use super::links::Page;
use crate::phrases::{self, Phrase, counted};
use crate::summary::interval;
use crate::view::{Figures, day};
use crate::visible::one_line;
use crate::words;

pub(crate) fn overview(page: &Page<'_>) -> Markup {
    let figures = &page.report.figures;
    html! {
        section.lead aria-labelledby="case" {
            p.eyebrow { (eyebrow(page)) }
            h1 #case {
                @match page.report.input.title {
                    Some(title) => (Line(title)),
                    None => (both("Report on a case", "Rapport sur un dossier")),
                }
            }
            p.headline { (phrases::headline(figures)) "." }
            p.sub { (span_of(page)) }
            (status_line(figures))
            (verdict_line(figures))
        }
        section #first aria-labelledby="first-h" {
            h2 #first-h { (both("Know this first", "À savoir d’abord")) }
            ul.caveats {
                @for (caveat, place) in phrases::caveats(figures) {
                    li { (icon("alert")) span { (caveat) " " a href={ "#" (place) } { (both("See", "Voir")) } } }
                }
                @for note in reading_notes(figures) { li.calm { (icon("note")) span { (note) } } }
            }
        }
    }
}

fn eyebrow(page: &Page<'_>) -> Markup {
    if page.report.mail.is_some() && page.report.claims().is_empty() {
        return both(
            "What is authentic, what was altered, what cannot be known",
            "Ce qui est authentique, ce qui a été modifié, ce qu’on ne peut savoir",
        );
    }
    both("Who accuses whom, on what evidence", "Qui accuse qui, sur quelles preuves")
}

/// Messages by verdict.
fn verdict_line(figures: &Figures) -> Markup {
    html! {
        @if let Some(mail) = &figures.mail {
            ul.statuses {
                @for verdict in super::mail::VERDICTS {
                    @if let Some(count) = mail.verdicts.get(&verdict) {
                        li { strong { (count) } " " (super::mail::badge(verdict)) }
                    }
                }
            }
        }
    }
}

/// Languages, outlets and days of the material.
fn span_of(page: &Page<'_>) -> Markup {
    let figures = &page.report.figures;
    let span = figures.published.map(|(first, last)| (day(first), day(last)));
    html! {
        @for (number, (code, count)) in figures.languages.iter().enumerate() {
            @if number > 0 { ", " }
            (count) " " (both("in ", "en ")) (words::language(Lang::from_tag(code)))
        }
        @if figures.outlets > 0 { " · " (counted(figures.outlets, ["outlet", "outlets"], ["média", "médias"])) }
        @if let Some((first, last)) = span {
            " · "
            @if first == last { (date(first, true)) } @else {
                (date(first, first.year() != last.year())) " – " (date(last, true))
            }
        }
    }
}

fn status_line(figures: &Figures) -> Markup {
    const ORDER: [ClaimStatus; 5] = [
        ClaimStatus::OfficiallyAttributed,
        ClaimStatus::PointedTo,
        ClaimStatus::Disputed,
        ClaimStatus::Unsupported,
        ClaimStatus::Withdrawn,
    ];
    html! {
        @if !figures.status.is_empty() {
            ul.statuses {
                @for status in ORDER {
                    @if let Some(count) = figures.status.get(&status) {
                        li { strong { (count) } " " (badge(status)) }
                    }
                }
            }
        }
    }
}

/// The status as icon and word.
pub(crate) fn badge(status: ClaimStatus) -> Markup {
    let name = status_name(status);
    html! { span class={ "badge b-" (name) } { (icon(name)) (words::status(status)) } }
}

fn status_name(status: ClaimStatus) -> &'static str {
    match status {
        ClaimStatus::Unsupported => "unsupported",
        ClaimStatus::PointedTo => "pointed_to",
        ClaimStatus::Disputed => "disputed",
        ClaimStatus::Withdrawn => "withdrawn",
        ClaimStatus::OfficiallyAttributed => "officially_attributed",
    }
}

fn reading_notes(figures: &Figures) -> Vec<Phrase> {
    let mut notes = Vec::new();
    if figures.mail.is_some() {
        notes.push(Phrase::new(
            "A signature that holds says that a mail system signed these words and that they are unchanged. It does not say who wrote them, nor that they are true.",
            "Une signature bonne dit qu’un serveur de courrier a signé ces mots et qu’ils n’ont pas changé. Elle ne dit ni qui les a écrits, ni s’ils sont vrais.",
        ));
        if figures.articles == 0 && figures.claims.unwrap_or(0) == 0 {
            return notes;
        }
    }
    if figures.claims_collapsed > 0 && figures.derived > 0 {
        notes.push(Phrase::new(
            "Copies and translations are collapsed: an article that takes over another’s text adds nothing to the number of sources.",
            "Les copies et les traductions sont regroupées\u{a0}: un article qui reprend le texte d’un autre n’ajoute rien au nombre de sources.",
        ));
    }
    notes.push(Phrase::new(
        "Everything here was found by a program that reads words, and it makes mistakes. Each statement leads to the place in the article where it rests: check it there before you use it.",
        "Tout ce qui suit a été trouvé par un programme qui lit des mots, et il se trompe parfois. Chaque énoncé renvoie au passage de l’article sur lequel il repose\u{a0}: vérifiez-le avant de vous en servir.",
    ));
    notes
}

pub(crate) fn table(page: &Page<'_>) -> Markup {
    let claims = page.report.claims();
    let alone = first_alone(claims);
    html! {
            h2 #claims-h { (both("Accusations", "Accusations")) }
            div.wide role="group" aria-labelledby="claims-h" tabindex="0" {
                table.claims {
                    thead { tr {
                        th scope="col" { (both("Accusation", "Accusation")) }
                        th.num scope="col" { (both("Articles", "Articles")) }
                        th.num scope="col" { (both("Texts", "Textes")) }
                        th.num scope="col" { (both("Independent sources", "Sources indépendantes")) }
                        th scope="col" { (both("Denied by", "Démentie par")) }
                        th scope="col" { (both("Status", "Statut")) }
                    } }
                    tbody {
                        @for (number, claim) in claims.iter().enumerate().take(page.params.max_claims) {
                            @if Some(number) == alone {
                                tr.alone { th colspan="6" scope="rowgroup" {
                                    (both("In one article only", "Dans un seul article"))
                                } }
                            }
                            tr {
                                th scope="row" { a href={ "#c" (number + 1) } { (heading(claim)) } }
                                td.num { (claim.carried_by.len()) (unit("articles", "articles")) }
                                td.num { (claim.text_origins.len()) (unit("texts", "textes")) }
                                td.num { strong { (interval(claim.independent_sources)) } (unit("independent", "indép.")) }
                                td { span.unit { (both("denied by ", "démentie par ")) } (names(&claim.denied_by)) }
                                td { (badge(claim.status)) }
                            }
                        }
                    }
                }
            }
            @if claims.len() > page.params.max_claims {
                p.left { (left_out(page, claims.len() - page.params.max_claims)) }
            }
    }
}

/// Where the claims of one article begin, when all of them come after those of several.
fn first_alone(claims: &[Claim]) -> Option<usize> {
    let first = claims.iter().position(|claim| claim.carried_by.len() <= 1)?;
    let last = claims[first..].iter().all(|claim| claim.carried_by.len() <= 1);
    (first > 0 && last).then_some(first)
}

/// A word behind a figure, shown where the table has no room for its head.
fn unit(en: &str, fr: &str) -> Markup {
    html! { span.unit { " " (both(en, fr)) } }
}

/// The accusation as a sentence in both languages.
pub(crate) fn heading(claim: &Claim) -> Phrase {
    let target = claim.target.as_deref().map(one_line);
    phrases::accusation(&one_line(&claim.accused), claim.act, target.as_deref())
}

/// Names one after the other, or a dash with words for those who cannot see it.
pub(crate) fn names(names: &[String]) -> Markup {
    html! {
        @if names.is_empty() { span.none { (both("nobody here", "personne ici")) } }
        @for (number, name) in names.iter().enumerate() {
            @if number > 0 { ", " }
            (Line(name))
        }
    }
}

/// What a limit kept out of the page, and where it is.
pub(crate) fn left_out(page: &Page<'_>, count: usize) -> Phrase {
    let name = &page.params.json_name;
    Phrase::new(
        format!("{count} more are left out of this page; they are in {name}."),
        format!("{count} de plus ne figurent pas dans cette page\u{a0}; ils sont dans {name}."),
    )
}
