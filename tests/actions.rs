//! What people state on actions and audits is kept, and the plans that hang on an assessment come out whole.

mod common;

use std::{collections::BTreeMap, fs};

use common::{AS_OF, Sample, run};
use serde_json::Value;

type Rows = Vec<BTreeMap<String, String>>;

fn rows(text: &str) -> (Vec<String>, Rows) {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| {
        header.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
    };
    let rows = reader.records().map(|record| row(record.unwrap())).collect();
    (header, rows)
}

/// The first action with other cells, as the only row of a file of its own.
fn edited(sample: &Sample, cells: &[(&str, &str)]) -> (String, std::path::PathBuf) {
    let (header, rows) = rows(&sample.read("review/actions.csv"));
    let mut row = rows[0].clone();
    for (column, value) in cells {
        assert!(row.insert((*column).to_owned(), (*value).to_owned()).is_some(), "{column}");
    }
    let path = sample.path("edited.csv");
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(&header).unwrap();
    writer.write_record(header.iter().map(|c| &row[c])).unwrap();
    writer.flush().unwrap();
    (row["action_id"].clone(), path)
}

fn action(sample: &Sample, id: &str) -> Value {
    let all: Value = serde_json::from_str(&sample.read("reports/gap-analysis.json")).unwrap();
    let actions = all["actions"].as_array().unwrap();
    actions.iter().find(|a| a["id"] == id).unwrap_or_else(|| panic!("{id} is gone")).clone()
}

#[test]
fn owner_due_date_and_status_are_kept_over_runs_and_counted() {
    let sample = Sample::own();
    let cells = [
        ("owner", "Bob Builder"),
        ("due", "2026-10-01"),
        ("status", "in progress"),
        ("comment", "=ordered"),
    ];
    let (id, file) = edited(&sample, &cells);
    let file = file.to_str().unwrap();
    // Nobody signed it.
    let (_, err) = run(2, &["review", "import", file, "-w", sample.arg(), "--as-of", AS_OF]);
    assert!(err.contains("stated_by"), "{err}");

    let signed: Vec<_> = cells.into_iter().chain([("stated_by", "Jane Doe")]).collect();
    edited(&sample, &signed);
    run(0, &["review", "import", file, "-w", sample.arg(), "--as-of", AS_OF]);
    let (out, _) = run(0, &["report", "-w", sample.arg(), "--as-of", AS_OF, "--json"]);
    let summary: Value = serde_json::from_str(&out).unwrap();
    let counts = &summary["summary"]["assessed"]["actions"];
    assert_eq!((&counts["overdue"], &counts["in_progress"]), (&1.into(), &1.into()));
    let stated = action(&sample, &id);
    assert_eq!(stated["owner"], "Bob Builder");
    assert_eq!((&stated["status"], &stated["due"]), (&"in-progress".into(), &"2026-10-01".into()));
    let (_, table) = rows(&sample.read("review/actions.csv"));
    let row = table.iter().find(|row| row["action_id"] == id).unwrap();
    assert_eq!((&*row["overdue"], &*row["comment"]), ("overdue", "'=ordered"));
    assert_eq!((&*row["stated_by"], &*row["stated_on"]), ("Jane Doe", AS_OF));

    // The export says nothing new, and a whole run keeps it all.
    let export = sample.path("review/actions.csv");
    let export = export.to_str().unwrap();
    let args = ["review", "import", export, "-w", sample.arg(), "--as-of", AS_OF, "--json"];
    let (out, _) = run(0, &args);
    let import: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(import["files"][0]["statements"], 0);
    run(0, &["run", "-w", sample.arg(), "--as-of", AS_OF, "-q"]);
    assert_eq!(action(&sample, &id), stated);
}

#[test]
fn edits_that_were_not_imported_are_kept_by_a_run() {
    let sample = Sample::own();
    let path = sample.path("review/actions.csv");
    let text = fs::read_to_string(&path).unwrap();
    let (header, mut table) = rows(&text);
    table[0].insert("owner".to_owned(), "Eve".to_owned());
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(&header).unwrap();
    for row in &table {
        writer.write_record(header.iter().map(|c| &row[c])).unwrap();
    }
    writer.flush().unwrap();
    let before = fs::read(&path).unwrap();
    let (_, err) = run(0, &["report", "-w", sample.arg(), "--as-of", AS_OF]);
    assert_eq!(fs::read(&path).unwrap(), before, "{err}");
    assert!(sample.path("review/actions.new.csv").exists(), "{err}");
}

