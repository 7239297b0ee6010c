//! What the register leaves open, and what does not fit what people state on the controls.

use std::collections::{BTreeMap, BTreeSet};

use super::links::{Links, Meant};
use crate::{
    assess::{findings::at_position, rows::row_systems},
    catalog::Catalog,
    config::Config,
    diag::Diagnostic,
    domain::{
        Applicability, Date, InclusionReason, Position, RegisteredRisk, RiskFinding, RiskOption,
        RiskRegister, TargetId, TargetKind,
    },
};

const DATES: &str = "risks with a day that can't be read or is still to come";
/// The file that people edit.
const FILE: &str = "review/risks.csv";

/// What the findings are made from.
#[derive(Clone, Copy)]
pub struct RegisterInputs<'a> {
    pub register: &'a RiskRegister,
    /// Those in force, one a target and system.
    pub positions: &'a [&'a Position],
    pub catalog: &'a Catalog,
    pub config: &'a Config,
    /// "Today", for reviews that are overdue.
    pub as_of: Date,
}

/// All findings that need no assessment: those on risks in the order of the register, then those on
/// controls.
pub fn register_findings(inputs: &RegisterInputs<'_>) -> Vec<RiskFinding> {
    if !inputs.register.is_read() {
        return missing(inputs);
    }
    let links = Links::read(inputs.register);
    let mut out = Vec::new();
    let linked = links.named(inputs.positions.iter().copied());
    for n in 0..links.risks.len() {
        on_risk(n, linked.contains(&n), &links, inputs, &mut out);
    }
    on_controls(&links, inputs, &mut out);
    out
}

/// Without a register only what positions name can be told.
fn missing(inputs: &RegisterInputs<'_>) -> Vec<RiskFinding> {
    let names: BTreeSet<&str> =
        inputs.positions.iter().flat_map(|p| &p.risk_ids).map(String::as_str).collect();
    if names.is_empty() || !inputs.register.faults.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "positions name {} risks, but there is no register in {FILE} to hold them against",
        names.len()
    );
    let diagnostic = Diagnostic::note("risk-register-missing", message)
        .help("take yours over: evimap import risks FILE -w WORKSPACE");
    vec![RiskFinding {
        risks: Vec::new(),
        heading: "no risk register",
        short: String::new(),
        owner: String::new(),
        told: false,
        diagnostic,
    }]
}

/// `linked` says that a position names the risk.
fn on_risk(
    n: usize,
    linked: bool,
    links: &Links<'_>,
    inputs: &RegisterInputs<'_>,
    out: &mut Vec<RiskFinding>,
) {
    let (risk, name) = (links.risk(n), links.name(n));
    let mut find = |warn: bool, code: &str, heading: &'static str, short: String, help: &str| {
        let message = format!("{name}: {short}");
        let diagnostic = match warn {
            true => Diagnostic::warning(code, message),
            false => Diagnostic::note(code, message),
        };
        out.push(RiskFinding {
            risks: vec![name.clone()],
            diagnostic: diagnostic.in_file(FILE).on_line(risk.row).help(help),
            heading,
            short,
            owner: risk.owner.clone(),
            told: false,
        });
    };
    if !risk.not_ids.is_empty() {
        find(
            true,
            "risk-control-unknown",
            "risks that name something that is no control of the catalogue",
            format!("no control of the catalogue: {}", risk.not_ids.join(", ")),
            "write ids with their standard, for example ISO27001:A.5.15",
        );
    }
    let strange: Vec<&str> = risk
        .controls
        .iter()
        .filter(|id| inputs.catalog.get(id).is_none())
        .map(TargetId::as_str)
        .collect();
    if !strange.is_empty() {
        find(
            true,
            "risk-control-unknown",
            "risks that name something that is no control of the catalogue",
            format!("no control of the catalogue: {}", strange.join(", ")),
            "correct the id in `controls`, or add the control to your catalogue",
        );
    }
    if risk.closed {
        return;
    }
    if risk.option.is_none() && !risk.treatment.is_empty() {
        find(
            true,
            "risk-without-treatment",
            "risks whose treatment names no option that is known",
            "treatment names no option that is known".to_owned(),
            "write modify, retain, share or avoid into `treatment`",
        );
    } else if risk.option.is_none() {
        find(
            true,
            "risk-without-treatment",
            "risks whose treatment nobody decided",
            "treatment NOT DECIDED".to_owned(),
            "write modify, retain, share or avoid into `treatment`",
        );
    }
    let treated = linked || !risk.controls.is_empty();
    let needs = !matches!(risk.option, Some(RiskOption::Retain | RiskOption::Avoid));
    if !treated && needs && risk.not_ids.is_empty() {
        if risk.controls_as_written.is_empty() {
            find(
                true,
                "risk-without-control",
                "risks that no control treats",
                "no control".to_owned(),
                "name the controls in `controls`, or say in `treatment` that the risk is accepted",
            );
        } else {
            find(
                false,
                "risk-control-unread",
                "risks whose controls are named in words only",
                "controls in words only".to_owned(),
                "write the ids of the controls into `controls`, for example ISO27001:A.5.15",
            );
        }
    }
    acceptance(risk, inputs.as_of, &mut find);
    if risk.owner.is_empty() {
        find(
            false,
            "risk-without-owner",
            "risks without an owner",
            "owner OPEN".to_owned(),
            "fill in `owner`: who may accept the residual risk",
        );
    }
    if !risk.next_review.is_empty() && risk.review_day.is_none() {
        find(
            false,
            "risk-date",
            DATES,
            format!("next_review `{}` is no day", risk.next_review),
            "write it as 2027-03-31",
        );
    }
    if let Some(day) = risk.review_day.filter(|day| *day < inputs.as_of) {
        find(
            true,
            "risk-review-overdue",
            "risks whose review is overdue",
            format!("review overdue since {day}"),
            "look at the risk again, then set `next_review`",
        );
    }
}

