//! Document properties of the OOXML formats: `docProps/core.xml`, `app.xml` and `custom.xml`.

use super::{
    package::Package,
    xml::{Node, Nodes, attr, local},
};
use crate::domain::Properties;

const MAX_CHARS: usize = 1000;
const MAX_CUSTOM: usize = 100;

/// Keeps a value unless it is blank, very long ones cut. The first value of a key stays.
pub(super) fn put(out: &mut Properties, key: &str, value: &str) {
    let value = crate::domain::squash_whitespace(value);
    if key.is_empty() || value.is_empty() {
        return;
    }
    let value = value.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
    out.entry(key.to_owned()).or_insert(value);
}

/// All properties of a package; what is absent or damaged is left out.
pub(super) fn read(package: &mut Package<'_>) -> Properties {
    let mut out = Properties::new();
    let (mut core, mut app, mut custom) = (None, None, None);
    for relation in package.relations("") {
        match relation.kind.as_str() {
            "core-properties" | "coreProperties" => core = Some(relation.target),
            "extended-properties" | "extendedProperties" => app = Some(relation.target),
            "custom-properties" | "customProperties" => custom = Some(relation.target),
            _ => {}
        }
    }
    let core = core.unwrap_or_else(|| "docProps/core.xml".into());
    if let Some(xml) = package.optional(&core) {
        simple(&mut out, &xml, core_key);
    }
    if let Some(xml) = app.and_then(|name| package.optional(&name)) {
        simple(&mut out, &xml, app_key);
    }
    if let Some(xml) = custom.and_then(|name| package.optional(&name)) {
        custom_properties(&mut out, &xml);
    }
    out
}

fn core_key(name: &str) -> Option<&'static str> {
    Some(match name {
        "title" => "title",
        "subject" => "subject",
        "creator" => "author",
        "keywords" => "keywords",
        "description" => "description",
        "lastModifiedBy" => "last_modified_by",
        "created" => "created",
        "modified" => "modified",
        "category" => "category",
        "contentStatus" => "status",
        "version" => "version",
        _ => return None,
    })
}

fn app_key(name: &str) -> Option<&'static str> {
    match name {
        "Company" => Some("company"),
        "Manager" => Some("manager"),
        _ => None,
    }
}

fn simple(out: &mut Properties, xml: &str, key_of: fn(&str) -> Option<&'static str>) {
    let mut nodes = Nodes::new(xml);
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        if let Some(key) = key_of(local(&e)) {
            put(out, key, &nodes.text());
        }
    }
}

fn custom_properties(out: &mut Properties, xml: &str) {
    let mut nodes = Nodes::new(xml);
    let mut count = 0;
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        if local(&e) != "property" {
            continue;
        }
        let name = attr(&e, "name").unwrap_or_default();
        let value = nodes.text();
        count += 1;
        if count <= MAX_CUSTOM {
            put(out, &custom_key(&name), &value);
        }
    }
}

/// `Next Review` is `next_review`; a sensitivity label's name is the classification.
pub(super) fn custom_key(name: &str) -> String {
    if name.starts_with("MSIP_Label_") && name.ends_with("_Name") {
        return "classification".to_owned();
    }
    name.trim().to_lowercase().replace([' ', '-'], "_").chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Input, Limits, office::test_zip::zip_of};

    #[test]
    fn core_and_custom_properties_are_read_under_our_names() {
        let rels = r#"<Relationships>
            <Relationship Id="1" Type="http://x/metadata/core-properties" Target="docProps/core.xml"/>
            <Relationship Id="2" Type="http://x/custom-properties" Target="docProps/custom.xml"/>
            </Relationships>"#;
        let core = "<cp:coreProperties><dc:title>Access\n control</dc:title>\
            <dc:creator>Jane</dc:creator><cp:contentStatus>Draft</cp:contentStatus>\
            <dcterms:created>2024-03-01T08:00:00Z</dcterms:created></cp:coreProperties>";
        let custom = r#"<Properties><property name="Next Review"><vt:lpwstr>2025-03-01</vt:lpwstr></property>
            <property name="Status"><vt:lpwstr>final</vt:lpwstr></property>
            <property name="MSIP_Label_0a-1_Name"><vt:lpwstr>Internal</vt:lpwstr></property></Properties>"#;
        let bytes = zip_of(&[
            ("_rels/.rels", rels),
            ("docProps/core.xml", core),
            ("docProps/custom.xml", custom),
        ]);
        let limits = Limits::default();
        let input = Input { name: "a.docx", bytes: &bytes, limits: &limits };
        let found = read(&mut Package::open(&input).unwrap());
        let shown: Vec<String> = found.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(
            shown,
            [
                "author=Jane",
                "classification=Internal",
                "created=2024-03-01T08:00:00Z",
                "next_review=2025-03-01",
                "status=Draft",
                "title=Access control",
            ]
        );
    }
}
