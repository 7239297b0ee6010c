//! HTML: the document tree is walked without recursion, so that no nesting is too deep.

use scraper::{Html as Document, Node};

use super::{Content, Input, ReadError, Reader, builder::Builder, text::decoded};
use crate::domain::{Block, BlockKind, Properties};

pub(super) struct Html;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let (text, diagnostics) = decoded(input)?;
        let (blocks, properties) = read_html(&text);
        Ok(Content { blocks, properties, diagnostics })
    }
}

/// The visible text of a page, placed by headings and paragraph number, and its title and meta
/// data.
pub(super) fn read_html(text: &str) -> (Vec<Block>, Properties) {
    let document = Document::parse_document(text);
    let mut walk = Walk::default();
    let mut node = document.tree.root();
    loop {
        match node.value() {
            Node::Element(element) => {
                if element.name() == "meta" {
                    walk.meta(element.attr("name"), element.attr("content"));
                }
                walk.open(element.name());
            }
            Node::Text(text) => walk.text(text),
            _ => {}
        }
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        // Up to the next element that has one beside it.
        let next = loop {
            if let Node::Element(element) = node.value() {
                walk.close(element.name());
            }
            match (node.next_sibling(), node.parent()) {
                (Some(sibling), _) => break Some(sibling),
                (None, Some(parent)) => node = parent,
                (None, None) => break None,
            }
        };
        match next {
            Some(sibling) => node = sibling,
            None => break,
        }
    }
    walk.flush();
    (walk.builder.into_blocks(), walk.properties)
}

#[derive(Default)]
struct Walk {
    builder: Builder,
    properties: Properties,
    buffer: String,
    /// Depth inside elements whose text is not shown.
    hidden: usize,
    title: usize,
    pre: usize,
    rows: usize,
    heading: Option<u8>,
}

impl Walk {
    fn meta(&mut self, name: Option<&str>, content: Option<&str>) {
        let key = match name.unwrap_or_default().to_lowercase().as_str() {
            "author" => "author",
            "keywords" => "keywords",
            "description" => "subject",
            "generator" => "generator",
            "date" | "dcterms.created" | "created" => "created",
            "dcterms.modified" | "changed" | "last-modified" => "modified",
            _ => return,
        };
        if let Some(content) = content {
            self.properties.entry(key.to_owned()).or_insert_with(|| content.trim().to_owned());
        }
    }

    fn open(&mut self, name: &str) {
        if is_hidden(name) {
            self.hidden += 1;
            return;
        }
        match name {
            "title" => self.title += 1,
            "pre" | "textarea" => {
                self.flush();
                self.pre += 1;
            }
            "tr" => {
                self.flush();
                self.rows += 1;
            }
            "td" | "th" => self.buffer.push(' '),
            "br" => self.buffer.push('\n'),
            "option" => self.buffer.push(' '),
            _ if level(name).is_some() => {
                self.flush();
                self.heading = level(name);
            }
            // Inside a table row, a paragraph in a cell does not end the row.
            _ if is_block(name) => self.block_edge(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if is_hidden(name) {
            self.hidden = self.hidden.saturating_sub(1);
            return;
        }
        match name {
            "title" => self.title = self.title.saturating_sub(1),
            "pre" | "textarea" => {
                self.flush();
                self.pre = self.pre.saturating_sub(1);
            }
            "tr" => {
                self.flush();
                self.rows = self.rows.saturating_sub(1);
            }
            "td" | "th" => self.buffer.push(' '),
            _ if level(name).is_some() => {
                self.flush();
                self.heading = None;
            }
            _ if is_block(name) => self.block_edge(),
            _ => {}
        }
    }

    fn block_edge(&mut self) {
        if self.rows > 0 {
            self.buffer.push(' ');
        } else {
            self.flush();
        }
    }

    fn text(&mut self, text: &str) {
        if self.title > 0 {
            self.properties
                .entry("title".to_owned())
                .or_insert_with(|| crate::domain::squash_whitespace(text));
        } else if self.hidden == 0 {
            if self.pre > 0 {
                self.buffer.push_str(text);
            } else {
                // Line ends in the source are blanks on the page.
                self.buffer.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
            }
        }
    }

    fn flush(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        let text = if self.pre > 0 { buffer } else { squash_lines(&buffer) };
        match self.heading {
            Some(level) => self.builder.paragraph_heading(level, &text.replace('\n', " ")),
            None if self.rows > 0 => {
                self.builder.paragraph(BlockKind::Row, &text.replace('\n', " "));
            }
            None => self.builder.paragraph(BlockKind::Body, &text),
        }
    }
}

/// One blank for each run of blanks, line ends kept.
fn squash_lines(text: &str) -> String {
    let mut lines = text.split('\n').map(crate::domain::squash_whitespace).collect::<Vec<_>>();
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn is_hidden(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "iframe" | "object" | "canvas")
}

fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "caption"
            | "section"
            | "article"
            | "aside"
            | "main"
            | "header"
            | "footer"
            | "nav"
            | "form"
            | "fieldset"
            | "legend"
            | "figure"
            | "figcaption"
            | "blockquote"
            | "address"
            | "center"
            | "details"
            | "summary"
            | "hr"
            | "body"
            | "html"
            | "head"
            | "frameset"
            | "select"
            | "menu"
            | "dir"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_paragraphs_items_and_rows() {
        let (blocks, properties) = read_html(
            "<!doctype html><title> Access\n policy</title><meta name=author content=Ann>\
             <style>.x{}</style><body><h1>Access</h1><p>One <b>two</b>\nthree<br>four</p>\
             <h2>Roles</h2><ul><li>a<li>b <ul><li>c</ul></ul>\
             <table><tr><th>Control</th><th>Owner</th></tr><tr><td><p>A.5.15</p></td><td>Ann</td></tr></table>\
             <script>var secret = '<p>hidden</p>';</script><pre>x\n  y</pre>",
        );
        let got: Vec<_> = blocks
            .iter()
            .map(|b| (b.kind, b.heading.join("/"), b.text.as_str(), b.locator.paragraph_range()))
            .collect();
        let at = |n| Some((n, n));
        let row = |kind, path: &str, text, n| (kind, path.to_owned(), text, at(n));
        use BlockKind::*;
        assert_eq!(
            got,
            [
                row(Heading, "", "Access", 1),
                row(Body, "Access", "One two three\nfour", 2),
                row(Heading, "Access", "Roles", 3),
                row(Body, "Access/Roles", "a", 4),
                row(Body, "Access/Roles", "b", 5),
                row(Body, "Access/Roles", "c", 6),
                row(Row, "Access/Roles", "Control Owner", 7),
                row(Row, "Access/Roles", "A.5.15 Ann", 8),
                row(Body, "Access/Roles", "x\n  y", 9),
            ]
        );
        assert_eq!(properties["title"], "Access policy");
        assert_eq!(properties["author"], "Ann");
    }

    #[test]
    fn text_without_any_block_is_kept() {
        let (blocks, _) = read_html("plain &amp; simple");
        assert_eq!(blocks[0].text, "plain & simple");
    }
}
