//! What two snapshots differ in, how it is told, stored and judged.

use super::*;

fn side(run: u64) -> Side {
    let day = format!("2026-11-{:02}", 20 + run);
    Side { run, kind: "run".to_owned(), as_of: day, ..Side::default() }
}

fn document(snapshot: &mut Snapshot, path: &str, hash: &str, status: &str) {
    let mark = DocumentMark { hash: hash.to_owned(), status: status.to_owned() };
    snapshot.documents.insert(path.to_owned(), mark);
}

fn target(snapshot: &mut Snapshot, row: &str, coverage: &str, view: &str) {
    let mark =
        TargetMark { coverage: coverage.to_owned(), reasons: Vec::new(), view: view.to_owned() };
    snapshot.targets.insert(row.to_owned(), mark);
}

fn evidence(snapshot: &mut Snapshot, id: &str, document: &str, standing: Standing, stale: bool) {
    let mark = EvidenceMark {
        row: "ISO27001:A.5.18".to_owned(),
        id: id.to_owned(),
        document: document.to_owned(),
        standing,
        stale,
    };
    snapshot.evidence.insert(mark.key(), mark);
}

fn two() -> (Snapshot, Snapshot) {
    let (mut a, mut b) = (Snapshot::default(), Snapshot::default());
    for (path, hash) in [("access.md", "1"), ("backup.md", "2"), ("gone.md", "3"), ("old.md", "4")]
    {
        document(&mut a, path, hash, "ok");
    }
    document(&mut a, "scan.pdf", "5", "ok");
    document(&mut b, "access.md", "1b", "ok");
    document(&mut b, "backup.md", "2", "ok");
    document(&mut b, "moved/old.md", "4", "ok");
    document(&mut b, "copy/old.md", "4", "ok");
    document(&mut b, "new.md", "6", "ok");
    document(&mut b, "scan.pdf", "5b", "failed");

    target(&mut a, "ISO27001:A.5.18", "full", "likely-evidence");
    target(&mut b, "ISO27001:A.5.18", "partial", "likely-gap");
    target(&mut a, "ISO27001:A.8.13", "not reviewed", "unsure");
    target(&mut b, "ISO27001:A.8.13", "full", "likely-evidence");

    use Standing::{Lost, Reconfirm, Stands};
    for (id, path, old, new, stale) in [
        ("p-edited", "access.md", Stands, Lost, (false, false)),
        ("p-around", "access.md", Stands, Reconfirm, (false, false)),
        ("p-gone", "gone.md", Stands, Lost, (false, false)),
        ("p-aged", "backup.md", Stands, Stands, (false, true)),
        ("p-done", "backup.md", Stands, Stands, (true, false)),
        ("p-back", "backup.md", Lost, Stands, (false, false)),
        ("p-same", "backup.md", Lost, Lost, (true, true)),
    ] {
        evidence(&mut a, id, path, old, stale.0);
        evidence(&mut b, id, path, new, stale.1);
    }
    evidence(&mut a, "p-rejected", "backup.md", Stands, false);
    evidence(&mut b, "p-accepted", "new.md", Stands, false);

    let suggestion = |path: &str| SuggestionMark {
        row: "ISO27001:A.8.13".to_owned(),
        document: path.to_owned(),
        band: "strong".to_owned(),
    };
    a.suggestions.insert("p-1".to_owned(), suggestion("backup.md"));
    a.suggestions.insert("p-2".to_owned(), suggestion("backup.md"));
    b.suggestions.insert("p-2".to_owned(), suggestion("backup.md"));
    b.suggestions.insert("p-3".to_owned(), suggestion("new.md"));
    a.overdue.insert("plan x".to_owned(), "x was planned for 2026-11-01".to_owned());
    b.overdue = a.overdue.clone();
    b.overdue.insert("override y".to_owned(), "the override of y ended on 2026-11-20".to_owned());
    (a, b)
}

