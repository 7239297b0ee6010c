//! What to do next, derived from the rows, in an order that stays the same.
//!
//! | priority | kind | when |
//! |---|---|---|
//! | 1 | `restore` | evidence lost |
//! | 1 | `renew` | stale |
//! | 1 | `establish` | a person looked and found nothing |
//! | 2 | `approve` | a point rests on documents that are not in force |
//! | 2 | `produce record` | design only |
//! | 2 | `write policy` | operation only, and the document is due |
//! | 2 | `provider evidence` | shared or inherited, and evidence or oversight missing |
//! | 3 | `review` | not reviewed, suggestions waiting |
//! | 3 | `reconfirm` | document or point changed since the decision, or it is at odds with the conclusion |
//! | 4 | `complete evidence` | points missing, concluded insufficient, or lowered by an override |
//! | 4 | `find evidence` | not reviewed, and no suggestion waits |
//! | 5 | `decide` | applicability undecided: one a framework and theme |
//!
//! What is known to be broken comes first, then known gaps, then what people have only to look at.
//! Within a priority what serves both standards comes first, then catalogue order. Excluded
//! controls ask for nothing. Where a counterpart in the other standard has the same kind of gap for
//! the same system, both become one action; its id is that of the first target.

use sha2::{Digest, Sha256};

use super::{Assessed, Inputs, soa};
use crate::domain::{
    Action, ActionStatus, Assessment, Coverage, CoverageReason as Reason, Documented, EvidenceKind,
    MachineView, Point, TargetId,
};

/// Kinds of gaps that one piece of work can close in both standards.
const SHAREABLE: [&str; 8] = [
    "complete evidence",
    "renew",
    "establish",
    "approve",
    "produce record",
    "write policy",
    "provider evidence",
    "find evidence",
];

/// Everything that there is to do.
pub fn actions(assessed: &Assessed, inputs: &Inputs<'_>) -> Vec<Action> {
    let mut actions: Vec<Action> =
        assessed.assessments.iter().flat_map(|row| of_row(row, inputs)).collect();
    actions = merge(actions, inputs);
    actions.extend(decide(assessed, inputs));
    let key = |a: &Action| {
        let alone = a.kind == "decide" || a.targets.len() < 2;
        (a.priority, alone, a.targets.clone(), a.system.clone(), a.kind.clone())
    };
    actions.sort_by_cached_key(key);
    actions
}

/// `a-` and 10 base32 letters.
fn id(kind: &str, about: &str, system: Option<&str>) -> String {
    let digest = Sha256::digest(format!("{kind}|{about}|{}", system.unwrap_or("")));
    let text = data_encoding::BASE32_NOPAD.encode(&digest[..7]).to_ascii_lowercase();
    format!("a-{}", &text[..10])
}

fn of_row(row: &Assessment, inputs: &Inputs<'_>) -> Vec<Action> {
    let has = |reason: Reason| row.coverage_reasons.contains(&reason);
    if has(Reason::NotApplicable) {
        return Vec::new();
    }
    let mut found: Vec<(u32, &str, String)> = Vec::new();
    if has(Reason::EvidenceLost) {
        let lost = documents(row, |e| e.lost);
        found.push((1, "restore", format!("restore {lost}, or accept other evidence")));
    }
    match row.coverage {
        // Lost evidence already asks for other evidence.
        Coverage::NotReviewed if has(Reason::EvidenceLost) && row.pending == 0 => {}
        Coverage::NotReviewed => found.push(look(row)),
        Coverage::None => {
            let text = format!("establish and document: {}", wanted(row, None, inputs));
            found.push((1, "establish", text));
        }
        Coverage::Partial | Coverage::Full => of_evidence(row, inputs, &mut found),
    }
    let at_odds = has(Reason::ConcludedNothingFound) && row.coverage == Coverage::Partial;
    if has(Reason::Reconfirm) || at_odds {
        let text = format!("look again at the evidence: {}", row.coverage_note);
        found.push((3, "reconfirm", text));
    }
    let position = row.position.as_ref();
    let make = |(priority, kind, text): (u32, &str, String)| Action {
        id: id(kind, row.target.as_str(), row.system.as_deref()),
        kind: kind.to_owned(),
        targets: vec![row.target.clone()],
        system: row.system.clone(),
        text: if row.pending > 0 && kind != "review" {
            format!("{text} ({} undecided first)", suggestions(row.pending))
        } else {
            text
        },
        owner: position.map(|p| p.owner.clone()).unwrap_or_default(),
        due: position.and_then(|p| p.due),
        status: ActionStatus::Open,
        priority,
    };
    found.into_iter().map(make).collect()
}

/// Nobody reviewed it: suggestions first; without any, a person has to look or say that there is
/// nothing.
fn look(row: &Assessment) -> (u32, &'static str, String) {
    if row.pending > 0 {
        return (3, "review", format!("review {}", suggestions(row.pending)));
    }
    let why = match row.view.machine_view {
        _ if row.coverage_reasons.contains(&Reason::RejectedOnly) => "all suggestions are rejected",
        MachineView::LikelyGap => "the machine found nothing",
        MachineView::Unsure | MachineView::LikelyEvidence => "no strong suggestion is left",
    };
    (4, "find evidence", format!("{why}: look for evidence, or conclude that nothing was found"))
}

