//! What is planned when, by whom it is not done, and what weighs.

use std::collections::BTreeSet;

use super::{super::testkit::*, *};
use crate::domain::{ActionStatus, Applicability, Conclusion, MachineView, Statement};

fn plan(world: &World) -> AuditProgramme {
    programme(&world.assess(), &world.inputs(), AssumedStage2::first(world.as_of))
}

fn world(stage2: &str) -> World {
    let mut world = World::new();
    world.config.stage2_on = Some(date(stage2));
    world
}

fn covered<'a>(audits: impl Iterator<Item = &'a Audit>) -> BTreeSet<TargetId> {
    let internal = audits.filter(|a| a.kind == Planned::InternalAudit);
    internal.flat_map(|a| a.targets.iter().cloned()).collect()
}

#[test]
fn all_of_both_standards_is_audited_once_before_stage_2_and_reviewed_after() {
    let world = world("2027-03-15");
    let plan = plan(&world);
    let before: Vec<&Audit> = plan.audits.iter().filter(|a| a.round == "before Stage 2").collect();
    let all: BTreeSet<TargetId> = world.inputs().catalog.targets().map(|t| t.id.clone()).collect();
    assert_eq!(covered(before.iter().copied()), all);
    let planned: usize =
        before.iter().filter(|a| a.kind == Planned::InternalAudit).map(|a| a.targets.len()).sum();
    assert_eq!(planned, all.len(), "a target stands in one audit of the round");
    let review = before.last().unwrap();
    assert_eq!(review.kind, Planned::ManagementReview);
    assert!(before.iter().all(|a| a.to <= review.from && a.from > world.as_of));
    assert!(review.to < date("2027-03-15"));
    // Days hang on the Stage 2 day, not on the day of the run.
    let mut later = World::new();
    later.config.stage2_on = world.config.stage2_on;
    later.as_of = date("2026-06-20");
    let days =
        |p: &AuditProgramme| p.audits.iter().map(|a| (a.id.clone(), a.from)).collect::<Vec<_>>();
    assert_eq!(days(&plan), days(&self::plan(&later)));
}

#[test]
fn clauses_come_every_year_and_every_control_within_three() {
    let world = world("2027-03-15");
    let plan = plan(&world);
    let mut controls = BTreeSet::new();
    for year in 1..=3 {
        let round = format!("year {year}");
        let found = covered(plan.audits.iter().filter(|a| a.round == round));
        let clauses = found.iter().filter(|id| !id.local().starts_with('A')).count();
        assert_eq!(clauses, 62, "{round}");
        controls.extend(found.into_iter().filter(|id| id.local().starts_with('A')));
        assert!(
            plan.audits.iter().any(|a| a.round == round && a.kind == Planned::ManagementReview)
        );
    }
    assert_eq!(controls.len(), 93 + 38);
}

#[test]
fn nobody_audits_what_he_answers_for() {
    let mut world = world("2027-03-15");
    world.position("ISO27001:A.5.15", None).owner = "Grace Hopper".into();
    world.position("ISO27001:A.7.4", None).owner = "Lead Internal Auditor".into();
    let plan = plan(&world);
    for audit in plan.audits.iter().filter(|a| a.kind == Planned::InternalAudit) {
        assert!(!audit.auditor_role.is_empty() && !audit.method.is_empty(), "{}", audit.id);
        assert!(!audit.owners.contains(&audit.auditor_role), "{}", audit.id);
    }
    let of = |id: &str| {
        let id = target(id);
        plan.audits.iter().find(|a| a.kind == Planned::InternalAudit && a.targets.contains(&id))
    };
    assert_eq!(of("ISO27001:9.2.2").unwrap().auditor_role, OUTSIDER);
    assert_eq!(of("ISO27001:A.7.4").unwrap().auditor_role, OUTSIDER);
    assert_eq!(of("ISO27001:A.5.15").unwrap().auditor_role, AUDITOR);
    assert!(of("ISO27001:A.5.15").unwrap().owners.contains(&"Grace Hopper".to_owned()));
}

