//! Domains made to be taken for one that the mailbox knows. Known domains are entered under keys, each such that
//! a look-alike has one in common with its model; so a look-up costs the same however many are known.

use std::collections::BTreeMap;

use super::host::{chosen_label, registered};
use super::reason::Reason;
use super::table::key;

/// Known domains that share a key; more add nothing.
const MOST_ALIKE: usize = 8;
/// Letters a label must have to be looked for, by what it is looked for.
const LEAST_LOOKS: usize = 4;
const LEAST_EDIT: usize = 6;
const LEAST_WORD: usize = 5;
const LEAST_SUFFIX: usize = 4;
/// Longest label looked at (RFC 1035 §2.3.4).
const MOST_LABEL: usize = 63;

/// Words that names of sign-in pages are made with.
pub(super) const LOGIN_WORDS: &[&str] = &[
    "login",
    "logon",
    "signin",
    "sign-in",
    "log-in",
    "auth",
    "oauth",
    "oauth2",
    "sso",
    "account",
    "accounts",
    "secure",
    "security",
    "verify",
    "verification",
    "validate",
    "password",
    "passwd",
    "webmail",
    "owa",
    "mfa",
    "2fa",
    "unlock",
    "credential",
    "credentials",
    "authenticate",
    "connexion",
    "identifiant",
    "compte",
    "verifier",
    "motdepasse",
    "acceso",
    "ingresar",
    "iniciar-sesion",
    "cuenta",
    "contrasena",
    "verificar",
];

/// Words that are part of too many names to stand for one.
const COMMON_WORDS: &[&str] = &[
    "mail", "email", "online", "group", "press", "daily", "times", "media", "world", "today", "europe",
    "global", "service", "services", "support", "cloud", "network", "digital", "public", "office", "events",
    "email",
];

/// A known domain by number, in the order of names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KnownDomains {
    names: Vec<Box<str>>,
    by_key: BTreeMap<u64, Vec<u32>>,
}

/// How a domain resembles a known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Likeness<'k> {
    pub(super) reason: Reason,
    pub(super) known: &'k str,
    /// The word of sign-in pages beside the known name.
    pub(super) word: Option<&'static str>,
}

impl KnownDomains {
    /// Enter the domains `names`, sorted and each once.
    pub(super) fn new(names: Vec<Box<str>>) -> Self {
        let mut known = Self { names, by_key: BTreeMap::new() };
        for number in 0..known.names.len() {
            let Some(name) = known.names.get(number).cloned() else { continue };
            for key in keys(&name) {
                let numbers = known.by_key.entry(key).or_default();
                if numbers.len() < MOST_ALIKE && numbers.last() != Some(&(number as u32)) {
                    numbers.push(number as u32);
                }
            }
        }
        known
    }

    fn under(&self, key: u64) -> impl Iterator<Item = &str> {
        let numbers = self.by_key.get(&key).into_iter().flatten();
        numbers.filter_map(|&number| self.names.get(number as usize)).map(|name| &**name)
    }

    /// Is `word`, in lower case, the chosen label of a known domain? Then which.
    pub(super) fn of_word(&self, word: &str) -> Option<&str> {
        let telling = word.len() >= LEAST_WORD && !COMMON_WORDS.contains(&word);
        telling.then(|| self.under(key("label", &[word])).find(|known| chosen_label(known) == word)).flatten()
    }

