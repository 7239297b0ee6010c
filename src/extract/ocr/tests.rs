//! With scripts in place of tesseract and pdftoppm: what is asked of them, and what becomes of their
//! answers and faults. `tests/ocr.rs` has the real ones.
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt, time::Instant};

use super::*;
use crate::{
    domain::{ExtractStatus, Extracted},
    extract::read_file,
};

/// Says its version and languages; reads a picture by printing what stands behind its first 8 bytes.
const TESSERACT: &str = r#"case "$1" in
--version) echo 'tesseract 9.1.2'; echo ' leptonica-1.0';;
--list-langs) echo 'List of available languages (2):'; echo eng; echo deu;;
*) [ "$2 $3 $4" = "stdout -l eng+deu" ] || { echo "bad arguments: $*" >&2; exit 1; }
   tail -c +9 "$1";;
esac"#;

/// Draws page N as 8 bytes and a sentence; page 3 fails.
const PDFTOPPM: &str = r#"case "$1" in
-v) echo 'pdftoppm version 8.7.6' >&2;;
*) [ "$2" = 3 ] && { echo 'Syntax Error: bad page' >&2; exit 1; }
   for last; do :; done
   printf 'P5 pixel\f1 Access control\n\nRights on page %s are\nreviewed every quarter by its owner.\n' "$2" > "$last.pgm";;
esac"#;

struct Stage {
    dir: tempfile::TempDir,
    limits: Limits,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("scratch")).unwrap();
        let stage = Self { dir, limits: Limits::default() };
        stage.script("tesseract", TESSERACT);
        stage.script("pdftoppm", PDFTOPPM);
        stage
    }

    fn script(&self, name: &str, body: &str) {
        let path = self.dir.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn find(&self, languages: &[&str]) -> (Option<Ocr>, Option<Diagnostic>) {
        let at = |name| self.dir.path().join(name);
        let languages: Vec<String> = languages.iter().map(|l| (*l).to_owned()).collect();
        let (ocr, diagnostic) = find_at(&at("tesseract"), &at("pdftoppm"), &languages);
        let scratch = at("scratch");
        (ocr.map(|ocr| Ocr { scratch, ..ocr }), diagnostic)
    }

    fn read(&self, name: &str, bytes: &[u8]) -> Extracted {
        let ocr = self.find(&["eng", "deu"]).0;
        let path = self.dir.path().join("input");
        fs::write(&path, bytes).unwrap();
        let got = read_file(&path, name, &self.limits, ocr.as_ref(), 0);
        let left = fs::read_dir(self.dir.path().join("scratch")).unwrap().count();
        assert_eq!(left, 0, "temporary files stay");
        got
    }
}

fn codes(extracted: &Extracted) -> Vec<&str> {
    extracted.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

fn png(text: &str) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n", text.as_bytes()].concat()
}

/// A PDF with a page for each text; an empty one draws a line.
fn pdf(pages: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 4 + 2 * n)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), pages.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (n, text) in pages.iter().enumerate() {
        let content = match *text {
            "" => "0 0 m 100 100 l S".to_owned(),
            text => format!("BT /F1 11 Tf 72 700 Td ({text}) Tj ET"),
        };
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R\
             /Resources<</Font<</F1 3 0 R>>>>>>",
            5 + 2 * n
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let (xref, size) = (out.len(), objects.len() + 1);
    out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

const TEXT: &str = "Access is removed on the last working day of each employee.";

#[test]
fn what_is_missing_is_said() {
    let stage = Stage::new();
    let (ocr, diagnostic) = stage.find(&["eng", "deu"]);
    assert_eq!((ocr.unwrap().key().as_str(), diagnostic), ("eng+deu@9.1.2/8.7.6", None));
    let (ocr, diagnostic) = stage.find(&["eng", "fra"]);
    assert!(ocr.is_none() && diagnostic.unwrap().message.contains("no language pack for fra"));
    fs::remove_file(stage.dir.path().join("pdftoppm")).unwrap();
    let (ocr, diagnostic) = stage.find(&["eng"]);
    assert_eq!(ocr.unwrap().key(), "eng@9.1.2/none");
    assert_eq!(diagnostic.unwrap().code, "ocr-no-pdf");
    fs::remove_file(stage.dir.path().join("tesseract")).unwrap();
    let (ocr, diagnostic) = stage.find(&["eng"]);
    let diagnostic = diagnostic.unwrap();
    assert!(ocr.is_none() && diagnostic.code == "ocr-unavailable");
    assert!(diagnostic.help.unwrap().contains("tesseract-ocr"));
}

#[test]
fn an_image_is_read_and_its_text_marked() {
    let stage = Stage::new();
    let got = stage.read("scan.txt", &png("Rights are reviewed\nby the owner.\n\u{c}Second.\n"));
    assert_eq!((got.status, codes(&got)), (ExtractStatus::Ok, vec!["ocr-text"]));
    let blocks: Vec<_> =
        got.blocks.iter().map(|b| (b.marks, b.locator.to_string(), b.text.as_str())).collect();
    assert_eq!(
        blocks,
        [
            (MARK, "page 1".to_owned(), "Rights are reviewed\nby the owner."),
            (MARK, "page 2".to_owned(), "Second.")
        ]
    );
    assert!(matters(&got));
}

#[test]
fn only_pages_without_text_are_recognised() {
    let stage = Stage::new();
    let got = stage.read("a.pdf", &pdf(&[TEXT, "", ""]));
    assert_eq!(got.status, ExtractStatus::Ok);
    assert_eq!(codes(&got), ["ocr-failed", "ocr-text", "pdf-empty-pages"]);
    assert!(got.diagnostics[0].message.contains("page 3: pdftoppm: Syntax Error: bad page"));
    assert!(got.diagnostics[1].message.contains("page 2 "));
    assert!(got.diagnostics[2].message.ends_with("page 3"));
    let marked: Vec<_> =
        got.blocks.iter().map(|b| (b.locator.page_number().unwrap(), b.marks.ocr)).collect();
    assert!(marked.contains(&(1, false)) && marked.contains(&(2, true)), "{marked:?}");
    assert!(marked.iter().all(|(page, ocr)| (*page == 2) == *ocr), "{marked:?}");
    let last = got.blocks.last().unwrap();
    assert_eq!(last.text, "Rights on page 2 are\nreviewed every quarter by its owner.");
}

#[test]
fn a_page_of_few_words_keeps_its_own_where_ocr_sees_no_more() {
    let stage = Stage::new();
    stage.script("pdftoppm", "case $1 in -v) echo 8 >&2;; *) for l; do :; done; printf '12345678Acces policv' > $l.pgm;; esac");
    let got = stage.read("a.pdf", &pdf(&["Access policy", TEXT]));
    assert!(got.blocks.iter().all(|b| !b.marks.ocr));
    assert_eq!(got.blocks[0].text, "Access policy");
}

#[test]
fn members_of_a_container_are_recognised_and_named() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("in/scan.png", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, &png("Rights are reviewed.")).unwrap();
    let got = Stage::new().read("a.zip", &archive.finish().unwrap().into_inner());
    assert_eq!(got.status, ExtractStatus::Ok);
    assert_eq!(got.blocks[0].locator.to_string(), "in/scan.png, page 1");
    assert!(got.blocks[0].marks.ocr);
    assert!(got.diagnostics[0].message.contains("page 1 of in/scan.png"));
}

