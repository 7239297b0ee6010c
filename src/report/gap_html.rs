//! `gap-analysis.html`: one file without outside resources. Every foreign text passes the
//! template's escaping, and a content security policy lets no script run but ours.

use minijinja::{
    AutoEscape, Environment, UndefinedBehavior,
    value::{Serde, Value},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    documents,
    evidence_index::origin,
    gap_html_chart::{Chart, Heat},
    text::{self, join, plain},
    view::{MACHINE_VIEWS, Row, State, View, actions},
};
use crate::{
    diag::Severity,
    domain::{
        Applicability, Band, Conclusion, Evidence, ExtractStatus, ImplementationStatus, Level,
        MachineView, NearestMiss, PointId, Position, Proposal, ProvidedBy, Readiness, TargetId,
        Verdict,
    },
};

const TEMPLATE: &str = include_str!("templates/gap.html");
const LIGHT: &str = include_str!("templates/light.css");
const DARK: &str = include_str!("templates/dark.css");
const STYLE: &str = include_str!("templates/gap.css");
const SCRIPT: &str = include_str!("templates/gap.js");

/// Open proposals that a row shows; the rest is counted.
const PROPOSALS: usize = 5;
const EVIDENCE: usize = 30;
const DIAGNOSTICS: usize = 200;
/// UTF-16 units of a quote.
const QUOTE: usize = 1_200;
const LONG_QUOTE: usize = 6_000;

