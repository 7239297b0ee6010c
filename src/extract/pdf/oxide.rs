//! The second PDF reader: pdf_oxide. Slower and more robust; it also reads form fields.

use pdf_oxide::PdfDocument;

use super::{Line, Page, Scan, glyphs::PAGES};
use crate::{domain::Properties, extract::ReadError};

/// So many bad pages in a row mean that the page count is false.
const BAD_PAGES: usize = 20;

/// A document that pages are taken from as needed.
pub(super) struct Oxide {
    document: PdfDocument,
    /// More pages than this don't fit into the file, whatever it says.
    most_pages: usize,
}

impl Oxide {
    pub fn open(bytes: &[u8]) -> Result<Self, ReadError> {
        let document = PdfDocument::from_bytes(bytes.to_vec())
            .map_err(|error| ReadError::Failed(format!("pdf_oxide: {error}")))?;
        if document.is_encrypted() && !document.is_authenticated() {
            return Err(ReadError::Encrypted("the PDF needs a password".to_owned()));
        }
        Ok(Self { document, most_pages: (bytes.len() / 16 + 1).min(PAGES) })
    }

    /// The lines of a page (from 1); an empty line ends a paragraph. `None` if it can't be read.
    pub fn page(&self, number: u32) -> Option<Vec<Line>> {
        let text = self.document.extract_text(number.checked_sub(1)? as usize).ok()?;
        let all: Vec<&str> = text.lines().map(str::trim).collect();
        let count = all.len().max(1) as f32;
        let line = |(n, text): (usize, &&str)| Line::unplaced(text, n as f32 / count);
        Some(all.iter().enumerate().map(line).collect())
    }

    /// All pages.
    pub fn scan(&self) -> Result<Scan, ReadError> {
        let count = self
            .document
            .page_count()
            .map_err(|error| ReadError::Failed(format!("pdf_oxide: {error}")))?;
        let (mut pages, mut bad) = (Vec::new(), 0);
        for number in 1..=u32::try_from(count.min(self.most_pages)).unwrap_or(0) {
            let lines = self.page(number);
            bad = if lines.is_some() { 0 } else { bad + 1 };
            if bad > BAD_PAGES {
                break;
            }
            pages.push(Page {
                number,
                doubtful: lines.is_none(),
                lines: lines.unwrap_or_default(),
            });
        }
        if pages.is_empty() || pages.iter().all(|page| page.doubtful) {
            return Err(ReadError::Failed("pdf_oxide: no page can be read".to_owned()));
        }
        Ok(Scan { pages, properties: Properties::new() })
    }
}
