//! The sheet `Actions`: what to do, what serves both standards first.

use super::{
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::{View, actions},
};
use crate::domain::TargetId;

const WORK: Band = Band::Subject("What to do");
const HOW: Band = Band::Subject("How: proposed by the catalogue");
const PEOPLE: Band = Band::Subject("What people stated");
const COLUMNS: [Column; 19] = [
    ("Urgency", 8.5, WORK),
    ("Action", 15.0, WORK),
    ("Serves", 10.0, WORK),
    ("Targets", 17.0, WORK),
    ("System", 12.0, WORK),
    ("What", 46.0, WORK),
    ("Common control", 18.0, HOW),
    ("Covers", 8.0, HOW),
    ("Helps", 8.0, HOW),
    ("Owner role", 15.0, HOW),
    ("Level", 12.0, HOW),
    ("Effort", 9.0, HOW),
    ("Proposed control", 38.0, HOW),
    ("Evidence to produce", 38.0, HOW),
    ("Owner", 16.0, PEOPLE),
    ("Due", 12.0, PEOPLE),
    ("Status", 13.0, PEOPLE),
    ("Comment", 18.0, PEOPLE),
    ("Id", 15.0, PEOPLE),
];

/// Targets that a cell names before it only counts.
const NAMED: usize = 12;

pub(super) fn table<'a>(view: &View<'_>) -> Table<'a> {
    let as_of = view.report.as_of;
    let rows = actions(view.report)
        .into_iter()
        .map(|action| {
            let work = &action.work;
            let mut targets = join(action.targets.iter().take(NAMED).map(TargetId::as_str), "\n");
            if action.targets.len() > NAMED {
                targets.push_str(&format!("\nand {} more", action.targets.len() - NAMED));
            }
            let status = action.status.as_str();
            let overdue = action.is_overdue(as_of);
            let status =
                if overdue { Cell::Owed(format!("{status}, overdue")) } else { status.into() };
            let comment = join(
                [work.remark.as_str(), work.comment.as_str()].into_iter().filter(|t| !t.is_empty()),
                "\n",
            );
            vec![
                Cell::Count(action.priority as usize),
                action.kind.as_str().into(),
                if action.is_joint() { "both" } else { "one" }.into(),
                targets.into(),
                action.system.as_deref().unwrap_or_default().into(),
                action.text.as_str().into(),
                work.title.as_str().into(),
                Cell::Count(work.closes as usize),
                Cell::Count(work.helps as usize),
                work.owner_role.as_str().into(),
                work.level.as_str().into(),
                work.effort.as_str().into(),
                work.control_text.as_str().into(),
                work.evidence.join("\n").into(),
                action.owner.as_str().into(),
                Cell::Day(action.due),
                status,
                comment.into(),
                action.id.as_str().into(),
            ]
        })
        .collect();
    let title = "Actions: what closes most targets of both standards first; urgency 1 (most) to 5"
        .to_owned();
    Table { sheet: "Actions", title, columns: &COLUMNS, rows, frozen: 0 }
}
