//! The vocabulary of evimap as types: no I/O, no clock, no dependency on any other module.
//!
//! Machine opinion ([`Proposal`], [`Judgement`], [`TargetView`]) and human verdict ([`Decision`],
//! [`Position`]) are separate types with no conversion between them; only `assess` sees both.

mod asked;
mod assessment;
mod date;
mod decision;
mod document;
mod heading;
mod ids;
mod inventory;
mod judgement;
mod language;
mod locator;
mod month;
mod passage;
mod planning;
mod profile;
mod proposal;
mod question;
mod risk;
mod soa_link;
mod target;
mod text;

pub use asked::ASKED;
pub use assessment::{
    Action, ActionStatus, ActionWork, Assessment, Coverage, CoverageReason, Effort, Evidence,
    PointCoverage, SoaChange, SoaChanges, SoaEntry, Statement, Unsettled,
};
pub use date::Date;
pub use decision::{
    Applicability, Basis, Conclusion, Decision, ExclusionReason, ImplementationStatus,
    InclusionReason, Origin, Position, Provenance, ProvidedBy, Verdict,
};
pub use document::{Block, BlockKind, ExtractStatus, Extracted, Marks, Properties};
pub use heading::HeadingPath;
pub use ids::{BadTargetId, FrameworkId, ISO27001, ISO42001, PointId, ProposalId, TargetId};
pub use inventory::{
    AI_SYSTEM, AcceptedImpact, Asset, AssetLine, Done, IMPACT_ASSESSMENT, ImpactAssessment,
    ImpactLine, Inventory, RISK_BANDS, RiskFace, Stand,
};
pub use judgement::{Judgement, PointOpinion, Stance, TargetJudgement, TargetStance};
pub use language::{ByLanguage, Language};
pub use locator::{Locator, LocatorError};
pub use month::{MONTHS, ORDINAL, month_names, month_of, ordinal};
pub use passage::{Part, Passage};
pub use planning::{
    Accepted, Audit, AuditProgramme, AuditSaid, PackItem, PackTopic, Planned, Readiness, ReuseRate,
    ReviewPack, owned_in_words,
};
pub use profile::{DocumentProfile, DocumentStatus, DocumentType, StatedInterval, Talk};
pub use proposal::{Band, Issued, MachineView, NearestMiss, Proposal, TargetView};
pub use question::{Cited, Question, QuestionKind};
pub use risk::{
    Acceptance, Linked, NamedBy, RegisterCounts, RegisterState, RegisteredRisk, RiskAction,
    RiskBand, RiskControl, RiskEntry, RiskFinding, RiskOption, RiskRegister, RiskReport, SoaRisk,
    Treatment,
};
pub use soa_link::SoaLink;
pub use target::{
    Affected, CommonControl, Documented, EvidenceKind, Lens, Level, Link, Point, Relation, Risk,
    Target, TargetKind,
};
pub use text::{
    escape_markdown, is_list_number, letters_and_digits, plain_words, same_name, squash_whitespace,
};
