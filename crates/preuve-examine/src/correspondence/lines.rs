//! From shown lines to line prints: what the author wrote and what is quoted. A line here is a sentence, or a
//! paragraph without an end mark, because programs wrap lines anew when they quote.

use std::ops::Range;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// A line as shown. An empty one ends a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub(super) text: String,
    /// Offsets in `text` and where they stand in the part, each run up to the next.
    pub(super) at: Vec<(usize, usize)>,
    /// Quoted by markup.
    pub(super) quoted: bool,
}

impl Row {
    fn place(&self, offset: usize) -> usize {
        let run = self.at.partition_point(|&(from, _)| from <= offset).saturating_sub(1);
        self.at.get(run).map_or(0, |&(from, to)| to + offset.saturating_sub(from))
    }
}

/// A sentence: hash of its words, letters, place in the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) hash: u64,
    pub(super) letters: u32,
    pub(super) at: Range<usize>,
    pub(super) quoted: bool,
}

/// The rows of a plain text.
pub(super) fn plain_rows(text: &str) -> Vec<Row> {
    let mut at = 0;
    let rows = text.split('\n').map(|line| {
        let row = Row { text: line.trim_end().to_owned(), at: vec![(0, at)], quoted: false };
        at += line.len() + 1;
        row
    });
    rows.collect()
}

/// How a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Own,
    Quoted,
    /// Lines that programs write around quotes: "On … wrote:", "From: … Sent: …".
    Frame,
}

/// The sentences of `rows`, in their order, at most `most` own and `most` quoted ones.
pub(super) fn sentences(rows: &[Row], most: usize) -> Vec<Sentence> {
    let bodies: Vec<&str> = rows.iter().map(|row| unquoted(&row.text)).collect();
    let roles = roles(rows, &bodies);
    let mut builder = Builder { done: Vec::new(), most, own: 0, quoted: 0, open: None };
    for ((row, body), role) in rows.iter().zip(bodies).zip(roles) {
        let quoted = role == Role::Quoted;
        if role == Role::Frame
            || body.trim().is_empty()
            || builder.open.as_ref().is_some_and(|o| o.quoted != quoted)
        {
            builder.end();
        }
        if role != Role::Frame {
            builder.take(row, body, quoted);
        }
    }
    builder.end();
    builder.done
}

struct Open {
    hasher: Sha256,
    letters: u32,
    at: Range<usize>,
    quoted: bool,
}

struct Builder {
    done: Vec<Sentence>,
    most: usize,
    own: usize,
    quoted: usize,
    open: Option<Open>,
}

