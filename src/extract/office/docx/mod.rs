//! Word documents: docx, docm, dotx.

mod styles;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::{styles::Styles, walk::Walk};
use super::{package::Package, properties};
use crate::{
    diag::Diagnostic,
    domain::{Block, BlockKind, HeadingPath, Locator, Marks},
    extract::{Content, Input, Limits, ReadError, Reader},
};

pub(super) use styles::by_name as heading_by_name;

/// Reads docx, docm and dotx, transitional and strict.
///
/// Paragraphs count from 1 through the whole body, those in tables and text boxes too. Inserted
/// text counts, deleted text does not. Headers, footers, notes and comments follow the body, placed
/// by part (`header1`, `footnote 3`, `comment 2 by NAME`).
#[derive(Debug, Clone, Copy)]
pub struct Docx;

impl Reader for Docx {
    fn name(&self) -> &'static str {
        "docx"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let mut package = Package::open(&input)?;
        let main = package.main_part("word/document.xml");
        let Some(xml) = package.part(&main)? else {
            return Err(ReadError::Failed("no word/document.xml: this is no Word document".into()));
        };
        let relations = package.relations(&main);
        let of_kind = |kind: &str| -> Vec<String> {
            relations.iter().filter(|r| r.kind == kind).map(|r| r.target.clone()).collect()
        };
        let styles = of_kind("styles")
            .first()
            .and_then(|name| package.optional(name))
            .map_or_else(Styles::default, |xml| Styles::read(&xml));

        let mut out = Parts::new(&styles, input.limits);
        let mut body = Walk::new(&styles, input.limits);
        body.run(&xml);
        drop(xml);
        if let Some(damage) = &body.damage {
            if body.flow.len() == 0 {
                return Err(ReadError::Failed(format!("{main} is damaged: {damage}")));
            }
            out.content.diagnostics.push(
                Diagnostic::warning("xml-damaged", format!("{main} is damaged: {damage}"))
                    .help("what stands before the damage was read; save the file anew"),
            );
        }
        out.tally(&body);
        let references = std::mem::take(&mut body.references);
        out.content.blocks = body.flow.finish(&mut out.content.diagnostics);

        for (kind, block_kind) in [("header", BlockKind::Header), ("footer", BlockKind::Footer)] {
            let mut names = of_kind(kind);
            names.sort_by_key(|name| (name.len(), name.clone()));
            names.dedup();
            for name in names {
                if let Some(xml) = package.optional(&name) {
                    out.header(block_kind, &name, &xml);
                }
            }
        }
        for (kind, part) in
            [("footnote", "footnotes"), ("endnote", "endnotes"), ("comment", "comments")]
        {
            for name in of_kind(part) {
                if let Some(xml) = package.optional(&name) {
                    out.notes(kind, &xml, &references);
                }
            }
        }
        let mut content = out.finish();
        content.properties = properties::read(&mut package);
        Ok(content)
    }
}

/// The parts of a document as they are put together.
struct Parts<'a> {
    styles: &'a Styles,
    limits: &'a Limits,
    content: Content,
    seen: BTreeSet<String>,
    changes: usize,
    hidden: usize,
}

impl<'a> Parts<'a> {
    fn new(styles: &'a Styles, limits: &'a Limits) -> Self {
        let content = Content::default();
        Self { styles, limits, content, seen: BTreeSet::new(), changes: 0, hidden: 0 }
    }

    fn tally(&mut self, walk: &Walk<'_>) {
        self.changes += walk.changes;
        self.hidden += walk.hidden;
    }

    /// A header or footer part: a block a paragraph or row, each text once over all such parts.
    fn header(&mut self, kind: BlockKind, name: &str, xml: &str) {
        let mut walk = Walk::new(self.styles, self.limits).without_page_numbers();
        walk.run(xml);
        self.tally(&walk);
        let part = name.rsplit('/').next().unwrap_or(name);
        let part = part.rsplit_once('.').map_or(part, |(stem, _)| stem);
        for block in walk.flow.finish(&mut self.content.diagnostics) {
            if self.seen.insert(format!("{kind:?} {}", block.text)) {
                self.content.blocks.push(Block {
                    kind,
                    locator: Locator::part(part),
                    heading: HeadingPath::default(),
                    ..block
                });
            }
        }
    }

    /// Footnotes, endnotes or comments: a block each, in the order in which the text refers to
    /// them (comments in the order of their part), the unreferred ones last.
    fn notes(&mut self, kind: &'static str, xml: &str, references: &[walk::Reference]) {
        let mut walk = Walk::new(self.styles, self.limits);
        walk.run(xml);
        self.tally(&walk);
        let sections = std::mem::take(&mut walk.sections);
        // Sections hold indices in reading order, which is the order of finished blocks as long as
        // no text box is inside: only then may two blocks of one note change places.
        let blocks = walk.flow.finish(&mut self.content.diagnostics);
        let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
        for (rank, reference) in references.iter().enumerate().filter(|(_, r)| r.kind == kind) {
            ranks.entry(&reference.id).or_insert(rank);
        }
        let rank = |id: &str| ranks.get(id).copied();
        let mut order: Vec<usize> = (0..sections.len()).collect();
        if kind != "comment" {
            order.sort_by_key(|&i| rank(&sections[i].id).unwrap_or(usize::MAX));
        }
        for (n, &i) in order.iter().enumerate() {
            let section = &sections[i];
            let own = blocks.get(section.blocks.clone()).unwrap_or_default();
            let texts: Vec<&str> = own.iter().map(|b| b.text.as_str()).collect();
            let text = texts.join("\n");
            let marks = Marks { hidden: own.iter().any(|b| b.marks.hidden), ocr: false };
            if text.is_empty() {
                continue;
            }
            let number = n + 1;
            let (block_kind, part) = match (kind, &section.author) {
                ("comment", Some(author)) => {
                    (BlockKind::Comment, format!("comment {number} by {}", author.trim()))
                }
                ("comment", None) => (BlockKind::Comment, format!("comment {number}")),
                _ => (BlockKind::Note, format!("{kind} {number}")),
            };
            let heading =
                rank(&section.id).map(|r| references[r].heading.clone()).unwrap_or_default();
            self.content.blocks.push(Block {
                kind: block_kind,
                locator: Locator::part(part),
                heading: heading.into(),
                text,
                marks,
            });
        }
    }

    fn finish(mut self) -> Content {
        if self.changes > 0 {
            let message = format!(
                "{} tracked changes: inserted text is read, deleted text is not",
                self.changes
            );
            self.content.diagnostics.push(
                Diagnostic::note("tracked-changes", message)
                    .help("accept or reject them before the document counts as approved"),
            );
        }
        if self.hidden > 0 {
            let message = format!("{} runs of hidden text are read as well", self.hidden);
            self.content.diagnostics.push(Diagnostic::note("hidden-text", message));
        }
        self.content
    }
}
