//! Rules of `positions.csv`.

use super::*;
use crate::domain::{Applicability, Conclusion, Coverage, ImplementationStatus, ProvidedBy};

/// A file with one row for [`TARGET`], signed by Jane.
fn row(cells: &[(&str, &str)]) -> Vec<u8> {
    row_of(TARGET, cells)
}

fn row_of(target: &str, cells: &[(&str, &str)]) -> Vec<u8> {
    let mut columns = vec!["target", "decided_by"];
    let mut values = vec![target, "Jane Doe"];
    for (column, value) in cells {
        match columns.iter().position(|c| c == column) {
            Some(at) => values[at] = value,
            None => {
                columns.push(column);
                values.push(value);
            }
        }
    }
    file(&columns, &[&values])
}

#[test]
fn every_human_column_is_read() {
    let import = World::new()
        .import(row(&[
            ("applicability", "anwendbar"),
            ("inclusion_reasons", "legal; Risk, risk"),
            ("justification", "GDPR Art. 32"),
            ("risk_ids", "R-1; R 2"),
            ("implementation_status", "Planned"),
            ("planned_for", "31.12.2026"),
            ("provided_by", "shared"),
            ("provider", "Hoster Ltd"),
            ("owner", "Ops"),
            ("due", "46400"),
            ("conclusion", "looked, nothing found"),
            ("override", "partial"),
            ("override_until", "2027-06-30"),
            ("decided_by", "lena lead"),
            ("decided_on", "2026-11-20"),
            ("comment", "'=see minutes"),
        ]))
        .unwrap();
    let p = &import.positions[0];
    assert_eq!(p.applicability, Some(Applicability::Applicable));
    assert_eq!(p.inclusion_reasons, [InclusionReason::Risk, InclusionReason::Legal]);
    assert_eq!(
        (p.justification.as_str(), p.risk_ids.join("|")),
        ("GDPR Art. 32", "R-1|R 2".into())
    );
    assert_eq!(p.implementation_status, Some(ImplementationStatus::Planned));
    assert_eq!((p.planned_for, p.due), (Some(day("2026-12-31")), Some(day("2027-01-13"))));
    assert_eq!((p.provided_by, p.provider.as_str()), (Some(ProvidedBy::Shared), "Hoster Ltd"));
    assert_eq!((p.owner.as_str(), p.comment.as_str()), ("Ops", "=see minutes"));
    assert_eq!(p.conclusion, Some(Conclusion::NothingFound));
    assert_eq!(p.override_coverage, Some(Coverage::Partial));
    assert_eq!((p.decided_by.as_str(), p.decided_on), ("Lena Lead", Some(day("2026-11-20"))));
}

#[test]
fn importing_twice_changes_nothing_and_blank_rows_are_passed_over() {
    let mut world = World::new();
    let file = row(&[("owner", "Ops"), ("applicability", "")]);
    assert_eq!(world.apply(&file).positions.len(), 1);
    world.today = day("2027-01-01");
    let again = world.apply(&file);
    assert_eq!((again.positions.len(), again.unchanged), (0, 1));
    let blank = world.apply(row(&[("owner", ""), ("decided_by", "")]));
    assert_eq!((blank.positions.len(), blank.undecided), (0, 1));
    assert!(codes(&blank).contains(&"review-blank"), "the position on record stays");
    let signed = World::new().import(row(&[("owner", "")])).unwrap();
    assert_eq!((signed.positions.len(), signed.undecided), (0, 1));
    assert!(codes(&signed).contains(&"review-undecided"));
}

#[test]
fn missing_columns_keep_what_is_on_record_and_cleared_cells_are_said() {
    let mut world = World::new();
    world.apply(row(&[
        ("owner", "Ops"),
        ("due", "2027-01-01"),
        ("conclusion", "sufficient"),
        ("inclusion_reasons", "business"),
        ("risk_ids", "R-1"),
    ]));
    let kept = world.apply(row(&[("comment", "more")]));
    let first = &world.positions[0];
    let expected = Position {
        comment: "more".to_owned(),
        provenance: kept.positions[0].provenance.clone(),
        ..first.clone()
    };
    assert_eq!(kept.positions[0], expected);
    world.apply(row(&[("due", "2027-02-01")]));
    let cleared = world.apply(row(&[("owner", ""), ("due", "2027-02-01")]));
    assert_eq!(cleared.positions[0].owner, "");
    let warning = cleared.notes.iter().find(|d| d.code == "review-cleared").unwrap();
    assert!(warning.message.contains("owner") && !warning.message.contains("due"));
}

#[test]
fn a_change_needs_a_name() {
    let mut world = World::new();
    world.refuses(row(&[("owner", "Ops"), ("decided_by", "")]), "review-reviewer", 2, "decided_by");
    world.config.strict_reviewers = true;
    world.refuses(
        row(&[("owner", "Ops"), ("decided_by", "Eve")]),
        "review-reviewer",
        2,
        "decided_by",
    );
}

