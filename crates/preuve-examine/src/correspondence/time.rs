//! Times: Date against each hop, against the signatures and the keys' sightings, against the `Message-ID`, and
//! against the sender's other mail. Clocks may be wrong without anybody's ill will.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use preuve_case::{CheckOutcome, HalfResult, Hop, MessageDigest, Observation, SignatureFinding};

use super::letter::IdTime;
use super::note::{length_text, note, time_text, zone_text};
use super::settled::{Correspondence, Here, LEAST_LETTERS, habit};

const DAY: i64 = 86_400;
pub(super) fn observe(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let skew = all.params.skew_seconds;
    let Some(date) = here.digest.date else {
        let told = "the message has no Date that can be read";
        out.push(note("time.date_missing", CheckOutcome::NotChecked).section("RFC 5322 §3.6.1").say(told));
        return observe_hops(&here.digest.received, skew, out);
    };
    observe_zones(here.digest, out);
    observe_date_and_hops(here.digest, date, skew, out);
    observe_hops(&here.digest.received, skew, out);
    for signature in &here.finding.signatures {
        observe_signature(signature, here.digest, date, skew, out);
    }
    observe_id(all, here, date, out);
    observe_habit(all, here, out);
}

/// Zones lie between -1200 and +1400, on quarters of an hour.
fn observe_zones(digest: &MessageDigest, out: &mut Vec<Observation>) {
    let odd = |zone: i32| !(-720..=840).contains(&zone) || zone % 15 != 0;
    let date = digest.zone_minutes.into_iter().map(|zone| (zone, (0, 0)));
    let hops = digest.received.iter().filter_map(|hop| Some((hop.zone_minutes?, hop.bytes)));
    for (zone, bytes) in date.chain(hops).filter(|&(zone, _)| odd(zone)) {
        let zone = zone_text(zone);
        out.push(
            note("time.zone_impossible", CheckOutcome::Fail)
                .section("RFC 5322 §3.3")
                .at([bytes])
                .fact("zone", &zone)
                .say(format!("the zone {zone} is used nowhere")),
        );
    }
}

fn observe_date_and_hops(digest: &MessageDigest, date: i64, skew: i64, out: &mut Vec<Observation>) {
    let dated: Vec<(&Hop, i64)> = digest.received.iter().filter_map(|hop| Some((hop, hop.date?))).collect();
    let Some(&(first, taken)) = dated.last() else {
        let told = "no Received field with a time is there to hold Date against";
        out.push(note("time.no_dated_hop", CheckOutcome::NotChecked).section("RFC 5321 §4.4").say(told));
        return;
    };
    let early: Vec<_> = dated.iter().filter(|(_, hop)| date - hop > skew).collect();
    let later_by = |hop: i64| length_text(date - hop);
    let observation = if early.len() == dated.len() {
        let gap = later_by(dated.iter().map(|&(_, hop)| hop).max().unwrap_or(taken));
        note("time.date_after_all_hops", CheckOutcome::Fail)
            .at(dated.iter().map(|(hop, _)| hop.bytes))
            .fact("gap", &gap)
            .say(format!("Date is {gap} later than the last host took the message"))
    } else if let Some((_, hop)) = early.iter().min_by_key(|(_, hop)| *hop) {
        let gap = later_by(*hop);
        note("time.date_after_some_hops", CheckOutcome::Fail)
            .at(early.iter().map(|(hop, _)| hop.bytes))
            .fact("gap", &gap)
            .fact("hops", early.len())
            .say(format!(
                "Date is up to {gap} later than {} of the hosts say they took the message",
                early.len()
            ))
    } else if taken - date > DAY {
        let gap = length_text(taken - date);
        note("time.date_long_before_first_hop", CheckOutcome::Note)
            .at([first.bytes])
            .fact("gap", &gap)
            .say(format!("the first host took the message {gap} after its Date"))
    } else {
        note("time.date_fits_hops", CheckOutcome::Pass)
            .at(dated.iter().map(|(hop, _)| hop.bytes))
            .fact("hops", dated.len())
            .say(format!("Date fits the times of the {} hosts that took the message", dated.len()))
    };
    let mut observation = observation;
    observation.facts.insert("section".into(), "RFC 5322 §3.6.1, RFC 5321 §4.4".into());
    observation.facts.insert("date".into(), time_text(date));
    out.push(observation);
}

