//! Text → tokens: words, numbers, clitics and marks, by hand-written rules for English, French and Spanish.
//!
//! Every character that is not white space belongs to exactly one token. The scan is linear and looks at most
//! [`MAX_WORD`] bytes ahead; longer words are cut.

use preuve_case::{Lang, Span};

use super::{Pos, Token};

/// Longest token in bytes; a longer run without white space is cut.
const MAX_WORD: usize = 120;

/// Abbreviations (lower case, without the stop) that keep their stop and never end a sentence: titles and such.
const TITLES: &[&str] = &[
    "adm", "arq", "art", "atty", "brig", "capt", "cf", "cmdr", "col", "cpl", "dña", "dr", "dra", "ex",
    "excmo", "fig", "gen", "gob", "gov", "gral", "hon", "ing", "lic", "lt", "m", "maj", "messrs", "mgr",
    "mlle", "mm", "mme", "mr", "mrs", "ms", "mt", "núm", "pág", "pp", "pr", "pres", "prof", "profa", "pte",
    "rep", "reps", "rev", "sen", "sens", "sgt", "sr", "sra", "sres", "srta", "st", "ste", "supt", "ud",
    "uds", "vs",
];

/// Abbreviations that keep their stop and may end a sentence.
const SHORT: &[&str] = &[
    "ala", "apr", "ariz", "aug", "av", "ave", "blvd", "calif", "co", "colo", "conn", "corp", "déc", "dec",
    "dept", "ee", "env", "est", "etc", "feb", "févr", "fla", "ga", "ill", "inc", "jan", "janv", "jr", "juil",
    "ltd", "mass", "mich", "minn", "miss", "mo", "nev", "nov", "oct", "okla", "ore", "pa", "sep", "sept",
    "tenn", "tex", "univ", "uu", "va", "vol", "wash", "wis",
];

/// What stands before the apostrophe of a French elision (lower case).
const ELISIONS: &[&str] =
    &["l", "d", "qu", "n", "s", "c", "j", "m", "t", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "y"];

/// Pronouns that follow a French verb after a hyphen.
const INVERTED: &[&str] = &["il", "elle", "ils", "elles", "on", "je", "tu", "nous", "vous", "ce"];

/// English clitics behind an apostrophe.
const CLITICS: &[&str] = &["s", "re", "ve", "ll", "d", "m"];

/// Endings that make `name.ending` one token: an address, not two glued sentences.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "gov", "edu", "eu", "fr", "es", "uk", "de", "us", "io", "info", "example", "co",
    "tv", "ru", "mx", "ar", "ca", "html", "pdf", "doc", "docx", "zip", "exe",
];

/// Whether `word` (its stop included) is an abbreviation after which a sentence goes on.
pub(super) fn is_title(word: &str) -> bool {
    word.strip_suffix('.').is_some_and(|stem| {
        let single = stem.chars().count() == 1 && stem.chars().all(char::is_uppercase);
        single || listed(TITLES, stem)
    })
}

fn listed(list: &[&str], word: &str) -> bool {
    if word.len() > 8 {
        return false;
    }
    let mut lower = [0u8; 24];
    let mut used = 0;
    for c in word.chars().flat_map(char::to_lowercase) {
        if used + c.len_utf8() > lower.len() {
            return false;
        }
        used += c.encode_utf8(&mut lower[used..]).len();
    }
    list.iter().any(|entry| entry.as_bytes() == &lower[..used])
}

/// Cut `text` into tokens with `Pos::X`. Texts beyond 4 GiB are cut there.
pub(super) fn tokenize(text: &str, lang: Lang) -> Vec<Token> {
    let mut scan = Scan { text, lang, byte: 0, chars: 0, tokens: Vec::with_capacity(text.len() / 5) };
    while let Some(c) = scan.peek() {
        if scan.byte >= u32::MAX as usize - MAX_WORD * 2 {
            break;
        }
        if c.is_whitespace() || is_ignorable(c) {
            scan.byte += c.len_utf8();
            scan.chars += 1;
        } else if c.is_alphanumeric() || (matches!(c, '@' | '#') && scan.word_follows(c)) {
            scan.word();
        } else {
            let len = scan.mark_len(c);
            scan.push(len);
        }
    }
    scan.tokens
}

fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{00ad}' | '\u{202a}'..='\u{202e}')
        || c.is_control()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

