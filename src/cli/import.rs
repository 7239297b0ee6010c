//! `evimap import soa|risks|assets|impact-assessments`: tables of other origin into review files.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::json;

use super::{
    Outcome,
    args::{ImportCommand, Output},
    render,
    run::today,
};
use crate::{
    diag::Diagnostic,
    domain::{Date, ImpactLine, Inventory},
    pipeline::{self, Workspace},
    review::{ColumnMap, Mapped, RegisterCounts, RiskOptions, SoaOptions},
};

pub(super) fn import(command: ImportCommand, output: Output) -> Outcome {
    match command {
        ImportCommand::Soa { files, columns, framework, workspace, check } => {
            let options = SoaOptions { maps: columns.map, framework };
            soa(&files, &options, &workspace, check, output)
        }
        ImportCommand::Risks { files, columns, framework, workspace, check } => {
            let options = RiskOptions { maps: columns.map, frameworks: framework };
            risks(&files, &options, &workspace, check, output)
        }
        ImportCommand::Assets { files, columns, workspace, check } => {
            assets(&files, &columns.map, &workspace, check, output)
        }
        ImportCommand::ImpactAssessments { files, columns, workspace, as_of, check } => {
            impacts(&files, &columns.map, &workspace, today(as_of), check, output)
        }
    }
}

fn risks(
    files: &[PathBuf],
    options: &RiskOptions,
    workspace: &Path,
    check: bool,
    output: Output,
) -> Outcome {
    let mut open = Workspace::open(workspace, &[])?;
    let taken = pipeline::take_risks(&mut open, files, options, today(None), check)?;
    let counts = taken.import.counts;
    let diagnostics: Vec<_> = taken.import.diagnostics.iter().chain(&taken.open).cloned().collect();
    if output.json {
        let summary = json!({
            "schema_version": 1, "written": taken.written, "columns": taken.import.mapping,
            "counts": counts, "diagnostics": diagnostics,
        });
        render::stdout(&summary.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    if output.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    mapping(&taken.import.mapping);
    render::diagnostics(&diagnostics);
    eprintln!(
        "{} risks read, {} of them new; {} edited cells kept, {} rows no longer in their file, {} \
         risks with a likely double; {} risks in the register",
        counts.read,
        counts.new,
        counts.kept_cells,
        counts.gone,
        counts.likely_doubles,
        counts.register
    );
    match &taken.written {
        Some(path) => eprintln!("written {}", render::clean(&path.display().to_string())),
        None => eprintln!("nothing was written (--check)"),
    }
    Ok(ExitCode::SUCCESS)
}

fn assets(
    files: &[PathBuf],
    maps: &[ColumnMap],
    workspace: &Path,
    check: bool,
    output: Output,
) -> Outcome {
    let mut open = Workspace::open(workspace, &[])?;
    let taken = pipeline::take_assets(&mut open, files, maps, today(None), check)?;
    let diagnostics: Vec<_> = taken.import.diagnostics.iter().chain(&taken.open).cloned().collect();
    let import = &taken.import;
    let done = Done {
        what: "assets",
        file: taken.written.as_deref(),
        columns: &import.mapping,
        counts: import.counts,
        diagnostics: &diagnostics,
    };
    done.tell(None, output);
    Ok(ExitCode::SUCCESS)
}

fn impacts(
    files: &[PathBuf],
    maps: &[ColumnMap],
    workspace: &Path,
    today: Date,
    check: bool,
    output: Output,
) -> Outcome {
    let mut open = Workspace::open(workspace, &[])?;
    let taken = pipeline::take_impacts(&mut open, files, maps, today, check)?;
    let diagnostics: Vec<_> = taken.import.diagnostics.iter().chain(&taken.open).cloned().collect();
    let import = &taken.import;
    let done = Done {
        what: "impact assessments",
        file: taken.written.as_deref(),
        columns: &import.mapping,
        counts: import.counts,
        diagnostics: &diagnostics,
    };
    done.tell(Some(&taken.inventory), output);
    Ok(ExitCode::SUCCESS)
}

/// An import of a register.
struct Done<'a> {
    /// What its rows are.
    what: &'a str,
    file: Option<&'a Path>,
    columns: &'a [Mapped],
    counts: RegisterCounts,
    diagnostics: &'a [Diagnostic],
}

impl Done<'_> {
    /// With an inventory, each declared AI system and how its impact assessment stands as well.
    fn tell(&self, inventory: Option<&Inventory>, output: Output) {
        let Self { what, counts, .. } = self;
        let systems: Vec<_> =
            inventory.iter().flat_map(|i| &i.impacts).filter(|l| l.declared && l.current).collect();
        if output.json {
            let mut summary = json!({
                "schema_version": 1, "written": self.file, "columns": self.columns,
                "counts": counts, "diagnostics": self.diagnostics,
            });
            if inventory.is_some() {
                let system = |line: &&ImpactLine| {
                    json!({
                        "system": line.system, "state": line.stand.as_str(), "overdue": line.overdue,
                    })
                };
                summary["systems"] = systems.iter().map(system).collect();
            }
            render::stdout(&summary.to_string());
            return;
        }
        if output.quiet {
            return;
        }
        mapping(self.columns);
        render::diagnostics(self.diagnostics);
        for line in systems {
            let day = line.assessment.as_ref().map_or("", |a| a.date.as_str());
            let overdue = if line.overdue { ", next review overdue" } else { "" };
            let text = format!("{:<20}{} {day}{overdue}", line.system, line.stand.as_str());
            eprintln!("{}", render::clean(text.trim_end()));
        }
        eprintln!(
            "{} {what} read, {} of them new; {} edited cells kept, {} rows no longer in their file; \
             {} in the register",
            counts.read, counts.new, counts.kept_cells, counts.gone, counts.register
        );
        match self.file {
            Some(path) => eprintln!("written {}", render::clean(&path.display().to_string())),
            None => eprintln!("nothing was written (--check)"),
        }
    }
}

