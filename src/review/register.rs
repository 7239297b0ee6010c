//! Registers that people keep in `review/`: filled from files of any origin, row by row and cell by
//! cell, and never over what a person changed; read as they lie there; written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    cell::escape,
    dates,
    fields::{self, ColumnMap, Field, Mapped, Meaning},
    foreign::{Grid, read_grids},
    table::Cells,
};
use crate::{
    diag::{Diagnostic, Severity},
    domain::ByLanguage,
};

/// One row by the columns of its register.
pub type RegisterRow = BTreeMap<String, String>;

/// What tells one register from another.
pub(super) struct Form {
    /// Its name in `review/`.
    pub(super) file: &'static str,
    pub(super) columns: &'static [&'static str],
    /// Columns without which a file is none.
    pub(super) needs: &'static [&'static str],
    /// Code of what is wrong with its form.
    pub(super) code: &'static str,
    /// What it is: `risk register`.
    pub(super) what: &'static str,
    /// What a row is: `risk`.
    pub(super) row: &'static str,
    /// Columns that take what has no column of its own.
    pub(super) spare: &'static str,
}

/// What an import of a register did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RegisterCounts {
    /// Rows read from the files.
    pub read: usize,
    /// Of them, rows that are new in the register.
    pub new: usize,
    /// Cells that a person had changed and that stay.
    pub kept_cells: usize,
    /// Rows of the files' earlier imports that the files no longer hold; they stay.
    pub gone: usize,
    /// All rows of the register.
    pub register: usize,
}

impl RegisterCounts {
    pub(super) fn of(read: usize, merged: &Merged) -> Self {
        Self {
            read,
            new: merged.new,
            kept_cells: merged.kept_cells,
            gone: merged.gone,
            register: merged.rows.len(),
        }
    }
}

/// A cell of a row; blank if it has none.
pub(super) fn get<'a>(row: &'a RegisterRow, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

/// A register after an import.
#[derive(Debug, Clone)]
pub struct RegisterImport {
    /// All rows, those of other files too, in order.
    pub rows: Vec<RegisterRow>,
    pub mapping: Vec<Mapped>,
    pub counts: RegisterCounts,
    pub diagnostics: Vec<Diagnostic>,
    /// What the machine wrote, to be remembered: cells that differ from it at the next import were
    /// edited.
    pub written: Cells,
}

/// Merges files into `current`, the register that lies in `review/`. `before` is what an import wrote into
/// it last.
///
/// # Errors
/// As [`gather`].
pub(super) fn import(
    form: &Form,
    files: &[(String, Vec<u8>)],
    maps: &[ColumnMap],
    fields: &[Field],
    (current, before): (&[RegisterRow], &Cells),
    read: &mut ReadFile<'_>,
) -> Result<RegisterImport, Vec<Diagnostic>> {
    let read = gather(form, files, maps, fields, read)?;
    let merged = merge(form, &read.rows, &read.sources, current, before);
    let counts = RegisterCounts::of(read.rows.len(), &merged);
    let mut diagnostics = read.diagnostics;
    diagnostics.extend(merged.diagnostics);
    Ok(RegisterImport {
        rows: merged.rows,
        mapping: read.mapping,
        counts,
        diagnostics,
        written: merged.written,
    })
}

/// What was read from files of other origin.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) rows: Vec<RegisterRow>,
    pub(super) mapping: Vec<Mapped>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Names of the files, without their folders.
    pub(super) sources: BTreeSet<String>,
    /// Keys of the rows so far.
    keys: BTreeSet<String>,
    /// Headers of all tables that were read.
    headers: Vec<Vec<String>>,
}

impl Gathered {
    /// Keeps what the columns of a table were taken for.
    pub(super) fn table(&mut self, file: &str, found: &Found<'_>) {
        self.mapping.extend(fields::shown(file, found.grid, &found.heads, &found.columns));
        self.headers.push(found.heads.clone());
    }
}

