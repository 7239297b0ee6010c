//! An existing Statement of Applicability or control matrix in: rows become proposed positions, which
//! stay undecided until a person signs them and imports the file that they stand in.

mod ids;
mod merge;
mod row;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    columns::FileKind,
    export::position_key,
    fields::{self, ColumnMap, Mapped},
    foreign::{Grid, read_grids},
    table::Table,
};
use crate::{
    catalog::Catalog,
    diag::{Diagnostic, Severity},
    domain::{Position, SoaLink, TargetId, TargetKind},
};
use ids::{Edition, Numbered};
use row::{SoaRow, read_row};

/// The file in `review/` that proposals of a SoA are written to.
pub const SOA_FILE: &str = "positions-from-soa.csv";
/// How `machine_view` of a row begins that a person has not confirmed: see docs/imports.md.
pub(super) const PROPOSED: &str = "proposed";
/// … and that of a row in which several rows of the SoA differ.
pub(super) const CONFLICT: &str = "proposed, conflict";

/// Most controls that one note names.
const SHOWN: usize = 15;

/// What a command line says of the files.
#[derive(Debug, Clone, Default)]
pub struct SoaOptions {
    pub maps: Vec<ColumnMap>,
    /// `ISO27001`, `ISO27001:2013`, `ISO42001` or a framework of the catalogue.
    pub framework: Option<String>,
}

/// What was made of the files.
#[derive(Debug, Clone)]
pub struct SoaImport {
    /// Proposed positions in the layout of `positions.csv`.
    pub table: Table,
    pub mapping: Vec<Mapped>,
    pub counts: SoaCounts,
    /// What the rows name as evidence, each once.
    pub documents: BTreeSet<String>,
    /// The rows that may name documents, for the next match.
    pub links: Vec<SoaLink>,
    /// Warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SoaCounts {
    /// Rows of the files that name a target.
    pub rows: usize,
    /// Of them, rows with a number of ISO/IEC 27001:2013.
    pub rows_2013: usize,
    /// Targets with a proposed position.
    pub proposed: usize,
    /// Of them, those that several rows were merged into …
    pub merged: usize,
    /// … and those in which such rows differ.
    pub conflicts: usize,
    /// Targets left out because a person's position is on record.
    pub on_record: usize,
    /// Controls of the standards concerned that no row speaks of.
    pub unnamed: usize,
}

/// Reads the files as one SoA. `positions` are all of the ledger, in its order.
///
/// # Errors
/// A file can't be read, no control is found in it, it can't be told of which standard it is, or a part
/// of `--map` names nothing. All at once.
pub fn import_soa(
    files: &[(String, Vec<u8>)],
    options: &SoaOptions,
    catalog: &Catalog,
    positions: &[Position],
) -> Result<SoaImport, Vec<Diagnostic>> {
    let mut reading = Reading { catalog, options, mapping: Vec::new(), diagnostics: Vec::new() };
    let mut rows = Vec::new();
    let mut headers: Vec<Vec<String>> = Vec::new();
    let edition = match options.framework.as_deref().map(|f| Edition::named(f, catalog)).transpose()
    {
        Ok(edition) => edition,
        Err(fault) => return Err(vec![*fault]),
    };
    for (file, bytes) in files {
        match read_grids(file, bytes) {
            Ok(grids) => reading.file(file, &grids, edition.as_ref(), &mut rows, &mut headers),
            Err(faults) => reading.diagnostics.extend(faults),
        }
    }
    let tables: Vec<&[String]> = headers.iter().map(Vec::as_slice).collect();
    let Reading { mapping, diagnostics, .. } = reading;
    let mut diagnostics = together(diagnostics);
    if !tables.is_empty() {
        diagnostics.extend(fields::check_maps(&options.maps, words::FIELDS, &tables));
    }
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(diagnostics);
    }
    Ok(propose(&rows, mapping, diagnostics, catalog, positions))
}

