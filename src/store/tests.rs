//! The ledger keeps, the lock holds, and every way in which a state can be wrong has its own error.

use std::{collections::BTreeSet, fs};

use rusqlite::Connection;
use serde_json::json;

use super::*;
use crate::{
    diag::Diagnostic,
    domain::{
        Band, Block, BlockKind, Conclusion, Date, Decision, DocumentStatus, DocumentType,
        EvidenceKind, ExtractStatus, Extracted, Locator, MachineView, Marks, Origin, Position,
        Proposal, ProposalId, Provenance, TargetId, TargetView, Verdict,
    },
};

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn target() -> TargetId {
    "ISO27001:A.5.15".parse().unwrap()
}

fn proposal(quote: &str, document: &str) -> Proposal {
    Proposal {
        id: ProposalId::derive(&target(), None, quote),
        target: target(),
        system: None,
        points: vec!["ISO27001:A.5.15#d1".parse().unwrap()],
        document: document.to_owned(),
        document_hash: "ab".repeat(32),
        document_status: DocumentStatus::Approved,
        locator: Locator::page(3),
        heading: vec!["Access".to_owned()],
        quote: quote.to_owned(),
        confidence: 0.1 + 0.2,
        score: 1.25,
        band: Band::Strong,
        evidence_kind: EvidenceKind::Design,
        evidence_type: DocumentType::Policy,
        evidence_date: Some(day("2026-01-02")),
        reasons: vec!["names the control".to_owned()],
        rank: 1,
        talk: None,
        also_in: Vec::new(),
        also_for: Vec::new(),
    }
}

fn provenance() -> Provenance {
    Provenance {
        file: "suggestions.csv".to_owned(),
        row: 2,
        program: "0.1.0".to_owned(),
        catalog: "1".to_owned(),
        account: "ada".to_owned(),
        block: 0,
    }
}

pub(super) fn decision(quote: &str, verdict: Verdict) -> Decision {
    let p = proposal(quote, "policy.pdf");
    Decision {
        proposal_id: p.id,
        target: p.target,
        system: Some("triage".to_owned()),
        verdict,
        origin: Origin::Proposal,
        points: p.points,
        document: p.document,
        document_hash: p.document_hash,
        document_status: p.document_status,
        locator: Some(p.locator),
        quote: p.quote,
        evidence_kind: p.evidence_kind,
        evidence_type: p.evidence_type,
        evidence_date: p.evidence_date,
        verifiable: true,
        reviewer: "Jane Doe".to_owned(),
        decided_on: day("2026-11-24"),
        comment: "read it; „fine“".to_owned(),
        basis: None,
        reconfirms: false,
        replaces: Vec::new(),
        provenance: provenance(),
    }
}

pub(super) fn position() -> Position {
    Position {
        conclusion: Some(Conclusion::NothingFound),
        decided_by: "Jane Doe".to_owned(),
        decided_on: Some(day("2026-11-24")),
        risk_ids: vec!["R-1".to_owned()],
        ..Position::blank(target(), None, provenance())
    }
}

/// What version 0.1 wrote. The hash of an entry is over its text, so it must still be readable.
#[test]
fn entries_of_older_versions_are_read() {
    let new =
        super::proposals::to_json(&super::rows::DecisionRow::from(&decision("x", Verdict::Accept)));
    let mut old: serde_json::Value = serde_json::from_str(&new.unwrap()).unwrap();
    for field in ["basis", "reconfirms", "replaces"] {
        assert!(old.as_object_mut().unwrap().remove(field).is_some(), "{field}");
    }
    for field in ["account", "block"] {
        assert!(old["provenance"].as_object_mut().unwrap().remove(field).is_some(), "{field}");
    }
    let row: super::rows::DecisionRow = serde_json::from_value(old).unwrap();
    let mut expected = decision("x", Verdict::Accept);
    expected.provenance.account.clear();
    assert_eq!(Decision::from(row), expected);
}

pub(super) fn workspace() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path()).unwrap();
    (dir, store)
}

pub(super) fn raw(dir: &tempfile::TempDir) -> Connection {
    Connection::open(Store::file(dir.path())).unwrap()
}

#[test]
fn decisions_and_positions_come_back_as_they_went_in() {
    let (dir, mut store) = workspace();
    let accept = decision("Access is granted by role.", Verdict::Accept);
    let later = Decision { verdict: Verdict::Reject, ..accept.clone() };
    store.append(std::slice::from_ref(&accept), &[position()]).unwrap();
    store.append(std::slice::from_ref(&later), &[]).unwrap();
    drop(store);
    let store = Store::open_read(dir.path()).unwrap();
    assert_eq!(store.decisions().unwrap(), [(1, accept.clone()), (3, later.clone())]);
    assert_eq!(store.positions().unwrap(), [(2, position())]);
    assert_eq!(store.latest_decisions().unwrap()[&accept.proposal_id], later);
    assert_eq!(store.latest_positions().unwrap()[&(target(), None)], position());
    store.check().unwrap();
}