/// Each host should have taken the message after the one below it.
fn observe_hops(hops: &[Hop], skew: i64, out: &mut Vec<Observation>) {
    let dated: Vec<(&Hop, i64)> = hops.iter().filter_map(|hop| Some((hop, hop.date?))).collect();
    if dated.len() < 2 {
        return;
    }
    let section = "RFC 5321 §4.4";
    let mut in_order = true;
    for pair in dated.windows(2) {
        let [(upper, later), (lower, earlier)] = pair else { continue };
        let gap = length_text(later - earlier);
        if earlier - later > skew {
            in_order = false;
            out.push(
                note("time.hops_out_of_order", CheckOutcome::Fail)
                    .section(section)
                    .at([upper.bytes, lower.bytes])
                    .fact("gap", &gap)
                    .say(format!(
                        "a host says it took the message {gap} before the host that handed it over did"
                    )),
            );
        } else if later - earlier > DAY {
            out.push(
                note("time.long_wait", CheckOutcome::Note)
                    .section(section)
                    .at([upper.bytes, lower.bytes])
                    .fact("gap", &gap)
                    .say(format!("the message lay {gap} between two hosts")),
            );
        }
    }
    if in_order {
        out.push(
            note("time.hops_in_order", CheckOutcome::Pass)
                .section(section)
                .at(dated.iter().map(|(hop, _)| hop.bytes))
                .fact("hops", dated.len())
                .say(format!("the times of the {} hosts follow one another", dated.len())),
        );
    }
}

/// Times inside a signature count only where its header half holds: else anybody may have written them.
fn observe_signature(
    signature: &SignatureFinding,
    digest: &MessageDigest,
    date: i64,
    skew: i64,
    out: &mut Vec<Observation>,
) {
    if signature.header != HalfResult::Pass {
        return;
    }
    let domain = &signature.domain;
    let at = [signature.bytes];
    let seconds = |time: Option<u64>| time.and_then(|time| i64::try_from(time).ok());
    if let Some(signed) = seconds(signature.signed_at) {
        let delivered = digest.received.iter().filter_map(|hop| hop.date).max();
        let gap = length_text(signed - date);
        let drafted = if date - signed > skew {
            note("time.signed_before_date", CheckOutcome::Fail)
                .fact("gap", &gap)
                .say(format!("`{domain}` signed {gap} before the Date it signed"))
        } else if delivered.is_some_and(|delivered| signed - delivered > skew) {
            let gap = length_text(signed - delivered.unwrap_or(signed));
            note("time.signed_after_delivery", CheckOutcome::Fail)
                .fact("gap", &gap)
                .say(format!("`{domain}` signed {gap} after the last host took the message"))
        } else if signed - date > DAY {
            note("time.signed_long_after_date", CheckOutcome::Note)
                .fact("gap", &gap)
                .say(format!("`{domain}` signed {gap} after Date"))
        } else {
            note("time.signed_at_fits", CheckOutcome::Pass)
                .fact("gap", &gap)
                .say(format!("`{domain}` signed within {gap} of Date"))
        };
        push_signed(drafted, at, domain, "RFC 6376 §3.5 (t=)", out);
    }
    if let Some(expires) = seconds(signature.expires_at)
        && expires < date
    {
        let gap = length_text(date - expires);
        let expired = note("time.expired_at_date", CheckOutcome::Fail)
            .fact("gap", &gap)
            .say(format!("the signature of `{domain}` had expired {gap} before Date"));
        push_signed(expired, at, domain, "RFC 6376 §3.5 (x=)", out);
    }
    observe_key(signature, seconds(signature.signed_at).unwrap_or(date), out);
}

fn push_signed(
    mut observation: Observation,
    at: [(u64, u64); 1],
    domain: &str,
    section: &str,
    out: &mut Vec<Observation>,
) {
    observation.bytes = at.to_vec();
    observation.facts.insert("domain".into(), domain.to_owned());
    observation.facts.insert("section".into(), section.to_owned());
    out.push(observation);
}

/// When the key was seen: an archive sees late and misses much, so that a window proves only what lies within.
fn observe_key(signature: &SignatureFinding, when: i64, out: &mut Vec<Observation>) {
    let Some(key) = &signature.key else { return };
    let (first, last) = (day(key.first_seen.as_deref()), day(key.last_seen.as_deref()));
    let origin = &key.origin;
    let (name, outcome, told) = match (first, last) {
        (None, None) => (
            "time.key_window_unknown",
            CheckOutcome::NotChecked,
            format!("{origin} does not say when it saw the key"),
        ),
        (Some((from, _)), _) if when < from => (
            "time.key_seen_only_later",
            CheckOutcome::Note,
            format!("{origin} saw the key first after the message was signed"),
        ),
        (_, Some((_, until))) if when > until => (
            "time.key_last_seen_before",
            CheckOutcome::Note,
            format!("{origin} saw the key last before the message was signed"),
        ),
        (Some(_), Some(_)) => (
            "time.key_seen_then",
            CheckOutcome::Pass,
            format!("{origin} saw the key before and after the message was signed"),
        ),
        _ => (
            "time.key_window_open",
            CheckOutcome::Note,
            format!("{origin} names one end only of the time in which it saw the key"),
        ),
    };
    let dash = || "–".to_owned();
    out.push(
        note(name, outcome)
            .section("RFC 6376 §3.6.1")
            .at([signature.bytes])
            .fact("origin", origin)
            .fact("domain", &signature.domain)
            .fact("selector", &signature.selector)
            .fact("first_seen", key.first_seen.clone().unwrap_or_else(dash))
            .fact("last_seen", key.last_seen.clone().unwrap_or_else(dash))
            .say(told),
    );
}

