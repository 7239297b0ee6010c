//! What an audit programme, a management review and a view of an audit's stages are made of.

use serde::{Deserialize, Serialize};

use super::{Date, FrameworkId, PointId, TargetId};

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
}

/// The joint programme of both standards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProgramme {
    /// As configured.
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
