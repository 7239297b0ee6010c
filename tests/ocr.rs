//! OCR from the command line to the reviewer: with a script in tesseract's place, and with the real
//! one where it is installed.
#![cfg(unix)]

mod common;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use common::AS_OF;
use serde_json::Value;

/// Reads a picture by printing what stands behind its first 8 bytes, and counts how often.
const SCRIPT: &str = r#"#!/bin/sh
case "$1" in
--version) echo 'tesseract 9.1.2';;
--list-langs) echo eng; echo deu;;
*) echo x >>"$0.calls"
   run=$(dirname "$(dirname "$1")"); ls -ld "$run" >"$0.folder"; echo "$run" >>"$0.folder"
   ulimit -v >"$0.memory"; tail -c +9 "$1";;
esac
"#;

const TEXT: &str = "1 Access control\n\nAccess rights are reviewed every quarter by the owner of\n\
    each system and the result is recorded.\n";

struct Stage {
    dir: tempfile::TempDir,
    tesseract: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let tesseract = dir.path().join("tesseract");
        fs::write(&tesseract, SCRIPT).unwrap();
        fs::set_permissions(&tesseract, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(dir.path().join("isms")).unwrap();
        fs::write(dir.path().join("isms/note.md"), "# Backup\n\nBackups are tested.\n").unwrap();
        let stage = Self { dir, tesseract };
        stage.scan(TEXT);
        stage
    }

    fn scan(&self, text: &str) {
        let bytes = [b"\x89PNG\r\n\x1a\n", text.as_bytes()].concat();
        fs::write(self.dir.path().join("isms/access-policy.png"), bytes).unwrap();
    }

    fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    fn calls(&self) -> usize {
        fs::read_to_string(self.dir.path().join("tesseract.calls")).map_or(0, |t| t.lines().count())
    }

    /// Holds the exit code; gives stdout and stderr.
    fn evimap(&self, code: i32, args: &[&str]) -> (String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_evimap"))
            .args(args)
            .env("EVIMAP_TESSERACT", &self.tesseract)
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "evimap {args:?}\n{out}\n{err}");
        (out, err)
    }

    /// Runs; gives how many files were read, the scan's row of documents.csv, and stderr.
    fn run(&self, more: &[&str]) -> (u64, String, String) {
        let (isms, work) = (self.dir.path().join("isms"), self.work());
        let mut args = vec!["run", isms.to_str().unwrap(), "-w", work.to_str().unwrap()];
        args.extend(["--as-of", AS_OF, "--json"]);
        args.extend_from_slice(more);
        let (out, err) = self.evimap(0, &args);
        let all: Value = serde_json::from_str(&out).unwrap();
        let documents = fs::read_to_string(work.join("reports/documents.csv")).unwrap();
        let row = documents.lines().find(|line| line.starts_with("access-policy.png")).unwrap();
        (all["summary"]["read"].as_u64().unwrap(), row.to_owned(), err)
    }

    fn standing(&self, code: i32) -> String {
        let (out, _) =
            self.evimap(code, &["verify", "-w", self.work().to_str().unwrap(), "--json"]);
        let all: Value = serde_json::from_str(&out).unwrap();
        all["evidence"][0]["standing"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_scan_is_read_on_request_marked_and_verified() {
    let stage = Stage::new();
    let (read, row, _) = stage.run(&[]);
    assert_eq!((read, stage.calls()), (2, 0));
    assert!(row.contains(",no-text,") && row.contains("--ocr"), "{row}");

    let (read, row, _) = stage.run(&["--ocr"]);
    assert_eq!((read, stage.calls()), (1, 1), "only the scan is read again");
    assert!(row.contains(",ok,") && row.contains(",ocr 2/2,"), "{row}");
    let folder = fs::read_to_string(stage.dir.path().join("tesseract.folder")).unwrap();
    assert!(folder.starts_with("drwx------"), "{folder}");
    assert!(!Path::new(folder.lines().last().unwrap()).exists(), "{folder} stays");
    #[cfg(target_os = "linux")]
    {
        let memory = fs::read_to_string(stage.dir.path().join("tesseract.memory")).unwrap();
        assert_eq!(memory.trim(), "1048576", "the worker's bound, in KiB");
    }
    let (read, ..) = stage.run(&["--ocr"]);
    assert_eq!((read, stage.calls()), (0, 1));
    let (read, ..) = stage.run(&["--ocr-lang", "eng+deu"]);
    assert_eq!((read, stage.calls()), (1, 2), "other languages read it again");

    let (_, row, err) = stage.run(&[]);
    assert!(
        row.contains(",no-text,") && err.contains("the last run read pictures by OCR"),
        "{err}"
    );
    let (read, ..) = stage.run(&["--ocr-lang", "eng+deu"]);
    assert_eq!((read, stage.calls()), (0, 2), "both readings are kept");

    let proposals = fs::read_to_string(stage.work().join("reports/proposals.jsonl")).unwrap();
    let all: Vec<Value> = proposals.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let (of_scan, others): (Vec<_>, Vec<_>) =
        all.iter().partition(|p| p["document"] == "access-policy.png");
    let said = |p: &Value| p["reasons"].to_string().contains("from OCR");
    assert!(!of_scan.is_empty() && of_scan.iter().all(|p| said(p)));
    assert!(!others.iter().any(|p| said(p)));
    let work = stage.work();
    stage.evimap(0, &["review", "export", "--all", "-w", work.to_str().unwrap()]);
    let suggestions = fs::read_to_string(stage.work().join("review/suggestions.csv")).unwrap();
    assert!(suggestions.contains("from OCR: compare the quote with the page"));

    let decided = stage.dir.path().join("decided.csv");
    let quote = "Access rights are reviewed every quarter by the owner of each system";
    let row = format!(",ISO27001:A.5.18,access-policy.png,{quote},design,d1,accept,Jane Doe\n");
    let head = "proposal_id,target,document,quote,evidence_kind,points,decision,reviewer\n";
    fs::write(&decided, format!("{head}{row}")).unwrap();
    stage.evimap(0, &["review", "import", decided.to_str().unwrap(), "-w", work.to_str().unwrap()]);
    assert_eq!((stage.standing(0).as_str(), stage.calls()), ("stands", 2), "from the last run");
    stage.scan(&format!("{TEXT}\nMore.\n"));
    assert_eq!((stage.standing(0).as_str(), stage.calls()), ("stands", 3), "recognised anew");
    stage.scan(&TEXT.replace("quarter", "year"));
    assert_eq!(stage.standing(1), "lost");
    fs::remove_file(&stage.tesseract).unwrap();
    assert_eq!(stage.standing(1), "unreadable");
}

#[test]
fn what_is_missing_is_said_once_and_the_run_goes_on() {
    let stage = Stage::new();
    let (_, row, err) = stage.run(&["--ocr-lang", "fra"]);
    assert_eq!(err.matches("no language pack for fra").count(), 1, "{err}");
    assert!(row.contains(",no-text,"));
    fs::remove_file(&stage.tesseract).unwrap();
    let (_, row, err) = stage.run(&["--ocr"]);
    assert_eq!(err.matches("no OCR in this run").count(), 1, "{err}");
    assert!(row.contains(",no-text,"));
    stage.evimap(2, &["extract", "--ocr-lang", "-l", "x"]);
}

#[test]
fn the_configuration_turns_it_on() {
    let stage = Stage::new();
    let toml = "schema_version = 1\n[extract]\nocr = true\nocr_languages = ['deu', 'eng']\n";
    fs::write(stage.dir.path().join("isms/evimap.toml"), toml).unwrap();
    let (_, row, _) = stage.run(&[]);
    assert!(row.contains(",ok,") && stage.calls() == 1, "{row}");
    let run: Value =
        serde_json::from_str(&fs::read_to_string(stage.work().join("reports/run.json")).unwrap())
            .unwrap();
    assert_eq!(run["ocr"], "deu+eng");
}

/// A PDF from objects.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let (xref, size) = (out.len(), objects.len() + 1);
    out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let end = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n");
    out.extend(end.bytes());
    out
}

fn page(content: &str, resources: &str) -> [Vec<u8>; 2] {
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>"
    );
    let stream = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    [page.into_bytes(), stream.into_bytes()]
}

