//! Letters of invented people, written out as mail.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Somebody who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) house: String,
    pub(crate) client: String,
    /// Minutes added to the zone at home.
    pub(crate) zone_shift: i32,
    /// Host that takes the letter first, where it is not that of the house.
    pub(crate) route: Option<String>,
}

impl Person {
    pub(crate) fn new(name: &str, local: &str, house: &str, client: &str) -> Self {
        let address = format!("{}@{house}", local.to_lowercase());
        Self {
            name: name.into(),
            address,
            house: house.into(),
            client: client.into(),
            zone_shift: 0,
            route: None,
        }
    }

    pub(crate) fn local(&self) -> &str {
        self.address.split('@').next().unwrap_or_default()
    }
}

/// A letter in the making.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    from: Person,
    to: Person,
    when: i64,
    number: usize,
    pub(crate) subject: String,
    pub(crate) reply_to: Option<String>,
    pub(crate) answers: Option<String>,
    pub(crate) text: String,
    links: Vec<(String, String)>,
    files: Vec<(String, String, Vec<u8>)>,
}

impl Letter {
    pub(crate) fn new(from: &Person, to: &Person, when: i64, number: usize) -> Self {
        Self {
            from: from.clone(),
            to: to.clone(),
            when,
            number,
            subject: String::new(),
            reply_to: None,
            answers: None,
            text: String::new(),
            links: Vec::new(),
            files: Vec::new(),
        }
    }

    pub(crate) fn id(&self) -> String {
        format!("{}.{}@{}", self.number, self.when, self.from.house)
    }

    pub(crate) fn link(&mut self, shown: &str, target: &str) {
        self.links.push((shown.into(), target.into()));
    }

    pub(crate) fn attach(&mut self, name: &str, kind: &str, content: &[u8]) {
        self.files.push((name.into(), kind.into(), content.into()));
    }

    /// The message, as the newsroom's server kept it.
    pub(crate) fn render(&self) -> Vec<u8> {
        let mut out = String::new();
        let home = zone_of(self.when);
        let first = self.from.route.clone().unwrap_or_else(|| format!("out.{}", self.from.house));
        self.header(
            &mut out,
            "Received",
            &format!("from {first} by mx.{} with ESMTPS; {}", self.to.house, date_text(self.when + 9, home)),
        );
        self.header(
            &mut out,
            "Received",
            &format!("from [10.0.0.7] by {first} with ESMTPSA; {}", date_text(self.when + 3, 0)),
        );
        let sender = format!("{} <{}>", encoded(&self.from.name), self.from.address);
        self.header(&mut out, "From", &sender);
        self.header(&mut out, "To", &format!("{} <{}>", encoded(&self.to.name), self.to.address));
        if let Some(reply_to) = &self.reply_to {
            self.header(&mut out, "Reply-To", reply_to);
        }
        self.header(&mut out, "Subject", &encoded(&self.subject));
        self.header(&mut out, "Date", &date_text(self.when, home + self.from.zone_shift));
        self.header(&mut out, "Message-ID", &format!("<{}>", self.id()));
        if let Some(id) = &self.answers {
            self.header(&mut out, "In-Reply-To", &format!("<{id}>"));
            self.header(&mut out, "References", &format!("<{id}>"));
        }
        self.header(&mut out, "X-Mailer", &self.from.client);
        self.header(&mut out, "MIME-Version", "1.0");
        self.header(&mut out, "Content-Type", "multipart/mixed; boundary=\"part\"");
        self.body(&mut out);
        out.into_bytes()
    }

    fn header(&self, out: &mut String, name: &str, value: &str) {
        let _ = write!(out, "{name}: {value}\r\n");
    }

    fn body(&self, out: &mut String) {
        let kind = if self.links.is_empty() { "plain" } else { "html" };
        let _ = write!(out, "\r\n--part\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n");
        if self.links.is_empty() {
            out.push_str(&self.text);
        } else {
            let _ = write!(out, "<p>{}</p>\r\n", self.text.replace('>', "&gt;"));
        }
        for (shown, target) in &self.links {
            let _ = write!(out, "<p><a href=\"{}\">{shown}</a></p>\r\n", target.replace('&', "&amp;"));
        }
        for (name, kind, content) in &self.files {
            let name = encoded(name);
            let _ = write!(out, "--part\r\nContent-Type: {kind}; name=\"{name}\"\r\n");
            let _ = write!(out, "Content-Disposition: attachment; filename=\"{name}\"\r\n");
            let _ = write!(out, "Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", STANDARD.encode(content));
        }
        out.push_str("--part--\r\n");
    }
}

/// A word encoded where it is not ASCII (RFC 2047).
fn encoded(text: &str) -> String {
    if text.is_ascii() && !text.contains([',', '@']) {
        return text.to_owned();
    }
    format!("=?utf-8?B?{}?=", STANDARD.encode(text))
}

/// Minutes east of UTC at home: an hour, two from April to October.
pub(crate) fn zone_of(when: i64) -> i32 {
    let (_, month, _) = civil(when.div_euclid(86_400));
    if (4..=10).contains(&month) { 120 } else { 60 }
}

/// A date as mail writes it.
fn date_text(when: i64, zone: i32) -> String {
    let local = when + i64::from(zone) * 60;
    let (day_number, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    let (year, month, day) = civil(day_number);
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let sign = if zone < 0 { '-' } else { '+' };
    let (weekday, month) = (days[day_number.rem_euclid(7) as usize], months[month as usize - 1]);
    let zone = zone.unsigned_abs();
    format!(
        "{weekday}, {day} {month} {year} {hour:02}:{minute:02}:{second:02} {sign}{:02}{:02}",
        zone / 60,
        zone % 60
    )
}

/// Year, month and day of a day counted from 1 January 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_mail_writes_them() {
        assert_eq!(date_text(1_672_617_600, 60), "Mon, 2 Jan 2023 01:00:00 +0100");
        assert_eq!(date_text(1_709_164_800, -150), "Wed, 28 Feb 2024 21:30:00 -0230");
    }
}
