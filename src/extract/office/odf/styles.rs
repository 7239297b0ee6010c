//! Paragraph styles: which are headings.

use std::collections::BTreeMap;

use crate::extract::office::{
    docx::heading_by_name,
    xml::{Node, Nodes, attr, local},
};

const MAX_CHAIN: usize = 20;

#[derive(Debug)]
struct Style {
    parent: Option<String>,
    outline: Option<u8>,
}

/// Styles by their (encoded) names.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

impl Styles {
    /// Adds the styles of `styles.xml` or of `content.xml`.
    pub(super) fn add(&mut self, xml: &str) {
        let mut nodes = Nodes::new(xml);
        while let Some(node) = nodes.next() {
            let Node::Open(e) = node else { continue };
            match local(&e) {
                // Styles stand before the text.
                "body" => return,
                "style" if attr(&e, "family").as_deref() == Some("paragraph") => {
                    let outline = attr(&e, "default-outline-level").and_then(|v| v.parse().ok());
                    let style = Style { parent: attr(&e, "parent-style-name"), outline };
                    self.0.insert(attr(&e, "name").unwrap_or_default(), style);
                }
                _ => {}
            }
        }
    }

    /// The heading level of a paragraph of this style: 0 for the title.
    pub(super) fn level(&self, name: &str) -> Option<u8> {
        let mut name = name.to_owned();
        for _ in 0..MAX_CHAIN {
            if let Some(level) = heading_by_name(&name.replace("_20_", " ")) {
                return Some(level);
            }
            let style = self.0.get(&name)?;
            if let Some(outline @ 1..=9) = style.outline {
                return Some(outline);
            }
            name.clone_from(style.parent.as_ref()?);
        }
        None
    }
}
