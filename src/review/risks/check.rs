//! What a register leaves open, held against positions and accepted evidence.

use std::collections::{BTreeMap, BTreeSet};

use super::{super::fields::norm, RISKS_FILE, RiskRow, get};
use crate::{
    config::System,
    diag::Diagnostic,
    domain::{IMPACT_ASSESSMENT, InclusionReason, Position, TargetId},
};

/// Looks for risks without a control, residual risks that nobody accepted, risk ids of positions that are
/// not in the register, controls included because of a risk that is not there, and AI systems whose
/// impact assessment nobody has accepted as evidence. `positions` are those in force, `accepted` the
/// targets and systems of accepted evidence in force.
pub fn check_risks(
    rows: &[RiskRow],
    positions: &[&Position],
    systems: &[System],
    accepted: &BTreeSet<(TargetId, Option<String>)>,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut group = |code: &str, what: &str, items: Vec<String>, help: &str| {
        if !items.is_empty() {
            let message = format!("{what}: {}", items.join(", "));
            let note = Diagnostic::warning(code, message).in_file(format!("review/{RISKS_FILE}"));
            out.push(note.help(help));
        }
    };
    let name = |row: &RiskRow| match get(row, "id") {
        "" => get(row, "key").to_owned(),
        id => id.to_owned(),
    };
    let open = |row: &&RiskRow| !closed(get(row, "status"));
    let bare = |row: &&RiskRow| {
        get(row, "controls").is_empty() && get(row, "controls_as_written").is_empty()
    };
    group(
        "risk-without-control",
        "risks that no control treats",
        rows.iter()
            .filter(open)
            .filter(bare)
            .filter(|r| !accepts(get(r, "treatment")))
            .map(name)
            .collect(),
        "name the controls in `controls`, or say in `treatment` that the risk is accepted",
    );
    let unaccepted = |row: &&RiskRow| {
        let stands = !get(row, "residual").is_empty() || accepts(get(row, "treatment"));
        stands && get(row, "accepted_by").is_empty()
    };
    group(
        "risk-not-accepted",
        "residual risks that nobody accepted",
        rows.iter().filter(open).filter(unaccepted).map(name).collect(),
        "the risk owner accepts it: fill in accepted_by and accepted_on",
    );
    // Each id that names a risk, in lower case.
    let known: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| [get(row, "id"), get(row, "key")])
        .filter(|id| !id.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut unknown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut unfounded = Vec::new();
    for position in positions {
        let missing: Vec<&String> =
            position.risk_ids.iter().filter(|id| !known.contains(&id.to_lowercase())).collect();
        for id in &missing {
            unknown.entry(id.as_str()).or_default().push(position.target.as_str());
        }
        let for_risk = position.inclusion_reasons.contains(&InclusionReason::Risk);
        if for_risk && missing.len() == position.risk_ids.len() {
            unfounded.push(position.target.to_string());
        }
    }
    group(
        "risk-unknown",
        "risk ids of positions that are not in the register",
        unknown.iter().map(|(id, by)| format!("{id} ({})", by.join(", "))).collect(),
        "correct risk_ids in positions.csv, or add the risk",
    );
    group(
        "control-without-risk",
        "controls included because of a risk, none of whose risks is in the register",
        unfounded,
        "add the risk to the register, or correct the reason in positions.csv",
    );
    let assessed = |system: &System| {
        IMPACT_ASSESSMENT.iter().any(|id| {
            let of = |s: Option<String>| {
                id.parse::<TargetId>().is_ok_and(|target| accepted.contains(&(target, s)))
            };
            of(Some(system.id.clone()))
        })
    };
    group(
        "system-without-impact-assessment",
        "AI systems without accepted evidence of an impact assessment",
        systems.iter().filter(|s| s.ai && !assessed(s)).map(|s| s.id.clone()).collect(),
        "review the suggestions for ISO42001:6.1.4, 8.4 and A.5.2 of these systems",
    );
    out
}

pub(super) fn closed(status: &str) -> bool {
    matches!(norm(status).as_str(), "closed" | "geschlossen" | "obsolete" | "entfallen" | "retired")
}

fn accepts(treatment: &str) -> bool {
    let plain = norm(treatment);
    let said = [
        "accept",
        "accepted",
        "retain",
        "retained",
        "akzeptieren",
        "akzeptiert",
        "tragen",
        "akzeptanz",
        "acceptance",
        "risk acceptance",
        "risikoakzeptanz",
    ];
    said.contains(&plain.as_str())
}
