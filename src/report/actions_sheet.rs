//! The sheet `Actions`: what to do, what serves both standards first.

use super::{
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::{View, actions},
};
use crate::domain::TargetId;

const WORK: Band = Band::Subject("band-what-to-do");
const HOW: Band = Band::Subject("band-how-proposed-by-the-catalogue");
const PEOPLE: Band = Band::Subject("band-what-people-stated");
const COLUMNS: [Column; 19] = [
    ("col-priority", 8.5, WORK),
    ("col-action", 15.0, WORK),
    ("col-serves", 10.0, WORK),
    ("col-targets", 17.0, WORK),
    ("col-system", 12.0, WORK),
    ("col-what", 46.0, WORK),
    ("col-common-control", 18.0, HOW),
    ("col-covers", 8.0, HOW),
    ("col-helps", 8.0, HOW),
    ("col-owner-role", 15.0, HOW),
    ("col-level", 12.0, HOW),
    ("col-effort", 9.0, HOW),
    ("col-proposed-control", 38.0, HOW),
    ("col-evidence-to-produce", 38.0, HOW),
    ("col-owner", 16.0, PEOPLE),
    ("col-due", 12.0, PEOPLE),
    ("col-status", 13.0, PEOPLE),
    ("col-comment", 18.0, PEOPLE),
    ("col-id", 15.0, PEOPLE),
];

/// Targets that a cell names before it only counts.
const NAMED: usize = 12;

pub(super) fn table<'a>(view: &View<'_>) -> Table<'a> {
    let (as_of, w) = (view.report.as_of, view.words);
    let rows = actions(view.report)
        .into_iter()
        .map(|action| {
            let work = &action.work;
            let mut targets = join(action.targets.iter().take(NAMED).map(TargetId::as_str), "\n");
            if action.targets.len() > NAMED {
                let more = action.targets.len() - NAMED;
                targets.push('\n');
                targets.push_str(&w.with("more", &[("n", more.into())]));
            }
            let status = w.word(action.status.as_str());
            let overdue = action.is_overdue(as_of);
            let status = if overdue {
                Cell::Owed(format!("{status}, {}", w.text("overdue")))
            } else {
                status.into()
            };
            let comment = join(
                [work.remark.as_str(), work.comment.as_str()].into_iter().filter(|t| !t.is_empty()),
                "\n",
            );
            vec![
                Cell::Count(action.priority as usize),
                w.word(&action.kind).into(),
                w.text(if action.is_joint() { "serves-both" } else { "serves-one" }).into(),
                targets.into(),
                action.system.as_deref().unwrap_or_default().into(),
                action.text.as_str().into(),
                work.title.as_str().into(),
                Cell::Count(work.closes as usize),
                Cell::Count(work.helps as usize),
                work.owner_role.as_str().into(),
                w.word(&work.level).into(),
                w.word(work.effort.as_str()).into(),
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
    let title = w.text("actions-table").to_owned();
    Table { sheet: "sheet-actions", title, columns: &COLUMNS, rows, frozen: 0 }
}
