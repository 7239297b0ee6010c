//! `evimap doctor`, `backup`, `restore`: whether a workspace is sound, and a second one.

use std::process::ExitCode;

use serde_json::json;

use super::{
    Outcome,
    args::{BackupArgs, DoctorArgs, Output, RestoreArgs},
    render,
};
use crate::pipeline::{self, BackedUp, Condition};

pub(super) fn doctor(args: DoctorArgs, output: Output) -> Outcome {
    let checks = pipeline::doctor(&args.workspace, args.fix)?;
    let sick = checks.iter().any(|check| check.condition == Condition::Error);
    if output.json {
        let all = json!({ "schema_version": 1, "sound": !sick, "checks": checks });
        render::stdout(&all.to_string());
    } else {
        for check in checks.iter().filter(|c| !output.quiet || c.condition == Condition::Error) {
            let state = check.condition.as_str();
            eprintln!("{state:<8} {:<14} {}", check.what, render::clean(&check.found));
            if !check.help.is_empty() {
                eprintln!("{:<24}help: {}", "", render::clean(&check.help));
            }
        }
    }
    Ok(if sick { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

pub(super) fn backup(args: BackupArgs, output: Output) -> Outcome {
    let done = pipeline::backup(&args.workspace, &args.file)?;
    tell(&done, output);
    if !output.quiet && !output.json {
        eprintln!("written {}", args.file.display());
        for path in &done.outside {
            eprintln!("  {} lies outside the workspace; the copy is in outside/", path);
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(args: RestoreArgs, output: Output) -> Outcome {
    let done = pipeline::restore(&args.file, &args.workspace)?;
    tell(&done, output);
    if !output.quiet && !output.json {
        let dir = args.workspace.display();
        for path in &done.outside {
            eprintln!("  what lay outside the workspace is in {path}; see evimap.toml");
        }
        eprintln!("restored {dir}; next: evimap doctor -w {dir}, then evimap run -w {dir}");
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(done: &BackedUp, output: Output) {
    if output.json {
        let all = json!({
            "schema_version": 1, "workspace": done.workspace, "files": done.files,
            "ledger_entries": done.ledger_entries, "ledger_head": done.ledger_head,
            "outside": done.outside,
        });
        render::stdout(&all.to_string());
    } else if !output.quiet {
        eprintln!(
            "{} files; ledger of {} entries verified, head {}",
            done.files, done.ledger_entries, done.ledger_head
        );
    }
}
