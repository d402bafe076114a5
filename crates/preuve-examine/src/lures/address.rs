//! Addresses of links, read as leniently as browsers read them. Nothing is ever fetched.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::host::{Host, is_invisible, parse_host, percent_decode, registered};
use super::services::{Service, Services};

/// An address, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebAddress {
    /// Where it leads.
    pub(super) host: Host,
    /// What stands before an at sign in front of the host, codes undone.
    pub(super) user: Option<String>,
    /// Path, query and fragment as written, from the first slash, question mark or hash.
    pub(super) rest: String,
    /// Written so that the host is hard to see: codes or invisible characters in it, backslashes, a long user part.
    pub(super) hidden: bool,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A place on the web.
    Web(WebAddress),
    /// A mail address, with its registered domain.
    Mail(String),
    /// A program, a page or a share in place of an address, by its scheme.
    Script(String),
    /// A place in the same message, a phone number and the like.
    Other,
}

/// Bytes of an address that are looked at.
const MOST_BYTES: usize = 4096;
/// Schemes that run or open something on the reader's machine.
const SCRIPTS: &[&str] = &[
    "data",
    "javascript",
    "vbscript",
    "file",
    "blob",
    "smb",
    "search-ms",
    "search",
    "mhtml",
    "ms-appinstaller",
];

/// Read the target of a link.
pub(super) fn parse_target(written: &str) -> Target {
    let text: String = clip(written, MOST_BYTES).chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    if text.starts_with(r"\\") {
        return Target::Script("smb".into());
    }
    let (scheme, rest) = match split_scheme(text) {
        Some(split) => split,
        None if text.starts_with("//") => ("http".into(), text),
        None if starts_with_www(text) => {
            return parse_web(text).map_or(Target::Other, Target::Web);
        }
        None => return Target::Other,
    };
    match scheme.as_str() {
        "http" | "https" | "ftp" => {
            let after = rest.trim_start_matches(['/', '\\']);
            let slashes = &rest[..rest.len() - after.len()];
            match parse_web(after) {
                Some(mut web) => {
                    web.hidden |= slashes.contains('\\');
                    Target::Web(web)
                }
                None => Target::Other,
            }
        }
        "mailto" => {
            let address = percent_decode(rest.split('?').next().unwrap_or_default());
            super::host::mail_domain(address.trim()).map_or(Target::Other, Target::Mail)
        }
        scheme if SCRIPTS.contains(&scheme) || scheme.starts_with("ms-") => Target::Script(scheme.into()),
        _ => Target::Other,
    }
}

pub(super) fn starts_with_www(text: &str) -> bool {
    text.as_bytes().get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"www."))
}

fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let mut chars = scheme.chars();
    let fits = chars.next()?.is_ascii_alphabetic()
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'));
    fits.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// What stands after `http://`.
pub(super) fn parse_web(after: &str) -> Option<WebAddress> {
    let end = after.find(['/', '\\', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = after.split_at(end);
    let (user, host_port) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(percent_decode(user)), host),
        None => (None, authority),
    };
    let host = match host_port.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host_port,
    };
    let (host, coded) = parse_host(host)?;
    let hidden = coded || rest.starts_with('\\') || user.as_ref().is_some_and(|user| user.len() > 60);
    Some(WebAddress { host, user, rest: rest.to_owned(), hidden })
}

impl WebAddress {
    /// The registered domain, or the number.
    pub(super) fn domain(&self) -> &str {
        match &self.host {
            Host::Name(name) => registered(name),
            Host::Number { address, .. } => address,
        }
    }

    /// The whole host.
    pub(super) fn name(&self) -> &str {
        match &self.host {
            Host::Name(name) => name,
            Host::Number { address, .. } => address,
        }
    }

    /// Does the service list name it?
    pub(super) fn is(&self, service: Service, services: &Services) -> bool {
        services.is(service, self.name(), &self.rest)
    }

    /// The first address carried in path, query or fragment: plain, in codes (up to three times), or in Base64.
    pub(super) fn inner(&self) -> Option<WebAddress> {
        let mut text = self.rest.clone();
        for _ in 0..3 {
            if let Some(found) = find_http(&text).or_else(|| find_base64(&text)) {
                return Some(found);
            }
            let decoded = percent_decode(&text);
            if decoded == text {
                break;
            }
            text = decoded;
        }
        None
    }

    /// The address that was sent, where a mail gateway wrapped it.
    pub(super) fn unwrap_gateway(&self, services: &Services) -> Option<WebAddress> {
        if !self.is(Service::Rewriter, services) {
            return None;
        }
        match self.rest.split_once("/v2/url?u=") {
            // One gateway has codes of its own: `https-3A__host_path`.
            Some((_, coded)) => {
                let coded = coded.split('&').next().unwrap_or_default();
                find_http(&percent_decode(&coded.replace('_', "/").replace('-', "%")))
            }
            None => self.inner(),
        }
    }
}

fn find_http(text: &str) -> Option<WebAddress> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..).and_then(|rest| rest.find("http")) {
        let start = from + found;
        let after = ["http://", "https://", "http:/", "https:/"]
            .iter()
            .find(|scheme| lower[start..].starts_with(**scheme))
            .map(|scheme| start + scheme.len());
        if let Some(after) = after {
            let inner = text[after..].split('&').next().unwrap_or_default().trim_start_matches('/');
            if let Some(web) = parse_web(inner).filter(|web| web.name().contains(['.', ':'])) {
                return Some(web);
            }
        }
        from = start + 4;
    }
    None
}

