//! Mailboxes of Outlook that the test kit writes, held against what they were planned to hold and against `readpst`.

use std::path::Path;
use std::process::Command;

use preuve_testkit::{
    PstAttachment, PstEncoding, PstFlaw, PstFolder, PstForm, PstMessage, PstPlan, planted_pst,
};

use crate::common::{Kept, read};

/// Words long enough to be a text.
pub const WORDS: &str =
    "The council of the harbour has decided to repair the eastern pier before the winter storms.";

const HEADER: &str = "Received: from a by b; Tue, 12 Jun 2018 09:15:00 +0200\r\nFrom: Nadia <nadia@ministry.example>\r\n\
                      Subject: The ferry contract\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=zz\r\n";

pub fn letter(subject: &str) -> PstMessage {
    PstMessage {
        class: "IPM.Note".to_owned(),
        subject: subject.to_owned(),
        sender: ("Nadia Orlov".to_owned(), "nadia@ministry.example".to_owned()),
        sent: 131_732_613_000_000_000,
        message_id: format!("<{}@ministry.example>", subject.len()),
        text: Some(format!("{subject}. {WORDS}")),
        recipients: vec![
            (1, "Piet Haan".to_owned(), "piet@ferry.example".to_owned()),
            (2, "Ada".to_owned(), "ada@ferry.example".to_owned()),
        ],
        ..PstMessage::default()
    }
}

pub fn folder(name: &str, messages: Vec<PstMessage>) -> PstFolder {
    PstFolder { name: name.to_owned(), folders: Vec::new(), messages }
}

/// A mailbox with something of everything.
pub fn plan(form: PstForm, encoding: PstEncoding) -> PstPlan {
    let attached = PstMessage {
        attachments: vec![PstAttachment::File("deep.txt".to_owned(), format!("Deep. {WORDS}").into_bytes())],
        ..letter("An older letter")
    };
    let with_files = PstMessage {
        attachments: vec![
            PstAttachment::File("note.txt".to_owned(), format!("Note. {WORDS}").into_bytes()),
            PstAttachment::File("long.txt".to_owned(), WORDS.repeat(4_000).into_bytes()),
            PstAttachment::Message("An older letter".to_owned(), Box::new(attached)),
            PstAttachment::Elsewhere("plan.doc".to_owned()),
        ],
        ..letter("\u{1}\u{5}RE: With files")
    };
    let received = PstMessage { headers: Some(HEADER.to_owned()), ..letter("The ferry contract") };
    let page = "<p>Договор о пароме подписан министерством, и причал будет отремонтирован до зимы.</p>";
    let page = encoding_rs_1251(page);
    let page = PstMessage { text: None, page: Some((page, 1251)), ..letter("Page") };
    let visit = PstMessage { class: "IPM.Appointment".to_owned(), ..letter("A visit") };
    let contracts = folder("Contracts/2018", vec![with_files]);
    let inbox = PstFolder { folders: vec![contracts], ..folder("Inbox", vec![received, visit, page]) };
    PstPlan {
        form,
        encoding,
        password: 0x1234_5678,
        folders: vec![inbox, folder("Deleted Items", vec![letter("Thrown away")])],
        flaw: None,
    }
}

/// Cyrillic in the code page 1251.
fn encoding_rs_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match u32::from(c) {
        code @ 0x410..=0x44F => u8::try_from(code - 0x410 + 0xC0).expect("a byte"),
        code => u8::try_from(code).expect("ASCII"),
    };
    text.chars().map(byte).collect()
}

const FORMS: [PstForm; 3] = [PstForm::Ansi, PstForm::Unicode, PstForm::Large];
const ENCODINGS: [PstEncoding; 3] = [PstEncoding::Plain, PstEncoding::Permuted, PstEncoding::Cyclic];

/// The message whose path ends so, as text.
fn message<'k>(kept: &'k Kept, folder: &str, index: u64) -> (&'k str, &'k crate::common::Seen) {
    let found = kept.messages.iter().find(|seen| seen.path.ends_with(folder) && seen.index == index);
    let found = found.unwrap_or_else(|| panic!("no message {index} in {folder}"));
    (std::str::from_utf8(&found.bytes).expect("UTF-8"), found)
}

