//! `gap-analysis.html`: one file without outside resources. Every foreign text passes the
//! template's escaping, and a content security policy lets no script run but ours.

use minijinja::{
    AutoEscape, Environment, UndefinedBehavior,
    value::{Kwargs, Serde, Value},
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
use crate::words::{Arg, Words};
use crate::{
    diag::Severity,
    domain::{
        Applicability, Band, Conclusion, Evidence, ExtractStatus, ImplementationStatus, Level,
        MachineView, NearestMiss, Origin, PointId, Position, Proposal, ProvidedBy, Readiness,
        TargetId, Verdict,
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
    lang: &'static str,
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

impl Word {
    fn state(w: &'static Words, state: State) -> Self {
        Self { slug: state.slug(), label: state.said(w), meaning: state.meaning(w) }
    }

    fn machine(w: &'static Words, view: MachineView) -> Self {
        let (slug, meaning) = (view.as_str(), text::machine_meaning(w, view));
        Self { slug, label: w.word(slug), meaning }
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

impl ReadinessPart {
    fn of(w: &'static Words, r: &Readiness) -> Self {
        let records = match (r.first, r.last) {
            (Some(first), Some(last)) => {
                let (first, last) = (first.to_string(), last.to_string());
                let (first, last) = (Arg::Text(&first), Arg::Text(&last));
                let days = Arg::Number(r.days as usize);
                w.with("html-records", &[("first", first), ("last", last), ("days", days)])
            }
            _ => String::new(),
        };
        let put = [("n", (r.accepted as usize).into()), ("all", (r.points as usize).into())];
        Self {
            framework: r.framework.clone(),
            stage: r.stage,
            theme: r.theme.clone(),
            subject: r.subject.clone(),
            state: w.word(r.said()),
            accepted: w.with("n-of-all", &put),
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
    speak(&mut environment, view.words);
    environment.add_template("gap.html", TEMPLATE).map_err(explain)?;
    let template = environment.get_template("gap.html").map_err(explain)?;
    let html = template.render(Serde(page(view))).map_err(explain)?;
    // Escaping keeps what can't be seen or reorders; on the whole page nothing is missed.
    Ok(plain(&html).into_owned().into_bytes())
}

fn explain(error: minijinja::Error) -> String {
    format!("{error:#}")
}

/// Gives a template `t(id)`, and `t(id, name=value)` where something is put in: a number or a text.
pub(super) fn speak(environment: &mut Environment<'_>, words: &'static Words) {
    let say = move |id: &str, put: Kwargs| -> Result<String, minijinja::Error> {
        let mut texts: Vec<(&str, Result<usize, String>)> = Vec::new();
        for name in put.args() {
            let value: Value = put.get(name)?;
            let number = usize::try_from(value.clone()).map_err(|_| value.to_string());
            texts.push((name, number));
        }
        let args: Vec<(&str, Arg<'_>)> = texts
            .iter()
            .map(|(name, value)| match value {
                Ok(number) => (*name, Arg::Number(*number)),
                Err(text) => (*name, Arg::Text(text)),
            })
            .collect();
        Ok(words.with(id, &args))
    };
    environment.add_function("t", say);
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
    let (report, w) = (view.report, view.words);
    let mut system_ids: Vec<String> =
        view.rows.iter().filter_map(|row| row.assessment.system.clone()).collect();
    system_ids.sort();
    system_ids.dedup();
    Page {
        lang: w.language().as_str(),
        organisation: shown(w, &report.organisation, 200),
        as_of: report.as_of.to_string(),
        policy: policy(),
        light: Value::from_safe_string(LIGHT.to_owned()),
        dark: Value::from_safe_string(DARK.to_owned()),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        review_state: view.review_state(),
        nothing_reviewed: view.nothing_reviewed(),
        disclaimer: w.text("disclaimer"),
        particulars: view.particulars(),
        systems: view.systems(),
        reading: view.reading(),
        states: State::ALL.map(|state| Word::state(w, state)).into(),
        machine_views: MACHINE_VIEWS.map(|view| Word::machine(w, view)).into(),
        standards: view
            .standards
            .iter()
            .map(|standard| StandardPart {
                id: standard.id.clone(),
                name: standard.name.clone(),
                scope: shown(w, &view.scope(&standard.id), 4_000),
                reviewed: standard.share.sentence(w),
                groups: standard.groups.iter().map(|group| group.theme.clone()).collect(),
                chart: Chart::of(w, &standard.tally, &standard.groups),
                heat: Heat::of(w, &standard.groups),
            })
            .collect(),
        system_ids,
        rows: view.rows.iter().map(|row| row_part(view, row)).collect(),
        actions: actions(report)
            .into_iter()
            .map(|action| ActionPart {
                priority: action.priority,
                kind: w.word(&action.kind).to_owned(),
                targets: action.targets.iter().map(link).collect(),
                system: action.system.clone().unwrap_or_default(),
                text: shown(w, &action.text, QUOTE),
                owner: shown(w, &action.owner, 200),
                due: day(action.due),
                status: w.word(action.status.as_str()),
            })
            .collect(),
        readiness: report.readiness.iter().map(|r| ReadinessPart::of(w, r)).collect(),
        unread: documents::sorted(&report.documents)
            .into_iter()
            .filter(|row| row.status != ExtractStatus::Ok)
            .map(|row| Unread {
                document: shown(w, &row.path, 500),
                status: w.word(row.status.as_str()),
                why: shown(w, &row.why, 500),
            })
            .collect(),
        diagnostics: report
            .diagnostics
            .iter()
            .take(DIAGNOSTICS)
            .map(|diagnostic| DiagnosticPart {
                severity: w.word(match diagnostic.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                }),
                code: diagnostic.code.clone(),
                place: shown(w, &diagnostic.place(), 500),
                message: shown(w, &diagnostic.message, QUOTE),
                help: shown(w, diagnostic.help.as_deref().unwrap_or_default(), QUOTE),
            })
            .collect(),
        diagnostics_left: report.diagnostics.len().saturating_sub(DIAGNOSTICS),
    }
}

fn shown(w: &Words, value: &str, limit: usize) -> String {
    text::cut(value, limit, w.text("cut-evidence")).into_owned()
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
    let (a, w) = (row.assessment, view.words);
    let position = a.position.as_ref();
    RowPart {
        anchor: anchor(&a.target, a.system.as_deref()),
        target: a.target.to_string(),
        framework: a.framework.clone(),
        local: a.target.local().to_owned(),
        title: shown(w, &a.title, 500),
        theme: a.theme.clone(),
        level: w.word(a.level.as_str()),
        system: match (&a.system, a.level) {
            (Some(system), _) => system.clone(),
            (None, Level::Application) => w.text("html-no-system").to_owned(),
            (None, _) => String::new(),
        },
        state: Word::state(w, row.state),
        reasons: row.reasons(w),
        note: shown(w, &a.coverage_note, QUOTE),
        covered: row.points().0,
        points: a
            .points
            .iter()
            .map(|point| PointPart {
                short: point.point.short().to_owned(),
                kind: w.word(point.kind.as_str()),
                sub_item: point.sub_item.clone(),
                text: shown(w, &point.text, QUOTE),
                covered: point.covered,
            })
            .collect(),
        evidence: a.evidence.iter().take(EVIDENCE).map(|e| evidence_part(w, e)).collect(),
        evidence_total: a.evidence.len(),
        position: position.map(|p| position_part(w, p)).unwrap_or_default(),
        owner: position.map(|p| shown(w, &p.owner, 120)).unwrap_or_default(),
        machine: Word::machine(w, a.view.machine_view),
        probability: format!("{:.2}", a.view.evidence_probability),
        pending: a.pending,
        possible: row.possible(),
        rejected: a.rejected,
        proposals: row.open.iter().take(PROPOSALS).map(|p| proposal_part(view, p)).collect(),
        proposals_left: row.open.len().saturating_sub(PROPOSALS),
        miss: a.view.nearest_miss.as_ref().map(|miss| miss_part(w, miss)),
        related: view.report.catalog.counterparts(&a.target).iter().map(link).collect(),
    }
}

fn evidence_part(w: &'static Words, e: &Evidence) -> EvidencePart {
    EvidencePart {
        quote: shown(w, e.quote.trim(), LONG_QUOTE),
        document: shown(w, &e.document, 500),
        place: shown(w, &text::place(w, e.locator.as_ref()), 500),
        kind: w.word(e.evidence_kind.as_str()),
        document_type: w.word(e.evidence_type.as_str()),
        date: e.date.map_or_else(|| w.text("undated").to_owned(), |date| date.to_string()),
        fresh_until: day(e.fresh_until),
        who: shown(w, &e.decided_by, 120),
        on: e.decided_on.to_string(),
        origin: if e.origin == Origin::Proposal { "" } else { w.word(origin(e.origin)) },
        points: join(e.points.iter().map(PointId::short), ", "),
        caveats: text::caveats(w, e),
        comment: shown(w, &e.comment, QUOTE),
    }
}

fn proposal_part(view: &View<'_>, p: &Proposal) -> ProposalPart {
    let w = view.words;
    ProposalPart {
        quote: text::cut(p.quote.trim(), QUOTE, w.text("cut-proposal")).into_owned(),
        document: shown(w, &p.document, 500),
        place: shown(w, &text::place(w, Some(&p.locator)), 500),
        confidence: format!("{:.2}", p.confidence),
        band: w.word(Band::as_str(p.band)),
        kind: w.word(p.evidence_kind.as_str()),
        points: join(p.points.iter().map(PointId::short), ", "),
        reasons: shown(w, &p.reasons.join("; "), QUOTE),
        deferred: view.report.verdicts.get(&p.id) == Some(&Verdict::Defer),
    }
}

fn miss_part(w: &Words, miss: &NearestMiss) -> MissPart {
    MissPart {
        quote: text::cut(miss.quote.trim(), QUOTE, w.text("cut-miss")).into_owned(),
        document: shown(w, &miss.document, 500),
        place: shown(w, &text::place(w, Some(&miss.locator)), 500),
        why: shown(w, &miss.why, QUOTE),
    }
}

/// What a person stated, without what is blank.
fn position_part(w: &'static Words, p: &Position) -> Vec<(&'static str, String)> {
    let reasons = join(
        p.inclusion_reasons
            .iter()
            .map(|r| r.as_str())
            .chain(p.exclusion_reasons.iter().map(|r| r.as_str()))
            .map(|reason| w.word(reason)),
        "; ",
    );
    let said = |word: Option<&'static str>| word.map_or("", |word| w.word(word)).to_owned();
    let words = [
        ("col-applicability", said(p.applicability.map(Applicability::as_str))),
        ("col-reasons", reasons),
        ("col-justification", shown(w, &p.justification, QUOTE)),
        ("col-risks", shown(w, &p.risk_ids.join("; "), QUOTE)),
        ("col-implementation", said(p.implementation_status.map(ImplementationStatus::as_str))),
        ("col-planned-for", day(p.planned_for)),
        ("col-provided-by", said(p.provided_by.map(ProvidedBy::as_str))),
        ("col-provider", shown(w, &p.provider, 200)),
        ("col-conclusion", said(p.conclusion.map(Conclusion::as_str))),
        ("col-override", said(p.override_coverage.map(|c| c.as_str()))),
        ("col-override-until", day(p.override_until)),
        ("col-owner", shown(w, &p.owner, 200)),
        ("col-due", day(p.due)),
        ("col-decided-by", shown(w, &p.decided_by, 200)),
        ("col-decided-on", day(p.decided_on)),
        ("col-comment", shown(w, &p.comment, QUOTE)),
    ];
    let stated = words.into_iter().filter(|(_, value)| !value.is_empty());
    stated.map(|(id, value)| (w.text(id), value)).collect()
}