/// Begin and end of the day or the moment that an archive writes.
fn day(text: Option<&str>) -> Option<(i64, i64)> {
    let text = text?.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some((moment.as_second(), moment.as_second()));
    }
    if let Some(seconds) = text.parse::<i64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Some((seconds, seconds));
    }
    let date: jiff::civil::Date = text.get(..10).unwrap_or(text).parse().ok()?;
    let begin = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    // The archive's own zone is not known: half a day on either side may be meant.
    Some((begin - DAY / 2, begin + DAY + DAY / 2))
}

/// How far the time in a `Message-ID` may lie from Date: some programs write local time.
const ID_TOLERANCE: i64 = 26 * 3_600;

/// Whether the `Message-ID` embeds a time, and whether it fits.
pub(super) fn id_time(digest: &MessageDigest, date: i64) -> IdTime {
    match id_times(digest) {
        times if times.is_empty() => IdTime::None,
        times if times.iter().any(|(time, _)| (time - date).abs() <= ID_TOLERANCE) => IdTime::Fits,
        _ => IdTime::Differs,
    }
}

/// The times that the shape of a `Message-ID` may embed, and whether the shape is plain (`20180612071500.…`).
fn id_times(digest: &MessageDigest) -> Vec<(i64, bool)> {
    let Some(id) = digest.message_id.as_deref() else { return Vec::new() };
    let local = id.rsplit_once('@').map_or(id, |(local, _)| local);
    let mut times = Vec::new();
    for (at, word) in local.split(|c: char| !c.is_ascii_alphanumeric()).take(6).enumerate() {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            match word.len() {
                14 | 12 if at == 0 => times.extend(civil(word).map(|time| (time, true))),
                10 if at == 0 => times.extend(epoch(word, 1)),
                13 => times.extend(epoch(word, 1_000)),
                _ => {}
            }
        } else if at == 0 && word.len() == 8 {
            times.extend(u32::from_str_radix(word, 16).ok().and_then(|time| plausible(i64::from(time))));
        }
    }
    times
}

fn civil(word: &str) -> Option<i64> {
    let format = if word.len() == 14 { "%Y%m%d%H%M%S" } else { "%Y%m%d%H%M" };
    let time = DateTime::strptime(format, word).ok()?;
    let seconds = time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    plausible(seconds).map(|(time, _)| time)
}

fn epoch(word: &str, unit: i64) -> Option<(i64, bool)> {
    plausible(word.parse::<i64>().ok()? / unit)
}

/// Between 1990 and 2040, as far as mail goes.
fn plausible(seconds: i64) -> Option<(i64, bool)> {
    (631_152_000..2_208_988_800).contains(&seconds).then_some((seconds, false))
}

fn observe_id(all: &Correspondence, here: &Here<'_>, date: i64, out: &mut Vec<Observation>) {
    let times = id_times(here.digest);
    let Some(&(time, plain)) = times.iter().min_by_key(|(time, _)| (time - date).abs()) else { return };
    let gap = length_text(time - date);
    let section = "RFC 5322 §3.6.4";
    if here.prints.id_time == IdTime::Fits {
        let told = "the time in the Message-ID fits Date";
        out.push(
            note("time.message_id_fits", CheckOutcome::Pass).section(section).fact("gap", &gap).say(told),
        );
        return;
    }
    // Digits may be chance; a plain date, or a sender whose other ids all bear their time, is not.
    let others = all.other_mail(here);
    let bears_times =
        others.id_times_fit >= LEAST_LETTERS && others.id_times_differ * 10 <= others.id_times_fit;
    if plain || bears_times {
        out.push(
            note("time.message_id_differs", CheckOutcome::Fail)
                .section(section)
                .fact("gap", &gap)
                .fact("time", time_text(time))
                .fact("date", time_text(date))
                .say(format!("the Message-ID bears a time {gap} away from Date")),
        );
    }
}

/// A zone that the sender's other mail does not bear. An hour more or less is summer time.
fn observe_habit(all: &Correspondence, here: &Here<'_>, out: &mut Vec<Observation>) {
    let Some(zone) = here.digest.zone_minutes else { return };
    let zones = all.other_mail(here).zones;
    let near = |a: i32, b: i32| (a - b).abs() <= 60;
    let Some(usual) = habit(&zones, near) else { return };
    let (zone_told, usual_told) = (zone_text(zone), zone_text(usual));
    let (name, outcome, told) = if near(zone, usual) {
        ("time.zone_usual", CheckOutcome::Pass, "Date bears the zone of the sender's other mail".to_owned())
    } else {
        let told =
            format!("Date bears the zone {zone_told}, nearly all other mail of the sender {usual_told}");
        ("time.zone_differs", CheckOutcome::Note, told)
    };
    out.push(
        note(name, outcome)
            .fact("zone", zone_told)
            .fact("usual", usual_told)
            .fact("letters", zones.values().sum::<usize>())
            .say(told),
    );
}