#[test]
fn reviewed_gaps_and_linked_risks_weigh_and_the_machine_does_not() {
    const MENTIONED: &str = "ISO27001:A.7.14";
    let mut world = world("2027-03-15");
    let years = |world: &World| -> Vec<String> {
        let id = target(MENTIONED);
        plan(world)
            .audits
            .iter()
            .filter(|a| a.round != "before Stage 2" && a.targets.contains(&id))
            .map(|a| a.round.clone())
            .collect()
    };
    assert_eq!(years(&world).len(), 1);
    let before = plan(&world);
    world.view(MENTIONED, None, MachineView::LikelyGap);
    world.propose(MENTIONED, "d1", "x.md");
    assert_eq!(plan(&world), before);
    let position = world.position(MENTIONED, None);
    position.conclusion = Some(Conclusion::NothingFound);
    position.risk_ids = vec!["R-1".into()];
    assert_eq!(years(&world), ["year 1", "year 2", "year 3"]);
}

#[test]
fn an_excluded_control_is_not_planned_and_is_named() {
    let mut world = world("2027-03-15");
    world.position("ISO27001:A.6.7", None).applicability = Some(Applicability::NotApplicable);
    let plan = plan(&world);
    assert_eq!(plan.excluded, [target("ISO27001:A.6.7")]);
    assert!(!covered(plan.audits.iter()).contains(&target("ISO27001:A.6.7")));
}

#[test]
fn little_time_no_time_and_no_day_are_planned_and_said() {
    // 2026-06-01 is "today".
    let soon = plan(&world("2026-07-01"));
    let before: Vec<&Audit> = soon.audits.iter().filter(|a| a.round == "before Stage 2").collect();
    assert!(before.iter().all(|a| a.from > date("2026-06-01") && a.to < date("2026-07-01")));
    assert!(soon.notes.iter().any(|n| n.contains("30 days are left")));

    let past = plan(&world("2024-01-15"));
    assert!(past.audits.iter().all(|a| a.round != "before Stage 2"));
    let rounds: BTreeSet<&str> = past.audits.iter().map(|a| a.round.as_str()).collect();
    assert_eq!(rounds, BTreeSet::from(["year 3", "year 4", "year 5"]));

    let none = plan(&World::new());
    assert_eq!(none.stage2_on, None);
    assert!(none.notes.iter().any(|n| n.contains("stage2_on")));
    let before = none.audits.iter().filter(|a| a.round == "before Stage 2");
    let said = before.filter(|a| a.why.contains("assumed")).count();
    assert_eq!(said, 7, "every audit of the round says that its day is assumed");
}

#[test]
fn ids_are_unique_and_no_audit_starts_on_a_weekend() {
    let plan = plan(&world("2027-03-14"));
    let ids: BTreeSet<&str> = plan.audits.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids.len(), plan.audits.len());
    let monday = date("2024-01-01");
    for audit in &plan.audits {
        assert!(audit.from.days_since(monday).rem_euclid(7) < 5, "{}", audit.id);
        assert!(audit.to.days_since(monday).rem_euclid(7) < 5, "{}", audit.id);
    }
}

#[test]
fn an_assumed_day_stays_until_it_has_passed() {
    let first = AssumedStage2::first(date("2026-06-01"));
    assert_eq!((first.day, first.passed), (date("2026-11-28"), None));
    assert_eq!(first.on(date("2026-11-27")), first);
    assert_eq!(first.on(date("2026-01-01")), first);
    let next = first.on(date("2026-11-28"));
    assert_eq!((next.since, next.passed), (date("2026-11-28"), Some(first.day)));
    // Whatever was looked at in between.
    for (seen, later) in [("2026-12-24", "2027-01-10"), ("2027-09-01", "2029-02-03")] {
        let (seen, later) = (date(seen), date(later));
        assert!(first.on(later).day > later && first.on(later).since <= later);
        assert_eq!(first.on(seen).on(later), first.on(later));
    }
    let mut world = World::new();
    let days = |world: &World| -> Vec<(String, Date)> {
        let plan = programme(&world.assess(), &world.inputs(), first);
        assert!(plan.notes.iter().any(|n| n.contains("2026-11-28 is assumed since 2026-06-01")));
        plan.audits.iter().map(|a| (a.id.clone(), a.from)).collect()
    };
    let before = days(&world);
    world.as_of = date("2026-06-30");
    assert_eq!(days(&world), before);
}

