//! Machine opinion. Nothing here can become a human verdict by conversion.

use serde::{Deserialize, Serialize};

use super::{
    Date, DocumentStatus, DocumentType, EvidenceKind, Locator, PointId, ProposalId, Talk, TargetId,
};

/// How sure the machine is that a proposal is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    Strong,
    Likely,
    Possible,
}

impl Band {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// The machine says: this passage is evidence for this target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    #[serde(rename = "proposal_id")]
    pub id: ProposalId,
    pub target: TargetId,
    pub system: Option<String>,
    pub points: Vec<PointId>,
    /// Path relative to the source root.
    pub document: String,
    /// SHA-256 of the document's content.
    pub document_hash: String,
    pub document_status: DocumentStatus,
    pub locator: Locator,
    pub heading: Vec<String>,
    /// Verbatim.
    pub quote: String,
    /// Calibrated probability in 0..=1; compares across targets.
    pub confidence: f32,
    /// Fused score before calibration; compares within a target.
    pub score: f32,
    pub band: Band,
    pub evidence_kind: EvidenceKind,
    pub evidence_type: DocumentType,
    pub evidence_date: Option<Date>,
    /// Short sentences for people.
    pub reasons: Vec<String>,
    /// Position within the target (and system), from 1.
    pub rank: u32,
    /// Set where the passage talks about the subject without being evidence.
    pub talk: Option<Talk>,
    /// Other documents with the same text.
    pub also_in: Vec<String>,
    /// Counterpart targets of the other standard that the same quote may serve.
    pub also_for: Vec<TargetId>,
}

/// What a workspace remembers for good of a proposal that it once issued, so that a row which a
/// person decided on can be imported long after the proposal itself is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub proposal_id: ProposalId,
    pub target: TargetId,
    pub system: Option<String>,
    /// Verbatim.
    pub quote: String,
    pub points: Vec<PointId>,
    /// Where the quote stood when it was last proposed.
    pub document: String,
    pub document_hash: String,
    pub document_status: DocumentStatus,
    pub locator: Locator,
    pub evidence_kind: EvidenceKind,
    pub evidence_type: DocumentType,
    pub evidence_date: Option<Date>,
    /// Number of the run that issued it first.
    pub first_run: u64,
}

/// The machine's view of a target as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineView {
    LikelyEvidence,
    Unsure,
    LikelyGap,
}

impl MachineView {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LikelyEvidence => "likely-evidence",
            Self::Unsure => "unsure",
            Self::LikelyGap => "likely-gap",
        }
    }
}

/// The best passage that is not enough, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearestMiss {
    pub document: String,
    pub locator: Locator,
    pub quote: String,
    pub why: String,
}

/// What the machine thinks of a target (and system), from proposals alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetView {
    pub target: TargetId,
    pub system: Option<String>,
    pub machine_view: MachineView,
    /// Calibrated probability that the collection holds any evidence.
    pub evidence_probability: f32,
    pub nearest_miss: Option<NearestMiss>,
}