#[test]
fn every_form_and_encoding_gives_the_same_messages() {
    let whole = read("mail.pst", &planted_pst(&plan(PstForm::Unicode, PstEncoding::Plain)));
    for form in FORMS {
        for encoding in ENCODINGS {
            let kept = read("mail.pst", &planted_pst(&plan(form, encoding)));
            assert_eq!(kept.paths(), whole.paths(), "{form:?} {encoding:?}");
            assert_eq!(kept.texts(), whole.texts(), "{form:?} {encoding:?}");
            // Copies of a server's mailbox keep no checksum of a password.
            let asked = |code: &&str| form == PstForm::Large && *code == "intake::mail_password";
            let codes: Vec<&str> = whole.codes().into_iter().filter(|code| !asked(code)).collect();
            assert_eq!(kept.codes(), codes, "{form:?} {encoding:?}");
            let bytes = |kept: &Kept| kept.messages.iter().map(|seen| seen.bytes.clone()).collect::<Vec<_>>();
            assert_eq!(bytes(&kept), bytes(&whole), "{form:?} {encoding:?}");
        }
    }
}

#[test]
fn messages_attachments_and_folders_are_where_they_were() {
    let kept = read("mail.pst", &planted_pst(&plan(PstForm::Unicode, PstEncoding::Permuted)));
    let top = "mail.pst!/Top of Outlook data file";
    let contracts = format!("{top}/Inbox/Contracts_2018/message-1.eml");
    let paths: Vec<String> = [
        format!("{top}/Deleted Items/message-1.eml"),
        format!("{top}/Inbox/message-1.eml"),
        format!("{top}/Inbox/message-3.eml"),
        contracts.clone(),
        format!("{contracts}!/note.txt"),
        format!("{contracts}!/long.txt"),
        format!("{contracts}!/An older letter.msg"),
        format!("{contracts}!/An older letter.msg!/deep.txt"),
    ]
    .to_vec();
    assert_eq!(kept.paths(), paths);
    assert!(kept.messages.iter().all(|seen| !seen.original && !seen.in_mailbox));
    let (_, with_files) = message(&kept, "Inbox/Contracts_2018", 0);
    let parents: Vec<_> = kept.items.iter().map(|item| item.parent).collect();
    let older =
        kept.messages.iter().find(|seen| seen.path.ends_with("older letter.msg")).expect("it is there");
    let holder = Some(with_files.id);
    assert_eq!(parents, [None, None, None, None, holder, holder, holder, Some(older.id)]);
    assert_eq!(older.parent, holder);
    assert_eq!(kept.items[5].text.len(), WORDS.len() * 4_000, "an attachment of many blocks");
}

#[test]
fn a_message_is_told_as_the_file_keeps_it() {
    let kept = read("mail.pst", &planted_pst(&plan(PstForm::Unicode, PstEncoding::Cyclic)));
    let (received, _) = message(&kept, "/Inbox", 0);
    assert!(received.starts_with("Received: from a by b;") && !received.contains("zz"), "{received}");
    let (sent, _) = message(&kept, "Contracts_2018", 0);
    for line in [
        "From: \"Nadia Orlov\" <nadia@ministry.example>\r\n",
        "To: \"Piet Haan\" <piet@ferry.example>\r\n",
        "Cc: \"Ada\" <ada@ferry.example>\r\n",
        "Subject: RE: With files\r\n",
        "Date: Tue, 12 Jun 2018 07:15:00 +0000\r\n",
    ] {
        assert!(sent.contains(line), "{line} in {sent}");
    }
    assert!(kept.items[2].text.contains("Договор о пароме"), "{}", kept.items[2].text);
}