#[test]
fn a_clause_can_not_be_excluded_and_applies_without_being_told() {
    let world = World::new();
    let out = [("applicability", "n/a"), ("inclusion_reasons", "no-risk"), ("justification", "x")];
    world.refuses(row_of("ISO27001:9.2.1", &out), "review-applicability", 2, "applicability");
    let cells = [("applicability", "applicable"), ("owner", "Ops")];
    let import = world.import(row_of("ISO27001:9.2.1", &cells)).unwrap();
    assert_eq!(import.positions[0].applicability, None);
    assert!(codes(&import).contains(&"review-applicability"));
}

#[test]
fn an_exclusion_needs_its_reason_and_text() {
    let world = World::new();
    let out = |reasons: &str, text: &str| {
        row(&[
            ("applicability", "Not Applicable"),
            ("inclusion_reasons", reasons),
            ("justification", text),
        ])
    };
    let import = world.import(out("not our role; no-activity", "We build no software.")).unwrap();
    let reasons = &import.positions[0].exclusion_reasons;
    assert_eq!(reasons[..], [ExclusionReason::NoActivity, ExclusionReason::NotOurRole]);
    world.refuses(out("", "text"), "review-reasons", 2, "inclusion_reasons");
    world.refuses(out("no-risk", " "), "review-justification", 2, "justification");
    world.refuses(out("no-risk; business", "text"), "review-reasons", 2, "inclusion_reasons");
    world.refuses(out("too much work", "text"), "review-reasons", 2, "inclusion_reasons");
    let inside = row(&[("applicability", "applicable"), ("inclusion_reasons", "no-risk")]);
    world.refuses(inside, "review-reasons", 2, "inclusion_reasons");
}

#[test]
fn an_inclusion_names_what_it_stands_on() {
    let world = World::new();
    let within = |reason: &str, risks: &str, text: &str| {
        row(&[
            ("applicability", "applicable"),
            ("inclusion_reasons", reason),
            ("risk_ids", risks),
            ("justification", text),
        ])
    };
    world.refuses(within("risk", "", "text"), "review-reasons", 2, "risk_ids");
    for reason in ["legal", "contractual", "baseline"] {
        world.refuses(within(reason, "", ""), "review-justification", 2, "justification");
        assert!(world.import(within(reason, "", "text")).is_ok());
    }
    assert!(world.import(within("business", "", "")).is_ok());
    assert!(world.import(within("risk", "R-1", "")).is_ok());
}

#[test]
fn words_days_targets_and_systems_are_checked() {
    let world = World::new();
    for column in
        ["applicability", "implementation_status", "provided_by", "conclusion", "override"]
    {
        world.refuses(row(&[(column, "perhaps")]), "review-word", 2, column);
    }
    for column in ["planned_for", "due", "override_until", "decided_on"] {
        world.refuses(row(&[("owner", "Ops"), (column, "03/04/2026")]), "review-date", 2, column);
    }
    world.refuses(row_of("ISO27001:A.9.9", &[("owner", "Ops")]), "review-target", 2, "target");
    world.refuses(row(&[("owner", "Ops"), ("system", "mars")]), "review-system", 2, "system");
    let misplaced = world.import(row(&[("owner", "Ops"), ("system", "triage")])).unwrap();
    assert!(codes(&misplaced).contains(&"review-level"));
}

#[test]
fn planned_and_provided_say_when_and_by_whom() {
    let world = World::new();
    world.refuses(row(&[("implementation_status", "planned")]), "review-status", 2, "planned_for");
    for word in ["shared", "inherited"] {
        world.refuses(row(&[("provided_by", word)]), "review-provider", 2, "provider");
    }
    assert!(world.import(row(&[("provided_by", "own")])).is_ok());
}

#[test]
fn an_override_ends_and_has_a_reason() {
    let world = World::new();
    let with = |until: &str, comment: &str| {
        row(&[("override", "full"), ("override_until", until), ("comment", comment)])
    };
    assert!(world.import(with("2026-12-31", "seen on site")).is_ok());
    world.refuses(with("", "seen on site"), "review-override", 2, "override_until");
    world.refuses(with("2026-11-23", "seen on site"), "review-override", 2, "override_until");
    world.refuses(with("2026-12-31", ""), "review-override", 2, "comment");
    world.refuses(row(&[("override_until", "2026-12-31")]), "review-override", 2, "override");
    world.refuses(row(&[("override", "not reviewed")]), "review-word", 2, "override");
}

