//! Deceit where a signature holds: authors that are shown otherwise than signed, fields that may have been taken
//! out, white space that decides what is shown, keys that were not meant for this mail.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod mail_common;

use mail_common::*;
use preuve_case::{CheckOutcome, MailVerdict};
use preuve_testkit::{DkimSigner, SigningKey};

const FROM: &str = "Nadia Orlov <nadia@ministry.example>";

/// The message with another From, signed by the domain `evil.example`.
fn by_evil(name: &'static str, from: &str, verdict: MailVerdict, reasons: &'static [&'static str]) -> Case {
    let signer = DkimSigner::new(OTHER_1024.clone(), "s1", "evil.example");
    Case::new(name, signer.sign(&MESSAGE.replace(FROM, from)), verdict, reasons).keys(signer.archive_line())
}

#[test]
fn an_author_shown_otherwise_than_signed_is_never_valid() {
    use MailVerdict::{Malformed, Valid, ValidWeak};
    const SHOWS: &[&str] = &["from_shows_another_address"];
    const STRANGER: &[&str] = &["not_the_authors_domain"];
    const HIDES: &[&str] = &["from_hides_characters"];
    check(vec![
        by_evil("its own author", "X <x@evil.example>", Valid, &[]),
        by_evil("address in the name", "\"nadia@ministry.example\" <x@evil.example>", ValidWeak, SHOWS),
        by_evil(
            "encoded address in the name",
            "=?utf-8?q?nadia=40ministry.example?= <x@evil.example>",
            ValidWeak,
            SHOWS,
        ),
        by_evil(
            "base64 address in the name",
            "=?utf-8?b?bmFkaWFAbWluaXN0cnkuZXhhbXBsZQ==?= <x@evil.example>",
            ValidWeak,
            SHOWS,
        ),
        by_evil("address in a comment", "x@evil.example (nadia@ministry.example)", ValidWeak, SHOWS),
        by_evil("comment before the address", "(nadia@ministry.example) x@evil.example", ValidWeak, SHOWS),
        by_evil("nested comments", "x@evil.example (a (nadia@ministry.example) b)", ValidWeak, SHOWS),
        by_evil("source route", "<@ministry.example:x@evil.example>", ValidWeak, &[]),
        by_evil("two addresses in a row", "<nadia@ministry.example> <x@evil.example>", ValidWeak, &[]),
        by_evil("two authors", "nadia@ministry.example, x@evil.example", ValidWeak, STRANGER),
        by_evil("two authors, the other way", "x@evil.example, nadia@ministry.example", ValidWeak, STRANGER),
        by_evil("a group", "Desk: nadia@ministry.example, x@evil.example;", ValidWeak, STRANGER),
        by_evil("an empty group", "undisclosed:;", ValidWeak, STRANGER),
        by_evil("quoted local part", "\"nadia@ministry.example\"@evil.example", ValidWeak, SHOWS),
        by_evil("fullwidth at", "nadia\u{ff20}ministry.example <x@evil.example>", ValidWeak, SHOWS),
        by_evil("encoded NUL", "=?utf-8?q?Nadia=00?= <x@evil.example>", ValidWeak, HIDES),
        by_evil("encoded line ends", "=?utf-8?q?Nadia=0D=0A=0D=0A?= <x@evil.example>", ValidWeak, HIDES),
        by_evil("turned writing", "\u{202e}aidaN <x@evil.example>", ValidWeak, HIDES),
        by_evil("no address", "Nadia Orlov", ValidWeak, STRANGER),
        by_evil("no domain", "nadia", ValidWeak, STRANGER),
        by_evil("an address literal", "nadia@[192.0.2.1]", ValidWeak, STRANGER),
        by_evil("ends like the signer", "nadia@notevil.example", ValidWeak, STRANGER),
        by_evil("a field without a value", "", ValidWeak, STRANGER),
        Case::new(
            "encoded name of a From that is none",
            MESSAGE.replace("From:", "=?utf-8?q?From?=:"),
            Malformed,
            &["no_from"],
        ),
    ]);
}

#[test]
fn a_public_suffix_is_no_organisation() {
    let cases = [
        ("co.uk", "nadia@ministry.co.uk"),
        ("github.io", "nadia@ministry.github.io"),
        ("example", "nadia@ministry.example"),
    ];
    check(
        cases
            .into_iter()
            .map(|(domain, author)| {
                let signer = DkimSigner::new(OTHER_1024.clone(), "s1", domain);
                let message = MESSAGE.replace("nadia@ministry.example", author);
                Case::new(domain, signer.sign(&message), MailVerdict::ValidWeak, &["not_the_authors_domain"])
                    .keys(signer.archive_line())
            })
            .collect(),
    );
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of messages")]
fn fields_that_may_have_been_added_or_taken_out_are_told() {
    use MailVerdict::{Valid, ValidPartial};
    let lacking = |name: &str| with(|signer| without_header(signer, name));
    let bare = |line: &str| MESSAGE.replace(line, "");
    let add = |field: &str, signer: DkimSigner| format!("{field}\r\n{}", signer.sign(MESSAGE));
    check(vec![
        Case::new(
            "unsigned MIME-Version",
            lacking("mime-version").sign(MESSAGE),
            ValidPartial,
            &["unsigned_mime_version"],
        ),
        Case::new(
            "unsigned transfer encoding",
            lacking("content-transfer-encoding").sign(
                &MESSAGE
                    .replace("MIME-Version", "Content-Transfer-Encoding: quoted-printable\r\nMIME-Version"),
            ),
            ValidPartial,
            &["unsigned_content_transfer_encoding"],
        ),
        Case::new(
            "added Content-Type where there was none",
            format!(
                "Content-Type: text/html\r\n{}",
                lacking("content-type").sign(&bare("Content-Type: text/plain; charset=utf-8\r\n"))
            ),
            ValidPartial,
            &["unsigned_content_type"],
        ),
        Case::new(
            "made an attachment of a bribe",
            add("Content-Disposition: attachment; filename=bribe.docx", signer()),
            ValidPartial,
            &["unsigned_content_disposition"],
        ),
        Case::new("inline, as it is anyway", add("Content-Disposition: inline", signer()), Valid, &[]),
        Case::new(
            "another base for links",
            add("Content-Base: http://evil.example/", signer()),
            ValidPartial,
            &["unsigned_content_base"],
        ),
        Case::new("added Bcc", add("Bcc: press@x.example", signer()), ValidPartial, &["unsigned_bcc"]),
        Case::new("added Cc", add("Cc: press@x.example", lacking("cc")), ValidPartial, &["unsigned_cc"]),
        Case::new(
            "added Message-ID",
            add("Message-ID: <b@x.example>", signer()),
            ValidPartial,
            &["unsigned_message_id"],
        ),
        Case::new(
            "Date taken out",
            lacking("date").sign(&bare("Date: Tue, 12 Jun 2018 09:15:00 +0200\r\n")),
            ValidPartial,
            &["unsigned_absence_of_date"],
        ),
        Case::new(
            "Subject taken out",
            lacking("subject").sign(&bare("Subject: The ferry contract\r\n")),
            ValidPartial,
            &["unsigned_absence_of_subject"],
        ),
        Case::new(
            "To taken out",
            with(|signer| signer.headers.retain(|name| name != "to" && name != "cc"))
                .sign(&bare("To: Piet Haan <piet@ferry.example>\r\n")),
            ValidPartial,
            &["unsigned_absence_of_to"],
        ),
        Case::new(
            "no Subject, and signed so",
            signer().sign(&bare("Subject: The ferry contract\r\n")),
            Valid,
            &[],
        ),
    ]);
}

#[test]
fn lines_that_programs_read_differently_are_told() {
    use MailVerdict::ValidPartial;
    check(vec![
        Case::new(
            "a header line of white space",
            signed().replacen("To: Piet", "X-A: 1\r\n \r\nTo: Piet", 1),
            ValidPartial,
            &["blank_looking_header_lines"],
        ),
        Case::new(
            "white space folded into a signed field",
            signed().replacen("Subject: The ferry", "Subject: The\r\n \t\r\n ferry", 1),
            ValidPartial,
            &["blank_looking_header_lines"],
        ),
        Case::new(
            "a lookalike of Subject",
            format!("\u{405}ubject: evil\r\n{}", signed()),
            ValidPartial,
            &["stray_header_lines"],
        ),
        Case::new(
            "starts with a fold",
            format!(" Subject: evil\r\n{}", signed()),
            ValidPartial,
            &["stray_header_lines"],
        ),
        Case::new(
            "quoted separator on top",
            format!(">From a@b Tue Jun 12 09:15:00 2018\r\n{}", signed()),
            ValidPartial,
            &["stray_header_lines"],
        ),
        Case::new(
            "a field hidden behind a bare LF",
            format!("X-A: 1\nSubject: evil\r\n{}", signed()),
            ValidPartial,
            &["unsigned_subject"],
        ),
        Case::new(
            "a bare CR for a space",
            signed().replacen("The ferry contract", "The\rferry contract", 1),
            ValidPartial,
            &["treacherous_header_bytes"],
        ),
    ]);
}

const PARTS: &str = concat!(
    "From: Nadia Orlov <nadia@ministry.example>\r\nTo: Piet Haan <piet@ferry.example>\r\n",
    "Subject: The ferry contract\r\nDate: Tue, 12 Jun 2018 09:15:00 +0200\r\nMessage-ID: <a2@ministry.example>\r\n",
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"xy\"\r\n\r\n",
    "--xy\r\nContent-Type: text/plain\r\n\r\nI never said\r\nthis.\r\n\r\nNadia\r\n",
    "--xy\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d.example\r\n\r\nhello\r\n\r\nthere\r\n--xy--\r\n",
);

#[test]
fn white_space_that_moves_the_borders_of_parts_is_told() {
    use MailVerdict::{HeadersIntactBodyChanged, Valid, ValidPartial};
    const MOVED: &[&str] = &["part_borders_of_white_space"];
    let parts = signer().sign(PARTS);
    let swap = |from: &str, to: &str| parts.replacen(from, to, 1);
    let simple = form("relaxed", "simple").sign(PARTS);
    let spaced = PARTS.replace("xy", "x y");
    check(vec![
        Case::new("parts", parts.clone(), Valid, &[]),
        Case::new(
            "a part's first paragraph hidden",
            swap("plain\r\n\r\n", "plain\r\n \r\n"),
            ValidPartial,
            MOVED,
        ),
        Case::new(
            "the same under simple",
            simple.replacen("plain\r\n\r\n", "plain\r\n \r\n", 1),
            HeadersIntactBodyChanged,
            &[],
        ),
        Case::new(
            "the same in the message within",
            swap("c@d.example\r\n\r\n", "c@d.example\r\n\t\r\n"),
            ValidPartial,
            MOVED,
        ),
        Case::new(
            "a border padded",
            swap("--xy\r\nContent-Type: message", "--xy \r\nContent-Type: message"),
            ValidPartial,
            MOVED,
        ),
        Case::new("a border with spaces in it", signer().sign(&spaced), ValidPartial, MOVED),
        Case::new(
            "white space in a text",
            signer().sign(&PARTS.replace("this.\r\n\r\n", "this.\r\n \r\n")),
            Valid,
            &[],
        ),
    ]);
}

#[test]
fn keys_with_limits_are_held_to_them() {
    use MailVerdict::{Altered, KeyUnknown, Valid, ValidWeak};
    let line = signer().archive_line();
    let limited = |tag: &str| line.replace("k=rsa;", &format!("k=rsa; {tag};"));
    let signed_as = |identity: &str| with(|s| s.more_tags = format!("i={identity}")).sign(MESSAGE);
    let name = format!("s1._domainkey.{DOMAIN}");
    let revoked = format!("{{\"name\":\"{name}\",\"txt\":\"v=DKIM1; p=\",\"first_seen\":\"2017-01-01\"}}\n");
    let record = |bits: &str, exponent: &[u8]| format!("{name}\tp={}\n", rsa_record(bits, exponent));
    check(vec![
        Case::new("for any address", signed(), Valid, &[]).keys(limited("g=*")),
        Case::new(
            "for newsletters",
            signed_as("nadia@ministry.example"),
            ValidWeak,
            &["key_for_other_addresses"],
        )
        .keys(limited("g=news*")),
        Case::new("for newsletters, nobody named", signed(), ValidWeak, &["key_for_other_addresses"])
            .keys(limited("g=news*")),
        Case::new("for this address", signed_as("nadia@ministry.example"), Valid, &[])
            .keys(limited("g=nadia")),
        Case::new("for nobody", signed(), ValidWeak, &["key_for_other_addresses"]).keys(limited("g=")),
        Case::new("for all services", signed(), Valid, &[]).keys(limited("s=*")),
        Case::new("for mail among others", signed(), Valid, &[]).keys(limited("s=tlsrpt:email")),
        Case::new("for both hashes", signed(), Valid, &[]).keys(limited("h=sha1:sha256")),
        Case::new("strict, and strictly used", signed_as("@ministry.example"), Valid, &[])
            .keys(limited("t=s")),
        Case::new("strict, used below", signed_as("@mail.ministry.example"), KeyUnknown, &[])
            .keys(limited("t=s")),
        Case::new("revoked before, and seen besides", signed(), Valid, &[]).keys(revoked.clone() + &line),
        Case::new("only ever revoked", signed(), KeyUnknown, &["no_usable_key"]).keys(revoked),
        Case::new("exponent 1", signed(), KeyUnknown, &["no_usable_key"]).keys(record("1024", &[1])),
        Case::new("even exponent", signed(), KeyUnknown, &[]).keys(record("1024", &[4])),
        Case::new("exponent 3, another key", signed(), Altered, &[]).keys(record("1024", &[3])),
        Case::new("16,384 bits, another key", signed(), Altered, &[]).keys(record("16384", &[1, 0, 1])),
        Case::new("over 16,384 bits", signed(), KeyUnknown, &[]).keys(record("16392", &[1, 0, 1])),
        Case::new("256 bits, another key", signed(), Altered, &[]).keys(record("256", &[1, 0, 1])),
        Case::new("8 bits", signed(), KeyUnknown, &[]).keys(record("8", &[1, 0, 1])),
        Case::new("a huge exponent", signed(), KeyUnknown, &[]).keys(record("1024", &[1; 40])),
        Case::new("Ed25519 key of 31 bytes", signed(), KeyUnknown, &[])
            .keys(format!("{name}\tk=ed25519; p={}\n", "A".repeat(42))),
        Case::new("version written twice", signed(), KeyUnknown, &[])
            .keys(line.replace("v=DKIM1;", "v=DKIM1; v=DKIM1;")),
    ]);
}

/// `p=` of an RSA key that nobody has.
fn rsa_record(bits: &str, exponent: &[u8]) -> String {
    use base64::Engine;
    let bits: usize = bits.parse().unwrap();
    let integer = |bytes: &[u8]| {
        let bytes = [&[0][..], bytes].concat();
        [&[0x02, 0x82][..], &u16::try_from(bytes.len()).unwrap().to_be_bytes(), &bytes].concat()
    };
    let canonical = |bytes: &[u8]| {
        // DER wants the shortest length and no needless zero.
        let bytes = if bytes[0] >= 0x80 { [&[0][..], bytes].concat() } else { bytes.to_vec() };
        match bytes.len() {
            length @ 0..=127 => [&[0x02, length as u8][..], &bytes].concat(),
            length @ 128..=255 => [&[0x02, 0x81, length as u8][..], &bytes].concat(),
            _ => integer(&bytes[1..]),
        }
    };
    let body = [canonical(&vec![0xb7; bits / 8]), canonical(exponent)].concat();
    let length = match body.len() {
        length @ 0..=127 => vec![length as u8],
        length @ 128..=255 => vec![0x81, length as u8],
        length => [&[0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
    };
    base64::engine::general_purpose::STANDARD.encode([&[0x30][..], &length, &body].concat())
}

#[test]
fn tags_that_are_repeated_folded_or_huge_are_no_way_in() {
    use MailVerdict::{Altered, Malformed, Valid};
    let header = |from: &str, to: &str| signed().replacen(from, to, 1);
    check(vec![
        Case::new(
            "folded b=",
            {
                let s = signed();
                let at = s.find("\tb=").unwrap() + 20;
                format!("{}\r\n \t{}", &s[..at], &s[at..])
            },
            Valid,
            &[],
        ),
        Case::new("tag in capitals", header("d=ministry", "D=ministry"), Malformed, &[]),
        Case::new("domain in capitals", header("d=ministry", "d=MINISTRY"), Altered, &[]),
        Case::new("h= twice", header("h=from", "h=from; h=from"), Malformed, &[]),
        Case::new(
            "ten thousand names in h=",
            header("h=from", &format!("h={}from", "x:".repeat(10_000))),
            Malformed,
            &[],
        ),
        Case::new(
            "a thousand tags",
            header("v=1;", &format!("v=1; {}", (0..1_000).map(|n| format!("x{n}=1; ")).collect::<String>())),
            Malformed,
            &[],
        ),
        Case::new("a megabyte of b=", header("\tb=", &format!("\tb={}", "A".repeat(1 << 20))), Altered, &[]),
        Case::new(
            "empty b=",
            {
                let s = signed();
                let at = s.find("\tb=").unwrap();
                let end = at + s[at..].find("\r\n").unwrap();
                format!("{}\tb={}", &s[..at], &s[end..])
            },
            Malformed,
            &[],
        ),
        Case::new(
            "no b=",
            {
                let s = signed();
                let at = s.find("\tb=").unwrap();
                let end = at + s[at..].find("\r\n").unwrap();
                format!("{}{}", &s[..at - 2], &s[end..])
            },
            Malformed,
            &[],
        ),
        Case::new("l= with a sign", header("v=1;", "v=1; l=+10;"), Malformed, &[]),
        Case::new(
            "l= of eighty digits",
            header("v=1;", &format!("v=1; l={};", "9".repeat(80))),
            Malformed,
            &[],
        ),
        Case::new("x= that is none", header("v=1;", "v=1; x=never;"), Malformed, &[]),
        Case::new("d= of nothing", header("d=ministry.example", "d="), Malformed, &[]),
        Case::new("s= with a space", header("s=s1", "s=s 1"), Malformed, &[]),
        Case::new("v=1.0", header("v=1;", "v=1.0;"), Malformed, &[]),
    ]);
}

#[test]
fn windows_of_keys_are_notes_and_the_best_sighting_is_told() {
    let txt = signer().archive_line().trim_end().split_once('\t').unwrap().1.to_owned();
    let line = |origin: &str, first: &str, last: &str| {
        format!(
            "{{\"name\":\"s1._domainkey.{DOMAIN}\",\"txt\":\"{txt}\",\"origin\":\"{origin}\",\"first_seen\":\"{first}\",\"last_seen\":\"{last}\"}}\n"
        )
    };
    let window = |archive: String| {
        let finding = judge_with(&signed(), &archive, false);
        assert_eq!(finding.verdict, MailVerdict::Valid);
        let check = finding.checks.into_iter().find(|check| check.name == "key.window").unwrap();
        (check.outcome, finding.signatures[0].key.clone().unwrap().origin)
    };
    let (early, late, fit) = (
        line("early", "2010-01-01", "2012-01-01"),
        line("late", "2020-01-01", "2021-01-01"),
        line("fit", "2018-01-01", "2019-01-01"),
    );
    assert_eq!(window(early.clone()), (CheckOutcome::Note, "early".to_owned()));
    assert_eq!(window(late.clone()), (CheckOutcome::Note, "late".to_owned()));
    assert_eq!(window(early + &late + &fit), (CheckOutcome::Pass, "fit".to_owned()));
    assert_eq!(window(signer().archive_line()), (CheckOutcome::NotChecked, "keys.txt".to_owned()));
}

#[test]
fn conflicting_keys_stand_side_by_side_and_are_told() {
    let other = DkimSigner::new(OTHER_1024.clone(), "s1", DOMAIN).archive_line();
    let finding = judge_with(&signed(), &(other + &signer().archive_line()), false);
    assert_eq!(finding.verdict, MailVerdict::Valid);
    assert!(
        finding.checks.iter().any(|check| check.name == "key.others" && check.outcome == CheckOutcome::Note)
    );
}

#[test]
fn several_signatures_cannot_lift_one_another() {
    use MailVerdict::{Altered, HeadersIntactBodyChanged, Valid, ValidPartial, ValidWeak};
    let stranger = DkimSigner::new(OTHER_1024.clone(), "x", "list.example");
    let both = |message: &str| stranger.sign(message);
    let keys = signer().archive_line() + &stranger.archive_line();
    let curve = DkimSigner::new(SigningKey::ed25519(3), "e1", DOMAIN);
    let nothing = with(|signer| signer.length = Some(0));
    check(vec![
        Case::new("author and list", both(&signed()), Valid, &[]).keys(keys.clone()),
        Case::new(
            "a list that changed the body",
            both(&(signed() + "-- \r\nlist\r\n")),
            HeadersIntactBodyChanged,
            &[],
        )
        .keys(keys.clone()),
        Case::new(
            "a list that changed the subject",
            both(&signed().replace("The ferry", "[list] The ferry")),
            Altered,
            &[],
        )
        .keys(keys.clone()),
        Case::new(
            "a list, the author's key not known",
            both(&signed()),
            ValidWeak,
            &["not_the_authors_domain"],
        )
        .keys(stranger.archive_line()),
        Case::new("two of the author", curve.sign(&signed()), Valid, &[])
            .keys(signer().archive_line() + &curve.archive_line()),
        Case::new(
            "l=0 and a stranger's whole one",
            both(&nothing.sign(MESSAGE)),
            ValidPartial,
            &["body_beyond_length"],
        )
        .keys(keys),
        Case::new(
            "fifty bogus ones on top",
            "DKIM-Signature: v=1; a=rsa-sha256\r\n".repeat(50) + &signed(),
            MailVerdict::Malformed,
            &[],
        ),
    ]);
}

#[test]
fn a_million_keys_are_read_and_found() {
    let mut text = String::with_capacity(80 << 20);
    for n in 0..1_000_000 {
        text.push_str(&format!("s{n}._domainkey.d{}.example\tv=DKIM1; k=rsa; p=AAAA\n", n % 1_000));
    }
    text.push_str(&signer().archive_line());
    let start = std::time::Instant::now();
    let finding = judge_with(&signed(), &text, false);
    assert_eq!(finding.verdict, MailVerdict::Valid);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
