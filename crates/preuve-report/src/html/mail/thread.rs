//! The thread of a message as a small picture: a line from the oldest to the newest, full dots for messages at
//! hand, open ones for those that are only named.

use maud::{Markup, html};

use super::super::both::{Line, both, date, icon};
use super::super::links::Page;
use super::Class;
use super::message::place;
use crate::ReportError;
use crate::input::MailMessage;
use crate::mail::{Mail, Row, Thread, thread, verdict_words};
use crate::phrases::counted;
use crate::view::shorten;
use crate::visible::one_line;

pub(super) fn figure(
    page: &Page<'_>,
    mail: &Mail<'_>,
    message: &MailMessage<'_>,
) -> Result<Markup, ReportError> {
    let Some(found) = thread(mail, message)? else { return Ok(html! {}) };
    Ok(html! {
        div.around {
            h4 { (both("Its thread", "Son fil")) }
            p.soft { (sizes(&found)) }
            ol.strand {
                @if found.before > 0 { li.more { (counted(found.before, ["earlier message", "earlier messages"], ["message antérieur", "messages antérieurs"])) } }
                @for row in &found.rows { (line(page, row)) }
                @if found.after > 0 { li.more { (counted(found.after, ["later message", "later messages"], ["message ultérieur", "messages ultérieurs"])) } }
            }
        }
    })
}

fn sizes(thread: &Thread) -> Markup {
    html! {
        (counted(thread.members, ["message at hand", "messages at hand"], ["message présent", "messages présents"]))
        @if thread.missing > 0 {
            ", " (counted(
                thread.missing,
                ["named and not in this material", "named and not in this material"],
                ["cité et absent de ce dossier", "cités et absents de ce dossier"],
            ))
        }
    }
}

fn line(page: &Page<'_>, row: &Row) -> Markup {
    match row {
        Row::Missing(id) => html! {
            li.gap {
                span.dot-of aria-hidden="true" {}
                (both("Not in this material: ", "Absent de ce dossier\u{a0}: "))
                code { (Line(&shorten(&one_line(id), 90).0)) }
            }
        },
        Row::Here { index, current, date: day, sender, verdict, at } => html! {
            li.here[*current] aria-current=[current.then_some("true")] {
                span.dot-of aria-hidden="true" {}
                span.when { @match day { Some(day) => (date(*day, true)), None => (both("no date", "sans date")) } }
                " "
                @let words = html! { @match sender {
                    Some(sender) => (Line(&shorten(&one_line(sender), 60).0)),
                    None => (place(at)),
                } };
                @match index {
                    Some(index) if !current => (page.to_message(*index, words)),
                    _ => (words),
                }
                @if let Some(verdict) = verdict {
                    " " span class={ "mini m-" (Class::of(*verdict).name()) } { (icon(Class::of(*verdict).name())) (verdict_words(*verdict)) }
                }
                @if *current { " " span.tag { (both("this message", "ce message")) } }
            }
        },
    }
}
