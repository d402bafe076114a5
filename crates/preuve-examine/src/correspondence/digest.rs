//! What one message says of itself, read once from its bytes, bounded whatever the message holds.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail_parser::{HeaderValue, Message, MessageParser};
use preuve_case::{
    Address, Hop, ItemId, LinePrint, MessageDigest, MessageRef, PartDigest, ShownLink, StructureNote,
};

use super::html::{self, Page};
use super::lines::{self, Row, Sentence};
use super::mime::{self, Part};
use super::received::{parse_date, parse_received};
use super::sniff::sniff;
use super::text::{self, Encoding, Places};
use crate::authenticity::message::RawMessage;

/// Bounds of a digest.
#[derive(Debug, Clone)]
pub struct DigestParams {
    /// Own and quoted lines, so many of each.
    pub most_lines: usize,
    /// Links.
    pub most_links: usize,
    /// Parts.
    pub most_parts: usize,
    /// `Received` fields.
    pub most_hops: usize,
    /// Addresses and ids of one header field.
    pub most_names: usize,
    /// Bytes of one text part that are read.
    pub most_text_bytes: usize,
}

/// Bytes of the message in which its header must end.
const MOST_HEADER: usize = 1024 * 1024;
/// Bytes read of one header field.
const MOST_FIELD: usize = 64 * 1024;
/// Characters kept of a subject, a name, an address, an id.
const MOST_CHARS: usize = 998;

/// Read the message `bytes`, called `at`. Linear in its length; never fails, for any bytes say something or nothing.
pub fn digest_message(bytes: &[u8], at: MessageRef, params: &DigestParams) -> MessageDigest {
    let raw = RawMessage::parse(&bytes[..bytes.len().min(MOST_HEADER)]);
    let header_end = raw.body.start;
    let shown = shown_fields(&raw);
    let message = parser().parse_headers(&shown);
    let message = message.as_ref();
    let (date, zone_minutes) =
        first_value(&raw, "date").map_or((None, None), |value| parse_date(&String::from_utf8_lossy(value)));
    let ids = |name: &str| message.map_or(Vec::new(), |message| ids_of(message, name, params.most_names));
    let mut digest = MessageDigest {
        at,
        message_id: ids("Message-ID").into_iter().next(),
        date,
        zone_minutes,
        from: addresses(message, &["From"], params.most_names),
        reply_to: addresses(message, &["Reply-To"], params.most_names),
        to: addresses(message, &["To", "Cc"], params.most_names),
        subject: message.and_then(Message::subject).map(clip),
        in_reply_to: ids("In-Reply-To"),
        references: ids("References"),
        received: hops(&raw, params.most_hops),
        client: client(&raw),
        links: Vec::new(),
        parts: Vec::new(),
        structure: Vec::new(),
        own_lines: Vec::new(),
        quoted_lines: Vec::new(),
    };
    read_parts(bytes, header_end, params, &mut digest);
    digest.structure.extend(weekday_differs(&raw, date, zone_minutes));
    digest
}

/// A Date whose day of the week is not that of its date (RFC 5322 §3.3): no program writes such a thing.
fn weekday_differs(raw: &RawMessage<'_>, date: Option<i64>, zone: Option<i32>) -> Option<StructureNote> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let &index = raw.named("date").first()?;
    let text = String::from_utf8_lossy(raw.value(index)).trim().to_lowercase();
    let told =
        DAYS.iter().position(|day| text.split_once(',').is_some_and(|(first, _)| first.trim() == *day))?;
    let local = date?.checked_add(i64::from(zone.unwrap_or(0)) * 60)?;
    let weekday = Timestamp::from_second(local).ok()?.to_zoned(TimeZone::UTC).weekday();
    let real = usize::try_from(weekday.to_monday_zero_offset()).ok()?;
    let whole = &raw.fields[index].whole;
    (told != real).then(|| StructureNote {
        name: "time.weekday_differs".into(),
        bytes: vec![(whole.start as u64, whole.end as u64)],
        facts: [("told", DAYS[told]), ("real", DAYS[real])].map(|(key, day)| (key.into(), day.into())).into(),
    })
}

fn parser() -> MessageParser {
    MessageParser::new()
        .with_address_headers()
        .with_message_ids()
        .header_text(mail_parser::HeaderName::Subject)
}

