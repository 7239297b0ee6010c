//! What people state on actions and audits.

use super::*;
use crate::{
    domain::{ActionStatus, ActionWork, AuditSaid, Planned},
    review::{export_actions, export_audits},
};

const ID: &str = "a-aaaaaaaaaa";

fn world() -> World {
    let mut world = World::new();
    world.actions = vec![Action {
        id: ID.to_owned(),
        kind: "establish".to_owned(),
        targets: vec![target(TARGET)],
        system: None,
        text: "establish it".to_owned(),
        owner: "Ada".to_owned(),
        due: Some(day("2027-01-31")),
        status: ActionStatus::Open,
        priority: 1,
        work: ActionWork::default(),
    }];
    world
}

fn row(cells: &str) -> String {
    format!("action_id,owner,due,status,comment,stated_by,stated_on\n{ID},{cells}\n")
}

#[test]
fn what_goes_out_comes_back_and_says_nothing_new() {
    let world = world();
    let table = export_actions(&world.actions, world.today);
    let import = world.import(table.to_csv()).unwrap();
    assert_eq!((import.kind, import.statements.len()), (FileKind::Actions, 0));
    assert_eq!((import.unchanged, import.undecided), (0, 1));
}

#[test]
fn a_statement_is_kept_once_and_by_name() {
    let mut world = world();
    let edited = row("Bob,2027-02-15,In Arbeit,ordered,jane doe,");
    let import = world.apply(&edited);
    let statement = &import.statements[0];
    assert_eq!((&*statement.about, &*statement.owner), (ID, "Bob"));
    assert_eq!(
        (statement.due, statement.status),
        (Some(day("2027-02-15")), ActionStatus::InProgress)
    );
    assert_eq!((&*statement.stated_by, statement.stated_on), ("Jane Doe", day("2026-11-24")));
    assert_eq!(statement.provenance.row, 2);
    // Again: nothing new.
    let again = world.apply(&edited);
    assert_eq!((again.statements.len(), again.unchanged), (0, 1));
    // A later one on top; the day of the former is not its day.
    world.today = day("2026-12-01");
    let later = world.apply(row("Bob,2027-02-15,done,ordered,Jane Doe,2026-11-24"));
    assert_eq!(later.statements[0].status, ActionStatus::Done);
    assert_eq!(later.statements[0].stated_on, day("2026-12-01"));
    // A column that is not there stays as it is.
    let part = world.apply(format!("action_id,comment,stated_by\n{ID},again,Jane Doe\n"));
    assert_eq!((&*part.statements[0].owner, &*part.statements[0].comment), ("Bob", "again"));
}

#[test]
fn what_can_not_be_meant_is_refused_with_its_place() {
    let mut world = world();
    world.refuses(row("Bob,,open,,,"), "review-reviewer", 2, "stated_by");
    world.refuses(row("Ada,2027-01-31,halfway,,Jane Doe,"), "review-word", 2, "status");
    world.refuses(row("Ada,31.31.2027,open,,Jane Doe,"), "review-date", 2, "due");
    let unknown = row("Bob,,open,,Jane Doe,").replace(ID, "a-zzzzzzzzzz");
    world.refuses(unknown, "review-action", 2, "action_id");
    let twice = row(&format!("Bob,,open,,Jane Doe,\n{ID},Eve,,open,,Jane Doe,"));
    world.refuses(twice, "review-duplicate", 3, "action_id");
    world.config.strict_reviewers = true;
    world.refuses(row("Bob,,open,,Nobody Known,"), "review-reviewer", 2, "stated_by");
}

const AUDIT: &str = "before-stage-2.people-controls";

fn audited() -> World {
    let mut world = world();
    world.audits = vec![Audit {
        id: AUDIT.to_owned(),
        kind: Planned::InternalAudit,
        title: "Controls on people".to_owned(),
        round: "before Stage 2".to_owned(),
        targets: vec![target(TARGET)],
        systems: Vec::new(),
        scope: String::new(),
        method: String::new(),
        auditor_role: "Lead internal auditor".to_owned(),
        owners: vec!["Head of IT".to_owned()],
        from: day("2027-02-01"),
        to: day("2027-02-02"),
        why: String::new(),
        said: AuditSaid::default(),
    }];
    world
}

fn audit(cells: &str) -> String {
    format!("audit_id,auditor,starts_on,status,comment,stated_by,stated_on\n{AUDIT},{cells}\n")
}

#[test]
fn the_programme_goes_out_and_names_come_back() {
    let mut world = audited();
    let table = export_audits(&world.audits, world.today);
    let import = world.import(table.to_csv()).unwrap();
    assert_eq!((import.kind, import.statements.len()), (FileKind::Audits, 0));
    assert_eq!((import.unchanged, import.undecided), (0, 1));

    let edited = audit("Alan Turing,15.02.2027,in progress,room 4,jane doe,");
    let import = world.apply(&edited);
    let statement = &import.statements[0];
    assert_eq!((&*statement.about, &*statement.owner), (AUDIT, "Alan Turing"));
    assert_eq!((statement.due, &*statement.stated_by), (Some(day("2027-02-15")), "Jane Doe"));
    assert!(import.notes.is_empty(), "{:?}", import.notes);
    assert_eq!(world.apply(&edited).unchanged, 1);
}

#[test]
fn an_auditor_who_owns_a_target_is_warned_of_by_name() {
    let mut world = audited();
    let position = format!("target,owner,decided_by\n{TARGET},Alan Turing,Jane Doe\n");
    world.apply(position);
    let import = world.import(audit("Ada; Alan Turing,,,,Jane Doe,")).unwrap();
    let found: Vec<_> = import.notes.iter().filter(|d| d.code == "auditor-owns").collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains(&format!("Alan Turing owns {TARGET}")), "{found:?}");
    assert_eq!((found[0].line, found[0].column.as_deref()), (Some(2), Some("auditor")));
    // It is a warning: who else is there is for people to say.
    assert_eq!(import.statements.len(), 1);
}

#[test]
fn a_row_of_the_programme_that_can_not_be_meant_is_refused() {
    let world = audited();
    world.refuses(audit("Ada,,,,,"), "review-reviewer", 2, "stated_by");
    world.refuses(audit("Ada,soon,,,Jane Doe,"), "review-date", 2, "starts_on");
    let unknown = audit("Ada,,,,Jane Doe,").replace(AUDIT, "year-9.own");
    world.refuses(unknown, "review-audit", 2, "audit_id");
}
