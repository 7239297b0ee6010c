//! `ciso-assistant-iso27001.csv`, `-iso42001.csv`: an audit for CISO Assistant's data import wizard
//! (or its command line), one row a requirement of its library.
//!
//! Columns and values are those of its documentation, `docs/guide/data-import-wizard.md` under
//! "Audits", and of `backend/data_wizard/views.py`, `_process_compliance_assessment`, both in
//! <https://github.com/intuitem/ciso-assistant-community> (read in November 2026). It looks a row up
//! by `ref_id`, then by `urn`; the ids are those of its libraries `iso27001-2022.yaml` and
//! `iso42001-2023.yaml`. `name` and `description` are not read there. Both columns of partial scores
//! have to be there and empty: where they are missing, it takes the row as scored. Columns that it
//! does not know (the last ones here) are passed over.
//!
//! The words `compliant` and `non_compliant` are that tool's, and the only place where a report uses
//! them: its vocabulary has no others. They stand in the column `compliance_result` alone, and only
//! where a person concluded so ([`Verdict`]); what nobody concluded on is `not_assessed`. There are
//! no scores: Evimap has none to give.

use super::{
    text,
    verdict::{Verdict, conclusion, people},
    view::{Row, State, View},
    write::{Csv, evidence_list},
};
use crate::domain::{Conclusion, ISO27001, ISO42001, TargetId};

const COLUMNS: [&str; 16] = [
    "urn",
    "assessable",
    "ref_id",
    "name",
    "description",
    "compliance_result",
    "requirement_progress",
    "implementation_score",
    "documentation_score",
    "score",
    "observations",
    "review_state",
    "basis",
    "as_of",
    "ledger_head",
    "disclaimer",
];

/// The libraries of CISO Assistant that the rows are for, and the requirements in them that stand
/// for several of our targets.
const LIBRARIES: [(&str, &str); 2] = [(ISO27001, "iso27001-2022"), (ISO42001, "iso42001-2023")];
const WHOLE: [(&str, &str); 1] = [(ISO42001, "6.1")];

/// That tool's word for a verdict.
fn result(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "compliant",
        Verdict::PartlySatisfied => "partially_compliant",
        Verdict::NotSatisfied => "non_compliant",
        Verdict::Excluded => "not_applicable",
        Verdict::Open => "not_assessed",
    }
}

/// How far the review has come, in that tool's words.
fn progress(rows: &[&Row<'_>], verdict: Verdict) -> &'static str {
    let begun = |row: &&Row<'_>| {
        let a = row.assessment;
        row.state != State::NotReviewed
            || !a.evidence.is_empty()
            || !a.unsettled.is_empty()
            || a.rejected > 0
    };
    let concluded = |row: &&Row<'_>| {
        matches!(row.state, State::NotApplicable | State::None) || conclusion(row).is_some()
    };
    if !rows.iter().any(begun) {
        "to_do"
    } else if verdict != Verdict::Open && rows.iter().all(concluded) {
        "done"
    } else if rows.iter().all(|row| row.state != State::NotReviewed) {
        "in_review"
    } else {
        "in_progress"
    }
}

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let library = LIBRARIES.iter().find(|(id, _)| *id == framework).map_or("", |(_, name)| name);
    let (basis, as_of) = (view.basis(), view.report.as_of.to_string());
    let mut requirements: Vec<(String, Vec<&Row<'_>>)> = Vec::new();
    for row in view.rows_of(framework) {
        let id = requirement(framework, &row.assessment.target);
        match requirements.last_mut() {
            Some((last, rows)) if *last == id => rows.push(row),
            _ => requirements.push((id, vec![row])),
        }
    }
    for (id, rows) in requirements {
        let verdict = Verdict::of_all(rows.iter().copied());
        let mut titles: Vec<&str> = rows.iter().map(|r| r.assessment.title.as_str()).collect();
        titles.dedup();
        let observations = rows.iter().map(|row| observation(row)).collect::<Vec<_>>().join("\n\n");
        csv.row(&[
            format!("urn:intuitem:risk:req_node:{library}:{}", id.to_lowercase()),
            "true".to_owned(),
            id,
            titles.join("; "),
            String::new(),
            result(verdict).to_owned(),
            progress(&rows, verdict).to_owned(),
            String::new(),
            String::new(),
            String::new(),
            text::cut(&observations, text::CELL_LIMIT, text::CUT).into_owned(),
            if view.nothing_reviewed() { view.review_state() } else { words(verdict).to_owned() },
            basis.clone(),
            as_of.clone(),
            view.ledger_head().to_owned(),
            super::DISCLAIMER.to_owned(),
        ])?;
    }
    csv.finish()
}

/// The id of the requirement in that tool's library.
fn requirement(framework: &str, target: &TargetId) -> String {
    let local = target.local();
    let whole = WHOLE.iter().find(|(of, id)| {
        *of == framework && local.strip_prefix(id).is_some_and(|rest| rest.starts_with('.'))
    });
    whole.map_or(local, |(_, id)| id).to_owned()
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "concluded: evidence sufficient",
        Verdict::PartlySatisfied => "reviewed: covered in part",
        Verdict::NotSatisfied => "concluded: looked, nothing found",
        Verdict::Excluded => "excluded by a person",
        Verdict::Open => "no conclusion by a person",
    }
}

/// What people left on a row: coverage and why, conclusion, who, evidence.
fn observation(row: &Row<'_>) -> String {
    let a = row.assessment;
    let who = a.system.as_deref().map(|s| format!("{s}: ")).unwrap_or_default();
    let mut lines = vec![format!("{} {who}coverage {}", a.target, row.state.label())];
    let reasons = row.reasons(crate::words::Words::english());
    if !reasons.is_empty() {
        lines.push(format!("Why: {reasons}"));
    }
    if !a.coverage_note.trim().is_empty() {
        lines.push(format!("Note: {}", a.coverage_note.trim()));
    }
    if let Some(conclusion) = conclusion(row).map(Conclusion::as_str) {
        lines.push(format!("Conclusion: {conclusion}"));
    }
    let people = people(row).join(", ");
    if !people.is_empty() {
        lines.push(format!("Decided by: {people}"));
    }
    if !a.evidence.is_empty() {
        lines.push(format!(
            "Evidence:\n{}",
            evidence_list(crate::words::Words::english(), &a.evidence, 600)
        ));
    }
    text::plain(&lines.join("\n")).into_owned()
}