fn ids(list: &[Piece]) -> Vec<&str> {
    list.iter().map(|piece| piece.id.as_str()).collect()
}

#[test]
fn every_kind_of_change_is_found() {
    let (a, b) = two();
    let d = compare((side(1), &a), (side(2), &b));
    assert_eq!(d.documents.new, ["moved/old.md", "new.md"]);
    assert_eq!(d.documents.lost, ["gone.md"]);
    assert_eq!(d.documents.changed, ["access.md", "scan.pdf"]);
    let moved = Moved { from: "old.md".to_owned(), to: "copy/old.md".to_owned() };
    assert_eq!(d.documents.renamed, [moved], "one file moves to one place; the other is new");
    assert_eq!(d.documents.unreadable, ["scan.pdf"]);
    assert_eq!(ids(&d.evidence.new), ["p-accepted"]);
    assert_eq!(ids(&d.evidence.withdrawn), ["p-rejected"]);
    assert_eq!(ids(&d.evidence.lost), ["p-edited", "p-gone"]);
    assert_eq!(ids(&d.evidence.restored), ["p-back"]);
    assert_eq!(ids(&d.evidence.stale), ["p-aged"]);
    assert_eq!(ids(&d.evidence.renewed), ["p-done"]);
    assert_eq!(ids(&d.undone), ["p-around", "p-edited"], "what is gone was not edited");
    let changes = |list: &[Change]| -> Vec<String> {
        list.iter().map(|c| format!("{}: {} → {}", c.target, c.from, c.to)).collect()
    };
    assert_eq!(
        changes(&d.coverage),
        ["ISO27001:A.5.18: full → partial", "ISO27001:A.8.13: not reviewed → full"]
    );
    assert_eq!(
        changes(&d.views),
        [
            "ISO27001:A.5.18: likely-evidence → likely-gap",
            "ISO27001:A.8.13: unsure → likely-evidence"
        ]
    );
    assert_eq!((ids(&d.suggestions), d.suggestions_gone), (vec!["p-3"], 1));
    assert_eq!(d.overdue, ["the override of y ended on 2026-11-20"]);
    assert_eq!(d.settings, ["as of 2026-11-21 → 2026-11-22"]);
    assert!(!d.is_empty());
    assert!(compare((side(1), &a), (side(2), &a)).is_empty());
}

#[test]
fn what_was_accepted_and_lost_between_two_runs_is_both() {
    let (mut a, mut b) = (Snapshot::default(), Snapshot::default());
    document(&mut a, "a.md", "1", "ok");
    document(&mut b, "a.md", "2", "ok");
    evidence(&mut b, "p-1", "a.md", Standing::Lost, false);
    let d = compare((side(1), &a), (side(2), &b));
    assert_eq!((ids(&d.evidence.new), ids(&d.evidence.lost)), (vec!["p-1"], vec!["p-1"]));
}

#[test]
fn a_file_that_could_not_be_opened_was_not_renamed() {
    let (mut a, mut b) = (Snapshot::default(), Snapshot::default());
    document(&mut a, "a.md", "", "failed");
    document(&mut b, "b.md", "", "failed");
    let d = compare((side(1), &a), (side(2), &b));
    assert!(d.documents.renamed.is_empty());
    assert_eq!((d.documents.lost, d.documents.new), (vec!["a.md".into()], vec!["b.md".into()]));
}

