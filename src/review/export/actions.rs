//! `actions.csv`: what to do, with what people stated on it.

use std::collections::BTreeMap;

use super::{
    super::{columns::FileKind, table::Table},
    date,
};
use crate::domain::{Action, Date, TargetId};

/// Every action in its order. Owner and due date come from positions until somebody states others.
pub fn export_actions(actions: &[Action], as_of: Date) -> Table {
    let mut ordered: Vec<&Action> = actions.iter().collect();
    ordered.sort_by(|a, b| a.order(b));
    let mut table = Table::new(FileKind::Actions);
    for action in ordered {
        let work = &action.work;
        let targets: Vec<&str> = action.targets.iter().map(TargetId::as_str).collect();
        let cells = BTreeMap::from([
            ("action_id", action.id.clone()),
            ("priority", action.priority.to_string()),
            ("kind", action.kind.clone()),
            ("serves", if action.is_joint() { "both" } else { "one" }.to_owned()),
            ("targets", targets.join("; ")),
            ("system", action.system.clone().unwrap_or_default()),
            ("what", action.text.clone()),
            ("common_control", work.common_control.clone()),
            ("control_title", work.title.clone()),
            ("covers", work.closes.to_string()),
            ("helps", work.helps.to_string()),
            ("owner_role", work.owner_role.clone()),
            ("action_level", work.level.clone()),
            ("effort", work.effort.as_str().to_owned()),
            ("proposed_control", work.control_text.clone()),
            ("evidence_to_produce", work.evidence.join("; ")),
            ("overdue", if action.is_overdue(as_of) { "overdue" } else { "" }.to_owned()),
            ("remark", work.remark.clone()),
            ("owner", action.owner.clone()),
            ("due", date(action.due)),
            ("status", action.status.as_str().to_owned()),
            ("comment", work.comment.clone()),
            ("stated_by", work.stated_by.clone()),
            ("stated_on", date(work.stated_on)),
            ("as_of", as_of.to_string()),
        ]);
        table.push(action.id.clone(), cells);
    }
    table
}
