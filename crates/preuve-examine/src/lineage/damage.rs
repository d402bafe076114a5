//! Damage that machine translation and careless copying leave in a text: words glued where a link or a tag
//! was stripped, sentences torn at a stop, articles with a stray capital, slips of a pronoun.
//!
//! Limit: each sign is a trace, not a proof; one alone may be a misprint. Only languages with a word list
//! are read, and the first [`MAX_WORDS`] words of a text. The work is linear in the text.

use std::collections::{BTreeMap, BTreeSet};

use preuve_case::{Lang, Sign, Span};

use super::seam::{
    has_finite_ending, has_verbal_ending, is_abbreviation, is_auxiliary, is_closed, is_combining, is_grammar,
    is_inflected, is_short_grammar, is_top_level_domain, is_word_ending,
};
use super::token::{Word, words};
use super::words::Words;

/// At most this many signs are listed for one text; a text with more is damaged beyond doubt.
const MAX_SIGNS: usize = 200;
/// Words of one text that are read.
const MAX_WORDS: usize = 300_000;
/// A word longer than this is no word of these languages and is not split.
const MAX_WORD: usize = 48;

/// Signs of damage in `text`, in order of their place: `glued_words`, `stray_stop`, `stripped_link`,
/// `capital_article`, `pronoun_slip`.
pub fn detect_damage(text: &str, lang: Lang) -> Vec<Sign> {
    let Some(known) = Words::of(lang) else { return Vec::new() };
    let words: Vec<Word> = words(text).take(MAX_WORDS).collect();
    let seen = Seen::new(&words);
    let page = Page { text, lang, known, words, seen };
    let mut signs = Vec::new();
    for at in 0..page.words.len() {
        signs.extend(page.glued(at));
        signs.extend(page.torn(at));
        signs.extend(page.capital_article(at));
        if signs.len() >= MAX_SIGNS {
            break;
        }
    }
    if lang == Lang::Fr {
        signs.extend(pronoun_slips(&page));
    }
    signs.sort_by_key(|sign| (sign.spans.first().map(|span| span.start), sign.name.clone()));
    signs.dedup();
    signs
}

/// What the whole text knows of its words.
struct Seen<'t> {
    /// Capitalised words of three letters or more.
    names: BTreeSet<&'t str>,
    /// Words after a small `l’`.
    elided: BTreeSet<&'t str>,
    /// How often each long word stands in the text.
    counts: BTreeMap<&'t str, u32>,
}

impl<'t> Seen<'t> {
    fn new(words: &[Word<'t>]) -> Self {
        let mut seen = Seen { names: BTreeSet::new(), elided: BTreeSet::new(), counts: BTreeMap::new() };
        let elided = words.windows(2).filter(|pair| pair[0].text == "l" && pair[1].byte <= pair[0].byte + 4);
        seen.elided.extend(elided.map(|pair| pair[1].text));
        for word in words.iter().filter(|word| word.text.len() > 2) {
            if word.is_capitalised() {
                seen.names.insert(word.text);
            }
            if word.text.len() >= 6 {
                *seen.counts.entry(word.text).or_default() += 1;
            }
        }
        seen
    }
}

struct Page<'t> {
    text: &'t str,
    lang: Lang,
    known: &'static Words,
    words: Vec<Word<'t>>,
    seen: Seen<'t>,
}

