//! One pass over a part of a Word document (body, header, notes, comments).

use quick_xml::events::BytesStart;

use super::styles::{Styles, outline_level};
use crate::extract::{
    Limits,
    office::{
        flow::Flow,
        xml::{Alternates, Node, Nodes, attr, is_on, local, local_end},
    },
};

/// How deep fields may nest.
const MAX_FIELDS: usize = 50;

/// A complex field that has begun.
#[derive(Debug, Default)]
struct Field {
    in_code: bool,
    code: String,
}

/// A footnote, endnote or comment inside its part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) author: Option<String>,
    /// Index of its first block and of the one after its last.
    pub(super) blocks: std::ops::Range<usize>,
}

/// A reference to a note or comment from the text, with the headings above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) heading: Vec<String>,
}

/// What a walk over a part collects.
pub(super) struct Walk<'s> {
    styles: &'s Styles,
    pub(super) flow: Flow,
    pub(super) sections: Vec<Section>,
    pub(super) references: Vec<Reference>,
    pub(super) changes: usize,
    pub(super) hidden: usize,
    /// Why reading ended before the end of the part.
    pub(super) damage: Option<String>,
    drop_page_numbers: bool,
    fields: Vec<Field>,
    alternates: Alternates,
    run_hidden: bool,
    written: usize,
}

impl<'s> Walk<'s> {
    pub(super) fn new(styles: &'s Styles, limits: &Limits) -> Self {
        Self {
            styles,
            flow: Flow::new(limits),
            sections: Vec::new(),
            references: Vec::new(),
            changes: 0,
            hidden: 0,
            damage: None,
            drop_page_numbers: false,
            fields: Vec::new(),
            alternates: Alternates::default(),
            run_hidden: false,
            written: 0,
        }
    }

    /// Leaves out results of PAGE and NUMPAGES fields: in headers and footers they say nothing.
    pub(super) fn without_page_numbers(mut self) -> Self {
        self.drop_page_numbers = true;
        self
    }

    pub(super) fn run(&mut self, xml: &str) {
        let mut nodes = Nodes::new(xml);
        while let Some(node) = nodes.next() {
            match node {
                Node::Open(e) => self.open(&mut nodes, &e),
                Node::Close(e) => self.close(local_end(&e)),
                Node::Text(_) => {}
            }
            if self.flow.is_full() {
                break;
            }
        }
        self.damage = nodes.damage().map(str::to_owned);
        while let Some(last) = self.sections.last_mut().filter(|s| s.blocks.end == usize::MAX) {
            last.blocks.end = self.flow.len();
        }
    }

