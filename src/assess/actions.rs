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
//! The priority says how pressing a gap is: what is known to be broken, then known gaps, then what
//! people have only to look at. The order is another ([`Action::order`]): shared work first, by how many
//! targets of both standards one common control closes; the priority breaks ties.
//! Excluded controls ask for nothing. The same kind of gap of all targets whose work belongs to one
//! common control (`shared.rs`), for the same system, is one action; its id is that of the common
//! control, so that it stays the same while single targets open and close.
//!
//! # Effort
//! A rule of thumb of ours: *small* is to look, decide or have approved (`review`, `reconfirm`,
//! `decide`, `approve`, `restore`, `find evidence`); *medium* is to make one document or record
//! (`renew`, `produce record`, `write policy`, `provider evidence`, `complete evidence`); *large* is
//! to set up what is not there (`establish`). More than [`MANY`] points without evidence make it one
//! class more.
//!
//! # What people say
//! Owner, due date and status that a person stated come before those of positions. A statement on an
//! action that is no longer raised keeps the action, marked as gone.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{
    Assessed, Inputs,
    shared::{covers, homes, relation},
    soa,
};
use crate::domain::{
    Action, ActionStatus, ActionWork, Assessment, CommonControl, Coverage,
    CoverageReason as Reason, Date, Documented, Effort, EvidenceKind, MachineView, Point,
    Statement, TargetId,
};

/// Points without evidence that make an action one class more work.
const MANY: usize = 6;

/// Items of evidence to produce that an action names.
const NAMED: usize = 8;

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

/// How many actions stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ActionCounts {
    pub open: u32,
    pub in_progress: u32,
    pub done: u32,
    pub dropped: u32,
    /// Of the first two: due before the day of the assessment.
    pub overdue: u32,
    /// Of the first two: serve both standards.
    pub joint: u32,
}

/// Counts actions that are still raised.
pub fn action_counts(actions: &[Action], as_of: Date) -> ActionCounts {
    let mut counts = ActionCounts::default();
    for action in actions.iter().filter(|a| !a.work.gone) {
        *match action.status {
            ActionStatus::Open => &mut counts.open,
            ActionStatus::InProgress => &mut counts.in_progress,
            ActionStatus::Done => &mut counts.done,
            ActionStatus::Dropped => &mut counts.dropped,
        } += 1;
        counts.overdue += u32::from(action.is_overdue(as_of));
        let joint = action.status.is_open() && action.kind != "decide" && action.is_joint();
        counts.joint += u32::from(joint);
    }
    counts
}

/// Everything that there is to do.
pub fn actions(assessed: &Assessed, inputs: &Inputs<'_>) -> Vec<Action> {
    let homes = homes(inputs.catalog);
    let all = assessed.assessments.iter().flat_map(|row| of_row(row, inputs, &homes));
    let mut actions = share(all, &homes);
    actions.extend(decide(assessed, inputs));
    actions.sort_by(Action::order);
    actions
}

/// The actions with what people said of them; `said` in the order in which it was stated. `earlier`
/// holds actions of earlier runs: one that is no longer raised is kept if somebody said something of
/// it.
pub fn stated(mut actions: Vec<Action>, said: &[Statement], earlier: &[Action]) -> Vec<Action> {
    let latest: BTreeMap<&str, &Statement> = said.iter().map(|s| (s.about.as_str(), s)).collect();
    let gone = earlier.iter().filter(|a| {
        latest.contains_key(a.id.as_str()) && actions.iter().all(|other| other.id != a.id)
    });
    let mut gone: Vec<Action> = gone.cloned().collect();
    for action in &mut gone {
        action.work.gone = true;
    }
    actions.append(&mut gone);
    for action in &mut actions {
        let Some(statement) = latest.get(action.id.as_str()) else { continue };
        action.owner.clone_from(&statement.owner);
        action.due = statement.due;
        action.status = statement.status;
        let work = &mut action.work;
        work.comment.clone_from(&statement.comment);
        work.stated_by.clone_from(&statement.stated_by);
        work.stated_on = Some(statement.stated_on);
        work.remark = match (work.gone, statement.status) {
            (false, ActionStatus::Done) => "stated as done; the gap is still open",
            (false, ActionStatus::Dropped) => "dropped; the gap is still open",
            (true, ActionStatus::Open | ActionStatus::InProgress) => "the gap is no longer there",
            _ => "",
        }
        .to_owned();
    }
    actions.sort_by(Action::order);
    actions
}

/// `a-` and 10 base32 letters.
fn id(kind: &str, about: &str, system: Option<&str>) -> String {
    let digest = Sha256::digest(format!("{kind}|{about}|{}", system.unwrap_or("")));
    let text = data_encoding::BASE32_NOPAD.encode(&digest[..7]).to_ascii_lowercase();
    format!("a-{}", &text[..10])
}

fn of_row(
    row: &Assessment,
    inputs: &Inputs<'_>,
    homes: &BTreeMap<TargetId, &CommonControl>,
) -> Vec<Action> {
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
    let home = homes.get(&row.target);
    let about = |kind: &str| match home {
        Some(home) if SHAREABLE.contains(&kind) => home.id.as_str(),
        _ => row.target.as_str(),
    };
    let make = |(priority, kind, text): (u32, &str, String)| Action {
        id: id(kind, about(kind), row.system.as_deref()),
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
        work: work(kind, row, inputs, home.copied()),
    };
    found.into_iter().map(make).collect()
}