impl Page<'_> {
    fn gap(&self, at: usize) -> &str {
        let start = self.words[at].byte_end();
        let end = self.words.get(at + 1).map_or(self.text.len(), |next| next.byte);
        &self.text[start..end]
    }

    fn gap_before(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.words[at - 1].byte_end() };
        &self.text[start..self.words[at].byte]
    }

    fn glued(&self, at: usize) -> Option<Sign> {
        let word = &self.words[at];
        let elided = self.glued_elision(at);
        if let Some(left) = elided {
            let to = self.words.get(at + 1).map_or(word.span.end, |next| next.span.end);
            return Some(glued_sign(Span::new(word.span.start, to), left, &word.text[left.len()..]));
        }
        if self.is_address(at) {
            return None;
        }
        if let Some(sign) = self.glued_at_stop(at) {
            return Some(sign);
        }
        let split = self.split(at)?;
        Some(glued_sign(word.span, &word.text[..split], &word.text[split..]))
    }

    /// `formuled’Helena`: before an apostrophe stands more than a clitic, and it ends in one.
    fn glued_elision(&self, at: usize) -> Option<&str> {
        let word = &self.words[at];
        if self.lang != Lang::Fr || !matches!(self.gap(at), "’" | "'") || word.text.len() < 5 {
            return None;
        }
        let lower = word.text.to_lowercase();
        if ["lorsqu", "puisqu", "jusqu", "quelqu", "presqu", "quoiqu", "aujourd", "entr", "prud"]
            .contains(&lower.as_str())
        {
            return None;
        }
        ["qu", "d", "l", "j", "n", "s", "c"].into_iter().find_map(|clitic| {
            let left = word.text.strip_suffix(clitic)?;
            (left.chars().count() >= 3 && self.known.is_known(&left.to_lowercase())).then_some(left)
        })
    }

    /// `commerciale.karslandais`: a stop without a space between two lower-case words.
    fn glued_at_stop(&self, at: usize) -> Option<Sign> {
        let (word, next) = (&self.words[at], self.words.get(at + 1)?);
        let apart = matches!(self.gap(at), "." | "," | ";")
            && self.known.is_known(word.text)
            && word.text.chars().count() >= 4
            && next.text.chars().count() >= 4
            && next.text.chars().skip(1).all(char::is_lowercase)
            && (next.text.starts_with(char::is_lowercase)
                || self.gap(at + 1).starts_with(char::is_whitespace))
            && word.text.chars().all(char::is_lowercase)
            && self
                .gap(at + 1)
                .chars()
                .next()
                .is_none_or(|after| after != '@' && after != '_' && after != '/')
            && self.gap(at + 1) != "."
            && !is_top_level_domain(&next.text.to_lowercase());
        apart.then(|| glued_sign(Span::new(word.span.start, next.span.end), word.text, next.text))
    }

    /// Whether the word is part of a mail address, a web address or a domain.
    fn is_address(&self, at: usize) -> bool {
        let joins = |gap: &str| gap.contains(['@', '/', '_', '#', '-']) && !gap.contains(char::is_whitespace);
        let domain = |gap: &str, next: Option<&Word>| {
            gap == "." && next.is_some_and(|word| is_top_level_domain(&word.text.to_lowercase()))
        };
        joins(self.gap(at))
            || joins(self.gap_before(at))
            || domain(self.gap(at), self.words.get(at + 1))
            || self.gap_before(at) == "."
            || (self.gap(at) == "."
                && at + 1 < self.words.len()
                && domain(self.gap(at + 1), self.words.get(at + 2)))
    }

    /// Byte at which two words were glued.
    fn split(&self, at: usize) -> Option<usize> {
        let word = &self.words[at];
        let length = word.text.chars().count();
        let rare = self.seen.counts.get(word.text).is_none_or(|&count| count <= 2);
        if !(6..=MAX_WORD).contains(&length) || !rare {
            return None;
        }
        if word.has_digit() {
            return self.split_number(word.text);
        }
        let lower = word.text.to_lowercase();
        if lower.len() != word.text.len() || self.known.is_known(&lower) {
            return None;
        }
        let cuts: Vec<usize> = word.text.char_indices().skip(2).map(|(offset, _)| offset).collect();
        cuts.into_iter().find(|&cut| self.is_seam(at, &lower, cut))
    }

    /// `18septembre`, `septembre2027`: a number and a common word.
    fn split_number(&self, word: &str) -> Option<usize> {
        let cut = word.char_indices().zip(word.chars().skip(1)).find_map(|((offset, one), two)| {
            (one.is_ascii_digit() != two.is_ascii_digit()).then_some(offset + one.len_utf8())
        })?;
        let (left, right) = word.split_at(cut);
        let (number, letters) =
            if left.ends_with(|c: char| c.is_ascii_digit()) { (left, right) } else { (right, left) };
        let whole = number.len() <= 4 && number.chars().all(|c| c.is_ascii_digit());
        (whole && letters.chars().count() >= 4 && self.known.is_common(letters)).then_some(cut)
    }

    fn is_seam(&self, at: usize, lower: &str, cut: usize) -> bool {
        let word = self.words[at].text;
        let (left, right) = (&lower[..cut], &lower[cut..]);
        let (long_left, long_right) = (left.chars().count(), right.chars().count());
        if word[cut..].starts_with(char::is_uppercase) {
            let names = self.seen.names.contains(&word[..cut]) && self.seen.names.contains(&word[cut..]);
            let plain = word.chars().filter(|c| c.is_uppercase()).count() == 2;
            return names && plain && long_left >= 3
                || word.starts_with(char::is_lowercase)
                    && long_left >= 3
                    && long_right >= 3
                    && self.known.is_known(left)
                    && word[cut..].chars().skip(1).all(char::is_lowercase);
        }
        if !word.chars().skip(1).all(char::is_lowercase) {
            return false;
        }
        if word.starts_with(char::is_uppercase) {
            return self.is_name_seam(at, &word[..cut], right);
        }
        let closed =
            is_closed(self.lang, left) && is_short_grammar(self.lang, right) && self.known.is_known(left);
        let accent = self.lang == Lang::Fr && right == "à" && self.known.is_common(left);
        let grammar = is_grammar(self.lang, right) && right.len() >= 4 && self.known.is_common(left);
        let inflected =
            is_inflected(self.lang, left) && long_right >= 5 && self.sure(left) && self.sure(right);
        long_left >= 5
            && !is_combining(left)
            && (closed || accent || grammar || inflected && !is_word_ending(right))
    }

    fn sure(&self, word: &str) -> bool {
        self.known.is_common(word) || word.chars().count() >= 6 && self.known.is_known(word)
    }

    /// `Crooksétait`, `Soleimanje suis`, `Halvardsupuestamente`: a name and the word after it.
    fn is_name_seam(&self, at: usize, name: &str, right: &str) -> bool {
        if name.chars().count() < 3 {
            return false;
        }
        let named_elsewhere = self.seen.names.contains(name);
        let grammar = is_grammar(self.lang, right) && (right.len() >= 3 || name.chars().count() >= 5);
        let verb = right.chars().count() >= 8 && self.known.is_known(right);
        is_auxiliary(self.lang, right)
            || self.lang == Lang::Fr
                && right == "je"
                && self.next_is(at, &["suis", "ai", "vais", "peux", "veux"])
            || named_elsewhere && (grammar || verb && has_verbal_ending(self.lang, right))
            || verb && has_finite_ending(self.lang, right)
    }

    fn next_is(&self, at: usize, forms: &[&str]) -> bool {
        self.gap(at) == " " && self.words.get(at + 1).is_some_and(|next| forms.contains(&next.text))
    }

    /// A full stop before a lower-case word, or a sentence of one word: where a link was cut out.
    fn torn(&self, at: usize) -> Option<Sign> {
        let (word, next) = (&self.words[at], self.words.get(at + 1)?);
        let after_stop = is_stop(self.gap(at)) && ends_sentence(self.known, word);
        if !after_stop {
            return None;
        }
        let closes = is_stop(self.gap(at + 1)) || matches!(self.gap(at + 1), "." | ".\n");
        let name = self.words.get(at + 2).is_none_or(Word::is_capitalised) && next.is_capitalised();
        let lone = closes && next.text.chars().count() >= 4 && !next.has_digit();
        if lone
            && (next.text.chars().all(char::is_lowercase)
                || name && !self.known.is_common(&next.text.to_lowercase()))
        {
            let span = Span::new(word.span.start, next.span.end);
            return Some(sign(
                "stripped_link",
                span,
                format!("`{}` stands alone between two stops", next.text),
            ));
        }
        let lower = next.text.chars().all(char::is_lowercase) && self.known.is_known(next.text);
        lower.then(|| {
            let span = Span::new(word.span.start, next.span.end);
            sign(
                "stray_stop",
                span,
                format!("a full stop before `{}`, which goes on in lower case", next.text),
            )
        })
    }

    /// `que L’Iran`: a capital article inside a sentence, before a name that elsewhere has a small one.
    fn capital_article(&self, at: usize) -> Option<Sign> {
        let word = &self.words[at];
        if self.lang != Lang::Fr || word.text != "L" || !matches!(self.gap(at), "’" | "'") || at == 0 {
            return None;
        }
        let (before, next) = (&self.words[at - 1], self.words.get(at + 1)?);
        let inside = self.gap_before(at) == " " && before.text.chars().all(char::is_lowercase);
        let small = self.seen.elided.contains(next.text);
        (inside && next.is_capitalised() && small).then(|| {
            let span = Span::new(word.span.start, next.span.end);
            sign(
                "capital_article",
                span,
                format!("`L’{}` with a capital article inside a sentence", next.text),
            )
        })
    }
}

