//! Reports: one view model ([`View`](view::View), derived from a [`Report`]), one file per format.
//! Formats only: what counts as what was settled before it comes here.
//!
//! Reviewed facts and machine opinion stay two things in every format: they come in separate
//! columns or blocks, under separate headings, and look different. The same input gives the same
//! bytes; nothing here reads a clock.

mod actions_sheet;
mod ai_use;
mod audit_checklists;
mod audit_csv;
mod audit_docx;
mod audit_ics;
mod ciso_assistant;
mod desk;
mod documents;
mod docx;
mod docx_language;
mod evidence_index;
mod evidence_sheet;
#[cfg(test)]
mod fixture;
mod gap_csv;
mod gap_docx;
mod gap_html;
mod gap_html_chart;
mod gap_json;
mod gap_markdown;
mod gap_xlsx;
mod gap_xlsx_summary;
mod inventory_sheets;
mod joint;
mod joint_sheet;
mod language;
mod oscal;
mod proposals;
mod quotes;
mod readiness_sheet;
mod review_pack;
mod risk_csv;
mod risk_matrix;
mod risk_plan;
mod risk_sheets;
mod risk_xlsx;
mod sheet;
mod soa_cover;
mod soa_csv;
mod soa_docx;
mod soa_joint;
mod soa_xlsx;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_docx;
#[cfg(test)]
mod tests_hostile;
#[cfg(test)]
mod tests_interop;
mod text;
mod verdict;
mod view;
mod write;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub use ai_use::{AiUse, HeldBack, Rate};
pub use desk::{Desk, DeskDay, DeskRow};
pub use quotes::Words;
use quotes::labels;
pub use text::{DISCLAIMER, NOTHING_REVIEWED};

use crate::{
    catalog::Catalog,
    config::{Quotes, SoaRelease, System},
    diag::Diagnostic,
    domain::{
        Action, Assessment, AuditProgramme, Date, DocumentProfile, ExtractStatus, FrameworkId,
        ISO27001, ISO42001, Inventory, Language, Proposal, ProposalId, Readiness, ReuseRate,
        ReviewPack, RiskReport, SoaChanges, SoaEntry, TargetId, Verdict,
    },
};

/// Everything that the reports show. Lists may come in any order; the reports sort them.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// Empty if the configuration does not name it yet.
    pub organisation: String,
    /// The label that the reports bear; empty if none is stated.
    pub classification: String,
    /// Scope statement per framework; empty where none is written.
    pub scope: BTreeMap<FrameworkId, String>,
    pub systems: Vec<System>,
    /// "Today" of the assessment; also the creation date inside workbooks.
    pub as_of: Date,
    pub program_version: String,
    pub catalog_version: String,
    /// Hash of the last entry of the decision ledger; `None` while nothing was decided.
    pub ledger_head: Option<String>,
    /// What was read: the `inputs` of run.json.
    pub inputs: String,
    /// Which quotes are shown.
    pub quotes: Quotes,
    /// Version and approval of the SoA, as a person states them.
    pub releases: BTreeMap<FrameworkId, SoaRelease>,
    /// What people stated since the SoA was approved last.
    pub changes: BTreeMap<FrameworkId, SoaChanges>,
    pub catalog: &'a Catalog,
    /// What formats for people are written in.
    pub language: Language,
    /// The catalogue in that language.
    pub told: &'a Catalog,
    /// One a target (and system).
    pub assessments: Vec<Assessment>,
    pub soa: BTreeMap<FrameworkId, Vec<SoaEntry>>,
    pub actions: Vec<Action>,
    pub risks: RiskReport,
    pub programme: AuditProgramme,
    /// In the order in which they are shown.
    pub readiness: Vec<Readiness>,
    pub pack: ReviewPack,
    pub reuse: ReuseRate,
    /// Assets and impact assessments, as registers state them.
    pub inventory: Inventory,
    /// The current ranking.
    pub proposals: Vec<Proposal>,
    /// The verdict in force per proposal: an accepted or rejected one is no longer pending.
    pub verdicts: BTreeMap<ProposalId, Verdict>,
    pub documents: Vec<DocumentRow>,
    pub diagnostics: Vec<Diagnostic>,
    /// What only the review desk shows.
    pub desk: Desk,
    /// The record of the last run that asked the judge; without one there is no ai-use.md.
    pub ai_use: Option<AiUse>,
}

