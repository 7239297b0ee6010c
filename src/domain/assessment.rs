//! What Decisions and Positions add up to.

use serde::{Deserialize, Serialize};

use super::{
    Applicability, Date, DocumentStatus, DocumentType, EvidenceKind, Level, Locator, Origin,
    PointId, Position, ProposalId, SoaRisk, TargetId, TargetKind, TargetView,
};

/// How far accepted evidence covers a target. Stands on Decisions alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    Full,
    Partial,
    /// A person looked and found nothing.
    None,
    NotReviewed,
}

impl Coverage {
    /// The words used in CSV and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
            Self::NotReviewed => "not reviewed",
        }
    }
}

/// Why Coverage is less than full, or how it came about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageReason {
    DesignOnly,
    OperationOnly,
    PointsMissing,
    Stale,
    NotApproved,
    /// Provided by others and their evidence, or our oversight of them, is missing.
    ProviderEvidenceMissing,
    /// The quote no longer stands in the document.
    EvidenceLost,
    /// Quote, document, scope or point changed since the decision.
    Reconfirm,
    /// People gave opposite verdicts; `coverage_note` names them.
    Conflict,
    /// Four eyes are asked for, and a second person has not accepted yet.
    SecondPerson,
    /// A person lowered the coverage.
    OverrideLowered,
    /// A person asserts more than the evidence shows.
    OverrideAsserted,
    OverrideExpired,
    /// The weakest system decides; `coverage_note` names it.
    WeakestSystem,
    ConcludedNothingFound,
    ConcludedInsufficient,
    RejectedOnly,
    NotApplicable,
}

impl CoverageReason {
    /// The words used in CSV and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::DesignOnly => "design only",
            Self::OperationOnly => "operation only",
            Self::PointsMissing => "points missing",
            Self::Stale => "stale",
            Self::NotApproved => "not approved",
            Self::ProviderEvidenceMissing => "provider or oversight evidence missing",
            Self::EvidenceLost => "evidence lost",
            Self::Reconfirm => "reconfirm",
            Self::Conflict => "conflict",
            Self::SecondPerson => "second person missing",
            Self::OverrideLowered => "lowered by override",
            Self::OverrideAsserted => "asserted, no evidence",
            Self::OverrideExpired => "override expired",
            Self::WeakestSystem => "weakest system",
            Self::ConcludedNothingFound => "looked, nothing found",
            Self::ConcludedInsufficient => "concluded insufficient",
            Self::RejectedOnly => "suggestions rejected, no conclusion",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// A piece of accepted evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub proposal_id: ProposalId,
    pub origin: Origin,
    pub points: Vec<PointId>,
    pub document: String,
    pub document_hash: String,
    pub document_status: DocumentStatus,
    pub locator: Option<Locator>,
    pub quote: String,
    pub evidence_kind: EvidenceKind,
    pub evidence_type: DocumentType,
    pub date: Option<Date>,
    /// The day after which the next one is overdue, by the document's own interval or our hint.
    pub fresh_until: Option<Date>,
    pub stale: bool,
    /// The quote no longer stands where it was accepted.
    pub lost: bool,
    /// What has changed since the decision, with a word diff where the quote did.
    pub reconfirm: Option<String>,
    /// Rows in the block of accepts that the decision came in; 0 if in none.
    pub block: u32,
    pub verifiable: bool,
    pub decided_by: String,
    pub decided_on: Date,
    pub comment: String,
}

/// Somebody accepted it, but it doesn't count yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsettled {
    pub proposal_id: ProposalId,
    pub document: String,
    /// Who said what, and what it waits for; begins with `conflict` or `second person`.
    pub why: String,
}

/// Coverage of one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointCoverage {
    pub point: PointId,
    pub kind: EvidenceKind,
    pub sub_item: String,
    pub text: String,
    pub covered: bool,
    /// Ids of the accepted evidence that covers it.
    pub evidence: Vec<ProposalId>,
}

/// Coverage, evidence, pending proposals and position of one target (and system).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    pub target: TargetId,
    pub title: String,
    pub framework: String,
    pub kind: TargetKind,
    pub theme: String,
    pub level: Level,
    pub system: Option<String>,
    pub coverage: Coverage,
    pub coverage_reasons: Vec<CoverageReason>,
    /// For people: names the weakest system, the missing points, who asserted what.
    pub coverage_note: String,
    pub points: Vec<PointCoverage>,
    pub evidence: Vec<Evidence>,
    /// Accepted by somebody, but in conflict or waiting for a second person.
    pub unsettled: Vec<Unsettled>,
    /// Proposals in bands strong and likely that nobody has decided.
    pub pending: u32,
    pub rejected: u32,
    pub view: TargetView,
    pub position: Option<Position>,
}

/// One row of a Statement of Applicability. Applicability and implementation are two things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoaEntry {
    pub target: TargetId,
    pub title: String,
    pub theme: String,
    pub level: Level,
    /// `None` prints NOT DECIDED.
    pub applicability: Option<Applicability>,
    pub provided_by: String,
    pub provider: String,
    /// `risk; legal`, or the exclusion reasons.
    pub reasons: String,
    /// Empty prints OPEN.
    pub justification: String,
    pub risk_ids: Vec<String>,
    /// Those of `risk_ids`, as the risk register has them; none without a register.
    pub risks: Vec<SoaRisk>,
    /// Risks of the register that name the control, while its position does not name them.
    pub register_names: Vec<String>,
    /// Empty prints NOT DECIDED.
    pub implementation_status: String,
    pub planned_for: Option<Date>,
    /// From accepted evidence.
    pub how_implemented: String,
    pub coverage: Coverage,
    pub coverage_reasons: Vec<CoverageReason>,
    pub evidence: Vec<Evidence>,
    pub pending: u32,
    /// Counterparts in the other standard.
    pub shared_with: Vec<TargetId>,
    /// Ids of systems, each with its coverage, for application-level controls.
    pub systems: Vec<(String, Coverage)>,
    pub owner: String,
    pub due: Option<Date>,
    pub decided_by: String,
    pub decided_on: Option<Date>,
    /// What the assessment says; `comment` is what a person wrote.
    pub remarks: String,
    #[serde(default)]
    pub comment: String,
}