#[test]
fn every_format_tells_it_and_none_is_run() {
    let (a, mut b) = two();
    document(&mut b, "<b>x</b> [l](http://x)\u{1b}[31m.md", "9", "ok");
    let d = compare((side(1), &a), (side(2), &b));
    let text = render(&d, Format::Text).unwrap();
    assert!(text.starts_with("run 1 (2026-11-21) → run 2 (2026-11-22)\n"), "{text}");
    assert!(text.contains("\nCoverage, from decisions\n  ISO27001:A.5.18: full → partial\n"));
    assert!(text.contains("\n  renamed      old.md → copy/old.md\n"), "{text}");
    assert!(!text.contains('\u{1b}'));
    let markdown = render(&d, Format::Markdown).unwrap();
    assert!(markdown.contains("- lost: ISO27001:A.5.18 in gone.md, p-gone\n"), "{markdown}");
    assert!(markdown.contains("\\<b>x\\</b> \\[l\\](http://x)"), "{markdown}");
    let html = render(&d, Format::Html).unwrap();
    assert!(html.contains("&lt;b&gt;x") && !html.contains("<b>x"), "{html}");
    let json: serde_json::Value = serde_json::from_str(&render(&d, Format::Json).unwrap()).unwrap();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["documents"]["renamed"][0]["to"], "copy/old.md");
    assert_eq!(json["undone"][0]["note"], "the document changed: look again");

    let none = compare((side(1), &a), (side(1), &a));
    assert!(render(&none, Format::Text).unwrap().ends_with("\nNothing changed.\n"));
}

#[test]
fn long_lists_are_cut_in_texts_only() {
    let (a, mut b) = (Snapshot::default(), Snapshot::default());
    for n in 0..100 {
        document(&mut b, &format!("{n:03}.md"), &n.to_string(), "ok");
    }
    let d = compare((side(1), &a), (side(2), &b));
    let text = render(&d, Format::Text).unwrap();
    assert!(text.contains("039.md") && !text.contains("040.md"));
    assert!(text.contains("and 60 more"));
    assert!(render(&d, Format::Json).unwrap().contains("099.md"));
}

#[test]
fn a_snapshot_comes_back_and_a_small_change_makes_few_parts() {
    let (a, _) = two();
    let packed = pack(&a).unwrap();
    assert_eq!(pack(&a).unwrap(), packed, "the same parts");
    let get = |parts: &BTreeMap<String, Vec<u8>>, name: &str| {
        parts.get(name).cloned().ok_or_else(|| format!("no {name}"))
    };
    let back = unpack(&packed.parts[&packed.name], |name| get(&packed.parts, name)).unwrap();
    assert_eq!(back, a);
    let mut listed = parts_of(&packed.parts[&packed.name]).unwrap();
    listed.push(packed.name.clone());
    assert_eq!(
        listed.into_iter().collect::<std::collections::BTreeSet<_>>(),
        packed.parts.keys().cloned().collect()
    );

    let mut big = Snapshot::default();
    for n in 0..1000 {
        document(&mut big, &format!("folder/{n}.md"), &format!("{n:064}"), "ok");
    }
    let first = pack(&big).unwrap();
    document(&mut big, "folder/7.md", &"f".repeat(64), "ok");
    let second = pack(&big).unwrap();
    let new = second.parts.keys().filter(|name| !first.parts.contains_key(*name)).count();
    assert_eq!(new, 2, "one part and the manifest");

    let missing: Result<Snapshot, String> =
        unpack(&second.parts[&second.name], |name| get(&BTreeMap::new(), name));
    assert!(missing.unwrap_err().starts_with("no "));
    assert!(parts_of(b"damaged").is_err());
}

fn told(wanted: &[Policy], last: Option<&Snapshot>, now: &Snapshot) -> Vec<String> {
    let hits = hits(wanted, last.map(|last| (7, last)), now, &[]);
    hits.into_iter().map(|hit| format!("{}: {}", hit.policy.as_str(), hit.reason)).collect()
}

