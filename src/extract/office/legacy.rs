//! The binary Word and PowerPoint formats, read by `office_oxide`.

mod word2;

use std::{collections::BTreeSet, io::Cursor};

use office_oxide::{
    Document, DocumentFormat, OfficeError,
    doc::DocError,
    ir::{DocumentIR, Element, InlineContent, ListItem, Note, Section, TableCell, TableRow},
};

use super::{
    flow::{Blocks, Flow},
    ole,
    package::PASSWORD_HELP,
};
use crate::{
    diag::Diagnostic,
    domain::{Block, BlockKind, Locator, squash_whitespace},
    extract::{Content, Input, Limits, ReadError, Reader},
};

pub(super) use word2::is_word2;

/// Reads binary Word documents (Word 2 to 2003); blocks as in [`Docx`](super::Docx).
#[derive(Debug, Clone, Copy)]
pub struct Doc;

impl Reader for Doc {
    fn name(&self) -> &'static str {
        "doc"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        if word2::is_word2(input.bytes) {
            return word2::read(&input);
        }
        let ir = open(&input, DocumentFormat::Doc)?;
        let mut content =
            Content { properties: ole::properties(input.bytes), ..Content::default() };
        let mut walk = Walk::new(input.limits);
        for section in &ir.sections {
            walk.run(&section.elements);
        }
        let notes = std::mem::take(&mut walk.notes);
        content.blocks = walk.flow.finish(&mut content.diagnostics);
        content.blocks.extend(margins(&ir.sections, input.limits));
        content.blocks.extend(notes);
        warn(&ir, &mut content.diagnostics);
        Ok(content)
    }
}

/// Reads binary PowerPoint presentations; blocks as in [`Pptx`](super::Pptx).
#[derive(Debug, Clone, Copy)]
pub struct Ppt;

impl Reader for Ppt {
    fn name(&self) -> &'static str {
        "ppt"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let ir = open(&input, DocumentFormat::Ppt)?;
        let mut content =
            Content { properties: ole::properties(input.bytes), ..Content::default() };
        let mut blocks = Blocks::new(input.limits);
        for (number, section) in (1_u32..).zip(&ir.sections) {
            let mut walk = Walk::new(input.limits);
            walk.run(&section.elements);
            let notes = std::mem::take(&mut walk.notes);
            let of_slide = walk.flow.finish(&mut content.diagnostics);
            let title = of_slide.iter().find(|b| b.kind == BlockKind::Heading);
            let heading: Vec<String> =
                title.map(|b| squash_whitespace(&b.text)).into_iter().collect();
            for block in of_slide.iter().chain(&notes) {
                let own: &[String] = if block.kind == BlockKind::Heading { &[] } else { &heading };
                blocks.push(block.kind, Locator::slide(number), own, &block.text);
            }
        }
        content.blocks = blocks.finish(&mut content.diagnostics);
        warn(&ir, &mut content.diagnostics);
        Ok(content)
    }
}

fn open(input: &Input<'_>, format: DocumentFormat) -> Result<DocumentIR, ReadError> {
    if !ole::is_compound(input.bytes) {
        return Err(ReadError::Unsupported(format!(
            "{} is not a binary office file by its content: give it the ending of what it is",
            input.name
        )));
    }
    if ole::is_encrypted_package(&ole::open(input.bytes)?) {
        return Err(ReadError::Encrypted(PASSWORD_HELP.into()));
    }
    let document = Document::from_reader(Cursor::new(input.bytes.to_vec()), format);
    document.map(|d| d.to_ir()).map_err(|e| match e {
        OfficeError::Doc(DocError::Encrypted) => ReadError::Encrypted(PASSWORD_HELP.into()),
        e if e.to_string().contains("encrypted") => ReadError::Encrypted(PASSWORD_HELP.into()),
        e => ReadError::Failed(format!("the document is damaged: {e}")),
    })
}

fn warn(ir: &DocumentIR, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(first) = ir.metadata.warnings.first() {
        let more = ir.metadata.warnings.len() - 1;
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        diagnostics.push(Diagnostic::note("office-damage", format!("{first}{more}")));
    }
}

/// Headers and footers of all sections, each text once.
fn margins(sections: &[Section], limits: &Limits) -> Vec<Block> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for section in sections {
        let parts = [
            (BlockKind::Header, "header", &section.first_page_header),
            (BlockKind::Header, "header", &section.header),
            (BlockKind::Header, "header", &section.even_page_header),
            (BlockKind::Footer, "footer", &section.first_page_footer),
            (BlockKind::Footer, "footer", &section.footer),
            (BlockKind::Footer, "footer", &section.even_page_footer),
        ];
        for (kind, part, content) in parts {
            let Some(content) = content else { continue };
            for text in texts(&content.content, limits) {
                if seen.insert((part, text.clone())) {
                    let locator = Locator::part(part);
                    out.push(Block::new(kind, locator, Vec::new(), text));
                }
            }
        }
    }
    out
}