fn find_base64(text: &str) -> Option<WebAddress> {
    // `http://` and `https://` in Base64, where the address starts the value.
    let start = text.find("aHR0cDovL").or_else(|| text.find("aHR0cHM6Ly"))?;
    let value: String = text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_'))
        .collect();
    // A length of 4n + 1 cannot be: the last character is something else.
    let value = if value.len() % 4 == 1 { &value[..value.len() - 1] } else { &value };
    let bytes = URL_SAFE_NO_PAD.decode(value).or_else(|_| STANDARD_NO_PAD.decode(value)).ok()?;
    find_http(&String::from_utf8_lossy(&bytes))
}

/// Plain letters and digits written as codes in path and query.
pub(super) fn letters_as_codes(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    bytes
        .windows(3)
        .filter(|three| three[0] == b'%')
        .filter(|three| {
            let digit = |byte: u8| (byte as char).to_digit(16);
            let code = digit(three[1]).zip(digit(three[2])).map(|(high, low)| (high * 16 + low) as u8);
            code.is_some_and(|byte| byte.is_ascii_alphanumeric())
        })
        .count()
}

/// An address that no program turns into a link: `hxxps://exa[.]mple`, cut to a bound, invisible characters named.
pub(super) fn defang(address: &str) -> String {
    let mut out = String::new();
    for c in clip(address, 160).chars() {
        match c {
            '.' | '\u{3002}' | '\u{ff0e}' => out.push_str("[.]"),
            c if c.is_control() || is_invisible(c) => out.push_str(&format!("<U+{:04X}>", c as u32)),
            c => out.push(c),
        }
    }
    if out.len() < address.len() && address.len() > 160 {
        out.push('…');
    }
    replace_http(&out)
}

/// `http` as `hxxp`, whatever the case.
fn replace_http(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find("http") {
        out.push_str(&text[from..from + found]);
        out.push_str("hxxp");
        from += found + 4;
    }
    out.push_str(&text[from..]);
    out
}

/// The first bytes, cut between characters.
pub(super) fn clip(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn web(written: &str) -> WebAddress {
        match parse_target(written) {
            Target::Web(web) => web,
            other => panic!("{written}: {other:?}"),
        }
    }

    #[test]
    fn the_host_is_where_browsers_see_it() {
        assert_eq!(web("https://harbour.example@evil.example/a").name(), "evil.example");
        assert_eq!(web("https://harbour.example@evil.example/a").user.as_deref(), Some("harbour.example"));
        assert_eq!(web(r"https:\\evil.example\harbour.example").name(), "evil.example");
        assert_eq!(web("ht\ntps://evil.example:8443/").name(), "evil.example");
        assert_eq!(web("//evil.example/x").rest, "/x");
        assert_eq!(web("WWW.evil.example?x").rest, "?x");
        assert_eq!(web("https://[2001:db8::1]:80/").name(), "2001:db8::1");
        assert!(web("https://ev%69l.example/").hidden);
        assert!(!web("https://evil.example/%69").hidden);
    }

    #[test]
    fn other_targets_are_told_apart() {
        assert_eq!(parse_target("mailto:a@b.example?subject=x"), Target::Mail("b.example".into()));
        assert_eq!(parse_target("java\tscript:alert(1)"), Target::Script("javascript".into()));
        assert_eq!(parse_target(r"\\evil.example\share"), Target::Script("smb".into()));
        assert_eq!(parse_target("#top"), Target::Other);
        assert_eq!(parse_target("tel:+12"), Target::Other);
        assert_eq!(parse_target("http://"), Target::Other);
    }

    #[test]
    fn addresses_inside_addresses_are_found() {
        let inner = |written: &str| web(written).inner().map(|inner| inner.name().to_owned());
        let found = Some("evil.example".to_owned());
        assert_eq!(inner("https://a.example/?u=https://evil.example/x&b=1"), found);
        assert_eq!(inner("https://a.example/?u=https%253A%252F%252Fevil.example"), found);
        assert_eq!(inner("https://a.example/r/aHR0cHM6Ly9ldmlsLmV4YW1wbGUveA"), found);
        assert_eq!(inner("https://a.example/https:/evil.example/"), found);
        assert_eq!(inner("https://a.example/http-and-more"), None);
    }

    #[test]
    fn wrappers_of_mail_gateways_are_taken_off() {
        let services = Services::new();
        let sent = |written: &str| web(written).unwrap_gateway(&services).map(|web| web.name().to_owned());
        let found = Some("evil.example".to_owned());
        assert_eq!(
            sent("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F&data=x"),
            found
        );
        assert_eq!(sent("https://urldefense.com/v3/__https://evil.example/x__;!!a"), found);
        assert_eq!(sent("https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_x&d=y"), found);
        assert_eq!(sent("https://a.example/?url=https://evil.example"), None);
    }

    #[test]
    fn nothing_defanged_is_a_link() {
        assert_eq!(
            defang("https://exa.mple/a?u=HTTP://b.example"),
            "hxxps://exa[.]mple/a?u=hxxp://b[.]example"
        );
        assert_eq!(defang("a\u{202e}b"), "a<U+202E>b");
    }

    proptest! {
        #[test]
        fn any_target_is_read(written in "(https?:)?[/\\\\]{0,3}[\\PC%@:\\[\\]]{0,60}", rest in "\\PC{0,60}") {
            if let Target::Web(web) = parse_target(&format!("{written}{rest}")) {
                web.inner();
                web.unwrap_gateway(&Services::new());
                prop_assert!(!web.name().is_empty());
            }
        }

        #[test]
        fn defanging_leaves_no_dot_and_no_scheme(written in "\\PC{0,200}") {
            let shown = defang(&format!("http{written}"));
            prop_assert!(!shown.to_ascii_lowercase().contains("http"));
            prop_assert!(!shown.replace("[.]", "").contains('.'));
        }
    }
}
