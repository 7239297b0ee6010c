//! Decisions and Positions → Assessments, Statements of Applicability, actions, counts.
//!
//! Pure: no I/O, no clock; "today" comes in as [`Inputs::as_of`] and matters for freshness and for
//! the end of overrides only. Reviewed outputs stand on Decisions alone; Proposals and
//! [`TargetView`]s are carried along beside them and never change a Coverage.
//!
//! # Rows
//! One [`Assessment`] a target at organisation level; at application level one a system in scope
//! (ISO 42001: AI systems, otherwise all); at level `both` one for the organisation and one a
//! system. Without a system there is one row with `system: None`, and a diagnostic.
//! Evidence that names a system serves that system only. Evidence that names none serves every
//! row of an application-level target; at level `both` it serves the organisation, and its design
//! side the systems too: a rule of the house binds all, but that the house does something is no
//! record of a system doing it.
//!
//! # Coverage (the law is DESIGN §5; details in `coverage.rs`)
//! - Nothing decided: `not reviewed`. Rejections alone change nothing.
//! - `none` needs a person's conclusion (or a person's override that lowers to it).
//! - Accepted evidence: `full` or `partial`. `full` needs evidence on every point whose
//!   documentation is `required` or `usual`, of the point's own kind, that stands, is not stale and
//!   comes from a document in force; and on one operation point at least.
//! - A person's conclusion and provider rules may cap at `partial`; an override may lower, never
//!   raise (a raised value is noted as an assertion and counted apart).
//!
//! # Order of actions
//! See the table in `actions.rs`.

mod actions;
mod audit;
mod change;
mod changes;
mod coverage;
mod evidence;
mod findings;
mod inventory;
mod loose;
mod questions;
mod readiness;
mod reuse;
mod review_pack;
mod rewritten;
mod risks;
mod rollup;
mod rows;
mod settle;
mod shared;
mod soa;
mod statements;
mod summary;
#[cfg(test)]
mod testkit;

use std::collections::BTreeMap;

pub use actions::{ActionCounts, action_counts, actions, stated};
pub use audit::{AssumedStage2, programme, stated_programme, to_keep};
pub use change::basis;
pub use changes::soa_changes;
pub use findings::without_impact_assessment;
pub use inventory::{Registers, inventory};
pub use questions::questions;
pub use readiness::readiness;
pub use reuse::reuse_rate;
pub use review_pack::review_pack;
pub use risks::{RegisterInputs, register_diagnostics, register_findings, risks};
pub use rollup::roll_up;
pub use settle::in_force;
pub use soa::soa;
pub use summary::{Counts, FrameworkSummary, SoaCounts, Summary, ThemeSummary, summary};

use crate::{
    catalog::Catalog,
    config::Config,
    diag::Diagnostic,
    domain::{
        Assessment, Date, Decision, DocumentProfile, Passage, Position, Proposal, RiskRegister,
        TargetView,
    },
};

/// Everything that an assessment stands on.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    pub catalog: &'a Catalog,
    pub config: &'a Config,
    /// The whole ledger in order; per proposal id and target what people's last words add up to
    /// counts (`settle.rs`).
    pub decisions: &'a [Decision],
    /// The whole ledger in order; the latest per target and system counts.
    pub positions: &'a [Position],
    /// The current ranking: shown as pending, never part of a Coverage.
    pub proposals: &'a [Proposal],
    pub views: &'a [TargetView],
    /// What the current run knows of each document, by its path. A document that is not here is
    /// gone.
    pub documents: &'a BTreeMap<String, DocumentState>,
    /// Of all documents, in any order: what stands where a quote stood.
    pub passages: &'a [Passage],
    /// `review/risks.csv` as it was read.
    pub register: &'a RiskRegister,
    /// "Today".
    pub as_of: Date,
}

/// A document as the current run sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentState {
    /// SHA-256 of the content.
    pub hash: String,
    pub profile: DocumentProfile,
    /// [`letters_and_digits`](crate::domain::letters_and_digits) of the whole text, headers,
    /// footers, notes and comments last and apart, since they break into a text where its pages
    /// end; empty if there is none.
    pub text_key: String,
}

/// Assessments in catalogue order (the organisation's row before the systems', those as declared),
/// and what deserves a look.
#[derive(Debug, Clone, Default)]
pub struct Assessed {
    pub assessments: Vec<Assessment>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Assesses every target of the catalogue.
pub fn assess(inputs: &Inputs<'_>) -> Assessed {
    let ledger = rows::Ledger::read(inputs);
    let held = evidence::hold(inputs, &ledger);
    let rows = rows::rows(inputs, &ledger, &held);
    let weighed: Vec<_> = rows.iter().map(|row| coverage::weigh(row, inputs)).collect();
    let diagnostics = findings::findings(inputs, &ledger, &held, &rows, &weighed);
    let assessments = rows
        .iter()
        .zip(weighed)
        .map(|(row, weighed)| row.assessment(inputs, &ledger, weighed))
        .collect();
    Assessed { assessments, diagnostics }
}
