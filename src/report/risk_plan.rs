//! The sheet `Treatment plan`: for each risk that is to be modified a row for each of its controls.

use std::cmp::Reverse;

use super::{
    risk_sheets::{acceptance, band, open, option, reasons, told_all},
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::{State, View},
};
use crate::{
    domain::{Applicability, NamedBy, RiskAction, RiskControl, RiskEntry, RiskOption, RiskReport},
    words::Words,
};

const RISK: Band = Band::Subject("band-risk");
const CONTROL: Band = Band::Subject("band-control");
const PERSON: Band = Band::Subject("band-stated-by-people");
const WORK: Band = Band::Subject("band-work");
const REST: Band = Band::Subject("band-what-is-left");
const COLUMNS: [Column; 18] = [
    ("col-risk", 12.0, RISK),
    ("col-title", 28.0, RISK),
    ("col-level-band", 9.5, RISK),
    ("col-option", 16.0, RISK),
    ("col-control", 17.0, CONTROL),
    ("col-title", 26.0, CONTROL),
    ("col-named-by", 13.0, CONTROL),
    ("col-applicability", 13.0, PERSON),
    ("col-implementation-status", 15.0, PERSON),
    ("col-coverage-by-evidence", 12.0, Band::Reviewed),
    ("col-why", 18.0, Band::Reviewed),
    ("col-still-open", 26.0, WORK),
    ("col-actions-of-file", 40.0, WORK),
    ("col-owner", 14.0, WORK),
    ("col-due", 11.0, WORK),
    ("col-residual-risk", 10.0, REST),
    ("col-risk-owner", 14.0, REST),
    ("col-acceptance", 18.0, REST),
];

/// Actions that a cell names before it only counts.
const ACTIONS: usize = 4;

/// Risks that are to be modified and not closed, the highest first.
pub(super) fn planned(report: &RiskReport) -> Vec<&RiskEntry> {
    let modify = |e: &&RiskEntry| e.risk.option == Some(RiskOption::Modify) && !e.risk.closed;
    let mut entries: Vec<&RiskEntry> = report.entries.iter().filter(modify).collect();
    // Stable: what is equal stays in the order of the register.
    entries.sort_by_key(|e| Reverse((e.risk.band, e.risk.product())));
    entries
}

pub(super) fn table(view: &View<'_>) -> Table<'static> {
    let (w, report) = (view.words, &view.report.risks);
    let planned = planned(report);
    let mut rows = Vec::new();
    for entry in &planned {
        if entry.controls.is_empty() {
            rows.push(row(w, entry, None));
        }
        rows.extend(entry.controls.iter().map(|control| row(w, entry, Some(control))));
    }
    let mut title = w.with("risk-plan-table", &[("n", planned.len().into())]);
    let undecided = report.counts.treatment_not_decided;
    if undecided > 0 {
        title.push_str("; ");
        title.push_str(&w.with("risk-plan-undecided", &[("n", (undecided as usize).into())]));
    }
    Table { sheet: "sheet-plan", title, columns: &COLUMNS, rows, frozen: 2 }
}

fn row(w: &Words, entry: &RiskEntry, control: Option<&RiskControl>) -> Vec<Cell> {
    let risk = &entry.risk;
    let mut cells: Vec<Cell> = vec![
        entry.name.as_str().into(),
        risk.title.as_str().into(),
        band(w, risk),
        option(w, risk),
    ];
    match control {
        Some(control) => cells.extend(of_control(w, control)),
        None => {
            let written = risk.controls_as_written.as_str();
            cells.push(open(w));
            cells.push(match written {
                "" if risk.not_ids.is_empty() => w.text("risk-no-control").into(),
                "" => {
                    let names = risk.not_ids.join(", ");
                    w.with("risk-no-known-control", &[("names", (&names).into())]).into()
                }
                written => w.with("risk-controls-in-words", &[("text", written.into())]).into(),
            });
            cells.extend((0..7).map(|_| Cell::from("")));
            cells.extend([open(w), open(w)]);
        }
    }
    cells.extend([
        if risk.residual.is_empty() { open(w) } else { risk.residual.as_str().into() },
        if risk.owner.is_empty() { open(w) } else { risk.owner.as_str().into() },
        acceptance(w, risk),
    ]);
    cells
}

fn of_control(w: &Words, control: &RiskControl) -> Vec<Cell> {
    let excluded = control.applicability == Some(Applicability::NotApplicable);
    let undecided = || Cell::Owed(w.text("not-decided").to_owned());
    let system = control.system.as_deref().map_or_else(String::new, |s| format!("\n({s})"));
    let state = State::of(control.coverage, &control.coverage_reasons);
    vec![
        format!("{}{system}", control.target).into(),
        control.title.as_str().into(),
        w.text(match control.named_by {
            NamedBy::Register => "risk-by-register",
            NamedBy::Position => "risk-by-position",
            NamedBy::Both => "risk-by-both",
        })
        .into(),
        match control.applicability {
            Some(stated) => w.word(stated.as_str()).into(),
            None if control.is_control => undecided(),
            None => "".into(),
        },
        match control.implementation_status.as_str() {
            "" if excluded => "".into(),
            "" => undecided(),
            status => w.word(status).into(),
        },
        Cell::State(state),
        if state == State::NotApplicable { "".into() } else { reasons(w, control).into() },
        told_all(w, &control.open).into(),
        actions(w, &control.actions).into(),
        if control.owner.is_empty() && !excluded { open(w) } else { control.owner.as_str().into() },
        if control.due.is_none() && !excluded { open(w) } else { Cell::Day(control.due) },
    ]
}

/// `a-… renew: open, due 2027-02-01, Head of IT`, one a line.
fn actions(w: &Words, actions: &[RiskAction]) -> String {
    let line = |action: &RiskAction| {
        let mut words = vec![w.word(action.status.as_str()).to_owned()];
        if let Some(due) = action.due {
            words.push(w.with("risk-action-due", &[("day", (&due.to_string()).into())]));
            if action.overdue {
                words.push(w.text("overdue").to_owned());
            }
        }
        if !action.owner.is_empty() {
            words.push(action.owner.clone());
        }
        format!("{} {}: {}", action.id, w.word(&action.kind), words.join(", "))
    };
    let mut lines: Vec<String> = actions.iter().take(ACTIONS).map(line).collect();
    if actions.len() > ACTIONS {
        lines.push(w.with("more", &[("n", (actions.len() - ACTIONS).into())]));
    }
    join(lines.iter().map(String::as_str), "\n")
}
