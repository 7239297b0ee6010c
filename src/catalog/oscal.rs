//! The catalogue as OSCAL 1.2 documents: a `catalog`, and a `mapping-collection` for reuse. Ids and
//! timestamps derive from the content and the catalogue's version, so the bytes don't change
//! between runs. What names controls, properties and UUIDs is public: the reports' OSCAL documents
//! point at these.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{CATALOG_CHANGED, CATALOG_VERSION, Catalog, Strength, reuse};
use crate::domain::{CommonControl, Relation, Target, TargetId};

/// The version of OSCAL that the documents are written in.
pub const OSCAL_VERSION: &str = "1.2.0";
/// Names of properties that OSCAL does not know.
const NAMESPACE: &str = "https://github.com/evimap/evimap/ns/oscal";
/// The group and the pseudo framework of the common controls.
pub const COMMON: &str = "COMMON";

const DISCLAIMER: &str = "Evimap's own description of what is assessed, not the text of a \
                          standard. There is no official concordance of the two standards.";

/// A `catalog` document: of one framework, of the common controls ([`COMMON`]), or of everything.
pub fn catalog_document(catalog: &Catalog, framework: Option<&str>) -> Value {
    let groups: Vec<Value> = match framework {
        Some(COMMON) => vec![common_group(catalog)],
        Some(framework) => framework_groups(catalog, framework),
        None => {
            let frameworks = catalog.frameworks();
            let mut groups: Vec<Value> = frameworks
                .into_iter()
                .map(|framework| {
                    json!({
                        "id": slug(framework),
                        "title": catalog.framework_name(framework),
                        "groups": framework_groups(catalog, framework),
                    })
                })
                .collect();
            groups.push(common_group(catalog));
            groups
        }
    };
    let title = match framework {
        Some(COMMON) => "Common controls".to_owned(),
        Some(framework) => catalog.framework_name(framework).to_owned(),
        None => "Targets and common controls".to_owned(),
    };
    let body = json!({
        "metadata": metadata(&format!("{title}, as assessed by evimap")),
        "groups": groups,
    });
    json!({ "catalog": with_uuid("catalog", body) })
}

/// A `mapping-collection` document: what `from` is worth for `to`, and the links of the common
/// controls to both that it is derived from.
pub fn mapping_document(catalog: &Catalog, from: &str, to: &str) -> Value {
    let body = json!({
        "metadata": metadata(&format!(
            "Reuse of {} for {}",
            catalog.framework_name(from),
            catalog.framework_name(to)
        )),
        "provenance": {
            "method": "hybrid",
            "matching-rationale": "functional",
            "status": "complete",
            "mapping-description": format!(
                "Common controls are linked to the targets of each framework, with a rationale \
                 each; the mapping between the frameworks is derived from these links. {DISCLAIMER}"
            ),
        },
        "mappings": [
            derived_mapping(catalog, from, to),
            common_mapping(catalog, from),
            common_mapping(catalog, to),
        ],
    });
    json!({ "mapping-collection": with_uuid("mapping-collection", body) })
}

fn metadata(title: &str) -> Value {
    json!({
        "title": title,
        "last-modified": format!("{CATALOG_CHANGED}T00:00:00Z"),
        "version": CATALOG_VERSION,
        "oscal-version": OSCAL_VERSION,
        "remarks": DISCLAIMER,
    })
}

fn framework_groups(catalog: &Catalog, framework: &str) -> Vec<Value> {
    let mut groups: Vec<(String, &str, Vec<Value>)> = Vec::new();
    for target in catalog.targets().filter(|target| target.framework == framework) {
        let name = reuse::group(target);
        let control = control(catalog, target);
        match groups.iter_mut().find(|(group, ..)| *group == name) {
            Some((.., controls)) => controls.push(control),
            None => groups.push((name, &target.theme, vec![control])),
        }
    }
    let group = |(name, theme, controls): (String, &str, Vec<Value>)| {
        let title = if theme.starts_with(&name) || theme.is_empty() {
            if theme.is_empty() { name.clone() } else { theme.to_owned() }
        } else {
            format!("{name} {theme}")
        };
        json!({ "id": slug(&format!("{framework}-{name}")), "title": title, "controls": controls })
    };
    groups.into_iter().map(group).collect()
}

