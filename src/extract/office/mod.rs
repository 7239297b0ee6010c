//! Office files: Word, PowerPoint, Excel and their OpenDocument and binary siblings.
//!
//! All zip-based formats go through `package` (one budget for what is unpacked) and `xml`
//! (flat events, no recursion, no entities); flowing texts through `flow` (paragraph numbers,
//! headings, table rows). Nothing outside of the file is ever read.

mod docx;
mod flow;
mod legacy;
mod msg;
mod odf;
mod ole;
mod package;
mod pptx;
mod properties;
mod rtf;
mod sheets;
mod xml;

#[cfg(test)]
mod test_zip;

pub use docx::Docx;
pub use legacy::{Doc, Ppt};
pub use msg::{Attachment, Msg, attachments};
pub use odf::{Odp, Odt};
pub use pptx::Pptx;
pub use rtf::Rtf;
pub use sheets::Sheets;

use super::{Input, Reader};

/// The reader for an office file by its content alone, whatever its name says. An encrypted OOXML
/// file goes to [`Docx`], which says so. `None` for what is no office file.
pub fn sniff(input: Input<'_>) -> Option<&'static dyn Reader> {
    if ole::is_compound(input.bytes) {
        let compound = ole::open(input.bytes).ok()?;
        let has = |name: &str| compound.has_root_entry(name);
        return if ole::is_encrypted_package(&compound) {
            Some(&Docx)
        } else if has("WordDocument") {
            Some(&Doc)
        } else if has("Workbook") || has("Book") {
            Some(&Sheets)
        } else if has("PowerPoint Document") {
            Some(&Ppt)
        } else if has("__properties_version1.0") {
            Some(&Msg)
        } else {
            None
        };
    }
    if input.bytes.starts_with(b"PK") {
        let mut package = package::Package::open(&input).ok()?;
        if package.has("content.xml") {
            let kind = package.optional("mimetype").unwrap_or_default();
            return match kind.trim().strip_prefix("application/vnd.oasis.opendocument.")? {
                kind if kind.starts_with("text") => Some(&Odt),
                kind if kind.starts_with("presentation") => Some(&Odp),
                kind if kind.starts_with("spreadsheet") => Some(&Sheets),
                _ => None,
            };
        }
        let under = |folder: &str| package.names().any(|name| name.starts_with(folder));
        return if under("word/") {
            Some(&Docx)
        } else if under("ppt/") {
            Some(&Pptx)
        } else if under("xl/") {
            Some(&Sheets)
        } else {
            None
        };
    }
    if input.bytes.starts_with(b"{\\rtf") {
        return Some(&Rtf);
    }
    legacy::is_word2(input.bytes).then_some(&Doc as &dyn Reader)
}

#[cfg(test)]
mod tests;
