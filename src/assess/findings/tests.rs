//! Each finding: the case that raises it, and the nearest one that doesn't.

use super::{super::testkit::*, *};
use crate::domain::{ExclusionReason, PointId};

const ACCESS: &str = "ISO27001:A.5.15";

#[test]
fn a_clean_world_has_no_findings() {
    let mut world = World::new();
    world.system("triage", true);
    for id in ["ISO42001:A.5.3", "ISO42001:A.5.4", "ISO42001:A.5.5"] {
        world.accept_all(id, Some("triage"));
    }
    world.accept_all(ACCESS, None);
    let position = world.position(ACCESS, None);
    position.applicability = Some(Applicability::Applicable);
    position.inclusion_reasons = vec![InclusionReason::Risk];
    position.risk_ids = vec!["R-1".into()];
    position.justification = "Customer files lie on shared drives.".into();
    position.implementation_status = Some(ImplementationStatus::Implemented);
    position.conclusion = Some(Conclusion::EvidenceSufficient);
    assert_eq!(world.assess().diagnostics, []);
}

#[test]
fn stated_as_implemented_against_the_evidence() {
    let codes = |prepare: &dyn Fn(&mut World)| -> Vec<String> {
        let mut world = World::new();
        prepare(&mut world);
        world.position(ACCESS, None).implementation_status =
            Some(ImplementationStatus::Implemented);
        let all = world.assess().diagnostics.into_iter();
        all.map(|d| d.code).filter(|c| c != "no-system-declared").collect()
    };
    let contradiction = ["status-contradicts-coverage"];
    assert_eq!(codes(&|_| ()), contradiction);
    assert_eq!(codes(&|w| _ = w.accept(ACCESS, "o1", "record.md")), contradiction);
    assert_eq!(
        codes(&|w| w.position(ACCESS, None).conclusion = Some(Conclusion::NothingFound)),
        contradiction
    );
    assert_eq!(
        codes(&|w| _ = w.accept(ACCESS, "d1 d2", "policy.md")),
        ["implemented-without-operation"]
    );
    assert!(codes(&|w| w.accept_all(ACCESS, None)).is_empty());
}

#[test]
fn planned_is_no_contradiction() {
    let mut world = World::new();
    world.position(ACCESS, None).implementation_status = Some(ImplementationStatus::Planned);
    assert!(world.found("status-contradicts-coverage").is_empty());
}

#[test]
fn conclusions_at_odds_with_the_evidence() {
    type Case<'a> = (Conclusion, &'a [&'a str], Option<&'a str>);
    let cases: [Case<'_>; 6] = [
        (Conclusion::NothingFound, &["d1"], Some("nothing was found, but evidence is accepted")),
        (Conclusion::NothingFound, &[], None),
        (Conclusion::EvidenceSufficient, &[], Some("evidence is sufficient, but none is accepted")),
        (Conclusion::EvidenceSufficient, &["d1"], Some("but it doesn't cover every point")),
        (
            Conclusion::EvidenceInsufficient,
            &[],
            Some("evidence is insufficient, but none is accepted"),
        ),
        (Conclusion::EvidenceInsufficient, &["d1"], None),
    ];
    for (conclusion, accepted, expected) in cases {
        let mut world = World::new();
        for points in accepted {
            world.accept(ACCESS, points, "policy.md");
        }
        world.position(ACCESS, None).conclusion = Some(conclusion);
        let found = world.found("conclusion-contradicts-evidence");
        assert_eq!(found.len(), expected.iter().len(), "{conclusion:?} {accepted:?}");
        assert!(found.iter().zip(expected).all(|(f, e)| f.ends_with(e)), "{found:?}");
    }
}

#[test]
fn risk_without_an_id() {
    let mut world = World::new();
    world.position(ACCESS, None).inclusion_reasons = vec![InclusionReason::Risk];
    assert_eq!(world.found("risk-without-id").len(), 1);
    world.position(ACCESS, None).inclusion_reasons = vec![InclusionReason::Legal];
    assert!(world.found("risk-without-id").is_empty(), "the latest position counts");
}

#[test]
fn one_text_on_many_targets() {
    let mut world = World::new();
    for n in 1..=5 {
        world.position(&format!("ISO27001:A.5.{n}"), None).justification = "Best practice".into();
    }
    assert!(world.found("pasted-justification").is_empty(), "five may share a text");
    world.position("ISO27001:A.5.6", None).justification = " best  PRACTICE ".into();
    let found = world.found("pasted-justification");
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("6 targets (ISO27001:A.5.1, "), "{}", found[0]);
    world.position("ISO27001:A.5.6", None).justification = "Customers ask for it.".into();
    assert!(world.found("pasted-justification").is_empty());
    // The name of the control does not make a text of its own.
    for n in 1..=6 {
        let id = format!("ISO27001:A.5.{n}");
        let title = world.inputs().catalog.get(&target(&id)).unwrap().title.clone();
        let text = format!("{title} (A.5.{n}) is needed by our customers.");
        world.position(&id, None).justification = text;
    }
    assert_eq!(world.found("pasted-justification").len(), 1);
}