fn acceptance(
    risk: &RegisteredRisk,
    as_of: Date,
    find: &mut impl FnMut(bool, &str, &'static str, String, &str),
) {
    if risk.accepted_by.is_empty() {
        if risk.is_to_be_accepted() {
            find(
                true,
                "risk-not-accepted",
                "residual risks that nobody accepted",
                "residual risk not accepted".to_owned(),
                "the risk owner accepts it: fill in accepted_by and accepted_on",
            );
        } else if risk.option != Some(RiskOption::Avoid) {
            find(
                false,
                "risk-without-residual",
                "risks whose residual risk is not stated",
                "residual risk OPEN".to_owned(),
                "fill in `residual`: what is left once the controls work",
            );
        }
        return;
    }
    let help = "write the day of the acceptance into `accepted_on`";
    let (code, heading, what) = match risk.accepted_day {
        None if risk.accepted_on.is_empty() => (
            "risk-acceptance-undated",
            "residual risks accepted on no day",
            "acceptance has no day".to_owned(),
        ),
        None => ("risk-date", DATES, format!("accepted_on `{}` is no day", risk.accepted_on)),
        Some(day) if day > as_of => {
            ("risk-date", DATES, format!("accepted on {day}, which is still to come"))
        }
        Some(_) => return,
    };
    find(false, code, heading, what, help);
}

type Positions<'a> = BTreeMap<&'a TargetId, Vec<&'a Position>>;

fn on_controls(links: &Links<'_>, inputs: &RegisterInputs<'_>, out: &mut Vec<RiskFinding>) {
    let mut positions: Positions<'_> = BTreeMap::new();
    for position in inputs.positions {
        positions.entry(&position.target).or_default().push(position);
    }
    for (target, stated) in &positions {
        let control = inputs.catalog.get(target).is_some_and(|t| t.kind == TargetKind::Control);
        let named = links.named(stated.iter().copied());
        for position in stated {
            if !(control && reasons(position, &named, links, out)) {
                names(position, links, out);
            }
        }
        if control {
            excluded(target, stated, &named, links, inputs, out);
            unlinked(target, stated, &named, links, out);
        }
    }
}

fn row_name(position: &Position) -> String {
    match &position.system {
        Some(system) => format!("{} ({system})", position.target),
        None => position.target.to_string(),
    }
}

fn finding(
    diagnostic: Diagnostic,
    position: &Position,
    risks: Vec<String>,
    heading: &'static str,
    short: String,
) -> RiskFinding {
    RiskFinding {
        risks,
        diagnostic: at_position(diagnostic, position),
        heading,
        short,
        owner: position.owner.clone(),
        told: false,
    }
}

/// Names of risks that lead nowhere, or to several.
fn names(position: &Position, links: &Links<'_>, out: &mut Vec<RiskFinding>) {
    let row = row_name(position);
    let mut unknown = Vec::new();
    for name in &position.risk_ids {
        match links.meant(name) {
            Meant::Unknown => unknown.push(name.as_str()),
            Meant::Risks(_) => {}
            Meant::Several(all) => {
                let keys = links.names(&all);
                let message = format!(
                    "{row} names {name}, which several risks are called: {}",
                    keys.join(", ")
                );
                let found = Diagnostic::warning("risk-ambiguous", message)
                    .help("write the key of the risk that is meant into risk_ids");
                let heading = "names that several risks have";
                out.push(finding(
                    found,
                    position,
                    keys,
                    heading,
                    "id is not the only one".to_owned(),
                ));
            }
        }
    }
    if unknown.is_empty() {
        return;
    }
    let message = format!("{row} names risks that are not in the register: {}", unknown.join(", "));
    let found = Diagnostic::warning("risk-unknown", message)
        .help("correct risk_ids in positions.csv, or add the risk to the register");
    out.push(finding(found, position, Vec::new(), "names that no risk has", String::new()));
}

/// Controls that are included because of a risk that is not there, or without any reason. Gives
/// whether that says all there is to say about the names of risks.
fn reasons(
    position: &Position,
    named: &BTreeSet<usize>,
    links: &Links<'_>,
    out: &mut Vec<RiskFinding>,
) -> bool {
    if position.applicability == Some(Applicability::NotApplicable) {
        return false;
    }
    let row = row_name(position);
    let registered = links.of_control(&position.target);
    let for_risk = position.inclusion_reasons.contains(&InclusionReason::Risk);
    let several = position.risk_ids.iter().any(|id| matches!(links.meant(id), Meant::Several(_)));
    if for_risk && position.risk_ids.is_empty() && !registered.is_empty() {
        let names = links.names(registered);
        let message = format!(
            "{row} is included because of risk, without a risk id; the register names it for {}",
            names.join(", ")
        );
        let found = Diagnostic::warning("risk-without-id", message)
            .help("fill in risk_ids, if these are the risks");
        let heading = "controls included because of risk without a risk id";
        out.push(finding(found, position, names, heading, String::new()));
        return true;
    }
    if !named.is_empty() || several || !registered.is_empty() {
        return false;
    }
    let heading = "controls without a risk in the register";
    let found = if for_risk {
        let but = match position.risk_ids.as_slice() {
            [] => "no risk of the register names it".to_owned(),
            [one] => format!("{one} is not in the register"),
            several => format!("none of {} is in the register", several.join(", ")),
        };
        let message = format!("{row} is included because of risk, but {but}");
        Diagnostic::warning("control-without-risk", message)
    } else if position.applicability == Some(Applicability::Applicable)
        && position.inclusion_reasons.is_empty()
    {
        let message =
            format!("{row} is applicable, but has no reason, and no risk of the register names it");
        Diagnostic::note("control-without-risk", message)
    } else {
        return false;
    };
    let found = found.help("add the risk to the register, or correct the reason in positions.csv");
    out.push(finding(found, position, Vec::new(), heading, String::new()));
    for_risk
}

/// The position that excludes a control for a system (or, if none is given, altogether).
fn exclusion<'a>(
    target: &TargetId,
    system: Option<&str>,
    stated: &[&'a Position],
    inputs: &RegisterInputs<'_>,
) -> Option<&'a Position> {
    let of = |system: Option<&str>| stated.iter().find(|p| p.system.as_deref() == system).copied();
    let out = |p: &&Position| p.applicability == Some(Applicability::NotApplicable);
    if let Some(own) = system.and_then(|s| of(Some(s))).filter(|p| p.applicability.is_some()) {
        return Some(own).filter(out);
    }
    if let Some(whole) = of(None).filter(|p| p.applicability.is_some()) {
        return Some(whole).filter(out);
    }
    let rows = row_systems(inputs.config, inputs.catalog.get(target)?);
    let each: Option<Vec<&Position>> = rows.into_iter().map(|s| of(s).filter(out)).collect();
    each.and_then(|all| all.first().copied())
}

