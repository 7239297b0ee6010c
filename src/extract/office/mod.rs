//! Office files: Word, PowerPoint, Excel and their OpenDocument and binary siblings.
//!
//! All zip-based formats go through [`package`] (one budget for what is unpacked) and [`xml`]
//! (flat events, no recursion, no entities); flowing texts through [`flow`] (paragraph numbers,
//! headings, table rows). Nothing outside of the file is ever read.

mod docx;
mod flow;
mod ole;
mod package;
mod pptx;
mod properties;
mod xml;

#[cfg(test)]
mod test_zip;

pub use docx::Docx;
pub use pptx::Pptx;
