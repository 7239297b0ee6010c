//! `oscal/plan-of-action-and-milestones.json`: the actions of the gap analysis as items. An item is
//! work, not a finding: it may as well ask to review what nobody has looked at.

use serde_json::{Value, json};

use super::{markdown, metadata, props};
use crate::{
    catalog::oscal::{control_id, uuid},
    domain::{Action, ActionStatus},
    report::{
        text,
        view::{View, actions},
        write::date,
    },
};

pub(in crate::report) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut items: Vec<Value> = actions(view.report).into_iter().map(item).collect();
    if items.is_empty() {
        // OSCAL takes no plan without an item.
        items.push(json!({
            "uuid": uuid("poam-item", "none"),
            "title": "No action",
            "description": "The gap analysis asks for no action; this item only keeps the form.",
        }));
    }
    super::document(
        "plan-of-action-and-milestones",
        json!({ "metadata": metadata(view, "Actions", &[]), "poam-items": items }),
    )
}

fn item(action: &Action) -> Value {
    let targets = text::join(action.targets.iter().map(|t| t.as_str()), " ");
    let controls: Vec<String> = action.targets.iter().map(control_id).collect();
    let (priority, due) = (action.priority.to_string(), date(action.due));
    let status = match action.status {
        ActionStatus::Open => "open",
        ActionStatus::InProgress => "in progress",
        ActionStatus::Done => "done",
        ActionStatus::Dropped => "dropped",
    };
    json!({
        "uuid": uuid("poam-item", &action.id),
        "title": markdown(&format!("{}: {targets}", action.kind)),
        "description": markdown(&action.text),
        "props": props([
            ("action-id", action.id.as_str()),
            ("kind", &action.kind),
            ("controls", controls.join(" ").as_str()),
            ("system", action.system.as_deref().unwrap_or_default()),
            ("status", status),
            ("priority", priority.as_str()),
            ("owner", &action.owner),
            ("due", due.as_str()),
        ]),
    })
}
