//! `soa-joint.xlsx`: the controls of both standards beside each other, by the published crosswalk.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::XlsxError;

use super::{
    joint::pairs,
    sheet::{self, Band, Book, Cell, Column, Paper, Table, put},
    soa_cover,
    soa_csv::entries,
    soa_xlsx::owed,
    text::{self, join},
    view::{State, View},
};
use crate::{
    domain::{ISO27001, ISO42001, SoaEntry, TargetId},
    words::Words,
};

const LEFT: Band = Band::Subject("ISO/IEC 27001:2022");
const RIGHT: Band = Band::Subject("ISO/IEC 42001:2023");
const COLUMNS: [Column; 15] = [
    ("col-read-together-because", 24.0, Band::Subject("band-pairing")),
    ("col-control", 16.0, LEFT),
    ("col-title", 28.0, LEFT),
    ("col-applicability", 14.0, LEFT),
    ("col-implementation-status", 16.0, LEFT),
    ("col-coverage-by-evidence", 13.0, LEFT),
    ("col-owner", 14.0, LEFT),
    ("col-control", 16.0, RIGHT),
    ("col-title", 28.0, RIGHT),
    ("col-applicability", 14.0, RIGHT),
    ("col-implementation-status", 16.0, RIGHT),
    ("col-coverage-by-evidence", 13.0, RIGHT),
    ("col-owner", 14.0, RIGHT),
    ("col-documents-accepted-for-both", 34.0, Band::Reviewed),
    ("col-pending-suggestions", 11.5, Band::Machine),
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    build(view).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>) -> Result<Book<'v>, XlsxError> {
    let all: BTreeMap<&TargetId, &SoaEntry> = [ISO27001, ISO42001]
        .into_iter()
        .flat_map(|framework| entries(view, framework))
        .map(|entry| (&entry.target, entry))
        .collect();
    let pairs = pairs(view.report.catalog, all.keys().copied());
    let paired = pairs.iter().filter(|p| p.iso27001.is_some() && p.iso42001.is_some()).count();
    let w = view.words;
    let mut rows = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let left = pair.iso27001.as_ref().and_then(|id| all.get(id).copied());
        let right = pair.iso42001.as_ref().and_then(|id| all.get(id).copied());
        let mut cells = vec![pair.basis(w).into()];
        cells.extend(side(w, left));
        cells.extend(side(w, right));
        let shared: BTreeSet<&str> =
            documents(left).intersection(&documents(right)).copied().collect();
        cells.push(join(shared.into_iter(), "\n").into());
        let pending = [left, right].into_iter().flatten().map(|e| e.pending as usize).sum();
        cells.push(Cell::Count(pending));
        rows.push(cells);
    }

    let mut book = Book::new(view, w.text("joint-soa-title"))?;
    let sheet = book.sheet("sheet-cover", Paper::A4)?;
    sheet.set_column_width(0, 38)?;
    sheet.set_column_width(1, 62)?;
    put(sheet, 0, 0, w.text("joint-soa"), &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    put(sheet, 1, 0, w.text("status-draft"), &sheet::warning())?;
    let mut row = sheet::face(sheet, 3, 1, 100.0, view, &[w.text("joint-soa-explained")])?;
    row += 1;
    let mut facts = view.particulars();
    let scopes = [ISO27001, ISO42001].map(|id| w.with("scope-of", &[("name", id.into())]));
    facts.insert(1, (&scopes[0], view.scope(ISO27001)));
    facts.insert(2, (&scopes[1], view.scope(ISO42001)));
    facts.push((w.text("count-controls"), all.len().to_string()));
    facts.push((w.text("joint-soa-paired"), paired.to_string()));
    for (label, value) in facts {
        sheet::fact(sheet, row, label, &value, 62.0)?;
        row += 1;
    }
    let title = w.text("joint-soa-table").to_owned();
    book.table(&Table { sheet: "sheet-controls", title, columns: &COLUMNS, rows, frozen: 0 })?;
    Ok(book)
}

fn side(w: &Words, entry: Option<&SoaEntry>) -> Vec<Cell> {
    let Some(entry) = entry else { return (0..6).map(|_| "".into()).collect() };
    let open = soa_cover::open(entry);
    vec![
        entry.target.as_str().into(),
        entry.title.as_str().into(),
        owed(open[0], text::applicability(w, entry)),
        owed(open[2], text::implementation(w, entry)),
        Cell::State(State::of(entry.coverage, &entry.coverage_reasons)),
        entry.owner.as_str().into(),
    ]
}

fn documents(entry: Option<&SoaEntry>) -> BTreeSet<&str> {
    entry.into_iter().flat_map(|e| &e.evidence).map(|e| e.document.as_str()).collect()
}
