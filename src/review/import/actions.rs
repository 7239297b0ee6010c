//! `actions.csv`: what a person states on actions.

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
use crate::domain::{Action, ActionStatement, ActionStatus, Date};

/// What a row may change of an action.
#[derive(Debug, Clone, PartialEq)]
struct Stand {
    owner: String,
    due: Option<Date>,
    status: ActionStatus,
    comment: String,
}

impl Stand {
    /// What holds as long as nobody states anything: owner and due date of the positions.
    fn of(action: &Action) -> Self {
        Self {
            owner: action.owner.clone(),
            due: action.due,
            status: action.status,
            comment: String::new(),
        }
    }

    fn stated(statement: &ActionStatement) -> Self {
        Self {
            owner: statement.owner.clone(),
            due: statement.due,
            status: statement.status,
            comment: statement.comment.clone(),
        }
    }
}

pub(super) fn read(sheet: &Sheet, context: &Context<'_>, problems: &mut Problems) -> Import {
    let raised: BTreeMap<&str, &Action> =
        context.actions.iter().map(|a| (a.id.as_str(), a)).collect();
    let latest: BTreeMap<&str, &ActionStatement> =
        context.statements.iter().map(|s| (s.action.as_str(), s)).collect();
    let mut seen: BTreeMap<String, (u32, Stand)> = BTreeMap::new();
    let (mut statements, mut unchanged, mut undecided) = (Vec::new(), 0, 0);
    for row in &sheet.rows {
        let id = row.get("action_id").to_lowercase();
        let Some(action) = raised.get(id.as_str()) else {
            let message = format!("`{}` is no action of this workspace", row.get("action_id"));
            let help = "keep the ids of review/actions.csv; actions are not added by hand";
            problems.error(row, "action_id", "review-action", message, help);
            continue;
        };
        let before = latest.get(id.as_str()).copied();
        let base = before.map_or_else(|| Stand::of(action), Stand::stated);
        let Ok(stand) = stand(sheet, row, &base, problems) else { continue };
        match seen.get(&id) {
            Some((_, other)) if *other == stand => continue,
            Some((other, _)) => {
                let message = format!("{id} stands in row {other} with other values");
                let help = "keep one of the two rows";
                problems.error(row, "action_id", "review-duplicate", message, help);
                continue;
            }
            None => {}
        }
        seen.insert(id.clone(), (row.row, stand.clone()));
        if stand == base {
            // Whoever signs an action without changing anything has nothing to say.
            *if before.is_some() { &mut unchanged } else { &mut undecided } += 1;
            continue;
        }
        let by = problems.reviewer(row, "stated_by", "the action was changed", context);
        let on = problems.date(row, "stated_on", before.map(|s| s.stated_on));
        let (Ok(stated_by), Ok(on)) = (by, on) else { continue };
        // The day of the former statement is not that of this one.
        let kept = before.map(|s| s.stated_on);
        let stated_on = on.filter(|day| Some(*day) != kept).unwrap_or(context.today);
        statements.push(ActionStatement {
            action: id,
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
        kind: FileKind::Actions,
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
    base: &Stand,
    problems: &mut Problems,
) -> Result<Stand, Bad> {
    let mut stand = base.clone();
    let mut sound = true;
    if sheet.has("owner") {
        stand.owner = row.get("owner").to_owned();
    }
    if sheet.has("comment") {
        stand.comment = row.get("comment").to_owned();
    }
    if sheet.has("due") {
        match problems.date(row, "due", base.due) {
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