/// The first field of each name that is shown or linked by, cut to a bound: what programs show.
fn shown_fields(raw: &RawMessage<'_>) -> Vec<u8> {
    let mut fields = Vec::new();
    for name in ["from", "reply-to", "to", "cc", "subject", "message-id", "in-reply-to", "references"] {
        if let Some(&index) = raw.named(name).first() {
            let field = raw.field(index);
            fields.extend_from_slice(&field[..field.len().min(MOST_FIELD)]);
            fields.extend_from_slice(b"\r\n");
        }
    }
    fields.extend_from_slice(b"\r\n");
    fields
}

fn first_value<'m>(raw: &RawMessage<'m>, name: &str) -> Option<&'m [u8]> {
    let value = raw.named(name).first().map(|&index| raw.value(index))?;
    Some(&value[..value.len().min(MOST_FIELD)])
}

fn clip(text: &str) -> String {
    text.chars().take(MOST_CHARS).collect()
}

fn addresses(message: Option<&Message<'_>>, names: &[&'static str], most: usize) -> Vec<Address> {
    let fields = names.iter().filter_map(|&name| message?.header(name)?.as_address());
    fields
        .flat_map(mail_parser::Address::iter)
        .filter_map(|address| {
            let written = address.address()?.trim();
            let folded = match written.rsplit_once('@') {
                Some((local, domain)) => format!("{local}@{}", domain.trim().to_lowercase()),
                None => written.to_owned(),
            };
            let name = address.name().map(str::trim).filter(|name| !name.is_empty()).map(clip);
            (!folded.is_empty()).then(|| Address { name, address: clip(&folded) })
        })
        .take(most)
        .collect()
}

fn ids_of(message: &Message<'_>, name: &str, most: usize) -> Vec<String> {
    let ids = match message.header(name.to_owned()) {
        Some(HeaderValue::Text(id)) => vec![clip(id.trim())],
        Some(HeaderValue::TextList(ids)) => ids.iter().take(most).map(|id| clip(id.trim())).collect(),
        _ => Vec::new(),
    };
    ids.into_iter().filter(|id| !id.is_empty()).collect()
}

fn hops(raw: &RawMessage<'_>, most: usize) -> Vec<Hop> {
    raw.named("received")
        .iter()
        .take(most)
        .map(|&index| {
            let value = raw.value(index);
            let field = parse_received(&String::from_utf8_lossy(&value[..value.len().min(MOST_FIELD)]));
            let whole = &raw.fields[index].whole;
            Hop {
                bytes: (whole.start as u64, whole.end as u64),
                from: field.from,
                by: field.by,
                date: field.date,
                zone_minutes: field.zone_minutes,
            }
        })
        .collect()
}

fn client(raw: &RawMessage<'_>) -> Option<String> {
    let value = ["x-mailer", "user-agent", "x-newsreader"].iter().find_map(|name| first_value(raw, name))?;
    let text = String::from_utf8_lossy(value).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| clip(&text))
}

/// What a text part shows.
struct Shown {
    rows: Vec<Row>,
    html: bool,
    alternative: Option<usize>,
    body: (u64, u64),
    /// From offsets in the part's text to the message, where they can be told.
    places: Option<Places>,
}

