//! PowerPoint presentations: pptx, pptm.

mod comments;
mod slide;

#[cfg(test)]
mod tests;

pub(super) use self::slide::{Place, Slide};
use super::{
    flow::Blocks,
    package::Package,
    properties,
    xml::{Node, Nodes, local, prefixed_attr},
};
use crate::{
    diag::Diagnostic,
    domain::{BlockKind, Locator},
    extract::{Content, Input, ReadError, Reader},
};

/// Reads pptx, pptm and ppsx.
///
/// Slides count from 1 in the order in which they are shown. The title is the heading of all other
/// text of its slide and comes first; a table row is one block; the text of diagrams and charts
/// follows that of the slide, then notes and comments.
#[derive(Debug, Clone, Copy)]
pub struct Pptx;

impl Reader for Pptx {
    fn name(&self) -> &'static str {
        "pptx"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let mut package = Package::open(&input)?;
        let slides = slide_names(&mut package)?;
        if slides.is_empty() && !package.has("ppt/presentation.xml") {
            return Err(ReadError::Failed(
                "no ppt/presentation.xml and no slides: this is no presentation".into(),
            ));
        }
        let mut authors = comments::Authors::new();
        for name in ["ppt/commentAuthors.xml", "ppt/authors.xml"] {
            if let Some(xml) = package.optional(name) {
                comments::authors(&xml, &mut authors);
            }
        }
        let mut content = Content::default();
        let mut blocks = Blocks::new(input.limits);
        let mut hidden = Vec::new();
        for (number, name) in (1_u32..).zip(&slides) {
            let Some(xml) = package.part(name)? else { continue };
            let slide = Slide::read(&xml, input.limits.text_bytes);
            drop(xml);
            if slide.hidden {
                hidden.push(number.to_string());
            }
            if let Some(damage) = &slide.damage {
                content.diagnostics.push(
                    Diagnostic::warning("xml-damaged", format!("{name} is damaged: {damage}"))
                        .at(Locator::slide(number)),
                );
            }
            let mut of_slide = OfSlide::new(number, &mut blocks);
            of_slide.slide(&slide);
            for relation in package.relations(name) {
                let Some(xml) = related(&mut package, &relation.kind, &relation.target) else {
                    continue;
                };
                match relation.kind.as_str() {
                    "comments" => of_slide.comments(&comments::comments(&xml, &authors)),
                    kind => {
                        let part = Slide::read(&xml, input.limits.text_bytes);
                        of_slide.related(kind, &part);
                    }
                }
            }
            if blocks.is_full() {
                break;
            }
        }
        content.diagnostics.extend(hidden_slides(&hidden));
        content.blocks = blocks.finish(&mut content.diagnostics);
        content.properties = properties::read(&mut package);
        Ok(content)
    }
}

/// A note about hidden slides, if there are any.
pub(super) fn hidden_slides(numbers: &[String]) -> Option<Diagnostic> {
    let message = format!("hidden slides are read as well: {}", numbers.join(", "));
    (!numbers.is_empty()).then(|| Diagnostic::note("hidden-slide", message))
}

/// Parts with text that belong to a slide.
fn related(package: &mut Package<'_>, kind: &str, target: &str) -> Option<String> {
    matches!(kind, "diagramData" | "chart" | "notesSlide" | "comments")
        .then(|| package.optional(target))
        .flatten()
}

/// The slides' parts in the order of the presentation; without one, by their numbers.
fn slide_names(package: &mut Package<'_>) -> Result<Vec<String>, ReadError> {
    let main = package.main_part("ppt/presentation.xml");
    let mut names = Vec::new();
    if let Some(xml) = package.part(&main)? {
        let relations = package.relations(&main);
        let mut nodes = Nodes::new(&xml);
        while let Some(node) = nodes.next() {
            let Node::Open(e) = node else { continue };
            if local(&e) != "sldId" {
                continue;
            }
            let id = prefixed_attr(&e, "id").unwrap_or_default();
            if let Some(relation) = relations.iter().find(|r| r.id == id) {
                names.push(relation.target.clone());
            }
        }
    }
    if names.iter().any(|name| package.has(name)) {
        return Ok(names);
    }
    let mut names: Vec<(u32, String)> = package
        .names()
        .filter_map(|name| {
            let number = name.strip_prefix("ppt/slides/slide")?.strip_suffix(".xml")?;
            Some((number.parse().ok()?, name.to_owned()))
        })
        .collect();
    names.sort();
    Ok(names.into_iter().map(|(_, name)| name).collect())
}

/// Adds the blocks of one slide.
pub(super) struct OfSlide<'b> {
    number: u32,
    heading: Vec<String>,
    blocks: &'b mut Blocks,
}

impl<'b> OfSlide<'b> {
    pub(super) fn new(number: u32, blocks: &'b mut Blocks) -> Self {
        Self { number, heading: Vec::new(), blocks }
    }

    /// The title and the text of the slide itself.
    pub(super) fn slide(&mut self, slide: &Slide) {
        self.blocks.hidden = slide.hidden;
        if let Some(title) = slide.title() {
            self.add(BlockKind::Heading, &title);
            self.heading.push(title);
        }
        for (place, text) in &slide.items {
            match place {
                Place::Title => {}
                Place::Body => self.add(BlockKind::Body, text),
                Place::Row => self.add(BlockKind::Row, text),
                Place::Margin | Place::Number => self.add(BlockKind::Footer, text),
            }
        }
    }

    /// Notes and the text of diagrams and charts.
    pub(super) fn related(&mut self, kind: &str, part: &Slide) {
        let block_kind = if kind == "notesSlide" { BlockKind::Note } else { BlockKind::Body };
        for (place, text) in &part.items {
            if !matches!(place, Place::Margin | Place::Number) {
                self.add(block_kind, text);
            }
        }
    }

    /// Comments as (author, text).
    pub(super) fn comments(&mut self, comments: &[(Option<String>, String)]) {
        for (n, (author, text)) in comments.iter().enumerate() {
            let part = match author {
                Some(author) => format!("comment {} by {author}", n + 1),
                None => format!("comment {}", n + 1),
            };
            let locator = Locator::slide(self.number).within(&part);
            self.blocks.push(BlockKind::Comment, locator, &self.heading, text);
        }
    }

    fn add(&mut self, kind: BlockKind, text: &str) {
        self.blocks.push(kind, Locator::slide(self.number), &self.heading, text);
    }
}
