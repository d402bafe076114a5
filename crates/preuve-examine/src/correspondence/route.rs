//! The way a message took, as its `Received` fields tell (RFC 5321 §4.4), and the domain of its `Message-ID`.
//! Only the fields of hosts that one trusts prove anything: whoever sends a message can write those below.

use preuve_case::{CheckOutcome, Hop, Observation};

use super::letter::{first_from, from_domain, id_domain};
use super::note::note;
use super::settled::{Correspondence, Here, habit};
use crate::authenticity::domain::organisational;

pub(super) fn observe(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    observe_chain(&here.digest.received, out);
    observe_id(all, here, out);
}

fn observe_chain(hops: &[Hop], out: &mut Vec<Observation>) {
    let section = "RFC 5321 §4.4";
    if hops.is_empty() {
        let told = "no Received field: a copy kept by its sender, or one whose way was taken off";
        out.push(note("route.no_hops", CheckOutcome::NotChecked).section(section).say(told));
        return;
    }
    for hop in hops.iter().filter(|hop| hop.by.is_none() && hop.date.is_none()) {
        let told = "a Received field names neither its host nor its time";
        out.push(note("route.hop_unreadable", CheckOutcome::Note).section(section).at([hop.bytes]).say(told));
    }
    let mut joined = 0;
    let mut gap = false;
    for pair in hops.windows(2) {
        let [upper, lower] = pair else { continue };
        let (Some(from), Some(by)) =
            (upper.from.as_deref().and_then(site), lower.by.as_deref().and_then(site))
        else {
            continue;
        };
        if from == by {
            joined += 1;
            continue;
        }
        gap = true;
        out.push(
            note("route.gap", CheckOutcome::Note)
                .section(section)
                .at([upper.bytes, lower.bytes])
                .fact("by", by)
                .fact("from", from)
                .say(format!(
                    "`{by}` took the message and `{from}` handed it on: the step between is not told"
                )),
        );
    }
    if joined > 0 && !gap {
        out.push(
            note("route.unbroken", CheckOutcome::Pass)
                .section(section)
                .at(hops.iter().map(|hop| hop.bytes))
                .fact("steps", joined)
                .say("each host that is named took the message from the one below it"),
        );
    }
}

/// What two names of one place have in common; nothing for numbers and names of one's own network.
fn site(host: &str) -> Option<&str> {
    let number = host.chars().all(|c| c.is_ascii_digit() || c == '.') || host.contains(':');
    let domain = organisational(host).filter(|_| !number)?;
    (!["localdomain", "local", "lan", "internal"].iter().any(|end| domain.ends_with(end))).then_some(domain)
}

fn observe_id(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let section = "RFC 5322 §3.6.4";
    if here.digest.message_id.is_none() {
        let told = "the message has no Message-ID";
        out.push(note("route.message_id_missing", CheckOutcome::Note).section(section).say(told));
        return;
    }
    let (Some(id), Some(from)) = (id_domain(here.digest), from_domain(here.digest)) else { return };
    let draft = if id == from {
        note("route.message_id_domain", CheckOutcome::Pass)
            .section(section)
            .fact("domain", &id)
            .say(format!("the Message-ID was made under `{id}`, the domain in From"))
    } else {
        note("route.message_id_other_domain", CheckOutcome::Note)
            .section(section)
            .fact("domain", &id)
            .fact("from", &from)
            .say(format!("the Message-ID was made under `{id}`, not under the domain in From"))
    };
    out.push(draft);
    observe_id_habit(all, here, &id, out);
}

/// A `Message-ID` made elsewhere than those of nearly all other letters of the sender.
fn observe_id_habit(all: &Correspondence, here: &Here<'_>, id: &str, out: &mut Vec<Observation>) {
    let domains = all.other_mail(here).id_domains;
    let Some(usual) = habit(&domains, |a, b| a == b) else { return };
    if usual == here.prints.id_domain {
        return;
    }
    let (with_it, total) =
        (domains.get(&here.prints.id_domain).copied().unwrap_or(0), domains.values().sum::<usize>());
    let from = first_from(here.digest).unwrap_or_default();
    out.push(
        note("route.message_id_domain_new", CheckOutcome::Note)
            .section("RFC 5322 §3.6.4")
            .fact("domain", id)
            .fact("letters", total)
            .fact("same", with_it)
            .say(format!(
                "of {total} other messages of `{from}`, {with_it} bear a Message-ID made under `{id}`"
            )),
    );
}
