//! The risk register beside what people stated and accepted on the controls.
//!
//! Nothing of the register is computed anew or merged into a position: a position says which risks a
//! control treats, the register which controls treat a risk, and where the two differ a finding says
//! so. Coverage of a control is that of its rows; if the risk names a system that the control is
//! assessed for, that system's row alone.

mod findings;
mod links;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use findings::{RegisterInputs, register_findings};
pub(super) use links::Links;

use super::{
    Assessed, Inputs,
    rollup::{deciding, roll_up},
    rows::{Ledger, Stand},
};
use crate::{
    diag::Diagnostic,
    domain::{
        Action, Applicability, Assessment, Coverage, CoverageReason, FrameworkId,
        ImplementationStatus, NamedBy, RegisterCounts, RegisteredRisk, RiskAction, RiskControl,
        RiskEntry, RiskFinding, RiskOption, RiskReport, SoaEntry, TargetId, TargetKind,
    },
};

/// Names that a grouped message holds before it only counts.
const NAMED: usize = 20;

/// The register with the controls of each risk. `actions` come with what people said of them.
pub fn risks(
    assessed: &Assessed,
    inputs: &Inputs<'_>,
    soa: &BTreeMap<FrameworkId, Vec<SoaEntry>>,
    actions: &[Action],
) -> RiskReport {
    let ledger = Ledger::read(inputs);
    let positions: Vec<_> = ledger.positions().collect();
    let (register, links) = (inputs.register, Links::read(inputs.register));
    let mut findings = register_findings(&RegisterInputs {
        register,
        positions: &positions,
        catalog: inputs.catalog,
        config: inputs.config,
        as_of: inputs.as_of,
    });
    let mut rows: BTreeMap<&TargetId, Vec<&Assessment>> = BTreeMap::new();
    for row in &assessed.assessments {
        rows.entry(&row.target).or_default().push(row);
    }
    let soa = soa.values().flatten().map(|entry| (&entry.target, entry)).collect();
    let work = Work { inputs, ledger: &ledger, rows, soa, actions };
    let mut stated: BTreeMap<usize, BTreeSet<&TargetId>> = BTreeMap::new();
    for position in &positions {
        for n in links.named([*position]) {
            stated.entry(n).or_default().insert(&position.target);
        }
    }
    let mut entries = Vec::with_capacity(register.risks.len());
    for (n, risk) in register.risks.iter().enumerate() {
        let named = stated.remove(&n).unwrap_or_default();
        let mut controls: Vec<RiskControl> = Vec::new();
        for target in &risk.controls {
            let by = if named.contains(target) { NamedBy::Both } else { NamedBy::Register };
            if controls.iter().all(|c| c.target != *target) {
                controls.push(work.control(target, risk, by));
            }
        }
        let more = named.into_iter().filter(|target| !risk.controls.contains(target));
        controls.extend(more.map(|target| work.control(target, risk, NamedBy::Position)));
        let name = links.name(n);
        findings.extend(accepted_on_nothing(&name, risk, &controls));
        entries.push(RiskEntry { name, risk: risk.clone(), controls, open: Vec::new() });
    }
    findings.extend(systems(assessed));
    let mut open: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in findings.iter().filter(|f| !f.short.is_empty()) {
        for name in &finding.risks {
            open.entry(name).or_default().push(finding.short.clone());
        }
    }
    for entry in &mut entries {
        entry.open = open.remove(entry.name.as_str()).unwrap_or_default();
    }
    let counts = counts(inputs, &findings);
    let faults = register.faults.clone();
    RiskReport { state: register.state, faults, entries, findings, counts }
}

/// A residual risk that somebody accepted while nothing shows that a control works.
fn accepted_on_nothing(
    name: &str,
    risk: &RegisteredRisk,
    controls: &[RiskControl],
) -> Option<RiskFinding> {
    let bare = |c: &RiskControl| matches!(c.coverage, Coverage::None | Coverage::NotReviewed);
    let relies = risk.option == Some(RiskOption::Modify) && !risk.accepted_by.is_empty();
    if risk.closed || !relies || controls.is_empty() || !controls.iter().all(bare) {
        return None;
    }
    let short = "residual risk accepted, but no control has accepted evidence".to_owned();
    let diagnostic = Diagnostic::note("risk-accepted-on-nothing", format!("{name}: {short}"))
        .in_file("review/risks.csv")
        .on_line(risk.row)
        .help("decide on the suggestions for its controls, or tell the risk owner");
    Some(RiskFinding {
        risks: vec![name.to_owned()],
        diagnostic,
        heading: "residual risks accepted while no control has accepted evidence",
        short,
        owner: risk.owner.clone(),
        told: false,
    })
}

