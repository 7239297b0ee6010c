//! Assets, impact assessments and what of the risk register hangs on them, as registers state it. What
//! a register states is somebody's statement; accepted evidence is something else and stands apart.

use super::{ByLanguage, Date, TargetId};

/// Targets of ISO/IEC 42001 whose accepted evidence shows that a system's impacts were assessed.
/// How to assess them (6.1.4, A.5.2) is no assessment.
pub const IMPACT_ASSESSMENT: [&str; 4] =
    ["ISO42001:8.4", "ISO42001:A.5.3", "ISO42001:A.5.4", "ISO42001:A.5.5"];

/// Bands of a risk's level, the lowest first, as `level_band` of risks.csv has them.
pub const RISK_BANDS: [&str; 4] = ["low", "medium", "high", "critical"];

/// The kind of an asset that is an AI system.
pub const AI_SYSTEM: &str = "ai-system";

/// A row of `assets.csv`, as it stands there; blank where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asset {
    pub key: String,
    pub id: String,
    pub name: String,
    /// `information`, `application`, `hardware`, `service`, `site`, `people`, `ai-system`, `other`.
    pub kind: String,
    /// Words for which it is likely an AI system, though the inventory does not say so.
    pub likely_ai_system: String,
    pub description: String,
    pub owner: String,
    pub classification: String,
    pub confidentiality: String,
    pub integrity: String,
    pub availability: String,
    pub location: String,
    pub provider: String,
    /// Id of a system of evimap.toml.
    pub system: String,
    pub roles: String,
    pub status: String,
    pub checked_on: String,
    pub source: String,
    pub source_row: String,
}

impl Asset {
    /// How a list names it.
    pub fn label(&self) -> String {
        label(&self.id, &self.name)
    }

    /// Whether its inventory says that it is no longer, or never was, in use.
    pub fn is_retired(&self) -> bool {
        const OVER: ByLanguage<&str> = ByLanguage {
            en: "retired|decommissioned|disposed|refused|rejected|withdrawn|discontinued|out of use|not in use|closed",
            de: "stillgelegt|ausgemustert|abgelehnt|außer betrieb|entsorgt|abgeschaltet",
            fr: "retiré|mis hors service|hors service|refusé|rejeté|abandonné|arrêté|décommissionné|éliminé",
            es: "retirado|fuera de servicio|rechazado|dado de baja|desechado|descartado|fuera de uso",
            it: "dismesso|ritirato|fuori servizio|respinto|rifiutato|fuori uso|non in uso",
            pt: "retirado|fora de serviço|rejeitado|recusado|desativado|descontinuado|abatido|fora de uso",
            nl: "buiten gebruik|buiten dienst|afgewezen|geweigerd|uitgefaseerd|afgevoerd|niet in gebruik",
        };
        let status = super::plain_words(&self.status);
        OVER.listed().any(|word| {
            status.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    }
}

fn label(id: &str, name: &str) -> String {
    match (id, name) {
        ("", name) => name.to_owned(),
        (id, "") => id.to_owned(),
        (id, name) => format!("{name} ({id})"),
    }
}

/// Whether an impact assessment was done, as its register says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Done {
    Yes,
    Planned,
    No,
    #[default]
    Unsaid,
}

/// A row of `impact-assessments.csv`; texts as they stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImpactAssessment {
    pub id: String,
    /// Id of a system of evimap.toml, or what the register calls it.
    pub system: String,
    pub done: Done,
    /// `date` as it stands there, and as a day where it is one.
    pub date: String,
    pub day: Option<Date>,
    pub trigger: String,
    pub affected: String,
    pub result: String,
    pub risk_ids: Vec<String>,
    pub document: String,
    pub owner: String,
    pub approved_by: String,
    pub approved_on: String,
    pub next_review: String,
    pub next_review_day: Option<Date>,
    pub comment: String,
    pub source: String,
    pub source_row: String,
}

impl ImpactAssessment {
    /// How a list names it.
    pub fn label(&self) -> String {
        label(&self.id, &self.system)
    }
}

/// What assets and impact assessments need to know of a risk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RiskFace {
    pub key: String,
    pub id: String,
    pub system: String,
    pub assets: String,
    pub level_band: String,
    pub open: bool,
}

impl RiskFace {
    /// The id that positions cite; the key where the register has none.
    pub fn name(&self) -> &str {
        if self.id.is_empty() { &self.key } else { &self.id }
    }
}

/// An asset and the risks that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetLine {
    /// With `system` filled in where evimap.toml has a system of that name.
    pub asset: Asset,
    /// Names of open risks that name it.
    pub risks: Vec<String>,
    /// The highest band of them; blank if none has one.
    pub highest: String,
    /// How many of them have no band.
    pub unrated: usize,
}

/// How a system's impact assessment stands, by the register alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    /// Done on a day up to today.
    Done,
    /// Said to be done, without a day.
    DoneUndated,
    /// Said to be done on a day to come.
    DoneAhead,
    /// A day or document is there, but not that it was done.
    NotSaid,
    Planned,
    NotDone,
    /// No row.
    Missing,
}

impl Stand {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done, as stated",
            Self::DoneUndated => "said to be done, no date",
            Self::DoneAhead => "said to be done on a day to come",
            Self::NotSaid => "not said whether it was done",
            Self::Planned => "planned",
            Self::NotDone => "not done, as stated",
            Self::Missing => "NO IMPACT ASSESSMENT ON RECORD",
        }
    }
}

/// Accepted evidence for one of the [`IMPACT_ASSESSMENT`] targets of a system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AcceptedImpact {
    pub target: TargetId,
    pub document: String,
}

/// A system's impact assessment, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactLine {
    /// Id, or what a register calls a system that is not declared.
    pub system: String,
    pub name: String,
    pub roles: Vec<String>,
    /// Whether evimap.toml declares it, as an AI system or not.
    pub declared: bool,
    pub ai: bool,
    /// The one that counts for the system; earlier and further ones follow it.
    pub current: bool,
    pub stand: Stand,
    /// `None` if there is no row for the system.
    pub assessment: Option<ImpactAssessment>,
    /// Its next review was before today.
    pub overdue: bool,
    /// Risks of the register that the assessment names; with the current one also those of the system.
    pub risks: Vec<String>,
    pub highest: String,
    /// Ids that the assessment names and the risk register does not have.
    pub unknown_risks: Vec<String>,
    /// Decisions of people, not statements of the register. With the current one only.
    pub accepted: Vec<AcceptedImpact>,
}

/// Assets and impact assessments with what hangs on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// In the order of `assets.csv`.
    pub assets: Vec<AssetLine>,
    /// Declared AI systems in their order, then other systems with a row; the current assessment of
    /// each first, the others behind it, the latest first.
    pub impacts: Vec<ImpactLine>,
}

impl Inventory {
    /// Declared AI systems, and those of them whose assessment is stated as done.
    pub fn systems_assessed(&self) -> (usize, usize) {
        let systems = self.impacts.iter().filter(|l| l.declared && l.ai && l.current);
        let done = systems.clone().filter(|l| l.stand == Stand::Done).count();
        (systems.count(), done)
    }
}
