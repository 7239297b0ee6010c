//! One pass over a slide, a notes page or a diagram.

use quick_xml::events::BytesStart;

use crate::extract::office::{
    flow::push_clean,
    xml::{Alternates, Node, Nodes, attr, local, local_end},
};

/// What a piece of a slide's text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::extract::office) enum Place {
    Title,
    #[default]
    Body,
    Row,
    /// A date, a footer or a header.
    Margin,
    /// The number of the slide.
    Number,
}

/// The text of a slide, in the order of its shapes.
#[derive(Debug, Default)]
pub(in crate::extract::office) struct Slide {
    pub(in crate::extract::office) items: Vec<(Place, String)>,
    pub(in crate::extract::office) hidden: bool,
    pub(in crate::extract::office) damage: Option<String>,
}

impl Slide {
    /// Reads a part with drawing text, up to about `limit` bytes of it.
    pub(in crate::extract::office) fn read(xml: &str, limit: usize) -> Self {
        let mut scan = Scan::default();
        let mut nodes = Nodes::new(xml);
        while let Some(node) = nodes.next() {
            match node {
                Node::Open(e) => scan.open(&mut nodes, &e),
                Node::Close(e) => scan.close(local_end(&e)),
                Node::Text(_) => {}
            }
            if scan.written > limit {
                break;
            }
        }
        scan.slide.damage = nodes.damage().map(str::to_owned);
        scan.slide
    }

    /// The text of the title, if there is one.
    pub(in crate::extract::office) fn title(&self) -> Option<String> {
        let pieces: Vec<&str> = self
            .items
            .iter()
            .filter(|(place, _)| *place == Place::Title)
            .map(|(_, text)| text.trim())
            .collect();
        Some(crate::domain::squash_whitespace(&pieces.join(" "))).filter(|t| !t.is_empty())
    }
}

#[derive(Debug, Default)]
struct Scan {
    slide: Slide,
    place: Place,
    paragraph: Option<String>,
    /// Cells of the open table row.
    row: Option<Vec<String>>,
    alternates: Alternates,
    written: usize,
}

impl Scan {
    fn open<'a>(&mut self, nodes: &mut Nodes<'a>, e: &BytesStart<'a>) {
        match local(e) {
            "sld" => self.slide.hidden = attr(e, "show").is_some_and(|v| v == "0" || v == "false"),
            "sp" | "graphicFrame" | "pic" | "cxnSp" => self.place = Place::Body,
            "ph" => {
                self.place = match attr(e, "type").as_deref() {
                    Some("title" | "ctrTitle") => Place::Title,
                    Some("dt" | "ftr" | "hdr") => Place::Margin,
                    Some("sldNum") => Place::Number,
                    _ => Place::Body,
                }
            }
            "p" => self.paragraph = Some(String::new()),
            "t" => {
                let text = nodes.text();
                if let Some(paragraph) = &mut self.paragraph {
                    push_clean(paragraph, &text);
                    self.written += text.len();
                }
            }
            "br" | "tab" => {
                if let Some(paragraph) = &mut self.paragraph {
                    paragraph.push('\n');
                }
            }
            "tr" => self.row = Some(Vec::new()),
            "tc" => {
                if let Some(row) = &mut self.row {
                    row.push(String::new());
                }
            }
            "AlternateContent" => self.alternates.open(self.written),
            "Choice" | "Fallback" if self.alternates.passes_over(self.written) => nodes.skip(),
            "pPr" | "rPr" | "endParaRPr" | "bodyPr" | "lstStyle" | "spPr" | "tblPr" | "tcPr"
            | "extLst" => nodes.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => {
                let Some(text) = self.paragraph.take() else { return };
                let text = text.trim();
                if text.is_empty() {
                    return;
                }
                match self.row.as_mut().and_then(|row| row.last_mut()) {
                    Some(cell) => {
                        if !cell.is_empty() {
                            cell.push(' ');
                        }
                        cell.push_str(text);
                    }
                    None => self.slide.items.push((self.place, text.to_owned())),
                }
            }
            "tr" => {
                let Some(mut cells) = self.row.take() else { return };
                cells.retain(|cell| !cell.is_empty());
                if !cells.is_empty() {
                    self.slide.items.push((Place::Row, cells.join(" ")));
                }
            }
            "AlternateContent" => self.alternates.close(),
            _ => {}
        }
    }
}