/// Reads one file, by its path, its name and its sheets, into what was gathered.
pub(super) type ReadFile<'r> = dyn FnMut(&str, &str, &[Grid], &mut Gathered) + 'r;

/// Reads files one after another: `read` gets a file's path, its name without the folder, and its
/// sheets. A row is known by that name and its id or name, so two files of one name are refused.
///
/// # Errors
/// Everything that is wrong with any of them, and parts of `--map` that name nothing.
pub(super) fn gather(
    form: &Form,
    files: &[(String, Vec<u8>)],
    maps: &[ColumnMap],
    fields: &[Field],
    read: &mut ReadFile<'_>,
) -> Result<Gathered, Vec<Diagnostic>> {
    let mut out = Gathered::default();
    for (file, bytes) in files {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        if !out.sources.insert(name.clone()) {
            let message = format!(
                "two files have this name; a row ({}) is known by its file's name and its id",
                form.row
            );
            let help = "rename one of them";
            out.diagnostics
                .push(Diagnostic::error("import-file", message).in_file(file).help(help));
            continue;
        }
        match read_grids(file, bytes) {
            Ok(grids) => read(file, &name, &grids, &mut out),
            Err(faults) => out.diagnostics.extend(faults),
        }
    }
    if !out.headers.is_empty() {
        let tables: Vec<&[String]> = out.headers.iter().map(Vec::as_slice).collect();
        out.diagnostics.extend(fields::check_maps(maps, fields, &tables));
    }
    if out.diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(out.diagnostics);
    }
    Ok(out)
}

/// A table in a sheet.
pub(super) struct Found<'g> {
    pub(super) grid: &'g Grid,
    /// Index of the first row below the header.
    pub(super) first: usize,
    pub(super) heads: Vec<String>,
    pub(super) columns: Vec<Meaning>,
}

impl Found<'_> {
    pub(super) fn has(&self, field: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == Some(field))
    }

    /// Headers of the columns that mean a field.
    pub(super) fn heads_of<'s>(&'s self, field: &'s str) -> impl Iterator<Item = &'s str> {
        let mine = self.heads.iter().zip(&self.columns);
        mine.filter(move |(_, (name, _))| *name == Some(field)).map(|(head, _)| head.as_str())
    }

    /// Whether it is a register of risks, which names assets and systems as well.
    pub(super) fn weighs_risks(&self) -> bool {
        const WORDS: ByLanguage<&str> = ByLanguage {
            en: "likelihood|probability|risk owner",
            de: "wahrscheinlichkeit|eintrittswahrscheinlichkeit|risikoeigner",
            fr: "vraisemblance|probabilité|propriétaire du risque",
            es: "probabilidad|propietario del riesgo",
            it: "probabilità|proprietario del rischio",
            pt: "probabilidade|proprietário do risco",
            nl: "kans|waarschijnlijkheid|risico eigenaar",
        };
        self.heads.iter().any(|head| {
            let head = format!(" {} ", fields::norm(head));
            WORDS.listed().any(|word| head.contains(&format!(" {word} ")))
        })
    }

    /// Row numbers as a spreadsheet program shows them, and the rows below the header.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, fields::Cells<'_>)> {
        self.grid.rows[self.first..]
            .iter()
            .map(|(number, cells)| (*number, fields::Cells { cells, columns: &self.columns }))
    }
}

/// The table of a sheet: its header is the row among the first 20 that names most fields, `named` of
/// them at least unless the columns are given.
pub(super) fn find<'g>(
    grid: &'g Grid,
    fields: &[Field],
    named: usize,
    maps: &[ColumnMap],
) -> Option<Found<'g>> {
    let score = |n: &usize| fields::header_words(&grid.rows[*n].1, fields);
    let at = (0..grid.rows.len().min(20)).max_by_key(|n| (score(n), 20 - n))?;
    if score(&at) < named && maps.is_empty() {
        return None;
    }
    let (heads, _) = fields::headers(grid, at + 1, fields);
    let columns = fields::recognise(grid, &heads, at + 1, fields, &[], maps);
    Some(Found { grid, first: at + 1, heads, columns })
}

