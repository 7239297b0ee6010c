//! The sheet `Readiness`: what an auditor asks for in Stage 1 and Stage 2, and what is accepted for it.

use super::{
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::View,
};
use crate::{
    domain::{Accepted, PointId, Readiness, TargetId},
    words::Words,
};

const SUBJECT: Band = Band::Subject("band-what-an-audit-asks-for");
const COLUMNS: [Column; 16] = [
    ("col-standard", 11.0, SUBJECT),
    ("col-stage", 7.0, SUBJECT),
    ("col-clause-or-theme", 15.0, SUBJECT),
    ("col-subject", 34.0, SUBJECT),
    ("col-targets", 24.0, SUBJECT),
    ("col-state", 19.0, Band::Reviewed),
    ("col-accepted", 10.0, Band::Reviewed),
    ("col-of-points", 9.0, Band::Reviewed),
    ("col-without-accepted-evidence", 36.0, Band::Reviewed),
    ("col-records-from", 11.5, Band::Reviewed),
    ("col-records-to", 11.5, Band::Reviewed),
    ("col-days-with-records", 10.0, Band::Reviewed),
    ("word-likely-evidence", 10.0, Band::Machine),
    ("word-unsure", 9.0, Band::Machine),
    ("word-likely-gap", 9.0, Band::Machine),
    ("col-pending", 9.0, Band::Machine),
];

/// Ids that a cell names before it only counts.
const NAMED: usize = 12;

pub(super) fn table<'a>(view: &View<'_>) -> Table<'a> {
    let rows = view.report.readiness.iter().map(|row| line(view, row)).collect();
    let title = view.words.text("readiness-table").to_owned();
    Table { sheet: "sheet-readiness", title, columns: &COLUMNS, rows, frozen: 0 }
}

fn line(view: &View<'_>, row: &Readiness) -> Vec<Cell> {
    let w = view.words;
    let state = w.word(row.said());
    vec![
        row.framework.as_str().into(),
        Cell::Count(row.stage.into()),
        row.theme.as_str().into(),
        row.subject.as_str().into(),
        some(w, row.targets.iter().map(TargetId::as_str), row.targets.len()).into(),
        if row.state == Accepted::All { state.into() } else { Cell::Owed(state.to_owned()) },
        Cell::Count(row.accepted as usize),
        Cell::Count(row.points as usize),
        some(w, row.open.iter().map(PointId::as_str), row.open.len()).into(),
        Cell::Day(row.first),
        Cell::Day(row.last),
        if row.stage == 2 { Cell::Count(row.days as usize) } else { "".into() },
        Cell::Count(row.likely_evidence as usize),
        Cell::Count(row.unsure as usize),
        Cell::Count(row.likely_gap as usize),
        Cell::Count(row.pending as usize),
    ]
}

fn some<'i>(w: &Words, ids: impl Iterator<Item = &'i str>, count: usize) -> String {
    let shown = join(ids.take(NAMED), ", ");
    match count.saturating_sub(NAMED) {
        0 => shown,
        more => w.with("and-more", &[("named", (&shown).into()), ("n", more.into())]),
    }
}
