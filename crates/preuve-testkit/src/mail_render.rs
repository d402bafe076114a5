//! Writes an invented letter as a mail message in the ways that mail programs do.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Somebody who writes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) address: &'static str,
    /// Index of the house.
    pub(crate) house: usize,
}

/// How an answer quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `> ` before each line, wrapped anew.
    Marks,
    /// `-----Original Message-----` and the rest as it was.
    Rest,
    /// Plain text and a page beside it.
    Both,
    /// A page alone, with the French way of saying who wrote.
    Page,
}

/// A letter before it is written out.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) from: Person,
    pub(crate) to: Person,
    pub(crate) subject: String,
    /// Seconds since 1970.
    pub(crate) date: i64,
    /// Minutes east of UTC.
    pub(crate) zone: i32,
    pub(crate) id: String,
    pub(crate) answers: Option<String>,
    pub(crate) references: Vec<String>,
    /// Its own sentences.
    pub(crate) own: Vec<String>,
    /// Who wrote what is quoted, when, and the sentences.
    pub(crate) quoted: Option<(Person, i64, Vec<String>)>,
    pub(crate) style: Style,
    /// A part besides the text: its header and encoded content.
    pub(crate) attachment: Option<String>,
    /// What the page says instead of the plain text, where they differ.
    pub(crate) page_says: Option<(String, String)>,
}

/// A time as mail writes it.
pub(crate) fn mail_date(seconds: i64, zone: i32) -> String {
    let offset = Offset::from_seconds(zone * 60).expect("a zone of this world");
    let time =
        Timestamp::from_second(seconds).expect("a time of this world").to_zoned(TimeZone::fixed(offset));
    time.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// What every letter of a person ends with: formulas that must link nothing.
fn closing(person: Person) -> Vec<String> {
    vec![
        person.name.to_owned(),
        format!("{} office, second floor, at the old harbour", person.address),
        "This message is meant for the person it names and for nobody else at all.".to_owned(),
    ]
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is a line");
        if !last.is_empty() && last.len() + word.len() >= width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

impl Letter {
    /// Header and body with CRLF, without a signature and without the way it took.
    pub(crate) fn render(&self) -> String {
        let mut header = vec![
            format!("From: {} <{}>", self.from.name, self.from.address),
            format!("To: {} <{}>", self.to.name, self.to.address),
            format!("Subject: {}", self.subject),
            format!("Date: {}", mail_date(self.date, self.zone)),
            format!("Message-ID: <{}>", self.id),
        ];
        header.extend(self.answers.as_ref().map(|id| format!("In-Reply-To: <{id}>")));
        if !self.references.is_empty() {
            let ids: Vec<String> = self.references.iter().map(|id| format!("<{id}>")).collect();
            header.push(format!("References: {}", ids.join("\r\n ")));
        }
        header.push("MIME-Version: 1.0".to_owned());
        let mut text = self.text_part();
        if let Some(attachment) = &self.attachment {
            text = format!(
                "Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n{text}\r\n--outer\r\n{attachment}\r\n--outer--\r\n"
            );
        }
        format!("{}\r\n{text}", header.join("\r\n"))
    }

    fn text_part(&self) -> String {
        let plain =
            || format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}", self.plain().join("\r\n"));
        let page = || format!("Content-Type: text/html; charset=utf-8\r\n\r\n{}", self.page());
        match self.style {
            Style::Marks | Style::Rest => plain() + "\r\n",
            Style::Page => page(),
            Style::Both => format!(
                "Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n{}\r\n--inner\r\n{}--inner--\r\n",
                plain(),
                page()
            ),
        }
    }

    fn plain(&self) -> Vec<String> {
        let mut lines = vec![format!("Dear {},", self.to.name), String::new()];
        lines.extend(wrap(&self.own.join(" "), 76));
        lines.push(String::new());
        lines.extend(closing(self.from));
        let Some((writer, when, sentences)) = &self.quoted else { return lines };
        lines.push(String::new());
        let mut older = wrap(&sentences.join(" "), 68);
        older.push(String::new());
        older.extend(closing(*writer));
        if self.style == Style::Rest {
            lines.push("-----Original Message-----".to_owned());
            lines.push(format!("From: {} <{}>", writer.name, writer.address));
            lines.push(format!("Sent: {}", mail_date(*when, 0)));
            lines.push(format!("To: {}", self.from.name));
            lines.push(format!("Subject: {}", self.subject));
            lines.push(String::new());
            lines.extend(older);
        } else {
            lines.push(format!("On {}, {} <{}>\r\nwrote:", mail_date(*when, 0), writer.name, writer.address));
            lines.extend(older.iter().map(|line| format!("> {line}")));
        }
        lines
    }

    fn page(&self) -> String {
        let mut own = self.own.join(" ");
        if let Some((from, to)) = &self.page_says {
            own = own.replace(from, to);
        }
        let closing = |person: Person| closing(person).join("<br>\r\n");
        let mut page = format!(
            "<html><body><p>Dear {},</p>\r\n<p>{}</p>\r\n<p>{}</p>\r\n",
            self.to.name,
            wrap(&own, 90).join("\r\n"),
            closing(self.from)
        );
        if let Some((writer, when, sentences)) = &self.quoted {
            page += &format!(
                "<div>Le {}, {} &lt;{}&gt; a écrit&nbsp;:<br>\r\n<blockquote type=\"cite\"><p>{}</p>\r\n<p>{}</p></blockquote></div>\r\n",
                mail_date(*when, 0),
                writer.name,
                writer.address,
                wrap(&sentences.join(" "), 90).join("\r\n"),
                closing(*writer)
            );
        }
        page + "</body></html>\r\n"
    }
}
