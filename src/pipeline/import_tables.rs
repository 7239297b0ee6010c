//! Tables of other origin into review files: an existing SoA.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{PipelineError, Workspace, handout::last};
use crate::{
    diag::Diagnostic,
    domain::Position,
    review::{self, SoaImport, SoaOptions},
};

/// What was taken over from a SoA.
#[derive(Debug)]
pub struct SoaTaken {
    pub import: SoaImport,
    /// The file that people sign; `None` with `check` or if there was nothing to propose.
    pub written: Option<PathBuf>,
    /// Files of a former import that were kept because somebody edited them.
    pub kept: Vec<Diagnostic>,
}

/// Reads existing SoAs and writes proposed positions into `review/`, beside what people edited there.
/// The ledger is not touched. With `check` nothing is written.
///
/// # Errors
/// Every fault of every file; or the file can't be written.
pub fn take_soa(
    workspace: &mut Workspace,
    files: &[PathBuf],
    options: &SoaOptions,
    check: bool,
) -> Result<SoaTaken, PipelineError> {
    let tables = read(files)?;
    let positions: Vec<Position> =
        workspace.store.positions()?.into_iter().map(|(_, p)| p).collect();
    let mut import = review::import_soa(&tables, options, &workspace.catalog, &positions)
        .map_err(PipelineError::Input)?;
    if !import.documents.is_empty() {
        let outside: Vec<String> = files
            .iter()
            .filter(|file| !inside(workspace, file))
            .map(|file| file.display().to_string())
            .collect();
        import.diagnostics.extend(outside.into_iter().map(|file| {
            let message = format!(
                "{} documents are named as evidence, but the file is in no source folder",
                import.documents.len()
            );
            let help = "put a copy of it into the source folder and run again: documents that a SoA \
                names for a control are ranked higher for it";
            Diagnostic::note("import-outside", message).in_file(file).help(help)
        }));
    }
    if check || import.table.rows.is_empty() {
        return Ok(SoaTaken { import, written: None, kept: Vec::new() });
    }
    let folder = workspace.dir.join("review");
    let bytes = import.table.to_csv();
    let known = |name: &str| last(workspace, name);
    let done = review::write_guarded(&folder, &import.table, &bytes, &known)
        .map_err(|error| PipelineError::Internal(error.to_string()))?;
    workspace.store.put_export(&done.file, &done.hash, &done.cells)?;
    Ok(SoaTaken { import, written: Some(done.path), kept: done.kept })
}

/// The bytes of all files, or which of them can't be read.
fn read(files: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, PipelineError> {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.display().to_string();
        match fs::read(file) {
            Ok(bytes) => out.push((name, bytes)),
            Err(error) => faults.push(
                Diagnostic::error("import-file", format!("can't be read: {error}"))
                    .in_file(name)
                    .help("check the path"),
            ),
        }
    }
    if faults.is_empty() { Ok(out) } else { Err(PipelineError::Input(faults)) }
}

/// Whether a file lies in one of the source folders.
fn inside(workspace: &Workspace, file: &Path) -> bool {
    let Ok(file) = fs::canonicalize(file) else { return false };
    let roots = workspace.roots().unwrap_or_default();
    roots.iter().filter_map(|root| fs::canonicalize(root).ok()).any(|root| file.starts_with(root))
}
