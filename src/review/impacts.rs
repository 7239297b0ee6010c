//! Impact assessments of AI systems in: registers, lists or inventories that speak of them, several files
//! into `review/impact-assessments.csv`. People edit that file. A row is a statement of whoever keeps it,
//! never accepted evidence.

mod read;
#[cfg(test)]
mod tests;
mod words;

use super::{
    dates,
    fields::{self, ColumnMap},
    register::{self, Form, RegisterImport, RegisterRow, get},
    table::Cells,
};
use crate::{config::Config, diag::Diagnostic, domain::ImpactAssessment};

/// The register in `review/`.
pub const IMPACTS_FILE: &str = "impact-assessments.csv";

/// Columns of `impact-assessments.csv`, in order. `key` and the last two belong to the machine; the rest
/// may be edited.
pub const IMPACT_COLUMNS: [&str; 21] = [
    "key",
    "id",
    "system",
    "system_as_written",
    "done",
    "date",
    "trigger",
    "trigger_as_written",
    "affected",
    "affected_as_written",
    "result",
    "risk_ids",
    "document",
    "owner",
    "approved_by",
    "approved_on",
    "next_review",
    "status",
    "comment",
    "source",
    "source_row",
];

const FORM: Form = Form {
    file: IMPACTS_FILE,
    columns: &IMPACT_COLUMNS,
    needs: &["system", "done"],
    code: "impact-register",
    what: "register of impact assessments",
    row: "impact assessment",
    spare: "comment",
};

/// Merges impact assessments into `current`, the register that lies in `review/`. `before` is what an
/// import wrote into it last.
///
/// # Errors
/// A file can't be read, holds no impact assessments, or a part of `--map` names nothing. All at once.
pub fn import_impacts(
    files: &[(String, Vec<u8>)],
    maps: &[ColumnMap],
    config: &Config,
    current: &[RegisterRow],
    before: &Cells,
) -> Result<RegisterImport, Vec<Diagnostic>> {
    let there = (current, before);
    register::import(&FORM, files, maps, words::FIELDS, there, &mut |file, name, grids, out| {
        read::Reader { file, name, maps, systems: &config.systems }.read(grids, out);
    })
}

/// Reads the register as it lies in `review/`, also one that was written by hand: `system` and `done` are
/// enough.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn read_impacts(file: &str, bytes: &[u8]) -> Result<Vec<RegisterRow>, Vec<Diagnostic>> {
    register::read(&FORM, file, bytes)
}

/// The register as CSV that no spreadsheet program runs.
pub fn impacts_csv(rows: &[RegisterRow]) -> Vec<u8> {
    register::to_csv(&IMPACT_COLUMNS, rows)
}

/// The impact assessments of a register; rows that name no system are passed over.
pub fn impacts(rows: &[RegisterRow]) -> Vec<ImpactAssessment> {
    let one = |row: &RegisterRow| {
        let text = |column: &str| get(row, column).to_owned();
        let person = |column: &str| match fields::names_nobody(get(row, column)) {
            true => String::new(),
            false => text(column),
        };
        let day = |column: &str| dates::read_date(get(row, column), None).ok().flatten();
        let either = |one: &str, other: &str| match get(row, one) {
            "" => text(other),
            said => said.to_owned(),
        };
        ImpactAssessment {
            id: text("id"),
            system: either("system", "system_as_written"),
            done: words::done(get(row, "done")).unwrap_or_default(),
            date: text("date"),
            day: day("date"),
            trigger: either("trigger", "trigger_as_written"),
            affected: either("affected", "affected_as_written"),
            result: text("result"),
            risk_ids: risk_ids(get(row, "risk_ids")),
            document: text("document"),
            owner: person("owner"),
            approved_by: person("approved_by"),
            approved_on: text("approved_on"),
            next_review: text("next_review"),
            next_review_day: day("next_review"),
            comment: text("comment"),
            source: text("source"),
            source_row: text("source_row"),
        }
    };
    rows.iter().map(one).filter(|a| !a.system.is_empty()).collect()
}

/// Ids in a cell, between `;`, `,` or line breaks; words that say there is none left out.
fn risk_ids(cell: &str) -> Vec<String> {
    let parts = cell.split([';', ',', '\n']).map(str::trim).filter(|p| !p.is_empty());
    parts.filter(|p| !words::is_nothing(p)).map(str::to_owned).collect()
}

/// What a column may mean.
#[cfg(test)]
pub(super) fn fields() -> &'static [super::fields::Field] {
    words::FIELDS
}
