//! Who a message says it is from, and what a reader may take that to be. Programs differ on names, comments,
//! groups and several addresses, so every address that stands anywhere in From counts.

use std::collections::BTreeSet;

use super::message::RawMessage;

/// The author as From gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Author {
    /// The first address.
    pub address: Option<String>,
    /// Domains of all addresses, lower case; empty for an address without one.
    pub domains: Vec<String>,
    /// Domains behind any `@` in From, names and comments included, decoded or not.
    pub shown_domains: BTreeSet<String>,
    /// Whether From decodes to characters that hide or reorder what is shown.
    pub hides_characters: bool,
}

/// From fields looked at, and bytes of each; a message with more is told of as repeating it.
const MOST_FIELDS: usize = 10;
const MOST_BYTES: usize = 64 * 1024;

/// Read the From fields of `message`.
pub fn read_author(message: &RawMessage<'_>) -> Author {
    let mut author = Author::default();
    for &index in message.named("from").iter().take(MOST_FIELDS) {
        let field = message.field(index);
        let value = message.value(index);
        if field.len() > MOST_BYTES {
            // Too long to be taken apart: nobody in particular is named.
            author.domains.push(String::new());
            continue;
        }
        let line = [b"From:", value, b"\r\n\r\n"].concat();
        read_addresses(&line, &mut author);
        let decoded = mail_parser::MessageParser::new()
            .header_text(mail_parser::HeaderName::From)
            .parse_headers(&line)
            .and_then(|parsed| parsed.header(mail_parser::HeaderName::From)?.as_text().map(str::to_owned))
            .unwrap_or_default();
        author.hides_characters |= decoded.chars().any(hides);
        for text in [String::from_utf8_lossy(value).as_ref(), &decoded] {
            author.shown_domains.extend(domains_in(text));
        }
    }
    author
}

fn read_addresses(line: &[u8], author: &mut Author) {
    let parsed = mail_parser::MessageParser::new().with_address_headers().parse_headers(line);
    let Some(from) = parsed.as_ref().and_then(|parsed| parsed.from()) else { return };
    for address in from.iter().filter_map(|addr| addr.address()) {
        author.address.get_or_insert_with(|| address.to_owned());
        let domain =
            address.rsplit_once('@').map_or(String::new(), |(_, domain)| domain.trim().to_lowercase());
        author.domains.push(domain);
    }
}

/// Characters that no name needs: controls, and marks that turn the direction of writing or have no width.
fn hides(c: char) -> bool {
    c.is_control() && c != '\t'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What follows each `@`, as far as it can be a domain with a dot.
fn domains_in(text: &str) -> impl Iterator<Item = String> {
    let at_signs = ['@', '\u{ff20}', '\u{fe6b}'];
    text.split(at_signs).skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))).unwrap_or(rest.len());
        let domain = rest[..end].trim_matches(['.', '-', '_']).to_lowercase();
        domain.contains('.').then_some(domain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(from: &str) -> Author {
        read_author(&RawMessage::parse(format!("From: {from}\r\n\r\n").as_bytes()))
    }

    fn shown(from: &str) -> Vec<String> {
        author(from).shown_domains.into_iter().collect()
    }

    #[test]
    fn a_plain_author_is_one_address() {
        let plain = author("Nadia Orlov <nadia@Ministry.example>");
        assert_eq!(plain.domains, ["ministry.example"]);
        assert_eq!(plain.shown_domains.into_iter().collect::<Vec<_>>(), ["ministry.example"]);
        assert!(!plain.hides_characters);
    }

    #[test]
    fn every_address_that_may_be_shown_counts() {
        for from in [
            "\"nadia@ministry.example\" <x@evil.example>",
            "=?utf-8?q?nadia=40ministry.example?= <x@evil.example>",
            "=?utf-8?b?bmFkaWFAbWluaXN0cnkuZXhhbXBsZQ==?= <x@evil.example>",
            "x@evil.example (nadia@ministry.example)",
            "<nadia@ministry.example> <x@evil.example>",
            "<@ministry.example:x@evil.example>",
            "nadia@ministry.example, x@evil.example",
            "Desk: nadia@ministry.example, x@evil.example;",
            "nadia\u{ff20}ministry.example <x@evil.example>",
            "\"nadia@ministry.example\"@evil.example",
        ] {
            assert_eq!(shown(from), ["evil.example", "ministry.example"], "{from}");
        }
    }

    #[test]
    fn nobody_is_nobody() {
        assert_eq!(author("undisclosed:;").domains, [""; 0]);
        assert_eq!(author("").domains, [""; 0]);
        assert_eq!(shown("Nadia @ the ministry <nadia@ministry.example>"), ["ministry.example"]);
    }

    #[test]
    fn characters_that_hide_are_told() {
        for from in [
            "=?utf-8?q?Nadia=00?= <x@evil.example>",
            "=?utf-8?q?Nadia=0A=0A?= <x@evil.example>",
            "\u{202e}aidaN <x@evil.example>",
        ] {
            assert!(author(from).hides_characters, "{from}");
        }
    }
}