/// One note for all rows in which a cell says the same.
fn together(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut out: Vec<(Diagnostic, usize)> = Vec::new();
    for found in diagnostics {
        let same = |(d, _): &&mut (Diagnostic, usize)| {
            d.code == "import-cell" && (&d.file, &d.message) == (&found.file, &found.message)
        };
        match out.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => out.push((found, 1)),
        }
    }
    let told = out.into_iter().map(|(mut first, count)| {
        if count > 1 {
            first.message = format!("{} (in {count} rows)", first.message);
        }
        first
    });
    told.collect()
}

struct Reading<'a> {
    catalog: &'a Catalog,
    options: &'a SoaOptions,
    mapping: Vec<Mapped>,
    diagnostics: Vec<Diagnostic>,
}

impl Reading<'_> {
    /// All sheets of a file in which controls stand row by row.
    fn file(
        &mut self,
        file: &str,
        grids: &[Grid],
        edition: Option<&Edition>,
        rows: &mut Vec<SoaRow>,
        headers: &mut Vec<Vec<String>>,
    ) {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let mut found = Vec::new();
        let mut undecided = None;
        for grid in grids {
            match ids::numbered(name, grid, edition, &self.options.maps, self.catalog) {
                Ok(Some(numbered)) => found.push((grid, numbered)),
                Ok(None) => {}
                Err(why) => undecided = undecided.or(Some(*why)),
            }
        }
        let several = found.len() > 1;
        let before = rows.len();
        for (grid, numbered) in &found {
            let (heads, below) = fields::headers(grid, numbered.first, words::FIELDS);
            let taken = [(numbered.column, "id", numbered.by)];
            let columns = fields::recognise(
                grid,
                &heads,
                numbered.first.min(below),
                words::FIELDS,
                &taken,
                &self.options.maps,
            );
            headers.push(heads.clone());
            let says = ["applicable", "excluded", "status", "justification", "owner", "evidence"];
            let any = columns.iter().any(|(field, _)| field.is_some_and(|f| says.contains(&f)));
            if !any {
                if !several {
                    let message = "controls are listed, but no column says anything of them";
                    let help = "name the columns: --map \"C=applicable,D=justification\"";
                    let fault = Diagnostic::error("import-columns", message).in_file(file);
                    self.diagnostics.push(fault.help(help));
                    self.mapping.extend(fields::shown(file, grid, &heads, &columns));
                    return;
                }
                continue;
            }
            self.mapping.extend(fields::shown(file, grid, &heads, &columns));
            self.rows(name, file, several, grid, numbered, &columns, rows);
        }
        if rows.len() == before && !self.diagnostics.iter().any(|d| d.severity == Severity::Error) {
            self.diagnostics.push(undecided.map_or_else(
                || {
                    let message = "no column of the file holds ids of controls";
                    let help = "name the column that does (--map B=id) and the standard \
                        (--framework ISO27001:2013, ISO27001 or ISO42001)";
                    Diagnostic::error("import-columns", message).in_file(file).help(help)
                },
                |why| why.in_file(file),
            ));
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a sheet, where it stands, and what was seen in it"
    )]
    fn rows(
        &mut self,
        name: &str,
        file: &str,
        several: bool,
        grid: &Grid,
        numbered: &Numbered,
        columns: &[fields::Meaning],
        rows: &mut Vec<SoaRow>,
    ) {
        for (number, cells) in &grid.rows[numbered.first..] {
            let cells = fields::Cells { cells, columns };
            let id = cells.get("id");
            if id.is_empty() {
                continue;
            }
            let at = |d: Diagnostic| d.in_file(file).on_line(*number);
            match numbered.target(&id, &cells.get("framework"), self.catalog) {
                ids::Found::Targets { targets, label, of_2013 } => {
                    let place = if several {
                        format!("{name} “{}” row {number}", grid.sheet)
                    } else {
                        format!("{name} row {number}")
                    };
                    let (mut row, notes) = read_row(&cells, place, label, targets, of_2013);
                    (row.file, row.row) = (name.to_owned(), *number);
                    self.diagnostics.extend(notes.into_iter().map(at));
                    rows.push(row);
                }
                ids::Found::Heading => {}
                ids::Found::Unknown(label) => {
                    let message =
                        format!("{label} is no control or clause of {}", numbered.edition);
                    let help = "the row is left out; if the whole file is of another standard, say \
                        so with --framework";
                    self.diagnostics.push(at(Diagnostic::warning("import-id", message).help(help)));
                }
            }
        }
    }
}

