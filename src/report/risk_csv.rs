//! `risk-register.csv`: the register, one row a risk, with the reviewed coverage of its controls. While
//! there is no register, one row without a key says so.

use super::{
    risk_sheets::{controls, no_register},
    text::{self, join},
    view::View,
    write::Csv,
};
use crate::domain::{NamedBy, RegisterState, RiskEntry, RiskOption};

const COLUMNS: [&str; 44] = [
    "key",
    "risk",
    "title",
    "description",
    "standards",
    "system",
    "assets",
    "cause",
    "consequence_organisation",
    "consequence_individuals",
    "consequence_society",
    "likelihood",
    "impact",
    "level",
    "likelihood_of_5",
    "impact_of_5",
    "level_band",
    "scale",
    "treatment",
    "treatment_option",
    "controls",
    "controls_as_written",
    "controls_reviewed",
    "controls_by_position_only",
    "residual",
    "owner",
    "accepted_by",
    "accepted_on",
    "acceptance",
    "status",
    "next_review",
    "same_as",
    "likely_same_as",
    "open",
    "source",
    "source_row",
    "register",
    "register_row",
    "state",
    "review_state",
    "basis",
    "as_of",
    "ledger_head",
    "classification",
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let register = &view.report.risks;
    for entry in &register.entries {
        csv.row(&row(view, entry))?;
    }
    if register.state != RegisterState::Read {
        let mut cells = vec![String::new(); 33];
        cells.push(no_register(view));
        cells.extend(["", ""].map(str::to_owned));
        cells.extend(ends(view, ""));
        csv.row(&cells)?;
    }
    csv.finish()
}

fn row(view: &View<'_>, entry: &RiskEntry) -> Vec<String> {
    let risk = &entry.risk;
    let digit = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let only: Vec<&str> = entry
        .controls
        .iter()
        .filter(|c| c.named_by == NamedBy::Position)
        .map(|c| c.target.as_str())
        .collect();
    let registered = risk.controls.iter().map(|id| id.as_str());
    let named = registered.chain(risk.not_ids.iter().map(String::as_str));
    let mut cells = vec![
        risk.key.clone(),
        entry.name.clone(),
        risk.title.clone(),
        risk.description.clone(),
        risk.standards.join("; "),
        risk.system.clone(),
        risk.assets.clone(),
        risk.cause.clone(),
        risk.consequence_organisation.clone(),
        risk.consequence_individuals.clone(),
        risk.consequence_society.clone(),
        risk.likelihood.clone(),
        risk.impact.clone(),
        risk.level.clone(),
        digit(risk.likelihood_of_5),
        digit(risk.impact_of_5),
        risk.band.map_or("", |band| band.as_str()).to_owned(),
        risk.scale.clone(),
        risk.treatment.clone(),
        risk.option.map_or("NOT DECIDED", RiskOption::as_str).to_owned(),
        join(named, "; "),
        risk.controls_as_written.clone(),
        controls(view.words, entry, "; "),
        only.join("; "),
        risk.residual.clone(),
        risk.owner.clone(),
        risk.accepted_by.clone(),
        risk.accepted_day.map_or_else(|| risk.accepted_on.clone(), |day| day.to_string()),
        text::acceptance(view.words, &risk.acceptance()),
        risk.status.clone(),
        risk.review_day.map_or_else(|| risk.next_review.clone(), |day| day.to_string()),
        risk.same_as.join("; "),
        risk.likely_same_as.join("; "),
        entry.open.join("; "),
        risk.source.clone(),
        risk.source_row.clone(),
    ];
    cells.extend(ends(view, &risk.row.to_string()));
    cells
}

/// What every row carries of the report.
fn ends(view: &View<'_>, row: &str) -> [String; 8] {
    [
        view.report.risks.state.as_str().to_owned(),
        row.to_owned(),
        "DRAFT".to_owned(),
        view.review_state(),
        view.basis(),
        view.report.as_of.to_string(),
        view.ledger_head().to_owned(),
        view.report.classification.clone(),
    ]
}
