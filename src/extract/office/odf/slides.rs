//! The slides of an odp file.

use std::collections::BTreeSet;

use super::{aside, xml_damaged};
use crate::extract::{
    Content, Limits, ReadError,
    office::{
        flow::{Blocks, push_clean},
        pptx::{OfSlide, Place, Slide, hidden_slides},
        xml::{Node, Nodes, attr, local, local_end},
    },
};

#[derive(Default)]
struct Page {
    slide: Slide,
    notes: Slide,
    comments: Vec<(Option<String>, String)>,
}

pub(super) fn read(xml: &str, limits: &Limits) -> Result<Content, ReadError> {
    let mut out = Content::default();
    let mut blocks = Blocks::new(limits);
    let mut hidden = Vec::new();
    let mut scan = Scan::new(xml);
    let mut number = 0;
    while let Some(page) = scan.page() {
        number += 1;
        if page.slide.hidden {
            hidden.push(number.to_string());
        }
        let mut of_slide = OfSlide::new(number, &mut blocks);
        of_slide.slide(&page.slide);
        of_slide.related("notesSlide", &page.notes);
        of_slide.comments(&page.comments);
        if blocks.is_full() {
            break;
        }
    }
    out.diagnostics.extend(hidden_slides(&hidden));
    if let Some(damage) = scan.nodes.damage() {
        if blocks.len() == 0 {
            return Err(ReadError::Failed(format!("content.xml is damaged: {damage}")));
        }
        out.diagnostics.push(xml_damaged(damage));
    }
    out.blocks = blocks.finish(&mut out.diagnostics);
    Ok(out)
}

struct Scan<'a> {
    nodes: Nodes<'a>,
    hidden_styles: BTreeSet<String>,
    style: String,
}

impl<'a> Scan<'a> {
    fn new(xml: &'a str) -> Self {
        Self { nodes: Nodes::new(xml), hidden_styles: BTreeSet::new(), style: String::new() }
    }

    /// The next slide.
    fn page(&mut self) -> Option<Page> {
        loop {
            let Node::Open(e) = self.nodes.next()? else { continue };
            match local(&e) {
                "style" => self.style = attr(&e, "name").unwrap_or_default(),
                "drawing-page-properties"
                    if attr(&e, "visibility").as_deref() == Some("hidden") =>
                {
                    self.hidden_styles.insert(self.style.clone());
                }
                "page" => {
                    let style = attr(&e, "style-name").unwrap_or_default();
                    return Some(self.read_page(self.hidden_styles.contains(&style)));
                }
                _ => {}
            }
        }
    }

    fn read_page(&mut self, hidden: bool) -> Page {
        let mut page = Page::default();
        page.slide.hidden = hidden;
        let mut place = Place::Body;
        let mut in_notes = false;
        let mut paragraph: Option<String> = None;
        let mut row: Option<Vec<String>> = None;
        while let Some(node) = self.nodes.next() {
            match node {
                Node::Open(e) => match local(&e) {
                    "notes" => in_notes = true,
                    "frame" | "custom-shape" | "rect" | "line" | "connector" | "ellipse" => {
                        place = match attr(&e, "class").as_deref() {
                            Some("title") => Place::Title,
                            Some("footer" | "date-time" | "header") => Place::Margin,
                            Some("page-number") => Place::Number,
                            _ => Place::Body,
                        };
                    }
                    "p" | "h" => paragraph = Some(String::new()),
                    "s" | "tab" | "line-break" => {
                        if let Some(paragraph) = &mut paragraph {
                            paragraph.push(' ');
                        }
                    }
                    "table-row" => row = Some(Vec::new()),
                    "table-cell" => {
                        if let Some(row) = &mut row {
                            row.push(String::new());
                        }
                    }
                    "annotation" => page.comments.push(aside(&mut self.nodes)),
                    "covered-table-cell" | "forms" => self.nodes.skip(),
                    "title" | "desc" if e.name().as_ref().starts_with("svg:") => {
                        self.nodes.skip();
                    }
                    _ => {}
                },
                Node::Text(text) => {
                    if let Some(paragraph) = &mut paragraph {
                        push_clean(paragraph, &text);
                    }
                }
                Node::Close(e) => match local_end(&e) {
                    "page" => break,
                    "notes" => in_notes = false,
                    "p" | "h" => {
                        let text = paragraph.take().unwrap_or_default();
                        let text = text.trim();
                        if text.is_empty() {
                            continue;
                        }
                        if let Some(cell) = row.as_mut().and_then(|row| row.last_mut()) {
                            if !cell.is_empty() {
                                cell.push(' ');
                            }
                            cell.push_str(text);
                            continue;
                        }
                        let items =
                            if in_notes { &mut page.notes.items } else { &mut page.slide.items };
                        items.push((place, text.to_owned()));
                    }
                    "table-row" => {
                        let mut cells = row.take().unwrap_or_default();
                        cells.retain(|cell| !cell.is_empty());
                        if !cells.is_empty() {
                            page.slide.items.push((Place::Row, cells.join(" ")));
                        }
                    }
                    _ => {}
                },
            }
        }
        page
    }
}
