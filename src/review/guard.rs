//! Writes review files without losing what a person typed into them and has not imported yet.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    columns::{DATES, FileKind},
    dates::read_date,
    export::position_key,
    sheet::{SheetRow, read_table},
    table::{Cells, Table},
};
use crate::{
    diag::Diagnostic,
    domain::{TargetId, letters_and_digits, squash_whitespace},
};

/// A review file can't be read or replaced.
#[derive(Debug, thiserror::Error)]
#[error("{} can't be written: {source}; close it in other programs and run again", path.display())]
pub struct GuardError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// What was written, to be remembered as the last export of `file`.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// File name in `review/`: the table's, or `NAME.new.csv` beside a file that was kept.
    pub file: String,
    pub path: PathBuf,
    /// SHA-256 of the bytes, lower-case hex.
    pub hash: String,
    pub cells: Cells,
    /// One warning for each file that was kept, with the command that imports it.
    pub kept: Vec<Diagnostic>,
}

/// Writes a table into `dir`, whole or not at all. A file there with edits that were not imported is
/// kept; the table then goes to `NAME.new.csv`. `last` gives the cells of a file as last exported or
/// last imported, by file name; remember [`Written`] under its `file` after this returns.
///
/// # Errors
/// A file can't be read or replaced. Nothing was lost then.
pub fn write_guarded(
    dir: &Path,
    table: &Table,
    last: &dyn Fn(&str) -> Option<Cells>,
) -> Result<Written, GuardError> {
    fs::create_dir_all(dir).map_err(|source| GuardError { path: dir.to_owned(), source })?;
    let mut kept = Vec::new();
    let mut place = 0;
    let (file, path) = loop {
        let file = alternative(&table.name, place);
        let path = dir.join(&file);
        match edits(&path, table, last(&file).as_ref())? {
            Edits::None => break (file, path),
            edits => kept.push((path, edits)),
        }
        place += 1;
    };
    let bytes = table.to_csv();
    replace(&path, &bytes)?;
    // Older alternatives without edits would only be mistaken for the current one.
    for place in place + 1.. {
        let stale = dir.join(alternative(&table.name, place));
        if !stale.exists() {
            break;
        }
        let name = alternative(&table.name, place);
        if matches!(edits(&stale, table, last(&name).as_ref())?, Edits::None) {
            fs::remove_file(&stale).map_err(|source| GuardError { path: stale, source })?;
        }
    }
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
    let kept = kept.iter().map(|(kept, edits)| warning(dir, kept, edits, &file)).collect();
    Ok(Written { file, path, hash, cells: table.cells(), kept })
}

/// What to remember of a review file once it was imported. Rows that did not count (no decision, or
/// nothing but a name) keep what was remembered of them, so that what a person began to write there
/// stays protected. `last` is what [`write_guarded`] gets for the same file. `None` if it is no
/// review file.
pub fn imported_cells(file: &str, bytes: &[u8], last: Option<&Cells>) -> Option<Cells> {
    let (kind, mut cells) = human_cells(file, bytes)?;
    cells.retain(|_, row| counts(kind, row));
    for (key, row) in last.into_iter().flatten() {
        cells.entry(key.clone()).or_insert_with(|| row.clone());
    }
    Some(cells)
}

/// Whether import makes anything of a row.
fn counts(kind: FileKind, row: &BTreeMap<String, String>) -> bool {
    let filled = |column: &str| row.get(column).is_some_and(|cell| !cell.trim().is_empty());
    match kind {
        FileKind::Suggestions => filled("decision"),
        FileKind::Positions => {
            row.keys().any(|c| !matches!(c.as_str(), "decided_by" | "decided_on") && filled(c))
        }
        FileKind::Actions => filled("stated_by"),
    }
}

/// The cells of a file that a person may change, by row key, as [`Table::cells`] gives them for a
/// new one.
fn human_cells(file: &str, bytes: &[u8]) -> Option<(FileKind, Cells)> {
    let sheet = read_table(file, bytes).ok()?;
    let kind = sheet.kind()?;
    let mut cells = Cells::new();
    for row in &sheet.rows {
        let mut key = row_key(kind, row);
        while cells.contains_key(&key) {
            key.push('+');
        }
        let human = kind.human().iter().filter(|c| sheet.has(c));
        cells.insert(key, human.map(|c| ((*c).to_owned(), row.raw(c).to_owned())).collect());
    }
    Some((kind, cells))
}