/// AI systems without an impact assessment: `findings.rs` has the rule.
fn systems(assessed: &Assessed) -> Vec<RiskFinding> {
    let all = assessed.diagnostics.iter().filter(|d| d.code == "no-impact-assessment");
    all.map(|diagnostic| RiskFinding {
        risks: Vec::new(),
        diagnostic: diagnostic.clone(),
        heading: "AI systems without evidence of an impact assessment",
        short: String::new(),
        owner: String::new(),
        told: true,
    })
    .collect()
}

/// Findings as diagnostics: those about a control one by one, those about risks in one sentence for
/// each kind.
pub fn register_diagnostics(findings: &[RiskFinding]) -> Vec<Diagnostic> {
    let mut groups: Vec<(&RiskFinding, Vec<&str>)> = Vec::new();
    let mut out = Vec::new();
    for finding in findings.iter().filter(|f| !f.told) {
        let Some(name) = finding.risks.first().filter(|_| finding.diagnostic.target.is_none())
        else {
            out.push(finding.diagnostic.clone());
            continue;
        };
        let code = &finding.diagnostic.code;
        let alike = |f: &RiskFinding| f.diagnostic.code == *code && f.heading == finding.heading;
        match groups.iter_mut().find(|(first, _)| alike(first)) {
            Some((_, names)) if names.contains(&name.as_str()) => {}
            Some((_, names)) => names.push(name),
            None => groups.push((finding, vec![name])),
        }
    }
    // What is only to be checked comes last.
    groups.sort_by_key(|(first, _)| first.diagnostic.severity);
    let grouped = groups.into_iter().map(|(first, names)| {
        let mut message = format!(
            "{}: {}",
            first.heading,
            names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ")
        );
        if names.len() > NAMED {
            message.push_str(&format!(" and {} more", names.len() - NAMED));
        }
        Diagnostic { message, line: None, ..first.diagnostic.clone() }
    });
    grouped.chain(out).collect()
}

fn counts(inputs: &Inputs<'_>, findings: &[RiskFinding]) -> RegisterCounts {
    let risks = &inputs.register.risks;
    // A risk or a control counts once.
    let about = |f: &RiskFinding| match (&f.diagnostic.target, f.risks.first()) {
        (Some(target), _) => target.to_string(),
        (None, Some(risk)) => risk.clone(),
        (None, None) => f.diagnostic.message.clone(),
    };
    let count = |codes: &[&str]| -> u32 {
        let found = findings.iter().filter(|f| codes.contains(&f.diagnostic.code.as_str()));
        found.map(about).collect::<BTreeSet<_>>().len() as u32
    };
    let open = || risks.iter().filter(|r| !r.closed);
    RegisterCounts {
        register: inputs.register.state,
        risks: risks.len() as u32,
        closed: (risks.len() - open().count()) as u32,
        to_modify: open().filter(|r| r.option == Some(RiskOption::Modify)).count() as u32,
        treatment_not_decided: count(&["risk-without-treatment"]),
        without_control: count(&["risk-without-control", "risk-control-unread"]),
        without_owner: count(&["risk-without-owner"]),
        without_residual: count(&["risk-without-residual"]),
        not_accepted: count(&["risk-not-accepted"]),
        review_overdue: count(&["risk-review-overdue"]),
        excluded_controls: count(&["risk-treated-by-excluded"]),
        controls_without_risk: count(&["control-without-risk"]),
        unknown_ids: count(&["risk-unknown", "risk-ambiguous"]),
        not_linked: count(&["risk-not-linked", "risk-without-id"]),
        systems_without_impact_assessment: count(&["no-impact-assessment"]),
    }
}

/// What is known of the controls.
struct Work<'a> {
    inputs: &'a Inputs<'a>,
    ledger: &'a Ledger<'a>,
    rows: BTreeMap<&'a TargetId, Vec<&'a Assessment>>,
    soa: BTreeMap<&'a TargetId, &'a SoaEntry>,
    actions: &'a [Action],
}