/// What became of one source file.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRow {
    /// Relative to the source root.
    pub path: String,
    /// SHA-256 of the content, lower-case hex; empty if the file could not be opened.
    pub hash: String,
    pub status: ExtractStatus,
    /// Why it gave nothing, in words; empty if it gave text.
    pub why: String,
    /// `None` where there was no text to draw it from.
    pub profile: Option<DocumentProfile>,
    pub passages: u32,
    /// How many of its blocks come from OCR or are hidden in it: `ocr 3/5; hidden 2/5`.
    pub marks: String,
    /// Targets that accepted evidence in it serves.
    pub accepted_for: Vec<TargetId>,
    /// Targets that it is proposed for, and nobody has decided.
    pub proposed_for: Vec<TargetId>,
    /// Paths of other documents with the same content or text.
    pub duplicates: Vec<String>,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("{path}: can't be written: {source}; make space or check the permissions, then run `evimap report` again", path = path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{file}: {message}")]
    Render { file: &'static str, message: String },
}

type Render = fn(&view::View<'_>) -> Result<Vec<u8>, String>;

/// Whether a format is written in the report's language, or always alike for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    People,
    Machines,
}
use For::{Machines, People};

/// Every report file, in the order in which they are written.
const OUTPUTS: [(&str, For, Render); 30] = [
    ("gap-analysis.xlsx", People, gap_xlsx::render),
    ("gap-analysis.html", People, gap_html::render),
    ("gap-analysis.docx", People, gap_docx::render),
    ("gap-analysis.csv", Machines, gap_csv::render),
    ("gap-analysis.json", Machines, gap_json::render),
    ("gap-analysis.md", People, gap_markdown::render),
    ("soa-iso27001.xlsx", People, |view| soa_xlsx::render(view, ISO27001)),
    ("soa-iso27001.docx", People, |view| soa_docx::render(view, ISO27001)),
    ("soa-iso27001.csv", Machines, |view| soa_csv::render(view, ISO27001)),
    ("soa-iso42001.xlsx", People, |view| soa_xlsx::render(view, ISO42001)),
    ("soa-iso42001.docx", People, |view| soa_docx::render(view, ISO42001)),
    ("soa-iso42001.csv", Machines, |view| soa_csv::render(view, ISO42001)),
    ("soa-joint.xlsx", People, soa_joint::render),
    ("risk-register.xlsx", People, risk_xlsx::render),
    ("risk-register.csv", Machines, risk_csv::render),
    ("audit-programme.csv", Machines, audit_csv::render),
    ("audit-programme.ics", Machines, audit_ics::render),
    ("audit-checklists.csv", Machines, audit_checklists::render),
    ("audit-checklists.docx", People, audit_docx::render),
    ("management-review.md", People, review_pack::render),
    ("review-desk.html", People, desk::render),
    ("documents.csv", Machines, documents::render),
    ("evidence-index.csv", Machines, evidence_index::render),
    ("proposals.jsonl", Machines, proposals::render),
    ("oscal/component-definition.json", Machines, oscal::component::render),
    ("oscal/assessment-results.json", Machines, oscal::results::render),
    ("oscal/plan-of-action-and-milestones.json", Machines, oscal::poam::render),
    ("ciso-assistant-iso27001.csv", Machines, |view| ciso_assistant::render(view, ISO27001)),
    ("ciso-assistant-iso42001.csv", Machines, |view| ciso_assistant::render(view, ISO42001)),
    (ai_use::FILE, Machines, ai_use::render),
];

/// Writes every report into `dir`, which is created if missing, and gives their paths in order.
/// Each file is written whole or not at all, readable by its owner only (on unix).
///
/// # Errors
/// A file could not be made or written; the files before it in the order are already there.
pub fn write_all(report: &Report<'_>, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    write_only(report, dir, &OUTPUTS.map(|(file, ..)| file))
}

/// Writes the named reports only.
///
/// # Errors
/// As [`write_all`].
pub fn write_only(
    report: &Report<'_>,
    dir: &Path,
    names: &[&str],
) -> Result<Vec<PathBuf>, ReportError> {
    let redacted = quotes::withheld(report);
    let report = redacted.as_ref().unwrap_or(report);
    let told = language::told(report);
    let machines = view::View::told(report, Language::En);
    let people = told.as_ref().map(|told| view::View::told(told, told.language));
    let people = people.as_ref().unwrap_or(&machines);
    let mut paths = Vec::with_capacity(names.len());
    let wanted =
        |file: &str| names.contains(&file) && (file != ai_use::FILE || report.ai_use.is_some());
    for (file, readers, render) in OUTPUTS.into_iter().filter(|(file, ..)| wanted(file)) {
        let view = if readers == People { people } else { &machines };
        let bytes = render(view).map_err(|message| ReportError::Render { file, message })?;
        paths.push(write::atomically(dir, file, &bytes)?);
    }
    Ok(paths)
}