fn excluded(
    target: &TargetId,
    stated: &[&Position],
    named: &BTreeSet<usize>,
    links: &Links<'_>,
    inputs: &RegisterInputs<'_>,
    out: &mut Vec<RiskFinding>,
) {
    let all: BTreeSet<usize> = links.of_control(target).iter().chain(named).copied().collect();
    let mut by: BTreeMap<Option<&str>, (&Position, Vec<String>)> = BTreeMap::new();
    for n in all {
        let risk = links.risk(n);
        let system = Some(risk.system.as_str()).filter(|s| !s.is_empty());
        if let Some(position) = exclusion(target, system, stated, inputs).filter(|_| !risk.closed) {
            let (_, names) = by.entry(position.system.as_deref()).or_insert((position, Vec::new()));
            names.push(links.name(n));
        }
    }
    for (position, names) in by.into_values() {
        let message =
            format!("{} is excluded, but is to treat {}", row_name(position), names.join(", "));
        let found = Diagnostic::warning("risk-treated-by-excluded", message)
            .help("correct applicability, or the controls of the risk in the register");
        let heading = "excluded controls that are to treat a risk";
        let short = format!("{target} is excluded");
        out.push(finding(found, position, names, heading, short));
    }
}

/// Risks of the register that name an applicable control, whose position names other risks or none.
fn unlinked(
    target: &TargetId,
    stated: &[&Position],
    named: &BTreeSet<usize>,
    links: &Links<'_>,
    out: &mut Vec<RiskFinding>,
) {
    let applicable = |p: &&&Position| p.applicability == Some(Applicability::Applicable);
    let Some(position) = stated.iter().find(applicable) else { return };
    let told = out.iter().any(|f| {
        f.diagnostic.code == "risk-without-id" && f.diagnostic.target.as_ref() == Some(target)
    });
    let missing = links.unlinked(target, named);
    if missing.is_empty() || told {
        return;
    }
    let names = links.names(&missing);
    let message =
        format!("the register names {target} for {}, its position does not", names.join(", "));
    let found = Diagnostic::note("risk-not-linked", message)
        .help("add them to risk_ids in positions.csv, or correct `controls` in the register");
    let heading = "controls that the register names and whose position does not name the risk";
    out.push(finding(found, position, names, heading, String::new()));
}
