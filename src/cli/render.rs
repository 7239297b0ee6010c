//! Errors and diagnostics for people and, with `--json`, for machines.

use std::{collections::BTreeMap, io::Write};

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
    self::diagnostics(&diagnostics);
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

/// Diagnostics that are shown one by one; the rest is counted. `--json` has all.
const SHOWN: usize = 200;

/// Diagnostics on stderr, errors before the rest once they are too many.
pub(super) fn diagnostics(all: &[Diagnostic]) {
    let mut shown: Vec<&Diagnostic> = all.iter().collect();
    if shown.len() > SHOWN {
        shown.sort_by_key(|d| d.severity);
    }
    shown.iter().take(SHOWN).for_each(|d| diagnostic(d));
    let mut more: BTreeMap<&str, usize> = BTreeMap::new();
    for d in shown.iter().skip(SHOWN) {
        *more.entry(&d.code).or_default() += 1;
    }
    if !more.is_empty() {
        let codes: Vec<String> =
            more.iter().map(|(code, count)| format!("{code} {count}")).collect();
        eprintln!("and {} more ({}); --json has all", shown.len() - SHOWN, codes.join(", "));
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
