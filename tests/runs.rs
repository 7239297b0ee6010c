//! What is recorded of runs, what they say is new, and what they leave alone.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use common::{AS_OF, run};
use serde_json::Value;

const RIGHTS: &str = "The owner of each system shall review all access rights every quarter and \
record the outcome.";
const BACKUP: &str = "Backups of all servers are restored as a test twice a year, and the result is \
recorded.";

/// The outputs that say which run made them.
const RECORDS: [&str; 2] = ["reports/run.json", "reports/run.md"];

struct World {
    _keep: tempfile::TempDir,
    docs: PathBuf,
    work: PathBuf,
}

impl World {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let world =
            Self { docs: keep.path().join("docs"), work: keep.path().join("work"), _keep: keep };
        fs::create_dir(&world.docs).unwrap();
        world.write(
            "access.md",
            &format!(
                "# Access control procedure\n\nStatus: approved. Owner: Head of IT. Version 3.1, \
                 2026-03-02.\n\n## Reviews\n\n{RIGHTS}\n"
            ),
        );
        world.write("backup.md", &format!("# Backup procedure\n\nStatus: approved\n\n{BACKUP}\n"));
        world.run(0, &[world.docs.to_str().unwrap()]);
        world
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.docs.join(name), text).unwrap();
    }

    /// Runs quietly; gives what is on stderr.
    fn run(&self, code: i32, more: &[&str]) -> String {
        let mut args = vec!["run", "-w", self.arg(), "-q"];
        if !more.contains(&"--as-of") {
            args.extend_from_slice(&["--as-of", AS_OF]);
        }
        args.extend_from_slice(more);
        let (out, err) = run(code, &args);
        assert_eq!(out, "");
        err
    }

    fn arg(&self) -> &str {
        self.work.to_str().unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.work.join(name)).unwrap()
    }

    fn record(&self) -> Value {
        serde_json::from_str(&self.read("reports/run.json")).unwrap()
    }

    /// Every output but the records: when it was written, and what it holds.
    fn outputs(&self) -> BTreeMap<String, (SystemTime, Vec<u8>)> {
        let mut out = BTreeMap::new();
        for folder in ["reports", "reports/oscal", "review"] {
            for entry in fs::read_dir(self.work.join(folder)).unwrap().map(Result::unwrap) {
                let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
                if entry.path().is_dir() {
                    continue;
                }
                let time = entry.metadata().unwrap().modified().unwrap();
                out.insert(name, (time, fs::read(entry.path()).unwrap()));
            }
        }
        out.retain(|name, _| !RECORDS.contains(&name.as_str()));
        out
    }

    /// Accepts the best proposal from a document; gives its target.
    fn accept(&self, document: &str) -> String {
        let text = self.read("review/suggestions.csv");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
        let row = reader
            .records()
            .map(Result::unwrap)
            .find(|row| &row[column("document")] == document)
            .unwrap_or_else(|| panic!("nothing is proposed from {document}"));
        let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
        cells[column("decision")] = "accept".to_owned();
        cells[column("reviewer")] = "Jane Doe".to_owned();
        let file = self.work.join("decided.csv");
        let mut writer = csv::Writer::from_path(&file).unwrap();
        writer.write_record(&headers).unwrap();
        writer.write_record(&cells).unwrap();
        writer.flush().unwrap();
        run(0, &["review", "import", file.to_str().unwrap(), "-w", self.arg(), "-q"]);
        row[column("target")].to_owned()
    }

    fn diff(&self, more: &[&str]) -> Value {
        let mut args = vec!["diff", "-w", self.arg(), "--format", "json"];
        args.extend_from_slice(more);
        serde_json::from_str(&run(0, &args).0).unwrap()
    }

    fn runs(&self) -> Vec<Value> {
        let (out, _) = run(0, &["runs", "-w", self.arg(), "--json"]);
        let all: Value = serde_json::from_str(&out).unwrap();
        all["runs"].as_array().unwrap().clone()
    }
}

fn numbers(runs: &[Value]) -> Vec<u64> {
    runs.iter().map(|run| run["run"].as_u64().unwrap()).collect()
}

fn state(file: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(file.join(".evimap/state.sqlite")).unwrap()
}