fn read_parts(bytes: &[u8], header_end: usize, params: &DigestParams, digest: &mut MessageDigest) {
    let tree = mime::walk(bytes, 0..header_end, header_end..bytes.len(), params.most_parts);
    digest.structure = tree.notes;
    if header_end == MOST_HEADER && bytes.len() > MOST_HEADER {
        let bytes = vec![(0, MOST_HEADER as u64)];
        digest.structure.push(StructureNote {
            name: "structure.header_too_long".into(),
            bytes,
            facts: Default::default(),
        });
    }
    let mut shown = Vec::new();
    for part in &tree.parts {
        let text = part.is_text("plain") || part.is_text("html");
        let decoded = text::decode(bytes, part.body.clone(), part.encoding, text);
        if is_broken(part, decoded.strange, decoded.bytes.len()) {
            let facts = [("characters".to_owned(), decoded.strange.to_string())].into();
            let place = (part.body.start as u64, part.body.end as u64);
            let name = "structure.encoding_broken".into();
            digest.structure.push(StructureNote { name, bytes: vec![place], facts });
        }
        digest.parts.push(PartDigest {
            declared: part.declared.clone(),
            sniffed: sniff(&decoded.bytes).map(str::to_owned),
            name: part.name.clone(),
            len: decoded.bytes.len() as u64,
            id: if text {
                ItemId::of(&as_stored_nowhere(&decoded.bytes))
            } else {
                ItemId::of(&decoded.bytes)
            },
            bytes: (part.whole.start as u64, part.whole.end as u64),
        });
        if super::locked::is_locked(&decoded.bytes) {
            let facts = part.name.iter().map(|name| ("name".to_owned(), name.clone())).collect();
            let place = (part.whole.start as u64, part.whole.end as u64);
            let name = "structure.archive_locked".into();
            digest.structure.push(StructureNote { name, bytes: vec![place], facts });
        }
        if text {
            shown.push(show(part, decoded, params, &mut digest.links));
        }
    }
    super::alternatives::compare(&shown_texts(&shown), &mut digest.structure);
    for piece in chosen(&shown) {
        for sentence in lines::sentences(&piece.rows, params.most_lines) {
            let list = if sentence.quoted { &mut digest.quoted_lines } else { &mut digest.own_lines };
            if list.len() < params.most_lines {
                list.push(print_of(&sentence, piece.places.as_ref()));
            }
        }
    }
}

/// A shown text without what storing does to it: line ends, quoted `From `, blank lines at the end.
fn as_stored_nowhere(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    for line in text.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        plain.extend_from_slice(if line.starts_with(b">From ") { &line[1..] } else { line });
        plain.push(b'\n');
    }
    plain.truncate(plain.trim_ascii_end().len());
    plain
}

fn is_broken(part: &Part, strange: usize, decoded: usize) -> bool {
    match part.encoding {
        Encoding::Base64 => strange > 0,
        // A stray `=` is common in honest mail that was declared wrongly by a word or two.
        Encoding::QuotedPrintable => strange > 8 && strange * 100 > decoded,
        Encoding::Identity => false,
    }
}

fn show(part: &Part, decoded: text::Decoded, params: &DigestParams, links: &mut Vec<ShownLink>) -> Shown {
    let html = part.is_text("html");
    let mut content = decoded.bytes;
    content.truncate(params.most_text_bytes);
    let (text, same_offsets) = text::to_text(content, part.charset.as_deref());
    let places = decoded.places.filter(|_| same_offsets);
    let room = params.most_links.saturating_sub(links.len());
    let place = |range: &std::ops::Range<usize>| places.as_ref().map(|places| places.range(range));
    let rows = if html {
        let Page { rows, links: found } = html::read_page(&text, room);
        links.extend(found.into_iter().map(|anchor| ShownLink {
            bytes: place(&anchor.at),
            shown: Some(anchor.shown),
            target: anchor.target,
        }));
        rows
    } else {
        links.extend(plain_links(&text).take(room).map(|at| ShownLink {
            bytes: place(&at),
            shown: None,
            target: clip(&text[at.clone()]),
        }));
        lines::plain_rows(&text)
    };
    let body = (part.body.start as u64, part.body.end as u64);
    Shown { rows, html, alternative: part.alternative, body, places }
}

/// Addresses of the web in plain text.
fn plain_links(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']'))
        .filter_map(move |word| {
            let lower = word.to_ascii_lowercase();
            let start =
                ["https://", "http://", "ftp://", "www."].iter().filter_map(|mark| lower.find(mark)).min()?;
            let link = word[start..].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
            let at = word.as_ptr() as usize - text.as_ptr() as usize + start;
            (link.len() > 8).then_some(at..at + link.len())
        })
}

fn shown_texts(shown: &[Shown]) -> Vec<super::alternatives::Alternative<'_>> {
    shown
        .iter()
        .filter_map(|piece| {
            let group = piece.alternative?;
            Some(super::alternatives::Alternative {
                group,
                html: piece.html,
                rows: &piece.rows,
                bytes: piece.body,
            })
        })
        .collect()
}

/// Of alternatives the plain text, unless it says much less than the page; all other texts as they come.
fn chosen(shown: &[Shown]) -> Vec<&Shown> {
    let letters = |html: bool, group: usize| -> usize {
        let of_kind = shown.iter().filter(|piece| piece.html == html && piece.alternative == Some(group));
        of_kind.flat_map(|piece| &piece.rows).map(|row| row.text.len()).sum()
    };
    shown
        .iter()
        .filter(|piece| match piece.alternative {
            None => true,
            Some(group) => piece.html != (letters(false, group) * 2 >= letters(true, group)),
        })
        .collect()
}

