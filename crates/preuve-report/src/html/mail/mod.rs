//! The mail part of the page: the mailbox at a glance, what could not be checked, and the messages that a reader
//! should see first.

mod evidence;
mod list;
mod message;
mod picture;
mod thread;

use std::io::Write;

use maud::{Markup, html};
use preuve_case::MailVerdict;

use super::both::{Line, both, icon, month};
use super::links::Page;
use crate::ReportError;
use crate::mail::{KeyGap, Mail, verdict_phrase, verdict_words};
use crate::phrases::{Phrase, counted};

/// Keys named.
const LISTED_KEYS: usize = 60;

/// Verdicts in the order of the page.
pub(super) const VERDICTS: [MailVerdict; 10] = [
    MailVerdict::Altered,
    MailVerdict::HeadersIntactBodyChanged,
    MailVerdict::ValidPartial,
    MailVerdict::ValidWeak,
    MailVerdict::KeyRecoveredUnattested,
    MailVerdict::Valid,
    MailVerdict::KeyUnknown,
    MailVerdict::Malformed,
    MailVerdict::UnverifiableFormat,
    MailVerdict::Unsigned,
];

/// Verdicts that a picture shows alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Intact,
    Partly,
    NotAsSigned,
    Unchecked,
    Unsigned,
}

impl Class {
    pub(super) const ALL: [Self; 5] =
        [Self::Intact, Self::Partly, Self::NotAsSigned, Self::Unchecked, Self::Unsigned];

    pub(super) fn of(verdict: MailVerdict) -> Self {
        match verdict {
            MailVerdict::Valid => Self::Intact,
            MailVerdict::ValidWeak | MailVerdict::ValidPartial | MailVerdict::KeyRecoveredUnattested => {
                Self::Partly
            }
            MailVerdict::HeadersIntactBodyChanged | MailVerdict::Altered => Self::NotAsSigned,
            MailVerdict::KeyUnknown | MailVerdict::Malformed | MailVerdict::UnverifiableFormat => {
                Self::Unchecked
            }
            MailVerdict::Unsigned => Self::Unsigned,
        }
    }

    /// Part of the names of styles and symbols.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Partly => "partly",
            Self::NotAsSigned => "broken",
            Self::Unchecked => "unchecked",
            Self::Unsigned => "unsigned",
        }
    }

    pub(super) fn words(self) -> Phrase {
        let (en, fr) = match self {
            Self::Intact => ("as signed", "conforme à la signature"),
            Self::Partly => {
                ("as signed, in part or on weak ground", "conforme, en partie ou sur une base faible")
            }
            Self::NotAsSigned => ("not as signed", "non conforme à la signature"),
            Self::Unchecked => ("could not be checked", "n’a pas pu être vérifié"),
            Self::Unsigned => ("no signature", "sans signature"),
        };
        Phrase::new(en, fr)
    }
}

/// The verdict as icon and words.
pub(super) fn badge(verdict: MailVerdict) -> Markup {
    let class = Class::of(verdict).name();
    html! { span class={ "badge m-" (class) } { (icon(class)) (verdict_words(verdict)) } }
}

/// Writes the sections about mail, where there is some.
pub(super) fn write_mail(page: &Page<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let Some(mail) = &page.report.mail else { return Ok(()) };
    out.write_all(overview(page, mail).into_string().as_bytes())?;
    list::write_list(page, mail, out)
}

fn overview(page: &Page<'_>, mail: &Mail<'_>) -> Markup {
    html! {
        section #mail aria-labelledby="mail-h" {
            h2 #mail-h { (both("Mail: what is authentic", "Courrier\u{a0}: ce qui est authentique")) }
            p.intro { (both(
                "Many mail systems sign what they send. Each message was checked against its signatures, header and text apart, with keys from an archive, as of the message’s own date.",
                "Beaucoup de serveurs signent le courrier qu’ils envoient. Chaque message a été confronté à ses signatures, en-tête et texte séparément, avec des clés d’archive, à la date du message lui-même.",
            )) }
            (picture::figure(mail))
            (verdicts(mail))
            (unchecked(page, mail))
        }
    }
}

