//! What is asked for, in which order, and that it is asked for once.

use std::collections::BTreeSet;

use super::{super::testkit::*, *};
use crate::domain::{Applicability, Conclusion, DocumentStatus, ProvidedBy};

const ACCESS: &str = "ISO27001:A.5.15";
const INCIDENTS: &str = "ISO27001:A.5.26";

fn of(world: &World, id: &str) -> Vec<Action> {
    let target = target(id);
    let all = actions(&world.assess(), &world.inputs()).into_iter();
    all.filter(|a| a.kind != "decide" && a.targets.contains(&target)).collect()
}

fn kinds(world: &World, id: &str) -> Vec<String> {
    of(world, id).into_iter().map(|a| a.kind).collect()
}

#[test]
fn each_gap_asks_for_its_own_work() {
    type Prepare<'a> = &'a dyn Fn(&mut World);
    let cases: [(Prepare<'_>, &[&str], &str); 12] = [
        (&|w| _ = w.propose(ACCESS, "d1", "p.md"), &["review"], "review 1 suggestion"),
        (
            &|w| _ = w.reject(ACCESS, "d1", "p.md"),
            &["find evidence"],
            "all suggestions are rejected:",
        ),
        (
            &|w| w.view(ACCESS, None, MachineView::LikelyGap),
            &["find evidence"],
            "the machine found nothing:",
        ),
        (
            &|w| w.position(ACCESS, None).conclusion = Some(Conclusion::NothingFound),
            &["establish"],
            "establish and document: ",
        ),
        (&|w| _ = w.accept(ACCESS, "d1 d2", "p.md"), &["produce record"], "show that it is done: "),
        (
            &|w| _ = w.accept(INCIDENTS, "o1 o2 o3 o4", "r.md"),
            &["write policy"],
            "write down what is done: ",
        ),
        (
            &|w| {
                w.accept_all(ACCESS, None);
                w.decisions[1].evidence_date = Some(date("2020-01-01"));
            },
            &["renew"],
            "renew RECORD.md",
        ),
        (
            &|w| {
                w.accept_all(ACCESS, None);
                w.decisions[0].document_status = DocumentStatus::Draft;
                w.document("POLICY.md", "").profile.status = DocumentStatus::Draft;
            },
            &["approve"],
            "get POLICY.md approved",
        ),
        (
            &|w| {
                w.accept_all(ACCESS, None);
                w.position(ACCESS, None).provided_by = Some(ProvidedBy::Inherited);
            },
            &["provider evidence"],
            "get the provider's contract",
        ),
        (
            &|w| {
                w.accept_all(ACCESS, None);
                w.documents.clear();
            },
            &["restore"],
            "restore POLICY.md, RECORD.md",
        ),
        (
            &|w| {
                w.accept_all(ACCESS, None);
                w.position(ACCESS, None).override_coverage = Some(Coverage::Partial);
            },
            &["complete evidence"],
            "the evidence was found insufficient:",
        ),
        (&|w| w.accept_all(ACCESS, None), &[], ""),
    ];
    for (n, (prepare, expected, text)) in cases.into_iter().enumerate() {
        let mut world = World::new();
        prepare(&mut world);
        let id = if n == 5 { INCIDENTS } else { ACCESS };
        assert_eq!(kinds(&world, id), expected, "case {n}");
        let found = of(&world, id);
        assert!(found.iter().all(|a| a.text.contains(text)), "case {n}: {found:?}");
    }
}

#[test]
fn a_gap_names_what_typically_shows_the_missing_points() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "policy.md");
    world.accept(ACCESS, "o1", "export.csv");
    let found = of(&world, ACCESS);
    let points = &world.inputs().catalog.get(&target(ACCESS)).unwrap().points;
    let typical = |short: &str| {
        points.iter().find(|p| p.id.short() == short).unwrap().typical_evidence.clone()
    };
    assert_eq!(found[0].text, format!("find or produce evidence: {} (o2)", typical("o2")));
    world.accept(ACCESS, "o", "export2.csv");
    assert!(of(&world, ACCESS)[0].text.starts_with("name the points of the evidence accepted; "));
}

#[test]
fn open_suggestions_are_mentioned_beside_other_work() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "policy.md");
    world.propose(ACCESS, "o1", "export.csv");
    assert!(of(&world, ACCESS)[0].text.ends_with("(1 suggestion undecided first)"));
}

#[test]
fn one_row_may_need_several_things() {
    let mut world = World::new();
    world.accept(ACCESS, "d1", "policy.md").evidence_date = Some(date("2020-01-01"));
    assert_eq!(kinds(&world, ACCESS), ["renew", "produce record", "complete evidence"]);
}

