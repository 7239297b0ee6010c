//! What reading a source file gives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{HeadingPath, Locator};
use crate::diag::Diagnostic;

/// How reading a file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtractStatus {
    /// There is text.
    Ok,
    /// The file is sound and holds no text, for example a scan.
    NoText,
    /// A password is needed.
    Encrypted,
    /// No reader for this kind of file.
    Unsupported,
    /// Damaged, or over a limit.
    Failed,
}

impl ExtractStatus {
    /// The word used in JSON and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NoText => "no-text",
            Self::Encrypted => "encrypted",
            Self::Unsupported => "unsupported",
            Self::Failed => "failed",
        }
    }
}

/// What a piece of text is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    Body,
    Heading,
    /// A table row: cells joined by one blank.
    Row,
    Header,
    Footer,
    /// A footnote, endnote or speaker's note.
    Note,
    Comment,
}

/// What a reader of a text should know about how it was come by. Shown beside every quote.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(default)]
pub struct Marks {
    /// Recognised from a picture by OCR: letters may be wrong.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ocr: bool,
    /// Hidden in the file (row, column, sheet, slide or text): a person who opens it doesn't see it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Marks {
    /// Whether there is nothing to know.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A run of text with its place. `text` is verbatim: a substring of the source up to white space
/// and NFKC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub kind: BlockKind,
    pub locator: Locator,
    /// The headings above, outermost first. A heading's own text is in `text`, not here.
    pub heading: HeadingPath,
    pub text: String,
    #[serde(default, skip_serializing_if = "Marks::is_plain")]
    pub marks: Marks,
}

impl Block {
    /// A block without marks.
    pub fn new(
        kind: BlockKind,
        locator: Locator,
        heading: impl Into<HeadingPath>,
        text: String,
    ) -> Self {
        Self { kind, locator, heading: heading.into(), text, marks: Marks::default() }
    }
}

/// Named facts about a file, as they stand in it. Keys used by later stages: `title`, `author`,
/// `created`, `modified`, `generator`, `last_modified_by`, `subject`, `keywords`, `from`, `to`, `date` (mail),
/// and document-control labels as found in tables, headers and footers (`version`, `status`,
/// `owner`, `approved_by`, `approved_on`, `effective_on`, `reviewed_on`, `next_review_on`, `review_date`
/// (last or next: the document does not say),
/// `classification`, `document_id`).
pub type Properties = BTreeMap<String, String>;

/// One line of `evimap extract`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// As given or found, relative to the source root where there is one.
    pub path: String,
    /// SHA-256 of the content, lower-case hex; empty if the file could not be opened.
    pub hash: String,
    pub status: ExtractStatus,
    pub diagnostics: Vec<Diagnostic>,
    pub properties: Properties,
    pub blocks: Vec<Block>,
}

impl Extracted {
    /// Lets neighbouring blocks and their locators share equal headings, which each of them has by
    /// itself when it was read from JSON.
    pub fn share_headings(&mut self) {
        let mut last = HeadingPath::default();
        for block in &mut self.blocks {
            block.heading.share(&last);
            last = block.heading.clone();
            block.locator.share_heading(&last);
        }
    }
}
