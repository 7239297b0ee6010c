//! Errors and diagnostics for people and, with `--json`, for machines.

use std::io::Write;

use serde_json::json;

use super::args::Output;
use crate::{
    diag::{Diagnostic, Severity},
    pipeline::PipelineError,
};

/// Prints what ended a run.
pub(super) fn error(error: &PipelineError, output: Output) {
    let diagnostics = match error {
        PipelineError::Input(faults) => faults.clone(),
        other => vec![Diagnostic::error("error", other.to_string())],
    };
    diagnostics.iter().for_each(diagnostic);
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 1 {
        eprintln!("{errors} problems; nothing was changed");
    }
    if output.json {
        stdout(
            &json!({ "schema_version": 1, "error": error.to_string(), "diagnostics": diagnostics })
                .to_string(),
        );
    }
}

/// One diagnostic on stderr: what, where, what to do.
pub(super) fn diagnostic(diagnostic: &Diagnostic) {
    let label = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = diagnostic.place();
    let message = clean(&diagnostic.message);
    if place.is_empty() {
        eprintln!("{label}[{}]: {message}", diagnostic.code);
    } else {
        eprintln!("{label}[{}]: {}: {message}", diagnostic.code, clean(&place));
    }
    if let Some(help) = &diagnostic.help {
        eprintln!("  help: {}", clean(help));
    }
}

/// A line on stdout. A reader that has gone away (`| head`) is no error.
pub(super) fn stdout(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Text of a document or path without control characters, which could drive a terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}
