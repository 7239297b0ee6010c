//! What an audit programme, a management review and a view of an audit's stages are made of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{ActionStatus, Date, FrameworkId, PointId, TargetId, same_name};

/// What is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Planned {
    InternalAudit,
    ManagementReview,
}

impl Planned {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InternalAudit => "internal audit",
            Self::ManagementReview => "management review",
        }
    }
}

/// One internal audit or management review. Who does it is for people to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Stays the same from run to run: `before-stage-2.clauses`, `2028.technical-controls`.
    pub id: String,
    pub kind: Planned,
    pub title: String,
    /// `before Stage 2`, `year 1` …
    pub round: String,
    /// The criteria, in catalogue order.
    pub targets: Vec<TargetId>,
    /// Ids of the systems that its application-level targets are audited on.
    pub systems: Vec<String>,
    pub scope: String,
    pub method: String,
    /// Never the role that is accountable for one of the targets.
    pub auditor_role: String,
    /// Accountable roles, and owners that people named: none of them audits this.
    pub owners: Vec<String>,
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Why these targets, and why then.
    pub why: String,
    #[serde(default)]
    pub said: AuditSaid,
}

/// What people said of an audit; blank until they do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSaid {
    /// Names, as they were written; of a management review, who holds it.
    pub auditor: String,
    /// The first day, if somebody set it.
    pub starts_on: Option<Date>,
    pub status: ActionStatus,
    pub comment: String,
    pub stated_by: String,
    pub stated_on: Option<Date>,
    /// What does not fit together.
    pub remark: String,
    /// It is no longer planned; it is kept because people said something of it.
    pub gone: bool,
}

impl Audit {
    /// Whether it is still to be done.
    pub fn is_planned(&self) -> bool {
        !self.said.gone && self.said.status.is_open()
    }

    /// What of this audit people own who are named as its auditors; `owners` gives who owns what.
    /// Names are split at `;`, `,`, `/`, `&`, line ends, "and" and "und".
    pub fn owned_by_auditors<'a>(
        &'a self,
        auditors: &str,
        owners: impl Iterator<Item = (&'a TargetId, &'a str)>,
    ) -> BTreeMap<String, BTreeSet<&'a TargetId>> {
        let mut names: Vec<&str> = vec![auditors];
        for by in [";", ",", "/", "&", "\n", " and ", " und "] {
            names = names.into_iter().flat_map(|name| name.split(by)).collect();
        }
        // "Doe, Jane" is one name as well.
        names.push(auditors);
        let named = |other: &str| {
            let other = other.trim();
            names.iter().any(|name| !name.trim().is_empty() && same_name(name, other))
        };
        let mut out: BTreeMap<String, BTreeSet<&TargetId>> = BTreeMap::new();
        for owner in self.owners.iter().filter(|owner| named(owner)) {
            out.insert(owner.trim().to_owned(), BTreeSet::new());
        }
        for (target, owner) in owners.filter(|(target, _)| self.targets.contains(target)) {
            if named(owner) {
                out.entry(owner.trim().to_owned()).or_default().insert(target);
            }
        }
        out
    }
}

/// `Ada owns ISO27001:A.5.15, ISO27001:A.5.18; Head of IT is accountable for part of it`.
pub fn owned_in_words(owned: &BTreeMap<String, BTreeSet<&TargetId>>) -> String {
    const NAMED: usize = 6;
    let each = owned.iter().map(|(name, targets)| {
        if targets.is_empty() {
            return format!("{name} is accountable for part of it");
        }
        let shown: Vec<&str> = targets.iter().take(NAMED).map(|t| t.as_str()).collect();
        let more = match targets.len() - shown.len() {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        format!("{name} owns {}{more}", shown.join(", "))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// The joint programme of both standards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProgramme {
    /// As configured; what is planned rests on an assumed day if there is none.
    pub stage2_on: Option<Date>,
    /// In order of their days.
    pub audits: Vec<Audit>,
    /// Controls that a person excluded; what is audited of them is the exclusion, under 6.1.3.
    pub excluded: Vec<TargetId>,
    /// What to know before relying on it.
    pub notes: Vec<String>,
}

/// How far people accepted evidence for one subject of an audit's stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accepted {
    /// On every point.
    All,
    Some,
    /// Somebody reviewed it and nothing stands.
    Nothing,
    NotReviewed,
}

impl Accepted {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "evidence accepted",
            Self::Some => "evidence accepted in part",
            Self::Nothing => "no evidence accepted",
            Self::NotReviewed => "not reviewed",
        }
    }
}

/// One subject that an auditor asks for in Stage 1 or Stage 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    pub framework: FrameworkId,
    /// 1 or 2.
    pub stage: u8,
    /// Clause or theme.
    pub theme: String,
    pub subject: String,
    pub targets: Vec<TargetId>,
    /// The points are controls of a Statement of Applicability, and what counts is their decision.
    pub decisions: bool,
    /// Points with accepted evidence that stands, or controls decided, of `points`.
    pub accepted: u32,
    pub points: u32,
    pub state: Accepted,
    /// Points without.
    pub open: Vec<PointId>,
    /// Days of the earliest and the latest accepted record, where records count.
    pub first: Option<Date>,
    pub last: Option<Date>,
    /// Different days on which accepted records lie.
    pub days: u32,
    /// Targets by the machine's view, and suggestions nobody decided: no part of the above.
    pub likely_evidence: u32,
    pub unsure: u32,
    pub likely_gap: u32,
    pub pending: u32,
}

impl Readiness {
    /// The state in words.
    pub fn said(&self) -> &'static str {
        match (self.decisions, self.state) {
            (false, state) => state.as_str(),
            (true, Accepted::All) => "all decided and justified",
            (true, Accepted::Some) => "decided and justified in part",
            (true, Accepted::Nothing | Accepted::NotReviewed) => "not decided",
        }
    }
}

/// One thing that a management review looks at, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackItem {
    pub text: String,
    pub source: String,
    /// A suggestion that nobody decided.
    pub machine: bool,
}

/// One input of 9.3.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackTopic {
    /// Which sub-items ask for it, for example `ISO27001 9.3.2 a`.
    pub asked_by: Vec<String>,
    pub title: String,
    pub items: Vec<PackItem>,
}

/// Inputs of a management review for both standards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPack {
    pub topics: Vec<PackTopic>,
}

/// How much of one framework the evidence for another serves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReuseRate {
    pub from: FrameworkId,
    pub to: FrameworkId,
    /// Targets of `to`.
    pub targets: u32,
    /// By the catalogue: targets with a strong chain from `from`, and with weak ones only.
    pub strong: u32,
    pub weak: u32,
    /// Observed: targets of `to` with accepted evidence.
    pub with_evidence: u32,
    /// Of these: a person carried evidence over from the other standard.
    pub carried_over: u32,
    /// Of these: both ends of a strong chain hold accepted evidence.
    pub both_ends: u32,
}