#[test]
fn a_run_over_what_has_not_changed_is_recorded_and_nothing_else() {
    let world = World::new();
    let before = world.outputs();
    assert_eq!(world.run(0, &["--fail-on", "new-gap,new-likely-gap,ledger"]), "");
    assert_eq!(world.outputs(), before, "written again");
    let record = world.record();
    assert_eq!((&record["run"], &record["unchanged_since"]), (&2.into(), &1.into()));
    assert_eq!(record["summary"]["files"]["ok"], 2);
    assert!(world.read("reports/run.md").contains("Nothing changed: the reports of run 1 hold"));
    let runs = world.runs();
    assert_eq!(numbers(&runs), [1, 2]);
    assert_eq!(runs[0]["record"]["snapshot"], runs[1]["record"]["snapshot"]);

    let (_, err) = run(0, &["run", "-w", world.arg(), "--as-of", AS_OF]);
    assert!(err.contains("Nothing changed since run 1") && !err.contains("matching"), "{err}");

    // Files that were only touched are looked into, and are the same.
    let text = fs::read(world.docs.join("access.md")).unwrap();
    fs::write(world.docs.join("access.md"), text).unwrap();
    world.run(0, &[]);
    assert_eq!(world.outputs(), before);
}

#[test]
fn whatever_the_outputs_hang_on_makes_them_anew() {
    let world = World::new();
    let unchanged = |more: &[&str]| {
        world.run(0, more);
        !world.record()["unchanged_since"].is_null()
    };
    assert!(unchanged(&[]));
    fs::remove_file(world.work.join("reports/gap-analysis.html")).unwrap();
    assert!(!unchanged(&[]), "a report was deleted");
    assert!(world.read("reports/gap-analysis.html").len() > 100);
    assert!(unchanged(&[]));

    let inventory = world.work.join("review/assets.csv");
    fs::write(&inventory, "name,kind\nRouter,hardware\n").unwrap();
    assert!(!unchanged(&[]), "a register was added");
    assert!(unchanged(&[]));
    fs::remove_file(&inventory).unwrap();
    assert!(!unchanged(&[]), "a register was deleted");

    let suggestions = world.work.join("review/suggestions.csv");
    let text = fs::read_to_string(&suggestions).unwrap();
    fs::write(&suggestions, text + "x").unwrap();
    assert!(!unchanged(&[]), "a review file was edited");
    fs::remove_file(&suggestions).unwrap();
    assert!(!unchanged(&[]), "a review file was deleted");

    assert!(!unchanged(&["--as-of", "2026-11-25"]), "another day");
    assert!(!unchanged(&[]), "and back");
    assert!(!unchanged(&["--rehash"]), "asked for");
    let file = world.work.join("evimap.toml");
    fs::write(&file, fs::read_to_string(&file).unwrap() + "\n[freshness]\npolicy = 30\n").unwrap();
    assert!(!unchanged(&[]), "the configuration");
    assert!(unchanged(&[]));
    run(0, &["report", "-w", world.arg(), "--as-of", "2027-01-01", "-q"]);
    assert!(!unchanged(&[]), "somebody wrote other reports");
    world.accept("access.md");
    assert!(!unchanged(&[]), "a decision");
    assert!(!unchanged(&["--no-learning"]), "another way of ranking");
    assert!(!unchanged(&[]), "and back");
    world.write("new.md", "# Minutes\n\nThe management met.\n");
    assert!(!unchanged(&[]), "a new file");
    assert!(unchanged(&[]));
    fs::remove_file(world.docs.join("new.md")).unwrap();
    assert!(!unchanged(&[]), "a file is gone");
}

#[test]
fn a_run_says_what_was_undone_and_fails_on_it() {
    let world = World::new();
    let target = world.accept("access.md");
    let other = world.accept("backup.md");
    let policies = ["--fail-on", "new-gap,lost-evidence,failed-files,ledger"];
    assert_eq!(world.run(0, &policies), "", "quiet while all is well");
    let good = world.record()["run"].as_u64().unwrap();
    let coverage = world.diff(&["1"])["coverage"].to_string();
    assert!(coverage.contains(&target) && coverage.contains("partial"), "{coverage}");
    assert_eq!(world.diff(&["1"])["evidence"]["new"].as_array().unwrap().len(), 2);

    // The quote is edited away; the other file moves.
    world.write("access.md", "# Access procedure\n\nStatus: approved\n\nTo be written anew.\n");
    fs::rename(world.docs.join("backup.md"), world.docs.join("restore.md")).unwrap();
    let err = world.run(1, &policies);
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 2, "{err}");
    assert!(lines[0].starts_with("failed on new-gap: coverage fell since run"), "{err}");
    assert!(lines[0].contains(&target), "{err}");
    assert!(
        lines[1].starts_with("failed on lost-evidence: accepted evidence is lost (1)"),
        "{err}"
    );
    let record = world.record();
    assert_eq!(record["failed_on"][0]["policy"], "new-gap");
    assert_eq!(record["changes"]["from"]["run"], good);
    let page = world.read("reports/run.md");
    assert!(page.contains("### Failed on\n\n- `new-gap`: "), "{page}");
    assert!(page.contains("- accepted evidence that is lost: 1\n"), "{page}");

    let d = world.diff(&[]);
    assert_eq!(d["documents"]["changed"][0], "access.md");
    assert_eq!(d["documents"]["renamed"][0]["to"], "restore.md");
    assert_eq!(d["undone"][0]["document"], "access.md");
    assert_eq!(d["undone"].as_array().unwrap().len(), 1);
    assert!(!d["coverage"].to_string().contains(&other), "moved is not lost");

    // What is new is told once; what is lost as long as it is. Reports need not be written for it.
    let err = world.run(1, &policies);
    assert!(!err.contains("new-gap") && err.contains("lost-evidence"), "{err}");
    assert!(!world.record()["unchanged_since"].is_null());
    let since = good.to_string();
    let err = world.run(1, &["--fail-on", "new-gap", "--since", &since]);
    assert!(err.contains(&format!("since run {good}")), "{err}");
    let failed = &world.runs().pop().unwrap()["record"]["failed_on"];
    assert_eq!(failed[0], "new-gap");
}

