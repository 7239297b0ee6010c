//! The files as a whole: what every reader of them relies on.

use std::{collections::BTreeMap, io::Cursor, path::Path};

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use super::{fixture, *};
use crate::domain::{Applicability, Coverage, CoverageReason, Verdict};

pub(super) fn write(report: &Report<'_>) -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let paths = write_all(report, dir.path()).unwrap();
    (dir, paths)
}

pub(super) fn text(dir: &Path, name: &str) -> String {
    String::from_utf8(std::fs::read(dir.join(name)).unwrap()).unwrap()
}

/// The rows of a CSV by column name, and the columns in order.
pub(super) fn csv_rows(text: &str) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    let mut reader = csv::Reader::from_reader(text.strip_prefix('\u{FEFF}').unwrap().as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            columns.iter().cloned().zip(row.iter().map(str::to_owned)).collect()
        })
        .collect();
    (columns, rows)
}

pub(super) fn book(dir: &Path, name: &str) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(std::fs::read(dir.join(name)).unwrap())).unwrap()
}

pub(super) fn cells(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// All texts of a workbook.
pub(super) fn all_texts(dir: &Path, name: &str) -> Vec<String> {
    let mut book = book(dir, name);
    let mut texts = Vec::new();
    for sheet in book.sheet_names() {
        for row in cells(&mut book, &sheet) {
            texts.extend(row.iter().filter(|c| **c != Data::Empty).map(ToString::to_string));
        }
    }
    texts
}

/// A table's cells by heading; the heading row is the fourth.
pub(super) fn table(
    book: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
) -> Vec<BTreeMap<String, String>> {
    let rows = cells(book, sheet);
    let heads: Vec<String> = rows[3].iter().map(ToString::to_string).collect();
    rows[4..]
        .iter()
        .map(|row| heads.iter().cloned().zip(row.iter().map(ToString::to_string)).collect())
        .collect()
}

fn cover(book: &mut Xlsx<Cursor<Vec<u8>>>) -> Vec<Vec<Data>> {
    cells(book, "Cover")
}

/// The number beside a label on a cover.
fn beside(rows: &[Vec<Data>], label: &str) -> f64 {
    let row = rows.iter().find(|row| row[0] == *label);
    match row.map(|row| &row[1]) {
        Some(Data::Float(number)) => *number,
        Some(Data::Int(number)) => *number as f64,
        other => panic!("{label}: {other:?}"),
    }
}

#[test]
fn every_file_is_written_in_order_for_its_owner_only_and_twice_the_same() {
    let report = fixture::report(true);
    let (one, paths) = write(&report);
    let names: Vec<_> = paths
        .iter()
        .map(|p| p.strip_prefix(one.path()).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    assert_eq!(names, OUTPUTS.map(|(name, ..)| name));
    let files = |dir: &Path| std::fs::read_dir(dir).unwrap().count();
    let found = files(one.path()) - 1 + files(&one.path().join("oscal"));
    assert_eq!(found, names.len(), "nothing else stays");

    let mut shuffled = report.clone();
    shuffled.assessments.reverse();
    shuffled.proposals.reverse();
    shuffled.documents.reverse();
    shuffled.actions.reverse();
    shuffled.soa.values_mut().for_each(|entries| entries.reverse());
    let (two, _) = write(&shuffled);
    for name in &names {
        let read = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(name)).unwrap();
        assert!(read(&one) == read(&two), "{name} differs between two writes");
    }
    #[cfg(unix)]
    for path in &paths {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn a_folder_that_can_not_be_made_is_an_error_with_the_path() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "x").unwrap();
    let error = write_all(&fixture::report(false), &dir.path().join("file/reports")).unwrap_err();
    assert!(error.to_string().contains("gap-analysis.xlsx: can't be written"), "{error}");
}

#[test]
fn before_any_review_each_report_says_so_on_its_face() {
    let (dir, _) = write(&fixture::report(false));
    let html = text(dir.path(), "gap-analysis.html");
    assert!(html.contains(&format!("<p class=\"state nothing\">{NOTHING_REVIEWED}</p>")));
    let json: Value = serde_json::from_str(&text(dir.path(), "gap-analysis.json")).unwrap();
    assert_eq!(json["review_state"], NOTHING_REVIEWED);
    assert_eq!(json["counts"]["targets_reviewed"], 0);
    for name in ["gap-analysis.csv", "soa-iso27001.csv"] {
        let (_, rows) = csv_rows(&text(dir.path(), name));
        assert!(rows.iter().all(|row| row["review_state"] == NOTHING_REVIEWED), "{name}");
        assert!(rows.iter().all(|row| row["coverage"] == "not reviewed"), "{name}");
    }
    for name in [
        "gap-analysis.xlsx",
        "soa-iso27001.xlsx",
        "soa-iso42001.xlsx",
        "soa-joint.xlsx",
        "risk-register.xlsx",
    ] {
        let mut book = book(dir.path(), name);
        let first = book.sheet_names()[0].clone();
        let face = cells(&mut book, &first);
        let holds =
            |wanted: &str| face.iter().take(8).any(|row| row.iter().any(|cell| *cell == *wanted));
        assert!(holds(NOTHING_REVIEWED), "{name}");
        assert!(holds(DISCLAIMER), "{name}");
    }
}

#[test]
fn the_summary_counts_what_the_sheets_show() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    let mut book = book(dir.path(), "gap-analysis.xlsx");
    assert_eq!(
        book.sheet_names(),
        ["Summary", "ISO27001", "ISO42001", "Joint", "Actions", "Readiness", "Evidence"]
    );
    let summary = cells(&mut book, "Summary");
    let totals: Vec<&Vec<Data>> = summary.iter().filter(|row| row[0] == *"All").collect();
    assert_eq!(totals.len(), 2);
    let number = |cell: &Data| cell.to_string().parse::<usize>().unwrap();
    let mut evidence = 0;
    for (total, framework) in totals.into_iter().zip([ISO27001, ISO42001]) {
        let rows = table(&mut book, framework);
        assert_eq!(number(&total[1]), rows.len());
        let states = ["full", "partial", "none", "asserted", "not applicable", "not reviewed"];
        for (column, state) in (2..).zip(states) {
            let shown = rows.iter().filter(|row| row["Coverage"] == state).count();
            assert!(shown > 0, "{framework}: the fixture shows no row that is {state}");
            assert_eq!(number(&total[column]), shown, "{framework} {state}");
        }
        let mut linked = 0;
        for row in &rows {
            let shown = &row["Evidence"];
            linked += shown.split(' ').next().unwrap().parse::<usize>().unwrap();
            assert_eq!(shown == "0", row["Accepted evidence: quote, document, place"].is_empty());
        }
        evidence += linked;
    }
    assert_eq!(table(&mut book, "Evidence").len(), evidence);
    assert_eq!(table(&mut book, "Actions").len(), report.actions.len());
    assert_eq!(table(&mut book, "Readiness").len(), report.readiness.len());

    // Asserted and excluded rows enter neither the counts of evidence nor those of gaps.
    let asserted = report
        .assessments
        .iter()
        .filter(|a| a.coverage_reasons.contains(&CoverageReason::OverrideAsserted));
    assert!(asserted.clone().count() > 0);
    assert!(asserted.into_iter().all(|a| a.coverage == Coverage::Full));
}

