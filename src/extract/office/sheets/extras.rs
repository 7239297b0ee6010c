//! What an xlsx sheet has beside its cells: comments, threaded comments and text boxes. They come
//! from the parts themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::{Rows, cell_name};
use crate::{
    domain::BlockKind,
    extract::office::{
        flow::push_clean,
        package::Package,
        xml::{Node, Nodes, attr, local, local_end, prefixed_attr},
    },
};

/// The parts of the sheets by their names.
pub(super) fn sheet_parts(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let main = package.main_part("xl/workbook.xml");
    let mut out = BTreeMap::new();
    let Some(xml) = package.optional(&main) else { return out };
    let relations = package.relations(&main);
    let mut nodes = Nodes::new(&xml);
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        if local(&e) != "sheet" {
            continue;
        }
        let (Some(name), Some(id)) = (attr(&e, "name"), prefixed_attr(&e, "id")) else { continue };
        if let Some(relation) = relations.iter().find(|r| r.id == id) {
            out.entry(name).or_insert_with(|| relation.target.clone());
        }
    }
    out
}

/// The names of those who wrote threaded comments, by their ids.
pub(super) fn persons(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let Some(xml) = package.optional("xl/persons/person.xml") else { return out };
    let mut nodes = Nodes::new(&xml);
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        if let ("person", Some(id), Some(name)) =
            (local(&e), attr(&e, "id"), attr(&e, "displayName"))
        {
            out.insert(id, name);
        }
    }
    out
}

/// Adds the comments and text boxes of a sheet.
pub(super) fn add(
    package: &mut Package<'_>,
    part: &str,
    persons: &BTreeMap<String, String>,
    rows: &mut Rows<'_>,
) {
    let (mut comments, mut threaded) = (Vec::new(), Vec::new());
    let mut drawings = Vec::new();
    for relation in package.relations(part) {
        let wanted = matches!(relation.kind.as_str(), "comments" | "threadedComment" | "drawing");
        let Some(xml) = wanted.then(|| package.optional(&relation.target)).flatten() else {
            continue;
        };
        match relation.kind.as_str() {
            "comments" => comments.extend(notes(&xml)),
            "threadedComment" => threaded.extend(threads(&xml, persons)),
            _ => drawings.extend(text_boxes(&xml)),
        }
    }
    for (cell, text) in drawings {
        rows.beside(BlockKind::Body, &cell, None, &text);
    }
    // A threaded comment has a twin for old programs, which says so in English.
    let twins: BTreeSet<String> = threaded.iter().map(|c| c.cell.clone()).collect();
    comments.retain(|c| !twins.contains(&c.cell));
    for comment in comments.into_iter().chain(threaded) {
        let part = match comment.author.trim() {
            "" => "comment".to_owned(),
            author => format!("comment by {author}"),
        };
        rows.beside(BlockKind::Comment, &comment.cell, Some(&part), &comment.text);
    }
}

struct Comment {
    cell: String,
    author: String,
    text: String,
}

fn notes(xml: &str) -> Vec<Comment> {
    let mut nodes = Nodes::new(xml);
    let mut authors: Vec<String> = Vec::new();
    let mut out: Vec<Comment> = Vec::new();
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        match local(&e) {
            "author" => authors.push(nodes.text().into_owned()),
            "comment" => out.push(Comment {
                cell: attr(&e, "ref").unwrap_or_default(),
                author: attr(&e, "authorId")
                    .and_then(|id| authors.get(id.parse::<usize>().ok()?).cloned())
                    .unwrap_or_default(),
                text: String::new(),
            }),
            "rPh" => nodes.skip(),
            "t" => {
                let text = nodes.text();
                if let Some(comment) = out.last_mut() {
                    push_clean(&mut comment.text, &text);
                }
            }
            _ => {}
        }
    }
    out.retain(|c| !c.cell.is_empty());
    out
}

fn threads(xml: &str, persons: &BTreeMap<String, String>) -> Vec<Comment> {
    let mut nodes = Nodes::new(xml);
    let mut out: Vec<Comment> = Vec::new();
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        match local(&e) {
            "threadedComment" => out.push(Comment {
                cell: attr(&e, "ref").unwrap_or_default(),
                author: attr(&e, "personId")
                    .and_then(|id| persons.get(&id).cloned())
                    .unwrap_or_default(),
                text: String::new(),
            }),
            "text" => {
                let text = nodes.text();
                if let Some(comment) = out.last_mut() {
                    push_clean(&mut comment.text, &text);
                }
            }
            _ => {}
        }
    }
    out.retain(|c| !c.cell.is_empty());
    out
}

/// Paragraphs of text boxes with the cell at which each box begins.
fn text_boxes(xml: &str) -> Vec<(String, String)> {
    let mut nodes = Nodes::new(xml);
    let mut out = Vec::new();
    let (mut row, mut column) = (0_u32, 0_u32);
    let mut in_from = false;
    let mut paragraph: Option<String> = None;
    while let Some(node) = nodes.next() {
        match node {
            Node::Open(e) => match local(&e) {
                "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => (row, column) = (0, 0),
                "from" => in_from = true,
                "row" if in_from => row = bounded(&nodes.text(), 1_048_575),
                "col" if in_from => column = bounded(&nodes.text(), 16_383),
                "p" => paragraph = Some(String::new()),
                "t" => {
                    let text = nodes.text();
                    if let Some(paragraph) = &mut paragraph {
                        push_clean(paragraph, &text);
                    }
                }
                "Fallback" => nodes.skip(),
                _ => {}
            },
            Node::Close(e) => match local_end(&e) {
                "from" => in_from = false,
                "p" => {
                    if let Some(text) = paragraph.take().filter(|t| !t.trim().is_empty()) {
                        out.push((cell_name(row, column), text));
                    }
                }
                _ => {}
            },
            Node::Text(_) => {}
        }
    }
    out
}

fn bounded(text: &str, most: u32) -> u32 {
    text.trim().parse().unwrap_or(0).min(most)
}