#[test]
fn dates_that_have_passed_and_files_that_fail_are_told() {
    let world = World::new();
    let text = world.read("review/positions.csv");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let row = reader.records().map(Result::unwrap).next().unwrap();
    let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
    for (name, value) in [
        ("conclusion", "looked, nothing found"),
        ("due", "2026-10-01"),
        ("owner", "Head of IT"),
        ("decided_by", "Jane Doe"),
        ("decided_on", "2026-09-01"),
    ] {
        cells[column(name)] = value.to_owned();
    }
    let file = world.work.join("positions.csv");
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(&headers).unwrap();
    writer.write_record(&cells).unwrap();
    writer.flush().unwrap();
    let args = ["review", "import", file.to_str().unwrap(), "-w", world.arg(), "-q"];
    run(0, &[&args[..], &["--as-of", AS_OF]].concat());

    world.write("broken.pdf", "%PDF-1.7\nnot one\n");
    let err = world.run(1, &["--fail-on", "overdue", "--fail-on", "failed-files,stale,conflict"]);
    assert!(err.contains("failed on overdue: past their date (1): action a-"), "{err}");
    assert!(err.contains("Head of IT) was due on 2026-10-01"), "{err}");
    assert!(
        err.contains("failed on failed-files: files could not be read (1): broken.pdf"),
        "{err}"
    );
    assert_eq!(err.lines().count(), 2, "{err}");
    assert!(world.read("reports/run.md").contains("- broken.pdf: failed: "));
}

#[test]
fn a_ledger_changed_by_hand_is_told() {
    let world = World::new();
    world.accept("access.md");
    world.run(0, &["--fail-on", "ledger"]);
    let connection = state(&world.work);
    connection.execute_batch("DROP TRIGGER ledger_keeps").unwrap();
    let sql = "UPDATE ledger SET json = replace(json, 'Jane', 'Joan')";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    connection.close().unwrap();
    let err = world.run(1, &["--fail-on", "ledger"]);
    assert!(err.starts_with("failed on ledger: ") && err.contains("changed"), "{err}");
}

#[test]
fn old_runs_are_forgotten_and_decisions_are_not() {
    let world = World::new();
    world.accept("access.md");
    let file = world.work.join("evimap.toml");
    fs::write(&file, fs::read_to_string(&file).unwrap() + "\n[runs]\nkeep = 3\n").unwrap();
    for n in 0..5 {
        world.write("count.md", &format!("# Count\n\nThis was written {n} times so far.\n"));
        world.run(0, &[]);
    }
    let runs = numbers(&world.runs());
    assert_eq!(runs.len(), 3);
    let count =
        |sql: &str| -> i64 { state(&world.work).query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("SELECT COUNT(*) FROM ledger"), 1);
    let parts = count("SELECT COUNT(*) FROM part");
    let d = world.diff(&[&runs[0].to_string()]);
    assert_eq!(d["documents"]["changed"][0], "count.md");
    let (_, err) = run(2, &["diff", "1", "-w", world.arg()]);
    assert!(err.contains("run 1 is not recorded"), "{err}");

    // Reports in between don't push out the run that the next one is compared with.
    for _ in 0..4 {
        run(0, &["report", "-w", world.arg(), "--as-of", AS_OF, "-q"]);
    }
    assert!(world.runs().iter().any(|run| run["record"]["kind"] == "run"));
    world.write("count.md", "# Count\n\nThis was written once more.\n");
    world.run(0, &[]);
    assert_eq!(world.record()["changes"]["documents"]["changed"][0], "count.md");
    assert!(count("SELECT COUNT(*) FROM part") <= parts + 8, "parts that nobody needs are gone");
}