    fn open<'a>(&mut self, nodes: &mut Nodes<'a>, e: &BytesStart<'a>) {
        match local(e) {
            "t" => {
                let text = nodes.text();
                self.text(&text);
            }
            "p" => self.flow.open_paragraph(),
            "r" => self.run_hidden = false,
            "pPr" => self.paragraph_properties(nodes),
            "rPr" => self.run_properties(nodes),
            "tab" | "ptab" => self.space(' '),
            "br" | "cr" => self.space('\n'),
            "noBreakHyphen" => self.text("-"),
            "sym" => {
                if let Some(c) = symbol(e) {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            "tbl" => self.flow.open_table(),
            "tr" => self.flow.open_row(),
            "tc" => self.flow.open_cell(),
            "ins" | "moveTo" => self.changes += 1,
            "del" | "moveFrom" => {
                self.changes += 1;
                nodes.skip();
            }
            "fldChar" => self.field(e),
            "instrText" => {
                let code = nodes.text();
                if let Some(field) = self.fields.last_mut().filter(|f| f.in_code) {
                    field.code.push_str(&code);
                }
            }
            "fldSimple"
                if self.drop_page_numbers
                    && is_page_field(&attr(e, "instr").unwrap_or_default()) =>
            {
                nodes.skip();
            }
            "AlternateContent" => self.alternates.open(self.written),
            "Choice" | "Fallback" if self.alternates.passes_over(self.written) => nodes.skip(),
            "footnoteReference" => self.reference("footnote", e),
            "endnoteReference" => self.reference("endnote", e),
            "commentReference" => self.reference("comment", e),
            "footnote" | "endnote" | "comment" => self.section(nodes, e),
            "delText" | "delInstrText" | "sdtPr" | "tblPr" | "tblGrid" | "trPr" | "tcPr"
            | "sectPr" | "tblPrEx" | "pPrChange" | "rPrChange" | "docDefaults" => nodes.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => {
                // A code that never got its result would swallow the rest of the document.
                for field in &mut self.fields {
                    field.in_code = false;
                }
                self.flow.close_paragraph();
            }
            "tbl" => self.flow.close_table(),
            "tr" => self.flow.close_row(),
            "AlternateContent" => self.alternates.close(),
            "footnote" | "endnote" | "comment" => {
                if let Some(section) = self.sections.last_mut() {
                    section.blocks.end = self.flow.len();
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.fields.iter().any(|f| f.in_code || self.drops(f)) {
            return;
        }
        if self.run_hidden && !text.trim().is_empty() {
            self.hidden += 1;
            self.flow.hide();
        }
        self.written += text.len();
        self.flow.push(text);
    }

    fn drops(&self, field: &Field) -> bool {
        self.drop_page_numbers && is_page_field(&field.code)
    }

    fn space(&mut self, c: char) {
        if !self.fields.iter().any(|f| f.in_code) {
            self.flow.space(c);
        }
    }

    fn field(&mut self, e: &BytesStart<'_>) {
        match attr(e, "fldCharType").as_deref() {
            Some("begin") if self.fields.len() < MAX_FIELDS => {
                self.fields.push(Field { in_code: true, code: String::new() });
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_code = false;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn reference(&mut self, kind: &'static str, e: &BytesStart<'_>) {
        if let Some(id) = attr(e, "id") {
            self.references.push(Reference { kind, id, heading: self.flow.path().to_vec() });
        }
    }

    fn section(&mut self, nodes: &mut Nodes<'_>, e: &BytesStart<'_>) {
        // Separator lines are notes to Word.
        if attr(e, "type").is_some_and(|t| t != "normal") {
            nodes.skip();
            return;
        }
        self.sections.push(Section {
            id: attr(e, "id").unwrap_or_default(),
            author: attr(e, "author").filter(|a| !a.trim().is_empty()),
            blocks: self.flow.len()..usize::MAX,
        });
    }

    fn paragraph_properties(&mut self, nodes: &mut Nodes<'_>) {
        let (mut style, mut outline) = (None, None);
        let mut changes = 0;
        nodes.each_inside(|name, e| {
            match name {
                "pStyle" => style = attr(e, "val"),
                "outlineLvl" => outline = attr(e, "val").and_then(|v| v.parse::<u8>().ok()),
                "ins" | "del" | "moveFrom" | "moveTo" => changes += 1,
                "pPrChange" | "rPrChange" | "sectPr" | "numPr" => return false,
                _ => {}
            }
            true
        });
        self.changes += changes;
        let level = match outline {
            Some(outline) => outline_level(outline),
            None => style.and_then(|id| self.styles.level(&id)),
        };
        self.flow.set_level(level);
    }

    fn run_properties(&mut self, nodes: &mut Nodes<'_>) {
        let mut hidden = false;
        nodes.each_inside(|name, e| {
            match name {
                "vanish" => hidden = is_on(e),
                "rPrChange" => return false,
                _ => {}
            }
            true
        });
        self.run_hidden = hidden;
    }
}

fn is_page_field(code: &str) -> bool {
    code.split_whitespace().next().is_some_and(|name| {
        ["page", "numpages", "sectionpages"].contains(&name.to_lowercase().as_str())
    })
}

/// A `w:sym`: a character of a symbol font. Only signs that carry meaning are kept.
fn symbol(e: &BytesStart<'_>) -> Option<char> {
    let font = attr(e, "font").unwrap_or_default();
    let code = u32::from_str_radix(&attr(e, "char")?, 16).ok()?;
    let in_font = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    if font.starts_with("Wingdings") {
        return match (font.as_str(), in_font) {
            ("Wingdings", 0xFC) | ("Wingdings 2", 0x50) => Some('✓'),
            ("Wingdings", 0xFB) | ("Wingdings 2", 0x4F) => Some('✗'),
            ("Wingdings", 0xFD) | ("Wingdings 2", 0x51 | 0x53) => Some('☒'),
            ("Wingdings", 0xFE) | ("Wingdings 2", 0x52) => Some('☑'),
            ("Wingdings", 0x6F | 0xA8) | ("Wingdings 2", 0xA3) => Some('☐'),
            ("Wingdings", 0xE0) => Some('→'),
            _ => None,
        };
    }
    if font == "Symbol" {
        return match in_font {
            0xB7 => Some('•'),
            0xAE => Some('→'),
            0xA3 => Some('≤'),
            0xB3 => Some('≥'),
            0x2D => Some('−'),
            0x20..=0x3F => char::from_u32(in_font),
            _ => None,
        };
    }
    char::from_u32(in_font).filter(|c| !c.is_control())
}
