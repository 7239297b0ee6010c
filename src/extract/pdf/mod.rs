//! PDF. pdf-extract reads first; pdf_oxide reads a page again where that looks damaged or thin, and
//! the better text of the two is kept. Measured on the development corpus: each alone loses whole
//! pages or columns that the other has.

mod bundle;
mod drawing;
mod glyphs;
mod layout;
mod oxide;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{Content, Input, ReadError, Reader, ocr};
use crate::{
    diag::Diagnostic,
    domain::{Block, Properties},
};
use oxide::Oxide;

/// A page with fewer words has no usable text layer: OCR, where it is on, looks at it. A stamp or a
/// page number on a scan has up to three or four.
const USABLE_WORDS: usize = 5;

/// Glyphs of pages to blocks, without a PDF around them.
#[cfg(fuzzing)]
pub(super) fn blocks_of(pages: &[Vec<super::fuzzing::Glyph>]) -> Vec<crate::domain::Block> {
    let page = |(number, glyphs): (u32, &Vec<super::fuzzing::Glyph>)| {
        let lines = glyphs::lines_of(glyphs);
        Page { number, lines, doubtful: false }
    };
    layout::blocks((1..).zip(pages).map(page).collect())
}

/// Both readers.
pub(super) struct Pdf;

/// pdf_oxide alone, for files on which a reader took the process down.
pub(super) struct PdfByPosition;

/// A line of a page.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    /// Blanks squashed. Empty: a paragraph ends here.
    text: String,
    /// Font size in points; 0 if the reader does not say, then the next three are 0 as well.
    size: f32,
    left: f32,
    right: f32,
    /// Upwards, in points.
    baseline: f32,
    /// Share of the page above the line, 0 to 1.
    depth: f32,
}

impl Line {
    fn unplaced(text: &str, depth: f32) -> Self {
        let text = crate::domain::squash_whitespace(text);
        Self { text, size: 0.0, left: 0.0, right: 0.0, baseline: 0.0, depth }
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Page {
    number: u32,
    lines: Vec<Line>,
    /// Worth a look by the other reader.
    doubtful: bool,
}

impl Page {
    fn letters(&self) -> usize {
        letters(&self.lines)
    }
}

struct Scan {
    pages: Vec<Page>,
    properties: Properties,
}

fn letters(lines: &[Line]) -> usize {
    lines.iter().flat_map(|line| line.text.chars()).filter(|c| c.is_alphanumeric()).count()
}

/// Words of usual length: what a reader that splits too much or too little has fewer of.
fn sound_words(lines: &[Line]) -> usize {
    let words = lines.iter().flat_map(|line| line.text.split_whitespace());
    let sound = words.filter(|word| {
        let length = word.chars().filter(|c| c.is_alphanumeric()).count();
        (2..=25).contains(&length) && !word.contains('\u{fffd}')
    });
    sound.count()
}

impl Reader for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        self.read_seeing(input, &mut |_| None)
    }

    fn read_seeing(
        &self,
        input: Input<'_>,
        see: &mut dyn FnMut(u32) -> Option<String>,
    ) -> Result<Content, ReadError> {
        let mut notes = Vec::new();
        let scan = match glyphs::scan(input.bytes) {
            Ok(mut scan) => {
                if scan.pages.iter().any(|page| page.doubtful) {
                    improve(&mut scan, input.bytes);
                }
                scan
            }
            Err(ReadError::Encrypted(why)) => return Err(ReadError::Encrypted(why)),
            Err(first) => {
                notes.push(Diagnostic::note("second-reader", first.to_string()));
                by_position(input.bytes, Some(&first))?
            }
        };
        Ok(content(scan, see, notes))
    }
}

impl Reader for PdfByPosition {
    fn name(&self) -> &'static str {
        "pdf-by-position"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        self.read_seeing(input, &mut |_| None)
    }

    fn read_seeing(
        &self,
        input: Input<'_>,
        see: &mut dyn FnMut(u32) -> Option<String>,
    ) -> Result<Content, ReadError> {
        Ok(content(by_position(input.bytes, None)?, see, Vec::new()))
    }
}

fn by_position(bytes: &[u8], first: Option<&ReadError>) -> Result<Scan, ReadError> {
    let result = catch_unwind(|| Oxide::open(bytes).and_then(|document| document.scan()));
    let error = match result {
        Ok(Ok(scan)) => return Ok(scan),
        Ok(Err(error)) => error,
        Err(_) => ReadError::Failed("pdf_oxide: broke on it".to_owned()),
    };
    // Neither reader gets in: then the trailer's word on encryption is the reason.
    let encrypt = b"/Encrypt";
    if bytes.windows(encrypt.len()).any(|window| window == encrypt) {
        return Err(ReadError::Encrypted("the PDF is encrypted".to_owned()));
    }
    Err(match (error, first) {
        (ReadError::Failed(second), Some(first)) => ReadError::Failed(format!("{first}; {second}")),
        (error, _) => error,
    })
}

/// Takes doubtful pages from the other reader where it has more.
fn improve(scan: &mut Scan, bytes: &[u8]) {
    let Ok(Ok(document)) = catch_unwind(|| Oxide::open(bytes)) else { return };
    for page in scan.pages.iter_mut().filter(|page| page.doubtful) {
        let other = catch_unwind(AssertUnwindSafe(|| document.page(page.number)));
        let Ok(Some(lines)) = other else { continue };
        let (ours, theirs) = (sound_words(&page.lines), sound_words(&lines));
        let clearly_more = theirs > ours + ours / 10;
        if clearly_more || (ours == 0 && letters(&lines) > page.letters()) {
            page.lines = lines;
        }
    }
}

