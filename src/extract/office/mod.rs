//! Office files: Word, PowerPoint, Excel and their OpenDocument and binary siblings.
//!
//! All zip-based formats go through [`package`] (one budget for what is unpacked) and [`xml`]
//! (flat events, no recursion, no entities); flowing texts through [`flow`] (paragraph numbers,
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
