//! Whom a text says it has its story from: outlets and bodies cited, agency credits, notes of translation
//! and of revision.
//!
//! A name counts when it is one of an outlet or a body (known from the case, by its own words, or by the noun
//! before it) and stands where sources are cited. Limit: three languages; pronouns ("the paper said") and
//! nicknames are not followed.

use std::collections::BTreeSet;

use preuve_case::Span;

use super::anchors::fold;
use super::token::{Word, words};

/// Words read from one text; credits stand where people read them.
const MAX_WORDS: usize = 20_000;

/// A cited source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cited {
    /// As named in the text.
    pub(super) name: String,
    /// Where.
    pub(super) span: Span,
}

/// What a text says of where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Credits {
    /// Outlets and bodies cited as sources, in order, every time.
    pub(super) cited: Vec<Cited>,
    /// Outlets and bodies named in any role, folded.
    pub(super) named: BTreeSet<String>,
    /// Agencies in a dateline or credit line.
    pub(super) agencies: Vec<Cited>,
    /// "Translated from", "traduit de".
    pub(super) translated: Option<Span>,
    /// "Update", "correction", "(adds …)".
    pub(super) revised: Option<Span>,
    /// "Press release", "press contact": the text is a body's own.
    pub(super) release: bool,
}

/// Words that make a capitalised name one of an outlet or a body that publishes findings.
const NAME_WORDS: [&str; 62] = [
    "agence",
    "agencia",
    "agency",
    "analytics",
    "broadcasting",
    "bulletin",
    "canal",
    "channel",
    "chronicle",
    "courier",
    "courrier",
    "correo",
    "daily",
    "diario",
    "dispatch",
    "echo",
    "eco",
    "examiner",
    "express",
    "figaro",
    "gazette",
    "gaceta",
    "globe",
    "guardian",
    "herald",
    "heraldo",
    "independent",
    "institut",
    "institute",
    "instituto",
    "journal",
    "labs",
    "lantern",
    "magazine",
    "matin",
    "mercury",
    "monde",
    "mundo",
    "news",
    "noticias",
    "observer",
    "periodico",
    "post",
    "prensa",
    "press",
    "presse",
    "quotidien",
    "radio",
    "reporter",
    "research",
    "revista",
    "review",
    "security",
    "standard",
    "telegraph",
    "television",
    "temps",
    "times",
    "tribune",
    "tv",
    "verificateur",
    "wire",
];

/// Nouns before a name that say what it is.
const KIND_WORDS: [&str; 54] = [
    "agence",
    "agencia",
    "agency",
    "broadcaster",
    "cadena",
    "chaine",
    "channel",
    "company",
    "daily",
    "diario",
    "emisora",
    "empresa",
    "entreprise",
    "firm",
    "firma",
    "hebdomadaire",
    "institut",
    "institute",
    "instituto",
    "journal",
    "magazine",
    "media",
    "medio",
    "network",
    "newspaper",
    "organisation",
    "organization",
    "outlet",
    "paper",
    "periodico",
    "portail",
    "portal",
    "quotidien",
    "radio",
    "research",
    "revista",
    "semanario",
    "service",
    "site",
    "sitio",
    "societe",
    "station",
    "tabloid",
    "tabloide",
    "televisora",
    "think-tank",
    "television",
    "titre",
    "web",
    "website",
    "wire",
    "ong",
    "ngo",
    "blog",
];

/// Words right before a name (or before its article and noun) that cite it.
const CITING: [&str; 40] = [
    "according",
    "told",
    "tells",
    "citing",
    "cites",
    "quoting",
    "via",
    "credit",
    "reported",
    "published",
    "first",
    "with",
    "selon",
    "apres",
    "cite",
    "citee",
    "citant",
    "rapporte",
    "rapportee",
    "publie",
    "publiee",
    "revele",
    "revelee",
    "paru",
    "parue",
    "interroge",
    "interrogee",
    "avec",
    "confie",
    "joint",
    "segun",
    "acuerdo",
    "citado",
    "citada",
    "citando",
    "publicado",
    "publicada",
    "adelanto",
    "fuente",
    "informa",
];