fn content(
    mut scan: Scan,
    see: &mut dyn FnMut(u32) -> Option<String>,
    mut diagnostics: Vec<Diagnostic>,
) -> Content {
    let mut seen = BTreeSet::new();
    for page in scan.pages.iter_mut().filter(|page| sound_words(&page.lines) < USABLE_WORDS) {
        let Some(text) = see(page.number) else { continue };
        let lines = recognised_lines(&text);
        // A title page has few words and still is better read than recognised.
        if sound_words(&lines) > 2 * sound_words(&page.lines) || page.letters() == 0 {
            page.lines = lines;
            seen.insert(page.number);
        }
    }
    let count = scan.pages.len();
    let thin: Vec<String> = scan
        .pages
        .iter()
        .filter(|page| sound_words(&page.lines) < USABLE_WORDS && !seen.contains(&page.number))
        .map(|page| page.number.to_string())
        .collect();
    if scan.pages.iter().all(|page| page.letters() == 0) {
        let message = format!("none of its {count} pages holds text");
        diagnostics.push(Diagnostic::warning("pdf-no-text-layer", message).help(ocr::HELP));
    } else if !thin.is_empty() {
        let more = if thin.len() > 20 { " …" } else { "" };
        let message = format!(
            "{} of its {count} pages hold fewer than {USABLE_WORDS} words: page {}{more}",
            thin.len(),
            thin[..thin.len().min(20)].join(", ")
        );
        diagnostics.push(Diagnostic::note("pdf-empty-pages", message).help(ocr::HELP));
    }
    let blocks = mark(layout::blocks(scan.pages), &seen);
    Content { blocks, properties: scan.properties, diagnostics }
}

/// The blocks of pages whose text came from OCR.
pub(super) fn recognised(pages: Vec<(u32, String)>) -> Vec<Block> {
    let seen = pages.iter().map(|(number, _)| *number).collect();
    let page = |(number, text): (u32, String)| Page {
        number,
        lines: recognised_lines(&text),
        doubtful: false,
    };
    mark(layout::blocks(pages.into_iter().map(page).collect()), &seen)
}

/// Recognised text as lines. How large they are is not taken from OCR: it would make headings of
/// every line without a descender.
fn recognised_lines(text: &str) -> Vec<Line> {
    let all: Vec<&str> = text.lines().collect();
    let count = all.len().max(1) as f32;
    all.iter().enumerate().map(|(n, line)| Line::unplaced(line, n as f32 / count)).collect()
}

fn mark(mut blocks: Vec<Block>, seen: &BTreeSet<u32>) -> Vec<Block> {
    for block in &mut blocks {
        if block.locator.page_number().is_some_and(|page| seen.contains(&page)) {
            block.marks = ocr::MARK;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;

    /// A PDF of one page whose content stream is `content`.
    pub(super) fn pdf(content: &str) -> Vec<u8> {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
             /Resources<</Font<</F1 5 0 R>>>>>>"
                .to_owned(),
            format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
            "<</Title(Access policy)/CreationDate(D:20250131)>>".to_owned(),
        ];
        let mut out = b"%PDF-1.4\n".to_vec();
        let mut offsets = Vec::new();
        for (n, object) in objects.iter().enumerate() {
            offsets.push(out.len());
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
        }
        let xref = out.len();
        out.extend(b"xref\n0 7\n0000000000 65535 f \n");
        for offset in offsets {
            out.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        out.extend(
            format!("trailer\n<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{xref}\n%%EOF\n")
                .bytes(),
        );
        out
    }

    fn read(reader: &dyn Reader, bytes: &[u8]) -> Result<Content, ReadError> {
        reader.read(Input { name: "a.pdf", bytes, limits: &Limits::default() })
    }

    const TEXT: &str = "BT /F1 18 Tf 72 770 Td (1 Access control) Tj /F1 11 Tf 0 -40 Td \
        (Access rights are reviewed every quarter by the owner) Tj 0 -13 Td \
        (of the system and the result is recorded.) Tj ET";

    #[test]
    fn text_headings_pages_and_properties() {
        let content = read(&Pdf, &pdf(TEXT)).unwrap();
        assert_eq!(content.properties["title"], "Access policy");
        assert_eq!(content.properties["created"], "2025-01-31");
        let got: Vec<_> = content
            .blocks
            .iter()
            .map(|b| (b.kind, b.heading.join("/"), b.text.as_str(), b.locator.page_number()))
            .collect();
        use crate::domain::BlockKind::*;
        assert_eq!(
            got,
            [
                (Heading, String::new(), "1 Access control", Some(1)),
                (
                    Body,
                    "1 Access control".to_owned(),
                    "Access rights are reviewed every quarter by the owner\n\
                     of the system and the result is recorded.",
                    Some(1)
                ),
            ]
        );
    }

    #[test]
    fn both_readers_see_the_same_letters() {
        let bytes = pdf(TEXT);
        let text = |reader: &dyn Reader| {
            let blocks = read(reader, &bytes).unwrap().blocks;
            let all: String = blocks.iter().map(|b| b.text.as_str()).collect();
            crate::domain::letters_and_digits(&all)
        };
        assert_eq!(text(&Pdf), text(&PdfByPosition));
    }

    #[test]
    fn a_page_without_text_is_named_and_garbage_fails() {
        let content = read(&Pdf, &pdf("0 0 m 100 100 l S")).unwrap();
        assert_eq!(content.blocks, []);
        assert_eq!(content.diagnostics[0].code, "pdf-no-text-layer");
        assert!(matches!(read(&Pdf, b"%PDF-1.4 nothing"), Err(ReadError::Failed(_))));
    }
}
