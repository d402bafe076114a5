//! Small pieces every part of the page uses: a text in both languages, material made harmless, places, dates.

use jiff::civil::Date;
use maud::{Markup, Render, html};
use preuve_case::{Lang, Span};

use crate::phrases::Phrase;
use crate::view::{Head, day};
use crate::visible::{Piece, code_point, pieces};
use crate::words::Words;

impl Render for Words {
    fn render(&self) -> Markup {
        both(self.en, self.fr)
    }
}

impl Render for Phrase {
    fn render(&self) -> Markup {
        both(&self.en, &self.fr)
    }
}

/// The same in English and in French; the style sheet shows one of them.
pub(crate) fn both(en: &str, fr: &str) -> Markup {
    if en == fr {
        return html! { (en) };
    }
    html! { span.e lang="en" { (en) } span.f lang="fr" { (fr) } }
}

/// A line of material: isolated in its direction, its hidden characters shown.
pub(crate) struct Line<'a>(pub &'a str);

impl Render for Line<'_> {
    fn render(&self) -> Markup {
        html! { bdi { (Shown(self.0)) } }
    }
}

/// Material inside an element that isolates it already.
pub(crate) struct Shown<'a>(pub &'a str);

impl Render for Shown<'_> {
    fn render(&self) -> Markup {
        html! {
            @for piece in pieces(self.0) {
                @match piece {
                    Piece::Plain(plain) => (plain),
                    Piece::Hidden(c) => span.hid { (code_point(c)) },
                }
            }
        }
    }
}

/// The value of a `lang` attribute for material.
pub(crate) fn lang_code(lang: Lang) -> Option<&'static str> {
    (lang != Lang::Other).then(|| lang.code())
}

/// Where a statement rests, for a person to copy: item, code points, bytes.
pub(crate) fn locus(head: &Head, chars: Span, bytes: Option<(u64, u64)>) -> Markup {
    html! {
        code.loc {
            span { (head.id.short()) " ·" } " "
            span { (both("chars", "car.")) " " (chars.start) "–" (chars.end) @if bytes.is_some() { " ·" } }
            @if let Some((start, end)) = bytes { " " span { (both("bytes", "octets")) " " (start) "–" (end) } }
        }
    }
}

const MONTHS: [Words; 12] = [
    Words::new("Jan", "janv."),
    Words::new("Feb", "févr."),
    Words::new("Mar", "mars"),
    Words::new("Apr", "avr."),
    Words::new("May", "mai"),
    Words::new("June", "juin"),
    Words::new("July", "juill."),
    Words::new("Aug", "août"),
    Words::new("Sept", "sept."),
    Words::new("Oct", "oct."),
    Words::new("Nov", "nov."),
    Words::new("Dec", "déc."),
];

/// `18 Sept`, with the year where it is wanted.
pub(crate) fn date(date: Date, with_year: bool) -> Phrase {
    let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
    let month = MONTHS.get(month).copied().unwrap_or(MONTHS[0]);
    // French writes the first of a month as an ordinal.
    let first = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    let year = if with_year { format!(" {}", date.year()) } else { String::new() };
    Phrase::new(
        format!("{} {}{year}", date.day(), month.en),
        format!("{first}\u{a0}{}{}", month.fr, year.replace(' ', "\u{a0}")),
    )
}

/// `Sept 2018`; the month counts from 1.
pub(crate) fn month(year: i32, month: i32) -> Phrase {
    let month = usize::try_from(month).unwrap_or(1).saturating_sub(1);
    let month = MONTHS.get(month).copied().unwrap_or(MONTHS[0]);
    Phrase::new(format!("{} {year}", month.en), format!("{}\u{a0}{year}", month.fr))
}

/// When an article was published, as far as it is known.
pub(crate) fn published(head: &Head) -> Markup {
    match (head.meta.published, &head.meta.published_raw) {
        (Some(time), _) => html! { time datetime=(time) { (date(day(time), true)) } },
        (None, Some(raw)) => html! { (Line(raw)) },
        (None, None) => html! { (both("no date", "sans date")) },
    }
}

/// The symbol `name` of the page's own set, hidden from screen readers because words stand beside it.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg.ic aria-hidden="true" { use href={ "#s-" (name) } {} } }
}

/// An address from the material as text that nobody can click by mistake.
pub(crate) fn defanged(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let host = host.replace('.', "[.]");
    let scheme = scheme.replace("http", "hxxp");
    if scheme.is_empty() { format!("{host}{path}") } else { format!("{scheme}://{host}{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn material_is_escaped_and_its_hidden_characters_are_shown() {
        let markup = html! { (Line("</bdi><script>\u{202e}x")) }.into_string();
        assert_eq!(markup, "<bdi>&lt;/bdi&gt;&lt;script&gt;<span class=\"hid\">U+202E</span>x</bdi>");
    }

    #[test]
    fn addresses_lose_their_teeth() {
        assert_eq!(defanged("https://a.example/b.c"), "hxxps://a[.]example/b.c");
        assert_eq!(defanged("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(defanged("a.example"), "a[.]example");
    }

    #[test]
    fn dates_are_written_in_both_languages() {
        let first = date(Date::constant(2027, 9, 1), true);
        assert_eq!((first.en.as_str(), first.fr.as_str()), ("1 Sept 2027", "1er\u{a0}sept.\u{a0}2027"));
    }
}
