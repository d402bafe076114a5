//! `report.html`: one self-contained page in two languages, readable without its script, written section by
//! section so that memory does not grow with the case.

mod annex;
mod article;
mod both;
mod claim;
mod compare;
mod lineage;
mod links;
mod mail;
mod overview;
mod page;
mod picture;
mod timeline;

use std::io::Write;

use maud::{Markup, html};
use preuve_case::Format;

use both::both;
use links::Page;
use overview::left_out;

use crate::{HtmlParams, Report, ReportError};

/// Writes the report as one HTML page that needs nothing but itself.
///
/// # Errors
/// [`ReportError::Load`] when the case cannot be read, [`ReportError::Write`] when `out` fails.
pub fn write_html(report: &Report<'_>, params: &HtmlParams, out: &mut dyn Write) -> Result<(), ReportError> {
    let page = &Page::new(report, params);
    out.write_all(page::opening(page).as_bytes())?;
    put(out, overview::overview(page))?;
    write_claims(page, out)?;
    mail::write_mail(page, out)?;
    put(out, lineage::section(page))?;
    write_pairs(page, out)?;
    write_articles(page, out)?;
    put(out, annex::unread(page))?;
    put(out, annex::glossary(page))?;
    put(out, annex::method(page))?;
    put(out, annex::limits(page))?;
    out.write_all(page::closing(page).as_bytes())?;
    Ok(())
}

fn put(out: &mut dyn Write, markup: Markup) -> Result<(), ReportError> {
    Ok(out.write_all(markup.into_string().as_bytes())?)
}

fn write_claims(page: &Page<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    if page.report.claims().is_empty() {
        return Ok(());
    }
    write!(out, "<section id=\"claims\" aria-labelledby=\"claims-h\">")?;
    put(out, overview::table(page))?;
    for number in 0..page.cards() {
        put(out, claim::card(page, number))?;
    }
    Ok(write!(out, "</section>")?)
}

fn write_pairs(page: &Page<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    if page.pairs.is_empty() || !page.shows_lineage() {
        return Ok(());
    }
    write!(out, "<section class=\"pairs\" aria-labelledby=\"compare\">")?;
    put(out, compare::heading())?;
    for article in page.pairs.iter() {
        out.write_all(compare::pair(page, article)?.as_bytes())?;
    }
    put(out, compare::remainder(page))?;
    Ok(write!(out, "</section>")?)
}

fn write_articles(page: &Page<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    if !page.shows_articles() {
        return Ok(());
    }
    write!(out, "<section id=\"articles\" aria-labelledby=\"articles-h\">")?;
    put(out, articles_heading(page))?;
    for index in 0..page.listed() {
        if page.embeds(index) {
            let found = page.report.load(index)?;
            out.write_all(article::article(page, index, &found).as_bytes())?;
        } else {
            put(out, html! { div.article.bare id={ "a" (index + 1) } { (article::summary(page, index)) } })?;
        }
    }
    put(out, articles_left(page))?;
    Ok(write!(out, "</section>")?)
}

fn articles_heading(page: &Page<'_>) -> Markup {
    html! {
        h2 #articles-h { (articles_title(page)) }
        p.intro { (both(
            "Open an article to read it with its attributions marked in place.",
            "Ouvrez un article pour le lire avec ses attributions marquées dans le texte.",
        )) }
        p.legend.marks {
            span { span.s { (both("who speaks", "qui parle")) } }
            span { span.q { (both("the words that signal it", "les mots qui le signalent")) } }
            span { span."c c1 o z" { (both("what is said", "ce qui est dit")) } a.n data-n="1" aria-hidden="true" {} }
            span { span.g { (both("damaged words", "mots abîmés")) } }
            span { (both("the number leads to the note", "le numéro mène à la note")) }
        }
    }
}

/// What the list of texts is called: messages are read for who says what, too.
pub(crate) fn articles_title(page: &Page<'_>) -> Markup {
    let messages = page.report.heads.iter().filter(|head| head.format == Format::Mail).count();
    if page.report.mail.is_none() || messages == 0 {
        return both("Articles", "Articles");
    }
    if messages == page.report.heads.len() {
        return both("Who says what in the messages", "Qui dit quoi dans les messages");
    }
    both("Articles, and who says what in the messages", "Articles, et qui dit quoi dans les messages")
}

fn articles_left(page: &Page<'_>) -> Markup {
    let listed = page.listed();
    let (quiet, left): (Vec<usize>, Vec<usize>) =
        (0..listed).filter(|&index| !page.embeds(index)).partition(|&index| page.report.is_quiet_mail(index));
    html! {
        @if !quiet.is_empty() {
            p.left { (both(
                "Messages shown by their title only accuse nobody, as far as the program saw; what they say is in ",
                "Les messages dont seul le titre figure ici n’accusent personne, pour autant que le programme l’ait vu\u{a0}; leur contenu est dans ",
            )) (page.params.json_name) "." }
        }
        @if !left.is_empty() {
            p.left { (both(
                "Articles shown by their title only are too many or too long for this page; their attributions are in ",
                "Les articles dont seul le titre figure ici sont trop nombreux ou trop longs pour cette page\u{a0}; leurs attributions sont dans ",
            )) (page.params.json_name) "." }
        }
        @let left_out_here = page.report.heads.len() - listed + page.report.unlisted;
        @if left_out_here > 0 { p.left { (left_out(page, left_out_here)) } }
    }
}
