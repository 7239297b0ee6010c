//! `soa-*.xlsx`: a cover that counts what people still owe, and one row a control.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    evidence_sheet::{self, Anchors, Piece},
    sheet::{self, Band, Book, Cell, Column, Paper, Table, put},
    soa_cover,
    soa_csv::{entries, shared_with, systems},
    text::{self, join},
    view::{State, View},
};
use crate::domain::{CoverageReason, Date, Evidence, SoaEntry, TargetId};

const CONTROL: Band = Band::Subject("Control");
const PERSON: Band = Band::Subject("Stated by people");
const REGISTER: Band = Band::Subject("Risk register");
const COLUMNS: [Column; 27] = [
    ("Control", 15.0, CONTROL),
    ("Title", 23.0, CONTROL),
    ("Theme", 13.0, CONTROL),
    ("Applicability", 12.0, PERSON),
    ("Provided by", 12.0, PERSON),
    ("Reasons", 11.0, PERSON),
    ("Justification", 28.0, PERSON),
    ("Risks", 9.0, PERSON),
    ("Implementation status", 14.5, PERSON),
    ("Treatment of the risks", 16.0, REGISTER),
    ("Residual risk and its acceptance", 20.0, REGISTER),
    ("Named by the register, not linked", 12.0, REGISTER),
    ("How implemented", 30.0, Band::Reviewed),
    ("Evidence: document, place, date", 32.0, Band::Reviewed),
    ("Quotes", 9.0, Band::Reviewed),
    ("Coverage by evidence", 11.5, Band::Reviewed),
    ("Why", 15.0, Band::Reviewed),
    ("Pending suggestions", 10.5, Band::Machine),
    ("Owner", 12.0, Band::Subject("Work")),
    ("Due", 10.5, Band::Subject("Work")),
    ("Shared with", 16.0, Band::Subject("Reach")),
    ("Level", 12.0, Band::Subject("Reach")),
    ("Systems", 16.0, Band::Subject("Reach")),
    ("Decided by", 12.0, Band::Subject("Record")),
    ("Decided on", 10.5, Band::Subject("Record")),
    ("Remarks", 20.0, Band::Subject("Record")),
    ("Planned for", 10.5, Band::Subject("Record")),
];

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    build(view, framework).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>, framework: &str) -> Result<Book<'v>, XlsxError> {
    let entries = entries(view, framework);
    let name = view.report.catalog.framework_name(framework);
    let mut book = Book::new(view, &format!("Statement of Applicability {name} (draft)"))?;
    cover(book.sheet("Cover", Paper::A4)?, view, framework, name, &entries)?;
    let pieces: Vec<Piece<'_>> = entries
        .iter()
        .flat_map(|entry| {
            entry.evidence.iter().map(|evidence| Piece {
                target: &entry.target,
                title: &entry.title,
                system: None,
                evidence,
            })
        })
        .collect();
    let anchors = evidence_sheet::anchors(&pieces);
    let rows = entries.iter().map(|entry| row(entry, &anchors)).collect();
    let title = format!("{name}: Statement of Applicability – DRAFT");
    book.table(&Table { sheet: "Controls", title, columns: &COLUMNS, rows, frozen: 2 })?;
    book.table(&open_points(view, &entries))?;
    book.table(&changes(view, framework, &entries))?;
    book.table(&evidence_sheet::table(view, &pieces))?;
    Ok(book)
}

fn row(entry: &SoaEntry, anchors: &Anchors<'_>) -> Vec<Cell> {
    let provider = [entry.provided_by.as_str(), entry.provider.as_str()];
    vec![
        entry.target.as_str().into(),
        entry.title.as_str().into(),
        entry.theme.as_str().into(),
        owed(text::applicability(entry)),
        join(provider.into_iter().filter(|part| !part.is_empty()), ": ").into(),
        entry.reasons.as_str().into(),
        owed(text::justification(entry)),
        entry.risk_ids.join("; ").into(),
        owed(text::implementation(entry)),
        text::treatments(entry, "\n").into(),
        text::acceptances(entry, "\n").into(),
        entry.register_names.join("\n").into(),
        entry.how_implemented.as_str().into(),
        list(&entry.evidence).into(),
        evidence_sheet::link(anchors, (&entry.target, None), entry.evidence.len()),
        Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
        join(entry.coverage_reasons.iter().map(CoverageReason::as_str), "; ").into(),
        Cell::Count(entry.pending as usize),
        entry.owner.as_str().into(),
        Cell::Day(entry.due),
        shared_with(entry).into(),
        entry.level.as_str().into(),
        systems(entry).into(),
        entry.decided_by.as_str().into(),
        Cell::Day(entry.decided_on),
        entry.remarks.as_str().into(),
        Cell::Day(entry.planned_for),
    ]
}

/// A cell that stands out where a person still owes the answer.
pub(super) fn owed(text: &str) -> Cell {
    match text {
        "NOT DECIDED" | "OPEN" => Cell::Owed(text.to_owned()),
        _ => text.into(),
    }
}

