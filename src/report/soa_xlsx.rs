//! `soa-*.xlsx`: a cover that counts what people still owe, and one row a control.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    evidence_sheet::{self, Anchors, Piece},
    sheet::{self, Band, Book, Cell, Column, Paper, Table, put},
    soa_cover,
    soa_csv::{entries, shared_with, systems},
    text::{self, join},
    view::{State, View, reasons},
};
use crate::{
    domain::{Date, Evidence, SoaEntry, TargetId},
    words::Words,
};

const CONTROL: Band = Band::Subject("band-control");
const PERSON: Band = Band::Subject("band-stated-by-people");
const REGISTER: Band = Band::Subject("band-risk-register");
const COLUMNS: [Column; 27] = [
    ("col-control", 15.0, CONTROL),
    ("col-title", 23.0, CONTROL),
    ("col-theme", 13.0, CONTROL),
    ("col-applicability", 12.0, PERSON),
    ("col-provided-by", 12.0, PERSON),
    ("col-reasons", 11.0, PERSON),
    ("col-justification", 28.0, PERSON),
    ("col-risks", 9.0, PERSON),
    ("col-implementation-status", 14.5, PERSON),
    ("col-treatment", 16.0, REGISTER),
    ("col-residual", 20.0, REGISTER),
    ("col-register-names", 12.0, REGISTER),
    ("col-how-implemented", 30.0, Band::Reviewed),
    ("col-evidence-document-place-date", 32.0, Band::Reviewed),
    ("col-quotes", 9.0, Band::Reviewed),
    ("col-coverage-by-evidence", 11.5, Band::Reviewed),
    ("col-why", 15.0, Band::Reviewed),
    ("col-pending-suggestions", 10.5, Band::Machine),
    ("col-owner", 12.0, Band::Subject("band-work")),
    ("col-due", 10.5, Band::Subject("band-work")),
    ("col-shared-with", 16.0, Band::Subject("band-reach")),
    ("col-level", 12.0, Band::Subject("band-reach")),
    ("col-systems", 16.0, Band::Subject("band-reach")),
    ("col-decided-by", 12.0, Band::Subject("band-record")),
    ("col-decided-on", 10.5, Band::Subject("band-record")),
    ("col-remarks", 20.0, Band::Subject("band-record")),
    ("col-planned-for", 10.5, Band::Subject("band-record")),
];

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    build(view, framework).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>, framework: &str) -> Result<Book<'v>, XlsxError> {
    let entries = entries(view, framework);
    let name = view.report.catalog.framework_name(framework);
    let w = view.words;
    let mut book = Book::new(view, &w.with("soa-of-draft", &[("name", name.into())]))?;
    cover(book.sheet("sheet-cover", Paper::A4)?, view, framework, name, &entries)?;
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
    let rows = entries.iter().map(|entry| row(view, entry, &anchors)).collect();
    let title = w.with("soa-table", &[("name", name.into())]);
    book.table(&Table { sheet: "sheet-controls", title, columns: &COLUMNS, rows, frozen: 2 })?;
    book.table(&open_points(view, &entries))?;
    book.table(&changes(view, framework, &entries))?;
    book.table(&evidence_sheet::table(view, &pieces))?;
    Ok(book)
}

fn row(view: &View<'_>, entry: &SoaEntry, anchors: &Anchors<'_>) -> Vec<Cell> {
    let (w, open) = (view.words, soa_cover::open(entry));
    let provider = [w.word(&entry.provided_by), entry.provider.as_str()];
    vec![
        entry.target.as_str().into(),
        entry.title.as_str().into(),
        entry.theme.as_str().into(),
        owed(open[0], text::applicability(w, entry)),
        join(provider.into_iter().filter(|part| !part.is_empty()), ": ").into(),
        w.words(&entry.reasons).into(),
        owed(open[1], text::justification(w, entry)),
        entry.risk_ids.join("; ").into(),
        owed(open[2], text::implementation(w, entry)),
        text::treatments(w, entry, "\n").into(),
        text::acceptances(w, entry, "\n").into(),
        entry.register_names.join("\n").into(),
        entry.how_implemented.as_str().into(),
        list(w, &entry.evidence).into(),
        evidence_sheet::link(w, anchors, (&entry.target, None), entry.evidence.len()),
        Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
        reasons(w, &entry.coverage_reasons).into(),
        Cell::Count(entry.pending as usize),
        entry.owner.as_str().into(),
        Cell::Day(entry.due),
        shared_with(entry).into(),
        w.word(entry.level.as_str()).into(),
        systems(w, entry).into(),
        entry.decided_by.as_str().into(),
        Cell::Day(entry.decided_on),
        entry.remarks_and_comment().into(),
        Cell::Day(entry.planned_for),
    ]
}

