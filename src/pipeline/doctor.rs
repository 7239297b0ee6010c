//! Looks at everything that a workspace consists of, and mends what can be computed again.
//!
//! Decisions, configuration and review files are people's: whatever is wrong with them is named and
//! left as it is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{PipelineError, registers, workspace};
use crate::{
    catalog::Catalog,
    config::Config,
    diag::Diagnostic,
    extract, files, review,
    store::{Store, StoreError},
};

/// How something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    Ok,
    /// Was wrong and has been put right.
    Mended,
    /// Works, but look at it.
    Warning,
    /// A command will fail, or a result can't be trusted.
    Error,
}

impl Condition {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Mended => "mended",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub what: &'static str,
    pub condition: Condition,
    /// What was found.
    pub found: String,
    /// What to do; empty if nothing.
    pub help: String,
}

struct Findings {
    fix: bool,
    checks: Vec<Check>,
}

impl Findings {
    fn add(&mut self, what: &'static str, condition: Condition, found: String, help: &str) {
        self.checks.push(Check { what, condition, found, help: help.to_owned() });
    }

    fn ok(&mut self, what: &'static str, found: impl Into<String>) {
        self.add(what, Condition::Ok, found.into(), "");
    }

    /// Something that can be computed again: mended where that is wanted and works.
    fn derivable(
        &mut self,
        what: &'static str,
        found: String,
        mend: &mut dyn FnMut() -> Result<(), String>,
    ) {
        if !self.fix {
            self.add(what, Condition::Warning, found, "run `evimap doctor --fix`");
            return;
        }
        match mend() {
            Ok(()) => self.add(what, Condition::Mended, found, ""),
            Err(why) => {
                let found = format!("{found}; it could not be mended: {why}");
                self.add(what, Condition::Error, found, "mend it by hand");
            }
        }
    }

    fn faults(&mut self, what: &'static str, faults: Vec<Diagnostic>) {
        for fault in faults {
            let place = fault.place();
            let found = if place.is_empty() {
                fault.message
            } else {
                format!("{place}: {}", fault.message)
            };
            self.add(what, Condition::Error, found, fault.help.as_deref().unwrap_or_default());
        }
    }
}

/// Looks at a workspace. With `fix` it takes the write lock and mends what is derivable.
///
/// # Errors
/// There is no workspace, or with `fix` another process writes to it. All else is a finding.
pub fn doctor(dir: &Path, fix: bool) -> Result<Vec<Check>, PipelineError> {
    let mut findings = Findings { fix, checks: Vec::new() };
    let killed = Store::killed_writer(dir);
    let opened = if fix { Store::open_for_write(dir) } else { Store::open_read(dir) };
    let store = match opened {
        Ok(store) => Some(store),
        Err(error @ (StoreError::NotAWorkspace { .. } | StoreError::Locked { .. })) => {
            return Err(error.into());
        }
        Err(error @ StoreError::Older { .. }) => {
            findings.add("state", Condition::Warning, error.to_string(), "");
            None
        }
        Err(error) => {
            let help = "put back a backup with `evimap restore`";
            findings.add("state", Condition::Error, error.to_string(), help);
            None
        }
    };
    if let Some(mut store) = store {
        state(&mut store, &mut findings);
        last_run(&store, &killed, &mut findings);
    }
    configuration(dir, &mut findings);
    review_files(dir, &mut findings);
    leftovers(dir, &mut findings);
    index(dir, &mut findings);
    permissions(dir, &mut findings);
    Ok(findings.checks)
}

fn state(store: &mut Store, findings: &mut Findings) {
    if let Err(error) = store.check_structure() {
        let help = "put back a backup with `evimap restore`";
        findings.add("state", Condition::Error, error.to_string(), help);
        return;
    }
    findings.ok("state", format!("{} is sound", store.path().display()));
    match store.verify_ledger() {
        Err(error) => {
            findings.add("ledger", Condition::Error, error.to_string(), "");
            return;
        }
        Ok(entries) => {
            let head = store.ledger_head().unwrap_or_default();
            findings.ok("ledger", format!("{entries} entries, the chain is whole, head {head}"));
        }
    }
    match store.missing_guards() {
        Ok(missing) if missing.is_empty() => {}
        Ok(missing) => {
            let found =
                format!("triggers that keep it append-only are gone: {}", missing.join(", "));
            let mut mend = || store.restore_guards().map_err(|error| error.to_string());
            findings.derivable("ledger", found, &mut mend);
        }
        Err(error) => findings.add("ledger", Condition::Error, error.to_string(), ""),
    }
}

fn last_run(store: &Store, killed: &str, findings: &mut Findings) {
    if !killed.is_empty() {
        let found = format!("a process that wrote here was killed: {killed}");
        findings.add("lock", Condition::Warning, found, "nothing is locked; run it again");
    }
    match store.runs().map(|mut runs| runs.pop()) {
        Ok(None) => findings.ok("runs", "none yet"),
        Ok(Some(run)) if run.finished.is_some() => {
            findings.ok("runs", format!("run {} is the last one and finished", run.id));
        }
        Ok(Some(run)) => findings.add(
            "runs",
            Condition::Warning,
            format!("run {} did not finish; some reports may be of the run before it", run.id),
            "run `evimap run` again",
        ),
        Err(error) => findings.add("runs", Condition::Error, error.to_string(), ""),
    }
}