/// Where the evidence is, one line a piece.
fn list(evidence: &[Evidence]) -> String {
    let line = |e: &Evidence| {
        let date = e.date.map_or_else(|| "undated".to_owned(), |date: Date| date.to_string());
        let mut line = format!("{}, {date}", text::source(&e.document, e.locator.as_ref()));
        let caveats = text::caveats(e);
        if !caveats.is_empty() {
            line.push_str(&format!(" ({})", caveats.join("; ")));
        }
        line
    };
    evidence.iter().map(line).collect::<Vec<_>>().join("\n")
}

const DONE: Band = Band::Subject("Open");
const OPEN: [Column; 10] = [
    ("Kind", 14.0, CONTROL),
    ("Control", 16.0, CONTROL),
    ("Title", 28.0, CONTROL),
    ("What", 62.0, DONE),
    ("What to do", 44.0, DONE),
    ("Applicability", 15.0, PERSON),
    ("Implementation status", 16.0, PERSON),
    ("Coverage by evidence", 13.0, Band::Reviewed),
    ("Owner", 16.0, PERSON),
    ("Code", 24.0, Band::Subject("Record")),
];

/// Contradictions first, then what each control lacks.
fn open_points(view: &View<'_>, entries: &[&SoaEntry]) -> Table<'static> {
    let mut rows = Vec::new();
    let ends = |entry: &SoaEntry| -> [Cell; 4] {
        [
            text::applicability(entry).into(),
            text::implementation(entry).into(),
            Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
            entry.owner.as_str().into(),
        ]
    };
    for diagnostic in soa_cover::contradictions(view, entries) {
        let found = entries.iter().find(|e| Some(&e.target) == diagnostic.target.as_ref());
        let Some(entry) = found else { continue };
        let mut row: Vec<Cell> = vec![
            Cell::Owed(soa_cover::weight(diagnostic).to_owned()),
            entry.target.as_str().into(),
            entry.title.as_str().into(),
            diagnostic.message.as_str().into(),
            diagnostic.help.as_deref().unwrap_or_default().into(),
        ];
        row.extend(ends(entry));
        row.push(diagnostic.code.as_str().into());
        rows.push(row);
    }
    for entry in entries {
        let lacks: Vec<&str> = soa_cover::OPEN
            .into_iter()
            .zip(soa_cover::open(entry))
            .filter(|l| l.1)
            .map(|l| l.0)
            .collect();
        if lacks.is_empty() {
            continue;
        }
        let mut row: Vec<Cell> = vec![
            "open".into(),
            entry.target.as_str().into(),
            entry.title.as_str().into(),
            lacks.join("; ").into(),
            "decide in review/suggestions.csv, state the rest in review/positions.csv".into(),
        ];
        row.extend(ends(entry));
        row.push("".into());
        rows.push(row);
    }
    Table {
        sheet: "Open points and contradictions",
        title: "Open points and contradictions".to_owned(),
        columns: &OPEN,
        rows,
        frozen: 2,
    }
}

const CHANGES: [Column; 6] = [
    ("Control", 16.0, CONTROL),
    ("Title", 34.0, CONTROL),
    ("System", 16.0, CONTROL),
    ("What changed", 80.0, PERSON),
    ("By", 18.0, PERSON),
    ("On", 12.0, PERSON),
];

fn changes(view: &View<'_>, framework: &str, entries: &[&SoaEntry]) -> Table<'static> {
    let title = |target: &TargetId| {
        entries.iter().find(|e| e.target == *target).map_or("", |e| e.title.as_str())
    };
    let rows = soa_cover::changes(view, framework)
        .iter()
        .map(|change| {
            vec![
                change.target.as_str().into(),
                title(&change.target).into(),
                change.system.as_deref().unwrap_or_default().into(),
                change.what.join("\n").into(),
                change.decided_by.as_str().into(),
                Cell::Day(change.decided_on),
            ]
        })
        .collect();
    let said = soa_cover::changed(view, framework);
    Table {
        sheet: "Changes",
        title: format!("Changes since the last approved version: {said}"),
        columns: &CHANGES,
        rows,
        frozen: 0,
    }
}

fn cover(
    sheet: &mut Worksheet,
    view: &View<'_>,
    framework: &str,
    name: &str,
    entries: &[&SoaEntry],
) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 38)?;
    sheet.set_column_width(1, 62)?;
    put(sheet, 0, 0, "Statement of Applicability", &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    put(sheet, 1, 0, name, &sheet::heading())?;
    put(sheet, 2, 0, &soa_cover::status(view, entries), &sheet::warning())?;
    let mut row = sheet::face(sheet, 4, 1, 100.0, view, &[])?;
    row += 1;
    for (label, value) in soa_cover::facts(view, framework) {
        sheet::fact(sheet, row, label, &value, 62.0)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, "State of this draft")?;
    row += 1;
    for (label, number, debt) in soa_cover::counts(view, entries) {
        let format = sheet::value();
        let format = if debt && number > 0 { format.set_bold() } else { format };
        put(sheet, row, 0, &label, &sheet::label())?;
        Cell::Count(number).write(sheet, row, 1, &format)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, "Approval")?;
    row += 1;
    for (label, known) in soa_cover::approval(view, framework) {
        sheet::fact(sheet, row, label, &known, 62.0)?;
        sheet.set_row_height(row, 22)?;
        row += 1;
    }
    Ok(())
}
