//! Decisions from review files into the ledger.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{PROGRAM_VERSION, PipelineError, Workspace, recall};
use crate::{
    assess,
    catalog::CATALOG_VERSION,
    diag::Diagnostic,
    domain::{Date, Decision, Issued, Position, ProposalId, RiskRegister, Statement},
    review::{self, Context, DocumentText, Import},
};

/// What one file added.
#[derive(Debug, Clone)]
pub struct Imported {
    pub file: String,
    pub decisions: usize,
    pub positions: usize,
    /// Statements on actions and audits.
    pub statements: usize,
    pub unchanged: usize,
    pub undecided: usize,
    pub notes: Vec<Diagnostic>,
}

/// Reads edited review files and appends what people decided. All files are checked before the
/// first is applied; if any has a fault, nothing of any is applied. With `check` nothing is.
///
/// # Errors
/// Every fault of every file.
pub fn import(
    workspace: &mut Workspace,
    files: &[PathBuf],
    today: Date,
    check: bool,
) -> Result<Vec<Imported>, PipelineError> {
    let collection = recall(&workspace.store, &workspace.config)?;
    let mut decisions: Vec<Decision> =
        workspace.store.decisions()?.into_iter().map(|(_, d)| d).collect();
    let mut positions: Vec<Position> =
        workspace.store.positions()?.into_iter().map(|(_, p)| p).collect();
    let (raised, planned) = (workspace.store.raised()?, workspace.store.planned()?);
    let mut statements = workspace.store.statements()?;
    let paths: Vec<String> =
        collection.documents.iter().map(|d| d.extracted.path.clone()).collect();
    let by_path: BTreeMap<&str, usize> =
        paths.iter().enumerate().map(|(n, path)| (path.as_str(), n)).collect();
    let document = |path: &str| {
        let document = &collection.documents[*by_path.get(path)?];
        Some(DocumentText {
            hash: document.extracted.hash.clone(),
            status: document.profile.status,
            document_type: document.profile.document_type,
            evidence_date: document.profile.evidence_date(),
            blocks: document.extracted.blocks.clone(),
        })
    };
    let store = &workspace.store;
    let issued = |id: &ProposalId| -> Option<Issued> { store.issued(id).ok().flatten() };

    // What asks again, and what decisions rest on, as of the last run.
    let proposals = store.proposals()?;
    let documents = super::outputs::states(&collection);
    let (known, stands) = (decisions.clone(), positions.clone());
    let inputs = assess::Inputs {
        catalog: &workspace.catalog,
        config: &workspace.config,
        decisions: &known,
        positions: &stands,
        proposals: &proposals,
        views: &[],
        documents: &documents,
        passages: &collection.passages,
        // No question and no basis of a decision hangs on it.
        register: &RiskRegister::default(),
        as_of: today,
    };
    let questions = assess::questions(&assess::assess(&inputs), &inputs);
    let basis = |decision: &Decision| assess::basis(decision, &inputs);
    let account = whoami::username().unwrap_or_default();

    let mut faults = Vec::new();
    let mut results: Vec<(PathBuf, Vec<u8>, Import)> = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                faults.push(
                    Diagnostic::error("review", format!("can't be read: {error}"))
                        .in_file(&name)
                        .help("check the path"),
                );
                continue;
            }
        };
        let context = Context {
            catalog: &workspace.catalog,
            config: &workspace.config,
            issued: &issued,
            decisions: &decisions,
            positions: &positions,
            actions: &raised,
            audits: &planned,
            statements: &statements,
            documents: &paths,
            document: &document,
            questions: &questions,
            basis: &basis,
            account: &account,
            today,
            program: PROGRAM_VERSION,
            catalog_version: CATALOG_VERSION,
        };
        match review::import(&name, &bytes, &context) {
            Ok(import) => {
                decisions.extend(import.decisions.iter().cloned());
                positions.extend(import.positions.iter().cloned());
                statements.extend(import.statements.iter().cloned());
                results.push((file.clone(), bytes, import));
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.iter().any(|d| d.severity == crate::diag::Severity::Error) {
        return Err(PipelineError::Input(faults));
    }
    if !check {
        let new_decisions: Vec<Decision> =
            results.iter().flat_map(|(_, _, i)| i.decisions.iter().cloned()).collect();
        let new_positions: Vec<Position> =
            results.iter().flat_map(|(_, _, i)| i.positions.iter().cloned()).collect();
        workspace.store.append(&new_decisions, &new_positions)?;
        let stated: Vec<Statement> =
            results.iter().flat_map(|(_, _, i)| i.statements.iter().cloned()).collect();
        workspace.store.append_statements(&stated)?;
        for (path, bytes, _) in &results {
            super::handout::imported(workspace, path, bytes)?;
        }
    }
    Ok(results
        .into_iter()
        .map(|(file, _, import)| Imported {
            file: file.display().to_string(),
            decisions: import.decisions.len(),
            positions: import.positions.len(),
            statements: import.statements.len(),
            unchanged: import.unchanged,
            undecided: import.undecided,
            notes: import.notes,
        })
        .collect())
}