#[derive(Serialize)]
struct Page {
    organisation: String,
    as_of: String,
    policy: String,
    light: Value,
    dark: Value,
    style: Value,
    script: Value,
    review_state: String,
    nothing_reviewed: bool,
    disclaimer: &'static str,
    particulars: Vec<(&'static str, String)>,
    systems: Vec<String>,
    reading: Vec<(String, usize)>,
    states: Vec<Word>,
    machine_views: Vec<Word>,
    standards: Vec<StandardPart>,
    system_ids: Vec<String>,
    rows: Vec<RowPart>,
    actions: Vec<ActionPart>,
    readiness: Vec<ReadinessPart>,
    unread: Vec<Unread>,
    diagnostics: Vec<DiagnosticPart>,
    diagnostics_left: usize,
}

#[derive(Serialize)]
struct Word {
    slug: &'static str,
    label: &'static str,
    meaning: &'static str,
}

impl From<State> for Word {
    fn from(state: State) -> Self {
        Self { slug: state.slug(), label: state.label(), meaning: state.meaning() }
    }
}

impl From<MachineView> for Word {
    fn from(view: MachineView) -> Self {
        let label = match view {
            MachineView::LikelyEvidence => "likely evidence",
            MachineView::Unsure => "unsure",
            MachineView::LikelyGap => "likely gap",
        };
        Self { slug: view.as_str(), label, meaning: text::machine_meaning(view) }
    }
}

#[derive(Serialize)]
struct StandardPart {
    id: String,
    name: String,
    scope: String,
    reviewed: String,
    groups: Vec<String>,
    chart: Chart,
    heat: Heat,
}

#[derive(Serialize)]
struct RowPart {
    anchor: String,
    target: String,
    framework: String,
    local: String,
    title: String,
    theme: String,
    level: &'static str,
    system: String,
    state: Word,
    reasons: String,
    note: String,
    covered: usize,
    points: Vec<PointPart>,
    evidence: Vec<EvidencePart>,
    evidence_total: usize,
    position: Vec<(&'static str, String)>,
    owner: String,
    machine: Word,
    probability: String,
    pending: u32,
    possible: usize,
    rejected: u32,
    proposals: Vec<ProposalPart>,
    proposals_left: usize,
    miss: Option<MissPart>,
    /// Targets of the other standard that a published pairing names.
    related: Vec<(String, String)>,
}

#[derive(Serialize)]
struct PointPart {
    short: String,
    kind: &'static str,
    sub_item: String,
    text: String,
    covered: bool,
}

#[derive(Serialize)]
struct EvidencePart {
    quote: String,
    document: String,
    place: String,
    kind: &'static str,
    document_type: &'static str,
    date: String,
    fresh_until: String,
    who: String,
    on: String,
    origin: &'static str,
    points: String,
    caveats: Vec<&'static str>,
    comment: String,
}

#[derive(Serialize)]
struct ProposalPart {
    quote: String,
    document: String,
    place: String,
    confidence: String,
    band: &'static str,
    kind: &'static str,
    points: String,
    reasons: String,
    deferred: bool,
}

#[derive(Serialize)]
struct MissPart {
    quote: String,
    document: String,
    place: String,
    why: String,
}

#[derive(Serialize)]
struct ActionPart {
    priority: u32,
    kind: String,
    targets: Vec<(String, String)>,
    system: String,
    text: String,
    owner: String,
    due: String,
    status: &'static str,
}

#[derive(Serialize)]
struct ReadinessPart {
    framework: String,
    stage: u8,
    theme: String,
    subject: String,
    state: &'static str,
    accepted: String,
    records: String,
    machine: String,
}

impl From<&Readiness> for ReadinessPart {
    fn from(r: &Readiness) -> Self {
        let records = match (r.first, r.last) {
            (Some(first), Some(last)) => format!("{first} to {last}, {} days", r.days),
            _ => String::new(),
        };
        Self {
            framework: r.framework.clone(),
            stage: r.stage,
            theme: r.theme.clone(),
            subject: r.subject.clone(),
            state: r.state.as_str(),
            accepted: format!("{} of {}", r.accepted, r.points),
            records,
            machine: format!(
                "{} / {} / {} / {}",
                r.likely_evidence, r.unsure, r.likely_gap, r.pending
            ),
        }
    }
}

#[derive(Serialize)]
struct Unread {
    document: String,
    status: &'static str,
    why: String,
}

#[derive(Serialize)]
struct DiagnosticPart {
    severity: &'static str,
    code: String,
    place: String,
    message: String,
    help: String,
}

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template("gap.html", TEMPLATE).map_err(explain)?;
    let template = environment.get_template("gap.html").map_err(explain)?;
    let html = template.render(Serde(page(view))).map_err(explain)?;
    // Escaping keeps what can't be seen or reorders; on the whole page nothing is missed.
    Ok(plain(&html).into_owned().into_bytes())
}

fn explain(error: minijinja::Error) -> String {
    format!("{error:#}")
}

/// Lets nothing load and no script run but the one whose hash stands here.
fn policy() -> String {
    let hash = data_encoding::BASE64.encode(&Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; \
         img-src data:; base-uri 'none'; form-action 'none'"
    )
}

fn page(view: &View<'_>) -> Page {
    let report = view.report;
    let mut system_ids: Vec<String> =
        view.rows.iter().filter_map(|row| row.assessment.system.clone()).collect();
    system_ids.sort();
    system_ids.dedup();
    Page {
        organisation: shown(&report.organisation, 200),
        as_of: report.as_of.to_string(),
        policy: policy(),
        light: Value::from_safe_string(LIGHT.to_owned()),
        dark: Value::from_safe_string(DARK.to_owned()),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        review_state: view.review_state(),
        nothing_reviewed: view.nothing_reviewed(),
        disclaimer: super::DISCLAIMER,
        particulars: view.particulars(),
        systems: view.systems(),
        reading: view.reading(),
        states: State::ALL.map(Word::from).into(),
        machine_views: MACHINE_VIEWS.map(Word::from).into(),
        standards: view
            .standards
            .iter()
            .map(|standard| StandardPart {
                id: standard.id.clone(),
                name: standard.name.clone(),
                scope: shown(&view.scope(&standard.id), 4_000),
                reviewed: standard.share.sentence(),
                groups: standard.groups.iter().map(|group| group.theme.clone()).collect(),
                chart: Chart::of(&standard.tally, &standard.groups),
                heat: Heat::of(&standard.groups),
            })
            .collect(),
        system_ids,
        rows: view.rows.iter().map(|row| row_part(view, row)).collect(),
        actions: actions(report)
            .into_iter()
            .map(|action| ActionPart {
                priority: action.priority,
                kind: action.kind.clone(),
                targets: action.targets.iter().map(link).collect(),
                system: action.system.clone().unwrap_or_default(),
                text: shown(&action.text, QUOTE),
                owner: shown(&action.owner, 200),
                due: day(action.due),
                status: action.status.as_str(),
            })
            .collect(),
        readiness: report.readiness.iter().map(Into::into).collect(),
        unread: documents::sorted(&report.documents)
            .into_iter()
            .filter(|row| row.status != ExtractStatus::Ok)
            .map(|row| Unread {
                document: shown(&row.path, 500),
                status: row.status.as_str(),
                why: shown(&row.why, 500),
            })
            .collect(),
        diagnostics: report
            .diagnostics
            .iter()
            .take(DIAGNOSTICS)
            .map(|diagnostic| DiagnosticPart {
                severity: match diagnostic.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                },
                code: diagnostic.code.clone(),
                place: shown(&diagnostic.place(), 500),
                message: shown(&diagnostic.message, QUOTE),
                help: shown(diagnostic.help.as_deref().unwrap_or_default(), QUOTE),
            })
            .collect(),
        diagnostics_left: report.diagnostics.len().saturating_sub(DIAGNOSTICS),
    }
}

fn shown(value: &str, limit: usize) -> String {
    text::cut(value, limit, text::CUT).into_owned()
}

fn day(date: Option<crate::domain::Date>) -> String {
    super::write::date(date)
}

/// The id of a row's element; a target with several rows adds the system.
fn anchor(target: &TargetId, system: Option<&str>) -> String {
    let base = target.as_str().replace(':', "-");
    system.map_or_else(|| base.clone(), |system| format!("{base}--{system}"))
}

/// A target's id and the address of its first row on the page. The script finds a row per system
/// by its beginning.
fn link(target: &TargetId) -> (String, String) {
    (target.to_string(), anchor(target, None))
}