/// A cell that stands out where a person still owes the answer.
pub(super) fn owed(open: bool, text: &str) -> Cell {
    if open { Cell::Owed(text.to_owned()) } else { text.into() }
}

/// Where the evidence is, one line a piece.
fn list(w: &Words, evidence: &[Evidence]) -> String {
    let line = |e: &Evidence| {
        let date =
            e.date.map_or_else(|| w.text("undated").to_owned(), |date: Date| date.to_string());
        let mut line = format!("{}, {date}", text::source(w, &e.document, e.locator.as_ref()));
        let caveats = text::caveats(w, e);
        if !caveats.is_empty() {
            line.push_str(&format!(" ({})", caveats.join("; ")));
        }
        line
    };
    evidence.iter().map(line).collect::<Vec<_>>().join("\n")
}

const DONE: Band = Band::Subject("band-open");
const OPEN: [Column; 10] = [
    ("col-kind", 14.0, CONTROL),
    ("col-control", 16.0, CONTROL),
    ("col-title", 28.0, CONTROL),
    ("col-what", 62.0, DONE),
    ("col-what-to-do", 44.0, DONE),
    ("col-applicability", 15.0, PERSON),
    ("col-implementation-status", 16.0, PERSON),
    ("col-coverage-by-evidence", 13.0, Band::Reviewed),
    ("col-owner", 16.0, PERSON),
    ("col-code", 24.0, Band::Subject("band-record")),
];

/// Contradictions first, then what each control lacks.
fn open_points(view: &View<'_>, entries: &[&SoaEntry]) -> Table<'static> {
    let mut rows = Vec::new();
    let w = view.words;
    let ends = |entry: &SoaEntry| -> [Cell; 4] {
        [
            text::applicability(w, entry).into(),
            text::implementation(w, entry).into(),
            Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
            entry.owner.as_str().into(),
        ]
    };
    for diagnostic in soa_cover::contradictions(view, entries) {
        let found = entries.iter().find(|e| Some(&e.target) == diagnostic.target.as_ref());
        let Some(entry) = found else { continue };
        let mut row: Vec<Cell> = vec![
            Cell::Owed(soa_cover::weight(w, diagnostic)),
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
            .map(|l| w.text(l.0))
            .collect();
        if lacks.is_empty() {
            continue;
        }
        let mut row: Vec<Cell> = vec![
            w.text("weight-open").into(),
            entry.target.as_str().into(),
            entry.title.as_str().into(),
            lacks.join("; ").into(),
            w.text("open-what-to-do").into(),
        ];
        row.extend(ends(entry));
        row.push("".into());
        rows.push(row);
    }
    Table {
        sheet: "sheet-open-points",
        title: w.text("soa-open-points").to_owned(),
        columns: &OPEN,
        rows,
        frozen: 2,
    }
}

const CHANGES: [Column; 6] = [
    ("col-control", 16.0, CONTROL),
    ("col-title", 34.0, CONTROL),
    ("col-system", 16.0, CONTROL),
    ("col-what-changed", 80.0, PERSON),
    ("col-by", 18.0, PERSON),
    ("col-on", 12.0, PERSON),
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
        sheet: "sheet-changes",
        title: format!("{}: {said}", view.words.text("soa-changes")),
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
    let w = view.words;
    put(sheet, 0, 0, w.text("soa"), &sheet::title())?;
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
    sheet::section(sheet, row, w.text("soa-state"))?;
    row += 1;
    for (label, number, debt) in soa_cover::counts(view, entries) {
        let format = sheet::value();
        let format = if debt && number > 0 { format.set_bold() } else { format };
        put(sheet, row, 0, &label, &sheet::label())?;
        Cell::Count(number).write(w, sheet, row, 1, &format)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, w.text("soa-approval"))?;
    row += 1;
    for (label, known) in soa_cover::approval(view, framework) {
        sheet::fact(sheet, row, label, &known, 62.0)?;
        sheet.set_row_height(row, 22)?;
        row += 1;
    }
    Ok(())
}