#[test]
fn the_programme_and_its_checklists_cover_both_standards_and_name_no_person() {
    let sample = Sample::run();
    let (_, audits) = rows(&sample.read("reports/audit-programme.csv"));
    let full: Vec<_> = audits.iter().filter(|a| a["round"] == "before Stage 2").collect();
    let criteria: std::collections::BTreeSet<&str> =
        full.iter().flat_map(|a| a["criteria"].split("; ")).collect();
    assert_eq!(criteria.len(), 193);
    assert!(audits.iter().all(|a| a["auditor"].is_empty() && a["status"].is_empty()));
    let audited = audits.iter().filter(|a| a["kind"] == "internal audit");
    for audit in audited {
        let role = &audit["auditor_role"];
        assert!(!role.is_empty() && !audit["not_by"].split("; ").any(|owner| owner == role));
    }
    let calendar = sample.read("reports/audit-programme.ics");
    assert_eq!(calendar.matches("BEGIN:VEVENT\r\n").count(), audits.len());

    let (_, points) = rows(&sample.read("reports/audit-checklists.csv"));
    let asked: std::collections::BTreeSet<&str> =
        points.iter().map(|p| p["target"].as_str()).collect();
    assert_eq!(asked, criteria);
    // Nothing is decided in the sample: all that is known is marked as the machine's.
    assert!(points.iter().all(|p| p["sample_accepted"].is_empty()));
    assert!(points.iter().any(|p| p["sample_pending_machine"].starts_with("nobody decided: ")));
    let pack = sample.read("reports/management-review.md");
    assert!(pack.contains("Nothing accepted in documents on this topic"));
    assert!(pack.contains("*Machine suggestion:* "));
}

#[test]
fn auditors_and_days_are_kept_over_runs_and_the_assumed_day_does_not_move() {
    let sample = Sample::own();
    let path = sample.path("review/audit-programme.csv");
    let fill = |cells: &[(&str, &str)]| -> String {
        let (header, mut table) = rows(&fs::read_to_string(&path).unwrap());
        for (column, value) in cells {
            table[0].insert((*column).to_owned(), (*value).to_owned());
        }
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(&header).unwrap();
        for row in &table {
            writer.write_record(header.iter().map(|c| &row[c])).unwrap();
        }
        writer.flush().unwrap();
        table[0]["audit_id"].clone()
    };
    let id = fill(&[("auditor", "Eva Lindner"), ("starts_on", "2027-01-20"), ("stated_by", "Ada")]);
    // Typed and not imported: a run keeps it.
    let before = fs::read(&path).unwrap();
    run(0, &["report", "-w", sample.arg(), "--as-of", AS_OF, "-q"]);
    assert_eq!(fs::read(&path).unwrap(), before);
    let beside = sample.path("review/audit-programme.new.csv");
    assert!(beside.exists());
    let file = path.to_str().unwrap();
    run(0, &["review", "import", file, "-w", sample.arg(), "--as-of", AS_OF]);
    let planned = |sample: &Sample| rows(&sample.read("reports/audit-programme.csv")).1;
    run(0, &["report", "-w", sample.arg(), "--as-of", AS_OF, "-q"]);
    let first = planned(&sample);
    let row = first.iter().find(|row| row["audit"] == id).unwrap();
    assert_eq!((&*row["auditor"], &*row["planned_from"]), ("Eva Lindner", "2027-01-20"));
    assert!(sample.read("reports/audit-programme.ics").contains("DTSTART;VALUE=DATE:20270120"));

    // Weeks later nothing has moved: no Stage 2 day is configured, and the assumed one is kept.
    run(0, &["report", "-w", sample.arg(), "--as-of", "2026-12-20", "-q"]);
    let days = |rows: &Rows| -> Vec<(String, String, String)> {
        rows.iter()
            .map(|r| (r["audit"].clone(), r["planned_from"].clone(), r["auditor"].clone()))
            .collect()
    };
    assert_eq!(days(&planned(&sample)), days(&first));
    // The day is written into evimap.toml: the plan follows it, what people set stays.
    let config = sample.read("evimap.toml") + "\n[audit]\nstage2_on = \"2027-09-15\"\n";
    fs::write(sample.path("evimap.toml"), config).unwrap();
    run(0, &["report", "-w", sample.arg(), "--as-of", AS_OF, "-q"]);
    let later = planned(&sample);
    assert_ne!(days(&later), days(&first));
    let row = later.iter().find(|row| row["audit"] == id).unwrap();
    assert_eq!((&*row["auditor"], &*row["planned_from"]), ("Eva Lindner", "2027-01-20"));
}
