//! `actions.csv` and `audit-programme.csv`: what a person states on actions and audits.

use std::collections::BTreeMap;

use super::{
    super::{
        columns::FileKind,
        sheet::{Sheet, SheetRow},
        words,
    },
    Context, Import,
    problems::{Bad, Problems},
};
use crate::domain::{
    Action, ActionStatus, Audit, Date, Planned, Statement, TargetId, owned_in_words,
};

/// What a row may change.
#[derive(Debug, Clone, Default, PartialEq)]
struct Stand {
    owner: String,
    due: Option<Date>,
    status: ActionStatus,
    comment: String,
}

impl Stand {
    /// What holds of an action as long as nobody states anything: owner and due date of the positions.
    fn of(action: &Action) -> Self {
        Self {
            owner: action.owner.clone(),
            due: action.due,
            status: action.status,
            comment: String::new(),
        }
    }

    fn stated(statement: &Statement) -> Self {
        Self {
            owner: statement.owner.clone(),
            due: statement.due,
            status: statement.status,
            comment: statement.comment.clone(),
        }
    }
}

/// The columns of a file, and what holds while nobody states anything.
struct Form {
    kind: FileKind,
    /// What a row is about, for people.
    what: &'static str,
    id: &'static str,
    owner: &'static str,
    due: &'static str,
    code: &'static str,
    bases: BTreeMap<String, Stand>,
}

pub(super) fn actions(sheet: &Sheet, context: &Context<'_>, problems: &mut Problems) -> Import {
    let form = Form {
        kind: FileKind::Actions,
        what: "action",
        id: "action_id",
        owner: "owner",
        due: "due",
        code: "review-action",
        bases: context.actions.iter().map(|a| (a.id.clone(), Stand::of(a))).collect(),
    };
    read(sheet, &form, context, problems)
}

pub(super) fn audits(sheet: &Sheet, context: &Context<'_>, problems: &mut Problems) -> Import {
    let form = Form {
        kind: FileKind::Audits,
        what: "audit",
        id: "audit_id",
        owner: "auditor",
        due: "starts_on",
        code: "review-audit",
        bases: context.audits.iter().map(|a| (a.id.clone(), Stand::default())).collect(),
    };
    let import = read(sheet, &form, context, problems);
    for statement in &import.statements {
        let audit = context.audits.iter().find(|a| a.id == statement.about);
        let row = sheet.rows.iter().find(|row| row.row == statement.provenance.row);
        let Some((audit, row)) = audit.zip(row) else { continue };
        let owned = owned(audit, &statement.owner, context);
        if audit.kind == Planned::InternalAudit && !owned.is_empty() {
            let message = format!("nobody audits his own work: {owned}");
            problems.warning(row, "auditor", "auditor-owns", message, "name another auditor");
        }
    }
    import
}

/// What of an audit its auditors own, in words; empty if nothing.
fn owned(audit: &Audit, auditor: &str, context: &Context<'_>) -> String {
    let latest: BTreeMap<(&TargetId, &Option<String>), &str> =
        context.positions.iter().map(|p| ((&p.target, &p.system), p.owner.as_str())).collect();
    let owners = latest.into_iter().map(|((target, _), owner)| (target, owner));
    owned_in_words(&audit.owned_by_auditors(auditor, owners))
}

fn read(sheet: &Sheet, form: &Form, context: &Context<'_>, problems: &mut Problems) -> Import {
    let latest: BTreeMap<&str, &Statement> =
        context.statements.iter().map(|s| (s.about.as_str(), s)).collect();
    let changed = format!("the {} was changed", form.what);
    let mut seen: BTreeMap<String, (u32, Stand)> = BTreeMap::new();
    let (mut statements, mut unchanged, mut undecided) = (Vec::new(), 0, 0);
    for row in &sheet.rows {
        let id = row.get(form.id).to_lowercase();
        let Some(unsaid) = form.bases.get(&id) else {
            let what = form.what;
            let message = format!("`{}` is no {what} of this workspace", row.get(form.id));
            let file = form.kind.file_name();
            let help = format!("keep the ids of review/{file}; {what}s are not added by hand");
            problems.error(row, form.id, form.code, message, help);
            continue;
        };
        let before = latest.get(id.as_str()).copied();
        let base = before.map_or_else(|| unsaid.clone(), Stand::stated);
        let Ok(stand) = stand(sheet, row, form, &base, problems) else { continue };
        match seen.get(&id) {
            Some((_, other)) if *other == stand => continue,
            Some((other, _)) => {
                let message = format!("{id} stands in row {other} with other values");
                let help = "keep one of the two rows";
                problems.error(row, form.id, "review-duplicate", message, help);
                continue;
            }
            None => {}
        }
        seen.insert(id.clone(), (row.row, stand.clone()));
        if stand == base {
            // Whoever signs without changing anything has nothing to say.
            *if before.is_some() { &mut unchanged } else { &mut undecided } += 1;
            continue;
        }
        let by = problems.reviewer(row, "stated_by", &changed, context);
        let on = problems.date(row, "stated_on", before.map(|s| s.stated_on));
        let (Ok(stated_by), Ok(on)) = (by, on) else { continue };
        // The day of the former statement is not that of this one.
        let kept = before.map(|s| s.stated_on);
        let stated_on = on.filter(|day| Some(*day) != kept).unwrap_or(context.today);
        statements.push(Statement {
            about: id,
            owner: stand.owner,
            due: stand.due,
            status: stand.status,
            comment: stand.comment,
            stated_by,
            stated_on,
            provenance: context.provenance(sheet, row.row),
        });
    }
    Import {
        kind: form.kind,
        decisions: Vec::new(),
        positions: Vec::new(),
        statements,
        unchanged,
        undecided,
        notes: Vec::new(),
    }
}

/// The cells of a row; a column that is not there stays as it is.
fn stand(
    sheet: &Sheet,
    row: &SheetRow,
    form: &Form,
    base: &Stand,
    problems: &mut Problems,
) -> Result<Stand, Bad> {
    let mut stand = base.clone();
    let mut sound = true;
    if sheet.has(form.owner) {
        stand.owner = row.get(form.owner).to_owned();
    }
    if sheet.has("comment") {
        stand.comment = row.get("comment").to_owned();
    }
    if sheet.has(form.due) {
        match problems.date(row, form.due, base.due) {
            Ok(due) => stand.due = due,
            Err(Bad) => sound = false,
        }
    }
    let cell = row.get("status");
    if sheet.has("status") && !cell.is_empty() {
        match words::find(words::ACTION_STATUSES, cell) {
            Some(status) => stand.status = status,
            None => {
                let message = format!("`{cell}` is not a status");
                let help = format!("write {}", words::list(words::ACTION_STATUSES));
                problems.error(row, "status", "review-word", message, help);
                sound = false;
            }
        }
    }
    if sound { Ok(stand) } else { Err(Bad) }
}
