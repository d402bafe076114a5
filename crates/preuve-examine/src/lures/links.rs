//! Reasons in the links of a message: what is shown against where it leads, and the shape of the address.

use preuve_case::{MessageDigest, ShownLink};

use super::address::{
    Target, WebAddress, defang, letters_as_codes, parse_target, parse_web, starts_with_www,
};
use super::circle::Circle;
use super::finding::Findings;
use super::host::{Host, chosen_label, mail_domain, registered};
use super::lookalike::LOGIN_WORDS;
use super::reason::Reason;
use super::services::Service;
use super::table::Known;
use super::traits::{recipients, sender, when};

/// Codes for plain letters in one address, from which on they are told.
const LEAST_CODES: usize = 4;
/// Words of a link that are looked at.
const MOST_WORDS: usize = 12;

/// What all links of a message have in common.
pub(super) struct LinkReader<'c> {
    circle: &'c Circle,
    when: Option<i64>,
    sender: Option<String>,
    recipients: Vec<String>,
    has_past: bool,
    /// Whether something could not be told because a table was full.
    pub(super) untold: bool,
}

impl<'c> LinkReader<'c> {
    pub(super) fn new(circle: &'c Circle, digest: &MessageDigest) -> Self {
        let when = when(digest);
        Self {
            circle,
            when,
            sender: sender(digest).and_then(|from| mail_domain(&from.address)),
            recipients: recipients(digest),
            has_past: circle.has_past(when),
            untold: false,
        }
    }

    /// Note what is to be said of one link.
    pub(super) fn read(&mut self, link: &ShownLink, findings: &mut Findings) {
        match parse_target(&link.target) {
            Target::Web(web) => {
                let web = web.unwrap_gateway(&self.circle.learnt.services).unwrap_or(web);
                self.read_web(link, &web, findings);
            }
            Target::Mail(domain) => {
                let shown = link.shown.as_deref().and_then(|shown| mail_domain(shown.trim()));
                if let Some(shown) = shown.filter(|shown| *shown != domain) {
                    let facts = [("shown", defang(&shown)), ("target", defang(&domain))];
                    add(findings, Reason::ShownAddress, &facts, link);
                }
            }
            Target::Script(scheme) => {
                let facts = [("scheme", scheme), ("target", defang(&link.target))];
                add(findings, Reason::ScriptTarget, &facts, link);
            }
            Target::Other => {}
        }
    }

    fn read_web(&mut self, link: &ShownLink, web: &WebAddress, findings: &mut Findings) {
        let shown = link.shown.as_deref().and_then(shown_address);
        self.shown_and_target(link, web, shown.as_deref(), findings);
        self.shape(link, web, findings);
        self.inner(link, web, shown.as_deref(), findings);
        if !self.is_familiar(web.domain()) {
            self.unfamiliar(link, web, findings);
        }
    }

    fn is_familiar(&self, domain: &str) -> bool {
        self.circle.is_familiar(domain, self.sender.as_deref(), self.when)
    }

    fn shown_and_target(
        &self,
        link: &ShownLink,
        web: &WebAddress,
        shown: Option<&str>,
        findings: &mut Findings,
    ) {
        if let Some(shown) = shown {
            if shown == web.domain() {
                return;
            }
            let passes_on = web.inner().is_some_and(|inner| inner.domain() == shown);
            let reason = match (passes_on, self.is_familiar(web.domain())) {
                (true, _) => Reason::ShownAddressPassed,
                (false, true) => Reason::ShownAddressTracked,
                (false, false) => Reason::ShownAddress,
            };
            add(findings, reason, &[("shown", defang(shown)), ("target", defang(web.domain()))], link);
            return;
        }
        let words = link.shown.as_deref().unwrap_or_default().to_lowercase();
        let words = words.split(|c: char| !c.is_alphanumeric() && c != '-').take(MOST_WORDS);
        let named = words.filter(|word| !word.is_empty()).find(|word| {
            match self.circle.learnt.services.brand(word, web.domain()) {
                Some(own) => !own,
                None => self.circle.of_word(word).is_some() && chosen_label(web.domain()) != *word,
            }
        });
        if let Some(word) = named.filter(|_| !self.is_familiar(web.domain())) {
            let facts = [("word", word.to_owned()), ("target", defang(web.domain()))];
            add(findings, Reason::ShownName, &facts, link);
        }
    }

    fn shape(&self, link: &ShownLink, web: &WebAddress, findings: &mut Findings) {
        let domain = || defang(web.domain());
        match &web.host {
            Host::Number { disguised, private, .. } if *disguised || !*private => {
                add(findings, Reason::NumberHost, &[("target", defang(&link.target))], link);
            }
            _ => {}
        }
        if let Some(user) = web.user.as_deref().filter(|user| user.contains('.') || user.len() > 30) {
            add(findings, Reason::SignBeforeHost, &[("shown", defang(user)), ("domain", domain())], link);
        }
        if web.hidden {
            let facts = [("domain", domain()), ("target", defang(&link.target))];
            add(findings, Reason::HiddenInAddress, &facts, link);
        }
        let codes = letters_as_codes(&web.rest);
        if codes >= LEAST_CODES && !self.is_familiar(web.domain()) {
            add(
                findings,
                Reason::LettersAsCodes,
                &[("domain", domain()), ("count", codes.to_string())],
                link,
            );
        }
        if web.is(Service::Shortener, &self.circle.learnt.services) {
            add(findings, Reason::Shortener, &[("domain", domain())], link);
        }
    }

