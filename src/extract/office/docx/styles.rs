//! Which paragraph styles are headings, and of which level.

use std::collections::BTreeMap;

use crate::extract::office::xml::{Node, Nodes, attr, local};

/// How many styles a chain of `basedOn` may have.
const MAX_CHAIN: usize = 20;

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
}

/// Heading levels by style id: 0 for the title, 1 for the top heading.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Option<u8>>);

impl Styles {
    /// Reads `styles.xml`; without it only the usual ids count.
    pub(super) fn read(xml: &str) -> Self {
        let mut nodes = Nodes::new(xml);
        let mut styles: BTreeMap<String, Style> = BTreeMap::new();
        while let Some(node) = nodes.next() {
            let Node::Open(e) = node else { continue };
            if local(&e) != "style" {
                continue;
            }
            let kind = attr(&e, "type");
            let id = attr(&e, "styleId").unwrap_or_default();
            let mut style = Style::default();
            nodes.each_inside(|name, e| {
                match name {
                    "name" => style.name = attr(e, "val").unwrap_or_default(),
                    "basedOn" => style.based_on = attr(e, "val"),
                    "outlineLvl" => style.outline = attr(e, "val").and_then(|v| v.parse().ok()),
                    "pPrChange" | "rPrChange" => return false,
                    _ => {}
                }
                true
            });
            if kind.as_deref().is_none_or(|k| k == "paragraph") {
                styles.insert(id, style);
            }
        }
        Self(styles.keys().map(|id| (id.clone(), resolve(&styles, id))).collect())
    }

    /// The level of a paragraph of this style.
    pub(super) fn level(&self, id: &str) -> Option<u8> {
        match self.0.get(id) {
            Some(level) => *level,
            None => by_name(id),
        }
    }
}

fn resolve(styles: &BTreeMap<String, Style>, id: &str) -> Option<u8> {
    let mut id = id;
    for _ in 0..MAX_CHAIN {
        let style = styles.get(id)?;
        if let Some(level) = by_name(&style.name) {
            return Some(level);
        }
        if let Some(outline) = style.outline {
            return outline_level(outline);
        }
        id = style.based_on.as_deref()?;
    }
    None
}

/// 0 to 8 are the levels, 9 is body text.
pub(super) fn outline_level(outline: u8) -> Option<u8> {
    (outline < 9).then_some(outline + 1)
}

/// The level by a built-in style's name, as Word and others write it in several languages.
pub(in crate::extract::office) fn by_name(name: &str) -> Option<u8> {
    let name = name.trim().to_lowercase();
    if matches!(name.as_str(), "title" | "titel" | "titre" | "título" | "titolo") {
        return Some(0);
    }
    const HEADINGS: [&str; 8] = [
        "heading",
        "überschrift",
        "berschrift",
        "kop",
        "rubrik",
        "encabezado",
        "intestazione",
        "titre",
    ];
    let rest = HEADINGS.iter().find_map(|h| name.strip_prefix(h))?;
    match rest.trim_start_matches(['_', ' ']).parse() {
        Ok(level @ 1..=9) => Some(level),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_by_name_outline_and_inheritance() {
        let styles = Styles::read(
            r#"<w:styles>
            <w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>
            <w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Chapter"/><w:basedOn w:val="a1"/></w:style>
            <w:style w:type="paragraph" w:styleId="TOC"><w:name w:val="TOC Heading"/><w:basedOn w:val="a1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
            <w:style w:type="paragraph" w:styleId="Out"><w:name w:val="Annex"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
            <w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
            <w:style w:type="paragraph" w:styleId="L1"><w:name w:val="x"/><w:basedOn w:val="L2"/></w:style>
            <w:style w:type="paragraph" w:styleId="L2"><w:name w:val="y"/><w:basedOn w:val="L1"/></w:style>
            </w:styles>"#,
        );
        assert_eq!(styles.level("a1"), Some(1));
        assert_eq!(styles.level("Own"), Some(1));
        assert_eq!(styles.level("TOC"), None);
        assert_eq!(styles.level("Out"), Some(3));
        assert_eq!(styles.level("T"), Some(0));
        assert_eq!(styles.level("L1"), None);
        assert_eq!(styles.level("Heading3"), Some(3));
        assert_eq!(styles.level("berschrift2"), Some(2));
        assert_eq!(styles.level("Normal"), None);
    }
}
