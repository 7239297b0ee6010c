//! What other tools may read out of a run: never more than people concluded.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    DISCLAIMER, NOTHING_REVIEWED, Report, fixture,
    tests::{csv_rows, text, write},
};
use crate::{
    catalog::{Catalog, oscal},
    domain::{ActionStatus, Conclusion, Coverage, CoverageReason},
};

const COMPONENTS: &str = "oscal/component-definition.json";
const RESULTS: &str = "oscal/assessment-results.json";
const PLAN: &str = "oscal/plan-of-action-and-milestones.json";

/// The fixture, and a person concludes on every second row with full coverage.
fn concluded() -> Report<'static> {
    let mut report = fixture::report(true);
    let full = report.assessments.iter_mut().filter(|a| a.coverage == Coverage::Full);
    for a in full.step_by(2) {
        if let Some(position) = &mut a.position {
            position.conclusion = Some(Conclusion::EvidenceSufficient);
        }
    }
    report
}

fn json(report: &Report<'_>, name: &str) -> Value {
    let (dir, _) = write(report);
    serde_json::from_str(&text(dir.path(), name)).unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    value[key].as_array().map(|items| items.iter().collect()).unwrap_or_default()
}

fn prop<'v>(value: &'v Value, name: &str) -> &'v str {
    list(value, "props")
        .into_iter()
        .find(|prop| prop["name"] == name)
        .map_or("", |prop| prop["value"].as_str().unwrap())
}

/// All values of a key, anywhere.
fn collect<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == key => found.push(text),
                    _ => collect(value, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
        _ => {}
    }
}

pub(super) fn all<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let mut found = Vec::new();
    collect(value, key, &mut found);
    found
}

#[test]
fn nothing_reviewed_gives_no_finding_no_claim_and_work_to_do() {
    let report = fixture::report(false);
    let results = json(&report, RESULTS);
    let result = &results["assessment-results"]["results"][0];
    assert!(result.get("findings").is_none() && result.get("observations").is_none());
    assert!(result["description"].as_str().unwrap().starts_with(NOTHING_REVIEWED));
    // All without all: the only empty selection that OSCAL takes.
    let selection = &result["reviewed-controls"]["control-selections"][0];
    assert!(selection.get("include-controls").is_none());
    let left: BTreeSet<&str> =
        all(&selection["exclude-controls"], "control-id").into_iter().collect();
    let targets: BTreeSet<_> = report.assessments.iter().map(|a| &a.target).collect();
    assert_eq!(left.len(), targets.len());

    let components = json(&report, COMPONENTS);
    let components = list(&components["component-definition"], "components");
    assert_eq!(components.len(), 3, "the organisation and two systems");
    assert!(components.iter().all(|c| c.get("control-implementations").is_none()));

    let plan = json(&report, PLAN);
    let items = list(&plan["plan-of-action-and-milestones"], "poam-items");
    assert_eq!(items.len(), report.actions.len());
}

#[test]
fn satisfied_needs_full_coverage_and_a_conclusion() {
    let report = concluded();
    let results = json(&report, RESULTS);
    let result = &results["assessment-results"]["results"][0];
    let findings: BTreeMap<&str, &Value> =
        list(result, "findings").into_iter().map(|f| (f["uuid"].as_str().unwrap(), f)).collect();
    let mut counts = BTreeMap::new();
    for a in &report.assessments {
        let key = format!("{}|{}", a.target, a.system.as_deref().unwrap_or_default());
        let state = findings
            .get(oscal::uuid("finding", &key).as_str())
            .map(|f| f["target"]["status"]["state"].as_str().unwrap());
        let conclusion = a.position.as_ref().and_then(|p| p.conclusion);
        let sufficient = conclusion == Some(Conclusion::EvidenceSufficient);
        let has = |reason| a.coverage_reasons.contains(&reason);
        let wanted = match a.coverage {
            _ if has(CoverageReason::NotApplicable) || has(CoverageReason::OverrideAsserted) => {
                None
            }
            Coverage::NotReviewed => None,
            Coverage::Full => sufficient.then_some("satisfied"),
            Coverage::Partial | Coverage::None => Some("not-satisfied"),
        };
        assert_eq!(state, wanted, "{key}");
        *counts.entry(wanted).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 3, "the fixture has all three: {counts:?}");
    assert_eq!(findings.len(), counts.values().sum::<usize>() - counts[&None]);
}