fn row_part(view: &View<'_>, row: &Row<'_>) -> RowPart {
    let a = row.assessment;
    let position = a.position.as_ref();
    RowPart {
        anchor: anchor(&a.target, a.system.as_deref()),
        target: a.target.to_string(),
        framework: a.framework.clone(),
        local: a.target.local().to_owned(),
        title: shown(&a.title, 500),
        theme: a.theme.clone(),
        level: a.level.as_str(),
        system: match (&a.system, a.level) {
            (Some(system), _) => system.clone(),
            (None, Level::Application) => "no system declared".to_owned(),
            (None, _) => String::new(),
        },
        state: row.state.into(),
        reasons: row.reasons(),
        note: shown(&a.coverage_note, QUOTE),
        covered: row.points().0,
        points: a
            .points
            .iter()
            .map(|point| PointPart {
                short: point.point.short().to_owned(),
                kind: point.kind.as_str(),
                sub_item: point.sub_item.clone(),
                text: shown(&point.text, QUOTE),
                covered: point.covered,
            })
            .collect(),
        evidence: a.evidence.iter().take(EVIDENCE).map(evidence_part).collect(),
        evidence_total: a.evidence.len(),
        position: position.map(position_part).unwrap_or_default(),
        owner: position.map(|p| shown(&p.owner, 120)).unwrap_or_default(),
        machine: a.view.machine_view.into(),
        probability: format!("{:.2}", a.view.evidence_probability),
        pending: a.pending,
        possible: row.possible(),
        rejected: a.rejected,
        proposals: row.open.iter().take(PROPOSALS).map(|p| proposal_part(view, p)).collect(),
        proposals_left: row.open.len().saturating_sub(PROPOSALS),
        miss: a.view.nearest_miss.as_ref().map(miss_part),
        related: view.report.catalog.counterparts(&a.target).iter().map(link).collect(),
    }
}

fn evidence_part(e: &Evidence) -> EvidencePart {
    EvidencePart {
        quote: shown(e.quote.trim(), LONG_QUOTE),
        document: shown(&e.document, 500),
        place: shown(&text::place(e.locator.as_ref()), 500),
        kind: e.evidence_kind.as_str(),
        document_type: e.evidence_type.as_str(),
        date: e.date.map_or_else(|| "undated".to_owned(), |date| date.to_string()),
        fresh_until: day(e.fresh_until),
        who: shown(&e.decided_by, 120),
        on: e.decided_on.to_string(),
        origin: origin(e.origin),
        points: join(e.points.iter().map(PointId::short), ", "),
        caveats: text::caveats(e),
        comment: shown(&e.comment, QUOTE),
    }
}

fn proposal_part(view: &View<'_>, p: &Proposal) -> ProposalPart {
    ProposalPart {
        quote: text::cut(p.quote.trim(), QUOTE, text::CUT_PROPOSAL).into_owned(),
        document: shown(&p.document, 500),
        place: shown(&p.locator.to_string(), 500),
        confidence: format!("{:.2}", p.confidence),
        band: Band::as_str(p.band),
        kind: p.evidence_kind.as_str(),
        points: join(p.points.iter().map(PointId::short), ", "),
        reasons: shown(&p.reasons.join("; "), QUOTE),
        deferred: view.report.verdicts.get(&p.id) == Some(&Verdict::Defer),
    }
}

fn miss_part(miss: &NearestMiss) -> MissPart {
    MissPart {
        quote: text::cut(miss.quote.trim(), QUOTE, text::CUT_MISS).into_owned(),
        document: shown(&miss.document, 500),
        place: shown(&miss.locator.to_string(), 500),
        why: shown(&miss.why, QUOTE),
    }
}

/// What a person stated, without what is blank.
fn position_part(p: &Position) -> Vec<(&'static str, String)> {
    let reasons = join(
        p.inclusion_reasons
            .iter()
            .map(|r| r.as_str())
            .chain(p.exclusion_reasons.iter().map(|r| r.as_str())),
        "; ",
    );
    let words = [
        ("Applicability", p.applicability.map_or("", Applicability::as_str).to_owned()),
        ("Reasons", reasons),
        ("Justification", shown(&p.justification, QUOTE)),
        ("Risks", shown(&p.risk_ids.join("; "), QUOTE)),
        (
            "Implementation",
            p.implementation_status.map_or("", ImplementationStatus::as_str).to_owned(),
        ),
        ("Planned for", day(p.planned_for)),
        ("Provided by", p.provided_by.map_or("", ProvidedBy::as_str).to_owned()),
        ("Provider", shown(&p.provider, 200)),
        ("Conclusion", p.conclusion.map_or("", Conclusion::as_str).to_owned()),
        ("Override", p.override_coverage.map_or("", |c| c.as_str()).to_owned()),
        ("Override until", day(p.override_until)),
        ("Owner", shown(&p.owner, 200)),
        ("Due", day(p.due)),
        ("Decided by", shown(&p.decided_by, 200)),
        ("Decided on", day(p.decided_on)),
        ("Comment", shown(&p.comment, QUOTE)),
    ];
    words.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}
