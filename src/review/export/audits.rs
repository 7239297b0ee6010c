//! `audit-programme.csv`: what is audited when, with who does it as people stated it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{columns::FileKind, table::Table},
    date,
};
use crate::domain::{Audit, Date, TargetId};

/// Every audit and management review, in the order of their days.
pub fn export_audits(audits: &[Audit], as_of: Date) -> Table {
    let mut table = Table::new(FileKind::Audits);
    for audit in audits {
        let said = &audit.said;
        let targets: Vec<&str> = audit.targets.iter().map(TargetId::as_str).collect();
        let standards: BTreeSet<&str> = audit.targets.iter().map(TargetId::framework).collect();
        let standards: Vec<&str> = standards.into_iter().collect();
        let cells = BTreeMap::from([
            ("audit_id", audit.id.clone()),
            ("round", audit.round.clone()),
            ("kind", audit.kind.as_str().to_owned()),
            ("title", audit.title.clone()),
            ("standards", standards.join("; ")),
            ("target_count", targets.len().to_string()),
            ("targets", targets.join("; ")),
            ("systems", audit.systems.join("; ")),
            ("auditor_role", audit.auditor_role.clone()),
            ("not_by", audit.owners.join("; ")),
            ("planned_from", audit.from.to_string()),
            ("planned_to", audit.to.to_string()),
            ("remark", said.remark.clone()),
            ("auditor", said.auditor.clone()),
            ("starts_on", date(said.starts_on)),
            ("status", said.status.as_str().to_owned()),
            ("comment", said.comment.clone()),
            ("stated_by", said.stated_by.clone()),
            ("stated_on", date(said.stated_on)),
            ("as_of", as_of.to_string()),
        ]);
        table.push(audit.id.clone(), cells);
    }
    table
}
