//! The register against positions, evidence and actions.

use super::{super::testkit::*, *};
use crate::{
    assess,
    domain::{Acceptance, ExclusionReason, InclusionReason, Linked, RegisterState, RiskBand},
};

const ACCESS: &str = "ISO27001:A.5.15";
const RIGHTS: &str = "ISO27001:A.5.18";
/// Application level.
const VERIFICATION: &str = "ISO42001:A.6.2.4";

fn risk(world: &mut World, id: &str, controls: &[&str]) -> usize {
    let n = world.register.risks.len();
    world.register.state = RegisterState::Read;
    world.register.risks.push(RegisteredRisk {
        key: format!("sec.xlsx#{id}"),
        id: id.to_owned(),
        title: format!("Risk {id}"),
        treatment: "Mitigate".to_owned(),
        option: Some(RiskOption::Modify),
        controls: controls.iter().map(|c| target(c)).collect(),
        residual: "4".to_owned(),
        owner: "Eve".to_owned(),
        accepted_by: "CEO".to_owned(),
        accepted_on: "2026-03-01".to_owned(),
        accepted_day: Some(date("2026-03-01")),
        row: n as u32 + 2,
        ..RegisteredRisk::default()
    });
    n
}

fn report(world: &World) -> RiskReport {
    let (assessed, inputs) = (world.assess(), world.inputs());
    let soa = inputs
        .catalog
        .frameworks()
        .into_iter()
        .map(|f| (f.to_owned(), assess::soa(f, &assessed, &inputs)))
        .collect();
    let actions = assess::actions(&assessed, &inputs);
    risks(&assessed, &inputs, &soa, &actions)
}

/// Codes with the names of the risks.
fn found(world: &World) -> Vec<(String, String)> {
    let all = report(world).findings.into_iter();
    all.map(|f| (f.diagnostic.code.clone(), f.risks.join(","))).collect()
}

fn codes(world: &World) -> Vec<String> {
    let quiet = ["risk-accepted-on-nothing"];
    let all = found(world).into_iter().map(|(code, _)| code);
    all.filter(|code| !quiet.contains(&code.as_str())).collect()
}

fn apply<'w>(
    world: &'w mut World,
    id: &str,
    reasons: &[InclusionReason],
    risks: &[&str],
) -> &'w mut crate::domain::Position {
    let position = world.position(id, None);
    position.applicability = Some(Applicability::Applicable);
    position.inclusion_reasons = reasons.to_vec();
    position.justification = "Customer files lie on shared drives.".into();
    position.risk_ids = risks.iter().map(|r| (*r).to_owned()).collect();
    position
}

#[test]
fn without_a_register_nothing_is_held_against_it() {
    let mut world = World::new();
    assert!(report(&world).findings.is_empty());
    apply(&mut world, ACCESS, &[InclusionReason::Risk], &["R-1"]);
    let report = report(&world);
    assert_eq!((report.state, report.entries.len()), (RegisterState::Missing, 0));
    assert_eq!(codes(&world), ["risk-register-missing"]);
}

#[test]
fn a_risk_shows_the_reviewed_coverage_and_the_work_of_its_controls() {
    let mut world = World::new();
    risk(&mut world, "R-1", &[ACCESS, "ISO27001:8.2", "ISO27001:A.99.9"]);
    apply(&mut world, RIGHTS, &[InclusionReason::Risk], &["r-1"]).owner = "Bob".into();
    apply(&mut world, ACCESS, &[InclusionReason::Risk], &["R-1"]).implementation_status =
        Some(ImplementationStatus::PartiallyImplemented);
    world.accept(ACCESS, "d1", "policy.md");
    let report = report(&world);
    let [access, clause, unknown, rights] = &report.entries[0].controls[..] else {
        panic!("{:?}", report.entries[0].controls)
    };
    assert_eq!((access.coverage, access.named_by), (Coverage::Partial, NamedBy::Both));
    assert_eq!(access.open, ["partially implemented", "evidence partial"]);
    assert!(!access.actions.is_empty(), "a partial control has something to do");
    assert_eq!(clause.coverage, Coverage::NotReviewed);
    assert!(clause.open.iter().all(|o| !o.contains("applicability")), "{:?}", clause.open);
    assert_eq!(unknown.open, ["not in the catalogue"]);
    assert_eq!((rights.named_by, rights.owner.as_str()), (NamedBy::Position, "Bob"));
    assert_eq!(rights.open[0], "implementation NOT DECIDED");
    assert_eq!(report.entries[0].open, ["no control of the catalogue: ISO27001:A.99.9"]);
}