struct Scan<'t> {
    text: &'t str,
    lang: Lang,
    byte: usize,
    chars: usize,
    tokens: Vec<Token>,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.byte..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn word_follows(&self, mark: char) -> bool {
        self.rest()[mark.len_utf8()..].chars().next().is_some_and(char::is_alphabetic)
    }

    /// Push a token of the next `len` bytes.
    fn push(&mut self, len: usize) {
        let end = self.byte + len;
        let chars = self.text[self.byte..end].chars().count();
        self.tokens.push(Token {
            bytes: (self.byte as u32, end as u32),
            chars: Span::new(self.chars, self.chars + chars),
            pos: Pos::X,
        });
        self.byte = end;
        self.chars += chars;
    }

    /// Length of the mark that starts here: runs of stops, dashes and doubled quotes are one token.
    fn mark_len(&self, c: char) -> usize {
        let rest = self.rest();
        let run = rest.chars().take(16).take_while(|&d| d == c).count();
        match c {
            '.' | '-' if run > 1 => run,
            '\'' | '`' if run == 2 => 2,
            _ => c.len_utf8(),
        }
    }

    /// Push the word that starts here, cut at clitics.
    fn word(&mut self) {
        let len = self.word_len();
        let word = &self.rest()[..len];
        if len <= 2 || !word.contains(['\'', '’', 'ʼ', '-']) {
            self.push(len);
            return;
        }
        match self.lang {
            Lang::Fr => self.french_word(word),
            _ => self.english_word(word),
        }
    }

    fn english_word(&mut self, word: &str) {
        let split = word.char_indices().rev().find(|&(_, c)| is_apostrophe(c)).and_then(|(at, mark)| {
            let tail = &word[at + mark.len_utf8()..];
            if tail.eq_ignore_ascii_case("t") && word[..at].ends_with(['n', 'N']) && at > 1 {
                Some(at - 1)
            } else {
                CLITICS.iter().any(|clitic| tail.eq_ignore_ascii_case(clitic)).then_some(at)
            }
        });
        let head = split.unwrap_or(word.len());
        if head > 0 {
            self.push(head);
        }
        if head < word.len() {
            self.push(word.len() - head);
        }
    }

    fn french_word(&mut self, word: &str) {
        let mut head = 0;
        while let Some(at) = word[head..].find(['\'', '’', 'ʼ']) {
            let mark = word[head + at..].chars().next().map_or(1, char::len_utf8);
            let end = head + at + mark;
            if !listed(ELISIONS, &word[head..head + at]) || end == word.len() {
                break;
            }
            self.push(end - head);
            head = end;
        }
        let rest = &word[head..];
        let cut = inversion(rest).unwrap_or(rest.len());
        if cut > 0 {
            self.push(cut);
        }
        if cut < rest.len() {
            self.push(rest.len() - cut);
        }
    }

    /// Length in bytes of the word, number, address or handle that starts here.
    fn word_len(&self) -> usize {
        let rest = self.rest();
        if let Some(len) = address_len(rest) {
            return len;
        }
        let mut len = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|&(_, c)| c);
            let inside = at == 0 || c.is_alphanumeric() || is_mark_of_word(c) || joins(rest, at, c, next);
            if !inside || at >= MAX_WORD {
                break;
            }
            len = at + c.len_utf8();
        }
        len + self.stop_len(rest, len)
    }

    /// 1 where the stop behind the word belongs to it, else 0.
    fn stop_len(&self, rest: &str, len: usize) -> usize {
        let word = &rest[..len];
        let after = &rest[len..];
        if !after.starts_with('.') || after.starts_with("..") {
            return 0;
        }
        let single = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
        let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
        let number = (word.eq_ignore_ascii_case("no") || word.eq_ignore_ascii_case("nos"))
            && after[1..].trim_start_matches([' ', '\u{a0}']).starts_with(|c: char| c.is_ascii_digit());
        let known = listed(TITLES, word) && title_fits(word, after, self.lang);
        usize::from(single || initials || number || known || (listed(SHORT, word) && short_fits(word, after)))
    }
}

/// Lower-case words that are also abbreviations (`art`, `gen`, `rep`, `m`) count as such only where a name or
/// number follows.
fn title_fits(word: &str, after: &str, lang: Lang) -> bool {
    let follows = after[1..].trim_start_matches([' ', '\u{a0}', '\u{202f}']).chars().next();
    let named = follows.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    match word {
        "m" | "mm" | "M" | "MM" => lang == Lang::Fr && named,
        "art" | "ex" | "fig" | "mt" | "pr" | "cf" | "vs" => follows.is_some_and(|c| c.is_alphanumeric()),
        _ => named || word.starts_with(char::is_uppercase),
    }
}

