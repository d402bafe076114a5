//! Reasons in who a message claims to be from, where its answers go, and in the domains it names.

use preuve_case::MessageDigest;

use super::address::defang;
use super::circle::Circle;
use super::finding::Findings;
use super::host::{Host, mail_domain, parse_host, registered};
use super::reason::Reason;
use super::table::{Known, key};
use super::traits::{
    Subject, folded, is_founded, person_name, recipients, reply_domain, sender, web_targets, when,
};

/// Note what names and addresses in From give away.
pub(super) fn name_reasons(circle: &Circle, digest: &MessageDigest, findings: &mut Findings) {
    let Some(from) = sender(digest) else { return };
    let Some(name) = from.name.as_deref() else { return };
    let address = folded(&from.address);
    if let Some((shown, domain)) = address_in(name) {
        if mail_domain(&address).is_some_and(|own| own != domain) {
            let facts = [("shown", defang(&shown)), ("address", defang(&address))];
            add(findings, Reason::AddressInName, &facts, None);
        }
        return;
    }
    let Some(folded_name) = person_name(name) else { return };
    if let Some((known, other)) = circle.known_address(&folded_name, &address) {
        let facts =
            [("name", name.to_owned()), ("address", defang(&address)), ("known_address", known.to_owned())];
        add(findings, Reason::KnownName, &facts, Some(other));
    }
}

/// A mail address within a name, and its domain.
fn address_in(name: &str) -> Option<(String, String)> {
    name.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | ',' | '[' | ']')
    })
    .filter(|word| word.contains('@') && word.contains('.'))
    .find_map(|word| Some((word.to_owned(), mail_domain(word)?)))
}

/// Note a Reply-To that leads to another house.
pub(super) fn reply_reasons(circle: &Circle, digest: &MessageDigest, counted: bool, findings: &mut Findings) {
    let (Some(from), Some(domain)) = (sender(digest), reply_domain(digest)) else { return };
    let Some(reply) = digest.reply_to.first() else { return };
    let address = folded(&from.address);
    let person = circle.person(&address).seen();
    let others = person.map_or(0, |person| person.seen.count.saturating_sub(u32::from(counted)));
    let same = person.map_or(0, |person| person.reply_domains.others(&domain, counted));
    if same > 0 {
        return;
    }
    let reply = defang(&reply.address);
    if others >= circle.learnt.params.habit_messages {
        let facts = [("reply_to", reply), ("address", address), ("messages", others.to_string())];
        add(findings, Reason::ReplyToNew, &facts, None);
    } else {
        add(findings, Reason::ReplyToElsewhere, &[("reply_to", reply), ("address", defang(&address))], None);
    }
}

/// Note domains, in From, Reply-To and links, that look like a known one.
pub(super) fn domain_reasons(circle: &Circle, digest: &MessageDigest, findings: &mut Findings) {
    let named = [sender(digest), digest.reply_to.first()];
    let hosts = named.into_iter().flatten().filter_map(|address| address.address.rsplit_once('@'));
    for (_, written) in hosts {
        if let Some((Host::Name(host), _)) = parse_host(written) {
            domain_reason(circle, &host, None, findings);
        }
    }
    for (number, web) in web_targets(digest, &circle.learnt.services, circle.learnt.params.most_links) {
        if let Host::Name(host) = &web.host {
            domain_reason(circle, host, digest.links.get(number).and_then(|link| link.bytes), findings);
        }
    }
}

fn domain_reason(circle: &Circle, host: &str, bytes: Option<(u64, u64)>, findings: &mut Findings) {
    if host.split('.').any(mixes_scripts) {
        let ascii: String = host
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { format!("<U+{:04X}>", c as u32) })
            .collect();
        let facts = [("host", defang(host)), ("ascii", defang(&ascii))];
        add_at(findings, Reason::MixedScripts, &facts, bytes, None);
    }
    let Some((like, model)) = circle.likeness(host) else { return };
    let messages = model.seen.count.to_string();
    let known = like.known.to_owned();
    let facts = match like.reason {
        Reason::DomainInHost | Reason::DomainWord => {
            vec![("host", defang(host)), ("known", known), ("domain", defang(registered(host)))]
        }
        Reason::DomainWordLogin => vec![
            ("host", defang(host)),
            ("known", known),
            ("domain", defang(registered(host))),
            ("word", like.word.unwrap_or_default().to_owned()),
        ],
        _ => vec![("domain", defang(registered(host))), ("known", known), ("messages", messages)],
    };
    // A known name somewhere in the host of a service that the mailbox knows is that service's way.
    let familiar =
        matches!(like.reason, Reason::DomainWord) && circle.is_familiar(registered(host), None, None);
    if !familiar {
        add_at(findings, like.reason, &facts, bytes, Some(&model.example.at));
    }
}

/// Does a label mix scripts that no language writes together (UTS 39 §5.1)?
fn mixes_scripts(label: &str) -> bool {
    use unicode_security::MixedScript;
    !label.is_ascii() && !label.is_single_script()
}

/// Note an answer to nothing.
pub(super) fn thread_reasons(circle: &Circle, digest: &MessageDigest, findings: &mut Findings) -> bool {
    let Some(subject) = digest.subject.as_deref().map(Subject::of) else { return false };
    let time = when(digest);
    if subject.marks == 0 || subject.bare.is_empty() || !circle.has_past(time) {
        return false;
    }
    // An id proves nothing where the mailbox may lack the message, so that any id founds the answer.
    if is_founded(digest) {
        return false;
    }
    match circle.learnt.subjects.get(key("subject", &[&subject.bare])) {
        Known::Seen(seen) if seen.before(time, 0, false) => false,
        Known::Untold => true,
        _ => {
            add(findings, Reason::NoHistory, &[], None);
            false
        }
    }
}

/// Note that sender and readers never wrote to each other; `true` where that could not be told.
pub(super) fn contact_reasons(circle: &Circle, digest: &MessageDigest, findings: &mut Findings) -> bool {
    let (Some(from), time) = (sender(digest), when(digest)) else { return false };
    let address = folded(&from.address);
    let to = recipients(digest);
    if to.is_empty() || !circle.has_past(time) {
        return false;
    }
    let past: Vec<Known<bool>> = to.iter().map(|to| circle.wrote_before(&address, to, time)).collect();
    if past.contains(&Known::Seen(true)) {
        return false;
    }
    if past.contains(&Known::Untold) {
        return true;
    }
    add(findings, Reason::FirstMessage, &[("address", defang(&address))], None);
    false
}

type Facts<'f> = [(&'f str, String)];

fn add(findings: &mut Findings, reason: Reason, facts: &Facts<'_>, other: Option<&preuve_case::MessageRef>) {
    add_at(findings, reason, facts, None, other);
}

fn add_at(
    findings: &mut Findings,
    reason: Reason,
    facts: &Facts<'_>,
    bytes: Option<(u64, u64)>,
    other: Option<&preuve_case::MessageRef>,
) {
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    findings.add(reason, &facts, bytes, other);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_within_a_name_is_found() {
        let told = |name: &str| address_in(name).map(|(_, domain)| domain);
        assert_eq!(told("\"piet@ferry.example\" via desk").as_deref(), Some("ferry.example"));
        assert_eq!(told("Piet Haan (@piet)"), None);
    }

    #[test]
    fn scripts_that_no_language_mixes_are_told() {
        assert!(mixes_scripts("hаrbour"));
        assert!(!mixes_scripts("bücher"));
        assert!(!mixes_scripts("порт"));
    }
}