#[test]
fn the_ledger_can_not_be_changed_by_sql() {
    let (dir, mut store) = workspace();
    store.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    drop(store);
    let db = raw(&dir);
    for attack in [
        "UPDATE ledger SET json = replace(json, 'accept', 'reject')",
        "DELETE FROM ledger",
        "INSERT OR REPLACE INTO ledger SELECT 1, kind, version, '{}', hash FROM ledger",
        "INSERT INTO ledger SELECT 9, kind, version, json, hash FROM ledger",
    ] {
        let error = db.execute(attack, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{attack}: {error}");
    }
}

#[test]
fn whoever_gets_round_the_triggers_breaks_the_chain() {
    for (attack, seq, what) in [
        ("UPDATE ledger SET json = replace(json, 'accept', 'reject') WHERE seq = 1", 1, "changed"),
        ("DELETE FROM ledger WHERE seq = 2", 2, "missing"),
        ("DELETE FROM ledger WHERE seq = 3", 3, "are missing"),
    ] {
        let (dir, mut store) = workspace();
        let all = ["One.", "Two.", "Three."].map(|q| decision(q, Verdict::Accept));
        store.append(&all, &[]).unwrap();
        store.verify_ledger().unwrap();
        drop(store);
        let db = raw(&dir);
        db.execute_batch("DROP TRIGGER ledger_keeps; DROP TRIGGER ledger_stays;").unwrap();
        assert_eq!(db.execute(attack, []).unwrap(), 1);
        drop(db);
        let store = Store::open_read(dir.path()).unwrap();
        match store.verify_ledger() {
            Err(StoreError::Ledger { seq: found, why, .. }) => {
                assert!(found == seq && why.contains(what), "{attack}: {found}, {why}");
            }
            other => panic!("{attack}: {other:?}"),
        }
    }
}

#[test]
fn the_head_moves_with_every_entry_and_differs_between_workspaces() {
    let (_dir, mut store) = workspace();
    let (_other_dir, mut other) = workspace();
    assert_ne!(store.workspace_id(), other.workspace_id());
    let mut heads = vec![store.ledger_head().unwrap()];
    for _ in 0..2 {
        store.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
        heads.push(store.ledger_head().unwrap());
    }
    other.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    heads.push(other.ledger_head().unwrap());
    assert_eq!(heads.iter().collect::<BTreeSet<_>>().len(), 4);
    assert!(heads.iter().all(|h| h.len() == 64));
    for (place, head) in (0..3).zip(&heads) {
        assert_eq!(store.ledger_place(head).unwrap(), Some(place));
    }
    assert_eq!(store.ledger_place(&heads[3]).unwrap(), None, "the head of another workspace");
}

#[test]
fn one_process_writes_and_others_read() {
    let (dir, mut store) = workspace();
    let error = Store::open_for_write(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    let mut reader = Store::open_read(dir.path()).unwrap();
    store.append(&[], &[position()]).unwrap();
    assert_eq!(reader.positions().unwrap().len(), 1);
    assert!(reader.set_meta("a", "b").is_err(), "a reader must not write");
    drop(store);
    Store::open_for_write(dir.path()).unwrap();
}

#[test]
fn what_is_no_workspace_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let error = Store::open_read(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NotAWorkspace { .. }));
    assert!(
        error.to_string().contains("state.sqlite") && error.to_string().contains("evimap init")
    );
    assert!(Store::open_for_write(dir.path()).is_err());
    assert!(!dir.path().join(".evimap").exists(), "a failed opening leaves nothing");

    fs::create_dir(dir.path().join(".evimap")).unwrap();
    let db = raw(&dir);
    db.execute_batch("CREATE TABLE cookies (id)").unwrap();
    let error = Store::open_for_write(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NotAWorkspace { .. }), "{error}");
    assert!(error.to_string().contains("another program"));
}

#[test]
fn a_newer_state_and_a_damaged_one_have_their_own_errors() {
    let (dir, store) = workspace();
    drop(store);
    raw(&dir).pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open_for_write(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, known: 2, .. }));
    assert!(error.to_string().contains("newer evimap"));

    fs::write(Store::file(dir.path()), b"not at all a database, but long enough to look").unwrap();
    let error = Store::open_for_write(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("state.sqlite") && error.to_string().contains("backup"));
}

#[test]
fn a_state_cut_short_is_damaged() {
    let (dir, store) = workspace();
    drop(store);
    let path = Store::file(dir.path());
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 3]).unwrap();
    let error = Store::open_read(dir.path()).and_then(|store| store.check()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}

