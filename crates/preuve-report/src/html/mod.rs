//! `report.html`: one self-contained page in two languages, readable without its script, written section by
//! section so that memory does not grow with the case.

mod annex;
mod article;
mod both;
mod claim;
mod compare;
mod lineage;
mod overview;
mod page;
mod picture;
mod timeline;

use std::io::Write;

use maud::{Markup, html};

use both::both;
use compare::Pairs;
use overview::left_out;

use crate::{HtmlParams, Report, ReportError};

/// Writes the report as one HTML page that needs nothing but itself.
///
/// # Errors
/// [`ReportError::Load`] when the case cannot be read, [`ReportError::Write`] when `out` fails.
pub fn write_html(report: &Report<'_>, params: &HtmlParams, out: &mut dyn Write) -> Result<(), ReportError> {
    let pairs = Pairs::choose(report, params);
    out.write_all(page::opening(report, params).as_bytes())?;
    put(out, overview::overview(report, params))?;
    for number in 0..report.claims().len().min(params.max_claims) {
        put(out, claim::card(report, number, params))?;
    }
    put(out, lineage::section(report, params, &pairs))?;
    write_pairs(report, params, &pairs, out)?;
    write_articles(report, params, out)?;
    put(out, annex::unread(report))?;
    put(out, annex::glossary())?;
    put(out, annex::method(report))?;
    put(out, annex::limits())?;
    out.write_all(page::closing(report).as_bytes())?;
    Ok(())
}

fn put(out: &mut dyn Write, markup: Markup) -> Result<(), ReportError> {
    Ok(out.write_all(markup.into_string().as_bytes())?)
}

fn write_pairs(
    report: &Report<'_>,
    params: &HtmlParams,
    pairs: &Pairs,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    if pairs.iter().next().is_none() && pairs.left == 0 {
        return Ok(());
    }
    write!(out, "<section class=\"pairs\" aria-labelledby=\"compare\">")?;
    put(out, compare::heading())?;
    for article in pairs.iter() {
        out.write_all(compare::pair(report, article)?.as_bytes())?;
    }
    put(out, compare::remainder(pairs, params))?;
    Ok(write!(out, "</section>")?)
}

fn write_articles(report: &Report<'_>, params: &HtmlParams, out: &mut dyn Write) -> Result<(), ReportError> {
    write!(out, "<section id=\"articles\" aria-labelledby=\"articles-h\">")?;
    put(out, articles_heading())?;
    let mut bytes = 0;
    let mut embedded = 0;
    let listed = report.heads.len().min(params.max_listed_articles);
    for index in 0..listed {
        let fits = bytes + report.heads[index].text_len <= params.max_embedded_bytes;
        if embedded < params.max_embedded_articles && fits {
            bytes += report.heads[index].text_len;
            embedded += 1;
            let found = report.load(index)?;
            out.write_all(article::article(report, index, &found).as_bytes())?;
        } else {
            put(out, html! { div.article.bare id={ "a" (index + 1) } { (article::summary(report, index)) } })?;
        }
    }
    put(out, articles_left(report, params, embedded, listed))?;
    Ok(write!(out, "</section>")?)
}

fn articles_heading() -> Markup {
    html! {
        h2 #articles-h { (both("Articles", "Articles")) }
        p.intro { (both(
            "Open an article to read it with its attributions marked in place.",
            "Ouvrez un article pour le lire avec ses attributions marquées dans le texte.",
        )) }
        p.legend.marks {
            span { span.s { (both("who speaks", "qui parle")) } }
            span { span.q { (both("the words that signal it", "les mots qui le signalent")) } }
            span { span."c c1 o z" { (both("what is said", "ce qui est dit")) } a.n data-n="1" aria-hidden="true" {} }
            span { (both("the number leads to the note", "le numéro mène à la note")) }
        }
    }
}

fn articles_left(report: &Report<'_>, params: &HtmlParams, embedded: usize, listed: usize) -> Markup {
    html! {
        @if embedded < listed {
            p.left { (both(
                "Articles shown by their title only are too many or too long for this page; their attributions are in ",
                "Les articles dont seul le titre figure ici sont trop nombreux ou trop longs pour cette page ; leurs attributions sont dans ",
            )) (params.json_name) "." }
        }
        @if listed < report.heads.len() { p.left { (left_out(report.heads.len() - listed, params)) } }
    }
}
