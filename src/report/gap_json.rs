//! `gap-analysis.json`: the same rows for programs. The keys of a target and of its evidence that
//! come first are a contract; further keys follow them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    documents,
    evidence_index::origin,
    view::{MACHINE_VIEWS, Row, State, Tally, View},
};
use crate::{
    diag::Diagnostic,
    domain::{
        Action, Applicability, Conclusion, Coverage, CoverageReason, Date, ExclusionReason,
        ImplementationStatus, InclusionReason, Locator, NearestMiss, PointCoverage, Position,
        ProvidedBy, Readiness, ReuseRate, TargetId, Unsettled,
    },
};

#[derive(Serialize)]
struct File<'a> {
    schema_version: u32,
    organisation: &'a str,
    as_of: Date,
    program_version: &'a str,
    catalog_version: &'a str,
    ledger_head: Option<&'a str>,
    review_state: String,
    disclaimer: &'a str,
    /// The report's own label.
    classification: &'a str,
    scope: &'a BTreeMap<String, String>,
    systems: Vec<SystemRow<'a>>,
    counts: Counts,
    targets: Vec<Target<'a>>,
    actions: Vec<&'a Action>,
    readiness: &'a [Readiness],
    reuse: &'a ReuseRate,
    documents: Vec<Document<'a>>,
    diagnostics: &'a [Diagnostic],
}

#[derive(Serialize)]
struct SystemRow<'a> {
    id: &'a str,
    name: &'a str,
    ai: bool,
    roles: &'a [String],
}

#[derive(Serialize)]
struct Counts {
    targets: usize,
    targets_reviewed: usize,
    #[serde(flatten)]
    all: Count,
    frameworks: BTreeMap<String, FrameworkCount>,
    documents: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct FrameworkCount {
    targets: usize,
    targets_reviewed: usize,
    #[serde(flatten)]
    all: Count,
    groups: Vec<GroupCount>,
}

#[derive(Serialize)]
struct GroupCount {
    theme: String,
    #[serde(flatten)]
    all: Count,
}

/// Counts of rows.
#[derive(Serialize)]
struct Count {
    rows: usize,
    coverage: BTreeMap<&'static str, usize>,
    machine_view: BTreeMap<&'static str, usize>,
    evidence: usize,
    evidence_to_reconfirm: usize,
    evidence_accepted_in_blocks: usize,
    unsettled: usize,
    pending: usize,
}

impl From<&Tally> for Count {
    fn from(tally: &Tally) -> Self {
        Self {
            rows: tally.rows,
            coverage: State::ALL.map(|state| (state.label(), tally.state(state))).into(),
            machine_view: MACHINE_VIEWS.map(|view| (view.as_str(), tally.machine(view))).into(),
            evidence: tally.evidence,
            evidence_to_reconfirm: tally.reconfirm,
            evidence_accepted_in_blocks: tally.in_block,
            unsettled: tally.unsettled,
            pending: tally.pending,
        }
    }
}

#[derive(Serialize)]
struct Target<'a> {
    target: &'a TargetId,
    title: &'a str,
    framework: &'a str,
    kind: &'static str,
    level: &'static str,
    system: Option<&'a str>,
    coverage: &'static str,
    coverage_reasons: Vec<&'a str>,
    machine_view: &'static str,
    evidence_probability: f32,
    points: &'a [PointCoverage],
    evidence: Vec<EvidenceRow<'a>>,
    pending: u32,
    nearest_miss: Option<&'a NearestMiss>,
    position: Option<PositionRow<'a>>,
    theme: &'a str,
    coverage_note: &'a str,
    rejected: u32,
    unsettled: &'a [Unsettled],
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    proposal_id: &'a str,
    document: &'a str,
    locator: Option<&'a Locator>,
    quote: &'a str,
    evidence_kind: &'static str,
    date: Option<Date>,
    decided_by: &'a str,
    decided_on: Date,
    points: Vec<&'a str>,
    document_hash: &'a str,
    document_status: &'static str,
    evidence_type: &'static str,
    fresh_until: Option<Date>,
    stale: bool,
    lost: bool,
    reconfirm: Option<&'a str>,
    block: u32,
    origin: &'static str,
    verifiable: bool,
    comment: &'a str,
    /// The label of its document; empty if it bears none.
    classification: &'a str,
}

/// The words are those of positions.csv.
#[derive(Serialize)]
struct PositionRow<'a> {
    applicability: Option<&'static str>,
    inclusion_reasons: Vec<&'static str>,
    exclusion_reasons: Vec<&'static str>,
    justification: &'a str,
    risk_ids: &'a [String],
    implementation_status: Option<&'static str>,
    planned_for: Option<Date>,
    provided_by: Option<&'static str>,
    provider: &'a str,
    owner: &'a str,
    due: Option<Date>,
    conclusion: Option<&'static str>,
    #[serde(rename = "override")]
    override_coverage: Option<&'static str>,
    override_until: Option<Date>,
    decided_by: &'a str,
    decided_on: Option<Date>,
    comment: &'a str,
}