fn print_of(sentence: &Sentence, places: Option<&Places>) -> LinePrint {
    let bytes = places.map_or((0, 0), |places| places.range(&sentence.at));
    LinePrint { hash: sentence.hash, letters: sentence.letters, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LETTER: &str = concat!(
        "Received: from a.ministry.example by mx.ferry.example; Tue, 12 Jun 2018 09:15:09 +0200\r\n",
        "Received: from [10.0.0.7] by a.ministry.example; Tue, 12 Jun 2018 07:15:05 +0000\r\n",
        "From: =?utf-8?q?Nadia_Orlov?= <Nadia@Ministry.EXAMPLE>\r\n",
        "To: Piet Haan <piet@ferry.example>, desk: a@b.example, c@d.example;\r\n",
        "Cc: x@y.example\r\n",
        "Reply-To: <desk@ministry.example>\r\n",
        "Subject: Re: The =?utf-8?q?ferry?=\r\n",
        "Date: Tue, 12 Jun 2018 09:15:00 +0200\r\n",
        "Message-ID: <a2@ministry.example>\r\n",
        "In-Reply-To: <a1@ferry.example>\r\n",
        "References: <a0@ministry.example>\r\n <a1@ferry.example>\r\n",
        "User-Agent: Quill 3\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: multipart/mixed; boundary=m\r\n",
        "\r\n",
        "--m\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
        "Piet,\r\n\r\nit is caf=C3=A9 time at https://ferry.example/a?b=3D1.\r\n\r\n> When?\r\n",
        "--m\r\nContent-Type: image/png; name=plan.png\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc=\r\n",
        "--m--\r\n",
    );

    fn params() -> DigestParams {
        DigestParams {
            most_lines: 50,
            most_links: 20,
            most_parts: 20,
            most_hops: 20,
            most_names: 20,
            most_text_bytes: 1 << 16,
        }
    }

    fn digest(text: &str) -> MessageDigest {
        let at = MessageRef { path: "a.eml".into(), index: 0, id: ItemId::of(text.as_bytes()) };
        digest_message(text.as_bytes(), at, &params())
    }

    #[test]
    fn the_header_is_read() {
        let digest = digest(LETTER);
        let address = |name: Option<&str>, address: &str| Address {
            name: name.map(Into::into),
            address: address.into(),
        };
        assert_eq!(digest.message_id.as_deref(), Some("a2@ministry.example"));
        assert_eq!((digest.date, digest.zone_minutes), (Some(1_528_787_700), Some(120)));
        assert_eq!(digest.from, [address(Some("Nadia Orlov"), "Nadia@ministry.example")]);
        assert_eq!(digest.reply_to, [address(None, "desk@ministry.example")]);
        let to: Vec<_> = digest.to.iter().map(|to| to.address.as_str()).collect();
        assert_eq!(to, ["piet@ferry.example", "a@b.example", "c@d.example", "x@y.example"]);
        assert_eq!(digest.subject.as_deref(), Some("Re: The ferry"));
        assert_eq!(digest.in_reply_to, ["a1@ferry.example"]);
        assert_eq!(digest.references, ["a0@ministry.example", "a1@ferry.example"]);
        assert_eq!(digest.client.as_deref(), Some("Quill 3"));
        let hops: Vec<_> = digest.received.iter().map(|hop| (hop.by.as_deref(), hop.zone_minutes)).collect();
        assert_eq!(hops, [(Some("mx.ferry.example"), Some(120)), (Some("a.ministry.example"), Some(0))]);
    }

    #[test]
    fn the_body_is_read_with_its_places() {
        let digest = digest(LETTER);
        let words = |print: &LinePrint| &LETTER[print.bytes.0 as usize..print.bytes.1 as usize];
        assert_eq!(digest.own_lines.iter().map(words).collect::<Vec<_>>()[0], "Piet,");
        assert_eq!(words(&digest.own_lines[1]), "it is caf=C3=A9 time at");
        assert_eq!(digest.quoted_lines.iter().map(words).collect::<Vec<_>>(), ["When?"]);
        assert_eq!(digest.links[0].target, "https://ferry.example/a?b=1");
        let kinds: Vec<_> =
            digest.parts.iter().map(|part| (part.declared.as_deref(), part.sniffed.as_deref())).collect();
        assert_eq!(kinds, [(Some("text/plain"), None), (Some("image/png"), Some("application/pdf"))]);
        assert_eq!(digest.parts[1].id, ItemId::of(b"%PDF-1.7"));
        assert_eq!(digest.structure, []);
    }

    fn both(text: &str, html: &str) -> MessageDigest {
        digest(&format!(
            "From: a@b.example\r\nContent-Type: multipart/alternative; boundary=q\r\n\r\n\
             --q\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--q\r\nContent-Type: text/html\r\n\r\n{html}\r\n--q--\r\n"
        ))
    }

    #[test]
    fn alternatives_are_compared_and_the_text_is_taken_once() {
        let text = "The ferry contract is signed on Friday for 300 crowns.";
        let same = both(text, "<p>The ferry <b>contract</b> is signed<br>on Friday for 300 crowns.</p>");
        assert_eq!(same.structure[0].name, "structure.alternatives_agree");
        assert_eq!(same.own_lines.len(), 1);
        let sums = both(text, "<p>The ferry contract is signed on Friday for 900 crowns.</p>");
        assert_eq!(sums.structure[0].name, "structure.alternatives_numbers_differ");
        assert_eq!(sums.structure[0].facts["numbers"], "300, 900");
        let other = both(text, "<p>Please call me back before you sign anything at all.</p>");
        assert_eq!(other.structure[0].name, "structure.alternatives_differ");
        let stub = both("See the page.", &format!("<p>{text}</p>"));
        assert_eq!(
            stub.own_lines,
            same.own_lines
                .iter()
                .map(|line| LinePrint { bytes: stub.own_lines[0].bytes, ..*line })
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_day_of_the_week_that_is_none_of_its_date_is_noticed() {
        let wrong = digest(&LETTER.replace("Date: Tue, 12", "Date: Wed, 12"));
        assert_eq!(wrong.structure[0].name, "time.weekday_differs");
        assert_eq!(wrong.structure[0].facts["real"], "tue");
        let late = "From: a@b.example\r\nDate: Tue, 12 Jun 2018 23:30:00 -0500\r\n\r\nx";
        assert_eq!(digest(late).structure, []);
    }

    #[test]
    fn storing_a_text_changes_no_print_of_it() {
        let text = "From: a@b.example\r\n\r\nFrom here on\r\nit is easy.\r\n";
        let stored = "From: a@b.example\n\n>From here on\nit is easy.\n\n";
        assert_eq!(digest(text).parts[0].id, digest(stored).parts[0].id);
    }

    #[test]
    fn lists_are_bounded() {
        let many = format!(
            "From: a@b.example\r\nReferences: {}\r\n{}\r\n{}{}",
            "<x@y.example> ".repeat(1000),
            "Received: by h.example\r\n".repeat(1000),
            "One line here.\r\n\r\n> Another.\r\n\r\n".repeat(1000),
            "http://long.example/x ".repeat(1000),
        );
        let digest = digest(&many);
        assert_eq!((digest.references.len(), digest.received.len(), digest.links.len()), (20, 20, 20));
        assert_eq!((digest.own_lines.len(), digest.quoted_lines.len()), (50, 50));
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_digested(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let at = MessageRef { path: String::new(), index: 0, id: ItemId::of(&bytes) };
            digest_message(&bytes, at, &params());
        }

        #[test]
        fn damaged_letters_are_digested(
            changes in prop::collection::vec((0usize..2000, prop::sample::select(b"<>=-:;\"\r\n \x00(@,".to_vec())), 0..40),
            cut in 0usize..2000,
        ) {
            let mut bytes = LETTER.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes.truncate(cut.max(1));
            let len = bytes.len() as u64;
            let at = MessageRef { path: String::new(), index: 0, id: ItemId::of(&bytes) };
            let digest = digest_message(&bytes, at, &params());
            for line in digest.own_lines.iter().chain(&digest.quoted_lines) {
                prop_assert!(line.bytes.0 <= line.bytes.1 && line.bytes.1 <= len);
            }
        }
    }
}