impl SoaEntry {
    /// Remarks and comment as a SoA prints them.
    pub fn remarks_and_comment(&self) -> String {
        let said = [self.remarks.as_str(), self.comment.as_str()];
        said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

/// What people stated on the controls of a SoA since the version that was approved last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SoaChanges {
    /// Nobody said which state of the ledger was approved.
    #[default]
    NoApproval,
    /// The ledger never had the head that is said to be approved.
    UnknownHead,
    /// In the order of the controls; empty if nothing changed.
    Since(Vec<SoaChange>),
}

/// What changed on one control (and system).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoaChange {
    pub target: TargetId,
    pub system: Option<String>,
    /// `applicability: NOT DECIDED → applicable`, one a field.
    pub what: Vec<String>,
    /// Who made the last of the entries, and when.
    pub decided_by: String,
    pub decided_on: Option<Date>,
}

/// Whether an action is done.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum ActionStatus {
    #[default]
    Open,
    InProgress,
    Done,
    /// Somebody decided not to do it.
    Dropped,
}

impl ActionStatus {
    pub const ALL: [Self; 4] = [Self::Open, Self::InProgress, Self::Done, Self::Dropped];

    /// The words used in CSV and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in progress",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// Whether somebody still has to work on it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

/// How much work an action is, roughly; the rule stands in `assess`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    #[default]
    Small,
    Medium,
    Large,
}

impl Effort {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

/// How an action is done best, and what people said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionWork {
    /// Id of the common control whose work it is; empty if none reaches the targets.
    pub common_control: String,
    pub title: String,
    /// The accountable role.
    pub owner_role: String,
    pub level: String,
    pub effort: Effort,
    /// What the common control is to be, in our own words.
    pub control_text: String,
    /// Evidence to produce, with the points that it is for.
    pub evidence: Vec<String>,
    /// Targets that the common control covers (`equal`, `superset`).
    pub closes: u32,
    /// Targets that it serves in part (`subset`, `intersects`).
    pub helps: u32,
    /// Standards in which it covers a target.
    #[serde(default)]
    pub standards_closed: u32,
    /// What does not fit together: stated as done while the gap is open, or the other way round.
    pub remark: String,
    /// The gap is no longer there; the action is kept because people stated something on it.
    pub gone: bool,
    pub comment: String,
    pub stated_by: String,
    pub stated_on: Option<Date>,
}

/// Something to do, with an id that stays the same from run to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// `a-` and 10 lower-case base32 letters over kind, common control (or target) and system.
    pub id: String,
    /// `restore`, `renew`, `establish`, `approve`, `produce record`, `write policy`,
    /// `provider evidence`, `review`, `reconfirm`, `complete evidence`, `find evidence`, `decide`.
    pub kind: String,
    pub targets: Vec<TargetId>,
    pub system: Option<String>,
    pub text: String,
    pub owner: String,
    pub due: Option<Date>,
    pub status: ActionStatus,
    /// How pressing it is: 1 (most) to 5. It breaks ties of [`Action::order`], no more.
    pub priority: u32,
    #[serde(flatten)]
    pub work: ActionWork,
}

impl Action {
    /// Whether it serves more than one standard.
    pub fn is_joint(&self) -> bool {
        let first = self.targets.first().map(TargetId::framework);
        self.targets.iter().any(|t| Some(t.framework()) != first)
    }

    /// Whether it was due before a day and is still to be done.
    pub fn is_overdue(&self, as_of: Date) -> bool {
        !self.work.gone && self.status.is_open() && self.due.is_some_and(|due| due < as_of)
    }

    /// Whether one common control closes the gap of targets in both standards.
    pub fn closes_both(&self) -> bool {
        self.work.standards_closed > 1
    }

    /// Shared first: what closes targets in both standards, by how many it closes, then the rest by
    /// the same number; among equals the most pressing. What is no longer there comes last.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        use std::cmp::Reverse;
        let key = |a: &Self| {
            let joint = a.is_joint() && a.kind != "decide";
            // An action always closes the gap of the one target that it was raised for.
            let closes = Reverse(a.work.closes.max(1));
            (a.work.gone, !a.closes_both(), closes, a.priority, !joint, Reverse(a.work.helps))
        };
        (key(self), &self.targets, &self.system, &self.kind, &self.id).cmp(&(
            key(other),
            &other.targets,
            &other.system,
            &other.kind,
            &other.id,
        ))
    }
}

/// What a person said of an action, or of an audit of the programme. A later one replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Id of the action or audit; they never look alike.
    pub about: String,
    /// Who does it: the owner of an action, the auditor of an audit.
    pub owner: String,
    /// Until when an action is due; the first day of an audit.
    pub due: Option<Date>,
    pub status: ActionStatus,
    pub comment: String,
    pub stated_by: String,
    pub stated_on: Date,
    pub provenance: super::Provenance,
}
