//! Bad mail: each kind is seen as a message, said where something is left out, and costs bounded time.

use std::time::{Duration, Instant};

use crate::common::{Kept, params, read, read_with};
use crate::mail::base64;
use crate::make;

const WORDS: &str =
    "The ministry said on Monday that no evidence had been shown to it, and that the charge was false.";
const HEAD: &str = "From: Nadia <nadia@ministry.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n";

/// Read within seconds, as one message at least.
fn read_soon(name: &str, bytes: &[u8]) -> Kept {
    let start = Instant::now();
    let kept = read(name, bytes);
    assert!(start.elapsed() < Duration::from_secs(60), "{name}: {:?}", start.elapsed());
    assert!(!kept.messages.is_empty(), "{name}");
    assert_eq!(kept.messages[0].bytes.len(), bytes.len(), "{name}");
    kept
}

#[test]
fn a_header_of_a_hundred_megabytes() {
    let mut bytes = format!("{HEAD}X-Long: ").into_bytes();
    bytes.resize(100 << 20, b'x');
    bytes.extend(format!("\r\n\r\n{WORDS}\r\n").bytes());
    read_soon("long.eml", &bytes);
    let folded = format!("{HEAD}Subject: {}\r\n\r\n{WORDS}\r\n", "word\r\n ".repeat(4 << 20));
    read_soon("folded.eml", folded.as_bytes());
}

