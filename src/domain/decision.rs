//! Human verdicts. Append-only: a later one of the same person and key supersedes an earlier one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Date, DocumentStatus, DocumentType, EvidenceKind, Locator, PointId, ProposalId, TargetId,
};

/// What a person says of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Accept,
    Reject,
    Defer,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Defer => "defer",
        }
    }
}

/// Where a piece of evidence came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Proposed by the machine, decided by a person.
    Proposal,
    /// Named by a person as counterpart of another accepted proposal (`also_for`).
    Reuse,
    /// Added by a person.
    Manual,
}

/// Where a verdict was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The imported file's name.
    pub file: String,
    /// Row as a spreadsheet counts, header = 1.
    pub row: u32,
    /// Version of evimap that imported it.
    pub program: String,
    /// Version of the catalogue in force.
    pub catalog: String,
    /// The account of the operating system that imported it; empty in entries of older versions.
    pub account: String,
    /// Rows in the block of accepts without comment or correction that it came in; 0 if in none.
    pub block: u32,
}

/// What a decision rested on, beside the words that it quotes and the status that the reviewer saw.
/// A change asks for reconfirmation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Basis {
    /// The document's title, by which it is known again under another name.
    pub title: String,
    /// The version that the document named.
    pub version: Option<String>,
    /// The system in whose `paths` the document lay; `None` serves all.
    pub system: Option<String>,
    /// The scope statement of the target's framework, as a fingerprint; empty if none was written.
    pub scope: String,
    /// Kind and text of each point that the decision names: `design: Rules for …`.
    pub points: BTreeMap<PointId, String>,
}

/// A person's verdict on a proposal, or evidence that a person added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The proposal decided on; for `Manual` and `Reuse` the id derived from target, system, quote.
    pub proposal_id: ProposalId,
    pub target: TargetId,
    pub system: Option<String>,
    pub verdict: Verdict,
    pub origin: Origin,
    pub points: Vec<PointId>,
    /// Path relative to the source root, or an external reference if not `verifiable`.
    pub document: String,
    /// SHA-256 of the document when decided; empty if not `verifiable`.
    pub document_hash: String,
    pub document_status: DocumentStatus,
    /// `None` only for an external reference.
    pub locator: Option<Locator>,
    pub quote: String,
    pub evidence_kind: EvidenceKind,
    pub evidence_type: DocumentType,
    pub evidence_date: Option<Date>,
    /// False for an external reference, which nobody can re-open.
    pub verifiable: bool,
    pub reviewer: String,
    pub decided_on: Date,
    pub comment: String,
    /// `None` in entries of older versions and for what nobody can re-open.
    pub basis: Option<Basis>,
    /// Given in answer to "reconfirm": what was said before of an earlier state is overtaken.
    pub reconfirms: bool,
    /// Earlier decisions on words of the document that have changed since into these.
    pub replaces: Vec<ProposalId>,
    pub provenance: Provenance,
}

/// A person's stand on whether a control applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    Applicable,
    NotApplicable,
}

impl Applicability {
    /// The words used in CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applicable => "applicable",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// Why a control is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InclusionReason {
    Risk,
    Legal,
    Contractual,
    Business,
    Baseline,
}

impl InclusionReason {
    pub const ALL: [Self; 5] =
        [Self::Risk, Self::Legal, Self::Contractual, Self::Business, Self::Baseline];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Legal => "legal",
            Self::Contractual => "contractual",
            Self::Business => "business",
            Self::Baseline => "baseline",
        }
    }
}

/// Why a control is excluded; needs a text beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExclusionReason {
    NoRisk,
    NoActivity,
    NotOurRole,
    NotRequiredExternally,
}

impl ExclusionReason {
    pub const ALL: [Self; 4] =
        [Self::NoRisk, Self::NoActivity, Self::NotOurRole, Self::NotRequiredExternally];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoRisk => "no-risk",
            Self::NoActivity => "no-activity",
            Self::NotOurRole => "not-our-role",
            Self::NotRequiredExternally => "not-required-externally",
        }
    }
}

/// A person's statement of how far a control is implemented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImplementationStatus {
    Implemented,
    PartiallyImplemented,
    Planned,
    NotImplemented,
}

impl ImplementationStatus {
    pub const ALL: [Self; 4] =
        [Self::Implemented, Self::PartiallyImplemented, Self::Planned, Self::NotImplemented];

    /// The words used in CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Implemented => "implemented",
            Self::PartiallyImplemented => "partially implemented",
            Self::Planned => "planned",
            Self::NotImplemented => "not implemented",
        }
    }
}

/// Who provides a control. Not an applicability: an inherited control stays applicable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProvidedBy {
    Own,
    Shared,
    Inherited,
}

impl ProvidedBy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Shared => "shared",
            Self::Inherited => "inherited",
        }
    }
}

/// A person's conclusion on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    EvidenceSufficient,
    EvidenceInsufficient,
    /// Looked, nothing found: the only way to Coverage `none`.
    NothingFound,
}

impl Conclusion {
    pub const ALL: [Self; 3] =
        [Self::EvidenceSufficient, Self::EvidenceInsufficient, Self::NothingFound];

    /// The words used in CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EvidenceSufficient => "evidence sufficient",
            Self::EvidenceInsufficient => "evidence insufficient",
            Self::NothingFound => "looked, nothing found",
        }
    }
}

/// A person's stand on a target (and system). Every field but the key may be blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub target: TargetId,
    pub system: Option<String>,
    pub applicability: Option<Applicability>,
    pub inclusion_reasons: Vec<InclusionReason>,
    pub exclusion_reasons: Vec<ExclusionReason>,
    pub justification: String,
    pub risk_ids: Vec<String>,
    pub implementation_status: Option<ImplementationStatus>,
    pub planned_for: Option<Date>,
    pub provided_by: Option<ProvidedBy>,
    pub provider: String,
    pub owner: String,
    pub due: Option<Date>,
    pub conclusion: Option<Conclusion>,
    /// A Coverage (`full`, `partial`, `none`) asserted by a person.
    #[serde(rename = "override")]
    pub override_coverage: Option<super::Coverage>,
    pub override_until: Option<Date>,
    pub decided_by: String,
    pub decided_on: Option<Date>,
    pub comment: String,
    pub provenance: Provenance,
}

impl Position {
    /// Says nothing yet.
    pub fn blank(target: TargetId, system: Option<String>, provenance: Provenance) -> Self {
        Self {
            target,
            system,
            applicability: None,
            inclusion_reasons: Vec::new(),
            exclusion_reasons: Vec::new(),
            justification: String::new(),
            risk_ids: Vec::new(),
            implementation_status: None,
            planned_for: None,
            provided_by: None,
            provider: String::new(),
            owner: String::new(),
            due: None,
            conclusion: None,
            override_coverage: None,
            override_until: None,
            decided_by: String::new(),
            decided_on: None,
            comment: String::new(),
            provenance,
        }
    }
}
