//! `oscal/assessment-results.json`: accepted evidence as observations, conclusions as findings.
//!
//! A finding is `satisfied` only where a person concluded that the evidence is sufficient and it
//! covers every needed point; `not-satisfied` only where decisions of people left coverage none or
//! partial. What nobody reviewed, what is merely asserted, and full coverage without a conclusion
//! have no finding at all. Machine opinion does not enter.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{key, line, markdown, metadata, party, props, quoted, time, title};
use crate::{
    catalog::oscal::{control_id, objective_id, uuid},
    domain::{Conclusion, Evidence},
    report::{
        text,
        verdict::{Verdict, conclusion, people},
        view::{Row, State, View},
        write::date,
    },
};

pub(in crate::report) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let reviewed: Vec<&Row<'_>> =
        view.rows.iter().filter(|row| row.state != State::NotReviewed).collect();
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    for name in reviewed.iter().flat_map(|row| people(row)) {
        if !line(name).is_empty() {
            named.entry(line(name)).or_insert(name);
        }
    }
    let named: Vec<&str> = named.into_values().collect();
    let no_plan = uuid("no-assessment-plan", "evimap");
    let report = view.report;
    let mut result = json!({
        "uuid": uuid("result", &format!(
            "{}|{}|{}", report.as_of, view.ledger_head(), report.catalog_version
        )),
        "title": format!("Review as of {}", report.as_of),
        "description": format!("{}. {}", view.review_state(), crate::report::DISCLAIMER),
        "start": time(report.as_of),
        "end": time(report.as_of),
        "props": super::basis(view),
        "reviewed-controls": controls(view, &reviewed),
    });
    let observations: Vec<Value> = reviewed.iter().flat_map(|row| observations(row)).collect();
    if !observations.is_empty() {
        result["observations"] = observations.into();
    }
    let findings: Vec<Value> = reviewed.iter().filter_map(|row| finding(row)).collect();
    if !findings.is_empty() {
        result["findings"] = findings.into();
    }
    super::document(
        "assessment-results",
        json!({
            "metadata": metadata(view, "Results of the review", &named),
            "import-ap": { "href": format!("#{no_plan}") },
            "results": [result],
            "back-matter": { "resources": [{
                "uuid": no_plan,
                "title": "No assessment plan",
                "description": "The review follows the points of the catalogue; there is no \
                                separate assessment plan in OSCAL.",
            }] },
        }),
    )
}

/// The controls of which at least one row is reviewed. OSCAL has no empty selection, so that "none"
/// is all without all.
fn controls(view: &View<'_>, reviewed: &[&Row<'_>]) -> Value {
    let select = |rows: &mut dyn Iterator<Item = &Row<'_>>| -> Vec<Value> {
        let mut ids: Vec<String> = rows.map(|row| control_id(&row.assessment.target)).collect();
        ids.dedup();
        ids.into_iter().map(|id| json!({ "control-id": id })).collect()
    };
    let selection = if reviewed.is_empty() {
        json!({
            "description": "No control has been reviewed.",
            "include-all": {},
            "exclude-controls": select(&mut view.rows.iter()),
        })
    } else {
        json!({
            "description": "Controls that people have reviewed, for the organisation or a system.",
            "include-controls": select(&mut reviewed.iter().copied()),
        })
    };
    json!({ "control-selections": [selection] })
}

/// Each accepted piece of evidence with its UUID.
fn pieces<'a>(row: &Row<'a>) -> Vec<(String, &'a Evidence)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let piece = |evidence: &'a Evidence| {
        let id = evidence.proposal_id.as_str();
        let n = seen.entry(id).and_modify(|n| *n += 1).or_insert(0);
        (uuid("observation", &format!("{}|{id}|{n}", key(row))), evidence)
    };
    row.assessment.evidence.iter().map(piece).collect()
}

fn observations(row: &Row<'_>) -> Vec<Value> {
    let observation = |(uuid, e): (String, &Evidence)| {
        let locator = text::place(crate::words::Words::english(), e.locator.as_ref());
        let points: Vec<&str> = e.points.iter().map(|p| p.as_str()).collect();
        let caveats = text::caveats(crate::words::Words::english(), e).join("; ");
        let evidence_date = date(e.date);
        let mut observation = json!({
            "uuid": uuid,
            "title": title(row),
            "description": quoted(e),
            "props": props([
                ("evidence-kind", e.evidence_kind.as_str()),
                ("points", points.join(" ").as_str()),
                ("evidence-date", evidence_date.as_str()),
                ("accepted-by", &e.decided_by),
                ("caveats", caveats.as_str()),
            ]),
            "methods": ["EXAMINE"],
            "collected": time(e.decided_on),
            "relevant-evidence": [{
                "description": markdown(&text::source(crate::words::Words::english(), &e.document, e.locator.as_ref())),
                "props": props([
                    ("document", e.document.as_str()),
                    ("document-sha256", &e.document_hash),
                    ("locator", locator.as_str()),
                ]),
            }],
        });
        if !line(&e.decided_by).is_empty() {
            observation["origins"] = origins([e.decided_by.as_str()]);
        }
        if !e.comment.trim().is_empty() {
            observation["remarks"] = markdown(&e.comment).into();
        }
        observation
    };
    pieces(row).into_iter().map(observation).collect()
}

fn origins<'n>(people: impl IntoIterator<Item = &'n str>) -> Value {
    let actors: Vec<Value> = people
        .into_iter()
        .map(|name| json!({ "type": "party", "actor-uuid": party(name) }))
        .collect();
    json!([{ "actors": actors }])
}

fn finding(row: &Row<'_>) -> Option<Value> {
    let state = match Verdict::of(row) {
        Verdict::Satisfied => "satisfied",
        Verdict::PartlySatisfied | Verdict::NotSatisfied => "not-satisfied",
        Verdict::Excluded | Verdict::Open => return None,
    };
    let a = row.assessment;
    let position = a.position.as_ref();
    let concluded = conclusion(row).map_or("", Conclusion::as_str);
    let on = date(position.and_then(|p| p.decided_on));
    let people: Vec<&str> = people(row).into_iter().filter(|n| !line(n).is_empty()).collect();
    let named = people.join("; ");
    let (covered, points) = row.points();
    let mut status = json!({ "state": state });
    if !a.coverage_note.trim().is_empty() {
        status["remarks"] = markdown(&a.coverage_note).into();
    }
    let mut finding = json!({
        "uuid": uuid("finding", &key(row)),
        "title": title(row),
        "description": format!(
            "Coverage {} by accepted evidence: {covered} of {points} points.",
            row.state.label(),
        ),
        "props": props([
            ("coverage", row.state.label()),
            ("coverage-reasons", row.reasons(crate::words::Words::english()).as_str()),
            ("conclusion", concluded),
            ("concluded-on", if concluded.is_empty() { "" } else { on.as_str() }),
            ("decided-by", named.as_str()),
            ("system", a.system.as_deref().unwrap_or_default()),
        ]),
        "target": {
            "type": "objective-id",
            "target-id": objective_id(&a.target),
            "status": status,
        },
    });
    if !people.is_empty() {
        finding["origins"] = origins(people);
    }
    let related: Vec<Value> =
        pieces(row).into_iter().map(|(uuid, _)| json!({ "observation-uuid": uuid })).collect();
    if !related.is_empty() {
        finding["related-observations"] = related.into();
    }
    Some(finding)
}