/// A page of text drawn by pdftoppm, as a PNG and as a PDF that holds nothing but the picture.
fn rendered(dir: &Path) {
    let head = || {
        [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec()]
    };
    let draw = "BT /F1 14 Tf 72 700 Td (Access rights are reviewed every quarter) Tj 0 -20 Td \
        (by the owner of each system.) Tj ET";
    let mut objects = head().to_vec();
    objects.extend(page(draw, "/Font<</F1 5 0 R>>"));
    objects.push(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec());
    let source = dir.join("source.pdf");
    fs::write(&source, pdf(&objects)).unwrap();
    for (format, name) in [("-png", "picture"), ("-gray", "raw")] {
        let status = Command::new("pdftoppm")
            .args(["-r", "200", format, "-singlefile"])
            .arg(&source)
            .arg(dir.join(name))
            .status();
        assert!(status.unwrap().success());
    }
    fs::remove_file(source).unwrap();
    let raw = fs::read(dir.join("raw.pgm")).unwrap();
    fs::remove_file(dir.join("raw.pgm")).unwrap();
    // "P5", width and height, the brightest value, then the pixels.
    let mut fields = raw.splitn(4, |b| b.is_ascii_whitespace());
    let mut number = || String::from_utf8(fields.next().unwrap().to_vec()).unwrap();
    let (_, width, height) = (number(), number(), number());
    let pixels = raw.len() - width.parse::<usize>().unwrap() * height.parse::<usize>().unwrap();
    let mut objects = head().to_vec();
    objects.extend(page("595 0 0 842 0 0 cm /I Do", "/XObject<</I 5 0 R>>"));
    let image = format!(
        "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray\
         /BitsPerComponent 8/Length {}>>stream\n",
        raw.len() - pixels
    );
    objects.push([image.as_bytes(), &raw[pixels..], b"\nendstream"].concat());
    fs::write(dir.join("scan.pdf"), pdf(&objects)).unwrap();
}

#[test]
fn the_real_tesseract_reads_a_picture_and_a_scanned_pdf() {
    for (program, argument) in [("tesseract", "--version"), ("pdftoppm", "-v")] {
        if Command::new(program).arg(argument).output().is_err() {
            eprintln!("skipped: {program} is not installed");
            return;
        }
    }
    let dir = tempfile::tempdir().unwrap();
    rendered(dir.path());
    let output = Command::new(env!("CARGO_BIN_EXE_evimap"))
        .args(["extract", "--ocr", dir.path().to_str().unwrap()])
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let all: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len(), 2);
    for file in &all {
        assert_eq!(file["status"], "ok", "{file}");
        let block = &file["blocks"][0];
        assert_eq!((&block["marks"]["ocr"], &block["locator"]["page"]), (&true.into(), &1.into()));
        let words = block["text"].as_str().unwrap().split_whitespace().collect::<Vec<_>>();
        assert_eq!(
            words.join(" "),
            "Access rights are reviewed every quarter by the owner of each system."
        );
    }
}
