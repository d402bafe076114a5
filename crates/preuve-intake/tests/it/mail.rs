//! Mail in every shape it comes in: what is found, in which order, and what came from what.

use crate::common::{Kept, read};
use crate::make;

const WORDS: &str =
    "The ministry said on Monday that no evidence had been shown to it, and that the charge was false.";

fn message(number: usize, body: &str) -> String {
    format!(
        "From: Nadia <nadia@ministry.example>\r\nTo: Piet <piet@ferry.example>\r\nSubject: Note {number}\r\n\
         Message-ID: <{number}@ministry.example>\r\nDate: Tue, 12 Jun 2018 09:15:00 +0200\r\n\r\n{body}\r\n"
    )
}

fn mixed(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--xy\r\n{part}\r\n")).collect();
    format!(
        "From: Nadia <nadia@ministry.example>\r\nSubject: Parts\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=xy\r\n\r\n{parts}--xy--\r\n"
    )
}

fn text_part(words: &str) -> String {
    format!("Content-Type: text/plain\r\n\r\n{words}")
}

fn file_part(name: &str, content: &str) -> String {
    format!(
        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}"
    )
}

fn places(kept: &Kept) -> Vec<(&str, u64)> {
    kept.messages.iter().map(|seen| (seen.path.as_str(), seen.index)).collect()
}

#[test]
fn a_message_without_words_is_still_seen() {
    for bytes in ["From: a@b.example\r\nSubject: x\r\n\r\n", "From: a@b.example\r\n", &mixed(&[])] {
        let kept = read("a.eml", bytes.as_bytes());
        assert_eq!((kept.messages.len(), kept.items.len()), (1, 0), "{bytes:?}");
        assert_eq!(kept.messages[0].bytes, bytes.as_bytes());
        assert!(kept.messages[0].original && kept.messages[0].parent.is_none());
    }
}

#[test]
fn attachments_name_the_message_they_came_from() {
    let zip = make::zip(&[("in.txt", WORDS.as_bytes())]);
    let inner = mixed(&[&text_part(WORDS), &file_part("deep.txt", &format!("Deep. {WORDS}"))]);
    let nested = format!("Content-Type: message/rfc822\r\n\r\n{inner}");
    let outer = mixed(&[
        &text_part(&format!("Hello. {WORDS}")),
        &file_part("note.txt", &format!("Note. {WORDS}")),
        &format!(
            "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            base64(&zip)
        ),
        &nested,
    ]);
    let kept = read("a.eml", outer.as_bytes());
    let top = kept.messages[0].id;
    let within = &kept.messages[1];
    assert_eq!(places(&kept), [("a.eml", 0), ("a.eml!/part-3.eml", 0)]);
    assert_eq!(within.parent, Some(top));
    assert_eq!(String::from_utf8_lossy(&within.bytes).trim_end(), inner.trim_end());
    let parents: Vec<_> = kept.items.iter().map(|item| (item.path.as_str(), item.parent)).collect();
    assert_eq!(
        parents,
        [
            ("a.eml", None),
            ("a.eml!/note.txt", Some(top)),
            ("a.eml!/a.zip!/in.txt", Some(top)),
            ("a.eml!/part-3.eml", Some(top)),
            ("a.eml!/part-3.eml!/deep.txt", Some(within.id)),
        ]
    );
    assert_eq!(kept.items[3].id, within.id);
}

#[test]
fn a_message_attached_as_a_file_or_encoded_is_a_message_too() {
    let inner = message(7, WORDS);
    let as_file = format!(
        "Content-Type: application/octet-stream; name=old.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64(inner.as_bytes())
    );
    let encoded = format!(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64(inner.as_bytes())
    );
    let named = format!("Content-Type: message/rfc822; name=\"notes.txt\"\r\n\r\n{inner}");
    for part in [as_file, encoded, named] {
        let kept = read("a.eml", mixed(&[&part]).as_bytes());
        assert_eq!(kept.messages.len(), 2, "{part}");
        assert_eq!(kept.messages[1].bytes.trim_ascii_end(), inner.as_bytes().trim_ascii_end(), "{part}");
        assert_eq!(kept.messages[1].parent, Some(kept.messages[0].id));
    }
}

