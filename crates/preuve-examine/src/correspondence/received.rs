//! Dates (RFC 5322 §3.3) and `Received` fields (RFC 5321 §4.4), read leniently: hosts write them in many ways.

use mail_parser::DateTime;

/// What a `Received` field says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ReceivedField {
    /// The word after `from`.
    pub(super) from: Option<String>,
    /// The word after `by`.
    pub(super) by: Option<String>,
    /// Seconds since 1970.
    pub(super) date: Option<i64>,
    /// Minutes east of UTC.
    pub(super) zone_minutes: Option<i32>,
}

/// Longest host name kept (RFC 1035 §2.3.4).
const MOST_HOST: usize = 255;

/// Read the value of a `Received` field: words outside comments, the date behind the last semicolon.
pub(super) fn parse_received(value: &str) -> ReceivedField {
    let bare = without_comments(value);
    let (trace, date) = bare.rsplit_once(';').unwrap_or((bare.as_str(), ""));
    let mut field = ReceivedField::default();
    let mut words = trace.split_whitespace();
    while let Some(word) = words.next() {
        let slot = match word.to_ascii_lowercase().as_str() {
            "from" if field.from.is_none() && field.by.is_none() => &mut field.from,
            "by" if field.by.is_none() => &mut field.by,
            _ => continue,
        };
        *slot = words.next().and_then(host);
    }
    (field.date, field.zone_minutes) = parse_date(date);
    field
}

/// A host name as written, in lower case, without brackets and final dot.
fn host(word: &str) -> Option<String> {
    let bare = word.trim_matches(|c| matches!(c, '[' | ']' | ';' | ',')).trim_end_matches('.');
    let fits = !bare.is_empty() && bare.len() <= MOST_HOST;
    fits.then(|| bare.to_lowercase())
}

/// Seconds since 1970 and the zone; `-0000` tells no zone (RFC 5322 §3.3).
pub(super) fn parse_date(text: &str) -> (Option<i64>, Option<i32>) {
    let text = without_comments(text);
    let Some(date) = DateTime::parse_rfc822(text.trim()).filter(DateTime::is_valid) else {
        return (None, None);
    };
    let minutes = i32::from(date.tz_hour) * 60 + i32::from(date.tz_minute);
    let unknown = minutes == 0 && date.tz_before_gmt && text.contains("-0000");
    let zone = if date.tz_before_gmt { -minutes } else { minutes };
    (Some(date.to_timestamp()), (!unknown).then_some(zone))
}

/// Drop comments in parentheses, nested ones too, and folds.
fn without_comments(value: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            '\r' | '\n' | '\t' if depth == 0 => out.push(' '),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_date_are_read_and_comments_are_not() {
        let field = parse_received(
            " from mail.ministry.example (mail.ministry.example [192.0.2.7] (may be forged by evil.example))\r\n\
             \tby MX1.ferry.example. (Postfix) with ESMTPS id 4A1\r\n\tfor <piet@ferry.example>; \
             Tue, 12 Jun 2018 09:15:07 +0200 (CEST)",
        );
        assert_eq!(field.from.as_deref(), Some("mail.ministry.example"));
        assert_eq!(field.by.as_deref(), Some("mx1.ferry.example"));
        assert_eq!((field.date, field.zone_minutes), (Some(1_528_787_707), Some(120)));
    }

    #[test]
    fn what_is_not_there_is_not_told() {
        assert_eq!(
            parse_received("by mx.example"),
            ReceivedField { by: Some("mx.example".into()), ..Default::default() }
        );
        assert_eq!(parse_received("garbage ((( ; never"), ReceivedField::default());
        assert_eq!(parse_received("from"), ReceivedField::default());
    }

    #[test]
    fn dates_tell_their_zone_or_that_there_is_none() {
        assert_eq!(parse_date("Tue, 12 Jun 2018 09:15:00 -0430"), (Some(1_528_811_100), Some(-270)));
        assert_eq!(parse_date("12 Jun 2018 09:15:00 -0000"), (Some(1_528_794_900), None));
        assert_eq!(parse_date("Tue, 12 Jun 2018 09:15:00 GMT"), (Some(1_528_794_900), Some(0)));
        assert_eq!(parse_date("99 Foo 2018 09:15:00 +0000"), (None, None));
        assert_eq!(parse_date(""), (None, None));
    }
}