#[test]
fn the_joint_sheets_hold_every_target() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    let all = |rows: &[Vec<Data>]| -> std::collections::BTreeSet<String> {
        let texts = rows.iter().flatten().map(ToString::to_string);
        // A cell may hold several, each with what it is to the row.
        let lines = texts.flat_map(|t| t.lines().map(str::to_owned).collect::<Vec<_>>());
        lines
            .filter(|text| text.starts_with("ISO27001:") || text.starts_with("ISO42001:"))
            .map(|text| text.split(" (").next().unwrap_or_default().to_owned())
            .collect()
    };
    let targets: std::collections::BTreeSet<String> =
        report.assessments.iter().map(|a| a.target.to_string()).collect();
    let rows = cells(&mut book(dir.path(), "gap-analysis.xlsx"), "Joint");
    assert_eq!(all(&rows), targets);
    let controls: std::collections::BTreeSet<String> =
        report.soa.values().flatten().map(|entry| entry.target.to_string()).collect();
    let rows = cells(&mut book(dir.path(), "soa-joint.xlsx"), "Controls");
    assert_eq!(all(&rows), controls);
    let pair = rows.iter().find(|row| row[7] == *"ISO42001:A.2.2").unwrap();
    assert_eq!(pair[1].to_string(), "ISO27001:A.5.1");
}