/// Abbreviations that are words too (`Ill`, `Miss`, `Mass`) count as such only when capitalised; others always.
fn short_fits(word: &str, after: &str) -> bool {
    let ends_text = after[1..].trim_start_matches([' ', '\u{a0}']).is_empty();
    let upper = word.starts_with(char::is_uppercase);
    match word {
        "etc" | "sept" | "oct" | "nov" | "janv" | "févr" | "juil" | "déc" | "env" => true,
        "est" | "ave" | "av" | "co" | "ill" | "miss" | "mass" | "wash" | "pa" | "mo" | "va" | "ore" => false,
        _ => upper && !ends_text,
    }
}

/// Combining marks stay with their letter.
fn is_mark_of_word(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Whether `c` at byte `at` of `rest` joins the letters or digits on its two sides.
fn joins(rest: &str, at: usize, c: char, next: Option<char>) -> bool {
    let Some(next) = next else { return false };
    let before = rest[..at].chars().next_back().unwrap_or(' ');
    match c {
        '-' | '\u{2010}' | '\u{2011}' => before.is_alphanumeric() && next.is_alphanumeric(),
        '_' | '&' => before.is_alphanumeric() && next.is_alphanumeric(),
        '·' => before.is_lowercase() && next.is_lowercase(),
        '.' => dot_joins(rest, at, before, next),
        ',' | '\u{202f}' => before.is_ascii_digit() && three_digits(&rest[at + c.len_utf8()..]) && at <= 12,
        _ => is_apostrophe(c) && before.is_alphabetic() && next.is_alphabetic(),
    }
}

fn three_digits(text: &str) -> bool {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    digits > 0 && digits <= 3
}

fn dot_joins(rest: &str, at: usize, before: char, next: char) -> bool {
    if before.is_ascii_digit() && next.is_ascii_digit() {
        return true;
    }
    let tail = &rest[at + 1..];
    let end = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len().min(16));
    let single = |text: &str| text.chars().count() == 1;
    let last = rest[..at].rsplit('.').next().unwrap_or_default();
    // U.S., a.m.: single letters joined by stops.
    if single(last) && before.is_alphabetic() && next.is_alphabetic() && tail.get(..end).is_some_and(single) {
        return true;
    }
    next.is_ascii_lowercase() && tail.get(..end).is_some_and(|part| DOMAINS.contains(&part))
}