#[test]
fn policies_are_hit_by_what_they_say() {
    let (a, b) = two();
    assert_eq!(
        told(&POLICIES, Some(&a), &b),
        [
            "new-gap: coverage fell since run 7 (1): ISO27001:A.5.18 (full → partial)",
            "new-likely-gap: likely gap in the machine's view since run 7 (1): \
             ISO27001:A.5.18 (was likely-evidence)",
            "lost-evidence: accepted evidence is lost (3): ISO27001:A.5.18 in access.md, \
             ISO27001:A.5.18 in gone.md, ISO27001:A.5.18 in backup.md",
            "stale: accepted evidence is out of date (1): ISO27001:A.5.18 in backup.md",
            "overdue: past their date (2): the override of y ended on 2026-11-20, \
             x was planned for 2026-11-01",
            "failed-files: files could not be read (1): scan.pdf (failed)",
        ]
    );
    assert!(told(&[], Some(&a), &b).is_empty(), "only what was asked for");
    let first = told(&[Policy::NewGap, Policy::NewLikelyGap], None, &b);
    assert!(first.is_empty(), "never on the first run");
    let found = [(Policy::Judge, None), (Policy::Ledger, Some("entry 3 was changed".to_owned()))];
    let ledger = hits(&[Policy::Ledger, Policy::Judge], None, &b, &found);
    assert_eq!((ledger.len(), ledger[0].reason.as_str()), (1, "entry 3 was changed"));
}

#[test]
fn only_a_fall_of_reviewed_coverage_is_a_new_gap() {
    for (old, new, expected) in [
        ("full", "partial", true),
        ("full", "none", true),
        ("partial", "none", true),
        ("full", "not reviewed", true),
        ("partial", "full", false),
        ("partial", "partial", false),
        ("not reviewed", "partial", false),
        ("not reviewed", "none", false),
        ("none", "not reviewed", false),
    ] {
        let (mut a, mut b) = (Snapshot::default(), Snapshot::default());
        target(&mut a, "ISO27001:A.5.1", old, "unsure");
        target(&mut b, "ISO27001:A.5.1", new, "unsure");
        let hit = !told(&[Policy::NewGap], Some(&a), &b).is_empty();
        assert_eq!(hit, expected, "{old} → {new}");
        b.targets.get_mut("ISO27001:A.5.1").unwrap().reasons = vec!["not applicable".to_owned()];
        assert!(told(&[Policy::NewGap], Some(&a), &b).is_empty(), "excluded is no gap");
    }
}

#[test]
fn a_new_row_is_no_new_likely_gap() {
    let (a, mut b) = (Snapshot::default(), Snapshot::default());
    target(&mut b, "ISO42001:A.6.2.4 (new)", "not reviewed", "likely-gap");
    assert!(told(&[Policy::NewLikelyGap], Some(&a), &b).is_empty());
}

#[test]
fn the_page_of_a_run_says_what_needs_a_person() {
    let (a, b) = two();
    let d = compare((side(1), &a), (side(2), &b));
    let hits = hits(&[Policy::NewGap], Some((1, &a)), &b, &[]);
    let unread = [("scan|x.pdf".to_owned(), "failed".to_owned(), "it is damaged".to_owned())];
    let suspected = [("mail|x.eml".to_owned(), "a comment (lines 3–4)".to_owned())];
    let page = summary(&Summary {
        run: 2,
        as_of: "2026-11-22",
        counts: Counts { documents: 6, waiting: 2, ..Counts::default() },
        snapshot: &b,
        changes: Some(&d),
        unchanged_since: None,
        hits: &hits,
        unread: &unread,
        suspected: &suspected,
        kept: &[],
        ledger_head: "abc",
    });
    for line in [
        "## Evimap: run 2 (2026-11-22)\n",
        "- `new-gap`: coverage fell since run 1 (1): ISO27001:A.5.18 (full → partial)\n",
        "### Changed since run 1\n",
        "- accepted evidence that is lost: 3\n",
        "- suggestions that wait in review/suggestions.csv: 2\n",
        "- past its date: x was planned for 2026-11-01\n",
        "- scan\\|x.pdf: failed: it is damaged\n",
        "### Documents that read like they instruct a model (1)\n\n- mail\\|x.eml: a comment",
        "| Coverage, from decisions | 1 full, 1 partial, 0 none, 0 not reviewed |\n",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
}