#[test]
fn mailboxes_of_every_dialect_come_apart() {
    let body = "> From me\r\n>From you\r\n>>From them\r\n\r\nFrom here on it is easy.";
    for line in [
        "From nadia@ministry.example Tue Jun 12 09:15:00 2018\n",
        "From 1602@xxx Tue Jun 12 09:15:00 +0000 2018\r\n",
        "From - Tue Jun 12 09:15:00 2018\n",
        "From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n",
    ] {
        let takeout = "X-GM-THRID: 1602\r\nX-Gmail-Labels: Inbox,Important\r\n";
        let messages: Vec<String> = (0..3)
            .map(|number| format!("{takeout}{}", message(number, &format!("{WORDS}\r\n{body}"))))
            .collect();
        let mailbox: String = messages.iter().map(|message| format!("{line}{message}\r\n")).collect();
        for name in ["a.mbox", "All mail Including Spam and Trash", "inbox"] {
            let kept = read(name, mailbox.as_bytes());
            assert_eq!(places(&kept), [(name, 0), (name, 1), (name, 2)], "{line}");
            assert!(
                kept.messages
                    .iter()
                    .zip(&messages)
                    .all(|(seen, sent)| seen.bytes == sent.as_bytes() && seen.in_mailbox)
            );
            assert_eq!(kept.items.len(), 3);
        }
    }
}

#[test]
fn a_maildir_in_an_archive_is_read_whatever_its_names() {
    let one = format!("Return-Path: <nadia@ministry.example>\r\n{}", message(1, WORDS));
    let two = format!("X-Spam: no\r\nDelivered-To: piet@ferry.example\r\n{}", message(2, WORDS));
    let three = message(3, WORDS);
    let members = [
        ("Maildir/cur/1528787700.M1P2.host,S=900:2,S", one.as_bytes()),
        ("Maildir/new/1528787701.M2P2.host", two.as_bytes()),
        ("Maildir/.Sent/cur/1528787702.M3P2.host:2,RS", three.as_bytes()),
    ];
    for archive in [make::tar(&members), make::zip(&members), make::gzip(&make::tar(&members))] {
        let kept = read("leak", &archive);
        assert_eq!(kept.messages.len(), 3);
        assert_eq!(
            kept.messages.iter().map(|seen| seen.bytes.as_slice()).collect::<Vec<_>>(),
            members.map(|(_, m)| m)
        );
        assert!(kept.messages.iter().all(|seen| !seen.in_mailbox && seen.original));
    }
}

#[test]
fn mailboxes_in_archives_are_mailboxes() {
    let line = "From a@b.example Tue Jun 12 09:15:00 2018\n";
    let mailbox = format!("{line}{}\n{line}{}", message(1, WORDS), message(2, WORDS));
    let kept = read("t.zip", &make::zip(&[("Takeout/Mail/All.mbox", mailbox.as_bytes())]));
    assert_eq!(places(&kept), [("t.zip!/Takeout/Mail/All.mbox", 0), ("t.zip!/Takeout/Mail/All.mbox", 1)]);
}

#[test]
fn the_frame_of_an_emlx_file_is_no_part_of_the_message() {
    let sent = message(1, WORDS);
    let file = format!("{}\n{sent}<?xml version=\"1.0\"?><plist/>", sent.len());
    let kept = read("1.emlx", file.as_bytes());
    assert_eq!(kept.messages[0].bytes, sent.as_bytes());
}

#[test]
fn the_same_id_with_other_words_is_two_messages() {
    let line = "From a@b.example Tue Jun 12 09:15:00 2018\n";
    let mailbox =
        format!("{line}{}\n{line}{}", message(1, WORDS), message(1, &WORDS.replace("false", "true")));
    let kept = read("a.mbox", mailbox.as_bytes());
    assert_ne!(kept.messages[0].id, kept.messages[1].id);
    assert_eq!(kept.items.len(), 2);
}

/// Properties of times: 32 bytes of header, then one entry of 16.
fn properties(header: usize) -> Vec<u8> {
    let mut bytes = vec![0; header];
    bytes.extend([0x40, 0x00, 0x39, 0x00, 6, 0, 0, 0]);
    bytes.extend(131_732_613_000_000_000u64.to_le_bytes());
    bytes
}

fn outlook() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("__properties_version1.0", properties(32)),
        ("__substg1.0_0037001F", make::utf16("The ferry contract")),
        ("__substg1.0_0C1A001F", make::utf16("Nadia Orlov")),
        ("__substg1.0_5D01001F", make::utf16("nadia@ministry.example")),
        ("__substg1.0_0E04001E", b"Piet Haan <piet@ferry.example>\0".to_vec()),
        ("__substg1.0_1035001F", make::utf16("<o1@ministry.example>")),
        ("__substg1.0_1000001F", make::utf16(WORDS)),
        ("__attach_version1.0_#00000000/__properties_version1.0", properties(8)),
        ("__attach_version1.0_#00000000/__substg1.0_3707001F", make::utf16("note.txt")),
        ("__attach_version1.0_#00000000/__substg1.0_37010102", format!("Note. {WORDS}").into_bytes()),
        ("__attach_version1.0_#00000001/__properties_version1.0", properties(8)),
        ("__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0", properties(24)),
        (
            "__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F",
            make::utf16(&format!("Inner. {WORDS}")),
        ),
        ("__attach_version1.0_#00000002/__properties_version1.0", properties(8)),
    ]
}

