//! Rich Text Format.

mod charset;
mod lex;
mod state;
mod walk;

pub(super) use self::charset::code_page;

#[cfg(test)]
mod tests;

use self::walk::Walk;
use crate::{
    diag::Diagnostic,
    extract::{Content, Input, ReadError, Reader},
};

/// Reads RTF; blocks as in [`Docx`](super::Docx). Deleted text is left out, numbers of lists (which
/// the format repeats as text for old programs) too.
#[derive(Debug, Clone, Copy)]
pub struct Rtf;

impl Reader for Rtf {
    fn name(&self) -> &'static str {
        "rtf"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let start = input.bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
        let bytes = &input.bytes[start..];
        if bytes.is_empty() {
            return Err(ReadError::Failed("the file is empty".into()));
        }
        if !bytes.starts_with(b"{\\rtf") {
            return Err(ReadError::Unsupported(format!(
                "{} is not RTF by its content: give it the ending of what it is",
                input.name
            )));
        }
        let mut walk = Walk::new(input.limits);
        walk.run(bytes);
        let mut content = Content { properties: walk.properties, ..Content::default() };
        content.blocks = walk.flow.finish(&mut content.diagnostics);
        content.blocks.extend(walk.asides);
        if walk.deleted > 0 {
            content.diagnostics.push(
                Diagnostic::note("tracked-changes", "deleted text is marked and was not read")
                    .help("accept or reject the changes before the document counts as approved"),
            );
        }
        if walk.hidden > 0 {
            content
                .diagnostics
                .push(Diagnostic::note("hidden-text", "hidden text is read as well"));
        }
        Ok(content)
    }
}
