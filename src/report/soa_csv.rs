//! `soa-*.csv`: the Statement of Applicability of one standard, one row a control.

use super::{
    text::{self, join},
    view::{View, latest},
    write::{Csv, date, evidence_list},
};
use crate::{
    domain::{CoverageReason, SoaEntry, TargetId},
    words::Words,
};

const COLUMNS: [&str; 36] = [
    "control",
    "title",
    "theme",
    "applicability",
    "provided_by",
    "provider",
    "reasons",
    "justification",
    "risk_ids",
    "risk_treatment",
    "residual_risk_acceptance",
    "risks_in_register_only",
    "implementation_status",
    "planned_for",
    "how_implemented",
    "coverage",
    "coverage_reasons",
    "evidence_count",
    "evidence",
    "evidence_date",
    "pending_suggestions",
    "owner",
    "due",
    "shared_with",
    "level",
    "systems",
    "decided_by",
    "decided_on",
    "remarks",
    "status",
    "scope",
    "review_state",
    "framework",
    "basis",
    "as_of",
    "ledger_head",
];

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let (state, w) = (view.review_state(), view.words);
    for entry in entries(view, framework) {
        csv.row(&[
            entry.target.as_str(),
            &entry.title,
            &entry.theme,
            text::applicability(w, entry),
            &entry.provided_by,
            &entry.provider,
            &entry.reasons,
            text::justification(w, entry),
            &entry.risk_ids.join("; "),
            &text::treatments(w, entry, "; "),
            &text::acceptances(w, entry, "; "),
            &entry.register_names.join("; "),
            text::implementation(w, entry),
            &date(entry.planned_for),
            &entry.how_implemented,
            entry.coverage.as_str(),
            &join(entry.coverage_reasons.iter().map(CoverageReason::as_str), "; "),
            &entry.evidence.len().to_string(),
            &text::cut(&evidence_list(w, &entry.evidence, 2_000), text::CELL_LIMIT, text::CUT),
            &date(latest(&entry.evidence)),
            &entry.pending.to_string(),
            &entry.owner,
            &date(entry.due),
            &shared_with(entry),
            entry.level.as_str(),
            &systems(w, entry),
            &entry.decided_by,
            &date(entry.decided_on),
            &entry.remarks_and_comment(),
            "DRAFT",
            &view.scope(framework),
            &state,
            framework,
            &view.basis(),
            &view.report.as_of.to_string(),
            view.ledger_head(),
        ])?;
    }
    csv.finish()
}

/// Entries of one standard: Annex A in order, then custom controls.
pub(super) fn entries<'a>(view: &View<'a>, framework: &str) -> Vec<&'a SoaEntry> {
    let mut entries: Vec<&SoaEntry> =
        view.report.soa.get(framework).into_iter().flatten().collect();
    entries.sort_by(|a, b| {
        let key = |e: &SoaEntry| !e.target.local().starts_with("A.");
        (key(a), &a.target).cmp(&(key(b), &b.target))
    });
    entries
}

pub(super) fn shared_with(entry: &SoaEntry) -> String {
    join(entry.shared_with.iter().map(TargetId::as_str), "; ")
}

/// `triage: full; chat: not reviewed`.
pub(super) fn systems(words: &Words, entry: &SoaEntry) -> String {
    let one = |(id, coverage): &(String, crate::domain::Coverage)| {
        format!("{id}: {}", words.word(coverage.as_str()))
    };
    entry.systems.iter().map(one).collect::<Vec<_>>().join("; ")
}
