//! Whom a text says it has its story from: outlets and bodies cited, agency credits, notes of translation
//! and of revision.
//!
//! A name counts when it is one of an outlet or a body (known from the case, by its own words, or by the noun
//! before it) and stands where sources are cited. Limit: three languages; pronouns ("the paper said") and
//! nicknames are not followed.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use preuve_case::Span;

use super::anchors::fold;
use super::names::{Outlets, name_words, same_name};
use super::token::{Word, words};

/// Words read from one text; credits stand where people read them.
const MAX_WORDS: usize = 20_000;

/// Outlets named in one text that are kept.
const MAX_MENTIONS: usize = 64;

/// A cited source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cited {
    /// As named in the text.
    pub(super) name: String,
    /// Where; empty for a name in the byline.
    pub(super) span: Span,
}

/// What a text says of where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Credits {
    /// Outlets and bodies cited as sources, in order, every time.
    pub(super) cited: Vec<Cited>,
    /// Outlets of the case that are named without being cited.
    pub(super) mentioned: BTreeSet<String>,
    /// Names that the text uses as its own: who was told, who could not verify, who publishes.
    pub(super) own: Vec<String>,
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
static NAME_WORDS: List = List::new(
    "\
    agence agencia agency analytics broadcasting bulletin canal channel chronicle courier courrier \
    correo daily diario dispatch echo eco examiner express figaro gazette gaceta globe guardian herald \
    heraldo independent institut institute instituto journal labs lantern magazine matin mercury monde \
    mundo news noticias observer periodico post prensa press presse quotidien radio reporter research \
    revista review security standard telegraph television temps times tribune tv verificateur wire",
);
/// Nouns before a name that say what it is.
static KIND_WORDS: List = List::new(
    "\
    agence agencia agency broadcaster cadena chaine channel company daily diario emisora empresa \
    entreprise firm firma hebdomadaire institut institute instituto journal magazine media medio \
    network newspaper organisation organization outlet paper periodico portail portal quotidien radio \
    research revista semanario service site sitio societe station tabloid tabloide televisora \
    think-tank television titre web website wire ong ngo blog",
);
/// Words right before a name (or before its article and noun) that cite it.
static CITING: List = List::new(
    "\
    according told tells citing cites quoting via credit reported published first with selon apres cite \
    citee citant rapporte rapportee publie publiee revele revelee paru parue interroge interrogee avec \
    confie joint segun acuerdo citado citada citando publicado publicada adelanto fuente informa",
);
/// Verbs after a name by which an outlet or a body states something.
static STATING: List = List::new(
    "\
    said says reported reports revealed reveals published publishes announced found finds assesses \
    assessed describes described claims claimed wrote writes added warned notes noted confirmed tracks \
    linked identified concluded quoted first dit rapporte rapporté révèle révélé révélait raconte \
    indique indiqué décrit affirme affirmé précise publie publié annonce annoncé écrit ajoute estime \
    souligne explique assure évoque cite attribue prétend établit rattache relie qui informó informa \
    informara publicó publica reveló revela dijo dice cuenta señala señaló describió describe recoge \
    recogió asegura aseguró afirma afirmó adelantó anunció explica explicó indicó apunta sostiene habla \
    admite atribuye que",
);

/// Words that a sentence puts before a name.
static OPENING: List = List::new("y et and but pero mais selon segun after para pour for as a");
/// Words right before the name of who writes.
static OWN_BEFORE: List = List::new("told tell editor joint contacte consultee interroge acceso");
/// Pairs of words right after the name of who writes.
const OWN_AFTER: &str = "could not|can reveal|can now|has learned|has seen|has obtained|has reviewed|publishes today|\
    n a|n est|peut révéler|peut affirmer|a pu|pudo confirmar|pudo verificar|pudo comprobar|puede revelar|puede confirmar";