#[test]
fn every_reference_leads_somewhere_and_every_uuid_is_its_own() {
    let report = concluded();
    let catalog = oscal::catalog_document(Catalog::builtin(), None);
    let ids: BTreeSet<&str> = all(&catalog, "id").into_iter().collect();
    for name in [COMPONENTS, RESULTS, PLAN] {
        let document = json(&report, name);
        let uuids = all(&document, "uuid");
        let unique: BTreeSet<&str> = uuids.iter().copied().collect();
        assert_eq!(uuids.len(), unique.len(), "{name}");
        for key in ["control-id", "target-id"] {
            assert!(all(&document, key).iter().all(|id| ids.contains(id)), "{name} {key}");
        }
        for key in ["observation-uuid", "actor-uuid"] {
            assert!(all(&document, key).iter().all(|id| unique.contains(id)), "{name} {key}");
        }
        for value in all(&document, "value") {
            assert!(!value.is_empty() && value.trim() == value && !value.contains('\n'));
        }
        let metadata = &document.as_object().unwrap().values().next().unwrap()["metadata"];
        assert_eq!(prop(metadata, "ledger-head"), report.ledger_head.as_deref().unwrap());
        assert_eq!(prop(metadata, "disclaimer"), DISCLAIMER);
        assert!(prop(metadata, "reviewed-share").ends_with(" targets reviewed"));
        assert_eq!(metadata["last-modified"], "2026-11-24T00:00:00Z");
    }
    let results = json(&report, RESULTS);
    assert!(all(&results, "observation-uuid").len() > 10);
    let components = json(&report, COMPONENTS);
    assert!(all(&components, "control-id").len() > 10);

    // What is the same from run to run keeps its UUID; the document is another one.
    let mut later = concluded();
    later.as_of = fixture::day("2026-12-24");
    let (old, new) = (json(&report, PLAN), json(&later, PLAN));
    let key = "plan-of-action-and-milestones";
    assert_eq!(old[key]["poam-items"], new[key]["poam-items"]);
    assert_ne!(old[key]["uuid"], new[key]["uuid"]);
}

#[test]
fn a_plan_of_action_without_actions_is_still_a_document() {
    let mut report = fixture::report(true);
    report.actions.clear();
    let plan = json(&report, PLAN);
    let items = list(&plan["plan-of-action-and-milestones"], "poam-items");
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["title"], "No action");
}

fn audit(report: &Report<'_>, name: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let (dir, _) = write(report);
    let (columns, rows) = csv_rows(&text(dir.path(), name));
    assert_eq!(
        columns[..11],
        [
            "urn",
            "assessable",
            "ref_id",
            "name",
            "description",
            "compliance_result",
            "requirement_progress",
            "implementation_score",
            "documentation_score",
            "score",
            "observations"
        ]
    );
    let count = rows.len();
    let rows: BTreeMap<_, _> = rows.into_iter().map(|r| (r["ref_id"].clone(), r)).collect();
    assert_eq!(rows.len(), count, "one row a requirement");
    rows
}