#[test]
fn creation_happens_once_and_survives_an_attempt_that_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".evimap")).unwrap();
    fs::write(dir.path().join(".evimap/state.sqlite.new"), b"half a file").unwrap();
    let store = Store::create(dir.path()).unwrap();
    drop(store);
    assert!(matches!(Store::create(dir.path()), Err(StoreError::Exists(_))));
    Store::open_read(dir.path()).unwrap().check().unwrap();
}

#[test]
fn a_process_killed_within_a_transaction_leaves_the_ledger_as_it_was() {
    let (dir, mut store) = workspace();
    store.append(&[decision("One.", Verdict::Accept)], &[]).unwrap();
    // A transaction that never commits, in a copy of the files as a killed process leaves them.
    store
        .connection
        .execute_batch("BEGIN; INSERT INTO ledger VALUES (2, 'decision', 1, '{}', 'x');")
        .unwrap();
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join(".evimap")).unwrap();
    for name in ["state.sqlite", "state.sqlite-wal"] {
        let folder = |dir: &tempfile::TempDir| dir.path().join(".evimap").join(name);
        fs::copy(folder(&dir), folder(&copy)).unwrap();
    }
    let opened = Store::open_for_write(copy.path()).unwrap();
    assert_eq!(opened.decisions().unwrap().len(), 1);
    opened.check().unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_state() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = workspace();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir.path().join(".evimap")), 0o700);
    for entry in fs::read_dir(dir.path().join(".evimap")).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    drop(store);
}

#[test]
fn an_issued_id_stays_known_and_its_place_follows_the_document() {
    let (_dir, mut store) = workspace();
    let old = proposal("Access is granted by role.", "old/policy.pdf");
    store.record_issued(std::slice::from_ref(&old), 1).unwrap();
    store.record_issued(&[proposal("Access is granted by role.", "new/policy.pdf")], 2).unwrap();
    store.record_issued(&[proposal("Something else.", "x.pdf")], 3).unwrap();
    store.replace_proposals(&[], &[]).unwrap();
    let issued = store.issued(&old.id).unwrap().unwrap();
    assert_eq!((issued.first_run, issued.document.as_str()), (1, "new/policy.pdf"));
    assert_eq!((issued.target, issued.quote), (old.target, old.quote));
    assert_eq!(store.issued(&ProposalId::derive(&target(), None, "never")).unwrap(), None);
}

#[test]
fn proposals_and_views_are_replaced_in_order() {
    let (_dir, mut store) = workspace();
    let view = TargetView {
        target: target(),
        system: None,
        machine_view: MachineView::Unsure,
        evidence_probability: 0.7,
        nearest_miss: None,
    };
    let all = ["b", "a"].map(|quote| proposal(quote, "d.pdf"));
    store.replace_proposals(&[proposal("gone", "d.pdf")], &[view.clone(), view.clone()]).unwrap();
    store.replace_proposals(&all, std::slice::from_ref(&view)).unwrap();
    assert_eq!(store.proposals().unwrap(), all);
    assert_eq!(store.views().unwrap(), [view]);
    store.connection.execute("UPDATE proposal SET version = 0", []).unwrap();
    assert_eq!(store.proposals().unwrap(), [], "another layout is computed again, not read");
}

#[test]
fn extraction_is_cached_by_content_and_reader() {
    let (_dir, mut store) = workspace();
    let extracted = |hash: &str| Extracted {
        path: "a.md".to_owned(),
        hash: hash.to_owned(),
        status: ExtractStatus::Ok,
        diagnostics: vec![Diagnostic::note("n", "m")],
        properties: [("title".to_owned(), "T".to_owned())].into(),
        blocks: vec![Block {
            kind: BlockKind::Body,
            locator: Locator::lines(1, 2),
            heading: vec!["H".to_owned()].into(),
            text: "Text".to_owned(),
            marks: Marks { ocr: true, hidden: false },
        }],
    };
    store.cache(&[extracted("h1"), extracted("h2"), extracted("")], "r1").unwrap();
    assert_eq!(store.cached("h1", "r1").unwrap(), Some(extracted("h1")));
    assert_eq!(store.cached("h1", "r2").unwrap(), None);
    assert_eq!(store.cached("", "r1").unwrap(), None);

    let stat = |hash: &str| FileStat {
        size: u64::from(u32::MAX) + 9,
        mtime_ns: -5,
        hash: hash.to_owned(),
    };
    let stats = [("a.md".to_owned(), stat("h1")), ("b.md".to_owned(), stat("h2"))].into();
    store.set_file_stats(&stats).unwrap();
    assert_eq!(store.file_stats().unwrap().remove("a.md"), Some(stat("h1")));
    store.forget_unused(&BTreeSet::from(["h2".to_owned()])).unwrap();
    assert_eq!(store.cached("h1", "r1").unwrap(), None);
    assert_eq!(store.file_stats().unwrap().remove("a.md"), None);
    assert!(
        store.cached("h2", "r1").unwrap().is_some()
            && store.file_stats().unwrap().contains_key("b.md")
    );
}

