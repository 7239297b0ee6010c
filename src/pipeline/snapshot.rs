//! What a run saw, in the words that are stored.

use std::collections::BTreeMap;

use super::Collection;
use crate::{
    assess::Assessed,
    domain::{
        Action, Assessment, Band, CoverageReason, Date, Decision, ImplementationStatus, Position,
        ProposalId, TargetId,
    },
    history::{DocumentMark, EvidenceMark, Snapshot, Standing, SuggestionMark, TargetMark},
    matching::Matched,
};

/// Takes the snapshot of a run.
pub(super) fn take(
    collection: &Collection,
    assessed: &Assessed,
    actions: &[Action],
    matched: &Matched,
    latest: &BTreeMap<ProposalId, Decision>,
    as_of: Date,
) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for document in &collection.documents {
        let extracted = &document.extracted;
        let status = extracted.status.as_str().to_owned();
        let mark = DocumentMark { hash: extracted.hash.clone(), status };
        snapshot.documents.insert(extracted.path.clone(), mark);
    }
    for row in &assessed.assessments {
        let name = name(&row.target, row.system.as_deref());
        for mark in evidence(row, &name) {
            snapshot.evidence.insert(mark.key(), mark);
        }
        let mark = TargetMark {
            coverage: row.coverage.as_str().to_owned(),
            reasons: row.coverage_reasons.iter().map(|r| r.as_str().to_owned()).collect(),
            view: row.view.machine_view.as_str().to_owned(),
        };
        snapshot.targets.insert(name, mark);
    }
    let open = matched.proposals.iter().filter(|p| p.band != Band::Possible);
    for proposal in open.filter(|p| !latest.contains_key(&p.id)) {
        let mark = SuggestionMark {
            row: name(&proposal.target, proposal.system.as_deref()),
            document: proposal.document.clone(),
            band: proposal.band.as_str().to_owned(),
        };
        snapshot.suggestions.insert(proposal.id.to_string(), mark);
    }
    snapshot.overdue = overdue(collection, assessed, actions, as_of);
    snapshot.conflicts = conflicts(assessed);
    snapshot
}

fn name(target: &TargetId, system: Option<&str>) -> String {
    system.map_or_else(|| target.to_string(), |system| format!("{target} ({system})"))
}

fn evidence(row: &Assessment, name: &str) -> Vec<EvidenceMark> {
    let mark = |e: &crate::domain::Evidence| EvidenceMark {
        row: name.to_owned(),
        id: e.proposal_id.to_string(),
        document: e.document.clone(),
        standing: match () {
            // Words that were rewritten ask, though they are lost as a quote.
            () if e.reconfirm.is_some() => Standing::Reconfirm,
            () if e.lost => Standing::Lost,
            () => Standing::Stands,
        },
        stale: e.stale,
    };
    row.evidence.iter().map(mark).collect()
}

/// What is past its date. A date that is today is not.
fn overdue(
    collection: &Collection,
    assessed: &Assessed,
    actions: &[Action],
    as_of: Date,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let past = |date: Option<Date>| date.filter(|date| *date < as_of);
    for action in actions.iter().filter(|a| a.is_overdue(as_of)) {
        if let Some(due) = action.due {
            let targets: Vec<&str> = action.targets.iter().map(TargetId::as_str).collect();
            let owner =
                if action.owner.is_empty() { String::new() } else { format!(", {}", action.owner) };
            let text = format!(
                "action {} ({} {}{owner}) was due on {due}",
                action.id,
                action.kind,
                targets.join(", ")
            );
            out.insert(format!("action {}", action.id), text);
        }
    }
    let positions = assessed.assessments.iter().filter_map(|row| row.position.as_ref());
    for position in positions {
        of_position(position, &past, &mut out);
    }
    let held: std::collections::BTreeSet<&str> = assessed
        .assessments
        .iter()
        .flat_map(|row| &row.evidence)
        .filter(|e| !e.lost)
        .map(|e| e.document.as_str())
        .collect();
    for document in &collection.documents {
        let path = document.extracted.path.as_str();
        let in_force = !document.profile.status.caps_coverage();
        if let Some(date) = past(document.profile.next_review_on).filter(|_| in_force)
            && held.contains(path)
        {
            let text = format!("the review of {path} was due on {date}, by its own word");
            out.insert(format!("review {path}"), text);
        }
    }
    out
}

fn of_position(
    position: &Position,
    past: &impl Fn(Option<Date>) -> Option<Date>,
    out: &mut BTreeMap<String, String>,
) {
    let row = name(&position.target, position.system.as_deref());
    let ended = past(position.override_until).filter(|_| position.override_coverage.is_some());
    if let Some(end) = ended {
        out.insert(format!("override {row}"), format!("the override of {row} ended on {end}"));
    }
    let done = position.implementation_status == Some(ImplementationStatus::Implemented);
    if let Some(date) = past(position.planned_for).filter(|_| !done) {
        out.insert(format!("plan {row}"), format!("{row} was planned for {date}"));
    }
}

/// Rows on which people disagree.
fn conflicts(assessed: &Assessed) -> BTreeMap<String, String> {
    let open = |row: &&Assessment| row.coverage_reasons.contains(&CoverageReason::Conflict);
    let rows = assessed.assessments.iter().filter(open);
    rows.map(|row| name(&row.target, row.system.as_deref())).map(|row| (row.clone(), row)).collect()
}
