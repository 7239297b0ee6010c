//! The one list of readers: which are tried for a format, and in which order.

use super::{
    Reader,
    archive::Zip,
    csv::Csv,
    html::Html,
    mail::Mail,
    markdown::Markdown,
    office::{Doc, Docx, Msg, Odp, Odt, Ppt, Pptx, Rtf, Sheets},
    pdf::{Pdf, PdfByPosition},
    sniff::Format,
    text::Text,
};

/// The readers of a format. A later one is tried only where those before it failed. Empty: there is
/// no reader.
pub(super) fn chain(format: Format) -> &'static [&'static dyn Reader] {
    match format {
        Format::Pdf => &[&Pdf, &PdfByPosition],
        Format::Html => &[&Html, &Text],
        Format::Mail => &[&Mail, &Text],
        Format::Markdown => &[&Markdown, &Text],
        Format::Csv => &[&Csv, &Text],
        Format::Text => &[&Text],
        Format::Zip => &[&Zip],
        Format::Docx => &[&Docx],
        Format::Pptx => &[&Pptx],
        Format::Sheet => &[&Sheets],
        Format::Odt => &[&Odt],
        Format::Odp => &[&Odp],
        Format::Doc => &[&Doc],
        Format::Ppt => &[&Ppt],
        Format::Msg => &[&Msg],
        Format::Rtf => &[&Rtf],
        Format::Empty | Format::Encrypted | Format::Image | Format::Unknown => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_within_a_chain() {
        for format in [Format::Pdf, Format::Html, Format::Mail, Format::Markdown, Format::Csv] {
            let mut names: Vec<_> = chain(format).iter().map(|r| r.name()).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert!(all > 1 && names.len() == all, "{format:?}");
        }
    }
}