fn configuration(dir: &Path, findings: &mut Findings) {
    let config = match Config::load(&dir.join("evimap.toml")) {
        Ok(config) => config,
        Err(faults) => return findings.faults("configuration", faults),
    };
    findings.ok("configuration", "evimap.toml has no faults");
    match Catalog::load_with(dir, &config) {
        Ok(catalog) => findings.ok("catalogue", format!("{} targets", catalog.targets().len())),
        Err(faults) => findings.faults("catalogue", faults),
    }
    if let Err(PipelineError::Input(faults)) = workspace::calibration(dir, &config) {
        findings.faults("calibration", faults);
    }
    for root in &config.roots {
        let path = dir.join(root);
        let reached = match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => fs::read_dir(&path).map(|_| ()),
            Ok(_) => fs::File::open(&path).map(|_| ()),
            Err(error) => Err(error),
        };
        match reached {
            Ok(()) => findings.ok("source", path.display().to_string()),
            Err(error) => findings.add(
                "source",
                Condition::Error,
                format!("{} can't be read: {error}", path.display()),
                "mount it, or give its new place: evimap run SOURCE -w WORKSPACE",
            ),
        }
    }
    if config.roots.is_empty() {
        findings.add(
            "source",
            Condition::Warning,
            "none is stored".to_owned(),
            "name one to `run`",
        );
    }
    if config.extraction.ocr {
        match extract::find_ocr(&config.extraction.ocr_languages) {
            (Some(_), None) => findings.ok("ocr", "programs are there"),
            (_, missing) => findings.faults("ocr", missing.into_iter().collect()),
        }
    } else {
        findings.ok("ocr", "not asked for in evimap.toml");
    }
}

fn review_files(dir: &Path, findings: &mut Findings) {
    let Ok(entries) = fs::read_dir(dir.join("review")) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let wanted = path.extension().is_some_and(|e| e == "csv" || e == "xlsx");
        if !wanted || !path.is_file() {
            continue;
        }
        let name = path.display().to_string();
        let read = fs::read(&path).map_err(|error| error.to_string());
        let register = path.file_name().and_then(|n| n.to_str()).and_then(registers::reader);
        if let (Some((rows, what)), Ok(bytes)) = (register, &read) {
            match rows(&name, bytes) {
                Ok(rows) => findings.ok("review", format!("{name}: {} {what}", rows.len())),
                Err(faults) => findings.faults("review", faults),
            }
            continue;
        }
        let sheet = read.and_then(|bytes| {
            review::read_table(&name, &bytes).map_err(|faults| {
                faults.first().map_or_else(String::new, |fault| fault.message.clone())
            })
        });
        match sheet {
            Ok(sheet) if sheet.kind().is_some() => {
                findings.ok("review", format!("{name}: {} rows", sheet.rows.len()));
            }
            Ok(_) => findings.add(
                "review",
                Condition::Warning,
                format!("{name} is no review file: its columns are others"),
                "move it elsewhere",
            ),
            Err(why) => findings.add(
                "review",
                Condition::Warning,
                format!("{name} can't be read: {why}"),
                "save it as CSV anew, or move it away and run `evimap review export`",
            ),
        }
    }
}

fn leftovers(dir: &Path, findings: &mut Findings) {
    let mut left: Vec<PathBuf> =
        workspace::drafted(dir).iter().flat_map(|folder| files::strays(folder)).collect();
    let state = dir.join(".evimap");
    let drafts = ["state.sqlite.new", "state.sqlite.new-journal"].map(|name| state.join(name));
    left.extend(drafts.into_iter().filter(|path| path.exists()));
    if left.is_empty() {
        return findings.ok("leftovers", "no drafts of killed processes");
    }
    let names: Vec<String> = left.iter().map(|path| path.display().to_string()).collect();
    let found = format!("drafts of killed processes: {}", names.join(", "));
    findings.derivable("leftovers", found, &mut || {
        left.iter().try_for_each(|path| {
            fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))
        })
    });
}

/// Each run builds it anew and nothing else reads it; a part of one only takes space.
fn index(dir: &Path, findings: &mut Findings) {
    let folder = dir.join(".evimap/index");
    let Ok(entries) = fs::read_dir(&folder) else {
        return findings.ok("index", "none; the next run builds it");
    };
    let half = entries.flatten().any(|entry| !entry.path().join("meta.json").is_file());
    if !half {
        return findings.ok("index", "whole");
    }
    let found = format!("{} is half built", folder.display());
    findings.derivable("index", found, &mut || {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())
    });
}

#[cfg(unix)]
fn permissions(dir: &Path, findings: &mut Findings) {
    use std::os::unix::fs::PermissionsExt;
    let folder = dir.join(".evimap");
    match fs::metadata(&folder).map(|meta| meta.permissions().mode() & 0o777) {
        Ok(mode) if mode & 0o077 == 0 => {
            findings
                .ok("permissions", format!("only the owner can look into {}", folder.display()));
        }
        Ok(mode) => findings.add(
            "permissions",
            Condition::Warning,
            format!("others may look into {} (mode {mode:o})", folder.display()),
            "chmod 700 it, unless that is meant",
        ),
        Err(error) => {
            let found = format!("{}: {error}", folder.display());
            findings.add("permissions", Condition::Error, found, "");
        }
    }
    // What can't be written shows here rather than at the end of a long run.
    for folder in workspace::drafted(dir).iter().filter(|folder| folder.is_dir()) {
        if let Err(error) = rustix::fs::access(folder, rustix::fs::Access::WRITE_OK) {
            let found = format!("{} can't be written: {error}", folder.display());
            findings.add("permissions", Condition::Error, found, "give this account the right to");
        }
    }
}

#[cfg(not(unix))]
fn permissions(_: &Path, _: &mut Findings) {}
