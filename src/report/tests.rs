//! The files as a whole: what every reader of them relies on.

use std::{collections::BTreeMap, io::Cursor, path::Path};

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use super::{fixture, *};
use crate::domain::{Applicability, Coverage, CoverageReason, Verdict};

fn write(report: &Report<'_>) -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let paths = write_all(report, dir.path()).unwrap();
    (dir, paths)
}

fn text(dir: &Path, name: &str) -> String {
    String::from_utf8(std::fs::read(dir.join(name)).unwrap()).unwrap()
}

/// The rows of a CSV by column name, and the columns in order.
fn csv_rows(text: &str) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
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

fn book(dir: &Path, name: &str) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(std::fs::read(dir.join(name)).unwrap())).unwrap()
}

fn cells(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// All texts of a workbook.
fn all_texts(dir: &Path, name: &str) -> Vec<String> {
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
fn table(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<BTreeMap<String, String>> {
    let rows = cells(book, sheet);
    let heads: Vec<String> = rows[3].iter().map(ToString::to_string).collect();
    rows[4..]
        .iter()
        .map(|row| heads.iter().cloned().zip(row.iter().map(ToString::to_string)).collect())
        .collect()
}

/// The number beside a label on a cover.
fn beside(rows: &[Vec<Data>], label: &str) -> f64 {
    let row = rows.iter().find(|row| row[0].to_string() == label);
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
    let names: Vec<_> =
        paths.iter().map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, OUTPUTS.map(|(name, _)| name));
    assert_eq!(std::fs::read_dir(one.path()).unwrap().count(), names.len(), "nothing else stays");

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
    for name in ["gap-analysis.xlsx", "soa-iso27001.xlsx", "soa-iso42001.xlsx", "soa-joint.xlsx"] {
        let mut book = book(dir.path(), name);
        let first = book.sheet_names()[0].clone();
        let face = cells(&mut book, &first);
        let holds = |wanted: &str| {
            face.iter().take(8).any(|row| row.iter().any(|cell| cell.to_string() == wanted))
        };
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
        ["Summary", "ISO27001", "ISO42001", "Joint", "Actions", "Evidence"]
    );
    let summary = cells(&mut book, "Summary");
    let totals: Vec<&Vec<Data>> =
        summary.iter().filter(|row| row[0].to_string() == "All").collect();
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
        texts
            .filter(|text| text.starts_with("ISO27001:") || text.starts_with("ISO42001:"))
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
    let pair = rows.iter().find(|row| row[7].to_string() == "ISO42001:A.2.2").unwrap();
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
        let cover = cells(&mut book, "Cover");
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
            assert!(texts.iter().any(|text| text == wanted), "{stem} {wanted}");
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

const SCRIPT: &str = "</td><script>alert(1)</script><img src=x onerror=alert(2)>";

/// A report whose documents attack the reader.
fn hostile() -> Report<'static> {
    let mut report = fixture::report(true);
    let nasty = [
        SCRIPT.to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "invoice\u{202E}fdp.exe".to_owned(),
        "a\u{0}b\u{8}c\u{1b}[31md\u{FFFF}".to_owned(),
        "漢字 👍 ".repeat(10_000),
        "{{ 7 * 7 }} {% raw %} ]]> --> &amp; \"quoted\" 'single'".to_owned(),
        "@SUM(1+1)".to_owned(),
    ];
    report.organisation = format!("{SCRIPT} & \u{202E}Söhne &P");
    for (n, assessment) in report.assessments.iter_mut().enumerate() {
        let text = &nasty[n % nasty.len()];
        assessment.coverage_note = text.clone();
        for evidence in &mut assessment.evidence {
            evidence.quote = text.clone();
            evidence.document = format!("{}.docx", text.chars().take(60).collect::<String>());
            evidence.decided_by = text.chars().take(80).collect();
        }
        if let Some(position) = &mut assessment.position {
            position.owner = text.clone();
        }
        if let Some(miss) = &mut assessment.view.nearest_miss {
            miss.why = text.clone();
        }
    }
    for (n, proposal) in report.proposals.iter_mut().enumerate() {
        proposal.quote = nasty[n % nasty.len()].clone();
        proposal.document = nasty[(n + 1) % 4].clone();
        proposal.reasons = vec![nasty[(n + 2) % 4].clone()];
    }
    for (n, entry) in report.soa.values_mut().flatten().enumerate() {
        entry.justification = nasty[n % nasty.len()].clone();
        entry.remarks = nasty[(n + 1) % nasty.len()].clone();
    }
    for (n, document) in report.documents.iter_mut().enumerate() {
        document.why = nasty[n % nasty.len()].clone();
    }
    for diagnostic in &mut report.diagnostics {
        diagnostic.message = SCRIPT.to_owned();
    }
    report
}

#[test]
fn a_hostile_text_can_not_run_in_the_page() {
    let (dir, _) = write(&hostile());
    let html = text(dir.path(), "gap-analysis.html");
    assert_eq!(html.matches("<script").count(), 1, "only our own script");
    assert_eq!(html.matches("</script").count(), 1);
    assert!(!html.contains("<img"));
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert!(html.contains("{{ 7 * 7 }}"), "a document is data, not a template");
    assert!(html.contains("invoice⟨U+202E⟩fdp.exe"));
    assert!(!html.contains(['\u{202E}', '\u{0}', '\u{8}', '\u{1b}', '\u{FFFF}']));

    // The policy allows the script that stands there, and nothing else.
    let script = html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let hash = {
        use sha2::{Digest, Sha256};
        data_encoding::BASE64.encode(&Sha256::digest(script))
    };
    let policy = html.split_once("Content-Security-Policy\" content=\"").unwrap().1;
    let policy = policy.split_once("\">").unwrap().0.replace("&#x27;", "'").replace("&#x2f;", "/");
    assert!(policy.contains(&format!("script-src 'sha256-{hash}'")), "{policy}");
    assert!(policy.starts_with("default-src 'none'"));
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let (dir, _) = write(&fixture::report(true));
    let html = text(dir.path(), "gap-analysis.html");
    for outside in ["http://", "https://", "<link", "@import", "src=\"", "<iframe"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(!html.replace("url(#hatch)", "").contains("url("));
    assert!(html.contains("<html lang=\"en\">") && html.contains("prefers-color-scheme:dark"));
}

#[test]
fn a_hostile_text_can_not_run_in_a_spreadsheet() {
    let (dir, _) = write(&hostile());
    for (name, _) in OUTPUTS.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let (_, rows) = csv_rows(&text(dir.path(), name));
        assert!(!rows.is_empty(), "{name}");
        for cell in rows.iter().flat_map(BTreeMap::values) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{name}: {cell}");
            assert!(!cell.contains(['\u{0}', '\u{8}', '\u{1b}']), "{name}: {cell:?}");
        }
    }
    let (_, rows) = csv_rows(&text(dir.path(), "evidence-index.csv"));
    assert!(rows.iter().any(|row| row["quote"] == "'=cmd|' /C calc'!A0"));
    assert!(rows.iter().any(|row| row["quote"].chars().count() == 50_000), "quotes are not cut");

    let mut cut = false;
    for (name, _) in OUTPUTS.iter().filter(|(name, _)| name.ends_with(".xlsx")) {
        let mut book = book(dir.path(), name);
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert!(formulas.cells().all(|(_, _, f)| f.is_empty()), "{name} {sheet} has formulas");
        }
        for cell in all_texts(dir.path(), name) {
            assert!(cell.encode_utf16().count() <= 32_767, "{name}");
            assert!(!cell.contains(['\u{0}', '\u{8}', '\u{1b}', '\u{202E}']), "{name}: {cell}");
            cut |= cell.ends_with("… [cut, see evidence-index.csv]");
        }
    }
    assert!(cut, "a long text is cut visibly");
    let mut gap = book(dir.path(), "gap-analysis.xlsx");
    let quotes: Vec<String> =
        table(&mut gap, "Evidence").into_iter().map(|r| r["Quote"].clone()).collect();
    assert!(quotes.iter().any(|quote| quote == "=cmd|' /C calc'!A0"), "texts stay texts");
}

