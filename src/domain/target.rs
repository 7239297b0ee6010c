//! What is assessed: targets, their points, and the common controls that span the standards.

use serde::{Deserialize, Serialize};

use super::{FrameworkId, PointId, TargetId};

/// A clause requirement or a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// A leaf of clauses 4 to 10; can't be excluded.
    Requirement,
    /// Annex A, or custom.
    Control,
}

impl TargetKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requirement => "requirement",
            Self::Control => "control",
        }
    }
}

/// Who owns the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Assessed once.
    Organisation,
    /// Assessed once per system.
    Application,
    /// Assessed once for the organisation and once per system.
    Both,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Application => "application",
            Self::Both => "both",
        }
    }
}

/// Laid down, or done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// A rule, process, role or criterion is laid down.
    Design,
    /// It is done, and there is a record.
    Operation,
}

impl EvidenceKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Design => "design",
            Self::Operation => "operation",
        }
    }
}

/// Whether documented information is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Documented {
    Required,
    Usual,
    Optional,
}

impl Documented {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Usual => "usual",
            Self::Optional => "optional",
        }
    }
}

/// One assessable aspect of a target, in our own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub id: PointId,
    pub kind: EvidenceKind,
    /// The sub-item of the standard, for example `6.1.3 d`.
    pub sub_item: String,
    pub documented: Documented,
    pub text: String,
    pub typical_evidence: String,
    pub evidence_type: super::DocumentType,
    /// Name of a freshness class, or empty if such evidence does not age.
    pub freshness: String,
}

/// A requirement or control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub id: TargetId,
    /// The official short title.
    pub title: String,
    pub kind: TargetKind,
    pub framework: FrameworkId,
    pub level: Level,
    pub theme: String,
    pub description: String,
    pub guidance: String,
    /// Clauses of the same framework that a control serves.
    pub serves: Vec<TargetId>,
    /// Document types that are this target's own object, where they would be talk for others.
    pub object_of: Vec<String>,
    pub terms: Vec<String>,
    pub negative_terms: Vec<String>,
    pub exemplars: Vec<String>,
    pub points: Vec<Point>,
}

/// How a common control relates to a target; the relation reads `common control REL target`
/// (NIST IR 8477 set-theory terms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    Equal,
    Subset,
    Superset,
    Intersects,
}

impl Relation {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Subset => "subset",
            Self::Superset => "superset",
            Self::Intersects => "intersects",
        }
    }
}

/// A typed link from a common control to a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub target: TargetId,
    pub relation: Relation,
    pub rationale: String,
}

/// A reusable control that belongs to no standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonControl {
    pub id: String,
    pub title: String,
    pub purpose: String,
    pub accountable: String,
    pub scope: String,
    pub level: Level,
    pub components: Vec<String>,
    pub guidance: String,
    pub links: Vec<Link>,
}

/// Through which glasses a risk is usually seen. A risk that concerns both standards is one risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lens {
    InformationSecurity,
    Ai,
    Both,
}

impl Lens {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InformationSecurity => "information-security",
            Self::Ai => "ai",
            Self::Both => "both",
        }
    }
}

/// Who bears the consequence of a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Affected {
    Organisation,
    Individuals,
    Groups,
    Society,
}

impl Affected {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Individuals => "individuals",
            Self::Groups => "groups",
            Self::Society => "society",
        }
    }
}

/// A risk of the library, in general terms: what a row of the risk register may start from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    pub id: String,
    pub title: String,
    pub lens: Lens,
    /// Kinds of asset that it endangers.
    pub assets: Vec<String>,
    pub cause: String,
    /// What it means for those who bear it; empty if nothing is worth naming.
    pub consequence_organisation: String,
    pub consequence_individuals: String,
    pub consequence_society: String,
    pub affected: Vec<Affected>,
    /// Ids of common controls that treat it.
    pub common_controls: Vec<String>,
}