#[test]
fn the_soa_prints_what_is_owed_and_its_cover_counts_it() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    for (framework, stem) in [(ISO27001, "soa-iso27001"), (ISO42001, "soa-iso42001")] {
        let mut book = book(dir.path(), &format!("{stem}.xlsx"));
        let rows = table(&mut book, "Controls");
        assert_eq!(rows.len(), report.soa[framework].len());
        let open = table(&mut book, "Open points and contradictions");
        assert_eq!(
            beside(&cover(&mut book), "Contradictions"),
            open.iter().filter(|r| r["Kind"] == "contradiction").count() as f64
        );
        let lacking = rows.iter().filter(|r| {
            r["Applicability"] == "NOT DECIDED"
                || r["Justification"] == "OPEN"
                || r["Implementation status"] == "NOT DECIDED"
        });
        let listed: std::collections::BTreeSet<&String> =
            open.iter().filter(|r| r["Kind"] == "open").map(|r| &r["Control"]).collect();
        for row in lacking {
            assert!(listed.contains(&row["Control"]), "{stem}: {} is not listed", row["Control"]);
        }
        let cover = cover(&mut book);
        let count = |column: &str, word: &str| rows.iter().filter(|r| r[column] == word).count();
        for (label, column, word) in [
            ("Applicability NOT DECIDED", "Applicability", "NOT DECIDED"),
            ("Justification OPEN", "Justification", "OPEN"),
            ("Implementation status NOT DECIDED", "Implementation status", "NOT DECIDED"),
            ("Not applicable", "Applicability", "not applicable"),
        ] {
            let owed = count(column, word);
            assert!(owed > 0, "{stem}: the fixture has no {label}");
            assert_eq!(beside(&cover, label), owed as f64, "{stem} {label}");
        }
        let texts: Vec<String> = cover.iter().flatten().map(ToString::to_string).collect();
        for wanted in ["Status: DRAFT – not approved", "Approved by", "Date"] {
            assert!(texts.iter().any(|text| text.starts_with(wanted)), "{stem} {wanted}");
        }
        let scope = if framework == ISO27001 {
            report.scope[ISO27001].clone()
        } else {
            "OPEN: no scope statement".to_owned()
        };
        assert!(texts.contains(&scope), "{stem}: {scope}");

        let (_, lines) = csv_rows(&text(dir.path(), &format!("{stem}.csv")));
        for (row, entry) in lines.iter().zip(&report.soa[framework]) {
            assert_eq!(row["control"], entry.target.as_str());
            if entry.applicability.is_none() {
                assert_eq!(row["applicability"], "NOT DECIDED");
                assert_eq!(row["implementation_status"], "NOT DECIDED");
            }
            if entry.applicability == Some(Applicability::NotApplicable) {
                assert_eq!(row["implementation_status"], "– (not applicable)");
            }
            assert_eq!(row["justification"] == "OPEN", entry.justification.is_empty());
        }
    }
}

/// The keys of a JSON object as they stand in its text.
fn keys_in_order(object: &str) -> Vec<String> {
    // serde_json sorts keys of a `Value`, so the text itself is read, at depth one.
    let mut keys = Vec::new();
    let (mut depth, mut in_string, mut escaped, mut current) = (0, false, false, String::new());
    for c in object.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => {
                in_string = !in_string;
                if in_string {
                    current.clear();
                }
            }
            c if in_string => current.push(c),
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ':' if depth == 1 => keys.push(current.clone()),
            _ => {}
        }
    }
    keys
}