#[test]
fn an_audit_for_ciso_assistant_says_no_more_than_people_did() {
    for (file, library, count) in [
        ("ciso-assistant-iso27001.csv", "iso27001-2022", 123),
        ("ciso-assistant-iso42001.csv", "iso42001-2023", 67),
    ] {
        let rows = audit(&fixture::report(false), file);
        assert_eq!(rows.len(), count, "{file}");
        for (id, row) in &rows {
            assert_eq!(row["compliance_result"], "not_assessed", "{id}");
            assert_eq!(row["requirement_progress"], "to_do", "{id}");
            assert_eq!(row["review_state"], NOTHING_REVIEWED);
            assert_eq!(row["assessable"], "true");
            let urn = format!("urn:intuitem:risk:req_node:{library}:{}", id.to_lowercase());
            assert_eq!(row["urn"], urn);
            assert!(row["score"].is_empty() && row["description"].is_empty());
            assert_eq!(row["disclaimer"], DISCLAIMER);
        }
    }

    let report = concluded();
    let mut results: BTreeMap<String, usize> = BTreeMap::new();
    for (framework, file) in
        [("ISO27001", "ciso-assistant-iso27001.csv"), ("ISO42001", "ciso-assistant-iso42001.csv")]
    {
        for (id, row) in audit(&report, file) {
            let result = row["compliance_result"].clone();
            *results.entry(result.clone()).or_default() += 1;
            assert_eq!(row["ledger_head"], report.ledger_head.clone().unwrap());
            let mine: Vec<_> = report
                .assessments
                .iter()
                .filter(|a| a.framework == framework)
                .filter(|a| {
                    a.target.local() == id
                        || (framework == "ISO42001"
                            && id == "6.1"
                            && a.target.local().starts_with("6.1."))
                })
                .collect();
            assert!(!mine.is_empty(), "{id}");
            if result == "compliant" {
                for a in mine {
                    let position = a.position.as_ref().unwrap();
                    let excluded = a.coverage_reasons.contains(&CoverageReason::NotApplicable);
                    let sufficient = position.conclusion == Some(Conclusion::EvidenceSufficient);
                    assert!(excluded || (a.coverage == Coverage::Full && sufficient), "{id}");
                }
            } else if mine.iter().any(|a| a.coverage == Coverage::NotReviewed) {
                assert_eq!(result, "not_assessed", "{id}");
            }
        }
    }
    let found: Vec<&str> = results.keys().map(String::as_str).collect();
    let vocabulary =
        ["compliant", "non_compliant", "not_applicable", "not_assessed", "partially_compliant"];
    assert_eq!(found, vocabulary, "{results:?}");

    // Full coverage alone, without anybody's conclusion, is no result.
    let rows = audit(&fixture::report(true), "ciso-assistant-iso27001.csv");
    assert!(rows.values().all(|row| row["compliance_result"] != "compliant"));
}

#[test]
fn the_markdown_summary_counts_as_the_view_does_and_shows_ten_open_actions() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    let page = text(dir.path(), "gap-analysis.md");
    for wanted in [
        DISCLAIMER,
        report.ledger_head.as_deref().unwrap(),
        "### ISO/IEC 27001:2022",
        "### ISO/IEC 42001:2023",
        "## Coverage by decisions of people",
        "## What the machine proposes",
        "OPEN: no scope statement",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let rows = |id: &str| report.assessments.iter().filter(|a| a.framework == id).count();
    let totals: Vec<usize> = page
        .lines()
        .filter(|line| line.starts_with("| All |"))
        .map(|line| line.split(" | ").nth(1).unwrap().parse().unwrap())
        .collect();
    assert_eq!(totals, [rows("ISO27001"), rows("ISO42001")]);
    let actions = page.split_once("## Next actions").unwrap().1;
    let shown = actions.lines().filter(|line| line.starts_with("| 1 |")).count();
    assert_eq!(shown, 10, "the most pressing");
    let open = report.actions.iter().filter(|a| a.status != ActionStatus::Done).count();
    assert!(actions.contains(&format!("{} more in gap-analysis.xlsx", open - 10)));

    let (dir, _) = write(&fixture::report(false));
    let page = text(dir.path(), "gap-analysis.md");
    assert!(page.contains(NOTHING_REVIEWED) && page.contains("no decisions yet"));
}