/// Verbs of telling that stand before their subject.
static TOLD_BY: List = List::new(
    "cuenta informa publica revela adelanta dice dijo afirma asegura raconte rapporte révèle avance dit écrit affirme",
);
const TRANSLATED: &str = "translated from|translated by|translation by|traduit de|traduit d’|traduit d'|traduit par|\
    traduction :|la traduction de|la traducción de|the translation of|traducido de|traducido del|traducido por|traducción:";
const REVISED: &str = "update |updated |update:|(adds|(updates|(recasts|correction|corrected|clarification|\
    mise à jour|mis à jour|rectificatif|erratum|maj |(actualisé|actualización|actualizado|corrección|\
    rectificación|fe de errores";
const REVISED_TITLE: &str = ": a correction|: an apology|: correction|: clarification|: rectificatif|: mise au point|\
    : nos excuses|: rectificación|: una rectificación|: una disculpa|: fe de errores";
const RELEASE: &str = "press release|press contact|press desk:|press office:|media contact|for immediate use|\
    for immediate release|service de presse :|contact médias|gabinete de prensa:|para su difusión inmediata|communiqué de presse|contact presse|contacts presse|\
    nota de prensa|comunicado de prensa|contacto de prensa";
const LABELS: &str = "source:|source :|fuente:|via|h/t|crédit :|credit:";
/// Bytes at either end of a text where notes stand.
const EDGE: usize = 600;

/// A list of words, looked up in a set that is made once.
struct List {
    words: &'static str,
    set: OnceLock<BTreeSet<&'static str>>,
}

impl List {
    const fn new(words: &'static str) -> Self {
        List { words, set: OnceLock::new() }
    }

    fn holds(&self, word: &str) -> bool {
        self.set.get_or_init(|| self.words.split_whitespace().collect()).contains(word)
    }
}

fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// What `text` says of its sources. `known` are the outlets of the case, `own` the item's own.
pub(super) fn credits(
    text: &str,
    title: Option<&str>,
    byline: Option<&str>,
    known: &Outlets,
    own: Option<&str>,
) -> Credits {
    let list: Vec<Word> = words(text).take(MAX_WORDS).collect();
    let mut credits = notes(text, &list, title, byline);
    let mut next = 0;
    while next < list.len() {
        let begin = next;
        let Some(end) = name_end(text, &list, begin) else {
            next += 1;
            continue;
        };
        next = end;
        let at = begin + usize::from(end - begin > 1 && is_lead_word(list[begin].text));
        let name = &text[list[at].byte..list[end - 1].byte_end()];
        if !is_body(text, &list, at, name, known) || own.is_some_and(|own| same_name(own, name)) {
            continue;
        }
        let span = Span::new(list[at].span.start, list[end - 1].span.end);
        if is_dateline(text, &list, begin, end) {
            credits.agencies.push(Cited { name: name.to_owned(), span });
        } else if is_cited(text, &list, begin, end) {
            credits.cited.push(Cited { name: name.to_owned(), span });
        } else if known.holds(name) && credits.mentioned.len() < MAX_MENTIONS {
            credits.mentioned.insert(name.to_owned());
        }
        if is_own(text, &list, begin, end) {
            credits.own.push(name.to_owned());
        }
    }
    if let Some(byline) = byline {
        credits.agencies.extend(byline_agencies(byline, known, own));
    }
    credits
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
        let link = joined && listed("de of du del des d la and", list[end].text);
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

/// A word that a sentence or a kind of body puts before a name.
fn is_lead_word(word: &str) -> bool {
    let lower = fold(word);
    OPENING.holds(&lower) || KIND_WORDS.holds(&lower)
}

fn is_body(text: &str, list: &[Word], at: usize, name: &str, known: &Outlets) -> bool {
    let words = name_words(name);
    let acronym = words.len() == 1
        && (3..=5).contains(&name.chars().count())
        && name.chars().all(|c| c.is_uppercase() || c.is_numeric())
        && name.chars().any(char::is_alphabetic);
    let kind = (1..=3.min(at)).any(|back| {
        KIND_WORDS.holds(&fold(list[at - back].text))
            && !text[list[at - back].byte_end()..list[at].byte].contains(['.', ',', ';', '\n'])
    });
    acronym
        || kind
        || words.len() >= 2 && words.iter().any(|word| NAME_WORDS.holds(word))
        || known.holds(name)
}

/// `(Agency) -`, `(One/Other) -` or `(Agency)` at the end: a dateline or a credit.
fn is_dateline(text: &str, list: &[Word], at: usize, end: usize) -> bool {
    let mut begin = at;
    while begin > 0 && &text[list[begin - 1].byte_end()..list[begin].byte] == "/" {
        begin -= 1;
    }
    let mut last = end - 1;
    while last + 1 < list.len() && &text[list[last].byte_end()..list[last + 1].byte] == "/" {
        last += 1;
    }
    let before = text[..list[begin].byte].chars().next_back();
    let Some(rest) = text[list[last].byte_end()..].strip_prefix(')') else { return false };
    let dash =
        rest.trim_start().starts_with(['-', '–', '—']) || rest.starts_with(".-") || rest.starts_with(". -");
    let ends_line = rest.trim_start_matches([' ', '.']).chars().next().is_none_or(|next| next == '\n');
    before == Some('(') && (dash || ends_line)
}

fn is_cited(text: &str, list: &[Word], at: usize, end: usize) -> bool {
    let between = |from: usize, to: usize| &text[list[from].byte_end()..list[to].byte];
    let apart = |from: usize, to: usize| between(from, to).contains(['.', ';', '\n', '!', '?']);
    let before = (1..=6.min(at)).take_while(|back| !apart(at - back, at)).any(|back| {
        let word = fold(list[at - back].text);
        CITING.holds(&word) && back <= 4
            || listed("according selon segun apres acuerdo", &word)
            || listed("report rapport informe etude study estudio hallazgos findings", &word) && back <= 5
            || TOLD_BY.holds(&list[at - back].text.to_lowercase()) && back <= 4
    });
    let relative = list.get(end).is_some_and(|next| {
        listed("que qui which who whose", next.text)
            && text[list[end - 1].byte_end()..next.byte].trim() == ","
    });
    let from = end + usize::from(relative);
    let near = (from..from + 3).take_while(|&on| on < list.len() && !apart(end - 1, on));
    let after = near.into_iter().any(|on| {
        STATING.holds(&list[on].text.to_lowercase())
            && (relative || !between(end - 1, on).contains([',', '«', '“', '"']))
    });
    let line = text[..list[at].byte].rsplit('\n').next().unwrap_or_default();
    let tail = line[line.ceil_char_boundary(line.len().saturating_sub(16))..].trim_end().to_lowercase();
    before || after || LABELS.split('|').any(|label| tail.ends_with(label))
}

/// `told NAME`, `NAME could not verify`, `NAME can reveal`: the name of who writes.
fn is_own(text: &str, list: &[Word], at: usize, end: usize) -> bool {
    let near =
        |from: usize, to: usize| !text[list[from].byte_end()..list[to].byte].contains(['.', ';', '\n', ',']);
    let before =
        (1..=3.min(at)).any(|back| near(at - back, at) && OWN_BEFORE.holds(&fold(list[at - back].text)));
    let after = list.get(end..end + 2).is_some_and(|next| {
        near(end - 1, end)
            && OWN_AFTER.split('|').any(|pair| pair.split(' ').eq(next.iter().map(|word| word.text)))
    });
    before || after
}

fn byline_agencies(byline: &str, known: &Outlets, own: Option<&str>) -> Vec<Cited> {
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
fn notes(text: &str, list: &[Word], title: Option<&str>, byline: Option<&str>) -> Credits {
    let head = &text[..text.floor_char_boundary(EDGE)];
    let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(EDGE))..];
    let find = |within: &str, base: usize| {
        let lower = lower_same_length(within);
        let byte = TRANSLATED.split('|').filter_map(|cue| lower.find(cue)).min()?;
        list.get(list.partition_point(|word| word.byte_end() <= base + byte)).map(|word| word.span)
    };
    let translators = byline.map(str::to_lowercase).unwrap_or_default();
    let by_translator = TRANSLATED
        .split('|')
        .chain(["traduction", "traducción", "translation"])
        .any(|cue| translators.contains(cue))
        .then_some(Span::new(0, 0));
    let mut lines = head.lines().take(3).chain(title).map(str::to_lowercase);
    let opens = lines.any(|line| {
        REVISED.split('|').any(|cue| line.trim_start().starts_with(cue))
            || REVISED_TITLE.split('|').any(|cue| line.trim_end().ends_with(cue))
    });
    let page = format!("{head}\n{tail}").to_lowercase();
    Credits {
        translated: find(head, 0).or_else(|| find(tail, text.len() - tail.len())).or(by_translator),
        revised: opens.then(|| list.first().map_or(Span::new(0, 0), |word| word.span)),
        release: RELEASE.split('|').any(|cue| page.contains(cue)),
        ..Credits::default()
    }
}