/// Length of an address (`https://…`, `www.…`) that starts here, without closing punctuation.
fn address_len(rest: &str) -> Option<usize> {
    let starts = ["http://", "https://", "www."]
        .iter()
        .any(|scheme| rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
    if !starts {
        return None;
    }
    let end = rest
        .char_indices()
        .find(|&(at, c)| at >= MAX_WORD || c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”' | '»'))
        .map_or(rest.len(), |(at, _)| at);
    Some(rest[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '’']).len())
}

/// Byte at which the inverted pronoun of `word` starts, its hyphen and euphonic t included.
fn inversion(word: &str) -> Option<usize> {
    let at = word.rfind('-')?;
    let pronoun = &word[at + 1..];
    if at == 0 || !INVERTED.contains(&pronoun) || word.eq_ignore_ascii_case("rendez-vous") {
        return None;
    }
    let head = &word[..at];
    let cut = head.strip_suffix("-t").map_or(at, str::len);
    (cut > 0 && head.ends_with(char::is_alphabetic)).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str, lang: Lang) -> Vec<&str> {
        let slice = |token: &Token| &text[token.bytes.0 as usize..token.bytes.1 as usize];
        tokenize(text, lang).iter().map(slice).collect()
    }

    #[test]
    fn english_clitics_are_cut_from_their_words() {
        assert_eq!(words("She doesn't, we’ll", Lang::En), ["She", "does", "n't", ",", "we", "’ll"]);
        assert_eq!(words("O’Brien's can't", Lang::En), ["O’Brien", "'s", "ca", "n't"]);
        assert_eq!(words("the sources’ view", Lang::En), ["the", "sources", "’", "view"]);
    }

    #[test]
    fn titles_initials_and_countries_keep_their_stop() {
        assert_eq!(
            words("Mr. J. Renn of the U.S. spoke.", Lang::En),
            ["Mr.", "J.", "Renn", "of", "the", "U.S.", "spoke", "."]
        );
        assert_eq!(words("M. Renn et Mme. Marsk", Lang::Fr), ["M.", "Renn", "et", "Mme.", "Marsk"]);
        assert_eq!(
            words("El Sr. Vela, de EE. UU.", Lang::Es),
            ["El", "Sr.", "Vela", ",", "de", "EE.", "UU", "."]
        );
        assert_eq!(
            words("See No. 5, not no. Five", Lang::En),
            ["See", "No.", "5", ",", "not", "no", ".", "Five"]
        );
    }

    #[test]
    fn french_elisions_and_inversions_are_tokens() {
        assert_eq!(
            words("qu’il n’a, a-t-il dit", Lang::Fr),
            ["qu’", "il", "n’", "a", ",", "a", "-t-il", "dit"]
        );
        assert_eq!(words("explique-t-elle, dit-on", Lang::Fr), ["explique", "-t-elle", ",", "dit", "-on"]);
        assert_eq!(
            words("aujourd'hui, jusqu'à l'entr'acte", Lang::Fr),
            ["aujourd'hui", ",", "jusqu'", "à", "l'", "entr'acte"]
        );
        assert_eq!(words("un rendez-vous peut-être", Lang::Fr), ["un", "rendez-vous", "peut-être"]);
    }

    #[test]
    fn quotes_and_dashes_stand_alone() {
        assert_eq!(words("«\u{a0}Non\u{202f}», dit—il", Lang::Fr), ["«", "Non", "»", ",", "dit", "—", "il"]);
        assert_eq!(words("'No,' he said", Lang::En), ["'", "No", ",", "'", "he", "said"]);
        assert_eq!(words("—¿Sí? —dijo", Lang::Es), ["—", "¿", "Sí", "?", "—", "dijo"]);
        assert_eq!(words("``so'' -- well...", Lang::En), ["``", "so", "''", "--", "well", "..."]);
    }

    #[test]
    fn numbers_addresses_and_handles_hold_together() {
        assert_eq!(
            words("$3.5 million, 340,000 by 2,5%", Lang::En),
            ["$", "3.5", "million", ",", "340,000", "by", "2,5", "%"]
        );
        assert_eq!(words("see https://a.example/x?y=1.", Lang::En), ["see", "https://a.example/x?y=1", "."]);
        assert_eq!(
            words("@anna wrote on leaks.example today", Lang::En),
            ["@anna", "wrote", "on", "leaks.example", "today"]
        );
        assert_eq!(words("fini.Après", Lang::Fr), ["fini", ".", "Après"]);
    }

    proptest! {
        #[test]
        fn tokens_cover_what_is_not_space_and_count_alike(text in "\\PC{0,200}", lang in 0usize..3) {
            let tokens = tokenize(&text, Lang::HANDLED[lang]);
            let mut end = 0;
            for token in &tokens {
                let gap = &text[end..token.bytes.0 as usize];
                prop_assert!(gap.chars().all(|c| c.is_whitespace() || is_ignorable(c)));
                prop_assert!(token.bytes.0 < token.bytes.1);
                prop_assert_eq!(token.chars.start, text[..token.bytes.0 as usize].chars().count());
                prop_assert_eq!(token.chars.end, text[..token.bytes.1 as usize].chars().count());
                end = token.bytes.1 as usize;
            }
            prop_assert!(text[end..].chars().all(|c| c.is_whitespace() || is_ignorable(c)));
        }

        #[test]
        fn marks_and_letters_in_any_order_are_cut(text in "[a-cA-C0-2'’.\\-@& \u{301}]{0,60}", lang in 0usize..3) {
            let tokens = tokenize(&text, Lang::HANDLED[lang]);
            prop_assert!(tokens.iter().all(|token| text.get(token.bytes.0 as usize..token.bytes.1 as usize).is_some()));
        }
    }

    #[test]
    fn a_megabyte_without_space_is_cut_in_linear_time() {
        for unit in ["a", "é", "1", "a.", "a-", "l'", "1,", "\"", ".", "http://"] {
            let text = unit.repeat(200_000);
            assert!(!tokenize(&text, Lang::Fr).is_empty());
        }
    }
}
