//! The first PDF reader: pdf-extract interprets the pages, its glyphs are put into lines here.
//!
//! pdf-extract panics on what it does not know. Each page is read behind a catch, so that a bad
//! page costs that page.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use pdf_extract::{
    Dictionary, Document, Error, MediaBox, Object, OutputDev, OutputError, Transform,
    decode_text_string, encryption::DecryptionError,
};

use super::{
    Line, Page, Scan,
    bundle::{self, Drawn},
    drawing::lighten,
};
use crate::{
    domain::{Properties, squash_whitespace},
    extract::ReadError,
};

/// Pages beyond this many are not read.
pub(super) const PAGES: usize = 10_000;

/// Reads all pages. A page that broke, or whose text looks damaged or incomplete, is marked
/// `doubtful`.
pub(super) fn scan(bytes: &[u8]) -> Result<Scan, ReadError> {
    let failed = |why: String| ReadError::Failed(format!("pdf-extract: {why}"));
    let mut document = catch_unwind(|| Document::load_mem(bytes))
        .map_err(|_| failed("broke on the file's structure".to_owned()))?
        .map_err(|error| match error {
            Error::Decryption(DecryptionError::IncorrectPassword) => locked(),
            error => failed(error.to_string()),
        })?;
    if document.is_encrypted() {
        match catch_unwind(AssertUnwindSafe(|| document.decrypt(""))) {
            Ok(Ok(())) => {}
            Ok(Err(Error::Decryption(DecryptionError::IncorrectPassword))) => return Err(locked()),
            Ok(Err(error)) => return Err(failed(error.to_string())),
            Err(_) => return Err(failed("broke while decrypting".to_owned())),
        }
    }
    lighten(&mut document);
    let looped = straighten(&mut document);
    let numbers = document.get_pages();
    if numbers.is_empty() {
        return Err(failed("no pages".to_owned()));
    }
    let (numbers, ids): (Vec<_>, Vec<_>) = numbers.into_iter().take(PAGES).unzip();
    let drawn = bundle::draw(&mut document, &ids);
    let mut pages = Vec::new();
    for ((number, id), drawn) in numbers.into_iter().zip(ids).zip(drawn) {
        let Drawn { lines, broke, fontless } = drawn;
        // A scan: the other reader would unpack its pictures and find no text either.
        let wants_text = !(fontless && lines.is_empty());
        let doubtful =
            (wants_text && (broke || looks_damaged(&lines))) || has_fields(&document, id);
        pages.push(Page { number, lines, doubtful });
    }
    if looped {
        // The other reader would walk in circles.
        pages.iter_mut().for_each(|page| page.doubtful = false);
    }
    Ok(Scan { pages, properties: information(&document) })
}

/// Makes a page tree that holds itself a plain list of its pages. Says whether it did.
fn straighten(document: &mut Document) -> bool {
    let root = document.catalog().and_then(|c| c.get(b"Pages")).and_then(Object::as_reference);
    let Ok(root) = root else { return false };
    let (mut todo, mut seen, mut pages, mut looped) = (vec![root], BTreeSet::new(), vec![], false);
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            looped = true;
            continue;
        }
        let Ok(node) = document.get_dictionary(id) else { continue };
        let kids = node
            .get(b"Kids")
            .and_then(|kids| document.dereference(kids))
            .and_then(|(_, kids)| kids.as_array());
        match kids {
            Ok(kids) => todo.extend(kids.iter().rev().filter_map(|kid| kid.as_reference().ok())),
            Err(_) => pages.push(Object::Reference(id)),
        }
    }
    if looped && let Ok(node) = document.get_object_mut(root).and_then(Object::as_dict_mut) {
        node.set("Count", pages.len() as i64);
        node.set("Kids", pages);
    }
    looped
}

fn locked() -> ReadError {
    ReadError::Encrypted("the PDF needs a password".to_owned())
}

