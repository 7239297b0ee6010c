//! `oscal/component-definition.json`: the management system and the systems in scope as components,
//! and how each implements a control. A control stands there only if a person accepted evidence for
//! it or stated an implementation status; with nothing reviewed no component claims anything.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{key, markdown, metadata, props, quoted};
use crate::{
    catalog::oscal::{catalog_href, control_id, uuid},
    domain::{ImplementationStatus, ProvidedBy},
    report::{
        view::{Row, State, View},
        write::date,
    },
};

pub(in crate::report) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut components: BTreeMap<Option<&str>, Vec<&Row<'_>>> = BTreeMap::new();
    components.insert(None, Vec::new());
    for system in &view.report.systems {
        components.insert(Some(&system.id), Vec::new());
    }
    for row in &view.rows {
        components.entry(row.assessment.system.as_deref()).or_default().push(row);
    }
    let components: Vec<Value> =
        components.into_iter().map(|(system, rows)| component(view, system, &rows)).collect();
    super::document(
        "component-definition",
        json!({ "metadata": metadata(view, "Components", &[]), "components": components }),
    )
}

fn component(view: &View<'_>, id: Option<&str>, rows: &[&Row<'_>]) -> Value {
    let system = view.report.systems.iter().find(|system| Some(system.id.as_str()) == id);
    let mut component = match id {
        None => json!({
            "type": "process-procedure",
            "title": "Management system of the organisation",
            "description": "What holds for the whole organisation, for all standards together.",
        }),
        Some(id) => {
            let name = system.map_or(id, |s| s.name.as_str());
            let name = if name.trim().is_empty() { id } else { name };
            let (ai, roles) = system.map_or((false, String::new()), |s| (s.ai, s.roles.join(", ")));
            json!({
                "type": "system",
                "title": markdown(name),
                "description": if ai { "An AI system in scope." } else { "A system in scope." },
                "props": props([("system", id), ("ai-roles", roles.as_str())]),
            })
        }
    };
    component["uuid"] = uuid("component", id.unwrap_or_default()).into();
    let mut frameworks: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for row in rows {
        if let Some(implemented) = implemented(row) {
            frameworks.entry(&row.assessment.framework).or_default().push(implemented);
        }
    }
    if !frameworks.is_empty() {
        let implementations: Vec<Value> = frameworks
            .into_iter()
            .map(|(framework, requirements)| {
                json!({
                    "uuid": uuid(
                        "control-implementation",
                        &format!("{framework}|{}", id.unwrap_or_default()),
                    ),
                    "source": catalog_href(framework),
                    "description": format!(
                        "How {} is put into practice, from evidence that people accepted and \
                         statuses that they stated.",
                        view.report.catalog.framework_name(framework),
                    ),
                    "implemented-requirements": requirements,
                })
            })
            .collect();
        component["control-implementations"] = implementations.into();
    }
    component
}

fn implemented(row: &Row<'_>) -> Option<Value> {
    let a = row.assessment;
    let position = a.position.as_ref();
    let status = position.and_then(|p| p.implementation_status);
    if row.state == State::NotApplicable || (a.evidence.is_empty() && status.is_none()) {
        return None;
    }
    let description = if a.evidence.is_empty() {
        "Stated by a person; no evidence accepted.".to_owned()
    } else {
        a.evidence.iter().map(quoted).collect::<Vec<_>>().join("\n\n")
    };
    let text = |field: Option<&String>| field.cloned().unwrap_or_default();
    let (owner, provider) = (text(position.map(|p| &p.owner)), text(position.map(|p| &p.provider)));
    let (due, planned) =
        (date(position.and_then(|p| p.due)), date(position.and_then(|p| p.planned_for)));
    let decided_by = text(position.map(|p| &p.decided_by));
    Some(json!({
        "uuid": uuid("implemented-requirement", &key(row)),
        "control-id": control_id(&a.target),
        "description": description,
        "props": props([
            ("coverage", row.state.label()),
            ("coverage-reasons", row.reasons(crate::words::Words::english()).as_str()),
            ("implementation-status", status.map_or("", ImplementationStatus::as_str)),
            ("provided-by", position.and_then(|p| p.provided_by).map_or("", ProvidedBy::as_str)),
            ("provider", provider.as_str()),
            ("owner", owner.as_str()),
            ("due", due.as_str()),
            ("planned-for", planned.as_str()),
            ("stated-by", decided_by.as_str()),
        ]),
    }))
}
