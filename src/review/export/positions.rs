//! `positions.csv`: one row a target (and system).

use std::collections::BTreeMap;

use super::{
    super::{columns::FileKind, table::Table},
    date,
};
use crate::{
    catalog::Catalog,
    domain::{Assessment, Position, squash_whitespace},
};

/// Every assessed target with what a person said of it. What nobody said stays blank. Titles are those
/// of the catalogue, which may be told in another language.
pub fn export_positions(assessments: &[Assessment], catalog: &Catalog) -> Table {
    let mut ordered: Vec<&Assessment> = assessments.iter().collect();
    ordered.sort_by(|a, b| (&a.target, &a.system).cmp(&(&b.target, &b.system)));
    let mut table = Table::new(FileKind::Positions);
    for assessment in ordered {
        let system = assessment.system.clone().unwrap_or_default();
        let title = catalog.get(&assessment.target).map(|target| &target.title);
        let mut cells = BTreeMap::from([
            ("target", assessment.target.to_string()),
            ("title", title.unwrap_or(&assessment.title).clone()),
            ("level", assessment.level.as_str().to_owned()),
            ("system", system.clone()),
            ("machine_view", assessment.view.machine_view.as_str().to_owned()),
            ("nearest_miss", nearest_miss(assessment)),
            ("coverage", coverage(assessment)),
        ]);
        if let Some(position) = &assessment.position {
            cells.extend(stated(position));
        }
        table.push(position_key(assessment.target.as_str(), &system), cells);
    }
    table
}

/// Names a row of the table.
pub(in crate::review) fn position_key(target: &str, system: &str) -> String {
    format!("{target}|{system}")
}

fn nearest_miss(assessment: &Assessment) -> String {
    let Some(miss) = &assessment.view.nearest_miss else { return String::new() };
    format!(
        "{}, {}: {} – {}",
        miss.document,
        miss.locator,
        squash_whitespace(&miss.quote),
        miss.why
    )
}

fn coverage(assessment: &Assessment) -> String {
    let reasons: Vec<&str> = assessment.coverage_reasons.iter().map(|r| r.as_str()).collect();
    let word = assessment.coverage.as_str();
    if reasons.is_empty() { word.to_owned() } else { format!("{word} ({})", reasons.join("; ")) }
}

fn stated(position: &Position) -> BTreeMap<&'static str, String> {
    let mut reasons: Vec<&str> = position.inclusion_reasons.iter().map(|r| r.as_str()).collect();
    reasons.extend(position.exclusion_reasons.iter().map(|r| r.as_str()));
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    BTreeMap::from([
        ("applicability", word(position.applicability.map(|a| a.as_str()))),
        ("inclusion_reasons", reasons.join("; ")),
        ("justification", position.justification.clone()),
        ("risk_ids", position.risk_ids.join("; ")),
        ("implementation_status", word(position.implementation_status.map(|s| s.as_str()))),
        ("planned_for", date(position.planned_for)),
        ("provided_by", word(position.provided_by.map(|p| p.as_str()))),
        ("provider", position.provider.clone()),
        ("owner", position.owner.clone()),
        ("due", date(position.due)),
        ("conclusion", word(position.conclusion.map(|c| c.as_str()))),
        ("override", word(position.override_coverage.map(|c| c.as_str()))),
        ("override_until", date(position.override_until)),
        ("decided_by", position.decided_by.clone()),
        ("decided_on", date(position.decided_on)),
        ("comment", position.comment.clone()),
    ])
}