/// Form fields and typed notes have text that pdf-extract does not draw.
fn has_fields(document: &Document, page: (u32, u16)) -> bool {
    let dictionary = |object: &Object| -> Option<Dictionary> {
        document.dereference(object).ok()?.1.as_dict().ok().cloned()
    };
    let annotations = document.get_dictionary(page).ok().and_then(|page| {
        let object = page.get(b"Annots").ok()?;
        document.dereference(object).ok()?.1.as_array().ok()
    });
    annotations.into_iter().flatten().take(2000).any(|annotation| {
        dictionary(annotation).is_some_and(|annotation| {
            let subtype = annotation.get(b"Subtype").and_then(Object::as_name);
            annotation.has(b"AP") && matches!(subtype, Ok(b"Widget" | b"FreeText" | b"Stamp"))
        })
    })
}

/// Few words, letters without meaning, or words that are not split or split too much.
fn looks_damaged(lines: &[Line]) -> bool {
    let (mut letters, mut junk, mut words, mut single, mut long) = (0, 0, 0, 0, 0);
    let (mut plain_letters, mut plain_words) = (0, 0);
    for line in lines {
        for word in line.text.split_whitespace() {
            let length = word.chars().filter(|c| c.is_alphabetic()).count();
            junk += word.chars().filter(|c| is_junk(*c)).count();
            letters += length;
            words += 1;
            if word.is_ascii() {
                plain_letters += length;
                plain_words += 1;
            }
            single += usize::from(length == 1 && word.is_ascii());
            long += usize::from(length > 30 && word.is_ascii() && !word.contains(['/', '.', '@']));
        }
    }
    words < 12
        || junk * 50 > letters
        || single * 4 > words
        || long * 20 > words
        || plain_letters > 10 * plain_words
}