#[test]
fn proposals_come_with_the_agreed_keys_in_order_and_a_line_a_duplicate() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    let lines = text(dir.path(), "proposals.jsonl");
    let lines: Vec<&str> = lines.lines().collect();
    let duplicates: usize = report.proposals.iter().map(|p| p.also_in.len()).sum();
    assert!(duplicates > 0);
    assert_eq!(lines.len(), report.proposals.len() + duplicates);
    let keys = keys_in_order(lines[0]);
    assert_eq!(
        keys[..13],
        [
            "proposal_id",
            "target",
            "system",
            "points",
            "document",
            "locator",
            "quote",
            "confidence",
            "score",
            "band",
            "evidence_kind",
            "reasons",
            "rank"
        ]
    );
    let first: Value = serde_json::from_str(lines[0]).unwrap();
    let second: Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(first["rank"], 1);
    assert!(first["points"].is_array() && first["locator"].is_object());
    assert_eq!(second["document"], "Archive/copy.docx");
    assert_eq!(second["duplicate_of"], first["document"]);
    assert_eq!(second["proposal_id"], first["proposal_id"]);
}

#[test]
fn the_gap_analysis_as_json_keeps_the_agreed_keys() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    let json = text(dir.path(), "gap-analysis.json");
    assert_eq!(keys_in_order(&json)[0], "schema_version");
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["schema_version"], 1);
    assert_eq!(value["as_of"], "2026-11-24");
    assert_eq!(value["disclaimer"], DISCLAIMER);
    let targets = value["targets"].as_array().unwrap();
    assert_eq!(targets.len(), report.assessments.len());
    let start = json.find("\"targets\": [").unwrap() + "\"targets\": [".len();
    let mut depth = 0;
    let end = json[start..]
        .char_indices()
        .find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0 && *c == '}'
        })
        .unwrap()
        .0;
    assert_eq!(
        keys_in_order(&json[start..=start + end])[..15],
        [
            "target",
            "title",
            "framework",
            "kind",
            "level",
            "system",
            "coverage",
            "coverage_reasons",
            "machine_view",
            "evidence_probability",
            "points",
            "evidence",
            "pending",
            "nearest_miss",
            "position"
        ]
    );
    let with =
        |key: &str| targets.iter().find(|t| t[key].is_object()).unwrap_or_else(|| panic!("{key}"));
    assert!(with("nearest_miss")["nearest_miss"]["quote"].is_string());
    assert!(with("position")["position"]["conclusion"].is_null());
    let evidence = targets.iter().find_map(|t| t["evidence"].get(0)).unwrap();
    for key in [
        "proposal_id",
        "document",
        "locator",
        "quote",
        "evidence_kind",
        "date",
        "decided_by",
        "decided_on",
    ] {
        assert!(evidence.get(key).is_some(), "{key}");
    }
    for target in targets {
        let coverage = target["coverage"].as_str().unwrap();
        assert!(["full", "partial", "none", "not reviewed"].contains(&coverage), "{coverage}");
    }
}

#[test]
fn a_rejected_proposal_is_no_longer_open_and_a_deferred_one_says_so() {
    let mut report = fixture::report(false);
    let first = report.assessments[0].target.clone();
    let own: Vec<_> = report.proposals.iter().filter(|p| p.target == first).cloned().collect();
    report.verdicts.insert(own[0].id.clone(), Verdict::Reject);
    report.verdicts.insert(own[1].id.clone(), Verdict::Defer);
    let view = view::View::new(&report);
    let open: Vec<_> = view.rows[0].open.iter().map(|p| p.id.clone()).collect();
    assert!(!open.contains(&own[0].id));
    assert_eq!(open[0], own[1].id);
    let html = String::from_utf8(gap_html::render(&view).unwrap()).unwrap();
    assert_eq!(html.matches("not reviewed (deferred)").count(), 1);
}

#[test]
fn a_row_shows_five_proposals_and_counts_the_rest() {
    let report = fixture::report(false);
    let view = view::View::new(&report);
    let html = String::from_utf8(gap_html::render(&view).unwrap()).unwrap();
    let bodies: Vec<&str> = html.split("<tbody class=\"t\"").skip(1).collect();
    assert_eq!(bodies.len(), report.assessments.len());
    for (body, row) in bodies.iter().zip(&view.rows) {
        assert!(row.open.len() > 5);
        assert_eq!(body.matches("machine proposal – not reviewed").count(), 5);
        assert!(body.contains(&format!("{} more in proposals.jsonl", row.open.len() - 5)));
    }
}