#[test]
fn machine_formats_keep_quotes_verbatim() {
    let report = hostile();
    let (dir, _) = write(&report);
    let json: Value = serde_json::from_str(&text(dir.path(), "gap-analysis.json")).unwrap();
    let quotes: std::collections::BTreeSet<&str> = json["targets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|target| target["evidence"].as_array().unwrap())
        .map(|evidence| evidence["quote"].as_str().unwrap())
        .collect();
    for evidence in report.assessments.iter().flat_map(|a| &a.evidence) {
        assert!(quotes.contains(evidence.quote.as_str()));
    }
    let lines = text(dir.path(), "proposals.jsonl");
    let wanted: std::collections::BTreeSet<_> = report.proposals.iter().map(|p| &p.quote).collect();
    let found: std::collections::BTreeSet<String> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["quote"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(wanted.iter().all(|quote| found.contains(*quote)));
}

#[test]
fn no_report_judges_in_words_or_percentages() {
    // Titles and quotes are foreign; what remains are our own words.
    for reviewed in [false, true] {
        let mut report = fixture::report(reviewed);
        for a in &mut report.assessments {
            a.title = "Title".to_owned();
            a.points.iter_mut().for_each(|p| p.text = "Point".to_owned());
            a.evidence.iter_mut().for_each(|e| e.quote = "Quote".to_owned());
            if let Some(miss) = &mut a.view.nearest_miss {
                miss.quote = "Quote".to_owned();
            }
        }
        for entry in report.soa.values_mut().flatten() {
            entry.title = "Title".to_owned();
            entry.how_implemented = "Quote".to_owned();
            entry.evidence.iter_mut().for_each(|e| e.quote = "Quote".to_owned());
        }
        report.proposals.iter_mut().for_each(|p| p.quote = "Quote".to_owned());
        report.actions.iter_mut().for_each(|a| a.text = "Action".to_owned());
        let (dir, _) = write(&report);
        for (name, _) in OUTPUTS {
            let words = if name.ends_with(".xlsx") {
                all_texts(dir.path(), name).join("\n")
            } else {
                text(dir.path(), name)
            }
            .to_lowercase();
            for word in [
                "complian",
                "conforming",
                "conformity",
                "conformant",
                "certified",
                "audit-ready",
                "audit ready",
            ] {
                assert!(!words.contains(word), "{name}: {word}");
            }
            // The style sheet and the script of the page have their own use for the sign.
            let body = words.split_once("<body>").map_or(words.as_str(), |(_, body)| body);
            let body = body.split_once("<script>").map_or(body, |(body, _)| body);
            assert!(!body.contains('%'), "{name} gives a percentage");
        }
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
