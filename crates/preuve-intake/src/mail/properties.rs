//! The properties by which Outlook keeps a message (MS-OXPROPS), and the message that they make, whatever file they
//! lie in.

use encoding_rs::Encoding;

use super::rebuilt::{Body, Rebuilt};
use super::rtf::read_rtf;

/// Properties by their tag.
pub(super) mod tag {
    pub(crate) const CLASS: u16 = 0x001A;
    pub(crate) const SUBJECT: u16 = 0x0037;
    pub(crate) const SUBMIT_TIME: u16 = 0x0039;
    pub(crate) const HEADERS: u16 = 0x007D;
    pub(crate) const RECIPIENT_KIND: u16 = 0x0C15;
    pub(crate) const SENDER_NAME: u16 = 0x0C1A;
    pub(crate) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(crate) const CC: u16 = 0x0E03;
    pub(crate) const TO: u16 = 0x0E04;
    pub(crate) const DELIVERY_TIME: u16 = 0x0E06;
    pub(crate) const BODY: u16 = 0x1000;
    pub(crate) const RTF: u16 = 0x1009;
    pub(crate) const HTML: u16 = 0x1013;
    pub(crate) const MESSAGE_ID: u16 = 0x1035;
    pub(crate) const REFERENCES: u16 = 0x1039;
    pub(crate) const IN_REPLY_TO: u16 = 0x1042;
    pub(crate) const NAME: u16 = 0x3001;
    pub(crate) const ADDRESS: u16 = 0x3003;
    pub(crate) const DATA: u16 = 0x3701;
    pub(crate) const SHORT_NAME: u16 = 0x3704;
    pub(crate) const LONG_NAME: u16 = 0x3707;
    pub(crate) const SMTP: u16 = 0x39FE;
    pub(crate) const INTERNET_CODE_PAGE: u16 = 0x3FDE;
    pub(crate) const CODE_PAGE: u16 = 0x3FFD;
    pub(crate) const SENDER_SMTP: u16 = 0x5D01;
    pub(crate) const PASSWORD: u16 = 0x67FF;
}

/// Where the properties of one message, attachment or recipient are kept.
pub(super) trait Properties {
    /// A text.
    fn text(&mut self, tag: u16) -> Option<String>;
    /// Bytes.
    fn binary(&mut self, tag: u16) -> Option<Vec<u8>>;
    /// A time, in steps of 100 ns since 1601.
    fn time(&mut self, tag: u16) -> Option<u64>;
    /// A number of 32 bits.
    fn number(&mut self, tag: u16) -> Option<u32>;
}

/// Somebody whom a message is addressed to.
pub(super) struct Recipient {
    kind: u32,
    shown: String,
}

impl Recipient {
    /// The recipient that `properties` describe.
    pub(super) fn read(properties: &mut dyn Properties) -> Option<Self> {
        let name = properties.text(tag::NAME).unwrap_or_default().replace(['"', '\\'], "'");
        let address = [tag::SMTP, tag::ADDRESS].into_iter().filter_map(|tag| properties.text(tag));
        // Addresses within an Exchange server are no addresses of mail.
        let address = address.into_iter().find(|address| address.contains('@'));
        let shown = match address {
            Some(address) if name.trim().is_empty() || name == address => format!("<{address}>"),
            Some(address) => format!("\"{name}\" <{address}>"),
            None if name.trim().is_empty() => return None,
            None => format!("\"{name}\""),
        };
        Some(Self { kind: properties.number(tag::RECIPIENT_KIND).unwrap_or(1), shown })
    }
}

/// The message that `properties` make: header fields and words.
pub(super) fn rebuild(properties: &mut dyn Properties, recipients: &[Recipient]) -> Rebuilt {
    let mut message = Rebuilt {
        transport_header: properties.text(tag::HEADERS).filter(|header| header.contains(':')),
        ..Rebuilt::default()
    };
    let name = properties.text(tag::SENDER_NAME).unwrap_or_default().replace(['"', '\\'], "'");
    let address = properties
        .text(tag::SENDER_SMTP)
        .or_else(|| properties.text(tag::SENDER_ADDRESS))
        .unwrap_or_default();
    let time = properties.time(tag::SUBMIT_TIME).or_else(|| properties.time(tag::DELIVERY_TIME));
    let fields = [
        ("From", author(&name, &address)),
        ("To", addressed(recipients, 1).or_else(|| properties.text(tag::TO))),
        ("Cc", addressed(recipients, 2).or_else(|| properties.text(tag::CC))),
        ("Bcc", addressed(recipients, 3)),
        ("Subject", properties.text(tag::SUBJECT).map(without_prefix_mark)),
        ("Date", time.and_then(file_time)),
        ("Message-ID", properties.text(tag::MESSAGE_ID)),
        ("In-Reply-To", properties.text(tag::IN_REPLY_TO)),
        ("References", properties.text(tag::REFERENCES)),
    ];
    message.fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    message.body = body(properties, &mut message.lost);
    message
}

