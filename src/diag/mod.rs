//! Diagnostics: what went wrong or deserves a look, in a form that is counted and reported.
//! Nothing here prints.

use serde::{Deserialize, Serialize};

use crate::domain::{Locator, TargetId};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Note,
}

/// One finding about an input. Codes are stable, lower-case and hyphenated (`pdf-no-text-layer`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub code: String,
    pub severity: Severity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Locator>,
    /// Row or line in `file`, where that is more than a locator can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The target that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            file: None,
            locator: None,
            line: None,
            column: None,
            message: message.into(),
            help: None,
            target: None,
        }
    }

    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    pub fn note(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    #[must_use]
    pub fn at(mut self, locator: Locator) -> Self {
        self.locator = Some(locator);
        self
    }

    #[must_use]
    pub fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn about(mut self, target: &TargetId) -> Self {
        self.target = Some(target.clone());
        self
    }

    /// `file:line, column` as far as known; empty otherwise.
    pub fn place(&self) -> String {
        let mut place = self.file.clone().unwrap_or_default();
        if let Some(line) = self.line {
            let table = [".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"]
                .iter()
                .any(|e| place.ends_with(e));
            place.push_str(&format!(", {} {line}", if table { "row" } else { "line" }));
        }
        if let Some(column) = &self.column {
            place.push_str(&format!(", column {column}"));
        }
        if let Some(locator) = &self.locator {
            place.push_str(&format!(", {locator}"));
        }
        place
    }
}

/// Collects diagnostics in the order in which they come.
#[derive(Debug, Default)]
pub struct Sink {
    items: Vec<Diagnostic>,
}

impl Sink {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    pub fn extend(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        self.items.extend(more);
    }

    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|d| d.severity == Severity::Error)
    }

    pub fn items(&self) -> &[Diagnostic] {
        &self.items
    }

    pub fn into_items(self) -> Vec<Diagnostic> {
        self.items
    }
}