/// Lower case where that keeps the length in bytes, so that places stay true.
fn lower_same_length(text: &str) -> String {
    let lower = |c: char| {
        let mut lower = c.to_lowercase();
        lower.next().filter(|small| lower.next().is_none() && small.len_utf8() == c.len_utf8()).unwrap_or(c)
    };
    text.chars().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<String> {
        credits(text, None, None, &Outlets::default(), None)
            .cited
            .into_iter()
            .map(|cited| cited.name)
            .collect()
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
            ("Lo cuenta El Correo del Puerto, que no suele mentir.", "El Correo del Puerto"),
            ("La société Orme Labs, qui a décrit le réseau, se tait.", "Orme Labs"),
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
        let text = "Titre\nPORT, 3 sept. (AFQ/VBC) – Le quai est fermé.";
        let found = credits(text, None, None, &Outlets::default(), None);
        let names: Vec<&str> = found.agencies.iter().map(|cited| cited.name.as_str()).collect();
        assert_eq!(names, ["AFQ", "VBC"]);
        let text = "Headline\nPORTLAND, Sept 3 (Coastal Wire) - The quay was closed.";
        let found = credits(text, None, Some("Marea avec AFQ"), &Outlets::default(), Some("marea"));
        let names: Vec<&str> = found.agencies.iter().map(|cited| cited.name.as_str()).collect();
        assert_eq!(names, ["Coastal Wire", "AFQ"]);
    }

    #[test]
    fn notes_are_found_where_they_stand() {
        let text = "Titre\nArticle traduit de l’anglais par nous. La suite.";
        let found = credits(text, None, None, &Outlets::default(), None);
        let chars: Vec<char> = text.chars().collect();
        let span = found.translated.unwrap();
        assert_eq!(chars[span.start..span.end].iter().collect::<String>(), "traduit");
        assert!(
            credits("UPDATE 2-Port shut\nText.", None, None, &Outlets::default(), None).revised.is_some()
        );
        assert!(
            credits("A plain text on an update.", None, None, &Outlets::default(), None).revised.is_none()
        );
        assert!(credits("Text\nPress contact: a@b.example", None, None, &Outlets::default(), None).release);
    }

    #[test]
    fn a_name_of_its_own_is_told() {
        let found = credits(
            "“Never,” she told the broadcaster Tivol. Bay Courier could not verify it.",
            None,
            None,
            &Outlets::default(),
            None,
        );
        assert_eq!(found.own, ["Tivol", "Bay Courier"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[A-Za-zÉé’'«».(), \n-]{0,200}") {
            let found = credits(&text, None, Some(&text), &Outlets::default(), None);
            let length = text.chars().count();
            proptest::prop_assert!(found.cited.iter().all(|cited| cited.span.end <= length));
        }
    }
}
