//! The integrated risk register: rows as people keep them, and what stands beside them in a report.

use serde::{Deserialize, Serialize};

use super::{ActionStatus, Applicability, Coverage, CoverageReason, Date, FrameworkId, TargetId};
use crate::diag::Diagnostic;

/// What is done about a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RiskOption {
    /// Reduced by controls.
    Modify,
    /// Accepted as it is.
    Retain,
    /// With an insurer or a supplier.
    Share,
    Avoid,
}

impl RiskOption {
    pub const ALL: [Self; 4] = [Self::Modify, Self::Retain, Self::Share, Self::Avoid];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Modify => "modify",
            Self::Retain => "retain",
            Self::Share => "share",
            Self::Avoid => "avoid",
        }
    }
}

/// The level of a risk, one of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RiskBand {
    Low,
    Medium,
    High,
    Critical,
}

impl RiskBand {
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The band of a part of the largest level: up to a fifth low, two fifths medium, three fifths
    /// high, above critical. For five steps of likelihood and impact, `most` is 25.
    pub fn of(level: u32, most: u32) -> Self {
        match 5 * level {
            share if share <= most => Self::Low,
            share if share <= 2 * most => Self::Medium,
            share if share <= 3 * most => Self::High,
            _ => Self::Critical,
        }
    }
}

/// A row of `review/risks.csv`. Texts are as they stand there; what could be read of them stands
/// beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisteredRisk {
    /// File and id; blank for a row added by hand.
    pub key: String,
    pub id: String,
    pub title: String,
    pub description: String,
    pub standards: Vec<FrameworkId>,
    pub system: String,
    pub assets: String,
    pub cause: String,
    pub consequence_organisation: String,
    pub consequence_individuals: String,
    pub consequence_society: String,
    pub likelihood: String,
    pub impact: String,
    pub level: String,
    /// 1 to 5.
    pub likelihood_of_5: Option<u32>,
    pub impact_of_5: Option<u32>,
    pub band: Option<RiskBand>,
    pub scale: String,
    pub treatment: String,
    pub option: Option<RiskOption>,
    pub controls: Vec<TargetId>,
    /// What stands among the controls and is no id.
    pub not_ids: Vec<String>,
    pub controls_as_written: String,
    pub residual: String,
    pub owner: String,
    pub accepted_by: String,
    pub accepted_on: String,
    pub accepted_day: Option<Date>,
    pub status: String,
    pub closed: bool,
    pub next_review: String,
    pub review_day: Option<Date>,
    pub same_as: Vec<String>,
    pub likely_same_as: Vec<String>,
    pub source: String,
    pub source_row: String,
    /// Row in `review/risks.csv`, the header is 1.
    pub row: u32,
}

impl RegisteredRisk {
    /// Whether there is a residual risk that somebody has to accept.
    pub fn is_to_be_accepted(&self) -> bool {
        !self.residual.is_empty() || self.option == Some(RiskOption::Retain)
    }

    /// What the register says of the acceptance of the residual risk.
    pub fn acceptance(&self) -> Acceptance {
        if self.accepted_by.is_empty() {
            return if self.is_to_be_accepted() { Acceptance::Missing } else { Acceptance::Open };
        }
        let day = self.accepted_day.map_or_else(|| self.accepted_on.clone(), |d| d.to_string());
        Acceptance::By { who: self.accepted_by.clone(), day }
    }

    /// The treatment as written, with the option that it was read as.
    pub fn treatment(&self) -> Treatment {
        Treatment { written: self.treatment.clone(), option: self.option }
    }

    /// Likelihood times impact of five steps each, 1 to 25.
    pub fn product(&self) -> Option<u32> {
        Some(self.likelihood_of_5? * self.impact_of_5?)
    }
}

/// A treatment in the words of the register, empty if there are none, and the option that they were read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    pub written: String,
    pub option: Option<RiskOption>,
}

/// Whether somebody accepted a residual risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Acceptance {
    /// There is a residual risk, and nobody accepted it.
    Missing,
    /// Neither a residual risk nor an acceptance is stated.
    Open,
    /// A day as the register writes it if it is none that can be read; empty without one.
    By { who: String, day: String },
}

/// Whether there is a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegisterState {
    #[default]
    Missing,
    /// It is there and has faults.
    Unreadable,
    Read,
}

