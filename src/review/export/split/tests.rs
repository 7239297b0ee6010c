//! Every row goes to one file, and every file has a name that it keeps.

use super::*;

fn table(rows: &[(&str, &str, &str)]) -> Table {
    let mut table = Table::new(FileKind::Suggestions);
    for (n, (target, system, band)) in rows.iter().enumerate() {
        let cells = [("target", *target), ("system", *system), ("band", *band)];
        table.push(n.to_string(), cells.map(|(c, v)| (c, v.to_owned())).into());
    }
    table
}

fn rows() -> Table {
    table(&[
        ("ISO27001:9.2.1", "", "strong"),
        ("ISO27001:A.5.15", "", "likely"),
        ("ISO42001:A.5.2", "triage", "strong"),
        ("ISO27001:A.6.3", "", "likely"),
        ("ISO42001:9.2.1", "", "likely"),
    ])
}

/// File names with the keys of their rows.
fn parts(table: Table, how: &Split) -> Vec<(String, String)> {
    let owners = BTreeMap::from([
        (("ISO27001:9.2.1".parse().unwrap(), None), "IT / Ops".to_owned()),
        (("ISO42001:A.5.2".parse().unwrap(), None), "it-ops".to_owned()),
    ]);
    let facts = Facts { catalog: Catalog::builtin(), owners: &owners };
    let parts = split(table, how, &facts);
    parts.into_iter().map(|t| (t.name, t.keys.join(" "))).collect()
}

#[track_caller]
fn holds(by: SplitBy, expected: &[(&str, &str)]) {
    let parts = parts(rows(), &Split::By(by));
    let named: Vec<_> = parts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(named, expected);
}

#[test]
fn rows_go_by_what_they_are_about() {
    holds(
        SplitBy::Standard,
        &[("suggestions.ISO27001.csv", "0 1 3"), ("suggestions.ISO42001.csv", "2 4")],
    );
    holds(
        SplitBy::Clause,
        &[
            ("suggestions.ISO27001-9.csv", "0"),
            ("suggestions.ISO27001-A.5.csv", "1"),
            ("suggestions.ISO27001-A.6.csv", "3"),
            ("suggestions.ISO42001-9.csv", "4"),
            ("suggestions.ISO42001-A.5.csv", "2"),
        ],
    );
    holds(
        SplitBy::Theme,
        &[
            ("suggestions.ISO27001-Clause-9.csv", "0"),
            ("suggestions.ISO27001-Organizational.csv", "1"),
            ("suggestions.ISO27001-People.csv", "3"),
            ("suggestions.ISO42001-A.5-Impact-assessment-of-AI-systems.csv", "2"),
            ("suggestions.ISO42001-Clause-9.csv", "4"),
        ],
    );
    holds(
        SplitBy::System,
        &[("suggestions.organisation.csv", "0 1 3 4"), ("suggestions.triage.csv", "2")],
    );
    holds(SplitBy::Band, &[("suggestions.likely.csv", "1 3 4"), ("suggestions.strong.csv", "0 2")]);
    // An owner of the target counts for its systems; names that look alike get files of their own.
    holds(
        SplitBy::Owner,
        &[
            ("suggestions.IT-Ops.csv", "0"),
            ("suggestions.it-ops-2.csv", "2"),
            ("suggestions.no-owner.csv", "1 3 4"),
        ],
    );
}

#[test]
fn what_can_not_be_split_stays_whole() {
    assert_eq!(parts(table(&[]), &Split::By(SplitBy::Theme)).len(), 1);
    let positions = Table { kind: FileKind::Positions, name: "positions.csv".into(), ..rows() };
    assert_eq!(parts(positions.clone(), &Split::By(SplitBy::Band)).len(), 1);
    let named = parts(positions, &Split::By(SplitBy::Standard));
    assert_eq!(named[0].0, "positions.ISO27001.csv");
}

#[test]
fn names_are_safe_and_leave_room_for_kept_files() {
    for (group, name) in [
        ("Jane Doe", "Jane-Doe"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\\b:c*?<>|\"\n", "a-b-c"),
        ("Jürgen Groß", "Jürgen-Groß"),
        ("new", "new_"),
        ("Ann.NEW2", "Ann.NEW2_"),
        ("newton", "newton"),
        ("...", "group"),
        ("", "group"),
    ] {
        assert_eq!(slug(group), name);
    }
    assert_eq!(slug(&"x".repeat(300)).len(), 60);
}

#[test]
fn the_first_rule_that_fits_names_the_reviewer() {
    let text = "\
        [[rule]]\nreviewer = \"Ann\"\nframework = \"iso42001\"\nsystem = \"triage\"\n\
        [[rule]]\nreviewer = \"Bob\"\nclause = [\"9\", \"ISO27001:A.5\"]\n\
        [[rule]]\nreviewer = \"Cy\"\ntarget = \"A.6.*\"\nband = \"strong\"\n";
    let systems = [crate::config::System {
        id: "triage".to_owned(),
        name: "Triage".to_owned(),
        ai: true,
        roles: Vec::new(),
        paths: Vec::new(),
    }];
    let rules = Rules::parse("rules.toml", text, Catalog::builtin(), &systems).unwrap();
    let named = parts(rows(), &Split::Rules(rules));
    let named: Vec<_> = named.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        named,
        [
            ("suggestions.Ann.csv", "2"),
            ("suggestions.Bob.csv", "0 1 4"),
            ("suggestions.unassigned.csv", "3"),
        ]
    );
}