#[test]
fn an_excluded_control_asks_for_nothing() {
    let mut world = World::new();
    world.propose(ACCESS, "d1", "policy.md");
    world.position(ACCESS, None).applicability = Some(Applicability::NotApplicable);
    assert!(of(&world, ACCESS).is_empty());
}

#[test]
fn ids_are_stable_and_unique_and_the_order_is_by_what_one_control_closes() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "policy.md");
    world.system("triage", true);
    world.system("chat", true);
    let all = actions(&world.assess(), &world.inputs());
    let ids: BTreeSet<_> = all.iter().map(|a| &a.id).collect();
    assert_eq!(ids.len(), all.len());
    assert!(ids.iter().all(|id| id.len() == 12 && id.starts_with("a-")));
    let closes = |a: &Action| (!a.closes_both(), std::cmp::Reverse(a.work.closes.max(1)));
    assert!(all.is_sorted_by_key(closes));
    // Among those that close as much, the most pressing.
    assert!(all.is_sorted_by_key(|a| (closes(a), a.priority)));
    assert!(all[0].closes_both() && !all[all.len() - 1].closes_both());
    assert_eq!(all, actions(&world.assess(), &world.inputs()));

    let before = of(&world, ACCESS)[0].id.clone();
    world.accept("ISO27001:A.5.16", "d1", "other.md");
    world.position(ACCESS, None).owner = "Bob".into();
    let after = &of(&world, ACCESS)[0];
    assert_eq!((&before, &*after.owner), (&after.id, "Bob"));
}

#[test]
fn the_same_gap_of_one_common_control_is_one_action() {
    // Roles: A.5.2 with A.3.2.
    let mut world = World::new();
    for id in ["ISO27001:A.5.2", "ISO42001:A.3.2"] {
        world.position(id, None).conclusion = Some(Conclusion::NothingFound);
    }
    world.position("ISO27001:A.5.12", None).conclusion = Some(Conclusion::NothingFound);
    world.position("ISO27001:A.5.13", None).conclusion = Some(Conclusion::NothingFound);
    world.position("ISO27001:A.7.4", None).conclusion = Some(Conclusion::NothingFound);
    world.positions[1].due = Some(date("2026-08-01"));
    let all = actions(&world.assess(), &world.inputs());
    let first = &of(&world, "ISO42001:A.3.2")[0];
    assert_eq!(first.targets, [target("ISO27001:A.5.2"), target("ISO42001:A.3.2")]);
    assert_eq!((first.kind.as_str(), first.due), ("establish", Some(date("2026-08-01"))));
    assert!(first.text.starts_with("for both standards: ISO27001:A.5.2: establish"));
    assert!(first.text.contains("; ISO42001:A.3.2: establish"));
    let work = &first.work;
    assert_eq!((work.common_control.as_str(), work.closes + work.helps), ("CC-ROLE-ASSIGNMENT", 2));
    assert!(!work.owner_role.is_empty() && work.control_text.contains("Consists of: "));
    assert!(work.evidence.iter().any(|e| e.contains("ISO42001:A.3.2#")), "{:?}", work.evidence);
    assert_eq!(work.effort, Effort::Large);
    // Of the same urgency and kind: what closes more comes first.
    let more: Vec<_> =
        all.iter().filter(|a| a.kind == "establish").map(|a| a.targets.len()).collect();
    assert_eq!(more, [2, 2, 1]);
    assert_eq!(of(&world, "ISO42001:A.3.2").len(), 1, "it is asked for once");

    // Another gap is other work; the id stays that of the common control.
    world.position("ISO42001:A.3.2", None).conclusion = None;
    world.accept("ISO42001:A.3.2", "d1", "policy.md");
    let alone = &of(&world, "ISO27001:A.5.2")[0];
    assert_eq!((alone.targets.len(), &alone.id), (1, &first.id));
}

#[test]
fn a_single_urgent_gap_does_not_stand_above_shared_work() {
    let mut world = World::new();
    // Urgency 1, of one target only.
    world.position("ISO27001:A.7.4", None).conclusion = Some(Conclusion::NothingFound);
    let all = actions(&world.assess(), &world.inputs());
    let urgent = all.iter().position(|a| a.targets == [target("ISO27001:A.7.4")]).unwrap();
    assert_eq!(all[urgent].priority, 1);
    let last_shared = all.iter().rposition(Action::closes_both).unwrap();
    assert!(all[last_shared].priority > 1 && last_shared < urgent, "{last_shared} {urgent}");
    // Of what closes one target it is the first.
    let before = &all[..urgent];
    assert!(before.iter().all(|a| a.closes_both() || a.work.closes > 1));
}

