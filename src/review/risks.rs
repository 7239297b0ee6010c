//! Risk registers in: several files become one, `review/risks.csv`. People edit that file; it is the
//! register. An import merges row by row and cell by cell, and never over what a person changed.

mod alike;
mod read;
mod scale;
#[cfg(test)]
mod tests;
mod typed;
mod words;

use serde::Serialize;

use super::{
    fields::{ColumnMap, Mapped},
    register::{self, Form, RegisterRow, get},
    table::Cells,
};
use crate::{catalog::Catalog, config::Config, diag::Diagnostic, domain::RiskFace};

pub use typed::{imported_register, risk_register, unreadable};

/// The register in `review/`.
pub const RISKS_FILE: &str = "risks.csv";

/// Columns of `risks.csv`, in order. The last block belongs to the machine; the rest may be edited.
pub const RISK_COLUMNS: [&str; 31] = [
    "key",
    "id",
    "title",
    "description",
    "standards",
    "system",
    "assets",
    "cause",
    "consequence_organisation",
    "consequence_individuals",
    "consequence_society",
    "likelihood",
    "impact",
    "level",
    "likelihood_of_5",
    "impact_of_5",
    "level_band",
    "scale",
    "treatment",
    "controls",
    "controls_as_written",
    "residual",
    "owner",
    "accepted_by",
    "accepted_on",
    "status",
    "next_review",
    "same_as",
    "likely_same_as",
    "source",
    "source_row",
];

/// One risk by the columns of `risks.csv`.
pub type RiskRow = RegisterRow;

const FORM: Form = Form {
    file: RISKS_FILE,
    columns: &RISK_COLUMNS,
    needs: &["key", "title"],
    code: "risk-register",
    what: "risk register",
    row: "risk",
    spare: "description or status",
};

/// What a command line says of the files.
#[derive(Debug, Clone, Default)]
pub struct RiskOptions {
    pub maps: Vec<ColumnMap>,
    /// Standards that all risks of the files concern: `ISO27001`, `ISO42001`.
    pub frameworks: Vec<String>,
}

/// The register after an import.
#[derive(Debug, Clone)]
pub struct RiskImport {
    /// All rows of the register, those of other files too, in order.
    pub rows: Vec<RiskRow>,
    pub mapping: Vec<Mapped>,
    pub counts: RiskCounts,
    pub diagnostics: Vec<Diagnostic>,
    /// What the machine wrote, to be remembered: cells that differ from it at the next import were
    /// edited.
    pub written: Cells,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RiskCounts {
    /// Rows read from the files.
    pub read: usize,
    /// Of them, risks that are new in the register.
    pub new: usize,
    /// Cells that a person had changed and that stay.
    pub kept_cells: usize,
    /// Rows of the files' earlier imports that the files no longer hold; they stay.
    pub gone: usize,
    /// Risks with a likely double in another file.
    pub likely_doubles: usize,
    /// All risks of the register.
    pub register: usize,
}

/// Merges registers into `current`, the register as it lies in `review/`. `before` is what an import
/// wrote into it last.
///
/// # Errors
/// A file can't be read, holds no risks, or a part of `--map` names nothing. All at once.
pub fn import_risks(
    files: &[(String, Vec<u8>)],
    options: &RiskOptions,
    catalog: &Catalog,
    config: &Config,
    current: &[RiskRow],
    before: &Cells,
) -> Result<RiskImport, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    for framework in &options.frameworks {
        if !catalog.frameworks().contains(&framework.as_str()) {
            let message = format!("--framework: `{framework}` is no standard that is known here");
            let help = format!("use {}", catalog.frameworks().join(" or "));
            diagnostics.push(Diagnostic::error("import-framework", message).help(help));
        }
    }
    let read = register::gather(
        &FORM,
        files,
        &options.maps,
        words::FIELDS,
        &mut |file, name, grids, out| {
            read::Reader { file, name, options, catalog, config }.read(grids, out);
        },
    );
    let read = match read {
        Ok(read) if diagnostics.is_empty() => read,
        Ok(_) => return Err(diagnostics),
        Err(faults) => {
            diagnostics.extend(faults);
            return Err(diagnostics);
        }
    };
    let merged = register::merge(&FORM, &read.rows, &read.sources, current, before);
    let (mut rows, mut written) = (merged.rows, merged.written);
    alike::mark(&mut rows, &mut written);
    let counts = RiskCounts {
        read: read.rows.len(),
        new: merged.new,
        kept_cells: merged.kept_cells,
        gone: merged.gone,
        likely_doubles: rows.iter().filter(|r| !get(r, "likely_same_as").is_empty()).count(),
        register: rows.len(),
    };
    diagnostics.extend(read.diagnostics);
    diagnostics.extend(merged.diagnostics);
    Ok(RiskImport { rows, mapping: read.mapping, counts, diagnostics, written })
}

/// Reads a register as it lies in `review/`. Columns may stand in any order; unknown ones are refused,
/// since writing the register again would lose them.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn read_register(file: &str, bytes: &[u8]) -> Result<Vec<RiskRow>, Vec<Diagnostic>> {
    Ok(numbered(file, bytes)?.into_iter().map(|(_, row)| row).collect())
}

/// The same with the number of each row.
fn numbered(file: &str, bytes: &[u8]) -> Result<Vec<(u32, RiskRow)>, Vec<Diagnostic>> {
    register::read_numbered(&FORM, file, bytes)
}

/// What assets and impact assessments need to know of the risks.
pub fn risk_faces(rows: &[RiskRow]) -> Vec<RiskFace> {
    let text = |row: &RiskRow, column: &str| get(row, column).to_owned();
    rows.iter()
        .map(|row| RiskFace {
            key: text(row, "key"),
            id: text(row, "id"),
            system: text(row, "system"),
            assets: text(row, "assets"),
            level_band: text(row, "level_band"),
            open: !typed::is_closed(get(row, "status")),
        })
        .collect()
}

/// The register as CSV: UTF-8 with BOM, CRLF, no cell that a spreadsheet program would run.
pub fn register_csv(rows: &[RiskRow]) -> Vec<u8> {
    register::to_csv(&RISK_COLUMNS, rows)
}