fn said(about: &str, auditor: &str, day: &str, status: ActionStatus) -> Statement {
    Statement {
        about: about.to_owned(),
        owner: auditor.to_owned(),
        due: (!day.is_empty()).then(|| date(day)),
        status,
        comment: String::new(),
        stated_by: "Ada".into(),
        stated_on: date("2026-06-01"),
        provenance: crate::domain::Provenance {
            file: "audit-programme.csv".into(),
            row: 2,
            program: "test".into(),
            catalog: "test".into(),
            account: String::new(),
            block: 0,
        },
    }
}

#[test]
fn what_people_said_of_an_audit_stays_and_its_auditor_owns_nothing_in_it() {
    let mut world = world("2027-03-15");
    world.position("ISO27001:A.7.4", None).owner = "Grace Hopper".into();
    let assessed = world.assess();
    let plan = plan(&world);
    let id = "before-stage-2.physical-controls";
    let before = plan.audits.iter().find(|a| a.id == id).unwrap().clone();
    let stated = |said: &[Statement], earlier: &[Audit]| {
        stated_programme(plan.clone(), said, earlier, &assessed, world.as_of)
    };
    let of = |programme: &AuditProgramme, id: &str| -> Audit {
        programme.audits.iter().find(|a| a.id == id).unwrap().clone()
    };
    // The last statement counts; a day that a person set moves the audit and keeps its length.
    let open = ActionStatus::Open;
    let (done, warnings) =
        stated(&[said(id, "Bob", "", open), said(id, "Alan Turing", "2026-07-01", open)], &[]);
    let audit = of(&done, id);
    assert_eq!((audit.said.auditor.as_str(), audit.from), ("Alan Turing", date("2026-07-01")));
    assert_eq!(audit.to, last_day(date("2026-07-01"), audit.targets.len()));
    assert!(warnings.is_empty() && audit.said.remark.is_empty());
    assert!(done.audits.is_sorted_by_key(|a| a.from));
    assert_eq!((audit.targets, audit.why), (before.targets.clone(), before.why.clone()));

    for auditor in ["grace  hopper", "Alan Turing; Grace Hopper", "Turing and Grace Hopper"] {
        let (found, warnings) = stated(&[said(id, auditor, "", open)], &[]);
        let [warning] = &warnings[..] else { panic!("{auditor}: {warnings:?}") };
        assert!(
            warning.message.contains("Grace Hopper owns ISO27001:A.7.4"),
            "{}",
            warning.message
        );
        assert!(of(&found, id).said.remark.contains("Grace Hopper"));
    }
    // The role that answers for a target does not audit it either.
    let role = before.owners[0].clone();
    assert_eq!(stated(&[said(id, &role, "", open)], &[]).1.len(), 1);
    // A management review is held by whom it may concern.
    let review = "before-stage-2.management-review";
    assert!(stated(&[said(review, "Grace Hopper", "", open)], &[]).1.is_empty());

    // What is no longer planned stays if somebody said something of it.
    let old = Audit { id: "before-stage-2.gone".into(), ..before };
    assert_eq!(stated(&[], std::slice::from_ref(&old)).0, plan);
    let kept =
        stated(&[said(&old.id, "Bob", "", ActionStatus::Done)], std::slice::from_ref(&old)).0;
    assert_eq!((of(&kept, &old.id).said.gone, kept.audits.len()), (true, plan.audits.len() + 1));
    assert!(!of(&kept, &old.id).is_planned() && of(&kept, id).is_planned());
}

#[test]
fn with_a_register_its_levels_weigh_instead_of_the_library() {
    use crate::domain::{RegisterState, RegisteredRisk};
    // The library has many risks for what treats this one.
    let id = target("ISO27001:A.5.15");
    let weight = |prepare: &dyn Fn(&mut World)| {
        let mut world = world("2027-03-15");
        prepare(&mut world);
        let assessed = world.assess();
        let inputs = world.inputs();
        Facts::gather(&assessed, &inputs).weight(&id)
    };
    let registered = |band: Option<RiskBand>, closed: bool| {
        let id = id.clone();
        weight(&move |world: &mut World| {
            world.register.state = RegisterState::Read;
            let risk =
                RegisteredRisk { band, closed, controls: vec![id.clone()], ..Default::default() };
            world.register.risks.push(risk);
        })
    };
    let bare = weight(&|world| world.register.state = RegisterState::Read);
    assert_eq!(registered(Some(RiskBand::Critical), false), bare + 2);
    assert_eq!(registered(Some(RiskBand::High), false), bare + 2);
    assert_eq!(registered(Some(RiskBand::Medium), false), bare + 1);
    assert_eq!(registered(None, false), bare + 1);
    assert_eq!(registered(Some(RiskBand::Critical), true), bare);
}

