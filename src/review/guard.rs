//! Writes review files without losing what a person typed into them and has not imported yet.

use std::{
    collections::BTreeMap,
    fs, io,
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
    files,
};

/// A review file can't be read or replaced.
#[derive(Debug, thiserror::Error)]
#[error("{} can't be written: {source}; close it in other programs, make space, and run again", path.display())]
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
    /// `sha256:` and the lower-case hex of the bytes.
    pub hash: String,
    pub cells: Cells,
    /// One warning for each file that was kept, with the command that imports it.
    pub kept: Vec<Diagnostic>,
}

/// What is remembered of a file as last exported or last imported.
#[derive(Debug, Clone, PartialEq)]
pub struct Last {
    /// As in [`Written`], if the file holds no cell that is still to be imported; blank otherwise.
    pub hash: String,
    pub cells: Cells,
}

/// Writes a table, as `bytes` in the form that its name says, into `dir`, whole or not at all. A file
/// there with edits that were not imported is kept; the table then goes to `NAME.new.csv` (or
/// `.new.xlsx`). `last` gives what is remembered of a file, by file name; remember [`Written`] under
/// its `file` after this returns.
///
/// # Errors
/// A file can't be read or replaced. Nothing was lost then.
pub fn write_guarded(
    dir: &Path,
    table: &Table,
    bytes: &[u8],
    last: &dyn Fn(&str) -> Option<Last>,
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
    replace(&path, bytes)?;
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
    let hash = fingerprint(bytes);
    let kept = kept.iter().map(|(kept, edits)| warning(dir, kept, edits, &file)).collect();
    Ok(Written { file, path, hash, cells: table.cells(), kept })
}

/// Removes the files of a former split of this kind and form that were not written again, if nobody
/// edited them; gives the names of those, and a warning for each that was kept.
///
/// # Errors
/// The folder can't be read, or a file not be removed.
pub fn clear_former(
    dir: &Path,
    kind: FileKind,
    end: &str,
    written: &[String],
    last: &dyn Fn(&str) -> Option<Last>,
) -> Result<(Vec<String>, Vec<Diagnostic>), GuardError> {
    let (mut removed, mut kept) = (Vec::new(), Vec::new());
    let stem = format!("{}.", kind.file_name().trim_end_matches(".csv"));
    for name in names(dir)? {
        let part = name.starts_with(&stem)
            && name.strip_suffix(end).is_some_and(|rest| rest.len() > stem.len())
            && !written.contains(&name);
        let Some(before) = part.then(|| last(&name)).flatten() else { continue };
        let path = dir.join(&name);
        match edits(&path, &Table::new(kind), Some(&before))? {
            Edits::None => {
                fs::remove_file(&path)
                    .map_err(|source| GuardError { path: path.clone(), source })?;
                removed.push(name);
            }
            edits => kept.push(unimported(dir, &path, &edits)),
        }
    }
    Ok((removed, kept))
}

/// A warning for each review file of an earlier export, other than those just written, in which
/// somebody typed something that was not imported.
///
/// # Errors
/// The folder or a file can't be read.
pub fn waiting(
    dir: &Path,
    written: &[String],
    last: &dyn Fn(&str) -> Option<Last>,
) -> Result<Vec<Diagnostic>, GuardError> {
    let mut out = Vec::new();
    for name in names(dir)? {
        if written.contains(&name) {
            continue;
        }
        let kind = FileKind::ALL
            .into_iter()
            .find(|kind| name.starts_with(kind.file_name().trim_end_matches("csv")));
        let Some((kind, before)) = kind.zip(last(&name)) else { continue };
        let path = dir.join(&name);
        match edits(&path, &Table::new(kind), Some(&before))? {
            Edits::None => {}
            edits => out.push(unimported(dir, &path, &edits)),
        }
    }
    Ok(out)
}