impl RegisterState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Read => "read",
        }
    }
}

/// `review/risks.csv` as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RiskRegister {
    pub state: RegisterState,
    /// In the order of the file; none unless it was read.
    pub risks: Vec<RegisteredRisk>,
    /// Why it could not be read.
    pub faults: Vec<Diagnostic>,
}

impl RiskRegister {
    pub fn is_read(&self) -> bool {
        self.state == RegisterState::Read
    }
}

/// Who says that a control treats a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedBy {
    Register,
    /// `risk_ids` of a position; the register does not name the control.
    Position,
    Both,
}

impl NamedBy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Position => "position only",
            Self::Both => "register and position",
        }
    }
}

/// A control that treats a risk, with what people stated and accepted on it.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskControl {
    pub target: TargetId,
    /// Empty if the catalogue does not know the target.
    pub title: String,
    /// Whether applicability can be decided; a clause always applies.
    pub is_control: bool,
    /// The system of the risk, if the control is assessed for it; else all rows of the control count.
    pub system: Option<String>,
    pub named_by: NamedBy,
    pub applicability: Option<Applicability>,
    /// Empty prints NOT DECIDED.
    pub implementation_status: String,
    pub planned_for: Option<Date>,
    /// From decisions alone.
    pub coverage: Coverage,
    pub coverage_reasons: Vec<CoverageReason>,
    /// Suggestions that nobody decided.
    pub pending: u32,
    pub owner: String,
    pub due: Option<Date>,
    /// Of review/actions.csv, those that are still to be done first.
    pub actions: Vec<RiskAction>,
    /// What is still open, in words.
    pub open: Vec<String>,
}

/// An action on a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskAction {
    pub id: String,
    pub kind: String,
    pub status: ActionStatus,
    pub owner: String,
    pub due: Option<Date>,
    pub overdue: bool,
}

/// A row of the register with what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskEntry {
    /// How it is called: its id, or its key where the id is not enough.
    pub name: String,
    pub risk: RegisteredRisk,
    /// Those of the register in its order, then those that positions add.
    pub controls: Vec<RiskControl>,
    /// What is still open, in a few words each.
    pub open: Vec<String>,
}

/// Something in the register that is open, or does not fit what people state elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskFinding {
    /// Names of the risks that it is about; none if it is about a control alone.
    pub risks: Vec<String>,
    pub diagnostic: Diagnostic,
    /// What all findings with this code have in common, for a list of names.
    pub heading: &'static str,
    /// A few words for the row of the risk.
    pub short: String,
    /// Who stands for the risk or the control; may be empty.
    pub owner: String,
    /// It is among the diagnostics of the assessment already.
    pub told: bool,
}

/// The register as reports show it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RiskReport {
    pub state: RegisterState,
    pub faults: Vec<Diagnostic>,
    /// In the order of the register.
    pub entries: Vec<RiskEntry>,
    pub findings: Vec<RiskFinding>,
    pub counts: RegisterCounts,
}

/// Counts of the register. Those below `closed` leave closed risks out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterCounts {
    pub register: RegisterState,
    pub risks: u32,
    pub closed: u32,
    /// To be reduced by controls: the rows of the treatment plan.
    pub to_modify: u32,
    pub treatment_not_decided: u32,
    pub without_control: u32,
    pub without_owner: u32,
    pub without_residual: u32,
    pub not_accepted: u32,
    pub review_overdue: u32,
    /// Controls that treat a risk and are excluded.
    pub excluded_controls: u32,
    /// Controls included because of risk, or for no reason, without a risk in the register.
    pub controls_without_risk: u32,
    /// Controls whose position names a risk that is not in the register, or not one only.
    pub unknown_ids: u32,
    /// Controls that the register names for a risk and their position does not.
    pub not_linked: u32,
    pub systems_without_impact_assessment: u32,
}

/// A risk that a position links to a control, as the register has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoaRisk {
    /// As the position writes it.
    pub id: String,
    pub register: Linked,
}

/// What the register says of a risk that is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Linked {
    Risk {
        treatment: Treatment,
        residual: String,
        acceptance: Acceptance,
    },
    Missing,
    /// Several risks have this id.
    Several,
}
