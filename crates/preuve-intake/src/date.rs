//! Dates as articles and tables write them → UTC instants.
//!
//! RFC 3339, ISO 8601 days and times, RFC 2822, seconds since 1970, and days with a month's name in English,
//! French or Spanish. A time without an offset is taken as UTC, a day as its midnight. `03/04/2027` is read
//! only where one of the numbers cannot be a month: what cannot be told is left to the reader.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Longest stretch of text that can be a date.
const MAX_LEN: usize = 80;

/// Beginnings of the months' names that are enough to tell them, without accents.
const MONTHS: [(&str, i8); 28] = [
    ("jan", 1),
    ("ene", 1),
    ("feb", 2),
    ("fev", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("jun", 6),
    ("juin", 6),
    ("jul", 7),
    ("juil", 7),
    ("aug", 8),
    ("aou", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("janv", 1),
    ("fevr", 2),
    ("sept", 9),
    ("enero", 1),
    ("marzo", 3),
    ("mayo", 5),
];

/// The instant that `raw` names, if it names one.
pub(crate) fn parse_date(raw: &str) -> Option<Timestamp> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > MAX_LEN {
        return None;
    }
    parse_standard(raw)
        .or_else(|| parse_epoch(raw))
        .or_else(|| parse_written(raw))
        .or_else(|| parse_numbers(raw))
}

fn utc(at: DateTime) -> Option<Timestamp> {
    at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn parse_standard(raw: &str) -> Option<Timestamp> {
    // `2027-09-18 05:30:00 UTC` and `…+0200` are as common as the forms RFC 3339 allows.
    let spelled =
        raw.strip_suffix(" UTC").or_else(|| raw.strip_suffix(" GMT")).unwrap_or(raw).replace(" +", "+");
    spelled
        .parse::<Timestamp>()
        .ok()
        .or_else(|| spelled.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| jiff::fmt::rfc2822::parse(raw).ok().map(|zoned| zoned.timestamp()))
        .or_else(|| jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M%z", raw).ok()?.to_timestamp().ok())
        .or_else(|| jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M%:z", raw).ok()?.to_timestamp().ok())
}

/// Seconds or milliseconds since 1970, from 1990 on.
fn parse_epoch(raw: &str) -> Option<Timestamp> {
    let number: i64 = raw.parse().ok()?;
    match raw.len() {
        9 | 10 if number >= 631_152_000 => Timestamp::from_second(number).ok(),
        12 | 13 if number >= 631_152_000_000 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// `18 September 2027`, `September 18, 2027 at 5:30 pm`, `samedi 18 septembre 2027 à 17h30`, `18 de mayo de 2027`.
fn parse_written(raw: &str) -> Option<Timestamp> {
    let plain = fold(raw);
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric() && c != ':').filter(|w| !w.is_empty()).collect();
    let at = words.iter().position(|word| month_of(word).is_some())?;
    let month = month_of(words[at])?;
    let number = |index: Option<usize>| words.get(index?).and_then(|word| day_of(word));
    let before = at.checked_sub(1).map(|at| if words[at] == "de" { at.saturating_sub(1) } else { at });
    let mut next = at + 1;
    let day = match number(before) {
        Some(day) => day,
        None => {
            next += 1;
            number(Some(at + 1))?
        }
    };
    next += usize::from(matches!(words.get(next), Some(&"de" | &"del")));
    let year: i16 = words.get(next).filter(|word| word.len() == 4)?.parse().ok()?;
    let date = Date::new(year, month, day).ok()?;
    utc(date.to_datetime(time_in(&words[next + 1..])))
}

/// Lower case, without the accents that French and Spanish months and words carry.
fn fold(raw: &str) -> String {
    let plain = |c| match c {
        'é' | 'è' | 'ê' => 'e',
        'û' | 'ù' => 'u',
        'à' | 'á' => 'a',
        _ => c,
    };
    raw.to_lowercase().chars().map(plain).collect()
}

fn month_of(word: &str) -> Option<i8> {
    const WHOLE: [(&str, i8); 36] = [
        ("january", 1),
        ("february", 2),
        ("march", 3),
        ("april", 4),
        ("may", 5),
        ("june", 6),
        ("july", 7),
        ("august", 8),
        ("september", 9),
        ("october", 10),
        ("november", 11),
        ("december", 12),
        ("janvier", 1),
        ("fevrier", 2),
        ("mars", 3),
        ("avril", 4),
        ("mai", 5),
        ("juin", 6),
        ("juillet", 7),
        ("aout", 8),
        ("septembre", 9),
        ("octobre", 10),
        ("novembre", 11),
        ("decembre", 12),
        ("enero", 1),
        ("febrero", 2),
        ("marzo", 3),
        ("abril", 4),
        ("mayo", 5),
        ("junio", 6),
        ("julio", 7),
        ("agosto", 8),
        ("septiembre", 9),
        ("octubre", 10),
        ("noviembre", 11),
        ("diciembre", 12),
    ];
    let of = |list: &[(&str, i8)]| list.iter().find(|(name, _)| *name == word).map(|(_, month)| *month);
    of(&WHOLE).or_else(|| of(&MONTHS))
}

/// The number of a day: `18`, `18th`, `1er`.
fn day_of(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    (digits.len() <= 2 && matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "o"))
        .then(|| digits.parse().ok())?
}

/// The time of day among `words`, midnight where there is none; am, pm and `17h30` are known.
fn time_in(words: &[&str]) -> Time {
    let parse = |word: &str| -> Option<(i8, i8, i8)> {
        let word = word.replace('h', ":").replace("pm", "").replace("am", "");
        let mut parts = word.split(':');
        let hour = parts.next()?.parse().ok()?;
        let minute = parts.next()?;
        let minute = if minute.is_empty() { 0 } else { minute.parse().ok()? };
        Some((hour, minute, parts.next().and_then(|second| second.parse().ok()).unwrap_or(0)))
    };
    let Some((hour, minute, second)) = words.iter().find_map(|word| parse(word)) else {
        return Time::midnight();
    };
    let says = |mark: &str| words.iter().any(|word| word.ends_with(mark));
    let hour = match hour {
        12 if says("am") => 0,
        1..=11 if says("pm") => hour + 12,
        _ => hour,
    };
    Time::new(hour, minute, second, 0).unwrap_or(Time::midnight())
}

/// `18/09/2027`, `18.09.2027`, `09/18/2027`, `2027/09/18`, `20270918`, with a time or not.
fn parse_numbers(raw: &str) -> Option<Timestamp> {
    let mut words = raw.split([' ', 'T', ',']).filter(|word| !word.is_empty());
    let day = words.next()?;
    let rest: Vec<&str> = words.collect();
    let numbers: Vec<i16> =
        day.split(['/', '.', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (year, month, day) = match numbers[..] {
        [year, month, day] if year > 999 => (year, month, day),
        [day, month, year] if year > 999 && day > 12 => (year, month, day),
        [month, day, year] if year > 999 && day > 12 => (year, month, day),
        [day, month, year] if year > 999 && day == month => (year, month, day),
        _ => return None,
    };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    utc(date.to_datetime(time_in(&rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(raw: &str) -> String {
        parse_date(raw).map_or_else(|| "none".to_owned(), |timestamp| timestamp.to_string())
    }

    #[test]
    fn standards_are_read() {
        for raw in [
            "2027-09-18T05:30:00Z",
            "2027-09-18T07:30:00+02:00",
            "2027-09-18T07:30:00+0200",
            "2027-09-18T05:30:00.000Z",
            "2027-09-18 05:30:00",
            "2027-09-18 05:30:00 UTC",
            "2027-09-18 07:30:00 +0200",
            "2027-09-18T05:30",
            "2027-09-18T07:30+02:00",
            "2027-09-18T05:30Z",
            "Sat, 18 Sep 2027 05:30:00 GMT",
            "Sat, 18 Sep 2027 07:30:00 +0200",
            "1821245400",
            "1821245400000",
        ] {
            assert_eq!(read(raw), "2027-09-18T05:30:00Z", "{raw}");
        }
        assert_eq!(read("2027-09-18"), "2027-09-18T00:00:00Z");
        assert_eq!(read("20270918"), "2027-09-18T00:00:00Z");
    }

    #[test]
    fn written_days_are_read_in_three_languages() {
        for raw in [
            "18 September 2027",
            "September 18, 2027",
            "Sept. 18th, 2027",
            "Saturday 18 September 2027",
            "samedi 18 septembre 2027",
            "Publié le 18 septembre 2027",
            "18 de septiembre de 2027",
            "18 sept. 2027",
            "18/09/2027",
            "09/18/2027",
            "18.09.2027",
            "2027/09/18",
        ] {
            assert_eq!(read(raw), "2027-09-18T00:00:00Z", "{raw}");
        }
        assert_eq!(read("1er août 2027"), "2027-08-01T00:00:00Z");
        assert_eq!(read("3 de enero del 2027"), "2027-01-03T00:00:00Z");
    }

    #[test]
    fn times_of_day_are_read() {
        assert_eq!(read("18 septembre 2027 à 17h30"), "2027-09-18T17:30:00Z");
        assert_eq!(read("September 18, 2027 at 5:30 pm"), "2027-09-18T17:30:00Z");
        assert_eq!(read("September 18, 2027 12:05am"), "2027-09-18T00:05:00Z");
        assert_eq!(read("18/09/2027 17:30"), "2027-09-18T17:30:00Z");
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        for raw in
            ["", "yesterday", "03/04/2027", "31 February 2027", "September 2027", "18 September", "99", "ñ/é"]
        {
            assert_eq!(read(raw), "none", "{raw}");
        }
        assert_eq!(read("04/04/2027"), "2027-04-04T00:00:00Z");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(raw in "\\PC{0,90}") {
            let _ = parse_date(&raw);
        }

        #[test]
        fn what_is_written_is_read(second in 0i64..4_000_000_000) {
            let timestamp = Timestamp::from_second(second).expect("in range");
            prop_assert_eq!(parse_date(&timestamp.to_string()), Some(timestamp));
        }
    }
}
