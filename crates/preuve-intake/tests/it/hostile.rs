//! Bad input: each kind is said, the rest is read, nothing panics and nothing grows without bound.

use std::time::Instant;

use preuve_case::Lang;

use crate::common::{params, read, read_with};
use crate::make;

const ENGLISH: &str =
    "The ministry said on Monday that no evidence had been shown to it, and that the charge was false.";

fn code_of_only(path: &str, bytes: &[u8]) -> String {
    let kept = read(path, bytes);
    assert_eq!(kept.texts(), [""; 0], "{path}");
    assert_eq!(kept.diagnostics.len(), 1, "{path}: {:?}", kept.diagnostics);
    kept.diagnostics[0].code.clone()
}

#[test]
fn empty_files_are_said() {
    assert_eq!(code_of_only("a.txt", b""), "intake::empty");
    assert_eq!(code_of_only("a.txt", b" \n\t\n"), "intake::no_text");
    assert_eq!(code_of_only("a.txt", b"\xef\xbb\xbf"), "intake::no_text");
    assert_eq!(code_of_only("a.html", b"<html><body></body></html>"), "intake::no_text");
}

#[test]
fn one_long_line_is_read_to_the_limit() {
    let line = "word ".repeat(1_000_000);
    let kept = read("long.txt", line.as_bytes());
    assert_eq!(kept.items[0].text.len(), 1 << 20);
    assert_eq!(kept.items[0].byte_len, line.len() as u64);
    assert_eq!(kept.diagnostics[0].code, "intake::text_too_long");
    assert_eq!(kept.diagnostics[0].bytes, Some((1 << 20, line.len() as u64)));
}

