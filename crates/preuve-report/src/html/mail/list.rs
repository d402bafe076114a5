//! The messages that a reader should see first, with filters that work without a script: radio buttons before
//! the list, and a style that hides what does not fit the one that is chosen.

use std::io::Write;

use maud::{Markup, html};

use super::super::both::both;
use super::super::links::Page;
use super::{Class, VERDICTS, message};
use crate::ReportError;
use crate::mail::{Mail, MailHead, verdict_name, verdict_words};
use crate::phrases::Phrase;

/// A filter: part of its id, the class of the messages it keeps, its words, how many of those shown it keeps.
struct Filter {
    name: &'static str,
    words: Phrase,
    icon: Option<Class>,
    count: usize,
}

/// What observations add to a message, as filters and as tags.
pub(super) fn trait_words(head: &MailHead) -> Vec<(&'static str, Phrase)> {
    let found = [
        (head.traits.lure(), "lure", Phrase::new("traits of a lure", "traits d’un leurre")),
        (
            head.traits.inconsistent(),
            "misfit",
            Phrase::new("something does not fit", "quelque chose ne concorde pas"),
        ),
        (head.traits.corroborated(), "borne", Phrase::new("borne out by others", "corroboré par d’autres")),
    ];
    found.into_iter().filter(|(holds, ..)| *holds).map(|(_, name, words)| (name, words)).collect()
}

pub(super) fn write_list(page: &Page<'_>, mail: &Mail<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let shown = page.messages();
    if shown.is_empty() {
        return Ok(());
    }
    write!(out, "<section id=\"messages\" aria-labelledby=\"messages-h\">")?;
    out.write_all(opening(page, mail).into_string().as_bytes())?;
    write!(out, "<div class=\"mlist\">")?;
    for &index in shown {
        let found = mail.load(index)?;
        let original = mail.original(index)?;
        let part = message::message(page, mail, index, &found, original.as_deref())?;
        out.write_all(part.into_string().as_bytes())?;
    }
    write!(out, "</div>")?;
    out.write_all(remainder(page, mail).into_string().as_bytes())?;
    Ok(write!(out, "</section>")?)
}

fn opening(page: &Page<'_>, mail: &Mail<'_>) -> Markup {
    let filters = filters(page, mail);
    html! {
        h2 #messages-h { (both("Messages to look at first", "Messages à regarder d’abord")) }
        p.intro { (both(
            "What is not as it was signed comes first, then what a signature covers in part, what looks like a lure, what does not fit, and what others bear out. The order is one of reading, not of guilt.",
            "D’abord ce qui n’est pas conforme à sa signature, puis ce qu’elle ne couvre qu’en partie, ce qui ressemble à un leurre, ce qui ne concorde pas, et ce que d’autres corroborent. C’est un ordre de lecture, non un degré de culpabilité.",
        )) }
        @for (number, filter) in filters.iter().enumerate() {
            input.mf id={ "mf-" (filter.name) } type="radio" name="mf" checked[number == 0];
        }
        div.filters {
            @for filter in &filters {
                label for={ "mf-" (filter.name) } {
                    @if let Some(class) = filter.icon { (super::icon(class.name())) }
                    (filter.words) " " b { (filter.count) }
                }
            }
        }
    }
}

fn filters(page: &Page<'_>, mail: &Mail<'_>) -> Vec<Filter> {
    let heads: Vec<&MailHead> = page.messages().iter().map(|&index| &mail.heads[index]).collect();
    let mut filters =
        vec![Filter { name: "all", words: Phrase::new("All", "Tous"), icon: None, count: heads.len() }];
    for verdict in VERDICTS {
        let count = heads.iter().filter(|head| head.verdict == verdict).count();
        if count > 0 {
            let words = verdict_words(verdict);
            let (name, icon) = (verdict_name(verdict), Some(Class::of(verdict)));
            filters.push(Filter { name, words, icon, count });
        }
    }
    for name in ["lure", "misfit", "borne"] {
        let of_trait = |head: &&&MailHead| trait_words(head).into_iter().find(|(found, _)| *found == name);
        let words = heads.iter().find_map(|head| of_trait(&head));
        let count = heads.iter().filter(|head| of_trait(head).is_some()).count();
        if let Some((_, words)) = words {
            let (en, fr) = (capital(&words.en), capital(&words.fr));
            filters.push(Filter { name, words: Phrase::new(en, fr), icon: None, count });
        }
    }
    filters
}

/// `text` with a capital to begin with.
pub(super) fn capital(text: &str) -> String {
    // A domain or an address keeps its letters.
    if text.split(' ').next().is_some_and(|word| word.contains(['.', '@', '_', '-'])) {
        return text.to_owned();
    }
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

fn remainder(page: &Page<'_>, mail: &Mail<'_>) -> Markup {
    let left = mail.heads.len() - page.messages().len();
    html! { @if left > 0 { p.left { (super::super::overview::left_out(page, left)) } } }
}
