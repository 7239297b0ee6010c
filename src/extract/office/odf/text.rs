//! One pass over the text of an odt file, or over its headers and footers.

use quick_xml::events::BytesStart;

use super::{aside, styles::Styles};
use crate::{
    domain::{Block, BlockKind, Locator},
    extract::{
        Limits,
        office::{
            flow::Flow,
            xml::{Node, Nodes, attr, local, local_end},
        },
    },
};

/// What a walk collects.
pub(super) struct Walk<'s> {
    styles: &'s Styles,
    pub(super) flow: Flow,
    /// Footnotes, endnotes and comments, finished.
    pub(super) notes: Vec<Block>,
    pub(super) changes: usize,
    pub(super) damage: Option<String>,
    /// The kind of each block of a walk over headers and footers.
    pub(super) margin_kinds: Vec<BlockKind>,
    /// Whether only headers and footers count; and in which of them the walk is.
    margins: bool,
    margin: Option<BlockKind>,
    footnotes: usize,
    endnotes: usize,
    comments: usize,
    note_bytes: usize,
    note_limit: usize,
}

impl<'s> Walk<'s> {
    pub(super) fn new(styles: &'s Styles, limits: &Limits) -> Self {
        Self {
            styles,
            flow: Flow::new(limits),
            notes: Vec::new(),
            changes: 0,
            damage: None,
            margin_kinds: Vec::new(),
            margins: false,
            margin: None,
            footnotes: 0,
            endnotes: 0,
            comments: 0,
            note_bytes: 0,
            note_limit: limits.text_bytes,
        }
    }

    /// For `styles.xml`: only what stands in headers and footers, without page numbers.
    pub(super) fn margins(mut self) -> Self {
        self.margins = true;
        self
    }

    pub(super) fn run(&mut self, xml: &str) {
        let mut nodes = Nodes::new(xml);
        while let Some(node) = nodes.next() {
            match node {
                Node::Open(e) => self.open(&mut nodes, &e),
                Node::Close(e) => self.close(local_end(&e)),
                Node::Text(text) => self.flow.push(&text),
            }
            if self.flow.is_full() {
                break;
            }
        }
        self.damage = nodes.damage().map(str::to_owned);
    }

    fn open<'a>(&mut self, nodes: &mut Nodes<'a>, e: &BytesStart<'a>) {
        let name = local(e);
        match name {
            "p" | "h" if !self.margins || self.margin.is_some() => {
                self.flow.open_paragraph();
                self.flow.set_level(self.level(e, name == "h"));
            }
            "p" | "h" => nodes.skip(),
            "s" | "tab" => self.flow.space(' '),
            "line-break" => self.flow.space('\n'),
            "table" => self.flow.open_table(),
            "table-row" => self.flow.open_row(),
            "table-cell" => self.flow.open_cell(),
            "header" | "header-left" | "header-first" if self.margins => {
                self.margin = Some(BlockKind::Header);
            }
            "footer" | "footer-left" | "footer-first" if self.margins => {
                self.margin = Some(BlockKind::Footer);
            }
            "page-number" | "page-count" if self.margins => nodes.skip(),
            "note" => self.note(nodes, attr(e, "note-class").as_deref() == Some("endnote")),
            "annotation" => self.comment(nodes),
            "changed-region" => {
                self.changes += 1;
                nodes.skip();
            }
            "covered-table-cell" | "forms" | "hidden-text" | "object" | "object-ole" => {
                nodes.skip();
            }
            // What an image shows, for those who can't see it: a paragraph of its own.
            "title" | "desc" if e.name().as_ref().starts_with("svg:") => {
                let text = nodes.text();
                if self.flow.in_paragraph() {
                    self.flow.open_paragraph();
                    self.flow.push(&text);
                    self.flow.close_paragraph();
                }
            }
            name if name.ends_with("-source") => nodes.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => self.flow.close_paragraph(),
            "table" => self.flow.close_table(),
            "table-row" => self.flow.close_row(),
            "header" | "header-left" | "header-first" | "footer" | "footer-left"
            | "footer-first" => self.margin = None,
            _ => {}
        }
        if let Some(kind) = self.margin {
            self.margin_kinds.resize(self.flow.len(), kind);
        }
    }

    fn level(&self, e: &BytesStart<'_>, is_heading: bool) -> Option<u8> {
        let outline = attr(e, "outline-level").and_then(|v| v.parse().ok());
        match outline {
            Some(level @ 1..=10) if is_heading => Some(level),
            _ => attr(e, "style-name")
                .and_then(|style| self.styles.level(&style))
                .or(is_heading.then_some(1)),
        }
    }

    fn note(&mut self, nodes: &mut Nodes<'_>, endnote: bool) {
        let (_, text) = aside(nodes);
        let (count, word) = if endnote {
            (&mut self.endnotes, "endnote")
        } else {
            (&mut self.footnotes, "footnote")
        };
        *count += 1;
        let part = format!("{word} {count}");
        self.add_note(BlockKind::Note, part, text);
    }

    fn comment(&mut self, nodes: &mut Nodes<'_>) {
        let (author, text) = aside(nodes);
        self.comments += 1;
        let part = match author {
            Some(author) => format!("comment {} by {}", self.comments, author.trim()),
            None => format!("comment {}", self.comments),
        };
        self.add_note(BlockKind::Comment, part, text);
    }

    fn add_note(&mut self, kind: BlockKind, part: String, text: String) {
        let heading = self.flow.path().to_vec();
        self.note_bytes += text.len() + heading.iter().map(String::len).sum::<usize>() + 64;
        if !text.is_empty() && self.note_bytes <= self.note_limit {
            self.notes.push(Block::new(kind, Locator::part(part), heading, text));
        }
    }
}