fn of_evidence(row: &Assessment, inputs: &Inputs<'_>, found: &mut Vec<(u32, &str, String)>) {
    let has = |reason: Reason| row.coverage_reasons.contains(&reason);
    if has(Reason::Stale) {
        found.push((1, "renew", format!("renew {}", documents(row, |e| e.stale))));
    }
    if has(Reason::NotApproved) {
        let drafts = documents(row, |e| e.document_status.caps_coverage());
        let what = if drafts.is_empty() { "the documents accepted".to_owned() } else { drafts };
        found.push((2, "approve", format!("get {what} approved, or accept what is in force")));
    }
    if has(Reason::DesignOnly) {
        let text = wanted(row, Some(EvidenceKind::Operation), inputs);
        found.push((2, "produce record", format!("show that it is done: {text}")));
    }
    if has(Reason::OperationOnly) {
        let text = wanted(row, Some(EvidenceKind::Design), inputs);
        found.push((2, "write policy", format!("write down what is done: {text}")));
    }
    if has(Reason::ProviderEvidenceMissing) {
        let text = "get the provider's contract, certificate with scope and date, or report, and \
                    record our own oversight of it";
        found.push((2, "provider evidence", text.to_owned()));
    }
    if has(Reason::PointsMissing) {
        let unnamed = row.evidence.iter().any(|e| !e.lost && e.points.is_empty());
        let first = if unnamed { "name the points of the evidence accepted; " } else { "" };
        let text = format!("{first}find or produce evidence: {}", wanted(row, None, inputs));
        found.push((4, "complete evidence", text));
    } else if has(Reason::ConcludedInsufficient) || has(Reason::OverrideLowered) {
        let comment = row.position.as_ref().map_or("", |p| p.comment.trim());
        let what = if comment.is_empty() { "find or produce what is missing" } else { comment };
        let text = format!("the evidence was found insufficient: {what}");
        found.push((4, "complete evidence", text));
    }
}

fn suggestions(n: u32) -> String {
    if n == 1 { "1 suggestion".to_owned() } else { format!("{n} suggestions") }
}

/// Documents of the evidence that a filter picks, each once.
fn documents(row: &Assessment, pick: impl Fn(&crate::domain::Evidence) -> bool) -> String {
    let mut names = Vec::new();
    for piece in row.evidence.iter().filter(|e| pick(e)) {
        if !names.contains(&piece.document.as_str()) {
            names.push(&piece.document);
        }
    }
    names.join(", ")
}

/// What evidence for the points that lack it typically is. Points that documentation is optional
/// for are named only where nothing else is missing.
fn wanted(row: &Assessment, kind: Option<EvidenceKind>, inputs: &Inputs<'_>) -> String {
    let Some(target) = inputs.catalog.get(&row.target) else { return String::new() };
    let open: Vec<&Point> = target
        .points
        .iter()
        .filter(|p| kind.is_none_or(|kind| p.kind == kind))
        .filter(|p| row.points.iter().any(|c| c.point == p.id && !c.covered))
        .collect();
    let due: Vec<&Point> =
        open.iter().copied().filter(|p| p.documented != Documented::Optional).collect();
    let points = if due.is_empty() { open } else { due };
    let say = |p: &Point| {
        let what = if p.typical_evidence.is_empty() { &p.text } else { &p.typical_evidence };
        format!("{what} ({})", p.id.short())
    };
    if points.is_empty() {
        // A person found less than the evidence shows.
        return row.coverage_note.clone();
    }
    points.into_iter().map(say).collect::<Vec<_>>().join("; ")
}

/// Joins the same gap of counterparts in the two standards. Each action goes into one other at
/// most, the first in order, so that nothing is asked for twice.
fn merge(actions: Vec<Action>, inputs: &Inputs<'_>) -> Vec<Action> {
    let mut open: Vec<Option<Action>> = actions.into_iter().map(Some).collect();
    let mut out = Vec::new();
    for n in 0..open.len() {
        let Some(mut action) = open[n].take() else { continue };
        if SHAREABLE.contains(&action.kind.as_str()) {
            let counterparts = inputs.catalog.counterparts(&action.targets[0]);
            let own = action.text.clone();
            for slot in &mut open[n + 1..] {
                let same = |other: &Action| {
                    other.kind == action.kind
                        && other.system == action.system
                        && counterparts.contains(&other.targets[0])
                };
                let Some(other) = slot.take_if(|other| same(other)) else { continue };
                if action.targets.len() == 1 {
                    action.text = format!("for both standards: {}: {own}", action.targets[0]);
                }
                action.text.push_str(&format!("; {}: {}", other.targets[0], other.text));
                action.targets.extend(other.targets);
                action.due = [action.due, other.due].into_iter().flatten().min();
                if action.owner.is_empty() {
                    action.owner = other.owner;
                }
            }
        }
        out.push(action);
    }
    out
}

/// One action a framework and theme for the controls whose applicability nobody decided.
fn decide(assessed: &Assessed, inputs: &Inputs<'_>) -> Vec<Action> {
    let mut out = Vec::new();
    for framework in inputs.catalog.frameworks() {
        let mut themes: Vec<(String, Vec<TargetId>)> = Vec::new();
        for entry in soa(framework, assessed, inputs) {
            if entry.applicability.is_some() {
                continue;
            }
            match themes.iter_mut().find(|(theme, _)| *theme == entry.theme) {
                Some((_, targets)) => targets.push(entry.target),
                None => themes.push((entry.theme, vec![entry.target])),
            }
        }
        for (theme, targets) in themes {
            let controls = match targets.len() {
                1 => "1 control".to_owned(),
                n => format!("{n} controls"),
            };
            out.push(Action {
                id: id("decide", &format!("{framework} {theme}"), None),
                kind: "decide".to_owned(),
                text: format!("decide applicability of {controls} ({framework}, {theme})"),
                targets,
                system: None,
                owner: String::new(),
                due: None,
                status: ActionStatus::Open,
                priority: 5,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests;
