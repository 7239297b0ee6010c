//! A person's edits in: a file is read, checked as a whole, and turned into Decisions or Positions,
//! or into the list of everything that is wrong with it.

mod positions;
mod problems;
mod quotes;
mod statements;
mod suggestions;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::{
    columns::FileKind,
    sheet::{Sheet, read_table},
};
use crate::{
    catalog::Catalog,
    config::Config,
    diag::{Diagnostic, Severity},
    domain::{
        Action, Audit, Basis, Block, Date, Decision, DocumentStatus, DocumentType, Issued,
        Position, ProposalId, Provenance, Question, Statement, TargetId, same_name,
    },
};
use problems::Problems;

/// A document's text, for evidence that a person adds by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentText {
    /// SHA-256 of the content.
    pub hash: String,
    pub status: DocumentStatus,
    pub document_type: DocumentType,
    /// The date that says how old evidence in it is.
    pub evidence_date: Option<Date>,
    /// Empty for a scan: such a document can be cited but not checked.
    pub blocks: Vec<Block>,
}

/// What the workspace knows, by reference.
pub struct Context<'a> {
    pub catalog: &'a Catalog,
    /// Systems, reviewers and the rules of the review.
    pub config: &'a Config,
    /// What an id stands for, if this workspace ever issued it.
    pub issued: &'a dyn Fn(&ProposalId) -> Option<Issued>,
    /// All decisions in the order of the ledger.
    pub decisions: &'a [Decision],
    /// All positions in the order of the ledger.
    pub positions: &'a [Position],
    /// Every action ever raised, in the form in which it was last shown to people.
    pub actions: &'a [Action],
    /// Every audit that was ever planned, in the form in which it was last shown.
    pub audits: &'a [Audit],
    /// All statements on actions and audits in the order in which they were imported.
    pub statements: &'a [Statement],
    /// Paths of all documents, relative to their source root.
    pub documents: &'a [String],
    /// The text of one of `documents`.
    pub document: &'a dyn Fn(&str) -> Option<DocumentText>,
    /// What asks again, by the id of its row.
    pub questions: &'a BTreeMap<ProposalId, Question>,
    /// What a decision rests on in the last run.
    pub basis: &'a dyn Fn(&Decision) -> Option<Basis>,
    /// The account of the operating system that imports.
    pub account: &'a str,
    /// The day that a row without `decided_on` was decided on.
    pub today: Date,
    /// Version of evimap.
    pub program: &'a str,
    pub catalog_version: &'a str,
}

/// What a file adds to the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub kind: FileKind,
    pub decisions: Vec<Decision>,
    pub positions: Vec<Position>,
    pub statements: Vec<Statement>,
    /// Rows that say what the ledger says already.
    pub unchanged: usize,
    /// Rows that a person left blank.
    pub undecided: usize,
    /// Warnings and notes; nothing in them stops the import.
    pub notes: Vec<Diagnostic>,
}

/// Reads an edited review file; its header says which one it is.
///
/// # Errors
/// Everything that is wrong with the file, with row, column and remedy. Nothing of it counts then.
pub fn import(
    file_name: &str,
    bytes: &[u8],
    context: &Context<'_>,
) -> Result<Import, Vec<Diagnostic>> {
    let sheet = read_table(file_name, bytes)?;
    let mut problems = Problems::new(file_name);
    problems.extend(sheet.notes.iter().cloned());
    let kind = recognise(&sheet, &mut problems);
    check_lengths(&sheet, &mut problems);
    let import = match kind {
        None => return Err(problems.into_items()),
        Some(FileKind::Suggestions) => suggestions::read(&sheet, context, &mut problems),
        Some(FileKind::Positions) => positions::read(&sheet, context, &mut problems),
        Some(FileKind::Actions) => statements::actions(&sheet, context, &mut problems),
        Some(FileKind::Audits) => statements::audits(&sheet, context, &mut problems),
    };
    let notes = problems.into_items();
    if notes.iter().any(|d| d.severity == Severity::Error) {
        return Err(notes);
    }
    Ok(Import { notes, ..import })
}

/// Most UTF-16 units of a cell that a person fills in: with marks for formulas it must fit into a
/// cell of a workbook (32,767) when it goes out again.
const LONGEST: usize = 32_000;

fn check_lengths(sheet: &Sheet, problems: &mut Problems) {
    let human: BTreeSet<&str> = FileKind::ALL
        .iter()
        .flat_map(|kind| kind.human())
        .copied()
        .filter(|c| sheet.has(c))
        .collect();
    for row in &sheet.rows {
        for column in &human {
            let cell = row.get(column);
            if cell.len() > LONGEST && cell.encode_utf16().count() > LONGEST {
                let message = "the cell holds more than 32,000 characters, more than spreadsheet programs keep";
                problems.error(
                    row,
                    column,
                    "review-long",
                    message,
                    "shorten it, or name a document that says it",
                );
            }
        }
    }
}

/// `None` if the file is no review file or lacks a column that import needs.
fn recognise(sheet: &Sheet, problems: &mut Problems) -> Option<FileKind> {
    let Some(kind) = sheet.kind() else {
        problems.file(
            "review-file",
            "the header is not that of a review file",
            &format!(
                "keep the column names; {}",
                FileKind::ALL
                    .map(|kind| format!("{} has {}", kind.file_name(), kind.columns().join(", ")))
                    .join("; ")
            ),
        );
        return None;
    };
    let missing = |columns: &[&'static str]| -> Vec<&'static str> {
        columns.iter().copied().filter(|c| !sheet.has(c)).collect()
    };
    let needed = missing(kind.required());
    for column in &needed {
        problems.file(
            "review-file",
            &format!("the column `{column}` is missing"),
            &format!("{} needs {}", kind.file_name(), kind.required().join(", ")),
        );
    }
    let absent = missing(kind.human());
    if needed.is_empty() && !absent.is_empty() {
        problems.file_note(
            "review-columns",
            &format!("not in the file, and left as they are: {}", absent.join(", ")),
        );
    }
    let extra: Vec<&str> = sheet.header.iter().map(String::as_str).collect();
    let extra: Vec<&str> =
        extra.into_iter().filter(|c| !c.is_empty() && !kind.columns().contains(c)).collect();
    if !extra.is_empty() {
        problems.file_note(
            "review-columns",
            &format!("unknown columns, not read: {}", extra.join(", ")),
        );
    }
    needed.is_empty().then_some(kind)
}

impl Context<'_> {
    fn provenance(&self, sheet: &Sheet, row: u32) -> Provenance {
        Provenance {
            file: sheet.file.clone(),
            row,
            program: self.program.to_owned(),
            catalog: self.catalog_version.to_owned(),
            account: self.account.to_owned(),
            block: 0,
        }
    }

    fn reviewer(&self, name: &str) -> Option<&crate::config::Reviewer> {
        self.config.reviewers.iter().find(|r| same_name(&r.name, name))
    }

    /// The owner of a target (or of its part of a system), as positions say.
    fn owner(&self, target: &TargetId, system: Option<&str>) -> Option<&str> {
        let of = |system: Option<&str>| {
            let all = self.positions.iter().rev();
            let mut own = all.filter(|p| p.target == *target && p.system.as_deref() == system);
            own.next().map(|p| p.owner.as_str()).filter(|owner| !owner.is_empty())
        };
        of(system).or_else(|| of(None))
    }
}

#[cfg(test)]
mod tests;