#[test]
fn documents_say_what_gave_nothing_and_why() {
    let mut report = fixture::report(true);
    report.documents[0].accepted_for =
        ["ISO27001:A.5.10", "ISO27001:A.5.2"].map(|id| id.parse().unwrap()).into();
    let (dir, _) = write(&report);
    let (_, rows) = csv_rows(&text(dir.path(), "documents.csv"));
    assert_eq!(rows.len(), report.documents.len());
    let row = |path: &str| rows.iter().find(|row| row["document"] == path).unwrap();
    let scan = row("Scans/Signed policy 2019.pdf");
    assert_eq!((scan["status"].as_str(), scan["why"].as_str()), ("no-text", "no text layer"));
    let policy = row(&report.documents[0].path);
    assert_eq!(policy["accepted_for"], "ISO27001:A.5.2; ISO27001:A.5.10");
    assert_eq!(policy["approved_on"], "2026-02-03");
    assert_eq!(policy["effective_on"], "", "no date stands in for another");
}

#[test]
fn a_report_without_anything_can_be_written() {
    let mut report = fixture::report(false);
    report.organisation.clear();
    report.assessments.clear();
    report.soa.clear();
    report.actions.clear();
    report.proposals.clear();
    report.documents.clear();
    report.diagnostics.clear();
    let (dir, paths) = write(&report);
    assert_eq!(paths.len(), OUTPUTS.len());
    assert!(text(dir.path(), "gap-analysis.html").contains("Unnamed organisation"));
    assert_eq!(table(&mut book(dir.path(), "soa-iso27001.xlsx"), "Controls").len(), 0);
}

#[test]
fn the_risk_register_shows_each_risk_and_the_plan_each_control_that_treats_one() {
    let report = fixture::report(true);
    let (dir, _) = write(&report);
    let mut book = book(dir.path(), "risk-register.xlsx");
    assert_eq!(
        book.sheet_names(),
        [
            "Cover",
            "Register",
            "Treatment plan",
            "Matrix",
            "Assets",
            "Impact assessments",
            "Open questions"
        ]
    );
    let register = table(&mut book, "Register");
    assert_eq!(register.len(), report.risks.entries.len());
    assert_eq!(register[0]["Acceptance"], "accepted by CEO on 2026-03-01");
    assert_eq!(register[1]["Acceptance"], "NOT ACCEPTED");
    assert_eq!(register[5]["Acceptance"], "– (closed)");
    assert_eq!((&*register[0]["Likelihood"], &*register[0]["Likelihood of 5"]), ("hoch", "4"));
    assert_eq!(register[2]["Option"], "NOT DECIDED");
    assert_eq!(register[2]["Title"], "=HYPERLINK(\"http://evil\")", "a text, no formula");
    let plan = table(&mut book, "Treatment plan");
    // R-0 names no control, R-3 three; nothing else is to be modified.
    let risks: Vec<&str> = plan.iter().map(|row| row["Risk"].as_str()).collect();
    assert_eq!(risks, ["R-0", "R-3", "R-3", "R-3"], "a band comes before none");
    assert_eq!((&*plan[0]["Control"], &*plan[0]["Owner"]), ("OPEN", "OPEN"));
    assert!(plan[1]["Actions of review/actions.csv"].contains("due 2026-11-01, overdue"));
    let matrix = cells(&mut book, "Matrix");
    let texts: Vec<String> = matrix.iter().flatten().map(ToString::to_string).collect();
    assert!(texts.iter().any(|t| t == "1\nR-0") && !texts.iter().any(|t| t.contains("R-5")));
    assert!(texts.iter().any(|t| t.contains("could not be read as one of five: R-3")), "{texts:?}");
    let questions = table(&mut book, "Open questions");
    assert_eq!(questions[0]["Kind"], "contradiction");
    assert_eq!(beside(&cover(&mut book), "Residual risk NOT ACCEPTED"), 2.0);

    let (_, rows) = csv_rows(&text(dir.path(), "risk-register.csv"));
    assert_eq!(rows.len(), register.len());
    assert_eq!(rows[2]["title"], "'=HYPERLINK(\"http://evil\")");
    assert_eq!((&*rows[0]["level"], &*rows[0]["level_band"]), ("4", "low"));
    assert_eq!(rows[0]["treatment_option"], "modify");
    assert!(rows[3]["controls_reviewed"].starts_with("ISO27001:A."), "{:?}", rows[3]);
    assert!(rows.iter().all(|row| row["state"] == "DRAFT" && row["register"] == "read"));
}

