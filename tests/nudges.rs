//! What moves a suggestion besides its own text: decisions on quotes like it, and an index (a
//! Statement of Applicability, a matrix) that names its document.

mod common;

use std::{fs, path::Path};

use common::{AS_OF, run};
use serde_json::Value;

const QUARTERLY: &str = "Access rights are reviewed every quarter by the owner of each system, and \
the outcome is recorded.";
const EACH: &str = "Access rights are reviewed each quarter by the owner of the system, and the \
outcome is recorded in a list.";
const BACKUP: &str = "Backups of all servers are restored as a test twice a year, and the result is \
recorded.";
const RIGHTS: &str = "ISO27001:A.5.18";

/// Writes files into a folder and runs over it.
fn work(dir: &Path, files: &[(&str, &str)]) -> String {
    let docs = dir.join("docs");
    for (name, text) in files {
        let file = docs.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let work = dir.join("work").to_str().unwrap().to_owned();
    run(0, &["run", docs.to_str().unwrap(), "-w", &work, "--as-of", AS_OF, "-q"]);
    work
}

fn again(work: &str, more: &[&str]) {
    let args = ["run", "-w", work, "--as-of", AS_OF, "-q"];
    run(0, &args.iter().chain(more).copied().collect::<Vec<_>>());
}

fn read(work: &str, name: &str) -> String {
    fs::read_to_string(Path::new(work).join(name)).unwrap()
}

fn proposals(work: &str) -> Vec<Value> {
    read(work, "reports/proposals.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The best proposal of a document for a target.
fn best(work: &str, document: &str, target: &str) -> Value {
    let all = proposals(work);
    let found = all.iter().find(|p| p["document"] == document && p["target"] == target);
    found.unwrap_or_else(|| panic!("{document} is not proposed for {target}")).clone()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap()
}

fn reasons(value: &Value, words: &str) -> bool {
    value["reasons"].to_string().contains(words)
}

/// Reviews one proposal.
fn decide(work: &str, id: &Value, verdict: &str) {
    run(0, &["review", "export", "--all", "-w", work, "--as-of", AS_OF, "-q"]);
    let text = read(work, "review/suggestions.csv");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let file = Path::new(work).join("decided.csv");
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(&headers).unwrap();
    let rows = reader.records().map(Result::unwrap);
    for row in rows.filter(|row| row[column("proposal_id")] == *id.as_str().unwrap()) {
        let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
        cells[column("decision")] = verdict.to_owned();
        cells[column("reviewer")] = "Jane Doe".to_owned();
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
    let file = file.to_str().unwrap();
    run(0, &["review", "import", file, "-w", work, "--as-of", AS_OF]);
}

fn three(dir: &Path) -> String {
    let access = format!("# Access control policy\n\n{QUARTERLY}\n");
    let systems = format!("# Rules for systems\n\n{EACH}\n");
    let backup = format!("# Backup procedure\n\n{BACKUP}\n");
    let notes = "# Notes\n\nThe canteen is open from eleven to two, and the garden all day long.\n";
    work(
        dir,
        &[
            ("access.md", &access),
            ("systems.md", &systems),
            ("backup.md", &backup),
            ("notes.md", notes),
        ],
    )
}

/// What people decided, and what the machine thinks of each target.
fn statuses(work: &str) -> Vec<(Value, Value, Value, Value)> {
    let all: Value = serde_json::from_str(&read(work, "reports/gap-analysis.json")).unwrap();
    let rows = all["targets"].as_array().unwrap();
    let key = |row: &Value, key: &str| row[key].clone();
    rows.iter()
        .map(|row| {
            let view = key(row, "machine_view");
            (key(row, "target"), key(row, "coverage"), view, key(row, "evidence_probability"))
        })
        .collect()
}

#[test]
fn decisions_move_what_is_like_them() {
    for (verdict, up) in [("accept", true), ("reject", false)] {
        let dir = tempfile::tempdir().unwrap();
        let work = three(dir.path());
        let before = proposals(&work);
        let own = best(&work, "access.md", RIGHTS);
        let like = best(&work, "systems.md", RIGHTS);
        decide(&work, &own["proposal_id"], verdict);

        again(&work, &["--no-learning"]);
        assert_eq!(proposals(&work), before, "switched off, a decision moves nothing");
        let without = statuses(&work);
        again(&work, &[]);

        // The like one moves, within bounds, and says why.
        let moved = best(&work, "systems.md", RIGHTS);
        assert_eq!(moved["proposal_id"], like["proposal_id"]);
        let (score, odds) = (number(&moved, "score") - number(&like, "score"), |v: &Value| {
            let p = number(v, "confidence");
            (p / (1.0 - p)).ln()
        });
        let shift = odds(&moved) - odds(&like);
        assert!(score.abs() > 0.1 && score.abs() <= 1.001, "{score}");
        assert!(shift.abs() > 0.05 && shift.abs() <= 0.501, "{shift}");
        assert_eq!((score > 0.0, shift > 0.0), (up, up));
        let said = format!("like a quote that Jane Doe {verdict}ed for this control on {AS_OF}");
        assert!(reasons(&moved, &said), "{moved}");
        assert_ne!(moved["band"], "strong");

        // The decided one and what is unlike it stay.
        let same = |document: &str, target: &str| {
            let was = before.iter().find(|p| p["document"] == document && p["target"] == target);
            let is = best(&work, document, target);
            assert_eq!(is["score"], was.unwrap()["score"]);
            assert_eq!(is["confidence"], was.unwrap()["confidence"]);
        };
        same("access.md", RIGHTS);
        same("backup.md", "ISO27001:A.8.13");
        assert_eq!(statuses(&work), without, "no verdict and no view depends on it");

        // It is explained as it was ranked, also after more has been decided.
        let id = moved["proposal_id"].as_str().unwrap();
        let backup = best(&work, "backup.md", "ISO27001:A.8.13");
        decide(&work, &backup["proposal_id"], "accept");
        let told = run(0, &["explain", id, "-w", &work]).0;
        assert!(told.contains(&format!("{said}: log-odds ")), "{told}");

        // The same decisions give the same bytes; the configuration switches it off as well.
        again(&work, &[]);
        let first = read(&work, "reports/proposals.jsonl");
        again(&work, &[]);
        assert_eq!(read(&work, "reports/proposals.jsonl"), first);
        let config = read(&work, "evimap.toml") + "\n[matching]\nlearn = false\n";
        fs::write(Path::new(&work).join("evimap.toml"), config).unwrap();
        again(&work, &[]);
        assert_eq!(proposals(&work), before);
        let told = run(0, &["explain", id, "-w", &work]).0;
        assert!(!told.contains("like a quote"), "{told}");
    }
}

#[test]
fn what_is_put_off_says_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let work = three(dir.path());
    let before = read(&work, "reports/proposals.jsonl");
    decide(&work, &best(&work, "access.md", RIGHTS)["proposal_id"], "defer");
    again(&work, &[]);
    assert_eq!(read(&work, "reports/proposals.jsonl"), before);
}

#[test]
fn half_of_the_labels_act_as_decisions() {
    let dir = tempfile::tempdir().unwrap();
    let docs = dir.path().join("docs");
    fs::create_dir(&docs).unwrap();
    let mut gold = String::new();
    for n in 0..6 {
        // Two wordings, one of them labelled.
        let (text, label) = if n % 2 == 0 { (QUARTERLY, "A.5.18") } else { (BACKUP, "A.8.13") };
        let text = format!("# Rules {n}\n\nIn office {n} this holds. {text}\n");
        fs::write(docs.join(format!("d{n}.md")), text).unwrap();
        gold.push_str(&format!(
            "{{\"doc\":\"d{n}.md\",\"standard\":\"ISO 27001\",\"ref\":\"{label}\",\"level\":\"document\"}}\n"
        ));
    }
    let file = dir.path().join("gold.jsonl");
    fs::write(&file, gold).unwrap();
    let args = ["eval", "-q", "--learning", "--gold", file.to_str().unwrap(), "--source"];
    let eval = |more: &[&str]| {
        let docs = [docs.to_str().unwrap()];
        run(0, &args.iter().chain(&docs).chain(more).copied().collect::<Vec<_>>()).0
    };
    let all: Value = serde_json::from_str(&eval(&["--json"])).unwrap();
    let f = &all["learning"][0];
    assert_eq!(f["halves"], 20);
    assert!(number(f, "accepted") > 0.0, "{f}");
    let (without, with) = (&f["without"]["target_to_document"], &f["with"]["target_to_document"]);
    assert_eq!(without["queries"], with["queries"]);
    assert!(number(without, "queries") >= 20.0 && number(with, "mrr") > 0.9, "{f}");
    let told = eval(&[]);
    assert!(told.contains("  without  hit@1 ") && told.contains("  with     hit@1 "), "{told}");
}

/// An SoA of five rows; the last cell of the first is given.
fn soa(edition: &str, first: &str) -> String {
    format!(
        "Control (ISO/IEC 27001:{edition}),Title,Applicable,Where\n{first}\n\
         A.8.2.1,Classification of information,yes,intranet\n\
         A.12.3.1,Information backup,yes,intranet\n\
         A.11.1.2,Physical entry controls,yes,intranet\n\
         A.7.2.2,Information security awareness,yes,intranet\n"
    )
}

/// What the best proposal of a document gains when an SoA's first row is this one instead of one
/// that names nothing: score, confidence, reasons.
fn gain(document: &str, target: &str, edition: &str, row: &str) -> (f64, f64, Value) {
    let rules = format!("# Access control\n\n{QUARTERLY}\n");
    let backup = format!("# Backup procedure\n\n{BACKUP}\n");
    let run = |row: &str| {
        let dir = tempfile::tempdir().unwrap();
        let index = soa(edition, row);
        let files = [
            ("registers/SoA.csv", index.as_str()),
            ("rules/POL-07_Access_control.md", rules.as_str()),
            ("rules/restore.md", backup.as_str()),
        ];
        best(&work(dir.path(), &files), document, target)
    };
    let id = row.split(',').next().unwrap();
    let (with, without) = (run(row), run(&format!("{id},,yes,intranet")));
    let gained = |key: &str| number(&with, key) - number(&without, key);
    (gained("score"), gained("confidence"), with["reasons"].clone())
}

#[test]
fn an_index_raises_the_documents_that_it_names() {
    let pol = "rules/POL-07_Access_control.md";
    for (place, row) in [
        ("its id", "A.9.2.5,Review of user access rights,yes,POL-07 section 2"),
        ("its id in other writing", "A.9.2.5,Review of user access rights,yes,see Pol 7"),
        ("a link", "A.9.2.5,Review of user access rights,yes,../rules/POL-07_Access_control.md"),
        ("its title", "A.9.2.5,Review of user access rights,yes,Access control"),
    ] {
        let (score, confidence, reasons) = gain(pol, RIGHTS, "2013", row);
        assert!(score > 0.5 && score < 2.5, "{place}: {score}");
        assert!((0.0..0.3).contains(&confidence), "{place}: {confidence}");
        let said = "the Statement of Applicability SoA.csv names this document for A.5.18 \
                    (A.9.2.5 of 2013)";
        assert!(reasons.to_string().contains(said), "{place}: {reasons}");
    }
    let row = "A.8.13,Information backup,yes,restore.md";
    let (score, _, reasons) = gain("rules/restore.md", "ISO27001:A.8.13", "2022", row);
    assert!(score > 0.5, "{score}");
    assert!(reasons.to_string().contains("names this document for A.8.13\""), "{reasons}");
}

#[test]
fn an_index_that_names_no_document_raises_none() {
    let pol = "rules/POL-07_Access_control.md";
    for (why, row) in [
        ("another document", "A.9.2.5,Review of user access rights,yes,POL-70"),
        ("excluded", "A.9.2.5,Review of user access rights,not applicable,POL-07"),
        ("nothing there", "A.9.2.5,Review of user access rights,yes,POL-07 is missing"),
    ] {
        let (_, _, reasons) = gain(pol, RIGHTS, "2013", row);
        assert!(!reasons.to_string().contains("names this document"), "{why}: {reasons}");
    }
    // "Access control" is what A.5.15 is called, not the document of that title.
    let row = "A.5.15,Access control,yes,intranet";
    let (_, _, reasons) = gain(pol, "ISO27001:A.5.15", "2022", row);
    assert!(!reasons.to_string().contains("names this document"), "{reasons}");
}

#[test]
fn an_imported_soa_raises_what_it_names_wherever_it_lies() {
    let pol = "rules/POL-07_Access_control.md";
    let (rules, backup) =
        (format!("# Access control\n\n{QUARTERLY}\n"), format!("# Backup procedure\n\n{BACKUP}\n"));
    let files = [(pol, rules.as_str()), ("rules/restore.md", backup.as_str())];
    let row = "A.9.2.5,Review of user access rights,yes,POL-07 section 2";
    let dir = tempfile::tempdir().unwrap();
    let work = work(dir.path(), &files);
    let before = proposals(&work);
    let plain = best(&work, pol, RIGHTS);

    // It lies elsewhere; looking alone changes nothing.
    let elsewhere = dir.path().join("old SoA.csv");
    fs::write(&elsewhere, soa("2013", row).replace("Where", "Evidence")).unwrap();
    let import = ["import", "soa", elsewhere.to_str().unwrap(), "-w", &work];
    run(0, &[&import[..], &["--check"]].concat());
    again(&work, &[]);
    assert_eq!(proposals(&work), before);
    let told = run(0, &import).1;
    assert!(told.contains("documents are named as evidence"), "{told}");
    again(&work, &[]);
    let raised = best(&work, pol, RIGHTS);
    let said = "the imported Statement of Applicability old SoA.csv, row 2, names this document for \
                A.5.18 (A.9.2.5 of 2013)";
    assert!(reasons(&raised, said), "{}", raised["reasons"]);
    let gained = |key: &str| number(&raised, key) - number(&plain, key);
    // As much as from a Statement among the sources.
    let (score, _, _) = gain(pol, RIGHTS, "2013", row);
    assert!((gained("score") - score).abs() < 1e-3, "{} {score}", gained("score"));
    assert!(gained("confidence") > 0.05, "{}", gained("confidence"));
    let other = "ISO27001:A.8.13";
    assert_eq!(
        best(&work, "rules/restore.md", other)["score"],
        before
            .iter()
            .find(|p| p["document"] == "rules/restore.md" && p["target"] == other)
            .unwrap()["score"]
    );
    // Nothing is reviewed by it, and it is explained.
    let gap: Value = serde_json::from_str(&read(&work, "reports/gap-analysis.json")).unwrap();
    let targets = gap["targets"].as_array().unwrap();
    assert!(targets.iter().all(|t| t["coverage"] == "not reviewed" && t["position"].is_null()));
    let id = raised["proposal_id"].as_str().unwrap();
    assert!(run(0, &["explain", id, "-w", &work]).0.contains(said));

    // The same file again, with another row: what it said before is gone. What is out names nothing.
    for row in [
        "A.9.2.5,Review of user access rights,yes,intranet",
        "A.9.2.5,Review of user access rights,no,POL-07 section 2",
    ] {
        fs::write(&elsewhere, soa("2013", row).replace("Where", "Evidence")).unwrap();
        run(0, &import);
        again(&work, &[]);
        assert_eq!(proposals(&work), before, "{row}");
    }
}