#[test]
fn what_is_no_message_or_could_not_be_read_is_counted() {
    let kept = read("mail.pst", &planted_pst(&plan(PstForm::Unicode, PstEncoding::Permuted)));
    let said: Vec<(&str, &str)> =
        kept.diagnostics.iter().map(|said| (said.code.as_str(), said.message.as_str())).collect();
    let codes: Vec<&str> = said.iter().map(|(code, _)| *code).collect();
    let expected = [
        "intake::mail_rebuilt",
        "intake::mail_password",
        "intake::language_unsure",
        "intake::mail_part_unread",
        "intake::mail_attachments_unread",
        "intake::mail_other_items",
    ];
    assert_eq!(codes, expected, "{said:?}");
    assert!(said[4].1.starts_with("1 of its attachments"), "{said:?}");
    assert!(said[5].1.ends_with("1 `IPM.Appointment`"), "{said:?}");
}

#[test]
fn messages_of_no_folder_are_read() {
    let flawed = PstPlan { flaw: Some(PstFlaw::LostFolder), ..plan(PstForm::Unicode, PstEncoding::Plain) };
    let kept = read("mail.pst", &planted_pst(&flawed));
    assert!(kept.paths().contains(&"mail.pst!/(no folder)/message-1.eml"), "{:?}", kept.paths());
    assert_eq!(kept.items.len(), 8);
}

#[test]
fn a_folder_of_many_messages_is_read() {
    let messages = (0..3_000).map(|number| letter(&format!("Letter {number}"))).collect();
    let plan =
        PstPlan { folders: vec![folder("Inbox", messages)], ..plan(PstForm::Unicode, PstEncoding::Plain) };
    let kept = read("mail.pst", &planted_pst(&plan));
    assert_eq!(kept.messages.len(), 3_000);
    assert!(kept.items[2_999].text.starts_with("Letter 2999."), "{}", kept.items[2_999].text);
    assert_eq!(kept.messages[2_999].index, 2_999);
}

/// Another program's reading of the same files, so that writer and reader do not merely agree with one another.
#[test]
fn readpst_reads_the_same() {
    if Command::new("readpst").arg("-V").output().is_err() {
        println!("skipped: no readpst on the path (pst-utils)");
        return;
    }
    for form in FORMS {
        for encoding in ENCODINGS {
            let folder =
                std::env::temp_dir().join(format!("preuve-pst-{}-{form:?}-{encoding:?}", std::process::id()));
            let written = folder.join("written");
            std::fs::create_dir_all(&written).expect("a folder");
            let file = folder.join("mail.pst");
            let bytes = planted_pst(&plan(form, encoding));
            std::fs::write(&file, &bytes).expect("written");
            let out =
                Command::new("readpst").args(["-q", "-e", "-D", "-o"]).arg(&written).arg(&file).output();
            assert!(out.expect("it runs").status.success(), "{form:?} {encoding:?}");
            let theirs = files_below(&written);
            std::fs::remove_dir_all(&folder).expect("removed");
            let ours = read("mail.pst", &bytes);
            for place in ["/Inbox/Contracts_2018/", "/Deleted Items/"] {
                let paths: Vec<&String> = theirs.iter().map(|(path, _)| path).collect();
                assert!(
                    paths.iter().any(|path| path.contains(place)),
                    "{form:?} {encoding:?} {place} {paths:?}"
                );
            }
            for item in ours.items.iter().filter(|item| !item.path.ends_with("long.txt")) {
                // The words of each message, and each attached text, stand in what the other program wrote.
                let words = item.text.split("\n").next().unwrap_or_default().trim();
                let said = |text: &String| {
                    text.contains(words) || text.contains(&crate::mail::base64(item.text.as_bytes())[..60])
                };
                let cyrillic = item.text.contains("Договор");
                assert!(
                    cyrillic || theirs.iter().any(|(_, text)| said(text)),
                    "{form:?} {encoding:?} {}",
                    item.path
                );
            }
        }
    }
}

fn files_below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let bytes = std::fs::read(&path).expect("readable");
            found.push((path.display().to_string(), String::from_utf8_lossy(&bytes).replace('\r', "")));
        }
    }
    found
}