fn soa(
    files: &[PathBuf],
    options: &SoaOptions,
    workspace: &Path,
    check: bool,
    output: Output,
) -> Outcome {
    let mut open = Workspace::open(workspace, &[])?;
    let taken = pipeline::take_soa(&mut open, files, options, check)?;
    let counts = taken.import.counts;
    if output.json {
        let summary = json!({
            "schema_version": 1, "written": taken.written, "columns": taken.import.mapping,
            "counts": counts, "documents": taken.import.documents,
            "diagnostics": taken.import.diagnostics.iter().chain(&taken.kept).collect::<Vec<_>>(),
        });
        render::stdout(&summary.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    if output.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    mapping(&taken.import.mapping);
    render::diagnostics(&taken.import.diagnostics);
    render::diagnostics(&taken.kept);
    eprintln!(
        "{} rows ({} of 2013), {} positions proposed, {} of them merged from several rows, {} with \
         rows that differ, {} on record already",
        counts.rows,
        counts.rows_2013,
        counts.proposed,
        counts.merged,
        counts.conflicts,
        counts.on_record
    );
    match &taken.written {
        Some(path) => {
            let path = render::clean(&path.display().to_string());
            eprintln!("written {path}");
            eprintln!(
                "next: put your name into decided_by of each row that holds, then evimap review \
                 import \"{path}\" -w \"{}\"",
                workspace.display()
            );
        }
        None if check => eprintln!("nothing was written (--check)"),
        None => eprintln!("nothing to propose"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The columns and what they were taken for, on stdout.
fn mapping(columns: &[Mapped]) {
    let mut table = (String::new(), String::new());
    for column in columns {
        if table != (column.file.clone(), column.sheet.clone()) {
            table = (column.file.clone(), column.sheet.clone());
            let sheet = match column.sheet.as_str() {
                "" => String::new(),
                sheet => format!(", sheet {sheet}"),
            };
            render::stdout(&format!("{}{}", render::clean(&column.file), render::clean(&sheet)));
        }
        let meaning = match column.field.as_str() {
            "" => "not read".to_owned(),
            field => format!("{field} (by {})", column.by),
        };
        let header: String = render::clean(&column.header).chars().take(40).collect();
        render::stdout(&format!("  {:<3}{header:<42}{meaning}", column.column));
    }
}