#[test]
fn an_audit_that_is_under_way_or_done_stays_what_was_audited() {
    let mut world = World::new();
    world.config.stage2_on = Some(date("2026-07-01"));
    let id = "before-stage-2.people-controls";
    let of = |audits: &[Audit]| -> Audit { audits.iter().find(|a| a.id == id).unwrap().clone() };
    world.position("ISO27001:A.6.7", None).applicability = Some(Applicability::NotApplicable);
    let earlier = plan(&world).audits;
    let audited = of(&earlier);
    // Days later what is left is planned anew, with a control that is no longer excluded.
    world.position("ISO27001:A.6.7", None).applicability = Some(Applicability::Applicable);
    world.as_of = date("2026-06-20");
    let (assessed, now) = (world.assess(), plan(&world));
    assert!(of(&now.audits).from != audited.from);
    assert!(of(&now.audits).targets.contains(&target("ISO27001:A.6.7")));
    for status in [ActionStatus::Done, ActionStatus::InProgress] {
        let said = [said(id, "Alan Turing", "", status)];
        let stated = stated_programme(now.clone(), &said, &earlier, &assessed, world.as_of).0;
        let audit = of(&stated.audits);
        assert_eq!((audit.from, audit.to), (audited.from, audited.to));
        assert_eq!((&audit.targets, &audit.systems), (&audited.targets, &audited.systems));
        assert_eq!((audit.said.status, audit.said.remark.as_str()), (status, ""));
        assert!(to_keep(&now.audits, &said, &earlier).iter().all(|a| a.id != id));
        assert_eq!(to_keep(&now.audits, &said, &[]), now.audits);
    }
    let open = [said(id, "Alan Turing", "", ActionStatus::Open)];
    let stated = stated_programme(now.clone(), &open, &earlier, &assessed, world.as_of).0;
    assert_eq!(of(&stated.audits).from, of(&now.audits).from);
    assert_eq!(to_keep(&now.audits, &open, &earlier), now.audits);
}

#[test]
fn a_closed_risk_that_a_position_names_does_not_weigh() {
    use crate::domain::{RegisterState, RegisteredRisk};
    let id = target("ISO27001:A.7.14");
    let weight = |named: &str, closed: bool| {
        let mut world = world("2027-03-15");
        world.register.state = RegisterState::Read;
        let risk = RegisteredRisk { id: "R-1".into(), closed, ..Default::default() };
        world.register.risks.push(risk);
        let names = Some(named.to_owned()).filter(|name| !name.is_empty());
        world.position(id.as_str(), None).risk_ids = names.into_iter().collect();
        let assessed = world.assess();
        let inputs = world.inputs();
        Facts::gather(&assessed, &inputs).weight(&id)
    };
    let bare = weight("", false);
    assert_eq!(weight("R-1", false), bare + 1);
    assert_eq!(weight("R-1", true), bare);
    assert_eq!(weight("R-9", true), bare + 1, "the register does not know it");
}

#[test]
fn an_audit_whose_day_passed_in_silence_says_so() {
    let mut world = world("2026-01-15");
    world.as_of = date("2026-08-01");
    let (assessed, plan) = (world.assess(), plan(&world));
    let stated = stated_programme(plan, &[], &[], &assessed, world.as_of).0;
    let (past, ahead): (Vec<&Audit>, Vec<&Audit>) =
        stated.audits.iter().partition(|a| a.to < world.as_of);
    assert!(!past.is_empty() && !ahead.is_empty());
    let remark = "its day has passed; nobody stated anything";
    assert!(past.iter().all(|a| a.said.remark == remark && a.is_planned()));
    assert!(ahead.iter().all(|a| a.said.remark.is_empty()));
}
