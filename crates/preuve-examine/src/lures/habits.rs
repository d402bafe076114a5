//! Reasons in how a message was written and sent, against what its sender usually does.

use preuve_case::MessageDigest;

use super::circle::Circle;
use super::finding::Findings;
use super::habit::Departure;
use super::reason::Reason;
use super::traits::{client, folded, route, sender, zone, zone_text};

/// Note a client, a zone and a way in that the sender seldom or never has. `counted`: the message was learnt.
pub(super) fn habit_reasons(circle: &Circle, digest: &MessageDigest, counted: bool, findings: &mut Findings) {
    let Some(address) = sender(digest).map(|from| folded(&from.address)) else { return };
    let Some(person) = circle.person(&address).seen() else { return };
    let least = circle.learnt.params.habit_messages;
    if let Some(client) = client(digest)
        && let Some(departure) = person.clients.departure(&client, &[], least, counted)
    {
        tell(findings, Reason::NewClient, "client", &client, &address, &departure, None);
    }
    if let (Some(zone), Some(minutes)) = (zone(digest), digest.zone_minutes) {
        // Summer time moves a zone by an hour.
        let near = [-60, 60].map(|shift| zone_text(minutes.saturating_add(shift)));
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        if let Some(departure) = person.zones.departure(&zone, &near, least, counted) {
            tell(findings, Reason::NewZone, "zone", &zone, &address, &departure, None);
        }
    }
    if let Some(route) = route(digest)
        && let Some(departure) = person.routes.departure(&route, &[], least, counted)
    {
        let bytes = digest.received.last().map(|hop| hop.bytes);
        tell(findings, Reason::NewRoute, "route", &route, &address, &departure, bytes);
    }
}

fn tell(
    findings: &mut Findings,
    reason: Reason,
    trait_name: &str,
    value: &str,
    address: &str,
    departure: &Departure,
    bytes: Option<(u64, u64)>,
) {
    let (messages, alike) = (departure.messages.to_string(), departure.alike.to_string());
    let facts = [
        (trait_name, value),
        ("address", address),
        ("messages", &messages),
        ("alike", &alike),
        ("usual", &departure.usual),
    ];
    findings.add(reason, &facts, bytes, None);
}
