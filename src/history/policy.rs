//! When a run counts as failed although it was done: `--fail-on`.

use serde::Serialize;

use super::{Snapshot, Standing};

/// A reason to end with exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Reviewed coverage fell to partial or none since the run compared with.
    NewGap,
    /// The machine's view fell to likely gap since the run compared with.
    NewLikelyGap,
    /// Accepted evidence no longer stands in its document.
    LostEvidence,
    /// Accepted evidence is out of date.
    Stale,
    /// Actions, overrides, plans and reviews are past their date.
    Overdue,
    /// Files gave no text.
    FailedFiles,
    /// Decisions disagree and nobody settled it.
    Conflict,
    /// The ledger's chain of hashes does not hold.
    Ledger,
    /// The endpoint was asked and left questions without an answer.
    Judge,
}

/// All policies, in the order in which they are told.
pub const POLICIES: [Policy; 9] = [
    Policy::NewGap,
    Policy::NewLikelyGap,
    Policy::LostEvidence,
    Policy::Stale,
    Policy::Overdue,
    Policy::FailedFiles,
    Policy::Conflict,
    Policy::Ledger,
    Policy::Judge,
];

impl Policy {
    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewGap => "new-gap",
            Self::NewLikelyGap => "new-likely-gap",
            Self::LostEvidence => "lost-evidence",
            Self::Stale => "stale",
            Self::Overdue => "overdue",
            Self::FailedFiles => "failed-files",
            Self::Conflict => "conflict",
            Self::Ledger => "ledger",
            Self::Judge => "judge",
        }
    }
}

/// A policy that was hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    pub policy: Policy,
    /// One line.
    pub reason: String,
}

/// How many names a reason gives.
const NAMED: usize = 3;

/// Which of the wanted policies are hit. `last` is the run to compare with and its snapshot; without
/// one nothing is new. `found` says what is wrong, if anything, where a snapshot doesn't.
pub fn hits(
    wanted: &[Policy],
    last: Option<(u64, &Snapshot)>,
    now: &Snapshot,
    found: &[(Policy, Option<String>)],
) -> Vec<Hit> {
    let wanted = POLICIES.into_iter().filter(|p| wanted.contains(p));
    let hit = |policy| Some(Hit { policy, reason: reason(policy, last, now, found)? });
    wanted.filter_map(hit).collect()
}

fn reason(
    policy: Policy,
    last: Option<(u64, &Snapshot)>,
    now: &Snapshot,
    found: &[(Policy, Option<String>)],
) -> Option<String> {
    match policy {
        Policy::NewGap => {
            let (run, last) = last?;
            let fell = rows(last, now, |old, new| {
                let (was, is) = (held(&old.coverage), held(&new.coverage));
                (was > 0 && is < was).then(|| format!("{} → {}", old.coverage, new.coverage))
            });
            told(&fell, &format!("coverage fell since run {run}"))
        }
        Policy::NewLikelyGap => {
            let (run, last) = last?;
            let fell = rows(last, now, |old, new| {
                let fallen = new.view == "likely-gap" && old.view != "likely-gap";
                fallen.then(|| format!("was {}", old.view))
            });
            told(&fell, &format!("likely gap in the machine's view since run {run}"))
        }
        Policy::LostEvidence => {
            let lost = now.evidence.values().filter(|e| e.standing == Standing::Lost);
            let lost: Vec<_> = lost.map(|e| format!("{} in {}", e.row, e.document)).collect();
            told(&lost, "accepted evidence is lost")
        }
        Policy::Stale => {
            let stale = now.evidence.values().filter(|e| e.stale && e.standing != Standing::Lost);
            let stale: Vec<_> = stale.map(|e| format!("{} in {}", e.row, e.document)).collect();
            told(&stale, "accepted evidence is out of date")
        }
        Policy::Overdue => {
            let overdue: Vec<_> = now.overdue.values().cloned().collect();
            told(&overdue, "past their date")
        }
        Policy::FailedFiles => {
            let failed = now.documents.iter().filter(|(_, d)| is_failure(&d.status));
            let failed: Vec<_> = failed.map(|(path, d)| format!("{path} ({})", d.status)).collect();
            told(&failed, "files could not be read")
        }
        Policy::Conflict => {
            let open: Vec<_> = now.conflicts.values().cloned().collect();
            told(&open, "decisions disagree")
        }
        Policy::Ledger | Policy::Judge => {
            found.iter().find(|(about, _)| *about == policy).and_then(|(_, why)| why.clone())
        }
    }
}

/// A scan or a format without a reader is no failure: it is listed in every run, with what to do.
fn is_failure(status: &str) -> bool {
    matches!(status, "failed" | "encrypted")
}

/// How much accepted evidence a row holds. `none` and `not reviewed` hold nothing: a row whose
/// evidence is lost becomes the latter.
fn held(coverage: &str) -> u8 {
    match coverage {
        "full" => 2,
        "partial" => 1,
        _ => 0,
    }
}

fn rows(
    last: &Snapshot,
    now: &Snapshot,
    fell: impl Fn(&super::TargetMark, &super::TargetMark) -> Option<String>,
) -> Vec<String> {
    now.targets
        .iter()
        .filter(|(_, new)| !new.reasons.iter().any(|r| r == "not applicable"))
        .filter_map(|(row, new)| Some(format!("{row} ({})", fell(last.targets.get(row)?, new)?)))
        .collect()
}

fn told(all: &[String], what: &str) -> Option<String> {
    if all.is_empty() {
        return None;
    }
    let mut named = all.iter().take(NAMED).map(|s| super::plain(s)).collect::<Vec<_>>().join(", ");
    if all.len() > NAMED {
        named.push_str(&format!(" and {} more", all.len() - NAMED));
    }
    Some(format!("{what} ({}): {named}", all.len()))
}