#[test]
fn a_risk_of_a_system_shows_that_systems_row() {
    let mut world = World::new();
    world.system("triage", true);
    world.system("chat", true);
    world.accept_all(VERIFICATION, Some("triage"));
    let n = risk(&mut world, "K-1", &[VERIFICATION]);
    let coverage = |world: &World| report(world).entries[0].controls[0].coverage;
    assert_eq!(coverage(&world), Coverage::NotReviewed, "the weakest system");
    world.register.risks[n].system = "triage".to_owned();
    assert_eq!(coverage(&world), Coverage::Full);
    assert_eq!(report(&world).entries[0].controls[0].system.as_deref(), Some("triage"));
}

#[test]
fn what_a_risk_lacks_is_said_once_each_and_closed_risks_lack_nothing() {
    let mut world = World::new();
    let n = risk(&mut world, "R-1", &[]);
    let bare = RegisteredRisk { residual: String::new(), ..world.register.risks[n].clone() };
    world.register.risks[n] = RegisteredRisk {
        option: None,
        treatment: String::new(),
        owner: String::new(),
        accepted_by: String::new(),
        next_review: "2026-05-31".to_owned(),
        review_day: Some(date("2026-05-31")),
        ..world.register.risks[n].clone()
    };
    assert_eq!(
        codes(&world),
        [
            "risk-without-treatment",
            "risk-without-control",
            "risk-not-accepted",
            "risk-without-owner",
            "risk-review-overdue"
        ]
    );
    let said = |world: &World| {
        let mut all = report(world).findings.into_iter().map(|f| f.diagnostic);
        all.find(|d| d.code == "risk-without-treatment").unwrap().message
    };
    assert!(!said(&world).contains("names no option that is known"));
    world.register.risks[n].treatment = "accept without mitigation".to_owned();
    assert!(said(&world).contains("names no option that is known"));
    world.register.risks[n].treatment = String::new();
    world.register.risks[n].review_day = Some(world.as_of);
    assert!(!codes(&world).contains(&"risk-review-overdue".to_owned()), "due today");
    world.register.risks[n].closed = true;
    assert!(codes(&world).is_empty());

    let accepted = |option, accepted_by: &str| {
        let mut world = World::new();
        world.register.state = RegisterState::Read;
        world.register.risks =
            vec![RegisteredRisk { option, accepted_by: accepted_by.to_owned(), ..bare.clone() }];
        codes(&world)
    };
    assert_eq!(accepted(Some(RiskOption::Retain), ""), ["risk-not-accepted"]);
    assert!(accepted(Some(RiskOption::Retain), "CEO").is_empty());
    assert!(accepted(Some(RiskOption::Avoid), "").is_empty());
    assert_eq!(
        accepted(Some(RiskOption::Share), ""),
        ["risk-without-control", "risk-without-residual"]
    );
}

#[test]
fn a_residual_risk_accepted_while_nothing_is_shown_is_to_be_checked() {
    let mut world = World::new();
    risk(&mut world, "R-1", &[ACCESS]);
    let told = |world: &World| found(world).iter().any(|(c, _)| c == "risk-accepted-on-nothing");
    assert!(told(&world));
    world.accept(ACCESS, "d1", "policy.md");
    assert!(!told(&world));
}

#[test]
fn an_excluded_control_treats_no_risk() {
    let mut world = World::new();
    let n = risk(&mut world, "R-1", &[ACCESS]);
    risk(&mut world, "R-2", &[ACCESS]);
    let position = world.position(ACCESS, None);
    position.applicability = Some(Applicability::NotApplicable);
    position.exclusion_reasons = vec![ExclusionReason::NoRisk];
    position.justification = "We run no network of our own.".into();
    let report = report(&world);
    let finding = &report.findings.iter().find(|f| f.diagnostic.target.is_some()).unwrap();
    assert_eq!(finding.diagnostic.code, "risk-treated-by-excluded");
    assert_eq!(finding.risks, ["R-1", "R-2"]);
    assert_eq!(report.entries[0].controls[0].open, ["excluded by a person"]);
    assert!(report.entries[0].open.contains(&format!("{ACCESS} is excluded")));
    assert_eq!(report.counts.excluded_controls, 1);
    world.register.risks[n].closed = true;
    assert!(found(&world).contains(&("risk-treated-by-excluded".into(), "R-2".into())));
}

#[test]
fn excluded_for_one_system_it_still_treats_the_risks_of_another() {
    let mut world = World::new();
    world.system("triage", true);
    world.system("chat", true);
    let n = risk(&mut world, "K-1", &[VERIFICATION]);
    let position = world.position(VERIFICATION, Some("chat"));
    position.applicability = Some(Applicability::NotApplicable);
    let told = |world: &World| codes(world).contains(&"risk-treated-by-excluded".to_owned());
    assert!(!told(&world), "one of two systems");
    world.register.risks[n].system = "triage".to_owned();
    assert!(!told(&world));
    world.register.risks[n].system = "chat".to_owned();
    assert!(told(&world));
    world.register.risks[n].system.clear();
    world.position(VERIFICATION, Some("triage")).applicability = Some(Applicability::NotApplicable);
    assert!(told(&world), "excluded for all");
}