/// How the work is done best.
fn work(
    kind: &str,
    row: &Assessment,
    inputs: &Inputs<'_>,
    home: Option<&CommonControl>,
) -> ActionWork {
    let evidence: Vec<String> = match kind {
        "produce record" => open_points(row, Some(EvidenceKind::Operation), inputs),
        "write policy" => open_points(row, Some(EvidenceKind::Design), inputs),
        "establish" | "complete evidence" | "find evidence" => open_points(row, None, inputs),
        _ => Vec::new(),
    }
    .into_iter()
    .map(|p| format!("{} ({}#{})", typical(p), row.target, p.id.short()))
    .collect();
    let mut work =
        ActionWork { evidence, level: row.level.as_str().to_owned(), ..Default::default() };
    if let Some(home) = home {
        work.common_control.clone_from(&home.id);
        work.title.clone_from(&home.title);
        work.owner_role.clone_from(&home.accountable);
        work.level = home.level.as_str().to_owned();
        work.control_text = control_text(home);
        match relation(home, &row.target) {
            Some(relation) if covers(relation) => (work.closes, work.standards_closed) = (1, 1),
            _ => work.helps = 1,
        }
    }
    work.effort = effort(kind, work.evidence.len());
    work
}

/// What a common control is to be, from the catalogue.
fn control_text(control: &CommonControl) -> String {
    let parts = control.components.join("; ");
    format!(
        "{} Consists of: {parts}. Where: {}.",
        control.purpose,
        control.scope.trim_end_matches('.')
    )
}

fn effort(kind: &str, points: usize) -> Effort {
    let class = match kind {
        "establish" => 2,
        "renew" | "produce record" | "write policy" | "provider evidence" | "complete evidence" => {
            1
        }
        _ => 0,
    };
    match class + usize::from(points > MANY) {
        0 => Effort::Small,
        1 => Effort::Medium,
        _ => Effort::Large,
    }
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

/// What evidence for the points that lack it typically is.
fn wanted(row: &Assessment, kind: Option<EvidenceKind>, inputs: &Inputs<'_>) -> String {
    let points = open_points(row, kind, inputs);
    if points.is_empty() {
        // A person found less than the evidence shows.
        return row.coverage_note.clone();
    }
    let say = |p: &Point| format!("{} ({})", typical(p), p.id.short());
    points.into_iter().map(say).collect::<Vec<_>>().join("; ")
}

fn typical(point: &Point) -> &str {
    if point.typical_evidence.is_empty() { &point.text } else { &point.typical_evidence }
}

/// The points that lack evidence. Points that documentation is optional for are named only where
/// nothing else is missing.
fn open_points<'a>(
    row: &Assessment,
    kind: Option<EvidenceKind>,
    inputs: &Inputs<'a>,
) -> Vec<&'a Point> {
    let Some(target) = inputs.catalog.get(&row.target) else { return Vec::new() };
    let open: Vec<&Point> = target
        .points
        .iter()
        .filter(|p| kind.is_none_or(|kind| p.kind == kind))
        .filter(|p| row.points.iter().any(|c| c.point == p.id && !c.covered))
        .collect();
    let due: Vec<&Point> =
        open.iter().copied().filter(|p| p.documented != Documented::Optional).collect();
    if due.is_empty() { open } else { due }
}

/// Joins the same gap of all targets that have the same home, for the same system.
fn share(
    actions: impl Iterator<Item = Action>,
    homes: &BTreeMap<TargetId, &CommonControl>,
) -> Vec<Action> {
    let mut groups: BTreeMap<(String, Option<String>), Vec<Action>> = BTreeMap::new();
    let mut out = Vec::new();
    for action in actions {
        let shareable = SHAREABLE.contains(&action.kind.as_str());
        if shareable && homes.contains_key(&action.targets[0]) {
            let key = (action.id.clone(), action.system.clone());
            groups.entry(key).or_default().push(action);
        } else {
            out.push(action);
        }
    }
    out.extend(groups.into_values().filter_map(join));
    out
}

/// Several actions as one; the first gives its id.
fn join(parts: Vec<Action>) -> Option<Action> {
    let own: Vec<String> =
        parts.iter().map(|part| format!("{}: {}", part.targets[0], part.text)).collect();
    let points = parts.iter().map(|part| part.work.evidence.len()).sum();
    let closed = parts.iter().filter(|part| part.work.closes > 0);
    let closed: BTreeSet<String> =
        closed.map(|part| part.targets[0].framework().to_owned()).collect();
    let mut parts = parts.into_iter();
    let mut action = parts.next()?;
    for other in parts {
        action.targets.extend(other.targets);
        action.due = [action.due, other.due].into_iter().flatten().min();
        action.priority = action.priority.min(other.priority);
        if action.owner.is_empty() {
            action.owner = other.owner;
        }
        action.work.closes += other.work.closes;
        action.work.helps += other.work.helps;
        action.work.evidence.extend(other.work.evidence);
    }
    if own.len() > 1 {
        let whom = if action.is_joint() {
            "both standards".to_owned()
        } else {
            format!("{} targets", own.len())
        };
        action.text = format!("for {whom}: {}", own.join("; "));
    }
    action.work.standards_closed = closed.len() as u32;
    action.work.effort = effort(&action.kind, points);
    let more = action.work.evidence.len().saturating_sub(NAMED);
    action.work.evidence.truncate(NAMED);
    if more > 0 {
        action.work.evidence.push(format!("and {more} more, see the targets"));
    }
    Some(action)
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
                work: ActionWork {
                    level: "organisation".to_owned(),
                    owner_role: "Management-system manager".to_owned(),
                    ..ActionWork::default()
                },
            });
        }
    }
    out
}

#[cfg(test)]
mod tests;