#[test]
fn what_was_decided_before_is_not_judged_anew() {
    let mut world = World::new();
    let file =
        row(&[("override", "full"), ("override_until", "2026-12-31"), ("comment", "seen on site")]);
    world.apply(&file);
    world.today = day("2027-06-01");
    world.config.strict_reviewers = true;
    assert_eq!(world.apply(&file).unchanged, 1, "an ended override is no error by itself");
    let columns = ["target", "system", "owner", "decided_by"];
    let system = super::file(&columns, &[&["ISO42001:A.4.2", "triage", "Ops", "Jane Doe"]]);
    world.apply(&system);
    world.config.systems.clear();
    assert_eq!(world.apply(&system).unchanged, 1, "the system is no longer declared");
}

#[test]
fn two_rows_of_one_target_must_agree() {
    let world = World::new();
    let columns = ["target", "owner", "decided_by"];
    let rows =
        |two: &str| file(&columns, &[&[TARGET, "Ops", "Jane Doe"], &[TARGET, two, "Jane Doe"]]);
    assert_eq!(world.import(rows("Ops")).unwrap().positions.len(), 1);
    world.refuses(rows("Legal"), "review-duplicate", 3, "target");
}

#[test]
fn a_text_pasted_on_many_rows_is_flagged() {
    let world = World::new();
    let columns = ["target", "justification", "decided_by"];
    let ids: Vec<String> = (1..=6).map(|n| format!("ISO27001:A.5.{n}")).collect();
    let rows: Vec<Vec<&str>> =
        ids.iter().map(|id| vec![id.as_str(), "Good practice.", "Jane Doe"]).collect();
    let slices: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    assert!(codes(&world.import(file(&columns, &slices)).unwrap()).contains(&"review-pasted"));
    let fewer = world.import(file(&columns, &slices[..5])).unwrap();
    assert!(!codes(&fewer).contains(&"review-pasted"));
}

#[test]
fn a_change_under_an_old_day_is_said() {
    let mut world = World::new();
    let on = |owner: &str| row(&[("owner", owner), ("decided_on", "2026-11-01")]);
    world.apply(on("Ops"));
    let changed = world.apply(on("Legal"));
    assert_eq!(changed.positions[0].decided_on, Some(day("2026-11-01")), "as written");
    assert!(codes(&changed).contains(&"review-date"));
    assert_eq!(world.apply(on("Legal")).positions, []);
}

#[test]
fn an_unlisted_name_with_extra_blanks_is_no_change_the_second_time() {
    let mut world = World::new();
    let file = row(&[("conclusion", "evidence sufficient"), ("decided_by", "Max \t Muster")]);
    assert_eq!(world.apply(&file).positions[0].decided_by, "Max Muster");
    let again = world.apply(&file);
    assert_eq!((again.positions.len(), again.unchanged), (0, 1));
}

#[test]
fn an_id_that_became_a_day_or_a_number_is_flagged() {
    let world = World::new();
    for (cell, flagged) in [("R-7; 2026-02-01", true), ("1E+05", true), ("R-7; 12; 7.1", false)] {
        let import = world
            .import(row(&[("owner", "Ops"), ("risk_ids", cell), ("decided_by", "Jane Doe")]))
            .unwrap();
        assert_eq!(codes(&import).contains(&"review-mangled"), flagged, "{cell}");
    }
}

#[test]
fn a_proposal_from_a_soa_counts_once_somebody_signs_it() {
    let columns = ["target", "machine_view", "applicability", "comment", "decided_by"];
    let (plain, conflict) =
        ("proposed: from SoA.xlsx row 3", "proposed, conflict: from SoA.xlsx row 4");
    let world = World::new();
    let unsigned = [
        ["ISO27001:A.5.15", plain, "applicable", "from SoA.xlsx", ""],
        ["ISO27001:A.5.18", conflict, "", "from SoA.xlsx", ""],
    ];
    let import = world.import(file(&columns, &[&unsigned[0], &unsigned[1]])).unwrap();
    assert_eq!((import.positions.len(), import.undecided), (0, 2));
    let signed = ["ISO27001:A.5.15", plain, "applicable", "from SoA.xlsx", "Jane Doe"];
    let import = world.import(file(&columns, &[&signed, &unsigned[1]])).unwrap();
    assert_eq!((import.positions.len(), import.undecided), (1, 1));
    assert_eq!(import.positions[0].comment, "from SoA.xlsx");
    let open = ["ISO27001:A.5.18", conflict, "", "from SoA.xlsx", "Jane Doe"];
    let faults = world.import(file(&columns, &[&signed, &open])).unwrap_err();
    assert!(faults.iter().any(|d| d.code == "review-conflict"), "{faults:?}");
    // In any other row a text without a name is still a mistake.
    let nameless = ["ISO27001:A.5.15", "likely", "applicable", "", ""];
    assert!(world.import(file(&columns, &[&nameless])).is_err());
}
