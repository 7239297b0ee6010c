//! Comments on slides, in the old and the new (threaded) form.

use std::collections::BTreeMap;

use crate::extract::office::{
    flow::push_clean,
    xml::{Node, Nodes, attr, local, local_end},
};

/// Names of authors by their ids.
pub(super) type Authors = BTreeMap<String, String>;

/// Adds the authors of `commentAuthors.xml` (old) or `authors.xml` (new).
pub(super) fn authors(xml: &str, out: &mut Authors) {
    let mut nodes = Nodes::new(xml);
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        if let ("cmAuthor" | "author", Some(id), Some(name)) =
            (local(&e), attr(&e, "id"), attr(&e, "name"))
        {
            out.insert(id, name);
        }
    }
}

/// The comments of a part as (author, text), replies after what they answer.
pub(super) fn comments(xml: &str, authors: &Authors) -> Vec<(Option<String>, String)> {
    let mut nodes = Nodes::new(xml);
    let mut out: Vec<(Option<String>, String)> = Vec::new();
    while let Some(node) = nodes.next() {
        match node {
            Node::Open(e) => match local(&e) {
                "cm" | "reply" => {
                    let author = attr(&e, "authorId").and_then(|id| authors.get(&id).cloned());
                    out.push((author, String::new()));
                }
                "t" | "text" => {
                    let text = nodes.text();
                    if let Some((_, comment)) = out.last_mut() {
                        push_clean(comment, &text);
                    }
                }
                _ => {}
            },
            Node::Close(e) if local_end(&e) == "p" => {
                if let Some((_, comment)) = out.last_mut() {
                    comment.push('\n');
                }
            }
            _ => {}
        }
    }
    out
}
