//! Mail made to deceive, signed with keys made here: what each message is, and the verdict it must get. The one
//! law above all: nothing altered or uncovered is ever called `valid`.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails"
)]

mod mail_common;

use mail_common::*;
use preuve_case::MailVerdict;
use preuve_testkit::{DkimSigner, SigningKey};

#[test]
fn honest_mail_is_valid_in_every_form() {
    use MailVerdict::Valid;
    let big = DkimSigner::new(RSA_2048.clone(), "s1", DOMAIN);
    let curve = DkimSigner::new(SigningKey::ed25519(7), "s1", DOMAIN);
    let sub = DkimSigner::new(RSA_1024.clone(), "s1", "mail.ministry.example");
    let oversigned =
        with(|signer| signer.headers.extend(["from".into(), "subject".into(), "reply-to".into()]));
    let folded = MESSAGE.replace("Subject: The ferry contract", "Subject:   The\r\n\tferry\r\n  contract ");
    let far = with(|signer| signer.more_tags = "t=1528787700; x=1528873200".into());
    let reply = MESSAGE.replace("To: Piet", "Reply-To: desk@ministry.example\r\nCc: x@y.example\r\nTo: Piet");
    check(vec![
        Case::new("relaxed", signed(), Valid, &[]),
        Case::new("simple", form("simple", "simple").sign(MESSAGE), Valid, &[]),
        Case::new("simple header", form("simple", "relaxed").sign(MESSAGE), Valid, &[]),
        Case::new("simple body", form("relaxed", "simple").sign(MESSAGE), Valid, &[]),
        Case::new("line feeds alone", signed().replace("\r\n", "\n"), Valid, &[]),
        Case::new("refolded under relaxed", signed().replace("The ferry", "The\r\n ferry"), Valid, &[]),
        Case::new("blank lines at the end", signed() + "\r\n\r\n", Valid, &[]),
        Case::new("signed folded", signer().sign(&folded), Valid, &[]),
        Case::new("folded and simple", form("simple", "simple").sign(&folded), Valid, &[]),
        Case::new("oversigned", oversigned.sign(MESSAGE), Valid, &[]),
        Case::new("within its time, long past today", far.sign(MESSAGE), Valid, &[]),
        Case::new("more displayed headers", signer().sign(&reply), Valid, &[]),
        Case::new("2048 bits", big.sign(MESSAGE), Valid, &[]).keys(big.archive_line()),
        Case::new("ed25519", curve.sign(MESSAGE), Valid, &[]).keys(curve.archive_line()),
        Case::new("subdomain", sub.sign(MESSAGE), Valid, &[]).keys(sub.archive_line()),
        Case::new("bare RSA key is told apart by its fields", signed(), Valid, &[])
            .keys(format!("s1._domainkey.{DOMAIN}.\tp=AAAA\n{}", signer().archive_line())),
        Case::new("unsigned trace header on top", format!("X-Spam: no\r\n{}", signed()), Valid, &[]),
    ]);
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of messages")]
fn what_lies_outside_the_signature_is_partial() {
    use MailVerdict::ValidPartial;
    let no_subject = with(|signer| without_header(signer, "subject"));
    let no_encoding = with(|signer| without_header(signer, "content-transfer-encoding"));
    let no_type = with(|signer| without_header(signer, "content-type"));
    let html = |text: &str| text.replace("text/plain", "text/html");
    let short = with(|signer| signer.length = Some(10));
    let nothing = with(|signer| signer.length = Some(0));
    let whole = with(|signer| signer.length = Some(signer_body_length()));
    check(vec![
        Case::new(
            "duplicate Subject on top",
            format!("Subject: Free\r\n{}", signed()),
            ValidPartial,
            &["unsigned_subject", "repeated_subject"],
        ),
        Case::new(
            "duplicate From on top",
            format!("From: evil@x.example\r\n{}", signed()),
            ValidPartial,
            &["unsigned_from", "repeated_from"],
        ),
        Case::new(
            "duplicate Date on top",
            format!("Date: Mon, 1 Jan 2001 00:00:00 +0000\r\n{}", signed()),
            ValidPartial,
            &["unsigned_date"],
        ),
        Case::new(
            "added Reply-To",
            format!("Reply-To: evil@x.example\r\n{}", signer().sign(MESSAGE)),
            ValidPartial,
            &[],
        )
        .with_unsigned("reply-to"),
        Case::new(
            "added Sender",
            format!("Sender: evil@x.example\r\n{}", signed()),
            ValidPartial,
            &["unsigned_sender"],
        ),
        Case::new(
            "added transfer encoding",
            format!("Content-Transfer-Encoding: base64\r\n{}", no_encoding.sign(MESSAGE)),
            ValidPartial,
            &["unsigned_content_transfer_encoding"],
        ),
        Case::new("unsigned Subject", no_subject.sign(MESSAGE), ValidPartial, &["unsigned_subject"]),
        Case::new(
            "altered unsigned Subject",
            no_subject.sign(MESSAGE).replace("The ferry contract", "The bribe"),
            ValidPartial,
            &["unsigned_subject"],
        ),
        Case::new(
            "swapped unsigned Content-Type",
            html(&no_type.sign(MESSAGE)),
            ValidPartial,
            &["unsigned_content_type"],
        ),
        Case::new(
            "text behind l=",
            whole.sign(MESSAGE) + "PS: I was bribed.\r\n",
            ValidPartial,
            &["body_beyond_length"],
        ),
        Case::new("l= of a part", short.sign(MESSAGE), ValidPartial, &["body_beyond_length"]),
        Case::new("l=0", nothing.sign(MESSAGE), ValidPartial, &["body_beyond_length"]),
        Case::new(
            "l=0 and another body",
            nothing.sign(MESSAGE).replace("is yours", "is mine"),
            ValidPartial,
            &["body_beyond_length"],
        ),
        Case::new(
            "a line in the header that is no field",
            signed().replacen("MIME-Version", "oops\r\nMIME-Version", 1),
            ValidPartial,
            &["stray_header_lines"],
        ),
        Case::new(
            "a bare CR hides a field",
            format!("X-A: 1\rSubject: evil\r\n{}", signed()),
            ValidPartial,
            &["treacherous_header_bytes"],
        ),
        Case::new(
            "a NUL in the header",
            format!("X-A: \0\r\n{}", signed()),
            ValidPartial,
            &["treacherous_header_bytes"],
        ),
        Case::new(
            "name with a space before the colon",
            format!("Subject : evil\r\n{}", signed()),
            ValidPartial,
            &["unsigned_subject"],
        ),
        Case::new(
            "name in capitals",
            format!("SUBJECT: evil\r\n{}", signed()),
            ValidPartial,
            &["unsigned_subject"],
        ),
        Case::new(
            "a second Content-Type",
            format!("Content-Type: text/html\r\n{}", signed()),
            ValidPartial,
            &["unsigned_content_type"],
        ),
        Case::new("l= that covers all", whole.sign(MESSAGE), MailVerdict::Valid, &[]),
        Case::new(
            "l= that covers all, blank lines behind",
            whole.sign(MESSAGE) + "\r\n\r\n",
            MailVerdict::Valid,
            &[],
        ),
    ]);
}

impl Case {
    /// Sign the base message without `header` in `h=`, and add the header unsigned.
    fn with_unsigned(mut self, header: &str) -> Self {
        let signer = with(|signer| without_header(signer, header));
        self.message = format!("Reply-To: evil@x.example\r\n{}", signer.sign(MESSAGE));
        self.reasons = &["unsigned_reply_to"];
        self
    }
}

fn signer_body_length() -> usize {
    "Piet,\r\n\r\nthe contract is signed on Friday.\r\nFrom then on it is yours.\r\n\r\nNadia\r\n".len()
}

#[test]
fn what_rests_on_something_weak_is_weak() {
    use MailVerdict::ValidWeak;
    let sha1 = with(|signer| signer.algorithm = "rsa-sha1".into());
    let short = DkimSigner::new(RSA_512.clone(), "s1", DOMAIN);
    let stranger = DkimSigner::new(RSA_1024.clone(), "s1", "mailer.example");
    let expired = with(|signer| signer.more_tags = "t=1400000000; x=1500000000".into());
    let backwards = with(|signer| signer.more_tags = "t=1999999999; x=1800000000".into());
    let testing = signer().archive_line().replace("k=rsa;", "k=rsa; t=y;");
    let two_from = MESSAGE.replace("<nadia@ministry.example>", "<nadia@ministry.example>, <x@other.example>");
    check(vec![
        Case::new("rsa-sha1", sha1.sign(MESSAGE), ValidWeak, &["rsa_sha1"]),
        Case::new("512 bits", short.sign(MESSAGE), ValidWeak, &["key_too_short"]).keys(short.archive_line()),
        Case::new("signed by a stranger", stranger.sign(MESSAGE), ValidWeak, &["not_the_authors_domain"])
            .keys(stranger.archive_line()),
        Case::new(
            "two authors, one aligned",
            signer().sign(&two_from),
            ValidWeak,
            &["not_the_authors_domain"],
        ),
        Case::new("expired at its own date", expired.sign(MESSAGE), ValidWeak, &["expired_at_its_own_date"]),
        Case::new(
            "expires before it was signed",
            backwards.sign(MESSAGE),
            ValidWeak,
            &["expires_before_signed"],
        ),
        Case::new("key in test mode", signed(), ValidWeak, &["key_in_test_mode"]).keys(testing),
    ]);
}

#[test]
fn what_was_changed_is_told_by_where() {
    use MailVerdict::{Altered, HeadersIntactBodyChanged};
    let long = with(|signer| signer.length = Some(100_000));
    let cut = long.sign(MESSAGE);
    let resigned = {
        let forged = signed().replace("The ferry contract", "The bribe");
        let stranger = DkimSigner::new(OTHER_1024.clone(), "x", "mailer.example");
        (stranger.sign(&forged), stranger.archive_line() + &signer().archive_line())
    };
    check(vec![
        Case::new(
            "body changed",
            signed().replace("Friday", "Monday"),
            HeadersIntactBodyChanged,
            &["body_hash_differs"],
        ),
        Case::new("body appended", signed() + "PS\r\n", HeadersIntactBodyChanged, &[]),
        Case::new(
            "body emptied",
            signed().split("\r\n\r\n").next().unwrap().to_owned() + "\r\n\r\n",
            HeadersIntactBodyChanged,
            &[],
        ),
        Case::new(
            "space in a simple body",
            form("simple", "simple").sign(MESSAGE).replace("the  contract", "the contract"),
            HeadersIntactBodyChanged,
            &[],
        ),
        Case::new("l= longer than the body", cut, HeadersIntactBodyChanged, &[]),
        Case::new(
            "Subject changed",
            signed().replace("The ferry", "The bribe"),
            Altered,
            &["header_signature_fails"],
        ),
        Case::new("From changed", signed().replace("<nadia@", "<boss@"), Altered, &[]),
        Case::new("From name changed", signed().replace("Nadia Orlov", "The Minister"), Altered, &[]),
        Case::new("Date changed", signed().replace("12 Jun 2018", "12 Jul 2016"), Altered, &[]),
        Case::new("To changed", signed().replace("piet@", "press@"), Altered, &[]),
        Case::new("Content-Type changed", signed().replace("text/plain", "text/html"), Altered, &[]),
        Case::new("signed header taken out", signed().replace("MIME-Version: 1.0\r\n", ""), Altered, &[]),
        Case::new(
            "oversigned header added",
            format!("Subject: evil\r\n{}", with(|s| s.headers.push("subject".into())).sign(MESSAGE)),
            Altered,
            &[],
        ),
        Case::new(
            "reply-to added where signed as absent",
            format!("Reply-To: evil@x.example\r\n{}", signed()),
            Altered,
            &[],
        ),
        Case::new(
            "case of a simple header",
            form("simple", "simple").sign(MESSAGE).replace("Subject:", "SUBJECT:"),
            Altered,
            &[],
        ),
        Case::new("h= changed", signed().replacen("h=from:to", "h=from", 1), Altered, &[]),
        Case::new("bh= and body changed together", rehash(), Altered, &[]),
        Case::new(
            "t= changed",
            with(|s| s.more_tags = "t=1528787700".into())
                .sign(MESSAGE)
                .replace("t=1528787700", "t=1528787701"),
            Altered,
            &[],
        ),
        Case::new("x= added", signed().replacen("v=1;", "v=1; x=9999999999;", 1), Altered, &[]),
        Case::new("signed by another key", signed(), Altered, &["header_signature_fails"])
            .keys(DkimSigner::new(OTHER_1024.clone(), "s1", DOMAIN).archive_line()),
        Case::new("altered, then signed by a stranger", resigned.0, Altered, &["header_signature_fails"])
            .keys(resigned.1),
        Case::new("signature cut", signed().replacen("\tb=", "\tb=AAAA", 1), Altered, &[]),
        Case::new(
            "body and Subject changed",
            signed().replace("Friday", "Monday").replace("The ferry", "A"),
            Altered,
            &["body_hash_differs"],
        ),
    ]);
}

/// The attacker who knows the format: another body, and its hash in `bh=`.
fn rehash() -> String {
    let forged = MESSAGE.replace("Friday", "Monday");
    let hash_of = |text: &str| {
        let start = text.find("bh=").unwrap();
        text[start..start + text[start..].find(';').unwrap()].to_owned()
    };
    signed().replace("Friday", "Monday").replace(&hash_of(&signed()), &hash_of(&signer().sign(&forged)))
}

#[test]
fn what_cannot_be_checked_is_said() {
    use MailVerdict::{KeyUnknown, Malformed, Unsigned};
    let line = signer().archive_line();
    let name = format!("s1._domainkey.{DOMAIN}");
    let broken_key = "MFww*";
    check(vec![
        Case::new("no signature", MESSAGE, Unsigned, &[]),
        Case::new("no archived key", signed(), KeyUnknown, &["no_usable_key"]).keys("# none\n"),
        Case::new("key revoked", signed(), KeyUnknown, &["no_usable_key"])
            .keys(format!("{name}\tv=DKIM1; p=\n")),
        Case::new("key of another name", signed(), KeyUnknown, &[]).keys(line.replace("s1.", "s2.")),
        Case::new("key for another service", signed(), KeyUnknown, &[])
            .keys(line.replace("k=rsa;", "k=rsa; s=tlsrpt;")),
        Case::new("key for another hash", signed(), KeyUnknown, &[])
            .keys(line.replace("k=rsa;", "k=rsa; h=sha1;")),
        Case::new("key of another type", signed(), KeyUnknown, &[])
            .keys(DkimSigner::new(SigningKey::ed25519(1), "s1", DOMAIN).archive_line()),
        Case::new("key of an unknown type", signed(), KeyUnknown, &[]).keys(line.replace("k=rsa", "k=dsa")),
        Case::new("no key at all", signed(), KeyUnknown, &[]).keys(format!("{name}\tv=spf1 -all\n")),
        Case::new("base64 that is none", signed(), KeyUnknown, &[]).keys(format!("{name}\tp={broken_key}\n")),
        Case::new(
            "key unknown and body changed",
            signed().replace("Friday", "Monday"),
            KeyUnknown,
            &["body_hash_differs"],
        )
        .keys("# none\n"),
        Case::new(
            "strict key, other identity",
            with(|s| s.more_tags = "i=@mail.ministry.example".into()).sign(MESSAGE),
            KeyUnknown,
            &[],
        )
        .keys(line.replace("k=rsa;", "k=rsa; t=s;")),
        Case::new(
            "From not signed",
            with(|s| without_header(s, "from")).sign(MESSAGE),
            Malformed,
            &["signature_malformed"],
        ),
        Case::new(
            "a tag twice",
            with(|s| s.more_tags = "d=evil.example".into()).sign(MESSAGE),
            Malformed,
            &[],
        ),
        Case::new(
            "identity outside the domain",
            with(|s| s.more_tags = "i=@evil.example".into()).sign(MESSAGE),
            Malformed,
            &[],
        ),
        Case::new("unknown version", signed().replacen("v=1;", "v=2;", 1), Malformed, &[]),
        Case::new("unknown algorithm", signed().replacen("rsa-sha256", "rsa-md5", 1), Malformed, &[]),
        Case::new(
            "no From",
            signed().replace("From: Nadia Orlov <nadia@ministry.example>\r\n", ""),
            Malformed,
            &["no_from"],
        ),
        Case::new("no header", "\r\nhello\r\n", Malformed, &["no_header"]),
        Case::new("nothing", "", Malformed, &["no_header"]),
    ]);
}

#[test]
fn several_keys_of_one_selector_are_all_tried() {
    let wrong = DkimSigner::new(OTHER_1024.clone(), "s1", DOMAIN).archive_line();
    let finding = judge_with(&signed(), &(wrong.clone() + &signer().archive_line()), false);
    assert_eq!(finding.verdict, MailVerdict::Valid);
    let finding = judge_with(&signed(), &(wrong.clone() + &wrong), false);
    assert_eq!(finding.verdict, MailVerdict::Altered);
}

#[test]
fn the_best_of_several_signatures_stands_and_all_are_told() {
    let broken = signed().replacen("bh=", "bh=AAAA", 1);
    let twice = format!("{}{}", &signed()[..signed().find("From: ").unwrap()], broken);
    let finding = judge_with(&twice, &signer().archive_line(), false);
    assert_eq!((finding.verdict, finding.signatures.len()), (MailVerdict::Valid, 2));
}

#[test]
fn a_mailbox_that_quoted_from_lines_still_verifies() {
    let quoted = signed().replace("\r\nFrom then", "\r\n>From then");
    assert_eq!(judge_with(&quoted, &signer().archive_line(), true).verdict, MailVerdict::Valid);
    assert_eq!(
        judge_with(&quoted, &signer().archive_line(), true).signatures[0].body_form.as_deref(),
        Some("unquoted")
    );
    let finding = judge_with(&quoted, &signer().archive_line(), false);
    assert_eq!(finding.verdict, MailVerdict::HeadersIntactBodyChanged);
}

#[test]
fn every_byte_changed_in_what_is_signed_is_noticed() {
    let honest = form("simple", "simple").sign(MESSAGE);
    let start = honest.find("From: ").unwrap();
    let archive = signer().archive_line();
    for at in start..honest.len() {
        let mut bytes = honest.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8(bytes).unwrap();
        let verdict = judge_with(&changed, &archive, false).verdict;
        assert_ne!(verdict, MailVerdict::Valid, "byte {at} of {changed}");
    }
}

#[test]
fn the_message_says_nothing_of_the_day_it_is_read() {
    let finding = judge_with(&signed(), &signer().archive_line(), false);
    assert_eq!(finding.date.as_deref(), Some("2018-06-12T09:15:00+02:00"));
    assert_eq!(finding.from.as_deref(), Some("nadia@ministry.example"));
    assert_eq!(finding.message_id.as_deref(), Some("a1@ministry.example"));
}