/// A row added by hand has no id; what it cites names it.
fn row_key(kind: FileKind, row: &SheetRow) -> String {
    let target = match row.get("target").parse::<TargetId>() {
        Ok(id) => id.to_string(),
        Err(_) => row.get("target").to_owned(),
    };
    match (kind, row.get("proposal_id")) {
        (FileKind::Positions, _) => position_key(&target, row.get("system")),
        (FileKind::Actions, _) => row.get("action_id").to_lowercase(),
        (FileKind::Suggestions, "") => {
            format!("+{target}|{}|{}", row.get("document"), letters_and_digits(row.get("quote")))
        }
        (FileKind::Suggestions, id) => id.to_lowercase(),
    }
}

/// `suggestions.csv`, `suggestions.new.csv`, `suggestions.new2.csv` …
fn alternative(name: &str, place: usize) -> String {
    let stem = name.strip_suffix(".csv").unwrap_or(name);
    match place {
        0 => name.to_owned(),
        1 => format!("{stem}.new.csv"),
        n => format!("{stem}.new{n}.csv"),
    }
}

enum Edits {
    /// No file, or one that holds nothing new.
    None,
    Cells(usize),
    /// Not a file that we could have written.
    Unreadable,
}

fn edits(path: &Path, table: &Table, last: Option<&Cells>) -> Result<Edits, GuardError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Edits::None),
        Err(source) => return Err(GuardError { path: path.to_owned(), source }),
    };
    if bytes.is_empty() {
        return Ok(Edits::None);
    }
    let disk = match human_cells(&path.display().to_string(), &bytes) {
        Some((kind, cells)) if kind == table.kind => cells,
        _ => return Ok(Edits::Unreadable),
    };
    let fresh = table.cells();
    let mut count = 0;
    for (key, row) in &disk {
        let before = last.and_then(|cells| cells.get(key));
        let now = fresh.get(key);
        // A row that neither knows was added by hand, or its export is not on record.
        let unknown = before.is_none() && now.is_none();
        count += usize::from(unknown && key.starts_with('+'));
        for (column, value) in row {
            if unknown && table.kind.prefilled().contains(&column.as_str()) {
                continue;
            }
            let other = |cells: Option<&BTreeMap<String, String>>| {
                cells.and_then(|c| c.get(column)).map_or("", String::as_str).to_owned()
            };
            let baseline = if before.is_some() { other(before) } else { other(now) };
            // What the new table says anyway is not lost by writing it.
            let lost = !same(column, value, &baseline)
                && !now.is_some_and(|_| same(column, value, &other(now)));
            count += usize::from(lost);
        }
    }
    Ok(if count == 0 { Edits::None } else { Edits::Cells(count) })
}

/// Whether a spreadsheet program may have made one of the other by itself.
fn same(column: &str, one: &str, other: &str) -> bool {
    if squash_whitespace(one) == squash_whitespace(other) {
        return true;
    }
    let known = read_date(other, None);
    DATES.contains(&column)
        && known.is_ok_and(|known| known.is_some() && read_date(one, known) == Ok(known))
}

/// The new file takes the old one's place in one step.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), GuardError> {
    let fail = |source| GuardError { path: path.to_owned(), source };
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    let usual = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(usual);
    let mut draft = builder.tempfile_in(dir).map_err(fail)?;
    draft.write_all(bytes).and_then(|()| draft.as_file().sync_all()).map_err(fail)?;
    if let Ok(old) = fs::metadata(path) {
        fs::set_permissions(draft.path(), old.permissions()).map_err(fail)?;
    }
    draft.persist(path).map(|_| ()).map_err(|error| fail(error.error))
}

fn warning(dir: &Path, kept: &Path, edits: &Edits, new: &str) -> Diagnostic {
    let name = kept.display().to_string();
    let (message, help) = match edits {
        Edits::Cells(count) => (
            format!(
                "{count} edited cells were not imported; the file is kept, the new rows are in {new}"
            ),
            format!(
                "evimap review import \"{name}\" -w \"{}\" (rows without a decision don't count)",
                dir.parent().unwrap_or(dir).display()
            ),
        ),
        _ => (
            format!("not a file that evimap wrote; it is kept, the rows are in {new}"),
            "move it elsewhere".to_owned(),
        ),
    };
    Diagnostic::warning("review-kept", message).in_file(name).help(help)
}

#[cfg(test)]
mod tests;