#[test]
fn a_control_because_of_risk_needs_one_in_the_register() {
    let with = |reasons: &[InclusionReason], risks: &[&str], registered: &[&str]| {
        let mut world = World::new();
        risk(&mut world, "R-1", registered);
        apply(&mut world, ACCESS, reasons, risks);
        let about = |f: &RiskFinding| f.diagnostic.target.is_some();
        let all = report(&world).findings;
        all.iter().filter(|f| about(f)).map(|f| f.diagnostic.code.clone()).collect::<Vec<_>>()
    };
    let risk = [InclusionReason::Risk];
    assert!(with(&risk, &["R-1"], &[ACCESS]).is_empty());
    assert!(with(&risk, &["SEC.xlsx#r-1"], &[]).is_empty(), "the position alone is enough");
    assert_eq!(with(&risk, &["R-77"], &[]), ["control-without-risk"]);
    assert_eq!(with(&risk, &[], &[]), ["control-without-risk"]);
    assert_eq!(with(&risk, &[], &[ACCESS]), ["risk-without-id"]);
    assert_eq!(with(&risk, &["R-1", "R-77"], &[ACCESS]), ["risk-unknown"]);
    assert_eq!(with(&risk, &["R-77"], &[ACCESS]), ["risk-unknown", "risk-not-linked"]);
    assert!(with(&[InclusionReason::Legal], &[], &[]).is_empty());
    assert_eq!(with(&[], &[], &[]), ["control-without-risk"]);
    assert_eq!(with(&[InclusionReason::Legal], &[], &[ACCESS]), ["risk-not-linked"]);
}

#[test]
fn an_id_of_two_registers_links_nothing_and_same_as_settles_it() {
    let mut world = World::new();
    risk(&mut world, "R-1", &[]);
    risk(&mut world, "R-1", &[]);
    world.register.risks[1].key = "ai.xlsx#R-1".to_owned();
    apply(&mut world, ACCESS, &[InclusionReason::Risk], &["R-1"]);
    let all = found(&world);
    assert!(all.contains(&("risk-ambiguous".into(), "sec.xlsx#R-1,ai.xlsx#R-1".into())), "{all:?}");
    assert!(report(&world).entries.iter().all(|e| e.controls.is_empty()));
    world.register.risks[1].same_as = vec!["SEC.xlsx#R-1".to_owned()];
    assert!(!codes(&world).contains(&"risk-ambiguous".to_owned()));
    assert!(report(&world).entries.iter().all(|e| e.controls.len() == 1));
}

#[test]
fn diagnostics_name_the_risks_of_a_kind_in_one_sentence() {
    let mut world = World::new();
    for n in 0..25 {
        let at = risk(&mut world, &format!("R-{n}"), &[]);
        world.register.risks[at].accepted_by.clear();
    }
    world.system("triage", true);
    let all = register_diagnostics(&report(&world).findings);
    let messages: Vec<&str> = all.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].starts_with("risks that no control treats: R-0, R-1,"));
    assert!(messages[1].ends_with("R-19 and 5 more"), "{}", messages[1]);
    let systems = report(&world).findings.iter().filter(|f| f.told).count();
    assert_eq!(systems, 1, "it stands among the questions, and is told by the assessment");
}

#[test]
fn the_soa_shows_treatment_and_acceptance_and_hints_at_what_is_not_linked() {
    let mut world = World::new();
    risk(&mut world, "R-1", &[]);
    let n = risk(&mut world, "R-2", &[ACCESS]);
    world.register.risks[n].band = Some(RiskBand::High);
    apply(&mut world, ACCESS, &[InclusionReason::Risk], &["R-1", "R-9"]);
    let entry = |world: &World| {
        let soa = assess::soa("ISO27001", &world.assess(), &world.inputs());
        soa.into_iter().find(|e| e.target == target(ACCESS)).unwrap()
    };
    let one = entry(&world);
    assert_eq!(one.risk_ids, ["R-1", "R-9"], "nothing is added");
    let [known, unknown] = &one.risks[..] else { panic!("{:?}", one.risks) };
    let Linked::Risk { treatment, residual, acceptance } = &known.register else { panic!() };
    assert_eq!((&*treatment.written, treatment.option), ("Mitigate", Some(RiskOption::Modify)));
    let by = Acceptance::By { who: "CEO".to_owned(), day: "2026-03-01".to_owned() };
    assert_eq!((residual.as_str(), acceptance), ("4", &by));
    assert_eq!(unknown.register, Linked::Missing);
    assert_eq!(one.register_names, ["R-2"]);
    world.register.risks[n].closed = true;
    assert!(entry(&world).register_names.is_empty());
    world.register = Default::default();
    assert!(entry(&world).risks.is_empty() && entry(&world).register_names.is_empty());
}