#[test]
fn exclusions_need_a_reason_and_a_text_and_a_control() {
    let mut world = World::new();
    world.position(ACCESS, None).applicability = Some(Applicability::NotApplicable);
    assert_eq!(world.found("exclusion-without-reason").len(), 1);
    let position = world.position(ACCESS, None);
    position.applicability = Some(Applicability::NotApplicable);
    position.exclusion_reasons = vec![ExclusionReason::NoActivity];
    position.justification = "Nobody has access to anything.".into();
    assert!(world.found("exclusion-without-reason").is_empty());
    world.position("ISO27001:9.2.1", None).applicability = Some(Applicability::NotApplicable);
    assert_eq!(world.found("clause-excluded").len(), 1);
}

#[test]
fn differing_scopes_are_noted_once_where_evidence_is_reused() {
    let mut world = World::new();
    let mut scope = |framework: &str, text: &str| {
        world.config.scope.insert(framework.into(), text.into());
    };
    scope(ISO27001, "All sites");
    scope(ISO42001, "The triage model");
    assert!(world.found("scopes-differ").is_empty(), "nothing is reused");
    world.accept(ACCESS, "d1", "policy.md");
    world.accept("ISO42001:A.2.2", "d1", "policy.md").origin = Origin::Reuse;
    world.accept("ISO42001:A.2.3", "d1", "policy.md").origin = Origin::Reuse;
    assert_eq!(world.found("scopes-differ").len(), 1);
    world.config.scope.insert(ISO42001.into(), " all  sites".into());
    assert!(world.found("scopes-differ").is_empty());
    world.config.scope.insert(ISO42001.into(), String::new());
    assert!(world.found("scopes-differ").is_empty(), "a scope not written yet can't differ");
}

#[test]
fn the_same_quote_in_both_standards_is_reuse_too() {
    let mut world = World::new();
    world.config.scope.insert(ISO27001.into(), "All sites".into());
    world.config.scope.insert(ISO42001.into(), "The triage model".into());
    let quote = world.accept(ACCESS, "d1", "policy.md").quote.clone();
    world.accept("ISO42001:A.2.2", "d1", "policy.md");
    assert!(world.found("scopes-differ").is_empty());
    world.decisions[1].quote = quote;
    assert_eq!(world.found("scopes-differ").len(), 1);
}

#[test]
fn decisions_and_positions_that_lead_nowhere() {
    let mut world = World::new();
    world.accept(ACCESS, "d1", "policy.md").target = target("ISO27001:A.99.1");
    world.position("ISO27001:A.99.1", None).owner = "Bob".into();
    world.reject(ACCESS, "d1", "b.md").points = vec![PointId::new(&target(ACCESS), "d9")];
    assert_eq!(world.found("unknown-target").len(), 2);
    assert_eq!(world.found("unknown-point").len(), 1);
}

#[test]
fn an_ai_system_without_an_impact_assessment() {
    const IMPACT: &str = "ISO42001:A.5.4";
    let mut world = World::new();
    world.system("triage", true);
    world.system("billing", false);
    let found = world.found("no-impact-assessment");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("triage:") && found[0].contains("A.5.3, A.5.4, A.5.5"));

    // A procedure is no assessment.
    world.accept(IMPACT, "d2", "procedure.md");
    assert_eq!(world.found("no-impact-assessment").len(), 1);
    world.accept(IMPACT, "o1", "assessment.md");
    assert!(world.found("no-impact-assessment").is_empty());
    // With a second system, a record without a system shows nothing about either.
    world.system("chat", true);
    assert_eq!(world.found("no-impact-assessment").len(), 2);
    world.accept(IMPACT, "o1", "chat.md").system = Some("chat".into());
    assert_eq!(world.found("no-impact-assessment").len(), 1);
    world.documents.clear();
    assert_eq!(world.found("no-impact-assessment").len(), 2, "lost evidence shows nothing");
}

#[test]
fn a_raised_override_must_end() {
    let mut world = World::new();
    let position = world.position(ACCESS, None);
    position.override_coverage = Some(Coverage::Full);
    assert_eq!(world.found("override-without-end").len(), 1);
    world.positions[0].override_until = Some(date("2026-12-31"));
    assert!(world.found("override-without-end").is_empty());
    world.positions[0].override_coverage = Some(Coverage::Partial);
    world.positions[0].override_until = None;
    world.accept_all(ACCESS, None);
    assert!(world.found("override-without-end").is_empty(), "a lowered one may stay");
}

#[test]
fn a_record_of_the_future_is_pointed_out() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    for decision in &mut world.decisions {
        decision.evidence_date = Some(date("2026-06-02"));
    }
    let found = world.found("future-evidence");
    assert_eq!(found.len(), 1, "the policy may take effect later");
    assert!(found[0].ends_with("records something on 2026-06-02, after 2026-06-01"));
}

#[test]
fn findings_point_to_file_and_row() {
    let mut world = World::new();
    world.position(ACCESS, None).inclusion_reasons = vec![InclusionReason::Risk];
    world.accept(ACCESS, "d1", "policy.md");
    world.documents.clear();
    let diagnostics = world.assess().diagnostics;
    let place = |code: &str| diagnostics.iter().find(|d| d.code == code).unwrap().place();
    assert_eq!(place("risk-without-id"), "positions.csv, row 2");
    assert_eq!(place("evidence-lost"), "policy.md, page 1");
    assert!(diagnostics.iter().all(|d| d.help.is_some()));
}
