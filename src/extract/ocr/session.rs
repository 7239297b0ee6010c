//! The pictures of one file, read within its bounds.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{Ocr, child};
use crate::{diag::Diagnostic, extract::Limits};

/// Dots per inch at which pages are drawn: what tesseract's models were made for.
const DPI: &str = "300";

/// Reads pictures of one file. Its findings come out of [`Session::diagnostics`].
pub(in crate::extract) struct Session<'a> {
    ocr: &'a Ocr,
    limits: &'a Limits,
    /// The member of the file that is being read; empty: the file itself.
    pub label: String,
    end: Instant,
    pages: u32,
    seen: Vec<String>,
    faults: Vec<String>,
    /// Said once: which bound ended it.
    over: Option<&'static str>,
}

impl<'a> Session<'a> {
    pub fn new(ocr: &'a Ocr, limits: &'a Limits) -> Self {
        let end = Instant::now() + Duration::from_secs(limits.ocr_seconds);
        let (seen, faults) = (Vec::new(), Vec::new());
        Self { ocr, limits, label: String::new(), end, pages: 0, seen, faults, over: None }
    }

    /// The text of an image, by its pages (a TIFF may have several), from 1. Pages without text are
    /// left out.
    pub fn image(&mut self, bytes: &[u8]) -> Vec<(u32, String)> {
        if !self.begin() {
            return Vec::new();
        }
        let first = self.place(1);
        let folder = self.hand_over(&first, "picture", bytes);
        let text = folder.and_then(|f| self.recognise(&first, &f.path().join("picture")));
        let text = text.unwrap_or_default();
        let mut out = Vec::new();
        // `begin` took the first.
        let before = self.pages.saturating_sub(1);
        for (n, text) in (1_u32..).zip(text.split('\u{c}')).filter(|(_, t)| !t.trim().is_empty()) {
            if before.saturating_add(n) > self.limits.ocr_pages {
                self.over = Some("pages");
                break;
            }
            let place = self.place(n);
            self.seen.push(place);
            self.pages = self.pages.max(before + n);
            out.push((n, text.to_owned()));
        }
        out
    }

    /// The pages of a PDF.
    pub fn pdf<'s>(&'s mut self, bytes: &'s [u8]) -> Pages<'s, 'a> {
        Pages { session: self, bytes, folder: None }
    }

    /// A page, for people.
    fn place(&self, number: u32) -> String {
        match self.label.as_str() {
            "" => number.to_string(),
            label => format!("{number} of {label}"),
        }
    }

    /// Takes a page off the bounds.
    fn begin(&mut self) -> bool {
        if self.pages >= self.limits.ocr_pages {
            self.over = Some("pages");
        } else if Instant::now() >= self.end {
            self.over = Some("seconds");
        } else {
            self.pages += 1;
            return true;
        }
        false
    }

    /// A folder of its own with a file in it.
    fn hand_over(&mut self, place: &str, name: &str, bytes: &[u8]) -> Option<TempDir> {
        let made = tempfile::Builder::new().prefix("file-").tempdir_in(&self.ocr.scratch);
        let filled = made.and_then(|folder| {
            fs::write(folder.path().join(name), bytes)?;
            Ok(folder)
        });
        let fault = |error| self.fault(place, &format!("no temporary file: {error}"));
        filled.map_err(fault).ok()
    }

    /// What is left of the time, at most what any reading may take.
    fn wall(&self) -> Duration {
        let left = self.end.saturating_duration_since(Instant::now());
        left.min(Duration::from_secs(self.limits.wall_seconds.max(1)))
    }

    fn recognise(&mut self, place: &str, picture: &Path) -> Option<String> {
        let arguments = [
            picture.as_os_str(),
            "stdout".as_ref(),
            "-l".as_ref(),
            self.ocr.languages.as_ref(),
            "--dpi".as_ref(),
            DPI.as_ref(),
        ];
        // An image says its own resolution; a drawn page does not.
        let drawn = picture.extension().is_some();
        let arguments = if drawn { &arguments[..] } else { &arguments[..4] };
        let most = self.limits.text_bytes;
        match child::run(&self.ocr.tesseract, arguments, self.wall(), most) {
            Ok(out) if out.success => Some(out.stdout),
            Ok(out) => {
                self.fault(place, &why("tesseract", &out));
                // The pages that were done before the time was over.
                let done = out.stdout.rfind('\u{c}').filter(|_| out.timed_out)?;
                Some(out.stdout[..done].to_owned())
            }
            Err(error) => {
                self.fault(place, &format!("tesseract can't be started: {error}"));
                None
            }
        }
    }

    fn fault(&mut self, place: &str, why: &str) {
        self.faults.push(format!("page {place}: {why}"));
    }

    /// What a reviewer and a user should know of it; `empty` if the file has no text at all.
    pub fn diagnostics(self, empty: bool) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        if let Some(over) = self.over {
            let (bound, key) = match over {
                "pages" => (format!("{} pages", self.limits.ocr_pages), "ocr_pages"),
                _ => (format!("{} s", self.limits.ocr_seconds), "ocr_seconds"),
            };
            let message = format!("OCR ended at its bound of {bound}: later pages have no text");
            out.push(
                Diagnostic::warning("ocr-limit", message)
                    .help(format!("raise `limits.{key}` in evimap.toml")),
            );
        }
        if !self.faults.is_empty() {
            let more = self.faults.len().saturating_sub(3);
            let mut message = self.faults[..self.faults.len() - more].join("; ");
            if more > 0 {
                message.push_str(&format!("; and {more} more"));
            }
            out.push(
                Diagnostic::warning("ocr-failed", format!("OCR gave nothing: {message}"))
                    .help("raise the limits in evimap.toml if one is named, or run OCR yourself"),
            );
        }
        if self.seen.is_empty() {
            if out.is_empty() && self.pages > 0 {
                let message = "OCR found no text in its pictures";
                out.push(match empty {
                    true => Diagnostic::warning("ocr-no-text", message)
                        .help("if there is some, scan it again, or try another --ocr-lang"),
                    false => Diagnostic::note("ocr-no-text", message),
                });
            }
        } else {
            let message = format!(
                "the text of page {} comes from OCR (tesseract {}, {})",
                self.seen.join(", "),
                self.ocr.version.split('/').next().unwrap_or_default(),
                self.ocr.languages
            );
            out.push(
                Diagnostic::note("ocr-text", message)
                    .help("letters may be wrong: compare a quote with the page"),
            );
        }
        out
    }
}

