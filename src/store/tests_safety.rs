//! Who holds the lock, what was done to a ledger by hand, older layouts, clocks that go backwards.

use std::{fs, path::Path};

use rusqlite::Connection;
use serde_json::json;

use super::tests::{day, decision, position, raw, target, workspace};
use super::*;
use crate::domain::{Decision, Position, Verdict};

/// The layout of state version 1, as it was released.
const SCHEMA_V1: &str = include_str!("schema_v1.sql");

#[test]
fn whoever_is_kept_out_is_told_by_whom() {
    let (dir, store) = workspace();
    let error = Store::open_for_write(dir.path()).unwrap_err().to_string();
    let pid = format!("pid {} on ", std::process::id());
    assert!(error.contains(&pid) && error.contains(", since 20"), "{error}");
    assert!(error.contains("lock") && error.contains("wait"), "{error}");
    assert_eq!(Store::killed_writer(dir.path()), "", "it still runs");
    drop(store);
    assert_eq!(Store::killed_writer(dir.path()), "", "it ended by itself");
}

#[test]
fn what_the_lock_file_says_locks_nobody_out() {
    let (dir, store) = workspace();
    drop(store);
    let lock = dir.path().join(".evimap/lock");
    fs::write(&lock, "pid 1 on elsewhere, `evimap run`").unwrap();
    assert!(
        Store::killed_writer(dir.path()).starts_with("pid 1 on elsewhere, `evimap run`, since")
    );
    fs::write(&lock, b"\xff\x00 anything").unwrap();
    Store::open_for_write(dir.path()).unwrap();
    fs::remove_file(&lock).unwrap();
    Store::open_for_write(dir.path()).unwrap();
}

/// What a change by hand is called, with the guards taken away first.
fn called(attack: &str) -> String {
    let (dir, mut store) = workspace();
    let all = ["One.", "Two.", "Three."].map(|q| decision(q, Verdict::Accept));
    store.append(&all, &[position()]).unwrap();
    assert_eq!(store.verify_ledger().unwrap(), 4);
    drop(store);
    let db = raw(&dir);
    for guard in schema::GUARDS {
        db.execute_batch(&format!("DROP TRIGGER {guard}")).unwrap();
    }
    db.execute_batch(attack).unwrap();
    drop(db);
    let store = Store::open_read(dir.path()).unwrap();
    assert!(store.check().unwrap_err().to_string().contains("lost its guards"));
    store.verify_ledger().unwrap_err().to_string()
}

#[test]
fn a_change_by_hand_is_named() {
    for (attack, entry, what) in [
        (
            "UPDATE ledger SET json = replace(json, 'accept', 'reject') WHERE seq = 2",
            2,
            "it was changed, and reads decision (reject) on ISO27001:A.5.15 by Jane Doe, from \
             suggestions.csv row 2",
        ),
        ("UPDATE ledger SET json = x'ff00' WHERE seq = 3", 3, "on an unknown target by nobody"),
        ("UPDATE ledger SET hash = 'x' WHERE seq = 1", 1, "it was changed"),
        ("DELETE FROM ledger WHERE seq = 2", 2, "it is missing"),
        ("DELETE FROM ledger WHERE seq > 2", 3, "it and all after it, up to 4, are missing"),
        ("DELETE FROM ledger", 1, "up to 4, are missing"),
        (
            "INSERT INTO ledger SELECT 5, kind, version, json, hash FROM ledger WHERE seq = 1",
            5,
            "it was added at the end (decision (accept) on ISO27001:A.5.15",
        ),
        (
            "UPDATE ledger SET seq = 9 WHERE seq = 2; UPDATE ledger SET seq = 2 WHERE seq = 3;
             UPDATE ledger SET seq = 3 WHERE seq = 9",
            2,
            "it was changed",
        ),
        ("UPDATE head SET hash = 'x'", 4, "the record of the end of the chain was changed"),
    ] {
        let error = called(attack);
        let place = format!("broken at entry {entry}: ");
        assert!(error.contains(&place) && error.contains(what), "{attack}\n{error}");
        assert!(error.contains("evimap restore"), "{error}");
    }
}

#[test]
fn a_head_on_a_report_finds_a_ledger_that_was_written_anew() {
    let (_dir, mut store) = workspace();
    let start = store.ledger_head().unwrap();
    store.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    let first = store.ledger_head().unwrap();
    store.append(&[decision("Two.", Verdict::Accept)], &[]).unwrap();
    assert_eq!(store.entry_of_head(&start).unwrap(), Some(0));
    assert_eq!(store.entry_of_head(&first).unwrap(), Some(1));
    assert_eq!(store.entry_of_head(&first[..12].to_uppercase()).unwrap(), Some(1));
    assert_eq!(store.entry_of_head(&store.ledger_head().unwrap()).unwrap(), Some(2));
    let (_other_dir, mut other) = workspace();
    other.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    assert_eq!(store.entry_of_head(&other.ledger_head().unwrap()).unwrap(), None);
    assert_eq!(store.entry_of_head("%").unwrap(), None);
}

#[test]
fn the_head_can_not_be_turned_back_by_sql() {
    let (dir, mut store) = workspace();
    store.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    drop(store);
    let db = raw(&dir);
    for attack in [
        "UPDATE head SET seq = 0",
        "UPDATE head SET workspace_id = 'w-other'",
        "DELETE FROM head",
        "INSERT OR REPLACE INTO head VALUES (1, 'w-other', 0, 'x')",
    ] {
        let error = db.execute(attack, []).unwrap_err().to_string();
        assert!(error.contains("only moves on"), "{attack}: {error}");
    }
}

