//! What people said of the audits: who does them, when, and what became of them.

use std::collections::BTreeMap;

use super::last_day;
use crate::{
    assess::Assessed,
    diag::Diagnostic,
    domain::{
        ActionStatus, Audit, AuditProgramme, AuditSaid, Date, Planned, Statement, TargetId,
        owned_in_words,
    },
};

/// Whether an audit is under way or done by what people said: from then on its days and what is audited
/// stay as they were planned.
fn is_begun(statement: &Statement) -> bool {
    matches!(statement.status, ActionStatus::InProgress | ActionStatus::Done)
}

/// Those of the audits `planned` now whose plan a workspace is to keep. One that is under way or done
/// stays as it was in `earlier`.
pub fn to_keep(planned: &[Audit], said: &[Statement], earlier: &[Audit]) -> Vec<Audit> {
    let latest: BTreeMap<&str, &Statement> = said.iter().map(|s| (s.about.as_str(), s)).collect();
    let stays = |audit: &&Audit| {
        latest.get(audit.id.as_str()).is_some_and(|s| is_begun(s))
            && earlier.iter().any(|other| other.id == audit.id)
    };
    planned.iter().filter(|audit| !stays(audit)).cloned().collect()
}

/// The programme with what people said of it; `said` in the order in which it was stated. `earlier` holds
/// audits of earlier runs: one that is under way or done stays as it was, and one that is no longer planned
/// is kept if somebody said something of it. With it,
/// a warning for each auditor who owns part of what he audits. That the day of
/// an audit has passed is a remark.
pub fn stated_programme(
    mut programme: AuditProgramme,
    said: &[Statement],
    earlier: &[Audit],
    assessed: &Assessed,
    as_of: Date,
) -> (AuditProgramme, Vec<Diagnostic>) {
    let latest: BTreeMap<&str, &Statement> = said.iter().map(|s| (s.about.as_str(), s)).collect();
    let planned = &programme.audits;
    let gone = earlier.iter().filter(|audit| {
        latest.contains_key(audit.id.as_str()) && planned.iter().all(|other| other.id != audit.id)
    });
    let gone: Vec<Audit> = gone
        .map(|audit| Audit {
            said: AuditSaid { gone: true, ..AuditSaid::default() },
            ..audit.clone()
        })
        .collect();
    programme.audits.extend(gone);
    let owners: Vec<(&TargetId, &str)> = assessed
        .assessments
        .iter()
        .filter_map(|row| Some((&row.target, row.position.as_ref()?.owner.as_str())))
        .collect();
    let mut warnings = Vec::new();
    for audit in &mut programme.audits {
        let Some(statement) = latest.get(audit.id.as_str()) else {
            if audit.to < as_of {
                audit.said.remark = "its day has passed; nobody stated anything".to_owned();
            }
            continue;
        };
        if let Some(stored) = earlier.iter().find(|a| a.id == audit.id && is_begun(statement)) {
            *audit = Audit { said: audit.said.clone(), ..stored.clone() };
        }
        let owned = match audit.kind {
            Planned::InternalAudit => {
                let owned = audit.owned_by_auditors(&statement.owner, owners.iter().copied());
                owned_in_words(&owned)
            }
            // Who holds a management review may answer for everything.
            Planned::ManagementReview => String::new(),
        };
        if !owned.is_empty() && !audit.said.gone {
            let message =
                format!("{} ({}): nobody audits his own work: {owned}", audit.id, audit.title);
            warnings.push(
                Diagnostic::warning("auditor-owns", message)
                    .help("name another auditor in review/audit-programme.csv"),
            );
        }
        if let Some(day) = statement.due {
            audit.from = day;
            audit.to = match audit.kind {
                Planned::InternalAudit => last_day(day, audit.targets.len()),
                Planned::ManagementReview => day,
            };
        }
        let stands = match (audit.said.gone, statement.status) {
            (true, ActionStatus::Open | ActionStatus::InProgress) => "no longer planned",
            (false, ActionStatus::Open) if audit.to < as_of => "its day has passed",
            (false, ActionStatus::Done) if audit.from > as_of => "done, but its day is to come",
            _ => "",
        };
        let own = if owned.is_empty() { owned } else { format!("not independent: {owned}") };
        let remark: Vec<&str> =
            [own.as_str(), stands].into_iter().filter(|t| !t.is_empty()).collect();
        audit.said = AuditSaid {
            auditor: statement.owner.clone(),
            starts_on: statement.due,
            status: statement.status,
            comment: statement.comment.clone(),
            stated_by: statement.stated_by.clone(),
            stated_on: Some(statement.stated_on),
            remark: remark.join("; "),
            gone: audit.said.gone,
        };
    }
    programme.audits.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    (programme, warnings)
}