#[test]
fn a_million_fields() {
    let fields: String = (0..1_000_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let kept = read_soon("many.eml", format!("{HEAD}{fields}\r\n{WORDS}\r\n").as_bytes());
    assert!(kept.codes().contains(&"intake::mail_header_too_long"), "{:?}", kept.codes());
    let few: String = (0..100_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let kept = read_soon("few.eml", format!("{HEAD}{few}\r\n{WORDS}\r\n").as_bytes());
    assert_eq!(kept.texts().len(), 1);
    read_soon("from.eml", format!("{}\r\n{WORDS}\r\n", "From: a@b.example\r\n".repeat(1_000_000)).as_bytes());
}

#[test]
fn ten_thousand_parts() {
    let part = "--xy\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nThe words of a part.\r\n";
    let mail =
        format!("{HEAD}Content-Type: multipart/mixed; boundary=xy\r\n\r\n{}--xy--\r\n", part.repeat(10_000));
    let kept = read_soon("parts.eml", mail.as_bytes());
    assert!(kept.items.len() <= 1_000);
    assert!(
        kept.codes().contains(&"intake::archive_too_many")
            || kept.codes().contains(&"intake::mail_too_many_parts")
    );
}

#[test]
fn nesting_a_thousand_deep() {
    let wrap = |kind: &str, deep: usize| {
        let open: String =
            (0..deep).map(|n| format!("Content-Type: {kind}; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
        format!("{HEAD}{open}Content-Type: text/plain\r\n\r\n{WORDS}\r\n")
    };
    for kind in [
        "multipart/mixed",
        "multipart/digest",
        "multipart/alternative",
        "message/rfc822",
        "MESSAGE/ RFC822",
        "message/global",
    ] {
        for deep in [1_000, 20_000] {
            let kept = read_soon("deep.eml", wrap(kind, deep).as_bytes());
            assert!(kept.messages.len() <= 70, "{kind}");
        }
    }
}

#[test]
fn messages_as_files_in_messages_without_end() {
    let mut mail = format!("{HEAD}\r\n{WORDS}\r\n");
    for _ in 0..40 {
        mail = format!("{HEAD}Content-Type: application/octet-stream; name=a.eml\r\n\r\n{mail}");
    }
    let kept = read_soon("russian.eml", mail.as_bytes());
    assert!(kept.codes().contains(&"intake::mail_too_nested"), "{:?}", kept.codes());
}

#[test]
fn boundaries_that_contain_each_other() {
    let same = "Content-Type: multipart/mixed; boundary=xy\r\n\r\n--xy\r\n".repeat(5_000);
    read_soon("same.eml", format!("{HEAD}{same}{WORDS}").as_bytes());
    let prefix = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/mixed; boundary=xy\r\n\r\n--xy\r\n";
    read_soon("prefix.eml", format!("{HEAD}{}{WORDS}", prefix.repeat(2_000)).as_bytes());
    let lost: String = (0..20_000)
        .map(|n| format!("--x\r\nContent-Type: multipart/mixed; boundary=lost{n}\r\n\r\n"))
        .collect();
    let lost = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=x\r\n\r\n{lost}{}",
        "filler\r\n".repeat(500_000)
    );
    read_soon("lost.eml", lost.as_bytes());
    read_soon(
        "empty.eml",
        format!("{HEAD}Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\n{WORDS}\r\n----\r\n")
            .as_bytes(),
    );
}

#[test]
fn line_ends_of_every_kind_nul_and_raw_bytes() {
    for end in ["\r", "\n", "\r\n", "\n\r", "\r\r\n"] {
        let mail = format!("From: a@b.example\r\nSubject: x{end}Date: now{end}{end}{WORDS}{end}");
        read_soon("ends.eml", mail.as_bytes());
    }
    let mut raw =
        b"From: \xc9milie <e@b.example>\r\nSubject: caf\xe9 \0\xff\r\nMessage-ID: <\0@b>\r\n\r\n".to_vec();
    raw.extend([0, 1, 2, 0xfe, 0xff]);
    raw.extend(WORDS.bytes());
    let kept = read_soon("raw.eml", &raw);
    assert_eq!(kept.items.len(), 1);
}

#[test]
fn encoded_words_and_base64_that_are_broken() {
    for subject in [
        "=?utf-8?q?unclosed",
        "=?utf-8?b?!!!?=",
        "=?utf-8?x?what?=",
        "=?nonsense?q?a?=",
        "=?utf-7?q?+AGEAYg-?=",
        &"=?utf-8?q?=00=0D=0A?=".repeat(20_000),
        &"=?".repeat(500_000),
        &format!("=?{}?q?a?=", "x".repeat(1 << 20)),
    ] {
        read_soon(
            "words.eml",
            format!("From: a@b.example\r\nSubject: {subject}\r\n\r\n{WORDS}\r\n").as_bytes(),
        );
    }
    for content in ["****", "QUJD=QUJD", "Q", &"=".repeat(1 << 20), &format!("{}!", base64(WORDS.as_bytes()))]
    {
        let part = format!(
            "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}\r\n"
        );
        read_soon(
            "base64.eml",
            format!("{HEAD}Content-Type: multipart/mixed; boundary=xy\r\n\r\n--xy\r\n{part}--xy--\r\n")
                .as_bytes(),
        );
    }
}

#[test]
fn mailboxes_that_are_cut_or_full_of_from_lines() {
    let line = "From a@b.example Tue Jun 12 09:15:00 2018\n";
    let one = format!("{line}From: a@b.example\nSubject: x\n\n{WORDS}\n\nFrom the start it was clear.\n\n");
    let mailbox = one.repeat(3);
    for cut in [
        mailbox.len() - 40,
        mailbox.len() - one.len() - 3,
        mailbox.len() - one.len() + line.len() - 5,
        line.len(),
        20,
    ] {
        let kept = read("cut.mbox", &mailbox.as_bytes()[..cut]);
        assert!(kept.messages.len() <= 3, "{cut}");
    }
    let kept = read("flood.mbox", format!("{line}\n").repeat(200_000).as_bytes());
    assert!(kept.messages.len() <= 200_000);
    assert_eq!(read("three.mbox", mailbox.as_bytes()).messages.len(), 3);
}

#[test]
fn a_message_over_the_limit_is_cut_and_said_to_be_no_original() {
    let line = "From a@b.example Tue Jun 12 09:15:00 2018\n";
    let mailbox =
        format!("{line}From: a@b.example\n\n{}\n\n{line}From: c@d.example\n\n{WORDS}\n", "x".repeat(5_000));
    let kept = read_with(
        "a.mbox",
        mailbox.as_bytes(),
        &preuve_intake::IntakeParams { max_member_bytes: 1_000, ..params() },
    );
    assert_eq!(kept.messages.iter().map(|seen| seen.original).collect::<Vec<_>>(), [false, true]);
    assert_eq!(kept.codes()[0], "intake::mail_too_long");
}

#[test]
fn outlook_files_that_are_cut_or_damaged_are_told() {
    let properties = vec![0; 32];
    let whole = make::msg(&[
        ("__properties_version1.0", properties),
        ("__substg1.0_1000001F", make::utf16(&WORDS.repeat(50))),
    ]);
    for cut in (0..whole.len()).step_by(97).skip(6) {
        let kept = read("cut.msg", &whole[..cut]);
        assert!(!kept.diagnostics.is_empty(), "{cut}");
    }
    for at in (0..whole.len()).step_by(13) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        read("damaged.msg", &bytes);
    }
}
