//! Doors for the fuzz targets in `fuzz/`: compiled for them only.

use super::{Limits, control, pdf, read::read_as, sniff};
use crate::domain::{Block, Extracted, Properties};
use sniff::Format;

/// Reads bytes by the readers of one format, whatever the bytes look like. `extension` names the
/// format; `None` if there is none of that name.
pub fn read(extension: &str, bytes: &[u8]) -> Option<Extracted> {
    let format = match extension {
        "rtf" => Format::Rtf,
        "doc" => Format::Doc,
        "ppt" => Format::Ppt,
        "msg" => Format::Msg,
        "docx" => Format::Docx,
        "pptx" => Format::Pptx,
        "odt" => Format::Odt,
        "odp" => Format::Odp,
        "xlsx" | "ods" => Format::Sheet,
        "pdf" => Format::Pdf,
        "csv" => Format::Csv,
        "html" => Format::Html,
        "md" => Format::Markdown,
        "txt" => Format::Text,
        "eml" => Format::Mail,
        "zip" => Format::Zip,
        _ => return None,
    };
    Some(read_as(format, &format!("a.{extension}"), bytes, &limits()))
}

/// Reads bytes by what they look like, as a run does.
pub fn read_any(name: &str, bytes: &[u8]) -> Extracted {
    read_as(sniff::sniff(name, bytes), name, bytes, &limits())
}

/// Limits that an input of 64 KiB can reach, so that the code behind them runs too.
fn limits() -> Limits {
    Limits { text_bytes: 256 << 10, unpacked_bytes: 4 << 20, ..Limits::default() }
}

/// The document-control facts in blocks.
pub fn control(blocks: &[Block]) -> Properties {
    let mut properties = Properties::new();
    control::control_properties(blocks, &mut properties);
    properties
}

/// A character as a PDF draws it.
#[derive(Debug, Clone)]
pub struct Glyph {
    /// Text matrix: a, b, c, d, and where it stands.
    pub matrix: [f64; 6],
    /// Share of the font size that it takes along the line.
    pub width: f64,
    /// In points, before the matrix.
    pub size: f64,
    pub text: String,
    /// Begins a string of the content stream.
    pub first: bool,
}

/// The blocks of a PDF whose pages draw these glyphs.
pub fn pdf_blocks(pages: &[Vec<Glyph>]) -> Vec<Block> {
    pdf::blocks_of(pages)
}