/// Verbs after a name by which an outlet or a body states something.
const STATING: [&str; 92] = [
    "said",
    "says",
    "reported",
    "reports",
    "revealed",
    "reveals",
    "published",
    "publishes",
    "announced",
    "found",
    "finds",
    "assesses",
    "assessed",
    "describes",
    "described",
    "claims",
    "claimed",
    "wrote",
    "writes",
    "added",
    "warned",
    "notes",
    "noted",
    "confirmed",
    "tracks",
    "linked",
    "identified",
    "concluded",
    "quoted",
    "first",
    "dit",
    "rapporte",
    "rapporté",
    "révèle",
    "révélé",
    "révélait",
    "raconte",
    "indique",
    "indiqué",
    "décrit",
    "affirme",
    "affirmé",
    "précise",
    "publie",
    "publié",
    "annonce",
    "annoncé",
    "écrit",
    "ajoute",
    "estime",
    "souligne",
    "explique",
    "assure",
    "évoque",
    "cite",
    "attribue",
    "prétend",
    "établit",
    "rattache",
    "relie",
    "qui",
    "informó",
    "informa",
    "informara",
    "publicó",
    "publica",
    "reveló",
    "revela",
    "dijo",
    "dice",
    "cuenta",
    "señala",
    "señaló",
    "describió",
    "describe",
    "recoge",
    "recogió",
    "asegura",
    "aseguró",
    "afirma",
    "afirmó",
    "adelantó",
    "anunció",
    "explica",
    "explicó",
    "indicó",
    "apunta",
    "sostiene",
    "habla",
    "admite",
    "atribuye",
    "que",
];

/// What `text` says of its sources. `known` are folded names of outlets of the case, `own` the item's own.
pub(super) fn credits(
    text: &str,
    title: Option<&str>,
    byline: Option<&str>,
    known: &BTreeSet<String>,
    own: Option<&str>,
) -> Credits {
    let list: Vec<Word> = words(text).take(MAX_WORDS).collect();
    let mut credits = notes(text, &list, title);
    let mut at = 0;
    while at < list.len() {
        let Some(end) = name_end(text, &list, at) else {
            at += 1;
            continue;
        };
        let name = &text[list[at].byte..list[end - 1].byte_end()];
        let span = Span::new(list[at].span.start, list[end - 1].span.end);
        if is_body(text, &list, at, name, known) && !own.is_some_and(|own| same_name(own, name)) {
            credits.named.insert(fold(name));
            if is_dateline(text, &list, at, end) {
                credits.agencies.push(Cited { name: name.to_owned(), span });
            } else if is_cited(text, &list, at, end) {
                credits.cited.push(Cited { name: name.to_owned(), span });
            }
        }
        at = end;
    }
    if let Some(byline) = byline {
        credits.agencies.extend(byline_agencies(byline, known, own));
    }
    credits
}

/// Whether two names are one outlet's: the words that tell them apart from an article are the same, or one has
/// them all.
pub(super) fn same_name(one: &str, two: &str) -> bool {
    let (one, two) = (name_words(one), name_words(two));
    let (small, large) = if one.len() <= two.len() { (&one, &two) } else { (&two, &one) };
    !small.is_empty() && small.iter().all(|word| large.contains(word)) && (small.len() * 2 >= large.len())
}

fn name_words(name: &str) -> Vec<String> {
    const SMALL: [&str; 17] = [
        "the", "le", "la", "les", "el", "los", "las", "l", "d", "de", "du", "des", "del", "of", "and", "et",
        "y",
    ];
    let spaced = name.replace('_', " ");
    words(&spaced).map(|word| fold(word.text)).filter(|word| !SMALL.contains(&word.as_str())).collect()
}

/// End (exclusive, in words) of a capitalised name that starts at `at`.
fn name_end(text: &str, list: &[Word], at: usize) -> Option<usize> {
    if !list[at].is_capitalised() {
        return None;
    }
    let gap = |from: usize| &text[list[from].byte_end()..list[from + 1].byte];
    let mut end = at + 1;
    while end < list.len() && end < at + 8 {
        let joined = matches!(gap(end - 1), " " | "-" | "\u{a0}" | "’" | "'" | "+");
        if joined && (list[end].is_capitalised() || list[end].text.chars().all(char::is_numeric)) {
            end += 1;
            continue;
        }
        let link = joined && ["de", "of", "du", "del", "des", "d", "la", "and"].contains(&list[end].text);
        let further = link
            && end + 1 < list.len()
            && matches!(gap(end), " " | "’" | "'")
            && list[end + 1].is_capitalised();
        if !further || at + 1 == end && list[at].text.len() <= 2 {
            break;
        }
        end += 2;
    }
    Some(end)
}