#[test]
fn an_outlook_message_is_read_and_said_to_keep_no_original() {
    let kept = read("a.msg", &make::msg(&outlook()));
    assert_eq!(kept.messages.len(), 2);
    assert!(kept.messages.iter().all(|seen| !seen.original));
    let text = String::from_utf8_lossy(&kept.messages[0].bytes).into_owned();
    for line in [
        "From: \"Nadia Orlov\" <nadia@ministry.example>\r\n",
        "To: Piet Haan <piet@ferry.example>\r\n",
        "Date: Tue, 12 Jun 2018 07:15:00 +0000\r\n",
        "Message-ID: <o1@ministry.example>\r\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let top = Some(kept.messages[0].id);
    let parents: Vec<_> = kept.items.iter().map(|item| (item.path.as_str(), item.parent)).collect();
    assert_eq!(parents, [("a.msg", None), ("a.msg!/note.txt", top), ("a.msg!/message.msg", top)]);
    assert_eq!(kept.items[0].meta.title.as_deref(), Some("The ferry contract"));
    assert_eq!(kept.codes(), ["intake::mail_rebuilt", "intake::mail_attachments_unread"]);
    assert!(kept.diagnostics[1].message.starts_with("1 of"), "{}", kept.diagnostics[1].message);
}

#[test]
fn a_kept_header_is_used_without_what_said_how_the_body_was_encoded() {
    let mut streams = outlook();
    streams.push((
        "__substg1.0_007D001F",
        make::utf16(
            "Received: from a by b; Tue, 12 Jun 2018 09:15:00 +0200\r\nFrom: Nadia <nadia@ministry.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary=zz\r\nSubject: The ferry contract\r\n",
        ),
    ));
    let kept = read("a.msg", &make::msg(&streams));
    let text = String::from_utf8_lossy(&kept.messages[0].bytes).into_owned();
    assert!(text.starts_with("Received: from a by b;") && !text.contains("zz"), "{text}");
    assert_eq!(kept.items[0].text.trim(), WORDS);
}

#[test]
fn recipients_are_named_with_their_addresses() {
    let mut streams = outlook();
    let kind = |kind: u8| {
        let entry = [3, 0, 0x15, 0x0C, 6, 0, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0];
        [&[0; 8][..], &entry].concat()
    };
    streams.extend([
        ("__recip_version1.0_#00000000/__properties_version1.0", kind(1)),
        ("__recip_version1.0_#00000000/__substg1.0_3001001F", make::utf16("Piet Haan")),
        ("__recip_version1.0_#00000000/__substg1.0_39FE001F", make::utf16("piet@ferry.example")),
        ("__recip_version1.0_#00000001/__properties_version1.0", kind(2)),
        ("__recip_version1.0_#00000001/__substg1.0_3001001F", make::utf16("Ada")),
        ("__recip_version1.0_#00000001/__substg1.0_3003001F", make::utf16("/O=HARBOUR/CN=ADA")),
    ]);
    let kept = read("a.msg", &make::msg(&streams));
    let text = String::from_utf8_lossy(&kept.messages[0].bytes).into_owned();
    assert!(text.contains("To: \"Piet Haan\" <piet@ferry.example>\r\nCc: \"Ada\"\r\n"), "{text}");
}

#[test]
fn words_kept_as_rtf_alone_are_read() {
    let mut streams = outlook();
    streams.retain(|(path, _)| *path != "__substg1.0_1000001F");
    let rtf = format!("{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}\\pard {WORDS}\\par}}");
    streams.push(("__substg1.0_10090102", [&[0; 8][..], b"MELA", &[0; 4], rtf.as_bytes()].concat()));
    let kept = read("a.msg", &make::msg(&streams));
    assert_eq!(kept.items[0].text.trim(), WORDS);
    streams.pop();
    streams.push(("__substg1.0_10090102", b"no RTF at all".to_vec()));
    let kept = read("a.msg", &make::msg(&streams));
    assert!(kept.codes().contains(&"intake::mail_part_unread"), "{:?}", kept.codes());
}

#[test]
fn other_compound_files_are_named() {
    let kept = read("a.doc", &make::msg(&[("WordDocument", vec![0; 600])]));
    assert_eq!(kept.codes(), ["intake::unsupported_format"]);
}

/// Base64 in lines of 76.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (at, three) in bytes.chunks(3).enumerate() {
        if at > 0 && at % 19 == 0 {
            out.push_str("\r\n");
        }
        let word =
            three.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * place) & 63) as usize];
            out.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}
