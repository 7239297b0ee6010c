//! `evimap ledger verify|export|show`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::{Map, Value, json};

use super::{
    Outcome,
    args::{LedgerCommand, LedgerForm, Output},
    render,
};
use crate::{
    domain::squash_whitespace,
    pipeline::{self, LedgerFormat, PipelineError},
    store::StoreError,
};

pub(super) fn ledger(command: LedgerCommand, output: Output) -> Outcome {
    match command {
        LedgerCommand::Verify { workspace, head } => {
            let whole = match pipeline::verify_ledger(&workspace, head.as_deref()) {
                Err(error) => return found_broken(error, output),
                Ok(whole) => whole,
            };
            if output.json {
                let all = json!({
                    "schema_version": 1, "whole": true, "workspace": whole.workspace,
                    "entries": whole.entries, "head": whole.head, "head_is_entry": whole.asked,
                });
                render::stdout(&all.to_string());
            } else if !output.quiet {
                eprintln!("the ledger is whole: {} entries, head {}", whole.entries, whole.head);
                if let Some(entry) = whole.asked {
                    let since = whole.entries - entry;
                    eprintln!("the report was made after entry {entry}; {since} were added since");
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        LedgerCommand::Export { workspace, format } => {
            let format = match format {
                LedgerForm::Csv => LedgerFormat::Csv,
                LedgerForm::Jsonl => LedgerFormat::JsonLines,
            };
            let mut out = io::BufWriter::new(io::stdout().lock());
            pipeline::export_ledger(&workspace, format, &mut out)?;
            if out.flush().is_err() {
                std::process::exit(0); // a reader that has gone away is no error
            }
            drop(out);
            match pipeline::verify_ledger(&workspace, None) {
                Err(error) => found_broken(error, Output { json: false, ..output }),
                Ok(_) => Ok(ExitCode::SUCCESS),
            }
        }
        LedgerCommand::Show { target, workspace } => {
            let id = target.parse().map_err(|_| {
                PipelineError::input(
                    "target",
                    format!("`{target}` is no target"),
                    "write it as ISO27001:A.5.15; `evimap catalog list` has them all",
                )
            })?;
            let entries = pipeline::history(&workspace, &id)?;
            if output.json {
                let all = json!({ "schema_version": 1, "target": id, "entries": entries });
                render::stdout(&all.to_string());
            } else {
                entries.iter().for_each(show);
                if entries.is_empty() && !output.quiet {
                    eprintln!("nothing was decided for {id} yet");
                }
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A broken chain is what was asked for, not a failure of the command.
fn found_broken(error: PipelineError, output: Output) -> Outcome {
    match &error {
        PipelineError::Store(StoreError::Ledger { seq, why, .. }) => {
            if output.json {
                let all = json!({
                    "schema_version": 1, "whole": false, "entry": seq, "why": why,
                });
                render::stdout(&all.to_string());
            }
            render::error(&error, Output { json: false, ..output });
            Ok(ExitCode::from(1))
        }
        _ => Err(error),
    }
}

fn show(fields: &Map<String, Value>) {
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => render::clean(&squash_whitespace(text)),
        Some(Value::Null) | None => String::new(),
        Some(other) => render::clean(&other.to_string()),
    };
    let force = match fields.get("in_force") {
        Some(Value::Bool(true)) => "in force",
        _ => "superseded",
    };
    let system = fields.get("system").and_then(Value::as_str);
    let system = system.map_or(String::new(), |system| format!(" for {}", render::clean(system)));
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    render::stdout(&format!(
        "{:>5}  {}  {}{system} by {}  [{force}]",
        text("entry"),
        or(text("decided_on"), "no date   "),
        or(text("verdict"), "position"),
        or(text("who"), "nobody")
    ));
    let lines: &[&str] = match text("kind").as_str() {
        "decision" => &["proposal_id", "document", "quote", "comment"],
        _ => &[
            "conclusion",
            "applicability",
            "justification",
            "implementation_status",
            "owner",
            "due",
            "override",
            "comment",
        ],
    };
    for name in lines {
        let value = text(name);
        if !value.is_empty() {
            render::stdout(&format!("       {name}: {value}"));
        }
    }
    render::stdout(&format!(
        "       from {} row {}; evimap {}, catalogue {}; hash {}",
        text("file"),
        text("row"),
        text("program"),
        text("catalog"),
        text("hash")
    ));
}
