//! `audit-programme.csv`: one row an internal audit or management review, for both standards at once.
//! Auditor, status and comment are what people stated in `review/audit-programme.csv`.

use std::collections::BTreeSet;

use super::{text::join, view::View, write::Csv};
use crate::domain::{Audit, Date, TargetId};

const COLUMNS: [&str; 22] = [
    "audit",
    "round",
    "kind",
    "title",
    "quarter",
    "planned_from",
    "planned_to",
    "standards",
    "target_count",
    "criteria",
    "systems",
    "scope",
    "method",
    "auditor_role",
    "not_by",
    "auditor",
    "status",
    "comment",
    "remark",
    "why",
    "basis",
    "as_of",
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let (basis, as_of) = (view.basis(), view.report.as_of.to_string());
    for audit in &view.report.programme.audits {
        csv.row(&[
            audit.id.clone(),
            audit.round.clone(),
            audit.kind.as_str().to_owned(),
            audit.title.clone(),
            quarter(audit.from),
            audit.from.to_string(),
            audit.to.to_string(),
            standards(view, audit),
            audit.targets.len().to_string(),
            join(audit.targets.iter().map(TargetId::as_str), "; "),
            audit.systems.join("; "),
            audit.scope.clone(),
            audit.method.clone(),
            audit.auditor_role.clone(),
            audit.owners.join("; "),
            audit.said.auditor.clone(),
            audit
                .said
                .stated_on
                .map_or_else(String::new, |_| audit.said.status.as_str().to_owned()),
            audit.said.comment.clone(),
            audit.said.remark.clone(),
            audit.why.clone(),
            basis.clone(),
            as_of.clone(),
        ])?;
    }
    csv.finish()
}

/// `2027-Q1`.
pub(super) fn quarter(day: Date) -> String {
    let (year, month, _) = day.ymd();
    format!("{year}-Q{}", (month - 1) / 3 + 1)
}

/// Names of the standards whose targets an audit covers.
pub(super) fn standards(view: &View<'_>, audit: &Audit) -> String {
    let ids: BTreeSet<&str> = audit.targets.iter().map(TargetId::framework).collect();
    join(ids.into_iter().map(|id| view.report.catalog.framework_name(id)), "; ")
}
