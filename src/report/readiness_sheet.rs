//! The sheet `Readiness`: what an auditor asks for in Stage 1 and Stage 2, and what is accepted for it.

use super::{
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::View,
};
use crate::domain::{Accepted, PointId, Readiness, TargetId};

const SUBJECT: Band = Band::Subject("What an audit asks for");
const COLUMNS: [Column; 16] = [
    ("Standard", 11.0, SUBJECT),
    ("Stage", 7.0, SUBJECT),
    ("Clause or theme", 15.0, SUBJECT),
    ("Subject", 34.0, SUBJECT),
    ("Targets", 24.0, SUBJECT),
    ("State", 19.0, Band::Reviewed),
    ("Accepted", 10.0, Band::Reviewed),
    ("Of points", 9.0, Band::Reviewed),
    ("Without accepted evidence", 36.0, Band::Reviewed),
    ("Records from", 11.5, Band::Reviewed),
    ("Records to", 11.5, Band::Reviewed),
    ("Days with records", 10.0, Band::Reviewed),
    ("likely evidence", 10.0, Band::Machine),
    ("unsure", 9.0, Band::Machine),
    ("likely gap", 9.0, Band::Machine),
    ("pending", 9.0, Band::Machine),
];

/// Ids that a cell names before it only counts.
const NAMED: usize = 12;

pub(super) fn table<'a>(view: &View<'_>) -> Table<'a> {
    let rows = view.report.readiness.iter().map(line).collect();
    let title =
        "Stage 1 and Stage 2: what is asked for, and what people accepted; no verdict".to_owned();
    Table { sheet: "Readiness", title, columns: &COLUMNS, rows, frozen: 0 }
}

fn line(row: &Readiness) -> Vec<Cell> {
    let state = row.state.as_str();
    vec![
        row.framework.as_str().into(),
        Cell::Count(row.stage.into()),
        row.theme.as_str().into(),
        row.subject.as_str().into(),
        some(row.targets.iter().map(TargetId::as_str), row.targets.len()).into(),
        if row.state == Accepted::All { state.into() } else { Cell::Owed(state.to_owned()) },
        Cell::Count(row.accepted as usize),
        Cell::Count(row.points as usize),
        some(row.open.iter().map(PointId::as_str), row.open.len()).into(),
        Cell::Day(row.first),
        Cell::Day(row.last),
        if row.stage == 2 { Cell::Count(row.days as usize) } else { "".into() },
        Cell::Count(row.likely_evidence as usize),
        Cell::Count(row.unsure as usize),
        Cell::Count(row.likely_gap as usize),
        Cell::Count(row.pending as usize),
    ]
}

fn some<'i>(ids: impl Iterator<Item = &'i str>, count: usize) -> String {
    let shown = join(ids.take(NAMED), ", ");
    match count.saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