    /// An address carried inside: told when it leads to a domain that neither the mailbox nor the link's own words
    /// name.
    fn inner(&self, link: &ShownLink, web: &WebAddress, shown: Option<&str>, findings: &mut Findings) {
        let services = &self.circle.learnt.services;
        if web.is(Service::Share, services) {
            return;
        }
        let Some(inner) = web.inner() else { return };
        let domain = inner.domain();
        if domain == web.domain()
            || Some(domain) == shown
            || Some(domain) == self.sender.as_deref()
            || self.is_familiar(domain)
        {
            return;
        }
        let facts = [("domain", defang(web.domain())), ("inner", defang(inner.name()))];
        let known = web.is(Service::Redirector, services);
        add(findings, if known { Reason::OpenRedirector } else { Reason::AddressInAddress }, &facts, link);
    }

    /// What counts only on a domain that the mailbox does not know.
    fn unfamiliar(&mut self, link: &ShownLink, web: &WebAddress, findings: &mut Findings) {
        let domain = defang(web.domain());
        if let Some(word) = login_word(web) {
            add(findings, Reason::LoginPath, &[("domain", domain.clone()), ("word", word.to_owned())], link);
        }
        if self.carries_reader(web) {
            add(findings, Reason::ReaderInAddress, &[("domain", domain.clone())], link);
        }
        if !self.has_past || !matches!(web.host, Host::Name(_)) {
            return;
        }
        let days = self.circle.learnt.params.fresh_days;
        match self.circle.domain(web.domain()) {
            Known::Seen(known) if known.seen.before(self.when, days, true) => {}
            Known::Untold => self.untold = true,
            _ => {
                let facts = [("domain", domain), ("days", days.to_string())];
                add(findings, Reason::NewLinkDomain, &facts, link);
            }
        }
    }

    fn carries_reader(&self, web: &WebAddress) -> bool {
        use base64::Engine;
        let rest = super::host::percent_decode(&web.rest).to_lowercase();
        self.recipients.iter().any(|to| {
            let coded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(to);
            // The last characters of the code depend on what follows the address.
            let coded = &coded[..coded.len().saturating_sub(2)];
            rest.contains(to.as_str()) || (coded.len() >= 8 && web.rest.contains(coded))
        })
    }
}

fn add(findings: &mut Findings, reason: Reason, facts: &[(&str, String)], link: &ShownLink) {
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    findings.add(reason, &facts, link.bytes, None);
}

/// A word of sign-in pages among the words of host, path and query names.
fn login_word(web: &WebAddress) -> Option<&'static str> {
    let front = web.name().strip_suffix(web.domain()).unwrap_or_default();
    let label = chosen_label(web.domain());
    let path = super::host::percent_decode(&web.rest).to_lowercase();
    let words = |word: &str| LOGIN_WORDS.iter().copied().find(|login| *login == word);
    let split = |c: char| !c.is_alphanumeric();
    front.split(split).chain(label.split(split)).chain(path.split(split)).take(60).find_map(words)
}

/// Endings of files that are also endings of domains, or look like them.
const FILE_ENDINGS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "txt", "rtf", "csv", "html", "htm",
    "jpg", "jpeg", "png", "gif", "svg", "zip", "rar", "mov", "mp3", "mp4", "md", "rs", "py", "sh", "js",
    "css", "xml", "json", "exe",
];

/// The registered domain that the words of a link show as an address: with a scheme, with `www.`, or a lone word
/// that can be nothing else.
fn shown_address(shown: &str) -> Option<String> {
    let words: Vec<&str> = shown.split_whitespace().take(MOST_WORDS).collect();
    let lone = words.len() == 1;
    words.iter().find_map(|word| {
        let word = word
            .trim_matches(|c: char| matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | ',' | '.' | ';' | ':'));
        let web = match parse_target(word) {
            Target::Web(web) => web,
            _ if word.contains('@') => return None,
            _ if lone || starts_with_www(word) => parse_web(word)?,
            _ => return None,
        };
        let Host::Name(name) = &web.host else {
            return word.contains("://").then(|| web.domain().to_owned());
        };
        is_domain(name, word).then(|| registered(name).to_owned())
    })
}

fn is_domain(name: &str, word: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let Some(ending) = labels.last().filter(|_| labels.len() >= 2) else { return false };
    let of_letters = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    labels.iter().all(of_letters)
        && ending.chars().count() >= 2
        && ending.chars().all(char::is_alphabetic)
        && (word.contains("://") || starts_with_www(word) || !FILE_ENDINGS.contains(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_seen_in_the_words_of_links() {
        let told = |shown: &str| shown_address(shown);
        let harbour = Some("harbour.example".to_owned());
        for shown in [
            "https://www.harbour.example/a",
            "<harbour.example>",
            "see www.harbour.example now",
            "harbour.example/plan",
        ] {
            assert_eq!(told(shown), harbour, "{shown}");
        }
        for shown in
            ["plan.pdf", "the harbour.Example of", "piet@harbour.example", "Read more...", "3.5", "", "v1.2b"]
        {
            assert_eq!(told(shown), None, "{shown}");
        }
    }

    #[test]
    fn words_of_sign_in_pages_are_whole_words() {
        let told = |address: &str| match parse_target(address) {
            Target::Web(web) => login_word(&web),
            _ => None,
        };
        assert_eq!(told("https://a.example/x/Login?u"), Some("login"));
        assert_eq!(told("https://sso.a.example/"), Some("sso"));
        assert_eq!(told("https://a.example/bloginfo/authors"), None);
    }
}