/// The files in a folder, in order; none if there is no folder.
fn names(dir: &Path) -> Result<Vec<String>, GuardError> {
    let fail = |source| GuardError { path: dir.to_owned(), source };
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fail(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(fail)?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// With its prefix it differs from hashes that were kept of files with cells still to be imported.
fn fingerprint(bytes: &[u8]) -> String {
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// What to remember of a review file once it was imported. Rows that did not count (no decision, or
/// nothing but a name) keep what was remembered of them, so that what a person began to write there
/// stays protected. `last` is what [`write_guarded`] gets for the same file. `None` if it is no
/// review file.
pub fn imported_cells(file: &str, bytes: &[u8], last: Option<&Cells>) -> Option<Last> {
    let (kind, mut cells) = human_cells(file, bytes)?;
    let before = |key: &String| last.and_then(|cells| cells.get(key));
    let whole = cells.iter().all(|(key, row)| counts(kind, row) || before(key) == Some(row));
    cells.retain(|_, row| counts(kind, row));
    for (key, row) in last.into_iter().flatten() {
        cells.entry(key.clone()).or_insert_with(|| row.clone());
    }
    Some(Last { hash: if whole { fingerprint(bytes) } else { String::new() }, cells })
}

/// Whether import makes anything of a row.
fn counts(kind: FileKind, row: &BTreeMap<String, String>) -> bool {
    let filled = |column: &str| row.get(column).is_some_and(|cell| !cell.trim().is_empty());
    match kind {
        FileKind::Suggestions => filled("decision"),
        // A row without a name is at most what was taken over from a SoA, or what is on record anyway.
        FileKind::Positions => {
            let stand = |c: &str| !matches!(c, "decided_by" | "decided_on");
            filled("decided_by") && row.keys().any(|c| stand(c) && filled(c))
        }
        FileKind::Actions | FileKind::Audits => filled("stated_by"),
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
        (FileKind::Audits, _) => row.get("audit_id").to_lowercase(),
        (FileKind::Suggestions, "") => {
            format!("+{target}|{}|{}", row.get("document"), letters_and_digits(row.get("quote")))
        }
        (FileKind::Suggestions, id) => id.to_lowercase(),
    }
}

/// `suggestions.csv`, `suggestions.new.csv`, `suggestions.new2.csv` …
fn alternative(name: &str, place: usize) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, "csv"));
    match place {
        0 => name.to_owned(),
        1 => format!("{stem}.new.{end}"),
        n => format!("{stem}.new{n}.{end}"),
    }
}

enum Edits {
    /// No file, or one that holds nothing new.
    None,
    Cells(usize),
    /// Not a file that we could have written.
    Unreadable,
}

fn edits(path: &Path, table: &Table, last: Option<&Last>) -> Result<Edits, GuardError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Edits::None),
        Err(source) => return Err(GuardError { path: path.to_owned(), source }),
    };
    if bytes.is_empty() || last.is_some_and(|last| last.hash == fingerprint(&bytes)) {
        return Ok(Edits::None);
    }
    let last = last.map(|last| &last.cells);
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

fn replace(path: &Path, bytes: &[u8]) -> Result<(), GuardError> {
    files::replace(path, bytes).map_err(|source| GuardError { path: path.to_owned(), source })
}

fn warning(dir: &Path, kept: &Path, edits: &Edits, new: &str) -> Diagnostic {
    let name = kept.display().to_string();
    let (message, help) = match edits {
        Edits::Cells(count) => (
            format!(
                "{count} edited cells were not imported; the file is kept, the new rows are in {new}"
            ),
            remedy(dir, &name),
        ),
        _ => (
            format!("not a file that evimap wrote; it is kept, the rows are in {new}"),
            "move it elsewhere".to_owned(),
        ),
    };
    Diagnostic::warning("review-kept", message).in_file(name).help(help)
}

fn remedy(dir: &Path, name: &str) -> String {
    format!(
        "evimap review import \"{name}\" -w \"{}\" (rows without a decision don't count)",
        dir.parent().unwrap_or(dir).display()
    )
}

/// For a file that is not written now.
fn unimported(dir: &Path, path: &Path, edits: &Edits) -> Diagnostic {
    let name = path.display().to_string();
    let (message, help) = match edits {
        Edits::Cells(count) => {
            (format!("{count} edited cells were not imported"), remedy(dir, &name))
        }
        _ => {
            ("no longer a review file; it is left alone".to_owned(), "move it elsewhere".to_owned())
        }
    };
    Diagnostic::warning("review-waiting", message).in_file(name).help(help)
}

#[cfg(test)]
mod tests;