fn control(catalog: &Catalog, target: &Target) -> Value {
    let id = control_id(&target.id);
    let mut props = vec![
        json!({ "name": "label", "value": target.id.local() }),
        own("level", target.level.as_str()),
    ];
    props.extend(target.terms.iter().map(|term| own("key-term", term)));
    let mut links: Vec<Value> = Vec::new();
    for (other, why) in target
        .serves
        .iter()
        .map(|clause| (clause, "serves this clause"))
        .chain(catalog.refines(&target.id).iter().map(|other| (other, "spells this out")))
        .filter(|(other, _)| other.framework() == target.framework)
    {
        links.push(json!({
            "href": format!("#{}", control_id(other)), "rel": "related", "text": why,
        }));
    }
    let mut parts = vec![json!({
        "id": format!("{id}_ovw"), "name": "overview", "prose": target.description,
    })];
    let mut objectives = Vec::new();
    for point in &target.points {
        let mut props = vec![
            json!({ "name": "label", "value": point.sub_item }),
            own("evidence-kind", point.kind.as_str()),
            own("documented", point.documented.as_str()),
            own("evidence-type", point.evidence_type.as_str()),
        ];
        if !point.freshness.is_empty() {
            props.push(own("freshness", &point.freshness));
        }
        props.retain(|prop| prop["value"] != "");
        objectives.push(json!({
            "id": format!("{}.{}", objective_id(&target.id), point.id.short()),
            "name": "assessment-objective",
            "props": props,
            "prose": point.text,
        }));
    }
    // One objective over the points: what a finding on the whole target points at.
    let mut objective = json!({ "id": objective_id(&target.id), "name": "assessment-objective" });
    if !objectives.is_empty() {
        objective["parts"] = objectives.into();
    }
    parts.push(objective);
    let evidence: Vec<&str> = target.points.iter().map(|p| p.typical_evidence.as_str()).collect();
    let evidence: Vec<&str> = evidence.into_iter().filter(|text| !text.is_empty()).collect();
    if !evidence.is_empty() {
        parts.push(json!({
            "id": format!("{id}_asm-examine"),
            "name": "assessment-method",
            "props": [{ "name": "method", "value": "EXAMINE" }],
            "parts": [{ "name": "assessment-objects", "prose": evidence.join("\n\n") }],
        }));
    }
    if !target.guidance.is_empty() {
        parts.push(json!({
            "id": format!("{id}_gdn"), "name": "guidance", "prose": target.guidance,
        }));
    }
    let mut control = json!({
        "id": id,
        "class": target.kind.as_str(),
        "title": target.title,
        "props": props,
        "parts": parts,
    });
    if !links.is_empty() {
        control["links"] = links.into();
    }
    control
}

fn common_group(catalog: &Catalog) -> Value {
    let controls: Vec<Value> = catalog.common_controls().iter().map(common_control).collect();
    json!({ "id": "common-controls", "title": "Common controls", "controls": controls })
}

fn common_control(control: &CommonControl) -> Value {
    let id = slug(&control.id);
    let mut props = vec![
        json!({ "name": "label", "value": control.id }),
        own("level", control.level.as_str()),
        own("accountable", &control.accountable),
        own("scope", &control.scope),
    ];
    props.extend(control.components.iter().map(|component| own("component", component)));
    props.retain(|prop| prop["value"] != "");
    let mut parts = vec![json!({
        "id": format!("{id}_ovw"), "name": "overview", "prose": control.purpose,
    })];
    if !control.guidance.is_empty() {
        parts.push(json!({
            "id": format!("{id}_gdn"), "name": "guidance", "prose": control.guidance,
        }));
    }
    json!({
        "id": id, "class": "common-control", "title": control.title, "props": props, "parts": parts,
    })
}

/// One entry per pair of targets, with the strongest relation that a chain gives.
fn derived_mapping(catalog: &Catalog, from: &str, to: &str) -> Value {
    let reuse = catalog.reuse(from, to);
    let mut maps = Vec::new();
    for row in &reuse.rows {
        let mut pairs: BTreeMap<&TargetId, Vec<_>> = BTreeMap::new();
        for chain in &row.chains {
            pairs.entry(chain.source).or_default().push(chain);
        }
        for (source, chains) in pairs {
            let Some(relation) =
                chains.iter().map(|chain| chain.relation()).min_by_key(|r| rank(*r))
            else {
                continue;
            };
            let strong = chains.iter().any(|chain| chain.strength == Strength::Strong);
            let strength = if strong { Strength::Strong } else { Strength::Weak };
            let mut props = vec![own("strength", strength.as_str())];
            props.extend(chains.iter().map(|c| own("common-control", &c.common_control.id)));
            let why: Vec<&str> = chains.iter().map(|chain| chain.to.rationale.as_str()).collect();
            let mut map =
                entry(relation, control_id(source), control_id(&row.target.id), &why.join(" "));
            map["props"] = props.into();
            maps.push(with_uuid("map", map));
        }
    }
    let mut mapping = json!({
        "method": "automation",
        "source-resource": resource(from),
        "target-resource": resource(to),
        "maps": maps,
        "remarks": "Derived: two links over a common control. Without a strong chain an entry \
                    says no more than that both share work.",
    });
    let new: Vec<String> = reuse.specific().map(|target| control_id(&target.id)).collect();
    if !new.is_empty() {
        let gap = json!({ "unmapped-controls": [{ "with-ids": new }] });
        mapping["target-gap-summary"] = with_uuid("gap", gap);
    }
    with_uuid("mapping", mapping)
}