fn author(name: &str, address: &str) -> Option<String> {
    match (name.trim().is_empty(), address.trim().is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("\"{name}\"")),
        (true, false) => Some(format!("<{address}>")),
        (false, false) => Some(format!("\"{name}\" <{address}>")),
    }
}

fn addressed(recipients: &[Recipient], kind: u32) -> Option<String> {
    let shown: Vec<&str> =
        recipients.iter().filter(|one| one.kind & 0xF == kind).map(|one| one.shown.as_str()).collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// A PST says how long a subject's `Re:` is by two characters in front of it (MS-PST §2.5.3.1.1.1).
fn without_prefix_mark(subject: String) -> String {
    match subject.strip_prefix('\u{1}') {
        Some(rest) => rest.chars().skip(1).collect(),
        None => subject,
    }
}

fn body(properties: &mut dyn Properties, lost: &mut Vec<String>) -> Body {
    if let Some(text) = properties.text(tag::BODY).filter(|text| !text.trim().is_empty()) {
        return Body::Text(text);
    }
    let code_page = properties.number(tag::INTERNET_CODE_PAGE);
    let page = properties.binary(tag::HTML).map(|bytes| decode(&bytes, code_page));
    if let Some(page) = page.or_else(|| properties.text(tag::HTML)).filter(|page| !page.trim().is_empty()) {
        return Body::Html(page);
    }
    let Some(packed) = properties.binary(tag::RTF).filter(|packed| !packed.is_empty()) else {
        return Body::None;
    };
    if let Some(body) = read_rtf(&packed) {
        return body;
    }
    lost.push("its words are kept as RTF alone, which could not be unpacked".to_owned());
    Body::None
}

/// The text that `bytes` are in a code page of Windows, where it is known; UTF-8 is recognised without.
pub(super) fn decode(bytes: &[u8], code_page: Option<u32>) -> String {
    let encoding = code_page.and_then(encoding_of);
    let decoded = |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes).0.into_owned();
    match (encoding, std::str::from_utf8(bytes)) {
        // Its bytes are those of ASCII.
        (Some(encoding), _) if encoding == encoding_rs::ISO_2022_JP => decoded(encoding),
        (_, Ok(text)) => text.to_owned(),
        (encoding, Err(_)) => decoded(encoding.unwrap_or(encoding_rs::WINDOWS_1252)),
    }
}

/// Text in UTF-16, as Outlook writes it.
pub(super) fn decode_wide(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.trim_end_matches('\0').to_owned()
}

fn encoding_of(code_page: u32) -> Option<&'static Encoding> {
    let label = match code_page {
        866 => "ibm866".to_owned(),
        874 | 1250..=1258 => format!("windows-{code_page}"),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        20866 => "koi8-r".to_owned(),
        21866 => "koi8-u".to_owned(),
        28591..=28606 => format!("iso-8859-{}", code_page - 28590),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51932 => "euc-jp".to_owned(),
        51949 => "euc-kr".to_owned(),
        54936 => "gb18030".to_owned(),
        65001 => "utf-8".to_owned(),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// A count of 100 ns since 1601 as RFC 5322 writes times.
pub(super) fn file_time(ticks: u64) -> Option<String> {
    const SECONDS_BEFORE_1970: i64 = 11_644_473_600;
    let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(SECONDS_BEFORE_1970)?;
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_times_are_dates() {
        assert_eq!(file_time(131_732_613_000_000_000).as_deref(), Some("Tue, 12 Jun 2018 07:15:00 +0000"));
        assert_eq!(file_time(u64::MAX), None);
    }

    #[test]
    fn code_pages_are_read() {
        assert_eq!(decode(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some(1251)), "Привет");
        assert_eq!(decode("déjà".as_bytes(), Some(1251)), "déjà", "UTF-8 is seen whatever is said");
        assert_eq!(decode(b"d\xe9j\xe0", None), "déjà");
        assert_eq!(decode(b"\x1b$B$3\x1b(B", Some(50220)), "こ");
    }

    #[test]
    fn the_mark_before_a_subject_is_left_out() {
        assert_eq!(without_prefix_mark("\u{1}\u{5}RE: ferry".to_owned()), "RE: ferry");
        assert_eq!(without_prefix_mark("ferry".to_owned()), "ferry");
        assert_eq!(without_prefix_mark("\u{1}".to_owned()), "");
    }
}