#[test]
fn what_people_said_of_an_action_comes_first_and_outlives_the_gap() {
    let said = |id: &str, status| Statement {
        about: id.to_owned(),
        owner: "Bob".into(),
        due: Some(date("2026-05-01")),
        status,
        comment: "on it".into(),
        stated_by: "Ada".into(),
        stated_on: date("2026-04-01"),
        provenance: provenance(),
    };
    let mut world = World::new();
    world.position(ACCESS, None).conclusion = Some(Conclusion::NothingFound);
    world.positions[0].owner = "Carol".into();
    let before = actions(&world.assess(), &world.inputs());
    let id = of(&world, ACCESS)[0].id.clone();
    let find = |all: &[Action]| all.iter().find(|a| a.id == id).cloned();

    let open = [said(&id, ActionStatus::Done), said(&id, ActionStatus::InProgress)];
    let all = stated(before.clone(), &open, &[]);
    let action = find(&all).unwrap();
    assert_eq!((&*action.owner, action.status), ("Bob", ActionStatus::InProgress));
    assert!(action.is_overdue(world.as_of));
    let counts = action_counts(&all, world.as_of);
    assert_eq!((counts.in_progress, counts.overdue, counts.done), (1, 1, 0));

    let done = [said(&id, ActionStatus::Done)];
    let all = stated(before.clone(), &done, &[]);
    let action = find(&all).unwrap();
    assert_eq!(action.work.remark, "stated as done; the gap is still open");
    assert!(!action.is_overdue(world.as_of));

    // Once the gap is closed the statement is kept; without one the action just goes.
    world.positions.clear();
    world.accept_all(ACCESS, None);
    let now = actions(&world.assess(), &world.inputs());
    assert_eq!(find(&now), None);
    assert_eq!(find(&stated(now.clone(), &[], &before)), None);
    let kept = find(&stated(now, &open, &before)).unwrap();
    assert!(kept.work.gone && !kept.is_overdue(world.as_of));
    assert_eq!(kept.work.remark, "the gap is no longer there");
}

#[test]
fn work_for_a_system_is_not_mixed_with_work_for_the_house() {
    // Published pairing: A.5.9 with A.4.2, which is assessed per system.
    let mut world = World::new();
    for id in ["ISO27001:A.5.9", "ISO42001:A.4.2"] {
        world.position(id, None).conclusion = Some(Conclusion::NothingFound);
    }
    assert_eq!(of(&world, "ISO27001:A.5.9")[0].targets.len(), 2);
    world.system("triage", true);
    assert_eq!(of(&world, "ISO27001:A.5.9")[0].targets.len(), 1);
    let system = &of(&world, "ISO42001:A.4.2")[0];
    assert_eq!((system.targets.len(), system.system.as_deref()), (1, Some("triage")));
}

#[test]
fn undecided_applicability_is_one_action_a_theme() {
    let mut world = World::new();
    let decide = |world: &World| -> Vec<Action> {
        let all = actions(&world.assess(), &world.inputs()).into_iter();
        all.filter(|a| a.kind == "decide").collect()
    };
    let people = |all: &[Action]| -> Action {
        all.iter().find(|a| a.text.ends_with("(ISO27001, People)")).unwrap().clone()
    };
    let before = people(&decide(&world));
    assert_eq!(before.text, "decide applicability of 8 controls (ISO27001, People)");
    assert_eq!(before.targets.len(), 8);
    world.position("ISO27001:A.6.3", None).applicability = Some(Applicability::Applicable);
    let after = people(&decide(&world));
    assert_eq!(after.text, "decide applicability of 7 controls (ISO27001, People)");
    assert_eq!(before.id, after.id);
    for n in 1..=8 {
        world.position(&format!("ISO27001:A.6.{n}"), None).applicability =
            Some(Applicability::NotApplicable);
    }
    assert!(decide(&world).iter().all(|a| !a.text.contains("People")));
}

#[test]
fn no_forbidden_word_is_written() {
    let mut world = World::new();
    world.accept(ACCESS, "d1", "policy.md");
    world.accept(INCIDENTS, "o1", "record.md").document_status = DocumentStatus::Draft;
    world.position("ISO27001:A.5.1", None).conclusion = Some(Conclusion::NothingFound);
    let assessed = world.assess();
    let mut texts: Vec<String> =
        actions(&assessed, &world.inputs()).into_iter().map(|a| a.text).collect();
    texts.extend(assessed.diagnostics.iter().map(|d| d.message.clone()));
    texts.extend(assessed.assessments.into_iter().map(|a| a.coverage_note));
    let said = texts.join("\n").to_lowercase();
    for word in ["compliant", "conforming", "certified", "audit-ready", "nonconformity"] {
        let own = said.lines().filter(|line| line.contains(word)).count();
        assert_eq!(own, 0, "{word}");
    }
}