#[test]
fn runs_exports_and_named_values_are_kept() {
    let (dir, mut store) = workspace();
    assert_eq!(store.start_run(&json!({"version": 1})).unwrap(), 1);
    assert_eq!(store.start_run(&json!({"version": 1})).unwrap(), 2);
    store.finish_run(1, &json!({"files": 3})).unwrap();
    assert!(store.finish_run(7, &json!({})).is_err());
    let cells: Cells =
        [("p".to_owned(), [("decision".to_owned(), "yes".to_owned())].into())].into();
    store.put_export("suggestions.csv", "old", &Cells::new()).unwrap();
    store.put_export("suggestions.csv", "new", &cells).unwrap();
    store.set_meta("roots", "[\"a\"]").unwrap();
    store.set_meta("roots", "[\"b\"]").unwrap();
    store.set_meta("root", "not so named").unwrap();
    store.set_meta("roots %", "1").unwrap();
    drop(store);
    let store = Store::open_read(dir.path()).unwrap();
    let runs = store.runs().unwrap();
    assert_eq!(runs[0].finished, Some(json!({"files": 3})));
    assert_eq!((runs[1].id, &runs[1].finished), (2, &None));
    let export = store.last_export("suggestions.csv").unwrap().unwrap();
    assert_eq!(export, Export { hash: "new".to_owned(), cells });
    assert_eq!(store.last_export("positions.csv").unwrap(), None);
    assert_eq!(store.meta("roots").unwrap().as_deref(), Some("[\"b\"]"));
    assert_eq!(store.meta("other").unwrap(), None);
    let named: Vec<_> = store.metas("roots").unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(named, ["", " %"]);
}

#[test]
fn statements_on_actions_are_kept_and_can_not_be_taken_back() {
    use crate::domain::{Action, ActionStatus, ActionWork, Provenance, Statement};
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::create(dir.path()).unwrap();
    let statement = |status| Statement {
        about: "a-aaaaaaaaaa".into(),
        owner: "Bob".into(),
        due: Some("2027-01-31".parse().unwrap()),
        status,
        comment: String::new(),
        stated_by: "Ada".into(),
        stated_on: "2026-11-24".parse().unwrap(),
        provenance: Provenance {
            file: "actions.csv".into(),
            row: 2,
            program: "test".into(),
            catalog: "test".into(),
            account: String::new(),
            block: 0,
        },
    };
    let action = Action {
        id: "a-aaaaaaaaaa".into(),
        kind: "establish".into(),
        targets: vec!["ISO27001:A.5.15".parse().unwrap()],
        system: None,
        text: "establish it".into(),
        owner: String::new(),
        due: None,
        status: ActionStatus::Open,
        priority: 1,
        work: ActionWork { closes: 2, title: "Access".into(), ..ActionWork::default() },
    };
    let before = store.statements_mark().unwrap();
    store.append_statements(&[statement(ActionStatus::Open)]).unwrap();
    store.append_statements(&[statement(ActionStatus::Done)]).unwrap();
    store.put_raised(std::slice::from_ref(&action)).unwrap();
    store.put_raised(std::slice::from_ref(&action)).unwrap();
    assert_ne!(store.statements_mark().unwrap(), before);
    for change in [
        "UPDATE statement SET json = '{}'",
        "DELETE FROM statement",
        "INSERT OR REPLACE INTO statement VALUES (1, 1, '{}')",
    ] {
        assert!(store.connection.execute(change, []).is_err(), "{change}");
    }
    drop(store);
    let store = Store::open_read(dir.path()).unwrap();
    let kept: Vec<_> = store.statements().unwrap().into_iter().map(|s| s.status).collect();
    assert_eq!(kept, [ActionStatus::Open, ActionStatus::Done]);
    assert_eq!(store.raised().unwrap(), [action]);
}

#[test]
fn a_state_from_before_statements_opens_and_gets_their_tables() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path()).unwrap();
    store
        .connection
        .execute_batch("DROP TABLE statement; DROP TABLE action; DROP TABLE audit")
        .unwrap();
    drop(store);
    let store = Store::open_read(dir.path()).unwrap();
    assert_eq!((store.statements().unwrap(), store.raised().unwrap()), (Vec::new(), Vec::new()));
    assert_eq!(store.planned().unwrap(), []);
    drop(store);
    let mut store = Store::open_for_write(dir.path()).unwrap();
    store.append_statements(&[]).unwrap();
    store.put_planned(&[]).unwrap();
    assert_eq!(store.statements().unwrap(), []);
}
