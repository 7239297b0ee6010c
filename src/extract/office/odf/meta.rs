//! `meta.xml`: the properties of an OpenDocument file.

use crate::{
    domain::Properties,
    extract::office::{
        package::Package,
        properties::{custom_key, put},
        xml::{Node, Nodes, attr, local},
    },
};

/// The properties; none where the part is absent.
pub(super) fn read(package: &mut Package<'_>) -> Properties {
    let mut out = Properties::new();
    let Some(xml) = package.optional("meta.xml") else { return out };
    let mut nodes = Nodes::new(&xml);
    let mut keywords: Vec<String> = Vec::new();
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        let key = match local(&e) {
            "title" => "title",
            "subject" => "subject",
            "description" => "description",
            "initial-creator" => "author",
            "creator" => "last_modified_by",
            "creation-date" => "created",
            "date" => "modified",
            "keyword" => {
                keywords.push(nodes.text().into_owned());
                continue;
            }
            "user-defined" => {
                let name = custom_key(&attr(&e, "name").unwrap_or_default());
                put(&mut out, &name, &nodes.text());
                continue;
            }
            _ => continue,
        };
        put(&mut out, key, &nodes.text());
    }
    put(&mut out, "keywords", &keywords.join(", "));
    out
}