impl<'a> From<&'a Position> for PositionRow<'a> {
    fn from(p: &'a Position) -> Self {
        Self {
            applicability: p.applicability.map(Applicability::as_str),
            inclusion_reasons: p
                .inclusion_reasons
                .iter()
                .map(|r| InclusionReason::as_str(*r))
                .collect(),
            exclusion_reasons: p
                .exclusion_reasons
                .iter()
                .map(|r| ExclusionReason::as_str(*r))
                .collect(),
            justification: &p.justification,
            risk_ids: &p.risk_ids,
            implementation_status: p.implementation_status.map(ImplementationStatus::as_str),
            planned_for: p.planned_for,
            provided_by: p.provided_by.map(ProvidedBy::as_str),
            provider: &p.provider,
            owner: &p.owner,
            due: p.due,
            conclusion: p.conclusion.map(Conclusion::as_str),
            override_coverage: p.override_coverage.map(Coverage::as_str),
            override_until: p.override_until,
            decided_by: &p.decided_by,
            decided_on: p.decided_on,
            comment: &p.comment,
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    document: &'a str,
    hash: &'a str,
    status: &'static str,
    why: &'a str,
    passages: u32,
}

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let report = view.report;
    let file = File {
        schema_version: 1,
        organisation: &report.organisation,
        as_of: report.as_of,
        program_version: &report.program_version,
        catalog_version: &report.catalog_version,
        ledger_head: report.ledger_head.as_deref(),
        review_state: view.review_state(),
        disclaimer: super::DISCLAIMER,
        classification: &report.classification,
        scope: &report.scope,
        systems: report
            .systems
            .iter()
            .map(|s| SystemRow { id: &s.id, name: &s.name, ai: s.ai, roles: &s.roles })
            .collect(),
        counts: counts(view),
        targets: view.rows.iter().map(|row| target(view, row)).collect(),
        actions: super::view::actions(report),
        readiness: &report.readiness,
        reuse: &report.reuse,
        documents: documents::sorted(&report.documents)
            .into_iter()
            .map(|row| Document {
                document: &row.path,
                hash: &row.hash,
                status: row.status.as_str(),
                why: &row.why,
                passages: row.passages,
            })
            .collect(),
        diagnostics: &report.diagnostics,
    };
    let mut bytes = serde_json::to_vec_pretty(&file).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn counts(view: &View<'_>) -> Counts {
    let mut documents = BTreeMap::new();
    for row in &view.report.documents {
        *documents.entry(row.status.as_str()).or_insert(0) += 1;
    }
    let framework = |standard: &super::view::Standard| FrameworkCount {
        targets: standard.share.targets,
        targets_reviewed: standard.share.reviewed,
        all: (&standard.tally).into(),
        groups: standard
            .groups
            .iter()
            .map(|group| GroupCount { theme: group.theme.clone(), all: (&group.tally).into() })
            .collect(),
    };
    Counts {
        targets: view.share.targets,
        targets_reviewed: view.share.reviewed,
        all: (&view.tally).into(),
        frameworks: view.standards.iter().map(|s| (s.id.clone(), framework(s))).collect(),
        documents,
    }
}

fn target<'a>(view: &View<'a>, row: &Row<'a>) -> Target<'a> {
    let a = row.assessment;
    Target {
        target: &a.target,
        title: &a.title,
        framework: &a.framework,
        kind: a.kind.as_str(),
        level: a.level.as_str(),
        system: a.system.as_deref(),
        coverage: a.coverage.as_str(),
        coverage_reasons: a.coverage_reasons.iter().map(CoverageReason::as_str).collect(),
        machine_view: a.view.machine_view.as_str(),
        evidence_probability: a.view.evidence_probability,
        points: &a.points,
        evidence: a
            .evidence
            .iter()
            .map(|e| EvidenceRow {
                proposal_id: e.proposal_id.as_str(),
                document: &e.document,
                locator: e.locator.as_ref(),
                quote: &e.quote,
                evidence_kind: e.evidence_kind.as_str(),
                date: e.date,
                decided_by: &e.decided_by,
                decided_on: e.decided_on,
                points: e.points.iter().map(|p| p.as_str()).collect(),
                document_hash: &e.document_hash,
                document_status: e.document_status.as_str(),
                evidence_type: e.evidence_type.as_str(),
                fresh_until: e.fresh_until,
                stale: e.stale,
                lost: e.lost,
                reconfirm: e.reconfirm.as_deref(),
                block: e.block,
                origin: origin(e.origin),
                verifiable: e.verifiable,
                comment: &e.comment,
                classification: view.label_of(&e.document),
            })
            .collect(),
        pending: a.pending,
        nearest_miss: a.view.nearest_miss.as_ref(),
        position: a.position.as_ref().map(Into::into),
        theme: &a.theme,
        coverage_note: &a.coverage_note,
        rejected: a.rejected,
        unsettled: &a.unsettled,
    }
}
