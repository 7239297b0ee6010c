//! A run as OSCAL documents: component definition, assessment results, plan of action and
//! milestones. Controls and objectives are those of `evimap catalog export --format oscal`.
//!
//! UUIDs derive from our ids, those of whole documents from their content; times are the day "as
//! of" at midnight UTC. So the same run gives the same bytes, and a finding keeps its UUID from run
//! to run. Descriptions and remarks are Markdown in OSCAL: foreign text in them is escaped.

pub(super) mod component;
pub(super) mod poam;
pub(super) mod results;

use serde_json::{Value, json};

use super::{
    text::{self, markdown},
    view::{Row, View},
};
use crate::{
    catalog::oscal::{OSCAL_VERSION, own, uuid, with_uuid},
    domain::Date,
};

/// A document of one root, with a UUID from its content.
fn document(root: &str, body: Value) -> Result<Vec<u8>, String> {
    let document = json!({ root: with_uuid(root, body) });
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What every document says about itself; `people` become parties.
fn metadata(view: &View<'_>, title: &str, people: &[&str]) -> Value {
    let report = view.report;
    let organisation = line(&report.organisation);
    let title = if organisation.is_empty() {
        title.to_owned()
    } else {
        format!("{title}: {}", markdown(&report.organisation))
    };
    let mut metadata = json!({
        "title": title,
        "last-modified": time(report.as_of),
        "version": report.as_of.to_string(),
        "oscal-version": OSCAL_VERSION,
        "props": basis(view),
        "remarks": format!("{}. {}", view.review_state(), super::DISCLAIMER),
    });
    let mut parties = Vec::new();
    if !organisation.is_empty() {
        parties.push(json!({
            "uuid": uuid("organisation", &organisation),
            "type": "organization",
            "name": organisation,
        }));
    }
    parties.extend(
        people
            .iter()
            .map(|name| json!({ "uuid": party(name), "type": "person", "name": line(name) })),
    );
    if !parties.is_empty() {
        metadata["parties"] = parties.into();
    }
    metadata
}

/// What the document rests on.
fn basis(view: &View<'_>) -> Vec<Value> {
    let report = view.report;
    let head = report.ledger_head.as_deref().unwrap_or("no decisions yet");
    props([
        ("reviewed-share", view.share.sentence(crate::words::Words::english()).as_str()),
        ("ledger-head", head),
        ("classification", &report.classification),
        ("catalog-version", &report.catalog_version),
        ("program-version", &report.program_version),
        ("disclaimer", super::DISCLAIMER),
    ])
}

/// Properties; one without a value is left out.
fn props<'t>(pairs: impl IntoIterator<Item = (&'static str, &'t str)>) -> Vec<Value> {
    pairs
        .into_iter()
        .map(|(name, value)| (name, line(value)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| own(name, &value))
        .collect()
}

/// Text on one line, without what can't be printed.
fn line(text: &str) -> String {
    text::plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn time(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// The party that stands for a person.
fn party(name: &str) -> String {
    uuid("person", &line(name))
}

/// Names the row of a target and system in UUIDs.
fn key(row: &Row<'_>) -> String {
    format!("{}|{}", row.assessment.target, row.assessment.system.as_deref().unwrap_or_default())
}

/// The title of a target, with its id and the system.
fn title(row: &Row<'_>) -> String {
    let a = row.assessment;
    let system = a.system.as_deref().map(|s| format!(" ({})", markdown(s))).unwrap_or_default();
    format!("{} {}{system}", markdown(a.target.as_str()), markdown(&a.title))
}

/// A quote with its place.
fn quoted(evidence: &crate::domain::Evidence) -> String {
    let place =
        text::source(crate::words::Words::english(), &evidence.document, evidence.locator.as_ref());
    format!("“{}” — {}", markdown(&evidence.quote), markdown(&place))
}