fn is_body(text: &str, list: &[Word], at: usize, name: &str, known: &BTreeSet<String>) -> bool {
    let words = name_words(name);
    let acronym = words.len() == 1
        && (2..=5).contains(&name.chars().count())
        && name.chars().all(|c| c.is_uppercase() || c.is_numeric())
        && name.chars().any(char::is_alphabetic);
    let kind = (1..=3).any(|back| {
        at >= back
            && KIND_WORDS.contains(&fold(list[at - back].text).as_str())
            && !text[list[at - back].byte_end()..list[at].byte].contains(['.', ',', ';', '\n'])
    });
    known.iter().any(|outlet| same_name(outlet, name))
        || acronym && name.chars().count() >= 3
        || words.len() >= 2 && words.iter().any(|word| NAME_WORDS.contains(&word.as_str()))
        || kind
}

/// `(Agency) -` or `(Agency).-` within the first line or two of the text.
fn is_dateline(text: &str, list: &[Word], at: usize, end: usize) -> bool {
    let before = text[..list[at].byte].chars().next_back();
    let after = &text[list[end - 1].byte_end()..];
    let dash = after.strip_prefix(')').is_some_and(|rest| {
        rest.trim_start().starts_with(['-', '–', '—']) || rest.starts_with(".-") || rest.starts_with(". -")
    });
    let closes = after.strip_prefix(')').is_some_and(|rest| rest.trim().is_empty());
    before == Some('(') && (dash || closes)
}

fn is_cited(text: &str, list: &[Word], at: usize, end: usize) -> bool {
    let sentence_break = |from: usize, to: usize| {
        text[list[from].byte_end()..list[to].byte].contains(['.', ';', '\n', '!', '?'])
    };
    let before = (1..=6.min(at)).take_while(|back| !sentence_break(at - back, at)).any(|back| {
        let word = fold(list[at - back].text);
        let near = back <= 2 || ["according", "selon", "segun", "apres", "acuerdo"].contains(&word.as_str());
        let report = ["report", "rapport", "informe", "etude", "study", "estudio", "hallazgos", "findings"];
        CITING.contains(&word.as_str()) && (near || back <= 4) || report.contains(&word.as_str()) && back <= 5
    });
    let after = (0..3)
        .map(|on| end + on)
        .take_while(|&on| on < list.len() && !sentence_break(end - 1, on))
        .any(|on| {
            STATING.contains(&list[on].text.to_lowercase().as_str())
                && !text[list[end - 1].byte_end()..list[on].byte].contains([',', '«', '“', '"'])
        });
    let head = text[..list[at].byte].trim_end().to_lowercase();
    let label = ["source:", "source :", "fuente:", "via", "h/t", "crédit :", "credit:"]
        .iter()
        .any(|cue| head.ends_with(cue));
    before || after || label
}

fn byline_agencies(byline: &str, known: &BTreeSet<String>, own: Option<&str>) -> Vec<Cited> {
    let list: Vec<Word> = words(byline).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < list.len() {
        let Some(end) = name_end(byline, &list, at) else {
            at += 1;
            continue;
        };
        let name = &byline[list[at].byte..list[end - 1].byte_end()];
        if is_body(byline, &list, at, name, known) && !own.is_some_and(|own| same_name(own, name)) {
            found.push(Cited { name: name.to_owned(), span: Span::new(0, 0) });
        }
        at = end;
    }
    found
}

/// Notes of translation, revision and release in the head and tail of the text.
fn notes(text: &str, list: &[Word], title: Option<&str>) -> Credits {
    const TRANSLATED: [&str; 12] = [
        "translated from",
        "translated by",
        "translation by",
        "traduit de",
        "traduit d’",
        "traduit d'",
        "traduit par",
        "traduction :",
        "traducido de",
        "traducido del",
        "traducido por",
        "traducción:",
    ];
    const REVISED: [&str; 20] = [
        "update ",
        "updated ",
        "(adds",
        "(updates",
        "(recasts",
        "correction",
        "corrected",
        "clarification",
        "mise à jour",
        "mis à jour",
        "rectificatif",
        "erratum",
        "(actualisé",
        "actualización",
        "actualizado",
        "corrección",
        "rectificación",
        "fe de errores",
        "update:",
        "maj ",
    ];
    const RELEASE: [&str; 8] = [
        "press release",
        "press contact",
        "communiqué de presse",
        "contact presse",
        "contacts presse",
        "nota de prensa",
        "comunicado de prensa",
        "contacto de prensa",
    ];
    let edge = 600;
    let head = &text[..text.floor_char_boundary(edge)];
    let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(edge))..];
    let offset = text.len() - tail.len();
    let place = |byte: usize| list.partition_point(|word| word.byte_end() <= byte);
    let find = |cues: &[&str], within: &str, base: usize| {
        let lower = lower_same_length(within);
        let byte = cues.iter().filter_map(|cue| lower.find(cue)).min()?;
        list.get(place(base + byte)).map(|word| word.span)
    };
    let lines = head.lines().take(3).chain(title);
    let opens =
        lines.map(str::to_lowercase).any(|line| REVISED.iter().any(|cue| line.trim_start().starts_with(cue)));
    let page = format!("{head}\n{tail}").to_lowercase();
    Credits {
        translated: find(&TRANSLATED, head, 0).or_else(|| find(&TRANSLATED, tail, offset)),
        revised: opens.then(|| list.first().map_or(Span::new(0, 0), |word| word.span)),
        release: RELEASE.iter().any(|cue| page.contains(cue)),
        ..Credits::default()
    }
}