/// Gives rows of one file their keys: the file's name and the row's id, or what the row is named by.
pub(super) struct Keys<'a> {
    pub(super) file: &'a str,
    /// The file's name without its folder.
    pub(super) name: &'a str,
    pub(super) row: &'static str,
}

/// Letters of a name that a key holds at most.
const NAME_LENGTH: usize = 80;

impl<'a> Keys<'a> {
    pub(super) fn new(file: &'a str, name: &'a str, form: &Form) -> Self {
        Self { file, name, row: form.row }
    }

    /// The key of a row by its id, without one by the cell that names it: a row's number changes with
    /// every line above it. A key that is taken gets the next free number behind it, and that is told.
    pub(super) fn of(&self, id: &str, named: &str, number: u32, out: &mut Gathered) -> String {
        let (own, what) = match id {
            "" => (slug(named), format!("`{named}` has no id, and an earlier row is named so")),
            id => (id.to_owned(), format!("the id {id} stands there more than once")),
        };
        let plain = format!("{}#{own}", self.name);
        let mut key = plain.clone();
        let mut n = 2;
        while !out.keys.insert(key.clone()) {
            key = format!("{plain}#{n}");
            n += 1;
        }
        if key != plain {
            let message = format!("{what}; this row gets the key {key}, by their order");
            let help = format!("give each {} its own id", self.row);
            out.diagnostics.push(
                Diagnostic::warning("import-id", message)
                    .in_file(self.file)
                    .on_line(number)
                    .help(help),
            );
        }
        key
    }
}

/// A name as part of a key: its words with hyphens between, shortened.
fn slug(name: &str) -> String {
    let words: String = fields::norm(name).chars().take(NAME_LENGTH).collect();
    match words.trim() {
        "" => "unnamed".to_owned(),
        words => words.replace(' ', "-"),
    }
}

/// A cell that should hold a day, as `YYYY-MM-DD`; kept as it stands, and told, if it holds none.
pub(super) fn day(
    cell: String,
    file: &str,
    number: u32,
    column: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    match dates::read_date(&cell, None) {
        Ok(day) => day.map_or(cell, |day| day.to_string()),
        Err(_) => {
            let message = format!("`{cell}` is not a date; it is kept as it stands");
            diagnostics.push(
                Diagnostic::note("import-cell", message)
                    .in_file(file)
                    .on_line(number)
                    .in_column(column),
            );
            cell
        }
    }
}

