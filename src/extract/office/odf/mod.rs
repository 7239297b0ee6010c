//! OpenDocument: texts (odt), presentations (odp) and, for [`Sheets`](super::Sheets), ods.

mod cells;
mod meta;
mod slides;
mod styles;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::{styles::Styles, text::Walk};
use super::{
    flow::push_clean,
    package::{PASSWORD_HELP, Package},
    xml::{Node, Nodes, local, local_end},
};
use crate::{
    diag::Diagnostic,
    domain::{Block, BlockKind, HeadingPath, Locator},
    extract::{Content, Input, ReadError, Reader},
};

/// Reads odt and ott: paragraphs counted as in [`Docx`](super::Docx), then headers and footers,
/// notes and comments by part.
#[derive(Debug, Clone, Copy)]
pub struct Odt;

impl Reader for Odt {
    fn name(&self) -> &'static str {
        "odt"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let mut package = Package::open(&input)?;
        let xml = content(&mut package)?;
        let styles_xml = package.optional("styles.xml").unwrap_or_default();
        let mut styles = Styles::default();
        styles.add(&styles_xml);
        styles.add(&xml);

        let mut out = Content::default();
        let mut body = Walk::new(&styles, input.limits);
        body.run(&xml);
        if let Some(damage) = &body.damage {
            if body.flow.len() == 0 {
                return Err(ReadError::Failed(format!("content.xml is damaged: {damage}")));
            }
            out.diagnostics.push(xml_damaged(damage));
        }
        if body.changes > 0 {
            let message = format!(
                "{} tracked changes: inserted text is read, deleted text is not",
                body.changes
            );
            out.diagnostics.push(
                Diagnostic::note("tracked-changes", message)
                    .help("accept or reject them before the document counts as approved"),
            );
        }
        let notes = std::mem::take(&mut body.notes);
        out.blocks = body.flow.finish(&mut out.diagnostics);

        let mut margins = Walk::new(&styles, input.limits).margins();
        margins.run(&styles_xml);
        let kinds = std::mem::take(&mut margins.margin_kinds);
        let mut seen = BTreeSet::new();
        for (kind, block) in kinds.into_iter().zip(margins.flow.finish(&mut out.diagnostics)) {
            let part = if kind == BlockKind::Header { "header" } else { "footer" };
            if seen.insert((part, block.text.clone())) {
                let locator = Locator::part(part);
                out.blocks.push(Block { kind, locator, heading: HeadingPath::default(), ..block });
            }
        }
        out.blocks.extend(notes);
        out.properties = meta::read(&mut package);
        Ok(out)
    }
}

/// Reads odp: slides as in [`Pptx`](super::Pptx).
#[derive(Debug, Clone, Copy)]
pub struct Odp;

impl Reader for Odp {
    fn name(&self) -> &'static str {
        "odp"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let mut package = Package::open(&input)?;
        let xml = content(&mut package)?;
        let mut out = slides::read(&xml, input.limits)?;
        out.properties = meta::read(&mut package);
        Ok(out)
    }
}

/// Reads an ods workbook.
pub(super) fn sheets(package: &mut Package<'_>, input: &Input<'_>) -> Result<Content, ReadError> {
    let xml = content(package)?;
    let mut out = cells::read(&xml, input.limits)?;
    out.properties = meta::read(package);
    Ok(out)
}

/// `content.xml`, unless the manifest says that it is encrypted.
fn content(package: &mut Package<'_>) -> Result<String, ReadError> {
    if let Some(manifest) = package.optional("META-INF/manifest.xml") {
        let mut nodes = Nodes::new(&manifest);
        while let Some(node) = nodes.next() {
            if matches!(&node, Node::Open(e) if local(e) == "encryption-data") {
                return Err(ReadError::Encrypted(PASSWORD_HELP.into()));
            }
        }
    }
    package
        .part("content.xml")?
        .ok_or_else(|| ReadError::Failed("no content.xml: this is no OpenDocument file".into()))
}

fn xml_damaged(damage: &str) -> Diagnostic {
    Diagnostic::warning("xml-damaged", format!("content.xml is damaged: {damage}"))
        .help("what stands before the damage was read; save the file anew")
}

/// A note or an annotation whose element was just opened: who wrote it, and its paragraphs.
fn aside(nodes: &mut Nodes<'_>) -> (Option<String>, String) {
    let (mut author, mut text) = (None, String::new());
    let mut depth = 1_usize;
    let mut paragraphs = 0_usize;
    while depth > 0 {
        match nodes.next() {
            Some(Node::Open(e)) => match local(&e) {
                "creator" => {
                    author = Some(nodes.text().into_owned()).filter(|a| !a.trim().is_empty())
                }
                "date" | "date-string" | "note-citation" | "creator-initials" => nodes.skip(),
                name => {
                    match name {
                        "p" | "h" => paragraphs += 1,
                        "s" | "tab" => text.push(' '),
                        "line-break" => text.push('\n'),
                        _ => {}
                    }
                    depth += 1;
                }
            },
            Some(Node::Close(e)) => {
                depth -= 1;
                if matches!(local_end(&e), "p" | "h") {
                    paragraphs = paragraphs.saturating_sub(1);
                    text.push('\n');
                }
            }
            Some(Node::Text(t)) if paragraphs > 0 => push_clean(&mut text, &t),
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    (author, text.trim().to_owned())
}