fn propose(
    rows: &[SoaRow],
    mapping: Vec<Mapped>,
    mut diagnostics: Vec<Diagnostic>,
    catalog: &Catalog,
    positions: &[Position],
) -> SoaImport {
    let mut counts = SoaCounts {
        rows: rows.len(),
        rows_2013: rows.iter().filter(|r| r.of_2013).count(),
        ..SoaCounts::default()
    };
    let mut by_target: BTreeMap<&TargetId, Vec<&SoaRow>> = BTreeMap::new();
    for row in rows {
        for target in &row.targets {
            by_target.entry(target).or_default().push(row);
        }
    }
    let on_record: BTreeMap<&TargetId, &Position> =
        positions.iter().filter(|p| p.system.is_none()).map(|p| (&p.target, p)).collect();
    let mut table = Table::new(FileKind::Positions);
    SOA_FILE.clone_into(&mut table.name);
    for (id, rows) in &by_target {
        let Some(target) = catalog.get(id) else { continue };
        let merged = merge::merge(target, rows);
        if let Some(position) = on_record.get(id) {
            counts.on_record += 1;
            let word = position.applicability.map_or("not decided", |a| a.as_str());
            let there = merged.cells.get("applicability").map_or("", String::as_str);
            if !there.is_empty() && there != word {
                let message = format!(
                    "{id}: the SoA says {there} ({}), on record is {word} ({})",
                    merged.origin, position.decided_by
                );
                let help =
                    "the position on record stays; change it in positions.csv if it is wrong";
                diagnostics.push(Diagnostic::warning("import-differs", message).help(help));
            }
            continue;
        }
        counts.proposed += 1;
        counts.merged += usize::from(rows.len() > 1);
        if let Some(conflict) = &merged.conflict {
            counts.conflicts += 1;
            let message = format!("{id}: rows that become one differ: {conflict}");
            let help = "both texts are in `comment`; fill in what holds before you sign the row";
            diagnostics.push(
                Diagnostic::warning("import-conflict", message)
                    .in_file(format!("review/{SOA_FILE}"))
                    .help(help),
            );
        }
        table.push(position_key(id.as_str(), ""), merged.cells);
    }
    let standards: BTreeSet<&str> = by_target.keys().map(|id| id.framework()).collect();
    let unnamed: Vec<&str> = catalog
        .targets()
        .filter(|t| t.kind == TargetKind::Control && standards.contains(t.framework.as_str()))
        .filter(|t| !by_target.contains_key(&t.id))
        .map(|t| t.id.as_str())
        .collect();
    counts.unnamed = unnamed.len();
    if !unnamed.is_empty() {
        let shown = &unnamed[..unnamed.len().min(SHOWN)];
        let more = match unnamed.len() - shown.len() {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let message =
            format!("{} controls are in no row: {}{more}", unnamed.len(), shown.join(", "));
        let help = "nothing is proposed for them; decide them in positions.csv";
        diagnostics.push(Diagnostic::note("import-unnamed", message).help(help));
    }
    let documents = rows.iter().flat_map(|r| r.documents()).collect();
    let links = rows.iter().filter_map(SoaRow::link).collect();
    SoaImport { table, mapping, counts, documents, links, diagnostics }
}
