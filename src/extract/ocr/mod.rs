//! Text from pictures, on request only: an installed `tesseract` reads images and, through poppler's
//! `pdftoppm`, the pages of a PDF that have no text of their own.
//!
//! `find` looks once a run whether the programs and languages are there; a `Session` reads the
//! pictures of one file inside a worker, whose limits on memory and processor time its children
//! inherit; `child` runs one program against the clock. No shell, no network.

mod child;
mod session;

#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

pub(super) use session::Session;

use super::Limits;
use crate::{
    diag::Diagnostic,
    domain::{Extracted, Marks},
};

/// Name the programs where they are not on the `PATH`. Variables and no keys of `evimap.toml`: that
/// file may come with the documents, and must not say what is run.
const TESSERACT: &str = "EVIMAP_TESSERACT";
const PDFTOPPM: &str = "EVIMAP_PDFTOPPM";

/// How long a program may take to say its version.
const PROBE: Duration = Duration::from_secs(20);

/// What to do about a picture when OCR is off.
pub(super) const HELP: &str = "`--ocr` reads it, or `[extract] ocr = true` in evimap.toml \
     (tesseract has to be installed, and poppler's pdftoppm for PDF)";

/// The programs and languages of a run, found by [`find`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ocr {
    tesseract: PathBuf,
    /// `None`: PDF pages can't be drawn.
    pdftoppm: Option<PathBuf>,
    /// As tesseract takes them: `eng+deu`.
    languages: String,
    /// Of tesseract, and of pdftoppm behind a `/`.
    version: String,
    /// Private folder of the run for what the programs read and write.
    pub(super) scratch: PathBuf,
}

impl Ocr {
    /// What the text depends on beside the file: languages and versions.
    pub fn key(&self) -> String {
        format!("{}@{}", self.languages, self.version)
    }

    /// As tesseract takes them: `eng+deu`.
    pub fn languages(&self) -> &str {
        &self.languages
    }
}

/// Looks for the programs and the languages. The first value is `None` if OCR can't be done at all;
/// the diagnostic then says what is missing, and also if only PDF is left out.
pub fn find(languages: &[String]) -> (Option<Ocr>, Option<Diagnostic>) {
    let program = |variable: &str, name: &str| {
        std::env::var_os(variable)
            .filter(|v| !v.is_empty())
            .map_or_else(|| name.into(), PathBuf::from)
    };
    find_at(&program(TESSERACT, "tesseract"), &program(PDFTOPPM, "pdftoppm"), languages)
}

fn find_at(
    tesseract: &Path,
    pdftoppm: &Path,
    languages: &[String],
) -> (Option<Ocr>, Option<Diagnostic>) {
    let unavailable = |message: String, help: &str| {
        let message = format!("no OCR in this run: {message}");
        (None, Some(Diagnostic::warning("ocr-unavailable", message).help(help)))
    };
    let Some(version) = version_of(tesseract, "--version") else {
        return unavailable(
            format!("{} can't be started", tesseract.display()),
            "install tesseract (Debian, Ubuntu: tesseract-ocr), or name it in EVIMAP_TESSERACT; \
             pictures stay without text until then",
        );
    };
    let listed = child::run(tesseract, &["--list-langs".as_ref()], PROBE, 1 << 20);
    let listed = listed.map(|out| out.stdout + "\n" + &out.stderr).unwrap_or_default();
    let missing: Vec<&str> = languages
        .iter()
        .map(String::as_str)
        .filter(|wanted| !listed.lines().any(|line| line.trim() == *wanted))
        .collect();
    if !missing.is_empty() || languages.is_empty() {
        return unavailable(
            format!("tesseract has no language pack for {}", missing.join(", ")),
            "install it (Debian, Ubuntu: tesseract-ocr-LANGUAGE), or choose another with \
             --ocr-lang; `tesseract --list-langs` shows those that are there",
        );
    }
    let drawer = version_of(pdftoppm, "-v");
    let diagnostic = drawer.is_none().then(|| {
        let message = format!(
            "OCR of images only: {} can't be started to draw PDF pages",
            pdftoppm.display()
        );
        Diagnostic::warning("ocr-no-pdf", message)
            .help("install pdftoppm (Debian, Ubuntu: poppler-utils), or name it in EVIMAP_PDFTOPPM")
    });
    let ocr = Ocr {
        tesseract: tesseract.to_owned(),
        pdftoppm: drawer.is_some().then(|| pdftoppm.to_owned()),
        languages: languages.join("+"),
        version: format!("{version}/{}", drawer.as_deref().unwrap_or("none")),
        scratch: PathBuf::new(),
    };
    (Some(ocr), diagnostic)
}

/// The first word with a digit of what a program says about itself.
fn version_of(program: &Path, argument: &str) -> Option<String> {
    let out = child::run(program, &[argument.as_ref()], PROBE, 1 << 16).ok()?;
    let said = out.stdout + "\n" + &out.stderr;
    let words = said.split_whitespace();
    let number = words
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    Some(number.unwrap_or("unknown").to_owned()).filter(|_| out.success)
}

/// Whether a word may name a language of tesseract: `eng`, `chi_sim`, `script/Latin`.
pub fn is_language(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-');
    word.len() <= 40
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(plain)
}

/// Whether what reading a file gave hangs on how OCR was set: a picture was met.
pub fn matters(extracted: &Extracted) -> bool {
    let met = |code: &str| {
        code.starts_with("ocr-")
            || matches!(code, "image-no-text" | "pdf-no-text-layer" | "pdf-empty-pages")
    };
    extracted.diagnostics.iter().any(|d| met(&d.code))
}

/// Whether the bytes are a picture that tesseract's library knows by its first bytes. What it does
/// not know it would take for a list of file names.
pub(super) fn is_picture(bytes: &[u8]) -> bool {
    let magic: [&[u8]; 7] =
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a", b"BM"];
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    webp || magic.iter().any(|magic| bytes.starts_with(magic))
}

/// The mark of a block that OCR gave.
pub(super) const MARK: Marks = Marks { ocr: true, hidden: false };

/// Seconds that a file may take over its usual bound when OCR is on.
pub(super) fn extra_seconds(limits: &Limits) -> u64 {
    // The session ends by itself at `ocr_seconds`; the rest is for writing and killing.
    limits.ocr_seconds.saturating_add(10)
}
