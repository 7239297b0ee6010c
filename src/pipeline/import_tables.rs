//! Tables of other origin into review files: an existing SoA, risk registers, inventories, impact
//! assessments.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use super::{
    PipelineError, Workspace,
    handout::last,
    links,
    registers::{self, Registers},
};
use crate::{
    assess,
    diag::Diagnostic,
    domain::{Date, Decision, Inventory, Position, RiskRegister, Verdict},
    files::replace,
    review::{
        self, ASSETS_FILE, Cells, ColumnMap, IMPACTS_FILE, RISKS_FILE, RegisterImport, RegisterRow,
        RiskImport, RiskOptions, SoaImport, SoaOptions,
    },
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
        let message = format!("{} documents are named as evidence", import.documents.len());
        let help = "the next run ranks a document that a row names for a control higher for it, wherever \
            the file lies; nothing is accepted by that";
        import.diagnostics.push(Diagnostic::note("import-named", message).help(help));
    }
    if !check {
        let names = tables.iter().map(|(file, _)| links::name(file)).collect();
        links::remember(&mut workspace.store, &names, &import.links)?;
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

/// What was taken over from risk registers.
#[derive(Debug)]
pub struct RisksTaken {
    pub import: RiskImport,
    /// `None` with `check`.
    pub written: Option<PathBuf>,
    /// What the register leaves open.
    pub open: Vec<Diagnostic>,
}

/// Merges risk registers into `review/risks.csv`, and looks what is open in it. Cells that a person
/// changed stay. With `check` nothing is written. `today` is for reviews that are overdue.
///
/// # Errors
/// Every fault of every file, or of the register as it lies there; or it can't be written.
pub fn take_risks(
    workspace: &mut Workspace,
    files: &[PathBuf],
    options: &RiskOptions,
    today: Date,
    check: bool,
) -> Result<RisksTaken, PipelineError> {
    let tables = read(files)?;
    let (current, before) = there(workspace, RISKS_FILE)?;
    let import = review::import_risks(
        &tables,
        options,
        &workspace.catalog,
        &workspace.config,
        &current,
        &before,
    )
    .map_err(PipelineError::Input)?;
    let mut open = open(workspace, &import, today)?;
    let mut registers = Registers::load(&workspace.dir);
    registers.risks = review::risk_faces(&import.rows);
    open.extend(notes(workspace, &registers, RISKS_FILE, today)?.1);
    let bytes = review::register_csv(&import.rows);
    let written = put(workspace, RISKS_FILE, &bytes, &import.written, check)?;
    Ok(RisksTaken { import, written, open })
}

/// What was taken over from inventories.
#[derive(Debug)]
pub struct AssetsTaken {
    pub import: RegisterImport,
    /// `None` with `check`.
    pub written: Option<PathBuf>,
    /// What the inventory and evimap.toml leave open between them.
    pub open: Vec<Diagnostic>,
}

/// Merges inventories of assets and AI systems into `review/assets.csv`. Cells that a person changed stay.
/// With `check` nothing is written.
///
/// # Errors
/// As [`take_risks`].
pub fn take_assets(
    workspace: &mut Workspace,
    files: &[PathBuf],
    maps: &[ColumnMap],
    today: Date,
    check: bool,
) -> Result<AssetsTaken, PipelineError> {
    let tables = read(files)?;
    let (current, before) = there(workspace, ASSETS_FILE)?;
    let import = review::import_assets(&tables, maps, &workspace.config, &current, &before)
        .map_err(PipelineError::Input)?;
    let mut registers = Registers::load(&workspace.dir);
    registers.assets = review::assets(&import.rows);
    let (_, mut open) = notes(workspace, &registers, ASSETS_FILE, today)?;
    open.extend(notes(workspace, &registers, RISKS_FILE, today)?.1);
    let bytes = review::assets_csv(&import.rows);
    let written = put(workspace, ASSETS_FILE, &bytes, &import.written, check)?;
    Ok(AssetsTaken { import, written, open })
}

/// What was taken over from registers of impact assessments.
#[derive(Debug)]
pub struct ImpactsTaken {
    pub import: RegisterImport,
    /// `None` with `check`.
    pub written: Option<PathBuf>,
    /// Declared AI systems and how each stands after the import.
    pub inventory: Inventory,
    /// What the register leaves open.
    pub open: Vec<Diagnostic>,
}

/// Merges impact assessments into `review/impact-assessments.csv`. Cells that a person changed stay. With
/// `check` nothing is written.
///
/// # Errors
/// As [`take_risks`].
pub fn take_impacts(
    workspace: &mut Workspace,
    files: &[PathBuf],
    maps: &[ColumnMap],
    today: Date,
    check: bool,
) -> Result<ImpactsTaken, PipelineError> {
    let tables = read(files)?;
    let (current, before) = there(workspace, IMPACTS_FILE)?;
    let import = review::import_impacts(&tables, maps, &workspace.config, &current, &before)
        .map_err(PipelineError::Input)?;
    let mut registers = Registers::load(&workspace.dir);
    registers.assessments = review::impacts(&import.rows);
    let (inventory, open) = notes(workspace, &registers, IMPACTS_FILE, today)?;
    let bytes = review::impacts_csv(&import.rows);
    let written = put(workspace, IMPACTS_FILE, &bytes, &import.written, check)?;
    Ok(ImpactsTaken { import, written, inventory, open })
}

/// A register as it lies in `review/`, and what an import wrote into it last.
fn there(workspace: &Workspace, file: &str) -> Result<(Vec<RegisterRow>, Cells), PipelineError> {
    let path = workspace.dir.join("review").join(file);
    let name = path.display().to_string();
    let current = match (fs::read(&path), registers::reader(file)) {
        (Ok(bytes), Some((read, _))) => read(&name, &bytes).map_err(PipelineError::Input)?,
        (Ok(_), None) => Vec::new(),
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        (Err(error), _) => {
            let message = format!("{name} can't be read: {error}");
            return Err(PipelineError::input("register", message, "check its permissions"));
        }
    };
    // Without the file, what was written into it is no base for a comparison.
    let before = match last(workspace, file) {
        Some(last) if path.exists() => last.cells,
        _ => BTreeMap::new(),
    };
    Ok((current, before))
}

/// Writes a register and remembers what the machine wrote in it; with `check` it does neither.
fn put(
    workspace: &mut Workspace,
    file: &str,
    bytes: &[u8],
    cells: &Cells,
    check: bool,
) -> Result<Option<PathBuf>, PipelineError> {
    if check {
        return Ok(None);
    }
    let folder = workspace.dir.join("review");
    let path = folder.join(file);
    fs::create_dir_all(&folder).and_then(|()| replace(&path, bytes)).map_err(|error| {
        PipelineError::Internal(format!(
            "{} can't be written: {error}; close it in other programs, make space, and run again",
            path.display()
        ))
    })?;
    workspace.store.put_export(file, "", cells)?;
    Ok(Some(path))
}

/// The view of registers, and what deserves a look in one of them.
fn notes(
    workspace: &Workspace,
    registers: &Registers,
    file: &str,
    today: Date,
) -> Result<(Inventory, Vec<Diagnostic>), PipelineError> {
    let decisions: Vec<Decision> =
        workspace.store.decisions()?.into_iter().map(|(_, d)| d).collect();
    let positions: Vec<Position> =
        workspace.store.positions()?.into_iter().map(|(_, p)| p).collect();
    let mut accepted = assess::in_force(&decisions, &positions, &workspace.config);
    accepted.retain(|d| d.verdict == Verdict::Accept);
    let (inventory, mut notes) = registers.inventory(&workspace.config, &accepted, today);
    let place = format!("review/{file}");
    notes.retain(|d| d.file.as_ref() == Some(&place));
    Ok((inventory, notes))
}

/// The register as it lies in `review/`. One that can't be read ends nothing: the reports say so.
pub(super) fn register(workspace: &Workspace) -> RiskRegister {
    let name = format!("review/{RISKS_FILE}");
    match fs::read(workspace.dir.join(&name)) {
        Ok(bytes) => review::risk_register(&name, Some(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => review::risk_register(&name, None),
        Err(error) => {
            let fault = Diagnostic::error("risk-register", format!("can't be read: {error}"));
            review::unreadable(vec![fault.in_file(name).help("check its permissions")])
        }
    }
}

fn open(
    workspace: &Workspace,
    import: &RiskImport,
    as_of: Date,
) -> Result<Vec<Diagnostic>, PipelineError> {
    let decisions: Vec<Decision> =
        workspace.store.decisions()?.into_iter().map(|(_, d)| d).collect();
    let positions: Vec<Position> =
        workspace.store.positions()?.into_iter().map(|(_, p)| p).collect();
    let latest: BTreeMap<_, &Position> =
        positions.iter().map(|p| ((&p.target, &p.system), p)).collect();
    let latest: Vec<&Position> = latest.into_values().collect();
    let findings = assess::register_findings(&assess::RegisterInputs {
        register: &review::imported_register(&import.rows),
        positions: &latest,
        catalog: &workspace.catalog,
        config: &workspace.config,
        as_of,
    });
    let mut open = assess::register_diagnostics(&findings);
    let in_force = assess::in_force(&decisions, &positions, &workspace.config);
    let without = assess::without_impact_assessment(&workspace.config, &in_force);
    if !without.is_empty() {
        let message = format!(
            "AI systems without accepted evidence of an impact assessment: {}",
            without.join(", ")
        );
        open.push(
            Diagnostic::warning("no-impact-assessment", message).help(
                "review the suggestions for ISO42001:8.4 and A.5.3 to A.5.5 of these systems",
            ),
        );
    }
    Ok(open)
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