#[test]
fn entries_come_one_by_one_with_their_hashes() {
    let (_dir, mut store) = workspace();
    store.append(&[decision("One.", Verdict::Defer)], &[position()]).unwrap();
    let mut got = Vec::new();
    store
        .each_entry::<StoreError>(&mut |entry| {
            got.push(entry);
            Ok(())
        })
        .unwrap();
    assert_eq!(got[0].said, Said::Decision(Box::new(decision("One.", Verdict::Defer))));
    assert_eq!(got[1].said, Said::Position(Box::new(position())));
    assert_eq!((got[1].seq, &got[1].hash), (2, &store.ledger_head().unwrap()));
}

/// Turns a workspace into one of layout 1 with the same ledger.
fn as_v1(dir: &Path) {
    let path = Store::file(dir);
    let new = Connection::open(&path).unwrap();
    new.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let old_path = dir.join("old.sqlite");
    let old = Connection::open(&old_path).unwrap();
    old.execute_batch(SCHEMA_V1).unwrap();
    old.execute("ATTACH ?1 AS new", [path.to_string_lossy()]).unwrap();
    old.execute_batch(
        "INSERT INTO ledger SELECT * FROM new.ledger ORDER BY seq;
         INSERT INTO head SELECT * FROM new.head; INSERT INTO run SELECT * FROM new.run;
         INSERT INTO meta SELECT * FROM new.meta; DETACH new;
         PRAGMA application_id = 0x45564d50; PRAGMA user_version = 1",
    )
    .unwrap();
    drop((old, new));
    fs::rename(old_path, path).unwrap();
}

#[test]
fn an_older_layout_is_brought_up_to_date_and_a_copy_is_kept() {
    let (dir, mut store) = workspace();
    store.append(&[decision("One.", Verdict::Accept)], &[position()]).unwrap();
    store.set_meta("roots", "kept").unwrap();
    let (head, id) = (store.ledger_head().unwrap(), store.workspace_id().to_owned());
    drop(store);
    as_v1(dir.path());
    // A draft of a migration that was killed.
    fs::write(dir.path().join(".evimap/state.v1.bak.new"), b"half").unwrap();

    let error = Store::open_read(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Older { found: 1, known: 2, .. }), "{error}");
    let store = Store::open_for_write(dir.path()).unwrap();
    let copy = dir.path().join(".evimap/state.v1.bak");
    assert_eq!(store.migrated(), Some(copy.as_path()));
    assert_eq!((store.ledger_head().unwrap(), store.workspace_id()), (head.clone(), id.as_str()));
    assert_eq!(store.meta("roots").unwrap().as_deref(), Some("kept"));
    store.check().unwrap();
    drop(store);
    assert_eq!(Store::open_for_write(dir.path()).unwrap().migrated(), None, "once");

    let old = Connection::open(&copy).unwrap();
    let version: i64 = old.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let kept: String = old.query_row("SELECT hash FROM head", [], |row| row.get(0)).unwrap();
    assert_eq!((version, kept), (1, head));
    assert!(!dir.path().join(".evimap/state.v1.bak.new").exists());
}

#[test]
fn a_migration_without_its_copy_does_not_happen() {
    let (dir, store) = workspace();
    drop(store);
    as_v1(dir.path());
    fs::create_dir_all(dir.path().join(".evimap/state.v1.bak/full")).unwrap();
    let error = Store::open_for_write(dir.path()).unwrap_err().to_string();
    assert!(error.contains("state.v1.bak"), "{error}");
    let db = raw(&dir);
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 1);
    db.pragma_update(None, "user_version", -3).unwrap();
    drop(db);
    assert!(matches!(Store::open_for_write(dir.path()), Err(StoreError::Corrupt { .. })));
}

#[test]
fn a_copy_is_whole_while_somebody_writes() {
    let (dir, mut store) = workspace();
    store.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    let reader = Store::open_read(dir.path()).unwrap();
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join(".evimap")).unwrap();
    reader.copy_to(&Store::file(copy.path())).unwrap();
    store.append(&[decision("Two.", Verdict::Accept)], &[]).unwrap();
    let copied = Store::open_read(copy.path()).unwrap();
    copied.check().unwrap();
    assert_eq!(copied.decisions().unwrap().len(), 1);
    assert_eq!(copied.workspace_id(), store.workspace_id());
    assert!(reader.copy_to(&Store::file(copy.path())).is_err(), "nothing is overwritten");
}

#[test]
fn order_is_that_of_the_ledger_whatever_the_clock_says() {
    let (dir, mut store) = workspace();
    let first = decision("One.", Verdict::Accept);
    let later =
        Decision { verdict: Verdict::Reject, decided_on: day("2019-01-01"), ..first.clone() };
    let stand = position();
    let again = Position { decided_on: Some(day("2019-01-01")), owner: "Ann".into(), ..position() };
    store.append(std::slice::from_ref(&first), &[stand]).unwrap();
    store.start_run(&json!({ "started": "2026-11-24T10:00:00Z" })).unwrap();
    drop(store);
    let mut store = Store::open_for_write(dir.path()).unwrap();
    store.append(std::slice::from_ref(&later), std::slice::from_ref(&again)).unwrap();
    let run = store.start_run(&json!({ "started": "2019-01-01T10:00:00Z" })).unwrap();
    assert_eq!(run, 2, "runs are numbered, not dated");
    assert_eq!(store.latest_decisions().unwrap()[&first.proposal_id], later);
    assert_eq!(store.latest_positions().unwrap()[&(target(), None)], again);
    assert_eq!(store.runs().unwrap().iter().map(|run| run.id).collect::<Vec<_>>(), [1, 2]);
    store.verify_ledger().unwrap();
}
