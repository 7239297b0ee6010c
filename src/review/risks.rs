//! Risk registers in: several files become one, `review/risks.csv`. People edit that file; it is the
//! register. An import merges row by row and cell by cell, and never over what a person changed.

mod alike;
mod read;
mod scale;
#[cfg(test)]
mod tests;
mod typed;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    cell::escape,
    fields::{self, ColumnMap, Mapped},
    foreign::read_grids,
    table::Cells,
};
use crate::{
    catalog::Catalog,
    config::Config,
    diag::{Diagnostic, Severity},
};

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
pub type RiskRow = BTreeMap<String, String>;

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
    let (mut fresh, mut mapping, mut headers) = (Vec::new(), Vec::new(), Vec::new());
    let mut sources = BTreeSet::new();
    for (file, bytes) in files {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        if !sources.insert(name.clone()) {
            let message = "two files have this name; a risk is known by its file's name and its id";
            let help = "rename one of them";
            diagnostics.push(Diagnostic::error("import-file", message).in_file(file).help(help));
            continue;
        }
        match read_grids(file, bytes) {
            Ok(grids) => {
                let reader = read::Reader { file, name: &name, options, catalog, config };
                let read = reader.read(&grids);
                fresh.extend(read.rows);
                mapping.extend(read.mapping);
                headers.extend(read.headers);
                diagnostics.extend(read.diagnostics);
            }
            Err(faults) => diagnostics.extend(faults),
        }
    }
    let tables: Vec<&[String]> = headers.iter().map(Vec::as_slice).collect();
    if !tables.is_empty() {
        diagnostics.extend(fields::check_maps(&options.maps, words::FIELDS, &tables));
    }
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let mut out = merge(&fresh, &sources, current, before);
    alike::mark(&mut out.rows, &mut out.written);
    out.counts.likely_doubles =
        out.rows.iter().filter(|r| !get(r, "likely_same_as").is_empty()).count();
    out.counts.register = out.rows.len();
    out.mapping = mapping;
    diagnostics.extend(out.diagnostics);
    out.diagnostics = diagnostics;
    Ok(out)
}

/// A cell of a row; blank if it has none.
pub(super) fn get<'a>(row: &'a RiskRow, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

/// Each cell: what a person changed stays, all else is what the file says now.
fn merge(
    fresh: &[RiskRow],
    sources: &BTreeSet<String>,
    current: &[RiskRow],
    before: &Cells,
) -> RiskImport {
    let mut counts = RiskCounts { read: fresh.len(), ..RiskCounts::default() };
    let mut diagnostics = Vec::new();
    let mut written = before.clone();
    let mut new: BTreeMap<&str, &RiskRow> = fresh.iter().map(|r| (get(r, "key"), r)).collect();
    let mut rows = Vec::with_capacity(current.len() + fresh.len());
    for row in current {
        let key = get(row, "key");
        let Some(now) = new.remove(key) else {
            if !key.is_empty() && sources.contains(get(row, "source")) {
                counts.gone += 1;
                let message =
                    format!("{key} is no longer in {}; its row stays", get(row, "source"));
                let help = "remove the row from review/risks.csv if the risk is gone";
                diagnostics.push(Diagnostic::warning("import-gone", message).help(help));
            }
            rows.push(row.clone());
            continue;
        };
        let last = before.get(key);
        let mut merged = row.clone();
        for column in RISK_COLUMNS {
            let (there, fresh) = (get(row, column), get(now, column));
            let machine = last.and_then(|l| l.get(column)).map_or("", String::as_str);
            // Without a record of what was written, only blank cells are filled.
            let untouched = if last.is_some() { there == machine } else { there.is_empty() };
            if untouched || ["source", "source_row"].contains(&column) {
                merged.insert(column.to_owned(), fresh.to_owned());
            } else if there != fresh {
                counts.kept_cells += 1;
            }
        }
        remember(&mut written, now);
        rows.push(merged);
    }
    for row in fresh {
        if new.remove(get(row, "key")).is_some() {
            counts.new += 1;
            remember(&mut written, row);
            rows.push(row.clone());
        }
    }
    RiskImport { rows, mapping: Vec::new(), counts, diagnostics, written }
}

fn remember(written: &mut Cells, row: &RiskRow) {
    written.insert(get(row, "key").to_owned(), row.clone());
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
    let sheet = super::sheet::read_table(file, bytes)?;
    let fault = |message: String, help: &str| {
        vec![Diagnostic::error("risk-register", message).in_file(file).help(help)]
    };
    if !sheet.has("key") || !sheet.has("title") {
        let help = "keep the columns of risks.csv, or move the file away and import again";
        return Err(fault("this is no risk register: `key` or `title` is missing".into(), help));
    }
    let known = |c: &&String| c.is_empty() || RISK_COLUMNS.contains(&c.as_str());
    let strange: Vec<&str> =
        sheet.header.iter().filter(|c| !known(c)).map(String::as_str).collect();
    if !strange.is_empty() {
        let message = format!("columns that risks.csv does not have: {}", strange.join(", "));
        return Err(fault(message, "move what they say into description or status"));
    }
    let mut seen = BTreeSet::new();
    let unsound = |d: &&Diagnostic| d.severity == Severity::Error;
    let mut faults: Vec<Diagnostic> = sheet.notes.iter().filter(unsound).cloned().collect();
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let key = row.get("key");
        if !key.is_empty() && !seen.insert(key.to_owned()) {
            faults.push(
                Diagnostic::error("risk-register", format!("the key {key} stands there twice"))
                    .in_file(file)
                    .on_line(row.row)
                    .help("clear the key of a row that you copied"),
            );
        }
        let cells = RISK_COLUMNS.map(|c| (c.to_owned(), row.get(c).to_owned()));
        rows.push((row.row, cells.into()));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// The register as CSV: UTF-8 with BOM, CRLF, no cell that a spreadsheet program would run.
pub fn register_csv(rows: &[RiskRow]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let quoted = |cell: &str| {
        let safe = escape(cell);
        match safe.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", safe.replace('"', "\"\"")),
            false => safe,
        }
    };
    text.push_str(&RISK_COLUMNS.join(","));
    text.push_str("\r\n");
    for row in rows {
        let cells: Vec<String> = RISK_COLUMNS.iter().map(|c| quoted(get(row, c))).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}