    /// What the host `host` resembles most tellingly; a host of a known domain resembles nothing.
    pub(super) fn likeness(&self, host: &str) -> Option<Likeness<'_>> {
        let domain = registered(host);
        let label = chosen_label(domain);
        if label.len() > MOST_LABEL * 4 {
            return None;
        }
        if self.under(key("name", &[domain])).next().is_some() {
            return self.in_front(host, domain, false);
        }
        self.by_looks(domain, label)
            .or_else(|| self.in_front(host, domain, true))
            .or_else(|| self.by_edit(label))
            .or_else(|| self.by_suffix(label))
            .or_else(|| self.by_word(host, domain, label))
    }

    fn by_suffix(&self, label: &str) -> Option<Likeness<'_>> {
        let known = self.under(key("label", &[label])).next()?;
        (label.len() >= LEAST_SUFFIX).then_some(Likeness { reason: Reason::DomainSuffix, known, word: None })
    }

    fn by_looks(&self, domain: &str, label: &str) -> Option<Likeness<'_>> {
        if label.chars().count() < LEAST_LOOKS {
            return None;
        }
        let forms = [
            (Reason::DomainConfusable, "looks", looks(label)),
            (Reason::DomainDigits, "digits", digits_as_letters(label)),
            (Reason::DomainHyphen, "hyphen", label.replace('-', "")),
        ];
        forms.into_iter().find_map(|(reason, kind, form)| {
            let known = self.under(key(kind, &[&form])).find(|known| {
                let model = chosen_label(known);
                let by_digits =
                    reason != Reason::DomainDigits || label.contains(|c: char| c.is_ascii_digit());
                *known != domain && model != label && by_digits && model.chars().count() >= LEAST_LOOKS
            })?;
            Some(Likeness { reason, known, word: None })
        })
    }

    fn by_edit(&self, label: &str) -> Option<Likeness<'_>> {
        if label.chars().count() < LEAST_EDIT {
            return None;
        }
        let known = deletions(label).find_map(|form| {
            self.under(key("edit", &[&form])).find(|known| one_edit(chosen_label(known), label))
        })?;
        Some(Likeness { reason: Reason::DomainOneLetter, known, word: None })
    }

    /// `harbour.example.evil.example`, and with `hyphens` also `harbour-example.evil.example`, which services that
    /// are known use for their customers.
    fn in_front(&self, host: &str, domain: &str, hyphens: bool) -> Option<Likeness<'_>> {
        let front = host.strip_suffix(domain)?.trim_end_matches('.');
        let labels: Vec<&str> = front.split('.').filter(|label| !label.is_empty()).take(20).collect();
        let joined = labels.iter().filter(|_| hyphens).map(|label| label.replace('-', "."));
        let windows =
            (0..labels.len()).flat_map(|start| (start + 1..=labels.len()).map(move |end| (start, end)));
        let of_labels = windows.map(|(start, end)| labels[start..end].join("."));
        let known = of_labels
            .chain(joined)
            .filter(|name| name.contains('.') && name != domain)
            .find_map(|name| self.under(key("name", &[&name])).find(|known| **known == *name))?;
        Some(Likeness { reason: Reason::DomainInHost, known, word: None })
    }

    /// `harbour-login.example`, `harbour.evil.example`, `harbourlogin.example`.
    fn by_word(&self, host: &str, domain: &str, label: &str) -> Option<Likeness<'_>> {
        let front = host.strip_suffix(domain).unwrap_or_default();
        let words: Vec<&str> = front.split(['.', '-']).chain(label.split('-')).take(40).collect();
        let login = |word: &str| LOGIN_WORDS.iter().copied().find(|login| *login == word);
        if let Some(known) = words.iter().find_map(|word| self.of_word(word)) {
            let word = words.iter().find_map(|word| login(word));
            let reason = if word.is_some() { Reason::DomainWordLogin } else { Reason::DomainWord };
            return Some(Likeness { reason, known, word });
        }
        words.iter().find_map(|glued| {
            LOGIN_WORDS.iter().find_map(|login| {
                let bare = glued.strip_suffix(login).or_else(|| glued.strip_prefix(login))?;
                let known = self.of_word(bare)?;
                Some(Likeness { reason: Reason::DomainWordLogin, known, word: Some(login) })
            })
        })
    }
}

