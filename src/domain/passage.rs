//! A citable piece of a document.

use std::{ops::Range, sync::Arc};

use super::{BlockKind, HeadingPath, Language, Locator, Marks};

/// A stretch of a passage's text that came from one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Byte range in the passage's text.
    pub range: Range<usize>,
    pub locator: Locator,
}

/// A citable piece of a document: whole sentences or one table row, with its place and headings.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Path of the document, relative to its source root; shared by its passages.
    pub document: Arc<str>,
    /// Position within the document, from 0.
    pub ordinal: u32,
    pub kind: BlockKind,
    pub heading: HeadingPath,
    /// Header row of the table that a row stands in; empty for anything else. Helps matching,
    /// never enters a quote.
    pub table_header: Arc<str>,
    /// True for the first row of a table of at least three.
    pub header_row: bool,
    /// The same for all of its text.
    pub marks: Marks,
    /// Whose words it is read by.
    pub language: Language,
    locator: Locator,
    text: Box<str>,
    /// Empty where the whole text came from one block.
    parts: Box<[Part]>,
}

impl Passage {
    /// Builds a passage from adjoining parts. `None` without parts or text, or if the parts don't
    /// lie in the text, or if no single locator covers them.
    pub fn new(
        document: Arc<str>,
        ordinal: u32,
        kind: BlockKind,
        heading: impl Into<HeadingPath>,
        text: String,
        parts: Vec<Part>,
    ) -> Option<Self> {
        let mut locators = parts.iter().map(|part| &part.locator);
        let mut locator = locators.next()?.clone();
        for next in locators {
            locator = locator.join(next)?;
        }
        let sound = parts.iter().all(|part| text.get(part.range.clone()).is_some());
        // A collection holds very many of them, for as long as it is worked on.
        let parts = match parts.as_slice() {
            [only] if only.range == (0..text.len()) => Box::default(),
            _ => parts.into_boxed_slice(),
        };
        (sound && !text.trim().is_empty()).then_some(Self {
            document,
            ordinal,
            kind,
            heading: heading.into(),
            table_header: Arc::default(),
            header_row: false,
            marks: Marks::default(),
            language: Language::default(),
            locator,
            text: text.into_boxed_str(),
            parts,
        })
    }

    /// The verbatim text; parts are separated by a line break.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of the whole passage.
    pub fn locator(&self) -> &Locator {
        &self.locator
    }

    /// The place of a byte range of the text: the parts that it touches.
    pub fn locate(&self, range: &Range<usize>) -> Locator {
        let mut touched =
            self.parts.iter().filter(|p| p.range.start < range.end && range.start < p.range.end);
        let Some(first) = touched.next() else { return self.locator.clone() };
        touched
            .try_fold(first.locator.clone(), |place, part| place.join(&part.locator))
            .unwrap_or_else(|| self.locator.clone())
    }
}