/// Lower case where that keeps the length in bytes, so that places stay true.
fn lower_same_length(text: &str) -> String {
    text.chars()
        .map(|c| {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
                _ => c,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<String> {
        credits(text, None, None, &BTreeSet::new(), None).cited.into_iter().map(|cited| cited.name).collect()
    }

    #[test]
    fn relays_are_read_in_three_languages() {
        for (text, name) in [
            ("The files were altered, according to The Harbour Gazette News.", "The Harbour Gazette News"),
            ("The Bay Courier reported on Monday that the port was shut.", "The Bay Courier"),
            ("“No,” she told the broadcaster Tivol on Friday.", "Tivol"),
            ("Il l’a dit, selon la chaîne TVQ.", "TVQ"),
            ("C’est la chaîne Tivol qui raconte la scène.", "Tivol"),
            ("Le Courrier du Port a révélé l’affaire.", "Le Courrier du Port"),
            ("Un hombre, según informa el diario Marea, calló.", "Marea"),
            ("El Correo del Puerto publicó los documentos.", "El Correo del Puerto"),
            ("Un rapport de la société Orme Labs décrit le réseau.", "Orme Labs"),
        ] {
            assert!(cited(text).iter().any(|found| found == name), "{text}: {:?}", cited(text));
        }
    }

    #[test]
    fn persons_and_parties_are_no_outlets() {
        for text in
            ["According to Anna Berg, nothing happened.", "Selon Pierre Roux, rien.", "Según Ana Ruiz, nada."]
        {
            assert!(cited(text).is_empty(), "{text}: {:?}", cited(text));
        }
    }

    #[test]
    fn datelines_and_bylines_are_agency_credits() {
        let text = "Headline\nPORTLAND, Sept 3 (Coastal Wire) - The quay was closed.";
        let found = credits(text, None, Some("Marea avec AFQ"), &BTreeSet::new(), Some("marea"));
        let names: Vec<&str> = found.agencies.iter().map(|cited| cited.name.as_str()).collect();
        assert_eq!(names, ["Coastal Wire", "AFQ"]);
    }

    #[test]
    fn notes_are_found_where_they_stand() {
        let text = "Titre\nArticle traduit de l’anglais par nous. La suite.";
        let found = credits(text, None, None, &BTreeSet::new(), None);
        let chars: Vec<char> = text.chars().collect();
        let span = found.translated.unwrap();
        assert_eq!(chars[span.start..span.end].iter().collect::<String>(), "traduit");
        assert!(credits("UPDATE 2-Port shut\nText.", None, None, &BTreeSet::new(), None).revised.is_some());
        assert!(credits("A plain text on an update.", None, None, &BTreeSet::new(), None).revised.is_none());
        assert!(credits("Text\nPress contact: a@b.example", None, None, &BTreeSet::new(), None).release);
    }

    #[test]
    fn names_of_one_outlet_are_the_same() {
        for (one, two) in [
            ("harbour_gazette", "The Harbour Gazette"),
            ("diario_marea", "El Diario de Marea"),
            ("tvq", "TVQ"),
        ] {
            assert!(same_name(one, two), "{one} {two}");
        }
        for (one, two) in [("harbour_gazette", "Harbour Office Review Board"), ("", "x"), ("le", "la")] {
            assert!(!same_name(one, two), "{one} {two}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[A-Za-zÉé’'«».(), \n-]{0,200}") {
            let found = credits(&text, None, Some(&text), &BTreeSet::new(), None);
            let length = text.chars().count();
            proptest::prop_assert!(found.cited.iter().all(|cited| cited.span.end <= length));
        }
    }
}
