//! The sheet `Treatment plan`: for each risk that is to be modified a row for each of its controls.

use std::cmp::Reverse;

use super::{
    risk_sheets::{acceptance, band, open, option, reasons},
    sheet::{Band, Cell, Column, Table},
    text::join,
    view::{State, View},
};
use crate::domain::{Applicability, RiskAction, RiskControl, RiskEntry, RiskOption, RiskReport};

const RISK: Band = Band::Subject("Risk");
const CONTROL: Band = Band::Subject("Control");
const PERSON: Band = Band::Subject("Stated by people");
const WORK: Band = Band::Subject("Work");
const REST: Band = Band::Subject("What is left");
const COLUMNS: [Column; 18] = [
    ("Risk", 12.0, RISK),
    ("Title", 28.0, RISK),
    ("Level band", 9.5, RISK),
    ("Option", 14.0, RISK),
    ("Control", 17.0, CONTROL),
    ("Title", 26.0, CONTROL),
    ("Named by", 13.0, CONTROL),
    ("Applicability", 13.0, PERSON),
    ("Implementation status", 15.0, PERSON),
    ("Coverage by evidence", 12.0, Band::Reviewed),
    ("Why", 18.0, Band::Reviewed),
    ("Still open", 26.0, WORK),
    ("Actions of review/actions.csv", 40.0, WORK),
    ("Owner", 14.0, WORK),
    ("Due", 11.0, WORK),
    ("Residual risk", 10.0, REST),
    ("Risk owner", 14.0, REST),
    ("Acceptance", 18.0, REST),
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
    let report = &view.report.risks;
    let planned = planned(report);
    let mut rows = Vec::new();
    for entry in &planned {
        if entry.controls.is_empty() {
            rows.push(row(entry, None));
        }
        rows.extend(entry.controls.iter().map(|control| row(entry, Some(control))));
    }
    let mut title = format!("Risk treatment plan – DRAFT: {} risks to be modified", planned.len());
    let undecided = report.counts.treatment_not_decided;
    if undecided > 0 {
        title.push_str(&format!("; the treatment of {undecided} more is not decided"));
    }
    Table { sheet: "Treatment plan", title, columns: &COLUMNS, rows, frozen: 2 }
}

fn row(entry: &RiskEntry, control: Option<&RiskControl>) -> Vec<Cell> {
    let risk = &entry.risk;
    let mut cells: Vec<Cell> =
        vec![entry.name.as_str().into(), risk.title.as_str().into(), band(risk), option(risk)];
    match control {
        Some(control) => cells.extend(of_control(control)),
        None => {
            let written = risk.controls_as_written.as_str();
            cells.push(open());
            cells.push(match written {
                "" if risk.not_ids.is_empty() => "no control is named".into(),
                "" => format!("no control of the catalogue: {}", risk.not_ids.join(", ")).into(),
                written => format!("in words: {written}").into(),
            });
            cells.extend((0..7).map(|_| Cell::from("")));
            cells.extend([open(), open()]);
        }
    }
    cells.extend([
        if risk.residual.is_empty() { open() } else { risk.residual.as_str().into() },
        if risk.owner.is_empty() { open() } else { risk.owner.as_str().into() },
        acceptance(risk),
    ]);
    cells
}

fn of_control(control: &RiskControl) -> Vec<Cell> {
    let excluded = control.applicability == Some(Applicability::NotApplicable);
    let undecided = || Cell::Owed("NOT DECIDED".to_owned());
    let system = control.system.as_deref().map_or_else(String::new, |s| format!("\n({s})"));
    let state = State::of(control.coverage, &control.coverage_reasons);
    vec![
        format!("{}{system}", control.target).into(),
        control.title.as_str().into(),
        control.named_by.as_str().into(),
        match control.applicability {
            Some(stated) => stated.as_str().into(),
            None if control.is_control => undecided(),
            None => "".into(),
        },
        match control.implementation_status.as_str() {
            "" if excluded => "".into(),
            "" => undecided(),
            status => status.into(),
        },
        Cell::State(state),
        if state == State::NotApplicable { "".into() } else { reasons(control).into() },
        control.open.join("\n").into(),
        actions(&control.actions).into(),
        if control.owner.is_empty() && !excluded { open() } else { control.owner.as_str().into() },
        if control.due.is_none() && !excluded { open() } else { Cell::Day(control.due) },
    ]
}

/// `a-… renew: open, due 2027-02-01, Head of IT`, one a line.
fn actions(actions: &[RiskAction]) -> String {
    let line = |action: &RiskAction| {
        let mut words = vec![action.status.as_str().to_owned()];
        if let Some(due) = action.due {
            let overdue = if action.overdue { ", overdue" } else { "" };
            words.push(format!("due {due}{overdue}"));
        }
        if !action.owner.is_empty() {
            words.push(action.owner.clone());
        }
        format!("{} {}: {}", action.id, action.kind, words.join(", "))
    };
    let mut lines: Vec<String> = actions.iter().take(ACTIONS).map(line).collect();
    if actions.len() > ACTIONS {
        lines.push(format!("and {} more", actions.len() - ACTIONS));
    }
    join(lines.iter().map(String::as_str), "\n")
}