fn sign(name: &str, span: Span, note: String) -> Sign {
    Sign { name: name.to_owned(), spans: vec![span], note }
}

fn glued_sign(span: Span, left: &str, right: &str) -> Sign {
    sign("glued_words", span, format!("`{left}` and `{right}` run together"))
}

fn is_stop(gap: &str) -> bool {
    gap == ". " || gap == ".\u{a0}"
}

/// Whether a stop after `word` can end a sentence: no initial, no abbreviation, no number.
fn ends_sentence(known: &Words, word: &Word) -> bool {
    word.text.chars().all(char::is_lowercase)
        && word.text.chars().count() >= 2
        && (known.is_known(word.text) || word.text.chars().count() >= 6)
        && !is_abbreviation(word.text)
}

/// French « a-t-il ajouté » in a paragraph whose only speaker is a woman: machines slip here.
fn pronoun_slips(page: &Page) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut paragraph: Vec<usize> = Vec::new();
    for at in 0..page.words.len() {
        paragraph.push(at);
        if page.gap(at).contains('\n') || at + 1 == page.words.len() {
            signs.extend(pronoun_slip(page, &paragraph));
            paragraph.clear();
        }
        if signs.len() >= MAX_SIGNS {
            break;
        }
    }
    signs
}

fn pronoun_slip(page: &Page, paragraph: &[usize]) -> Option<Sign> {
    const WOMEN: [&str; 16] = [
        "porte",
        "leader",
        "présidente",
        "directrice",
        "ministre",
        "avocate",
        "dirigeante",
        "candidate",
        "chercheuse",
        "procureure",
        "députée",
        "sénatrice",
        "maire",
        "cheffe",
        "juge",
        "fondatrice",
    ];
    let lower = |at: usize| page.words[at].text.to_lowercase();
    let (&first, &second) = (paragraph.first()?, paragraph.get(1)?);
    let woman = page.words[first].text == "La" && WOMEN.contains(&lower(second).as_str());
    let man = paragraph.windows(2).any(|pair| {
        let noun = lower(pair[1]);
        let article = ["le", "un", "du", "au", "son", "ce"].contains(&lower(pair[0]).as_str());
        article
            && (WOMEN.contains(&noun.as_str())
                || ["eur", "ien", "ier", "ant", "ent", "chef", "chargé", "patron", "parti"]
                    .iter()
                    .any(|ending| noun.ends_with(ending)))
            || matches!(page.words[pair[0]].text, "M" | "MM" | "Il")
            || page.words[pair[1]].text == "il" && page.gap(pair[0]) == " "
    });
    if !woman || man {
        return None;
    }
    let slip =
        paragraph.iter().copied().find(|&at| page.words[at].text == "il" && page.gap_before(at) == "-")?;
    let start = page.words[slip.saturating_sub(2)].span.start;
    let span = Span::new(start, page.words[slip].span.end);
    Some(sign("pronoun_slip", span, "a masculine pronoun where only a woman speaks".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, lang: Lang) -> Vec<String> {
        detect_damage(text, lang).into_iter().map(|sign| sign.name).collect()
    }

    fn covered(text: &str, lang: Lang, name: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        detect_damage(text, lang)
            .into_iter()
            .filter(|sign| sign.name == name)
            .map(|sign| chars[sign.spans[0].start..sign.spans[0].end].iter().collect())
            .collect()
    }

    #[test]
    fn glued_words_are_found_in_french() {
        for (text, glued) in [
            ("Des messages étaient piratédésignant un voisin.", "piratédésignant"),
            ("Le suspect Tom Garnetétait seul.", "Garnetétait"),
            ("Le chef Rostamje suis en 2020.", "Rostamje"),
            ("Les lignes étaient coupéeset le port fermé.", "coupéeset"),
            ("Le Courrier du Soleilinformera demain.", "Soleilinformera"),
            ("Les dirigeantsde la région.", "dirigeantsde"),
            ("Il va du bureauà la gare.", "bureauà"),
            ("Le vote du 18septembre est libre.", "18septembre"),
            ("Le site Fuitix. Le chef Rostam. Selon FuitixRostam, rien.", "FuitixRostam"),
            ("Publié dans le rapport.Ensuite rien.", "rapport.Ensuite"),
            ("La partenaire de formuled’Anna Berg.", "formuled’Anna"),
            ("La délégation commerciale.norlandaise est partie.", "commerciale.norlandaise"),
        ] {
            assert_eq!(covered(text, Lang::Fr, "glued_words"), [glued], "{text}");
        }
    }

    #[test]
    fn glued_words_are_found_in_spanish() {
        for (text, glued) in [
            ("El compañero de carreraTobías habló.", "carreraTobías"),
            ("Líneas Norden pagó. Nordensupuestamente mintió.", "Nordensupuestamente"),
            ("El Frente Único calla. El Únicola portavoz dijo.", "Únicola"),
            ("Un grupo conocido comoGarza atacó.", "comoGarza"),
        ] {
            assert_eq!(covered(text, Lang::Es, "glued_words"), [glued], "{text}");
        }
    }

    #[test]
    fn torn_sentences_are_found() {
        assert_eq!(names("Ils votent pour un parti, souligne-t-on. rapport.", Lang::Fr), ["stripped_link"]);
        assert_eq!(names("Publié par la plateforme. Fuitix. Une enquête suit.", Lang::Fr), ["stripped_link"]);
        assert_eq!(
            names("Il l’affirme dans un communiqué. la porte-parole le redit.", Lang::Fr),
            ["stray_stop"]
        );
    }

    #[test]
    fn a_capital_article_needs_a_small_one_elsewhere() {
        assert_eq!(names("On accuse l’Ostland. On dit que L’Ostland ment.", Lang::Fr), ["capital_article"]);
        assert!(names("On lit dans L’Écho que tout va bien.", Lang::Fr).is_empty());
    }

    #[test]
    fn a_pronoun_slips() {
        let text = "La présidente Anna Berg est venue. « Non », a-t-il dit.";
        assert_eq!(covered(text, Lang::Fr, "pronoun_slip"), ["a-t-il"]);
        assert!(names("La présidente reçoit M. Berg. « Non », a-t-il dit.", Lang::Fr).is_empty());
    }

    #[test]
    fn clean_text_shows_nothing() {
        for (text, lang) in [
            ("McDonald and YouTube met the spokeswoman. See node.js and e.g. www.site.example.", Lang::En),
            (
                "L’entreprise OpenVault, malheureusement, n’a pas répondu jusqu’ici. M. Roy non plus.",
                Lang::Fr,
            ),
            ("El guardacostas habló, directamente, con los portuarios. La Sra. Ruiz no.", Lang::Es),
            ("Écrivez à contact@journal.example ou sur journal.example/page.", Lang::Fr),
        ] {
            assert!(names(text, lang).is_empty(), "{text}: {:?}", detect_damage(text, lang));
        }
    }

    #[test]
    fn other_languages_and_odd_texts_are_left_alone() {
        assert!(detect_damage("piratédésignant", Lang::Other).is_empty());
        assert!(detect_damage("", Lang::Fr).is_empty());
        assert!(detect_damage(&"一".repeat(10_000), Lang::Fr).is_empty());
        assert!(detect_damage(&"a".repeat(100_000), Lang::Fr).is_empty());
        assert!(detect_damage(&"İstanbul ".repeat(50), Lang::Es).is_empty());
    }

    #[test]
    fn signs_are_capped() {
        let text = "carreraTobías ".repeat(2)
            + &(0..5000).map(|n| format!("fin{}. rapport. ", "x".repeat(n % 3))).collect::<String>();
        assert!(detect_damage(&text, Lang::Fr).len() <= 2 * MAX_SIGNS);
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_signs_inside_it(text in "[a-zA-Zéà’'. «»\n-]{0,200}") {
            for lang in Lang::HANDLED {
                for sign in detect_damage(&text, lang) {
                    proptest::prop_assert!(sign.spans.iter().all(|span| span.end <= text.chars().count()));
                }
            }
        }
    }
}
