//! Plain text: a block a paragraph.

use super::{
    Content, Input, ReadError, Reader,
    builder::{Builder, Lines},
    decode,
};
use crate::{
    diag::Diagnostic,
    domain::{BlockKind, Locator},
};

pub(super) struct Text;

impl Reader for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let (text, diagnostics) = decoded(input)?;
        let mut builder = Builder::default();
        for (first, last, paragraph) in paragraphs(&text) {
            builder.push(BlockKind::Body, Locator::lines(first, last), paragraph);
        }
        Ok(Content { blocks: builder.into_blocks(), diagnostics, ..Content::default() })
    }
}

/// The text of a file that should be text, with a note if bytes were lost.
///
/// # Errors
/// It is no text: more than a tenth of it are control characters.
pub(super) fn decoded(input: Input<'_>) -> Result<(String, Vec<Diagnostic>), ReadError> {
    let decoded = decode::decode(input.bytes);
    if decode::junk_share(&decoded.text) > 0.1 {
        return Err(ReadError::Failed("the content is binary, not text".to_owned()));
    }
    let mut diagnostics = Vec::new();
    if decoded.lossy {
        let message = format!("some bytes are not valid {}", decoded.encoding);
        diagnostics
            .push(Diagnostic::warning("text-encoding", message).help("save the file as UTF-8"));
    }
    Ok((decoded.text, diagnostics))
}

/// First line, last line and text of each run of lines that are not blank.
pub(super) fn paragraphs(text: &str) -> Vec<(u32, u32, &str)> {
    let index = Lines::of(text);
    let mut out = Vec::new();
    let mut start: Option<usize> = None;
    let mut offset = 0;
    let mut close = |start: &mut Option<usize>, end: usize| {
        if let Some(from) = start.take() {
            out.push((index.at(from), index.at(end.saturating_sub(1).max(from)), &text[from..end]));
        }
    };
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            close(&mut start, offset);
        } else if start.is_none() {
            start = Some(offset);
        }
        offset += line.len();
    }
    close(&mut start, text.len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;

    #[test]
    fn paragraphs_have_their_lines() {
        let limits = Limits::default();
        let bytes = b"\none\ntwo\n\n  \nthree";
        let content = Text.read(Input { name: "a.txt", bytes, limits: &limits }).unwrap();
        let got: Vec<_> =
            content.blocks.iter().map(|b| (b.locator.line_range().unwrap(), &*b.text)).collect();
        assert_eq!(got, [((2, 3), "one\ntwo"), ((6, 6), "three")]);
    }

    #[test]
    fn binary_is_refused() {
        let limits = Limits::default();
        let bytes: Vec<u8> = (0..=255).collect();
        assert!(Text.read(Input { name: "a.txt", bytes: &bytes, limits: &limits }).is_err());
    }
}