#[test]
fn three_hundred_megabytes_of_one_line_take_seconds() {
    let line = vec![b'x'; 300_000_000];
    let start = Instant::now();
    let kept = read("huge.txt", &line);
    assert_eq!(kept.codes()[0], "intake::text_too_long");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn binary_named_txt_is_refused() {
    let noise: Vec<u8> = (0u32..10_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    assert_eq!(code_of_only("notes.txt", &noise), "intake::binary");
    assert_eq!(code_of_only("notes.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "intake::unsupported_format");
    assert_eq!(
        code_of_only("notes.txt", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0"),
        "intake::binary"
    );
}

#[test]
fn lone_surrogates_in_json_cost_only_themselves() {
    let kept = read("a.json", format!("[{{\"text\": \"{ENGLISH} \\ud83d!\"}}]").as_bytes());
    assert_eq!(kept.texts(), [format!("{ENGLISH} \u{fffd}!")]);
    assert_eq!(kept.codes(), ["intake::lone_surrogate"]);
}

#[test]
fn deep_pages_are_read_in_linear_time() {
    for (open, close) in
        [("<div>", "</div>"), ("<b>", ""), ("<p><a>", ""), ("<table><tr><td>", ""), ("<ul><li>", "</ul>")]
    {
        let page = format!("<html><body>{}<p>{ENGLISH}</p>{}", open.repeat(100_000), close.repeat(100_000));
        let start = Instant::now();
        let kept = read("deep.html", page.as_bytes());
        assert!(start.elapsed().as_secs() < 30, "{open}: {:?}", start.elapsed());
        let limited = kept
            .codes()
            .iter()
            .any(|code| matches!(*code, "intake::html_too_deep" | "intake::html_too_large"));
        assert!(limited || open == "<b>", "{open}: {:?}", kept.codes());
        assert!(kept.items.len() <= 1);
    }
    let kept = read("deep.html", format!("{}<p>{ENGLISH}</p>", "<div>".repeat(15_000)).as_bytes());
    assert_eq!(kept.texts(), [ENGLISH]);
}

#[test]
fn zip_bombs_are_stopped() {
    let zeros = vec![b' '; 6 << 20];
    let kept = read("bomb.zip", &make::zip(&[("zeros.txt", &zeros), ("after.txt", ENGLISH.as_bytes())]));
    assert_eq!(kept.codes(), ["intake::zip_bomb"]);
    assert_eq!(kept.texts(), [ENGLISH]);
    assert_eq!(code_of_only("bomb.txt.gz", &make::gzip(&zeros)), "intake::zip_bomb");
}

#[test]
fn many_members_together_are_a_bomb_too() {
    let zeros = vec![b' '; 900_000];
    let names: Vec<String> = (0..40).map(|n| format!("{n}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &zeros[..])).collect();
    let kept = read("many.zip", &make::zip(&members));
    assert_eq!(kept.codes().last(), Some(&"intake::archive_too_large"));
}

#[test]
fn members_over_the_limit_are_said() {
    let names: Vec<String> = (0..300).map(|n| format!("{n}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), ENGLISH.as_bytes())).collect();
    let kept = read("many.zip", &make::zip(&members));
    assert_eq!(kept.items.len(), 200);
    assert_eq!(kept.codes(), ["intake::archive_too_many"]);
    let small = preuve_intake::IntakeParams { max_member_bytes: 50, ..params() };
    let kept = read_with("a.zip", &make::zip(&[("a.txt", ENGLISH.as_bytes())]), &small);
    assert_eq!(kept.codes(), ["intake::archive_member_too_large"]);
}

#[test]
fn names_that_climb_stay_inside() {
    let text = ENGLISH.as_bytes();
    let kept = read("a.zip", &make::zip(&[("../../x.txt", text), ("/etc/y.txt", text), ("C:\\z.txt", text)]));
    assert_eq!(kept.paths(), ["a.zip!/x.txt", "a.zip!/etc/y.txt", "a.zip!/z.txt"]);
    assert_eq!(kept.codes(), ["intake::archive_path"; 3]);
    let kept = read("a.tar", &make::tar(&[("../x.txt", text)]));
    assert_eq!(kept.paths(), ["a.tar!/x.txt"]);
}

#[test]
fn archives_in_archives_are_read_to_the_depth() {
    let mut archive = make::zip(&[("a.txt", ENGLISH.as_bytes())]);
    archive = make::zip(&[("two.zip", &archive)]);
    let kept = read("one.zip", &archive);
    assert_eq!(kept.paths(), ["one.zip!/two.zip!/a.txt"]);
    for _ in 0..2 {
        archive = make::zip(&[("next.zip", &archive), ("b.txt", ENGLISH.as_bytes())]);
    }
    let kept = read("one.zip", &archive);
    assert_eq!(kept.paths(), ["one.zip!/next.zip!/b.txt", "one.zip!/b.txt"]);
    assert_eq!(kept.codes(), ["intake::archive_too_deep"]);
}

#[test]
fn tar_and_gzip_are_read() {
    let tar = make::tar(&[("a.txt", ENGLISH.as_bytes()), ("d/b.txt", ENGLISH.as_bytes())]);
    assert_eq!(read("x.tar", &tar).paths(), ["x.tar!/a.txt", "x.tar!/d/b.txt"]);
    assert_eq!(read("x.tgz", &make::gzip(&tar)).paths(), ["x.tgz!/a.txt", "x.tgz!/d/b.txt"]);
    assert_eq!(read("d/x.txt.gz", &make::gzip(ENGLISH.as_bytes())).paths(), ["d/x.txt.gz!/x.txt"]);
    let kept = read("x.tar", &tar[..1100]);
    assert_eq!(kept.codes(), ["intake::archive_truncated"]);
}

#[test]
fn encrypted_members_are_said() {
    let kept = read("a.zip", &make::locked_zip(&[("a.txt", ENGLISH.as_bytes())]));
    assert_eq!(kept.codes(), ["intake::archive_encrypted"]);
    let docx = make::locked_zip(&[("word/document.xml", b"<w:p/>")]);
    assert_eq!(read("a.docx", &docx).codes(), ["intake::document_encrypted", "intake::document_unreadable"]);
}

#[test]
fn a_cut_zip_gives_the_members_before_the_cut() {
    let noise: String = (0u32..2000).map(|n| format!("{} ", n.wrapping_mul(2_654_435_761))).collect();
    let zip = make::zip(&[("a.txt", ENGLISH.as_bytes()), ("b.txt", noise.as_bytes())]);
    let kept = read("cut.zip", &zip[..zip.len() / 2]);
    assert_eq!(kept.items[0].text, ENGLISH);
    assert!(kept.codes().contains(&"intake::archive_truncated"), "{:?}", kept.codes());
}

#[test]
fn a_cut_docx_gives_what_is_left() {
    let body: String =
        (0u32..3000).map(|n| format!("<w:p><w:t>{ENGLISH} {}</w:t></w:p>", n * 7919)).collect();
    let docx = make::zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", body.as_bytes())]);
    let kept = read("cut.docx", &docx[..docx.len() / 2]);
    assert_eq!(kept.items.len(), 1);
    assert!(kept.items[0].text.starts_with(ENGLISH));
    assert!(kept.codes().contains(&"intake::document_damaged"), "{:?}", kept.codes());
    assert_eq!(read("cut.docx", &docx[..20]).items.len(), 0);
}

#[test]
fn a_pdf_with_a_broken_table_is_recovered_or_refused() {
    let whole = make::pdf(&make::page(&make::words(ENGLISH), ""), "");
    assert_eq!(read("a.pdf", &whole).texts(), [ENGLISH]);
    let at = whole.windows(4).rposition(|four| four == b"xref").expect("a table") - 5;
    let mut broken = whole.clone();
    broken.truncate(at);
    assert_eq!(read("a.pdf", &broken).texts(), [ENGLISH], "the table is rebuilt");
    let kept = read("a.pdf", b"%PDF-1.4\nnothing of the kind\n%%EOF");
    assert_eq!(kept.codes(), ["intake::pdf_unreadable"]);
}

#[test]
fn an_encrypted_pdf_is_said() {
    let mut objects = make::page(&make::words(ENGLISH), "");
    let hash = "<0102030405060708091011121314151617181920212223242526272829303132>";
    objects.push(
        format!("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O {hash} /U {hash} >>").into_bytes(),
    );
    let pdf = make::pdf(&objects, "/Encrypt 7 0 R /ID [<01> <02>]");
    assert_eq!(read("a.pdf", &pdf).codes(), ["intake::pdf_encrypted"]);
}

#[test]
fn a_scan_is_said() {
    let kept = read("scan.pdf", &make::pdf(&make::page(b"q 400 0 0 600 0 0 cm /Im Do Q", ""), ""));
    assert_eq!(kept.codes(), ["intake::pdf_without_text"]);
    assert!(kept.diagnostics[0].message.contains("scan"), "{}", kept.diagnostics[0].message);
}

#[test]
fn a_pdf_bomb_is_stopped() {
    use std::io::Write;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 20 << 20]).expect("in memory");
    let packed = packer.finish().expect("in memory");
    let pdf = make::pdf(&make::page(&packed, "/Filter /FlateDecode"), "");
    assert_eq!(read("bomb.pdf", &pdf).codes(), ["intake::pdf_bomb"]);
}

#[test]
fn a_pdf_that_draws_without_end_is_stopped() {
    let many = [make::words(ENGLISH), b" 0 0 1 1 re f".repeat(300_000)].concat();
    let kept = read("busy.pdf", &make::pdf(&make::page(&many, ""), ""));
    assert_eq!(kept.codes(), ["intake::pdf_too_complex"]);
    assert_eq!(kept.texts(), [ENGLISH]);
}

#[test]
fn forms_that_call_each_other_are_stopped() {
    let mut objects = make::page(b"/F0 Do", "");
    objects[2] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F0 7 0 R >> >> >>".to_vec();
    for form in 0..12 {
        let calls = "/X Do ".repeat(10);
        objects.push(
            format!(
                "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {} 0 R >> >> /Length {} >>\nstream\n{calls}\nendstream",
                8 + form,
                calls.len()
            )
            .into_bytes(),
        );
    }
    let start = Instant::now();
    let kept = read("forms.pdf", &make::pdf(&objects, ""));
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert!(kept.codes().contains(&"intake::pdf_too_complex"), "{:?}", kept.codes());
}

#[test]
fn uneven_rows_and_huge_cells_are_read_and_said() {
    let table = format!("title,text\nA,{ENGLISH}\nB\nC,\"{}\",extra\n", "é ".repeat(3_400_000));
    let kept = read("a.csv", table.as_bytes());
    assert_eq!(kept.paths(), ["a.csv!/row-1", "a.csv!/row-3"]);
    assert!(kept.items[1].text.len() <= 100_000);
    for code in ["intake::uneven_row", "intake::cell_too_long", "intake::row_without_text"] {
        assert!(kept.codes().contains(&code), "{:?}", kept.codes());
    }
}

#[test]
fn other_languages_are_said_not_guessed() {
    let german = "Das Ministerium erklärte am Montag, ihm seien keine Beweise vorgelegt worden, und nannte den Vorwurf \
                  unbegründet. Die Kampagne blieb bei ihrer Darstellung.";
    let kept = read("a.txt", german.as_bytes());
    assert_eq!(kept.items[0].lang, Lang::Other);
    assert_eq!(kept.codes(), ["intake::language_unhandled"]);
}

#[test]
fn nul_characters_are_kept_and_said() {
    let kept = read("a.txt", format!("{ENGLISH}\0\0 {ENGLISH}").as_bytes());
    assert_eq!(kept.items[0].text, format!("{ENGLISH}\0\0 {ENGLISH}"));
    assert_eq!(kept.codes(), ["intake::nul_characters"]);
}

#[test]
fn a_page_that_declares_the_wrong_encoding_is_read_right() {
    let text = "Le ministère a déclaré qu’aucune preuve n’avait été présentée à ses services, et que l’accusation était fausse.";
    let page = |label: &str| {
        format!("<html><head><meta charset=\"{label}\"></head><body><p>{text}</p></body></html>")
    };
    let kept = read("a.html", page("iso-8859-1").as_bytes());
    assert_eq!((kept.texts(), kept.codes()), (vec![text], vec!["intake::encoding_misdeclared"]));
    let declared = page("utf-8");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&declared);
    assert_eq!(read("a.html", &bytes).texts(), [text]);
}

#[test]
fn tables_without_texts_are_told_from_metadata() {
    assert_eq!(code_of_only("m.csv", b"file,outlet\na.txt,O\n"), "intake::metadata_table");
    assert_eq!(code_of_only("m.csv", b"x,y\n1,2\n"), "intake::no_text_column");
    assert_eq!(code_of_only("m.json", b"[1, 2]"), "intake::row_not_object");
}

#[test]
fn formats_without_a_reader_are_named() {
    assert_eq!(code_of_only("a.xml", b"<?xml version=\"1.0\"?><rss/>"), "intake::unsupported_format");
    let xlsx = make::zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")]);
    assert_eq!(code_of_only("a.xlsx", &xlsx), "intake::unsupported_format");
}

#[test]
fn large_pages_are_read_in_linear_time() {
    let roomy = preuve_intake::IntakeParams { max_html_tags: 200_000, max_text_bytes: 16 << 20, ..params() };
    for piece in
        [format!("<p>{ENGLISH} {ENGLISH}</p>"), "<a href=x>y</a> <li>".to_owned(), "<div><p>,".to_owned()]
    {
        let page = format!("<html><body><article>{}", piece.repeat(40_000));
        let start = Instant::now();
        let kept = read_with("large.html", page.as_bytes(), &roomy);
        assert!(start.elapsed().as_secs() < 60, "{:?} for {:.20}", start.elapsed(), piece);
        assert!(!kept.items.is_empty() || !kept.diagnostics.is_empty());
    }
}

#[test]
fn streams_that_never_end_are_measured_once() {
    let pdf = [b"%PDF-1.4 /LZW ".to_vec(), b"stream\nx\x9c\x01".repeat(200_000)].concat();
    let start = Instant::now();
    assert_eq!(read("many.pdf", &pdf).items.len(), 0);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