#[test]
fn bounds_on_pages_and_time_end_it() {
    let mut stage = Stage::new();
    stage.limits.ocr_pages = 1;
    let got = stage.read("a.pdf", &pdf(&["", "", TEXT]));
    assert_eq!(codes(&got)[0], "ocr-limit");
    assert!(got.diagnostics[0].help.as_ref().unwrap().contains("ocr_pages"));
    assert_eq!(got.blocks.iter().filter(|b| b.marks.ocr).count(), 2);

    let mut stage = Stage::new();
    let slow = "*) printf 'First page.\\n\\f'; sleep 30;;\nesac";
    stage
        .script("tesseract", &TESSERACT.replace(&TESSERACT[TESSERACT.find("*)").unwrap()..], slow));
    stage.limits.wall_seconds = 1;
    let start = Instant::now();
    let got = stage.read("a.png", &png(""));
    assert!(start.elapsed().as_secs() < 15);
    assert_eq!(codes(&got), ["ocr-failed", "ocr-text"]);
    assert!(got.diagnostics[0].message.contains("took too long"));
    assert_eq!(got.blocks[0].text, "First page.", "pages that were done stay");
}

#[test]
fn without_text_or_ocr_the_file_stays_without_text_and_says_why() {
    let stage = Stage::new();
    let got = stage.read("a.png", &png(" \n"));
    assert_eq!((got.status, codes(&got)[0]), (ExtractStatus::NoText, "ocr-no-text"));
    stage.script(
        "tesseract",
        &TESSERACT.replace("tail", "echo 'Image too large' >&2; exit 1; tail"),
    );
    let got = stage.read("a.png", &png("x"));
    assert_eq!((got.status, codes(&got)[0]), (ExtractStatus::NoText, "ocr-failed"));
    assert!(got.diagnostics[0].message.contains("Image too large"));

    let path = stage.dir.path().join("input");
    let got = read_file(&path, "a.png", &stage.limits, None, 0);
    assert_eq!((got.status, codes(&got)), (ExtractStatus::NoText, vec!["image-no-text"]));
    assert!(got.diagnostics[0].help.as_ref().unwrap().contains("--ocr"));
    assert!(matters(&got));
}

/// Tesseract takes what it does not know for a list of files to read.
#[test]
fn only_known_pictures_reach_tesseract() {
    assert!(is_picture(&png("")) && is_picture(b"RIFF\0\0\0\0WEBPVP8 "));
    assert!(
        !is_picture(b"/etc/secret.png\n") && !is_picture(b"RIFF\0\0\0\0AVI ") && !is_picture(b"")
    );
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\n/etc/secret.png\n";
    let got = Stage::new().read("a.heic", heic);
    assert_ne!(got.status, ExtractStatus::Ok);
    assert!(got.blocks.is_empty());
}

#[test]
fn languages_are_words() {
    assert!(["eng", "chi_sim", "script/Latin"].into_iter().all(is_language));
    assert!(!["", "-l", "../eng", "eng deu", "eng+deu"].into_iter().any(is_language));
}