/// Every verdict that was given, in plain words.
fn verdicts(mail: &Mail<'_>) -> Markup {
    let generic = Phrase::new("the signing domain", "le domaine signataire");
    html! {
        h3.verdicts-h #mail-v { (both("What the checks say", "Ce que disent les vérifications")) }
        div.wide role="group" aria-labelledby="mail-v" tabindex="0" {
            table.claims.verdicts {
                thead { tr {
                    th scope="col" { (both("Verdict", "Verdict")) }
                    th.num scope="col" { (both("Messages", "Messages")) }
                    th scope="col" { (both("What it says, and what it does not", "Ce qu’il dit, et ce qu’il ne dit pas")) }
                } }
                tbody {
                    @for verdict in VERDICTS {
                        @if let Some(count) = mail.figures.verdicts.get(&verdict) {
                            tr {
                                th scope="row" { (badge(verdict)) }
                                td.num { strong { (count) } span.unit { " " (both("messages", "messages")) } }
                                td {
                                    (said(verdict, "says", &generic)) " "
                                    span.soft { (said(verdict, "not", &generic)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A sentence of the verdict with the domain in the words of each language.
fn said(verdict: MailVerdict, part: &str, domain: &Phrase) -> Phrase {
    Phrase::new(
        verdict_phrase(verdict, part, &domain.en).en,
        contracted(&verdict_phrase(verdict, part, &domain.fr).fr),
    )
}

/// French runs its prepositions into the article of a common noun that stands in place of a name.
fn contracted(fr: &str) -> String {
    fr.replace(" de le domaine", " du domaine")
        .replace(" à le domaine", " au domaine")
        .replace(" de un domaine", " d’un domaine")
}

/// What could not be checked, why, and what one would have to find.
fn unchecked(page: &Page<'_>, mail: &Mail<'_>) -> Markup {
    let count = |verdict| mail.figures.verdicts.get(&verdict).copied().unwrap_or(0);
    let messages = |count| counted(count, ["message", "messages"], ["message", "messages"]);
    let lines = [
        (
            count(MailVerdict::KeyUnknown),
            " signed with a key that the archive does not hold, or that cannot be used.",
            " dont la clé de signature manque à l’archive, ou n’est pas utilisable.",
        ),
        (
            count(MailVerdict::Unsigned),
            " without any signature: nothing to check.",
            " sans aucune signature\u{a0}: rien à vérifier.",
        ),
        (
            count(MailVerdict::UnverifiableFormat),
            " in a format that does not keep the original bytes; look for the original mailbox.",
            " dans un format qui ne conserve pas les octets d’origine\u{a0}; cherchez la boîte d’origine.",
        ),
        (
            count(MailVerdict::Malformed),
            " that break the rules a check needs.",
            " qui enfreignent les règles qu’exige une vérification.",
        ),
    ];
    html! {
        @if lines.iter().any(|line| line.0 > 0) {
            div.gaps #mail-keys {
                h3 { (both("What could not be checked, and why", "Ce qui n’a pas pu être vérifié, et pourquoi")) }
                ul.plain {
                    @for (count, en, fr) in lines { @if count > 0 {
                        li { b { (messages(count)) } (both(en, fr)) }
                    } }
                }
                (keys(page, mail))
            }
        }
    }
}

fn keys(page: &Page<'_>, mail: &Mail<'_>) -> Markup {
    let gaps = mail.gaps.ranked();
    html! {
        @if !gaps.is_empty() {
            details.keys open[gaps.len() <= 12] {
                summary { (counted(gaps.len(), ["key to look for", "keys to look for"], ["clé à retrouver", "clés à retrouver"])) }
                p.soft { (both(
                    "A key was published in the domain name system under the name given here. Archives of such records, or somebody who kept them, may still have it.",
                    "Une clé était publiée dans le système des noms de domaine sous le nom indiqué ici. Des archives de ces enregistrements, ou quelqu’un qui les a gardés, peuvent encore l’avoir.",
                )) }
                ul.keylist {
                    @for gap in gaps.iter().take(LISTED_KEYS) { li { (key(gap)) } }
                }
                @if gaps.len() > LISTED_KEYS {
                    p.left { (super::overview::left_out(page, gaps.len() - LISTED_KEYS)) }
                }
            }
        }
    }
}

fn key(gap: &KeyGap) -> Markup {
    let of = |at: i32| month(at.div_euclid(12), at.rem_euclid(12) + 1);
    html! {
        code { (Line(&gap.name)) }
        " " span.when {
            (counted(gap.messages, ["message", "messages"], ["message", "messages"]))
            @if let Some((first, last)) = gap.months {
                ", " (of(first)) @if first != last { " – " (of(last)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_has_its_place() {
        let mut sorted = VERDICTS;
        sorted.sort();
        assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(VERDICTS.map(Class::of).iter().filter(|class| **class == Class::Intact).count(), 1);
    }
}