/// The keys of a known domain.
fn keys(domain: &str) -> impl Iterator<Item = u64> {
    let label = chosen_label(domain);
    let fixed = [
        key("name", &[domain]),
        key("label", &[label]),
        key("looks", &[&looks(label)]),
        key("digits", &[&digits_as_letters(label)]),
        key("hyphen", &[&label.replace('-', "")]),
    ];
    let long_enough = label.chars().count() >= LEAST_EDIT && label.len() <= MOST_LABEL;
    let edits: Vec<u64> =
        if long_enough { deletions(label).map(|form| key("edit", &[&form])).collect() } else { Vec::new() };
    fixed.into_iter().chain(edits)
}

/// The skeleton of UTS 39 §4, folded, and two pairs of letters that look like one.
fn looks(label: &str) -> String {
    let skeleton: String = unicode_security::skeleton(label).collect();
    skeleton.to_lowercase().replace("vv", "w").replace("cl", "d")
}

/// Digits read as the letters they stand in for. `1` may be `i` or `l`, so both are read as `l`.
fn digits_as_letters(label: &str) -> String {
    label
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' => 'l',
            '2' => 'z',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// The label, and the label without each of its letters.
fn deletions(label: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = label.chars().take(MOST_LABEL).collect();
    (0..=letters.len()).map(move |gone| {
        letters.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, letter)| letter).collect()
    })
}

/// One letter more, less or another, or two neighbours swapped.
fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    match (a, b) {
        ([], []) => false,
        ([] | [_], [] | [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> KnownDomains {
        let mut names: Vec<Box<str>> =
            ["harbourdesk.example", "ferry.example", "north-quay.example", "modern.co.uk", "seal2.example"]
                .map(Into::into)
                .to_vec();
        names.sort();
        KnownDomains::new(names)
    }

    fn told(host: &str) -> Option<(Reason, String)> {
        known().likeness(host).map(|like| (like.reason, like.known.to_owned()))
    }

    #[test]
    fn each_way_of_looking_alike_is_told_and_its_near_miss_is_not() {
        let cases = [
            ("hаrbourdesk.example", Reason::DomainConfusable, "harbourdesk.example"),
            ("modem.example", Reason::DomainConfusable, "modern.co.uk"),
            ("harb0urdesk.example", Reason::DomainConfusable, "harbourdesk.example"),
            ("f3rry.example", Reason::DomainDigits, "ferry.example"),
            ("northquay.example", Reason::DomainHyphen, "north-quay.example"),
            ("harbuordesk.example", Reason::DomainOneLetter, "harbourdesk.example"),
            ("harbourdesks.example", Reason::DomainOneLetter, "harbourdesk.example"),
            ("harbourdesk.test", Reason::DomainSuffix, "harbourdesk.example"),
            ("www.harbourdesk.example.quay.test", Reason::DomainInHost, "harbourdesk.example"),
            ("harbourdesk-example.quay.test", Reason::DomainInHost, "harbourdesk.example"),
            ("ferry-login.example", Reason::DomainWordLogin, "ferry.example"),
            ("webmailferry.example", Reason::DomainWordLogin, "ferry.example"),
            ("ferry.pages.example", Reason::DomainWord, "ferry.example"),
        ];
        for (host, reason, model) in cases {
            assert_eq!(told(host), Some((reason, model.to_owned())), "{host}");
        }
        for host in [
            "harbourdesk.example",
            "mail.harbourdesk.example",
            "harbourdock.example",
            "merry.example",
            "ferryman.example",
            "login.quay.test",
            "seal.example",
        ] {
            assert_eq!(told(host), None, "{host}");
        }
    }

    #[test]
    fn the_word_of_a_known_domain_is_found() {
        assert_eq!(known().of_word("ferry"), Some("ferry.example"));
        assert_eq!(known().of_word("mail"), None);
    }

    proptest! {
        #[test]
        fn any_host_is_compared(host in "[a-z0-9.\\-éа]{0,60}") {
            known().likeness(&host);
        }

        #[test]
        fn one_edit_is_symmetric_and_never_holds_of_equals(a in "[ab]{0,6}", b in "[ab]{0,6}") {
            prop_assert_eq!(one_edit(&a, &b), one_edit(&b, &a));
            prop_assert!(!one_edit(&a, &a));
        }
    }
}
