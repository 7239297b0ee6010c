//! `evimap import soa|risks`: tables of other origin into review files.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::json;

use super::{
    Outcome,
    args::{ImportCommand, Output},
    render,
};
use crate::{
    pipeline::{self, Workspace},
    review::{Mapped, RiskOptions, SoaOptions},
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
    let taken = pipeline::take_risks(&mut open, files, options, check, super::run::today(None))?;
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