fn texts(elements: &[Element], limits: &Limits) -> Vec<String> {
    let mut walk = Walk::new(limits);
    walk.run(elements);
    walk.flow.finish(&mut Vec::new()).into_iter().map(|b| b.text).collect()
}

enum Step<'a> {
    Element(&'a Element),
    Item(&'a ListItem),
    Row(&'a TableRow),
    Cell(&'a TableCell),
    CloseRow,
    CloseTable,
}

/// Walks the model without recursion.
struct Walk<'l> {
    flow: Flow,
    notes: Vec<Block>,
    footnotes: usize,
    endnotes: usize,
    comments: usize,
    limits: &'l Limits,
}

impl<'l> Walk<'l> {
    fn new(limits: &'l Limits) -> Self {
        let flow = Flow::new(limits);
        Self { flow, notes: Vec::new(), footnotes: 0, endnotes: 0, comments: 0, limits }
    }

    fn run(&mut self, elements: &[Element]) {
        let mut steps: Vec<Step<'_>> = elements.iter().rev().map(Step::Element).collect();
        while let Some(step) = steps.pop() {
            if self.flow.is_full() {
                return;
            }
            match step {
                Step::Element(element) => self.element(element, &mut steps),
                Step::Item(item) => {
                    let nested = item.nested.iter().flat_map(|list| &list.items);
                    steps.extend(nested.rev().map(Step::Item));
                    steps.extend(item.content.iter().rev().map(Step::Element));
                }
                Step::Row(row) => {
                    self.flow.open_row();
                    steps.push(Step::CloseRow);
                    steps.extend(row.cells.iter().rev().map(Step::Cell));
                }
                Step::Cell(cell) => {
                    self.flow.open_cell();
                    steps.extend(cell.content.iter().rev().map(Step::Element));
                }
                Step::CloseRow => self.flow.close_row(),
                Step::CloseTable => self.flow.close_table(),
            }
        }
    }

    fn element<'a>(&mut self, element: &'a Element, steps: &mut Vec<Step<'a>>) {
        match element {
            Element::Heading(h) => self.paragraph(&h.content, Some(h.clamped_level())),
            Element::Paragraph(p) => self.paragraph(&p.content, None),
            Element::Table(table) => {
                self.flow.open_table();
                steps.push(Step::CloseTable);
                steps.extend(table.rows.iter().rev().map(Step::Row));
            }
            Element::List(list) => steps.extend(list.items.iter().rev().map(Step::Item)),
            Element::TextBox(text_box) => {
                steps.extend(text_box.content.iter().rev().map(Step::Element));
            }
            Element::Footnote(note) => {
                self.footnotes += 1;
                let part = format!("footnote {}", self.footnotes);
                self.note(BlockKind::Note, part, note);
            }
            Element::Endnote(note) if is_comment(note) => {
                self.comments += 1;
                let part = match &note.author {
                    Some(author) => format!("comment {} by {author}", self.comments),
                    None => format!("comment {}", self.comments),
                };
                self.note(BlockKind::Comment, part, note);
            }
            Element::Endnote(note) => {
                self.endnotes += 1;
                let part = format!("endnote {}", self.endnotes);
                self.note(BlockKind::Note, part, note);
            }
            Element::CodeBlock(code) => {
                for line in code.content.lines() {
                    self.flow.open_paragraph();
                    self.flow.push(line);
                    self.flow.close_paragraph();
                }
            }
            // Placeholders for what has no text of its own.
            _ => {}
        }
    }

    fn paragraph(&mut self, content: &[InlineContent], level: Option<u8>) {
        self.flow.open_paragraph();
        self.flow.set_level(level);
        for inline in content {
            match inline {
                InlineContent::Text(span) => self.flow.push(&span.text),
                InlineContent::LineBreak => self.flow.space('\n'),
                _ => {}
            }
        }
        self.flow.close_paragraph();
    }

    fn note(&mut self, kind: BlockKind, part: String, note: &Note) {
        let text = texts(&note.content, self.limits).join("\n");
        if !text.is_empty() {
            self.notes.push(Block::new(kind, Locator::part(part), Vec::new(), text));
        }
    }
}

fn is_comment(note: &Note) -> bool {
    note.author.is_some() || note.marker.as_deref().is_some_and(|m| m.starts_with("Comment"))
}

#[cfg(test)]
mod tests;