fn is_junk(c: char) -> bool {
    c == '\u{fffd}' || c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// The information dictionary. Dates become `YYYY-MM-DD`.
fn information(document: &Document) -> Properties {
    let mut properties = Properties::new();
    let info = document
        .trailer
        .get(b"Info")
        .and_then(|info| document.dereference(info))
        .and_then(|(_, info)| info.as_dict());
    let Ok(info) = info else { return properties };
    for (name, key) in [
        (&b"Title"[..], "title"),
        (b"Author", "author"),
        (b"Subject", "subject"),
        (b"Keywords", "keywords"),
        (b"CreationDate", "created"),
        (b"ModDate", "modified"),
    ] {
        let text = info
            .get(name)
            .and_then(|value| document.dereference(value))
            .and_then(|(_, value)| decode_text_string(value));
        if let Ok(text) = text {
            let text = squash_whitespace(&text);
            let text = if name.ends_with(b"Date") { day(&text).unwrap_or(text) } else { text };
            properties.insert(key.to_owned(), text);
        }
    }
    properties
}

/// `D:20250131…` as `2025-01-31`.
fn day(text: &str) -> Option<String> {
    let digits = text.strip_prefix("D:")?.get(..8)?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}

/// Puts glyphs into lines in the order in which the page draws them.
#[derive(Default)]
pub(super) struct Collector {
    top: f64,
    height: f64,
    lines: Vec<Line>,
    text: String,
    start: Pen,
    /// Behind the last glyph.
    end: Pen,
    /// The next glyph is the first of a string, which may stand anywhere.
    fresh: bool,
}

/// A place along and across the direction of writing, in points.
#[derive(Debug, Default, Clone, Copy)]
struct Pen {
    along: f64,
    across: f64,
    direction: (f64, f64),
    size: f64,
    /// Vertical place on the page.
    y: f64,
}

/// A gap of this share of the font size is a blank.
const BLANK: f64 = 0.1;

impl Collector {
    fn place(&mut self, pen: Pen) {
        if self.text.is_empty() {
            self.start = pen;
            return;
        }
        let size = pen.size.max(self.end.size);
        let turned = (pen.direction.0 - self.end.direction.0).abs()
            + (pen.direction.1 - self.end.direction.1).abs()
            > 0.1;
        let drop = (pen.across - self.end.across).abs();
        let gap = pen.along - self.end.along;
        if turned
            || drop > 0.8 * size
            || (drop > 0.3 * size && gap < -0.5 * size)
            || gap < -1.5 * size
        {
            self.end_line();
            self.start = pen;
        } else if gap > BLANK * pen.size {
            self.text.push(' ');
        }
    }

    fn end_line(&mut self) {
        let text = squash_whitespace(&std::mem::take(&mut self.text));
        if text.is_empty() {
            return;
        }
        let line = Line {
            text,
            size: self.start.size as f32,
            left: self.start.along as f32,
            right: self.end.along as f32,
            baseline: self.start.across as f32,
            depth: ((self.top - self.start.y) / self.height) as f32,
        };
        // Bold type is sometimes the same text drawn twice.
        let twice = self.lines.iter().rev().take(3).any(|other| {
            other.text == line.text
                && (other.left - line.left).abs() < 0.3 * line.size
                && (other.baseline - line.baseline).abs() < 0.3 * line.size
                && (other.depth - line.depth).abs() < 0.01
        });
        if !twice {
            self.lines.push(line);
        }
    }

    pub fn into_lines(mut self) -> Vec<Line> {
        self.end_line();
        self.lines
    }
}

impl OutputDev for Collector {
    fn begin_page(
        &mut self,
        _: u32,
        media: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.top = media.ury;
        self.height = (media.ury - media.lly).abs().max(1.0);
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        matrix: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let stretch = matrix.m11.hypot(matrix.m12);
        let area = (matrix.m11 * matrix.m22 - matrix.m12 * matrix.m21).abs().sqrt();
        let direction =
            if stretch > 0.0 { (matrix.m11 / stretch, matrix.m12 / stretch) } else { (1.0, 0.0) };
        let size = (font_size * area).abs();
        let size = if size.is_finite() && size > 0.0 { size } else { 10.0 };
        let (x, y) = (matrix.m31, matrix.m32);
        let pen = Pen {
            along: x * direction.0 + y * direction.1,
            across: y * direction.0 - x * direction.1,
            direction,
            size,
            y,
        };
        if self.fresh || self.text.is_empty() {
            self.place(pen);
        }
        self.fresh = false;
        self.text.push_str(text);
        let advance = width * font_size * stretch;
        let advance = if advance.is_finite() { advance.abs() } else { 0.5 * size };
        self.end = Pen { along: pen.along + advance, ..pen };
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.fresh = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// The lines of a page of these glyphs.
#[cfg(fuzzing)]
pub(super) fn lines_of(glyphs: &[crate::extract::fuzzing::Glyph]) -> Vec<Line> {
    let mut collector = Collector::default();
    let media = MediaBox { llx: 0.0, lly: 0.0, urx: 595.0, ury: 842.0 };
    let _ = collector.begin_page(1, &media, None);
    for glyph in glyphs {
        if glyph.first {
            let _ = collector.begin_word();
        }
        let [a, b, c, d, x, y] = glyph.matrix;
        let matrix = Transform::row_major(a, b, c, d, x, y);
        let _ = collector.output_character(&matrix, glyph.width, 0.0, glyph.size, &glyph.text);
    }
    let mut lines = collector.into_lines();
    // The other reader gives no places.
    if looks_damaged(&lines) && glyphs.len().is_multiple_of(2) {
        lines = lines.iter().map(|line| Line::unplaced(&line.text, line.depth)).collect();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days() {
        assert_eq!(day("D:20250131120000+01'00'").as_deref(), Some("2025-01-31"));
        assert_eq!(day("yesterday"), None);
    }

    #[test]
    fn glyphs_become_lines() {
        let mut collector = Collector::default();
        let media = MediaBox { llx: 0.0, lly: 0.0, urx: 600.0, ury: 800.0 };
        collector.begin_page(1, &media, None).unwrap();
        let mut word = |x: f64, y: f64, text: &str| {
            collector.begin_word().unwrap();
            for (n, c) in text.chars().enumerate() {
                let at = Transform::row_major(1.0, 0.0, 0.0, 1.0, x + 5.0 * n as f64, y);
                collector.output_character(&at, 0.5, 0.0, 10.0, &c.to_string()).unwrap();
            }
        };
        word(50.0, 700.0, "Access");
        word(84.0, 700.0, "rights");
        word(114.0, 703.0, "1");
        word(50.0, 688.0, "next line");
        word(50.2, 688.0, "next line");
        let lines = collector.into_lines();
        let texts: Vec<_> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["Access rights1", "next line"]);
        assert!((lines[0].depth - 0.125).abs() < 0.001);
    }
}