/// What the common controls say about one framework.
fn common_mapping(catalog: &Catalog, framework: &str) -> Value {
    let mut maps = Vec::new();
    for control in catalog.common_controls() {
        for link in control.links.iter().filter(|link| link.target.framework() == framework) {
            let (source, target) = (slug(&control.id), control_id(&link.target));
            maps.push(with_uuid("map", entry(link.relation, source, target, &link.rationale)));
        }
    }
    let mapping = json!({
        "method": "human",
        "source-resource": resource(COMMON),
        "target-resource": resource(framework),
        "maps": maps,
    });
    with_uuid("mapping", mapping)
}

fn entry(relation: Relation, source: String, target: String, why: &str) -> Value {
    json!({
        "relationship": match relation {
            Relation::Equal => "equal-to",
            Relation::Subset => "subset-of",
            Relation::Superset => "superset-of",
            Relation::Intersects => "intersects-with",
        },
        "sources": [{ "type": "control", "id-ref": source }],
        "targets": [{ "type": "control", "id-ref": target }],
        "remarks": why,
    })
}

fn rank(relation: Relation) -> u8 {
    match relation {
        Relation::Equal => 0,
        Relation::Superset => 1,
        Relation::Subset => 2,
        Relation::Intersects => 3,
    }
}

/// The catalogue that `export --format oscal --framework F` writes.
fn resource(framework: &str) -> Value {
    json!({ "type": "catalog", "href": catalog_href(framework) })
}

/// The file name that documents give to the catalogue of a framework.
pub fn catalog_href(framework: &str) -> String {
    format!("{}-catalog.json", slug(framework))
}

/// A property of our namespace; white space in the value becomes single spaces. OSCAL takes no
/// empty value: the caller leaves such a property out.
pub fn own(name: &str, value: &str) -> Value {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    json!({ "name": name, "ns": NAMESPACE, "value": value })
}

/// The id of a target's control in the catalogue.
pub fn control_id(id: &TargetId) -> String {
    slug(&format!("{}-{}", id.framework(), id.local()))
}

/// The id of the assessment objective that stands for a whole target.
pub fn objective_id(id: &TargetId) -> String {
    format!("{}_obj", control_id(id))
}

/// A token: begins with a letter and holds lower-case letters, digits, `.`, `-` and `_`.
fn slug(text: &str) -> String {
    let mut slug: String = text
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' })
        .collect();
    if !slug.starts_with(|c: char| c.is_ascii_alphabetic()) {
        slug.insert(0, '_');
    }
    slug
}

/// A UUID that derives from a name and the kind of thing it names: the layout of version 5, over
/// SHA-256.
pub fn uuid(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{kind}\n{name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Adds a UUID that derives from the content.
pub fn with_uuid(kind: &str, body: Value) -> Value {
    let mut object = Map::new();
    object.insert("uuid".to_owned(), uuid(kind, &body.to_string()).into());
    if let Value::Object(fields) = body {
        object.extend(fields);
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{ISO27001, ISO42001};

    fn collect<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(text) if name == key => found.push(text),
                        _ => collect(value, key, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
            _ => {}
        }
    }

    #[test]
    fn the_catalogue_was_changed_on_a_day() {
        let metadata = metadata("any");
        let changed = metadata["last-modified"].as_str().unwrap();
        let (day, time) = changed.split_once('T').unwrap();
        assert!(day.parse::<crate::domain::Date>().is_ok() && time == "00:00:00Z", "{changed}");
    }

    #[test]
    fn ids_are_unique_and_every_mapping_leads_to_a_control() {
        let catalog = Catalog::builtin();
        let document = catalog_document(catalog, None);
        let mut ids = Vec::new();
        collect(&document, "id", &mut ids);
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len());

        let mapping = mapping_document(catalog, ISO27001, ISO42001);
        let (mut references, mut uuids) = (Vec::new(), Vec::new());
        collect(&mapping, "id-ref", &mut references);
        collect(&mapping, "uuid", &mut uuids);
        assert!(references.len() > 400);
        for reference in references {
            assert!(unique.contains(reference), "{reference}");
        }
        assert_eq!(uuids.iter().collect::<BTreeSet<_>>().len(), uuids.len());
        assert_eq!(mapping, mapping_document(catalog, ISO27001, ISO42001));
    }
}