impl Work<'_> {
    fn control(&self, id: &TargetId, risk: &RegisteredRisk, named_by: NamedBy) -> RiskControl {
        let rows = self.rows.get(id).map_or(&[][..], Vec::as_slice);
        let own = rows.iter().find(|r| r.system.as_deref() == Some(risk.system.as_str()));
        let mut control = match (own, self.soa.get(id)) {
            (Some(row), _) => self.of_system(row),
            (None, Some(entry)) => of_entry(entry),
            (None, None) => of_rows(id, rows),
        };
        control.named_by = named_by;
        control.actions = self.actions(&control);
        let known = self.inputs.catalog.get(id);
        control.is_control = known.is_some_and(|t| t.kind == TargetKind::Control);
        control.open = match known {
            None => vec!["not in the catalogue".to_owned()],
            Some(_) => open(&control),
        };
        control
    }

    /// One system's row; where its position is silent, that on the whole control speaks.
    fn of_system(&self, row: &Assessment) -> RiskControl {
        let mut control = of_rows(&row.target, &[row]);
        control.system = row.system.clone();
        let Some(target) = self.inputs.catalog.get(&row.target) else { return control };
        let stand = Stand::of(target, row.system.as_deref(), self.ledger);
        control.applicability = stand.applicability();
        let status = stand.status();
        control.implementation_status = status.map_or("", |(status, _)| status.as_str()).to_owned();
        control.planned_for = status.and_then(|(_, position)| position.planned_for);
        let owner = stand.all().map(|p| p.owner.trim()).find(|owner| !owner.is_empty());
        control.owner = owner.unwrap_or_default().to_owned();
        control.due = stand.all().find_map(|p| p.due);
        control
    }

    fn actions(&self, control: &RiskControl) -> Vec<RiskAction> {
        let ours = |action: &&Action| {
            let system = control.system.is_none()
                || action.system.is_none()
                || action.system == control.system;
            !action.work.gone && system && action.targets.contains(&control.target)
        };
        let mut all: Vec<&Action> = self.actions.iter().filter(ours).collect();
        all.sort_by(|a, b| (!a.status.is_open()).cmp(&!b.status.is_open()).then(a.order(b)));
        all.into_iter()
            .map(|action| RiskAction {
                id: action.id.clone(),
                kind: action.kind.clone(),
                status: action.status,
                owner: action.owner.clone(),
                due: action.due,
                overdue: action.is_overdue(self.inputs.as_of),
            })
            .collect()
    }
}

fn of_entry(entry: &SoaEntry) -> RiskControl {
    RiskControl {
        target: entry.target.clone(),
        title: entry.title.clone(),
        system: None,
        is_control: false,
        named_by: NamedBy::Register,
        applicability: entry.applicability,
        implementation_status: entry.implementation_status.clone(),
        planned_for: entry.planned_for,
        coverage: entry.coverage,
        coverage_reasons: entry.coverage_reasons.clone(),
        pending: entry.pending,
        owner: entry.owner.clone(),
        due: entry.due,
        actions: Vec::new(),
        open: Vec::new(),
    }
}

/// A clause, a system's row, or what no catalogue knows.
fn of_rows(id: &TargetId, rows: &[&Assessment]) -> RiskControl {
    let (coverage, _) = roll_up(rows);
    let weakest = deciding(rows).into_iter().find(|row| row.coverage == coverage);
    let position = weakest.and_then(|row| row.position.as_ref());
    RiskControl {
        target: id.clone(),
        title: rows.first().map(|row| row.title.clone()).unwrap_or_default(),
        system: None,
        is_control: false,
        named_by: NamedBy::Register,
        applicability: None,
        implementation_status: position
            .and_then(|p| p.implementation_status)
            .map_or("", ImplementationStatus::as_str)
            .to_owned(),
        planned_for: position.and_then(|p| p.planned_for),
        coverage,
        coverage_reasons: weakest.map(|row| row.coverage_reasons.clone()).unwrap_or_default(),
        pending: rows.iter().map(|row| row.pending).sum(),
        owner: position.map(|p| p.owner.clone()).unwrap_or_default(),
        due: position.and_then(|p| p.due),
        actions: Vec::new(),
        open: Vec::new(),
    }
}

/// What is still open on a control, in words.
fn open(control: &RiskControl) -> Vec<String> {
    if control.applicability == Some(Applicability::NotApplicable) {
        return vec!["excluded by a person".to_owned()];
    }
    let mut open = Vec::new();
    if control.is_control && control.applicability.is_none() {
        open.push("applicability NOT DECIDED".to_owned());
    }
    match (control.implementation_status.as_str(), control.planned_for) {
        ("", _) => open.push("implementation NOT DECIDED".to_owned()),
        ("implemented", _) => {}
        ("planned", Some(day)) => open.push(format!("planned for {day}")),
        ("planned", None) => open.push("planned, for no day".to_owned()),
        (status, _) => open.push(status.to_owned()),
    }
    let asserted = control.coverage_reasons.contains(&CoverageReason::OverrideAsserted);
    match control.coverage {
        _ if asserted => open.push("coverage asserted, not shown".to_owned()),
        Coverage::Full => {}
        Coverage::Partial => open.push("evidence partial".to_owned()),
        Coverage::None => open.push("no evidence accepted".to_owned()),
        Coverage::NotReviewed => open.push("evidence not reviewed".to_owned()),
    }
    if control.pending > 0 {
        open.push(format!("{} suggestions pending", control.pending));
    }
    open
}