/// A register after a merge.
pub(super) struct Merged {
    /// All rows, those of other files too, in order.
    pub(super) rows: Vec<RegisterRow>,
    /// What the machine wrote, to be remembered.
    pub(super) written: Cells,
    pub(super) new: usize,
    /// Cells that a person had changed and that stay.
    pub(super) kept_cells: usize,
    /// Rows that their files no longer hold; they stay.
    pub(super) gone: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Each cell: what a person changed stays, all else is what the file says now. `before` is what an
/// import wrote last.
pub(super) fn merge(
    form: &Form,
    fresh: &[RegisterRow],
    sources: &BTreeSet<String>,
    current: &[RegisterRow],
    before: &Cells,
) -> Merged {
    let mut out = Merged {
        rows: Vec::with_capacity(current.len() + fresh.len()),
        written: before.clone(),
        new: 0,
        kept_cells: 0,
        gone: 0,
        diagnostics: Vec::new(),
    };
    let mut new: BTreeMap<&str, &RegisterRow> = fresh.iter().map(|r| (get(r, "key"), r)).collect();
    for row in current {
        let key = get(row, "key");
        let Some(now) = new.remove(key) else {
            if !key.is_empty() && sources.contains(get(row, "source")) {
                out.gone += 1;
                let message =
                    format!("{key} is no longer in {}; its row stays", get(row, "source"));
                let help =
                    format!("remove the row from review/{} if the {} is gone", form.file, form.row);
                out.diagnostics.push(Diagnostic::warning("import-gone", message).help(help));
            }
            out.rows.push(row.clone());
            continue;
        };
        let last = before.get(key);
        let mut merged = row.clone();
        for column in form.columns {
            let (there, fresh) = (get(row, column), get(now, column));
            let machine = last.and_then(|l| l.get(*column)).map_or("", String::as_str);
            // Without a record of what was written, only blank cells are filled.
            let untouched = if last.is_some() { there == machine } else { there.is_empty() };
            if untouched || ["source", "source_row"].contains(column) {
                merged.insert((*column).to_owned(), fresh.to_owned());
            } else if there != fresh {
                out.kept_cells += 1;
            }
        }
        remember(&mut out.written, now);
        out.rows.push(merged);
    }
    for row in fresh {
        if new.remove(get(row, "key")).is_some() {
            out.new += 1;
            remember(&mut out.written, row);
            out.rows.push(row.clone());
        }
    }
    out
}

fn remember(written: &mut Cells, row: &RegisterRow) {
    written.insert(get(row, "key").to_owned(), row.clone());
}

/// Reads a register as it lies in `review/`. Columns may stand in any order; unknown ones are refused,
/// since writing the register again would lose them.
///
/// # Errors
/// Everything that is wrong with its form.
pub(super) fn read(
    form: &Form,
    file: &str,
    bytes: &[u8],
) -> Result<Vec<RegisterRow>, Vec<Diagnostic>> {
    Ok(read_numbered(form, file, bytes)?.into_iter().map(|(_, row)| row).collect())
}

/// The same with the number of each row.
pub(super) fn read_numbered(
    form: &Form,
    file: &str,
    bytes: &[u8],
) -> Result<Vec<(u32, RegisterRow)>, Vec<Diagnostic>> {
    let sheet = super::sheet::read_table(file, bytes)?;
    let fault = |message: String, help: String| {
        Diagnostic::error(form.code, message).in_file(file).help(help)
    };
    let missing: Vec<String> =
        form.needs.iter().filter(|c| !sheet.has(c)).map(|c| format!("`{c}`")).collect();
    if !missing.is_empty() {
        let message = format!("this is no {}: {} is missing", form.what, missing.join(" and "));
        let help =
            format!("keep the columns of {}, or move the file away and import again", form.file);
        return Err(vec![fault(message, help)]);
    }
    let known = |c: &&String| c.is_empty() || form.columns.contains(&c.as_str());
    let strange: Vec<&str> =
        sheet.header.iter().filter(|c| !known(c)).map(String::as_str).collect();
    if !strange.is_empty() {
        let message = format!("columns that {} does not have: {}", form.file, strange.join(", "));
        return Err(vec![fault(message, format!("move what they say into {}", form.spare))]);
    }
    let mut seen = BTreeSet::new();
    let unsound = |d: &&Diagnostic| d.severity == Severity::Error;
    let mut faults: Vec<Diagnostic> = sheet.notes.iter().filter(unsound).cloned().collect();
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let key = row.get("key");
        if !key.is_empty() && !seen.insert(key.to_owned()) {
            let message = format!("the key {key} stands there twice");
            let help = "clear the key of a row that you copied".to_owned();
            faults.push(fault(message, help).on_line(row.row));
        }
        let cells = form.columns.iter().map(|c| ((*c).to_owned(), row.get(c).to_owned()));
        rows.push((row.row, cells.collect()));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// A register as CSV: UTF-8 with BOM, CRLF, no cell that a spreadsheet program would run.
pub(super) fn to_csv(columns: &[&str], rows: &[RegisterRow]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(vec![0xef, 0xbb, 0xbf]);
    writer.write_record(columns).expect("writing to memory");
    for row in rows {
        let cells = columns.iter().map(|c| escape(get(row, c)));
        writer.write_record(cells).expect("rows as wide as the header");
    }
    writer.into_inner().expect("writing to memory")
}

/// A blank row of a register.
pub(super) fn blank(form: &Form) -> RegisterRow {
    form.columns.iter().map(|c| ((*c).to_owned(), String::new())).collect()
}