#[test]
fn a_risk_with_ids_that_are_no_control_has_them_in_the_plan() {
    let mut report = fixture::report(true);
    let bare = report.risks.entries.iter_mut().find(|e| e.name == "R-0").unwrap();
    bare.risk.controls_as_written = String::new();
    bare.risk.not_ids = vec!["A.5.15".to_owned(), "X-1".to_owned()];
    let (dir, _) = write(&report);
    let mut book = book(dir.path(), "risk-register.xlsx");
    let plan = table(&mut book, "Treatment plan");
    assert_eq!(plan[0]["Risk"], "R-0");
    assert!(plan[0].values().any(|v| v == "no control of the catalogue: A.5.15, X-1"));
}

#[test]
fn without_a_register_the_workbook_says_how_to_take_one_over() {
    use crate::domain::{RegisterState, RiskReport};
    let mut report = fixture::report(true);
    let fault = crate::diag::Diagnostic::error("risk-register", "the key a stands there twice");
    for (state, faults, says) in [
        (RegisterState::Missing, Vec::new(), "evimap import risks"),
        (RegisterState::Unreadable, vec![fault], "can't be read"),
    ] {
        report.risks = RiskReport { state, faults, ..RiskReport::default() };
        let (dir, _) = write(&report);
        let mut book = book(dir.path(), "risk-register.xlsx");
        assert_eq!(
            book.sheet_names(),
            ["Cover", "Register", "Assets", "Impact assessments", "Open questions"]
        );
        let face = cells(&mut book, "Cover");
        assert!(face.iter().take(8).flatten().any(|cell| cell.to_string().contains(says)));
        let sheet = cells(&mut book, "Register");
        assert!(sheet.iter().flatten().any(|cell| cell.to_string().contains(says)));
        let questions = table(&mut book, "Open questions");
        assert_eq!(questions.len(), report.risks.faults.len());
        let (_, rows) = csv_rows(&text(dir.path(), "risk-register.csv"));
        assert_eq!((rows.len(), &*rows[0]["key"]), (1, ""));
        assert!(rows[0]["open"].contains(says), "{:?}", rows[0]);
        assert_eq!(rows[0]["register"], state.as_str());
    }
}

#[test]
fn the_risk_register_follows_the_language_and_leaves_what_people_wrote() {
    use crate::{domain::Language, words::Words};
    let english = Words::english();
    let families = ["risk-", "impact", "asset", "matrix-", "sheet-", "said-registered", "col-"];
    for language in [Language::De, Language::Fr] {
        let words = Words::of(language);
        let mut report = fixture::report(true);
        report.language = language;
        let (dir, _) = write(&report);
        let texts = all_texts(dir.path(), "risk-register.xlsx");
        for family in families {
            for (id, forms) in english.family(family) {
                let label = forms.other.split(['{', '}']).step_by(2).max_by_key(|p| p.len());
                let label = label.unwrap().trim();
                if label.len() < 12 || !label.contains(' ') || words.text(id).contains(label) {
                    continue;
                }
                let left = texts.iter().find(|text| text.contains(label));
                assert!(left.is_none(), "{language}: {id} = {left:?}");
            }
        }
        let has = |wanted: &str| texts.iter().any(|text| text.contains(wanted));
        for own in ["Takeover of user accounts by phishing", "hoch", "Behandeln", "Head of IT"] {
            assert!(has(own), "{language}: {own} is a person's");
        }
        for id in ["col-risk-owner", "col-option", "risk-not-accepted", "option-modify"] {
            assert!(has(words.text(id)), "{language}: {id}");
        }
        assert!(has(&words.said("residual risk not accepted")), "{language}");
        let names = book(dir.path(), "risk-register.xlsx").sheet_names();
        assert_eq!(names[2], words.text("sheet-plan"));
        // What machines read is the same in every language.
        let (_, rows) = csv_rows(&text(dir.path(), "risk-register.csv"));
        assert_eq!((&*rows[0]["treatment_option"], &*rows[0]["level_band"]), ("modify", "low"));
        assert_eq!(rows[1]["acceptance"], "NOT ACCEPTED");
    }
}