impl Builder {
    fn take(&mut self, row: &Row, body: &str, quoted: bool) {
        let skipped = row.text.len() - body.len();
        let mut offset = skipped;
        for piece in body.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            let at = offset;
            offset += piece.len();
            let folded = fold(word);
            if folded.is_empty() {
                if ends_sentence(word) {
                    self.end();
                }
                continue;
            }
            let place = row.place(at)..row.place(at + word.len().saturating_sub(1)) + 1;
            let open = self.open.get_or_insert_with(|| Open {
                hasher: Sha256::new(),
                letters: 0,
                at: place.clone(),
                quoted,
            });
            open.hasher.update(folded.as_bytes());
            open.hasher.update(b" ");
            open.letters += u32::try_from(folded.chars().count()).unwrap_or(u32::MAX);
            open.at.end = place.end.max(open.at.end);
            if ends_sentence(word) {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        let count = if open.quoted { &mut self.quoted } else { &mut self.own };
        *count += 1;
        if *count <= self.most {
            let digest = open.hasher.finalize();
            let hash = digest.iter().take(8).fold(0u64, |hash, &byte| (hash << 8) | u64::from(byte));
            self.done.push(Sentence { hash, letters: open.letters, at: open.at, quoted: open.quoted });
        }
    }
}

/// Letters and digits of a word, folded; nothing for addresses of the web, which programs rewrite.
pub(super) fn fold(word: &str) -> String {
    let cut = ["<http", "<mailto:"].iter().filter_map(|mark| word.find(mark)).min().unwrap_or(word.len());
    let word = &word[..cut];
    if word.contains("://") {
        return String::new();
    }
    if word.is_ascii() {
        return word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    }
    word.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn ends_sentence(word: &str) -> bool {
    word.trim_end_matches(['"', '\'', ')', ']', '”', '’', '»', '*', '_'])
        .ends_with(['.', '?', '!', '…', '。'])
}

/// A line without its quotation marks (`> > `).
fn unquoted(text: &str) -> &str {
    if !is_marked(text) {
        return text;
    }
    text.trim_start_matches(['>', ' ', '\t'])
}

fn is_marked(text: &str) -> bool {
    let bare = text.trim_start_matches(' ');
    text.len() - bare.len() <= 3 && bare.starts_with('>')
}

fn roles(rows: &[Row], bodies: &[&str]) -> Vec<Role> {
    let mut roles = Vec::with_capacity(rows.len());
    let mut rest_quoted = false;
    while roles.len() < rows.len() {
        let at = roles.len();
        let quoted = rest_quoted || rows[at].quoted || is_quoted_line(rows, at);
        let frame = if is_separator(bodies[at]) { 1 } else { frame_rows(bodies, at) };
        if frame > 0 {
            let marked_next = (at + frame..rows.len())
                .find(|&next| !bodies[next].trim().is_empty())
                .is_some_and(|next| rows[next].quoted || is_marked(&rows[next].text));
            rest_quoted |= !quoted && !marked_next;
            roles.extend(std::iter::repeat_n(Role::Frame, frame));
        } else {
            roles.push(if quoted { Role::Quoted } else { Role::Own });
        }
    }
    roles
}

/// Lines longer than this are wrapped by programs that quote, and what is over may lose its mark.
const LONG_LINE: usize = 60;

fn is_quoted_line(rows: &[Row], at: usize) -> bool {
    let marked = |at: Option<usize>| at.and_then(|at| rows.get(at)).is_some_and(|row| is_marked(&row.text));
    let before = at.checked_sub(1);
    if is_marked(&rows[at].text) {
        // A lone `>From ` is how mailboxes store a line that begins with "From ".
        let lone = !marked(before) && !marked(Some(at + 1));
        return !(lone && rows[at].text.starts_with(">From "));
    }
    let text = rows[at].text.trim();
    !text.is_empty()
        && text.len() < LONG_LINE / 2
        && marked(Some(at + 1))
        && marked(before)
        && before.is_some_and(|before| rows[before].text.len() >= LONG_LINE)
}

/// Lines that say that what follows is an older message.
fn is_separator(line: &str) -> bool {
    let line = line.trim();
    let dashes = line.starts_with("---") && line.ends_with("--");
    let words = line.trim_matches(|c: char| c == '-' || c == ' ' || c == ':').to_lowercase();
    const DASHED: [&str; 14] = [
        "original message",
        "original appointment",
        "forwarded message",
        "message d'origine",
        "message d’origine",
        "message original",
        "message transféré",
        "message transmis",
        "mensaje original",
        "mensaje reenviado",
        "forwarded by",
        "ursprüngliche nachricht",
        "original-nachricht",
        "messaggio originale",
    ];
    const BARE: [&str; 4] = [
        "begin forwarded message",
        "début du message réexpédié",
        "début du message transféré",
        "inicio del mensaje reenviado",
    ];
    dashes && DASHED.iter().any(|known| words.starts_with(known)) || BARE.contains(&words.as_str())
}

/// Number of rows from `at` that are an attribution ("On … wrote:") or the copied header of an older message.
fn frame_rows(bodies: &[&str], at: usize) -> usize {
    let found = header_rows(bodies, at);
    if found > 0 { found } else { attribution_rows(bodies, at) }
}

fn attribution_rows(bodies: &[&str], at: usize) -> usize {
    const FORMS: [(&str, &[&str]); 5] = [
        ("on ", &["wrote:"]),
        ("le ", &["a écrit:", "a écrit :", "a écrit\u{a0}:", "a ecrit :", "écrivait :"]),
        ("el ", &["escribió:", "escribio:", "escribió :"]),
        ("am ", &["schrieb:"]),
        ("il ", &["ha scritto:"]),
    ];
    let first = bodies[at].trim_start();
    let starts = |start: &str| first.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let Some((_, ends)) = FORMS.iter().find(|(start, _)| starts(start)) else { return 0 };
    let mut joined = String::new();
    for (count, body) in bodies[at..].iter().take(3).enumerate() {
        if body.trim().is_empty() || joined.len() + body.len() > 400 {
            return 0;
        }
        joined = format!("{joined} {}", body.trim().to_lowercase());
        // An author may begin a sentence so; programs name a date or an address.
        let dated = joined.contains('@') || joined.chars().any(|c| c.is_ascii_digit());
        if dated && ends.iter().any(|end| joined.ends_with(end)) {
            return count + 1;
        }
    }
    0
}

/// Copied header lines as programs write them above what they quote: a sender line, then at least two others.
fn header_rows(bodies: &[&str], at: usize) -> usize {
    const SENDER: [&str; 4] = ["from", "de", "von", "da"];
    const OTHER: [&str; 22] = [
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "envoyé",
        "à",
        "objet",
        "enviado",
        "enviado el",
        "para",
        "asunto",
        "fecha",
        "gesendet",
        "an",
        "betreff",
        "inviato",
        "a",
        "oggetto",
        "reply-to",
        "importance",
        "attachments",
    ];
    let label = |body: &str| {
        let line = body.trim().trim_start_matches('*');
        let (label, _) = line.split_once(':')?;
        let label = label.trim().trim_matches('*').trim();
        (label.len() <= 20).then(|| label.to_lowercase())
    };
    if !label(bodies[at]).is_some_and(|label| SENDER.contains(&label.as_str())) {
        return 0;
    }
    let others = bodies[at + 1..]
        .iter()
        .take(8)
        .take_while(|body| label(body).is_some_and(|label| OTHER.contains(&label.as_str())))
        .count();
    if others >= 2 { others + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of own and of quoted sentences.
    fn split(text: &str) -> (Vec<&str>, Vec<&str>) {
        let told = sentences(&plain_rows(text), 100);
        let (quoted, own): (Vec<_>, Vec<_>) = told.into_iter().partition(|sentence| sentence.quoted);
        let words = |list: Vec<Sentence>| list.into_iter().map(|s| &text[s.at]).collect();
        (words(own), words(quoted))
    }

    fn hashes(text: &str) -> Vec<u64> {
        sentences(&plain_rows(text), 100).into_iter().map(|sentence| sentence.hash).collect()
    }

    #[test]
    fn marks_and_frames_separate_what_is_quoted() {
        let text = "Piet,\n\nI agree. See below\n\nOn Tue, Jun 12, 2018 at 9:15 AM Nadia <n@m.example>\nwrote:\n> It is signed.\n>> Really?\n";
        assert_eq!(split(text), (vec!["Piet,", "I agree.", "See below"], vec!["It is signed.", "Really?"]));
        let outlook = "Yes.\n\n-----Original Message-----\nFrom: Nadia\nSent: Tuesday\nTo: Piet\nSubject: x\n\nIt is signed.\n";
        assert_eq!(split(outlook), (vec!["Yes."], vec!["It is signed."]));
        let french = "Oui.\n\nDe : Nadia\nEnvoyé : mardi\nÀ : Piet\nObjet : x\n\nC'est signé.\n";
        assert_eq!(split(french), (vec!["Oui."], vec!["C'est signé."]));
        let spanish = "Sí.\nEl mar, 12 jun 2018 a las 9:15, Nadia escribió:\n\n> Está firmado.\n\nGracias.";
        assert_eq!(split(spanish), (vec!["Sí.", "Gracias."], vec!["Está firmado."]));
    }

    #[test]
    fn sentences_that_only_look_like_frames_stay_own() {
        let text = "On Monday the minister wrote:\nwe are late. From: here\nit goes on.\n";
        assert!(split(text).1.is_empty());
        assert!(split("\n>From then on it is yours.\n").1.is_empty());
    }

    #[test]
    fn wrapping_and_marks_change_no_print() {
        let once = "The ferry contract is signed on Friday and from then on it is yours, Piet.";
        assert_eq!(
            hashes(once),
            hashes("> The ferry contract is signed on Friday\n> and from then on it is\n> *yours*, Piet.")
        );
        let broken = "> The ferry contract is signed on Friday and from then on it is yours,\nPiet.\n> Next.";
        assert_eq!(hashes(once)[0], hashes(broken)[0]);
        assert_ne!(hashes(once), hashes(&once.replace("Friday", "Monday")));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[>a-z .:\\-\né@1]{0,200}") {
            for sentence in sentences(&plain_rows(&text), 5) {
                prop_assert!(text.get(sentence.at).is_some());
            }
        }
    }
}
