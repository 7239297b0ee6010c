//! Collects what is wrong with a file, and reads the cells that both kinds of file share.

use std::collections::BTreeSet;

use super::{
    super::{dates::read_date, sheet::SheetRow},
    Context,
};
use crate::{
    diag::{Diagnostic, Sink},
    domain::{Date, TargetId, squash_whitespace},
};

/// Diagnostics of one file.
pub(super) struct Problems {
    file: String,
    /// Names that are on no list and have been noted.
    strangers: BTreeSet<String>,
    sink: Sink,
}

impl Problems {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), strangers: BTreeSet::new(), sink: Sink::default() }
    }

    pub(super) fn extend(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        self.sink.extend(more);
    }

    pub(super) fn into_items(self) -> Vec<Diagnostic> {
        self.sink.into_items()
    }

    /// An error of the file as a whole.
    pub(super) fn file(&mut self, code: &str, message: &str, help: &str) {
        self.sink.push(Diagnostic::error(code, message).in_file(&self.file).help(help));
    }

    /// A note on the file as a whole.
    pub(super) fn file_note(&mut self, code: &str, message: &str) {
        self.sink.push(Diagnostic::note(code, message).in_file(&self.file));
    }

    /// An error in a cell.
    pub(super) fn error(
        &mut self,
        row: &SheetRow,
        column: &str,
        code: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::error(code, message).help(help), row, column);
    }

    /// Something that a person should look at, in a cell that counts as it stands.
    pub(super) fn warning(
        &mut self,
        row: &SheetRow,
        column: &str,
        code: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::warning(code, message).help(help), row, column);
    }

    pub(super) fn note(
        &mut self,
        row: &SheetRow,
        column: &str,
        code: &str,
        message: impl Into<String>,
    ) {
        self.push(Diagnostic::note(code, message), row, column);
    }

    fn push(&mut self, diagnostic: Diagnostic, row: &SheetRow, column: &str) {
        self.sink.push(diagnostic.in_file(&self.file).on_line(row.row).in_column(column));
    }

    /// A day. `Err` once the problem is on record.
    pub(super) fn date(
        &mut self,
        row: &SheetRow,
        column: &str,
        known: Option<Date>,
    ) -> Result<Option<Date>, Bad> {
        read_date(row.get(column), known).map_err(|why| {
            self.error(row, column, "review-date", why, "write it as YYYY-MM-DD");
            Bad
        })
    }

    /// A person's name as it stands on the list of reviewers, or as written.
    pub(super) fn reviewer(
        &mut self,
        row: &SheetRow,
        column: &str,
        what: &str,
        context: &Context<'_>,
    ) -> Result<String, Bad> {
        let name = squash_whitespace(row.get(column));
        if name.is_empty() {
            self.error(
                row,
                column,
                "review-reviewer",
                format!("{what}, but nobody is named who did it"),
                format!("write the person's name into {column}"),
            );
            return Err(Bad);
        }
        if let Some(listed) = context.reviewer(&name) {
            return Ok(listed.name.clone());
        }
        let listed: Vec<&str> = context.config.reviewers.iter().map(|r| r.name.as_str()).collect();
        let message = format!("`{name}` is not on the list of reviewers");
        let help = if listed.is_empty() {
            "add a [[reviewer]] to evimap.toml".to_owned()
        } else {
            format!("add a [[reviewer]] to evimap.toml, or name one of {}", listed.join(", "))
        };
        if context.config.strict_reviewers {
            self.error(row, column, "review-reviewer", message, help);
            return Err(Bad);
        }
        if !listed.is_empty() && self.strangers.insert(name.to_lowercase()) {
            self.note(row, column, "review-reviewer", message);
        }
        Ok(name)
    }

    /// A declared system, or none.
    pub(super) fn system(
        &mut self,
        row: &SheetRow,
        context: &Context<'_>,
    ) -> Result<Option<String>, Bad> {
        let cell = row.get("system");
        if cell.is_empty() {
            return Ok(None);
        }
        let found = context.config.systems.iter().find(|s| s.id.eq_ignore_ascii_case(cell));
        if let Some(system) = found {
            return Ok(Some(system.id.clone()));
        }
        let declared: Vec<&str> = context.config.systems.iter().map(|s| s.id.as_str()).collect();
        let help = if declared.is_empty() {
            "leave it blank, or declare a [[system]] in evimap.toml".to_owned()
        } else {
            format!("leave it blank, or name one of {}", declared.join(", "))
        };
        let message = format!("`{cell}` is not a system that evimap.toml declares");
        self.error(row, "system", "review-system", message, help);
        Err(Bad)
    }

    /// A target of the catalogue, from any text.
    pub(super) fn target(
        &mut self,
        row: &SheetRow,
        column: &str,
        text: &str,
        context: &Context<'_>,
    ) -> Result<TargetId, Bad> {
        let help = "`evimap catalog export` lists all targets";
        match text.parse::<TargetId>() {
            Ok(id) if context.catalog.get(&id).is_some() => return Ok(id),
            Ok(id) => {
                let message = format!("{id} is not a target of the catalogue");
                self.error(row, column, "review-target", message, help);
            }
            Err(why) => self.error(row, column, "review-target", why.to_string(), help),
        }
        Err(Bad)
    }
}

/// A cell could not be read, and its problem is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bad;

/// The items of a cell that holds a list.
pub(super) fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', ',', '\n', '\r']).map(str::trim).filter(|item| !item.is_empty())
}