/// The pages of one PDF.
pub(in crate::extract) struct Pages<'s, 'a> {
    session: &'s mut Session<'a>,
    bytes: &'s [u8],
    /// Holds the PDF from the first page on.
    folder: Option<TempDir>,
}

impl Pages<'_, '_> {
    /// The text of a page, from 1; `None` if there is none or it could not be read.
    pub fn text(&mut self, number: u32) -> Option<String> {
        let session = &mut *self.session;
        let place = session.place(number);
        let Some(pdftoppm) = session.ocr.pdftoppm.as_deref() else {
            session.fault(&place, "pdftoppm (poppler-utils) is needed to draw it");
            return None;
        };
        if !session.begin() {
            return None;
        }
        if self.folder.is_none() {
            self.folder = session.hand_over(&place, "file.pdf", self.bytes);
        }
        let folder = self.folder.as_ref()?.path();
        let (file, picture) = (folder.join("file.pdf"), folder.join("page"));
        let page = number.to_string();
        let options = ["-f", &page, "-l", &page, "-r", DPI, "-gray", "-singlefile"];
        let mut arguments: Vec<&OsStr> = options.iter().map(OsStr::new).collect();
        arguments.extend([file.as_os_str(), picture.as_os_str()]);
        let drawn = child::run(pdftoppm, &arguments, session.wall(), 1 << 16);
        let picture = folder.join("page.pgm");
        let fault = match drawn {
            Ok(out) if out.success && picture.is_file() => None,
            Ok(out) => Some(why("pdftoppm", &out)),
            Err(error) => Some(format!("pdftoppm can't be started: {error}")),
        };
        if let Some(fault) = fault {
            session.fault(&place, &fault);
            return None;
        }
        let text = session.recognise(&place, &picture);
        // The next page writes the same file, and must not find this one's.
        let _ = fs::remove_file(&picture);
        let text = text?.replace('\u{c}', "\n");
        if text.trim().is_empty() {
            return None;
        }
        session.seen.push(place);
        Some(text)
    }
}

/// How a program failed, in its own words if it has any.
fn why(program: &str, out: &child::Output) -> String {
    if out.timed_out {
        return format!("{program} took too long and was ended (`wall_seconds`, `ocr_seconds`)");
    }
    let said = out.stderr.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let said: String = said.chars().take(200).collect();
    if said.is_empty() {
        format!("{program} ended without a result (out of memory or processor time?)")
    } else {
        format!("{program}: {said}")
    }
}
